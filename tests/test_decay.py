"""Seven ways in which a facility counts less the further it is."""

import numpy as np
import pytest

from analysis.measures import decay

WAYS = {
    "binary": lambda d: decay.binary(d, 1000),
    "stepped": lambda d: decay.stepped(d, {500: 1, 1000: 0.68, 1500: 0.22}),
    "linear": lambda d: decay.linear(d, 1000),
    "exponential": lambda d: decay.exponential(d, 800),
    "power": lambda d: decay.power(d, 1.5, least=100),
    "gaussian": lambda d: decay.gaussian(d, 600),
    "gaussian to 0": lambda d: decay.gaussian(d, 600, threshold=1000),
    "logistic": lambda d: decay.logistic(d, 800, 200),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_falls_from_1_at_the_door_to_0_where_there_is_no_way(way) -> None:
    distance = np.r_[0.0, np.linspace(1, 40_000, 4_001), np.inf]
    before = distance.copy()
    weights = way(distance)
    assert weights[0] == pytest.approx(1, abs=1e-15)
    assert weights[-1] == 0
    assert ((weights >= 0) & (weights <= 1)).all()
    assert (np.diff(weights) <= 1e-15).all()
    assert (distance == before).all()
    assert way(distance.reshape(1, -1)).shape == (1, len(distance))
    assert way(np.empty(0)).shape == (0,)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("wrong", [-1.0, np.nan])
def test_no_distance_is_refused(way, wrong) -> None:
    with pytest.raises(ValueError, match="1 of 2 distances are missing or negative"):
        way(np.array([5.0, wrong]))


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        # A bound belongs to its own ring.
        (decay.binary(np.array([1000, 1000.1]), 1000), [1, 0]),
        (
            decay.stepped(np.array([500, 500.1, 1000, 1001]), {1000: 0.3, 500: 0.9}),
            [0.9, 0.3, 0.3, 0],
        ),
        (decay.linear(np.array([100, 1000, 1001]), 1000), [0.9, 0, 0]),
        # exp(-1.5)
        (decay.exponential(np.array([1200]), 800), [0.22313016014842982]),
        # 100 m to 400 m is four times as far: 4^-1.5 = 1/8; 30 m is as good as 100 m.
        (decay.power(np.array([30, 400]), 1.5, least=100), [1, 0.125]),
        # exp(-0.5), exp(-2)
        (decay.gaussian(np.array([600, 1200]), 600), [0.6065306597126334, 0.1353352832366127]),
        # (exp(-1/8) - exp(-1/2)) / (1 - exp(-1/2)), at half the threshold; beyond it nothing.
        (
            decay.gaussian(np.array([500, 1001]), 1000, threshold=1000),
            [(np.exp(-0.125) - np.exp(-0.5)) / (1 - np.exp(-0.5)), 0],
        ),
        # b = pi / (200 sqrt 3); at the middle (1 + exp(-800 b)) / 2.
        (
            decay.logistic(np.array([800]), 800, 200),
            [(1 + np.exp(-800 * np.pi / (200 * np.sqrt(3)))) / 2],
        ),
    ],
)
def test_known_values(weights, expected) -> None:
    np.testing.assert_allclose(weights, expected, rtol=1e-14, atol=0)


@pytest.mark.parametrize("length", [0, -5, np.nan, np.inf])
def test_a_threshold_of_0_is_refused(length) -> None:
    d = np.array([1.0])
    for call in (
        lambda: decay.binary(d, length),
        lambda: decay.stepped(d, {length: 1}),
        lambda: decay.linear(d, length),
        lambda: decay.exponential(d, length),
        lambda: decay.power(d, length, least=1),
        lambda: decay.power(d, 2, least=length),
        lambda: decay.gaussian(d, length),
        lambda: decay.gaussian(d, 600, threshold=length),
        lambda: decay.logistic(d, length, 100),
        lambda: decay.logistic(d, 100, length),
    ):
        with pytest.raises(ValueError, match="give a finite number above 0"):
            call()


@pytest.mark.parametrize("steps", [{}, {500: 0.5, 1000: 0.6}, {500: 1.2}, {500: -0.1}])
def test_rings_that_rise_or_are_none_are_refused(steps) -> None:
    with pytest.raises(ValueError, match="steps"):
        decay.stepped(np.array([1.0]), steps)
