"""One-sided stock, and who lives where homes are cheap: associations between areas only."""

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from analysis.evidence.frame import evidence_frame, with_status
from analysis.evidence.local import SMALLEST_REGION

# A buurt of which more than this is owned by a housing association (RIGO's rule).
TWO_THIRDS = 2 / 3
OWNED, OVER, PERHAPS, PEOPLE = (
    "share_housing_corporation",
    "regions_over_two_thirds",
    "regions_perhaps_over_two_thirds",
    "people_in_regions_over_two_thirds",
)
OF_FIFTH, RANKS = "share_in_fifth", "rank_correlation"
FIFTHS, FEWEST = 5, 10
_DRAWS = 999


def one_sided(regions: pd.DataFrame, area: pd.Series, *, step: float = 0.01) -> pd.DataFrame:
    """Return which regions are for more than two thirds owned by a housing association.

    Parameters
    ----------
    regions : DataFrame
        Region table with share_housing_corporation, region_name and inhabitants.
    area : Series
        area_code, area_name, year, level and source.
    step : float, optional
        The multiple to which the share was rounded.

    Returns
    -------
    DataFrame
        Per region 'share_housing_corporation' with the interval of rounding. Of the area
        'regions_over_two_thirds' (the whole interval is), 'regions_perhaps_over_two_thirds' (a
        part of it is) and 'people_in_regions_over_two_thirds', the share of the inhabitants of
        regions with a figure; 'suppressed' where no region has one.
    """
    share, people = regions[OWNED], regions["inhabitants"]
    small = people < SMALLEST_REGION
    status = pd.Series(
        np.select([share.isna(), small], ["suppressed", "too_small"], "ok"), regions.index
    )
    value = with_status(share, status)
    low, high = (value - step / 2).clip(lower=0), (value + step / 2).clip(upper=1)
    known, sure = status.eq("ok"), low.gt(TWO_THIRDS)
    rows = evidence_frame(
        pd.DataFrame(
            {"area_code": regions.index, "area_name": regions["region_name"].array,
             "year": area["year"], "level": area["level"], "measure": OWNED,
             "group": "housing_corporation", "value": value.array, "low": low.array,
             "high": high.array, "interval": "rounding", "units": 1,
             "median_unit_size": people.array, "status": status.array, "source": area["source"]}
        )
    )  # fmt: skip
    there = bool(known.any())
    lived = people[known].sum()
    told = {
        OVER: float(sure.sum()),
        PERHAPS: float((high.gt(TWO_THIRDS) & ~sure).sum()),
        PEOPLE: float(people[sure].sum() / lived) if lived else np.nan,
    }
    shared = {
        **area.to_dict(), "group": "housing_corporation", "units": int(known.sum()),
        "units_missing": int((~known).sum()),
        "population_covered": float(lived / people.sum()) if people.sum() else np.nan,
    }  # fmt: skip
    whole = [
        shared | {"measure": name, "value": number if there else np.nan,
                  "status": "ok" if there else "suppressed"}
        for name, number in told.items()
    ]  # fmt: skip
    return evidence_frame(pd.concat([rows, evidence_frame(whole)]))


def by_cheapness(
    cheap: pd.Series,
    shares: dict[str, pd.Series],
    people: pd.Series,
    area: pd.Series,
    *,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the shares of groups in five fifths of the regions, from cheap to dear stock.

    An association between areas: it says nothing about who moved, nor about any household.

    Parameters
    ----------
    cheap : Series
        By region what it is ordered by, the cheapest first: a value of homes, or the share of
        social rent with its sign turned; NaN where not known.
    shares : dict of str to Series
        By group: its share per region; NaN where not known.
    people : Series
        By region: the weight of the mean, inhabitants; under 50 a region is left out.
    area : Series
        area_code, area_name, year, level and source.
    seed : int, optional

    Returns
    -------
    DataFrame
        Per group and fifth 'share_in_fifth' (mean weighted with `people`, and the shares between
        which the middle half of the people live as interval 'middle_half'), group
        '<group> | vijfde <n>', 1 the cheapest. And per group 'rank_correlation' (Spearman) of
        cheapness and share, above 0 where the group's share is larger where homes are cheaper,
        with the middle 95 % of 999 samples of regions (interval 'regions_resampled');
        neighbouring regions are alike, so that it is rather too narrow. 'not_comparable' with
        fewer than ten regions.
    """
    rows = []
    for key, share in shares.items():
        table = pd.DataFrame({"x": cheap, "y": share, "w": people}).dropna()
        table = table[table["w"].ge(SMALLEST_REGION)]
        shared = {**area.to_dict(), "units": len(table), "units_missing": len(cheap) - len(table)}
        if len(table) < FEWEST or table["x"].nunique() < FIFTHS or table["y"].nunique() < 2:
            rows.append(shared | {"measure": RANKS, "group": key, "status": "not_comparable"})
            continue
        fifth = np.ceil(FIFTHS * table["x"].rank(method="first") / len(table)).astype(int)
        for number, own in table.groupby(fifth):
            low, high = np.quantile(own["y"], [0.25, 0.75], weights=own["w"], method="inverted_cdf")
            rows.append(
                shared
                | {"measure": OF_FIFTH, "group": f"{key} | vijfde {number}", "units": len(own),
                   "value": float(np.average(own["y"], weights=own["w"])), "low": low,
                   "high": high, "interval": "middle_half"}
            )  # fmt: skip
        drawn = _resampled(table["x"].to_numpy(), table["y"].to_numpy(), seed)
        low, high = np.nanpercentile(drawn, [2.5, 97.5])
        value = float(_rank_correlation(-table[["x"]].to_numpy().T, table[["y"]].to_numpy().T)[0])
        rows.append(
            shared
            | {"measure": RANKS, "group": key, "value": value, "low": low, "high": high,
               "interval": "regions_resampled"}
        )  # fmt: skip
    return evidence_frame(rows)


def _resampled(x: np.ndarray, y: np.ndarray, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    picks = random.integers(0, len(x), (_DRAWS, len(x)))
    return _rank_correlation(-x[picks], y[picks])


def _rank_correlation(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return Spearman's correlation of every row; NaN where a row has no differences."""
    one, two = (rankdata(values, axis=-1) - (values.shape[-1] + 1) / 2 for values in (x, y))
    size = np.sqrt((one**2).sum(axis=-1) * (two**2).sum(axis=-1))
    together = (one * two).sum(axis=-1)
    return np.divide(together, size, out=np.full(size.shape, np.nan), where=size > 0)
