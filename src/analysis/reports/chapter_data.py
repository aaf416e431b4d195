"""Chapter 1: which figures there are of a gemeente, how old, and what was left out."""

import pandas as pd

from analysis.evidence.coverage import coverage as coverage_rows
from analysis.evidence.frame import evidence_frame, join
from analysis.evidence.local import SMALLEST_REGION, published
from analysis.figures import charts, claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import STATUS_NL, count, date_nl, percent
from analysis.reports.dossier import Dossier
from analysis.sources import kerncijfers
from analysis.sources.partitions import check_partitions
from analysis.sources.regions import LEVELS

# What the availability of a year is judged by: one concept per theme that the report uses.
KEY_CONCEPTS = (
    "inhabitants",
    "n_age_65_plus",
    "n_households",
    "n_dwellings",
    "share_owner_occupied",
    "share_housing_corporation",
    "woz_value_eur",
    "n_income_recipients",
    "income_per_inhabitant_eur",
    "share_households_lowest_40",
    "share_low_income_households",
    "share_persons_in_poverty",
    "n_social_assistance",
    "n_education_low",
    "n_non_western",
    "n_origin_outside_europe",
    "gp_distance_km",
    "supermarket_distance_km",
    "daycare_distance_km",
    "school_distance_km",
    "land_area_km2",
)


def inhabitants(dossier: Dossier) -> Figure:
    """Return the inhabitants per wijk, with the gemeente's own total in the title."""
    release = dossier.newest
    source = dossier.source_line(release)
    tables = {level: dossier.regions(release, level) for level in LEVELS}
    whole = published(
        tables["gemeente"], "inhabitants", level="gemeente", year=release.year, source=source
    )
    wijken = published(
        tables["wijk"], "inhabitants", level="wijk", year=release.year, source=source
    )
    small = tables["buurt"]["inhabitants"] < SMALLEST_REGION
    numbers = {
        ("wijk", "regions"): len(tables["wijk"]),
        ("buurt", "regions"): len(tables["buurt"]),
        ("buurt", "regions_under_50"): int(small.sum()),
    }
    counted = _counted(dossier, release, numbers, source)
    people = count(whole["value"].iloc[0])
    claim = (
        f"In {dossier.name} wonen {people} mensen, in {_plural(len(tables['wijk']), 'wijk')} en "
        f"{_plural(len(tables['buurt']), 'buurt')} ({release.year})"
    )
    largest = wijken.loc[wijken["value"].idxmax()]
    sentence = (
        f"De grootste wijk is {largest['area_name']}, met {count(largest['value'])} inwoners. "
        f"{_plural(int(small.sum()), 'buurt')} met minder dan {SMALLEST_REGION} inwoners."
    )
    return charts.ranked_dots(
        wijken,
        claim=claim,
        sentence=sentence,
        source=source,
        alt=f"{claim}. Stippen per wijk, van veel naar weinig inwoners. {sentence}",
        value_label="inwoners",
        value_format="count",
        stamp=dossier.edition.stamp,
        also_rows=join([whole, counted]),
    )


def coverage(dossier: Dossier) -> Figure:
    """Return which concepts have figures in the newest year, on wijk and buurt."""
    release = dossier.newest
    source = dossier.source_line(release)
    concepts = [c for c in KEY_CONCEPTS if dossier.codebook[c].exists_in(release.year)]
    tables = []
    for level in LEVELS:
        why = kerncijfers.reasons(release, level, concepts)
        regions = dossier.regions(release, level)
        tables.append(
            coverage_rows(
                regions,
                why.loc[regions.index],
                area_code=dossier.code,
                area_name=dossier.name,
                level=level,
                year=release.year,
                source=source,
            )
        )
    rows = join(tables)
    buurt = rows[rows["level"].eq("buurt")]
    filled = int(buurt["status"].eq("ok").sum())
    claim = (
        f"Van {filled} van de {len(buurt)} onderwerpen zijn over {release.year} cijfers per buurt"
    )
    absent = [dossier.codebook[c].label_nl for c in buurt.loc[buurt["status"].ne("ok"), "group"]]
    sentence = (
        f"Nog niet per buurt gepubliceerd: {', '.join(absent)}."
        if absent
        else "Alle onderwerpen zijn er, op kleine buurten na."
    )
    return charts.coverage_matrix(
        rows,
        labels={c: dossier.codebook[c].label_nl for c in concepts},
        claim=claim,
        sentence=sentence,
        source=source,
        alt=f"{claim}. {sentence}",
        stamp=dossier.edition.stamp,
    )


def newest_years(dossier: Dossier) -> Figure:
    """Return per concept the newest year that has figures per buurt of this gemeente."""
    found, lines = [], []
    for concept in KEY_CONCEPTS:
        release = dossier.newest_with([concept])
        label = dossier.codebook[concept].label_nl
        if release is None:
            lines.append((label, "geen", "in geen van de opgehaalde jaren"))
            continue
        found.append(
            {
                "area_code": dossier.code,
                "area_name": dossier.name,
                "year": release.year,
                "level": "buurt",
                "measure": "newest_year",
                "group": concept,
                "value": float(release.year),
                "source": dossier.source_line(release),
            }
        )
        lines.append((label, str(release.year), release.source.table))
    rows = evidence_frame(found)
    years = sorted({int(year) for year in rows["year"]}, reverse=True)
    claim = (
        f"Alle cijfers komen uit {years[0]}"
        if len(years) == 1
        else f"De cijfers komen uit {len(years)} jaren: {', '.join(map(str, years))}"
    )
    stored = ", ".join(str(r.year) for r in dossier.releases)
    return table_figure(
        pd.DataFrame(lines, columns=["onderwerp", "nieuwste jaar", "tabel"]),
        rows=rows,
        claim=claim,
        sentence=f"In huis zijn de tabellen van {stored}.",
        source="; ".join(dict.fromkeys(rows["source"])),
        stamp=dossier.edition.stamp,
    )


def partitions(dossier: Dossier) -> Figure:
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
        sentence="Per groep scheelt afronden minder dan 5, en dat telt per groep op.",
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
    rows = _counted(dossier, release, numbers, source)
    total = sum(numbers[level, "regions_left_out"] for level in ("wijk", "buurt"))
    claim = (
        "Geen wijk of buurt is weggelaten"
        if total == 0
        else f"{_plural(numbers['wijk', 'regions_left_out'], 'wijk')} en "
        f"{_plural(numbers['buurt', 'regions_left_out'], 'buurt')} zonder inwoners zijn weggelaten"
    )
    return table_figure(
        pd.DataFrame(lines, columns=["code", "naam", "niveau", "reden"]),
        rows=rows,
        claim=claim,
        sentence="Het gaat om water, parken, bedrijventerreinen en gebieden in aanbouw."
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
                stored.files["TypedDataSet.parquet"][:12],
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
    return table_figure(
        pd.DataFrame(lines, columns=columns),
        rows=evidence_frame(found),
        claim=f"Dit rapport rust op {_plural(len(lines), 'opgeslagen tabel')}",
        sentence="Wie de controlesom vergelijkt, ziet of het dezelfde uitgave is.",
        source=f"Bron: {dossier.newest.source.publisher}; eigen bewerking.",
        stamp=dossier.edition.stamp,
    )


def _counted(dossier, release, numbers: dict[tuple[str, str], int], source: str) -> pd.DataFrame:
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


_PLURALS = {"wijk": "wijken", "buurt": "buurten", "opgeslagen tabel": "opgeslagen tabellen"}


def _plural(number: int, word: str) -> str:
    return f"{number} {word if number == 1 else _PLURALS[word]}"
