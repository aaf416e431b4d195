"""How evenly a group and the others are spread over the units of each area."""

import numpy as np
import pandas as pd
from scipy.special import xlog1py

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column


def dissimilarity(
    group: Column, others: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the index of dissimilarity D of every area.

    D = 1/2 sum_i |x_i/X - y_i/Y|, with x_i members of the group and y_i others in unit i, X and Y
    their sums over the area: the share of the group that would have to live in another unit for
    the group's share to be the same everywhere.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        D between 0 (even) and 1 (complete), by area, sorted; one number without `by`. NaN where
        the group or the others are absent. 0 where one unit holds everybody, by construction:
        `status` tells. Units without inhabitants carry no weight.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Notes
    -----
    Computed as sum |x_i Y - y_i X| / (2 X Y), in which all terms are whole numbers: for counts
    with X Y < 2**52 the only rounding is that of the division.

    References
    ----------
    Duncan, O.D. & Duncan, B. (1955). A methodological analysis of segregation indexes. American
    Sociological Review 20(2), 210-217.

    Examples
    --------
    >>> dissimilarity([100, 60, 40, 0], [0, 40, 60, 100])
    0.6
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    all_x, all_y = areas.sums(x), areas.sums(y)
    surplus = x * areas.spread(all_y) - y * areas.spread(all_x)
    values = ratio(areas.sums(np.abs(surplus)), 2 * all_x * all_y)
    return areas.index_result(values, "dissimilarity")


def gini(group: Column, others: Column, by: Column | Areas | None = None) -> pd.Series | float:
    """Return the Gini index of segregation G of every area.

    G = sum_ij t_i t_j |p_i - p_j| / (2 T^2 P (1 - P)), with t_i = x_i + y_i, p_i = x_i/t_i,
    T = X + Y and P = X/T: the mean difference in the group's share between the units of any two
    inhabitants, as a part of what it would be under complete segregation. Never below D.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        G between 0 (even) and 1 (complete), by area, sorted; one number without `by`. NaN where
        the group or the others are absent. 0 where one unit holds everybody, by construction:
        `status` tells. Units without inhabitants carry no weight.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Notes
    -----
    t_i t_j |p_i - p_j| = |x_i y_j - x_j y_i|. With the units of an area sorted by p all
    differences have one sign, and G = sum_j (x_j Y_j - y_j X_j) / (X Y), X_j and Y_j the sums up
    to unit j: O(n log n) time, O(n) memory, and exact but for the division where X Y < 2**53.

    References
    ----------
    Massey, D.S. & Denton, N.A. (1988). The dimensions of residential segregation. Social Forces
    67(2), 281-315.

    Examples
    --------
    >>> gini([10, 40, 25, 5], [90, 40, 35, 35])
    0.46875
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    order = areas.sorted_within(ratio(x, x + y, undefined=0.0))
    x, y = x[order], y[order]
    twice_area = areas.sums(x * areas.running(y) - y * areas.running(x))
    values = ratio(twice_area, areas.sums(x) * areas.sums(y))
    return areas.index_result(values, "gini")


def information_theory(
    group: Column, others: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the information theory index H of two groups in every area.

    H = 1 - sum_i t_i E_i / (T E), with E_i = -p_i ln p_i - (1 - p_i) ln(1 - p_i) the entropy of
    unit i, E that of the area, and 0 ln 0 = 0: the part of the area's mix that is lost inside its
    units. It does not depend on the base of the logarithm.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        H between 0 (every unit mixed as the area) and 1 (no unit mixed), by area, sorted; one
        number without `by`. NaN where the group or the others are absent. 0 where one unit holds
        everybody, by construction: `status` tells. Units without inhabitants carry no weight.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Notes
    -----
    Computed as sum_i (x_i ln(p_i/P) + y_i ln((1 - p_i)/(1 - P))) / (T E), which is the same and
    does not subtract two numbers of nearly the same size: with an even spread H is exactly 0.

    References
    ----------
    Theil, H. & Finizza, A.J. (1971). A note on the measurement of racial integration of schools
    by means of informational concepts. Journal of Mathematical Sociology 1(2), 187-193.

    Examples
    --------
    >>> round(information_theory([30, 10], [10, 30]), 4)
    0.1887
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    all_x, all_y = areas.sums(x), areas.sums(y)
    gained = areas.sums(_information(areas, x, y, all_x, all_y))
    mix = xlog1py(all_x, ratio(all_y, all_x, undefined=0.0))
    mix += xlog1py(all_y, ratio(all_x, all_y, undefined=0.0))
    return areas.index_result(ratio(gained, mix), "information_theory")


def _information(
    areas: Areas, x: np.ndarray, y: np.ndarray, all_x: np.ndarray, all_y: np.ndarray
) -> np.ndarray:
    """Return x_i ln(p_i/P) + y_i ln((1 - p_i)/(1 - P)) of each unit."""
    area_x, area_y, t = areas.spread(all_x), areas.spread(all_y), x + y
    # p_i/P - 1 = surplus / (t_i X), so that log1p keeps the digits of a small difference.
    surplus = x * area_y - y * area_x
    return xlog1py(x, ratio(surplus, t * area_x, undefined=0.0)) + xlog1py(
        y, ratio(-surplus, t * area_y, undefined=0.0)
    )
