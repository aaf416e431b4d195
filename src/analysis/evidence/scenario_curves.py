"""Where the effect of a plan turns: over the share of social rent, and over the number of homes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame
from analysis.evidence.scenarios import Plan, drawn_towns
from analysis.evidence.simulated import ends, simulated_row
from analysis.measures.evenness import dissimilarity

TURN = "social_share_where_change_turns"
NEEDED = "dwellings_to_lower_by_tenth"
SHARES = tuple(np.round(np.linspace(0, 1, 11), 1))
# Of the index; and the most dwellings that are tried.
TENTH = 0.1
_TRIED = (250, 500, 750, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 12_500,
          15_000, 20_000)  # fmt: skip


def over_social_share(
    plan: Plan,
    counted: pd.DataFrame,
    profiles: pd.DataFrame,
    group: str,
    shared: Mapping[str, object],
    *,
    per_dwelling: bool,
    draws: int,
    seed: int,
    shares: Sequence[float] = SHARES,
    index: Callable = dissimilarity,
) -> pd.DataFrame:
    """Return the change of an index for every share of social rent in the new dwellings.

    The rest is divided over the other tenures as in the plan, or over both alike where it has
    social rent only. Every share has the same drawn towns otherwise.

    Parameters
    ----------
    plan, counted, profiles, group, per_dwelling, draws, seed
        See `drawn_towns`.
    shared : mapping
        area_code, area_name, year, level and source of all rows.
    shares : sequence of float, optional
        0 to 1, rising.
    index : callable, optional

    Returns
    -------
    DataFrame
        A row '<index>_change_at_social_share' per share (group '<group> | 0.3'), and one `TURN`:
        the share at which the change turns from one sign to the other, the middle of the towns
        and the ends of 95 %; 'no_difference' where it turns in fewer than 95 of 100 towns.
    """
    changes = []
    for share in shares:
        towns = drawn_towns(
            replace(plan, tenure=_with_social(plan.tenure, share)), counted, profiles, group,
            per_dwelling=per_dwelling, draws=draws, seed=seed,
        )  # fmt: skip
        now = float(index(towns.before[0], towns.before[1]))
        changes.append(towns.index(index, towns.after) - now)
    found = np.stack(changes)
    rows = [
        simulated_row(
            shared, f"{index.__name__}_change_at_social_share", f"{group} | {share:g}", values
        )
        for share, values in zip(shares, found, strict=True)
    ]
    turns = np.array([_turn(np.asarray(shares), town) for town in found.T])
    known = turns[np.isfinite(turns)]
    if len(known) >= 0.95 * len(turns) and len(known):
        rows.append(simulated_row(shared, TURN, group, known))
    else:
        rows.append({**shared, "measure": TURN, "group": group, "value": np.nan,
                     "units": len(known), "status": "no_difference"})  # fmt: skip
    return evidence_frame(rows)


def dwellings_needed(
    plan: Plan,
    counted: pd.DataFrame,
    profiles: pd.DataFrame,
    group: str,
    shared: Mapping[str, object],
    *,
    per_dwelling: bool,
    draws: int,
    seed: int,
    index: Callable = dissimilarity,
) -> pd.DataFrame:
    """Return how many dwellings with the plan's tenures it takes to lower an index by a tenth.

    Looked for among fifteen numbers from 250 to 20,000: the first for which the middle of the towns
    is a tenth or more below the index now, and those for the ends of 95 % of the towns.

    Parameters
    ----------
    plan, counted, profiles, group, shared, per_dwelling, draws, seed, index
        See `over_social_share`.

    Returns
    -------
    DataFrame
        A row `NEEDED` for the middle of the towns, one '<NEEDED>_favourable' for the most
        favourable end of 95 % of them, one '<NEEDED>_unfavourable' for the other; 'beyond_limit'
        where 20,000 are not enough.
    """
    first = [np.nan] * 3
    for number in _TRIED:
        towns = drawn_towns(
            replace(plan, dwellings=(number,) * 3), counted, profiles, group,
            per_dwelling=per_dwelling, draws=draws, seed=seed,
        )  # fmt: skip
        now = float(index(towns.before[0], towns.before[1]))
        reached = np.array(ends(towns.index(index, towns.after) - now)) <= -TENTH * now
        first = [number if np.isnan(one) and there else one
                 for one, there in zip(first, reached, strict=True)]  # fmt: skip
        if not np.isnan(first).any():
            break
    named = zip((f"{NEEDED}_favourable", NEEDED, f"{NEEDED}_unfavourable"), first, strict=True)
    return evidence_frame([
        {**shared, "measure": measure, "group": group, "value": float(value), "units": draws,
         "status": "beyond_limit" if np.isnan(value) else "ok"}
        for measure, value in named
    ])  # fmt: skip


def _with_social(tenure: Mapping[str, float], share: float) -> dict[str, float]:
    rest = {one: tenure.get(one, 0.0) for one in ("other_rent", "owner")}
    whole = sum(rest.values())
    parts = {one: value / whole if whole > 0 else 0.5 for one, value in rest.items()}
    return {"social": share} | {one: (1 - share) * part for one, part in parts.items()}


def _turn(shares: np.ndarray, change: np.ndarray) -> float:
    """Return the first share at which a change passes through 0, by straight line; NaN if none.

    Where it is exactly 0 at shares between two signs, the first of these; 0 between two values of
    the same sign is touched and not passed.
    """
    kept = np.flatnonzero(change)
    turned = np.flatnonzero(change[kept][1:] * change[kept][:-1] < 0)
    if not len(turned):
        return np.nan
    last, first = kept[turned[0]], kept[turned[0] + 1]
    if first > last + 1:
        return float(shares[last + 1])
    step = shares[first] - shares[last]
    return float(shares[last] + step * change[last] / (change[last] - change[first]))
