"""What the word `pull` does: tables, maps and the files that a person brings, kept as snapshots."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd

from analysis.reports.dossier import Dossier, stored_releases
from analysis.reports.own_told import brought_told
from analysis.reports.prepare import pull_years
from analysis.sources import (
    boundaries,
    buildings,
    facility_points,
    openstreetmap,
    osm_streets,
    own_norms,
    pdok,
)
from analysis.sources.bring import bring
from analysis.sources.catalogue import Source, of_theme, read_catalogue
from analysis.sources.codebook import read_codebook
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import read_kinds
from analysis.sources.norms import read_norms
from analysis.sources.own_areas import bring_zoning
from analysis.sources.snapshot import Snapshot
from analysis.sources.stored import find_stored_gemeente
from analysis.sources.theme_pull import pull_theme

Progress = Callable[[str], Callable[[int, int | None], None] | None]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Attributes
    ----------
    gemeenten : tuple of str
        Names or codes.
    year : int or None
        Only this year, or every year.
    boundaries, facilities, brought : tuple of Path
        Files that a person brings: said to be boundaries, said to be facilities, told by content.
    maps : bool
        Whether the outlines of wijken and buurten are fetched.
    themes : tuple of str
        Other statistics to fetch, by their theme in the catalogue.
    points, streets : bool
        Whether the facilities and the streets of each gemeente are fetched from OpenStreetMap.
    zoning, norms, buildings : Path or None
        The own areas, the own reference norms, and the register of buildings of the one gemeente
        that is named.
    overpass : str
        Another address for OpenStreetMap than the catalogue's.
    """

    gemeenten: tuple[str, ...] = ()
    year: int | None = None
    boundaries: tuple[Path, ...] = ()
    facilities: tuple[Path, ...] = ()
    brought: tuple[Path, ...] = ()
    maps: bool = False
    themes: tuple[str, ...] = ()
    points: bool = False
    streets: bool = False
    zoning: Path | None = None
    norms: Path | None = None
    buildings: Path | None = None
    overpass: str = ""

    @property
    def asks_tables(self) -> bool:
        """Whether Kerncijfers are fetched: for a gemeente, or where nothing else is asked."""
        files = self.boundaries or self.facilities or self.brought
        if (self.zoning or self.norms or self.buildings) and not (self.points or self.streets):
            # What is in store is enough to say which buurten there are.
            return False
        return bool(self.gemeenten) or not (files or self.maps or self.themes)


def pull(edition: Edition, order: Order, progress: Progress, say: Say) -> None:
    """Keep everything that an order asks for.

    Raises
    ------
    InputError
        At the first thing that cannot be kept; what was kept before it stays.
    """
    for file in order.boundaries:
        stored = boundaries.store(edition.raw, file)
        year = stored.notes["year"] or "onbekend"
        say(f"Grenzen: {stored.rows} vlakken ({stored.notes['level']}en, jaar {year}) bewaard.")
    for file in order.facilities:
        stored = facility_points.store(edition.raw, file)
        source = facility_points.SOURCES_NL[stored.name]
        say(f"Voorzieningen: {stored.rows} punten bewaard ({source}).")
        _say_unmatched(stored, say)
    for file in order.brought:
        kind, rows = bring(edition, file, order.year)
        say(f"{file.name}: {kind}, {rows} rijen bewaard.")
        if kind == facility_points.STORED_AS[facility_points.NAME]:
            _say_unmatched(facility_points.brought_last(edition.raw), say)
    if order.maps:
        _pull_maps(edition, order.year, progress, say)
    if order.zoning:
        _keep_zoning(edition, order, say)
    if order.norms:
        _keep_norms(edition, order, say)
    if order.buildings:
        _keep_buildings(edition, order, say)
    named = {}
    if order.asks_tables:
        named = pull_years(edition, list(order.gemeenten), order.year, progress, say)
    for theme in order.themes:
        pull_theme(edition, theme, order.year, progress, say)
    if order.points or order.streets:
        _pull_openstreetmap(edition, order, named, say)
    if named:
        say(f"Klaar voor een rapport zonder netwerk: {', '.join(named.values())}.")


def _the_one(order: Order, what: str, option: str) -> str:
    if len(order.gemeenten) != 1:
        raise InputError(
            f"{what} van één gemeente; noem die ene, zoals 'pull Zoetermeer {option} BESTAND'."
        )
    return order.gemeenten[0]


