"""What an index of two groups is when everybody lives where chance puts them, in closed form."""

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import xlogy

from analysis.measures.areas import by_area, ratio
from analysis.measures.binomial_moments import mean_k_log_k
from analysis.measures.counts import Column
from analysis.measures.evenness import dissimilarity

MARGINS = ("binomial", "fixed")


def expected_dissimilarity(
    group: Column, others: Column, by: Column | None = None, *, margins: str = "binomial"
) -> pd.Series | float:
    """Return the expected dissimilarity E[D] under random allocation in every area.

    With 'binomial' each inhabitant of unit i belongs to the group with probability P = X/T:
    E[D] = sum_i t_i E|k_i/t_i - P| / (2 T P (1 - P)), k_i ~ Bin(t_i, P), T and P as observed
    (Winship 1977). With 'fixed' the X members are dealt out over the t_i places, so that both
    margins stay as they are: k_i is hypergeometric, and the value is exactly the mean of D over
    all permutations.

    Parameters
    ----------
    group, others : column of n counts
        Members of the group and all others in each unit, >= 0, none missing. Sizes of units are
        rounded to whole persons.
    by : column of n areas, optional
        The area of each unit; without it all units are one area.
    margins : {'binomial', 'fixed'}
        The kind of chance.

    Returns
    -------
    Series of float, or float
        E[D] in 0-1, by area, sorted; one number without `by`. NaN where the group or the others
        are absent. With one inhabited unit 'fixed' gives 0 and 'binomial' the formula's value,
        although D itself is 0 there.

    Raises
    ------
    TypeError, ValueError
        See `by_area`; also for other margins.

    Notes
    -----
    A closed form, no series and no draws. De Moivre: E|k - tP| = 2 t P (1 - P) b(m; t - 1, P)
    with m = floor(tP) and b the binomial probability, so that E[D] is the mean of b over the
    inhabitants. For the hypergeometric (Ramasubban 1958), with m = floor(tP) + 1,
    E|k - tP| = 2 m (T - X - t + m) h(m) / T. Relative error below 1e-11 for units up to a million.

    References
    ----------
    Winship, C. (1977). A revaluation of indexes of residential segregation. Social Forces 55(4),
    1058-1066.

    Examples
    --------
    >>> round(expected_dissimilarity([1] * 1000, [9] * 1000), 8)
    0.38742049
    """
    if margins not in MARGINS:
        raise ValueError(f"margins is {margins!r}: give 'binomial' or 'fixed'")
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    whole = np.rint(x + y)
    all_x, all_t = areas.sums(x), areas.sums(x + y)
    share = ratio(all_x, all_t)
    p = areas.spread(share)
    if margins == "binomial":
        rises = stats.binom.pmf(np.floor(whole * p), np.maximum(whole - 1, 0), p)
        values = ratio(areas.sums(np.where(whole > 0, whole * rises, 0.0)), areas.sums(whole))
    else:
        off = _hypergeometric_deviation(
            whole, areas.spread(np.rint(all_x)), areas.spread(areas.sums(whole))
        )
        values = ratio(areas.sums(off), 2 * all_t * share * (1 - share))
    defined = (share > 0) & (share < 1)
    return areas.index_result(np.where(defined, values, np.nan), "expected_dissimilarity")


def systematic_dissimilarity(
    group: Column, others: Column, by: Column | None = None, *, margins: str = "binomial"
) -> pd.Series | float:
    """Return what dissimilarity is above chance, (D - E[D]) / (1 - E[D]), in every area.

    Parameters
    ----------
    group, others, by, margins
        See `expected_dissimilarity`.

    Returns
    -------
    Series of float, or float
        At most 1; 0 where D is what chance gives, below 0 where the group is spread more evenly
        than chance would. NaN where the group or the others are absent, or E[D] is 1.

    Raises
    ------
    TypeError, ValueError
        See `expected_dissimilarity`.

    References
    ----------
    Carrington, W.J. & Troske, K.R. (1997). On measuring segregation in samples with small units.
    Journal of Business & Economic Statistics 15(4), 402-409.

    Examples
    --------
    >>> round(systematic_dissimilarity([30, 10], [10, 30]), 4)
    0.4283
    """
    found = dissimilarity(group, others, by)
    chance = expected_dissimilarity(group, others, by, margins=margins)
    if by is None:
        return float(ratio(np.array([found - chance]), np.array([1 - chance]))[0])
    values = ratio((found - chance).to_numpy(), (1 - chance).to_numpy())
    return pd.Series(values, index=found.index, name="systematic_dissimilarity")


