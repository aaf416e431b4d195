"""A StatLine of our own for tests: tiny tables over HTTP on 127.0.0.1, with faults on request.

The tables are made up; their form (topic groups, padded codes, pages with `odata.nextLink`) is the
service's. A fault is named per entity set and used up by one request, as in
`server.faults["TypedDataSet"] = ["ok", "503"]`, which hits the second page:

ok        no fault
503, ...  that status, with an error body
drop      the connection is cut without an answer
html      a web page with status 200
truncate  half of the body, and the connection is cut
slow      the answer comes after `server.delay` seconds
nonext    a page without its nextLink
fewer     a page without its last row
again     the first page once more
forever   a page whose nextLink leads to itself
error     status 200 with an error for a body; null, texts, list, empty: other bodies that are none
gzip      the body compressed; gzipcut: compressed and then cut; gzipbad: not compressed at all
redirect  the answer lies elsewhere, two steps away
renewed   from now on the table was changed at another time
unasked   all rows, whatever the `$filter`
"""

import gzip
import json
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

SETS = ("TableInfos", "DataProperties", "WijkenEnBuurten", "TypedDataSet")

COLUMNS = (
    "Regioaanduiding > Gemeentenaam | naam",
    "Regioaanduiding > Soort regio | omschrijving",
    "Regioaanduiding > Codering | code",
    "Regioaanduiding > Indelingswijziging wijken en buurten | code",
    "Bevolking > Aantal inwoners | aantal",
    "Bevolking > Geslacht > Mannen | aantal",
    "Bevolking > Geslacht > Vrouwen | aantal",
    "Inkomen > Inkomen van personen > Gemiddeld inkomen per inwoner  | x 1 000 euro",
    "Inkomen > Inkomen van personen > 40% personen met laagste inkomen | %",
    "Oppervlakte > Oppervlakte land | ha",
)
ORIGIN = (
    "Bevolking > Bevolking naar herkomst > Herkomstland > Nederland | aantal",
    "Bevolking > Bevolking naar herkomst > Herkomstland > Europa (exclusief Nederland)  | aantal",
    "Bevolking > Bevolking naar herkomst > Herkomstland > Buiten Europa | aantal",
    "Bevolking > Bevolking naar herkomst > Geboren in Nederland > Nederland | aantal",
    "Bevolking > Bevolking naar herkomst > Geboren buiten Nederland > Buiten Europa | aantal",
)
# code, name, gemeente, change, inhabitants, men, women, income, lowest 40 %, land in hectares
REGIONS = (
    ("NL00", "Nederland", "Nederland", ".", 1012, 504, 508, 24.1, 40.0, None),
    ("GM9001", "'s-Heerenwaard", "'s-Heerenwaard", "1", 600, 300, 300, 25.5, 38.4, 512),
    ("WK900101", "Wijk 01 Centrum", "'s-Heerenwaard", "1", 400, 200, 205, 26.0, 35.2, 100),
    ("BU90010101", "Markt", "'s-Heerenwaard", "1", 255, 125, 130, 26.1, 33.3, 60),
    ("BU90010102", "Verspreide huizen", "'s-Heerenwaard", "3", 145, 70, 75, None, None, 40),
    ("BU90010199", "Plas", "'s-Heerenwaard", "1", 0, 0, 0, None, None, 0),
    ("WK9001AC", "Centrum", "'s-Heerenwaard", "2", 200, 100, 100, None, 41.0, 412),
    ("BU9001AC02", "Verspreide huizen", "'s-Heerenwaard", "2", 200, 100, 100, None, 41.0, 412),
    ("GM9002", "Gerven, Wetten en Nede", "Gerven, Wetten en Nede", "1", 400, 198, 202, 22, 42, 800),
    ("WK900200", "Wijk 00", "Gerven, Wetten en Nede", "1", 400, 200, 200, 22.0, 42.0, 800),
    ("BU90020001", 'De "Bult"', "Gerven, Wetten en Nede", "1", 400, 200, 200, 22.0, 42.0, 800),
    ("GM0999", "Gemeente onbekend", "Gemeente onbekend", ".", 12, 6, 6, None, None, None),
)


