"""Shares of small areas: what chance and rounding leave open, and how far to trust each by itself.

A share of few people is partly chance. The exact interval says how much; empirical Bayes moves a
share towards that of all areas together, the further the fewer people it rests on.
"""

import numpy as np
import pandas as pd
from scipy.stats import beta

from analysis.measures.counts import checked_counts


def exact_interval(
    group: pd.Series, total: pd.Series, *, slack: pd.Series | float = 0.0, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the interval of Clopper and Pearson of each area's share, widened for rounding.

    low = B(a/2; x - s, t - x + s + 1), high = B(1 - a/2; x + s + 1, t - x - s), with B the quantile
    of the beta distribution, a = 1 - confidence and s how far the true count can lie from the
    published one. Exact means: at least so often right, whatever the share; with few people it is
    wide.

    Parameters
    ----------
    group, total : Series of n numbers
        Members of the group and everybody, 0 <= group <= total, total above 0; none missing.
    slack : Series or float, optional
        s, in people, >= 0.
    confidence : float, optional
        Between 0 and 1.

    Returns
    -------
    DataFrame
        low and high, 0 to 1, on the index of `group`.

    Raises
    ------
    TypeError, ValueError
        When a number is missing or negative, a group is larger than its total, nobody lives in an
        area, or the slack or confidence is out of range.

    References
    ----------
    Clopper, C.J. & Pearson, E.S. (1934). The use of confidence or fiducial limits illustrated in
    the case of the binomial. Biometrika 26(4), 404-413.

    Examples
    --------
    >>> exact_interval(pd.Series([0]), pd.Series([10])).round(4).iloc[0].tolist()
    [0.0, 0.3085]
    """
    x, t = _checked(group, total)
    room = np.broadcast_to(np.asarray(slack, dtype=float), x.shape)
    if not (np.isfinite(room).all() and (room >= 0).all()):
        raise ValueError("slack must be a number of people of 0 or more")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    tail = (1 - confidence) / 2
    least, most = np.maximum(x - room, 0.0), np.minimum(x + room, t)
    low, high = np.zeros(len(x)), np.ones(len(x))
    some, rest = least > 0, most < t
    low[some] = beta.ppf(tail, least[some], (t - least + 1)[some])
    high[rest] = beta.ppf(1 - tail, (most + 1)[rest], (t - most)[rest])
    return pd.DataFrame({"low": low, "high": high}, index=group.index)


def empirical_bayes(group: pd.Series, total: pd.Series) -> pd.DataFrame:
    """Return each area's share moved towards the share of all areas together.

    Shares of areas are taken as draws of a beta distribution with mean m = X/T and variance A. With
    S = sum t_i (p_i - m)^2 and V = m (1 - m), A = (S - V (n - 1)) / (T - sum t_i^2 / T - (n - 1));
    it is the beta distribution of strength k = V/A - 1 people. Then
    shrunk_i = w_i p_i + (1 - w_i) m with w_i = t_i / (t_i + k).

    Parameters
    ----------
    group, total : Series of n numbers
        As in `exact_interval`.

    Returns
    -------
    DataFrame
        `shrunk` (0 to 1), `own_weight` w (0: nothing but the mean, 1: the area's own share), and
        `alpha` and `beta`, the beta distribution of the true share given the count. Where areas
        differ no more than chance (A <= 0) the weight is 0 and alpha and beta are infinite. All NaN
        for fewer than three areas, and where everybody or nobody is of the group.

    Raises
    ------
    TypeError, ValueError
        See `exact_interval`.

    References
    ----------
    Kleinman, J.C. (1973). Proportions with extraneous variance: single and independent samples.
    Journal of the American Statistical Association 68(341), 46-54. Marshall, R.J. (1991). Mapping
    disease and mortality rates using empirical Bayes estimators. Applied Statistics 40(2), 283-294.
    """
    x, t = _checked(group, total)
    names = ["shrunk", "own_weight", "alpha", "beta"]
    n, everybody = len(x), t.sum()
    mean = x.sum() / everybody if n else np.nan
    chance = mean * (1 - mean)
    if n < FEWEST_AREAS or chance == 0:
        return pd.DataFrame(np.nan, index=group.index, columns=names)
    spread = float((t * (x / t - mean) ** 2).sum())
    room = everybody - (t**2).sum() / everybody - (n - 1)
    # With one person per area there is nothing to tell areas apart by.
    between = (spread - chance * (n - 1)) / room if room > 0 else 0.0
    if between <= 0:
        found = [np.full(n, mean), np.zeros(n), np.full(n, np.inf), np.full(n, np.inf)]
        return pd.DataFrame(dict(zip(names, found, strict=True)), index=group.index)
    # Areas with nobody or everybody of the group: no prior is left, each speaks for itself.
    strength = max(chance / between - 1, 0.0)
    weight = t / (t + strength)
    return pd.DataFrame(
        {
            "shrunk": weight * x / t + (1 - weight) * mean,
            "own_weight": weight,
            "alpha": x + strength * mean,
            "beta": t - x + strength * (1 - mean),
        },
        index=group.index,
    )


def difference_interval(
    before: pd.Series,
    before_limits: pd.DataFrame,
    after: pd.Series,
    after_limits: pd.DataFrame,
) -> pd.DataFrame:
    """Return the interval of a difference of two figures from the interval of each.

    low = d - sqrt((after - low_after)^2 + (high_before - before)^2) and
    high = d + sqrt((high_after - after)^2 + (before - low_before)^2), d = after - before:
    Newcombe's square-and-add, for figures whose errors are independent.

    Parameters
    ----------
    before, after : Series
        On one index.
    before_limits, after_limits : DataFrame
        low and high of each, on that index.

    Returns
    -------
    DataFrame
        low and high; NaN where a figure or a limit is.

    References
    ----------
    Newcombe, R.G. (1998). Interval estimation for the difference between independent proportions.
    Statistics in Medicine 17(8), 873-890.
    """
    change = after - before
    down = np.hypot(after - after_limits["low"], before_limits["high"] - before)
    up = np.hypot(after_limits["high"] - after, before - before_limits["low"])
    return pd.DataFrame({"low": change - down, "high": change + up}, index=change.index)


# Fewer areas than this say nothing of how much areas differ.
FEWEST_AREAS = 3


def _checked(group: pd.Series, total: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    for name, column in {"group": group, "total": total}.items():
        if not isinstance(column, pd.Series):
            raise TypeError(f"{name} must be a Series with one number per area")
    x, t = checked_counts({"group": group, "total": total})
    if (t <= 0).any():
        raise ValueError("an area has no people: leave it out and count it")
    if (x > t).any():
        raise ValueError("a group is larger than its total")
    return x, t
