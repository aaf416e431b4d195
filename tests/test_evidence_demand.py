import numpy as np
import pandas as pd
import pytest

from analysis.evidence.demand import STATUS_WORDS, demand_rows, gap_rows, supply_rows
from analysis.evidence.growth import EXAMPLES, GrowthPlan, age_ranges, growth_evidence
from analysis.measures.demand import growth_cases
from analysis.sources.facility_kinds import read_kinds
from analysis.sources.norms import norms_for, read_hours, read_norms

AREA = pd.Series({"area_code": "WK990101", "area_name": "W", "year": 2024, "level": "wijk"})
PLAN = GrowthPlan((2000, 2500, 3000), (2, 2, 2), {"social": 1 / 3, "other": 2 / 3})


@pytest.fixture(scope="module")
def norms(root):
    kinds = read_kinds(root / "data" / "facility_kinds.csv")
    return norms_for(read_norms(root / "data" / "norms.csv", kinds), milieu="centrum-stedelijk")


@pytest.fixture(scope="module")
def week(root):
    return read_hours(root / "data" / "function_hours.csv")


def region(**more):
    known = {"region_name": "W", "n_dwellings": 1000.0, "inhabitants": 2095.0}
    return pd.Series(known | more, name="WK990101")


def row_of(rows, measure, group):
    found = rows[rows["measure"].eq(measure) & rows["group"].eq(group)]
    assert len(found) == 1
    return found.iloc[0]


def points(kinds, m2):
    return pd.DataFrame({"kind": kinds, "m2": m2})


def test_band_of_2000_to_3000_dwellings(norms):
    rows = demand_rows(norms, growth_cases((2000, 2500, 3000), (2, 2, 2)), when="growth",
                       area=AREA, assumptions=PLAN.told)  # fmt: skip
    cjg = row_of(rows, "demand_m2_growth", "youth_family_centre")
    assert cjg[["low", "value", "high"]].tolist() == [100, 125, 150]
    assert cjg["source"] == "norm: 50 m2 bvo per 1000 woningen, Den Haag 2021 (vastgesteld)"
    gp = row_of(rows, "demand_units_growth", "gp")
    assert gp[["low", "high"]].astype(float).round(2).tolist() == [1.91, 2.86]
    green = row_of(rows, "demand_m2_growth", "public_green")
    assert green[["low", "high"]].tolist() == [150_000, 225_000]
    use = row_of(rows, "building_use_growth", "community_centre")
    # 375 of 600 m2
    assert use["high"] == 0.625
    assert use["status"] == "below_building"
    assert "2.000 tot 3.000 woningen, 2 personen" in cjg["interval"]


def test_no_norm_is_words_and_never_zero(norms):
    rows = demand_rows(norms, growth_cases((1, 1, 1), (2, 2, 2)), when="growth", area=AREA,
                       assumptions="")  # fmt: skip
    sports = row_of(rows, "demand_m2_growth", "sports")
    assert sports["status"] == "no_norm"
    assert np.isnan(sports["value"])
    assert STATUS_WORDS["no_norm"] == "geen norm ingevuld"
    assert sports["source"].startswith("geen norm ingevuld")
    assert row_of(rows, "demand_m2_growth", "play_space")["status"] == "no_denominator"
    # A minimum per gemeente asks nothing of a wijk.
    assert row_of(rows, "demand_units_growth", "library")["status"] == "no_denominator"


def test_a_norm_that_is_a_distance_asks_for_no_amount(norms):
    far = norms.loc[["public_green"]].assign(unit="max_distance_m", value=300.0)
    rows = demand_rows(far, growth_cases((1, 1, 1), (2, 2, 2)), when="growth", area=AREA,
                       assumptions="")  # fmt: skip
    assert rows["status"].tolist() == ["no_amount"]
    with pytest.raises(ValueError, match="when is"):
        demand_rows(far, growth_cases((1, 1, 1), (2, 2, 2)), when="later", area=AREA,
                    assumptions="")  # fmt: skip


def test_floor_only_from_floor_and_places_only_where_somebody_looked(norms):
    listed = points(
        ["community_centre", "community_centre", "gp", "youth_family_centre"],
        [400.0, np.nan, np.nan, 900.0],
    )
    inside = pd.Series([True, True, True, False])
    rows = supply_rows(norms, listed, inside, area=AREA, source="eigen lijst")
    centre = row_of(rows, "supply_m2", "community_centre")
    assert centre["status"] == "m2_unknown"
    assert centre["low"] == 400
    assert centre["units_missing"] == 1
    # Known elsewhere with its floor, so that none here is really none.
    assert row_of(rows, "supply_m2", "youth_family_centre")["value"] == 0
    assert row_of(rows, "supply_units", "gp")["value"] == 1
    assert row_of(rows, "supply_units", "library")["status"] == "supply_unknown"
    assert row_of(rows, "supply_m2", "public_green")["status"] == "m2_unknown"
    assert STATUS_WORDS["m2_unknown"] == "aanbod in m² onbekend"


