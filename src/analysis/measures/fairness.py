"""Whether who has less elsewhere also has less here: concentration, ratios, poverty of access."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column


def concentration_curve(value: Column, rank: Column, weight: Column) -> pd.DataFrame:
    """Return which share of a total the people lowest in another order have together.

    Parameters
    ----------
    value : column of n numbers
        >= 0, none missing: of what each person in the unit has.
    rank : column of n numbers
        By which people are ordered, such as income, lowest first; none missing, of either sign.
    weight : column of n counts
        People of each unit, >= 0, none missing.

    Returns
    -------
    DataFrame
        `people` and `total`, cumulative shares from 0 to 1; units of one rank are one step. On
        the diagonal everybody has alike whatever the order.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Examples
    --------
    >>> concentration_curve([3, 1], [10, 20], [1, 1])["total"].tolist()
    [0.0, 0.75, 1.0]
    """
    _, (x, r, w) = _checked(value, rank, weight, None)
    x, r, w = x[w > 0], r[w > 0], w[w > 0]
    steps, place = np.unique(r, return_inverse=True)
    people = np.append(0.0, np.cumsum(np.bincount(place, w, len(steps))))
    total = np.append(0.0, np.cumsum(np.bincount(place, w * x, len(steps))))
    return pd.DataFrame(
        {"people": ratio(people, np.full(len(people), people[-1]), undefined=0.0),
         "total": ratio(total, np.full(len(total), total[-1]))}
    )  # fmt: skip


def concentration_index(
    value: Column, rank: Column, weight: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the concentration index of every area: who has more, those high or low in an order.

    2 cov(x, R) / mu, with R the share of the people below in the order of `rank` and half of those
    at the same place.

    Parameters
    ----------
    value, rank, weight
        See `concentration_curve`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        -1 to 1, by area, sorted: below 0 those low in the order have more, 0 where the order makes
        no difference. NaN where nobody lives or nobody has anything.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    References
    ----------
    Kakwani, N., Wagstaff, A. & van Doorslaer, E. (1997). Socioeconomic inequalities in health.
    Journal of Econometrics 77(1), 87-103.

    Examples
    --------
    >>> concentration_index([0, 1], [10, 20], [1, 1])
    0.5
    """
    areas, (x, r, w) = _checked(value, rank, weight, by)
    return areas.result(_concentration(areas, x, r, w), "concentration_index")


def erreygers_index(
    value: Column,
    rank: Column,
    weight: Column,
    by: Column | Areas | None = None,
    *,
    bounds: Sequence[float] = (0.0, 1.0),
) -> pd.Series | float:
    """Return Erreygers' corrected concentration index of a value that has bounds.

    4 mu / (b - a) times the concentration index of x - a: what is a share of people within reach
    and what is the share beyond it then give the same number with opposite sign.

    Parameters
    ----------
    value, rank, weight, by
        See `concentration_index`.
    bounds : (float, float)
        a and b, the least and most that a value can be; all values lie between them.

    Returns
    -------
    Series of float, or float
        -1 to 1, by area, sorted. NaN where nobody lives; 0 where all have the least.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also for bounds that are no interval and values outside them.

    References
    ----------
    Erreygers, G. (2009). Correcting the concentration index. Journal of Health Economics 28(2),
    504-515.

    Examples
    --------
    >>> erreygers_index([0, 1], [10, 20], [1, 1])
    1.0
    """
    least, most = bounds
    areas, (x, r, w) = _checked(value, rank, weight, by)
    if not least < most:
        raise ValueError(f"bounds are {least} and {most}: give the least and the most")
    if ((x < least) | (x > most)).any():
        raise ValueError(f"value lies outside the bounds {least} and {most}")
    x = x - least
    people, total = areas.sums(w), areas.sums(w * x)
    index = np.where(total > 0, _concentration(areas, x, r, w), 0.0)
    found = 4 * ratio(total, people) / (most - least) * index
    return areas.result(found, "erreygers_index")


