"""How segregated each of several groups is, cleared of what small units add to it by chance."""

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, members_by_area, ratio
from analysis.measures.binomial_moments import mean_k_log_k
from analysis.measures.counts import Column
from analysis.measures.information import information_by_group


def group_segregation(groups: pd.DataFrame, by: Column | Areas | None = None) -> pd.DataFrame:
    """Return the local segregation of each group L_k, in every area.

    L_k = sum_i (n_ik/N_k) ln(p_ik/P_k), with n_ik members of group k in unit i, N_k in the area,
    p_ik and P_k the group's share in the unit and in the area: what the unit of the average member
    of the group says about being one. M = sum_k P_k L_k.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        One row per unit and one column per group, counts >= 0, none missing; k >= 2. The groups
        are everybody: they do not overlap, and all columns count.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    DataFrame of 3 columns
        Indexed by area, sorted, and group; by group alone without `by`. `local` is L_k in nats,
        between 0 (even) and -ln P_k (nobody else in its units); NaN where the group is absent.
        `bias_corrected` is 2 L_k - E[L_k*], kept within the same range: L_k* is what it is when all
        T inhabitants choose a unit and group once more with the probabilities found. `share` is
        P_k.

    Raises
    ------
    TypeError, ValueError
        See `members_by_area`.

    Notes
    -----
    E[L_k*] is taken as E[P_k* L_k*] / P_k, a sum of E[n ln n] of binomial numbers, without draws;
    this differs by terms of order 1/N_k. In the resampling counts are rounded to whole persons.

    References
    ----------
    Alonso-Villar, O. & Del Rio, C. (2010). Local versus overall segregation measures. Mathematical
    Social Sciences 60(1), 30-38. Elbers, B. (2023). A method for studying differences in
    segregation across time and space. Sociological Methods & Research 52(1), 5-42.

    Examples
    --------
    >>> group_segregation(pd.DataFrame({"a": [4, 0], "b": [0, 12]}))["local"].round(4).tolist()
    [1.3863, 0.2877]
    """
    areas, members, of_area = members_by_area(groups, by)
    local = np.maximum(ratio(areas.sums(information_by_group(areas, members, of_area)), of_area), 0)
    added = ratio(_added(areas, np.rint(members)), of_area)
    share = ratio(of_area, np.broadcast_to(of_area.sum(axis=0), of_area.shape))
    highest = -np.log(share, where=share > 0, out=np.zeros(share.shape))
    values = {
        "local": local,
        "bias_corrected": np.clip(local - added, 0.0, highest),
        "share": share,
    }
    index = pd.Index(groups.columns, name="group")
    if areas.labels is not None:
        names = [areas.labels.name, "group"]
        index = pd.MultiIndex.from_product([areas.labels, groups.columns], names=names)
    return pd.DataFrame({name: column.T.ravel() for name, column in values.items()}, index=index)


def _added(areas: Areas, members: np.ndarray) -> np.ndarray:
    """Return N_k (E[L_k*] - L_k) of each group and area, of shape (k, m)."""
    unit, of_area = members.sum(axis=0), areas.sums(members)
    total = of_area.sum(axis=0)
    # Given how many people choose a unit, the group's part of them is binomial as well:
    # E[n ln t] is p E[t ln t].
    cells = np.stack([_k_log_k(areas, row, total) for row in members])
    units = ratio(members, np.broadcast_to(unit, members.shape), undefined=0.0)
    of_groups = np.stack([_of_total(row, total) for row in of_area])
    return areas.sums(cells - units * _k_log_k(areas, unit, total)) - of_groups


def _k_log_k(areas: Areas, counts: np.ndarray, total: np.ndarray) -> np.ndarray:
    return _of_total(counts, areas.spread(total))


def _of_total(counts: np.ndarray, total: np.ndarray) -> np.ndarray:
    return mean_k_log_k(total, ratio(counts, total, undefined=0.0))
