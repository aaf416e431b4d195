"""Chapter 2, on scale: how much of the segregation lies between wijken and inside them."""

from analysis.evidence.frame import join
from analysis.evidence.levels import over_levels
from analysis.figures import claims, scale_claims
from analysis.figures.figure import Figure
from analysis.figures.stacked import parts_of_whole
from analysis.figures.wording import join_words
from analysis.reports.absent import Absent
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, one_source

PARTS = {"wijk": "tussen wijken", "buurt": "binnen wijken, tussen buurten"}


def between_and_inside(dossier: Dossier) -> Figure | Absent:
    """Return for every group how its segregation divides over wijken and buurten."""
    if len(dossier.regions(dossier.newest, "wijk")) == 1:
        return Absent(f"{dossier.name} is één wijk: tussen wijken is er niets te verdelen.")
    tables, labels = [], {}
    for group, release in countable(dossier):
        tables.append(
            over_levels(
                dossier.regions(release, "buurt"), [group], year=release.year,
                source=dossier.source_line(release), absent=release.absent,
                area_names=dossier.names(),
            )
        )  # fmt: skip
        labels[group.key] = group.label
    rows = join(tables)
    if rows.empty:
        return Absent("Geen enkele groep heeft cijfers per buurt; er is niets te verdelen.")
    known = rows[rows["status"].eq("ok")]
    first = known["group"].iloc[0] if len(known) else rows["group"].iloc[0]
    claim = scale_claims.between_or_inside(rows[rows["group"].eq(first)], labels[first])
    sentence = scale_claims.most_inside(rows, labels)
    return parts_of_whole(
        rows,
        labels=labels,
        parts=PARTS,
        claim=claim,
        sentence=sentence,
        source=one_source(rows["source"]),
        alt=f"{claim}. {sentence} Per groep een staaf van twee delen: tussen wijken en binnen "
        "wijken.",
        value_label="deel van de ongelijke spreiding over de buurten",
        notes=[
            claims.resting_on(rows[rows["level"].eq("buurt")].iloc[0]),
            "Een staaf zegt niet hoe groot het verschil is, alleen waar het ligt.",
            f"Zonder verdeling: {join_words(_absent(rows, labels))}." if len(known) < len(rows)
            else "",
        ],
        stamp=dossier.edition.stamp,
    )  # fmt: skip


def _absent(rows, labels) -> list[str]:
    return [labels[key] for key in rows.loc[rows["status"].ne("ok"), "group"].unique()]
