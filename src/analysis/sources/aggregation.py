"""Adding regions up to other regions: which quantities may be added, and how."""

import re
from collections.abc import Mapping

import pandas as pd

from analysis.sources.codebook import Concept

# A count that the codebook does not know (of another source) is known by its name.
_COUNT = re.compile(r"n_\w+|inhabitants")


def kinds(table: pd.DataFrame, codebook: Mapping[str, Concept]) -> pd.Series:
    """Return the kind of every number in a table, by column.

    Parameters
    ----------
    table : DataFrame
    codebook : mapping of str to Concept

    Returns
    -------
    Series of str
        Kinds of the codebook; a column that it does not have is a 'count' when it is called n_...
        or inhabitants, else 'unknown'. Columns of text are not in it.
    """
    found = {}
    for column in table.columns:
        if not pd.api.types.is_numeric_dtype(table[column]):
            continue
        told = codebook[column].kind if column in codebook else ""
        found[column] = told or ("count" if _COUNT.fullmatch(column) else "unknown")
    return pd.Series(found, dtype="str")


def numerators(
    table: pd.DataFrame, shares: list[str], codebook: Mapping[str, Concept]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what each share is a count of, and the count that it is a share of.

    Parameters
    ----------
    table : DataFrame
        A region table.
    shares : list of str
        Columns in 0-1.
    codebook : mapping of str to Concept

    Returns
    -------
    (DataFrame, DataFrame)
        Numerators and denominators by share, both NaN where either is not known. A share of
        nobody is 0 of 0. A share without a denominator in the codebook or in the table is NaN
        throughout: the number of inhabitants is never taken instead.
    """
    tops, bottoms = {}, {}
    for share in shares:
        name = codebook[share].denominator if share in codebook else ""
        whole = table[name] if name in table else pd.Series(float("nan"), table.index)
        top = (table[share] * whole).mask(whole.eq(0), 0.0)
        tops[share] = top
        bottoms[share] = whole.where(top.notna())
    return pd.DataFrame(tops, index=table.index), pd.DataFrame(bottoms, index=table.index)


def spread(values: pd.DataFrame, pairs: pd.DataFrame, *, skip_missing: bool) -> pd.DataFrame:
    """Add the weighted values of sources up per target.

    Parameters
    ----------
    values : DataFrame
        Numbers by source.
    pairs : DataFrame
        from_code, to_code, weight (above 0).
    skip_missing : bool
        Whether a missing part is passed over; else it makes the sum missing. A sum of nothing
        but missing parts is missing either way.

    Returns
    -------
    DataFrame
        By target, the columns of `values`.
    """
    parts = values.loc[pairs["from_code"]].mul(pairs["weight"].to_numpy(), axis=0)
    grouped = parts.groupby(pairs["to_code"].to_numpy())
    sums = grouped.sum(min_count=1)
    if not skip_missing and len(sums.columns):
        sums = sums.mask(parts.isna().groupby(pairs["to_code"].to_numpy()).any())
    return sums.rename_axis(index="region_code")
