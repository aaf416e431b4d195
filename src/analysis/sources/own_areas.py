"""A gemeente's own areas as a level of every year in store for which they can be made.

A list of buurten belongs to one year, for a code is a key only with its year. In another year an
area is made of the same buurten only if each of them is known to be the same ground.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.sources import boundaries, kerncijfers, snapshot
from analysis.sources.change_flags import years_lacking
from analysis.sources.codebook import Concept
from analysis.sources.conversion import AS_PUBLISHED
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import NOT_PUBLISHED, Release
from analysis.sources.region_schema import validate
from analysis.sources.regions import OWN_LEVEL
from analysis.sources.stored import find_stored_gemeente, gemeente_releases
from analysis.sources.stored_crosswalk import stored_crosswalk
from analysis.sources.zone_table import ZoneTable, zone_outlines, zone_table
from analysis.sources.zoning import (
    NAME,
    OUTLINES,
    Zoning,
    brought_outlines,
    kind_of,
    read_zoning,
    store,
)

# Of the codes that bear this gemeente's number; below it the list is of another year.
_ENOUGH_KNOWN = 0.9


@dataclass(frozen=True)
class OwnAreas:
    """The own areas of one gemeente in one year.

    Attributes
    ----------
    zoning : Zoning
        Which buurt of that year belongs to which area.
    figures : ZoneTable
    division : int or None
        The year of which the list is; None for outlines, which are of every year.
    left_out : Series of str
        Names by code of the areas that cannot be made in this year, for a buurt of theirs changed
        since or is not known to be the same.
    without : tuple of int
        Years whose tables would make more of them comparable.
    """

    zoning: Zoning
    figures: ZoneTable
    division: int | None
    left_out: pd.Series
    without: tuple[int, ...] = ()


def bring_zoning(
    edition: Edition, file: Path, gemeente: str, year: int | None = None
) -> tuple[snapshot.Snapshot, Zoning]:
    """Store a gemeente's own areas, after seeing that they fit a year in store.

    Parameters
    ----------
    edition : Edition
    file : Path
        A list of buurten (csv, xlsx) or a map (gpkg, geojson).
    gemeente : str
        Code or name.
    year : int, optional
        The year of the buurten in a list; else the year in the file's name, else the newest year
        of which it has the codes.

    Returns
    -------
    (Snapshot, Zoning)

    Raises
    ------
    InputError
        When there is no table to compare with, or the file does not fit any.
    """
    code = find_stored_gemeente(edition, gemeente)
    releases = gemeente_releases(edition, code, None if year is None else [year])
    if year is not None and year not in releases:
        raise InputError(
            f"De buurten van {year} zijn niet in huis om de eigen indeling mee te vergelijken; "
            f"haal ze op met 'pull {gemeente} --jaar {year}'."
        )
    if kind_of(file) == OUTLINES:
        zoning = _first_drawn(edition, file, code, releases)
        return store(edition.raw, file, code), zoning
    named = re.search(r"(?<!\d)20\d\d(?!\d)", file.name)
    if year is None and named and int(named[0]) in releases:
        releases = {int(named[0]): releases[int(named[0])]}
    known, of_year, zoning = _best_year(file, code, releases)
    if known < _ENOUGH_KNOWN:
        raise InputError(
            f"Van de buurtcodes van {code} in {file} staat maar {100 * known:.0f}% in de tabel van "
            f"{of_year}; haal de tabel op van het jaar van de indeling ('pull {gemeente} --jaar "
            "JAAR'), of verbeter de codes."
        )
    return store(edition.raw, file, code, of_year), zoning


def stored_zoning(edition: Edition, code: str, year: int) -> snapshot.Snapshot | None:
    """Return the stored own areas of a gemeente: of the nearest year, of these the last brought."""
    found = [one for one in snapshot.releases(edition.raw, NAME) if one.notes["gemeente"] == code]
    # Outlines are of every year.
    return min(found, key=lambda one: abs(int(one.notes["year"] or year) - year), default=None)


def own_areas(
    edition: Edition, code: str, year: int, codebook: dict[str, Concept]
) -> OwnAreas | None:
    """Return a gemeente's own areas in a year, or None where it has brought none.

    Parameters
    ----------
    edition : Edition
    code : str
    year : int
        A year in store.
    codebook : dict of str to Concept

    Raises
    ------
    InputError
        When the areas cannot be made in this year: the sentence says why, and what to do.
    """
    stored = stored_zoning(edition, code, year)
    if stored is None:
        return None
    release = gemeente_releases(edition, code, [year])[year]
    buurten = kerncijfers.all_regions(release, "buurt", code)
    file = stored.path(next(iter(stored.files)))
    division = int(stored.notes["year"]) if stored.notes["year"] else None
    left_out, without = pd.Series(dtype="str"), ()
    if division is None:
        zoning = _from_outlines(edition, file, code, release)
    elif division == year:
        zoning = read_zoning(file, code, buurten)
    else:
        zoning, left_out, without = _of_other_year(edition, file, code, division, year)
    figures = zone_table(buurten, zoning, codebook)
    validate(figures.table, OWN_LEVEL, file.name)
    return OwnAreas(zoning, figures, division, left_out, without)


def own_reasons(own: OwnAreas, release: Release, concepts: list[str]) -> pd.DataFrame:
    """Say for every own area and concept why its figure is missing, or '' where it is known."""
    status = own.figures.status
    told = {
        concept: release.absent.get(concept, status.get(concept, NOT_PUBLISHED))
        for concept in concepts
    }
    return pd.DataFrame(told, index=status.index, columns=concepts)


def own_outlines(
    edition: Edition, code: str, year: int, own: OwnAreas
) -> boundaries.Boundaries | None:
    """Return the outlines of own areas, or None: of their buurten together, else as brought."""
    release = gemeente_releases(edition, code, [year])[year]
    buurten = kerncijfers.all_regions(release, "buurt", code)
    drawn = boundaries.read(edition.raw, "buurt", code, year, buurten)
    areas = own.figures.table.index
    if drawn is not None and drawn.places.index.isin(own.zoning.members.index).any():
        places, label = zone_outlines(drawn.places, own.zoning), drawn.label
    else:
        stored = stored_zoning(edition, code, year)
        places = brought_outlines(stored.path(next(iter(stored.files))), own.zoning)
        label = own.zoning.label
    if places is None:
        return None
    places = places.loc[places.index.intersection(areas)]
    missing = tuple(areas.difference(places.index))
    return boundaries.Boundaries(places[["name", "geometry"]], label, (), (), missing)


def _best_year(file: Path, code: str, releases: dict[int, Release]) -> tuple[float, int, Zoning]:
    """Return the year of which most codes of a list are known, the newest among equals."""
    found, refused = [], None
    for year, release in releases.items():
        try:
            zoning = read_zoning(file, code, kerncijfers.all_regions(release, "buurt", code))
        except InputError as error:
            refused = refused or error
            continue
        odd = zoning.problems
        unknown = odd.loc[odd["problem"].eq("unknown_code"), "region_code"]
        unknown = unknown[unknown.str.startswith(f"BU{code[2:]}")].nunique()
        doubled = odd["problem"].eq("in_two_areas").sum()
        known = len(zoning.members) + doubled
        found.append((known / (known + unknown), year, zoning))
    if not found:
        raise refused
    return max(found, key=lambda one: one[:2])


def _first_drawn(edition: Edition, file: Path, code: str, releases: dict[int, Release]) -> Zoning:
    """Return the zoning of the newest year in which the outlines can be laid over the buurten."""
    refused = None
    for release in releases.values():
        try:
            return _from_outlines(edition, file, code, release)
        except InputError as error:
            refused = refused or error
    raise refused


def _from_outlines(edition: Edition, file: Path, code: str, release: Release) -> Zoning:
    buurten = kerncijfers.all_regions(release, "buurt", code)
    drawn = boundaries.read(edition.raw, "buurt", code, release.year, buurten)
    places = drawn.places if drawn is not None and len(drawn.places) else None
    zoning = read_zoning(file, code, buurten, places)
    unseen = buurten.index.difference(places.index)
    people = buurten["inhabitants"]
    covered = 1 - people[unseen].sum() / people.sum()
    if covered < _ENOUGH_KNOWN:
        raise InputError(
            f"Over {release.year} passen er maar grenzen bij de buurten van {100 * covered:.0f}% "
            f"van de inwoners van {code}, te weinig voor de gebieden in {file.name}; breng de "
            "buurtgrenzen van dat jaar met 'pull --grenzen'."
        )
    problems = zoning.problems
    hidden = problems["problem"].eq("in_no_area") & problems["region_code"].isin(unseen)
    return replace(
        zoning, problems=problems.assign(problem=problems["problem"].mask(hidden, "no_outline"))
    )


def _of_other_year(
    edition: Edition, file: Path, code: str, division: int, year: int
) -> tuple[Zoning, pd.Series, tuple[int, ...]]:
    """Return the areas of which every buurt is the same ground in both years."""
    walk = stored_crosswalk(edition, code, "buurt", year, division, everywhere=True)
    then = gemeente_releases(edition, code, [division])[division]
    zoning = read_zoning(file, code, kerncijfers.all_regions(then, "buurt", code))
    same = walk.flows[walk.flows["label"].isin(AS_PUBLISHED)].set_index("to_code")["from_code"]
    lost = zoning.members.index.difference(same.index)
    broken = zoning.members.loc[lost, "area_code"].unique()
    whole = zoning.members[~zoning.members["area_code"].isin(broken)]
    names = zoning.names[~zoning.names.index.isin(broken)]
    left_out = zoning.names[broken]
    if whole.empty:
        raise InputError(
            f"De eigen indeling is van {division}, en van geen enkel gebied is bekend dat het in "
            f"{year} uit dezelfde buurten bestond. {years_lacking(walk.without)} Een lijst met de "
            f"buurten van {year} kan ook.".replace("  ", " ")
        )
    members = whole.set_index(pd.Index(same[whole.index].array, name="region_code")).sort_index()
    return replace(zoning, members=members, names=names), left_out, walk.without
