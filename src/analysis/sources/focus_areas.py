"""The 20 focus areas of the national programme on livability and safety (2022), by name."""

from pathlib import Path

import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.project_table import read_rows

COLUMNS = ("focus_area", "gemeente", "gm_code", "inhabitants", "year", "source")


def read_focus_areas(path: Path) -> pd.DataFrame:
    """Read the list of focus areas.

    Parameters
    ----------
    path : Path

    Returns
    -------
    DataFrame
        focus_area, gemeente, gm_code, inhabitants and year (int), source; one row per area.

    Raises
    ------
    InputError
        When the file or a column is missing, a code or number is none, or an area stands twice.
    """
    rows = read_rows(path, COLUMNS)
    for row in rows:
        name = row["focus_area"]
        if not (row["inhabitants"].isdecimal() and row["year"].isdecimal()):
            raise InputError(f"{path.name}: inhabitants en year van {name} moeten getallen zijn.")
        code = row["gm_code"]
        if not (len(code) == 6 and code.startswith("GM") and code[2:].isdecimal()):
            raise InputError(f"{path.name}: '{code}' van {name} is geen gemeentecode (GM0363).")
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    found[["inhabitants", "year"]] = found[["inhabitants", "year"]].astype(int)
    twice = found[found.duplicated(["gm_code", "focus_area"])]
    if len(twice):
        raise InputError(f"{path.name} heeft {twice['focus_area'].iloc[0]} twee keer.")
    return found
