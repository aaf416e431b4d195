"""Choropleths: regions, classes, hatches, names and marks; and what is refused."""

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from figure_samples import NASTY, WORDS, Page, assert_self_contained, evidence, squares
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures import classes, map_frame, maps, style
from analysis.figures.map_labels import place_labels
from analysis.figures.wording import in_format

MAP = {**WORDS, "value_label": "aandeel 65-plussers", "value_format": "percent"}
STAMP = "Fictieve voorbeeldgegevens"
SHADES = [0.05, 0.15, 0.25, 0.35, 0.45, 0.07, 0.17, 0.27, 0.37, 0.47]


def rows_of(values=SHADES, status="ok", **columns) -> pd.DataFrame:
    return evidence(values, status, **columns)


def drawn(rows=None, places=None, **changed):
    rows = rows_of() if rows is None else rows
    return maps.choropleth(
        rows, squares(rows["area_code"]) if places is None else places, **{**MAP, **changed}
    )


def region(figure, name: str) -> dict:
    return Page(figure.body).one("path", class_="region", data_name=name)


def points(kinds, names=None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"kind": kinds, "name": names or [f"De {at}e" for at in range(len(kinds))]},
        geometry=[shapely.Point(100_500 + 700 * at, 450_500) for at in range(len(kinds))],
        crs="EPSG:28992",
    )


def test_map_is_accessible_and_needs_nothing():
    figure = drawn(rows_of(area_name=NASTY), stamp=STAMP, points=points(["school"], [NASTY]))
    assert_self_contained(figure._repr_html_())
    svg = Page(figure.body).one("svg")
    assert (svg["role"], svg["aria-label"]) == ("group", WORDS["alt"])


def test_every_region_has_its_name_and_value_in_reach_and_in_the_table():
    figure = drawn()
    page = Page(figure.body)
    assert len(page.all("path", class_="region")) == len(SHADES)
    assert region(figure, "Buurt 3")["data-value"] == "35%"
    titles = [one["text"] for one in page.all("title")]
    assert titles[3] == "Buurt 3: 35%"
    assert len(figure.table) == len(SHADES)


def test_map_is_the_same_every_time():
    assert drawn(stamp=STAMP)._repr_html_() == drawn(stamp=STAMP)._repr_html_()


def test_maps_of_one_page_share_no_ids():
    rows = rows_of([0.1, np.nan], ["ok", "too_small"])
    ids = [
        {one["id"] for one in Page(drawn(rows, **changed).body).all("pattern")}
        for changed in ({}, {"claim": "iets anders"}, {"value_label": "ander aandeel"})
    ]
    assert len(set().union(*ids)) == sum(map(len, ids)) > 0


def test_source_and_stamp_stay_with_a_copy_of_the_picture():
    told = [one["text"] for one in Page(drawn(stamp=STAMP).body).all("text")]
    assert STAMP in told and WORDS["source"] in " ".join(told)


@pytest.mark.parametrize("part", ["claim", "source", "alt"])
def test_map_without_words_is_refused(part):
    with pytest.raises(ValueError, match=part):
        drawn(**{part: ""})


def test_darker_is_more_and_classes_are_those_of_the_legend():
    figure = drawn(breaks=[0.1, 0.2, 0.3, 0.4])
    fills = [region(figure, f"Buurt {at}")["fill"] for at in range(5)]
    assert tuple(fills) == style.SEQUENTIAL
    told = [one["text"] for one in Page(figure.body).all("text")]
    assert {"onder 10%", "10 – 20%", "40% of meer"} <= set(told)
    assert told.count("2 buurten") == 5


def test_class_agrees_with_the_value_that_is_read():
    # 19,6% reads 20%, which the legend calls '20 - 30%'.
    figure = drawn(rows_of([0.196, 0.1, 0.35]), breaks=[0.2, 0.3])
    assert region(figure, "Buurt 0")["data-value"] == "20%"
    assert region(figure, "Buurt 0")["fill"] != region(figure, "Buurt 1")["fill"]


