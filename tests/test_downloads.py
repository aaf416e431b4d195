import csv
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from downloaded import export_lines, saved_lines, short_lines, write_csv, write_xlsx
from statline_server import COLUMNS, ORIGIN, small_table

from analysis.sources import downloads, kerncijfers, layouts, regions, snapshot
from analysis.sources.catalogue import of_year, read_catalogue
from analysis.sources.edition import cbs_edition
from analysis.sources.errors import InputError
from analysis.sources.statline import Answer

# In 2024: by origin, herkomstland and born here or elsewhere.
ORIGINS = {
    "NL00": [800, 100, 112, 780, 90],
    "GM9001": [400, 100, 100, 390, 60],
    "WK900101": [300, 50, 50, 290, 30],
    "BU90010101": [255, 0, 0, 255, 0],
    "BU90010102": [45, 50, 50, 40, 30],
}
LAYOUTS = (layouts.SPREADSHEET, layouts.EXPORT, layouts.SAVED)


@pytest.fixture
def edition(root, tmp_path):
    return cbs_edition(root, tmp_path / "raw")


def table_of(year):
    if year < 2023:
        return small_table()
    # Keys that occur in two places can be told apart only in a whole table.
    columns = COLUMNS + (
        *ORIGIN[:4],
        ORIGIN[3].replace("> Nederland |", "> Europa (exclusief Nederland) |"),
        ORIGIN[3].replace("> Nederland |", "> Buiten Europa |"),
        ORIGIN[4].replace("> Buiten Europa |", "> Europa (exclusief Nederland) |"),
        ORIGIN[4],
    )
    more = {code: [*values[:4], 1, 2, 3, values[4]] for code, values in ORIGINS.items()}
    return small_table("85984NED", columns, more)


def file_of(folder, layout, table, name="download", **form):
    """Write a table in one of the layouts."""
    if layout == layouts.SPREADSHEET:
        lines = short_lines(table)
        return write_xlsx(folder / f"{name}.xlsx", lines, **form)
    lines = export_lines(table) if layout == layouts.EXPORT else saved_lines(table)
    return write_csv(folder / f"{name}.csv", lines, **form)


def stored_release(edition, codebook, file, year=None):
    stored = downloads.store(edition, file, year)
    source = of_year(
        read_catalogue(edition.catalogue), stored.notes["theme"], int(stored.notes["year"])
    )
    return kerncijfers.read_release(stored, source, codebook)


def answered(folder, codebook, table, year, edition):
    answer = Answer(table.identifier, "u", "2024", table.properties, table.regions, table.rows)
    source = of_year(read_catalogue(edition.catalogue), "kerncijfers", year)
    return kerncijfers.read_release(snapshot.write_table(folder, answer), source, codebook)


def refused(edition, file, says, year=2020):
    with pytest.raises(InputError, match=says) as error:
        downloads.store(edition, file, year)
    assert "\n" not in str(error.value) and file.name in str(error.value)
    # Nothing half-written stays.
    assert not edition.raw.exists() or not list(edition.raw.iterdir())


# A file and an answer are the same table


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("year", [2020, 2024])
def test_a_file_reads_as_the_service_s_answer_does(edition, codebook, tmp_path, layout, year):
    table = table_of(year)
    expected = answered(tmp_path / "statline", codebook, table, year, edition)
    file = file_of(tmp_path, layout, table)
    assert downloads.recognise(file) == layout
    assert downloads.theme_of(file) == "kerncijfers"
    found = stored_release(edition, codebook, file, year)
    assert found.year == year
    columns = [name for name in expected.table if name in found.table]
    assert set(columns) == set(expected.table)
    if layout == layouts.SAVED:  # which has no names of wijken and buurten
        columns.remove("region_name")
    pd.testing.assert_frame_equal(found.table[columns], expected.table[columns], check_exact=True)
    for level in regions.LEVELS:
        kept, usual = (kerncijfers.region_table(one, level) for one in (found, expected))
        assert kept.index.equals(usual.index) and kept["inhabitants"].equals(usual["inhabitants"])
        left, usual = (kerncijfers.dropped_regions(one, level) for one in (found, expected))
        assert left["reason"].equals(usual["reason"])


