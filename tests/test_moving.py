import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.bounds import both_bounds
from analysis.measures.evenness import dissimilarity
from analysis.measures.moving import have_to_exchange, have_to_move, members

UNITS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=9)


def test_the_textbook_town():
    # D = 7/16 of 80: 35. Keeping the sizes, of 200 others 280: 80 x 7/16 x 200/280.
    assert have_to_move([10, 40, 25, 5], [90, 40, 35, 35]) == pytest.approx(80 * 7 / 16)
    assert have_to_exchange([10, 40, 25, 5], [90, 40, 35, 35]) == pytest.approx(25)


@given(UNITS)
def test_the_dissimilarity_as_people(units):
    x, y = (np.array(column, dtype=float) for column in zip(*units, strict=True))
    d = dissimilarity(x, y)
    if x.sum() and y.sum():
        assert have_to_move(x, y) == pytest.approx(d * x.sum(), abs=1e-9)
        both = x.sum() * y.sum() / (x.sum() + y.sum())
        assert have_to_exchange(x, y) == pytest.approx(d * both, abs=1e-9)
    else:
        assert np.isnan(have_to_move(x, y)) and np.isnan(have_to_exchange(x, y))


def test_areas_by_themselves():
    x, y = pd.Series([10.0, 5.0, 0.0]), pd.Series([0.0, 5.0, 10.0])
    found = have_to_move(x, y, pd.Series(["a", "b", "a"]))
    assert found.to_dict() == {"a": 10.0, "b": 0.0}
    assert members(x, y, pd.Series(["a", "b", "a"])).to_dict() == {"a": 10.0, "b": 5.0}


def test_moving_so_many_makes_it_even():
    x, y = np.array([10.0, 40, 25, 5]), np.array([90.0, 40, 35, 35])
    after = x.sum() * y / y.sum()
    assert dissimilarity(after, y) == pytest.approx(0)
    assert np.abs(after - x).sum() / 2 == pytest.approx(have_to_move(x, y))


@given(st.lists(st.tuples(*[st.integers(0, 20)] * 4), min_size=1, max_size=5))
def test_the_bounds_hold_for_any_persons(cells):
    both, one_only, other_only, neither = (
        np.array(column, dtype=float) for column in zip(*cells, strict=True)
    )
    total = both + one_only + other_only + neither
    found = both_bounds(both + one_only, both + other_only, total)
    assert (found["lowest"] <= both).all() and (both <= found["highest"]).all()


def test_bounds_by_hand_and_bad_input():
    # 80 + 60 - 100 are in both at least, 60 at most.
    found = both_bounds(pd.Series([80.0], ["BU1"]), pd.Series([60.0], ["BU1"]),
                        pd.Series([100.0], ["BU1"]))  # fmt: skip
    assert found.loc["BU1"].tolist() == [40, 60]
    with pytest.raises(ValueError, match="one is larger than total"):
        both_bounds([11], [1], [10])
    with pytest.raises(ValueError, match="other is larger than total"):
        both_bounds([1], [11], [10])


def test_one_of_each_group_is_enough():
    # X = Y = 1 apart: D = 1; D X = 1 and D X Y / T = 1/2.
    assert have_to_move([1, 0], [0, 1]) == 1
    assert have_to_exchange([1, 0], [0, 1]) == 0.5
