"""The rules by which wijken are typed: ingredient, concept, threshold and the names of both sides.

A gemeente that wants other thresholds edits the table; no code changes.
"""

from dataclasses import dataclass
from pathlib import Path

from analysis.sources.errors import InputError
from analysis.sources.project_table import read_rows

COLUMNS = ("ingredient", "label", "concepts", "threshold", "above", "below", "step", "why")
OF_GEMEENTE = "gemeente"


@dataclass(frozen=True)
class Rule:
    """One row of the table; of several rules of one ingredient the first with figures is used.

    Attributes
    ----------
    ingredient, label : str
        Key, and Dutch name.
    concepts : tuple of str
        Concepts of the region table; of more than one the mean is taken.
    threshold : float or None
        A fixed value; None is that of the gemeente itself.
    above, below : str
        Dutch name of either side; neutral.
    step : float
        The multiple to which the published figure was rounded; 0 where it was not.
    why : str
        Dutch: what is compared with what.
    """

    ingredient: str
    label: str
    concepts: tuple[str, ...]
    threshold: float | None
    above: str
    below: str
    step: float
    why: str


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Read the table of rules.

    Raises
    ------
    InputError
        When the file or a column is missing, a threshold or step is no number, a name is empty or
        both sides are called alike.
    """
    return tuple(_rule(path.name, row) for row in read_rows(path, COLUMNS))


def _rule(name: str, row: dict[str, str]) -> Rule:
    about = f"{name}: de regel van {row['ingredient']}"
    if None in row or not all(row.values()):
        raise InputError(f"{about} moet {len(COLUMNS)} gevulde velden hebben.")
    if row["above"] == row["below"]:
        raise InputError(f"{about} noemt beide kanten '{row['above']}'; geef ze elk een naam.")
    fixed = row["threshold"] != OF_GEMEENTE
    try:
        threshold = float(row["threshold"]) if fixed else None
        step = float(row["step"])
    except ValueError as error:
        raise InputError(
            f"{about}: threshold moet een getal of '{OF_GEMEENTE}' zijn, en step een getal."
        ) from error
    return Rule(
        ingredient=row["ingredient"],
        label=row["label"],
        concepts=tuple(part.strip() for part in row["concepts"].split("+")),
        threshold=threshold,
        above=row["above"],
        below=row["below"],
        step=step,
        why=row["why"],
    )
