"""Bounds over counts not published: brute force over all tables, and tables that attain them."""

from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.evenness import dissimilarity, gini, information_theory
from analysis.measures.exposure import isolation
from analysis.measures.suppression import suppression_bounds

INDICES = [dissimilarity, information_theory, isolation]
each_index = pytest.mark.parametrize("index", INDICES, ids=lambda index: index.__name__)
NAN = np.nan


def brute(x, t, limits, index, least=0, most=np.inf):
    """Return the smallest and the largest index over all tables, NaN where there is none."""
    gaps = np.flatnonzero(np.isnan(x))
    found = []
    for counts in product(*(range(int(min(limits[gap], t[gap])) + 1) for gap in gaps)):
        filled = np.array(x, dtype=float)
        filled[gaps] = counts
        value = index(filled, t - filled)
        if least <= filled.sum() <= most and not np.isnan(value):
            found.append(value)
    return (min(found), max(found)) if found else (np.nan, np.nan)


@st.composite
def towns(draw):
    n = draw(st.integers(1, 7))
    t = np.array(draw(st.lists(st.integers(0, 40), min_size=n, max_size=n)), dtype=float)
    x = np.array([draw(st.integers(0, int(size))) for size in t], dtype=float)
    gaps = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    # At most six cells, and few enough tables to try them all.
    limits = np.array(draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)), dtype=float)
    whole = x.sum()
    x[np.flatnonzero(gaps)[:6]] = np.nan
    return x, t, limits, whole


@each_index
@settings(deadline=None, max_examples=40)
@given(town=towns(), with_parent=st.booleans(), tolerance=st.integers(0, 3))
def test_brute_force_agrees_up_to_six_cells(index, town, with_parent, tolerance):
    x, t, limits, whole = town
    parent = float(whole) if with_parent else None
    around = (whole - tolerance, whole + tolerance) if with_parent else (0, np.inf)
    expected = brute(x, t, limits, index, *around)
    bounds = suppression_bounds(
        x, t, at_most=limits, index=index, parent=parent, tolerance=float(tolerance)
    )
    row = bounds.areas.loc["all"]
    if np.isnan(x).any():
        assert row[["low", "high"]].tolist() == pytest.approx(expected, abs=1e-12, nan_ok=True)
    else:
        value = index(x, t - x)
        assert row[["low", "high"]].tolist() == pytest.approx([value] * 2, nan_ok=True)


def test_isolation_is_one_where_everybody_may_be_of_the_group():
    # One inhabitant whose group is secret: 0 members (undefined) or 1 (isolation 1 x 1/1 = 1).
    row = suppression_bounds([0, NAN], [0, 1], at_most=1, index=isolation).areas.loc["all"]
    assert (row["low"], row["high"], row["status"]) == (1, 1, "ok")
    # 2 of 2 and c of 3: c = 3 makes everybody of the group; c = 0, 1, 2, 3 give
    # (2 + c^2/3)/(2 + c) = 1, 7/9, 5/6, 1.
    row = suppression_bounds([2, NAN], [2, 3], at_most=3, index=isolation).areas.loc["all"]
    assert (row["low"], row["high"]) == pytest.approx((7 / 9, 1), abs=1e-15)


@each_index
def test_six_cells_of_unlike_size_agree_with_all_tables(index):
    x = np.array([40, 3, NAN, NAN, NAN, NAN, NAN, NAN])
    t = np.array([100, 60, 9, 2, 5, 30, 7, 12], dtype=float)
    limits = np.array([NAN, NAN, 4, 2, 3, 2, 3, 2])
    for least, most, parent, tolerance in ((0, np.inf, None, 0), (48, 50, 49.0, 1)):
        low, high = brute(x, t, limits, index, least, most)
        bounds = suppression_bounds(
            x, t, at_most=limits, index=index, parent=parent, tolerance=tolerance
        )
        row = bounds.areas.loc["all"]
        assert row["low"] == pytest.approx(low, abs=1e-14)
        assert row["high"] == pytest.approx(high, abs=1e-14)
        for column, value in ((bounds.lowest, low), (bounds.highest, high)):
            assert index(column, t - column) == pytest.approx(value, abs=1e-14)
            assert (column.to_numpy()[:2] == [40, 3]).all()
            assert least <= column.sum() <= most


