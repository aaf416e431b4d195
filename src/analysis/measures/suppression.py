"""Bounds of an index when counts of some units were not published, and tables that attain them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area
from analysis.measures.counts import Column, check_same_units, checked_counts
from analysis.measures.evenness import dissimilarity
from analysis.measures.extreme_counts import TERMS, OpenArea, extremes

Index = Callable[..., pd.Series | float]
# Share of the inhabitants below which an index is not to be quoted.
LEAST_COVERED = 0.8
# No parent total: any sum will do.
ANY = np.inf


@dataclass(frozen=True)
class SuppressionBounds:
    """Bounds of an index over all tables that agree with what was published.

    Attributes
    ----------
    areas : DataFrame
        By area: `low`, `high`, the smallest and largest index; `cells`, counts not published;
        `population_covered`, the share of the inhabitants who live in units with a count;
        `withheld`, whether that is below 0.8; `status`: 'ok', 'contradictory' where no counts add
        up to the parent's total, 'undefined' where no table has an index.
    lowest, highest : Series of float
        The group's counts of every unit, as published or as filled in to reach `low` and `high`,
        in the caller's order and index. NaN where the status is not 'ok'.
    """

    areas: pd.DataFrame
    lowest: pd.Series
    highest: pd.Series


def suppression_bounds(
    group: Column,
    total: Column,
    by: Column | None = None,
    *,
    at_most: Column | float,
    index: Index = dissimilarity,
    parent: pd.Series | float | None = None,
    tolerance: pd.Series | float = 0.0,
) -> SuppressionBounds:
    """Return the smallest and largest index that counts not published leave possible.

    A count not published is a whole number from 0 to `at_most` and to the unit's total. Where the
    area's own count of the group is published, those of its units add up to it within the
    tolerance. The index is taken over all tables of such counts: the bounds are attained.

    Parameters
    ----------
    group : column of n whole counts
        Members of the group in each unit; NaN where not published.
    total : column of n whole counts
        All inhabitants of each unit, none missing; where smaller than the group by rounding, the
        group counts as everybody.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    at_most : column or float
        The largest count that a cell not published can hide: 4 where counts below 5 are withheld,
        inf where only the unit's size limits it.
    index : callable
        `dissimilarity`, `information_theory` or `isolation`.
    parent : Series or float, optional
        Members of the group in each area, by area (a number without `by`); NaN where unknown.
    tolerance : Series or float
        How far the units' counts together can be from `parent`: 0 where all are exact; 4 per
        published unit covers rounding at random to multiples of 5.

    Returns
    -------
    SuppressionBounds

    Raises
    ------
    TypeError, ValueError
        As `by_area`; also for counts that are not whole, another index, negative limits or
        tolerances, a parent that is not given by area.

    Notes
    -----
    Given their sum, the area's share P is fixed and each of these indices is a sum of convex
    functions of one count each. The smallest is then reached by giving out the sum one by one
    where it costs least; the largest with all cells but one empty or full, found by dynamic
    programming over those sums whose upper bound (the chords) exceeds what is reached already.
    All sums are tried: the index is not monotone in a cell, nor in their sum. Exact; where sum
    times cells is above 5e7, sums are tried in steps and then one by one around the best, which
    for the minimum can miss by an integer effect below 1/T.

    References
    ----------
    Duncan, O.D. & Davis, B. (1953). An alternative to ecological correlation. American
    Sociological Review 18(6), 665-666.

    Examples
    --------
    >>> bounds = suppression_bounds([10, 30, np.nan], [40, 40, 20], at_most=4)
    >>> bounds.areas[["low", "high"]].round(4).to_numpy().tolist()
    [[0.5032, 0.5833]]
    >>> bounds.highest.tolist()
    [10.0, 30.0, 0.0]
    """
    if index not in TERMS:
        names = ", ".join(sorted(one.__name__ for one in TERMS))
        raise ValueError(f"index is {index!r}: bounds can be had of {names}")
    x, t = checked_counts({"group": group, "total": total}, may_miss=["group"])
    given = {"group": group, "total": total, "by": by, "at_most": at_most}
    check_same_units({name: column for name, column in given.items() if np.ndim(column)})
    gaps = np.isnan(x)
    if (np.nan_to_num(x) % 1 != 0).any() or (t % 1 != 0).any():
        raise ValueError("group and total: whole counts only")
    limit = np.broadcast_to(np.asarray(at_most, dtype=float), x.shape)
    if not (limit[gaps] >= 0).all():
        raise ValueError("at_most: give numbers of 0 or more for all counts not published")
    columns = {
        "group": np.where(gaps, 0.0, x),
        "total": np.maximum(t, np.nan_to_num(x)),
        "gaps": gaps.astype(float),
        "limit": np.floor(np.minimum(np.nan_to_num(limit, nan=0.0, posinf=2.0**53), t)),
    }
    areas, (x, t, gaps, limit) = by_area(columns, by)
    sums = _of_areas(areas, parent, "parent"), _of_areas(areas, tolerance, "tolerance")
    if (sums[1] < 0).any() or np.isnan(sums[1]).any():
        raise ValueError("tolerance: give numbers of 0 or more")
    return _bounds(areas, x, t, gaps > 0, limit, sums, index, group)


def _of_areas(areas: Areas, given: pd.Series | float | None, name: str) -> np.ndarray:
    """Return one number per area; NaN where nothing is given."""
    if given is None:
        return np.full(len(areas.sizes), np.nan)
    if isinstance(given, pd.Series):
        if areas.labels is None:
            raise TypeError(f"{name}: without by, give one number")
        lacking = areas.labels.difference(given.index)
        if len(lacking) or not given.index.is_unique:
            raise ValueError(
                f"{name} must have each area once; it lacks {list(lacking[:3])}: reindex it first"
            )
        return given.reindex(areas.labels).to_numpy(dtype=float)
    if np.ndim(given) != 0:
        raise TypeError(f"{name}: give a Series by area or one number")
    return np.full(len(areas.sizes), float(given))


def _bounds(areas, x, t, gaps, limit, sums, index, group) -> SuppressionBounds:
    m = len(areas.sizes)
    low_x, high_x = x.copy(), x.copy()
    status = np.full(m, "ok", dtype=object)
    for area in np.flatnonzero(areas.sums(gaps.astype(float)) > 0):
        units = slice(areas.starts[area], areas.starts[area] + areas.sizes[area])
        parent, tolerance = sums[0][area], sums[1][area]
        held = x[units].sum()
        known = not np.isnan(parent)
        one = OpenArea(
            counts=x[units],
            sizes=t[units],
            open_=np.flatnonzero(gaps[units]),
            limits=limit[units][gaps[units]],
            least=parent - tolerance - held if known else 0.0,
            most=parent + tolerance - held if known else ANY,
        )
        status[area], low_x[units], high_x[units] = extremes(one, TERMS[index])
    number = areas.spread(np.arange(m))
    values = []
    for filled in (low_x, high_x):
        some = np.nan_to_num(filled)
        found = np.asarray(index(some, t - some, number), dtype=float) if len(x) else np.empty(0)
        values.append(np.where(status == "ok", found, np.nan))
    status[(status == "ok") & np.isnan(values[0])] = "undefined"
    people = areas.sums(t)
    covered = np.divide(
        areas.sums(np.where(gaps, 0.0, t)), people, out=np.full(m, np.nan), where=people > 0
    )
    table = pd.DataFrame(
        {
            "low": values[0],
            "high": values[1],
            "cells": areas.sums(gaps.astype(float)).astype(int),
            "population_covered": covered,
            "withheld": covered < LEAST_COVERED,
            "status": status.astype(str),
        },
        index=pd.Index(["all"]) if areas.labels is None else areas.labels,
    )
    return SuppressionBounds(
        table, areas.as_given(low_x, group, "group"), areas.as_given(high_x, group, "group")
    )
