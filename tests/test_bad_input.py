"""Bad input, as a user gives it: `pull --from FILE` ends with 2, says one sentence, keeps nothing.

Lists with addresses only and facilities abroad have tests of their own (test_own_facilities).
"""

import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from downloaded import export_lines, saved_lines, short_lines, write_csv, write_xlsx
from region_samples import region_table
from statline_server import small_table

from analysis.reports import cli
from analysis.sources import boundaries, network, snapshot
from analysis.sources.bring import bring
from analysis.sources.catalogue import of_year, read_catalogue
from analysis.sources.change_flags import flags_between, missing_tables
from analysis.sources.crosswalk import crosswalk
from analysis.sources.edition import cbs_edition
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import read_release
from analysis.sources.kerncijfers import region_table as of_level
from analysis.sources.outcome_files import read_file
from analysis.sources.outcomes import read_outcomes
from analysis.sources.sheets import read_sheet
from analysis.sources.statline import Answer
from analysis.sources.wholeness import check_partitions_of_file, incomplete_gemeenten

MAKERS = {"xlsx": short_lines, "export": export_lines, "saved": saved_lines}


@pytest.fixture
def edition(root, tmp_path):
    return cbs_edition(root, tmp_path / "raw")


@pytest.fixture
def refused(tmp_path, capsys):
    """Bring a file on the command line, which must refuse it, and return the sentence."""

    def run(file: Path, *more: str) -> str:
        capsys.readouterr()
        given = ["pull", "--from", str(file), "--raw", str(tmp_path / "raw"), *more]
        assert cli.main(given) == 2
        told = capsys.readouterr()
        assert told.out == ""
        (line,) = told.err.splitlines()
        assert line.endswith((".", "?")) and file.name in line
        assert "Traceback" not in line and "Error" not in line
        assert not [path for path in (tmp_path / "raw").rglob("*") if path.is_file()]
        return line

    return run


def file_of(folder: Path, layout: str, lines: list[list]) -> Path:
    if layout == "xlsx":
        return write_xlsx(folder / "tabel.xlsx", lines)
    return write_csv(folder / "tabel.csv", lines)


def at_column(lines: list[list], word: str) -> int:
    return next(n for n, name in enumerate(lines[0]) if word in name)


# The kinds of table


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vakantie.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        ("brief.docx", None),
        ("brief.txt", b"Geachte heer,\n"),
        ("tabel.csv", b"straat;huisnummer\r\nDorpsstraat;1\r\n"),
        ("pagina.csv", b"<!DOCTYPE html><html><body>404</body></html>"),
        ("oud.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("tabel.parquet", b"PAR1\x15\x04\x15\x00PAR1"),
        ("leeg.csv", b""),
    ],
)
def test_a_file_of_no_known_kind(refused, tmp_path, name, content):
    file = tmp_path / name
    if content is None:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("word/document.xml", "<w/>")
    else:
        file.write_bytes(content)
    said = refused(file, "--jaar", "2020")
    assert "is geen tabel" in said or not name.endswith(("jpg", "parquet"))


@pytest.mark.parametrize("layout", MAKERS)
def test_a_renamed_column(refused, tmp_path, layout):
    lines = MAKERS[layout](small_table())
    at = at_column(lines, {"xlsx": "a_man", "export": "Mannen", "saved": "Mannen"}[layout])
    lines[0][at] = lines[0][at].replace("an", "ann", 1)
    said = refused(file_of(tmp_path, layout, lines), "--jaar", "2020")
    assert "onbekende kolom" in said and lines[0][at] in said


@pytest.mark.parametrize("layout", MAKERS)
def test_a_dropped_column_without_which_nothing_goes(refused, tmp_path, layout):
    lines = MAKERS[layout](small_table())
    at = at_column(lines, {"xlsx": "a_inw"}.get(layout, "nwoners"))
    lines = [line[:at] + line[at + 1 :] for line in lines]
    assert "geen kolom voor inwoners" in refused(
        file_of(tmp_path, layout, lines), "--jaar", "2020"
    )  # fmt: skip


