"""How near units are to each other, and what each has near, without a table of all pairs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, issparse
from scipy.spatial.distance import cdist

from analysis.measures.areas import Areas
from analysis.measures.coordinates import checked_coordinates
from analysis.measures.counts import Column, checked_counts

# Pairs of units held at once: 16 MB of distances.
_BLOCK = 2_000_000
# Mean distance between two people in a unit of area a: sqrt(0.6 a) (White 1983).
_OWN_UNIT = 0.6


@dataclass(frozen=True)
class DistanceDecay:
    """Proximity that falls with distance, see `exponential_proximity`.

    Attributes
    ----------
    places : ndarray of shape (n, 2)
        Metres.
    own : ndarray of shape (n,)
        Mean distance within each unit, metres.
    length : float
        Metres over which proximity falls to 1/e.
    """

    places: np.ndarray
    own: np.ndarray
    length: float


Proximity = DistanceDecay | np.ndarray | csr_array


def exponential_proximity(
    east: Column, north: Column, land_area: Column, *, length: float = 1000.0
) -> DistanceDecay:
    """Return the proximity of units that falls exponentially with distance.

    c_ij = exp(-d_ij / length), with d_ij the distance between the centres of units i and j, and
    d_ii = sqrt(0.6 a_i) within a unit of area a_i.

    Parameters
    ----------
    east, north : column of n coordinates
        Centres of the units in metres (EPSG:28992).
    land_area : column of n areas
        m2, >= 0, none missing.
    length : float, optional
        Metres, > 0. Massey and Denton let proximity fall to 1/e per unit of distance, whatever
        that unit was; results depend on it, so it is named here and to be told with them.

    Returns
    -------
    DistanceDecay
        For the measures of clustering and distance-decay exposure. Nothing is computed yet.

    Raises
    ------
    TypeError, ValueError
        See `checked_coordinates`: degrees are refused. Also if an area is missing or negative, or
        if `length` is not above 0.

    References
    ----------
    White, M.J. (1983). The measurement of spatial segregation. American Journal of Sociology
    88(5), 1008-1018.

    Examples
    --------
    >>> near = exponential_proximity([155000, 156000], [463000, 463000], [0, 0])
    >>> near.length
    1000.0
    """
    (areas,) = checked_counts({"land_area": land_area})
    if not (np.isfinite(length) and length > 0):
        raise ValueError(f"length is {length}: give a distance in metres above 0")
    places = checked_coordinates(east, north, len(areas))
    return DistanceDecay(places, np.sqrt(_OWN_UNIT * areas), float(length))


def near_sums(proximity: Proximity, areas: Areas, values: np.ndarray) -> np.ndarray:
    """Return sum_j c_ij v_j over the units j of unit i's own area.

    Parameters
    ----------
    proximity : DistanceDecay, or matrix of shape (n, n)
        c_ij >= 0 for units in the order in which they were given; a sparse matrix, an array, or an
        object that has one as `sparse` (libpysal). Pairs of units in two areas are passed over:
        an area is measured as if it lay alone.
    areas : Areas
        How the units are laid out.
    values : ndarray of shape (n, k)
        Of laid-out units.

    Returns
    -------
    ndarray of shape (n, k)
        Of laid-out units. For a DistanceDecay in blocks of rows: O(n) memory.
    """
    if not isinstance(proximity, DistanceDecay):
        return linked(proximity, areas) @ values
    if len(proximity.places) != len(values):
        raise ValueError(f"proximity is of {len(proximity.places)} units, not of {len(values)}")
    places, own = proximity.places, proximity.own
    if areas.order is not None:
        places, own = places[areas.order], own[areas.order]
    places, own = places / proximity.length, own / proximity.length
    sums = np.empty(values.shape)
    for start, size in zip(areas.starts, areas.sizes, strict=True):
        area = slice(start, start + size)
        rows = max(1, _BLOCK // max(size, 1))
        for first in range(start, start + size, rows):
            block = slice(first, min(first + rows, start + size))
            distance = cdist(places[block], places[area])
            inside = np.arange(block.start, block.stop)
            distance[inside - first, inside - start] = own[block]
            sums[block] = np.exp(-distance) @ values[area]
    return sums


def linked(matrix, areas: Areas) -> csr_array:
    """Return a matrix over units laid out by area, without links between areas.

    Parameters
    ----------
    matrix : sparse matrix or array of shape (n, n), or object that has one as `sparse`
        Weights >= 0 for units in the order in which they were given.
    areas : Areas

    Returns
    -------
    csr_array of shape (n, n)

    Raises
    ------
    ValueError
        If the matrix has another shape, or holds missing, infinite or negative weights.
    """
    matrix = getattr(matrix, "sparse", matrix)
    if isinstance(matrix, pd.DataFrame) or (not issparse(matrix) and np.ndim(matrix) != 2):
        raise TypeError("weights must be a sparse matrix or a two-dimensional array of numbers")
    units = int(areas.sizes.sum())
    links = csr_array(matrix, dtype=float).tocoo()
    if links.shape != (units, units):
        raise ValueError(f"weights are {links.shape} for {units} units: give one row per unit")
    if not (np.isfinite(links.data).all() and (links.data >= 0).all()):
        raise ValueError("weights are missing, infinite or negative somewhere: give numbers >= 0")
    row, column = links.row, links.col
    if areas.order is not None:
        laid_out = np.empty(units, dtype=int)
        laid_out[areas.order] = np.arange(units)
        row, column = laid_out[row], laid_out[column]
    area = np.repeat(np.arange(len(areas.sizes)), areas.sizes)
    same = area[row] == area[column]
    return csr_array((links.data[same], (row[same], column[same])), shape=(units, units))
