"""How varied the offer of a place is: Hill numbers of kinds of facilities, and kinds per sample."""

import numpy as np
import pandas as pd
from scipy.special import gammaln, xlogy

from analysis.measures.areas import ratio
from analysis.measures.counts import checked_counts


def hill_number(kinds: pd.DataFrame, order: float) -> pd.Series:
    """Return how many equally common kinds would be as varied as the offer of each unit.

    (sum_k p_k^q)^(1/(1-q)), with p_k the share of kind k; at q = 1 exp(-sum p ln p). Order 0
    counts every kind alike, 1 by how common it is, 2 mostly the common ones.

    Parameters
    ----------
    kinds : DataFrame of shape (n, k)
        Facilities of each kind in each unit, >= 0, none missing.
    order : float
        q >= 0.

    Returns
    -------
    Series of float
        1 to the number of kinds, on the index of `kinds`; NaN where there is no facility.

    Raises
    ------
    TypeError, ValueError
        See `checked_counts`; also for an order below 0.

    References
    ----------
    Hill, M.O. (1973). Diversity and evenness: a unifying notation and its consequences. Ecology
    54(2), 427-432.

    Examples
    --------
    >>> kinds = pd.DataFrame({"library": [1, 2], "park": [1, 0]})
    >>> hill_number(kinds, 1).tolist()
    [2.0, 1.0]
    """
    if not order >= 0:
        raise ValueError(f"order is {order}: give 0 or more")
    counts = _counts(kinds)
    total = counts.sum(axis=0)
    share = ratio(counts, np.broadcast_to(total, counts.shape), undefined=0.0)
    if order == 1:
        found = np.exp(-xlogy(share, share).sum(axis=0))
    else:
        powers = np.where(share > 0, np.power(share, order, where=share > 0, out=share * 0), 0.0)
        with np.errstate(divide="ignore"):
            found = powers.sum(axis=0) ** (1 / (1 - order))
    return pd.Series(np.where(total > 0, found, np.nan), index=kinds.index, name="hill_number")


def rarefied_kinds(kinds: pd.DataFrame, size: int) -> pd.Series:
    """Return how many kinds a random choice of some facilities of each unit holds on average.

    sum_k 1 - C(N - N_k, s) / C(N, s): places with many facilities have more kinds by that alone,
    and this compares them on equal numbers.

    Parameters
    ----------
    kinds : DataFrame of shape (n, k)
        Whole numbers of facilities of each kind in each unit, >= 0, none missing.
    size : int
        s >= 1.

    Returns
    -------
    Series of float
        1 to s, on the index of `kinds`; NaN where there are fewer facilities than s.

    Raises
    ------
    TypeError, ValueError
        See `checked_counts`; also for counts that are not whole and a size below 1.

    References
    ----------
    Hurlbert, S.H. (1971). The nonconcept of species diversity. Ecology 52(4), 577-586.

    Examples
    --------
    >>> rarefied_kinds(pd.DataFrame({"library": [1], "park": [1]}), 1).tolist()
    [1.0]
    """
    if size != int(size) or size < 1:
        raise ValueError(f"size is {size}: give a whole number of facilities, 1 or more")
    counts = _counts(kinds)
    if (counts % 1 > 0).any():
        raise ValueError("kinds: whole numbers of facilities only")
    total = counts.sum(axis=0)
    enough = total >= size
    n, k = np.where(enough, total, size), np.where(enough, counts, 0.0)
    left = n - k
    some = left >= size
    log = gammaln(left + 1) - gammaln(np.where(some, left - size, 0) + 1)
    log = log - gammaln(n + 1) + gammaln(n - size + 1)
    found = np.where(some, 1 - np.exp(log), 1.0)
    found = np.where(k > 0, found, 0.0).sum(axis=0)
    return pd.Series(np.where(enough, found, np.nan), index=kinds.index, name="rarefied_kinds")


def _counts(kinds: pd.DataFrame) -> np.ndarray:
    if not isinstance(kinds, pd.DataFrame) or not len(kinds.columns):
        raise TypeError("kinds must be a DataFrame with a column for each kind")
    return np.stack(checked_counts({str(name): kinds[name] for name in kinds}))
