"""Several sources together: a kind of a place from one source, and the rest counted."""

import geopandas as gpd
from shapely.geometry import Point, box

from analysis.sources.facility_precedence import Told, together, within
from analysis.sources.geofile import RD

X, Y = 92_000, 452_000
TOWN = box(X, Y, X + 1000, Y + 1000)


def told(label, *facilities) -> Told:
    kinds = [kind for kind, _, _ in facilities]
    shapes = [Point(X + east, Y + north) for _, east, north in facilities]
    return Told(label, gpd.GeoDataFrame({"kind": kinds}, geometry=shapes, crs=RD))


OWN = told("eigen", ("library", 100, 100), ("library", 200, 100))


def kinds(points) -> dict[str, int]:
    return points["kind"].value_counts().to_dict()


def test_within_the_gemeente_the_first_source_tells_alone_of_its_kinds():
    # The library at 900, 900 lies outside the hull of the list, and in its gemeente.
    osm = told("osm", ("library", 900, 900), ("park", 900, 900), ("library", 5000, 5000))
    points, left = together([OWN, osm], TOWN)
    assert kinds(points) == {"library": 3, "park": 1} and left == {"osm": 1}
    assert len(points) == 4 and points.index.tolist() == [0, 1, 2, 3]
    assert points.crs == RD


def test_a_list_of_elsewhere_takes_nothing_away_here():
    here = box(X + 4000, Y + 4000, X + 6000, Y + 6000)
    wide = told("eigen", ("library", 0, 0), ("library", 9000, 0), ("library", 0, 9000))
    osm = told("osm", ("library", 4100, 4100))
    # It lies within the hull of a list that has no library in this gemeente.
    assert kinds(together([wide, osm], here)[0]) == {"library": 4}
    assert together([wide, osm], here)[1] == {}


def test_without_a_gemeente_a_list_covers_the_hull_of_its_points():
    own = told("eigen", ("library", 0, 0), ("library", 100, 0), ("park", 0, 100))
    osm = told("osm", ("library", 20, 20), ("library", 90, 90), ("cafe", 20, 20))
    points, left = together([own, osm])
    assert kinds(points) == {"library": 3, "park": 1, "cafe": 1} and left == {"osm": 1}


def test_a_school_of_an_unknown_kind_gives_way_to_schools_that_are_known():
    duo = told("duo", ("primary_school", 100, 100))
    osm = told("osm", ("school", 500, 500), ("secondary_school", 600, 600))
    points, left = together([duo, osm], TOWN)
    assert kinds(points) == {"primary_school": 1, "secondary_school": 1} and left == {"osm": 1}
    # And a list that says only "school" may mean any of them.
    points, left = together([osm, duo], TOWN)
    assert kinds(points) == {"school": 1, "secondary_school": 1} and left == {"duo": 1}


def test_three_sources_and_one_that_is_empty():
    osm = told("osm", ("library", 500, 500), ("primary_school", 10, 10), ("park", 1, 1))
    duo = told("duo", ("primary_school", 100, 100))
    points, left = together([OWN, duo, told("leeg"), osm], TOWN)
    assert kinds(points) == {"library": 2, "primary_school": 1, "park": 1} and left == {"osm": 2}
    assert together([])[0].empty and together([told("leeg")], TOWN)[1] == {}


def test_inputs_are_unchanged_and_an_edge_is_inside():
    before = OWN.points.copy()
    together([OWN, OWN], TOWN)
    assert OWN.points.equals(before)
    edge = told("rand", ("park", 0, 500), ("park", -1, 500)).points
    assert within(edge, TOWN).tolist() == [True, False]
    assert within(edge, None).tolist() == [False, False]
