import itertools

import numpy as np
import pandas as pd
import pytest
from region_samples import region_table

from analysis.evidence.groups import by_key
from analysis.evidence.suppressed import suppression
from analysis.measures.evenness import dissimilarity
from analysis.sources import kerncijfers

OLD = [40, 10, np.nan, 20]


def bounds(old, people=None, **settings) -> pd.Series:
    table = region_table(people or [100] * len(old), n_age_65_plus=old)
    kept = table.copy()
    rows = suppression(table, ["age_65_plus"], year=2024, source="Bron", **settings)
    pd.testing.assert_frame_equal(table, kept)
    assert len(rows) == 1
    return rows.iloc[0]


def test_the_bounds_are_those_of_every_count_that_it_can_be():
    found = bounds([40, 10, np.nan, 20], [100, 100, 30, 100])
    tried = [dissimilarity([40, 10, secret, 20], [60, 90, 30 - secret, 80]) for secret in range(31)]
    assert found["low"] == pytest.approx(min(tried), abs=1e-12)
    assert found["high"] == pytest.approx(max(tried), abs=1e-12)
    assert found["value"] == pytest.approx(dissimilarity([40, 10, 20], [60, 90, 80]))
    assert found[["interval", "units", "units_missing", "level"]].tolist() == [
        "suppression", 3, 1, "buurt",
    ]  # fmt: skip
    assert found["population_covered"] == pytest.approx(300 / 330)


def test_a_limit_on_what_is_secret_makes_the_bounds_narrower():
    found = bounds([40, 10, np.nan, np.nan], [100, 100, 20, 20], at_most=4)
    tried = [
        dissimilarity([40, 10, a, b], [60, 90, 20 - a, 20 - b])
        for a, b in itertools.product(range(5), repeat=2)
    ]
    assert found[["low", "high"]].tolist() == pytest.approx([min(tried), max(tried)], abs=1e-12)


def test_nothing_secret_leaves_one_value():
    found = bounds([40, 10, 30, 20])
    assert found["low"] == found["high"] == pytest.approx(found["value"])


def test_too_little_covered_withholds_the_value_and_keeps_the_bounds():
    found = bounds(OLD, [100, 100, 100, 50])
    assert found["status"] == "suppressed" and np.isnan(found["value"])
    assert 0 <= found["low"] < found["high"] <= 1


def test_groups_without_counts_of_a_total_have_no_bounds():
    table = region_table([100] * 2, share_households_lowest_40=[0.5, 0.2], n_households=[50, 40])
    assert suppression(table, ["households_lowest_40"], year=2024).empty
    absent = suppression(
        region_table([100] * 2),
        ["age_65_plus"],
        year=2024,
        absent={"n_age_65_plus": "not_published"},
    )
    assert absent["status"].tolist() == ["not_published"] and absent["low"].isna().all()


def test_benefits_in_zoetermeer_2020(real_release):
    release = real_release(2020)
    table = kerncijfers.of_gemeente(kerncijfers.region_table(release, "buurt"), "GM0637")
    row = suppression(
        table, [by_key("social_assistance")], year=2020, absent=release.absent
    ).iloc[0]  # fmt: skip
    # Four of 26 buurten are secret, and only some 85 people live there.
    assert row["units_missing"] == 4 and row["population_covered"] > 0.999
    assert row["low"] <= row["value"] <= row["high"] and row["high"] - row["low"] < 0.03
