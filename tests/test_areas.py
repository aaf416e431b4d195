import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.areas import by_area, lay_out, members_by_area, ratio

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=60)


def laid_out(values, by):
    areas, (values,) = by_area({"group": values}, by)
    return areas, values


def test_sums_by_area_are_those_of_a_groupby():
    areas, values = laid_out([1, 2, 4, 8, 16], ["b", "a", "b", "a", "c"])
    # a: 2 + 8; b: 1 + 4; c: 16
    assert areas.sums(values).tolist() == [10.0, 5.0, 16.0]
    assert list(areas.labels) == ["a", "b", "c"]


def test_running_sums_start_again_in_every_area():
    areas, values = laid_out([1, 2, 4, 8, 16, 32], ["b", "a", "b", "b", "a", "b"])
    # a: 2, 18; b: 1, 5, 13, 45
    assert areas.running(values).tolist() == [2.0, 18.0, 1.0, 5.0, 13.0, 45.0]
    assert values.tolist() == [2.0, 16.0, 1.0, 4.0, 8.0, 32.0]


def test_a_village_beside_a_city_keeps_all_its_digits():
    areas, values = laid_out([9e15, 0.1, 0.2], ["GM1", "GM2", "GM2"])
    assert areas.running(values).tolist() == [9e15, 0.1, 0.1 + 0.2]


@pytest.mark.parametrize("unit", [1.0, 0.5])
def test_running_sums_are_the_same_for_whole_and_broken_numbers(unit):
    random = np.random.default_rng(1)
    numbers, by = random.integers(0, 99, 300), random.integers(0, 7, 300)
    areas, values = laid_out(numbers * unit, by)
    expected = pd.Series(numbers * unit).groupby(by).cumsum()
    # Halves are exact too, so that both ways of adding must give the same digits.
    assert areas.as_given(areas.running(values), expected, "n").tolist() == expected.tolist()


def test_running_sums_that_are_no_longer_whole_stay_in_their_area():
    # Above 2**53 one is lost in a sum over all areas; each area alone is exact.
    areas, values = laid_out([2.0**53, 3.0, 1.0, 1.0], ["a", "b", "b", "c"])
    assert areas.running(values).tolist() == [2.0**53, 3.0, 4.0, 1.0]


def test_rows_of_values_are_added_and_spread_row_by_row():
    areas, _ = laid_out([0, 0, 0], ["b", "a", "b"])
    rows = np.array([[1.0, 2.0, 4.0], [10.0, 20.0, 40.0]])
    # Laid out: one unit of a, two of b.
    sums = areas.sums(rows)
    assert sums.tolist() == [[1.0, 6.0], [10.0, 60.0]]
    assert areas.spread(sums).tolist() == [[1.0, 6.0, 6.0], [10.0, 60.0, 60.0]]
    empty, _ = laid_out([], None)
    assert empty.sums(np.empty((2, 0))).tolist() == [[0.0], [0.0]]


def test_rows_of_a_million_equal_units_add_up_to_twelve_digits():
    areas, values = laid_out(np.full(1_000_000, 0.1), None)
    sums = areas.sums(np.stack([values, values]))
    assert sums.ravel().tolist() == pytest.approx([100_000] * 2, abs=1e-9)


def test_a_million_equal_units_add_up_to_twelve_digits():
    areas, values = laid_out(np.full(1_000_000, 0.1), None)
    # Added one by one the sum is 1.3e-6 too large; the tolerance is 1e-14 of the sum.
    assert areas.sums(values)[0] == pytest.approx(100_000, abs=1e-9)


def test_units_are_sorted_inside_their_area_only():
    areas, values = laid_out([3, 1, 2, 0], ["a", "a", "b", "b"])
    assert values[areas.sorted_within(values)].tolist() == [1.0, 3.0, 0.0, 2.0]


def test_values_come_back_in_the_order_in_which_they_were_given():
    given_values = pd.Series([1, 2, 4], index=["x", "y", "z"])
    areas, values = laid_out(given_values, ["b", "a", "b"])
    back = areas.as_given(values, given_values, "same")
    pd.testing.assert_series_equal(back, given_values.astype(float).rename("same"))


