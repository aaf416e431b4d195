"""Files of every kind that a person brings: told apart by what is in them."""

import shutil

import geopandas as gpd
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
