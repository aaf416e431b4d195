"""Spatial measures against the values that others published on the tracts of Sacramento.

PySAL took some of them in degrees, and several of its formulas are not those of the literature. The
pure functions meet every value when they are given the same numbers, and each departure is shown:
what the formula of the literature gives on the same numbers stands beside it.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from analysis.measures.adjacency import adjacency_dissimilarity, shape_dissimilarity
from analysis.measures.centralisation import (
    absolute_centralisation,
    local_relative_centralisation,
    relative_centralisation,
)
from analysis.measures.clustering import (
    absolute_clustering,
    relative_clustering,
    spatial_proximity,
)
from analysis.measures.concentration import absolute_concentration, delta, relative_concentration
from analysis.measures.environments import kernel_environments, weighted_environments
from analysis.measures.evenness import dissimilarity
from analysis.measures.spatial_exposure import (
    contact_exposure,
    distance_decay_interaction,
    distance_decay_isolation,
)
from analysis.measures.spatial_information import (
    spatial_dissimilarity,
    spatial_information_theory,
)

TRACTS = "data/sacramento_pysal/sacramentot2.shp"
TORUS = "checkerboard on a torus, uniform kernel over a 2x2 block"
# Every row of these kinds on this data set is in a test below.
FUNCTIONS = {
    *("AbsoluteCentralization", "AbsoluteClustering", "AbsoluteConcentration", "Delta"),
    *("DistanceDecayInteraction", "DistanceDecayIsolation", "RelativeCentralization"),
    *("RelativeClustering", "RelativeConcentration", "SpatialDissim", "SpatialProximity"),
}


@pytest.fixture(scope="module")
def expected(shared) -> pd.DataFrame:
    listed = pd.read_csv(shared / "reference/segregation/expected.csv", keep_default_na=False)
    return listed[listed["dataset"].isin([TRACTS, TORUS])].astype(
        {"value": float, "tolerance": float}
    )


@pytest.fixture(scope="module")
def tracts(shared) -> gpd.GeoDataFrame:
    """Return the tracts in degrees, as they lie in the file."""
    return gpd.read_file(shared / "reference/segregation" / TRACTS)


@pytest.fixture(scope="module")
def counts(tracts) -> tuple[np.ndarray, np.ndarray]:
    group = tracts["HISP"].to_numpy(float)
    return group, tracts["TOT_POP"].to_numpy(float) - group


@pytest.fixture(scope="module")
def in_metres(tracts) -> gpd.GeoDataFrame:
    return tracts.to_crs(tracts.estimate_utm_crs())


@pytest.fixture(scope="module")
def peer_proximity(in_metres) -> np.ndarray:
    """Return what PySAL takes as proximity: 1 within a tract, and rising with distance beyond."""
    centre = np.column_stack([in_metres.centroid.x, in_metres.centroid.y])
    apart = np.linalg.norm(centre[:, None] - centre, axis=2)
    falling = np.exp(-apart / apart.sum(axis=1))
    np.fill_diagonal(falling, np.exp(-np.sqrt(0.6 * in_metres.area)))
    return 1 - falling


@pytest.fixture(scope="module")
def in_degrees(tracts) -> tuple[np.ndarray, np.ndarray]:
    """Return area and distance to the mean of the centres, both in degrees."""
    with pytest.warns(UserWarning, match="geographic"):
        centre = np.column_stack([tracts.centroid.x, tracts.centroid.y])
    with pytest.warns(UserWarning, match="geographic"):
        area = tracts.area.to_numpy()
    return area, np.hypot(*(centre - centre.mean(axis=0)).T)


def row(expected: pd.DataFrame, name: str, place: int = 0) -> tuple[float, float]:
    return tuple(expected[expected["index"].eq(name)].iloc[place][["value", "tolerance"]])


def close(expected: pd.DataFrame, name: str, place: int = 0):
    value, tolerance = row(expected, name, place)
    return pytest.approx(value, rel=0, abs=tolerance)


def test_every_row_for_a_function_is_here(expected):
    assert set(expected.loc[expected["use"].eq("function"), "index"]) == FUNCTIONS
    assert expected["use"].eq("function").sum() == len(FUNCTIONS) == 11


def test_concentration(expected, counts, in_degrees):
    area, _ = in_degrees
    assert delta(counts[0], area) == close(expected, "Delta")
    assert absolute_concentration(*counts, area) == close(expected, "AbsoluteConcentration")
    assert relative_concentration(*counts, area) == close(expected, "RelativeConcentration")


def test_centralisation(expected, counts, in_degrees):
    area, distance = in_degrees
    found = absolute_centralisation(counts[0], area, distance)
    assert found == close(expected, "AbsoluteCentralization")
    assert relative_centralisation(*counts, distance) == close(expected, "RelativeCentralization")


def test_local_centralisation(expected, tracts):
    with pytest.warns(UserWarning, match="geographic"):
        centre = np.column_stack([tracts.centroid.x, tracts.centroid.y])
    distance, around = KDTree(centre).query(centre, k=6)
    group = tracts["BLACK"].to_numpy(float)
    found = local_relative_centralisation(group, tracts["TOT_POP"] - group, around, distance)
    for place in range(10):
        assert found[place] == close(expected, "LocalRelativeCentralization", place)


def test_clustering(expected, counts, peer_proximity):
    assert absolute_clustering(*counts, peer_proximity) == close(expected, "AbsoluteClustering")
    assert spatial_proximity(*counts, peer_proximity) == close(expected, "SpatialProximity")


def test_relative_clustering_and_what_the_peer_leaves_out(expected, counts, peer_proximity):
    # PySAL adds x_j^2 c_ij where the formula says x_i x_j c_ij: as if each tract were near to
    # itself alone, by all that it is near to.
    own = csr_array(np.diag(peer_proximity.sum(axis=0)))
    assert relative_clustering(*counts, own) == close(expected, "RelativeClustering")
    assert relative_clustering(*counts, peer_proximity) == pytest.approx(0.2761672948, abs=1e-9)


def test_distance_decay_and_the_rows_that_do_not_add_up(expected, counts, peer_proximity):
    # PySAL divides c_ij t_j by the sum of row j where it is that of row i: its chances to meet a
    # member or another add up to 1.0635.
    x, y = counts
    near = peer_proximity * (x + y)
    contact = near / near.sum(axis=1)
    isolated = contact_exposure(x, x, x + y, contact)
    mixed = contact_exposure(x, y, x + y, contact)
    assert isolated == close(expected, "DistanceDecayIsolation")
    assert mixed == close(expected, "DistanceDecayInteraction")
    assert isolated + mixed == pytest.approx(1.06352, abs=1e-5)
    right = [
        index(x, y, peer_proximity)
        for index in (distance_decay_isolation, distance_decay_interaction)
    ]
    assert right == pytest.approx([0.1920938501, 0.8079061499], abs=1e-9)
    assert sum(right) == pytest.approx(1, abs=1e-12)
    chances = near / near.sum(axis=1)[:, None]
    assert contact_exposure(x, x, x + y, chances) == pytest.approx(right[0], abs=1e-12)


def neighbours(frame: gpd.GeoDataFrame) -> np.ndarray:
    """Return positions of pairs of tracts that touch or overlap."""
    pairs = frame.sindex.query(frame.geometry, predicate="intersects")
    return pairs[:, pairs[0] != pairs[1]]


def test_neighbours(expected, tracts, counts):
    touching = neighbours(tracts)
    ones = csr_array((np.ones(touching.shape[1]), tuple(touching)), shape=(403, 403))
    assert adjacency_dissimilarity(*counts, ones) == close(expected, "SpatialDissim")


def shared_borders(frame: gpd.GeoDataFrame, pairs: np.ndarray) -> csr_array:
    """Return the length of the border that two tracts share, in the unit of the coordinates."""
    shapes = shapely.intersection(*frame.geometry.to_numpy()[pairs])
    return csr_array((shapely.length(shapes), tuple(pairs)), shape=(len(frame), len(frame)))


def test_shared_borders_and_shapes(expected, tracts, in_metres, counts):
    border = shared_borders(in_metres, neighbours(tracts))
    assert adjacency_dissimilarity(*counts, border) == close(expected, "BoundarySpatialDissim")
    edge = in_metres.length / in_metres.area
    assert shape_dissimilarity(*counts, border, edge) == close(expected, "PARDissim")


def test_min_max_of_surfaces(expected, in_metres, counts):
    # 1 - sum min / sum max of two densities is 2 D / (1 + D) of the smoothed, rounded counts.
    around = pd.DataFrame({"group": counts[0], "others": counts[1]})
    centre = in_metres.centroid
    [(_, smooth)] = kernel_environments(around, centre.x, centre.y, [2000], kernel="triangular")
    d = dissimilarity(*(smooth[c].round() for c in ("group", "others")))
    assert 2 * d / (1 + d) == close(expected, "MinMax")


def test_why_the_profile_differs_from_the_peer(expected, tracts, in_metres):
    # PySAL weights an environment by the people in it, rounded, so those of the middle count many
    # times and the area that they are compared with is not the area that is there. Reardon and
    # O'Sullivan weight it by the people of the tract itself. The difference grows with the radius.
    groups = tracts[["HISP", "BLACK", "WHITE"]].astype(float)
    centre = in_metres.centroid
    radii = [0, 500, 1000, 1500, 2000]
    peer, ours = [], []
    around_each = kernel_environments(groups, centre.x, centre.y, radii, kernel="triangular")
    for _, around in around_each:
        rounded = around.round()
        peer.append(spatial_dissimilarity(rounded, rounded))
        ours.append(spatial_dissimilarity(groups, around))
    listed = expected[expected["index"].eq("MultiDissim profile")]["value"].tolist()
    assert peer == pytest.approx(listed[:5], abs=0.00015)
    assert peer[:3] == pytest.approx(listed[5:], abs=0.00015)
    assert ours[:2] == pytest.approx(peer[:2], abs=1e-4)
    # Found here: no reference, but how far the two are apart.
    assert np.subtract(ours, peer)[2:] == pytest.approx([0.0040, 0.0155, 0.0263], abs=1e-4)


def test_checkerboard_on_a_torus(expected):
    size = 6
    rows, columns = np.indices((size, size)).reshape(2, -1)
    black = (rows + columns) % 2
    groups = pd.DataFrame({"black": 50 * black, "white": 50 - 50 * black})
    # Each block is a cell, the one to its right, the two below, round the edges.
    blocks = np.zeros((size**2, size**2))
    for down in (0, 1):
        for right in (0, 1):
            cell = (rows + down) % size * size + (columns + right) % size
            blocks[np.arange(size**2), cell] = 1
    value, tolerance = row(expected, "spatial H / D (Reardon & O'Sullivan)")
    for index in (spatial_information_theory, spatial_dissimilarity):
        around = weighted_environments(groups, blocks)
        assert index(groups, around) == pytest.approx(value, rel=0, abs=tolerance)
        assert index(groups, groups) == pytest.approx(1, abs=1e-12)
