"""The concentration profile, its exact index, and the sum over thresholds that others take."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.concentration_profile import (
    concentration_profile,
    concentration_profile_index,
)

no_deadline = settings(deadline=None, max_examples=30)
counts = st.integers(0, 900)
rows = st.lists(st.tuples(counts, counts), min_size=1, max_size=9)


def test_three_units():
    # Shares 3/4, 1/4 and 0 of 60; P = 40/120.
    profile = concentration_profile([30, 10, 0], [10, 30, 40], [1, 0, 0.25, 0.26, 0.75])
    assert profile.tolist() == [0, 1, 1, 0.75, 0.75]
    assert profile.index.tolist() == [1, 0, 0.25, 0.26, 0.75] and profile.index.name == "share"
    # (30 * |3/4 - 1/3| + 10 * |1/4 - 1/3|) / (40 * 2/3)
    found = concentration_profile_index([30, 10, 0], [10, 30, 40])
    assert found == pytest.approx((12.5 + 10 / 12) / (80 / 3), abs=1e-15)


@no_deadline
@given(rows=rows)
def test_the_index_is_what_the_profile_integrates_to(rows):
    x, y = np.array(rows, dtype=float).T
    index = concentration_profile_index(x, y)
    if not x.sum() or not y.sum():
        assert np.isnan(index)
        return
    share = x.sum() / (x.sum() + y.sum())
    # Between two shares the profile does not change: its value halfway times the width.
    steps = np.unique(np.concatenate([[0, share, 1], x[x > 0] / (x + y)[x > 0]]))
    middle = (steps[1:] + steps[:-1]) / 2
    area = concentration_profile(x, y, middle).to_numpy() * np.diff(steps)
    expected = (share - area[middle < share].sum() + area[middle > share].sum()) / (1 - share)
    assert index == pytest.approx(expected, abs=1e-12)


def test_every_area_its_own():
    found = concentration_profile_index([30, 5, 10, 0], [10, 0, 30, 5], ["b", "a", "b", "a"])
    assert found.to_dict() == {"a": 1.0, "b": 0.5}
    assert found.name == "concentration_profile_index"
    assert concentration_profile_index([3, 6, 0], [4, 8, 0]) == 0


def test_undefined_and_bad_input():
    assert concentration_profile([0, 0], [1, 2], [0, 0.5]).isna().all()
    assert np.isnan(concentration_profile_index([1, 2], [0, 0]))
    for thresholds in ([1.1], [-0.1], [np.nan], 0.5):
        with pytest.raises(ValueError, match="between 0 and 1"):
            concentration_profile([1, 2], [1, 2], thresholds)
    with pytest.raises(ValueError, match="group is missing"):
        concentration_profile_index([1, np.nan], [1, 2])


def test_the_published_value(shared):
    # PySAL adds the profile at 1,000 thresholds; the exact index is within a thousandth of that.
    folder = shared / "reference/segregation"
    listed = pd.read_csv(folder / "expected.csv")
    [(value, tolerance)] = listed[listed["index"].eq("ConProf")][["value", "tolerance"]].to_numpy()
    tracts = pd.read_csv(folder / "data/sacramento_tracts.csv")
    x, y = tracts["HISP"], tracts["TOT_POP"] - tracts["HISP"]
    thresholds = np.linspace(0, 1, 1000)
    profile = concentration_profile(x, y, thresholds).to_numpy() / 1000
    share = x.sum() / tracts["TOT_POP"].sum()
    low = thresholds < share
    found = (share - profile[low].sum() + profile[~low].sum()) / (1 - share)
    assert found == pytest.approx(value, rel=0, abs=tolerance)
    assert concentration_profile_index(x, y) == pytest.approx(value, abs=0.001)
