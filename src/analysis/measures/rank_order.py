"""What the rank-order indices share: an index at every limit, and the weighted polynomial."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import beta, entr

from analysis.measures.areas import Areas, ratio


def _entropy(share: np.ndarray) -> np.ndarray:
    return entr(share) + entr(1 - share)


def _variance(share: np.ndarray) -> np.ndarray:
    return share * (1 - share)


def _root(share: np.ndarray) -> np.ndarray:
    return np.sqrt(np.maximum(share * (1 - share), 0.0))


@dataclass(frozen=True)
class Kind:
    """One of the three ways to tell how much two groups vary.

    Attributes
    ----------
    variation : callable
        Share of one group, 0 to 1 -> variation, 0 at both ends.
    moment : callable
        m -> int_0^1 variation(p) p^m dp, up to a constant factor.
    """

    variation: Callable[[np.ndarray], np.ndarray]
    moment: Callable[[int], float]


def _moment_of_entropy(m: int) -> float:
    """Return int_0^1 -(p ln p + (1 - p) ln(1 - p)) p^m dp.

    The first term is 1/(m + 2)^2. For the second, p^m = (1 - q)^m is written out in q = 1 - p.
    """
    second = sum((-1) ** n * math.comb(m, n) / (n + 2) ** 2 for n in range(m + 1))
    return 1 / (m + 2) ** 2 + second


INFORMATION = Kind(_entropy, _moment_of_entropy)
VARIANCE = Kind(_variance, lambda m: float(beta(m + 2, 2)))
SQUARE_ROOT = Kind(_root, lambda m: float(beta(m + 1.5, 1.5)))


def deltas(kind: Kind, degree: int) -> np.ndarray:
    """Return what each coefficient of the polynomial contributes, of shape (degree + 1,).

    delta_m = int v(p) p^m dp / int v(p) dp, with v the variation.

    References
    ----------
    Reardon, S.F. (2011). Measures of income segregation. Stanford: CEPA. Table 1.
    """
    return np.array([kind.moment(m) for m in range(degree + 1)]) / kind.moment(0)


def threshold_index(areas: Areas, below: np.ndarray, above: np.ndarray, kind: Kind) -> np.ndarray:
    """Return 1 - (mean variation in the units) / (variation of the area), of shape (m,).

    NaN where everybody is on one side of the limit.
    """
    total = below + above
    inside = areas.sums(total * kind.variation(ratio(below, total, undefined=0.0)))
    share = ratio(areas.sums(below), areas.sums(total))
    return 1 - ratio(inside, areas.sums(total) * kind.variation(share))


def integrated(position: np.ndarray, index: np.ndarray, degree: int, kind: Kind) -> np.ndarray:
    """Return the index over the whole ranking of every area, of shape (m,).

    Parameters
    ----------
    position : ndarray of shape (m, k)
        The share of the ranking below each limit.
    index : ndarray of shape (m, k)
        The index of those below and above it; NaN where a limit divides nobody.
    degree : int
    kind : Kind

    Returns
    -------
    ndarray
        NaN where fewer than `degree` limits have an index; with exactly `degree` limits the
        polynomial is of one degree less.
    """
    known = ~np.isnan(index)
    weight = np.where(known, kind.variation(np.where(known, position, 0.5)), 0.0)
    count = known.sum(axis=1)
    answer = np.full(len(index), np.nan)
    for order, which in ((degree, count > degree), (degree - 1, count == degree)):
        if which.any():
            answer[which] = _fitted(position[which], index[which], weight[which], order, kind)
    return answer


def _fitted(position, index, weight, order, kind) -> np.ndarray:
    """Fit by weighted least squares, all areas at once, and integrate the polynomial."""
    known = weight > 0
    # Weighing the rows by w makes their squared errors count by w^2.
    powers = np.where(known, position, 0.0)[:, :, None] ** np.arange(order + 1)
    q, r = np.linalg.qr(powers * weight[:, :, None])
    target = np.where(known, index, 0.0) * weight
    projected = np.einsum("mko,mk->mo", q, target)
    coefficients = np.linalg.solve(r, projected[:, :, None])[:, :, 0]
    return coefficients @ deltas(kind, order)
