"""Dwellings, floor by use and the time of building per region, counted from units of buildings."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame

DWELLING = "woonfunctie"
# First and last year of building of each period; CBS's own classes begin in the same years.
PERIODS = ((0, 1944), (1945, 1964), (1965, 1974), (1975, 1984), (1985, 1994), (1995, 2004),
           (2005, 2014), (2015, 9999))  # fmt: skip
DWELLINGS, FLOOR, PER_1000 = "dwellings", "floor_m2", "floor_m2_per_1000_dwellings"
BUILT, MEDIAN_YEAR = "share_of_dwellings_built", "median_year_built"
SHARED = "alleen deze functie tot ook samen met andere"
# Of fewer dwellings a share or a middle year says nothing; CBS draws the same line.
FEWEST = 20
# Of less than this share of the units the area is known: then no total can be given.
ENOUGH_MEASURED = 0.95


def period_label(first: int, last: int) -> str:
    """Return a period of building in words: 'voor 1945', '1945 tot 1965', 'vanaf 2015'."""
    if not first:
        return f"voor {last + 1}"
    return f"vanaf {first}" if last >= 9999 else f"{first} tot {last + 1}"


def building_rows(units: pd.DataFrame, inside: pd.Series, regions: pd.DataFrame, uses: list[str],
                  *, year: int, level: str, source: str) -> pd.DataFrame:  # fmt: skip
    """Return what stands in each region as evidence rows.

    Parameters
    ----------
    units : DataFrame
        One row per unit: `uses` (with '|' between), `m2`, `built`; NaN where not known.
    inside : Series of str
        The region of each unit, on the index of `units`; NaN where in none.
    regions : DataFrame
        Region table: index code, region_name and inhabitants.
    uses : list of str
        The uses whose floor is counted.
    year, level, source
        As in the evidence table.

    Returns
    -------
    DataFrame
        Per region, in the order of `regions`: `dwellings` (units with the use of dwelling, also
        with other uses); per use `floor_m2`: value and high all units with that use, low those
        with no other use; `floor_m2_per_1000_dwellings` the same over the dwellings;
        `share_of_dwellings_built` per period and `median_year_built`, over dwellings with a year.
        Status 'not_covered' where people live and the file has no unit, 'm2_unknown' where of more
        than 5 % of the units of a use no area is known,
        'no_denominator' without dwellings, 'too_small' under 20 dwellings with a year.
        0 only where the region has units and none of them has that use, or where nobody lives.
    """
    here = units.assign(region=inside.reindex(units.index)).dropna(subset=["region"])
    by_region = dict(list(here.groupby("region")))
    nothing = here.iloc[:0]
    rows = []
    for code, region in regions.iterrows():
        own = by_region.get(code, nothing)
        shared = {"area_code": code, "area_name": region["region_name"], "year": year,
                  "level": level, "source": source,
                  "median_unit_size": region["inhabitants"]}  # fmt: skip
        # NaN inhabitants: somebody may live there.
        seen = len(own) > 0 or region["inhabitants"] == 0
        rows += [shared | row for row in _of_region(own, uses, seen)]
    return evidence_frame(rows)


def _of_region(own: pd.DataFrame, uses: list[str], seen: bool) -> list[dict]:
    homes = own[_has(own, DWELLING)]
    number = float(len(homes)) if seen else np.nan
    status = "ok" if seen else "not_covered"
    rows = [{"measure": DWELLINGS, "group": "all", "value": number, "status": status,
             "units": len(own)}]  # fmt: skip
    for use in uses:
        floor = _floor(own, use, seen) | {"group": use, "measure": FLOOR}
        rows += [floor, _per_1000(floor, number)]
    return rows + _built(homes, seen)


def _floor(own: pd.DataFrame, use: str, seen: bool) -> dict:
    if not seen:
        return {"status": "not_covered"}
    chosen = own[_has(own, use)]
    alone = chosen["uses"].eq(use)
    unknown = int(chosen["m2"].isna().sum())
    counted = {"units": len(chosen), "units_missing": unknown}
    if unknown > (1 - ENOUGH_MEASURED) * len(chosen):
        return counted | {"status": "m2_unknown"}
    total = float(chosen["m2"].sum())
    least = float(chosen.loc[alone, "m2"].sum())
    return counted | {
        "value": total,
        "low": least,
        "high": total,
        "interval": SHARED,
        "status": "ok",
    }


def _per_1000(floor: dict, dwellings: float) -> dict:
    row = floor | {"measure": PER_1000}
    known = floor["status"] == "ok"
    if not known or not dwellings > 0:
        for name in ("value", "low", "high", "interval"):
            row.pop(name, None)
        return row | {"status": "no_denominator" if known else floor["status"]}
    for name in ("value", "low", "high"):
        row[name] = 1000 * floor[name] / dwellings
    return row


def _built(homes: pd.DataFrame, seen: bool) -> list[dict]:
    year = homes["built"].dropna()
    counted = {"units": len(year), "units_missing": len(homes) - len(year)}
    status = "not_covered" if not seen else "ok" if len(year) >= FEWEST else "too_small"
    known = status == "ok"
    rows = [
        counted
        | {"measure": BUILT, "group": period_label(first, last), "status": status,
           "value": float(year.between(first, last).mean()) if known else np.nan}
        for first, last in PERIODS
    ]  # fmt: skip
    middle = float(year.median()) if known else np.nan
    return [*rows, counted | {"measure": MEDIAN_YEAR, "group": "all", "value": middle,
                              "status": status}]  # fmt: skip


def _has(own: pd.DataFrame, use: str) -> pd.Series:
    return own["uses"].str.split("|").map(lambda found: use in found).astype(bool)
