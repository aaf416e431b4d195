"""Write the example edition: a fictional New Town in the formats in which the services answer.

Run it as `python data/example/make_example.py`; it writes the same bytes every time.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState
from shapely.geometry import Point, Polygon, mapping
from voorbeeldstad import ground, people, places, published, squares, statline, town, units


def make(folder: Path) -> None:
    """Write all files of the example edition into a folder.

    Parameters
    ----------
    folder : Path
        Made when it is not there; files of the same name are replaced.
    """
    # RandomState, as its stream is frozen; that of numpy's Generator may change with a version.
    random = RandomState(town.SEED)
    traits = people.character(random)
    in_metres, lake = ground.pieces_on_ground(random)
    homes = places.address_points(in_metres, random)
    counts = {year: people.counts(year, traits) for year in town.YEARS}
    placed = places.facilities(homes, counts[town.YEARS[-1]], random)
    polygons = [ground.on_the_globe(piece) for piece in in_metres]
    lake = ground.on_the_globe(lake)
    distances = places.nearness(homes, placed)

    catalogue = []
    for number, year in enumerate(town.YEARS):
        dwellings = counts[year]["dwellings"].to_numpy()[: len(town.PIECES)]
        near = distances.assign(addresses_per_km2=places.address_density(homes, dwellings))
        catalogue.append(_write_table(folder, number, year, counts[year], near, polygons, lake))
        _write_boundaries(folder / "boundaries", year, polygons, lake)
    _write(folder / "statline" / "Tables.json", statline.body("Tables", catalogue))
    _write_facilities(folder / f"voorzieningen_{town.YEARS[-1]}.geojson", placed, random)
    squares.write(folder)
    units.write(folder)
    _write_catalogue(folder / "catalogue.csv")


def _write_table(folder, number, year, counts, near, polygons, lake) -> dict:
    """Write the four entity sets of a year and return its entry in the catalogue."""
    columns = statline.layout_of(statline.read_layout(), year)
    members = _members(year)
    hectares = _hectares(year, polygons, lake)
    # A stream of its own for each year, so that a change in one leaves the others alone.
    random = RandomState(town.SEED + year)
    rows, regions = [], []
    for code, name in _regions(year):
        own = members[code]
        figures = published.exact(
            counts.iloc[own],
            hectares[hectares.index.str.startswith(_prefix(code))],
            near.iloc[[n for n in own if n < len(near)]],
        )
        cells = published.publish(figures, columns, year, code, random)
        rows.append(
            statline.row(
                len(rows), code, _change(year, code), _postcode(code, cells), cells, columns
            )
        )
        regions.append(statline.region(code, name))
    table, info = town.TABLES[year], statline.info(number, year)
    sets = {
        "TableInfos": [info],
        "DataProperties": statline.properties(columns, year),
        "WijkenEnBuurten": regions,
        "TypedDataSet": rows,
    }
    for name, entries in sets.items():
        _write(folder / "statline" / table / f"{name}.json", statline.body(name, entries, table))
    return info | {"RecordCount": len(rows), "ColumnCount": len(columns) + 1}


def _regions(year: int) -> list[tuple[str, str]]:
    """Return codes and names in the table's order: since 2024 all wijken come first."""
    wijken = [(town.wijk_code(wijk.code), wijk.name) for wijk in town.WIJKEN]
    buurten = sorted({(town.buurt_code(p, year), town.buurt_name(p, year)) for p in town.PIECES})
    found = [(town.GM_CODE, town.GM_NAME), *wijken, *buurten]
    if year >= 2024:
        return found
    return sorted(found, key=lambda one: (one[0][2:8].ljust(6), one[0][:2] == "BU", one[0]))


def _members(year: int) -> dict[str, list[int]]:
    """Return the numbers of the pieces in each region; people without address come last."""
    found: dict[str, list[int]] = {town.GM_CODE: list(range(len(town.PIECES) + 1))}
    for number, piece in enumerate(town.PIECES):
        for code in (town.wijk_code(piece.wijk), town.buurt_code(piece, year)):
            found.setdefault(code, []).append(number)
    return found


def _hectares(year: int, polygons: list[Polygon], lake: Polygon) -> pd.DataFrame:
    """Return whole hectares of each buurt and the lake: regions' areas are sums of these."""
    codes = [town.buurt_code(piece, year) for piece in town.PIECES]
    area = pd.Series(ground.hectares(polygons), index=codes)
    water = area * [piece.water_share for piece in town.PIECES]
    buurten = pd.DataFrame({"area": area, "water": water}).groupby(level=0).sum()
    buurten.loc[town.LAKE_BUURT] = ground.hectares([lake])[0]
    return buurten.round().astype(int)


