"""Who lives in each tenure: shares with a range, as a table that a gemeente can replace.

Never made from buurten: that those with much social rent have many low incomes does not tell who
lives in which dwelling (the ecological fallacy).
"""

from pathlib import Path

import pandas as pd

from analysis.sources import snapshot
from analysis.sources.errors import InputError
from analysis.sources.sheets import read_sheet

NAME = "woonprofielen"
TENURES = ("social", "other_rent", "owner")
SIZE = "household_size"
STATUSES = ("landelijk", "eigen cijfer", "aanname")
_COLUMNS = {
    "tenure": {"tenure", "eigendom", "huurvorm"},
    "group": {"group", "groep"},
    "low": {"low", "laag"},
    "central": {"central", "midden"},
    "high": {"high", "hoog"},
    "source": {"source", "bron"},
    "year": {"year", "jaar"},
    "status": {"status"},
}
_NAMED = {
    "sociale huur": "social", "corporatie": "social", "overige huur": "other_rent",
    "middenhuur": "other_rent", "particuliere huur": "other_rent", "koop": "owner",
}  # fmt: skip


def is_header(cells: list[str]) -> bool:
    """Tell whether a row of cells is the header of such a table."""
    plain = {str(cell).strip().casefold() for cell in cells}
    return all(plain & _COLUMNS[name] for name in ("tenure", "group", "low", "high"))


def read_profiles(file: Path) -> pd.DataFrame:
    """Read who lives in each tenure from a csv or xlsx.

    Returns
    -------
    DataFrame
        tenure (of `TENURES`), group (key, or 'household_size' in persons per dwelling), low,
        central, high, source, year, status; each tenure and group once. Shares are 0 to 1.

    Raises
    ------
    InputError
        When the file is missing, lacks a column, or a row has an unknown tenure, a number that is
        none or out of its range, low, middle and high out of order, or stands there twice.
    """
    if not file.is_file():
        raise InputError(
            f"Het bestand met woonprofielen {file} bestaat niet; geef een csv of xlsx."
        )
    sheet = read_sheet(file, is_header)
    named = {str(column).strip().casefold(): column for column in sheet.rows.columns}
    table = pd.DataFrame(index=sheet.rows.index)
    for name, spelled in _COLUMNS.items():
        column = next((named[one] for one in named if one in spelled), None)
        if column is None and name == "central":
            raise InputError(
                f"{file.name} mist de kolom 'midden'; nodig zijn laag, midden en hoog."
            )
        table[name] = "" if column is None else sheet.rows[column].fillna("").astype("str")
    table = table.apply(lambda column: column.str.strip())
    table["tenure"] = table["tenure"].str.casefold().map(lambda one: _NAMED.get(one, one))
    for number, row in enumerate(table.itertuples(), start=1):
        if row.tenure not in TENURES:
            raise InputError(
                f"{file.name}, gegevensregel {number}: eigendom '{row.tenure}' is onbekend; kies "
                "uit sociale huur, overige huur en koop."
            )
    for name in ("low", "central", "high"):
        table[name] = [_number(file, at, text) for at, text in enumerate(table[name], start=1)]
    _check(file, table)
    return table.reset_index(drop=True)


def store(raw: Path, file: Path) -> snapshot.Snapshot:
    """Keep a table of profiles as a snapshot, once it can be read as one."""
    return snapshot.write_file(raw, NAME, file, len(read_profiles(file)), {})


def read(raw: Path, project: Path) -> pd.DataFrame:
    """Return the profiles of the project, with those that were brought last in their place."""
    own = max(snapshot.releases(raw, NAME), key=lambda s: s.fetched_at, default=None)
    known = read_profiles(project)
    if own is None:
        return known
    brought = read_profiles(own.path(next(iter(own.files))))
    both = pd.concat([brought, known])
    return both.drop_duplicates(["tenure", "group"]).reset_index(drop=True)


def _number(file: Path, at: int, text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise InputError(
            f"{file.name}, gegevensregel {at}: '{text}' is geen getal; schrijf het als 0,25."
        ) from error


def _check(file: Path, table: pd.DataFrame) -> None:
    size = table["group"].eq(SIZE)
    most = size.map({True: 20.0, False: 1.0})
    wrong = table["low"].lt(0) | table["high"].gt(most) | table["low"].gt(table["central"])
    wrong |= table["central"].gt(table["high"]) | (size & table["low"].le(0))
    if wrong.any():
        at = int(wrong.to_numpy().argmax()) + 1
        raise InputError(
            f"{file.name}, gegevensregel {at}: laag, midden en hoog moeten oplopen, aandelen "
            "tussen 0 en 1 en personen per woning boven 0."
        )
    if (twice := table.duplicated(["tenure", "group"])).any():
        row = table[twice].iloc[0]
        raise InputError(f"{file.name} noemt {row['group']} bij {row['tenure']} meer dan één keer.")
