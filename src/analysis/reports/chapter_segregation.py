"""Chapter 2: how unevenly groups are spread over wijken and buurten."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.groups import GROUPS, SOCIO_ECONOMIC, Group, counts
from analysis.evidence.local import gemeente_share, local_values
from analysis.evidence.mix import COMPOSITIONS, composition_entropy
from analysis.evidence.panel import clipped_units, measure, segregation
from analysis.figures import charts, claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import join_words, plural
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.reports.places import map_or_ranking

_LEVELS = ("wijk", "buurt")
# Where so few of a whole gemeente live says who they are, and chance decides the rest.
FEWEST_MEMBERS = 100
INDEX_LABELS = {
    "dissimilarity": "dissimilariteit (0 gelijk - 1 gescheiden)",
    "gini": "Gini (0 gelijk - 1 gescheiden)",
    "information_theory": "informatie-index H (0 gelijk - 1 gescheiden)",
    "isolation": "isolatie: aandeel van de eigen groep waar een gemiddeld lid woont",
    "interaction": "interactie: aandeel van alle anderen waar een gemiddeld lid woont",
}


def uneven_by_group(dossier: Dossier) -> Figure | Absent:
    """Return the dissimilarity of every group on wijk and buurt, socio-economic groups first."""
    found = countable(dossier)
    used, small = [group for group, _ in found], too_few(dossier)
    cut = [_clipped(dossier, *one, level) for one in found for level in _LEVELS]
    rows = _dissimilarity(dossier, found)
    if rows.empty:
        return Absent("Geen enkele groep heeft cijfers per buurt; er is niets te vergelijken.")
    halves = _without_denominator(dossier, used)
    also = _dissimilarity(dossier, halves)
    absent = join_words([group.label for group, _ in halves])
    clipped = join(cut)
    clipped = clipped[clipped["value"].gt(0)]
    times = int(clipped["value"].sum())
    first = used[0]
    wijk, buurt = _pair(rows, first.key)
    claim = claims.uneven(buurt, first.label, first.theme)
    sentence = claims.uneven_more(wijk, buurt)
    figure = charts.level_pairs(
        rows,
        labels={group.key: group.label for group in used},
        claim=claim,
        sentence=sentence,
        source=one_source(rows["source"]),
        alt=f"{claim}. {sentence} Per groep twee stippen: de dissimilariteit op wijken en buurten.",
        value_label="dissimilariteit (0 gelijk verspreid, 1 volledig gescheiden)",
        notes=[
            claims.resting_on(wijk),
            claims.resting_on(buurt),
            f"Wel een percentage, maar niet van hoeveel (noemer ontbreekt): {absent}."
            if absent
            else "",
            f"Minder dan honderd in de hele gemeente, dus niet getekend: {join_words(small)}."
            if small
            else "",
            f"Door het afronden is een groep in {plural(times, 'geval', 'gevallen')} groter dan "
            "het totaal; de anderen zijn daar op 0 gezet."
            if times
            else "",
            "Verhuizen is hier een rekenmaat, geen advies.",
        ],
        stamp=dossier.edition.stamp,
    )
    return replace(figure, rows=join([figure.rows, also, clipped]))


def five_indices(dossier: Dossier) -> Figure | Absent:
    """Return all five indices of the first group, on both levels."""
    first = next(iter(countable(dossier)), None)
    if first is None:
        return Absent("Voor geen enkele groep zijn de maten te berekenen.")
    group, release = first
    rows = join([_indices(dossier, release, group, level) for level in _LEVELS])
    table = rows.pivot(index="measure", columns="level", values="value").loc[list(INDEX_LABELS)]
    shown = pd.DataFrame(
        {
            "maat": list(INDEX_LABELS.values()),
            "wijken": table["wijk"].array,
            "buurten": table["buurt"].array,
        }
    )
    wijk, buurt = _pair(rows[rows["measure"].eq("isolation")], group.key)
    claim = claims.isolated(buurt, group.label, group.members, group.theme)
    return table_figure(
        shown,
        rows=rows,
        claim=claim,
        sentence=f"Vijf maten voor {group.label} ({release.year}).",
        source=dossier.source_line(release),
        notes=[claims.resting_on(wijk), claims.resting_on(buurt)],
        stamp=dossier.edition.stamp,
    )


def share_by_buurt(dossier: Dossier) -> Figure | Absent:
    """Return the share of the first socio-economic group that has one, per buurt."""
    for theme in (*SOCIO_ECONOMIC, "leeftijd", "herkomst"):
        for group in (group for group in GROUPS if group.theme == theme):
            release = dossier.newest_with([group.count])
            if release:
                return _share(dossier, release, group, "buurt")
    return Absent("Geen enkele groep heeft cijfers per buurt.")


def origin_by_buurt(dossier: Dossier) -> Figure | Absent:
    """Return the share of the first origin group that has figures, per buurt."""
    for group in (group for group in GROUPS if group.theme == "herkomst"):
        release = dossier.newest_with([group.count])
        if release:
            return _share(dossier, release, group, "buurt")
    return Absent("Over herkomst zijn in de opgehaalde jaren geen cijfers per buurt.")


def quotient_by_wijk(dossier: Dossier) -> Figure | Absent:
    """Return the location quotient of the first group per wijk."""
    first = next(iter(countable(dossier)), None)
    if first is None:
        return Absent("Voor geen enkele groep zijn wijken met de hele gemeente te vergelijken.")
    group, release = first
    source = dossier.source_line(release)
    local = local_values(
        dossier.regions(release, "wijk"), group,
        level="wijk", year=release.year, source=source, absent=release.absent,
    )  # fmt: skip
    rows = local[local["measure"].eq("location_quotient")].reset_index(drop=True)
    claim = claims.highest_quotient(rows, group.label)
    return charts.ranked_dots(
        rows,
        claim=claim,
        sentence=f"1 is het aandeel {group.label} in heel {dossier.name} ({release.year}).",
        source=source,
        alt=f"{claim}. Stippen per wijk rond de lijn bij 1.",
        value_label="locatiequotiënt",
        value_format="ratio",
        reference=(1.0, "hele gemeente"),
        notes=[claims.left_out(rows)],
        stamp=dossier.edition.stamp,
    )


def mix_by_wijk(dossier: Dossier) -> Figure | Absent:
    """Return how mixed each wijk is inside, by the first composition that has figures."""
    for composition in COMPOSITIONS:
        release = dossier.newest_with(composition.columns, "wijk")
        if release is None:
            continue
        source = dossier.source_line(release)
        rows = composition_entropy(
            dossier.regions(release, "wijk"), composition,
            level="wijk", year=release.year, source=source,
        )  # fmt: skip
        claim = claims.most_mixed(rows, composition.label)
        return charts.ranked_dots(
            rows,
            claim=claim,
            sentence=f"Menging van {composition.parts} ({release.year}).",
            source=source,
            alt=f"{claim}. Stippen per wijk, van 0 (één groep) tot 1 (alle groepen even groot).",
            value_label="menging (0 één groep, 1 alle groepen even groot)",
            value_format="index",
            notes=[claims.left_out(rows)],
            stamp=dossier.edition.stamp,
        )
    return Absent("Er is geen indeling met cijfers per wijk om de menging te berekenen.")


def _share(dossier: Dossier, release: Release, group: Group, level: str) -> Figure:
    source = dossier.source_line(release)
    settings = {"year": release.year, "source": source, "absent": release.absent}
    local = local_values(dossier.regions(release, level), group, level=level, **settings)
    rows = local[local["measure"].eq("share")].reset_index(drop=True)
    whole = gemeente_share(dossier.regions(release, "gemeente"), group, **settings)
    claim = claims.highest_share(rows, whole.iloc[0], group.label)
    return map_or_ranking(
        dossier,
        release,
        rows,
        level=level,
        whole=whole,
        claim=claim,
        sentence=claims.range_of_shares(rows, group.label),
        value_label=f"aandeel {group.label}",
        value_format="percent",
    )


def countable(dossier: Dossier) -> list[tuple[Group, Release]]:
    """Return the groups that can be counted here, each with its newest year, in their order.

    Groups of fewer than `FEWEST_MEMBERS` are not among them: of so few nothing is said.
    """

    def count() -> list[tuple[Group, Release]]:
        found = _counted(dossier)
        return [(g, r) for g, r in found if members_of(dossier, g, r) >= FEWEST_MEMBERS]

    return list(dossier.keep(("countable groups",), count))


def too_few(dossier: Dossier) -> list[str]:
    """Return the labels of the groups that are left out because they have too few members."""
    kept = {group.key for group, _ in countable(dossier)}
    return [group.label for group, _ in _counted(dossier) if group.key not in kept]


def members_of(dossier: Dossier, group: Group, release: Release) -> float:
    """Return how many members a group has in the gemeente, as far as was published."""
    whole = counts(dossier.regions(release, "gemeente"), group)["group"].sum(min_count=1)
    known = counts(dossier.regions(release, "buurt"), group)["group"].sum()
    return float(known if pd.isna(whole) else whole)


def _counted(dossier: Dossier) -> list[tuple[Group, Release]]:
    found = []
    for group in GROUPS:
        release = dossier.newest_with([c for c in group.columns if c])
        if release:
            found.append((group, release))
    # The old division by origin and the new one never stand in one picture: the newer is shown.
    latest = max((r.year for g, r in found if g.theme == "herkomst"), default=0)
    return [(g, r) for g, r in found if g.theme != "herkomst" or r.year == latest]


def _indices(dossier: Dossier, release: Release, group: Group, level: str) -> pd.DataFrame:
    return segregation(
        dossier.regions(release, level),
        group,
        level=level,
        year=release.year,
        source=dossier.source_line(release),
        absent=release.absent,
        area_names=dossier.names(),
    )


def _dissimilarity(dossier: Dossier, found: list[tuple[Group, Release]]) -> pd.DataFrame:
    """Return the dissimilarity of groups on both levels, the groups of one year in one call."""
    tables = []
    for release in (one for one in dossier.releases if any(one is of for _, of in found)):
        groups = [group for group, of in found if of is release]
        for level in _LEVELS:
            tables.append(
                measure(
                    dossier.regions(release, level), ["dissimilarity"], groups,
                    year=release.year, source=dossier.source_line(release),
                    absent={release.year: release.absent}, area_names=dossier.names(),
                )
            )  # fmt: skip
    return join(tables)


def _clipped(dossier: Dossier, group: Group, release: Release, level: str) -> pd.DataFrame:
    return clipped_units(
        dossier.regions(release, level),
        group,
        level=level,
        year=release.year,
        source=dossier.source_line(release),
        area_code=dossier.code,
        area_name=dossier.name,
    )


def _pair(rows: pd.DataFrame, key: str) -> tuple[pd.Series, pd.Series]:
    of_group = rows[rows["group"].eq(key)].set_index("level", drop=False)
    return of_group.loc["wijk"], of_group.loc["buurt"]


def _without_denominator(dossier: Dossier, used: list[Group]) -> list[tuple[Group, Release]]:
    """Return the groups of which a percentage is published, but not of how many."""
    found = []
    for group in GROUPS:
        release = None if group in used else dossier.newest_with([group.count])
        if release and group.theme in SOCIO_ECONOMIC:
            found.append((group, release))
    return found
