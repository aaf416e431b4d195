"""From the regions of one year to those of another: what may be compared, and what is converted.

A code is a key only with its year, and CBS's flag compares with the year before only. So a region
is *measured* in both years when its flag says "unchanged" in every table in between; where a
table is not at hand, when both outlines hold 0.9 or more of each other. The same ground under
another code is *recoded*. All else is *converted* with weights, or *not comparable*.
"""

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.sources.change_flags import Flags, by_flags
from analysis.sources.errors import InputError
from analysis.sources.overlap import overlaps
from analysis.sources.regions import LEVELS, gm_code, is_level

MEASURED, RECODED, CONVERTED = "measured", "recoded", "converted"
NOT_COMPARABLE, OUTSIDE = "not_comparable", "outside"
# From what may be compared as it is to what may not be compared at all.
LABELS = (MEASURED, RECODED, CONVERTED, NOT_COMPARABLE)
COLUMNS = ["from_code", "to_code", "weight", "label", "why", "overlap"]
# Each of two outlines must hold this share of the other to be the same place.
SAME_PLACE = 0.9
# What that leaves over may be a difference in drawing: ground below this share of both regions,
# or of a region outside all others, is not taken for a change.
SLIVER = 0.1
_MOST = 0.5
_NOTHING = 1e-9


