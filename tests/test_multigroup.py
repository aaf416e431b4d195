"""Indices of several groups: the definitions, what they share, and their values by hand."""

from fractions import Fraction
from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.measures.areas import lay_out
from analysis.measures.evenness import dissimilarity, gini, information_theory
from analysis.measures.exposure import correlation_ratio
from analysis.measures.information import multigroup_information_theory, mutual_information
from analysis.measures.multigroup import (
    multigroup_dissimilarity,
    multigroup_gini,
    multigroup_status,
)
from analysis.measures.multigroup_exposure import (
    normalised_exposure,
    relative_diversity,
    squared_coefficient_of_variation,
)

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=15)
ROUNDING = 1e-12
GROUPS = ["a", "b", "c"]

INDICES = [
    multigroup_dissimilarity,
    multigroup_gini,
    multigroup_information_theory,
    squared_coefficient_of_variation,
    relative_diversity,
    normalised_exposure,
]
ALL = [*INDICES, mutual_information]
each_index = pytest.mark.parametrize("index", INDICES, ids=lambda index: index.__name__)
each_measure = pytest.mark.parametrize("index", ALL, ids=lambda index: index.__name__)

counts = st.integers(0, 3000)
units = st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=8)
tables = st.lists(
    st.tuples(st.sampled_from(["GM1", "GM2"]), counts, counts, counts), min_size=1, max_size=14
)


def frame(rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=GROUPS)


def mixed(rows) -> pd.DataFrame:
    """Return rows in which at least two groups live."""
    table = frame(rows)
    assume((table.sum() > 0).sum() > 1)
    return table


# Slow and straightforward: Reardon and Firebaugh's formulas with exact shares.


def slow(index, rows) -> float:
    rows = [row for row in rows if sum(row)]
    members = [sum(column) for column in zip(*rows, strict=True)] if rows else []
    present = [k for k, number in enumerate(members) if number]
    total = sum(members)
    if index is mutual_information and total == 0:
        return np.nan
    if index is not mutual_information and len(present) < 2:
        return np.nan
    big = {k: Fraction(members[k], total) for k in present}
    small = [(sum(row), {k: Fraction(row[k], sum(row)) for k in present}) for row in rows]
    mix = sum(share * (1 - share) for share in big.values())
    pairs = [(t, p[k], big[k]) for t, p in small for k in present]
    if index is multigroup_dissimilarity:
        return float(sum(t * abs(p - q) for t, p, q in pairs) / (2 * total * mix))
    if index is multigroup_gini:
        apart = sum(s * t * abs(p[k] - q[k]) for k in present for s, p in small for t, q in small)
        return float(apart / (2 * total**2 * mix))
    if index is squared_coefficient_of_variation:
        wide = sum(t * (p - q) ** 2 / q for t, p, q in pairs)
        return float(wide / (total * (len(present) - 1)))
    if index is relative_diversity:
        return float(sum(t * (p - q) ** 2 for t, p, q in pairs) / (total * mix))
    if index is normalised_exposure:
        return float(sum(t * (p - q) ** 2 / (1 - q) for t, p, q in pairs) / total)
    gained = sum(float(t * p) * log(p / q) for t, p, q in pairs if p) / total
    if index is mutual_information:
        return gained
    return gained / -sum(float(share) * log(share) for share in big.values())


@each_measure
@no_deadline
@given(rows=tables)
def test_every_area_gets_what_the_definition_gives_it_alone(index, rows):
    table = pd.DataFrame(rows, columns=["area", *GROUPS])
    values = index(table[GROUPS], table["area"])
    areas = sorted({area for area, *_ in rows})
    expected = [slow(index, [row[1:] for row in rows if row[0] == area]) for area in areas]
    assert list(values.index) == areas
    np.testing.assert_allclose(values, expected, rtol=0, atol=ROUNDING)


