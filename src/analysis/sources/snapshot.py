"""Snapshots: an answer as published, written once, and read only if nothing has changed it.

A snapshot is a folder `<raw>/<name>/<release>` with the data files as answered and, beside them,
`snapshot.json`: url, table, Modified, time of fetching, rows, and the sha256 of every file. It is
made in a temporary folder and renamed, so that a snapshot is whole or is not there.
"""

import contextlib
import glob
import hashlib
import json
import os
import re
import shutil
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from analysis.sources.errors import InputError, ServiceError

SIDECAR = "snapshot.json"
_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True)
class Snapshot:
    """A stored answer whose files are as they were written.

    Attributes
    ----------
    folder : Path
        Where the files lie.
    name, url, modified, fetched_at : str
        Table (or kind of file), where it came from, the publisher's time of last change ("" if
        it gave none), and the time of fetching (UTC).
    rows : int
        Number of rows of the data.
    files : dict of str to str
        File name -> sha256.
    notes : dict of str to str
        What else was known when it was stored.
    """

    folder: Path
    name: str
    url: str
    modified: str
    fetched_at: str
    rows: int
    files: dict[str, str]
    notes: dict[str, str]

    def path(self, file: str) -> Path:
        """Return the path of one of the files after checking it against its sha256.

        Raises
        ------
        InputError
            When the file is gone or differs from what was written.
        """
        path = self.folder / file
        if file not in self.files or not path.is_file():
            raise InputError(f"{path} ontbreekt; haal {self.name} opnieuw op met 'pull'.")
        if _sha256(path) != self.files[file]:
            raise InputError(
                f"{path} is gewijzigd sinds het is opgehaald (de controlesom klopt niet); "
                f"verwijder de map {self.folder.name} en haal {self.name} opnieuw op met 'pull'."
            )
        return path

    def json(self, file: str) -> list[dict]:
        """Return the content of a checked JSON file."""
        return json.loads(self.path(file).read_text(encoding="utf-8"))


def write_table(raw: Path, answer) -> Snapshot:
    """Store a table of StatLine as it was answered (a `statline.Answer`).

    The same answer twice gives the same folder and is stored once.

    Raises
    ------
    ServiceError
        When a column mixes numbers and texts.
    InputError
        When the folder cannot be written.
    """
    with _draft(raw) as draft:
        try:
            pd.DataFrame(answer.rows).to_parquet(draft / "TypedDataSet.parquet", index=False)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise ServiceError(
                f"Tabel {answer.table} heeft een kolom waarin getallen en teksten door elkaar "
                "staan; er is niets bewaard, haal de tabel later nog eens op."
            ) from error
        for name, records in (
            ("DataProperties", answer.properties),
            ("WijkenEnBuurten", answer.regions),
        ):
            text = json.dumps(records, ensure_ascii=False)
            (draft / f"{name}.json").write_text(text, encoding="utf-8")
        return _keep(draft, raw, answer.table, answer.url, answer.modified, len(answer.rows), {})


def write_file(raw: Path, name: str, file: Path, rows: int, notes: dict[str, str]) -> Snapshot:
    """Store a file that a person brings (boundaries, facility points) as it is.

    The same file again is the same snapshot, now fetched last. A shapefile is several files with
    one name: its parts are stored in one zip.
    """
    with _draft(raw) as draft:
        if file.suffix.casefold() == ".shp":
            _pack_shapefile(file, draft / f"{file.stem}.zip")
        else:
            shutil.copyfile(file, draft / file.name)
        return _keep(draft, raw, name, file.name, "", rows, notes)


def read(folder: Path) -> Snapshot:
    """Read what is known of the snapshot in a folder; its files are checked when they are used."""
    try:
        known = json.loads((folder / SIDECAR).read_text(encoding="utf-8"))
        return Snapshot(folder=folder, **known)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"{folder} is geen gave momentopname ({SIDECAR} ontbreekt of is beschadigd); verwijder "
            "die map en haal de gegevens opnieuw op met 'pull'."
        ) from error


def releases(raw: Path, name: str) -> tuple[Snapshot, ...]:
    """Return the stored snapshots of a table, newest release first.

    Newest is what the publisher changed last; among equals what was fetched last. A file that a
    person brought has no date of change, and counts from the day on which it was brought.
    """
    # Hidden folders are of a file manager or of Jupyter.
    folders = [path for path in (raw / name).glob("[!.]*") if path.is_dir()]
    found = [read(folder) for folder in folders]
    return tuple(
        sorted(found, key=lambda s: (s.modified or s.fetched_at, s.fetched_at), reverse=True)
    )


def newest(raw: Path, name: str) -> Snapshot | None:
    """Return the newest snapshot of a table, or None."""
    return next(iter(releases(raw, name)), None)


@contextlib.contextmanager
def _draft(raw: Path) -> Iterator[Path]:
    """Give a folder to write in that is gone afterwards, unless it was renamed."""
    draft = None
    try:
        raw.mkdir(parents=True, exist_ok=True)
        # Not mkdtemp: that keeps colleagues on a shared drive from reading the result.
        draft = raw / f".draft-{uuid.uuid4().hex[:12]}"
        draft.mkdir()
        yield draft
    except OSError as error:
        raise InputError(
            f"In {raw} kan niet worden geschreven ({error.strerror or error}); maak ruimte of "
            "geef met --raw een andere map."
        ) from error
    finally:
        if draft:
            shutil.rmtree(draft, ignore_errors=True)


def _pack_shapefile(file: Path, packed: Path) -> None:
    with zipfile.ZipFile(packed, "w") as archive:
        for part in sorted(file.parent.glob(f"{glob.escape(file.stem)}.*")):
            if part.suffix.casefold() in _SHAPEFILE:
                # A fixed time of writing: the same files are the same snapshot.
                member = zipfile.ZipInfo(part.name, (1980, 1, 1, 0, 0, 0))
                archive.writestr(member, part.read_bytes())


def _keep(draft, raw, name, url, modified, rows, notes) -> Snapshot:
    files = {path.name: _sha256(path) for path in sorted(draft.iterdir())}
    known = {
        "name": name,
        "url": url,
        "modified": modified,
        "fetched_at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "rows": rows,
        "files": files,
        "notes": notes,
    }
    # The name of a file that a person brings tells its year: under another name it is another one.
    named = files.values() if modified else [part for file in files.items() for part in file]
    digest = hashlib.sha256("".join([modified, *named]).encode()).hexdigest()
    # Only what every file system takes: a time of day has colons.
    day = re.sub(r"[^0-9A-Za-z-]", "-", modified[:10]) or "zonder-datum"
    folder = raw / name / f"{day}_{digest[:10]}"
    sidecar = draft / SIDECAR
    sidecar.write_text(json.dumps(known, indent=1, ensure_ascii=False), encoding="utf-8")
    if not folder.is_dir():
        folder.parent.mkdir(exist_ok=True)
        try:
            draft.rename(folder)
        except OSError:
            # Another run may have stored the same answer since; then that one serves.
            if not folder.is_dir():
                raise
    elif not modified and read(folder).files == files:
        # Of what has no date of its own, the one that was brought last counts.
        os.replace(sidecar, folder / SIDECAR)
    return read(folder)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
