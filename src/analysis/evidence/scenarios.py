"""What if dwellings were added, taken away or changed: indices of an imagined town, as intervals.

A sum on stated assumptions, and no forecast. All draws of one plan share their assumptions, so that
groups and indices can be compared draw by draw.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame
from analysis.evidence.simulated import (
    Band,
    binomial_counts,
    index_of_towns,
    of_profile,
    of_triangle,
    simulated_row,
)
from analysis.measures.evenness import dissimilarity, information_theory
from analysis.measures.exposure import isolation

TENURES = ("social", "other_rent", "owner")
SIZE = "household_size"
INDICES: tuple[Callable, ...] = (dissimilarity, information_theory, isolation)


@dataclass(frozen=True)
class Plan:
    """Assumptions about what changes in one buurt.

    Attributes
    ----------
    buurt : str
        Code.
    dwellings : Band
        New dwellings: low, middle and high.
    tenure : mapping of str to float
        Share of each of `TENURES` in the new dwellings; together 1.
    removed : mapping of str to float
        Dwellings of each tenure that go.
    from_inside : Band
        Which share of the newcomers, net of those who come in their place, leaves another buurt
        of the gemeente.
    """

    buurt: str
    dwellings: Band
    tenure: Mapping[str, float]
    removed: Mapping[str, float] = field(default_factory=dict)
    from_inside: Band = (0.0, 0.3, 0.6)

    def checked(self) -> "Plan":
        """Return the plan, after seeing that it can be.

        Raises
        ------
        ValueError
            When dwellings are negative or fall, a tenure is unknown, or shares do not add up to 1.
        """
        for name, band in (("dwellings", self.dwellings), ("from_inside", self.from_inside)):
            if not (0 <= band[0] <= band[1] <= band[2] < np.inf):
                raise ValueError(f"{name} is {tuple(band)}: give low, middle and high, 0 or more")
        if self.from_inside[2] > 1:
            raise ValueError("from_inside is a share: give numbers from 0 to 1")
        if strange := (set(self.tenure) | set(self.removed)) - set(TENURES):
            raise ValueError(f"tenure {sorted(strange)[0]!r} is unknown: {', '.join(TENURES)}")
        if min([*self.tenure.values(), *self.removed.values()], default=0) < 0:
            raise ValueError("shares and dwellings of a tenure must be 0 or more")
        if abs(sum(self.tenure.values()) - 1) > 1e-6:
            raise ValueError(f"the shares of tenure add up to {sum(self.tenure.values()):g}, not 1")
        return self


@dataclass(frozen=True)
class Drawn:
    """Imagined towns.

    Attributes
    ----------
    before : ndarray of shape (2, n)
        Members of the group and all others in each buurt now.
    after : ndarray of shape (2, draws, n)
        The same in each imagined town.
    target : int
        Position of the buurt that changes.
    """

    before: np.ndarray
    after: np.ndarray
    target: int

    def index(self, measure: Callable, counts: np.ndarray) -> np.ndarray:
        """Return an index of every town of shape (2, draws, n)."""
        return index_of_towns(measure, counts)


def drawn_towns(
    plan: Plan,
    counted: pd.DataFrame,
    profiles: pd.DataFrame,
    group: str,
    *,
    per_dwelling: bool,
    draws: int,
    seed: int,
) -> Drawn:
    """Draw towns after a plan, for one group.

    Newcomers: dwellings x persons per dwelling, each of the group with the share of its tenure
    (binomial). Who leaves another buurt is drawn from all buurten alike. Assumptions are drawn
    from triangles between low, middle and high.

    Parameters
    ----------
    plan : Plan
    counted : DataFrame
        `group` and `others` by buurt code, none missing.
    profiles : DataFrame
        tenure, group, low, central, high: who lives in each tenure, and persons per dwelling.
    group : str
        Key in `profiles`.
    per_dwelling : bool
        Whether the group is one of households: one to a dwelling.
    draws, seed : int

    Raises
    ------
    ValueError
        As `Plan.checked`; also if the buurt is none of these, nobody is known of the group's share
        in a tenure, or more would go than there are.
    """
    plan.checked()
    if plan.buurt not in counted.index:
        raise ValueError(f"{plan.buurt} is no buurt of this gemeente with figures")
    own = profiles[profiles["group"].isin([group, SIZE])].set_index(["tenure", "group"])
    used = [one for one in TENURES if plan.tenure.get(one, 0) > 0 or plan.removed.get(one, 0) > 0]
    for tenure in used:
        for what in (group, SIZE):
            if (tenure, what) not in own.index:
                raise ValueError(f"no profile of {what} in tenure {tenure}: add it to the profiles")
    random = np.random.default_rng(seed)
    target = counted.index.get_loc(plan.buurt)
    x, y = (counted[name].to_numpy(dtype=float) for name in ("group", "others"))
    number = of_triangle(plan.dwellings, random.random(draws))
    inside = of_triangle(plan.from_inside, random.random(draws))
    arrive, leave = np.zeros((2, draws)), np.zeros((2, draws))
    # All tenures are drawn, used or not: another mix then has the same towns to be compared with.
    for tenure in TENURES:
        size, share = random.random(draws), random.random(draws)
        chance = random.random((2, draws))
        if tenure not in used:
            continue
        each = np.ones(draws) if per_dwelling else of_profile(own.loc[(tenure, SIZE)], size)
        p = of_profile(own.loc[(tenure, group)], share)
        for flow, many, u in (
            (arrive, number * plan.tenure.get(tenure, 0.0), chance[0]),
            (leave, np.full(draws, float(plan.removed.get(tenure, 0.0))), chance[1]),
        ):
            people = np.rint(many * each)
            members = binomial_counts(people, p, u)
            flow += np.stack([members, people - members])
    after = np.broadcast_to(np.stack([x, y])[:, None, :], (2, draws, len(x))).copy()
    if (leave[0] > x[target]).any() or (leave[1] > y[target]).any():
        if leave.sum(axis=0).max() > x[target] + y[target]:
            raise ValueError(f"more would go from {plan.buurt} than live there")
        leave = np.minimum(leave, np.array([[x[target]], [y[target]]]))
    after[:, :, target] += arrive - leave
    others = np.arange(len(x)) != target
    for kind, now in enumerate((x, y)):
        elsewhere = now[others].sum()
        if elsewhere > 0:
            moved = np.minimum(arrive[kind] * inside, elsewhere)
            after[kind][:, others] -= moved[:, None] * now[others] / elsewhere
    return Drawn(np.stack([x, y]), after, int(target))


def effects(drawn: Drawn, shared: Mapping[str, object], group: str) -> pd.DataFrame:
    """Return what a plan does to the indices, and to the mix of the buurt itself.

    Parameters
    ----------
    drawn : Drawn
    shared : mapping
        area_code, area_name, year, level and source of all rows.
    group : str

    Returns
    -------
    DataFrame
        Per index rows '<index>_before', '<index>_after' and '<index>_change' with the middle and
        the ends of 95 % of the towns; for dissimilarity the parts of the change that add up to it:
        'change_by_size' (the buurt grows with its present mix), 'change_by_mix' (its mix changes)
        and 'change_elsewhere' (who leaves other buurten); 'local_share' and 'local_share_after'.
        'group_absent' where an index is not defined.
    """
    rows = []
    for measure in INDICES:
        now = float(measure(drawn.before[0], drawn.before[1]))
        then = drawn.index(measure, drawn.after)
        rows += [
            simulated_row(shared, f"{measure.__name__}_before", group, np.array([now]), exact=True),
            simulated_row(shared, f"{measure.__name__}_after", group, then),
            simulated_row(shared, f"{measure.__name__}_change", group, then - now),
        ]
    for name, values in split(drawn, dissimilarity).items():
        rows.append(simulated_row(shared, name, group, values))
    x, y = drawn.before[:, drawn.target]
    there = drawn.after[:, :, drawn.target]
    with np.errstate(invalid="ignore", divide="ignore"):
        rows += [
            simulated_row(shared, "local_share", group, np.array([x / (x + y)]), exact=True),
            simulated_row(shared, "local_share_after", group, there[0] / there.sum(axis=0)),
        ]
    return evidence_frame(rows)


def split(drawn: Drawn, measure: Callable) -> dict[str, np.ndarray]:
    """Return the change of an index in three parts that add up to it, of every town.

    Elsewhere first: other buurten as they come, the buurt as it is. Then size and mix of the buurt,
    each the mean over the two orders in which they can change.
    """
    before = np.broadcast_to(drawn.before[:, None, :], drawn.after.shape)
    now, then = before[:, :, drawn.target], drawn.after[:, :, drawn.target]
    size = [part.sum(axis=0) for part in (now, then)]

    def town(total: np.ndarray, mix: np.ndarray) -> np.ndarray:
        whole = mix.sum(axis=0)
        found = drawn.after.copy()
        share = np.divide(mix, whole, out=np.zeros_like(mix), where=whole > 0)
        found[:, :, drawn.target] = share * total
        return drawn.index(measure, found)

    small_old, small_new = town(size[0], now), town(size[0], then)
    large_old, large_new = town(size[1], now), town(size[1], then)
    start = drawn.index(measure, before)
    by_size = (large_old - small_old + large_new - small_new) / 2
    return {
        "change_by_size": by_size,
        "change_by_mix": (large_new - small_old) - by_size,
        "change_elsewhere": small_old - start,
    }
