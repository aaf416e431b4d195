"""Streets asked from an Overpass of our own, and kept as a walking network."""

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from overpass_server import overpass
from shapely.geometry import Point, box

from analysis.sources import network, osm_streets
from analysis.sources.catalogue import of_theme, read_catalogue
from analysis.sources.errors import InputError, ServiceError
from analysis.sources.geofile import RD
from analysis.sources.transport import Patience

X, Y = 155_000, 463_000
AREA = gpd.GeoSeries([box(X, Y, X + 300, Y + 300)], crs=RD)
QUICK = Patience(connect=2, read=2, tries=3, pause=0.01)


def way(number: int, corners: list[tuple[int, int]], **tags: str) -> dict:
    degrees = gpd.GeoSeries([Point(X + x, Y + y) for x, y in corners], crs=RD).to_crs("EPSG:4326")
    geometry = [{"lat": point.y, "lon": point.x} for point in degrees]
    return {"type": "way", "id": number, "geometry": geometry, "tags": tags}


def answer(*ways: dict, **more) -> bytes:
    return json.dumps({"version": 0.6, **more, "elements": list(ways)}).encode()


STREET = way(11, [(0, 0), (100, 0), (200, 0)], highway="residential")
WAYS = (
    STREET,
    way(12, [(100, 0), (100, 30)], highway="footway"),
    way(13, [(0, 0), (0, 50)], highway="service", access="private"),
    way(14, [(200, 0), (200, 40)], highway="path", access="private", foot="yes"),
)


def pulled(raw, address, root, area=AREA):
    (row,) = of_theme(read_catalogue(root / "data" / "catalogue.csv"), "wandelnetwerk")
    catalogue = (replace(row, address=address),)
    return osm_streets.pull(raw, catalogue, area, "GM9001", patience=QUICK)


def test_streets_are_fetched_and_kept_as_a_network(tmp_path, root):
    with overpass((429, b""), (504, b"<html>"), (200, answer(*WAYS))) as (address, asked):
        kept = pulled(tmp_path, address, root)
    assert len(asked) == 3
    assert kept.path("straten_osm_GM9001.json").read_bytes() == answer(*WAYS)
    net = network.read(tmp_path)
    # The private drive is left out; the path of which the owner lets walkers through is not.
    assert np.sort(net.length) == pytest.approx([30, 40, 100, 100], abs=0.01)
    assert net.pieces == 1 and net.left_out == 1


def test_the_question_asks_what_can_be_walked_around_the_area(tmp_path, root):
    with overpass((200, answer(STREET))) as (address, asked):
        pulled(tmp_path, address, root)
    ((path, form),) = asked
    (question,) = form["data"]
    assert path == "/api/interpreter" and question == osm_streets.query(AREA)
    assert question.startswith("[out:json]") and "out geom;" in question
    assert "motorway" in question and "cycleway" not in question
    west = min(float(one) for one in question.split('poly:"')[1].split('"')[0].split()[1::2])
    edge = gpd.GeoSeries([Point(X - 1000, Y)], crs=RD).to_crs("EPSG:4326").x[0]
    assert edge - 0.002 < west <= edge


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ((504, b""), "storing .status 504., ook na 3 pogingen"),
        ((400, b"<html>"), "weigert de vraag"),
        ((200, b"<html>"), "geeft een webpagina"),
        ((200, answer(STREET)[:-20]), "geeft een half antwoord"),
        ((200, answer(STREET)[:-4] + b"}"), "half of beschadigd antwoord.*niets bewaard"),
        ((200, answer(STREET, remark="runtime error: Query timed out")), "kleiner gebied.*niets"),
        ((200, answer()), "zonder wegen om op te lopen"),
        ((200, answer({"type": "way", "id": 1, "tags": {"highway": "path"}})), "zonder de punten"),
        ((200, b"{}"), "niets bewaard"),
    ],
)
def test_faults_of_the_service_are_told_and_nothing_is_kept(tmp_path, root, reply, says):
    with overpass(reply) as (address, _), pytest.raises(ServiceError, match=says) as error:
        pulled(tmp_path, address, root)
    assert "127.0.0.1" in str(error.value) and not list(tmp_path.iterdir())


def test_what_is_no_address_and_an_area_without_a_system_are_refused(tmp_path, root):
    with pytest.raises(InputError, match="'overpass' is geen adres"):
        pulled(tmp_path, "overpass", root)
    with pytest.raises(InputError, match="geen coördinatenstelsel"):
        pulled(tmp_path, "https://127.0.0.1", root, AREA.set_crs(None, allow_override=True))
    with pytest.raises(InputError, match="geen adres voor het thema 'wandelnetwerk'"):
        osm_streets.pull(tmp_path, (), AREA, "GM9001")
