"""How coefficients are estimated, one function per method: arrays in, a table of terms out.

statsmodels, spreg and what they bring take seconds to import, and most reports draw no model;
so each is imported by the function that needs it.
"""

import io
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.stats import norm

# With fewer clusters than this their errors are too small (Cameron & Miller 2015); with fewer
# groups the spread between groups cannot be told from nothing.
FEWEST_CLUSTERS = 10
FEWEST_GROUPS = 5
# Beyond this the spatial parameter lies at the end of what is possible: no estimate was found.
_END = 0.99


@dataclass(frozen=True)
class Estimate:
    """What a method found.

    Attributes
    ----------
    table : DataFrame
        By term: value, low, high (95 %); also the spatial parameter ('rho', 'lambda') and the
        standard deviation of what is left within areas and between them ('sd_residual',
        'sd_between_<level>'), these two without an interval.
    residuals : ndarray
        Outcome minus what the terms say of it.
    status : str
        'ok', 'too_few_groups', 'no_neighbours' or 'not_converged'; all but 'ok' without a table.
    """

    table: pd.DataFrame
    residuals: np.ndarray
    status: str = "ok"


def without(status: str, y: pd.Series) -> Estimate:
    """Return the estimate of a method that could not be used."""
    empty = pd.DataFrame(columns=["value", "low", "high"], dtype=float)
    return Estimate(empty, np.full(len(y), np.nan), status)


def ordinary(y: pd.Series, x: pd.DataFrame) -> Estimate:
    """Return ordinary least squares with intervals of Student's t."""
    from statsmodels.api import OLS

    return _told(OLS(y, x).fit())


def weighted(y: pd.Series, x: pd.DataFrame, weights: pd.Series) -> Estimate:
    """Return weighted least squares; weights >= 0, say inhabitants."""
    from statsmodels.api import WLS

    return _told(WLS(y, x, weights=weights).fit())


def clustered(y: pd.Series, x: pd.DataFrame, clusters: pd.Series) -> Estimate:
    """Return ordinary least squares whose errors may be alike within a cluster."""
    from statsmodels.api import OLS

    if clusters.nunique() < FEWEST_CLUSTERS:
        return without("too_few_groups", y)
    # statsmodels wants numbers for clusters.
    numbers = pd.factorize(clusters)[0]
    found = OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": numbers}, use_t=True)
    return _told(found)


def quantile(y: pd.Series, x: pd.DataFrame, part: float, iterations: int) -> Estimate:
    """Return quantile regression; `part` 0.5 is the median, on which single areas weigh little."""
    from statsmodels.api import QuantReg
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, IterationLimitWarning

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        found = QuantReg(y, x).fit(q=part, max_iter=iterations)
    if _heard(heard, (ConvergenceWarning, IterationLimitWarning)):
        return without("not_converged", y)
    return _told(found)


def mixed(y: pd.Series, x: pd.DataFrame, within: pd.DataFrame, iterations: int) -> Estimate:
    """Return a model with a level of its own for every group, and for groups within groups.

    Parameters
    ----------
    within : DataFrame
        The groups of each area, from large to small: gemeente and wijk, or wijk alone.
    """
    from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

    outer, inner = within.iloc[:, 0], within.iloc[:, 1:]
    if within.apply(lambda one: one.nunique()).min() < FEWEST_GROUPS:
        return without("too_few_groups", y)
    parts = VCSpec([], [], []) if inner.columns.empty else _nested(outer, inner, VCSpec)
    with warnings.catch_warnings():
        # That it did not converge is said by the result; a spread between groups of just 0 is an
        # answer and no fault.
        warnings.simplefilter("ignore")
        try:
            found = MixedLM(
                y.to_numpy(), x.to_numpy(), outer.astype("str").to_numpy(),
                exog_re=np.ones((len(y), 1)), exog_vc=parts if parts.names else None,
            ).fit(maxiter=iterations)  # fmt: skip
        except np.linalg.LinAlgError:
            return without("not_converged", y)
        errors = np.asarray(found.bse_fe)
    if not found.converged or not np.isfinite(errors).all():
        return without("not_converged", y)
    value = pd.Series(np.asarray(found.fe_params), index=x.columns)
    table = _normal(value, errors)
    between = [float(np.asarray(found.cov_re)[0, 0]), *np.atleast_1d(found.vcomp)]
    for level, variance in zip(within.columns, between, strict=True):
        table.loc[f"sd_between_{level}"] = [np.sqrt(variance), np.nan, np.nan]
    table.loc["sd_residual"] = [np.sqrt(found.scale), np.nan, np.nan]
    return Estimate(table, (y - x @ value).to_numpy())


