import numpy as np
import pandas as pd
import pytest
from region_samples import region_table

from analysis.evidence.mix import COMPOSITIONS, composition_entropy

HOUSEHOLD = next(one for one in COMPOSITIONS if one.key == "household")


def mixed(people, *parts) -> pd.DataFrame:
    table = region_table(people, level="wijk", **dict(zip(HOUSEHOLD.columns, parts, strict=True)))
    kept = table.copy()
    rows = composition_entropy(table, HOUSEHOLD, level="wijk", year=2024, source="Bron")
    pd.testing.assert_frame_equal(table, kept)
    return rows


def test_from_one_group_to_all_equal():
    # One group 0; all equal 1; two of three equal ln 2 / ln 3.
    rows = mixed([100, 100, 100], [30, 20, 50], [0, 20, 50], [0, 20, 0])
    assert rows["value"].tolist() == pytest.approx([0, 1, np.log(2) / np.log(3)])
    assert rows["status"].eq("ok").all() and rows["measure"].eq("entropy").all()
    assert rows["group"].eq("household").all()
    assert rows["area_name"].tolist() == ["Plek A", "Plek B", "Plek C"]


@pytest.mark.parametrize(
    ("people", "part", "status"),
    [(100, np.nan, "suppressed"), (49, 20, "too_small"), (50, 20, "ok")],
)
def test_a_hole_or_few_people_withhold_the_value(people, part, status):
    row = mixed([people], [part], [20], [20]).iloc[0]
    assert row["status"] == status and np.isnan(row["value"]) == (status != "ok")


def test_a_region_without_any_household_says_nothing():
    assert mixed([100], [0], [0], [0])["status"].tolist() == ["suppressed"]


def test_compositions_stand_in_columns_of_the_codebook(codebook):
    for one in COMPOSITIONS:
        assert set(one.columns) <= set(codebook)
        shares = [column.startswith("share_") for column in one.columns]
        assert all(shares) or not any(shares)
        if all(shares):
            assert len({codebook[column].denominator for column in one.columns}) == 1
