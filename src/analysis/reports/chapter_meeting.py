"""Chapter 6: which places bring groups together, and which are within reach of one group more."""

from dataclasses import replace
from functools import cache

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.meeting import COARSE, TIES, extremes, kind_rows, place_rows, scored_places
from analysis.figures import meeting_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import STATUS_NL, in_format, plural, signed
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, one_source
from analysis.reports.located import located_in
from analysis.reports.reach import AGE, ORIGIN, Mix, Reach, reach
from analysis.reports.told_points import points_source
from analysis.sources.edition import project_root
from analysis.sources.facility_kinds import read_kinds

_SHOWN = 6
_KINDS = 12


def ages_by_kind(dossier: Dossier) -> Figure | Absent:
    """Return per kind of place how much wider the mix of ages is than that of its buurt."""
    return _by_kind(dossier, AGE)


def origins_by_kind(dossier: Dossier) -> Figure | Absent:
    """Return the same for origin."""
    return _by_kind(dossier, ORIGIN)


def by_ties(dossier: Dossier) -> Figure | Absent:
    """Return the scores by sort of tie, against the buurt and against the wijk."""
    rows, source = [], []
    for mix in (AGE, ORIGIN):
        found = _scored(dossier, mix)
        if isinstance(found, Absent):
            continue
        for level in ("buurt", "wijk")[("buurt", "wijk").index(found[0].level) :]:
            told = _kind_rows(dossier, found, mix, level)
            rows.append(told[told["group"].str.contains(TIES)])
        source.append(found[1])
    if not rows:
        return _scored(dossier, AGE)
    table = join(rows)
    shown = pd.DataFrame([_tie_line(row) for row in table.itertuples()])
    return table_figure(
        shown,
        rows=table,
        claim=meeting_claims.by_ties(table, {AGE.key: AGE.label, ORIGIN.key: ORIGIN.label}),
        sentence="Sterke banden: vrienden en bekenden maken. Vluchtige ontmoeting: elkaar zien en "
        "groeten.",
        source=one_source(source),
        notes=[
            "Welke soort plek welke band geeft, is een keuze van dit project "
            "(data/facility_kinds.csv).",
            _SCALE,
        ],
        stamp=dossier.edition.stamp,
    )


def places_at_both_ends(dossier: Dossier) -> Figure | Absent:
    """Return the places that bridge most and those that separate most, by age."""
    found = _scored(dossier, AGE)
    if isinstance(found, Absent):
        return found
    near, source, labels = found
    rows = place_rows(
        near.places, scored_places(near.near, near.places[near.level], near.mixes[near.level]),
        level=near.level, year=near.release.year, source=source, coarse=near.coarse,
    )  # fmt: skip
    ends = extremes(rows, _SHOWN)
    if ends.empty:
        return Absent("Van geen enkele plek is te zeggen wie haar kan bereiken.")
    names = dossier.regions(near.release, near.level)["region_name"]
    where = near.places[near.level].map(names)
    shown = pd.DataFrame(
        {
            "plek": ends["area_name"],
            "soort": ends["group"].map(labels),
            near.level: ends["area_code"].map(where),
            "score": [signed(value, "score") for value in ends["value"]],
            "inwoners binnen bereik": [
                in_format(people, "count") for people in ends["median_unit_size"]
            ],
        }
    )
    without = int(rows["value"].isna().sum())
    return table_figure(
        shown,
        rows=join([ends, ends.assign(measure="people_near", value=ends["median_unit_size"])]),
        claim=meeting_claims.ends(ends, AGE.label),
        sentence=f"Boven 0: een bredere mix van leeftijden kan er komen dan er in de {near.level} "
        "woont. "
        "Onder 0: een smallere.",
        source=source,
        notes=[
            near.how,
            f"{plural(without, 'plek', 'plekken')} zonder score." if without else "",
            "Wie er kan komen is niet wie er komt.",
            _SCALE,
        ],
        stamp=dossier.edition.stamp,
    )


