"""Reading a file of places that a person brings: projected to EPSG:28992, columns by content."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from analysis.sources.errors import InputError
from analysis.sources.regions import CODE_PATTERN

RD = "EPSG:28992"
# The extent of the Dutch grid, with the territorial sea.
_RD_BOUNDS = (-20_000, 280_000, 320_000, 900_000)
# A column holds codes of a level when nearly all of its values look like one.
_ENOUGH = 0.9


def layers(file: Path) -> tuple[str, ...]:
    """Return the names of the layers that have a geometry; CBS's own map has one per level.

    Raises
    ------
    InputError
        When the file cannot be read as a map, or is a table without one.
    """
    try:
        listed = gpd.list_layers(file)
    except Exception as error:  # pyogrio raises several kinds, among them RuntimeError
        raise _not_readable(file) from error
    drawn = tuple(listed["name"][listed["geometry_type"].notna()])
    if not drawn:
        raise InputError(f"{file} heeft geen plaatsen met een geometrie.")
    return drawn


def read_places(file: Path, layer: str | None = None) -> gpd.GeoDataFrame:
    """Read a gpkg, geojson or zipped geojson as places in EPSG:28992.

    Parameters
    ----------
    file : Path
    layer : str, optional
        Which layer; needed only where there are several.

    Raises
    ------
    InputError
        When the file cannot be read, has no coordinate system, lies outside the country, or has
        several layers and none is named.
    """
    found = layers(file)
    if layer is None and len(found) > 1:
        raise InputError(
            f"{file} heeft meer dan één laag ({', '.join(found)}); sla de laag die u bedoelt op "
            "als eigen bestand."
        )
    try:
        places = gpd.read_file(file, layer=layer or found[0])
    except Exception as error:
        raise _not_readable(file) from error
    if not isinstance(places, gpd.GeoDataFrame) or places.empty:
        raise InputError(f"{file} heeft geen plaatsen met een geometrie.")
    if places.crs is None:
        raise InputError(
            f"{file} zegt niet in welk coördinatenstelsel het staat; sla het op met EPSG:28992 "
            "(RD) of EPSG:4326 (lengte en breedte)."
        )
    empty = places.geometry.isna() | places.geometry.is_empty
    if empty.all():
        raise InputError(f"{file} heeft geen plaatsen met een geometrie.")
    places = places[~empty].to_crs(RD)
    if not shapely.box(*_RD_BOUNDS).intersects(shapely.box(*places.total_bounds)):
        raise InputError(f"{file} ligt buiten Nederland; kijk of het coördinatenstelsel klopt.")
    return places.reset_index(drop=True)


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
