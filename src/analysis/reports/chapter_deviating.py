"""Chapter 2, on the map: which parts of the gemeente clearly deviate, and which only seem to."""

from analysis.evidence.deviating import MEASURE, deviating
from analysis.evidence.groups import Group
from analysis.evidence.local import local_values
from analysis.figures import claims, deviation_claims
from analysis.figures.figure import Figure
from analysis.figures.maps import choropleth
from analysis.reports.absent import Absent
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release

_LEVEL = "buurt"


def who_deviates(dossier: Dossier) -> Figure | Absent:
    """Return the buurten that with those around them clearly have more or less of a group."""
    found = _first_with_map(dossier)
    if found is None:
        return Absent(
            "Van geen enkele groep zijn er zowel cijfers per buurt als grenzen van dat jaar; haal "
            "de grenzen op met 'pull --kaart'."
        )
    group, release = found
    drawn = dossier.boundaries(release, _LEVEL)
    local = local_values(
        dossier.regions(release, _LEVEL), group,
        level=_LEVEL, year=release.year, source=dossier.source_line(release),
        absent=release.absent,
    )  # fmt: skip
    shares = local[local["measure"].eq("share")].reset_index(drop=True)
    tested = deviating(shares, drawn.places, area_code=dossier.code, area_name=dossier.name)
    rows = tested[tested["measure"].eq(MEASURE)].reset_index(drop=True)
    also = tested[~tested["measure"].eq(MEASURE)]
    whole = also[also["measure"].eq("morans_i")].iloc[0]
    claim = deviation_claims.deviating(rows, group.label)
    wijken = dossier.boundaries(release, "wijk")
    credit = "" if dossier.edition.is_example else " Grenzen: Kadaster / CBS,"
    return choropleth(
        rows,
        drawn.places,
        claim=claim,
        sentence=deviation_claims.together(whole),
        source=f"{dossier.source_line(release)}{credit} {drawn.label}.",
        alt=f"{claim}. Kaart van de buurten in drie klassen; alle waarden staan in de tabel.",
        value_label=f"aandeel {group.label}, met de buurten eromheen",
        value_format="deviation",
        breaks=(-0.5, 0.5),
        outlines=None if wijken is None else wijken.places,
        notes=[
            f"Jaar: {release.year}.",
            "Een buurt is hier samen met haar buren vergeleken met alle buurten (Gi*, 9.999 keer "
            "gehusseld). Van de buurten met een kleur is naar verwachting hooguit 1 op de 20 toeval.",
            "'Niet duidelijk anders' is geen bewijs dat er geen verschil is.",
            claims.left_out(rows),
        ],
        also_rows=also,
        stamp=dossier.edition.stamp,
    )


def _first_with_map(dossier: Dossier) -> tuple[Group, Release] | None:
    for group, release in countable(dossier):
        if dossier.boundaries(release, _LEVEL) is not None:
            return group, release
    return None
