"""StatLine over OData version 3: a whole table or a clear refusal. Only this module knows cbsodata.

The client is kept for its knowledge of the service's addresses and paging; what it lacks is added
in the session it sends through: time limits, bounded retries with back-off, refusal of web pages
and of half a body, the environment's proxies, compression, and recorded answers from a folder.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests

from analysis.sources.errors import InputError, ServiceError, TableMissingError

_root_handlers = list(logging.getLogger().handlers)
import cbsodata  # noqa: E402
from cbsodata import cbsodata3  # noqa: E402

# Importing the client logs to the root logger, which gives the whole program a handler on stderr.
logging.getLogger().handlers[:] = _root_handlers

DEFAULT_ADDRESS = "https://opendata.cbs.nl"
_RECORDED_HOST = "recorded.invalid"
_REGIONS = "WijkenEnBuurten"
_RETRIED_STATUS = (429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Patience:
    """How long to wait for the service: seconds, tries, and the first pause between tries."""

    connect: float = 10.0
    read: float = 120.0
    tries: int = 4
    pause: float = 0.5


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


class _RecordedAnswers(requests.adapters.BaseAdapter):
    """Answers requests from a folder of recorded answers instead of the network."""

    def __init__(self, folder: Path):
        super().__init__()
        self.folder = folder

    def send(self, request, **_):
        parts = [unquote(part) for part in urlsplit(request.url).path.split("/") if part]
        # ODataCatalog/Tables lies beside the tables' folders, ODataFeed/odata/<table>/<set> in one.
        file = self.folder.joinpath(*parts[1:] if parts[0] == "ODataCatalog" else parts[2:])
        response = requests.Response()
        response.request, response.url = request, request.url
        try:
            response._content = file.with_suffix(".json").read_bytes()
            response.status_code = 200
        except FileNotFoundError:
            response._content, response.status_code = b"{}", 404
        return response

    def close(self):
        """Nothing is held open."""


class _PatientSession(requests.Session):
    """A session that waits a bounded time, tries again, and accepts only whole JSON bodies."""

    patience = Patience()
    recorded: Path | None = None
    watch = staticmethod(lambda body: None)

    def __init__(self):
        super().__init__()
        if self.recorded:
            self.mount(f"http://{_RECORDED_HOST}", _RecordedAnswers(self.recorded))

    def send(self, request, **kwargs):
        # The client prepares its requests without a session: no compression, no agent, and it
        # takes its proxies from two lower-case variables only.
        request.headers.setdefault("Accept-Encoding", "gzip, deflate")
        request.headers.setdefault("User-Agent", "wijkanalyse (python-requests)")
        kwargs |= self.merge_environment_settings(request.url, {}, None, None, None)
        kwargs |= {"stream": False, "timeout": (self.patience.connect, self.patience.read)}
        for attempt in range(self.patience.tries):
            if attempt:
                time.sleep(self.patience.pause * 2 ** (attempt - 1))
            problem, response = self._try(request, kwargs)
            if not problem:
                break
        else:
            raise ServiceError(f"{_host(request.url)} {problem}, ook na {attempt + 1} pogingen.")
        if response.ok:
            self.watch(response.content)
        return response

    def _try(self, request, kwargs):
        try:
            response = super().send(request, **kwargs)
        except requests.Timeout:
            return "antwoordt niet op tijd", None
        except requests.ConnectionError as error:
            half = "IncompleteRead" in str(error)
            return ("geeft een half antwoord" if half else "is niet bereikbaar"), None
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            return "geeft een half antwoord", None
        if response.status_code in _RETRIED_STATUS:
            return f"meldt een storing (status {response.status_code})", None
        if response.ok:
            body = response.content.strip()
            if not body.startswith(b"{"):
                return "geeft een webpagina in plaats van gegevens", None
            if not body.endswith(b"}"):
                return "geeft een half antwoord", None
        return "", response


def list_tables(
    address: str, wanted: Iterable[str], patience: Patience = Patience()
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
    with _client(address, patience):
        records = _ask(address, lambda: cbsodata.get_table_list(filters=chosen))
    by_table = {str(record["Identifier"]).strip(): record for record in records}
    return {table: by_table[table] for table in wanted if table in by_table}


def fetch_regions(address: str, table: str, patience: Patience = Patience()) -> list[dict]:
    """Return a table's own list of regions (keys and titles), which is small."""
    with _client(address, patience):
        return _ask(address, lambda: cbsodata.get_meta(table, _REGIONS), table)


