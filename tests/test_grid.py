"""CBS grid: codes, marks of missing, spellings over the years, regions, files that are none."""

import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from analysis.sources import grid
from analysis.sources.errors import InputError
from analysis.sources.geofile import RD
from analysis.sources.grid_codebook import place_columns, read_grid_codebook

CODES = ["E0910N4520", "E0911N4520", "E0910N4521", "E0911N4521"]
NEW = {
    "crs28992res100m": CODES,
    "aantal_inwoners": [105, -99997, 40, 15],
    "aantal_mannen": [50, -99997, 20, -99997],
    "aantal_inwoners_65_jaar_en_ouder": [25, -99997, -99995, 0],
    "percentage_geb_nederland_herkomst_nederland": [60, -99997, 100, 0],
    "aantal_woningen_bouwjaar_voor_1945": [10, 0, 0, -99997],
    "gemiddelde_woz_waarde_woning": [301, -99997, -99997, -99997],
    "aantal_woningen": [-99995] * 4,
    "dichtstbijzijnde_cafe_afstand_in_km": [0.4, 0.5, 0.6, 0.7],
}


@pytest.fixture(scope="module")
def codebook(root):
    return read_grid_codebook(root / "data" / "grid_codebook.csv")


def as_csv(table=None, separator=";", comma=False) -> str:
    text = pd.DataFrame(table or NEW).to_csv(index=False, sep=separator)
    return text.replace(".", ",") if comma else text


def written(tmp_path, content, name="cbs_vk100_2024_v1.csv"):
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    return file


def as_map(tmp_path, name="cbs_vk100_2024_v1.gpkg", layer="vierkant_100m_2024", table=None):
    table = pd.DataFrame(table or NEW)
    shapes = [box(0, 0, 1, 1)] * len(table)  # the code tells where a cell is, not its drawing
    file = tmp_path / name
    gpd.GeoDataFrame(table, geometry=shapes, crs=RD).to_file(file, layer=layer)
    return file


def check(found):
    assert (found.size, found.year) == (100, 2024)
    cells, why = found.cells, found.reasons
    assert cells.index.tolist() == CODES and cells.index.name == "cell_code" and cells.crs == RD
    assert cells.geometry.iloc[0].equals(box(91_000, 452_000, 91_100, 452_100))
    nan = np.nan
    for concept, expected, reasons in (
        ("inhabitants", [105, nan, 40, 15], ["", "suppressed", "", ""]),
        ("n_men", [50, nan, 20, nan], ["", "suppressed", "", "suppressed"]),
        ("n_age_65_plus", [25, nan, nan, 0], ["", "suppressed", "not_published", ""]),
        ("share_born_nl_origin_netherlands", [0.6, nan, 1.0, 0.0], ["", "suppressed", "", ""]),
        ("n_built_before_1945", [10, 0, 0, nan], ["", "", "", "suppressed"]),
        ("woz_value_eur", [301_000, nan, nan, nan], ["", *["suppressed"] * 3]),
    ):
        assert cells[concept].tolist() == pytest.approx(expected, nan_ok=True), concept
        assert why[concept].tolist() == reasons, concept
        assert cells[concept].dtype == float
    assert found.absent["n_dwellings"] == "not_published"
    assert found.absent["n_women"] == "not_in_file" and "inhabitants" not in found.absent
    assert list(cells.columns) == [*why.columns, "geometry"]


@pytest.mark.parametrize("kind", ["csv", "csv,", "comma", "bom", "gpkg", "zip", "zipped csv"])
def test_a_grid_is_read_from_every_kind_of_file(tmp_path, codebook, kind):
    if kind in ("gpkg", "zip"):
        file = as_map(tmp_path)
    else:
        content = as_csv(separator="," if kind == "csv," else ";", comma=kind == "comma")
        file = written(tmp_path, "\ufeff" + content if kind == "bom" else content)
    if "zip" in kind:
        packed = tmp_path / "2025-cbs_vk100_2024_v1.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(file, file.name)
            archive.writestr("leesmij.pdf", "x")
        file = packed
    check(grid.read_file(file, codebook))


def test_the_spelling_of_the_service_and_of_the_older_files_is_known(tmp_path, codebook):
    camel = {
        "crs28992res100m": CODES[:1],
        "aantalInwoners": [5],
        "aantalInwoners65JaarEnOuder": [5],
        "percentageGebBuitenNederlandHerkmstBuitenEuropa": [40],
    }
    found = grid.read_file(written(tmp_path, as_csv(camel)), codebook).cells.iloc[0]
    assert found["n_age_65_plus"] == 5 and found["share_born_abroad_origin_outside_europe"] == 0.4
    old = {"C28992R500": ["E0910N4520"], "INWONER": [5], "INW_65PL": [0], "WON_4564": [15],
           "P_KOOPWON": [70], "P_NL_ACHTG": [1]}  # fmt: skip
    found = grid.read_file(written(tmp_path, as_csv(old), "cbs_vk500_2017.csv"), codebook)
    assert (found.size, found.year) == (500, 2017)
    assert found.cells.geometry.iloc[0].equals(box(91_000, 452_000, 91_500, 452_500))
    row = found.cells.iloc[0]
    assert (row["inhabitants"], row["n_age_65_plus"], row["n_built_1945_1964"]) == (5, 0, 15)
    assert row["share_owner_occupied"] == pytest.approx(0.7)
    # 1 % or the first of five classes: not to be told, so not read.
    assert found.absent["share_background_netherlands"] == "not_in_file"


