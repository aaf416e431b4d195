"""How much the unit of an inhabitant says about the group, in several groups at once."""

from math import e, log
from numbers import Real

import numpy as np
import pandas as pd
from scipy.special import xlog1py

from analysis.measures.areas import Areas, members_by_area, ratio
from analysis.measures.counts import Column


def mutual_information(
    groups: pd.DataFrame, by: Column | Areas | None = None, *, base: float = e
) -> pd.Series | float:
    """Return the mutual information M of units and groups in every area.

    M = sum_i t_i/T sum_k p_ik ln(p_ik/P_k), with p_ik the share of group k in unit i, P_k that in
    the area, and 0 ln 0 = 0: what is learned about someone's group from the unit, on average. Also
    known as Theil's M and as the divergence index.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        One row per unit and one column per group, counts >= 0, none missing; k >= 2. The groups
        are everybody: they do not overlap, and all columns count.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    base : float, optional
        Above 1: the base of the logarithm, 2 for bits. Without it M is in nats.

    Returns
    -------
    Series of float, or float
        M between 0 (even) and the entropy of the area's groups (complete), by area, sorted; one
        number without `by`. 0 where one group or one unit holds everybody, by construction:
        `multigroup_status` tells. NaN where nobody lives.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`; also if the base is no number above 1.

    Notes
    -----
    The mean of `local_mutual_information` over the inhabitants. The same with units and groups in
    each other's place, and with a group that is absent left out.

    References
    ----------
    Theil, H. & Finizza, A.J. (1971). A note on the measurement of racial integration of schools
    by means of informational concepts. Journal of Mathematical Sociology 1(2), 187-193.
    Mora, R. & Ruiz-Castillo, J. (2011). Entropy-based segregation indices. Sociological
    Methodology 41, 159-194. Roberto, E. (2015). The divergence index: a decomposable measure of
    segregation and inequality. arXiv:1508.01167.

    Examples
    --------
    >>> mutual_information(pd.DataFrame({"a": [40, 0], "b": [0, 40]}), base=2)
    1.0
    """
    if isinstance(base, bool | np.bool_) or not isinstance(base, Real):
        raise TypeError(f"base must be one number above 1, not {base!r}")
    if not 1 < base < np.inf:
        raise ValueError(f"base must be a number above 1 and is {base}")
    areas, members, of_area = members_by_area(groups, by)
    gained = areas.sums(information_gained(areas, members, of_area))
    values = ratio(gained, of_area.sum(axis=0)) / log(base)
    # No unit's part is below 0, but for the last digits.
    return areas.result(np.maximum(values, 0.0), "mutual_information")


