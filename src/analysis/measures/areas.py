"""Units grouped into areas: sums and running sums of every area at once, without a loop."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.counts import (
    LARGEST_COUNT,
    Column,
    check_same_units,
    checked_counts,
    group_columns,
)

# What rounding can add to or take from an index between 0 and 1; anything beyond is a mistake.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Areas:
    """Units laid out area by area, so that each area is one stretch of an array.

    Attributes
    ----------
    labels : Index or None
        The areas, sorted, of shape (m,); None where all units together are the one area.
    order : ndarray of int or None
        Position in the caller's columns of each laid-out unit; None where nothing had to move.
    starts : ndarray of int
        Where each area begins, of shape (m,).
    sizes : ndarray of int
        Number of units of each area, of shape (m,).
    given : column or None
        The area of each unit, as the caller gave it.
    """

    labels: pd.Index | None
    order: np.ndarray | None
    starts: np.ndarray
    sizes: np.ndarray
    given: Column | None = None

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of each area: of shape (m,), or (k, m) for k rows of n units."""
        if values.shape[-1] == 0:
            return np.zeros((*values.shape[:-1], len(self.sizes)))
        # Adds in pairs; bincount adds one by one and is off by 1e-11 over a million units.
        return np.add.reduceat(values, self.starts, axis=-1)

    def spread(self, totals: np.ndarray) -> np.ndarray:
        """Return each unit's value of its area: of shape (n,), or (k, n) for k rows of m areas."""
        return np.repeat(totals, self.sizes, axis=-1)

    def running(self, values: np.ndarray) -> np.ndarray:
        """Return sums from the area's first unit up to and including each unit, of shape (n,).

        Whole numbers are added over all areas and what came before the area is taken off, which
        is exact. Other numbers in log2(largest area) steps of doubling length, which never leave
        the area: the difference of two sums over the whole country would carry the country's
        rounding error into a village.
        """
        whole = len(values) > 0 and (values == np.rint(values)).all()
        if whole and np.abs(values).sum() < LARGEST_COUNT:
            running = np.cumsum(values)
            return running - self.spread(running[self.starts] - values[self.starts])
        running = values.copy()
        place = np.arange(len(values)) - self.spread(self.starts)
        reach = 1
        while reach < self.sizes.max(initial=0):
            running[reach:] += np.where(place[reach:] >= reach, running[:-reach], 0)
            reach *= 2
        return running

    def sorted_within(self, keys: np.ndarray) -> np.ndarray:
        """Return positions that sort the units by key inside each area, of shape (n,)."""
        order = np.argsort(keys, kind="stable")
        if len(self.sizes) == 1:
            return order
        area = self.spread(_short(np.arange(len(self.sizes)), len(self.sizes)))
        return order[np.argsort(area[order], kind="stable")]

    def as_given(self, values: np.ndarray, like: Column | pd.DataFrame, name: str) -> pd.Series:
        """Return values of laid-out units in the caller's order, on the caller's index."""
        if self.order is not None:
            given = np.empty(len(values))
            given[self.order] = values
            values = given
        index = like.index if isinstance(like, pd.Series | pd.DataFrame) else None
        return pd.Series(values, index=index, name=name)

    def result(self, values: np.ndarray, name: str) -> pd.Series | float:
        """Return values of areas as a Series by area, or the one number where there is no `by`."""
        if self.labels is None:
            return float(values[0])
        return pd.Series(values, index=self.labels, name=name)

    def index_result(self, values: np.ndarray, name: str) -> pd.Series | float:
        """Return an index between 0 and 1, cleared of the last digits that rounding left outside.

        Raises
        ------
        ArithmeticError
            If a value is further than 1e-12 outside [0, 1]: the formula or its input is wrong,
            and a value set to 0 or 1 would hide it.
        """
        if ((values < -ROUNDING) | (values > 1 + ROUNDING)).any():
            raise ArithmeticError(
                f"{name} lies outside 0 to 1 by more than rounding: "
                f"{np.nanmin(values)} to {np.nanmax(values)}"
            )
        return self.result(np.clip(values, 0.0, 1.0), name)


