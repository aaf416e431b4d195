"""Waiting for a service, with bounds: retries, refusal of what is not whole, recorded answers.

A session that a client of the service can send through. It knows nothing of tables.
"""

import re
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests

from analysis.sources.errors import ServiceError

RECORDED_HOST = "recorded.invalid"
_RETRIED_STATUS = (429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Patience:
    """How long to wait for the service: seconds, tries, and the first pause between tries."""

    connect: float = 10.0
    read: float = 120.0
    tries: int = 4
    pause: float = 0.5


USUAL_PATIENCE = Patience()


class RecordedAnswers(requests.adapters.BaseAdapter):
    """Answers requests from a folder of recorded answers instead of the network."""

    def __init__(self, folder: Path):
        super().__init__()
        self.folder = folder

    def send(self, request, **_):
        """Return what the folder holds for a request, or status 404."""
        url = urlsplit(request.url)
        parts = [unquote(part) for part in url.path.split("/") if part]
        # ODataCatalog/Tables lies beside the tables' folders, ODataFeed/odata/<table>/<set> in one.
        file = self.folder.joinpath(*parts[1:] if parts[0] == "ODataCatalog" else parts[2:])
        response = requests.Response()
        response.request, response.url = request, request.url
        try:
            if "skip" in url.query:  # a following page, which is not recorded
                raise FileNotFoundError
            response._content = file.with_suffix(".json").read_bytes()
            response.status_code = 200
        except FileNotFoundError:
            response._content, response.status_code = b"{}", 404
        return response

    def close(self):
        """Nothing is held open."""


class PatientSession(requests.Session):
    """A session that waits a bounded time, tries again, and accepts only whole JSON bodies.

    A client makes sessions itself, without arguments, so what they share is on the class.

    Attributes
    ----------
    patience : Patience
        Limits to the waiting.
    recorded : Path or None
        Folder of recorded answers that stands in for the network.
    asked : set of str
        Addresses asked since the question began: a link back to one would never end.
    watch : callable
        Called with every body received.
    service : str
        How a sentence names who is asked.
    """

    service = "StatLine"
    patience = USUAL_PATIENCE
    recorded: Path | None = None
    asked: set[str] = set()
    watch = staticmethod(lambda body: None)

    def __init__(self):
        super().__init__()
        if self.recorded:
            # For every address: a recorded answer may hold a link to the service itself.
            self.mount("https://", RecordedAnswers(self.recorded))
            self.mount("http://", RecordedAnswers(self.recorded))

    def send(self, request, **kwargs):
        """Send a request until a whole body comes, or raise ServiceError."""
        if not kwargs.get("allow_redirects", True):
            # A step of following a redirect: what it leads to is judged, once, at its end.
            return super().send(request, **kwargs)
        who = host_of(request.url, self.service)
        if request.url in self.asked:
            raise ServiceError(f"{who} verwijst steeds naar dezelfde bladzijde.")
        self.asked.add(request.url)
        # The client prepares its requests without a session: no compression, no agent, and it
        # takes its proxies from two lower-case variables only.
        request.headers.setdefault("Accept-Encoding", "gzip, deflate")
        request.headers.setdefault("User-Agent", "wijkanalyse (python-requests)")
        kwargs |= self.merge_environment_settings(request.url, {}, None, None, None)
        kwargs |= {"stream": False, "timeout": (self.patience.connect, self.patience.read)}
        for attempt in range(self.patience.tries):
            if attempt:
                time.sleep(self.patience.pause * 2 ** (attempt - 1))
            problem, response = self._try(request, kwargs)
            if not problem:
                break
        else:
            raise ServiceError(f"{who} {problem}, ook na {attempt + 1} pogingen.")
        if response.ok:
            self.watch(response.content)
        return response

    def _try(self, request, kwargs):
        try:
            response = super().send(request, **kwargs)
        except requests.exceptions.SSLError as error:
            # Trying again does not mend this; a proxy that inspects traffic is the usual cause.
            raise ServiceError(
                f"{host_of(request.url, self.service)} heeft een certificaat dat niet wordt "
                "vertrouwd; vraag de beheerder naar het certificaat van uw netwerk en zet "
                "REQUESTS_CA_BUNDLE."
            ) from error
        except requests.exceptions.ProxyError:
            return "is niet bereikbaar via de proxy (https_proxy, no_proxy)", None
        except requests.Timeout:
            return "antwoordt niet op tijd", None
        except requests.ConnectionError as error:
            half = "IncompleteRead" in str(error)
            return ("geeft een half antwoord" if half else "is niet bereikbaar"), None
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            return "geeft een half antwoord", None
        if response.status_code in _RETRIED_STATUS:
            return f"meldt een storing (status {response.status_code})", None
        if response.ok:
            body = response.content.strip()
            if not body:
                return "geeft een leeg antwoord", None
            if not body.startswith(b"{"):
                return "geeft een webpagina in plaats van gegevens", None
            if not body.endswith(b"}"):
                return "geeft een half antwoord", None
        return "", response


def host_of(address: str, service: str = "StatLine") -> str:
    """Return how a sentence names the service at an address."""
    host = urlsplit(without_password(address)).netloc
    return f"{service} ({host if host and host != RECORDED_HOST else 'de map met antwoorden'})"


def without_password(address: str) -> str:
    """Return an address as it may be shown and stored: no user and password before the host."""
    return re.sub(r"(?<=://)[^/@]*@", "", address).rstrip("/")
