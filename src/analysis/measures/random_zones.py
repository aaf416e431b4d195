"""Units of an area joined at random into contiguous zones of like population."""

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

# Trees tried for one cut, and how far the two sides may be off before the next is tried.
TREES = 3
CLOSE = 0.1


def random_zonings(
    links: sparse.sparray,
    population: np.ndarray,
    zones: int,
    draws: int,
    stream: np.random.Generator,
) -> np.ndarray:
    """Return zone numbers of the units of one area, of shape (draws, units).

    Parameters
    ----------
    links : sparse array of shape (n, n)
        Symmetric; not 0 where two units are neighbours.
    population : ndarray
        Inhabitants of each unit.
    zones : int
        Wanted number of zones.
    draws : int
    stream : Generator

    Returns
    -------
    ndarray of int
        Every zone hangs together; zones are numbered from 0.
    """
    pieces, piece = connected_components(links, directed=False)
    pairs = sparse.coo_array(sparse.triu(links, 1)).coords
    people = np.bincount(piece, population, minlength=pieces)
    units = np.bincount(piece, minlength=pieces)
    share = _shared_out(zones, people, units)
    found = np.empty((draws, len(population)), dtype=int)
    for draw in range(draws):
        number = 0
        for one in range(pieces):
            waiting = [(np.flatnonzero(piece == one), share[one])]
            while waiting:
                members, parts = waiting.pop()
                if parts == 1:
                    found[draw, members] = number
                    number += 1
                    continue
                side, its = _cut(pairs, population, members, parts, stream)
                waiting.append((members[side], its))
                waiting.append((members[~side], parts - its))
    return found


def _shared_out(zones: int, people: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return how many zones each piece gets: one at least, and the rest where most people wait."""
    share = np.ones(len(people), dtype=int)
    for _ in range(zones - len(people)):
        load = np.where(share < units, people / share, -1.0)
        if load.max(initial=-1.0) < 0:
            break
        share[load.argmax()] += 1
    return share


def _cut(links, people: np.ndarray, members, parts: int, stream) -> tuple[np.ndarray, int]:
    """Return which members lie on one side of a cut, and how many zones that side gets."""
    n, number = len(members), np.full(len(people), -1)
    number[members] = np.arange(n)
    row, col = number[links[0]], number[links[1]]
    inside = (row >= 0) & (col >= 0)
    row, col, people = row[inside], col[inside], people[members]
    zone, nearest, best = people.sum() / parts, np.inf, None
    for _ in range(TREES):
        weight = stream.random(len(row)) + 1e-9
        tree = minimum_spanning_tree(sparse.csr_array((weight, (row, col)), shape=(n, n)))
        order, above = breadth_first_order(tree, int(stream.integers(n)), directed=False)
        held, many = _hanging(order.tolist(), above.tolist(), people.tolist())
        # Each link cuts off what hangs below it; both sides need as many units as zones.
        wanted = np.rint(held / zone) if zone > 0 else np.ones(n)
        wanted = np.clip(wanted, np.maximum(1, parts - n + many), np.minimum(many, parts - 1))
        off = np.abs(held - wanted * zone)
        off[order[0]] = np.inf
        unit = int(off.argmin())
        if off[unit] < nearest:
            nearest, best = off[unit], (unit, order.tolist(), above.tolist(), int(wanted[unit]))
        if nearest <= CLOSE * zone:
            break
    return _below(*best[:3]), best[3]


def _hanging(order: list, above: list, people: list) -> tuple[np.ndarray, np.ndarray]:
    """Return how many people and units hang below each unit of a tree, with itself."""
    held, many = list(people), [1] * len(people)
    for unit in order[:0:-1]:
        held[above[unit]] += held[unit]
        many[above[unit]] += many[unit]
    return np.array(held), np.array(many)


def _below(unit: int, order: list, above: list) -> np.ndarray:
    under = [False] * len(above)
    under[unit] = True
    for other in order[1:]:
        under[other] = under[other] or under[above[other]]
    return np.array(under)