def _keep_norms(edition: Edition, order: Order, say: Say) -> None:
    named = _the_one(order, "Eigen normen zijn", "--normen")
    code = find_stored_gemeente(edition, named)
    data = edition.codebook.parent
    kinds = read_kinds(data / "facility_kinds.csv")
    known = read_norms(data / "norms.csv", kinds)
    _, norms = own_norms.store(edition.raw, order.norms, code, kinds, known)
    filled = int(norms["value"].notna().sum())
    say(f"Eigen normen: {len(norms)} regels bewaard, {filled} met een getal.")


def _keep_buildings(edition: Edition, order: Order, say: Say) -> None:
    named = _the_one(order, "Gebouwen uit de BAG zijn", "--bag")
    code = find_stored_gemeente(edition, named)
    outline = _outline(edition, code, named)
    _, found = buildings.store(edition.raw, order.buildings, code, outline)
    homes = int(found.units["uses"].str.split("|").map(lambda u: buildings.DWELLING in u).sum())
    say(f"Gebouwen: {len(found.units)} verblijfsobjecten bewaard, {homes} met een woonfunctie.")
    for why, number in sorted(found.left_out.items()):
        say(f"  niet bewaard: {number} {why}.")


def _keep_zoning(edition: Edition, order: Order, say: Say) -> None:
    named = _the_one(order, "Een eigen indeling is", "--indeling")
    _, zoning = bring_zoning(edition, order.zoning, named, order.year)
    for sentence in brought_told(zoning):
        say(sentence)


def _pull_openstreetmap(edition: Edition, order: Order, named: dict[str, str], say: Say) -> None:
    if not named:
        raise InputError("Geef de gemeente op waarvan OpenStreetMap gevraagd wordt.")
    catalogue = _pointed_at(read_catalogue(edition.catalogue), order.overpass)
    kinds = read_kinds(edition.codebook.with_name("facility_kinds.csv"))
    for code, name in named.items():
        outline = _outline(edition, code, name)
        if order.points:
            stored = openstreetmap.pull(edition.raw, catalogue, kinds, outline, code)
            say(f"OpenStreetMap, {name}: {stored.rows} voorzieningen opgehaald.")
        if order.streets:
            stored = osm_streets.pull(edition.raw, catalogue, outline, code)
            say(f"OpenStreetMap, {name}: {stored.rows} straten en paden opgehaald.")


def _pointed_at(catalogue: tuple[Source, ...], address: str) -> tuple[Source, ...]:
    """Return the catalogue with another address for OpenStreetMap, where one is given."""
    themes = (openstreetmap.THEME, osm_streets.THEME)
    return tuple(
        replace(source, address=address) if address and source.theme in themes else source
        for source in catalogue
    )


def _outline(edition: Edition, code: str, name: str) -> gpd.GeoSeries:
    releases = stored_releases(edition, code=code)
    dossier = Dossier(edition, code, name, read_codebook(edition.codebook), releases)
    for level in ("wijk", "buurt"):
        for release in dossier.releases:
            drawn = dossier.boundaries(release, level)
            if drawn is not None:
                places = drawn.places.geometry
                return gpd.GeoSeries([places.union_all()], crs=places.crs)
    raise InputError(
        f"Van {name} zijn geen grenzen bewaard, dus is niet te zeggen welk gebied gevraagd wordt; "
        "haal ze op met --kaart of geef ze met --grenzen."
    )


def _say_unmatched(stored: Snapshot, say: Say) -> None:
    """Tell row by row what of an own list could not be placed; nothing of other sources."""
    rows = facility_points.unmatched_rows(stored)
    if len(rows):
        say(f"Niet geplaatst: {len(rows)} van de {stored.rows + len(rows)} rijen.")
    for one in rows.itertuples():
        say(f"  rij {one.row} ({one.says or 'leeg'}): {one.why}")


def _pull_maps(edition: Edition, year: int | None, progress: Progress, say: Say) -> None:
    catalogue = read_catalogue(edition.catalogue)
    year = year or of_theme(catalogue, pdok.THEMES[0])[0].year
    for level in ("wijk", "buurt"):
        stored = pdok.pull(edition.raw, catalogue, level, year, progress(f"grenzen {level}"))
        say(f"Grenzen: {stored.rows} vlakken ({level}en, jaar {year}) opgehaald.")
