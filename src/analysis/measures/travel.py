"""How far it is from homes to facilities: the pairs that are near enough, and nothing of the rest.

A table of all pairs of 20,000 origins and 2,000 facilities would hold 40 million distances, nearly
all of them too far to count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array
from scipy.spatial import cKDTree

from analysis.measures.coordinates import checked_coordinates
from analysis.measures.counts import Column, checked_counts


@dataclass(frozen=True)
class Travel:
    """The way from each origin to each facility within a limit, from home to facility.

    Attributes
    ----------
    origins, facilities : Index
        What the n origins and m facilities are called.
    starts : ndarray of int, shape (n + 1,)
        The pairs of origin i stand at starts[i] to starts[i + 1].
    facility : ndarray of int, shape (p,)
        Position of the facility of each pair.
    distance : ndarray of float, shape (p,)
        Of each pair, >= 0 and at most `limit`. A pair that is not here is further or has no way.
    limit : float
        In the unit of `distance`.
    """

    origins: pd.Index
    facilities: pd.Index
    starts: np.ndarray
    facility: np.ndarray
    distance: np.ndarray
    limit: float

    @property
    def shape(self) -> tuple[int, int]:
        """Number of origins and of facilities."""
        return len(self.origins), len(self.facilities)

    @property
    def origin(self) -> np.ndarray:
        """Position of the origin of each pair, of shape (p,), in rising order."""
        return np.repeat(np.arange(len(self.origins)), np.diff(self.starts))

    def matrix(self, values: np.ndarray) -> csr_array:
        """Return one value per pair as a sparse matrix of origins by facilities."""
        return csr_array((values, self.facility, self.starts), shape=self.shape)


def straight_line_travel(
    origins: pd.DataFrame,
    facilities: pd.DataFrame,
    limit: float,
    *,
    detour: float,
    own: Column | float,
) -> Travel:
    """Return the pairs within a limit as the crow flies, made longer by a detour factor.

    d_ij = max(detour * |x_i - x_j|, own_i). Neither factor nor own distance has a default: both
    are assumptions, to be told with every figure that rests on them.

    Parameters
    ----------
    origins : DataFrame of n rows
        `east` and `north` in metres (EPSG:28992); the index names them, each once.
    facilities : DataFrame of m rows
        As `origins`; facilities and origins need not be the same places.
    limit : float
        Metres after the detour, > 0; a pair at the limit belongs to the table.
    detour : float
        >= 1: walked metres per metre as the crow flies; 1 for the straight line itself.
    own : column of n distances, or float
        >= 0 in metres: the way to what lies at the origin itself. 0 for a home; where one point
        stands for an area a, sqrt(0.6 a) is the mean distance between two places in it.

    Returns
    -------
    Travel

    Raises
    ------
    TypeError, ValueError
        See `checked_coordinates` (degrees are refused); also if a name is there twice, or `limit`,
        `detour` or `own` is out of its range.

    Examples
    --------
    >>> homes = pd.DataFrame({"east": [100_000, 104_000], "north": [400_000] * 2}, ["a", "b"])
    >>> schools = pd.DataFrame({"east": [100_300], "north": [400_400]}, ["s"])
    >>> travel = straight_line_travel(homes, schools, 1000, detour=1.2, own=0)
    >>> travel.origin.tolist(), travel.distance.tolist()
    ([0], [600.0])
    """
    check_limit(limit)
    if not (np.isfinite(detour) and detour >= 1):
        raise ValueError(f"detour is {detour}: no way is shorter than the straight line, give >= 1")
    homes, places = _placed(origins, "origins"), _placed(facilities, "facilities")
    (least,) = checked_counts({"own": np.broadcast_to(own, len(homes)) if np.ndim(own) == 0
                               else own})  # fmt: skip
    if len(least) != len(homes):
        raise ValueError(f"own has {len(least)} values for {len(homes)} origins")
    if not len(homes) or not len(places):
        nothing = np.empty(0, dtype=int)
        return _laid_out(origins.index, facilities.index, nothing, nothing, np.empty(0), limit)
    # A little wider than the limit: rounding in the tree must not lose a pair that lies on it.
    near = cKDTree(homes).sparse_distance_matrix(
        cKDTree(places), limit / detour * (1 + 1e-9), output_type="ndarray"
    )
    distance = np.maximum(near["v"] * detour, least[near["i"]])
    return _laid_out(origins.index, facilities.index, near["i"], near["j"], distance, limit)


def travel_of_pairs(
    origins: pd.Index, facilities: pd.Index, pairs: pd.DataFrame, limit: float
) -> Travel:
    """Return a table of distances that somebody else measured, say minutes by bus.

    Parameters
    ----------
    origins, facilities : Index
        All of them, each once: also those of which there is no pair.
    pairs : DataFrame
        `origin`, `facility` (their names) and `distance` (>= 0; inf or no row where there is no
        way); no pair twice.
    limit : float
        In the unit of `distance`, > 0; what is further is left out.

    Returns
    -------
    Travel

    Raises
    ------
    ValueError
        If a name is unknown or there twice, a pair is there twice, or a distance is missing or
        negative.

    Examples
    --------
    >>> pairs = pd.DataFrame({"origin": ["b"], "facility": ["s"], "distance": [7.5]})
    >>> travel_of_pairs(pd.Index(["a", "b"]), pd.Index(["s"]), pairs, 10).starts.tolist()
    [0, 0, 1]
    """
    check_limit(limit)
    positions = []
    for column, names in (("origin", origins), ("facility", facilities)):
        _check_unique(names, column + "s")
        place = names.get_indexer(pd.Index(pairs[column]))
        if (place < 0).any():
            unknown = pairs[column].iloc[int((place < 0).argmax())]
            raise ValueError(f"pairs has the {column} {unknown!r}, which is not one of the names")
        positions.append(place)
    distance = pairs["distance"].to_numpy(dtype=float)
    if not (distance >= 0).all():
        raise ValueError("pairs has distances that are missing or negative: leave pairs without "
                         "a way out, or give inf")  # fmt: skip
    if pd.MultiIndex.from_arrays(positions).has_duplicates:
        raise ValueError("pairs has a pair of origin and facility twice: give the shortest")
    return _laid_out(origins, facilities, *positions, distance, limit)


def nearest_distance(travel: Travel, k: int = 1) -> pd.DataFrame:
    """Return the distance to the nearest, second nearest ... k-th nearest facility.

    Returns
    -------
    DataFrame of shape (n, k)
        By origin, columns 1 to k; inf where there are fewer within the limit of the table.

    Raises
    ------
    ValueError
        If k is not a whole number above 0.
    """
    if k != int(k) or k < 1:
        raise ValueError(f"k is {k}: give a whole number of facilities, 1 or more")
    found = np.full((len(travel.origins), int(k)), np.inf)
    origin = travel.origin
    order = np.lexsort((travel.distance, origin))
    rank = np.arange(len(order)) - np.repeat(travel.starts[:-1], np.diff(travel.starts))
    first = rank < k
    found[origin[first], rank[first]] = travel.distance[order][first]
    return pd.DataFrame(found, index=travel.origins, columns=range(1, int(k) + 1))


def counts_within(
    travel: Travel, radii: Sequence[float], kinds: Sequence[str] | pd.Series | None = None
) -> pd.DataFrame:
    """Count the facilities within each radius of every origin, of each kind.

    Parameters
    ----------
    travel : Travel
    radii : sequence of float
        > 0, none beyond the limit of the table; what lies at the radius counts.
    kinds : column of m kinds, optional
        The kind of each facility.

    Returns
    -------
    DataFrame of int
        By origin; columns the radii, or (kind, radius) with `kinds`. 0 where there is none.

    Raises
    ------
    ValueError
        If a radius is not above 0 or lies beyond the limit, or a kind is missing.

    Examples
    --------
    >>> homes = pd.DataFrame({"east": [100_000], "north": [400_000]}, ["a"])
    >>> schools = pd.DataFrame({"east": [100_300, 100_700], "north": [400_000] * 2})
    >>> travel = straight_line_travel(homes, schools, 1000, detour=1, own=0)
    >>> counts_within(travel, [500, 1000]).loc["a"].tolist()
    [1, 2]
    """
    for radius in radii:
        check_limit(radius)
        if radius > travel.limit:
            raise ValueError(f"a radius of {radius:g} lies beyond the limit of {travel.limit:g}")
    if kinds is None:
        code, names = np.zeros(len(travel.facilities), dtype=np.intp), None
    else:
        if isinstance(kinds, pd.Series) and not kinds.index.equals(travel.facilities):
            raise ValueError("kinds has another index than the facilities of the table")
        code, names = pd.factorize(np.asarray(kinds, dtype=object), sort=True)
        if len(code) != len(travel.facilities) or (code < 0).any():
            raise ValueError("kinds must tell the kind of each facility, none missing")
    several = 1 if names is None else len(names)
    cell = travel.origin * several + code[travel.facility]
    counted = {}
    for radius in radii:
        table = np.bincount(
            cell[travel.distance <= radius], minlength=len(travel.origins) * several
        )
        for number, column in enumerate(table.reshape(-1, several).T):
            counted[radius if names is None else (names[number], radius)] = column
    frame = pd.DataFrame(counted, index=travel.origins)
    return frame if names is None else frame.sort_index(axis=1)


def check_limit(limit: float) -> None:
    """Raise ValueError unless a limit or radius is a finite number above 0."""
    if not (np.isfinite(limit) and limit > 0):
        raise ValueError(f"a limit of {limit} reaches nothing or all: give a finite number above 0")


def _placed(table: pd.DataFrame, name: str) -> np.ndarray:
    _check_unique(table.index, name)
    return checked_coordinates(table["east"], table["north"], len(table))


def _check_unique(names: pd.Index, what: str) -> None:
    if not names.is_unique:
        twice = names[names.duplicated()][0]
        raise ValueError(f"{what} has {twice!r} twice: give each of them a name of its own")


def _laid_out(origins, facilities, origin, facility, distance, limit) -> Travel:
    """Return the pairs within the limit, those of one origin together."""
    near = distance <= limit
    shape = len(origins), len(facilities)
    table = coo_array((distance[near], (origin[near], facility[near])), shape=shape).tocsr()
    return Travel(origins, facilities, table.indptr, table.indices, table.data, float(limit))
