"""Information about groups in units: base, values per unit, and how they add up."""

from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.measures.areas import lay_out
from analysis.measures.information import (
    local_information_theory,
    local_mutual_information,
    multigroup_information_theory,
    mutual_information,
)

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=30)
ROUNDING = 1e-12
GROUPS = ["a", "b", "c"]

each_local = pytest.mark.parametrize(
    "measure",
    [local_mutual_information, local_information_theory],
    ids=lambda measure: measure.__name__,
)
counts = st.integers(0, 3000)
tables = st.lists(
    st.tuples(st.sampled_from(["GM1", "GM2"]), counts, counts, counts), min_size=1, max_size=10
)
UNITS = pd.DataFrame({"a": [2, 0, 3], "b": [2, 4, 1]}, index=["x", "y", "z"])
AREA = pd.Series(["p", "p", "q"], index=["x", "y", "z"], name="gm_code")


def test_local_values_of_two_areas():
    # p: 1/4 and 3/4: 1/2 ln 2 + 1/2 ln(2/3), and ln(4/3); q is one unit
    expected = [0.5 * log(2) + 0.5 * log(2 / 3), log(4 / 3), 0.0]
    values = local_mutual_information(UNITS, AREA)
    assert values.tolist() == pytest.approx(expected, abs=1e-15)
    assert list(values.index) == ["x", "y", "z"] and values.name == "local_mutual_information"
    mix = 0.25 * log(4) + 0.75 * log(4 / 3)
    part = local_information_theory(UNITS, AREA)
    assert part.tolist() == pytest.approx([value / mix for value in expected], abs=1e-15)
    assert list(part.index) == ["x", "y", "z"] and part.name == "local_information_theory"


def test_local_values_come_back_in_the_order_of_the_table():
    order = ["z", "x", "y"]
    values = local_mutual_information(UNITS, AREA)
    moved = local_mutual_information(UNITS.loc[order], AREA[order])
    pd.testing.assert_series_equal(moved, values[order])


def test_a_unit_full_of_a_small_group_is_above_1():
    # P = 1/10: ln 10 over the mix of 1/10 and 9/10
    units = pd.DataFrame({"a": [10, 0], "b": [0, 90]})
    mix = 0.1 * log(10) + 0.9 * log(10 / 9)
    found = local_information_theory(units)
    assert found.tolist() == pytest.approx([log(10) / mix, log(10 / 9) / mix], abs=1e-14)


@no_deadline
@given(rows=tables)
def test_local_values_average_to_the_index_of_the_area(rows):
    table = pd.DataFrame(rows, columns=["area", *GROUPS])
    groups, area = table[GROUPS], table["area"]
    people = groups.sum(axis=1)
    for local, whole in (
        (local_mutual_information, mutual_information),
        (local_information_theory, multigroup_information_theory),
    ):
        found = local(groups, area)
        assert (found.dropna() >= 0).all()
        mean = (found * people).groupby(area).sum(min_count=1) / people.groupby(area).sum()
        np.testing.assert_allclose(mean, whole(groups, area), rtol=0, atol=ROUNDING)


@each_local
def test_a_unit_without_inhabitants_has_no_value(measure):
    units = pd.DataFrame({"a": [2, 0, 3], "b": [3, 0, 1]})
    values = measure(units)
    assert values.isna().tolist() == [False, True, False]


def test_one_group_says_nothing():
    units = pd.DataFrame({"a": [2, 3], "b": [0, 0]})
    assert local_mutual_information(units).tolist() == [0.0, 0.0]
    assert local_information_theory(units).isna().all()


@each_local
@no_deadline
@given(sizes=st.lists(st.integers(1, 10_000), min_size=1, max_size=12))
def test_a_unit_that_is_mixed_as_its_area_is_exactly_0(measure, sizes):
    size = np.array(sizes)
    assert measure(pd.DataFrame({"a": 3 * size, "b": 7 * size})).tolist() == [0.0] * len(sizes)


@each_local
def test_areas_may_be_laid_out_before(measure):
    pd.testing.assert_series_equal(measure(UNITS, lay_out(AREA)), measure(UNITS, AREA))


def test_units_and_groups_can_change_places():
    random = np.random.default_rng(5)
    table = pd.DataFrame(random.poisson(20, (6, 4)))
    assert mutual_information(table) == pytest.approx(mutual_information(table.T), abs=ROUNDING)


def test_information_in_bits_and_in_nats():
    units = pd.DataFrame({"a": [40, 0], "b": [0, 40]})
    assert mutual_information(units) == pytest.approx(log(2), abs=1e-15)
    assert mutual_information(units, base=2) == 1.0
    assert mutual_information(units, base=10) == pytest.approx(0.3010299956639812, abs=1e-15)


@pytest.mark.parametrize("base", [1, 0.5, 0, -2, np.inf, np.nan])
def test_a_base_that_is_no_base_raises(base):
    with pytest.raises(ValueError, match="base must be a number above 1"):
        mutual_information(UNITS, base=base)


@pytest.mark.parametrize("base", ["2", None, True])
def test_a_base_that_is_no_number_raises(base):
    with pytest.raises(TypeError, match="base must be one number above 1"):
        mutual_information(UNITS, base=base)


@each_local
def test_bad_input_raises(measure):
    with pytest.raises(TypeError, match="groups must be a DataFrame"):
        measure(UNITS["a"])
    with pytest.raises(ValueError, match=r"groups\['b'\] is negative"):
        measure(UNITS.assign(b=-1))
    with pytest.raises(ValueError, match=r"groups\['a'\] has 3 values and by has 2"):
        measure(UNITS, ["p", "q"])


@no_deadline
@given(rows=tables)
def test_information_is_at_most_the_mix_of_the_area(rows):
    table = pd.DataFrame(rows, columns=["area", *GROUPS])[GROUPS]
    assume(table.to_numpy().sum() > 0)
    share = table.sum() / table.to_numpy().sum()
    mix = -sum(p * log(p) for p in share if p)
    assert 0 <= mutual_information(table) <= mix + ROUNDING
