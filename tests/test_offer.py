"""How many kinds of facilities a wijk has, and how common each of them is."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pieces import check_told

from analysis.evidence.offer import EFFECTIVE, PRESENT, offer
from analysis.figures.infrastructure_claims import most_kinds
from analysis.reports import chapter_infrastructure
from analysis.reports.absent import Absent
from analysis.reports.chapter_infrastructure import variety_by_wijk

WIJKEN = ["WK1", "WK2", "WK3", "WK4"]
COUNTS = pd.DataFrame(
    {"library": [1.0, 0, 0, np.nan], "park": [1.0, 4, 0, np.nan], "cafe": [2.0, 0, 0, np.nan]},
    index=WIJKEN,
)
PEOPLE = pd.Series([900.0, 800, 700, 600], index=WIJKEN)
NAMES = pd.Series(["Oost", "West", "Zuid", "Noord"], index=WIJKEN)


def rows_of(counts=COUNTS, people=PEOPLE) -> pd.DataFrame:
    return offer(counts, people, NAMES, level="wijk", year=2024, source="Bron")


def column(rows, measure, what="value") -> list:
    return rows[rows["measure"].eq(measure)][what].tolist()


def test_kinds_are_counted_and_weighed():
    rows = rows_of()
    assert column(rows, PRESENT)[:3] == [3, 1, 0]
    # Shares 1/4, 1/4, 1/2: exp(2 x ln(4)/4 + ln(2)/2) = 4^0.5 x 2^0.5 = 2.828; one kind is 1.
    assert column(rows, EFFECTIVE)[:2] == pytest.approx([2 * np.sqrt(2), 1])
    # Nothing there is 0 kinds, and no mix; not looked is neither.
    assert column(rows, PRESENT, "status") == ["ok", "ok", "ok", "not_comparable"]
    assert column(rows, EFFECTIVE, "status") == ["ok", "ok", "group_absent", "not_comparable"]
    cafes = rows[rows["group"].eq("cafe")]
    assert cafes["value"].tolist()[:3] == [2, 0, 0] and np.isnan(cafes["value"].iloc[3])


def test_what_is_given_is_not_changed():
    counts, people = COUNTS.copy(), PEOPLE.copy()
    rows_of(counts, people)
    pd.testing.assert_frame_equal(counts, COUNTS)
    pd.testing.assert_series_equal(people, PEOPLE)


def present(counts=COUNTS, people=PEOPLE) -> pd.DataFrame:
    rows = rows_of(counts, people)
    return rows[rows["measure"].eq(PRESENT)]


def test_titles_on_variety():
    said = "In Oost zijn de meeste soorten voorzieningen (3 van de 3), in Zuid de minste (0)"
    assert most_kinds(present(), 3) == said
    # Where hardly anyone lives nothing is news.
    few = PEOPLE.replace({700.0: 60.0})
    assert most_kinds(present(people=few), 3).endswith("in West de minste (1)")
    assert "alle wijken met cijfers zijn er even veel soorten: 3" in most_kinds(
        present(COUNTS.iloc[[0, 0, 0, 3]].set_axis(WIJKEN)), 3
    )
    assert most_kinds(present(COUNTS.iloc[[0]]), 3) == (
        "In Oost zijn 3 van de 3 soorten voorzieningen uit de lijst"
    )
    assert "niet te" in most_kinds(present(COUNTS.iloc[[3]]), 3)


def test_the_example(example_dossier):
    figure = variety_by_wijk(example_dossier)
    check_told(figure)
    kinds = figure.rows[figure.rows["level"].eq("gemeente")]["value"].iloc[0]
    counted = figure.rows[figure.rows["measure"].eq("facility_count")]
    assert counted["group"].nunique() == kinds
    there = counted[counted["value"].gt(0)].groupby("area_code")["group"].nunique()
    own = figure.rows[figure.rows["measure"].eq(PRESENT) & figure.rows["level"].eq("wijk")]
    assert own.set_index("area_code")["value"].to_dict() == there.to_dict()


def test_one_kind_has_no_variety(example_dossier, monkeypatch):
    located = chapter_infrastructure.located_in(example_dossier)
    libraries = located.points[located.points["kind"].eq("library")]
    one = replace(located, points=libraries)
    monkeypatch.setattr(chapter_infrastructure, "located_in", lambda dossier: one)
    told = variety_by_wijk(example_dossier)
    assert isinstance(told, Absent) and "maar één soort" in told.sentence
