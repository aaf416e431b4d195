"""Chapter 2, over the years: whether the spread of groups changed, where that can be said."""

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.groups import GROUPS, SOCIO_ECONOMIC, Group
from analysis.evidence.over_years import changes, parts
from analysis.evidence.uncertainty import rounding
from analysis.figures import change_claims
from analysis.figures.figure import Figure
from analysis.figures.lines import lines
from analysis.figures.wording import STATUS_NL, in_format, join_words
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, one_source
from analysis.sources.conversion import AS_PUBLISHED

_LEVEL = "buurt"
# The old division by origin ends and the new one begins: nothing is compared across it.
_ORIGIN_BREAK = 2022.5
_OLD, _NEW = "non_western", "origin_outside_europe"


def over_the_years(dossier: Dossier) -> Figure | Absent:
    """Return the dissimilarity of a few groups over the years in store, in comparable parts."""
    years = dossier.years
    if len(years) < 2:
        return Absent("Er is van deze gemeente maar één jaar in huis; er is niets te vergelijken.")
    groups = _groups(dossier)
    if not groups:
        return Absent("Geen enkele groep heeft in twee jaren cijfers per buurt.")
    same = {pair: _same(dossier, *pair) for pair in zip(years, years[1:], strict=False)}
    part = parts(years, same)
    rows = join([_of_year(dossier, release, groups) for release in reversed(dossier.releases)])
    rows = rows[rows["status"].ne("does_not_exist")].reset_index(drop=True)
    changed = changes(rows, part)
    labels = {group.key: group.label for group in groups}
    claim = change_claims.changed(changed, labels, dossier.name)
    why = change_claims.not_joined(years, part, same)
    return lines(
        _points(rows, part, labels),
        rows=join([rows, changed]),
        table=_table(rows, part, labels),
        claim=claim,
        sentence=change_claims.all_changes(changed, labels),
        source=one_source(rows["source"]),
        alt=f"{claim}. Lijnen per groep over {join_words([str(year) for year in years])}.",
        x_label="jaar (1 januari)",
        x_format="year",
        value_label="dissimilariteit over buurten (0 gelijk verspreid, 1 volledig gescheiden)",
        value_format="index",
        breaks=_breaks(rows, years, part),
        notes=[
            *why,
            "Van elk jaar is het interval getekend waarbinnen de maat van de niet afgeronde "
            "aantallen in 95 van de 100 gevallen ligt.",
            "Herkomst wordt sinds 2023 anders ingedeeld. Over die breuk loopt geen lijn."
            if {_OLD, _NEW} <= set(rows["group"])
            else "",
        ],
        stamp=dossier.edition.stamp,
    )


def _groups(dossier: Dossier) -> list[Group]:
    """Return at most four groups with figures in two years: one per theme, origin old and new."""
    chosen = []
    for theme in (SOCIO_ECONOMIC, ("leeftijd",)):
        of_theme = [group for group in GROUPS if group.theme in theme]
        chosen += [group for group in of_theme if _times(dossier, group) > 1][:1]
    origin = [group for group in GROUPS if group.key in (_OLD, _NEW) and _times(dossier, group)]
    if sum(_times(dossier, group) for group in origin) > 1:
        chosen += origin
    return chosen


def _times(dossier: Dossier, group: Group) -> int:
    """Return in how many years a group can be counted per buurt."""
    return sum(
        all(c in table and table[c].notna().any() for c in group.columns if c)
        for table in (dossier.regions(release, _LEVEL) for release in dossier.releases)
    )


def _of_year(dossier: Dossier, release, groups: list[Group]) -> pd.DataFrame:
    rows = rounding(
        dossier.regions(release, _LEVEL),
        groups,
        year=release.year,
        source=dossier.source_line(release),
        absent={release.year: release.absent},
    )
    return rows.assign(area_name=rows["area_code"].map(dossier.names()))


def _same(dossier: Dossier, before: int, after: int) -> float:
    """Return which share of a year's inhabitants lives in buurten that are those of a year before.

    What cannot be known, for lack of a table or of outlines, is not the same.
    """
    flows = dossier.crosswalk(_LEVEL, before, after).flows
    targets = flows.dropna(subset="to_code").groupby("to_code")["label"].first()
    release = next(release for release in dossier.releases if release.year == after)
    people = dossier.regions(release, _LEVEL)["inhabitants"]
    kept = targets.index[targets.isin(AS_PUBLISHED)]
    return float(people[people.index.isin(kept)].sum() / people.sum()) if people.sum() else 0.0


def _points(rows: pd.DataFrame, part: pd.Series, labels: dict[str, str]) -> pd.DataFrame:
    known = rows["status"].eq("ok")
    return pd.DataFrame(
        {
            "line": rows["group"].map(labels),
            "x": rows["year"].astype(int),
            "value": rows["value"].where(known),
            "low": rows["low"].where(known),
            "high": rows["high"].where(known),
            "part": rows["year"].map(part),
        }
    )


def _breaks(rows: pd.DataFrame, years: list[int], part: pd.Series) -> list[tuple[float, str]]:
    found = []
    for before, after in zip(years, years[1:], strict=False):
        across = before < _ORIGIN_BREAK < after and {_OLD, _NEW} <= set(rows["group"])
        words = [
            "nieuwe indeling naar herkomst" if across else "",
            "buurten niet (zeker) dezelfde" if part[before] != part[after] else "",
        ]
        if said := ", ".join(word for word in words if word):
            found.append((_ORIGIN_BREAK if across else (before + after) / 2, said))
    return found


def _table(rows: pd.DataFrame, part: pd.Series, labels: dict[str, str]) -> pd.DataFrame:
    order = {key: place for place, key in enumerate(labels)}
    shown = rows.assign(_place=rows["group"].map(order)).sort_values(["_place", "year"])
    years = {key: own["year"].astype(int).tolist() for key, own in shown.groupby("group")}
    return pd.DataFrame(
        {
            "groep": shown["group"].map(labels).array,
            "jaar": shown["year"].astype("str").array,
            "dissimilariteit": [
                in_format(row.value, "index", 3) if row.status == "ok" else STATUS_NL[row.status]
                for row in shown.itertuples()
            ],
            "door afronden tussen": [
                f"{in_format(row.low, 'index', 3)} – {in_format(row.high, 'index', 3)}"
                if row.status == "ok"
                else ""
                for row in shown.itertuples()
            ],
            "buurten": shown["units"].astype("str").array,
            "te vergelijken met": [
                _with(part, row.year, years[row.group]) for row in shown.itertuples()
            ],
        }
    )


def _with(part: pd.Series, year: int, years: list[int]) -> str:
    """Return the years of the same group and part."""
    alike = [str(other) for other in years if other != year and part[other] == part[year]]
    return join_words(alike) if alike else "geen ander jaar"
