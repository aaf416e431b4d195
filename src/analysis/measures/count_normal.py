"""True counts drawn from what was published, spread smoothly, perhaps evener than by chance."""

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.measures.areas import Areas
from analysis.measures.rounded_counts import RoundedCounts

# Variance of a count as a part of the binomial's, beside that of the shares.
CHANCE_PARTS = np.array([0.0, 0.05, 0.2, 0.5, 1.0])
# Variance of the shares over p (1 - p).
SHARE_VARIANCES = np.array([0, 1e-4, 4e-4, 1.6e-3, 6e-3, 0.02, 0.07, 0.25])
# The overall share: standard errors beside the one estimated.
SHIFTS = np.array([-1.2, 0.0, 1.2])
# A count given its mean varies at least as a number rounded to a whole one does.
LEAST_VARIANCE = 1 / 12
BLOCK = 32


def normal_draws(
    areas: Areas,
    counts: RoundedCounts,
    overall: np.ndarray,
    streams: list[np.random.Generator],
    draws: int,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield draws of true counts: the group and the size of every unit.

    The count in a unit of t people is normal around p t, cut to whole numbers, with variance
    (s t + r t^2) p (1 - p): s is 1 when each inhabitant belongs to the group by chance and less
    when the group is spread more evenly, r is the variance of the shares. p, s and r of the area
    are drawn from their posterior on a grid, a priori all alike. A free-form distribution of
    shares (`mixture_draws`) cannot be more even than chance, and this one can.

    Parameters
    ----------
    areas : Areas
    counts : RoundedCounts
    overall : ndarray
        The group's share in each area.
    streams : list of Generator
        One per area.
    draws : int

    Yields
    ------
    tuple of ndarray
        Counts of the group and sizes, each of shape (units,), laid out as the areas.
    """
    shifted = _shifted(areas, counts, overall)
    fit = _fit(areas, counts, shifted)
    reached = np.cumsum(np.exp(fit - fit.max(axis=1, keepdims=True)), axis=1)
    grid = (len(SHIFTS), len(CHANCE_PARTS), len(SHARE_VARIANCES))
    every, candidates = np.arange(len(reached)), _candidates(counts)
    for of_unit, of_area in _uniform_numbers(areas, streams, draws):
        place = (reached <= (of_area * reached[:, -1])[:, None]).sum(axis=1)
        which = np.unravel_index(np.minimum(place, reached.shape[1] - 1), grid)
        size = counts.sizes(of_unit[0])
        p = areas.spread(shifted[every, which[0]])
        mean, spread = _mean_and_spread(
            p,
            size,
            areas.spread(CHANCE_PARTS[which[1]]),
            areas.spread(SHARE_VARIANCES[which[2]]),
        )
        yield _counts(counts, candidates, mean, spread, size, of_unit[1]), size


def _shifted(areas: Areas, counts: RoundedCounts, overall: np.ndarray) -> np.ndarray:
    """Return the overall shares tried in each area, of shape (areas, shifts)."""
    p = areas.spread(overall)
    possible = counts.lowest[:, None] + counts.step[:, None] * np.arange(counts.weight.shape[1])
    weight = counts.weight / np.maximum(counts.weight.sum(axis=1, keepdims=True), 1e-300)
    mean = (weight * possible).sum(axis=1, keepdims=True)
    known = (weight * (possible - mean) ** 2).sum(axis=1)
    unknown = counts.total * p * (1 - p) + (counts.total * p) ** 2 / 2
    variance = areas.sums(np.where(counts.published, known, unknown))
    error = np.sqrt(variance) / np.maximum(areas.sums(counts.total), 1)
    return np.clip(overall[:, None] + SHIFTS * error[:, None], 1e-5, 1 - 1e-5)


def _fit(areas: Areas, counts: RoundedCounts, shifted: np.ndarray) -> np.ndarray:
    """Return the logarithm of the posterior of every area and grid point."""
    candidates, at = _candidates(counts), np.flatnonzero(counts.published)
    below = np.flatnonzero(counts.informative & ~counts.published)
    size = counts.total
    fit = []
    for shift in range(len(SHIFTS)):
        p = areas.spread(shifted[:, shift])
        for part in CHANCE_PARTS:
            for variance in SHARE_VARIANCES:
                mean, spread = _mean_and_spread(p, size, part, variance)
                chance = np.ones(len(size))
                chance[at] = _chances(candidates, counts.weight[at], mean[at], spread[at]).sum(1)
                edge = (counts.limit[below] - 0.5 - mean[below]) / spread[below]
                chance[below] = ndtr(edge)
                fit.append(areas.sums(np.log(np.maximum(chance, 1e-290))) - SHIFTS[shift] ** 2 / 2)
    return np.stack(fit, axis=1)


def _mean_and_spread(p, size, part, variance) -> tuple[np.ndarray, np.ndarray]:
    return p * size, np.sqrt((part * size + variance * size**2) * p * (1 - p) + LEAST_VARIANCE)


def _candidates(counts: RoundedCounts) -> tuple[np.ndarray, np.ndarray]:
    """Return where the intervals of the possible published counts begin, and how wide they are."""
    some = counts.published
    widest = counts.width[some].max(initial=1)
    step = counts.step[some, None]
    edges = counts.lowest[some, None] - step / 2 + step * np.arange(widest + 1)
    # What would lie below 0 is 0.
    edges[edges < 0] = -np.inf
    return edges, step


def _chances(candidates, weight, mean, spread) -> np.ndarray:
    """Return how likely each possible count and the published figure are together."""
    edges = ((candidates[0] - mean[:, None]) / spread[:, None]).astype(np.float32)
    # From the nearer tail, so that small differences keep their digits.
    tail, upper = ndtr(-np.abs(edges)), edges > 0
    low, high = tail[:, :-1], tail[:, 1:]
    inside = np.where(upper[:, :-1], low - high, np.where(upper[:, 1:], 1 - high, high) - low)
    return inside * weight[:, : inside.shape[1]]


def _counts(counts, candidates, mean, spread, size, uniform) -> np.ndarray:
    at = counts.published
    count = np.empty(len(size))
    chance = _chances(candidates, counts.weight[at], mean[at], spread[at]) + 1e-300
    possible = counts.lowest[at, None] + counts.step[at, None] * np.arange(chance.shape[1])
    reached = np.cumsum(
        chance * ((possible <= size[at, None]) & (counts.weight[at][:, : chance.shape[1]] > 0)),
        axis=1,
    )
    place = (reached <= (uniform[at] * reached[:, -1])[:, None]).sum(axis=1)
    count[at] = counts.lowest[at] + counts.step[at] * np.minimum(place, counts.width[at] - 1)
    rest = ~at
    if rest.any():
        top = np.minimum(counts.limit[rest] - 0.5, size[rest] + 0.5)
        low = ndtr((-0.5 - mean[rest]) / spread[rest])
        high = ndtr((top - mean[rest]) / spread[rest])
        quantile = np.clip(low + uniform[rest] * (high - low), 1e-15, 1 - 1e-15)
        drawn = np.rint(mean[rest] + spread[rest] * ndtri(quantile))
        count[rest] = np.clip(drawn, 0, np.ceil(top) - 1)
    return np.clip(count, 0, size)


def _uniform_numbers(
    areas: Areas, streams: list[np.random.Generator], draws: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield uniform numbers: two per unit and one per area."""
    units = np.empty((BLOCK, 2, areas.sizes.sum()))
    whole = np.empty((BLOCK, len(areas.sizes)))
    for start in range(0, draws, BLOCK):
        for area, stream in enumerate(streams):
            size = areas.sizes[area]
            place = slice(areas.starts[area], areas.starts[area] + size)
            units[:, :, place] = stream.random((BLOCK, 2, size))
            whole[:, area] = stream.random(BLOCK)
        yield from zip(units[: draws - start], whole[: draws - start], strict=False)
