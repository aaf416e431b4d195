"""Chapter 3: what there is, how far it is, and how many there are for how many people."""

import geopandas as gpd
import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.local import published
from analysis.evidence.provision import ALL_KINDS, count_by_kind, densities
from analysis.evidence.provision import nearness as mean_distance_row
from analysis.figures import charts, claims
from analysis.figures.figure import Figure
from analysis.figures.wording import count, plural
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release
from analysis.reports.places import map_or_ranking
from analysis.sources.facility_points import FacilityPoints, locate

DISTANCES = (
    "supermarket_distance_km",
    "school_distance_km",
    "gp_distance_km",
    "daycare_distance_km",
)
_NO_POINTS = (
    "Geen voorzieningenpunten: breng een lijst mee met 'pull --voorzieningen BESTAND' (gpkg of "
    "geojson met een kolom 'soort')."
)
_NO_PLACES = (
    "Voorzieningenpunten zijn er wel, maar geen grenzen om te zien in welke wijk ze liggen: breng "
    "die mee met 'pull --grenzen BESTAND'."
)
# More kinds than this do not fit in one chart; the table has them all.
_KINDS_SHOWN = 10


def nearness(dossier: Dossier) -> Figure | Absent:
    """Return the mean distance over inhabitants per kind of facility, in its newest year."""
    tables = []
    for concept in DISTANCES:
        release = dossier.newest_with([concept])
        if release is None:
            continue
        source = dossier.source_line(release)
        tables.append(
            mean_distance_row(
                dossier.regions(release, "buurt"),
                concept,
                area_code=dossier.code,
                area_name=dossier.name,
                level="buurt",
                year=release.year,
                source=source,
                absent=release.absent,
            )
        )
    rows = join(tables)
    if rows.empty:
        return Absent("In de opgehaalde jaren zijn geen afstanden per buurt gepubliceerd.")
    labels = {concept: dossier.codebook[concept].label_nl for concept in DISTANCES}
    years = ", ".join(dict.fromkeys(rows["year"].astype("str")))
    claim = claims.nearest(rows, labels)
    sentence = f"Gemiddeld over alle inwoners van {dossier.name}, over de autoweg ({years})."
    return charts.value_bars(
        rows,
        labels=labels,
        claim=claim,
        sentence=sentence,
        source=" / ".join(dict.fromkeys(rows["source"])),
        alt=f"{claim}. {sentence}",
        value_label="gemiddelde afstand (km)",
        value_format="km",
        notes=[claims.resting_on(row) for _, row in rows.iterrows()][:1],
        stamp=dossier.edition.stamp,
    )


def distance_by_buurt(dossier: Dossier) -> Figure | Absent:
    """Return the distance to the first kind of facility that has figures, per buurt."""
    for concept in DISTANCES:
        release = dossier.newest_with([concept])
        if release:
            break
    else:
        return Absent("In de opgehaalde jaren zijn geen afstanden per buurt gepubliceerd.")
    source = dossier.source_line(release)
    settings = {"year": release.year, "source": source}
    rows = published(dossier.regions(release, "buurt"), concept, level="buurt", **settings)
    whole = published(dossier.regions(release, "gemeente"), concept, level="gemeente", **settings)
    label = dossier.codebook[concept].label_nl
    return map_or_ranking(
        dossier,
        release,
        rows,
        level="buurt",
        whole=whole,
        claim=claims.farthest(rows, whole.iloc[0], label),
        sentence=f"Gemiddelde afstand tot een {label} per buurt, volgens het CBS.",
        value_label=f"afstand tot een {label} (km)",
        value_format="km",
    )


