"""The ground of Voorbeeldstad: polygons of buurten and wijken without gaps, and points in them."""

import math
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon, box
from shapely.ops import linemerge, polygonize, unary_union

from voorbeeldstad import town

# Metres per degree at the town's latitude. A plain scaling and no map projection makes the
# coordinates: the bytes of the files then do not depend on the version of a projection library.
_METRES_NORTH = 111_266.0
_METRES_EAST = 111_320.0 * math.cos(math.radians(town.LATITUDE))
_WIGGLE, _WIGGLE_FROM = 0.09, 150.0


def pieces_on_ground(random: np.random.RandomState) -> tuple[list[Polygon], Polygon]:
    """Return the polygon of every piece, in metres and in the order of PIECES, and the lake."""
    land = _rounded_corners(Polygon([(town.UNIT * x, town.UNIT * y) for x, y in town.OUTLINE]))
    seeds = [Point(town.UNIT * piece.x, town.UNIT * piece.y) for piece in town.PIECES]
    cells = shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=land)
    borders = [cell.intersection(land).boundary for cell in cells.geoms]
    lake = box(*(town.UNIT * side for side in town.LAKE)).difference(land)
    lines = linemerge(unary_union([*borders, lake.boundary, land.boundary])).geoms
    shores = land.boundary.buffer(0.01)
    drawn = [
        line if shores.covers(line) or len(line.coords) > 2 else _wiggled(line, random)
        for line in sorted(lines, key=lambda line: [round(c) for xy in line.coords for c in xy])
    ]
    faces = list(polygonize(unary_union(drawn)))
    found = [next(face for face in faces if face.contains(seed)) for seed in seeds]
    water = max(
        (face for face in faces if not land.contains(face.representative_point())),
        key=lambda face: face.area,
    )
    return found, water


def on_the_globe(polygon: Polygon) -> Polygon:
    """Return a polygon in degrees, to six decimals, so that neighbours share their corners."""
    return shapely.transform(polygon, lambda metres: np.round(degrees(metres), 6))


def degrees(metres: np.ndarray) -> np.ndarray:
    """Return longitude and latitude of points given in metres from the town's middle."""
    return metres / (_METRES_EAST, _METRES_NORTH) + (town.LONGITUDE, town.LATITUDE)


def merged(polygons: Iterable[Polygon]) -> Polygon:
    """Return the union of neighbours, counter-clockwise as GeoJSON wants it."""
    return shapely.geometry.polygon.orient(unary_union(list(polygons)).normalize(), 1.0)


def hectares(polygons: list[Polygon]) -> np.ndarray:
    """Return the areas of polygons in degrees, measured in EPSG:28992."""
    return gpd.GeoSeries(polygons, crs=4326).to_crs(28992).area.to_numpy() / 10_000


def addresses(polygon: Polygon, count: int, random: np.random.RandomState) -> np.ndarray:
    """Return points inside a polygon, away from its border: where its people live."""
    inner = polygon.buffer(-40)
    west, south, east, north = inner.bounds
    found: list[tuple[float, float]] = []
    while len(found) < count:
        x = west + (east - west) * random.random_sample()
        y = south + (north - south) * random.random_sample()
        if inner.contains(Point(x, y)):
            found.append((x, y))
    return np.array(found)


def _rounded_corners(polygon: Polygon) -> Polygon:
    """Cut the corners off twice (Chaikin), which makes a shore of an outline."""
    corners = np.array(polygon.exterior.coords[:-1])
    for _ in range(2):
        following = np.roll(corners, -1, axis=0)
        near, far = 0.75 * corners + 0.25 * following, 0.25 * corners + 0.75 * following
        corners = np.stack([near, far], axis=1).reshape(-1, 2)
    return Polygon(corners)


def _wiggled(line: LineString, random: np.random.RandomState) -> LineString:
    """Bend a straight border a little, as streets and ditches do."""
    (x0, y0), (x1, y1) = line.coords
    if line.length < _WIGGLE_FROM:
        return line
    points = [(x0, y0)]
    for part in (0.25, 0.5, 0.75):
        aside = _WIGGLE * (2 * random.random_sample() - 1) * min(part, 1 - part) * 2
        points.append(
            (x0 + part * (x1 - x0) - aside * (y1 - y0), y0 + part * (y1 - y0) + aside * (x1 - x0))
        )
    return LineString([*points, (x1, y1)])
