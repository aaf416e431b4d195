"""Dutch notation without a locale, and words for every status."""

import math
from datetime import date

import pytest

from analysis.figures import wording


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234.5, 1, "1.234,5"),
        (1234567, 0, "1.234.567"),
        (0, 0, "0"),
        (-3.14159, 2, "−3,14"),
        (-0.001, 2, "0,00"),
        (999.999, 2, "1.000,00"),
        (0.5, None, "0,5"),
        (20, None, "20"),
        (1200.25, None, "1.200,25"),
        (math.nan, 2, "onbekend"),
        (math.inf, 0, "onbekend"),
        (None, 0, "onbekend"),
    ],
)
def test_number(value, decimals, text):
    assert wording.number(value, decimals) == text


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (0.123, 0, "12%"),
        (0.1234, 1, "12,3%"),
        (0, 0, "0%"),
        (1, 0, "100%"),
        # Somebody is not nobody, and not all are all.
        (0.004, 0, "0,4%"),
        (0.996, 0, "99,6%"),
        (0.0004, 0, "<0,1%"),
        (0.9996, 0, ">99,9%"),
        (-0.05, 0, "−5%"),
        (math.nan, 0, "onbekend"),
    ],
)
def test_percent(share, decimals, text):
    assert wording.percent(share, decimals) == text


def test_units_stay_with_their_number():
    assert wording.km(0.84) == "0,8 km"
    assert wording.euro(32400) == "€\u00a032.400"
    assert wording.euro(-1500) == "−€\u00a01.500"
    assert wording.count(128434) == "128.434"
    assert [f(math.nan) for f in (wording.km, wording.euro, wording.count)] == ["onbekend"] * 3


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.25, "1 op de 4"),
        (1 / 3, "1 op de 3"),
        (0.0004, "1 op de 2.500"),
        (0.45, "45%"),
        (0.9, "90%"),
        (0, "niemand"),
        (math.nan, "onbekend"),
    ],
)
def test_one_in(share, text):
    assert wording.one_in(share) == text


def test_interval():
    assert wording.interval(0.331, 0.568, 2) == "tussen 0,33 en 0,57"
    assert wording.interval(math.nan, 0.5, 2) == "onbekend"


@pytest.mark.parametrize(
    "moment", ["2025-03-27T02:00:00", "2025-03-27", "2025-03-27T02:00:00+01:00", date(2025, 3, 27)]
)
def test_date(moment):
    assert wording.date_nl(moment) == "27 maart 2025"


def test_date_that_is_none_is_refused():
    with pytest.raises(ValueError, match="onbekend"):
        wording.date_nl("onbekend")


def test_joining_and_counting_words():
    assert wording.join_words([]) == ""
    assert wording.join_words(["a"]) == "a"
    assert wording.join_words(["a", "b"]) == "a en b"
    assert wording.join_words(["a", "b", "c"]) == "a, b en c"
    assert wording.plural(1, "wijk", "wijken") == "1 wijk"
    assert wording.regions(1, "buurt") == "1 buurt"
    assert wording.regions(1238, "buurt") == "1.238 buurten"
    assert wording.regions(0, "wijk") == "geen wijken"
    assert wording.regions(2, "vierkant") == "2 gebieden"


@pytest.mark.parametrize(
    ("value", "value_format", "text"),
    [
        (0.357, "percent", "36%"),
        (1200, "count", "1.200"),
        (0.127, "index", "0,13"),
        (1.4, "ratio", "1,40"),
        (0.55, "km", "0,6"),
        (0.45, "km", "0,5"),
        (315000, "euro", "€\u00a0315.000"),
        (2024, "year", "2024"),
        # What is there does not read as nothing.
        (0.0041, "ratio", "0,004"),
        (0.0, "ratio", "0,00"),
        (math.nan, "ratio", "onbekend"),
        (math.nan, "year", "onbekend"),
    ],
)
def test_formats(value, value_format, text):
    assert wording.in_format(value, value_format) == text
    assert value_format in wording.FORMATS


def test_unknown_format_is_refused():
    with pytest.raises(KeyError):
        wording.in_format(1.0, "procent")


def test_decimals_that_tell_bounds_apart():
    assert wording.decimals_for([0.1, 0.25], "percent") == 0
    assert wording.decimals_for([0.1, 0.255], "percent") == 1
    assert wording.decimals_for([0.1, 0.29], "percent") == 0  # 0.29 * 100 is 28.999999999999996
    assert wording.decimals_for([1.0, 2.0], "km") == 1
    assert wording.decimals_for([0.125], "index") == 3


@pytest.mark.parametrize(
    "status",
    [
        "ok", "group_absent", "single_unit", "uninhabited", "no_population", "no_denominator",
        "suppressed", "too_small", "not_published", "not_comparable", "does_not_exist", "no_place",
    ],
)  # fmt: skip
def test_every_status_has_words_for_a_reader(status):
    words = wording.STATUS_NL[status]
    assert words == words.strip().lower() and "_" not in words


def test_statuses_read_apart():
    assert len(set(wording.STATUS_NL.values())) == len(wording.STATUS_NL)


def test_every_label_of_a_crosswalk_and_every_problem_of_own_areas_has_words():
    from analysis.sources.crosswalk import LABELS, OUTSIDE
    from analysis.sources.neighbourhoods import PARTLY_COVERED

    assert {*LABELS, OUTSIDE, PARTLY_COVERED} == set(wording.CONVERSION_NL)
    assert len(set(wording.CONVERSION_NL.values())) == len(wording.CONVERSION_NL)
    whys = {"flags", "same_boundary", "addresses", "area", "table_missing", "changed", "composed"}
    assert whys | {"no_boundary", "no_source", "partly_covered", "outside"} == set(wording.WHY_NL)
    assert (
        set(wording.LEVEL_NL) == set(wording.LEVEL_PLURAL) == {"gemeente", "wijk", "buurt", "eigen"}
    )
    assert wording.regions(1, "eigen") == "1 eigen gebied"
    assert wording.regions(2, "eigen") == "2 eigen gebieden"
    assert {"not_convertible", "not_comparable", "no_denominator"} <= set(wording.STATUS_NL)
