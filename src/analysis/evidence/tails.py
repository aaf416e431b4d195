"""Where vulnerable and where affluent groups are concentrated, always both, and how sure that is.

Neither side is shown without the other: segregation is as much about where the well-off live.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import beta

from analysis.evidence.frame import evidence_frame, join
from analysis.evidence.groups import Group, counts, reason_absent
from analysis.evidence.local import local_values
from analysis.measures.small_areas import empirical_bayes, exact_interval

# The vulnerable and the affluent side of one thing, the best comparable first.
PAIRS = (
    ("households_lowest_40", "households_highest_20"),
    ("persons_lowest_40", "persons_highest_20"),
    ("low_income_households", "households_highest_20"),
    ("social_assistance", "households_highest_20"),
    ("social_assistance", "persons_highest_20"),
    ("social_assistance", "owner_occupied"),
    ("housing_corporation", "owner_occupied"),
)
SHARE, QUOTIENT, SHRUNK, WEIGHT = "share", "location_quotient", "shrunk_share", "own_weight"
EXACT, BAYES, ROUNDED = "exact", "empirical_bayes", "rounding"
OVER = "regions_over_represented"
# What is called more where chance is not known: the limit of the class 'above' (measures.local).
LEAST_BARE = 1.25
_CONFIDENCE = 0.95


def concentration(
    regions: pd.DataFrame,
    group: Group,
    *,
    whole: float,
    level: str,
    year: int,
    source: str,
    absent: Mapping[str, str],
) -> pd.DataFrame:
    """Return each region's share of a group, beside its gemeente's, and how sure both are.

    Parameters
    ----------
    regions : DataFrame
        A region table of one gemeente and level.
    group : Group
    whole : float
        The share in the whole gemeente as published, 0 to 1; NaN where unknown. Used for the
        location quotient where the regions' denominators are not published.
    level, year, source
        As in the evidence table.
    absent : mapping of str to str
        Concept -> why the table has no figure for it.

    Returns
    -------
    DataFrame
        Evidence rows per region: 'share' and 'location_quotient', with the exact interval (what
        chance and rounding leave open) or, without denominators, that of rounding alone;
        'shrunk_share', moved towards all regions together (empirical Bayes, with the 95 % interval
        of the share behind it), and 'own_weight', how much of it is the region's own figure.
        Statuses as in `local_values`.
    """
    local = local_values(regions, group, level=level, year=year, source=source, absent=dict(absent))
    share = local[local["measure"].eq(SHARE)].set_index("area_code", drop=False)
    quotient = local[local["measure"].eq(QUOTIENT)].set_index("area_code", drop=False)
    reason = reason_absent(group, regions, absent)
    codes = regions.index
    if reason:
        half = share_step(group) / 2
        limits = pd.DataFrame({"low": share["value"] - half, "high": share["value"] + half})
        limits, interval = limits.clip(0, 1), ROUNDED
        moved = pd.DataFrame(np.nan, index=codes, columns=["shrunk", "own_weight", "low", "high"])
        if reason == "no_denominator" and whole > 0:
            known = share["status"].eq("ok")
            quotient["value"] = share["value"] / whole
            quotient["status"] = share["status"].where(~known, "ok")
        ratio = whole
    else:
        used = _counted(regions, group)
        limits = exact_interval(used["group"], used["total"], slack=used["slack"]).reindex(codes)
        moved, interval = _moved(used).reindex(codes), EXACT
        ratio = used["group"].sum() / used["total"].sum()
    share = _limited(share, limits, interval)
    quotient = _limited(quotient, limits / ratio if ratio > 0 else limits * np.nan, interval)
    told = share["status"].mask(share["status"].eq("ok") & moved["shrunk"].isna(), "no_denominator")
    good = told.eq("ok")
    shrunk = share.assign(measure=SHRUNK, value=moved["shrunk"].where(good), status=told)
    shrunk = _limited(shrunk, moved[["low", "high"]], BAYES)
    weight = share.assign(
        measure=WEIGHT, value=moved["own_weight"].where(good), status=told,
        low=np.nan, high=np.nan, interval="",
    )  # fmt: skip
    return join([evidence_frame(one) for one in (share, quotient, shrunk, weight)])


def share_draws(
    regions: pd.DataFrame,
    group: Group,
    *,
    absent: Mapping[str, str],
    draws: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Return shares that each region can have had behind its published figure.

    Parameters
    ----------
    regions, group, absent
        See `concentration`.
    draws, seed : int, optional

    Returns
    -------
    DataFrame of shape (regions, draws)
        With denominators from the beta distribution of empirical Bayes, around a count drawn
        within its rounding; without them within the rounding of the percentage. Regions without a
        figure are not in it.
    """
    random = np.random.default_rng(seed)
    reason = reason_absent(group, regions, absent)
    if reason:
        of = regions.get(group.count, pd.Series(np.nan, regions.index))
        known = of[of.notna()] if reason == "no_denominator" else of.iloc[:0]
        half = share_step(group) / 2
        moved = random.uniform(-half, half, (len(known), draws))
        return pd.DataFrame(np.clip(known.to_numpy()[:, None] + moved, 0, 1), index=known.index)
    used = _counted(regions, group)
    if used.empty:
        return pd.DataFrame(index=used.index)
    prior = empirical_bayes(used["group"], used["total"])
    if prior["alpha"].isna().any():
        prior = prior.assign(alpha=used["group"] + 0.5, beta=used["total"] - used["group"] + 0.5)
    if np.isinf(prior["alpha"]).any():
        same = prior["shrunk"].to_numpy()[:, None].repeat(draws, axis=1)
        return pd.DataFrame(same, index=used.index)
    room = used["slack"].to_numpy()[:, None]
    moved = random.uniform(-1, 1, (len(used), draws)) * room
    alpha = np.maximum(prior["alpha"].to_numpy()[:, None] + moved, _SMALL)
    rest = np.maximum(prior["beta"].to_numpy()[:, None] - moved, _SMALL)
    return pd.DataFrame(random.beta(alpha, rest), index=used.index)


