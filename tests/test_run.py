"""run.py: the set-up, its sentences and the hand-over; nothing is installed, no network used."""

import ast
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
RUN = ROOT / "run.py"


class Installer:
    """Stands in for `call`: notes each command, and fails those that contain one of `failing`."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.commands: list[list[str]] = []
        self.failing: tuple[str, ...] = ()
        self.output = ""

    def __call__(self, command: list[str]) -> bool:
        self.commands.append(command)
        with self.module.LOG.open("a", encoding="utf-8") as log:
            log.write(f"\n$ {' '.join(command)}\n{self.output}\n")
        return not any(part in " ".join(command) for part in self.failing)

    def kinds(self) -> list[str]:
        """Return each command as one word."""
        words = {"ensurepip": "ensurepip", self.module.UV: "get uv", "--editable": "package"}
        found = []
        for command in self.commands:
            kind = next((word for part, word in words.items() if part in command), "lock")
            tool = "uv" if "--python" in command else "pip"
            found.append(kind if kind in ("ensurepip", "get uv") else f"{tool} {kind}")
        return found


def loaded(folder: Path) -> ModuleType:
    """Return run.py as a module, from a folder that has only what the set-up reads."""
    for name in ("run.py", "requirements.lock", "pyproject.toml"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    spec = importlib.util.spec_from_file_location("run_under_test", folder / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return run.py in a project folder of its own, without uv, installer and hand-over."""
    module = loaded(tmp_path)
    monkeypatch.setattr(module, "call", Installer(module))
    monkeypatch.setattr(module, "hand_over", lambda argv: 0)
    monkeypatch.setattr("shutil.which", lambda name: None)
    return module


def test_set_up_once_and_again_only_when_something_changed(run: ModuleType) -> None:
    assert run.main(["report"]) == 0
    once = ["ensurepip", "get uv", "uv lock", "uv package"]
    assert run.call.kinds() == once
    assert run.main(["report"]) == 0
    assert run.call.kinds() == once
    for number, file in enumerate((run.LOCK, run.PROJECT), start=2):
        file.write_bytes(file.read_bytes() + b"\n")
        assert run.main(["report"]) == 0
        assert run.call.kinds() == once * number


