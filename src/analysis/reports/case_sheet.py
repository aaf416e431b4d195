"""A sheet per wijk for the table: what is known of it beside the gemeente, and room to write."""

from collections.abc import Iterator
from itertools import islice

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame, join
from analysis.evidence.groups import Group, by_key
from analysis.evidence.local import gemeente_share, local_values, published
from analysis.evidence.provision import ALL_KINDS, count_by_kind, densities
from analysis.figures.case_sheets import CaseSheets, Compared
from analysis.figures.sheet_maps import SheetMaps
from analysis.reports.absent import Absent
from analysis.reports.chapter_provision import DISTANCES, whole_gemeente
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.reports.located import Located, located_in
from analysis.reports.told_points import points_source
from analysis.sources import kerncijfers

_MOST = 5
# Of each line the first that has figures: low and high incomes always beside each other.
_LINES = (
    ("low_income_households", "households_lowest_40", "persons_lowest_40", "social_assistance"),
    ("households_highest_20", "persons_highest_20"),
    ("housing_corporation", "owner_occupied"),
    ("age_65_plus",),
    ("age_0_14",),
    ("one_person_households",),
)
_MEASURES = ("facility_count", "density_per_1000")


def case_sheets(dossier: Dossier) -> CaseSheets:
    """Return a sheet per wijk of the newest year.

    Parameters
    ----------
    dossier : Dossier

    Returns
    -------
    CaseSheets
        Each with a map of the wijk within the gemeente, at most five figures beside those of the
        gemeente and the facilities by kind, as far as they are known; sentences say what is not.
        A figure of another year stands there only for a wijk that had the same code and name.
    """
    release = dossier.newest
    source = dossier.source_line(release)
    people, whole = (
        published(dossier.regions(release, level), "inhabitants", level=level,
                  year=release.year, source=source)
        for level in ("wijk", "gemeente")
    )  # fmt: skip
    compared = _compared(dossier, people)
    located = located_in(dossier)
    # Where wijken are not drawn, their buurten are.
    drawn = dossier.boundaries(release, "wijk") or dossier.boundaries(release, "buurt")
    missing = []
    facilities, kinds = evidence_frame([]), {}
    if isinstance(located, Absent):
        missing.append("Geen voorzieningen: er is geen lijst met plekken in deze gemeente.")
    else:
        facilities, kinds = _facilities(dossier, located)
    lines = [source, *(one.whole["source"] for one in compared)]
    credit = "" if drawn is None else _credit(dossier, drawn.label)
    points = "" if isinstance(located, Absent) else f" Voorzieningen: {located.found.label}."
    return CaseSheets(
        gemeente=dossier.name,
        people=people.sort_values("area_code", ignore_index=True),
        whole=whole.iloc[0],
        compared=tuple(compared),
        facilities=facilities,
        kinds=kinds,
        maps=_maps(dossier, release, located),
        missing=tuple(missing),
        source=f"{one_source(lines)}{points}{credit}",
        stamp=dossier.edition.stamp,
    )


def _compared(dossier: Dossier, people: pd.DataFrame) -> list[Compared]:
    groups: list[Compared] = []
    for line in _LINES:
        groups += list(islice(_shares(dossier, line, people), 1))
    distances = (
        _distance(dossier, release, concept, people)
        for concept in DISTANCES
        if (release := dossier.newest_with([concept], "wijk")) is not None
    )
    room = max(1, _MOST - len(groups))
    nearest = list(islice(filter(_says_something, distances), room))
    return [*groups[: _MOST - len(nearest)], *nearest]


def _shares(dossier: Dossier, line: tuple[str, ...], people: pd.DataFrame) -> Iterator[Compared]:
    for group in map(by_key, line):
        # A published percentage is a share by itself; a count needs what it is part of.
        asked = [group.count] if group.count.startswith("share_") else list(group.columns)
        release = dossier.newest_with(asked, "wijk")
        if release is not None:
            found = _share(dossier, release, group, people)
            if _says_something(found):
                yield found


