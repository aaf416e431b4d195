"""Whether concentration grows, stays in place, and moves next door, between two years.

Only for regions that are known to be the same in both years, and a group defined the same.
"""

import numpy as np
import pandas as pd

from analysis.evidence.autocorrelation import SMALLEST_SET, morans_i, touching_or_overlapping
from analysis.evidence.frame import evidence_frame
from analysis.measures.growth import reordering_inequality_growth
from analysis.measures.small_areas import difference_interval

CHANGE, BEYOND = "share_change_since_", "share_change_beyond_gemeente_since_"
RISING, FALLING = "regions_rising", "regions_falling"
STAYS, STAY, SIZE = "stays_in_top_fifth", "number_that_stays", "top_fifth_size"
BY_CHANCE, RANKS = "number_that_stays_by_chance", "rank_correlation"
PARTS = ("growth", "inequality", "reordering")
MOVEMENT, MEAN_MOVEMENT = "share_of_movement", "mean_absolute_change"
WATERBED, WATERBED_P = "morans_i_of_change", "morans_i_of_change_p"
# With fewer regions a top fifth is one or two of them.
FEWEST = 10
FIFTHS = 5
# Outlines of one edition can lie some metres apart or overlap.
_GAP = 20.0


def share_changes(
    before: pd.DataFrame,
    after: pd.DataFrame,
    same: pd.Series,
    *,
    whole: tuple[float, float],
) -> pd.DataFrame:
    """Return how much the share of a group changed per region, and how much beyond the gemeente's.

    Parameters
    ----------
    before, after : DataFrame
        Evidence rows of measure 'share' of one group and level, one year each, with intervals.
    same : Series of str
        Code in the first year by code in the second, of regions known to be the same.
    whole : (float, float)
        The gemeente's own share in both years; NaN where unknown.

    Returns
    -------
    DataFrame
        Per region of the second year two evidence rows: 'share_change_since_<year>' and
        'share_change_beyond_gemeente_since_<year>' (less the change of the whole gemeente, whose
        own error is left aside), in shares, with the interval of a difference (Newcombe). Status
        'not_comparable' where the region is not known to be the same; else that of the year
        without a figure.

    Raises
    ------
    ValueError
        When a region has two rows.
    """
    for name, rows in {"before": before, "after": after}.items():
        if rows["area_code"].duplicated().any():
            raise ValueError(f"{name} has a region twice: give one row per region")
    now = after.set_index("area_code", drop=False)
    then = before.set_index("area_code").reindex(same.reindex(now.index).array).set_axis(now.index)
    known = now["status"].eq("ok") & then["status"].eq("ok")
    limits = ["low", "high"]
    sure = difference_interval(then["value"], then[limits], now["value"], now[limits])
    status = now["status"].mask(now["status"].eq("ok"), then["status"].fillna("not_comparable"))
    first = int(before["year"].iloc[0]) if len(before) else 0
    change = now["value"] - then["value"]
    tables = []
    for measure, less in ((CHANGE, 0.0), (BEYOND, whole[1] - whole[0])):
        told = status if np.isfinite(less) else status.mask(known, "no_denominator")
        good = told.eq("ok")
        tables.append(
            now.assign(
                measure=f"{measure}{first}",
                value=(change - less).where(good),
                low=(sure["low"] - less).where(good),
                high=(sure["high"] - less).where(good),
                interval="difference",
                status=told,
            )
        )
    return evidence_frame(pd.concat(tables))


def counted_changes(changes: pd.DataFrame, area: pd.Series) -> pd.DataFrame:
    """Return in how many regions a share clearly rose and fell.

    Parameters
    ----------
    changes : DataFrame
        Evidence rows of one measure of change, of one group.
    area : Series
        area_code, area_name, year, level, group and source.

    Returns
    -------
    DataFrame
        'regions_rising' (the whole interval above 0) and 'regions_falling', `units` the regions
        compared; 'not_comparable' where none is.
    """
    known = changes[changes["status"].eq("ok")]
    shared = {**area.to_dict(), "units": len(known), "units_missing": len(changes) - len(known)}
    told = {RISING: known["low"].gt(0).sum(), FALLING: known["high"].lt(0).sum()}
    return evidence_frame(
        [
            shared
            | {"measure": measure, "value": float(number) if len(known) else np.nan,
               "status": "ok" if len(known) else "not_comparable"}
            for measure, number in told.items()
        ]
    )  # fmt: skip


