"""How far people walk to what was counted on the map, and how much of it is near: evidence rows."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame
from analysis.evidence.reach import COARSE, WALK
from analysis.measures.proximity import distance_percentile, mean_distance, share_beyond
from analysis.measures.travel import Travel, counts_within, nearest_distance

MEDIAN, FAR = "distance_percentile_50", "distance_percentile_90"
BEYOND, SECOND = f"share_beyond_{WALK / 1000:g}_km", f"share_without_second_{WALK / 1000:g}_km"
NUMBER = f"mean_count_within_{WALK / 1000:g}_km"
# Above this share of people without a way the distance itself is not told.
_TOO_FAR = "beyond_limit"


def nearby_rows(
    travels: Mapping[str, Travel], people: pd.Series, *, area: pd.Series, source: str, coarse: bool,
    missing: int, covered: float,
) -> pd.DataFrame:  # fmt: skip
    """Return per kind how far its nearest place is over the inhabitants of one area.

    Parameters
    ----------
    travels : mapping of str to Travel
        By kind; all from the same homes, with a limit of at least a walk.
    people : Series of float
        Inhabitants by home, none missing.
    area : Series
        area_code, area_name, year and level.
    source : str
    coarse : bool
        Whether one point stands for a whole buurt: then every row is 'coarse_origin'.
    missing : int
        Buurten of which nobody has a home here.
    covered : float
        Share of the area's inhabitants who have one.

    Returns
    -------
    DataFrame
        Per kind (as group) rows `MEDIAN` and `FAR` (metres; NaN and 'beyond_limit' where so many
        people have none within the limit of the table), `BEYOND` (share without one within a
        walk), `SECOND` (share without a second one to choose from) and `NUMBER` (mean number
        within a walk).
    """
    rows = []
    for kind, travel in travels.items():
        near = nearest_distance(travel, 2)
        within = counts_within(travel, [WALK])[WALK]
        told = {
            MEDIAN: distance_percentile(near[1], people, 50),
            FAR: distance_percentile(near[1], people, 90),
            BEYOND: share_beyond(near[1], people, WALK),
            SECOND: share_beyond(near[2], people, WALK),
            NUMBER: mean_distance(within.astype(float), people),
        }
        for measure, value in told.items():
            known = np.isfinite(value)
            rows.append({
                **area, "measure": measure, "group": kind, "value": value if known else np.nan,
                "units": len(people), "units_missing": missing, "population_covered": covered,
                "status": (COARSE if coarse else "ok") if known else
                ("uninhabited" if np.isnan(value) else _TOO_FAR),
                "source": source,
            })  # fmt: skip
    return evidence_frame(rows)
