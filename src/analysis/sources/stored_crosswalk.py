"""The crosswalk of one gemeente between two years, with whatever is in store to make it from.

That is the flags of the tables in between, the outlines of both years, and CBS's address files.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.sources import addresses, boundaries, kerncijfers
from analysis.sources.change_flags import flags_between
from analysis.sources.crosswalk import crosswalk
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import Release
from analysis.sources.stored import gemeente_releases

_FLAG = "boundary_change"


@dataclass(frozen=True)
class StoredCrosswalk:
    """A crosswalk, and what was not there to make it better.

    Attributes
    ----------
    flows : DataFrame
        From `crosswalk`.
    without : tuple of int
        Years in between of which no table is in store, where that decides; else empty.
    """

    flows: pd.DataFrame
    without: tuple[int, ...]


def stored_crosswalk(
    edition: Edition,
    code: str,
    level: str,
    year_from: int,
    year_to: int,
    *,
    everywhere: bool = False,
) -> StoredCrosswalk:
    """Say which regions of a gemeente are made of which of another year.

    Parameters
    ----------
    edition : Edition
    code : str
        Of the gemeente.
    level : {'gemeente', 'wijk', 'buurt'}
    year_from, year_to : int
        Years in store, in either order.
    everywhere : bool, optional
        Also regions where nobody lives: to see which are the same, not to convert figures, for
        such a region would get people by its ground.

    Raises
    ------
    InputError
        When one of the tables is not in store, or does not have the gemeente.
    """
    between = range(min(year_from, year_to), max(year_from, year_to) + 1)
    releases = gemeente_releases(edition, code, between)
    first, second = (
        _regions(releases, code, level, year, everywhere) for year in (year_from, year_to)
    )
    # A table without this gemeente says nothing of it: it is no table of an absent region.
    tables = {y: r.table for y, r in releases.items() if _FLAG in r.table and len(r.table)}
    flags = flags_between(tables, year_from, year_to)
    outlines = [_outlines(edition, code, level, year) for year in (year_from, year_to)]
    if any(one is None for one in outlines) or year_from == year_to:
        outlines = [None, None]
    moves = None
    if year_from != year_to:
        moves = addresses.stored_moves(edition.raw, year_from, year_to, level, code)
    flows = crosswalk(first, second, flags, *outlines, moves)
    gap = [year for year, known in flags.items() if known is None]
    return StoredCrosswalk(flows, tuple(gap) if outlines[0] is None else ())


def _regions(
    releases: dict[int, Release], code: str, level: str, year: int, everywhere: bool
) -> pd.DataFrame:
    if year not in releases:
        raise InputError(
            f"Van {year} is er geen tabel in huis om mee te vergelijken; haal hem op met 'pull "
            f"--jaar {year}'."
        )
    found = kerncijfers.all_regions(releases[year], level, code)
    if found.empty:
        raise InputError(
            f"In de tabel van {year} staat geen {level} van {code}; de gemeente bestond dan niet, "
            "of het bestand is van een andere gemeente."
        )
    dropped = kerncijfers.dropped_regions(releases[year], level)["reason"]
    if not everywhere:
        return found.loc[found.index.difference(dropped.index, sort=False), ["inhabitants"]]
    nobody = dropped.index[dropped.eq(kerncijfers.UNINHABITED)]
    people = found["inhabitants"].mask(found.index.isin(nobody), 0.0)
    return people.to_frame()


def _outlines(edition: Edition, code: str, level: str, year: int):
    drawn = boundaries.drawn(edition.raw, level, code, year)
    # Outlines of another year say nothing of where a region of this year lies.
    return drawn.places if drawn is not None and drawn.year == year else None
