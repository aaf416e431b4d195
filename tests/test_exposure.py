"""Known values, identities and edges of isolation, interaction and the correlation ratio."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.measures.areas import lay_out
from analysis.measures.exposure import correlation_ratio, interaction, isolation

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=60)

ROUNDING = 1e-12
INDICES = [isolation, interaction]
each_index = pytest.mark.parametrize("index", INDICES, ids=lambda index: index.__name__)

counts = st.integers(0, 5000)
units = st.lists(st.tuples(counts, counts), min_size=1, max_size=12)
tables = st.lists(st.tuples(st.sampled_from(["GM1", "GM2", "GM3"]), counts, counts), max_size=25)


def columns(rows):
    group, others = np.array(rows, dtype=float).reshape(-1, 2).T
    assume(group.sum() > 0)
    return group, others


def slow(index, rows):
    """Take every member of the group in turn and look at the unit's shares."""
    group = sum(x for x, _ in rows)
    met = [x * (x if index is isolation else y) / (x + y) for x, y in rows if x + y]
    return sum(met) / group if group else np.nan


def test_isolation_of_two_units():
    # 30/40 * 30/40 + 10/40 * 10/40 = 10/16
    assert isolation([30, 10], [10, 30]) == 0.625


def test_interaction_of_two_units():
    # 30/40 * 10/40 + 10/40 * 30/40 = 6/16
    assert interaction([30, 10], [10, 30]) == 0.375


def test_interaction_is_not_symmetric():
    # group: 1/2 * 9/10 + 1/2 * 1/2 = 0.7; others: 9/10 * 1/10 + 1/10 * 1/2 = 0.14
    assert interaction([1, 1], [9, 1]) == pytest.approx(0.7, abs=1e-15)
    assert interaction([9, 1], [1, 1]) == pytest.approx(0.14, abs=1e-15)


@each_index
@no_deadline
@given(rows=tables)
def test_every_area_gets_what_the_definition_gives_it_alone(index, rows):
    frame = pd.DataFrame(rows, columns=["area", "x", "y"]).astype({"x": int, "y": int})
    values = index(frame["x"], frame["y"], frame["area"])
    areas = sorted({area for area, _, _ in rows})
    expected = [slow(index, [(x, y) for a, x, y in rows if a == area]) for area in areas]
    assert list(values.index) == areas
    np.testing.assert_allclose(values, expected, rtol=0, atol=ROUNDING)


@no_deadline
@given(rows=units)
def test_a_member_meets_the_own_group_or_others(rows):
    assert isolation(*columns(rows)) + interaction(*columns(rows)) == pytest.approx(1, abs=ROUNDING)


@no_deadline
@given(rows=units)
def test_isolation_is_never_below_the_share_of_the_group(rows):
    group, others = columns(rows)
    share = group.sum() / (group.sum() + others.sum())
    assert share - ROUNDING <= isolation(group, others) <= 1


