"""The k nearest inhabitants of units anywhere, by kd-tree."""

import numpy as np
from scipy.spatial import KDTree

# Origins times neighbours held at once.
_PAIRS = 500_000
# Distances that differ by less are the same: a micrometre.
_SAME = 1e-6


def nearest_by_tree(
    places: np.ndarray, members: np.ndarray, sizes: list[float], origins: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return who the k nearest are of some of the units.

    Parameters
    ----------
    places : ndarray of shape (n, 2)
        Metres.
    members : ndarray of shape (n, m)
        Members of each group; together they are at least the largest k.
    sizes : list of number
        k, each above 0.
    origins : ndarray of int of shape (p,)
        Units of which the neighbourhood is asked for.

    Returns
    -------
    found : ndarray of shape (number of k, p, m)
        Members among the k nearest.
    radius : ndarray of shape (number of k, p)
        Metres to the furthest unit that was needed.
    """
    found = np.empty((len(sizes), len(origins), members.shape[1]))
    radius = np.empty((len(sizes), len(origins)))
    everybody = members.sum(axis=1)
    inhabited = np.flatnonzero(everybody > 0)
    tree = KDTree(places[inhabited])
    held = np.column_stack([everybody, members])[inhabited]
    mean = everybody.sum() / len(inhabited)
    nearest = int(min(len(inhabited), 1.3 * max(sizes) / mean + 16))
    todo = np.arange(len(origins))
    while len(todo):
        again, rows = [], max(1, _PAIRS // nearest)
        for first in range(0, len(todo), rows):
            block = todo[first : first + rows]
            distance, unit = tree.query(
                places[origins[block]], k=np.arange(1, nearest + 1), workers=-1
            )
            neighbours = _Sorted(distance, held[unit], nearest == len(inhabited))
            for number, size in enumerate(sizes):
                found[number, block], radius[number, block] = neighbours.within(size)
            again.append(block[neighbours.short])
        todo, nearest = np.concatenate(again), min(len(inhabited), nearest * 4)
    return found, radius


class _Sorted:
    """Neighbours of some origins in order of distance, added up."""

    def __init__(self, distance: np.ndarray, held: np.ndarray, complete: bool) -> None:
        """Take distances (p, q) and inhabitants and members (p, q, 1 + m) of q neighbours."""
        self.distance, self.sums, self.complete = distance, held.cumsum(axis=1), complete
        # Origins of which the answer is not final: more neighbours are needed.
        self.short = np.zeros(len(distance), dtype=bool)
        place, last = np.arange(distance.shape[1]), distance.shape[1] - 1
        starts = np.diff(distance, axis=1, prepend=-1.0) > _SAME
        ends = np.append(starts[:, 1:], np.ones((len(distance), 1), dtype=bool), axis=1)
        self.first = np.maximum.accumulate(np.where(starts, place, 0), axis=1)
        self.last = np.minimum.accumulate(np.where(ends, place, last)[:, ::-1], axis=1)[:, ::-1]

    def within(self, size: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the members among the nearest `size`, and how far these live."""
        rows, furthest = np.arange(len(self.distance)), self.distance.shape[1] - 1
        at = (self.sums[:, :, 0] < size).sum(axis=1)
        if not self.complete:
            # The ring of the last neighbour may go on beyond it.
            self.short |= self.last[rows, np.minimum(at, furthest)] == furthest
        # Of all there are, fractions can add up to a digit less than the size that they should be.
        at = np.minimum(at, furthest)
        low, high = self.first[rows, at], self.last[rows, at]
        before = np.where((low > 0)[:, None], self.sums[rows, np.maximum(low - 1, 0)], 0.0)
        ring = self.sums[rows, high] - before
        part = (size - before[:, :1]) / ring[:, :1]
        return (before + part * ring)[:, 1:], self.distance[rows, high]
