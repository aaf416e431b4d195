"""Shared fixtures: no network, and the real data, when it is there."""

import gc
import json
import os
import socket
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from analysis.reports import cli
from analysis.reports.dossier import Dossier, open_dossier
from analysis.reports.prepare import prepare_example
from analysis.sources import snapshot
from analysis.sources.catalogue import of_year, read_catalogue
from analysis.sources.codebook import Concept, read_codebook
from analysis.sources.kerncijfers import Release, read_release
from analysis.sources.statline import Answer

ROOT = Path(__file__).resolve().parents[1]
# A machine that is busy is no fault of the code.
settings.register_profile("analysis", deadline=None)
settings.load_profile("analysis")
# Tables hold few cycles and there are many objects: looking for them takes a tenth of the time.
gc.set_threshold(100_000, 20, 20)


# Files that take long in one piece: first, or one processor waits for another at the end.
LONG = (
    "test_reports_real.py", "test_build.py", "test_fuzz_readers.py", "test_rounding.py",
    "test_outcome_files.py", "test_kernel.py", "test_chapters_of_segregation.py",
    "test_chapters_of_provision.py", "test_chapters_of_mixing.py", "test_robustness.py",
    "test_chapter_models.py", "test_own_areas.py",
)  # fmt: skip


def pytest_collection_modifyitems(items) -> None:
    """Put the long files first; the others stay in their order."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONG)))


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the checkout's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with real tables and reference values; skip where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("real data lies in ../shared, which is not beside this checkout")
    return folder


class NetworkRefusedError(RuntimeError):
    """A test tried to reach a host; no library takes it for a fault of the network."""


@pytest.fixture(scope="session", autouse=True)
def _no_network():
    """Let no test of this process reach another machine, nor ask where one is."""
    connect, connect_ex, look_up = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def refuse(host) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in (None, "", "localhost", "127.0.0.1", "::1"):
            raise NetworkRefusedError(f"a test asked for the network: {name}")

    def guarded(original):
        def guarded_connect(self, address):
            if self.family != getattr(socket, "AF_UNIX", None):
                refuse(address[0])
            return original(self, address)

        return guarded_connect

    def guarded_look_up(host, *args, **kwargs):
        refuse(host)
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(scope="session")
def codebook() -> dict[str, Concept]:
    """Return the project's own codebook."""
    return read_codebook(ROOT / "data" / "codebook.csv")


@pytest.fixture(scope="session")
def real_raw(shared, tmp_path_factory) -> Path:
    """Return a folder with a snapshot of each real table in ../shared; made once."""

    def make(folder: Path) -> None:
        _write_real_tables(shared, folder / "raw")

    return _made_once(tmp_path_factory, "real-tables", make) / "raw"


def _write_real_tables(shared: Path, raw: Path) -> None:
    for folder in sorted((shared / "data" / "statline").iterdir()):
        infos = json.loads((folder / "TableInfos.json").read_text(encoding="utf-8"))[0]
        answer = Answer(
            table=folder.name,
            url=f"https://opendata.cbs.nl/ODataFeed/odata/{folder.name}/TypedDataSet",
            modified=infos.get("Modified", ""),
            properties=json.loads((folder / "DataProperties.json").read_text(encoding="utf-8")),
            regions=pd.read_parquet(folder / "WijkenEnBuurten.parquet").to_dict("records"),
            # A frame of the rows is what the rows would be made into.
            rows=pd.read_parquet(folder / "TypedDataSet.parquet"),
        )
        snapshot.write_table(raw, answer)


def _made_once(tmp_path_factory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that the first process that needs it makes; the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    done = folder / "done"
    try:
        folder.mkdir()
    except FileExistsError:
        for _ in range(1200):
            if done.exists():
                return folder
            time.sleep(0.1)
        pytest.fail(f"{name} of another process did not come")
    make(folder)
    done.touch()
    return folder


@pytest.fixture(scope="session")
def real_release(real_raw, codebook) -> Callable[[int], Release]:
    """Return a function that gives the real table of a year, read through the codebook."""
    catalogue = read_catalogue(ROOT / "data" / "catalogue.csv")

    @cache
    def release(year: int) -> Release:
        source = of_year(catalogue, "kerncijfers", year)
        return read_release(snapshot.newest(real_raw, source.table), source, codebook)

    return release


@pytest.fixture(scope="session")
def example_raw(tmp_path_factory) -> str:
    """Return a folder with the example edition's snapshots."""
    raw = str(tmp_path_factory.mktemp("example") / "raw")
    prepare_example(raw)
    return raw


@pytest.fixture(scope="session")
def example_dossier(example_raw) -> Dossier:
    """Return the dossier of the example gemeente."""
    return open_dossier("GM9901", edition="voorbeeld", raw=example_raw)


@pytest.fixture(scope="session")
def real_dossier(real_raw) -> Dossier:
    """Return the dossier of Zoetermeer on the real tables, without boundaries or points."""
    return open_dossier("Zoetermeer", edition="cbs", raw=str(real_raw))


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory) -> Path:
    """Return a folder with the example edition's snapshots (raw) and its report (uit).

    Made once, by the very command that a user gives; by the first process that needs it.
    """

    def make(folder: Path) -> None:
        given = ["report", "--raw", str(folder / "raw"), "--uit", str(folder / "uit")]
        assert cli.main(given) == 0

    return _made_once(tmp_path_factory, "example-report", make)


@pytest.fixture(scope="session")
def example_report(example_folder) -> Path:
    """Return the folder of the example gemeente's report."""
    return example_folder / "uit" / "GM9901-voorbeeldstad"
