"""How near to a centre a group lives, in each area."""

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.coordinates import checked_coordinates
from analysis.measures.counts import Column, check_same_units


def relative_centralisation(
    group: Column, others: Column, distance: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the index of relative centralisation RCE of every area.

    RCE = sum_i X_(i-1) Y_i - sum_i X_i Y_(i-1), with X_i and Y_i the shares of the group and of the
    others in the units up to unit i, from the centre outwards: the share of the group that would
    have to live elsewhere for both to be as near to the centre.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    distance : column of n distances
        To the centre, in any one unit, >= 0, none missing: see `distance_to_centre`, or a travel
        time.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        Between -1 and 1, above 0 where the group lives nearer to the centre than the others; by
        area, sorted; one number without `by`. NaN where the group or the others are absent.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Notes
    -----
    Units at the same distance are taken as one, so the order of the rows is of no influence.

    References
    ----------
    Massey, D.S. & Denton, N.A. (1988). The dimensions of residential segregation. Social Forces
    67(2), 281-315.

    Examples
    --------
    >>> relative_centralisation([10, 0], [0, 10], [0.5, 3])
    1.0
    """
    columns = {"group": group, "others": others, "distance": distance}
    areas, (x, y, d) = by_area(columns, by)
    return areas.result(_outwards(areas, x, y, d), "relative_centralisation")


def absolute_centralisation(
    group: Column, land_area: Column, distance: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the index of absolute centralisation ACE of every area.

    ACE = sum_i X_(i-1) A_i - sum_i X_i A_(i-1), with X_i and A_i the shares of the group and of the
    land in the units up to unit i, from the centre outwards: how much nearer to the centre the
    group lives than if it were spread over the land evenly.

    Parameters
    ----------
    group : column of n counts
        Members of the group in each unit, >= 0, none missing.
    land_area : column of n areas
        Of each unit, in any one unit of measurement, >= 0, none missing.
    distance : column of n distances
        To the centre, in any one unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        Between -1 and 1, above 0 where the group lives nearer to the centre than the land lies; by
        area, sorted; one number without `by`. NaN where the group or the land is absent.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    References
    ----------
    Massey, D.S. & Denton, N.A. (1988). The dimensions of residential segregation. Social Forces
    67(2), 281-315.

    Examples
    --------
    >>> absolute_centralisation([10, 0], [1, 3], [0.5, 3])
    0.75
    """
    columns = {"group": group, "land_area": land_area, "distance": distance}
    areas, (x, a, d) = by_area(columns, by)
    return areas.result(_outwards(areas, x, a, d), "absolute_centralisation")


def local_relative_centralisation(
    group: Column, others: Column, neighbours: np.ndarray, distance: np.ndarray
) -> pd.Series:
    """Return the relative centralisation around each unit, with the unit as the centre.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    neighbours : ndarray of int of shape (n, k)
        Positions of the units around each unit, the unit itself included.
    distance : ndarray of float of shape (n, k)
        From the unit to each of them, >= 0.

    Returns
    -------
    Series of float
        RCE of each unit's surroundings, see `relative_centralisation`, on the index of `group`.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also if the two arrays differ in shape, or a position is that of no unit.

    References
    ----------
    Folch, D.C. & Rey, S.J. (2016). The centralization index: a measure of local spatial
    segregation. Papers in Regional Science 95(3), 555-576.

    Examples
    --------
    >>> around = [[0, 1], [1, 0]]
    >>> local_relative_centralisation([10, 0], [0, 10], around, [[0, 5], [0, 5]]).tolist()
    [1.0, -1.0]
    """
    areas, (x, y) = by_area({"group": group, "others": others}, None)
    around, apart = np.asarray(neighbours), np.asarray(distance, dtype=float)
    if around.ndim != 2 or around.shape != apart.shape or len(around) != len(x):
        raise ValueError("neighbours and distance must have one row per unit and be of one shape")
    if not np.issubdtype(around.dtype, np.integer):
        raise TypeError("neighbours must hold positions of units: whole numbers")
    if around.size and not (around.min() >= 0 and around.max() < len(x)):
        raise ValueError(f"neighbours names a unit that is none of the {len(x)}")
    unit = np.repeat(np.arange(len(x)), around.shape[1])
    values = relative_centralisation(x[around.ravel()], y[around.ravel()], apart.ravel(), unit)
    return areas.as_given(values.to_numpy(), group, "local_relative_centralisation")


def distance_to_centre(
    east: Column,
    north: Column,
    by: Column | Areas | None = None,
    *,
    weight: Column | None = None,
    centre: tuple[float, float] | None = None,
) -> pd.Series:
    """Return the distance of each unit to the centre of its area.

    Parameters
    ----------
    east, north : column of n coordinates
        Centres of the units in metres (EPSG:28992).
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    weight : column of n counts, optional
        The centre is the mean of the units with these weights, say inhabitants; without it all
        units count alike.
    centre : tuple of float, optional
        East and north of one given centre, say a station, instead.

    Returns
    -------
    Series of float
        Metres, on the index and in the order of `east`. NaN in an area without weight.

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `checked_coordinates`: degrees are refused. Also if both a weight and a
        centre are given.

    Examples
    --------
    >>> distance_to_centre([155000, 157000], [463000, 463000]).tolist()
    [1000.0, 1000.0]
    """
    if weight is not None and centre is not None:
        raise ValueError("give a weight or a centre: a given centre needs no weight")
    if weight is None:
        index = east.index if isinstance(east, pd.Series) else None
        weight = pd.Series(np.ones(len(east)), index=index)
    check_same_units({"east": east, "north": north, "weight": weight})
    areas, (w,) = by_area({"weight": weight}, by)
    places = checked_coordinates(east, north, len(w))
    if areas.order is not None:
        places = places[areas.order]
    if centre is not None:
        middle = np.broadcast_to(checked_coordinates([centre[0]], [centre[1]], 1), places.shape)
    else:
        means = [ratio(areas.sums(w * column), areas.sums(w)) for column in places.T]
        middle = np.column_stack([areas.spread(mean) for mean in means])
    apart = np.hypot(*(places - middle).T)
    return areas.as_given(apart, east, "distance_to_centre")


def _outwards(areas: Areas, one: np.ndarray, other: np.ndarray, d: np.ndarray) -> np.ndarray:
    order = areas.sorted_within(d)
    one, other, d = one[order], other[order], d[order]
    first = np.ones(len(d), dtype=bool)
    first[1:] = d[1:] != d[:-1]
    first[areas.starts[areas.sizes > 0]] = True
    # Sums up to the first unit at the same distance: none of that distance comes before another.
    place = np.maximum.accumulate(np.where(first, np.arange(len(d)), 0))
    before = (areas.running(one) - one)[place], (areas.running(other) - other)[place]
    crossed = areas.sums(before[0] * other - before[1] * one)
    return ratio(crossed, areas.sums(one) * areas.sums(other))
