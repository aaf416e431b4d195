"""The evidence table: one row is one number that can be quoted, with all that goes with it."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

COLUMNS = (
    "area_code",
    "area_name",
    "year",
    "level",
    "measure",
    "group",
    "value",
    "low",
    "high",
    "interval",
    "units",
    "units_missing",
    "population_covered",
    "median_unit_size",
    "status",
    "source",
)
# Below this share of the inhabitants in regions with figures, a number says nothing of the area.
ENOUGH_COVERED = 0.8
_NUMBERS = ("value", "low", "high", "population_covered", "median_unit_size")
_WHOLE = ("year", "units", "units_missing")


def evidence_frame(rows: pd.DataFrame | Iterable[dict]) -> pd.DataFrame:
    """Return rows as an evidence table: all columns, in order, in their types.

    Parameters
    ----------
    rows : DataFrame or iterable of dict
        With at least area_code, year, level, measure and source. What is absent is empty; a
        row without a status gets 'ok'.

    Returns
    -------
    DataFrame
        With the columns of `COLUMNS`; numbers are float64, whole numbers Int64.

    Raises
    ------
    ValueError
        When a column is unknown, a required one absent, or an 'ok' row has no value.
    """
    frame = pd.DataFrame(rows)
    unknown = set(frame.columns) - set(COLUMNS)
    if unknown:
        raise ValueError(f"evidence has no columns {sorted(unknown)}")
    if frame.empty:
        frame = pd.DataFrame(columns=list(COLUMNS))
    absent = {"area_code", "year", "level", "measure", "source"} - set(frame.columns)
    if absent:
        raise ValueError(f"evidence rows lack {sorted(absent)}")
    frame = frame.reindex(columns=list(COLUMNS))
    for column in COLUMNS:
        if column in _NUMBERS:
            frame[column] = frame[column].astype(float)
        elif column in _WHOLE:
            frame[column] = frame[column].astype("Int64")
        else:
            default = "ok" if column == "status" else ""
            frame[column] = frame[column].astype("str").mask(frame[column].isna(), default)
    without = frame["status"].eq("ok") & frame["value"].isna()
    if without.any():
        first = frame[without].iloc[0]
        raise ValueError(
            f"{int(without.sum())} rows are 'ok' without a value, first {first['measure']} of "
            f"{first['area_code']}"
        )
    return frame.reset_index(drop=True)


def join(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return evidence tables as one, each number once, in order of first appearance."""
    kept = [table for table in tables if len(table)]
    if not kept:
        return evidence_frame([])
    one = pd.concat(kept, ignore_index=True)
    return one.drop_duplicates(ignore_index=True)


def with_status(values: pd.Series, status: pd.Series) -> pd.Series:
    """Return values, withheld (NaN) where the status is not 'ok'."""
    return values.where(status.eq("ok"), np.nan)
