"""Whether an index hangs on where borders are drawn: over random zones of the same buurten."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.evidence.autocorrelation import touching_or_overlapping
from analysis.evidence.frame import evidence_frame
from analysis.evidence.groups import Group
from analysis.evidence.panel import facts_of, statuses_of
from analysis.evidence.units import grouped_units
from analysis.measures.evenness import dissimilarity
from analysis.measures.rezoning import over_zones, rezoned

# Outlines of one edition can lie some metres apart or overlap.
_GAP = 20.0
# All draws together take some seconds at most.
_ZONES_DRAWN = 6_000
_SEED = 20200101
ZONING = "zoning"


def over_random_zones(
    buurten: pd.DataFrame,
    group: Group,
    places: pd.DataFrame,
    *,
    year: int,
    source: str,
    absent: Mapping[str, str],
    area_name: str,
    draws: int | None = None,
) -> pd.DataFrame:
    """Return the dissimilarity over the wijken of one gemeente beside random zones of as many.

    Parameters
    ----------
    buurten : DataFrame
        Region table of the gemeente's buurten, with `gm_code` and `wk_code`.
    group : Group
    places : DataFrame
        Outlines of the buurten in metres by region code, as `geometry`.
    year, source, absent, area_name
        See `panel.measure`.
    draws : int, optional
        Random zonings: contiguous, of like population, as many zones as there are wijken. Without
        it 50 to 200, fewer where there are many wijken.

    Returns
    -------
    DataFrame
        One evidence row of level 'wijk': `value` the index over the wijken as they are, `low` and
        `high` the middle 95 % over the random zonings (interval 'zoning'). Buurten without a figure
        or an outline are in `units_missing`. Statuses as in `panel.measure`; 'single_unit' where
        there is one wijk or every buurt is one.
    """
    placed = pd.Series(buurten.index.isin(places.index), index=buurten.index)
    units = grouped_units(buurten, [group], year=year, absent={year: absent})
    facts, status = facts_of(units).iloc[0], statuses_of(units).iloc[0]
    used = units.used & placed.reindex(units.region_code).to_numpy()
    codes = units.region_code[used]
    wijken = buurten.loc[codes, "wk_code"].to_numpy(dtype=object)
    many = len(set(wijken))
    covered = float(units.people[used].sum() / np.nansum(units.people)) if len(codes) else 0.0
    if status == "ok" and (many < 2 or many == len(codes)):
        status = "single_unit"
    value = low = high = np.nan
    if status == "ok":
        x, y = units.group[used], units.others[used]
        value = over_zones(x, y, wijken, index=dissimilarity)
        links = touching_or_overlapping(places.loc[codes], gap=_GAP)
        drawn = rezoned(
            x,
            y,
            neighbours=links,
            zones=many,
            index=dissimilarity,
            draws=draws or int(np.clip(_ZONES_DRAWN / many, 50, 200)),
            seed=_SEED,
        ).loc["all"]
        low, high = drawn["low"], drawn["high"]
    return evidence_frame(
        [
            {
                "area_code": facts["area_code"],
                "area_name": area_name,
                "year": year,
                "level": "wijk",
                "measure": "dissimilarity",
                "group": group.key,
                "value": value,
                "low": low,
                "high": high,
                "interval": ZONING if status == "ok" else "",
                "units": many,
                "units_missing": len(buurten) - int((units.known & placed.to_numpy()).sum()),
                "population_covered": covered,
                "median_unit_size": pd.Series(units.people[used]).groupby(wijken).sum().median(),
                "status": status,
                "source": source,
            }
        ]
    )
