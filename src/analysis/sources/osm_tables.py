"""Objects of OpenStreetMap that somebody exported as a table or a map, and no longer an answer.

Two forms: points with their well-known text, a category and who live within five minutes (csv), and
a map of which the columns are OpenStreetMap's own keys (`leisure`, `amenity`, ...).
"""

import csv
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import kind_of_tags, kind_of_words
from analysis.sources.geofile import RD, map_in, named_column, read_places
from analysis.sources.osm_facilities import (
    NO_KIND,
    NO_PLACE,
    RULED_OUT,
    OsmFacilities,
    facilities,
    source_label,
)
from analysis.sources.sheets import Sheet, read_sheet

BENCH = "bankje"
SQUARE = "plein"
NO_CATEGORY = "zonder categorie"
# Who live near each point, where the file tells.
NEAR_COLUMNS = ("children", "adults", "elderly", "total_pop", "age_entropy_index")
_GEOMETRY = ("geometry", "wkt", "geom", "the_geom")
_MISSING = ("", "null", "nan", "none", "na", "n/a")
_YEARS = ("year", "jaar", "peiljaar")
_KEYS = ("leisure", "amenity", "shop", "tourism", "healthcare")
_OWN_WORDS = ("soort", "kind", "voorziening", "soort_voorziening")
_IDENTITY = ("@id", "full_id", "osm_id", "osmid", "id")
_TYPE = {"n": "node", "w": "way", "r": "relation"}
_DEGREES = shapely.box(0.0, 48.0, 10.0, 58.0)


