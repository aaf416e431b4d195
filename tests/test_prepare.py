"""What a report needs is fetched once, no further back than needed, and never twice."""

from dataclasses import replace

import pytest
from statline_server import serving, small_table

from analysis.reports import prepare
from analysis.reports.dossier import open_dossier, stored_releases
from analysis.sources import snapshot
from analysis.sources.edition import Edition, example_edition
from analysis.sources.errors import InputError, ServiceError

HEADER = "table,catalogue,theme,year,title,publisher,address,seen_live,status\n"
TABLES = {
    2025: "86165NED", 2024: "85984NED", 2023: "85618NED", 2022: "85318NED", 2021: "85039NED",
    2020: "84799NED",
}  # fmt: skip
HAS = (2024, 2023, 2022, 2021, 2020)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr("analysis.sources.transport.time.sleep", lambda seconds: None)
    with serving(*(small_table(TABLES[year]) for year in HAS), page_size=50) as state:
        yield state


@pytest.fixture
def edition(server, root, tmp_path) -> Edition:
    file = tmp_path / "catalogue.csv"
    rows = [
        f"{table},CBS,kerncijfers,{year},Titel,CBS,{server.address},no,published\n"
        for year, table in TABLES.items()
    ]
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    return Edition(file, root / "data" / "codebook.csv", tmp_path / "raw", None)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def prepared(edition, said):
    def run(*asked, year=None, pulled=False):
        work = prepare.pull_years if pulled else prepare.prepare
        return work(edition, asked, year, lambda table: None, said.append)

    return run


def years(edition) -> list[int]:
    return [release.year for release in stored_releases(edition)]


def fetched(server) -> int:
    return server.asked.count("TypedDataSet")


def down(server) -> None:
    names = ("Tables", "TableInfos", "DataProperties", "WijkenEnBuurten", "TypedDataSet")
    server.faults = {name: ["drop"] * 99 for name in names}


def rename(table, name: str, code: str = "GM9002") -> None:
    """Give a gemeente another name in one table."""
    for row in table.rows:
        if row["WijkenEnBuurten"].strip()[2:6] == code[2:]:
            row["Gemeentenaam_1"] = name.ljust(40)
    for record in table.regions:
        if record["Key"].strip() == code:
            record["Title"] = name.ljust(40)


# One year


def test_a_year_is_one_table_and_asked_once(server, edition, prepared, said):
    assert prepared("heerenwaard", "GM9002", "GM9001", year=2022) == {
        "GM9001": "'s-Heerenwaard", "GM9002": "Gerven, Wetten en Nede",
    }  # fmt: skip
    assert years(edition) == [2022] and fetched(server) == 1
    asked = len(server.asked)
    prepared("GM9001", year=2022)
    assert len(server.asked) == asked and said == []


def test_a_year_at_hand_needs_no_service(server, edition, prepared):
    prepared("GM9001", year=2022)
    (edition.raw / "service.json").unlink()
    down(server)
    assert prepared("GM9002", year=2022) == {"GM9002": "Gerven, Wetten en Nede"}


def test_a_year_that_cannot_be_had_tells_which_are_at_hand(server, edition, prepared):
    prepared("GM9001", year=2022)
    down(server)
    with pytest.raises(ServiceError, match="Wel in huis: 2022.$|niet bereikbaar"):
        prepared("GM9001", year=2020)
    assert years(edition) == [2022]


# The newest year of each concept


def test_without_a_year_it_looks_back_four_tables_at_most(server, edition, prepared, said):
    # These tables have no income of households, tenure, education, origin or distances.
    prepared("GM9001")
    assert years(edition) == [2024, 2023, 2022, 2021]
    assert len(years(edition)) == prepare.LOOK_BACK == fetched(server)
    assert said == []


