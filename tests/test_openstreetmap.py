"""Facilities from OpenStreetMap: answers of Overpass, tables and maps made of them, the service."""

import json

import geopandas as gpd
import pandas as pd
import pytest
from overpass_server import overpass
from shapely.geometry import MultiPolygon, Point, box

from analysis.sources import openstreetmap, osm_facilities, osm_tables, overpass_answer, snapshot
from analysis.sources.catalogue import of_theme, read_catalogue
from analysis.sources.errors import InputError, ServiceError
from analysis.sources.facility_kinds import read_kinds
from analysis.sources.geofile import RD
from analysis.sources.overpass_query import query
from analysis.sources.transport import Patience

X, Y = 155_000, 463_000
AREA = gpd.GeoSeries([box(X, Y, X + 300, Y + 300)], crs=RD)
QUICK = Patience(connect=2, read=2, tries=3, pause=0.01)
POI_HEADER = ("osm_id,geometry,children,adults,elderly,total_pop,age_entropy_index,"
              "osm_category,category,subcategory,name\n")  # fmt: skip
PARK_ROW = '7,"POINT(155010 463010)",5,10,5,20,0.9,leisure,public,park,"Het Park"\n'


@pytest.fixture(scope="module")
def kinds(root):
    return read_kinds(root / "data" / "facility_kinds.csv")


def lonlat(x: float, y: float) -> dict[str, float]:
    (point,) = gpd.GeoSeries([Point(X + x, Y + y)], crs=RD).to_crs("EPSG:4326")
    return {"lat": point.y, "lon": point.x}


def square(x: float, y: float, side: float) -> list[dict]:
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return [lonlat(*corner) for corner in corners]


def node(number: int, x: float, y: float, **tags: str) -> dict:
    return {"type": "node", "id": number, **lonlat(x, y), "tags": tags}


def way(number: int, corners: list[dict], **tags: str) -> dict:
    return {"type": "way", "id": number, "geometry": corners, "tags": tags}


LIBRARY = node(1, 10, 20, amenity="library", name="Bieb")


def answered(elements: list, **more) -> bytes:
    about = {"timestamp_osm_base": "2024-06-01T12:00:00Z"}
    return json.dumps({"version": 0.6, "osm3s": about, **more, "elements": elements}).encode()


def written(tmp_path, content: bytes | str, name="antwoord.json"):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def found(tmp_path, kinds, *elements: dict):
    return overpass_answer.read_answer(written(tmp_path, answered(list(elements))), kinds)


def at(result) -> dict[str, tuple[int, int]]:
    points = result.points
    return {
        name: (round(x - X), round(y - Y))
        for name, x, y in zip(
            points["facility_id"], points.geometry.x, points.geometry.y, strict=True
        )
    }


def test_the_real_answer_within_its_wrapper(shared, kinds):
    file = shared / "data" / "facilities" / "overpass_green_amsterdam_2020.json"
    assert overpass_answer.is_answer(file)
    read = overpass_answer.read_answer(file, kinds)
    # 322 elements, of which 18 stand in two cells of the crawler and one has no public access.
    assert read.left_out == {osm_facilities.DOUBLE: 18, osm_facilities.RULED_OUT: 1}
    assert len(read.points) == 303 and set(read.points["kind"]) == {"park"}
    types = read.points["facility_id"].str.partition("/")[0].value_counts().to_dict()
    assert types == {"way": 292, "relation": 10, "node": 1}
    # Relations have bounds only; the outlines of the others give their ground.
    assert read.points["ground_m2"].notna().sum() == 292
    assert read.as_of == "" and read.label == "OpenStreetMap-bijdragers (stand onbekend)"
    assert read.points.crs == RD and read.points["capacity"].isna().all()
    assert read.points.geometry.x.between(105_000, 135_000).all()
    bos = read.points.set_index("name").loc["Amsterdamse Bos"]
    assert bos["ground_m2"] == pytest.approx(8.98e6, rel=1e-3)


