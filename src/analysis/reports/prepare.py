"""Before building: which gemeenten are meant, which years they need, and a snapshot of each."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd

from analysis.evidence.groups import GROUPS, SOCIO_ECONOMIC
from analysis.reports.dossier import THEME, Release, edition_of, stored_releases
from analysis.sources import (
    boundaries,
    buildings,
    facility_points,
    grid,
    kerncijfers,
    pull,
    regions,
    snapshot,
    statline,
)
from analysis.sources.catalogue import Source, of_theme, of_year, read_catalogue
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError, ServiceError, TableMissingError
from analysis.sources.geofile import read_places
from analysis.sources.grid_codebook import read_grid_codebook

# Without a year: how many tables are looked into for what the newest ones do not have yet.
LOOK_BACK = 4
EXAMPLE_CODE = "GM9901"
_DISTANCES = (
    "gp_distance_km",
    "supermarket_distance_km",
    "daycare_distance_km",
    "school_distance_km",
)
Say = Callable[[str], None]


def prepare_example(raw: str = "") -> Edition:
    """Bring the example edition's answers and files into snapshots; no network is needed."""
    edition = edition_of("voorbeeld", raw)
    sources = of_theme(read_catalogue(edition.catalogue), THEME)
    for source in sources:
        pull.stored_or_pulled(edition, source, sources)
    example = edition.catalogue.parent
    # The folder of snapshots is of exactly these files: what is there needs no second reading.
    for file in _not_yet(edition.raw, boundaries.NAME, (example / "boundaries").glob("*.geojson")):
        boundaries.store(edition.raw, file)
    for file in _not_yet(edition.raw, facility_points.NAME, example.glob("voorzieningen*.geojson")):
        facility_points.store(edition.raw, file)
    squares = read_grid_codebook(edition.codebook.with_name("grid_codebook.csv"))
    for file in _not_yet(edition.raw, grid.NAME, example.glob("vierkanten*.csv")):
        grid.store(edition.raw, file, squares)
    if not snapshot.releases(edition.raw, buildings.NAME):
        outline = read_places(max(example.glob("boundaries/wijken_*.geojson"))).geometry
        units = max(example.glob("verblijfsobjecten*.zip"))
        buildings.store(edition.raw, units, EXAMPLE_CODE, outline)
    return edition


def _not_yet(raw: Path, name: str, files: Iterable[Path]) -> list[Path]:
    kept = {file for stored in snapshot.releases(raw, name) for file in stored.files}
    return [file for file in sorted(files) if file.name not in kept]


def prepare(
    edition: Edition, asked: Sequence[str], year: int | None, progress, say: Say
) -> dict[str, str]:
    """See to it that every asked gemeente has the snapshots that its report needs.

    Parameters
    ----------
    edition : Edition
    asked : sequence of str
        Codes or names.
    year : int or None
        Only this year; None for the newest year of each concept.
    progress : callable
        Called with a table's name; gives the callback for its rows.
    say : callable
        Called with sentences for the person who waits.

    Returns
    -------
    dict of str to str
        Name by code, in the order asked.

    Raises
    ------
    InputError
        For an unknown or shared name, a year without a table, or a service that fails while no
        snapshot can stand in.
    """
    catalogue = read_catalogue(edition.catalogue)
    sources = of_theme(catalogue, THEME)
    if year is not None:
        source = of_year(catalogue, THEME, year)
        return _named(asked, _release(edition, source, sources, asked, progress))
    return _newest(edition, sources, asked, progress, say)


def pull_years(
    edition: Edition, asked: Sequence[str], year: int | None, progress, say: Say
) -> dict[str, str]:
    """Fetch anew what the service has changed since, then prepare as for a report."""
    catalogue = read_catalogue(edition.catalogue)
    sources = of_theme(catalogue, THEME)
    records = pull.service_tables(edition, sources, refresh=True)
    wanted = (
        [of_year(catalogue, THEME, year)] if year else [s for s in sources if s.table in records]
    )
    if wanted:
        # Only in the newest: a gemeente of this year may be unknown in an older one.
        _check_names_early(edition, wanted[0], records, asked)
    for source in wanted[: 1 if year else LOOK_BACK]:
        done = pull.pull_table(edition, source, records.get(source.table), progress(source.table))
        state = "opgehaald" if done.fetched else "al in huis"
        say(f"{source.title} ({source.table}): {done.snapshot.rows} gebieden, {state}.")
    return prepare(edition, asked, year, progress, say) if asked else {}


