"""How uneven a group lives in neighbourhoods of growing size, whatever their borders."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame
from analysis.evidence.groups import Group, counts
from analysis.measures.scale import nearest_profile

MARK = "_nearest_"
# Neighbourhoods of so many people; from a few streets to a part of the town.
NEAREST = (1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000)
# A neighbourhood of more than this share of the town says nothing of where in it people live.
_LARGEST = 0.5


def profile(
    regions: pd.DataFrame,
    east: pd.Series,
    north: pd.Series,
    group: Group,
    *,
    year: int,
    source: str,
    area_code: str,
    area_name: str,
    nearest: Sequence[int] = NEAREST,
) -> pd.DataFrame:
    """Measure the dissimilarity of one group over neighbourhoods of the k nearest people.

    Parameters
    ----------
    regions : DataFrame
        The buurten of one gemeente with the group's columns and `inhabitants`.
    east, north : Series of float
        A point for each buurt in metres (EPSG:28992), on the index of `regions`; NaN where there
        is no outline.
    group : Group
    year, source, area_code, area_name
        As in the evidence table.
    nearest : sequence of int, optional
        k; sizes above half of the members that are counted are left out.

    Returns
    -------
    DataFrame
        Evidence rows of level 'buurt' with measure 'spatial_dissimilarity_nearest_<k>'. Buurten
        without a figure or a point are in `units_missing`; below 80 % of the inhabitants covered
        the value is withheld with status 'suppressed'. Without a size left there are no rows.
    """
    counted = counts(regions, group)
    placed = east.notna() & north.notna()
    known = counted["total"].notna() & placed
    used = known & counted["total"].gt(0)
    both = counted.loc[used, ["group", "others"]]
    people = regions["inhabitants"]
    covered = people[known].sum() / people.sum() if people.sum() > 0 else 0.0
    sizes = [k for k in nearest if k <= _LARGEST * both.to_numpy().sum()]
    facts = {
        "area_code": area_code, "area_name": area_name, "year": year, "level": "buurt",
        "group": group.key, "units": int(used.sum()), "units_missing": int((~known).sum()),
        "population_covered": covered, "median_unit_size": people[used].median(),
        "source": source,
    }  # fmt: skip
    if not sizes:
        return evidence_frame([])
    status = "ok" if covered >= ENOUGH_COVERED else "suppressed"
    if used.sum() < 2:
        status = "single_unit"
    elif not both["group"].sum() or not both["others"].sum():
        status = "group_absent"
    values = dict.fromkeys(sizes, np.nan)
    if status == "ok":
        found = nearest_profile(both, east[used], north[used], sizes)
        values = found["spatial_dissimilarity"].to_dict()
    return evidence_frame(
        [
            facts | {"measure": f"spatial_dissimilarity{MARK}{k}", "value": value, "status": status}
            for k, value in values.items()
        ]
    )


def left_over(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how much of the dissimilarity of the smallest neighbourhoods is left in the largest.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows from `profile`, of one area and any groups.

    Returns
    -------
    DataFrame
        An evidence row per group with two sizes or more that have a value, and one above 0:
        measure 'left_of_dissimilarity_nearest_<largest k>', a ratio of 0 or more.
    """
    nearest = sizes(rows)
    found = []
    known = rows[rows["status"].eq("ok")]
    for _, own in known.groupby("group", sort=False):
        size = nearest[own.index]
        small, large = own.loc[size.idxmin()], own.loc[size.idxmax()]
        if len(own) > 1 and small["value"] > 0:
            found.append(
                dict(large)
                | {
                    "measure": f"left_of_dissimilarity{MARK}{size.max()}",
                    "value": large["value"] / small["value"],
                }
            )
    return evidence_frame(found)


def sizes(rows: pd.DataFrame) -> pd.Series:
    """Return the size k of the neighbourhoods of each row, on the index of the rows."""
    return rows["measure"].str.rsplit(MARK, n=1).str[-1].astype(int)
