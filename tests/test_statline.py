import json
import logging
from dataclasses import replace

import cbsodata
import pytest
import requests
from cbsodata import cbsodata3
from statline_server import COLUMNS, REGIONS, serving, small_table

from analysis.sources import snapshot, statline
from analysis.sources.errors import InputError, ServiceError, TableMissingError
from analysis.sources.statline import Patience

QUICK = Patience(connect=2, read=2, tries=3, pause=0.001)
TABLE = "84799NED"
RECOVERED = ["503", "502", "500", "429", "drop", "html", "truncate", "empty", "gzipcut", "gzipbad"]


@pytest.fixture
def server():
    with serving(small_table()) as state:
        yield state


def fetch(server, count=12, **more):
    return statline.fetch(server.address, TABLE, count, patience=QUICK, **more)


def one_sentence(error) -> str:
    """Return what the user reads, which must be one line without the words of a traceback."""
    text = str(error.value)
    assert "\n" not in text and text[0].isupper() and text.endswith(".")
    for word in ("Error", "Traceback", "HTTPConnectionPool", "object", "None"):
        assert word not in text
    return text


def test_a_table_comes_whole_in_pages_with_codes_and_padding_as_published(server):
    answer = fetch(server)
    assert server.asked.count("TypedDataSet") == 3  # 12 rows in pages of 5
    assert [row["WijkenEnBuurten"] for row in answer.rows] == [r[0].ljust(10) for r in REGIONS]
    assert answer.rows == server.tables[TABLE].rows
    assert answer.regions == server.tables[TABLE].regions
    assert answer.properties == server.tables[TABLE].properties
    assert answer.modified == "2024-03-27T02:00:00"
    assert answer.url == f"{server.address}/ODataFeed/odata/{TABLE}/TypedDataSet"


def test_codes_are_never_replaced_by_names(server):
    # Two buurten have one name: replaced codes could not be told apart.
    keys = [row["WijkenEnBuurten"].strip() for row in fetch(server).rows]
    assert {"BU90010102", "BU9001AC02"} < set(keys)
    assert not set(keys) & {name for _, name, *_ in REGIONS}


def test_progress_tells_rows_so_far_and_rows_expected(server):
    told = []
    server.faults["TypedDataSet"] = ["ok", "truncate", "ok"]
    fetch(server, progress=lambda done, of: told.append((done, of)))
    assert told == [(5, 12), (10, 12), (12, 12)]


@pytest.mark.parametrize("fault", RECOVERED)
@pytest.mark.parametrize("page", [1, 2])
def test_a_passing_fault_is_recovered_from(server, fault, page):
    server.faults["TypedDataSet"] = ["ok"] * (page - 1) + [fault]
    assert fetch(server).rows == server.tables[TABLE].rows
    assert server.asked.count("TypedDataSet") == 4


@pytest.mark.parametrize("name", ["TableInfos", "DataProperties", "WijkenEnBuurten"])
@pytest.mark.parametrize("fault", ["503", "drop", "html", "truncate"])
def test_a_passing_fault_is_recovered_from_in_every_part(server, name, fault):
    server.faults[name] = [fault]
    assert fetch(server).rows == server.tables[TABLE].rows


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("503", "meldt een storing (status 503)"),
        ("drop", "is niet bereikbaar"),
        ("html", "geeft een webpagina in plaats van gegevens"),
        ("truncate", "geeft een half antwoord"),
        ("gzipcut", "geeft een half antwoord"),
        ("gzipbad", "geeft een half antwoord"),
        ("empty", "geeft een leeg antwoord"),
        ("list", "geeft een webpagina in plaats van gegevens"),
    ],
)
@pytest.mark.parametrize("page", [1, 2])
def test_a_lasting_fault_is_refused_in_one_sentence(server, fault, says, page):
    server.faults["TypedDataSet"] = ["ok"] * (page - 1) + [fault] * 9
    with pytest.raises(ServiceError) as error:
        fetch(server)
    assert says in one_sentence(error) and "ook na 3 pogingen" in one_sentence(error)
    assert server.asked.count("TypedDataSet") == page - 1 + QUICK.tries


