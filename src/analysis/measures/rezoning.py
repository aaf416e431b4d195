"""What an index depends on the lines on the map: the same units joined into other zones."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.measures.areas import by_area
from analysis.measures.counts import Column, check_same_units
from analysis.measures.evenness import dissimilarity
from analysis.measures.random_zones import random_zonings
from analysis.measures.streams import area_streams

Index = Callable[..., pd.Series | float]


def over_zones(
    group: Column,
    others: Column,
    zone: Column,
    by: Column | None = None,
    *,
    index: Index = dissimilarity,
) -> pd.Series | float:
    """Return an index over zones that units are joined into (wijken, say) in every area.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    zone : column of n labels
        The zone of each unit; the same label in two areas is two zones.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    index : callable
        Any measure (group, others, by) that gives one number per area.

    Returns
    -------
    Series of float, or float
        By area, sorted; one number without `by`. For dissimilarity, Gini and H never above that
        over the units.

    Raises
    ------
    TypeError, ValueError
        See `by_area`, for `zone` as for `by`.

    Examples
    --------
    >>> over_zones([30, 10, 5, 5], [10, 30, 5, 5], ["w1", "w1", "w2", "w2"])
    0.0
    """
    check_same_units({"group": group, "zone": zone})
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    zones, _ = by_area({"group": group}, zone)
    codes = _in_order_of(zones, len(x))
    laid = codes if areas.order is None else codes[areas.order]
    number = areas.spread(np.arange(len(areas.sizes)))
    joined, place = np.unique(np.column_stack([number, laid]), axis=0, return_inverse=True)
    place = place.ravel()
    sums = [np.bincount(place, values, minlength=len(joined)) for values in (x, y)]
    values = index(*sums, joined[:, 0])
    return areas.result(np.asarray(values, dtype=float), index.__name__)


def rezoned(
    group: Column,
    others: Column,
    by: Column | None = None,
    *,
    neighbours: sparse.spmatrix | sparse.sparray | np.ndarray,
    zones: pd.Series | int,
    index: Index = dissimilarity,
    draws: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Return an index over random zonings of the units into contiguous zones of like population.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    neighbours : sparse matrix of shape (n, n), or ndarray of shape (pairs, 2)
        Which units lie next to each other, by position in the columns; a pair need be given once,
        pairs across areas are left out.
    zones : Series or int
        Zones per area (the number of its wijken, say): by area or for all.
    index : callable
        Any measure (group, others, by) that gives one number per area.
    draws : int
        Zonings per area.
    seed : int
        See `area_streams`: an area's zonings hang on the seed and its label alone.

    Returns
    -------
    DataFrame
        One row per area, sorted (one row, labelled 'all', without `by`): `on_units`, the index
        over the units themselves; `low`, `median`, `high`, percentiles 2.5, 50 and 97.5 over the
        zonings; `smallest`, `largest`; `zones`, how many there are: more than asked for where
        the area lies in more pieces, never more than its units; `largest_zone`, the
        population of the largest zone over the mean one, on average: 1 is equal.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also for neighbours that are no pairs of units or matrix of n by n, a number
        of zones below 1 or not given for an area.

    Notes
    -----
    An area is cut in two along one link of a random spanning tree, where the populations are
    nearest to those of whole zones, and each side again: every zone hangs together. Of up to
    three trees the first that comes within a tenth of a zone is taken, else the nearest.

    References
    ----------
    Openshaw, S. (1984). The modifiable areal unit problem. Norwich: Geo Books.
    DeFord, D., Duchin, M. & Solomon, J. (2021). Recombination: a family of Markov chains for
    redistricting. Harvard Data Science Review 3(1).

    Examples
    --------
    >>> line = np.array([[0, 1], [1, 2], [2, 3]])
    >>> found = rezoned([30, 10, 5, 5], [10, 30, 5, 5], neighbours=line, zones=2, draws=9)
    >>> float(found.loc["all", "zones"])
    2.0
    """
    if draws < 1:
        raise ValueError("draws: give a whole number of 1 or more")
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    links = _links(neighbours, len(x))
    if areas.order is not None:
        links = links[areas.order][:, areas.order]
    labels = pd.Index(["all"]) if areas.labels is None else areas.labels
    wanted = _zones_of(zones, labels)
    number = areas.spread(np.arange(len(areas.sizes)))
    on_units = np.asarray(index(x, y, number), dtype=float) if len(x) else np.empty(0)
    rows = []
    for area, stream in enumerate(area_streams(seed, labels)):
        units = slice(areas.starts[area], areas.starts[area] + areas.sizes[area])
        zonings = random_zonings(
            links[units, units], (x + y)[units], int(wanted[area]), draws, stream
        )
        rows.append(_row(zonings, x[units], y[units], index))
    columns = ["low", "median", "high", "smallest", "largest", "zones", "largest_zone"]
    table = pd.DataFrame(rows, index=labels, columns=columns)
    table.insert(0, "on_units", on_units)
    return table


def _row(zonings: np.ndarray, x: np.ndarray, y: np.ndarray, index: Index) -> list[float]:
    draws = len(zonings)
    many = int(zonings.max(initial=-1)) + 1
    if not many:
        return [np.nan] * 5 + [0.0, np.nan]
    copies = (zonings + many * np.arange(draws)[:, None]).ravel()
    sums = [
        np.bincount(copies, np.tile(values, draws), minlength=draws * many) for values in (x, y)
    ]
    values = np.asarray(index(*sums, np.repeat(np.arange(draws), many)), dtype=float)
    people = (sums[0] + sums[1]).reshape(draws, many)
    mean = people.mean(axis=1)
    uneven = float((people.max(axis=1) / mean).mean()) if (mean > 0).all() else np.nan
    if np.isnan(values).all():
        return [np.nan] * 5 + [float(many), uneven]
    low, median, high = np.nanpercentile(values, [2.5, 50, 97.5])
    return [low, median, high, np.nanmin(values), np.nanmax(values), float(many), uneven]


def _links(neighbours, n: int) -> sparse.csr_array:
    if sparse.issparse(neighbours):
        if neighbours.shape != (n, n):
            raise ValueError(f"neighbours is {neighbours.shape} for {n} units: give one row each")
        row, col = sparse.coo_array(neighbours).coords
    else:
        pairs = np.asarray(neighbours)
        if pairs.size == 0:
            pairs = np.empty((0, 2), dtype=int)
        if pairs.ndim != 2 or pairs.shape[1] != 2 or pairs.dtype.kind not in "iu":
            raise TypeError("neighbours: give a sparse matrix or pairs of positions, shape (k, 2)")
        if len(pairs) and (pairs.min() < 0 or pairs.max() >= n):
            raise ValueError(f"neighbours names a unit beyond the {n} there are")
        row, col = pairs.T
    both = np.concatenate([row, col]), np.concatenate([col, row])
    return sparse.csr_array((np.ones(len(both[0])), both), shape=(n, n))


def _zones_of(zones: pd.Series | int, labels: pd.Index) -> np.ndarray:
    if isinstance(zones, pd.Series):
        wanted = zones.reindex(labels).to_numpy(dtype=float)
    else:
        wanted = np.full(len(labels), float(zones))
    if not ((wanted >= 1) & (wanted % 1 == 0)).all():
        raise ValueError("zones: give a whole number of 1 or more for every area")
    return wanted.astype(int)


def _in_order_of(areas, n: int) -> np.ndarray:
    """Return the number of the area of each unit, in the caller's order."""
    codes = areas.spread(np.arange(len(areas.sizes)))
    if areas.order is None:
        return codes
    given = np.empty(n, dtype=int)
    given[areas.order] = codes
    return given
