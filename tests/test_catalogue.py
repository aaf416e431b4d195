import pytest

from analysis.sources.catalogue import of_theme, of_year, read_catalogue
from analysis.sources.errors import InputError

HEADER = "table,catalogue,theme,year,title,publisher,address,seen_live,status\n"
ROW = "84799NED,CBS,kerncijfers,2020,Kerncijfers 2020,CBS,https://opendata.cbs.nl,no,published\n"


def written(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "catalogue.csv"
    file.write_text(text, encoding=encoding)
    return file


def test_the_project_s_catalogue_has_the_tables_of_cbs(root):
    catalogue = read_catalogue(root / "data" / "catalogue.csv")
    tables = {source.year: source.table for source in of_theme(catalogue, "kerncijfers")}
    assert tables == {
        2013: "82339NED",
        2014: "82931NED",
        2015: "83220NED",
        2016: "83487NED",
        2017: "83765NED",
        2018: "84286NED",
        2019: "84583NED",
        2020: "84799NED",
        2021: "85039NED",
        2022: "85318NED",
        2023: "85618NED",
        2024: "85984NED",
        2025: "86165NED",
    }
    assert list(tables) == sorted(tables, reverse=True)  # newest first
    for source in catalogue:
        assert source.address.startswith("https://")
        assert source.title and source.publisher
        assert source.seen_live in ("yes", "no")


def test_a_table_is_found_by_theme_and_year(tmp_path):
    catalogue = read_catalogue(written(tmp_path, HEADER + ROW))
    assert of_year(catalogue, "kerncijfers", 2020).table == "84799NED"
    assert of_theme(catalogue, "nabijheid") == ()


def test_a_year_without_a_table_lists_the_years_that_have_one(root):
    catalogue = read_catalogue(root / "data" / "catalogue.csv")
    with pytest.raises(InputError, match="Voor 2031 .* kies uit 2013, 2014, .*, 2025"):
        of_year(catalogue, "kerncijfers", 2031)


def test_a_catalogue_saved_by_a_spreadsheet_is_read(tmp_path):
    assert len(read_catalogue(written(tmp_path, HEADER + ROW, "utf-8-sig"))) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEADER.replace("theme", "thema") + ROW, "moet de kolommen table, catalogue, theme"),
        ("", "moet de kolommen"),
        (HEADER.replace(",", ";"), "moet de kolommen"),
        (HEADER + ROW.replace("2020,K", "twintig,K"), "'twintig' bij 84799NED is geen jaar"),
        (HEADER + ROW.replace("2020,K", ",K"), "'' bij 84799NED is geen jaar"),
        (HEADER + ROW + ROW, "noemt 84799NED meer dan één keer"),
        (HEADER + ROW + ROW.replace("84799NED", "1NED"), "meer dan één tabel van 2020"),
        (HEADER + "84799NED,CBS,kerncijfers\n", "regel van 84799NED heeft niet 9 velden"),
        (HEADER + ROW.replace("\n", ",te veel\n"), "regel van 84799NED heeft niet 9 velden"),
    ],
)
def test_a_catalogue_that_is_wrong_is_refused(tmp_path, text, says):
    with pytest.raises(InputError, match=says) as error:
        read_catalogue(written(tmp_path, text))
    assert "catalogue.csv" in str(error.value)
