"""Dissimilarity and information that chance alone gives: closed forms against sums and draws."""

from math import comb, log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.measures.binomial_moments import (
    binomial_terms,
    mean_absolute_difference,
    mean_k_log_k,
)
from analysis.measures.evenness import dissimilarity, information_theory
from analysis.measures.expectation import (
    expected_dissimilarity,
    expected_information_theory,
    expected_mutual_information,
    systematic_dissimilarity,
)

no_deadline = settings(deadline=None, max_examples=40)
ALL = [
    expected_dissimilarity,
    expected_information_theory,
    expected_mutual_information,
    systematic_dissimilarity,
]
units = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=6)


def pairs(*values):
    return (np.array([float(value)]) for value in values)


def slow_binomial(rows):
    """E[D] by the definition, summed over all outcomes of each unit."""
    x, t = sum(x for x, _ in rows), sum(x + y for x, y in rows)
    if not 0 < x < t:
        return np.nan
    p = x / t
    off = 0.0
    for n in (a + b for a, b in rows):
        off += sum(comb(n, k) * p**k * (1 - p) ** (n - k) * abs(k - n * p) for k in range(n + 1))
    return off / (2 * t * p * (1 - p))


def slow_fixed(rows):
    x, t = sum(x for x, _ in rows), sum(x + y for x, y in rows)
    if not 0 < x < t:
        return np.nan
    off = 0.0
    for n in (a + b for a, b in rows):
        for k in range(max(0, n - (t - x)), min(n, x) + 1):
            off += comb(x, k) * comb(t - x, n - k) / comb(t, n) * abs(k - n * x / t)
    return off / (2 * x * (t - x) / t)


def slow_information(rows):
    x, t = sum(x for x, _ in rows), sum(x + y for x, y in rows)
    if not 0 < x < t:
        return np.nan

    def entropy(p):
        return -sum(q * log(q) for q in (p, 1 - p) if q > 0)

    p, inside = x / t, 0.0
    for n in (a + b for a, b in rows if a + b):
        inside += n * sum(
            comb(n, k) * p**k * (1 - p) ** (n - k) * entropy(k / n) for k in range(n + 1)
        )
    return entropy(p) - inside / t


@no_deadline
@given(rows=units)
def test_closed_forms_are_the_sums_over_all_outcomes(rows):
    x, y = np.array(rows, dtype=float).T
    close = {"rel": 0, "abs": 1e-12, "nan_ok": True}
    assert expected_dissimilarity(x, y) == pytest.approx(slow_binomial(rows), **close)
    fixed = expected_dissimilarity(x, y, margins="fixed")
    assert fixed == pytest.approx(slow_fixed(rows), **close)
    assert expected_mutual_information(x, y) == pytest.approx(slow_information(rows), **close)


@pytest.mark.parametrize(
    ("size", "members", "value", "tolerance"),
    [
        # Winship 1977, table 2, and the binomial sums E|k/n - P| / (2 P (1 - P)).
        (10, 1, 0.387, 0.001),
        (10, 1, 0.38742049, 5e-9),
        (10, 5, 0.246, 0.001),
        (10, 5, 0.24609375, 1e-14),
        (100, 10, 0.131, 0.001),
        (100, 10, 0.13186535, 5e-9),
    ],
)
def test_published_expectations_are_met(size, members, value, tolerance):
    found = expected_dissimilarity([members] * 1000, [size - members] * 1000)
    assert found == pytest.approx(value, rel=0, abs=tolerance)


def test_every_listed_expectation_is_met(shared):
    listed = pd.read_csv(shared / "reference/segregation/expected.csv")
    listed = listed[listed["index"].str.startswith("expected D under") & listed["use"].eq("target")]
    assert len(listed) == 6
    for _, row in listed.iterrows():
        size, share = row["dataset"].replace("1000 units of ", "").split(", P=")
        size, share = int(size.replace("binomial n=", "")), float(share)
        group = np.full(1000, size * share)
        found = expected_dissimilarity(group, size - group)
        assert found == pytest.approx(row["value"], rel=0, abs=row["tolerance"])