def changed(**columns):
    return {**NEW, **columns}


def renamed(old, new):
    return {new if name == old else name: values for name, values in NEW.items()}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (renamed("aantal_inwoners", "bewoners"), "geen kolom voor inwoners .inhabitants.; de kolo"),
        (renamed("aantal_inwoners", "aantal_inwoner"), "onbekende kolom aantal_inwoner; voeg die"),
        (renamed("aantal_mannen", "aantal_man_nen_"), None),
        (
            renamed("aantal_woningen_bouwjaar_voor_1945", "aantal_woning_bouwjaar_voor_1945"),
            "onbekende kolom aantal_woning_bouwjaar_voor_1945",
        ),
        (changed(INWONER=[1] * 4), "aantal_inwoners en INWONER allebei bij inwoners"),
        (changed(c28992r100=CODES), "crs28992res100m en c28992r100"),
        (renamed("crs28992res100m", "code"), "moet één kolom met vierkantcodes .* heeft geen .wel"),
        (renamed("crs28992res100m", "crs28992res250m"), "vierkanten van 250 m"),
        (changed(crs28992res100m=["E091N4520", *CODES[1:]]), "'E091N4520' is geen code"),
        (changed(crs28992res100m=["E9910N4520", *CODES[1:]]), "'E9910N4520' is geen code"),
        (changed(crs28992res100m=[CODES[1], *CODES[1:]]), "vierkant E0911N4520 meer dan één keer"),
        (renamed("crs28992res100m", "crs28992res500m"), "'E0911N4520' is geen code van een vierk"),
        (changed(aantal_mannen=[1, 2, 3, -5]), "'-5' in kolom aantal_mannen .vierkant E0911N4521"),
        (changed(aantal_mannen=[1, "veel", 3, 4]), "'veel' in kolom aantal_mannen"),
        (changed(aantal_mannen=[1, "inf", 3, 4]), "'inf' in kolom aantal_mannen"),
        (
            changed(percentage_geb_nederland_herkomst_nederland=[60, 101, 0, 0]),
            "'101' in kolom percentage_geb_nederland_herkomst_nederland",
        ),
    ],
)
def test_a_column_that_cannot_be_placed_or_read_is_named(tmp_path, codebook, table, says):
    file = written(tmp_path, as_csv(table))
    if says is None:  # spelled with other signs between the letters
        assert "n_men" in grid.read_file(file, codebook).cells
        return
    with pytest.raises(InputError, match=says) as error:
        grid.store(tmp_path / "raw", file, codebook)
    assert "cbs_vk100_2024_v1.csv" in str(error.value) and "\n" not in str(error.value)
    assert not (tmp_path / "raw").exists()


def test_every_cut_of_a_csv_is_refused_or_reads_fewer_whole_rows(tmp_path, codebook):
    # The last column is one that is read: half of its last number would be another number.
    text = as_csv({**NEW, "aantal_vrouwen": [55, 155, 20, 125]})
    whole = grid.read_file(written(tmp_path, text), codebook).cells
    for end in range(0, len(text), 2):
        file = written(tmp_path, text[:end])
        try:
            found = grid.read_file(file, codebook).cells
        except InputError as error:
            assert "cbs_vk100_2024_v1.csv" in str(error)
        else:
            pd.testing.assert_frame_equal(
                found.drop(columns="geometry"), whole.drop(columns="geometry").iloc[: len(found)]
            )


