"""Titles and sentences on renewal: what other tenures do to the spread, and who goes where."""

from collections.abc import Mapping

import pandas as pd

from analysis.figures.scenario_claims import some
from analysis.figures.wording import count, join_words, percent, plural

# Under this all changes are as good as none in such a sum.
_NOTHING = 0.0005
_TENURES = {"social": "sociale huur", "other_rent": "overige huur", "owner": "koop"}


def turned(plan: pd.DataFrame, change: pd.DataFrame, labels: Mapping[str, str], place: str) -> str:
    """Return the title on social dwellings that get another tenure.

    Parameters
    ----------
    plan : DataFrame
        Evidence rows of `evidence.renewed.plan_rows`.
    change : DataFrame
        Evidence rows 'dissimilarity_change', one per group.
    labels : mapping of str to str
        Dutch label by group.
    place : str
        The wijk.
    """
    into = join_words(_tenures(plan))
    many = count(_of(plan, "dwellings_removed"))
    return f"{many} sociale huurwoningen in {place} worden {into}: {_told(change, labels)}"


def rebuilt(plan: pd.DataFrame, change: pd.DataFrame, labels: Mapping[str, str], place: str) -> str:
    """Return the title on social dwellings that are demolished and built anew; see `turned`."""
    gone, new = (count(_of(plan, what)) for what in ("dwellings_removed", "dwellings_built"))
    return (
        f"{gone} sociale huurwoningen in {place} slopen en {new} woningen bouwen: "
        f"{_told(change, labels)}"
    )


def displaced(plan: pd.DataFrame, *, at_home: bool) -> str:
    """Return the sentence on where the households go whose dwelling goes.

    Parameters
    ----------
    plan : DataFrame
        See `turned`.
    at_home : bool
        Whether who stays does so in the own dwelling.
    """
    own = plan[plan["measure"].str.startswith("displaced_households")].set_index("group")
    if own["high"].max() == 0:
        return "Er hoeft niemand te verhuizen."
    stay, elsewhere, away = (
        _band(own.loc[name]) for name in ("in_area", "in_municipality", "away")
    )
    where = "in de eigen woning" if at_home else "in de wijk"
    households = count(_of(plan, "dwellings_removed"))
    return (
        f"Van de {households} huishoudens blijven er {stay} {where} wonen, gaan er {elsewhere} "
        f"elders in de gemeente wonen en vertrekken er {away}."
    )


def new_dwellings(plan: pd.DataFrame) -> str:
    """Return the new dwellings by tenure: '260 woningen: 50% overige huur en 50% koop'."""
    built = plan[plan["measure"].str.startswith("share_of_dwellings_built") & plan["value"].gt(0)]
    parts = [f"{percent(row['value'])} {_TENURES[row['group']]}" for _, row in built.iterrows()]
    many = plural(int(_of(plan, "dwellings_built")), "woning", "woningen")
    return f"{many}: {join_words(parts)}"


def _told(change: pd.DataFrame, labels: Mapping[str, str]) -> str:
    known = change[change["status"].eq("ok")]
    if known.empty:
        return "wat dat met de spreiding doet, valt niet te zeggen"
    if known[["low", "high"]].abs().lt(_NOTHING).all(axis=None):
        return "dat verandert in de som vrijwel niets aan de spreiding"
    less = [labels[key] for key in known[known["high"] < 0]["group"]]
    more = [labels[key] for key in known[known["low"] > 0]["group"]]
    if not less and not more:
        return "de spreiding kan in de som voor elke groep beide kanten op"
    parts = [f"{some(names)} {way}"
             for names, way in ((less, "gelijker"), (more, "ongelijker")) if names]  # fmt: skip
    return f"in de som wonen {join_words(parts)} verspreid"


def _tenures(plan: pd.DataFrame) -> list[str]:
    built = plan[plan["measure"].str.startswith("share_of_dwellings_built") & plan["value"].gt(0)]
    return [_TENURES[name] for name in built["group"]]


def _of(plan: pd.DataFrame, measure: str) -> float:
    return float(
        plan.loc[plan["measure"].str.startswith(measure) & plan["group"].eq(""), "value"].iloc[0]
    )


def _band(row: pd.Series) -> str:
    low, high = count(row["low"]), count(row["high"])
    return low if low == high else f"{low} tot {high}"
