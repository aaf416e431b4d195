#!/usr/bin/env python3
"""The two commands on a bare Python: `python3 run.py report` and `python3 run.py test`.

The first call makes `.venv` and installs what `requirements.lock` lists; every call then hands its
words to the console script `analysis` in there. Standard library only. The messages are in Dutch:
the analyst at the keyboard reads them.
"""

import sys

# Before anything that an older Python cannot read, so that it still says what is the matter.
if sys.version_info < (3, 11):  # noqa: UP036 (this is where the minimum is enforced)
    sys.stderr.write(
        "Python 3.11 of nieuwer is nodig en dit is Python {}.{}: installeer een nieuwere Python en "
        "begin de opdracht daarmee, bijvoorbeeld 'python3.12 run.py report'.\n".format(
            *sys.version_info[:2]
        )
    )
    sys.exit(2)

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
STAMP = VENV / "run-stamp.txt"
LOG = VENV / "run-setup.log"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
ANALYSIS = VENV / ("Scripts/analysis.exe" if WINDOWS else "bin/analysis")
UV = "uv>=0.8,<1"
WORDS = ("report", "test", "lab", "pull", "availability", "indices", "export", "benchmark")
HELP = """\
Gebruik: python3 run.py WOORD [...]

  report [GEMEENTE ...]  maak het rapport van een of meer gemeenten;
                         zonder gemeente dat van de voorbeeldgegevens
  test [...]             draai alle tests (wat volgt gaat naar pytest)
  lab                    open de notebooks in JupyterLab
  pull [...]             haal alleen gegevens op, voor later zonder netwerk
  availability [...]     welke cijfers er van een gemeente zijn, per jaar en niveau
  indices [...]          hoe ongelijk groepen over wijken en buurten zijn verspreid
  export [...]           schrijf de tabellen van een gemeente als xlsx, csv, gpkg, ...
  benchmark              meet de rekentijd naast die van vergelijkbare pakketten

'python3 run.py WOORD --help' zegt meer over een woord.
De eerste keer worden in de map .venv de Python-pakketten geplaatst; daar is netwerk voor nodig.
"""
NO_PIP = (
    "Deze Python kan geen eigen omgeving met pip maken (ensurepip of venv ontbreekt); op Debian en "
    "Ubuntu helpt 'sudo apt install python3-venv', daarna dezelfde opdracht nog eens."
)


class SetupError(Exception):
    """A set-up that cannot go on: one sentence that says what to do."""


