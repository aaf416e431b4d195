"""How far the inhabitants of an area live from what they need."""

import pandas as pd

from analysis.measures.areas import by_area, ratio
from analysis.measures.counts import Column


def mean_distance(distance: Column, weight: Column, by: Column | None = None) -> pd.Series | float:
    """Return the weighted mean distance of every area.

    sum_i w_i d_i / sum_i w_i. With the inhabitants of each unit as weight, and as distance the
    mean over those inhabitants, it is the mean over the inhabitants of the area; an unweighted
    mean would count a hamlet as much as a district.

    Parameters
    ----------
    distance : column of n distances
        In one unit, say km; >= 0, none missing.
    weight : column of n counts
        Inhabitants of each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        In the unit of `distance`, by area, sorted; one number without `by`. NaN where no weight
        is.

    Raises
    ------
    TypeError, ValueError
        See `by_area`: a unit without a distance is to be left out, and counted, by the caller.

    Examples
    --------
    >>> mean_distance([0.5, 2.0], [300, 100])
    0.875
    """
    areas, (d, w) = by_area({"distance": distance, "weight": weight}, by)
    return areas.result(ratio(areas.sums(w * d), areas.sums(w)), "mean_distance")
