"""Streets through osmnx, where it is installed, from a service of our own; and where it is not."""

import importlib.util
import json
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import Point, box

from analysis.sources import network, osm_streets
from analysis.sources.errors import InputError, ServiceError
from analysis.sources.geofile import RD

X, Y = 155_000, 463_000
AREA = gpd.GeoSeries([box(X, Y, X + 300, Y + 300)], crs=RD)
installed = pytest.mark.skipif(
    importlib.util.find_spec("osmnx") is None, reason="osmnx is optional and not installed"
)


@contextmanager
def overpass(body: bytes, status=200):
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            question = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, parse_qs(question.decode()).get("data", [""])[0]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api", asked
    finally:
        server.shutdown()
        server.server_close()


def answer(with_ways=True) -> bytes:
    corners = [(0, 0), (100, 0), (200, 0), (100, 30)]
    degrees = gpd.GeoSeries([Point(X + x, Y + y) for x, y in corners], crs=RD).to_crs("EPSG:4326")
    elements = [
        {"type": "node", "id": n, "lat": p.y, "lon": p.x} for n, p in enumerate(degrees, start=1)
    ]
    elements += [
        {"type": "way", "id": 11, "nodes": [1, 2, 3], "tags": {"highway": "residential"}},
        {"type": "way", "id": 12, "nodes": [2, 4], "tags": {"highway": "footway"}},
    ]
    return json.dumps({"version": 0.6, "elements": elements if with_ways else []}).encode()


def test_without_osmnx_the_way_out_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "osmnx", None)
    with pytest.raises(InputError, match="pakket osmnx nodig; installeer het met 'pip install"):
        osm_streets.pull(tmp_path, AREA, "https://127.0.0.1/api", "GM9001")


@installed
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_streets_are_fetched_and_kept_as_a_network(tmp_path):
    with overpass(answer()) as (address, asked):
        kept = osm_streets.pull(tmp_path, AREA, f"{address}/interpreter", "GM9001")
    assert list(kept.files) == ["straten_osm_GM9001.geojson"]
    net = network.read(tmp_path)
    # 100, 100 and 30 metres, each once though walked both ways; to a decimetre by geojson.
    assert np.sort(net.length) == pytest.approx([30, 100, 100], abs=0.1) and net.pieces == 1
    ((path, question),) = asked
    assert path == "/api/interpreter" and "motorway" in question and "cycleway" not in question


@installed
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize(
    ("body", "status"),
    [(answer(False), 200), (b"<html>", 200), (b"{}", 400), (answer()[:200], 200)],
)
def test_faults_of_the_service_are_told(tmp_path, body, status):
    with (
        overpass(body, status) as (address, _),
        pytest.raises(ServiceError, match="gaf geen straten voor dit gebied; kijk") as error,
    ):
        osm_streets.pull(tmp_path, AREA, address, "GM9001")
    assert "127.0.0.1" in str(error.value) and not list(tmp_path.iterdir())


@installed
def test_what_is_no_address_and_an_area_without_a_system_are_refused(tmp_path):
    with pytest.raises(InputError, match="'overpass' is geen adres"):
        osm_streets.pull(tmp_path, AREA, "overpass", "GM9001")
    with pytest.raises(InputError, match="geen coördinatenstelsel"):
        nowhere = AREA.set_crs(None, allow_override=True)
        osm_streets.pull(tmp_path, nowhere, "https://127.0.0.1", "GM9001")
