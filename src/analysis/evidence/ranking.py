"""The place of an area among others, and how sure that order is."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame

# Units four times as large even out what smaller ones show: such areas are not set in an order.
MOST_UNLIKE = 4.0
# Where one unit holds so much of the people, an index over the units says little of the area.
LARGEST_UNIT = 0.4
_LOW, _HIGH = 0.025, 0.975


def unlike_units(rows: pd.DataFrame, largest_unit: pd.Series | None = None) -> str:
    """Say why areas cannot be set in an order on these units, or '' if they can.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of one index, one row per area, with `units` and `median_unit_size`.
    largest_unit : Series of float, optional
        By area_code: the share of the inhabitants in its largest unit, 0 to 1.

    Returns
    -------
    str
        '', 'unlike_size' (the median unit of one is over four times that of another),
        'one_large_unit' (a unit holds over 40 % of its area) or 'single_unit'.

    Examples
    --------
    >>> unlike_units(pd.DataFrame({"units": [5, 9], "median_unit_size": [23270.0, 1757.5]}))
    'unlike_size'
    """
    if rows["units"].le(1).any():
        return "single_unit"
    sizes = rows["median_unit_size"].dropna()
    if len(sizes) and sizes.max() > MOST_UNLIKE * sizes.min():
        return "unlike_size"
    if largest_unit is not None and largest_unit.reindex(rows["area_code"]).gt(LARGEST_UNIT).any():
        return "one_large_unit"
    return ""


def ranking(
    rows: pd.DataFrame,
    draws: pd.DataFrame,
    *,
    largest_unit: pd.Series | None = None,
    force: bool = False,
) -> pd.DataFrame:
    """Set areas in order of an index, with how sure each place is.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of one measure, group, year and level: one row per area.
    draws : DataFrame, shape (areas, draws)
        By area_code: values that the index can truly have had, drawn independently per area, such
        as those behind the interval for rounding.
    largest_unit : Series of float, optional
        See `unlike_units`.
    force : bool, optional
        Set areas in order although their units are unlike in size.

    Returns
    -------
    DataFrame
        Evidence rows: per area with a value 'rank' (1 is the highest; `low` and `high` hold 95 %
        of the draws) and, but for the last, 'above_next': the share of the draws in which the area
        is above the one that follows it, between 0 and 1. Areas without a value, or of a single
        unit, keep their status and have no rank. Where the units are unlike and `force` is False
        every rank is withheld with status 'unlike_size' or 'one_large_unit'.

    Raises
    ------
    ValueError
        When the rows are of more than one index, an area stands twice, or lacks its draws.
    """
    kinds = rows[["measure", "group", "year", "level"]].drop_duplicates()
    if len(kinds) > 1 or rows["area_code"].duplicated().any():
        raise ValueError("rank the areas of one measure, group, year and level, each once")
    # An area of one unit has an index, 0, that says nothing of its order.
    has_place = rows["value"].notna() & rows["status"].ne("single_unit")
    known = rows[has_place].sort_values("value", ascending=False, kind="stable")
    if not known["area_code"].isin(draws.index).all():
        raise ValueError("every area with a value needs its draws")
    others = rows[~has_place].assign(measure="rank", value=np.nan)
    if known.empty:
        return evidence_frame(others)
    refused = "" if force else unlike_units(known, largest_unit)
    if refused:
        withheld = rows.assign(measure="rank", value=np.nan, low=np.nan, high=np.nan)
        return evidence_frame(withheld.assign(status=withheld["status"].where(~has_place, refused)))
    drawn = draws.loc[known["area_code"]].to_numpy(dtype=float)
    # Descending: the highest of each draw is first.
    places = (-drawn).argsort(axis=0, kind="stable").argsort(axis=0) + 1.0
    place = known["value"].rank(ascending=False, method="min").to_numpy()
    ranked = known.assign(
        measure="rank",
        value=place,
        # A place lies inside what can have been its place, also where the draws lean to one side.
        low=np.minimum(np.quantile(places, _LOW, axis=1, method="lower"), place),
        high=np.maximum(np.quantile(places, _HIGH, axis=1, method="higher"), place),
        interval="rounding",
        status="ok",
    )
    above = known.iloc[:-1].assign(
        measure="above_next",
        value=(drawn[:-1] > drawn[1:]).mean(axis=1) if len(drawn) > 1 else [],
        low=np.nan,
        high=np.nan,
        interval="",
        status="ok",
    )
    return evidence_frame(pd.concat([ranked, above, others]))
