"""Inequality of distances as evidence rows, and the titles on it."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.groups import by_key
from analysis.evidence.inequality import (
    BETWEEN,
    BEYOND,
    along_order,
    beside_others,
    beyond_by_wijk,
    over_inhabitants,
)
from analysis.figures import fairness_claims
from analysis.measures.fairness import concentration_index, group_ratio
from analysis.measures.inequality import gini_of_values

KM = "gp_distance_km"
FACTS = {"year": 2024, "source": "Bron"}
WHOLE = FACTS | {"area_code": "GM0001", "area_name": "Dorp"}
LABELS = {KM: "huisarts", "school_distance_km": "basisschool"}


def town(distance, people=None, old=None):
    n = len(distance)
    return pd.DataFrame(
        {
            KM: distance, "inhabitants": people or [100.0] * n,
            "n_age_65_plus": old or [20.0] * n,
            "wk_code": [f"WK000{1 + k // 3}" for k in range(n)],
        },
        index=pd.Index([f"BU0001{k:04d}" for k in range(n)], name="region_code"),
    )  # fmt: skip


def test_values_are_those_of_the_measures_and_lie_in_their_intervals():
    table = town([0.2, 0.4, 0.9, 1.5, 2.0, 0.7], [100.0, 300, 200, 50, 80, 120])
    rows = over_inhabitants(table, [KM], **WHOLE).set_index("measure")
    assert rows.loc["gini_of_values", "value"] == gini_of_values(table[KM], table["inhabitants"])
    # Beyond 1 km: 50 + 80 of 850.
    assert rows.loc[BEYOND, "value"] == pytest.approx(130 / 850)
    assert 0 < rows.loc[BETWEEN, "value"] < 1
    assert (rows["low"] <= rows["value"]).all() and (rows["value"] <= rows["high"]).all()
    assert rows["status"].eq("ok").all() and rows["units"].eq(6).all()
    pd.testing.assert_frame_equal(rows.reset_index(), over_inhabitants(
        table, [KM], **WHOLE).set_index("measure").reset_index())  # fmt: skip


def test_what_is_not_known_withholds():
    table = town([0.2, np.nan, 0.9, 1.5, 2.0, 0.7], [100.0, 900, 200, 50, 80, 120])
    rows = over_inhabitants(table, [KM], **WHOLE)
    assert rows["status"].eq("suppressed").all() and rows["value"].isna().all()
    assert rows["units_missing"].eq(1).all()
    few = over_inhabitants(town([0.2, 0.4]), [KM], **WHOLE)
    assert few["status"].eq("too_small").all()
    alike = over_inhabitants(town([0.5] * 6), [KM], **WHOLE).set_index("measure")
    assert alike.loc["gini_of_values", "value"] == pytest.approx(0, abs=1e-12)
    # Nothing to divide over wijken: undefined, not 0.
    assert alike.loc[BETWEEN, "status"] == "group_absent"


def test_a_group_beside_all_others():
    table = town([0.5, 1.0, 2.0, 0.5, 1.0, 2.0], old=[60.0, 20, 10, 50, 20, 5])
    row = beside_others(table, [KM], by_key("age_65_plus"), **WHOLE).iloc[0]
    expected = group_ratio(table[KM], table["n_age_65_plus"], 100 - table["n_age_65_plus"])
    assert row["value"] == pytest.approx(expected) and row["value"] < 1
    assert row["low"] <= row["value"] <= row["high"]
    assert row["group"] == f"{KM} | age_65_plus"
    nobody = town([0.5, 1, 2, 3, 4], old=[0.0] * 5)
    row = beside_others(nobody, [KM], by_key("age_65_plus"), **WHOLE).iloc[0]
    assert row["status"] == "group_absent" and np.isnan(row["value"])


def test_wijken_by_who_lives_beyond_a_walk():
    table = town([0.5, 1.5, 0.8, 0.5, np.nan, 0.7], [100.0, 300, 100, 10, 500, 10])
    wijken = pd.Series({"WK0001": "Hoog", "WK0002": "Laag", "WK0003": "Leeg"})
    rows = beyond_by_wijk(table, KM, wijken, **FACTS).set_index("area_code")
    assert rows.loc["WK0001", "value"] == pytest.approx(300 / 500)
    assert rows.loc["WK0002", "status"] == "suppressed" and np.isnan(rows.loc["WK0002", "value"])
    assert rows.loc["WK0003", "status"] != "ok"
    title = fairness_claims.beyond(rows.reset_index(), "huisarts")
    assert title.startswith("In Hoog woont 60% in een buurt die gemiddeld verder dan 1 km")
    none = rows.assign(value=0.0, status="ok").reset_index()
    assert fairness_claims.beyond(none, "huisarts").startswith("In geen enkele wijk")
    assert "niet te zeggen" in fairness_claims.beyond(none.assign(status="suppressed"), "x")


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (0.8, 0.9, "65-plussers wonen gemiddeld duidelijk dichter bij een huisarts"),
        (1.1, 1.3, "duidelijk verder van een huisarts"),
        (0.9, 1.1, "Voor geen enkele voorziening is duidelijk"),
    ],
)
def test_titles_on_a_group(low, high, says):
    rows = pd.DataFrame(
        {"area_name": ["huisarts"], "value": [1.0], "low": [low], "high": [high], "status": "ok"}
    )
    assert says in fairness_claims.group(rows, "65-plussers")
    assert "niet te zeggen" in fairness_claims.group(rows.iloc[:0], "65-plussers")


def test_titles_on_inequality():
    rows = pd.DataFrame(
        {"measure": "gini_of_values", "group": list(LABELS), "value": [0.3, 0.2], "status": "ok"}
    )
    told = fairness_claims.most_unequal(rows, LABELS)
    assert told.startswith("De afstand tot een huisarts is het meest ongelijk verdeeld (Gini 0,30)")
    # Intervals that meet: which of the two is more unequal cannot be said.
    close = rows.assign(low=[0.2, 0.1], high=[0.4, 0.2])
    assert fairness_claims.most_unequal(close, LABELS) == (
        "Afstanden tot een huisarts en een basisschool zijn ongeveer even ongelijk verdeeld (Gini "
        "0,20 tot 0,30)"
    )
    apart = rows.assign(low=[0.25, 0.1], high=[0.4, 0.2])
    assert "het meest ongelijk" in fairness_claims.most_unequal(apart, LABELS)
    assert "heeft een Gini" in fairness_claims.most_unequal(rows.iloc[:1], LABELS)
    same = fairness_claims.most_unequal(rows.assign(value=[0.301, 0.299]), LABELS)
    assert same == "Afstanden zijn voor elke soort even ongelijk verdeeld (Gini 0,30)"
    assert "niet te zeggen" in fairness_claims.most_unequal(rows.iloc[:0], LABELS)
    curve = rows.assign(measure="lorenz_curve_0.5")
    assert "De helft die het dichtst bij een basisschool" in fairness_claims.half(curve, LABELS)
    assert "niet te zeggen" in fairness_claims.half(rows, LABELS)


def test_along_an_order_those_low_in_it_are_farther():
    # Distance falls as income rises: those with low incomes have more of it, so below 0.
    table = town([2.0, 1.6, 1.4, 0.8, 0.4, 0.2]).assign(income=[10.0, 12, 14, 20, 30, 40])
    rows = along_order(table, [KM], "income", **WHOLE).set_index("measure")
    own = rows.loc["concentration_index"]
    assert own["value"] == concentration_index(table[KM], table["income"], table["inhabitants"])
    assert own["value"] < 0 and own["low"] <= own["value"] <= own["high"]
    # Beyond 1 km the three lowest: 4 x 1/2 x the index of (1, 1, 1, 0, 0, 0), which is -1/2.
    assert rows.loc["erreygers_index", "value"] == pytest.approx(-1)
    assert rows["group"].eq(f"{KM} | income").all()
    turned = along_order(table.assign(income=-table["income"]), [KM], "income", **WHOLE)
    assert turned["value"].tolist() == pytest.approx([-own["value"], 1])
    few = along_order(table.assign(income=[1.0] + [np.nan] * 5), [KM], "income", **WHOLE)
    assert few["status"].eq("suppressed").all()


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (0.02, 0.2, "liggen dichter bij een huisarts"),
        (-0.2, -0.02, "liggen verder van een huisarts"),
        (-0.1, 0.1, "niet te onderscheiden"),
    ],
)
def test_titles_along_an_order(low, high, says):
    rows = pd.DataFrame({"area_name": [KM], "low": [low], "high": [high], "status": ["ok"]})
    assert says in fairness_claims.ordered(rows, LABELS, "buurten met lage inkomens")
    none = rows.assign(status="suppressed")
    assert "niet te zeggen" in fairness_claims.ordered(none, LABELS, "buurten met lage inkomens")
