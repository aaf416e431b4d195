"""Time the measures of provision beside the packages that do the same, in one run.

    python run.py benchmark provision [--streets STREETS.shp] [--only e2sfca walks ...]

STREETS is a file of street lines (Delft: 32,956 nodes); without it the walks go over a made-up grid
of streets. Every side runs in a process of its own, so that its peak memory is its own too, and
prints the best time of a few, how many times longer the peer takes, and the largest difference in
value. A peer that is not there is told, and the others go on.

A part is a function that returns its sides, ours first, and a line of `PARTS`; its peer goes into
provision.txt and is imported within the side that calls it.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from beside.choices import inequality, mclp
from beside.sides import Side, compared

from analysis.measures.catchment import two_step_floating_catchment
from analysis.measures.decay import stepped
from analysis.measures.network_distance import nearest_walk, streets, walking_travel
from analysis.measures.travel import counts_within, straight_line_travel

SEED = 20
STEPS = {1_000: 1, 2_000: 0.68, 3_000: 0.22}
RADII = (500, 1_000, 1_500)


@dataclass(frozen=True)
class Town:
    """Streets and facilities on them.

    Attributes
    ----------
    name : str
    nodes : ndarray of shape (n, 2)
    start, end, length, one_way : ndarray of shape (m,)
    facilities : DataFrame
        node and kind.
    """

    name: str
    nodes: np.ndarray
    start: np.ndarray
    end: np.ndarray
    length: np.ndarray
    one_way: np.ndarray
    facilities: pd.DataFrame


def town(file: str | None) -> Town:
    """Return the streets of a file, or made-up ones, with 10 kinds of 30 made-up facilities."""
    random = np.random.default_rng(SEED)
    if file:
        from analysis.sources.network import read_lines

        read = read_lines(Path(file))
        name, nodes, start, end, length = (
            Path(file).stem, read.nodes, read.start, read.end, read.length,
        )  # fmt: skip
    else:
        name, side = "made up", 180
        place = np.arange(side * side)
        nodes = np.column_stack([place % side, place // side]) * 40.0
        nodes += random.uniform(-10, 10, nodes.shape)
        east, north = place[place % side < side - 1], place[place // side < side - 1]
        start, end = np.r_[east, north], np.r_[east + 1, north + side]
        kept = random.random(len(start)) < 0.7
        start, end = start[kept], end[kept]
        length = np.hypot(*(nodes[start] - nodes[end]).T)
    facilities = pd.DataFrame(
        {"node": random.integers(0, len(nodes), 300),
         "kind": np.repeat([f"kind {number}" for number in range(10)], 30)}
    )  # fmt: skip
    one_way = random.random(len(start)) < 0.3
    return Town(name, nodes, start, end, length, one_way, facilities)


# -- the parts ----------------------------------------------------------------------------------


def e2sfca(options: argparse.Namespace) -> list[Side]:
    """E2SFCA with its table of distances, 20,000 origins and 2,000 facilities within 3 km.

    The peer gets the table ready made and is not timed on it.
    """
    random = np.random.default_rng(SEED)
    homes = pd.DataFrame(random.uniform(0, 33_000, (20_000, 2)), columns=["east", "north"])
    places = pd.DataFrame(random.uniform(0, 33_000, (2_000, 2)), columns=["east", "north"])
    people = random.integers(1, 200, len(homes)).astype(float)
    capacity = random.integers(1, 20, len(places)).astype(float)

    def ours() -> np.ndarray:
        travel = straight_line_travel(homes, places, 3_000, detour=1, own=0)
        weights = stepped(travel.distance, STEPS)
        return two_step_floating_catchment(travel, weights, capacity, people).to_numpy()

    travel = straight_line_travel(homes, places, 3_000, detour=1, own=0)
    table = pd.DataFrame(
        {"origin": travel.origin, "dest": travel.facility, "cost": travel.distance}
    )
    demand = pd.DataFrame({"place": np.arange(len(homes)), "people": people})
    supply = pd.DataFrame({"place": np.arange(len(places)), "capacity": capacity})

    def pysal() -> np.ndarray:
        from access import Access
        from access.weights import step_fn

        peer = Access(
            demand_df=demand, demand_index="place", demand_value="people", supply_df=supply,
            supply_index="place", supply_value="capacity", cost_df=table, cost_origin="origin",
            cost_dest="dest", cost_name="cost",
        )  # fmt: skip
        found = peer.enhanced_two_stage_fca(max_cost=3_000, weight_fn=step_fn(STEPS))
        return found.iloc[:, -1].to_numpy()

    return [Side(f"ours, {len(table):,} pairs", ours, 10), Side("PySAL access", pysal, 3)]


def walks(options: argparse.Namespace) -> list[Side]:
    """Nearest and counts within three radii of 10 kinds, from every node, both ways and one way.

    Building the network belongs to it. The difference is that of the nearest within 3,000 m;
    pandana keeps lengths in whole millimetres.
    """
    place = town(options.streets)
    homes = pd.DataFrame({"node": np.arange(len(place.nodes))})
    kinds = sorted(place.facilities["kind"].unique())
    edges = place.start, place.end, place.length

    def ours() -> np.ndarray:
        found = []
        for one_way in (None, place.one_way):
            network = streets(len(place.nodes), *edges, one_way)
            found.append(nearest_walk(network, homes, place.facilities, own=0).to_numpy())
            travel = walking_travel(network, homes, place.facilities, max(RADII), own=0)
            counts_within(travel, RADII, place.facilities["kind"])
        return np.minimum(np.stack(found), 3_000)

    def peer() -> np.ndarray:
        import pandana

        x, y = (pd.Series(one) for one in place.nodes.T)
        both = [
            np.r_[one, other[~place.one_way]]
            for one, other in (
                (place.start, place.end),
                (place.end, place.start),
                (edges[2], edges[2]),
            )
        ]
        found = []
        for (start, end, length), twoway in ((edges, True), (both, False)):
            network = pandana.Network(
                x, y, pd.Series(start), pd.Series(end), pd.DataFrame({"metres": length}),
                twoway=twoway,
            )  # fmt: skip
            # Without this step its counts never end (0.8).
            network.precompute(max(RADII))
            nodes = [place.facilities["node"][place.facilities["kind"] == kind] for kind in kinds]
            nearest = []
            for kind, node in zip(kinds, nodes, strict=True):
                network.set_pois(kind, 3_000, 1, x[node], y[node])
                nearest.append(network.nearest_pois(3_000, kind, 1)[1].to_numpy())
            for kind, node in zip(kinds, nodes, strict=True):
                network.set(node.reset_index(drop=True), name=kind)
                for radius in RADII:
                    network.aggregate(radius, type="count", name=kind)
            found.append(np.column_stack(nearest))
        return np.stack(found)

    return [Side(f"ours, {place.name}", ours, 3), Side("pandana", peer)]


# The parts in the order in which they run.
PARTS: dict[str, Callable[[argparse.Namespace], list[Side]]] = {
    "e2sfca": e2sfca,
    "walks": walks,
    "mclp": mclp,
    "inequality": inequality,
}


def main() -> None:
    """Read the options and run the parts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--streets", help="file of street lines (shp, gpkg, geojson)")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    options = parser.parse_args()
    for part in options.only:
        compared(f"{part}: {PARTS[part].__doc__.splitlines()[0]}", PARTS[part](options))


if __name__ == "__main__":
    main()
