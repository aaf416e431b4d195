"""Moran's I and Gi* against their formulas, and who deviates among units that differ by chance."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from shapely import box

from analysis.evidence.autocorrelation import local_g_star, morans_i, touching_or_overlapping

SIDE = 12
# As few as will do for 144 units.
FEW = {"permutations": 5760}


@pytest.fixture(scope="module")
def board() -> gpd.GeoSeries:
    """Return 12 by 12 squares of 100 m."""
    cells = [box(x, y, x + 100, y + 100) for y in range(0, 1200, 100) for x in range(0, 1200, 100)]
    return gpd.GeoSeries(cells, crs=28992)


@pytest.fixture(scope="module")
def links(board) -> csr_array:
    return touching_or_overlapping(board)


def test_squares_touch_their_eight_neighbours(board, links):
    assert links.sum() == 4 * 3 + 4 * 10 * 5 + 100 * 8
    assert (links.toarray() == links.toarray().T).all() and links.diagonal().sum() == 0
    # Overlapping by 10 m, and apart by 5 m.
    three = gpd.GeoSeries([box(0, 0, 100, 100), box(90, 0, 200, 100), box(205, 0, 300, 100)])
    three = three.set_crs(28992).set_axis(["a", "b", "c"])
    assert touching_or_overlapping(three).toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    near = touching_or_overlapping(three, gap=6).toarray()
    assert near.tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]


def test_moran_and_g_star_are_their_formulas(links):
    y = np.random.default_rng(1).gamma(2, size=SIDE**2)
    w = links.toarray() / links.sum(axis=1)[:, None]
    z = y - y.mean()
    found = morans_i(pd.Series(y), links)
    assert found["value"] == pytest.approx(z @ w @ z / (z @ z), abs=1e-12)
    assert found["expected"] == pytest.approx(-1 / 143)
    table = local_g_star(pd.Series(y), links)
    own = links.toarray() + np.eye(SIDE**2)
    n, near = SIDE**2, own.sum(axis=1)
    spread = y.std() * np.sqrt((n * near - near**2) / (n - 1))
    np.testing.assert_allclose(table["z"], (own @ y - y.mean() * near) / spread, rtol=1e-10)


def test_a_cluster_is_found_and_chance_is_not(links):
    random = np.random.default_rng(2)
    chance = pd.Series(10 + random.normal(size=SIDE**2), index=range(1000, 1144))
    assert local_g_star(chance, links, **FEW)["deviates"].eq("").all()
    assert morans_i(chance, links)["p"] > 0.05
    place = np.arange(SIDE**2)
    corner = (place // SIDE < 4) & (place % SIDE < 4)
    table = local_g_star(chance + 3 * corner, links, **FEW)
    assert set(table.index[table["deviates"] == "high"]) <= {*chance.index[place % SIDE < 6]}
    assert (table["deviates"][corner] == "high").sum() > 8
    assert (
        local_g_star(20 - chance - 3 * corner, links, **FEW)["deviates"][corner] == "low"
    ).sum() > 8
    assert morans_i(chance + 3 * corner, links)["p"] == 2 / 1000


def test_a_seed_gives_the_same_and_leaves_others_alone(links):
    y = pd.Series(np.random.default_rng(3).gamma(2, size=SIDE**2))
    np.random.seed(5)
    expected = np.random.random()
    np.random.seed(5)
    assert morans_i(y, links, seed=4) == morans_i(y, links, seed=4)
    assert np.random.random() == expected
    once, twice = (local_g_star(y, links, **FEW) for _ in range(2))
    pd.testing.assert_frame_equal(once, twice)


def test_undefined_and_bad_input(board, links):
    same = pd.Series(np.ones(SIDE**2))
    assert np.isnan(morans_i(same, links)["value"])
    assert local_g_star(same, links)["z"].isna().all()
    assert np.isnan(morans_i(same[:2], np.ones((2, 2)))["p"])
    assert np.isnan(morans_i(pd.Series([1.0, 2, 3]), np.eye(3))["value"])
    with pytest.raises(ValueError, match="missing"):
        morans_i(same.where(same.index > 0), links)
    with pytest.raises(ValueError, match="for 3 units"):
        local_g_star(same[:3], links)
    with pytest.raises(ValueError, match="99 permutations are too few for 144 units: give 5760"):
        local_g_star(pd.Series(range(144)), links, permutations=99)
    with pytest.raises(ValueError, match="negative"):
        local_g_star(pd.Series(range(-1, 143)), links)
    with pytest.raises(ValueError, match="degrees"):
        touching_or_overlapping(board.set_crs(4326, allow_override=True))
    with pytest.raises(ValueError, match="missing or empty"):
        touching_or_overlapping(gpd.GeoSeries([box(0, 0, 1, 1), None], crs=28992))
