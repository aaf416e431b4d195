"""Chapter 1, the checks: do groups add up, what was left out, and where it all comes from."""

import pandas as pd

from analysis.evidence.frame import evidence_frame
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import LEVEL_PLURAL, STATUS_NL, count, date_nl, join_words, plural
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release
from analysis.sources import kerncijfers
from analysis.sources.partitions import check_partitions
from analysis.sources.regions import LEVELS


def partitions(dossier: Dossier) -> Figure | Absent:
    """Return whether groups add up to their totals, as far as rounding allows."""
    release = dossier.newest
    source = dossier.source_line(release)
    found, lines = [], []
    for level in LEVELS:
        checked = check_partitions(dossier.regions(release, level), level)
        for row in checked.to_dict("records"):
            for measure in ("regions", "off", "beyond_rounding", "largest"):
                found.append(
                    {
                        "area_code": dossier.code,
                        "area_name": dossier.name,
                        "year": release.year,
                        "level": level,
                        "measure": f"partition_{measure}",
                        "group": row["partition"],
                        "value": float(row[measure]),
                        "source": source,
                    }
                )
            lines.append(
                (row["partition"], level, row["regions"], row["off"], row["beyond_rounding"],
                 row["largest"])
            )  # fmt: skip
    if not found:
        return Absent(f"De tabel van {release.year} geeft geen groepen om op te tellen.")
    rows = evidence_frame(found)
    beyond = rows.loc[rows["measure"].eq("partition_beyond_rounding"), "value"].sum()
    claim = (
        "Alle groepen tellen op tot hun totaal, op de afronding na"
        if beyond == 0
        else f"In {count(beyond)} gevallen tellen groepen niet op tot hun totaal"
    )
    columns = ["indeling", "niveau", "gebieden", "met verschil", "meer dan afronding",
               "grootste verschil"]  # fmt: skip
    return table_figure(
        pd.DataFrame(lines, columns=columns),
        rows=rows,
        claim=claim,
        sentence="Afronden scheelt per groep minder dan 5; bij meer groepen loopt dat op.",
        source=source,
        stamp=dossier.edition.stamp,
    )


def left_out(dossier: Dossier) -> Figure:
    """Return the regions that are not in any figure, and why."""
    release = dossier.newest
    source = dossier.source_line(release)
    numbers, lines = {}, []
    for level in ("wijk", "buurt"):
        dropped = kerncijfers.dropped_regions(release, level)
        dropped = dropped[dropped["gm_code"].eq(dossier.code)]
        numbers[level, "regions_left_out"] = len(dropped)
        lines += [
            (code, row["region_name"], level, STATUS_NL[row["reason"]])
            for code, row in dropped.iterrows()
        ]
        drawn = dossier.boundaries(release, level)
        if drawn:
            numbers[level, "boundaries_unfit"] = len(drawn.unfit)
            lines += [
                (code, "", level, "grens hoort bij een andere indeling") for code in drawn.unfit
            ]
    rows = counted_rows(dossier, release, numbers, source)
    total = sum(numbers[level, "regions_left_out"] for level in ("wijk", "buurt"))
    parts = [
        plural(numbers[level, "regions_left_out"], level, LEVEL_PLURAL[level])
        for level in ("wijk", "buurt")
        if numbers[level, "regions_left_out"]
    ]
    claim = (
        "Geen wijk of buurt is weggelaten"
        if total == 0
        else f"{join_words(parts)} zonder inwoners {'is' if total == 1 else 'zijn'} weggelaten"
    )
    return table_figure(
        pd.DataFrame(lines, columns=["code", "naam", "niveau", "reden"]),
        rows=rows,
        claim=claim,
        sentence="Daar staat niemand ingeschreven, zoals op water of op een bedrijventerrein."
        if total
        else "In elke wijk en buurt wonen mensen.",
        source=source,
        stamp=dossier.edition.stamp,
    )


def provenance(dossier: Dossier) -> Figure:
    """Return which stored tables this gemeente's figures come from."""
    lines, found = [], []
    for release in dossier.releases:
        stored = release.snapshot
        lines.append(
            (
                release.source.title,
                release.source.table,
                date_nl(stored.modified) if stored.modified else "niet vermeld",
                date_nl(stored.fetched_at),
                stored.rows,
                stored.files.get("TypedDataSet.parquet", next(iter(stored.files.values())))[:12],
            )
        )
        found.append(
            {
                "area_code": "NL00",
                "area_name": "Nederland",
                "year": release.year,
                "level": "buurt",
                "measure": "table_rows",
                "value": float(stored.rows),
                "source": dossier.source_line(release),
            }
        )
    columns = ["tabel", "nummer", "bijgewerkt", "opgehaald", "rijen", "controlesom (begin)"]
    stored_tables = plural(len(lines), "opgeslagen tabel", "opgeslagen tabellen")
    return table_figure(
        pd.DataFrame(lines, columns=columns),
        rows=evidence_frame(found),
        claim=f"Dit rapport rust op {stored_tables}",
        sentence="Wie de controlesom vergelijkt, ziet of het dezelfde uitgave is.",
        source=f"Bron: {dossier.newest.source.publisher}; eigen bewerking.",
        stamp=dossier.edition.stamp,
    )


def counted_rows(
    dossier: Dossier, release: Release, numbers: dict[tuple[str, str], int], source: str
) -> pd.DataFrame:
    """Return counts of regions as evidence rows, by (level, measure)."""
    return evidence_frame(
        [
            {
                "area_code": dossier.code,
                "area_name": dossier.name,
                "year": release.year,
                "level": level,
                "measure": measure,
                "value": float(value),
                "source": source,
            }
            for (level, measure), value in numbers.items()
        ]
    )