def _prefix(code: str) -> str:
    """Return what the codes of a region's buurten begin with."""
    return f"BU{code[2:]}"


def _change(year: int, code: str) -> str:
    """Return CBS's flag against the year before: 1 unchanged, 3 other boundary."""
    if code.startswith("GM"):
        return "." if year <= 2020 else "1"
    position = town.YEARS.index(year)
    if code.startswith("WK") or not position:
        return "1"

    def pieces(when: int) -> set[int]:
        return {n for n, p in enumerate(town.PIECES) if town.buurt_code(p, when) == code}

    return "1" if pieces(year) == pieces(town.YEARS[position - 1]) else "3"


def _postcode(code: str, cells: dict) -> str:
    """Return a postcode that is never given out (it begins with 0); none where nobody lives."""
    return f"01{code[6:8]}" if code.startswith("BU") and cells["inhabitants"] else ""


def _write_boundaries(folder: Path, year: int, polygons: list[Polygon], lake: Polygon) -> None:
    buurten: dict[str, tuple[dict, list[Polygon]]] = {}
    wijken: dict[str, tuple[dict, list[Polygon]]] = {}
    for piece, polygon in zip(town.PIECES, polygons, strict=True):
        code, wijk = town.buurt_code(piece, year), town.wijk_of(piece)
        in_wijk = _names(town.wijk_code(wijk.code), wijk.name)
        in_buurt = {"buurtcode": code, "buurtnaam": town.buurt_name(piece, year)} | in_wijk
        buurten.setdefault(code, (in_buurt, []))[1].append(polygon)
        wijken.setdefault(in_wijk["wijkcode"], (in_wijk, []))[1].append(polygon)
    water = _names(town.LAKE_WIJK, town.LAKE_NAME, "JA")
    lake_buurt = {"buurtcode": town.LAKE_BUURT, "buurtnaam": town.LAKE_NAME} | water
    buurten[town.LAKE_BUURT] = (lake_buurt, [lake])
    wijken[town.LAKE_WIJK] = (water, [lake])
    for name, found in (("buurten", buurten), ("wijken", wijken)):
        features = [
            _feature(properties | {"jaar": year}, mapping(ground.merged(parts)))
            for _, (properties, parts) in sorted(found.items())
        ]
        _write_features(folder / f"{name}_{year}.geojson", f"{name} {year}", features)


def _names(code: str, name: str, water: str = "NEE") -> dict[str, str]:
    return {
        "wijkcode": code,
        "wijknaam": name,
        "gemeentecode": town.GM_CODE,
        "gemeentenaam": town.GM_NAME,
        "water": water,
    }


def _write_facilities(file: Path, placed: list[places.Facility], random) -> None:
    where = np.round(ground.degrees(np.array([(f.x, f.y) for f in placed])), 6).tolist()
    features = [
        _feature(
            {"id": f.identity, "naam": f.name, "soort": f.kind, "capaciteit": f.capacity},
            _park(f) if f.kind == "park" else {"type": "Point", "coordinates": point},
        )
        for f, point in zip(placed, where, strict=True)
    ]
    # One facility stands in the list twice, as happens in registers.
    features.append(features[int(len(features) * random.random_sample())])
    _write_features(file, f"voorzieningen {town.YEARS[-1]}", features)


def _park(park: places.Facility) -> dict:
    """Return the ground of a park: round, larger in one place than in another."""
    corners = Point(park.x, park.y).buffer(places.park_radius(park), quad_segs=4).exterior.coords
    where = np.round(ground.degrees(np.array(corners)), 6).tolist()
    return {"type": "Polygon", "coordinates": [where]}


def _write_catalogue(file: Path) -> None:
    lines = ["table,catalogue,theme,year,title,publisher,address,seen_live,status"]
    lines += [
        f"{town.TABLES[year]},VOORBEELD,kerncijfers,{year},"
        f"{town.STAMP}: kerncijfers wijken en buurten {year},{town.STAMP},example,no,fictional"
        for year in town.YEARS
    ]
    file.write_bytes(("\n".join(lines) + "\n").encode())


def _feature(properties: dict, geometry: dict) -> dict:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _write_features(file: Path, name: str, features: list[dict]) -> None:
    title = f"{town.STAMP}: {name} van {town.GM_NAME}"
    _write(file, {"type": "FeatureCollection", "name": name, "title": title, "features": features})


def _write(file: Path, body: dict) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    file.write_bytes((text + "\n").encode())


def main() -> None:
    """Write the example edition beside this script."""
    make(Path(__file__).resolve().parent)


if __name__ == "__main__":
    main()
