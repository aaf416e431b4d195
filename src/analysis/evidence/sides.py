"""Two sides beside each other: how far apart each lives, and which parts hold more of it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame, join
from analysis.evidence.groups import Group
from analysis.evidence.uncertainty import rounding

APART = "dissimilarity_difference"
SIDE, ON_SIDE = "deviating_side", "regions_on_side"


def both_apart(
    regions: pd.DataFrame,
    vulnerable: Group,
    affluent: Group,
    *,
    year: int,
    source: str,
    absent: Mapping[str, str],
    area_names: pd.Series,
) -> pd.DataFrame:
    """Return the dissimilarity of both sides, and which of them lives the more apart.

    Parameters
    ----------
    regions : DataFrame
        Region table of one level.
    vulnerable, affluent : Group
    year, source, absent
        As in `concentration`.
    area_names : Series of str
        By gemeente.

    Returns
    -------
    DataFrame
        Per gemeente the rows of 'dissimilarity' with the interval of rounding, and
        'dissimilarity_difference': affluent less vulnerable, `low` and `high` at the unfavourable
        ends of both. An interval that holds 0 says: equally apart, as far as can be seen.
    """
    rows = rounding(
        regions, [vulnerable, affluent], year=year, source=source, absent={year: absent}
    )
    rows["area_name"] = rows["area_code"].map(area_names)
    found = []
    for _, own in rows.groupby("area_code", sort=False):
        by = own.set_index("group")
        poor, rich = by.loc[vulnerable.key], by.loc[affluent.key]
        known = poor["status"] == rich["status"] == "ok"
        told = rich["status"] if poor["status"] == "ok" else poor["status"]
        found.append(
            {**rich.drop(["value", "low", "high"]).to_dict()}
            | {
                "measure": APART,
                "group": f"{affluent.key} - {vulnerable.key}",
                "value": rich["value"] - poor["value"] if known else np.nan,
                "low": rich["low"] - poor["high"] if known else np.nan,
                "high": rich["high"] - poor["low"] if known else np.nan,
                # An interval is named only where there is one.
                "interval": rich["interval"] if known else "",
                "status": "ok" if known else told,
            }
        )
    return join([rows, evidence_frame(found)])


def opposite(found: pd.DataFrame, vulnerable: str, affluent: str) -> pd.DataFrame:
    """Return per region on which side it lies in a part that deviates (Gi*).

    Parameters
    ----------
    found : DataFrame
        Evidence rows of measure 'deviates' of both groups; 1 is clearly higher.
    vulnerable, affluent : str
        Their keys.

    Returns
    -------
    DataFrame
        Evidence rows of measure 'deviating_side', group '<affluent> / <vulnerable>': 1 more of the
        affluent side only, -1 more of the vulnerable side only, 0 neither or both. A region without
        one of the two keeps that status.
    """
    low, high = (found[found["group"].eq(key)].set_index("area_code", drop=False)
                 for key in (vulnerable, affluent))  # fmt: skip
    low = low.reindex(high.index)
    told = high["status"].where(high["status"].ne("ok"), low["status"])
    value = high["value"].eq(1).astype(float) - low["value"].eq(1).astype(float)
    return evidence_frame(
        high.assign(
            measure=SIDE, group=f"{affluent} / {vulnerable}", status=told,
            value=value.where(told.eq("ok")),
        )
    )  # fmt: skip


def counted_sides(rows: pd.DataFrame, keys: tuple[str, str], area: pd.Series) -> pd.DataFrame:
    """Return how many regions lie on either side.

    Parameters
    ----------
    rows : DataFrame
        What `opposite` gave.
    keys : (str, str)
        Vulnerable and affluent.
    area : Series
        area_code, area_name, year, level and source.

    Returns
    -------
    DataFrame
        Per side 'regions_on_side', group the key; 'suppressed' where no region could be compared.
    """
    known = rows.loc[rows["status"].eq("ok"), "value"]
    return evidence_frame(
        [
            {
                **area.to_dict(),
                "measure": ON_SIDE,
                "group": key,
                "value": float(known.eq(side).sum()) if len(known) else np.nan,
                "units": len(known),
                "status": "ok" if len(known) else "suppressed",
            }
            for key, side in zip(keys, (-1, 1), strict=True)
        ]
    )