@pytest.mark.parametrize("name", ["a.csv", "a.gpkg", "a.zip"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PK\x03\x04", b"<html>"])
def test_a_file_that_is_no_grid_is_refused(tmp_path, codebook, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(InputError, match=name) as error:
        grid.read_file(file, codebook)
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_map_of_other_things_are_refused(tmp_path, codebook):
    with pytest.raises(InputError, match="weg.gpkg bestaat niet"):
        grid.read_file(tmp_path / "weg.gpkg", codebook)
    other = as_map(tmp_path, "b.gpkg", "b", {"naam": ["x"]})
    with pytest.raises(InputError, match="heeft geen .wel naam"):
        grid.read_file(other, codebook)
    as_map(tmp_path, "c.gpkg", "een")
    with pytest.raises(InputError, match="meer dan één laag met vierkanten .een, twee."):
        grid.read_file(as_map(tmp_path, "c.gpkg", "twee"), codebook)


def test_a_grid_is_kept_and_the_nearest_year_is_read(tmp_path, codebook):
    for year in (2019, 2024):
        kept = grid.store(
            tmp_path / "raw", written(tmp_path, as_csv(), f"cbs_vk100_{year}_v1.csv"), codebook
        )
    assert kept.notes == {"year": "2024", "size": "100"} and kept.rows == 4
    assert grid.read(tmp_path / "raw", 100, 2020, codebook).year == 2019
    assert grid.read(tmp_path / "raw", 100, 2023, codebook).label == "cbs_vk100_2024_v1.csv"
    assert grid.read(tmp_path / "raw", 500, 2023, codebook) is None
    with pytest.raises(InputError, match="zegt niet van welk jaar"):
        grid.store(tmp_path, written(tmp_path, as_csv(), "vierkanten.csv"), codebook)
    with pytest.raises(InputError, match="zegt niet van welk jaar"):
        grid.store(tmp_path, written(tmp_path, as_csv(), "van 2019 tot 2024.csv"), codebook)


def test_of_a_large_grid_only_the_cells_at_hand_are_read(tmp_path, codebook):
    file = written(tmp_path, as_csv())
    found = grid.read_file(file, codebook, (91_100, 452_000, 91_150, 452_150))
    # West of 91,100 a cell only touches.
    assert found.cells.index.tolist() == found.reasons.index.tolist() == [CODES[1], CODES[3]]
    assert found.cells["inhabitants"].tolist() == pytest.approx([np.nan, 15], nan_ok=True)
    assert found.cells.geometry.iloc[1].bounds == (91_100, 452_100, 91_200, 452_200)


# Regions


@pytest.fixture
def found(tmp_path, codebook):
    return grid.read_file(written(tmp_path, as_csv()), codebook)


def regions(**bounds):
    x, y = 91_000, 452_000
    shapes = [box(x + a, y + b, x + c, y + d) for a, b, c, d in bounds.values()]
    return gpd.GeoDataFrame(geometry=shapes, index=pd.Index(bounds, name="region_code"), crs=RD)


def test_cells_lie_in_a_region_by_their_centre(found):
    # The border is at 130 m: the left cells lie left, the right ones (centre at 150) right.
    inside = grid.cells_in(found, regions(A=(0, 0, 130, 200), B=(130, 0, 500, 100)))
    assert inside.to_dict("list") == {
        "cell_code": ["E0910N4520", "E0910N4521", "E0911N4520"],
        "region_code": ["A", "A", "B"],
        "share": [1.0, 1.0, 1.0],
    }


def test_cells_lie_in_regions_by_the_share_of_their_ground(found):
    inside = grid.cells_in(found, regions(A=(0, 0, 130, 200), B=(130, 0, 500, 100)), "area")
    shares = inside.set_index(["cell_code", "region_code"])["share"]
    assert shares.to_dict() == pytest.approx(
        {
            ("E0910N4520", "A"): 1.0,
            ("E0910N4521", "A"): 1.0,
            ("E0911N4520", "A"): 0.3,
            ("E0911N4520", "B"): 0.7,
            ("E0911N4521", "A"): 0.3,
        }
    )


def test_regions_without_cells_and_other_systems(found):
    far = regions(A=(5000, 5000, 5100, 5100))
    assert grid.cells_in(found, far).empty and grid.cells_in(found, far, "area").empty
    with pytest.raises(ValueError, match="must be in EPSG:28992"):
        grid.cells_in(found, far.to_crs("EPSG:4326"))
    with pytest.raises(ValueError, match="'centroid' or 'area', not 'mean'"):
        grid.cells_in(found, far, "mean")


# The codebook


def test_the_codebook_has_what_is_asked_of_a_grid(codebook):
    for part, number in (("n_age_", 5), ("n_built_", 8), ("share_born_", 5)):
        assert sum(name.startswith(part) for name in codebook) == number
    assert [name for name, concept in codebook.items() if concept.required] == ["inhabitants"]
    assert {concept.basis for concept in codebook.values()} <= {"seen", "memory"}


HEAD = "concept,kind,required,spelling,label_nl,basis\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("concept;kind\n", "moet de kolommen concept, kind"),
        (HEAD + "a,count,no,x\n", "de regel van a heeft niet 6 velden"),
        (HEAD + "a,aantal,no,x,l,seen\n", "onbekend soort 'aantal' bij a"),
        (HEAD + "a,count,no,x,l,seen\na,count,no,y,l,seen\n", "noemt het begrip a meer dan één"),
        (HEAD + "a,count,no,x,l,seen\nb,count,no,X_,l,seen\n", "b en a hebben dezelfde spelling"),
        (HEAD + "a,count,no,x | ,l,seen\n", "lege spelling"),
    ],
)
def test_a_codebook_that_is_wrong_is_refused(tmp_path, text, says):
    with pytest.raises(InputError, match=says):
        read_grid_codebook(written(tmp_path, text, "grid_codebook.csv"))


def test_columns_with_other_numbers_are_not_taken_for_a_new_name(codebook):
    columns = ["aantal_inwoners", "aantal_inwoners_75_tot_85_jaar"]
    assert place_columns(codebook, columns, "a") == {"inhabitants": "aantal_inwoners"}
