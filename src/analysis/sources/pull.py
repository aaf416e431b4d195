"""Downloading, apart from analysing: which tables the service has, and a snapshot of each."""

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.sources import snapshot, statline
from analysis.sources.catalogue import Source
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError, ServiceError, TableMissingError
from analysis.sources.transport import USUAL_PATIENCE, Patience

_LISTING = "service.json"


@dataclass(frozen=True)
class Pulled:
    """What became of one table: its snapshot, and whether it was fetched now or was there."""

    source: Source
    snapshot: snapshot.Snapshot
    fetched: bool


def service_tables(edition: Edition, sources: tuple[Source, ...], refresh: bool) -> dict[str, dict]:
    """Return what the service's catalogue says of our tables: Modified, RecordCount.

    The answer is kept beside the snapshots, so that a report need not ask twice.

    Parameters
    ----------
    edition : Edition
    sources : tuple of Source
    refresh : bool
        Ask the service even when its answer was kept.

    Raises
    ------
    ServiceError
        When the service must be asked and does not answer.
    """
    kept = edition.raw / _LISTING
    if not refresh and kept.is_file():
        with contextlib.suppress(ValueError, OSError):  # a damaged file is asked for again
            listed = json.loads(kept.read_text(encoding="utf-8"))
            if isinstance(listed, dict) and all(isinstance(one, dict) for one in listed.values()):
                return listed
    found: dict[str, dict] = {}
    for address in sorted({address_of(edition, source) for source in sources}):
        wanted = [s.table for s in sources if address_of(edition, s) == address]
        for table, record in statline.list_tables(address, wanted).items():
            found[table] = {key: record.get(key) for key in ("Modified", "RecordCount", "Title")}
    _write_text(kept, json.dumps(found, ensure_ascii=False, indent=1))
    return found


def pull_table(
    edition: Edition,
    source: Source,
    record: dict | None,
    progress: Callable[[int, int | None], None] | None = None,
    patience: Patience = USUAL_PATIENCE,
) -> Pulled:
    """Fetch a table and keep it, unless this release is kept already.

    Parameters
    ----------
    edition : Edition
    source : Source
    record : dict or None
        What the service's catalogue says of the table.
    progress : callable, optional
        Called with rows fetched and rows expected.
    patience : Patience, optional
        Limits to the waiting.

    Raises
    ------
    TableMissingError
        When the service does not have the table.
    ServiceError
        When it does not answer as it should.
    """
    if record is None:
        raise TableMissingError(
            f"De dienst heeft geen tabel {source.table} (jaar {source.year}); kies een ander jaar."
        )
    stored = snapshot.newest(edition.raw, source.table)
    if stored and record.get("Modified") and stored.modified == record["Modified"]:
        return Pulled(source, stored, fetched=False)
    answer = statline.fetch(
        address_of(edition, source), source.table, record.get("RecordCount"), progress, patience
    )
    return Pulled(source, snapshot.write_table(edition.raw, answer), fetched=True)


def stored_or_pulled(
    edition: Edition,
    source: Source,
    sources: tuple[Source, ...],
    progress: Callable[[int, int | None], None] | None = None,
) -> Pulled:
    """Return the newest snapshot of a table; fetch it only when there is none.

    Raises
    ------
    ServiceError, TableMissingError
        When there is no snapshot and the service does not give the table; the sentence lists the
        years of which there is one.
    """
    stored = snapshot.newest(edition.raw, source.table)
    if stored:
        return Pulled(source, stored, fetched=False)
    try:
        # What was kept may be of an older release, with other numbers of rows, or of before it.
        record = service_tables(edition, sources, refresh=True).get(source.table)
        return pull_table(edition, source, record, progress)
    except (ServiceError, TableMissingError) as error:
        years = [str(s.year) for s in sources if snapshot.newest(edition.raw, s.table)]
        at_hand = f" Wel in huis: {', '.join(sorted(years))}." if years else ""
        raise type(error)(f"{error}{at_hand}") from error


def address_of(edition: Edition, source: Source) -> str:
    """Return the address at which a table is asked for."""
    return edition.address or source.address


def _write_text(path: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise InputError(
            f"In {path.parent} kan niet worden geschreven ({error.strerror or error}); maak ruimte "
            "of geef met --raw een andere map."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
