"""True counts drawn from what was published, with a free-form distribution of shares per area."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, gammaln, ndtri

from analysis.measures.areas import Areas
from analysis.measures.rounded_counts import RoundedCounts

# Shares that the distribution is made of, evenly spaced by angle: asin(sqrt p).
SHARES = 48
# Concentrations of the beta distribution, and weights given to it, that the base can have.
CONCENTRATIONS = np.array([1.5, 4, 10, 25, 60, 150, 600, 4000])
BASE_WEIGHTS = np.array([4.0, 25.0])
STARTING_STEPS = 20
BURN_IN = 60
# The base is drawn anew once in so many draws: it moves slowly and costs much.
BASE_EVERY = 6
TINY = 1e-290


@dataclass(frozen=True)
class ShareMixture:
    """The shares an area's units can have, and how well each explains each unit.

    Attributes
    ----------
    areas : Areas
    counts : RoundedCounts
    alpha, beta : ndarray
        Parameters of the beta distributions around the shares, of shape (areas, shares).
    likelihood : ndarray of float32
        Of shape (units, shares).
    start : ndarray
        Fitted weights of the shares, of shape (areas, shares).
    edges : ndarray
        Where the beta distributions meet, of shape (areas, shares + 1).
    overall : ndarray
        The group's share in each area.
    slope, slope_error, middle : ndarray
        By how much the angle of the share rises with the logarithm of the size in each area, its
        standard error, and the mean logarithm. Units of which nothing was published are often
        small, and need not be like larger ones.
    """

    areas: Areas
    counts: RoundedCounts
    alpha: np.ndarray
    beta: np.ndarray
    likelihood: np.ndarray
    start: np.ndarray
    edges: np.ndarray
    overall: np.ndarray
    slope: np.ndarray
    slope_error: np.ndarray
    middle: np.ndarray


def share_mixture(areas: Areas, counts: RoundedCounts) -> ShareMixture:
    """Return the mixture of shares of every area, fitted by maximum likelihood."""
    edges = _edges(areas, counts)
    angle = (edges[:, 1:] + edges[:, :-1]) / 2
    spacing = (edges[:, 1:] - edges[:, :-1])[:, :1]
    share = np.sin(angle) ** 2
    # A beta as wide as the distance to the next share: 4 p (1 - p) (0.6 spacing)^2 is its variance.
    concentration = 1 / np.clip(4 * (0.6 * spacing) ** 2, 1e-7, None) - 1
    alpha, beta = share * concentration, (1 - share) * concentration
    likelihood = _likelihood(areas, counts, alpha, beta)
    weights = np.full(share.shape, 1 / SHARES)
    for _ in range(STARTING_STEPS):
        belongs = np.repeat(weights, areas.sizes, axis=0) * likelihood
        belongs /= belongs.sum(axis=1, keepdims=True)
        weights = np.add.reduceat(belongs, areas.starts, axis=0) / areas.sizes[:, None]
    expected = (belongs * np.repeat(share, areas.sizes, axis=0)).sum(axis=1) * counts.total
    overall = areas.sums(expected) / np.maximum(areas.sums(counts.total), 1)
    return ShareMixture(
        areas,
        counts,
        alpha,
        beta,
        likelihood.astype(np.float32),
        weights,
        np.sin(edges) ** 2,
        np.clip(overall, 1e-4, 1 - 1e-4),
        *_slope_with_size(areas, counts, (belongs * np.repeat(angle, areas.sizes, axis=0)).sum(1)),
    )


def mixture_draws(
    mixture: ShareMixture, streams: list[np.random.Generator], draws: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield draws of true counts: the group and the size of every unit.

    The group's share in a unit comes from a Dirichlet process over the area's shares; its base is
    a beta distribution around the overall share, of which concentration and weight are drawn too.
    Gibbs sampling: unit -> share, shares -> weights, base; then sizes and counts given all.

    Parameters
    ----------
    mixture : ShareMixture
    streams : list of Generator
        One per area.
    draws : int
        After a burn-in of 60.

    Yields
    ------
    tuple of ndarray
        Counts of the group and sizes, each of shape (units,), laid out as the areas.
    """
    areas, counts = mixture.areas, mixture.counts
    m = len(areas.sizes)
    number = areas.spread(np.arange(m))
    prior, normaliser, weight_of_base = _priors(mixture)
    weights, likelihood = mixture.start.astype(np.float32), mixture.likelihood
    chosen = prior[:, prior.shape[1] // 2]
    numbers, unknown = _uniform_numbers(areas, streams), ~counts.informative
    for turn in range(BURN_IN + draws):
        of_unit, of_area = next(numbers)
        reached = np.cumsum(np.repeat(weights, areas.sizes, axis=0) * likelihood, axis=1)
        place = (reached <= (of_unit[0] * reached[:, -1])[:, None]).sum(axis=1)
        place = np.minimum(place, SHARES - 1)
        held = np.bincount(number * SHARES + place, minlength=m * SHARES).reshape(m, SHARES)
        if turn % BASE_EVERY == 0:
            chosen = _drawn_base(
                prior, normaliser, weight_of_base, held, areas.sizes, of_area[:, -1]
            )
        gamma = gamma_quantiles(held + chosen, of_area[:, :SHARES], of_area[:, SHARES:-2])
        weights = (gamma / gamma.sum(axis=1, keepdims=True)).astype(np.float32)
        if turn < BURN_IN:
            continue
        size = counts.sizes(of_unit[1])
        alpha, beta = mixture.alpha[number, place], mixture.beta[number, place]
        if unknown.any():
            tilt = mixture.slope + mixture.slope_error * ndtri(of_area[:, -2])
            alpha, beta = _tilted(alpha, beta, size, tilt[number], mixture.middle[number], unknown)
        yield _counts_given_shares(counts, size, alpha, beta, of_unit[2]), size


def gamma_quantiles(shape: np.ndarray, uniform: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return gamma numbers of these shapes from two uniform ones (Wilson & Hilferty 1931).

    Within a few per cent, which the weights of a mixture do not notice; two uniform numbers each,
    whatever the shape, keep the streams of all areas in step.
    """
    larger = shape + 1
    cube = 1 - 1 / (9 * larger) + ndtri(uniform) / (3 * np.sqrt(larger))
    with np.errstate(under="ignore"):
        return larger * np.maximum(cube, 1e-3) ** 3 * other ** (1 / shape) + TINY


def _edges(areas: Areas, counts: RoundedCounts) -> np.ndarray:
    """Return the angles between which the shares of each area lie, evenly spaced."""
    likely = counts.lowest + counts.step * (counts.width - 1) / 2
    angle = np.arcsin(np.sqrt(np.clip((likely + 0.3) / (counts.total + 0.6), 0, 1)))
    # Where a count is not published the share can be anything.
    low = np.minimum.reduceat(np.where(counts.published, angle, 0.0), areas.starts)
    high = np.maximum.reduceat(np.where(counts.published, angle, np.pi / 2), areas.starts)
    low = np.clip(low - 0.02, 0.005, None)
    high = np.clip(high + 0.02, low + 0.04, np.pi / 2 - 0.005)
    return low[:, None] + (high - low)[:, None] * np.arange(SHARES + 1) / SHARES


def _likelihood(
    areas: Areas, counts: RoundedCounts, alpha: np.ndarray, beta: np.ndarray
) -> np.ndarray:
    known = counts.informative
    likelihood = np.ones((len(known), SHARES))
    if not known.any():
        return likelihood
    number = areas.spread(np.arange(len(areas.sizes)))[known]
    a, b = alpha[number], beta[number]
    first, size = counts.lowest[known, None], counts.total[known, None]
    constant = gammaln(alpha) + gammaln(beta) - gammaln(alpha + beta)
    chance = np.exp(
        gammaln(size + 1)
        - gammaln(first + 1)
        - gammaln(size - first + 1)
        + gammaln(first + a)
        + gammaln(size - first + b)
        - gammaln(size + a + b)
        - constant[number]
    )
    step, weight = counts.step[known, None], counts.weight[known]
    total = np.zeros_like(chance)
    for j in range(counts.width[known].max()):
        total += weight[:, j, None] * chance
        chance = chance * _rise(first + step * j, step, size, a, b)
    total = np.maximum(total, TINY)
    likelihood[known] = total / total.max(axis=1, keepdims=True)
    return likelihood


def _slope_with_size(areas: Areas, counts: RoundedCounts, angle: np.ndarray) -> tuple:
    """Return slope, standard error and mean of a regression of angle on log size, per area."""
    seen = (counts.published & (counts.total > 0)).astype(float)
    log_size = np.log(np.maximum(counts.total, 1))
    many = np.maximum(areas.sums(seen), 1)
    middle = areas.sums(seen * log_size) / many
    off = seen * (log_size - areas.spread(middle))
    away = seen * (angle - areas.spread(areas.sums(seen * angle) / many))
    spread = np.maximum(areas.sums(off**2), 1e-9)
    slope = areas.sums(off * away) / spread
    left = areas.sums((away - areas.spread(slope) * off) ** 2) / np.maximum(many - 2, 1)
    # A few units, or units of nearly one size, tell nothing of others.
    told = (many >= 8) & (spread > 0.1)
    return np.where(told, slope, 0.0), np.where(told, np.sqrt(left / spread), 0.0), middle


def _tilted(alpha, beta, size, tilt, middle, unknown) -> tuple[np.ndarray, np.ndarray]:
    """Return the beta distributions of units of which nothing is known, moved by their size."""
    whole = alpha + beta
    angle = np.arcsin(np.sqrt(alpha / whole)) + tilt * (np.log(np.maximum(size, 1)) - middle)
    share = np.where(unknown, np.sin(np.clip(angle, 0.005, np.pi / 2 - 0.005)) ** 2, alpha / whole)
    return share * whole, (1 - share) * whole


def _rise(count, step, size, alpha, beta):
    """Return the beta-binomial chance of count + step over that of count."""
    middle = count + (step - 1) / 2
    left = np.maximum(size - middle, 0)
    rise = left * (middle + alpha) / ((middle + 1) * np.maximum(left - 1 + beta, 1e-9))
    return rise if np.all(step == 1) else rise**step


def _counts_given_shares(
    counts: RoundedCounts,
    size: np.ndarray,
    alpha: np.ndarray,
    beta: np.ndarray,
    uniform: np.ndarray,
) -> np.ndarray:
    reached = np.zeros((counts.weight.shape[1], len(size)))
    chance, total = np.ones(len(size)), np.zeros(len(size))
    for j in range(len(reached)):
        count = counts.lowest + counts.step * j
        total = total + counts.weight[:, j] * chance * (count <= size)
        reached[j] = total
        chance = chance * _rise(count, counts.step, size, alpha, beta)
    place = (reached <= uniform * total).sum(axis=0)
    count = counts.lowest + counts.step * np.minimum(place, np.maximum(counts.width - 1, 0))
    open_ = counts.width == 0
    if open_.any():
        p = alpha / (alpha + beta)
        variance = size * p * (1 - p) * (alpha + beta + size) / (alpha + beta + 1)
        count = np.where(open_, np.rint(size * p + np.sqrt(variance) * ndtri(uniform)), count)
    return np.clip(count, 0, size)


def _priors(mixture: ShareMixture) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return every base (weight times beta distribution), of shape (areas, bases, shares)."""
    p = mixture.overall[:, None, None]
    reached = betainc(
        p * CONCENTRATIONS[:, None], (1 - p) * CONCENTRATIONS[:, None], mixture.edges[:, None, :]
    )
    base = np.diff(reached, axis=2) + 1e-6
    base /= base.sum(axis=2, keepdims=True)
    prior = (BASE_WEIGHTS[:, None, None] * base[:, None]).reshape(len(base), -1, SHARES)
    return prior, gammaln(prior).sum(axis=2), np.repeat(BASE_WEIGHTS, len(CONCENTRATIONS))


def _drawn_base(prior, normaliser, weight, held, sizes, uniform) -> np.ndarray:
    """Return one base per area, drawn by how well it explains where the units are."""
    fit = (
        gammaln(prior + held[:, None, :]).sum(axis=2)
        - normaliser
        + gammaln(weight)
        - gammaln(weight + sizes[:, None])
    )
    reached = np.cumsum(np.exp(fit - fit.max(axis=1, keepdims=True)), axis=1)
    place = (reached <= (uniform * reached[:, -1])[:, None]).sum(axis=1)
    return prior[np.arange(len(prior)), np.minimum(place, prior.shape[1] - 1)]


def _uniform_numbers(
    areas: Areas, streams: list[np.random.Generator]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield uniform numbers: three per unit, and per area two per share and two more."""
    many = 32
    units = np.empty((many, 3, areas.sizes.sum()))
    shares = np.empty((many, len(areas.sizes), 2 * SHARES + 2))
    while True:
        for area, stream in enumerate(streams):
            size = areas.sizes[area]
            place = slice(areas.starts[area], areas.starts[area] + size)
            units[:, :, place] = stream.random((many, 3, size))
            shares[:, area] = stream.random((many, 2 * SHARES + 2))
        # 0 has no normal quantile.
        yield from zip(np.maximum(units, 1e-16), np.maximum(shares, 1e-16), strict=True)
