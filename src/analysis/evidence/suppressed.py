"""What an index can be at least and at most while some counts are secret, as evidence rows."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame
from analysis.evidence.groups import Group, by_key, reason_absent
from analysis.evidence.units import LEVEL_OF_CODE
from analysis.measures.evenness import dissimilarity
from analysis.measures.suppression import suppression_bounds

INTERVAL = "suppression"


def suppression(
    regions: pd.DataFrame,
    groups: Sequence[str | Group],
    *,
    year: int,
    source: str = "",
    absent: Mapping[str, str] | None = None,
    index: Callable = dissimilarity,
    at_most: float = np.inf,
    area_names: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the bounds of an index over all counts that the secret ones can be.

    Parameters
    ----------
    regions : DataFrame
        A region table of one level; `gm_code` is the area.
    groups : sequence of str or Group
        Groups that are published as counts of a total that is published too; of others, such as
        percentages, no bounds are given.
    year : int
    source : str, optional
    absent : mapping of str to str, optional
        Concept -> why the table has no figure for it.
    index : callable, optional
        `dissimilarity`, `information_theory` or `isolation`.
    at_most : float, optional
        The largest count that a secret cell can hide; without it everybody of the unit.
    area_names : Series of str, optional
        Names by gemeente.

    Returns
    -------
    DataFrame
        Per gemeente and group an evidence row of the index: `value` over the published units,
        `low` and `high` (interval 'suppression') over every table that agrees with what was
        published. Under 80 % of the inhabitants covered the value is withheld with status
        'suppressed', and the bounds stay: they say how little is known.

    Raises
    ------
    KeyError
        When a group does not exist.
    """
    tables = []
    for asked in groups:
        group = asked if isinstance(asked, Group) else by_key(asked)
        if group.also or group.count.startswith("share_"):
            continue
        reason = reason_absent(group, regions, absent or {})
        tables.append(
            _withheld(regions, reason) if reason else _bounded(regions, group, index, at_most)
        )
        tables[-1]["group"] = group.key
    if not tables:
        return evidence_frame([])
    rows = pd.concat(tables)
    names = pd.Series(dtype="str") if area_names is None else area_names
    return evidence_frame(
        rows.assign(
            area_code=rows.index,
            area_name=names.reindex(rows.index).fillna("").array,
            year=year,
            level=regions.index.str[:2].map(LEVEL_OF_CODE)[0] if len(regions) else "",
            measure=index.__name__,
            interval=INTERVAL,
            source=source,
        )
    )


def _bounded(regions: pd.DataFrame, group: Group, index: Callable, at_most: float) -> pd.DataFrame:
    total = regions[group.total]
    used = regions[total.gt(0)]
    inside, of, by = (
        used[group.count].astype(float),
        used[group.total].astype(float),
        used["gm_code"],
    )
    found = suppression_bounds(inside, of, by, at_most=at_most, index=index).areas
    known = inside.notna()
    x = inside[known]
    value = index(x, (of[known] - x).clip(lower=0), by[known])
    people = regions["inhabitants"].groupby(regions["gm_code"]).sum()
    published = used["inhabitants"].where(known).groupby(by).sum()
    facts = pd.DataFrame(
        {
            "value": value,
            "low": found["low"],
            "high": found["high"],
            "units": known.groupby(by).sum(),
            "units_missing": (~known).groupby(by).sum(),
            "population_covered": published / people,
            "median_unit_size": used["inhabitants"].where(known).groupby(by).median(),
        },
        index=people.index,
    )
    facts["population_covered"] = facts["population_covered"].fillna(0.0)
    status = pd.Series("ok", index=facts.index).mask(facts["value"].isna(), "group_absent")
    status = status.mask(facts["population_covered"] < ENOUGH_COVERED, "suppressed")
    return facts.assign(value=facts["value"].where(status.eq("ok")), status=status)


def _withheld(regions: pd.DataFrame, reason: str) -> pd.DataFrame:
    units = regions.groupby("gm_code").size()
    return pd.DataFrame(
        {"units": units, "units_missing": units, "population_covered": 0.0, "status": reason}
    )
