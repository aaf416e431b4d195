"""Known values, identities and edges of the density-corrected dissimilarity."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from analysis.measures.areas import lay_out
from analysis.measures.density_correction import _most_likely, density_corrected_dissimilarity
from analysis.measures.evenness import dissimilarity

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=30)

counts = st.integers(0, 500)
units = st.lists(st.tuples(counts, counts), min_size=2, max_size=6)


def slow(group, others) -> float:
    """Look for the most likely difference of each unit, in the log of the folded density."""
    group, others = np.array(group, dtype=float), np.array(others, dtype=float)
    total = 0.0
    for r, q in zip(group / group.sum(), others / others.sum(), strict=True):
        s = np.sqrt(r * (1 - r) / group.sum() + q * (1 - q) / others.sum())
        if s == 0:
            total += abs(r - q)
            continue
        z = abs(r - q) / s

        def unlikely(n, z=z):
            return -np.logaddexp(norm.logpdf(z - n), norm.logpdf(z + n))

        best = minimize_scalar(unlikely, bounds=(0, z + 1e-9), method="bounded").x
        total += s * (0.0 if unlikely(0) <= unlikely(best) else best)
    return total / 2


def test_a_difference_within_one_standard_deviation_counts_for_nothing():
    # r - q = 1/10, s^2 = 2 * (11/20 * 9/20) / 20 = 0.0248, z = 0.64 in both units
    assert density_corrected_dissimilarity([11, 9], [9, 11]) == 0.0
    assert dissimilarity([11, 9], [9, 11]) == pytest.approx(0.1, abs=1e-15)


def test_a_unit_solves_the_equation_of_the_most_likely_difference():
    # r = 0.6, q = 0.4: s^2 = 2 * 0.24 / 20, z = 0.2 / s = 1.29..., two units: D = 2 s n / 2
    value = density_corrected_dissimilarity([12, 8], [8, 12])
    s = np.sqrt(2 * 0.24 / 20)
    n, z = value / s, 0.2 / s
    assert n > 0.5
    assert n == pytest.approx(z * np.tanh(n * z), abs=1e-14)


def test_a_certain_difference_counts_whole():
    assert density_corrected_dissimilarity([5, 0], [0, 8]) == 1.0
    large = [400_000, 100_000], [100_000, 400_000]
    assert density_corrected_dissimilarity(*large) == pytest.approx(0.6, abs=1e-12)


@no_deadline
@given(rows=units)
def test_it_is_what_a_search_for_the_most_likely_differences_gives(rows):
    group, others = np.array(rows).T
    assume(group.sum() > 0 and others.sum() > 0)
    # The search is exact to 1e-5 of a standard deviation, and poor where z is nearly 1.
    assert density_corrected_dissimilarity(group, others) == pytest.approx(
        slow(group, others), abs=2e-3
    )


@no_deadline
@given(rows=units)
def test_it_lies_between_0_and_dissimilarity(rows):
    group, others = np.array(rows).T
    assume(group.sum() > 0 and others.sum() > 0)
    value = density_corrected_dissimilarity(group, others)
    assert 0 <= value <= dissimilarity(group, others) + 1e-12
    assert density_corrected_dissimilarity(others, group) == pytest.approx(value, abs=1e-12)


@pytest.fixture(scope="module")
def tracts(shared) -> pd.DataFrame:
    return pd.read_csv(shared / "reference/segregation/data/sacramento_tracts.csv")


def test_the_listed_value_leaves_out_the_nine_tracts_that_differ_most(shared, tracts):
    listed = pd.read_csv(shared / "reference/segregation/expected.csv", keep_default_na=False)
    (row,) = listed[listed["index"].eq("DensityCorrectedDissim")].to_dict("records")
    group, others = tracts["HISP"], tracts["TOT_POP"] - tracts["HISP"]
    # Its search starts at 0, and above this no digit of the density at 0 is left.
    assert norm.pdf(38.5) > 0 and norm.pdf(38.6) == 0.0
    as_listed = density_corrected_dissimilarity(group, others, largest_ratio=38.5)
    assert as_listed == pytest.approx(float(row["value"]), rel=0, abs=float(row["tolerance"]))
    r, q = group / group.sum(), others / others.sum()
    z = (r - q).abs() / np.sqrt(r * (1 - r) / group.sum() + q * (1 - q) / others.sum())
    assert (z > 38.5).sum() == 9
    whole = density_corrected_dissimilarity(group, others)
    # At such ratios nothing is taken off: the nine add half of their difference each.
    assert whole - as_listed == pytest.approx((r - q).abs()[z > 38.5].sum() / 2, abs=1e-12)
    # Just below D, as it should be with 400 tracts of 4,000 people.
    assert whole == pytest.approx(0.3213802698, abs=1e-10)
    assert dissimilarity(group, others) == pytest.approx(0.3218465608, abs=1e-10)


def test_every_area_gets_its_own_value():
    area = pd.Series(["b", "a", "b", "a", "c", "d"], name="gm_code")
    group = pd.Series([30, 12, 10, 8, 0, 5])
    others = pd.Series([10, 8, 30, 12, 7, 0])
    values = density_corrected_dissimilarity(group, others, area)
    assert values.name == "density_corrected_dissimilarity" and values.index.name == "gm_code"
    assert values["a"] == density_corrected_dissimilarity([12, 8], [8, 12])
    assert values["b"] == density_corrected_dissimilarity([30, 10], [10, 30])
    assert values[["c", "d"]].isna().all()
    pd.testing.assert_series_equal(
        density_corrected_dissimilarity(group, others, lay_out(area)), values
    )
    assert np.isnan(density_corrected_dissimilarity([], []))


def test_a_ratio_of_just_above_1_is_solved_and_one_of_1_is_nothing():
    roots = _most_likely(np.array([0.5, 1.0, 1 + 1e-6, 1.1, 2.0, 40.0]))
    assert roots[:2].tolist() == [0.0, 0.0]
    # Near 1 the root of n = z tanh(n z) is that of n^2 = 3 (z - 1/z): 6e-6
    assert roots[2] == pytest.approx(np.sqrt(6e-6), rel=1e-3)
    z = np.array([1.1, 2.0, 40.0])
    np.testing.assert_allclose(roots[3:], z * np.tanh(roots[3:] * z), rtol=1e-14)
    assert roots[5] == 40.0


def test_empty_units_carry_no_weight():
    value = density_corrected_dissimilarity([12, 8, 0], [8, 12, 0])
    assert value == density_corrected_dissimilarity([12, 8], [8, 12])


def test_bad_input_raises():
    with pytest.raises(ValueError, match="group is missing"):
        density_corrected_dissimilarity([1, np.nan], [1, 1])
    for wrong in (-1, np.nan):
        with pytest.raises(ValueError, match="largest_ratio must be a number of 0 or more"):
            density_corrected_dissimilarity([1, 1], [1, 1], largest_ratio=wrong)