def test_expectation_agrees_with_a_hundred_thousand_draws():
    random = np.random.default_rng(4)
    size = np.array([12, 40, 85, 300, 1, 0, 60, 950])
    group = np.array([3, 2, 20, 30, 1, 0, 0, 61])
    dealt = random.multivariate_hypergeometric(size, group.sum(), size=100_000, method="marginals")
    share = group.sum() / size.sum()
    found = np.abs(dealt - size * share).sum(axis=1) / (2 * size.sum() * share * (1 - share))
    error = 4 * found.std() / np.sqrt(len(found))
    exact = expected_dissimilarity(group, size - group, margins="fixed")
    assert error < 0.001
    assert exact == pytest.approx(found.mean(), rel=0, abs=error)
    dealt = random.binomial(size, share, (100_000, 8))
    off = np.abs(dealt - size * share).sum(axis=1) / (2 * size.sum() * share * (1 - share))
    assert expected_dissimilarity(group, size - group) == pytest.approx(off.mean(), abs=error)
    # H of each draw with the area's own entropy held at P, as the closed form has it.
    gained = 0.0
    for many, p in ((dealt, share), (size - dealt, 1 - share)):
        part = np.where(
            many > 0, many * np.log(np.maximum(many, 1) / np.maximum(size * p, 1e-9)), 0
        )
        gained = gained + part.sum(axis=1)
    entropy = -share * np.log(share) - (1 - share) * np.log(1 - share)
    drawn = gained / size.sum() / entropy
    error = 4 * drawn.std() / np.sqrt(len(drawn))
    exact = expected_information_theory(group, size - group)
    assert exact == pytest.approx(drawn.mean(), abs=error)


def test_large_units_keep_their_digits():
    # b(m; n - 1, 1/2) of n = 10^6 is 1 / sqrt(pi n / 2) (1 + O(1/n)), weighted over two units.
    found = expected_dissimilarity([500_000] * 2, [500_000] * 2)
    assert found == pytest.approx(1 / np.sqrt(np.pi * 1e6 / 2), rel=1e-6)
    exact = stats.binom(999_999, 0.5).pmf(500_000)
    assert found == pytest.approx(exact, rel=1e-11)
    # E[M] of units that large is (units - 1 + 1) / (2 T): each unit adds 1/2 at given P.
    found = expected_mutual_information([500_000] * 2, [500_000] * 2)
    assert found == pytest.approx(2 / (2 * 2e6), rel=1e-5)


@pytest.mark.parametrize(
    ("n", "p"), [(7, 0.3), (150, 0.9), (1000, 0.199), (1000, 0.201), (2100, 0.1), (40_000, 0.4)]
)
def test_sum_and_series_of_k_log_k_meet(n, p):
    k = np.arange(n + 1)
    exact = (stats.binom(n, p).pmf(k) * k * np.log(np.maximum(k, 1) / (n * p))).sum()
    assert mean_k_log_k(*pairs(n, p))[0] == pytest.approx(exact, rel=0, abs=1e-10)


def test_k_log_k_without_chance_adds_nothing():
    n, p = np.array([0.0, 10.0, 10.0]), np.array([0.5, 0.0, 1.0])
    assert mean_k_log_k(n, p).tolist() == [0, 0, 0]


