"""Titles on places: what one more would do, and what is lost when one closes."""

import pandas as pd

from analysis.figures.wording import count, percent

# Of the people: less than this more is called hardly anything.
_HARDLY = 0.01


def one_more(rows: pd.DataFrame, label: str) -> str:
    """Return the title: how many are within a walk now, and with one place more.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'share_within_limit' with group '<kind> | k=<k>'.
    label : str
        The kind, in lower case.
    """
    # A share from one point per buurt is coarse, which the honest box says; it is known.
    known = rows[rows["measure"].eq("share_within_limit") & rows["value"].notna()]
    if known.empty:
        return f"Waar één {label} erbij het meeste doet, valt hier niet te zeggen"
    now = known["value"].iloc[0]
    have = f"heeft nu {percent(now)} van de inwoners een {label} op loopafstand"
    if len(known) < 2 or known["value"].iloc[1] - now < _HARDLY:
        return f"Hier {have}; één erbij verandert daar vrijwel niets aan"
    return f"Hier {have}; met één erbij op de beste plek {percent(known['value'].iloc[1])}"


def one_less(rows: pd.DataFrame, label: str) -> str:
    """Return the title: the place of which the closing would leave most people without.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'people_lost_on_closing', one per place.
    label : str
        The kind, in lower case.
    """
    known = rows[rows["status"].eq("ok")].sort_values("value", ascending=False)
    if known.empty:
        return f"Wat er verloren gaat als een {label} sluit, valt hier niet te zeggen"
    most = known.iloc[0]
    if most["value"] == 0:
        return f"Sluit één {label}, dan houdt iedereen er een op loopafstand die er nu een heeft"
    name = most["group"].split(" | ", 1)[1]
    return (
        f"Sluit {name}, dan verliezen {count(most['value'])} inwoners hun enige {label} op "
        "loopafstand"
    )