def persistence(
    before: pd.DataFrame,
    after: pd.DataFrame,
    same: pd.Series,
    names: pd.Series,
    area: pd.Series,
) -> pd.DataFrame:
    """Return which regions stay in the fifth with the largest share, and with how much certainty.

    Parameters
    ----------
    before, after : DataFrame of shape (regions, draws)
        Shares that each region can have had, such as from `tails.share_draws`.
    same : Series of str
        See `share_changes`.
    names : Series of str
        By code of the second year.
    area : Series
        area_code, area_name, year (the second), level, group and source.

    Returns
    -------
    DataFrame
        Per region that is in both years 'stays_in_top_fifth': the part of the draws in which it is
        in the top fifth both times. Of the whole area 'top_fifth_size', 'number_that_stays' and
        'rank_correlation' (Spearman), both with the middle 95 % of the draws (interval 'draws'),
        and 'number_that_stays_by_chance': size squared over the number of regions. With fewer than
        ten regions 'not_comparable', without a value.
    """
    pairs = same[same.index.isin(after.index) & same.isin(before.index)]
    shared = {**area.to_dict(), "units": len(pairs)}
    if len(pairs) < FEWEST:
        return evidence_frame([shared | {"measure": STAY, "status": "not_comparable"}])
    one, two = before.loc[pairs.array].to_numpy(), after.loc[pairs.index].to_numpy()
    size = int(np.ceil(len(pairs) / FIFTHS))
    ranks = [values.argsort(axis=0).argsort(axis=0) for values in (one, two)]
    top = [rank >= len(pairs) - size for rank in ranks]
    both = top[0] & top[1]
    middle = [rank - rank.mean(axis=0) for rank in ranks]
    alike = (middle[0] * middle[1]).sum(axis=0) / np.sqrt(
        (middle[0] ** 2).sum(axis=0) * (middle[1] ** 2).sum(axis=0)
    )
    rows = [
        shared
        | {"area_code": code, "area_name": names[code], "measure": STAYS, "value": float(chance),
           "units": 1}
        for code, chance in zip(pairs.index, both.mean(axis=1), strict=True)
    ]  # fmt: skip
    for measure, values in ((STAY, both.sum(axis=0)), (RANKS, alike)):
        low, high = np.percentile(values, [2.5, 97.5])
        rows.append(
            shared
            | {"measure": measure, "value": float(values.mean()), "low": low, "high": high,
               "interval": "draws"}
        )  # fmt: skip
    rows.append(shared | {"measure": SIZE, "value": float(size)})
    rows.append(shared | {"measure": BY_CHANCE, "value": size**2 / len(pairs)})
    return evidence_frame(rows)


def waterbed(changes: pd.DataFrame, places: pd.DataFrame, area: pd.Series) -> pd.DataFrame:
    """Return whether change in a region goes with the opposite change next door.

    Moran's I of the change, row-standardised: below 0 where neighbours change in opposite ways,
    above 0 where they change alike.

    Parameters
    ----------
    changes : DataFrame
        Evidence rows of one measure of change.
    places : DataFrame
        Outlines in metres by region code, as `geometry`.
    area : Series
        area_code, area_name, year, level, group and source.

    Returns
    -------
    DataFrame
        Two evidence rows: 'morans_i_of_change' and its 'morans_i_of_change_p' (two-sided, 999
        permutations); 'not_comparable' with fewer than ten regions or none that touch.
    """
    known = changes[changes["status"].eq("ok") & changes["area_code"].isin(places.index)]
    found = {"value": np.nan, "p": np.nan}
    if len(known) >= max(FEWEST, SMALLEST_SET):
        values = known.set_index("area_code")["value"]
        found = morans_i(values, touching_or_overlapping(places.loc[values.index], gap=_GAP))
    shared = {**area.to_dict(), "units": len(known), "units_missing": len(changes) - len(known)}
    return evidence_frame(
        [
            shared
            | {
                "measure": measure,
                "value": found[key],
                "status": "not_comparable" if np.isnan(found[key]) else "ok",
            }
            for measure, key in ((WATERBED, "value"), (WATERBED_P, "p"))
        ]
    )


def processes(
    before: pd.Series,
    after: pd.Series,
    people: tuple[pd.Series, pd.Series],
    area: pd.Series,
) -> pd.DataFrame:
    """Divide the change of every fifth of the regions into growth, inequality and reordering.

    Parameters
    ----------
    before, after : Series
        Mean or share of each region in both years, on the codes of the second year; NaN or 0 is
        left out and counted.
    people : (Series, Series)
        Inhabitants (or households) of each region in both years, on the same index.
    area : Series
        area_code, area_name, year (the second), level, group and source.

    Returns
    -------
    DataFrame
        Per fifth of the regions by their first value (1 the lowest) and per part an evidence row,
        measure the part, or 'change' for their sum, group '<group> | vijfde <n>': the mean over
        the people of the second year. And 'share_of_movement' per part (group '<group> | <part>'):
        its absolute size as a share of that of the three; and
        'mean_absolute_change', how much the regions changed. 'not_comparable' with fewer than ten
        regions.
    """
    table = pd.DataFrame({"one": before, "two": after, "w1": people[0], "w2": people[1]})
    used = table[(table > 0).all(axis=1)]
    shared = {
        **area.to_dict(), "units": len(used), "units_missing": len(table) - len(used),
        "population_covered": float(used["w2"].sum() / table["w2"].sum()),
    }  # fmt: skip
    if len(used) < FEWEST:
        return evidence_frame([shared | {"measure": MOVEMENT, "status": "not_comparable"}])
    parts = reordering_inequality_growth(used["one"], used["two"], used["w1"], used["w2"])
    fifth = np.ceil(FIFTHS * used["one"].rank(method="first") / len(used)).astype(int)
    rows = []
    for number, own in parts.groupby(fifth):
        weight = used.loc[own.index, "w2"]
        rows += [
            shared
            | {"measure": name, "group": f"{area['group']} | vijfde {number}",
               "value": float(np.average(own[name], weights=weight)), "units": len(own)}
            for name in ("change", *PARTS)
        ]  # fmt: skip
    size = parts[list(PARTS)].abs().mul(used["w2"], axis=0).sum()
    mean = float(np.average(parts["change"].abs(), weights=used["w2"]))
    rows.append(shared | {"measure": MEAN_MOVEMENT, "value": mean})
    rows += [
        shared
        | {"measure": MOVEMENT, "group": f"{area['group']} | {name}",
           "value": size[name] / size.sum() if size.sum() > 0 else np.nan,
           "status": "ok" if size.sum() > 0 else "group_absent"}
        for name in PARTS
    ]  # fmt: skip
    return evidence_frame(rows)
