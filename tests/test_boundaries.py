import sqlite3
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, Polygon, box

from analysis.sources import boundaries, kerncijfers, snapshot
from analysis.sources.errors import InputError
from analysis.sources.geofile import RD, code_column, named_column, read_places

# Four squares of one km2 near Amersfoort, where the Dutch grid has its origin.
X, Y = 155_000, 463_000
CODES = ["BU90010101", "BU90010102", "BU90010103", "BU9001AC04"]


def squares(codes=CODES, side=1000, names=None, column="buurtcode") -> gpd.GeoDataFrame:
    shapes = [box(X + i * side, Y, X + (i + 1) * side, Y + side) for i in range(len(codes))]
    columns = {column: codes} | ({"buurtnaam": names} if names else {})
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=RD)


def regions(codes=CODES, km2=1.0, changed="1", names=None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "gm_code": "GM9001",
            "region_name": names or ["Een", "Twee", "Drie", "Vier"][: len(codes)],
            "boundary_change": changed,
            "inhabitants": 1000.0,
            "land_area_km2": km2,
            "area_km2": km2,
        },
        index=pd.Index(codes, name="region_code"),
    )


def stored(tmp_path, places, name="buurten_2022.gpkg"):
    file = tmp_path / name
    places.to_file(file)
    return boundaries.store(tmp_path / "raw", file)


def read(tmp_path, table, year=2022, level="buurt"):
    return boundaries.read(tmp_path / "raw", level, "GM9001", year, table)


# Storing


@pytest.mark.parametrize("name", ["buurten_2022.gpkg", "buurten_2022.geojson"])
def test_a_file_is_kept_as_it_is_with_level_year_and_gemeenten(tmp_path, name):
    kept = stored(tmp_path, squares().to_crs("EPSG:4326"), name)
    assert kept.path(name).read_bytes() == (tmp_path / name).read_bytes()
    assert kept.rows == 4
    assert {key: kept.notes[key] for key in ("level", "year", "gemeenten")} == {
        "level": "buurt",
        "year": "2022",
        "gemeenten": "GM9001",
    }


def test_geographic_coordinates_are_projected(tmp_path):
    stored(tmp_path, squares().to_crs("EPSG:4326"), "buurten_2022.geojson")
    found = read(tmp_path, regions())
    assert found.places.crs == RD
    # A degree has not the length of a metre: a square kilometre is one again.
    assert found.places.area.to_numpy() == pytest.approx([1e6] * 4, rel=1e-4)
    assert found.label == "buurten_2022.geojson (jaar 2022)"


def test_codes_are_seen_by_their_shape_whatever_their_column(tmp_path):
    places = squares([code.ljust(12) for code in CODES], column="Gebied").assign(WK="WK900101")
    assert stored(tmp_path, places).notes["level"] == "buurt"
    assert read(tmp_path, regions()).places.index.tolist() == CODES


def test_the_map_of_cbs_has_a_layer_per_level(tmp_path):
    file = tmp_path / "WijkBuurtkaart_2022_v3.gpkg"
    squares(["GM9001"], column="gemeentecode").to_file(file, layer="gemeenten")
    squares(["WK900101", "WK9001AC"], column="wijkcode").to_file(file, layer="wijken")
    squares().assign(wijkcode="WK900101").to_file(file, layer="buurten")
    kept = boundaries.store(tmp_path / "raw", file)
    assert kept.notes["level"] == "buurten, gemeenten en wijk" and kept.rows == 7
    assert len(read(tmp_path, regions()).places) == 4
    wijken = regions(["WK900101", "WK9001AC"])
    assert len(read(tmp_path, wijken, level="wijk").places) == 2
    with pytest.raises(InputError, match="meer dan één laag .gemeenten, wijken, buurten."):
        read_places(file)


