"""Files of every kind that a person brings: told apart by what is in them."""

import io
import shutil
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from analysis.sources.bring import bring
from analysis.sources.edition import cbs_edition
from analysis.sources.errors import InputError


@pytest.fixture
def edition(root, tmp_path):
    return cbs_edition(root, tmp_path / "raw")


def test_a_map_of_regions_is_boundaries_whatever_its_name(edition, root, tmp_path):
    file = tmp_path / "van_de_collega.json"
    shutil.copy(root / "data/example/boundaries/wijken_2024.geojson", file)
    # 8 wijken of the example, and the lake beside it.
    assert bring(edition, file) == ("grenzen", 9)


def test_points_with_a_kind_are_facilities(edition, root, tmp_path):
    file = tmp_path / "punten.geojson"
    shutil.copy(root / "data/example/voorzieningen_2024.geojson", file)
    kind, rows = bring(edition, file)
    assert kind == "voorzieningen (eigen lijst)" and rows > 100


def test_lines_are_a_walking_network(edition, tmp_path):
    file = tmp_path / "paden.gpkg"
    lines = [shapely.LineString([(90000, 450000), (90100, 450000)])]
    gpd.GeoDataFrame(geometry=lines, crs=28992).to_file(file)
    assert bring(edition, file) == ("wandelnetwerk", 1)


def test_the_official_workbook_is_a_table_of_its_year(edition, shared):
    kind, rows = bring(edition, shared / "data/downloads/kwb-2024_utrecht.xlsx", 2024)
    assert kind == "tabel 85984NED (2024)"
    # Utrecht with its 10 wijken and 111 buurten.
    assert rows == 122


def test_outcomes_are_stored_year_by_year(edition, shared):
    file = shared / "data/downloads/statline_85163NED_seswoa_2019_amsterdam.csv"
    assert bring(edition, file) == ("uitkomsten (ses_woa_2019)", 579)


@pytest.mark.parametrize(
    ("file", "kind", "rows"),
    [
        ("duo_schools_2022.geojson.zip", "voorzieningen (scholen van DUO)", 7793),
        ("overpass_green_amsterdam_2020.json", "voorzieningen (OpenStreetMap)", None),
        ("osm_pois_amsterdam_population_5min.csv", "voorzieningen (OpenStreetMap)", None),
        ("../network/delft-leisure.shp", "voorzieningen (OpenStreetMap)", None),
    ],
)
def test_real_facilities_are_known_by_content(edition, shared, tmp_path, file, kind, rows):
    found = shared / "data/facilities" / file
    for part in found.parent.glob(f"{found.stem}.*"):
        shutil.copy(part, tmp_path / f"iets{''.join(part.suffixes)}")
    stored = bring(edition, tmp_path / f"iets{''.join(found.suffixes)}")
    assert stored[0] == kind and stored[1] == (rows or stored[1]) > 100


OWN = "Soort;Naam;X;Y\nbuurthuis;Verzonnen;94210;452310\nkerk;Verzonnen;94210;452310\n"


def workbook(text: str) -> bytes:
    content = io.BytesIO()
    pd.read_csv(io.StringIO(text), sep=";").to_excel(content, index=False)
    return content.getvalue()


@pytest.mark.parametrize("name", ["a.csv", "b.txt", "c.xlsx"])
def test_an_own_list_is_no_table_of_a_publisher(edition, tmp_path, name):
    file = tmp_path / name
    file.write_bytes(workbook(OWN) if name.endswith("xlsx") else OWN.encode())
    assert bring(edition, file) == ("voorzieningen (eigen lijst)", 2)


def test_grounds_with_a_kind_are_facilities_and_regions_are_not(edition, tmp_path):
    shape = shapely.box(94000, 452000, 94100, 452100)
    for columns, kind in (
        ({"type": ["park"], "naam": ["a"]}, "voorzieningen (eigen lijst)"),
        ({"leisure": ["park"], "osm_id": [1]}, "voorzieningen (OpenStreetMap)"),
        ({"leisure": ["park"], "bu_code": ["BU06370102"], "jaar": [2024]}, "grenzen"),
        ({"type": ["woonbuurt"], "bu_code": ["BU06370102"], "jaar": [2024]}, "grenzen"),
    ):
        file = tmp_path / "vlakken.gpkg"
        file.unlink(missing_ok=True)
        gpd.GeoDataFrame(columns, geometry=[shape], crs=28992).to_file(file)
        assert bring(edition, file)[0] == kind


def test_squares_of_a_csv_are_squares(edition, root, tmp_path):
    file = tmp_path / "vk_2024.csv"
    shutil.copy(root / "data/example/vierkanten_100m_2024.csv", file)
    assert bring(edition, file)[0] == "vierkanten"
    packed = tmp_path / "vk_2024.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(file, "vk_2024.csv")
    assert bring(edition, packed)[0] == "vierkanten"


def test_a_list_that_is_an_own_list_is_refused_in_its_own_words(edition, tmp_path):
    file = tmp_path / "adressen.csv"
    file.write_text("soort;adres\nkerk;Dorpsstraat 1\n", encoding="utf-8")
    with pytest.raises(InputError, match="adressen en geen coördinaten"):
        bring(edition, file)
    file.write_text("naam;getal\nkerk;1\n", encoding="utf-8")
    with pytest.raises(InputError, match="bekend zijn Kerncijfers.*eigen lijst van voorzieningen"):
        bring(edition, file)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("brief.txt", b"Geachte heer, mevrouw,\n"),
        ("kapot.gpkg", b"SQLite format 3\x00 en verder niets"),
        ("leeg.csv", b""),
        ("antwoord.json", b'{"fout": "geen kaart"}'),
    ],
)
def test_anything_else_is_one_sentence_and_leaves_nothing(edition, tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(InputError) as error:
        bring(edition, file)
    assert name in str(error.value) and "\n" not in str(error.value)
    assert not list(edition.raw.glob("*/*"))


def test_a_file_that_is_not_there_is_named(edition, tmp_path):
    with pytest.raises(InputError, match="bestaat niet"):
        bring(edition, tmp_path / "weg.csv")
