"""Segregation indices of every area, group, year and level at once, as evidence rows."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame
from analysis.evidence.groups import GROUPS, Group, counts
from analysis.evidence.units import GroupedUnits, grouped_units, levels_of
from analysis.measures.evenness import dissimilarity, gini, information_theory
from analysis.measures.exposure import interaction, isolation
from analysis.measures.status import status as unit_status

INDICES: dict[str, Callable] = {
    function.__name__: function
    for function in (dissimilarity, gini, information_theory, isolation, interaction)
}
_KEYS = ["area_code", "area_name", "year", "level", "group"]
_FACTS = ["units", "units_missing", "population_covered", "median_unit_size"]


def measure(
    regions: pd.DataFrame,
    measures: Iterable[str | Callable] = tuple(INDICES),
    groups: Iterable[str | Group] = GROUPS,
    *,
    by: str | pd.Series = "gm_code",
    year: int | None = None,
    source: str | Mapping[int, str] = "",
    absent: Mapping[int, Mapping[str, str]] | None = None,
    area_names: pd.Series | None = None,
) -> pd.DataFrame:
    """Measure how unevenly groups are spread over the regions of every area.

    Parameters
    ----------
    regions : DataFrame
        A region table of n regions indexed by region_code, or by (year, region_code); levels may
        stand together, each code says its own.
    measures : iterable of str or callable
        Names in `INDICES`, or functions of (group, others, by) of one's own.
    groups : iterable of str or Group
        Keys of `GROUPS`, or groups of one's own.
    by : str or Series, optional
        The area of each region: a column of `regions`, or a Series on its index. A region without
        an area (NaN) is in none.
    year : int, optional
        The year of a table that is indexed by region_code alone.
    source : str or mapping of int to str, optional
        What the source line says, of all years or by year.
    absent : mapping of int to mapping of str to str, optional
        By year: concept -> why the table has no figure for it.
    area_names : Series of str, optional
        Names by area code; without it the gemeenten have the name of each year.

    Returns
    -------
    DataFrame
        An evidence row for every year x level x group x area x measure. Regions without figures
        are left out and counted in `units_missing`; below 80 % of the inhabitants covered the
        value is withheld with status 'suppressed'. Other statuses: 'group_absent', 'single_unit',
        'uninhabited', 'no_denominator', 'not_published', 'does_not_exist'.

    Raises
    ------
    KeyError
        When a measure, a group or the column `by` does not exist.
    ValueError
        When no year is known, a code tells no level, or `by` is on another index.
    """
    functions = dict(_function(one) for one in measures)
    units = grouped_units(regions, list(groups), by=by, year=year, absent=absent)
    if units.cells.empty or not functions:
        return evidence_frame([])
    used, key = units.used, units.key[units.used]
    columns = units.group[used], units.others[used], key
    facts, told = facts_of(units), statuses_of(units)
    tables = []
    for name, function in functions.items():
        value = pd.Series(function(*columns)).reindex(facts.index)
        status = told.mask(told.eq("ok") & value.isna(), "group_absent")
        # One unit has an index, 0 by construction: it is shown, with the status that says so.
        shown = value.where(status.isin(["ok", "single_unit"]))
        tables.append(facts.assign(measure=name, value=shown, status=status))
    rows = pd.concat(tables).sort_index(kind="stable")
    if area_names is not None:
        rows["area_name"] = rows["area_code"].map(area_names).astype("str").fillna("")
    rows["source"] = source if isinstance(source, str) else rows["year"].map(dict(source))
    return evidence_frame(rows)


def segregation(
    regions: pd.DataFrame,
    group: Group,
    *,
    level: str,
    year: int,
    source: str,
    absent: Mapping[str, str],
    area_names: pd.Series,
) -> pd.DataFrame:
    """Measure one group in the regions of one level with every index; see `measure`."""
    of_level = regions[levels_of(regions.index) == level]
    return measure(
        of_level, groups=[group], year=year, source=source, absent={year: absent},
        area_names=area_names,
    )  # fmt: skip


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


def _function(one: str | Callable) -> tuple[str, Callable]:
    if callable(one):
        return one.__name__, one
    if one not in INDICES:
        raise KeyError(f"no measure '{one}'; there are {', '.join(INDICES)}")
    return one, INDICES[one]


def statuses_of(units: GroupedUnits) -> pd.Series:
    """Return what stands in the way of an index in every cell, or 'ok', indexed by key."""
    used, facts = units.used, facts_of(units)
    told = pd.Series(unit_status(units.group[used], units.others[used], units.key[used]))
    told = told.reindex(facts.index, fill_value="uninhabited")
    told = told.mask(facts["population_covered"] < ENOUGH_COVERED, "suppressed")
    return told.mask(units.cells["reason"].ne(""), units.cells["reason"])


def facts_of(units: GroupedUnits) -> pd.DataFrame:
    """Return on which units the indices of every cell rest, indexed by key.

    Beside area_code, area_name, year, level and group: units, units_missing, population_covered
    and median_unit_size, as in the evidence table.
    """
    known, used = units.known, units.used
    frame = pd.DataFrame({"key": units.key, "people": units.people})
    by_key_ = frame.groupby("key", sort=True)
    everybody = by_key_["people"].sum()
    covered = frame["people"].where(known).groupby(frame["key"]).sum()
    facts = pd.DataFrame(
        {
            "units": pd.Series(used).groupby(units.key).sum(),
            "units_missing": pd.Series(~known).groupby(units.key).sum(),
            "population_covered": np.where(
                known.any(), covered / everybody.where(everybody > 0), 0
            ),
            "median_unit_size": frame["people"].where(used).groupby(frame["key"]).median(),
        }
    )
    facts["population_covered"] = facts["population_covered"].fillna(0.0)
    # Where nothing at all can be counted, every region is one without a figure.
    nothing = units.cells["reason"].ne("")
    facts["units"] = facts["units"].mask(nothing, facts["units_missing"])
    return units.cells[_KEYS].join(facts)
