"""The walking network: lines of streets and paths, or an answer of Overpass, into a graph.

Every vertex of a line is a node. Joining the ends of lines only would leave most crossings out:
in files drawn for maps a line runs on past its side streets.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from analysis.sources import snapshot
from analysis.sources.errors import InputError
from analysis.sources.geofile import RD, layers, read_places

NAME = "wandelnetwerk"
# To the millimetre: what is projected twice differs in the digits beyond.
_DECIMALS = 3
_LINES = ("LineString", "MultiLineString", "LinearRing")
# Ways in OpenStreetMap that nobody may walk on, or that are not there (yet). A cycle path without
# a footway beside it is for walkers too in the Netherlands, so those stay.
NOT_WALKED = ("motorway", "motorway_link", "trunk", "trunk_link", "raceway", "construction",
              "proposed", "planned", "abandoned", "razed", "bus_guideway", "busway", "platform",
              "rest_area", "services", "corridor", "no")  # fmt: skip


@dataclass(frozen=True)
class WalkingNetwork:
    """A graph to walk over, in both directions.

    Attributes
    ----------
    nodes : ndarray of float, shape (n, 2)
        x and y in metres, EPSG:28992; sorted by x, then y.
    start, end : ndarray of int, shape (m,)
        Numbers of the nodes of each edge, start < end; no edge stands there twice.
    length : ndarray of float, shape (m,)
        Metres, > 0.
    piece : ndarray of int, shape (n,)
        The connected piece in which each node lies; 0 is the largest.
    label : str
        What the source line says.
    left_out : int
        Rows of the file that are no lines, or that cannot be walked.
    """

    nodes: np.ndarray
    start: np.ndarray
    end: np.ndarray
    length: np.ndarray
    piece: np.ndarray
    label: str
    left_out: int

    @property
    def pieces(self) -> int:
        """The number of connected pieces."""
        return int(self.piece.max()) + 1

    @property
    def largest_share(self) -> float:
        """The share of the nodes that lie in the largest piece, in (0, 1]."""
        return float((self.piece == 0).mean())

    def matrix(self) -> csr_matrix:
        """Return the lengths as a symmetric sparse matrix of n by n, for scipy's shortest paths."""
        number = len(self.nodes)
        row, column = np.r_[self.start, self.end], np.r_[self.end, self.start]
        return csr_matrix((np.r_[self.length, self.length], (row, column)), (number, number))


def from_lines(lines: gpd.GeoSeries, label: str, left_out: int = 0) -> WalkingNetwork:
    """Make a network of lines.

    Parameters
    ----------
    lines : GeoSeries
        LineStrings and MultiLineStrings in EPSG:28992.
    label : str
    left_out : int, optional
        What was left out before.

    Raises
    ------
    InputError
        When the coordinates are not in EPSG:28992 or no line has a length.
    """
    if lines.crs is None or lines.crs.to_epsg() != 28992:
        raise InputError(f"De lijnen van {label} moeten in EPSG:28992 (RD) staan.")
    xy, line = shapely.get_coordinates(shapely.get_parts(lines.array), return_index=True)
    if not np.isfinite(xy).all():
        raise InputError(f"{label} heeft punten die buiten het bereik van EPSG:28992 liggen.")
    # Adding 0 makes the two zeros of floating point one.
    nodes, number = np.unique(xy.round(_DECIMALS) + 0.0, axis=0, return_inverse=True)
    number = number.reshape(-1)
    pairs = np.column_stack([number[:-1], number[1:]])[line[1:] == line[:-1]]
    pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
    if not len(pairs):
        raise InputError(f"{label} heeft geen lijn met een lengte; dit is geen wandelnetwerk.")
    start, end = np.unique(pairs, axis=0).T
    # A line of length 0 leaves a node that leads nowhere.
    used = np.unique(np.r_[start, end])
    nodes, start, end = nodes[used], np.searchsorted(used, start), np.searchsorted(used, end)
    steps = csr_matrix((np.ones(len(start)), (start, end)), (len(nodes), len(nodes)))
    _, found = connected_components(steps, directed=False)
    by_size = np.argsort(-np.bincount(found), kind="stable")
    return WalkingNetwork(
        nodes=nodes,
        start=start,
        end=end,
        length=np.hypot(*(nodes[start] - nodes[end]).T),
        piece=np.argsort(by_size)[found],
        label=label,
        left_out=left_out,
    )


