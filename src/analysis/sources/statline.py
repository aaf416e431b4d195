"""StatLine over OData version 3: a whole table or a clear refusal. Only this module knows cbsodata.

The client is kept for its knowledge of the service's addresses and paging; what it lacks (time
limits, retries, refusal of half a body) is in the session it sends through, and here are the checks
that a table is whole.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import requests

from analysis.sources.errors import InputError, ServiceError, TableMissingError
from analysis.sources.transport import (
    RECORDED_HOST,
    USUAL_PATIENCE,
    Patience,
    PatientSession,
    host_of,
    without_password,
)

_root_handlers = list(logging.getLogger().handlers)
import cbsodata  # noqa: E402
from cbsodata import cbsodata3  # noqa: E402

# Importing the client logs to the root logger, which gives the whole program a handler on stderr.
logging.getLogger().handlers[:] = _root_handlers

DEFAULT_ADDRESS = "https://opendata.cbs.nl"
_REGIONS = "WijkenEnBuurten"


@dataclass(frozen=True)
class Answer:
    """A whole table as the service gave it.

    Attributes
    ----------
    table, url, modified : str
        Identifier, address of the data set, and the service's own time of last change ("" if
        it gives none).
    properties, regions, rows : list of dict
        The entity sets DataProperties, WijkenEnBuurten and TypedDataSet, untouched.
    """

    table: str
    url: str
    modified: str
    properties: list[dict]
    regions: list[dict]
    rows: list[dict]


def list_tables(
    address: str, wanted: Iterable[str], patience: Patience = USUAL_PATIENCE
) -> dict[str, dict]:
    """Return what the service's catalogue says of the wanted tables, by identifier.

    A table that the catalogue does not have is not in the result.

    Raises
    ------
    ServiceError
        When the service does not give the list.
    """
    # The client reads one page of the catalogue only, so the question names the tables.
    wanted = list(wanted)
    chosen = " or ".join(f"Identifier eq '{table}'" for table in wanted)
    with _client(address, patience) as session:
        records = _ask(session, address, lambda: cbsodata.get_table_list(filters=chosen))
    by_table = {str(record.get("Identifier")).strip(): record for record in records}
    return {table: by_table[table] for table in wanted if table in by_table}


def fetch_regions(address: str, table: str, patience: Patience = USUAL_PATIENCE) -> list[dict]:
    """Return a table's own list of regions (keys and titles), which is small."""
    with _client(address, patience) as session:
        return _ask(session, address, lambda: cbsodata.get_meta(table, _REGIONS), table)


def fetch_set(
    address: str, table: str, name: str, patience: Patience = USUAL_PATIENCE
) -> list[dict]:
    """Return a small entity set of a table: DataProperties, or the members of a dimension."""
    with _client(address, patience) as session:
        return _ask(session, address, lambda: cbsodata.get_meta(table, name), table)


def fetch(
    address: str,
    table: str,
    record_count: int | None,
    progress: Callable[[int, int | None], None] | None = None,
    patience: Patience = USUAL_PATIENCE,
    *,
    only: Mapping[str, str] | None = None,
) -> Answer:
    """Fetch a whole table with its column definitions and regions.

    Parameters
    ----------
    address : str
        An address such as https://opendata.cbs.nl, or a folder of recorded answers.
    table : str
        Identifier, such as 84799NED.
    record_count : int or None
        The number of rows that the catalogue promises, where known.
    progress : callable, optional
        Called with the rows fetched so far and the rows expected.
    patience : Patience, optional
        Limits to the waiting.
    only : mapping of str to str, optional
        Dimension -> key of the one member that is asked, of tables that have more of them than
        their regions (a period, an age group).

    Returns
    -------
    Answer
        All rows: as many as the catalogue says, one for each of the table's regions.

    Raises
    ------
    TableMissingError
        When the service has no such table.
    ServiceError
        When the service is down, too slow, answers with something else or with fewer rows.
    """
    # What the catalogue counts is every row, of all members.
    promised = None if only else record_count
    chosen = " and ".join(f"{dimension} eq '{key}'" for dimension, key in (only or {}).items())
    data = "TypedDataSet" + (f"?{urlencode({'$filter': chosen})}" if chosen else "")
    with _client(address, patience) as session:

        def part(name: str) -> list[dict]:
            # get_data() would replace the codes by names, which are not unique.
            return _ask(session, address, lambda: cbsodata.get_meta(table, name), table)

        before, properties, regions = map(part, ("TableInfos", "DataProperties", _REGIONS))
        if progress:
            session.watch = staticmethod(_row_counter(progress, promised or len(regions)))
        rows = part(data)
        session.watch = staticmethod(lambda body: None)
        after = part("TableInfos")
    modified, still = ((infos or [{}])[0].get("Modified") for infos in (before, after))
    if modified != still:
        raise ServiceError(
            f"Tabel {table} werd tijdens het ophalen vernieuwd; haal hem nog eens op."
        )
    _check_chosen(table, rows, only or {})
    _check_rows(table, rows, regions, promised)
    return Answer(
        table=table,
        url=f"{without_password(address)}/ODataFeed/odata/{table}/{data}",
        modified=str(modified or ""),
        properties=properties,
        regions=regions,
        rows=rows,
    )


