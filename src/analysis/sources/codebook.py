"""Concepts and where they stand in a table: found by meaning, never by a column's number.

A column of StatLine is identified by its topic groups, title and unit in the table's own
DataProperties. Its key ends in a number that moves between years and between releases of one
table, and says nothing.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from analysis.sources.errors import InputError
from analysis.sources.project_table import read_rows
from analysis.sources.thresholds import FILE, Threshold, read_thresholds

KINDS = ("text", "count", "share", "mean", "keur", "density", "distance", "area", "class")
# More levels of topic groups than any table has.
_DEEPEST = 20
# Above this likeness an unplaced column is taken for a concept under a new name.
_ALIKE = 0.8
# The unit of a column of a file that does not give units.
UNKNOWN_UNIT = "?"
# Columns that a codebook may leave out.
_OPTIONAL = ("download_name", "break_year")
_NUMBERS = ("from_year", "to_year", "rounding", "break_year")


@dataclass(frozen=True)
class Concept:
    """One row of the codebook: a quantity, its name here, and how CBS has spelled it.

    Attributes
    ----------
    concept, kind, unit : str
        Our name; kind of number; the unit as CBS gives it.
    spelling : tuple of tuple of str
        Each spelling is a path: the groups that must stand above the title, and the title.
    from_year, to_year : int or None
        Years in which the concept exists; None is open.
    required : bool
        Whether a table without it is useless.
    rounding : int or None
        The multiple to which wijk and buurt counts are rounded.
    denominator : str
        The concept that a share is a share of, or "".
    label_nl, theme_nl, definition_nl : str
        What the audience reads.
    download_name : tuple of str
        The short names under which CBS's own spreadsheets have it.
    break_year : int or None
        From this year on the figures are measured otherwise than before.
    thresholds : tuple of Threshold
        From which size of a region on it is published, by year.
    """

    concept: str
    kind: str
    unit: str
    spelling: tuple[tuple[str, ...], ...]
    from_year: int | None
    to_year: int | None
    required: bool
    rounding: int | None
    denominator: str
    label_nl: str
    theme_nl: str
    definition_nl: str
    download_name: tuple[str, ...] = ()
    break_year: int | None = None
    thresholds: tuple[Threshold, ...] = ()

    def exists_in(self, year: int) -> bool:
        """Whether CBS publishes this concept for a year."""
        return (self.from_year or year) <= year <= (self.to_year or year)


def read_codebook(path: Path) -> dict[str, Concept]:
    """Read the codebook, by concept, in the file's order, with the thresholds beside it.

    Raises
    ------
    InputError
        When a field is missing, a kind or denominator unknown, a year no number, or a concept or
        spelling stands there twice.
    """
    names = [field.name for field in fields(Concept) if field.name != "thresholds"]
    limits = read_thresholds(path.with_name(FILE))
    rows = read_rows(path, names, _OPTIONAL)
    found: dict[str, Concept] = {}
    spelled: dict[tuple, str] = {}
    for row in rows:
        name = row["concept"]
        numbers = {key: row[key] for key in _NUMBERS}
        wrong = [key for key, number in numbers.items() if number and not number.isdecimal()]
        if wrong:
            raise InputError(
                f"{path.name}: {', '.join(wrong)} van {name} moet een getal zijn of leeg."
            )
        if row["kind"] not in KINDS:
            raise InputError(f"{path.name}: onbekend soort '{row['kind']}' bij {name}.")
        if name in found:
            raise InputError(f"{path.name} noemt het begrip {name} meer dan één keer.")
        spelling = tuple(_path(one.split(" > ")) for one in row["spelling"].split(" | "))
        called = tuple(filter(None, row["download_name"].split(" | ")))
        for one in spelling:
            if not all(one):
                raise InputError(f"{path.name}: de spelling van {name} heeft een leeg deel.")
            told = (one, _plain_unit(row["unit"]))
            if told in spelled:
                raise InputError(
                    f"{path.name}: {name} en {spelled[told]} hebben dezelfde spelling."
                )
            spelled[told] = name
        found[name] = Concept(
            **{**row, "spelling": spelling, "required": row["required"] == "yes"}
            | {"download_name": called}
            | {key: int(number) if number else None for key, number in numbers.items()}
            | {"thresholds": tuple(one for one in limits if one.is_about(name))}
        )
    for concept in found.values():
        if concept.denominator and concept.denominator not in found:
            raise InputError(
                f"{path.name}: {concept.denominator}, de noemer van {concept.concept}, staat er "
                "niet in."
            )
    return found


def match_columns(
    codebook: dict[str, Concept], properties: Iterable[dict], year: int, table: str
) -> dict[str, str]:
    """Find the column of every concept in a table.

    Parameters
    ----------
    codebook : dict of str to Concept
    properties : iterable of dict
        The table's own DataProperties: ID, ParentID, Type, Key, Title, Unit.
    year : int
        The year of the table: a concept is sought in the years in which it exists.
    table : str
        The table's name, for sentences.

    Returns
    -------
    dict of str to str
        Concept -> key of the column. A concept without a column is not in it.

    Raises
    ------
    InputError
        When two columns match one concept, when a required concept has none, or when a concept
        has none and a column that no concept claims looks much like it, or has its title with
        another unit: CBS has then renamed it.
    """
    columns = _columns(properties)
    claimed = _claimed(codebook, columns)
    found: dict[str, str] = {}
    absent: list[Concept] = []
    for name, concept in codebook.items():
        if not concept.exists_in(year):
            continue
        keys = claimed[name]
        if len(keys) > 1:
            raise InputError(
                f"In tabel {table} ({year}) passen de kolommen {' en '.join(keys)} allebei bij het "
                f"begrip {concept.concept}; maak de spelling in data/codebook.csv preciezer."
            )
        if keys:
            found[concept.concept] = keys[0]
        else:
            absent.append(concept)
    # Columns of concepts that exist in other years only are known, not new.
    known = {key for keys in claimed.values() for key in keys}
    unplaced = {key: told for key, told in columns.items() if key not in known}
    _refuse_renamed(absent, unplaced, year, table)
    for concept in absent:
        if concept.required:
            raise InputError(
                f"Tabel {table} ({year}) heeft geen kolom voor {concept.label_nl} "
                f"({concept.concept}); zonder die kolom is de tabel niet te gebruiken."
            )
    return found


def columns_of(concept: Concept, properties: Iterable[dict]) -> list[str]:
    """Return the keys of the columns that a concept is, whatever the year."""
    return columns_of_all({"": concept}, properties)[""]


def columns_of_all(
    codebook: Mapping[str, Concept], properties: Iterable[dict]
) -> dict[str, list[str]]:
    """Return the keys of the columns that each concept is, whatever the year."""
    return _claimed(codebook, _columns(properties))


def _claimed(
    codebook: Mapping[str, Concept], columns: dict[str, tuple[tuple[str, ...], str]]
) -> dict[str, list[str]]:
    by_title: dict[str, dict[str, Concept]] = {}
    for name, concept in codebook.items():
        for spelling in concept.spelling:
            by_title.setdefault(spelling[-1], {})[name] = concept
    claimed: dict[str, list[str]] = {name: [] for name in codebook}
    for key, (path, unit) in columns.items():
        for name, concept in by_title.get(path[-1], {}).items():
            if _means(concept, path, unit):
                claimed[name].append(key)
    return claimed


def _means(concept: Concept, path: tuple[str, ...], unit: str) -> bool:
    """Whether a column's path ends in the title and holds the groups, in order, of a spelling."""
    return _plain_unit(concept.unit) == _plain_unit(unit) and _is_called(concept, path)


