"""Titles on growth: whether demand fills a building, what is there, what could be shared."""

import pandas as pd

from analysis.figures.wording import join_words, plural


def filled(rows: pd.DataFrame, labels: pd.Series, plan: str, place: str) -> str:
    """Return the title: whether the demand of the growth fills the smallest sensible buildings.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'building_use_growth', one per facility, with `low` and `high`.
    labels : Series of str
        Dutch name by facility.
    plan, place : str
        The assumptions, and where the dwellings come.
    """
    dwellings = plan.split(" woningen")[0]
    small = rows[rows["high"] < 1]
    what = f"{dwellings} woningen in {place}"
    if len(small) == len(rows):
        if len(rows) == 1:
            return f"{what} vullen geen eigen gebouw voor {_name(rows.iloc[0], labels)}"
        return f"{what} vullen voor geen enkele functie een eigen gebouw"
    if small.empty:
        return f"{what} kunnen voor elke functie een eigen gebouw vullen"
    names = join_words([_name(row, labels) for _, row in small.iterrows()])
    return f"{what} vullen geen eigen gebouw voor {names}"


def supply(rows: pd.DataFrame, place: str) -> str:
    """Return the title: of how many facilities demand and supply can be set side by side."""
    growing = rows["measure"].str.startswith("demand_") & rows["measure"].str.endswith("_growth")
    asked = rows[growing].set_index("group")["value"]
    there = rows[rows["measure"].isin(["supply_m2", "supply_units"])].set_index("group")["value"]
    norms = int(asked.notna().sum())
    both = int((asked.notna() & there.reindex(asked.index).notna()).sum())
    if not norms:
        return f"Voor {place} is van geen enkele voorziening een norm in te vullen"
    if not both:
        return (
            f"Voor {place} is van {plural(norms, 'voorziening', 'voorzieningen')} de vraag te "
            "rekenen, maar het aanbod is niet bekend"
        )
    return (
        f"Voor {place} is van {plural(norms, 'voorziening', 'voorzieningen')} de vraag te rekenen; "
        f"van {both} daarvan is ook bekend wat er is"
    )


def sharing(rows: pd.DataFrame, labels: pd.Series) -> str:
    """Return the title on sharing: which functions could, and whether that fills a building."""
    space = rows[rows["measure"].eq("combined_m2")]
    first = space.iloc[0]
    names = [labels[part] for part in first["group"].split(" + ")]
    told = f"{names[0]} en {names[1][0].lower()}{names[1][1:]} kunnen een gebouw delen"
    if first["status"] == "below_building":
        return f"{told}, maar vullen het ook samen niet"
    return told


def _name(row: pd.Series, labels: pd.Series) -> str:
    name = labels[row["group"]]
    return name[0].lower() + name[1:]
