"""Two sides beside each other: the difference with its interval, and the reason where none is."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence import sides
from analysis.evidence.frame import evidence_frame
from analysis.evidence.groups import by_key
from analysis.evidence.sides import APART, ON_SIDE, both_apart, counted_sides, opposite

LOWEST, HIGHEST = by_key("households_lowest_40"), by_key("households_highest_20")
NAMES = pd.Series({"GM0001": "Dorp", "GM0002": "Stad"})
AREA = pd.Series({"area_code": "GM0001", "area_name": "Dorp", "year": 2024, "level": "buurt",
                  "source": "Bron"})  # fmt: skip


def index_row(code, group, value, low, high, status="ok"):
    return {"area_code": code, "year": 2024, "level": "buurt", "measure": "dissimilarity",
            "group": group.key, "value": value, "low": low, "high": high, "interval": "rounding",
            "units": 4, "status": status, "source": "Bron"}  # fmt: skip


def apart(monkeypatch, *rows):
    monkeypatch.setattr(sides, "rounding", lambda *_, **__: evidence_frame(list(rows)))
    found = both_apart(pd.DataFrame(), LOWEST, HIGHEST, year=2024, source="Bron", absent={},
                       area_names=NAMES)  # fmt: skip
    return found[found["measure"].eq(APART)].set_index("area_code")


def test_the_difference_is_affluent_less_vulnerable_at_the_unfavourable_ends(monkeypatch):
    found = apart(
        monkeypatch,
        index_row("GM0001", LOWEST, 0.20, 0.18, 0.23),
        index_row("GM0001", HIGHEST, 0.35, 0.31, 0.36),
        # The other gemeente: the intervals overlap, so that either can be the more apart.
        index_row("GM0002", HIGHEST, 0.30, 0.26, 0.34),
        index_row("GM0002", LOWEST, 0.28, 0.24, 0.30),
    )
    one, other = found.loc["GM0001"], found.loc["GM0002"]
    # 0.35 - 0.20; 0.31 - 0.23; 0.36 - 0.18.
    assert [one["value"], one["low"], one["high"]] == pytest.approx([0.15, 0.08, 0.18], abs=1e-12)
    # 0.30 - 0.28; 0.26 - 0.30; 0.34 - 0.24.
    assert [other["value"], other["low"], other["high"]] == pytest.approx(
        [0.02, -0.04, 0.10], abs=1e-12
    )
    assert found["status"].eq("ok").all() and found["interval"].eq("rounding").all()
    assert one["group"] == "households_highest_20 - households_lowest_40"
    assert found["area_name"].tolist() == ["Dorp", "Stad"]


@pytest.mark.parametrize(
    ("poor", "rich", "says"),
    [
        ("ok", "suppressed", "suppressed"),
        ("not_published", "ok", "not_published"),
        # Of two reasons that of the vulnerable side.
        ("not_published", "suppressed", "not_published"),
        ("single_unit", "single_unit", "single_unit"),
    ],
)
def test_without_one_of_both_there_is_no_difference_and_its_reason(monkeypatch, poor, rich, says):
    known = {True: (0.2, 0.1, 0.3), False: (np.nan,) * 3}
    found = apart(
        monkeypatch,
        index_row("GM0001", LOWEST, *known[poor == "ok"], poor),
        index_row("GM0001", HIGHEST, *known[rich == "ok"], rich),
    ).iloc[0]
    assert found["status"] == says and found[["value", "low", "high"]].isna().all()
    assert found["interval"] == ""


def deviating(values, key, status):
    return evidence_frame(pd.DataFrame(
        {"area_code": [f"BU{n}" for n in range(len(values))], "year": 2024, "level": "buurt",
         "measure": "deviates", "group": key, "value": values, "status": status, "source": "Bron"}
    ))  # fmt: skip


def test_a_region_without_one_of_both_keeps_the_reason():
    poor = deviating([1.0, np.nan, 1.0, np.nan], "p", ["ok", "too_small", "ok", "too_small"])
    rich = deviating([1.0, 1.0, np.nan, np.nan], "r", ["ok", "ok", "no_place", "no_place"])
    rows = opposite(pd.concat([poor, rich]), "p", "r")
    # Of two reasons that of the affluent side; a value only where both are known.
    assert rows["status"].tolist() == ["ok", "too_small", "no_place", "no_place"]
    assert rows["value"].isna().tolist() == [False, True, True, True]
    counted = counted_sides(rows, ("p", "r"), AREA)
    assert counted["value"].tolist() == [0, 0] and counted["units"].tolist() == [1, 1]
    assert counted["measure"].eq(ON_SIDE).all()
    none = counted_sides(rows.iloc[1:], ("p", "r"), AREA)
    assert none["status"].eq("suppressed").all() and none["value"].isna().all()
