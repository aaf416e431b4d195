"""Why the mean of a unit changed: its place in the order, inequality, or growth of the whole."""

import numpy as np
import pandas as pd

from analysis.measures.counts import checked_counts


def reordering_inequality_growth(
    before: pd.Series, after: pd.Series, weight_before: pd.Series, weight_after: pd.Series
) -> pd.DataFrame:
    """Divide the change of each unit's mean over growth, inequality and reordering.

    growth = y1 (M2 / M1 - 1): as if every unit had grown like the area;
    inequality = Q2(F1(y1)) - y1 M2 / M1: as if it had kept its place in the order while the
    distance between places changed;
    reordering = y2 - Q2(F1(y1)): because it rose or fell in the order.
    F1(y) is the part of the people of the first year in units below y, and half of those in units
    of y; Q2 the value at that part of the people of the second year, straight between units.

    Parameters
    ----------
    before, after : Series of n numbers
        Mean of each unit in both years, on one index, such as incomes, > 0; none missing. In money
        of one year, or growth contains the change of prices.
    weight_before, weight_after : Series of n numbers
        People of each unit, > 0.

    Returns
    -------
    DataFrame of shape (n, 4)
        `change`, `growth`, `inequality`, `reordering`, in the unit of the means; the three add up
        to the change.

    Raises
    ------
    TypeError, ValueError
        When the columns differ in index, or a number is missing or not positive.

    References
    ----------
    Modai-Snir, T. & van Ham, M. (2020). Reordering, inequality and divergent growth: processes of
    neighbourhood change in Dutch cities. Regional Studies 54(12), 1668-1679.

    Examples
    --------
    >>> one = pd.Series([10.0, 20.0, 30.0])
    >>> people = pd.Series([1.0, 1.0, 1.0])
    >>> parts = reordering_inequality_growth(one, one[[1, 0, 2]].reset_index(drop=True), people,
    ...                                      people)
    >>> parts["reordering"].tolist()
    [10.0, -10.0, 0.0]
    """
    named = {"before": before, "after": after}
    weights = {"weight_before": weight_before, "weight_after": weight_after}
    for name, column in {**named, **weights}.items():
        if not isinstance(column, pd.Series):
            raise TypeError(f"{name} must be a Series with one number per unit")
    y1, y2, w1, w2 = checked_counts({**named, **weights})
    if any((column <= 0).any() for column in (y1, y2, w1, w2)):
        raise ValueError("means and weights must be above 0: leave units without people out")
    kept = grown = y1
    if len(y1):
        kept = _value_at(_place(y1, w1), y2, w2)
        grown = y1 * (np.average(y2, weights=w2) / np.average(y1, weights=w1))
    return pd.DataFrame(
        {
            "change": y2 - y1,
            "growth": grown - y1,
            "inequality": kept - grown,
            "reordering": y2 - kept,
        },
        index=before.index,
    )


def _place(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the part of the people below each value, and half of those at it."""
    levels, which = np.unique(values, return_inverse=True)
    people = np.bincount(which, weight, minlength=len(levels))
    return ((np.cumsum(people) - people / 2) / people.sum())[which]


def _value_at(place: np.ndarray, values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the value at a place in the ranking, straight between units."""
    levels = np.unique(values)
    middle = _place(levels, np.array([weight[values == level].sum() for level in levels]))
    return np.interp(place, middle, levels)
