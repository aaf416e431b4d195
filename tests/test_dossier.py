import errno
import shutil

import pandas as pd
import pytest

from analysis.evidence.frame import evidence_frame
from analysis.figures.figure import table_figure
from analysis.reports.dossier import edition_of, one_source, open_dossier, stored_releases
from analysis.sources import stored
from analysis.sources.errors import InputError

ROW = {"area_code": "GM9901", "year": 2024, "level": "buurt", "measure": "gini", "source": "Bron"}


@pytest.fixture(scope="module")
def raw(example_raw) -> str:
    return example_raw


@pytest.fixture
def dossier(raw):
    return open_dossier("Voorbeeldstad", edition="voorbeeld", raw=raw)


def figure(value: float):
    return table_figure(
        pd.DataFrame({"a": ["b"]}), rows=evidence_frame([{**ROW, "value": value}]), claim="Zo.",
        sentence="", source="Bron",
    )  # fmt: skip


@pytest.mark.parametrize("asked", ["GM9901", "9901", "voorbeeldstad", " Voorbeeld-Stad "])
def test_a_gemeente_is_found_by_code_or_name(raw, asked):
    found = open_dossier(asked, edition="voorbeeld", raw=raw)
    assert (found.code, found.name) == ("GM9901", "Voorbeeldstad")
    assert [release.year for release in found.releases] == [2024, 2022, 2020]
    assert found.newest.year == 2024
    assert found.names().to_dict() == {"GM9901": "Voorbeeldstad"}


def test_one_year_is_one_year(raw):
    found = open_dossier("GM9901", year=2022, edition="voorbeeld", raw=raw)
    assert [release.year for release in found.releases] == [2022]
    assert found.newest_with(["n_origin_outside_europe"]) is None


@pytest.mark.parametrize(
    ("concepts", "year"),
    [
        (["inhabitants"], 2024),
        (["n_education_low"], 2022),
        (["n_education_low", "inhabitants"], 2022),
        (["n_non_western"], 2022),
        (["n_origin_outside_europe"], 2024),
        (["n_origin_outside_europe", "n_non_western"], None),
        (["share_persons_in_poverty"], None),
        (["no_such_concept"], None),
    ],
)
def test_each_concept_has_its_own_newest_year(dossier, concepts, year):
    release = dossier.newest_with(concepts)
    assert (release and release.year) == year


def test_every_figure_comes_from_one_of_the_concepts_own_years(dossier):
    # 2022 and 2020 have migration background; what is newest counts, not what is there most.
    assert dossier.newest_with(["n_western"]).year == 2022


def test_a_region_table_is_of_this_gemeente_and_a_copy(dossier):
    table = dossier.regions(dossier.newest, "wijk")
    assert len(table) == 8 and table["gm_code"].eq("GM9901").all()
    table["inhabitants"] = 0
    assert dossier.regions(dossier.newest, "wijk")["inhabitants"].gt(0).all()


def test_a_level_that_does_not_exist_is_named(dossier):
    with pytest.raises(InputError, match="Het niveau 'straat' bestaat niet; kies uit gemeente"):
        dossier.regions(dossier.newest, "straat")


def test_the_source_line_names_table_and_date(dossier):
    line = dossier.source_line(dossier.newest)
    assert line == (
        "Bron: Fictieve voorbeeldgegevens: kerncijfers wijken en buurten 2024 (tabel VB024NED, "
        "bijgewerkt 3 maart 2025); eigen bewerking."
    )


def test_source_lines_are_said_once_with_every_table():
    one, two = "Bron: A (tabel 1); eigen bewerking.", "Bron: B (tabel 2); eigen bewerking."
    assert one_source([one, one]) == one
    assert one_source([one, two, one]) == "Bron: A (tabel 1) / B (tabel 2); eigen bewerking."


def test_what_was_shown_is_written_when_a_report_is_built(dossier, tmp_path):
    first, second = figure(1), figure(2)
    assert dossier.show(first) is first
    dossier.show(second)
    dossier.show(first)
    dossier.close("01_gegevens", "")
    assert list(tmp_path.iterdir()) == []
    dossier.close("01_gegevens", str(tmp_path))
    written = pd.read_parquet(tmp_path / "01_gegevens.parquet")
    assert written["value"].tolist() == [1, 2]


def test_rows_that_cannot_be_written_are_one_sentence(dossier, tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(InputError, match="No space left on device.*--uit"):
        dossier.close("01_gegevens", str(tmp_path))


def test_nothing_stored_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="^Er is nog niets opgehaald; doe eerst 'pull'"):
        open_dossier("Zoetermeer", raw=str(tmp_path))
    with pytest.raises(InputError, match="^Van 2024 is niets opgehaald; doe eerst 'pull'"):
        open_dossier("Zoetermeer", year=2024, raw=str(tmp_path))


def test_an_edition_that_does_not_exist_is_named():
    with pytest.raises(InputError, match="geen bron 'eurostat'; kies 'cbs' of 'voorbeeld'"):
        edition_of("eurostat")


def test_an_unknown_gemeente_is_refused(raw):
    with pytest.raises(InputError, match="bedoelt u Voorbeeldstad"):
        open_dossier("Voorbeeldstadt", edition="voorbeeld", raw=raw)


def test_without_boundaries_or_points_there_are_none(raw, tmp_path):
    there = edition_of("voorbeeld", raw).raw
    here = edition_of("voorbeeld", str(tmp_path)).raw
    shutil.copytree(there / "VB024NED", here / "VB024NED")
    bare = open_dossier("GM9901", edition="voorbeeld", raw=str(tmp_path))
    assert bare.boundaries(bare.newest, "buurt") is None and bare.points() is None


def test_a_table_is_read_once_and_years_do_not_push_each_other_out(raw, monkeypatch):
    edition = edition_of("voorbeeld", raw)
    stored_releases(edition)

    def again(*_):
        raise AssertionError("read again")

    monkeypatch.setattr(stored.kerncijfers, "read_release", again)
    for _ in range(3):
        assert len(stored_releases(edition)) == 3
    assert stored._read.cache_info().maxsize is None


def test_a_gemeente_is_shown_over_the_years_that_have_it(real_raw):
    # The table of 2019 in ../shared is of Amsterdam alone.
    here = open_dossier("Zoetermeer", raw=str(real_raw))
    assert [release.year for release in here.releases] == [2024, 2020, 2017]
    assert here.newest_with(["n_social_assistance"]).year == 2020
    assert here.newest_with(["share_low_income_households"]).year == 2017
    there = open_dossier("Amsterdam", raw=str(real_raw))
    assert [release.year for release in there.releases] == [2024, 2020, 2019, 2017]
