"""Which facilities of the list lie in a gemeente, and where could not be looked."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release
from analysis.sources.boundaries import Boundaries
from analysis.sources.facility_points import FacilityPoints, locate

_NO_POINTS = (
    "Geen voorzieningenpunten: breng een lijst mee met 'pull --voorzieningen BESTAND' (een eigen "
    "lijst met soort en coördinaten, de scholen van DUO, of een bestand uit OpenStreetMap)."
)
_NONE_HERE = "In de lijst met voorzieningen staat geen enkele binnen de grenzen van deze gemeente."
_NO_PLACES = (
    "Voorzieningenpunten zijn er wel, maar geen grenzen om te zien in welke wijk ze liggen: breng "
    "die mee met 'pull --grenzen BESTAND'."
)


@dataclass(frozen=True)
class Located:
    """The facilities of this gemeente, and where could not be looked.

    Attributes
    ----------
    release : Release
        The region table that the points are counted for.
    found : FacilityPoints
        The whole list.
    points : GeoDataFrame
        Those in this gemeente, with `wijk_code`; `kind` is a key of the table of kinds.
    wijken : DataFrame
        The gemeente's region table of wijken.
    unseen : Index of str
        Wijken without a boundary that fits: what lies there is not known, which is not zero.
    """

    release: Release
    found: FacilityPoints
    points: gpd.GeoDataFrame
    wijken: pd.DataFrame
    unseen: pd.Index

    @property
    def labelled(self) -> gpd.GeoDataFrame:
        """The facilities of this gemeente with the kinds as the reader knows them."""
        names = self.found.kind_labels
        return self.points.assign(kind=self.points["kind"].map(lambda kind: names.get(kind, kind)))

    @property
    def covered(self) -> float:
        """The share of the inhabitants in wijken where was looked."""
        people = self.wijken["inhabitants"]
        return float(1 - people[self.unseen].sum() / people.sum())


def located_in(dossier: Dossier) -> Located | Absent:
    """Return the points that lie in this gemeente, with the wijk of each."""
    return dossier.keep(("located",), lambda: _look(dossier))


def _look(dossier: Dossier) -> Located | Absent:
    release = dossier.newest
    level = "wijk"
    drawn = dossier.boundaries(release, level)
    if drawn is None:
        level = "buurt"
        drawn = dossier.boundaries(release, level)
    # What a source tells of this gemeente decides which other source is asked about it.
    found = dossier.points(None if drawn is None else drawn.places.union_all())
    if found is None:
        return Absent(_NO_POINTS)
    if drawn is not None:
        inside, _ = locate(found.points, drawn.places)
    else:
        inside = found.points["region_code"]
    points = found.points.assign(wijk_code="WK" + inside.str.slice(2, 8))
    points = points[inside.str.slice(2, 6).eq(dossier.code[2:])]
    if points.empty:
        return Absent(_NO_PLACES if drawn is None else _NONE_HERE)
    return Located(
        release,
        found,
        points,
        dossier.regions(release, "wijk"),
        pd.Index([]) if drawn is None else _without_boundary(dossier, release, level, drawn),
    )


def _without_boundary(
    dossier: Dossier, release: Release, level: str, drawn: Boundaries
) -> pd.Index:
    """Return the wijken of which at least a part could not be searched for points."""
    regions = dossier.regions(release, level)
    unseen = regions.index.difference(drawn.places.index)
    return unseen if level == "wijk" else pd.Index(regions.loc[unseen, "wk_code"].unique())