def test_a_place_comes_from_whatever_the_answer_has(tmp_path, kinds):
    park = {"leisure": "park"}
    low, high = lonlat(0, 100), lonlat(20, 120)
    bounds = {"minlat": low["lat"], "minlon": low["lon"], "maxlat": high["lat"],
              "maxlon": high["lon"]}  # fmt: skip
    ring = [{"type": "node", "id": 50 + n, **place} for n, place in enumerate(square(0, 200, 40))]
    outer = {"type": "way", "ref": 80, "role": "outer", "geometry": square(100, 0, 60)}
    inner = {"type": "way", "ref": 81, "role": "inner", "geometry": square(110, 10, 20)}
    read = found(
        tmp_path,
        kinds,
        LIBRARY,
        {"type": "way", "id": 2, "center": lonlat(50, 60), "tags": park},
        {"type": "way", "id": 3, "bounds": bounds, "tags": park},
        {"type": "way", "id": 4, "nodes": [50, 51, 52, 53, 50], "tags": park},
        *ring,
        {"type": "relation", "id": 5, "members": [outer, inner], "tags": park},
        way(6, [lonlat(0, 300), lonlat(40, 300)], leisure="track"),
        {"type": "way", "id": 11, "geometry": [None, low, high], "bounds": bounds, "tags": park},
        {"type": "way", "id": 7, "tags": park},
        {"type": "way", "id": 8, "nodes": [50, 99], "tags": park},
        {"type": "node", "id": 9, "lat": "noord", "lon": 5, "tags": park},
        {"type": "relation", "id": 10, "members": [outer, {"type": "way", "ref": 82}], "tags": park,
         "center": lonlat(70, 70)},
        {"type": "count", "id": 0, "tags": {"total": "9"}},
    )  # fmt: skip
    places = at(read)
    assert places["node/1"] == (10, 20) and places["way/2"] == (50, 60)
    assert places["way/3"] == (10, 110) and places["way/4"] == (20, 220)
    assert places["way/11"] == (10, 110)  # its outline was cut off at the edge of the question
    assert places["way/6"] == (20, 300) and places["relation/10"] == (70, 70)
    grounds = read.points.set_index("facility_id")["ground_m2"]
    # 40 x 40; 60 x 60 - 20 x 20 (on the map's ellipsoid and back: to a few tenths).
    assert grounds["way/4"] == pytest.approx(1600, abs=1)
    assert grounds["relation/5"] == pytest.approx(3200, abs=1)
    assert grounds[["node/1", "way/2", "way/3", "way/6", "relation/10"]].isna().all()
    assert read.left_out == {osm_facilities.NO_PLACE: 3}
    assert read.as_of == "2024-06-01"
    assert read.label == "OpenStreetMap-bijdragers (stand 01-06-2024)"


def test_what_is_left_out_is_counted_by_reason(tmp_path, kinds):
    read = found(
        tmp_path,
        kinds,
        LIBRARY,
        LIBRARY,
        node(2, 0, 0, shop="vacant"),
        node(3, 0, 0, leisure="playground", access="private"),
        node(4, 0, 0, amenity="bench"),
        {"type": "node", "id": 5, **lonlat(0, 0)},
        {"type": "node", "id": 6, "lat": 52.37, "lon": -4.9, "tags": {"amenity": "cafe"}},
        {"type": "node", "id": 7, "lat": 4.9, "lon": 52.37, "tags": {"amenity": "cafe"}},
        {"type": "node", "id": 8, "lat": -52.16, "lon": -174.6, "tags": {"amenity": "cafe"}},
    )
    assert list(at(read)) == ["node/1"]
    assert read.left_out == {
        osm_facilities.NO_KIND: 1,
        osm_facilities.RULED_OUT: 2,
        osm_facilities.DOUBLE: 1,
        osm_facilities.ABROAD: 3,
    }


def test_an_object_told_in_parts_of_whole_is_one_with_its_outline(tmp_path, kinds):
    middle = {"type": "way", "id": 2, "center": lonlat(9, 9), "tags": {"leisure": "sports_centre"}}
    read = found(tmp_path, kinds, middle, way(2, square(0, 0, 100), leisure="sports_centre"))
    assert read.points["ground_m2"].tolist() == [pytest.approx(10_000, abs=5)]
    assert read.left_out == {osm_facilities.DOUBLE: 1}