@pytest.mark.parametrize("layout", MAKERS)
def test_two_columns_for_one_concept(refused, tmp_path, layout):
    lines = MAKERS[layout](small_table())
    word, other = {
        "xlsx": ("a_man", "A_MAN"),
        "export": ("Mannen", "Bevolking/Geslacht/mannen (aantal)"),
        "saved": ("Mannen", "Mannen_99"),
    }[layout]
    at = at_column(lines, word)
    twice = [[*line, line[at]] for line in lines]
    twice[0][-1] = other
    said = refused(file_of(tmp_path, layout, twice), "--jaar", "2020")
    assert any(word in said for word in ("allebei", "een en dezelfde", "2 kolommen"))


@pytest.mark.parametrize("layout", MAKERS)
def test_mixed_years(refused, tmp_path, layout):
    head, *lines = MAKERS[layout](small_table())
    both = [[*line, year] for year in ("2019", "2020") for line in lines]
    assert "jaren door elkaar (2019, 2020)" in refused(
        file_of(tmp_path, layout, [[*head, "jaar"], *both])
    )
    # Each region once, so that nothing but the years tells.
    half = [[*line, str(2019 + n % 2)] for n, line in enumerate(lines)]
    assert "jaren door elkaar" in refused(file_of(tmp_path, layout, [[*head, "jaar"], *half]))


def test_years_that_two_columns_contradict(root, refused, tmp_path):
    head, *lines = saved_lines(small_table())
    rows = [[*line, "2020", "2019"] for line in lines]
    file = write_csv(tmp_path / "a.csv", [[*head, "jaar", "Perioden"], *rows])
    assert "jaren door elkaar (2019, 2020)" in refused(file)
    columns = "Perioden;jaar;Regiocode (gemeente, wijk, buurt) (code);"
    columns += "SES-WOA/Totaalscore/Gemiddelde score (Getal)"
    rows = ["2019;2019;GM9001;0.1", "2019;2020;WK900101;0.2"]
    file = tmp_path / "ses.csv"
    file.write_text("\r\n".join([columns, *rows, ""]), encoding="utf-8")
    with pytest.raises(InputError, match="Perioden zegt 2019 waar jaar 2020 zegt"):
        read_file(file, read_outcomes(root / "data" / "outcomes.csv"), 2019)
    wide = tmp_path / "misdrijven.csv"
    wide.write_text("code;jaar;misdrijven_2021\r\nGM9001;2020;5\r\nBU90010101;2021;5\r\n", "utf-8")
    with pytest.raises(InputError, match="een kolom per jaar, en rijen van 2020, 2021"):
        read_file(wide, read_outcomes(root / "data" / "outcomes.csv"), 2021)


# Numbers and cells


@pytest.mark.parametrize("number", ["17.000", "17,000", "1.234.567", "1,234"])
def test_a_sign_between_thousands_is_no_decimal_point(refused, tmp_path, number):
    # 17.000 would be 17 people, and 1.050 thousand euro a worthless house.
    for layout, word in (("export", "nwoners"), ("saved", "nwoners"), ("export", "inkomen per")):
        lines = MAKERS[layout](small_table())
        lines[2][at_column(lines, word)] = number
        assert "geen getal" in refused(file_of(tmp_path, layout, lines), "--jaar", "2020")


def test_three_decimals_of_a_score_are_a_score(root, tmp_path):
    columns = "Perioden;Regiocode (gemeente, wijk, buurt) (code);"
    columns += "SES-WOA/Totaalscore/Gemiddelde score (Getal)"
    file = tmp_path / "ses.csv"
    file.write_text(f"{columns}\r\n2019;GM9001;1.010\r\n", encoding="utf-8")
    found = read_file(file, read_outcomes(root / "data" / "outcomes.csv"))
    assert found.table.loc["GM9001", "ses_woa_score"] == 1.01


