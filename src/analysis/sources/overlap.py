"""How two divisions of the same land overlap: measured in EPSG:28992, never in degrees."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.sources.errors import InputError
from analysis.sources.geofile import RD

# Coordinates that small are degrees, whatever the file says of them.
_DEGREES = 360


def overlaps(
    first: gpd.GeoDataFrame, second: gpd.GeoDataFrame, *, skip_twins: bool = False
) -> pd.DataFrame:
    """Return every pair of regions that share ground, and how much.

    Parameters
    ----------
    first, second : GeoDataFrame
        Regions indexed by code, with a coordinate system; other systems are brought to
        EPSG:28992 before anything is measured. Codes that stand there more than once (parts of
        one region) are put together.
    skip_twins : bool
        For two divisions of one kind: a region that is drawn identically in both is paired with
        itself only. What else lies over it is a fault in one of the drawings.

    Returns
    -------
    DataFrame
        One row per pair: from_code, to_code, area_km2 (> 0), share_from and share_to (the shared
        ground as a share of either region, in (0, 1]) and `overlap` (the smaller of the two).

    Raises
    ------
    InputError
        When a frame has no coordinate system, has coordinates in degrees under another name, or
        has something that is no polygon.
    """
    first, second = _in_rd(first, "eerste"), _in_rd(second, "tweede")
    one, other = first.geometry.to_numpy(), second.geometry.to_numpy()
    at, to = shapely.STRtree(other).query(one, predicate="intersects")
    same = shapely.equals_identical(one[at], other[to])
    asked = ~same
    if skip_twins:
        asked &= ~(np.isin(at, at[same]) | np.isin(to, to[same]))
    # Most pairs are neighbours that only touch, which is sooner seen than measured.
    asked[asked] = ~shapely.touches(one[at[asked]], other[to[asked]])
    shared = np.where(same, shapely.area(one[at]), 0.0)
    shared[asked] = shapely.area(shapely.intersection(one[at[asked]], other[to[asked]]))
    pairs = pd.DataFrame(
        {
            "from_code": first.index.to_numpy()[at],
            "to_code": second.index.to_numpy()[to],
            "area_km2": shared / 1e6,
            "share_from": np.minimum(shared / shapely.area(one)[at], 1.0),
            "share_to": np.minimum(shared / shapely.area(other)[to], 1.0),
        }
    )
    pairs["overlap"] = pairs[["share_from", "share_to"]].min(axis=1)
    return pairs[pairs["area_km2"] > 0].reset_index(drop=True)


def _in_rd(places: gpd.GeoDataFrame, which: str) -> gpd.GeoDataFrame:
    if places.crs is None:
        raise InputError(
            f"De {which} grenzen zeggen niet in welk coördinatenstelsel ze staan; sla ze op met "
            "EPSG:28992 (RD)."
        )
    places = places[~(places.geometry.isna() | places.geometry.is_empty)].to_crs(RD)
    if len(places) and np.abs(places.total_bounds).max() <= _DEGREES:
        raise InputError(
            f"De {which} grenzen staan in graden, maar zeggen dat ze in RD staan; sla ze op met "
            "het goede coördinatenstelsel (EPSG:4326)."
        )
    if not places.geom_type.isin(["Polygon", "MultiPolygon", "GeometryCollection"]).all():
        raise InputError(f"De {which} grenzen hebben iets dat geen vlak is; geef vlakken.")
    sound = places.set_geometry(shapely.make_valid(places.geometry.to_numpy()))
    sound = sound[[sound.geometry.name]]
    if sound.index.has_duplicates:
        sound = sound.dissolve(level=0)
    return sound[sound.area > 0]
