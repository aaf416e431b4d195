import errno
import json
from dataclasses import replace

import pytest
from statline_server import serving, small_table

from analysis.sources import pull, snapshot
from analysis.sources.catalogue import of_theme, read_catalogue
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError, ServiceError, TableMissingError

HEADER = "table,catalogue,theme,year,title,publisher,address,seen_live,status\n"


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr("analysis.sources.transport.time.sleep", lambda seconds: None)
    with serving(small_table("84799NED"), small_table("85984NED")) as state:
        yield state


@pytest.fixture
def edition(server, tmp_path):
    file = tmp_path / "catalogue.csv"
    rows = [
        f"{table},CBS,kerncijfers,{year},Titel,CBS,{server.address},no,published\n"
        for table, year in (("84799NED", 2020), ("85039NED", 2021), ("85984NED", 2024))
    ]
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    return Edition(file, tmp_path / "codebook.csv", tmp_path / "raw", None)


@pytest.fixture
def sources(edition):
    return of_theme(read_catalogue(edition.catalogue), "kerncijfers")


def by_year(sources, year):
    return next(source for source in sources if source.year == year)


def test_the_service_is_asked_once_what_it_has(server, edition, sources):
    listed = pull.service_tables(edition, sources, refresh=False)
    assert listed == {
        table: {"Modified": "2024-03-27T02:00:00", "RecordCount": 12, "Title": None}
        for table in ("85984NED", "84799NED")
    }
    assert pull.service_tables(edition, sources, refresh=False) == listed
    assert server.asked == ["Tables"]
    pull.service_tables(edition, sources, refresh=True)
    assert server.asked == ["Tables", "Tables"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"84799NED": 1}', "null"])
def test_a_damaged_list_is_asked_for_again(server, edition, sources, content):
    listed = pull.service_tables(edition, sources, refresh=False)
    (edition.raw / "service.json").write_text(content, encoding="utf-8")
    assert pull.service_tables(edition, sources, refresh=False) == listed


def test_a_service_that_fails_leaves_the_list_as_it_was(server, edition, sources):
    listed = pull.service_tables(edition, sources, refresh=False)
    server.faults["Tables"] = ["503"] * 9
    with pytest.raises(ServiceError):
        pull.service_tables(edition, sources, refresh=True)
    assert pull.service_tables(edition, sources, refresh=False) == listed


def test_a_table_is_fetched_once_per_release(server, edition, sources):
    source = by_year(sources, 2020)
    record = pull.service_tables(edition, sources, refresh=True)["84799NED"]
    told = []
    first = pull.pull_table(edition, source, record, lambda done, of: told.append((done, of)))
    assert first.fetched and first.snapshot.rows == 12 and told[-1] == (12, 12)
    asked = len(server.asked)
    second = pull.pull_table(edition, source, record)
    assert not second.fetched and second.snapshot == first.snapshot
    assert len(server.asked) == asked


def test_a_new_release_is_fetched_and_the_old_one_stays(server, edition, sources):
    source = by_year(sources, 2020)
    first = pull.stored_or_pulled(edition, source, sources)
    server.tables["84799NED"].modified = "2024-09-27T02:00:00"
    server.tables["84799NED"].rows[1]["AantalInwoners_5"] = 605
    record = pull.service_tables(edition, sources, refresh=True)["84799NED"]
    second = pull.pull_table(edition, source, record)
    assert second.fetched
    assert snapshot.releases(edition.raw, "84799NED") == (second.snapshot, first.snapshot)


def test_a_report_does_not_need_the_service_twice(server, edition, sources):
    source = by_year(sources, 2020)
    first = pull.stored_or_pulled(edition, source, sources)
    assert first.fetched
    server.faults = {name: ["drop"] * 99 for name in ("Tables", "TableInfos", "TypedDataSet")}
    asked = len(server.asked)
    second = pull.stored_or_pulled(edition, source, sources)
    assert not second.fetched and second.snapshot == first.snapshot
    assert len(server.asked) == asked


def test_a_kept_list_of_an_older_release_does_not_bar_a_newer_one(server, edition, sources):
    # The list says 12 rows; since then a region was removed.
    pull.service_tables(edition, sources, refresh=False)
    table = server.tables["84799NED"]
    table.rows.pop()
    table.regions.pop()
    table.modified = "2024-09-27T02:00:00"
    done = pull.stored_or_pulled(edition, by_year(sources, 2020), sources)
    assert done.snapshot.rows == 11


def test_a_table_that_the_service_does_not_have_names_the_years_at_hand(edition, sources):
    missing = by_year(sources, 2021)
    with pytest.raises(TableMissingError, match="geen tabel 85039NED .jaar 2021.") as error:
        pull.stored_or_pulled(edition, missing, sources)
    assert "Wel in huis" not in str(error.value)
    pull.stored_or_pulled(edition, by_year(sources, 2024), sources)
    pull.stored_or_pulled(edition, by_year(sources, 2020), sources)
    with pytest.raises(TableMissingError, match="Wel in huis: 2020, 2024.$"):
        pull.stored_or_pulled(edition, missing, sources)


@pytest.mark.parametrize("fault", ["503", "drop", "html", "truncate"])
@pytest.mark.parametrize("page", [1, 2])
def test_a_lasting_fault_leaves_no_snapshot(server, edition, sources, fault, page):
    server.faults["TypedDataSet"] = ["ok"] * (page - 1) + [fault] * 9
    with pytest.raises(ServiceError) as error:
        pull.stored_or_pulled(edition, by_year(sources, 2020), sources)
    assert "\n" not in str(error.value)
    assert [path.name for path in edition.raw.iterdir()] == ["service.json"]


@pytest.mark.parametrize("fault", ["503", "drop", "html", "truncate"])
def test_a_passing_fault_is_recovered_from(server, edition, sources, fault):
    server.faults = {"Tables": [fault], "TypedDataSet": ["ok", fault]}
    assert pull.stored_or_pulled(edition, by_year(sources, 2020), sources).snapshot.rows == 12


def test_a_count_in_the_catalogue_that_is_not_reached_is_refused(server, edition, sources):
    server.tables["84799NED"].record_count = 15
    with pytest.raises(ServiceError, match="12 rijen .* 15"):
        pull.stored_or_pulled(edition, by_year(sources, 2020), sources)


def test_an_address_of_its_own_goes_before_the_catalogue_s(edition, sources):
    source = by_year(sources, 2020)
    assert pull.address_of(edition, source) == source.address
    mirror = replace(edition, address="http://spiegel.example")
    assert pull.address_of(mirror, source) == "http://spiegel.example"


def test_a_full_disk_is_one_sentence_and_leaves_no_draft(edition, sources, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    edition.raw.mkdir()
    with monkeypatch.context() as broken:
        broken.setattr(type(edition.raw), "replace", fail)
        with pytest.raises(InputError, match="kan niet worden geschreven .No space"):
            pull.service_tables(edition, sources, refresh=True)
    assert list(edition.raw.iterdir()) == []


def test_the_list_is_kept_as_plain_json(edition, sources):
    pull.service_tables(edition, sources, refresh=True)
    kept = json.loads((edition.raw / "service.json").read_text(encoding="utf-8"))
    assert kept["84799NED"]["RecordCount"] == 12
    assert [path.name for path in edition.raw.iterdir()] == ["service.json"]
