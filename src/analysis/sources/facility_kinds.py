"""Kinds of facility: what each is called, by which words and OpenStreetMap tags it is known.

Which domain a kind belongs to and which ties it makes are judgements of this project; they stand in
a table (`data/facility_kinds.csv`) so that another judgement is a change of the table.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.facility_tags import by_tag, conditions, kind_of_object, rules_of
from analysis.sources.project_table import read_rows

COLUMNS = ("kind", "label", "domain", "ties", "serves", "osm", "osm_not", "spellings",
           "source_note")  # fmt: skip
DOMAINS = ("meeting", "learning_culture", "sport_play", "care", "green", "shops_cafes")
TIES = ("strong", "fleeting", "both")
# Everybody, or an age group of Kerncijfers (the concept n_<group>).
SERVES = ("all", "age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
_LISTED = re.compile(r"\s*(?:[/,;&+]|\ben\b|\band\b)\s*", re.IGNORECASE)
_LONG_VOWEL = re.compile(r"(.*[^aeou])(aa|ee|oo|uu)([bdfgklmnprstvz])")
_SHORT_VOWEL = re.compile(r"(?:.*[^aeiou])?[aeiou][bdfgklmnprstvz]")


def read_kinds(path: Path) -> pd.DataFrame:
    """Read the table of kinds of facility.

    Parameters
    ----------
    path : Path
        A csv file with the columns of `COLUMNS`. `osm` holds the tags by which a kind is known
        and `osm_not` what rules an object out, both as `facility_tags` describes. `spellings` are
        words with ` | ` between them; the kind and its label are spellings too.

    Returns
    -------
    DataFrame of str
        Index kind, in the file's order.

    Raises
    ------
    InputError
        When a column is missing, a kind, word or set of tags stands there twice, or a domain, tie,
        age group or condition cannot be understood.
    """
    rows = read_rows(path, COLUMNS)
    kinds = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str").set_index("kind")
    if kinds.empty:
        raise InputError(f"{path.name} noemt geen enkele soort voorziening.")
    if kinds.index.has_duplicates:
        double = kinds.index[kinds.index.duplicated()][0]
        raise InputError(f"{path.name} noemt de soort {double} meer dan één keer.")
    for column, allowed in (("domain", DOMAINS), ("ties", TIES), ("serves", SERVES)):
        if (strange := ~kinds[column].isin(allowed)).any():
            raise InputError(
                f"{path.name}: {column} '{kinds[column][strange].iloc[0]}' van {strange.idxmax()} "
                f"is onbekend; kies uit {', '.join(allowed)}."
            )
    if (nameless := kinds["label"].str.strip().eq("")).any():
        raise InputError(f"{path.name}: {nameless.idxmax()} heeft geen label.")
    try:
        rules_of(kinds)
        _words(kinds)
    except ValueError as error:
        raise InputError(f"{path.name}: {error}.") from error
    return kinds


def kind_of_words(words: pd.Series, kinds: pd.DataFrame) -> pd.Series:
    """Tell which kind of facility each word names.

    Capitals, accents, signs and the usual plurals make no difference; nothing is guessed beyond
    that. Words that are listed together ("havo/vwo") count when all of them name one kind.

    Parameters
    ----------
    words : Series
        What a file calls its facilities.
    kinds : DataFrame
        As `read_kinds` gives them.

    Returns
    -------
    Series of str
        On the same index; NaN where a word is missing or names no kind.
    """
    known = _words(kinds)
    said = words.dropna().drop_duplicates()
    found = {word: _kind_of_word(str(word), known) for word in said}
    return words.map(found).astype("str")


def kind_of_tags(
    tags: pd.DataFrame | Iterable[Mapping[str, object]],
    kinds: pd.DataFrame,
    *,
    although_ruled_out: bool = False,
) -> pd.Series:
    """Tell which kind of facility each object of OpenStreetMap is: one, the most specific.

    Most specific is the alternative with the most terms that name values; among equals the kind
    that stands first in the table.

    Parameters
    ----------
    tags : DataFrame or iterable of mapping
        Tags by key of each object; in a DataFrame one row per object and NaN for no such tag.
    kinds : DataFrame
        As `read_kinds` gives them.
    although_ruled_out : bool, optional
        Do not look at what rules objects out (private, closed, vacant): to count those.

    Returns
    -------
    Series of str
        On the index of the DataFrame, else numbered; NaN where no kind fits.
    """
    if isinstance(tags, pd.DataFrame):
        index, objects = tags.index, tags.to_dict("records")
    else:
        objects = list(tags)
        index = pd.RangeIndex(len(objects))
    rules = by_tag(rules_of(kinds))
    found = [kind_of_object(one, rules, although_ruled_out) for one in objects]
    return pd.Series(found, index=index, dtype="str", name="kind")


def _words(kinds: pd.DataFrame) -> dict[str, str]:
    """Return the kind by every word that names it, plurals and single tag values among them."""
    known: dict[str, str] = {}
    for kind in kinds.index:
        written = [kind, kinds.loc[kind, "label"], *kinds.loc[kind, "spellings"].split("|")]
        for terms in conditions(kinds.loc[kind, "osm"]):
            written += terms[0].values if len(terms) == 1 and not terms[0].within else ()
        for word in filter(None, map(plain_word, written)):
            if known.setdefault(word, kind) != kind:
                raise ValueError(f"'{word}' staat bij {known[word]} en bij {kind}")
    several = {}
    for word, kind in known.items():
        for plural in _plurals(word):
            if several.setdefault(plural, kind) != kind and plural not in known:
                raise ValueError(f"'{plural}' is het meervoud van {several[plural]} en van {kind}")
    return several | known


def _kind_of_word(word: str, known: dict[str, str]) -> str | float:
    whole = known.get(plain_word(word))
    if whole:
        return whole
    parts = {known.get(plain_word(part)) for part in _LISTED.split(word) if plain_word(part)}
    return next(iter(parts)) if len(parts) == 1 and None not in parts else np.nan


def plain_word(word: str) -> str:
    """Return a word without capitals, accents, signs and spaces: buurt-huis is buurthuis."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return re.sub(r"[^0-9a-z]+", "", apart)


def _plurals(word: str) -> set[str]:
    """Return the plurals that the last of some words may have, in Dutch and English."""
    found = {word + end for end in ("s", "en", "n", "es")}
    if long := _LONG_VOWEL.fullmatch(word):
        stem, vowel, last = long.groups()
        voiced = {"f": "v", "s": "z"}.get(last, last)
        found |= {f"{stem}{vowel[0]}{last}en", f"{stem}{vowel[0]}{voiced}en"}
    elif _SHORT_VOWEL.fullmatch(word):
        found.add(f"{word}{word[-1]}en")
    if word.endswith("s"):
        found.add(f"{word[:-1]}zen")
    if word.endswith("um"):
        found.add(f"{word[:-2]}a")
    if word.endswith("y"):
        found.add(f"{word[:-1]}ies")
    return found
