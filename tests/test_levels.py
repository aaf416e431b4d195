import numpy as np
import pandas as pd
import pytest
from region_samples import region_table

from analysis.evidence.groups import by_key
from analysis.evidence.levels import over_levels
from analysis.sources import kerncijfers

PEOPLE = by_key("age_65_plus")


def divided(old, wijken, absent=None, people=None) -> pd.DataFrame:
    table = region_table(people or [100] * len(old), n_age_65_plus=old).assign(wk_code=wijken)
    kept = table.copy()
    rows = over_levels(
        table, [PEOPLE], year=2024, source="Bron", absent=absent or {},
        area_names=pd.Series({"GM9001": "Stad 1"}),
    )  # fmt: skip
    pd.testing.assert_frame_equal(table, kept)
    return rows.set_index("level")


def test_all_of_it_between_wijken_or_all_of_it_inside_them():
    between = divided([10, 10, 40, 40], ["a", "a", "b", "b"])
    assert between["value"].tolist() == pytest.approx([1, 0], abs=1e-12)
    inside = divided([10, 40, 10, 40], ["a", "a", "b", "b"])
    assert inside["value"].tolist() == pytest.approx([0, 1], abs=1e-12)
    assert inside[["status", "units", "area_name"]].iloc[0].tolist() == ["ok", 4, "Stad 1"]


def test_the_shares_by_hand():
    # p = .1 .2 | .3 .4 in units of 100: H of the units is 1 - mean E(p) / E(.25); of the wijken,
    # with .15 and .35, the same.
    def e(p):
        return -p * np.log(p) - (1 - p) * np.log(1 - p)

    units = e(0.25) - np.mean([e(p) for p in (0.1, 0.2, 0.3, 0.4)])
    wijken = e(0.25) - np.mean([e(0.15), e(0.35)])
    found = divided([10, 20, 30, 40], ["a", "a", "b", "b"])
    assert found.loc["wijk", "value"] == pytest.approx(wijken / units, abs=1e-12)
    assert found["value"].sum() == pytest.approx(1, abs=1e-12)


def test_where_nothing_differs_there_is_nothing_to_divide():
    found = divided([20, 20], ["a", "b"])
    assert found["status"].tolist() == ["not_segregated"] * 2 and found["value"].isna().all()


def test_holes_are_left_out_counted_and_too_many_withhold():
    found = divided([10, 20, 40, np.nan], ["a", "a", "b", "b"], people=[100, 100, 100, 50])
    assert found[["units", "units_missing"]].iloc[0].tolist() == [3, 1]
    assert found["population_covered"].iloc[0] == pytest.approx(300 / 350)
    assert found["status"].eq("ok").all()
    withheld = divided([10, 20, 40, np.nan], ["a", "a", "b", "b"])
    assert withheld["status"].eq("suppressed").all() and withheld["value"].isna().all()


def test_a_group_that_cannot_be_counted_says_why():
    found = divided([1, 2], ["a", "b"], absent={"n_age_65_plus": "not_published"})
    assert found["status"].eq("not_published").all() and found["value"].isna().all()


def test_real_gemeenten_of_2020_add_up_to_one(real_release):
    release = real_release(2020)
    rows = over_levels(
        kerncijfers.region_table(release, "buurt"), [by_key("non_western")], year=2020,
        source="Bron", absent=release.absent, area_names=kerncijfers.gemeente_names(release),
    )  # fmt: skip
    value = rows.pivot(index="area_code", columns="level", values="value")
    assert len(value) == 355
    known = value.dropna()
    assert known.sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-12) and len(known) > 340
    # Den Haag is divided between wijken, Almere (six wijken then) inside them.
    assert value.loc["GM0518", "wijk"] > 0.8 > 0.5 > value.loc["GM0034", "wijk"]
