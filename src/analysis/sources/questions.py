"""Questions that people sent in before a meeting: a list with who asks, and what."""

from pathlib import Path

import pandas as pd

from analysis.sources import snapshot
from analysis.sources.errors import InputError
from analysis.sources.sheets import read_sheet

NAME = "vragen"
GROUPS = ("wijkprofessional", "bewoner", "gemeente", "corporatie")
_WHO, _WHAT = {"groep", "group", "wie"}, {"vraag", "question"}
_OTHERS = {
    "professional": "wijkprofessional", "wijkprofessionals": "wijkprofessional",
    "professionals": "wijkprofessional", "bewoners": "bewoner", "inwoner": "bewoner",
    "inwoners": "bewoner", "gemeenten": "gemeente", "corporaties": "corporatie",
    "woningcorporatie": "corporatie", "woningcorporaties": "corporatie",
}  # fmt: skip


def is_header(cells: list[str]) -> bool:
    """Tell whether a row of cells is the header of such a list."""
    plain = {str(cell).strip().casefold() for cell in cells}
    return bool(plain & _WHO) and bool(plain & _WHAT)


def read_questions(file: Path) -> pd.DataFrame:
    """Read a csv or xlsx with a column groep and a column vraag.

    Returns
    -------
    DataFrame
        `group` (of `GROUPS`, or as it is written where it is another) and `question`, in the
        order of the file; rows without a question are left out.

    Raises
    ------
    InputError
        When the file is missing, lacks a column, or has no question at all.
    """
    if not file.is_file():
        raise InputError(f"Het bestand met vragen {file} bestaat niet; geef een csv of xlsx.")
    sheet = read_sheet(file, is_header)
    named = {str(column).strip().casefold(): column for column in sheet.rows.columns}
    who = next(named[name] for name in named if name in _WHO)
    what = next(named[name] for name in named if name in _WHAT)
    group = sheet.rows[who].fillna("").astype("str").str.strip()
    question = sheet.rows[what].fillna("").astype("str").str.strip()
    found = pd.DataFrame({"group": group.map(_named), "question": question})
    found = found[found["question"].ne("")].reset_index(drop=True)
    if found.empty:
        raise InputError(
            f"{file} heeft geen enkele vraag; zet er per regel een groep en een vraag."
        )
    return found


def store(raw: Path, file: Path) -> snapshot.Snapshot:
    """Keep a list of questions as a snapshot, once it can be read as one."""
    return snapshot.write_file(raw, NAME, file, len(read_questions(file)), {})


def read(raw: Path) -> pd.DataFrame | None:
    """Return the questions that were brought last, or None; see `read_questions`."""
    stored = max(snapshot.releases(raw, NAME), key=lambda s: s.fetched_at, default=None)
    return None if stored is None else read_questions(stored.path(next(iter(stored.files))))


def _named(group: str) -> str:
    plain = group.casefold()
    return _OTHERS.get(plain, plain if plain in GROUPS else group or "zonder groep")
