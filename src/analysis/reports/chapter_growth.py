"""Chapter 5: what new dwellings ask for by reference norms, what is there, what can be shared."""

import re
from dataclasses import dataclass, replace

import pandas as pd

from analysis.evidence.demand import AT_MOST
from analysis.evidence.frame import join
from analysis.evidence.growth import EXAMPLES, GrowthPlan, growth_evidence
from analysis.figures import growth_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import STATUS_NL, count, in_format, join_words, percent
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release
from analysis.reports.located import located_in
from analysis.reports.stock_of import dwellings_in, floor_for
from analysis.reports.told_points import points_source
from analysis.sources import own_norms
from analysis.sources.edition import project_root
from analysis.sources.facility_kinds import read_kinds
from analysis.sources.facility_points import locate
from analysis.sources.norms import norms_for, read_hours, read_norms

_LARGE = 100_000
_THIRD = {"social": 1 / 3, "other": 2 / 3}
_TOWN = GrowthPlan((2000, 2500, 3000), (1.6, 2.0, 2.3), _THIRD)
_VILLAGE = GrowthPlan((200, 250, 300), (1.8, 2.1, 2.4), _THIRD)
# What a norm is about that is not known here, in the words of the table.
_LACKING = {
    "m2_per_1000_dwellings": "woningen onbekend",
    "percent_of_area": "bebouwd gebied onbekend",
    "minimum_per_gemeente": "alleen per gemeente",
}
_SUM = "Rekenmaat, geen voorspelling."


@dataclass(frozen=True)
class Growth:
    """A growth example and all that it rests on.

    Attributes
    ----------
    rows : DataFrame
        From `growth_evidence`.
    norms : DataFrame
        By facility.
    plan : GrowthPlan
    place : str
        Name of the wijk or buurt.
    release : Release
    source : str
    """

    rows: pd.DataFrame
    norms: pd.DataFrame
    plan: GrowthPlan
    place: str
    release: Release
    source: str


def norms_of(dossier: Dossier) -> pd.DataFrame:
    """Return one norm per facility: the gemeente's own where it brought them, else the table's."""
    data = project_root() / "data"
    kinds = read_kinds(data / "facility_kinds.csv")
    known = read_norms(data / "norms.csv", kinds)
    return norms_for(known, own=own_norms.read(dossier.edition.raw, dossier.code, kinds, known))


def growth_of(dossier: Dossier) -> Growth | Absent:
    """Return the growth example of a gemeente: its own, or one in its largest wijk."""
    code, plan, level, release = plan_of(dossier)
    if release is None:
        return Absent("Er zijn geen cijfers per wijk om een groei op te rekenen.")
    norms = norms_of(dossier)
    hours, available = read_hours(project_root() / "data" / "function_hours.csv")
    regions = dossier.regions(release, level)
    whole = dossier.regions(release, "gemeente")
    located = located_in(dossier)
    settings = {}
    source = dossier.source_line(release)
    drawn = dossier.boundaries(release, level)
    if not isinstance(located, Absent) and drawn is not None:
        # Of a kind that stands in the list elsewhere only, nobody looked for it in this gemeente.
        inside, _ = locate(located.points, drawn.places)
        settings = {
            "points": located.points,
            "inside": inside.eq(code).fillna(False),
            "points_source": points_source(dossier, located),
        }
    region, ceiling = regions.loc[code], floor_for(dossier, level, release, code)
    homes = dwellings_in(dossier, level, release, code)
    if homes is not None and pd.isna(region.get("n_dwellings")):
        # The table has none; what stands there is counted in the register of buildings.
        region = pd.Series(region.to_dict() | {"n_dwellings": homes}, name=code)
        source = f"{source} Woningen: {dossier.edition.stamp or 'Kadaster, BAG'}."
    rows = growth_evidence(
        region, norms, plan,
        year=release.year, level=level, source=source,
        compared=pd.concat([regions.loc[[code]], whole]), hours=hours, available=available,
        ceiling=ceiling, **settings,
    )  # fmt: skip
    return Growth(rows, norms, plan, regions.loc[code, "region_name"], release, source)


