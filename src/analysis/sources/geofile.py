"""Reading a file of places that a person brings: projected to EPSG:28992, columns by content."""

import io
import re
import struct
import warnings
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path, PurePosixPath

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from analysis.sources.errors import InputError
from analysis.sources.regions import CODE_PATTERN
from analysis.sources.shapefile import check_shapefile

RD = "EPSG:28992"
# The extent of the Dutch grid, with the territorial sea.
RD_BOUNDS = (-20_000, 280_000, 320_000, 900_000)
# The same country in degrees: what has such coordinates was not meant in metres.
_DEGREES = (2.0, 50.0, 8.0, 56.0)
# A column holds codes of a level when nearly all of its values look like one.
_ENOUGH = 0.9
# Metres from the origin: further away a line or outline is no place but a damaged number.
_FARTHEST = 10_000_000
# A damaged zip surfaces as any of these.
_BAD_ZIP = (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, struct.error)
_MAPS = (".gpkg", ".geojson", ".json", ".shp")
# A zip of answers of a service, one page after the other, as pdok.py keeps them.
_PAGE = re.compile(r"(?:gemeenten|wijken|buurten)_\d{4}_\d{3}\.json")


def layers(file: Path) -> tuple[str, ...]:
    """Return the names of the layers that have a geometry; CBS's own map has one per level.

    Raises
    ------
    InputError
        When the file cannot be read as a map, is a table without one, or is a zip with several.
    """
    if _pages(file):
        return (file.stem,)
    opened = map_in(file)
    if file.suffix.casefold() == ".shp":
        check_shapefile(file)
    try:
        with warnings.catch_warnings():
            # What is wrong with it is said when it is read.
            warnings.simplefilter("ignore")
            listed = gpd.list_layers(opened)
    except Exception as error:  # pyogrio raises several kinds, among them RuntimeError
        raise _not_readable(file) from error
    drawn = tuple(listed["name"][listed["geometry_type"].notna()])
    if not drawn:
        raise InputError(f"{file} heeft geen plaatsen met een geometrie.")
    return drawn


def read_places(
    file: Path,
    layer: str | None = None,
    mentioning: str | None = None,
    within: gpd.GeoSeries | None = None,
) -> gpd.GeoDataFrame:
    """Read a gpkg, shp, geojson, one of these in a zip, or a zip of pages, in EPSG:28992.

    Parameters
    ----------
    file : Path
    layer : str, optional
        Which layer; needed only where there are several.
    mentioning : str, optional
        Of a zip of pages, only those that hold this text are read: the whole country takes long.
        All pages are, when none holds it.
    within : GeoSeries, optional
        Of a map only what touches the box around this is read: the whole country takes long.

    Raises
    ------
    InputError
        When the file cannot be read, has no coordinate system, lies outside the country, or has
        several layers and none is named.
    """
    pages = _pages(file)
    if pages:
        return _projected(_read_pages(file, pages, mentioning), file)
    found = layers(file)
    if layer is None and len(found) > 1:
        raise InputError(
            f"{file} heeft meer dan één laag ({', '.join(found)}); sla de laag die u bedoelt op "
            "als eigen bestand."
        )
    try:
        # A place that it cannot read the map library leaves out with a warning.
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            opened, layer = map_in(file), layer or found[0]
            # A box can be compared only with a map that says where it lies.
            first = None if within is None else gpd.read_file(opened, layer=layer, rows=1)
            box = within if getattr(first, "crs", None) else None
            places = gpd.read_file(opened, layer=layer, bbox=box)
    except Exception as error:  # pyogrio raises several kinds, among them RuntimeError
        raise _not_readable(file) from error
    if any("coord" in str(one.message) for one in said):
        raise InputError(
            f"{file} is beschadigd: er is een plaats waarvan de coördinaten niet te lezen zijn; "
            "haal het opnieuw op."
        )
    if not isinstance(places, gpd.GeoDataFrame) or places.empty:
        where = "" if within is None else " in dit gebied"
        raise InputError(f"{file} heeft{where} geen plaatsen met een geometrie.")
    return _projected(places, file)