def test_it_looks_back_no_further_than_needed(root, tmp_path, said):
    # The example's 2024 lacks education only, which 2022 has: 2020 is not needed.
    edition = example_edition(root, tmp_path)
    named = prepare.prepare(edition, ["voorbeeldstad"], None, lambda table: None, said.append)
    assert named == {"GM9901": "Voorbeeldstad"}
    assert years(edition) == [2024, 2022]


def test_what_a_gemeente_lacks_is_told_by_theme_and_distance(root, tmp_path, said):
    edition = example_edition(root, tmp_path)
    prepare.prepare(edition, ["GM9901"], None, lambda table: None, said.append)
    releases = stored_releases(edition)
    assert prepare._wanting(releases, "GM9901") == []
    assert prepare._wanting(releases[:1], "GM9901") == ["onderwijs"]
    everything = {"inkomen", "wonen", "onderwijs", "herkomst", "leeftijd", *prepare._DISTANCES}
    assert set(prepare._wanting((), "GM9901")) == everything
    # Of a gemeente that a table does not have it says nothing.
    assert set(prepare._wanting(releases, "GM0001")) == everything


def test_a_second_report_asks_nothing(server, prepared):
    prepared("GM9001")
    asked = len(server.asked)
    prepared("GM9001")
    prepared("GM9002", "GM9001")
    assert len(server.asked) == asked


def test_an_older_year_at_hand_does_not_hide_a_newer_one(server, edition, prepared):
    prepared("GM9001", year=2020)
    prepared("GM9001")
    assert years(edition)[0] == 2024


def test_nothing_at_hand_and_no_service_is_the_service_s_own_sentence(server, prepared, said):
    down(server)
    with pytest.raises(ServiceError, match="is niet bereikbaar"):
        prepared("GM9001")
    assert said == []


def test_a_service_that_has_none_of_our_tables(server, prepared):
    server.tables.clear()
    with pytest.raises(InputError, match="geen tabel"):
        prepared("GM9001")


def test_without_the_service_it_goes_on_with_what_is_at_hand_and_says_so(
    server, edition, prepared, said
):
    prepared("GM9001", year=2020)
    (edition.raw / "service.json").unlink()
    down(server)
    assert prepared("GM9001") == {"GM9001": "'s-Heerenwaard"}
    assert years(edition) == [2020]
    (sentence,) = said
    assert sentence.endswith("Het rapport wordt gemaakt met wat in huis is.")


def test_a_service_that_fails_at_a_further_year_is_not_asked_again_and_again(
    server, edition, prepared, said
):
    prepared("GM9001", year=2024)
    server.faults["TypedDataSet"] = ["drop"] * 99
    before = fetched(server)
    prepared("GM9001")
    assert years(edition) == [2024] and fetched(server) == before + 4  # tries of one table
    (sentence,) = said
    assert "niet bereikbaar" in sentence and "Wel in huis: 2024." in sentence
    assert sentence.endswith("Het rapport wordt gemaakt met wat in huis is.")


def test_the_newest_table_that_fails_is_refused_when_nothing_is_at_hand(server, edition, prepared):
    server.faults["TypedDataSet"] = ["fewer"] * 99
    with pytest.raises(ServiceError, match="rijen"):
        prepared("GM9001")
    assert years(edition) == []


# Names


@pytest.mark.parametrize("pulled", [False, True], ids=["report", "pull"])
def test_a_gemeente_of_this_year_may_be_unknown_in_older_tables(server, prepared, pulled):
    for year in (2023, 2022, 2021, 2020):
        rename(server.tables[TABLES[year]], "Oude Naam")
    rename(server.tables[TABLES[2024]], "Nieuw Dorp")
    assert prepared("Nieuw Dorp", pulled=pulled) == {"GM9002": "Nieuw Dorp"}


@pytest.mark.parametrize("pulled", [False, True], ids=["report", "pull"])
@pytest.mark.parametrize("year", [None, 2022])
def test_a_misspelt_name_is_refused_before_a_table_is_fetched(server, prepared, pulled, year):
    with pytest.raises(InputError, match="bedoelt u 's-Heerenwaard"):
        prepared("Heerenward", year=year, pulled=pulled)
    assert fetched(server) == 0


