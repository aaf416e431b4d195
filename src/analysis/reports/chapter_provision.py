"""Chapter 3: what there is, how far it is, and how many there are for how many people."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, join
from analysis.evidence.local import published
from analysis.evidence.provision import ALL_KINDS, count_by_kind, densities
from analysis.evidence.provision import nearness as mean_distance_row
from analysis.figures import charts, claims, provision_claims
from analysis.figures.figure import Figure
from analysis.figures.wording import percent, plural
from analysis.reports.absent import Absent
from analysis.reports.chapter_checks import counted_rows
from analysis.reports.dossier import Dossier, one_source
from analysis.reports.located import Located, located_in
from analysis.reports.places import map_or_ranking
from analysis.reports.told_points import points_source, source_notes, unplaced
from analysis.sources import kerncijfers

__all__ = ["density_by_kind", "density_by_wijk", "distance_by_buurt", "nearness", "unplaced"]

DISTANCES = (
    "supermarket_distance_km",
    "school_distance_km",
    "gp_distance_km",
    "daycare_distance_km",
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
    claim = provision_claims.nearest(rows, labels)
    sentence = (
        f"Gemiddeld over alle inwoners van {dossier.name}, over de weg, met de auto ({years})."
    )
    return charts.value_bars(
        rows,
        labels=labels,
        claim=claim,
        sentence=sentence,
        source=one_source(rows["source"]),
        alt=f"{claim}. {sentence}",
        value_label="gemiddelde afstand (km)",
        value_format="km",
        notes=[claims.resting_on(row) for _, row in rows.drop_duplicates("year").iterrows()],
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
    rows, whole = (
        published(
            dossier.regions(release, level),
            concept,
            level=level,
            year=release.year,
            source=source,
            reasons=kerncijfers.reasons(release, level, [concept])[concept],
        )
        for level in ("buurt", "gemeente")
    )
    label = dossier.codebook[concept].label_nl
    return map_or_ranking(
        dossier,
        release,
        rows,
        level="buurt",
        whole=whole,
        claim=provision_claims.farthest(rows, whole.iloc[0], label),
        sentence=f"Gemiddelde afstand tot een {label} per buurt, volgens het CBS.",
        value_label=f"afstand tot een {label} (km)",
        value_format="km",
    )


def density_by_kind(dossier: Dossier) -> Figure | Absent:
    """Return facilities per 1,000 inhabitants per kind, for the whole gemeente."""
    located = located_in(dossier)
    if isinstance(located, Absent):
        return located
    rows = whole_gemeente(dossier, located)
    per_1000 = rows[rows["measure"].eq("density_per_1000")]
    whole = per_1000[per_1000["group"].eq(ALL_KINDS)].iloc[0]
    shown = per_1000[per_1000["group"].ne(ALL_KINDS)].head(_KINDS_SHOWN)
    claim = provision_claims.density(whole, "voorzieningen")
    listed = plural(len(located.points), "voorziening", "voorzieningen")
    drawn = charts.ranked_dots(
        shown.assign(area_name=shown["group"].map(located.found.kind_labels)).reset_index(
            drop=True
        ),
        claim=claim,
        sentence=f"In {dossier.name} liggen {listed} uit de lijst.",
        source=points_source(dossier, located),
        alt=f"{claim}. Stippen per soort met het interval dat bij het aantal hoort.",
        value_label="per 1.000 inwoners (met 95%-interval)",
        value_format="ratio",
        row_label="soort",
        notes=_points_notes(located),
        stamp=dossier.edition.stamp,
    )
    # In the chart a row is called after its kind; the number is the gemeente's.
    return replace(drawn, rows=join([rows, _left_out(dossier, located)]))


def density_by_wijk(dossier: Dossier) -> Figure | Absent:
    """Return all facilities per 1,000 inhabitants per wijk, as a map with the points."""
    located = located_in(dossier)
    if isinstance(located, Absent):
        return located
    release, wijken = located.release, located.wijken
    source = points_source(dossier, located)
    counted = count_by_kind(located.points, wijken.index, "wijk_code")[[ALL_KINDS]].astype(float)
    counted.loc[located.unseen] = np.nan
    rows = densities(wijken, counted, level="wijk", year=release.year, source=source)
    per_1000 = rows["measure"].eq("density_per_1000")
    whole = whole_gemeente(dossier, located)
    whole = whole[whole["group"].eq(ALL_KINDS) & whole["measure"].eq("density_per_1000")]
    return map_or_ranking(
        dossier,
        release,
        rows[per_1000].reset_index(drop=True),
        level="wijk",
        whole=join([whole, rows[~per_1000]]),
        claim=provision_claims.most_per_head(rows[per_1000], whole.iloc[0]),
        sentence="Alle soorten in de lijst samen, per 1.000 inwoners van de wijk.",
        value_label="voorzieningen per 1.000 inwoners",
        value_format="ratio",
        source=source,
        points=located.labelled,
        notes=_points_notes(located),
    )


def whole_gemeente(dossier: Dossier, located: Located) -> pd.DataFrame:
    """Return the counts and densities per kind of the whole gemeente as evidence rows."""
    gemeente = dossier.regions(located.release, "gemeente")
    counted = count_by_kind(
        located.points.assign(gemeente=dossier.code), gemeente.index, "gemeente"
    ).astype(float)
    if located.covered < ENOUGH_COVERED:
        counted[:] = np.nan
    rows = densities(
        gemeente,
        counted,
        level="gemeente",
        year=located.release.year,
        source=points_source(dossier, located),
    )
    return rows.assign(population_covered=located.covered)


def _left_out(dossier: Dossier, located: Located) -> pd.DataFrame:
    """Return the counts that the honest box tells, as evidence rows."""
    numbers = {
        ("wijk", "points_outside_wijken"): _elsewhere(located),
        ("wijk", "wijken_without_boundary"): len(located.unseen),
        ("gemeente", "points_double"): located.found.doubles,
        ("gemeente", "points_left_out"): sum(located.found.left_out.values()),
        ("gemeente", "points_of_lower_source"): sum(located.found.superseded.values()),
    }
    return counted_rows(dossier, located.release, numbers, points_source(dossier, located))


def _elsewhere(located: Located) -> int:
    return int((~located.points["wijk_code"].isin(located.wijken.index)).sum())


def _points_notes(located: Located) -> list[str]:
    notes = []
    elsewhere = _elsewhere(located)
    if elsewhere:
        lie, tell = ("ligt", "telt") if elsewhere == 1 else ("liggen", "tellen")
        said = plural(elsewhere, "voorziening", "voorzieningen")
        notes.append(
            f"{said} {lie} in geen van de wijken met inwoners, en {tell} alleen voor de gemeente."
        )
    if len(located.unseen):
        said = plural(len(located.unseen), "wijk", "wijken")
        notes.append(
            f"Van {said} past geen grens; wat daar ligt telt niet mee. Gezien is het gebied van "
            f"{percent(located.covered)} van de inwoners."
        )
    return [*notes, *source_notes(located.found)]
