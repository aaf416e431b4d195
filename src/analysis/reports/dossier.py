"""Everything that a notebook needs about one gemeente, read from snapshots only."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pandas as pd
import shapely

from analysis.evidence.frame import join
from analysis.figures.figure import Figure
from analysis.figures.wording import date_nl
from analysis.reports.absent import Absent
from analysis.sources import boundaries, downloads, facility_points, kerncijfers, regions
from analysis.sources.boundaries import Boundaries
from analysis.sources.codebook import Concept, read_codebook
from analysis.sources.edition import Edition, cbs_edition, example_edition, project_root
from analysis.sources.errors import InputError
from analysis.sources.own_areas import OwnAreas, own_areas, own_outlines, own_reasons
from analysis.sources.region_names import with_names
from analysis.sources.regions import LEVELS, OWN_LEVEL
from analysis.sources.stored import THEME, Release, known_names, region_table, stored_releases
from analysis.sources.stored_crosswalk import StoredCrosswalk, stored_crosswalk

__all__ = ["THEME", "Dossier", "Release", "edition_of", "known_names", "one_source",
           "open_dossier", "stored_releases"]  # fmt: skip

T = TypeVar("T")


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
    own : dict
        The own areas by year, as far as they were asked for.
    compared : tuple of str
        Codes of the gemeenten that the reader chose to compare with, itself not among them.
    kept : dict
        What was read once and asked for again; see `keep`.
    """

    edition: Edition
    code: str
    name: str
    codebook: dict[str, Concept]
    releases: tuple[Release, ...]
    shown: list[pd.DataFrame] = field(default_factory=list)
    own: dict[int, OwnAreas | Absent | None] = field(default_factory=dict)
    compared: tuple[str, ...] = ()
    kept: dict[tuple[object, ...], object] = field(default_factory=dict)

    @property
    def newest(self) -> Release:
        """The release of the newest year."""
        return self.releases[0]

    @property
    def years(self) -> list[int]:
        """The years of the releases, oldest first."""
        return sorted(release.year for release in self.releases)

    def newest_with(self, concepts: Iterable[str], level: str = "buurt") -> Release | None:
        """Return the newest release in which all concepts have a figure here, or None."""
        wanted = list(concepts)
        for release in self.releases:
            if level == OWN_LEVEL and level not in self.levels(release):
                continue
            table = self.regions(release, level)
            if all(c in table and table[c].notna().any() for c in wanted):
                return release
        return None

    def levels(self, release: Release) -> tuple[str, ...]:
        """Return the levels that a release has here; own areas too, where they can be made."""
        own = self.own_areas(release)
        return (*LEVELS, OWN_LEVEL) if isinstance(own, OwnAreas) else LEVELS

    def own_areas(self, release: Release) -> OwnAreas | Absent | None:
        """Return the gemeente's own areas in a year, why they cannot be made, or None."""
        if release.year not in self.own:
            try:
                found = own_areas(self.edition, self.code, release.year, self.codebook)
            except InputError as error:
                found = Absent(str(error))
            self.own[release.year] = found
        return self.own[release.year]

    def regions(self, release: Release, level: str) -> pd.DataFrame:
        """Return this gemeente's region table of one level.

        Raises
        ------
        InputError
            When the level does not exist, or own areas cannot be made of this release.
        """
        if level == OWN_LEVEL:
            return self._own(release).figures.table
        kept = self.keep(
            ("regions", release.year, level),
            lambda: with_names(self._table(release, level), self._names(release, level)),
        )
        # Asked for thousands of times, and each who asks may add columns to it.
        return kept.copy(deep=False)

    def _table(self, release: Release, level: str) -> pd.DataFrame:
        return kerncijfers.of_gemeente(region_table(release, level), self.code)

    def _names(self, release: Release, level: str) -> Iterator[pd.Series]:
        """Yield the names of this gemeente's regions in the other years, the nearest first."""
        others = [other for other in self.releases if other.year != release.year]
        for other in sorted(others, key=lambda one: abs(one.year - release.year)):
            yield self._table(other, level)["region_name"]

    def reasons(self, release: Release, level: str, concepts: list[str]) -> pd.DataFrame:
        """Say why the figures of this gemeente's regions are missing, '' where they are known."""
        if level == OWN_LEVEL:
            return own_reasons(self._own(release), release, concepts)
        return kerncijfers.holes(release, self.regions(release, level), concepts)

    def _own(self, release: Release) -> OwnAreas:
        own = self.own_areas(release)
        if isinstance(own, OwnAreas):
            return own
        raise InputError(own.sentence if own else f"Van {self.name} zijn er geen eigen gebieden.")

    def names(self) -> pd.Series:
        """Return this gemeente's name by its code."""
        return pd.Series({self.code: self.name})

    def boundaries(self, release: Release, level: str) -> Boundaries | None:
        """Return the boundaries that suit a release, or None when there are none that do."""
        return self.keep(("boundaries", release.year, level), lambda: self._drawn(release, level))

    def _drawn(self, release: Release, level: str) -> Boundaries | None:
        if level == OWN_LEVEL:
            return own_outlines(self.edition, self.code, release.year, self._own(release))
        everywhere = kerncijfers.all_regions(release, level, self.code)
        found = boundaries.read(self.edition.raw, level, self.code, release.year, everywhere)
        return found if found and len(found.places) else None

    def crosswalk(self, level: str, year_from: int, year_to: int) -> StoredCrosswalk:
        """Say which regions are made of which of another year; see `stored_crosswalk`."""
        return self.keep(
            ("crosswalk", level, year_from, year_to),
            lambda: stored_crosswalk(self.edition, self.code, level, year_from, year_to),
        )

    def points(
        self, outline: shapely.Geometry | None = None
    ) -> facility_points.FacilityPoints | None:
        """Return the facility points that are stored, counted within an outline, or None."""
        return facility_points.read(self.edition.raw, outline)

    def source_line(self, release: Release) -> str:
        """Return the source line of figures from one release."""
        source, changed = release.source, release.snapshot.modified
        when = f", bijgewerkt {date_nl(changed)}" if changed else ""
        by = "" if source.title.startswith(source.publisher) else f"{source.publisher}, "
        if file := downloads.source_note(release.snapshot):
            when = f", {file}"
        return f"Bron: {by}{source.title} (tabel {source.table}{when}); eigen bewerking."

    def keep(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what `make` gave when this was first asked for: the files are read once.

        Parameters
        ----------
        key : tuple
            What it is; it begins with a word of whoever asks.
        make : callable
            Without arguments. What it returns is shared by all who ask: change nothing of it.
        """
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

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
    gemeente: str,
    *,
    year: int | None = None,
    edition: str = "cbs",
    raw: str = "",
    compare: str = "",
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
    compare : str, optional
        Names or codes of gemeenten to compare with, with commas between.

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
    asked = [regions.find_gemeente(one.strip(), names) for one in compare.split(",") if one.strip()]
    compared = tuple(dict.fromkeys(one for one in asked if one != code))
    codebook = read_codebook(chosen.codebook)
    return Dossier(chosen, code, names[code], codebook, here, compared=compared)
