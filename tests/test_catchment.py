"""What people can reach, and how much of it per head, against sums by hand and PySAL access."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.catchment import gravity, two_step_floating_catchment
from analysis.measures.decay import binary, gaussian, linear, stepped
from analysis.measures.travel import travel_of_pairs

STEPS = {500: 1, 1000: 0.68, 1500: 0.22}
# Three places on a line, each with homes and a facility.
LINE = {"a": 0, "b": 600, "c": 1400}
SYMMETRIC = (
    {"a": 100, "b": 250, "c": 50},
    {"a": 2, "b": 1, "c": 3},
    [(i, j, abs(LINE[i] - LINE[j])) for i in LINE for j in LINE],
)
# Homes and facilities in different places, not one pair there and back (issue 18 of PySAL access).
ASYMMETRIC = (
    {"a": 100, "b": 250, "c": 50, "d": 80},
    {"p": 4, "q": 1},
    [("a", "p", 400), ("b", "p", 900), ("c", "p", 1200), ("b", "q", 300), ("c", "q", 1000),
     ("d", "q", 2500)],
)  # fmt: skip


def case(given, limit=3000):
    """Return the travel, the supply and the demand of a hand-made case."""
    people, supply, pairs = given
    table = pd.DataFrame(pairs, columns=["origin", "facility", "distance"])
    people, supply = pd.Series(people, dtype=float), pd.Series(supply, dtype=float)
    return travel_of_pairs(people.index, supply.index, table, limit), supply, people


# What access 1.1.10.post3 gives: two_stage_fca with max_cost 1000; enhanced_two_stage_fca with the
# steps and max_cost 1500; two_stage_fca with weights.gaussian(600) and max_cost 1500.
@pytest.mark.parametrize(
    ("given", "limit", "way", "expected"),
    [
        (SYMMETRIC, 1000, lambda d: binary(d, 1000),
         [0.008214285714285714, 0.018214285714285714, 0.0125]),
        (SYMMETRIC, 1500, lambda d: stepped(d, STEPS),
         [0.011776528631510838, 0.016110518808270344, 0.0158943486956266]),
        (SYMMETRIC, 1500, lambda d: gaussian(d, 600),
         [0.010914320779090759, 0.015517611033659277, 0.0205833032735221]),
        (ASYMMETRIC, 1000, lambda d: binary(d, 1000),
         [0.011428571428571429, 0.014761904761904763, 0.0033333333333333335, np.nan]),
        (ASYMMETRIC, 1500, lambda d: stepped(d, STEPS),
         [0.014234875444839857, 0.013200842063054484, 0.0055260387950478666, np.nan]),
        (ASYMMETRIC, 1500, lambda d: gaussian(d, 600),
         [0.01906476531288198, 0.011515702133891375, 0.004291958704779161, np.nan]),
    ],
)  # fmt: skip
def test_equal_to_pysal_access(given, limit, way, expected) -> None:
    travel, supply, people = case(given, limit)
    found = two_step_floating_catchment(travel, way(travel.distance), supply, people)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    # The supply of the facilities is given out once.
    assert (found * people).sum() == pytest.approx(supply.sum(), rel=1e-12)


def test_two_step_by_hand() -> None:
    travel, supply, people = case(ASYMMETRIC)
    found = two_step_floating_catchment(travel, binary(travel.distance, 1000), supply, people)
    # p: 4 for the 350 of a and b; q: 1 for the 300 of b and c. d lies 2,500 m from anything.
    assert found["a"] == pytest.approx(4 / 350, rel=1e-14)
    assert found["b"] == pytest.approx(4 / 350 + 1 / 300, rel=1e-14)
    assert np.isnan(found["d"])
    assert list(found.index) == ["a", "b", "c", "d"]


def test_a_longer_table_changes_nothing() -> None:
    ways = [
        two_step_floating_catchment(travel, stepped(travel.distance, STEPS), supply, people)
        for travel, supply, people in (case(ASYMMETRIC, 1500), case(ASYMMETRIC, 3000))
    ]
    pd.testing.assert_series_equal(*ways)


def test_gravity_by_hand() -> None:
    travel, supply, _ = case(ASYMMETRIC)
    found = gravity(travel, linear(travel.distance, 1000), supply)
    # a: 4 * 0.6; b: 4 * 0.1 + 1 * 0.7; c: q lies at the threshold and weighs nothing.
    np.testing.assert_allclose(found, [2.4, 1.1, np.nan, np.nan], rtol=1e-14)
    counted = gravity(travel, binary(travel.distance, 1000), [1, 1])
    np.testing.assert_array_equal(counted, [1, 2, 1, np.nan])


def test_in_reach_without_capacity_is_0_and_out_of_reach_is_undefined() -> None:
    travel, _, people = case(ASYMMETRIC)
    weights = binary(travel.distance, 1000)
    for found in (
        gravity(travel, weights, [0, 0]),
        two_step_floating_catchment(travel, weights, [0, 0], people),
    ):
        np.testing.assert_array_equal(found, [0, 0, 0, np.nan])


def test_nobody_in_the_catchment_is_undefined_only_there() -> None:
    travel, supply, people = case(ASYMMETRIC)
    people[["b", "c"]] = 0
    found = two_step_floating_catchment(travel, binary(travel.distance, 1000), supply, people)
    # q has nobody to serve, so that what b and c would have of it is no number; a has all of p.
    np.testing.assert_array_equal(found, [4 / 100, np.nan, np.nan, np.nan])


def test_inputs_are_unchanged() -> None:
    travel, supply, people = case(SYMMETRIC)
    weights = binary(travel.distance, 700)
    before = [travel.facility.copy(), travel.starts.copy(), travel.distance.copy(),
              weights.copy(), supply.copy(), people.copy()]  # fmt: skip
    gravity(travel, weights, supply)
    two_step_floating_catchment(travel, weights, supply, people)
    after = [travel.facility, travel.starts, travel.distance, weights, supply, people]
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"supply": [4, np.nan]}, "supply is missing in 1 of 2 units"),
        ({"supply": [4, -1]}, "supply is negative in 1 of 2 units"),
        ({"supply": [4]}, "supply has 1 values for 2 facilities"),
        ({"supply": pd.Series([1, 4], ["q", "p"])}, "supply has another index"),
        ({"demand": [100, 250, 50, np.nan]}, "demand is missing"),
        ({"demand": [100, 250]}, "demand has 2 values for 4 origins"),
        ({"weights": np.ones(3)}, r"weights has the shape \(3,\) for 6 pairs"),
        ({"weights": np.full(6, -1.0)}, "weights are missing, negative or infinite"),
        ({"weights": np.full(6, np.nan)}, "weights are missing, negative or infinite"),
    ],
)
def test_bad_input_is_refused(change, said) -> None:
    travel, supply, people = case(ASYMMETRIC)
    given = {"weights": np.ones(6), "supply": supply, "demand": people} | change
    with pytest.raises(ValueError, match=said):
        two_step_floating_catchment(travel, **given)
