"""From metres to the drawing: one scale for everything on a map, and lighter outlines."""

import math
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

WIDTH = 900.0
HEIGHT = 560.0
# What is smaller than this in the drawing cannot be seen.
_PIXEL = 0.6


class Frame:
    """The scale and place of a map in its drawing.

    Parameters
    ----------
    places : GeoSeries or GeoDataFrame
        Everything that has to be in view, projected in metres.
    """

    def __init__(self, places: gpd.GeoSeries | gpd.GeoDataFrame):
        west, south, east, north = places.total_bounds
        wide, high = max(east - west, 1.0), max(north - south, 1.0)
        self.scale = min((WIDTH - 8) / wide, HEIGHT / high)
        self.west = west - (WIDTH / self.scale - wide) / 2
        self.north = north
        self.height = high * self.scale + 8

    def at(self, x: float | np.ndarray, y: float | np.ndarray):
        """Return where a place in metres lies in the drawing."""
        return (x - self.west) * self.scale, (self.north - y) * self.scale + 4

    def paths(self, shapes: gpd.GeoSeries) -> pd.Series:
        """Return SVG paths, simplified as far as the eye cannot see.

        Neighbours that share their edges keep sharing them; shapes that overlap or gap are
        simplified one by one.
        """
        tolerance = _PIXEL / self.scale
        geometries = np.asarray(shapes.array, dtype=object)
        if hasattr(shapely, "coverage_simplify") and shapely.coverage_is_valid(geometries):
            lighter = shapely.coverage_simplify(geometries, tolerance)
        else:
            lighter = shapely.simplify(geometries, tolerance)
        return pd.Series([self._path(shape) for shape in lighter], index=shapes.index, dtype="str")

    def _path(self, shape) -> str:
        polygons = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
        rings = [r for polygon in polygons for r in (polygon.exterior, *polygon.interiors)]
        sizes = [shapely.Polygon(ring).area * self.scale**2 for ring in rings]
        # A region however small keeps its largest part.
        least = min(_PIXEL, max(sizes, default=0))
        return "".join(
            self._ring(ring) for ring, size in zip(rings, sizes, strict=True) if size >= least
        )

    def _ring(self, ring) -> str:
        """Return a ring as steps from corner to corner, in tenths of the drawing's unit."""
        xy = shapely.get_coordinates(ring)[:-1]
        x, y = self.at(xy[:, 0], xy[:, 1])
        tenths = np.rint(np.column_stack([x, y]) * 10).astype(int)
        steps = np.diff(tenths, axis=0)
        steps = steps[np.any(steps != 0, axis=1)]
        start = f"M{_tenth(tenths[0, 0])} {_tenth(tenths[0, 1])}"
        return start + "l" + " ".join(f"{_tenth(a)} {_tenth(b)}" for a, b in steps) + "z"

    def scale_bar(self) -> tuple[float, str]:
        """Return a round length in the drawing and what it is: 2 km, 500 m."""
        longest = WIDTH / self.scale / 5
        power = 10 ** math.floor(math.log10(longest))
        metres = power * max(digit for digit in (1, 2, 5) if digit * power <= longest)
        words = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
        return metres * self.scale, words.replace(".", ",")


def require_metres(frames: Iterable[gpd.GeoDataFrame | None]) -> None:
    """Refuse geometry in degrees or without a known projection.

    Raises
    ------
    ValueError
        Saying what to do.
    """
    for frame in frames:
        if frame is None:
            continue
        if frame.crs is None:
            raise ValueError("a map needs to know its projection: set the crs (EPSG:28992)")
        if frame.crs.is_geographic:
            raise ValueError(
                f"a map is drawn in metres, and {frame.crs.to_string()} is in degrees: project it "
                "to EPSG:28992 first"
            )


def _tenth(value: int) -> str:
    """Return tenths as a decimal number without what SVG does not need."""
    return f"{value / 10:.1f}".removesuffix(".0")
