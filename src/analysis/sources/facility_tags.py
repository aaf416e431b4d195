"""Conditions on the tags of an object of OpenStreetMap, as a table writes them.

`leisure=garden+garden:type=community; leisure=park` are two alternatives, the first of two terms. A
term is `key=value|value`, `key=*` for whatever value, or `key~text|text` for a value that holds a
text. An object may have several values of one key, with `;` between them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

# A facility that is still drawn but no longer, or not yet, there.
_NOT_THERE = ("disused", "abandoned", "demolished", "removed", "razed", "proposed", "construction")
_TERM = re.compile(r"([\w:]+)(=|~)(.*\S)")


@dataclass(frozen=True)
class Term:
    """One condition on the tags of an object: a key, and the values that it may have.

    Attributes
    ----------
    key : str
    values : tuple of str
        Lower case; empty where every value will do.
    within : bool
        Whether a value need only hold one of the texts.
    """

    key: str
    values: tuple[str, ...]
    within: bool = False

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Whether the tags meet the condition; a tag may hold several values with ; between."""
        if self.key not in tags:
            return False
        given = tags[self.key].casefold()
        if self.within:
            return any(value in given for value in self.values)
        return not self.values or any(one.strip() in self.values for one in given.split(";"))


@dataclass(frozen=True)
class Rule:
    """By which terms a kind is known, and what rules an object out all the same.

    Attributes
    ----------
    kind : str
    terms : tuple of Term
        All must hold.
    never : tuple of tuple of Term
        Where all terms of one of these hold too, the object does not count.
    """

    kind: str
    terms: tuple[Term, ...]
    never: tuple[tuple[Term, ...], ...]


def rules_of(kinds: pd.DataFrame) -> list[Rule]:
    """Return the rules of a table of kinds, the most specific first.

    Most specific is what has the most terms that name values; among equals what stands first.

    Raises
    ------
    ValueError
        When a condition cannot be understood, or two kinds have the same one.
    """
    found: list[Rule] = []
    told: dict[tuple[Term, ...], str] = {}
    for kind, osm, osm_not in zip(kinds.index, kinds["osm"], kinds["osm_not"], strict=True):
        never = tuple(conditions(osm_not))
        for terms in conditions(osm):
            if terms in told:
                raise ValueError(f"{kind} en {told[terms]} hebben dezelfde tags")
            told[terms] = kind
            found.append(Rule(kind, terms, never))
    # Sorting keeps the order of the table among equals.
    return sorted(found, key=lambda rule: -sum(bool(term.values) for term in rule.terms))


def conditions(text: str) -> list[tuple[Term, ...]]:
    """Read alternatives, each of terms.

    Raises
    ------
    ValueError
        When one cannot be understood; the sentence is in Dutch.
    """
    return [
        tuple(_term(term.strip()) for term in one.split("+"))
        for one in text.split(";")
        if one.strip()
    ]


def by_tag(rules: list[Rule]) -> dict[tuple[str, str], list[tuple[int, Rule]]]:
    """Return the rules, each with its place in the list, by key and value of their first term.

    The value is "" where that term takes any value or looks for a text within it.
    """
    found: dict[tuple[str, str], list[tuple[int, Rule]]] = {}
    for place, rule in enumerate(rules):
        first = rule.terms[0]
        for value in ("",) if first.within else first.values or ("",):
            found.setdefault((first.key, value), []).append((place, rule))
    return found


def kind_of_object(
    tags: Mapping[str, object],
    rules: Mapping[tuple[str, str], list[tuple[int, Rule]]],
    although_ruled_out: bool = False,
) -> str | float:
    """Return the first kind of which a rule (as `by_tag` gives them) fits the tags, or NaN."""
    # What equals not itself is a missing value in a table; whatever else is no tag.
    given = {
        str(key): str(one).strip()
        for key, one in tags.items()
        if isinstance(one, str | int | float) and one == one and one != ""
    }
    if not although_ruled_out and any(given.get(key) == "yes" for key in _NOT_THERE):
        return np.nan
    possible = sorted(
        (
            one
            for key, value in given.items()
            for part in ("", *(value.casefold().split(";")))
            for one in rules.get((key, part.strip()), ())
        ),
        key=lambda one: one[0],
    )
    for _, rule in possible:
        if all(term.holds(given) for term in rule.terms) and (
            although_ruled_out
            or not any(all(term.holds(given) for term in one) for one in rule.never)
        ):
            return rule.kind
    return np.nan


def _term(text: str) -> Term:
    parts = _TERM.fullmatch(text)
    if not parts:
        raise ValueError(f"'{text}' is geen voorwaarde; schrijf sleutel=waarde of sleutel=*")
    key, sign, values = parts.groups()
    listed = () if values == "*" else tuple(one.strip().casefold() for one in values.split("|"))
    if not all(listed) and values != "*":
        raise ValueError(f"'{text}' heeft een lege waarde")
    return Term(key, listed, sign == "~")
