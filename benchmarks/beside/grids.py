"""Comparisons of spatial segregation on a made-up grid of squares of 100 m."""

import numpy as np
import pandas as pd

from analysis.measures.environments import kernel_environments
from analysis.measures.nearest import nearest_persons
from analysis.measures.scale import radius_profile
from analysis.measures.spatial_information import spatial_information_theory
from beside.sides import Side

SEED = 20


def squares(side: int, number: int) -> pd.DataFrame:
    """Return a made-up grid: a group and others in `number` of side x side squares of 100 m."""
    random = np.random.default_rng(SEED)
    place = np.sort(random.choice(side * side, number, replace=False))
    east, north = 100.0 * (place % side) + 50, 100.0 * (place // side) + 50
    wave = 0.5 + 0.4 * np.sin(east / 3_000) * np.cos(north / 4_000)
    total = random.integers(5, 120, number).astype(float)
    group = random.binomial(total.astype(int), 0.3 * wave).astype(float)
    return pd.DataFrame({"east": east, "north": north, "group": group, "others": total - group})


def _pysal(cells: pd.DataFrame, radii: list[float]) -> np.ndarray:
    import geopandas
    from segregation.dynamics import compute_multiscalar_profile
    from segregation.multigroup import MultiInfoTheory

    groups = cells[["group", "others"]]
    places = geopandas.points_from_xy(cells["east"] + 100_000, cells["north"] + 450_000)
    table = geopandas.GeoDataFrame(groups, geometry=places, crs=28992)
    found = compute_multiscalar_profile(
        table, segregation_index=MultiInfoTheory, distances=radii, groups=list(groups)
    )
    return np.asarray(found)[-len(radii) :]


def spatial() -> list[Side]:
    """Spatial information theory at four radii, 5,000 squares; PySAL weighs otherwise, see below.

    PySAL takes the smoothed counts as weights and as the composition of the whole; the definition
    takes the people who live in a square. `smoothed` shows that nothing else differs.
    """
    cells, radii = squares(75, 5_000), [500.0, 1_000.0, 1_500.0, 2_000.0]
    groups = cells[["group", "others"]]

    def ours() -> np.ndarray:
        found = radius_profile(groups, cells["east"], cells["north"], radii, kernel="triangular")
        return found["spatial_information_theory"].to_numpy()

    return [Side("ours", ours, 3), Side("PySAL", lambda: _pysal(cells, radii), 1)]


def smoothed() -> list[Side]:
    """Spatial information theory at 1,000 m with PySAL's own weights: the smoothed counts."""
    cells, radius = squares(75, 5_000), 1_000.0
    groups = cells[["group", "others"]]

    def ours() -> np.ndarray:
        around = dict(kernel_environments(
            groups, cells["east"], cells["north"], [radius], kernel="triangular"
        ))[radius]  # fmt: skip
        return np.array([spatial_information_theory(around, around)])

    return [Side("ours", ours, 3), Side("PySAL", lambda: _pysal(cells, [radius]), 1)]


def nearest() -> list[Side]:
    """Composition of the 200, 1,600 and 12,800 nearest people, 400,000 squares of 100 m."""
    cells, k = squares(900, 400_000), [200, 1_600, 12_800]
    groups = cells[["group", "others"]]

    def ours() -> np.ndarray:
        found = nearest_persons(groups, cells["east"], cells["north"], k)
        return np.stack([found.members[size]["group"].to_numpy() / size for size in k])

    def equipop() -> np.ndarray:
        from equipop import CellData, run_knn_counts

        total, members = groups.sum(axis=1).to_numpy(), cells["group"].to_numpy()
        data = CellData(
            E=cells["east"].to_numpy(), N=cells["north"].to_numpy(), n=total,
            binary_sums={"group": members}, binary_valid={"group": total}, unit_size=100.0,
        )  # fmt: skip
        found = run_knn_counts(data, k_values=k, report=False)
        order = found.set_index(["EastWest", "NorthSouth"]).index
        wanted = pd.MultiIndex.from_arrays([cells["east"], cells["north"]])
        found = found.iloc[order.get_indexer(wanted)]
        return found[[f"R_group_{size}" for size in k]].to_numpy().T

    return [Side("ours", ours, 1), Side("EquiPop", equipop, 1)]
