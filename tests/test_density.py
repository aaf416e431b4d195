"""Known values, identities and edges of densities and their exact Poisson intervals."""

from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, poisson

from analysis.measures.density import (
    density_per_1000,
    density_per_1000_interval,
    density_per_km2,
    density_per_km2_interval,
    poisson_interval,
)

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=60)

WIJKEN = ["WK01", "WK02", "WK03", "WK04"]
COUNT = pd.Series([3, 0, 2, 5], index=WIJKEN)
EXPOSURE = pd.Series([1500, 800, 0, np.nan], index=WIJKEN)

with_interval = pytest.mark.parametrize(
    ("density", "interval", "per"),
    [
        (density_per_1000, density_per_1000_interval, 1000),
        (density_per_km2, density_per_km2_interval, 1),
    ],
)


def test_density_per_1000_inhabitants():
    # 3 / 1500 * 1000; none for 800 people is 0; nobody, and not known, are undefined
    values = density_per_1000(COUNT, EXPOSURE)
    expected = pd.Series([2.0, 0.0, np.nan, np.nan], index=WIJKEN, name="density_per_1000")
    pd.testing.assert_series_equal(values, expected, rtol=1e-15)


def test_density_per_km2_of_land():
    # 3 / 1.5; 0 / 0.8; no land, and not known, are undefined
    values = density_per_km2(COUNT, EXPOSURE / 1000)
    expected = pd.Series([2.0, 0.0, np.nan, np.nan], index=WIJKEN, name="density_per_km2")
    pd.testing.assert_series_equal(values, expected, rtol=1e-15)


# Garwood's interval as printed in tables of the Poisson distribution, to two or three decimals.
@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.025, 5.572), (4, 1.090, 10.242), (10, 4.795, 18.390)],
)
def test_poisson_interval_of_published_counts(count, low, high):
    bounds = poisson_interval([count]).loc[0]
    assert bounds["low"] == pytest.approx(low, abs=0.0005)
    assert bounds["high"] == pytest.approx(high, abs=0.0005)


def test_none_found_has_a_known_upper_bound():
    # P(0 | high) = exp(-high) = 0.025
    bounds = poisson_interval([0]).loc[0]
    assert bounds["low"] == 0.0
    assert bounds["high"] == pytest.approx(-log(0.025), rel=1e-14)
    assert poisson_interval([0], confidence=0.9).loc[0, "high"] == pytest.approx(-log(0.05))


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_poisson_interval_is_that_of_the_chi_squared_distribution(confidence):
    count = np.arange(0, 3000, 7)
    tail = (1 - confidence) / 2
    bounds = poisson_interval(count, confidence=confidence)
    low = np.where(count > 0, chi2.ppf(tail, 2 * np.maximum(count, 1)) / 2, 0)
    # Two routines that each end near 1e-13.
    np.testing.assert_allclose(bounds["low"], low, rtol=1e-11)
    np.testing.assert_allclose(bounds["high"], chi2.isf(tail, 2 * count + 2) / 2, rtol=1e-11)


@no_deadline
@given(count=st.integers(0, 10_000), confidence=st.floats(0.5, 0.999))
def test_the_bounds_leave_half_of_the_rest_on_each_side(count, confidence):
    low, high = poisson_interval([count], confidence=confidence).loc[0]
    tail = (1 - confidence) / 2
    assert low <= count <= high
    # The distribution function itself is good to 1e-9 at means of thousands.
    assert poisson.cdf(count, high) == pytest.approx(tail, rel=1e-8)
    if count:
        assert poisson.sf(count - 1, low) == pytest.approx(tail, rel=1e-8)


@with_interval
def test_the_interval_of_a_density_is_that_of_its_count(density, interval, per):
    bounds = interval(COUNT, EXPOSURE)
    counted = poisson_interval(COUNT)
    for side in ("low", "high"):
        expected = counted[side] * per / EXPOSURE.where(EXPOSURE > 0)
        pd.testing.assert_series_equal(bounds[side], expected, rtol=1e-14, check_names=False)
    assert list(bounds.columns) == ["low", "high"]


@with_interval
def test_the_density_lies_inside_its_interval(density, interval, per):
    value, bounds = density(COUNT, EXPOSURE), interval(COUNT, EXPOSURE)
    defined = value.notna()
    assert (bounds["low"] <= value)[defined].all() and (value < bounds["high"])[defined].all()
    assert bounds[~defined].isna().all(axis=None)


@with_interval
def test_a_region_without_facilities_has_an_upper_bound(density, interval, per):
    low, high = interval(COUNT, EXPOSURE).loc["WK02"]
    assert low == 0.0
    assert high == pytest.approx(-log(0.025) * per / 800, rel=1e-14)


@with_interval
def test_more_confidence_is_a_wider_interval(density, interval, per):
    narrow, wide = (interval(COUNT, EXPOSURE, confidence=c).loc["WK01"] for c in (0.9, 0.99))
    assert wide["low"] < narrow["low"] and wide["high"] > narrow["high"]
    ordinary = interval(COUNT, EXPOSURE)
    pd.testing.assert_frame_equal(ordinary, interval(COUNT, EXPOSURE, confidence=0.95))


@with_interval
def test_bad_input_raises(density, interval, per):
    for measure in (density, interval):
        with pytest.raises(ValueError, match="count is missing"):
            measure([1, np.nan], [5, 5])
        with pytest.raises(ValueError, match="count is negative"):
            measure([1, -1], [5, 5])
        with pytest.raises(ValueError, match="(inhabitants|land_area_km2) is negative"):
            measure([1, 1], [5, -5])
        with pytest.raises(ValueError, match="count has 2 values and"):
            measure([1, 1], [5])
        with pytest.raises(ValueError, match="have different indexes"):
            measure(COUNT, EXPOSURE.iloc[::-1])


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, np.nan])
def test_a_confidence_outside_0_to_1_raises(confidence):
    with pytest.raises(ValueError, match="confidence is .* between 0 and 1"):
        poisson_interval([1], confidence=confidence)


def test_an_interval_of_a_fraction_raises():
    with pytest.raises(ValueError, match="count holds fractions"):
        poisson_interval([1.0, 2.5])


def test_plain_arrays_and_no_regions():
    assert density_per_1000([1], [500]).tolist() == [2.0]
    assert density_per_1000([], []).empty
    assert density_per_1000_interval([], []).columns.tolist() == ["low", "high"]


@with_interval
def test_input_is_unchanged(density, interval, per):
    count, exposure = COUNT.copy(deep=True), EXPOSURE.copy(deep=True)
    density(count, exposure)
    interval(count, exposure)
    pd.testing.assert_series_equal(count, COUNT)
    pd.testing.assert_series_equal(exposure, EXPOSURE)
