"""What goes together over areas: a formula in, coefficients with intervals out.

A coefficient says that areas with more of one have more or less of another. It says nothing about
persons, and nothing about what would happen if one were changed.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.evidence import model_methods
from analysis.evidence.circularity import refuse_circular
from analysis.evidence.frame import evidence_frame

METHODS = ("ols", "weighted", "clustered", "quantile", "mixed", "spatial_lag", "spatial_error")
INTERVAL = "95%"
# Areas that must be there beyond one for every coefficient.
MORE_THAN_TERMS = 10
# A term whose spread is told to 99 % by the others has no coefficient of its own.
MOST_INFLATION = 100.0
_NAME = re.compile(r"[A-Za-z_]\w*")
_INTERCEPT = "Intercept"


@dataclass(frozen=True)
class Formula:
    """An outcome and its explanations, both columns of a table of areas."""

    outcome: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Setting:
    """What some methods need besides the table of areas; rows as there.

    Attributes
    ----------
    weights : Series, optional
        For 'weighted': >= 0.
    within : DataFrame, optional
        For 'mixed' and 'clustered': the groups of each area, from large to small (gemeente, wijk).
        Errors are clustered by the smallest.
    neighbours : sparse matrix, optional
        For the spatial ones: weights >= 0 in the order of the table.
    quantile : float
        For 'quantile'.
    iterations : int
        Most steps of what searches its answer.
    """

    weights: pd.Series | None = None
    within: pd.DataFrame | None = None
    neighbours: csr_array | None = None
    quantile: float = 0.5
    iterations: int = 1000


@dataclass(frozen=True)
class Fit:
    """A fitted formula.

    Attributes
    ----------
    formula : Formula
    method : str
    standardised : bool
        Whether outcome and terms were divided by their spread over the areas used.
    status : str
        'ok', 'too_few_areas', 'constant', 'collinear', 'too_few_groups', 'no_neighbours' or
        'not_converged'.
    table : DataFrame
        By term value, low, high, 'Intercept' first; empty where the status is not 'ok'.
    outcome : Series
        Of the areas used.
    terms : DataFrame
        Of the areas used, with 'Intercept'.
    residuals : Series
        On the areas used.
    missing : int
        Areas left out because a figure is missing.
    """

    formula: Formula
    method: str
    standardised: bool
    status: str
    table: pd.DataFrame
    outcome: pd.Series
    terms: pd.DataFrame
    residuals: pd.Series
    missing: int


def parse(formula: str) -> Formula:
    """Read 'outcome ~ term + term'; terms are names of columns.

    Raises
    ------
    ValueError
        For anything else: what is derived (a logarithm, a product) is made a column first, so that
        it can be said what it is made of.
    """
    outcome, tilde, right = (part.strip() for part in formula.partition("~"))
    terms = tuple(part.strip() for part in right.split("+"))
    if not tilde or not all(_NAME.fullmatch(name) for name in (outcome, *terms)):
        raise ValueError(f"'{formula}' is no formula: write 'outcome ~ term + term', with columns")
    if len(set(terms)) < len(terms):
        raise ValueError(f"'{formula}' has a term twice")
    return Formula(outcome, terms)


def fit(
    formula: str,
    areas: pd.DataFrame,
    method: str = "ols",
    *,
    made_of: Mapping[str, Collection[str]],
    setting: Setting | None = None,
    standardised: bool = False,
) -> Fit:
    r"""Fit a formula over areas.

    :math:`y = \beta_0 + \sum_k \beta_k x_k + e`; 'spatial_lag' adds :math:`\rho W y`,
    'spatial_error' :math:`e = \lambda W e + u`, 'mixed' a level per group.

    Parameters
    ----------
    formula : str
        See `parse`.
    areas : DataFrame
        One row per area; an area with a missing figure is left out and counted.
    method : str
        Of `METHODS`.
    made_of : mapping of str to collection of str
        Ingredients of outcome and terms, see `circularity.refuse_circular`.
    setting : Setting, optional
    standardised : bool, optional
        Give outcome and terms mean 0 and standard deviation 1 (n - 1) over the areas used first.

    Returns
    -------
    Fit
        With a status instead of coefficients where there are fewer areas than coefficients + 10,
        a term or the outcome is the same everywhere, terms tell each other to 99 % (VIF above
        100), groups are too few, no area has a neighbour, or no answer was found.

    Raises
    ------
    ValueError
        When the formula or method is unknown, a column is absent or holds infinity, or a method
        lacks its setting.
    CircularityError
        When a term is among the ingredients of the outcome.

    References
    ----------
    Anselin, L. & Rey, S. (2014). Modern Spatial Econometrics in Practice. Koenker, R. & Bassett, G.
    (1978). Regression quantiles. Econometrica 46(1), 33-50. Cameron, A.C. & Miller, D.L. (2015).
    A practitioner's guide to cluster-robust inference. Journal of Human Resources 50(2), 317-372.
    """
    asked, setting = parse(formula), setting or Setting()
    refuse_circular(asked.outcome, asked.terms, made_of)
    _check(asked, areas, method, setting)
    columns = [asked.outcome, *asked.terms]
    known = areas[columns].notna().all(axis=1) & _known_setting(areas.index, method, setting)
    used = areas.loc[known, columns].astype(float)
    status = _status(used)
    if standardised and status in ("ok", "collinear"):
        used = (used - used.mean()) / used.std(ddof=1)
    y, x = used[asked.outcome], used[list(asked.terms)]
    x.insert(0, _INTERCEPT, 1.0)
    if status == "ok":
        found = _estimate(y, x, method, setting, known.to_numpy())
    else:
        found = model_methods.without(status, y)
    return Fit(
        asked, method, standardised, found.status, found.table, y, x,
        pd.Series(found.residuals, index=y.index), int((~known).sum()),
    )  # fmt: skip


def coefficient_rows(
    found: Fit, *, area: pd.Series, source: str, people: pd.Series | None = None
) -> pd.DataFrame:
    """Return a fit as evidence rows, one per term.

    Parameters
    ----------
    found : Fit
    area : Series
        area_code, area_name, year and level (of the areas that were compared).
    source : str
    people : Series, optional
        Inhabitants of all areas, to say what part of them was covered.

    Returns
    -------
    DataFrame
        Measure 'coefficient_<method>' ('standardised_<method>' of a standardised fit), group
        '<outcome> ~ <term>', value with low and high; units are the areas used, units_missing
        those left out. Without coefficients every term has the status of the fit.
    """
    covered = dict.fromkeys(("population_covered", "median_unit_size"), np.nan)
    if people is not None and people.sum() > 0:
        own = people.reindex(found.outcome.index)
        covered = {
            "population_covered": own.sum() / people.sum(),
            "median_unit_size": own.median(),
        }
    names = found.table.index if found.status == "ok" else [_INTERCEPT, *found.formula.terms]
    told = found.table.reindex(names)
    return evidence_frame(
        told.assign(
            **area[["area_code", "area_name", "year", "level"]].to_dict(),
            **covered,
            measure=f"{'standardised' if found.standardised else 'coefficient'}_{found.method}",
            group=[f"{found.formula.outcome} ~ {name}" for name in names],
            interval=np.where(told["low"].notna(), INTERVAL, ""),
            units=len(found.outcome),
            units_missing=found.missing,
            status=found.status,
            source=source,
        )
    )


def _check(asked: Formula, areas: pd.DataFrame, method: str, setting: Setting) -> None:
    if method not in METHODS:
        raise ValueError(f"'{method}' is no method; give one of {', '.join(METHODS)}")
    absent = [name for name in (asked.outcome, *asked.terms) if name not in areas]
    if absent:
        raise ValueError(f"the areas have no column {', '.join(absent)}")
    for name in (asked.outcome, *asked.terms):
        if np.isinf(areas[name].astype(float)).any():
            raise ValueError(f"{name} is infinite somewhere; make it missing there")
    need = {"weighted": "weights", "clustered": "within", "mixed": "within"}
    need |= dict.fromkeys(("spatial_lag", "spatial_error"), "neighbours")
    if method in need and getattr(setting, need[method]) is None:
        raise ValueError(f"'{method}' needs {need[method]} in its setting")
    if method == "weighted" and setting.weights.lt(0).any():
        raise ValueError("weights are negative somewhere; give 0 or more")
    if method.startswith("spatial") and setting.neighbours.shape != (len(areas), len(areas)):
        raise ValueError(f"neighbours are {setting.neighbours.shape} for {len(areas)} areas")


def _known_setting(index: pd.Index, method: str, setting: Setting) -> pd.Series:
    """Return where the setting has what the method needs."""
    if method == "weighted":
        return setting.weights.reindex(index).notna()
    if method in ("mixed", "clustered"):
        return setting.within.reindex(index).notna().all(axis=1)
    return pd.Series(True, index=index)


def _status(used: pd.DataFrame) -> str:
    if len(used) < used.shape[1] + MORE_THAN_TERMS:
        return "too_few_areas"
    if used.nunique().eq(1).any():
        return "constant"
    if model_methods.variance_inflation(used.iloc[:, 1:]).gt(MOST_INFLATION).any():
        return "collinear"
    return "ok"


def _estimate(
    y: pd.Series, x: pd.DataFrame, method: str, setting: Setting, known: np.ndarray
) -> model_methods.Estimate:
    if method == "ols":
        return model_methods.ordinary(y, x)
    if method == "weighted":
        return model_methods.weighted(y, x, setting.weights.reindex(y.index))
    if method == "quantile":
        return model_methods.quantile(y, x, setting.quantile, setting.iterations)
    if method == "mixed":
        return model_methods.mixed(y, x, setting.within.loc[y.index], setting.iterations)
    if method == "clustered":
        return model_methods.clustered(y, x, setting.within.loc[y.index].iloc[:, -1])
    links = csr_array(setting.neighbours)[known][:, known]
    return model_methods.spatial(y, x, links, lag=method == "spatial_lag")
