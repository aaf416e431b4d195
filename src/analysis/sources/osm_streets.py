"""Streets and paths from OpenStreetMap through osmnx, which is an optional package.

Never seen live from where this was built. osmnx knows how to divide a large area over questions and
how to put the answers together; what can be walked in the Netherlands is said here. When the
service says that it is busy, osmnx waits a minute and asks again, for as long as that takes.
"""

import importlib
import tempfile
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import geopandas as gpd

from analysis.sources import network, snapshot
from analysis.sources.errors import InputError, ServiceError
from analysis.sources.geofile import RD

# Its status page tells when the next question is welcome; other addresses may have none.
_PUBLIC_HOST = "overpass-api.de"
_FILTER = (
    f'["highway"]["highway"!~"^({"|".join(network.NOT_WALKED)})$"]["area"!~"yes"]'
    '["foot"!~"^(no|private)$"]["access"!~"^(no|private)$"]'
)
_SECONDS = 180


def pull(
    raw: Path, area: gpd.GeoSeries, address: str, name: str, margin: float = 1000.0
) -> snapshot.Snapshot:
    """Fetch the streets and paths of an area and keep them as a snapshot (`network.read`).

    Parameters
    ----------
    raw : Path
        Folder of the snapshots.
    area : GeoSeries
        Polygons with a coordinate system, such as the boundary of a gemeente.
    address : str
        Of an Overpass service, up to and with /api; a trailing /interpreter is taken off.
    name : str
        Of the file that is kept, such as GM0637.
    margin : float, optional
        Metres around the area: people walk over its border too.

    Raises
    ------
    InputError
        When osmnx is not installed or the address is none.
    ServiceError
        When the service does not answer as it should, or has no streets there.
    """
    library = _library()
    if urlsplit(address).scheme not in ("http", "https"):
        raise InputError(f"'{address}' is geen adres; geef het als https://naam/api.")
    if area.crs is None:
        raise InputError("Het gebied voor het wandelnetwerk heeft geen coördinatenstelsel.")
    around = gpd.GeoSeries([area.to_crs(RD).union_all().buffer(margin)], crs=RD)
    polygon = around.to_crs("EPSG:4326").iloc[0]
    host = urlsplit(address).netloc
    wanted = {
        "overpass_url": address.rstrip("/").removesuffix("/interpreter"),
        "overpass_rate_limit": host == _PUBLIC_HOST,
        "requests_timeout": _SECONDS,
        "use_cache": False,
    }
    # Its settings are global to it, so they are put back.
    kept = {key: getattr(library.settings, key) for key in wanted}
    try:
        for key, value in wanted.items():
            setattr(library.settings, key, value)
        graph = library.graph_from_polygon(
            polygon, custom_filter=_FILTER, simplify=False, retain_all=True
        )
    except (OSError, ValueError, KeyError) as error:
        # What the library raises for a status, a web page, half an answer and one without streets
        # are ValueErrors; those of requests are OSErrors.
        raise ServiceError(
            f"OpenStreetMap ({host}) gaf geen straten voor dit gebied; kijk of het gebied klopt, "
            "probeer het later of geef een bestand met straten."
        ) from error
    finally:
        for key, value in kept.items():
            setattr(library.settings, key, value)
    edges = library.graph_to_gdfs(graph, nodes=False)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"straten_osm_{name}.geojson"
        edges[["geometry"]].reset_index(drop=True).to_file(file)
        return network.store(raw, file)


def _library() -> ModuleType:
    """Return osmnx; it is loaded only here, as nothing else needs it."""
    try:
        return importlib.import_module("osmnx")
    except ImportError as error:
        raise InputError(
            "Voor het wandelnetwerk uit OpenStreetMap is het pakket osmnx nodig; installeer het "
            "met 'pip install osmnx', of geef een bestand met straten (gpkg, shp, geojson)."
        ) from error
