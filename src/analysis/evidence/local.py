"""Figures per region as evidence rows: what was published, shares, and location quotients."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame, with_status
from analysis.evidence.groups import Group, counts, reason_absent
from analysis.measures.local import location_quotient, share

# A share of fewer people than this is chance, and shows single households.
SMALLEST_REGION = 50
SMALLEST_GROUP = 10


def published(
    regions: pd.DataFrame,
    concept: str,
    *,
    level: str,
    year: int,
    source: str,
    reasons: pd.Series | None = None,
) -> pd.DataFrame:
    """Return a published figure of every region as evidence rows.

    Parameters
    ----------
    regions : DataFrame
        A region table; `region_name` (or `gm_name`) and the concept.
    concept : str
    level : {'gemeente', 'wijk', 'buurt'}
    year : int
    source : str
    reasons : Series of str, optional
        Why the value of a region is missing; '' where it is known.

    Returns
    -------
    DataFrame
        Evidence rows with measure 'published' and the concept as group.
    """
    value = regions.get(concept, pd.Series(np.nan, index=regions.index))
    why = "suppressed" if reasons is None else reasons.reindex(regions.index)
    status = pd.Series("ok", index=regions.index).mask(value.isna(), why)
    return _rows(regions, value, status, "published", concept, level, year, source)


def local_values(
    regions: pd.DataFrame,
    group: Group,
    *,
    level: str,
    year: int,
    source: str,
    absent: dict[str, str],
) -> pd.DataFrame:
    """Return each region's share of a group, and its location quotient within its gemeente.

    Regions with fewer than 50 inhabitants or fewer than 10 of the group are withheld with status
    'too_small'; they still count in the gemeente's own share, to which the quotient compares.

    Returns
    -------
    DataFrame
        Evidence rows with measures 'share' and 'location_quotient'.
    """
    values = pd.DataFrame(np.nan, index=regions.index, columns=["share", "location_quotient"])
    reason = reason_absent(group, regions, absent)
    told = pd.DataFrame(reason or "ok", index=regions.index, columns=values.columns)
    if group.count.startswith("share_") and reason in ("", "no_denominator"):
        # A published percentage is a share by itself; only comparing needs its denominator.
        values["share"] = regions[group.count]
        told["share"] = "ok"
    small = regions["inhabitants"] < SMALLEST_REGION
    if not reason:
        counted = counts(regions, group)
        used = counted[counted["total"].notna() & counted["total"].ne(0)]
        # By random rounding a group can exceed its total: the share is then the whole.
        inside = np.minimum(used["group"], used["total"])
        total = used["total"]
        quotient = location_quotient(inside, total, regions["gm_code"][used.index])
        values["location_quotient"] = quotient.reindex(regions.index)
        if not group.count.startswith("share_"):
            values["share"] = share(inside, total).reindex(regions.index)
        small |= counted["group"] < SMALLEST_GROUP
    tables = []
    for measure in values:
        status = told[measure].mask(told[measure].eq("ok") & values[measure].isna(), "suppressed")
        # A hole in a tiny region says the same as a figure that is withheld: too few people.
        status = status.mask(small & status.isin(["ok", "suppressed"]), "too_small")
        tables.append(
            _rows(regions, values[measure], status, measure, group.key, level, year, source)
        )
    return pd.concat(tables, ignore_index=True)


def gemeente_share(
    gemeente: pd.DataFrame, group: Group, *, year: int, source: str, absent: dict[str, str]
) -> pd.DataFrame:
    """Return the group's share in the whole gemeente, from the gemeente's own published row."""
    rows = local_values(gemeente, group, level="gemeente", year=year, source=source, absent=absent)
    return rows[rows["measure"].eq("share")].reset_index(drop=True)


def _rows(regions, value, status, measure, group, level, year, source) -> pd.DataFrame:
    names = regions["gm_name" if level == "gemeente" else "region_name"]
    return evidence_frame(
        pd.DataFrame(
            {
                "area_code": regions.index,
                "area_name": names.array,
                "year": year,
                "level": level,
                "measure": measure,
                "group": group,
                "value": with_status(value, status).array,
                "units": 1,
                "median_unit_size": regions["inhabitants"].array,
                "status": status.array,
                "source": source,
            }
        )
    )