@pytest.mark.parametrize("fault", ["error", "null", "texts"])
@pytest.mark.parametrize(
    "name", ["TableInfos", "DataProperties", "WijkenEnBuurten", "TypedDataSet"]
)
def test_json_that_is_no_data_is_refused(server, name, fault):
    server.faults[name] = [fault]
    with pytest.raises(ServiceError, match="geen gegevens van StatLine") as error:
        fetch(server)
    one_sentence(error)


@pytest.mark.parametrize("status", ["400", "401", "403"])
def test_a_refusal_is_not_asked_again(server, status):
    server.faults["TypedDataSet"] = [status]
    with pytest.raises(ServiceError, match=f"weigert de vraag .status {status}.") as error:
        fetch(server)
    one_sentence(error)
    assert server.asked.count("TypedDataSet") == 1


def test_a_slow_service_is_given_up(server):
    server.delay = 0.5
    server.faults["TypedDataSet"] = ["slow"] * 9
    quick = replace(QUICK, read=0.1, tries=2)
    with pytest.raises(ServiceError, match="antwoordt niet op tijd, ook na 2 pogingen") as error:
        statline.fetch(server.address, TABLE, None, patience=quick)
    one_sentence(error)


@pytest.mark.parametrize("page", [1, 2])
def test_a_page_without_the_link_to_the_next_is_noticed(server, page):
    server.faults["TypedDataSet"] = ["ok"] * (page - 1) + ["nonext"]
    with pytest.raises(ServiceError, match=f"met {5 * page} rijen .* catalogus er 12") as error:
        fetch(server)
    one_sentence(error)


def test_without_a_count_the_regions_tell_that_rows_are_missing(server):
    server.faults["TypedDataSet"] = ["nonext"]
    with pytest.raises(ServiceError, match="5 rijen voor 12 gebieden") as error:
        fetch(server, count=None)
    one_sentence(error)


@pytest.mark.parametrize("page", [1, 2, 3])
def test_fewer_rows_than_promised_are_refused(server, page):
    server.faults["TypedDataSet"] = ["ok"] * (page - 1) + ["fewer"]
    with pytest.raises(ServiceError, match="11 rijen"):
        fetch(server)


def test_a_count_above_the_rows_is_refused_and_one_below_is_not(server):
    with pytest.raises(ServiceError, match="12 rijen .* 13 noemt"):
        fetch(server, count=13)
    assert len(fetch(server, count=11).rows) == 12


def test_a_page_given_twice_is_refused(server):
    server.faults["TypedDataSet"] = ["ok", "again"]
    with pytest.raises(ServiceError, match="meer dan één keer") as error:
        fetch(server)
    one_sentence(error)


def test_pages_that_never_end_are_refused(server):
    server.faults["TypedDataSet"] = ["ok"] + ["forever"] * 50
    with pytest.raises(ServiceError, match="steeds naar dezelfde bladzijde") as error:
        fetch(server)
    one_sentence(error)
    assert server.asked.count("TypedDataSet") < 5


def test_rows_and_regions_that_do_not_fit_are_refused(server):
    server.tables[TABLE].regions.pop()
    with pytest.raises(ServiceError, match="GM0999"):
        fetch(server)


def test_a_table_without_rows_is_refused(server):
    server.tables[TABLE].rows.clear()
    server.tables[TABLE].regions.clear()
    for count in (None, 0):
        with pytest.raises(ServiceError, match="is leeg"):
            fetch(server, count=count)


def test_a_table_renewed_between_two_pages_is_refused(server):
    server.faults["TypedDataSet"] = ["ok", "renewed"]
    with pytest.raises(ServiceError, match="vernieuwd; haal hem nog eens op") as error:
        fetch(server)
    one_sentence(error)


def test_a_table_that_is_not_there_is_told_apart(server):
    with pytest.raises(TableMissingError, match="geen tabel 1NED") as error:
        statline.fetch(server.address, "1NED", None, patience=QUICK)
    one_sentence(error)
    with pytest.raises(TableMissingError):
        statline.fetch_regions(server.address, "1NED", QUICK)


def test_a_service_that_is_not_there_is_named():
    with serving() as gone:
        address = gone.address
    for ask in (
        lambda: statline.list_tables(address, [TABLE], QUICK),
        lambda: statline.fetch(address, TABLE, None, patience=QUICK),
    ):
        with pytest.raises(ServiceError, match="is niet bereikbaar, ook na 3 pogingen") as error:
            ask()
        assert address.removeprefix("http://") in one_sentence(error)


