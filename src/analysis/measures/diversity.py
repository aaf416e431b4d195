"""How mixed the composition of a region is. Who lives here, not how this differs from elsewhere."""

import numpy as np
import pandas as pd
from scipy.special import entr

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column, checked_counts, group_columns


def entropy(
    counts: pd.DataFrame, by: Column | Areas | None = None, *, normalised: bool = False
) -> pd.Series:
    """Return the entropy of the composition of each region, or of each area as a whole.

    E = -sum_k p_k ln p_k, with p_k the share of group k in the region and 0 ln 0 = 0.

    Parameters
    ----------
    counts : DataFrame of shape (n, k)
        One row per region, one column per group, >= 0, none missing. The groups are the whole
        composition: they do not overlap, and k >= 2.
    by : column of n areas, optional
        The area of each region: its regions are added up, and what is returned is the mix of the
        area. Without it every row is a region by itself.
    normalised : bool, optional
        Divide by ln k, the entropy of k groups of the same size.

    Returns
    -------
    Series of float
        On the index of `counts`, or by area, sorted: between 0 (one group only) and ln k nats, or
        1 when normalised. NaN where nobody lives. Groups that are absent count in k.

    Raises
    ------
    TypeError
        If `counts` is not a DataFrame of numbers.
    ValueError
        If there are fewer than two groups, a group is there twice, or a count is missing,
        negative or infinite; also as `by_area`.

    References
    ----------
    Shannon, C.E. (1948). A mathematical theory of communication. Bell System Technical Journal
    27(3), 379-423.

    Examples
    --------
    >>> entropy(pd.DataFrame({"young": [5, 0], "old": [5, 8]}), normalised=True).tolist()
    [1.0, 0.0]
    """
    shares, index = _composition(counts, by)
    largest = np.log(len(shares))
    # Rounding can leave an even mix a digit above ln k.
    values = np.minimum(entr(shares).sum(axis=0), largest)
    return pd.Series(values / largest if normalised else values, index=index, name="entropy")


def simpson_concentration(counts: pd.DataFrame, by: Column | Areas | None = None) -> pd.Series:
    """Return Simpson's concentration of each region, or of each area as a whole.

    sum_k p_k^2, with p_k the share of group k in the region: the chance that two inhabitants, each
    drawn from all of them, are of one group.

    Parameters
    ----------
    counts, by
        See `entropy`.

    Returns
    -------
    Series of float
        On the index of `counts`, or by area, sorted: between 1/k (all groups of one size) and 1
        (one group only). NaN where nobody lives.

    Raises
    ------
    TypeError, ValueError
        See `entropy`.

    References
    ----------
    Simpson, E.H. (1949). Measurement of diversity. Nature 163, 688.

    Examples
    --------
    >>> simpson_concentration(pd.DataFrame({"young": [5, 0], "old": [5, 8]})).tolist()
    [0.5, 1.0]
    """
    shares, index = _composition(counts, by)
    return pd.Series((shares**2).sum(axis=0), index=index, name="simpson_concentration")


def simpson_interaction(counts: pd.DataFrame, by: Column | Areas | None = None) -> pd.Series:
    """Return Simpson's interaction of each region, or of each area as a whole.

    sum_k p_k (1 - p_k), with p_k the share of group k in the region: the chance that two
    inhabitants, each drawn from all of them, are of different groups. 1 - concentration.

    Parameters
    ----------
    counts, by
        See `entropy`.

    Returns
    -------
    Series of float
        On the index of `counts`, or by area, sorted: between 0 (one group only) and 1 - 1/k (all
        groups of one size). NaN where nobody lives.

    Raises
    ------
    TypeError, ValueError
        See `entropy`.

    References
    ----------
    Simpson, E.H. (1949). Measurement of diversity. Nature 163, 688. Lieberson, S. (1969). Measuring
    population diversity. American Sociological Review 34(6), 850-862.

    Examples
    --------
    >>> simpson_interaction(pd.DataFrame({"young": [5, 0], "old": [5, 8]})).tolist()
    [0.5, 0.0]
    """
    shares, index = _composition(counts, by)
    values = (shares * (1 - shares)).sum(axis=0)
    return pd.Series(values, index=index, name="simpson_interaction")


def _composition(counts: pd.DataFrame, by: Column | Areas | None) -> tuple[np.ndarray, pd.Index]:
    """Return the share of each group, of shape (k, regions or areas), and what they are of."""
    columns = group_columns(counts, "counts")
    if by is None:
        members, index = np.stack(checked_counts(columns)), counts.index
    else:
        areas, arrays = by_area(columns, by)
        members, index = areas.sums(np.stack(arrays)), areas.labels
    return ratio(members, np.broadcast_to(members.sum(axis=0), members.shape)), index