def test_what_the_keys_of_origin_mean_is_told_by_their_order(edition, codebook, tmp_path):
    found = stored_release(
        edition, codebook, file_of(tmp_path, layouts.SAVED, table_of(2024)), 2024
    )
    gm = found.table.loc["GM9001"]
    assert gm["n_origin_netherlands"] == 400 and gm["n_born_nl_origin_netherlands"] == 390
    assert gm["n_origin_outside_europe"] == 100 and gm["n_born_nl_origin_outside_europe"] == 2
    assert gm["n_born_abroad_origin_europe"] == 3
    assert gm["n_born_abroad_origin_outside_europe"] == 60


def test_some_of_the_keys_of_origin_cannot_be_told_apart(edition, tmp_path):
    table = small_table("85984NED", COLUMNS + ORIGIN, ORIGINS)
    file = file_of(tmp_path, layouts.SAVED, table)
    refused(edition, file, "heeft 1 kolommen als Europa.*een hele tabel van 2024 er 3", 2024)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("layout", LAYOUTS[1:])
def test_delimiter_and_encoding_do_not_matter(
    edition, codebook, tmp_path, layout, delimiter, encoding
):
    usual = stored_release(edition, codebook, file_of(tmp_path, layout, table_of(2020)), 2020)
    other = file_of(
        tmp_path, layout, table_of(2020), "other", delimiter=delimiter, encoding=encoding
    )
    found = stored_release(edition, codebook, other, 2020)
    pd.testing.assert_frame_equal(found.table, usual.table, check_exact=True)


def test_decimal_points_and_commas_are_one(edition, codebook, tmp_path):
    comma, point = (
        write_csv(tmp_path / f"{comma}.csv", export_lines(table_of(2020), comma))
        for comma in (True, False)
    )
    first = stored_release(edition, codebook, comma, 2020).table
    pd.testing.assert_frame_equal(first, stored_release(edition, codebook, point, 2020).table)
    assert first.loc["GM9001", "income_per_inhabitant_eur"] == 25_500


def test_an_export_may_be_saved_as_a_workbook_and_a_spreadsheet_as_csv(edition, codebook, tmp_path):
    book = write_xlsx(tmp_path / "export.xlsx", export_lines(table_of(2020)))
    assert downloads.recognise(book) == layouts.EXPORT
    text = write_csv(tmp_path / "kwb.csv", short_lines(table_of(2020)))
    assert downloads.recognise(text) == layouts.SPREADSHEET
    first = stored_release(edition, codebook, book, 2020).table
    second = stored_release(edition, codebook, text, 2020).table
    pd.testing.assert_frame_equal(first, second[list(first)])


def test_rows_of_one_gemeente_are_a_file(edition, codebook, tmp_path):
    lines = export_lines(table_of(2020))
    # the header and the one gemeente with its wijk and buurt
    file = write_csv(tmp_path / "een.csv", [lines[0], *lines[9:12]])
    found = stored_release(edition, codebook, file, 2020)
    assert found.table.index.tolist() == ["GM9002", "WK900200", "BU90020001"]
    assert found.snapshot.notes["gemeenten"] == "GM9002" and found.snapshot.rows == 3
    assert kerncijfers.gemeente_names(found).to_dict() == {"GM9002": "Gerven, Wetten en Nede"}


def test_what_a_code_tells_need_not_be_a_column(edition, codebook, tmp_path):
    lines = [[line[0], *line[3:]] for line in export_lines(table_of(2020))]
    assert lines[0][1] == "Regioaanduiding/Codering (code)"
    found = stored_release(edition, codebook, write_csv(tmp_path / "a.csv", lines), 2020)
    assert found.table.loc["BU90010101", "gm_name"] == "'s-Heerenwaard"
    assert kerncijfers.region_table(found, "gemeente")["gm_name"].tolist()[1] == (
        "Gerven, Wetten en Nede"
    )


