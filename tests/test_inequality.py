"""Inequality over people: hand-made sums, PySAL inequality 1.1.2, and what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures import fairness as fair
from analysis.measures import inequality as unequal

EIGHT = [3, 1, 4, 1, 5, 9, 2, 6]
ONES = [1] * 8
MEASURES = (unequal.gini_of_values, unequal.theil, unequal.atkinson_of_values, unequal.palma_ratio)


def test_values_of_pysal_inequality():
    assert unequal.gini_of_values(EIGHT, ONES) == pytest.approx(0.36693548387096775, abs=1e-14)
    assert unequal.theil(EIGHT, ONES) == pytest.approx(0.21965034510335385, abs=1e-14)
    parts = unequal.theil_parts(EIGHT, ONES, list("aabbbccc")).loc["all"]
    assert parts["between"] == pytest.approx(0.07450384, abs=5e-9)
    assert parts["within"] == pytest.approx(0.1451465, abs=5e-8)
    for aversion, value in ((0.5, 0.11297198985449797), (1, 0.2270076980694704),
                            (2, 0.4202606813949976)):  # fmt: skip
        found = unequal.atkinson_of_values(EIGHT, ONES, aversion=aversion)
        assert found == pytest.approx(value, abs=1e-14)


def test_gini_is_the_mean_difference_of_pairs():
    x, w = np.array([2.0, 0.0, 7.0]), np.array([30.0, 10.0, 5.0])
    # Pairs: |2-0| 30 x 10, |2-7| 30 x 5, |0-7| 10 x 5, each twice: 2 x (600 + 750 + 350) = 3,400.
    # W = 45, mu = (60 + 0 + 35)/45 = 95/45: G = 3,400 / (2 x 45 x 95).
    assert unequal.gini_of_values(x, w) == pytest.approx(3400 / (2 * 45 * 95), abs=1e-15)


def test_palma_divides_units_across_the_bounds():
    # 10 people with 1, 2 ... each: the top tenth is the last (10), four tenths are 1 + 2 + 3 + 4.
    assert unequal.palma_ratio(range(1, 11), [1] * 10) == pytest.approx(10 / 10)
    # 50 with 1 and 50 with 3: top tenth 10 x 3, four tenths 40 x 1.
    assert unequal.palma_ratio([3, 1], [50, 50]) == pytest.approx(30 / 40)
    assert np.isnan(unequal.palma_ratio([0, 1], [50, 50]))


def test_theil_parts_add_up_and_a_group_may_be_in_two_areas():
    parts = unequal.theil_parts([1, 3, 2, 8], [1, 1, 2, 2], ["g", "h", "g", "g"], list("aabb"))
    # Area a: groups of one unit each: all is between. Area b: one group: all is within.
    assert parts.loc["a", "within"] == pytest.approx(0, abs=1e-15)
    assert parts.loc["b", "between"] == pytest.approx(0, abs=1e-15)
    assert (parts["between"] + parts["within"]).to_numpy() == pytest.approx(parts["theil"])
    # a: T = 1/2 (1/2 ln 1/2 + 3/2 ln 3/2).
    expected = 0.5 * (0.5 * np.log(0.5) + 1.5 * np.log(1.5))
    assert parts.loc["a", "theil"] == pytest.approx(expected)


def test_concentration_by_its_formula_with_equal_ranks():
    x, rank, w = np.array([4, 1, 3, 2]), [10, 20, 20, 30], np.array([10, 20, 10, 10])
    # Places: 10 below 10, then 30 together, then 10: middles 5, 25, 25, 45 of 50.
    r = np.array([5, 25, 25, 45]) / 50
    mean = (w * x).sum() / 50
    expected = 2 * (w * (x - mean) * (r - 0.5)).sum() / 50 / mean
    assert fair.concentration_index(x, rank, w) == pytest.approx(expected, abs=1e-15)
    # The same order with other numbers, also negative ones.
    assert fair.concentration_index(x, [-3, 0, 0, 9], w) == pytest.approx(expected, abs=1e-15)
    curve = fair.concentration_curve(x, rank, w)
    # 40 of 110 with the first, then 50 more, then 20.
    assert curve["total"].tolist() == pytest.approx([0, 40 / 110, 90 / 110, 1])
    assert curve["people"].tolist() == [0, 0.2, 0.8, 1]


def test_in_its_own_order_concentration_is_the_gini():
    w = [5, 1, 2, 8, 3, 1, 4, 2]
    assert fair.concentration_index(EIGHT, EIGHT, w) == pytest.approx(
        unequal.gini_of_values(EIGHT, w), abs=1e-15
    )
    curve = unequal.lorenz_curve(EIGHT, w)
    area = np.trapezoid(curve["total"], curve["people"])
    assert 1 - 2 * area == pytest.approx(unequal.gini_of_values(EIGHT, w), abs=1e-15)


def test_erreygers_turns_sign_with_what_is_left():
    share, rank, w = np.array([0.2, 0.9, 0.5]), [1, 2, 3], [10, 20, 30]
    here = fair.erreygers_index(share, rank, w)
    # E = 8/W^2-form written out: 4 mu C.
    mean = (np.array(w) * share).sum() / 60
    assert here == pytest.approx(4 * mean * fair.concentration_index(share, rank, w))
    assert fair.erreygers_index(1 - share, rank, w) == pytest.approx(-here, abs=1e-15)
    assert fair.erreygers_index([0, 0], [1, 2], [1, 1]) == 0
    assert fair.erreygers_index(100 * share, rank, w, bounds=(0, 100)) == pytest.approx(here)


def test_poverty_of_access():
    x, w = [1, 2, 4], [10, 30, 60]
    assert fair.access_poverty(x, w, 2) == 0.1
    assert fair.access_poverty(x, w, 3) == 0.4
    # (10 x 2/3 + 30 x 1/3) / 100, and the squares.
    assert fair.access_poverty(x, w, 3, order=1) == pytest.approx(0.5 / 3)
    assert fair.access_poverty(x, w, 3, order=2) == pytest.approx((10 * 4 / 9 + 30 / 9) / 100)
    assert fair.access_poverty(x, w, 2, beyond=True) == 0.6
    assert fair.access_poverty(x, w, 2, order=1, beyond=True) == 0.6


def test_the_ratio_of_a_group_to_all_others():
    # Group: (2 x 30 + 6 x 10)/40 = 3; others: (2 x 10 + 6 x 30)/40 = 5.
    assert fair.group_ratio([2, 6], [30, 10], [10, 30]) == pytest.approx(3 / 5)
    assert np.isnan(fair.group_ratio([2, 6], [0, 0], [10, 30]))
    assert np.isnan(fair.group_ratio([0, 0], [1, 1], [10, 30]))


@pytest.mark.parametrize("measure", MEASURES)
def test_nobody_and_nothing_are_undefined(measure):
    assert np.isnan(measure([1, 2], [0, 0])) and np.isnan(measure([0, 0], [5, 5]))
    assert measure([7], [5]) == pytest.approx(0.25 if measure is unequal.palma_ratio else 0)
    found = measure([1, 1, 5, 9], [1, 1, 0, 0], ["b", "b", "a", "a"])
    assert found.index.tolist() == ["a", "b"] and np.isnan(found["a"])


def test_who_has_nothing_makes_atkinson_one_from_one_on():
    assert unequal.atkinson_of_values([0, 4], [1, 1], aversion=1) == 1
    assert unequal.atkinson_of_values([0, 4], [1, 1], aversion=2) == 1
    # A unit in which nobody lives has nobody with nothing.
    assert unequal.atkinson_of_values([0, 4], [0, 1], aversion=2) == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: unequal.gini_of_values([1, -1], [1, 1]), "negative"),
        (lambda: unequal.theil([1, np.nan], [1, 1]), "missing"),
        (lambda: unequal.atkinson_of_values([1], [1], aversion=0), "aversion is 0"),
        (lambda: unequal.theil_parts([1, 2], [1, 1], ["a", None]), "none missing"),
        (lambda: fair.concentration_index([1, 2], [1, np.nan], [1, 1]), "rank is missing"),
        (lambda: fair.erreygers_index([0.5, 2], [1, 2], [1, 1]), "outside the bounds"),
        (lambda: fair.erreygers_index([0.5], [1], [1], bounds=(1, 1)), "bounds are 1 and 1"),
        (lambda: fair.access_poverty([1], [1], 0), "line is 0"),
        (lambda: fair.access_poverty([1], [1], 1, order=-1), "order is -1"),
    ],
)
def test_bad_input_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


numbers = st.integers(0, 40)
towns = st.lists(st.tuples(numbers, st.integers(0, 30), st.sampled_from("ab")), min_size=1,
                 max_size=12)  # fmt: skip


@given(towns, st.integers(2, 9))
def test_scale_split_and_order_of_units_change_nothing(town, factor):
    x, w, by = (list(column) for column in zip(*town, strict=True))
    rank = [value % 7 for value in x]
    for measure in (*MEASURES, lambda a, b, c: fair.concentration_index(a, rank, b, c)):
        found = measure(x, w, by)
        larger = measure([factor * value for value in x], w, by)
        np.testing.assert_allclose(larger, found, atol=1e-9)
    for measure in MEASURES:
        found = measure(x, w, by)
        # Every unit cut in two halves, in another order.
        halves = [number / 2 for number in w] * 2
        cut = measure((x * 2)[::-1], halves[::-1], (by * 2)[::-1])
        np.testing.assert_allclose(cut, found, atol=1e-9)


@given(towns)
def test_all_is_inside_its_range_and_areas_are_apart(town):
    x, w, by = (np.array(column) for column in zip(*town, strict=True))
    for measure in MEASURES:
        found = measure(x, w, by)
        for area in found.index:
            alone = measure(x[by == area], w[by == area])
            np.testing.assert_allclose(found[area], alone, atol=1e-12)
            assert (
                np.isnan(alone) or alone >= (0.25 if measure is unequal.palma_ratio else 0) - 1e-9
            )


def test_inputs_stay_as_they_were():
    frame = pd.DataFrame({"x": EIGHT, "w": ONES, "r": EIGHT[::-1]}, dtype=float)
    before = frame.copy()
    for measure in MEASURES:
        measure(frame["x"], frame["w"])
    fair.concentration_index(frame["x"], frame["r"], frame["w"])
    unequal.lorenz_curve(frame["x"], frame["w"])
    pd.testing.assert_frame_equal(frame, before)


def test_values_at_the_bounds_are_inside_them():
    # x = 0, 1 with ranks 1, 2: mean 1/2, concentration index 1/2: 4 x 1/2 x 1/2.
    assert fair.erreygers_index([0, 1], [1, 2], [1, 1]) == 1
    assert fair.erreygers_index([3, 5], [2, 1], [1, 1], bounds=(3, 5)) == -1
