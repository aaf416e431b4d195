"""The command line: what it refuses, in one sentence, with nothing half-written behind it."""

import errno
import shutil
import socket
from contextlib import contextmanager
from pathlib import Path

import pytest
from statline_server import serving, small_table

from analysis.reports import cli
from analysis.sources import snapshot, stored
from analysis.sources.errors import InputError

TABLE = "84799NED"


@pytest.fixture(autouse=True)
def _no_kernel(monkeypatch):
    """No input that is refused gets as far as a notebook."""

    @contextmanager
    def none():
        yield None

    monkeypatch.setattr("analysis.reports.kernel.kept_kernel", none)
    monkeypatch.setattr("analysis.sources.transport.time.sleep", lambda seconds: None)
    monkeypatch.delenv("ANALYSIS_STATLINE", raising=False)


@pytest.fixture
def server():
    with serving(small_table(TABLE), small_table("85984NED")) as state:
        yield state


@pytest.fixture
def places(tmp_path) -> dict[str, str]:
    return {"raw": str(tmp_path / "raw"), "uit": str(tmp_path / "uit")}


@pytest.fixture
def refused(capsys, tmp_path):
    """Run a command that must be refused and return the sentence."""

    def run(*given: str) -> str:
        capsys.readouterr()
        assert cli.main([str(part) for part in given]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        (line,) = told.err.splitlines()
        assert line[0].isupper() or line[0] in "'/"
        assert line.endswith((".", "?"))
        assert "Traceback" not in line and "Error" not in line
        left = [path.name for path in tmp_path.rglob("*") if "draft" in path.name]
        assert left == []
        assert not list(tmp_path.rglob("*.html"))
        return line

    return run


def report(*given, places, address="") -> list[str]:
    where = ["--raw", places["raw"], "--uit", places["uit"]]
    return ["report", *given, *where, *(["--statline", address] if address else [])]


def pull(*given, places, address="") -> list[str]:
    where = ["--raw", places["raw"], *(["--statline", address] if address else [])]
    return ["pull", *given, *where]


# What is asked for


@pytest.mark.parametrize("year", [[], ["--jaar", "2020"]], ids=["newest", "2020"])
@pytest.mark.parametrize("word", [report, pull])
def test_a_misspelt_gemeente_gets_the_nearest_name(refused, server, places, word, year):
    said = refused(*word("Heerenward", *year, places=places, address=server.address))
    assert said == "Er is geen gemeente 'Heerenward' in deze tabel; bedoelt u 's-Heerenwaard?"
    # Found out before a large table was fetched.
    assert "TypedDataSet" not in server.asked
    assert not Path(places["uit"]).exists()


def test_zoetermer_is_zoetermeer_and_bergen_is_two(refused, real_raw, places):
    given = {**places, "raw": str(real_raw)}
    said = refused(*report("Zoetermer", "--jaar", "2020", places=given))
    assert said.startswith("Er is geen gemeente 'Zoetermer' in deze tabel; bedoelt u Zoetermeer")
    said = refused(*report("Zoetermeer", "Bergen", "--jaar", "2020", places=given))
    assert said == (
        "Meer dan één gemeente heet 'Bergen': bedoelt u Bergen (NH.) (GM0373) of Bergen (L.) "
        "(GM0893)?"
    )
    said = refused(*report("GM9999", "--jaar", "2020", places=given))
    assert said == "Er is geen gemeente met code GM9999 in deze tabel."
    assert not Path(places["uit"]).exists()


@pytest.mark.parametrize("word", [report, pull])
def test_a_year_without_a_table_lists_the_years(refused, server, places, word):
    said = refused(*word("Gerven", "--jaar", "1999", places=places, address=server.address))
    assert said.startswith("Voor 1999 staat geen tabel") and said.endswith("2024, 2025.")


def test_a_year_that_the_service_does_not_have_names_the_table(refused, server, places):
    said = refused(*report("GM9001", "--jaar", "2021", places=places, address=server.address))
    assert said == "De dienst heeft geen tabel 85039NED (jaar 2021); kies een ander jaar."


@pytest.mark.parametrize("year", ["abc", "24", "2024.5", "-1", "", "²⁰²⁴"])
def test_a_year_that_is_none_is_said(refused, places, year):
    assert "De opdracht klopt niet" in refused(*report("GM9001", f"--jaar={year}", places=places))


@pytest.mark.parametrize(
    "given", [[], ["rapport"], ["report", "--jaren", "2020"], ["pull", "--lijst"], ["benchmark"],
              ["benchmark", "geen"], ["lab", "te veel"]],
)  # fmt: skip
def test_a_command_that_does_not_exist_is_one_sentence(refused, given):
    refused(*given)


def test_help_is_no_mistake(capsys):
    for given in (["--help"], ["report", "--help"], ["pull", "--help"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(given)
        assert ended.value.code == 0
    assert "--grenzen" in capsys.readouterr().out


# The service


@pytest.mark.parametrize("word", [report, pull])
def test_a_service_that_is_down(refused, places, word):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    said = refused(*word("Zoetermeer", places=places, address=address))
    assert said.startswith("StatLine (127.0.0.1:") and "is niet bereikbaar" in said


@pytest.mark.parametrize("year", [[], ["--jaar", "2020"]], ids=["newest", "2020"])
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("503", "meldt een storing (status 503)"),
        ("drop", "is niet bereikbaar"),
        ("html", "geeft een webpagina"),
        ("truncate", "geeft een half antwoord"),
        ("fewer", "rijen"),
        ("nonext", "rijen"),
    ],
)
def test_a_service_that_fails_leaves_no_table(refused, server, places, fault, says, year):
    server.faults["TypedDataSet"] = [fault] * 99
    said = refused(*report("GM9001", *year, places=places, address=server.address))
    assert says in said
    assert sorted(path.name for path in Path(places["raw"]).iterdir()) == ["service.json"]


@pytest.mark.parametrize("fault", ["503", "html", "drop"])
def test_a_service_that_cannot_say_what_it_has(refused, server, places, fault):
    server.faults["Tables"] = [fault] * 99
    refused(*report("GM9001", places=places, address=server.address))
    refused(*pull("GM9001", places=places, address=server.address))


def test_the_address_may_stand_in_the_environment(refused, server, places, monkeypatch):
    monkeypatch.setenv("ANALYSIS_STATLINE", server.address)
    refused(*report("Heerenward", places=places))
    assert server.asked


@pytest.mark.parametrize("address", ["opendata", "ftp://x", "http://"])
def test_an_address_that_is_none(refused, places, address):
    refused(*report("GM9001", places=places, address=address))


# What is on the disk


@pytest.fixture
def pulled(server, places) -> Path:
    given = pull("GM9001", "--jaar", "2020", places=places, address=server.address)
    assert cli.main(given) == 0
    stored._read.cache_clear()
    stored._names.cache_clear()
    (folder,) = (Path(places["raw"]) / TABLE).iterdir()
    return folder


@pytest.mark.parametrize(
    "file", ["TypedDataSet.parquet", "DataProperties.json", "WijkenEnBuurten.json"]
)
def test_a_snapshot_that_was_changed_is_refused(refused, server, places, pulled, file):
    with (pulled / file).open("ab") as grown:
        grown.write(b" ")
    asked = len(server.asked)
    given = report("GM9001", "--jaar", "2020", places=places, address=server.address)
    said = refused(*given)
    assert file in said and "gewijzigd" in said and pulled.name in said
    assert len(server.asked) == asked


@pytest.mark.parametrize("content", ["", "{", "[]", '{"name": 1}'])
def test_a_snapshot_without_its_card_is_refused(refused, server, places, pulled, content):
    (pulled / snapshot.SIDECAR).write_text(content, encoding="utf-8")
    said = refused(*report("GM9001", "--jaar", "2020", places=places, address=server.address))
    assert "geen gave momentopname" in said


def test_a_raw_folder_that_cannot_be_made(refused, server, places, tmp_path):
    (tmp_path / "bestand").write_text("", encoding="utf-8")
    blocked = {**places, "raw": str(tmp_path / "bestand" / "raw")}
    said = refused(*report("GM9001", places=blocked, address=server.address))
    assert "kan niet worden geschreven" in said and "--raw" in said


def test_a_report_folder_that_cannot_be_made(refused, places, tmp_path):
    (tmp_path / "bestand").write_text("", encoding="utf-8")
    blocked = {**places, "uit": str(tmp_path / "bestand" / "uit")}
    said = refused(*report(places=blocked))
    assert "kan niet worden geschreven" in said and "--uit" in said


def test_a_full_disk_while_a_table_is_kept(refused, server, places, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pandas.DataFrame.to_parquet", full)
    given = report("GM9001", "--jaar", "2020", places=places, address=server.address)
    assert "No space left on device" in refused(*given)
    assert sorted(path.name for path in Path(places["raw"]).iterdir()) == ["service.json"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "kan niet worden gelezen"),
        (b"", "noemt geen gemeente"),
        (b"\n# alleen een opmerking\n  \n", "noemt geen gemeente"),
        (b"\xff\xfe\x00Z", "kan niet worden gelezen als tekst"),
    ],
    ids=["missing", "empty", "notes", "binary"],
)
def test_a_list_that_names_nobody(refused, server, places, tmp_path, content, says):
    file = tmp_path / "lijst.txt"
    if content is not None:
        file.write_bytes(content)
    given = pull("--lijst", file, places=places, address=server.address)
    assert says in refused(*given)
    assert server.asked == []


