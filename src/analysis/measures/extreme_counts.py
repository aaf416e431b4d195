"""Counts of one area that make an index as small or as large as what was published allows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

from analysis.measures.evenness import dissimilarity, information_theory
from analysis.measures.exposure import isolation

# Terms of a unit, given counts, sizes, the area's share and its population.
Terms = Callable[[np.ndarray, np.ndarray, np.ndarray, float], np.ndarray]
# Sums times steps that are all tried.
ALL_TRIED = 5e7
CHUNK = 4_000_000
COARSE = 200
SAME = 1e-12


@dataclass(frozen=True)
class OpenArea:
    """An area in which some counts were not published.

    Attributes
    ----------
    counts, sizes : ndarray
        The group (0 where not published) and all inhabitants of each unit.
    open_ : ndarray of int
        Which units' counts were not published.
    limits : ndarray
        The largest count that each of these can have.
    least, most : float
        What they together are at least and at most.
    """

    counts: np.ndarray
    sizes: np.ndarray
    open_: np.ndarray
    limits: np.ndarray
    least: float
    most: float


def dissimilarity_terms(x: np.ndarray, t: np.ndarray, p: np.ndarray, people: float) -> np.ndarray:
    """Return |x - p t| / (2 T p (1 - p)): added up, the dissimilarity."""
    return np.abs(x - p * t) / (2 * people * p * (1 - p))


def information_terms(x: np.ndarray, t: np.ndarray, p: np.ndarray, people: float) -> np.ndarray:
    """Return (x ln(x/pt) + (t - x) ln((t - x)/(1 - p)t)) / (T E(p)): added up, the index H."""
    mix = -xlogy(p, p) - xlogy(1 - p, 1 - p)
    size = np.where(t > 0, t, 1.0)
    gained = xlogy(x, x / (p * size)) + xlogy(t - x, (t - x) / ((1 - p) * size))
    return gained / (people * mix)


def isolation_terms(x: np.ndarray, t: np.ndarray, p: np.ndarray, people: float) -> np.ndarray:
    """Return x^2 / (t T p): added up, the isolation."""
    return x * x / (np.where(t > 0, t, 1.0) * people * p)


TERMS: dict[Callable, Terms] = {
    dissimilarity: dissimilarity_terms,
    information_theory: information_terms,
    isolation: isolation_terms,
}


def extremes(area: OpenArea, terms: Terms) -> tuple[str, np.ndarray, np.ndarray]:
    """Return a status and the counts with the smallest and with the largest index.

    Parameters
    ----------
    area : OpenArea
    terms : callable
        A convex function of the count in each unit, which adds up to the index.

    Returns
    -------
    str, ndarray, ndarray
        'ok', 'contradictory' where no counts add up as they should, 'undefined' where the group is
        absent from every table, or the others are and the index compares with them; the counts,
        NaN unless 'ok'.
    """
    held, people = area.counts.sum(), area.sizes.sum()
    first = max(np.ceil(area.least - 1e-9), 0.0)
    last = min(np.floor(area.most + 1e-9), area.limits.sum())
    nothing = np.full(len(area.counts), np.nan)
    if first > last:
        return "contradictory", nothing, nothing
    sums = np.arange(int(first), int(last) + 1)
    members = held + sums
    # Isolation is defined, and 1, where everybody is of the group.
    sums = sums[(members > 0) & ((members < people) | (terms is isolation_terms))]
    if not len(sums):
        return "undefined", nothing, nothing
    found = []
    for reach, sign in ((_smallest, 1), (_largest, -1)):
        tried = _tried(sums, area, lambda some, r=reach, s=sign: s * r(area, terms, some)[0])
        _, counts = reach(area, terms, tried, with_counts=True)
        filled = area.counts.copy()
        filled[area.open_] = counts
        found.append(filled)
    return "ok", *found


def _tried(sums: np.ndarray, area: OpenArea, value: Callable) -> np.ndarray:
    """Return the sums worth trying: all, or the neighbourhood of the best of a coarse grid."""
    if len(sums) * area.limits.sum() <= ALL_TRIED:
        return sums
    step = max(1, len(sums) // COARSE)
    places = np.unique(np.append(np.arange(0, len(sums), step), len(sums) - 1))
    best = places[np.argmin(value(sums[places]))]
    return sums[max(best - step, 0) : best + step + 1]


def _published(area: OpenArea, terms: Terms, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the area's share at each sum, and what the published units add to the index."""
    people = area.sizes.sum()
    shares = (area.counts.sum() + sums) / people
    shown = np.delete(np.arange(len(area.counts)), area.open_)
    x, t = area.counts[shown], area.sizes[shown]
    added = np.empty(len(sums))
    for some in _pieces(len(sums), len(x)):
        added[some] = terms(x, t, shares[some, None], people).sum(axis=1)
    return shares, added