def read_list(file: Path) -> list[str]:
    """Return the gemeenten in a text file: one a line; empty lines and # notes are passed over."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"De lijst {file} kan niet worden gelezen als tekst (UTF-8).") from error
    named = [line.split("#")[0].strip() for line in lines]
    if not any(named):
        raise InputError(f"De lijst {file} noemt geen gemeente; zet er een per regel.")
    return [name for name in named if name]


def _newest(edition, sources, asked, progress, say) -> dict[str, str]:
    listed = None
    named: dict[str, str] = {}
    looked = 0
    for source in sources:
        stored = stored_releases(edition, source.year)
        if stored:
            release = stored[0]
        else:
            if listed is None:
                listed = _listed(edition, sources, say)
            if source.table not in listed or looked >= LOOK_BACK:
                continue
            # Names are looked up in the newest table; in an older one a gemeente may have
            # another name or not exist yet.
            unknown = () if named else asked
            release = _try_release(edition, source, sources, unknown, progress, say)
            if release is None:
                # Every further question would be waited for in vain as well.
                listed = {}
                continue
        looked += 1
        if not named:
            named = _named(asked, release)
        if looked >= LOOK_BACK or all(
            not _wanting(stored_releases(edition), code) for code in named
        ):
            break
    if not named:
        raise InputError(
            "Er is geen tabel in huis en de dienst geeft er geen; probeer het later, of geef met "
            "--statline een ander adres."
        )
    return named


def _listed(edition, sources, say) -> dict:
    try:
        return pull.service_tables(edition, sources, refresh=False)
    except ServiceError as error:
        if not stored_releases(edition):
            raise
        say(f"{error} Het rapport wordt gemaakt met wat in huis is.")
        return {}


def _try_release(edition, source, sources, asked, progress, say) -> Release | None:
    """Fetch a further year; when the service fails, go on with what there is, and say so."""
    have = stored_releases(edition)
    try:
        return _release(edition, source, sources, asked, progress)
    except (ServiceError, TableMissingError) as error:
        if not have:
            raise
        say(f"{error} Het rapport wordt gemaakt met wat in huis is.")
        return None


def _release(edition, source: Source, sources, asked, progress) -> Release:
    stored = stored_releases(edition, source.year)
    if not stored:
        records = pull.service_tables(edition, sources, refresh=False)
        _check_names_early(edition, source, records, asked)
        pull.stored_or_pulled(edition, source, sources, progress(source.table))
        stored = stored_releases(edition, source.year)
    return stored[0]


def _check_names_early(edition, source, records, asked) -> None:
    """Refuse a misspelt name before a large table is fetched: the list of regions is small."""
    if not asked or source.table not in records or stored_releases(edition, source.year):
        return
    found = statline.fetch_regions(pull.address_of(edition, source), source.table)
    names = pd.Series({str(r["Key"]).strip(): str(r["Title"]).strip() for r in found})
    names = names[regions.is_level(names.index.to_series(), "gemeente")]
    # Some tables give codes for titles; their names are known only from the table itself.
    if not names.eq(names.index).all():
        for name in asked:
            regions.find_gemeente(name, names)


def _named(asked: Sequence[str], release: Release) -> dict[str, str]:
    names = kerncijfers.gemeente_names(release)
    codes = [regions.find_gemeente(name, names) for name in asked]
    return {code: names[code] for code in dict.fromkeys(codes)}


def _wanting(releases: tuple[Release, ...], code: str) -> list[str]:
    """Return what a gemeente's report still lacks in these releases: themes and distances."""
    themes, distances = set(), set()
    for release in releases:
        rows = release.table[release.table["gm_code"].eq(code)]
        buurten = rows[regions.is_level(rows.index.to_series(), "buurt")]
        filled = {c for c in buurten.columns if buurten[c].notna().any()}
        themes |= {g.theme for g in GROUPS if filled.issuperset(c for c in g.columns if c)}
        distances |= filled & set(_DISTANCES)
    missing = [theme for theme in (*SOCIO_ECONOMIC, "herkomst", "leeftijd") if theme not in themes]
    return missing + [d for d in _DISTANCES if d not in distances]
