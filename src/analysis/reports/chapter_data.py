"""Chapter 1: how many people live where, which figures there are, and how old they are."""

import pandas as pd

from analysis.evidence.coverage import coverage as coverage_rows
from analysis.evidence.frame import evidence_frame, join
from analysis.evidence.local import SMALLEST_REGION, published
from analysis.figures import charts
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import count, join_words, plural
from analysis.reports.chapter_checks import counted_rows
from analysis.reports.dossier import Dossier, one_source
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
    counted = counted_rows(dossier, release, numbers, source)
    people = count(whole["value"].iloc[0])
    in_wijken = plural(len(tables["wijk"]), "wijk", "wijken")
    in_buurten = plural(len(tables["buurt"]), "buurt", "buurten")
    claim = (
        f"In {dossier.name} wonen {people} mensen, in {in_wijken} en {in_buurten} ({release.year})"
    )
    largest = wijken.loc[wijken["value"].idxmax()]
    sentence = (
        f"De grootste wijk is {largest['area_name']}, met {count(largest['value'])} inwoners. "
        f"{_few(int(small.sum()))} minder dan {SMALLEST_REGION} inwoners."
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
    labels = {concept: _label(dossier, concept) for concept in concepts}
    tables = []
    for level in dossier.levels(release):
        tables.append(
            coverage_rows(
                dossier.regions(release, level),
                dossier.reasons(release, level, concepts),
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
        f"Voor {filled} van de {len(buurt)} onderwerpen zijn er cijfers per buurt ({release.year})"
    )
    absent = [labels[concept] for concept in buurt.loc[buurt["status"].ne("ok"), "group"]]
    sentence = (
        f"Niet per buurt: {_first_few(absent)}."
        if absent
        else "Alle onderwerpen zijn er, op kleine buurten na."
    )
    return charts.coverage_matrix(
        rows,
        labels=labels,
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
        label = _label(dossier, concept)
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
        source=one_source(rows["source"]),
        stamp=dossier.edition.stamp,
    )


def _label(dossier: Dossier, concept: str) -> str:
    label = dossier.codebook[concept].label_nl
    return f"afstand tot {label}" if dossier.codebook[concept].kind == "distance" else label


def _first_few(labels: list[str]) -> str:
    if len(labels) <= 3:
        return join_words(labels)
    return f"{', '.join(labels[:3])} en nog {len(labels) - 3} onderwerpen"


def _few(number: int) -> str:
    if number == 0:
        return "Geen enkele buurt heeft"
    return f"{plural(number, 'buurt', 'buurten')} {'heeft' if number == 1 else 'hebben'}"
