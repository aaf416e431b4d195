"""Which buurten, with those around them, clearly have more or less of a group than elsewhere."""

import numpy as np
import pandas as pd

from analysis.evidence.autocorrelation import (
    SMALLEST_SET,
    local_g_star,
    morans_i,
    touching_or_overlapping,
)
from analysis.evidence.frame import evidence_frame

MEASURE = "deviates"
# Outlines of one edition can lie some metres apart or overlap.
_GAP = 20.0
_PERMUTATIONS = 9_999
_SIGN = {"high": 1.0, "low": -1.0, "": 0.0}


def deviating(
    shares: pd.DataFrame,
    places: pd.DataFrame,
    *,
    area_code: str,
    area_name: str,
    seed: int = 0,
) -> pd.DataFrame:
    """Say of every region whether it lies in a part of the area that deviates (Gi*, with FDR).

    Parameters
    ----------
    shares : DataFrame
        Evidence rows of one measure, group, year and level: the share per region of one area.
    places : DataFrame
        Outlines in metres by region code, as `geometry`.
    area_code, area_name : str
        Of the whole area.
    seed : int, optional

    Returns
    -------
    DataFrame
        Per region evidence rows of measure 'deviates' (1 clearly higher, -1 clearly lower, 0
        neither; of those named at most 5 % by chance) and 'deviates_p_adjusted'. Regions without
        a share keep their status; without an outline 'no_place'; where there are fewer than three
        regions, no two of them neighbours, or all shares alike: 'not_comparable'. Of the whole
        area 'morans_i', and how many regions are 'compared', 'deviate_higher', 'deviate_lower'.
    """
    known = shares["status"].eq("ok") & shares["area_code"].isin(places.index)
    values = shares[known].set_index("area_code")["value"]
    found, whole = _tested(values, places, seed)
    status = shares["status"].mask(shares["status"].eq("ok") & ~known, "no_place")
    status = status.mask(known & np.isnan(whole), "not_comparable")
    plain = shares.assign(status=status, low=np.nan, high=np.nan, interval="")
    at = shares["area_code"].map
    told = plain.iloc[:1].assign(
        area_code=area_code, area_name=area_name, measure="morans_i", value=whole,
        units=len(values), units_missing=int((~known).sum()), population_covered=np.nan,
        median_unit_size=np.nan, status="not_comparable" if np.isnan(whole) else "ok",
    )  # fmt: skip
    numbers = dict.fromkeys(("compared", "deviate_higher", "deviate_lower"), np.nan)
    if not np.isnan(whole):
        classes = found["deviates"]
        numbers = {
            "compared": float(len(classes)),
            "deviate_higher": float(classes.eq(1).sum()),
            "deviate_lower": float(classes.eq(-1).sum()),
        }
    counted = [
        told.assign(
            measure=name, value=number, status="not_comparable" if np.isnan(number) else "ok"
        )
        for name, number in numbers.items()
    ]
    return evidence_frame(
        pd.concat(
            [
                plain.assign(measure=MEASURE, value=at(found["deviates"])),
                plain.assign(measure=f"{MEASURE}_p_adjusted", value=at(found["p_adjusted"])),
                told,
                *counted,
            ]
        )
    )


def _tested(values: pd.Series, places: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, float]:
    """Return the class and the adjusted p of every region, and Moran's I; NaN where undefined."""
    found = pd.DataFrame(np.nan, index=values.index, columns=["deviates", "p_adjusted"])
    if len(values) < SMALLEST_SET:
        return found, np.nan
    links = touching_or_overlapping(places.loc[values.index], gap=_GAP)
    often = max(_PERMUTATIONS, int(np.ceil(2 * len(values) / 0.05)))
    local = local_g_star(values, links, permutations=often, seed=seed)
    whole = morans_i(values, links, seed=seed)["value"]
    if np.isnan(whole):
        return found, np.nan
    found["deviates"] = local["deviates"].map(_SIGN)
    found["p_adjusted"] = local["p_adjusted"]
    return found, whole
