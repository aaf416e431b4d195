"""Whether an index changed between years, and whether rounding alone could have done that."""

import pandas as pd

from analysis.evidence.frame import evidence_frame

MARK = "_change_since_"
# A zoning counts as the same when so much of the people live in regions that did not change.
ENOUGH_SAME = 0.9


def parts(years: list[int], same: dict[tuple[int, int], float]) -> pd.Series:
    """Divide years into parts within which figures of the whole can be compared.

    Parameters
    ----------
    years : list of int
        In order, oldest first.
    same : dict of (int, int) to float
        For every two consecutive years the share of the later year's inhabitants who live in
        regions that are the same in both, 0 to 1.

    Returns
    -------
    Series of int
        Number of the part, by year; it goes up where the regions changed.

    Examples
    --------
    >>> parts([2019, 2020, 2022], {(2019, 2020): 1.0, (2020, 2022): 0.4}).tolist()
    [0, 0, 1]
    """
    pairs = zip(years, years[1:], strict=False)
    breaks = [0, *(int(same.get(pair, 0.0) < ENOUGH_SAME) for pair in pairs)]
    return pd.Series(breaks[: len(years)], index=years, dtype=int).cumsum()


def changes(rows: pd.DataFrame, part: pd.Series) -> pd.DataFrame:
    """Return how much an index changed within every part of the years.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of one area, level and measure with an interval: one per group and year.
    part : Series of int
        Number of the part by year, from `parts`.

    Returns
    -------
    DataFrame
        An evidence row per group and part with two years or more that have a value: measure
        '<measure>_change_since_<first year>', `year` the last, `value` the last index less the
        first, `low` and `high` what is left of it at the unfavourable ends of both intervals. A
        change whose interval holds 0 can be made by rounding alone.

    Raises
    ------
    ValueError
        When a group has two rows of one year.
    """
    if rows.duplicated(["group", "year"]).any():
        raise ValueError("give one row per group and year")
    found = []
    known = rows[rows["status"].eq("ok")].sort_values("year")
    for _, own in known.groupby(["group", known["year"].map(part)], sort=False):
        first, last = own.iloc[0], own.iloc[-1]
        if len(own) < 2:
            continue
        found.append(
            dict(last)
            | {
                "measure": f"{last['measure']}{MARK}{first['year']}",
                "value": last["value"] - first["value"],
                "low": last["low"] - first["high"],
                "high": last["high"] - first["low"],
                "source": last["source"],
            }
        )
    return evidence_frame(pd.DataFrame(found) if found else [])
