"""Chapter 3, as a check: the distances of CBS beside those to the points of the list."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.own_distances import beside_published
from analysis.evidence.reach import DETOUR, marked, nearest_way
from analysis.figures import provision_claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import STATUS_NL, in_format, join_words
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, one_source
from analysis.reports.located import located_in
from analysis.reports.reach import places_of
from analysis.reports.told_points import points_source
from analysis.sources.facility_points import locate

# CBS's distance -> the kind of point that it is about.
_SAME = {
    "school_distance_km": "primary_school",
    "supermarket_distance_km": "supermarket",
    "gp_distance_km": "gp",
    "daycare_distance_km": "day_care",
}


def own_distances(dossier: Dossier) -> Figure | Absent:
    """Return CBS's mean distances beside those from the middle of buurten to our points."""
    located = located_in(dossier)
    if isinstance(located, Absent):
        return located
    tables, labels, far, sources = [], {}, [], [points_source(dossier, located)]
    for concept, kind in _SAME.items():
        release = dossier.newest_with([concept])
        points = located.found.points
        points = points[points["kind"].eq(kind)]
        drawn = None if release is None else dossier.boundaries(release, "buurt")
        if drawn is None or points.empty:
            continue
        regions = dossier.regions(release, "buurt")
        outlines = drawn.places.geometry.reindex(regions.index)
        middle = outlines.representative_point()
        inside, _ = locate(points.drop_duplicates("facility_id"), drawn.places)
        number = inside.value_counts().reindex(regions.index, fill_value=0)
        homes = pd.DataFrame({"east": middle.x, "north": middle.y,
                              "own": nearest_way(outlines.area, number)})  # fmt: skip
        found = beside_published(
            regions[concept], regions["inhabitants"], homes,
            places_of(points),
            detour=DETOUR, concept=concept, area_code=dossier.code, area_name=dossier.name,
            year=release.year, source=dossier.source_line(release),
        )  # fmt: skip
        if found["status"].ne("ok").all():
            # A list of another town, say: what it has is too far from here to compare.
            far.append(dossier.codebook[concept].label_nl)
            continue
        tables.append(found)
        labels[concept] = dossier.codebook[concept].label_nl
        if release.year != located.release.year:
            sources.append(dossier.source_line(release))
    rows = join(tables)
    if rows.empty and far:
        return Absent(
            "De lijst heeft hier van geen voorziening genoeg plekken, of er zijn te weinig buurten "
            "met cijfers, om haar naast de afstanden van het CBS te zetten."
        )
    if rows.empty:
        return Absent(
            "Er is geen voorziening waarvan zowel het CBS de afstand geeft als de lijst de plekken "
            "en de grenzen van buurten van dat jaar bekend zijn."
        )
    figure = table_figure(
        pd.DataFrame([_line(rows, concept, label) for concept, label in labels.items()]),
        rows=rows,
        claim=provision_claims.beside_cbs(rows, labels),
        sentence="Het CBS meet vanaf ieders huis over de weg; hier is gemeten vanaf het midden van "
        "de buurt.",
        source=one_source(sources),
        notes=[
            f"Eigen afstand: {str(DETOUR).replace('.', ',')} keer de hemelsbrede afstand, ook naar "
            "plekken net over de gemeentegrens als de lijst die heeft. Binnen de eigen buurt: wat het "
            "gemiddeld is als de plekken er willekeurig liggen.",
            "Verschil kan liggen aan: waar mensen in een buurt wonen, bochten en water, een ander jaar, "
            "en wat het CBS als voorziening telt.",
            "Samenhang: 1 als beide buurten in dezelfde volgorde en verhouding zetten.",
            f"Niet te vergelijken, want de lijst heeft er hier te weinig: {join_words(far)}."
            if far
            else "",
        ],
        stamp=dossier.edition.stamp,
    )
    # What is CBS's own is not coarse; what was measured here is.
    ours = rows["measure"].ne("published_mean_km")
    return replace(figure, rows=join([rows[~ours], marked(rows[ours], coarse=True)]))


def _line(rows: pd.DataFrame, concept: str, label: str) -> dict[str, str]:
    own = rows[rows["group"].eq(concept)].set_index("measure")

    def told(measure: str, value_format: str) -> str:
        row = own.loc[measure]
        if row["status"] != "ok":
            return STATUS_NL[row["status"]]
        sign = "−" if row["value"] < 0 else ""
        return f"{sign}{in_format(abs(row['value']), value_format)}"

    return {
        "voorziening": label,
        "jaar": str(own["year"].iloc[0]),
        "CBS (km)": told("published_mean_km", "index"),
        "eigen punten (km)": told("own_mean_km", "index"),
        "verschil (km)": told("mean_difference_km", "index"),
        "samenhang": told("correlation", "index"),
        "buurten": str(own["units"].iloc[0]),
    }