@no_deadline
@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 1000)), min_size=1, max_size=60)
)
def test_sums_and_running_sums_agree_with_pandas(rows):
    frame = pd.DataFrame(rows, columns=["area", "n"])
    areas, values = laid_out(frame["n"], frame["area"])
    pd.testing.assert_series_equal(
        areas.result(areas.sums(values), "n"), frame.groupby("area")["n"].sum().astype(float)
    )
    running = areas.as_given(areas.running(values), frame["n"], "n")
    expected = frame.groupby("area")["n"].cumsum().astype(float)
    pd.testing.assert_series_equal(running, expected)


@pytest.mark.parametrize(
    "by",
    [
        ["b", "a", "b"],
        np.array(["b", "a", "b"]),
        np.array(["b", "a", "b"], dtype=object),
        pd.Series(["b", "a", "b"]),
        pd.Series(["b", "a", "b"], dtype="string[python]"),
        pd.Series(["b", "a", "b"], dtype="category"),
        pd.Categorical(["b", "a", "b"], categories=["a", "b", "never seen"]),
        pd.Index(["b", "a", "b"]),
    ],
)
def test_every_kind_of_area_column_gives_the_same_areas(by):
    areas, values = laid_out([1, 2, 4], by)
    result = areas.result(areas.sums(values), "n")
    assert dict(result) == {"a": 2.0, "b": 5.0}
    assert result.reindex(pd.Index(["b", "a"])).tolist() == [5.0, 2.0]
    # Plain labels, so that two results join whatever the type of the column was.
    assert not isinstance(result.index, pd.CategoricalIndex)


def test_the_areas_carry_the_name_of_their_column():
    by = pd.Series(["b", "a"], name="gm_code")
    areas, values = laid_out([1, 2], by)
    assert areas.result(values, "n").index.name == "gm_code"


def test_numbered_areas_are_sorted_as_numbers():
    areas, _ = laid_out([1, 2, 4], [10, 9, 10])
    assert list(areas.labels) == [9, 10]


@pytest.mark.parametrize(
    "by",
    [
        ["a", None, "b"],
        pd.Series(["a", None, "b"]),
        pd.Series(["a", None, "b"], dtype="category"),
        np.array(["a", np.nan, "b"], dtype=object),
        [1.0, np.nan, 2.0],
        pd.Series([1, None, 2], dtype="Int64"),
    ],
)
def test_a_unit_without_an_area_raises(by):
    with pytest.raises(ValueError, match="by is missing in 1 of 3 units, first at position 1"):
        laid_out([1, 2, 3], by)


def test_areas_of_another_length_raise():
    with pytest.raises(ValueError, match="group has 3 values and by has 2"):
        laid_out([1, 2, 3], ["a", "b"])


def test_areas_on_another_index_raise():
    with pytest.raises(ValueError, match="group and by have different indexes"):
        laid_out(pd.Series([1, 2]), pd.Series(["a", "b"], index=["x", "y"]))


@pytest.mark.parametrize("by", ["gm_code", pd.DataFrame({"gm_code": ["a", "b"]})])
def test_what_is_not_a_column_of_areas_raises(by):
    with pytest.raises(TypeError, match="by must be one column"):
        laid_out([1, 2], by)


def test_no_units_are_no_areas():
    areas, values = laid_out([], [])
    assert len(areas.result(areas.sums(areas.running(values)), "n")) == 0


def test_without_areas_no_units_add_up_to_nothing():
    areas, values = laid_out([], None)
    assert areas.result(areas.sums(areas.running(values)), "n") == 0.0


def test_rounding_outside_the_range_is_taken_off_and_a_mistake_is_not():
    areas, _ = laid_out([1, 1, 1], ["a", "b", "c"])
    values = areas.index_result(np.array([-9e-13, 1 + 9e-13, np.nan]), "d")
    assert values.iloc[:2].tolist() == [0.0, 1.0]
    assert np.isnan(values["c"])
    for wrong in (-2e-12, 1 + 2e-12):
        with pytest.raises(ArithmeticError, match="d lies outside 0 to 1"):
            areas.index_result(np.array([0.5, wrong, np.nan]), "d")


