"""The grid of Voorbeeldstad: its people and homes in squares of 100 m, as CBS would publish them.

Run it as `python -m voorbeeldstad.squares` in data/example; it writes the same bytes every time.
Never compared with a real grid, which was not at hand: the names of the columns, the marks and the
rounding are those of the description.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
from shapely.geometry import Point, Polygon, box

from voorbeeldstad import ground, people, town

FILE = f"vierkanten_100m_{town.YEARS[-1]}.csv"
_SIZE = 100
# People per inhabited square: the rest of the ground is street, green and work.
_DENSITY = 85.0
_SECRET, _NO_FIGURE = -99997, -99995
_COUNTS = {
    "aantal_inwoners": "inhabitants",
    "aantal_mannen": "men",
    "aantal_vrouwen": "women",
    "aantal_inwoners_0_tot_15_jaar": "age_0_14",
    "aantal_inwoners_15_tot_25_jaar": "age_15_24",
    "aantal_inwoners_25_tot_45_jaar": "age_25_44",
    "aantal_inwoners_45_tot_65_jaar": "age_45_64",
    "aantal_inwoners_65_jaar_en_ouder": "age_65_plus",
    "aantal_part_huishoudens": "households",
    "aantal_eenpersoonshuishoudens": "one_person",
    "aantal_woningen": "dwellings",
    "aantal_huurwoningen_in_bezit_woningcorporaties": "corporation_dwellings",
}
_ORIGIN = {
    "percentage_geb_nederland_herkomst_nederland": "born_nl_nl",
    "percentage_geb_nederland_herkomst_overig_europa": "born_nl_europe",
    "percentage_geb_nederland_herkomst_buiten_europa": "born_nl_outside",
    "percentage_geb_buiten_nederland_herkomst_europa": "born_abroad_europe",
    "percentage_geb_buiten_nederland_herkmst_buiten_europa": "born_abroad_outside",
}
_AGES = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
_OF_HOMES = ("households", "one_person", "dwellings", "corporation_dwellings", "owner_dwellings")
# PLANTED: who owns the newest homes is not registered yet.
_TENURE_UNKNOWN = ("07",)
# The decades in which the wijken were built: shares of the homes in each period.
_PERIODS = (
    "voor_1945", "45_tot_65", "65_tot_75", "75_tot_85", "85_tot_95", "95_tot_05", "05_tot_15",
    "15_en_later",
)  # fmt: skip
BUILT = {
    "00": (0, 0, 1, 3, 3, 1, 1, 1),
    "01": (0, 0, 8, 2, 0, 0, 0, 0),
    "02": (0, 0, 3, 7, 0, 0, 0, 0),
    "03": (0, 0, 0, 6, 4, 0, 0, 0),
    "04": (0, 0, 0, 0, 6, 4, 0, 0),
    "05": (0, 0, 0, 0, 0, 4, 4, 2),
    "06": (3, 3, 2, 1, 0, 0, 0, 1),
    "07": (0, 0, 0, 0, 0, 0, 4, 6),
}


def write(folder: Path) -> Path:
    """Write the grid into a folder and return the file."""
    random = np.random.RandomState(town.SEED)
    counts = people.counts(town.YEARS[-1], people.character(random))
    in_metres, _ = ground.pieces_on_ground(random)
    # A stream of its own, so that a change in the town's other figures leaves the order alone.
    random = np.random.RandomState(town.SEED + _SIZE)
    rows = []
    for piece, polygon, (_, exact) in zip(
        town.PIECES, in_metres, counts.iloc[:-1].iterrows(), strict=True
    ):
        codes = _cells(ground.on_the_globe(polygon), int(exact["inhabitants"]))
        rows += _rows(codes, piece, exact, random)
    header = ["crs28992res100m", *_COUNTS, *_ORIGIN]
    header += [f"aantal_woningen_bouwjaar_{period}" for period in _PERIODS]
    header += ["percentage_koopwoningen"]
    lines = [";".join(header), *(";".join(map(str, row)) for row in sorted(rows))]
    file = folder / FILE
    file.write_bytes(("\n".join(lines) + "\n").encode())
    return file


def _cells(polygon: Polygon, inhabitants: int) -> list[str]:
    """Return the codes of the squares where the people of a piece live, from its middle outward."""
    metres = gpd.GeoSeries([polygon], crs=4326).to_crs(28992).iloc[0]
    west, south, east, north = (int(side // _SIZE) for side in metres.bounds)
    middle = metres.representative_point()
    inside = [
        (round(Point(centre).distance(middle)), x, y)
        for x in range(west, east + 1)
        for y in range(south, north + 1)
        # Well inside, so that a metre of difference between projections moves no square.
        if metres.contains(
            box(*(centre := ((x + 0.5) * _SIZE, (y + 0.5) * _SIZE)), *centre).buffer(5)
        )
    ]
    wanted = max(1, round(inhabitants / _DENSITY)) if inhabitants else 0
    return [f"E{x:04d}N{y:04d}" for _, x, y in sorted(inside)[:wanted]]


def _rows(codes: list[str], piece: town.Piece, exact, random) -> list[list]:
    """Divide the exact figures of a piece over its squares and publish them."""
    if not codes:
        return []
    weights = 0.3 + random.random_sample(len(codes))
    # The last square of every piece holds a house or two: fewer than five people.
    weights[-1] = 0.03 if len(codes) > 1 else 1.0
    # Ages and origins vary between squares on their own; what is of homes varies with the homes.
    homes = weights * (0.8 + 0.4 * random.random_sample(len(codes)))
    parts = {name: people.parts(int(exact[name]), homes) for name in _OF_HOMES}
    for name in (*_AGES, *_ORIGIN.values()):
        own = weights * (0.7 + 0.6 * random.random_sample(len(codes)))
        parts[name] = people.parts(int(exact[name]), own)
    found = []
    for n, code in enumerate(codes):
        here = {name: part[n] for name, part in parts.items()}
        here["inhabitants"] = sum(here[name] for name in _AGES)
        here["men"] = round(here["inhabitants"] * exact["men"] / exact["inhabitants"])
        here["women"] = here["inhabitants"] - here["men"]
        built = people.parts(here["dwellings"], BUILT[piece.wijk])
        origin = [here[name] for name in _ORIGIN.values()]
        row = [code, *(_count(here[name]) for name in _COUNTS.values())]
        row += [_share(part, sum(origin)) for part in origin]
        row += [_count(homes) for homes in built]
        owned = _share(min(here["owner_dwellings"], here["dwellings"]), here["dwellings"])
        row.append(_NO_FIGURE if piece.wijk in _TENURE_UNKNOWN else owned)
        found.append(row)
    return found


def _count(exact: int) -> int:
    """Round to 5; one to four is secret, and zero is zero."""
    return _SECRET if 0 < exact < 5 else 5 * round(exact / 5)


def _share(part: int, total: int) -> int:
    """Return a percentage in classes of 10, secret under ten people or homes."""
    if not total:
        return _NO_FIGURE
    return _SECRET if total < 10 else 10 * round(10 * part / total)


if __name__ == "__main__":
    write(Path(__file__).resolve().parents[1])
