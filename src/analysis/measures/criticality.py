"""What is lost if one facility closes."""

import numpy as np
import pandas as pd

from analysis.measures.counts import checked_counts
from analysis.measures.travel import Travel


def criticality(travel: Travel, people: pd.Series) -> pd.DataFrame:
    """Return what closing each facility does, the others staying.

    people_lost_j = sum of w_i over origins within the limit of j and of no other; longer_way_j =
    sum of w_i (d_i2 - d_i1) over origins whose nearest is j, d_i2 the next one or, without one
    within it, the limit.

    Parameters
    ----------
    travel : Travel
        Pairs of n origins and the m facilities that are there, within the limit.
    people : Series of n numbers
        >= 0, on `travel.origins`.

    Returns
    -------
    DataFrame of shape (m, 3)
        Index the facilities: `people_lost`, `people_nearest` (who have it nearest; at equal
        distance the first) and `longer_way` (person-metres; a lower bound for those who are lost).

    Raises
    ------
    ValueError
        When people are missing, negative or on another index.
    """
    if not people.index.equals(travel.origins):
        raise ValueError("people must be on the origins of travel")
    (weight,) = checked_counts({"people": people})
    order = np.lexsort((travel.distance, travel.origin))
    site, distance = travel.facility[order], travel.distance[order]
    near = np.diff(travel.starts)
    some = np.flatnonzero(near > 0)
    at = travel.starts[:-1][some]
    second = np.full(len(some), float(travel.limit))
    two = near[some] > 1
    second[two] = distance[at[two] + 1]
    nearest, w = site[at], weight[some]
    m = len(travel.facilities)
    return pd.DataFrame(
        {
            "people_lost": np.bincount(nearest, w * ~two, m),
            "people_nearest": np.bincount(nearest, w, m),
            "longer_way": np.bincount(nearest, w * (second - distance[at]), m),
        },
        index=travel.facilities,
    )
