"""Whether what people need stays as near while their number changes: distances over the years."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame, join
from analysis.evidence.over_years import MARK, changes
from analysis.evidence.provision import nearness

# Distances are published in tenths of a kilometre.
_STEP_KM = 0.1
_SURE = 1.96
# A gemeente whose land changed by more than this part has other borders.
_SAME_LAND = 0.02


def nearness_of_year(regions: pd.DataFrame, concept: str, **facts) -> pd.DataFrame:
    """Return the mean distance over inhabitants, with what rounding leaves open.

    Each region's distance d_i is rounded to h = 0.1 km: its error is uniform on (-h/2, h/2). The
    mean sum_i w_i d_i with shares of people w_i then has an error with standard deviation
    h / sqrt(12) sqrt(sum_i w_i^2), and 1.96 times that to both sides holds the mean of the true
    distances in 95 of 100 cases.

    Parameters
    ----------
    regions : DataFrame
        Region table with `inhabitants` and the concept, in km.
    concept : str
    **facts
        See `provision.nearness`.

    Returns
    -------
    DataFrame
        One evidence row 'mean_distance' in km with interval 'rounding'; without a value it has no
        interval.
    """
    row = nearness(regions, concept, **facts)
    if row["status"].iloc[0] != "ok":
        return row
    people = regions["inhabitants"][regions[concept].notna()]
    weight = people / people.sum()
    half = _SURE * _STEP_KM / np.sqrt(12) * float(np.sqrt((weight**2).sum()))
    value = row["value"].iloc[0]
    return row.assign(low=max(0.0, value - half), high=value + half, interval="rounding")


def changes_of_nearness(rows: pd.DataFrame, breaks: dict[str, int]) -> pd.DataFrame:
    """Return how much nearer or farther each kind came, within years that count alike.

    Parameters
    ----------
    rows : DataFrame
        Rows of `nearness_of_year` of several years and concepts.
    breaks : dict of str to int
        By concept the first year in which it is measured otherwise; years before and from it on
        are never compared.

    Returns
    -------
    DataFrame
        See `over_years.changes`.
    """
    found = []
    for concept, own in rows.groupby("group", sort=False):
        years = sorted(own["year"].unique())
        since = breaks.get(concept, years[0])
        found.append(changes(own, pd.Series([int(y >= since) for y in years], index=years)))
    return join(found)


def growth_of_people(people: pd.Series, land: pd.Series, **facts) -> pd.DataFrame:
    """Return by which part the number of inhabitants changed up to the last year.

    Parameters
    ----------
    people, land : Series of float
        Inhabitants and land area in km2 of the gemeente, by year.
    **facts
        `area_code`, `area_name` and `source` of the evidence rows.

    Returns
    -------
    DataFrame
        One row per earlier year: 'inhabitants_change_since_<year>', p_last / p_year - 1;
        'not_comparable' where the land differs by more than 2 %, for then its borders moved.
    """
    last = int(people.index.max())
    found = []
    for year in sorted(people.index[people.index < last]):
        moved = abs(land[year] / land[last] - 1) > _SAME_LAND
        known = not moved and people[[year, last]].gt(0).all()
        found.append(
            facts
            | {
                "year": last,
                "level": "gemeente",
                "measure": f"inhabitants{MARK}{year}",
                "group": "inhabitants",
                "value": people[last] / people[year] - 1 if known else np.nan,
                "status": "ok" if known else "not_comparable",
            }
        )
    return evidence_frame(found)