def test_dissimilarity_is_not_monotone_in_a_cell():
    # x = (10, 30, c) of (40, 40, 20): even is c = 8 (share 0.4 ...), so both ends lie higher.
    values = [dissimilarity([10, 30, c], [30, 10, 20 - c]) for c in range(21)]
    bounds = suppression_bounds([10, 30, NAN], [40, 40, 20], at_most=20)
    row = bounds.areas.loc["all"]
    assert row["low"] == min(values) and row["high"] == max(values)
    assert 0 < int(np.argmin(values)) < 20
    assert bounds.lowest.iloc[2] == np.argmin(values)
    assert row["cells"] == 1 and row["population_covered"] == 0.8 and not row["withheld"]


@each_index
def test_wider_limits_never_narrow_the_bounds(index):
    x, t = np.array([5, 20, NAN, NAN, NAN]), np.array([50, 60, 30, 8, 45])
    rows = [
        suppression_bounds(x, t, at_most=limit, index=index).areas.loc["all"]
        for limit in (0, 3, 9, np.inf)
    ]
    assert all(a["low"] >= b["low"] and a["high"] <= b["high"] for a, b in pairwise(rows))
    # With a limit of 0 there is one table.
    assert rows[0]["low"] == rows[0]["high"] == index([5, 20, 0, 0, 0], t - [5, 20, 0, 0, 0])
    tight = suppression_bounds(x, t, at_most=9, index=index, parent=31.0).areas.loc["all"]
    assert tight["low"] >= rows[2]["low"] and tight["high"] <= rows[2]["high"]
    assert tight["high"] > tight["low"]


@each_index
def test_many_cells_are_fast_and_never_worse_than_random_tables(index):
    random = np.random.default_rng(9)
    t = np.append(random.integers(5, 50, 120), random.integers(100, 900, 80)).astype(float)
    x = random.binomial(t.astype(int), 0.1).astype(float)
    x[:120] = np.nan
    bounds = suppression_bounds(x, t, at_most=9, index=index)
    row = bounds.areas.loc["all"]
    for _ in range(300):
        filled = x.copy()
        filled[:120] = random.integers(0, np.minimum(t[:120], 9) + 1) * random.integers(0, 2, 120)
        assert row["low"] <= index(filled, t - filled) <= row["high"]
    assert index(bounds.lowest, t - bounds.lowest) == row["low"]
    assert index(bounds.highest, t - bounds.highest) == row["high"]
    # Moving one person between two cells does not make the extreme tables more extreme.
    for column, better in ((bounds.lowest, np.less), (bounds.highest, np.greater)):
        for _ in range(200):
            moved = column.to_numpy(copy=True)
            one, other = random.integers(0, 120, 2)
            step = min(random.integers(1, 5), moved[one], min(t[other], 9) - moved[other])
            moved[one] -= step
            moved[other] += step
            change = index(moved, t - moved) - index(column, t - column)
            assert not better(change, np.copysign(1e-12, -1 if better is np.less else 1))


def test_a_coarse_search_finds_the_same(monkeypatch):
    random = np.random.default_rng(12)
    t = random.integers(20, 50, 60).astype(float)
    x = random.binomial(t.astype(int), 0.3).astype(float)
    x[:30] = np.nan
    exact = suppression_bounds(x, t, at_most=np.inf).areas
    monkeypatch.setattr("analysis.measures.extreme_counts.ALL_TRIED", 1000)
    monkeypatch.setattr("analysis.measures.extreme_counts.CHUNK", 500)
    coarse = suppression_bounds(x, t, at_most=np.inf).areas
    np.testing.assert_allclose(coarse[["low", "high"]], exact[["low", "high"]], atol=1e-3)