def _pieces(rows: int, columns: int) -> list[slice]:
    step = max(1, int(CHUNK // max(columns, 1)))
    return [slice(start, start + step) for start in range(0, rows, step)]


def _smallest(area: OpenArea, terms: Terms, sums: np.ndarray, *, with_counts: bool = False):
    """Return the smallest index at each sum, or that of all sums and its counts."""
    people, t = area.sizes.sum(), area.sizes[area.open_]
    shares, added = _published(area, terms, sums)
    cell = np.repeat(np.arange(len(t)), area.limits.astype(int))
    first = np.cumsum(area.limits) - area.limits
    step = np.arange(len(cell)) - np.repeat(first, area.limits.astype(int))
    values = np.empty(len(sums))
    for some in _pieces(len(sums), len(cell) + 1):
        p = shares[some, None]
        cost = terms(step + 1, t[cell], p, people) - terms(step, t[cell], p, people)
        # One by one where it costs least: convex terms make each next step of a cell dearer.
        cost.sort(axis=1)
        spent = np.concatenate([np.zeros((len(cost), 1)), np.cumsum(cost, axis=1)], axis=1)
        nothing = terms(np.zeros(len(t)), t, p, people).sum(axis=1)
        values[some] = added[some] + nothing + spent[np.arange(len(cost)), sums[some]]
    if not with_counts:
        return values, None
    best = int(np.argmin(values))
    p = shares[best]
    cost = terms(step + 1, t[cell], p, people) - terms(step, t[cell], p, people)
    taken = cell[np.argsort(cost, kind="stable")[: sums[best]]]
    return values[best], np.bincount(taken, minlength=len(t)).astype(float)


def _largest(area: OpenArea, terms: Terms, sums: np.ndarray, *, with_counts: bool = False):
    """Return an upper bound of the index at each sum, or the largest of all sums and its counts."""
    people, t, limits = area.sizes.sum(), area.sizes[area.open_], area.limits
    shares, added = _published(area, terms, sums)
    upper = np.empty(len(sums))
    for some in _pieces(len(sums), len(t)):
        p = shares[some, None]
        empty, full = terms(np.zeros(len(t)), t, p, people), terms(limits, t, p, people)
        slope = (full - empty) / np.maximum(limits, 1)
        order = np.argsort(-slope, axis=1, kind="stable")
        room = limits[order]
        before = np.cumsum(room, axis=1) - room
        filled = np.clip(sums[some, None] - before, 0, room)
        chord = np.take_along_axis(empty, order, 1) + filled * np.take_along_axis(slope, order, 1)
        upper[some] = added[some] + chord.sum(axis=1)
    if not with_counts:
        return upper, None
    best, counts = -np.inf, None
    for place in np.argsort(-upper, kind="stable"):
        # No later sum can do better: its upper bound is no higher.
        if counts is not None and upper[place] <= best + SAME:
            break
        value, found = _fullest(t, limits, int(sums[place]), shares[place], people, terms)
        if value + added[place] > best:
            best, counts = value + added[place], found
    return best, counts


def _fullest(t, limits, total: int, p: float, people: float, terms: Terms):
    """Return the largest sum of terms with counts that add up to a total, and the counts.

    Dynamic programming over the cells: a convex sum is largest where all counts but at most one
    are 0 or at their limit.
    """
    # Best value of each total so far, with all counts extreme and with one in between.
    plain = np.full(total + 1, -np.inf)
    plain[0] = 0.0
    once = np.full(total + 1, -np.inf)
    steps = []
    for size, limit in zip(t, limits.astype(int), strict=True):
        worth = terms(np.arange(limit + 1.0), size, p, people)
        take_plain, plain_next = _best_of(_shifted(plain, (0, limit), worth))
        take_once, once_next = _best_of(_shifted(once, (0, limit), worth))
        between = range(1, min(limit, total + 1))
        take_between, between_next = _best_of(_shifted(plain, between, worth))
        better = between_next > once_next
        steps.append(
            (
                np.array([0, limit])[take_plain],
                np.where(better, take_between + 1, np.array([0, limit])[take_once]),
                better,
            )
        )
        plain, once = plain_next, np.where(better, between_next, once_next)
    used = bool(once[total] > plain[total])
    value, left = (once if used else plain)[total], total
    counts = np.zeros(len(t))
    for cell in range(len(t) - 1, -1, -1):
        of_plain, of_once, was_between = steps[cell]
        counts[cell] = of_once[left] if used else of_plain[left]
        if used and was_between[left]:
            used = False
        left -= int(counts[cell])
    return value, counts


def _shifted(values: np.ndarray, counts, worth: np.ndarray) -> np.ndarray:
    """Return the value of each total if the cell takes each of these counts."""
    found = np.full((max(len(counts), 1), len(values)), -np.inf)
    for place, count in enumerate(counts):
        if count < len(values):
            found[place, count:] = values[: len(values) - count] + worth[count]
    return found


def _best_of(found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    take = found.argmax(axis=0)
    return take, np.take_along_axis(found, take[None], 0)[0]
