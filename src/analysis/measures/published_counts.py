"""Published counts as they come: checked, laid out by area, with what is missing left missing."""

import numpy as np

from analysis.measures.areas import Areas, by_area
from analysis.measures.counts import Column, check_same_units, checked_counts

SCHEMES = {"random": ("random",), "nearest": ("nearest",), "either": ("random", "nearest")}


def checked_settings(scheme: str, level: float, draws: int) -> tuple[str, ...]:
    """Return the ways of rounding that a scheme stands for; refuse settings that are none."""
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}: give 'either', 'random' or 'nearest'")
    if not 0 < level < 1:
        raise ValueError(f"level is {level}: give a share between 0 and 1")
    if draws < 1:
        raise ValueError("draws: give a whole number of 1 or more")
    return SCHEMES[scheme]


def check_units(columns: dict[str, Column | float | None]) -> None:
    """Refuse columns that are not of the same units; single numbers are of all."""
    check_same_units({name: column for name, column in columns.items() if np.ndim(column)})


def check_multiples(values: np.ndarray, name: str, base: int) -> None:
    """Refuse counts that were not rounded as is said."""
    if isinstance(base, bool) or not isinstance(base, int | np.integer) or base < 1:
        raise ValueError(f"base of {name} is {base!r}: give a whole number of 1 or more")
    off = np.nan_to_num(values) % base != 0
    if off.any():
        place = int(off.argmax())
        raise ValueError(
            f"{name} is no multiple of {base} in {off.sum()} units, first at position {place} "
            f"({values[place]}): give the counts as published, and the base they were rounded to"
        )


def counts_by_area(
    group: Column,
    total: Column,
    by: Column | None,
    base: int,
    total_base: int,
    group_below: Column | float | None,
    total_below: float | None,
) -> tuple[Areas, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return the areas, and by area the counts, their totals and what hidden counts are below.

    Parameters and errors are those of `rounding_interval`.
    """
    x, t = checked_counts({"group": group, "total": total}, may_miss=["group", "total"])
    check_units({"group": group, "total": total, "by": by, "group_below": group_below})
    check_multiples(x, "group", base)
    check_multiples(t, "total", total_base)
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
    areas, (x, t, below) = by_area_with_gaps(columns, by)
    return areas, (x, t, np.where(below >= 2.0**53, np.inf, below))


def by_area_with_gaps(
    columns: dict[str, np.ndarray], by: Column | None
) -> tuple[Areas, tuple[np.ndarray, ...]]:
    """Lay columns out by area, NaN and all."""
    filled = {name: np.nan_to_num(values) for name, values in columns.items()}
    gaps = {f"{name} missing": np.isnan(values).astype(float) for name, values in columns.items()}
    areas, laid = by_area({**filled, **gaps}, by)
    half = len(columns)
    pairs = zip(laid[:half], laid[half:], strict=True)
    return areas, tuple(np.where(gap > 0, np.nan, values) for values, gap in pairs)


def percentages_by_area(
    percentage: Column, total: Column, by: Column | None, total_base: int, *, may_miss: bool
) -> tuple[Areas, tuple[np.ndarray, np.ndarray]]:
    """Return the areas, and by area the whole percentages and their totals.

    Parameters and errors are those of `percentage_interval`; `may_miss` whether percentages may.
    """
    columns = {"percentage": percentage, "total": total}
    checked = checked_counts(columns, may_miss=["percentage"] if may_miss else [])
    check_units({**columns, "by": by})
    if (checked[0] % 1 > 0).any() or (checked[0] > 100).any():
        raise ValueError("percentage: give whole numbers from 0 to 100, not shares")
    check_multiples(checked[1], "total", total_base)
    return by_area_with_gaps({"percentage": checked[0], "total": checked[1]}, by)
