"""Numbers and places as people write them: decimal comma or point, RD or degrees, any order.

The four ways to write a place in the Netherlands have no numbers in common: eastward metres are
under 300,000 and northward ones over it, degrees eastward are 3 to 7 and northward 50 to 54.
"""

import itertools
import re
from dataclasses import dataclass

import shapely

# Metres of the Dutch grid and degrees that a place in the country may have: west, east, south,
# north. Nothing of the country lies within 10 km of the western border of the grid.
_RD = (7_000.0, 300_000.0, 300_000.0, 620_000.0)
_DEGREES = (3.2, 7.3, 50.7, 53.6)
RD_FORM, DEGREES_FORM = "RD", "graden"

_POINT = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_POINTS_BETWEEN = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_COMMAS_BETWEEN = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_SPACES_BETWEEN = re.compile(r"[+-]?[1-9]\d{0,2}(?:[\s'’]\d{3})+(?:[.,]\d+)?")
# What may stand behind a number: square metres, or degrees north and east.
_BEHIND = re.compile(r"\s*(?:m²|m2|°?\s*(?:NB|OL|N|E)?)$")
_SPLITS = (r"\s*[;/|]\s*", r",\s+", r"\s+", r"\s*,\s*")


@dataclass(frozen=True)
class Place:
    """A place that can be meant in one way only.

    Attributes
    ----------
    x, y : float
        Eastward and northward.
    form : str
        'RD' (metres) or 'graden'.
    swapped : bool
        Whether the two stood the other way round.
    """

    x: float
    y: float
    form: str
    swapped: bool


def readings(text: str) -> set[float]:
    """Return every number that a text may mean: 1.250 is 1.25 or 1250; none where it is no number.

    >>> sorted(readings("1.250"))
    [1.25, 1250.0]
    """
    bare = _BEHIND.sub("", text.strip(), count=1)
    if _SPACES_BETWEEN.fullmatch(bare):
        bare = re.sub(r"[\s'’]", "", bare)
    found = set()
    if _POINT.fullmatch(bare):
        found.add(float(bare))
    if _COMMA.fullmatch(bare):
        found.add(float(bare.replace(",", ".")))
    if _POINTS_BETWEEN.fullmatch(bare):
        found.add(float(bare.replace(".", "").replace(",", ".")))
    if _COMMAS_BETWEEN.fullmatch(bare):
        found.add(float(bare.replace(",", "")))
    return found


def place_of_numbers(east: float, north: float) -> Place | None:
    """Return the place that two numbers are, RD or degrees, or None outside the country."""
    for x, y, swapped in ((east, north, False), (north, east, True)):
        for (west, far, south, top), form in ((_RD, RD_FORM), (_DEGREES, DEGREES_FORM)):
            if west <= x <= far and south <= y <= top:
                return Place(x, y, form, swapped)
    return None


def place_of_pair(east: str, north: str) -> Place | None:
    """Return the place that two texts mean, or None.

    A text may mean a number or a thousand times that; no two of these are both a place.
    """
    both = itertools.product(readings(east), readings(north))
    return next(filter(None, itertools.starmap(place_of_numbers, both)), None)


def place_of_text(text: str) -> Place | None:
    """Return the place that one text holds: '52.05, 4.49', well-known text or GeoJSON, or None.

    Of two numbers without names either may come first, so that neither order counts as swapped.
    """
    bare = text.strip()
    if shape := _shape(bare):
        point = shape.representative_point()
        return place_of_numbers(point.x, point.y)
    bare = bare.strip("()[]{} ")
    for split in _SPLITS:
        parts = re.split(split, bare)
        if len(parts) == 4 and split == _SPLITS[-1]:
            # 52,05,4,49: a decimal comma and a comma between the two.
            parts = [",".join(parts[:2]), ",".join(parts[2:])]
        if len(parts) == 2 and (place := place_of_pair(*parts)):
            return Place(place.x, place.y, place.form, False)
    return None


def _shape(text: str) -> shapely.Geometry | None:
    """Return the shape that a text describes, or None."""
    if text.startswith("{"):
        shape = shapely.from_geojson(text, on_invalid="ignore")
    elif re.match(r"(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|POLYGON|LINESTRING)", text, re.IGNORECASE):
        shape = shapely.from_wkt(re.sub(r"^SRID=\d+;", "", text, flags=re.I), on_invalid="ignore")
    else:
        return None
    return None if shape is None or shape.is_empty else shape
