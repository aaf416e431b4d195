"""Charts: what is drawn, what is told instead, and what stays with a copy of the picture."""

import re

import numpy as np
import pandas as pd
import pytest
from figure_samples import NASTY, WORDS, Page, assert_self_contained, evidence

from analysis.figures import charts, drawing, style

STAMP = "Fictieve voorbeeldgegevens"
RANKED = {**WORDS, "value_label": "aandeel 65-plussers", "value_format": "percent"}


@pytest.fixture
def readable(monkeypatch):
    """Draw letters as text instead of outlines, so that a test can read them."""
    monkeypatch.setitem(style._RC, "svg.fonttype", "none")


def texts(figure) -> list[str]:
    return [one["text"].strip() for one in Page(figure.body).all("text")]


def pairs_of(**by_group) -> pd.DataFrame:
    """Rows of one index per group: (wijk, buurt), NaN is withheld."""
    values = [value for pair in by_group.values() for value in pair]
    status = ["suppressed" if np.isnan(value) else "ok" for value in values]
    return evidence(
        values, status, area_code="GM0637", area_name="Zoetermeer", measure="dissimilarity",
        level=["wijk", "buurt"] * len(by_group),
        group=[group for group in by_group for _ in range(2)],
        units=pd.array([9, 26] * len(by_group), dtype="Int64"),
    )  # fmt: skip


def pairs(rows, labels, **changed):
    return charts.level_pairs(
        rows, labels=labels, **{**WORDS, "value_label": "dissimilariteit", **changed}
    )


def bars(rows, **changed):
    labels = {"gp": f"huisarts {NASTY}", "school": "basisschool", "daycare": "kinderdagverblijf"}
    return charts.value_bars(
        rows, labels=labels, **{**WORDS, "value_label": "afstand", "value_format": "km", **changed}
    )


def cells(rows, labels, **changed):
    return charts.coverage_matrix(rows, labels=labels, **{**WORDS, **changed})


def coverage_rows() -> pd.DataFrame:
    return evidence(
        [1.0, 0.997, 0.13, 0.0, 0.0, np.nan],
        ["ok", "ok", "ok", "not_published", "not_published", "does_not_exist"],
        level=["gemeente", "wijk", "buurt"] * 2,
        group=["inhabitants"] * 3 + ["income"] * 3, measure="coverage",
    )  # fmt: skip


COVERED = {"inhabitants": "inwoners", "income": "inkomen"}
EVERY_CHART = {
    "ranked": lambda **k: charts.ranked_dots(
        evidence([0.1, 0.2, np.nan], ["ok", "ok", "too_small"], area_name=NASTY), **RANKED, **k
    ),
    "pairs": lambda **k: pairs(
        pairs_of(a=(0.1, 0.2), b=(0.1, np.nan)), {"a": NASTY, "b": "koopwoningen"}, **k
    ),
    "bars": lambda **k: bars(evidence([0.9, 0.6], group=["gp", "school"]), **k),
    "cells": lambda **k: cells(coverage_rows(), {**COVERED, "income": NASTY}, **k),
}


@pytest.mark.parametrize("make", EVERY_CHART.values(), ids=EVERY_CHART)
def test_chart_is_an_accessible_picture_that_needs_nothing(make):
    figure = make(stamp=STAMP)
    assert_self_contained(figure._repr_html_())
    svg = Page(figure.body).one("svg")
    assert (svg["role"], svg["aria-label"]) == ("img", WORDS["alt"])
    assert not Page(figure.body).all("metadata")


@pytest.mark.parametrize("make", EVERY_CHART.values(), ids=EVERY_CHART)
def test_chart_is_the_same_every_time(make):
    assert make()._repr_html_() == make()._repr_html_()


@pytest.mark.parametrize("make", EVERY_CHART.values(), ids=EVERY_CHART)
def test_source_and_stamp_stay_with_a_copy_of_the_picture(make, readable):
    told = texts(make(stamp=STAMP))
    assert STAMP in told and WORDS["source"] in " ".join(told)
    assert STAMP not in texts(make())


@pytest.mark.parametrize("part", ["claim", "source", "alt"])
@pytest.mark.parametrize("make", EVERY_CHART.values(), ids=EVERY_CHART)
def test_chart_without_words_is_refused(make, part, monkeypatch):
    monkeypatch.setitem(WORDS, part, " ")
    monkeypatch.setitem(RANKED, part, " ")
    with pytest.raises(ValueError, match=part):
        make()


def test_charts_of_one_page_share_no_ids():
    bodies = [make().body for make in EVERY_CHART.values()]
    ids = [{one["id"] for one in Page(body).elements if "id" in one} for body in bodies]
    assert sum(map(len, ids)) == len(set().union(*ids)) > 0


def test_inputs_are_unchanged():
    rows = evidence([0.3, 0.1, np.nan], ["ok", "ok", "too_small"])
    before = rows.copy(deep=True)
    charts.ranked_dots(rows, **RANKED, also_rows=rows)
    pd.testing.assert_frame_equal(rows, before)


