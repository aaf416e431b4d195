"""Reports of a real gemeente, with and without boundaries and points; needs ../shared."""

import re
import shutil
from dataclasses import dataclass

import pandas as pd
import pytest
from page_reader import Element, read_page

from analysis.reports.build import build_report
from analysis.reports.dossier import edition_of, open_dossier
from analysis.reports.kernel import kept_kernel
from analysis.reports.overview import write_overview
from analysis.sources import boundaries, facility_points

PAGES = ("01_gegevens", "02_segregatie", "03_voorzieningen")
BOUNDARIES = ("wijken_2022_rd.gpkg", "buurten_2024_approx_rd.gpkg")


@dataclass(frozen=True)
class Report:
    """A report as read: its pages and its evidence."""

    pages: dict[str, Element]
    evidence: pd.DataFrame

    def claims(self, page: str) -> list[str]:
        return [title.text for title in self.pages[page].all("h3")]

    def value(self, measure: str, group: str, level: str) -> pd.Series:
        rows = self.evidence
        found = rows[
            rows["measure"].eq(measure) & rows["group"].eq(group) & rows["level"].eq(level)
        ]
        # An index stands there again with each of its intervals.
        plain = found[found["interval"].fillna("").eq("")]
        found = plain if len(plain) else found
        assert len(found) == 1
        return found.iloc[0]


@pytest.fixture(scope="module")
def raw_with_maps(real_raw, shared, tmp_path_factory):
    raw = tmp_path_factory.mktemp("kaarten") / "raw"
    shutil.copytree(real_raw / "85984NED", raw / "85984NED")
    for name in BOUNDARIES:
        boundaries.store(raw, shared / "data" / "boundaries" / name)
    facility_points.store(raw, shared / "data" / "facilities" / "duo_schools_2024.geojson.zip")
    return raw


@pytest.fixture(scope="module")
def built(real_raw, raw_with_maps, root, tmp_path_factory) -> dict[int, Report]:
    reports = tmp_path_factory.mktemp("verslagen")
    # The pieces of the other chapters are tried on real tables one by one.
    notebooks = [root / "notebooks" / f"{page}.ipynb" for page in PAGES]
    found = {}
    with kept_kernel() as kernel:
        for year, raw in ((2024, raw_with_maps), (2020, real_raw)):
            folder = build_report(
                [kernel], notebooks, reports / str(year), code="GM0637", name="Zoetermeer",
                parameters={"jaar": year, "bron": "cbs", "raw": str(raw)}, stamp="",
            )  # fmt: skip
            assert folder.name == "GM0637-zoetermeer"
            write_overview(folder.parent)
            pages = {
                page: read_page((folder / f"{page}.html").read_text(encoding="utf-8"))
                for page in PAGES
            }
            evidence = pd.read_csv(folder / "evidence.csv", keep_default_na=False, na_values=[""])
            found[year] = Report(pages, evidence.fillna({"group": ""}))
    return found


def test_inhabitants_and_dissimilarity_of_2020(built):
    report = built[2020]
    assert report.value("published", "inhabitants", "gemeente")["value"] == 125_285
    for level, value in (("wijk", 0.127), ("buurt", 0.185)):
        row = report.value("dissimilarity", "non_western", level)
        assert round(row["value"], 3) == value
        assert row[["area_code", "area_name", "year", "status"]].tolist() == [
            "GM0637", "Zoetermeer", 2020, "ok",
        ]  # fmt: skip
    assert set(report.evidence["year"]) == {2020}


def test_inhabitants_and_origin_of_2024(built):
    report = built[2024]
    assert report.value("published", "inhabitants", "gemeente")["value"] == 128_434
    for level in ("wijk", "buurt"):
        assert report.value("dissimilarity", "origin_outside_europe", level)["status"] == "ok"
    assert not report.evidence["group"].isin(["non_western", "western"]).any()