@pytest.mark.parametrize("change", ["left", "right"])
def test_cells_of_a_workbook_that_moved(refused, tmp_path, change):
    lines = short_lines(small_table())
    at = at_column(lines, "a_inw")
    row = lines[3]
    lines[3] = row[:at] + row[at + 1 :] if change == "left" else [*row[:at], 7, *row[at:]]
    said = refused(write_xlsx(tmp_path / "a.xlsx", lines), "--jaar", "2020")
    assert "verschoven" in said


def test_cells_that_moved_beside_columns_that_are_empty(tmp_path):
    # Columns that were not asked in a year are empty in every row.
    head = ["code", *"abcdef"]
    rows = [[f"GM{n:04d}", 1, None, 2, ".", None, 3] for n in range(9)]

    def read(rows) -> pd.DataFrame:
        file = write_xlsx(tmp_path / "a.xlsx", [head, *rows])
        return read_sheet(file, lambda cells: cells[0] == "code").rows

    assert read(rows)["f"].eq("3").all()
    for moved in (
        [1, 2, ".", None, 3, None],
        [1, None, ".", None, 3],
        [9, 1, None, 2, ".", None, 3],
    ):
        with pytest.raises(InputError, match="gegevensregel 5 cellen|kolom zonder naam"):
            read([*rows[:4], ["GM0004", *moved], *rows[5:]])
    # To the right, with an empty column to move into.
    wide = [*rows[:4], ["GM0004", 7, 1, None, 2, ".", None, 3], *rows[5:]]
    file = write_xlsx(tmp_path / "b.xlsx", [[*head, "g"], *wide])
    with pytest.raises(InputError, match="gegevensregel 5 cellen"):
        read_sheet(file, lambda cells: cells[0] == "code")
    # A remark in a column that is else empty moves nothing.
    noted = [*rows[:4], ["GM0004", 1, None, 2, ".", "zie noot", 3], *rows[5:]]
    assert read(noted)["e"].iloc[4] == "zie noot"


def test_a_quote_that_lost_its_other_half(refused, tmp_path):
    file = write_csv(tmp_path / "a.csv", export_lines(small_table()))
    content = file.read_bytes()
    at = content.index(b'"     255"')
    file.write_bytes(content[:at] + b" " + content[at + 1 :])
    assert "aanhalingsteken dat niet sluit" in refused(file, "--jaar", "2020")


def test_a_file_without_all_regions_says_so(edition, tmp_path):
    lines = export_lines(small_table())
    whole = write_csv(tmp_path / "heel.csv", lines)
    assert "let op" not in bring(edition, whole, 2020)[0]
    people = at_column(lines, "nwoners")
    table = {line[3].strip(): line[people].strip() for line in lines[1:]}
    assert table["GM9001"] == "600" and table["WK9001AC"] == "200"
    # Cut at the end of a line: the second wijk of the first gemeente is gone, the other is whole.
    short = [line for line in lines if not line[3].startswith(("WK9001AC", "BU9001AC"))]
    assert len(short) < len(lines)
    kind, _ = bring(edition, write_csv(tmp_path / "kort.csv", short), 2020)
    assert "let op, er ontbreken wijken of buurten: er zijn er van GM9001 (" in kind
    stored = snapshot.newest(edition.raw, "84799NED")
    # The file does not serve the gemeente of which it holds a part.
    assert stored.notes["gemeenten"] == "GM0999 GM9002"


