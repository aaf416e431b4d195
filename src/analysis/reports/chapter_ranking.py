"""Chapter 2, beside others: the place of the gemeente among comparable ones, and how sure it is."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.comparison import alike, chosen, of_like_units
from analysis.evidence.frame import join
from analysis.evidence.groups import Group
from analysis.evidence.panel import measure
from analysis.evidence.ranking import ranking
from analysis.evidence.uncertainty import rounding_values
from analysis.figures import rank_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure
from analysis.reports.absent import Absent
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release
from analysis.sources.comparisons import codes_of, read_comparisons
from analysis.sources.stored import region_table

_LEVEL = "buurt"
_INDEX = "dissimilarity"
_NEW_TOWNS = "new_towns"


_ALIKE, _TOWNS = "gemeenten van dezelfde grootteklasse", "New Towns"
_CHOSEN = "gekozen gemeenten"
_SETS = {_ALIKE: "alike", _TOWNS: "new_towns", _CHOSEN: "chosen"}


def among_alike(dossier: Dossier) -> Figure | Absent:
    """Return the dissimilarity of gemeenten of the same size class, and how sure the order is."""
    return _among(dossier, _ALIKE, _of_same_size)


def among_new_towns(dossier: Dossier) -> Figure | Absent:
    """Return the same among the New Towns, for a gemeente that is one."""
    return _among(dossier, _TOWNS, _new_towns)


def among_chosen(dossier: Dossier) -> Figure | Absent:
    """Return the same among gemeenten that the reader chose."""
    if not dossier.compared:
        return Absent(
            "Er zijn geen andere gemeenten gekozen om mee te vergelijken. Dat kan met 'report "
            f"\"{dossier.name}\" --vergelijk \"Almere,Lelystad\"'."
        )
    return _among(dossier, _CHOSEN, _own_choice)


def _among(dossier: Dossier, called: str, choose) -> Figure | Absent:
    year = None
    for group, release in countable(dossier):
        year = release.year
        gemeenten = region_table(release, "gemeente")
        codes, without = choose(dossier, gemeenten)
        if len(codes) > 1 and dossier.code in codes:
            return _figure(dossier, release, group, gemeenten.loc[codes], called, without)
        if len(gemeenten) > 1 and dossier.code not in codes:
            return Absent(f"{dossier.name} hoort niet bij de {called}.")
    if year is None:
        return Absent("Geen enkele groep heeft cijfers per buurt; er is niets te vergelijken.")
    return Absent(
        f"In de cijfers die in huis zijn staan geen andere {called} om {dossier.name} mee te "
        "vergelijken."
    )


def _own_choice(dossier: Dossier, gemeenten: pd.DataFrame) -> tuple[list[str], list[str]]:
    return chosen(gemeenten, [dossier.code, *dossier.compared])


def _of_same_size(dossier: Dossier, gemeenten: pd.DataFrame) -> tuple[list[str], list[str]]:
    return alike(gemeenten, dossier.code), []


def _new_towns(dossier: Dossier, gemeenten: pd.DataFrame) -> tuple[list[str], list[str]]:
    sets = read_comparisons(dossier.edition.codebook.with_name("comparisons.csv"))
    return chosen(gemeenten, codes_of(sets, _NEW_TOWNS))


def _figure(
    dossier: Dossier,
    release: Release,
    group: Group,
    gemeenten: pd.DataFrame,
    called: str,
    without: list[str],
) -> Figure:
    buurten = region_table(release, _LEVEL)
    buurten = buurten[buurten["gm_code"].isin(gemeenten.index)]
    absent = {release.year: release.absent}
    rows = measure(
        buurten, [_INDEX], [group], year=release.year, source=dossier.source_line(release),
        absent=absent, area_names=gemeenten["region_name"],
    )  # fmt: skip
    rows = of_like_units(rows, dossier.code)
    draws = rounding_values(buurten, group, year=release.year, absent=absent)
    shown = rows.copy()
    if len(draws):
        ends = draws.quantile([0.025, 0.975], axis=1).T.reindex(rows["area_code"])
        known = rows["status"].eq("ok").array
        shown["low"], shown["high"] = ends[0.025].where(known).array, ends[0.975].where(known).array
        # Of the draws behind the order, without the room that an interval by itself is given.
        shown["interval"] = "rounding_draws"
    people = buurten.groupby("gm_code")["inhabitants"]
    places = ranking(rows, draws, largest_unit=people.max() / people.sum())
    placed = places["measure"].eq("rank") & places["status"].eq("ok")
    number = rows[rows["area_code"].eq(dossier.code)].assign(
        measure="ranked_areas", value=float(placed.sum()), status="ok"
    )
    claim = rank_claims.place(places, dossier.code, dossier.name, group.label, called)
    figure = ranked_dots(
        shown,
        claim=claim,
        sentence=rank_claims.sureness(places, dossier.code, dossier.name),
        source=dossier.source_line(release),
        alt=f"{claim}. Stippen per gemeente, van ongelijk naar gelijk verspreid.",
        value_label=f"dissimilariteit van {group.label} over buurten",
        value_format="index",
        row_label="gemeente",
        notes=[
            f"Jaar: {release.year}. {len(gemeenten)} {called}.",
            rank_claims.refused(places),
            rank_claims.unlike(rows),
            "De balk om een stip is waar de maat van de niet afgeronde aantallen ligt; afronden "
            "maakt een spreiding iets ongelijker.",
            f"Bestaan niet in dit jaar: {', '.join(without)}." if without else "",
        ],
        also_rows=join([places, number]),
        stamp=dossier.edition.stamp,
    )
    # A place holds among these gemeenten only: among others it is another number.
    kept = figure.rows["measure"].eq(_INDEX)
    named = figure.rows["measure"].where(kept, figure.rows["measure"] + f"_among_{_SETS[called]}")
    return replace(figure, rows=figure.rows.assign(measure=named))