def fetch(
    address: str,
    table: str,
    record_count: int | None,
    progress: Callable[[int, int | None], None] | None = None,
    patience: Patience = Patience(),
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
    with _client(address, patience) as session:
        before = _ask(address, lambda: cbsodata.get_info(table), table) or {}
        properties = _ask(address, lambda: cbsodata.get_meta(table, "DataProperties"), table)
        regions = _ask(address, lambda: cbsodata.get_meta(table, _REGIONS), table)
        if progress:
            session.watch = staticmethod(_row_counter(progress, record_count or len(regions)))
        # get_data() would replace the codes by names, which are not unique.
        rows = _ask(address, lambda: cbsodata.get_meta(table, "TypedDataSet"), table)
        session.watch = staticmethod(lambda body: None)
        after = _ask(address, lambda: cbsodata.get_info(table), table) or {}
    if before.get("Modified") != after.get("Modified"):
        raise ServiceError(
            f"Tabel {table} werd tijdens het ophalen vernieuwd; haal hem nog eens op."
        )
    _check_rows(table, rows, regions, record_count)
    return Answer(
        table=table,
        url=f"{address.rstrip('/')}/ODataFeed/odata/{table}/TypedDataSet",
        modified=str(after.get("Modified") or ""),
        properties=properties,
        regions=regions,
        rows=rows,
    )


def _check_rows(table: str, rows: list, regions: list, record_count: int | None) -> None:
    if record_count is not None and len(rows) < record_count:
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
def _client(address: str, patience: Patience) -> Iterator[type[_PatientSession]]:
    """Point the client, whose settings are global to it, at one address; undo it afterwards."""

    class Session(_PatientSession):
        pass

    folder = Path(address)
    Session.patience = patience
    if "://" in address:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InputError(
                f"'{address}' is geen adres; geef het als https://naam of http://naam:poort."
            )
        secure, host = parts.scheme == "https", parts.netloc + parts.path.rstrip("/")
    elif folder.is_dir():
        Session.recorded, secure, host = folder, False, _RECORDED_HOST
    else:
        raise InputError(f"'{address}' is geen adres en geen map met antwoorden van StatLine.")
    kept = cbsodata3.Session, cbsodata.options.use_https, cbsodata.options.catalog_url
    kept_requests = cbsodata.options.requests
    try:
        cbsodata3.Session = Session
        cbsodata.options.use_https, cbsodata.options.catalog_url = secure, host
        cbsodata.options.requests = {}
        yield Session
    finally:
        cbsodata3.Session, cbsodata.options.use_https, cbsodata.options.catalog_url = kept
        cbsodata.options.requests = kept_requests


def _ask(address: str, question: Callable, table: str = ""):
    try:
        return question()
    except requests.HTTPError as error:
        # The client drops the response of the error it passes on; it is in the cause.
        status = getattr(getattr(error.__cause__ or error, "response", None), "status_code", None)
        if status == 404 and table:
            raise TableMissingError(f"{_host(address)} heeft geen tabel {table} (meer).") from error
        raise ServiceError(f"{_host(address)} weigert de vraag (status {status}).") from error
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ServiceError(
            f"{_host(address)} geeft een antwoord dat geen gegevens van StatLine zijn."
        ) from error
    except requests.RequestException as error:
        raise ServiceError(f"{_host(address)} is niet bereikbaar.") from error


def _host(address: str) -> str:
    host = urlsplit(address).netloc
    return f"StatLine ({host if host and host != _RECORDED_HOST else 'de map met antwoorden'})"
