"""Figures of each unit itself, and of the unit beside its area."""

import pandas as pd

from analysis.measures.areas import by_area, ratio
from analysis.measures.counts import Column, check_part_of_total


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


def location_quotient(group: Column, total: Column, by: Column | None = None) -> pd.Series:
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
