"""Boundaries of gemeenten, wijken and buurten per year from PDOK, kept page by page as answered.

Two forms of one map: OGC API Features, which gives a link to the next page, and the older WFS,
which is asked for each page by its first number. Never seen live from where this was built: made
after the documented forms. The service is asked for the whole country, as no filter on a gemeente
is documented for both.
"""

import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import requests

from analysis.sources import boundaries, snapshot
from analysis.sources.catalogue import Source, of_theme
from analysis.sources.errors import InputError, ServiceError, TableMissingError
from analysis.sources.regions import CODE_PATTERN, check_level
from analysis.sources.transport import (
    USUAL_PATIENCE,
    Patience,
    PatientSession,
    host_of,
    without_password,
)

# In the order in which they are tried.
THEMES = ("grenzen", "grenzen_wfs")
_COLLECTION = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten"}
_CODE = {"gemeente": "gemeentecode", "wijk": "wijkcode", "buurt": "buurtcode"}
_PAGE_SIZE = 1000
# The country has 15,000 buurten; a service that keeps giving links is stopped.
_MOST_PAGES = 500


@dataclass(frozen=True)
class Answer:
    """All pages of one level and year, untouched.

    Attributes
    ----------
    level : {'gemeente', 'wijk', 'buurt'}
    year : int
    url : str
        Address of the first page.
    pages : tuple of bytes
        Bodies as answered: GeoJSON in degrees (EPSG:4326).
    rows : int
        Number of polygons in them.
    """

    level: str
    year: int
    url: str
    pages: tuple[bytes, ...]
    rows: int


def pull(
    raw: Path,
    catalogue: tuple[Source, ...],
    level: str,
    year: int,
    progress: Callable[[int, int | None], None] | None = None,
    patience: Patience = USUAL_PATIENCE,
) -> snapshot.Snapshot:
    """Fetch the boundaries of a level and year, from the first form that gives them, and keep them.

    Parameters
    ----------
    raw : Path
        Folder of the snapshots.
    catalogue : tuple of Source
        Its themes 'grenzen' (OGC API Features) and 'grenzen_wfs' (WFS) hold the addresses.
    level : {'gemeente', 'wijk', 'buurt'}
    year : int
    progress : callable, optional
        Called with the polygons fetched so far and those expected.
    patience : Patience, optional

    Raises
    ------
    InputError
        When the catalogue has no address for the year.
    TableMissingError, ServiceError
        When no form gives a whole answer; the sentence says how to go on without the service.
    """
    check_level(level)
    known = [source for theme in THEMES for source in of_theme(catalogue, theme)]
    chosen = [source for source in known if source.year == year]
    if not chosen:
        years = ", ".join(str(one) for one in sorted({source.year for source in known}))
        raise InputError(
            f"Voor {year} staat geen adres van grenzen in de catalogus"
            f"{f' (wel voor {years})' if years else ''}; download de Wijk- en Buurtkaart van dat "
            "jaar bij het CBS en geef hem met --from."
        )
    failures: list[ServiceError | TableMissingError] = []
    for source in chosen:
        try:
            return keep(raw, fetch(source.address, level, year, progress, patience))
        except (ServiceError, TableMissingError) as error:
            failures.append(error)
    told = " ".join(dict.fromkeys(str(error) for error in failures))
    raise type(failures[-1])(
        f"{told} Lukt het niet: download de Wijk- en Buurtkaart van {year} bij het CBS en geef hem "
        "met --from."
    ) from failures[-1]


def keep(raw: Path, answer: Answer) -> snapshot.Snapshot:
    """Store an answer as a snapshot of boundaries: a zip of the pages as they came."""
    name = f"{_COLLECTION[answer.level]}_{answer.year}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, page in enumerate(answer.pages, start=1):
                # A fixed time of writing: the same answer is the same file.
                member = zipfile.ZipInfo(f"{name}_{number:03d}.json", (1980, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, page)
        return boundaries.store(raw, file)


def fetch(
    address: str,
    level: str,
    year: int,
    progress: Callable[[int, int | None], None] | None = None,
    patience: Patience = USUAL_PATIENCE,
    page_size: int = _PAGE_SIZE,
) -> Answer:
    """Fetch all pages of a level's boundaries.

    Parameters
    ----------
    address : str
        Of the year's service; a WFS when its path has a part 'wfs', else OGC API Features.
    level : {'gemeente', 'wijk', 'buurt'}
    year : int
    progress : callable, optional
    patience : Patience, optional
    page_size : int, optional
        Polygons asked for at a time; the service gives at most 1,000.

    Returns
    -------
    Answer
        As many polygons as the service says it has, each once.

    Raises
    ------
    TableMissingError
        When the service does not have this year.
    ServiceError
        When it is down or too slow, answers with something else, or not with all polygons.
    """
    check_level(level)
    if urlsplit(address).scheme not in ("http", "https"):
        raise InputError(f"'{address}' is geen adres; geef het als https://naam of http://naam.")

    class Session(PatientSession):
        pass

    Session.service, Session.patience, Session.asked = "PDOK", patience, set()
    is_wfs = "wfs" in urlsplit(address).path.casefold().split("/")
    first = (_wfs_url if is_wfs else _ogc_url)(address, level, page_size)
    pages: list[bytes] = []
    seen: set[str] = set()
    rows = 0
    with Session() as session:
        for body, features, promised in _pages(session, first, level, year, is_wfs, page_size):
            keys = [_key(feature, level) for feature in features]
            if len(seen.union(keys)) != rows + len(keys):
                raise _not_whole(first, "noemt een vlak meer dan één keer")
            seen.update(keys)
            rows += len(keys)
            if features or not pages:
                pages.append(body)
            if progress:
                progress(rows, promised)
    if not rows:
        raise _not_whole(first, f"heeft voor {year} geen grenzen")
    if promised is not None and rows != promised:
        raise _not_whole(first, f"gaf {rows} van de {promised} vlakken")
    return Answer(level, year, without_password(first), tuple(pages), rows)


def _ogc_url(address: str, level: str, page_size: int) -> str:
    base = re.sub(r"/ogc/v1$", "", address.rstrip("/"))
    question = urlencode({"f": "json", "limit": page_size})
    return f"{base}/ogc/v1/collections/{_COLLECTION[level]}/items?{question}"


def _wfs_url(address: str, level: str, page_size: int, start: int = 0) -> str:
    question = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": f"wijkenbuurten:{_COLLECTION[level]}",
        "outputFormat": "application/json",
        "srsName": "EPSG:4326",
        "count": page_size,
        "startIndex": start,
    }
    return f"{address.split('?')[0].rstrip('/')}?{urlencode(question, safe=':/')}"


