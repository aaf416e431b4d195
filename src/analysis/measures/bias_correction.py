"""Indices of segregation cleared of the part that sampling or small units add, without draws."""

import numpy as np
import pandas as pd
from scipy.special import xlogy

from analysis.measures.areas import Areas, by_area, ratio
from analysis.measures.binomial_moments import mean_absolute_difference, mean_k_log_k
from analysis.measures.counts import Column


def bias_corrected_dissimilarity(
    group: Column, others: Column, by: Column | None = None
) -> pd.Series | float:
    """Return dissimilarity with its upward bias taken off once, 2D - E[D*], in every area.

    D* is the dissimilarity of a resampled area in which X members of the group and Y others each
    choose a unit with the probabilities x_i/X and y_i/Y found (the bootstrap of Allen et al.
    2015): what E[D*] lies above D, D is taken to lie above the true index.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing; rounded to whole
        persons in the resampling.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        2D - E[D*], by area, sorted; one number without `by`. Not above D. Set to 0 where it would
        fall below. NaN where the group or the others are absent.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Notes
    -----
    E[D*] = 1/2 sum_i E|a_i/X - b_i/Y| needs the two binomials of each unit only, and is computed
    (`mean_absolute_difference`) where the paper takes the mean of resamples: equal to the mean of
    infinitely many to about 1e-5. The correction takes off most of the bias, not all: near D = 0
    about three tenths of it stays.

    References
    ----------
    Allen, R., Burgess, S., Davidson, R. & Windmeijer, F. (2015). More reliable inference for the
    dissimilarity index of segregation. The Econometrics Journal 18(1), 40-66.

    Examples
    --------
    >>> round(bias_corrected_dissimilarity([30, 10], [10, 30]), 4)
    0.5
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    all_x, all_y = areas.sums(x), areas.sums(y)
    surplus = x * areas.spread(all_y) - y * areas.spread(all_x)
    found = ratio(areas.sums(np.abs(surplus)), 2 * all_x * all_y)
    resampled = np.full(len(found), np.nan)
    whole = _whole(areas, x, y)
    defined = (areas.sums(whole[0]) > 0) & (areas.sums(whole[2]) > 0)
    inside = areas.spread(defined)
    distance = np.zeros(len(x))
    distance[inside] = mean_absolute_difference(*(column[inside] for column in whole))
    resampled[defined] = areas.sums(distance)[defined] / 2
    corrected = np.maximum(2 * found - resampled, 0.0)
    return areas.index_result(corrected, "bias_corrected_dissimilarity")


def bias_corrected_information_theory(
    group: Column, others: Column, by: Column | None = None
) -> pd.Series | float:
    """Return the information theory index with its upward bias taken off once, 2H - E[H*].

    H* is the index of a resampled area in which all T inhabitants choose one of the cells (unit
    and group) with the probabilities found; E[H*] is taken as E[M*]/E[E*], which differs by terms
    of order 1/T.

    Parameters
    ----------
    group, others, by
        See `bias_corrected_dissimilarity`.

    Returns
    -------
    Series of float, or float
        By area, sorted; one number without `by`. Set to 0 where it would fall below. NaN where the
        group or the others are absent.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Examples
    --------
    >>> round(bias_corrected_information_theory([30, 10], [10, 30]), 4)
    0.1776
    """
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    found, resampled = _information(areas, (x, y))
    mix, resampled_mix = _mix(areas, (x, y))
    corrected = 2 * ratio(found, mix) - ratio(resampled, resampled_mix)
    corrected = np.where((areas.sums(x) > 0) & (areas.sums(y) > 0), corrected, np.nan)
    return areas.index_result(np.maximum(corrected, 0.0), "bias_corrected_information_theory")


def bias_corrected_mutual_information(
    counts: pd.DataFrame, by: Column | None = None
) -> pd.Series | float:
    """Return the mutual information of several groups and units, bias taken off once, 2M - E[M*].

    M* is the index of a resampled area in which all T inhabitants choose one of the cells (unit
    and group) with the probabilities found. All margins and cells are then binomial, and E[M*] is
    a sum of E[k ln k]: the mean of infinitely many bootstrap draws.

    Parameters
    ----------
    counts : DataFrame
        One row per unit, one column of counts per group, all columns count; >= 0, none missing.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.

    Returns
    -------
    Series of float, or float
        In nats, by area, sorted; one number without `by`. Set to 0 where it would fall below. NaN
        where nobody lives.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also if `counts` is not a table.

    References
    ----------
    Elbers, B. (2023). A method for studying differences in segregation across time and space.
    Sociological Methods & Research 52(1), 5-42.

    Examples
    --------
    >>> counts = pd.DataFrame({"a": [30, 10], "b": [10, 30]})
    >>> round(bias_corrected_mutual_information(counts), 4)
    0.1244
    """
    if not isinstance(counts, pd.DataFrame):
        raise TypeError("counts must be a table with one column of counts per group")
    areas, columns = by_area({str(name): counts[name] for name in counts.columns}, by)
    found, resampled = _information(areas, columns)
    corrected = np.where(areas.sums(sum(columns)) > 0, 2 * found - resampled, np.nan)
    return areas.result(np.maximum(corrected, 0.0), "bias_corrected_mutual_information")


def _whole(areas: Areas, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    x, y = np.rint(x), np.rint(y)
    return x, areas.spread(areas.sums(x)), y, areas.spread(areas.sums(y))


def _k_log_k(areas: Areas, counts: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the area's sums of k ln k as found, and of what resampling adds to it on average."""
    found = areas.sums(xlogy(counts, counts))
    whole = np.rint(counts)
    n = np.maximum(areas.spread(np.rint(total)), whole)
    return found, areas.sums(mean_k_log_k(n, ratio(whole, n, undefined=0.0)))


def _of_margin(columns: tuple[np.ndarray, ...], areas: Areas) -> tuple[np.ndarray, np.ndarray]:
    found, added = 0.0, 0.0
    total = areas.sums(sum(columns))
    for column in columns:
        whole = areas.sums(column)
        n = np.maximum(np.rint(total), np.rint(whole))
        found = found + xlogy(whole, whole)
        added = added + mean_k_log_k(n, ratio(np.rint(whole), n, undefined=0.0))
    return found, added


def _information(areas: Areas, columns: tuple[np.ndarray, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return M as found and its mean over resamples, of every area."""
    unit = sum(columns)
    total = areas.sums(unit)
    cells = [_k_log_k(areas, column, total) for column in columns]
    units, groups = _k_log_k(areas, unit, total), _of_margin(columns, areas)
    found = sum(cell[0] for cell in cells) - units[0] - groups[0] + xlogy(total, total)
    added = sum(cell[1] for cell in cells) - units[1] - groups[1]
    found = ratio(found, total)
    return found, found + ratio(added, total)


def _mix(areas: Areas, columns: tuple[np.ndarray, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the entropy of the groups as found and its mean over resamples, of every area."""
    total = areas.sums(sum(columns))
    found, added = _of_margin(columns, areas)
    entropy = ratio(xlogy(total, total) - found, total)
    return entropy, entropy - ratio(added, total)
