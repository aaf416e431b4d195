"""Proximity by distance and by given weights, without a table of all pairs."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array, csr_matrix

from analysis.measures import distance_decay
from analysis.measures.areas import by_area
from analysis.measures.distance_decay import exponential_proximity, linked, near_sums

EAST, NORTH = np.array([1000.0, 1300, 1000, 5000]), np.array([2000.0, 2000, 2400, 2000])
LAND = np.array([0.0, 60_000, 15_000, 1000])


def matrix(length: float) -> np.ndarray:
    """Return all proximities, one by one."""
    near = np.empty((4, 4))
    for i in range(4):
        for j in range(4):
            apart = np.hypot(EAST[i] - EAST[j], NORTH[i] - NORTH[j])
            near[i, j] = np.exp(-(np.sqrt(0.6 * LAND[i]) if i == j else apart) / length)
    return near


def laid_out(by=None):
    return by_area({"unit": np.ones(4)}, by)[0]


@pytest.mark.parametrize("length", [0.5, 200.0, 1000.0])
@pytest.mark.parametrize("block", [2_000_000, 5, 1])
def test_sums_are_those_of_all_pairs(length, block, monkeypatch):
    monkeypatch.setattr(distance_decay, "_BLOCK", block)
    near = exponential_proximity(EAST, NORTH, LAND, length=length)
    values = np.array([[1.0, 2], [3, 0], [5, 1], [0, 4]])
    expected = matrix(length) @ values
    np.testing.assert_allclose(near_sums(near, laid_out(), values), expected, rtol=1e-13)
    np.testing.assert_allclose(near_sums(matrix(length), laid_out(), values), expected, rtol=1e-13)


def test_proximity_falls_to_1_over_e_in_a_kilometre():
    near = exponential_proximity([155_000, 156_000], [463_000, 463_000], [0, 1e6 / 0.6])
    found = near_sums(near, by_area({"unit": [1, 1]}, None)[0], np.array([[1.0], [0]]))
    np.testing.assert_allclose(found.ravel(), [1, np.exp(-1)], rtol=1e-14)
    found = near_sums(near, by_area({"unit": [1, 1]}, None)[0], np.array([[0.0], [1]]))
    np.testing.assert_allclose(found.ravel(), [np.exp(-1), np.exp(-1)], rtol=1e-14)


@pytest.mark.parametrize("kind", ["distance", "array", "sparse", "holder"])
def test_an_area_is_measured_as_if_it_lay_alone(kind):
    by = ["b", "a", "b", "a"]
    areas = laid_out(by)
    full = matrix(300)
    given = {
        "distance": exponential_proximity(EAST, NORTH, LAND, length=300),
        "array": full,
        "sparse": csr_matrix(full),
        "holder": type("Weights", (), {"sparse": csr_array(full)})(),
    }[kind]
    values = np.array([[3.0], [7], [1], [9]])
    # Laid out: units 1, 3 (a), then 0, 2 (b).
    expected = [
        full[1, 1] * 3 + full[1, 3] * 7,
        full[3, 1] * 3 + full[3, 3] * 7,
        full[0, 0] * 1 + full[0, 2] * 9,
        full[2, 0] * 1 + full[2, 2] * 9,
    ]
    found = near_sums(given, areas, values).ravel()
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_linked_keeps_direction_and_order():
    weights = np.arange(16.0).reshape(4, 4)
    found = linked(weights, laid_out(["b", "a", "b", "a"])).toarray()
    expected = [[5, 7, 0, 0], [13, 15, 0, 0], [0, 0, 0, 2], [0, 0, 8, 10]]
    assert found.tolist() == expected
    assert linked(weights, laid_out()).toarray().tolist() == weights.tolist()


@pytest.mark.parametrize(
    ("weights", "error", "sentence"),
    [
        (np.ones((3, 3)), ValueError, r"\(3, 3\) for 4 units"),
        (np.ones((4, 3)), ValueError, r"\(4, 3\) for 4 units"),
        (np.full((4, 4), -1.0), ValueError, "negative"),
        (np.full((4, 4), np.nan), ValueError, "missing"),
        (np.full((4, 4), np.inf), ValueError, "infinite"),
        (np.ones(4), TypeError, "two-dimensional"),
        (pd.DataFrame(np.ones((4, 4))), TypeError, "sparse matrix"),
        (None, TypeError, "sparse matrix"),
    ],
)
def test_bad_weights_raise(weights, error, sentence):
    with pytest.raises(error, match=sentence):
        linked(weights, laid_out())


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"length": 0}, "length is 0"),
        ({"length": -5.0}, "length is -5"),
        ({"length": np.nan}, "length is nan"),
        ({"length": np.inf}, "length is inf"),
        ({"land_area": [-1, 0, 0, 0]}, "land_area is negative"),
        ({"land_area": [0, 0, 0]}, "east has 4 values for 3 units"),
        ({"east": EAST / 1000, "north": NORTH / 100}, "degrees"),
    ],
)
def test_bad_places_raise(given, sentence):
    places = {"east": EAST, "north": NORTH, "land_area": LAND} | given
    with pytest.raises(ValueError, match=sentence):
        exponential_proximity(**places)


def test_proximity_of_other_units_raises():
    near = exponential_proximity(EAST[:3], NORTH[:3], LAND[:3])
    with pytest.raises(ValueError, match="proximity is of 3 units, not of 4"):
        near_sums(near, laid_out(), np.ones((4, 1)))