def _pages(
    session: PatientSession, first: str, level: str, year: int, is_wfs: bool, page_size: int
) -> Iterator[tuple[bytes, list[dict], int | None]]:
    """Give body, polygons and promised number of each page until the last one."""
    url, rows = first, 0
    for _ in range(_MOST_PAGES):
        body = _body(session, url, year)
        page, features = _read(body, url, level)
        promised = page.get("numberMatched", page.get("totalFeatures"))
        promised = promised if isinstance(promised, int) else None
        rows += len(features)
        yield body, features, promised
        if is_wfs:
            # Without a number only an empty page tells that the one before was the last.
            if not features or (promised is not None and rows >= promised):
                return
            url = _wfs_url(first, level, page_size, rows)
            continue
        following = _next(page, url)
        if following is None:
            if promised is None and len(features) >= _limit(url, page_size):
                # A full page without a link: the end, or a link that was lost.
                raise _not_whole(
                    first, "gaf een volle bladzijde zonder verwijzing naar de volgende"
                )
            return
        url = following
    raise _not_whole(first, "blijft verwijzen naar een volgende bladzijde")


def _body(session: PatientSession, url: str, year: int) -> bytes:
    host = host_of(url, session.service)
    try:
        response = session.get(url)
    except requests.RequestException as error:
        raise ServiceError(f"{host} is niet bereikbaar.") from error
    if response.status_code == 404:
        raise TableMissingError(f"{host} heeft geen grenzen van {year}.")
    if not response.ok:
        raise ServiceError(f"{host} weigert de vraag (status {response.status_code}).")
    return response.content


def _read(body: bytes, url: str, level: str) -> tuple[dict, list[dict]]:
    """Return a page and its polygons, after looking whether they are of this level."""
    host = host_of(url, "PDOK")
    try:
        page = json.loads(body)
        features = page["features"]
        told = page.get("numberReturned", len(features))
        codes = [_properties(feature)[_CODE[level]] for feature in features]
        if not all(one["geometry"]["type"] in ("Polygon", "MultiPolygon") for one in features):
            raise ValueError("no polygons")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ServiceError(f"{host} geeft een antwoord dat geen grenzen zijn.") from error
    # Water and what lies abroad have codes of another shape in some years.
    if codes and not any(re.fullmatch(CODE_PATTERN[level], str(code).strip()) for code in codes):
        raise ServiceError(f"{host} geeft grenzen zonder de code van elke {level}.")
    if told != len(features):
        raise _not_whole(url, f"noemt {told} vlakken op een bladzijde met {len(features)}")
    return page, features


def _properties(feature: dict) -> dict[str, object]:
    return {str(key).casefold(): value for key, value in feature["properties"].items()}


def _key(feature: dict, level: str) -> str:
    """Return what tells a polygon apart: a gemeente has one for its land and one for its water."""
    known = _properties(feature)
    return f"{known[_CODE[level]]}|{known.get('water')}|{feature.get('id')}"


def _next(page: dict, url: str) -> str | None:
    links = [one for one in page.get("links") or () if isinstance(one, dict)]
    found = [one["href"] for one in links if one.get("rel") == "next" and one.get("href")]
    return urljoin(url, found[0]) if found else None


def _limit(url: str, page_size: int) -> int:
    asked = parse_qs(urlsplit(url).query).get("limit", [""])[0]
    return int(asked) if asked.isdecimal() else page_size


def _not_whole(url: str, what: str) -> ServiceError:
    return ServiceError(f"{host_of(url, 'PDOK')} {what}; er is niets bewaard.")