def _says_something(one: Compared) -> bool:
    """Whether any wijk has a figure: one of a year with other codes has none."""
    return bool(one.rows["status"].eq("ok").any())


def _share(dossier: Dossier, release: Release, group: Group, people: pd.DataFrame) -> Compared:
    settings = {"year": release.year, "source": dossier.source_line(release),
                "absent": release.absent}  # fmt: skip
    rows = local_values(dossier.regions(release, "wijk"), group, level="wijk", **settings)
    whole = gemeente_share(dossier.regions(release, "gemeente"), group, **settings)
    rows = rows[rows["measure"].eq("share")]
    return Compared(group.label, "percent", _of_same(rows, people), whole.iloc[0])


def _distance(dossier: Dossier, release: Release, concept: str, people: pd.DataFrame) -> Compared:
    rows, whole = (
        published(
            dossier.regions(release, level), concept,
            level=level, year=release.year, source=dossier.source_line(release),
            reasons=kerncijfers.reasons(release, level, [concept])[concept],
        )
        for level in ("wijk", "gemeente")
    )  # fmt: skip
    label = f"afstand tot een {dossier.codebook[concept].label_nl} in km"
    return Compared(label, "km", _of_same(rows, people), whole.iloc[0])


def _of_same(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each wijk of today; one of another code or name is not comparable."""
    today = people.set_index("area_code")["area_name"]
    then = rows.set_index("area_code")
    same = today.index[then["area_name"].reindex(today.index).eq(today)]
    kept = rows[rows["area_code"].isin(same)]
    other = today.index.difference(same)
    if other.empty:
        return kept.reset_index(drop=True)
    first = rows.iloc[0]
    return join(
        [
            kept,
            evidence_frame(
                [
                    {
                        "area_code": code, "area_name": today[code], "year": first["year"],
                        "level": "wijk", "measure": first["measure"], "group": first["group"],
                        "status": "not_comparable", "source": first["source"],
                    }
                    for code in other
                ]
            ),
        ]
    )  # fmt: skip


def _facilities(dossier: Dossier, located: Located) -> tuple[pd.DataFrame, dict[str, str]]:
    source = points_source(dossier, located)
    counted = count_by_kind(located.points, located.wijken.index, "wijk_code").astype(float)
    counted.loc[located.unseen] = np.nan
    wijken = densities(
        located.wijken, counted, level="wijk", year=located.release.year, source=source
    )
    rows = join([wijken, whole_gemeente(dossier, located)])
    rows = rows[rows["measure"].isin(_MEASURES) & rows["group"].ne(ALL_KINDS)]
    kinds = [kind for kind in counted if kind != ALL_KINDS]
    labels = located.found.kind_labels
    return rows.reset_index(drop=True), {kind: labels.get(kind, kind) for kind in kinds}


def _maps(dossier: Dossier, release: Release, located: Located | Absent) -> SheetMaps | None:
    wijken, buurten = (dossier.boundaries(release, level) for level in ("wijk", "buurt"))
    inside = None
    if buurten is not None:
        of = dossier.regions(release, "buurt")["wk_code"]
        inside = buurten.places.assign(wk_code=of.reindex(buurten.places.index))
    if wijken is not None:
        outlines = wijken.places
    elif inside is not None:
        outlines = _joined(inside, of)
    else:
        return None
    return SheetMaps(outlines, inside, None if isinstance(located, Absent) else located.points)


def _joined(inside: gpd.GeoDataFrame, of: pd.Series) -> gpd.GeoDataFrame:
    """Return the wijken of which every buurt is drawn, as the buurten together."""
    whole = pd.Series(of.index.isin(inside.index), of.index).groupby(of).all()
    return inside[inside["wk_code"].isin(whole.index[whole])].dissolve("wk_code")


def _credit(dossier: Dossier, label: str) -> str:
    owner = "" if dossier.edition.is_example else "Kadaster / CBS, "
    return f" Grenzen: {owner}{label}."
