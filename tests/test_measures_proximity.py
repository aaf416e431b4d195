"""Known values, identities and edges of the mean distance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.measures.proximity import distance_percentile, mean_distance, share_beyond

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=60)

tables = st.lists(
    st.tuples(st.sampled_from(["GM1", "GM2"]), st.floats(0, 60), st.integers(0, 5000)),
    max_size=20,
)


def test_mean_distance_of_two_areas():
    distance, people = pd.Series([0.5, 3.0, 2.0, 1.0]), pd.Series([300, 10, 100, 30])
    area = pd.Series(["b", "a", "b", "a"], name="gm_code")
    # a: (3 * 10 + 1 * 30) / 40; b: (0.5 * 300 + 2 * 100) / 400
    expected = pd.Series([1.5, 0.875], pd.Index(["a", "b"], name="gm_code"), name="mean_distance")
    pd.testing.assert_series_equal(mean_distance(distance, people, area), expected, rtol=1e-15)


def test_mean_distance_of_everything_together():
    # (0.5 * 300 + 2 * 100) / 400
    value = mean_distance([0.5, 2.0], [300, 100])
    assert value == 0.875
    assert type(value) is float


@no_deadline
@given(rows=tables)
def test_it_is_the_average_of_numpy_area_by_area(rows):
    frame = pd.DataFrame(rows, columns=["area", "d", "w"]).astype({"d": float, "w": int})
    values = mean_distance(frame["d"], frame["w"], frame["area"])
    assert list(values.index) == sorted(set(frame["area"]))
    for area, value in values.items():
        here = frame[frame["area"].eq(area)]
        if here["w"].sum():
            assert value == pytest.approx(np.average(here["d"], weights=here["w"]), abs=1e-12)
        else:
            assert np.isnan(value)


@no_deadline
@given(rows=tables)
def test_it_lies_between_the_nearest_and_the_farthest(rows):
    lived_in = [d for _, d, w in rows if w]
    assume(lived_in)
    value = mean_distance([d for _, d, _ in rows], [w for _, _, w in rows])
    assert min(lived_in) - 1e-12 <= value <= max(lived_in) + 1e-12


def test_a_unit_without_inhabitants_carries_no_weight():
    assert mean_distance([1.0, 50.0], [10, 0]) == 1.0


def test_an_area_without_inhabitants_has_no_mean():
    values = mean_distance([1.0, 2.0], [10, 0], ["a", "b"])
    assert values["a"] == 1.0 and np.isnan(values["b"])
    assert np.isnan(mean_distance([], []))


def test_next_door_is_0_and_not_missing():
    assert mean_distance([0.0, 0.0], [10, 20]) == 0.0


@pytest.mark.parametrize(
    ("distance", "weight", "by", "sentence"),
    [
        ([1, np.nan], [1, 1], None, "distance is missing in 1 of 2 units"),
        ([1, 1], [1, np.nan], None, "weight is missing"),
        ([1, -1], [1, 1], None, "distance is negative"),
        ([1, np.inf], [1, 1], None, "distance is infinite"),
        ([1, 1], [1, -1], None, "weight is negative"),
        ([1, 1], [1], None, "distance has 2 values and weight has 1"),
        ([1, 1], [1, 1], ["a"], "distance has 2 values and by has 1"),
    ],
)
def test_bad_input_raises(distance, weight, by, sentence):
    with pytest.raises(ValueError, match=sentence):
        mean_distance(distance, weight, by)


def test_input_is_unchanged():
    frame = pd.DataFrame({"area": ["b", "a", "b"], "d": [1.0, 2.0, 3.0], "w": [4, 0, 6]})
    before = frame.copy(deep=True)
    mean_distance(frame["d"], frame["w"], frame["area"])
    pd.testing.assert_frame_equal(frame, before)


def test_a_percentile_is_the_distance_of_somebody():
    # 300 at 0.5, 50 at 2, 50 at 4 km: 75 % is reached by the first exactly, more by the next.
    d, w = [2.0, 0.5, 4.0], [50, 300, 50]
    assert distance_percentile(d, w, 75) == 0.5
    assert distance_percentile(d, w, 75.1) == 2.0
    assert distance_percentile(d, w, 100) == 4.0
    # A place where nobody lives is nobody's distance.
    assert distance_percentile([0.1, 0.5], [0, 10], 1) == 0.5


def test_percentiles_and_shares_by_area():
    d = pd.Series([1.0, np.inf, 3.0, 2.0, 5.0], list("abcde"))
    w = pd.Series([6.0, 4, 1, 1, 0], list("abcde"))
    by = pd.Series(["y", "y", "x", "x", "z"], list("abcde"))
    found = distance_percentile(d, w, 60, by)
    # x: 1 of 2 at 2, 2 of 2 at 3; y: 6 of 10 at 1; z: nobody.
    assert found["x"] == 3 and found["y"] == 1 and np.isnan(found["z"])
    assert distance_percentile(d, w, 61, by)["y"] == np.inf
    beyond = share_beyond(d, w, 2, by)
    assert beyond["x"] == 0.5 and beyond["y"] == 0.4 and np.isnan(beyond["z"])


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20)), min_size=1, max_size=12),
    st.sampled_from([10, 50, 90, 100]),
)
def test_the_percentile_leaves_at_most_the_rest_beyond_it(units, percentage):
    d, w = (np.array(column, dtype=float) for column in zip(*units, strict=True))
    far = distance_percentile(d, w, percentage)
    if w.sum() == 0:
        assert np.isnan(far)
        return
    assert w[d > far].sum() <= w.sum() * (1 - percentage / 100) + 1e-9
    assert w[d >= far].sum() > w.sum() * (1 - percentage / 100) - 1e-9
    if far > 0:
        assert share_beyond(d, w, far) == pytest.approx(w[d > far].sum() / w.sum())


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: distance_percentile([1.0], [1], 0), "percentage is 0"),
        (lambda: distance_percentile([1.0], [1], 101), "percentage is 101"),
        (lambda: distance_percentile([np.nan], [1], 50), "missing or negative"),
        (lambda: share_beyond([-1.0], [1], 1), "missing or negative"),
        (lambda: share_beyond([1.0], [1], 0), "limit is 0"),
        (lambda: share_beyond([1.0], [-1], 1), "weight"),
    ],
)
def test_bad_percentiles_and_limits(call, says):
    with pytest.raises(ValueError, match=says):
        call()
