"""What if social dwellings of a wijk got another tenure, or were demolished and built anew.

A sum on stated assumptions, and no forecast. Who lives in a tenure, how many live in a dwelling and
where those go whose dwelling goes, are drawn between low, middle and high.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence.scenarios import SIZE, TENURES
from analysis.evidence.simulated import (
    Band,
    binomial_counts,
    of_profile,
    of_triangle,
)

SOCIAL = "social"
DESTINATIONS = ("in_area", "in_municipality", "away")


@dataclass(frozen=True)
class Renewal:
    """Assumptions about social dwellings that go, and what comes in their place.

    Attributes
    ----------
    removed : int
        Social dwellings that are demolished or get another tenure.
    built : int
        Dwellings in their place; they stand where the others stood.
    tenure : mapping of str to float
        Share of each of `TENURES` in these; together 1.
    stays, leaves : Band
        Of the households whose dwelling goes, which share stays in the wijk and which leaves the
        gemeente: low, middle and high. The rest goes elsewhere in the gemeente.
    keeps_home : bool
        Whether who stays can do so in each of the new tenures, as who buys the own dwelling does;
        else only in new social dwellings, and who finds no room goes elsewhere in the gemeente.
    from_inside : Band
        Which share of the newcomers leaves another buurt of the gemeente, outside the wijk.
    """

    removed: int
    built: int
    tenure: Mapping[str, float]
    stays: Band
    leaves: Band
    keeps_home: bool = False
    from_inside: Band = (0.0, 0.3, 0.6)

    def checked(self) -> "Renewal":
        """Return the plan, after seeing that it can be.

        Raises
        ------
        ValueError
            When dwellings are negative, a tenure is unknown, shares fall or lie outside 0 to 1, do
            not add up to 1, or more than all stay and leave.
        """
        if min(self.removed, self.built) < 0:
            raise ValueError(f"dwellings are {min(self.removed, self.built)}: give 0 or more")
        if strange := set(self.tenure) - set(TENURES):
            raise ValueError(f"tenure {sorted(strange)[0]!r} is unknown: {', '.join(TENURES)}")
        whole = sum(self.tenure.values())
        if min(self.tenure.values(), default=0) < 0 or abs(whole - 1) > 1e-6:
            raise ValueError(f"the shares of tenure add up to {whole:g}, not 1, or are under 0")
        for name in ("stays", "leaves", "from_inside"):
            low, middle, high = getattr(self, name)
            if not 0 <= low <= middle <= high <= 1:
                raise ValueError(f"{name} is {(low, middle, high)}: give low, middle, high, 0 to 1")
        if self.stays[2] + self.leaves[2] > 1 + 1e-9:
            raise ValueError("more than all stay or leave: stays and leaves add up to over 1")
        return self


@dataclass(frozen=True)
class Renewed:
    """Imagined towns after a renewal.

    Attributes
    ----------
    before : ndarray of shape (2, n)
        Members of the group and all others in each buurt now.
    after : ndarray of shape (2, draws, n)
        The same in each imagined town.
    inside : ndarray of shape (n,)
        Which buurten are of the wijk.
    went : ndarray of shape (3, draws)
        Share of the households whose dwelling went, by `DESTINATIONS`.
    """

    before: np.ndarray
    after: np.ndarray
    inside: np.ndarray
    went: np.ndarray


def renewed_towns(
    renewal: Renewal,
    buurten: pd.DataFrame,
    profiles: pd.DataFrame,
    group: str,
    *,
    per_dwelling: bool,
    draws: int,
    seed: int,
) -> Renewed:
    """Draw towns after a renewal, for one group.

    Dwellings go in the buurten of the wijk in the ratio of their social dwellings, whole ones. Who
    lives in them goes: persons per dwelling and the share of the group are those of social rent
    (binomial). Who stays comes back to the own buurt. Newcomers live in what is left of the new
    dwellings, with persons and shares of their tenure. Who goes elsewhere is spread over the other
    buurten in the ratio of their social dwellings, or of who lives there where none is known.

    Parameters
    ----------
    renewal : Renewal
    buurten : DataFrame
        By code `group` and `others`, none missing; `social`, the number of social dwellings (NaN
        where not known); `inside`, whether it is of the wijk.
    profiles, group, per_dwelling, draws, seed
        See `scenarios.drawn_towns`.

    Raises
    ------
    ValueError
        As `Renewal.checked`; also if the wijk has fewer social dwellings than go, or a profile is
        not there.
    """
    renewal.checked()
    inside = buurten["inside"].to_numpy(dtype=bool)
    social = buurten["social"].fillna(0.0).to_numpy(dtype=float)
    if renewal.removed > np.floor(social[inside].sum() + 0.5):
        raise ValueError(f"{renewal.removed} would go of {social[inside].sum():.0f} dwellings")
    own = _profiles_used(renewal, profiles, group)
    random = np.random.default_rng(seed)
    stay = of_triangle(renewal.stays, random.random(draws))
    leave = of_triangle(renewal.leaves, random.random(draws))
    from_inside = of_triangle(renewal.from_inside, random.random(draws))
    gone = apportioned(renewal.removed, np.where(inside, social, 0.0))
    new = apportioned(renewal.built, gone if renewal.removed else np.where(inside, social, 0.0))
    stay = np.minimum(stay, _room(renewal))
    went = np.stack([stay, np.clip(1 - stay - leave, 0.0, None), leave])
    now = buurten[["group", "others"]].to_numpy(dtype=float).T
    live = {}
    for tenure in TENURES:
        # All tenures are drawn, used or not: another mix has the same towns to compare with.
        each, share = random.random(draws), random.random(draws)
        chance = random.random((2, draws, len(buurten)))
        if tenure in own.index.get_level_values("tenure"):
            size = np.ones(draws) if per_dwelling else of_profile(own.loc[(tenure, SIZE)], each)
            live[tenure] = size, of_profile(own.loc[(tenure, group)], share), chance
    displaced = np.zeros((2, draws, len(buurten)))
    if renewal.removed:
        displaced = _people(np.broadcast_to(gone, (draws, len(gone))), *live[SOCIAL], which=0)
        displaced = np.minimum(displaced, now[:, None, :])
    arrive = np.zeros_like(displaced)
    for tenure, homes in _left(renewal, new, gone, stay).items():
        arrive += _people(homes, *live[tenure], which=1)
    # What stays is taken off what goes first: all stay leaves exactly what there was.
    change = arrive + (displaced * stay[:, None] - displaced)
    change += _elsewhere(displaced * went[1][:, None], now, social, inside)
    change -= _left_behind(arrive * from_inside[:, None], now, inside)
    return Renewed(now, now[:, None, :] + change, inside, went)


def apportioned(number: int, weights: np.ndarray) -> np.ndarray:
    """Return whole dwellings in the ratio of weights that add up to a number.

    By largest remainder; of equal remainders the first. All 0 where no weight is above 0.
    """
    whole = weights.sum()
    if number == 0 or whole <= 0:
        return np.zeros(len(weights))
    exact = number * weights / whole
    found = np.floor(exact)
    rest = round(number - found.sum())
    found[np.argsort(found - exact, kind="stable")[:rest]] += 1
    return found


def _profiles_used(renewal: Renewal, profiles: pd.DataFrame, group: str) -> pd.DataFrame:
    own = profiles[profiles["group"].isin([group, SIZE])].set_index(["tenure", "group"])
    used = [one for one in TENURES if renewal.tenure.get(one, 0) > 0 or one == SOCIAL]
    for tenure in used:
        for what in (group, SIZE):
            if (tenure, what) not in own.index:
                raise ValueError(f"no profile of {what} in tenure {tenure}: add it to the profiles")
    return own.loc[[key for key in own.index if key[0] in used]]


def _room(renewal: Renewal) -> float:
    """Return the largest share of who has to go that the new dwellings have room for."""
    if renewal.removed == 0:
        return 1.0
    open_to = 1.0 if renewal.keeps_home else renewal.tenure.get(SOCIAL, 0.0)
    return min(1.0, renewal.built * open_to / renewal.removed)


def _left(
    renewal: Renewal, new: np.ndarray, gone: np.ndarray, stay: np.ndarray
) -> dict[str, np.ndarray]:
    """Return by tenure the new dwellings that who stays leaves open: (draws, n)."""
    taken, found = stay[:, None] * gone, {}
    for tenure, share in renewal.tenure.items():
        if share > 0:
            part = share if renewal.keeps_home else float(tenure == SOCIAL)
            found[tenure] = np.clip(new * share - taken * part, 0.0, None)
    return found


def _people(
    homes: np.ndarray, size: np.ndarray, p: np.ndarray, chance: np.ndarray, *, which: int
) -> np.ndarray:
    """Return who lives in dwellings: (2, draws, n), members and others, whole people."""
    people = np.rint(homes * size[:, None])
    members = binomial_counts(people, p[:, None], chance[which])
    return np.stack([members, people - members])


def _elsewhere(
    moving: np.ndarray, now: np.ndarray, social: np.ndarray, inside: np.ndarray
) -> np.ndarray:
    weights = np.where(inside, 0.0, social)
    if weights.sum() <= 0:
        weights = np.where(inside, 0.0, now.sum(axis=0))
    whole = weights.sum()
    share = weights / whole if whole > 0 else weights
    return moving.sum(axis=-1, keepdims=True) * share


def _left_behind(moving: np.ndarray, now: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return who leaves the other buurten for the new dwellings, all buurten alike."""
    outside = np.where(inside, 0.0, now)
    whole = outside.sum(axis=1)[:, None, None]
    share = np.divide(outside[:, None, :], whole, out=np.zeros_like(outside[:, None, :]),
                      where=whole > 0)  # fmt: skip
    return np.minimum(moving.sum(axis=-1, keepdims=True), whole) * share
