"""Where one more facility would do most, and what is lost if one closes, as evidence rows."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame, join
from analysis.measures.criticality import criticality
from analysis.measures.siting import Sites, fairest_cover, max_cover, p_median, set_cover
from analysis.measures.travel import Travel

# Kinds of answer, by what they are best at.
GOALS = ("max_cover", "fairest_cover", "p_median")


def siting_curve(
    travel: Travel,
    people: pd.DataFrame,
    most: int,
    *,
    facility: str,
    area: pd.Series,
    source: str,
    existing: Sequence[object] = (),
    goals: Sequence[str] = GOALS,
) -> pd.DataFrame:
    """Return the curve over 0 to `most` new places, for each goal.

    Parameters
    ----------
    travel : Travel
        Pairs of demand points and sites (candidates and existing ones) within the limit.
    people : DataFrame of shape (n, groups)
        Inhabitants by group, that do not overlap; on `travel.origins`.
    most : int
        Largest number of new places; at most the number of candidates.
    facility : str
        Kind of facility.
    area : Series
        area_code, area_name, year, level.
    source : str
        Of the people, places and distances, with the limit and the detour factor.
    existing : sequence, optional
        Which facilities of `travel` are there already.
    goals : sequence of str, optional
        Of `GOALS`.

    Returns
    -------
    DataFrame
        Per goal and k a row; group is '<facility> | k=<k>' and units the number of facilities
        with the existing ones. `share_within_limit` under max_cover, `least_share_within_limit`
        under fairest_cover, both 0 to 1, `mean_distance_at_most` (the limit for who is further)
        under p_median, in the unit of the distances; and `places_for_all`: how many new places
        bring everybody within the limit who can be, with population_covered the share that can.
        'no_population' where nobody lives.
    """
    if strange := set(goals) - set(GOALS):
        raise ValueError(f"goals are unknown: {sorted(strange)}; give some of {', '.join(GOALS)}")
    whole = people.sum(axis=1)
    total = float(whole.sum())
    number = list(range(most + 1))
    there = int(travel.facilities.isin(list(existing)).sum())
    shared = {**area[["area_code", "area_name", "year", "level"]].to_dict(), "source": source}
    rows = []
    for goal in goals:
        found = _solved(goal, travel, people, whole, number, existing)
        measure, scale = _MEASURE[goal]
        for k in number:
            value = found.value[k] / (total if scale else 1.0) if total > 0 else np.nan
            rows.append(
                shared
                | {
                    "measure": measure,
                    "group": f"{facility} | k={k}",
                    "value": value,
                    "units": there + k,
                    "status": "ok" if pd.notna(value) else "no_population",
                }
            )
    chosen, unreached = set_cover(travel, whole, existing=existing)
    rows.append(
        shared
        | {
            "measure": "places_for_all",
            "group": facility,
            "value": float(len(chosen)) if total > 0 else np.nan,
            "units": there,
            "population_covered": 1 - unreached / total if total > 0 else np.nan,
            "status": "ok" if total > 0 else "no_population",
        }
    )
    return evidence_frame(rows)


def chosen_sites(
    travel: Travel,
    people: pd.DataFrame,
    most: int,
    *,
    existing: Sequence[object] = (),
    goal: str = "max_cover",
) -> pd.DataFrame:
    """Return which places are chosen for each k, to draw on a map: columns k and site."""
    found = _solved(goal, travel, people, people.sum(axis=1), list(range(most + 1)), existing)
    return pd.DataFrame(
        [(k, site) for k, sites in found.chosen.items() for site in sites], columns=["k", "site"]
    )


def closing_rows(
    travel: Travel,
    people: pd.Series,
    names: pd.Series,
    *,
    facility: str,
    area: pd.Series,
    source: str,
) -> pd.DataFrame:
    """Return what closing each existing facility does to people, most lost first.

    Parameters
    ----------
    travel : Travel
        Pairs of demand points and the facilities that are there.
    people : Series
        On `travel.origins`.
    names : Series of str
        What each facility is called, on `travel.facilities`.
    facility, area, source
        As in `siting_curve`.

    Returns
    -------
    DataFrame
        Per facility `people_lost_on_closing` (nobody else within the limit) and
        `longer_way_on_closing` (mean over those who have it nearest; 'group_absent' where it is
        the nearest of nobody), group '<facility> | <name>'.
    """
    found = criticality(travel, people)
    found = found.sort_values("people_lost", ascending=False, kind="stable")
    shared = {**area[["area_code", "area_name", "year", "level"]].to_dict(), "source": source}
    longer = found["longer_way"] / found["people_nearest"].where(found["people_nearest"] > 0)
    tables = []
    for measure, values in (
        ("people_lost_on_closing", found["people_lost"]),
        ("longer_way_on_closing", longer),
    ):
        tables.append(
            evidence_frame(
                pd.DataFrame(
                    {
                        **shared,
                        "measure": measure,
                        "group": [f"{facility} | {names[one]}" for one in found.index],
                        "value": values.array,
                        "status": np.where(values.notna(), "ok", "group_absent"),
                    }
                )
            )
        )
    return join(tables)


# The name of what each goal gives, and whether it is a number of people to be made a share.
_MEASURE = {
    "max_cover": ("share_within_limit", True),
    "fairest_cover": ("least_share_within_limit", False),
    "p_median": ("mean_distance_at_most", False),
}


def _solved(
    goal: str,
    travel: Travel,
    people: pd.DataFrame,
    whole: pd.Series,
    number: list[int],
    existing: Sequence[object],
) -> Sites:
    if goal == "fairest_cover":
        return fairest_cover(travel, people, number, existing=existing)
    solve = {"max_cover": max_cover, "p_median": p_median}[goal]
    return solve(travel, whole, number, existing=existing)
