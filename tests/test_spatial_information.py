"""Segregation of local environments: known values, the aspatial indices, and the definitions."""

from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.measures.areas import lay_out
from analysis.measures.evenness import dissimilarity, information_theory
from analysis.measures.exposure import interaction, isolation
from analysis.measures.spatial_information import (
    spatial_dissimilarity,
    spatial_exposure,
    spatial_information_theory,
    spatial_relative_diversity,
)

no_deadline = settings(deadline=None, max_examples=30)
counts = st.integers(0, 900)
INDICES = [spatial_information_theory, spatial_dissimilarity, spatial_relative_diversity]
each = pytest.mark.parametrize("index", INDICES, ids=lambda index: index.__name__)


def slow(index, groups, around):
    """Return the index with the formulas of Reardon and O'Sullivan, one unit after the other."""
    total = sum(map(sum, groups))
    if not total:
        return np.nan
    whole = [sum(row[m] for row in groups) / total for m in range(len(groups[0]))]
    entropy = -sum(q * log(q) for q in whole if q)
    mix = sum(q * (1 - q) for q in whole)
    if sum(q > 0 for q in whole) < 2:
        return np.nan
    value = 0.0
    for row, near in zip(groups, around, strict=True):
        if not sum(row):
            continue
        shares = [n / sum(near) for n in near]
        if index is spatial_information_theory:
            value += sum(row) * -sum(q * log(q) for q in shares if q) / (total * entropy)
        elif index is spatial_relative_diversity:
            value += sum(row) * sum(q * (1 - q) for q in shares) / (total * mix)
        else:
            apart = sum(abs(q - p) for q, p in zip(shares, whole, strict=True))
            value += sum(row) * apart / (2 * total * mix)
    return value if index is spatial_dissimilarity else 1 - value


@each
@no_deadline
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("AB"), *[counts] * 3, *[counts] * 3), min_size=1, max_size=9
    )
)
def test_every_area_gets_what_the_definition_gives_it_alone(index, rows):
    groups = pd.DataFrame([row[1:4] for row in rows], columns=list("pqr"))
    around = groups + pd.DataFrame([row[4:] for row in rows], columns=list("pqr"))
    area = [row[0] for row in rows]
    values = index(groups, around, area)
    assert values.name == index.__name__
    for name in sorted(set(area)):
        at = [place for place, one in enumerate(area) if one == name]
        expected = slow(index, groups.iloc[at].to_numpy().tolist(), around.iloc[at].to_numpy())
        assert values[name] == pytest.approx(expected, abs=1e-12, nan_ok=True)


@no_deadline
@given(rows=st.lists(st.tuples(counts, counts), min_size=1, max_size=12))
def test_an_environment_of_the_unit_alone_gives_the_aspatial_indices(rows):
    groups = pd.DataFrame(rows, columns=["x", "y"])
    x, y = groups["x"], groups["y"]
    assume(x.sum() > 0 and y.sum() > 0)
    exact = {"abs": 1e-12}
    assert spatial_information_theory(groups, groups) == pytest.approx(
        information_theory(x, y), **exact
    )
    assert spatial_dissimilarity(groups, groups) == pytest.approx(dissimilarity(x, y), **exact)
    own = spatial_exposure(groups, groups, group="x", met="x")
    assert own == pytest.approx(isolation(x, y), **exact)
    other = spatial_exposure(groups, groups, group="x", met="y")
    assert other == pytest.approx(interaction(x, y), **exact)
    # R of two groups is the correlation ratio (xPx - P)/(1 - P).
    share = x.sum() / (x.sum() + y.sum())
    expected = (isolation(x, y) - share) / (1 - share)
    assert spatial_relative_diversity(groups, groups) == pytest.approx(expected, **exact)