def density_by_kind(dossier: Dossier) -> Figure | Absent:
    """Return facilities per 1,000 inhabitants per kind, for the whole gemeente."""
    located = _located(dossier)
    if isinstance(located, Absent):
        return located
    release, found, points = located
    source = _points_source(dossier, release, found)
    gemeente = dossier.regions(release, "gemeente")
    counted = count_by_kind(points.assign(gemeente=dossier.code), gemeente.index, "gemeente")
    rows = densities(gemeente, counted, level="gemeente", year=release.year, source=source)
    per_1000 = rows[rows["measure"].eq("density_per_1000")]
    whole = per_1000[per_1000["group"].eq(ALL_KINDS)].iloc[0]
    shown = per_1000[per_1000["group"].ne(ALL_KINDS)].head(_KINDS_SHOWN)
    claim = claims.density(whole, "voorzieningen")
    number = counted[ALL_KINDS].iloc[0]
    return charts.ranked_dots(
        shown.assign(area_name=shown["group"]).reset_index(drop=True),
        claim=claim,
        sentence=f"{count(number)} voorzieningen in de lijst liggen in {dossier.name}.",
        source=source,
        alt=f"{claim}. Stippen per soort met het interval dat bij het aantal hoort.",
        value_label="per 1.000 inwoners (met 95%-interval)",
        value_format="ratio",
        row_label="soort",
        notes=_points_notes(found, points, dossier),
        also_rows=rows,
        stamp=dossier.edition.stamp,
    )


def density_by_wijk(dossier: Dossier) -> Figure | Absent:
    """Return all facilities per 1,000 inhabitants per wijk, as a map with the points."""
    located = _located(dossier)
    if isinstance(located, Absent):
        return located
    release, found, points = located
    source = _points_source(dossier, release, found)
    wijken = dossier.regions(release, "wijk")
    counted = count_by_kind(points, wijken.index, "wijk_code")
    rows = densities(wijken, counted, level="wijk", year=release.year, source=source)
    total = rows[rows["group"].eq(ALL_KINDS) & rows["measure"].eq("density_per_1000")]
    gemeente = dossier.regions(release, "gemeente")
    whole = densities(
        gemeente,
        count_by_kind(points.assign(gemeente=dossier.code), gemeente.index, "gemeente"),
        level="gemeente",
        year=release.year,
        source=source,
    )
    whole = whole[whole["group"].eq(ALL_KINDS) & whole["measure"].eq("density_per_1000")]
    return map_or_ranking(
        dossier,
        release,
        total.reset_index(drop=True),
        level="wijk",
        whole=join([whole, rows]).head(1),
        claim=claims.most_per_head(total, whole.iloc[0]),
        sentence="Alle soorten in de lijst samen, per 1.000 inwoners van de wijk.",
        value_label="voorzieningen per 1.000 inwoners",
        value_format="ratio",
        points=points,
        notes=_points_notes(found, points, dossier),
    )


def _located(dossier: Dossier) -> tuple[Release, FacilityPoints, gpd.GeoDataFrame] | Absent:
    """Return the points that lie in this gemeente, with the wijk of each."""
    found = dossier.points()
    if found is None:
        return Absent(_NO_POINTS)
    release = dossier.newest
    drawn = dossier.boundaries(release, "wijk") or dossier.boundaries(release, "buurt")
    if drawn is not None:
        inside, _ = locate(found.points, drawn.places)
    else:
        inside = found.points["region_code"]
    codes = inside.str.replace("BU", "WK").str.slice(0, 8)
    points = found.points.assign(wijk_code=codes)
    points = points[codes.str.slice(2, 6).eq(dossier.code[2:])]
    if points.empty:
        return Absent(_NO_PLACES if drawn is None else _NO_POINTS)
    return release, found, points


def _points_source(dossier: Dossier, release: Release, found: FacilityPoints) -> str:
    return f"{dossier.source_line(release)} Voorzieningen: {found.label}."


def _points_notes(found: FacilityPoints, points: pd.DataFrame, dossier: Dossier) -> list[str]:
    notes = []
    if found.doubles:
        doubles = plural(found.doubles, "dubbele regel", "dubbele regels")
        notes.append(f"Weggelaten uit de hele lijst: {doubles}.")
    if found.without_kind:
        lines = plural(found.without_kind, "regel", "regels")
        notes.append(f"Weggelaten uit de hele lijst: {lines} zonder soort.")
    return notes
