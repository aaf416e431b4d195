"""Whom a member of a group finds in the own unit, in each area."""

import pandas as pd

from analysis.measures.areas import by_area, ratio
from analysis.measures.counts import Column


def isolation(group: Column, others: Column, by: Column | None = None) -> pd.Series | float:
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


def interaction(group: Column, others: Column, by: Column | None = None) -> pd.Series | float:
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
