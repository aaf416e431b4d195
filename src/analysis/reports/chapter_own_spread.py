"""Chapter 2: how unevenly groups are spread over a gemeente's own areas, and inside each."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.panel import INDICES, measure
from analysis.figures import charts, claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.tables import value_text
from analysis.figures.wording import in_format
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, one_source
from analysis.reports.own_level import absent_or, countable, own_source, share_inside
from analysis.reports.own_told import left_out_told
from analysis.sources.regions import OWN_LEVEL


def uneven_between_areas(dossier: Dossier) -> Figure | Absent:
    """Return the dissimilarity of every group over own areas, beside that over buurten."""
    found = countable(dossier)
    labels = {group.key: group for group, _, _ in found}
    tables = []
    for release, own in {r.year: (r, own) for _, r, own in found}.values():
        groups = [group for group, r, _ in found if r.year == release.year]
        for level, source, indices in (
            (OWN_LEVEL, own_source(dossier, release, own), tuple(INDICES)),
            ("buurt", dossier.source_line(release), ("dissimilarity",)),
        ):
            tables.append(
                measure(
                    dossier.regions(release, level), indices, groups, year=release.year,
                    source=source, absent={release.year: release.absent},
                    area_names=dossier.names(),
                )
            )  # fmt: skip
    rows = join(tables)
    if rows.empty:
        return absent_or(dossier, "Voor geen enkele groep zijn eigen gebieden te vergelijken.")
    rows = _covered(dossier, rows)
    shown = rows[rows["measure"].eq("dissimilarity")]
    between, finer = (
        shown[shown["level"].eq(level)].set_index("group").loc[list(labels)]
        for level in (OWN_LEVEL, "buurt")
    )
    first = next(iter(labels.values()))
    table = pd.DataFrame(
        {
            "groep": [group.label for group in labels.values()],
            "jaar": between["year"].astype("str").array,
            "tussen eigen gebieden": [value_text(row, "index") for _, row in between.iterrows()],
            "tussen buurten": [value_text(row, "index") for _, row in finer.iterrows()],
        }
    )
    return table_figure(
        table,
        rows=rows,
        claim=claims.uneven(between.iloc[0].copy(), first.label, first.theme),
        sentence="Dissimilariteit: 0 is gelijk verspreid, 1 is volledig gescheiden.",
        source=one_source(rows["source"]),
        notes=[
            claims.resting_on(between.iloc[0]),
            claims.resting_on(finer.iloc[0]),
            "Weinig grote gebieden laten minder verschil zien dan veel kleine.",
            "Verhuizen is hier een rekenmaat, geen advies.",
        ],
        stamp=dossier.edition.stamp,
    )


def uneven_inside_areas(dossier: Dossier) -> Figure | Absent:
    """Return how unevenly the first group is spread over the buurten inside each own area."""
    found = next(iter(countable(dossier)), None)
    if found is None:
        return absent_or(dossier, "Binnen eigen gebieden is voor geen enkele groep iets te meten.")
    group, release, own = found
    buurten = dossier.regions(release, "buurt")
    rows = measure(
        buurten,
        groups=[group],
        by=own.zoning.members["area_code"].reindex(buurten.index),
        year=release.year,
        source=own_source(dossier, release, own),
        absent={release.year: release.absent},
        area_names=own.zoning.names,
    )
    shown = rows[rows["measure"].eq("dissimilarity")].reset_index(drop=True)
    known = shown[shown["status"].eq("ok")]
    claim = f"Binnen geen enkel eigen gebied is de spreiding van {group.label} te meten"
    if len(known):
        top = known.loc[known["value"].idxmax()]
        claim = (
            f"Binnen {top['area_name']} verschillen de buurten het meest in {group.label} "
            f"({in_format(top['value'], 'index')})"
        )
    figure = charts.ranked_dots(
        shown,
        claim=claim,
        sentence=f"Dissimilariteit over de buurten van elk eigen gebied ({release.year}).",
        source=rows["source"].iloc[0],
        alt=f"{claim}. Stippen per eigen gebied, van 0 (gelijk verspreid) tot 1 (gescheiden).",
        value_label="dissimilariteit (0 gelijk verspreid, 1 volledig gescheiden)",
        value_format="index",
        row_label="eigen gebied",
        notes=[
            "In een gebied met weinig buurten is de maat lager, ook als het toeval is.",
            *left_out_told(own, release.year),
        ],
        stamp=dossier.edition.stamp,
    )
    return replace(figure, rows=rows)


def _covered(dossier: Dossier, rows: pd.DataFrame) -> pd.DataFrame:
    """Return indices over own areas with the share of the whole gemeente that they rest on."""
    inside = {r.year: share_inside(dossier, r) for r in dossier.releases}
    own = rows["level"].eq(OWN_LEVEL)
    part = rows["year"].map(inside).astype(float).where(own, 1.0)
    return rows.assign(population_covered=rows["population_covered"] * part)
