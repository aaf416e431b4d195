import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiPoint, Point, box

from analysis.sources import boundaries, facility_points, kerncijfers
from analysis.sources.errors import InputError
from analysis.sources.geofile import RD

X, Y = 155_000, 463_000


def at(*places) -> list[Point]:
    return [Point(X + east, Y + north) for east, north in places]


def frame(columns, shapes) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=RD)


def stored(tmp_path, places, name="scholen.gpkg"):
    file = tmp_path / name
    places.to_file(file)
    facility_points.store(tmp_path / "raw", file)
    return facility_points.read(tmp_path / "raw")


THREE = at((0, 0), (10, 0), (20, 0))


def test_points_get_the_columns_that_facilities_have(tmp_path):
    places = frame(
        {
            "Soort": [" basisschool ", "sporthal", "park"],
            "ID": ["a", "b", "c"],
            "naam": ["De Eik", None, "Bos"],
            "leerlingen": ["120", "onbekend", None],
        },
        THREE,
    )
    found = stored(tmp_path, places)
    assert found.points.columns.tolist() == [
        "facility_id",
        "kind",
        "name",
        "capacity",
        "source",
        "region_code",
        "geometry",
    ]
    assert found.points["kind"].tolist() == ["basisschool", "sporthal", "park"]
    assert found.points["facility_id"].tolist() == ["a", "b", "c"]
    assert found.points["capacity"].tolist()[0] == 120
    assert found.points["capacity"].isna().tolist() == [False, True, True]
    assert found.points["source"].unique().tolist() == ["scholen.gpkg"] == [found.label]
    assert found.points["region_code"].isna().all()
    assert found.points.crs == RD
    assert (found.doubles, found.without_kind) == (0, 0)


def test_degrees_become_metres(tmp_path):
    places = frame({"soort": ["school"] * 3}, THREE).to_crs("EPSG:4326")
    found = stored(tmp_path, places, "scholen.geojson")
    assert found.points.geometry.x.tolist() == pytest.approx([X, X + 10, X + 20], abs=0.01)


def test_a_repeated_id_counts_once_and_is_counted(tmp_path):
    places = frame({"soort": ["school"] * 3, "id": ["a", "b", "a"]}, THREE)
    found = stored(tmp_path, places)
    assert found.points["facility_id"].tolist() == ["a", "b"] and found.doubles == 1
    assert found.points.index.tolist() == [0, 1]


def test_rows_without_an_id_are_not_doubles_of_each_other(tmp_path):
    places = frame({"soort": ["school"] * 3, "id": [None, "b", None]}, THREE)
    found = stored(tmp_path, places)
    assert len(found.points) == 3 and found.doubles == 0


def test_without_ids_a_double_has_kind_name_and_place_alike(tmp_path):
    shapes = at((0, 0), (0, 0), (0, 0), (0, 0), (5, 0))
    places = frame({"soort": ["s", "s", "t", "s", "s"], "naam": ["n", "n", "n", "m", "n"]}, shapes)
    found = stored(tmp_path, places)
    assert len(found.points) == 4 and found.doubles == 1


def test_what_does_not_say_what_it_is_is_left_out_and_counted(tmp_path):
    found = stored(tmp_path, frame({"soort": ["school", None, "  "]}, THREE))
    assert len(found.points) == 1 and found.without_kind == 2


def test_areas_become_one_point_inside_them(tmp_path):
    # The middle of a U lies outside it.
    u = box(X, Y, X + 30, Y + 30).difference(box(X + 10, Y + 10, X + 20, Y + 30))
    found = stored(tmp_path, frame({"soort": ["park", "plein"]}, [u, MultiPoint(THREE)]))
    assert found.points.geom_type.eq("Point").all()
    assert u.contains(found.points.geometry[0]) and not u.contains(u.centroid)


def test_own_codes_are_kept(tmp_path):
    places = frame({"soort": ["school"] * 3, "buurt": ["BU90010101 "] * 3}, THREE)
    assert stored(tmp_path, places).points["region_code"].tolist() == ["BU90010101"] * 3


# Writing such a file is what the warning is about.
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize(
    ("places", "says"),
    [
        (frame({"naam": ["a"] * 3, "hoogte": [1] * 3}, THREE), "noem die kolom 'soort' .*naam, h"),
        (frame({"soort": [None] * 3}, THREE), "bij geen enkel punt welke soort"),
        (frame({"soort": ["pad"]}, [LineString(THREE)]), "heeft lijnen"),
        (frame({"soort": ["s"]}, [Point(2e6, 2e6)]), "buiten Nederland"),
        (frame({"soort": ["s"]}, THREE[:1]).set_crs(None, allow_override=True), "coördinaten"),
    ],
)
def test_a_file_that_cannot_serve_is_refused(tmp_path, places, says):
    with pytest.raises(InputError, match=says) as error:
        stored(tmp_path, places)
    assert "scholen.gpkg" in str(error.value) and "\n" not in str(error.value)
    assert not (tmp_path / "raw").exists()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="nergens.gpkg bestaat niet"):
        facility_points.store(tmp_path / "raw", tmp_path / "nergens.gpkg")


