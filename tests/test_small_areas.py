"""Shares of small areas: exact intervals, empirical Bayes, and the interval of a difference."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from analysis.measures.small_areas import difference_interval, empirical_bayes, exact_interval

COUNTS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 300)).map(lambda two: (min(two), two[1])),
    min_size=3, max_size=12,
)  # fmt: skip


def columns(*pairs):
    return (pd.Series([float(x) for x, _ in pairs]), pd.Series([float(t) for _, t in pairs]))


def test_the_exact_interval_of_known_counts():
    found = exact_interval(*columns((0, 10), (5, 10), (10, 10)))
    # Nobody of ten: 1 - 0.025^(1/10) = 0.3085; everybody is its mirror.
    assert found.loc[0].tolist() == pytest.approx([0, 1 - 0.025**0.1], abs=1e-12)
    assert found.loc[2].tolist() == pytest.approx([0.025**0.1, 1], abs=1e-12)
    # Five of ten, from the tables of Clopper and Pearson: 0.1871 to 0.8129.
    assert found.loc[1].tolist() == pytest.approx([0.1871, 0.8129], abs=5e-5)


@given(st.integers(1, 200), st.floats(0.01, 0.99))
def test_at_either_end_so_many_or_more_has_a_chance_of_a_fortieth(total, part):
    group = round(part * total)
    low, high = exact_interval(*columns((group, total))).iloc[0]
    if group > 0:
        assert binom.sf(group - 1, total, low) == pytest.approx(0.025, rel=1e-6)
    if group < total:
        assert binom.cdf(group, total, high) == pytest.approx(0.025, rel=1e-6)


def test_rounding_widens_the_interval_and_stays_a_share():
    plain = exact_interval(*columns((50, 100), (2, 100)))
    wide = exact_interval(*columns((50, 100), (2, 100)), slack=pd.Series([4.0, 4.0]))
    assert (wide["low"] < plain["low"]).iloc[0] and (wide["high"] > plain["high"]).all()
    # 46 and 54 of 100 are the ends that rounding leaves.
    ends = exact_interval(*columns((46, 100), (54, 100)))
    assert wide.loc[0].tolist() == pytest.approx([ends.loc[0, "low"], ends.loc[1, "high"]])
    assert wide.loc[1, "low"] == 0


@pytest.mark.parametrize(
    ("pair", "named"),
    [((5, 3), "larger than its total"), ((0, 0), "no people"), ((np.nan, 3), "missing"),
     ((-1, 3), "negative")],
)  # fmt: skip
def test_bad_counts_are_refused(pair, named):
    for function in (exact_interval, empirical_bayes):
        with pytest.raises(ValueError, match=named):
            function(*columns(pair))


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="slack"):
        exact_interval(*columns((1, 2)), slack=-1)
    with pytest.raises(ValueError, match="confidence"):
        exact_interval(*columns((1, 2)), confidence=1.0)
    with pytest.raises(TypeError, match="Series"):
        exact_interval([1], [2])


def test_empirical_bayes_of_three_areas():
    group, total = columns((10, 100), (30, 100), (50, 100))
    before = group.copy(), total.copy()
    found = empirical_bayes(group, total)
    # m = 0.3, V = 0.21, S = 100 (0.04 + 0 + 0.04) = 8; A = (8 - 0.42) / (300 - 100 - 2) =
    # 0.0382828; k = V/A - 1 = 4.48549; w = 100/104.48549 = 0.957071.
    strength = 0.21 / (7.58 / 198) - 1
    weight = 100 / (100 + strength)
    assert found["own_weight"].tolist() == pytest.approx([weight] * 3, abs=1e-12)
    assert found["shrunk"].tolist() == pytest.approx(
        [weight * p + (1 - weight) * 0.3 for p in (0.1, 0.3, 0.5)], abs=1e-12
    )
    assert (found["alpha"] / (found["alpha"] + found["beta"])).tolist() == pytest.approx(
        found["shrunk"].tolist(), abs=1e-12
    )
    pd.testing.assert_series_equal(group, before[0])
    pd.testing.assert_series_equal(total, before[1])


def test_a_smaller_area_moves_further():
    found = empirical_bayes(*columns((6, 10), (600, 1000), (100, 1000), (200, 1000)))
    assert found.loc[0, "own_weight"] < found.loc[1, "own_weight"]
    assert found.loc[0, "shrunk"] < found.loc[1, "shrunk"] < 0.6


def test_areas_that_differ_no_more_than_chance_share_one_share():
    found = empirical_bayes(*columns((30, 100), (31, 100), (29, 100)))
    assert found["own_weight"].eq(0).all() and found["shrunk"].tolist() == pytest.approx([0.3] * 3)
    assert np.isinf(found["alpha"]).all()
    # One person per area: nothing tells areas apart.
    assert empirical_bayes(*columns((1, 1), (0, 1), (1, 1)))["own_weight"].eq(0).all()


def test_too_few_areas_and_nobody_have_no_answer():
    assert empirical_bayes(*columns((1, 10), (5, 10))).isna().all(axis=None)
    assert empirical_bayes(*columns((0, 10), (0, 10), (0, 9))).isna().all(axis=None)
    assert empirical_bayes(*columns((9, 9), (8, 8), (7, 7))).isna().all(axis=None)


@given(COUNTS)
def test_a_shrunk_share_lies_between_its_own_and_that_of_all(pairs):
    group, total = columns(*pairs)
    found = empirical_bayes(group, total)
    if found["shrunk"].isna().any():
        return
    mean, own = group.sum() / total.sum(), group / total
    low, high = np.minimum(own, mean), np.maximum(own, mean)
    assert found["shrunk"].between(low - 1e-12, high + 1e-12).all()
    assert found["own_weight"].between(0, 1).all()


def test_truth_is_covered_where_areas_are_drawn_from_the_model():
    random = np.random.default_rng(3)
    total = pd.Series(random.integers(40, 400, 4000).astype(float))
    truth = random.beta(6, 14, len(total))
    group = pd.Series(random.binomial(total.astype(int), truth).astype(float))
    found = empirical_bayes(group, total)
    # The strength of beta(6, 14) is 20 people; four thousand areas give it within a tenth.
    assert (found["alpha"] + found["beta"] - total).iloc[0] == pytest.approx(20, rel=0.1)
    assert ((found["shrunk"] - truth) ** 2).mean() < ((group / total - truth) ** 2).mean()


def test_the_interval_of_a_difference():
    one = pd.DataFrame({"low": [0.25], "high": [0.4]})
    two = pd.DataFrame({"low": [0.46], "high": [0.58]})
    found = difference_interval(pd.Series([0.3]), one, pd.Series([0.5]), two)
    # 0.2 - sqrt(0.04^2 + 0.1^2) and 0.2 + sqrt(0.08^2 + 0.05^2).
    assert found.loc[0, "low"] == pytest.approx(0.2 - np.hypot(0.04, 0.1), abs=1e-12)
    assert found.loc[0, "high"] == pytest.approx(0.2 + np.hypot(0.08, 0.05), abs=1e-12)
    missing = difference_interval(pd.Series([np.nan]), one, pd.Series([0.5]), two)
    assert missing.isna().all(axis=None)