def test_real_gemeenten_are_whole(real_release):
    for year in (2017, 2020, 2024):
        levels = {one: of_level(real_release(year), one) for one in ("gemeente", "wijk", "buurt")}
        assert incomplete_gemeenten(levels) == {}
        gone = levels["buurt"]
        gone = gone[gone["gm_code"].ne("GM0637") | gone.index.str.startswith("BU063701")]
        short = incomplete_gemeenten({**levels, "buurt": gone})
        assert list(short) == ["GM0637"] and short["GM0637"] < 0.5
        # Of two levels the one with the fewest people tells.
        wijken = levels["wijk"].drop(index="WK063701")
        both = incomplete_gemeenten({**levels, "wijk": wijken, "buurt": gone})
        assert both == short != incomplete_gemeenten({**levels, "wijk": wijken})
        one = levels["wijk"]
        one = one[one["gm_code"].ne("GM0637") | one.index.str.startswith("WK063701")]
        several = levels["buurt"].drop(index=gone.index[gone["gm_code"].eq("GM0637")])
        told = incomplete_gemeenten({**levels, "wijk": one, "buurt": several})
        assert told == incomplete_gemeenten({**levels, "wijk": one})


def test_rows_are_damaged_when_few_are_far_from_their_total():
    # 100 people; of men and women together 15 more or fewer may be rounding, and 5 more slack.
    table = pd.DataFrame({"inhabitants": [100.0] * 20, "n_men": 60.0, "n_women": 60.0})
    check_partitions_of_file(table, "buurt", "a.csv")
    table.loc[3, "n_men"] = 61.0
    with pytest.raises(InputError, match="in 3 zijn de groepen van geslacht samen 121, terwijl"):
        check_partitions_of_file(table, "buurt", "a.csv")
    # Of few regions, or where many differ, nothing is said here: the report shows it.
    check_partitions_of_file(table.head(19), "buurt", "a.csv")
    check_partitions_of_file(table.assign(n_men=90.0), "buurt", "a.csv")


def test_two_rows_that_ran_together(shared, edition, tmp_path):
    """A piece is gone from within one row to within another: what is left has all its fields."""
    name = "statline_85984NED_leeftijd_geslacht.csv"
    text = (shared / "data/downloads" / name).read_text(encoding="utf-8-sig")
    head, *lines = text.splitlines()
    lines = [line for line in lines if line.split('";"')[3][2:6] == "0637"]
    at = next(n for n, line in enumerate(lines) if '"BU0637' in line)
    # The ages of the city stand behind the code and the total of a buurt.
    buurt, city = lines[at].split(";"), lines[0].split(";")
    file = tmp_path / "a.csv"
    glued = ";".join([*buurt[:8], *city[8:]])
    lines = [head, *lines[:at], glued, *lines[at + 1 :], ""]
    file.write_text("\r\n".join(lines), encoding="utf-8-sig")
    with pytest.raises(InputError, match="de groepen van leeftijd samen 128434, terwijl"):
        bring(edition, file, 2024)
    assert not list(edition.raw.glob("*"))


# Maps


SQUARE = shapely.box(0, 0, 0.01, 0.01)


def map_of(file: Path, crs, geometry=None, **columns) -> Path:
    shape = geometry or shapely.box(93_000, 450_000, 94_000, 451_000)
    columns = columns or {"buurtcode": ["BU06370101"]}
    drawn = gpd.GeoDataFrame(columns, geometry=[shape], crs=crs)
    drawn.to_file(file)
    return file


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_gpkg_in_degrees_that_does_not_say_so(refused, tmp_path):
    shape = shapely.box(4.4, 52.0, 4.5, 52.1)
    said = refused(map_of(tmp_path / "buurten_2024.gpkg", None, shape))
    assert "coördinatenstelsel" in said and "EPSG:4326" in said


def test_a_zip_or_workbook_that_was_cut(refused, tmp_path):
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    for name in ("tabel.xlsx", "scholen.geojson.zip"):
        file = tmp_path / name
        file.write_bytes(book.getvalue()[:900])
        assert "geen gaaf zip- of Excel-bestand" in refused(file)


def test_a_map_in_a_zip_that_differs_from_its_checksum(refused, tmp_path, root):
    whole = (root / "data/example/boundaries/wijken_2024.geojson").read_bytes()
    file = tmp_path / "wijken_2024.zip"
    with zipfile.ZipFile(file, "w") as archive:  # not compressed: another digit stays a digit
        archive.writestr("wijken_2024.geojson", whole)
    content = file.read_bytes()
    at = content.index(b"WK9901") + 5
    file.write_bytes(content[:at] + b"2" + content[at + 1 :])
    assert "controlesom" in refused(file)


