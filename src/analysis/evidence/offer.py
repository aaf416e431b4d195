"""How varied the offer of facilities of each region is: kinds counted, and kinds weighed."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame
from analysis.evidence.provision import number_of_facilities
from analysis.measures.offer_diversity import hill_number

PRESENT, EFFECTIVE = "kinds_present", "effective_kinds"


def offer(
    counts: pd.DataFrame,
    people: pd.Series,
    names: pd.Series,
    *,
    level: str,
    year: int,
    source: str,
) -> pd.DataFrame:
    """Return how many kinds of facilities each region has, and how many of each.

    Parameters
    ----------
    counts : DataFrame of shape (n, kinds)
        Facilities of each kind in each region; NaN in a region where could not be looked.
    people, names : Series
        Inhabitants and name of each region, on the same index.
    level, year, source
        As in the evidence table.

    Returns
    -------
    DataFrame
        Evidence rows per region: 'kinds_present' (of all kinds of `counts`), 'effective_kinds'
        (the Hill number of order 1: how many equally common kinds would be as varied) and per kind
        'facility_count'. 'not_comparable' where could not be looked; a region without any facility
        has 0 kinds and no effective number ('group_absent').
    """
    seen = counts.notna().all(axis=1)
    present = counts.gt(0).sum(axis=1).astype(float).where(seen)
    effective = hill_number(counts[seen], 1).reindex(counts.index)
    columns = {PRESENT: present, EFFECTIVE: effective}
    status = {
        PRESENT: np.where(seen, "ok", "not_comparable"),
        EFFECTIVE: np.where(
            effective.notna(), "ok", np.where(seen, "group_absent", "not_comparable")
        ),
    }
    base = {
        "area_code": counts.index, "area_name": names[counts.index].array, "year": year,
        "level": level, "source": source, "units": 1,
        "median_unit_size": people[counts.index].array,
    }  # fmt: skip
    tables = [
        pd.DataFrame(
            base | {"measure": name, "group": "all_kinds", "value": column.array,
                    "status": status[name]}
        )
        for name, column in columns.items()
    ]  # fmt: skip
    # The same numbers stand under the densities: one number is one row.
    tables += [
        number_of_facilities(
            counts[kind], kind, people, names, level=level, year=year, source=source
        )
        for kind in counts
    ]
    return evidence_frame(pd.concat(tables, ignore_index=True))
