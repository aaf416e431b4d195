"""Chapter 4, along an order: whether buurten with low incomes lie farther from facilities."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED
from analysis.evidence.inequality import along_order
from analysis.figures import claims, fairness_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release

_LEVEL = "buurt"
# By what buurten are ordered, the first that is known of enough people, and who are low in it.
_ORDERS = {
    "income_per_inhabitant_eur": "buurten met lage inkomens",
    "woz_value_eur": "buurten met goedkope woningen",
}


def along_income(dossier: Dossier) -> Figure | Absent:
    """Return per kind whether buurten with low incomes lie farther than those with high ones."""
    found = _newest(dossier)
    if found is None:
        return Absent(
            "Geen enkel jaar heeft van genoeg inwoners zowel afstanden als een inkomen of een "
            "woningwaarde per buurt."
        )
    release, regions, concepts, order = found
    source = dossier.source_line(release)
    rows = along_order(
        regions, concepts, order, year=release.year, source=source, area_code=dossier.code,
        area_name=dossier.name,
    )  # fmt: skip
    labels = {concept: dossier.codebook[concept].label_nl for concept in concepts}
    of_distance = rows[rows["measure"].eq("concentration_index")].reset_index(drop=True)
    kind = of_distance["group"].str.split(" | ", regex=False).str[0]
    claim = fairness_claims.ordered(of_distance.assign(area_name=kind), labels, _ORDERS[order])
    figure = ranked_dots(
        of_distance.assign(area_name=kind.map(labels)),
        claim=claim,
        sentence=f"Onder 0: {_ORDERS[order]} liggen verder. Boven 0: dichterbij. Het verschil kan "
        "van −1 tot 1 lopen.",
        source=source,
        alt=f"{claim}. Stippen per voorziening met een interval rond de lijn bij 0.",
        value_label="concentratie-index van de afstand",
        value_format="index",
        row_label="voorziening",
        reference=(0.0, "geen verband"),
        notes=[
            claims.resting_on(rows.iloc[0]),
            "Buurten staan op volgorde van laag naar hoog. Het gaat om buurten, niet om personen.",
            "Het interval komt van het steeds opnieuw trekken van buurten.",
        ],
        stamp=dossier.edition.stamp,
    )
    return replace(figure, rows=rows)


def _covered(regions: pd.DataFrame, concept: str) -> float:
    if concept not in regions:
        return 0.0
    people = regions["inhabitants"]
    return float(people[regions[concept].notna()].sum() / people.sum())


def _newest(dossier: Dossier) -> tuple[Release, pd.DataFrame, list[str], str] | None:
    """Return the newest year with distances and an order, and these."""
    named = [name for name in dossier.codebook if name.endswith("_distance_km")]
    for release in dossier.releases:
        regions = dossier.regions(release, _LEVEL)
        there = [name for name in named if name in regions and regions[name].notna().any()]
        for order in _ORDERS:
            if there and _covered(regions, order) >= ENOUGH_COVERED:
                return release, regions, there, order
    return None
