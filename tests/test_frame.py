import numpy as np
import pandas as pd
import pytest

from analysis.evidence.frame import COLUMNS, evidence_frame, join, with_status
from analysis.figures.figure import EVIDENCE_COLUMNS

ROW = {"area_code": "GM9001", "year": 2024, "level": "buurt", "measure": "gini", "source": "Bron"}


def test_the_columns_are_those_of_the_architecture_and_of_the_figures(shared):
    said = (shared / "design" / "architecture.md").read_text(encoding="utf-8")
    assert ", ".join(COLUMNS) in said
    assert COLUMNS == EVIDENCE_COLUMNS


def test_a_row_gets_all_columns_in_order_and_in_their_types():
    frame = evidence_frame([{**ROW, "value": 1, "units": 4}])
    assert tuple(frame.columns) == COLUMNS
    one = frame.iloc[0]
    assert (one["status"], one["group"], one["interval"], one["value"]) == ("ok", "", "", 1.0)
    assert frame["value"].dtype == frame["low"].dtype == frame["population_covered"].dtype == float
    assert frame["year"].dtype == frame["units"].dtype == "Int64"
    assert pd.isna(one["low"]) and pd.isna(one["units_missing"])
    texts = ["area_code", "area_name", "level", "measure", "group", "interval", "status", "source"]
    assert all(pd.api.types.is_string_dtype(frame[column]) for column in texts)


def test_no_rows_are_a_table_with_the_same_types():
    empty, one = evidence_frame([]), evidence_frame([{**ROW, "value": 1}])
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == one.dtypes.to_dict()


def test_an_unknown_column_is_refused():
    with pytest.raises(ValueError, match=r"no columns \['valeu'\]"):
        evidence_frame([{**ROW, "valeu": 1}])


@pytest.mark.parametrize("column", list(ROW))
def test_a_row_without_what_identifies_it_is_refused(column):
    row = {name: value for name, value in ROW.items() if name != column}
    with pytest.raises(ValueError, match=column):
        evidence_frame([{**row, "value": 1}])


@pytest.mark.parametrize("value", [None, np.nan])
def test_ok_without_a_value_is_refused(value):
    rows = [{**ROW, "value": 1}, {**ROW, "value": value}]
    with pytest.raises(ValueError, match="1 rows are 'ok' without a value, first gini of GM9001"):
        evidence_frame(rows)


def test_a_reason_may_stand_without_a_value_and_a_value_of_zero_is_a_value():
    frame = evidence_frame([{**ROW, "status": "suppressed"}, {**ROW, "value": 0}])
    assert frame["value"].isna().tolist() == [True, False]
    assert frame["status"].tolist() == ["suppressed", "ok"]


def test_the_rows_given_stay_as_they_were():
    given = pd.DataFrame([{**ROW, "value": 1}], index=[7])
    kept = given.copy()
    evidence_frame(given)
    pd.testing.assert_frame_equal(given, kept)


def test_joining_keeps_each_number_once_in_order_of_appearance():
    one = evidence_frame([{**ROW, "value": 1}, {**ROW, "status": "suppressed"}])
    two = evidence_frame([{**ROW, "status": "suppressed"}, {**ROW, "value": 2}])
    joined = join([one, evidence_frame([]), two])
    assert joined["value"].tolist()[::2] == [1, 2] and pd.isna(joined["value"][1])
    assert joined.dtypes.to_dict() == one.dtypes.to_dict()


def test_joining_nothing_is_an_empty_table():
    assert tuple(join([]).columns) == COLUMNS and len(join([evidence_frame([])])) == 0


def test_values_are_withheld_unless_ok():
    values, status = pd.Series([0.0, 1.0, 2.0]), pd.Series(["ok", "too_small", "ok"])
    told = with_status(values, status)
    assert told[[0, 2]].tolist() == [0.0, 2.0] and np.isnan(told[1])
