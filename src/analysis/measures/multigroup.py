"""How unevenly several groups at once are spread over the units of each area."""

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, members_by_area, ratio
from analysis.measures.counts import Column


def multigroup_dissimilarity(
    groups: pd.DataFrame, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the dissimilarity D of several groups in every area.

    D = sum_k sum_i t_i |p_ik - P_k| / (2 T I), with p_ik the share of group k in unit i, P_k that
    in the area, and I = sum_k P_k (1 - P_k): the part of the inhabitants who would have to move
    for all shares to be the same everywhere, as a part of what it would be under complete
    segregation. With two groups it is their D.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        One row per unit and one column per group, counts >= 0, none missing; k >= 2. The groups
        are everybody: they do not overlap, and all columns count.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        D between 0 (even) and 1 (complete), by area, sorted; one number without `by`. A group
        that is absent from an area takes no part there; NaN where fewer than two are left. 0
        where one unit holds everybody, by construction: `multigroup_status` tells.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`.

    Notes
    -----
    The mean of the D of each group against all others, weighted with N_k (T - N_k), N_k its
    members: for whole counts with T^2 < 2**53 the only rounding is that of one division.

    References
    ----------
    Sakoda, J.M. (1981). A generalized index of dissimilarity. Demography 18(2), 245-250.
    Reardon, S.F. & Firebaugh, G. (2002). Measures of multigroup segregation. Sociological
    Methodology 32, 33-67.

    Examples
    --------
    >>> units = pd.DataFrame({"a": [2, 0, 0], "b": [0, 2, 0], "c": [1, 1, 2]})
    >>> multigroup_dissimilarity(units)
    0.7
    """
    areas, members, of_area = members_by_area(groups, by)
    unit, everybody = members.sum(axis=0), of_area.sum(axis=0)
    surplus = members * areas.spread(everybody) - unit * areas.spread(of_area)
    weight = (of_area * (everybody - of_area)).sum(axis=0)
    values = ratio(areas.sums(np.abs(surplus)).sum(axis=0), 2 * weight)
    return areas.index_result(values, "multigroup_dissimilarity")


def multigroup_gini(groups: pd.DataFrame, by: Column | Areas | None = None) -> pd.Series | float:
    """Return the Gini index of segregation G of several groups in every area.

    G = sum_k sum_ij t_i t_j |p_ik - p_jk| / (2 T^2 I), with p_ik the share of group k in unit i,
    P_k that in the area, and I = sum_k P_k (1 - P_k). Never below D; with two groups their G.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        See `multigroup_dissimilarity`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        G between 0 (even) and 1 (complete), by area, sorted; one number without `by`. A group
        that is absent from an area takes no part there; NaN where fewer than two are left. 0
        where one unit holds everybody, by construction: `multigroup_status` tells.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`.

    Notes
    -----
    The mean of the G of each group against all others, weighted with N_k (T - N_k). Every group
    is sorted by its share once: O(k n log n) time and O(k n) memory, no table of all pairs.

    References
    ----------
    Reardon, S.F. & Firebaugh, G. (2002). Measures of multigroup segregation. Sociological
    Methodology 32, 33-67.

    Examples
    --------
    >>> units = pd.DataFrame({"a": [2, 0, 0], "b": [0, 2, 0], "c": [1, 1, 2]})
    >>> multigroup_gini(units)
    0.7
    """
    areas, members, of_area = members_by_area(groups, by)
    unit, everybody = members.sum(axis=0), of_area.sum(axis=0)
    twice_areas = np.zeros(len(areas.sizes))
    for group in members:
        order = areas.sorted_within(ratio(group, unit, undefined=0.0))
        x, y = group[order], (unit - group)[order]
        twice_areas += areas.sums(x * areas.running(y) - y * areas.running(x))
    values = ratio(twice_areas, (of_area * (everybody - of_area)).sum(axis=0))
    return areas.index_result(values, "multigroup_gini")


def multigroup_status(groups: pd.DataFrame, by: Column | Areas | None = None) -> pd.Series | str:
    """Return what stands in the way of an index of several groups in every area.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        See `multigroup_dissimilarity`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of str, or str
        By area, sorted; one word without `by`. The first that applies of: 'uninhabited', nobody
        lives there; 'group_absent', fewer than two of the groups are there; 'single_unit', one
        unit holds everybody and the index is 0 by construction; 'ok'.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`.

    Examples
    --------
    >>> multigroup_status(pd.DataFrame({"a": [1, 2], "b": [3, 0], "c": [0, 0]}))
    'ok'
    """
    areas, members, of_area = members_by_area(groups, by)
    inhabited = areas.sums((members.sum(axis=0) > 0).astype(float))
    words = np.select(
        [inhabited == 0, (of_area > 0).sum(axis=0) < 2, inhabited == 1],
        ["uninhabited", "group_absent", "single_unit"],
        default="ok",
    )
    if areas.labels is None:
        return str(words[0])
    return pd.Series(words, index=areas.labels, name="multigroup_status", dtype="str")
