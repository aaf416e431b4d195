"""Export of region tables, on the example edition."""

import geopandas as gpd
import pandas as pd
import pytest

from analysis.figures.wording import STATUS_NL
from analysis.reports.availability import REASONS, availability, availability_text
from analysis.reports.export import FORMATS, export, export_table
from analysis.sources import kerncijfers
from analysis.sources.errors import InputError


@pytest.fixture(scope="module")
def dossier(example_dossier):
    return example_dossier


def test_a_missing_value_is_empty_and_its_reason_stands_beside_it(dossier):
    table = export_table(dossier, dossier.newest, "buurt")
    # Education is not yet published in the newest year, migration background no longer exists.
    assert table["n_education_low"].isna().all()
    assert set(table["n_education_low_status"]) == {"not_published"}
    assert set(table["n_non_western_status"]) == {"does_not_exist"}
    statuses = [column for column in table if column.endswith("_status")]
    for column in statuses:
        concept = column.removesuffix("_status")
        assert table[column].eq("ok").equals(table[concept].notna()), concept


def test_the_workbook_has_a_guide_variables_and_codes_as_text(dossier, tmp_path):
    (file,) = export(dossier, dossier.newest, "xlsx", tmp_path)
    sheets = pd.read_excel(file, sheet_name=None, engine="openpyxl")
    assert list(sheets) == ["Leeswijzer", "Variabelen", "gemeenten", "wijken", "buurten"]
    assert sheets["buurten"]["region_code"].str.startswith("BU").all()
    assert "Fictieve voorbeeldgegevens" in sheets["Leeswijzer"].iloc[0, 0]
    assert set(dossier.codebook) == set(sheets["Variabelen"]["naam"])
    assert not list(tmp_path.glob(".draft-*"))


def test_the_two_kinds_of_csv_hold_the_same_numbers(dossier, tmp_path):
    files = {file.name: file for file in export(dossier, dossier.newest, "csv", tmp_path)}
    stem = f"{dossier.code}_{dossier.newest.year}_wijken"
    dutch = files[f"{stem}_nl.csv"].read_bytes()
    assert dutch.startswith(b"\xef\xbb\xbf")
    one = pd.read_csv(files[f"{stem}_machine.csv"])
    other = pd.read_csv(files[f"{stem}_nl.csv"], sep=";", decimal=",", encoding="utf-8-sig")
    pd.testing.assert_frame_equal(one, other)


def test_the_geopackage_has_three_layers_in_rd(dossier, tmp_path):
    (file,) = export(dossier, dossier.newest, "gpkg", tmp_path)
    assert list(gpd.list_layers(file)["name"]) == ["gemeenten", "wijken", "buurten"]
    buurten = gpd.read_file(file, layer="buurten")
    assert buurten.crs.to_epsg() == 28992
    assert len(buurten) == len(dossier.regions(dossier.newest, "buurt"))
    assert not buurten.geometry.isna().any()


def test_geojson_is_in_degrees_and_parquet_keeps_geometry(dossier, tmp_path):
    files = export(dossier, dossier.newest, "geojson", tmp_path)
    west, south, east, north = gpd.read_file(files[0]).total_bounds
    assert 3 < west < east < 8 and 50 < south < north < 54
    kept = export(dossier, dossier.newest, "parquet", tmp_path)
    assert gpd.read_parquet(kept[0]).crs.to_epsg() == 28992


def test_an_unknown_form_is_one_sentence(dossier, tmp_path):
    with pytest.raises(InputError, match=f"kies uit {', '.join(FORMATS)}"):
        export(dossier, dossier.newest, "docx", tmp_path)
    assert not list(tmp_path.iterdir())


def test_maps_without_boundaries_are_refused(dossier, tmp_path, monkeypatch):
    monkeypatch.setattr(type(dossier), "boundaries", lambda *_: None)
    with pytest.raises(InputError, match="--grenzen"):
        export(dossier, dossier.newest, "gpkg", tmp_path)
    assert not list(tmp_path.iterdir())


def test_availability_counts_every_region_once(dossier):
    table = availability(dossier)
    without = table[list(REASONS)].sum(axis=1)
    assert (without <= table["regions"]).all()
    full = table["filled"].eq(1)
    assert (without[full] == table["uninhabited"][full]).all()
    # A figure that all regions lack fills nothing.
    assert (table.loc[without == table["regions"], "filled"] == 0).all()


def test_every_reason_has_words():
    named = {v for k, v in vars(kerncijfers).items() if k.isupper() and isinstance(v, str) and v}
    assert {"not_published", "suppressed", "does_not_exist", "uninhabited"} <= named
    assert named | set(REASONS) <= set(STATUS_NL)


def test_the_newest_year_is_decided_per_concept(dossier):
    table = availability(dossier, ("buurt",)).set_index(["concept", "year"])
    assert table.loc[("inhabitants", 2024), "newest"]
    assert not table.loc[("inhabitants", 2022), "newest"]
    # Education is empty in 2024: its newest year is 2022.
    assert table.loc[("n_education_low", 2022), "newest"]
    assert not table.loc[("n_education_low", 2024), "newest"]
    assert "nog niet gepubliceerd" in availability_text(table.reset_index())