def test_fields_and_clubs_are_part_of_the_complex_on_whose_ground_they_lie(tmp_path, kinds):
    read = found(
        tmp_path,
        kinds,
        way(1, square(0, 0, 200), leisure="sports_centre", name="Sportpark"),
        way(2, square(10, 10, 40), leisure="pitch"),
        node(3, 60, 60, leisure="pitch"),
        node(4, 70, 70, club="sport"),
        way(5, square(100, 100, 50), leisure="sports_centre", name="Hal"),
        node(6, 80, 80, amenity="cafe"),
        node(7, 400, 400, leisure="pitch"),
        node(8, 90, 90, leisure="swimming_pool", access="public"),
        {"type": "way", "id": 9, "center": lonlat(500, 0), "tags": {"leisure": "sports_centre"}},
        node(10, 500, 2, leisure="pitch"),
    )
    # Without the outline of way 9 its field cannot be told from one in the street: it is told.
    assert list(at(read)) == ["way/1", "node/6", "node/7", "node/8", "way/9", "node/10"]
    assert read.left_out == {osm_facilities.PART: 4} and read.loose_pitches == 2


def test_one_thing_drawn_twice_counts_once(tmp_path, kinds):
    read = found(
        tmp_path,
        kinds,
        way(1, square(0, 0, 100), leisure="park", name="Amstelpark"),
        node(2, 50, 40, leisure="park", name="Amstel Park"),
        node(3, 50, 40, leisure="playground", name="Amstelpark"),
        node(4, 50, 45, leisure="park"),
        way(5, square(300, 0, 50), leisure="park"),
        way(6, square(300, 0, 50), leisure="park"),
    )
    assert list(at(read)) == ["way/1", "node/3", "node/4", "way/5", "way/6"]
    assert read.left_out == {osm_facilities.DOUBLE: 1}


def test_two_outlines_of_one_complex_that_are_alike_leave_one(tmp_path, kinds):
    twice = [way(n, square(0, 0, 50), leisure="sports_centre") for n in (1, 2)]
    assert list(at(found(tmp_path, kinds, *twice))) == ["way/1"]


def test_the_hall_of_a_church_is_not_counted_beside_it(tmp_path, kinds):
    hall = {"amenity": "community_centre", "community_centre": "parish_hall"}
    read = found(
        tmp_path,
        kinds,
        way(1, square(0, 0, 30), amenity="place_of_worship", religion="christian"),
        node(2, 60, 10, **hall),
        node(3, 200, 200, **hall),
        node(4, 60, 12, amenity="community_centre"),
    )
    assert list(at(read)) == ["way/1", "node/3", "node/4"]
    assert read.points["kind"].tolist()[1] == "community_centre"
    assert read.left_out == {osm_facilities.PARISH_HALL: 1}


def test_several_answers_in_one_file_are_put_together(tmp_path, kinds):
    parts = [json.loads(answered([LIBRARY])), json.loads(answered([node(2, 0, 0, shop="books")]))]
    parts[0]["osm3s"]["timestamp_osm_base"] = "2023-01-31T00:00:00Z"
    for body in (parts, {"cells": {"a": parts[0], "b": parts[1]}}):
        file = written(tmp_path, json.dumps(body))
        assert overpass_answer.is_answer(file)
        read = overpass_answer.read_answer(file, kinds)
        assert list(at(read)) == ["node/1", "node/2"] and read.as_of == "2023-01-31"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (answered([LIBRARY], remark="runtime error: Query timed out"), "half antwoord.*kleiner"),
        (answered([LIBRARY], remark="runtime error: Query run out of memory"), "half antwoord"),
        (answered([LIBRARY])[:-20], "geen heel antwoord"),
        (answered([]), "geen enkele voorziening"),
        (answered([node(1, 0, 0, amenity="bench")]), "geen enkele voorziening"),
        (
            answered([{"type": "way", "id": 1, "tags": {"shop": "books"}}]),
            "geen enkele voorziening",
        ),
        (answered([node(1, 900_000, 0, shop="books")]), "geen enkele voorziening"),
        (answered([{"type": "node", "tags": {"amenity": "cafe"}}]), "geen nummer"),
        (answered(["een"]), "geen 'type'"),
        (b'{"elements": 3}', "geen lijst 'elements'"),
        (b"<html>", "geen heel antwoord"),
    ],
)
def test_a_file_that_is_no_whole_answer_is_refused(tmp_path, kinds, content, says):
    with pytest.raises(InputError, match=says) as error:
        overpass_answer.read_answer(written(tmp_path, content), kinds)
    assert "antwoord.json" in str(error.value)


