"""How far it is to walk: the shortest way over a network, from home to facility.

All searches go from the facility against the direction of the streets, so that one search finds
the way of every home to it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from analysis.measures.counts import Column, checked_counts
from analysis.measures.travel import Travel, check_limit

# Distances held at once: 16 MB.
_BLOCK = 2_000_000


@dataclass(frozen=True)
class Streets:
    """A network to walk over.

    Attributes
    ----------
    back : csr_array of shape (n, n)
        Metres from node j back to node i for each edge that leads from i to j.
    one_way : int
        Number of edges that can be walked in one direction only.
    """

    back: csr_array
    one_way: int

    @property
    def nodes(self) -> int:
        """The number of nodes."""
        return self.back.shape[0]


def streets(
    nodes: int, start: Column, end: Column, length: Column, one_way: Column | None = None
) -> Streets:
    """Make a network of edges.

    Parameters
    ----------
    nodes : int
        Number of nodes; they are called 0 to nodes - 1.
    start, end : column of m node numbers
        The ends of each edge. Of edges between the same two nodes the shortest counts.
    length : column of m lengths
        Metres (or minutes), >= 0, none missing.
    one_way : column of m yes/no, optional
        True where an edge leads from `start` to `end` only; without it all lead both ways.

    Returns
    -------
    Streets

    Raises
    ------
    TypeError, ValueError
        If columns differ in length, a length is missing, negative or infinite, a node is not a
        whole number of the range, or `one_way` is not yes or no.

    Examples
    --------
    >>> streets(3, [0, 1], [1, 2], [100, 50], [True, False]).one_way
    1
    """
    (metres,) = checked_counts({"length": length})
    here, there = _node_numbers(start, nodes, "start"), _node_numbers(end, nodes, "end")
    single = np.zeros(len(metres), dtype=bool) if one_way is None else np.asarray(one_way)
    if single.dtype != bool:
        raise TypeError(f"one_way holds {single.dtype} where yes or no is expected")
    for name, column in (("start", here), ("end", there), ("one_way", single)):
        if len(column) != len(metres):
            raise ValueError(f"{name} has {len(column)} values for {len(metres)} lengths")
    row, column = np.r_[there, here[~single]], np.r_[here, there[~single]]
    both = np.r_[metres, metres[~single]]
    # A sparse matrix would add parallel edges up.
    order = np.lexsort((both, column, row))
    row, column, both = row[order], column[order], both[order]
    first = np.r_[True, (row[1:] != row[:-1]) | (column[1:] != column[:-1])][: len(row)]
    starts = np.searchsorted(row[first], np.arange(nodes + 1)).astype(np.int32)
    kept = column[first].astype(np.int32)
    return Streets(csr_array((both[first], kept, starts), (nodes, nodes)), int(single.sum()))


def nearest_walk(
    network: Streets, origins: pd.DataFrame, facilities: pd.DataFrame, *, own: float
) -> pd.DataFrame:
    """Return the walk from each origin to the nearest facility of each kind, however far.

    Parameters
    ----------
    network : Streets
    origins : DataFrame of n rows
        `node`, the node at which each stands; `aside`, metres between origin and node, >= 0 (left
        out: 0). The index names them.
    facilities : DataFrame of m rows
        As `origins`, with `kind`.
    own : float
        >= 0 in metres: the least that a walk can be, so that what stands at the same node is not
        at no distance by accident. 0 lets it be.

    Returns
    -------
    DataFrame of shape (n, kinds)
        Metres, both bits aside of the network included, columns sorted; inf where no facility of
        the kind can be reached (`unreachable` counts them).

    Raises
    ------
    TypeError, ValueError
        If a node is unknown, a distance is missing or negative, or a kind is missing.

    Examples
    --------
    >>> network = streets(3, [0, 1], [1, 2], [100, 50], [True, False])
    >>> homes = pd.DataFrame({"node": [0, 2]}, ["a", "b"])
    >>> schools = pd.DataFrame({"node": [1], "kind": "school"})
    >>> nearest_walk(network, homes, schools, own=0)["school"].tolist()
    [100.0, 50.0]
    >>> schools["node"] = 0
    >>> nearest_walk(network, homes, schools, own=0)["school"].tolist()
    [0.0, inf]
    """
    (least,) = checked_counts({"own": [own]})
    home, home_aside = _standing(network, origins, "origins")
    node, aside = _standing(network, facilities, "facilities")
    code, kinds = pd.factorize(facilities["kind"], sort=True)
    if (code < 0).any():
        raise ValueError("facilities misses the kind of some: leave these out and count them")
    if not len(code):
        return pd.DataFrame(index=origins.index)
    # One more node per kind, with an edge to the node of each of its facilities: one search finds
    # the nearest of all of them.
    number, links = network.nodes, network.back.tocoo()
    # Of two of a kind at one node the nearest counts; lexsort puts it last, so that it stays.
    order = np.lexsort((-aside, node, code))
    last = np.flatnonzero(np.r_[
        (np.diff(code[order]) != 0) | (np.diff(node[order]) != 0), True
    ])  # fmt: skip
    kept = order[last]
    size = number + len(kinds)
    graph = coo_array(
        (
            np.r_[links.data, aside[kept]],
            (np.r_[links.row, number + code[kept]], np.r_[links.col, node[kept]]),
        ),
        shape=(size, size),
    ).tocsr()
    graph = _plain(graph)
    found = np.empty((len(home), len(kinds)))
    for kind in range(len(kinds)):
        away = dijkstra(graph, indices=number + kind)
        found[:, kind] = np.maximum(away[home] + home_aside, least)
    return pd.DataFrame(found, index=origins.index, columns=pd.Index(kinds, name="kind"))


def walking_travel(
    network: Streets,
    origins: pd.DataFrame,
    facilities: pd.DataFrame,
    limit: float,
    *,
    own: float,
) -> Travel:
    """Return the walks from origins to facilities within a limit, for catchments and counts.

    Parameters
    ----------
    network, origins, facilities, own
        See `nearest_walk`; kinds are not needed. Names of both are there once.
    limit : float
        Metres, > 0, the bits aside of the network included.

    Returns
    -------
    Travel
        A pair that is not there is further, or has no way.

    Raises
    ------
    TypeError, ValueError
        See `nearest_walk`; also if the limit is not above 0 or a name is there twice.
    """
    check_limit(limit)
    (least,) = checked_counts({"own": [own]})
    for table, name in ((origins, "origins"), (facilities, "facilities")):
        if not table.index.is_unique:
            twice = table.index[table.index.duplicated()][0]
            raise ValueError(f"{name} has {twice!r} twice: give each of them a name of its own")
    home, home_aside = _standing(network, origins, "origins")
    node, aside = _standing(network, facilities, "facilities")
    graph = _plain(network.back)
    at, of = np.unique(node, return_inverse=True)
    size = max(1, _BLOCK // max(network.nodes, 1))
    found = [(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0))]
    for first in range(0, len(at), size):
        block = at[first : first + size]
        away = dijkstra(graph, indices=block, limit=limit)
        for place in np.flatnonzero((of >= first) & (of < first + size)):
            walk = away[of[place] - first][home] + (home_aside + aside[place])
            near = np.flatnonzero(walk <= limit)
            walk = np.maximum(walk[near], least)
            found.append((near.astype(np.int32), np.full(len(near), place, dtype=np.int32), walk))
    origin, facility, distance = (np.concatenate(part) for part in zip(*found, strict=True))
    near = distance <= limit
    shape = len(origins), len(facilities)
    table = coo_array((distance[near], (origin[near], facility[near])), shape=shape).tocsr()
    return Travel(origins.index, facilities.index, table.indptr, table.indices, table.data,
                  float(limit))  # fmt: skip


def unreachable(nearest: pd.DataFrame) -> pd.Series:
    """Count the origins from which no facility of a kind can be reached, by kind."""
    return pd.Series(np.isinf(nearest).sum(axis=0), index=nearest.columns, name="unreachable")


def _standing(network: Streets, table: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the node of each row, and how far it is from there."""
    node = _node_numbers(table["node"], network.nodes, f"{name}[node]")
    aside = table["aside"] if "aside" in table else np.zeros(len(table))
    return node, checked_counts({f"{name}[aside]": aside})[0]


def _node_numbers(column: Column, nodes: int, name: str) -> np.ndarray:
    (numbers,) = checked_counts({name: column})
    wrong = (numbers >= nodes) | (numbers != np.floor(numbers))
    if wrong.any():
        place = int(wrong.argmax())
        raise ValueError(
            f"{name} is {numbers[place]:g} at position {place}, which is no node: the network has "
            f"the nodes 0 to {nodes - 1}"
        )
    return numbers.astype(np.intp)


def _plain(graph: csr_array) -> csr_array:
    """Return a graph with the short indices that the search takes without a copy."""
    return csr_array(
        (graph.data, graph.indices.astype(np.int32), graph.indptr.astype(np.int32)), graph.shape
    )
