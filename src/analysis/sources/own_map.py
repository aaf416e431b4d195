"""A map that somebody keeps by hand, as a table of texts with the place of each object."""

import json
import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj

from analysis.sources.errors import InputError
from analysis.sources.geofile import RD, layers, map_in, read_places
from analysis.sources.own_table import OwnTable, text_of
from analysis.sources.shapefile import check_shapefile


def read_own_map(file: Path) -> OwnTable:
    """Read a gpkg, geojson or shapefile, or one of these in a zip.

    Raises
    ------
    InputError
        When it cannot be read, has lines, several layers, or no coordinate system.
    """
    if file.suffix.casefold() == ".shp":
        check_shapefile(file)
    try:
        with warnings.catch_warnings():
            # What is wrong with it, `read_places` says.
            warnings.simplefilter("ignore")
            places = gpd.read_file(map_in(file))
    except Exception as error:  # the map library raises several kinds, among them RuntimeError
        layers(file)
        raise InputError(
            f"{file} kan niet worden gelezen als kaart; sla het opnieuw op."
        ) from error
    if places.empty:
        raise InputError(f"{file} heeft geen rijen; kijk of dit het bedoelde bestand is.")
    _check_features(file, len(places))
    columns = [
        name for name in places.columns if name != getattr(places, "_geometry_column_name", "")
    ]
    cells = pd.DataFrame({str(name): _texts(places[name]) for name in columns})
    number = pd.RangeIndex(1, len(places) + 1)
    broken = pd.Series(dtype="str")
    if not isinstance(places, gpd.GeoDataFrame) or places.geometry.isna().all():
        return OwnTable(file.name, cells.set_axis(number), None, broken)
    if len(layers(file)) > 1 or places.crs is None or "undefined" in places.crs.name.casefold():
        # One sentence on what the file lacks, the same for every map.
        read_places(file)
    shapes = places.geometry
    if shapes.geom_type.str.contains("Line").any():
        raise InputError(f"{file} heeft lijnen; voorzieningen zijn punten of vlakken.")
    if not (places.crs.is_geographic or places.crs.equals(RD)):
        try:
            shapes = shapes.to_crs(RD)
        except pyproj.exceptions.ProjError:
            read_places(file)  # which says what is wrong with its coordinate system
            raise
    # A park or a school ground counts once, somewhere inside it.
    points = shapes.representative_point().where(~shapes.is_empty, None)
    grounds = _grounds(shapes.set_axis(number))
    return OwnTable(
        file.name, cells.set_axis(number), points.set_axis(number), broken, grounds=grounds
    )


def _grounds(shapes: gpd.GeoSeries) -> gpd.GeoSeries | None:
    """Return the outlines in EPSG:28992, None where there is none, or None without any."""
    is_ground = shapes.geom_type.isin(["Polygon", "MultiPolygon"]) & ~shapes.is_empty
    if not is_ground.any():
        return None
    drawn = shapes.where(is_ground, None).to_crs(RD)
    return drawn.where(drawn.is_valid, drawn.make_valid())


def _texts(values: pd.Series) -> list[str]:
    return [text_of(value) for value in values.astype("object")]


def _check_features(file: Path, read: int) -> None:
    """Refuse a geojson of which the map library passed over features that it cannot read."""
    content = file.read_bytes()
    if not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return
    try:
        features = json.loads(content.decode("utf-8-sig"))["features"]
    except (ValueError, KeyError, TypeError):
        # Other forms of json have no list of features.
        return
    if len(features) != read:
        raise InputError(
            f"{file} is beschadigd: van de {len(features)} objecten zijn er {read} te lezen; haal "
            "het opnieuw op."
        )