def test_the_points_brought_last_are_read(tmp_path):
    assert facility_points.read(tmp_path / "raw") is None
    one, two = frame({"soort": ["a"]}, THREE[:1]), frame({"soort": ["b"] * 2}, THREE[:2])
    assert len(stored(tmp_path, one, "een.gpkg").points) == 1
    assert len(stored(tmp_path, two, "twee.gpkg").points) == 2
    facility_points.store(tmp_path / "raw", tmp_path / "een.gpkg")
    assert facility_points.read(tmp_path / "raw").label == "een.gpkg"


# In which region


def regions(*shapes) -> gpd.GeoDataFrame:
    codes = [f"BU9001010{number}" for number in range(1, len(shapes) + 1)]
    index = pd.Index(codes, name="region_code")
    return gpd.GeoDataFrame(index=index, geometry=list(shapes), crs=RD)


def located(points, places):
    shapes = gpd.GeoDataFrame(geometry=points, crs=RD, index=range(7, 7 + len(points)))
    kept = shapes.copy()
    where, several = facility_points.locate(shapes, places)
    assert shapes.equals(kept) and where.index.equals(shapes.index)
    return where.tolist(), several


WEST, EAST = box(X, Y, X + 100, Y + 100), box(X + 100, Y, X + 200, Y + 100)


def test_points_lie_in_a_region_or_in_none():
    where, several = located(at((50, 50), (150, 50), (500, 50)), regions(WEST, EAST))
    assert where[:2] == ["BU90010101", "BU90010102"] and np.isnan(where[2])
    assert several == 0


def test_a_point_on_the_line_between_two_regions_is_in_one_of_them():
    where, several = located(at((100, 50)), regions(WEST, EAST))
    assert where == ["BU90010101"] and several == 1
    assert located(at((0, 50)), regions(WEST, EAST))[0] == ["BU90010101"]  # on the outside


def test_where_regions_overlap_a_point_is_where_it_lies_deepest():
    wide = box(X + 80, Y, X + 300, Y + 100)  # overlaps the west by 20 m
    # 85: 15 m deep in the west, 5 m in the east; 95: 5 m and 15 m
    where, several = located(at((85, 50), (95, 50)), regions(WEST, wide))
    assert where == ["BU90010101", "BU90010102"] and several == 2


def test_no_points_and_no_regions():
    assert located([], regions(WEST)) == ([], 0)
    where, several = located(at((50, 50)), regions(WEST).iloc[:0])
    assert np.isnan(where[0]) and several == 0


# Real points


@pytest.fixture(scope="module")
def real_raw_of_files(shared, tmp_path_factory):
    raw = tmp_path_factory.mktemp("files")
    data = shared / "data"
    facility_points.store(raw, data / "facilities" / "duo_schools_2024.geojson.zip")
    for name in ("wijken_2022_rd.gpkg", "buurten_2024_approx_rd.gpkg"):
        boundaries.store(raw, data / "boundaries" / name)
    return raw


def test_real_schools_of_2024(real_raw_of_files, real_release, shared):
    found = facility_points.read(real_raw_of_files)
    # 8,717 rows; 74 codes stand there more than once, in 95 rows too many
    assert (len(found.points), found.doubles, found.without_kind) == (8622, 95, 0)
    assert found.points["facility_id"].is_unique
    assert found.points["kind"].eq("basisschool").sum() == 6115
    file = shared / "data" / "facilities" / "duo_schools_2024.geojson.zip"
    told = gpd.read_file(file).drop_duplicates("vestigingscode")
    told = told.set_index("vestigingscode")["gemeente"]
    for gemeente, name, schools in (("GM0637", "ZOETERMEER", 56), ("GM0034", "ALMERE", 104)):
        for level in ("wijk", "buurt"):
            everywhere = kerncijfers.all_regions(real_release(2024), level, gemeente)
            drawn = boundaries.read(real_raw_of_files, level, gemeente, 2024, everywhere)
            where, _ = facility_points.locate(found.points, drawn.places)
            inside = found.points.loc[where.notna(), "facility_id"]
            assert len(inside) == schools and told[inside].eq(name).all()


def test_real_schools_of_2022_have_another_column_for_their_code(shared, tmp_path):
    facility_points.store(tmp_path, shared / "data" / "facilities" / "duo_schools_2022.geojson.zip")
    found = facility_points.read(tmp_path)
    assert (len(found.points), found.doubles) == (7793, 78)
    assert found.points["capacity"].isna().all()  # no pupils in that year
