"""Walking distances over a network: known ways, one-way streets, pieces, and Delft."""

import heapq

import numpy as np
import pandas as pd
import pytest

from analysis.measures.network_distance import (
    nearest_walk,
    streets,
    unreachable,
    walking_travel,
)
from analysis.measures.travel import counts_within, nearest_distance
from analysis.sources.network import read_lines

# 0 -100- 1 -200- 2 -50-> 3, a second way 0 -270- 2, and 4 -10- 5 apart.
EDGES = pd.DataFrame(
    [(0, 1, 100, False), (1, 2, 200, False), (2, 3, 50, True), (0, 2, 270, False),
     (4, 5, 10, False)],
    columns=["start", "end", "length", "one_way"],
)  # fmt: skip
HOMES = pd.DataFrame({"node": range(6), "aside": [0, 0, 5, 0, 0, 0]}, list("abcdef"))


def network(edges: pd.DataFrame = EDGES, nodes: int = 6):
    """Return the streets of a table of edges."""
    return streets(nodes, edges["start"], edges["end"], edges["length"], edges["one_way"])


def at(*nodes: int, kind="shop", aside=0) -> pd.DataFrame:
    """Return facilities at nodes."""
    return pd.DataFrame({"node": nodes, "kind": kind, "aside": aside})


def one_way_at_a_time(edges: pd.DataFrame, source: int) -> dict[int, float]:
    """Return the shortest ways from a node, walked out with a plain queue."""
    ways: dict[int, list] = {}
    for edge in edges.itertuples():
        ways.setdefault(edge.start, []).append((edge.end, edge.length))
        if not edge.one_way:
            ways.setdefault(edge.end, []).append((edge.start, edge.length))
    best, queue = {}, [(0.0, source)]
    while queue:
        far, node = heapq.heappop(queue)
        if node not in best:
            best[node] = far
            for to, length in ways.get(node, []):
                heapq.heappush(queue, (far + length, to))
    return best


def test_nearest_goes_from_home_to_facility() -> None:
    to_end = nearest_walk(network(), HOMES, at(3), own=0)["shop"]
    # From 0 by the second way 270 + 50; c stands 5 m aside; from 4 and 5 there is no way.
    assert to_end.tolist() == [320, 250, 55, 0, np.inf, np.inf]
    # The street to 3 leads there only: from d one does not get back.
    to_begin = nearest_walk(network(), HOMES, at(0), own=0)["shop"]
    assert to_begin.tolist() == [0, 100, 275, np.inf, np.inf, np.inf]


def test_both_ways_without_one_way_streets() -> None:
    walked = nearest_walk(network(EDGES.assign(one_way=False)), HOMES, at(0), own=0)["shop"]
    assert walked["d"] == 320
    assert network().one_way == 1


def test_nearest_of_each_kind_with_the_way_aside() -> None:
    shops = pd.concat([at(0, 2, 2, aside=[30, 90, 10]), at(5, kind="school")], ignore_index=True)
    found = nearest_walk(network(), HOMES, shops, own=0)
    assert list(found.columns) == ["school", "shop"]
    # b: 100 + 30 over the first, 200 + 10 over the last at node 2.
    assert found["shop"].tolist() == [30, 130, 15, np.inf, np.inf, np.inf]
    assert found["school"].tolist() == [np.inf] * 4 + [10, 0]
    assert unreachable(found).to_dict() == {"school": 4, "shop": 3}


def test_the_way_to_oneself_is_told() -> None:
    assert nearest_walk(network(), HOMES, at(3), own=75)["shop"].tolist()[:4] == [320, 250, 75, 75]
    travel = walking_travel(network(), HOMES, at(3), 260, own=75)
    assert travel.distance.tolist() == [250, 75, 75]


def test_pairs_within_a_limit() -> None:
    shops = at(3, 0, 2, aside=[0, 40, 0]).set_axis(["s", "t", "u"])
    travel = walking_travel(network(), HOMES, shops, 275, own=0)
    far = pd.DataFrame(travel.matrix(travel.distance).toarray(), HOMES.index, shops.index)
    # a-t 40, a-u 270; b-s 250, b-t 140, b-u 200; c-s 55, c-u 5 (c-t 5 + 270 + 40 is too far).
    assert far.loc["a"].tolist() == [0, 40, 270]
    assert far.loc["b"].tolist() == [250, 140, 200]
    assert far.loc["c"].tolist() == [55, 0, 5]
    assert len(travel.distance) == 9 - 1
    assert np.diff(travel.starts).tolist() == [2, 3, 2, 1, 0, 0]
    assert nearest_distance(travel)[1].tolist() == [40, 140, 5, 0, np.inf, np.inf]


def test_of_parallel_edges_the_shortest_counts() -> None:
    twice = pd.concat([EDGES, EDGES.assign(length=EDGES["length"] + 7)])
    found = nearest_walk(network(twice), HOMES, at(3), own=0)
    pd.testing.assert_frame_equal(found, nearest_walk(network(), HOMES, at(3), own=0))


def test_edges_without_length_can_be_walked() -> None:
    flat = EDGES.assign(length=EDGES["length"].where(EDGES["start"] != 1, 0))
    assert nearest_walk(network(flat), HOMES, at(3), own=0)["shop"].tolist()[:2] == [150, 50]


