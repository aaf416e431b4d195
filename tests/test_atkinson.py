"""Known values, identities and edges of Atkinson's index and the square root index."""

from decimal import Decimal, localcontext

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.measures.areas import lay_out
from analysis.measures.atkinson import atkinson, square_root
from analysis.measures.evenness import dissimilarity

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=30)
ROUNDING = 1e-12

each_index = pytest.mark.parametrize(
    "index", [atkinson, square_root], ids=lambda index: index.__name__
)

counts = st.integers(0, 5000)
units = st.lists(st.tuples(counts, counts), min_size=1, max_size=10)
tables = st.lists(st.tuples(st.sampled_from(["GM1", "GM2"]), counts, counts), max_size=16)
weights = st.sampled_from([0.001, 0.1, 0.25, 0.5, 0.9, 0.99, 0.999])


def columns(rows):
    group, others = np.array(rows, dtype=float).reshape(-1, 2).T
    assume(group.sum() > 0 and others.sum() > 0)
    return group, others


def slow_atkinson(rows, b) -> float:
    """Return the formula as it is printed, in forty digits."""
    with localcontext() as context:
        context.prec = 40
        b = Decimal(b)
        group = sum(Decimal(x) for x, _ in rows)
        total = group + sum(Decimal(y) for _, y in rows)
        if not 0 < group < total:
            return np.nan
        share = group / total
        inside = Decimal(0)
        for x, y in rows:
            if x and y:
                p, t = Decimal(x) / (x + y), Decimal(x) + y
                inside += (1 - p) ** (1 - b) * p**b * t / (share * total)
        power = inside ** (1 / (1 - b)) if inside else Decimal(0)
        return float(1 - share / (1 - share) * power)


def slow_square_root(rows) -> float:
    with localcontext() as context:
        context.prec = 40
        group = sum(Decimal(x) for x, _ in rows)
        others = sum(Decimal(y) for _, y in rows)
        if not group or not others:
            return np.nan
        return float(1 - sum((x / group * (y / others)).sqrt() for x, y in rows))


@no_deadline
@given(rows=tables, b=weights)
def test_every_area_gets_the_atkinson_index_of_the_definition(rows, b):
    frame = pd.DataFrame(rows, columns=["area", "x", "y"]).astype({"x": int, "y": int})
    values = atkinson(frame["x"], frame["y"], frame["area"], b=b)
    areas = sorted({area for area, _, _ in rows})
    expected = [slow_atkinson([(x, y) for a, x, y in rows if a == area], b) for area in areas]
    assert list(values.index) == areas
    np.testing.assert_allclose(values, expected, rtol=0, atol=ROUNDING)


@no_deadline
@given(rows=tables)
def test_every_area_gets_the_square_root_index_of_the_definition(rows):
    frame = pd.DataFrame(rows, columns=["area", "x", "y"]).astype({"x": int, "y": int})
    values = square_root(frame["x"], frame["y"], frame["area"])
    areas = sorted({area for area, _, _ in rows})
    exact = [
        slow_square_root([(Decimal(x), Decimal(y)) for a, x, y in rows if a == area])
        for area in areas
    ]
    assert list(values.index) == areas
    np.testing.assert_allclose(values, exact, rtol=0, atol=ROUNDING)


def test_atkinson_of_two_units():
    # x/X = 3/4, 1/4 and y/Y = 1/4, 3/4: 1 - (2 sqrt(3/16))^2
    assert atkinson([30, 10], [10, 30], b=0.5) == pytest.approx(0.25, abs=1e-15)
    assert atkinson([30, 10], [10, 30]) == atkinson([30, 10], [10, 30], b=0.5)


def test_the_weight_says_which_units_count_most():
    # x/X = 1/2, 1/2, 0 and y/Y = 1/4, 1/4, 1/2: 1 - (2 (1/2)^b (1/4)^(1 - b))^(1/(1 - b))
    # b = 1/4: (2 * 2^(-1/4) * 2^(-3/2))^(4/3) = 2^-1; b = 3/4: (2 * 2^(-3/4) * 2^(-1/2))^4 = 2^-1
    group, others = [2, 2, 0], [1, 1, 2]
    assert atkinson(group, others, b=0.25) == pytest.approx(1 / 2, abs=1e-15)
    assert atkinson(group, others, b=0.75) == pytest.approx(1 / 2, abs=1e-15)
    # The other way round: (2 (1/4)^b (1/2)^(1 - b))^(1/(1 - b)): 2^(-1/3) and 2^-3.
    assert atkinson(others, group, b=0.25) == pytest.approx(1 - 2 ** (-1 / 3), abs=1e-15)
    assert atkinson(others, group, b=0.75) == pytest.approx(1 - 2**-3, abs=1e-15)


def test_square_root_of_two_units():
    # 1 - 2 sqrt(4/5 * 1/5)
    assert square_root([32, 8], [8, 32]) == pytest.approx(0.2, abs=1e-15)


@no_deadline
@given(rows=units)
def test_the_two_are_one_at_a_weight_of_a_half(rows):
    columns_ = columns(rows)
    expected = 1 - (1 - square_root(*columns_)) ** 2
    assert atkinson(*columns_, b=0.5) == pytest.approx(expected, abs=ROUNDING)


@no_deadline
@given(rows=units, b=st.sampled_from([0.05, 0.1, 0.25, 0.5]))
def test_changing_places_is_changing_the_weight(rows, b):
    group, others = columns(rows)
    # Both are powers of one overlap: 1/(1 - b) and 1/b.
    overlap = 1 - atkinson(group, others, b=b)
    other = atkinson(others, group, b=1 - b)
    assert other == pytest.approx(1 - overlap ** ((1 - b) / b), abs=ROUNDING)


