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
            "m2_bvo": [None, "800", "75,5"],
        },
        THREE,
    )
    found = stored(tmp_path, places)
    assert {"facility_id", "kind", "name", "capacity", "m2", "source", "region_code"} <= set(
        found.points
    )
    assert found.points["kind"].tolist() == ["primary_school", "sports", "park"]
    assert found.kind_labels["sports"] == "Sportcomplex of sporthal"
    assert found.points["facility_id"].tolist() == ["a", "b", "c"]
    assert found.points["name"].tolist() == ["De Eik", "", "Bos"]
    # Pupils and floor space are two things.
    assert found.points["capacity"].tolist()[0] == 120
    assert found.points["capacity"].isna().tolist() == [False, True, True]
    assert found.points["m2"].tolist()[1:] == [800, 75.5] and np.isnan(found.points["m2"][0])
    assert any("'leerlingen' leeg gelaten" in remark for remark in found.remarks)
    assert found.points["source"].unique().tolist() == ["scholen.gpkg"]
    assert found.label == "eigen lijst scholen.gpkg" and found.own_lists == ("scholen.gpkg",)
    assert found.points["region_code"].isna().all()
    assert found.points.crs == RD
    assert found.doubles == 0 and found.unmatched.empty and not found.superseded


def test_degrees_become_metres(tmp_path):
    places = frame({"soort": ["school"] * 3}, THREE).to_crs("EPSG:4326")
    found = stored(tmp_path, places, "scholen.geojson")
    assert found.points.geometry.x.tolist() == pytest.approx([X, X + 10, X + 20], abs=0.01)


def test_another_projection_becomes_the_dutch_grid(tmp_path):
    places = frame({"soort": ["park"] * 2, "id": ["a", "b"]}, THREE[:2]).to_crs("EPSG:32631")
    at = stored(tmp_path, places).points.geometry
    assert [(p.x, p.y) for p in at] == [pytest.approx((X + e, Y), abs=0.01) for e in (0, 10)]


def test_a_repeated_id_counts_once_and_is_told(tmp_path):
    places = frame({"soort": ["school"] * 3, "id": ["a", "b", "a"]}, THREE)
    found = stored(tmp_path, places)
    assert found.points["facility_id"].tolist() == ["a", "b"]
    assert found.points.index.tolist() == [0, 1]
    assert found.unmatched[["row", "why"]].values.tolist() == [[3, "dubbel met rij 1"]]


def test_one_building_may_house_two_kinds(tmp_path):
    found = stored(tmp_path, frame({"soort": ["school", "kerk"], "id": ["a", "a"]}, THREE[:2]))
    assert len(found.points) == 2 and found.unmatched.empty


def test_rows_without_an_id_are_not_doubles_of_each_other(tmp_path):
    places = frame({"soort": ["school"] * 3, "id": [None, "b", None]}, THREE[:1] * 3)
    found = stored(tmp_path, places)
    assert len(found.points) == 3 and found.unmatched.empty


def test_without_ids_a_double_has_kind_name_and_place_alike(tmp_path):
    shapes = at((0, 0), (0, 0), (0, 0), (0, 0), (5, 0))
    kinds = ["kerk", "kerk", "park", "kerk", "kerk"]
    places = frame({"soort": kinds, "naam": ["n", "n", "n", "m", "n"]}, shapes)
    found = stored(tmp_path, places)
    assert len(found.points) == 4 and found.unmatched["row"].tolist() == [2]


def test_what_does_not_say_what_it_is_is_left_out_and_told(tmp_path):
    found = stored(tmp_path, frame({"soort": ["school", None, "  "]}, THREE))
    assert len(found.points) == 1
    assert found.unmatched["why"].tolist() == ["zegt niet welke soort"] * 2


def test_areas_become_one_point_inside_them(tmp_path):
    # The middle of a U lies outside it.
    u = box(X, Y, X + 30, Y + 30).difference(box(X + 10, Y + 10, X + 20, Y + 30))
    found = stored(tmp_path, frame({"soort": ["park", "markt"]}, [u, MultiPoint(THREE)]))
    assert found.points.geom_type.eq("Point").all()
    assert u.contains(found.points.geometry[0]) and not u.contains(u.centroid)


