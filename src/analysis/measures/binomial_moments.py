"""Expectations over a binomial number: k ln k, and a distance between two shares."""

import numpy as np
from scipy.special import bdtr, gammaln, ndtr, xlog1py, xlogy

# Mean above which the series in 1/mean is exact to 1e-12; below, the sum has at most 500 terms.
SERIES_FROM = 200.0
MOMENTS = 12
# Standard deviations (and terms beside them) outside of which nothing is left to add.
REACH, BESIDE = 9.0, 30.0
# Count from which a binomial number is smooth enough for its first four cumulants.
SMOOTH_FROM = 30.0
# How many terms are held at once.
CHUNK = 1_000_000


def mean_k_log_k(n: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Return E[k ln k] - np ln(np) of k ~ Bin(n, p), for each pair.

    Parameters
    ----------
    n : ndarray of whole numbers >= 0
        Trials.
    p : ndarray in 0-1
        Probability.

    Returns
    -------
    ndarray
        >= 0 (Jensen); 0 where n or p is 0 or p is 1. Close to (1 - p) / 2 for a large mean.
        Absolute error below 1e-10.
    """
    mean = n * p
    answer = np.zeros(len(n))
    open_ = (mean > 0) & (p < 1)
    large = open_ & (mean > SERIES_FROM)
    answer[large] = _series(n[large], p[large])
    small = np.flatnonzero(open_ & ~large)
    for part in _parts(small, n, p):
        at, k, chance = binomial_terms(n[part], p[part])
        # k ln k - mean ln mean = k ln(k/mean) + (k - mean) ln mean; the last has no mean.
        term = xlogy(k, k / mean[part][at]) * chance
        answer[part] = np.bincount(at, term, minlength=len(part))
    return answer


def mean_absolute_difference(
    x: np.ndarray, all_x: np.ndarray, y: np.ndarray, all_y: np.ndarray
) -> np.ndarray:
    """Return E|a/X - b/Y| with a ~ Bin(X, x/X) and b ~ Bin(Y, y/Y), independent.

    Parameters
    ----------
    x, all_x, y, all_y : ndarray
        Whole numbers, 0 <= x <= X, 0 <= y <= Y, X and Y above 0.

    Returns
    -------
    ndarray
        Exact where x or y is 0. Where one of them is below 30 it is summed over that number, term
        by term, and over the other too if that is below 30; where both are larger, by the
        expansion in the first four cumulants: relative error below 1e-4, and 2e-3 where moreover
        x/X is near y/Y and X near Y (both numbers then jump in the same steps).
    """
    answer = np.abs(x / all_x - y / all_y)
    # |a - b| is symmetric: the smaller count first.
    swap = y < x
    c, all_c = np.where(swap, y, x), np.where(swap, all_y, all_x)
    d, all_d = np.where(swap, x, y), np.where(swap, all_x, all_y)
    smooth = c >= SMOOTH_FROM
    answer[smooth] = _expanded(
        c[smooth] / all_c[smooth] - d[smooth] / all_d[smooth],
        [
            one + sign * other
            for one, other, sign in zip(
                share_cumulants(c[smooth], all_c[smooth]),
                share_cumulants(d[smooth], all_d[smooth]),
                (1, -1, 1),
                strict=True,
            )
        ],
    )
    few = np.flatnonzero((c > 0) & ~smooth)
    for part in _parts(few, all_c, c / all_c):
        at, k, chance = binomial_terms(all_c[part], c[part] / all_c[part])
        unit = part[at]
        distance = np.empty(len(unit))
        both = d[unit] < SMOOTH_FROM
        distance[both] = _from_point(
            (k / all_c[unit])[both] * all_d[unit][both], all_d[unit][both], d[unit][both]
        )
        rest = unit[~both]
        distance[~both] = _expanded(
            (d / all_d)[rest] - k[~both] / all_c[rest], share_cumulants(d[rest], all_d[rest])
        )
        answer[part] = np.bincount(at, distance * chance, minlength=len(part))
    return answer


def share_cumulants(x: np.ndarray, all_x: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the second, third and fourth cumulant of a/X, a ~ Bin(X, x/X)."""
    p = x / all_x
    second = x * (1 - p)
    return (
        second / all_x**2,
        second * (1 - 2 * p) / all_x**3,
        second * (1 - 6 * p * (1 - p)) / all_x**4,
    )


def binomial_terms(n: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the terms of each binomial that count: which pair, k and its probability.

    The terms reach 9 standard deviations and 30 to either side: below 1e-15 is left out. The
    probabilities of a pair add up to 1.
    """
    first, counts = _window(n, p)
    at = np.repeat(np.arange(len(n)), counts)
    k = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + first[at]
    trials, chance = n[at], p[at]
    weight = np.exp(
        gammaln(trials + 1)
        - gammaln(k + 1)
        - gammaln(trials - k + 1)
        + xlogy(k, chance)
        + xlog1py(trials - k, -chance)
    )
    return at, k, weight / np.bincount(at, weight, minlength=len(n))[at]


def _window(n: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean = n * p
    reach = REACH * np.sqrt(mean * (1 - p)) + BESIDE
    first = np.maximum(np.floor(mean - reach), 0)
    last = np.minimum(np.ceil(mean + reach), n)
    return first, (last - first + 1).astype(int)


def _parts(places: np.ndarray, n: np.ndarray, p: np.ndarray) -> list[np.ndarray]:
    """Return places in pieces whose terms fit into memory together."""
    if not len(places):
        return []
    terms = np.cumsum(_window(n[places], p[places])[1])
    return np.split(places, np.flatnonzero(np.diff(terms // CHUNK)) + 1)


def _series(n: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Return sum_j (-1)^j m_j / (j (j - 1) mean^(j - 1)), m_j the central moments of Bin(n, p)."""
    mean, variance = n * p, n * p * (1 - p)
    moments = [np.ones(len(n)), np.zeros(len(n))]
    # m_(j+1) = sum_(i<j) (j over i) (np(1 - p) m_i - p m_(i+1)): each from all lower ones.
    for j in range(1, MOMENTS):
        total = np.zeros(len(n))
        choose = 1.0
        for i in range(j):
            total += choose * (variance * moments[i] - p * moments[i + 1])
            choose = choose * (j - i) / (i + 1)
        moments.append(total)
    answer = np.zeros(len(n))
    for j in range(2, MOMENTS + 1):
        answer += (-1) ** j * moments[j] / (j * (j - 1) * mean ** (j - 1))
    return answer


def _from_point(point: np.ndarray, n: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return E|b - point| / n of b ~ Bin(n, x/n)."""
    p = x / n
    below = np.floor(point)
    under = np.where(below < 0, 0.0, bdtr(np.clip(below, 0, n), n.astype(int), p))
    # sum_{b <= c} b P(b) = n p P(Bin(n - 1) <= c - 1)
    part = np.where(
        (below < 1) | (n < 2),
        np.where(below >= n, x, 0.0),
        x * bdtr(np.clip(below - 1, 0, n - 1), np.maximum(n.astype(int) - 1, 1), p),
    )
    return (x - point + 2 * (point * under - part)) / n


def _expanded(mean: np.ndarray, cumulants: list[np.ndarray]) -> np.ndarray:
    """Return E|v| of a number with this mean and these second to fourth cumulants.

    |v| has second derivative 2 at 0 and 0 elsewhere, so that each term of the Edgeworth expansion
    beyond the normal is a Hermite polynomial at 0.
    """
    second, third, fourth = cumulants
    spread = np.sqrt(second)
    z = np.divide(mean, spread, out=np.full(len(mean), np.inf), where=spread > 0)
    z = np.clip(z, -40, 40)
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    safe = np.where(spread > 0, spread, 1.0)
    normal = np.where(
        np.abs(z) >= 40, np.abs(mean), 2 * spread * density + mean * (2 * ndtr(z) - 1)
    )
    skew, tail = third / safe**3, fourth / safe**4
    beyond = -skew / 3 * z + tail / 12 * (z**2 - 1) + skew**2 / 36 * (z**4 - 6 * z**2 + 3)
    return normal + spread * density * beyond
