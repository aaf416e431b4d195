"""Segregation of ordered groups, such as incomes in classes: the rank-order indices of Reardon."""

import math

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column
from analysis.measures.rank_order import (
    INFORMATION,
    SQUARE_ROOT,
    VARIANCE,
    Kind,
    integrated,
    threshold_index,
)

DEGREE = 4


def rank_order_information_theory(
    classes: pd.DataFrame, by: Column | None = None, *, degree: int = DEGREE
) -> pd.Series | float:
    """Return the rank-order information theory index H^R of every area.

    H^R = 2 ln 2 int_0^1 E(p) H(p) dp, with E(p) the entropy in bits of those below and above the
    p-th part of the ranking, and H(p) the information theory index of these two groups. H(p) is a
    polynomial fitted through its values at the K - 1 limits between classes, each weighed by
    E(p)^2.

    Parameters
    ----------
    classes : DataFrame of shape (n, K)
        One row per unit and one column per class in ascending order, counts >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    degree : int, optional
        Of the polynomial, >= 1. With K = degree + 1 classes it is one less: K - 1 limits allow no
        more.

    Returns
    -------
    Series of float, or float
        By area, sorted: 0 where every unit has the same distribution, 1 where no unit has members
        of two classes; a fitted value, so that it may be slightly outside. NaN where fewer than
        `degree` limits divide the people of the area.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also with fewer than degree + 1 classes, or a degree below 1.

    References
    ----------
    Reardon, S.F. (2011). Measures of income segregation. Stanford: CEPA.

    Examples
    --------
    >>> low_to_high = pd.DataFrame({1: [10, 0], 2: [10, 0], 3: [0, 10], 4: [0, 10]})
    >>> round(rank_order_information_theory(low_to_high, degree=2), 6)
    0.452168
    """
    return _rank_order(classes, by, degree, INFORMATION, "rank_order_information_theory")


def rank_order_variance_ratio(
    classes: pd.DataFrame, by: Column | None = None, *, degree: int = DEGREE
) -> pd.Series | float:
    """Return the rank-order variance ratio index R^R of every area.

    R^R = 6 int_0^1 p (1 - p) V(p) dp, with V(p) the correlation ratio of those below and above the
    p-th part of the ranking. Parameters, edge cases, errors and source are those of
    `rank_order_information_theory`.

    Returns
    -------
    Series of float, or float
    """
    return _rank_order(classes, by, degree, VARIANCE, "rank_order_variance_ratio")


def rank_order_square_root(
    classes: pd.DataFrame, by: Column | None = None, *, degree: int = DEGREE
) -> pd.Series | float:
    """Return the rank-order square root index S^R of every area.

    S^R = (8 / pi) int_0^1 sqrt(p (1 - p)) S(p) dp, with S(p) Hutchens' square root index of those
    below and above the p-th part of the ranking. Parameters, edge cases, errors and source are
    those of `rank_order_information_theory`.

    Returns
    -------
    Series of float, or float
    """
    return _rank_order(classes, by, degree, SQUARE_ROOT, "rank_order_square_root")


def rank_order_of_persons(
    values: Column, units: Column, *, limits: int = 14, degree: int = DEGREE
) -> float:
    """Return H^R from values of single persons or households.

    Everybody gets the share of the ranking up to and including themselves (equals the mean of
    theirs); H(p) is taken at p = 1/limits, 2/limits, ..., and where such a limit divides nobody
    it is 0.

    Parameters
    ----------
    values : column of n numbers
        Income, for one; none missing.
    units : column of n units
        The unit in which each lives.
    limits : int, optional
        Into how many parts the ranking is divided, > degree + 1.
    degree : int, optional

    Returns
    -------
    float
        See `rank_order_information_theory`; NaN without persons.

    Raises
    ------
    ValueError
        When a value is missing, the columns differ in length, or there are too few limits.

    References
    ----------
    Reardon, S.F. (2011). Measures of income segregation. Stanford: CEPA.
    """
    income = np.asarray(values, dtype=float)
    if income.shape != np.shape(units) or income.ndim != 1:
        raise ValueError("values and units must be two columns of the same length")
    if np.isnan(income).any():
        raise ValueError(f"values is missing at {np.isnan(income).sum()} places: leave these out")
    if limits < degree + 2:
        raise ValueError(f"a polynomial of degree {degree} needs at least {degree + 2} limits")
    if not len(income):
        return math.nan
    rank = pd.Series(income).rank().to_numpy() / len(income)
    unit, _ = pd.factorize(np.asarray(units))
    size = np.bincount(unit).astype(float)
    at = np.arange(1, limits) / limits
    below = np.stack([np.bincount(unit, weights=rank <= p, minlength=len(size)) for p in at])
    areas, _ = by_area({"size": size}, None)
    index = [threshold_index(areas, x, size - x, INFORMATION)[0] for x in below]
    index = np.nan_to_num(np.array([index]), nan=0.0)
    return float(integrated(at[None, :], index, degree, INFORMATION)[0])


def _rank_order(
    classes: pd.DataFrame, by: Column | None, degree: int, kind: Kind, name: str
) -> pd.Series | float:
    areas, members = ordered_classes(classes, by, degree)
    upto = np.cumsum(members, axis=0)
    total = upto[-1]
    position = np.stack([ratio(areas.sums(x), areas.sums(total)) for x in upto[:-1]], axis=1)
    index = np.stack([threshold_index(areas, x, total - x, kind) for x in upto[:-1]], axis=1)
    # The limit after a class that nobody is in is the limit before it: it counts once.
    index[:, 1:][position[:, 1:] == position[:, :-1]] = np.nan
    return areas.result(integrated(position, index, degree, kind), name)


def ordered_classes(
    classes: pd.DataFrame, by: Column | None, degree: int
) -> tuple[Areas, np.ndarray]:
    """Check classes and lay their columns out by area, as an array of shape (K, n)."""
    if not isinstance(classes, pd.DataFrame):
        raise TypeError("classes must be a DataFrame with one column per class, ascending")
    if degree < 1:
        raise ValueError(f"the degree of the polynomial must be 1 or more, not {degree}")
    if classes.shape[1] < degree + 1:
        raise ValueError(
            f"{classes.shape[1]} classes are too few for a polynomial of degree {degree}: give at "
            f"least {degree + 1}, or a lower degree"
        )
    if not classes.columns.is_unique:
        twice = classes.columns[classes.columns.duplicated()][0]
        raise ValueError(f"classes has the column {twice!r} twice")
    named = {f"classes[{column!r}]": classes[column] for column in classes}
    areas, columns = by_area(named, by)
    return areas, np.stack(columns)
