"""Chapter 8: within wijken, between wijken and between gemeenten; and four ways of looking."""

from dataclasses import dataclass

import pandas as pd

from analysis.evidence.frame import evidence_frame, join
from analysis.evidence.local import published
from analysis.evidence.nested import LEVELS, over_region
from analysis.figures import claims, inclusive_claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.stacked import parts_of_whole
from analysis.figures.wording import STATUS_NL, in_format, join_words
from analysis.reports.absent import Absent
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.sources import kerncijfers, questions
from analysis.sources.comparisons import read_comparisons
from analysis.sources.stored import region_table

_PARTS = {
    "gemeente": "tussen gemeenten",
    "wijk": "tussen wijken",
    "buurt": "tussen buurten",
}
_ASKED = "Bron: vragen die vooraf zijn ingestuurd."
_MOST_WIJKEN = 14
# A title names no wijk with fewer inhabitants.
_FEWEST_NAMED = 500


@dataclass(frozen=True)
class Perspective:
    """A way of looking at wijken.

    Attributes
    ----------
    key, label : str
        And in Dutch, who looks.
    concepts : dict of str to str
        Concept of the codebook -> how its values are written ('percent', 'count', 'km', ...).
    sentence : str
        What these figures are about, in Dutch.
    """

    key: str
    label: str
    concepts: dict[str, str]
    sentence: str


PERSPECTIVES = (
    Perspective(
        "professional", "wijkprofessionals",
        {"n_age_65_plus": "count", "n_one_person_households": "count",
         "n_social_assistance": "count", "gp_distance_km": "km"},
        "Hoeveel mensen er om wie gaat, en hoe ver de huisarts is.",
    ),
    Perspective(
        "resident", "bewoners",
        {"school_distance_km": "km", "supermarket_distance_km": "km",
         "inhabitants_per_km2": "count", "woz_value_eur": "euro"},
        "Wat dichtbij is, hoe druk het is en wat wonen kost.",
    ),
    Perspective(
        "gemeente", "de gemeente",
        {"inhabitants": "count", "n_age_0_14": "count", "n_age_65_plus": "count",
         "n_origin_outside_europe": "count"},
        "Voor wie er voorzieningen en plannen nodig zijn.",
    ),
    Perspective(
        "corporation", "corporaties",
        {"share_housing_corporation": "percent", "share_owner_occupied": "percent",
         "woz_value_eur": "euro", "n_one_person_households": "count"},
        "Wat voor woningen er staan.",
    ),
)  # fmt: skip


def over_region_gemeente_wijk(dossier: Dossier) -> Figure | Absent:
    """Return how segregation in the region divides over gemeenten, wijken and buurten."""
    region, name, codes = region_of(dossier)
    tables, labels = [], {}
    for group, release in countable(dossier):
        buurten = region_table(release, "buurt")
        if codes:
            buurten = buurten[buurten["gm_code"].isin(codes)]
        if buurten["gm_code"].nunique() < 2:
            return Absent(
                "In de cijfers die in huis zijn staat geen andere gemeente uit de regio om "
                f"{dossier.name} mee te vergelijken."
            )
        tables.append(
            over_region(
                buurten, [group], region=region, name=name, year=release.year,
                source=dossier.source_line(release), absent=release.absent,
            )
        )  # fmt: skip
        labels[group.key] = group.label
    rows = join(tables)
    if rows.empty:
        return Absent("Geen enkele groep heeft cijfers per buurt; er is niets te verdelen.")
    claim = inclusive_claims.where_it_lies(rows, labels, name)
    return parts_of_whole(
        rows,
        labels=labels,
        parts=_PARTS,
        claim=claim,
        sentence=f"Alle ongelijke spreiding in {name} is 100%. De staaf zegt waar zij ligt.",
        source=one_source(rows["source"]),
        alt=f"{claim}. Per groep een staaf van drie delen: tussen gemeenten, tussen wijken en "
        "tussen buurten.",
        value_label="deel van de ongelijke spreiding in de regio",
        notes=[
            claims.resting_on(rows[rows["level"].eq(LEVELS[-1])].iloc[0]),
            "Wat tussen gemeenten ligt, kan een gemeente niet alleen veranderen.",
            "Een staaf zegt niet hoe groot het verschil is, alleen waar het ligt.",
        ],
        stamp=dossier.edition.stamp,
    )


def region_of(dossier: Dossier) -> tuple[str, str, list[str]]:
    """Return key, Dutch name and codes of the region of a gemeente; the country without one."""
    sets = read_comparisons(dossier.edition.codebook.with_name("comparisons.csv"))
    regions = sets[sets["set"].str.startswith("region_")]
    own = regions[regions["gm_code"].eq(dossier.code)]
    if own.empty:
        return "NL", "Nederland", []
    key = own["set"].iloc[0]
    inside = regions[regions["set"].eq(key)]
    return key, inside["label"].iloc[0], inside["gm_code"].tolist()


def for_professionals(dossier: Dossier) -> Figure | Absent:
    """Return the wijken as somebody who works in them looks at them."""
    return _seen_by(dossier, PERSPECTIVES[0])


