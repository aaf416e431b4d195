"""Chapter 11: how firm each finding is, what is beside published figures, what is not measured."""

import pandas as pd

from analysis.evidence.comparison import alike, of_like_units
from analysis.evidence.frame import evidence_frame, join
from analysis.evidence.groups import Group
from analysis.evidence.panel import measure
from analysis.evidence.robustness import GRADE, HOLDS, TRIALS, firmest, graded, side_of
from analysis.evidence.uncertainty import chance, rounding
from analysis.figures import robustness_claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.robustness_claims import LETTERS
from analysis.figures.wording import STATUS_NL, count, in_format
from analysis.measures.evenness import dissimilarity, gini, information_theory
from analysis.reports.absent import Absent
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.sources.national_total import read_totals
from analysis.sources.stored import region_table

_LEVEL, _OTHER = "buurt", "wijk"
_FIRMEST = 5
_HEADS = {
    "scale": "op wijken in plaats van buurten",
    "index": "met een andere maat",
    "year": "in een ander jaar",
    "rounding": "voor het afronden",
}
_GROUPS = 6


def grades(dossier: Dossier) -> Figure | Absent:
    """Return for each finding on segregation whether it holds on other scales, indices, years."""
    findings, said, sources, years = {}, {}, [], []
    for group, release in list(countable(dossier))[:_GROUPS]:
        for key, text, found in _findings(dossier, group, release):
            findings[key], said[key] = found, text
        sources.append(dossier.source_line(release))
        years.append(release.year)
    if not findings:
        return Absent("Geen enkele groep heeft cijfers per buurt; er is niets te beproeven.")
    source = one_source(sources)
    rows = graded(
        findings, area_code=dossier.code, area_name=dossier.name, year=max(years), source=source
    )
    grade = rows[rows["measure"].eq(GRADE)].set_index("group")
    held = rows[rows["measure"].eq(HOLDS)].set_index("group")
    known = grade[grade["status"].eq("ok")]
    number = evidence_frame([
        {"area_code": dossier.code, "area_name": dossier.name, "year": max(years),
         "level": "gemeente", "measure": name, "value": float(value), "source": source}
        for name, value in (("findings_graded", len(known)),
                            ("findings_firm", known["value"].ge(3).sum()),
                            ("findings_widely_tried", known["value"].ge(4).sum()))
    ])  # fmt: skip
    order = [*firmest(rows, len(grade))["group"], *grade.index[grade["status"].ne("ok")]]
    shown = pd.DataFrame(
        [{"uitspraak": said[key], "cijfer": _letter(grade.loc[key]),
          **{_HEADS[trial]: _held(held.loc[f"{key} | {trial}"]) for trial in TRIALS}}
         for key in order]
    )  # fmt: skip
    return table_figure(
        shown,
        rows=join([rows, number]),
        claim=robustness_claims.firm(number),
        sentence="A en B: houdt stand in alles wat beproefd is. C: in de helft of meer. D: minder.",
        source=source,
        notes=[
            "A is beproefd op drie dingen of meer, B op minder. Een A zegt niet dat iets "
            "belangrijk is, alleen dat het niet aan de gekozen maat of schaal hangt.",
            f"Voor een kort gesprek zijn de eerste {_FIRMEST} het stevigst.",
        ],
        stamp=dossier.edition.stamp,
    )


def beside_published(dossier: Dossier) -> Figure | Absent:
    """Return our sums over gemeenten beside the published number of inhabitants, by year."""
    lines, numbers = [], []
    totals = read_totals(dossier.edition.codebook.with_name("national_inhabitants.csv"))
    for release in dossier.releases:
        table = region_table(release, "gemeente")
        published = totals.get(release.year)
        if published is None or len(table) < 2:
            continue
        ours = float(table["inhabitants"].sum())
        shared = {"area_code": "NL00", "area_name": "Nederland", "year": release.year,
                  "level": "gemeente", "group": "inhabitants",
                  "source": dossier.source_line(release)}  # fmt: skip
        numbers += [
            shared | {"measure": "published_total", "value": float(published)},
            shared | {"measure": "sum_of_gemeenten", "value": ours, "units": len(table)},
            shared | {"measure": "difference_with_published", "value": ours / published - 1},
        ]
        lines.append({"jaar": str(release.year), "gepubliceerd": count(published),
                      "som van de gemeenten": count(ours),
                      "verschil": in_format(ours / published - 1, "percent", 2)})  # fmt: skip
    if not lines:
        return Absent(
            "Er is geen heel land in huis om de som van de gemeenten naast het gepubliceerde "
            "totaal te leggen."
        )
    rows = evidence_frame(numbers)
    return table_figure(
        pd.DataFrame(lines),
        rows=rows,
        claim=robustness_claims.beside_published(rows),
        sentence="De inwoners van alle gemeenten samen, naast het getal voor heel Nederland.",
        source=one_source(rows["source"]),
        notes=["Het landelijke getal is dat van 1 januari (CBS, Bevolking)."],
        stamp=dossier.edition.stamp,
    )


