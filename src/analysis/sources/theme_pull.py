"""The other tables of the service, by theme: Nabijheid and outcomes, the newest year or one year.

Kerncijfers have their own way (`pull`): of those a report needs several years.
"""

from collections.abc import Callable

from analysis.sources import proximity, statline
from analysis.sources.catalogue import Source, of_theme, of_year, read_catalogue
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError, ServiceError, TableMissingError
from analysis.sources.outcome_files import SOURCES, read_stored
from analysis.sources.outcome_pull import SERVED, pull_outcomes, source_of, years_of_table
from analysis.sources.outcomes import read_outcomes
from analysis.sources.pull import Pulled, address_of, pull_table
from analysis.sources.transport import USUAL_PATIENCE, Patience

THEMES = (proximity.THEME, *SOURCES)
Progress = Callable[[str], Callable[[int, int | None], None] | None]
Say = Callable[[str], None]


def pull_theme(
    edition: Edition,
    theme: str,
    year: int | None,
    progress: Progress,
    say: Say,
    patience: Patience = USUAL_PATIENCE,
) -> tuple[Pulled, int]:
    """Fetch one year of a theme, keep it, and see whether it can be read.

    Parameters
    ----------
    edition : Edition
        Its address, where it has one, is asked for tables of every publisher.
    theme : str
        One of `THEMES`.
    year : int or None
        None takes the newest year that the service has and that can be read.
    progress : callable
        Called with a table's name; gives the callback for its rows.
    say : callable
        Called with sentences for the person who waits.
    patience : Patience, optional
        Limits to the waiting.

    Returns
    -------
    (Pulled, int)
        What became of the table, and the year of the figures.

    Raises
    ------
    InputError
        For an unknown theme, one that is given as a file only, or a year without a table; also
        when the answer cannot be read: it is kept then, for it is what was published.
    TableMissingError, ServiceError
        When the service does not have the table or does not answer as it should.
    """
    if theme not in THEMES:
        raise InputError(f"Er is geen thema '{theme}'; kies uit {', '.join(THEMES)}.")
    catalogue = read_catalogue(edition.catalogue)
    if theme != proximity.THEME and theme not in SERVED:
        # The same sentence as for one table, before anything is asked.
        pull_outcomes(edition, of_theme(catalogue, theme)[0], year or 0)
    if year is not None:
        one = of_year if theme == proximity.THEME else _source_of
        return _pulled(edition, one(catalogue, theme, year), year, progress, say, patience)
    refused: InputError | None = None
    for source in _listed(edition, of_theme(catalogue, theme), patience):
        try:
            return _pulled(edition, source, None, progress, say, patience)
        except (TableMissingError, ServiceError):
            raise
        except InputError as error:
            # A new table may be empty still: an older year serves then, and it is said.
            refused = error
            say(f"{error} Daarom wordt een ouder jaar geprobeerd.")
    raise refused or TableMissingError(
        f"De dienst heeft geen enkele tabel van '{theme}' die in data/catalogue.csv staat; geef "
        "een bestand met 'pull --from BESTAND'."
    )


def _source_of(catalogue: tuple[Source, ...], theme: str, year: int) -> Source:
    return source_of(catalogue, theme, year)


def _pulled(edition, source, year, progress, say, patience) -> tuple[Pulled, int]:
    watch = progress(source.table)
    if source.theme == proximity.THEME:
        address = address_of(edition, source)
        record = statline.list_tables(address, [source.table], patience).get(source.table)
        done, year = pull_table(edition, source, record, watch, patience), source.year
        rows = len(proximity.read_release(done.snapshot, source, proximity.codebook(edition)).table)
    else:
        year = year or max(years_of_table(edition, source, patience))
        done = pull_outcomes(edition, source, year, watch, patience)
        outcomes = read_outcomes(edition.codebook.with_name("outcomes.csv"))
        rows = len(read_stored(done.snapshot, source.theme, year, outcomes).table)
    state = "opgehaald" if done.fetched else "al in huis"
    named = source.title if source.table in source.title else f"{source.title} ({source.table})"
    say(f"{named}, cijfers van {year}: {rows} gebieden, {state}.")
    return done, year


def _listed(edition: Edition, sources: tuple[Source, ...], patience: Patience) -> list[Source]:
    """Return the sources that the service has, in their order."""
    found: set[str] = set()
    for address in sorted({address_of(edition, source) for source in sources}):
        wanted = [one.table for one in sources if address_of(edition, one) == address]
        found |= set(statline.list_tables(address, wanted, patience))
    return [source for source in sources if source.table in found]
