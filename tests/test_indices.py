"""The word `indices`, on the example as a user gives it."""

import io
import json

import pandas as pd
import pytest

from analysis.evidence.frame import COLUMNS
from analysis.reports import cli


@pytest.fixture
def ask(example_raw, capsys):
    def asked(*given: str) -> tuple[int, str, str]:
        code = cli.main(["indices", "--raw", example_raw, *given])
        told = capsys.readouterr()
        return code, told.out, told.err

    return asked


def test_csv_holds_evidence_rows_of_every_year_level_and_group(ask):
    code, out, _ = ask("--format", "csv")
    rows = pd.read_csv(io.StringIO(out))
    assert code == 0 and list(rows.columns) == list(COLUMNS)
    assert set(rows["year"]) == {2020, 2022, 2024} and set(rows["level"]) == {"wijk", "buurt"}
    key = rows.set_index(["year", "level", "group", "measure"])["value"]
    # Planted in the example: see its README.
    assert round(key[2020, "buurt", "non_western", "dissimilarity"], 2) == 0.13
    assert 0.22 < key[2024, "buurt", "social_assistance", "dissimilarity"] < 0.25


def test_json_of_one_theme_and_level(ask):
    code, out, _ = ask("--format", "json", "--groep", "wonen", "--niveau", "wijk", "--jaar", "2024")
    rows = json.loads(out)
    assert code == 0
    assert {row["group"] for row in rows} == {"housing_corporation", "owner_occupied"}
    assert {row["level"] for row in rows} == {"wijk"} and {row["year"] for row in rows} == {2024}


def test_the_table_reads_in_dutch(ask):
    code, out, _ = ask("--groep", "age_65_plus", "non_western", "--jaar", "2024")
    assert code == 0 and "Voorbeeldstad, wijken, 2024 (8 wijken)" in out
    first = next(line for line in out.splitlines() if line.startswith("65-plussers"))
    assert "0,136" in first and "0,135 – 0,137" in first and first.endswith("100%")
    # Asked for by name it is there, with what is the matter.
    old = next(line for line in out.splitlines() if "niet-westerse" in line)
    assert old.rstrip().endswith("bestaat niet in dit jaar")
    assert out.rstrip().splitlines()[-1].startswith("Bron: Fictieve voorbeeldgegevens")


def test_a_group_that_does_not_exist(ask):
    code, out, err = ask("--groep", "rijken")
    assert code == 2 and out == ""
    assert "geen groep 'rijken'" in err and "inkomen" in err and "age_65_plus" in err


def test_real_gemeenten_beside_each_other(real_raw, capsys, monkeypatch):
    # Everything is stored, so nothing is asked of the service.
    code = cli.main(
        ["indices", "Zoetermeer", "Almere", "--raw", str(real_raw), "--jaar", "2020", "--groep",
         "non_western", "--format", "csv"]
    )  # fmt: skip
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert code == 0
    d = rows[rows["measure"].eq("dissimilarity")].set_index(["area_name", "level"])["value"]
    assert d.round(3).to_dict() == {
        ("Zoetermeer", "wijk"): 0.127, ("Zoetermeer", "buurt"): 0.185,
        ("Almere", "wijk"): 0.078, ("Almere", "buurt"): 0.172,
    }  # fmt: skip
