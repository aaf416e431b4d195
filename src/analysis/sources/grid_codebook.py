"""What the columns of CBS's grid mean: one row per concept, with every spelling known.

The grid itself was never seen from where this was built: a spelling with basis 'seen' was met in
public code that reads the file, one with basis 'memory' was not. The short spellings are of the
older files. Shares by origin of those (P_NL_ACHTG, P_AUTOCHT, ...) are left out on purpose: in some
years they hold the number of a class and in others a percentage, and nothing tells which.
"""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from analysis.sources.errors import InputError
from analysis.sources.project_table import read_rows

KINDS = ("count", "share", "mean", "keur")
# Above this likeness an unplaced column is taken for a concept under a new name.
_ALIKE = 0.85


@dataclass(frozen=True)
class GridConcept:
    """One row: our name, the kind of number, and how CBS has spelled its column.

    Attributes
    ----------
    concept, kind, label_nl, basis : str
        Our name; one of KINDS; what the audience reads; where the spelling is known from.
    required : bool
        Whether a grid without it is useless.
    spelling : tuple of str
        Reduced to letters and digits.
    """

    concept: str
    kind: str
    required: bool
    spelling: tuple[str, ...]
    label_nl: str
    basis: str


def read_grid_codebook(path: Path) -> dict[str, GridConcept]:
    """Read the grid's codebook, by concept, in the file's order.

    Raises
    ------
    InputError
        When a field is missing, a kind is unknown, or a concept or spelling stands there twice.
    """
    order = ["concept", "kind", "required", "spelling", "label_nl", "basis"]
    found: dict[str, GridConcept] = {}
    spelled: dict[str, str] = {}
    for row in read_rows(path, order):
        name = row["concept"]
        if row["kind"] not in KINDS:
            raise InputError(f"{path.name}: onbekend soort '{row['kind']}' bij {name}.")
        if name in found:
            raise InputError(f"{path.name} noemt het begrip {name} meer dan één keer.")
        spelling = tuple(plain(one) for one in row["spelling"].split(" | "))
        for one in spelling:
            if not one:
                raise InputError(f"{path.name}: {name} heeft een lege spelling.")
            if one in spelled:
                raise InputError(f"{path.name}: {name} en {spelled[one]} hebben dezelfde spelling.")
            spelled[one] = name
        found[name] = GridConcept(
            **{**row, "spelling": spelling, "required": row["required"] == "yes"}
        )
    return found


def place_columns(
    codebook: dict[str, GridConcept], columns: list[str], file: str
) -> dict[str, str]:
    """Find the column of every concept in a grid.

    Parameters
    ----------
    codebook : dict of str to GridConcept
    columns : list of str
        As the file has them.
    file : str
        The file's name, for sentences.

    Returns
    -------
    dict of str to str
        Concept -> column. A concept without a column is not in it.

    Raises
    ------
    InputError
        When two columns match a concept, a required concept has none, or one has none and an
        unknown column looks much like it: CBS has then renamed it.
    """
    found: dict[str, str] = {}
    for concept in codebook.values():
        matching = [column for column in columns if plain(column) in concept.spelling]
        if len(matching) > 1:
            raise InputError(
                f"In {file} passen de kolommen {' en '.join(matching)} allebei bij "
                f"{concept.label_nl} ({concept.concept}); haal er een weg."
            )
        if matching:
            found[concept.concept] = matching[0]
    unplaced = [column for column in columns if column not in found.values()]
    for concept in codebook.values():
        if concept.concept in found:
            continue
        renamed = [column for column in unplaced if _is_alike(plain(column), concept)]
        if renamed:
            raise InputError(
                f"{file} heeft geen kolom met de bekende naam van {concept.label_nl} "
                f"({concept.concept}), maar wel de onbekende kolom {renamed[0]}; voeg die naam toe "
                "aan 'spelling' in data/grid_codebook.csv als het dezelfde is, en geef hem daar "
                "anders een eigen regel."
            )
        if concept.required:
            raise InputError(
                f"{file} heeft geen kolom voor {concept.label_nl} ({concept.concept}); de kolommen "
                f"zijn {', '.join(columns[:8])}{' ...' if len(columns) > 8 else ''}."
            )
    return found


def _is_alike(column: str, concept: GridConcept) -> bool:
    """Whether a name differs a little from a known one, in its words and not in its numbers."""
    return any(
        re.findall(r"\d+", column) == re.findall(r"\d+", known)
        and difflib.SequenceMatcher(None, column, known).ratio() >= _ALIKE
        for known in concept.spelling
    )


def plain(name: str) -> str:
    """Reduce a column's name: PDOK writes aantalInwoners, CBS aantal_inwoners."""
    return re.sub(r"[^a-z0-9]", "", str(name).casefold())
