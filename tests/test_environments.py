"""Local environments: on a grid by transform, elsewhere by tree, both as the sum over all pairs."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from analysis.measures import environments
from analysis.measures.areas import lay_out
from analysis.measures.environments import kernel_environments, weighted_environments

PHI = {
    "uniform": lambda u: 1.0,
    "triangular": lambda u: 1 - u,
    "epanechnikov": lambda u: 1 - u * u,
    "biweight": lambda u: (1 - u * u) * (1 - u * u),
}
each_kernel = pytest.mark.parametrize("kernel", PHI)


def slow(groups, east, north, radius, kernel, area=None):
    around = np.zeros(groups.shape)
    values = groups.to_numpy(float)
    for i in range(len(groups)):
        for j in range(len(groups)):
            apart = np.hypot(east[i] - east[j], north[i] - north[j])
            if apart <= radius * (1 + 1e-9) and (area is None or area[i] == area[j]):
                u = min(apart / radius, 1.0) if radius else 0.0
                around[i] += PHI[kernel](u) * values[j]
    return around


def some_units(*, on_grid: bool):
    random = np.random.default_rng(7)
    place = random.choice(13 * 9, 60, replace=False)
    east, north = place % 13 * 100.0 + 150_000, place // 13 * 100.0 + 450_000
    if not on_grid:
        east, north = east + random.uniform(-40, 40, 60), north + random.uniform(-40, 40, 60)
    groups = pd.DataFrame(
        {"a": random.poisson(8, 60), "b": random.poisson(2, 60), "c": random.poisson(0.5, 60)},
        index=[f"cell {number}" for number in range(60)],
    )
    groups.iloc[::7] = 0
    area = pd.Series(random.choice(["south", "north"], 60), index=groups.index)
    return groups, pd.Series(east, groups.index), pd.Series(north, groups.index), area


@each_kernel
@pytest.mark.parametrize("on_grid", [True, False])
@pytest.mark.parametrize("block", [1_000_000, 50])
def test_environments_are_sums_over_all_pairs(kernel, on_grid, block, monkeypatch):
    monkeypatch.setattr(environments, "_BLOCK", block)
    groups, east, north, area = some_units(on_grid=on_grid)
    radii = [0, 100, 250, 300.5, 5000]
    for within in (None, area, lay_out(area)):
        found = dict(kernel_environments(groups, east, north, radii, kernel=kernel, within=within))
        assert list(found) == radii
        for radius, around in found.items():
            codes = None if within is None else area.to_numpy()
            expected = slow(groups, east.to_numpy(), north.to_numpy(), radius, kernel, codes)
            np.testing.assert_allclose(around, expected, rtol=1e-12, atol=1e-11)
            pd.testing.assert_index_equal(around.index, groups.index)
            assert list(around.columns) == list("abc")


def test_whole_counts_on_a_grid_come_out_whole():
    groups, east, north, _ = some_units(on_grid=True)
    [(_, around)] = kernel_environments(groups, east, north, [260])
    assert (around == slow(groups, east.to_numpy(), north.to_numpy(), 260, "uniform")).all(
        axis=None
    )
    [(_, halves)] = kernel_environments(groups / 2, east, north, [260])
    np.testing.assert_allclose(halves * 2, around, rtol=1e-12, atol=1e-12)


def test_where_nobody_lives_is_exactly_nobody():
    groups = pd.DataFrame({"a": [1e6, 0, 0.5], "b": [1e6, 0, 0.0]})
    [(_, around)] = kernel_environments(
        groups, [1e5, 1e5 + 900, 1e5 + 1800], [4e5] * 3, [300], kernel="triangular"
    )
    assert around.to_numpy()[1:].tolist() == [[0, 0], [0.5, 0]]


def test_a_unit_at_exactly_the_radius_is_inside():
    groups = pd.DataFrame({"a": [1, 10, 100], "b": [0, 0, 0]})
    # 300 and 400 metres away make 500; the third is a millimetre further.
    for third in (0.0, 0.001):
        east, north = [1e5, 1e5 + 300, 1e5 - 300 - third], [4e5, 4e5 + 400, 4e5 + 400]
        found = dict(kernel_environments(groups, east, north, [499.999, 500]))
        assert found[499.999]["a"][0] == 1
        assert found[500]["a"][0] == (11 if third else 111)


def test_two_units_at_one_place_are_around_each_other():
    groups = pd.DataFrame({"a": [1, 10, 4], "b": [0, 0, 0]})
    for spot in (1e5 + 100, 1e5 + 77.7):
        found = dict(kernel_environments(groups, [1e5, 1e5, spot], [4e5] * 3, [0, 100]))
        assert found[0]["a"].tolist() == [11, 11, 4]
        assert found[100]["a"].tolist() == [15, 15, 15]


def test_a_long_and_narrow_grid():
    groups = pd.DataFrame({"a": np.arange(12), "b": 1})
    east = 1e5 + 100.0 * np.arange(12)
    [(_, around)] = kernel_environments(groups, east, np.full(12, 4e5), [200])
    assert around["a"].tolist() == [3, 6, 10, 15, 20, 25, 30, 35, 40, 45, 38, 30]
    [(_, around)] = kernel_environments(groups, np.full(12, 1e5), east * 4, [100_000])
    assert set(around["a"]) == {66.0}


def test_given_weights():
    groups = pd.DataFrame({"a": [1, 10], "b": [3, 0]}, index=["x", "y"])
    weights = csr_array([[1.0, 0.5], [0, 2]])
    found = weighted_environments(groups, weights)
    assert found.to_dict() == {"a": {"x": 6.0, "y": 20.0}, "b": {"x": 3.0, "y": 0.0}}
    with pytest.raises(ValueError, match="for 2 units"):
        weighted_environments(groups, np.eye(3))


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ({"kernel": "gaussian"}, ValueError, "'gaussian': give one of uniform, triangular"),
        ({"radii": [-1]}, ValueError, "radii are"),
        ({"radii": [np.nan]}, ValueError, "radii are"),
        ({"radii": [np.inf]}, ValueError, "radii are"),
        ({"east": [4.9, 5.0], "north": [52.0, 52.1]}, ValueError, "degrees"),
        ({"groups": pd.DataFrame({"a": [1, 2]})}, ValueError, "fewer than two groups"),
        ({"groups": pd.DataFrame({"a": [1, -2], "b": 1})}, ValueError, "negative"),
        ({"groups": [[1, 2], [3, 4]]}, TypeError, "DataFrame"),
        ({"within": ["x"]}, ValueError, "by has 1"),
    ],
)
def test_bad_input_raises_at_the_call(given, error, sentence):
    call = {
        "groups": pd.DataFrame({"a": [1, 2], "b": [3, 4]}),
        "east": [1e5, 1e5 + 100],
        "north": [4e5, 4e5],
        "radii": [100],
    } | given
    with pytest.raises(error, match=sentence):
        kernel_environments(**call)


def test_no_units():
    none = pd.DataFrame({"a": [], "b": []}, dtype=float)
    [(_, around)] = kernel_environments(none, [], [], [100])
    assert around.shape == (0, 2)