# Three units of 3, 3 and 2 people: P = 1/4, 1/4, 1/2 and I = 3/16 + 3/16 + 1/4 = 5/8.
BY_HAND = frame([[2, 0, 1], [0, 2, 1], [0, 0, 2]])


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        # sum |n_ik T - t_i N_k| = (10 + 6 + 4) * 2 + (4 + 4 + 8) = 56; 2 * (12 + 12 + 16) = 80
        (multigroup_dissimilarity, 56 / 80),
        # pairs |n_ik t_j - n_jk t_i|: a 6 + 4 + 0, b the same, c 0 + 4 + 4; sum N_k (T - N_k) = 40
        (multigroup_gini, 28 / 40),
        # a, b: 3 (5/12)^2 + 3 (1/4)^2 + 2 (1/4)^2 = 5/6 each, c: 2 * 3 (1/6)^2 + 2 (1/2)^2 = 2/3;
        # over P_k and T (K - 1): (10/3 + 10/3 + 4/3) / 16
        (squared_coefficient_of_variation, 8 / 16),
        # (5/6 + 5/6 + 2/3) / (8 * 5/8)
        (relative_diversity, 7 / 15),
        # over 1 - P_k: (10/9 + 10/9 + 4/3) / 8
        (normalised_exposure, 4 / 9),
        # 2 * 3 (2/3 ln 8/3 + 1/3 ln 2/3) + 2 ln 2, over 8
        (mutual_information, (4 * log(8 / 3) + 2 * log(2 / 3) + 2 * log(2)) / 8),
        # E = 1/2 ln 4 + 1/2 ln 2
        (
            multigroup_information_theory,
            (4 * log(8 / 3) + 2 * log(2 / 3) + 2 * log(2)) / 8 / (1.5 * log(2)),
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_three_groups_in_three_units(index, expected):
    assert index(BY_HAND) == pytest.approx(expected, abs=1e-15)


@no_deadline
@given(rows=units)
def test_two_groups_have_the_index_of_two(rows):
    table = frame(rows)[["a", "b"]]
    assume((table.sum() > 0).all())
    two = table["a"], table["b"]
    assert multigroup_dissimilarity(table) == dissimilarity(*two)
    assert multigroup_gini(table) == gini(*two)
    assert multigroup_information_theory(table) == pytest.approx(
        information_theory(*two), abs=ROUNDING
    )
    for index in (squared_coefficient_of_variation, relative_diversity, normalised_exposure):
        assert index(table) == pytest.approx(correlation_ratio(*two), abs=ROUNDING)


@no_deadline
@given(rows=units)
def test_each_is_a_mean_of_the_groups_against_all_others(rows):
    table = mixed(rows)
    table = table.loc[:, table.sum() > 0]
    total = table.sum(axis=1)
    share = table.sum() / total.sum()
    for index, of_two in (
        (multigroup_dissimilarity, dissimilarity),
        (multigroup_gini, gini),
        (relative_diversity, correlation_ratio),
    ):
        each = pd.Series({name: of_two(table[name], total - table[name]) for name in table})
        weight = share * (1 - share)
        assert index(table) == pytest.approx((each * weight).sum() / weight.sum(), abs=ROUNDING)


@each_index
@no_deadline
@given(rows=units)
def test_an_index_lies_between_0_and_1(index, rows):
    assert 0 <= index(mixed(rows)) <= 1


@no_deadline
@given(rows=units)
def test_gini_is_never_below_dissimilarity(rows):
    table = mixed(rows)
    assert multigroup_gini(table) >= multigroup_dissimilarity(table) - ROUNDING


@each_measure
@no_deadline
@given(rows=units)
def test_a_group_that_is_absent_takes_no_part(index, rows):
    table = mixed(rows)
    assert index(table.assign(nobody=0)) == pytest.approx(index(table), abs=ROUNDING)


@each_measure
@no_deadline
@given(rows=units, parts=st.integers(2, 4), which=st.integers(0, 7))
def test_splitting_a_unit_in_proportion_changes_nothing(index, rows, parts, which):
    whole = mixed(rows) * parts
    which %= len(whole)
    piece = whole.iloc[[which]] // parts
    split = pd.concat([whole.drop(index=which), *[piece] * parts], ignore_index=True)
    assert index(split) == pytest.approx(index(whole), abs=ROUNDING)


@each_measure
@no_deadline
@given(rows=units, order=st.permutations(GROUPS))
def test_the_order_of_groups_and_units_does_not_matter(index, rows, order):
    table = mixed(rows)
    assert index(table[order].iloc[::-1]) == pytest.approx(index(table), abs=ROUNDING)


@each_measure
@no_deadline
@given(rows=units)
def test_joining_two_units_never_makes_it_less_even(index, rows):
    table = mixed([*rows, (3, 5, 1)])
    joined = pd.concat([table.iloc[:-2], table.iloc[-2:].sum().to_frame().T])
    assert index(joined) <= index(table) + ROUNDING


@each_measure
@no_deadline
@given(sizes=st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_an_even_spread_is_exactly_0(index, sizes):
    size = np.array(sizes)
    assume(size.sum() > 0)
    assert index(pd.DataFrame({"a": 3 * size, "b": 7 * size, "c": size})) == 0.0


@each_measure
def test_a_unit_without_inhabitants_carries_no_weight(index):
    with_empty = pd.concat([BY_HAND, frame([[0, 0, 0]])])
    assert index(with_empty) == pytest.approx(index(BY_HAND), abs=1e-15)


@each_index
@no_deadline
@given(sizes=st.lists(st.integers(1, 9999), min_size=3, max_size=9))
def test_a_complete_segregation_is_1(index, sizes):
    table = pd.DataFrame(0, index=range(len(sizes)), columns=GROUPS)
    for place, size in enumerate(sizes):
        table.iloc[place, place % 3] = size
    assert index(table) == pytest.approx(1, abs=ROUNDING)


@each_index
def test_it_is_undefined_without_two_groups(index):
    area = ["one", "one", "empty", "two", "two"]
    table = pd.DataFrame({"a": [3, 4, 0, 3, 0], "b": [0, 0, 0, 0, 4], "c": 0})
    values = index(table, area)
    assert np.isnan(values["one"]) and np.isnan(values["empty"]) and values["two"] == 1.0
    assert np.isnan(index(table.iloc[:2])) and np.isnan(index(table.iloc[:0]))


@each_measure
def test_one_unit_is_0_by_construction(index):
    assert index(frame([[3, 4, 5]])) == 0.0
    assert index(frame([[3, 4, 5], [0, 0, 0]])) == 0.0


@each_measure
def test_the_result_is_named_and_lies_on_the_areas(index):
    area = pd.Series(["GM2", "GM1", "GM2"], name="gm_code")
    values = index(BY_HAND, area)
    assert values.name == index.__name__
    assert values.dtype == np.float64
    pd.testing.assert_index_equal(values.index, pd.Index(["GM1", "GM2"], name="gm_code"))
    assert type(index(BY_HAND)) is float
    pd.testing.assert_series_equal(index(BY_HAND, lay_out(area)), values)


@each_measure
def test_input_is_unchanged(index):
    table, area = BY_HAND.astype(float), pd.Series(["b", "a", "b"])
    before = table.copy(deep=True)
    index(table, area)
    pd.testing.assert_frame_equal(table, before)
    assert area.tolist() == ["b", "a", "b"]


@each_measure
@pytest.mark.parametrize(
    ("groups", "by", "error", "sentence"),
    [
        (BY_HAND["a"], None, TypeError, "groups must be a DataFrame"),
        (BY_HAND[["a"]], None, ValueError, "fewer than two groups"),
        (BY_HAND[["a", "b", "a"]], None, ValueError, "the group 'a' twice"),
        (BY_HAND.assign(b=[1, np.nan, 2]), None, ValueError, r"groups\['b'\] is missing in 1 of 3"),
        (BY_HAND.assign(b=[1, -1, 2]), None, ValueError, r"groups\['b'\] is negative"),
        (BY_HAND.assign(name=["x", "y", "z"]), None, TypeError, r"groups\['name'\] holds"),
        (BY_HAND, ["x", "y"], ValueError, r"groups\['a'\] has 3 values and by has 2"),
        (BY_HAND, ["x", None, "y"], ValueError, "by is missing"),
        (BY_HAND, pd.Series(list("xyz"), index=list("pqr")), ValueError, "different indexes"),
    ],
)
def test_bad_input_raises(index, groups, by, error, sentence):
    with pytest.raises(error, match=sentence):
        index(groups, by)


def test_status_of_several_groups():
    area = ["empty", "one", "one", "unit", "unit", "fine", "fine"]
    table = pd.DataFrame({"a": [0, 1, 2, 3, 0, 1, 2], "b": [0, 0, 0, 3, 0, 0, 1], "c": 0})
    expected = {"empty": "uninhabited", "fine": "ok", "one": "group_absent", "unit": "single_unit"}
    assert multigroup_status(table, area).to_dict() == expected
    assert multigroup_status(table.iloc[5:]) == "ok"
    assert type(multigroup_status(table)) is str
    # One group in one unit: the group is the first thing to know.
    assert multigroup_status(table.iloc[1:2]) == "group_absent"


def test_a_hundred_random_areas_at_once():
    random = np.random.default_rng(20)
    area = random.integers(0, 100, 800)
    table = frame(random.poisson(random.gamma(0.5, [20, 60, 200], (800, 3))))
    for index in ALL:
        values = index(table, area)
        for number in (0, 17, 99):
            rows = table[area == number].to_numpy().tolist()
            assert values[number] == pytest.approx(slow(index, rows), abs=ROUNDING)
