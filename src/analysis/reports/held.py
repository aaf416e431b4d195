"""What is held of one gemeente beside Kerncijfers: Nabijheid, outcomes, and what is no table.

Each is read from its snapshot. What cannot be read is a sentence, and the others go on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.reports.dossier import Dossier
from analysis.sources import (
    boundaries,
    buildings,
    downloads,
    facility_points,
    grid,
    kerncijfers,
    network,
    outcome_files,
    proximity,
    regions,
    snapshot,
    own_norms,
    zoning,
)
from analysis.sources.catalogue import of_theme, read_catalogue
from analysis.sources.codebook import Concept
from analysis.sources.errors import InputError
from analysis.sources.outcome_pull import read_outcomes_with
from analysis.sources.outcome_release import outcome_reasons, outcome_table
from analysis.sources.outcomes import meanings, read_outcomes
from analysis.sources.outcomes import of_theme as outcomes_of

SOURCES_NL = {
    "kerncijfers": "Kerncijfers",
    "nabijheid": "Nabijheid voorzieningen",
    "ses_woa": "SES-WOA",
    "gezondheid": "Gezondheid (RIVM)",
    "misdrijven": "Misdrijven (politie)",
    "leefbaarometer": "Leefbaarometer",
}
FILES_NL = "Kaarten en andere bestanden"
UNREADABLE_NL = "Niet te lezen"
# Why a region can be without a figure, in the order in which it is told.
REASONS = (
    "not_published",
    "not_in_file",
    "suppressed",
    "below_threshold",
    "not_comparable",
    "no_denominator",
    "not_convertible",
    "does_not_exist",
    "uninhabited",
    "no_population",
)


@dataclass(frozen=True)
class Held:
    """The regions of one gemeente, level, year and source.

    Attributes
    ----------
    source : str
        Dutch name of the statistic.
    year : int
    level : str
    concepts : dict of str to Concept
        What the statistic can have.
    why : DataFrame of str
        Index region_code, a column per concept: why its figure is missing, '' where it is known.
    people : Series of float, or None
        Inhabitants on the same index, NaN where nobody lives; None where they are not known.
    """

    source: str
    year: int
    level: str
    concepts: dict[str, Concept]
    why: pd.DataFrame
    people: pd.Series | None


def held_tables(dossier: Dossier) -> tuple[list[Held], list[str]]:
    """Return what is held of Nabijheid and outcomes, and a sentence for what cannot be read.

    Parameters
    ----------
    dossier : Dossier

    Returns
    -------
    (list of Held, list of str)
    """
    found: list[Held] = []
    problems: list[str] = []
    for read in [*_proximities(dossier), *_outcomes(dossier)]:
        try:
            found += read()
        except InputError as error:
            problems.append(str(error))
    return found, problems


def people_of(dossier: Dossier, level: str, codes: pd.Index, year: int) -> pd.Series | None:
    """Return the inhabitants of regions, of the nearest year that has the same regions.

    Parameters
    ----------
    dossier : Dossier
    level : str
    codes : Index of str
        The regions of this gemeente in some table; its division may be of another year than its
        figures.
    year : int

    Returns
    -------
    Series of float, or None
        On `codes`, NaN where nobody lives; None where no stored year has all of them.
    """
    suited = []
    for release in dossier.releases:
        there = kerncijfers.all_regions(release, level, dossier.code)["inhabitants"]
        if codes.isin(there.index).all():
            # The very same regions first: a larger division may use a code for another place.
            suited.append((len(there) != len(codes), abs(release.year - year), there))
    if not suited:
        return None
    people = min(suited, key=lambda one: one[:2])[2].reindex(codes)
    return people.mask(people.eq(0))


def held_files(dossier: Dossier) -> pd.DataFrame:
    """Return what is stored of maps, points, grid, network and own areas.

    Returns
    -------
    DataFrame
        concept, label, year (missing where the file does not say), level, rows, file.
    """
    lines = []
    for stored in _stored(dossier, boundaries.NAME):
        if dossier.code not in stored.notes.get("gemeenten", "").split(","):
            continue
        for level in regions.LEVELS:
            if f"layer_{level}" in stored.notes:
                lines.append(("boundaries", "grenzen", level, stored))
    for stored in _stored(dossier, zoning.NAME):
        if stored.notes.get("gemeente") == dossier.code:
            lines.append(("own_zoning", "eigen indeling", "eigen", stored))
    for stored in _stored(dossier, own_norms.NAME):
        if stored.notes.get("gemeente") == dossier.code:
            lines.append(("own_norms", "eigen normen", "gemeente", stored))
    for stored in _stored(dossier, buildings.NAME):
        if stored.notes.get("gemeente") == dossier.code:
            lines.append(("buildings", "gebouwen (BAG)", "verblijfsobject", stored))
    for name in _names(dossier, facility_points.NAME):
        for stored in _stored(dossier, name)[:1]:
            lines.append(("facility_points", "voorzieningen", "punt", stored))
    for stored in _stored(dossier, grid.NAME):
        lines.append(("grid", f"vierkanten van {stored.notes['size']} m", "vierkant", stored))
    for stored in _stored(dossier, network.NAME)[:1]:
        lines.append(("walking_network", "wandelnetwerk", "lijn", stored))
    rows = [
        {
            "concept": concept,
            "label": label,
            "year": int(stored.notes["year"]) if stored.notes.get("year", "").isdecimal() else None,
            "level": level,
            "rows": stored.rows,
            "file": next(iter(stored.files), ""),
        }
        for concept, label, level, stored in lines
    ]
    table = pd.DataFrame(rows, columns=["concept", "label", "year", "level", "rows", "file"])
    table = table.astype({"year": "Int64", "rows": "int64"})
    # The one that was brought last stands for the others of its year.
    return table.drop_duplicates(["concept", "label", "year", "level"], ignore_index=True)


def _proximities(dossier: Dossier) -> Iterator[Callable[[], list[Held]]]:
    edition = dossier.edition
    for source in of_theme(read_catalogue(edition.catalogue), proximity.THEME):
        stored = downloads.newest_with(edition.raw, source.table, dossier.code)
        if stored is not None:
            yield lambda stored=stored, source=source: _proximity(dossier, stored, source)


def _proximity(dossier: Dossier, stored, source) -> list[Held]:
    concepts = proximity.codebook(dossier.edition)
    figures = {name: one for name, one in concepts.items() if one.kind != "text"}
    release = proximity.read_release(stored, source, concepts)
    same = next((one for one in dossier.releases if one.year == source.year), None)
    found = []
    for level in regions.LEVELS:
        sizes = kerncijfers.all_regions(same, level, dossier.code) if same else None
        why = proximity.reasons(release, level, list(figures), sizes)
        why = why[proximity.region_table(release, level)["gm_code"].eq(dossier.code)]
        if len(why):
            people = people_of(dossier, level, why.index, source.year)
            found.append(Held(SOURCES_NL[source.theme], source.year, level, figures, why, people))
    return found


def _outcomes(dossier: Dossier) -> Iterator[Callable[[], list[Held]]]:
    for theme in (one for one in SOURCES_NL if one in outcome_files.SOURCES):
        for year in outcome_files.stored_years(dossier.edition.raw, theme):
            yield lambda theme=theme, year=year: _outcome(dossier, theme, year)


def _outcome(dossier: Dossier, theme: str, year: int) -> list[Held]:
    edition = dossier.edition
    outcomes = read_outcomes(edition.codebook.with_name("outcomes.csv"))
    release = read_outcomes_with(edition, theme, year, outcomes, dossier.code)
    if release is None:
        return []
    concepts = meanings(outcomes_of(outcomes, theme))
    found = []
    for level in regions.LEVELS:
        rows = outcome_table(release, level)
        rows = rows[rows["gm_code"].eq(dossier.code)]
        if len(rows):
            why = outcome_reasons(release, level).loc[rows.index]
            people = people_of(dossier, level, rows.index, year)
            found.append(Held(SOURCES_NL[theme], year, level, concepts, why, people))
    return found


def _stored(dossier: Dossier, name: str) -> list[snapshot.Snapshot]:
    """Return what is stored under a name, brought last first."""
    found = snapshot.releases(dossier.edition.raw, name)
    return sorted(found, key=lambda one: one.fetched_at, reverse=True)


def _names(dossier: Dossier, name: str) -> list[str]:
    """Return the names of snapshots that begin with a name: points have one per source."""
    raw = dossier.edition.raw
    return sorted(one.name for one in raw.glob(f"{name}*") if one.is_dir())
