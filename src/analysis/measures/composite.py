"""An index of several indicators in domains, and how sure the order of places is by it."""

import numpy as np
import pandas as pd

_LOW, _HIGH = 0.025, 0.975


def domain_scores(indicators: pd.DataFrame, domain: pd.Series) -> pd.DataFrame:
    """Return the mean standardised indicator of each domain, for every unit.

    z = (x - mean) / sd over the units, with sd of the units themselves (n in the denominator); a
    domain is the mean of its indicators. An indicator that is the same everywhere adds 0.

    Parameters
    ----------
    indicators : DataFrame of shape (n, k)
        More is better; none missing.
    domain : Series of str
        Domain of each indicator.

    Returns
    -------
    DataFrame of shape (n, domains)
        Mean 0 over the units, domains in order of first appearance.

    Raises
    ------
    ValueError
        When a number is missing, or an indicator has no domain.

    Examples
    --------
    >>> one = pd.DataFrame({"libraries": [0.0, 2.0]}, ["a", "b"])
    >>> domain_scores(one, pd.Series({"libraries": "learning"}))["learning"].tolist()
    [-1.0, 1.0]
    """
    values = indicators.to_numpy(dtype=float)
    if not np.isfinite(values).all():
        raise ValueError("indicators are missing somewhere: leave these units out and count them")
    named = domain.reindex(indicators.columns)
    if named.isna().any():
        raise ValueError(f"indicator {named.index[named.isna()][0]} has no domain")
    spread = values.std(axis=0)
    apart = np.where(spread > 0, spread, 1.0)
    z = pd.DataFrame((values - values.mean(axis=0)) / apart, indicators.index, indicators.columns)
    return pd.DataFrame(
        {name: z.loc[:, named.eq(name).array].mean(axis=1) for name in dict.fromkeys(named)}
    )


def composite_index(scores: pd.DataFrame) -> pd.Series:
    """Return the mean of the domains, each weighing alike.

    Parameters
    ----------
    scores : DataFrame of shape (n, domains)
        From `domain_scores`.
    """
    return scores.mean(axis=1).rename("composite_index")


def rank_interval(scores: pd.DataFrame, *, draws: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Return the rank of every unit, and between which ranks it lies whatever domains weigh.

    Weights are drawn evenly from all that are 0 or more and add up to 1 (Dirichlet with ones).

    Parameters
    ----------
    scores : DataFrame of shape (n, domains)
        From `domain_scores`.
    draws, seed : int, optional

    Returns
    -------
    DataFrame
        `rank` with equal weights (1 has most; units alike share the best), `low` and `high`, the
        2.5th and 97.5th percentile of the rank over the draws, at most and at least `rank`.

    Raises
    ------
    ValueError
        When draws is below 1.

    References
    ----------
    Saisana, M., Saltelli, A. & Tarantola, S. (2005). Uncertainty and sensitivity analysis
    techniques as tools for the quality assessment of composite indicators. Journal of the Royal
    Statistical Society A 168(2), 307-323.

    Examples
    --------
    >>> scores = pd.DataFrame({"a": [1.0, -1.0], "b": [1.0, -1.0]}, ["x", "y"])
    >>> rank_interval(scores)["high"].tolist()
    [1.0, 2.0]
    """
    if draws < 1:
        raise ValueError("draws: give a whole number of 1 or more")
    values = scores.to_numpy(dtype=float)
    rank = composite_index(scores).rank(ascending=False, method="min")
    if not values.size:
        return pd.DataFrame({"rank": rank, "low": rank, "high": rank})
    weights = np.random.default_rng(seed).dirichlet(np.ones(values.shape[1]), draws)
    drawn = values @ weights.T
    # Units alike share the best place: the number of those that are clearly above, plus one.
    place = (drawn[None, :, :] > drawn[:, None, :] + 1e-12).sum(axis=1) + 1.0
    low = np.quantile(place, _LOW, axis=1, method="lower")
    high = np.quantile(place, _HIGH, axis=1, method="higher")
    return pd.DataFrame(
        {"rank": rank, "low": np.minimum(low, rank), "high": np.maximum(high, rank)}
    )
