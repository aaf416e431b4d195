"""Clustering, spatial proximity and distance-decay exposure against their definitions."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from analysis.measures.areas import lay_out
from analysis.measures.clustering import (
    absolute_clustering,
    relative_clustering,
    spatial_proximity,
)
from analysis.measures.distance_decay import exponential_proximity
from analysis.measures.exposure import interaction, isolation
from analysis.measures.spatial_exposure import (
    contact_exposure,
    distance_decay_interaction,
    distance_decay_isolation,
)

no_deadline = settings(deadline=None, max_examples=25)
counts = st.integers(0, 900)
places = st.integers(0, 40)
units = st.lists(
    st.tuples(st.sampled_from("AB"), counts, counts, places, places), min_size=1, max_size=12
)


def mean_proximity(one, other, c):
    pairs = [(i, j) for i in range(len(one)) for j in range(len(other))]
    total = sum(one[i] * other[j] * c[i][j] for i, j in pairs)
    return total / (sum(one) * sum(other))


def slow_absolute(x, y, c):
    everybody, n = sum(x), len(x)
    alike = everybody / n**2 * sum(sum(row) for row in c)
    near = [
        sum(x[i] / everybody * c[i][j] * whom[j] for i in range(n) for j in range(n)) - alike
        for whom in (x, [a + b for a, b in zip(x, y, strict=True)])
    ]
    return near[0] / near[1] if near[1] else np.nan


def slow_relative(x, y, c):
    return mean_proximity(x, x, c) / mean_proximity(y, y, c) - 1


def slow_proximity(x, y, c):
    t = [a + b for a, b in zip(x, y, strict=True)]
    own = sum(x) * mean_proximity(x, x, c) + sum(y) * mean_proximity(y, y, c)
    return own / (sum(t) * mean_proximity(t, t, c))


def slow_met(x, y, c, whom):
    n, total = len(x), 0.0
    for i in range(n):
        reached = sum(c[i][k] * (x[k] + y[k]) for k in range(n))
        for j in range(n):
            if x[i] and x[j] + y[j]:
                chance = c[i][j] * (x[j] + y[j]) / reached
                total += x[i] / sum(x) * chance * whom[j] / (x[j] + y[j])
    return total


SLOW = {
    absolute_clustering: slow_absolute,
    relative_clustering: slow_relative,
    spatial_proximity: slow_proximity,
    distance_decay_isolation: lambda x, y, c: slow_met(x, y, c, x),
    distance_decay_interaction: lambda x, y, c: slow_met(x, y, c, y),
}
each = pytest.mark.parametrize("index", SLOW, ids=lambda index: index.__name__)


def all_pairs(east, north, land, length):
    apart = np.hypot(np.subtract.outer(east, east), np.subtract.outer(north, north))
    np.fill_diagonal(apart, np.sqrt(0.6 * np.asarray(land)))
    return np.exp(-apart / length)


@each
@no_deadline
@given(rows=units)
def test_every_area_gets_what_the_definition_gives_it_alone(index, rows):
    frame = pd.DataFrame(rows, columns=["area", "x", "y", "east", "north"])
    east, north = frame["east"] * 100 + 1000, frame["north"] * 100
    land = frame["north"] * 50.0 + 100
    near = exponential_proximity(east, north, land, length=700)
    full = all_pairs(east.to_numpy(), north.to_numpy(), land, 700)
    found = [
        index(frame["x"], frame["y"], near, frame["area"]),
        index(frame["x"], frame["y"], csr_array(full), lay_out(frame["area"])),
    ]
    for area in sorted(set(frame["area"])):
        at = np.flatnonzero(frame["area"] == area)
        x, y = (frame[column].to_numpy()[at].tolist() for column in "xy")
        if sum(x) and sum(y):
            expected = SLOW[index](x, y, full[np.ix_(at, at)].tolist())
        elif "distance_decay" in index.__name__ and sum(x):
            expected = float(index is distance_decay_isolation)
        else:
            expected = np.nan
        for values in found:
            # Absolute clustering is a quotient of two differences, which can be nearly 0.
            loose = 1e-6 if index is absolute_clustering else 1e-12
            assert values[area] == pytest.approx(expected, rel=loose, abs=1e-11, nan_ok=True)


def test_absolute_clustering_of_three_units():
    # C x = (10, 5, 0), C t = (10, 15, 20), sum of C = 5, X/n^2 = 10/9:
    # (10 - 50/9) / (10 - 50/9) for the first unit; the group in the middle unit gives
    # (10 - 50/9) / (20 - 50/9) with C t there = 0.5*10 + 10 + 0.5*10
    near = np.array([[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]])
    found = absolute_clustering([0, 10, 0], [10, 0, 10], near)
    assert found == pytest.approx((10 - 50 / 9) / (20 - 50 / 9), abs=1e-15)


def test_two_units_half_near():
    # P_xx = 1, P_yy = 1, P_tt = (1 + 0.5)/2
    near = np.array([[1, 0.5], [0.5, 1]])
    assert spatial_proximity([10, 0], [0, 10], near) == pytest.approx(4 / 3, abs=1e-15)
    # P_yy = (9 + 1 + 3)/16
    found = relative_clustering([10, 0], [3, 1], near)
    assert found == pytest.approx(16 / 13 - 1, abs=1e-15)


def test_distance_decay_of_two_units():
    # Unit 1 meets 40 + 20 people, 30 + 5 of them members; unit 2 20 + 40, 15 + 10.
    near = np.array([[1, 0.5], [0.5, 1]])
    found = distance_decay_isolation([30, 10], [10, 30], near)
    assert found == pytest.approx(0.75 * 35 / 60 + 0.25 * 25 / 60, abs=1e-15)


@no_deadline
@given(rows=st.lists(st.tuples(counts, counts), min_size=1, max_size=9))
def test_contacts_in_the_own_unit_alone_give_isolation_and_interaction(rows):
    x, y = np.array(rows, dtype=float).T
    assume(x.sum() > 0)
    own = csr_array(np.eye(len(x)))
    assert distance_decay_isolation(x, y, own) == pytest.approx(isolation(x, y), abs=1e-12)
    assert distance_decay_interaction(x, y, own) == pytest.approx(interaction(x, y), abs=1e-12)
    assert contact_exposure(x, y, x + y, own) == pytest.approx(interaction(x, y), abs=1e-12)


def test_contact_exposure_takes_contacts_as_they_are():
    contact = [[0.5, 0.25], [0.0, 0.5]]
    # (30/40)(0.5*0.75 + 0.25*0.25) + (10/40)(0.5*0.25); empty units have nobody to meet.
    found = contact_exposure([30, 10], [30, 10], [40, 40], contact)
    assert found == pytest.approx(0.75 * 0.4375 + 0.25 * 0.125, abs=1e-15)
    assert contact_exposure([4, 0], [4, 0], [4, 0], [[0.5, 0.5], [1, 0]]) == 0.5
    assert np.isnan(contact_exposure([0, 0], [1, 1], [4, 4], contact))
    by_area = contact_exposure([3, 1], [3, 1], [4, 4], np.ones((2, 2)), ["b", "a"])
    assert by_area.to_dict() == {"a": 0.25, "b": 0.75} and by_area.name == "contact_exposure"


def test_proximity_everywhere_alike_leaves_nothing():
    alike = np.ones((3, 3))
    x, y = [10, 20, 5], [30, 5, 30]
    assert relative_clustering(x, y, alike) == pytest.approx(0, abs=1e-15)
    assert spatial_proximity(x, y, alike) == pytest.approx(1, abs=1e-15)
    assert distance_decay_isolation(x, y, alike) == pytest.approx(0.35, abs=1e-15)
    assert absolute_clustering(x, y, alike) == pytest.approx(0, abs=1e-15)


def test_a_member_near_nobody_is_undefined():
    assert np.isnan(distance_decay_isolation([1, 2], [3, 4], [[0, 0], [0, 1]]))
    assert distance_decay_isolation([0, 2], [3, 2], [[0, 0], [0, 1]]) == 0.5


@each
def test_empty_units_change_only_absolute_clustering(index):
    near = np.array([[1, 0.5, 0.2], [0.5, 1, 0.5], [0.2, 0.5, 1]])
    without = index([4, 1], [1, 4], near[:2, :2])
    with_empty = index([4, 1, 0], [1, 4, 0], near)
    same = with_empty == pytest.approx(without, abs=1e-15)
    assert same is not (index is absolute_clustering)


@each
def test_the_result_is_named_and_bad_input_raises(index):
    near = np.eye(2)
    values = index([1, 2], [2, 1], near, pd.Series(["b", "a"], name="gm_code"))
    assert values.name == index.__name__ and values.index.name == "gm_code"
    assert index([], [], np.empty((0, 0)), []).empty
    with pytest.raises(ValueError, match="group is missing"):
        index([1, np.nan], [2, 1], near)
    with pytest.raises(ValueError, match="others is negative"):
        index([1, 2], [2, -1], near)
    with pytest.raises(ValueError, match="for 2 units"):
        index([1, 2], [2, 1], np.eye(3))


def test_units_beyond_one_block():
    random = np.random.default_rng(3)
    east, north = random.uniform(1e5, 2e5, 2500), random.uniform(4e5, 5e5, 2500)
    x, y = random.poisson(20, 2500), random.poisson(80, 2500)
    near = exponential_proximity(east, north, np.full(2500, 1e4))
    # Spread at random nobody lives near the own group.
    assert relative_clustering(x, y, near) == pytest.approx(0, abs=0.05)
    # A little above the group's share of 0.2: units differ by chance.
    assert distance_decay_isolation(x, y, near) == pytest.approx(0.205, abs=0.004)
