"""How much a facility counts for somebody who lives at a distance of it: seven ways to let it fall.

Each takes distances and returns weights between 0 and 1, of the same shape; 1 is at the door, and
what cannot be reached (infinite) weighs 0. Which one and with which length changes the outcome:
tell it with the figure, and show another beside it.
"""

from collections.abc import Mapping

import numpy as np


def binary(distance: np.ndarray, threshold: float) -> np.ndarray:
    """Return 1 up to and including a threshold and 0 beyond it: what 2SFCA uses.

    Parameters
    ----------
    distance : ndarray
        >= 0 in metres (or minutes: in the unit of `threshold`), inf where there is no way.
    threshold : float
        > 0.

    Returns
    -------
    ndarray of float, of the shape of `distance`

    Raises
    ------
    ValueError
        If a distance is missing or negative, or the threshold is not above 0.

    References
    ----------
    Luo, W. & Wang, F. (2003). Measures of spatial accessibility to health care in a GIS
    environment. Environment and Planning B 30(6), 865-884.

    Examples
    --------
    >>> binary(np.array([0, 500, 501]), 500).tolist()
    [1.0, 1.0, 0.0]
    """
    _check_length("threshold", threshold)
    return (_checked(distance) <= threshold).astype(float)


def stepped(distance: np.ndarray, steps: Mapping[float, float]) -> np.ndarray:
    """Return a weight per ring: what E2SFCA uses.

    Parameters
    ----------
    distance : ndarray
        See `binary`.
    steps : mapping of float to float
        Outer bound of each ring (> 0, belongs to the ring) -> its weight, 0 to 1. Weights do not
        rise with distance. Beyond the last ring the weight is 0.

    Returns
    -------
    ndarray of float, of the shape of `distance`

    Raises
    ------
    ValueError
        As `binary`; also if there are no rings, or a weight is not between 0 and 1 or rises.

    References
    ----------
    Luo, W. & Qi, Y. (2009). An enhanced two-step floating catchment area (E2SFCA) method for
    measuring spatial accessibility to primary care physicians. Health & Place 15(4), 1100-1107.

    Examples
    --------
    >>> stepped(np.array([0, 500, 800, 2000]), {500: 1, 1000: 0.68, 1500: 0.22}).tolist()
    [1.0, 1.0, 0.68, 0.0]
    """
    if not steps:
        raise ValueError("steps is empty: give the outer bound and the weight of each ring")
    bounds = np.array(sorted(steps), dtype=float)
    for bound in bounds:
        _check_length("a bound of steps", bound)
    weights = np.array([steps[bound] for bound in sorted(steps)], dtype=float)
    if not ((weights >= 0) & (weights <= 1)).all() or (np.diff(weights) > 0).any():
        raise ValueError(f"steps has the weights {weights.tolist()}: give 1 to 0, none rising")
    return np.append(weights, 0.0)[np.searchsorted(bounds, _checked(distance))]


def linear(distance: np.ndarray, threshold: float) -> np.ndarray:
    """Return max(0, 1 - d / threshold).

    Parameters, errors and shape as `binary`.

    Examples
    --------
    >>> linear(np.array([0, 250, 2000]), 1000).tolist()
    [1.0, 0.75, 0.0]
    """
    _check_length("threshold", threshold)
    return np.maximum(1 - _checked(distance) / threshold, 0.0)


def exponential(distance: np.ndarray, length: float) -> np.ndarray:
    """Return exp(-d / length): each `length` further a facility weighs 1/e of what it did.

    Parameters
    ----------
    distance : ndarray
        See `binary`.
    length : float
        > 0; 1 / length is the beta of the literature.

    Returns
    -------
    ndarray of float, of the shape of `distance`

    Raises
    ------
    ValueError
        As `binary`.

    Examples
    --------
    >>> exponential(np.array([0, 1000]), 1000).round(4).tolist()
    [1.0, 0.3679]
    """
    _check_length("length", length)
    return np.exp(-_checked(distance) / length)