@pytest.mark.parametrize("option", ["--grenzen", "--voorzieningen"])
@pytest.mark.parametrize("content", [None, b"", b"geen kaart", b'{"type": "FeatureCollection"}'])
def test_a_file_that_is_no_map(refused, places, tmp_path, option, content):
    file = tmp_path / "wijken_2024.geojson"
    if content is not None:
        file.write_bytes(content)
    said = refused(*pull(option, file, places=places))
    assert file.name in said
    assert not [path for path in tmp_path.rglob("snapshot.json")]


# What it does


def test_a_list_is_pulled_and_then_no_network_is_needed(server, places, tmp_path, capsys):
    file = tmp_path / "lijst.txt"
    file.write_text("\ufeff's-Heerenwaard  # de grootste\n\nGM9002\n", encoding="utf-8")
    assert cli.main(pull("--lijst", str(file), places=places, address=server.address)) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "(84799NED): 12 gebieden, opgehaald." in told.err
    assert told.err.splitlines()[-1] == (
        "Klaar voor een rapport zonder netwerk: 's-Heerenwaard, Gerven, Wetten en Nede."
    )
    assert cli.main(pull("--lijst", str(file), places=places, address=server.address)) == 0
    assert "(84799NED): 12 gebieden, al in huis." in capsys.readouterr().err


