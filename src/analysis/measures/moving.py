"""How many would have to move for an even spread: the dissimilarity as a number of people."""

import numpy as np
import pandas as pd

from analysis.measures.areas import by_area, ratio
from analysis.measures.counts import Column


def members(group: Column, others: Column, by: Column | None = None) -> pd.Series | float:
    """Return the size of the group, X: what the number who would have to move is a part of.

    Parameters, errors and source are those of `have_to_move`.

    Returns
    -------
    Series of float, or float
        Number of people, >= 0, by area, sorted; 0 where the group is absent.

    Examples
    --------
    >>> members([10, 40, 25, 5], [90, 40, 35, 35])
    80.0
    """
    areas, (x, _) = by_area({"group": group, "others": others}, by)
    return areas.result(areas.sums(x), "members")


def have_to_move(group: Column, others: Column, by: Column | None = None) -> pd.Series | float:
    """Return how many of the group would have to move, all others staying where they are.

    1/2 sum |x_i - X y_i / Y| = D X: afterwards every unit has the group's share of the area, and
    units have grown and shrunk.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        Number of people, 0 to X, by area, sorted. NaN where one of the two groups is absent.

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
    >>> have_to_move([10, 40, 25, 5], [90, 40, 35, 35])
    35.0
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    wanted = areas.spread(ratio(areas.sums(x), areas.sums(y))) * y
    moving = areas.sums(np.abs(x - wanted)) / 2
    return areas.result(np.where(areas.sums(x) > 0, moving, np.nan), "have_to_move")


def have_to_exchange(group: Column, others: Column, by: Column | None = None) -> pd.Series | float:
    """Return how many of the group would have to change places with others, units keeping size.

    1/2 sum |x_i - P t_i| = D X Y / T; as many others move the other way. Parameters, edge cases,
    errors and source are those of `have_to_move`.

    Returns
    -------
    Series of float, or float
        Number of people of the group.

    Examples
    --------
    >>> have_to_exchange([10, 40, 25, 5], [90, 40, 35, 35])
    25.0
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    of_group, of_others = areas.sums(x), areas.sums(y)
    wanted = areas.spread(ratio(of_group, of_group + of_others)) * (x + y)
    moving = areas.sums(np.abs(x - wanted)) / 2
    both = (of_group > 0) & (of_others > 0)
    return areas.result(np.where(both, moving, np.nan), "have_to_exchange")
