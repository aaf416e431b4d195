"""Boundaries from PDOK: paging, faults and reading back, against a server of our own."""

import json
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import geopandas as gpd
import pytest
from geopandas.testing import assert_geodataframe_equal
from shapely.geometry import box, mapping

from analysis.sources import boundaries, pdok, snapshot
from analysis.sources.catalogue import Source
from analysis.sources.errors import InputError, ServiceError, TableMissingError
from analysis.sources.geofile import RD
from analysis.sources.transport import Patience

QUICK = Patience(connect=2, read=2, tries=2, pause=0.01)


def made_up(count: int) -> list[dict]:
    """Return features as PDOK gives them: a kilometre wide, in degrees."""
    shapes = [box(155_000 + 1000 * i, 463_000, 156_000 + 1000 * i, 464_000) for i in range(count)]
    shapes = gpd.GeoSeries(shapes, crs=RD).to_crs("EPSG:4326")
    return [
        {
            "type": "Feature",
            "id": f"id-{i}",
            "properties": {
                "buurtcode": f"BU9001{i:04d}",
                "buurtnaam": f"Buurt {i}",
                "gemeentecode": "GM9001",
                "water": "NEE",
                "oppervlakteLandInHa": -99999999 if i == 0 else 90,
            },
            "geometry": mapping(shape),
        }
        for i, shape in enumerate(shapes)
    ]


class Service:
    """What the server answers; `faults` are used up, one per request."""

    def __init__(self, features, matched=True):
        self.features, self.matched, self.faults, self.asked = features, matched, [], []
        self.most = 1000

    def page(self, path, question, host):
        wfs = "startIndex" in question
        size = min(int(question["count" if wfs else "limit"]), self.most)
        start = int(question.get("startIndex", question.get("cursor", 0)))
        part = self.features[start : start + size]
        body = {"type": "FeatureCollection", "features": part, "numberReturned": len(part)}
        if self.matched:
            body["numberMatched"] = len(self.features)
        if not wfs and start + size < len(self.features):
            link = f"{host}{path}?f=json&limit={question['limit']}&cursor={start + size}"
            body["links"] = [{"rel": "self", "href": "x"}, {"rel": "next", "href": link}]
        return body


