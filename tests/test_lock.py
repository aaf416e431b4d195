"""The lock: made from these bounds, whole on every system we promise, and without a host name."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11.2", "3.11.7", "3.12.1", "3.13.0")
SYSTEMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "windows": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
    "macos": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
}


def entries(lock: str) -> list[tuple[Requirement, int]]:
    """Return each pinned requirement with its number of hashes."""
    logical = lock.replace("\\\n", " ").splitlines()
    pinned = [line for line in logical if line.strip() and not line.lstrip().startswith("#")]
    return [
        (Requirement(line.partition("--hash")[0].strip()), len(re.findall(r"--hash=sha256:", line)))
        for line in pinned
    ]


def asked() -> list[Requirement]:
    """Return every requirement that the lock must meet."""
    groups = PROJECT["dependency-groups"]
    texts = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["build-system"]["requires"],
        *groups["build"],
        *groups["test"],
    ]
    return [Requirement(text) for text in texts]


def test_lock_names_no_host_and_no_place() -> None:
    options = [line for line in LOCK.splitlines() if line.startswith("-")]
    assert "://" not in LOCK
    assert options == []  # --index-url, --find-links and the like are of one machine
    assert not re.search(r"@\s*(file|git|https?)|/(home|root|tmp|Users)/", LOCK)


def test_every_pin_is_exact_and_has_hashes() -> None:
    loose = [str(pin) for pin, _ in entries(LOCK) if not str(pin.specifier).startswith("==")]
    bare = [str(pin) for pin, hashes in entries(LOCK) if hashes == 0]
    assert loose == []
    assert bare == []


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_lock_meets_the_bounds_everywhere(python: str, system: str) -> None:
    place = SYSTEMS[system] | {
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    pins = [pin for pin, _ in entries(LOCK) if pin.marker is None or pin.marker.evaluate(place)]
    names = [canonicalize_name(pin.name) for pin in pins]
    assert len(names) == len(set(names)), "two versions of one package for one machine"
    versions = {name: str(pin.specifier)[2:] for name, pin in zip(names, pins, strict=True)}
    for bound in asked():
        version = versions.get(canonicalize_name(bound.name))
        assert version is not None, f"{bound.name} is not in requirements.lock; make it anew"
        assert bound.specifier.contains(version), f"{bound} is not met by {version} in the lock"


def test_entries_reads_pins_markers_and_hashes() -> None:
    first_lines = "a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n    # via b\n"
    (first, hashes), (second, none) = entries(first_lines + "b==2 ; os_name == 'nt'\n")
    assert (str(first), hashes) == ("a==1", 2)
    assert (second.name, none) == ("b", 0)
    assert second.marker is not None