@no_deadline
@given(sizes=st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_an_even_spread_gives_the_shares_of_the_area(sizes):
    size = np.array(sizes)
    assume(size.sum() > 0)
    assert isolation(3 * size, 7 * size) == pytest.approx(0.3, abs=ROUNDING)
    assert interaction(3 * size, 7 * size) == pytest.approx(0.7, abs=ROUNDING)


def test_complete_segregation_is_all_isolation():
    assert isolation([30, 0, 0], [0, 170, 50]) == 1.0
    assert interaction([30, 0, 0], [0, 170, 50]) == 0.0


@each_index
@no_deadline
@given(rows=units, parts=st.integers(2, 5), which=st.integers(0, 11))
def test_splitting_a_unit_in_proportion_changes_nothing(index, rows, parts, which):
    group, others = columns(rows)
    which %= len(rows)
    whole = (group * parts, others * parts)
    split = [np.append(np.delete(n * parts, which), [n[which]] * parts) for n in (group, others)]
    assert index(*split) == pytest.approx(index(*whole), abs=ROUNDING)


@each_index
@no_deadline
@given(rows=tables, order=st.randoms())
def test_the_order_of_the_rows_does_not_matter(index, rows, order):
    shuffled = list(rows)
    order.shuffle(shuffled)
    one, other = (
        index(
            [x for _, x, _ in table], [y for _, _, y in table], pd.Series([a for a, _, _ in table])
        )
        for table in (rows, shuffled)
    )
    pd.testing.assert_series_equal(one, other, rtol=0, atol=ROUNDING)


def test_a_group_that_is_absent_meets_nobody():
    area = ["no group", "no others", "empty", "empty"]
    for index, without_others in ((isolation, 1.0), (interaction, 0.0)):
        values = index([0, 4, 0, 0], [3, 0, 0, 0], area)
        assert values[["empty", "no group"]].isna().all()
        # Defined, unlike an index of evenness: whoever lives there meets the own group only.
        assert values["no others"] == without_others
        assert np.isnan(index([0], [3])) and np.isnan(index([], []))


@each_index
def test_the_result_is_named_and_lies_on_the_areas(index):
    area = pd.Series(["GM2", "GM1", "GM2"], name="gm_code")
    values = index(pd.Series([1, 2, 3]), pd.Series([4, 5, 6]), area)
    assert values.name == index.__name__
    pd.testing.assert_index_equal(values.index, pd.Index(["GM1", "GM2"], name="gm_code"))
    assert type(index([1, 2], [3, 4])) is float


@each_index
def test_input_is_unchanged(index):
    frame = pd.DataFrame({"area": ["b", "a", "b"], "x": [1.0, 2.0, 3.0], "y": [4.0, 0.0, 6.0]})
    before = frame.copy(deep=True)
    index(frame["x"], frame["y"], frame["area"])
    pd.testing.assert_frame_equal(frame, before)


@each_index
@pytest.mark.parametrize(
    ("group", "others", "by", "sentence"),
    [
        ([1, np.nan], [1, 1], None, "group is missing"),
        ([1, 1], [1, -1], None, "others is negative"),
        ([1, 1], [1], None, "group has 2 values and others has 1"),
        ([1, 1], [1, 1], ["a"], "group has 2 values and by has 1"),
    ],
)
def test_bad_input_raises(index, group, others, by, sentence):
    with pytest.raises(ValueError, match=sentence):
        index(group, others, by)


def slow_correlation_ratio(rows):
    group, total = sum(x for x, _ in rows), sum(x + y for x, y in rows)
    if not 0 < group < total:
        return np.nan
    share = Fraction(group, total)
    met = sum(Fraction(x, group) * Fraction(x, x + y) for x, y in rows if x + y)
    return float((met - share) / (1 - share))


def test_correlation_ratio_of_two_units():
    # xPx = 10/16, P = 1/2: (10/16 - 8/16) / (8/16)
    assert correlation_ratio([30, 10], [10, 30]) == 0.25


def test_correlation_ratio_of_unlike_units():
    # xPx = 1/2 * 1/10 + 1/2 * 1/2 = 3/10, P = 2/12: (18/60 - 10/60) / (50/60)
    assert correlation_ratio([1, 1], [9, 1]) == pytest.approx(8 / 50, abs=1e-15)


@no_deadline
@given(rows=tables)
def test_every_area_gets_the_correlation_ratio_of_the_definition(rows):
    frame = pd.DataFrame(rows, columns=["area", "x", "y"]).astype({"x": int, "y": int})
    values = correlation_ratio(frame["x"], frame["y"], frame["area"])
    areas = sorted({area for area, _, _ in rows})
    expected = [slow_correlation_ratio([(x, y) for a, x, y in rows if a == area]) for area in areas]
    assert list(values.index) == areas
    np.testing.assert_allclose(values, expected, rtol=0, atol=ROUNDING)
    assert values.name == "correlation_ratio"
    pd.testing.assert_series_equal(
        correlation_ratio(frame["x"], frame["y"], lay_out(frame["area"])), values
    )


@no_deadline
@given(rows=units)
def test_correlation_ratio_is_the_same_for_group_and_others(rows):
    group, others = columns(rows)
    assume(others.sum() > 0)
    value = correlation_ratio(group, others)
    assert 0 <= value <= 1
    assert correlation_ratio(others, group) == pytest.approx(value, abs=ROUNDING)


def test_a_unit_without_inhabitants_carries_no_weight():
    for index in (*INDICES, correlation_ratio):
        assert index([3, 1, 0], [4, 9, 0]) == index([3, 1], [4, 9])


def test_edges_of_the_correlation_ratio():
    assert correlation_ratio([20, 40, 1], [80, 160, 4]) == 0.0
    assert correlation_ratio([30, 0, 0], [0, 170, 50]) == 1.0
    assert correlation_ratio([3, 0], [4, 0]) == 0.0
    for group, others in ([0, 0], [3, 4]), ([3, 4], [0, 0]), ([0], [0]), ([], []):
        assert np.isnan(correlation_ratio(group, others))
    with pytest.raises(ValueError, match="others is negative"):
        correlation_ratio([1, 1], [1, -1])
