"""Titles on whether facilities came nearer or went farther while the number of people changed."""

import pandas as pd

from analysis.figures.wording import in_format, percent

_MARK = "_change_since_"
# Less growth than this, as a part, is called staying the same.
_STEADY = 0.005


def pace(changed: pd.DataFrame, people: pd.DataFrame, labels: dict[str, str], area: str) -> str:
    """Return the title on the kind that is compared over most years.

    Parameters
    ----------
    changed : DataFrame
        Rows of `evidence.pace.changes_of_nearness`.
    people : DataFrame
        Rows of `evidence.pace.growth_of_people`.
    labels : dict of str to str
        Dutch name by concept, the most telling first.
    area : str
        Name of the gemeente.
    """
    known = changed[changed["status"].eq("ok")]
    if known.empty:
        return f"Of voorzieningen in {area} dichterbij kwamen, is niet te zeggen"
    since = known["measure"].str.rsplit(_MARK, n=1).str[-1].astype(int)
    order = known["group"].map(list(labels).index)
    # Most years first; of equals the kind that is named first.
    row = known.assign(_years=since - known["year"], _order=order)
    row = row.sort_values(["_years", "_order"], kind="stable").iloc[0]
    first, label = since[row.name], labels[row["group"]]
    grown = people[people["measure"].str.endswith(f"{_MARK}{first}") & people["status"].eq("ok")]
    return f"{_grown(grown, area, first, row['year'])} {_moved(row, label)}"


def _grown(grown: pd.DataFrame, area: str, first: int, last: int) -> str:
    if grown.empty:
        return f"Vergeleken met {first} ligt in {last}"
    value = grown["value"].iloc[0]
    if abs(value) < _STEADY:
        return f"{area} hield van {first} tot {last} ongeveer evenveel inwoners; er ligt"
    word = "groeide" if value > 0 else "kromp"
    return f"{area} {word} van {first} tot {last} met {percent(abs(value), 1)}; er ligt"


def _moved(row: pd.Series, label: str) -> str:
    if row["low"] <= 0 <= row["high"]:
        return f"een {label} volgens het CBS gemiddeld ongeveer even ver"
    size = in_format(abs(row["value"]), "km", 2)
    where = "verder weg" if row["value"] > 0 else "dichterbij"
    return f"een {label} volgens het CBS gemiddeld {size} km {where}"