def spatial(y: pd.Series, x: pd.DataFrame, neighbours: csr_array, *, lag: bool) -> Estimate:
    """Return the spatial lag (`rho` times the neighbours' outcome) or error model (`lambda`).

    By maximum likelihood, on neighbours whose weights add up to 1 per area. An area without
    neighbours takes part with nothing around it.

    Notes
    -----
    In the lag model a coefficient is what goes with a term before it comes back by way of the
    neighbours; it does not compare with the others one to one.
    """
    links = csr_array(neighbours, dtype=float)
    # A zero that is written down counts as a neighbour of weight 1 in libpysal.
    links.setdiag(0)
    links.eliminate_zeros()
    if links.nnz == 0:
        return without("no_neighbours", y)
    from libpysal.weights import WSP
    from scipy.sparse import csr_matrix

    # spreg prints the name of the model.
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        # Areas without neighbours, names that numpy and pandas give up, tolerances of scipy.
        warnings.simplefilter("ignore")
        from spreg import ML_Error, ML_Lag

        weights = WSP(csr_matrix(links)).to_W(silence_warnings=True)
        weights.transform = "r"
        outcome, terms = y.to_numpy()[:, None], x.drop(columns="Intercept").to_numpy()
        if lag:
            found = ML_Lag(outcome, terms, w=weights, spat_diag=False, spat_impacts=None)
        else:
            found = ML_Error(outcome, terms, w=weights)
    names = [*x.columns, "rho" if lag else "lambda"]
    value = pd.Series(found.betas.ravel(), index=names)
    errors = np.sqrt(np.diag(found.vm))
    if not np.isfinite(errors).all() or abs(value.iloc[-1]) > _END:
        return without("not_converged", y)
    # What neighbours share is taken out: these residuals should be alike no more.
    left = found.u if lag else found.e_filtered
    return Estimate(_normal(value, errors), np.asarray(left).ravel())


def variance_inflation(terms: pd.DataFrame) -> pd.Series:
    """Return per term 1 / (1 - R2) of the other terms upon it: 1 alone, infinite when it is told.

    Parameters
    ----------
    terms : DataFrame
        At least as many rows as columns, each column with differences, none missing.
    """
    inflation = {}
    for name in terms:
        own = terms[name] - terms[name].mean()
        others = terms.drop(columns=name)
        others = ((others - others.mean()) / others.std()).to_numpy()
        left = own.to_numpy()
        if others.shape[1]:
            left = left - others @ np.linalg.lstsq(others, left, rcond=None)[0]
        share = float(left @ left) / float(own @ own)
        inflation[name] = 1 / share if share > 1e-12 else np.inf
    return pd.Series(inflation, dtype=float)


def _nested(outer: pd.Series, inner: pd.DataFrame, specification):
    """Return which areas belong to which inner group, by outer group in statsmodels' order."""
    labels = sorted(outer.astype("str").unique())
    matrices, names = [], []
    for level in inner:
        own = [
            pd.get_dummies(inner.loc[outer.astype("str").eq(label), level], dtype=float)
            for label in labels
        ]
        matrices.append([one.to_numpy() for one in own])
        names.append([[str(name) for name in one] for one in own])
    return specification(list(inner.columns), names, matrices)


def _told(found) -> Estimate:
    ends = found.conf_int()
    table = pd.DataFrame({"value": found.params, "low": ends[0], "high": ends[1]})
    if not np.isfinite(table.to_numpy()).all():
        return without("not_converged", found.resid)
    return Estimate(table, np.asarray(found.resid))


def _normal(value: pd.Series, errors: np.ndarray) -> pd.DataFrame:
    away = norm.ppf(0.975) * errors
    return pd.DataFrame({"value": value, "low": value - away, "high": value + away})


def _heard(said: list[warnings.WarningMessage], kinds: tuple[type[Warning], ...]) -> bool:
    return any(issubclass(one.category, kinds) for one in said)
