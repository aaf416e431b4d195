from functools import partial

import numpy as np
import pandas as pd
import pytest
from region_samples import region_table

from analysis.evidence import panel
from analysis.evidence.groups import by_key
from analysis.evidence.local import local_values
from analysis.sources import kerncijfers

PEOPLE, SHARE = by_key("age_65_plus"), by_key("households_lowest_40")
OLD = [40, 10, 30, 20]  # of 100 inhabitants each


def measured(table, group=PEOPLE, absent=None, level="buurt", names=None) -> pd.DataFrame:
    names = pd.Series({"GM9001": "Stad 1", "GM9002": "Stad 2"}) if names is None else names
    rows = panel.segregation(
        table, group, level=level, year=2024, source="Bron", absent=absent or {}, area_names=names
    )
    return rows.set_index(["area_code", "measure"])


# Values


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        # x/X = .4 .1 .3 .2, y/Y = 60 90 70 80 of 300 = .2 .3 .2333 .2667
        # half of .2 + .2 + .0667 + .0667
        ("dissimilarity", 4 / 15),
        # p = .1 .2 .3 .4: sum |pi - pj| = 2 x (3 x .1 + 2 x .2 + .3) = 2; 2 x 100^2 over
        # 2 x 400^2 x .25 x .75
        ("gini", 2e4 / 6e4),
        # .4 x .4 + .1 x .1 + .3 x .3 + .2 x .2
        ("isolation", 0.30),
        ("interaction", 0.70),
        # 1 - mean entropy of .4 .1 .3 .2 over that of .25
        (
            "information_theory",
            1
            - sum(-p * np.log(p) - (1 - p) * np.log(1 - p) for p in (0.4, 0.1, 0.3, 0.2))
            / (4 * (-0.25 * np.log(0.25) - 0.75 * np.log(0.75))),
        ),
    ],
)
def test_four_units_of_two_groups(measure, value):
    row = measured(region_table([100] * 4, n_age_65_plus=OLD)).loc["GM9001", measure]
    assert row["value"] == pytest.approx(value, abs=1e-12)
    assert row[["area_name", "year", "level", "group", "status", "source"]].tolist() == [
        "Stad 1", 2024, "buurt", "age_65_plus", "ok", "Bron",
    ]  # fmt: skip
    assert row[["units", "units_missing", "population_covered"]].tolist() == [4, 0, 1.0]
    assert row["median_unit_size"] == 100


def test_the_measure_is_the_function_s_name():
    assert list(panel.INDICES) == [
        "dissimilarity", "gini", "information_theory", "isolation", "interaction",
    ]  # fmt: skip


def test_a_gemeente_among_others_is_measured_by_itself():
    alone = measured(region_table([100] * 4, n_age_65_plus=OLD))
    both = region_table(
        [100] * 8, gm_code=["GM9001", "GM9002"] * 4, n_age_65_plus=[40, 25, 10, 25, 30, 25, 20, 25]
    )
    found = measured(both)
    assert found.loc["GM9001", "value"].tolist() == pytest.approx(alone["value"].tolist())
    # A quarter everywhere.
    assert found.loc[("GM9002", "dissimilarity"), "value"] == pytest.approx(0, abs=1e-12)
    assert found.loc[("GM9002", "dissimilarity"), "status"] == "ok"
    assert found.loc["GM9002", "area_name"].eq("Stad 2").all()


def test_the_region_table_stays_as_it_was():
    table = region_table([100, 100, 20], n_age_65_plus=[40, np.nan, 25])
    kept = table.copy()
    measured(table)
    pd.testing.assert_frame_equal(table, kept)


# What is missing


def test_units_without_a_figure_are_left_out_and_counted():
    # A fifth unit of 50 without a figure: 400 of 450 people are covered.
    table = region_table([100, 100, 100, 100, 50], n_age_65_plus=[*OLD, np.nan])
    row = measured(table).loc["GM9001", "dissimilarity"]
    assert row["value"] == pytest.approx(4 / 15, abs=1e-12)
    assert row[["units", "units_missing"]].tolist() == [4, 1]
    assert row["population_covered"] == pytest.approx(400 / 450)
    assert row["median_unit_size"] == 100


