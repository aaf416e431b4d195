"""What may be wrong with a model: by hand, beside statsmodels and esda, and on the edges."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from analysis.evidence.autocorrelation import morans_i
from analysis.evidence.model_checks import (
    cooks_distance,
    inflation_rows,
    influence_rows,
    residual_rows,
)
from analysis.evidence.models import Setting, fit

AREA = pd.Series({"area_code": "GM9901", "area_name": "V", "year": 2024, "level": "buurt"})
TOLD = {"area": AREA, "source": "s"}
FREE = {"y": (), "a": (), "b": ()}


def town(n=40, seed=1):
    dice = np.random.default_rng(seed)
    index = pd.Index([f"BU{at:04d}" for at in range(n)], name="region_code")
    areas = pd.DataFrame(dice.normal(size=(n, 2)), index=index, columns=list("ab"))
    return areas.assign(y=1 + 2 * areas["a"] + dice.normal(size=n))


def row_of(n, alone=0):
    """Return areas in a row as neighbours, the last ones on islands."""
    near = np.arange(n - 1 - alone)
    links = np.zeros((n, n))
    links[near, near + 1] = links[near + 1, near] = 1
    return csr_array(links)


def names_of(areas):
    return areas.index.to_series().str.replace("BU", "Buurt ")


def test_cooks_distance_is_that_of_statsmodels():
    import statsmodels.api as sm

    areas = town()
    found = fit("y ~ a + b", areas, made_of=FREE)
    hand = sm.OLS(areas["y"], sm.add_constant(areas[["a", "b"]])).fit().get_influence()
    np.testing.assert_allclose(cooks_distance(found), hand.cooks_distance[0], rtol=1e-9)


def test_cooks_distance_is_how_far_the_line_moves_without_an_area():
    areas = town()
    found = fit("y ~ a", areas, made_of=FREE)
    without = fit("y ~ a", areas.drop("BU0005"), made_of=FREE).table["value"]
    moved = found.terms @ (found.table["value"] - without)
    # D = sum of squared moves of the fitted values / (p s^2), p = 2.
    spread = (found.residuals**2).sum() / (40 - 2)
    assert cooks_distance(found)["BU0005"] == pytest.approx((moved**2).sum() / (2 * spread))


def test_influential_areas_are_named_most_first():
    areas = town()
    areas.loc["BU0007", ["a", "y"]] = [6.0, -20.0]
    found = fit("y ~ a", areas, made_of=FREE)
    rows = influence_rows(found, names=names_of(areas), **TOLD)
    each = rows[rows["measure"].eq("cooks_distance")]
    assert each["area_code"].iloc[0] == "BU0007" and each["area_name"].iloc[0] == "Buurt 0007"
    assert each["value"].is_monotonic_decreasing and each["value"].gt(4 / 40).all()
    whole = rows[rows["area_code"].eq("GM9901")].set_index("measure")["value"]
    assert whole["influential_areas"] == len(each) == (cooks_distance(found) > 4 / 40).sum()
    assert whole["most_influential"] == each["value"].iloc[0]


def test_an_area_that_alone_tells_a_coefficient_has_no_distance():
    areas = town().assign(b=0.0)
    areas.loc["BU0003", "b"] = 1.0
    distance = cooks_distance(fit("y ~ a + b", areas, made_of=FREE))
    assert np.isnan(distance["BU0003"]) and distance.drop("BU0003").notna().all()
    rows = influence_rows(fit("y ~ a + b", areas, made_of=FREE), names=names_of(areas), **TOLD)
    assert "BU0003" not in set(rows["area_code"])


def test_influence_is_of_least_squares():
    areas = town()
    found = fit("y ~ a", areas, "quantile", made_of=FREE)
    with pytest.raises(ValueError, match="influence is of an 'ols' fit"):
        influence_rows(found, names=names_of(areas), **TOLD)


def test_morans_i_of_the_residuals_is_that_of_esda():
    areas = town()
    # What is left over rises along the row: neighbours are alike.
    areas["y"] += np.linspace(-4, 4, 40)
    found = fit("y ~ a", areas, made_of=FREE)
    rows = residual_rows(found, neighbours=row_of(40, alone=2), **TOLD).set_index("measure")
    hand = morans_i(found.residuals, row_of(40, alone=2), permutations=999, seed=0)
    assert rows.loc["residual_morans_i", "value"] == hand["value"] > 0.5
    assert rows.loc["residual_morans_p", "value"] == hand["p"] < 0.05
    assert rows.loc["without_neighbours", "value"] == 2
    # By hand: rows add up to 1, so I = sum of e times the mean of the neighbours' e / sum of e^2,
    # times n over the sum of weights, 40 / 38: two have no neighbours.
    e = found.residuals.to_numpy()
    near = row_of(40, alone=2).toarray()
    lag = np.divide(near @ e, near.sum(1), out=np.zeros(40), where=near.sum(1) > 0)
    assert hand["value"] == pytest.approx(40 / 38 * (e @ lag) / (e @ e))


def test_spatial_error_takes_the_likeness_out():
    areas = town()
    areas["y"] += np.linspace(-4, 4, 40)
    setting = Setting(neighbours=row_of(40))
    left = [
        residual_rows(
            fit("y ~ a", areas, method, made_of=FREE, setting=setting),
            neighbours=row_of(40), **TOLD,
        ).set_index("measure").loc["residual_morans_i", "value"]
        for method in ("ols", "spatial_error")
    ]  # fmt: skip
    assert left[0] > 0.5 and abs(left[1]) < 0.3


def test_share_explained_is_that_of_statsmodels():
    import statsmodels.api as sm

    areas = town()
    rows = residual_rows(fit("y ~ a + b", areas, made_of=FREE), neighbours=None, **TOLD)
    hand = sm.OLS(areas["y"], sm.add_constant(areas[["a", "b"]])).fit().rsquared
    assert rows.set_index("measure").loc["share_explained", "value"] == pytest.approx(hand)


def test_without_neighbours_it_says_so_and_is_no_zero():
    areas = town()
    found = fit("y ~ a", areas, made_of=FREE)
    for links in (None, csr_array((40, 40))):
        rows = residual_rows(found, neighbours=links, **TOLD).set_index("measure")
        assert rows.loc["residual_morans_i", "status"] == "no_neighbours"
        assert np.isnan(rows.loc["residual_morans_i", "value"])
        assert rows.loc["share_explained", "status"] == "ok"
    assert rows.loc["without_neighbours", "value"] == 40


def test_inflation_rows_name_each_term():
    import statsmodels.stats.outliers_influence as oi

    areas = town()
    areas["b"] += areas["a"]
    found = fit("y ~ a + b", areas, made_of=FREE)
    rows = inflation_rows(found, **TOLD)
    assert list(rows["group"]) == ["y ~ a", "y ~ b"]
    x = found.terms.to_numpy()
    by_hand = [oi.variance_inflation_factor(x, at) for at in (1, 2)]
    np.testing.assert_allclose(rows["value"], by_hand, rtol=1e-9)
    assert rows["value"].gt(1.3).all()


def test_a_fit_without_coefficients_has_no_checks():
    areas = town().iloc[:5]
    found = fit("y ~ a", areas, made_of=FREE)
    tables = [
        inflation_rows(found, **TOLD),
        residual_rows(found, neighbours=row_of(5), **TOLD),
        influence_rows(found, names=names_of(areas), **TOLD),
    ]
    for rows in tables:
        assert rows["status"].eq("too_few_areas").all() and rows["value"].isna().all()
        assert rows["units"].eq(5).all()


def test_a_perfect_line_has_no_influence_and_no_warning():
    areas = town().assign(a=np.arange(40.0), y=2 * np.arange(40.0))
    found = fit("y ~ a", areas, made_of=FREE)
    assert cooks_distance(found).isna().all() or cooks_distance(found).notna().all()
    residual_rows(found, neighbours=row_of(40), **TOLD)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 50))
def test_checks_do_not_depend_on_units(seed, times):
    areas = town(30, seed)
    before = areas.copy()
    larger = areas.assign(y=areas["y"] * times, a=areas["a"] / times)
    one, other = (fit("y ~ a + b", each, made_of=FREE) for each in (areas, larger))
    np.testing.assert_allclose(cooks_distance(one), cooks_distance(other), rtol=1e-6, atol=1e-12)
    assert cooks_distance(one).ge(0).all()
    pd.testing.assert_frame_equal(areas, before)
