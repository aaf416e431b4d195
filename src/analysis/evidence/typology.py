"""A typology of regions by stated rules, with how sure each class is.

An ingredient is one figure with one threshold: a region lies above it or below. Its type is its
side on every ingredient together. A region without one of the figures has no type.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame, join

VALUE, SIDE, CERTAINTY = "ingredient_value", "ingredient_above", "ingredient_certainty"
THRESHOLD = "ingredient_threshold"
TYPE, TYPE_CERTAINTY = "type_number", "type_certainty"
TYPES, SURE_TYPES = "types_here", "regions_sure_of_type"
LACKING = "missing_ingredient"
# From this share of the draws a class is called sure.
SURE = 0.8


def rounded_draws(
    values: pd.DataFrame, step: float, *, draws: int = 500, seed: int = 0
) -> pd.DataFrame:
    """Return means that can lie behind figures that were rounded to the nearest multiple.

    Parameters
    ----------
    values : DataFrame of shape (regions, k)
        Published figures of which the mean is used, such as distances to three facilities.
    step : float
        The multiple, above 0 or 0 where nothing was rounded.

    Returns
    -------
    DataFrame of shape (regions, draws)
        Of regions with all figures.
    """
    known = values.dropna()
    random = np.random.default_rng(seed)
    error = random.uniform(-step / 2, step / 2, (len(known), known.shape[1], draws))
    drawn = (known.to_numpy(dtype=float)[:, :, None] + error).mean(axis=1)
    return pd.DataFrame(drawn, index=known.index)


def rate_draws(
    counts: pd.Series, people: pd.Series, *, per: float = 1000.0, draws: int = 500, seed: int = 0
) -> pd.DataFrame:
    """Return rates that can lie behind a number of places: few places are partly chance.

    Parameters
    ----------
    counts, people : Series
        Places and inhabitants per region; NaN where not known.
    per : float, optional
        Per how many inhabitants.

    Returns
    -------
    DataFrame of shape (regions, draws)
        Draws of a gamma distribution with shape count + 1/2 (Jeffreys' prior), of regions where
        somebody lives.
    """
    known = counts.notna() & people.gt(0)
    shape = counts[known].to_numpy(dtype=float)[:, None] + 0.5
    random = np.random.default_rng(seed)
    drawn = random.gamma(shape, size=(len(shape), draws))
    rate = drawn * per / people[known].to_numpy(dtype=float)[:, None]
    return pd.DataFrame(rate, index=counts.index[known])


def typed(
    values: Mapping[str, pd.Series],
    draws: Mapping[str, pd.DataFrame],
    thresholds: Mapping[str, float],
    regions: pd.DataFrame,
    area: pd.Series,
) -> pd.DataFrame:
    """Give every region its side on each ingredient and its type, with how sure both are.

    Parameters
    ----------
    values : mapping of str to Series
        The figure of each ingredient by region; NaN where not known. Empty for an ingredient that
        lacks as a whole.
    draws : mapping of str to DataFrame
        What each figure can have been: regions by draws, as many for every ingredient.
    thresholds : mapping of str to float
        By ingredient; NaN where unknown.
    regions : DataFrame
        Region table: `region_name` and `inhabitants`, by code.
    area : Series
        area_code, area_name, year, level and source.

    Returns
    -------
    DataFrame
        Per region and ingredient 'ingredient_value', 'ingredient_above' (1 above the threshold, 0
        at or below it) and 'ingredient_certainty' (the share of draws on that side). Per region
        'type_number' (the sides as binary digits, the first ingredient the highest) and
        'type_certainty' (the share of draws with that very type); status 'missing_ingredient'
        where an ingredient lacks, and group names which. Of the area 'ingredient_threshold',
        'types_here' and 'regions_sure_of_type' (certain for 80 % or more).

    Raises
    ------
    ValueError
        When two ingredients have another number of draws.
    """
    numbers = {one.shape[1] for one in draws.values() if len(one)}
    if len(numbers) > 1:
        raise ValueError(f"ingredients have different numbers of draws: {sorted(numbers)}")
    codes = regions.index
    shared = {
        "area_code": codes, "area_name": regions["region_name"].array, "year": area["year"],
        "level": area["level"], "median_unit_size": regions["inhabitants"].array, "units": 1,
        "source": area["source"],
    }  # fmt: skip
    tables, sides, matches, whole = [], {}, {}, []
    for key, threshold in thresholds.items():
        value = values[key].reindex(codes) if key in values else pd.Series(np.nan, codes)
        drawn = draws[key].reindex(codes) if key in draws else pd.DataFrame(index=codes)
        known = value.notna() & np.isfinite(threshold)
        above = value.gt(threshold)
        hits = drawn.gt(threshold).eq(above, axis=0)
        sides[key], matches[key] = above.where(known), hits
        certainty = hits.mean(axis=1) if drawn.shape[1] else pd.Series(np.nan, codes)
        for measure, numbers_ in (
            (VALUE, value), (SIDE, above.astype(float)), (CERTAINTY, certainty)
        ):  # fmt: skip
            good = value.notna() if measure == VALUE else known
            status = np.where(good & numbers_.notna(), "ok", "suppressed")
            tables.append(
                evidence_frame(
                    pd.DataFrame(
                        shared | {"measure": measure, "group": key, "status": status,
                                  "value": numbers_.where(status == "ok").array}
                    )
                )
            )  # fmt: skip
        fine = np.isfinite(threshold)
        whole.append(
            area.to_dict()
            | {"measure": THRESHOLD, "group": key, "value": threshold if fine else np.nan,
               "status": "ok" if fine else "suppressed"}
        )  # fmt: skip
    types = _types(sides, matches, shared)
    return join([*tables, evidence_frame(whole), *types, _counted(types, area)])


def _counted(types: list[pd.DataFrame], area: pd.Series) -> pd.DataFrame:
    """Return how many types there are, and how many regions are surely of theirs."""
    number, certainty = (rows.loc[rows["status"].eq("ok"), "value"] for rows in types)
    shared = {**area.to_dict(), "units": len(number), "units_missing": len(types[0]) - len(number)}
    return evidence_frame(
        [
            shared | {"measure": TYPES, "value": float(number.nunique())},
            shared | {"measure": SURE_TYPES, "value": float(certainty.ge(SURE).sum())},
        ]
    )


def _types(
    sides: dict[str, pd.Series], matches: dict[str, pd.DataFrame], shared: dict
) -> list[pd.DataFrame]:
    table = pd.DataFrame(sides)
    complete = table.notna().all(axis=1)
    weights = 2 ** np.arange(len(sides) - 1, -1, -1)
    number = (table[complete].astype(float) * weights).sum(axis=1).reindex(table.index)
    certainty = pd.Series(np.nan, table.index)
    if complete.any():
        every = [hits.loc[complete].to_numpy(dtype=bool) for hits in matches.values()]
        certainty[complete] = np.logical_and.reduce(every).mean(axis=1)
    lacking = table.isna().apply(lambda row: " + ".join(row.index[row]), axis=1)
    status = np.where(complete, "ok", LACKING)
    return [
        evidence_frame(
            pd.DataFrame(
                shared | {"measure": measure, "group": lacking.array, "status": status,
                          "value": values.array}
            )
        )
        for measure, values in ((TYPE, number), (TYPE_CERTAINTY, certainty))
    ]  # fmt: skip