# Writing such a file is what the warning is about.
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize(
    ("places", "says"),
    [
        (squares().set_crs(None, allow_override=True), "niet in welk coördinatenstelsel"),
        (squares().set_geometry([Point(X, Y)] * 4, crs=RD), "geen vlakken, maar Point"),
        (squares(["a", "b", "c", "d"]), "geen kolom met wijkcodes"),
        (squares(["GM9001"] * 4), "geen kolom met wijkcodes"),
        (squares().translate(2e6).to_frame("geometry").assign(c=CODES), "buiten Nederland"),
        (squares().set_geometry([Polygon()] * 4, crs=RD), "geen plaatsen met een geometrie"),
        (squares().iloc[:0], "geen plaatsen met een geometrie"),
    ],
)
def test_a_file_that_cannot_serve_is_refused(tmp_path, places, says):
    with pytest.raises(InputError, match=says) as error:
        stored(tmp_path, places)
    assert "buurten_2022.gpkg" in str(error.value) and "\n" not in str(error.value)
    assert not (tmp_path / "raw").exists()


def test_rd_coordinates_without_saying_so_are_outside_the_country(tmp_path):
    # geojson is in degrees by definition; people write metres in it.
    file = tmp_path / "buurten_2022.geojson"
    squares().set_crs("EPSG:4326", allow_override=True).to_file(file)
    with pytest.raises(InputError, match="buiten Nederland; kijk of het coördinatenstelsel"):
        boundaries.store(tmp_path / "raw", file)