@dataclass
class Table:
    """A table as the service has it."""

    identifier: str
    properties: list[dict]
    regions: list[dict]
    rows: list[dict]
    modified: str = "2024-03-27T02:00:00"
    record_count: int | None = None
    dimensions: dict[str, list[dict]] = field(default_factory=dict)

    @property
    def info(self) -> dict:
        return {"ID": 0, "Identifier": self.identifier, "Modified": self.modified, "Language": "nl"}


def data_properties(columns: tuple[str, ...]) -> list[dict]:
    """Return DataProperties for columns written as 'group > group > title | unit'."""
    records: list[dict] = [
        {"ID": 0, "ParentID": None, "Type": "GeoDetail", "Key": "WijkenEnBuurten", "Title": "Wijk"}
    ]
    groups: dict[tuple[str, ...], int] = {}
    for number, column in enumerate(columns, start=1):
        path, unit = column.split(" | ")
        *above, title = path.split(" > ")
        parent = None
        for depth in range(len(above)):
            branch = tuple(above[: depth + 1])
            if branch not in groups:
                groups[branch] = len(records)
                records.append(_property(len(records), parent, "TopicGroup", "", branch[-1], None))
            parent = groups[branch]
        key = key_of(title, number)
        records.append(_property(len(records), parent, "Topic", key, title, unit))
    return records


def key_of(title: str, number: int) -> str:
    """Return the key of a column as the service makes it: k_40PersonenMetLaagsteInkomen_9."""
    words = re.findall(r"[A-Za-z0-9]+", title)
    camel = "".join(word[:1].upper() + word[1:] for word in words)
    return f"{'k_' if camel[0].isdigit() else ''}{camel}_{number}"


def _property(number, parent, kind, key, title, unit) -> dict:
    return {
        "odata.type": f"Cbs.OData.{kind}",
        "ID": number,
        "ParentID": parent,
        "Type": kind,
        "Key": key,
        "Title": title,
        "Unit": unit,
    }


def small_table(
    identifier: str = "84799NED", columns: tuple[str, ...] = COLUMNS, more: dict | None = None
) -> Table:
    """Return a made-up table; `more` gives values by region for columns beyond the usual ones."""
    properties = data_properties(columns)
    keys = [record["Key"] for record in properties if record["Type"] == "Topic"]
    rows = []
    for number, (code, _, gm_name, change, *figures) in enumerate(REGIONS):
        kind = {"NL": "Land", "GM": "Gemeente", "WK": "Wijk", "BU": "Buurt"}[code[:2]]
        known = [gm_name.ljust(40), kind.ljust(10), code.ljust(10), change, *figures]
        known += (more or {}).get(code, [None] * (len(columns) - len(known)))
        row = {"ID": number, "WijkenEnBuurten": code.ljust(10)}
        rows.append(row | dict(zip(keys, known, strict=True)))
    titles = [
        {"Key": code.ljust(10), "Title": name.ljust(40), "Municipality": "GM" + code[2:6]}
        for code, name, *_ in REGIONS
    ]
    return Table(identifier, properties, titles, rows)


@dataclass
class StatlineServer:
    """What a running server has, does wrong, and was asked."""

    tables: dict[str, Table]
    page_size: int = 5
    delay: float = 0.5
    address: str = ""
    faults: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)

    def fault(self, name: str) -> str:
        waiting = self.faults.get(name)
        return waiting.pop(0) if waiting else "ok"


