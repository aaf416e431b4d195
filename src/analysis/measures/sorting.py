"""How far units differ in a quantity, such as income: sorting, and the centile gap."""

import numpy as np
import pandas as pd

from analysis.measures.areas import ROUNDING, Areas, by_area, ratio
from analysis.measures.counts import Column
from analysis.measures.ordinal import ordered_classes

# Under an even spread everybody is a quarter of the ranking away from the middle of the unit.
_EVEN = 0.25


def share_between(
    mean: Column, spread: Column, weight: Column, by: Column | None = None
) -> pd.Series | float:
    """Return the share of the variance that lies between units, of every area.

    sum_i w_i (m_i - M)^2 / sum_i w_i ((m_i - M)^2 + s_i^2), with M the weighted mean of the area.

    Parameters
    ----------
    mean : column of n numbers
        Mean of each unit, in any unit of measurement, negative allowed; none missing.
    spread : column of n numbers
        Standard deviation inside each unit, >= 0, in the same unit of measurement.
    weight : column of n numbers
        Persons or households of each unit, >= 0. Units of weight 0 say nothing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        Between 0 (all units have one mean) and 1 (nobody differs from the unit), by area, sorted.
        NaN where there are no people, or where all are equal.

    Raises
    ------
    TypeError, ValueError
        As `by_area` for `spread` and `weight`; a mean that is missing or infinite.

    References
    ----------
    Jargowsky, P.A. (1996). Take the money and run: economic segregation in U.S. metropolitan
    areas. American Sociological Review 61(6), 984-998.

    Examples
    --------
    >>> share_between([1.0, 3.0], [1.0, 1.0], [10, 10])
    0.5
    """
    areas, (m, s, w) = _moments(mean, spread, weight, by)
    return areas.index_result(_between(areas, m, s, w), "share_between")


def neighbourhood_sorting(
    mean: Column, spread: Column, weight: Column, by: Column | None = None
) -> pd.Series | float:
    """Return the Neighbourhood Sorting Index of every area.

    NSI = sqrt(variance between units / total variance), the square root of `share_between`, whose
    parameters, edge cases, errors and source it shares.

    Returns
    -------
    Series of float, or float
        Between 0 (no sorting) and 1 (complete), by area, sorted.
    """
    areas, (m, s, w) = _moments(mean, spread, weight, by)
    return areas.index_result(np.sqrt(_between(areas, m, s, w)), "neighbourhood_sorting")


def centile_gap(classes: pd.DataFrame, by: Column | None = None) -> pd.Series | float:
    """Return the centile gap index of every area.

    CGI = (1/4 - mean |r - R_i|) / (1/4): r is the place of a member in the ranking of the area,
    0 to 1, R_i the place of the middle member of the unit. Inside a class everybody is spread
    evenly over the part of the ranking that the class takes.

    Parameters
    ----------
    classes : DataFrame of shape (n, K)
        One row per unit and one column per class in ascending order, counts >= 0, none missing;
        K >= 2.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        By area, sorted: 0 where every unit is spread like the area, towards 1 where every unit
        has one class and the classes are small. NaN where nobody lives.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also with fewer than two classes.

    References
    ----------
    Watson, T. (2009). Inequality and the measurement of residential segregation by income in
    American neighborhoods. Review of Income and Wealth 55(3), 820-844.

    Examples
    --------
    Two units of one half of the ranking each: their members are an eighth away on average.

    >>> centile_gap(pd.DataFrame({"low": [10, 0], "high": [0, 10]}))
    0.5
    """
    areas, members = ordered_classes(classes, by, degree=1)
    total = members.sum(axis=0)
    of_area = np.stack([areas.sums(x) for x in members])
    upto = np.cumsum(of_area, axis=0)
    everybody = upto[-1]
    # Where each class begins and ends in the ranking of its area, for every unit: (K, n).
    end = np.stack([areas.spread(ratio(x, everybody, undefined=0.0)) for x in upto])
    begin = np.vstack([np.zeros(end.shape[1]), end[:-1]])
    middle = _middle(members, begin, end, total)
    inside = np.clip(middle, begin, end)
    # Mean distance to the middle of somebody spread evenly over [begin, end].
    length = end - begin
    away = ratio((inside - begin) ** 2 + (end - inside) ** 2, 2 * length, undefined=0.0) + np.abs(
        middle - inside
    )
    mean = ratio(areas.sums((members * away).sum(axis=0)), areas.sums(total))
    return areas.result(1 - mean / _EVEN, "centile_gap")


def _middle(
    members: np.ndarray, begin: np.ndarray, end: np.ndarray, total: np.ndarray
) -> np.ndarray:
    """Return the place in the ranking of the middle member of each unit, of shape (n,)."""
    upto = np.cumsum(members, axis=0)
    half = total / 2
    which = (upto < half).sum(axis=0).clip(max=len(members) - 1)
    unit = np.arange(members.shape[1])
    before = upto[which, unit] - members[which, unit]
    part = ratio(half - before, members[which, unit], undefined=0.0)
    return begin[which, unit] + part * (end[which, unit] - begin[which, unit])


def _moments(
    mean: Column, spread: Column, weight: Column, by: Column | None
) -> tuple[Areas, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    values = np.asarray(mean, dtype=float)
    if not np.isfinite(values).all():
        raise ValueError(
            "mean is missing or infinite in some units: leave these out and count them"
        )
    # Means may be below 0, which counts may not: laid out as distances from the lowest.
    lowest = values.min() if len(values) else 0.0
    above = mean - lowest if isinstance(mean, pd.Series) else values - lowest
    areas, columns = by_area({"mean": above, "spread": spread, "weight": weight}, by)
    return areas, columns


def _between(areas: Areas, m: np.ndarray, s: np.ndarray, w: np.ndarray) -> np.ndarray:
    middle = areas.spread(ratio(areas.sums(w * m), areas.sums(w), undefined=0.0))
    between, within = areas.sums(w * (m - middle) ** 2), areas.sums(w * s**2)
    # Equal means differ by a last digit of their weighted mean.
    scale = areas.sums(w) * ROUNDING**2
    return np.where(between + within > scale, ratio(between, between + within), np.nan)
