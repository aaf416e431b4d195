"""Which places bring groups together, as evidence rows: per place, per kind and per sort of tie."""

import numpy as np
import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED, evidence_frame, with_status
from analysis.evidence.local import SMALLEST_REGION
from analysis.evidence.reach import COARSE
from analysis.measures.meeting import bridging_score, mean_bridging_score

# With fewer places than this a mean says nothing of the kind.
FEWEST_PLACES = 5
TIES = "ties_"


def scored_places(near: pd.DataFrame, area: pd.Series, mixes: pd.DataFrame) -> pd.DataFrame:
    """Return the bridging score of each place against the area in which it lies, or why not.

    Parameters
    ----------
    near : DataFrame of shape (m, k)
        Members of each group who can reach each place; NaN where that is not known. The groups
        are the whole composition.
    area : Series of str
        Code of the area (buurt, wijk) of each place, on the same index; NaN outside every area.
    mixes : DataFrame of shape (areas, k)
        Members of the same groups in each area, indexed by code; NaN where not published.

    Returns
    -------
    DataFrame
        By place: `area`, `score` (NaN unless 'ok'), `people_near` and `status`: 'ok'; 'no_place'
        (in no area); 'suppressed' (figures of the area or of those near are not there);
        'uninhabited' (nobody near); 'no_population' (nobody in the area); 'too_small' (fewer than
        50 people near or in the area: the mix is chance).

    Raises
    ------
    ValueError
        See `bridging_score`; also if a code stands in `mixes` twice.
    """
    if mixes.index.has_duplicates:
        raise ValueError(f"mixes has {mixes.index[mixes.index.duplicated()][0]} twice")
    around = mixes.reindex(area.to_numpy()).set_axis(near.index)
    people_near, people_around = near.sum(axis=1, skipna=False), around.sum(axis=1, skipna=False)
    status = pd.Series("ok", index=near.index)
    for which, why in (
        ((people_near < SMALLEST_REGION) | (people_around < SMALLEST_REGION), "too_small"),
        (people_around.eq(0), "no_population"),
        (people_near.eq(0), "uninhabited"),
        (people_near.isna() | people_around.isna(), "suppressed"),
        (area.isna(), "no_place"),
    ):
        status = status.mask(which, why)
    good = status.eq("ok")
    score = bridging_score(near[good], around[good]).reindex(near.index)
    return pd.DataFrame(
        {"area": area, "score": score, "people_near": people_near, "status": status}
    )


def place_rows(
    places: pd.DataFrame,
    scored: pd.DataFrame,
    *,
    level: str,
    year: int,
    source: str,
    coarse: bool = False,
) -> pd.DataFrame:
    """Return one evidence row per place: how much it bridges.

    Parameters
    ----------
    places : DataFrame
        `name` and `kind`, indexed by facility_id.
    scored : DataFrame
        What `scored_places` gave for them.
    level : {'buurt', 'wijk'}
        With which area each place is compared.
    year, source
        As in the evidence table.
    coarse : bool, optional
        One point stood for each buurt, and not cells of a grid: what would be 'ok' is then
        'coarse_origin'.

    Returns
    -------
    DataFrame
        Measure 'bridging_score'; area_code is the facility_id and area_name its name, group the
        kind, median_unit_size the number of people near.
    """
    scored = scored.loc[places.index]
    return evidence_frame(
        pd.DataFrame(
            {
                "area_code": places.index,
                "area_name": places["name"].array,
                "year": year,
                "level": level,
                "measure": bridging_score.__name__,
                "group": places["kind"].array,
                "value": with_status(scored["score"], scored["status"]).array,
                "median_unit_size": scored["people_near"].array,
                "status": scored["status"].mask(scored["status"].eq("ok") & coarse, COARSE).array,
                "source": source,
            }
        )
    )


def kind_rows(
    places: pd.DataFrame,
    scored: pd.DataFrame,
    ties: pd.Series,
    *,
    area_code: str,
    area_name: str,
    level: str,
    year: int,
    source: str,
    coarse: bool = False,
) -> pd.DataFrame:
    """Return the mean bridging score per kind of place and per sort of tie, with its interval.

    Parameters
    ----------
    places, scored, level, year, source, coarse
        See `place_rows`.
    ties : Series of str
        Sort of tie by kind: 'strong', 'fleeting' or 'both'. All kinds of `places` are there.
    area_code, area_name : str
        The gemeente in which the places lie.

    Returns
    -------
    DataFrame
        Measure 'mean_bridging_score', group the kind, or 'ties_strong', 'ties_fleeting',
        'ties_both'; most places first, the ties before the kinds. units are places with a score,
        units_missing those without; median_unit_size the median number of people near.
        Status 'too_small' (withheld) under 5 places with a score, 'partly_covered' where fewer
        than 80 % of the places have one.

    Raises
    ------
    ValueError
        If a kind has no sort of tie.
    """
    unknown = sorted(set(places["kind"]) - set(ties.index))
    if unknown:
        raise ValueError(f"ties has no sort of tie for the kinds {unknown}")
    table = scored.loc[places.index].assign(kind=places["kind"])
    table["role"] = TIES + table["kind"].map(ties)
    rows = []
    for column in ("role", "kind"):
        good = table[table["status"].eq("ok")]
        means = mean_bridging_score(good["score"], good[column], good["area"])
        for group, number in table[column].value_counts().items():
            found = means.loc[group] if group in means.index else None
            seen = 0 if found is None else int(found["places"])
            enough = seen >= FEWEST_PLACES
            fine = COARSE if coarse else "ok"
            status = fine if seen >= ENOUGH_COVERED * number else "partly_covered"
            rows.append(
                {
                    "area_code": area_code,
                    "area_name": area_name,
                    "year": year,
                    "level": level,
                    "measure": mean_bridging_score.__name__,
                    "group": group,
                    "value": found["mean"] if enough else np.nan,
                    "low": found["low"] if enough else np.nan,
                    "high": found["high"] if enough else np.nan,
                    "interval": "bootstrap 95%" if enough and pd.notna(found["low"]) else "",
                    "units": seen,
                    "units_missing": int(number) - seen,
                    "median_unit_size": good.loc[good[column].eq(group), "people_near"].median(),
                    "status": status if enough else "too_small",
                    "source": source,
                }
            )
    return evidence_frame(rows)


def extremes(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return the places that bridge most and those that separate most.

    Parameters
    ----------
    rows : DataFrame
        What `place_rows` gave, of one level.
    number : int
        How many of each, > 0.

    Returns
    -------
    DataFrame
        Evidence rows, highest score first: at most `number` with a score above 0, then at most
        `number` with one below 0, the lowest last. None is there twice.
    """
    known = rows[rows["value"].notna()].sort_values(
        ["value", "area_code"], ascending=[False, True], kind="stable"
    )
    most, least = known[known["value"] > 0].head(number), known[known["value"] < 0].tail(number)
    return pd.concat([most, least]).reset_index(drop=True)