def main(argv: list[str]) -> int:
    """Make the environment if need be and run one word in it; return the exit code."""
    if argv and argv[0] in ("-h", "--help"):
        print(HELP, end="")
        return 0
    if not argv or argv[0] not in WORDS:
        asked = f"'{argv[0]}' is geen opdracht" if argv else "Er ontbreekt een opdracht"
        print(f"{asked}; kies uit {', '.join(WORDS)}, of vraag --help.", file=sys.stderr)
        return 2
    try:
        if not is_ready():
            with setup_lock():
                # Whoever had the lock before us may have done the work.
                if not is_ready():
                    set_up()
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        where = error.filename or VENV
        print(
            f"De omgeving in {VENV} kan niet worden gemaakt ({where}: {error.strerror or error}); "
            "zorg voor schrijfrechten en ruimte (ruim 1 GB), sluit programma's die haar gebruiken, "
            "en geef de opdracht opnieuw.",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print("\nAfgebroken; de volgende opdracht begint het inrichten opnieuw.", file=sys.stderr)
        return 130
    return hand_over(argv)


def hand_over(argv: list[str]) -> int:
    """Run the console script `analysis` with the same words, as this process where possible."""
    environment = clean_environment()
    if not WINDOWS:
        sys.stdout.flush()
        sys.stderr.flush()
        # Through the interpreter: a script's first line has a maximum length, a folder has not.
        os.execve(PYTHON, [str(PYTHON), str(ANALYSIS), *argv], environment)
    import subprocess

    # execv on Windows returns to the prompt while the program is still writing.
    with subprocess.Popen([str(ANALYSIS), *argv], env=environment) as process:
        while True:
            # Ctrl-C reaches the program too: it decides what happens, JupyterLab asks first.
            with contextlib.suppress(KeyboardInterrupt):
                return process.wait()


def clean_environment() -> dict[str, str]:
    """Return the environment without what would bring another program's packages into `.venv`.

    QGIS and ArcGIS set both Python paths, `PIP_USER` installs elsewhere, and images for CI switch
    off bytecode: every kernel would then compile all packages again.
    """
    unwanted = "PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE PIP_USER PIP_TARGET PIP_PREFIX"
    return {name: value for name, value in os.environ.items() if name not in unwanted.split()}


def fingerprint() -> str:
    """Return what the environment is made for: lock, package, Python and folder.

    The folder counts because the editable package and the scripts hold its path.
    """
    digest = hashlib.sha256()
    for part in (LOCK.read_bytes(), PROJECT.read_bytes()):
        digest.update(hashlib.sha256(part).digest())
    digest.update(f"{sys.version_info[0]}.{sys.version_info[1]} {ROOT}".encode())
    return digest.hexdigest()


def is_ready() -> bool:
    """Tell whether `.venv` was set up to the end, from this lock, and its Python is still there."""
    try:
        made_for, _, base = STAMP.read_text(encoding="utf-8").partition("\n")
    except OSError:
        return False
    return made_for == fingerprint() and PYTHON.exists() and Path(base).exists()


@contextlib.contextmanager
def setup_lock() -> Iterator[None]:
    """Hold the right to set up, waiting for another terminal that is doing so.

    The system gives the lock back when a process ends in whatever way, so it cannot go stale. The
    installer that was started inherits it: should this process be killed, the next set-up waits
    until that installer no longer writes in `.venv`.
    """
    import time

    with open(ROOT / ".venv-setup.lock", "a+b") as file:
        waiting = False
        while not try_lock(file.fileno()):
            if not waiting:
                waiting = True
                print("Een ander venster richt de omgeving al in; even wachten ...", flush=True)
            time.sleep(0.5)
        os.set_inheritable(file.fileno(), True)
        yield


def try_lock(descriptor: int) -> bool:
    """Take the lock on an open file, or return False when another process has it."""
    import errno

    try:
        if WINDOWS:
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Some network drives know no locks; then two set-ups at once are the user's own care.
        return error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


def set_up() -> None:
    """Make `.venv` anew and install the lock and this package; the stamp is the last thing written.

    Raises
    ------
    SetupError
        When the packages cannot be had, with the reason and what to do.
    """
    import time

    begin = time.monotonic()
    print("Eenmalig inrichten: Python-pakketten worden opgehaald, dat duurt even ...", flush=True)
    made_for = fingerprint()
    make_venv()
    install()
    base = getattr(sys, "_base_executable", None) or sys.executable
    STAMP.write_text(f"{made_for}\n{base}", encoding="utf-8")
    print(f"Ingericht in {time.monotonic() - begin:.0f} s.", flush=True)


def make_venv() -> None:
    """Make an empty `.venv`; one that this script did not make is set aside, not thrown away."""
    import itertools
    import shutil

    try:
        from venv import create
    except ImportError:
        raise SetupError(NO_PIP) from None

    if VENV.is_symlink() or (VENV.exists() and not STAMP.exists() and any(VENV.iterdir())):
        names = (ROOT / f".venv-vorige-{number}" for number in itertools.count(1))
        aside = next(name for name in names if not name.exists())
        VENV.rename(aside)
        print(f"De map .venv was niet door run.py gemaakt; zij heet nu {aside.name}.", flush=True)
    elif VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    # Never equal to a fingerprint: the mark of a set-up that has begun.
    STAMP.write_text("begonnen", encoding="utf-8")
    create(VENV, symlinks=not WINDOWS)


def install() -> None:
    """Install with uv from the PATH, else with uv from the registry, else with pip alone."""
    import shutil

    found = shutil.which("uv")
    if found and install_with([found, "pip", "install", "--python", str(PYTHON)]):
        return
    if not call([str(PYTHON), "-Im", "ensurepip", "--default-pip"]):
        raise SetupError(reason())
    pip = [str(PYTHON), "-Im", "pip", "--disable-pip-version-check", "--no-input", "install"]
    own_uv = [str(PYTHON), "-Im", "uv", "pip", "install", "--python", str(PYTHON)]
    if not found and call([*pip, "--retries", "1", "--only-binary", ":all:", UV]):
        if install_with(own_uv):
            return
        print("Met uv lukt het niet; verder met pip, dat duurt langer ...", flush=True)
    if not install_with(pip):
        raise SetupError(reason())


def install_with(installer: list[str]) -> bool:
    """Install the lock and then this package with one installer; tell whether that went well."""
    locked = ["--only-binary", ":all:", "--require-hashes", "-r", str(LOCK)]
    # The lock holds the build backend; isolation would fetch another one, unchecked.
    package = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    return call([*installer, *locked]) and call([*installer, *package])


def call(command: list[str]) -> bool:
    """Run a command with its output in the log; tell whether it ended well."""
    import subprocess

    with open(LOG, "ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
            close_fds=False,  # for the lock, see setup_lock
        )
    return ended.returncode == 0


def reason() -> str:
    """Return the sentence for what the last command in the log complains about."""
    last = LOG.read_text(encoding="utf-8", errors="replace").rpartition("\n$ ")[2].lower()
    command = last.partition("\n")[0]
    if "no space left" in last or "not enough space" in last or "disk quota" in last:
        return f"De schijf is vol: maak ruim 1 GB vrij voor {VENV} en geef de opdracht opnieuw."
    if command.endswith("ensurepip --default-pip"):
        return NO_PIP
    if "do not match the hashes" in last or "hash mismatch" in last:
        return (
            "Een opgehaald pakket is niet het pakket dat requirements.lock noemt, het wordt niet "
            f"gebruikt: probeer een ander netwerk of vraag de beheerder (details in {LOG})."
        )
    network = ("connection", "resolve host", "name resolution", "timed out", "proxy", "certificate")
    if any(word in last for word in network):
        return (
            "De pakketten konden niet worden opgehaald, er is geen verbinding: controleer netwerk "
            f"en proxy en geef de opdracht opnieuw (details in {LOG})."
        )
    return f"De pakketten konden niet worden geplaatst; in {LOG} staat onderaan waarom."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
