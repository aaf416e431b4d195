import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.growth import reordering_inequality_growth

UNITS = st.lists(
    st.tuples(*[st.integers(10, 90)] * 2, *[st.integers(1, 50)] * 2), min_size=1, max_size=8
)


def parts(before, after, w1=None, w2=None) -> pd.DataFrame:
    ones = [1.0] * len(before)
    columns = (pd.Series(list(c), dtype=float) for c in (before, after, w1 or ones, w2 or ones))
    return reordering_inequality_growth(*columns)


def test_all_grow_alike():
    found = parts([10, 20, 30], [11, 22, 33])
    assert found["growth"].tolist() == pytest.approx([1, 2, 3])
    assert found[["inequality", "reordering"]].abs().max(axis=None) < 1e-12


def test_the_ends_move_apart():
    # Same mean, same order: 10 20 30 becomes 5 20 35.
    found = parts([10, 20, 30], [5, 20, 35])
    assert found["inequality"].tolist() == pytest.approx([-5, 0, 5])
    assert found[["growth", "reordering"]].abs().max(axis=None) < 1e-12


def test_two_change_places():
    found = parts([10, 20, 30], [20, 10, 30])
    assert found["reordering"].tolist() == pytest.approx([10, -10, 0])
    assert found[["growth", "inequality"]].abs().max(axis=None) < 1e-12


def test_equal_units_share_a_place():
    # The two tens have a third of the people as their place; it lies between 8 (1/6) and 14 (1/2).
    found = parts([10, 10, 22], [8, 14, 20])
    assert found["change"].tolist() == [-2, 4, -2]
    assert found["reordering"].tolist() == pytest.approx([-3, 3, 0])


def test_people_count():
    # Means 10 (30 people) and 20 (10): 12.5; afterwards 11 and 22 with the same people.
    found = parts([10, 20], [11, 22], [30, 10], [30, 10])
    assert found["growth"].tolist() == pytest.approx([1, 2])
    # With all people in the first unit the mean is hardly moved by the second.
    heavy = parts([10, 20], [10, 40], [1e6, 1], [1e6, 1])
    assert heavy.loc[1, "growth"] < 0.001 and heavy.loc[1, "inequality"] == pytest.approx(20, 0.01)


@given(UNITS)
def test_the_three_add_up(units):
    found = parts(*zip(*units, strict=True))
    three = found[["growth", "inequality", "reordering"]].sum(axis=1)
    np.testing.assert_allclose(three, found["change"], rtol=0, atol=1e-9)


def test_no_units_and_bad_numbers():
    assert parts([], []).empty
    with pytest.raises(ValueError, match="above 0"):
        parts([10, 20], [10, 20], [1, 0])
    with pytest.raises(ValueError, match="missing"):
        parts([10, np.nan], [10, 20])
    with pytest.raises(TypeError, match="Series"):
        reordering_inequality_growth([1.0], [1.0], [1.0], [1.0])
