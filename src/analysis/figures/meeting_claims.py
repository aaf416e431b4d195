"""Titles on places that bring groups together: which do, which do not, and how sure that is."""

import pandas as pd

from analysis.figures.wording import join_words, signed

TIES_NL = {
    "ties_strong": "sterke banden",
    "ties_fleeting": "vluchtige ontmoeting",
    "ties_both": "beide",
}
_NAMED = 3


def by_kind(rows: pd.DataFrame, label: str) -> str:
    """Return the title on kinds of places: which are clearly above or below their buurt.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows per kind with `area_name` (the Dutch kind), `low` and `high`.
    label : str
        What is mixed.
    """
    known = rows[rows["status"].eq("ok")]
    above = known[known["low"] > 0].sort_values("value", ascending=False)
    below = known[known["high"] < 0].sort_values("value")
    if above.empty and below.empty:
        return (
            f"Van geen enkele soort plek is duidelijk dat een andere mix van {label} er kan komen "
            f"dan in de {rows['level'].iloc[0]} woont"
        )
    parts = []
    if len(above):
        parts.append(f"bredere mix van {label} bij {_few(above)}")
    if len(below):
        parts.append(f"smallere bij {_few(below)}")
    told = ", en een ".join(parts)
    return f"Wie er kan komen: een {told}" + ("" if len(above) else f" (mix van {label})")


def _few(rows: pd.DataFrame) -> str:
    names = [f"'{name}'" for name in rows["area_name"].head(_NAMED)]
    more = len(rows) - len(names)
    return join_words([*names, f"{more} andere soorten"] if more else names)


def by_ties(rows: pd.DataFrame) -> str:
    """Return the title on the sorts of ties: whether any differs clearly from its surroundings."""
    known = rows[rows["value"].notna()]
    if known.empty:
        return "Of plekken groepen bij elkaar brengen, valt hier niet te zeggen"
    sure = known[(known["low"] > 0) | (known["high"] < 0)]
    if sure.empty:
        return "Plekken voor sterke banden en voor vluchtige ontmoeting verschillen niet duidelijk"
    row = sure.loc[sure["value"].abs().idxmax()]
    ties, word = TIES_NL[row["group"].split(":")[-1]], "bredere" if row["value"] > 0 else "smallere"
    what = "sterke banden en vluchtige ontmoeting" if ties == "beide" else ties
    return f"Plekken voor {what} zijn bereikbaar voor een {word} mix dan hun {row['level']}"


def ends(rows: pd.DataFrame) -> str:
    """Return the title on single places: how far the scores of the two ends lie apart."""
    most, least = rows.iloc[0], rows.iloc[-1]
    if least["value"] >= 0:
        return f"Geen enkele plek is bereikbaar voor een smallere mix dan haar {least['level']}"
    if most["value"] <= 0:
        return f"Geen enkele plek is bereikbaar voor een bredere mix dan haar {least['level']}"
    return (
        f"Plekken lopen uiteen van {signed(least['value'], 'score')} (smallere mix) tot "
        f"{signed(most['value'], 'score')} (bredere mix)"
    )
