"""Local environments: who lives around each unit, by distance."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
from scipy import fft
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from analysis.measures.areas import Areas, by_area
from analysis.measures.coordinates import Lattice, checked_coordinates, lattice
from analysis.measures.counts import Column, group_columns
from analysis.measures.distance_decay import linked

# Weight at distance u = d/radius <= 1; further away nobody counts.
KERNELS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "uniform": np.ones_like,
    "triangular": lambda u: 1 - u,
    "epanechnikov": lambda u: 1 - u**2,
    "biweight": lambda u: (1 - u**2) ** 2,
}
# Pairs of units held at once.
_BLOCK = 1_000_000
# A unit at exactly the radius belongs to it, also where its distance came out a digit larger.
_EDGE = 1 + 1e-12


def kernel_environments(
    groups: pd.DataFrame,
    east: Column,
    north: Column,
    radii: Sequence[float],
    *,
    kernel: str = "uniform",
    within: Column | Areas | None = None,
) -> Iterator[tuple[float, pd.DataFrame]]:
    """Give who lives around each unit, for one radius after the other.

    e_im = sum_j phi(d_ij/r) n_jm, with n_jm the members of group m in unit j and phi the kernel:
    of two inhabitants at different distances the nearer counts for more, or, with the uniform
    kernel, as much. The unit itself counts in full.

    Parameters
    ----------
    groups : DataFrame of shape (n, m)
        One row per unit, one column per group, >= 0, none missing.
    east, north : column of n coordinates
        Centres of the units in metres (EPSG:28992).
    radii : sequence of float
        Metres, >= 0; a unit at exactly the radius is inside. At 0 only units at the same place are.
    kernel : {'uniform', 'triangular', 'epanechnikov', 'biweight'}, optional
        phi(u) = 1, 1 - u, 1 - u^2 or (1 - u^2)^2 for u <= 1, else 0.
    within : column of n areas, optional
        Only units of the same area are around a unit; without it borders are of no influence.

    Yields
    ------
    radius : float
        In the order of `radii`.
    environments : DataFrame of shape (n, m)
        e_im on the index and with the columns of `groups`, in (weighted) inhabitants.

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `checked_coordinates`: degrees are refused. Also if a radius is negative
        or not finite, or the kernel is not one of the four. Raised at the call, not at the first
        step.

    Notes
    -----
    Units on a square grid are summed by fast Fourier transform: O(N log N) for N cells of the
    rectangle, whatever the radius. Whole counts under the uniform kernel come out whole; else the
    rounding is about 1e-16 of all counts in the rectangle. Other units go by kd-tree in blocks.
    Never a table of all pairs.

    References
    ----------
    Reardon, S.F. & O'Sullivan, D. (2004). Measures of spatial segregation. Sociological
    Methodology 34, 121-162.

    Examples
    --------
    >>> groups = pd.DataFrame({"young": [5, 0, 2], "old": [5, 8, 1]})
    >>> at = kernel_environments(groups, [100_000, 100_100, 100_900], [400_000] * 3, [100])
    >>> next(at)[1]["young"].tolist()
    [5.0, 5.0, 2.0]
    """
    if kernel not in KERNELS:
        raise ValueError(f"kernel is {kernel!r}: give one of {', '.join(KERNELS)}")
    radii = [float(radius) for radius in radii]
    if not all(np.isfinite(radius) and radius >= 0 for radius in radii):
        raise ValueError(f"radii are {radii}: give distances in metres of 0 or more")
    areas, columns = by_area(group_columns(groups), within)
    members = np.column_stack(columns)
    places = checked_coordinates(east, north, len(members))
    if areas.order is not None:
        places = places[areas.order]
    stretches = [
        slice(start, start + size)
        for start, size in zip(areas.starts, areas.sizes, strict=True)
        if size
    ]
    grids = [lattice(places[units]) for units in stretches]
    rows = np.arange(len(members)) if areas.order is None else areas.order

    def environments():
        for radius in radii:
            around = np.empty(members.shape)
            for units, grid in zip(stretches, grids, strict=True):
                of_area = members[units], radius, KERNELS[kernel]
                around[rows[units]] = (
                    _around_points(places[units], *of_area)
                    if grid is None
                    else _around_cells(grid, *of_area)
                )
            yield radius, pd.DataFrame(around, index=groups.index, columns=groups.columns)

    return environments()


def weighted_environments(groups: pd.DataFrame, weights) -> pd.DataFrame:
    """Return who lives around each unit, with weights that are given.

    e_im = sum_j w_ij n_jm: travel times, a network, a torus, or neighbours of any kind.

    Parameters
    ----------
    groups : DataFrame of shape (n, m)
        One row per unit, one column per group, >= 0, none missing.
    weights : matrix of shape (n, n)
        w_ij >= 0, sparse, an array, or an object that has one as `sparse` (libpysal).

    Returns
    -------
    DataFrame of shape (n, m)
        On the index and with the columns of `groups`.

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `linked`.
    """
    areas, columns = by_area(group_columns(groups), None)
    around = linked(weights, areas) @ np.column_stack(columns)
    return pd.DataFrame(around, index=groups.index, columns=groups.columns)


def _around_cells(grid: Lattice, members: np.ndarray, radius: float, kernel) -> np.ndarray:
    """Return sums around the cells of a grid, by fast Fourier transform."""
    # No further than the rectangle itself is wide: the rest of the kernel meets no cell.
    reach = [min(int(radius * _EDGE / grid.step), size - 1) for size in grid.shape]
    padded = [
        fft.next_fast_len(size + far, real=True)
        for size, far in zip(grid.shape, reach, strict=True)
    ]
    down, right = (np.arange(-far, far + 1) for far in reach)
    apart = np.hypot(*np.meshgrid(down, right, indexing="ij")) * grid.step
    near = kernel(np.minimum(apart / radius, 1.0) if radius else apart)
    weights = np.zeros(padded)
    # The transform goes round: what lies before the cell is at the end.
    weights[np.ix_(down % padded[0], right % padded[1])] = np.where(
        apart <= radius * _EDGE, near, 0.0
    )
    # The kernel is the same on both sides: its transform is real.
    transformed = fft.rfft2(weights).real.copy()
    whole = kernel is np.ones_like and (members == np.floor(members)).all()
    around = np.empty(members.shape)
    for group, values in enumerate(members.T):
        sums = fft.irfft2(fft.rfft2(grid.raster(values), padded) * transformed, padded)
        sums = sums[grid.row, grid.column]
        # What the transform leaves where nobody lives.
        noise = 1e-14 * values.sum()
        around[:, group] = np.rint(sums) if whole else np.where(sums > noise, sums, 0.0)
    return around


def _around_points(places: np.ndarray, members: np.ndarray, radius: float, kernel) -> np.ndarray:
    """Return sums around points, by kd-tree in blocks of at most about a million pairs."""
    tree = KDTree(places)
    reach = radius * _EDGE
    pairs = np.cumsum(tree.query_ball_point(places, reach, return_length=True))
    cuts = np.unique(np.searchsorted(pairs, np.arange(0, pairs[-1], _BLOCK)))
    around = np.empty(members.shape)
    for first, last in zip(cuts, [*cuts[1:], len(places)], strict=True):
        block = KDTree(places[first:last])
        near = block.sparse_distance_matrix(tree, reach, output_type="coo_matrix")
        weights = kernel(np.minimum(near.data / radius, 1.0) if radius else near.data)
        shape = (last - first, len(places))
        around[first:last] = csr_array((weights, (near.row, near.col)), shape=shape) @ members
    return around
