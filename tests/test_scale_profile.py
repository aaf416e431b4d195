"""Dissimilarity over neighbourhoods of growing size, as evidence."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.groups import by_key
from analysis.evidence.scale import profile

OLD = by_key("age_65_plus")
FACTS = {"year": 2024, "source": "Bron", "area_code": "GM1", "area_name": "Dorp"}


def town(old, people, east):
    codes = [f"BU0001{n:04d}" for n in range(len(old))]
    table = pd.DataFrame(
        {"n_age_65_plus": old, "inhabitants": people}, index=pd.Index(codes, name="region_code")
    ).astype(float)
    return table, 100_000 + pd.Series(east, codes, dtype=float), pd.Series(4e5, codes)


def test_a_checkered_town_is_even_on_a_larger_scale():
    # Old and young buurten of 1,000 alternate, 100 m apart.
    table, east, north = town([1000, 0] * 4, [1000] * 8, [100.0 * n for n in range(8)])
    rows = profile(table, east, north, OLD, nearest=[1000, 2000], **FACTS)
    small, large = rows["value"]
    assert small == 1.0
    # The nearest 2,000 are one's own 1,000 and the halves of both sides: as many old as young,
    # but for the two ends, that have one side only and are 1 to 1 as well.
    assert large == pytest.approx(0.0, abs=1e-12)
    assert rows["measure"].tolist() == [
        "spatial_dissimilarity_nearest_1000", "spatial_dissimilarity_nearest_2000"
    ]  # fmt: skip
    # The halves of the town keep apart whatever the scale up to half of it.
    halves, east, north = town([1000] * 4 + [0] * 4, [1000] * 8, [100.0 * n for n in range(8)])
    kept = profile(halves, east, north, OLD, nearest=[1000, 2000, 4000], **FACTS)["value"]
    assert kept.iloc[0] == 1.0 and kept.iloc[2] > 0.5 and kept.is_monotonic_decreasing


def test_sizes_above_half_the_town_are_left_out():
    table, east, north = town([100, 200], [500, 500], [0, 100])
    assert len(profile(table, east, north, OLD, nearest=[500, 501], **FACTS)) == 1
    assert profile(table, east, north, OLD, nearest=[5000], **FACTS).empty


def test_what_has_no_figure_or_place_is_counted_and_withholds():
    table, east, north = town([10, np.nan, 30, 40], [100, 100, 100, 100], [0, 1, 2, np.nan])
    row = profile(table, east, north, OLD, nearest=[50], **FACTS).iloc[0]
    assert (row["units"], row["units_missing"], row["status"]) == (2, 2, "suppressed")
    assert row["population_covered"] == 0.5 and np.isnan(row["value"])
    table["inhabitants"] = [900.0, 10, 900, 10]
    row = profile(table, east, north, OLD, nearest=[500], **FACTS).iloc[0]
    assert row["status"] == "ok" and row["units_missing"] == 2


@pytest.mark.parametrize(("old", "status"), [([0, 0], "group_absent"), ([50], "single_unit")])
def test_undefined_is_never_zero(old, status):
    table, east, north = town(old, [100] * len(old), range(len(old)))
    row = profile(table, east, north, OLD, nearest=[50], **FACTS).iloc[0]
    assert row["status"] == status and np.isnan(row["value"])


def test_inputs_stay_as_they_were():
    table, east, north = town([10, 20, 30], [100, 100, 100], [0, 1, 2])
    before = table.copy()
    profile(table, east, north, OLD, nearest=[100], **FACTS)
    pd.testing.assert_frame_equal(table, before)
