"""How much of an area's land a group takes, in each area."""

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column


def delta(group: Column, land_area: Column, by: Column | Areas | None = None) -> pd.Series | float:
    """Return the index of concentration delta of every area.

    DEL = 1/2 sum_i |x_i/X - a_i/A|, with a_i the land of unit i: the share of the group that would
    have to live in another unit for it to be spread over the land evenly.

    Parameters
    ----------
    group : column of n counts
        Members of the group in each unit, >= 0, none missing.
    land_area : column of n areas
        Of each unit, in any one unit of measurement, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        Between 0 (as the land) and 1 (all in a sliver), by area, sorted; one number without `by`.
        NaN where the group or the land is absent.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    References
    ----------
    Hoover, E.M. (1941). Interstate redistribution of population, 1850-1940. Journal of Economic
    History 1(2), 199-205.

    Examples
    --------
    >>> delta([30, 10], [1, 3])
    0.5
    """
    areas, (x, a) = by_area({"group": group, "land_area": land_area}, by)
    all_x, all_a = areas.sums(x), areas.sums(a)
    apart = np.abs(x * areas.spread(all_a) - a * areas.spread(all_x))
    return areas.index_result(ratio(areas.sums(apart), 2 * all_x * all_a), "delta")


def absolute_concentration(
    group: Column, others: Column, land_area: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the index of absolute concentration ACO of every area.

    ACO = 1 - (sum_i x_i a_i/X - S) / (L - S), with S = sum_(i <= n1) t_i a_i/T1 over the n1
    smallest units that together hold as many inhabitants T1 as the group has members or just more,
    and L likewise over the largest: where between the smallest and the largest possible land the
    group lives.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    land_area : column of n areas
        Of each unit, in any one unit of measurement, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        1 where the group lives in the smallest units, 0 in the largest; by area, sorted; one number
        without `by`. As whole units are taken it can pass 0 and 1 a little. NaN where the group or
        the others are absent, and where the smallest and the largest units are of one size.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Notes
    -----
    Units of one size are taken in order of their inhabitants, so the order of the rows is of no
    influence.

    References
    ----------
    Massey, D.S. & Denton, N.A. (1988). The dimensions of residential segregation. Social Forces
    67(2), 281-315.

    Examples
    --------
    >>> absolute_concentration([10, 0, 0], [0, 10, 10], [1, 2, 3])
    1.0
    """
    areas, x, y, a = _by_size(group, others, land_area, by)
    small, large = _extremes(areas, x, y, a)
    values = 1 - ratio(ratio(areas.sums(x * a), areas.sums(x)) - small, large - small)
    return areas.result(values, "absolute_concentration")


def relative_concentration(
    group: Column, others: Column, land_area: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the index of relative concentration RCO of every area.

    RCO = ((sum_i x_i a_i/X) / (sum_i y_i a_i/Y) - 1) / (S/L - 1), with S and L the smallest and the
    largest mean land of as many inhabitants as the group has, see `absolute_concentration`.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    land_area : column of n areas
        Of each unit, in any one unit of measurement, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        At most about 1 (the group as concentrated as can be, the others as little), 0 where both
        are alike, below 0 where the others are the more concentrated; by area, sorted; one number
        without `by`. NaN where the group or the others are absent, and where the smallest and the
        largest units are of one size.

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
    >>> relative_concentration([10, 0], [0, 10], [1, 3])
    1.0
    """
    areas, x, y, a = _by_size(group, others, land_area, by)
    small, large = _extremes(areas, x, y, a)
    of_group = ratio(areas.sums(x * a), areas.sums(x))
    of_others = ratio(areas.sums(y * a), areas.sums(y))
    values = ratio(ratio(of_group, of_others) - 1, ratio(small, large) - 1)
    return areas.result(values, "relative_concentration")


def _by_size(group, others, land_area, by) -> tuple[Areas, np.ndarray, np.ndarray, np.ndarray]:
    columns = {"group": group, "others": others, "land_area": land_area}
    areas, (x, y, a) = by_area(columns, by)
    # Sorted twice, the second time stably: by land, and by inhabitants within one size.
    order = areas.sorted_within(x + y)
    order = order[areas.sorted_within(a[order])]
    return areas, x[order], y[order], a[order]


def _extremes(
    areas: Areas, x: np.ndarray, y: np.ndarray, a: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean land of X inhabitants of the smallest units, and of the largest."""
    t = x + y
    needed = areas.spread(areas.sums(x))
    upto = areas.running(t)
    # The unit that brings the sum to X is still taken.
    smallest = np.where(upto - t < needed, t, 0.0)
    largest = np.where(areas.spread(areas.sums(t)) - upto < needed, t, 0.0)
    means = [ratio(areas.sums(part * a), areas.sums(part)) for part in (smallest, largest)]
    return means[0], means[1]
