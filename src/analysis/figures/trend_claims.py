"""Titles on concentration: where, on both sides, and whether it grew, stayed or moved next door."""

import pandas as pd

from analysis.figures.wording import (
    LEVEL_NL,
    LEVEL_PLURAL,
    count,
    in_format,
    regions,
    signed,
)

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
    known = rows[rows["status"].eq("ok")]
    if rows["area_code"].nunique() == 1 and len(known):
        level = LEVEL_NL[known["level"].iloc[0]]
        return f"Er is maar één {level}, dus er zijn geen {LEVEL_PLURAL[level]} te vergelijken"
    if known["area_code"].nunique() == 1:
        name, level = known["area_name"].iloc[0], LEVEL_PLURAL[known["level"].iloc[0]]
        return f"Alleen over {name} is iets te zeggen, dus er zijn geen {level} te vergelijken"
    said = [_most(rows[rows["group"].eq(key)], label) for key, label in labels.items()]
    # Times what is said once, with the first.
    times = " keer het aandeel van de gemeente)"
    if all(one.endswith(times) for one in said):
        said[1:] = [one.removesuffix(times) + " keer)" for one in said[1:]]
    return _capital("; ".join(said))


def _most(rows: pd.DataFrame, label: str) -> str:
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return f"{label}: niet te zeggen waar het meest"
    clear = known[known["low"].gt(1) & known["median_unit_size"].ge(NAMED_FROM)]
    if known["interval"].eq("rounding").any():
        clear = clear[clear["low"].ge(LEAST_BARE)]
    if clear.empty:
        return f"{label}: in geen enkele {LEVEL_NL[known['level'].iloc[0]]} duidelijk meer"
    most = clear.sort_values("value").iloc[-1]
    # Which of two overlapping intervals is the higher cannot be said: it is one of the highest.
    alone = clear["high"].gt(most["low"]).sum() == 1
    where = f"{'' if alone else 'onder meer '}{most['area_name']}"
    value = in_format(most["value"], "ratio")
    return f"{label}: het meest in {where} ({value} keer het aandeel van de gemeente)"


def clear_numbers(counted: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the sentence: in how many regions each group is clearly over-represented.

    Parameters
    ----------
    counted : DataFrame
        Evidence rows of measure 'regions_over_represented'.
    labels : dict of str to str
    """
    known = counted[counted["status"].eq("ok")].set_index("group")
    if known.empty or known["units"].lt(2).all():
        return ""
    bare = known["interval"].eq("rounding").any()
    begin = (
        "Ten minste een kwart meer dan in de hele gemeente"
        if bare
        else "Duidelijk meer dan in de hele gemeente"
    )
    parts = [
        f"{label} in {count(known.loc[key, 'value'])} van de "
        f"{regions(int(known.loc[key, 'units']), known.loc[key, 'level'])}"
        for key, label in labels.items()
        if key in known.index
    ]
    return f"{begin}: {'; '.join(parts)}."


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


def together(counted: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title: how many regions lie in a part with more of either side.

    Parameters
    ----------
    counted : DataFrame
        Evidence rows of measure 'regions_on_side', one per group.
    labels : dict of str to str
        Dutch label of both groups; vulnerable first.
    """
    known = counted[counted["status"].eq("ok")].set_index("group")
    if known.empty:
        return "Waar arm en rijk duidelijk bij elkaar wonen valt hier niet te zeggen"
    level = known["level"].iloc[0]
    if known["value"].eq(0).all():
        return (
            f"In geen enkele {LEVEL_NL[level]} is een van beide groepen duidelijk meer dan elders"
        )
    first, second = (
        f"{regions(int(known.loc[key, 'value']), level)} met duidelijk meer {label}"
        for key, label in labels.items()
    )
    return _capital(f"{first}, en {second}, samen met de {LEVEL_PLURAL[level]} eromheen")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
