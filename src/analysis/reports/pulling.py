"""What the word `pull` does: tables, maps and the files that a person brings, kept as snapshots."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.reports.prepare import pull_years
from analysis.sources import boundaries, facility_points, pdok
from analysis.sources.bring import bring
from analysis.sources.catalogue import of_theme, read_catalogue
from analysis.sources.edition import Edition
from analysis.sources.snapshot import Snapshot

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
    """

    gemeenten: tuple[str, ...] = ()
    year: int | None = None
    boundaries: tuple[Path, ...] = ()
    facilities: tuple[Path, ...] = ()
    brought: tuple[Path, ...] = ()
    maps: bool = False

    @property
    def asks_tables(self) -> bool:
        """Whether Kerncijfers are fetched: for a gemeente, or where nothing else is asked."""
        other = self.boundaries or self.facilities or self.brought or self.maps
        return bool(self.gemeenten) or not other


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
        kind = facility_points.STORED_AS[stored.name]
        say(f"{kind[:1].upper()}{kind[1:]}: {stored.rows} punten bewaard.")
        _say_unmatched(stored, say)
    for file in order.brought:
        kind, rows = bring(edition, file, order.year)
        say(f"{file.name}: {kind}, {rows} rijen bewaard.")
        if kind == facility_points.STORED_AS[facility_points.NAME]:
            _say_unmatched(facility_points.brought_last(edition.raw), say)
    if order.maps:
        _pull_maps(edition, order.year, progress, say)
    if order.asks_tables:
        named = pull_years(edition, list(order.gemeenten), order.year, progress, say)
        if named:
            say(f"Klaar voor een rapport zonder netwerk: {', '.join(named.values())}.")


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
