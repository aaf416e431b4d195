import numpy as np
import pandas as pd
import pytest

from analysis.measures.counts import (
    check_part_of_total,
    check_same_units,
    checked_counts,
    group_columns,
)


def only(column, **options):
    (values,) = checked_counts({"group": column}, **options)
    return values


@pytest.mark.parametrize(
    "column",
    [
        [1, 0, 3],
        (1.0, 0.0, 3.0),
        np.array([1, 0, 3], dtype="int16"),
        np.array([1, 0, 3], dtype="uint8"),
        pd.Series([1, 0, 3], dtype="float32"),
        pd.Series([1, 0, 3], dtype="Int64"),
        pd.Series([1, 0, 3], dtype="int64[pyarrow]"),
        pd.array([1, 0, 3], dtype="Float64"),
        pd.Index([1, 0, 3]),
    ],
)
def test_every_kind_of_number_becomes_float64(column):
    values = only(column)
    assert values.dtype == np.float64
    assert values.tolist() == [1.0, 0.0, 3.0]


def test_an_empty_column_is_a_column():
    assert only([]).tolist() == []
    assert only(pd.Series([], dtype=object)).tolist() == []


@pytest.mark.parametrize(
    "column",
    [
        [1, np.nan, np.nan],
        pd.Series([1, None, None], dtype="Int64"),
        pd.Series([1, None, None], dtype="int64[pyarrow]"),
        np.ma.masked_array([1, 5, 5], mask=[False, True, True]),
    ],
)
def test_missing_is_never_filled(column):
    with pytest.raises(ValueError, match=r"group is missing in 2 of 3 units, first at position 1"):
        only(column)


def test_missing_passes_only_where_it_may():
    assert np.isnan(only([1, np.nan], may_miss=["group"])[1])
    with pytest.raises(ValueError, match="others is missing"):
        checked_counts({"group": [1], "others": [np.nan]}, may_miss=["group"])


def test_negative_beside_an_allowed_missing_value_still_raises():
    with pytest.raises(ValueError, match="group is negative in 1 of 2 units"):
        only([np.nan, -1], may_miss=["group"])


@pytest.mark.parametrize(
    ("value", "what"),
    [(-1, "negative"), (-np.inf, "negative"), (np.inf, "infinite"), (2.0**53 + 2, "infinite")],
)
def test_what_is_not_a_count_raises_and_says_where(value, what):
    column = pd.Series([1, value, 2], index=["BU01", "BU02", "BU03"])
    with pytest.raises(ValueError, match=rf"group is {what}.*at position 1 \('BU02'\)"):
        only(column)


def test_the_largest_exact_whole_number_is_a_count():
    assert only([2.0**53]).tolist() == [2.0**53]


@pytest.mark.parametrize(
    "column",
    [
        ["1", "2"],
        pd.Series(["1", "2"]),
        [True, False],
        pd.Series([True, False], dtype="boolean"),
        [1 + 2j],
        pd.Series([1, "x"], dtype=object),
        pd.Series(pd.to_datetime(["2024-01-01"])),
    ],
)
def test_what_is_not_a_number_raises(column):
    with pytest.raises(TypeError, match="group holds .* where numbers are expected"):
        only(column)


@pytest.mark.parametrize("column", [3.0, None, [[1, 2], [3, 4]], pd.DataFrame({"a": [1]}), "12"])
def test_what_is_not_one_column_raises(column):
    with pytest.raises(TypeError, match="group must be one column"):
        only(column)


def test_columns_of_another_length_raise():
    with pytest.raises(ValueError, match="group has 2 values and others has 3"):
        checked_counts({"group": [1, 2], "others": [1, 2, 3]})


def test_series_about_other_units_raise():
    group = pd.Series([1, 2], index=["BU01", "BU02"])
    others = pd.Series([1, 2], index=["BU01", "BU03"])
    with pytest.raises(ValueError, match=r"first at position 1 \('BU02' and 'BU03'\)"):
        check_same_units({"group": group, "others": others})


def test_the_same_units_in_another_order_raise():
    group = pd.Series([1, 2], index=["BU01", "BU02"])
    with pytest.raises(ValueError, match="different indexes, first at position 0"):
        check_same_units({"group": group, "others": group.iloc[::-1]})


def test_the_third_series_is_compared_too():
    one = pd.Series([1, 2])
    with pytest.raises(ValueError, match="group and by have different indexes"):
        check_same_units({"group": one, "others": one, "by": pd.Series([1, 2], index=[1, 2])})


def test_an_array_beside_a_series_goes_by_position():
    check_same_units({"group": pd.Series([1, 2], index=["a", "b"]), "others": np.array([3, 4])})


def test_a_repeated_index_goes_by_position():
    one = pd.Series([1, 2], index=["a", "a"])
    check_same_units({"group": one, "others": one * 2})


def test_a_part_above_its_total_raises():
    part = pd.Series([1, 5], index=["BU01", "BU02"])
    with pytest.raises(ValueError, match=r"group is larger than total in 1 units.*'BU02'"):
        check_part_of_total(part, "group", [1, 4], "total")


def test_a_part_equal_to_its_total_passes():
    check_part_of_total([1, 0], "group", [1, 0], "total")


def test_columns_of_groups_are_named_for_their_table():
    groups = pd.DataFrame({"young": [1, 2], 7: [3, 4]})
    columns = group_columns(groups)
    assert list(columns) == ["groups['young']", "groups[7]"]
    assert columns["groups[7]"].tolist() == [3, 4]
    assert list(group_columns(groups, "counts")) == ["counts['young']", "counts[7]"]


@pytest.mark.parametrize(
    ("groups", "error", "sentence"),
    [
        ({"young": [1], "old": [2]}, TypeError, "groups must be a DataFrame with one named column"),
        (pd.Series([1, 2]), TypeError, "groups must be a DataFrame with one named column"),
        (pd.DataFrame({"young": [1]}), ValueError, "groups has fewer than two groups"),
        (pd.DataFrame([[1, 2, 3]], columns=["a", "b", "b"]), ValueError, "the group 'b' twice"),
    ],
)
def test_what_is_no_table_of_groups_raises(groups, error, sentence):
    with pytest.raises(error, match=sentence):
        group_columns(groups)