def test_a_column_that_was_not_chosen_is_not_in_the_file(edition, codebook, tmp_path):
    lines = [line[:-1] for line in export_lines(table_of(2020))]
    found = stored_release(edition, codebook, write_csv(tmp_path / "a.csv", lines), 2020)
    told = kerncijfers.reasons(found, "buurt", ["land_area_km2", "n_men", "n_origin_europe"])
    assert told["land_area_km2"].eq("not_in_file").all()
    assert told["n_men"].eq("").all()
    assert told["n_origin_europe"].eq("does_not_exist").all()


def test_lines_above_and_the_source_below_are_no_rows(edition, codebook, tmp_path):
    lines = export_lines(table_of(2020))
    file = write_csv(
        tmp_path / "a.csv", [["Kerncijfers wijken en buurten 2020"], [], *lines, ["Bron: CBS"]]
    )
    found = stored_release(edition, codebook, file)  # the title says the year
    assert found.year == 2020 and len(found.table) == len(lines) - 1
    after = write_csv(tmp_path / "b.csv", [*lines, ["Bron: CBS"], *lines[1:]])
    with pytest.raises(InputError, match=r"regel 15 nog gegevens na de bronvermelding"):
        downloads.store(edition, after, 2020)


@pytest.mark.parametrize(
    ("name", "cell", "expected"),
    [
        ("a_inw", " 255", 255.0),
        ("g_ink_pi", "26,4", 26_400.0),
        ("g_ink_pi", "26.4", 26_400.0),
        ("g_ink_pi", 26.4, 26_400.0),
        ("g_ink_pi", "       .", np.nan),
        ("g_ink_pi", ",", np.nan),  # how the spreadsheet of 2022 has some holes
        ("g_ink_pi", None, np.nan),
        ("g_ink_pi", "x", np.nan),
        ("a_man", 0, 0.0),
    ],
)
def test_cells_of_a_spreadsheet(edition, codebook, tmp_path, name, cell, expected):
    lines = short_lines(table_of(2020))
    lines[4][lines[0].index(name)] = cell
    found = stored_release(edition, codebook, write_xlsx(tmp_path / "a.xlsx", lines), 2020)
    concept = {"a_inw": "inhabitants", "g_ink_pi": "income_per_inhabitant_eur", "a_man": "n_men"}
    assert found.table.loc["BU90010101", concept[name]] == pytest.approx(expected, nan_ok=True)


def test_names_of_columns_may_have_blanks_and_capitals(edition, codebook, tmp_path):
    lines = short_lines(table_of(2020))
    lines[0] = [f" {name.upper()} " for name in lines[0]]
    found = stored_release(edition, codebook, write_xlsx(tmp_path / "a.xlsx", lines), 2020)
    assert found.table.loc["GM9001", "inhabitants"] == 600


# Which year


@pytest.mark.parametrize("title", ["KWB2020", "kwb-2020 (v2)", "84799NED"])
def test_the_sheet_may_say_the_year(edition, codebook, tmp_path, title):
    file = write_xlsx(tmp_path / "x.xlsx", short_lines(table_of(2020)), title)
    assert stored_release(edition, codebook, file).year == 2020
    with pytest.raises(InputError, match="volgens zijn inhoud over 2020 en niet over 2019"):
        downloads.store(edition, file, 2019)


@pytest.mark.parametrize(("column", "value"), [("jaar", "2020"), ("Perioden", "2020JJ00")])
def test_a_column_may_say_the_year(edition, codebook, tmp_path, column, value):
    head, *lines = saved_lines(table_of(2020))
    lines = [[column, *head], *([value, *line] for line in lines)]
    file = write_csv(tmp_path / "a.csv", lines)
    assert stored_release(edition, codebook, file).year == 2020


