"""The number of inhabitants of the country tells the year of a file."""

import pandas as pd
import pytest

from analysis.sources import downloads
from analysis.sources.edition import cbs_edition, project_root
from analysis.sources.errors import InputError
from analysis.sources.national_total import FILE, read_totals, years_of_total
from analysis.sources.sheets import Sheet

TOTALS = {2023: 17811291, 2024: 17942942}
CODES = pd.Series(["NL00", "GM0637"])


def sheet(column: str, *cells: str) -> Sheet:
    return Sheet("x.csv", pd.DataFrame({column: pd.Series(cells, dtype="str")}), ())


@pytest.mark.parametrize(
    "column", ["a_inw", "Bevolking/Aantal inwoners (aantal)", "AantalInwoners_5"]
)
@pytest.mark.parametrize("cell", ["17942942", "17.942.942", "17942942.0", " 17942942"])
def test_every_layout_tells_its_year(column, cell):
    assert years_of_total(sheet(column, cell, "125285"), CODES, TOTALS) == {2024}


def test_another_number_another_column_or_no_country_tells_nothing():
    assert years_of_total(sheet("a_inw", "17942943", "125285"), CODES, TOTALS) == set()
    assert years_of_total(sheet("a_man", "17942942", "125285"), CODES, TOTALS) == set()
    rows = sheet("a_inw", "17942942", "125285")
    assert years_of_total(rows, pd.Series(["GM0363", "GM0637"]), TOTALS) == set()


def test_totals_of_the_project_are_those_of_the_real_tables(shared):
    totals = read_totals(cbs_edition(project_root()).codebook.with_name(FILE))
    assert sorted(totals) == list(range(2013, 2026))
    for table, year in (("83765NED", 2017), ("84799NED", 2020), ("85984NED", 2024)):
        path = shared / "data" / "statline" / table / "TypedDataSet.parquet"
        rows = pd.read_parquet(path).filter(regex="^(WijkenEnBuurten|AantalInwoners_)")
        country = rows[rows["WijkenEnBuurten"].str.startswith("NL")]
        assert country.iloc[0, 1] == totals[year]


def test_a_file_of_the_country_is_not_stored_under_another_year(shared, tmp_path):
    file = shared / "data" / "downloads" / "statline_85984NED_leeftijd_geslacht.csv"
    edition = cbs_edition(project_root(), tmp_path / "raw")
    with pytest.raises(InputError, match="inwonertal van Nederland over 2024 en niet over 2022"):
        downloads.store(edition, file, 2022)
    assert not (tmp_path / "raw").exists()
    assert downloads.store(edition, file).notes["year"] == "2024"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("year,source\n2024,x\n", "mist de kolom inhabitants"),
        ("year,inhabitants,source\n2024,veel,x\n", "geen heel getal"),
        ("", "kan niet worden gelezen"),
    ],
)
def test_a_spoilt_table_of_totals_is_refused(tmp_path, text, says):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        read_totals(path)