def buildings_filled(dossier: Dossier) -> Figure | Absent:
    """Return how much of the smallest sensible building each new demand fills."""
    growth = growth_of(dossier)
    if isinstance(growth, Absent):
        return growth
    used = growth.rows[growth.rows["measure"].eq("building_use_growth")]
    if used.empty:
        return Absent("Van geen enkele norm is het kleinste zinvolle gebouw bekend.")
    labels = growth.norms["label"]
    shown = used.assign(area_name=used["group"].map(labels), status="ok", interval="bandbreedte")
    people = growth.rows[growth.rows["measure"].eq("inhabitants_growth")].iloc[0]
    claim = growth_claims.filled(used, labels, growth.plan.told, growth.place)
    figure = ranked_dots(
        shown.reset_index(drop=True),
        claim=claim,
        sentence=f"{count(people['low'])} tot {count(people['high'])} nieuwe inwoners. {_SUM}",
        source=_norm_source(growth, used["group"]),
        alt=f"{claim}. Stippen per voorziening met een band, naast de lijn van één gebouw.",
        value_label="deel van het kleinste zinvolle gebouw",
        value_format="percent",
        row_label="voorziening",
        reference=(1.0, "één heel gebouw"),
        notes=[
            f"Aanname: {growth.plan.told}, waarvan een derde sociale huur.",
            "De band komt van het aantal woningen en van hoeveel mensen er in wonen.",
            "Een norm is een afspraak of een richtgetal, geen meting van wat mensen nodig hebben.",
        ],
        stamp=dossier.edition.stamp,
    )
    return replace(figure, rows=join([used, _plan_rows(growth)]))


def demand_beside_supply(dossier: Dossier) -> Figure | Absent:
    """Return per facility what the norm asks of the growth, and what is there now."""
    growth = growth_of(dossier)
    if isinstance(growth, Absent):
        return growth
    rows = growth.rows
    lines, used = [], []
    for facility, norm in growth.norms.iterrows():
        asked, now = (
            _one(rows, f"demand_{_unit(rows, facility)}_{when}", facility)
            for when in ("growth", "now")
        )
        there = _one(rows, f"supply_{_unit(rows, facility)}", facility)
        most = rows[rows["measure"].eq(AT_MOST) & rows["group"].eq(facility)]
        used += [now, asked, there, *(row for _, row in most.iterrows())]
        lines.append(
            {
                "voorziening": norm["label"],
                "norm": _in_dutch(norm["written"]) or STATUS_NL["no_norm"],
                "van": f"{norm['body']} {norm['year']}".strip(),
                "vraag van nu": _asked(now, norm),
                "vraag van de groei": _asked(asked, norm),
                "is er nu": f"ten hoogste {_amount(most.iloc[0])}" if len(most) else _amount(there),
            }
        )
    table = join([row.to_frame().T for row in used])
    return table_figure(
        pd.DataFrame(lines),
        rows=table,
        claim=growth_claims.supply(table, growth.place),
        sentence=f"Voor {growth.plan.told} in {growth.place}. {_SUM}",
        source=_norm_source(growth, growth.norms.index),
        notes=[
            f"Jaar van de bevolking: {growth.release.year}.",
            "Huisartsen: de norm telt volle werkweken, de lijst telt praktijken. Die twee zijn "
            "niet van elkaar af te trekken.",
            "Oppervlak is precies bekend als de eigen lijst van de gemeente 'm2_bvo' heeft. 'Ten "
            "hoogste' is alle ruimte met die functie in de BAG, dus ook van anderen.",
        ],
        stamp=dossier.edition.stamp,
    )


def sharing_a_building(dossier: Dossier) -> Figure | Absent:
    """Return which functions are too small alone, and whether their hours go together."""
    growth = growth_of(dossier)
    if isinstance(growth, Absent):
        return growth
    rows = growth.rows[growth.rows["group"].str.contains(" + ", regex=False)]
    if rows.empty:
        return Absent("Geen twee functies zijn allebei te klein voor een eigen gebouw.")
    labels = growth.norms["label"]
    shown = pd.DataFrame([_pair(own, labels) for _, own in rows.groupby("group", sort=False)])
    return table_figure(
        shown,
        rows=join([rows, _plan_rows(growth)]),
        claim=growth_claims.sharing(rows, labels),
        sentence=f"Voorstel om te bespreken, bij {growth.plan.told}. {_SUM}",
        source=f"{_norm_source(growth, growth.norms.index)} Uren per functie: eigen aanname.",
        notes=[
            "Gelijktijdig: uren per week waarin beide functies open willen zijn.",
            "De uren per functie zijn een aanname van dit project (data/function_hours.csv); "
            "een gemeente vult haar eigen uren in.",
        ],
        stamp=dossier.edition.stamp,
    )


