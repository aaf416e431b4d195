"""How much public green there is for the dwellings of each region, and who lives near it."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame
from analysis.evidence.local import SMALLEST_REGION
from analysis.evidence.reach import COARSE
from analysis.measures.density import space_per_unit

GROUP = "public_green"
AREA, LAND = "green_m2", "green_share_of_land"
PER_DWELLING, PER_PERSON = "green_m2_per_dwelling", "green_m2_per_inhabitant"
NORM, BELOW, KNOWN = "norm_green", "wijken_below_norm", "wijken_beside_norm"
NEAR = "share_within_300_m"
# Green of that name in the rows on nearness: a hectare or more in one piece.
LARGE = "public_green_1_ha"
# There is at least so much: of a part of the green no outline is known.
AT_LEAST = "partly_covered"


def green_rows(
    regions: pd.DataFrame,
    area_m2: pd.Series,
    undrawn: pd.Series,
    *,
    level: str,
    year: int,
    source: str,
) -> pd.DataFrame:
    """Return how much green lies in each region: in all, per dwelling, per person and of the land.

    Parameters
    ----------
    regions : DataFrame
        Region table with `inhabitants` and, where known, `n_dwellings` and `land_area_km2`.
    area_m2 : Series of float
        Square metres of green by region; NaN in a region without an outline.
    undrawn : Series of int
        Places of green by region of which no outline is known.
    level, year, source
        As in the evidence table.

    Returns
    -------
    DataFrame
        Per region rows `AREA`, `PER_DWELLING`, `PER_PERSON` and `LAND` with the status `AT_LEAST`
        where a place has no outline; 'not_comparable' in a region without an outline, 'too_small'
        per dwelling or person under 50 of them, 'not_published' where their number or the land is
        not known.
    """
    codes, nothing = regions.index, pd.Series(np.nan, index=regions.index)
    known = area_m2.reindex(codes)
    seen = known.notna()
    fine = pd.Series("ok", index=codes).mask(undrawn.reindex(codes).gt(0), AT_LEAST)
    names = regions["gm_name" if level == "gemeente" else "region_name"]
    land = regions.get("land_area_km2", nothing) * 1e6
    tables = []
    for measure, units, fewest in (
        (AREA, None, 0),
        (PER_DWELLING, regions.get("n_dwellings", nothing), SMALLEST_REGION),
        (PER_PERSON, regions["inhabitants"], SMALLEST_REGION),
        (LAND, land.where(land > 0), 0),
    ):
        value, status = known, fine
        if units is not None:
            value = space_per_unit(known[seen], units[seen]).reindex(codes)
            status = status.mask(units < fewest, "too_small").mask(units.isna(), "not_published")
        status = status.mask(~seen, "not_comparable")
        tables.append(
            pd.DataFrame(
                {
                    "area_code": codes,
                    "area_name": names.array,
                    "year": year,
                    "level": level,
                    "measure": measure,
                    "group": GROUP,
                    "value": value.where(status.isin(["ok", AT_LEAST])).array,
                    "status": status.array,
                    "median_unit_size": regions["inhabitants"].array,
                    "source": source,
                }
            )
        )
    return evidence_frame(pd.concat(tables, ignore_index=True))


def beside_norm(rows: pd.DataFrame, norm: float, area: pd.Series, source: str) -> pd.DataFrame:
    """Return a norm, and in how many regions there is less green than it asks.

    Parameters
    ----------
    rows : DataFrame
        Rows of one measure of `green_rows`, one per region.
    norm : float
        Square metres per dwelling or person.
    area : Series
        area_code, area_name, year and level of the whole.
    source : str
        Whose norm it is.

    Returns
    -------
    DataFrame
        Rows `NORM`, `KNOWN` (regions that can be held beside it) and `BELOW`. A region of which a
        part of the green is unknown is only held beside it when what is known is enough.
    """
    fit = rows["status"].eq("ok") | (rows["status"].eq(AT_LEAST) & rows["value"].ge(norm))
    told = rows[fit]
    numbers = {NORM: norm, KNOWN: len(told), BELOW: int(told["value"].lt(norm).sum())}
    return evidence_frame(
        [
            {**area, "measure": measure, "group": told_of, "value": float(number), "source": source}
            for told_of in [rows["measure"].iloc[0]]
            for measure, number in numbers.items()
        ]
    )


def near_rows(
    near: pd.Series,
    people: pd.Series,
    wijk: pd.Series,
    wijken: pd.DataFrame,
    *,
    whole: pd.Series,
    year: int,
    source: str,
    coarse: bool,
) -> pd.DataFrame:
    """Return which part of the inhabitants of each wijk lives near a large piece of green.

    Parameters
    ----------
    near : Series of float
        0 to 1 by home: which part of it lies near; NaN where that is not known.
    people, wijk : Series
        Inhabitants, and the code of the wijk, by home.
    wijken : DataFrame
        `region_name` and `inhabitants` by code.
    whole : Series
        area_code and area_name of the gemeente.
    year, source
        As in the evidence table.
    coarse : bool
        Whether homes are whole buurten, of which the people are spread evenly.

    Returns
    -------
    DataFrame
        Rows `NEAR` (group `LARGE`) per wijk and for the gemeente: the mean over the inhabitants.
        'suppressed' where the homes that are known hold under 80 % of the inhabitants, 'too_small'
        under 50 inhabitants, 'coarse_origin' where buurten stand for homes.
    """
    known = near.notna()
    rows = []
    for code in [*wijken.index, None]:
        here = known if code is None else known & wijk.eq(code)
        own = wijken if code is None else wijken.loc[[code]]
        lived = float(own["inhabitants"].sum())
        found = float(people[here].sum())
        covered = min(found / lived, 1.0) if lived else 0.0
        status = COARSE if coarse else "ok"
        status = "suppressed" if covered < ENOUGH_COVERED else status
        status = "too_small" if lived < SMALLEST_REGION else status
        if code is None:
            facts = {**whole[["area_code", "area_name"]], "level": "gemeente"}
        else:
            facts = {"area_code": code, "area_name": wijken.loc[code, "region_name"],
                     "level": "wijk"}  # fmt: skip
        counts = status in ("ok", COARSE)
        rows.append(
            facts
            | {
                "year": year, "measure": NEAR, "group": LARGE, "source": source, "status": status,
                "value": float(np.average(near[here], weights=people[here])) if counts else np.nan,
                "units": int(here.sum()), "population_covered": covered,
                "median_unit_size": lived,
            }
        )  # fmt: skip
    return evidence_frame(rows)