def test_given_breaks_make_two_maps_comparable():
    one, other = drawn(breaks=[0.2]), drawn(rows_of([0.1, 0.9]), breaks=[0.2])
    assert region(one, "Buurt 0")["fill"] == region(other, "Buurt 0")["fill"]
    assert region(one, "Buurt 4")["fill"] == region(other, "Buurt 1")["fill"]


def test_more_classes_than_colours_are_refused():
    with pytest.raises(ValueError, match="at most 5 classes"):
        drawn(breaks=[0.1, 0.2, 0.3, 0.4, 0.5])


def test_each_absence_has_a_hatch_of_its_own_and_says_why():
    status = ["ok", "too_small", "uninhabited", "suppressed"]
    figure = drawn(rows_of([0.2, 0.9, np.nan, np.nan], status))
    fills = [region(figure, f"Buurt {at}")["fill"] for at in range(4)]
    assert not fills[0].startswith("url") and len(set(fills)) == 4
    ids = {one["id"] for one in Page(figure.body).all("pattern")}
    assert {re.search(r"#(.*)\)", fill)[1] for fill in fills[1:]} <= ids
    # A value that came along with another status is not shown anywhere.
    assert region(figure, "Buurt 1")["data-value"] == "te klein"
    assert "90%" not in figure._repr_html_()
    told = [one["text"] for one in Page(figure.body).all("text")]
    assert {"te klein", "niet bewoond", "geheim of te weinig cijfers"} <= set(told)


def test_place_without_a_row_is_hatched_and_counted():
    rows = rows_of([0.1, 0.2])
    figure = drawn(rows, squares([*rows["area_code"], "BU06379999"]))
    assert region(figure, "BU06379999")["data-value"] == "geen cijfer"
    assert "geen cijfer" in [one["text"] for one in Page(figure.body).all("text")]


def test_row_without_a_place_is_in_the_table_and_counted():
    rows = rows_of([0.1, 0.2, 0.3])
    places = squares(rows["area_code"])
    figure = drawn(rows, places.iloc[:2], notes=["Jaar: 2024."])
    assert len(figure.table) == 3
    assert figure.notes == (
        "Jaar: 2024.",
        "1 buurt zonder grens staat niet op de kaart, wel in de tabel.",
    )
    places.loc["BU06370001", "geometry"] = None
    assert "2 buurten zonder grens staan" in drawn(rows, places.iloc[:2]).notes[0]


def test_map_without_any_value_stands():
    figure = drawn(rows_of([np.nan] * 3, "not_published"))
    assert_self_contained(figure._repr_html_())
    assert "nog niet gepubliceerd" in figure.body


def test_degrees_are_refused_whatever_they_are_of():
    rows = rows_of()
    degrees = squares(rows["area_code"]).to_crs("EPSG:4326")
    for changed in ({"places": degrees}, {"outlines": degrees}, {"points": degrees}):
        with pytest.raises(ValueError, match="EPSG:4326 is in degrees: project it to EPSG:28992"):
            drawn(rows, **changed)
    with pytest.raises(ValueError, match="projection"):
        drawn(rows, squares(rows["area_code"], crs=None))


def test_places_of_another_gemeente_are_refused():
    with pytest.raises(ValueError, match=r"BU06370000.*WK003401.*share no region"):
        drawn(places=squares(["WK003401"]))


def test_two_values_for_a_region_are_refused():
    rows = pd.concat([rows_of([0.1]), rows_of([0.2])], ignore_index=True)
    with pytest.raises(ValueError, match="BU06370000 has several rows"):
        drawn(rows, squares(["BU06370000"]))


def test_rows_that_are_not_evidence_are_refused():
    with pytest.raises(ValueError, match="status"):
        drawn(rows_of().drop(columns="status"))


def test_inputs_are_unchanged():
    rows, places = rows_of(), squares(rows_of()["area_code"])
    before, drawn_before = rows.copy(deep=True), places.copy(deep=True)
    drawn(rows, places, outlines=places, points=points(["school"]))
    pd.testing.assert_frame_equal(rows, before)
    assert places.equals(drawn_before)


