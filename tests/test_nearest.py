"""The k nearest inhabitants: on a grid and anywhere, as counted one by one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import nearest_units
from analysis.measures.areas import lay_out
from analysis.measures.coordinates import lattice
from analysis.measures.nearest import nearest_persons
from analysis.measures.nearest_units import nearest_by_tree
from analysis.measures.rings import nearest_by_rings

no_deadline = settings(deadline=None, max_examples=30)


def slow(groups, east, north, k, origin):
    """Return who the k nearest to a unit are and how far they live, ring after ring."""
    apart = np.hypot(east - east[origin], north - north[origin]).round(6)
    found, held = np.zeros(groups.shape[1]), 0.0
    for distance in np.unique(apart):
        ring = groups[apart == distance].sum(axis=0)
        if held + ring.sum() >= k:
            return found + ring * (k - held) / ring.sum(), distance
        found, held = found + ring, held + ring.sum()
    raise AssertionError("k is more than the population")


def some_units(number=60, *, on_grid=True, seed=7, mean=(6, 2)):
    random = np.random.default_rng(seed)
    place = random.choice(13 * 9, number, replace=False)
    east, north = place % 13 * 100.0 + 150_000, place // 13 * 100.0 + 450_000
    if not on_grid:
        east, north = (c + random.uniform(-40, 40, number) for c in (east, north))
    groups = np.column_stack([random.poisson(one, number) for one in mean]).astype(float)
    groups[::6] = 0
    return groups, east, north


@pytest.mark.parametrize("on_grid", [True, False])
@pytest.mark.parametrize("mean", [(6, 2), (3, 2, 1)])
def test_each_unit_has_who_are_nearest(on_grid, mean):
    groups, east, north = some_units(on_grid=on_grid, mean=mean)
    table = pd.DataFrame(groups, columns=list("abc")[: len(mean)], index=range(100, 160))
    everybody = groups.sum()
    k = [20, 1, 7.5, 100, everybody]
    found = nearest_persons(table, east, north, k)
    assert list(found.members) == k and list(found.radius) == k
    for size in k:
        members = found.members[size]
        pd.testing.assert_index_equal(members.index, table.index)
        assert list(members.columns) == list(table.columns)
        np.testing.assert_allclose(members.sum(axis=1), size, rtol=1e-14)
        for origin in range(60):
            expected, distance = slow(groups, east, north, size, origin)
            np.testing.assert_allclose(members.iloc[origin], expected, rtol=1e-12, atol=1e-12)
            assert found.radius[size].iloc[origin] == pytest.approx(distance, abs=1e-5)


@no_deadline
@given(data=st.data(), n=st.integers(2, 25))
def test_any_grid(data, n):
    spot = st.tuples(st.integers(0, 6), st.integers(0, 6))
    places = np.array(data.draw(st.lists(spot, min_size=n, max_size=n)), dtype=float)
    count = st.integers(0, 9)
    groups = np.array(
        data.draw(st.lists(st.tuples(count, count), min_size=n, max_size=n)), dtype=float
    )
    population = int(groups.sum())
    if population:
        k = data.draw(st.integers(1, population))
        east, north = places.T * 500 + 1e5
        found = nearest_persons(pd.DataFrame(groups, columns=["a", "b"]), east, north, [k])
        for origin in range(n):
            expected, distance = slow(groups, east, north, k, origin)
            assert found.members[k].iloc[origin].tolist() == pytest.approx(expected, abs=1e-12)
            assert found.radius[k][origin] == pytest.approx(distance, abs=1e-5)


@pytest.mark.parametrize("reach", [0, 1, 2, 5])
def test_what_is_out_of_reach_of_the_raster_is_left_to_the_tree(reach):
    groups, east, north = some_units()
    places = np.column_stack([east, north])
    by_tree, apart = nearest_by_tree(places, groups, [5, 60], np.arange(60))
    by_rings, radius = nearest_by_rings(lattice(places), groups, [5, 60], reach=reach)
    reached = ~np.isnan(radius)
    # Exactly those whose k live within so many cells.
    assert (reached == (apart <= reach * 100 + 1e-9)).all()
    assert reached.any() and (reach == 5 or not reached.all())
    np.testing.assert_allclose(by_rings[reached], by_tree[reached], rtol=1e-12)
    np.testing.assert_allclose(radius[reached], apart[reached], rtol=1e-12)
    assert np.isnan(by_rings[~reached]).all()


def test_a_far_neighbour_on_a_grid():
    # 300 cells away, further than the raster is looked through; only that row has no answer there.
    east = 1e5 + 100.0 * np.array([*range(40), 340])
    groups = pd.DataFrame({"a": np.ones(41), "b": np.zeros(41)})
    groups.loc[40, ["a", "b"]] = [0, 1]
    found = nearest_persons(groups, east, np.full(41, 4e5), [1, 3])
    assert found.members[3].iloc[40].tolist() == [2, 1]
    assert found.radius[3].iloc[40] == 30_200
    assert found.members[3].iloc[5].tolist() == [3, 0] and found.radius[3].iloc[5] == 100
    assert found.radius[1].tolist() == [0] * 41


@pytest.mark.parametrize("pairs", [500_000, 40, 1])
def test_the_tree_goes_in_blocks_and_asks_for_more_where_it_must(pairs, monkeypatch):
    monkeypatch.setattr(nearest_units, "_PAIRS", pairs)
    groups, east, north = some_units(on_grid=False)
    # One crowded unit: the mean is no guide to how many neighbours are needed elsewhere.
    groups[3] = [9000, 1000]
    places = np.column_stack([east, north])
    found, radius = nearest_by_tree(places, groups, [3, 150], np.array([0, 59, 8]))
    for row, origin in enumerate([0, 59, 8]):
        for number, k in enumerate([3, 150]):
            expected, distance = slow(groups, east, north, k, origin)
            np.testing.assert_allclose(found[number, row], expected, rtol=1e-12)
            assert radius[number, row] == pytest.approx(distance, abs=1e-5)


def test_a_ring_that_goes_on_beyond_the_neighbours_that_were_fetched():
    # 400 units on one circle: whoever is fetched first, all count for the same part.
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    east, north = 1e5 + 1000 * np.cos(angle), 4e5 + 1000 * np.sin(angle)
    groups = np.zeros((401, 2))
    groups[:300, 0] = groups[300:400, 1] = 1
    places = np.column_stack([np.append(east, 1e5), np.append(north, 4e5)])
    found, radius = nearest_by_tree(places, groups, [40], np.array([400]))
    assert found[0, 0].tolist() == pytest.approx([30, 10], abs=1e-9)
    assert radius[0, 0] == pytest.approx(1000)


def test_only_neighbours_of_the_own_area():
    groups = pd.DataFrame({"a": [4, 0, 0, 4], "b": [0, 4, 4, 0]}, index=list("pqrs"))
    east, north = [1e5, 1e5 + 100, 1e5 + 200, 1e5 + 300], [4e5] * 4
    area = pd.Series(["y", "x", "y", "x"], index=groups.index)
    for within in (area, lay_out(area)):
        found = nearest_persons(groups, east, north, [6], within=within)
        assert found.members[6]["a"].tolist() == [4, 2, 2, 4]
        assert found.radius[6].tolist() == [200] * 4
    across = nearest_persons(groups, east, north, [6])
    assert across.members[6]["a"].tolist() == [4, 1, 1, 4]


def test_fractions_of_people():
    groups, east, north = some_units()
    table = pd.DataFrame(groups * 0.1, columns=["a", "b"])
    tenths = nearest_persons(table, east, north, [2.0, table.sum().sum()])
    whole = nearest_persons(pd.DataFrame(groups), east, north, [20])
    np.testing.assert_allclose(tenths.members[2.0] * 10, whole.members[20], rtol=1e-12, atol=1e-11)
    assert (tenths.members[2.0] >= 0).all(axis=None)


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ({"k": [11]}, ValueError, "k is 11, more than the population of 10"),
        ({"k": [1, 4], "within": ["u", "v"]}, ValueError, "k is 4, .* population of v of 3"),
        ({"k": [0]}, ValueError, "above 0"),
        ({"k": [-5]}, ValueError, "above 0"),
        ({"k": [np.nan]}, ValueError, "above 0"),
        ({"k": [np.inf]}, ValueError, "above 0"),
        ({"k": [2, 2]}, ValueError, "each number once"),
        ({"k": []}, TypeError, "one or more"),
        ({"k": 5}, TypeError, "one or more"),
        ({"east": [4.9, 5.0], "north": [52.0, 52.1]}, ValueError, "degrees"),
        ({"groups": pd.DataFrame({"a": [4, np.nan], "b": 3})}, ValueError, "missing"),
        ({"groups": pd.DataFrame({"a": [4, 3]})}, ValueError, "fewer than two groups"),
    ],
)
def test_bad_input_raises(given, error, sentence):
    call = {
        "groups": pd.DataFrame({"a": [4, 0], "b": [3, 3]}),
        "east": [1e5, 1e5 + 100],
        "north": [4e5, 4e5],
        "k": [2],
    } | given
    with pytest.raises(error, match=sentence):
        nearest_persons(**call)


def test_input_is_unchanged():
    table = pd.DataFrame({"a": [4.0, 0], "b": [3.0, 3]})
    before, k = table.copy(), [5, 2]
    nearest_persons(table, [1e5, 1e5 + 100], [4e5, 4e5], k)
    pd.testing.assert_frame_equal(table, before)
    assert k == [5, 2]
