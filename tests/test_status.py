import pandas as pd
import pytest

from analysis.measures.evenness import dissimilarity
from analysis.measures.status import status

UNITS = pd.DataFrame(
    [
        ("ok", 1, 9),
        ("ok", 0, 5),
        ("nobody of the group", 0, 9),
        ("nobody of the group", 0, 5),
        ("nobody else", 3, 0),
        ("one unit", 3, 7),
        ("one unit with people", 3, 7),
        ("one unit with people", 0, 0),
        ("one unit, no group", 0, 7),
        ("empty", 0, 0),
        ("empty", 0, 0),
    ],
    columns=["area", "group", "others"],
)


def test_every_area_gets_the_first_reason_that_applies():
    words = status(UNITS["group"], UNITS["others"], UNITS["area"])
    assert dict(words) == {
        "ok": "ok",
        "nobody of the group": "group_absent",
        "nobody else": "group_absent",
        "one unit": "single_unit",
        "one unit with people": "single_unit",
        "one unit, no group": "group_absent",
        "empty": "uninhabited",
    }
    assert words.name == "status"
    assert words.index.name == "area"


def test_an_index_is_undefined_exactly_where_the_status_says_so():
    words = status(UNITS["group"], UNITS["others"], UNITS["area"])
    values = dissimilarity(UNITS["group"], UNITS["others"], UNITS["area"])
    assert list(values.isna()) == list(words.isin(["group_absent", "uninhabited"]))
    assert (values[words.eq("single_unit")] == 0).all()


def test_without_areas_it_is_one_word():
    assert status([1, 0], [9, 5]) == "ok"
    assert status([], []) == "uninhabited"


def test_bad_input_raises():
    with pytest.raises(ValueError, match="others is missing"):
        status([1.0], [float("nan")], ["a"])


def test_input_is_unchanged():
    before = UNITS.copy(deep=True)
    status(UNITS["group"], UNITS["others"], UNITS["area"])
    pd.testing.assert_frame_equal(UNITS, before)