@pytest.mark.parametrize("content", [b"", b"geen kaart", b"PK\x03\x04", b'{"type": "Feature'])
@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.geojson.zip"])
def test_a_file_that_is_no_map_is_refused(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(InputError, match="kan niet worden gelezen als kaartbestand") as error:
        boundaries.store(tmp_path / "raw", file)
    assert name in str(error.value) and "\n" not in str(error.value)


def test_a_table_without_places_is_refused(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("buurtcode\nBU90010101\n", encoding="utf-8")
    with pytest.raises(InputError, match="geen plaatsen met een geometrie"):
        boundaries.store(tmp_path / "raw", file)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="nergens.gpkg bestaat niet"):
        boundaries.store(tmp_path / "raw", tmp_path / "nergens.gpkg")


def cbs_map(file, first="aantal_inwoners"):
    """Write a map as CBS gives it: a layer per level, PDOK's names, -99999999 for no figure."""
    land = {"water": "NEE", "oppervlakte_land_in_ha": 90, first: 100}
    sea = {"water": "JA", "oppervlakte_land_in_ha": -99999999, first: -99999999}
    named = {"gemeentecode": "GM9001", "gemeentenaam": "'s-Heerenwaard"}
    whole, lake = box(X, Y, X + 2000, Y + 1000), box(X + 2000, Y, X + 5000, Y + 1000)
    rows = {
        "gemeenten": [
            named | land | {"oppervlakte_land_in_ha": 180, "geometry": whole},
            named | sea | {"geometry": lake},
            {"gemeentecode": "GM9999", "gemeentenaam": "", "geometry": lake.buffer(9)}
            | sea
            | {"water": "B"},
        ],
        "wijken": [
            named | land | {"wijkcode": "WK900101", "wijknaam": "Een", "geometry": whole},
            named | sea | {"wijkcode": "WK900199", "wijknaam": "Water", "geometry": lake},
        ],
        "buurten": [
            named | (sea if code.endswith("97") else land) | {"buurtcode": code, "buurtnaam": name,
             "wijkcode": code.replace("BU", "WK")[:8], "geometry": shape}
            for code, name, shape in (
                ("BU90010101", "Markt", box(X, Y, X + 1000, Y + 1000)),
                # A border that crosses itself: two triangles of 0.25 km2 each.
                ("BU90010102", "Vlinder", Polygon([(X + 1000, Y), (X + 2000, Y + 1000),
                                                   (X + 2000, Y), (X + 1000, Y + 1000)])),
                ("BU90019997", "Groot water", lake),
            )
        ],
    }  # fmt: skip
    for layer, records in rows.items():
        gpd.GeoDataFrame(records, crs=RD).to_file(file, layer=layer)
    return file


def zipped(file, *others):
    folder = file.with_suffix(".zip")
    with zipfile.ZipFile(folder, "w") as archive:
        archive.write(file, f"WijkBuurtkaart/{file.name}")
        for other in others:
            archive.writestr(other, "x")
    return folder


@pytest.mark.parametrize("packed", [False, True])
def test_the_whole_map_of_cbs_gives_all_three_levels(tmp_path, packed):
    file = cbs_map(tmp_path / "WijkBuurtkaart_2024_v1.gpkg")
    if packed:
        file = zipped(file, "leesmij.pdf")
    kept = boundaries.store(tmp_path / "raw", file)
    assert kept.notes["level"] == "buurten, gemeenten en wijk" and kept.rows == 8
    assert kept.notes["year"] == "2024" and "GM9001" in kept.notes["gemeenten"].split(",")

    def drawn(level):
        return boundaries.drawn(tmp_path / "raw", level, "GM9001", 2024).places

    # Of a gemeente at the water the land counts: 2 km2, of which 1.8 is no ditch.
    town = drawn("gemeente")
    assert town.index.tolist() == ["GM9001"] and town["name"].tolist() == ["'s-Heerenwaard"]
    assert town.area.tolist() == pytest.approx([2e6])
    assert town["land_area_km2"].tolist() == pytest.approx([1.8]) and not town["water"].any()
    assert drawn("wijk")["water"].tolist() == [False, True]
    buurten = drawn("buurt")
    assert buurten["water"].tolist() == [False, False, True]
    assert buurten["land_area_km2"].tolist() == pytest.approx([0.9, 0.9, np.nan], nan_ok=True)
    assert buurten.is_valid.all()
    assert buurten.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    assert buurten.area.tolist() == pytest.approx([1e6, 5e5, 3e6])
    found = read(tmp_path, regions(["GM9001"], km2=1.8), 2024, "gemeente")
    assert found.places.index.tolist() == ["GM9001"] and found.missing == ()
    assert boundaries.drawn(tmp_path / "raw", "gemeente", "GM0001", 2024) is None
    # What lies abroad is on the map too, and is no land of the country.
    everything = boundaries.drawn(tmp_path / "raw", "gemeente", None, 2024).places
    assert everything["water"].to_dict() == {"GM9001": False, "GM9999": True}


def test_without_marks_of_water_all_is_land(tmp_path):
    stored(tmp_path, squares())
    found = boundaries.drawn(tmp_path / "raw", "buurt", "GM9001", 2022).places
    assert not found["water"].any() and found["land_area_km2"].isna().all()


def test_a_map_of_gemeenten_alone_is_one_too(tmp_path):
    kept = stored(tmp_path, squares(["GM9001", "GM9002"], column="statcode"), "gemeenten_2022.gpkg")
    assert kept.notes["level"] == "gemeent"  # "gemeenten" with the ending of the sentence
    assert len(boundaries.drawn(tmp_path / "raw", "gemeente", None, 2022).places) == 2


def test_a_zip_with_several_maps_or_none_is_refused(tmp_path):
    file = tmp_path / "a.geojson"
    squares().to_crs("EPSG:4326").to_file(file)
    with pytest.raises(InputError, match="meer dan één kaart .*b.geojson"):
        boundaries.store(tmp_path / "raw", zipped(file, "b.geojson"))
    file = tmp_path / "leesmij.txt"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="kan niet worden gelezen als kaartbestand"):
        boundaries.store(tmp_path / "raw", zipped(file))


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("number", [0, -1, None])
def test_degrees_in_a_gpkg_without_a_coordinate_system_are_refused(tmp_path, number):
    file = tmp_path / "buurten_2022.gpkg"
    squares().to_crs("EPSG:4326").set_crs(None, allow_override=True).to_file(file)
    if number is not None:
        # A gpkg has numbers for "undefined", which the map library takes for a system.
        with sqlite3.connect(file) as base:
            for table in ("gpkg_geometry_columns", "gpkg_contents"):
                base.execute(f"UPDATE {table} SET srs_id = {number}")
        base.close()
    with pytest.raises(InputError, match="niet in welk coördinatenstelsel .*EPSG:4326") as error:
        boundaries.store(tmp_path / "raw", file)
    assert "buurten_2022.gpkg" in str(error.value) and "\n" not in str(error.value)


