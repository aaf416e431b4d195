"""Catchments in which nobody is counted twice: demand and supply are given out once, and whole."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.measures.areas import ratio
from analysis.measures.catchment import by_origin, of_facilities, of_origins, reaching, weighted
from analysis.measures.counts import Column
from analysis.measures.travel import Travel

SHARED_BY = ("people", "places")


def balanced_floating_catchment(
    travel: Travel,
    weights: np.ndarray,
    supply: Column,
    demand: Column,
    *,
    shared_by: str = "people",
) -> pd.Series:
    """Return the supply per head that each origin can reach, each person counted once.

    In 2SFCA who can reach two facilities is demand in both. Here the people of an origin are
    divided over the facilities in reach: u_ij = w_ij / sum_j w_ij, which adds up to 1, and the
    level of service of a facility is L_j = S_j / sum_i u_ij P_i. Then

    - shared by people: A_i = sum_j u_ij L_j, each head of those who come has the same;
    - shared by places: A_i = sum_j v_ij L_j with v_ij = w_ij / sum_i w_ij, which adds up to 1 over
      the origins: the balanced FCA as Paez et al. (2019) wrote it.

    Parameters
    ----------
    travel : Travel
        n origins, m facilities, p pairs.
    weights : ndarray of shape (p,)
        See `gravity`; only their ratios matter.
    supply : column of m numbers
        Capacity of each facility, >= 0, none missing.
    demand : column of n counts
        People of each origin, >= 0, none missing.
    shared_by : 'people' or 'places', optional
        By people sum_i P_i A_i = sum_j S_j: the total supply comes back. By places
        sum_i A_i = sum_j L_j: the sum of the levels of service does, and a place counts as much
        whether two or two thousand people live there, so that the result changes when a place is
        cut in two. In both the demand comes back: sum_ij u_ij P_i = sum_i P_i.

    Returns
    -------
    Series of float
        By origin: units of supply per head, >= 0. NaN where no facility has a weight above 0, and
        where one in reach has no demand at all (see `two_step_floating_catchment`). All sums are
        over origins and facilities that reach each other; `out_of_reach` gives what is left.

    Raises
    ------
    TypeError, ValueError
        See `gravity`; also if `shared_by` is another word.

    References
    ----------
    Paez, A., Higgins, C.D. & Vivona, S.F. (2019). Demand and level of service inflation in
    Floating Catchment Area (FCA) methods. PLoS ONE 14(6), e0218773.

    Examples
    --------
    >>> from analysis.measures.travel import travel_of_pairs
    >>> pairs = pd.DataFrame({"origin": ["a", "a", "b"], "facility": ["p", "q", "q"]})
    >>> pairs["distance"] = 1.0
    >>> travel = travel_of_pairs(pd.Index(["a", "b"]), pd.Index(["p", "q"]), pairs, 5)
    >>> per_head = balanced_floating_catchment(travel, np.ones(3), [3, 6], [100, 50])
    >>> per_head.round(3).tolist(), float((per_head * [100, 50]).sum())
    ([0.06, 0.06], 9.0)
    """
    if shared_by not in SHARED_BY:
        raise ValueError(f"shared_by is {shared_by!r}: choose from {', '.join(SHARED_BY)}")
    links = weighted(travel, weights)
    (capacity,), (people,) = of_facilities(travel, supply=supply), of_origins(travel, demand=demand)
    # Each weight by the sum of its row, and not by 1 / sum, which overflows for the smallest.
    per_origin = np.repeat(links.sum(axis=1), np.diff(links.indptr))
    divided = csr_array((links.data / per_origin, links.indices, links.indptr), shape=links.shape)
    level = ratio(capacity, divided.T @ people)
    if shared_by == "places":
        per_facility = links.sum(axis=0)[links.indices]
        divided = csr_array((links.data / per_facility, links.indices, links.indptr), links.shape)
    values = divided @ level
    return by_origin(travel, values, reaching(links), "balanced_floating_catchment")


def spatial_availability(
    travel: Travel, weights: np.ndarray, supply: Column, demand: Column
) -> pd.Series:
    """Return the part of the supply that falls to each origin, in competition with the others.

    V_i = sum_j S_j F_ij, with F_ij = w_ij P_i / sum_i w_ij P_i: the supply of a facility is
    divided over the origins that reach it, by their people and by how near they are.

    Parameters
    ----------
    travel, weights, supply, demand
        See `balanced_floating_catchment`.

    Returns
    -------
    Series of float
        By origin, in units of supply (not per head), >= 0; sum_i V_i = sum_j S_j over the
        facilities that somebody can reach. V_i / P_i is the supply per head of
        `two_step_floating_catchment`. 0 where facilities are in reach and nobody lives; NaN where
        no facility has a weight above 0.

    Raises
    ------
    TypeError, ValueError
        See `gravity`.

    References
    ----------
    Soukhov, A., Paez, A., Higgins, C.D. & Mohamed, M. (2023). Introducing spatial availability, a
    singly-constrained measure of competitive accessibility. PLoS ONE 18(1), e0278468.

    Examples
    --------
    >>> from analysis.measures.travel import travel_of_pairs
    >>> pairs = pd.DataFrame({"origin": ["a", "a", "b"], "facility": ["p", "q", "q"]})
    >>> pairs["distance"] = 1.0
    >>> travel = travel_of_pairs(pd.Index(["a", "b"]), pd.Index(["p", "q"]), pairs, 5)
    >>> spatial_availability(travel, np.ones(3), [3, 6], [100, 50]).round(6).tolist()
    [7.0, 2.0]
    """
    links = weighted(travel, weights)
    (capacity,), (people,) = of_facilities(travel, supply=supply), of_origins(travel, demand=demand)
    # A facility that nobody reaches gives nothing out; `out_of_reach` tells of it.
    per_head = ratio(capacity, links.T @ people, undefined=0.0)
    return by_origin(travel, people * (links @ per_head), reaching(links), "spatial_availability")


def out_of_reach(
    travel: Travel, weights: np.ndarray, supply: Column, demand: Column
) -> dict[str, float]:
    """Return what takes no part in a catchment because nothing and nobody reaches it.

    Parameters
    ----------
    travel, weights, supply, demand
        See `balanced_floating_catchment`.

    Returns
    -------
    dict of str to float
        `origins` (number without a facility in reach) and `demand` (their people); `facilities`
        (number that no inhabitant reaches) and `supply` (their capacity).

    Raises
    ------
    TypeError, ValueError
        See `gravity`.
    """
    links = weighted(travel, weights)
    (capacity,), (people,) = of_facilities(travel, supply=supply), of_origins(travel, demand=demand)
    apart, unused = ~reaching(links), (links.T @ people) == 0
    return {
        "origins": int(apart.sum()),
        "demand": float(people[apart].sum()),
        "facilities": int(unused.sum()),
        "supply": float(capacity[unused].sum()),
    }
