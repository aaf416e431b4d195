"""Which figures there are: the filled share of the inhabitants per concept, and why not more."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame


def coverage(
    regions: pd.DataFrame,
    reasons: pd.DataFrame,
    *,
    area_code: str,
    area_name: str,
    level: str,
    year: int,
    source: str,
) -> pd.DataFrame:
    """Return the share of a gemeente's inhabitants who live in a region with a figure.

    Parameters
    ----------
    regions : DataFrame
        Region table of the gemeente at one level.
    reasons : DataFrame of str
        Same rows, one column per concept: why its value is missing, '' where it is known.
    area_code, area_name, level, year, source
        As in the evidence table.

    Returns
    -------
    DataFrame
        One evidence row per concept: measure 'coverage', value in 0-1. Where no region has a
        figure the value is 0 and the status is the reason of most: 'not_published',
        'not_in_file', 'below_threshold', 'suppressed'; NaN where the concept 'does_not_exist'.
    """
    people = regions["inhabitants"]
    known = reasons.eq("")
    filled = known.mul(people, axis=0).sum() / people.sum()
    rows = []
    for concept in reasons.columns:
        nothing = not known[concept].any()
        why = reasons[concept].mode().iloc[0] if nothing else "ok"
        rows.append(
            {
                "area_code": area_code,
                "area_name": area_name,
                "year": year,
                "level": level,
                "measure": "coverage",
                "group": concept,
                # A concept that does not exist cannot be covered: that is not zero.
                "value": np.nan if why == "does_not_exist" else float(filled[concept]),
                "units": len(regions),
                "units_missing": int((~known[concept]).sum()),
                "population_covered": float(filled[concept]),
                "median_unit_size": float(people.median()),
                "status": why,
                "source": source,
            }
        )
    return evidence_frame(rows)