def access_poverty(
    value: Column,
    weight: Column,
    line: float,
    by: Column | Areas | None = None,
    *,
    order: float = 0.0,
    beyond: bool = False,
) -> pd.Series | float:
    """Return the poverty of access of every area after Foster, Greer and Thorbecke.

    1/W sum of w_i (|x_i - z| / z)^order over who is on the wrong side of z: the share of them
    (order 0), how far they are off on average (1), with more weight to who is farthest off (2).

    Parameters
    ----------
    value : column of n numbers
        >= 0, none missing: what can be reached, or with `beyond` a distance.
    weight, by
        See `concentration_index`.
    line : float
        z > 0. Who is at the line is not poor.
    order : float, optional
        >= 0.
    beyond : bool, optional
        Whether poor is who has more than the line, as of a distance.

    Returns
    -------
    Series of float, or float
        0 and more, to 1 without `beyond`; by area, sorted. NaN where nobody lives.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also for a line that is not above 0 and an order below 0.

    References
    ----------
    Foster, J., Greer, J. & Thorbecke, E. (1984). A class of decomposable poverty measures.
    Econometrica 52(3), 761-766.

    Examples
    --------
    >>> access_poverty([1, 3], [1, 1], 2, order=1)
    0.25
    """
    if not line > 0:
        raise ValueError(f"line is {line}: give a number above 0")
    if not order >= 0:
        raise ValueError(f"order is {order}: give 0 or more")
    areas, (x, w) = by_area({"value": value, "weight": weight}, by)
    poor = x > line if beyond else x < line
    gap = np.where(poor, np.abs(x - line) / line, 0.0)
    found = ratio(areas.sums(w * np.where(poor, gap**order, 0.0)), areas.sums(w))
    return areas.result(found, "access_poverty")


def group_ratio(
    value: Column, group: Column, others: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the mean of a value over the members of a group, over its mean over all others.

    Parameters
    ----------
    value : column of n numbers
        >= 0, none missing.
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        0 and more, by area, sorted; 1 where both have alike. NaN where one of the two is absent
        and where the others have nothing.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Examples
    --------
    >>> group_ratio([1, 2], [0, 10], [10, 0])
    2.0
    """
    areas, (x, a, b) = by_area({"value": value, "group": group, "others": others}, by)
    of_group = ratio(areas.sums(a * x), areas.sums(a))
    of_others = ratio(areas.sums(b * x), areas.sums(b))
    return areas.result(ratio(of_group, of_others), "group_ratio")


def _checked(value, rank, weight, by) -> tuple[Areas, tuple[np.ndarray, ...]]:
    """Check the columns; a rank may be negative, so only its order is passed on."""
    ranks = np.asarray(rank, dtype=float)
    if ranks.ndim != 1 or not np.isfinite(ranks).all():
        raise ValueError("rank is missing or infinite somewhere: leave these units out, and count")
    places = np.unique(ranks, return_inverse=True)[1].astype(float)
    column = pd.Series(places, rank.index) if isinstance(rank, pd.Series) else places
    return by_area({"value": value, "rank": column, "weight": weight}, by)


def _concentration(areas: Areas, x: np.ndarray, r: np.ndarray, w: np.ndarray) -> np.ndarray:
    number = areas.spread(np.arange(len(areas.sizes)))
    order = areas.sorted_within(r)
    x, r, w = x[order], r[order], w[order]
    people, total = areas.sums(w), areas.sums(w * x)
    # Units of one rank share the middle of their places.
    first = np.append(True, (r[1:] != r[:-1]) | (number[1:] != number[:-1])) if len(r) else r > 0
    step = np.cumsum(first) - 1
    together = np.bincount(step, w, step[-1] + 1) if len(r) else w
    upto = areas.running(w)
    last = np.append(first[1:], True) if len(r) else first
    middle = (upto[last] - together / 2)[step] if len(r) else w
    rank = ratio(middle, areas.spread(people), undefined=0.0)
    return np.where(total > 0, 2 * ratio(areas.sums(w * x * rank), total) - 1, np.nan)
