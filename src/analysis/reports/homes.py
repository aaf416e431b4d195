"""Where the people of a gemeente live: squares of 100 m where the grid is stored, else buurten."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED
from analysis.evidence.reach import DETOUR, nearest_way, own_way
from analysis.measures.network_distance import streets, walking_travel
from analysis.measures.travel import Travel, straight_line_travel
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release
from analysis.sources import grid, network
from analysis.sources.facility_points import locate
from analysis.sources.grid_codebook import read_grid_codebook
from analysis.sources.network import WalkingNetwork, nearest_nodes

_SIZE = 100
# A square further than this from any street is not on the network at all.
_ASIDE = 250.0
_NO_OUTLINES = (
    "Van de buurten zijn geen grenzen van dit jaar bewaard, dus is niet te zeggen hoe ver mensen "
    "wonen; haal ze op met 'pull --kaart'."
)
_FROM_MIDDLE = "vanaf het midden van elke buurt. Dat is grof: iedereen van een buurt telt op één punt."
_FROM_SQUARES = "vanaf vierkanten van 100 bij 100 meter."


@dataclass(frozen=True)
class Homes:
    """Where people live.

    Attributes
    ----------
    places : DataFrame
        `east`, `north`, `own` (metres to what lies in the same place) and `area_m2`, by home.
    people : DataFrame
        The concepts that were asked for, by home, none missing.
    buurt : Series of str
        The buurt of each home.
    release : Release
    coarse : bool
        Whether one point stands for each buurt.
    missing : int
        Buurten without a home here.
    covered : float
        Share of the inhabitants who have one.
    streets : WalkingNetwork or None
        The streets, where those of this gemeente are stored.
    """

    places: pd.DataFrame
    people: pd.DataFrame
    buurt: pd.Series
    release: Release
    coarse: bool
    missing: int
    covered: float
    streets: WalkingNetwork | None

    @property
    def how(self) -> str:
        """Say in Dutch how far it is was found."""
        over = (
            "over de straten"
            if self.streets
            else f"{str(DETOUR).replace('.', ',')} keer de hemelsbrede afstand,"
        )
        return f"Lopen: {over} {_FROM_MIDDLE if self.coarse else _FROM_SQUARES}"

    def travel(
        self, there: pd.DataFrame, limit: float, own: pd.Series | None = None
    ) -> Travel:
        """Return the ways to places of at most `limit` metres, which is a walk or more.

        Parameters
        ----------
        there : DataFrame
            `east` and `north`.
        limit : float
        own : Series of float, optional
            The least that a way can be, by home; else that in `places`.
        """
        own = self.places["own"] if own is None else own.loc[self.places.index]
        if self.streets is None:
            return straight_line_travel(
                self.places[["east", "north"]], there, limit, detour=DETOUR, own=own
            )
        way = self.streets
        graph = streets(len(way.nodes), way.start, way.end, way.length)
        found = walking_travel(
            graph, _standing(way, self.places), _standing(way, there), limit, own=0.0
        )
        way = np.maximum(found.distance, own.to_numpy()[found.origin])
        return replace(found, distance=np.minimum(way, limit))


    def to_nearest(self, there: pd.DataFrame, inside: pd.Series, limit: float) -> Travel:
        """Return the ways as `travel` does, fit to say how far the nearest place is.

        Parameters
        ----------
        there, limit
            See `travel`.
        inside : Series of str
            The buurt of each place, NaN outside all.
        """
        if not self.coarse:
            return self.travel(there, limit, pd.Series(0.0, index=self.places.index))
        number = inside.value_counts().reindex(self.places.index, fill_value=0)
        return self.travel(there, limit, nearest_way(self.places["area_m2"], number))


def homes_in(dossier: Dossier, concepts: Sequence[str]) -> Homes | Absent:
    """Return where the people of a gemeente live, and how many of each concept.

    The squares serve where they hold 80 % of the inhabitants and have all concepts; else the
    middle of each buurt, with the counts of the buurt.

    Parameters
    ----------
    dossier : Dossier
    concepts : sequence of str
        Counts, `inhabitants` first.
    """
    release = dossier.newest_with(concepts)
    if release is None:
        return Absent("De aantallen waar dit mee te rekenen is, zijn per buurt niet gepubliceerd.")
    drawn = dossier.boundaries(release, "buurt")
    if drawn is None:
        return Absent(_NO_OUTLINES)
    regions = dossier.regions(release, "buurt")
    squares = _squares(dossier, release, drawn.places, list(concepts))
    if squares is not None:
        people, buurt, places = squares
        covered = people["inhabitants"].sum() / regions["inhabitants"].sum()
        if covered >= ENOUGH_COVERED:
            return _made(dossier, release, regions, places, people, buurt, False, covered)
    people = regions[list(concepts)]
    people = people[people.notna().all(axis=1) & people.index.isin(drawn.places.index)]
    outlines = drawn.places.loc[people.index].geometry
    middle = outlines.representative_point()
    places = pd.DataFrame({"east": middle.x, "north": middle.y, "own": own_way(outlines.area),
                           "area_m2": outlines.area})  # fmt: skip
    buurt = pd.Series(people.index, index=people.index)
    covered = people["inhabitants"].sum() / regions["inhabitants"].sum()
    return _made(dossier, release, regions, places, people, buurt, True, covered)


def _made(dossier, release, regions, places, people, buurt, coarse, covered) -> Homes:
    lived = regions.index[regions["inhabitants"].gt(0)]
    missing = len(lived.difference(buurt.unique()))
    way = network.read(dossier.edition.raw)
    if way is not None and len(places):
        # Streets of another town, or of a part of this one, measure nothing here.
        _, aside = nearest_nodes(way, places[["east", "north"]].to_numpy())
        if np.average(aside <= _ASIDE, weights=people["inhabitants"]) < ENOUGH_COVERED:
            way = None
    return Homes(places, people, buurt, release, coarse, missing, min(float(covered), 1.0), way)


def _squares(
    dossier: Dossier, release: Release, outlines: gpd.GeoDataFrame, concepts: list[str]
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame] | None:
    codebook = read_grid_codebook(dossier.edition.codebook.with_name("grid_codebook.csv"))
    bounds = tuple(outlines.total_bounds)
    found = grid.read(dossier.edition.raw, _SIZE, release.year, codebook, bounds)
    if found is None or not set(concepts) <= set(found.cells.columns):
        return None
    people = pd.DataFrame(found.cells[concepts]).dropna()
    middle = found.cells.loc[people.index].geometry.centroid
    points = gpd.GeoDataFrame(geometry=middle, index=people.index, crs=found.cells.crs)
    buurt, _ = locate(points, outlines)
    inside = buurt.notna()
    places = pd.DataFrame({"east": middle.x, "north": middle.y, "own": 0.0, "area_m2": _SIZE**2})  # fmt: skip
    return people[inside], buurt[inside].astype("str"), places[inside]


def _standing(way: WalkingNetwork, places: pd.DataFrame) -> pd.DataFrame:
    node, aside = nearest_nodes(way, places[["east", "north"]].to_numpy())
    return pd.DataFrame({"node": node, "aside": aside}, index=places.index)
