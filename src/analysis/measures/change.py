"""The change of segregation between two years, divided into its parts (Elbers 2023)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.decomposition import mutual_information_of
from analysis.measures.fitting import fitted

# What stands in for an empty cell, so that the fitting can reach the margins of the other year.
ZERO = 1e-10
_OTHER_ZEROS = (0.01, 0.5)


@dataclass(frozen=True)
class Change:
    """A change of the mutual information M, in nats, and its parts.

    Attributes
    ----------
    before, after : float
        M of the two years.
    additions, removals : float
        By units and groups that are there in the second year only, or in the first year only.
    unit_margins, group_margins : float
        By the sizes of the units, and by the sizes of the groups.
    structural : float
        The rest: how groups are divided over units of given sizes.
    iterations : int
        The most that one of the fittings took.
    structural_range : tuple of float
        The lowest and the highest structural part with `zero`, 0.01 and 0.5 people in empty cells.
    """

    before: float
    after: float
    additions: float
    removals: float
    unit_margins: float
    group_margins: float
    structural: float
    iterations: int
    structural_range: tuple[float, float]

    @property
    def difference(self) -> float:
        """What the parts add up to."""
        return self.after - self.before


def change_in_mutual_information(
    before: pd.DataFrame, after: pd.DataFrame, *, zero: float = ZERO, tolerance: float = 1e-10
) -> Change:
    """Divide the change of M between two years over additions, removals, margins and structure.

    additions = M(after) - M(after, common units and groups); removals = M(before, common) -
    M(before). The change over what is common is divided by setting the margins of one year on the
    other with iterative proportional fitting: structural is the mean of the change at the margins
    of the one year and of the other; the margins' part is the mean, over both structures and both
    orders, of changing the one after the other. The five add up to M(after) - M(before).

    Parameters
    ----------
    before, after : DataFrame
        Indexed by unit, one column per group: counts >= 0, none missing. Units and groups are the
        same in both years where their names are: names that were given to other places must be
        brought onto one division first.
    zero : float, optional
        Set in empty cells of common units and groups before fitting, as a number of people.
    tolerance : float, optional
        The largest difference, relative to it, that is left on any margin.

    Returns
    -------
    Change

    Raises
    ------
    ValueError
        When a unit or group stands twice, a count is missing or negative, a year has no people, or
        nothing is common to both years; when the fitting does not get there.

    References
    ----------
    Elbers, B. (2023). A method for studying differences in segregation across time and space.
    Sociological Methods & Research 52(1), 5-42.
    """
    tables = [_checked(before, "before"), _checked(after, "after")]
    m_before, m_after = (mutual_information_of(table.to_numpy()) for table in tables)
    one, two = _common(*tables)
    m_one, m_two = mutual_information_of(one), mutual_information_of(two)
    parts, iterations = _divided(one, two, zero, tolerance)
    others = [_divided(one, two, people, tolerance)[0][2] for people in _OTHER_ZEROS]
    moved = (parts[2], *others)
    return Change(
        before=m_before,
        after=m_after,
        additions=m_after - m_two,
        removals=m_one - m_before,
        unit_margins=parts[0],
        group_margins=parts[1],
        structural=parts[2],
        iterations=iterations,
        structural_range=(min(moved), max(moved)),
    )


def _divided(
    one: np.ndarray, two: np.ndarray, zero: float, tolerance: float
) -> tuple[tuple[float, float, float], int]:
    """Return the parts by unit margins, group margins and structure, and the iterations."""
    most = 0

    def m(structure: np.ndarray, units: np.ndarray, groups: np.ndarray) -> float:
        """Return M of the odds of one year at these margins."""
        nonlocal most
        table, iterations = fitted(_filled(structure, zero), units, groups, tolerance)
        most = max(most, iterations)
        return mutual_information_of(table)

    (u1, g1), (u2, g2) = (
        (table.sum(axis=1) / table.sum(), table.sum(axis=0) / table.sum()) for table in (one, two)
    )
    m1, m2 = mutual_information_of(one), mutual_information_of(two)
    both_1, both_2 = m(one, u2, g2), m(two, u1, g1)
    unit_1, unit_2 = m(one, u2, g1), m(two, u1, g2)
    group_1, group_2 = m(one, u1, g2), m(two, u2, g1)
    units = ((unit_1 - m1) + (both_1 - group_1) + (m2 - unit_2) + (group_2 - both_2)) / 4
    groups = ((group_1 - m1) + (both_1 - unit_1) + (m2 - group_2) + (unit_2 - both_2)) / 4
    structural = ((m2 - both_1) + (both_2 - m1)) / 2
    return (units, groups, structural), most


def _filled(table: np.ndarray, zero: float) -> np.ndarray:
    return np.where(table > 0, table, zero)


def _checked(table: pd.DataFrame, name: str) -> pd.DataFrame:
    if not (table.index.is_unique and table.columns.is_unique):
        raise ValueError(f"{name} has a unit or a group twice")
    values = table.to_numpy(dtype=float)
    if not (np.isfinite(values).all() and (values >= 0).all()):
        raise ValueError(f"{name} has missing, infinite or negative counts")
    if not values.sum() > 0:
        raise ValueError(f"{name} has no people")
    kept = table.loc[values.sum(axis=1) > 0, values.sum(axis=0) > 0]
    return kept.astype(float)


def _common(before: pd.DataFrame, after: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return both years on the units and groups that have people in both of them."""
    units, groups = (
        before.index.intersection(after.index),
        before.columns.intersection(after.columns),
    )
    while True:
        one, two = before.loc[units, groups], after.loc[units, groups]
        # Leaving out a group can leave a unit without people, and the other way round.
        inhabited = one.sum(axis=1).gt(0) & two.sum(axis=1).gt(0)
        present = one.sum().gt(0) & two.sum().gt(0)
        if inhabited.all() and present.all():
            break
        units, groups = units[inhabited], groups[present]
    if not len(units) or not len(groups):
        raise ValueError("no unit with people has the same name in both years")
    return one.to_numpy(), two.to_numpy()