def over_represented(rows: pd.DataFrame) -> pd.Series:
    """Return which regions clearly have more of a group than their gemeente.

    Where the interval is that of chance it lies above 1; where only rounding is known, chance is
    not, and the quotient must be 1.25 or more.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'location_quotient'.
    """
    bare = rows["interval"].eq(ROUNDED)
    return rows["status"].eq("ok") & rows["low"].gt(1) & (~bare | rows["low"].ge(LEAST_BARE))


def counted_over(rows: pd.DataFrame, area: pd.Series) -> pd.DataFrame:
    """Return in how many regions each group is clearly over-represented.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'location_quotient' of one or more groups.
    area : Series
        area_code, area_name, year, level and source.

    Returns
    -------
    DataFrame
        Per group 'regions_over_represented', `units` the regions with a figure; its interval says
        on which interval it rests. 'suppressed' where no region has a figure.
    """
    found = []
    for key, own in rows.groupby("group", sort=False):
        known = own["status"].eq("ok")
        found.append(
            {
                **area.to_dict(),
                "measure": OVER,
                "group": key,
                "value": float(over_represented(own).sum()) if known.any() else np.nan,
                "units": int(known.sum()),
                "units_missing": int((~known).sum()),
                "interval": own["interval"].iloc[0],
                "status": "ok" if known.any() else "suppressed",
            }
        )
    return evidence_frame(found)


def share_step(group: Group) -> float:
    """Return the multiple to which a published share of a group was rounded, such as 0.01."""
    one = pd.DataFrame({name: [0.5] for name in group.columns if name}) * 1.0
    if group.total:
        one[group.total] = 1.0
    return float(counts(one, group)["step"].iloc[0])


_SMALL = 1e-3


def _counted(regions: pd.DataFrame, group: Group) -> pd.DataFrame:
    """Return group, total and slack of the regions where somebody lives and figures are known."""
    counted = counts(regions, group)
    used = counted[counted["total"].notna() & counted["total"].gt(0)]
    # By random rounding a group can exceed its total: the share is then the whole.
    inside = np.minimum(used["group"], used["total"])
    # A percentage was rounded to the nearest; a count to either neighbouring multiple.
    slack = used["step"] / 2 if group.count.startswith("share_") else used["step"] - 1
    return used.assign(group=inside, slack=slack.clip(lower=0))


def _moved(used: pd.DataFrame) -> pd.DataFrame:
    moved = empirical_bayes(used["group"], used["total"])
    tail = (1 - _CONFIDENCE) / 2
    sure = np.isfinite(moved["alpha"])
    for name, place in (("low", tail), ("high", 1 - tail)):
        # Where areas differ no more than chance there is one share, and no interval around it.
        moved[name] = np.nan
        own = beta.ppf(place, moved.loc[sure, "alpha"], moved.loc[sure, "beta"])
        moved.loc[sure, name] = own
    return moved


def _limited(rows: pd.DataFrame, limits: pd.DataFrame, interval: str) -> pd.DataFrame:
    good = rows["status"].eq("ok")
    own = limits.reindex(rows.index)
    return rows.assign(low=own["low"].where(good), high=own["high"].where(good), interval=interval)