def test_the_catalogue_gives_what_it_has_of_the_wanted_tables(server):
    listed = statline.list_tables(server.address, ["1NED", TABLE], QUICK)
    assert list(listed) == [TABLE]
    assert listed[TABLE]["RecordCount"] == 12
    assert listed[TABLE]["Modified"] == "2024-03-27T02:00:00"


@pytest.mark.parametrize("fault", ["error", "null", "texts"])
def test_a_catalogue_that_is_none_is_refused(server, fault):
    server.faults["Tables"] = [fault]
    with pytest.raises(ServiceError, match="geen gegevens van StatLine") as error:
        statline.list_tables(server.address, [TABLE], QUICK)
    one_sentence(error)


def test_answers_are_asked_for_compressed_and_read_so(server):
    server.faults["TypedDataSet"] = ["gzip", "gzip", "gzip"]
    assert fetch(server).rows == server.tables[TABLE].rows
    assert all("gzip" in headers["Accept-Encoding"] for headers in server.headers)


def test_redirects_are_followed_also_two_in_a_row(server):
    told = []
    server.faults["TypedDataSet"] = ["redirect"]
    answer = fetch(server, progress=lambda done, of: told.append(done))
    assert answer.rows == server.tables[TABLE].rows
    assert told == [5, 10, 12]


def test_a_link_to_another_host_is_not_hidden_by_the_retries(server):
    # The guard against the network stands in for that host; its error must come through.
    rows = server.tables[TABLE].rows
    server.address, here = "http://elders.example", server.address
    with pytest.raises(RuntimeError, match=r"elders\.example"):
        statline.fetch(here, TABLE, len(rows), patience=QUICK)


def test_the_environment_s_proxy_is_used_unless_no_proxy_says_otherwise(server, monkeypatch):
    with serving() as gone:
        dead = gone.address
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, dead)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ServiceError, match="via de proxy") as error:
        fetch(server)
    one_sentence(error)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert len(fetch(server).rows) == 12


def test_the_environment_s_certificates_are_used(server, monkeypatch):
    used = []
    send = requests.adapters.HTTPAdapter.send

    def noted(self, request, **kwargs):
        used.append(kwargs["verify"])
        return send(self, request, **kwargs)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", noted)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "network.pem")
    fetch(server)
    assert set(used) == {"network.pem"}


def test_an_untrusted_certificate_is_said_at_once(server):
    # Nothing here speaks TLS: the handshake fails as it does with a certificate of a proxy.
    with pytest.raises(ServiceError, match="REQUESTS_CA_BUNDLE") as error:
        statline.fetch(server.address.replace("http:", "https:"), TABLE, None, patience=QUICK)
    one_sentence(error)