def multigroup_information_theory(
    groups: pd.DataFrame, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the information theory index H of several groups in every area.

    H = M / E, with M the mutual information of units and groups and E = -sum_k P_k ln P_k the
    entropy of the area's groups: the part of the area's mix that is lost inside its units. It
    does not depend on the base of the logarithm; with two groups it is their H.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        See `mutual_information`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        H between 0 (every unit mixed as the area) and 1 (no unit mixed), by area, sorted; one
        number without `by`. A group that is absent from an area takes no part there; NaN where
        fewer than two are left. 0 where one unit holds everybody, by construction:
        `multigroup_status` tells.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`.

    References
    ----------
    Theil, H. & Finizza, A.J. (1971). A note on the measurement of racial integration of schools
    by means of informational concepts. Journal of Mathematical Sociology 1(2), 187-193.
    Reardon, S.F. & Firebaugh, G. (2002). Measures of multigroup segregation. Sociological
    Methodology 32, 33-67.

    Examples
    --------
    >>> units = pd.DataFrame({"a": [40, 0], "b": [0, 20], "c": [0, 20]})
    >>> round(multigroup_information_theory(units), 4)
    0.6667
    """
    areas, members, of_area = members_by_area(groups, by)
    gained = areas.sums(information_gained(areas, members, of_area))
    values = ratio(gained, information_in_mix(of_area))
    return areas.index_result(values, "multigroup_information_theory")


def local_mutual_information(groups: pd.DataFrame, by: Column | Areas | None = None) -> pd.Series:
    """Return how far the groups of each unit are from those of its area, L_i.

    L_i = sum_k p_ik ln(p_ik/P_k), with p_ik the share of group k in unit i and P_k that in the
    area: the divergence of Kullback and Leibler. Weighted by inhabitants it averages to M. It says
    how the unit differs from its area; how mixed the unit is itself is `diversity.entropy`.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        One row per unit and one column per group, counts >= 0, none missing; k >= 2.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float
        In nats, on the index of `groups`: 0 where the unit is mixed as its area, at most -ln P_k
        of the smallest group, where it has that group only. NaN where nobody lives.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`.

    References
    ----------
    Mora, R. & Ruiz-Castillo, J. (2011). Entropy-based segregation indices. Sociological
    Methodology 41, 159-194.

    Examples
    --------
    >>> local_mutual_information(pd.DataFrame({"a": [2, 0], "b": [2, 4]})).round(4).tolist()
    [0.1438, 0.2877]
    """
    areas, members, of_area = members_by_area(groups, by)
    values = ratio(information_gained(areas, members, of_area), members.sum(axis=0))
    return areas.as_given(np.maximum(values, 0.0), groups, "local_mutual_information")


def local_information_theory(groups: pd.DataFrame, by: Column | Areas | None = None) -> pd.Series:
    """Return how far the groups of each unit are from those of its area, as a part of its mix.

    L_i / E, with L_i the local mutual information of the unit and E the entropy of the area's
    groups. Weighted by inhabitants it averages to H. Unlike (E - E_i)/E, which averages to H too,
    it is never below 0, and 0 only where the unit is mixed as its area.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        See `local_mutual_information`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float
        >= 0, and above 1 where a unit is full of a group that is small in the area; on the index
        of `groups`. NaN where nobody lives, and where the area has fewer than two groups.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`.

    Examples
    --------
    >>> local_information_theory(pd.DataFrame({"a": [4, 0], "b": [0, 4]})).tolist()
    [1.0, 1.0]
    """
    areas, members, of_area = members_by_area(groups, by)
    mix = ratio(information_in_mix(of_area), of_area.sum(axis=0))
    local = ratio(information_gained(areas, members, of_area), members.sum(axis=0))
    values = ratio(np.maximum(local, 0.0), areas.spread(mix))
    return areas.as_given(values, groups, "local_information_theory")


def information_gained(areas: Areas, members: np.ndarray, of_area: np.ndarray) -> np.ndarray:
    """Return t_i sum_k p_ik ln(p_ik/P_k) of each unit, in nats: what it adds to T M.

    Parameters
    ----------
    areas, members, of_area
        As from `members_by_area`.

    Returns
    -------
    ndarray of shape (n,)
        0 where the unit is mixed as its area, and where nobody lives.
    """
    return information_by_group(areas, members, of_area).sum(axis=0)


def information_by_group(areas: Areas, members: np.ndarray, of_area: np.ndarray) -> np.ndarray:
    """Return n_ik ln(p_ik/P_k) of each group and unit, in nats, of shape (k, n).

    Parameters
    ----------
    areas, members, of_area
        As from `members_by_area`.
    """
    unit, everybody = members.sum(axis=0), areas.spread(of_area.sum(axis=0))
    chance = unit * areas.spread(of_area)
    # p_ik/P_k - 1, so that log1p keeps the digits of a small difference.
    return xlog1py(members, ratio(members * everybody - chance, chance, undefined=0.0))


def information_in_mix(of_area: np.ndarray) -> np.ndarray:
    """Return T E of areas, in nats: inhabitants times entropy of the groups.

    Parameters
    ----------
    of_area : ndarray of shape (k, m)
        Members of each group in each area.

    Returns
    -------
    ndarray of shape (m,)
        0 where fewer than two groups are.
    """
    rest = of_area.sum(axis=0) - of_area
    return xlog1py(of_area, ratio(rest, of_area, undefined=0.0)).sum(axis=0)