def test_boundaries_and_points_are_kept_without_asking_the_service(root, places, capsys):
    example = root / "data" / "example"
    given = pull(
        "--grenzen", str(example / "boundaries" / "wijken_2024.geojson"),
        str(example / "boundaries" / "buurten_2024.geojson"),
        "--voorzieningen", str(example / "voorzieningen_2024.geojson"),
        places=places, address="http://127.0.0.1:1",
    )  # fmt: skip
    assert cli.main(given) == 0
    told = capsys.readouterr().err
    assert "(wijken, jaar 2024) bewaard" in told and "146 punten bewaard" in told
    kept = {path.name for path in Path(places["raw"]).iterdir()}
    assert len(kept) == 2 and "grenzen" in kept


def test_when_one_gemeente_fails_the_overview_leads_to_those_before_it(
    example_report, real_raw, places, monkeypatch, capsys
):
    def built(kernel, notebooks, reports, *, code, name, parameters, stamp, sheets):
        if code == "GM0034":
            raise InputError("Almere gaat niet.")
        return Path(shutil.copytree(example_report, reports / "GM0637-zoetermeer"))

    monkeypatch.setattr("analysis.reports.build.build_report", built)
    given = {**places, "raw": str(real_raw)}
    assert cli.main(report("Zoetermeer", "Almere", "--jaar", "2020", places=given)) == 2
    told = capsys.readouterr()
    assert told.out.startswith("Zoetermeer: ") and told.err == "Almere gaat niet.\n"
    index = (Path(places["uit"]) / "index.html").read_text(encoding="utf-8")
    assert "GM0637-zoetermeer/01_gegevens.html" in index


def test_broken_off_is_said_and_is_no_mistake_of_ours(monkeypatch, places, capsys):
    def broken_off(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("analysis.reports.prepare.prepare_example", broken_off)
    assert cli.main(report(places=places)) == 130
    assert capsys.readouterr().err == "Afgebroken; er is niets half geschreven.\n"


def test_everything_after_test_is_pytest_s_own(monkeypatch, root):
    ran = []
    monkeypatch.setattr(
        cli.subprocess, "call", lambda command, **more: ran.append((command, more)) or 5
    )
    assert cli.main(["test", "-k", "not slow", "--help"]) == 5
    ((command, more),) = ran
    all_processors = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
    assert command[1:] == ["-m", "pytest", *all_processors, "-k", "not slow", "--help"]
    assert Path(more["cwd"]) == root


@pytest.mark.parametrize("own", [["-n", "1"], ["--pdb"]])
def test_who_says_how_to_spread_the_tests_is_obeyed(monkeypatch, own):
    ran = []
    monkeypatch.setattr(cli.subprocess, "call", lambda command, **more: ran.append(command) or 0)
    assert cli.main(["test", *own]) == 0
    assert ran[0][1:] == ["-m", "pytest", *own]


def test_lab_opens_the_notebooks(monkeypatch, root):
    ran = []
    monkeypatch.setattr(cli.subprocess, "call", lambda command: ran.append(command) or 0)
    assert cli.main(["lab"]) == 0
    assert ran[0][1:3] == ["-m", "jupyterlab"] and str(root / "notebooks") in ran[0]


def test_the_report_of_the_example_says_where_it_lies(example_report, places, monkeypatch, capsys):
    # The pages themselves are tried in test_build.
    def built(kernel, notebooks, reports, *, code, name, parameters, stamp, sheets):
        assert (code, name, stamp) == ("GM9901", "Voorbeeldstad", "Fictieve voorbeeldgegevens")
        assert parameters == {
            "jaar": None,
            "bron": "voorbeeld",
            "raw": places["raw"],
            "vergelijk": "",
        }
        stems = [path.stem for path in notebooks]
        assert stems == sorted(stems) and stems[0] == "01_gegevens" and len(stems) > 6
        return Path(shutil.copytree(example_report, reports / "GM9901-voorbeeldstad"))

    monkeypatch.setattr("analysis.reports.build.build_report", built)
    assert cli.main(report(places=places)) == 0
    told = capsys.readouterr()
    page = Path(places["uit"]) / "GM9901-voorbeeldstad" / "01_gegevens.html"
    assert told.out.splitlines()[0] == f"Voorbeeldstad: {page}" and page.is_file()
    assert f"Overzicht: {Path(places['uit']) / 'index.html'}" in told.out
    assert told.err == ""
