"""A sheet of paper per wijk: its numbers are evidence, and what is missing is said."""

import re
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from figure_samples import NASTY, assert_self_contained, evidence, squares
from hypothesis import given, settings
from hypothesis import strategies as st
from page_reader import Element, read_page

from analysis.evidence.frame import evidence_frame
from analysis.figures.case_sheets import MOST_KINDS, CaseSheets, Compared, sheets_html
from analysis.figures.plain_dutch import lint
from analysis.figures.sheet_maps import SheetMaps
from analysis.figures.wording import count, in_format
from analysis.reports import case_sheet
from analysis.reports.located import located_in

KEY = ["area_code", "year", "level", "measure", "group", "interval"]
CODES = ["WK990100", "WK990101", "WK990102"]
NAMES = ["Noord", NASTY, "Zuid"]


def of_wijken(values, status="ok", **columns) -> pd.DataFrame:
    number = len(values)
    usual = {"area_code": CODES[:number], "area_name": NAMES[:number], "level": "wijk"}
    return evidence(values, status, **(usual | columns))


def of_gemeente(value, status="ok", **columns) -> pd.Series:
    usual = {"area_code": "GM9901", "area_name": "Stad", "level": "gemeente"}
    return evidence([value], status, **(usual | columns)).iloc[0]


def counted(kinds, counts=(3.0, 0.0, 1.0)) -> pd.DataFrame:
    parts = []
    for kind in kinds:
        parts += [
            of_wijken(counts, measure="facility_count", group=kind),
            of_wijken([0.5, 0.0, 0.25], measure="density_per_1000", group=kind),
            of_gemeente(0.3, measure="density_per_1000", group=kind).to_frame().T,
        ]
    return pd.concat(parts, ignore_index=True)


def elderly(values=(0.2, 0.4, 0.1), whole=0.3, **columns) -> Compared:
    return Compared(
        "65-plussers", "percent", of_wijken(list(values), **columns), of_gemeente(whole)
    )


def sheets(**changed) -> CaseSheets:
    people = {"measure": "published", "group": "inhabitants"}
    usual = {
        "gemeente": "Stad",
        "people": of_wijken([1000.0, 2500.0, 1.0], **people),
        "whole": of_gemeente(3501.0, **people),
        "compared": (elderly(),),
        "facilities": counted(["school"]),
        "kinds": {"school": "Basisschool"},
        "maps": SheetMaps(squares(CODES)),
        "missing": (),
        "source": "Bron: CBS.",
    }
    return CaseSheets(**(usual | changed))


def pages(given: CaseSheets) -> list[Element]:
    return read_page(sheets_html(given)).all(css="sheet")


def cells(table: Element) -> list[list[str]]:
    return [[one.text for one in row.all("th", "td")] for row in table.all("tr")[1:]]


# What stands on a sheet


def test_each_wijk_has_a_sheet_that_a_link_leads_to():
    page = read_page(sheets_html(sheets()))
    assert [one.attributes["id"] for one in page.all(css="sheet")] == CODES
    links = [a.attributes["href"] for a in page.all(css="sheet-list")[0].all("a")]
    assert links == [f"#{code}" for code in CODES]
    assert [one.all("h2")[0].text for one in page.all(css="sheet")] == NAMES
    for one in page.all(css="sheet"):
        assert one.attributes["aria-labelledby"] == one.all("h2")[0].attributes["id"]
        assert [h3.text for h3 in one.all("h3")] == [
            "Wat is er al, en staat hier niet?", "Wat missen we?",
        ]  # fmt: skip


def test_figures_stand_beside_those_of_the_gemeente():
    first, second, third = pages(sheets())
    assert "1.000 inwoners (2024), van de 3.501 in heel Stad · WK990100" in first.text
    assert third.all(css="sheet-head")[0].all("p")[0].text.startswith("1 inwoner (2024)")
    five, kinds = second.all("table")
    assert cells(five) == [["65-plussers (2024)", "40%", "30%", ""]]
    assert cells(kinds) == [["Basisschool", "0", "0,00", "0,30"]]
    for table in (five, kinds):
        assert table.all("caption")[0].text
        assert all("scope" in th.attributes for th in table.all("th"))