@pytest.mark.parametrize(
    ("ring", "says"),
    [
        ([[4.4, 52], [4.5, 52], [4.5, 52.1], [4.4, 52.1]], "niet worden gelezen als kaart"),
        ([[4.4, 52], [4.5, 52], [4.5, 52.1], [4.4]], "niet te lezen"),
        ([[4.4, 52], [4.5, 52], [4.5, 1e9], [4.4, 52]], "ver buiten Nederland|geen getal"),
        ([[4.4, 52], [4.5, 52], [4.5, float("nan")], [4.4, 52]], "geen getal"),
    ],
)
def test_a_map_with_damaged_coordinates(refused, tmp_path, ring, says):
    good = [[4.4, 52.0], [4.5, 52.0], [4.5, 52.1], [4.4, 52.0]]
    features = [
        {"type": "Feature", "properties": {"buurtcode": f"BU0637010{n}"},
         "geometry": {"type": "Polygon", "coordinates": [one]}}
        for n, one in enumerate((good, ring))
    ]  # fmt: skip
    collection = {"type": "FeatureCollection", "features": features}
    file = tmp_path / "buurten_2024.geojson"
    file.write_text(json.dumps(collection), encoding="utf-8")
    assert any(one in refused(file) for one in says.split("|"))


def test_an_outline_with_a_corner_on_the_other_side_of_the_world(refused, tmp_path):
    # The country lies within what it spans, so only its size tells.
    shape = shapely.Polygon([(93_000, 450_000), (5e7, 450_000), (93_000, 451_000)])
    assert "ver buiten Nederland" in refused(map_of(tmp_path / "buurten_2024.gpkg", 28992, shape))


def test_a_coordinate_system_that_leads_nowhere(refused, tmp_path):
    file = map_of(tmp_path / "buurten_2024.gpkg", 'LOCAL_CS["plattegrond",UNIT["metre",1]]')
    assert "coördinatenstelsel" in refused(file)


@pytest.fixture
def streets(tmp_path) -> Path:
    lines = [shapely.LineString([(90_000 + n, 450_000), (90_100 + n, 450_100)]) for n in range(20)]
    file = tmp_path / "straten.shp"
    gpd.GeoDataFrame({"n": range(20)}, geometry=lines, crs=28992).to_file(file)
    return file


@pytest.mark.parametrize("part", [".shp", ".shx"])
def test_a_shapefile_that_was_cut(refused, streets, part):
    other = streets.with_suffix(part)
    other.write_bytes(other.read_bytes()[: {".shp": 900, ".shx": 150}[part]])
    assert "is niet heel" in refused(streets)


def test_a_shapefile_of_parts_that_do_not_belong_together(refused, streets):
    index = streets.with_suffix(".shx")
    content = bytearray(index.read_bytes())
    content[100:104] = content[108:112]  # the first shape where the second one is
    index.write_bytes(bytes(content))
    assert "niet waar zijn index zegt" in refused(streets)
    content[100:104] = (50).to_bytes(4, "big")
    content[104:108] = (99).to_bytes(4, "big")  # longer than it is
    index.write_bytes(bytes(content))
    assert "niet waar zijn index zegt" in refused(streets)
    index.unlink()
    assert "mist zijn index" in refused(streets)


def test_a_whole_shapefile_is_read(edition, streets):
    assert bring(edition, streets)[0] == "wandelnetwerk"
    assert len(network.read(edition.raw).length) == 20


# Over the years, and sources that do not know the same regions


