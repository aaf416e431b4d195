"""Edges of measures where one person, an exact limit or an empty area makes the difference."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from analysis.measures.areas import by_area
from analysis.measures.clustering import absolute_clustering
from analysis.measures.combining import combining_proposals
from analysis.measures.demand import growth_cases
from analysis.measures.density_correction import density_corrected_dissimilarity
from analysis.measures.evenness import dissimilarity
from analysis.measures.fairness import concentration_index, erreygers_index
from analysis.measures.fitting import fitted
from analysis.measures.meeting import mean_bridging_score
from analysis.measures.network_distance import streets, walking_travel
from analysis.measures.resampling import adjusted_p_values
from analysis.measures.rezoning import rezoned
from analysis.measures.rounded_counts import size_chances
from analysis.measures.rounding import rounding_interval
from analysis.measures.siting import fairest_cover
from analysis.measures.travel import straight_line_travel


def test_one_other_person_is_enough_to_be_clustered_apart_from():
    near = np.array([[1.0, 0.5], [0.5, 1.0]])
    # own = (5 x 6.5 + 3 x 5.5)/8 = 6.125; alike = 8/4 x 3 = 6; everybody = own + (5 + 1.5)/8.
    found = absolute_clustering([5, 3], [1, 0], near)
    assert found == pytest.approx(0.125 / (0.125 + 6.5 / 8))
    assert np.isnan(absolute_clustering([5, 3], [0, 0], near))


def test_ratios_below_one_are_ratios_too():
    for ratio in (0, 0.5):
        assert 0 <= density_corrected_dissimilarity([30, 10], [10, 30], largest_ratio=ratio) <= 1


def test_ends_of_the_ranges_of_growth():
    assert growth_cases((0, 0, 10), (1.0, 2.0, 3.0))["inhabitants"].tolist() == [0, 0, 30]
    with pytest.raises(ValueError, match="household_size"):
        growth_cases((0, 0, 10), (0.0, 2.0, 3.0))
    shares = {"n_age_0_14": (0.0, 0.5, 1.0)}
    assert len(growth_cases((0, 0, 10), (1.0, 2.0, 3.0), age_shares=shares)) == 3


@pytest.mark.parametrize("which", ["table", "rows", "columns"])
def test_fitting_needs_something_in_every_cell(which):
    given = {"table": np.ones((2, 2)), "rows": np.ones(2), "columns": np.ones(2)}
    given[which] = given[which].copy()
    given[which].flat[0] = 0.0
    with pytest.raises(ValueError, match="positive"):
        fitted(**given)


def test_a_table_that_fits_takes_one_round():
    met, rounds = fitted(np.array([[1.0, 2], [3, 4]]), np.array([3.0, 7]), np.array([4.0, 6]))
    assert rounds == 1 and met.tolist() == [[1, 2], [3, 4]]


def test_two_small_functions_are_one_pair_and_a_full_one_is_none():
    hours = pd.DataFrame({"dag": 10.0, "avond": 2.0}, ["a", "b", "c", "d"])
    # c fills a building exactly, d is not asked for.
    floor = pd.Series({"a": 50.0, "b": 60.0, "c": 100.0, "d": 0.0})
    building = pd.Series(100.0, floor.index)
    found = combining_proposals(floor, building, hours, pd.Series({"dag": 50.0, "avond": 20.0}))
    assert found["facilities"].tolist() == [("a", "b")]


def test_a_group_of_one_person_counts_in_the_fairest_cover():
    homes = pd.DataFrame({"east": [100_000.0, 103_000.0], "north": 400_000.0}, ["a", "b"])
    travel = straight_line_travel(homes, homes.rename(str.upper), 500, detour=1, own=0)
    people = pd.DataFrame({"many": [100.0, 0.0], "one": [0.0, 1.0]}, ["a", "b"])
    found = fairest_cover(travel, people, [1, 2])
    # With one site a group is left out, whichever it is.
    assert found.value.tolist() == [0, 1]


def test_a_place_at_the_limit_is_within_it():
    way = streets(3, [0, 1], [1, 2], [300.0, 200.0])
    homes = pd.DataFrame({"node": [0], "aside": [10.0]}, ["h"])
    places = pd.DataFrame({"node": [1, 2], "aside": [0.0, 0.0]}, ["p", "q"])
    found = walking_travel(way, homes, places, 510.0, own=0)
    assert found.distance.tolist() == [310, 510]
    assert len(walking_travel(way, homes, places, 509.9, own=0).distance) == 1


def test_an_area_without_anybody_has_no_zonings():
    by = pd.Series(["a", "a", "a", "b", "b"])
    links = csr_array(np.diag(np.ones(4), 1) + np.diag(np.ones(4), -1))
    found = rezoned([1, 2, 3, 0, 0], [3, 2, 1, 0, 0], by, neighbours=links, zones=2, draws=5)
    assert found.loc["a", "zones"] == 2 and not np.isnan(found.loc["a", "median"])
    assert found.loc["b", ["low", "median", "high"]].isna().all()


def test_five_areas_have_an_interval_and_four_have_none():
    score = pd.Series([0.1, 0.2, 0.3, 0.4, 0.5])
    five = mean_bridging_score(score, ["park"] * 5, list("abcde"))
    four = mean_bridging_score(score, ["park"] * 5, list("abcdd"))
    assert five["low"].notna().all() and four["low"].isna().all()


def test_chances_of_nought_and_one_are_chances():
    assert adjusted_p_values(pd.Series([0.0, 1.0])).tolist() == [0, 1]
    for wrong in (-0.01, 1.01):
        with pytest.raises(ValueError, match="between 0 and 1"):
            adjusted_p_values(pd.Series([0.5, wrong]))


def test_little_of_something_is_unequal_still():
    # 0.5 in all, with the second of two: 4 x 0.25 x 1/2.
    assert erreygers_index([0, 0.5], [1, 2], [1, 1]) == pytest.approx(0.5)
    assert erreygers_index([0, 0], [1, 2], [1, 1]) == 0


def test_the_last_rank_of_one_area_is_not_the_first_of_the_next():
    value, rank, weight = [1.0, 3, 2, 5], [1.0, 7, 7, 9], [10, 20, 30, 40]
    by = pd.Series(["a", "a", "b", "b"])
    found = concentration_index(value, rank, weight, by)
    for area, part in (("a", slice(0, 2)), ("b", slice(2, 4))):
        assert found[area] == pytest.approx(
            concentration_index(value[part], rank[part], weight[part])
        )


def test_units_without_a_count_are_not_in_the_published_index():
    x, t = np.array([10.0, np.nan, 15, 5]), np.array([60.0, 40, 70, 90])
    found = rounding_interval(x, t, group_below=5, draws=20).loc["all"]
    known = ~np.isnan(x)
    assert found["published"] == dissimilarity(x[known], (t - x)[known])


def test_sizes_below_the_threshold_have_the_spread_of_those_above():
    random = np.random.default_rng(2)
    size = np.rint(60 * np.exp(0.7 * random.standard_normal(4000)))
    areas, _ = by_area({"x": size}, None)
    chance = size_chances(areas, np.where(size < 50, np.nan, size), 50)[0]
    numbers, small = np.arange(50), size[size < 50]
    mean = chance @ numbers
    assert mean == pytest.approx(small.mean(), abs=0.8)
    assert np.sqrt(chance @ (numbers - mean) ** 2) == pytest.approx(small.std(), rel=0.08)
