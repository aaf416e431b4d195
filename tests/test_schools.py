"""Schools of DUO, real and made up: each once, and pupils that are missing stay missing."""

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import Point

from analysis.sources import schools
from analysis.sources.errors import InputError
from analysis.sources.facility_points import known_kinds, store

PLACES = [Point(4.49, 52.05), Point(4.5, 52.06), Point(5.22, 52.37), Point(-68.2, 12.1)]


def made_up(**changed) -> gpd.GeoDataFrame:
    columns = {
        "naam": ["De Eik", "Het Lyceum", "De Eik", "Bonaire"],
        "type": ["basisschool", "HAVO/VWO", "basisschool", "basisschool"],
        "denominatie": ["Openbaar", None, "Openbaar", "Openbaar"],
        "brin_nummer": ["00AA", "00BB", "00AA", "30XX"],
        "vestigingscode": ["00AA00", "00BB00", "00AA00", "30XX00"],
        "leerlingen": [120, None, 120, 80],
    } | changed
    columns = {name: values for name, values in columns.items() if values is not None}
    return gpd.GeoDataFrame(columns, geometry=PLACES, crs="EPSG:4326")


def read(tmp_path, places, name="scholen.geojson"):
    file = tmp_path / name
    places.to_file(file)
    assert schools.is_schools(file)
    return schools.read_schools(file, known_kinds())


def test_each_school_once_and_abroad_is_counted(tmp_path):
    found = read(tmp_path, made_up())
    assert found.points["facility_id"].tolist() == ["00AA00", "00BB00"]
    assert found.points["kind"].tolist() == ["primary_school", "secondary_school"]
    assert found.points["denomination"].tolist() == ["Openbaar", ""]
    assert found.points["capacity"].tolist()[0] == 120 and np.isnan(found.points["capacity"][1])
    assert found.doubles == 1 and found.left_out == {schools.ABROAD: 1}


def test_a_kind_of_education_that_is_not_known_is_counted(tmp_path):
    found = read(
        tmp_path, made_up(type=["basisschool", "academie der dingen", "basisschool", "SO"])
    )
    assert len(found.points) == 1 and found.left_out == {schools.ABROAD: 1, schools.NO_KIND: 1}


def test_without_a_code_schools_are_not_doubles(tmp_path):
    found = read(tmp_path, made_up(vestigingscode=["00AA00", None, None, "30XX00"]))
    assert len(found.points) == 3 and found.doubles == 0


def test_a_school_without_a_place_is_counted(tmp_path):
    places = made_up()
    places.loc[1, "geometry"] = None
    found = read(tmp_path, places)
    assert len(found.points) == 1 and found.left_out == {schools.NO_PLACE: 1, schools.ABROAD: 1}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"leerlingen": ["120", "veel", "120", "80"]}, "geen aantal leerlingen is .'veel'"),
        ({"leerlingen": [120, -1, 120, 80]}, "geen aantal leerlingen is .'-1"),
        ({"type": None}, "mist de kolom 'type'"),
        (
            {"vestigingscode": None, "onderwijsgebied": ["a"] * 4},
            "mist de kolom 'vestigingscode'",
        ),
        ({"type": ["x"] * 4}, "geen enkele school"),
    ],
)
def test_a_file_that_cannot_serve_is_refused(tmp_path, changed, says):
    with pytest.raises(InputError, match=says) as error:
        read(tmp_path, made_up(**changed))
    assert "scholen.geojson" in str(error.value)


@pytest.mark.parametrize("sign", [";", ","])
def test_a_list_of_duo_with_addresses_only_is_refused_with_the_way_out(tmp_path, sign):
    names = ["PROVINCIE", "BEVOEGD GEZAG NUMMER", "VESTIGINGSCODE", "VESTIGINGSNAAM", "STRAATNAAM",
             "POSTCODE", "DENOMINATIE"]  # fmt: skip
    file = tmp_path / "vestigingen.csv"
    row = ["Z", "1", "00AA00", "De Eik", "Dorpsstraat", "2711AA", "Openbaar"]
    file.write_text(f"{sign.join(names)}\n{sign.join(row)}\n", encoding="cp1252")
    assert schools.is_address_list(file)
    with pytest.raises(InputError, match="adressen en zonder coördinaten.*PDOK") as error:
        store(tmp_path / "raw", file)
    assert "vestigingen.csv" in str(error.value) and "\n" not in str(error.value)
    # With coordinates it is a list like any other.
    file.write_text(f"{sign.join([*names, 'x', 'y'])}\n", encoding="utf-8")
    assert not schools.is_address_list(file)


def test_a_map_of_something_else_is_no_file_of_schools(tmp_path, root):
    assert not schools.is_schools(root / "data/example/voorzieningen_2024.geojson")
    assert not schools.is_schools(tmp_path / "er_niet.geojson")


@pytest.mark.parametrize(
    ("year", "rows", "doubles", "primary", "secondary", "special", "with_pupils"),
    [
        # 2022: 7,871 rows; no special schools, no pupils.
        (2022, 7793, 78, 6193, 1600, 0, 0),
        # 2024: 8,717 rows; 8,440 with pupils, of which 89 doubles.
        (2024, 8622, 95, 6115, 1619, 888, 8351),
    ],
)
def test_real_schools(shared, year, rows, doubles, primary, secondary, special, with_pupils):
    file = shared / f"data/facilities/duo_schools_{year}.geojson.zip"
    assert schools.is_schools(file)
    found = schools.read_schools(file, known_kinds())
    assert (len(found.points), found.doubles, found.left_out) == (rows, doubles, {})
    counts = found.points["kind"].value_counts().to_dict()
    assert counts.get("primary_school") == primary and counts.get("secondary_school") == secondary
    assert counts.get("special_school", 0) == special
    assert found.points["capacity"].notna().sum() == with_pupils
