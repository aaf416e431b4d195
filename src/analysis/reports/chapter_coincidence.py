"""Chapter 9, where a social and a physical disadvantage fall together: a map, or a table."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.coincidence import KIND, kind_by_buurt, together
from analysis.evidence.frame import join
from analysis.evidence.local import published
from analysis.figures import new_town_claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.tables import value_text
from analysis.figures.wording import count
from analysis.reports.absent import Absent
from analysis.reports.chapter_new_towns import LOW, cell_told, known_of_most
from analysis.reports.dossier import Dossier, Release
from analysis.reports.places import map_or_ranking
from analysis.sources import kerncijfers

_FAR = ("gp_distance_km", "supermarket_distance_km")
_LEVEL = "buurt"
_SHOWN = 15


def social_and_physical(dossier: Dossier) -> Figure | Absent:
    """Return the buurten where the lowest incomes and the longest ways fall together."""
    found = _newest(dossier)
    if found is None:
        return Absent(
            "Geen enkel jaar heeft van genoeg inwoners zowel een inkomen of woningwaarde als een "
            "afstand per buurt."
        )
    release, low, far = found
    regions = dossier.regions(release, _LEVEL)
    source = dossier.source_line(release)
    whole, codes = together(
        regions, low, far, year=release.year, source=source, area_code=dossier.code,
        area_name=dossier.name,
    )  # fmt: skip
    place = f"een {dossier.codebook[far].label_nl}"
    said = {
        "claim": new_town_claims.fall_together(whole, LOW[low][0], place),
        "sentence": "Het vijfde deel met het laagste cijfer en het vijfde deel dat het verst woont.",
    }
    notes = [
        "Zouden de twee niets met elkaar te maken hebben, dan viel ongeveer een vijfentwintigste "
        "samen.",
        "Vraag voor de zaal: wat kan het sociaal domein hier, en wat het fysieke?",
    ]
    drawn = whole["status"].eq("ok").all() and dossier.boundaries(release, _LEVEL) is not None
    if not drawn:
        cells = _cells(dossier, release, (low, far), codes)
        shown = _table(dossier, cells, (low, far), codes[:_SHOWN])
        none = "geen enkele" if whole["status"].eq("ok").all() else "niet te zeggen"
        return table_figure(
            shown if len(codes) else pd.DataFrame([{_LEVEL: none}]),
            rows=join([whole, cells]),
            source=source,
            notes=[
                f"De eerste {_SHOWN} van {count(len(codes))}." if len(codes) > _SHOWN else "",
                *notes,
            ],
            stamp=dossier.edition.stamp,
            **said,
        )
    kinds = kind_by_buurt(
        regions, low, far, year=release.year, source=source,
        reasons=kerncijfers.reasons(release, _LEVEL, [low, far]).loc[regions.index],
    ).sort_values("value", ascending=False, kind="stable", ignore_index=True)  # fmt: skip
    label = f"{LOW[low][0]} en een lange weg naar {place}"
    figure = map_or_ranking(
        dossier, release, kinds, level=_LEVEL, whole=whole, value_label=label,
        value_format="coincidence", notes=notes, breaks=(0.5, 1.5, 2.5), **said,
    )  # fmt: skip
    # All are on the map, so that the table tells of all what is lowest and farthest.
    cells = _cells(dossier, release, (low, far), regions.index)
    on_map = figure.rows[figure.rows["measure"].eq(KIND)]
    shown = _table(dossier, cells, (low, far), on_map["area_code"], on_map)
    return replace(figure, table=shown, rows=join([figure.rows, cells]))


def _newest(dossier: Dossier) -> tuple[Release, str, str] | None:
    """Return the newest year with a figure of both kinds, and which these are."""
    for release in dossier.releases:
        regions = dossier.regions(release, _LEVEL)
        low = next((one for one in LOW if known_of_most(regions, one)), None)
        far = next((one for one in _FAR if known_of_most(regions, one)), None)
        if low and far:
            return release, low, far
    return None


def _cells(
    dossier: Dossier, release: Release, concepts: tuple[str, str], codes: pd.Index
) -> pd.DataFrame:
    """Return the people and both figures of some buurten as evidence rows."""
    regions = dossier.regions(release, _LEVEL).loc[codes]
    wanted = ["inhabitants", *concepts]
    why = kerncijfers.reasons(release, _LEVEL, wanted).loc[codes]
    source = dossier.source_line(release)
    return join([
        published(regions, one, level=_LEVEL, year=release.year, source=source, reasons=why[one])
        for one in wanted
    ])  # fmt: skip


def _table(
    dossier: Dossier,
    cells: pd.DataFrame,
    concepts: tuple[str, str],
    codes: pd.Index | pd.Series,
    kinds: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what a reader sees of each buurt, with its class where a map has one."""
    low, far = concepts
    cell = cells.set_index(["group", "area_code"])
    there = cells.drop_duplicates("area_code").set_index("area_code")["area_name"]
    if kinds is None:
        shown = pd.DataFrame({_LEVEL: there.loc[codes].array})
    else:
        told = [value_text(row, "coincidence") for _, row in kinds.iterrows()]
        shown = pd.DataFrame(
            {_LEVEL: kinds["area_name"].array, "code": codes.array, "samen": told}
        )
    columns = {
        "inwoners": ("inhabitants", "count"),
        dossier.codebook[low].label_nl: (low, LOW[low][1]),
        f"km tot een {dossier.codebook[far].label_nl}": (far, "km"),
    }
    for head, (concept, form) in columns.items():
        # Where nobody lives there is no figure to tell.
        shown[head] = [
            cell_told(cell, concept, code, form) if code in there.index else "" for code in codes
        ]
    return shown
