"""Chapter 2, on certainty: what chance gives, what rounding hides, and what is left."""

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.groups import Group
from analysis.evidence.panel import measure
from analysis.evidence.uncertainty import CHANCE, chance, rounding
from analysis.figures import scale_claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import STATUS_NL, in_format
from analysis.reports.absent import Absent
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release, one_source

_LEVEL = "buurt"


def above_chance(dossier: Dossier) -> Figure | Absent:
    """Return the dissimilarity of every group on buurten beside what chance would give."""
    tables, labels = [], {}
    of_year: dict[int, list[Group]] = {}
    for group, release in countable(dossier):
        of_year.setdefault(release.year, []).append(group)
        labels[group.key] = group.label
    for release in dossier.releases:
        if release.year in of_year:
            tables += _of_release(dossier, release, of_year[release.year])
    rows = join(tables)
    if rows.empty:
        return Absent("Geen enkele groep heeft cijfers per buurt; er is niets te toetsen.")
    shown = pd.DataFrame([_line(rows, key, label) for key, label in labels.items()])
    return table_figure(
        shown,
        rows=rows,
        claim=scale_claims.beyond_chance(rows, labels),
        sentence="Toeval: zoveel ongelijkheid ontstaat al als iedereen willekeurig woont.",
        source=one_source(rows["source"]),
        notes=[
            "Afronden: tussen deze getallen ligt de maat van de echte, niet afgeronde aantallen in "
            "95 van de 100 gevallen.",
            "Kleine buurten en kleine groepen geven door toeval al een hoge maat.",
            "Dat iets geen toeval is, zegt niet waar het vandaan komt.",
        ],
        stamp=dossier.edition.stamp,
    )


def _of_release(
    dossier: Dossier, release: Release, groups: list[Group]
) -> list[pd.DataFrame]:
    regions = dossier.regions(release, _LEVEL)
    settings = {
        "year": release.year,
        "source": dossier.source_line(release),
        "absent": {release.year: release.absent},
    }
    tables = [
        chance(regions, groups, **settings),
        rounding(regions, groups, **settings),
        measure(regions, CHANCE, groups, **settings),
    ]
    names = dossier.names()
    return [table.assign(area_name=table["area_code"].map(names)) for table in tables]


def _line(rows: pd.DataFrame, key: str, label: str) -> dict[str, str]:
    own = rows[rows["group"].eq(key)]
    by_interval = own[own["measure"].eq("dissimilarity")].set_index("interval")
    by_measure = own[own["interval"].eq("")].set_index("measure")
    first = by_interval.loc["rounding"]
    if first["status"] != "ok":
        return {"groep": label, "jaar": str(first["year"]), "dissimilariteit":
                STATUS_NL[first["status"]]} | dict.fromkeys(_HEADS, "")  # fmt: skip
    p = by_measure.loc["random_allocation_p_adjusted", "value"]
    return {
        "groep": label,
        "jaar": str(first["year"]),
        "dissimilariteit": in_format(first["value"], "index"),
        _HEADS[0]: f"{_three(first['low'])} – {_three(first['high'])}",
        _HEADS[1]: _three(by_measure.loc["expected_dissimilarity", "value"]),
        _HEADS[2]: in_format(by_measure.loc["systematic_dissimilarity", "value"], "index"),
        _HEADS[3]: _more_than_chance(p, scale_claims.rounding_hides(own, key)),
    }


def _more_than_chance(p: float, hidden: bool) -> str:
    if p >= scale_claims.CHANCE_LIMIT:
        return "nee"
    return "ja, na afronden niet zeker" if hidden else "ja"


_HEADS = ("door afronden tussen", "bij toeval", "boven toeval", "meer dan toeval?")


def _three(value: float) -> str:
    return in_format(value, "index", 3)