def is_pois(file: Path) -> bool:
    """Tell from its header whether a file is a table of OpenStreetMap points with categories."""
    try:
        with file.open("rb") as stream:
            begin = stream.read(4096)
        if begin.startswith(b"PK"):
            read_sheet(file, _is_header)
            return True
    except (OSError, InputError):
        return False
    encoding = "utf-16" if begin[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    lines = begin.decode(encoding, errors="replace").splitlines()[:5]
    return any(
        _is_header(next(csv.reader([line], delimiter=sign), []))
        for line in lines
        for sign in (",", ";", "\t")
    )


def read_pois(file: Path, kinds: pd.DataFrame) -> OsmFacilities:
    """Read a table of points with `osm_category`, `category`, `subcategory` and a geometry.

    Benches, squares and rows without category are left out, each counted. The columns that say
    who live near are kept as published: the entropy of a point with nobody near stands there as 0.

    Raises
    ------
    InputError
        When the file is not whole, lies outside the country, has a column twice, a number that is
        none or is negative, or no facility.
    """
    sheet = read_sheet(file, _is_header)
    rows = _by_plain_name(sheet).replace(dict.fromkeys(("NULL", "null", "NaN", "nan"), ""))
    _check_one_year(rows, file)
    places, unplaced = _places(rows[_first(rows, _GEOMETRY)], file)
    word = rows["subcategory"].str.strip()
    name = rows["name"] if "name" in rows else pd.Series("", index=rows.index)
    if "osm_category" in rows:
        # The category is the key and the subcategory the value: the object's own tag.
        tags = [
            {key: value, "name": called}
            for key, value, called in zip(rows["osm_category"], word, name, strict=True)
        ]
        kind = kind_of_tags(tags, kinds).set_axis(rows.index)
        although = kind_of_tags(tags, kinds, although_ruled_out=True).set_axis(rows.index)
    else:
        kind = although = kind_of_words(word, kinds)
    category = rows["category"] if "category" in rows else rows["osm_category"]
    reason = pd.Series("", index=rows.index, dtype="str")
    for which, why in (
        (word.eq("bench"), BENCH),
        (word.eq("square"), SQUARE),
        (category.str.casefold().isin(_MISSING), NO_CATEGORY),
        (unplaced, NO_PLACE),
        (kind.isna() & although.notna(), RULED_OUT),
        (kind.isna(), NO_KIND),
    ):
        reason = reason.mask(reason.eq("") & which, why)
    kept = reason.eq("")
    near = {name: _numbers(rows[name], name, file)[kept] for name in NEAR_COLUMNS if name in rows}
    objects = gpd.GeoDataFrame(
        {
            "facility_id": _identities(rows)[kept],
            "kind": kind[kept],
            "name": name[kept],
            "is_parish_hall": False,
        }
        | near,
        geometry=places[kept],
        crs=RD,
    )
    return _facilities(objects, reason[~kept].value_counts(sort=False).to_dict(), file)


def is_tagged(file: Path) -> bool:
    """Tell whether a file is a map of points or outlines with a column named as an OSM key."""
    try:
        with warnings.catch_warnings():
            # What is wrong with it is said when all of it is read.
            warnings.simplefilter("ignore")
            first = gpd.read_file(map_in(file), rows=50)
    except Exception:  # whatever cannot be read as a map is none; the reader raises several kinds
        return False
    if not isinstance(first, gpd.GeoDataFrame) or named_column(first, _OWN_WORDS):
        return False
    points = first.geom_type.isin(["Point", "MultiPoint", "Polygon", "MultiPolygon"])
    return bool(points.any()) and named_column(first, _KEYS) is not None


def read_tagged(file: Path, kinds: pd.DataFrame) -> OsmFacilities:
    """Read a map of which the columns are keys of OpenStreetMap.

    Raises
    ------
    InputError
        When it cannot be read, lies outside the country, or has no facility of a known kind.
    """
    places = read_places(file)
    table = pd.DataFrame(places.drop(columns="geometry"))
    tags = table.rename(columns=lambda name: str(name).casefold())
    kind = kind_of_tags(tags, kinds)
    although = kind_of_tags(tags, kinds, although_ruled_out=True)
    kept = kind.notna()
    is_line = places.geom_type.isin(["LineString", "MultiLineString"])
    hall = tags.get("community_centre", pd.Series("", index=tags.index)).eq("parish_hall")
    name = tags.get("name", pd.Series("", index=tags.index)).fillna("").astype("str")
    objects = gpd.GeoDataFrame(
        {
            "facility_id": _identities(tags)[kept],
            "kind": kind[kept],
            "name": name[kept],
            "is_parish_hall": hall[kept],
        },
        # A line is no ground: somewhere on it will do.
        geometry=places.geometry.mask(is_line, places.representative_point())[kept],
        crs=RD,
    )
    counts = {
        NO_KIND: int(although.isna().sum()),
        RULED_OUT: int((kind.isna() & although.notna()).sum()),
    }
    return _facilities(objects, {why: n for why, n in counts.items() if n}, file)


def _is_header(cells: list[str]) -> bool:
    names = {cell.strip().strip('"').casefold() for cell in cells}
    return (
        bool(names & set(_GEOMETRY))
        and "subcategory" in names
        and bool(names & {"osm_category", "category"})
    )


def _by_plain_name(sheet: Sheet) -> pd.DataFrame:
    names = pd.Index([str(name).strip().casefold() for name in sheet.rows.columns])
    double = names[names.duplicated()]
    if len(double):
        raise InputError(
            f"{sheet.file} heeft de kolom '{double[0]}' meer dan één keer; laat de juiste staan."
        )
    return sheet.rows.set_axis(names, axis="columns")


def _check_one_year(rows: pd.DataFrame, file: Path) -> None:
    for column in rows.columns.intersection(_YEARS):
        years = sorted(set(rows[column]) - set(_MISSING))
        if len(years) > 1:
            raise InputError(
                f"{file} heeft in kolom '{column}' jaren door elkaar ({', '.join(years[:4])}); "
                "bewaar ieder jaar als een eigen bestand."
            )


def _first(rows: pd.DataFrame, names: tuple[str, ...]) -> str:
    return next(name for name in names if name in rows)


def _places(texts: pd.Series, file: Path) -> tuple[gpd.GeoSeries, pd.Series]:
    """Return where each row lies, in EPSG:28992, and which rows tell no place."""
    written = texts.str.replace(r"^SRID=\d+;", "", regex=True)
    told = written.astype(object).mask(written.str.casefold().isin(_MISSING), None).to_numpy()
    with np.errstate(all="ignore"):  # a damaged number may be larger than any
        drawn = shapely.from_wkt(told, on_invalid="ignore")
    places = gpd.GeoSeries(drawn, index=texts.index)
    if (spoilt := places.isna() & ~written.str.casefold().isin(_MISSING)).any() and (
        places.notna().any()
    ):
        raise InputError(
            f"{file} is beschadigd: gegevensregel {texts.index.get_loc(spoilt.idxmax()) + 1} heeft "
            f"in kolom '{texts.name}' iets dat geen plaats is ('{texts[spoilt].iloc[0][:60]}'); "
            "haal het bestand opnieuw op."
        )
    unplaced = places.isna() | places.is_empty | ~np.isfinite(places.bounds).all(axis="columns")
    if unplaced.all():
        raise InputError(
            f"{file} heeft in kolom '{texts.name}' geen enkele plaats; verwacht wordt "
            "POINT(x y) in EPSG:28992 (RD)."
        )
    in_degrees = places[~unplaced].within(_DEGREES)
    if in_degrees.mean() > 0.5:
        places = places.set_crs("EPSG:4326").where(~unplaced & in_degrees, shapely.Point(4, 49))
        return places.to_crs(RD), unplaced
    return places.where(~unplaced, shapely.Point(0, 0)).set_crs(RD), unplaced


def _numbers(texts: pd.Series, name: str, file: Path) -> pd.Series:
    plain = texts.where(~texts.str.casefold().isin(_MISSING))
    numbers = pd.to_numeric(plain.str.replace(",", ".", regex=False), errors="coerce")
    wrong = (numbers.isna() & plain.notna()) | numbers.lt(0)
    if wrong.any():
        raise InputError(
            f"{file} heeft in kolom '{name}' iets dat geen aantal is "
            f"('{plain[wrong].iloc[0]}'); haal het bestand opnieuw op."
        )
    return numbers.astype("float64")


def _identities(table: pd.DataFrame) -> pd.Series:
    """Return type/number where the file tells the type, else osm/number, else a row number."""
    column = named_column(table, _IDENTITY)
    if column is None:
        return pd.Series([f"rij/{number + 1}" for number in range(len(table))], index=table.index)
    said = table[column].astype("str").str.strip()
    typed = said.str.replace(
        r"^([nwr])(?=\d+$)", lambda m: _TYPE[m.group(1)] + "/", regex=True
    )  # fmt: skip
    bare = typed.str.replace(r"\.0$", "", regex=True)
    return ("osm/" + bare).where(~typed.str.contains("/", regex=False), typed)


def _facilities(objects: gpd.GeoDataFrame, counts: dict[str, int], file: Path) -> OsmFacilities:
    found = facilities(objects, source_label(""), "", counts)
    if found.points.empty:
        raise InputError(
            f"{file} heeft in Nederland geen enkele voorziening van een soort die in de tabel met "
            "soorten staat; kijk of dit het goede bestand is."
        )
    return found
