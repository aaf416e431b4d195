import numpy as np
import pandas as pd
import pytest
from region_samples import region_table

from analysis.evidence.groups import GROUPS, SOCIO_ECONOMIC, by_key, counts
from analysis.sources import kerncijfers

PEOPLE = by_key("age_65_plus")
SHARE = by_key("households_lowest_40")
EDUCATION = by_key("education_low")


def test_a_count_and_the_others_make_the_total():
    table = region_table([100, 50], n_age_65_plus=[30, 0])
    found = counts(table, PEOPLE)
    assert found.index.equals(table.index)
    assert found["group"].tolist() == [30, 0]
    assert found["others"].tolist() == [70, 50]
    assert found["total"].tolist() == [100, 50]
    assert found["clipped"].tolist() == [False, False]


def test_a_share_becomes_a_count_through_its_own_denominator():
    # 40 % of 50 households are 20, whatever the 200 inhabitants.
    table = region_table([200], share_households_lowest_40=[0.4], n_households=[50])
    found = counts(table, SHARE).iloc[0]
    assert (found["group"], found["others"], found["total"]) == (20, 30, 50)


def test_levels_of_education_are_their_own_total():
    table = region_table([200], n_education_low=[10], n_education_middle=[20], n_education_high=[5])
    found = counts(table, EDUCATION).iloc[0]
    assert (found["group"], found["others"], found["total"]) == (10, 25, 35)


def test_a_group_larger_than_its_total_leaves_no_others_and_says_so():
    found = counts(region_table([20, 20], n_age_65_plus=[25, 20]), PEOPLE)
    assert found["others"].tolist() == [0, 0]
    assert found["clipped"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("people", "old"), [([np.nan, 10], [5, 5]), ([10, 10], [np.nan, 5])], ids=["total", "group"]
)
def test_what_is_missing_stays_missing_and_is_not_clipped(people, old):
    found = counts(region_table(people, n_age_65_plus=old), PEOPLE)
    assert found.iloc[0][["group", "others", "total"]].isna().all()
    assert found.iloc[1][["group", "others", "total"]].tolist() == [5, 5, 10]
    assert found["clipped"].tolist() == [False, False]
    assert found["clipped"].dtype == bool and found["group"].dtype == float


def test_a_missing_part_of_education_is_a_missing_total():
    table = region_table([9], n_education_low=[1], n_education_middle=[2], n_education_high=[None])
    assert counts(table, EDUCATION)["total"].isna().all()


def test_the_region_table_stays_as_it_was():
    table = region_table([20], n_age_65_plus=[25])
    kept = table.copy()
    counts(table, PEOPLE)
    pd.testing.assert_frame_equal(table, kept)


def test_socio_economic_groups_come_first_and_origin_last():
    themes = list(dict.fromkeys(group.theme for group in GROUPS))
    assert tuple(themes[:3]) == SOCIO_ECONOMIC and themes[-1] == "herkomst"
    assert len({group.key for group in GROUPS}) == len(GROUPS)


def test_every_group_stands_in_columns_of_the_codebook(codebook):
    for group in GROUPS:
        assert set(group.columns) <= set(codebook), group.key
        if group.count.startswith("share_"):
            # The denominator that the codebook gives the share is the one that is used.
            assert codebook[group.count].denominator == group.total, group.key


def test_an_unknown_group_names_those_that_exist():
    with pytest.raises(KeyError, match="no group 'poor'; there are low_income_households, "):
        by_key("poor")


def test_a_count_says_to_what_it_was_rounded():
    table = region_table([100, 250], n_social_assistance=[10, 30], n_age_65_plus=[20, 25])
    benefits = counts(table, by_key("social_assistance"))
    assert benefits["step"].tolist() == [10, 10] and benefits["total_step"].tolist() == [5, 5]
    assert counts(table, by_key("age_65_plus"))["step"].tolist() == [5, 5]


def test_a_percentage_is_rounded_to_a_hundredth_of_its_own_denominator():
    table = region_table(
        [100, 250], share_housing_corporation=[0.5, 0.21], n_dwellings=[80, 120],
    )  # fmt: skip
    counted = counts(table, by_key("housing_corporation"))
    assert counted["step"].tolist() == pytest.approx([0.8, 1.2])
    assert counted["total_step"].tolist() == [1, 1]


def test_the_steps_are_those_of_the_codebook(codebook):
    for group in GROUPS:
        if group.count.startswith("n_"):
            table = pd.DataFrame({column: [100.0] for column in group.columns if column})
            assert counts(table, group)["step"].tolist() == [codebook[group.count].rounding]


def test_shares_of_incomes_have_one_decimal(real_release):
    table = kerncijfers.region_table(real_release(2019), "buurt")
    for group in GROUPS:
        if not group.count.startswith("share_") or group.count not in table:
            continue
        share = table[group.count].dropna()
        if share.empty:
            continue
        counted = counts(table, group).loc[share.index]
        step = (counted["step"] / counted["total"]).dropna()
        # Every published share is a multiple of the step, and some are of no larger one.
        parts = share[step.index] / step
        assert (parts - parts.round()).abs().max() < 1e-6, group.key
        tens = share[step.index] / (10 * step)
        assert (tens - tens.round()).abs().max() > 0.05, group.key