def test_the_client_s_settings_are_as_before_also_after_a_failure(server):
    def settings():
        options = cbsodata.options
        return (
            cbsodata3.Session,
            cbsodata3.logging,
            options.use_https,
            options.catalog_url,
            options.requests,
        )

    before = settings()
    fetch(server)
    assert settings() == before
    server.faults["TypedDataSet"] = ["503"] * 9
    with pytest.raises(ServiceError):
        fetch(server)
    assert settings() == before
    server.faults.clear()

    def stop(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(server, progress=stop)
    assert settings() == before


def test_the_program_s_logging_is_left_alone(server, monkeypatch):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    fetch(server)
    assert logging.getLogger().handlers == []


@pytest.mark.parametrize(
    "address",
    [
        "opendata.cbs.nl",
        "ftp://opendata.cbs.nl",
        "https://",
        "http://[",
        "http://a:b",
        "",
        "/nergens",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InputError, match="is geen adres") as error:
        statline.list_tables(address, [TABLE], QUICK)
    assert repr(address) in str(error.value)


def test_a_password_in_the_address_is_neither_shown_nor_stored(server):
    secret = server.address.replace("://", "://naam:geheim@")
    assert "geheim" not in statline.fetch(secret, TABLE, None, patience=QUICK).url
    server.faults["TypedDataSet"] = ["503"] * 9
    with pytest.raises(ServiceError) as error:
        statline.fetch(secret, TABLE, None, patience=QUICK)
    assert "geheim" not in str(error.value)


def test_a_path_in_the_address_is_kept(server):
    # A mirror may lie below a path; here that gives a path that the server does not know.
    with pytest.raises(TableMissingError):
        statline.fetch(server.address + "/spiegel/", TABLE, None, patience=QUICK)
    assert server.asked == ["TableInfos"]


def record(folder, table):
    """Write a table as a folder of recorded answers."""
    (folder / "Tables.json").write_text(
        json.dumps({"value": [{**table.info, "RecordCount": len(table.rows)}]}), encoding="utf-8"
    )
    (folder / table.identifier).mkdir()
    for name, records in (
        ("TableInfos", [table.info]),
        ("DataProperties", table.properties),
        ("WijkenEnBuurten", table.regions),
        ("TypedDataSet", table.rows),
    ):
        file = folder / table.identifier / f"{name}.json"
        file.write_text(json.dumps({"value": records}), encoding="utf-8")


def test_recorded_answers_go_the_same_way_without_network(tmp_path):
    table = small_table()
    record(tmp_path, table)
    address = str(tmp_path)
    assert statline.list_tables(address, ["1NED", TABLE])[TABLE]["RecordCount"] == 12
    answer = statline.fetch(address, TABLE, 12)
    assert answer.rows == table.rows and answer.modified == table.modified
    with pytest.raises(TableMissingError, match="de map met antwoorden"):
        statline.fetch(address, "1NED", None)


def test_a_link_in_a_recorded_answer_does_not_reach_the_service(tmp_path):
    table = small_table()
    record(tmp_path, table)
    link = f"https://opendata.cbs.nl/ODataFeed/odata/{TABLE}/TypedDataSet?$skip=12"
    body = {"value": table.rows, "odata.nextLink": link}
    (tmp_path / TABLE / "TypedDataSet.json").write_text(json.dumps(body), encoding="utf-8")
    with pytest.raises(TableMissingError):
        statline.fetch(str(tmp_path), TABLE, 12)


def test_a_recorded_answer_that_was_cut_is_refused(tmp_path):
    record(tmp_path, small_table())
    file = tmp_path / TABLE / "TypedDataSet.json"
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(ServiceError):
        statline.fetch(str(tmp_path), TABLE, 12, patience=QUICK)


def test_a_refused_table_leaves_nothing_in_raw(server, tmp_path):
    raw = tmp_path / "raw"
    for fault in ("503", "drop", "html", "truncate", "nonext", "fewer", "again", "renewed"):
        server.faults["TypedDataSet"] = ["ok"] + [fault] * 3
        with pytest.raises(ServiceError):
            snapshot.write_table(raw, fetch(server))
        assert not raw.exists()
        server.tables[TABLE].modified = "2024-03-27T02:00:00"


def test_columns_of_the_made_up_table_are_in_the_service_s_form():
    table = small_table()
    assert "k_40PersonenMetLaagsteInkomen_9" in table.rows[0]
    assert len(table.rows[0]) == len(COLUMNS) + 2


def test_the_replay_of_real_tables_is_fetched_whole(shared):
    """Four real tables as their service lists them, through the same door."""
    import importlib.util
    from http.server import ThreadingHTTPServer
    from threading import Thread

    path = shared / "tools" / "statline_replay.py"
    spec = importlib.util.spec_from_file_location("statline_replay", path)
    replay = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(replay)
    replay.Replay.page_size = 250
    real = ThreadingHTTPServer(("127.0.0.1", 0), replay.Replay)
    Thread(target=real.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    address = f"http://127.0.0.1:{real.server_address[1]}"
    try:
        listed = statline.list_tables(address, ["84583NED", "84799NED", "1NED"], QUICK)
        assert {name: record["RecordCount"] for name, record in listed.items()} == {
            "84583NED": 579,
            "84799NED": 17341,
        }
        for faults in ([], ["503"], ["ok", "503"], ["ok", "drop"], ["ok", "html"], ["truncate"]):
            replay.Replay.faults = {"TypedDataSet": faults}
            assert len(statline.fetch(address, "84583NED", 579, patience=QUICK).rows) == 579
        for faults in (["nonext"], ["ok", "nonext"], ["ok"] + ["503"] * 3, ["html"] * 3):
            replay.Replay.faults = {"TypedDataSet": list(faults)}
            with pytest.raises(ServiceError) as error:
                statline.fetch(address, "84583NED", 579, patience=QUICK)
            one_sentence(error)
    finally:
        real.shutdown()
        real.server_close()
