"""Profiles of segregation over radii and over the k nearest inhabitants."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.environments import kernel_environments
from analysis.measures.nearest import nearest_persons
from analysis.measures.scale import nearest_profile, radius_profile
from analysis.measures.spatial_information import (
    spatial_dissimilarity,
    spatial_information_theory,
    spatial_relative_diversity,
)

INDICES = [spatial_information_theory, spatial_dissimilarity, spatial_relative_diversity]


@pytest.fixture(scope="module")
def town():
    """Return a town of 20 by 20 cells, the group in its west, in two halves north and south."""
    random = np.random.default_rng(2)
    row, column = np.indices((20, 20)).reshape(2, -1)
    group = random.binomial(40, np.where(column < 8, 0.5, 0.1))
    groups = pd.DataFrame({"group": group, "others": 40 - group}).sample(frac=1, random_state=1)
    east = pd.Series(1e5 + 100.0 * column)[groups.index]
    north = pd.Series(4e5 + 100.0 * row)[groups.index]
    half = pd.Series(np.where(row < 10, "south", "north"), name="half")[groups.index]
    return groups, east, north, half


def test_a_profile_is_the_indices_of_each_environment(town):
    groups, east, north, _ = town
    profile = radius_profile(groups, east, north, [700, 0, 200], kernel="triangular")
    assert profile.index.tolist() == [700, 0, 200] and profile.index.name == "radius"
    assert list(profile.columns) == [index.__name__ for index in INDICES]
    around = kernel_environments(groups, east, north, [700, 0, 200], kernel="triangular")
    for radius, environment in around:
        expected = [index(groups, environment) for index in INDICES]
        assert profile.loc[radius].tolist() == expected
    # The larger the neighbourhood, the less of the segregation is left.
    assert profile["spatial_dissimilarity"].is_monotonic_decreasing is False
    assert profile["spatial_dissimilarity"].sort_index().is_monotonic_decreasing


def test_a_profile_over_the_nearest(town):
    groups, east, north, _ = town
    profile = nearest_profile(groups, east, north, [40, 16_000, 400])
    assert profile.index.tolist() == [40, 16_000, 400] and profile.index.name == "k"
    found = nearest_persons(groups, east, north, [400])
    expected = [index(groups, found.members[400]) for index in INDICES]
    assert profile.loc[400].tolist() == expected
    # 40 are the cell itself, 16,000 the whole town.
    assert profile.loc[40].tolist() == [index(groups, groups) for index in INDICES]
    assert profile.loc[16_000].tolist() == pytest.approx([0, 0, 0], abs=1e-14)


@pytest.mark.parametrize(
    ("make", "scales"), [(radius_profile, [300, 100]), (nearest_profile, [800, 200])]
)
def test_each_area_alone_or_in_its_surroundings(town, make, scales):
    groups, east, north, half = town
    alone = make(groups, east, north, scales, half)
    across = make(groups, east, north, scales, half, across_borders=True)
    assert alone.index.names == across.index.names == ["half", "radius" if 300 in scales else "k"]
    expected = [(area, scale) for area in ("north", "south") for scale in scales]
    assert alone.index.tolist() == across.index.tolist() == expected
    for area in ("north", "south"):
        part = [column[half == area] for column in (groups, east, north)]
        np.testing.assert_allclose(alone.loc[area], make(*part, scales), rtol=1e-12)
    assert (np.abs(alone - across) > 1e-6).all(axis=None)


def test_bad_scales_raise(town):
    groups, east, north, half = town
    with pytest.raises(ValueError, match="radius 100 is there twice"):
        radius_profile(groups, east, north, [100, 100])
    with pytest.raises(ValueError, match="no radius is given"):
        radius_profile(groups, east, north, [])
    with pytest.raises(ValueError, match="each number once"):
        nearest_profile(groups, east, north, [100, 100])
    with pytest.raises(ValueError, match="population of north of 8000"):
        nearest_profile(groups, east, north, [8001], half)
    assert len(nearest_profile(groups, east, north, [8001], half, across_borders=True)) == 2