def test_areas_are_taken_apart_and_given_back_in_order():
    frame = pd.DataFrame(
        {
            "area": ["b", "a", "b", "a", "c", "c", "d"],
            "x": [NAN, 4, 9, NAN, 7, 5, NAN],
            "t": [10, 30, 40, 20, 20, 30, 9],
        },
        index=[f"BU{n}" for n in range(7)],
    )
    before = frame.copy(deep=True)
    parent = pd.Series({"a": 8.0, "b": 30.0, "c": NAN, "d": 0.0})
    bounds = suppression_bounds(
        frame["x"],
        frame["t"],
        frame["area"],
        at_most=4,
        parent=parent,
        tolerance=pd.Series({"a": 1.0, "b": 1.0, "c": 1.0, "d": 0.0}),
    )
    assert bounds.areas["status"].tolist() == ["ok", "contradictory", "ok", "undefined"]
    assert bounds.areas["cells"].tolist() == [1, 1, 0, 1]
    assert bounds.areas["withheld"].tolist() == [True, False, False, True]
    assert bounds.areas["population_covered"].tolist() == [0.6, 0.8, 1.0, 0.0]
    # a: x = (4, c), c from 3 to 4: 20 and 30 people.
    values = [dissimilarity([4, c], [26, 20 - c]) for c in (3, 4)]
    assert bounds.areas.loc["a", ["low", "high"]].tolist() == [min(values), max(values)]
    assert bounds.areas.loc["b", ["low", "high"]].isna().all()
    value = dissimilarity([7, 5], [13, 25])
    assert bounds.areas.loc["c", ["low", "high"]].tolist() == [value, value]
    assert bounds.lowest.index.tolist() == frame.index.tolist()
    assert bounds.lowest["BU1"] == 4 and bounds.lowest["BU3"] in (3, 4)
    assert np.isnan(bounds.lowest["BU0"]) and np.isnan(bounds.highest["BU6"])
    pd.testing.assert_frame_equal(frame, before)


def test_a_group_that_rounding_made_larger_than_the_unit_is_everybody():
    bounds = suppression_bounds([15, 3, NAN], [10, 20, 20], at_most=2)
    values = [dissimilarity([15, 3, c], [0, 17, 20 - c]) for c in range(3)]
    assert bounds.areas.loc["all", ["low", "high"]].tolist() == [min(values), max(values)]


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"index": gini}, ValueError, "bounds can be had of dissimilarity, information_theory"),
        ({"group": [1.5, NAN]}, ValueError, "whole counts only"),
        ({"total": [4.5, 9]}, ValueError, "whole counts only"),
        ({"total": [4, NAN]}, ValueError, "total is missing"),
        ({"at_most": -1}, ValueError, "at_most"),
        ({"at_most": [3, NAN]}, ValueError, "at_most"),
        ({"at_most": [3]}, ValueError, "at_most has 1"),
        ({"tolerance": -1}, ValueError, "tolerance"),
        ({"parent": [3]}, TypeError, "parent: give"),
        ({"parent": pd.Series({"b": 3})}, ValueError, "it lacks"),
        ({"by": ["a"]}, ValueError, "by has 1"),
    ],
)
def test_bad_input_raises(change, error, sentence):
    given = {"group": [1, NAN], "total": [4, 9], "by": ["a", "a"], "at_most": 4} | change
    with pytest.raises(error, match=sentence):
        suppression_bounds(**given)


def test_a_parent_by_area_needs_areas():
    with pytest.raises(TypeError, match="without by"):
        suppression_bounds([1, NAN], [4, 9], at_most=4, parent=pd.Series({"a": 3}))
    group = pd.Series([1, NAN], index=["BU1", "BU2"])
    with pytest.raises(ValueError, match="different indexes"):
        suppression_bounds(group, pd.Series([4, 9], index=["BU1", "BU3"]), at_most=4)