def test_without_a_year_it_is_asked_for(edition, tmp_path):
    file = file_of(tmp_path, layouts.SPREADSHEET, table_of(2020), "kwb-2020")
    refused(edition, file, "geef het jaar erbij; de naam doet 2020 vermoeden", None)


def test_mixed_years_are_refused(edition, tmp_path):
    head, *lines = saved_lines(table_of(2020))
    both = [[*line, year] for year in ("2019", "2020") for line in lines]
    file = write_csv(tmp_path / "a.csv", [[*head, "jaar"], *both])
    refused(edition, file, r"jaren door elkaar \(2019, 2020\)")
    without = write_csv(tmp_path / "b.csv", [head, *lines, *lines])
    refused(edition, without, "noemt NL00 meer dan één keer; bewaar van ieder jaar een eigen")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_year_that_the_figures_contradict_is_refused(edition, tmp_path, layout):
    file = file_of(tmp_path, layout, table_of(2024))
    refused(edition, file, "heeft cijfers over herkomst Nederland, die CBS over 2020 niet geeft")


def test_a_year_without_a_table_is_refused(edition, tmp_path):
    file = file_of(tmp_path, layouts.EXPORT, table_of(2024))
    refused(edition, file, "gaat over 2031, en daarvan staat geen tabel van 'kerncijfers'", 2031)


# What is refused


def test_a_column_of_a_spreadsheet_that_was_renamed_is_named(edition, tmp_path):
    lines = short_lines(table_of(2020))
    lines[0][lines[0].index("a_man")] = "a_mann"
    file = write_xlsx(tmp_path / "a.xlsx", lines)
    refused(edition, file, r"geen kolom a_man \(mannen\), maar wel de onbekende kolom a_mann")


def test_a_title_or_a_key_that_was_renamed_is_named(edition, tmp_path):
    lines = export_lines(table_of(2020))
    lines[0] = [name.replace("inkomen per inwoner", "inkomen per bewoner") for name in lines[0]]
    file = write_csv(tmp_path / "a.csv", lines)
    refused(edition, file, "onbekende kolom Inkomen/.*/Gemiddeld inkomen per bewoner")
    lines = saved_lines(table_of(2020))
    lines[0] = [name.replace("PerInwoner", "PerBewoner") for name in lines[0]]
    file = write_csv(tmp_path / "b.csv", lines)
    refused(edition, file, "onbekende kolom GemiddeldInkomenPerBewoner_8")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_without_inhabitants_is_refused(edition, tmp_path, layout):
    if layout == layouts.SPREADSHEET:
        lines = short_lines(small_table())
        at = lines[0].index("a_inw")
        file = write_xlsx(tmp_path / "a.xlsx", [line[:at] + line[at + 1 :] for line in lines])
    else:
        make = export_lines if layout == layouts.EXPORT else saved_lines
        lines = make(small_table())
        at = next(n for n, name in enumerate(lines[0]) if "nwoners" in name)
        file = write_csv(tmp_path / "a.csv", [line[:at] + line[at + 1 :] for line in lines])
    refused(edition, file, "heeft geen kolom voor inwoners")


def test_two_columns_for_one_concept_are_refused(edition, tmp_path):
    lines = short_lines(table_of(2020))
    lines = [[*line, "g_woz" if n == 0 else 200, "g_wozbag" if n == 0 else 210]
             for n, line in enumerate(lines)]  # fmt: skip
    refused(edition, write_xlsx(tmp_path / "a.xlsx", lines), "heeft g_woz en g_wozbag, die allebei")
    lines = export_lines(table_of(2020))
    twice = [[*line, line[6]] for line in lines]
    refused(edition, write_csv(tmp_path / "b.csv", twice), "Mannen .* meer dan één keer")
    twice[0][-1] = "Bevolking/Geslacht/ Mannen  (aantal)"
    refused(edition, write_csv(tmp_path / "c.csv", twice), "allebei bij het begrip n_men")
    lines = saved_lines(table_of(2020))
    twice = [[*line, line[7]] for line in lines]
    twice[0][-1] = "Mannen_99"
    refused(edition, write_csv(tmp_path / "d.csv", twice), "heeft 2 kolommen als Mannen_6")


