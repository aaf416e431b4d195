"""Answers of Overpass, the service that searches OpenStreetMap: objects with a place and a kind.

A file may hold an answer as it came, several answers, or one inside the wrapper of a program that
asked for it.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import kind_of_tags
from analysis.sources.geofile import RD
from analysis.sources.osm_facilities import (
    DOUBLE,
    NO_KIND,
    NO_PLACE,
    RULED_OUT,
    OsmFacilities,
    facilities,
    source_label,
)
from analysis.sources.overpass_shape import shape_of

_TYPES = ("node", "way", "relation")
_LOOKS_LIKE = re.compile(rb'"elements"\s*:\s*\[')
_OF_OVERPASS = re.compile(rb'"type"\s*:\s*"(?:node|way|relation)"|"osm3s"\s*:')
_BROKEN = re.compile(r"error|timed out|out of memory", re.IGNORECASE)
# Wrappers put an answer at most this deep.
_DEEPEST = 3


@dataclass(frozen=True)
class Answer:
    """What Overpass answered.

    Attributes
    ----------
    elements : list of dict
        Nodes, ways and relations as they came.
    as_of : str
        Day of the data, or ''; the oldest where there are several answers.
    """

    elements: list[dict]
    as_of: str


def is_answer(file: Path) -> bool:
    """Tell from its content whether a file is an answer of Overpass about other than streets.

    Half an answer is one too: `read_answer` says what is wrong with it.
    """
    try:
        content = file.read_bytes()
    except OSError:
        return False
    if not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[")):
        return False
    if not _LOOKS_LIKE.search(content) or b'"FeatureCollection"' in content[:4096]:
        return False
    if not _OF_OVERPASS.search(content):
        return False
    try:
        elements = _answers(json.loads(content.decode("utf-8-sig")))
    except ValueError:
        return True
    tagged = [one["tags"] for _, some in elements for one in some if _is_tagged(one)]
    return not tagged or sum("highway" in tags for tags in tagged) <= len(tagged) / 2


def read_answer(file: Path, kinds: pd.DataFrame) -> OsmFacilities:
    """Read the facilities of a file with an answer of Overpass.

    Parameters
    ----------
    file : Path
    kinds : DataFrame
        As `facility_kinds.read_kinds` gives them.

    Raises
    ------
    InputError
        When the file is no whole answer, or has no facility of a known kind with a place.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} kan niet worden gelezen; kijk of het pad klopt.") from error
    return facilities_of([parse(content, str(file))], kinds, str(file))


def parse(content: bytes, said: str) -> Answer:
    """Return what an answer holds.

    Parameters
    ----------
    content : bytes
    said : str
        What a sentence calls it.

    Raises
    ------
    InputError
        When it is no answer, is cut off, or was broken off by the service.
    """
    try:
        found = _answers(json.loads(content.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{said} is geen heel antwoord van Overpass (afgebroken of beschadigd); haal het "
            "opnieuw op."
        ) from error
    if not found:
        raise InputError(
            f"{said} is geen antwoord van Overpass: er staat geen lijst 'elements' in."
        )
    elements = [one for _, some in found for one in some]
    for about, _ in found:
        if _BROKEN.search(str(about.get("remark", ""))):
            raise InputError(
                f"{said} is een half antwoord: OpenStreetMap brak het zoeken af "
                f"({str(about['remark']).strip()[:80]}); vraag een kleiner gebied of probeer het "
                "later."
            )
    if not all(isinstance(one, dict) and "type" in one for one in elements):
        raise InputError(f"{said} is beschadigd: een deel heeft geen 'type'; haal het opnieuw op.")
    if any(one["type"] in _TYPES and not isinstance(one.get("id"), int) for one in elements):
        raise InputError(f"{said} is beschadigd: een deel heeft geen nummer; haal het opnieuw op.")
    days = [str(about["osm3s"].get("timestamp_osm_base", ""))[:10] for about, _ in found
            if isinstance(about.get("osm3s"), dict)]  # fmt: skip
    return Answer(elements, min(filter(None, days), default=""))


def facilities_of(answers: Iterable[Answer], kinds: pd.DataFrame, said: str) -> OsmFacilities:
    """Return the facilities of one or more answers together, each once.

    Raises
    ------
    InputError
        When there is none.
    """
    answers = list(answers)
    as_of = min(filter(None, (answer.as_of for answer in answers)), default="")
    known, doubles = _each_once(one for answer in answers for one in answer.elements)
    tagged = [one for one in known.values() if _is_tagged(one)]
    tags = [one["tags"] for one in tagged]
    kind = kind_of_tags(tags, kinds)
    although = kind_of_tags(tags, kinds, although_ruled_out=True)
    chosen = pd.Series(tagged, dtype="object")[kind.notna()]
    drawn = pd.Series([shape_of(one, known) for one in chosen], index=chosen.index, dtype="object")
    left_out = {
        NO_KIND: int(although.isna().sum()),
        RULED_OUT: int((kind.isna() & although.notna()).sum()),
        DOUBLE: doubles,
        NO_PLACE: int(drawn.isna().sum()),
    }
    kept = chosen[drawn.notna()]
    objects = gpd.GeoDataFrame(
        {
            "facility_id": [f"{one['type']}/{one['id']}" for one in kept],
            "kind": kind[kept.index],
            "name": [str(one["tags"].get("name", "")).strip() for one in kept],
            "is_parish_hall": [_is_parish_hall(one["tags"]) for one in kept],
        },
        geometry=gpd.GeoSeries(drawn.dropna(), crs="EPSG:4326"),
    ).to_crs(RD)
    counts = {why: n for why, n in left_out.items() if n}
    found = facilities(objects, source_label(as_of), as_of, counts)
    if found.points.empty:
        raise InputError(
            f"{said} heeft geen enkele voorziening van een bekende soort met een plaats in "
            "Nederland; vraag een ander gebied of andere soorten."
        )
    return found


def _each_once(elements: Iterable[dict]) -> tuple[dict[tuple[str, int], dict], int]:
    """Return elements by type and number, and how many objects stood there more than once."""
    known: dict[tuple[str, int], dict] = {}
    doubles = 0
    for one in elements:
        if one["type"] in _TYPES:
            before = known.get((one["type"], one["id"]), {})
            doubles += _is_tagged(one) and _is_tagged(before)
            # It may be told in two parts: its tags and middle, and its outline.
            known[one["type"], one["id"]] = one | before
    return known, doubles


def _answers(body: object, depth: int = 0) -> list[tuple[dict, list[dict]]]:
    """Return what stands beside each list of elements, and the list, at whatever depth."""
    if isinstance(body, dict) and isinstance(body.get("elements"), list):
        return [(body, body["elements"])]
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    if depth == _DEEPEST:
        return []
    return [found for one in inner for found in _answers(one, depth + 1)]


def _is_tagged(one: dict) -> bool:
    return isinstance(one, dict) and isinstance(one.get("tags"), dict) and bool(one["tags"])


def _is_parish_hall(tags: dict) -> bool:
    listed = str(tags.get("community_centre", "")).split(";")
    return "parish_hall" in (value.strip() for value in listed)
