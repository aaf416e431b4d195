"""Everything that a notebook needs about one gemeente, read from snapshots only."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis.evidence.frame import join
from analysis.figures.figure import Figure
from analysis.figures.wording import date_nl
from analysis.sources import boundaries, downloads, facility_points, kerncijfers, regions, snapshot
from analysis.sources.catalogue import of_theme, read_catalogue
from analysis.sources.codebook import Concept, read_codebook
from analysis.sources.contents import is_brought
from analysis.sources.edition import Edition, cbs_edition, example_edition, project_root
from analysis.sources.errors import InputError

THEME = "kerncijfers"
Release = kerncijfers.Release


@dataclass
class Dossier:
    """One gemeente: its releases, newest first, and what has been shown of them.

    Attributes
    ----------
    edition : Edition
    code, name : str
    codebook : dict of str to Concept
    releases : tuple of Release
        Every stored year that has this gemeente, or only the year that was asked for.
    shown : list of DataFrame
        The evidence rows of every figure shown so far.
    """

    edition: Edition
    code: str
    name: str
    codebook: dict[str, Concept]
    releases: tuple[Release, ...]
    shown: list[pd.DataFrame] = field(default_factory=list)

    @property
    def newest(self) -> Release:
        """The release of the newest year."""
        return self.releases[0]

    def newest_with(self, concepts: Iterable[str], level: str = "buurt") -> Release | None:
        """Return the newest release in which all concepts have a figure here, or None."""
        wanted = list(concepts)
        for release in self.releases:
            table = self.regions(release, level)
            if all(c in table and table[c].notna().any() for c in wanted):
                return release
        return None

    def regions(self, release: Release, level: str) -> pd.DataFrame:
        """Return this gemeente's region table of one level."""
        return kerncijfers.of_gemeente(_region_table(release, level), self.code)

    def names(self) -> pd.Series:
        """Return this gemeente's name by its code."""
        return pd.Series({self.code: self.name})

    def boundaries(self, release: Release, level: str) -> boundaries.Boundaries | None:
        """Return the boundaries that suit a release, or None when there are none that do."""
        everywhere = kerncijfers.all_regions(release, level, self.code)
        found = boundaries.read(self.edition.raw, level, self.code, release.year, everywhere)
        return found if found and len(found.places) else None

    def points(self) -> facility_points.FacilityPoints | None:
        """Return the facility points that were brought, or None."""
        return facility_points.read(self.edition.raw)

    def source_line(self, release: Release) -> str:
        """Return the source line of figures from one release."""
        source, changed = release.source, release.snapshot.modified
        when = f", bijgewerkt {date_nl(changed)}" if changed else ""
        by = "" if source.title.startswith(source.publisher) else f"{source.publisher}, "
        if file := downloads.source_note(release.snapshot):
            when = f", {file}"
        return f"Bron: {by}{source.title} (tabel {source.table}{when}); eigen bewerking."

    def show(self, figure: Figure) -> Figure:
        """Remember the evidence rows of a figure and hand it on to be displayed."""
        self.shown.append(figure.rows)
        return figure

    def close(self, chapter: str, folder: str) -> None:
        """Write the rows shown in a chapter for the report that is being built, if one is."""
        if not folder:
            return
        try:
            join(self.shown).to_parquet(Path(folder) / f"{chapter}.parquet", index=False)
        except OSError as error:
            raise InputError(
                f"De getallen van {chapter} kunnen niet worden geschreven in {folder} "
                f"({error.strerror or error}); maak ruimte of geef met --uit een andere map."
            ) from error


def one_source(lines: Iterable[str]) -> str:
    """Return several source lines as one: each table once, the words around them once."""
    begin, end = "Bron: ", "; eigen bewerking."
    different = list(dict.fromkeys(lines))
    if len(different) == 1:
        return different[0]
    tables = [line.removeprefix(begin).removesuffix(end) for line in different]
    return f"{begin}{' / '.join(tables)}{end}"


def edition_of(name: str, raw: str = "", address: str = "") -> Edition:
    """Return the edition called 'voorbeeld' or 'cbs'."""
    folder = Path(raw) if raw else None
    if name == "voorbeeld":
        return example_edition(project_root(), folder)
    if name == "cbs":
        return cbs_edition(project_root(), folder, address or None)
    raise InputError(f"Er is geen bron '{name}'; kies 'cbs' of 'voorbeeld'.")


def open_dossier(
    gemeente: str, *, year: int | None = None, edition: str = "cbs", raw: str = ""
) -> Dossier:
    """Open the snapshots of one gemeente; the network is not asked.

    Parameters
    ----------
    gemeente : str
        Code or name.
    year : int, optional
        Only this year; without it every stored year, the newest first per concept.
    edition : {'cbs', 'voorbeeld'}
    raw : str, optional
        Another folder of snapshots.

    Raises
    ------
    InputError
        When there is no snapshot of the year, or no such gemeente in it.
    """
    chosen = edition_of(edition, raw)
    releases = stored_releases(chosen, year)
    if not releases:
        said = f"Van {year} is" if year else "Er is nog"
        raise InputError(f"{said} niets opgehaald; doe eerst 'pull' of 'report' met netwerk.")
    names = known_names(releases)
    code = regions.find_gemeente(gemeente, names)
    own = stored_releases(chosen, year, code)
    here = tuple(r for r in own if code in kerncijfers.gemeente_names(r).index)
    return Dossier(chosen, code, names[code], read_codebook(chosen.codebook), here)


def known_names(releases: tuple[Release, ...]) -> pd.Series:
    """Return the names of gemeenten by code, as the newest table of the whole country has them.

    Where only files of single gemeenten were brought, the names are theirs.
    """
    national = [release for release in releases if not is_brought(release.snapshot)]
    if national:
        return kerncijfers.gemeente_names(national[0])
    names = pd.concat([kerncijfers.gemeente_names(release) for release in releases])
    return names[~names.index.duplicated()]


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
    found = []
    for source in of_theme(read_catalogue(edition.catalogue), THEME):
        if year not in (None, source.year):
            continue
        kept = snapshot.releases(edition.raw, source.table)
        if code:
            stored = downloads.newest_with(edition.raw, source.table, code)
        else:
            stored = next((s for s in kept if not is_brought(s)), kept[0] if kept else None)
        if stored:
            found.append(_read(stored.folder, source, edition.codebook))
    return tuple(found)


# A kernel that is kept builds many reports from the same snapshots, which never change. The
# checksum of a snapshot is in its folder's name, so a new release is another key.
@functools.cache
def _read(folder, source, codebook) -> Release:
    return kerncijfers.read_release(snapshot.read(folder), source, read_codebook(codebook))


_tables: dict[tuple, pd.DataFrame] = {}


def _region_table(release: Release, level: str) -> pd.DataFrame:
    key = (release.snapshot.folder, level)
    if key not in _tables:
        _tables[key] = kerncijfers.region_table(release, level)
    return _tables[key]