def test_equal_to_a_plain_search_on_a_made_up_network() -> None:
    random = np.random.default_rng(8)
    edges = pd.DataFrame(random.integers(0, 120, (260, 2)), columns=["start", "end"])
    edges = edges.assign(
        length=random.uniform(1, 90, 260).round(1), one_way=random.random(260) < 0.4
    )
    homes = pd.DataFrame({"node": range(120)})
    shops = at(*random.integers(0, 120, 9), kind=list("xyzxyzxyz"))
    before = edges.copy(), homes.copy(), shops.copy()
    made = network(edges, 120)
    table = pd.DataFrame(
        [[one_way_at_a_time(edges, home).get(shop, np.inf) for shop in shops["node"]]
         for home in range(120)]
    )  # fmt: skip
    found = nearest_walk(made, homes, shops, own=0)
    for kind in "xyz":
        expected = table.loc[:, shops["kind"].eq(kind)].min(axis=1)
        np.testing.assert_allclose(found[kind], expected, rtol=1e-12)
    travel = walking_travel(made, homes, shops, 200, own=0)
    counted = counts_within(travel, [80, 200], shops["kind"])
    for kind in "xyz":
        for radius in (80, 200):
            near = (table.loc[:, shops["kind"].eq(kind)] <= radius).sum(axis=1)
            assert counted[kind, radius].tolist() == near.tolist()
    for table, same in zip((edges, homes, shops), before, strict=True):
        pd.testing.assert_frame_equal(table, same)


def test_blocks_of_facilities_change_nothing(monkeypatch) -> None:
    shops = at(3, 0, 2, 0, 5, kind="x")
    whole = walking_travel(network(), HOMES, shops, 300, own=0)
    monkeypatch.setattr("analysis.measures.network_distance._BLOCK", 6)
    parts = walking_travel(network(), HOMES, shops, 300, own=0)
    assert np.array_equal(whole.facility, parts.facility)
    assert np.array_equal(whole.distance, parts.distance)


def test_no_facilities_and_no_edges_are_no_error() -> None:
    assert nearest_walk(network(), HOMES, at(), own=0).shape == (6, 0)
    assert len(walking_travel(network(), HOMES, at(), 100, own=0).distance) == 0
    lonely = streets(6, [], [], [])
    assert nearest_walk(lonely, HOMES, at(1), own=0)["shop"].tolist()[:2] == [np.inf, 0]


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: streets(2, [0], [2], [5]), ValueError, "end is 2 at position 0"),
        (lambda: streets(2, [0.5], [1], [5]), ValueError, "start is 0.5 at position 0"),
        (lambda: streets(2, [0], [1], [-5]), ValueError, "length is negative"),
        (lambda: streets(2, [0], [1], [np.nan]), ValueError, "length is missing"),
        (lambda: streets(2, [0, 1], [1], [5]), ValueError, "start has 2 values for 1 lengths"),
        (lambda: streets(2, [0], [1], [5], [1]), TypeError, "one_way holds int64"),
        (lambda: walking_travel(network(), HOMES, at(3), 0, own=0), ValueError, "a limit of 0"),
        (lambda: nearest_walk(network(), HOMES, at(9), own=0), ValueError, r"facilities\[node\]"),
        (lambda: nearest_walk(network(), HOMES, at(3), own=-1), ValueError, "own is negative"),
        (lambda: nearest_walk(network(), HOMES, at(3, kind=[None]), own=0), ValueError, "kind"),
        (lambda: nearest_walk(network(), HOMES, at(3, aside=-1), own=0), ValueError, "aside"),
        (
            lambda: walking_travel(network(), HOMES.set_axis(list("aacdef")), at(3), 9, own=0),
            ValueError,
            "origins has 'a' twice",
        ),
    ],
)
def test_bad_input_is_refused(call, error, said) -> None:
    with pytest.raises(error, match=said):
        call()


def test_delft(shared) -> None:
    """Nearest and pairs agree with a plain search over the real network, one way and both ways."""
    delft = read_lines(shared / "data" / "network" / "delft-streets.shp")
    random = np.random.default_rng(1)
    edges = pd.DataFrame({"start": delft.start, "end": delft.end, "length": delft.length})
    homes = pd.DataFrame({"node": np.arange(len(delft.nodes))})
    shops = at(*random.integers(0, len(delft.nodes), 5), kind=list("abcab"))
    for share in (0, 0.3):
        edges["one_way"] = random.random(len(edges)) < share
        made = network(edges, len(homes))
        # A plain search from a facility needs the streets the other way round.
        turned = edges.rename(columns={"start": "end", "end": "start"})
        ways = pd.DataFrame([one_way_at_a_time(turned, shop) for shop in shops["node"]]).T
        ways = ways.reindex(homes.index).fillna(np.inf)
        nearest = nearest_walk(made, homes, shops, own=0)
        for kind in "abc":
            expected = ways.loc[:, shops["kind"].eq(kind)].min(axis=1)
            np.testing.assert_allclose(nearest[kind], expected, rtol=1e-12)
        # What lies in another piece of the network is out of reach, and counted.
        assert (unreachable(nearest) >= (delft.piece != 0).sum() - 40).all()
        travel = walking_travel(made, homes, shops, 1500, own=0)
        within = ways <= 1500
        assert len(travel.distance) == within.to_numpy().sum()
        far = travel.matrix(travel.distance).toarray()
        np.testing.assert_allclose(far, ways.where(within, 0), rtol=1e-12)
