"""The regions of every year, level and group as one list of units: one call measures them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence.groups import Group, by_key, counts, reason_absent

_COUNTED = ("group", "others", "total", "step", "total_step")
LEVEL_OF_CODE = {"GM": "gemeente", "WK": "wijk", "BU": "buurt", "EG": "eigen"}


@dataclass(frozen=True)
class GroupedUnits:
    """Units of m cells; a cell is one area in one year, on one level, for one group.

    Attributes
    ----------
    key : ndarray of int, shape (n,)
        The cell of each unit.
    region_code : ndarray of str, shape (n,)
    group, others, total, people : ndarray of float, shape (n,)
        Members, all others, both as published, and inhabitants; NaN where there is no figure. By
        rounding a group can exceed its total; the others are then 0.
    step, total_step : ndarray of float, shape (n,)
        The multiple to which the group and what it is part of were rounded.
    is_share : ndarray of bool, shape (n,)
        Whether the group was published as a percentage.
    known, used : ndarray of bool, shape (n,)
        Whether there is a figure, and whether it is of anybody.
    cells : DataFrame
        Indexed by key: area_code, area_name (of that year, '' where the areas are no gemeenten),
        year, level, group, and reason: why the group cannot be counted there at all, or ''.
    """

    key: np.ndarray
    region_code: np.ndarray
    group: np.ndarray
    others: np.ndarray
    total: np.ndarray
    people: np.ndarray
    step: np.ndarray
    total_step: np.ndarray
    is_share: np.ndarray
    known: np.ndarray
    used: np.ndarray
    cells: pd.DataFrame


def grouped_units(
    regions: pd.DataFrame,
    groups: Sequence[str | Group],
    *,
    by: str | pd.Series = "gm_code",
    year: int | None = None,
    absent: Mapping[int, Mapping[str, str]] | None = None,
) -> GroupedUnits:
    """Lay out a region table as units of every year, level, group and area.

    Parameters
    ----------
    regions, by, year, absent
        See `panel.measure`.
    groups : sequence of str or Group
        Keys of `GROUPS`, or groups of one's own.

    Raises
    ------
    KeyError, ValueError
        See `panel.measure`.
    """
    groups = [one if isinstance(one, Group) else by_key(one) for one in groups]
    codes, years = _codes_and_years(regions, year)
    area = _areas(regions, by)
    kept = area.notna().to_numpy()
    regions, codes, years, area = regions[kept], codes[kept], years[kept], area[kept]
    level = levels_of(codes)
    labels, place = np.unique(area.to_numpy(dtype=object).astype(str), return_inverse=True)
    parts, cells = [], []
    for part in _parts(years, level):
        first = part[0]
        names = _area_names(regions.iloc[part], labels, place[part], by)
        table, why = regions.iloc[part], (absent or {}).get(int(years[first]), {})
        present = np.unique(place[part])
        for group in groups:
            start = len(labels) * len(cells)
            reason = reason_absent(group, table, why)
            parts.append(
                {"key": start + place[part], "region_code": codes[part]}
                | _columns(table, group, reason)
            )
            cells.append(
                pd.DataFrame(
                    {
                        "area_code": labels[present],
                        "area_name": names[present],
                        "year": years[first],
                        "level": level[first],
                        "group": group.key,
                        "reason": reason,
                    },
                    index=start + present,
                )
            )
    if not parts:
        empty = {name: np.empty(0) for name in (*_COUNTED, "people")}
        words = {"key": np.empty(0, int), "region_code": np.empty(0, object)}
        parts = [words | {"is_share": np.empty(0, bool)} | empty]
        cells = [
            pd.DataFrame(columns=["area_code", "area_name", "year", "level", "group", "reason"])
        ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    both = columns["group"] + columns["others"]
    return GroupedUnits(
        **columns,
        known=~np.isnan(both),
        used=both > 0,
        cells=pd.concat(cells),
    )


def _codes_and_years(regions: pd.DataFrame, year: int | None) -> tuple[np.ndarray, np.ndarray]:
    if regions.index.nlevels == 2:
        years = regions.index.get_level_values(0).to_numpy().astype(int)
        codes = regions.index.get_level_values(1).to_numpy().astype(object)
    elif year is None:
        raise ValueError("say which year the regions are of, or index them by (year, region_code)")
    else:
        codes = regions.index.to_numpy().astype(object)
        years = np.full(len(codes), int(year))
    if regions.index.duplicated().any():
        raise ValueError(f"region {regions.index[regions.index.duplicated()][0]} stands twice")
    return codes, years


def _areas(regions: pd.DataFrame, by: str | pd.Series) -> pd.Series:
    if isinstance(by, str):
        if by not in regions:
            raise KeyError(f"the regions have no column '{by}' to tell their area")
        return regions[by]
    if not isinstance(by, pd.Series) or not by.index.equals(regions.index):
        raise ValueError("'by' must be a column, or a Series on the index of the regions")
    return by


def levels_of(codes: np.ndarray | pd.Index) -> np.ndarray:
    """Return 'gemeente', 'wijk', 'buurt' or 'eigen' for every region code.

    Raises
    ------
    ValueError
        Naming the first code that tells none.
    """
    level = pd.Series(codes).str.slice(0, 2).map(LEVEL_OF_CODE)
    if level.isna().any():
        raise ValueError(f"the code {codes[level.isna()][0]} does not tell its level")
    return level.to_numpy(dtype=object)


def _parts(years: np.ndarray, level: np.ndarray) -> list[np.ndarray]:
    """Return the places of the regions of each year and level, in order of first appearance."""
    return list(
        pd.DataFrame({"y": years, "l": level}).groupby(["y", "l"], sort=False).indices.values()
    )


def _columns(table: pd.DataFrame, group: Group, reason: str) -> dict[str, np.ndarray]:
    people = table["inhabitants"].to_numpy(dtype=float)
    share = np.full(len(table), group.count.startswith("share_"))
    others = {"people": people, "is_share": share}
    if reason:
        return dict.fromkeys(_COUNTED, np.full(len(table), np.nan)) | others
    counted = counts(table, group)
    return {name: counted[name].to_numpy(dtype=float) for name in _COUNTED} | others


def _area_names(
    table: pd.DataFrame, labels: np.ndarray, place: np.ndarray, by: str | pd.Series
) -> np.ndarray:
    names = np.full(len(labels), "", dtype=object)
    if isinstance(by, str) and by == "gm_code" and "gm_name" in table:
        names[place] = table["gm_name"].fillna("").to_numpy(dtype=object)
    return names