def test_names_in_place_of_codes_are_refused(edition, tmp_path):
    lines = [
        [cell for n, cell in enumerate(line) if n != 3] for line in export_lines(table_of(2020))
    ]
    refused(edition, write_csv(tmp_path / "a.csv", lines), "geen kolom met codes.*ook 'Codering'")


@pytest.mark.parametrize(("code", "says"), [("", "geen code"), ("BU9001", "'BU9001' en geen code")])
def test_a_row_without_a_code_is_refused(edition, tmp_path, code, says):
    lines = export_lines(table_of(2020))
    lines[4][3] = code
    refused(edition, write_csv(tmp_path / "a.csv", lines), f"gegevensregel 4 heeft .*{says}")


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("WijkenEnBuurten", "BU90010102", "de codes BU90010101 en BU90010102"),
        ("SoortRegio_2", "Wijk", r"\(BU90010101\) heet een 'Wijk'"),
    ],
)
def test_rows_that_ran_together_are_refused(edition, tmp_path, column, value, says):
    lines = saved_lines(table_of(2020))
    lines[4][lines[0].index(column)] = value
    refused(edition, write_csv(tmp_path / "a.csv", lines), f"gegevensregel 4 .*{says}")


@pytest.mark.parametrize("number", ["17.942", "1.234.567", "12a", "-", "1_000"])
def test_a_number_that_is_none_is_refused(edition, tmp_path, number):
    lines = export_lines(table_of(2020))
    lines[4][5] = number
    refused(edition, write_csv(tmp_path / "a.csv", lines), "inwoners.* iets dat geen getal is")


def test_other_statistics_are_refused(edition, tmp_path):
    lines = [
        ["Perioden", "Regiocode (code)", "SES-WOA/Totaalscore (Getal)"],
        ["2019", "GM0363", "1"],
    ]
    file = write_csv(tmp_path / "a.csv", lines)
    assert downloads.theme_of(file) == "ses_woa"
    refused(edition, file, "niet bij Kerncijfers of Nabijheid horen")


# Among the releases of the service


def test_the_newest_wins_and_says_what_it_is(edition, codebook, tmp_path):
    table = table_of(2020)
    answer = Answer(
        table.identifier, "u", "2021-03-01", table.properties, table.regions, table.rows
    )
    first = snapshot.write_table(edition.raw, answer)
    file = file_of(tmp_path, layouts.EXPORT, table)
    brought = downloads.store(edition, file, 2020)
    assert snapshot.newest(edition.raw, "84799NED") == brought
    assert downloads.source_note(brought) == "uit bestand download.csv"
    assert downloads.source_note(first) == ""
    # What the service changes after the file was brought is newer again.
    later = snapshot.write_table(edition.raw, replace(answer, modified="2999-01-01"))
    assert snapshot.newest(edition.raw, "84799NED") == later


def test_a_file_of_one_gemeente_does_not_hide_the_others(edition, tmp_path):
    table = table_of(2020)
    answer = Answer(
        table.identifier, "u", "2021-03-01", table.properties, table.regions, table.rows
    )
    whole = snapshot.write_table(edition.raw, answer)
    lines = export_lines(table)
    file = write_csv(tmp_path / "een.csv", [lines[0], *lines[9:12]])
    brought = downloads.store(edition, file, 2020)
    assert downloads.newest_with(edition.raw, "84799NED", "GM9002") == brought
    assert downloads.newest_with(edition.raw, "84799NED", "GM9001") == whole
    assert downloads.newest_with(edition.raw, "1NED", "GM9001") is None


