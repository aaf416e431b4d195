"""What imagined towns are drawn with, and the evidence row of what they say."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.stats import binom

INTERVAL = "simulation 95%"
_ENDS = (0.025, 0.5, 0.975)
Band = tuple[float, float, float]


def ends(values: np.ndarray) -> tuple[float, float, float]:
    """Return the low end, the middle and the high end of 95 % of drawn values.

    The ends are the values at rank p (n + 1): between the i-th and the j-th of n draws lies the
    next draw in (j - i) / (n + 1) of the cases, so that this interval holds 95 % with any number of
    draws from 39. With fewer the ends are the smallest and the largest.

    Parameters
    ----------
    values : ndarray
        At least one, none missing.

    Source
    ------
    R.J. Hyndman and Y. Fan (1996), Sample quantiles in statistical packages, definition 6.
    """
    low, middle, high = np.quantile(values, _ENDS, method="weibull")
    return float(low), float(middle), float(high)


def simulated_row(
    shared: Mapping[str, object],
    measure: str,
    group: str,
    values: np.ndarray,
    *,
    exact: bool = False,
) -> dict[str, object]:
    """Return the evidence row of a number in every imagined town.

    Parameters
    ----------
    shared : mapping
        area_code, area_name, year, level and source.
    measure, group : str
    values : ndarray
        One per town; NaN where it is not defined there.
    exact : bool, optional
        Whether it is the same in all towns, such as what is now: without an interval.

    Returns
    -------
    dict
        'group_absent' where one of the towns, or all, have no value.
    """
    known = values[np.isfinite(values)]
    row = {**shared, "measure": measure, "group": group, "units": len(known)}
    if len(known) < len(values) or not len(known):
        return row | {"value": np.nan, "status": "group_absent"}
    low, middle, high = ends(known)
    if exact:
        return row | {"value": middle, "status": "ok"}
    return row | {"value": middle, "low": low, "high": high, "interval": INTERVAL, "status": "ok"}


def index_of_towns(measure: Callable, counts: np.ndarray) -> np.ndarray:
    """Return an index of every imagined town.

    Parameters
    ----------
    measure : callable
        A measure (group, others, by).
    counts : ndarray of shape (2, draws, n)
        Members of the group and all others by town and buurt.
    """
    draws, n = counts.shape[1:]
    by = np.repeat(np.arange(draws), n)
    return np.asarray(measure(counts[0].ravel(), counts[1].ravel(), by), dtype=float)


def of_triangle(band: Sequence[float], uniform: np.ndarray) -> np.ndarray:
    """Return values of a triangle between low, middle and high, from numbers between 0 and 1.

    Parameters
    ----------
    band : (low, middle, high)
        Rising. All the same gives exactly that value.
    uniform : ndarray
    """
    low, middle, high = band
    if high == low:
        return np.full(len(uniform), float(low))
    turn = (middle - low) / (high - low)
    up = low + np.sqrt(uniform * (high - low) * (middle - low))
    down = high - np.sqrt((1 - uniform) * (high - low) * (high - middle))
    return np.where(uniform < turn, up, down)


def of_profile(row: Mapping[str, float], uniform: np.ndarray) -> np.ndarray:
    """Return values between low, central and high of a profile, as `of_triangle`."""
    return of_triangle((float(row["low"]), float(row["central"]), float(row["high"])), uniform)


def binomial_counts(number: np.ndarray, p: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return binomial counts from uniform numbers, so that plans share what chance brings."""
    return np.where(number > 0, binom.ppf(uniform, number, p), 0.0)
