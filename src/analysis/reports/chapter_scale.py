"""Chapter 2, over scale: how uneven groups live in neighbourhoods of growing size."""

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.groups import Group
from analysis.evidence.scale import left_over, profile, sizes
from analysis.figures import claims, scale_claims
from analysis.figures.figure import Figure
from analysis.figures.lines import MOST_LINES, lines
from analysis.figures.wording import STATUS_NL, count, in_format, join_words
from analysis.reports.absent import Absent
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release, one_source

_LEVEL = "buurt"
_NO_MAP = (
    "Van de buurten zijn geen grenzen van dit jaar bewaard, dus is niet te zeggen wie bij elkaar "
    "in de buurt woont; haal ze op met 'pull --kaart'."
)


def over_scale(dossier: Dossier) -> Figure | Absent:
    """Return the dissimilarity of a few groups over the nearest thousand people and more."""
    chosen = _one_per_theme(dossier)
    if not chosen:
        return Absent("Geen enkele groep heeft cijfers per buurt; er is niets te vergelijken.")
    tables = [_of_group(dossier, release, group) for group, release in chosen]
    if all(table is None for table in tables):
        return Absent(_NO_MAP)
    unplaced = [
        f"{group.label} ({release.year})"
        for (group, release), table in zip(chosen, tables, strict=True)
        if table is None
    ]
    rows = join([table for table in tables if table is not None])
    if rows.empty:
        return Absent(f"{dossier.name} is te klein om omgevingen van 1.000 inwoners te vergelijken.")
    labels = {g.key: g.label for g, _ in chosen if g.key in set(rows["group"])}
    nearest, left = sizes(rows), left_over(rows)
    claim = scale_claims.over_scale(left, sizes(left), labels)
    return lines(
        pd.DataFrame(
            {
                "line": rows["group"].map(labels),
                "x": nearest,
                "value": rows["value"],
                "low": rows["low"],
                "high": rows["high"],
                "part": 0,
            }
        ),
        rows=join([rows, left]),
        table=_table(rows, nearest, labels),
        claim=claim,
        sentence="Hoe verder de lijn naar rechts hoog blijft, hoe groter de stukken stad die van "
        "elkaar verschillen.",
        source=one_source(rows["source"]),
        alt=f"{claim}. Per groep een lijn over omgevingen van {count(nearest.min())} tot "
        f"{count(nearest.max())} inwoners.",
        x_label="inwoners in de omgeving (de dichtstbijzijnde, ongeacht grenzen)",
        x_format="count",
        value_label="dissimilariteit (0 gelijk verspreid, 1 volledig gescheiden)",
        value_format="index",
        logarithmic=True,
        notes=[
            claims.resting_on(rows.iloc[0]),
            "Iedereen van een buurt telt hier op één punt. Verschillen binnen een buurt zijn niet "
            "te zien: een omgeving kleiner dan een buurt is die buurt.",
            "Omgevingen houden op bij de gemeentegrens.",
            f"Niet getekend, want zonder grenzen van hun jaar: {join_words(unplaced)}."
            if unplaced
            else "",
        ],
        stamp=dossier.edition.stamp,
    )


def _one_per_theme(dossier: Dossier) -> list[tuple[Group, Release]]:
    """Return the first countable group of each theme, as many as lines can be told apart."""
    found: dict[str, tuple[Group, Release]] = {}
    for group, release in countable(dossier):
        found.setdefault(group.theme, (group, release))
    return list(found.values())[:MOST_LINES]


def _of_group(dossier: Dossier, release: Release, group: Group) -> pd.DataFrame | None:
    regions = dossier.regions(release, _LEVEL)
    drawn = dossier.boundaries(release, _LEVEL)
    if drawn is None:
        return None
    points = drawn.places.representative_point().reindex(regions.index)
    return profile(
        regions, points.x, points.y, group,
        year=release.year, source=dossier.source_line(release),
        area_code=dossier.code, area_name=dossier.name,
    )  # fmt: skip


def _table(rows: pd.DataFrame, nearest: pd.Series, labels: dict[str, str]) -> pd.DataFrame:
    told = [
        in_format(row.value, "index", 3) if row.status == "ok" else STATUS_NL[row.status]
        for row in rows.itertuples()
    ]
    wide = pd.DataFrame(
        {"omgeving": nearest, "groep": rows["group"].map(labels), "tekst": told}
    ).pivot(index="omgeving", columns="groep", values="tekst")
    wide = wide.reindex(columns=list(labels.values())).fillna("te groot voor deze gemeente")
    wide.insert(0, "de dichtstbijzijnde", [f"{count(k)} inwoners" for k in wide.index])
    return wide.reset_index(drop=True).rename_axis(columns=None)
