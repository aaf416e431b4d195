import numpy as np
import pandas as pd
import pytest
from region_samples import region_table

from analysis.evidence.coverage import coverage
from analysis.sources import kerncijfers

SETTINGS = {
    "area_code": "GM9001", "area_name": "Stad 1", "level": "buurt", "year": 2024, "source": "Bron",
}  # fmt: skip


def covered(people, **reasons) -> pd.DataFrame:
    table = region_table(people)
    why = pd.DataFrame(reasons, index=table.index)
    kept = table.copy(), why.copy()
    rows = coverage(table, why, **SETTINGS)
    pd.testing.assert_frame_equal(table, kept[0])
    pd.testing.assert_frame_equal(why, kept[1])
    return rows.set_index("group")


def test_the_share_of_inhabitants_with_a_figure():
    # 100 + 300 of 500 live where there is one.
    row = covered([100, 100, 300], n_men=["", "suppressed", ""]).loc["n_men"]
    assert row["value"] == row["population_covered"] == pytest.approx(0.8)
    assert row[["units", "units_missing", "status", "measure", "level"]].tolist() == [
        3, 1, "ok", "coverage", "buurt",
    ]  # fmt: skip
    assert row["median_unit_size"] == 100


@pytest.mark.parametrize("why", ["not_published", "suppressed"])
def test_nothing_known_is_zero_with_its_reason(why):
    row = covered([100, 100], n_men=[why, why]).loc["n_men"]
    assert (row["value"], row["status"], row["units_missing"]) == (0, why, 2)


def test_what_does_not_exist_cannot_be_covered():
    row = covered([100, 100], n_western=["does_not_exist"] * 2).loc["n_western"]
    assert np.isnan(row["value"]) and row["status"] == "does_not_exist"


def test_one_row_per_concept_in_their_order():
    rows = covered([10, 10], n_women=["", ""], n_men=["", ""], n_age_0_14=["suppressed"] * 2)
    assert rows.index.tolist() == ["n_women", "n_men", "n_age_0_14"]


@pytest.mark.parametrize(
    ("year", "concept", "level", "value", "status"),
    [
        (2020, "n_social_assistance", "gemeente", 1, "ok"),
        (2020, "share_households_lowest_40", "buurt", 0, "not_published"),
        (2020, "n_origin_outside_europe", "buurt", np.nan, "does_not_exist"),
        (2024, "n_non_western", "wijk", np.nan, "does_not_exist"),
        (2024, "n_origin_outside_europe", "wijk", 1, "ok"),
    ],
)
def test_coverage_of_zoetermeer(real_release, year, concept, level, value, status):
    release = real_release(year)
    table = kerncijfers.of_gemeente(kerncijfers.region_table(release, level), "GM0637")
    why = kerncijfers.reasons(release, level, [concept]).loc[table.index]
    row = coverage(table, why, **{**SETTINGS, "level": level, "year": year}).iloc[0]
    assert row["value"] == pytest.approx(value, nan_ok=True) and row["status"] == status