def _is_called(concept: Concept, path: tuple[str, ...]) -> bool:
    for *groups, title in concept.spelling:
        above = iter(path[:-1])
        if title == path[-1] and all(group in above for group in groups):
            return True
    return False


def _refuse_renamed(absent, unplaced, year, table) -> None:
    for concept in absent:
        for key, (path, unit) in unplaced.items():
            if unit == UNKNOWN_UNIT or _plain_unit(unit) == _plain_unit(concept.unit):
                suspect = max(_likeness(path[-1], one[-1]) for one in concept.spelling) >= _ALIKE
            else:
                suspect = _is_called(concept, path)
            if suspect:
                raise InputError(
                    f"Tabel {table} ({year}) heeft geen kolom met de bekende naam en eenheid voor "
                    f"{concept.label_nl} ({concept.concept}), maar wel de onbekende kolom {key} "
                    f"({unit.strip(UNKNOWN_UNIT) or 'zonder eenheid'}); voeg zijn naam toe aan "
                    "'spelling' in data/codebook.csv als het dezelfde is, en geef hem daar anders "
                    "een eigen regel."
                )


def _likeness(title: str, other: str) -> float:
    return difflib.SequenceMatcher(None, title, other).ratio()


def _columns(properties: Iterable[dict]) -> dict[str, tuple[tuple[str, ...], str]]:
    """Return key -> (path of groups and title, unit) of every column."""
    records = list(properties)
    by_id = {record.get("ID"): record for record in records}
    columns = {}
    for record in records:
        # CBS names its kinds of column Topic, GeoDetail, Dimension...; only topics hold figures.
        if record.get("Type") != "Topic" or not record.get("Key"):
            continue
        path, above = [record.get("Title", "")], record.get("ParentID")
        # A group that stands above itself would never end.
        while above is not None and above in by_id and len(path) < _DEEPEST:
            path.insert(0, by_id[above].get("Title", ""))
            above = by_id[above].get("ParentID")
        columns[record["Key"]] = (_path(path), str(record.get("Unit") or ""))
    return columns


def _path(titles: Iterable[str]) -> tuple[str, ...]:
    """Reduce groups and title; an export parts them by '/', which titles hold too (Havo/vwo)."""
    return tuple(plain(piece) for title in titles for piece in str(title).split("/"))


@cache
def plain(text: str) -> str:
    """Return a title reduced to letters and digits: CBS varies spaces, hyphens and capitals."""
    letters = unicodedata.normalize("NFKD", str(text)).casefold()
    return re.sub(r"[^a-z0-9%]", "", letters)


@cache
def _plain_unit(unit: str) -> str:
    """Reduce a unit: 'x 1 000 euro' and '1 000 euro' are one."""
    return re.sub(r"^x(?=\d)", "", plain(unit))
