"""Measurements run in the right Python; nothing is installed here."""

import os
import sys

import pytest

from analysis.reports import benchmarks
from analysis.sources.errors import InputError


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project with one measurement alone and one that has peers."""
    folder = tmp_path / "benchmarks"
    folder.mkdir()
    for name in ("alone.py", "beside.py"):
        (folder / name).write_text("print(1)\n", encoding="utf-8")
    (folder / "beside.txt").write_text("peer\n", encoding="utf-8")
    monkeypatch.setattr(benchmarks, "project_root", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def ran(project, monkeypatch):
    """Return the list of commands that were given, with their environment."""
    commands = []

    def call(command, env=None):
        commands.append((command, env))
        return 0

    def created(home, **_):
        python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()

    monkeypatch.setattr(benchmarks.subprocess, "call", call)
    monkeypatch.setattr(benchmarks.venv, "create", created)
    return commands


def test_a_measurement_without_peers_runs_in_our_own_python(project, ran):
    assert benchmarks.benchmark(["alone", "--repeat", "3"]) == 0
    ((command, env),) = ran
    assert command == [sys.executable, str(project / "benchmarks/alone.py"), "--repeat", "3"]
    assert env["PYTHONPATH"] == str(project / "src")


def test_peers_are_installed_once_beside_our_own_environment(project, ran):
    for _ in range(2):
        assert benchmarks.benchmark(["beside"]) == 0
    python = str(project / ".venv-benchmark/beside/bin/python")
    installed, first, second = (command for command, _ in ran)
    assert installed[0] == python and installed[-1] == str(project / "benchmarks/beside.txt")
    assert first == second == [python, str(project / "benchmarks/beside.py")]


def test_another_list_of_peers_is_installed_anew(project, ran):
    benchmarks.benchmark(["beside"])
    (project / "benchmarks/beside.txt").write_text("peer\nother\n", encoding="utf-8")
    benchmarks.benchmark(["beside"])
    assert len(ran) == 4


def test_peers_that_cannot_be_installed_are_said_in_a_sentence(project, ran, monkeypatch):
    monkeypatch.setattr(benchmarks.subprocess, "call", lambda command, env=None: 1)
    with pytest.raises(InputError, match="beside.txt kunnen niet worden geplaatst"):
        benchmarks.benchmark(["beside"])


@pytest.mark.parametrize("given", [[], ["geen"]])
def test_an_unknown_measurement_names_those_that_exist(project, given):
    with pytest.raises(InputError, match="er zijn: alone, beside"):
        benchmarks.benchmark(given)
