"""Where a social and a physical disadvantage fall together: low in one figure, far in another."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame

# Of the buurten, weighted by inhabitants, that are called lowest and farthest.
FIFTH = 0.2
TOGETHER, BY_CHANCE = "buurten_lowest_and_farthest", "share_by_chance"
PEOPLE = "share_in_lowest_and_farthest"


def together(
    buurten: pd.DataFrame, low: str, far: str, *, year: int, source: str, area_code: str,
    area_name: str,
) -> tuple[pd.DataFrame, pd.Index]:  # fmt: skip
    """Return how many people live where the lowest fifth and the farthest fifth fall together.

    A fifth holds at most a fifth of the inhabitants, counted from the lowest (or farthest) buurt;
    were the two unrelated, near to p_low p_far of the inhabitants would live in both.

    Parameters
    ----------
    buurten : DataFrame
        Region table with `inhabitants` and the two concepts.
    low, far : str
        Concept of which the lowest buurten count, and one of which the highest do.
    year, source, area_code, area_name
        As in the evidence table.

    Returns
    -------
    (DataFrame, Index)
        Evidence rows `TOGETHER` (number of buurten), `PEOPLE` (share of the inhabitants, 0 to 1)
        and `BY_CHANCE` (what unrelated fifths would give); and the codes of these buurten.
        'suppressed' under 80 % of the inhabitants covered, 'too_small' under 10 buurten.
    """
    people = buurten["inhabitants"]
    gone = pd.Series(np.nan, index=buurten.index)
    value, way = buurten.get(low, gone), buurten.get(far, gone)
    known = value.notna() & way.notna() & people.gt(0)
    covered = float(people[known].sum() / people.sum()) if people.sum() > 0 else 0.0
    status = "suppressed" if covered < ENOUGH_COVERED else "ok"
    if status == "ok" and known.sum() < 10:
        status = "too_small"
    found = dict.fromkeys((TOGETHER, PEOPLE, BY_CHANCE), np.nan)
    both = known & False
    if status == "ok":
        weight = people[known] / people[known].sum()
        lowest = _first_fifth(value[known], weight)
        farthest = _first_fifth(-way[known], weight)
        both.loc[known] = (lowest & farthest).array
        found = {
            TOGETHER: float(both.sum()),
            PEOPLE: float(weight[both[known]].sum()),
            BY_CHANCE: float(weight[lowest].sum() * weight[farthest].sum()),
        }
    rows = evidence_frame([
        {"area_code": area_code, "area_name": area_name, "year": year, "level": "buurt",
         "measure": measure, "group": f"{low} | {far}", "value": number,
         "units": int(known.sum()), "units_missing": int((~known).sum()),
         "population_covered": covered, "median_unit_size": people[known].median(),
         "status": status, "source": source}
        for measure, number in found.items()
    ])  # fmt: skip
    return rows, buurten.index[both]


def _first_fifth(value: pd.Series, weight: pd.Series) -> pd.Series:
    """Tell which units are first in order, as many as hold at most a fifth; ties go together."""
    upto = weight.groupby(value).sum().cumsum()
    return value.map(upto).le(FIFTH + 1e-12)
