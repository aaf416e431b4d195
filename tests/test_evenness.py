"""Known values, identities and edges of dissimilarity, Gini and information theory."""

from fractions import Fraction
from math import log, log1p

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.measures.evenness import dissimilarity, gini, information_theory

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=60)

INDICES = [dissimilarity, gini, information_theory]
# Whole counts come out exact but for one division; H is a sum of n logarithms.
EXACT = 1e-15
ROUNDING = 1e-12

each_index = pytest.mark.parametrize("index", INDICES, ids=lambda index: index.__name__)

counts = st.integers(0, 5000)
units = st.lists(st.tuples(counts, counts), min_size=1, max_size=12)
fractional = st.lists(
    st.tuples(*[st.just(0.0) | st.floats(1e-3, 1e6)] * 2), min_size=1, max_size=12
)
tables = st.lists(st.tuples(st.sampled_from(["GM1", "GM2", "GM3"]), counts, counts), max_size=25)


def columns(rows):
    group, others = np.array(rows, dtype=float).reshape(-1, 2).T
    assume(group.sum() > 0 and others.sum() > 0)
    return group, others


# Slow and straightforward: the definitions, in exact arithmetic where there is no logarithm.


def slow_dissimilarity(rows):
    group, others = sum(x for x, _ in rows), sum(y for _, y in rows)
    if not group or not others:
        return np.nan
    return float(sum(abs(Fraction(x, group) - Fraction(y, others)) for x, y in rows) / 2)


def slow_gini(rows):
    inhabited = [(x, y) for x, y in rows if x + y]
    group, total = sum(x for x, _ in rows), sum(x + y for x, y in rows)
    if not 0 < group < total:
        return np.nan
    share = Fraction(group, total)
    differences = sum(
        (x1 + y1) * (x2 + y2) * abs(Fraction(x1, x1 + y1) - Fraction(x2, x2 + y2))
        for x1, y1 in inhabited
        for x2, y2 in inhabited
    )
    return float(differences / (2 * total**2 * share * (1 - share)))


def slow_information_theory(rows):
    def mix(x, y):
        # The logarithm of a share near 1 loses its digits, that of 1 minus a small one does not.
        smallest, largest = sorted((x / (x + y), y / (x + y)))
        return -smallest * log(smallest) - largest * log1p(-smallest) if smallest else 0

    group, others = sum(x for x, _ in rows), sum(y for _, y in rows)
    if not group or not others:
        return np.nan
    inside = sum((x + y) * mix(x, y) for x, y in rows if x + y)
    return 1 - inside / ((group + others) * mix(group, others))


SLOW = {
    dissimilarity: slow_dissimilarity,
    gini: slow_gini,
    information_theory: slow_information_theory,
}


