"""How mixed the composition of a region is. Who lives here, not how this differs from elsewhere."""

import numpy as np
import pandas as pd
from scipy.special import entr

from analysis.measures.areas import ratio
from analysis.measures.counts import checked_counts


def entropy(counts: pd.DataFrame, *, normalised: bool = False) -> pd.Series:
    """Return the entropy of the composition of each region.

    E_i = -sum_k p_ik ln p_ik, with p_ik the share of group k in region i and 0 ln 0 = 0.

    Parameters
    ----------
    counts : DataFrame of shape (n, k)
        One row per region, one column per group, >= 0, none missing. The groups are the whole
        composition: they do not overlap, and k >= 2.
    normalised : bool, optional
        Divide by ln k, the entropy of k groups of the same size.

    Returns
    -------
    Series of float
        On the index of `counts`: between 0 (one group only) and ln k nats, or 1 when normalised.
        NaN where nobody lives. Groups that are absent count in k.

    Raises
    ------
    TypeError
        If `counts` is not a DataFrame of numbers.
    ValueError
        If there are fewer than two groups, a group is there twice, or a count is missing,
        negative or infinite.

    References
    ----------
    Shannon, C.E. (1948). A mathematical theory of communication. Bell System Technical Journal
    27(3), 379-423.

    Examples
    --------
    >>> entropy(pd.DataFrame({"young": [5, 0], "old": [5, 8]}), normalised=True).tolist()
    [1.0, 0.0]
    """
    if not isinstance(counts, pd.DataFrame):
        raise TypeError("counts must be a DataFrame with one named column per group")
    if counts.shape[1] < 2:
        raise ValueError("counts has fewer than two groups: a mix needs two or more")
    if not counts.columns.is_unique:
        twice = counts.columns[counts.columns.duplicated()][0]
        raise ValueError(f"counts has the group {twice!r} twice: give each group one column")
    columns = checked_counts({f"counts[{group!r}]": counts[group] for group in counts.columns})
    members = np.column_stack(columns)
    shares = ratio(members, np.broadcast_to(members.sum(axis=1, keepdims=True), members.shape))
    largest = np.log(members.shape[1])
    # Rounding can leave an even mix a digit above ln k.
    values = np.minimum(entr(shares).sum(axis=1), largest)
    return pd.Series(values / largest if normalised else values, index=counts.index, name="entropy")
