"""Values that an index can truly have had: the draws behind its interval for rounding."""

import numpy as np
import pandas as pd

from analysis.measures.counts import Column
from analysis.measures.evenness import dissimilarity
from analysis.measures.index_intervals import Index, drawn_values
from analysis.measures.published_counts import (
    checked_settings,
    counts_by_area,
    percentages_by_area,
)
from analysis.measures.rounded_counts import RoundedCounts, from_percentages, from_rounded


def rounding_draws(
    group: Column,
    total: Column,
    by: Column | None = None,
    *,
    index: Index = dissimilarity,
    base: int = 5,
    total_base: int = 5,
    scheme: str = "random",
    draws: int = 300,
    seed: int = 0,
) -> pd.DataFrame:
    """Return values that an index of the true counts can have had, behind rounded ones.

    Parameters
    ----------
    group, total, by, index, base, total_base, draws, seed
        See `rounding_interval`; counts that were not published are left out beforehand.
    scheme : {'nearest', 'random'}
        See `rounding_interval`.

    Returns
    -------
    DataFrame of shape (areas, 2 * draws)
        By area, sorted ('all' without `by`): draws under the free-form description of how shares
        vary, then under the normal one. Areas are drawn independently of each other. NaN where
        the index of a draw is undefined.

    Raises
    ------
    TypeError, ValueError
        See `rounding_interval`.

    Examples
    --------
    >>> rounding_draws([10, 5], [60, 70], draws=50).shape
    (1, 100)
    """
    if scheme not in ("nearest", "random"):
        raise ValueError("scheme: draws are of one way of rounding, 'nearest' or 'random'")
    checked_settings(scheme, 0.95, draws)
    areas, (x, t, below) = counts_by_area(group, total, by, base, total_base, None, None)

    def behind(way: str) -> RoundedCounts:
        return from_rounded(
            x, t, base=base, total_base=total_base, scheme=way, group_below=below,
            total_below=np.nan,
        )  # fmt: skip

    return drawn_values(areas, behind, scheme, index, draws, seed)


def percentage_draws(
    percentage: Column,
    total: Column,
    by: Column | None = None,
    *,
    index: Index = dissimilarity,
    total_base: int = 5,
    draws: int = 300,
    seed: int = 0,
) -> pd.DataFrame:
    """Return values that an index of the true counts can have had, behind whole percentages.

    Parameters
    ----------
    percentage, total, by, index, total_base, draws, seed
        See `percentage_interval`; none missing.

    Returns
    -------
    DataFrame of shape (areas, 2 * draws)
        See `rounding_draws`.

    Raises
    ------
    TypeError, ValueError
        See `percentage_interval`.

    Examples
    --------
    >>> percentage_draws([10, 25], [400, 200], draws=50).shape
    (1, 100)
    """
    checked_settings("nearest", 0.95, draws)
    areas, (p, t) = percentages_by_area(percentage, total, by, total_base, may_miss=False)

    def behind(way: str) -> RoundedCounts:
        return from_percentages(p, t, total_base=total_base, scheme=way)

    return drawn_values(areas, behind, "nearest", index, draws, seed)