@pytest.mark.parametrize("year", [2020, 2024])
def test_claims_name_the_gemeente_and_are_dutch(built, year):
    report = built[year]
    assert report.claims("01_gegevens")[0].startswith("In Zoetermeer wonen 12")
    assert any("Zoetermeer" in claim for claim in report.claims("02_segregatie"))
    for page in PAGES:
        for claim in report.claims(page):
            assert not re.search(r"\d\.\d(?!\d\d)|\bnan\b|\bNone\b|onbekend", claim), claim
        text = report.pages[page].text
        assert "Fictieve" not in text and "niet-westers" not in text.replace(
            "niet-westerse migratieachtergrond (oude indeling)", ""
        )


def test_the_first_group_of_2020_is_socio_economic(built):
    assert "mensen met bijstand" in built[2020].claims("02_segregatie")[0]
    first = built[2020].evidence
    first = first[first["measure"].eq("dissimilarity")].iloc[0]
    assert first["group"] == "social_assistance"


def test_without_boundaries_or_points_the_pages_stand_and_say_so(built):
    report = built[2020]
    for page in ("02_segregatie", "03_voorzieningen"):
        assert "Geen kaart: grenzen ontbreken" in report.pages[page].text
    assert report.pages["03_voorzieningen"].text.count("Geen voorzieningenpunten") == 10
    assert not report.evidence["measure"].str.startswith("density").any()
    assert maps_on(report) == 0


def maps_on(report) -> int:
    # A map is a group of regions, a chart one image.
    drawings = [svg for page in PAGES for svg in report.pages[page].all("svg")]
    return sum(svg.attributes["role"] == "group" for svg in drawings)


def test_with_boundaries_there_are_maps_with_their_source(built):
    report = built[2024]
    assert maps_on(report) == 5
    for page in ("02_segregatie", "03_voorzieningen"):
        text = report.pages[page].text
        assert "Geen kaart" not in text
        assert "Grenzen: Kadaster / CBS, buurten_2024_approx_rd.gpkg (jaar 2024)" in text
    assert "Geen voorzieningenpunten" not in report.pages["03_voorzieningen"].text


def test_schools_are_counted_without_the_rows_that_repeat(built):
    report = built[2024]
    assert report.value("facility_count", "all_kinds", "gemeente")["value"] == 56
    density = report.value("density_per_1000", "all_kinds", "gemeente")
    assert density["value"] == pytest.approx(56 / 128.434)
    # The exact interval of 56: 42.30 to 72.72.
    assert density["low"] == pytest.approx(42.30 / 128.434, abs=1e-4)
    assert density["high"] == pytest.approx(72.72 / 128.434, abs=1e-4)
    wijken = report.evidence[
        report.evidence["measure"].eq("facility_count")
        & report.evidence["group"].eq("all_kinds")
        & report.evidence["level"].eq("wijk")
    ]
    assert wijken["value"].sum() == 56 and len(wijken) == 9


def test_small_buurten_read_too_small_on_map_and_in_table(built):
    rows = built[2024].evidence
    shares = rows[rows["measure"].eq("share") & rows["group"].eq("origin_outside_europe")]
    small = shares[shares["status"].eq("too_small")]
    assert len(small) == 5 and small["value"].isna().all()
    assert "Zonder waarde: 5 van de 26 buurten (5 te klein)." in (
        built[2024].pages["02_segregatie"].text
    )


def test_land_area_comes_from_the_table_and_not_from_the_map(built, raw_with_maps):
    dossier = open_dossier("Zoetermeer", year=2024, raw=str(raw_with_maps))
    land = dossier.regions(dossier.newest, "gemeente")["land_area_km2"].iloc[0]
    row = built[2024].value("density_per_km2", "all_kinds", "gemeente")
    assert row["value"] == pytest.approx(56 / land, rel=1e-12)


def test_almere_shows_schools_outside_its_inhabited_wijken(raw_with_maps):
    from analysis.reports.chapter_provision import density_by_wijk

    dossier = open_dossier("Almere", year=2024, raw=str(raw_with_maps))
    figure = density_by_wijk(dossier)
    counted = figure.rows[figure.rows["measure"].eq("facility_count")]
    assert counted["value"].sum() == 99
    assert any(note.startswith("5 voorzieningen liggen in geen van") for note in figure.notes)


def test_an_edition_of_cbs_is_not_stamped(raw_with_maps):
    assert not edition_of("cbs", str(raw_with_maps)).is_example
