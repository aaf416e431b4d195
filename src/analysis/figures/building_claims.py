"""Titles on what stands: floor by use per 1,000 dwellings, and the time of building."""

import pandas as pd

from analysis.figures.claims import all_alike, extreme, nameable, nothing_in
from analysis.figures.wording import LEVEL_PLURAL, count, in_format

_FEWEST = 3


def most_floor(rows: pd.DataFrame, use: str) -> str:
    """Return the title on floor per 1,000 dwellings: where most of it is, and where least.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'floor_m2_per_1000_dwellings' and one use, one per region.
    use : str
        The use in Dutch, such as 'bijeenkomst'.
    """
    known = rows[rows["status"].eq("ok")]
    level = LEVEL_PLURAL[rows["level"].iloc[0]]
    if known.empty:
        return nothing_in(f"de ruimte voor {use}", rows)
    shown, among = nameable(rows)
    top, most, several = extreme(shown, largest=True)
    if len(known) == 1:
        return (
            f"Alleen over {top} is iets te zeggen: {count(most)} m² voor {use} per 1.000 woningen"
        )
    if known["value"].max() == 0:
        return f"In geen van de {level} met cijfers staat ruimte voor {use} geregistreerd"
    if all_alike(known, "count"):
        same = f"even veel ruimte voor {use}: {count(most)} m²"
        return f"In alle {level} is er per 1.000 woningen {same}"
    bottom, least, _ = extreme(shown, largest=False)
    verb = "hebben" if several else "heeft"
    return (
        f"Per 1.000 woningen {verb} {top}{among} de meeste ruimte voor {use} ({count(most)} m²) en "
        f"{bottom} de minste ({count(least)} m²)"
    )


def oldest_by_year(rows: pd.DataFrame, year: str, beside: str, label: str, form: str) -> str:
    """Return the title on the oldest and the newest region, and the figure beside each.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows with the two groups, one of each per region.
    year, beside : str
        The group of the middle year of building, and of the figure beside it.
    label, form : str
        That figure in Dutch, and how it is written.
    """
    table = rows[rows["value"].notna()].pivot(index="area_code", columns="group", values="value")
    table = table.dropna() if {year, beside} <= set(table.columns) else table.iloc[:0]
    if len(table) < _FEWEST:
        return "Of oude wijken anders zijn, valt met zo weinig wijken niet te zeggen"
    if table[year].min() == table[year].max():
        return "Alle wijken hebben hetzelfde middelste bouwjaar"
    names = rows.drop_duplicates("area_code").set_index("area_code")["area_name"]
    # Of wijken of the same year the first by code speaks, so that the title does not change.
    old, new = table[year].idxmin(), table[year].idxmax()
    return (
        f"De oudste wijk, {names[old]} (middelste bouwjaar {table.loc[old, year]:.0f}), heeft als "
        f"{label} {in_format(table.loc[old, beside], form)}; de nieuwste, {names[new]} "
        f"({table.loc[new, year]:.0f}), {in_format(table.loc[new, beside], form)}"
    )
