"""Bespoke neighbourhoods: who the k nearest inhabitants of each unit are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area
from analysis.measures.coordinates import checked_coordinates, lattice
from analysis.measures.counts import Column, group_columns
from analysis.measures.nearest_units import nearest_by_tree
from analysis.measures.rings import nearest_by_rings


@dataclass(frozen=True)
class NearestPersons:
    """Who lives nearest to each unit.

    Attributes
    ----------
    members : dict of float to DataFrame of shape (n, m)
        k -> members of each group among the k nearest inhabitants; a row adds up to k.
    radius : DataFrame of shape (n, number of k)
        Metres to the furthest unit that was needed, one column per k; 0 where the unit itself
        holds k.
    """

    members: dict[float, pd.DataFrame]
    radius: pd.DataFrame


def nearest_persons(
    groups: pd.DataFrame,
    east: Column,
    north: Column,
    k: Sequence[float],
    *,
    within: Column | Areas | None = None,
) -> NearestPersons:
    """Return the composition of the k nearest inhabitants of each unit, for several k at once.

    The inhabitants of the unit itself come first, then those of the unit whose centre is nearest,
    and so on until there are k. Units at the same distance make up one ring; of the ring in which
    the k-th inhabitant lives everybody counts for the same part, (k - inhabitants before it) /
    inhabitants of the ring, so that there are exactly k. It is the neighbourhood of EquiPop.

    Parameters
    ----------
    groups : DataFrame of shape (n, m)
        Members of each group in each unit, >= 0, none missing. The groups are the whole
        composition and do not overlap. Units without inhabitants get a neighbourhood too.
    east, north : column of n coordinates
        Centres of the units in metres (EPSG:28992): cells of a grid, or buurten.
    k : sequence of numbers
        > 0, each once.
    within : column of n areas, optional
        Only inhabitants of the same area are taken; without it the borders of gemeenten are of no
        influence, as they are not for people.

    Returns
    -------
    NearestPersons

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `checked_coordinates`: degrees are refused. Also if a k is not above 0 or
        is larger than the population from which it must come.

    Notes
    -----
    On a square grid rings of cells are added at whole steps in the raster; what has not reached
    the largest k within 64 cells, and units that are on no grid, go by kd-tree. Two distances are
    the same when they differ by less than a micrometre.

    References
    ----------
    Östh, J., Clark, W.A.V. & Malmberg, B. (2015). Measuring the scale of segregation using
    k-nearest neighbor aggregates. Geographical Analysis 47(1), 34-49.

    Examples
    --------
    >>> groups = pd.DataFrame({"young": [4, 0, 6], "old": [0, 4, 6]})
    >>> found = nearest_persons(groups, [100_000, 100_100, 100_300], [400_000] * 3, [6])
    >>> found.members[6].to_numpy().tolist()
    [[4.0, 2.0], [2.0, 4.0], [3.0, 3.0]]
    >>> found.radius[6].tolist()
    [100.0, 100.0, 0.0]
    """
    sizes = _checked(k)
    areas, columns = by_area(group_columns(groups), within)
    members = np.column_stack(columns)
    places = checked_coordinates(east, north, len(members))
    if areas.order is not None:
        places = places[areas.order]
    rows = np.arange(len(members)) if areas.order is None else areas.order
    found = np.empty((len(sizes), *members.shape))
    radius = np.empty((len(sizes), len(members)))
    for number, (start, size) in enumerate(zip(areas.starts, areas.sizes, strict=True)):
        units = slice(start, start + size)
        _check_population(members[units].sum(), sizes, areas.labels, number)
        found[:, rows[units]], radius[:, rows[units]] = _of_area(
            places[units], members[units], sizes
        )
    # In the order in which the caller gave them.
    return NearestPersons(
        {
            one: pd.DataFrame(
                found[sizes.index(one)], index=groups.index, columns=groups.columns, copy=False
            )
            for one in k
        },
        pd.DataFrame(radius.T, index=groups.index, columns=sizes)[list(k)],
    )


def _of_area(
    places: np.ndarray, members: np.ndarray, sizes: list[float]
) -> tuple[np.ndarray, np.ndarray]:
    grid = lattice(places)
    if grid is None:
        return nearest_by_tree(places, members, sizes, np.arange(len(members)))
    found, radius = nearest_by_rings(grid, members, sizes)
    for number, size in enumerate(sizes):
        far = np.flatnonzero(np.isnan(radius[number]))
        if len(far):
            found[[number], far], radius[[number], far] = nearest_by_tree(
                places, members, [size], far
            )
    return found, radius


def _checked(k: Sequence[float]) -> list[float]:
    if np.ndim(k) != 1 or len(k) == 0:
        raise TypeError("k must be a list of one or more numbers of inhabitants")
    if not all(np.isfinite(one) and one > 0 for one in k):
        raise ValueError(f"k is {list(k)}: give numbers of inhabitants above 0")
    if len(set(k)) < len(k):
        raise ValueError(f"k is {list(k)}: give each number once")
    return sorted(k)


def _check_population(population: float, sizes: list[float], labels, number: int) -> None:
    if sizes[-1] > population:
        where = "" if labels is None else f" of {labels[number]}"
        raise ValueError(
            f"k is {sizes[-1]:g}, more than the population{where} of {population:g}: "
            "give a smaller k, or leave this area out"
        )
