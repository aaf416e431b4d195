"""Rows of a list that may not be what they seem: the same facility again, or half a last row."""

import geopandas as gpd
import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.own_columns import OwnColumns
from analysis.sources.own_table import OwnTable


def end_remark(table: OwnTable, columns: OwnColumns) -> list[str]:
    """Tell in Dutch that a file ends within a line, which may have been cut off; [] where not.

    Raises
    ------
    InputError
        Where that can have changed a number, a kind or a code.
    """
    if not table.loose_end:
        return []
    row, last = table.cells.index[-1], str(table.cells.columns[-1])
    cell, others = table.cells[last].iloc[-1], table.cells[last].iloc[:-1]
    measured = {column for pair in columns.pairs for column in pair}
    measured |= {columns.roles.get(role, "") for role in ("region_code", "postcode", "id")}
    cut = row in table.broken.index
    lengths = set(others[others.ne("")].str.len())
    if last in measured or len(lengths) == 1:
        # What is as long as another one has lost no more than what does not matter.
        cut = cut or len(cell) < min(lengths, default=0)
    elif last in (columns.roles.get("m2"), columns.roles.get("capacity"), columns.whole):
        cut = True
    elif last == columns.roles["kind"]:
        cut = cut or cell not in set(others)
    if cut:
        raise InputError(
            f"{table.file} houdt midden in rij {row} op en is misschien niet heel; kijk of de "
            "laatste rij klopt en zet er een regeleinde achter."
        )
    return [f"{table.file} eindigt zonder regeleinde; kijk of rij {row} de laatste is."]


def doubles(points: gpd.GeoDataFrame, has_ids: bool) -> pd.Series:
    """Return why a row is the same facility as an earlier one, by its number.

    With ids a facility is its id and kind, for one building may house two. Without them the name
    and the place must be the same too.
    """
    points = points[points["kind"].notna()]
    known = points["facility_id"].ne("") if has_ids else pd.Series(False, index=points.index)
    at = points.geometry.to_wkb().astype("object")
    key = pd.Series(
        [
            (kind, identity) if with_id else (kind, name, place)
            for kind, identity, with_id, name, place in zip(
                points["kind"], points["facility_id"], known, points["name"], at, strict=True
            )
        ],
        index=points.index,
        dtype="object",
    )
    if has_ids:
        # Without its id a row of a list with ids may be another one at the same place.
        key = key[known]
    again = key.duplicated()
    first = dict(zip(key[~again], key.index[~again], strict=True))
    return pd.Series(
        {number: f"dubbel met rij {first[one]}" for number, one in key[again].items()},
        dtype="str",
    )
