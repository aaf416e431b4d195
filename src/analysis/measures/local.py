"""Figures of each unit itself, and of the unit beside its area."""

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column, check_part_of_total

CLASSES = ("far_below", "below", "near", "above", "far_above")


def share(group: Column, total: Column) -> pd.Series:
    """Return the group's share p_i = x_i/t_i in each unit.

    Parameters
    ----------
    group, total : column of n counts
        Members of the group and all inhabitants of each unit, >= 0, none missing.

    Returns
    -------
    Series of float
        Between 0 and 1, on the index and in the order of `group`; NaN where nobody lives.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also if a group is larger than its total.

    Examples
    --------
    >>> share([10, 0], [40, 20]).tolist()
    [0.25, 0.0]
    """
    areas, (x, t) = by_area({"group": group, "total": total}, None)
    check_part_of_total(group, "group", total, "total")
    return areas.as_given(ratio(x, t), group, "share")


def location_quotient(group: Column, total: Column, by: Column | Areas | None = None) -> pd.Series:
    """Return the location quotient LQ of each unit within its area.

    LQ_i = (x_i/t_i) / (X/T): how many times as large the group's share is in the unit as in the
    area.

    Parameters
    ----------
    group, total : column of n counts
        Members of the group and all inhabitants of each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float
        >= 0, 1 where the share is that of the area, on the index and in the order of `group`. NaN
        where nobody lives and where the group is absent from the area.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also if a group is larger than its total.

    References
    ----------
    Isard, W. (1960). Methods of regional analysis, 123-126. Cambridge, MA: MIT Press.

    Examples
    --------
    >>> location_quotient([30, 10], [50, 50]).tolist()
    [1.5, 0.5]
    """
    areas, (x, t) = by_area({"group": group, "total": total}, by)
    check_part_of_total(group, "group", total, "total")
    area_x, area_t = areas.spread(areas.sums(x)), areas.spread(areas.sums(t))
    return areas.as_given(ratio(x * area_t, t * area_x), group, "location_quotient")


def concentration_class(
    group: Column,
    total: Column,
    by: Column | Areas | None = None,
    *,
    limits: tuple[float, float, float, float] = (0.5, 0.8, 1.25, 2.0),
) -> pd.Series:
    """Return how the group's share in each unit compares with that in its area, in five classes.

    By the location quotient LQ and nothing else, with the limits as given: 'far_below' under the
    first, 'below' under the second, 'near' from the second up to and including the third, 'above'
    up to and including the fourth, 'far_above' over it. The limits that are set say: less than
    half, less than four fifths, up to five fourths, up to twice the share of the area; they are a
    convention, and the same upwards as downwards.

    Parameters
    ----------
    group, total : column of n counts
        Members of the group and all inhabitants of each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    limits : four floats, optional
        Rising, two below 1 and two above.

    Returns
    -------
    Series of ordered categories
        One of `CLASSES`, on the index and in the order of `group`; missing where LQ is not
        defined. The class of a unit with few inhabitants is chance.

    Raises
    ------
    TypeError, ValueError
        See `location_quotient`; also if the limits are not as said.

    Examples
    --------
    >>> concentration_class([30, 10], [50, 50]).tolist()
    ['above', 'below']
    """
    lower, low, high, higher = _four(limits)
    quotient = location_quotient(group, total, by)
    place = np.sum([quotient >= lower, quotient >= low, quotient > high, quotient > higher], axis=0)
    found = pd.Categorical.from_codes(
        np.where(quotient.isna(), -1, place), categories=list(CLASSES), ordered=True
    )
    return pd.Series(found, index=quotient.index, name="concentration_class")


def contribution_to_dissimilarity(
    group: Column, others: Column, by: Column | Areas | None = None
) -> pd.Series:
    """Return what each unit adds to the dissimilarity D of its area.

    |x_i/X - y_i/Y| / 2, with x_i members of the group and y_i others in unit i, X and Y their sums
    over the area.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float
        Between 0 and 1/2, on the index and in the order of `group`; the sum over an area is its D.
        0 where nobody lives; NaN where the group or the others are absent from the area.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    References
    ----------
    Duncan, O.D. & Duncan, B. (1955). A methodological analysis of segregation indexes. American
    Sociological Review 20(2), 210-217.

    Examples
    --------
    >>> contribution_to_dissimilarity([100, 60, 40, 0], [0, 40, 60, 100]).tolist()
    [0.25, 0.05, 0.05, 0.25]
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    all_x, all_y = areas.spread(areas.sums(x)), areas.spread(areas.sums(y))
    values = ratio(np.abs(x * all_y - y * all_x), 2 * all_x * all_y)
    return areas.as_given(values, group, "contribution_to_dissimilarity")


def _four(limits: tuple[float, float, float, float]) -> tuple[float, ...]:
    rising = np.asarray(limits, dtype=float)
    if rising.shape != (4,) or not (
        (rising[1:] > rising[:-1]).all() and rising[0] > 0 and rising[1] < 1 < rising[2]
    ):
        raise ValueError(f"limits must be four rising numbers, two below 1 and two above: {limits}")
    return tuple(rising)
