"""Whom members of several groups meet in their units, and how far this is from an even spread."""

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, members_by_area, ratio
from analysis.measures.counts import Column


def exposure(groups: pd.DataFrame, by: Column | Areas | None = None) -> pd.DataFrame:
    """Return whom a member of each group finds in the own unit, in every area.

    xPy = sum_i (x_i/X)(y_i/t_i) for every pair of groups, t_i all groups of unit i together: the
    share of group y in the unit of the average member of group x. With itself it is isolation.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        See `multigroup_dissimilarity`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    DataFrame of float, with a column for each group that is met
        Indexed by area, sorted, and the group that meets; by group alone without `by`. A row adds
        up to 1; it is NaN where the group is absent from the area.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`.

    References
    ----------
    Lieberson, S. (1981). An asymmetrical approach to segregation. In: Peach, Robinson & Smith
    (eds), Ethnic segregation in cities, 61-82. London: Croom Helm.

    Examples
    --------
    >>> units = pd.DataFrame({"a": [2, 0], "b": [1, 1], "c": [1, 3]})
    >>> exposure(units).loc["b"].tolist()
    [0.25, 0.25, 0.5]
    """
    areas, members, of_area = members_by_area(groups, by)
    share = ratio(members, np.broadcast_to(members.sum(axis=0), members.shape), undefined=0.0)
    met = [
        ratio(areas.sums(meeting * share), np.broadcast_to(size, of_area.shape))
        for meeting, size in zip(members, of_area, strict=True)
    ]
    # From (meeting, met, area) to rows of area and meeting, columns of met.
    values = np.stack(met).transpose(2, 0, 1).reshape(-1, len(members))
    index = pd.Index(groups.columns, name="group")
    if areas.labels is not None:
        names = [areas.labels.name, "group"]
        index = pd.MultiIndex.from_product([areas.labels, groups.columns], names=names)
    return pd.DataFrame(values, index=index, columns=pd.Index(groups.columns, name="met"))


def squared_coefficient_of_variation(
    groups: pd.DataFrame, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the squared coefficient of variation C of several groups in every area.

    C = sum_k sum_i t_i (p_ik - P_k)^2 / (T (K - 1) P_k), with p_ik the share of group k in unit i,
    P_k that in the area, and K the number of groups that are there. A small group weighs as much
    as its deviations are large beside its own share.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        See `multigroup_dissimilarity`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        C between 0 (even) and 1 (complete), by area, sorted; one number without `by`. A group
        that is absent from an area takes no part there; NaN where fewer than two are left. 0
        where one unit holds everybody, by construction: `multigroup_status` tells.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`.

    Notes
    -----
    sum_k (1 - P_k) V_k / (K - 1), with V_k the correlation ratio of group k against all others.

    References
    ----------
    Reardon, S.F. & Firebaugh, G. (2002). Measures of multigroup segregation. Sociological
    Methodology 32, 33-67.

    Examples
    --------
    >>> units = pd.DataFrame({"a": [2, 0, 0], "b": [0, 2, 0], "c": [1, 1, 2]})
    >>> round(squared_coefficient_of_variation(units), 4)
    0.5
    """
    areas, members, of_area = members_by_area(groups, by)
    # T N_k V_k (T - N_k) / N_k: the term is not there where the group is not.
    between = ratio(_between(areas, members, of_area), of_area, undefined=0.0).sum(axis=0)
    present, everybody = (of_area > 0).sum(axis=0), of_area.sum(axis=0)
    values = ratio(between, everybody * np.maximum(present - 1, 0))
    return areas.index_result(values, "squared_coefficient_of_variation")


def relative_diversity(groups: pd.DataFrame, by: Column | Areas | None = None) -> pd.Series | float:
    """Return the relative diversity R of several groups in every area.

    R = sum_k sum_i t_i (p_ik - P_k)^2 / (T I), with p_ik the share of group k in unit i, P_k that
    in the area, and I = sum_k P_k (1 - P_k), the chance that two inhabitants of the area differ:
    the part of this chance that is lost when both come from one unit.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        See `multigroup_dissimilarity`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        R between 0 (even) and 1 (complete), by area, sorted; one number without `by`. A group
        that is absent from an area takes no part there; NaN where fewer than two are left. 0
        where one unit holds everybody, by construction: `multigroup_status` tells.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`.

    References
    ----------
    Reardon, S.F. & Firebaugh, G. (2002). Measures of multigroup segregation. Sociological
    Methodology 32, 33-67.

    Examples
    --------
    >>> units = pd.DataFrame({"a": [2, 0, 0], "b": [0, 2, 0], "c": [1, 1, 2]})
    >>> round(relative_diversity(units), 4)
    0.4667
    """
    areas, members, of_area = members_by_area(groups, by)
    between = _between(areas, members, of_area).sum(axis=0)
    everybody = of_area.sum(axis=0)
    values = ratio(between, (of_area * (everybody - of_area)).sum(axis=0))
    return areas.index_result(values, "relative_diversity")


def normalised_exposure(
    groups: pd.DataFrame, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the normalised exposure P of several groups in every area.

    P = sum_k sum_i t_i (p_ik - P_k)^2 / (T (1 - P_k)), with p_ik the share of group k in unit i and
    P_k that in the area: the mean over all inhabitants of the correlation ratio of the own group.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        See `multigroup_dissimilarity`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        P between 0 (even) and 1 (complete), by area, sorted; one number without `by`. A group
        that is absent from an area takes no part there; NaN where fewer than two are left. 0
        where one unit holds everybody, by construction: `multigroup_status` tells.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`.

    References
    ----------
    Reardon, S.F. & Firebaugh, G. (2002). Measures of multigroup segregation. Sociological
    Methodology 32, 33-67.

    Examples
    --------
    >>> units = pd.DataFrame({"a": [2, 0, 0], "b": [0, 2, 0], "c": [1, 1, 2]})
    >>> round(normalised_exposure(units), 4)
    0.4444
    """
    areas, members, of_area = members_by_area(groups, by)
    everybody = of_area.sum(axis=0)
    # Not defined where one group is alone, and it must not become 0 there.
    each = ratio(_between(areas, members, of_area), everybody - of_area)
    values = ratio(each.sum(axis=0), everybody)
    return areas.index_result(values, "normalised_exposure")


def _between(areas: Areas, members: np.ndarray, of_area: np.ndarray) -> np.ndarray:
    """Return T sum_i t_i (p_ik - P_k)^2 of each group and area, of shape (k, m).

    Which is N_k (T - N_k) V_k, with V_k the correlation ratio of the group. From
    n_ik T - t_i N_k, so that an even spread gives exactly 0.
    """
    unit, everybody = members.sum(axis=0), of_area.sum(axis=0)
    surplus = members * areas.spread(everybody) - unit * areas.spread(of_area)
    lived_in = np.broadcast_to(unit, members.shape)
    between = areas.sums(ratio(surplus * surplus, lived_in, undefined=0.0))
    return ratio(between, np.broadcast_to(everybody, between.shape), undefined=0.0)
