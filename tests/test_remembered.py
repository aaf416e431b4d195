import numpy as np
import pandas as pd
import pytest

from analysis.evidence import remembered
from analysis.evidence.remembered import per_area
from analysis.measures.evenness import dissimilarity
from analysis.measures.rounding import rounding_interval

GROUP = np.array([10.0, 20.0, 5.0, 15.0, 30.0, 0.0])
TOTAL = np.array([100.0, 50.0, 80.0, 40.0, 60.0, 90.0])
NAMES = np.array(["b", "a", "b", "a", "b", "a"])


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr(remembered, "_remembered", type(remembered._remembered)())


class Counted:
    """A function that tells which areas it was asked about."""

    def __init__(self, name: str = "shares"):
        self.__qualname__ = name
        self.asked = []

    def __call__(self, group, total, names, *, times=1.0):
        self.asked.append(sorted(set(names)))
        table = pd.DataFrame({"group": group, "total": total, "name": names})
        sums = table.groupby("name")[["group", "total"]].sum()
        return pd.DataFrame({"share": times * sums["group"] / sums["total"]})


def test_areas_are_computed_once():
    shares = Counted()
    first = per_area(shares, GROUP, TOTAL, NAMES, {"times": 2.0})
    assert first.index.tolist() == ["b", "a"]
    # 2 (10 + 5 + 30) / (100 + 80 + 60) = 0.375; 2 (20 + 15 + 0) / (50 + 40 + 90) = 0.3889
    assert first["share"].tolist() == pytest.approx([0.375, 70 / 180])
    again = per_area(shares, GROUP, TOTAL, NAMES, {"times": 2.0})
    pd.testing.assert_frame_equal(first, again)
    assert shares.asked == [["a", "b"]]


def test_only_new_areas_are_asked_about():
    shares = Counted()
    of_a = NAMES == "a"
    per_area(shares, GROUP[of_a], TOTAL[of_a], NAMES[of_a], {})
    both = per_area(shares, GROUP, TOTAL, NAMES, {})
    assert shares.asked == [["a"], ["b"]]
    pd.testing.assert_frame_equal(both, Counted()(GROUP, TOTAL, NAMES).loc[["b", "a"]],
                                  check_names=False)  # fmt: skip


@pytest.mark.parametrize("what", ["group", "total", "names", "times", "function"])
def test_whatever_differs_is_computed_anew(what):
    shares = Counted()
    asked = {"group": GROUP, "total": TOTAL, "names": NAMES, "times": 1.0, "function": shares}
    given = [asked["function"], asked["group"], asked["total"], asked["names"]]
    per_area(*given, {"times": 1.0})
    other = Counted("other")
    changed = (
        asked
        | {
            "group": {"group": GROUP + 1},
            "total": {"total": TOTAL + 1},
            "names": {"names": np.array(["c", "d", "c", "d", "c", "d"])},
            "times": {"times": 2.0},
            "function": {"function": other},
        }[what]
    )
    found = per_area(changed["function"], changed["group"], changed["total"], changed["names"],
                     {"times": changed["times"]})  # fmt: skip
    assert len(shares.asked) + len(other.asked) == 2
    expected = Counted()(changed["group"], changed["total"], changed["names"],
                         times=changed["times"])  # fmt: skip
    assert found["share"].tolist() == expected.loc[found.index, "share"].tolist()


def test_memory_has_an_end(monkeypatch):
    monkeypatch.setattr(remembered, "MOST", 1)
    shares = Counted()
    per_area(shares, GROUP, TOTAL, NAMES, {})
    # 'a' came last and is kept; 'b' is asked again.
    per_area(shares, GROUP, TOTAL, NAMES, {})
    assert shares.asked == [["a", "b"], ["b"]]
    assert len(remembered._remembered) == 1


def test_what_is_given_back_can_be_changed_without_harm():
    shares = Counted()
    first = per_area(shares, GROUP, TOTAL, NAMES, {})
    first.loc["a", "share"] = -1.0
    assert (per_area(shares, GROUP, TOTAL, NAMES, {})["share"] > 0).all()


def test_intervals_are_the_same_with_and_without_memory():
    settings = {"index": dissimilarity, "draws": 60, "seed": 4, "base": 5, "total_base": 5}
    plain = rounding_interval(GROUP, TOTAL, NAMES, **settings)
    of_b = NAMES == "b"
    per_area(rounding_interval, GROUP[of_b], TOTAL[of_b], NAMES[of_b], settings)
    told = per_area(rounding_interval, GROUP, TOTAL, NAMES, settings)
    pd.testing.assert_frame_equal(told.loc[plain.index], plain, check_exact=True, check_names=False)
