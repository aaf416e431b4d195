import numpy as np
import pandas as pd
import pytest

from analysis.measures.combining import combining_proposals, shared_floor
from analysis.measures.demand import demand, growth_cases

NORMS = pd.DataFrame(
    [
        ("cjg", 50.0, "m2_per_1000_dwellings", ""),
        ("buurthuis", 125.0, "m2_per_1000_dwellings", ""),
        ("gp", 2095.0, "persons_per_unit", "inhabitants"),
        ("green", 75_000.0, "m2_per_1000_dwellings", ""),
        ("play", 3.0, "percent_of_area", ""),
        ("childcare", 3.5, "m2_per_person", "children_present"),
        ("library", 1.0, "minimum_per_gemeente", ""),
        ("walk", 300.0, "max_distance_m", ""),
        ("sports", np.nan, "", ""),
    ],
    columns=["facility", "value", "unit", "group"],
).set_index("facility")


def test_known_demand_of_2000_and_3000_dwellings():
    cases = growth_cases((2000, 2500, 3000), (2, 2, 2))
    found = demand(NORMS, cases)
    # 50 m2 * 3; 125 * 3; 6000 / 2095; 75 m2 * 3000 = 22.5 ha
    assert found["high"][:4].tolist() == pytest.approx([150, 375, 6000 / 2095, 225_000])
    assert round(found.loc["gp", "high"], 2) == 2.86
    assert found["low"][:4].tolist() == pytest.approx([100, 250, 4000 / 2095, 150_000])
    assert round(found.loc["gp", "low"], 2) == 1.91


def test_no_norm_no_basis_and_no_amount_are_undefined_and_never_zero():
    found = demand(NORMS, growth_cases((0, 1, 2), (2, 2, 2)))
    assert found.loc[["play", "childcare", "library", "walk", "sports"]].isna().all(axis=None)
    assert found.loc["cjg", "low"] == 0


def test_area_people_and_gemeenten():
    cases = pd.DataFrame({"area_m2": [10_000], "children_present": [20], "gemeenten": [1]})
    found = demand(NORMS, cases)[0]
    assert found[["play", "childcare", "library"]].tolist() == [300.0, 70.0, 1.0]


def test_inputs_stay_as_they_were():
    norms, cases = NORMS.copy(), growth_cases((1, 2, 3), (2, 2, 2))
    before = cases.copy()
    demand(norms, cases)
    pd.testing.assert_frame_equal(norms, NORMS)
    pd.testing.assert_frame_equal(cases, before)


def test_tenure_works_through_the_size_of_households():
    cases = growth_cases(
        (900, 900, 900),
        {"social": (1, 1.5, 2), "other": (2, 2, 2)},
        tenure={"social": 1 / 3, "other": 2 / 3},
        age_shares={"age_0_14": (0.1, 0.2, 0.3)},
    )
    # 300 * 1 + 600 * 2; 300 * 1.5 + 1200; 600 + 1200
    assert cases["inhabitants"].tolist() == pytest.approx([1500, 1650, 1800])
    assert cases["age_0_14"].tolist() == pytest.approx([150, 330, 540])
    assert cases["dwellings_social"].tolist() == pytest.approx([300] * 3)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"dwellings": (3, 2, 1), "household_size": (2, 2, 2)}, "rising"),
        ({"dwellings": (-1, 2, 3), "household_size": (2, 2, 2)}, "out of its range"),
        ({"dwellings": (1, 2, 3), "household_size": (0, 2, 2)}, "out of its range"),
        ({"dwellings": (1, np.nan, 3), "household_size": (2, 2, 2)}, "finite"),
        ({"dwellings": (1, 2, 3), "household_size": (2, 2, 2), "tenure": {"a": 0.4}}, "add up"),
        (
            {"dwellings": (1, 2, 3), "household_size": {"b": (2, 2, 2)}, "tenure": {"a": 1.0}},
            "sizes",
        ),
        (
            {"dwellings": (1, 2, 3), "household_size": (2, 2, 2), "age_shares": {"x": (0, 1, 2)}},
            "out of its range",
        ),
    ],
)
def test_assumptions_out_of_range_are_refused(given, match):
    with pytest.raises(ValueError, match=match):
        growth_cases(**given)


def test_wrong_norms_and_cases_are_refused():
    cases = pd.DataFrame({"dwellings": [1]})
    with pytest.raises(ValueError, match="above 0"):
        demand(NORMS.assign(value=0.0), cases)
    with pytest.raises(ValueError, match="negative"):
        demand(NORMS, -cases)
    with pytest.raises(ValueError, match="lack"):
        demand(NORMS[["value"]], cases)


PARTS = pd.Series({"day": 10.0, "evening": 5.0})
HOURS = pd.DataFrame(
    {"day": [10.0, 5.0, 0.0], "evening": [0.0, 5.0, 5.0]}, index=["cjg", "buurthuis", "club"]
)


def test_shared_floor_lies_between_largest_and_sum():
    floor = pd.Series({"cjg": 100.0, "buurthuis": 200.0, "club": 50.0})
    # day: 100 + 200 * 0.5 = 200; evening: 200 + 50 = 250
    assert shared_floor(floor, HOURS, PARTS) == 250
    assert shared_floor(floor[["cjg", "club"]], HOURS.loc[["cjg", "club"]], PARTS) == 100
    assert np.isnan(shared_floor(floor[:0], HOURS[:0], PARTS))


def test_shared_floor_refuses_more_hours_than_there_are():
    floor = pd.Series({"cjg": 100.0, "buurthuis": 200.0, "club": 50.0})
    with pytest.raises(ValueError, match="available"):
        shared_floor(floor, HOURS * 2, PARTS)
    with pytest.raises(ValueError, match="same functions"):
        shared_floor(floor[:2], HOURS, PARTS)
    with pytest.raises(ValueError, match=">= 0"):
        shared_floor(floor * np.nan, HOURS, PARTS)


def test_proposals_are_for_what_is_below_its_building():
    floor = pd.Series({"cjg": 150.0, "buurthuis": 375.0, "club": 50.0, "pool": 900.0, "gp": 3.0})
    building = pd.Series({"cjg": 1400.0, "buurthuis": 600.0, "club": 200.0, "pool": 900.0})
    found = combining_proposals(floor, building, HOURS, PARTS)
    assert set(found["facilities"]) == {
        ("cjg", "buurthuis"), ("cjg", "club"), ("buurthuis", "club"), ("cjg", "buurthuis", "club"),
    }  # fmt: skip
    first = found.iloc[0]
    assert first["facilities"] == ("cjg", "club")
    assert first["complement"] == 1
    assert first["floor_apart"] == 200
    assert first["fits"]
    pair = found[found["facilities"].map(("cjg", "buurthuis").__eq__)].iloc[0]
    # day 10 + 5 of 10: 5 hours clash of 20 needed; 525 m2 is under the 600 of the buurthuis
    assert pair["hours_clash"] == 5
    assert pair["complement"] == 0.75
    assert not pair["fits"]
