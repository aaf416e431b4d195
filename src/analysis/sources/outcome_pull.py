"""Outcomes from the live service: one year and one member of every other dimension, kept.

The tables hold several years, age groups, margins and kinds of crime: a whole one has hundreds of
thousands of rows, of which a report needs one per region.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from analysis.sources import snapshot, statline
from analysis.sources.catalogue import Source, of_theme
from analysis.sources.codebook import plain
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError, ServiceError
from analysis.sources.outcome_files import SOURCES, read_stored, snapshot_name, stored_years
from analysis.sources.outcome_form import PERIOD
from analysis.sources.outcome_release import OutcomeRelease
from analysis.sources.outcomes import Outcome
from analysis.sources.pull import Pulled, address_of
from analysis.sources.transport import USUAL_PATIENCE, Patience

# Tables in StatLine's form; of the others a person downloads the file.
SERVED = ("ses_woa", "gezondheid", "misdrijven")


def source_of(catalogue: tuple[Source, ...], theme: str, year: int) -> Source:
    """Return the table that has a year: the first one that was published for it or later.

    A table gives earlier years too, on its own division into regions.

    Raises
    ------
    InputError
        When every table of the theme ends before that year.
    """
    sources = sorted(of_theme(catalogue, theme), key=lambda source: source.year)
    for source in sources:
        if source.year >= year:
            return source
    told = f"; de nieuwste is van {sources[-1].year}" if sources else ""
    raise InputError(
        f"Voor {year} staat geen tabel van '{theme}' in data/catalogue.csv{told}; voeg die daar "
        "toe of kies een eerder jaar."
    )


def pull_outcomes(
    edition: Edition,
    source: Source,
    year: int,
    progress: Callable[[int, int | None], None] | None = None,
    patience: Patience = USUAL_PATIENCE,
) -> Pulled:
    """Fetch one year of a table of outcomes and keep it, unless this release is kept already.

    Parameters
    ----------
    edition : Edition
    source : Source
        A row of the catalogue with one of the themes of `SERVED`.
    year : int
    progress : callable, optional
        Called with rows fetched and rows expected.
    patience : Patience, optional
        Limits to the waiting.

    Raises
    ------
    InputError
        When the source is no table of the service, the year is not in it, or it has a dimension
        of which it is not known what to ask.
    TableMissingError, ServiceError
        When the service does not have the table or does not answer as it should.
    """
    if source.theme not in SERVED:
        raise InputError(
            f"{source.title} is alleen als bestand te krijgen; download het en geef het met "
            "'pull --from BESTAND'."
        )
    address = address_of(edition, source)
    record = statline.list_tables(address, [source.table], patience).get(source.table, {})
    name = snapshot_name(source.theme, year)
    stored = snapshot.newest(edition.raw, name)
    if stored and record.get("Modified") and stored.modified == record["Modified"]:
        return Pulled(source, stored, fetched=False)
    only = _members(address, source, year, patience)
    answer = statline.fetch(address, source.table, None, progress, patience, only=only)
    return Pulled(source, snapshot.write_table(edition.raw, replace(answer, table=name)), True)


def years_of_table(
    edition: Edition, source: Source, patience: Patience = USUAL_PATIENCE
) -> tuple[int, ...]:
    """Return the whole years that a table of the service has, oldest first.

    Raises
    ------
    ServiceError
        When it says none, or the service does not answer as it should.
    """
    address = address_of(edition, source)
    for record in statline.fetch_set(address, source.table, "DataProperties", patience):
        if plain(str(record.get("Key"))) == PERIOD and record.get("Type") != "Topic":
            members = statline.fetch_set(address, source.table, str(record["Key"]), patience)
            if years := _whole_years(members):
                return tuple(sorted(map(int, years)))
    raise ServiceError(f"Tabel {source.table} zegt niet over welke jaren hij gaat.")


def read_outcomes_of(
    edition: Edition, theme: str, year: int, outcomes: Mapping[str, Outcome]
) -> OutcomeRelease:
    """Return the outcomes of a theme and year from the newest snapshot, file or answer.

    Raises
    ------
    InputError
        When there is none; the sentence lists the years at hand.
    """
    stored = snapshot.newest(edition.raw, snapshot_name(theme, year))
    if stored is None:
        years = ", ".join(map(str, stored_years(edition.raw, theme)))
        at_hand = f"; wel in huis: {years}" if years else ""
        raise InputError(
            f"Van '{theme}' is {year} niet opgehaald{at_hand}; haal het op met 'pull' of geef een "
            "bestand met 'pull --from BESTAND'."
        )
    return read_stored(stored, theme, year, outcomes)


def read_outcomes_with(
    edition: Edition, theme: str, year: int, outcomes: Mapping[str, Outcome], gm_code: str
) -> OutcomeRelease | None:
    """Return the newest stored outcomes of a theme and year that have a gemeente, or None.

    A file that a person brought may hold one gemeente only; for the others an older one serves.

    Raises
    ------
    InputError
        When one that may have it cannot be read.
    """
    for stored in snapshot.releases(edition.raw, snapshot_name(theme, year)):
        release = read_stored(stored, theme, year, outcomes)
        if release.table["gm_code"].eq(gm_code).any():
            return release
    return None


def _members(address: str, source: Source, year: int, patience: Patience) -> dict[str, str]:
    """Return for every dimension but the regions the key of the member to ask."""
    properties = statline.fetch_set(address, source.table, "DataProperties", patience)
    wanted = {plain(dimension): names for dimension, names in SOURCES[source.theme].MEMBERS.items()}
    only = {}
    for record in properties:
        if record.get("Type") not in ("Dimension", "TimeDimension"):
            continue
        dimension = str(record.get("Key"))
        members = statline.fetch_set(address, source.table, dimension, patience)
        if plain(dimension) == PERIOD:
            only[dimension] = _period(source, year, members)
            continue
        names = wanted.get(plain(dimension), ())
        fits = [one for one in members if _called(one) & set(names)]
        if len(fits) != 1:
            raise InputError(
                f"Tabel {source.table} heeft een onderdeel {dimension} waarvan niet bekend is wat "
                "er te vragen valt; download de cijfers van StatLine en geef ze met 'pull --from'."
            )
        only[dimension] = fits[0]["Key"]
    if not any(plain(dimension) == PERIOD for dimension in only):
        raise ServiceError(f"Tabel {source.table} zegt niet over welke jaren hij gaat.")
    return only


def _called(member: dict) -> set[str]:
    return {plain(member.get("Key", "")), plain(member.get("Title", ""))}


def _period(source: Source, year: int, members: list[dict]) -> str:
    years = _whole_years(members)
    if str(year) not in years:
        raise InputError(
            f"Tabel {source.table} heeft {year} niet; kies uit {', '.join(sorted(years))}."
        )
    return years[str(year)]


def _whole_years(members: list[dict]) -> dict[str, str]:
    keys = [str(one.get("Key")) for one in members]
    return {key.strip()[:4]: key for key in keys if re.fullmatch(r"\d{4}JJ00", key.strip())}