def test_a_remark_that_is_no_fault_is_no_reason_to_refuse(tmp_path, kinds):
    file = written(tmp_path, answered([LIBRARY], remark="considered 3 areas"))
    assert len(overpass_answer.read_answer(file, kinds).points) == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (answered([LIBRARY]), True),
        (b"\xef\xbb\xbf" + answered([LIBRARY]), True),
        (answered([LIBRARY])[:-20], True),
        (answered([]), True),
        (answered([way(1, square(0, 0, 9), highway="footway"), LIBRARY]), True),
        (answered([way(n, square(0, 0, 9), highway="path") for n in (1, 2, 3)]), False),
        (b'{"type": "FeatureCollection", "features": [], "elements": []}', False),
        (b'{"elements": [{"type": "screw"}]}', False),
        (b"elements", False),
        (b"", False),
    ],
)
def test_an_answer_is_known_by_its_content(tmp_path, content, expected):
    assert overpass_answer.is_answer(written(tmp_path, content, "x.txt")) is expected
    assert not overpass_answer.is_answer(tmp_path / "weg.json")


def test_the_real_points_of_amsterdam(shared, kinds):
    file = shared / "data" / "facilities" / "osm_pois_amsterdam_population_5min.csv"
    assert osm_tables.is_pois(file) and not overpass_answer.is_answer(file)
    read = osm_tables.read_pois(file, kinds)
    # Vacant 13, wholesale 2, storage 3, pick-up point 1, university library 1.
    assert read.left_out == {"bankje": 1846, "plein": 57, "zonder categorie": 204,
                             osm_facilities.RULED_OUT: 20}  # fmt: skip
    assert len(read.points) == 10_205 - 1846 - 57 - 204 - 20
    number = read.points["kind"].value_counts()
    assert number[["library", "supermarket", "playground", "community_centre"]].tolist() == [
        25, 247, 667, 49,
    ]  # fmt: skip
    assert number["cafe"] == 585 + 389  # cafe and pub
    park = read.points.set_index("facility_id").loc["osm/1043467"]
    assert park["name"] == "Bella Vistapark"
    assert park[["children", "adults", "elderly", "total_pop"]].tolist() == [175, 1510, 35, 1720]
    assert park.geometry.equals_exact(Point(122947.90890224007, 483465.39048405294), 1e-9)
    assert (read.points["name"] != "NULL").all()


def test_points_in_another_layout_are_read_alike(tmp_path, kinds):
    text = POI_HEADER + PARK_ROW
    expected = osm_tables.read_pois(written(tmp_path, text, "a.csv"), kinds).points
    other = written(tmp_path, "\ufeff" + text.replace(",", ";").replace("0.9", "0,9"), "b.csv")
    assert osm_tables.is_pois(other)
    pd.testing.assert_frame_equal(osm_tables.read_pois(other, kinds).points, expected)
    place = lonlat(10, 10)
    degrees = text.replace("155010 463010", f"{place['lon']} {place['lat']}")
    there = osm_tables.read_pois(written(tmp_path, degrees, "c.csv"), kinds).points
    assert there.geometry.distance(expected.geometry).max() < 0.01
    bare = "geometry,category,subcategory\nPOINT(155010 463010),groen,Parken\n"
    (point,) = osm_tables.read_pois(written(tmp_path, bare, "d.csv"), kinds).points.itertuples()
    assert (point.kind, point.facility_id, point.name) == ("park", "rij/1", "")