def test_the_marks_stand_at_their_values():
    # The axis starts at 0 and ends at the highest, 0,4, over 160 - 16 = 144 from 8:
    # 0,2 at 8 + 144 * 0,5 = 80; 0,3 at 8 + 144 * 0,75 = 116; 0,4 at 152; 0,1 at 44.
    html = sheets_html(sheets())
    assert '<path d="M80.0 7v12M152.0 7v12M44.0 7v12"' in html
    first, second, third = pages(sheets())
    places = [one.all(css="sheet-five")[0].all("circle")[0].attributes["cx"]
              for one in (first, second, third)]  # fmt: skip
    assert places == ["80.0", "152.0", "44.0"]
    assert first.all(css="sheet-five")[0].all("path")[0].attributes["d"] == "M116.0 1v24"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=3, max_size=3), st.floats(0, 1e6))
def test_no_mark_falls_off_the_axis(values, whole):
    found = sheets(compared=(elderly(values, whole),), maps=None)
    for one in pages(found):
        assert 8 <= float(one.all("circle")[0].attributes["cx"]) <= 152


def test_what_is_not_known_is_said_and_has_no_mark():
    some = elderly([0.2, float("nan"), 0.1], status=["ok", "suppressed", "ok"])
    first, second, _ = pages(sheets(compared=(some,)))
    assert cells(second.all("table")[0])[0][1] == "geheim of te weinig cijfers"
    assert not second.all(css="sheet-five")[0].all("circle")
    # A value behind a reason does not stretch the axis: 0,3 of the gemeente is the highest.
    assert first.all(css="sheet-five")[0].all("path")[0].attributes["d"] == "M152.0 1v24"
    unknown = sheets(people=of_wijken([float("nan")] * 3, "no_population"),
                     whole=of_gemeente(float("nan"), "no_population"))  # fmt: skip
    head = pages(unknown)[0].all(css="sheet-head")[0].text
    assert "geen inwoners gepubliceerd" in head and "Stad" in head and "nan" not in head


def test_names_and_sentences_are_escaped():
    html = sheets_html(sheets(gemeente=NASTY, missing=(NASTY,), source=NASTY, stamp=NASTY))
    assert "<Noord>" not in html and '"Ven"' not in html
    assert_self_contained(html)


def test_the_only_wijk_is_not_put_beside_itself():
    people = {"measure": "published", "group": "inhabitants"}
    only = sheets(
        people=of_wijken([3500.0], **people),
        compared=(elderly([0.3]),),
        facilities=counted(["school"], (3.0, 0.0, 1.0)),
    )
    (page,) = pages(only)
    assert "3.500 inwoners (2024), de enige wijk van Stad" in page.text


def test_more_kinds_than_fit_are_counted():
    kinds = {f"kind_{at}": f"Soort {at}" for at in range(MOST_KINDS + 2)}
    page = pages(sheets(facilities=counted(kinds), kinds=kinds))[0]
    assert len(cells(page.all("table")[1])) == MOST_KINDS
    assert "En nog 2 soorten, in evidence.csv." in page.text
    exact = dict(list(kinds.items())[:MOST_KINDS])
    assert "En nog" not in pages(sheets(facilities=counted(exact), kinds=exact))[0].text


def test_a_figure_of_another_year_says_of_which_wijk_it_is():
    assert "Een ander jaar" not in pages(sheets())[0].text
    old = Compared("65-plussers", "percent", of_wijken([0.2, 0.4, 0.1], year=2020),
                   of_gemeente(0.3, year=2020))  # fmt: skip
    page = pages(sheets(compared=(old,)))[0]
    assert "65-plussers (2020)" in page.text
    assert "Een ander jaar: de wijk met toen dezelfde code en naam." in page.text


def test_without_map_facilities_and_figures_the_sheet_says_so():
    nothing = sheets(
        maps=None, compared=(), facilities=evidence_frame([]), kinds={},
        missing=("Geen voorzieningen: er is geen lijst.",),
    )  # fmt: skip
    for page in pages(nothing):
        assert "Geen kaart: er zijn geen grenzen van wijken." in page.text
        assert "Teken hier de wijk" in page.text
        assert "Er zijn geen cijfers per wijk om te vergelijken." in page.text
        assert "Geen voorzieningen: er is geen lijst." in page.text
        assert not page.all("table")
    some = sheets(maps=SheetMaps(squares(CODES[:2])))
    assert ["van deze wijk is er geen grens" in page.text for page in pages(some)] == [
        False, False, True,
    ]  # fmt: skip


