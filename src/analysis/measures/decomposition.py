"""Segregation of several groups divided over nested levels, and over the groups themselves."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import entr, xlogy

from analysis.measures.areas import ratio
from analysis.measures.counts import checked_counts


def nested_mutual_information(
    groups: pd.DataFrame, levels: pd.DataFrame, by: pd.Series | None = None
) -> pd.DataFrame:
    """Divide the mutual information M and the index H of several groups over nested levels.

    M of a level is sum_a (T_a / T) sum_g p_ag ln(p_ag / P_g) over its regions a; what a level adds
    is its M less that of the level above. H = M / E, with E the entropy of the groups together.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        One row per unit and one column per group, counts >= 0, none missing; k >= 2.
    levels : DataFrame of shape (n, l)
        On the same index, the regions in which each unit lies, widest level first and the unit
        itself last. Names of regions need to be unique within the region above only.
    by : Series of n names, optional
        On the same index, the area of each unit: each is divided by itself.

    Returns
    -------
    DataFrame of 5 columns
        Indexed by level, or by (area, level): `mutual_information` and `information_theory` are
        what the level adds to the one above, in nats and as part of H; they add up to M and H of
        the units. `share` is the part of the whole, NaN where there is no segregation; `total_m`
        and `total_h` are those of the level itself. M is NaN where nobody lives, H also where one
        group has everybody.

    Raises
    ------
    TypeError, ValueError
        When a count is no number, missing or negative, the indexes differ, a region is missing, or
        there are fewer than two groups.

    References
    ----------
    Reardon, S.F. & Firebaugh, G. (2002). Measures of multigroup segregation. Sociological
    Methodology 32, 33-67. Mora, R. & Ruiz-Castillo, J. (2011). Entropy-based segregation indices.
    Sociological Methodology 41, 159-194.
    """
    members = _members(groups)
    _check_index(groups, levels, "levels")
    area = pd.Series(0, index=groups.index) if by is None else by
    _check_index(groups, area, "by")
    code, labels = pd.factorize(area, sort=True)
    of_level = []
    for depth in range(levels.shape[1]):
        regions = [code, *(levels[name].array for name in levels.columns[: depth + 1])]
        summed, place = _summed(members, code, regions)
        of_level.append(_mutual_information(summed, place, len(labels)))
    total = np.stack(of_level, axis=1)
    entropy = _entropy(_by_area(members, code, len(labels)))[:, None]
    added = np.diff(total, axis=1, prepend=0.0)
    table = pd.DataFrame(
        {
            "mutual_information": added.ravel(),
            "information_theory": ratio(added, _spread(entropy, added)).ravel(),
            "share": ratio(added, _spread(total[:, -1:], added)).ravel(),
            "total_m": total.ravel(),
            "total_h": ratio(total, _spread(entropy, total)).ravel(),
        },
        index=pd.MultiIndex.from_product([labels, levels.columns], names=["area", "level"]),
    )
    return table.droplevel("area") if by is None else table


def within_areas(groups: pd.DataFrame, area: pd.Series, unit: pd.Series) -> pd.DataFrame:
    """Return the segregation inside each area, and what it adds to that of all units together.

    M = M between the areas + sum_a (T_a / T) M_a; H = H between + sum_a (T_a E_a / (T E)) H_a.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        See `nested_mutual_information`.
    area, unit : Series of n names
        On the same index.

    Returns
    -------
    DataFrame
        Indexed by area, sorted: `mutual_information` and `information_theory` inside it (M is NaN
        where nobody lives, H also where one group has everybody), `weight_m` and `weight_h`, and
        `people`. Weight times value adds up to the part within areas.

    Raises
    ------
    TypeError, ValueError
        See `nested_mutual_information`.
    """
    members = _members(groups)
    _check_index(groups, area, "area")
    _check_index(groups, unit, "unit")
    code, labels = pd.factorize(area, sort=True)
    of_area = _by_area(members, code, len(labels))
    entropy, people = _entropy(of_area), of_area.sum(axis=1)
    summed, place = _summed(members, code, [code, unit.array])
    m = _mutual_information(summed, place, len(labels))
    whole = _entropy(members.sum(axis=0)[None, :])[0]
    weight = people / members.sum() if members.sum() > 0 else np.full(len(people), np.nan)
    return pd.DataFrame(
        {
            "mutual_information": m,
            "information_theory": ratio(m, entropy),
            "weight_m": weight,
            "weight_h": weight * entropy / whole if whole > 0 else np.nan,
            "people": people,
        },
        index=pd.Index(labels, name=area.name or "area"),
    )


def mutual_information_by_group(groups: pd.DataFrame) -> pd.DataFrame:
    """Divide the mutual information of several groups over the groups.

    M = sum_g P_g L_g, with L_g = sum_i (t_ig / T_g) ln(p_ig / P_g): how much more often than chance
    a member of the group meets the own group.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        See `nested_mutual_information`.

    Returns
    -------
    DataFrame of shape (k, 3)
        Indexed by group: `local` (L_g, >= 0, NaN where the group is absent), `share` (P_g) and
        `contribution` (P_g L_g, 0 where it is absent), which adds up to M.

    Raises
    ------
    TypeError, ValueError
        See `nested_mutual_information`.
    """
    members = _members(groups)
    total, unit = members.sum(), members.sum(axis=1, keepdims=True)
    of_group = members.sum(axis=0)
    share = of_group / total if total > 0 else np.full(len(of_group), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        surprise = np.where(members > 0, np.log(members / unit / share), 0.0)
        local = np.where(of_group > 0, (members * surprise).sum(axis=0) / of_group, np.nan)
    contribution = np.where(of_group > 0, share * np.nan_to_num(local), 0.0)
    return pd.DataFrame(
        {"local": local, "share": share, "contribution": contribution},
        index=pd.Index(groups.columns, name="group"),
    )


def mutual_information_of(members: np.ndarray) -> float:
    """Return M in nats of counts of shape (units, groups) as one area; NaN without people."""
    return float(_mutual_information(members, np.zeros(len(members), dtype=int), 1)[0])


def _mutual_information(members: np.ndarray, area: np.ndarray, areas: int) -> np.ndarray:
    """Return M in nats of every area, from counts of shape (units, groups); NaN without people."""
    of_area = _by_area(members, area, areas)
    people = of_area.sum(axis=1)
    unit = members.sum(axis=1, keepdims=True)
    share = ratio(of_area, _spread(people[:, None], of_area))[area]
    # Where a group is absent from the unit the logarithm does not matter: 0 ln 0 = 0.
    times = ratio(members, unit * share, undefined=1.0)
    surprise = xlogy(members, np.where(members > 0, times, 1.0)).sum(axis=1)
    return np.maximum(ratio(np.bincount(area, surprise, minlength=areas), people), 0.0)


def _members(groups: pd.DataFrame) -> np.ndarray:
    if not isinstance(groups, pd.DataFrame):
        raise TypeError("groups must be a DataFrame with one column per group")
    if groups.shape[1] < 2 or not groups.columns.is_unique:
        raise ValueError("groups needs two or more columns, each once")
    columns = checked_counts({f"groups[{name!r}]": groups[name] for name in groups})
    return np.stack(columns, axis=1)


def _check_index(groups: pd.DataFrame, regions: pd.DataFrame | pd.Series, name: str) -> None:
    if not regions.index.equals(groups.index):
        raise ValueError(f"{name} must be on the index of groups")
    if np.any(regions.isna()):
        raise ValueError(f"{name} misses a region: leave these units out and count them")


def _summed(
    members: np.ndarray, area: np.ndarray, regions: Sequence
) -> tuple[np.ndarray, np.ndarray]:
    """Return the counts of each region, whose names are one by level, and its area."""
    frame = pd.DataFrame(dict(enumerate(regions)))
    place = frame.groupby(list(frame.columns), sort=False).ngroup().to_numpy()
    first = np.unique(place, return_index=True)[1]
    return _by_area(members, place, len(first)), area[first]


def _by_area(members: np.ndarray, area: np.ndarray, areas: int) -> np.ndarray:
    return np.stack([np.bincount(area, column, minlength=areas) for column in members.T], axis=1)


def _spread(column: np.ndarray, like: np.ndarray) -> np.ndarray:
    return np.broadcast_to(column, like.shape)


def _entropy(counts: np.ndarray) -> np.ndarray:
    """Return the entropy in nats of every row of counts; 0 where nobody is."""
    return entr(
        ratio(counts, _spread(counts.sum(axis=1, keepdims=True), counts), undefined=0.0)
    ).sum(axis=1)
