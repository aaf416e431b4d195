"""Chapter 3, over the years: do facilities stay as near while the number of people changes?"""

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.local import published
from analysis.evidence.over_years import MARK
from analysis.evidence.pace import changes_of_nearness, growth_of_people, nearness_of_year
from analysis.figures import pace_claims
from analysis.figures.figure import Figure
from analysis.figures.lines import lines
from analysis.figures.wording import STATUS_NL, count, in_format, signed
from analysis.reports.absent import Absent
from analysis.reports.chapter_provision import DISTANCES
from analysis.reports.dossier import Dossier, one_source


def keeping_pace(dossier: Dossier) -> Figure | Absent:
    """Return mean distances over the years beside the number of inhabitants."""
    rows = join([_of_year(dossier, release) for release in reversed(dossier.releases)])
    known = rows[rows["status"].eq("ok")]
    twice = known.groupby("group")["year"].nunique()
    shown = [concept for concept in DISTANCES if twice.get(concept, 0) > 1]
    if not shown:
        return Absent(
            "Van geen voorziening staat de afstand van twee jaren in huis. Of voorzieningen "
            "meegroeien is zo niet te zeggen; haal met 'pull --jaar' meer jaren op."
        )
    rows = rows[rows["group"].isin(shown) & rows["year"].isin(known["year"])]
    rows = rows.reset_index(drop=True)
    counted, grown = _people(dossier, sorted(known["year"].unique()))
    breaks = {c: dossier.codebook[c].break_year for c in shown if dossier.codebook[c].break_year}
    changed = changes_of_nearness(rows, breaks)
    labels = {concept: dossier.codebook[concept].label_nl for concept in shown}
    claim = pace_claims.pace(changed, grown, labels, dossier.name)
    return lines(
        _points(rows, labels, breaks),
        rows=join([rows, changed, counted, grown]),
        table=_table(rows, counted, join([changed, grown]), labels),
        claim=claim,
        sentence="Gemiddeld over alle inwoners, over de weg. Dichterbij is nog niet meer of groter.",
        source=one_source(join([rows, counted])["source"]),
        alt=f"{claim}. Lijnen met de afstand per voorziening en jaar.",
        x_label="jaar",
        x_format="year",
        value_label="gemiddelde afstand (km)",
        value_format="km",
        breaks=[
            (year - 0.5, f"{labels[concept]}: anders geteld")
            for concept, year in breaks.items()
            if rows["year"].lt(year).any()
        ],
        notes=[
            "Afstanden zijn gepubliceerd in stappen van 100 meter. Een verschil dat door dat "
            "afronden kan komen, heet hier even ver.",
            "Het CBS kan tussen jaren wegen of voorzieningen anders hebben geteld.",
            "Het land van de gemeente is tussen jaren niet even groot: hoeveel inwoners erbij kwamen "
            "is dan niet te zeggen, en de afstand gaat over wie er elk jaar woonde."
            if grown["status"].ne("ok").any()
            else "",
        ],
        stamp=dossier.edition.stamp,
    )


def _of_year(dossier: Dossier, release) -> pd.DataFrame:
    return join(
        [
            nearness_of_year(
                dossier.regions(release, "buurt"), concept,
                area_code=dossier.code, area_name=dossier.name, level="buurt", year=release.year,
                source=dossier.source_line(release), absent=release.absent,
            )
            for concept in DISTANCES
        ]
    )  # fmt: skip


def _people(dossier: Dossier, years: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the inhabitants by year and their change, as evidence rows."""
    people, land, found = {}, {}, []
    for release in dossier.releases:
        if release.year not in years:
            continue
        whole = dossier.regions(release, "gemeente")
        people[release.year], land[release.year] = whole[["inhabitants", "land_area_km2"]].iloc[0]
        found.append(
            published(
                whole, "inhabitants", level="gemeente", year=release.year,
                source=dossier.source_line(release),
                reasons=dossier.reasons(release, "gemeente", ["inhabitants"])["inhabitants"],
            )
        )  # fmt: skip
    rows = join(found)
    return rows, growth_of_people(
        pd.Series(people), pd.Series(land), source=one_source(rows["source"]),
        area_code=dossier.code, area_name=dossier.name,
    )  # fmt: skip


def _points(rows: pd.DataFrame, labels: dict[str, str], breaks: dict[str, int]) -> pd.DataFrame:
    since = rows["group"].map(breaks).fillna(rows["year"].min())
    points = rows[["value", "low", "high"]].astype(float)
    return points.assign(
        line=rows["group"].map(labels), x=rows["year"].astype(int), part=rows["year"].ge(since)
    )


def _table(
    rows: pd.DataFrame, counted: pd.DataFrame, changed: pd.DataFrame, labels: dict[str, str]
) -> pd.DataFrame:
    people = counted.set_index("year")["value"].sort_index()
    years = people.index.tolist()
    shown = pd.DataFrame({"jaar": [*map(str, years), "verandering"]})
    shown["inwoners"] = [*(count(value) for value in people), _change(changed, "inhabitants")]
    for concept, label in labels.items():
        own = rows[rows["group"].eq(concept)].set_index("year")
        told = [
            in_format(own.loc[year, "value"], "km", 2)
            if own.loc[year, "status"] == "ok"
            else STATUS_NL[own.loc[year, "status"]]
            for year in years
        ]
        shown[f"{label} (km)"] = [*told, _change(changed, concept)]
    return shown


def _change(changed: pd.DataFrame, group: str) -> str:
    """Return the longest change of a group in words: by how much, and since when."""
    own = changed[changed["group"].eq(group) & changed["status"].eq("ok")]
    if own.empty:
        return "niet te zeggen"
    since = own["measure"].str.rsplit(MARK, n=1).str[-1].astype(int)
    row = own.loc[(own["year"] - since).idxmax()]
    form, decimals = ("percent", 1) if group == "inhabitants" else ("km", 2)
    return f"{signed(row['value'], form, decimals)} sinds {since[row.name]}"
