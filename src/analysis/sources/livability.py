"""Leefbaarometer 2.0 of BZK: livability of wijken in nine classes, 2002-2016.

Facts of the layout: `code` (WK000300), a column per measurement, `KL02` to `KL16`, with a class
from 1 (zeer onvoldoende) to 9 (uitstekend), and columns `VKL0216` with the class of change between
two measurements (1 to 7, 4 is no change), which are not read. An empty cell is no class: too few
people or dwellings.

Composite of characteristics of residents, dwellings, provisions, safety and surroundings: see
data/outcomes.csv. Version 3.0 has other columns and other scores, and is refused.
"""

import re
from collections.abc import Mapping

import pandas as pd

from analysis.sources.codebook import plain
from analysis.sources.errors import InputError
from analysis.sources.outcome_form import Form, form_of_years, of_year
from analysis.sources.outcome_release import OutcomeRelease, release_of
from analysis.sources.outcomes import Outcome, of_theme
from analysis.sources.sheets import Sheet

THEME = "leefbaarometer"
MEMBERS: dict[str, tuple[str, ...]] = {}
CLASS = "livability_class"
CLASSES = (
    "zeer onvoldoende",
    "ruim onvoldoende",
    "onvoldoende",
    "zwak",
    "voldoende",
    "ruim voldoende",
    "goed",
    "zeer goed",
    "uitstekend",
)
_CLASS_COLUMN = re.compile(r"kl(?:20)?(\d\d)")
_CHANGE_COLUMN = re.compile(r"vkl\d{4}(?:\d{4})?")


def is_header(cells: list[str]) -> bool:
    """Whether a line is the header of a table of the Leefbaarometer."""
    names = [plain(cell) for cell in cells]
    classes = [name for name in names if _CLASS_COLUMN.fullmatch(name)]
    changes = [name for name in names if _CHANGE_COLUMN.fullmatch(name)]
    return len(classes) + len(changes) > 0 or _is_third(names)


def form_of_wide(sheet: Sheet, outcomes: Mapping[str, Outcome]) -> Form | None:
    """Return a file with a column per measurement as a form.

    Raises
    ------
    InputError
        When it is of version 3.0, has no classes, or two columns for one measurement.
    """
    if _is_third([plain(name) for name in sheet.rows]):
        raise InputError(
            f"{sheet.file} is van Leefbaarometer 3.0, die hier niet wordt gelezen; geef de klassen "
            "van 2.0 (kolommen KL02 tot en met KL16)."
        )
    columns: dict[int, str] = {}
    for name in sheet.rows:
        if told := _CLASS_COLUMN.fullmatch(plain(name)):
            year = 2000 + int(told[1])
            if year in columns:
                raise InputError(
                    f"{sheet.file} heeft {columns[year]} en {name}, die allebei de klasse van "
                    f"{year} zijn; laat er één staan."
                )
            columns[year] = name
    if not columns:
        raise InputError(
            f"{sheet.file} heeft geen kolom met klassen (KL02, KL16); alleen klassen van "
            "verandering zijn niet genoeg."
        )
    return form_of_years(sheet, outcomes[CLASS].meaning, dict(sorted(columns.items())))


def read_form(form: Form, year: int | None, outcomes: Mapping[str, Outcome]) -> OutcomeRelease:
    """Return the classes of one year; arguments and errors as in `socioeconomic.read_form`."""
    form, year = of_year(form, year)
    release = release_of(form, THEME, year, of_theme(outcomes, THEME))
    classes: pd.Series = release.table[CLASS]
    wrong = classes[classes.notna() & ~classes.isin(range(1, len(CLASSES) + 1))]
    if len(wrong):
        raise InputError(
            f"{form.name}: de klasse van {wrong.index[0]} in {year} is {wrong.iloc[0]:g} en geen "
            "heel getal van 1 tot en met 9; download het bestand opnieuw."
        )
    return release


def _is_third(names: list[str]) -> bool:
    return "versie" in names and any(name.startswith(("lbm", "rlbrmtr")) for name in names)