def test_few_regions_carry_name_and_value_many_do_not():
    texts = [one["text"] for one in Page(drawn().body).all("text")]
    assert "Buurt 3" in texts and "35%" in texts
    many = drawn(rows_of(np.linspace(0.1, 0.9, 30)))
    assert "Buurt 3" not in [one["text"] for one in Page(many.body).all("text")]


def test_few_outlines_are_named():
    rows = rows_of(np.linspace(0.1, 0.9, 30))
    outlines = squares(["WK063700"], side=3000).assign(name=NASTY)
    named = Page(drawn(rows, outlines=outlines).body)
    assert NASTY in [one["text"] for one in named.all("text")]
    unnamed = drawn(rows, outlines=outlines.drop(columns="name"))
    assert NASTY not in unnamed.body


def test_outline_beyond_the_places_is_in_view():
    rows = rows_of([0.1])
    # Twice as wide to the left of and above the only buurt that has a place.
    around = gpd.GeoDataFrame(
        {"name": [""]}, geometry=[shapely.box(99_000, 450_000, 101_000, 452_000)], crs=28992
    )
    page = Page(drawn(rows, outlines=around).body)
    (start, *_) = re.findall(r"[\d.]+", page.one("path", class_="region")["d"])
    width = float(page.one("svg")["viewbox"].split()[2])
    lines = [
        one["d"] for one in page.all("path") if one.get("class") != "region" and "l" in one["d"]
    ]
    corners = np.reshape([float(n) for n in re.findall(r"-?[\d.]+", lines[0])], (-1, 2)).cumsum(0)
    assert corners.min() >= 0 and corners[:, 0].max() <= width
    assert float(start) >= corners[:, 0].min()


def test_names_that_would_cover_each_other_become_numbers_with_a_list():
    long = [f"Een wijk met een heel lange naam {at}" for at in range(10)]
    figure = drawn(rows_of(area_name=long))
    told = [one["text"] for one in Page(figure.body).all("text")]
    numbered = [text for text in told if text.isdigit()]
    assert numbered == [str(number + 1) for number in range(len(numbered))]
    absent = [name for name in long if name not in told]
    listed = " ".join(told)
    for number, name in zip(numbered, absent, strict=True):
        assert f"{number} {name} (" in listed


def test_labels_never_cover_each_other():
    places = squares([str(at) for at in range(14)])
    frame = map_frame.Frame(places)
    labels = place_labels(frame, places.geometry, [("Dorp-Noord", "12%")] * 14)
    full = [label.box for label in labels if len(label.lines) == 2]
    assert 0 < len(full) < 14
    for at, one in enumerate(full):
        for other in full[at + 1 :]:
            beside = one[2] <= other[0] or other[2] <= one[0]
            assert beside or one[3] <= other[1] or other[3] <= one[1]


def test_name_wider_than_its_region_or_past_the_edge_becomes_a_number():
    whole = shapely.box(0, 0, 9000, 5000)
    roomy = shapely.box(1000, 1000, 4000, 4000)
    narrow = shapely.box(6000, 1000, 6200, 4000)
    flat = shapely.box(3000, 4950, 6000, 5000)
    frame = map_frame.Frame(gpd.GeoDataFrame(geometry=[whole], crs=28992))
    shapes = gpd.GeoSeries([roomy, narrow, flat], crs=28992)
    labels = place_labels(frame, shapes, [("Dorp", "1%"), ("Dorp-Noord", "2%"), ("Ven", "3%")])
    assert [label.lines for label in labels[:2]] == [("Dorp", "1%"), ("1",)]
    # At the upper edge the name moves down until it is inside.
    assert labels[2].lines == ("Ven", "3%") and labels[2].box[1] >= 0


