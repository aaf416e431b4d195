"""Facility points of every source that is stored: a gemeente's own list, DUO and OpenStreetMap."""

import functools
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.sources import openstreetmap, schools, snapshot
from analysis.sources.edition import project_root
from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import read_kinds
from analysis.sources.facility_precedence import Told, together, within
from analysis.sources.own_facilities import UNMATCHED, read_own, unmatched_of, unmatched_text

NAME = "voorzieningen"
DUO = "voorzieningen_duo"
# Where a stored file comes from and what it is called, by the name of its snapshot.
SOURCES_NL = {NAME: "eigen lijst", DUO: "scholen van DUO", openstreetmap.NAME: "OpenStreetMap"}
STORED_AS = {name: f"voorzieningen ({source})" for name, source in SOURCES_NL.items()}


@dataclass(frozen=True)
class FacilityPoints:
    """Facilities with their kind, and what was left out.

    Attributes
    ----------
    points : GeoDataFrame
        EPSG:28992; facility_id, kind (a key of the table of kinds), name, capacity (pupils, places)
        and m2 (NaN if unknown), source, region_code, and what else a source tells.
    label : str
        What the source line says.
    doubles : int
        Rows left out because their code stood there before (DUO); those of an own list stand in
        `unmatched`.
    left_out : dict of str to int
        Other objects left out by reason (in Dutch).
    superseded : dict of str to int
        Points left out because a source that goes before theirs tells of that kind, by source.
    unmatched : DataFrame
        Rows of own lists that could not be placed: file, row, says, why.
    remarks : tuple of str
        What was made of own lists, in Dutch.
    kind_labels : dict of str to str
        Dutch name of each kind.
    own_lists : tuple of str
        The files of own lists that it comes from.
    """

    points: gpd.GeoDataFrame
    label: str
    doubles: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    superseded: dict[str, int] = field(default_factory=dict)
    unmatched: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(UNMATCHED)))
    remarks: tuple[str, ...] = ()
    kind_labels: dict[str, str] = field(default_factory=dict)
    own_lists: tuple[str, ...] = ()


def store(raw: Path, file: Path) -> snapshot.Snapshot:
    """Check a file of facilities and keep it as a snapshot of the source that its content tells.

    Parameters
    ----------
    raw : Path
    file : Path
        A list or map of a gemeente (csv, xlsx, gpkg, geojson, shp), the schools of DUO, or
        facilities from OpenStreetMap.

    Raises
    ------
    InputError
        When the file is missing, does not say of what kind or where its facilities are, or has
        none that can be placed.
    """
    if not file.is_file():
        raise InputError(f"Het voorzieningenbestand {file} bestaat niet.")
    kinds = known_kinds()
    if schools.is_address_list(file):
        raise schools.refusal_of_addresses(file)
    if schools.is_schools(file):
        found = schools.read_schools(file, kinds)
        return snapshot.write_file(raw, DUO, file, len(found.points), {})
    if openstreetmap.is_openstreetmap(file):
        return openstreetmap.store(raw, file, kinds)
    own = read_own(file, kinds)
    notes = {"unmatched": unmatched_text(own.unmatched)}
    return snapshot.write_file(raw, NAME, file, len(own.points), notes)


def read(raw: Path, outline: shapely.Geometry | None = None) -> FacilityPoints | None:
    """Return the facilities of all sources that were stored, each kind of a place from one.

    The own list goes before DUO, and DUO before OpenStreetMap, of the kinds that they have and
    where they have them; of own lists the newest of each file name counts, the one that was
    brought last first.

    Parameters
    ----------
    raw : Path
    outline : Geometry, optional
        The gemeente that it is about (EPSG:28992). What was left out is then counted within it,
        and sources without a point in it are not named.

    Returns
    -------
    FacilityPoints or None
        None where nothing was stored.
    """
    layers = _layers(raw)
    if not layers:
        return None
    points, superseded = together([Told(one.label, one.points) for one in layers], outline)
    here = [one for one in layers if within(one.points, outline).any()] or layers
    counts: dict[str, int] = {}
    for one in here:
        for why, number in one.left_out.items():
            counts[why] = counts.get(why, 0) + number
    label = "; ".join(one.label for one in here)
    if superseded:
        said = ", ".join(f"{number} uit {source}" for source, number in superseded.items())
        label = f"{label}; niet geteld omdat een andere bron voorgaat: {said}"
    return FacilityPoints(
        points=points,
        label=label,
        doubles=sum(one.doubles for one in here),
        left_out=counts,
        superseded=superseded,
        unmatched=pd.concat([one.unmatched for one in here], ignore_index=True),
        remarks=tuple(remark for one in here for remark in one.remarks),
        kind_labels=known_kinds()["label"].to_dict(),
        own_lists=tuple(name for one in here for name in one.own_lists),
    )