def _projected(places: gpd.GeoDataFrame, file: Path) -> gpd.GeoDataFrame:
    empty = places.geometry.isna() | places.geometry.is_empty
    # A gpkg can say in as many words that its coordinate system is undefined.
    if places.crs is None or "undefined" in places.crs.name.casefold():
        within = not empty.all() and shapely.box(*_DEGREES).contains(
            shapely.box(*places.total_bounds)
        )
        meant = "EPSG:4326, want het lijken graden" if within else "EPSG:28992 (RD)"
        raise InputError(
            f"{file} zegt niet in welk coördinatenstelsel het staat; sla het op met dat stelsel "
            f"erbij ({meant})."
        )
    if empty.all():
        raise InputError(f"{file} heeft geen plaatsen met een geometrie.")
    places = places[~empty]
    if not np.isfinite(shapely.get_coordinates(places.geometry.array)).all():
        raise InputError(
            f"{file} is beschadigd: er is een plaats met een coördinaat dat geen getal is; haal "
            "het opnieuw op."
        )
    try:
        places = places.to_crs(RD)
    except pyproj.exceptions.ProjError as error:
        raise InputError(
            f"{file} zegt een coördinatenstelsel dat niet naar EPSG:28992 (RD) om te rekenen is; "
            "sla het op in RD of in graden (EPSG:4326)."
        ) from error
    # Points abroad are told one by one where they are used.
    drawn = places.geometry[~places.geom_type.isin(["Point", "MultiPoint"])]
    if not (np.abs(drawn.bounds.to_numpy()) < _FARTHEST).all():
        raise InputError(
            f"{file} heeft een lijn of vlak ver buiten Nederland; kijk of het coördinatenstelsel "
            "klopt en het bestand heel is."
        )
    if not shapely.box(*RD_BOUNDS).intersects(shapely.box(*places.total_bounds)):
        raise InputError(f"{file} ligt buiten Nederland; kijk of het coördinatenstelsel klopt.")
    return places.reset_index(drop=True)


def map_in(file: Path) -> str | Path:
    """Return what the map library must open: the file, or the one map in a zip.

    Raises
    ------
    InputError
        When a zip is damaged or holds no map, or several.
    """
    if not zipfile.is_zipfile(file):
        return file
    names = names_in_zip(file)
    maps = [name for name in names if PurePosixPath(name).suffix.casefold() in _MAPS]
    if len(maps) > 1:
        # Beside the map CBS puts the same as shapefiles, or a description as json.
        maps = [name for name in maps if name.casefold().endswith(".gpkg")] or maps
    if not maps:
        raise _not_readable(file)
    if len(maps) > 1:
        raise InputError(
            f"{file} bevat meer dan één kaart ({', '.join(sorted(maps))}); pak het uit en geef het "
            "bestand dat u bedoelt."
        )
    known = file.stat()
    _check_whole(file, maps[0], known.st_mtime_ns, known.st_size)
    return f"/vsizip/{file.resolve().as_posix()}/{maps[0]}"


@lru_cache(maxsize=64)
def _check_whole(file: Path, member: str, changed: int, size: int) -> None:
    """Compare what is in a zip with its checksum: the map library reads past a difference.

    The time of change and the size make it look again at another file of that name.
    """
    try:
        with zipfile.ZipFile(file) as archive, archive.open(member) as stream:
            while stream.read(1 << 20):
                pass
    except (*_BAD_ZIP, zlib.error, EOFError, RuntimeError) as error:
        raise InputError(
            f"{file} is beschadigd: {member} klopt niet met zijn controlesom; haal het opnieuw op."
        ) from error


def names_in_zip(file: Path) -> list[str]:
    """Return the names of what is in a zip (or xlsx, which is one).

    Raises
    ------
    InputError
        When it is damaged.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except _BAD_ZIP as error:
        raise InputError(
            f"{file} is geen gaaf zip- of Excel-bestand; haal het opnieuw op."
        ) from error


def _pages(file: Path) -> list[str]:
    """Return the names of the pages, in order, of a zip that holds nothing else."""
    if not zipfile.is_zipfile(file):
        return []
    names = sorted(names_in_zip(file))
    return names if all(_PAGE.fullmatch(name) for name in names) else []


def _read_pages(file: Path, names: list[str], mentioning: str | None) -> gpd.GeoDataFrame:
    try:
        with zipfile.ZipFile(file) as archive:
            bodies = [archive.read(name) for name in names]
        wanted = [body for body in bodies if (mentioning or "").encode() in body] or bodies
        read = [gpd.read_file(io.BytesIO(body)) for body in wanted]
    except Exception as error:  # of the zip, and of pyogrio, which raises several kinds
        raise _not_readable(file) from error
    # An attribute that is empty on one page is a column of another kind there.
    return pd.concat(read, ignore_index=True)


def _not_readable(file: Path) -> InputError:
    return InputError(
        f"{file} kan niet worden gelezen als kaartbestand; geef een gpkg, geojson of gezipte "
        "geojson."
    )


def code_column(places: pd.DataFrame, level: str) -> str | None:
    """Return the first column of which nearly all values are codes of this level, or None."""
    for column in places.columns:
        if column == "geometry" or not pd.api.types.is_string_dtype(places[column]):
            continue
        known = places[column].dropna().str.strip()
        if len(known) and known.str.fullmatch(CODE_PATTERN[level]).mean() >= _ENOUGH:
            return column
    return None


def named_column(places: pd.DataFrame, names: tuple[str, ...]) -> str | None:
    """Return the first column that has one of these names, whatever its capitals, or None."""
    by_name = {str(column).casefold(): column for column in places.columns}
    return next((by_name[name] for name in names if name in by_name), None)