def _plan_rows(growth: Growth) -> pd.DataFrame:
    plan = growth.rows["measure"].isin(["dwellings_growth", "inhabitants_growth"])
    return growth.rows[plan]


def plan_of(dossier: Dossier) -> tuple[str, GrowthPlan, str, Release | None]:
    """Return where a gemeente grows in the example, by how much, its level and its newest year."""
    for code, (name, plan) in EXAMPLES.items():
        level = "buurt" if code.startswith("BU") else "wijk"
        for release in dossier.releases if code[2:6] == dossier.code[2:] else ():
            if dossier.regions(release, level)["region_name"].get(code) == name:
                return code, plan, level, release
    for release in dossier.releases:
        wijken = dossier.regions(release, "wijk")["inhabitants"]
        if wijken.notna().any():
            plan = _TOWN if wijken.sum() >= _LARGE else _VILLAGE
            return str(wijken.idxmax()), plan, "wijk", release
    return "", _VILLAGE, "wijk", None


def _unit(rows: pd.DataFrame, facility: str) -> str:
    own = rows[rows["group"].eq(facility)]
    return "m2" if own["measure"].eq("demand_m2_growth").any() else "units"


def _one(rows: pd.DataFrame, measure: str, facility: str) -> pd.Series:
    found = rows[rows["measure"].eq(measure) & rows["group"].eq(facility)]
    if found.empty:
        # Where no norm tells the unit, the supply is counted in places.
        other = measure.replace("_m2", "_units")
        found = rows[rows["measure"].eq(other) & rows["group"].eq(facility)]
    return found.iloc[0]


def _asked(row: pd.Series, norm: pd.Series) -> str:
    if row["status"] == "no_denominator":
        return _LACKING.get(norm["unit"], "mensen onbekend")
    return _amount(row)


def _amount(row: pd.Series) -> str:
    if pd.isna(row["value"]):
        return STATUS_NL[row["status"]]
    m2 = "_m2" in row["measure"]

    def told(value: float) -> str:
        return count(value) if m2 or float(value).is_integer() else in_format(value, "ratio")

    low, high = row["low"], row["high"]
    if pd.isna(low) or low == high:
        text = told(row["value"])
    else:
        text = f"{told(low)} – {told(high)}"
    return f"{text} m²" if m2 else text


def _pair(own: pd.DataFrame, labels: pd.Series) -> dict[str, str]:
    by_measure = own.set_index("measure")
    first, second = own["group"].iloc[0].split(" + ")
    space = by_measure.loc["combined_m2"]
    hours = by_measure["value"]
    known = "hours_clash" in hours.index and pd.notna(hours["hours_clash"])
    return {
        "functies": f"{labels[first]} en {labels[second]}",
        "samen nodig": f"{count(space['low'])} – {count(space['high'])} m²",
        "genoeg voor een gebouw?": "nee" if space["status"] == "below_building" else "ja",
        "uren per week": count(hours["hours_needed"]) if known else STATUS_NL["no_hours"],
        "gelijktijdig": count(hours["hours_clash"]) if known else "",
        "vullen elkaar aan": percent(hours["hours_complement"]) if known else "",
    }


def _in_dutch(written: str) -> str:
    """Return a norm as read in the table of norms, in Dutch notation: '1.000', '3,5', 'm²'."""
    comma = re.sub(r"(\d)\.(\d)", r"\1,\2", written).replace("m2", "m²").replace(" %", "%")
    return re.sub(r"(?<![\d,])\d{4,}(?![\d,])", lambda found: count(int(found[0])), comma)


def _norm_source(growth: Growth, facilities) -> str:
    bodies = growth.norms.loc[[f for f in facilities if f in growth.norms.index], "body"]
    named = [body for body in dict.fromkeys(bodies) if body] or ["eigen lijst van de gemeente"]
    return f"{growth.source} Normen: {join_words(named)}."