@contextmanager
def serving(*tables: Table, page_size: int = 5):
    """Serve tables on a free port of 127.0.0.1 while the block lasts."""
    state = StatlineServer({table.identifier: table for table in tables}, page_size)
    handler = type("Handler", (_Handler,), {"state": state})
    server = _Server(("127.0.0.1", 0), handler)
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Say nothing of clients that hang up: that is what the tests make them do."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one go, which is quicker
    state: StatlineServer

    def log_message(self, *_):
        pass

    def do_GET(self):
        url = urlsplit(self.path)
        parts = [part for part in url.path.split("/") if part]
        name = parts[-1] if parts else ""
        self.state.asked.append(name)
        self.state.headers.append(dict(self.headers))
        fault = self.state.fault(name)
        if fault == "slow":
            time.sleep(self.state.delay)
        elif fault == "redirect":
            self._send(302, b"<html>elders</html>", {"Location": self.path + "&step=1"})
            return
        if "step=1" in self.path:
            self._send(302, b"<html>nog verder</html>", {"Location": self.path[:-1] + "2"})
        elif fault == "drop":
            self.close_connection = True
            self.connection.close()
        elif fault.isdigit():
            self._send(int(fault), {"odata.error": {"message": {"value": "niet nu"}}})
        elif fault == "html":
            self._send(200, b"<html><body>Even geduld, wij zijn zo terug.</body></html>")
        else:
            self._answer(url, parts, name, fault)

    def _answer(self, url, parts, name, fault):
        bodies = {
            "error": {"odata.error": {"message": {"value": "The query yields too many records"}}},
            "null": {"value": None},
            "texts": {"value": ["een", "twee"]},
            "list": [{"WijkenEnBuurten": "NL00"}],
            "empty": b"",
        }
        if fault in bodies:
            self._send(200, bodies[fault])
            return
        if parts == ["ODataCatalog", "Tables"]:
            records = []
            for table in self.state.tables.values():
                count = len(table.rows) if table.record_count is None else table.record_count
                records.append({**table.info, "RecordCount": count})
            self._send(200, {"value": records})
            return
        table = self.state.tables.get(parts[2]) if len(parts) == 4 else None
        if table is None or name not in (*SETS, *table.dimensions):
            self._send(404, {"odata.error": {"message": {"value": "Resource not found"}}})
            return
        if fault == "renewed":
            table.modified = "2024-06-27T02:00:00"
        records = {
            "TableInfos": [table.info],
            "DataProperties": table.properties,
            "WijkenEnBuurten": table.regions,
            "TypedDataSet": table.rows,
            **table.dimensions,
        }[name]
        asked = dict(parse_qsl(url.query)).get("$filter", "")
        if asked and fault != "unasked":
            self.state.filters.append(asked)
            wanted = dict(re.findall(r"(\w+) eq '([^']*)'", asked))
            records = [row for row in records if all(row[k] == v for k, v in wanted.items())]
        self._page(url, records, fault)

    def _page(self, url, records, fault):
        skip = int(dict(parse_qsl(url.query)).get("$skip", 0))
        start = 0 if fault == "again" else skip
        end = skip + self.state.page_size
        page = records[start : start + self.state.page_size]
        body = {"odata.metadata": "...", "value": page[:-1] if fault == "fewer" else page}
        if fault == "forever":
            end = skip
        if end < len(records) and fault != "nonext":
            kept = [one for one in url.query.split("&") if "skip=" not in one]
            again = "&".join([*kept, f"$skip={end}"])
            body["odata.nextLink"] = f"{self.state.address}{url.path}?{again}"
        self._send(200, body, fault=fault)

    def _send(self, status, body, headers=None, fault=""):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json;charset=utf-8"} | (headers or {})
        if fault.startswith("gzip"):
            headers["Content-Encoding"] = "gzip"
        if fault in ("gzip", "gzipcut"):
            raw = gzip.compress(raw)
        sent = raw[: len(raw) // 2] if fault == "truncate" else raw
        if fault == "gzipcut":
            raw = sent = raw[: len(raw) // 2]
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(sent)
        self.close_connection = self.close_connection or len(sent) < len(raw)
