"""Indices cleared of the bias of small units: against the bootstrap that they replace."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.bias_correction import (
    bias_corrected_dissimilarity,
    bias_corrected_information_theory,
    bias_corrected_mutual_information,
)
from analysis.measures.evenness import dissimilarity, information_theory

X = np.array([3, 0, 12, 40, 7, 1])
Y = np.array([30, 15, 20, 300, 0, 90])
TWO = [bias_corrected_dissimilarity, bias_corrected_information_theory]
two = pytest.mark.parametrize("index", TWO, ids=lambda index: index.__name__)


def test_corrected_dissimilarity_is_that_of_the_bootstrap():
    random = np.random.default_rng(1)
    draws = 40_000
    x = random.multinomial(X.sum(), X / X.sum(), draws)
    y = random.multinomial(Y.sum(), Y / Y.sum(), draws)
    resampled = np.abs(x / X.sum() - y / Y.sum()).sum(axis=1) / 2
    error = 4 * resampled.std() / np.sqrt(draws)
    expected = 2 * dissimilarity(X, Y) - resampled.mean()
    assert error < 0.001
    assert bias_corrected_dissimilarity(X, Y) == pytest.approx(expected, rel=0, abs=error)


def test_corrected_information_is_that_of_the_bootstrap():
    random = np.random.default_rng(2)
    draws, cells = 20_000, np.concatenate([X, Y])
    drawn = random.multinomial(cells.sum(), cells / cells.sum(), draws)
    table = drawn.reshape(draws, 2, 6).astype(float)
    number = np.repeat(np.arange(draws), 6)
    h = information_theory(table[:, 0].ravel(), table[:, 1].ravel(), number)
    error = 4 * h.std() / np.sqrt(draws)
    expected = 2 * information_theory(X, Y) - h.mean()
    assert bias_corrected_information_theory(X, Y) == pytest.approx(expected, abs=error)


def test_corrected_mutual_information_is_that_of_the_bootstrap():
    random = np.random.default_rng(3)
    counts = np.array([[40, 3, 0], [10, 20, 6], [0, 0, 30], [9, 9, 1]])
    total, draws = counts.sum(), 20_000

    def mutual(table):
        outer = table.sum(-1, keepdims=True) * table.sum(-2, keepdims=True) / total
        some = table > 0
        logs = np.log(np.where(some, table, 1) / np.where(some, outer, 1))
        return (table * logs).sum((-1, -2)) / total

    drawn = random.multinomial(total, counts.ravel() / total, draws).reshape(draws, 4, 3)
    resampled = mutual(drawn)
    expected = 2 * mutual(counts) - resampled.mean()
    found = bias_corrected_mutual_information(pd.DataFrame(counts, columns=list("abc")))
    assert found == pytest.approx(expected, abs=4 * resampled.std() / np.sqrt(draws))


def test_published_values_are_met(shared):
    folder = shared / "reference/segregation"
    listed = pd.read_csv(folder / "expected.csv").set_index("index")
    tracts = pd.read_csv(folder / "data/sacramento_tracts.csv")
    row = listed.loc["BiasCorrectedDissim"]
    found = bias_corrected_dissimilarity(tracts["HISP"], tracts["TOT_POP"] - tracts["HISP"])
    # Theirs is the mean of 500 draws: much nearer than the tolerance of 0.0015.
    assert found == pytest.approx(row["value"], rel=0, abs=1e-4)
    schools = pd.read_csv(folder / "data/elbers_schools00.csv")
    counts = schools.pivot_table(
        index=["state", "district", "school"], columns="race", values="n", fill_value=0
    )
    row = listed.loc["M bias-corrected"]
    found = bias_corrected_mutual_information(counts)
    assert found == pytest.approx(row["value"], rel=0, abs=row["tolerance"])


@two
def test_the_correction_brings_chance_nearer_to_zero(index):
    random = np.random.default_rng(5)
    area = np.repeat(np.arange(60), 40)
    x, y = random.poisson(5, 2400), random.poisson(60, 2400)
    plain = (dissimilarity if index is TWO[0] else information_theory)(x, y, area).mean()
    assert index(x, y, area).mean() < (0.75 if index is TWO[0] else 0.15) * plain


@two
def test_large_units_need_no_correction(index):
    x, y = X * 1_000_000, Y * 1_000_000
    plain = (dissimilarity if index is TWO[0] else information_theory)(x, y)
    assert index(x, y) == pytest.approx(plain, abs=1e-6)
    assert index([5, 0], [0, 9]) == pytest.approx(1, abs=1e-12)


@two
def test_areas_together_give_what_each_gives_alone(index):
    area = pd.Series(["b", "a", "b", "c", "a", "d"])
    x, y = pd.Series([3, 10, 8, 0, 4, 0]), pd.Series([30, 20, 9, 7, 50, 0])
    values = index(x, y, area)
    assert values.name == index.__name__
    for label in "abcd":
        alone = index(x[area.eq(label)], y[area.eq(label)])
        assert values[label] == pytest.approx(alone, rel=1e-13, nan_ok=True)
    assert values.isna().tolist() == [False, False, True, True]
    assert index([], [], []).empty


def test_two_groups_as_a_table_are_the_two_groups():
    # Up to 1/T: the entropy of a resample is a little below that of the area (T = 518).
    p = X.sum() / (X + Y).sum()
    entropy = -p * np.log(p) - (1 - p) * np.log(1 - p)
    found = bias_corrected_mutual_information(pd.DataFrame({"x": X, "y": Y}))
    assert found / entropy == pytest.approx(bias_corrected_information_theory(X, Y), abs=1e-3)
    by_area = bias_corrected_mutual_information(pd.DataFrame({"x": X, "y": Y}), ["a"] * 6)
    assert by_area["a"] == found and by_area.name == "bias_corrected_mutual_information"


def test_bad_input_raises():
    with pytest.raises(TypeError, match="counts must be a table"):
        bias_corrected_mutual_information(X)
    with pytest.raises(ValueError, match="others is missing"):
        bias_corrected_dissimilarity([1, 2], [1, np.nan])
