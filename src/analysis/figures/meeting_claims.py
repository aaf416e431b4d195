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


def by_ties(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title on the sorts of ties: whether any differs clearly from its surroundings.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows per mix, tie and level, group '<mix>:<tie>'.
    labels : dict of str to str
        Dutch label by mix.
    """
    known = rows[rows["value"].notna()]
    if known.empty:
        return "Of plekken groepen bij elkaar brengen, valt hier niet te zeggen"
    sure = known[(known["low"] > 0) | (known["high"] < 0)]
    if sure.empty:
        return "Plekken voor sterke banden en voor vluchtige ontmoeting verschillen niet duidelijk"
    row = sure.loc[sure["value"].abs().idxmax()]
    ties, word = TIES_NL[row["group"].split(":")[-1]], "bredere" if row["value"] > 0 else "smallere"
    what = "sterke banden en vluchtige ontmoeting" if ties == "beide" else ties
    mix = labels[row["group"].split(":")[0]]
    said = (
        f"Plekken voor {what} zijn bereikbaar voor een {word} mix van {mix} dan hun {row['level']}"
    )
    # What is clear for one mix beside one surrounding may not be so for the others of that tie.
    ends = known["group"].str.split(":").str[-1].eq(row["group"].split(":")[-1])
    doubtful = known[ends & (known["low"] <= 0) & (known["high"] >= 0)]
    if doubtful.empty:
        return said
    least = doubtful.iloc[0]
    other = labels[least["group"].split(":")[0]]
    return f"{said}; voor {other} naast de {least['level']} is dat niet duidelijk"


def ends(rows: pd.DataFrame, label: str) -> str:
    """Return the title on single places: how far the scores of the two ends lie apart.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of places, the highest score first.
    label : str
        What is mixed.
    """
    most, least = rows.iloc[0], rows.iloc[-1]
    if least["value"] >= 0:
        return (
            f"Geen enkele plek is bereikbaar voor een smallere mix van {label} dan haar "
            f"{least['level']}"
        )
    if most["value"] <= 0:
        return (
            f"Geen enkele plek is bereikbaar voor een bredere mix van {label} dan haar "
            f"{least['level']}"
        )
    return (
        f"Per plek loopt de mix van {label} binnen bereik, min die van de {least['level']}, van "
        f"{signed(least['value'], 'score')} (smaller) tot {signed(most['value'], 'score')} (breder)"
    )