def for_residents(dossier: Dossier) -> Figure | Absent:
    """Return the wijken as somebody who lives in them looks at them."""
    return _seen_by(dossier, PERSPECTIVES[1])


def for_the_gemeente(dossier: Dossier) -> Figure | Absent:
    """Return the wijken as the gemeente looks at them."""
    return _seen_by(dossier, PERSPECTIVES[2])


def for_corporations(dossier: Dossier) -> Figure | Absent:
    """Return the wijken as a housing corporation looks at them."""
    return _seen_by(dossier, PERSPECTIVES[3])


def _seen_by(dossier: Dossier, perspective: Perspective) -> Figure | Absent:
    tables: list[pd.DataFrame] = []
    formats, lacking, of_others = {}, [], []
    for concept, value_format in perspective.concepts.items():
        release = dossier.newest_with([concept], "wijk")
        label = dossier.codebook[concept].label_nl
        if concept.endswith("_distance_km"):
            label = f"km tot een {label}"
        if release is None:
            lacking.append(label)
            continue
        found = _of_todays_wijken(dossier, _of_wijken(dossier, release, concept))
        if found["value"].isna().all():
            of_others.append(f"{label} ({release.year})")
            continue
        tables.append(found)
        formats[concept] = (f"{label} ({release.year})", value_format)
    if not tables:
        every = join_words([*lacking, *of_others])
        return Absent(f"Van geen van deze cijfers is een jaar per wijk van nu bekend: {every}.")
    rows = join(tables)
    first = next(iter(formats))
    order = rows[rows["group"].eq(first)].sort_values("value", ascending=False, kind="stable")
    wijken = order["area_code"].head(_MOST_WIJKEN)
    people = dossier.regions(dossier.newest, "wijk")["inhabitants"]
    large = order[order["area_code"].map(people).ge(_FEWEST_NAMED)]
    claim = inclusive_claims.stands_out(large, *formats[first], perspective.label)
    cell = rows.set_index(["group", "area_code"])
    shown = pd.DataFrame(
        [{"wijk": cell.loc[(first, code), "area_name"]}
         | {label: _told(cell, concept, code, value_format)
            for concept, (label, value_format) in formats.items()} for code in wijken]
    )  # fmt: skip
    more = len(order) - len(shown)
    return table_figure(
        shown,
        rows=rows,
        claim=claim,
        sentence=perspective.sentence,
        source=one_source(rows["source"]),
        notes=[
            f"De {len(shown)} wijken met de hoogste waarde; {more} andere staan in evidence.csv."
            if more else "",
            f"Nergens per wijk gepubliceerd: {join_words(lacking)}." if lacking else "",
            f"Alleen bekend van wijken die nu anders zijn: {join_words(of_others)}."
            if of_others else "",
            f"De titel noemt alleen wijken met ten minste {_FEWEST_NAMED} inwoners."
            if len(large) < len(order) else "",
            "Dit zijn cijfers over wijken. Over de mensen die er wonen zeggen ze niets.",
        ],
        stamp=dossier.edition.stamp,
    )  # fmt: skip


def questions_before(dossier: Dossier) -> Figure | Absent:
    """Return the questions that people sent in beforehand, by who asked."""
    found = questions.read(dossier.edition.raw)
    if found is None:
        return Absent(
            "Er zijn geen vragen vooraf meegebracht. Dat kan met een lijst met de kolommen groep "
            "en vraag: 'pull --from vragen.csv'."
        )
    number = found.groupby("group", sort=False).size()
    rows = evidence_frame([
        {"area_code": dossier.code, "area_name": dossier.name, "year": dossier.newest.year,
         "level": "gemeente", "measure": "questions_asked", "group": group,
         "value": float(many), "source": _ASKED}
        for group, many in number.items()
    ])  # fmt: skip
    return table_figure(
        found.rename(columns={"group": "wie", "question": "vraag"}),
        rows=rows,
        claim=inclusive_claims.asked(rows),
        sentence="Zo zijn de vragen vooraf ingestuurd, in de woorden van wie ze stelde.",
        source=_ASKED,
        notes=["Wie niets instuurde, staat er niet in."],
        stamp=dossier.edition.stamp,
    )


def _of_wijken(dossier: Dossier, release: Release, concept: str) -> pd.DataFrame:
    return published(
        dossier.regions(release, "wijk"), concept, level="wijk", year=release.year,
        source=dossier.source_line(release),
        reasons=kerncijfers.reasons(release, "wijk", [concept])[concept],
    )  # fmt: skip


def _of_todays_wijken(dossier: Dossier, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the wijken that are there now under the same code and name: codes are used again."""
    today = dossier.regions(dossier.newest, "wijk")["region_name"]
    same = rows["area_code"].map(today).eq(rows["area_name"])
    return rows[same].reset_index(drop=True)


def _told(cell: pd.DataFrame, concept: str, code: str, value_format: str) -> str:
    if (concept, code) not in cell.index:
        return STATUS_NL["does_not_exist"]
    row = cell.loc[(concept, code)]
    return STATUS_NL[row["status"]] if pd.isna(row["value"]) else in_format(row["value"], value_format)
