"""Titles on New Towns: beside each other, their oldest wijken, and what falls together."""

import re

import pandas as pd

from analysis.figures.wording import count, in_format, join_words, percent, regions

_NEAR = 0.02
_FEWEST = 4
# The median of fewer others is none of them, and of fewer buurten it is their lines that count.
_FEWEST_OTHERS = 3
_FEWEST_UNITS = 5


def levels(rows: pd.DataFrame, name: str, label: str, *, member: bool = True) -> str:
    """Return the title on buurten: this gemeente beside the New Towns with units alike in size.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows 'dissimilarity' of levels wijk and buurt, one pair per gemeente, and
        'median_of_others', whose units are how many others there are.
    name : str
        This gemeente.
    label : str
        The group.
    member : bool, optional
        Whether this gemeente is a New Town itself.
    """
    other = "andere " if member else ""
    known = rows[rows["level"].eq("buurt") & rows["status"].eq("ok")].set_index("measure")
    own = known[known["area_name"].eq(name)]["value"]
    if not {"dissimilarity", "median_of_others"} <= set(own.index):
        return f"Hoe ongelijk {label} wonen, valt hier niet met {other}New Towns te vergelijken"
    value, middle = own["dissimilarity"], own["median_of_others"]
    units = known[known["area_name"].eq(name)]["units"]
    if units["dissimilarity"] < _FEWEST_UNITS:
        return (
            f"{name} heeft maar {regions(int(units['dissimilarity']), 'buurt')}: te weinig om met "
            f"{other}New Towns te vergelijken"
        )
    beside = known[known["area_name"].ne(name)].sort_values("value", ascending=False)
    if len(beside) < _FEWEST_OTHERS:
        those = join_words(
            [f"{row.area_name} {in_format(row.value, 'index')}" for row in beside.itertuples()]
        )
        return (
            f"Alleen met {those} is te vergelijken hoe ongelijk {label} op buurten wonen: {name} "
            f"{in_format(value, 'index')}"
        )
    towns = f"{count(units['median_of_others'])} {other}New Towns"
    others = "de middelste andere" if member else "de middelste"
    told = f"({in_format(value, 'index')}; {others} {in_format(middle, 'index')})"
    if abs(value - middle) < _NEAR:
        return f"Op buurten wonen {label} in {name} ongeveer even ongelijk als in {towns} {told}"
    more = "ongelijker" if value > middle else "gelijker"
    return f"Op buurten wonen {label} in {name} {more} verspreid dan in {towns} {told}"


def beside(
    rows: pd.DataFrame,
    code: str,
    name: str,
    heads: dict[str, tuple[str, str]],
    *,
    member: bool = True,
) -> str:
    """Return the title on figures: in which this gemeente is the first or the last.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows, one per gemeente and concept.
    code, name : str
        This gemeente.
    heads : dict of str to (str, str)
        By concept its Dutch name with year, and how it is written.
    member : bool, optional
        Whether this gemeente is a New Town itself.
    """
    found: dict[str, list[str]] = {}
    for concept, (head, form) in heads.items():
        own = rows[rows["group"].eq(concept) & rows["value"].notna()]
        here = own[own["area_code"].eq(code)]["value"]
        if here.empty or len(own) < _FEWEST or own["value"].nunique() < len(own):
            continue
        # The year is in the head of the column.
        what = re.sub(r" \(\d{4}\)$", "", head)
        for most, where in ((own["value"].max(), "bovenaan"), (own["value"].min(), "onderaan")):
            if here.iloc[0] == most:
                found.setdefault(where, []).append(f"{what} ({in_format(most, form)})")
    if not found and not member:
        return f"Naast de New Towns is {name} in geen van deze cijfers de eerste of de laatste"
    if not found:
        return f"{name} is bij de New Towns in geen van deze cijfers de eerste of de laatste"
    told = join_words([f"{where} bij {join_words(those[:2])}" for where, those in found.items()])
    if not member:
        return f"Naast de New Towns staat {name} {told}"
    return f"{name} staat van de New Towns {told}"


def oldest(
    rows: pd.DataFrame, age: str, beside: str, head: str, label: str, value_format: str
) -> str:
    """Return the title on old wijken: what goes with an older stock, in the half and the half.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of the two concepts, one per wijk.
    age, beside : str
        Concept of the building period, and the one beside it.
    head, label, value_format : str
        These in Dutch, and how the second is written.
    """
    table = rows[rows["value"].notna()].pivot(index="area_code", columns="group", values="value")
    table = table.dropna() if {age, beside} <= set(table.columns) else table.iloc[:0]
    if len(table) < _FEWEST:
        return "Of oude wijken anders zijn, valt met zo weinig wijken niet te zeggen"
    order = table.sort_values(age, kind="stable")
    if order[age].iloc[0] == order[age].iloc[-1]:
        return f"Alle wijken hebben even veel {head}"
    old, new = order.iloc[-1], order.iloc[0]
    return (
        f"De wijk met de meeste {head} ({percent(old[age])}) heeft {label} "
        f"{in_format(old[beside], value_format)}, die met de minste ({percent(new[age])}) "
        f"{in_format(new[beside], value_format)}"
    )


def fall_together(rows: pd.DataFrame, low: str, place: str) -> str:
    """Return the title on coincidence: how many people live low and far.

    Parameters
    ----------
    rows : DataFrame
        From `coincidence.together`.
    low, place : str
        "lage inkomens", "een huisarts".
    """
    found = rows.set_index("measure")
    number = found.loc["buurten_lowest_and_farthest"]
    if number["status"] != "ok":
        return f"Of {low} en een lange weg naar {place} samenvallen, valt hier niet te zeggen"
    share = found.loc["share_in_lowest_and_farthest", "value"]
    chance = found.loc["share_by_chance", "value"]
    if number["value"] == 0:
        return (
            f"In geen van de {regions(int(number['units']), 'buurt')} met cijfers vallen {low} en "
            f"een lange weg naar {place} samen (zonder verband {percent(chance)} van de inwoners)"
        )
    return (
        f"In {regions(int(number['value']), 'buurt')} vallen {low} en een lange weg naar {place} "
        f"samen: {percent(share)} van de inwoners (zonder verband {percent(chance)})"
    )


def measured(rows: pd.DataFrame) -> str:
    """Return the title on what is measured: of how many themes there are figures.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows 'theme_has_figures', 1 or 0.
    """
    there = int(rows["value"].sum())
    return f"Over {count(there)} van de {count(len(rows))} onderwerpen zijn er cijfers per buurt"