def power(distance: np.ndarray, exponent: float, *, least: float) -> np.ndarray:
    """Return (max(d, least) / least) ** -exponent.

    A power of 0 metres is infinite, so that one facility next door would outweigh all others:
    up to `least` all is one distance. It has no default, for the outcome hangs on it.

    Parameters
    ----------
    distance : ndarray
        See `binary`.
    exponent : float
        > 0.
    least : float
        > 0, in the unit of `distance`: the way to what is at the door.

    Returns
    -------
    ndarray of float, of the shape of `distance`

    Raises
    ------
    ValueError
        As `binary`.

    Examples
    --------
    >>> power(np.array([0, 100, 200, 400]), 2, least=100).tolist()
    [1.0, 1.0, 0.25, 0.0625]
    """
    _check_length("exponent", exponent)
    _check_length("least", least)
    return (np.maximum(_checked(distance), least) / least) ** -exponent


def gaussian(distance: np.ndarray, width: float, *, threshold: float | None = None) -> np.ndarray:
    """Return exp(-d^2 / (2 width^2)), or that brought down to 0 at a threshold.

    With a threshold t: (exp(-d^2 / (2 width^2)) - e) / (1 - e) up to t and 0 beyond it, with
    e = exp(-t^2 / (2 width^2)). With `width` equal to t it is the form of Dai (2010).

    Parameters
    ----------
    distance : ndarray
        See `binary`.
    width : float
        > 0: the standard deviation.
    threshold : float, optional
        > 0. Without it the weight never becomes 0.

    Returns
    -------
    ndarray of float, of the shape of `distance`

    Raises
    ------
    ValueError
        As `binary`.

    References
    ----------
    Dai, D. (2010). Black residential segregation, disparities in spatial access to health care
    facilities, and late-stage breast cancer diagnosis in metropolitan Detroit. Health & Place
    16(5), 1038-1052.

    Examples
    --------
    >>> gaussian(np.array([0, 500, 1000]), 500).round(4).tolist()
    [1.0, 0.6065, 0.1353]
    >>> gaussian(np.array([0, 500, 1000]), 1000, threshold=1000).round(4).tolist()
    [1.0, 0.7014, 0.0]
    """
    _check_length("width", width)
    weights = np.exp(-((_checked(distance) / width) ** 2) / 2)
    if threshold is None:
        return weights
    _check_length("threshold", threshold)
    edge = np.exp(-((threshold / width) ** 2) / 2)
    return np.where(np.asarray(distance) <= threshold, (weights - edge) / (1 - edge), 0.0)


def logistic(distance: np.ndarray, middle: float, spread: float) -> np.ndarray:
    """Return (1 + exp(-b middle)) / (1 + exp(b (d - middle))), with b = pi / (spread sqrt 3).

    It falls slowly near the door, fastest at `middle`, and slowly again far away: S-shaped.

    Parameters
    ----------
    distance : ndarray
        See `binary`.
    middle, spread : float
        > 0: mean and standard deviation of the logistic distribution.

    Returns
    -------
    ndarray of float, of the shape of `distance`

    Raises
    ------
    ValueError
        As `binary`.

    References
    ----------
    Bauer, J. & Groneberg, D.A. (2016). Measuring spatial accessibility of health care providers:
    introduction of a variable distance decay function within the floating catchment area (FCA)
    method. PLoS ONE 11(7), e0159148.

    Examples
    --------
    >>> logistic(np.array([0, 1000, 3000]), 1000, 250).round(4).tolist()
    [1.0, 0.5004, 0.0]
    """
    _check_length("middle", middle)
    _check_length("spread", spread)
    slope = np.pi / (spread * np.sqrt(3))
    # Written with exp(-x), which becomes 0 far away where exp(x) would overflow.
    away = slope * (_checked(distance) - middle)
    falling = np.exp(-np.logaddexp(0.0, away))
    return np.minimum(falling * (1 + np.exp(-slope * middle)), 1.0)


def _checked(distance: np.ndarray) -> np.ndarray:
    values = np.asarray(distance, dtype=float)
    if not (values >= 0).all():
        wrong = ~(values >= 0)
        raise ValueError(
            f"{wrong.sum()} of {values.size} distances are missing or negative: give inf where "
            "there is no way"
        )
    return values


def _check_length(name: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise ValueError(f"{name} is {value}: give a finite number above 0")
