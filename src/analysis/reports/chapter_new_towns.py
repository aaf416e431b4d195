"""Chapter 9: New Towns beside each other, their oldest wijken, and what is measured of them."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.comparison import chosen, middle_of_others, of_like_units
from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame, join
from analysis.evidence.local import published
from analysis.evidence.panel import measure
from analysis.figures import new_town_claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.pairs import level_pairs
from analysis.figures.wording import STATUS_NL, count, in_format, join_words
from analysis.measures.evenness import dissimilarity
from analysis.reports.absent import Absent
from analysis.reports.chapter_buildings import oldest_by_year
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.reports.stock_of import stock_of
from analysis.sources import kerncijfers
from analysis.sources.comparisons import codes_of, read_comparisons
from analysis.sources.stored import region_table

_SET = "new_towns"
_FIGURES = {
    "inhabitants": "count",
    "inhabitants_per_km2": "count",
    "share_housing_corporation": "percent",
    "share_owner_occupied": "percent",
    "woz_value_eur": "euro",
    "gp_distance_km": "km",
}
_OLD = ("share_built_before_2000", "share_built_over_10_years_ago")
# Of the concepts that tell of the lower side: how a sentence calls them, and their notation.
LOW = {
    "income_per_inhabitant_eur": ("lage inkomens", "euro"),
    "woz_value_eur": ("goedkope woningen", "euro"),
}
_SHOWN = 15
# What the questions of the New Towns are about, and which concepts would tell of it.
_ASKED = {
    "wonen: eigendom en waarde": ("share_owner_occupied", "woz_value_eur"),
    "wonen: sociale huur": ("share_housing_corporation",),
    "inkomen": ("income_per_inhabitant_eur", "share_low_income_households"),
    "nabijheid van voorzieningen": ("gp_distance_km", "school_distance_km"),
    "bouwjaar van de wijk": _OLD,
    "samenhang in de buurt": (),
    "zich thuis voelen": (),
    "gebruik en kwaliteit van voorzieningen": (),
}
_NO_FIGURE = "niet te zeggen met deze bron"


def wijk_and_buurt(dossier: Dossier) -> Figure | Absent:
    """Return the dissimilarity of the first group in every New Town, on wijken and on buurten."""
    for group, release in countable(dossier):
        codes, without = _towns(dossier, release)
        if len(codes) < 2:
            continue
        names = region_table(release, "gemeente")["region_name"]
        rows = join([
            of_like_units(_index(release, level, group, codes, names, dossier), dossier.code)
            for level in _LEVELS
        ])  # fmt: skip
        rows = join([rows, middle_of_others(rows, dossier.code)])
        claim = new_town_claims.levels(rows, dossier.name, group.label, member=_is_one(dossier))
        figure = level_pairs(
            rows[rows["measure"].eq("dissimilarity")].assign(group=rows["area_code"]),
            labels={code: names[code] for code in codes},
            claim=claim,
            sentence=f"Dissimilariteit van {group.label} ({release.year}). Alleen gemeenten met "
            "wijken of buurten van vergelijkbare grootte hebben een stip.",
            source=dossier.source_line(release),
            alt=f"{claim}. Per New Town twee stippen: op wijken en op buurten.",
            value_label=f"dissimilariteit van {group.label}",
            notes=[
                "Kleinere gebieden geven vanzelf een hogere maat. Daarom staan gemeenten waar de "
                "middelste wijk of buurt meer dan twee keer zo groot of klein is er niet bij.",
                f"Bestaan niet in dit jaar: {join_words(without)}." if without else "",
            ],
            stamp=dossier.edition.stamp,
        )
        table = figure.table.rename(columns={"groep": "gemeente"})
        return replace(figure, rows=rows, table=table)
    return Absent("In de cijfers die in huis zijn staan geen andere New Towns om naast te zetten.")


def in_figures(dossier: Dossier) -> Figure | Absent:
    """Return the New Towns beside each other in a few figures, each of its newest year."""
    tables, heads = [], {}
    codes, names = [], pd.Series(dtype="str")
    for concept, value_format in _FIGURES.items():
        for release in dossier.releases:
            whole = region_table(release, "gemeente")
            here, _ = _towns(dossier, release)
            if concept not in whole or not whole.loc[here, concept].notna().any():
                continue
            codes, names = (codes, names) if codes else (here, whole["region_name"])
            label = dossier.codebook[concept].label_nl
            if concept.endswith("_distance_km"):
                label = f"km tot een {label}"
            heads[concept] = (f"{label} ({release.year})", value_format)
            tables.append(
                published(
                    whole.loc[here], concept, level="gemeente", year=release.year,
                    source=dossier.source_line(release),
                    reasons=kerncijfers.reasons(release, "gemeente", [concept])[concept].loc[here],
                )
            )  # fmt: skip
            break
    if len(codes) < 2:
        return Absent("In de cijfers die in huis zijn staan geen andere New Towns.")
    rows = join(tables)
    cell = rows.set_index(["group", "area_code"])
    shown = [
        {"gemeente": names[code]}
        | {head: cell_told(cell, concept, code, form) for concept, (head, form) in heads.items()}
        for code in codes
    ]
    return table_figure(
        pd.DataFrame(shown),
        rows=rows,
        claim=new_town_claims.beside(
            rows, dossier.code, dossier.name, dict(heads), member=_is_one(dossier)
        ),
        sentence="De New Towns naast elkaar, elk cijfer van het nieuwste jaar dat er is.",
        source=one_source(rows["source"]),
        notes=[
            "De lijst van New Towns staat in data/comparisons.csv. Soms is de gemeente groter dan "
            "de stad."
        ],
        stamp=dossier.edition.stamp,
    )


def oldest_wijken(dossier: Dossier) -> Figure | Absent:
    """Return the wijken with the oldest dwellings beside the others, where building years are."""
    by_year = oldest_by_year(dossier, LOW)
    if isinstance(by_year, Figure):
        return by_year
    concept = next((one for one in _OLD if dossier.newest_with([one], "wijk")), None)
    if concept is None:
        return Absent(
            "Van welke tijd de woningen in een wijk zijn, is niet te zeggen met deze bron: de "
            "bouwjaren zijn in de opgehaalde jaren niet gepubliceerd, en gebouwen uit de BAG zijn "
            "niet meegebracht ('pull GEMEENTE --bag BESTAND')."
        )
    release = dossier.newest_with([concept], "wijk")
    regions = dossier.regions(release, "wijk")
    beside = next((one for one in LOW if known_of_most(regions, one)), None)
    if beside is None:
        return Absent(f"Over {release.year} is geen inkomen of woningwaarde per wijk bekend.")
    rows = join([
        published(regions, one, level="wijk", year=release.year,
                  source=dossier.source_line(release),
                  reasons=kerncijfers.reasons(release, "wijk", [one])[one])
        for one in (concept, beside)
    ])  # fmt: skip
    label, form = dossier.codebook[beside].label_nl, LOW[beside][1]
    cell = rows.set_index(["group", "area_code"])
    order = rows[rows["group"].eq(concept)].sort_values("value", ascending=False, kind="stable")
    head = dossier.codebook[concept].label_nl
    shown = [
        {"wijk": row.area_name, head: cell_told(cell, concept, row.area_code, "percent"),
         label: cell_told(cell, beside, row.area_code, form)}
        for row in order.head(_SHOWN).itertuples()
    ]  # fmt: skip
    return table_figure(
        pd.DataFrame(shown),
        rows=rows,
        claim=new_town_claims.oldest(rows, concept, beside, head, label, form),
        sentence=f"Wijken op volgorde van {head} ({release.year}).",
        source=dossier.source_line(release),
        notes=[
            "Oude wijken verschillen ook in ligging, eigendom en wie er wonen. Of het aan de "
            "bouwtijd ligt, is hier niet te zeggen.",
        ],
        stamp=dossier.edition.stamp,
    )


def measured_or_not(dossier: Dossier) -> Figure:
    """Return for what is asked of New Towns whether these sources tell of it."""
    lines, numbers = [], []
    for theme, concepts in _ASKED.items():
        found = [release.year for one in concepts if (release := dossier.newest_with([one]))]
        if concepts == _OLD and not isinstance(stock_of(dossier, "buurt"), Absent):
            found.append(dossier.newest.year)
        lines.append({"onderwerp": theme,
                      "per buurt": f"ja ({max(found)})" if found else _NO_FIGURE})  # fmt: skip
        numbers.append({
            "area_code": dossier.code, "area_name": dossier.name, "year": dossier.newest.year,
            "level": "buurt", "measure": "theme_has_figures", "group": theme,
            "value": float(bool(found)), "source": dossier.source_line(dossier.newest),
        })  # fmt: skip
    rows = evidence_frame(numbers)
    return table_figure(
        pd.DataFrame(lines),
        rows=rows,
        claim=new_town_claims.measured(rows),
        sentence="Samenhang en thuisgevoel staan in enquêtes, niet in deze tabellen.",
        source=dossier.source_line(dossier.newest),
        notes=["Wat niet gemeten is, kan toch het belangrijkste zijn. Vraag het wie er woont."],
        stamp=dossier.edition.stamp,
    )


_LEVELS = ("wijk", "buurt")


def _is_one(dossier: Dossier) -> bool:
    sets = read_comparisons(dossier.edition.codebook.with_name("comparisons.csv"))
    return dossier.code in codes_of(sets, _SET)


def _towns(dossier: Dossier, release: Release) -> tuple[list[str], list[str]]:
    """Return the New Towns in a year, this gemeente first, and the names of those not there."""
    sets = read_comparisons(dossier.edition.codebook.with_name("comparisons.csv"))
    codes, without = chosen(region_table(release, "gemeente"), codes_of(sets, _SET))
    whole = [code for code in codes if code != dossier.code]
    named = sets[sets["set"].eq(_SET)].set_index("gm_code")["gemeente"]
    return [dossier.code, *whole], [named.get(code, code) for code in without]


def _index(release, level, group, codes, names, dossier) -> pd.DataFrame:
    regions = region_table(release, level)
    return measure(
        regions[regions["gm_code"].isin(codes)], [dissimilarity], [group],
        year=release.year, source=dossier.source_line(release),
        absent={release.year: release.absent}, area_names=names,
    )  # fmt: skip


def known_of_most(regions: pd.DataFrame, concept: str) -> bool:
    """Tell whether regions where enough of the people live have a figure."""
    people = regions["inhabitants"]
    there = concept in regions and people[regions[concept].notna()].sum()
    return bool(there and there / people.sum() >= ENOUGH_COVERED)


def cell_told(cell: pd.DataFrame, concept: str, code: str, form: str) -> str:
    """Return a published figure as a reader sees it, or why there is none.

    Parameters
    ----------
    cell : DataFrame
        Evidence rows by group and area_code.
    concept, code : str
    form : str
        One of `wording.FORMATS`.
    """
    if (concept, code) not in cell.index:
        return STATUS_NL["does_not_exist"]
    row = cell.loc[(concept, code)]
    return STATUS_NL[row["status"]] if pd.isna(row["value"]) else in_format(row["value"], form)
