"""The ground of public green that a list has outlines of: how large, and who lives near it."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

# Of the kinds with the domain green those where anybody may come: no allotments, no dog fields.
PUBLIC = ("park", "nature_reserve")
# Green this far outside a gemeente, in metres, still serves who live in it.
_AROUND = 1_000.0


@dataclass(frozen=True)
class Green:
    """Public green in and around a gemeente.

    Attributes
    ----------
    grounds : GeoSeries
        EPSG:28992; pieces that touch are one, and none covers another.
    undrawn : GeoDataFrame
        The places of public green inside the gemeente of which no outline is known.
    drawn : int
        The places with an outline that lie, at least for a part, inside the gemeente.
    """

    grounds: gpd.GeoSeries
    undrawn: gpd.GeoDataFrame
    drawn: int


def green_of(points: gpd.GeoDataFrame, gemeente: shapely.Geometry) -> Green | None:
    """Return the public green of a list in and around a gemeente.

    Parameters
    ----------
    points : GeoDataFrame
        EPSG:28992, with `kind`; `ground` where outlines are known.
    gemeente : Geometry
        Its outline, in EPSG:28992.

    Returns
    -------
    Green or None
        None where the list has no place of those kinds in the gemeente.
    """
    green = points[points["kind"].isin(PUBLIC)]
    ground = green["ground"] if "ground" in green else pd.Series(None, index=green.index)
    has = ground.notna()
    shapely.prepare(gemeente)
    drawn = gpd.GeoSeries(ground[has], crs=points.crs)
    drawn = drawn[drawn.intersects(gemeente.buffer(_AROUND))]
    undrawn = green[~has & green.intersects(gemeente)]
    inside = int(drawn.intersects(gemeente).sum())
    if not inside and undrawn.empty:
        return None
    pieces = shapely.get_parts(shapely.union_all(drawn.array)) if len(drawn) else []
    pieces = gpd.GeoSeries(pieces, crs=points.crs)
    return Green(pieces[pieces.geom_type.eq("Polygon")].reset_index(drop=True), undrawn, inside)


def area_within(grounds: gpd.GeoSeries, places: gpd.GeoDataFrame) -> pd.Series:
    """Return how many square metres of some grounds lie in each of some places.

    Parameters
    ----------
    grounds : GeoSeries
        EPSG:28992; none covers another.
    places : GeoDataFrame
        Regions in EPSG:28992.

    Returns
    -------
    Series of float
        On the index of `places`; 0 where none lies.
    """
    return _shared_area(grounds, places.geometry)


def share_near(
    grounds: gpd.GeoSeries, places: gpd.GeoDataFrame, metres: float, without: gpd.GeoSeries
) -> pd.Series:
    """Return which part of each place lies within some metres of some grounds.

    Parameters
    ----------
    grounds : GeoSeries
        EPSG:28992.
    places : GeoDataFrame
        Regions in EPSG:28992.
    metres : float
        As the crow flies, from the edge.
    without : GeoSeries
        Grounds where nobody lives; what they cover of a place does not count.

    Returns
    -------
    Series of float
        0 to 1, on the index of `places`; NaN where nothing of a place is left.
    """
    rest = places.geometry.area - _shared_area(without, places.geometry)
    around = shapely.union_all(grounds.buffer(metres).array) if len(grounds) else shapely.Point()
    lived = shapely.difference(around, shapely.union_all(without.array)) if len(without) else around
    near = gpd.GeoSeries(shapely.get_parts(lived), crs=places.crs)
    # Less than a square metre is what the borders of outlines leave over.
    return (_shared_area(near, places.geometry) / rest.where(rest > 1)).clip(0, 1)


def is_near(grounds: gpd.GeoSeries, places: pd.DataFrame, metres: float) -> pd.Series:
    """Tell which points lie within some metres of the edge of some grounds, or on them.

    Parameters
    ----------
    grounds : GeoSeries
        EPSG:28992.
    places : DataFrame
        `east` and `north` in metres.
    metres : float

    Returns
    -------
    Series of bool
        On the index of `places`.
    """
    at = shapely.points(places[["east", "north"]].to_numpy())
    near, _ = grounds.sindex.query(at, predicate="dwithin", distance=metres)
    return pd.Series(np.isin(np.arange(len(places)), near), index=places.index)


def _shared_area(grounds: gpd.GeoSeries, places: gpd.GeoSeries) -> pd.Series:
    where, which = grounds.sindex.query(places.array, predicate="intersects")
    shared = shapely.intersection(places.array[where], grounds.array[which])
    return pd.Series(
        np.bincount(where, weights=shapely.area(shared), minlength=len(places)), index=places.index
    )
