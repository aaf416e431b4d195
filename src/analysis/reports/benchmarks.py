"""The word `benchmark`: run a measurement, with the packages to compare with beside our own.

A measurement NAME.py that has a list NAME.txt is run in an environment of its own with the
packages of that list: peers may ask for other versions of what we use, and are never a dependency.
"""

import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from analysis.sources.edition import project_root
from analysis.sources.errors import InputError

_STAMP = "made-for.txt"


def benchmark(given: Sequence[str]) -> int:
    """Run the measurement of that name with its options; return its exit code.

    Raises
    ------
    InputError
        When there is no measurement of that name, or its peers cannot be installed.
    """
    folder = project_root() / "benchmarks"
    by_name = {file.stem: file for file in sorted(folder.glob("*.py"))}
    if not given or given[0] not in by_name:
        raise InputError(f"Geef een meting op; er zijn: {', '.join(by_name)}.")
    script, options = by_name[given[0]], list(given[1:])
    peers = script.with_suffix(".txt")
    python = _with_peers(peers) if peers.exists() else Path(sys.executable)
    source = str(project_root() / "src")
    return subprocess.call(
        [str(python), str(script), *options], env=os.environ | {"PYTHONPATH": source}
    )


def _with_peers(peers: Path) -> Path:
    """Return the Python of an environment with these peers, made when it is not there."""
    home = project_root() / ".venv-benchmark" / peers.stem
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    made_for = hashlib.sha256(peers.read_bytes() + sys.version.encode()).hexdigest()
    stamp = home / _STAMP
    if stamp.exists() and stamp.read_text(encoding="utf-8") == made_for and python.exists():
        return python
    print(f"De pakketten uit {peers.name} worden opgehaald ...", file=sys.stderr, flush=True)
    venv.create(home, with_pip=True, clear=True)
    install = [str(python), "-Im", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.call([*install, "--requirement", str(peers)]):
        raise InputError(
            f"De pakketten uit {peers.name} kunnen niet worden geplaatst (zie hierboven); zorg "
            "voor netwerk en probeer het opnieuw."
        )
    stamp.write_text(made_for, encoding="utf-8")
    return python
