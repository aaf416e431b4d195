"""Segregation over scale: the same area seen through smaller and larger neighbourhoods."""

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.measures.areas import Areas
from analysis.measures.counts import Column
from analysis.measures.environments import kernel_environments
from analysis.measures.nearest import nearest_persons
from analysis.measures.spatial_information import (
    spatial_dissimilarity,
    spatial_information_theory,
    spatial_relative_diversity,
)

_INDICES = (spatial_information_theory, spatial_dissimilarity, spatial_relative_diversity)


def radius_profile(
    groups: pd.DataFrame,
    east: Column,
    north: Column,
    radii: Sequence[float],
    by: Column | Areas | None = None,
    *,
    kernel: str = "uniform",
    across_borders: bool = False,
) -> pd.DataFrame:
    """Return how segregated every area is in neighbourhoods of several radii.

    Parameters
    ----------
    groups : DataFrame of shape (n, m)
        Members of each group in each unit, >= 0, none missing. The groups are the whole
        composition and do not overlap.
    east, north : column of n coordinates
        Centres of the units in metres (EPSG:28992).
    radii : sequence of float
        Metres, each once; at 0 a neighbourhood is the unit itself.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    kernel : str, optional
        How weight falls with distance, see `kernel_environments`.
    across_borders : bool, optional
        Whether neighbourhoods reach into other areas of the table. Off, an area is measured as if
        nobody lived around it. On, neighbourhoods know no borders, and an area is compared with
        its own composition still.

    Returns
    -------
    DataFrame of float
        Columns spatial_information_theory, spatial_dissimilarity and spatial_relative_diversity;
        one row per radius, or per area and radius, in the order of `radii`.

    Raises
    ------
    TypeError, ValueError
        See `kernel_environments` and `spatial_information_theory`.

    References
    ----------
    Reardon, S.F. et al. (2008). The geographic scale of metropolitan racial segregation.
    Demography 45(3), 489-514.

    Examples
    --------
    >>> groups = pd.DataFrame({"young": [10, 0], "old": [0, 10]})
    >>> profile = radius_profile(groups, [100_000, 100_100], [400_000] * 2, [0, 100])
    >>> profile["spatial_dissimilarity"].tolist()
    [1.0, 0.0]
    """
    within = None if across_borders else by
    around = kernel_environments(groups, east, north, radii, kernel=kernel, within=within)
    return _profile(groups, around, by, "radius")


def nearest_profile(
    groups: pd.DataFrame,
    east: Column,
    north: Column,
    k: Sequence[float],
    by: Column | Areas | None = None,
    *,
    across_borders: bool = False,
) -> pd.DataFrame:
    """Return how segregated every area is in neighbourhoods of the k nearest inhabitants.

    Parameters
    ----------
    groups : DataFrame of shape (n, m)
        Members of each group in each unit, >= 0, none missing. The groups are the whole
        composition and do not overlap.
    east, north : column of n coordinates
        Centres of the units in metres (EPSG:28992).
    k : sequence of numbers
        > 0, each once, none larger than the population of an area (or of all areas together where
        neighbourhoods cross borders).
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    across_borders : bool, optional
        As in `radius_profile`.

    Returns
    -------
    DataFrame of float
        As `radius_profile`, one row per k, or per area and k, in the order of `k`.

    Raises
    ------
    TypeError, ValueError
        See `nearest_persons` and `spatial_information_theory`.

    References
    ----------
    Östh, J., Clark, W.A.V. & Malmberg, B. (2015). Measuring the scale of segregation using
    k-nearest neighbor aggregates. Geographical Analysis 47(1), 34-49.

    Examples
    --------
    >>> groups = pd.DataFrame({"young": [10, 0], "old": [0, 10]})
    >>> profile = nearest_profile(groups, [100_000, 100_100], [400_000] * 2, [10, 20])
    >>> profile["spatial_dissimilarity"].tolist()
    [1.0, 0.0]
    """
    within = None if across_borders else by
    found = nearest_persons(groups, east, north, k, within=within)
    return _profile(groups, found.members.items(), by, "k")


def _profile(
    groups: pd.DataFrame,
    environments: Iterable[tuple[float, pd.DataFrame]],
    by: Column | Areas | None,
    scale: str,
) -> pd.DataFrame:
    rows = {}
    for size, around in environments:
        if size in rows:
            raise ValueError(f"{scale} {size:g} is there twice: give each once")
        values = {index.__name__: index(groups, around, by) for index in _INDICES}
        rows[size] = pd.DataFrame(values, index=None if by is not None else [size])
    if not rows:
        raise ValueError(f"no {scale} is given: give one or more")
    if by is None:
        return pd.concat(rows.values()).rename_axis(scale)
    profile = pd.concat(rows, names=[scale]).swaplevel()
    areas = profile.index.get_level_values(0).unique()
    order = pd.MultiIndex.from_product([areas, rows], names=[areas.name, scale])
    return profile.reindex(order)
