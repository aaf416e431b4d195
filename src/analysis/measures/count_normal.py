"""True counts drawn from what was published, spread smoothly, perhaps evener than by chance."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.measures.areas import Areas
from analysis.measures.rounded_counts import RoundedCounts

# Variance of a count as a part of the binomial's, beside that of the shares.
CHANCE_PARTS = np.array([0.0, 0.05, 0.2, 0.5, 1.0])
# Variance of the shares over p (1 - p).
SHARE_VARIANCES = np.array([0, 1e-4, 4e-4, 1.6e-3, 4e-3, 9e-3, 0.02, 0.035, 0.06, 0.1, 0.25])
# The overall share: standard errors beside the one estimated.
SHIFTS = np.array([-1.2, 0.0, 1.2])
# A count given its mean varies at least as a number rounded to a whole one does.
LEAST_VARIANCE = 1 / 12
BLOCK = 32
# Units of several draws are worked on together up to this many: one small town at a time would
# spend its time on calling, and a whole country in memory.
TOGETHER = 20_000


@dataclass(frozen=True)
class CountLaw:
    """What a count follows in each unit: normal, or normal in the angle asin(sqrt(share)).

    Shares of a few per cent lean to the right in most towns: there the angle is the more normal of
    the two, and counts that were withheld because they are small are fewer near 0.
    """

    middle: np.ndarray
    spread: np.ndarray
    size: np.ndarray
    angle: bool

    def standard(self, count: np.ndarray, units: np.ndarray | slice) -> np.ndarray:
        """Return counts of some units, of shape (units,) or (units, k), as standard normal."""
        extra = (slice(None),) + (None,) * (count.ndim - 1)
        middle, spread = self.middle[units][extra], self.spread[units][extra]
        if self.angle:
            size = np.maximum(self.size[units], 1)[extra]
            inside = _angle(np.clip(count / size, 0, 1))
            # Nobody lies below none, and nobody beyond all.
            count = np.where(count < 0, -np.inf, np.where(count > size, np.inf, inside))
        return (count - middle) / spread

    def count(self, standard: np.ndarray, units: np.ndarray | slice) -> np.ndarray:
        """Return the count, not yet whole, of a standard normal number."""
        found = self.middle[units] + self.spread[units] * standard
        if self.angle:
            return self.size[units] * np.sin(np.clip(found, 0, np.pi / 2)) ** 2
        return found


def normal_draws(
    areas: Areas,
    counts: RoundedCounts,
    overall: np.ndarray,
    streams: list[np.random.Generator],
    draws: int,
    *,
    angle: bool = False,
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
    angle : bool
        Whether the angle asin(sqrt(share)) is normal in place of the count, with the same mean
        and, to first order, the same variance.

    Yields
    ------
    tuple of ndarray
        Counts of the group and sizes, each of shape (units,), laid out as the areas.
    """
    shifted = _shifted(areas, counts, overall)
    fit = _fit(areas, counts, shifted, angle)
    reached = np.cumsum(np.exp(fit - fit.max(axis=1, keepdims=True)), axis=1)
    grid = (len(SHIFTS), len(CHANCE_PARTS), len(SHARE_VARIANCES))
    every, number = np.arange(len(reached)), areas.spread(np.arange(len(reached)))
    together = int(np.clip(TOGETHER // max(len(number), 1), 1, BLOCK))
    tiled = [None]
    for of_unit, of_area in _uniform_numbers(areas, streams, draws, together):
        if tiled[0] is None or len(tiled[0].total) != len(of_unit) * len(number):
            copies = _copies(counts, len(of_unit))
            tiled = [copies, _candidates(copies)]
        place = (reached <= of_area[..., None] * reached[:, -1:]).sum(axis=2)
        which = np.unravel_index(np.minimum(place, reached.shape[1] - 1), grid)
        size = tiled[0].sizes(of_unit[:, 0].ravel())
        law = count_law(
            shifted[every, which[0]][:, number].ravel(),
            size,
            CHANCE_PARTS[which[1]][:, number].ravel(),
            SHARE_VARIANCES[which[2]][:, number].ravel(),
            angle,
        )
        drawn = _counts(*tiled, law, of_unit[:, 1].ravel())
        yield from zip(drawn.reshape(-1, len(number)), size.reshape(-1, len(number)), strict=True)


def _copies(counts: RoundedCounts, times: int) -> RoundedCounts:
    """Return the same units several times over, to draw for all in one go."""
    return RoundedCounts(
        **{
            field.name: np.tile(
                column := getattr(counts, field.name), (times,) + (1,) * (column.ndim - 1)
            )
            for field in fields(counts)
        }
    )


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


def _fit(areas: Areas, counts: RoundedCounts, shifted: np.ndarray, angle: bool) -> np.ndarray:
    """Return the logarithm of the posterior of every area and grid point."""
    candidates, at = _candidates(counts), np.flatnonzero(counts.published)
    below = np.flatnonzero(counts.informative & ~counts.published)
    size = counts.total
    fit = []
    for shift in range(len(SHIFTS)):
        p = areas.spread(shifted[:, shift])
        for part in CHANCE_PARTS:
            for variance in SHARE_VARIANCES:
                law = count_law(p, size, part, variance, angle)
                chance = np.ones(len(size))
                chance[at] = _chances(candidates, counts.weight[at], law, at).sum(1)
                chance[below] = ndtr(law.standard(counts.limit[below] - 0.5, below))
                fit.append(areas.sums(np.log(np.maximum(chance, 1e-290))) - SHIFTS[shift] ** 2 / 2)
    return np.stack(fit, axis=1)


def _angle(share: np.ndarray) -> np.ndarray:
    return np.arcsin(np.sqrt(share))


def count_law(
    p: np.ndarray,
    size: np.ndarray,
    part: np.ndarray | float,
    variance: np.ndarray | float,
    angle: bool,
) -> CountLaw:
    """Return what counts with mean p t follow in units of t people.

    Variance (s t + r t^2) p (1 - p) + 1/12; in the angle to first order, with the same mean.

    Parameters
    ----------
    p, size : ndarray
        The overall share, inside 0-1, and the size t of each unit.
    part, variance : ndarray or float
        s and r, see `normal_draws`.
    angle : bool
    """
    spread = np.sqrt((part * size + variance * size**2) * p * (1 - p) + LEAST_VARIANCE)
    if not angle:
        return CountLaw(p * size, spread, size, angle)
    of_angle = np.minimum(spread / (2 * np.maximum(size, 1) * np.sqrt(p * (1 - p))), np.pi / 4)
    # The mean of sin(a)^2 is (1 - cos(2m) exp(-2 s^2)) / 2 for a normal a: m gives the mean p.
    middle = np.arccos(np.clip((1 - 2 * p) * np.exp(2 * of_angle**2), -1, 1)) / 2
    return CountLaw(middle, of_angle, size, angle)


def _candidates(counts: RoundedCounts) -> tuple[np.ndarray, np.ndarray]:
    """Return where the intervals of the possible published counts begin, and how wide they are."""
    some = counts.published
    widest = counts.width[some].max(initial=1)
    step = counts.step[some, None]
    edges = counts.lowest[some, None] - step / 2 + step * np.arange(widest + 1)
    # What would lie below 0 is 0.
    edges[edges < 0] = -np.inf
    return edges, step


def _chances(candidates, weight, law: CountLaw, units) -> np.ndarray:
    """Return how likely each possible count and the published figure are together."""
    edges = law.standard(candidates[0], units).astype(np.float32)
    # From the nearer tail, so that small differences keep their digits.
    tail, upper = ndtr(-np.abs(edges)), edges > 0
    low, high = tail[:, :-1], tail[:, 1:]
    inside = np.where(upper[:, :-1], low - high, np.where(upper[:, 1:], 1 - high, high) - low)
    return inside * weight[:, : inside.shape[1]]


def _counts(counts, candidates, law: CountLaw, uniform) -> np.ndarray:
    size = law.size
    at = counts.published
    count = np.empty(len(size))
    chance = _chances(candidates, counts.weight[at], law, at) + 1e-300
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
        low, high = ndtr(law.standard(np.full(len(top), -0.5), rest)), ndtr(law.standard(top, rest))
        quantile = np.clip(low + uniform[rest] * (high - low), 1e-15, 1 - 1e-15)
        drawn = np.rint(law.count(ndtri(quantile), rest))
        count[rest] = np.clip(drawn, 0, np.ceil(top) - 1)
    return np.clip(count, 0, size)


def _uniform_numbers(
    areas: Areas, streams: list[np.random.Generator], draws: int, together: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield uniform numbers of several draws: two per unit and one per area."""
    units = np.empty((BLOCK, 2, areas.sizes.sum()))
    whole = np.empty((BLOCK, len(areas.sizes)))
    for start in range(0, draws, BLOCK):
        for area, stream in enumerate(streams):
            size = areas.sizes[area]
            place = slice(areas.starts[area], areas.starts[area] + size)
            units[:, :, place] = stream.random((BLOCK, 2, size))
            whole[:, area] = stream.random(BLOCK)
        for first in range(0, min(BLOCK, draws - start), together):
            some = slice(first, min(first + together, draws - start))
            yield units[some], whole[some]
