"""Functions in one building: how much floor they need when their hours complement each other."""

from itertools import combinations

import numpy as np
import pandas as pd


def shared_floor(floor: pd.Series, hours: pd.DataFrame, available: pd.Series) -> float:
    """Return the least floor on which functions fit when they take turns in the same rooms.

    max(max_f m_f, max_p sum_f m_f h_fp / H_p), of m_f m2 used h_fp hours in part p of the week, of
    H_p hours. The sum of m_f is the most: nothing shared.

    Parameters
    ----------
    floor : Series of n numbers
        m2 of each function, >= 0.
    hours : DataFrame of shape (n, parts)
        Hours per week, from 0 to `available`; rows as `floor`.
    available : Series of numbers
        Hours that the building can be open in each part, > 0.

    Returns
    -------
    float
        m2; a lower bound, as if every room suited every function. NaN for no functions.

    Raises
    ------
    ValueError
        When a number is missing, negative or more than available, or rows differ.

    Notes
    -----
    No published method: an assumption of this project.

    Examples
    --------
    >>> hours = pd.DataFrame({"day": [8, 0], "evening": [0, 4]}, index=["school", "club"])
    >>> shared_floor(pd.Series({"school": 500, "club": 300}), hours,
    ...              pd.Series({"day": 8, "evening": 4}))
    500.0
    """
    if not floor.index.equals(hours.index) or not hours.columns.equals(available.index):
        raise ValueError("floor, hours and available must name the same functions and parts")
    m2, used, most = (np.asarray(one, dtype=float) for one in (floor, hours, available))
    # Written so that a missing number is refused too.
    if not ((m2 >= 0).all() and (used >= 0).all() and (most > 0).all() and (used <= most).all()):
        raise ValueError("floor and hours are >= 0, and hours at most what is available (> 0)")
    if not len(m2):
        return np.nan
    return float(max(m2.max(), (m2 @ (used / most)).max()))


def combining_proposals(
    floor: pd.Series, building: pd.Series, hours: pd.DataFrame, available: pd.Series
) -> pd.DataFrame:
    """Propose which functions that are too small for a building of their own could share one.

    Parameters
    ----------
    floor, building : Series of n numbers
        m2 that is asked for and of the smallest sensible building, by facility. Only facilities
        with both, and floor > 0 below building, need to be combined.
    hours, available : DataFrame, Series
        As for `shared_floor`; a facility without hours is in no proposal.

    Returns
    -------
    DataFrame
        A row per pair and, of three or more, one for all together: `facilities` (tuple),
        `floor_shared` and `floor_apart` (m2), `building` (the smallest of theirs), `fits` (whether
        the floor apart reaches it), `hours_needed`, `hours_clash` (hours a week in which they
        cannot take turns: sum over parts of max(0, sum of hours - available)) and `complement`
        (1 - hours_clash / hours_needed, 0 to 1). Most complementary first.

    Raises
    ------
    ValueError
        See `shared_floor`.
    """
    small = floor[(floor > 0) & floor.lt(building.reindex(floor.index))]
    small = small[small.index.isin(hours.index)]
    groups = list(combinations(small.index, 2))
    if len(small) > 2:
        groups.append(tuple(small.index))
    rows = []
    for group in groups:
        names = list(group)
        used = hours.loc[names]
        clash = float((used.sum() - available).clip(lower=0).sum())
        needed = float(used.to_numpy().sum())
        rows.append(
            {
                "facilities": group,
                "floor_shared": shared_floor(small[names], used, available),
                "floor_apart": float(small[names].sum()),
                "building": float(building[names].min()),
                "fits": bool(small[names].sum() >= building[names].min()),
                "hours_needed": needed,
                "hours_clash": clash,
                "complement": 1 - clash / needed if needed else np.nan,
            }
        )
    columns = ["facilities", "floor_shared", "floor_apart", "building", "fits", "hours_needed",
               "hours_clash", "complement"]  # fmt: skip
    return (
        pd.DataFrame(rows, columns=columns)
        .sort_values("complement", ascending=False, kind="stable")
        .reset_index(drop=True)
    )
