"""Segregation of a region, divided: between gemeenten, between wijken and between buurten."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame
from analysis.evidence.groups import Group, counts, reason_absent
from analysis.evidence.levels import MEASURE
from analysis.measures.decomposition import nested_mutual_information

LEVELS = ("gemeente", "wijk", "buurt")


def over_region(
    buurten: pd.DataFrame,
    groups: Sequence[Group],
    *,
    region: str,
    name: str,
    year: int,
    source: str,
    absent: Mapping[str, str],
) -> pd.DataFrame:
    """Divide the segregation of groups in a region over gemeenten, wijken and buurten.

    Parameters
    ----------
    buurten : DataFrame
        Region table of the buurten of all its gemeenten, with `gm_code` and `wk_code`.
    groups : sequence of Group
    region, name : str
        What the region is called, as key and in Dutch.
    year, source
        As in the evidence table.
    absent : mapping of str to str
        Concept -> why the table has no figure for it.

    Returns
    -------
    DataFrame
        Per group three evidence rows of measure 'share_of_segregation', 0 to 1, that add up to 1:
        level 'gemeente' (between gemeenten), 'wijk' (between wijken of one gemeente) and 'buurt'
        (between buurten of one wijk). 'suppressed' under 80 % of the inhabitants covered,
        'not_segregated' where there is nothing to divide, 'single_unit' for one gemeente.
    """
    tables = []
    for group in groups:
        shared = {"area_code": region, "area_name": name, "year": year, "measure": MEASURE,
                  "group": group.key, "source": source}  # fmt: skip
        status = reason_absent(group, buurten, absent)
        facts: dict[str, object] = {}
        shares = pd.Series(np.nan, index=list(LEVELS))
        if not status:
            facts, shares = _divided(buurten, group)
            status = "not_segregated" if shares.isna().any() else "ok"
            if facts["population_covered"] < ENOUGH_COVERED:
                status = "suppressed"
            elif buurten["gm_code"].nunique() < 2:
                status = "single_unit"
        tables += [
            shared | facts | {"level": level, "status": status,
                              "value": shares[level] if status == "ok" else np.nan}
            for level in LEVELS
        ]  # fmt: skip
    return evidence_frame(tables)


def _divided(buurten: pd.DataFrame, group: Group) -> tuple[dict, pd.Series]:
    counted = counts(buurten, group)
    known = counted["total"].notna()
    used = counted[known & counted["total"].gt(0)]
    place, people = buurten.loc[used.index], buurten["inhabitants"]
    nested = nested_mutual_information(
        used[["group", "others"]],
        pd.DataFrame(
            {"gemeente": place["gm_code"], "wijk": place["wk_code"], "buurt": place.index},
            index=used.index,
        ),
    )
    facts = {
        "units": len(used), "units_missing": int((~known).sum()),
        "population_covered": float(people[known].sum() / people.sum()),
        "median_unit_size": float(people[used.index].median()),
    }  # fmt: skip
    return facts, nested["share"].reindex(list(LEVELS))
