"""How much there is within reach per head when others come there too: evidence rows by wijk."""

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from analysis.evidence.frame import evidence_frame
from analysis.evidence.reach import COARSE
from analysis.measures.balanced import balanced_floating_catchment
from analysis.measures.catchment import two_step_floating_catchment
from analysis.measures.decay import stepped
from analysis.measures.proximity import mean_distance
from analysis.measures.travel import Travel

SHARED = "shared_supply_per_1000"
AGREEMENT = "rank_agreement"
NOTHING = "wijken_without_supply"
# Below this number of those whom it serves a wijk is not told of.
FEWEST_SERVED = 100
# Weights by metres walked: near counts fully, further off less (Luo & Qi 2009).
STEPS = {500.0: 1.0, 1000.0: 0.68, 1500.0: 0.22}
NEARER = {300.0: 1.0, 600.0: 0.68, 1000.0: 0.22}
FURTHER = {800.0: 1.0, 1600.0: 0.68, 2500.0: 0.22}
LIMIT = max(FURTHER)


def shared_supply_rows(
    travel: Travel, people: pd.Series, wijk: pd.Series, names: pd.Series, *, kind: str, year: int,
    source: str, coarse: bool, whole: pd.Series,
) -> pd.DataFrame:  # fmt: skip
    """Return per wijk the places per 1,000 people that can be reached and are shared with others.

    E2SFCA with `STEPS`, in places per 1,000 of those whom the kind serves, averaged over them per
    wijk. Every place counts as one: how large it is, is not known.

    Parameters
    ----------
    travel : Travel
        Homes, also those outside the gemeente, to the places of one kind, limit at least `LIMIT`.
    people : Series of float
        Those whom the kind serves, by home, none missing.
    wijk : Series of str
        Code by home; NaN for homes outside the gemeente, which share but are not told of.
    names : Series of str
        Names of the wijken by code.
    kind, year, source
        As in the evidence table.
    coarse : bool
        See `nearby_rows`.
    whole : Series
        area_code and area_name of the gemeente, for what is told of the order of wijken.

    Returns
    -------
    DataFrame
        Per wijk a row `SHARED` ('too_small' under 100 of the served group, 0 where nothing is in
        reach: that is a finding), and for the gemeente two rows `AGREEMENT`: Kendall's tau, -1 to
        1, between this order of wijken and that with nearer and with further limits (group
        '<kind> | nearer' and '<kind> | further'), and one with balanced shares;
        and a row `NOTHING`, the number of wijken with nothing within reach.
    """
    found = _by_wijk(travel, people, wijk, STEPS)
    served = people.groupby(wijk).sum().reindex(names.index, fill_value=0.0)
    status = pd.Series(COARSE if coarse else "ok", index=names.index)
    status = status.mask(served.lt(FEWEST_SERVED), "too_small")
    homes = wijk.value_counts().reindex(names.index, fill_value=0)
    rows = evidence_frame({
        "area_code": names.index, "area_name": names.array, "year": year, "level": "wijk",
        "measure": SHARED, "group": kind,
        "value": found.reindex(names.index).where(status.ne("too_small")).array,
        "units": homes.array, "status": status.array, "source": source,
    })  # fmt: skip
    known = rows.loc[rows["value"].notna(), "area_code"]
    others = {
        "nearer": _by_wijk(travel, people, wijk, NEARER),
        "further": _by_wijk(travel, people, wijk, FURTHER),
        "balanced": _by_wijk(travel, people, wijk, STEPS, balanced=True),
    }
    agreed = []
    for name, other in others.items():
        # Undefined where all wijken have the same: there is no order to agree on.
        tau = _agreement(found[known], other[known])
        status = "too_small" if len(known) < 3 else "no_difference" if np.isnan(tau) else "ok"
        agreed.append({
            **whole, "year": year, "level": "gemeente", "measure": AGREEMENT,
            "group": f"{kind} | {name}", "value": tau, "units": len(known), "status": status,
            "source": source,
        })  # fmt: skip
    agreed.append({
        **whole, "year": year, "level": "gemeente", "measure": NOTHING, "group": kind,
        "value": float(rows["value"].eq(0).sum()), "units": len(known), "source": source,
    })  # fmt: skip
    agreed = evidence_frame(agreed)
    return pd.concat([rows, agreed], ignore_index=True)


def _by_wijk(travel, people, wijk, steps, *, balanced: bool = False) -> pd.Series:
    weights = stepped(travel.distance, steps)
    supply = pd.Series(1.0, index=travel.facilities)
    measure = balanced_floating_catchment if balanced else two_step_floating_catchment
    per_head = measure(travel, weights, supply, people)
    # Out of reach of every place: nothing can be reached, which is 0 places per 1,000.
    inside = wijk.notna()
    value = per_head.fillna(0.0)[inside] * 1000
    return mean_distance(value, people[inside], wijk[inside])


def _agreement(one: pd.Series, other: pd.Series) -> float:
    return float(kendalltau(one, other).statistic) if len(one) > 2 else float("nan")
