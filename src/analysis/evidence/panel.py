"""Segregation indices of every area at once, as evidence rows with status and coverage."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame, with_status
from analysis.evidence.groups import Group, counts
from analysis.measures.evenness import dissimilarity, gini, information_theory
from analysis.measures.exposure import interaction, isolation
from analysis.measures.status import status as unit_status

INDICES: dict[str, Callable] = {
    function.__name__: function
    for function in (dissimilarity, gini, information_theory, isolation, interaction)
}
# Below this share of the inhabitants in regions with figures, an index says nothing of the area.
ENOUGH_COVERED = 0.8


def segregation(
    regions: pd.DataFrame,
    group: Group,
    *,
    level: str,
    year: int,
    source: str,
    absent: dict[str, str],
    area_names: pd.Series,
) -> pd.DataFrame:
    """Measure how unevenly a group is spread over the regions of each gemeente.

    Parameters
    ----------
    regions : DataFrame
        A region table of one level, of one gemeente or of all; `gm_code` is the area.
    group : Group
    level : {'wijk', 'buurt'}
    year : int
    source : str
        What the source line says.
    absent : dict of str to str
        Concept -> why the table has no figure for it.
    area_names : Series of str
        Names of the gemeenten by code.

    Returns
    -------
    DataFrame
        Evidence rows: five indices per area. Regions without figures are left out and counted in
        `units_missing`; below 80 % of the inhabitants covered the value is withheld with status
        'suppressed'. Other statuses: 'group_absent', 'single_unit', 'no_denominator',
        'not_published', 'does_not_exist'.
    """
    areas = pd.Index(sorted(regions["gm_code"].unique()), name="area_code")
    reason = reason_absent(group, regions, absent)
    if reason:
        units = regions.groupby("gm_code").size().reindex(areas)
        return _rows(
            areas, area_names, level, year, group, source,
            values=pd.DataFrame(np.nan, index=areas, columns=list(INDICES)),
            facts=pd.DataFrame(
                {"units": units, "units_missing": units, "population_covered": 0.0}
            ),
            status=pd.Series(reason, index=areas),
        )  # fmt: skip
    counted = counts(regions, group)
    known = counted["total"].notna()
    people = regions["inhabitants"]
    used = counted[known & counted["total"].gt(0)]
    by = regions["gm_code"][used.index]
    values = pd.DataFrame(
        {name: index(used["group"], used["others"], by) for name, index in INDICES.items()}
    ).reindex(areas)
    facts = pd.DataFrame(
        {
            "units": by.groupby(by).size(),
            "units_missing": (~known).groupby(regions["gm_code"]).sum(),
            "population_covered": people[known].groupby(regions["gm_code"][known]).sum()
            / people.groupby(regions["gm_code"]).sum(),
            "median_unit_size": people[used.index].groupby(by).median(),
        }
    ).reindex(areas)
    facts = facts.fillna({"units": 0, "population_covered": 0.0})
    status = _status(used, by, facts, areas)
    return _rows(areas, area_names, level, year, group, source, values, facts, status)


def clipped_units(
    regions: pd.DataFrame,
    group: Group,
    *,
    level: str,
    year: int,
    source: str,
    area_code: str,
    area_name: str,
) -> pd.DataFrame:
    """Count the regions of a gemeente where random rounding made a group exceed its total.

    Returns
    -------
    DataFrame
        One evidence row: measure 'clipped_units', the number of regions whose others were set to
        0.
    """
    return evidence_frame(
        [
            {
                "area_code": area_code,
                "area_name": area_name,
                "year": year,
                "level": level,
                "measure": "clipped_units",
                "group": group.key,
                "value": float(counts(regions, group)["clipped"].sum()),
                "units": len(regions),
                "source": source,
            }
        ]
    )  # fmt: skip


def reason_absent(group: Group, regions: pd.DataFrame, absent: dict[str, str]) -> str:
    """Say why a group cannot be counted in these regions at all, or '' if it can."""
    for column in (group.count, *group.also):
        if column in absent:
            return absent[column]
        if column not in regions or regions[column].isna().all():
            return "suppressed"
    if not group.also and (group.total in absent or regions[group.total].isna().all()):
        # The percentage is there; what it is a percentage of is not.
        return "no_denominator"
    return ""


def _status(used, by, facts, areas) -> pd.Series:
    told = unit_status(used["group"], used["others"], by).reindex(areas, fill_value="uninhabited")
    return told.mask(facts["population_covered"] < ENOUGH_COVERED, "suppressed")


def _rows(areas, names, level, year, group, source, values, facts, status) -> pd.DataFrame:
    long = []
    for measure in INDICES:
        value = values[measure]
        one = status.mask(status.eq("ok") & value.isna(), "group_absent")
        long.append(
            facts.assign(
                area_code=areas,
                area_name=names.reindex(areas).fillna("").array,
                year=year,
                level=level,
                measure=measure,
                group=group.key,
                value=with_status(value, one.mask(one.eq("single_unit"), "ok")),
                status=one,
                source=source,
            )
        )
    return evidence_frame(pd.concat(long))