def crosswalk(
    regions_from: pd.DataFrame,
    regions_to: pd.DataFrame,
    flags: Flags,
    boundaries_from: gpd.GeoDataFrame | None = None,
    boundaries_to: gpd.GeoDataFrame | None = None,
    addresses: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Say for every region of a year which regions of another year it is made of.

    Parameters
    ----------
    regions_from, regions_to : DataFrame
        Region tables of one level, indexed by region_code: every region where people live, of
        whole gemeenten. `inhabitants` is used where it is there.
    flags : mapping of int to (Series or None)
        From `flags_between`; empty within one year.
    boundaries_from, boundaries_to : GeoDataFrame, optional
        Outlines by code. One without a row in its table, but of a gemeente that is in it, is
        ground where nobody lives.
    addresses : DataFrame, optional
        From `address_moves`; goes before the ground for a region that has any.

    Returns
    -------
    DataFrame
        from_code, to_code, weight (the part of the source's people that goes there), label (of
        the target: measured, recoded, converted, not_comparable), why, and overlap (the smaller
        share of both outlines, NaN without). What lies outside every target has label 'outside'
        and no to_code, so that the weights of every source add up to 1; a target without a
        source has no from_code and weight 0.

    Raises
    ------
    InputError
        When codes are not unique or of two levels, when outlines of one of the years are
        missing, or cannot be used.

    Notes
    -----
    `why` is 'flags', 'same_boundary', 'addresses' or 'area' where there is a figure;
    'table_missing' (flags are not known), 'changed' (they are), 'no_boundary', 'no_source'
    (nothing known lies there) or 'partly_covered' (under 0.9 of it) where a target has none;
    'outside' or 'no_boundary' for a source that could not be placed.

    A flag that says "changed" is never overruled by outlines. An outline in which another
    inhabited region lies for the most part is not the same place: one was joined or split off.
    Parts below 0.1 of both regions are differences in drawing and carry nobody.
    """
    _check(regions_from, regions_to)
    if (boundaries_from is None) != (boundaries_to is None):
        raise InputError(
            "Voor een vergelijking over de jaren zijn de grenzen van beide jaren nodig, en die van "
            f"het {'eerste' if boundaries_from is None else 'tweede'} jaar ontbreken; geef ze ook."
        )
    sources, targets = regions_from.index, regions_to.index
    pairs = _pairs(sources, targets, boundaries_from, boundaries_to)
    steady, unknown = by_flags(sources.intersection(targets), flags)
    same = pd.DataFrame({"from_code": steady, "to_code": steady, "why": "flags"})
    alike = _same_place(pairs, regions_from, regions_to)
    own = alike["from_code"].eq(alike["to_code"])
    taken = alike["from_code"].isin(steady) | alike["to_code"].isin(steady)
    alike = alike[~taken & (~own | alike["from_code"].isin(unknown))]
    same = pd.concat([same, alike.assign(why="same_boundary")[same.columns]], ignore_index=True)
    same["label"] = np.where(same["from_code"].eq(same["to_code"]), MEASURED, RECODED)
    moved = _by_address(addresses, same, sources, targets)
    drawn = _by_area(pairs[~pairs["from_code"].isin(moved["from_code"])], same)
    parts = pd.concat([moved, drawn], ignore_index=True)
    covered = parts["to_code"].isin(_covered(pairs, addresses, moved, sources))
    parts = parts.assign(
        label=np.where(covered, CONVERTED, NOT_COMPARABLE),
        why=parts["why"].where(covered, "partly_covered"),
    )
    found = pd.concat([same.assign(weight=1.0), parts], ignore_index=True)
    found = found.merge(pairs[["from_code", "to_code", "overlap"]], how="left")
    placed = found.groupby("from_code")["weight"].sum().reindex(sources, fill_value=0.0)
    left = 1.0 - placed[placed < 1 - _NOTHING]
    unplaced = pd.DataFrame({"from_code": left.index, "weight": left.array, "label": OUTSIDE})
    here = unplaced["from_code"].isin({*pairs["from_code"], *moved["from_code"]})
    unplaced["why"] = np.where(here, "outside", "no_boundary")
    empty = pd.DataFrame({"to_code": targets[~targets.isin(found["to_code"])]})
    empty = empty.assign(weight=0.0, label=NOT_COMPARABLE)
    if boundaries_to is None and addresses is None:
        gap = any(flag is None for flag in flags.values())
        changed = ~empty["to_code"].isin(unknown)
        changed &= empty["to_code"].isin(sources) | (not gap)
        empty["why"] = np.where(changed, "changed", "table_missing")
    else:
        drawn_codes = targets if boundaries_to is None else boundaries_to.index
        empty["why"] = np.where(empty["to_code"].isin(drawn_codes), "no_source", "no_boundary")
    rows = pd.concat([found, unplaced, empty], ignore_index=True).reindex(columns=COLUMNS)
    return rows.astype({name: "str" for name in COLUMNS if name not in ("weight", "overlap")})


def _check(regions_from: pd.DataFrame, regions_to: pd.DataFrame) -> None:
    levels = []
    for table, which in ((regions_from, "eerste"), (regions_to, "tweede")):
        codes = table.index
        if codes.has_duplicates:
            raise InputError(
                f"In de tabel van het {which} jaar staat {codes[codes.duplicated()][0]} meer dan "
                "één keer; geef elk gebied één rij."
            )
        found = [lv for lv in LEVELS if len(codes) and is_level(codes.to_series(), lv).all()]
        if not found:
            raise InputError(
                f"De tabel van het {which} jaar heeft geen gebieden of gebieden van meer dan één "
                "niveau; geef alleen gemeenten, wijken of buurten."
            )
        levels += found
    if levels[0] != levels[1]:
        raise InputError(
            f"Het eerste jaar is per {levels[0]} en het tweede per {levels[1]}; vergelijk één "
            "niveau."
        )


def _pairs(sources, targets, boundaries_from, boundaries_to) -> pd.DataFrame:
    """Return the overlapping pairs in the gemeenten of the tables, and who of them has a row."""
    if boundaries_from is None:
        numbers = {"share_from": float, "share_to": float, "overlap": float}
        types = {"from_code": "str", "to_code": "str"} | numbers
        return pd.DataFrame(columns=[*types]).astype(types).assign(source=False, target=False)
    first, second = _of(boundaries_from, sources), _of(boundaries_to, targets)
    pairs = overlaps(first, second, skip_twins=True)
    return pairs.assign(
        source=pairs["from_code"].isin(sources), target=pairs["to_code"].isin(targets)
    )


def _of(boundaries: gpd.GeoDataFrame, codes: pd.Index) -> gpd.GeoDataFrame:
    return boundaries[_in_gemeenten(boundaries.index.to_series(), codes).to_numpy()]


def _in_gemeenten(codes: pd.Series, regions: pd.Index) -> pd.Series:
    return gm_code(codes.astype("str")).isin(gm_code(regions.to_series()).unique())


def _same_place(pairs, regions_from, regions_to) -> pd.DataFrame:
    people_from = regions_from.get("inhabitants", pd.Series(1.0, regions_from.index))
    people_to = regions_to.get("inhabitants", pd.Series(1.0, regions_to.index))
    # A region without a figure may have people: only zero is nobody.
    joined = pairs[
        pairs["source"] & (pairs["share_from"] > _MOST) & pairs["from_code"].map(people_from).ne(0)
    ]
    split = pairs[
        pairs["target"] & (pairs["share_to"] > _MOST) & pairs["to_code"].map(people_to).ne(0)
    ]
    several = joined["to_code"][joined["to_code"].duplicated()]
    pieces = split["from_code"][split["from_code"].duplicated()]
    alike = pairs[pairs["source"] & pairs["target"] & (pairs["overlap"] >= SAME_PLACE)]
    alike = alike[~alike["to_code"].isin(several) & ~alike["from_code"].isin(pieces)]
    alike = alike.sort_values("overlap", ascending=False)
    # Outlines of one year that lie on top of each other could claim one region twice.
    return alike[~alike["from_code"].duplicated() & ~alike["to_code"].duplicated()]


def _open(pairs: pd.DataFrame, same: pd.DataFrame) -> pd.Series:
    return ~(pairs["from_code"].isin(same["from_code"]) | pairs["to_code"].isin(same["to_code"]))


def _by_address(addresses, same, sources, targets) -> pd.DataFrame:
    columns = ["from_code", "to_code", "weight", "why"]
    if addresses is None:
        return pd.DataFrame(columns=columns).astype({"weight": float})
    known = addresses[addresses["from_code"].isin(sources) & _open(addresses, same)]
    # Addresses where nobody lives carry nobody; those in another gemeente do.
    away = ~_in_gemeenten(known["to_code"], targets)
    known = known[known["to_code"].isin(targets) | away]
    total = known.groupby("from_code")["addresses"].transform("sum")
    known = known.assign(weight=known["addresses"] / total, why="addresses")
    return known.loc[known["to_code"].isin(targets), columns]


def _by_area(pairs: pd.DataFrame, same: pd.DataFrame) -> pd.DataFrame:
    covered = pairs.groupby("from_code")["share_from"].sum()
    outside = (1 - covered).clip(lower=0).where(lambda part: part >= SLIVER, 0.0)
    large = (pairs["share_from"] >= SLIVER) | (pairs["share_to"] >= SLIVER)
    kept = pairs[pairs["source"] & pairs["target"] & large & _open(pairs, same)]
    total = kept.groupby("from_code")["share_from"].transform("sum")
    inside = 1 - kept["from_code"].map(outside).astype(float)
    kept = kept.assign(weight=kept["share_from"] / total * inside, why="area")
    return kept[["from_code", "to_code", "weight", "why"]]


def _covered(pairs, addresses, moved, sources) -> set[str]:
    """Return the targets of which nearly all ground, or all addresses, come from known places."""
    ground = pairs.groupby("to_code")["share_to"].sum()
    found = set(ground.index[ground >= SAME_PLACE])
    if addresses is not None:
        known = addresses["addresses"].where(_in_gemeenten(addresses["from_code"], sources), 0)
        share = known.groupby(addresses["to_code"]).sum()
        share /= addresses.groupby("to_code")["addresses"].sum()
        found |= set(share.index[share >= SAME_PLACE]) & set(moved["to_code"])
    return found
