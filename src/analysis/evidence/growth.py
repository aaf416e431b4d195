"""What an area with new dwellings asks for: now, of the growth, after it, and what could be shared.

Two examples are written down here as plans; a plan is a set of assumptions and no forecast.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence.demand import combining_rows, demand_rows, gap_rows, supply_rows
from analysis.evidence.frame import evidence_frame, join
from analysis.measures.demand import CASES, Range, growth_cases

AGES = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")


@dataclass(frozen=True)
class GrowthPlan:
    """Assumptions about new dwellings; ranges are (low, middle, high).

    Attributes
    ----------
    dwellings : Range
        How many.
    household_size : Range or mapping of tenure to Range
        Persons per dwelling.
    tenure : mapping of str to float
        Share of each tenure; together 1.
    area_m2 : Range, optional
        Built-up area of the plan.
    """

    dwellings: Range
    household_size: Range | Mapping[str, Range]
    tenure: Mapping[str, float]
    area_m2: Range | None = None

    @property
    def told(self) -> str:
        """The assumptions in words that the audience reads."""
        sizes = self.household_size
        if isinstance(sizes, Mapping):
            listed = [f"{name} {_span(size)}" for name, size in sizes.items()]
            told = "; ".join(listed)
        else:
            told = _span(sizes)
        return f"{_span(self.dwellings)} woningen, {told} personen per woning"


_ONE_THIRD = {"social": 1 / 3, "other": 2 / 3}
# Zoetermeer: one third social, 2.0 persons per dwelling between central buurten (1.6) and the
# gemeente (2.2). Almere: the same number of dwellings, up to the 2.3 of that gemeente. With the
# name of the place, as a code can be of another place in another year.
EXAMPLES = {
    "BU06370002": ("Stadscentrum", GrowthPlan((2000, 2500, 3000), (1.6, 2.0, 2.2), _ONE_THIRD)),
    "WK003417": ("Centrum Almere Stad",
                 GrowthPlan((2000, 2500, 3000), (1.6, 2.0, 2.3), _ONE_THIRD)),
}  # fmt: skip


def growth_evidence(
    region: pd.Series,
    norms: pd.DataFrame,
    plan: GrowthPlan,
    *,
    year: int,
    level: str,
    source: str,
    compared: pd.DataFrame | None = None,
    points: pd.DataFrame | None = None,
    inside: pd.Series | None = None,
    points_source: str = "",
    ceiling: pd.Series | None = None,
    hours: pd.DataFrame | None = None,
    available: pd.Series | None = None,
) -> pd.DataFrame:
    """Return all rows of a growth example: people, demand, supply, shortage and what to combine.

    Parameters
    ----------
    region : Series
        A row of the region table, named by its code: region_name, n_dwellings, inhabitants and
        n_<age group>; what is absent is unknown.
    norms : DataFrame
        Index facility: one norm each, as `sources.norms.norms_for` gives them.
    plan : GrowthPlan
    year, level, source
        Of the region table, as in the evidence table.
    compared : DataFrame, optional
        Rows of the region table, such as of the area and its gemeente, whose age profiles are the
        range of the new inhabitants; without it the ages of the new inhabitants are unknown.
    points, inside, points_source, ceiling : optional
        As for `supply_rows`; without points every supply is unknown.
    hours, available : optional
        As for `combining_rows`; without hours nothing is proposed.

    Returns
    -------
    DataFrame
        Evidence rows: `dwellings_<when>` and `inhabitants_<when>` (group 'all' or the tenure),
        `demand_*`, `building_use_*`, `supply_*`, `shortage_*` and what `combining_rows` gives, for
        the growth alone.
    """
    named = region.get("region_name", "")
    area = pd.Series({"area_code": region.name, "area_name": named, "year": year, "level": level})
    now = cases_now(region, level=level)
    shares = age_ranges(compared) if compared is not None else None
    new = growth_cases(plan.dwellings, plan.household_size, tenure=plan.tenure, age_shares=shares,
                       area_m2=plan.area_m2)  # fmt: skip
    # Added only where both are known: a sum with an unknown part is unknown.
    base = pd.DataFrame([now.loc["middle"]] * len(CASES), index=list(CASES))
    after = base.add(new.reindex(columns=base.columns.union(new.columns)))
    after["gemeenten"] = base["gemeenten"]
    tables = [_people(area, new, plan, source)]
    asked = {
        when: demand_rows(norms, cases, when=when, area=area,
                          assumptions="" if when == "now" else plan.told)
        for when, cases in (("now", now), ("growth", new), ("after", after))
    }  # fmt: skip
    tables += asked.values()
    if points is None:
        points = pd.DataFrame({"kind": pd.Series(dtype="str"), "m2": pd.Series(dtype="float64")})
        inside = pd.Series(dtype=bool)
        points_source = points_source or "geen lijst van voorzieningen"
    there = supply_rows(norms, points, inside, area=area, source=points_source, ceiling=ceiling)
    tables += [there, gap_rows(asked["now"], there), gap_rows(asked["after"], there)]
    if hours is not None:
        tables.append(
            combining_rows(norms, asked["growth"], hours, available,
                           source="uren per functie: onze aanname")
        )  # fmt: skip
    return join(tables)


def cases_now(region: pd.Series, *, level: str) -> pd.DataFrame:
    """Return what an area has now, as the one case 'middle'; NaN for what is not published."""
    found = {
        "dwellings": region.get("n_dwellings", np.nan),
        "inhabitants": region.get("inhabitants", np.nan),
        **{age: region.get(f"n_{age}", np.nan) for age in AGES},
        # A minimum per gemeente says nothing of a part of it.
        "gemeenten": 1.0 if level == "gemeente" else np.nan,
    }
    return pd.DataFrame([found], index=["middle"]).astype(float)


def age_ranges(regions: pd.DataFrame) -> dict[str, Range]:
    """Return the lowest, mean and highest share of each age group over regions.

    Regions without inhabitants or without an age group are left out of that group; a group that
    no region has is absent.
    """
    found = {}
    for age in AGES:
        if f"n_{age}" not in regions:
            continue
        share = regions[f"n_{age}"] / regions["inhabitants"].where(regions["inhabitants"] > 0)
        # Rounded counts of small regions may add up to more than their inhabitants.
        share = share.dropna().clip(upper=1)
        if len(share):
            low, high = float(share.min()), float(share.max())
            found[age] = (low, float(np.clip(share.mean(), low, high)), high)
    return found


def _people(area: pd.Series, new: pd.DataFrame, plan: GrowthPlan, source: str) -> pd.DataFrame:
    rows = []
    for column in new:
        if column in AGES or column == "area_m2":
            continue
        measure, _, tenure = column.partition("_")
        rows.append(
            {
                **area.to_dict(),
                "measure": f"{measure}_growth",
                "group": tenure or "all",
                "value": new.loc["middle", column],
                "low": new.loc["low", column],
                "high": new.loc["high", column],
                "interval": plan.told,
                "source": f"aanname; {source}",
            }
        )
    return evidence_frame(rows)


def _span(numbers: Range) -> str:
    low, _, high = (f"{number:,.4g}" if number < 1000 else f"{number:,.0f}" for number in numbers)
    said = low if low == high else f"{low} tot {high}"
    return said.translate(str.maketrans(",.", ".,"))