def test_a_ratio_without_a_denominator_is_undefined():
    values = ratio(np.array([1.0, 0.0, 3.0]), np.array([0.0, 0.0, 2.0]))
    assert np.isnan(values[:2]).all()
    assert values[2] == 1.5


def test_areas_laid_out_once_give_what_their_column_gives():
    by = pd.Series(["b", "a", "b", "c"], index=list("wxyz"), name="gm_code")
    group = pd.Series([1, 2, 4, 8], index=list("wxyz"))
    once = lay_out(by)
    for column in (group, group * 10):
        areas, (values,) = by_area({"group": column}, once)
        expected, (laid,) = by_area({"group": column}, by)
        assert areas is once
        assert values.tolist() == laid.tolist()
        pd.testing.assert_series_equal(
            areas.result(areas.sums(values), "n"), expected.result(expected.sums(laid), "n")
        )


def test_areas_laid_out_once_still_need_the_same_units():
    once = lay_out(pd.Series(["b", "a"], index=["x", "y"]))
    with pytest.raises(ValueError, match="group has 3 values and by has 2"):
        by_area({"group": [1, 2, 3]}, once)
    with pytest.raises(ValueError, match="group and by have different indexes"):
        by_area({"group": pd.Series([1, 2])}, once)


def test_laying_out_what_is_no_column_of_areas_raises():
    with pytest.raises(TypeError, match="by must be one column"):
        lay_out("gm_code")
    with pytest.raises(ValueError, match="by is missing in 2 of 3 units, first at position 1"):
        lay_out(["a", None, None])


def test_members_lie_in_rows_by_group():
    groups = pd.DataFrame({"x": [1, 2, 4], "y": [8, 16, 32]})
    areas, members, of_area = members_by_area(groups, ["b", "a", "b"])
    assert members.tolist() == [[2.0, 1.0, 4.0], [16.0, 8.0, 32.0]]
    assert of_area.tolist() == [[2.0, 5.0], [16.0, 40.0]]
    assert list(areas.labels) == ["a", "b"]


def test_values_of_a_table_come_back_on_its_index():
    groups = pd.DataFrame({"x": [1, 2, 4], "y": [8, 16, 32]}, index=list("pqr"))
    areas, members, _ = members_by_area(groups, ["b", "a", "b"])
    back = areas.as_given(members[0], groups, "x")
    pd.testing.assert_series_equal(back, groups["x"].astype(float))


@pytest.mark.parametrize("dtype", ["str", object, "string[python]", "category"])
@pytest.mark.parametrize("areas_per_run", [1, 40])
def test_areas_are_found_whether_or_not_the_table_lies_area_by_area(dtype, areas_per_run):
    random = np.random.default_rng(2)
    runs = random.integers(0, 30, 50)
    by = pd.Series([f"GM{n:02d}" for n in np.repeat(runs, areas_per_run)], dtype=dtype)
    numbers = pd.Series(random.integers(0, 99, len(by)))
    areas, values = laid_out(numbers, by)
    expected = numbers.groupby(by.astype(str)).sum()
    assert list(areas.labels) == list(expected.index)
    assert areas.sums(values).tolist() == expected.tolist()
    assert areas.as_given(values, numbers, "n").tolist() == numbers.tolist()


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_runs_without_an_area_are_counted_by_unit(missing):
    by = pd.Series(["a", "a", missing, missing, missing, "b"], dtype=object)
    with pytest.raises(ValueError, match="by is missing in 3 of 6 units, first at position 2"):
        lay_out(by)


def test_more_areas_than_sixteen_bits_hold():
    wide, numbers = laid_out(np.arange(40_000), np.arange(40_000)[::-1])
    assert wide.as_given(numbers, np.arange(40_000), "n").tolist() == list(range(40_000))
    assert wide.sorted_within(numbers).tolist() == list(range(40_000))