def nearest_nodes(network: WalkingNetwork, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest node of each point in the largest piece, and how far it is.

    Parameters
    ----------
    network : WalkingNetwork
    xy : ndarray of float, shape (k, 2)
        In metres, EPSG:28992.

    Returns
    -------
    (ndarray of int, ndarray of float), both of shape (k,)
        Number of the node, and the distance in metres as the crow flies: it belongs to the walk.
        Other pieces are passed over, as from there one gets nowhere.

    Raises
    ------
    ValueError
        When `xy` has another shape or is not finite.
    """
    xy = np.asarray(xy, dtype=float)
    if xy.ndim != 2 or xy.shape[1] != 2 or not np.isfinite(xy).all():
        raise ValueError(f"xy must be finite and of shape (k, 2), not {xy.shape}")
    there = np.flatnonzero(network.piece == 0)
    distance, position = cKDTree(network.nodes[there]).query(xy)
    return there[position], distance


def read_lines(file: Path) -> WalkingNetwork:
    """Read a file of streets (gpkg, shp, geojson) or an answer of Overpass as a network.

    Raises
    ------
    InputError
        When the file is missing, cannot be read, or has no lines or several layers of them.
    """
    if not file.is_file():
        raise InputError(f"Het bestand met straten {file} bestaat niet.")
    answer = _overpass_answer(file)
    if answer is not None:
        lines, left_out = _walked(answer, file)
        return from_lines(lines, file.name, left_out)
    found = {layer: read_places(file, layer) for layer in layers(file)}
    drawn = {name: one for name, one in found.items() if one.geom_type.isin(_LINES).any()}
    if not drawn:
        kind = next(iter(found.values())).geom_type.iloc[0]
        raise InputError(f"{file} heeft geen lijnen, maar {kind}; dit is geen wandelnetwerk.")
    if len(drawn) > 1:
        raise InputError(
            f"{file} heeft meer dan één laag met lijnen ({', '.join(drawn)}); sla de laag met "
            "straten en paden op als eigen bestand."
        )
    (places,) = drawn.values()
    are_lines = places.geom_type.isin(_LINES)
    return from_lines(places.geometry[are_lines], file.name, int((~are_lines).sum()))


def store(raw: Path, file: Path) -> snapshot.Snapshot:
    """Check a file of streets and keep it as a snapshot; a shapefile's parts go into one zip.

    Raises
    ------
    InputError
        When it is no network.
    """
    network = read_lines(file)
    notes = {"nodes": str(len(network.nodes)), "pieces": str(network.pieces)}
    return snapshot.write_file(raw, NAME, file, len(network.length), notes)


def read(raw: Path) -> WalkingNetwork | None:
    """Return the network that was stored last, or None."""
    stored = max(snapshot.releases(raw, NAME), key=lambda s: s.fetched_at, default=None)
    return None if stored is None else read_lines(stored.path(next(iter(stored.files))))


def _overpass_answer(file: Path) -> dict | None:
    """Return the body of an answer of Overpass, or None when the file is something else."""
    try:
        with file.open("rb") as stream:
            begin = stream.read(4096)
        if b'"elements"' not in begin or b'"FeatureCollection"' in begin:
            return None
        answer = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{file} is een half of beschadigd antwoord van Overpass; haal het opnieuw op."
        ) from error
    return answer if isinstance(answer, dict) and "elements" in answer else None


def _walked(answer: dict, file: Path) -> tuple[gpd.GeoSeries, int]:
    """Return the ways of an answer that can be walked, and how many others there are."""
    if "error" in str(answer.get("remark", "")):
        raise InputError(
            f"{file} is een half antwoord van Overpass (een fout tijdens het zoeken); vraag een "
            "kleiner gebied."
        )
    try:
        elements = answer["elements"]
        places = {e["id"]: (e["lon"], e["lat"]) for e in elements if e["type"] == "node"}
        ways = [e for e in elements if e["type"] == "way"]
        kept = [way for way in ways if _can_be_walked(way.get("tags", {}))]
        points = [
            [(p["lon"], p["lat"]) for p in way["geometry"]]
            if "geometry" in way
            else [places[number] for number in way["nodes"]]
            for way in kept
        ]
        drawn = [shapely.LineString(one) for one in points if len(one) > 1]
    except (KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise InputError(
            f"{file} is een antwoord van Overpass zonder de punten van de wegen; vraag ze "
            "erbij met 'out geom'."
        ) from error
    if not drawn:
        raise InputError(f"{file} is een antwoord van Overpass zonder wegen om op te lopen.")
    return gpd.GeoSeries(drawn, crs="EPSG:4326").to_crs(RD), len(ways) - len(drawn)


def _can_be_walked(tags: dict[str, str]) -> bool:
    if "highway" not in tags or tags["highway"] in NOT_WALKED or tags.get("area") == "yes":
        return False
    # Walkers may have a right of their own where others may not go.
    allowed = tags.get("foot", tags.get("access", "yes"))
    return allowed not in ("no", "private")


def edges_as_lines(network: WalkingNetwork) -> gpd.GeoDataFrame:
    """Return each edge as a line with its length and the piece in which it lies, for a map."""
    both = np.stack([network.nodes[network.start], network.nodes[network.end]], axis=1)
    table = pd.DataFrame({"length_m": network.length, "piece": network.piece[network.start]})
    return gpd.GeoDataFrame(table, geometry=shapely.linestrings(both), crs=RD)