def test_titles_that_are_codes_do_not_bar_a_name(server, prepared):
    # The table of 2019 has codes for titles; names then stand in the rows.
    for record in server.tables[TABLES[2022]].regions:
        record["Title"] = record["Key"]
    assert prepared("heerenwaard", year=2022) == {"GM9001": "'s-Heerenwaard"}
    with pytest.raises(InputError, match="Heerenward"):
        prepared("Heerenward", year=2022)


# Pulling


def test_pulling_looks_for_newer_releases_and_older_ones_stay(server, edition, prepared, said):
    prepared("GM9001", year=2024)
    (first,) = snapshot.releases(edition.raw, TABLES[2024])
    table = server.tables[TABLES[2024]]
    table.modified = "2024-09-27T02:00:00"
    next(r for r in table.rows if r["WijkenEnBuurten"].strip() == "GM9001")["AantalInwoners_5"] = (
        605
    )
    # A report by itself does not look.
    prepared("GM9001", year=2024)
    assert len(snapshot.releases(edition.raw, TABLES[2024])) == 1
    prepared("GM9001", year=2024, pulled=True)
    newer, older = snapshot.releases(edition.raw, TABLES[2024])
    assert older == first and newer.modified == "2024-09-27T02:00:00"
    (release,) = stored_releases(edition, 2024)
    assert release.table.loc["GM9001", "inhabitants"] == 605
    assert said == ["Titel (85984NED): 12 gebieden, opgehaald."]


def test_pulling_what_has_not_changed_fetches_nothing(server, prepared, said):
    prepared("GM9001", pulled=True)
    before = fetched(server)
    prepared("GM9001", pulled=True)
    assert fetched(server) == before == prepare.LOOK_BACK
    assert [line.rsplit(", ")[-1] for line in said] == ["opgehaald."] * 4 + ["al in huis."] * 4


def test_pulling_for_nobody_gets_the_newest_tables(server, edition, prepared):
    assert prepared(pulled=True) == {}
    assert years(edition) == [2024, 2023, 2022, 2021]


def test_after_a_pull_no_report_needs_the_service(server, edition, prepared, said):
    prepared("GM9001", "GM9002", pulled=True)
    said.clear()
    down(server)
    asked = len(server.asked)
    prepared("GM9002")
    prepared("GM9001", year=2023)
    assert len(server.asked) == asked and said == []


def test_pulling_without_the_service_is_refused(server, prepared):
    prepared("GM9001", year=2024)
    down(server)
    with pytest.raises(ServiceError):
        prepared("GM9001", pulled=True)


def test_another_address_is_asked_instead(edition, server, said):
    with serving(small_table(TABLES[2024])) as mirror:
        there = replace(edition, address=mirror.address)
        prepare.prepare(there, ["GM9001"], 2024, lambda table: None, said.append)
        assert "TypedDataSet" in mirror.asked and server.asked == []


def test_the_example_lies_ready_without_a_network(root, example_raw):
    edition = prepare.prepare_example(example_raw)
    assert edition.is_example and years(edition) == [2024, 2022, 2020]
    dossier = open_dossier("GM9901", edition="voorbeeld", raw=example_raw)
    assert len(dossier.boundaries(dossier.newest, "wijk").places) == 8
    assert len(dossier.points().points) == 146


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("Zoetermeer\nAlmere\n", ["Zoetermeer", "Almere"]),
        ("\ufeffGM0637 # thuis\r\n\r\n  's-Gravenhage  ", ["GM0637", "'s-Gravenhage"]),
    ],
)
def test_a_list_has_a_gemeente_a_line(tmp_path, content, names):
    file = tmp_path / "lijst.txt"
    file.write_text(content, encoding="utf-8")
    assert prepare.read_list(file) == names


def test_the_project_s_own_list_is_one(root):
    assert "Zoetermeer" in prepare.read_list(root / "data" / "gemeenten.txt")