def _findings(dossier: Dossier, group: Group, release: Release):
    """Yield key, Dutch text and trials of the two findings on one group."""
    above = _above_chance(dossier, group, release)
    yield f"{group.key}:chance", f"{_first(group.label)} wonen ongelijker dan bij toeval", above
    peers = alike(region_table(release, "gemeente"), dossier.code)
    if len(peers) > 2:
        # Where no gemeente of this size has buurten of like size, its wijken may have.
        for level, units in ((_LEVEL, ""), (_OTHER, ", over de wijken gerekend")):
            side, trials = _against_peers(dossier, group, release, peers, level)
            if side is None:
                continue
            word = {1: "ongelijker", -1: "gelijker", 0: "even ongelijk"}[side]
            yield (
                f"{group.key}:peers",
                f"{_first(group.label)} wonen {word} dan in de middelste gemeente van deze "
                f"grootte{units}",
                (side, trials),
            )
            return


def _above_chance(dossier: Dossier, group: Group, release: Release):
    def side(one: Release, level: str, index=dissimilarity) -> int | None:
        found = chance(dossier.regions(one, level), [group], index=index, year=one.year,
                       draws=200, absent={one.year: one.absent})  # fmt: skip
        row = found[found["measure"].eq(index.__name__) & found["status"].eq("ok")]
        return None if row.empty else side_of(row["value"].iloc[0], row["high"].iloc[0])

    others = [one for one in dossier.releases if one.year != release.year]
    behind = rounding(dossier.regions(release, _LEVEL), [group], year=release.year,
                      absent={release.year: release.absent})  # fmt: skip
    by_chance = chance(dossier.regions(release, _LEVEL), [group], year=release.year, draws=200,
                       absent={release.year: release.absent})  # fmt: skip
    low = behind[behind["status"].eq("ok")]["low"]
    limit = by_chance[by_chance["measure"].eq("dissimilarity")]["high"]
    return side(release, _LEVEL), {
        "scale": [side(release, _OTHER)],
        "index": [side(release, _LEVEL, one) for one in (information_theory, gini)],
        "year": [side(one, _LEVEL) for one in others],
        "rounding": [None if low.empty or limit.empty else side_of(low.iloc[0], limit.iloc[0])],
    }


def _against_peers(
    dossier: Dossier, group: Group, release: Release, peers: list[str], main: str
):
    def side(one: Release, level: str, index) -> int | None:
        regions = region_table(one, level)
        rows = measure(
            regions[regions["gm_code"].isin(peers)], [index], [group], year=one.year,
            absent={one.year: one.absent},
        )  # fmt: skip
        if dossier.code not in rows["area_code"].array:
            return None
        rows = of_like_units(rows, dossier.code)
        values = rows[rows["status"].eq("ok")].set_index("area_code")["value"]
        if dossier.code not in values.index or len(values) < 3:
            return None
        return side_of(values[dossier.code], values.drop(dossier.code).median())

    others = [one for one in dossier.releases if one.year != release.year]
    other = _OTHER if main == _LEVEL else _LEVEL
    return side(release, main, dissimilarity), {
        "scale": [side(release, other, dissimilarity)],
        "index": [side(release, main, one) for one in (information_theory, gini)],
        "year": [side(one, main, dissimilarity) for one in others],
    }


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _letter(row: pd.Series) -> str:
    return STATUS_NL[row["status"]] if pd.isna(row["value"]) else LETTERS[int(row["value"])]


def _held(row: pd.Series) -> str:
    if row["status"] != "ok":
        return "niet te beproeven"
    if row["value"] in (0, 1):
        return "ja" if row["value"] == 1 else "nee"
    return "soms"