def test_more_than_five_figures_and_rows_that_are_no_evidence_are_refused():
    with pytest.raises(ValueError, match="room for five figures, and 6 came"):
        sheets(compared=(elderly(),) * 6)
    with pytest.raises(ValueError, match="evidence"):
        sheets(people=of_wijken([1.0, 2.0, 3.0]).drop(columns="status"))


def test_rows_stay_as_they_were():
    found = sheets()
    kept = found.people.copy(), found.facilities.copy()
    sheets_html(found)
    pd.testing.assert_frame_equal(found.people, kept[0])
    pd.testing.assert_frame_equal(found.facilities, kept[1])


# Maps


def inside(codes, points=(), **columns) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(columns, geometry=list(points), crs="EPSG:28992")
    return frame.assign(wijk_code=codes)


def test_a_wijk_fills_its_map_and_its_facilities_lie_in_place():
    # 560 high for 1000 m: 0,56 a metre. The middle lies at half of 900, and 4 + 280 from above.
    here = inside(["WK990100", "WK990101"], [shapely.Point(100_500, 450_500)] * 2)
    maps = SheetMaps(squares(CODES), points=here)
    svg = read_page(maps.draw("WK990100", "Kaart van Noord.")).all("svg")[0]
    assert (svg.attributes["role"], svg.attributes["aria-label"]) == ("img", "Kaart van Noord.")
    (key, spot) = sorted(svg.all("circle"), key=lambda one: float(one.attributes["cx"]))
    assert (spot.attributes["cx"], spot.attributes["cy"]) == ("450", "284")
    assert [text.content[0] for text in svg.all("text")] == ["200 m", "een voorziening"]
    # Where the wijk lies: among the outlines that the page has once.
    assert svg.all("use")[0].attributes["href"] == "#sheet-whole"
    assert maps.shared().count("<path") == 3


def test_many_facilities_are_smaller_marks():
    def size(amount: int) -> set[str]:
        here = inside(["WK990100"] * amount, [shapely.Point(100_500, 450_500)] * amount)
        svg = read_page(SheetMaps(squares(CODES), points=here).draw("WK990100", "Kaart."))
        return {one.attributes["r"] for one in svg.all("circle")[:-1]}

    assert (size(60), size(61)) == ({"9"}, {"5.5"})


def test_only_the_buurten_of_the_wijk_itself_are_drawn():
    buurten = squares(["BU1", "BU2", "BU3"]).assign(wk_code=[CODES[0], CODES[0], CODES[1]])
    without = SheetMaps(squares(CODES)).draw(CODES[0], "Kaart.")
    drawn = SheetMaps(squares(CODES), buurten).draw(CODES[0], "Kaart.")
    assert drawn.count("<path") - without.count("<path") == 2
    assert "een voorziening" not in drawn


def test_degrees_are_refused_and_an_unknown_wijk_is_an_error():
    with pytest.raises(ValueError, match="in degrees"):
        SheetMaps(squares(CODES).to_crs(4326))
    maps = SheetMaps(squares(CODES))
    assert maps.has(CODES[0]) and not maps.has("WK000000")
    with pytest.raises(KeyError):
        maps.draw("WK000000", "Kaart.")


def test_an_empty_outline_is_no_outline():
    places = squares(CODES)
    places.loc[CODES[1], "geometry"] = shapely.Polygon()
    assert [SheetMaps(places).has(code) for code in CODES] == [True, False, True]


def test_buurten_make_a_wijk_when_all_of_them_are_drawn():
    of = pd.Series({"BU1": "WK1", "BU2": "WK1", "BU3": "WK2", "BU4": "WK2"}, name="wk_code")
    drawn = squares(["BU1", "BU2", "BU3"])
    places = drawn.assign(wk_code=of.reindex(drawn.index))
    found = case_sheet._joined(places, of)
    assert list(found.index) == ["WK1"]
    assert found.geometry.area.iloc[0] == pytest.approx(2e6)