@pytest.mark.parametrize(
    ("without", "status"), [(100, "ok"), (101, "suppressed")], ids=["just enough", "just under"]
)
def test_under_80_percent_covered_the_value_is_withheld(without, status):
    # 400 of 500 is 80 %.
    table = region_table([100, 100, 100, 100, without], n_age_65_plus=[*OLD, np.nan])
    rows = measured(table)
    assert rows["status"].eq(status).all()
    assert rows["value"].isna().all() == (status != "ok")


def test_a_gemeente_whose_figures_are_all_missing_beside_one_that_has_them():
    table = region_table(
        [100] * 4, gm_code=["GM9001"] * 2 + ["GM9002"] * 2, n_age_65_plus=[40, 10, np.nan, np.nan]
    )
    row = measured(table).loc["GM9002", "gini"]
    assert row["status"] == "suppressed" and np.isnan(row["value"])
    assert row[["units", "units_missing", "population_covered"]].tolist() == [0, 2, 0.0]


@pytest.mark.parametrize(
    ("old", "status"),
    [([0, 0], "group_absent"), ([100, 100], "group_absent"), ([40, 10], "ok")],
    ids=["nobody", "everybody", "some"],
)
def test_a_group_that_is_not_there_has_no_index(old, status):
    rows = measured(region_table([100, 100], n_age_65_plus=old))
    assert rows["status"].eq(status).all()
    assert rows["value"].isna().all() == (status != "ok")


def test_the_median_unit_is_the_middle_one_of_those_used():
    table = region_table([100, 200, 900, 150], n_age_65_plus=[10, 50, 300, np.nan])
    row = measured(table).loc["GM9001", "gini"]
    assert row["median_unit_size"] == 200


def test_a_gemeente_in_which_nothing_is_counted_is_uninhabited():
    # Known, and nobody: no households at all in the second gemeente.
    table = region_table(
        [100, 100, 100], gm_code=["GM9001", "GM9001", "GM9002"],
        share_households_lowest_40=[0.5, 0.2, 0.1], n_households=[50, 50, 0],
    )  # fmt: skip
    rows = measured(table, SHARE).loc["GM9002"]
    assert rows["status"].eq("uninhabited").all() and rows["value"].isna().all()


def test_one_unit_is_said_to_be_one():
    rows = measured(region_table([100], level="wijk", n_age_65_plus=[40]), level="wijk")
    assert rows["status"].eq("single_unit").all() and rows["units"].eq(1).all()
    # By construction, which the status says.
    assert rows.loc[("GM9001", "dissimilarity"), "value"] == 0


def test_a_share_without_its_denominator_is_no_count():
    table = region_table([100, 100], share_households_lowest_40=[0.5, 0.2])
    rows = measured(table, SHARE, {"n_households": "not_published"})
    assert rows["status"].eq("no_denominator").all() and rows["value"].isna().all()
    assert rows[["units", "units_missing"]].eq(2).all(axis=None)
    assert rows["population_covered"].eq(0).all()


def test_a_denominator_that_is_nowhere_filled_is_none():
    table = region_table(
        [100, 100], share_households_lowest_40=[0.5, 0.2], n_households=[np.nan, np.nan]
    )
    assert measured(table, SHARE)["status"].eq("no_denominator").all()


@pytest.mark.parametrize("reason", ["not_published", "does_not_exist"])
def test_a_column_that_is_not_there_gives_its_reason(reason):
    rows = measured(region_table([100, 100]), PEOPLE, {"n_age_65_plus": reason})
    assert rows["status"].eq(reason).all() and rows["value"].isna().all()


def test_a_share_counts_over_its_own_denominator():
    # 40 of 80 households and 10 of 100: x/X = .8 .2, y/Y = 40 90 of 130.
    table = region_table([500, 50], share_households_lowest_40=[0.5, 0.1], n_households=[80, 100])
    value = measured(table, SHARE).loc[("GM9001", "dissimilarity"), "value"]
    assert value == pytest.approx(0.8 - 40 / 130, abs=1e-12)


def test_rounding_that_makes_a_group_too_large_is_clipped_and_counted():
    table = region_table([20, 100], n_age_65_plus=[25, 25])
    # The others are 0 and 75: half of |.5 - 0| + |.5 - 1|.
    assert measured(table).loc[("GM9001", "dissimilarity"), "value"] == pytest.approx(0.5)
    row = panel.clipped_units(
        table, PEOPLE, level="buurt", year=2024, source="Bron", area_code="GM9001",
        area_name="Stad 1",
    ).iloc[0]  # fmt: skip
    assert row[["measure", "value", "units", "group"]].tolist() == [
        "clipped_units", 1.0, 2, "age_65_plus",
    ]  # fmt: skip