# Reading what suits


def test_without_boundaries_there_are_none(tmp_path):
    assert read(tmp_path, regions()) is None
    stored(tmp_path, squares())
    assert read(tmp_path, regions(), level="wijk") is None
    assert boundaries.read(tmp_path / "raw", "buurt", "GM0637", 2022, regions()) is None


def test_what_has_no_polygon_and_what_no_region_is_told(tmp_path):
    stored(tmp_path, squares(CODES[:3]))
    found = read(tmp_path, regions([CODES[0], CODES[1], CODES[3]]))
    assert found.places.index.tolist() == CODES[:2]
    assert (found.unmatched, found.missing, found.unfit) == ((CODES[2],), (CODES[3],), ())


def test_boundaries_of_the_nearest_year_are_taken(tmp_path):
    for year in (2017, 2022, 2024):
        stored(tmp_path, squares(), f"buurten_{year}.gpkg")
    stored(tmp_path, squares(), "buurten.gpkg")
    for year, label in ((2016, "jaar 2017"), (2021, "jaar 2022"), (2025, "jaar 2024")):
        assert label in read(tmp_path, regions(), year).label


def test_boundaries_of_no_known_year_are_still_used(tmp_path):
    stored(tmp_path, squares(), "buurten.gpkg")
    found = read(tmp_path, regions())
    assert len(found.places) == 4 and "jaar onbekend" in found.label


def test_of_the_same_year_the_area_does_not_matter(tmp_path):
    stored(tmp_path, squares())  # simplified geometry is no reason to doubt the place
    assert read(tmp_path, regions(km2=9.0)).unfit == ()


def test_a_polygon_of_another_size_is_of_another_place(tmp_path):
    # Codes are reused: only the area tells, in years that do not follow each other.
    stored(tmp_path, squares())
    table = regions()
    table.loc[CODES[1], ["land_area_km2", "area_km2"]] = 5.0
    found = read(tmp_path, table, 2024)
    assert found.unfit == (CODES[1],) == found.missing
    assert found.places.index.tolist() == [CODES[0], CODES[2], CODES[3]]


def test_when_many_differ_the_division_is_another_one(tmp_path):
    stored(tmp_path, squares())
    table = regions()
    table.loc[CODES[:2], ["land_area_km2", "area_km2"]] = 5.0
    found = read(tmp_path, table, 2024)
    assert found.places.empty and found.unfit == tuple(CODES) == found.missing


def test_the_flag_of_change_vouches_for_one_year_only(tmp_path):
    stored(tmp_path, squares())
    table = regions(km2=5.0)
    assert read(tmp_path, table, 2023).unfit == ()  # 1: unchanged since 2022
    assert read(tmp_path, regions(km2=5.0, changed="3"), 2023).unfit == tuple(CODES)
    assert read(tmp_path, table, 2024).unfit == tuple(CODES)
    assert read(tmp_path, table, 2021).unfit == tuple(CODES)


def test_a_polygon_with_much_water_needs_the_same_name(tmp_path):
    names = ["Een", "Wijk 02 Twee", "Plas", "Vier"]
    stored(tmp_path, squares(names=names))
    table = regions(km2=0.4).assign(area_km2=np.nan)  # land alone is published
    found = read(tmp_path, table.assign(land_area_km2=[1.0, 0.4, 0.4, 1.0]), 2024)
    assert found.unfit == (CODES[2],)


def test_parts_of_one_region_are_one_polygon(tmp_path):
    stored(tmp_path, squares([CODES[0], CODES[0], CODES[1]]))
    found = read(tmp_path, regions(CODES[:2]))
    assert found.places.index.tolist() == CODES[:2]
    assert found.places.area.tolist() == pytest.approx([2e6, 1e6])


def test_reading_leaves_the_region_table_as_it_was(tmp_path):
    stored(tmp_path, squares())
    table = regions()
    kept = table.copy()
    read(tmp_path, table, 2024)
    pd.testing.assert_frame_equal(table, kept)


