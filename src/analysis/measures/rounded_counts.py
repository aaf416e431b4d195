"""What whole numbers can lie behind counts that were rounded, or not published, before release."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from analysis.measures.areas import Areas

# Cells that were not published are summed over where they can hold at most this many people, and
# taken as normal beyond.
WIDEST = 64
# An integer percentage of a large unit leaves many counts; they are taken in this many steps.
STEPS = 21


@dataclass(frozen=True)
class RoundedCounts:
    """Laid-out units with the true counts that each can have.

    Attributes
    ----------
    total : ndarray
        The likely size of each unit, of shape (n,): as published, but not below the group.
    lowest, step, width : ndarray
        The group's possible counts are lowest + step * j, j = 0 .. width - 1. Width 0: any number
        up to the size of the unit.
    weight : ndarray
        Of shape (n, most): how likely the published figure is if the count is the j-th.
    total_lowest, total_chance : ndarray
        The size is total_lowest + j where a uniform number is below the j-th cumulative chance of
        shape (n, most sizes).
    published : ndarray of bool
        Whether the group's count was published.
    informative : ndarray of bool
        Whether anything is known of the group's count.
    limit : ndarray
        The count is below this, infinite where it was published or nothing is known.
    """

    total: np.ndarray
    lowest: np.ndarray
    step: np.ndarray
    width: np.ndarray
    weight: np.ndarray
    total_lowest: np.ndarray
    total_chance: np.ndarray
    published: np.ndarray
    informative: np.ndarray
    limit: np.ndarray

    def sizes(self, uniform: np.ndarray) -> np.ndarray:
        """Return one possible size per unit from uniform numbers."""
        place = (self.total_chance <= uniform[:, None]).sum(axis=1)
        return np.maximum(self.total_lowest + place, self.lowest)


def rounding_weight(distance: np.ndarray, base: int, scheme: str) -> np.ndarray:
    """Return how likely a count is rounded to a multiple of `base` at this distance.

    With 'random', up with probability r/base, r the remainder: without bias. With 'nearest', to
    the nearest multiple; half way (an even base only) to either.
    """
    distance = np.abs(distance)
    if scheme == "random":
        return np.clip(1 - distance / base, 0, None)
    return np.where(2 * distance < base, 1.0, np.where(2 * distance == base, 0.5, 0.0))


def from_rounded(
    group: np.ndarray,
    total: np.ndarray,
    *,
    base: int,
    total_base: int,
    scheme: str,
    group_below: np.ndarray,
    total_below: float,
    size_chance: np.ndarray | None = None,
) -> RoundedCounts:
    """Return the possible counts behind published multiples of `base`.

    Parameters
    ----------
    group, total : ndarray
        As published; NaN where not.
    base, total_base : int
        What the two were rounded to.
    scheme : {'random', 'nearest'}
        See `rounding_weight`.
    group_below : ndarray
        What a count that is not published is known to be below; infinite where nothing is known.
    total_below : float
        What a size that is not published is known to be below.
    size_chance : ndarray, optional
        How likely such a size is 0, 1, 2 ..., of shape (n, total_below), see `size_chances`.

    Returns
    -------
    RoundedCounts
    """
    published = ~np.isnan(group)
    half = _half(base, scheme)
    lowest = np.where(published, np.maximum(group - half, 0), 0.0)
    highest = np.where(published, group + half, np.nan)
    total_lowest, total_chance = _sizes(total, lowest, total_base, scheme, size_chance)
    unknown = np.isnan(total)
    mean_size = 0.0 if size_chance is None else size_chance @ np.arange(size_chance.shape[1])
    likely = np.where(unknown, np.rint(mean_size), np.maximum(total, lowest))
    largest = np.where(np.isnan(total), total_below - 1, likely + _half(total_base, scheme))
    limit = np.where(published, np.inf, group_below)
    top = np.minimum(limit - 1, largest)
    highest = np.where(published, highest, np.where(top <= WIDEST, top, np.nan))
    width = np.where(np.isnan(highest), 0, highest - lowest + 1).astype(int)
    candidate = lowest[:, None] + np.arange(width.max(initial=1))
    inside = np.arange(candidate.shape[1]) < width[:, None]
    weight = np.where(inside, 1.0, 0.0)
    weight[published] *= rounding_weight(
        candidate[published] - group[published, None], base, scheme
    )
    return RoundedCounts(
        total=likely,
        lowest=lowest,
        step=np.ones(len(group)),
        width=width,
        weight=weight,
        total_lowest=total_lowest,
        total_chance=total_chance,
        published=published,
        informative=published | (np.isfinite(limit) & ~np.isnan(total)),
        limit=limit,
    )


def from_percentages(
    percentage: np.ndarray, total: np.ndarray, *, total_base: int, scheme: str
) -> RoundedCounts:
    """Return the possible counts behind whole percentages of published sizes.

    All counts whose percentage is nearest to the one published are as likely. NaN percentages
    leave the count open.
    """
    published = ~np.isnan(percentage)
    share = np.where(published, percentage, 0.0)
    low = np.ceil(np.maximum(share - 0.5, 0) / 100 * total - 1e-9)
    high = np.floor(np.minimum(share + 0.5, 100) / 100 * total + 1e-9)
    # The size is rounded too: where no whole number fits, the nearest one does.
    nearest = np.rint(share / 100 * total)
    low, high = np.minimum(low, nearest), np.maximum(high, nearest)
    step = np.maximum(np.ceil((high - low + 1) / STEPS), 1.0)
    width = np.floor((high - low) / step) + 1
    middle = low + np.floor((high - low - (width - 1) * step) / 2)
    lowest = np.where(published, middle, 0.0)
    open_width = np.where(total <= WIDEST, total + 1, 0)
    width = np.where(published, width, open_width).astype(int)
    weight = np.where(np.arange(width.max(initial=1)) < width[:, None], 1.0, 0.0)
    total_lowest, total_chance = _sizes(total, lowest, total_base, scheme, None)
    return RoundedCounts(
        total=np.maximum(total, lowest),
        lowest=lowest,
        step=np.where(published, step, 1.0),
        width=width,
        weight=weight,
        total_lowest=total_lowest,
        total_chance=total_chance,
        published=published,
        informative=published,
        limit=np.full(len(total), np.inf),
    )


def _half(base: int, scheme: str) -> int:
    """Return how far a published multiple can be from the count."""
    return base - 1 if scheme == "random" else base // 2


def size_chances(areas: Areas, total: np.ndarray, below: float) -> np.ndarray:
    """Return how likely each size is that a unit of unpublished size in the area can have.

    Lognormal, through the sizes published and the number of those below the threshold, cut off at
    it; all sizes as likely where fewer than three sizes of the area were published.

    Returns
    -------
    ndarray
        Of shape (units, ceil(below)); each row adds up to 1.
    """
    size = np.arange(int(np.ceil(below)))
    unknown = np.isnan(total)
    seen = ~unknown & (total >= below)
    logs = areas.sums(np.where(seen, np.log(np.where(seen, total, 1.0)), 0.0))
    many, small = areas.sums(seen.astype(float)), areas.sums(unknown.astype(float))
    # The threshold lies z standard deviations above the middle, and the mean of what is above it
    # lies mills of them above the middle.
    part = np.clip((small + 0.5) / (small + many + 1), 0.001, 0.999)
    z = ndtri(part)
    mills = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) / (1 - part)
    edge = np.log(below)
    spread = np.clip((logs / np.maximum(many, 1) - edge) / (mills - z), 0.2, 3.0)
    middle = edge - z * spread
    off = (np.log(np.maximum(size, 0.5)) - middle[:, None]) / spread[:, None]
    chance = np.exp(-np.minimum(off * off / 2, 300)) / np.maximum(size, 0.5)
    chance[many < 3] = 1.0
    chance /= chance.sum(axis=1, keepdims=True)
    return np.repeat(chance, areas.sizes, axis=0)


def _sizes(
    total: np.ndarray,
    lowest: np.ndarray,
    base: int,
    scheme: str,
    size_chance: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    unknown = np.isnan(total)
    half = _half(base, scheme)
    first = np.where(unknown, 0.0, np.maximum(total - half, 0))
    many = 2 * half + 1
    if size_chance is not None:
        many = max(many, size_chance.shape[1])
    size = first[:, None] + np.arange(many)
    weight = rounding_weight(size - np.where(unknown, 0.0, total)[:, None], base, scheme)
    if size_chance is not None:
        weight[unknown] = 0.0
        weight[unknown, : size_chance.shape[1]] = size_chance[unknown]
    chance = np.cumsum(weight * (size >= lowest[:, None]), axis=1)
    # No size fits a group published as larger: the smallest that holds the group then.
    return first, chance / np.where(chance[:, -1:] > 0, chance[:, -1:], 1.0)