def test_rows_of_points_that_cannot_be_used_are_counted(tmp_path, kinds):
    rows = [
        PARK_ROW,
        PARK_ROW,
        PARK_ROW.replace("7,", "8,", 1).replace("POINT(155010 463010)", ""),
        PARK_ROW.replace("7,", "9,", 1).replace("155010", "955010"),
        PARK_ROW.replace("7,", "10,", 1).replace("park", "bench"),
        PARK_ROW.replace("7,", "11,", 1).replace("public", "NULL"),
        PARK_ROW.replace("7,", "12,", 1).replace("park", "slipway"),
    ]
    read = osm_tables.read_pois(written(tmp_path, POI_HEADER + "".join(rows), "p.csv"), kinds)
    assert read.points["facility_id"].tolist() == ["osm/7"]
    assert read.left_out == {
        osm_facilities.DOUBLE: 1,
        osm_facilities.NO_PLACE: 1,
        osm_facilities.ABROAD: 1,
        osm_tables.BENCH: 1,
        osm_tables.NO_CATEGORY: 1,
        osm_facilities.NO_KIND: 1,
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (POI_HEADER + PARK_ROW.replace(",5,10", ",vijf,10"), "'children' iets dat geen aantal is"),
        (POI_HEADER + PARK_ROW.replace(",5,10", ",-5,10"), "'children' iets dat geen aantal is"),
        (POI_HEADER + PARK_ROW.replace("POINT(155010 463010)", "daar"), "geen enkele plaats"),
        (
            POI_HEADER + PARK_ROW + PARK_ROW.replace("POINT(155010 463010)", "POINT(ergens)"),
            "gegevensregel 2 heeft in kolom 'geometry' iets dat geen plaats is",
        ),
        (
            POI_HEADER.replace("name", "name,jaar")
            + PARK_ROW.replace("\n", ",2019\n")
            + PARK_ROW.replace("\n", ",2020\n"),
            "jaren door elkaar",
        ),
        (POI_HEADER + PARK_ROW.replace("park,", "bench,"), "geen enkele voorziening"),
        (POI_HEADER + PARK_ROW.replace("155010", "955010"), "in Nederland geen enkele"),
        (POI_HEADER.replace("adults", "children") + PARK_ROW, "'children' meer dan één keer"),
        (POI_HEADER + PARK_ROW.strip()[:-5], "houdt midden in een regel op"),
    ],
)
def test_points_that_are_wrong_are_refused(tmp_path, kinds, text, says):
    file = written(tmp_path, text, "p.csv")
    assert osm_tables.is_pois(file)
    with pytest.raises(InputError, match=says) as error:
        osm_tables.read_pois(file, kinds)
    assert "p.csv" in str(error.value)


def test_other_tables_are_no_points(tmp_path):
    for text in ("soort,x,y\npark,1,2\n", "", "geometry,category\nPOINT(1 2),park\n"):
        assert not osm_tables.is_pois(written(tmp_path, text, "t.csv"))
    assert not osm_tables.is_pois(tmp_path / "weg.csv")


def test_the_real_leisure_points_of_delft(shared, kinds):
    file = shared / "data" / "network" / "delft-leisure.shp"
    assert osm_tables.is_tagged(file)
    assert not osm_tables.is_tagged(shared / "data" / "network" / "delft-streets.shp")
    read = osm_tables.read_tagged(file, kinds)
    assert read.points["kind"].value_counts().to_dict() == {
        "playground": 113,
        "pitch": 21,  # and the track
        "sports": 19,  # 17 centres, a hall, a riding school
        "fitness_centre": 12,
        "dog_park": 8,
        "outdoor_fitness": 6,
    }
    assert sum(read.left_out.values()) + len(read.points) == 298 and read.loose_pitches == 21


def test_a_map_with_keys_of_openstreetmap(tmp_path, kinds):
    table = {
        "@id": ["way/4", "node/5", "w6"],
        "Leisure": ["sports_centre", "pitch", "park"],
        "access": [None, None, "private"],
    }
    shapes = [box(X, Y, X + 50, Y + 50), Point(X + 5, Y + 5), Point(X, Y)]
    file = tmp_path / "plek.geojson"
    gpd.GeoDataFrame(table, geometry=shapes, crs=RD).to_crs("EPSG:4326").to_file(file)
    assert osm_tables.is_tagged(file)
    read = osm_tables.read_tagged(file, kinds)
    assert read.points["facility_id"].tolist() == ["way/4"]
    assert read.left_out == {osm_facilities.RULED_OUT: 1, osm_facilities.PART: 1}
    own = gpd.GeoDataFrame({"soort": ["park"], "leisure": ["park"]}, geometry=[Point(X, Y)], crs=RD)
    own.to_file(tmp_path / "eigen.gpkg")
    assert not osm_tables.is_tagged(tmp_path / "eigen.gpkg")


