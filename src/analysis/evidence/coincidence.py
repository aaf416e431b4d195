"""Where a social and a physical disadvantage fall together: low in one figure, far in another."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame

# Of the buurten, weighted by inhabitants, that are called lowest and farthest.
FIFTH = 0.2
TOGETHER, BY_CHANCE = "buurten_lowest_and_farthest", "share_by_chance"
PEOPLE = "share_in_lowest_and_farthest"
KIND = "kind_of_coincidence"
# Under so many buurten with both figures a fifth is no more than one or two of them.
_FEWEST = 10


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
    known = _known(buurten, low, far)
    covered = float(people[known].sum() / people.sum()) if people.sum() > 0 else 0.0
    status = "suppressed" if covered < ENOUGH_COVERED else "ok"
    if status == "ok" and known.sum() < _FEWEST:
        status = "too_small"
    found = dict.fromkeys((TOGETHER, PEOPLE, BY_CHANCE), np.nan)
    both = known & False
    if status == "ok":
        weight = people[known] / people[known].sum()
        lowest, farthest = _fifths(buurten[known], low, far)
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


def kind_by_buurt(
    buurten: pd.DataFrame, low: str, far: str, *, year: int, source: str, reasons: pd.DataFrame
) -> pd.DataFrame:
    """Return for each buurt whether it is in the lowest fifth, in the farthest, or in both.

    Parameters
    ----------
    buurten : DataFrame
        Region table with `region_name`, `inhabitants` and the two concepts.
    low, far : str
        As in `together`, whose fifths these are.
    year : int
    source : str
    reasons : DataFrame of str
        Why the value of a buurt is missing, per concept; '' where it is known.

    Returns
    -------
    DataFrame
        Evidence rows `KIND`: 0 neither, 1 lowest only, 2 farthest only, 3 both. A buurt without one
        of the two figures has the reason as its status. Say it only where `together` is 'ok':
        of fewer buurten a fifth tells nothing.
    """
    known = _known(buurten, low, far)
    lowest, farthest = _fifths(buurten[known], low, far)
    kind = (lowest + 2.0 * farthest).reindex(buurten.index)
    why = reasons[low].where(reasons[low].ne(""), reasons[far])
    # Both figures may be there where it is the number of inhabitants that is not.
    why = why.where(why.ne(""), "suppressed").reindex(buurten.index)
    return evidence_frame(
        pd.DataFrame({
            "area_code": buurten.index, "area_name": buurten["region_name"].array, "year": year,
            "level": "buurt", "measure": KIND, "group": f"{low} | {far}",
            "value": kind.array, "status": why.mask(known, "ok").array, "source": source,
        })
    )  # fmt: skip


def _known(buurten: pd.DataFrame, low: str, far: str) -> pd.Series:
    """Tell which buurten have people and both figures."""
    gone = pd.Series(np.nan, index=buurten.index)
    value, way = buurten.get(low, gone), buurten.get(far, gone)
    return value.notna() & way.notna() & buurten["inhabitants"].gt(0)


def _fifths(buurten: pd.DataFrame, low: str, far: str) -> tuple[pd.Series, pd.Series]:
    """Tell of buurten with both figures which are lowest, and which farthest."""
    weight = buurten["inhabitants"] / buurten["inhabitants"].sum()
    return _first_fifth(buurten[low], weight), _first_fifth(-buurten[far], weight)


def _first_fifth(value: pd.Series, weight: pd.Series) -> pd.Series:
    """Tell which units are first in order, as many as hold at most a fifth; ties go together."""
    upto = weight.groupby(value).sum().cumsum()
    return value.map(upto).le(FIFTH + 1e-12)