_SCALE = (
    "Wie een plek kan bereiken is vaak een grotere kring dan een buurt, en een grotere kring is "
    "vanzelf gemengder."
)


def _by_kind(dossier: Dossier, mix: Mix) -> Figure | Absent:
    found = _scored(dossier, mix)
    if isinstance(found, Absent):
        return found
    near, source, labels = found
    rows = _kind_rows(dossier, found, mix, near.level)
    kinds = rows[~rows["group"].str.contains(TIES)].reset_index(drop=True)
    shown = _as_known(kinds).assign(area_name=_kind_of(kinds).map(labels))
    shown = shown.sort_values("units", ascending=False, kind="stable").head(_KINDS)
    if not shown["status"].eq("ok").any():
        return Absent(
            "Van geen enkele soort zijn er genoeg plekken met een score om iets over te zeggen."
        )
    claim = meeting_claims.by_kind(shown, mix.label)
    figure = ranked_dots(
        shown.reset_index(drop=True),
        claim=claim,
        sentence=f"Boven 0 kan een bredere mix van {mix.label} er komen dan er in de {near.level} "
        f"woont ({near.release.year}).",
        source=source,
        alt=f"{claim}. Stippen per soort plek met een interval rond de lijn bij 0.",
        value_label=f"mix binnen bereik min mix van de {near.level} ({mix.label})",
        value_format="score",
        row_label="soort plek",
        reference=(0.0, f"even gemengd als de {near.level}"),
        notes=[
            near.how,
            f"De {min(_KINDS, len(kinds))} soorten met de meeste plekken.",
            "Wie er kan komen is niet wie er komt.",
            _SCALE,
        ],
        stamp=dossier.edition.stamp,
    )
    return replace(figure, rows=rows)


def _scored(dossier: Dossier, mix: Mix) -> tuple[Reach, str, dict[str, str]] | Absent:
    located = located_in(dossier)
    if isinstance(located, Absent):
        return located
    near = reach(dossier, located, mix)
    if isinstance(near, Absent):
        return near
    source = points_source(dossier, located)
    if near.release.year != located.release.year:
        source = one_source([dossier.source_line(near.release), source])
    return near, source, located.found.kind_labels


def _kind_rows(dossier: Dossier, found, mix: Mix, level: str) -> pd.DataFrame:
    """Return the rows per kind and tie; the group says of which mix they are."""
    near, source, _ = found
    rows = kind_rows(
        near.places, scored_places(near.near, near.places[level], near.mixes[level]), _ties(),
        area_code=dossier.code, area_name=dossier.name, level=level, year=near.release.year,
        source=source, coarse=near.coarse,
    )  # fmt: skip
    return rows.assign(group=f"{mix.key}:" + rows["group"])


@cache
def _ties() -> pd.Series:
    return read_kinds(project_root() / "data" / "facility_kinds.csv")["ties"]


def _kind_of(rows: pd.DataFrame) -> pd.Series:
    return rows["group"].str.split(":").str[-1]


def _as_known(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows that can be drawn: what is coarse has a value all the same."""
    known = rows["value"].notna() & rows["status"].isin([COARSE, "partly_covered"])
    return rows.assign(status=rows["status"].mask(known, "ok"))


def _tie_line(row) -> dict[str, str]:
    mix, ties = row.group.split(":")
    known = not pd.isna(row.value)
    return {
        "soort band": meeting_claims.TIES_NL[ties],
        "mix van": {AGE.key: AGE.label, ORIGIN.key: ORIGIN.label}[mix],
        "vergeleken met de": row.level,
        "gemiddelde score": signed(row.value, "score") if known else STATUS_NL[row.status],
        "interval": f"{signed(row.low, 'score')} tot {signed(row.high, 'score')}" if known else "",
        "plekken": in_format(row.units, "count"),
    }