def test_terms_of_a_binomial_add_up_to_one_and_are_right():
    at, k, chance = binomial_terms(np.array([5.0, 4000.0]), np.array([0.2, 0.1]))
    np.testing.assert_allclose(np.bincount(at, chance), 1, rtol=0, atol=1e-14)
    of_first = at == 0
    np.testing.assert_allclose(chance[of_first], stats.binom(5, 0.2).pmf(np.arange(6)), rtol=1e-13)
    exact = stats.binom(4000, 0.1).pmf(k[~of_first])
    np.testing.assert_allclose(chance[~of_first], exact, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(
    ("x", "all_x", "y", "all_y", "relative"),
    [
        (3, 50, 10, 400, 1e-12),
        (0, 50, 10, 400, 1e-12),
        (3, 50, 0, 400, 1e-12),
        (3, 3, 1, 4, 1e-12),
        (10, 400, 3, 50, 1e-12),
        (10, 300, 60, 1800, 3e-4),
        (29, 400, 31, 430, 3e-4),
        (40, 600, 200, 3000, 1e-4),
        (35, 900, 70, 3600, 1e-6),
        (40, 500, 40, 500, 2e-3),
    ],
)
def test_mean_distance_of_two_binomial_shares(x, all_x, y, all_y, relative):
    a, b = np.arange(all_x + 1), np.arange(all_y + 1)
    chance = np.outer(stats.binom(all_x, x / all_x).pmf(a), stats.binom(all_y, y / all_y).pmf(b))
    exact = (np.abs(a[:, None] / all_x - b / all_y) * chance).sum()
    found = mean_absolute_difference(*pairs(x, all_x, y, all_y))[0]
    assert found == pytest.approx(exact, rel=relative)


def test_systematic_part_is_zero_at_chance_and_one_at_most():
    assert systematic_dissimilarity([10, 0], [0, 10]) == 1.0
    # An even spread lies below chance: -E / (1 - E).
    even = systematic_dissimilarity([10, 10], [10, 10])
    chance = expected_dissimilarity([10, 10], [10, 10])
    assert even == pytest.approx(-chance / (1 - chance), abs=1e-15)
    x, y = [30, 10], [10, 30]
    fixed = expected_dissimilarity(x, y, margins="fixed")
    found = systematic_dissimilarity(x, y, margins="fixed")
    assert found == pytest.approx((dissimilarity(x, y) - fixed) / (1 - fixed), abs=1e-15)


def test_expected_h_is_expected_m_over_the_entropy():
    x, y = [5, 10, 3], [40, 30, 80]
    p = 18 / 168
    entropy = -p * log(p) - (1 - p) * log(1 - p)
    expected = expected_mutual_information(x, y) / entropy
    assert expected_information_theory(x, y) == pytest.approx(expected, abs=1e-15)
    assert expected_information_theory(x, y) < information_theory([18, 0], [0, 150])


@pytest.mark.parametrize("index", ALL, ids=lambda index: index.__name__)
def test_areas_together_give_what_each_gives_alone(index):
    frame = pd.DataFrame(
        {
            "area": ["b", "a", "b", "c", "a", "d"],
            "x": [3, 10, 8, 0, 4, 5],
            "y": [30, 20, 9, 7, 50, 0],
        }
    )
    before = frame.copy(deep=True)
    values = index(frame["x"], frame["y"], frame["area"])
    assert values.name == index.__name__
    assert list(values.index) == ["a", "b", "c", "d"]
    for area, rows in frame.groupby("area"):
        alone = index(rows["x"], rows["y"])
        assert values[area] == pytest.approx(alone, rel=1e-14, nan_ok=True)
    assert values[["c", "d"]].isna().all()
    assert values[["a", "b"]].notna().all()
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("index", ALL, ids=lambda index: index.__name__)
def test_nobody_and_nothing(index):
    assert np.isnan(index([0, 0], [0, 0]))
    assert index([], [], []).empty
    with pytest.raises(ValueError, match="group is negative"):
        index([-1, 2], [1, 1])


def test_one_unit_and_other_margins():
    assert expected_dissimilarity([5], [5], margins="fixed") == 0
    assert expected_dissimilarity([1], [9]) == pytest.approx(0.38742049, abs=5e-9)
    with pytest.raises(ValueError, match="margins is 'poisson'"):
        expected_dissimilarity([1], [9], margins="poisson")
