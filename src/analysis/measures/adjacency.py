"""Dissimilarity less what neighbouring units make up for: contact across shared borders."""

import numpy as np
import pandas as pd

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.counts import Column
from analysis.measures.distance_decay import linked


def adjacency_dissimilarity(
    group: Column, others: Column, adjacency, by: Column | Areas | None = None
) -> pd.Series | float:
    """Return the dissimilarity adjusted for neighbouring units, D(adj) or D(w), of every area.

    D - sum_ij c_ij |p_i - p_j| / sum_ij c_ij, with p_i the group's share in unit i. With c_ij = 1
    for neighbours it is Morrill's D(adj); with the length of the shared border as c_ij Wong's D(w).

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    adjacency : matrix of shape (n, n)
        c_ij >= 0 for units in the order in which they were given; a sparse matrix, an array, or an
        object that has one as `sparse` (libpysal). Links of a unit with itself, with a unit without
        inhabitants (it has no share) and across areas are passed over.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        At most D, by area, sorted; one number without `by`. Can lie below 0. NaN where the group or
        the others are absent and where no two inhabited units are neighbours.

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `linked`.

    References
    ----------
    Morrill, R.L. (1991). On the measure of geographic segregation. Geography Research Forum 11,
    25-36. Wong, D.W.S. (1993). Spatial indices of segregation. Urban Studies 30(3), 559-572.

    Examples
    --------
    >>> adjacency_dissimilarity([10, 10, 0], [0, 0, 10], [[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    0.5
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    unit, _, weight, difference = _differences(areas, x, y, adjacency)
    met = _unit_sums(unit, weight * difference, len(x))
    links = areas.sums(_unit_sums(unit, weight, len(x)))
    values = _dissimilarity(areas, x, y) - ratio(areas.sums(met), links)
    return areas.result(values, "adjacency_dissimilarity")


def shape_dissimilarity(
    group: Column,
    others: Column,
    shared_border: np.ndarray,
    perimeter_area_ratio: Column,
    by: Column | Areas | None = None,
) -> pd.Series | float:
    """Return Wong's D(s) of every area: dissimilarity adjusted for borders and shapes.

    D - sum_ij w_ij |p_i - p_j| (r_i + r_j) / (2 max r), with w_ij = c_ij / sum_ij c_ij the part of
    all border that units i and j share, and r_i the perimeter of unit i over its area: contact is
    easier across a long border, and out of a unit that is all edge.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing.
    shared_border : matrix of shape (n, n)
        c_ij, length of the border that two units share, as `adjacency` in
        `adjacency_dissimilarity`.
    perimeter_area_ratio : column of n numbers
        r_i > 0 in any one unit of measurement, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        Between `adjacency_dissimilarity` and D, by area, sorted; one number without `by`. NaN as
        there.

    Raises
    ------
    TypeError, ValueError
        See `by_area` and `linked`.

    References
    ----------
    Wong, D.W.S. (1993). Spatial indices of segregation. Urban Studies 30(3), 559-572, with the sum
    over pairs not halved twice: Tivadar, M. (2019). OasisR. Journal of Statistical Software 89(7).

    Examples
    --------
    >>> shape_dissimilarity([10, 10, 0], [0, 0, 10], [[0, 1, 0], [1, 0, 1], [0, 1, 0]], [1, 1, 3])
    0.6666666666666667
    """
    columns = {"group": group, "others": others, "perimeter_area_ratio": perimeter_area_ratio}
    areas, (x, y, r) = by_area(columns, by)
    unit, neighbour, weight, difference = _differences(areas, x, y, shared_border)
    met = _unit_sums(unit, weight * difference * (r[unit] + r[neighbour]), len(x))
    links = areas.sums(_unit_sums(unit, weight, len(x)))
    most = np.maximum.reduceat(r, areas.starts) if len(r) else np.zeros(len(areas.sizes))
    values = _dissimilarity(areas, x, y) - ratio(areas.sums(met), 2 * most * links)
    return areas.result(values, "shape_dissimilarity")


def _differences(areas: Areas, x: np.ndarray, y: np.ndarray, matrix) -> tuple[np.ndarray, ...]:
    """Return of each link between two inhabited units: both, its weight and |p_i - p_j|."""
    links = linked(matrix, areas).tocoo()
    t = x + y
    kept = (links.row != links.col) & (t[links.row] > 0) & (t[links.col] > 0)
    unit, neighbour = links.row[kept], links.col[kept]
    share = ratio(x, t)
    return unit, neighbour, links.data[kept], np.abs(share[unit] - share[neighbour])


def _unit_sums(unit: np.ndarray, values: np.ndarray, units: int) -> np.ndarray:
    return np.bincount(unit, values, minlength=units)


def _dissimilarity(areas: Areas, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    all_x, all_y = areas.sums(x), areas.sums(y)
    surplus = x * areas.spread(all_y) - y * areas.spread(all_x)
    return ratio(areas.sums(np.abs(surplus)), 2 * all_x * all_y)
