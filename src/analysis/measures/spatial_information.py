"""Segregation of local environments: how their composition differs from that of the whole area."""

from collections.abc import Hashable

import numpy as np
import pandas as pd
from scipy.special import entr

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column, group_columns


def spatial_information_theory(
    groups: pd.DataFrame, environments: pd.DataFrame, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the spatial information theory index of every area.

    1 - sum_i t_i E_i / (T E), with E_i = -sum_m q_im ln q_im the entropy of the composition q_i of
    the environment of unit i, t_i the inhabitants of the unit itself (not of its environment), and
    E the entropy of the area's own composition: the part of the area's mix that is lost inside the
    environments.

    Parameters
    ----------
    groups : DataFrame of shape (n, m)
        Members of each group in each unit, >= 0, none missing. The groups are the whole
        composition and do not overlap.
    environments : DataFrame of shape (n, m)
        Who lives around each unit, in the same rows and columns: see `kernel_environments`,
        `weighted_environments` and `nearest_persons`. Only its shares matter.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        At most 1 (no environment mixed), 0 where every environment is mixed as the area, by area,
        sorted; one number without `by`. A little below 0 where the environments are more mixed
        than the area is, which happens near edges, as environments count the people of the middle
        more often, and where they reach across the border of the area: reported as it is. NaN
        where fewer than two groups live.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also if the two tables differ in rows or groups, or if nobody lives around a
        unit that is inhabited.

    References
    ----------
    Reardon, S.F. & O'Sullivan, D. (2004). Measures of spatial segregation. Sociological
    Methodology 34, 121-162.

    Examples
    --------
    >>> groups = pd.DataFrame({"young": [10, 0], "old": [0, 10]})
    >>> spatial_information_theory(groups, groups)
    1.0
    >>> spatial_information_theory(groups, groups[::-1].reset_index(drop=True) + groups)
    0.0
    """
    areas, weight, around, whole = _compositions(groups, environments, by)
    mix = entr(whole).sum(axis=1)
    lost = areas.spread(mix) - entr(around).sum(axis=1)
    return _mean(areas, weight, lost, mix, "spatial_information_theory")


def spatial_relative_diversity(
    groups: pd.DataFrame, environments: pd.DataFrame, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the spatial relative diversity index of every area.

    1 - sum_i t_i I_i / (T I), with I_i = sum_m q_im (1 - q_im) the interaction in the environment
    of unit i and I that of the area: as `spatial_information_theory`, with the chance that two
    people are of different groups in place of entropy.

    Parameters
    ----------
    groups, environments : DataFrame of shape (n, m)
        As in `spatial_information_theory`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        As `spatial_information_theory`.

    Raises
    ------
    TypeError, ValueError
        As `spatial_information_theory`.

    References
    ----------
    Reardon, S.F. & O'Sullivan, D. (2004). Measures of spatial segregation. Sociological
    Methodology 34, 121-162.
    """
    areas, weight, around, whole = _compositions(groups, environments, by)
    mix = (whole * (1 - whole)).sum(axis=1)
    lost = areas.spread(mix) - (around * (1 - around)).sum(axis=1)
    return _mean(areas, weight, lost, mix, "spatial_relative_diversity")


def spatial_dissimilarity(
    groups: pd.DataFrame, environments: pd.DataFrame, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the spatial dissimilarity index of every area.

    sum_i t_i sum_m |q_im - q_m| / (2 T I), with q_i the composition of the environment of unit i, q
    that of the area, t_i the inhabitants of the unit itself and I = sum_m q_m (1 - q_m).

    Parameters
    ----------
    groups, environments : DataFrame of shape (n, m)
        As in `spatial_information_theory`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        0 where every environment is composed as the area, 1 where no environment is mixed, by
        area, sorted; one number without `by`. Never below 0; above 1 only where environments reach
        across the border of the area. NaN where fewer than two groups live.

    Raises
    ------
    TypeError, ValueError
        As `spatial_information_theory`.

    References
    ----------
    Reardon, S.F. & O'Sullivan, D. (2004). Measures of spatial segregation. Sociological
    Methodology 34, 121-162.
    """
    areas, weight, around, whole = _compositions(groups, environments, by)
    apart = np.abs(around - np.repeat(whole, areas.sizes, axis=0)).sum(axis=1) / 2
    mix = (whole * (1 - whole)).sum(axis=1)
    return _mean(areas, weight, apart, mix, "spatial_dissimilarity")


def spatial_exposure(
    groups: pd.DataFrame,
    environments: pd.DataFrame,
    by: Column | Areas | None = None,
    *,
    group: Hashable,
    met: Hashable,
) -> pd.Series | float:
    """Return the spatial exposure of one group to another in every area.

    sum_i x_i/X q_im, with x_i the members of `group` in unit i and q_im the share of `met` in the
    environment of unit i: whom the average member has around. With `met` the group itself it is
    spatial isolation.

    Parameters
    ----------
    groups, environments : DataFrame of shape (n, m)
        As in `spatial_information_theory`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    group, met : label
        Two columns of `groups`, or the same one twice.

    Returns
    -------
    Series of float, or float
        Between 0 and 1, by area, sorted; one number without `by`. NaN where the group is absent.
        Over all groups that are met it adds up to 1.

    Raises
    ------
    TypeError, ValueError
        As `spatial_information_theory`; also if a group is not in `groups`.

    References
    ----------
    Reardon, S.F. & O'Sullivan, D. (2004). Measures of spatial segregation. Sociological
    Methodology 34, 121-162.

    Examples
    --------
    >>> groups = pd.DataFrame({"young": [30, 10], "old": [10, 30]})
    >>> spatial_exposure(groups, groups, group="young", met="old")
    0.375
    """
    for name in (group, met):
        if name not in groups.columns:
            raise ValueError(f"{name!r} is none of the groups {', '.join(map(str, groups))}")
    areas, _, around, _ = _compositions(groups, environments, by)
    x = groups[group].to_numpy(dtype=float)
    if areas.order is not None:
        x = x[areas.order]
    share = around[:, groups.columns.get_loc(met)]
    return areas.result(ratio(areas.sums(x * share), areas.sums(x)), "spatial_exposure")


def _compositions(
    groups: pd.DataFrame, environments: pd.DataFrame, by: Column | Areas | None
) -> tuple[Areas, np.ndarray, np.ndarray, np.ndarray]:
    """Return areas, inhabitants of units, compositions of environments (n, m) and areas (k, m)."""
    columns = group_columns(groups)
    around = group_columns(environments, "environments")
    if not groups.columns.equals(environments.columns):
        raise ValueError("groups and environments have different columns: give both the same")
    areas, arrays = by_area({**columns, **around}, by)
    members = np.column_stack(arrays[: len(columns)])
    near = np.column_stack(arrays[len(columns) :])
    weight, everybody = members.sum(axis=1), near.sum(axis=1)
    alone = (weight > 0) & (everybody == 0)
    if alone.any():
        raise ValueError(
            f"nobody lives around {alone.sum()} inhabited units: an environment holds the unit too"
        )
    shares = ratio(near, np.broadcast_to(everybody[:, None], near.shape), undefined=0.0)
    sums = np.column_stack([areas.sums(group) for group in members.T])
    whole = ratio(sums, np.broadcast_to(sums.sum(axis=1, keepdims=True), sums.shape), undefined=0.0)
    return areas, weight, shares, whole


def _mean(areas: Areas, weight, values, mix, name: str) -> pd.Series | float:
    """Return the mean over inhabitants, as a part of the area's mix."""
    return areas.result(ratio(areas.sums(weight * values), areas.sums(weight) * mix), name)
