"""Facilities of Voorbeeldstad and how far its people live from them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from shapely.geometry import Polygon

from voorbeeldstad import ground, people, town

# Kind, number in the town, whether the wijk's own density of facilities applies, and the range
# of its capacity (pupils, places, square metres) where it has one.
KINDS = (
    ("bibliotheek", 4, True, None),
    ("basisschool", 19, True, (140, 480)),
    ("kinderdagverblijf", 17, True, (32, 96)),
    ("supermarkt", 14, False, (700, 2400)),
    ("huisartsenpraktijk", 12, True, None),
    ("cafe of restaurant", 22, True, None),
    ("park", 9, True, None),
    ("speeltuin", 17, True, None),
    ("sporthal", 5, True, (600, 1800)),
    ("volkstuin", 3, True, (20, 90)),
    ("buurthuis", 8, True, None),
    ("bewonersinitiatief", 6, True, None),
    ("gebedshuis", 7, True, None),
)
# Just over the border, in the town's units: they serve the town but lie in no buurt.
OUTSIDE = (("speeltuin", 37.5, 3), ("cafe of restaurant", 37, -22), ("volkstuin", 14, -30.5))
ADDRESSES = 60
_DETOUR = 1.3
_SCHOOLS_WITHIN = 3000.0
_APART = 350.0
_TRIES = 4000


@dataclass(frozen=True)
class Facility:
    """One facility: its number, kind, name, capacity (or None) and place in metres."""

    identity: str
    kind: str
    name: str
    capacity: int | None
    x: float
    y: float


def address_points(pieces: list[Polygon], random: np.random.RandomState) -> list[np.ndarray]:
    """Return the places where each piece's people live, the same number everywhere."""
    return [ground.addresses(piece, ADDRESSES, random) for piece in pieces]


def facilities(
    homes: list[np.ndarray], now: pd.DataFrame, random: np.random.RandomState
) -> list[Facility]:
    """Place the facilities of the newest year; `now` has the exact counts per piece."""
    inhabitants = now["inhabitants"].to_numpy()[: len(town.PIECES)]
    in_wijk = np.array(
        [inhabitants[[p.wijk == wijk.code for p in town.PIECES]].sum() for wijk in town.WIJKEN]
    )
    found = []
    for kind, number, weighted, capacity in KINDS:
        weights = in_wijk * [wijk.facilities if weighted else 1.0 for wijk in town.WIJKEN]
        codes = [wijk.code for wijk in town.WIJKEN]
        wanted = dict(zip(codes, people.parts(number, weights), strict=True))
        if kind == "supermarkt":
            sites = _without_regard_to_income(wanted, homes, now, random)
        else:
            sites = _sites(wanted, homes, inhabitants, random)
        for piece, place in sites:
            room = 10 * round(_between(capacity, random) / 10) if capacity else None
            name = f"{kind.capitalize()} {town.buurt_name(town.PIECES[piece], town.YEARS[-1])}"
            found.append((kind, name, room, *place))
    found += [(kind, f"{kind.capitalize()} over de grens", None, town.UNIT * x, town.UNIT * y)
              for kind, x, y in OUTSIDE]  # fmt: skip
    return [Facility(f"VB{n:04d}", *one) for n, one in enumerate(found, start=1)]


def park_radius(park: Facility) -> float:
    """Return the radius of a park in metres: from 60 to 330, by its number."""
    return 60.0 + 45.0 * (int(park.identity.removeprefix("VB")) % 7)


def nearness(homes: list[np.ndarray], placed: list[Facility]) -> pd.DataFrame:
    """Return mean distances in km, and schools within 3 km, one row per piece."""
    kinds = {
        "gp_km": "huisartsenpraktijk",
        "supermarket_km": "supermarkt",
        "daycare_km": "kinderdagverblijf",
        "school_km": "basisschool",
    }
    sites = {
        name: np.array([(f.x, f.y) for f in placed if f.kind == kind])
        for name, kind in kinds.items()
    }
    columns = {name: [_distances(h, where).min(1).mean() / 1000 for h in homes]
               for name, where in sites.items()}  # fmt: skip
    columns["schools_3km"] = [
        (_distances(h, sites["school_km"]) <= _SCHOOLS_WITHIN).sum(1).mean() for h in homes
    ]
    return pd.DataFrame(columns)


def address_density(homes: list[np.ndarray], dwellings: np.ndarray) -> list[float]:
    """Return the addresses per km2 within a kilometre of each piece's homes."""
    everywhere = np.concatenate(homes)
    weights = np.repeat(dwellings / ADDRESSES, ADDRESSES)
    near = (np.linalg.norm(h[:, None] - everywhere, axis=2) <= 1000 for h in homes)
    return [float((one @ weights).mean() / np.pi) for one in near]


def _distances(homes: np.ndarray, sites: np.ndarray) -> np.ndarray:
    return _DETOUR * np.linalg.norm(homes[:, None] - sites, axis=2)


def _between(limits: tuple[int, int], random: np.random.RandomState) -> float:
    return limits[0] + (limits[1] - limits[0]) * random.random_sample()


def _sites(wanted: dict[str, int], homes, inhabitants, random) -> list[tuple[int, np.ndarray]]:
    """Draw places in each wijk: a piece by its people, then one of its homes."""
    found = []
    for code, number in wanted.items():
        own = [n for n, piece in enumerate(town.PIECES) if piece.wijk == code and inhabitants[n]]
        upto = np.cumsum(inhabitants[own]) / inhabitants[own].sum()
        for _ in range(number):
            piece = own[int(np.searchsorted(upto, random.random_sample()))]
            found.append((piece, homes[piece][int(ADDRESSES * random.random_sample())]))
    return found


def _without_regard_to_income(wanted, homes, now, random) -> list[tuple[int, np.ndarray]]:
    """Draw sites until distance does not go with income: the planted non-effect."""
    n = len(town.PIECES)
    inhabitants = now["inhabitants"].to_numpy()[:n]
    lived_in = inhabitants >= 100
    lowest = (now["households_lowest_40_n"] / now["households"]).to_numpy()[:n][lived_in]
    for _ in range(_TRIES):
        sites = _sites(wanted, homes, inhabitants, random)
        where = np.array([place for _, place in sites])
        distance = np.array([_distances(h, where).min(1).mean() for h in homes])[lived_in]
        apart = np.linalg.norm(where[:, None] - where, axis=2)[np.triu_indices(len(where), 1)]
        if apart.min() > _APART and abs(np.corrcoef(distance, lowest)[0, 1]) < 0.01:
            return sites
    raise RuntimeError("geen plaatsing van supermarkten gevonden die los staat van inkomen")
