"""What people can reach, and how much of it there is for each of them when others come too."""

import numpy as np
import pandas as pd

from analysis.measures.areas import ratio
from analysis.measures.counts import Column, checked_counts
from analysis.measures.travel import Travel


def gravity(travel: Travel, weights: np.ndarray, supply: Column) -> pd.Series:
    """Return the supply that can be reached from each origin, weighted by nearness.

    A_i = sum_j w_ij S_j (Hansen 1959). With the weights of `decay.binary` and a supply of 1 it is
    the number of facilities within the threshold. Others who come there too make no difference.

    Parameters
    ----------
    travel : Travel
        n origins, m facilities, p pairs.
    weights : ndarray of shape (p,)
        >= 0, of each pair: `decay.exponential(travel.distance, 800)` or another of that module.
    supply : column of m numbers
        Capacity of each facility, in any unit, >= 0, none missing; 1 each to count them.

    Returns
    -------
    Series of float
        By origin, in the unit of `supply`. NaN where no facility has a weight above 0: out of
        reach, which is another thing than 0, facilities in reach that have no capacity.

    Raises
    ------
    TypeError, ValueError
        See `checked_counts`; also if there is not one weight per pair and one capacity per
        facility, or a Series is not on the index of the facilities.

    References
    ----------
    Hansen, W.G. (1959). How accessibility shapes land use. Journal of the American Institute of
    Planners 25(2), 73-76.

    Examples
    --------
    >>> from analysis.measures.decay import linear
    >>> from analysis.measures.travel import straight_line_travel
    >>> homes = pd.DataFrame({"east": [100_000, 109_000], "north": [400_000] * 2}, ["a", "b"])
    >>> gps = pd.DataFrame({"east": [100_500], "north": [400_000]}, ["gp"])
    >>> travel = straight_line_travel(homes, gps, 1000, detour=1, own=0)
    >>> gravity(travel, linear(travel.distance, 1000), [3]).tolist()
    [1.5, nan]
    """
    links = weighted(travel, weights)
    (capacity,) = of_facilities(travel, supply=supply)
    return by_origin(travel, links @ capacity, reaching(links), "gravity")


def two_step_floating_catchment(
    travel: Travel, weights: np.ndarray, supply: Column, demand: Column
) -> pd.Series:
    """Return the supply per head that each origin can reach, shared with all who can reach it.

    Step 1, from each facility: R_j = S_j / sum_i w_ij P_i. Step 2, from each origin:
    A_i = sum_j w_ij R_j. With the weights of `decay.binary` it is 2SFCA, with those of
    `decay.stepped` or `decay.gaussian` E2SFCA.

    Parameters
    ----------
    travel, weights, supply
        See `gravity`. Demand and supply may lie in different places.
    demand : column of n counts
        People of each origin, or those whom the facility serves, >= 0, none missing.

    Returns
    -------
    Series of float
        By origin: units of supply per head, >= 0. NaN where no facility has a weight above 0, and
        where nobody lives in the whole catchment of one of them: there is nobody to share with,
        and S / 0 is no number. Such origins have themselves no inhabitants.

    Raises
    ------
    TypeError, ValueError
        See `gravity`.

    Notes
    -----
    sum_i P_i A_i = sum_j S_j over the facilities that somebody can reach: the supply is given out
    once. But who can reach two facilities counts as demand in both, in full, so that R_j is too
    low where facilities are many: `balanced_floating_catchment` mends that.

    References
    ----------
    Luo, W. & Wang, F. (2003), Environment and Planning B 30(6), 865-884. Luo, W. & Qi, Y. (2009).
    An enhanced two-step floating catchment area (E2SFCA) method for measuring spatial
    accessibility to primary care physicians. Health & Place 15(4), 1100-1107.

    Examples
    --------
    >>> from analysis.measures.decay import binary
    >>> from analysis.measures.travel import straight_line_travel
    >>> homes = pd.DataFrame({"east": [100_000, 100_900], "north": [400_000] * 2}, ["a", "b"])
    >>> gps = pd.DataFrame({"east": [100_200, 100_800], "north": [400_000] * 2})
    >>> travel = straight_line_travel(homes, gps, 750, detour=1, own=0)
    >>> weights = binary(travel.distance, 750)
    >>> two_step_floating_catchment(travel, weights, [2, 1], [1000, 500]).round(5).tolist()
    [0.00133, 0.00333]
    """
    links = weighted(travel, weights)
    (capacity,), (people,) = of_facilities(travel, supply=supply), of_origins(travel, demand=demand)
    per_head = ratio(capacity, links.T @ people)
    return by_origin(travel, links @ per_head, reaching(links), "two_step_floating_catchment")


def weighted(travel: Travel, weights: np.ndarray):
    """Return weights as a sparse matrix of origins by facilities, those of 0 left out.

    Raises
    ------
    ValueError
        If there is not one weight per pair, or one is missing, negative or infinite.
    """
    values = np.asarray(weights, dtype=float)
    if values.shape != travel.distance.shape:
        raise ValueError(f"weights has the shape {values.shape} for {len(travel.distance)} pairs")
    if len(values) and not (values.min() >= 0 and np.isfinite(values.max())):
        raise ValueError("weights are missing, negative or infinite somewhere: give numbers >= 0")
    links = travel.matrix(values)
    if len(values) and values.min() == 0:
        # What weighs nothing is out of reach, and must not bring in a facility that nobody reaches.
        links = links.copy()
        links.eliminate_zeros()
    return links


def of_facilities(travel: Travel, **columns: Column) -> list[np.ndarray]:
    """Return columns of one number >= 0 per facility, checked."""
    return _checked(travel.facilities, "facilities", columns)


def of_origins(travel: Travel, **columns: Column) -> list[np.ndarray]:
    """Return columns of one number >= 0 per origin, checked."""
    return _checked(travel.origins, "origins", columns)


def reaching(links) -> np.ndarray:
    """Return which origins have a facility in reach, of shape (n,)."""
    return np.diff(links.indptr) > 0


def by_origin(travel: Travel, values: np.ndarray, reached: np.ndarray, name: str) -> pd.Series:
    """Return values by origin, NaN where nothing is in reach."""
    return pd.Series(np.where(reached, values, np.nan), index=travel.origins, name=name)


def _checked(index: pd.Index, what: str, columns: dict[str, Column]) -> list[np.ndarray]:
    for name, column in columns.items():
        if np.ndim(column) == 1 and len(column) != len(index):
            raise ValueError(f"{name} has {len(column)} values for {len(index)} {what}")
        if isinstance(column, pd.Series) and not column.index.equals(index):
            raise ValueError(f"{name} has another index than the {what}: align them by name first")
    return checked_counts(columns)