@no_deadline
@given(rows=units)
def test_square_root_lies_below_dissimilarity(rows):
    group, others = columns(rows)
    d = dissimilarity(group, others)
    assert 1 - np.sqrt(1 - d * d) - ROUNDING <= square_root(group, others) <= d + ROUNDING
    assert square_root(others, group) == pytest.approx(square_root(group, others), abs=ROUNDING)


@each_index
@no_deadline
@given(rows=units, factor=st.integers(2, 50))
def test_making_one_group_larger_changes_nothing(index, rows, factor):
    group, others = columns(rows)
    assert index(group * factor, others) == pytest.approx(index(group, others), abs=ROUNDING)
    assert index(group, others * factor) == pytest.approx(index(group, others), abs=ROUNDING)


@each_index
@no_deadline
@given(rows=units, parts=st.integers(2, 5), which=st.integers(0, 11))
def test_splitting_a_unit_in_proportion_changes_nothing(index, rows, parts, which):
    group, others = columns(rows)
    which %= len(rows)
    whole = (group * parts, others * parts)
    split = [np.append(np.delete(n * parts, which), [n[which]] * parts) for n in (group, others)]
    assert index(*split) == pytest.approx(index(*whole), abs=ROUNDING)


@no_deadline
@given(sizes=st.lists(st.integers(0, 10_000), min_size=1, max_size=12), b=weights)
def test_an_even_spread_is_exactly_0_whatever_the_weight(sizes, b):
    size = np.array(sizes)
    assume(size.sum() > 0)
    assert atkinson(3 * size, 7 * size, b=b) == 0.0
    assert square_root(3 * size, 7 * size) == 0.0


@pytest.mark.parametrize("b", [1e-9, 0.01, 0.5, 0.99, 1 - 1e-9])
def test_a_complete_segregation_is_1_whatever_the_weight(b):
    assert atkinson([30, 0, 0], [0, 170, 50], b=b) == pytest.approx(1, abs=ROUNDING)
    assert atkinson([1, 3, 0], [0, 0, 9], b=b) == pytest.approx(1, abs=ROUNDING)
    assert square_root([30, 0, 0], [0, 170, 50]) == pytest.approx(1, abs=ROUNDING)


def test_a_complete_segregation_that_rounding_lifts_above_1_is_1():
    # b (4 + 8)/12 + (1 - b) (8 + 5 + 5 + 6)/24 adds up to one digit more than 1.
    assert atkinson([4, 8, 0, 0, 0, 0], [0, 0, 8, 5, 5, 6], b=0.3) == 1.0


@each_index
def test_without_a_group_or_without_others_it_is_undefined(index):
    area = ["no group", "no group", "no others", "empty", "fine", "fine"]
    values = index([0, 0, 4, 0, 1, 0], [3, 4, 0, 0, 0, 1], area)
    assert values[["empty", "no group", "no others"]].isna().all()
    assert values["fine"] == 1.0
    for group, others in ([0, 0], [3, 4]), ([3, 4], [0, 0]), ([0], [0]), ([], []):
        assert np.isnan(index(group, others))


@each_index
def test_one_unit_is_0_and_empty_units_carry_no_weight(index):
    assert index([3, 0], [4, 0]) == 0.0
    assert index([3, 1, 0], [4, 9, 0]) == index([3, 1], [4, 9])


@each_index
def test_the_result_is_named_and_lies_on_the_areas(index):
    area = pd.Series(["GM2", "GM1", "GM2"], name="gm_code")
    group, others = pd.Series([1.0, 2.0, 3.0]), pd.Series([4.0, 5.0, 0.0])
    values = index(group, others, area)
    assert values.name == index.__name__
    pd.testing.assert_index_equal(values.index, pd.Index(["GM1", "GM2"], name="gm_code"))
    assert type(index(group, others)) is float
    pd.testing.assert_series_equal(index(group, others, lay_out(area)), values)
    assert (group.tolist(), others.tolist()) == ([1, 2, 3], [4, 5, 0])


@pytest.mark.parametrize("b", [0, 1, -0.1, 1.5, np.nan, np.inf])
def test_a_weight_outside_0_to_1_raises(b):
    with pytest.raises(ValueError, match="b must lie between 0 and 1, both excluded"):
        atkinson([1, 2], [2, 1], b=b)


@pytest.mark.parametrize("b", ["0.5", None, True, [0.5]])
def test_a_weight_that_is_no_number_raises(b):
    with pytest.raises(TypeError, match="b must be one number between 0 and 1"):
        atkinson([1, 2], [2, 1], b=b)


def test_numbers_of_numpy_are_weights():
    assert atkinson([1, 2], [2, 1], b=np.float64(0.5)) == atkinson([1, 2], [2, 1])


@each_index
@pytest.mark.parametrize(
    ("group", "others", "by", "error", "sentence"),
    [
        ([1, np.nan], [1, 1], None, ValueError, "group is missing"),
        ([1, 1], [1, -1], None, ValueError, "others is negative"),
        ([1, 1], [1], None, ValueError, "group has 2 values and others has 1"),
        ([1, 1], [1, 1], ["a"], ValueError, "group has 2 values and by has 1"),
        (["1", "1"], [1, 1], None, TypeError, "group holds"),
    ],
)
def test_bad_input_raises(index, group, others, by, error, sentence):
    with pytest.raises(error, match=sentence):
        index(group, others, by)
