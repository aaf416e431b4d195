"""Bars of two parts: what is drawn, told instead, and in the table."""

import re

import numpy as np
import pandas as pd
import pytest
from figure_samples import NASTY, WORDS, Page, assert_self_contained, evidence

from analysis.figures import style
from analysis.figures.stacked import parts_of_whole

PARTS = {"wijk": "tussen wijken", "buurt": "binnen wijken"}


def drawn(shares: dict[str, float], **changed):
    values = [part for share in shares.values() for part in (share, 1 - share)]
    rows = evidence(
        values, ["ok" if value == value else "not_segregated" for value in values],
        level=["wijk", "buurt"] * len(shares), measure="share_of_segregation",
        group=[group for group in shares for _ in range(2)],
    )  # fmt: skip
    labels = {group: f"groep {group} {NASTY}" for group in shares}
    settings = {**WORDS, "labels": labels, "parts": PARTS, "value_label": "deel"}
    return parts_of_whole(rows, **{**settings, **changed})


@pytest.fixture
def readable(monkeypatch):
    monkeypatch.setitem(style._RC, "svg.fonttype", "none")


def texts(figure) -> list[str]:
    return [one["text"].strip() for one in Page(figure.body).all("text")]


def test_both_parts_are_named_and_numbered(readable):
    said = texts(drawn({"a": 0.7, "b": 0.25}))
    assert {"70%", "30%", "25%", "75%", "tussen wijken", "binnen wijken"} <= set(said)


def test_a_narrow_part_has_its_number_in_the_table_only(readable):
    figure = drawn({"a": 0.96})
    assert "4%" not in texts(figure) and "96%" in texts(figure)
    assert figure.table.iloc[0].tolist()[1:] == ["2024", "96%", "4%"]


def test_a_group_without_parts_says_why(readable):
    figure = drawn({"a": 0.7, "b": np.nan})
    assert "vrijwel gelijk verspreid" in texts(figure)
    assert figure.table["binnen wijken"].tolist() == ["30%", "vrijwel gelijk verspreid"]


def test_it_is_a_figure_of_its_own():
    figure = drawn({"a": 0.7}, stamp="Fictieve voorbeeldgegevens")
    assert_self_contained(figure._repr_html_())
    pd.testing.assert_frame_equal(figure.rows, drawn({"a": 0.7}).rows)


def test_names_of_many_lines_do_not_run_into_each_other(readable):
    # Four words that are each too long to share a line.
    words = {key: [f"{'woord' * 4}{key}{n}" for n in range(4)] for key in "abc"}
    labels = {key: " ".join(lines) for key, lines in words.items()}
    figure = drawn(dict.fromkeys("abc", 0.5), labels=labels)
    at = {}
    for one in Page(figure.body).all("text"):
        place = re.search(r"translate\(\S+ (\S+)\)", one.get("transform") or "")
        at[one["text"].strip()] = float(place[1] if place else one["y"])
    line = at[words["a"][1]] - at[words["a"][0]]
    assert line > 0
    for above, below in (("a", "b"), ("b", "c")):
        assert at[words[below][0]] - at[words[above][3]] > line
