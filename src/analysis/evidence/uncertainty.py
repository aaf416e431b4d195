"""How sure an index is: what chance gives, and what rounding hides, each as rows of its own."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame
from analysis.evidence.groups import Group
from analysis.evidence.panel import facts_of, statuses_of
from analysis.evidence.remembered import per_area
from analysis.evidence.units import GroupedUnits, grouped_units
from analysis.measures.bias_correction import (
    bias_corrected_dissimilarity,
    bias_corrected_information_theory,
)
from analysis.measures.evenness import dissimilarity
from analysis.measures.expectation import (
    expected_dissimilarity,
    expected_information_theory,
    systematic_dissimilarity,
)
from analysis.measures.resampling import adjusted_p_values, random_allocation
from analysis.measures.rounding import percentage_interval, rounding_interval
from analysis.measures.rounding_draws import percentage_draws, rounding_draws

# What small units do by themselves, without drawing: a number per area each.
CHANCE: tuple[Callable, ...] = (
    expected_dissimilarity,
    systematic_dissimilarity,
    bias_corrected_dissimilarity,
    expected_information_theory,
    bias_corrected_information_theory,
)
ALLOCATION, ROUNDING = "random_allocation", "rounding"
DRAWS = 500
_SEED = 20200101
# Percentages with a decimal have a step well under this share of their total.
_WHOLE_PERCENT = 0.005


def chance(
    regions: pd.DataFrame,
    groups: Sequence[str | Group],
    *,
    index: Callable = dissimilarity,
    by: str | pd.Series = "gm_code",
    year: int | None = None,
    source: str | Mapping[int, str] = "",
    absent: Mapping[int, Mapping[str, str]] | None = None,
    draws: int = DRAWS,
    seed: int = _SEED,
) -> pd.DataFrame:
    """Return what an index of every area would be if people lived there at random.

    Parameters
    ----------
    regions, groups, by, year, source, absent
        See `panel.measure`.
    index : callable, optional
        A measure (group, others, by).
    draws : int, optional
        Random allocations per area.
    seed : int, optional
        An area's numbers hang on the seed and its own code, group, year and level alone.

    Returns
    -------
    DataFrame
        Evidence rows: the index with the middle 95 % of the random allocations as `low` and
        `high` (interval 'random_allocation'); 'random_allocation_p', the share of allocations at
        least as uneven, never 0; and 'random_allocation_p_adjusted', after Benjamini and Hochberg
        over all areas and groups of one year and level. Statuses as in `panel.measure`.
    """
    units = grouped_units(regions, groups, by=by, year=year, absent=absent)
    facts, status = facts_of(units), statuses_of(units)
    if facts.empty:
        return evidence_frame([])
    x, y = (np.rint(column[units.used]) for column in (units.group, units.others))
    drawn = random_allocation(x, y, _names(units, units.used), index=index, draws=draws,
                              seed=seed)  # fmt: skip
    drawn = drawn.set_axis(_keys_of(drawn.index, units)).reindex(facts.index)
    p = drawn["p_value"].where(status.eq("ok"))
    cells = [units.cells["year"], units.cells["level"]]
    adjusted = p.groupby(cells).transform(adjusted_p_values)
    return _rows(
        units, facts, status, source,
        [(index.__name__, _published(units, index), drawn[["low", "high"]], ALLOCATION),
         ("random_allocation_p", p, None, ""),
         ("random_allocation_p_adjusted", adjusted, None, "")],
    )  # fmt: skip


def rounding(
    regions: pd.DataFrame,
    groups: Sequence[str | Group],
    *,
    index: Callable = dissimilarity,
    by: str | pd.Series = "gm_code",
    year: int | None = None,
    source: str | Mapping[int, str] = "",
    absent: Mapping[int, Mapping[str, str]] | None = None,
    draws: int = 200,
    seed: int = _SEED,
) -> pd.DataFrame:
    """Return between what an index can truly have been, behind counts that were rounded.

    Parameters
    ----------
    regions, groups, by, year, source, absent
        See `panel.measure`.
    index : callable, optional
        A measure (group, others, by).
    draws, seed : int, optional
        See `measures.rounding.rounding_interval`.

    Returns
    -------
    DataFrame
        Evidence rows of the index over the regions with figures, with `low` and `high` (interval
        'rounding'). The published value can lie outside: rounding adds unevenness of its own.
    """
    units = grouped_units(regions, groups, by=by, year=year, absent=absent)
    facts, status = facts_of(units), statuses_of(units)
    parts = []
    settings = {"index": index, "draws": draws, "seed": seed}
    interval = (rounding_interval, percentage_interval)
    # Groups that were rounded alike are drawn together: many small calls cost more than one.
    for _, inside in _rounded_alike(units, status):
        drawn = _behind_rounding(units, inside, interval, settings, per_area)
        parts.append(drawn.set_axis(_keys_of(drawn.index, units)))
    if not parts:
        return _rows(units, facts, status, source, [(index.__name__, None, None, ROUNDING)])
    drawn = pd.concat(parts).reindex(facts.index)
    told = [(index.__name__, _published(units, index), drawn[["low", "high"]], ROUNDING)]
    return _rows(units, facts, status, source, told)


def rounding_values(
    regions: pd.DataFrame,
    group: str | Group,
    *,
    index: Callable = dissimilarity,
    by: str | pd.Series = "gm_code",
    year: int | None = None,
    absent: Mapping[int, Mapping[str, str]] | None = None,
    draws: int = 200,
    seed: int = _SEED,
) -> pd.DataFrame:
    """Return values that the index of each area can truly have had, behind rounded counts.

    Parameters
    ----------
    regions, by, year, absent
        See `panel.measure`; of one level and year.
    group, index, draws, seed
        See `rounding`.

    Returns
    -------
    DataFrame of shape (areas, draws)
        By area code; areas without an index are not in it. For `ranking`.
    """
    units = grouped_units(regions, [group], by=by, year=year, absent=absent)
    status = statuses_of(units)
    inside = units.used & np.isin(units.key, status.index[status.eq("ok")])
    if not inside.any():
        return pd.DataFrame(index=pd.Index([], dtype=object))
    draw = (rounding_draws, percentage_draws)
    settings = {"index": index, "draws": draws, "seed": seed}
    drawn = _behind_rounding(units, inside, draw, settings, _plainly)
    return drawn.set_axis(units.cells["area_code"].reindex(_keys_of(drawn.index, units)).array)


def _rounded_alike(units: GroupedUnits, status: pd.Series) -> Iterator[tuple[tuple, np.ndarray]]:
    """Yield which units have an index, together with all that were rounded in the same way."""
    ways: dict[tuple, np.ndarray] = {}
    for group in units.cells["group"].unique():
        keys = units.cells.index[units.cells["group"].eq(group) & status.eq("ok")]
        inside = units.used & np.isin(units.key, keys)
        if inside.any():
            way = _way_of(units, inside)
            ways[way] = ways.get(way, False) | inside
    yield from ways.items()


def _way_of(units: GroupedUnits, inside: np.ndarray) -> tuple[str, int, int]:
    """Return how the counts of one group were rounded: kind, and both multiples."""
    step, total_base = units.step[inside], int(units.total_step[inside].max())
    if not units.is_share[inside].any():
        return "counts", int(step.max()), total_base
    if (step > _WHOLE_PERCENT * units.total[inside]).all():
        return "percentages", 1, total_base
    # Tenths of a percentage hide less than one of the members: what is left is the total's.
    return "tenths", 1, total_base


def _behind_rounding(
    units: GroupedUnits,
    inside: np.ndarray,
    functions: tuple[Callable, Callable],
    settings: Mapping[str, object],
    call: Callable,
) -> pd.DataFrame:
    """Call the function for counts, or that for percentages, on units that were rounded alike."""
    of_counts, of_percentages = functions
    kind, base, total_base = _way_of(units, inside)
    group, total, names = units.group[inside], units.total[inside], _names(units, inside)
    settings = {**settings, "total_base": total_base}
    if kind == "percentages":
        return call(of_percentages, np.rint(100 * group / total), total, names, settings)
    if kind == "tenths":
        group = np.rint(group)
    return call(of_counts, group, total, names, {**settings, "base": base})


def _plainly(function: Callable, group, total, names, settings) -> pd.DataFrame:
    return function(group, total, names, **settings)


def _published(units: GroupedUnits, index: Callable) -> pd.Series:
    """Return the index of every cell as read from the published figures, by key."""
    used = units.used
    return pd.Series(index(units.group[used], units.others[used], units.key[used])).reindex(
        units.cells.index
    )


def _names(units: GroupedUnits, which: np.ndarray) -> np.ndarray:
    """Return a label of each unit's cell that says what it is: random streams hang on it."""
    cells = units.cells
    label = (
        cells["area_code"] + " " + cells["year"].astype(str) + " " + cells["level"] + " "
        + cells["group"]
    )  # fmt: skip
    return label.reindex(units.key[which]).to_numpy()


def _keys_of(labels: pd.Index, units: GroupedUnits) -> pd.Index:
    cells = units.cells
    every = pd.Series(
        cells.index,
        index=cells["area_code"] + " " + cells["year"].astype(str) + " " + cells["level"] + " "
        + cells["group"],
    )  # fmt: skip
    return pd.Index(every.loc[labels])


def _rows(units, facts, status, source, told) -> pd.DataFrame:
    tables = []
    for measure, value, limits, interval in told:
        own = status if value is None else status.mask(status.eq("ok") & value.isna(), "suppressed")
        known = own.eq("ok")
        table = facts.assign(measure=measure, status=own, interval=interval, value=np.nan)
        if value is not None:
            table["value"] = value.where(known)
        if limits is not None:
            table[["low", "high"]] = limits.where(known, axis=0)
        tables.append(table)
    rows = pd.concat(tables).sort_index(kind="stable")
    rows["source"] = source if isinstance(source, str) else rows["year"].map(dict(source))
    return evidence_frame(rows)
