"""Which places bring groups together: who can reach a place, beside who lives around it."""

import numpy as np
import pandas as pd

from analysis.measures.catchment import weighted
from analysis.measures.counts import Column, checked_counts, group_columns
from analysis.measures.diversity import entropy
from analysis.measures.streams import area_streams
from analysis.measures.travel import Travel

# With fewer areas than this, drawing areas again says little of what another set would give.
FEWEST_AREAS = 5


def co_accessibility(travel: Travel, weights: np.ndarray, members: pd.DataFrame) -> pd.DataFrame:
    """Return how many people of each group can reach each facility.

    N_jk = sum_i w_ij n_ik: with the weights of `decay.binary` the members of group k who live
    within the threshold. Who could meet there, not who does.

    Parameters
    ----------
    travel : Travel
        n origins, m facilities, p pairs, from home to facility.
    weights : ndarray of shape (p,)
        >= 0, see `catchment.gravity`.
    members : DataFrame of shape (n, k)
        Members of each group at each origin, >= 0, none missing; on the index of the origins.

    Returns
    -------
    DataFrame of shape (m, k)
        By facility; 0 where nobody is near.

    Raises
    ------
    TypeError, ValueError
        See `group_columns` and `catchment.gravity`; also if the index is another.

    References
    ----------
    Milias, V. & Psyllidis, A. (2022). Measuring spatial age segregation through the lens of
    co-accessibility to urban activities. Computers, Environment and Urban Systems 95, 101829.

    Examples
    --------
    >>> from analysis.measures.travel import travel_of_pairs
    >>> pairs = pd.DataFrame({"origin": ["a", "b"], "facility": "park", "distance": [4.0, 9.0]})
    >>> travel = travel_of_pairs(pd.Index(["a", "b"]), pd.Index(["park"]), pairs, 10)
    >>> members = pd.DataFrame({"young": [5, 0], "old": [1, 8]}, ["a", "b"])
    >>> co_accessibility(travel, np.ones(2), members).loc["park"].tolist()
    [5.0, 9.0]
    """
    columns = checked_counts(group_columns(members, "members"))
    if not members.index.equals(travel.origins):
        raise ValueError("members has another index than the origins: align them by name first")
    near = weighted(travel, weights).T @ np.column_stack(columns)
    return pd.DataFrame(near, index=travel.facilities, columns=members.columns)


def bridging_score(near: pd.DataFrame, around: pd.DataFrame) -> pd.Series:
    """Return how much more mixed those are who can reach a place than its area.

    E(near) - E(around), with E the entropy of the composition divided by ln k
    (`diversity.entropy`, normalised). Above 0 the place bridges: it is within reach of a wider mix
    than lives around it. Below 0 it separates: it is within reach of one group more than of the
    others.

    Parameters
    ----------
    near : DataFrame of shape (m, k)
        Members of each group who can reach each place, >= 0, none missing; the groups are the
        whole composition and do not overlap.
    around : DataFrame of shape (m, k)
        Members of each group in the area (buurt, wijk) of each place; the same groups in the same
        order, on the same index.

    Returns
    -------
    Series of float
        Between -1 and 1, by place; NaN where nobody is near and where nobody lives in the area.

    Raises
    ------
    TypeError, ValueError
        See `entropy`; also if groups or places differ.

    Notes
    -----
    A catchment that is larger than the area takes in more kinds of people and scores higher for
    that alone; a score against the buurt is to be read beside one against the wijk.

    Examples
    --------
    >>> near = pd.DataFrame({"young": [50, 9], "old": [50, 1]})
    >>> around = pd.DataFrame({"young": [90, 5], "old": [10, 5]})
    >>> bridging_score(near, around).round(3).tolist()
    [0.531, -0.531]
    """
    if not isinstance(near, pd.DataFrame) or not isinstance(around, pd.DataFrame):
        raise TypeError("near and around must be DataFrames with one named column per group")
    if list(near.columns) != list(around.columns):
        raise ValueError(f"near has the groups {list(near.columns)} and around "
                         f"{list(around.columns)}: give both the same, in one order")  # fmt: skip
    if not near.index.equals(around.index):
        raise ValueError("near and around are of different places: align them by name first")
    return (entropy(near, normalised=True) - entropy(around, normalised=True)).rename(
        "bridging_score"
    )


def mean_bridging_score(
    score: pd.Series,
    kind: Column,
    area: Column,
    *,
    draws: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the mean score of the places of each kind, with an interval.

    Places in one area lie beside the same mix and are within reach of the same people: they are
    not so many independent cases. The interval draws whole areas again, with replacement, as many
    as have a place of the kind, and takes the percentiles of the means.

    Parameters
    ----------
    score : Series of m numbers
        None missing: places without a score are to be left out, and counted, by the caller.
    kind, area : column of m labels
        Of each place, none missing.
    draws : int, optional
        > 0.
    confidence : float, optional
        Strictly between 0 and 1.
    seed : int, optional
        Each kind has its own stream: another kind in the table changes nothing of this one.

    Returns
    -------
    DataFrame
        By kind, sorted: `mean`, `low`, `high` (NaN with fewer than 5 areas), `places`, `areas`.

    Raises
    ------
    TypeError, ValueError
        If a score is missing or infinite, a label is missing, columns differ in length, or an
        option is out of its range.

    Examples
    --------
    >>> scores = mean_bridging_score(pd.Series([0.1, 0.3]), ["park"] * 2, ["a", "b"])
    >>> scores["mean"].round(3).tolist()
    [0.2]
    """
    values = np.asarray(score, dtype=float)
    if not np.isfinite(values).all():
        raise ValueError(
            f"score is missing or infinite in {(~np.isfinite(values)).sum()} of {len(values)} "
            "places: leave these out and count them before taking a mean"
        )
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}: give a number between 0 and 1, as 0.95")
    if draws < 1:
        raise ValueError(f"draws is {draws}: give 1 or more")
    table = pd.DataFrame({"score": values, "kind": _labels(kind, values, "kind"),
                          "area": _labels(area, values, "area")})  # fmt: skip
    by_area = table.groupby(["kind", "area"])["score"].agg(["sum", "size"])
    kinds = by_area.index.unique("kind")
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    rows = []
    for name, random in zip(kinds, area_streams(seed, kinds, "bridging"), strict=True):
        own = by_area.loc[name].to_numpy(dtype=float)
        low = high = np.nan
        if len(own) >= FEWEST_AREAS:
            times = random.multinomial(len(own), np.full(len(own), 1 / len(own)), size=draws)
            sums, places = (times @ own).T
            low, high = np.quantile(sums / places, tails)
        total, number = own.sum(axis=0)
        rows.append((total / number, low, high, int(number), len(own)))
    columns = ["mean", "low", "high", "places", "areas"]
    return pd.DataFrame(rows, index=kinds, columns=columns)


def _labels(column: Column, values: np.ndarray, name: str) -> np.ndarray:
    labels = np.asarray(column, dtype=object)
    if labels.shape != values.shape:
        raise ValueError(f"{name} has {len(labels)} values for {len(values)} places")
    if pd.isna(labels).any():
        raise ValueError(f"{name} is missing of some places: leave these out and count them")
    return labels