def test_own_codes_are_kept(tmp_path):
    places = frame({"soort": ["school"] * 3, "buurt": ["BU90010101 "] * 3, "id": list("abc")},
                   THREE)  # fmt: skip
    assert stored(tmp_path, places).points["region_code"].tolist() == ["BU90010101"] * 3


# Writing such a file is what the warning is about.
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize(
    ("places", "says"),
    [
        (frame({"naam": ["a"] * 3, "hoogte": [1] * 3}, THREE), "noem die kolom 'soort' .*naam, h"),
        (frame({"soort": [None] * 3}, THREE), "geen enkele rij die op de kaart kan"),
        (frame({"soort": ["park"]}, [LineString(THREE)]), "heeft lijnen"),
        (frame({"soort": ["park"]}, [Point(2e6, 2e6)]), "buiten Nederland"),
        (frame({"soort": ["park"]}, THREE[:1]).set_crs(None, allow_override=True), "coördinaten"),
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


def test_of_one_file_name_the_list_brought_last_counts(tmp_path):
    assert facility_points.read(tmp_path / "raw") is None
    one, two = frame({"soort": ["kerk"]}, THREE[:1]), frame({"soort": ["park"] * 2}, THREE[:2])
    two["naam"] = ["a", "b"]
    assert len(stored(tmp_path, one).points) == 1
    (tmp_path / "scholen.gpkg").unlink()
    assert stored(tmp_path, two).points["kind"].tolist() == ["park", "park"]


def test_of_two_lists_the_one_brought_last_goes_first_for_its_kinds(tmp_path):
    wide = at((0, 0), (100, 0), (0, 100), (100, 100))
    names = list("abcd")
    older = frame({"soort": ["kerk"] * 3 + ["park"], "naam": names}, wide)
    newer = frame({"soort": ["kerk"] * 4, "naam": names}, wide)
    stored(tmp_path, older, "oud.gpkg")
    found = stored(tmp_path, newer, "nieuw.gpkg")
    assert found.points["kind"].value_counts().to_dict() == {"place_of_worship": 4, "park": 1}
    assert found.superseded == {"eigen lijst oud.gpkg": 3}
    assert found.label == (
        "eigen lijst nieuw.gpkg; eigen lijst oud.gpkg; niet geteld omdat een andere bron voorgaat: "
        "3 uit eigen lijst oud.gpkg"
    )
    # Brought again, the older one is the one that was brought last.
    facility_points.store(tmp_path / "raw", tmp_path / "oud.gpkg")
    assert facility_points.read(tmp_path / "raw").superseded == {"eigen lijst nieuw.gpkg": 4}


def test_rows_that_were_not_placed_are_stored_with_the_list(tmp_path):
    file = tmp_path / "lijst.csv"
    file.write_text(f"soort;x;y\nkerk;{X};{Y}\nraadsel;{X};{Y}\n", encoding="utf-8")
    kept = facility_points.store(tmp_path / "raw", file)
    assert kept.rows == 1 and kept == facility_points.brought_last(tmp_path / "raw")
    assert facility_points.unmatched_rows(kept).to_dict("records") == [
        {"file": "lijst.csv", "row": 3, "says": "raadsel", "why": "soort 'raadsel' is niet bekend"}
    ]


def test_a_list_without_a_point_here_is_not_named_here(tmp_path):
    stored(tmp_path, frame({"soort": ["kerk", "?"]}, THREE[:2]), "hier.gpkg")
    stored(tmp_path, frame({"soort": ["park", "?"]}, at((9000, 0), (9000, 9))), "daar.gpkg")
    here = facility_points.read(tmp_path / "raw", box(X - 50, Y - 50, X + 50, Y + 50))
    assert here.label == "eigen lijst hier.gpkg" and here.own_lists == ("hier.gpkg",)
    assert here.unmatched["file"].tolist() == ["hier.gpkg"]
    # What lies elsewhere is still there for who walks over the border.
    assert sorted(here.points["kind"]) == ["park", "place_of_worship"]


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
    assert (len(found.points), found.doubles, found.left_out) == (8622, 95, {})
    assert found.points["facility_id"].is_unique
    assert found.points["kind"].eq("primary_school").sum() == 6115
    assert found.label == "DUO, duo_schools_2024.geojson.zip" and found.own_lists == ()
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