def test_the_question_asks_every_kind_around_the_area(kinds):
    asked = query(kinds, AREA, margin=1000)
    assert asked.startswith("[out:json][timeout:180];") and "out center tags;" in asked
    for tags in (
        '["shop"](poly:',
        "|library|",
        '["leisure"~"(^|;) *(garden) *(;|$)"]["garden:type"',
    ):
        assert tags in asked
    assert asked.count('["shop"]') == 1  # supermarkets are shops: not asked twice
    assert '"isced:level"' not in asked  # schools are asked already
    outline = [float(one) for one in asked.partition('poly:"')[2].partition('"')[0].split()]
    corners = gpd.GeoSeries(
        gpd.points_from_xy(outline[1::2], outline[::2]), crs="EPSG:4326"
    ).to_crs(RD)
    west, south, east, north = corners.total_bounds
    # At least 1,000 metres around, and at most 100 more for the coarser outline.
    assert 1000 <= X - west <= 1105 and 1000 <= north - (Y + 300) <= 1105
    assert 1000 <= Y - south <= 1105 and 1000 <= east - (X + 300) <= 1105


def test_an_area_of_several_parts_is_asked_part_by_part(kinds):
    parts = gpd.GeoSeries(
        [MultiPolygon([box(X, Y, X + 9, Y + 9), box(X, Y + 9e3, X + 9, Y + 9010)])]
    )
    one, two = query(kinds, AREA), query(kinds, parts.set_crs(RD))
    assert two.count("nwr") == 2 * one.count("nwr")
    with pytest.raises(InputError, match="geen coördinatenstelsel"):
        query(kinds, parts)
    with pytest.raises(InputError, match="is leeg"):
        query(kinds, gpd.GeoSeries([], crs=RD))


def pulled(raw, kinds, address, root, name="GM9001"):
    catalogue = read_catalogue(root / "data" / "catalogue.csv")
    (row,) = of_theme(catalogue, "voorzieningen")
    ours = (type(row)(**{**vars(row), "address": address}),)
    return openstreetmap.pull(raw, ours, kinds, AREA, name, patience=QUICK)


def test_the_service_is_asked_until_it_has_time(tmp_path, kinds, root, shared):
    file = shared / "data" / "facilities" / "overpass_green_amsterdam_2020.json"
    replies = ((429, b"<html>"), (504, b""), (200, file.read_bytes()))
    with overpass(*replies) as (address, asked):
        kept = pulled(tmp_path, kinds, address, root)
    assert len(asked) == 3 and {path for path, _ in asked} == {"/api/interpreter"}
    assert all(form == {"data": [query(kinds, AREA)]} for _, form in asked)
    assert kept.rows == 303 and list(kept.files) == ["overpass_GM9001.json"]
    assert kept.path("overpass_GM9001.json").read_bytes() == file.read_bytes()
    assert kept.notes["area"] == "GM9001" and kept.notes["query"] == query(kinds, AREA)
    read = openstreetmap.read(tmp_path, kinds)
    assert len(read.points) == 303 and read.points["source"].eq("OpenStreetMap").all()


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ((429, b"<html>"), r"storing \(status 429\), ook na 3 pogingen"),
        ((504, b"<html>"), r"storing \(status 504\), ook na 3"),
        ((400, b"<html>"), "weigert de vraag .status 400.*--from"),
        ((200, b"<html>Even geduld</html>"), "geeft een webpagina"),
        ((200, b""), "geeft een leeg antwoord"),
        ((200, answered([LIBRARY])[:-20] + b"CUT"), "geeft een half antwoord"),
        ((200, answered([LIBRARY])[:-20]), "geeft een half antwoord"),
        ((200, answered([LIBRARY])[:-3] + b"}"), "geen heel antwoord.*niets bewaard"),
        ((200, answered([LIBRARY], remark="runtime error: Query timed out in \"query\"")),
         "brak het zoeken af.*kleiner gebied.*niets bewaard"),
        ((200, answered([LIBRARY], remark="runtime error: out of memory")), "brak het zoeken af"),
        ((200, answered([])), "geen enkele voorziening.*niets bewaard"),
        ((200, b'{"elements": null}'), "geen lijst 'elements'"),
    ],
)  # fmt: skip
def test_faults_of_the_service_are_told_and_nothing_is_kept(tmp_path, kinds, root, reply, says):
    with overpass(reply) as (address, _), pytest.raises(ServiceError, match=says) as error:
        pulled(tmp_path, kinds, address, root)
    assert "127.0.0.1" in str(error.value) and not list(tmp_path.rglob("*"))


