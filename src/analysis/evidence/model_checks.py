"""What may be wrong with a model: terms alike, residuals alike nearby, areas that decide it."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.evidence.autocorrelation import morans_i
from analysis.evidence.frame import evidence_frame, join
from analysis.evidence.model_methods import variance_inflation
from analysis.evidence.models import Fit

# An area counts as influential from 4 / n (Bollen & Jackman 1990).
_INFLUENTIAL = 4.0
_PERMUTATIONS = 999


def inflation_rows(found: Fit, *, area: pd.Series, source: str) -> pd.DataFrame:
    """Return how far each term is told by the others, as evidence rows.

    Parameters
    ----------
    found : Fit
    area : Series
        area_code, area_name, year, level.
    source : str

    Returns
    -------
    DataFrame
        Measure 'variance_inflation', group '<outcome> ~ <term>', value 1 (told by none) or more;
        from 5 or 10 on an interval is wide because terms resemble each other. Without
        coefficients the status of the fit.
    """
    told = pd.Series(np.nan, index=list(found.formula.terms))
    if found.status == "ok":
        told = variance_inflation(found.terms.drop(columns="Intercept"))
    rows = [
        _row(found, area, source, "variance_inflation", value, term=term)
        for term, value in told.items()
    ]
    return evidence_frame(rows)


def residual_rows(
    found: Fit, *, area: pd.Series, source: str, neighbours: csr_array | None, seed: int = 0
) -> pd.DataFrame:
    """Return whether what a model leaves over is alike in neighbouring areas, as evidence rows.

    Parameters
    ----------
    found : Fit
    area, source
        See `inflation_rows`.
    neighbours : sparse matrix, or None
        Weights >= 0 among the areas used, in their order.
    seed : int, optional
        Of the 999 permutations.

    Returns
    -------
    DataFrame
        Group the outcome: 'residual_morans_i' (esda), 'residual_morans_p' (two-sided),
        'without_neighbours' (areas that have none) and 'share_explained' (1 - residual over total
        sum of squares; can be below 0 for what is no least squares). 'no_neighbours' where
        boundaries are unknown or no two areas touch.
    """
    alike = {"value": np.nan, "p": np.nan}
    alone, explained = np.nan, np.nan
    if found.status == "ok":
        left = found.outcome - found.outcome.mean()
        explained = 1 - float(found.residuals @ found.residuals) / float(left @ left)
        if neighbours is not None:
            links = csr_array(neighbours)
            alone = float((links.sum(axis=1) == 0).sum())
            alike = morans_i(found.residuals, links, permutations=_PERMUTATIONS, seed=seed)
    told = {
        "residual_morans_i": alike["value"],
        "residual_morans_p": alike["p"],
        "without_neighbours": alone,
        "share_explained": explained,
    }
    return evidence_frame(
        [_row(found, area, source, measure, value) for measure, value in told.items()]
    )


def influence_rows(found: Fit, *, area: pd.Series, source: str, names: pd.Series) -> pd.DataFrame:
    r"""Return which areas decide an ordinary model, most first, as evidence rows.

    Cook's distance :math:`D_i = \frac{e_i^2}{p s^2} \frac{h_i}{(1 - h_i)^2}`: how far all
    coefficients move when the area is left out.

    Parameters
    ----------
    found : Fit
        Of method 'ols'.
    area, source
        See `inflation_rows`.
    names : Series of str
        What areas are called, by code.

    Returns
    -------
    DataFrame
        Of the whole area 'influential_areas' (how many are above 4/n) and 'most_influential' (the
        largest D); then per such area, under its own code and name, 'cooks_distance'. An area that
        alone tells a coefficient has no D: its residual is 0 whatever happens.

    Raises
    ------
    ValueError
        For another method: h is that of least squares.
    """
    if found.method != "ols":
        raise ValueError("influence is of an 'ols' fit")
    if found.status != "ok":
        none = ("influential_areas", "most_influential")
        return evidence_frame([_row(found, area, source, measure, np.nan) for measure in none])
    distance = cooks_distance(found)
    bound = _INFLUENTIAL / len(distance)
    told = distance[distance.gt(bound)].sort_values(ascending=False, kind="stable")
    whole = evidence_frame(
        [
            _row(found, area, source, "influential_areas", float(len(told))),
            _row(found, area, source, "most_influential", distance.max()),
        ]
    )
    each = [
        _row(found, area, source, "cooks_distance", value)
        | {"area_code": code, "area_name": names[code]}
        for code, value in told.items()
    ]
    return join([whole, evidence_frame(each)])


def cooks_distance(found: Fit) -> pd.Series:
    """Return Cook's distance of every area used; NaN for one that alone tells a coefficient."""
    x, e = found.terms.to_numpy(), found.residuals.to_numpy()
    own, _ = np.linalg.qr(x)
    h = (own**2).sum(axis=1)
    n, p = x.shape
    spread = float(e @ e) / (n - p)
    alone = 1 - h < 1e-10
    if spread == 0:
        return pd.Series(np.nan, index=found.terms.index)
    kept = np.where(alone, 1.0, 1 - h)
    return pd.Series(
        np.where(alone, np.nan, e**2 / (p * spread) * h / kept**2), index=found.terms.index
    )


def _row(
    found: Fit, area: pd.Series, source: str, measure: str, value: float, *, term: str = ""
) -> dict:
    """Return one evidence row; a number that is not there says why."""
    status = found.status
    if status == "ok" and np.isnan(value):
        status = "no_neighbours" if "neighbour" in measure or "moran" in measure else "constant"
    return {
        **area[["area_code", "area_name", "year", "level"]].to_dict(),
        "measure": measure,
        "group": f"{found.formula.outcome} ~ {term}" if term else found.formula.outcome,
        "value": value if status == "ok" else np.nan,
        "units": len(found.outcome),
        "units_missing": found.missing,
        "status": status,
        "source": source,
    }
