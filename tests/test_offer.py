"""Variety of the offer, and an index of domains with the ranks that weights leave open."""

from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.composite import composite_index, domain_scores, rank_interval
from analysis.measures.offer_diversity import hill_number, rarefied_kinds

TOWN = pd.DataFrame({"library": [1, 0, 5], "park": [1, 0, 5], "shop": [2, 0, 0]}, list("abc"))


def test_hill_numbers_by_their_formula():
    # a: shares 1/4, 1/4, 1/2. c: two kinds equally common.
    assert hill_number(TOWN, 0).tolist()[::2] == [3, 2]
    a = np.array([0.25, 0.25, 0.5])
    assert hill_number(TOWN, 1)["a"] == pytest.approx(np.exp(-(a * np.log(a)).sum()))
    assert hill_number(TOWN, 2)["a"] == pytest.approx(1 / (a**2).sum())
    for order in (0, 0.5, 1, 2, 3):
        found = hill_number(TOWN, order)
        assert np.isnan(found["b"]) and found["c"] == pytest.approx(2)


def test_rarefied_kinds_by_counting_all_choices():
    found = rarefied_kinds(TOWN, 2)
    # a has 4 facilities: sum of 1 - C(N - N_k, 2)/C(4, 2) = 2 (1 - 3/6) + (1 - 1/6).
    expected = 2 * (1 - comb(3, 2) / comb(4, 2)) + (1 - comb(2, 2) / comb(4, 2))
    assert found["a"] == pytest.approx(expected) and np.isnan(found["b"])
    assert found["c"] == pytest.approx(2 * (1 - comb(5, 2) / comb(10, 2)))
    # All of them: the number of kinds; one of them: one.
    assert rarefied_kinds(TOWN, 4)["a"] == pytest.approx(3)
    assert rarefied_kinds(TOWN, 1)[["a", "c"]].tolist() == pytest.approx([1, 1])
    assert np.isnan(rarefied_kinds(TOWN, 5)["a"])


@given(st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any))
def test_higher_orders_count_fewer_kinds(row):
    kinds = pd.DataFrame([row], columns=list("xyz"))
    values = [hill_number(kinds, order)[0] for order in (0, 0.5, 1, 2, 5)]
    assert all(a >= b - 1e-9 for a, b in zip(values, values[1:], strict=False))
    assert values[0] == sum(number > 0 for number in row) and values[-1] >= 1 - 1e-12


def test_bad_input_of_the_offer():
    with pytest.raises(ValueError, match="order is -1"):
        hill_number(TOWN, -1)
    with pytest.raises(ValueError, match="negative"):
        hill_number(TOWN - 3, 1)
    with pytest.raises(ValueError, match="size is 0"):
        rarefied_kinds(TOWN, 0)
    with pytest.raises(ValueError, match="whole numbers"):
        rarefied_kinds(TOWN / 2, 1)
    with pytest.raises(TypeError, match="DataFrame"):
        hill_number(TOWN["park"], 1)


INDICATORS = pd.DataFrame(
    {"library": [0.0, 1.0, 2.0], "school": [4.0, 4.0, 4.0], "park": [3.0, 0.0, 0.0]}, list("xyz")
)
DOMAIN = pd.Series({"library": "learning", "school": "learning", "park": "green", "bus": "x"})


def test_domains_weigh_alike_however_many_indicators_they_have():
    scores = domain_scores(INDICATORS, DOMAIN)
    assert list(scores) == ["learning", "green"]
    # library: mean 1, sd sqrt(2/3): z = -1.2247, 0, 1.2247; school is the same everywhere: 0.
    assert scores["learning"].tolist() == pytest.approx(np.array([-1, 0, 1]) * 1.5**0.5 / 2)
    # park: mean 1, sd sqrt 2.
    assert scores["green"].tolist() == pytest.approx(np.array([2, -1, -1]) / 2**0.5)
    index = composite_index(scores)
    assert index.to_numpy() == pytest.approx(scores.to_numpy().mean(axis=1))
    assert index.sum() == pytest.approx(0, abs=1e-12)


def test_ranks_are_sure_only_where_every_domain_agrees():
    scores = pd.DataFrame({"a": [2.0, 1, -3], "b": [1.0, 2, -3]}, list("xyz"))
    found = rank_interval(scores, seed=1)
    assert found.loc["z"].tolist() == [3, 3, 3]
    assert found["low"].tolist() == [1, 1, 3] and found["high"].tolist() == [2, 2, 3]
    # Alike with equal weights: both share the best place.
    assert found["rank"].tolist() == [1, 1, 3]
    pd.testing.assert_frame_equal(found, rank_interval(scores, seed=1))
    same = rank_interval(scores[["a"]])
    assert same["low"].tolist() == same["high"].tolist() == [1, 2, 3]
    assert rank_interval(scores.iloc[:0]).empty


def test_bad_input_of_the_index():
    with pytest.raises(ValueError, match="missing"):
        domain_scores(INDICATORS.replace(3.0, np.nan), DOMAIN)
    with pytest.raises(ValueError, match="park has no domain"):
        domain_scores(INDICATORS, DOMAIN.drop("park"))
    with pytest.raises(ValueError, match="draws"):
        rank_interval(INDICATORS, draws=0)
