"""Distances over the years beside the number of people: whether facilities keep pace."""

import numpy as np
import pandas as pd
import pytest
from pieces import check_told

from analysis.evidence.frame import join
from analysis.evidence.pace import changes_of_nearness, growth_of_people, nearness_of_year
from analysis.figures.pace_claims import pace
from analysis.reports.absent import Absent
from analysis.reports.chapter_pace import keeping_pace
from analysis.reports.dossier import open_dossier

FACTS = {"area_code": "GM1", "area_name": "Dorp", "source": "Bron"}
SHOP, DOCTOR = "supermarket_distance_km", "gp_distance_km"
LABELS = {SHOP: "grote supermarkt", DOCTOR: "huisartsenpraktijk"}


def year_of(year: int, *distances, concept=SHOP, people=(300, 100), absent=()) -> pd.DataFrame:
    regions = pd.DataFrame({"inhabitants": people, concept: distances}, index=["BU1", "BU2"])
    return nearness_of_year(
        regions, concept, level="buurt", year=year, absent=dict(absent), **FACTS
    )


def people_of(*numbers, land=(10.0, 10.0), years=(2020, 2024)) -> pd.DataFrame:
    return growth_of_people(pd.Series(numbers, years), pd.Series(land, years), **FACTS)


def test_the_mean_has_the_room_that_rounding_leaves():
    row = year_of(2020, 0.4, 1.2).iloc[0]
    # (300 x 0.4 + 100 x 1.2) / 400 = 0.6; 1.96 x 0.1 / sqrt(12) x sqrt(0.75^2 + 0.25^2).
    assert row["value"] == pytest.approx(0.6)
    assert row["high"] - 0.6 == pytest.approx(0.0447300, abs=1e-6)
    assert 0.6 - row["low"] == pytest.approx(0.0447300, abs=1e-6)
    assert row["interval"] == "rounding"
    # Nobody lives nearer than next door.
    assert year_of(2020, 0.0, 0.0)["low"].iloc[0] == 0


def test_rounding_stays_within_that_room():
    dice = np.random.default_rng(5)
    people = dice.integers(100, 4000, 40)
    inside = 0
    for _ in range(400):
        true = dice.uniform(0.2, 3, 40)
        regions = pd.DataFrame({"inhabitants": people, SHOP: np.round(true, 1)})
        row = nearness_of_year(regions, SHOP, level="buurt", year=2020, absent={}, **FACTS).iloc[0]
        inside += row["low"] <= np.average(true, weights=people) <= row["high"]
    assert 368 <= inside <= 394


def test_a_year_without_figures_has_no_interval():
    row = year_of(2020, np.nan, np.nan, absent={SHOP: "not_published"}).iloc[0]
    assert row["status"] == "not_published" and np.isnan(row["low"]) and not row["interval"]


def test_changes_do_not_cross_a_year_of_another_count():
    rows = join(
        [year_of(y, d, d, concept=DOCTOR) for y, d in ((2018, 0.5), (2019, 0.7), (2021, 2.0))]
    )
    (change,) = changes_of_nearness(rows, {DOCTOR: 2020}).to_dict("records")
    assert change["measure"] == "mean_distance_change_since_2018" and change["year"] == 2019
    assert change["value"] == pytest.approx(0.2)
    (change,) = changes_of_nearness(rows, {}).to_dict("records")
    assert change["year"] == 2021 and change["value"] == pytest.approx(1.5)


def test_people_are_compared_on_the_same_land_only():
    rows = people_of(1000, 1025)
    assert rows["value"].tolist() == pytest.approx([0.025])
    assert people_of(1000, 1025, land=(10.0, 10.19))["status"].tolist() == ["ok"]
    merged = people_of(1000, 2000, land=(10.0, 19.0))
    assert merged["status"].tolist() == ["not_comparable"] and merged["value"].isna().all()
    assert people_of(0, 20)["status"].tolist() == ["not_comparable"]


@pytest.mark.parametrize(
    ("then", "now", "people", "says"),
    [(0.8, 0.6, (1000, 1025), "Dorp groeide van 2020 tot 2024 met 2,5%; er ligt een grote "
      "supermarkt volgens het CBS gemiddeld 0,20 km dichterbij"),
     (0.6, 0.8, (1000, 900), "kromp van 2020 tot 2024 met 10,0%; er ligt een grote supermarkt "
      "volgens het CBS gemiddeld 0,20 km verder weg"),
     (0.6, 0.6, (1000, 1004), "ongeveer evenveel inwoners; er ligt een grote supermarkt volgens "
      "het CBS gemiddeld ongeveer even ver"),
     (0.6, 0.7, (0, 1004), "Vergeleken met 2020 ligt in 2024 een grote supermarkt volgens het CBS "
      "gemiddeld 0,10 km verder weg")],
)  # fmt: skip
def test_titles(then, now, people, says):
    changed = changes_of_nearness(
        join([year_of(2020, then, then, people=(900, 900)), year_of(2024, now, now)]), {}
    )
    assert says in pace(changed, people_of(*people), LABELS, "Dorp")


def test_the_title_is_on_the_kind_of_most_years():
    rows = join(
        [year_of(2020, 0.5, 0.5), year_of(2024, 0.9, 0.9),
         year_of(2019, 0.5, 0.5, concept=DOCTOR), year_of(2024, 0.9, 0.9, concept=DOCTOR)]
    )  # fmt: skip
    changed = changes_of_nearness(rows, {})
    grown = people_of(100, 110, 120, land=(1, 1, 1), years=(2019, 2020, 2024))
    assert "van 2019 tot 2024 met 20,0%; er ligt een huisarts" in pace(
        changed, grown, LABELS, "Dorp"
    )
    nothing = pace(changed.iloc[:0], grown, LABELS, "Dorp")
    assert nothing == "Of voorzieningen in Dorp dichterbij kwamen, is niet te zeggen"


@pytest.mark.parametrize(
    ("name", "says"),
    [("Zoetermeer", "met 2,5%; er ligt een grote supermarkt volgens het CBS gemiddeld 0,10 km "
      "dichterbij"), ("Almere", "met 6,9%; er ligt een grote supermarkt volgens het CBS gemiddeld "
      "ongeveer even ver")],
)  # fmt: skip
def test_real_gemeenten(name, says, real_raw):
    figure = keeping_pace(open_dossier(name, raw=str(real_raw)))
    check_told(figure)
    assert says in figure.claim
    # The table of 2017 has no distances at all.
    assert set(figure.rows["year"]) == {2020, 2024}


def test_the_example_and_one_year_alone(example_dossier, example_raw):
    figure = keeping_pace(example_dossier)
    check_told(figure)
    assert figure.table["jaar"].tolist()[-1] == "verandering" and len(figure.table.columns) == 6
    alone = keeping_pace(open_dossier("GM9901", year=2024, edition="voorbeeld", raw=example_raw))
    assert isinstance(alone, Absent) and "'pull --jaar'" in alone.sentence
