"""What a renewal does to the indices and to the mix of the wijk, as evidence rows."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame
from analysis.evidence.renewal import DESTINATIONS, Renewal, Renewed
from analysis.evidence.scenarios import INDICES
from analysis.evidence.simulated import index_of_towns, simulated_row

HOUSEHOLDS = "displaced_households"
REMOVED, BUILT, STOCK = "dwellings_removed", "dwellings_built", "social_dwellings"
OF_BUILT = "share_of_dwellings_built"


def renewal_effects(
    towns: Renewed,
    shared: Mapping[str, object],
    of_wijk: Mapping[str, object],
    group: str,
    plan: str,
) -> pd.DataFrame:
    """Return what a renewal does to the indices over buurten, and to the mix of the wijk.

    Parameters
    ----------
    towns : Renewed
    shared, of_wijk : mapping
        area_code, area_name, year, level and source, of the gemeente and of the wijk.
    group : str
    plan : str
        Name of the plan, at the end of what is of this plan alone: one number is one row.

    Returns
    -------
    DataFrame
        Per index '<index>_before', '<index>_after_<plan>' and '<index>_change_<plan>'; of the wijk
        'local_share' and 'local_share_after_<plan>'. Middle and ends of 95 % of the
        towns; 'group_absent' where an index is not defined.
    """
    rows = []
    for measure in INDICES:
        now = float(measure(towns.before[0], towns.before[1]))
        then = index_of_towns(measure, towns.after)
        name = measure.__name__
        rows += [
            simulated_row(shared, f"{name}_before", group, np.array([now]), exact=True),
            simulated_row(shared, f"{name}_after_{plan}", group, then),
            simulated_row(shared, f"{name}_change_{plan}", group, then - now),
        ]
    people = towns.before[:, towns.inside].sum(axis=-1)
    there = towns.after[:, :, towns.inside].sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        now, then = np.array([people[0] / people.sum()]), there[0] / there.sum(axis=0)
    rows.append(simulated_row(of_wijk, "local_share", group, now, exact=True))
    rows.append(simulated_row(of_wijk, f"local_share_after_{plan}", group, then))
    return evidence_frame(rows)


def plan_rows(
    renewal: Renewal, towns: Renewed, of_wijk: Mapping[str, object], stock: float, plan: str
) -> pd.DataFrame:
    """Return the numbers of a plan, and how many households go where.

    Returns
    -------
    DataFrame
        'social_dwellings' that stand in the wijk, 'dwellings_removed', 'dwellings_built', by
        tenure 'share_of_dwellings_built', and 'displaced_households' by group of `DESTINATIONS`
        with their interval; all but the first end in '_<plan>'.
    """
    removed, built, of_built, households = (
        f"{what}_{plan}" for what in (REMOVED, BUILT, OF_BUILT, HOUSEHOLDS)
    )
    told = [(STOCK, "", stock), (removed, "", renewal.removed), (built, "", renewal.built)]
    told += [(of_built, name, share) for name, share in renewal.tenure.items()]
    rows = [{**of_wijk, "measure": what, "group": name, "value": float(value), "status": "ok"}
            for what, name, value in told]  # fmt: skip
    for where, share in zip(DESTINATIONS, towns.went, strict=True):
        rows.append(simulated_row(of_wijk, households, where, share * renewal.removed))
    return evidence_frame(rows)
