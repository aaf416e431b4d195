"""Catchments that give out demand and supply once: known sums, and what comes back."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.balanced import (
    balanced_floating_catchment,
    out_of_reach,
    spatial_availability,
)
from analysis.measures.catchment import two_step_floating_catchment
from analysis.measures.decay import binary, exponential, gaussian
from analysis.measures.travel import straight_line_travel, travel_of_pairs

# a reaches p; b reaches p and q; c reaches q; d reaches nothing; nobody reaches r.
PAIRS = pd.DataFrame(
    [("a", "p", 4), ("b", "p", 9), ("b", "q", 3), ("c", "q", 10)],
    columns=["origin", "facility", "distance"],
)
TRAVEL = travel_of_pairs(pd.Index(list("abcd")), pd.Index(list("pqr")), PAIRS, 10)
PEOPLE, SUPPLY = pd.Series([100.0, 60, 40, 25], list("abcd")), pd.Series([4.0, 1, 7], list("pqr"))
# One weight per pair, laid out by origin: a-p, b-p, b-q, c-q.
WEIGHTS = np.array([1.0, 1.0, 2.0, 0.5])


def country(size: int = 400):
    """Return a made-up country in which some homes and some facilities are out of reach."""
    random = np.random.default_rng(11)
    homes = pd.DataFrame(random.uniform(0, 9e3, (size, 2)) + 1e5, columns=["east", "north"])
    places = pd.DataFrame(random.uniform(0, 14e3, (40, 2)) + 1e5, columns=["east", "north"])
    travel = straight_line_travel(homes, places, 1500, detour=1.2, own=50)
    people = random.integers(1, 300, size).astype(float)
    return travel, random.uniform(0.5, 20, 40), people


def test_balanced_by_people_by_hand() -> None:
    found = balanced_floating_catchment(TRAVEL, WEIGHTS, SUPPLY, PEOPLE)
    # The 60 of b go for 1/3 to p and for 2/3 to q. p: 4 for 100 + 20; q: 1 for 40 + 40.
    at_p, at_q = 4 / 120, 1 / 80
    np.testing.assert_allclose(found, [at_p, at_p / 3 + at_q * 2 / 3, at_q, np.nan], rtol=1e-14)
    assert list(found.index) == list("abcd")


def test_balanced_by_places_by_hand() -> None:
    found = balanced_floating_catchment(TRAVEL, WEIGHTS, SUPPLY, PEOPLE, shared_by="places")
    # p is shared by a and b half and half; q by b (2) and c (0.5).
    at_p, at_q = 4 / 120, 1 / 80
    np.testing.assert_allclose(
        found, [at_p / 2, at_p / 2 + at_q * 0.8, at_q * 0.2, np.nan], rtol=1e-14
    )
    assert found.sum() == pytest.approx(at_p + at_q, rel=1e-14)


def test_spatial_availability_by_hand() -> None:
    found = spatial_availability(TRAVEL, WEIGHTS, SUPPLY, PEOPLE)
    # p: a 100, b 60 of 160; q: b 2 * 60 of 140, c 0.5 * 40 of 140.
    np.testing.assert_allclose(
        found, [4 * 100 / 160, 4 * 60 / 160 + 120 / 140, 20 / 140, np.nan], rtol=1e-14
    )


def test_what_is_out_of_reach_is_counted() -> None:
    assert out_of_reach(TRAVEL, WEIGHTS, SUPPLY, PEOPLE) == {
        "origins": 1, "demand": 25.0, "facilities": 1, "supply": 7.0,
    }  # fmt: skip
    # Without the people of a and b nobody comes to p; b itself still has facilities in reach.
    empty = PEOPLE.where(PEOPLE.index.isin(["c", "d"]), 0.0)
    assert out_of_reach(TRAVEL, WEIGHTS, SUPPLY, empty)["facilities"] == 2


@pytest.mark.parametrize(
    "way",
    [lambda d: binary(d, 1500), lambda d: exponential(d, 400), lambda d: gaussian(d, 300)],
    ids=["binary", "exponential", "gaussian"],
)
def test_demand_and_supply_come_back(way) -> None:
    travel, supply, people = country()
    weights = way(travel.distance)
    left = out_of_reach(travel, weights, supply, people)
    assert left["origins"] > 0 and left["facilities"] > 0
    given_out = supply.sum() - left["supply"]
    per_head = balanced_floating_catchment(travel, weights, supply, people)
    assert (per_head * people).sum() == pytest.approx(given_out, abs=1e-9)
    available = spatial_availability(travel, weights, supply, people)
    assert available.sum() == pytest.approx(given_out, abs=1e-9)
    # The demand at the facilities, each person once: with as much supply as demand all have 1.
    links = travel.matrix(weights)
    divided = links.multiply(1 / np.where(links.sum(axis=1) > 0, links.sum(axis=1), 1)[:, None])
    at_facilities = np.asarray(divided.T @ people).ravel()
    assert at_facilities.sum() == pytest.approx(people.sum() - left["demand"], abs=1e-9)
    ones = balanced_floating_catchment(travel, weights, at_facilities, people)
    np.testing.assert_allclose(ones.dropna(), 1, rtol=1e-12)
    levels = supply[at_facilities > 0] / at_facilities[at_facilities > 0]
    by_places = balanced_floating_catchment(travel, weights, supply, people, shared_by="places")
    assert by_places.sum() == pytest.approx(levels.sum(), abs=1e-9)


def test_availability_per_head_is_two_step() -> None:
    travel, supply, people = country()
    weights = exponential(travel.distance, 500)
    np.testing.assert_allclose(
        spatial_availability(travel, weights, supply, people) / people,
        two_step_floating_catchment(travel, weights, supply, people),
        rtol=1e-12,
    )


def test_only_ratios_of_weights_matter() -> None:
    travel, supply, people = country()
    weights = exponential(travel.distance, 500)
    tiny = np.where(travel.distance > 0, 5e-310, 0.0)
    np.testing.assert_allclose(
        balanced_floating_catchment(travel, tiny, supply, people),
        balanced_floating_catchment(travel, np.ones(len(tiny)), supply, people),
        rtol=1e-9,  # numbers this small have no more digits
    )
    for measure in (balanced_floating_catchment, spatial_availability):
        np.testing.assert_allclose(
            measure(travel, weights, supply, people),
            measure(travel, weights / 7, supply, people),
            rtol=1e-12,
        )


def test_cutting_a_place_in_two_changes_nothing_by_people_and_something_by_places() -> None:
    pairs = pd.concat([PAIRS, PAIRS[PAIRS["origin"] == "b"].assign(origin="b2")])
    cut = travel_of_pairs(pd.Index(["a", "b", "b2", "c"]), TRAVEL.facilities, pairs, 10)
    people, weights = [100, 30, 30, 40], np.array([1.0, 1, 2, 1, 2, 0.5])
    for shared_by, same in (("people", True), ("places", False)):
        whole = balanced_floating_catchment(TRAVEL, WEIGHTS, SUPPLY, PEOPLE, shared_by=shared_by)
        parts = balanced_floating_catchment(cut, weights, SUPPLY.array, people, shared_by=shared_by)
        assert (abs(parts[["a", "b", "c"]] - whole[["a", "b", "c"]]).max() < 1e-15) is np.bool_(
            same
        )


def test_nobody_at_all_is_undefined_and_availability_0() -> None:
    nobody = PEOPLE * 0
    assert balanced_floating_catchment(TRAVEL, WEIGHTS, SUPPLY, nobody).isna().all()
    available = spatial_availability(TRAVEL, WEIGHTS, SUPPLY, nobody)
    np.testing.assert_array_equal(available, [0, 0, 0, np.nan])


@pytest.mark.parametrize("measure", [balanced_floating_catchment, spatial_availability])
def test_bad_input_is_refused_and_inputs_unchanged(measure) -> None:
    before = PEOPLE.copy(), SUPPLY.copy(), WEIGHTS.copy()
    measure(TRAVEL, WEIGHTS, SUPPLY, PEOPLE)
    assert PEOPLE.equals(before[0]) and SUPPLY.equals(before[1])
    assert (before[2] == WEIGHTS).all()
    with pytest.raises(ValueError, match="supply is negative"):
        measure(TRAVEL, WEIGHTS, -SUPPLY, PEOPLE)
    with pytest.raises(ValueError, match="demand is missing"):
        measure(TRAVEL, WEIGHTS, SUPPLY, PEOPLE * np.nan)
    with pytest.raises(ValueError, match="shared_by is 'heads'"):
        balanced_floating_catchment(TRAVEL, WEIGHTS, SUPPLY, PEOPLE, shared_by="heads")
