"""Asking Overpass, the service that searches OpenStreetMap: one question, one whole answer.

Never seen live from where this was built: made after its documented form. The service refuses with
429 who asks too often and with 504 when it is busy; then it is asked again, a bounded number of
times. An answer that it broke off comes with status 200 and a remark: who reads it must look.
"""

from urllib.parse import urlsplit

import geopandas as gpd
import requests
import shapely

from analysis.sources.errors import InputError, ServiceError
from analysis.sources.geofile import RD
from analysis.sources.transport import Patience, PatientSession, host_of

# Those who are refused are asked to wait a while; a search may take as long as it is allowed.
PATIENCE = Patience(connect=10.0, read=240.0, tries=4, pause=10.0)
# How long the service may search, unless it is told otherwise.
SECONDS = 180
_SERVICE = "OpenStreetMap"
# Metres by which the outline of the area may be drawn more coarsely: the question stays short.
_COARSER = 100.0


def outlines(area: gpd.GeoSeries, margin: float) -> list[str]:
    """Return the corners of the parts of an area as Overpass takes them ("lat lon lat lon ...").

    Parameters
    ----------
    area : GeoSeries
        Polygons with a coordinate system, such as the boundary of a gemeente.
    margin : float
        Metres around it, at least; the outline is drawn up to 100 m wider.

    Raises
    ------
    InputError
        When the area has no coordinate system or is empty.
    """
    if area.crs is None:
        raise InputError("Het gebied voor OpenStreetMap heeft geen coördinatenstelsel.")
    around = area.to_crs(RD).union_all().buffer(margin + _COARSER).simplify(_COARSER)
    if around.is_empty:
        raise InputError("Het gebied voor OpenStreetMap is leeg; geef de grens van de gemeente.")
    parts = gpd.GeoSeries(shapely.get_parts(around), crs=RD).to_crs("EPSG:4326")
    return [" ".join(f"{lat:.5f} {lon:.5f}" for lon, lat in part.exterior.coords) for part in parts]


def ask(address: str, question: str, patience: Patience = PATIENCE) -> bytes:
    """Return the body of the answer to a question.

    Raises
    ------
    InputError
        When the address is none.
    ServiceError
        When the service refuses, stays busy, or does not answer with a whole body of JSON.
    """
    if urlsplit(address).scheme not in ("http", "https"):
        raise InputError(
            f"'{address}' is geen adres; geef het adres van Overpass als "
            "https://naam/api/interpreter."
        )

    class Session(PatientSession):
        pass

    Session.service, Session.patience, Session.asked = _SERVICE, patience, set()
    with Session() as session:
        try:
            response = session.post(address, data={"data": question})
        except requests.RequestException as error:
            raise ServiceError(f"{said_of(address)} is niet bereikbaar.") from error
    if not response.ok:
        raise ServiceError(
            f"{said_of(address)} weigert de vraag (status {response.status_code}); probeer het "
            "later, of haal het antwoord met de hand op en geef het met --from."
        )
    return response.content


def said_of(address: str) -> str:
    """Return how a sentence names the service at an address."""
    return host_of(address, _SERVICE)
