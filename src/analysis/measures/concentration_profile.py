"""In which units a group lives, by how large its share is there (Hong and Sadahiro)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column


def concentration_profile(group: Column, others: Column, thresholds: Sequence[float]) -> pd.Series:
    """Return the part of the group that lives in units where its share is at least a threshold.

    v(s) = sum_(p_i >= s) x_i / X, with p_i the group's share in unit i.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    thresholds : sequence of float
        Shares, 0 to 1.

    Returns
    -------
    Series of float
        Between 0 and 1, falling, on the thresholds in the order in which they were given. NaN where
        the group is absent.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also if a threshold is not between 0 and 1.

    References
    ----------
    Hong, S.-Y. & Sadahiro, Y. (2014). Measuring geographic segregation: a graph-based approach.
    Journal of Geographical Systems 16(2), 211-231.

    Examples
    --------
    >>> concentration_profile([30, 10], [10, 30], [0.0, 0.25, 0.5, 0.8]).tolist()
    [1.0, 1.0, 0.75, 0.0]
    """
    _, (x, y) = by_area({"group": group, "others": others}, None)
    asked = np.asarray(thresholds, dtype=float)
    if asked.ndim != 1 or not ((asked >= 0) & (asked <= 1)).all():
        raise ValueError("thresholds must be shares between 0 and 1")
    share = ratio(x, x + y, undefined=0.0)
    order = np.argsort(share, kind="stable")
    below = np.append(0.0, np.cumsum(x[order]))[np.searchsorted(share[order], asked)]
    values = (x.sum() - below) / x.sum() if x.sum() else np.full(len(asked), np.nan)
    return pd.Series(values, index=pd.Index(asked, name="share"), name="concentration_profile")


def concentration_profile_index(
    group: Column, others: Column, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the index of the concentration profile of every area.

    (P - int_0^P v + int_P^1 v) / (1 - P), with v the `concentration_profile` and P the group's
    share in the area: how far the profile lies from that of an even spread.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        Between 0 (even) and 1 (complete), by area, sorted; one number without `by`. NaN where the
        group or the others are absent.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Notes
    -----
    The integrals are exact: v is a step function, and the index comes to
    sum_i x_i |p_i - P| / (X (1 - P)). Sums over a number of thresholds, as others take, come within
    about one over that number of it.

    References
    ----------
    Hong, S.-Y. & Sadahiro, Y. (2014). Measuring geographic segregation: a graph-based approach.
    Journal of Geographical Systems 16(2), 211-231.

    Examples
    --------
    >>> concentration_profile_index([30, 10], [10, 30])
    0.5
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    all_x, all_y = areas.sums(x), areas.sums(y)
    # |p_i - P| = |x_i Y - y_i X| / (t_i T), and T (1 - P) = Y.
    surplus = np.abs(x * areas.spread(all_y) - y * areas.spread(all_x))
    apart = areas.sums(ratio(x * surplus, x + y, undefined=0.0))
    return areas.index_result(ratio(apart, all_x * all_y), "concentration_profile_index")
