"""Names of regions that a table has by their code only, from what other years call them."""

from collections.abc import Iterable

import pandas as pd


def with_names(table: pd.DataFrame, others: Iterable[pd.Series]) -> pd.DataFrame:
    """Return a region table in which a code that stands for a name is replaced by the name.

    Some files and mirrors list regions without names. A name is told to readers only and nothing
    is computed from it, so that the name of another year may stand in; a figure never does.

    Parameters
    ----------
    table : DataFrame
        Indexed by region_code, with `region_name`. Left as it is.
    others : iterable of Series of str
        Names by code in other years, the nearest year first; no more are asked for than needed.

    Returns
    -------
    DataFrame
        The table itself where every region has a name. A code that no year has a name for stays.
    """
    names = table["region_name"]
    if not _bare(names).any():
        return table
    for other in others:
        there = other.reindex(names.index[_bare(names)])
        told = there[~_bare(there)]
        names = names.where(~names.index.isin(told.index), told.reindex(names.index))
        if not _bare(names).any():
            break
    return table.assign(region_name=names)


def _bare(names: pd.Series) -> pd.Series:
    """Tell which regions have no name but their code."""
    return names.isna() | names.eq("") | names.eq(names.index)
