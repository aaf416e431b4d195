"""Titles on the place of a gemeente among others, only as sure as the order is."""

import pandas as pd

from analysis.figures.wording import STATUS_NL, percent

# Fewer than this make no order.
_FEWEST = 3
# Under this chance that the order is the other way round, a place is called sure.
_SURE = 0.95


def unlike(rows: pd.DataFrame) -> str:
    """Say how many areas have units of another size and are therefore not in the order."""
    others = rows["status"].eq("unlike_size").sum()
    if not others:
        return ""
    return (
        f"Niet in de volgorde: {others} waarvan de buurten meer dan twee keer zo groot of zo klein "
        "zijn. Grote buurten vlakken verschillen uit die kleine laten zien."
    )


def place(rows: pd.DataFrame, code: str, name: str, label: str, called: str) -> str:
    """Return the title: which place the gemeente has, or that places cannot be given.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows with measures 'rank' and 'above_next'.
    code, name : str
        Of the gemeente that the report is about.
    label : str
        The group as it reads in a sentence.
    called : str
        Dutch plural of what it is compared with.
    """
    ranks = rows[rows["measure"].eq("rank")]
    own = ranks[ranks["area_code"].eq(code)].iloc[0]
    if own["status"] != "ok":
        return f"Een plaats van {name} onder {called} is niet te geven"
    total = int(ranks["status"].eq("ok").sum())
    if total < _FEWEST:
        return f"Te weinig {called} hebben buurten van vergelijkbare grootte voor een volgorde"
    low, high = int(own["low"]), int(own["high"])
    if low == high:
        where = f"op plaats {low} van {total}"
    else:
        where = f"ergens op plaats {low} tot {high} van {total}"
    return f"In ongelijke spreiding van {label} staat {name} {where} {called}"


def sureness(rows: pd.DataFrame, code: str, name: str) -> str:
    """Return the sentence on how sure it is that the gemeente stands above the one below it."""
    ranks = rows[rows["measure"].eq("rank") & rows["status"].eq("ok")].sort_values("value")
    above = rows[rows["measure"].eq("above_next")].set_index("area_code")["value"]
    if len(ranks) < _FEWEST:
        return ""
    if code not in above.index:
        return "Plaats 1 is het meest ongelijk verspreid."
    codes = ranks["area_code"].tolist()
    below = ranks.iloc[codes.index(code) + 1]["area_name"]
    sure = "zeker genoeg om te noemen" if above[code] >= _SURE else "niet zeker"
    return (
        f"Plaats 1 is het meest ongelijk verspreid. Dat {name} boven {below} staat, is {sure} "
        f"({'meer dan 99%' if above[code] > 0.99 else percent(above[code])})."
    )


def refused(rows: pd.DataFrame) -> str:
    """Say why no places are given, or '' where they are."""
    ranks = rows[rows["measure"].eq("rank")]
    why = ranks.loc[ranks["status"].isin(["unlike_size", "one_large_unit", "single_unit"])]
    if why.empty or ranks["status"].eq("ok").any():
        return ""
    return (
        f"Geen plaatsen: {STATUS_NL[why['status'].iloc[0]]}. Grote buurten vlakken verschillen uit "
        "die kleine laten zien, dus de maten zijn onderling niet te vergelijken."
    )
