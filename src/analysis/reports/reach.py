"""Who can reach the facilities of a gemeente: on foot from the middle of each buurt, or as told."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from analysis.evidence.reach import WALK, who_can_reach
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release
from analysis.reports.homes import homes_in
from analysis.reports.located import Located
from analysis.sources.facility_points import locate

_TOLD = ("children", "adults", "elderly")
_NO_OUTLINES = (
    "Van de buurten zijn geen grenzen van dit jaar bewaard, dus is niet te zeggen wie een plek kan "
    "bereiken; haal ze op met 'pull --kaart'."
)


@dataclass(frozen=True)
class Mix:
    """Groups that together are everybody.

    Attributes
    ----------
    key, label : str
        Name in evidence, and in Dutch what is mixed.
    columns : tuple of str
        Counts in a region table.
    """

    key: str
    label: str
    columns: tuple[str, ...]


AGE = Mix(
    "age", "leeftijd",
    ("n_age_0_14", "n_age_15_24", "n_age_25_44", "n_age_45_64", "n_age_65_plus"),
)  # fmt: skip
ORIGIN = Mix(
    "origin", "herkomst",
    ("n_origin_netherlands", "n_origin_europe", "n_origin_outside_europe"),
)  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """Members of each group who can reach each place, beside those of the areas around it.

    Attributes
    ----------
    places : DataFrame
        `kind` and `name` by facility_id, with `buurt` and `wijk` (NaN where unknown).
    near : DataFrame
        By facility_id, members of each group.
    mixes : dict of str to DataFrame
        By level ('buurt', 'wijk') the same groups in each area.
    release : Release
    coarse : bool
        Whether one point stood for each buurt.
    how : str
        In Dutch, how was counted who can reach a place.
    level : str
        The smallest areas with which places can be compared: 'buurt', or 'wijk' where a file
        itself tells who can reach a place and only the outlines of wijken are there.
    """

    places: pd.DataFrame
    near: pd.DataFrame
    mixes: dict[str, pd.DataFrame]
    release: Release
    coarse: bool
    how: str
    level: str = "buurt"


def reach(dossier: Dossier, located: Located, mix: Mix) -> Reach | Absent:
    """Return who can reach each facility of a gemeente, by group of a mix."""
    release = dossier.newest_with(mix.columns)
    if release is None:
        return Absent(f"Over {mix.label} zijn in de opgehaalde jaren geen cijfers per buurt.")
    told = (
        mix is AGE
        and set(_TOLD) <= set(located.points.columns)
        and located.points[_TOLD[0]].notna().any()
    )
    # Who is near must be counted from buurten, unless the file counted it.
    possible = ("buurt", "wijk") if told else ("buurt",)
    level = next((one for one in possible if dossier.boundaries(release, one)), None)
    if level is None:
        return Absent(_NO_OUTLINES)
    inside, _ = locate(located.points, dossier.boundaries(release, level).places)
    points = located.points.assign(facility_id=located.points["facility_id"].astype("str"))
    # The same object can stand for two kinds.
    named = points["facility_id"] + ":" + points["kind"]
    points = points.set_axis(named.array)[~named.duplicated().array]
    area = inside.set_axis(named.array)[~named.duplicated().array]
    places = pd.DataFrame(
        {
            "kind": points["kind"],
            "name": points["name"].fillna("").replace("", "zonder naam"),
            "buurt": area if level == "buurt" else pd.Series(pd.NA, area.index, dtype="str"),
            "wijk": ("WK" + area.str.slice(2, 8)).where(area.notna()),
        }
    )
    tables = {level: dossier.regions(release, level) for level in ("buurt", "wijk")}
    columns = list(mix.columns)
    if told:
        near = points[list(_TOLD)].astype(float)
        mixes = {level: _three_ages(table) for level, table in tables.items()}
        how = "Wie een plek binnen vijf minuten lopen kan bereiken, staat in het bestand zelf."
        return Reach(places, near, mixes, release, False, how, level)
    mixes = {level: table[columns] for level, table in tables.items()}
    homes = homes_in(dossier, ["inhabitants", *columns])
    if isinstance(homes, Absent):
        return homes
    near = who_can_reach(homes.travel(places_of(points), WALK), homes.people[columns])
    how = f"Bereikbaar: hoogstens {WALK / 1000:.0f} km lopen. {homes.how}"
    return Reach(places, near, mixes, release, homes.coarse, how)


def _three_ages(table: pd.DataFrame) -> pd.DataFrame:
    adults = ["n_age_15_24", "n_age_25_44", "n_age_45_64"]
    return pd.DataFrame(
        {
            "children": table["n_age_0_14"],
            "adults": table[adults].sum(axis=1, skipna=False),
            "elderly": table["n_age_65_plus"],
        }
    )


def places_of(points: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the coordinates of facilities as columns."""
    return pd.DataFrame({"east": points.geometry.x, "north": points.geometry.y})
