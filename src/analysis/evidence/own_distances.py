"""CBS's distances beside our own: whether points and method give the same picture."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame
from analysis.measures.travel import nearest_distance, straight_line_travel

# Farther than this nobody's nearest is looked for.
_LIMIT = 15_000.0
_FEWEST = 5


def beside_published(
    published: pd.Series,
    people: pd.Series,
    homes: pd.DataFrame,
    places: pd.DataFrame,
    *,
    detour: float,
    concept: str,
    area_code: str,
    area_name: str,
    year: int,
    source: str,
) -> pd.DataFrame:
    """Compare a published distance per buurt with that from the middle of the buurt to a point.

    Parameters
    ----------
    published : Series of float
        Mean distance in km by buurt, NaN where not published.
    people : Series of float
        Inhabitants, on the same index.
    homes : DataFrame
        `east`, `north` and `own` (the least that a way can be in metres, see `nearest_way`), on
        the same index; NaN without an outline.
    places : DataFrame
        `east` and `north` of the facilities.
    detour : float
        Walked or driven metres per metre as the crow flies.
    concept, area_code, area_name, year, source
        As in the evidence table; the concept is the group.

    Returns
    -------
    DataFrame
        Evidence rows 'published_mean_km', 'own_mean_km' (over inhabitants), 'mean_difference_km'
        (own less published) and 'correlation' (over buurten). 'too_small' under 5 buurten with
        both.
    """
    known = published.notna() & people.gt(0) & homes[["east", "north"]].notna().all(axis=1)
    facts = {
        "area_code": area_code, "area_name": area_name, "year": year, "level": "buurt",
        "group": concept, "source": source, "units": int(known.sum()),
        "units_missing": int((~known).sum()),
    }  # fmt: skip
    names = ["published_mean_km", "own_mean_km", "mean_difference_km", "correlation"]
    values = dict.fromkeys(names, np.nan)
    if known.sum() >= _FEWEST and len(places):
        travel = straight_line_travel(
            homes.loc[known, ["east", "north"]], places, _LIMIT, detour=detour,
            own=homes.loc[known, "own"],
        )  # fmt: skip
        own = nearest_distance(travel)[1] / 1000
        within = np.isfinite(own)
        theirs, ours = published[known][within], own[within]
        weight = people[known][within]
        if len(ours) >= _FEWEST:
            values["published_mean_km"] = np.average(theirs, weights=weight)
            values["own_mean_km"] = np.average(ours, weights=weight)
            values["mean_difference_km"] = values["own_mean_km"] - values["published_mean_km"]
            if theirs.nunique() > 1 and ours.nunique() > 1:
                values["correlation"] = float(np.corrcoef(theirs, ours)[0, 1])
    return evidence_frame(
        [
            facts | {"measure": name, "value": value,
                     "status": "too_small" if np.isnan(value) else "ok"}
            for name, value in values.items()
        ]
    )  # fmt: skip
