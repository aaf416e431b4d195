import numpy as np
import pandas as pd
import pytest
from region_samples import region_table

from analysis.evidence.groups import by_key
from analysis.evidence.panel import measure
from analysis.evidence.uncertainty import CHANCE, chance, rounding
from analysis.sources import kerncijfers

OLD = [40, 10, 30, 20, 25, 0, 35, 15]


def town(old=OLD, people=100, **columns) -> pd.DataFrame:
    return region_table([people] * len(old), n_age_65_plus=old, **columns)


def test_the_allocation_is_around_what_is_expected():
    found = chance(town(), ["age_65_plus"], year=2024, draws=2000).set_index("measure")
    expected = measure(town(), CHANCE, ["age_65_plus"], year=2024).set_index("measure")["value"]
    row = found.loc["dissimilarity"]
    # x/X = OLD/175, y/Y = (100 - OLD)/625.
    exact = sum(abs(x / 175 - (100 - x) / 625) for x in OLD) / 2
    assert row["value"] == pytest.approx(exact) and row["interval"] == "random_allocation"
    assert row["low"] < expected["expected_dissimilarity"] < row["high"] < row["value"]
    # None of 2,000 allocations is so uneven.
    assert found.loc["random_allocation_p", "value"] == pytest.approx(1 / 2001)
    # (D - E) / (1 - E)
    e = expected["expected_dissimilarity"]
    assert expected["systematic_dissimilarity"] == pytest.approx((exact - e) / (1 - e))


def test_an_even_town_is_not_more_than_chance():
    found = chance(town([20] * 8), ["age_65_plus"], year=2024).set_index("measure")
    assert found.loc["random_allocation_p", "value"] == 1


def test_p_values_are_adjusted_over_areas_and_groups_of_one_level():
    both = region_table(
        [100] * 8, gm_code=["GM9001"] * 4 + ["GM9002"] * 4, n_age_65_plus=[40, 10, 30, 20] * 2,
        n_age_0_14=[20, 21, 20, 19] * 2,
    )  # fmt: skip
    rows = chance(both, ["age_65_plus", "age_0_14"], year=2024)
    value = rows.pivot(index=["area_code", "group"], columns="measure", values="value")
    assert (value["random_allocation_p_adjusted"] >= value["random_allocation_p"]).all()
    assert value["random_allocation_p_adjusted"].max() == pytest.approx(
        value["random_allocation_p"].max()
    )


def test_another_area_changes_nothing_for_the_first():
    one = town()
    two = pd.concat([one, region_table([60] * 3, gm_code="GM9002", n_age_65_plus=[5, 10, 20])])
    for function in (chance, rounding):
        alone = function(one, ["age_65_plus"], year=2024)
        beside = function(two, ["age_65_plus"], year=2024)
        own = beside[beside["area_code"].eq("GM9001")].reset_index(drop=True)
        keys = ["measure", "value", "low", "high", "status"]
        unadjusted = ~alone["measure"].str.endswith("adjusted")
        pd.testing.assert_frame_equal(alone.loc[unadjusted, keys], own.loc[unadjusted, keys])


def test_rounding_gives_an_interval_around_the_published_index():
    row = rounding(town(), ["age_65_plus"], year=2024).iloc[0]
    exact = sum(abs(x / 175 - (100 - x) / 625) for x in OLD) / 2
    assert row["value"] == pytest.approx(exact) and row["interval"] == "rounding"
    assert row["low"] < row["value"] < row["high"] and row["high"] - row["low"] < 0.2
    # Ten times the people: ten times less can hide behind a five.
    large = rounding(town([10 * x for x in OLD], 1000), ["age_65_plus"], year=2024).iloc[0]
    assert large["high"] - large["low"] < (row["high"] - row["low"]) / 4


def test_a_percentage_is_rounded_to_whole_ones():
    shares = [0.40, 0.10, 0.30, 0.20]
    table = region_table(
        [500] * 4, share_households_lowest_40=shares, n_households=[200, 250, 300, 225]
    )
    row = rounding(table, ["households_lowest_40"], year=2024).iloc[0]
    plain = measure(table, ["dissimilarity"], ["households_lowest_40"], year=2024).iloc[0]
    assert row["value"] == pytest.approx(plain["value"], abs=1e-12)
    assert row["low"] <= row["value"] <= row["high"] and row["status"] == "ok"


@pytest.mark.parametrize("function", [chance, rounding])
def test_what_cannot_be_measured_says_why(function):
    group = by_key("age_65_plus")
    without = function(
        region_table([100] * 4), [group], year=2024,
        absent={2024: {"n_age_65_plus": "not_published"}},
    )  # fmt: skip
    assert without["status"].eq("not_published").all() and without["value"].isna().all()
    holes = function(town([40, 10, np.nan, np.nan]), [group], year=2024)
    assert holes["status"].eq("suppressed").all()
    assert holes[["value", "low", "high"]].isna().all(axis=None)
    nobody = function(town([0, 0]), [group], year=2024)
    assert nobody["status"].eq("group_absent").all()


def test_the_table_stays_as_it_was():
    table = town()
    kept = table.copy()
    chance(table, ["age_65_plus"], year=2024)
    rounding(table, ["age_65_plus"], year=2024)
    pd.testing.assert_frame_equal(table, kept)


def test_real_towns_of_2020(real_release):
    release = real_release(2020)
    table = kerncijfers.of_gemeente(kerncijfers.region_table(release, "buurt"), "GM0637")
    groups = ["non_western", "social_assistance"]
    settings = {"year": 2020, "absent": {2020: release.absent}}
    hidden = rounding(table, groups, **settings).set_index("group")
    # Benefits are rounded to 10 and the group is small: its interval is the wider one.
    width = hidden["high"] - hidden["low"]
    assert width["social_assistance"] > 5 * width["non_western"] > 0
    assert hidden.loc["non_western", "value"] == pytest.approx(0.185, abs=0.0005)
    expected = measure(table, CHANCE, groups, **settings)
    expected = expected.set_index(["group", "measure"])["value"]
    assert expected["non_western", "expected_dissimilarity"] == pytest.approx(0.011, abs=0.001)
    p = chance(table, groups, **settings)
    assert p.loc[p["measure"].eq("random_allocation_p"), "value"].max() < 0.01
