"""Numbers and places as people write them; what can be meant in two ways is no number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sources.written_places import (
    Place,
    place_of_numbers,
    place_of_pair,
    place_of_text,
    readings,
)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("12", {12}), (" 12,5 ", {12.5}), ("12.5", {12.5}), ("-3", {-3}), ("1e3", {1000}),
        ("1.250", {1.25, 1250}), ("1,250", {1.25, 1250}), ("1.250.000", {1250000}),
        ("1.250,50", {1250.5}), ("1,250.50", {1250.5}), ("0.125", {0.125}), ("0,125", {0.125}),
        ("92 345", {92345}), ("120 m2", {120}), ("120 m²", {120}), ("52.05°", {52.05}),
        ("52.05 NB", {52.05}), ("52.05° N", {52.05}), ("", set()), ("ca. 30", set()),
        ("12a", set()), ("1.2.3", set()), ("1,2,3", set()), ("120 80", set()),
        ("1 250,5", {1250.5}), ("4.49 W", set()), ("-", set()), ("nan", set()), ("inf", set()),
        ("20-30", set()),
    ],
)  # fmt: skip
def test_readings(text, means):
    assert readings(text) == means


RD_PLACE = Place(92345, 452123, "RD", False)
DEGREES = Place(4.49, 52.05, "graden", False)


def turned(place):
    return Place(place.x, place.y, place.form, True)


@pytest.mark.parametrize(
    ("east", "north", "place"),
    [
        ("92345", "452123", RD_PLACE), ("452123", "92345", turned(RD_PLACE)),
        ("4.49", "52.05", DEGREES), ("4,49", "52,05", DEGREES), ("52.05", "4.49", turned(DEGREES)),
        ("92.345", "452.123", RD_PLACE), ("92.345,00", "452.123,00", RD_PLACE),
        # The four corners of what a place in the country can be.
        ("7000", "300000", Place(7000, 300000, "RD", False)),
        ("300000", "620000", Place(300000, 620000, "RD", False)),
        ("6999", "452123", None), ("92345", "620001", None), ("92345", "52.05", None),
        ("3.2", "50.7", Place(3.2, 50.7, "graden", False)), ("3.19", "52", None),
        ("4.49", "53.61", None), ("0", "0", None), ("x", "452123", None), ("", "", None),
        # A decimal point that was lost is no place.
        ("449", "5205", None), ("4490000", "52050000", None),
    ],
)  # fmt: skip
def test_pairs(east, north, place):
    assert place_of_pair(east, north) == place


@pytest.mark.parametrize(
    "text",
    [
        "52.05, 4.49", "4.49,52.05", "52,05; 4,49", "52,05 4,49", "52,05,4,49", "(52.05, 4.49)",
        "52,05, 4,49", "52.05/4.49", "[4.49 52.05]", "POINT (4.49 52.05)", "point(4.49 52.05)",
        "SRID=4326;POINT(4.49 52.05)", '{"type": "Point", "coordinates": [4.49, 52.05]}',
    ],
)  # fmt: skip
def test_one_text_with_both_numbers(text):
    assert place_of_text(text) == DEGREES


@pytest.mark.parametrize("text", ["92345, 452123", "92.345 / 452.123", "POINT(92345 452123)"])
def test_metres_in_one_text(text):
    assert place_of_text(text) == RD_PLACE


def test_well_known_text_with_its_axes_turned_is_told():
    assert place_of_text("POINT(52.05 4.49)") == turned(DEGREES)


def test_an_outline_is_a_place_within_it():
    place = place_of_text("POLYGON((92000 452000, 92010 452000, 92010 452010, 92000 452000))")
    assert 92000 < place.x < 92010 and place.form == "RD"


@pytest.mark.parametrize(
    "text",
    ["", "Zoetermeer", "52.05", "1, 2", "Dorpsstraat 12", "POINT EMPTY", "POINT(x y)", "{}", "{",
     "2711 AB", "52.05, 4.49, 12", "06-12345678"],
)  # fmt: skip
def test_no_place(text):
    assert place_of_text(text) is None


@given(st.floats(7_000, 300_000), st.floats(300_001, 620_000))
def test_any_place_in_metres_is_itself_in_either_order(x, y):
    assert place_of_numbers(x, y) == Place(x, y, "RD", False)
    assert place_of_numbers(y, x) == Place(x, y, "RD", True)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False))
def test_every_place_lies_in_the_country(east, north):
    place = place_of_numbers(east, north)
    if place:
        metres = 7_000 <= place.x <= 300_000 <= place.y <= 620_000
        assert metres or (3.2 <= place.x <= 7.3 and 50.7 <= place.y <= 53.6)


@given(st.text(max_size=20))
def test_whatever_stands_there_is_a_place_or_none(text):
    assert place_of_text(text) is None or isinstance(place_of_text(text), Place)