def unmatched_rows(stored: snapshot.Snapshot) -> pd.DataFrame:
    """Return the rows that could not be placed when a list was stored: file, row, says, why."""
    return unmatched_of(stored.notes.get("unmatched", ""))


def brought_last(raw: Path) -> snapshot.Snapshot:
    """Return the own list that was stored last; there must be one."""
    return max(snapshot.releases(raw, NAME), key=lambda one: one.fetched_at)


@functools.cache
def known_kinds() -> pd.DataFrame:
    """Return the kinds of facility of the project's own table."""
    return read_kinds(project_root() / "data" / "facility_kinds.csv")


def locate(points: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> tuple[pd.Series, int]:
    """Tell in which region each point lies.

    Parameters
    ----------
    points : GeoDataFrame
        In EPSG:28992.
    places : GeoDataFrame
        Regions in EPSG:28992, indexed by region_code. Where neighbours overlap, as approximate
        boundaries do, the region in which the point lies deepest is taken.

    Returns
    -------
    (Series of str, int)
        region_code on the points' index, NaN outside every region; and how many points lay in
        more than one region.
    """
    # A point on the line between two regions lies in both, and in neither by "within".
    pairs = gpd.sjoin(points[["geometry"]], places[["geometry"]], predicate="intersects")
    pairs = pairs.rename(columns={places.index.name or "index_right": "region_code"})
    several = pairs.index[pairs.index.duplicated()].nunique()
    # How deep a point lies is asked only where it has a choice: of buildings there are many.
    pairs = pairs.assign(depth=0.0)
    choice = pairs.index.duplicated(keep=False)
    inside = places.geometry.loc[pairs.loc[choice, "region_code"]].boundary.distance(
        pairs.geometry[choice].set_axis(pairs.loc[choice, "region_code"]), align=False
    )
    pairs.loc[choice, "depth"] = np.asarray(inside)
    pairs = pairs.sort_values(["depth", "region_code"], ascending=[False, True])
    first = pairs[~pairs.index.duplicated()]["region_code"]
    return first.reindex(points.index), several


def _layers(raw: Path) -> list[FacilityPoints]:
    """Return what each source says, the one that goes before the others first."""
    own: dict[str, snapshot.Snapshot] = {}
    for one in sorted(snapshot.releases(raw, NAME), key=lambda s: s.fetched_at, reverse=True):
        own.setdefault(next(iter(one.files)), one)
    layers = [_own(one.folder) for one in own.values()]
    duo = max(snapshot.releases(raw, DUO), key=lambda s: s.fetched_at, default=None)
    if duo:
        layers.append(_duo(duo.folder))
    mapped = snapshot.releases(raw, openstreetmap.NAME)
    if mapped:
        layers.append(_mapped(raw, tuple((one.folder, one.fetched_at) for one in mapped)))
    return layers


# A report asks for the points of every figure. The checksum of a snapshot is in its folder's name,
# so that what is stored there never changes.
@functools.lru_cache(maxsize=8)
def _own(folder: Path) -> FacilityPoints:
    stored = snapshot.read(folder)
    file = stored.path(next(iter(stored.files)))
    found = read_own(file, known_kinds())
    return FacilityPoints(
        found.points,
        f"eigen lijst {file.name}",
        unmatched=found.unmatched,
        remarks=found.remarks,
        own_lists=(file.name,),
    )


@functools.lru_cache(maxsize=2)
def _duo(folder: Path) -> FacilityPoints:
    stored = snapshot.read(folder)
    file = stored.path(next(iter(stored.files)))
    found = schools.read_schools(file, known_kinds())
    return FacilityPoints(found.points, f"DUO, {file.name}", found.doubles, found.left_out)


@functools.lru_cache(maxsize=2)
def _mapped(raw: Path, key: tuple) -> FacilityPoints:
    found = openstreetmap.read(raw, known_kinds())
    return FacilityPoints(found.points, found.label, left_out=found.left_out)
