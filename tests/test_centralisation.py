"""Known values, definitions and edges of centralisation and of distances to a centre."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.measures.areas import lay_out
from analysis.measures.centralisation import (
    absolute_centralisation,
    distance_to_centre,
    local_relative_centralisation,
    relative_centralisation,
)
from analysis.measures.evenness import gini

no_deadline = settings(deadline=None, max_examples=30)
counts = st.integers(0, 900)
tables = st.lists(st.tuples(st.sampled_from("AB"), counts, counts, st.integers(0, 6)), max_size=20)


def slow(rows):
    """Return RCE with the units at one distance put together first."""
    group, others = sum(x for x, _, _ in rows), sum(y for _, y, _ in rows)
    if not group or not others:
        return np.nan
    total = x_before = y_before = 0
    for distance in sorted({d for _, _, d in rows}):
        x_upto = x_before + sum(x for x, _, d in rows if d == distance) / group
        y_upto = y_before + sum(y for _, y, d in rows if d == distance) / others
        total += x_before * y_upto - x_upto * y_before
        x_before, y_before = x_upto, y_upto
    return total


def test_relative_centralisation_of_three_units():
    # X: 5/10, 8/10, 1; Y: 1/10, 4/10, 1.
    # 0.5*0.4 + 0.8*1 - (0.8*0.1 + 1*0.4) = 1 - 0.48
    found = relative_centralisation([5, 3, 2], [1, 3, 6], [0, 1, 2])
    assert found == pytest.approx(0.52, abs=1e-15)


def test_absolute_centralisation_of_three_units():
    # X: 0.5, 0.8, 1; A: 1/8, 3/8, 1: 0.5*3/8 + 0.8*1 - (0.8/8 + 1*3/8)
    found = absolute_centralisation([5, 3, 2], [1, 2, 5], [0, 1, 2])
    assert found == pytest.approx(0.5125, abs=1e-15)


def test_units_at_one_distance_are_one():
    # Half of each at distance 1, of which nobody comes before the other; then the rest.
    assert relative_centralisation([2, 0, 2], [0, 2, 2], [1, 1, 3]) == 0
    assert relative_centralisation([0, 2, 2], [2, 0, 2], [1, 1, 3]) == 0
    # Two areas whose first units lie at the same distance stay apart.
    values = relative_centralisation([1, 0, 0, 1], [0, 1, 1, 0], [1, 2, 1, 2], list("aabb"))
    assert values.to_dict() == {"a": 1.0, "b": -1.0}
    values = relative_centralisation([0, 1, 1, 0], [1, 0, 0, 1], [1, 2, 2, 3], list("aabb"))
    assert values.to_dict() == {"a": -1.0, "b": 1.0}


@no_deadline
@given(rows=tables)
def test_every_area_gets_what_the_definition_gives_it_alone(rows):
    frame = pd.DataFrame(rows, columns=["area", "x", "y", "d"]).astype({"x": int, "y": int})
    d = frame["d"].astype(float)
    for index in (relative_centralisation, absolute_centralisation):
        values = index(frame["x"], frame["y"], d, frame["area"])
        assert values.name == index.__name__
        for area in sorted(set(frame["area"])):
            alone = [row[1:] for row in rows if row[0] == area]
            assert values[area] == pytest.approx(slow(alone), abs=1e-12, nan_ok=True)


@no_deadline
@given(rows=st.lists(st.tuples(counts, counts), min_size=1, max_size=12))
def test_a_centre_in_the_unit_with_the_largest_share_gives_gini(rows):
    # Sorted by the group's share, from high to low, the curve is the one under which G lies.
    x, y = np.array(rows, dtype=float).T
    assume(x.sum() > 0 and y.sum() > 0)
    t = x + y
    share = np.divide(x, t, out=np.zeros(len(x)), where=t > 0)
    assert relative_centralisation(x, y, 1 - share) == pytest.approx(gini(x, y), abs=1e-12)


def test_undefined_and_bad_input():
    assert np.isnan(relative_centralisation([0, 0], [1, 2], [0, 1]))
    assert np.isnan(relative_centralisation([1, 2], [0, 0], [0, 1]))
    assert np.isnan(absolute_centralisation([1, 2], [0, 0], [0, 1]))
    assert relative_centralisation([], [], [], []).empty
    with pytest.raises(ValueError, match="distance is missing"):
        relative_centralisation([1, 2], [1, 2], [0, np.nan])
    with pytest.raises(ValueError, match="distance is negative"):
        absolute_centralisation([1, 2], [1, 2], [0, -1])


def test_around_each_unit():
    around = [[0, 1, 2], [1, 0, 2], [2, 1, 0]]
    apart = [[0, 1, 2], [0, 1, 1], [0, 1, 2]]
    group = pd.Series([6, 0, 0], index=["BU1", "BU2", "BU3"])
    others = pd.Series([0, 6, 2], index=group.index)
    found = local_relative_centralisation(group, others, around, apart)
    # BU2 has 6 of 8 others in itself; then BU1 and BU3 at one distance.
    assert found.to_dict() == pytest.approx({"BU1": 1, "BU2": -0.75, "BU3": -1})
    assert found.name == "local_relative_centralisation"


@pytest.mark.parametrize(
    ("around", "apart", "error", "sentence"),
    [
        ([[0, 1]], [[0, 1]], ValueError, "one row per unit"),
        ([[0, 1], [1, 0]], [[0], [0]], ValueError, "one row per unit"),
        ([0, 1], [0, 1], ValueError, "one row per unit"),
        ([[0, 2], [1, 0]], [[0, 1], [0, 1]], ValueError, "none of the 2"),
        ([[0, -1], [1, 0]], [[0, 1], [0, 1]], ValueError, "none of the 2"),
        ([[0, 1.0], [1, 0]], [[0, 1], [0, 1]], TypeError, "whole numbers"),
    ],
)
def test_bad_surroundings_raise(around, apart, error, sentence):
    with pytest.raises(error, match=sentence):
        local_relative_centralisation([1, 2], [1, 2], around, apart)


def test_distance_to_the_mean_of_units_or_of_people():
    east, north = [1000.0, 1400, 1000, 1400], [2000.0, 2000, 2300, 2300]
    assert distance_to_centre(east, north).tolist() == [250.0] * 4
    # All people in the first unit: the centre lies there. 400, 300 and their diagonal.
    found = distance_to_centre(east, north, weight=[5, 0, 0, 0])
    assert found.tolist() == [0.0, 400.0, 300.0, 500.0]
    assert distance_to_centre(east, north, centre=(1400, 2300)).tolist() == [500, 300, 400, 0]


def test_each_area_has_its_own_centre():
    east = pd.Series([1000.0, 5000, 1200, 5000], index=list("pqrs"))
    north = pd.Series([2000.0, 2000, 2000, 2600], index=east.index)
    area = pd.Series(["b", "a", "b", "a"], index=east.index)
    for by in (area, lay_out(area)):
        found = distance_to_centre(east, north, by)
        assert found.to_dict() == {"p": 100, "q": 300, "r": 100, "s": 300}
    empty = distance_to_centre(east, north, area, weight=pd.Series([1, 0, 3, 0], index=east.index))
    # The mean of 1000 and three times 1200 is 1150; nobody lives in a.
    np.testing.assert_array_equal(empty, [150, np.nan, 50, np.nan])


def test_a_centre_in_degrees_and_other_units_raise():
    with pytest.raises(ValueError, match="degrees"):
        distance_to_centre([4.9, 5.1], [52.1, 52.2])
    with pytest.raises(ValueError, match="degrees"):
        distance_to_centre([155000, 156000], [463000, 463000], centre=(5.4, 52.2))
    with pytest.raises(ValueError, match="weight or a centre"):
        distance_to_centre([1000], [1000], weight=[1], centre=(1000, 1000))
    one = pd.Series([1000.0, 2000], index=["a", "b"])
    with pytest.raises(ValueError, match="different indexes"):
        distance_to_centre(one, one.iloc[::-1])
    with pytest.raises(ValueError, match="different indexes"):
        distance_to_centre(one, one, pd.Series(["x", "y"], index=["b", "a"]))