def test_shortage_keeps_the_band_and_the_first_reason(norms):
    listed = points(["youth_family_centre", "gp"], [60.0, np.nan])
    asked = demand_rows(norms, growth_cases((2000, 2500, 3000), (2, 2, 2)), when="growth",
                        area=AREA, assumptions="a")  # fmt: skip
    there = supply_rows(norms, listed, pd.Series([True, True]), area=AREA, source="lijst")
    rows = gap_rows(asked, there)
    cjg = row_of(rows, "shortage_m2_growth", "youth_family_centre")
    assert cjg[["low", "value", "high"]].tolist() == [40, 65, 90]
    assert row_of(rows, "shortage_units_growth", "gp")["value"] == pytest.approx(5000 / 2095 - 1)
    assert row_of(rows, "shortage_m2_growth", "sports")["status"] == "no_norm"
    assert row_of(rows, "shortage_m2_growth", "community_centre")["status"] == "m2_unknown"


def test_growth_adds_up_and_proposes_to_combine(norms, week):
    hours, available = week
    rows = growth_evidence(region(), norms, PLAN, year=2024, level="wijk", source="CBS",
                           hours=hours, available=available)  # fmt: skip
    assert row_of(rows, "demand_m2_now", "youth_family_centre")["value"] == 50
    after = row_of(rows, "demand_m2_after", "youth_family_centre")
    assert after[["low", "value", "high"]].tolist() == [150, 175, 200]
    assert row_of(rows, "demand_units_now", "gp")["value"] == 1
    assert row_of(rows, "dwellings_growth", "social")["high"] == pytest.approx(1000)
    both = row_of(rows, "combined_m2", "youth_family_centre + community_centre")
    # 125 + 312.5 side by side; 150 + 375 at most; under the 600 of the smaller building
    assert both["value"] == 437.5
    assert both["high"] == 525
    assert both["status"] == "below_building"
    # afternoon 20 + 20 of 30 and morning 20 + 10 of 20: 20 hours clash
    assert row_of(rows, "hours_clash", both["group"])["value"] == 20
    assert not rows.duplicated(["measure", "group"]).any()


def test_unknown_dwellings_make_the_demand_of_now_and_after_unknown(norms):
    rows = growth_evidence(region(n_dwellings=np.nan), norms, PLAN, year=2024, level="wijk",
                           source="CBS")  # fmt: skip
    for when in ("now", "after"):
        assert row_of(rows, f"demand_m2_{when}", "public_green")["status"] == "no_denominator"
    assert row_of(rows, "demand_m2_growth", "public_green")["status"] == "ok"


def test_a_norm_per_person_of_an_age_takes_the_ages_of_the_regions(norms):
    per_child = norms.loc[["youth_family_centre"]].assign(
        unit="m2_per_person", group="age_0_14", value=1.0
    )
    compared = pd.DataFrame({"inhabitants": [100.0, 200.0, 0.0], "n_age_0_14": [10.0, 40.0, 0.0]})
    assert age_ranges(compared) == {"age_0_14": pytest.approx((0.1, 0.15, 0.2))}
    rows = growth_evidence(region(n_age_0_14=300.0), per_child, PLAN, year=2024, level="wijk",
                           source="CBS", compared=compared)  # fmt: skip
    new = row_of(rows, "demand_m2_growth", "youth_family_centre")
    # 4000 * 0.1; 5000 * 0.15; 6000 * 0.2
    assert new[["low", "value", "high"]].astype(float).tolist() == pytest.approx([400, 750, 1200])
    assert row_of(rows, "demand_m2_after", "youth_family_centre")["value"] == pytest.approx(1050)


def test_examples_of_two_new_towns(norms, week, shared):
    table = pd.read_parquet(shared / "data" / "statline" / "85984NED" / "TypedDataSet.parquet")
    table = table.set_index(table["WijkenEnBuurten"].str.strip())
    people = next(column for column in table if column.startswith("AantalInwoners"))
    for code, (_, plan) in EXAMPLES.items():
        one = pd.Series({"inhabitants": table.loc[code, people]}, name=code)
        rows = growth_evidence(one, norms, plan, year=2024, level="buurt", source="CBS",
                               hours=week[0], available=week[1])  # fmt: skip
        centre = row_of(rows, "demand_m2_growth", "community_centre")
        assert centre[["low", "high"]].tolist() == [250, 375]
        gp = row_of(rows, "demand_units_growth", "gp")
        assert gp["low"] == pytest.approx(2000 * 1.6 / 2095)
        assert row_of(rows, "demand_units_now", "gp")["value"] > 0