# Real figures


@pytest.fixture(scope="module")
def of_year(real_release):
    def measure(year, group, level) -> pd.DataFrame:
        release = real_release(year)
        table = kerncijfers.region_table(release, level)
        rows = panel.segregation(
            table, by_key(group), level=level, year=year, source="Bron", absent=release.absent,
            area_names=kerncijfers.gemeente_names(release),
        )  # fmt: skip
        return rows.set_index(["area_code", "measure"])

    return measure


@pytest.mark.parametrize(
    ("code", "name", "wijk", "buurt"),
    [
        ("GM0637", "Zoetermeer", 0.127, 0.185),
        ("GM0034", "Almere", 0.078, 0.172),
        ("GM0518", "'s-Gravenhage", 0.386, 0.407),
    ],
)
def test_dissimilarity_of_2020_non_western_against_all_others(of_year, code, name, wijk, buurt):
    for level, value in (("wijk", wijk), ("buurt", buurt)):
        row = of_year(2020, "non_western", level).loc[code, "dissimilarity"]
        assert round(row["value"], 3) == value
        assert row[["area_name", "status", "level"]].tolist() == [name, "ok", level]


def test_all_gemeenten_of_2020_have_a_row_and_a_reason_where_there_is_no_value(of_year):
    rows = of_year(2020, "non_western", "wijk")
    assert len(rows) == 5 * 355
    assert rows["value"].isna().eq(~rows["status"].isin(["ok", "single_unit"])).all()
    # Gemeenten of one wijk, of which real data has 30.
    assert rows["status"].eq("single_unit").sum() == 5 * 30


def test_the_income_shares_of_2017_have_no_denominator(of_year):
    for group in ("households_lowest_40", "persons_lowest_40", "low_income_households"):
        rows = of_year(2017, group, "buurt")
        assert rows["status"].eq("no_denominator").all() and rows["value"].isna().all()


def test_those_of_amsterdam_2019_have_one(of_year):
    row = of_year(2019, "households_lowest_40", "buurt").loc["GM0363", "dissimilarity"]
    assert row["status"] == "ok" and 0.1 < row["value"] < 0.4
    assert row["units_missing"] > 0 and 0.95 < row["population_covered"] <= 1


def test_what_2020_had_not_published_yet_is_called_so(of_year):
    assert of_year(2020, "housing_corporation", "buurt")["status"].eq("not_published").all()
    assert of_year(2020, "origin_outside_europe", "wijk")["status"].eq("does_not_exist").all()
    assert of_year(2024, "non_western", "wijk")["status"].eq("does_not_exist").all()


def test_small_buurten_of_almere_read_too_small_and_still_count_in_the_index(real_release, of_year):
    release = real_release(2024)
    table = kerncijfers.of_gemeente(kerncijfers.region_table(release, "buurt"), "GM0034")
    rows = local_values(
        table, by_key("origin_outside_europe"), level="buurt", year=2024, source="Bron",
        absent=release.absent,
    )  # fmt: skip
    small = table.index[table["inhabitants"] < 50]
    shares = rows[rows["measure"].eq("share")].set_index("area_code")
    assert len(table) == 193 and len(small) == 21
    assert shares.loc[small, "status"].eq("too_small").all()
    assert shares.loc[small, "value"].isna().all()
    indices = of_year(2024, "origin_outside_europe", "buurt").loc["GM0034", "dissimilarity"]
    assert indices["units"] + indices["units_missing"] == 193


def test_all_gemeenten_are_measured_in_one_go(real_release, monkeypatch):
    calls = []

    def watched(function, *columns):
        calls.append(function.__name__)
        return function(*columns)

    watching = {name: partial(watched, index) for name, index in panel.INDICES.items()}
    monkeypatch.setattr(panel, "INDICES", watching)
    release = real_release(2020)
    panel.segregation(
        kerncijfers.region_table(release, "buurt"), by_key("non_western"), level="buurt",
        year=2020, source="Bron", absent=release.absent,
        area_names=kerncijfers.gemeente_names(release),
    )  # fmt: skip
    assert sorted(calls) == sorted(watching)


# Many groups, years and levels in one call


