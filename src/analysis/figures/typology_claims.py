"""Titles on types of wijken, focus areas, one-sided stock and who lives where homes are cheap."""

from collections.abc import Mapping

import pandas as pd

from analysis.figures.wording import (
    LEVEL_NL,
    count,
    in_format,
    join_words,
    percent,
    plural,
    regions,
)


def types(rows: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Return the title: how many types there are, and how many regions are surely of theirs.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of `typology.typed`.
    labels : mapping of str to str
        Dutch name by ingredient.
    """
    numbers = rows[rows["measure"].eq("type_number")]
    known = numbers[numbers["status"].eq("ok")]
    level = numbers["level"].iloc[0]
    if known.empty:
        lacking = [set(group.split(" + ")) for group in numbers["group"]]
        # What lacks everywhere is said first; else each region lacks something of its own.
        missing = set.intersection(*lacking) or set.union(*lacking)
        told = join_words([label for key, label in labels.items() if key in missing])
        return (
            f"Van geen enkele {LEVEL_NL[level]} is een type te geven: cijfers over {told} ontbreken"
        )
    by = rows.set_index("measure")
    firm, kinds = by.loc["regions_sure_of_type", "value"], int(by.loc["types_here", "value"])
    return (
        f"{regions(len(known), level)} in {plural(kinds, 'type', 'typen')}; van {count(firm)} "
        "staat het type vast"
    )


def focus_areas(rows: pd.DataFrame) -> str:
    """Return the title: whether a gemeente has a national focus area.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of `focus_areas.focus_area_rows`.
    """
    by = rows.set_index("measure")
    here, listed = by.loc["focus_areas_here"], int(by.loc["focus_areas_listed", "value"])
    number, name = int(here["value"]), here["area_name"]
    if not number:
        return f"{name} heeft geen van de {listed} landelijke focusgebieden van 2022"
    own = rows[
        rows["measure"].eq("focus_area_inhabitants") & rows["area_code"].eq(here["area_code"])
    ]
    told = [f"{one.area_name} ({count(one.value)} inwoners)" for one in own.itertuples()]
    verb = "is" if number == 1 else "zijn"
    return (
        f"Van de {listed} landelijke focusgebieden van 2022 {verb} er {number} in {name}: "
        f"{join_words(told)}"
    )


def one_sided(rows: pd.DataFrame) -> str:
    """Return the title: in how many regions over two thirds is owned by a housing association.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of `stock.one_sided`.
    """
    by = rows[~rows["measure"].eq("share_housing_corporation")].set_index("measure")
    over = by.loc["regions_over_two_thirds"]
    if over["status"] != "ok":
        return "Waar de voorraad vooral van een corporatie is valt hier niet te zeggen"
    level = over["level"]
    of_all = f"van de {regions(int(over['units']), level)}"
    rule = "is meer dan twee derde van de woningen van een corporatie"
    if over["value"] == 0:
        return f"In geen {of_all} {rule}"
    people = percent(by.loc["people_in_regions_over_two_thirds", "value"])
    return f"In {count(over['value'])} {of_all} {rule}; daar woont {people} van de inwoners"


def perhaps(rows: pd.DataFrame) -> str:
    """Return the sentence on regions of which rounding leaves open whether they are over it."""
    by = rows.set_index("measure")
    row = by.loc["regions_perhaps_over_two_thirds"]
    if row["status"] != "ok" or row["value"] == 0:
        return ""
    return (
        f"Bij {regions(int(row['value']), row['level'])} is door het afronden niet te zien aan "
        "welke kant van twee derde zij liggen."
    )


def cheap_stock(rows: pd.DataFrame, labels: Mapping[str, str], cheap: str) -> str:
    """Return the title: whether a group's share is larger where homes are cheaper, on both sides.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of `stock.by_cheapness`.
    labels : mapping of str to str
        Dutch label of both groups; vulnerable first.
    cheap : str
        Dutch: where homes are cheap, such as 'met een lagere WOZ-waarde'.
    """
    told, unclear = [], []
    for key, label in labels.items():
        known = rows[
            rows["measure"].eq("rank_correlation") & rows["group"].eq(key) & rows["status"].eq("ok")
        ]
        if known.empty:
            continue
        row = known.iloc[0]
        if row["low"] > 0:
            told.append(f"meer {label}")
        elif row["high"] < 0:
            told.append(f"minder {label}")
        else:
            unclear.append(label)
    if not told and not unclear:
        return f"Wie er wonen in buurten {cheap} valt hier niet te zeggen"
    if not told:
        return f"In buurten {cheap} wonen niet duidelijk meer of minder {join_words(unclear)}"
    rest = f"; bij {join_words(unclear)} is dat niet duidelijk" if unclear else ""
    return f"In buurten {cheap} wonen {join_words(told)}{rest}"


def how_strong(rows: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Return the sentence: the association of ranks of both groups, with its interval."""
    told = []
    for key, label in labels.items():
        known = rows[
            rows["measure"].eq("rank_correlation") & rows["group"].eq(key) & rows["status"].eq("ok")
        ]
        for row in known.itertuples():
            value, low, high = (_signed(one) for one in (row.value, row.low, row.high))
            told.append(f"{label} {value} (tussen {low} en {high})")
    if not told:
        return ""
    return f"Samenhang van de rangordes (−1 tot 1): {'; '.join(told)}. Dit gaat over buurten."


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else ''}{in_format(abs(value), 'index')}"
