"""What areas can and cannot tell about persons: bounds on a cell of which the margins are known."""

import numpy as np
import pandas as pd

from analysis.measures.counts import Column, check_part_of_total, checked_counts


def both_bounds(one: Column, other: Column, total: Column) -> pd.DataFrame:
    """Return between which numbers those lie who are in both of two groups.

    max(0, a_i + b_i - t_i) <= n_i <= min(a_i, b_i) in every unit; over all units the bounds add up.
    A correlation between areas says no more about persons than these bounds.

    Parameters
    ----------
    one, other : column of n counts
        Members of either group in each unit, >= 0 and at most the total, none missing.
    total : column of n counts
        Everybody in each unit.

    Returns
    -------
    DataFrame of shape (n, 2)
        `lowest` and `highest` of each unit, on the index of `one`; their sums bound the whole.

    Raises
    ------
    TypeError, ValueError
        See `checked_counts`; also where a group is larger than the total.

    References
    ----------
    Duncan, O.D. & Davis, B. (1953). An alternative to ecological correlation. American
    Sociological Review 18(6), 665-666.

    Examples
    --------
    >>> both_bounds([80, 10], [60, 20], [100, 100]).to_numpy().tolist()
    [[40.0, 60.0], [0.0, 10.0]]
    """
    a, b, t = checked_counts({"one": one, "other": other, "total": total})
    check_part_of_total(one, "one", total, "total")
    check_part_of_total(other, "other", total, "total")
    return pd.DataFrame(
        {"lowest": np.maximum(a + b - t, 0.0), "highest": np.minimum(a, b)},
        index=one.index if isinstance(one, pd.Series) else None,
    )
