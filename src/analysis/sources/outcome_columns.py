"""Columns of outcomes, found by what they mean: topic path, title and unit, never by a number.

A file saved from the service has keys only (Eenzaam_28); a key without its number serves for a
title there.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.sources.codebook import UNKNOWN_UNIT, Concept, plain
from analysis.sources.errors import InputError

_ALIKE = 0.8


@dataclass(frozen=True)
class Column:
    """A column with figures: its name in the table, and the paths under which it is known.

    Attributes
    ----------
    key : str
    paths : tuple of tuple of str
        Topic groups and title, reduced to letters; also with the key's stem for a title.
    unit : str
    """

    key: str
    paths: tuple[tuple[str, ...], ...]
    unit: str

    def means(self, concept: Concept) -> bool:
        """Whether this column has the name and the unit of a concept."""
        return self.is_called(concept) and self.unit in (UNKNOWN_UNIT, plain(concept.unit))

    def is_called(self, concept: Concept) -> bool:
        """Whether a path ends in a title of the concept, below its groups in their order."""
        for *groups, title in concept.spelling:
            for *above, last in self.paths:
                higher = iter(above)
                if last == title and all(group in higher for group in groups):
                    return True
        return False

    def is_like(self, concept: Concept) -> bool:
        """Whether a path is nearly one of the concept: then CBS may have renamed it."""
        for spelled in map("".join, concept.spelling):
            for path in map("".join, self.paths):
                same = path.startswith(spelled) or spelled.startswith(path)
                if same or difflib.SequenceMatcher(None, path, spelled).ratio() >= _ALIKE:
                    return True
        return False


def place(
    name: str, columns: Iterable[Column], concepts: Mapping[str, Concept], year: int
) -> dict[str, str]:
    """Find the column of every concept; what has a column is there, whatever the year.

    Parameters
    ----------
    name : str
        What sentences call the table.
    columns : iterable of Column
    concepts : mapping of str to Concept
    year : int

    Returns
    -------
    dict of str to str
        Concept -> column.

    Raises
    ------
    InputError
        When two columns are one concept, a required one has none, none is there at all, or one
        has none while a column that is no other concept has nearly its name.
    """
    columns = list(columns)
    found: dict[str, str] = {}
    absent: list[Concept] = []
    for concept in concepts.values():
        keys = [column.key for column in columns if column.means(concept)]
        if len(keys) > 1:
            raise InputError(
                f"In {name} zijn de kolommen {' en '.join(keys)} allebei {concept.label_nl}; "
                "laat er één staan."
            )
        if keys:
            found[concept.concept] = keys[0]
        elif concept.exists_in(year):
            absent.append(concept)
    strange = [c for c in columns if not any(c.means(one) for one in concepts.values())]
    for concept in absent:
        for column in strange:
            if column.is_called(concept) or column.is_like(concept):
                raise InputError(
                    f"{name} heeft geen bekende kolom voor {concept.label_nl} "
                    f"({concept.concept}), maar wel de onbekende kolom {column.key}; voeg zijn "
                    "naam toe aan 'spelling' in data/outcomes.csv als het dezelfde is, en geef hem "
                    "daar anders een eigen regel."
                )
    missing = [one for one in absent if one.required]
    if missing or not found:
        wanted = missing[0].label_nl if missing else "een van de bekende uitkomsten"
        raise InputError(
            f"{name} heeft geen kolom voor {wanted} van {year}; download het bestand opnieuw, "
            "met dat onderwerp erbij, als CSV van StatLine."
        )
    return found