def test_ranked_dots_go_from_high_to_low_with_their_values(readable):
    figure = charts.ranked_dots(evidence([0.1, 0.4, 0.2]), **RANKED, reference=(0.25, "heel Dorp"))
    told = texts(figure)
    # matplotlib writes ticks from the bottom up: the last name is the top one.
    names = [text for text in told if text.startswith("Buurt")]
    assert names == ["Buurt 0", "Buurt 2", "Buurt 1"]
    assert {"10%", "20%", "40%", "heel Dorp: 25%", "aandeel 65-plussers"} <= set(told)


def test_rows_without_a_value_are_named_below_and_never_drawn(readable):
    rows = evidence([0.1, 0.9, np.nan], ["ok", "too_small", "uninhabited"])
    told = texts(charts.ranked_dots(rows, **RANKED))
    assert "te klein (1): Buurt 1" in told and "niet bewoond (1): Buurt 2" in told
    assert "90%" not in told


def test_long_lists_of_names_are_cut_with_their_number():
    rows = evidence([np.nan] * 60, "too_small")
    (line,) = drawing.absent_lines(rows)
    assert line.startswith("te klein (60): Buurt 0, Buurt 1")
    shown = line.split(": ")[1].split(" en ")[0].split(", ")
    assert f"en {60 - len(shown)} andere, zie de tabel" in line and len(line) < 130


def test_of_many_regions_both_ends_are_drawn_and_the_rest_counted(readable):
    number = charts.MOST_ROWS + 1
    figure = charts.ranked_dots(evidence(np.linspace(0.1, 0.5, number)), **RANKED)
    told = texts(figure)
    names = [text for text in told if text.startswith("Buurt")]
    ends = [f"Buurt {at}" for at in (*range(charts.ENDS), *range(number - charts.ENDS, number))]
    assert names == ends
    assert f"… {number - 2 * charts.ENDS} buurten hiertussen staan in de tabel …" in told
    assert len(figure.table) == number


def test_as_many_regions_as_fit_are_all_drawn(readable):
    figure = charts.ranked_dots(evidence(np.linspace(0.1, 0.5, charts.MOST_ROWS)), **RANKED)
    assert sum(text.startswith("Buurt") for text in texts(figure)) == charts.MOST_ROWS


def test_regions_of_one_name_get_their_code(readable):
    told = texts(charts.ranked_dots(evidence([0.1, 0.2], area_name="Verspreide huizen"), **RANKED))
    assert {"Verspreide huizen (BU06370000)", "Verspreide huizen (BU06370001)"} <= set(told)


@pytest.mark.parametrize("values", [[], [np.nan, np.nan]])
def test_ranked_dots_without_any_value_say_so(values, readable):
    rows = evidence([*values, np.nan], "suppressed")
    figure = charts.ranked_dots(rows, **RANKED, reference=(0.2, "heel Dorp"))
    assert "er is niets te tekenen" in texts(figure)
    assert_self_contained(figure._repr_html_())


@pytest.mark.parametrize("values", [[0.0], [0.0, 0.0], [0.5], [-0.5, 0.5], [1e-9, 1e9]])
def test_ranked_dots_of_odd_values_stand(values):
    assert_self_contained(charts.ranked_dots(evidence(values), **RANKED)._repr_html_())


def test_evidence_of_the_figure_has_the_reference_too():
    rows, whole = evidence([0.1, 0.2]), evidence([0.15], level="gemeente")
    figure = charts.ranked_dots(rows, **RANKED, also_rows=whole)
    assert len(figure.rows) == 3 and len(figure.table) == 2


def test_intervals_are_drawn_where_they_are():
    with_interval = evidence([0.2, 0.4], low=[0.1, np.nan], high=[0.3, np.nan])
    one = charts.ranked_dots(with_interval, **RANKED)
    none = charts.ranked_dots(evidence([0.2, 0.4]), **RANKED)
    assert one.body != none.body
    assert list(one.table["interval"]) == ["", "10% – 30%"]


def test_pairs_tell_both_levels_units_and_why_one_is_absent(readable):
    rows = pairs_of(a=(0.13, 0.19), b=(0.1, np.nan), c=(np.nan, np.nan))
    told = texts(pairs(rows, {"a": "huurwoningen", "b": "koopwoningen", "c": "bijstand"}))
    assert {"wijken", "buurten", "0,13", "0,19"} <= set(told)
    assert {"0,10 (buurten: geheim of", "te weinig cijfers)"} <= set(told)
    assert "geheim of te weinig cijfers" in told
    assert told.count("2024 · 9 wijken · 26 buurten") == 3


