"""Several sources of points together: which source tells of which kind, and where.

Two sources that both know the libraries of a gemeente do not give twice as many libraries. A source
that goes before another tells alone of the kinds that it has, in the area that it covers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from analysis.sources.geofile import RD

# A kind that says less than another: who tells of one tells of the other too.
GENERAL = {
    "school": ("primary_school", "secondary_school", "special_school"),
    "cafe_or_restaurant": ("cafe", "restaurant"),
}


@dataclass(frozen=True)
class Told:
    """The points of one source.

    Attributes
    ----------
    label : str
        What the source line says.
    points : GeoDataFrame
    """

    label: str
    points: gpd.GeoDataFrame


def together(
    sources: Iterable[Told], outline: shapely.Geometry | None = None
) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Put the points of sources together, each kind of a place from one source.

    Parameters
    ----------
    sources : iterable of Told
        The one that goes before the others first.
    outline : Geometry, optional
        A gemeente, in EPSG:28992: a source that has a kind within it tells of the whole of it. Of
        what lies outside, and where there is no outline, a source covers the convex hull of its
        points.

    Returns
    -------
    (GeoDataFrame, dict of str to int)
        The points that count, and by label of the source how many (within the outline, where there
        is one) were left out because another goes before it.
    """
    kept: list[gpd.GeoDataFrame] = []
    left_out: dict[str, int] = {}
    covering: list[tuple[frozenset[str], frozenset[str], shapely.Geometry]] = []
    for source in sources:
        points = source.points
        inside = within(points, outline)
        told = pd.Series(False, index=points.index)
        for kinds_here, kinds, hull in covering:
            around = points.intersects(hull)
            told |= inside & points["kind"].isin(kinds_here)
            told |= ~inside & around & points["kind"].isin(kinds)
        gone = int((told & inside if outline is not None else told).sum())
        if gone:
            left_out[source.label] = left_out.get(source.label, 0) + gone
        kept.append(points[~told])
        hull = shapely.convex_hull(shapely.multipoints(points.geometry.array))
        shapely.prepare(hull)
        covering.append((_tells(points["kind"][inside]), _tells(points["kind"]), hull))
    filled = [points for points in kept if len(points)]
    if not filled:
        return gpd.GeoDataFrame({"kind": []}, geometry=[], crs=RD), left_out
    return gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), crs=RD), left_out


def within(points: gpd.GeoDataFrame, outline: shapely.Geometry | None) -> pd.Series:
    """Tell which points lie in an outline or on its edge; none where there is no outline."""
    if outline is None:
        return pd.Series(False, index=points.index)
    shapely.prepare(outline)
    return points.intersects(outline)


def _tells(kinds: pd.Series) -> frozenset[str]:
    """Return the kinds of which a source tells: its own, and what says less or more than those."""
    own = set(kinds.dropna())
    for general, finer in GENERAL.items():
        if general in own:
            own |= set(finer)
        elif own & set(finer):
            own.add(general)
    return frozenset(own)
