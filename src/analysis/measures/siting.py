"""Where one more facility would do most: coverage, distance and fairness, as integer programs.

Every program is built once as sparse matrices and solved with HiGHS (scipy's milp) for each number
of new places.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from analysis.measures.counts import checked_counts
from analysis.measures.travel import Travel

# HiGHS stops at 0.01 % from the best by itself; a curve over k must be the best.
_OPTIMAL = {"mip_rel_gap": 0.0}


@dataclass(frozen=True)
class Sites:
    """The best places for some numbers of new facilities.

    Attributes
    ----------
    value : Series
        Objective by number of new places; NaN where it has no solution.
    chosen : dict of int to Index
        The new places, in the order of the candidates; existing ones are not among them.
    """

    value: pd.Series
    chosen: dict[int, pd.Index]


def max_cover(
    travel: Travel, people: pd.Series, k: Sequence[int], *, existing: Sequence[object] = ()
) -> Sites:
    """Choose k new places so that most people have a facility within the limit (MCLP).

    max sum_i w_i y_i, with y_i <= sum of x_j over sites j within the limit, sum_j x_j = k,
    x_j in {0, 1}, 0 <= y_i <= 1, and x_j = 1 for existing facilities, which k does not count.

    Parameters
    ----------
    travel : Travel
        Pairs of n demand points and m sites, candidates and existing ones, within the limit.
    people : Series of n numbers
        >= 0, on `travel.origins`.
    k : sequence of int
        Numbers of new places, from 0 to the number of candidates.
    existing : sequence, optional
        Which facilities of `travel` are there already.

    Returns
    -------
    Sites
        `value` in people, those near existing facilities among them. Points that no site reaches
        are never covered, and remain in the total of `people`.

    Raises
    ------
    ValueError
        When people are missing or negative or on another index, a k is out of its range, or an
        existing facility is unknown.

    References
    ----------
    Church, R. & ReVelle, C. (1974). The maximal covering location problem. Papers in Regional
    Science 32(1), 101-118.
    """
    weight, fixed, numbers = _checked(travel, people, k, existing)
    reach = travel.matrix(np.ones(len(travel.facility)))
    covered = np.asarray(reach[:, fixed].sum(axis=1)).ravel() > 0
    free = np.flatnonzero(~fixed)
    open_to = reach[:, free]
    rows = np.flatnonzero(~covered & (np.diff(open_to.indptr) > 0) & (weight > 0))
    patterns, weights = _same_sites(open_to[rows], weight[rows])
    m, n = len(free), len(weights)
    # -sum of x + y <= 0, for each set of points that the same sites reach.
    link = hstack([-patterns, eye_array(n)], format="csr")
    gain = np.r_[np.zeros(m), -weights]
    base = float(weight[covered].sum())

    def value(x: np.ndarray) -> float:
        return base + float(weights @ (patterns @ x > 0))

    return _by_number(gain, link, np.zeros(n), np.ones(m + n), m, numbers, value,
                      travel.facilities[free])  # fmt: skip


def fairest_cover(
    travel: Travel, people: pd.DataFrame, k: Sequence[int], *, existing: Sequence[object] = ()
) -> Sites:
    """Choose k new places so that the group that is covered least is covered most.

    max z + e sum_g c_g / G, with c_g = sum_i w_ig y_i / sum_i w_ig >= z for each group g and the
    rest as in `max_cover`; e = 1e-4 lets the mean decide only between equals.

    Parameters
    ----------
    travel, k, existing
        As in `max_cover`.
    people : DataFrame of shape (n, G)
        Members of each group, >= 0: age groups, or the people of vulnerable wijken and of others.
        A group without members has no share and is left out.

    Returns
    -------
    Sites
        `value` the smallest covered share of a group, 0 to 1; NaN when all groups are empty.

    Raises
    ------
    ValueError
        See `max_cover`.
    """
    group_sizes = people.sum()
    groups = people.loc[:, group_sizes > 0]
    weight, fixed, numbers = _checked(travel, groups.sum(axis=1), k, existing)
    checked_counts({str(name): people[name] for name in people})
    if groups.empty:
        return Sites(
            pd.Series(np.nan, index=numbers), {one: travel.facilities[:0] for one in numbers}
        )
    share = (groups / group_sizes[groups.columns]).to_numpy(dtype=float)
    reach = travel.matrix(np.ones(len(travel.facility)))
    covered = np.asarray(reach[:, fixed].sum(axis=1)).ravel() > 0
    free = np.flatnonzero(~fixed)
    open_to = reach[:, free]
    rows = np.flatnonzero(~covered & (np.diff(open_to.indptr) > 0) & (weight > 0))
    patterns, shares = _same_sites(open_to[rows], share[rows])
    base = share[covered].sum(axis=0)
    m, n, size = len(free), len(shares), share.shape[1]
    link = hstack([-patterns, eye_array(n), csr_array((n, 1))])
    least = hstack([csr_array((size, m)), csr_array(-shares.T), csr_array(np.ones((size, 1)))])
    gain = np.r_[np.zeros(m), -1e-4 * shares.mean(axis=1), -1.0]

    def value(x: np.ndarray) -> float:
        return float((base + (patterns @ x > 0) @ shares).min())

    return _by_number(gain, vstack([link, least], format="csr"), np.r_[np.zeros(n), base],
                      np.ones(m + n + 1), m, numbers, value, travel.facilities[free])  # fmt: skip


def p_median(
    travel: Travel, people: pd.Series, k: Sequence[int], *, existing: Sequence[object] = ()
) -> Sites:
    """Choose k new places so that people are nearest to a facility, on average (p-median).

    min sum_i w_i d_i / sum_i w_i, d_i the distance to the nearest facility that is there or new,
    and the limit of `travel` for who has none within it: with a limit that reaches everybody this
    is the p-median itself, else one that does not weigh how much further somebody lives.

    Parameters
    ----------
    travel, people, k, existing
        As in `max_cover`.

    Returns
    -------
    Sites
        `value` in the unit of the distances; NaN without people.

    Raises
    ------
    ValueError
        See `max_cover`.

    References
    ----------
    ReVelle, C. & Swain, R. (1970). Central facilities location. Geographical Analysis 2(1), 30-42.
    """
    weight, fixed, numbers = _checked(travel, people, k, existing)
    free = np.flatnonzero(~fixed)
    place = np.full(len(fixed), -1)
    place[free] = np.arange(len(free))
    origin, site, distance = travel.origin, place[travel.facility], travel.distance
    now = np.full(len(weight), float(travel.limit))
    there = site < 0
    np.minimum.at(now, origin[there], distance[there])
    # A pair counts only when it is nearer than what there is: it saves that much.
    helps = ~there & (distance < now[origin]) & (weight[origin] > 0)
    origin, site, saved = origin[helps], site[helps], (now[origin] - distance)[helps]
    m, p, n = len(free), len(saved), len(weight)
    each = np.arange(p)
    ones = np.ones(p)
    served = hstack([csr_array((n, m)), csr_array((ones, (origin, each)), shape=(n, p))])
    only_open = hstack([csr_array((-ones, (each, site)), shape=(p, m)), eye_array(p)])
    gain = np.r_[np.zeros(m), -weight[origin] * saved]
    total = weight.sum()

    def value(x: np.ndarray) -> float:
        best = now.copy()
        is_open = x[site] > 0.5
        np.minimum.at(best, origin[is_open], now[origin[is_open]] - saved[is_open])
        return float(weight @ best / total) if total > 0 else np.nan

    return _by_number(gain, vstack([served, only_open], format="csr"),
                      np.r_[np.ones(n), np.zeros(p)], np.ones(m + p), m, numbers, value,
                      travel.facilities[free])  # fmt: skip


def set_cover(
    travel: Travel, people: pd.Series, *, existing: Sequence[object] = ()
) -> tuple[pd.Index, float]:
    """Return the fewest new places that bring a facility within the limit of all (LSCP).

    min sum_j x_j, with sum of x_j over sites within the limit of i >= 1 for each point with people.

    Parameters
    ----------
    travel, people, existing
        As in `max_cover`.

    Returns
    -------
    chosen : Index
        The new places; empty where the existing ones are enough.
    unreached : float
        People whom no site at all can reach: they are counted and do not make it infeasible.

    References
    ----------
    Toregas, C., Swain, R., ReVelle, C. & Bergman, L. (1971). The location of emergency service
    facilities. Operations Research 19(6), 1363-1373.
    """
    weight, fixed, _ = _checked(travel, people, [0], existing)
    reach = travel.matrix(np.ones(len(travel.facility)))
    unreached = float(weight[np.diff(reach.indptr) == 0].sum())
    covered = np.asarray(reach[:, fixed].sum(axis=1)).ravel() > 0
    free = np.flatnonzero(~fixed)
    open_to = reach[:, free]
    rows = np.flatnonzero(~covered & (np.diff(open_to.indptr) > 0) & (weight > 0))
    if not len(rows):
        return travel.facilities[:0], unreached
    patterns, _ = _same_sites(open_to[rows], weight[rows])
    m = len(free)
    found = milp(np.ones(m), integrality=np.ones(m), bounds=Bounds(0, 1),
                 constraints=LinearConstraint(patterns, 1, np.inf), options=_OPTIMAL)  # fmt: skip
    if found.x is None:
        raise RuntimeError(f"the solver gave no solution: {found.message}")
    return travel.facilities[free[found.x > 0.5]], unreached


def _by_number(gain: np.ndarray, rows: csr_array, most: np.ndarray, upper: np.ndarray, m: int,
               numbers: list[int], value, names: pd.Index) -> Sites:  # fmt: skip
    """Solve for each number of places; only the last row, their number, differs."""
    places = csr_array((np.ones(m), (np.zeros(m, dtype=int), np.arange(m))), (1, len(gain)))
    matrix = vstack([rows, places], format="csc")
    whole = np.r_[np.ones(m), np.zeros(len(gain) - m)]
    values, chosen = {}, {}
    for number in numbers:
        if number == 0:
            x = np.zeros(m)
        else:
            limits = LinearConstraint(
                matrix, np.r_[np.full(len(most), -np.inf), number], np.r_[most, number]
            )
            found = milp(gain, integrality=whole, bounds=Bounds(0, upper), constraints=limits,
                         options=_OPTIMAL)  # fmt: skip
            if found.x is None:
                raise RuntimeError(f"the solver gave no solution for {number}: {found.message}")
            x = np.round(found.x[:m])
        values[number], chosen[number] = value(x), names[x > 0.5]
    return Sites(pd.Series(values, dtype=float), chosen)


def _same_sites(reach: csr_array, weight: np.ndarray) -> tuple[csr_array, np.ndarray]:
    """Put points together that the same sites reach: they are covered all at once."""
    ordered = csr_array(reach)
    ordered.sort_indices()
    sets: dict[bytes, int] = {}
    which = np.empty(ordered.shape[0], dtype=int)
    first = []
    for row, (start, end) in enumerate(zip(ordered.indptr, ordered.indptr[1:], strict=False)):
        which[row] = sets.setdefault(ordered.indices[start:end].tobytes(), len(sets))
        if which[row] == len(first):
            first.append(row)
    together = np.zeros((len(first), *weight.shape[1:]))
    np.add.at(together, which, weight)
    return ordered[first], together


def _checked(
    travel: Travel, people: pd.Series, k: Sequence[int], existing: Sequence[object]
) -> tuple[np.ndarray, np.ndarray, list[int]]:
    if not people.index.equals(travel.origins):
        raise ValueError("people must be on the origins of travel")
    (weight,) = checked_counts({"people": people})
    fixed = travel.facilities.isin(list(existing))
    if strange := set(existing) - set(travel.facilities):
        raise ValueError(f"existing facilities are not in travel: {sorted(map(str, strange))[:3]}")
    candidates = int((~fixed).sum())
    for one in k:
        if one != int(one) or not 0 <= one <= candidates:
            raise ValueError(f"k is {one}: give whole numbers from 0 to {candidates} candidates")
    return weight, fixed, [int(one) for one in k]
