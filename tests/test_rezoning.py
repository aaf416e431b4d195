"""Random contiguous zonings: every zone hangs together, and what an index does over them."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from analysis.measures.evenness import dissimilarity, gini
from analysis.measures.random_zones import random_zonings
from analysis.measures.rezoning import over_zones, rezoned


def grid(side: int) -> np.ndarray:
    """Return pairs of neighbours on a square board."""
    place = np.arange(side * side).reshape(side, side)
    across = np.column_stack([place[:, :-1].ravel(), place[:, 1:].ravel()])
    return np.concatenate([across, np.column_stack([place[:-1].ravel(), place[1:].ravel()])])


def matrix(pairs: np.ndarray, n: int) -> sparse.csr_array:
    links = sparse.csr_array((np.ones(len(pairs)), pairs.T), shape=(n, n))
    return links + links.T


BOARD = grid(6)
X = np.random.default_rng(1).poisson(8, 36)
Y = np.random.default_rng(2).poisson(60, 36)


def test_every_zone_hangs_together_and_is_of_like_population():
    people = X + Y
    zonings = random_zonings(matrix(BOARD, 36), people, 5, 40, np.random.default_rng(3))
    assert zonings.shape == (40, 36)
    for zoning in zonings:
        assert set(zoning) == set(range(5))
        for zone in range(5):
            inside = np.flatnonzero(zoning == zone)
            pieces, _ = connected_components(matrix(BOARD, 36)[inside][:, inside])
            assert pieces == 1
    held = np.array([np.bincount(zoning, people) for zoning in zonings])
    assert (held.max(axis=1) / held.mean(axis=1)).mean() < 1.25
    # They are not all one and the same zoning.
    assert len({tuple(np.sort(row)) for row in held}) > 30


def test_each_piece_gets_zones_by_its_people():
    # Two lines of four units, 30 and 10 people each: six zones are four and two... of 160: 40, 40,
    # and after one each, the fuller piece is given the next one, time and again.
    pairs = np.array([[0, 1], [1, 2], [2, 3], [4, 5], [5, 6], [6, 7]])
    people = np.array([30] * 4 + [10] * 4)
    zonings = random_zonings(matrix(pairs, 8), people, 4, 5, np.random.default_rng(0))
    for zoning in zonings:
        assert len(set(zoning[:4])) == 3 and len(set(zoning[4:])) == 1
    # Fewer zones than pieces, and more zones than units: as many as there can be.
    alone = random_zonings(sparse.csr_array((3, 3)), np.ones(3), 2, 2, np.random.default_rng(0))
    assert [set(zoning) for zoning in alone] == [{0, 1, 2}] * 2
    star = np.array([[0, 1], [0, 2], [0, 3]])
    many = random_zonings(matrix(star, 4), np.ones(4), 9, 3, np.random.default_rng(0))
    assert [set(zoning) for zoning in many] == [{0, 1, 2, 3}] * 3


def test_nobody_lives_there():
    line = np.array([[0, 1], [1, 2]])
    zonings = random_zonings(matrix(line, 3), np.zeros(3), 2, 4, np.random.default_rng(0))
    assert all(set(zoning) == {0, 1} for zoning in zonings)
    found = rezoned([0, 0, 0], [0, 0, 0], neighbours=line, zones=2, draws=3)
    assert found[["on_units", "low", "high", "largest_zone"]].isna().all(axis=None)


def test_a_line_of_four_in_two_zones():
    # Halves of equal population only: {0, 1} and {2, 3}; 40 of 45 and 5 ... D over these is known.
    line = np.array([[0, 1], [1, 2], [2, 3]])
    x, y = [30, 10, 10, 0], [10, 30, 30, 40]
    found = rezoned(x, y, neighbours=line, zones=2, draws=20).loc["all"]
    # (40, 40) and (10, 70): |40/50 - 40/110| = 24/55
    assert found["low"] == found["high"] == pytest.approx(24 / 55, abs=1e-12)
    assert found["smallest"] == found["largest"] == found["median"]
    assert found["largest_zone"] == 1 and found["zones"] == 2
    assert found["on_units"] == dissimilarity(x, y)


def test_a_range_lies_below_the_index_over_units():
    found = rezoned(X, Y, neighbours=BOARD, zones=6, draws=60).loc["all"]
    assert found["smallest"] <= found["low"] <= found["median"] <= found["high"]
    assert found["high"] <= found["largest"] < found["on_units"]
    assert found["smallest"] < found["largest"]
    other = rezoned(X, Y, neighbours=BOARD, zones=6, draws=60, index=gini).loc["all"]
    assert other["on_units"] == gini(X, Y) and other["low"] >= found["low"]
    all_alone = rezoned(X, Y, neighbours=BOARD, zones=36, draws=2).loc["all"]
    assert all_alone["low"] == pytest.approx(all_alone["on_units"], abs=1e-15)


def test_an_area_is_the_same_alone_beside_others_and_in_another_order():
    order = np.random.default_rng(5).permutation(72)
    x, y = np.concatenate([X, X[::-1]])[order], np.concatenate([Y, Y])[order]
    area = np.array(["b"] * 36 + ["a"] * 36)[order]
    place = np.argsort(order)
    pairs = place[np.concatenate([BOARD, BOARD + 36, [[3, 40]]])]
    zones = pd.Series({"a": 4, "b": 6, "c": 1})
    together = rezoned(x, y, area, neighbours=pairs, zones=zones, draws=15)
    assert together["zones"].tolist() == [4, 6]
    as_matrix = rezoned(
        x, y, area, neighbours=sparse.coo_array(matrix(pairs, 72)), zones=zones, draws=15
    )
    pd.testing.assert_frame_equal(together, as_matrix)
    inside = np.flatnonzero(area == "b")
    number = np.full(72, -1)
    number[inside] = np.arange(36)
    own = pairs[(area[pairs] == "b").all(axis=1)]
    alone = rezoned(x[inside], y[inside], area[inside], neighbours=number[own], zones=6, draws=15)
    pd.testing.assert_frame_equal(together.loc[["b"]], alone)
    other = rezoned(x, y, area, neighbours=pairs, zones=zones, draws=15, seed=1)
    assert (other["median"] != together["median"]).any()


def test_index_over_zones_is_that_of_the_sums():
    x, y = pd.Series([30, 10, 5, 25, 4]), pd.Series([10, 30, 25, 5, 9])
    zone = pd.Series(["w1", "w2", "w1", "w2", "w1"])
    area = pd.Series(["a", "a", "a", "a", "b"])
    found = over_zones(x, y, zone, area)
    assert found["a"] == dissimilarity([35, 35], [35, 35]) == 0
    # w1 of b is another zone than w1 of a.
    assert found["b"] == 0
    assert found.name == "dissimilarity"
    crossed = pd.Series(["w2", "w1", "w1", "w2", "w1"])
    assert over_zones(x, y, crossed, area)["a"] == dissimilarity([15, 55], [55, 15])
    shuffled = over_zones(x[::-1], y[::-1], crossed[::-1], area[::-1])
    pd.testing.assert_series_equal(shuffled, over_zones(x, y, crossed, area))
    assert over_zones(x, y, x.index) == dissimilarity(x, y)
    assert over_zones(x, y, zone, index=gini) == gini([39, 35], [44, 35])


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"neighbours": np.array([[0, 5]])}, ValueError, "beyond the 3"),
        ({"neighbours": np.array([[0, -1]])}, ValueError, "beyond the 3"),
        ({"neighbours": np.array([[0.0, 1.0]])}, TypeError, "pairs of positions"),
        ({"neighbours": np.array([0, 1])}, TypeError, "pairs of positions"),
        ({"neighbours": sparse.csr_array((2, 2))}, ValueError, "for 3 units"),
        ({"zones": 0}, ValueError, "1 or more for every area"),
        ({"zones": 1.5}, ValueError, "1 or more for every area"),
        ({"zones": pd.Series({"b": 2})}, ValueError, "for every area"),
        ({"draws": 0}, ValueError, "1 or more"),
    ],
)
def test_bad_input_raises(arguments, error, sentence):
    given = {"neighbours": np.empty((0, 2), dtype=int), "zones": 2, "draws": 2} | arguments
    with pytest.raises(error, match=sentence):
        rezoned([1, 2, 3], [4, 5, 6], ["a", "a", "a"], **given)


def test_no_neighbours_leave_every_unit_alone():
    found = rezoned([1, 2, 3], [4, 5, 6], neighbours=np.empty((0, 2)), zones=2, draws=2)
    assert found.loc["all", "zones"] == 3


def test_real_buurten_of_zoetermeer_hang_together_in_zones(shared):
    geopandas = pytest.importorskip("geopandas")
    outlines = geopandas.read_file(shared / "data/boundaries/buurten_2024_approx_rd.gpkg")
    outlines = outlines[outlines["bu_code"].str.startswith("BU0637")].reset_index(drop=True)
    grown = outlines.geometry.buffer(15)
    pairs = outlines.sindex.query(grown, predicate="intersects").T
    people = np.full(len(outlines), 1000)
    zonings = random_zonings(matrix(pairs, len(outlines)), people, 9, 5, np.random.default_rng(0))
    assert all(set(zoning) == set(range(9)) for zoning in zonings)
    held = np.array([np.bincount(zoning) for zoning in zonings])
    assert held.max() <= 2 * len(outlines) / 9
