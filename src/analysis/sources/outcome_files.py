"""Files with outcomes: recognised by what is in them, stored as they are, read from the snapshot.

The same reading serves an answer of the service, kept by `outcome_pull`.
"""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pandas as pd

from analysis.sources import crime, health, livability, snapshot, socioeconomic
from analysis.sources.contents import is_brought
from analysis.sources.outcome_form import Form, form_of_answer, form_of_sheet, years_of
from analysis.sources.outcome_release import OutcomeRelease
from analysis.sources.outcomes import Outcome
from analysis.sources.sheets import Sheet, read_sheet

# In the order in which a header is tried: the widest table last.
SOURCES: dict[str, ModuleType] = {
    module.THEME: module for module in (livability, crime, socioeconomic, health)
}


def theme_of_header(cells: list[str]) -> str:
    """Return the theme of outcomes that a header belongs to, or ''."""
    names = [cell.strip() for cell in cells]
    if sum(map(bool, names)) < 2:  # a line that was cut by another sign than its own
        return ""
    return next((theme for theme, module in SOURCES.items() if module.is_header(names)), "")


def theme_of(path: Path) -> str:
    """Return the theme of outcomes that a file holds.

    Raises
    ------
    InputError
        When it holds none, or is damaged.
    """
    return theme_of_header(list(_sheet(path).rows))


def read_file(
    path: Path, outcomes: Mapping[str, Outcome], year: int | None = None
) -> OutcomeRelease:
    """Read a file that a person downloaded.

    Parameters
    ----------
    path : Path
        An xlsx or csv file; one gemeente's rows are enough.
    outcomes : mapping of str to Outcome
    year : int, optional
        Which year, when the file has several.

    Raises
    ------
    InputError
        When it is of another kind, damaged, or lacks what is asked.
    """
    sheet = _sheet(path)
    theme = theme_of_header(list(sheet.rows))
    return SOURCES[theme].read_form(_form(sheet, theme, outcomes), year, outcomes)


def store(
    raw: Path, path: Path, outcomes: Mapping[str, Outcome], year: int | None = None
) -> tuple[snapshot.Snapshot, ...]:
    """Store a file after trying whether it can be read: one snapshot per year that it has.

    Parameters
    ----------
    raw : Path
        Folder of the snapshots.
    path : Path
    outcomes : mapping of str to Outcome
    year : int, optional
        Store this year only; needed when the file does not say its year.

    Returns
    -------
    tuple of Snapshot
        Named theme and year (`gezondheid_2020`), oldest first.

    Raises
    ------
    InputError
        As `read_file`; nothing is stored then.
    """
    sheet = _sheet(path)
    theme = theme_of_header(list(sheet.rows))
    form = _form(sheet, theme, outcomes)
    years = (year,) if year is not None else years_of(form) or (None,)
    read = [SOURCES[theme].read_form(form, one, outcomes) for one in years]
    kept = []
    for release in read:
        notes = {"kind": "uitkomsten", "theme": theme, "year": str(release.year)}
        name = snapshot_name(theme, release.year)
        kept.append(snapshot.write_file(raw, name, path, len(release.table), notes))
    return tuple(kept)


def read_stored(
    stored: snapshot.Snapshot, theme: str, year: int, outcomes: Mapping[str, Outcome]
) -> OutcomeRelease:
    """Read a snapshot of outcomes, of a file or of an answer of the service.

    Raises
    ------
    InputError
        When it was changed on disk, or cannot be read.
    """
    if is_brought(stored):
        file = next(iter(stored.files))
        form = _form(_sheet(stored.path(file)), theme, outcomes)
    else:
        form = form_of_answer(
            f"tabel {stored.name}",
            stored.json("DataProperties.json"),
            stored.json("WijkenEnBuurten.json"),
            pd.read_parquet(stored.path("TypedDataSet.parquet")),
            SOURCES[theme].MEMBERS,
        )
    return SOURCES[theme].read_form(form, year, outcomes)


def snapshot_name(theme: str, year: int) -> str:
    """Return the name under which the outcomes of a theme and year are kept."""
    return f"{theme}_{year}"


def stored_years(raw: Path, theme: str) -> tuple[int, ...]:
    """Return the years of a theme of which there is a snapshot."""
    found = []
    for folder in raw.glob(f"{theme}_[12][0-9][0-9][0-9]"):
        if snapshot.newest(raw, folder.name):
            found.append(int(folder.name.rsplit("_", 1)[1]))
    return tuple(sorted(found))


def _sheet(path: Path) -> Sheet:
    return read_sheet(path, lambda cells: bool(theme_of_header(cells)))


def _form(sheet: Sheet, theme: str, outcomes: Mapping[str, Outcome]) -> Form:
    module = SOURCES[theme]
    wide = module.form_of_wide(sheet, outcomes) if module in (crime, livability) else None
    return wide or form_of_sheet(sheet, module.MEMBERS)
