"""Chapter 4: how unequal nearness is over inhabitants, and who is worse off."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.evidence.groups import GROUPS, SOCIO_ECONOMIC, Group
from analysis.evidence.inequality import (
    BETWEEN,
    BEYOND,
    TENTHS,
    beside_others,
    beyond_by_wijk,
    curves_over_inhabitants,
    over_inhabitants,
)
from analysis.figures import claims, fairness_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure, table_figure
from analysis.figures.lines import MOST_LINES, lines
from analysis.figures.wording import STATUS_NL, in_format, percent
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release, one_source

_LEVEL = "buurt"
_NONE = "In de opgehaalde jaren zijn geen afstanden per buurt gepubliceerd."
_INSIDE = (
    "Het CBS geeft per buurt het gemiddelde van haar inwoners. Verschillen binnen een buurt zijn "
    "niet te zien; de echte ongelijkheid is groter."
)
_TOO_FEW = "Van te weinig inwoners is een afstand bekend om de verdeling te tekenen."


def curves(dossier: Dossier) -> Figure | Absent:
    """Return the Lorenz curve of the distance to a few kinds of facilities."""
    concepts, release = _distances(dossier)
    if release is None:
        return Absent(_NONE)
    source = dossier.source_line(release)
    every = curves_over_inhabitants(
        dossier.regions(release, _LEVEL), concepts[:MOST_LINES], year=release.year, source=source,
        area_code=dossier.code, area_name=dossier.name,
    )  # fmt: skip
    told = every[every["status"].eq("ok")]
    if told.empty:
        return Absent(_TOO_FEW)
    labels = {key: label for key, label in _labels(dossier, concepts[:MOST_LINES]).items()
              if told["group"].eq(key).any()}  # fmt: skip
    drawn = pd.DataFrame({
        "line": told["group"].map(labels), "x": told["measure"].str.rsplit("_", n=1).str[1].astype(
            float), "value": told["value"], "part": 0, "low": np.nan, "high": np.nan,
    })  # fmt: skip
    table = drawn.assign(x=drawn["x"].map(percent), value=drawn["value"].map(percent)).pivot(
        index="x", columns="line", values="value"
    )
    table = table.loc[[percent(tenth) for tenth in TENTHS], list(labels.values())]
    table = table.reset_index(names="inwoners die het dichtst bij wonen").rename_axis(columns=None)
    claim = fairness_claims.half(every, labels)
    return lines(
        drawn,
        rows=every,
        table=table,
        claim=claim,
        sentence="Lagen alle buurten even ver, dan legde de helft van de inwoners de helft van de "
        "afstand af. Hoe lager de lijn, hoe ongelijker.",
        source=source,
        alt=f"{claim}. Per voorziening een lijn onder de rechte lijn van gelijke afstand.",
        x_label="deel van de inwoners, wie het dichtst bij woont eerst",
        x_format="percent",
        value_label="deel van alle afstand samen",
        value_format="percent",
        diagonal="iedereen even ver",
        notes=[f"Jaar: {release.year}.", _INSIDE],
        stamp=dossier.edition.stamp,
    )


def indices(dossier: Dossier) -> Figure | Absent:
    """Return the inequality of the distance to every kind of facility, in four figures."""
    concepts, release = _distances(dossier)
    if release is None:
        return Absent(_NONE)
    rows = over_inhabitants(
        dossier.regions(release, _LEVEL), concepts, year=release.year,
        source=dossier.source_line(release), area_code=dossier.code, area_name=dossier.name,
    )  # fmt: skip
    labels = _labels(dossier, concepts)
    shown = pd.DataFrame([_line(rows, concept, labels[concept]) for concept in concepts])
    return table_figure(
        shown,
        rows=rows,
        claim=fairness_claims.most_unequal(rows, labels),
        sentence="Gini en Palma: hoe ongelijk de afstand over inwoners is verdeeld.",
        source=dossier.source_line(release),
        notes=[
            claims.resting_on(rows.iloc[0]),
            "Gini: 0 als iedereen even ver woont. Palma: de afstand van de 10% die het verst woont "
            "gedeeld door die van de 40% die het dichtst bij woont; 0,25 als iedereen even ver "
            "woont.",
            "Tussen wijken: het deel van de ongelijkheid dat tussen wijken ligt, niet erbinnen.",
            _INSIDE,
        ],
        stamp=dossier.edition.stamp,
    )


def beyond_a_walk(dossier: Dossier) -> Figure | Absent:
    """Return per wijk which part of the inhabitants lives beyond a walk from one kind."""
    concepts, release = _distances(dossier)
    if release is None:
        return Absent(_NONE)
    concept = concepts[0]
    label = _labels(dossier, concepts)[concept]
    wijken = dossier.regions(release, "wijk")["region_name"]
    source = dossier.source_line(release)
    rows = beyond_by_wijk(
        dossier.regions(release, _LEVEL), concept, wijken, year=release.year, source=source
    )
    claim = fairness_claims.beyond(rows, label)
    return ranked_dots(
        rows,
        claim=claim,
        sentence=f"Inwoners van buurten waar een {label} gemiddeld verder dan 1 km is.",
        source=source,
        alt=f"{claim}. Stippen per wijk, van veel naar weinig.",
        value_label=f"deel van de inwoners verder dan 1 km van een {label}",
        value_format="percent",
        notes=[f"Jaar: {release.year}.", claims.left_out(rows), _INSIDE],
        stamp=dossier.edition.stamp,
    )


def group_beside_others(dossier: Dossier) -> Figure | Absent:
    """Return per kind of facility whether a vulnerable group lives farther than all others."""
    concepts, release = _distances(dossier)
    if release is None:
        return Absent(_NONE)
    group = _group(dossier, release)
    if group is None:
        return Absent(f"Over {release.year} is geen groep te tellen om naast de afstand te zetten.")
    source = dossier.source_line(release)
    rows = beside_others(
        dossier.regions(release, _LEVEL), concepts, group, year=release.year, source=source,
        area_code=dossier.code, area_name=dossier.name,
    )  # fmt: skip
    labels = _labels(dossier, concepts)
    shown = rows.assign(area_name=rows["group"].str.split(" | ", regex=False).str[0].map(labels))
    claim = fairness_claims.group(shown, group.label)
    figure = ranked_dots(
        shown,
        claim=claim,
        sentence=f"Afstand van {group.label} gedeeld door die van alle anderen. Onder 1: de groep "
        "woont dichterbij.",
        source=source,
        alt=f"{claim}. Stippen per voorziening met een interval rond de lijn bij 1.",
        value_label="afstand van de groep gedeeld door die van anderen",
        value_format="ratio",
        row_label="voorziening",
        reference=(1.0, "even ver"),
        notes=[
            f"Jaar: {release.year}.",
            "Iedereen in een buurt telt met de afstand van die buurt; over personen zegt dit niets.",
            "Het interval komt van het steeds opnieuw trekken van buurten.",
        ],
        stamp=dossier.edition.stamp,
    )
    return replace(figure, rows=rows)


def _distances(dossier: Dossier) -> tuple[list[str], Release | None]:
    """Return the distances of the newest year that has any, the year with the most groups first."""
    named = [name for name in dossier.codebook if name.endswith("_distance_km")]
    found = []
    for release in dossier.releases:
        table = dossier.regions(release, _LEVEL)
        there = [name for name in named if name in table and table[name].notna().any()]
        if there:
            found.append((there, release))
    # Distances come later than people: a year with a socio-economic group beside them is preferred.
    for there, release in found:
        if (group := _group(dossier, release)) and group.theme in SOCIO_ECONOMIC:
            return there, release
    return found[0] if found else ([], None)


def _group(dossier: Dossier, release: Release) -> Group | None:
    table = dossier.regions(release, _LEVEL)
    for group in GROUPS:
        needed = [column for column in group.columns if column]
        if all(column in table and table[column].notna().any() for column in needed):
            return group
    return None


def _labels(dossier: Dossier, concepts: list[str]) -> dict[str, str]:
    return {concept: dossier.codebook[concept].label_nl for concept in concepts}


def _line(rows: pd.DataFrame, concept: str, label: str) -> dict[str, str]:
    own = rows[rows["group"].eq(concept)].set_index("measure")
    gini = own.loc["gini_of_values"]
    if gini["status"] != "ok":
        return {"voorziening": label, "Gini": STATUS_NL[gini["status"]]}
    return {
        "voorziening": label,
        "Gini": in_format(gini["value"], "index"),
        "interval": f"{in_format(gini['low'], 'index')} – {in_format(gini['high'], 'index')}",
        "Palma": _told(own.loc["palma_ratio"], "ratio"),
        "tussen wijken": _told(own.loc[BETWEEN], "percent"),
        "verder dan 1 km": _told(own.loc[BEYOND], "percent"),
    }


def _told(row: pd.Series, value_format: str) -> str:
    if row["status"] != "ok":
        return STATUS_NL[row["status"]]
    return in_format(row["value"], value_format)
