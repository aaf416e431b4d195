"""What there is for people, per region, as evidence rows: nearness and density of facilities."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame, with_status
from analysis.evidence.local import SMALLEST_REGION
from analysis.measures.density import (
    density_per_1000,
    density_per_1000_interval,
    density_per_km2,
    density_per_km2_interval,
)
from analysis.measures.proximity import mean_distance

ALL_KINDS = "all_kinds"


def nearness(
    regions: pd.DataFrame,
    concept: str,
    *,
    area_code: str,
    area_name: str,
    level: str,
    year: int,
    source: str,
    absent: dict[str, str],
) -> pd.DataFrame:
    """Return the mean distance to the nearest facility over the inhabitants of a gemeente.

    CBS gives each region the mean over its own inhabitants; weighted with those inhabitants this
    is the mean over the gemeente. Regions without a distance are left out and counted.

    Returns
    -------
    DataFrame
        One evidence row: measure 'mean_distance', value in km, status 'ok', 'suppressed' (under
        80 % of the inhabitants covered) or the reason why the table has no such distance.
    """
    people = regions["inhabitants"]
    distance = regions[concept] if concept in regions else pd.Series(np.nan, regions.index)
    known = distance.notna()
    covered = float(people[known].sum() / people.sum())
    status = absent.get(concept, "ok" if covered >= ENOUGH_COVERED else "suppressed")
    value = mean_distance(distance[known], people[known]) if status == "ok" else np.nan
    return evidence_frame(
        [
            {
                "area_code": area_code,
                "area_name": area_name,
                "year": year,
                "level": level,
                "measure": mean_distance.__name__,
                "group": concept,
                "value": value,
                "units": int(known.sum()),
                "units_missing": int((~known).sum()),
                "population_covered": covered,
                "median_unit_size": float(people[known].median()) if known.any() else np.nan,
                "status": status,
                "source": source,
            }
        ]
    )


def count_by_kind(points: pd.DataFrame, codes: pd.Index, region: str) -> pd.DataFrame:
    """Count facilities per region and kind.

    Parameters
    ----------
    points : DataFrame
        With `kind` and the column named in `region`; points without a region are not counted.
    codes : Index of str
        The regions to count for: one without a point has 0, for the whole country was looked at.
    region : str
        Column with the code of the region in which a point lies.

    Returns
    -------
    DataFrame of int
        Rows are regions, columns kinds (most frequent first) and `ALL_KINDS`.
    """
    inside = points[points[region].isin(codes)]
    table = pd.crosstab(inside[region], inside["kind"]).reindex(codes, fill_value=0)
    table = table[table.sum().sort_values(ascending=False, kind="stable").index]
    return table.assign(**{ALL_KINDS: table.sum(axis=1)})


def number_of_facilities(
    number: pd.Series,
    kind: str,
    people: pd.Series,
    names: pd.Series,
    *,
    level: str,
    year: int,
    source: str,
) -> pd.DataFrame:
    """Return the number of facilities of one kind in each region.

    Parameters
    ----------
    number : Series
        Per region; NaN where nobody looked.
    kind : str
    people, names : Series
        Inhabitants and name of each region, on the same index.
    level, year, source
        As in the evidence table.

    Returns
    -------
    DataFrame
        Evidence rows with measure 'facility_count' and the kind as group; 'not_comparable' where
        nobody looked.
    """
    return evidence_frame(
        pd.DataFrame(
            {
                "area_code": number.index,
                "area_name": names[number.index].array,
                "year": year,
                "level": level,
                "measure": "facility_count",
                "group": kind,
                "value": number.astype(float).array,
                "status": np.where(number.notna(), "ok", "not_comparable"),
                "median_unit_size": people[number.index].array,
                "source": source,
            }
        )
    )


def densities(
    regions: pd.DataFrame,
    counted: pd.DataFrame,
    *,
    level: str,
    year: int,
    source: str,
) -> pd.DataFrame:
    """Return facilities per 1,000 inhabitants and per km2 of land, with exact Poisson intervals.

    Parameters
    ----------
    regions : DataFrame
        Region table with `inhabitants` and, for the density per km2, `land_area_km2`.
    counted : DataFrame
        Facilities per region (rows as `regions`) and kind (columns); NaN where nobody looked,
        because the region has no boundary.
    level, year, source
        As in the evidence table.

    Returns
    -------
    DataFrame
        Evidence rows with measures 'facility_count', 'density_per_1000' and 'density_per_km2',
        the kind as group, and interval 'poisson 95%'. Regions under 50 inhabitants are
        'too_small' per 1,000; without a land area a density per km2 is 'not_published'; where
        nobody looked everything is 'not_comparable': that is not zero.
    """
    people = regions["inhabitants"]
    land = regions.get("land_area_km2", pd.Series(np.nan, index=regions.index))
    names = regions["gm_name" if level == "gemeente" else "region_name"]
    per_people = pd.Series("ok", index=regions.index).mask(people < SMALLEST_REGION, "too_small")
    per_land = pd.Series("ok", index=regions.index).mask(~land.gt(0), "not_published")
    tables = []
    for kind in counted.columns:
        number = counted[kind].reindex(regions.index).astype(float)
        seen = number.notna()
        shared = {"area_code": regions.index, "area_name": names.array, "year": year,
                  "level": level, "group": kind, "source": source,
                  "median_unit_size": people.array}  # fmt: skip
        tables.append(
            number_of_facilities(number, kind, people, names, level=level, year=year, source=source)
        )
        for density, interval, exposure, status in (
            (density_per_1000, density_per_1000_interval, people, per_people),
            (density_per_km2, density_per_km2_interval, land, per_land),
        ):
            status = status.where(seen, "not_comparable")
            value = density(number[seen], exposure[seen]).reindex(regions.index)
            bounds = interval(number[seen], exposure[seen]).reindex(regions.index)
            tables.append(
                pd.DataFrame(
                    {
                        **shared,
                        "measure": density.__name__,
                        "value": with_status(value, status).array,
                        "low": with_status(bounds["low"], status).array,
                        "high": with_status(bounds["high"], status).array,
                        "interval": "poisson 95%",
                        "status": status.array,
                    }
                )
            )
    return evidence_frame(pd.concat(tables, ignore_index=True) if tables else [])


def density_for_whom(
    region: pd.Series,
    counted: pd.Series,
    served: dict[str, str],
    *,
    level: str,
    year: int,
    source: str,
) -> pd.DataFrame:
    """Return facilities per 1,000 of the age group that each kind serves, in one region.

    Parameters
    ----------
    region : Series
        Of a region table, with the counts of the age groups; its name is the region's code.
    counted : Series of int
        Facilities by kind.
    served : dict of str to str
        By kind the count of those whom it serves (n_age_0_14).
    level, year, source
        As in the evidence table.

    Returns
    -------
    DataFrame
        Per kind of `served` a row 'density_per_1000_served' (group '<kind> | <count>') with the
        exact Poisson interval; 'too_small' under 50 in the group, 'not_published' where their
        number is not known.
    """
    rows = []
    for kind, column in served.items():
        people = float(region.get(column, np.nan))
        status = "ok" if people >= SMALLEST_REGION else "too_small"
        status = "not_published" if np.isnan(people) else status
        known = {"value": np.nan}
        if status == "ok":
            bounds = density_per_1000_interval([counted[kind]], [people]).iloc[0]
            known = {"value": density_per_1000([counted[kind]], [people]).iloc[0],
                     "low": bounds["low"], "high": bounds["high"]}  # fmt: skip
        rows.append({
            "area_code": region.name,
            "area_name": region["gm_name" if level == "gemeente" else "region_name"],
            "year": year, "level": level, "measure": "density_per_1000_served",
            "group": f"{kind} | {column}", "interval": "poisson 95%", "status": status,
            "source": source, **known,
        })  # fmt: skip
    return evidence_frame(rows)