def expected_mutual_information(
    group: Column, others: Column, by: Column | None = None
) -> pd.Series | float:
    """Return the expected mutual information E[M] of group and unit under random allocation.

    E[M] = E(P) - sum_i t_i E[E(k_i/t_i)] / T in nats, k_i ~ Bin(t_i, P), E(p) the entropy
    -p ln p - (1 - p) ln(1 - p); T and P as observed.

    Parameters
    ----------
    group, others, by
        See `expected_dissimilarity`.

    Returns
    -------
    Series of float, or float
        E[M] >= 0, by area, sorted; one number without `by`. NaN where the group or the others are
        absent. Close to (units - 1) / (2 T) where the units are large.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Notes
    -----
    E[k ln k] is summed over the binomial for a mean up to 200 and taken from its series in
    1/mean, to the twelfth moment, above: `mean_k_log_k`.

    References
    ----------
    Mora, R. & Ruiz-Castillo, J. (2011). Entropy-based segregation indices. Sociological
    Methodology 41(1), 159-194.

    Examples
    --------
    >>> round(expected_mutual_information([30, 10], [10, 30]), 6)
    0.012662
    """
    return _expected_information(group, others, by, relative=False)


def expected_information_theory(
    group: Column, others: Column, by: Column | None = None
) -> pd.Series | float:
    """Return the expected information theory index E[H] = E[M] / E(P) under random allocation.

    Parameters
    ----------
    group, others, by
        See `expected_dissimilarity`.

    Returns
    -------
    Series of float, or float
        E[H] in 0-1, by area, sorted; one number without `by`. NaN where the group or the others
        are absent. See `expected_mutual_information`: P, and with it the entropy of the area, is
        held as observed.

    Raises
    ------
    TypeError, ValueError
        See `by_area`.

    Examples
    --------
    >>> round(expected_information_theory([30, 10], [10, 30]), 6)
    0.018267
    """
    return _expected_information(group, others, by, relative=True)


def _expected_information(group: Column, others: Column, by: Column | None, *, relative: bool):
    areas, (x, y) = by_area({"group": group, "others": others}, by)
    t = np.rint(x + y)
    all_t = areas.sums(t)
    p = ratio(areas.sums(x), areas.sums(x + y))
    q = ratio(areas.sums(y), areas.sums(x + y))
    of_unit, of_others = areas.spread(p), areas.spread(q)
    # k ln k + l ln l - t ln t with its value at the mean taken off: what is left is small.
    gained = mean_k_log_k(t, of_unit) + mean_k_log_k(t, of_others)
    values = ratio(areas.sums(gained), all_t)
    if relative:
        values = ratio(values, -xlogy(p, p) - xlogy(q, q))
    values = np.where((p > 0) & (q > 0), values, np.nan)
    name = "expected_information_theory" if relative else "expected_mutual_information"
    return areas.index_result(values, name)


def _hypergeometric_deviation(t: np.ndarray, all_x: np.ndarray, all_t: np.ndarray) -> np.ndarray:
    """Return E|k - t X/T| of the hypergeometric number of X among t of T."""
    p = ratio(all_x, all_t)
    m = np.floor(t * p) + 1
    # A hypergeometric probability as three binomial ones keeps all digits; any p would do. It is
    # 0 where m is more than there can be.
    chance = ratio(
        stats.binom.pmf(m, t, p) * stats.binom.pmf(all_x - m, all_t - t, p),
        stats.binom.pmf(all_x, all_t, p),
    )
    return ratio(2 * m * (all_t - all_x - t + m) * chance, all_t)
