"""The gemeente's own areas in every chapter: how many people, which shares, how many facilities."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame, join
from analysis.evidence.local import gemeente_share, local_values, published
from analysis.evidence.provision import ALL_KINDS, count_by_kind, densities
from analysis.figures import claims, provision_claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.tables import value_text
from analysis.figures.wording import join_words, percent, regions
from analysis.reports.absent import Absent
from analysis.reports.chapter_provision import whole_gemeente
from analysis.reports.dossier import Dossier
from analysis.reports.located import located_in
from analysis.reports.own_level import (
    absent_or,
    countable,
    own_or_absent,
    own_source,
    share_inside,
)
from analysis.reports.own_told import left_out_told, problems_told
from analysis.reports.places import map_or_ranking
from analysis.sources.facility_points import locate
from analysis.sources.own_areas import OwnAreas
from analysis.sources.regions import OWN_LEVEL


def areas(dossier: Dossier) -> Figure | Absent:
    """Return the own areas with their buurten and inhabitants, and what did not fit."""
    release = dossier.newest
    own = own_or_absent(dossier, release)
    if isinstance(own, Absent):
        return own
    source = own_source(dossier, release, own)
    table = own.figures.table
    covered = share_inside(dossier, release)
    numbers = [
        published(
            table, concept, level=OWN_LEVEL, year=release.year, source=source,
            reasons=_reasons(own, concept),
        )
        for concept in ("inhabitants", "n_buurten", "land_area_km2")
    ]  # fmt: skip
    shared = {"area_code": dossier.code, "area_name": dossier.name, "year": release.year,
              "level": OWN_LEVEL, "source": source}  # fmt: skip
    counted = own.zoning.problems["problem"].value_counts()
    rows = evidence_frame(
        [
            shared | {"measure": "coverage", "group": "inhabitants", "value": covered,
                      "units": len(table), "population_covered": covered,
                      "median_unit_size": float(table["inhabitants"].median())},
            *(
                shared | {"measure": "zoning_problems", "group": problem, "value": float(number)}
                for problem, number in counted.items()
            ),
        ]
    )  # fmt: skip
    people, members, land = (one.set_index("area_code").loc[table.index] for one in numbers)
    shown = pd.DataFrame(
        {
            "eigen gebied": table["region_name"].array,
            "code": table.index,
            "buurten": [value_text(row, "count") for _, row in members.iterrows()],
            "inwoners": [value_text(row, "count") for _, row in people.iterrows()],
            "land (km²)": [value_text(row, "ratio") for _, row in land.iterrows()],
        }
    )
    return table_figure(
        shown,
        rows=join([*numbers, rows]),
        claim=f"In {regions(len(table), OWN_LEVEL)} woont {percent(covered)} van de inwoners van "
        f"{dossier.name} ({release.year})",
        sentence="Cijfers van eigen gebieden zijn opgeteld uit die van hun buurten.",
        source=source,
        notes=[
            *problems_told(own.zoning),
            *left_out_told(own, release.year),
            *_other_years(dossier),
            "Gemiddelde waarden en inkomens zijn niet op te tellen; die blijven leeg.",
        ],
        stamp=dossier.edition.stamp,
    )


def share_by_area(dossier: Dossier) -> Figure | Absent:
    """Return the share of the first group that has figures, per own area."""
    found = next(iter(countable(dossier)), None)
    if found is None:
        return absent_or(dossier, "Voor geen enkele groep zijn er cijfers per eigen gebied.")
    group, release, own = found
    source = own_source(dossier, release, own)
    settings = {"year": release.year, "source": source, "absent": release.absent}
    local = local_values(own.figures.table, group, level=OWN_LEVEL, **settings)
    shares = local[local["measure"].eq("share")].reset_index(drop=True)
    quotients = local[local["measure"].ne("share")]
    settings["source"] = dossier.source_line(release)
    whole = gemeente_share(dossier.regions(release, "gemeente"), group, **settings)
    return map_or_ranking(
        dossier,
        release,
        shares,
        level=OWN_LEVEL,
        whole=join([whole, quotients]),
        claim=claims.highest_share(shares, whole.iloc[0], group.label),
        sentence=claims.range_of_shares(shares, group.label),
        value_label=f"aandeel {group.label}",
        value_format="percent",
        source=source,
        notes=left_out_told(own, release.year),
    )


def density_by_area(dossier: Dossier) -> Figure | Absent:
    """Return all facilities per 1,000 inhabitants per own area, as a map with the points."""
    release = dossier.newest
    own = own_or_absent(dossier, release)
    located = located_in(dossier) if isinstance(own, OwnAreas) else own
    if isinstance(located, Absent):
        return located
    drawn = dossier.boundaries(release, OWN_LEVEL)
    if drawn is None:
        return Absent(
            "Zonder grenzen is niet te zien in welk eigen gebied een voorziening ligt: breng die "
            "mee met 'pull --grenzen BESTAND'."
        )
    table = own.figures.table
    inside, _ = locate(located.points, drawn.places)
    points = located.points.assign(area_code=inside)
    counted = count_by_kind(points, table.index, "area_code")[[ALL_KINDS]].astype(float)
    counted.loc[[*drawn.missing]] = np.nan
    source = f"{own_source(dossier, release, own)} Voorzieningen: {located.found.label}."
    rows = densities(table, counted, level=OWN_LEVEL, year=release.year, source=source)
    per_1000 = rows["measure"].eq("density_per_1000")
    whole = whole_gemeente(dossier, located)
    whole = whole[whole["group"].eq(ALL_KINDS) & whole["measure"].eq("density_per_1000")]
    return map_or_ranking(
        dossier,
        release,
        rows[per_1000].reset_index(drop=True),
        level=OWN_LEVEL,
        whole=join([whole, rows[~per_1000]]),
        claim=provision_claims.most_per_head(rows[per_1000], whole.iloc[0]),
        sentence="Alle soorten in de lijst samen, per 1.000 inwoners van het eigen gebied.",
        value_label="voorzieningen per 1.000 inwoners",
        value_format="ratio",
        source=source,
        points=located.labelled,
        notes=[*problems_told(own.zoning)],
    )


def _reasons(own: OwnAreas, concept: str) -> pd.Series:
    status = own.figures.status
    return status.get(concept, pd.Series("not_published", status.index)).replace("", "ok")


def _other_years(dossier: Dossier) -> list[str]:
    """Return why own areas cannot be made in the nearest other year, and in which others."""
    absent = {
        release.year: own.sentence
        for release in dossier.releases[1:]
        if isinstance(own := dossier.own_areas(release), Absent)
    }
    if not absent:
        return []
    nearest, *others = absent
    rest = f" Ook niet in {join_words([str(year) for year in others])}." if others else ""
    return [absent[nearest] + rest]
