"""Which columns of a table have a figure, told of the whole table from one gemeente's rows.

A column that is empty here may be filled elsewhere: only then is a hole a secret, and else the
figures are not published yet.
"""

from collections.abc import Iterable

import pandas as pd
import pyarrow
from pyarrow import compute, parquet

from analysis.sources.codebook import Concept
from analysis.sources.contents import Contents, has_figure


def filled_elsewhere(
    contents: Contents, own: pd.DataFrame, columns: dict[str, str], codebook: dict[str, Concept]
) -> frozenset[tuple[str, str]]:
    """Return where a concept has a figure that the gemeente's own rows of that level do not show.

    Parameters
    ----------
    contents : Contents
        Of the whole table.
    own : DataFrame
        The gemeente's rows by concept, region_code among them.
    columns : dict of str to str
        Concept -> column.
    codebook : dict of str to Concept

    Returns
    -------
    frozenset of (str, str)
        The first two letters of the codes of a level (GM, WK, BU, NL), and the concept.
    """
    numbers = [name for name in columns if codebook[name].kind != "text"]
    shown = own[numbers].notna().groupby(own["region_code"].str[:2]).any()
    unseen = shown.columns[~shown.reindex(["GM", "WK", "BU"], fill_value=False).all()]
    empty = _never_filled(contents, [columns[name] for name in unseen])
    sought = {name: columns[name] for name in unseen if columns[name] not in empty}
    if not sought:
        return frozenset()
    code = columns["region_code"]
    whole = contents.as_arrow([code, *sought.values()])
    codes = compute.utf8_ltrim_whitespace(whole[code].cast(pyarrow.string()))
    levels = compute.utf8_slice_codeunits(codes, 0, 2).to_numpy()
    at = {level: levels == level for level in ("NL", "GM", "WK", "BU")}
    found = set()
    for concept, column in sought.items():
        filled = has_figure(whole[column])
        found |= {(level, concept) for level, rows in at.items() if filled[rows].any()}
    return frozenset(found)


def _never_filled(contents: Contents, keys: Iterable[str]) -> set[str]:
    """Return the columns of which the file itself counts that all of their rows are empty."""
    if isinstance(contents.rows, pd.DataFrame):
        return set()
    told = parquet.read_metadata(contents.rows)
    groups = [told.row_group(number) for number in range(told.num_row_groups)]
    at = {told.schema.column(number).path: number for number in range(told.num_columns)}
    found = set()
    for key in keys:
        counted = [group.column(at[key]).statistics for group in groups]
        if all(one and one.has_null_count for one in counted):
            nulls = sum(one.null_count for one in counted)
            found |= {key} if nulls == told.num_rows else set()
    return found
