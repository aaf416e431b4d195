"""Coordinates in metres, and the grid that they lie on."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures import coordinates
from analysis.measures.coordinates import checked_coordinates, lattice


def test_metres_become_one_array():
    found = checked_coordinates(pd.Series([155000, 156000]), [463000.5, 463000], 2)
    assert found.tolist() == [[155000.0, 463000.5], [156000.0, 463000.0]]


@pytest.mark.parametrize(
    ("east", "north", "error", "sentence"),
    [
        ([4.9, 5.2], [52.1, 52.3], ValueError, "look like degrees"),
        ([-180.0, 180.0], [-90.0, 90.0], ValueError, "look like degrees"),
        ([155000, np.nan], [463000, 463000], ValueError, "1 of 2 units .* first at position 1"),
        ([155000, 156000], [463000, np.inf], ValueError, "missing or infinite"),
        ([155000], [463000, 463000], ValueError, "east has 1 values for 2 units"),
        ([155000, 156000], [463000], ValueError, "north has 1 values for 2 units"),
        (["155000", "156000"], [463000, 463000], TypeError, "east holds"),
        ([True, False], [463000, 463000], TypeError, "east holds bool"),
        ([155000, 156000], [[463000], [463000]], TypeError, "north must be one column"),
    ],
)
def test_what_is_no_metres_raises(east, north, error, sentence):
    with pytest.raises(error, match=sentence):
        checked_coordinates(east, north, 2)


def test_one_coordinate_beyond_the_degrees_is_enough():
    assert checked_coordinates([0.0, 181.0], [0.0, 0.0], 2).shape == (2, 2)
    assert checked_coordinates([0.0, 0.0], [0.0, -181.0], 2).shape == (2, 2)
    assert checked_coordinates([], [], 0).shape == (0, 2)


def test_a_grid_is_found():
    east, north = np.array([150_050.0, 150_250, 150_150]), np.array([450_150.0, 450_050, 450_150])
    grid = lattice(np.column_stack([east, north]))
    assert (grid.shape, grid.step) == ((2, 3), 100.0)
    assert grid.row.tolist() == [1, 0, 1] and grid.column.tolist() == [0, 2, 1]
    # Rows from south to north.
    assert grid.raster(np.array([1.0, 2, 3])).tolist() == [[0, 0, 2], [1, 3, 0]]


def test_units_in_one_cell_are_added():
    grid = lattice(np.array([[0.0, 0], [0, 0], [500, 0]]))
    assert grid.raster(np.array([1.0, 2, 4])).tolist() == [[3, 4]]


def test_a_centre_that_is_a_digit_off_is_on_the_grid():
    places = np.array([[100_000.0, 400_000], [100_100.00000001, 400_000], [100_200, 400_100]])
    grid = lattice(places)
    assert grid.step == pytest.approx(100) and grid.column.tolist() == [0, 1, 2]
    assert lattice(places + [[0, 0], [0.01, 0], [0, 0]]) is None


def test_what_is_no_grid():
    assert lattice(np.array([[0.0, 0], [100, 0], [100, 70], [233, 91]])) is None
    assert lattice(np.array([[1000.0, 1000]])) is None
    assert lattice(np.array([[1000.0, 1000], [1000, 1000]])) is None
    assert lattice(np.empty((0, 2))) is None


def test_a_grid_that_is_nearly_all_empty_is_no_use():
    # 400 by 400 cells for three units, then for as many units as need a raster.
    places = np.array([[0.0, 0], [1, 0], [399, 399]])
    assert lattice(places) is None
    assert lattice(np.repeat(places, 534, axis=0)).shape == (400, 400)
    assert lattice(places, most_cells_per_unit=54_000).shape == (400, 400)
    assert lattice(places * [1, 0.5]) is None
    assert lattice(np.array([[0.0, 0], [1, 0], [249, 399]])).shape == (400, 250)


def test_a_raster_has_a_largest_size(monkeypatch):
    places = np.array([[0.0, 0], [1, 0], [9, 9]])
    monkeypatch.setattr(coordinates, "MOST_CELLS", 100)
    assert lattice(places).shape == (10, 10)
    monkeypatch.setattr(coordinates, "MOST_CELLS", 99)
    assert lattice(places) is None
