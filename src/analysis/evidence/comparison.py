"""With which other gemeenten a gemeente is compared."""

from collections.abc import Iterable

import pandas as pd

from analysis.evidence.frame import evidence_frame

# Areas whose median units differ by more than this from one area's are not set beside it.
MOST_UNLIKE = 2.0
# The limits in inhabitants of the size classes in which CBS groups gemeenten.
SIZE_LIMITS = (5_000, 10_000, 20_000, 50_000, 100_000, 150_000, 250_000)


def size_class(inhabitants: pd.Series) -> pd.Series:
    """Return the size class of every gemeente: 0 (under 5,000) to 7 (250,000 and more).

    Parameters
    ----------
    inhabitants : Series of float
        By gemeente; NaN where unknown.

    Returns
    -------
    Series of Int64
        On the same index; missing where the inhabitants are.

    Examples
    --------
    >>> size_class(pd.Series([4_999, 5_000, 125_285, 873_338])).tolist()
    [0, 1, 6, 7]
    """
    place = pd.Series(0, index=inhabitants.index, dtype="Int64")
    for limit in SIZE_LIMITS:
        place += inhabitants.ge(limit).astype("Int64")
    return place.mask(inhabitants.isna())


def alike(gemeenten: pd.DataFrame, code: str, by: str = "size") -> list[str]:
    """Return the gemeenten of the same size class or urbanity, that gemeente among them.

    Parameters
    ----------
    gemeenten : DataFrame
        Region table of gemeenten, indexed by code, with `inhabitants` and, for urbanity,
        `urbanity_class`.
    code : str
        The gemeente to compare.
    by : {'size', 'urbanity'}

    Returns
    -------
    list of str
        Codes in the order of the table; only the gemeente itself where its own class is unknown.

    Raises
    ------
    KeyError
        When the gemeente is not in the table.
    ValueError
        When `by` is neither.
    """
    if by not in ("size", "urbanity"):
        raise ValueError(f"compare by 'size' or 'urbanity', not by {by!r}")
    if code not in gemeenten.index:
        raise KeyError(f"no gemeente {code} in the table")
    classes = size_class(gemeenten["inhabitants"]) if by == "size" else gemeenten["urbanity_class"]
    if pd.isna(classes[code]):
        return [code]
    return gemeenten.index[classes.eq(classes[code]).fillna(False)].tolist()


def chosen(gemeenten: pd.DataFrame, codes: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the gemeenten of a choice that are in the table, and those that are not.

    Codes of gemeenten change when they merge: a choice made for one year can lack some in another.
    """
    asked = list(dict.fromkeys(codes))
    return (
        [code for code in asked if code in gemeenten.index],
        [code for code in asked if code not in gemeenten.index],
    )


def of_like_units(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """Withhold the index of areas whose units are of another size than those of one area.

    Small units show differences that large ones even out, so that indices over them say nothing
    of which area is the more uneven.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of one index, one per area, with `median_unit_size`.
    code : str
        The area that the others are compared with.

    Returns
    -------
    DataFrame
        The rows, with status 'unlike_size' and no value where the median unit has more than twice
        or less than half as many inhabitants as that of the area. All stay where its own median
        is unknown.

    Raises
    ------
    KeyError
        When the area has no row.
    """
    sizes = rows.set_index("area_code")["median_unit_size"]
    ratio = rows["median_unit_size"] / sizes[code]
    unlike = rows["status"].eq("ok") & (ratio.gt(MOST_UNLIKE) | ratio.lt(1 / MOST_UNLIKE))
    return rows.assign(
        value=rows["value"].mask(unlike), status=rows["status"].mask(unlike, "unlike_size")
    )


def middle_of_others(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return the median of an index on buurten over all areas but one.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of one index and group, one per area and level.
    code : str
        The area that is compared with the others.

    Returns
    -------
    DataFrame
        One evidence row 'median_of_others' of that area, its units the number of others;
        'single_unit' where there is none.
    """
    own = rows[rows["area_code"].eq(code)].iloc[0]
    others = rows[rows["level"].eq("buurt") & rows["area_code"].ne(code) & rows["status"].eq("ok")]
    return evidence_frame([
        {"area_code": code, "area_name": own["area_name"], "year": own["year"], "level": "buurt",
         "measure": "median_of_others", "group": own["group"], "value": others["value"].median(),
         "units": len(others), "status": "ok" if len(others) else "single_unit",
         "source": own["source"]}
    ])  # fmt: skip
