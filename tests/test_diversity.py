"""Known values, identities and edges of entropy and Simpson's indices of a composition."""

from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.areas import lay_out
from analysis.measures.diversity import entropy, simpson_concentration, simpson_interaction

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=60)

GROUPS = ["young", "adult", "old"]
rows = st.lists(st.tuples(*[st.integers(0, 5000)] * 3), min_size=1, max_size=10)


def test_entropy_of_three_compositions():
    counts = pd.DataFrame([[10, 30, 0], [5, 5, 5], [0, 8, 0]], ["a", "b", "c"], GROUPS)
    # a: -(1/4 ln 1/4 + 3/4 ln 3/4) and 0 ln 0 = 0; b: ln 3; c: one group only
    expected = [-(0.25 * log(0.25) + 0.75 * log(0.75)), log(3), 0.0]
    values = entropy(counts)
    assert values.tolist() == pytest.approx(expected, abs=1e-15)
    assert values.name == "entropy"
    assert list(values.index) == ["a", "b", "c"]


def test_normalised_entropy_is_1_for_groups_of_one_size():
    counts = pd.DataFrame([[10, 30, 0], [5, 5, 5]], columns=GROUPS)
    expected = -(0.25 * log(0.25) + 0.75 * log(0.75)) / log(3)
    values = entropy(counts, normalised=True)
    assert values.tolist() == pytest.approx([expected, 1.0], abs=1e-15)


@no_deadline
@given(rows=rows)
def test_entropy_is_the_definition_row_by_row(rows):
    values = entropy(pd.DataFrame(rows, columns=GROUPS))
    for value, row in zip(values, rows, strict=True):
        shares = [n / sum(row) for n in row if n]
        if shares:
            assert value == pytest.approx(-sum(p * log(p) for p in shares), abs=1e-14)
        else:
            assert np.isnan(value)


@no_deadline
@given(rows=rows, factor=st.integers(2, 9))
def test_entropy_stays_in_its_range_and_knows_no_size_or_order(rows, factor):
    counts = pd.DataFrame(rows, columns=GROUPS)
    values = entropy(counts)
    lived_in = values.dropna()
    assert (lived_in >= 0).all() and (lived_in <= log(3)).all()
    assert (entropy(counts, normalised=True).dropna() <= 1).all()
    pd.testing.assert_series_equal(entropy(counts * factor), values, rtol=0, atol=1e-14)
    pd.testing.assert_series_equal(entropy(counts[GROUPS[::-1]]), values, rtol=0, atol=1e-14)


def test_rounding_leaves_no_mix_above_the_fullest():
    # Five times 0.2 ln 0.2 adds up to one digit more than ln 5.
    five = pd.DataFrame([[7] * 5], columns=list("abcde"))
    assert entropy(five)[0] <= log(5)
    assert entropy(five, normalised=True)[0] == 1.0


def test_an_absent_group_counts_in_what_the_mix_could_be():
    two = pd.DataFrame({"young": [4], "old": [4]})
    three = two.assign(adult=0)
    assert entropy(two)[0] == entropy(three)[0]
    assert entropy(two, normalised=True)[0] == 1.0
    assert entropy(three, normalised=True)[0] == pytest.approx(log(2) / log(3), abs=1e-15)


def test_nobody_has_no_mix():
    values = entropy(pd.DataFrame({"young": [0, 1], "old": [0, 0]}))
    assert np.isnan(values[0])
    # Not minus zero, which would be printed as "-0,0".
    assert values[1] == 0.0 and not np.signbit(values[1])


def test_no_regions_have_no_values():
    assert entropy(pd.DataFrame({"young": [], "old": []})).empty


def test_bad_input_raises():
    with pytest.raises(TypeError, match="one named column per group"):
        entropy(pd.Series([1, 2]))
    with pytest.raises(ValueError, match="fewer than two groups"):
        entropy(pd.DataFrame({"young": [1]}))
    with pytest.raises(ValueError, match="'young' twice"):
        entropy(pd.DataFrame([[1, 2]], columns=["young", "young"]))
    with pytest.raises(ValueError, match=r"counts\['old'\] is missing in 1 of 2"):
        entropy(pd.DataFrame({"young": [1, 2], "old": [1, np.nan]}))
    with pytest.raises(ValueError, match=r"counts\['old'\] is negative"):
        entropy(pd.DataFrame({"young": [1, 2], "old": [1, -1]}))


def test_input_is_unchanged():
    counts = pd.DataFrame([[10.0, 30.0, 0.0], [0.0, 0.0, 0.0]], columns=GROUPS)
    before = counts.copy(deep=True)
    entropy(counts, normalised=True)
    pd.testing.assert_frame_equal(counts, before)


def test_simpson_of_three_compositions():
    counts = pd.DataFrame([[10, 30, 0], [5, 5, 5], [0, 8, 0]], ["a", "b", "c"], GROUPS)
    # a: 1/16 + 9/16; b: 3 * 1/9; c: one group only
    same = simpson_concentration(counts)
    assert same.tolist() == pytest.approx([10 / 16, 1 / 3, 1.0], abs=1e-15)
    other = simpson_interaction(counts)
    assert other.tolist() == pytest.approx([6 / 16, 2 / 3, 0.0], abs=1e-15)
    assert (same.name, other.name) == ("simpson_concentration", "simpson_interaction")
    assert list(same.index) == list(other.index) == ["a", "b", "c"]


@no_deadline
@given(rows=rows)
def test_two_inhabitants_are_of_one_group_or_of_two(rows):
    counts = pd.DataFrame(rows, columns=GROUPS)
    same, other = simpson_concentration(counts), simpson_interaction(counts)
    assert (same.isna() == (counts.sum(axis=1) == 0)).all()
    np.testing.assert_allclose(same + other, np.where(same.isna(), np.nan, 1), atol=1e-14)
    assert same.dropna().between(1 / 3 - 1e-14, 1).all() and other.dropna().ge(0).all()


@pytest.mark.parametrize("measure", [entropy, simpson_concentration, simpson_interaction])
def test_an_area_is_the_sum_of_its_regions(measure):
    counts = pd.DataFrame([[10, 30, 0], [5, 5, 5], [0, 8, 2]], columns=GROUPS)
    area = pd.Series(["y", "x", "y"], name="gm_code")
    values = measure(counts, area)
    together = pd.DataFrame([[5, 5, 5], [10, 38, 2]], columns=GROUPS)
    assert values.tolist() == measure(together).tolist()
    pd.testing.assert_index_equal(values.index, pd.Index(["x", "y"], name="gm_code"))
    assert values.name == measure.__name__
    pd.testing.assert_series_equal(measure(counts, lay_out(area)), values)
    with pytest.raises(ValueError, match=r"counts\['young'\] has 3 values and by has 2"):
        measure(counts, ["x", "y"])


def test_normalised_entropy_of_an_area():
    counts = pd.DataFrame({"young": [5, 0], "old": [0, 5]})
    assert entropy(counts, ["x", "x"], normalised=True).tolist() == [1.0]


@pytest.mark.parametrize("measure", [simpson_concentration, simpson_interaction])
def test_bad_input_of_simpson_raises(measure):
    with pytest.raises(TypeError, match="counts must be a DataFrame"):
        measure(pd.Series([1, 2]))
    with pytest.raises(ValueError, match=r"counts\['old'\] is missing in 1 of 2"):
        measure(pd.DataFrame({"young": [1, 2], "old": [1, np.nan]}))
