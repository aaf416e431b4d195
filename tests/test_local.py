import numpy as np
import pandas as pd
import pytest
from region_samples import region_table

from analysis.evidence.groups import by_key
from analysis.evidence.local import gemeente_share, local_values, published

PEOPLE, SHARE = by_key("age_65_plus"), by_key("households_lowest_40")
SETTINGS = {"year": 2024, "source": "Bron"}


def local(table, group=PEOPLE, absent=None) -> dict[str, pd.DataFrame]:
    rows = local_values(table, group, level="buurt", absent=absent or {}, **SETTINGS)
    return {name: of.set_index("area_code") for name, of in rows.groupby("measure")}


def test_share_and_location_quotient():
    # 40 of 100 and 20 of 300; the gemeente has 60 of 400 = .15.
    found = local(region_table([100, 300], n_age_65_plus=[40, 20]))
    assert found["share"]["value"].tolist() == pytest.approx([0.4, 20 / 300])
    quotients = found["location_quotient"]["value"].tolist()
    assert quotients == pytest.approx([0.4 / 0.15, 20 / 300 / 0.15])
    assert found["share"]["area_name"].tolist() == ["Plek A", "Plek B"]


def test_a_quotient_compares_with_the_region_s_own_gemeente():
    table = region_table(
        [100, 100, 100, 100], gm_code=["GM9001", "GM9001", "GM9002", "GM9002"],
        n_age_65_plus=[20, 20, 60, 20],
    )  # fmt: skip
    assert local(table)["location_quotient"]["value"].tolist() == pytest.approx([1, 1, 1.5, 0.5])


@pytest.mark.parametrize(
    ("people", "old", "status"),
    [
        (49, 12, "too_small"),
        (50, 12, "ok"),
        (500, 9, "too_small"),
        (500, 10, "ok"),
        (500, 0, "too_small"),
        (30, np.nan, "too_small"),
        (500, np.nan, "suppressed"),
    ],
)
def test_under_50_inhabitants_or_10_of_the_group_is_too_small(people, old, status):
    found = local(region_table([people, 1000], n_age_65_plus=[old, 100]))
    for rows in found.values():
        assert rows["status"].iloc[0] == status
        assert np.isnan(rows["value"].iloc[0]) == (status != "ok")
        assert rows["status"].iloc[1] == "ok"


def test_small_regions_still_count_in_what_is_compared_with():
    # 40 + 60 of 40 + 160: the gemeente has half; without the small region it would be .375.
    found = local(region_table([40, 160], n_age_65_plus=[40, 60]))["location_quotient"]
    assert found["value"].iloc[1] == pytest.approx(60 / 160 / 0.5)


def test_a_group_larger_than_its_total_is_the_whole():
    found = local(region_table([60, 100], n_age_65_plus=[65, 20]))
    assert found["share"]["value"].iloc[0] == 1


def test_a_published_percentage_needs_no_denominator_but_comparing_does():
    table = region_table([100, 30, 100], share_households_lowest_40=[0.5, 0.2, np.nan])
    found = local(table, SHARE, {"n_households": "not_published"})
    assert found["share"]["status"].tolist() == ["ok", "too_small", "suppressed"]
    assert found["share"]["value"].iloc[0] == 0.5
    assert found["location_quotient"]["status"].tolist()[::2] == ["no_denominator"] * 2
    assert found["location_quotient"]["value"].isna().all()


def test_a_published_percentage_is_told_as_published():
    # Not 21 of 52, which is 40.4 %.
    table = region_table([100], share_households_lowest_40=[0.4], n_households=[52])
    assert local(table, SHARE)["share"]["value"].tolist() == [0.4]


@pytest.mark.parametrize("reason", ["not_published", "does_not_exist"])
def test_what_the_table_does_not_have_gives_its_reason_everywhere(reason):
    found = local(region_table([100, 30]), PEOPLE, {"n_age_65_plus": reason})
    for rows in found.values():
        assert rows["status"].eq(reason).all() and rows["value"].isna().all()


def test_a_group_absent_from_the_gemeente_has_no_quotient():
    found = local(region_table([100, 100], n_age_65_plus=[0, 0]))
    assert found["location_quotient"]["value"].isna().all()
    assert found["location_quotient"]["status"].eq("too_small").all()


def test_the_whole_gemeente_has_its_own_row():
    table = region_table([400], level="gemeente", n_age_65_plus=[100])
    rows = gemeente_share(table, PEOPLE, absent={}, **SETTINGS)
    assert len(rows) == 1
    assert rows.iloc[0][["area_code", "area_name", "level", "measure", "value"]].tolist() == [
        "GM9001", "Stad 1", "gemeente", "share", 0.25,
    ]  # fmt: skip


def test_a_published_figure_keeps_its_zero_and_says_why_a_hole_is_one():
    table = region_table([100, 100, 100], gp_distance_km=[0.0, np.nan, 1.2])
    why = pd.Series(["", "not_published", ""], index=table.index)
    rows = published(table, "gp_distance_km", level="buurt", reasons=why, **SETTINGS)
    assert rows["value"].tolist()[::2] == [0.0, 1.2]
    assert rows["status"].tolist() == ["ok", "not_published", "ok"]
    assert rows["group"].eq("gp_distance_km").all() and rows["measure"].eq("published").all()
    plain = published(table, "gp_distance_km", level="buurt", **SETTINGS)
    assert plain["status"].tolist() == ["ok", "suppressed", "ok"]


def test_a_column_that_is_not_there_is_missing_everywhere():
    rows = published(region_table([100, 100]), "gp_distance_km", level="buurt", **SETTINGS)
    assert rows["status"].eq("suppressed").all() and rows["value"].isna().all()


def test_the_region_table_stays_as_it_was():
    table = region_table([60, 40, 90], n_age_65_plus=[65, 20, np.nan], gp_distance_km=[1, 2, 3])
    kept = table.copy()
    local(table)
    published(table, "gp_distance_km", level="buurt", **SETTINGS)
    pd.testing.assert_frame_equal(table, kept)
