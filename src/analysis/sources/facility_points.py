"""Facility points from a file that a person brings, kept as a snapshot."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.sources import snapshot
from analysis.sources.errors import InputError
from analysis.sources.geofile import code_column, named_column, read_places

NAME = "voorzieningen"
_KIND = ("soort", "kind", "soort_voorziening", "voorziening", "type", "categorie", "category",
         "subcategory", "amenity")  # fmt: skip
_IDENTITY = ("facility_id", "id", "vestigingscode", "vestigingsnummer", "osm_id", "identificatie")
_LABEL = ("naam", "name")
_CAPACITY = ("capaciteit", "capacity", "leerlingen", "m2_bvo")


@dataclass(frozen=True)
class FacilityPoints:
    """Facilities with their kind, and what was left out.

    Attributes
    ----------
    points : GeoDataFrame
        EPSG:28992; facility_id, kind, name, capacity (NaN if unknown), source.
    label : str
        What the source line says.
    doubles : int
        Rows left out because their id stood there before.
    without_kind : int
        Rows left out because they do not say what they are.
    """

    points: gpd.GeoDataFrame
    label: str
    doubles: int
    without_kind: int


def store(raw: Path, file: Path) -> snapshot.Snapshot:
    """Check a file of facility points and keep it as a snapshot.

    Raises
    ------
    InputError
        When the file is missing, has no points or does not say what kind of facility each is.
    """
    if not file.is_file():
        raise InputError(f"Het voorzieningenbestand {file} bestaat niet.")
    found = _tidy(read_places(file), file)
    if found.points.empty:
        raise InputError(f"{file} zegt bij geen enkel punt welke soort voorziening het is.")
    return snapshot.write_file(raw, NAME, file, len(found.points), {})


def read(raw: Path) -> FacilityPoints | None:
    """Return the facility points that were stored last, or None."""
    stored = max(snapshot.releases(raw, NAME), key=lambda s: s.fetched_at, default=None)
    if stored is None:
        return None
    file = stored.path(next(iter(stored.files)))
    return _tidy(read_places(file), file)


def locate(points: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> tuple[pd.Series, int]:
    """Tell in which region each point lies.

    Parameters
    ----------
    points : GeoDataFrame
        In EPSG:28992.
    places : GeoDataFrame
        Regions in EPSG:28992, indexed by region_code. Where neighbours overlap, as approximate
        boundaries do, the region in which the point lies deepest is taken.

    Returns
    -------
    (Series of str, int)
        region_code on the points' index, NaN outside every region; and how many points lay in
        more than one region.
    """
    # A point on the line between two regions lies in both, and in neither by "within".
    pairs = gpd.sjoin(points[["geometry"]], places[["geometry"]], predicate="intersects")
    pairs = pairs.rename(columns={places.index.name or "index_right": "region_code"})
    several = pairs.index[pairs.index.duplicated()].nunique()
    inside = places.geometry.loc[pairs["region_code"]].boundary.distance(
        pairs.geometry.set_axis(pairs["region_code"]), align=False
    )
    pairs = pairs.assign(depth=np.asarray(inside))
    pairs = pairs.sort_values(["depth", "region_code"], ascending=[False, True])
    first = pairs[~pairs.index.duplicated()]["region_code"]
    return first.reindex(points.index), several


def _tidy(places: gpd.GeoDataFrame, file: Path) -> FacilityPoints:
    if not places.geom_type.isin(["Point", "MultiPoint", "Polygon", "MultiPolygon"]).all():
        raise InputError(f"{file} heeft lijnen; voorzieningen zijn punten of vlakken.")
    kind = named_column(places, _KIND)
    if kind is None:
        columns = ", ".join(str(column) for column in places.columns if column != "geometry")
        raise InputError(
            f"{file} zegt niet welke soort voorziening elk punt is; noem die kolom 'soort' (de "
            f"kolommen zijn: {columns})."
        )
    identity, name = named_column(places, _IDENTITY), named_column(places, _LABEL)
    capacity = named_column(places, _CAPACITY)
    kinds = places[kind].astype("str").str.strip()
    tidy = gpd.GeoDataFrame(
        {
            "facility_id": (places[identity] if identity else places.index.to_series()).astype(
                "str"
            ),
            "kind": kinds.mask(places[kind].isna() | kinds.eq("")),
            "name": places[name].astype("str") if name else "",
            "capacity": pd.to_numeric(places[capacity], errors="coerce") if capacity else np.nan,
            "source": file.name,
            "region_code": _own_code(places),
        },
        # A park or a school ground counts once, somewhere inside it.
        geometry=places.geometry.representative_point(),
        crs=places.crs,
    )
    named = tidy[tidy["kind"].notna()]
    double = (
        named["facility_id"].notna() & named["facility_id"].duplicated()
        if identity
        else named.assign(at=named.geometry.to_wkb()).duplicated(["kind", "name", "at"])
    )
    return FacilityPoints(
        points=named[~double].reset_index(drop=True),
        label=file.name,
        doubles=int(double.sum()),
        without_kind=int(len(tidy) - len(named)),
    )


def _own_code(places: gpd.GeoDataFrame) -> pd.Series:
    """Return the wijk or buurt code that the file itself gives its points, where it does."""
    column = code_column(places, "buurt") or code_column(places, "wijk")
    if column is None:
        return pd.Series(np.nan, index=places.index, dtype="str")
    return places[column].str.strip()
