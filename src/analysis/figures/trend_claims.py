"""Titles on concentration: where, on both sides, and whether it grew, stayed or moved next door."""

import pandas as pd

from analysis.figures.wording import (
    LEVEL_NL,
    LEVEL_PLURAL,
    count,
    in_format,
    percent,
    regions,
    signed,
)

# An association of ranks below this is called hardly any.
_HARDLY = 0.1
_LIKELY = 0.05
# Smaller regions are in figure and table, and not in a title.
NAMED_FROM = 200
# What is called more where chance is not known: the limit of the class 'above'.
LEAST_BARE = 1.25


def both_sides(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title: where each of two groups is most concentrated, or that nothing is clear.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'location_quotient', with their interval: one per region and group.
    labels : dict of str to str
        Dutch label of both groups; vulnerable first.
    """
    return _capital(
        "; ".join(_most(rows[rows["group"].eq(key)], label) for key, label in labels.items())
    )


def _most(rows: pd.DataFrame, label: str) -> str:
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return f"{label}: niet te zeggen waar het meest"
    clear = known[over_represented(known) & known["median_unit_size"].ge(NAMED_FROM)]
    if clear.empty:
        return f"{label}: in geen enkele {LEVEL_NL[known['level'].iloc[0]]} duidelijk meer"
    most = clear.sort_values("value").iloc[-1]
    # Which of two overlapping intervals is the higher cannot be said: it is one of the highest.
    alone = clear["high"].gt(most["low"]).sum() == 1
    where = f"{'' if alone else 'onder meer '}{most['area_name']}"
    value = in_format(most["value"], "ratio")
    return f"{label}: het meest in {where} ({value} keer het aandeel van de gemeente)"


def over_represented(rows: pd.DataFrame) -> pd.Series:
    """Return which regions clearly have more of a group than the gemeente.

    Where the interval is that of chance it lies above 1; where only rounding is known, chance is
    not, and the quotient must be 1.25 or more.
    """
    return rows["low"].gt(1) & (rows["interval"].ne("rounding") | rows["low"].ge(LEAST_BARE))


def clear_numbers(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the sentence: in how many regions each group is clearly over-represented."""
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return ""
    bare = known["interval"].eq("rounding").any()
    begin = (
        f"Ten minste {in_format(LEAST_BARE, 'ratio')} keer het aandeel van de gemeente"
        if bare
        else "Duidelijk meer dan in de hele gemeente"
    )
    parts = []
    for key, label in labels.items():
        own = known[known["group"].eq(key)]
        over = int(over_represented(own).sum())
        parts.append(f"{label} in {count(over)} van de {regions(len(own), known['level'].iloc[0])}")
    return f"{begin}: {'; '.join(parts)}."


def small_areas(weights: pd.DataFrame) -> str:
    """Return the title: how far the figures of small regions can be trusted by themselves.

    Parameters
    ----------
    weights : DataFrame
        Evidence rows of measure 'own_weight'.
    """
    known = weights[weights["status"].eq("ok")]
    if known.empty:
        return "Hoe zeker kleine buurten zijn valt hier niet te zeggen: de noemer ontbreekt"
    level = LEVEL_PLURAL[known["level"].iloc[0]]
    doubtful = int(known["value"].lt(0.8).sum())
    if not doubtful:
        least = percent(known["value"].min())
        return f"Alle {level} zijn groot genoeg: elk cijfer weegt zelf voor ten minste {least} mee"
    return (
        f"Van {regions(doubtful, known['level'].iloc[0])} zegt het eigen cijfer weinig: het weegt "
        f"voor minder dan {percent(0.8)} mee"
    )


def apart(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title: whether the affluent and the vulnerable live equally apart.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'dissimilarity_difference' on one level: affluent less vulnerable.
    labels : dict of str to str
        Dutch label of both groups; vulnerable first.
    """
    vulnerable, affluent = labels.values()
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return "Of arm en rijk even apart wonen valt hier niet te zeggen"
    row = known.iloc[0]
    if row["low"] > 0:
        return _capital(f"{affluent} wonen meer apart dan {vulnerable}")
    if row["high"] < 0:
        return _capital(f"{vulnerable} wonen meer apart dan {affluent}")
    return _capital(f"{vulnerable} en {affluent} wonen ongeveer even apart")


def apart_by(rows: pd.DataFrame) -> str:
    """Return the sentence on the difference between both sides, with what rounding leaves open."""
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return ""
    row = known.iloc[0]
    low, high = (signed(row[name], "index", 3) for name in ("low", "high"))
    return (
        f"Over buurten scheelt de dissimilariteit {signed(row['value'], 'index', 3)} (door "
        f"afronden tussen {low} en {high}); boven 0 woont de welgestelde kant meer apart."
    )


def together(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title: how many regions lie in a part with more of either side.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'deviating_side': -1 vulnerable, 1 affluent, 0 neither.
    labels : dict of str to str
        Dutch label of both groups; vulnerable first.
    """
    known = rows[rows["status"].eq("ok")]
    level = rows["level"].iloc[0]
    if known.empty:
        return "Waar arm en rijk duidelijk bij elkaar wonen valt hier niet te zeggen"
    if known["value"].eq(0).all():
        return (
            f"In geen enkele {LEVEL_NL[level]} is een van beide groepen duidelijk meer dan elders"
        )
    parts = []
    for side, label in zip((-1, 1), labels.values(), strict=True):
        number = int(known["value"].eq(side).sum())
        parts.append(f"{regions(number, level)} met duidelijk meer {label}")
    return _capital(f"{parts[0]}, en {parts[1]}, samen met de {LEVEL_PLURAL[level]} eromheen")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
