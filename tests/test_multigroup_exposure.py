"""Whom members of several groups meet: known values, identities and edges."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.measures.exposure import interaction, isolation
from analysis.measures.multigroup_exposure import exposure

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=25)
ROUNDING = 1e-12
GROUPS = ["a", "b", "c"]

counts = st.integers(0, 3000)
units = st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=8)


def test_three_groups_in_two_units():
    units = pd.DataFrame({"a": [2, 0], "b": [1, 1], "c": [1, 3]})
    # a lives in unit 1 only, of 2, 1 and 1; b half and half, unit 2 being 0, 1 and 3 of 4;
    # c a quarter in unit 1
    expected = pd.DataFrame(
        [[0.5, 0.25, 0.25], [0.25, 0.25, 0.5], [0.125, 0.25, 0.625]],
        index=pd.Index(GROUPS, name="group"),
        columns=pd.Index(GROUPS, name="met"),
    )
    pd.testing.assert_frame_equal(exposure(units), expected, rtol=1e-15)


def test_every_area_has_its_own_rows_in_order():
    units = pd.DataFrame({"a": [2, 1, 0], "b": [1, 3, 1], "c": [1, 0, 3]})
    values = exposure(units, pd.Series(["y", "x", "y"], name="gm_code"))
    assert values.index.names == ["gm_code", "group"]
    assert list(values.index) == [(area, group) for area in "xy" for group in GROUPS]
    assert values.loc[("y", "b")].tolist() == [0.25, 0.25, 0.5]
    # x is one unit of 1, 3 and 0
    assert values.loc[("x", "a")].tolist() == [0.25, 0.75, 0.0]
    assert values.loc[("x", "c")].isna().all()


@no_deadline
@given(rows=units)
def test_with_two_groups_it_is_isolation_and_interaction(rows):
    table = pd.DataFrame(rows, columns=GROUPS)[["a", "b"]]
    assume((table.sum() > 0).all())
    values = exposure(table)
    a, b = table["a"], table["b"]
    assert values.loc["a", "a"] == pytest.approx(isolation(a, b), abs=ROUNDING)
    assert values.loc["a", "b"] == pytest.approx(interaction(a, b), abs=ROUNDING)
    assert values.loc["b", "a"] == pytest.approx(interaction(b, a), abs=ROUNDING)


@no_deadline
@given(rows=units)
def test_everybody_meets_somebody_and_meetings_are_mutual(rows):
    table = pd.DataFrame(rows, columns=GROUPS)
    assume((table.sum() > 0).all())
    values = exposure(table)
    np.testing.assert_allclose(values.sum(axis=1), 1, rtol=0, atol=ROUNDING)
    # X xPy = Y yPx
    meetings = values.mul(table.sum().to_numpy(), axis=0).to_numpy()
    np.testing.assert_allclose(meetings, meetings.T, rtol=1e-12, atol=1e-9)


def test_a_unit_without_inhabitants_carries_no_weight():
    units = pd.DataFrame({"a": [2, 0], "b": [1, 1], "c": [1, 3]})
    with_empty = pd.concat([units, units * 0])
    pd.testing.assert_frame_equal(exposure(with_empty), exposure(units), rtol=1e-15)


def test_nobody_meets_nobody():
    assert exposure(pd.DataFrame({"a": [0], "b": [0]})).isna().all(axis=None)
    assert exposure(pd.DataFrame({"a": [], "b": []})).isna().all(axis=None)


def test_bad_input_raises():
    with pytest.raises(TypeError, match="groups must be a DataFrame"):
        exposure([[1, 2]])
    with pytest.raises(ValueError, match=r"groups\['b'\] is negative"):
        exposure(pd.DataFrame({"a": [1], "b": [-1]}))
