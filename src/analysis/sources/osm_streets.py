"""Streets and paths from OpenStreetMap, for the walking network: asked from Overpass.

Whether one may walk on a way is judged when the network is read (`network.read_lines`), so that
what is kept is the answer as it came.
"""

import tempfile
from pathlib import Path

import geopandas as gpd

from analysis.sources import network, snapshot
from analysis.sources.catalogue import Source, of_theme
from analysis.sources.errors import InputError, ServiceError
from analysis.sources.overpass_service import PATIENCE, SECONDS, ask, outlines, said_of
from analysis.sources.transport import Patience

THEME = "wandelnetwerk"


def query(area: gpd.GeoSeries, margin: float = 1000.0, seconds: int = SECONDS) -> str:
    """Write the question to Overpass for the ways in and around an area.

    Parameters
    ----------
    area : GeoSeries
        Polygons with a coordinate system.
    margin : float, optional
        Metres around the area: people walk over its border too.
    seconds : int, optional
        How long the service may search.

    Raises
    ------
    InputError
        When the area has no coordinate system or is empty.
    """
    tags = f'["highway"]["highway"!~"^({"|".join(network.NOT_WALKED)})$"]'
    asked = "\n".join(f'  way{tags}(poly:"{outline}");' for outline in outlines(area, margin))
    return f"[out:json][timeout:{seconds}];\n(\n{asked}\n);\nout geom;\n"


def pull(
    raw: Path,
    catalogue: tuple[Source, ...],
    area: gpd.GeoSeries,
    name: str,
    margin: float = 1000.0,
    patience: Patience = PATIENCE,
) -> snapshot.Snapshot:
    """Fetch the streets and paths of an area and keep them as a snapshot (`network.read`).

    Parameters
    ----------
    raw : Path
        Folder of the snapshots.
    catalogue : tuple of Source
        Its theme 'wandelnetwerk' holds the address.
    area : GeoSeries
        Polygons with a coordinate system, such as the boundary of a gemeente.
    name : str
        Of the file that is kept, such as GM0637.
    margin : float, optional
    patience : Patience, optional

    Raises
    ------
    InputError
        When the catalogue has no address, or the area no coordinate system.
    ServiceError
        When the service does not answer as it should, broke off, or has no streets there; nothing
        is kept then.
    """
    sources = of_theme(catalogue, THEME)
    if not sources:
        raise InputError(
            f"De catalogus heeft geen adres voor het thema '{THEME}'; zet er een regel met het "
            "adres van Overpass in."
        )
    address = sources[0].address
    body = ask(address, query(area, margin), patience)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"straten_osm_{name}.json"
        file.write_bytes(body)
        try:
            return network.store(raw, file)
        except ServiceError:
            raise
        except InputError as error:
            told = str(error).replace(str(file), f"Het antwoord van {said_of(address)}")
            raise ServiceError(f"{told} Er is niets bewaard.") from error