def test_points_have_a_mark_per_kind_and_their_name():
    page = Page(drawn(points=points(["school", "huisarts", "school"], ["A", None, NASTY])).body)
    titles = [one["text"] for one in page.all("title")]
    assert {"school: A", "huisarts", f"school: {NASTY}"} <= set(titles)
    told = [one["text"] for one in page.all("text")]
    assert {"school (2)", "huisarts (1)"} <= set(told)
    assert len(page.all("circle")) - len(page.all("circle", r=".9")) == 3  # two, and the legend's


def test_many_kinds_of_points_are_one_mark_that_says_how_many():
    told = [one["text"] for one in Page(drawn(points=points(list("abcdef"))).body).all("text")]
    assert "voorziening (6, 6 soorten)" in told


def test_readout_is_in_every_map_and_its_script_needs_no_address():
    output = Page(drawn().body).one("output", class_="map-read")
    assert "tabel" in output["text"]
    assert "http" not in maps.MAP_SCRIPT and "</" not in maps.MAP_SCRIPT
    assert "innerHTML" not in maps.MAP_SCRIPT  # names hold < and &


def test_paths_stay_in_the_picture_with_one_decimal():
    figure = drawn()
    svg = Page(figure.body).one("svg")
    width, height = (float(part) for part in svg["viewbox"].split()[2:])
    for one in Page(figure.body).all("path", class_="region"):
        assert re.fullmatch(r"(M[\d.]+ [\d.]+l(-?[\d.]+ ?)+z)+", one["d"])
        assert not re.search(r"\.\d\d", one["d"])
        x, y = map(float, re.match(r"M([\d.]+) ([\d.]+)", one["d"]).groups())
        assert 0 <= x <= width and 0 <= y <= height


def test_holes_stay_holes_and_specks_go():
    ring = shapely.box(0, 0, 10_000, 10_000) - shapely.box(4_000, 4_000, 6_000, 6_000)
    speck = shapely.box(20_000, 0, 20_005, 5)
    shapes = gpd.GeoSeries([ring | speck, shapely.box(30_000, 0, 30_004, 4)], crs=28992)
    frame = map_frame.Frame(gpd.GeoDataFrame(geometry=shapes))
    paths = frame.paths(shapes)
    assert paths[0].count("M") == 2
    # A region however small keeps its largest part.
    assert paths[1].count("M") == 1


def test_neighbours_keep_sharing_their_edge():
    wave = [(1000 + 40 * np.sin(y / 50), y) for y in np.linspace(0, 9000, 900)]
    left = shapely.Polygon([(0, 0), *wave, (0, 9000)])
    right = shapely.Polygon([(9000, 0), *wave, (9000, 9000)])
    shapes = gpd.GeoSeries([left, right], crs=28992)
    assert shapely.coverage_is_valid(np.asarray(shapes.array, dtype=object))
    frame = map_frame.Frame(gpd.GeoDataFrame(geometry=shapes))

    def corners(path: str) -> set[tuple[float, float]]:
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", path)]
        return {tuple(p) for p in np.round(np.cumsum(np.reshape(numbers, (-1, 2)), axis=0), 1)}

    one, other = (corners(path) for path in frame.paths(shapes))
    assert len(one) < 900
    # All but the two outer corners of each are the other's too.
    assert len(one - other) <= 2 and len(other - one) <= 2


@pytest.mark.parametrize(
    ("side", "words"), [(1000.0, "2 km"), (30.0, "50 m"), (20_000.0, "20 km"), (700.0, "1 km")]
)
def test_scale_bar_is_round(side, words):
    frame = map_frame.Frame(squares([str(at) for at in range(10)], side=side))
    length, told = frame.scale_bar()
    assert told == words
    assert 0 < length <= map_frame.WIDTH / 5


@pytest.mark.parametrize(
    ("values", "value_format", "bounds"),
    [
        (np.linspace(0.1, 0.6, 101), "percent", [0.2, 0.3, 0.4, 0.5]),
        (np.arange(0, 1001, 10), "count", [200, 400, 600, 800]),
        ([0.3, 0.3, 0.3], "percent", []),
        ([0.0] * 9 + [0.5], "percent", [0.5]),
        ([0.0] * 4 + [0.2] * 4 + [0.5], "percent", [0.2]),
        ([0.0] * 95 + [0.1, 0.2, 0.3, 0.4, 0.5], "percent", [0.1]),
        # Many zeros are one class, and the rest is divided over the others.
        ([0] * 30 + list(range(1, 71)), "count", [10, 30, 50]),
        ([], "percent", []),
    ],
)
def test_bounds_are_round(values, value_format, bounds):
    found = classes.class_bounds(pd.Series(values, dtype=float), value_format)
    assert found == pytest.approx(bounds, abs=1e-12)