def test_a_unit_weighs_as_its_own_people_not_those_around_it():
    # 90 people in environments of 1 to 1, 10 in one of 1 to 0; the area is 55 to 45.
    groups = pd.DataFrame({"x": [45, 10], "y": [45, 0]})
    around = pd.DataFrame({"x": [5, 1000], "y": [5, 0]})
    mix = 2 * 0.55 * 0.45
    found = spatial_dissimilarity(groups, around)
    assert found == pytest.approx((90 * 0.05 + 10 * 0.45) / (100 * mix), abs=1e-15)
    found = spatial_relative_diversity(groups, around)
    assert found == pytest.approx(1 - 0.9 * 0.5 / mix, abs=1e-15)
    entropy = -0.55 * log(0.55) - 0.45 * log(0.45)
    found = spatial_information_theory(groups, around)
    assert found == pytest.approx(1 - 0.9 * log(2) / entropy, abs=1e-15)
    found = spatial_exposure(groups, around, group="x", met="y")
    assert found == pytest.approx(45 / 55 * 0.5, abs=1e-15)


def test_environments_more_mixed_than_the_area_are_reported_below_0():
    # The few of the minority in the middle are in everybody's environment.
    groups = pd.DataFrame({"x": [1, 8, 1], "y": [45, 0, 45]})
    around = pd.DataFrame({"x": [9, 10, 9], "y": [45, 90, 45]})
    assert spatial_information_theory(groups, around) < -0.1
    assert spatial_relative_diversity(groups, around) < -0.1
    assert spatial_dissimilarity(groups, around) > 0


@each
def test_units_and_groups_without_people(index):
    groups = pd.DataFrame({"x": [4, 0, 2], "y": [1, 0, 5], "nobody": 0})
    around = pd.DataFrame({"x": [5, 0, 5], "y": [3, 0, 5], "nobody": 0})
    two = index(groups[["x", "y"]].iloc[[0, 2]], around[["x", "y"]].iloc[[0, 2]])
    assert index(groups, around) == pytest.approx(two, abs=1e-15)
    assert np.isnan(index(groups[["x", "nobody"]], around[["x", "nobody"]]))
    assert np.isnan(index(groups * 0, around))


@each
def test_the_size_of_environments_does_not_matter(index):
    groups = pd.DataFrame({"x": [4, 1, 2], "y": [1, 3, 5]})
    around = groups + groups.shift(fill_value=1)
    once = index(groups, around)
    times = np.array([[2.0], [7], [0.01]])
    assert index(groups, around * times) == pytest.approx(once, abs=1e-14)
    assert index(groups, around, lay_out(["a"] * 3))["a"] == once


def test_exposure_adds_up_over_all_who_are_met():
    groups = pd.DataFrame({"x": [4, 1, 2], "y": [1, 3, 5], "z": [2, 2, 0]})
    around = groups + groups.shift(fill_value=1)
    by = ["b", "a", "b"]
    met = [spatial_exposure(groups, around, by, group="z", met=one) for one in "xyz"]
    assert sum(met).tolist() == pytest.approx([1, 1])
    # Area b: the two members of z in the first unit meet 5 of x among 10.
    assert met[0]["b"] == 0.5 and met[0].name == "spatial_exposure"
    absent = spatial_exposure(groups.assign(z=[0, 1, 0]), around, by, group="z", met="x")
    assert np.isnan(absent["b"]) and absent["a"] == 5 / 13


@each
def test_bad_input_raises(index):
    groups = pd.DataFrame({"x": [4, 1], "y": [1, 3]})
    for around, sentence in (
        (groups[["y", "x"]], "different columns"),
        (groups.rename(columns={"x": "z"}), "different columns"),
        (groups.iloc[:1], "has 2 values"),
        (groups.set_axis(["a", "b"]), "different indexes"),
        (groups * np.array([[0], [1]]), "nobody lives around 1 inhabited"),
        (groups - 2, "environments.* negative"),
        (groups * np.nan, "environments.* missing"),
    ):
        with pytest.raises(ValueError, match=sentence):
            index(groups, around)
    with pytest.raises(TypeError, match="DataFrame"):
        index(groups.to_numpy(), groups)


def test_an_unknown_group_raises():
    groups = pd.DataFrame({"x": [4, 1], "y": [1, 3]})
    with pytest.raises(ValueError, match="'z' is none of the groups x, y"):
        spatial_exposure(groups, groups, group="x", met="z")
    with pytest.raises(ValueError, match="'z' is none of the groups"):
        spatial_exposure(groups, groups, group="z", met="x")