def _check_chosen(table: str, rows: list, only: Mapping[str, str]) -> None:
    for dimension, key in only.items():
        strange = [row for row in rows if str(row.get(dimension, "")).strip() != key.strip()]
        if strange:
            raise ServiceError(
                f"Tabel {table} kwam met andere rijen dan gevraagd ({dimension} "
                f"'{strange[0].get(dimension)}'); er is niets bewaard, haal hem later nog eens op."
            )


def _check_rows(table: str, rows: list, regions: list, record_count: int | None) -> None:
    if not rows:
        raise ServiceError(f"Tabel {table} is leeg; er is niets bewaard, probeer het later.")
    if record_count is not None and len(rows) < int(record_count):
        raise ServiceError(
            f"Tabel {table} kwam met {len(rows)} rijen binnen, terwijl de catalogus er "
            f"{record_count} noemt; er is niets bewaard, haal de tabel later nog eens op."
        )
    keys = [str(row.get(_REGIONS, "")).strip() for row in rows]
    known = {str(region.get("Key", "")).strip() for region in regions}
    if len(set(keys)) != len(keys):
        raise ServiceError(
            f"Tabel {table} noemt een gebied meer dan één keer; er is niets bewaard."
        )
    if set(keys) != known:
        example = sorted(set(keys) ^ known)[0]
        raise ServiceError(
            f"Tabel {table} heeft {len(keys)} rijen voor {len(known)} gebieden (bijvoorbeeld "
            f"{example} ontbreekt aan één kant); er is niets bewaard, haal hem later nog eens op."
        )


def _row_counter(progress, expected):
    seen = 0

    def watch(body: bytes) -> None:
        nonlocal seen
        seen += body.count(b'"' + _REGIONS.encode() + b'":')
        progress(seen, expected)

    return watch


@contextmanager
def _client(address: str, patience: Patience) -> Iterator[type[PatientSession]]:
    """Point the client, whose settings are global to it, at one address; undo it afterwards."""

    class Session(PatientSession):
        pass

    folder = Path(address)
    Session.patience = patience
    if "://" in address:
        try:
            parts = urlsplit(address)
            named = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # a port that is no number, half an IPv6 address
            named = False
        if not named:
            raise InputError(
                f"'{address}' is geen adres; geef het als https://naam of http://naam:poort."
            )
        secure, host = parts.scheme == "https", parts.netloc + parts.path.rstrip("/")
    elif address and folder.is_dir():
        Session.recorded, secure, host = folder, False, RECORDED_HOST
    else:
        raise InputError(f"'{address}' is geen adres en geen map met antwoorden van StatLine.")
    kept = cbsodata3.Session, cbsodata.options.use_https, cbsodata.options.catalog_url
    kept_requests, kept_logging = cbsodata.options.requests, cbsodata3.logging
    try:
        # The client logs to the root logger by functions that put a handler on it each time.
        cbsodata3.logging = logging.getLogger("cbsodata")
        cbsodata3.Session = Session
        cbsodata.options.use_https, cbsodata.options.catalog_url = secure, host
        cbsodata.options.requests = {}
        yield Session
    finally:
        cbsodata3.Session, cbsodata.options.use_https, cbsodata.options.catalog_url = kept
        cbsodata.options.requests = kept_requests
        cbsodata3.logging = kept_logging


def _ask(
    session: type[PatientSession],
    address: str,
    question: Callable[[], list[dict]],
    table: str = "",
) -> list[dict]:
    session.asked = set()
    try:
        records = question()
        if not all(isinstance(record, dict) for record in records):
            raise TypeError("records that are no objects")
        return records
    except requests.HTTPError as error:
        host = host_of(address)
        # The client drops the response of the error it passes on; it is in the cause.
        status = getattr(getattr(error.__cause__ or error, "response", None), "status_code", None)
        if status == 404 and table:
            raise TableMissingError(f"{host} heeft geen tabel {table} (meer).") from error
        raise ServiceError(f"{host} weigert de vraag (status {status}).") from error
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ServiceError(
            f"{host_of(address)} geeft een antwoord dat geen gegevens van StatLine zijn."
        ) from error
    except requests.RequestException as error:
        raise ServiceError(f"{host_of(address)} is niet bereikbaar.") from error