def test_without_an_address_nothing_is_asked(tmp_path, kinds, root):
    with pytest.raises(InputError, match="'overpass' is geen adres"):
        pulled(tmp_path, kinds, "overpass", root)
    with pytest.raises(InputError, match="geen adres voor het thema 'voorzieningen'"):
        openstreetmap.pull(tmp_path, (), kinds, AREA, "GM9001")


def test_of_each_area_the_newest_answer_counts(tmp_path, kinds, root):
    other = node(2, 5000, 0, amenity="cafe")
    replies = (
        (200, answered([LIBRARY, node(3, 9, 9, shop="books")])),
        (200, answered([LIBRARY])),
        (200, answered([LIBRARY, other])),
    )
    with overpass(*replies) as (address, _):
        for name in ("GM9001", "GM9001", "GM9002"):
            pulled(tmp_path, kinds, address, root, name)
    read = openstreetmap.read(tmp_path, kinds)
    assert sorted(at(read)) == ["node/1", "node/2"] and read.as_of == "2024-06-01"
    assert openstreetmap.read(tmp_path / "leeg", kinds) is None


def test_a_newer_file_of_another_form_tells_of_its_kinds(tmp_path, kinds):
    rows = [PARK_ROW.replace("155010 463010", f"{X + x} {Y + y}").replace("7,", f"{n},", 1)
            for n, (x, y) in enumerate([(0, 0), (90, 0), (0, 90), (5000, 0)])]  # fmt: skip
    shop = PARK_ROW.replace("7,", "8,", 1).replace("leisure,public,park", "shop,food,bakery")
    older = written(tmp_path, POI_HEADER + "".join(rows[3:] + [rows[0], shop]), "punten.csv")
    parks = [node(n, x, y, leisure="park") for n, (x, y) in enumerate([(-9, -9), (99, 0), (0, 99)])]
    newer = written(tmp_path, answered(parks), "groen.json")
    for file in (older, newer):
        assert openstreetmap.is_openstreetmap(file)
        openstreetmap.store(tmp_path / "raw", file, kinds)
    read = openstreetmap.read(tmp_path / "raw", kinds)
    # The park at the corner is one of the newer file's; the bakery and the far park are not in it.
    assert sorted(at(read)) == ["node/0", "node/1", "node/2", "osm/3", "osm/8"]
    assert read.left_out == {openstreetmap.OLDER: 1}
    assert read.points["children"].notna().sum() == 2 and read.points.crs == RD


def test_any_form_is_stored_and_read_again(tmp_path, kinds, shared):
    folder = shared / "data"
    for file, rows in (
        (folder / "facilities" / "osm_pois_amsterdam_population_5min.csv", 8078),
        (folder / "network" / "delft-leisure.shp", 179),
    ):
        raw = tmp_path / file.stem
        kept = openstreetmap.store(raw, file, kinds)
        assert kept.rows == rows and len(openstreetmap.read(raw, kinds).points) == rows
    assert len(snapshot.releases(raw, openstreetmap.NAME)) == 1


def test_what_is_not_of_openstreetmap_is_not_stored(tmp_path, kinds):
    with pytest.raises(InputError, match="bestaat niet"):
        openstreetmap.store(tmp_path / "raw", tmp_path / "weg.json", kinds)
    file = written(tmp_path, "soort;naam\npark;Het Park\n", "lijst.csv")
    with pytest.raises(InputError, match="geen antwoord van Overpass.*kolom 'soort'"):
        openstreetmap.store(tmp_path / "raw", file, kinds)
    assert not (tmp_path / "raw").exists()
