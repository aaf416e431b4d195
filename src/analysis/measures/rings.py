"""The k nearest inhabitants of cells of a grid, by discs of growing size over a raster."""

from dataclasses import dataclass

import numpy as np

from analysis.measures.coordinates import Lattice

# Cells around an origin that are looked through: further away the kd-tree is as fast.
RING_REACH = 100


@dataclass(frozen=True)
class _Raster:
    """Counts of a grid as running sums along its rows.

    Attributes
    ----------
    running : list of ndarray
        Of the inhabitants and of each group but the last, flat, with a border of empty cells.
    cell : ndarray of int
        Place of each unit's cell, less `origin`.
    origin : int
        Distance in the flat raster from a cell to the furthest one before it that is looked at.
    width : int
        Length of a row.
    squared : ndarray of int
        Squared distance in steps of each ring, rising.
    """

    running: list[np.ndarray]
    cell: np.ndarray
    origin: int
    width: int
    squared: np.ndarray

    def disc(self, group: int, units: np.ndarray, ring: int) -> np.ndarray:
        """Return the members of a group within a ring and all rings inside it, of each unit."""
        total, buffer = np.zeros(len(units)), np.empty(len(units))
        if ring < 0:
            return total
        cells, squared = self.cell[units], int(self.squared[ring])
        tallest = int(np.sqrt(squared))
        for down in range(-tallest, tallest + 1):
            wide = int(np.sqrt(squared - down**2))
            total += self._upto(group, cells, down, wide + 1, buffer)
            total -= self._upto(group, cells, down, -wide, buffer)
        return total

    def ring(self, group: int, units: np.ndarray, ring: int) -> np.ndarray:
        """Return the members of a group at exactly the distance of a ring, of each unit."""
        total, buffer = np.zeros(len(units)), np.empty(len(units))
        cells, squared = self.cell[units], int(self.squared[ring])
        tallest = int(np.sqrt(squared))
        for down in range(-tallest, tallest + 1):
            wide = int(np.sqrt(squared - down**2))
            if wide**2 + down**2 == squared:
                for right in {-wide, wide}:
                    total += self._upto(group, cells, down, right + 1, buffer)
                    total -= self._upto(group, cells, down, right, buffer)
        return total

    def _upto(self, group, cells, down: int, right: int, buffer: np.ndarray) -> np.ndarray:
        """Return the running sum before the cell so many rows down and columns right."""
        start = self.origin + down * self.width + right
        # With a buffer of one's own this is half the time of indexing; nothing is out of bounds.
        return self.running[group][start:].take(cells, out=buffer, mode="clip")


def nearest_by_rings(
    grid: Lattice, members: np.ndarray, sizes: list[float], *, reach: int = RING_REACH
) -> tuple[np.ndarray, np.ndarray]:
    """Return who the k nearest are of units on a grid, as far as they live within reach.

    Parameters
    ----------
    grid : Lattice
        Where the n units lie.
    members : ndarray of shape (n, m)
        Members of each group.
    sizes : list of number
        k, each above 0.
    reach : int, optional
        Cells.

    Returns
    -------
    found : ndarray of shape (number of k, n, m)
        Members among the k nearest; NaN where k are not within reach.
    radius : ndarray of shape (number of k, n)
        Metres to the ring in which the k-th lives; NaN likewise.

    Notes
    -----
    A disc is two look-ups per row in running sums. Units search together for the ring in which
    they reach k, by halving what is between a disc that is too small and one that is not: about
    ten discs for each unit, where adding ring after ring would take hundreds of cells.
    """
    raster = _raster(grid, members, min(reach, max(grid.shape)))
    found = np.full((len(sizes), *members.shape), np.nan)
    radius = np.full((len(sizes), len(members)), np.nan)
    # Units beside each other look at the same cells.
    everybody = np.argsort(raster.cell, kind="stable")
    for number, size in enumerate(sizes):
        for units, ring, before, upto in _settled(raster, everybody, size):
            found[number, units] = _composition(raster, units, ring, size, before, upto)
            radius[number, units] = np.sqrt(raster.squared[ring]) * grid.step
    return found, radius


def _raster(grid: Lattice, members: np.ndarray, reach: int) -> _Raster:
    rows, columns = grid.shape
    width = columns + 2 * reach + 2
    running = []
    for values in (members.sum(axis=1), *members.T[:-1]):
        sums = np.zeros((rows + 2 * reach, width))
        # Before the first cell there is nobody, after the last everybody of the row.
        inside = sums[reach : reach + rows]
        np.cumsum(grid.raster(values), axis=1, out=inside[:, reach + 1 : reach + 1 + columns])
        inside[:, reach + 1 + columns :] = inside[:, reach + columns, None]
        running.append(sums.ravel())
    origin = reach * width + reach
    side = np.arange(reach + 1) ** 2
    squared = np.unique(side[:, None] + side)
    cell = grid.row * width + grid.column
    return _Raster(running, cell, origin, width, squared[squared <= reach**2])


def _settled(raster: _Raster, units: np.ndarray, size: float):
    """Yield units that reach `size` in one ring: units, ring, inhabitants before and up to it."""
    # A search holds units that have fewer within ring `low` and enough within ring `high`.
    beyond = len(raster.squared)
    searches = [(-1, beyond, units, np.zeros(len(units)), np.full(len(units), np.nan))]
    while searches:
        low, high, units, before, upto = searches.pop()
        if high - low == 1:
            if high < beyond:
                yield units, high, before, upto
            continue
        middle = _between(low, high)
        total = raster.disc(0, units, middle)
        enough = total >= size
        if enough.any():
            searches.append((low, middle, units[enough], before[enough], total[enough]))
        if not enough.all():
            searches.append((middle, high, units[~enough], total[~enough], upto[~enough]))


def _between(low: int, high: int) -> int:
    """Return a ring between two: small ones are cheaper to look at, so they come first."""
    if high > 4 * (low + 2):
        return 2 * low + 3
    return (low + high) // 2


def _composition(raster, units, ring: int, size: float, before, upto) -> np.ndarray:
    """Return the members of each group among the nearest `size`, of shape (units, m)."""
    part = (size - before) / (upto - before)
    groups = [
        raster.disc(group, units, ring - 1) + part * raster.ring(group, units, ring)
        for group in range(1, len(raster.running))
    ]
    # The last group is the rest; rounding of fractions can leave a digit below nobody.
    rest = size - np.sum(groups, axis=0)
    return np.maximum(np.column_stack([*groups, rest]), 0.0)
