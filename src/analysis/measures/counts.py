"""Columns of counts, checked before anything is computed from them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

Column = pd.Series | pd.api.extensions.ExtensionArray | np.ndarray | Sequence[float]

# Whole numbers up to here are exact in float64; more than this is not a count of anything.
LARGEST_COUNT = 2.0**53


def checked_counts(columns: Mapping[str, Column], *, may_miss: Sequence[str] = ()) -> list:
    """Return columns of counts as float64 arrays, after checking that they can be measured.

    Parameters
    ----------
    columns : mapping of str to column
        Name (for the sentence of an error) -> one number >= 0 per unit. Series, arrays and lists;
        Series must have one and the same index, in the same order.
    may_miss : sequence of str, optional
        Names of the columns in which NaN is allowed.

    Returns
    -------
    list of ndarray of float64
        In the order of `columns`, each of shape (n units,). Never written to: they can share
        memory with the caller's columns.

    Raises
    ------
    TypeError
        If a column is not one row of numbers (text, yes/no, a table, a single value).
    ValueError
        If a value is missing, negative, infinite or above 2**53, or if columns differ in length
        or in index.
    """
    arrays = [_numbers(name, column) for name, column in columns.items()]
    check_same_units(columns)
    for (name, column), values in zip(columns.items(), arrays, strict=True):
        _check_values(name, column, values, missing_allowed=name in may_miss)
    return arrays


def group_columns(groups: pd.DataFrame, name: str = "groups") -> dict[str, pd.Series]:
    """Return the columns of a table of groups, by what an error calls them.

    Parameters
    ----------
    groups : DataFrame of shape (n, k)
        One row per unit and one column per group: all its columns are groups, so take them by
        name from a larger table. The groups do not overlap, and k >= 2.
    name : str, optional
        What the caller calls the table.

    Returns
    -------
    dict of str to Series
        In the order of the columns; for `checked_counts` or `by_area`.

    Raises
    ------
    TypeError
        If `groups` is not a DataFrame.
    ValueError
        If there are fewer than two groups, or one of them is there twice.
    """
    if not isinstance(groups, pd.DataFrame):
        raise TypeError(f"{name} must be a DataFrame with one named column per group")
    if groups.shape[1] < 2:
        raise ValueError(f"{name} has fewer than two groups: a mix needs two or more")
    if not groups.columns.is_unique:
        twice = groups.columns[groups.columns.duplicated()][0]
        raise ValueError(f"{name} has the group {twice!r} twice: give each group one column")
    return {f"{name}[{group!r}]": groups[group] for group in groups.columns}


def check_same_units(columns: Mapping[str, Column]) -> None:
    """Raise ValueError unless all columns have one length and all Series one and the same index."""
    first, *others = columns.items()
    for name, column in others:
        if len(column) != len(first[1]):
            raise ValueError(
                f"{first[0]} has {len(first[1])} values and {name} has {len(column)}: "
                "give each of them one value per unit"
            )
    indexed = [(name, column) for name, column in columns.items() if isinstance(column, pd.Series)]
    for name, column in indexed[1:]:
        reference, index = indexed[0][0], indexed[0][1].index
        if not column.index.equals(index):
            # Aligning here would hide that two tables are about different regions or years.
            place = _first_difference(index, column.index)
            raise ValueError(
                f"{reference} and {name} have different indexes, first at position {place} "
                f"({index[place]!r} and {column.index[place]!r}): "
                "align them on the region code first"
            )


def check_part_of_total(part: Column, name: str, total: Column, total_name: str) -> None:
    """Raise ValueError if a part is larger than its total in any unit."""
    larger = np.asarray(part, dtype=float) > np.asarray(total, dtype=float)
    if larger.any():
        place = int(larger.argmax())
        raise ValueError(
            f"{name} is larger than {total_name} in {larger.sum()} units, first "
            f"{_at(part, place)}: check that both come from one table, and settle what rounding "
            "did before measuring"
        )


def _numbers(name: str, column: Column) -> np.ndarray:
    if isinstance(column, np.ma.MaskedArray):
        # np.asarray would give what lies behind the mask.
        column = column.astype(float).filled(np.nan)
    if np.ndim(column) != 1:
        raise TypeError(f"{name} must be one column with one number per unit")
    values = column if hasattr(column, "dtype") else np.asarray(column)
    if len(values) == 0:
        return np.empty(0)
    dtype = values.dtype
    numeric = pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_complex_dtype(dtype)
    if not numeric or pd.api.types.is_bool_dtype(dtype):
        raise TypeError(f"{name} holds {dtype} where numbers are expected: convert it first")
    if isinstance(values, np.ndarray):
        return values.astype(float, copy=False)
    return values.to_numpy(dtype=float, na_value=np.nan)


def _check_values(name: str, column: Column, values: np.ndarray, missing_allowed: bool) -> None:
    if len(values) == 0:
        return
    # One look at the extremes settles the ordinary case: NaN fails both comparisons.
    if values.min() >= 0 and values.max() <= LARGEST_COUNT:
        return
    for wrong, what, advice in (
        (
            np.isnan(values) & (not missing_allowed),
            "missing",
            "leave these units out and count them before measuring",
        ),
        (values < 0, "negative", "give numbers of 0 or more"),
        (values > LARGEST_COUNT, "infinite or above 2**53", "give finite numbers"),
    ):
        if wrong.any():
            place = int(wrong.argmax())
            raise ValueError(
                f"{name} is {what} in {wrong.sum()} of {len(values)} units, first "
                f"{_at(column, place)}: {advice}"
            )


def _at(column: Column, place: int) -> str:
    label = f" ({column.index[place]!r})" if isinstance(column, pd.Series) else ""
    return f"at position {place}{label}"


def _first_difference(one: pd.Index, other: pd.Index) -> int:
    pairs = zip(one, other, strict=True)
    # Two indexes can be unequal through their type alone ('1' and 1 are found, 1 and 1.0 are not).
    return next((place for place, (a, b) in enumerate(pairs) if a != b), 0)
