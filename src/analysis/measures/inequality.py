"""How unequally something is divided over people: Lorenz curve, Gini, Theil, Atkinson, Palma.

Values are of units in which people live (the distance from a buurt, what can be reached from it),
weights are those people: a unit counts as often as there are people in it.
"""

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column

BOTTOM, TOP = 0.4, 0.1


def lorenz_curve(value: Column, weight: Column) -> pd.DataFrame:
    """Return which share of a total the people with the least of it have together.

    Parameters
    ----------
    value : column of n numbers
        >= 0, none missing: of what each person in the unit has.
    weight : column of n counts
        People of each unit, >= 0, none missing.

    Returns
    -------
    DataFrame
        `people` and `total`, cumulative shares from 0 to 1, one row more than there are units with
        people, ordered by value; `total` is NaN where nobody has anything. Without people only
        the first row.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Examples
    --------
    >>> lorenz_curve([3, 1], [1, 1])["total"].tolist()
    [0.0, 0.25, 1.0]
    """
    _, (x, w) = by_area({"value": value, "weight": weight}, None)
    x, w = x[w > 0], w[w > 0]
    order = np.argsort(x, kind="stable")
    people = np.append(0.0, np.cumsum(w[order]))
    total = np.append(0.0, np.cumsum((w * x)[order]))
    return pd.DataFrame(
        {"people": ratio(people, np.full(len(people), people[-1]), undefined=0.0),
         "total": ratio(total, np.full(len(total), total[-1]))}
    )  # fmt: skip


