"""How many facilities there are for the inhabitants and for the land, and how sure that is."""

import numpy as np
import pandas as pd
from scipy.special import gammainccinv, gammaincinv

from analysis.measures.areas import ratio
from analysis.measures.counts import Column, checked_counts


def density_per_1000(count: Column, inhabitants: Column) -> pd.Series:
    """Return the number of facilities per 1,000 inhabitants of each region.

    Parameters
    ----------
    count : column of n counts
        Facilities in each region, >= 0, none missing: 0 says that there are none.
    inhabitants : column of n counts
        >= 0; NaN where not known.

    Returns
    -------
    Series of float
        Facilities per 1,000 inhabitants, on the index of `count`; NaN where nobody lives and where
        the inhabitants are not known.

    Raises
    ------
    TypeError, ValueError
        See `checked_counts`.

    Examples
    --------
    >>> density_per_1000([3, 0], [1500, 800]).tolist()
    [2.0, 0.0]
    """
    return _density(count, inhabitants, "inhabitants", 1000, "density_per_1000")


def density_per_km2(count: Column, land_area_km2: Column) -> pd.Series:
    """Return the number of facilities per km2 of land of each region.

    Parameters
    ----------
    count : column of n counts
        Facilities in each region, >= 0, none missing: 0 says that there are none.
    land_area_km2 : column of n areas
        Land without water in km2, >= 0; NaN where not known.

    Returns
    -------
    Series of float
        Facilities per km2, on the index of `count`; NaN where there is no land and where the area
        is not known.

    Raises
    ------
    TypeError, ValueError
        See `checked_counts`.

    Examples
    --------
    >>> density_per_km2([3, 0], [1.5, 0.8]).tolist()
    [2.0, 0.0]
    """
    return _density(count, land_area_km2, "land_area_km2", 1, "density_per_km2")


def space_per_unit(area_m2: Column, units: Column) -> pd.Series:
    """Return the square metres of something for each dwelling or person of each region.

    Parameters
    ----------
    area_m2 : column of n areas
        >= 0, none missing: 0 says that there is none.
    units : column of n counts
        Dwellings or persons, >= 0; NaN where not known.

    Returns
    -------
    Series of float
        Square metres per unit, on the index of `area_m2`; NaN where there are no units and where
        their number is not known.

    Raises
    ------
    TypeError, ValueError
        See `checked_counts`.

    Examples
    --------
    >>> space_per_unit([15_000.0, 0.0], [200, 80]).tolist()
    [75.0, 0.0]
    """
    return _density(area_m2, units, "units", 1, "space_per_unit")


def density_per_1000_interval(
    count: Column, inhabitants: Column, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the exact Poisson interval of `density_per_1000`, see `poisson_interval`.

    Returns
    -------
    DataFrame
        Columns `low` and `high`, on the index of `count`; NaN as in `density_per_1000`.
    """
    return _interval(count, inhabitants, "inhabitants", 1000, confidence)


def density_per_km2_interval(
    count: Column, land_area_km2: Column, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the exact Poisson interval of `density_per_km2`, see `poisson_interval`.

    Returns
    -------
    DataFrame
        Columns `low` and `high`, on the index of `count`; NaN as in `density_per_km2`.
    """
    return _interval(count, land_area_km2, "land_area_km2", 1, confidence)


def poisson_interval(count: Column, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return the exact (Garwood) interval of the mean of a Poisson count.

    low = chi2(a/2; 2k)/2 and high = chi2(1 - a/2; 2k + 2)/2, with k the count, a = 1 - confidence
    and chi2(q; f) the quantile q of the chi-squared distribution with f degrees of freedom. At
    `low` k or more has probability a/2, at `high` k or fewer.

    Parameters
    ----------
    count : column of n counts
        Whole numbers >= 0, none missing.
    confidence : float, optional
        Strictly between 0 and 1. The true mean is inside with at least this probability.

    Returns
    -------
    DataFrame
        Columns `low` and `high`, on the index of `count`. For a count of 0 `low` is 0 and `high`
        is -ln(a/2), 3.69 at 95 %: that there is none says little of a small region.

    Raises
    ------
    TypeError, ValueError
        See `checked_counts`; also if a count is not whole or `confidence` is not between 0 and 1.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3/4), 437-442.

    Examples
    --------
    >>> poisson_interval([0, 4]).round(2).to_numpy().tolist()
    [[0.0, 3.69], [1.09, 10.24]]
    """
    (k,) = checked_counts({"count": count})
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}: give a number between 0 and 1, as 0.95")
    if (k != np.floor(k)).any():
        raise ValueError("count holds fractions: a Poisson interval is one of whole numbers")
    tail = (1 - confidence) / 2
    # chi2(q; 2k)/2 is the quantile of a gamma distribution of shape k, which has no mean at k = 0.
    low = np.where(k > 0, gammaincinv(np.maximum(k, 1), tail), 0.0)
    high = gammainccinv(k + 1, tail)
    return pd.DataFrame({"low": low, "high": high}, index=_index(count, len(k)))


def _density(count, exposure, exposure_name, per, name) -> pd.Series:
    k, size = checked_counts({"count": count, exposure_name: exposure}, may_miss=[exposure_name])
    return pd.Series(ratio(k * per, size), index=_index(count, len(k)), name=name)


def _interval(count, exposure, exposure_name, per, confidence) -> pd.DataFrame:
    _, size = checked_counts({"count": count, exposure_name: exposure}, may_miss=[exposure_name])
    bounds = poisson_interval(count, confidence=confidence)
    return bounds.mul(per).div(np.where(size > 0, size, np.nan), axis=0)


def _index(count: Column, length: int) -> pd.Index:
    return count.index if isinstance(count, pd.Series) else pd.RangeIndex(length)