def test_a_file_is_kept_as_it_is(edition, codebook, tmp_path):
    file = file_of(tmp_path, layouts.EXPORT, table_of(2020))
    stored = downloads.store(edition, file, 2020)
    kept = stored.path("download.csv")
    assert kept.read_bytes() == file.read_bytes()
    kept.write_bytes(kept.read_bytes().replace(b"255", b"256"))
    source = of_year(read_catalogue(edition.catalogue), "kerncijfers", 2020)
    with pytest.raises(InputError, match="download.csv is gewijzigd"):
        kerncijfers.read_release(stored, source, codebook)


# The real files


def test_the_real_spreadsheet_of_utrecht(shared, edition, codebook, real_release, tmp_path):
    file = shared / "data" / "downloads" / "kwb-2024_utrecht.xlsx"
    shutil.copyfile(file, tmp_path / "x.dat")  # the name says nothing
    assert downloads.recognise(tmp_path / "x.dat") == layouts.SPREADSHEET
    found = stored_release(edition, codebook, tmp_path / "x.dat", 2024)
    assert [len(kerncijfers.region_table(found, level)) for level in regions.LEVELS] == [1, 10, 109]
    assert found.table.loc["GM0344", "inhabitants"] == 374_238
    # What the stored answer of a later release has too is the same, cell by cell.
    answer = real_release(2024).table.loc[found.table.index, list(found.table)]
    both = answer.notna().any() & found.table.notna().any()
    assert both.sum() == 21
    both["region_name"] = False  # StatLine cuts names at 40 letters
    there = answer.loc[:, both]  # a zero of the first release may be empty in the later one
    pd.testing.assert_frame_equal(found.table.loc[:, both].where(there.notna()), there)
    assert there.isna().sum().sum() - found.table.loc[:, both].isna().sum().sum() == 2
    assert found.table["region_name"].ne(answer["region_name"]).sum() == 4
    assert found.table["n_born_abroad_origin_europe"]["GM0344"] == 27_018


def test_the_real_export_of_the_whole_country(shared, edition, codebook, real_release):
    file = shared / "data" / "downloads" / "statline_85984NED_leeftijd_geslacht.csv"
    assert downloads.recognise(file) == layouts.EXPORT
    found = stored_release(edition, codebook, file, 2024)
    answer = real_release(2024).table[list(found.table)]
    assert len(found.table) == 18_310
    pd.testing.assert_frame_equal(found.table, answer.loc[found.table.index])


@pytest.mark.parametrize(
    ("year", "form", "typed"),
    [
        (2017, {"sep": ","}, True),
        (2019, {"sep": ";"}, False),
        (2024, {"sep": ";", "decimal": ","}, True),
    ],
)
def test_a_real_table_that_somebody_saved(
    shared, edition, codebook, real_release, tmp_path, year, form, typed
):
    table = {2017: "83765NED", 2019: "84583NED", 2024: "85984NED"}[year]
    rows = pd.read_parquet(shared / "data" / "statline" / table / "TypedDataSet.parquet")
    # Amsterdam, with the country, in each of the forms
    rows = rows[rows["Codering_3"].str.contains("0363|NL00")]
    if not typed:
        for name in rows.columns[2:]:
            if rows[name].dtype.kind in "fi":
                rows = rows.assign(**{name: rows[name].map(padded)})
    file = tmp_path / "opgeslagen.csv"
    rows.to_csv(file, index=typed, quoting=csv.QUOTE_NONNUMERIC, **form)
    assert downloads.recognise(file) == layouts.SAVED
    found = stored_release(edition, codebook, file, year).table.drop(columns="region_name")
    answer = real_release(year).table[list(found)].loc[found.index]
    pd.testing.assert_frame_equal(found, answer)
    assert len(found) > 500


def padded(number: float) -> str:
    return "       ." if np.isnan(number) else f"{number:8.10g}"
