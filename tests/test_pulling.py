"""What `pull` asks of OpenStreetMap and of other statistics, without asking anybody."""

from dataclasses import replace

import pytest

from analysis.reports import pulling
from analysis.reports.prepare import EXAMPLE_CODE
from analysis.reports.pulling import Order, pull
from analysis.sources import boundaries
from analysis.sources.edition import example_edition
from analysis.sources.errors import InputError

TOWN = "Voorbeeldstad"


@pytest.fixture
def edition(root, tmp_path):
    """Return the example edition with its tables and a map of its own."""
    made = example_edition(root, tmp_path)
    # The catalogue of the project holds the addresses of OpenStreetMap, the example's does not.
    catalogue = tmp_path / "catalogue.csv"
    osm = [
        line
        for line in (root / "data/catalogue.csv").read_text(encoding="utf-8").splitlines()
        if ",voorzieningen," in line or ",wandelnetwerk," in line
    ]
    own = made.catalogue.read_text(encoding="utf-8").rstrip("\n")
    catalogue.write_text("\n".join([own, *osm]) + "\n", encoding="utf-8")
    return replace(made, catalogue=catalogue)


@pytest.fixture
def asked(monkeypatch):
    """Return what was asked of OpenStreetMap: (what, address, area, name)."""
    found = []

    class Stored:
        rows = 12

    def facilities(raw, catalogue, kinds, area, name):
        (source,) = [one for one in catalogue if one.theme == "voorzieningen"]
        assert "library" in kinds.index
        found.append(("points", source.address, area, name))
        return Stored()

    def streets(raw, catalogue, area, name):
        (source,) = [one for one in catalogue if one.theme == "wandelnetwerk"]
        found.append(("streets", source.address, area, name))
        return Stored()

    monkeypatch.setattr(pulling.openstreetmap, "pull", facilities)
    monkeypatch.setattr(pulling.osm_streets, "pull", streets)
    return found


def quiet(_):
    return None


def test_the_outline_of_the_gemeente_is_asked_for(edition, asked, root):
    boundaries.store(edition.raw, root / "data/example/boundaries/wijken_2024.geojson")
    said = []
    order = Order(gemeenten=(TOWN,), points=True, streets=True)
    pull(edition, order, quiet, said.append)
    (points, streets) = asked
    assert (points[0], streets[0]) == ("points", "streets")
    assert points[1] == "https://overpass-api.de/api/interpreter" and points[3] == EXAMPLE_CODE
    outline = points[2]
    assert outline.crs.to_epsg() == 28992 and len(outline) == 1
    # 22.7 km2 of land, and the lake where it is drawn.
    assert outline.area.iloc[0] > 22e6
    assert "OpenStreetMap, Voorbeeldstad: 12 voorzieningen opgehaald." in said
    assert "OpenStreetMap, Voorbeeldstad: 12 straten en paden opgehaald." in said


def test_another_address_for_openstreetmap(edition, asked, root):
    boundaries.store(edition.raw, root / "data/example/boundaries/buurten_2024.geojson")
    order = Order(gemeenten=(TOWN,), points=True, overpass="http://127.0.0.1:1/api")
    pull(edition, order, quiet, quiet)
    assert [one[:2] for one in asked] == [("points", "http://127.0.0.1:1/api")]


def test_without_boundaries_there_is_no_area_to_ask_for(edition, asked):
    with pytest.raises(InputError, match="haal ze op met --kaart of geef ze met --grenzen"):
        pull(edition, Order(gemeenten=(TOWN,), points=True), quiet, quiet)
    assert asked == []


def test_openstreetmap_needs_a_gemeente(edition, asked):
    with pytest.raises(InputError, match="Geef de gemeente op"):
        pull(edition, Order(points=True), quiet, quiet)


def test_other_statistics_are_fetched_by_theme(edition, monkeypatch):
    themes = []
    monkeypatch.setattr(
        pulling, "pull_theme", lambda edition, theme, year, *_: themes.append((theme, year))
    )
    monkeypatch.setattr(pulling, "pull_years", lambda *_: pytest.fail("tables were asked for"))
    pull(edition, Order(themes=("nabijheid", "ses_woa"), year=2023), quiet, quiet)
    assert themes == [("nabijheid", 2023), ("ses_woa", 2023)]


def test_own_areas_of_the_one_gemeente(edition, root, tmp_path):
    pull(edition, Order(gemeenten=(TOWN,)), quiet, quiet)
    buurten = sorted(
        {f"BU99010{wijk}0{buurt}" for wijk in (1, 2) for buurt in (1, 2, 3)}
    )  # fmt: skip
    file = tmp_path / "gebieden.csv"
    lines = [f"{code};{'Noord' if code < 'BU990102' else 'Zuid'}" for code in buurten]
    file.write_text("buurt;gebied\n" + "\n".join(lines) + "\n", encoding="utf-8")
    said = []
    pull(edition, Order(gemeenten=(TOWN,), zoning=file), quiet, said.append)
    assert said[0] == "Eigen indeling: 2 eigen gebieden met 6 buurten bewaard."
    # The buurten that are in no area are told.
    assert any("BU9901" in sentence for sentence in said[1:])


@pytest.mark.parametrize("named", [(), (TOWN, "Almere")])
def test_own_areas_are_of_one_gemeente(edition, tmp_path, named):
    with pytest.raises(InputError, match="van één gemeente"):
        pull(edition, Order(gemeenten=named, zoning=tmp_path / "x.csv"), quiet, quiet)
