"""Whom a member of a group finds in the own unit, in each area."""

import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column


def isolation(group: Column, others: Column, by: Column | Areas | None = None) -> pd.Series | float:
    """Return the isolation index xPx of every area.

    xPx = sum_i (x_i/X)(x_i/t_i), with t_i = x_i + y_i: the group's share in the unit of the
    average member of the group. It rises with the group's share P in the area: compare it with P,
    which it equals under an even spread.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        xPx between P and 1, by area, sorted; one number without `by`. NaN where the group is
        absent; 1 where the others are. P where one unit holds everybody. Units without
        inhabitants carry no weight.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    References
    ----------
    Lieberson, S. (1981). An asymmetrical approach to segregation. In: Peach, Robinson & Smith
    (eds), Ethnic segregation in cities, 61-82. London: Croom Helm.

    Examples
    --------
    >>> isolation([30, 10], [10, 30])
    0.625
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    met = areas.sums(ratio(x * x, x + y, undefined=0.0))
    return areas.index_result(ratio(met, areas.sums(x)), "isolation")


def interaction(
    group: Column, others: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the interaction index xPy of every area.

    xPy = sum_i (x_i/X)(y_i/t_i), with t_i = x_i + y_i: the others' share in the unit of the
    average member of the group. With two groups xPx + xPy = 1.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        xPy between 0 and 1 - P, by area, sorted; one number without `by`. NaN where the group is
        absent; 0 where the others are. Units without inhabitants carry no weight.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    References
    ----------
    Lieberson, S. (1981). An asymmetrical approach to segregation. In: Peach, Robinson & Smith
    (eds), Ethnic segregation in cities, 61-82. London: Croom Helm.

    Examples
    --------
    >>> interaction([30, 10], [10, 30])
    0.375
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    met = areas.sums(ratio(x * y, x + y, undefined=0.0))
    return areas.index_result(ratio(met, areas.sums(x)), "interaction")


def correlation_ratio(
    group: Column, others: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the correlation ratio V (eta squared) of every area.

    V = (xPx - P) / (1 - P), with xPx the isolation of the group and P its share in the area: the
    part of what isolation can rise above an even spread. It is also the part of the variance of
    membership that lies between units, and the same for the group and for the others.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        V between 0 (even) and 1 (complete), by area, sorted; one number without `by`. NaN where
        the group or the others are absent. 0 where one unit holds everybody, by construction:
        `status` tells. Units without inhabitants carry no weight.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Notes
    -----
    Computed as sum_i (x_i Y - y_i X)^2 / t_i / (T X Y), T = X + Y: the same, but nothing is taken
    from a number of nearly its own size, and with an even spread V is exactly 0.

    References
    ----------
    White, M.J. (1986). Segregation and diversity measures in population distribution. Population
    Index 52(2), 198-221.

    Examples
    --------
    >>> correlation_ratio([30, 10], [10, 30])
    0.25
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    all_x, all_y = areas.sums(x), areas.sums(y)
    surplus = x * areas.spread(all_y) - y * areas.spread(all_x)
    between = areas.sums(ratio(surplus * surplus, x + y, undefined=0.0))
    values = ratio(between, (all_x + all_y) * all_x * all_y)
    return areas.index_result(values, "correlation_ratio")