def test_pair_of_one_unit_is_told_and_not_drawn(readable):
    # An index over one unit is 0 by construction: evidence has the number, the chart does not.
    by_value = []
    for value in (0.0, np.nan):
        rows = pairs_of(a=(value, 0.2), b=(0.1, 0.3))
        rows.loc[0, "status"] = "single_unit"
        by_value.append(pairs(rows, {"a": "huurwoningen", "b": "koopwoningen"}))
    assert by_value[0].body == by_value[1].body
    assert {"0,20 (wijken: maar één", "gebied)"} <= set(texts(by_value[0]))


def test_table_of_pairs_has_reasons_and_units():
    table = pairs(pairs_of(a=(0.13, np.nan)), {"a": "huurwoningen"}).table
    assert table.iloc[0].tolist() == [
        "huurwoningen", "2024", "0,13", 9, "geheim of te weinig cijfers", 26,
    ]  # fmt: skip


def test_pair_without_a_level_is_refused():
    with pytest.raises(KeyError):
        pairs(pairs_of(a=(0.1, 0.2)).head(1), {"a": "huurwoningen"})


@pytest.mark.parametrize("pair", [(0.0, 0.0), (0.2, 0.2), (0.3, 0.1), (np.nan, 0.2)])
def test_odd_pairs_stand(pair):
    assert_self_contained(pairs(pairs_of(a=pair), {"a": "huurwoningen"})._repr_html_())


def test_bars_are_sorted_and_say_why_one_is_absent(readable):
    rows = evidence(
        [0.6, np.nan, 0.9], ["ok", "not_published", "ok"], group=["school", "daycare", "gp"]
    )
    figure = bars(rows)
    assert list(figure.table["soort"]) == [f"huisarts {NASTY}", "basisschool", "kinderdagverblijf"]
    assert {"nog niet gepubliceerd", "0,9", "0,6"} <= set(texts(figure))


def test_bars_start_at_zero():
    with pytest.raises(ValueError, match="bars start at zero"):
        bars(evidence([-0.1], group=["gp"]))


def test_bars_without_any_value_stand():
    assert_self_contained(bars(evidence([np.nan], "not_published", group=["gp"]))._repr_html_())


def test_cells_show_the_share_or_why_there_is_none(readable):
    figure = cells(coverage_rows(), COVERED)
    told = texts(figure)
    assert {"100%", "99,7%", "13%", "bestaat niet", "per buurt"} <= set(told)
    assert told.count("nog niet") == 2
    # A share of 0 that was withheld is no 0%.
    assert not {"0%", "onbekend"} & set(told)


def test_only_cells_without_figures_are_hatched():
    assert "<pattern" in cells(coverage_rows(), COVERED).body
    assert "<pattern" not in cells(coverage_rows().head(3), {"inhabitants": "inwoners"}).body


def test_a_long_reason_is_short_in_its_cell_and_whole_in_the_table(readable):
    rows = coverage_rows().assign(status=["ok"] * 3 + ["below_threshold"] * 3, value=0.0)
    figure = cells(rows, COVERED)
    assert texts(figure).count("te weinig") == 3
    assert figure.table.iloc[1, 1] == "te weinig mensen om te publiceren"


def test_text_is_wrapped_between_words():
    assert drawing.wrap("een twee drie", 8) == ["een twee", "drie"]
    assert drawing.wrap("", 8) == [""]
    assert drawing.wrap("onafbreekbaar", 5) == ["onafbreekbaar"]
    assert drawing.shorten("Buitengebied", 6) == "Buite…"
    assert drawing.shorten("Dorp", 6) == "Dorp"


def test_marks_of_an_axis_have_as_many_decimals_as_they_need_and_all_alike(readable):
    rate = {**RANKED, "value_format": "ratio"}
    whole = set(texts(charts.ranked_dots(evidence([40.0, 171.69]), **rate)))
    assert {"50", "100", "150"} <= whole and "171,69" in whole
    # Halves need one decimal, and then 1 is 1,0.
    halves = set(texts(charts.ranked_dots(evidence([0.7, 2.9]), **rate)))
    assert {"0,0", "0,5", "1,0", "2,5"} <= halves or {"0", "1", "2"} <= halves


def test_nothing_to_draw_has_no_axis_of_values_and_no_reference(readable):
    rows = evidence([np.nan, np.nan], "suppressed")
    told = texts(charts.ranked_dots(rows, **RANKED, reference=(0.2, "heel Dorp")))
    assert not [text for text in told if "%" in text or "heel Dorp" in text]


def test_a_remark_past_the_middle_leaves_the_drawing_its_width():
    rows = pairs_of(a=(0.1, 0.2), b=(np.nan, 0.2))
    body = pairs(rows, {"a": "huurwoningen", "b": "koopwoningen"}).body
    # The second shape is the ground of the axes: from the names on the left to the right edge.
    left, right = (float(x) for x in re.findall(r'd="M ([\d.]+) \S+ L ([\d.]+) ', body)[1])
    assert right > 0.94 * drawing.WIDTH * 72 and right - left > 0.6 * right
