"""Facilities from OpenStreetMap: asked from Overpass for an area, or brought as a file; kept so.

One question asks for every kind of the table. An answer that the service broke off is refused: it
looks like a whole one with fewer facilities.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analysis.sources import osm_tables, overpass_answer, snapshot
from analysis.sources.catalogue import Source, of_theme
from analysis.sources.errors import InputError, ServiceError
from analysis.sources.geofile import RD
from analysis.sources.osm_facilities import OsmFacilities, source_label
from analysis.sources.overpass_query import query
from analysis.sources.overpass_service import PATIENCE, ask, said_of
from analysis.sources.transport import Patience, without_password

NAME = "openstreetmap"
THEME = "voorzieningen"
OLDER = "van een soort die in een nieuwer bestand staat"


def pull(
    raw: Path,
    catalogue: tuple[Source, ...],
    kinds: pd.DataFrame,
    area: gpd.GeoSeries,
    name: str,
    margin: float = 1000.0,
    patience: Patience = PATIENCE,
) -> snapshot.Snapshot:
    """Ask Overpass for the facilities of an area and keep its answer as a snapshot.

    Parameters
    ----------
    raw : Path
        Folder of the snapshots.
    catalogue : tuple of Source
        Its theme 'voorzieningen' holds the address.
    kinds : DataFrame
    area : GeoSeries
        Polygons with a coordinate system.
    name : str
        Of the area, such as GM0637; the newest answer of each area counts.
    margin : float, optional
    patience : Patience, optional

    Raises
    ------
    InputError
        When the catalogue has no address, or the area none of a coordinate system.
    ServiceError
        When the service does not answer as it should, broke off, or has nothing there; nothing is
        kept then.
    """
    sources = of_theme(catalogue, THEME)
    if not sources:
        raise InputError(
            f"De catalogus heeft geen adres voor het thema '{THEME}'; zet er een regel met het "
            "adres van Overpass in."
        )
    address = sources[0].address
    question = query(kinds, area, margin)
    body = ask(address, question, patience)
    said = f"Het antwoord van {said_of(address)}"
    try:
        answer = overpass_answer.parse(body, said)
        found = overpass_answer.facilities_of([answer], kinds, said)
    except InputError as error:
        raise ServiceError(f"{error} Er is niets bewaard.") from error
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"overpass_{name}.json"
        file.write_bytes(body)
        notes = {
            "area": name,
            "as_of": answer.as_of,
            "address": without_password(address),
            "query": question,
        }
        return snapshot.write_file(raw, NAME, file, len(found.points), notes)


def store(raw: Path, file: Path, kinds: pd.DataFrame) -> snapshot.Snapshot:
    """Check a file that a person brings and keep it as a snapshot.

    Raises
    ------
    InputError
        When it is no answer of Overpass, table of points or map with the keys of OpenStreetMap, or
        has no facility.
    """
    if not file.is_file():
        raise InputError(f"Het bestand {file} bestaat niet.")
    reader = _reader(file)
    if reader is None:
        raise InputError(
            f"{file} is geen antwoord van Overpass en geen tabel of kaart uit OpenStreetMap; een "
            "eigen lijst heeft een kolom 'soort' nodig."
        )
    found = reader(file, kinds)
    return snapshot.write_file(raw, NAME, file, len(found.points), {"as_of": found.as_of})


def is_openstreetmap(file: Path) -> bool:
    """Tell from its content whether a file holds facilities from OpenStreetMap."""
    return _reader(file) is not None


def read(raw: Path, kinds: pd.DataFrame) -> OsmFacilities | None:
    """Return the facilities of OpenStreetMap that were stored, or None.

    Of each area that was asked, and of the files that were brought, the newest counts. Where files
    of several forms cover one place, the newest tells of the kinds that it has: the numbers of the
    objects cannot be compared between forms.

    Raises
    ------
    InputError
        When a stored file was changed.
    """
    stored = sorted(snapshot.releases(raw, NAME), key=lambda s: s.fetched_at, reverse=True)
    newest: dict[str, snapshot.Snapshot] = {}
    for one in stored:
        newest.setdefault(one.notes.get("area") or next(iter(one.files)), one)
    answers, others = [], []
    for one in newest.values():
        file = one.path(next(iter(one.files)))
        if overpass_answer.is_answer(file):
            answers.append((one.fetched_at, overpass_answer.parse(file.read_bytes(), str(file))))
        else:
            reader = osm_tables.read_pois if osm_tables.is_pois(file) else osm_tables.read_tagged
            others.append((one.fetched_at, reader(file, kinds)))
    if answers:
        together = [answer for _, answer in answers]
        found = overpass_answer.facilities_of(together, kinds, "OpenStreetMap")
        others.append((answers[0][0], found))
    return _combined([found for _, found in sorted(others, key=lambda pair: pair[0])[::-1]])


def _reader(file: Path) -> Callable[[Path, pd.DataFrame], OsmFacilities] | None:
    if overpass_answer.is_answer(file):
        return overpass_answer.read_answer
    if osm_tables.is_pois(file):
        return osm_tables.read_pois
    return osm_tables.read_tagged if osm_tables.is_tagged(file) else None


def _combined(found: list[OsmFacilities]) -> OsmFacilities | None:
    """Put files together, the newest first."""
    if len(found) < 2:
        return found[0] if found else None
    kept, counts = [], {}
    for number, one in enumerate(found):
        old = pd.Series(False, index=one.points.index)
        for newer in found[:number]:
            where = newer.points.union_all().convex_hull
            old |= one.points["kind"].isin(newer.points["kind"]) & one.points.intersects(where)
        kept.append(one.points[~old])
        for why, n in (one.left_out | {OLDER: int(old.sum())}).items():
            counts[why] = counts.get(why, 0) + n
    as_of = min(filter(None, (one.as_of for one in found)), default="")
    filled = [points for points in kept if len(points)]
    points = gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), crs=RD)
    return replace(
        found[0],
        points=points,
        label=source_label(as_of),
        as_of=as_of,
        left_out={why: n for why, n in counts.items() if n},
        loose_pitches=int(points["kind"].eq("pitch").sum()),
    )
