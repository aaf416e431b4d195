"""The units of buildings of Voorbeeldstad, in the form in which PDOK's service gives the register.

Run it as `python -m voorbeeldstad.units` in data/example; it writes the same features every time.
Never compared with a real answer of that service, which was not at hand: the names of the columns
and the marks of what is not known are those of the description.
"""

import json
import zipfile
from pathlib import Path

import numpy as np
from shapely.geometry import Point

from voorbeeldstad import ground, people, town
from voorbeeldstad.squares import BUILT

FILE = f"verblijfsobjecten_{town.YEARS[-1]}.zip"
_MEMBER = f"verblijfsobjecten_{town.YEARS[-1]}.geojson"
_IN_USE = "Verblijfsobject in gebruik"
# First and last year of each period in which homes were built, as in the squares.
_YEARS = ((1880, 1944), (1945, 1964), (1965, 1974), (1975, 1984), (1985, 1994), (1995, 2004),
          (2005, 2014), (2015, 2023))  # fmt: skip
# Use, number per 1,000 homes in an ordinary wijk, smallest and largest area in m2.
_OTHERS = (
    ("bijeenkomstfunctie", 3.0, (90, 900)),
    ("gezondheidszorgfunctie", 1.2, (80, 600)),
    ("onderwijsfunctie", 0.8, (700, 2600)),
    ("sportfunctie", 0.5, (300, 1900)),
    ("winkelfunctie", 6.0, (60, 500)),
    ("kantoorfunctie", 4.0, (50, 800)),
    ("industriefunctie", 2.5, (100, 1500)),
    ("bijeenkomstfunctie,winkelfunctie", 0.8, (80, 300)),
    ("kantoorfunctie,woonfunctie", 1.0, (70, 200)),
)
# PLANTED: the newest wijk has hardly any room to meet, the centre has much.
_MEETING = {"00": 3.0, "05": 0.5, "07": 0.1}


def write(folder: Path) -> Path:
    """Write the units into a folder as a zipped geojson and return the file."""
    random = np.random.RandomState(town.SEED)
    counts = people.counts(town.YEARS[-1], people.character(random))
    in_metres, _ = ground.pieces_on_ground(random)
    # A stream of its own, so that a change in the town's other figures leaves the order alone.
    random = np.random.RandomState(town.SEED + 7)
    found = []
    for piece, polygon, (_, exact) in zip(
        town.PIECES, in_metres, counts.iloc[:-1].iterrows(), strict=True
    ):
        homes = int(exact["dwellings"])
        if homes:
            found += _dwellings(piece, homes, random) + _other_units(piece, homes, random)
            _place(found, polygon, random)
    _plant(found)
    features = [
        {
            "type": "Feature",
            "properties": {"identificatie": f"9901010000{number:06d}", **unit["told"]},
            "geometry": {"type": "Point", "coordinates": unit["at"]},
        }
        for number, unit in enumerate(found, start=1)
    ]
    # One unit stands in the file twice, as where pages of the service overlap.
    features.append(features[100])
    title = f"{town.STAMP}: verblijfsobjecten van {town.GM_NAME}"
    body = {"type": "FeatureCollection", "title": title, "features": features}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    file = folder / FILE
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        # A fixed time of writing: the same features are the same file.
        member = zipfile.ZipInfo(_MEMBER, (1980, 1, 1, 0, 0, 0))
        archive.writestr(member, text + "\n", zipfile.ZIP_DEFLATED, 9)
    return file


def _dwellings(piece: town.Piece, number: int, random) -> list[dict]:
    found = []
    for (first, last), homes in zip(_YEARS, people.parts(number, BUILT[piece.wijk]), strict=True):
        for _ in range(homes):
            year = int(first + (last - first + 1) * random.random_sample())
            found.append(_unit("woonfunctie", 45 + int(110 * random.random_sample()), year))
    return found


def _other_units(piece: town.Piece, homes: int, random) -> list[dict]:
    found = []
    for use, per_1000, (least, most) in _OTHERS:
        share = _MEETING.get(piece.wijk, 1.0) if "bijeenkomst" in use else 1.0
        wanted = share * per_1000 * homes / 1000
        number = int(wanted) + (random.random_sample() < wanted % 1)
        for _ in range(number):
            m2 = 10 * round((least + (most - least) * random.random_sample()) / 10)
            found.append(_unit(use, m2, int(1970 + 50 * random.random_sample())))
    return found


def _unit(use: str, m2: int, year: int) -> dict:
    told = {"gebruiksdoel": use, "oppervlakte": m2, "status": _IN_USE, "bouwjaar": year}
    return {"told": told}


def _place(found: list[dict], polygon, random) -> None:
    """Give every unit that has no place yet one in the polygon."""
    west, south, east, north = polygon.buffer(-20).bounds
    inner = polygon.buffer(-20)
    for unit in found:
        while "at" not in unit:
            x = west + (east - west) * random.random_sample()
            y = south + (north - south) * random.random_sample()
            if inner.contains(Point(x, y)):
                unit["at"] = np.round(ground.degrees(np.array([x, y])), 5).tolist()


def _plant(found: list[dict]) -> None:
    """Mark what registers have: units not there (yet), areas and years that nobody measured."""
    for number in range(0, len(found), 400):
        found[number]["told"]["status"] = "Verblijfsobject gevormd"
    for number in range(7, len(found), 900):
        found[number]["told"]["oppervlakte"] = 1
    for number in range(11, len(found), 1500):
        found[number]["told"]["bouwjaar"] = 1005
    for number in range(13, len(found), 700):
        found[number]["told"]["status"] = f"{_IN_USE} (niet ingemeten)"


if __name__ == "__main__":
    write(Path(__file__).resolve().parents[1])