# Of a gemeente


@pytest.fixture(scope="module")
def example(example_dossier) -> CaseSheets:
    return case_sheet.case_sheets(example_dossier)


def test_the_example_has_all_on_every_sheet(example, example_dossier):
    wijken = example_dossier.regions(example_dossier.newest, "wijk")
    assert list(example.people["area_code"]) == sorted(wijken.index)
    assert [one.label for one in example.compared] == [
        "huishoudens met een laag inkomen", "huishoudens in de hoogste 20% van de inkomens",
        "huurwoningen van een corporatie", "65-plussers", "afstand tot een grote supermarkt in km",
    ]  # fmt: skip
    assert example.missing == () and example.stamp == "Fictieve voorbeeldgegevens"
    for page in pages(example):
        assert len(page.all("table")) == 2 and not page.all(css="absent")
        assert page.all(css="sheet-where")[0].all("svg")
        assert example.stamp in page.all(css="sheet-source")[0].text


def test_no_number_stands_on_two_rows(example):
    assert not example.rows.duplicated(KEY).any()


def test_facilities_of_the_wijken_add_up_to_those_of_the_gemeente(example):
    counts = example.facilities[example.facilities["measure"].eq("facility_count")]
    wijken = counts[counts["level"].eq("wijk")].groupby("group")["value"].sum()
    whole = counts[counts["level"].eq("gemeente")].set_index("group")["value"]
    pd.testing.assert_series_equal(wijken, whole.sort_index(), check_names=False)


def test_where_could_not_be_looked_there_is_no_zero(example_dossier):
    located = located_in(example_dossier)
    blind = replace(located, unseen=located.wijken.index[:1])
    rows, kinds = case_sheet._facilities(example_dossier, blind)
    of_blind = rows[rows["area_code"].eq(located.wijken.index[0])]
    assert len(of_blind) == 2 * len(kinds)
    assert of_blind["value"].isna().all() and of_blind["status"].ne("ok").all()


def test_every_number_of_a_sheet_is_a_row_of_its_wijk_or_gemeente(example):
    rows = example.rows
    for page in pages(example):
        code = page.attributes["id"]
        own = rows[rows["area_code"].isin([code, "GM9901"]) & rows["status"].eq("ok")]
        told = {
            " ".join(in_format(value, form).split())
            for value in own["value"]
            for form in ("count", "percent", "ratio", "km")
        }
        for table in page.all("table"):
            for line in cells(table):
                assert {text for text in line[1:] if text} <= told, line
        lives = example.people.set_index("area_code").at[code, "value"]
        assert f"{count(lives)} inwoners" in page.all(css="sheet-head")[0].text


def test_the_words_on_a_sheet_are_plain(example):
    texts = {one.text for one in read_page(sheets_html(example)).all("p", "h2", "h3", "th")}
    assert [found for text in texts for found in lint(text)] == []


def test_without_boundaries_and_points_the_real_sheets_say_so(real_dossier):
    found = case_sheet.case_sheets(real_dossier)
    assert found.maps is None and found.kinds == {}
    assert found.missing == ("Geen voorzieningen: er is geen lijst met plekken in deze gemeente.",)
    assert len(found.people) == 9 and len(found.compared) == 5
    assert not found.rows.duplicated(KEY).any()
    page = pages(found)[0]
    assert "Centrum" in page.text and "Geen kaart" in page.text
    assert re.search(r"van de 12\d\.\d{3} in heel Zoetermeer", page.text)


def test_a_wijk_of_another_name_or_code_then_is_not_compared():
    people = of_wijken([1000.0, 2500.0, 1.0])
    then = of_wijken([0.1, 0.2], year=2017, area_name=["Noord", "Heette anders"])
    found = case_sheet._of_same(then, people).set_index("area_code")
    assert list(found.loc[CODES, "status"]) == ["ok", "not_comparable", "not_comparable"]
    assert found.loc[CODES[0], "value"] == 0.1 and found.loc[CODES[1:], "value"].isna().all()
    assert set(found["year"]) == {2017} and list(found.loc[CODES, "area_name"]) == NAMES
    assert list(replace(elderly(), rows=found.reset_index()).rows["measure"]) == ["share"] * 3
