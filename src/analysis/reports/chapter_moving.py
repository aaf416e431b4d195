"""Chapter 2, in people and over other borders: how many, and does it hang on the wijken."""

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.groups import Group, by_key
from analysis.evidence.panel import measure
from analysis.evidence.zoning import over_random_zones
from analysis.figures import claims, moving_claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import STATUS_NL, count, in_format, join_words, percent
from analysis.measures.moving import have_to_exchange, have_to_move, members
from analysis.reports.absent import Absent
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release, one_source

_LEVEL = "buurt"


def would_have_to_move(dossier: Dossier) -> Figure | Absent:
    """Return for every group how many would have to move for an even spread over buurten."""
    tables, labels = [], {}
    for group, release in countable(dossier):
        tables.append(
            measure(
                # Which part of the group it is, is the dissimilarity.
                dossier.regions(release, _LEVEL),
                [members, have_to_move, have_to_exchange, "dissimilarity"], [group], year=release.year, source=dossier.source_line(release),
                absent={release.year: release.absent}, area_names=dossier.names(),
            )
        )  # fmt: skip
        labels[group.key] = group.label
    rows = join(tables)
    if rows.empty:
        return Absent("Geen enkele groep heeft cijfers per buurt; er is niets te tellen.")
    shown = pd.DataFrame([_line(rows, key, label) for key, label in labels.items()])
    first = next(iter(labels))
    return table_figure(
        shown,
        rows=rows,
        claim=moving_claims.would_move(rows, first, labels[first], by_key(first).members),
        sentence="Zo groot is de ongelijke spreiding in mensen, huishoudens of woningen.",
        source=one_source(rows["source"]),
        notes=[
            claims.resting_on(rows.iloc[0]),
            "Verhuizen: alleen de groep verhuist, en buurten groeien of krimpen mee. Ruilen: "
            "evenveel anderen komen terug, en buurten blijven even groot.",
            "Dit is een rekenmaat en geen advies. Niemand hoeft te verhuizen.",
        ],
        stamp=dossier.edition.stamp,
    )


def other_borders(dossier: Dossier) -> Figure | Absent:
    """Return the dissimilarity over the wijken beside random zones of the same buurten."""
    tables, labels, unplaced = [], {}, []
    themes: dict[str, tuple[Group, Release]] = {}
    for group, release in countable(dossier):
        themes.setdefault("herkomst" if group.theme == "herkomst" else "overig", (group, release))
    for group, release in themes.values():
        table = _zones(dossier, release, group)
        if table is None:
            unplaced.append(f"{group.label} ({release.year})")
            continue
        tables.append(table)
        labels[group.key] = group.label
    rows = join(tables)
    if rows.empty:
        return Absent(
            "Van de buurten zijn geen grenzen van dit jaar bewaard, dus zijn er geen andere "
            "gebieden van te maken; haal ze op met 'pull --kaart'."
        )
    shown = pd.DataFrame([_zone_line(row, labels) for row in rows.itertuples()])
    return table_figure(
        shown,
        rows=rows,
        claim=moving_claims.on_borders(rows, labels),
        sentence="Andere grenzen: willekeurige indelingen van dezelfde buurten in evenveel "
        "aaneengesloten gebieden van ongeveer gelijke grootte.",
        source=one_source(rows["source"]),
        notes=[
            claims.resting_on(rows.iloc[0]),
            "Ligt het getal van de wijken binnen de andere, dan hangt het niet aan deze grenzen.",
            f"Zonder grenzen van hun jaar: {join_words(unplaced)}." if unplaced else "",
        ],
        stamp=dossier.edition.stamp,
    )


def _line(rows: pd.DataFrame, key: str, label: str) -> dict[str, str]:
    own = rows[rows["group"].eq(key)].set_index("measure")
    first = own.iloc[0]
    line = {"groep": label, "jaar": str(first["year"])}
    if first["status"] != "ok":
        return line | {"omvang van de groep": STATUS_NL[first["status"]], "verhuizen": "",
                       "deel van de groep": "", "ruilen": ""}  # fmt: skip
    value = own["value"]
    return line | {
        "omvang van de groep": count(value["members"]),
        "verhuizen": count(value["have_to_move"]),
        "deel van de groep": percent(value["have_to_move"] / value["members"]),
        "ruilen": count(value["have_to_exchange"]),
    }


def _zones(dossier: Dossier, release: Release, group: Group) -> pd.DataFrame | None:
    drawn = dossier.boundaries(release, _LEVEL)
    if drawn is None:
        return None
    return over_random_zones(
        dossier.regions(release, _LEVEL), group, drawn.places,
        year=release.year, source=dossier.source_line(release), absent=release.absent,
        area_name=dossier.name,
    )  # fmt: skip


def _zone_line(row, labels: dict[str, str]) -> dict[str, str]:
    known = row.status == "ok"
    ends = f"{in_format(row.low, 'index')} – {in_format(row.high, 'index')}" if known else ""
    return {
        "groep": labels[row.group],
        "jaar": str(row.year),
        "over de wijken": in_format(row.value, "index") if known else STATUS_NL[row.status],
        "over andere grenzen": ends,
        "hangt het aan de wijken?": moving_claims.hangs(row) if known else "",
    }