@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=200),
    st.sampled_from(["percent", "km", "index"]),
)
def test_bounds_increase_and_every_class_is_in_use(thousandths, value_format):
    values = pd.Series(thousandths, dtype=float) / 1000
    bounds = classes.class_bounds(values, value_format)
    assert bounds == sorted(set(bounds)) and len(bounds) <= 4
    read = {in_format(value, value_format) for value in values}
    assert len(bounds) > 0 or len(read) == 1
    if bounds:
        counts = classes.class_counts(values, bounds, value_format)
        assert sum(counts) == len(values) and min(counts) > 0


def test_classes_of_euros_fit_their_blocks():
    names = classes.class_names([300_000, 400_000], "euro")
    assert names[1] == "€\u00a0300.000 – 400.000"
    figure = drawn(rows_of(np.linspace(200_000, 600_000, 10)), value_format="euro")
    blocks = Page(figure.body).all("rect", height="15")
    starts = [float(one["x"]) for one in blocks]
    names = [one["text"] for one in Page(figure.body).all("text") if "€" in one["text"]]
    widest = max(len(name) for name in names if "–" in name)
    assert all(b - a >= 7.5 * widest for a, b in zip(starts, starts[1:], strict=False))


def test_rounder_bounds_give_way_where_one_class_would_be_too_full():
    values = [0, 2, 4, 10, 16, 18, 30, 30, 36, 38, 38, 43, 48, 54, 58]
    # Bounds 10, 30, 40, 50 would put 5 of the 15 in the third class: more than 1.6 times its 3.
    found = classes.class_bounds(pd.Series(values) / 100, "percent")
    assert found == pytest.approx([0.10, 0.30, 0.38, 0.48])


def test_what_reads_alike_is_never_in_two_classes():
    found = classes.class_bounds(pd.Series([0.961, 1.04, 1.2]), "km")
    assert classes.class_of([0.961, 1.04, 1.2], found, "km").tolist() == [0, 0, 1]


def test_values_that_read_alike_are_one_class():
    figure = drawn(rows_of([0.961, 1.04]), value_format="km")
    told = [one["text"] for one in Page(figure.body).all("text")]
    assert "1,0" in told and "2 buurten" in told


def test_class_follows_the_text_where_rounding_is_a_matter_of_bits():
    # 0.95 is stored as 0.9499...: the text says 0,9 and the class must too.
    assert in_format(0.95, "km") == "0,9"
    assert classes.class_of([0.95, 1.0], [1.0], "km").tolist() == [0, 1]


def test_names_of_classes_show_their_bounds_exactly():
    assert classes.class_names([0.1, 0.255], "percent") == [
        "onder 10,0%",
        "10,0 – 25,5%",
        "25,5% of meer",
    ]
    assert classes.class_names([0.5, 1.0], "km") == ["onder 0,5", "0,5 – 1,0", "1,0 of meer"]
    assert classes.class_names([300_000], "euro") == [
        "onder €\u00a0300.000",
        "€\u00a0300.000 of meer",
    ]


def test_real_map_of_240_buurten_is_small(shared):
    places = gpd.read_file(shared / "data" / "boundaries" / "buurten_2024_approx_rd.gpkg")
    places = places[places["bu_code"].str.startswith("BU0034")].set_index("bu_code")
    rows = evidence(np.linspace(0, 0.8, len(places)), area_code=places.index)
    figure = drawn(rows, places)
    assert len(places) > 230
    assert len(figure._repr_html_()) < 200_000
    assert_self_contained(figure._repr_html_())