@each_index
@no_deadline
@given(rows=tables)
def test_every_area_gets_what_the_definition_gives_it_alone(index, rows):
    frame = pd.DataFrame(rows, columns=["area", "x", "y"]).astype({"x": int, "y": int})
    values = index(frame["x"], frame["y"], frame["area"])
    expected = {
        area: SLOW[index]([(x, y) for a, x, y in rows if a == area])
        for area in sorted({area for area, _, _ in rows})
    }
    assert list(values.index) == list(expected)
    np.testing.assert_allclose(values, list(expected.values()), rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("index", [dissimilarity, gini])
@no_deadline
@given(rows=units)
def test_whole_counts_give_the_exact_quotient(index, rows):
    group, others = columns(rows)
    assert index(group, others) == SLOW[index](rows)


def test_dissimilarity_of_four_units():
    # 1/2 (|100 - 0| + |60 - 40| + |40 - 60| + |0 - 100|) / 200 = 1/2 * 240/200
    assert dissimilarity([100, 60, 40, 0], [0, 40, 60, 100]) == 0.6


def test_dissimilarity_of_groups_of_different_size():
    # x/X = 1/4, 3/4 and y/Y = 2/3, 1/3: 1/2 (5/12 + 5/12)
    assert dissimilarity([1, 3], [20, 10]) == pytest.approx(5 / 12, abs=EXACT)


def test_gini_of_two_units_is_their_dissimilarity():
    # 2 * 40 * 40 * |3/4 - 1/4| / (2 * 80**2 * 1/4) = 1600 / 3200
    assert gini([30, 10], [10, 30]) == 0.5
    assert dissimilarity([30, 10], [10, 30]) == 0.5


def test_gini_of_three_units():
    # pairs |x_i y_j - x_j y_i|: |10*20 - 20*30| + |10*10 - 30*30| + |20*10 - 30*20| = 1600;
    # over X Y = 60 * 60
    assert gini([10, 20, 30], [30, 20, 10]) == pytest.approx(1600 / 3600, abs=EXACT)


def test_information_theory_of_two_units():
    # E = ln 2; E_i = -(3/4 ln 3/4 + 1/4 ln 1/4) in both units
    expected = 1 + (0.75 * log(0.75) + 0.25 * log(0.25)) / log(2)
    assert information_theory([30, 10], [10, 30]) == pytest.approx(expected, abs=EXACT)


def test_information_theory_of_one_mixed_and_one_unmixed_unit():
    # P = 1/4; unit 1 is half and half (40 people, ln 2), unit 2 has others only (0): 0 ln 0 = 0
    area = -(0.25 * log(0.25) + 0.75 * log(0.75))
    expected = 1 - 40 * log(2) / (80 * area)
    assert information_theory([20, 0], [20, 40]) == pytest.approx(expected, abs=EXACT)


@each_index
@no_deadline
@given(rows=units)
def test_an_index_lies_between_0_and_1(index, rows):
    assert 0 <= index(*columns(rows)) <= 1


@each_index
@no_deadline
@given(rows=fractional)
def test_an_index_of_fractions_lies_between_0_and_1(index, rows):
    assert 0 <= index(*columns(rows)) <= 1


@no_deadline
@given(rows=units)
def test_gini_is_never_below_dissimilarity(rows):
    assert gini(*columns(rows)) >= dissimilarity(*columns(rows))


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
@given(rows=units, factor=st.integers(2, 50))
def test_making_everything_larger_changes_nothing(index, rows, factor):
    group, others = columns(rows)
    larger = index(group * factor, others * factor)
    assert larger == pytest.approx(index(group, others), abs=ROUNDING)


@pytest.mark.parametrize("index", [dissimilarity, gini])
@no_deadline
@given(rows=units, factor=st.integers(2, 50))
def test_making_one_group_larger_changes_nothing(index, rows, factor):
    group, others = columns(rows)
    assert index(group * factor, others) == pytest.approx(index(group, others), abs=EXACT)


def test_information_theory_does_depend_on_the_size_of_a_group():
    # D and G stay 1/2; H does not, which is why a change in H needs a decomposition.
    assert information_theory([30, 10], [10, 30]) > information_theory([3, 1], [100, 300]) + 0.05


@each_index
@no_deadline
@given(rows=units)
def test_the_two_groups_can_change_places(index, rows):
    group, others = columns(rows)
    assert index(others, group) == pytest.approx(index(group, others), abs=ROUNDING)


@each_index
@no_deadline
@given(rows=units)
def test_joining_two_units_never_makes_it_less_even(index, rows):
    group, others = columns([*rows, (3, 5)])
    joined = [np.append(n[:-2], n[-2:].sum()) for n in (group, others)]
    assert index(*joined) <= index(group, others) + ROUNDING


@each_index
@no_deadline
@given(rows=units)
def test_empty_units_carry_no_weight(index, rows):
    group, others = columns(rows)
    with_empty = index(np.append(group, [0, 0]), np.append(others, [0, 0]))
    assert with_empty == pytest.approx(index(group, others), abs=ROUNDING)


@each_index
@no_deadline
@given(sizes=st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_an_even_spread_is_exactly_0(index, sizes):
    size = np.array(sizes)
    assume(size.sum() > 0)
    assert index(3 * size, 7 * size) == 0.0


@each_index
@no_deadline
@given(
    group=st.lists(st.integers(1, 9999), min_size=1),
    others=st.lists(st.integers(1, 9999), min_size=1),
)
def test_a_complete_segregation_is_1(index, group, others):
    group, others = group + [0] * len(others), [0] * len(group) + others
    assert index(group, others) == pytest.approx(1, abs=ROUNDING)


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


@each_index
def test_a_hundred_random_areas_at_once(index):
    random = np.random.default_rng(20)
    area = random.integers(0, 100, 1500)
    group = random.poisson(random.gamma(0.5, 40, 1500))
    others = random.poisson(random.gamma(2, 100, 1500)) * (random.random(1500) > 0.05)
    values = index(group, others, area)
    rows = list(zip(group.tolist(), others.tolist(), strict=True))
    for number, value in values.items():
        expected = SLOW[index]([rows[place] for place in np.flatnonzero(area == number)])
        assert value == pytest.approx(expected, abs=ROUNDING)


@each_index
def test_a_million_units_stay_within_the_range(index):
    # Tenths are no whole numbers: added one by one these would leave 0 to 1 by 1e-11.
    here = np.arange(1_000_000) % 2 * 0.1
    assert index(here, 0.1 - here) == pytest.approx(1, abs=1e-14)
    assert index(here * 0 + 0.1, here * 0 + 0.7) == pytest.approx(0, abs=1e-14)


@each_index
def test_ties_in_the_share_do_not_matter(index):
    # Units of 1/3, 2/6 and 10/30 are one unit of 13/39.
    together = index([13, 5], [26, 5])
    assert index([1, 5, 2, 10], [2, 5, 4, 20]) == pytest.approx(together, abs=EXACT)


@each_index
def test_without_a_group_or_without_others_it_is_undefined(index):
    area = ["no group", "no group", "no others", "empty", "fine", "fine"]
    values = index([0, 0, 4, 0, 1, 0], [3, 4, 0, 0, 0, 1], area)
    assert values[["empty", "no group", "no others"]].isna().all()
    assert values["fine"] == 1.0
    for group, others in ([0, 0], [3, 4]), ([3, 4], [0, 0]), ([0], [0]), ([], []):
        value = index(group, others)
        assert isinstance(value, float) and np.isnan(value)


@each_index
def test_one_unit_is_0_by_construction(index):
    assert index([3], [4]) == 0.0
    assert index([3, 0], [4, 0], ["a", "a"])["a"] == 0.0


@each_index
def test_the_result_is_named_and_lies_on_the_areas(index):
    frame = pd.DataFrame(
        {"gm_code": ["GM2", "GM1", "GM2"], "group": [1, 2, 3], "others": [4, 5, 6]},
        index=["BU01", "BU02", "BU03"],
    )
    values = index(frame["group"], frame["others"], frame["gm_code"])
    assert values.name == index.__name__
    assert values.dtype == np.float64
    pd.testing.assert_index_equal(values.index, pd.Index(["GM1", "GM2"], name="gm_code"))
    assert type(index(frame["group"], frame["others"])) is float


@each_index
def test_no_areas_give_no_values(index):
    assert index([], [], []).empty


@each_index
def test_repeated_labels_go_by_position(index):
    labels = ["BU01", "BU01", "BU02"]
    group, others = pd.Series([1, 5, 9], index=labels), pd.Series([7, 2, 4], index=labels)
    area = pd.Series(["a", "b", "a"], index=labels)
    plain = index(group.array, others.array, area.array)
    assert index(group, others, area).tolist() == plain.tolist()


@each_index
def test_input_is_unchanged(index):
    frame = pd.DataFrame({"area": ["b", "a", "b"], "x": [1.0, 2.0, 3.0], "y": [4.0, 0.0, 6.0]})
    before = frame.copy(deep=True)
    index(frame["x"], frame["y"], frame["area"])
    arrays = [np.array([1.0, 2.0]), np.array([4.0, 0.0])]
    index(*arrays)
    pd.testing.assert_frame_equal(frame, before)
    assert [list(array) for array in arrays] == [[1.0, 2.0], [4.0, 0.0]]


@each_index
@pytest.mark.parametrize(
    ("group", "others", "by", "error", "sentence"),
    [
        ([1, np.nan], [1, 1], None, ValueError, "group is missing"),
        ([1, 1], [1, np.nan], None, ValueError, "others is missing"),
        ([1, 1], [1, -1], None, ValueError, "others is negative"),
        ([1, np.inf], [1, 1], None, ValueError, "group is infinite"),
        ([1, 1], [1], None, ValueError, "group has 2 values and others has 1"),
        ([1, 1], [1, 1], ["a"], ValueError, "group has 2 values and by has 1"),
        ([1, 1], [1, 1], ["a", None], ValueError, "by is missing"),
        (["1", "1"], [1, 1], None, TypeError, "group holds"),
        (1, [1, 1], None, TypeError, "group must be one column"),
    ],
)
def test_bad_input_raises(index, group, others, by, error, sentence):
    with pytest.raises(error, match=sentence):
        index(group, others, by)


@each_index
def test_columns_about_other_units_raise(index):
    group = pd.Series([1, 2], index=["BU01", "BU02"])
    with pytest.raises(ValueError, match="group and others have different indexes"):
        index(group, group.iloc[::-1])
