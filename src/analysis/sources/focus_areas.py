"""The 20 focus areas of the national programme on livability and safety (2022), by name."""

import csv
from pathlib import Path

import pandas as pd

from analysis.sources.errors import InputError

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
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            header, rows = tuple(reader.fieldnames or ()), list(reader)
    except OSError as error:
        raise InputError(
            f"De lijst met focusgebieden {path.name} is niet te lezen ({error.strerror}); zet hem "
            "terug in de map data."
        ) from error
    if header != COLUMNS:
        raise InputError(f"{path.name} moet de kolommen {', '.join(COLUMNS)} hebben.")
    for row in rows:
        name = row["focus_area"]
        if None in row or None in row.values():
            raise InputError(f"{path.name}: de regel van {name} heeft niet {len(COLUMNS)} velden.")
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
