"""How much of the segregation lies between wijken, and how much between buurten of one wijk."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame
from analysis.evidence.groups import Group, counts, reason_absent
from analysis.measures.decomposition import nested_mutual_information

MEASURE = "share_of_segregation"


def over_levels(
    buurten: pd.DataFrame,
    groups: Sequence[Group],
    *,
    year: int,
    source: str,
    absent: Mapping[str, str],
    area_names: pd.Series,
) -> pd.DataFrame:
    """Divide the segregation of groups over wijken and the buurten inside them.

    Parameters
    ----------
    buurten : DataFrame
        Region table of buurten, with `gm_code` and `wk_code`.
    groups : sequence of Group
    year : int
    source : str
    absent : mapping of str to str
        Concept -> why the table has no figure for it.
    area_names : Series of str
        Names of the gemeenten by code.

    Returns
    -------
    DataFrame
        Per gemeente and group two evidence rows of measure 'share_of_segregation', between 0 and
        1, that add up to 1: level 'wijk' (between wijken) and level 'buurt' (between the buurten of
        a wijk). Of the mutual information, which equals the index H but for a factor. Statuses as
        in `panel.measure`; also 'not_segregated' where there is nothing to divide.
    """
    tables = []
    for group in groups:
        reason = reason_absent(group, buurten, absent)
        if reason:
            codes = pd.Index(sorted(buurten["gm_code"].unique()))
            facts = pd.DataFrame({"status": reason}, index=codes)
            shares = pd.DataFrame(np.nan, index=codes, columns=["wijk", "buurt"])
        else:
            facts, shares = _divided(buurten, group)
        for level in ("wijk", "buurt"):
            known = facts["status"].eq("ok")
            tables.append(
                facts.assign(
                    area_code=facts.index,
                    area_name=area_names.reindex(facts.index).fillna("").array,
                    year=year,
                    level=level,
                    measure=MEASURE,
                    group=group.key,
                    value=shares[level].where(known),
                    source=source,
                )
            )
    return evidence_frame(pd.concat(tables) if tables else [])


def _divided(buurten: pd.DataFrame, group: Group) -> tuple[pd.DataFrame, pd.DataFrame]:
    counted = counts(buurten, group)
    known = counted["total"].notna()
    used = counted[known & counted["total"].gt(0)]
    place = buurten.loc[used.index]
    by, people = buurten["gm_code"], buurten["inhabitants"]
    nested = nested_mutual_information(
        used[["group", "others"]],
        pd.DataFrame({"wijk": place["wk_code"], "buurt": place.index}, index=used.index),
        place["gm_code"],
    )
    shares = nested["share"].unstack("level")
    facts = pd.DataFrame(
        {
            "units": place.groupby("gm_code").size(),
            "units_missing": (~known).groupby(by).sum(),
            "population_covered": people[known].groupby(by[known]).sum() / people.groupby(by).sum(),
            "median_unit_size": people[used.index].groupby(place["gm_code"]).median(),
        }
    )
    shares = shares.reindex(facts.index)
    status = pd.Series("ok", index=facts.index).mask(shares["buurt"].isna(), "not_segregated")
    status = status.mask(facts["population_covered"].lt(ENOUGH_COVERED), "suppressed")
    facts = facts.fillna({"units": 0, "population_covered": 0.0})
    return facts.assign(status=status), shares
