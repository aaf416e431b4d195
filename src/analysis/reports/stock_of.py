"""The units of buildings of a gemeente that were brought, and in which wijk or buurt each stands."""

from dataclasses import dataclass

import pandas as pd

from analysis.evidence.buildings import DWELLINGS, FLOOR, building_rows
from analysis.figures.wording import count, join_words
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release
from analysis.sources import buildings
from analysis.sources.building_uses import read_uses
from analysis.sources.facility_points import locate

_NONE = (
    "Geen gebouwen in huis: breng de verblijfsobjecten van de BAG mee met 'pull GEMEENTE --bag "
    "BESTAND'."
)
_NO_PLACES = (
    "Gebouwen zijn er wel, maar geen grenzen om te zien in welke {level} ze staan: breng die mee "
    "met 'pull --grenzen BESTAND'."
)


@dataclass(frozen=True)
class Stock:
    """What stands in each region of one level.

    Attributes
    ----------
    rows : DataFrame
        From `building_rows`.
    uses : DataFrame
        From `read_uses`.
    release : Release
        Whose regions these are.
    source : str
    notes : list of str
        What was left out of the file, and what could not be placed.
    """

    rows: pd.DataFrame
    uses: pd.DataFrame
    release: Release
    source: str
    notes: list[str]


def stock_of(dossier: Dossier, level: str, release: Release | None = None) -> Stock | Absent:
    """Return what stands in each region of a level of a release (the newest without one)."""
    chosen = release or dossier.newest
    return dossier.keep(("stock", level, chosen.year), lambda: _count(dossier, level, chosen))


def _count(dossier: Dossier, level: str, release: Release) -> Stock | Absent:
    found = buildings.read(dossier.edition.raw, dossier.code)
    if found is None:
        return Absent(_NONE)
    uses = read_uses(dossier.edition.codebook.with_name("building_uses.csv"))
    regions = dossier.regions(release, level)
    if level == "gemeente":
        inside = pd.Series(dossier.code, index=found.units.index)
    else:
        drawn = dossier.boundaries(release, level)
        if drawn is None:
            return Absent(_NO_PLACES.format(level=level))
        inside, _ = locate(found.units, drawn.places)
        # Where no boundary could be searched, nothing is known: no units are not none.
        regions = regions[regions.index.isin(drawn.places.index)]
    whose = dossier.edition.stamp or "Kadaster, BAG"
    source = f"{dossier.source_line(release)} Gebouwen: {whose} ({found.label})."
    rows = building_rows(
        found.units, inside, regions, list(uses.index[uses["kinds"].ne("")]),
        year=release.year, level=level, source=source,
    )  # fmt: skip
    return Stock(rows, uses, release, source, _notes(found, inside))


def dwellings_in(dossier: Dossier, level: str, release: Release, code: str) -> float | None:
    """Return the number of dwellings in a region by its units, or None where that is unknown."""
    stock = stock_of(dossier, level, release)
    if isinstance(stock, Absent):
        return None
    own = stock.rows[stock.rows["area_code"].eq(code) & stock.rows["measure"].eq(DWELLINGS)]
    known = own.loc[own["status"].eq("ok"), "value"]
    return float(known.iloc[0]) if len(known) else None


def floor_for(dossier: Dossier, level: str, release: Release, code: str) -> pd.Series | None:
    """Return per kind of facility all floor of the use that it would be registered under, in m2.

    A ceiling: a community centre stands among the cafes and churches of the same use. Its name is
    the source; None where no units were brought.
    """
    stock = stock_of(dossier, level, release)
    if isinstance(stock, Absent):
        return None
    own = stock.rows[stock.rows["area_code"].eq(code) & stock.rows["measure"].eq(FLOOR)]
    known = own[own["status"].eq("ok")].set_index("group")["value"]
    found = {
        kind: float(known[use])
        for use, kinds in stock.uses["kinds"].items()
        for kind in filter(None, kinds.split("|"))
        if use in known.index
    }
    return pd.Series(found, name=stock.source, dtype="float64")


def _notes(found: buildings.Buildings, inside: pd.Series) -> list[str]:
    left_out = dict(found.left_out)
    # A file of the whole country has millions of others; they say nothing of this gemeente.
    left_out.pop(buildings.ELSEWHERE, None)
    notes = []
    if left_out:
        listed = join_words([f"{count(n)} {why}" for why, n in sorted(left_out.items())])
        notes.append(f"Niet meegeteld uit het bestand: {listed}.")
    nowhere = int(inside.isna().sum())
    if nowhere:
        notes.append(f"In geen enkel gebied: {count(nowhere)} verblijfsobjecten.")
    return notes