def lay_out(by: Column) -> Areas:
    """Lay units out area by area, once for all measures of the same units.

    Every measure that has an argument `by` takes what this returns in place of the column: seven
    indices of the same buurten then look the gemeente of each buurt up once instead of seven times.

    Parameters
    ----------
    by : column of n areas
        The area of each unit: text, numbers or categories. Not to be changed afterwards.

    Returns
    -------
    Areas

    Raises
    ------
    TypeError, ValueError
        If `by` is not a column, or misses a value.

    Examples
    --------
    >>> areas = lay_out(["b", "a", "b"])
    >>> list(areas.labels), areas.sizes.tolist()
    (['a', 'b'], [1, 2])
    """
    if np.ndim(by) != 1:
        raise TypeError("by must be one column with the area of each unit")
    codes, labels = _factorised(by)
    missing = codes < 0
    if missing.any():
        raise ValueError(
            f"by is missing in {missing.sum()} of {len(codes)} units, first at position "
            f"{int(missing.argmax())}: leave these units out and count them before measuring"
        )
    moved = bool((codes[1:] < codes[:-1]).any())
    order = np.argsort(_short(codes, len(labels)), kind="stable") if moved else None
    sizes = np.bincount(codes, minlength=len(labels))
    return Areas(labels, order, np.cumsum(sizes) - sizes, sizes, by)


def by_area(
    columns: Mapping[str, Column], by: Column | Areas | None
) -> tuple[Areas, tuple[np.ndarray, ...]]:
    """Check columns of counts and lay them out area by area.

    Parameters
    ----------
    columns : mapping of str to column
        Name -> one count per unit, see `checked_counts`.
    by : column, Areas or None
        The area of each unit: text, numbers or categories, or laid out by `lay_out`; None makes
        all units one area.

    Returns
    -------
    Areas, tuple of ndarray
        The areas, and the columns in the order in which the areas lie. The arrays are not to be
        written to.

    Raises
    ------
    TypeError, ValueError
        As `checked_counts`; also if `by` is not a column, misses a value, or has another length
        or index than the counts.
    """
    arrays = checked_counts(columns)
    if by is None:
        everything = np.array([len(arrays[0])])
        return Areas(None, None, np.zeros(1, dtype=int), everything), tuple(arrays)
    areas = by if isinstance(by, Areas) else lay_out(by)
    check_same_units({**columns, "by": areas.given})
    if areas.order is not None:
        arrays = [values[areas.order] for values in arrays]
    return areas, tuple(arrays)


def members_by_area(
    groups: pd.DataFrame, by: Column | Areas | None
) -> tuple[Areas, np.ndarray, np.ndarray]:
    """Check a table of groups and lay it out area by area.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        One row per unit and one column per group, see `group_columns`; counts >= 0, none missing.
    by : column, Areas or None
        See `by_area`.

    Returns
    -------
    Areas, ndarray of shape (k, n), ndarray of shape (k, m)
        The areas, the members of each group in each unit, and those in each area.

    Raises
    ------
    TypeError, ValueError
        See `group_columns` and `by_area`.
    """
    areas, columns = by_area(group_columns(groups), by)
    members = np.stack(columns)
    return areas, members, areas.sums(members)


def ratio(numerator: np.ndarray, denominator: np.ndarray, *, undefined: float = np.nan):
    """Divide; where the denominator is 0 the answer is `undefined`."""
    answer = np.full(np.shape(denominator), undefined)
    return np.divide(numerator, denominator, out=answer, where=denominator != 0)


def _factorised(by: Column) -> tuple[np.ndarray, pd.Index]:
    name = by.name if isinstance(by, pd.Series | pd.Index) else None
    column = by if hasattr(by, "dtype") else pd.Series(by, dtype=None if len(by) else "str")
    first = _first_of_runs(column)
    in_order, met = pd.factorize(column if first is None else column.take(first))
    # Sorting the areas is quicker than letting pandas sort the units; what is missing stays -1.
    rank, labels = pd.factorize(met, sort=True)
    codes = np.append(rank, -1)[in_order]
    if first is not None:
        codes = np.repeat(codes, np.diff(first, append=len(column)))
    if isinstance(labels.dtype, pd.CategoricalDtype):
        # Plain labels: the result joins with others whatever the type of the area column was.
        labels = labels.astype(labels.dtype.categories.dtype)
    return codes, pd.Index(labels, name=name)


def _first_of_runs(column: Column) -> np.ndarray | None:
    """Return where text differs from the unit before it; None where that would save nothing.

    Most tables lie area by area: 355 gemeenten are to be looked up then, not 13,808 buurten.
    """
    text = isinstance(column.dtype, pd.StringDtype) and column.dtype.na_value is not pd.NA
    if len(column) == 0 or not (text or column.dtype == object):
        return None
    values = column.array if text and hasattr(column, "array") else np.asarray(column)
    try:
        changed = values[1:] != values[:-1]
        return np.flatnonzero(np.append(True, changed))
    except (TypeError, ValueError):
        # Objects that do not compare, such as pd.NA, are looked up one by one.
        return None


def _short(codes: np.ndarray, labels: int) -> np.ndarray:
    """Return codes in 16 bits where they fit: these are sorted in a time that grows with n."""
    return codes.astype(np.int16) if labels < 2**15 else codes