def spoiled(fault, body):
    text = json.dumps(body).encode()
    changed = dict(body)
    if fault == "nonext":
        changed.pop("links", None)
    elif fault == "fewer":
        changed["features"] = body["features"][:-1]
    elif fault == "silently fewer":
        changed |= {"features": body["features"][:-1], "numberReturned": len(body["features"]) - 1}
    elif fault == "points":
        one = body["features"][0] | {"geometry": {"type": "Point", "coordinates": [5, 52]}}
        changed["features"] = [one, *body["features"][1:]]
    elif fault == "gemeenten":
        codes = [f["properties"] | {"buurtcode": "GM9001"} for f in body["features"]]
        changed["features"] = [f | {"properties": c, "id": str(i)} for i, (f, c) in
                               enumerate(zip(body["features"], codes, strict=True))]  # fmt: skip
    else:
        return {
            "half": text[: len(text) // 2],
            # What is cut after an accolade ends as a whole body does.
            "cut": text[: text.rindex(b"}", 0, len(text) // 2) + 1],
            "html": b"<!DOCTYPE html><p>Onderhoud</p>",
            "empty": b"",
            "list": b'{"features": 3}',
            "null": b'{"features": [null]}',
        }[fault]
    return json.dumps(changed).encode()


@contextmanager
def serving(service):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            url = urlsplit(self.path)
            service.asked.append(self.path)
            fault = service.faults.pop(0) if service.faults else "ok"
            status = int(fault) if fault.isdecimal() else 200
            body = service.page(
                url.path, dict(parse_qsl(url.query)), f"http://{self.headers['Host']}"
            )
            content = b"{}" if fault.isdecimal() else json.dumps(body).encode()
            if fault != "ok" and not fault.isdecimal():
                content = spoiled(fault, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/cbs/wijken-en-buurten-2023"
    finally:
        server.shutdown()
        server.server_close()


def fetched(service, form="", page_size=100, level="buurt", patience=QUICK):
    with serving(service) as address:
        return pdok.fetch(address + form, level, 2023, None, patience, page_size)


def source(address, theme="grenzen", year=2023):
    return Source(f"{theme}-{year}", "PDOK", theme, year, "Grenzen", "CBS", address, "no", "")


# Paging


@pytest.mark.parametrize("form", ["", "/ogc/v1", "/wfs/v1_0"])
@pytest.mark.parametrize("matched", [True, False])
def test_all_pages_are_fetched_as_they_were_answered(form, matched):
    service = Service(made_up(25), matched)
    answer = fetched(service, form, page_size=10)
    assert answer.rows == 25
    features = [one for page in answer.pages for one in json.loads(page)["features"]]
    assert features == json.loads(json.dumps(service.features))
    assert len(answer.pages) == 3
    # Without a number the older form asks once more, to see that nothing follows.
    assert len(service.asked) == 3 + ("wfs" in form and not matched)


def test_the_documented_addresses_are_asked():
    service = Service(made_up(3))
    fetched(service, page_size=1000)
    assert service.asked == [
        "/cbs/wijken-en-buurten-2023/ogc/v1/collections/buurten/items?f=json&limit=1000"
    ]
    service = Service(made_up(3))
    fetched(service, "/wfs/v1_0", 1000)
    (path,) = service.asked
    assert dict(parse_qsl(urlsplit(path).query)) == {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": "wijkenbuurten:buurten",
        "outputFormat": "application/json",
        "srsName": "EPSG:4326",
        "count": "1000",
        "startIndex": "0",
    }


def test_a_service_that_gives_smaller_pages_is_followed():
    service = Service(made_up(25))
    service.most = 7
    assert fetched(service, "/wfs/v1_0").rows == 25


def test_a_full_last_page_is_the_end_only_where_a_number_says_so():
    assert fetched(Service(made_up(20)), page_size=10).rows == 20
    with pytest.raises(ServiceError, match="volle bladzijde zonder verwijzing"):
        fetched(Service(made_up(20), matched=False), page_size=10)


def test_progress_is_told():
    told = []
    with serving(Service(made_up(25))) as address:
        pdok.fetch(address, "buurt", 2023, lambda *seen: told.append(seen), QUICK, 10)
    assert told == [(10, 25), (20, 25), (25, 25)]


# Faults


@pytest.mark.parametrize("form", ["", "/wfs/v1_0"])
@pytest.mark.parametrize("fault", ["503", "html", "half", "empty", "429"])
def test_what_passes_is_tried_again(fault, form):
    service = Service(made_up(25))
    service.faults = ["ok", fault]
    assert fetched(service, form, 10).rows == 25


@pytest.mark.parametrize(
    ("faults", "says"),
    [
        (["html", "html"], "een webpagina in plaats van gegevens, ook na 2 pogingen"),
        (["ok", "half", "half"], "geeft een half antwoord"),
        (["ok", "cut"], "antwoord dat geen grenzen zijn"),
        (["list"], "antwoord dat geen grenzen zijn"),
        (["null"], "antwoord dat geen grenzen zijn"),
        (["points"], "antwoord dat geen grenzen zijn"),
        (["gemeenten"], "zonder de code van elke buurt"),
        (["ok", "nonext"], "gaf 20 van de 25 vlakken; er is niets bewaard"),
        (["ok", "fewer"], "noemt 10 vlakken op een bladzijde met 9"),
        (["ok", "silently fewer"], "gaf 24 van de 25 vlakken"),
        (["403"], "weigert de vraag .status 403."),
    ],
)
def test_an_answer_that_is_not_whole_is_refused(tmp_path, faults, says):
    service = Service(made_up(25))
    service.faults = faults
    with pytest.raises(ServiceError, match=says) as error:
        fetched(service, page_size=10)
    assert "PDOK (127.0.0.1" in str(error.value) and "\n" not in str(error.value)


def test_a_lost_link_is_seen_without_a_number():
    service = Service(made_up(25), matched=False)
    service.faults = ["ok", "nonext"]
    with pytest.raises(ServiceError, match="volle bladzijde zonder verwijzing"):
        fetched(service, page_size=10)


def test_a_page_that_comes_twice_is_refused():
    service = Service(made_up(20) + made_up(5))
    with pytest.raises(ServiceError, match="meer dan één keer"):
        fetched(service, page_size=10)


def test_a_link_to_the_same_page_ends():
    service = Service(made_up(25))
    service.features = made_up(25)
    original = service.page
    service.page = lambda path, question, host: (
        original(path, question, host)
        | {"links": [{"rel": "next", "href": f"{path}?f=json&limit=10"}]}
    )
    with pytest.raises(ServiceError, match="steeds naar dezelfde bladzijde"):
        fetched(service, page_size=10)


def test_an_empty_answer_is_refused():
    with pytest.raises(ServiceError, match="heeft voor 2023 geen grenzen"):
        fetched(Service([]))


def test_a_year_that_is_not_there_is_missing():
    service = Service(made_up(3))
    service.faults = ["404"]
    with pytest.raises(TableMissingError, match="heeft geen grenzen van 2023"):
        fetched(service)


@pytest.mark.parametrize("address", ["", "map", "ftp://a", "api.example.nl"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InputError, match="is geen adres"):
        pdok.fetch(address, "buurt", 2023)
    with pytest.raises(InputError, match="niveau 'straat' bestaat niet"):
        pdok.fetch("https://127.0.0.1", "straat", 2023)


# Keeping


def test_pages_are_kept_untouched_and_read_as_boundaries(tmp_path):
    service = Service(made_up(25))
    service.features[3]["properties"]["water"] = "JA"
    with serving(service) as address:
        answer = pdok.fetch(address, "buurt", 2023, None, QUICK, 10)
        kept = pdok.keep(tmp_path, answer)
    with zipfile.ZipFile(kept.path("buurten_2023.zip")) as archive:
        assert [archive.read(name) for name in sorted(archive.namelist())] == list(answer.pages)
    assert kept.rows == 25
    assert kept.notes["level"] == "buurt" and kept.notes["year"] == "2023"
    found = boundaries.drawn(tmp_path, "buurt", "GM9001", 2024)
    assert len(found.places) == 25 and found.places.crs == RD and found.year == 2023
    assert found.label == "buurten_2023.zip (jaar 2023)"
    assert found.places.index[found.places["water"]].tolist() == ["BU90010003"]
    assert found.places.area.to_numpy() == pytest.approx([1e6] * 25, rel=1e-4)
    # 90 hectares are 0.9 km2; -99999999 is no area at all.
    assert found.places["land_area_km2"].isna().tolist() == [True] + [False] * 24
    assert found.places["land_area_km2"].iloc[1] == pytest.approx(0.9)
    # The same answer once more is the same snapshot.
    assert pdok.keep(tmp_path, answer).folder == kept.folder


def test_only_the_pages_that_mention_the_gemeente_are_read(tmp_path, monkeypatch):
    service = Service(made_up(25))
    for one in service.features[10:]:
        code = one["properties"]["buurtcode"].replace("BU9001", "BU9002")
        one["properties"] |= {"buurtcode": code, "gemeentecode": "GM9002"}
    pdok.keep(tmp_path, fetched(service, page_size=10))
    read, pages = gpd.read_file, []
    monkeypatch.setattr(gpd, "read_file", lambda body: pages.append(1) or read(body))
    for gemeente, rows, expected in (("GM9001", 10, 1), ("GM9002", 15, 2), (None, 25, 3)):
        pages.clear()
        assert len(boundaries.drawn(tmp_path, "buurt", gemeente, 2023).places) == rows
        assert len(pages) == expected


def test_the_older_form_is_asked_when_the_newer_fails(tmp_path):
    service = Service(made_up(3))
    service.faults = ["404"]
    with serving(service) as address:
        catalogue = (source(address), source(f"{address}/wfs/v1_0", "grenzen_wfs"))
        kept = pdok.pull(tmp_path, catalogue, "buurt", 2023, patience=QUICK)
    assert kept.rows == 3 and "startIndex" in service.asked[1]


def test_when_all_forms_fail_nothing_is_kept_and_the_way_out_is_told(tmp_path):
    service = Service(made_up(3))
    service.faults = ["404", "404"]
    with serving(service) as address:
        catalogue = (source(address), source(f"{address}/wfs/v1_0", "grenzen_wfs"))
        with pytest.raises(TableMissingError, match="geen grenzen van 2023.*Wijk- en Buurtkaart"):
            pdok.pull(tmp_path / "raw", catalogue, "buurt", 2023, patience=QUICK)
    assert not (tmp_path / "raw").exists()


def test_a_year_without_an_address_is_told():
    with pytest.raises(InputError, match="Voor 2031 .* .wel voor 2022, 2023.; download"):
        pdok.pull(None, (source("x"), source("x", year=2022)), "buurt", 2031)
    with pytest.raises(InputError, match="Voor 2031 .* catalogus; download"):
        pdok.pull(None, (), "buurt", 2031)


# Real polygons


@pytest.fixture(scope="module")
def real(shared):
    file = shared / "data" / "boundaries" / "buurten_2023_drechtsteden.geojson"
    return json.loads(file.read_text(encoding="utf-8"))["features"]


@pytest.mark.parametrize("form", ["", "/wfs/v1_0"])
def test_real_buurten_come_through_pages_as_they_are_in_one_file(shared, real, tmp_path, form):
    with serving(Service(real)) as address:
        answer = pdok.fetch(address + form, "buurt", 2023, None, QUICK, 100)
    assert (len(answer.pages), answer.rows) == (4, 358)
    pdok.keep(tmp_path / "paged", answer)
    boundaries.store(
        tmp_path / "file", shared / "data" / "boundaries" / "buurten_2023_drechtsteden.geojson"
    )
    for gemeente, count in (("GM0505", 133), ("GM0642", None), (None, 358)):
        paged, whole = (
            boundaries.drawn(tmp_path / name, "buurt", gemeente, 2023).places
            for name in ("paged", "file")
        )
        assert len(paged) == (count or len(whole)) and len(whole) > 0
        assert_geodataframe_equal(paged.sort_index(), whole.sort_index())
    everything = boundaries.drawn(tmp_path / "paged", "buurt", None, 2023).places
    assert everything.index[everything["water"]].tolist() == ["BU05059997"]
    assert everything.is_valid.all()
    assert everything["land_area_km2"].isna().sum() == 1
    assert snapshot.newest(tmp_path / "paged", "grenzen").rows == 358


def test_a_real_page_that_is_lost_is_missed(real):
    service = Service(real)
    service.faults = ["ok", "ok", "nonext"]
    with pytest.raises(ServiceError, match="gaf 300 van de 358 vlakken"):
        fetched(service)
