"""Segregation over region, gemeente, wijk and buurt: shares with sums by hand, and why not."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.groups import GROUPS
from analysis.evidence.nested import over_region

OLD = next(group for group in GROUPS if group.key == "age_65_plus")
(COLUMN,) = [column for column in OLD.columns if column and column != "inhabitants"]


def town(*buurten):
    """Return a region table of (code, inhabitants, members)."""
    codes, people, members = zip(*buurten, strict=True)
    return pd.DataFrame(
        {"region_name": codes, "gm_code": ["GM" + c[2:6] for c in codes],
         "wk_code": ["WK" + c[2:8] for c in codes], "inhabitants": np.array(people, dtype=float),
         COLUMN: np.array(members, dtype=float)},
        index=list(codes),
    )  # fmt: skip


def shares(table):
    rows = over_region(table, [OLD], region="NL00", name="Nederland", year=2024, source="Bron",
                       absent={})  # fmt: skip
    return rows.set_index("level")


def test_all_lies_where_the_difference_is():
    between = town(("BU00010101", 100, 10), ("BU00010201", 100, 10), ("BU00020101", 100, 40))
    found = shares(between)
    # Inside each gemeente all buurten are alike: the whole difference lies between gemeenten.
    assert found["value"].round(12).to_dict() == {"gemeente": 1.0, "wijk": 0.0, "buurt": 0.0}
    within = town(("BU00010101", 100, 10), ("BU00010102", 100, 40), ("BU00020101", 200, 50))
    # Both gemeenten have a quarter: the whole difference lies between two buurten of a wijk.
    assert shares(within)["value"].round(12).to_dict() == {
        "gemeente": 0.0, "wijk": 0.0, "buurt": 1.0,
    }  # fmt: skip
    wijken = town(("BU00010101", 100, 10), ("BU00010201", 100, 40), ("BU00020101", 200, 50))
    assert shares(wijken)["value"].round(12).to_dict() == {
        "gemeente": 0.0, "wijk": 1.0, "buurt": 0.0,
    }  # fmt: skip


def test_units_are_buurten_with_people_and_the_others_are_counted():
    table = town(("BU00010101", 100, 10), ("BU00010102", 0, 0), ("BU00020101", 100, 40),
                 ("BU00020102", 40, np.nan))  # fmt: skip
    before = table.copy()
    found = shares(table)
    pd.testing.assert_frame_equal(table, before)
    row = found.loc["gemeente"]
    # Two buurten are used; the empty one says nothing, and of one the members are not known.
    assert (row["units"], row["units_missing"]) == (2, 1)
    # 200 of 240 people, and the middle of two buurten of 100.
    assert row["population_covered"] == pytest.approx(200 / 240)
    assert row["median_unit_size"] == 100
    assert found["value"].sum() == pytest.approx(1)


def test_why_nothing_can_be_said():
    little = town(("BU00010101", 100, 10), ("BU00020101", 100, np.nan))
    assert set(shares(little)["status"]) == {"suppressed"}
    one = town(("BU00010101", 100, 10), ("BU00010201", 100, 40))
    assert set(shares(one)["status"]) == {"single_unit"}
    even = town(("BU00010101", 100, 10), ("BU00020101", 200, 20))
    found = shares(even)
    assert set(found["status"]) == {"not_segregated"} and found["value"].isna().all()
