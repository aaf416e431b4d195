"""What is told of the files with facilities: their source line, and what was left out of them."""

import pandas as pd

from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import count, join_words, plural
from analysis.reports.absent import Absent
from analysis.reports.chapter_checks import counted_rows
from analysis.reports.dossier import Dossier
from analysis.reports.located import Located, located_in
from analysis.sources.facility_points import FacilityPoints

_ROWS_SHOWN = 20


def unplaced(dossier: Dossier) -> Figure | Absent:
    """Return the rows of the gemeente's own list that are not on the map, one by one, and why."""
    located = located_in(dossier)
    if isinstance(located, Absent) or not located.found.own_lists:
        return Absent("Er is van deze gemeente geen eigen lijst met voorzieningen meegebracht.")
    rows = located.found.unmatched
    source = points_source(dossier, located)
    counted = counted_rows(
        dossier, located.release, {("gemeente", "list_rows_unplaced"): len(rows)}, source
    )
    if rows.empty:
        return Absent("Alle rijen van de eigen lijst staan op de kaart.", counted)
    told = plural(len(rows), "rij", "rijen")
    shown = rows.head(_ROWS_SHOWN)
    more = len(rows) - len(shown)
    table = pd.DataFrame(
        {
            "rij": shown["row"].astype("str"),
            "wat er staat": shown["says"].replace("", "(leeg)"),
            "waarom niet": shown["why"],
        }
    )
    if rows["file"].nunique() > 1:
        table["lijst"] = shown["file"]
    return table_figure(
        table,
        rows=counted,
        claim=f"Van de eigen lijst {_is(rows)} {told} niet geplaatst",
        sentence="Geteld in het hele bestand, ook als dat meer gemeenten heeft. Het nummer is dat "
        "van de rij (bij een kaart: van het object).",
        source=source,
        notes=[f"Hier staan de eerste {_ROWS_SHOWN}; er zijn er nog {count(more)}."]
        if more
        else [],
        stamp=dossier.edition.stamp,
    )


def points_source(dossier: Dossier, located: Located) -> str:
    """Return the source line of figures on facilities: the figures' own, and the files."""
    return f"{dossier.source_line(located.release)} Voorzieningen: {located.found.label}."


def source_notes(found: FacilityPoints) -> list[str]:
    """Return what was left out of the whole files, and which source goes before which."""
    notes = []
    if found.doubles:
        doubles = plural(found.doubles, "dubbele regel", "dubbele regels")
        notes.append(f"Weggelaten uit het hele bestand van DUO: {doubles}.")
    if found.left_out:
        listed = "; ".join(f"{why} ({count(n)})" for why, n in sorted(found.left_out.items()))
        notes.append(f"Weggelaten uit de hele bestanden: {listed}.")
    for source, number in found.superseded.items():
        points = plural(number, "punt", "punten")
        notes.append(
            f"Uit {source}: {points} in deze gemeente niet geteld, omdat een andere bron over die "
            "soorten voorgaat."
        )
    if len(found.unmatched):
        rows = plural(len(found.unmatched), "rij", "rijen")
        notes.append(f"Van de eigen lijst {_is(found.unmatched)} {rows} niet geplaatst.")
    return [*notes, *found.remarks]


def _is(rows: pd.DataFrame) -> str:
    return "is" if len(rows) == 1 else "zijn"
