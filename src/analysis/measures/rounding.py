"""What an index can truly have been, given counts that were rounded or withheld before release."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.measures.areas import by_area
from analysis.measures.counts import Column, check_same_units, checked_counts
from analysis.measures.evenness import dissimilarity
from analysis.measures.index_intervals import intervals
from analysis.measures.rounded_counts import (
    RoundedCounts,
    from_percentages,
    from_rounded,
    size_chances,
)

Index = Callable[..., pd.Series | float]
SCHEMES = {"random": ("random",), "nearest": ("nearest",), "either": ("random", "nearest")}


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
    reading D from them. Here true counts are drawn *given* what was published, under two
    descriptions of how a group is spread over units, both fitted to the area: a free-form
    distribution of shares (Dirichlet process, `mixture_draws`), and a smooth one that may be more
    even than chance (`normal_draws`). The interval spans the percentiles under both, and under
    both ways of rounding unless one is known.

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
    schemes = _checked(scheme, level, draws)
    areas, (x, t, below) = _laid_out(group, total, by, base, total_base, group_below, total_below)

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
    _checked("nearest", level, draws)
    checked = checked_counts({"percentage": percentage, "total": total}, may_miss=["percentage"])
    _check_units({"percentage": percentage, "total": total, "by": by})
    if (checked[0] % 1 > 0).any() or (checked[0] > 100).any():
        raise ValueError("percentage: give whole numbers from 0 to 100, not shares")
    _check_multiples(checked[1], "total", total_base)
    areas, (p, t) = _by_area_with_gaps({"percentage": checked[0], "total": checked[1]}, by)

    def behind(way: str) -> RoundedCounts:
        return from_percentages(p, t, total_base=total_base, scheme=way)

    both = ~np.isnan(p)
    shown = np.where(both, p / 100 * t, 0.0), np.where(both, t, 0.0)
    return intervals(areas, behind, ("nearest",), shown, index, level, draws, seed)


def _checked(scheme: str, level: float, draws: int) -> tuple[str, ...]:
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}: give 'either', 'random' or 'nearest'")
    if not 0 < level < 1:
        raise ValueError(f"level is {level}: give a share between 0 and 1")
    if draws < 1:
        raise ValueError("draws: give a whole number of 1 or more")
    return SCHEMES[scheme]


def _check_units(columns: dict[str, Column | float | None]) -> None:
    check_same_units({name: column for name, column in columns.items() if np.ndim(column)})


def _check_multiples(values: np.ndarray, name: str, base: int) -> None:
    if isinstance(base, bool) or not isinstance(base, int | np.integer) or base < 1:
        raise ValueError(f"base of {name} is {base!r}: give a whole number of 1 or more")
    off = np.nan_to_num(values) % base != 0
    if off.any():
        place = int(off.argmax())
        raise ValueError(
            f"{name} is no multiple of {base} in {off.sum()} units, first at position {place} "
            f"({values[place]}): give the counts as published, and the base they were rounded to"
        )


def _laid_out(group, total, by, base, total_base, group_below, total_below):
    x, t = checked_counts({"group": group, "total": total}, may_miss=["group", "total"])
    _check_units({"group": group, "total": total, "by": by, "group_below": group_below})
    _check_multiples(x, "group", base)
    _check_multiples(t, "total", total_base)
    if (np.isnan(t) & ~np.isnan(x)).any():
        raise ValueError("total is missing where group is published: leave these groups out")
    if np.isnan(x).any() and group_below is None:
        raise ValueError(
            f"group is missing in {np.isnan(x).sum()} units: say what these counts are known to "
            "be below (group_below; inf where nothing is known)"
        )
    if np.isnan(t).any() and total_below is None:
        raise ValueError(
            f"total is missing in {np.isnan(t).sum()} units: say what these sizes are known to be "
            "below (total_below)"
        )
    if (np.nan_to_num(x - t) >= base + total_base).any():
        raise ValueError("group is larger than total by more than rounding: check the columns")
    limit = np.inf if group_below is None else group_below
    below = np.broadcast_to(np.asarray(limit, dtype=float), x.shape)
    if not (below[np.isnan(x)] > 0).all():
        raise ValueError("group_below: give numbers above 0")
    # Counts end at 2**53; nobody is beyond, so that it stands for no limit.
    columns = {
        "group": x,
        "total": t,
        "group_below": np.minimum(np.nan_to_num(below, nan=1), 2.0**53),
    }
    areas, (x, t, below) = _by_area_with_gaps(columns, by)
    return areas, (x, t, np.where(below >= 2.0**53, np.inf, below))


def _by_area_with_gaps(columns: dict[str, np.ndarray], by: Column | None):
    """Lay columns out by area, NaN and all."""
    filled = {name: np.nan_to_num(values) for name, values in columns.items()}
    gaps = {f"{name} missing": np.isnan(values).astype(float) for name, values in columns.items()}
    areas, laid = by_area({**filled, **gaps}, by)
    half = len(columns)
    pairs = zip(laid[:half], laid[half:], strict=True)
    return areas, tuple(np.where(gap > 0, np.nan, values) for values, gap in pairs)
