"""What each outcome is made of: a figure may not be explained by its own ingredients.

Loneliness per buurt is estimated from origin and income, and the Leefbaarometer counts who lives
somewhere and which shops are near. A relation between such a figure and its ingredient was put in
by its makers; finding it again says nothing about people.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from analysis.sources.codebook import Concept, plain
from analysis.sources.errors import InputError
from analysis.sources.project_table import read_rows

STATUSES = ("model estimate", "register", "composite")
_COLUMNS = ("concept", "theme", "source", "kind", "unit", "spelling", "required", "label_nl",
            "status", "ingredients", "from_year", "to_year", "warning_nl")  # fmt: skip
_INGREDIENT_COLUMNS = ("ingredient", "label_nl", "concepts")


@dataclass(frozen=True)
class Ingredient:
    """A characteristic that goes into outcomes: one row of the table of ingredients.

    Attributes
    ----------
    name, label_nl : str
    concepts : tuple of str
        The concepts of our codebooks that it covers; `*` stands for any letters.
    """

    name: str
    label_nl: str
    concepts: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """A figure that analysts want to explain: one row of the table of outcomes.

    Attributes
    ----------
    meaning : Concept
        Name, kind, unit, spellings, years and Dutch label, as in the codebook.
    theme, source : str
        The theme of the catalogue, and how a source line names the publisher's product.
    status : str
        'model estimate', 'register' or 'composite'.
    ingredients : tuple of Ingredient
        What its makers put into it; empty for what is only counted.
    warning_nl : str
        What must be said wherever it is compared.
    """

    meaning: Concept
    theme: str
    source: str
    status: str
    ingredients: tuple[Ingredient, ...]
    warning_nl: str

    @property
    def concept(self) -> str:
        """The name of the figure in our tables."""
        return self.meaning.concept


def read_outcomes(path: Path) -> dict[str, Outcome]:
    """Read the table of outcomes and, beside it, `ingredients.csv`.

    Raises
    ------
    InputError
        When a column is missing, a concept or ingredient stands there twice, a status or
        ingredient is unknown, or a year is no number.
    """
    known = _read_ingredients(path.with_name("ingredients.csv"))
    found: dict[str, Outcome] = {}
    for row in read_rows(path, _COLUMNS):
        name, made_of = row["concept"], _listed(row["ingredients"])
        if name in found:
            raise InputError(f"{path.name} noemt {name} meer dan één keer.")
        if row["status"] not in STATUSES:
            raise InputError(
                f"{path.name}: status '{row['status']}' van {name} is onbekend; kies uit "
                f"{', '.join(STATUSES)}."
            )
        if strange := [one for one in made_of if one not in known]:
            raise InputError(
                f"{path.name}: {name} bevat '{strange[0]}', dat niet in ingredients.csv staat."
            )
        years = row["from_year"], row["to_year"]
        if not all(year.isdecimal() for year in years if year):
            raise InputError(f"{path.name}: from_year en to_year van {name} moeten jaren zijn.")
        begin, end = (int(year) if year else None for year in years)
        meaning = Concept(
            concept=name,
            kind=row["kind"],
            unit=row["unit"],
            spelling=tuple(_path(one) for one in _listed(row["spelling"])),
            from_year=begin,
            to_year=end,
            required=row["required"] == "yes",
            rounding=None,
            denominator="",
            label_nl=row["label_nl"],
            theme_nl=row["source"],
            definition_nl="",
        )
        found[name] = Outcome(
            meaning=meaning,
            theme=row["theme"],
            source=row["source"],
            status=row["status"],
            ingredients=tuple(known[one] for one in made_of),
            warning_nl=row["warning_nl"],
        )
    return found


def of_theme(outcomes: Mapping[str, Outcome], theme: str) -> dict[str, Outcome]:
    """Return the outcomes of one theme of the catalogue."""
    return {name: outcome for name, outcome in outcomes.items() if outcome.theme == theme}


def meanings(outcomes: Mapping[str, Outcome]) -> dict[str, Concept]:
    """Return the outcomes as concepts, to find their columns as the codebook finds its own."""
    return {name: outcome.meaning for name, outcome in outcomes.items()}


def ingredients(
    outcomes: Mapping[str, Outcome], concept: str, known: Iterable[str]
) -> tuple[str, ...]:
    """Return the concepts that went into an outcome.

    Parameters
    ----------
    outcomes : mapping of str to Outcome
    concept : str
        The outcome.
    known : iterable of str
        The concepts of the codebooks at hand.

    Returns
    -------
    tuple of str
        Those of `known` that are ingredients, in the order of `known`; empty for what is counted.

    Raises
    ------
    InputError
        When the outcome is unknown.
    """
    if concept not in outcomes:
        raise InputError(f"'{concept}' is geen uitkomst; kies uit {', '.join(sorted(outcomes))}.")
    return tuple(one for one in known if _is_made_of(outcomes[concept], one))


def overlap(outcome: Outcome, explanations: Iterable[str | Outcome]) -> tuple[str, ...]:
    """Return which explanations of an outcome are among its own ingredients.

    Parameters
    ----------
    outcome : Outcome
    explanations : iterable of str or Outcome
        Concepts (`n_non_western`), their shares or groups (`share_non_western`, `non_western`),
        or other outcomes, which overlap when they are made of one and the same characteristic.

    Returns
    -------
    tuple of str
        The names that may not explain this outcome, in the order given; empty when all may.
    """
    found = []
    for one in explanations:
        if isinstance(one, str):
            if _is_made_of(outcome, one) or one == outcome.concept:
                found.append(one)
        elif _share_an_ingredient(outcome, one):
            found.append(one.concept)
    return tuple(found)


def made_of(outcomes: Mapping[str, Outcome], concept: str) -> frozenset[str]:
    """Return the names of the ingredients of an outcome, or that a figure is an instance of.

    Parameters
    ----------
    outcomes : mapping of str to Outcome
    concept : str
        An outcome, or a concept of the codebooks: `n_social_assistance` is 'work'.

    Returns
    -------
    frozenset of str
        Empty for what no table of ingredients knows.
    """
    own = outcomes[concept].ingredients if concept in outcomes else ()
    every = {part.name: part for outcome in outcomes.values() for part in outcome.ingredients}
    belongs = {name for name, part in every.items() if _covers(part, concept)}
    return frozenset({part.name for part in own} | belongs)


def _share_an_ingredient(outcome: Outcome, other: Outcome) -> bool:
    names = {part.name for part in outcome.ingredients}
    return (
        other.concept == outcome.concept
        or any(part.name in names for part in other.ingredients)
        or _is_made_of(outcome, other.concept)
        or _is_made_of(other, outcome.concept)
    )


def _is_made_of(outcome: Outcome, concept: str) -> bool:
    return any(_covers(part, concept) for part in outcome.ingredients)


def _covers(part: Ingredient, concept: str) -> bool:
    return any(
        fnmatchcase(concept, pattern) or fnmatchcase(_bare(concept), _bare(pattern))
        for pattern in part.concepts
    )


def _bare(name: str) -> str:
    """Return a name without its kind: a share and the count it comes from are one ingredient."""
    return re.sub(r"^(?:n|share)_", "", name)


def _read_ingredients(path: Path) -> dict[str, Ingredient]:
    found: dict[str, Ingredient] = {}
    for row in read_rows(path, _INGREDIENT_COLUMNS):
        name = row["ingredient"]
        if name in found:
            raise InputError(f"{path.name} noemt {name} meer dan één keer.")
        found[name] = Ingredient(name, row["label_nl"], _listed(row["concepts"]))
    return found


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(" | ") if part)


def _path(spelling: str) -> tuple[str, ...]:
    return tuple(plain(part) for title in spelling.split(" > ") for part in title.split("/"))
