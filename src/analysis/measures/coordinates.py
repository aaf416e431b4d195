"""Where units lie, in metres: checked, and recognised as a grid where they lie on one."""

from dataclasses import dataclass

import numpy as np

from analysis.measures.counts import Column

# Degrees of longitude and latitude never exceed these; the Rijksdriehoek has no inhabited place
# whose coordinates both stay below them.
LARGEST_DEGREES = 180.0
# How far from its place on the grid, in grid steps, rounding can bring a centre.
OFF_GRID = 1e-6
# A raster of the whole country in cells of 100 m is half of this: 160 MB of counts at most.
MOST_CELLS = 20_000_000


def checked_coordinates(east: Column, north: Column, units: int) -> np.ndarray:
    """Return coordinates in metres as one array, after checking that they are no degrees.

    Parameters
    ----------
    east, north : column of n coordinates
        Metres in one projected system (EPSG:28992 in the Netherlands), finite.
    units : int
        How many units there are to place.

    Returns
    -------
    ndarray of float of shape (n, 2)

    Raises
    ------
    TypeError
        If a coordinate is not a number.
    ValueError
        If a coordinate is missing or infinite, if there are not as many as there are units, or if
        all of them lie in the range of longitudes and latitudes: a distance in degrees is not a
        distance, and differs by direction.
    """
    columns = []
    for name, column in (("east", east), ("north", north)):
        values = np.asarray(column)
        if values.ndim != 1:
            raise TypeError(f"{name} must be one column with one coordinate per unit")
        if values.size and (values.dtype == bool or not np.issubdtype(values.dtype, np.number)):
            raise TypeError(f"{name} holds {values.dtype} where coordinates in metres are expected")
        if len(values) != units:
            raise ValueError(f"{name} has {len(values)} values for {units} units")
        columns.append(values.astype(float))
    places = np.column_stack(columns)
    wrong = ~np.isfinite(places).all(axis=1)
    if wrong.any():
        raise ValueError(
            f"the coordinates of {wrong.sum()} of {units} units are missing or infinite, first at "
            f"position {int(wrong.argmax())}: leave these units out and count them"
        )
    if units and np.abs(places).max() <= LARGEST_DEGREES:
        raise ValueError(
            "all coordinates lie between -180 and 180 and look like degrees: give metres, as those "
            "of EPSG:28992 (to_crs(28992))"
        )
    return places


@dataclass(frozen=True)
class Lattice:
    """Units on a square grid.

    Attributes
    ----------
    row, column : ndarray of int
        Place of each unit, from 0, of shape (n,).
    shape : tuple of int
        Rows and columns of the smallest rectangle that holds all units.
    step : float
        Metres between neighbouring cells.
    """

    row: np.ndarray
    column: np.ndarray
    shape: tuple[int, int]
    step: float

    def raster(self, values: np.ndarray) -> np.ndarray:
        """Return values of units summed into the cells they lie in, of shape `shape`."""
        cells = self.row * self.shape[1] + self.column
        return np.bincount(cells, values, minlength=self.shape[0] * self.shape[1]).reshape(
            self.shape
        )


def lattice(places: np.ndarray, *, most_cells_per_unit: int = 100) -> Lattice | None:
    """Return the grid on which units lie, or None where they lie on none that is worth using.

    Parameters
    ----------
    places : ndarray of shape (n, 2)
        Coordinates in metres.
    most_cells_per_unit : int, optional
        A rectangle with more cells than this for each unit (and more than 100,000) is mostly
        empty: the units are better treated one by one. So they are beyond 20 million cells.

    Returns
    -------
    Lattice or None
    """
    if len(places) < 2:
        return None
    lowest = places.min(axis=0)
    gaps = [np.diff(np.unique(places[:, axis])) for axis in (0, 1)]
    gaps = np.concatenate(gaps)
    # Two centres of one row can differ by rounding; that is no step.
    gaps = gaps[gaps > OFF_GRID * max(gaps.max(initial=0), 1.0)]
    if len(gaps) == 0:
        return None
    step = gaps.min()
    steps = (places - lowest) / step
    cells = np.rint(steps)
    if np.abs(steps - cells).max() > OFF_GRID:
        return None
    columns, rows = (int(most) + 1 for most in cells.max(axis=0))
    if rows * columns > min(max(most_cells_per_unit * len(places), 100_000), MOST_CELLS):
        return None
    return Lattice(cells[:, 1].astype(int), cells[:, 0].astype(int), (rows, columns), float(step))
