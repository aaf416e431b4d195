"""Figures of own areas, added up from those of their buurten."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.sources.aggregation import kinds, numerators, spread
from analysis.sources.codebook import Concept
from analysis.sources.conversion import NO_DENOMINATOR, NOT_CONVERTIBLE
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import KNOWN, NOT_PUBLISHED, SECRET
from analysis.sources.regions import gm_code
from analysis.sources.zoning import Zoning

# A share or distance of an area is given when it is known for this part of its people.
ENOUGH_PEOPLE = 0.9
# Means over persons: how far is it, how many are near.
_PER_PERSON = re.compile(r".+_(?:distance|within_\d+)_?km")


@dataclass(frozen=True)
class ZoneTable:
    """A region table of level 'eigen'.

    Attributes
    ----------
    table : DataFrame
        Indexed by region_code (the area's code): gm_code, gm_name (where the buurten have it),
        region_name, n_buurten (those where people live), then the columns of numbers of the
        buurten. Areas where nobody lives are not in it.
    status : DataFrame of str
        The figures' shape: '' where known; 'suppressed' (a count of one of the buurten is not
        known, or a share or distance for over a tenth of the people), 'not_published' (of none),
        'no_denominator', or 'not_convertible' (means of values, medians, classes, densities).
    coverage : DataFrame
        The figures' shape: share of the inhabitants who live where the figure is known.
    """

    table: pd.DataFrame
    status: pd.DataFrame
    coverage: pd.DataFrame


def zone_table(buurten: pd.DataFrame, zoning: Zoning, codebook: Mapping[str, Concept]) -> ZoneTable:
    """Add buurten up to own areas.

    Counts and areas are summed, where all are known. Shares are made anew from numerators and
    denominators, and distances averaged over inhabitants, where known for 0.9 of the people.
    Inhabitants per km2 are inhabitants over land. Other means are withheld.

    Parameters
    ----------
    buurten : DataFrame
        Region table of the gemeente's buurten. With the uninhabited ones (`all_regions`) land
        and water are complete; these carry nothing else.
    zoning : Zoning
    codebook : mapping of str to Concept

    Raises
    ------
    InputError
        When none of the buurten is in an area.
    """
    held = buurten.loc[buurten.index.intersection(zoning.members.index)]
    inhabited = held[held["inhabitants"] > 0]
    if inhabited.empty:
        raise InputError(
            f"Geen van de gebieden in {zoning.label} heeft een bewoonde buurt in deze tabel; kijk "
            "naar het jaar van de lijst."
        )
    kind = kinds(buurten, codebook)
    figures = inhabited[[*kind.index]].astype(float)
    pairs = _pairs(inhabited, zoning)
    people = spread(figures[["inhabitants"]], pairs, skip_missing=False)["inhabitants"]
    per_person = [c for c in kind.index if kind[c] == "distance" or _PER_PERSON.fullmatch(c)]
    counts = list(kind.index[kind.eq("count")])
    shares = list(kind.index[kind.eq("share")])
    tops, bottoms = numerators(figures, shares, codebook)
    known = figures.notna().assign(**{share: tops[share].notna() for share in shares})
    weights = known.mul(figures["inhabitants"], axis=0).astype(float)
    coverage = spread(weights, pairs, skip_missing=False).div(people, axis=0)
    values = pd.DataFrame(np.nan, index=people.index, columns=figures.columns)
    values[counts] = spread(figures[counts], pairs, skip_missing=False)
    top, bottom = spread(tops, pairs, skip_missing=True), spread(bottoms, pairs, skip_missing=True)
    values[shares] = (top / bottom.where(bottom > 0)).clip(0, 1)
    met = figures[per_person].mul(figures["inhabitants"], axis=0)
    reached = coverage[per_person].mul(people, axis=0)
    values[per_person] = spread(met, pairs, skip_missing=True) / reached.where(reached > 0)
    means = [*shares, *per_person]
    values[means] = values[means].where(coverage[means] >= ENOUGH_PEOPLE)
    surfaces = list(kind.index[kind.eq("area")])
    ground = held[surfaces].astype(float)
    values[surfaces] = spread(ground, _pairs(held, zoning), skip_missing=False)
    if "inhabitants_per_km2" in values and "land_area_km2" in values:
        land = values["land_area_km2"]
        values["inhabitants_per_km2"] = values["inhabitants"] / land.where(land > 0)
    status = pd.DataFrame(NOT_CONVERTIBLE, index=values.index, columns=values.columns)
    summed = [*counts, *means, *surfaces]
    status[summed] = SECRET
    status = status.mask((coverage == 0) & status.eq(SECRET), NOT_PUBLISHED)
    lacking = figures[shares].notna() & tops.isna()
    lacking = lacking.groupby(pairs["to_code"].to_numpy()).any()
    status[shares] = status[shares].mask(lacking | (bottom == 0), NO_DENOMINATOR)
    status = status.mask(values.notna(), KNOWN)
    return ZoneTable(
        _identity(buurten, pairs, zoning).join(values).rename_axis(index="region_code"),
        status.rename_axis(index="region_code"),
        coverage.rename_axis(index="region_code"),
    )


def zone_outlines(boundaries: gpd.GeoDataFrame, zoning: Zoning) -> gpd.GeoDataFrame:
    """Return the outlines of own areas as those of their buurten together, for drawing only."""
    drawn = boundaries.loc[boundaries.index.intersection(zoning.members.index)]
    area = zoning.members["area_code"].reindex(drawn.index)
    named = drawn[["geometry"]].reset_index(drop=True).assign(region_code=area.array)
    outlines = named.dissolve("region_code")
    return outlines.assign(name=zoning.names.reindex(outlines.index))


def _pairs(rows: pd.DataFrame, zoning: Zoning) -> pd.DataFrame:
    area = zoning.members["area_code"].reindex(rows.index)
    return pd.DataFrame({"from_code": rows.index, "to_code": area.array, "weight": 1.0})


def _identity(buurten: pd.DataFrame, pairs: pd.DataFrame, zoning: Zoning) -> pd.DataFrame:
    counted = pairs.groupby("to_code").size()
    found = pd.DataFrame({"gm_code": gm_code(counted.index.to_series())})
    if "gm_name" in buurten:
        found["gm_name"] = buurten["gm_name"].iloc[0]
    found["region_name"] = zoning.names.reindex(counted.index)
    return found.assign(n_buurten=counted.astype(float))
