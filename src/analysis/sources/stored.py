"""The tables of Kerncijfers that are in store: of each year the newest that serves a gemeente."""

import functools
from collections.abc import Iterable

import pandas as pd

from analysis.sources import downloads, kerncijfers, regions, snapshot
from analysis.sources.catalogue import Source, of_theme, read_catalogue
from analysis.sources.codebook import Concept, match_columns, read_codebook
from analysis.sources.contents import cleaned, contents_of, is_brought
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import Release

THEME = "kerncijfers"


def stored_releases(
    edition: Edition, year: int | None = None, code: str = ""
) -> tuple[Release, ...]:
    """Return the newest stored release of every year (or of one), newest year first.

    Parameters
    ----------
    edition : Edition
    year : int, optional
    code : str, optional
        A gemeente: a file that was brought may hold it alone, and then goes before an older
        answer of the service. Without a gemeente such a file serves only where nothing else is.
    """
    return tuple(
        _read(stored.folder, source, edition.codebook)
        for source, stored in _in_store(edition, code)
        if year in (None, source.year)
    )


def known_names(releases: Iterable[Release]) -> pd.Series:
    """Return the names of gemeenten by code, as the newest table of the whole country has them.

    Where only files of single gemeenten were brought, the names are theirs.
    """
    releases = tuple(releases)
    national = [release for release in releases if not is_brought(release.snapshot)]
    if national:
        return kerncijfers.gemeente_names(national[0])
    names = pd.concat([kerncijfers.gemeente_names(release) for release in releases])
    return names[~names.index.duplicated()]


def stored_years(edition: Edition, code: str = "") -> tuple[int, ...]:
    """Return the years of which a table is in store, newest first."""
    return tuple(source.year for source, _ in _in_store(edition, code))


def gemeente_releases(
    edition: Edition, code: str, years: Iterable[int] | None = None
) -> dict[int, Release]:
    """Return the stored releases of one gemeente with its own rows only, newest year first.

    Parameters
    ----------
    edition : Edition
    code : str
    years : iterable of int, optional
        Only these; a year that is not in store is not in the answer.

    Returns
    -------
    dict of int to Release
        A year whose table does not have the gemeente has a release without rows.
    """
    wanted = None if years is None else set(years)
    return {
        source.year: _read(stored.folder, source, edition.codebook, code)
        for source, stored in _in_store(edition, code)
        if wanted is None or source.year in wanted
    }


def find_stored_gemeente(edition: Edition, asked: str) -> str:
    """Return the code of the gemeente that is meant, by the tables that are in store.

    Raises
    ------
    InputError
        When nothing is in store, or no table has a gemeente of this name (the sentence is that of
        the newest table).
    """
    refused = None
    if (
        regions.is_code(asked)
        and asked not in regions.NO_PLACE
        and any(
            len(_read(stored.folder, source, edition.codebook, asked).table)
            for source, stored in _in_store(edition, asked)
        )
    ):
        return asked
    for source, stored in _in_store(edition, ""):
        try:
            return regions.find_gemeente(asked, _names(stored.folder, source, edition.codebook))
        except InputError as error:
            # A gemeente may be gone since: an older table still has it.
            refused = refused or error
    if refused:
        raise refused
    raise InputError("Er is nog niets opgehaald; doe eerst 'pull' of 'report' met netwerk.")


def region_table(release: Release, level: str) -> pd.DataFrame:
    """Return the region table of a release, made once for as long as the process lives."""
    # A release may hold one gemeente's rows, which its first code tells.
    key = (release.snapshot.folder, release.source, level, *release.table.index[:1])
    if key not in _tables:
        _tables[key] = kerncijfers.region_table(release, level)
    return _tables[key]


_tables: dict[tuple, pd.DataFrame] = {}


def _in_store(edition: Edition, code: str) -> list[tuple[Source, snapshot.Snapshot]]:
    found = []
    for source in of_theme(read_catalogue(edition.catalogue), THEME):
        if code:
            stored = downloads.newest_with(edition.raw, source.table, code)
        else:
            kept = snapshot.releases(edition.raw, source.table)
            stored = next((s for s in kept if not is_brought(s)), kept[0] if kept else None)
        if stored:
            found.append((source, stored))
    return sorted(found, key=lambda pair: -pair[0].year)


# A kernel that is kept builds many reports from the same snapshots, which never change. The
# checksum of a snapshot is in its folder's name, so a new release is another key.
@functools.cache
def _read(folder, source: Source, codebook, gemeente: str = "") -> Release:
    stored = snapshot.read(folder)
    return kerncijfers.read_release(stored, source, _codebook(codebook), gemeente)


@functools.cache
def _names(folder, source: Source, codebook) -> pd.Series:
    concepts = _codebook(codebook)
    contents = contents_of(snapshot.read(folder), concepts, source.year, "GM0000")
    columns = match_columns(concepts, contents.properties, source.year, contents.name)
    needed = {name: columns[name] for name in ("region_code", "gm_name")}
    table = cleaned(contents, needed, concepts).set_index("region_code")
    names = table["gm_name"][regions.is_level(table.index.to_series(), "gemeente")]
    return names[~names.index.isin(regions.NO_PLACE)].dropna()


@functools.cache
def _codebook(path) -> dict[str, Concept]:
    return read_codebook(path)
