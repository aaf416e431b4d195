"""Random allocation by drawing: how often chance alone gives an index as large as the one found."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from scipy import stats

from analysis.measures.areas import Areas, by_area
from analysis.measures.counts import Column
from analysis.measures.evenness import dissimilarity
from analysis.measures.streams import area_streams

Index = Callable[..., pd.Series | float]
ALLOCATIONS = ("binomial", "fixed")
# How many counts are held at once while an index is taken of many allocations.
CHUNK = 1_000_000
# Draws that equal the index found but for the last digits count as equal.
SAME = 1e-12


def random_allocation(
    group: Column,
    others: Column,
    by: Column | None = None,
    *,
    index: Index = dissimilarity,
    draws: int = 500,
    seed: int = 0,
    allocation: str = "binomial",
    workers: int = 1,
) -> pd.DataFrame:
    """Return an index beside what it is when the inhabitants are allocated at random.

    Parameters
    ----------
    group, others : column of n whole counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    index : callable
        Any measure (group, others, by) that gives one number per area.
    draws : int
        Allocations per area.
    seed : int
        See `area_streams`: an area's numbers hang on the seed and its label alone.
    allocation : {'binomial', 'fixed'}
        'binomial': each inhabitant belongs to the group with probability X/T, unit by unit; the
        group's total varies. 'fixed': the X members are dealt out over the places (multivariate
        hypergeometric), both margins stay: the permutation test proper, a little slower.
    workers : int
        Threads that draw. Any number gives the same result.

    Returns
    -------
    DataFrame
        One row per area, sorted (one row, labelled 'all', without `by`): `value`, the index as
        found; `expected`, `sd`, mean and standard deviation over the allocations; `low`, `high`,
        their 2.5th and 97.5th percentile; `p_value` = (k + 1)/(draws + 1), k allocations with an
        index at least as large: never 0. NaN where the index is undefined.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also for counts that are not whole, another allocation, fewer than one draw
        or worker.

    References
    ----------
    Boisso, D., Hayes, K., Hirschberg, J. & Silber, J. (1994). Occupational segregation in the
    multidimensional case. Journal of Econometrics 61(1), 161-171.

    Examples
    --------
    >>> found = random_allocation([30, 10], [10, 30], draws=99)
    >>> float(found["p_value"].iloc[0])
    0.01
    """
    if allocation not in ALLOCATIONS:
        raise ValueError(f"allocation is {allocation!r}: give 'binomial' or 'fixed'")
    if draws < 1 or workers < 1:
        raise ValueError("draws and workers: give whole numbers of 1 or more")
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    if (x % 1 != 0).any() or (y % 1 != 0).any():
        raise ValueError(
            "group and others: whole counts only, persons cannot be dealt out in parts"
        )
    number = areas.spread(np.arange(len(areas.sizes)))
    value = np.asarray(index(x, y, number), dtype=float)
    chance = _indices(areas, x, y, number, index, draws, seed, allocation, workers)
    return _summary(areas, value, chance)


def adjusted_p_values(p_values: pd.Series | pd.DataFrame) -> pd.Series | pd.DataFrame:
    """Return p-values adjusted for the number of tests, after Benjamini and Hochberg.

    Parameters
    ----------
    p_values : Series or DataFrame
        In 0-1; of a table (areas by groups, say) all cells are one family of tests. NaN is no
        test.

    Returns
    -------
    Series or DataFrame
        Like `p_values`: calling significant what lies below q makes at most a share q of these
        calls false, on average. NaN stays.

    Raises
    ------
    ValueError
        If a p-value lies outside 0-1.

    References
    ----------
    Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
    Statistical Society B 57(1), 289-300.

    Examples
    --------
    >>> adjusted_p_values(pd.Series([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    values = p_values.to_numpy(dtype=float, copy=True)
    tested = ~np.isnan(values)
    if ((values[tested] < 0) | (values[tested] > 1)).any():
        raise ValueError("p_values: give numbers between 0 and 1")
    if tested.any():
        values[tested] = stats.false_discovery_control(values[tested], method="bh")
    if isinstance(p_values, pd.DataFrame):
        return pd.DataFrame(values, index=p_values.index, columns=p_values.columns)
    return pd.Series(values, index=p_values.index, name=p_values.name)


def _indices(
    areas: Areas,
    x: np.ndarray,
    y: np.ndarray,
    number: np.ndarray,
    index: Index,
    draws: int,
    seed: int,
    allocation: str,
    workers: int,
) -> np.ndarray:
    """Return the index of every allocation and area, of shape (draws, areas)."""
    m, t = len(areas.sizes), x + y
    labels = ["all"] if areas.labels is None else areas.labels
    streams = area_streams(seed, labels)
    dealt = np.zeros((draws, len(x)), dtype=np.int32 if t.max(initial=0) < 2**31 else np.int64)

    def deal(area: int) -> None:
        units = slice(areas.starts[area], areas.starts[area] + areas.sizes[area])
        dealt[:, units] = _dealt(streams[area], x[units], t[units], draws, allocation)

    if workers == 1:
        for area in range(m):
            deal(area)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(deal, range(m)))
    chance = np.empty((draws, m))
    step = max(1, CHUNK // max(len(x), 1))
    for start in range(0, draws, step):
        some = dealt[start : start + step].astype(float)
        copies = np.arange(len(some))[:, None] * m + number
        values = index(some.ravel(), (t - some).ravel(), copies.ravel())
        chance[start : start + step] = np.asarray(values, dtype=float).reshape(len(some), m)
    return chance


def _dealt(
    stream: np.random.Generator, x: np.ndarray, t: np.ndarray, draws: int, allocation: str
) -> np.ndarray:
    """Return members of the group per draw and unit of one area, of shape (draws, units)."""
    all_x, sizes = int(x.sum()), t.astype(np.int64)
    if not all_x:
        return np.zeros((draws, len(t)), dtype=np.int64)
    if allocation == "fixed":
        return stream.multivariate_hypergeometric(sizes, all_x, size=draws, method="marginals")
    share = min(all_x / sizes.sum(), 1.0)
    # Draws of one unit next to each other: the set-up of a binomial is then made once per unit.
    return stream.binomial(sizes[:, None], share, size=(len(t), draws)).T


def _summary(areas: Areas, value: np.ndarray, chance: np.ndarray) -> pd.DataFrame:
    known = ~np.isnan(value)
    table = {name: np.full(len(value), np.nan) for name in ("expected", "sd", "low", "high")}
    p = np.full(len(value), np.nan)
    # An allocation in which the group is absent has no index; it is left out of the means.
    some = known & (~np.isnan(chance)).any(axis=0)
    if some.any():
        drawn = chance[:, some]
        table["expected"][some] = np.nanmean(drawn, axis=0)
        table["sd"][some] = np.nanstd(drawn, axis=0)
        table["low"][some], table["high"][some] = np.nanpercentile(drawn, [2.5, 97.5], axis=0)
        reached = (drawn >= value[some] - SAME).sum(axis=0)
        p[some] = (reached + 1) / ((~np.isnan(drawn)).sum(axis=0) + 1)
    labels = pd.Index(["all"]) if areas.labels is None else areas.labels
    return pd.DataFrame({"value": value, **table, "p_value": p}, index=labels)
