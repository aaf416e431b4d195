"""From objects of OpenStreetMap to facilities: each once, and a complex instead of its parts."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.sources.facility_kinds import plain_word
from analysis.sources.geofile import RD, RD_BOUNDS

# Why objects are left out, in the words that are shown.
NO_KIND = "van een soort die niet in de tabel staat"
RULED_OUT = "niet openbaar, leeg of gesloten"
NO_PLACE = "zonder plaats"
ABROAD = "buiten Nederland"
DOUBLE = "dubbel"
PART = "deel van een sportcomplex of zwembad"
PARISH_HALL = "zaal van een kerk die er zelf staat"
# Fields and clubs belong to the complex on whose ground they lie, basins to their bath.
_PARTS = {"pitch": ("sports",), "sports": ("sports",), "swimming_pool": ("swimming_pool",)}
# A hall that stands this near to the church, in metres, is one of its rooms or its annexe.
_BESIDE = 50.0


@dataclass(frozen=True)
class OsmFacilities:
    """Facilities that volunteers mapped, and what was left out.

    Attributes
    ----------
    points : GeoDataFrame
        EPSG:28992; facility_id (type/number), kind, name ('' if unknown), capacity (NaN), source,
        region_code (NaN: OpenStreetMap does not know our regions), ground_m2 and
        ground (its area and its outline; NaN and None where not known), and what else a file
        tells of its points.
    label : str
        What the source line says.
    as_of : str
        Day of the data (2024-06-01), or '' where the file does not tell.
    left_out : dict of str to int
        Objects left out, by reason (in Dutch).
    loose_pitches : int
        Sports fields that stand in the list by themselves because they lie on no complex of which
        the outline is known.
    """

    points: gpd.GeoDataFrame
    label: str
    as_of: str
    left_out: dict[str, int]
    loose_pitches: int


def facilities(
    objects: gpd.GeoDataFrame, label: str, as_of: str, left_out: Mapping[str, int]
) -> OsmFacilities:
    """Make facilities of objects of which the kind is known.

    Parameters
    ----------
    objects : GeoDataFrame
        EPSG:28992; facility_id, kind, name, is_parish_hall, geometry (the outline of the ground
        where it is known, else a point), and other columns, which are kept.
    label, as_of : str
    left_out : mapping of str to int
        What was left out before.

    Returns
    -------
    OsmFacilities
        A facility stands somewhere inside its outline.
    """
    counts = dict(left_out)

    def without(which: pd.Series, reason: str) -> None:
        nonlocal objects
        if which.any():
            counts[reason] = counts.get(reason, 0) + int(which.sum())
        objects = objects[~which]

    objects = objects.reset_index(drop=True)
    without(objects["facility_id"].duplicated(), DOUBLE)
    west, south, east, north = RD_BOUNDS
    at = objects.geometry.representative_point()
    inside = at.x.between(west, east) & at.y.between(south, north)
    without(~inside, ABROAD)
    pairs = _on_ground_of(objects)
    what = objects[["kind"]].assign(name=objects["name"].map(plain_word).astype("str"))
    inner, outer = (what.loc[pairs[side]].reset_index(drop=True) for side in ("inner", "outer"))
    same = inner.eq(outer).all(axis="columns") & inner["name"].ne("")
    without(_among(objects, pairs["inner"][same]), DOUBLE)
    part = [one in _PARTS.get(of, ()) for of, one in zip(inner["kind"], outer["kind"], strict=True)]
    without(_among(objects, pairs["inner"][np.array(part, dtype=bool)]), PART)
    without(_beside_church(objects), PARISH_HALL)
    return OsmFacilities(
        points=_points(objects),
        label=label,
        as_of=as_of,
        left_out=counts,
        loose_pitches=int(objects["kind"].eq("pitch").sum()),
    )


def source_label(as_of: str) -> str:
    """Return how a source line names OpenStreetMap and the day (2024-06-01) of its data."""
    day = "-".join(reversed(as_of.split("-"))) if as_of else "onbekend"
    return f"OpenStreetMap-bijdragers (stand {day})"


def _among(objects: gpd.GeoDataFrame, labels: pd.Series) -> pd.Series:
    return pd.Series(objects.index.isin(labels), index=objects.index)


def _on_ground_of(objects: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return pairs of objects of which the inner one stands on the larger ground of the outer."""
    area = objects.geometry.area
    at = gpd.GeoDataFrame(geometry=objects.geometry.representative_point(), crs=RD)
    grounds = objects.loc[area > 0, ["geometry"]]
    pairs = gpd.sjoin(at, grounds, predicate="within").reset_index()
    pairs.columns = ["inner", "geometry", "outer"]
    inner, outer = area[pairs["inner"]].array, area[pairs["outer"]].array
    # Of two that are drawn exactly alike the first is the complex.
    larger = (inner < outer) | ((inner == outer) & (pairs["outer"] < pairs["inner"]))
    pairs = pairs[larger & (pairs["inner"] != pairs["outer"])]
    return pairs[["inner", "outer"]].reset_index(drop=True)


def _beside_church(objects: gpd.GeoDataFrame) -> pd.Series:
    halls = objects[objects["is_parish_hall"] & objects["kind"].ne("place_of_worship")]
    churches = objects[objects["kind"].eq("place_of_worship")]
    if halls.empty or churches.empty:
        return pd.Series(False, index=objects.index)
    near, _ = churches.sindex.query(halls.geometry, predicate="dwithin", distance=_BESIDE)
    return _among(objects, pd.Series(halls.index[np.unique(near)]))


def _points(objects: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    area = objects.geometry.area
    told = objects.drop(columns=["is_parish_hall", "geometry"]).assign(
        capacity=np.nan,
        source="OpenStreetMap",
        region_code=pd.Series(np.nan, index=objects.index, dtype="str"),
        ground_m2=area.where(area > 0),
        ground=objects.geometry.where(area > 0),
    )
    first = ["facility_id", "kind", "name", "capacity", "source", "region_code", "ground_m2",
             "ground"]  # fmt: skip
    order = [*first, *(column for column in told if column not in first)]
    points = gpd.GeoDataFrame(told[order], geometry=objects.geometry.representative_point(), crs=RD)
    return points.reset_index(drop=True)