def test_a_changed_file_is_refused(tmp_path):
    kept = stored(tmp_path, squares(), "buurten_2022.geojson")
    file = kept.folder / "buurten_2022.geojson"
    file.write_text(file.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(InputError, match="buurten_2022.geojson is gewijzigd"):
        read(tmp_path, regions())


# Columns


def test_a_column_of_codes_is_one_where_nearly_all_values_are(tmp_path):
    nearly = pd.DataFrame({"a": ["x"] * 10, "b": ["WK900101"] * 9 + ["?"], "n": range(10)})
    assert code_column(nearly, "wijk") == "b"
    assert code_column(nearly, "buurt") is None
    assert code_column(pd.DataFrame({"b": ["WK900101", "?"]}), "wijk") is None
    assert code_column(pd.DataFrame({"b": [None, "WK900101"]}), "wijk") == "b"


def test_a_column_is_found_by_name_whatever_its_capitals():
    table = pd.DataFrame(columns=["Naam", "SOORT"])
    assert named_column(table, ("kind", "soort")) == "SOORT"
    assert named_column(table, ("kind",)) is None


# Real boundaries


@pytest.fixture(scope="module")
def real_boundaries(shared, tmp_path_factory):
    raw = tmp_path_factory.mktemp("boundaries")
    folder = shared / "data" / "boundaries"
    for name in (
        "wijken_2022_rd.gpkg",
        "buurten_2024_approx_rd.gpkg",
        "buurten_2023_drechtsteden.geojson",
        "buurten_amsterdam_2022.gpkg",
    ):
        boundaries.store(raw, folder / name)
    return raw


def real(real_boundaries, release, level, gemeente):
    table = kerncijfers.of_gemeente(kerncijfers.region_table(release, level), gemeente)
    return boundaries.read(real_boundaries, level, gemeente, release.year, table), len(table)


def test_real_files_tell_their_level_and_rows(real_boundaries):
    found = {next(iter(s.files)): s for s in snapshot.releases(real_boundaries, "grenzen")}
    assert {name: (s.notes["level"], s.rows) for name, s in found.items()} == {
        "wijken_2022_rd.gpkg": ("wijk", 3340),
        "buurten_2024_approx_rd.gpkg": ("buurt", 1141),
        "buurten_2023_drechtsteden.geojson": ("buurt", 358),
        "buurten_amsterdam_2022.gpkg": ("buurt", 518),
    }


@pytest.mark.parametrize(
    ("gemeente", "year", "level", "regions_of_table", "fitting"),
    [
        ("GM0637", 2024, "wijk", 9, 9),  # Zoetermeer
        ("GM0637", 2024, "buurt", 26, 26),
        ("GM0637", 2020, "wijk", 9, 9),
        ("GM0637", 2020, "buurt", 26, 26),
        ("GM0034", 2024, "wijk", 63, 63),  # Almere
        ("GM0034", 2024, "buurt", 193, 193),
        ("GM0034", 2020, "wijk", 5, 0),  # divided anew in 2022: codes are reused
        ("GM0034", 2020, "buurt", 56, 0),
        ("GM0505", 2024, "buurt", 122, 122),  # Dordrecht, from degrees
        ("GM0363", 2024, "wijk", 110, 0),  # Amsterdam, all codes new in 2023
    ],
)
def test_real_boundaries_fit_real_tables(
    real_boundaries, real_release, gemeente, year, level, regions_of_table, fitting
):
    found, rows = real(real_boundaries, real_release(year), level, gemeente)
    assert rows == regions_of_table
    assert len(found.places) == fitting
    assert len(found.missing) == rows - fitting
    assert found.places.crs == RD and found.places.is_valid.all()


def test_sixteen_codes_of_almere_would_have_given_other_places(real_boundaries, real_release):
    found, _ = real(real_boundaries, real_release(2020), "buurt", "GM0034")
    assert len(found.unfit) == 16 and "BU00340304" in found.unfit