def several(real_release) -> pd.DataFrame:
    """Return wijken and buurten of two years in one table."""
    tables = {
        year: pd.concat(
            [kerncijfers.region_table(real_release(year), level) for level in ("wijk", "buurt")]
        )
        for year in (2020, 2024)
    }
    return pd.concat(tables, names=["year"])


def test_every_year_level_group_and_area_in_one_call_is_what_each_gives_alone(real_release):
    absent = {year: real_release(year).absent for year in (2020, 2024)}
    groups = ["non_western", "origin_outside_europe", "age_65_plus", "social_assistance"]
    rows = panel.measure(
        several(real_release), ["dissimilarity", "isolation"], groups, source="Bron",
        absent=absent,
    )  # fmt: skip
    # 355 gemeenten in 2020 and 342 in 2024, two levels, four groups, two measures.
    assert len(rows) == (355 + 342) * 2 * 4 * 2
    assert not rows.duplicated(["area_code", "year", "level", "group", "measure"]).any()
    for year, level, group in ((2020, "buurt", "non_western"), (2024, "wijk", "age_65_plus")):
        alone = panel.segregation(
            kerncijfers.region_table(real_release(year), level), by_key(group), level=level,
            year=year, source="Bron", absent=absent[year],
            area_names=kerncijfers.gemeente_names(real_release(year)),
        )  # fmt: skip
        keys = ["area_code", "measure"]
        here = rows[rows["year"].eq(year) & rows["level"].eq(level) & rows["group"].eq(group)]
        pd.testing.assert_frame_equal(
            here.sort_values(keys, ignore_index=True),
            alone[alone["measure"].isin(["dissimilarity", "isolation"])].sort_values(
                keys, ignore_index=True
            ),
        )


def test_the_area_may_be_anything_that_regions_are_part_of():
    table = region_table([100] * 4, n_age_65_plus=OLD)
    side = pd.Series(["west", "west", "east", None], index=table.index)
    rows = panel.measure(table, ["isolation"], [PEOPLE], by=side, year=2024).set_index("area_code")
    # West: (40 x 40 + 10 x 10) / (50 x 100); east is one unit; the fourth is in neither.
    assert rows.loc["west", "value"] == pytest.approx(0.34)
    assert rows.loc["east", "status"] == "single_unit"
    assert set(rows.index) == {"west", "east"}
    by_wijk = panel.measure(table, ["isolation"], [PEOPLE], by="wk_code", year=2024)
    assert by_wijk["area_code"].tolist() == ["WK900100"] and by_wijk["area_name"].tolist() == [""]


def test_a_measure_of_one_s_own_is_called_by_its_name():
    def members(group, others, by):
        return pd.Series(group).groupby(by).sum()

    rows = panel.measure(
        region_table([100] * 4, n_age_65_plus=OLD), [members], ["age_65_plus"], year=2024
    )
    assert rows[["measure", "value"]].to_numpy().tolist() == [["members", 100.0]]


def test_nothing_asked_is_nothing_given():
    table = region_table([100] * 4, n_age_65_plus=OLD)
    assert panel.measure(table, [], [PEOPLE], year=2024).empty
    assert panel.measure(table, ["gini"], [], year=2024).empty
    assert panel.measure(table[:0], ["gini"], [PEOPLE], year=2024).empty


@pytest.mark.parametrize(
    ("settings", "error", "says"),
    [
        ({"measures": ["D"]}, KeyError, "no measure 'D'"),
        ({"groups": ["old"]}, KeyError, "no group 'old'"),
        ({"by": "stadsdeel"}, KeyError, "no column 'stadsdeel'"),
        ({"by": pd.Series(["a"] * 4)}, ValueError, "on the index"),
        ({"year": None}, ValueError, "which year"),
    ],
)
def test_what_cannot_be_measured_is_said(settings, error, says):
    table = region_table([100] * 4, n_age_65_plus=OLD)
    with pytest.raises(error, match=says):
        panel.measure(table, **{"groups": [PEOPLE], "year": 2024} | settings)


def test_a_code_that_tells_no_level_and_one_that_stands_twice_are_refused():
    table = region_table([100] * 4, n_age_65_plus=OLD)
    with pytest.raises(ValueError, match="XX1"):
        panel.measure(table.rename(index={"BU90010000": "XX1"}), groups=[PEOPLE], year=2024)
    with pytest.raises(ValueError, match="BU90010001 stands twice"):
        panel.measure(table.rename(index={"BU90010000": "BU90010001"}), groups=[PEOPLE], year=2024)
