"""How far the inhabitants of an area live from what they need."""

import numpy as np
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


def distance_percentile(
    distance: Column, weight: Column, percentage: float, by: Column | None = None
) -> pd.Series | float:
    """Return the distance within which a percentage of the weight of every area lies.

    The smallest d with sum_{i: d_i <= d} w_i >= q sum_i w_i, q = percentage / 100. A mean hides
    those who live far away; the 90th percentile is about them.

    Parameters
    ----------
    distance : column of n distances
        In one unit, >= 0, none missing; infinite where there is no way.
    weight : column of n counts
        Inhabitants of each unit, >= 0, none missing.
    percentage : float
        Above 0, at most 100.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        In the unit of `distance`, by area, sorted; one number without `by`. Infinite where so many
        have no way, NaN where no weight is.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also if `percentage` is out of its range.

    Examples
    --------
    >>> distance_percentile([0.5, 2.0, 4.0], [300, 50, 50], 80)
    2.0
    """
    if not 0 < percentage <= 100:
        raise ValueError(f"percentage is {percentage}: give a number above 0, at most 100")
    far, order = _laid_out(distance)
    areas, (rank, w) = by_area({"distance": order, "weight": weight}, by)
    rank = rank.astype(np.intp)
    inside = np.lexsort((rank, areas.spread(np.arange(len(areas.sizes)))))
    reached = np.cumsum(w[inside])
    total, before = areas.sums(w), np.zeros(len(areas.sizes))
    before[1:] = np.cumsum(total)[:-1]
    # Sums of counts are exact; a hair less than asked is rounding in the percentage.
    enough = reached - areas.spread(before) >= areas.spread(total) * percentage / 100 * (1 - 1e-12)
    enough &= w[inside] > 0
    found = np.full(len(areas.sizes), np.nan)
    number = areas.spread(np.arange(len(areas.sizes)))[enough]
    first = np.unique(number, return_index=True)
    found[first[0]] = far[rank[inside][enough][first[1]]]
    return areas.result(found, "distance_percentile")


def share_beyond(
    distance: Column, weight: Column, limit: float, by: Column | None = None
) -> pd.Series | float:
    """Return which share of the weight of every area lies beyond a distance.

    sum_{i: d_i > limit} w_i / sum_i w_i.

    Parameters
    ----------
    distance, weight, by
        See `distance_percentile`.
    limit : float
        > 0, in the unit of `distance`; who lives at the limit is not beyond it.

    Returns
    -------
    Series of float, or float
        0 to 1, by area, sorted; one number without `by`. NaN where no weight is.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also if the limit is not above 0.

    Examples
    --------
    >>> share_beyond([0.5, 2.0, float("inf")], [300, 50, 50], 1)
    0.25
    """
    if not limit > 0:
        raise ValueError(f"limit is {limit}: give a distance above 0")
    far, order = _laid_out(distance)
    areas, (rank, w) = by_area({"distance": order, "weight": weight}, by)
    beyond = np.where(far[rank.astype(np.intp)] > limit, w, 0.0)
    return areas.result(ratio(areas.sums(beyond), areas.sums(w)), "share_beyond")


def _laid_out(distance: Column) -> tuple[np.ndarray, np.ndarray | pd.Series]:
    """Return the distances sorted, once each, and the place of each unit among them.

    Places are finite, so that a unit without a way goes through the checks of counts.
    """
    values = np.asarray(distance, dtype=float)
    if np.isnan(values).any() or (values < 0).any():
        raise ValueError("distance is missing or negative: leave such units out, and count them")
    far, place = np.unique(values, return_inverse=True)
    place = place.reshape(values.shape).astype(float)
    return far, pd.Series(place, index=distance.index) if isinstance(distance, pd.Series) else place
