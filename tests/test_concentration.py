"""Known values, definitions and edges of delta and of absolute and relative concentration."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.concentration import absolute_concentration, delta, relative_concentration

no_deadline = settings(deadline=None, max_examples=30)
ROUNDING = 1e-12
counts = st.integers(0, 900)
units = st.lists(st.tuples(counts, counts, st.integers(1, 60)), min_size=2, max_size=12)
tables = st.lists(st.tuples(st.sampled_from("AB"), counts, counts, st.integers(1, 60)), max_size=20)


def slow_extremes(rows):
    """Return mean land of X inhabitants in the smallest and in the largest units, one by one."""
    needed = sum(x for x, _, _ in rows)
    ordered = sorted(rows, key=lambda row: (row[2], row[0] + row[1]))
    means = []
    for sequence in (ordered, ordered[::-1]):
        people = land = 0
        for x, y, a in sequence:
            if people >= needed:
                break
            people, land = people + x + y, land + (x + y) * a
        means.append(land / people)
    return means


def slow_absolute(rows):
    everybody = sum(x for x, _, _ in rows)
    if not everybody or not sum(y for _, y, _ in rows):
        return np.nan
    small, large = slow_extremes(rows)
    mean = sum(x * a for x, _, a in rows) / everybody
    return 1 - (mean - small) / (large - small) if large != small else np.nan


def slow_relative(rows):
    group, others = sum(x for x, _, _ in rows), sum(y for _, y, _ in rows)
    if not group or not others:
        return np.nan
    small, large = slow_extremes(rows)
    of_group = sum(x * a for x, _, a in rows) / group
    of_others = sum(y * a for _, y, a in rows) / others
    return (of_group / of_others - 1) / (small / large - 1) if large != small else np.nan


SLOW = {absolute_concentration: slow_absolute, relative_concentration: slow_relative}
both = pytest.mark.parametrize("index", SLOW, ids=lambda index: index.__name__)


def test_delta_of_three_units():
    # 1/2 (|5/10 - 1/8| + |3/10 - 2/8| + |2/10 - 5/8|) = 1/2 (0.375 + 0.05 + 0.425)
    assert delta([5, 3, 2], [1, 2, 5]) == pytest.approx(0.425, abs=1e-15)


def test_delta_by_area():
    values = delta([30, 7, 10, 0], [1, 1, 3, 4], ["b", "a", "b", "a"])
    # a: 1/2 (|1 - 1/5| + |0 - 4/5|), b: 1/2 (|3/4 - 1/4| + |1/4 - 3/4|)
    assert values.to_dict() == {"a": 0.8, "b": 0.5}
    assert values.name == "delta"


def test_delta_without_a_group_or_land_is_undefined():
    assert np.isnan(delta([0, 0], [1, 2])) and np.isnan(delta([1, 2], [0, 0]))


def test_absolute_concentration_of_four_units():
    # 10 members; smallest: units of 1 and 2 km2 (6 and 8 people), S = (6*1 + 8*2) / 14 = 22/14;
    # largest: units of 8 and 4 km2 (5 and 7 people), L = (5*8 + 7*4) / 12 = 68/12;
    # the group: (4*1 + 1*2 + 2*4 + 3*8) / 10 = 3.8
    found = absolute_concentration([4, 1, 2, 3], [2, 7, 5, 2], [1, 2, 4, 8])
    small, large = 22 / 14, 68 / 12
    assert found == pytest.approx(1 - (3.8 - small) / (large - small), abs=1e-15)


def test_relative_concentration_of_four_units():
    # As above; the others: (2*1 + 7*2 + 5*4 + 2*8) / 16 = 3.25
    found = relative_concentration([4, 1, 2, 3], [2, 7, 5, 2], [1, 2, 4, 8])
    assert found == pytest.approx((3.8 / 3.25 - 1) / ((22 / 14) / (68 / 12) - 1), abs=1e-15)


def test_all_in_the_smallest_and_all_in_the_largest_units():
    assert absolute_concentration([10, 0], [0, 10], [1, 3]) == 1
    assert absolute_concentration([0, 10], [10, 0], [1, 3]) == 0
    assert relative_concentration([10, 0], [0, 10], [1, 3]) == 1
    assert relative_concentration([0, 10], [10, 0], [1, 3]) == pytest.approx(-3, abs=1e-14)


def test_a_unit_that_brings_the_sum_to_the_group_exactly_is_the_last():
    # 6 members, the smallest unit has 6 people: S = 1, not the mean with the next.
    assert absolute_concentration([6, 0, 0], [0, 5, 6], [1, 2, 9]) == 1


@both
@no_deadline
@given(rows=tables)
def test_every_area_gets_what_the_definition_gives_it_alone(index, rows):
    frame = pd.DataFrame(rows, columns=["area", "x", "y", "a"]).astype({"x": int, "y": int})
    values = index(frame["x"], frame["y"], frame["a"].astype(float), frame["area"])
    for area in sorted(set(frame["area"])):
        alone = [row[1:] for row in rows if row[0] == area]
        assert values[area] == pytest.approx(SLOW[index](alone), abs=1e-9, nan_ok=True)


@both
@no_deadline
@given(rows=units, order=st.randoms())
def test_the_order_of_the_rows_does_not_matter(index, rows, order):
    shuffled = list(rows)
    order.shuffle(shuffled)
    one, other = (index(*np.array(table, dtype=float).T) for table in (rows, shuffled))
    assert one == pytest.approx(other, rel=1e-12, abs=ROUNDING, nan_ok=True)


@both
@no_deadline
@given(rows=units, factor=st.integers(2, 9))
def test_the_unit_of_land_does_not_matter(index, rows, factor):
    x, y, a = np.array(rows, dtype=float).T
    assert index(x, y, a * factor) == pytest.approx(index(x, y, a), rel=1e-9, nan_ok=True)


@both
def test_units_of_one_size_and_absent_groups_are_undefined(index):
    assert np.isnan(index([3, 5], [5, 3], [2, 2]))
    assert np.isnan(index([0, 0], [5, 3], [1, 2]))
    assert np.isnan(index([3, 5], [0, 0], [1, 2]))
    assert index([], [], [], []).empty


@both
def test_the_result_is_named_and_the_input_unchanged(index):
    frame = pd.DataFrame({"x": [1.0, 2, 3], "y": [4.0, 5, 6], "a": [9.0, 2, 5], "by": list("bab")})
    before = frame.copy(deep=True)
    values = index(frame["x"], frame["y"], frame["a"], frame["by"])
    assert values.name == index.__name__ and list(values.index) == ["a", "b"]
    pd.testing.assert_frame_equal(frame, before)


@both
def test_bad_input_raises(index):
    with pytest.raises(ValueError, match="land_area is missing"):
        index([1, 2], [1, 2], [1, np.nan])
    with pytest.raises(ValueError, match="land_area is negative"):
        index([1, 2], [1, 2], [1, -1])
    with pytest.raises(ValueError, match="group has 2 values and land_area has 1"):
        index([1, 2], [1, 2], [1])


def test_delta_refuses_bad_land():
    with pytest.raises(ValueError, match="land_area is missing"):
        delta([1, 2], [1, np.nan])