def gini_of_values(
    value: Column, weight: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the Gini coefficient over people of every area.

    sum_ij w_i w_j |x_i - x_j| / (2 W^2 mu), with mu the mean over people: half the mean difference
    between two people, as a share of the mean. Of people, not of units: the index of segregation
    of that name is `evenness.gini`.

    Parameters
    ----------
    value : column of n numbers
        >= 0, none missing.
    weight : column of n counts
        People of each unit, >= 0, none missing; 1 for each where units are to count alike.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        0 (all alike) up to 1 less the share of the people who have everything; by area, sorted.
        NaN where nobody lives or nobody has anything.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    References
    ----------
    Lerman, R.I. & Yitzhaki, S. (1989). Improving the accuracy of estimates of Gini coefficients.
    Journal of Econometrics 42(1), 43-47.

    Examples
    --------
    >>> gini_of_values([0, 1], [1, 1])
    0.5
    """
    areas, (x, w) = by_area({"value": value, "weight": weight}, by)
    order = areas.sorted_within(x)
    x, w = x[order], w[order]
    people, total = areas.sums(w), areas.sums(w * x)
    before = areas.running(w) - w / 2
    # With R the share of the people below the middle of a unit: G = 2 cov(x, R) / mu.
    rank = ratio(before, areas.spread(people))
    found = ratio(2 * areas.sums(np.nan_to_num(w * x * rank)), total) - 1
    return areas.index_result(np.where(total > 0, found, np.nan), "gini_of_values")


def theil(value: Column, weight: Column, by: Column | Areas | None = None) -> pd.Series | float:
    """Return Theil's T over people of every area.

    1/W sum_i w_i (x_i / mu) ln(x_i / mu); a unit with 0 adds 0.

    Parameters
    ----------
    value, weight, by
        See `gini_of_values`.

    Returns
    -------
    Series of float, or float
        0 (all alike) to ln W/w, by area, sorted. NaN where nobody lives or nobody has anything.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    References
    ----------
    Theil, H. (1967). Economics and information theory. Amsterdam: North-Holland.

    Examples
    --------
    >>> round(theil([0, 1], [1, 1]), 4)
    0.6931
    """
    areas, (x, w) = by_area({"value": value, "weight": weight}, by)
    return areas.result(_theil(areas, x, w), "theil")


def theil_parts(
    value: Column, weight: Column, group: Column, by: Column | Areas | None = None
) -> pd.DataFrame:
    """Divide Theil's T over differences between groups of units and inside them.

    T = sum_g s_g ln(s_g / p_g) + sum_g s_g T_g, with s_g the share of the total and p_g the share
    of the people in group g: between and within.

    Parameters
    ----------
    value, weight, by
        See `gini_of_values`.
    group : column of n groups
        Such as the wijk of each buurt; none missing.

    Returns
    -------
    DataFrame
        `between`, `within` and `theil`, their sum, by area, sorted (one row, 'all', without `by`).
        NaN as in `theil`.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Examples
    --------
    >>> theil_parts([1, 1, 3, 3], [1, 1, 1, 1], ["a", "a", "b", "b"])["within"].tolist()
    [0.0]
    """
    areas, (x, w) = by_area({"value": value, "weight": weight}, by)
    labels = np.asarray(group, dtype=object)
    if len(labels) != len(x) or pd.isna(labels).any():
        raise ValueError("group must name a group for each of the units, none missing")
    laid = pd.factorize(labels)[0]
    laid = laid if areas.order is None else laid[areas.order]
    number = areas.spread(np.arange(len(areas.sizes)))
    pairs, place = np.unique(np.column_stack([number, laid]), axis=0, return_inverse=True)
    place = place.ravel()
    people = np.bincount(place, w, len(pairs))
    total = np.bincount(place, w * x, len(pairs))
    mean = ratio(total, people, undefined=0.0)
    whole = _theil(areas, x, w)
    between_areas, (m, p) = by_area({"value": mean, "weight": people}, pairs[:, 0])
    between = _theil(between_areas, m, p) if len(pairs) else np.empty(0)
    index = pd.Index(["all"]) if areas.labels is None else areas.labels
    return pd.DataFrame(
        {"between": between, "within": np.maximum(whole - between, 0.0), "theil": whole},
        index=index,
    )


def atkinson_of_values(
    value: Column, weight: Column, by: Column | Areas | None = None, *, aversion: float = 0.5
) -> pd.Series | float:
    """Return Atkinson's index over people of every area.

    1 - (1/W sum w_i x_i^(1-e))^(1/(1-e)) / mu; at e = 1 the geometric mean over mu. The share of
    the total that could be missed if the rest were divided alike. The index of segregation of
    that name is `atkinson.atkinson`.

    Parameters
    ----------
    value, weight, by
        See `gini_of_values`.
    aversion : float
        e > 0: how much more a difference weighs among those who have least.

    Returns
    -------
    Series of float, or float
        0 (all alike) to 1, by area, sorted; 1 where somebody has nothing and e is 1 or more. NaN
        where nobody lives or nobody has anything.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also for an aversion that is not above 0.

    References
    ----------
    Atkinson, A.B. (1970). On the measurement of inequality. Journal of Economic Theory 2(3),
    244-263.

    Examples
    --------
    >>> round(atkinson_of_values([0, 1], [1, 1]), 6)
    0.5
    """
    if not aversion > 0:
        raise ValueError(f"aversion is {aversion}: give a number above 0")
    areas, (x, w) = by_area({"value": value, "weight": weight}, by)
    people, total = areas.sums(w), areas.sums(w * x)
    mean = ratio(total, people)
    share = ratio(x, areas.spread(mean))
    inside = w > 0
    power = 1 - aversion
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if aversion == 1:
            terms = np.where(inside, w * np.log(share), 0.0)
            equal = np.exp(ratio(areas.sums(np.maximum(terms, -1e300)), people))
        else:
            terms = np.where(inside, w * share**power, 0.0)
            equal = ratio(areas.sums(np.minimum(terms, 1e300)), people) ** (1 / power)
    found = np.where(total > 0, 1 - equal, np.nan)
    return areas.index_result(found, "atkinson_of_values")


def palma_ratio(
    value: Column, weight: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return how much the tenth who have most have together, over the four tenths with least.

    (1 - L(0.9)) / L(0.4), with L the Lorenz curve, straight between units: a unit across a bound
    is divided.

    Parameters
    ----------
    value, weight, by
        See `gini_of_values`.

    Returns
    -------
    Series of float, or float
        0.25 where all have alike, and more; by area, sorted. NaN where nobody lives, nobody has
        anything, or the four tenths have nothing.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    References
    ----------
    Palma, J.G. (2011). Homogeneous middles vs. heterogeneous tails. Development and Change 42(1),
    87-153.

    Examples
    --------
    >>> palma_ratio([1, 1], [5, 5])
    0.25
    """
    areas, (x, w) = by_area({"value": value, "weight": weight}, by)
    order = areas.sorted_within(x)
    x, w = x[order], w[order]
    people = areas.spread(areas.sums(w))
    upto = areas.running(w)
    low = np.clip(BOTTOM * people - (upto - w), 0.0, w)
    high = np.clip(upto - (1 - TOP) * people, 0.0, w)
    found = ratio(areas.sums(high * x), areas.sums(low * x))
    return areas.result(found, "palma_ratio")


def _theil(areas: Areas, x: np.ndarray, w: np.ndarray) -> np.ndarray:
    people, total = areas.sums(w), areas.sums(w * x)
    share = ratio(x, areas.spread(ratio(total, people)), undefined=0.0)
    terms = w * share * np.log(np.where(share > 0, share, 1.0))
    found = ratio(areas.sums(terms), people)
    # Below 0 by the last digits only: all alike.
    return np.where(total > 0, np.maximum(found, 0.0), np.nan)
