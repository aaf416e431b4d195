"""Whether neighbouring units are alike, and which units deviate, with how sure that is (esda)."""

import warnings

import numpy as np
import pandas as pd
from esda import Moran
from esda.getisord import G_Local
from libpysal.graph import Graph
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control

# Fewer units than this say nothing about a pattern.
SMALLEST_SET = 3


def touching_or_overlapping(boundaries, *, gap: float = 0.0) -> csr_array:
    """Return which units are neighbours: those whose boundaries touch, overlap or nearly touch.

    Parameters
    ----------
    boundaries : GeoSeries or GeoDataFrame of n units
        In metres (EPSG:28992). Approximate boundaries overlap and leave gaps, so a shared vertex
        is not asked for.
    gap : float, optional
        Metres that may lie between two neighbours.

    Returns
    -------
    csr_array of shape (n, n)
        1 for neighbours, 0 on the diagonal, in the order of the units.

    Raises
    ------
    ValueError
        If the coordinates are in degrees, or a boundary is missing or empty.
    """
    shapes = boundaries.geometry
    if shapes.crs is not None and shapes.crs.is_geographic:
        raise ValueError("boundaries are in degrees: give metres (to_crs(28992))")
    if shapes.isna().any() or shapes.is_empty.any():
        raise ValueError("a boundary is missing or empty: leave these units out and count them")
    buffer = gap / 2 if gap else None
    graph = Graph.build_fuzzy_contiguity(shapes.reset_index(drop=True), buffer=buffer)
    return csr_array(graph.sparse)


def morans_i(
    values: pd.Series, neighbours, *, permutations: int = 999, seed: int = 0
) -> dict[str, float]:
    """Return Moran's I of a figure over neighbouring units, row-standardised, and its p-value.

    Parameters
    ----------
    values : Series of n figures
        None missing.
    neighbours : matrix of shape (n, n)
        Weights >= 0, sparse or an array, in the order of the units. Units without neighbours count
        with a lag of 0.
    permutations : int, optional
    seed : int, optional

    Returns
    -------
    dict
        value, expected (-1/(n - 1)) and p: (k + 1)/(permutations + 1), two-sided. NaN where there
        are fewer than three units, no neighbours or no differences.

    Raises
    ------
    ValueError
        If a figure is missing or the matrix has another shape.
    """
    y, graph = _checked(values, neighbours)
    if graph is None:
        return {"value": np.nan, "expected": np.nan, "p": np.nan}
    # esda draws from numpy's global state.
    state = np.random.get_state()
    try:
        np.random.seed(seed)
        found = Moran(y, graph, permutations=permutations)
    finally:
        np.random.set_state(state)
    return {"value": found.I, "expected": found.EI, "p": min(1.0, 2 * found.p_sim)}


def local_g_star(
    values: pd.Series,
    neighbours,
    *,
    permutations: int = 9999,
    seed: int = 0,
    false_discoveries: float = 0.05,
) -> pd.DataFrame:
    """Return Gi* of each unit: whether a figure is high or low there and in the units around it.

    Parameters
    ----------
    values : Series of n figures
        >= 0, none missing, say the share of a group.
    neighbours : matrix of shape (n, n)
        Weights >= 0, sparse or an array, in the order of the units; 1 for neighbours. A unit is its
        own neighbour here.
    permutations : int, optional
        The smallest p is 2/(permutations + 1): with n units it must lie well below 0.05/n.
    seed : int, optional
        The same seed gives the same p.
    false_discoveries : float, optional
        Share of false discoveries among the units that are said to deviate.

    Returns
    -------
    DataFrame
        z, p (two-sided), p_adjusted (Benjamini-Hochberg over all units) and deviates ('high', 'low'
        or ''), on the index of `values`. NaN and '' where there are fewer than three units, no
        neighbours or no differences.

    Raises
    ------
    ValueError
        If a figure is missing or negative (G is a part of a sum: it has no sign of its own), the
        matrix has another shape, or permutations are too few to find any unit that deviates.

    References
    ----------
    Ord, J.K. & Getis, A. (1995). Local spatial autocorrelation statistics. Geographical Analysis
    27(4), 286-306. Benjamini, Y. & Hochberg, Y. (1995). Journal of the Royal Statistical Society B
    57(1), 289-300.
    """
    y, graph = _checked(values, neighbours)
    if (y < 0).any():
        raise ValueError(
            "values are negative somewhere: Gi* is for figures of 0 or more, as shares"
        )
    columns = {"z": np.nan, "p": np.nan, "p_adjusted": np.nan, "deviates": ""}
    table = pd.DataFrame(columns, index=values.index)
    if graph is None:
        return table
    if 2 / (permutations + 1) > false_discoveries / len(y):
        raise ValueError(
            f"{permutations} permutations are too few for {len(y)} units: "
            f"give {int(np.ceil(2 * len(y) / false_discoveries))} or more"
        )
    with warnings.catch_warnings():
        # Of esda's own: a name of numpy, and that its p-value is one-sided (doubled below).
        warnings.simplefilter("ignore", DeprecationWarning)
        # A unit without neighbours has no spread over permutations; its z of those is not used.
        warnings.simplefilter("ignore", RuntimeWarning)
        found = G_Local(
            y, graph, transform="B", star=True, permutations=permutations, seed=seed, n_jobs=1
        )
    table["z"] = found.Zs
    table["p"] = np.minimum(1.0, 2 * found.p_sim)
    table["p_adjusted"] = false_discovery_control(table["p"])
    sure = table["p_adjusted"] <= false_discoveries
    table["deviates"] = np.select(
        [sure & (table["z"] > 0), sure & (table["z"] < 0)], ["high", "low"], ""
    )
    return table


def _checked(values: pd.Series, neighbours) -> tuple[np.ndarray, Graph | None]:
    y = values.to_numpy(dtype=float)
    if not np.isfinite(y).all():
        raise ValueError("values are missing: leave these units out of values and neighbours both")
    links = csr_array(neighbours, dtype=float)
    if links.shape != (len(y), len(y)):
        raise ValueError(f"neighbours are {links.shape} for {len(y)} units")
    links.setdiag(0)
    links.eliminate_zeros()
    if len(y) < SMALLEST_SET or links.nnz == 0 or np.ptp(y) == 0:
        return y, None
    return y, Graph.from_sparse(links)
