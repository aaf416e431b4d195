import geopandas as gpd
import pytest
import shapely

from analysis.evidence.frame import evidence_frame
from analysis.figures.case_sheets import MOST_KINDS, CaseSheets, Compared
from analysis.figures.sheet_maps import SheetMaps
from analysis.reports.case_sheet import case_sheets
from analysis.reports.dossier import open_dossier

KEY = ["area_code", "year", "level", "measure", "group", "interval"]


def row(code: str, value: float, measure: str = "published", group: str = "inhabitants", **more):
    return {
        "area_code": code, "area_name": {"GM0001": "Stad"}.get(code, f"Wijk {code[-1]}"),
        "year": 2024, "level": "gemeente" if code.startswith("GM") else "wijk",
        "measure": measure, "group": group, "value": value, "source": "Bron: verzonnen.",
    } | more  # fmt: skip


def sheets(**changed) -> CaseSheets:
    """Return two sheets: A of 100 people and B, of which the share is not known."""
    people = evidence_frame([row("WK000100", 100.0), row("WK000101", 200.0)])
    whole = evidence_frame([row("GM0001", 300.0)]).iloc[0]
    shares = evidence_frame([
        row("WK000100", 0.25, "share", "old"),
        row("WK000101", float("nan"), "share", "old", status="too_small"),
    ])  # fmt: skip
    compared = Compared(
        "ouderen", "percent", shares, evidence_frame([row("GM0001", 0.2, "share", "old")]).iloc[0]
    )
    given = {
        "gemeente": "Stad", "people": people, "whole": whole, "compared": (compared,),
        "facilities": evidence_frame([]), "kinds": {}, "maps": None, "missing": ("Geen lijst.",),
        "source": "Bron: verzonnen.", "stamp": "Fictief",
    }  # fmt: skip
    return CaseSheets(**(given | changed))


def page(html: str):
    return html.split('<section class="sheet"')[1:]


def test_each_wijk_has_a_sheet_with_its_figures_beside_the_gemeente():
    first, second = page(sheets()._repr_html_())
    assert 'id="WK000100"' in first and "Wijk 0</h2>" in first
    assert "100 inwoners (2024), van de 300 in heel Stad" in first
    assert '<td class="num here">25%</td><td class="num">20%</td>' in first
    # The wijk's dot, at 8 + 144 x 0.25 / 0.25 on an axis from 8 to 152.
    assert '<circle cx="152.0"' in first
    assert "te klein" in second and "<circle" not in second
    for one in (first, second):
        assert "Wat missen we?" in one and "Geen lijst." in one and "Geen kaart" in one
        assert "Fictief" in one and "Bron: verzonnen." in one


def test_every_number_is_a_row():
    rows = sheets().rows
    assert not rows.duplicated(KEY).any() and len(rows) == 2 + 1 + 2 + 1
    assert set(rows["value"].dropna()) == {100, 200, 300, 0.25, 0.2}


def test_names_are_text_and_not_markup():
    people = evidence_frame([row("WK000100", 1.0, area_name="<b>Wijk</b>"), row("WK000101", 2.0)])
    html = sheets(people=people)._repr_html_()
    assert "<b>Wijk" not in html and "&lt;b&gt;Wijk" in html
    assert ">1 inwoner (2024)" in html


def test_a_sheet_has_room_for_five_figures():
    one = sheets().compared[0]
    assert sheets(compared=(one,) * 5)
    with pytest.raises(ValueError, match="five figures, and 6 came"):
        sheets(compared=(one,) * 6)
    assert "geen cijfers per wijk om te vergelijken" in sheets(compared=())._repr_html_()


def test_kinds_that_do_not_fit_are_counted():
    kinds = {f"k{n}": f"Soort {n}" for n in range(MOST_KINDS + 2)}
    facilities = evidence_frame([
        row(code, float(n), measure, kind)
        for code in ("WK000100", "WK000101", "GM0001")
        for n, kind in enumerate(kinds)
        for measure in ("facility_count", "density_per_1000")
    ])  # fmt: skip
    first = page(sheets(facilities=facilities, kinds=kinds)._repr_html_())[0]
    assert first.count("Soort ") == MOST_KINDS and "En nog 2 soorten" in first


def square(x: float) -> shapely.Polygon:
    return shapely.box(x, 0, x + 1000, 1000)


def test_a_map_draws_the_wijk_its_buurten_and_its_own_places():
    crs = "EPSG:28992"
    wijken = gpd.GeoDataFrame({"name": ["A", "B"]}, index=["WK000100", "WK000101"],
                              geometry=[square(0), square(1000)], crs=crs)  # fmt: skip
    buurten = gpd.GeoDataFrame({"wk_code": ["WK000100"]}, index=["BU00010000"],
                               geometry=[square(0)], crs=crs)  # fmt: skip
    points = gpd.GeoDataFrame({"wijk_code": ["WK000100", "WK000100", "WK000101"]},
                              geometry=gpd.points_from_xy([100, 200, 1500], [500] * 3),
                              crs=crs)  # fmt: skip
    maps = SheetMaps(wijken, buurten, points)
    own, other = maps.draw("WK000100", "Kaart van A"), maps.draw("WK000101", "Kaart van B")
    assert own.count("<circle") == 2 and other.count("<circle") == 1
    assert 'aria-label="Kaart van A"' in own and " m</text>" in own
    assert maps.has("WK000100") and not maps.has("WK000199")
    with pytest.raises(ValueError, match="4326|metre"):
        SheetMaps(wijken.to_crs(4326))


def test_the_example_has_a_sheet_per_wijk(example_dossier):
    found = case_sheets(example_dossier)
    wijken = example_dossier.regions(example_dossier.newest, "wijk")
    assert found.people["area_code"].tolist() == sorted(wijken.index)
    assert 1 <= len(found.compared) <= 5 and found.maps is not None
    assert len(found.facilities) and not found.rows.duplicated(KEY).any()
    assert found.stamp == example_dossier.edition.stamp
    labels = [one.label for one in found.compared]
    # Low incomes never without the high ones.
    assert any("laag" in label for label in labels) == any("hoogste" in label for label in labels)


def test_zoetermeer_without_boundaries_or_points_says_so(real_dossier):
    found = case_sheets(real_dossier)
    html = found._repr_html_()
    assert len(page(html)) == 9 and found.maps is None
    assert "Geen voorzieningen: er is geen lijst" in html and "Geen kaart" in html


def test_figures_of_wijken_that_are_others_now_are_not_shown(real_raw):
    # WK003401 was Almere Haven in 2020 and is Centrum Almere Haven in 2024.
    found = case_sheets(open_dossier("Almere", raw=str(real_raw)))
    for one in found.compared:
        same = one.rows.set_index("area_code")["area_name"]
        assert same.to_dict() == found.people.set_index("area_code")["area_name"].to_dict()