def test_a_crosswalk_between_years_that_lack_a_table(real_release):
    tables = {year: real_release(year).table for year in (2020, 2024)}
    flags = flags_between(tables, 2020, 2024)
    said = missing_tables(flags)
    assert said.startswith("De grenswijzigingen van 2021, 2022 en 2023 zijn niet bekend")
    assert "pull --jaar" in said and "\n" not in said
    zoetermeer = [
        table[table["gm_code"].eq("GM0637") & table.index.str.startswith("BU")]
        for table in tables.values()
    ]
    walk = crosswalk(*zoetermeer, flags).dropna(subset="to_code")
    assert set(walk["label"]) == {"not_comparable"}
    shapes = gpd.GeoDataFrame(geometry=[SQUARE], index=[zoetermeer[0].index[0]], crs=28992)
    with pytest.raises(InputError, match="van het tweede jaar ontbreken"):
        crosswalk(*zoetermeer, flags, shapes)


def test_a_region_that_one_source_has_and_another_has_not(tmp_path):
    drawn = gpd.GeoDataFrame(
        {"buurtcode": ["BU90010101", "BU90010199"], "buurtnaam": ["Markt", "Elders"]},
        geometry=[shapely.box(9e4 + n * 1e3, 45e4, 9.1e4 + n * 1e3, 45.1e4) for n in range(2)],
        crs=28992,
    )
    file = tmp_path / "buurten_2024.gpkg"
    drawn.to_file(file)
    boundaries.store(tmp_path / "raw", file)
    table = region_table([100, 200])
    table.index = pd.Index(["BU90010101", "BU90010102"], name="region_code")
    found = boundaries.read(tmp_path / "raw", "buurt", "GM9001", 2024, table)
    assert list(found.places.index) == ["BU90010101"]
    assert (found.unmatched, found.missing) == (("BU90010199",), ("BU90010102",))


def test_an_answer_without_names_of_regions(root, codebook, tmp_path):
    table = small_table()
    names = [{"Key": one["Key"]} for one in table.regions]
    answer = Answer("84799NED", "u", "2021", table.properties, names, table.rows)
    stored = snapshot.write_table(tmp_path, answer)
    source = of_year(read_catalogue(root / "data" / "catalogue.csv"), "kerncijfers", 2020)
    with pytest.raises(InputError, match="gebieden zonder codes of namen"):
        read_release(stored, source, codebook)


def test_a_row_of_a_list_is_no_header(refused, tmp_path):
    # 'amenity' is the name of a column in other lists.
    file = tmp_path / "punten.csv"
    for at in ("POINT(12{n}340.1 487167.7)", "12{n}340.1,487167.7"):
        rows = [f"{n},{at.format(n=n)},amenity,restaurant,Bij {n}" for n in range(5)]
        file.write_text("\n".join([*rows, ""]), encoding="utf-8")
        refused(file)


@pytest.mark.parametrize("option", ["--from", "--voorzieningen", "--grenzen"])
def test_an_empty_map(tmp_path, capsys, option):
    file = tmp_path / "buurten_2024.gpkg"
    gpd.GeoDataFrame({"soort": []}, geometry=[], crs=28992).to_file(file, driver="GPKG")
    assert cli.main(["pull", option, str(file), "--raw", str(tmp_path / "raw")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert file.name in line and line.endswith(".")


def test_a_key_without_its_number_is_no_other_column(refused, tmp_path):
    lines = saved_lines(small_table())
    lines[0] = [name.replace("Mannen_6", "Mannen6") for name in lines[0]]
    assert "onbekende kolom Mannen6" in refused(
        write_csv(tmp_path / "a.csv", lines), "--jaar", "2020"
    )


def test_an_answer_with_a_code_that_is_none(root, codebook, tmp_path):
    table = small_table()
    table.rows[3]["Codering_3"] = "onbekend"
    answer = Answer("84799NED", "u", "2021", table.properties, table.regions, table.rows)
    stored = snapshot.write_table(tmp_path, answer)
    source = of_year(read_catalogue(root / "data" / "catalogue.csv"), "kerncijfers", 2020)
    with pytest.raises(InputError, match="'onbekend' waar een code van een gebied moet staan"):
        read_release(stored, source, codebook)
