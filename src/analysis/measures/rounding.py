"""What an index can truly have been, given counts that were rounded or withheld before release."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures.counts import Column
from analysis.measures.evenness import dissimilarity
from analysis.measures.index_intervals import Index, intervals
from analysis.measures.published_counts import (
    checked_settings,
    counts_by_area,
    percentages_by_area,
)
from analysis.measures.rounded_counts import (
    RoundedCounts,
    from_percentages,
    from_rounded,
    size_chances,
)


def rounding_interval(
    group: Column,
    total: Column,
    by: Column | None = None,
    *,
    index: Index | Sequence[Index] = dissimilarity,
    base: int = 5,
    total_base: int = 5,
    scheme: str = "either",
    group_below: Column | float | None = None,
    total_below: float | None = None,
    level: float = 0.95,
    draws: int = 300,
    seed: int = 0,
) -> pd.DataFrame:
    """Return an interval for the index of the true counts behind rounded ones, of every area.

    Adding rounding noise to the published counts adds upward bias to upward bias, and so does
    reading D from them. Here true counts are drawn *given* what was published, under
    three descriptions of how a group is spread over units, each fitted to the area: a free-form
    distribution of shares (Dirichlet process, `mixture_draws`), and two smooth ones that may be
    more even than chance, normal in the count and normal in its angle (`normal_draws`). The
    interval spans the percentiles under all three, and under both ways of rounding unless one is
    known.

    Parameters
    ----------
    group, total : column of n counts
        The group and all inhabitants of each unit as published, multiples of `base` and
        `total_base`, rounded independently: a group can exceed its total by less than the bases.
        NaN where a count was not published, which takes `group_below` or `total_below`.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    index : callable or sequence of callables
        Any measures (group, others, by) that give one number per area.
    base, total_base : int
        What the counts were rounded to: 5, or 10 for benefits; 1 leaves a count as it is.
    scheme : {'either', 'random', 'nearest'}
        'random': up with probability r/base, r the remainder. In 2024 the counts of buurten agree
        with that to the third decimal. 'either' holds under both, and is a little wider.
    group_below : column or float, optional
        What a count that was not published is known to be below, per unit or for all;
        infinite (inf) where only the size of the unit limits it.
    total_below : float, optional
        What the size of a unit whose size was not published is known to be below.
    level : float
        Share of cases in which the interval is to hold the true index.
    draws : int
        Draws per description and way of rounding.
    seed : int
        See `area_streams`: an area's numbers hang on the seed and its label alone.

    Returns
    -------
    DataFrame
        One row per area, sorted (one row, labelled 'all', without `by`): `published`, the index
        read from the published counts (units with both; others = total - group, not below 0);
        `estimate`, the median under the free-form description; `low`, `high`. With several
        indices the rows are labelled by measure and area. NaN where the index of every draw is
        undefined.

    Raises
    ------
    TypeError, ValueError
        As `by_area`; also for counts that are no multiple of their base or exceed their total by
        more than rounding can, counts that are missing without a limit, a level outside 0-1, a
        base, scheme or number of draws that is none.

    Notes
    -----
    The index is over all units, those with withheld counts too. Coverage is tried by simulation
    for dissimilarity, H and isolation (`benchmarks/coverage.py`); other indices of two groups go
    the same way, but the Gini of sharply two-sided towns is held less often. Where units without
    a count are many and few others tell of them, nothing published limits the index: see
    `suppression_bounds`, and withhold it below 80 % of the inhabitants.

    Examples
    --------
    >>> found = rounding_interval([10, 5, 0, 15], [60, 70, 40, 55], seed=1)
    >>> bool(found.loc["all", "low"] < found.loc["all", "high"])
    True
    """
    schemes = checked_settings(scheme, level, draws)
    areas, (x, t, below) = counts_by_area(
        group, total, by, base, total_base, group_below, total_below
    )

    sizes = size_chances(areas, t, float(total_below)) if np.isnan(t).any() else None

    def behind(way: str) -> RoundedCounts:
        return from_rounded(
            x,
            t,
            base=base,
            total_base=total_base,
            scheme=way,
            group_below=below,
            total_below=np.nan if total_below is None else float(total_below),
            size_chance=sizes,
        )

    both = ~np.isnan(x) & ~np.isnan(t)
    shown = np.where(both, x, 0.0), np.where(both, t, 0.0)
    return intervals(areas, behind, schemes, shown, index, level, draws, seed)


def percentage_interval(
    percentage: Column,
    total: Column,
    by: Column | None = None,
    *,
    index: Index | Sequence[Index] = dissimilarity,
    total_base: int = 5,
    level: float = 0.95,
    draws: int = 300,
    seed: int = 0,
) -> pd.DataFrame:
    """Return an interval for the index of the true counts behind whole percentages.

    Parameters
    ----------
    percentage : column of n numbers
        The group as a whole percentage, 0-100, of `total`; NaN where not published.
    total : column of n counts
        The percentage's own denominator in each unit, rounded to `total_base`; none missing.
    by, index, total_base, level, draws, seed
        See `rounding_interval`. Percentages are rounded to the nearest.

    Returns
    -------
    DataFrame
        See `rounding_interval`; `published` is the index of percentage * total.

    Raises
    ------
    TypeError, ValueError
        See `rounding_interval`; also for percentages that are not whole or above 100.

    Examples
    --------
    >>> found = percentage_interval([10, 25], [400, 200], draws=50)
    >>> bool(found.loc["all", "low"] <= found.loc["all", "published"])
    True
    """
    checked_settings("nearest", level, draws)
    areas, (p, t) = percentages_by_area(percentage, total, by, total_base, may_miss=True)

    def behind(way: str) -> RoundedCounts:
        return from_percentages(p, t, total_base=total_base, scheme=way)

    both = ~np.isnan(p)
    shown = np.where(both, p / 100 * t, 0.0), np.where(both, t, 0.0)
    return intervals(areas, behind, ("nearest",), shown, index, level, draws, seed)
