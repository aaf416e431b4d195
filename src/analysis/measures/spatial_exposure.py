"""Whom a member of a group meets, when contacts reach beyond the unit and fade with distance."""

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column
from analysis.measures.distance_decay import Proximity, linked, near_sums


def distance_decay_isolation(
    group: Column, others: Column, proximity: Proximity, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the distance-decay isolation index of every area.

    sum_i x_i/X sum_j K_ij x_j/t_j with K_ij = c_ij t_j / sum_k c_ik t_k: the chance that the next
    person whom a member of the group meets, anywhere in the area, is a member too, when contacts
    follow proximity c_ij.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    proximity : DistanceDecay, or matrix of shape (n, n)
        c_ij, c_ii included, see `exponential_proximity` and `near_sums`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        Between 0 and 1, by area, sorted; one number without `by`. With `distance_decay_interaction`
        it adds up to 1. NaN where the group is absent, and where a member of the group is near
        nobody at all.

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `near_sums`.

    Notes
    -----
    K_ij x_j/t_j = c_ij x_j / sum_k c_ik t_k, so units without inhabitants need no share.

    References
    ----------
    Morgan, B.S. (1983). A distance-decay based interaction index to measure residential
    segregation. Area 15(3), 211-217.

    Examples
    --------
    >>> import numpy as np
    >>> distance_decay_isolation([30, 10], [10, 30], np.ones((2, 2)))
    0.5
    """
    return _met(group, others, proximity, by, "distance_decay_isolation")


def distance_decay_interaction(
    group: Column, others: Column, proximity: Proximity, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the distance-decay interaction index of every area.

    sum_i x_i/X sum_j K_ij y_j/t_j with K_ij = c_ij t_j / sum_k c_ik t_k: the chance that the next
    person whom a member of the group meets, anywhere in the area, is one of the others, when
    contacts follow proximity c_ij.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    proximity : DistanceDecay, or matrix of shape (n, n)
        c_ij, c_ii included, see `exponential_proximity` and `near_sums`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        Between 0 and 1, by area, sorted; one number without `by`. NaN as for
        `distance_decay_isolation`, with which it adds up to 1.

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `near_sums`.

    References
    ----------
    Morgan, B.S. (1983). A distance-decay based interaction index to measure residential
    segregation. Area 15(3), 211-217.

    Examples
    --------
    >>> import numpy as np
    >>> distance_decay_interaction([30, 10], [10, 30], np.eye(2))
    0.375
    """
    return _met(group, others, proximity, by, "distance_decay_interaction")


def contact_exposure(
    group: Column, met: Column, total: Column, contact, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the mean share that members of a group meet through given contacts, in every area.

    sum_i x_i/X sum_j w_ij z_j/t_j, with z_j those who are met and w_ij the part of the contacts of
    unit i that is had with unit j: commuting, schools, or any proximity made into parts.

    Parameters
    ----------
    group, met, total : column of n counts
        Members of the group, those whom they may meet, and all inhabitants of each unit, >= 0, none
        missing.
    contact : matrix of shape (n, n)
        w_ij >= 0, sparse or an array. A row that adds up to 1 makes the result a chance; other sums
        are taken as they are.
    by : column of n areas, optional
        The area of each unit; without it all units are one area. Contacts across areas are passed
        over.

    Returns
    -------
    Series of float, or float
        >= 0, by area, sorted; one number without `by`. NaN where the group is absent. A unit
        without inhabitants gives nobody to meet.

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `linked`.

    Examples
    --------
    >>> import numpy as np
    >>> contact_exposure([30, 10], [30, 10], [40, 40], np.eye(2))
    0.625
    """
    areas, (x, z, t) = by_area({"group": group, "met": met, "total": total}, by)
    share = linked(contact, areas) @ ratio(z, t, undefined=0.0)
    return areas.result(ratio(areas.sums(x * share), areas.sums(x)), "contact_exposure")


def _met(group, others, proximity, by, name: str) -> pd.Series | float:
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    near = near_sums(proximity, areas, np.column_stack([x, y]))
    whom = near[:, 0] if name.endswith("isolation") else near[:, 1]
    # A unit where no member lives needs nobody near; one where members live does.
    share = np.where(x > 0, ratio(whom, near.sum(axis=1)), 0.0)
    return areas.index_result(ratio(areas.sums(x * share), areas.sums(x)), name)