def test_another_python_gets_an_environment_of_its_own(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.main(["report"])
    assert run.is_ready()
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert not run.is_ready()


def test_moved_project_is_set_up_again(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    run.main(["report"])
    monkeypatch.setattr(run, "ROOT", run.ROOT.parent)
    assert not run.is_ready()


def test_environment_whose_python_was_removed_is_made_again(run: ModuleType) -> None:
    run.main(["report"])
    made_for = run.STAMP.read_text(encoding="utf-8").partition("\n")[0]
    run.STAMP.write_text(f"{made_for}\n{run.ROOT / 'removed' / 'python3'}", encoding="utf-8")
    assert not run.is_ready()


def test_only_locked_wheels_and_no_second_resolution(run: ModuleType) -> None:
    run.main(["report"])
    lock, package = run.call.commands[-2:]
    assert {"--require-hashes", "--only-binary"} <= set(lock)
    assert lock[-2:] == ["-r", str(run.LOCK)]
    assert {"--no-deps", "--no-build-isolation"} <= set(package)


def test_uv_on_the_path_needs_no_pip(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: name)
    run.call.failing = ("ensurepip",)
    assert run.main(["report"]) == 0
    assert run.call.kinds() == ["uv lock", "uv package"]


@pytest.mark.parametrize("failing", [("uv>=",), ("-Im uv",)])
def test_pip_does_it_where_uv_cannot(run: ModuleType, failing: tuple[str, ...]) -> None:
    run.call.failing = failing
    assert run.main(["report"]) == 0
    assert run.call.kinds()[-2:] == ["pip lock", "pip package"]
    assert run.is_ready()


def test_old_uv_on_the_path_falls_back_to_pip(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "/somewhere/uv")
    run.call.failing = ("/somewhere/uv",)
    assert run.main(["report"]) == 0
    assert run.call.kinds() == ["uv lock", "ensurepip", "pip lock", "pip package"]


@pytest.mark.parametrize(
    ("failing", "output", "says"),
    [
        ("ensurepip", "No module named ensurepip", "sudo apt install python3-venv"),
        ("install", "Temporary failure in name resolution", "geen verbinding"),
        ("install", "error: dns error; connection refused", "geen verbinding"),
        ("install", "OSError: [Errno 28] No space left on device", "schijf is vol"),
        ("ensurepip", "OSError: [Errno 28] No space left on device", "schijf is vol"),
        ("install", "THESE PACKAGES DO NOT MATCH THE HASHES", "requirements.lock noemt"),
        ("install", "Segmentation fault", "staat onderaan waarom"),
    ],
)
def test_failed_set_up_is_one_sentence_and_exit_2(
    run: ModuleType, capsys: pytest.CaptureFixture[str], failing: str, output: str, says: str
) -> None:
    run.call.failing, run.call.output = (failing,), output
    assert run.main(["report"]) == 2
    sentence = capsys.readouterr().err
    assert says in sentence
    assert sentence.count("\n") == 1
    assert not run.is_ready()


def test_interrupted_set_up_is_repaired_by_the_next_call(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer = run.call

    def stopped(command: list[str]) -> bool:
        (run.VENV / "half-a-package").write_text("", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "call", stopped)
    assert run.main(["report"]) == 130
    assert not run.is_ready()
    monkeypatch.setattr(run, "call", installer)
    assert run.main(["report"]) == 0
    assert run.is_ready()
    assert not (run.VENV / "half-a-package").exists()
    assert not (run.ROOT / ".venv-vorige-1").exists()  # it was ours: made anew, not set aside


def test_environment_of_someone_else_is_set_aside_not_removed(run: ModuleType) -> None:
    for number in (1, 2):
        run.VENV.mkdir()
        (run.VENV / "mine.txt").write_text(str(number), encoding="utf-8")
        assert run.main(["report"]) == 0
        aside = run.ROOT / f".venv-vorige-{number}" / "mine.txt"
        assert aside.read_text(encoding="utf-8") == str(number)
        run.VENV.rename(run.ROOT / f"done-{number}")


def test_folder_without_write_access_is_one_sentence(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused() -> None:
        raise PermissionError(13, "Permission denied", str(run.VENV))

    monkeypatch.setattr(run, "make_venv", refused)
    assert run.main(["report"]) == 2
    assert "schrijfrechten" in capsys.readouterr().err


def test_second_window_waits_and_does_not_set_up_again(run: ModuleType) -> None:
    # A process of its own holds the lock, does the set-up's last step and goes.
    other = f"""
import sys, time
sys.path.insert(0, {str(run.ROOT)!r})
import run
with run.setup_lock():
    print("held", flush=True)
    time.sleep(0.7)
    run.VENV.mkdir()
    run.PYTHON.parent.mkdir()
    run.PYTHON.touch()
    run.STAMP.write_text(run.fingerprint() + "\\n" + sys.executable, encoding="utf-8")
"""
    command = [sys.executable, "-c", other]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert run.main(["report"]) == 0
    assert run.call.commands == []
    assert run.is_ready()


@pytest.mark.parametrize(("argv", "code"), [([], 2), (["raport"], 2), (["--help"], 0), (["-h"], 0)])
def test_words_are_checked_before_anything_is_set_up(
    run: ModuleType, capsys: pytest.CaptureFixture[str], argv: list[str], code: int
) -> None:
    assert run.main(argv) == code
    told = capsys.readouterr()
    assert all(word in told.out + told.err for word in run.WORDS)
    assert not run.VENV.exists()


def test_environment_of_another_program_stays_out(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PYTHONHOME", "elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("ANALYSIS_STATLINE", "kept")
    kept = run.clean_environment()
    assert kept["ANALYSIS_STATLINE"] == "kept"
    assert not {"PYTHONPATH", "PYTHONHOME", "PIP_USER"} & set(kept)


def test_windows_waits_for_the_program_and_returns_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = loaded(tmp_path)
    monkeypatch.setattr(module, "WINDOWS", True)
    monkeypatch.setattr(module, "ANALYSIS", Path(sys.executable))
    assert module.hand_over(["-c", "raise SystemExit(7)"]) == 7


def test_commands_are_logged_and_their_end_is_told(tmp_path: Path) -> None:
    module = loaded(tmp_path)
    module.VENV.mkdir()
    assert module.call([sys.executable, "-c", "print('said')"])
    assert not module.call([sys.executable, "-c", "raise SystemExit(1)"])
    assert "said" in module.LOG.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="a script stands in for the program; POSIX only")
def test_second_call_hands_over_words_and_exit_code_at_once(run: ModuleType) -> None:
    run.main(["report"])
    run.ANALYSIS.write_text("import sys; print(sys.argv[1:]); sys.exit(5)", encoding="utf-8")
    begin = time.monotonic()
    ended = subprocess.run(
        [sys.executable, str(run.ROOT / "run.py"), "report", "Den Haag", "--jaar", "2024"],
        capture_output=True,
        text=True,
        check=False,
        cwd=run.ROOT.parent,
    )
    took = time.monotonic() - begin
    assert ended.stdout == "['report', 'Den Haag', '--jaar', '2024']\n"
    assert ended.returncode == 5
    assert took < 0.5


@pytest.mark.parametrize("version", [(3, 7, 16), (3, 10, 13)])
def test_old_python_is_told_in_one_sentence(version: tuple[int, ...]) -> None:
    pretend = f"import sys, runpy; sys.version_info = {version}; runpy.run_path({str(RUN)!r})"
    ended = subprocess.run(
        [sys.executable, "-c", pretend], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith(
        f"Python 3.11 of nieuwer is nodig en dit is Python 3.{version[1]}"
    )
    assert ended.stderr.count("\n") == 1


def test_old_python_can_read_the_file() -> None:
    # 3.7 knows no :=, no match and no positional-only mark; the parser here then refuses them too.
    ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 7))
