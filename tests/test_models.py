"""Coefficients beside statsmodels and spreg called by hand, and what cannot be fitted."""

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from analysis.evidence import models
from analysis.evidence.autocorrelation import touching_or_overlapping
from analysis.evidence.circularity import CircularityError
from analysis.evidence.model_methods import variance_inflation
from analysis.evidence.model_terms import EXPLANATIONS, explanations_for, model_table, outcome_of
from analysis.evidence.models import METHODS, Setting, coefficient_rows, fit, parse
from analysis.sources.stored import region_table

AREA = pd.Series({"area_code": "GM9901", "area_name": "V", "year": 2024, "level": "buurt"})
FREE = {"y": (), "a": (), "b": (), "c": ()}


def town(n=120, seed=0):
    """Return areas in wijken in gemeenten, y = 1 + 2 a - b with a level per wijk, and a setting."""
    dice = np.random.default_rng(seed)
    index = pd.Index([f"BU{at:04d}" for at in range(n)], name="region_code")
    areas = pd.DataFrame(dice.normal(size=(n, 3)), index=index, columns=list("abc"))
    wijk = np.arange(n) // 5
    areas.insert(0, "y", 1 + 2 * areas["a"] - areas["b"] + dice.normal(size=n)
                 + dice.normal(size=n)[wijk])  # fmt: skip
    links = np.zeros((n, n))
    # In a row; the last is an island.
    near = np.arange(n - 2)
    links[near, near + 1] = links[near + 1, near] = 1
    within = pd.DataFrame(
        {"gemeente": [f"GM{at // 4}" for at in wijk], "wijk": [f"WK{at:02d}" for at in wijk]},
        index=index,
    )
    weights = pd.Series(dice.uniform(1, 9, n), index=index)
    return areas, Setting(weights=weights, within=within, neighbours=csr_array(links))


def designed(areas):
    return areas[["a", "b"]].assign(one=1.0)[["one", "a", "b"]].to_numpy()


def same(found, params, errors=None, far=None):
    table = found.table.loc[["Intercept", *found.formula.terms]]
    np.testing.assert_allclose(table["value"], params, rtol=1e-9)
    if errors is not None:
        np.testing.assert_allclose((table["high"] - table["low"]) / 2, far * errors, rtol=1e-9)


def test_a_line_by_hand():
    # y = 2 x but for one: x = 0..12, y(12) = 24 + 13. Slope: 2 + sum((x - 6) e) / sum((x - 6)^2)
    # = 2 + 6 * 13 / 182; intercept: mean(y) - 6 slope = 13 - 6 * (6 * 13 / 182).
    areas = pd.DataFrame({"y": 2.0 * np.arange(13), "a": np.arange(13.0)})
    areas.loc[12, "y"] += 13
    found = fit("y ~ a", areas, made_of=FREE)
    assert found.table["value"].to_dict() == pytest.approx(
        {"a": 2 + 78 / 182, "Intercept": 1 - 6 * 78 / 182}
    )


def test_least_squares_weights_clusters_and_median_are_those_of_statsmodels():
    import statsmodels.api as sm

    areas, setting = town()
    y, x = areas["y"].to_numpy(), designed(areas)
    clusters = pd.factorize(setting.within["wijk"])[0]
    by_hand = {
        "ols": sm.OLS(y, x).fit(),
        "weighted": sm.WLS(y, x, weights=setting.weights.to_numpy()).fit(),
        "clustered": sm.OLS(y, x).fit(
            cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True
        ),
        "quantile": sm.QuantReg(y, x).fit(q=0.5),
    }
    for method, hand in by_hand.items():
        found = fit("y ~ a + b", areas, method, made_of=FREE, setting=setting)
        same(found, hand.params)
        np.testing.assert_allclose(found.table[["low", "high"]], hand.conf_int(), rtol=1e-9)
        np.testing.assert_allclose(found.residuals, hand.resid, rtol=1e-9, atol=1e-12)


def test_another_quantile_is_another_line():
    areas, setting = town()
    high = fit("y ~ a", areas, "quantile", made_of=FREE, setting=Setting(quantile=0.9))
    middle = fit("y ~ a", areas, "quantile", made_of=FREE, setting=setting)
    assert high.table.loc["Intercept", "value"] > middle.table.loc["Intercept", "value"]


def test_buurten_in_wijken_in_gemeenten_are_those_of_statsmodels():
    import statsmodels.formula.api as smf

    areas, setting = town()
    frame = areas.join(setting.within)
    nested = smf.mixedlm(
        "y ~ a + b", frame, groups="gemeente", re_formula="1",
        vc_formula={"wijk": "0 + C(wijk)"},
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        hand = nested.fit(maxiter=1000)
    found = fit("y ~ a + b", areas, "mixed", made_of=FREE, setting=setting)
    # Both search the same likelihood; they end where its slope is below a tolerance.
    np.testing.assert_allclose(found.table["value"].iloc[:3], hand.fe_params, rtol=1e-4)
    assert found.table.loc["sd_between_wijk", "value"] == pytest.approx(
        np.sqrt(hand.vcomp[0]), rel=1e-3
    )
    assert found.table.loc["sd_residual", "value"] == pytest.approx(np.sqrt(hand.scale), rel=1e-3)
    only = Setting(within=setting.within[["wijk"]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        hand = smf.mixedlm("y ~ a + b", frame, groups="wijk").fit(maxiter=1000)
    found = fit("y ~ a + b", areas, "mixed", made_of=FREE, setting=only)
    np.testing.assert_allclose(found.table["value"].iloc[:3], hand.fe_params, rtol=1e-4)
    np.testing.assert_allclose(
        found.table[["low", "high"]].iloc[:3], hand.conf_int().iloc[:3], rtol=1e-3
    )


@pytest.mark.parametrize("method", ["spatial_lag", "spatial_error"])
def test_spatial_models_are_those_of_spreg(method):
    areas, setting = town()
    found = fit("y ~ a + b", areas, method, made_of=FREE, setting=setting)
    params, errors = by_spreg(areas, ["a", "b"], setting.neighbours, method)
    np.testing.assert_allclose(found.table["value"], params, rtol=1e-6)
    np.testing.assert_allclose(
        (found.table["high"] - found.table["low"]) / 2, 1.959963985 * errors, rtol=1e-6
    )
    assert found.table.index[-1] == ("rho" if method == "spatial_lag" else "lambda")


def by_spreg(areas, terms, links, method):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import spreg
        from libpysal.weights import W

        near = {at: np.flatnonzero(row).tolist() for at, row in enumerate(links.toarray())}
        weights = W(near, silence_warnings=True)
        weights.transform = "r"
        model = {"spatial_lag": spreg.ML_Lag, "spatial_error": spreg.ML_Error}[method]
        hand = model(areas["y"].to_numpy()[:, None], areas[terms].to_numpy(), w=weights)
        return hand.betas.ravel(), np.sqrt(np.diag(hand.vm))


@pytest.fixture(scope="module")
def benefits(real_release):
    """Return of a gemeente's buurten in 2020 the table of a model, its terms, and the regions."""

    def made(gm_code):
        regions = region_table(real_release(2020), "buurt")
        regions = regions[regions["gm_code"].eq(gm_code)]
        outcome = outcome_of("social_assistance_per_1000")
        terms = explanations_for(regions, outcome)
        return model_table(regions, outcome, terms), terms, regions

    return made


def test_real_buurten_give_what_statsmodels_gives(benefits):
    import statsmodels.api as sm

    areas, terms, regions = benefits("GM0363")
    assert [one.key for one in terms] == [
        "share_age_65_plus", "share_one_person_households", "addresses_per_km2",
        "supermarket_distance_km",
    ]  # fmt: skip
    found = fit(formula_of(areas), areas, made_of=dict.fromkeys(areas, ()))
    # By hand, from the region table itself.
    old = regions["n_age_15_24"] + regions["n_age_25_44"] + regions["n_age_45_64"]
    hand = pd.DataFrame(
        {"y": 1000 * regions["n_social_assistance"] / old,
         "a": regions["n_age_65_plus"] / regions["inhabitants"],
         "b": regions["n_one_person_households"] / regions["n_households"],
         "c": regions["addresses_per_km2"], "d": regions["supermarket_distance_km"]}
    )[regions["inhabitants"] >= 100]  # fmt: skip
    # One buurt has no households: what is divided by nobody is not known.
    hand = hand[np.isfinite(hand).all(axis=1)]
    assert len(found.outcome) == len(hand) and found.missing == len(regions) - len(hand) > 0
    same(found, sm.OLS(hand["y"], sm.add_constant(hand[list("abcd")])).fit().params)


@pytest.mark.parametrize("method", ["spatial_lag", "spatial_error"])
def test_real_neighbours_give_what_spreg_gives(method, benefits, shared):
    areas, _, _ = benefits("GM0637")
    file = shared / "data" / "boundaries" / "buurten_2024_approx_rd.gpkg"
    drawn = gpd.read_file(file).set_index("bu_code").loc[areas.index]
    links = touching_or_overlapping(drawn, gap=20.0)
    areas = (areas - areas.mean()) / areas.std()
    setting = Setting(neighbours=links)
    made = dict.fromkeys(areas, ())
    found = fit(formula_of(areas), areas, method, made_of=made, setting=setting)
    kept = areas.notna().all(axis=1).to_numpy()
    own = areas[kept].rename(columns={areas.columns[0]: "y"})
    params, errors = by_spreg(own, list(own)[1:], links[kept][:, kept], method)
    assert found.status == "ok" and found.missing == (~kept).sum() > 0
    np.testing.assert_allclose(found.table["value"], params, rtol=1e-6)
    half = (found.table["high"] - found.table["low"]) / 2
    np.testing.assert_allclose(half, 1.959963985 * errors, rtol=1e-6)


def formula_of(areas):
    return f"{areas.columns[0]} ~ {' + '.join(areas.columns[1:])}"


def test_standardised_effects_are_coefficients_times_spread():
    areas, setting = town()
    plain = fit("y ~ a + b", areas, made_of=FREE).table
    scaled = fit("y ~ a + b", areas, made_of=FREE, standardised=True)
    for term in "ab":
        times = areas[term].std(ddof=1) / areas["y"].std(ddof=1)
        np.testing.assert_allclose(scaled.table.loc[term], plain.loc[term] * times, rtol=1e-9)
    assert scaled.table.loc["Intercept", "value"] == pytest.approx(0, abs=1e-12)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.01, 100), st.floats(-50, 50))
def test_units_and_origin_of_a_scale_do_not_change_standardised_effects(times, plus):
    areas, _ = town(40)
    moved = areas.assign(a=areas["a"] * times + plus, y=areas["y"] * 3 - plus)
    here, there = (
        fit("y ~ a + b", one, made_of=FREE, standardised=True).table for one in (areas, moved)
    )
    np.testing.assert_allclose(here.iloc[1:], there.iloc[1:], rtol=1e-6, atol=1e-9)


def test_missing_areas_are_left_out_and_counted():
    areas, setting = town()
    holes = areas.copy()
    holes.iloc[3, 0] = holes.iloc[7, 1] = holes.iloc[7, 2] = np.nan
    # A column that is not in the formula costs nothing.
    holes.iloc[9, 3] = np.nan
    before = holes.copy()
    kept = areas.drop(areas.index[[3, 7]])
    for method in METHODS:
        found = fit("y ~ a + b", holes, method, made_of=FREE, setting=setting)
        assert found.missing == 2 and list(found.outcome.index) == list(kept.index), method
        assert found.status == "ok" and found.residuals.notna().all()
    links = setting.neighbours.toarray()[np.ix_(*[[i for i in range(120) if i not in (3, 7)]] * 2)]
    params, _ = by_spreg(kept, ["a", "b"], csr_array(links), "spatial_error")
    found = fit("y ~ a + b", holes, "spatial_error", made_of=FREE, setting=setting)
    np.testing.assert_allclose(found.table["value"], params, rtol=1e-6)
    pd.testing.assert_frame_equal(holes, before)
    unknown = Setting(weights=setting.weights.mask(setting.weights.index == "BU0000"))
    assert fit("y ~ a", areas, "weighted", made_of=FREE, setting=unknown).missing == 1
    rows = coefficient_rows(
        fit("y ~ a + b", holes, made_of=FREE), area=AREA, source="s", people=setting.weights
    )
    assert rows["units"].eq(118).all() and rows["units_missing"].eq(2).all()
    part = setting.weights[kept.index].sum() / setting.weights.sum()
    assert rows["population_covered"].iloc[0] == pytest.approx(part)


def test_evidence_rows_name_method_outcome_and_term():
    areas, setting = town()
    rows = coefficient_rows(
        fit("y ~ a + b", areas, "spatial_lag", made_of=FREE, setting=setting), area=AREA, source="s"
    )
    assert rows["measure"].eq("coefficient_spatial_lag").all()
    assert list(rows["group"]) == ["y ~ Intercept", "y ~ a", "y ~ b", "y ~ rho"]
    assert rows["interval"].eq("95%").all() and rows["low"].lt(rows["high"]).all()
    assert rows["area_code"].eq("GM9901").all() and rows["level"].eq("buurt").all()
    scaled = fit("y ~ a", areas, "mixed", made_of=FREE, setting=setting, standardised=True)
    rows = coefficient_rows(scaled, area=AREA, source="s").set_index("group")
    assert rows["measure"].eq("standardised_mixed").all()
    # A spread between groups has no interval, and says none.
    assert rows.loc["y ~ sd_between_wijk", "interval"] == ""


@pytest.mark.parametrize("method", METHODS)
def test_too_few_constant_and_collinear_have_a_status_and_no_coefficient(method):
    areas, setting = town()
    few = areas.iloc[:12]
    cases = {
        "too_few_areas": few,
        "constant": areas.assign(b=3.0),
        "collinear": areas.assign(b=1 - areas["a"] + 1e-3 * areas["c"]),
    }
    for status, table in cases.items():
        own = Setting(weights=setting.weights, within=setting.within,
                      neighbours=setting.neighbours[: len(table), : len(table)])  # fmt: skip
        found = fit("y ~ a + b", table, method, made_of=FREE, setting=own, standardised=True)
        assert found.status == status and found.table.empty and found.residuals.isna().all()
        rows = coefficient_rows(found, area=AREA, source="s")
        assert rows["status"].eq(status).all() and rows["value"].isna().all() and len(rows) == 3
        assert rows["interval"].eq("").all()
    constant = fit("y ~ a", areas.assign(y=1.0), method, made_of=FREE, setting=setting)
    assert constant.status == "constant"


def test_ten_areas_beyond_the_coefficients_are_enough():
    areas, _ = town()
    # Three coefficients with the intercept: 13 areas.
    assert fit("y ~ a + b", areas.iloc[:13], made_of=FREE).status == "ok"
    assert fit("y ~ a + b", areas.iloc[:12], made_of=FREE).status == "too_few_areas"
    holed = areas.iloc[:13].copy()
    holed.iloc[0, 0] = np.nan
    assert fit("y ~ a + b", holed, made_of=FREE).status == "too_few_areas"


@pytest.mark.parametrize("method", ["quantile", "mixed"])
def test_what_does_not_converge_has_a_status_and_no_warning(method):
    areas, setting = town()
    hasty = Setting(within=setting.within, iterations=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = fit("y ~ a + b", areas, method, made_of=FREE, setting=hasty)
    assert found.status == "not_converged" and found.table.empty


def test_a_spatial_parameter_at_its_end_is_no_answer():
    n = 60
    areas = pd.DataFrame({"y": np.cumsum(np.ones(n)), "a": np.tile([0.0, 1.0], n // 2)})
    links = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) == 1
    setting = Setting(neighbours=csr_array(links.astype(float)))
    found = fit("y ~ a", areas, "spatial_lag", made_of=FREE, setting=setting)
    assert found.status == "not_converged"


def test_an_island_takes_part_and_nobody_near_anybody_does_not():
    areas, setting = town(40)
    found = fit("y ~ a", areas, "spatial_error", made_of=FREE, setting=setting)
    assert found.status == "ok" and "BU0039" in found.outcome.index
    alone = Setting(neighbours=csr_array((40, 40)))
    assert fit("y ~ a", areas, "spatial_lag", made_of=FREE, setting=alone).status == "no_neighbours"
    # A zero or one on the diagonal is no neighbour.
    itself = Setting(neighbours=csr_array(np.eye(40)))
    assert (
        fit("y ~ a", areas, "spatial_error", made_of=FREE, setting=itself).status == "no_neighbours"
    )


def test_too_few_groups_have_a_status():
    areas, setting = town(40)
    nine = pd.DataFrame({"wijk": np.arange(40) % 9}, index=areas.index)
    four = pd.DataFrame({"wijk": np.arange(40) % 4}, index=areas.index)
    for within, clustered, mixed in (
        (nine, "too_few_groups", "ok"), (four, "too_few_groups", "too_few_groups"),
    ):  # fmt: skip
        told = [
            fit("y ~ a", areas, method, made_of=FREE, setting=Setting(within=within)).status
            for method in ("clustered", "mixed")
        ]
        assert told == [clustered, mixed]


def test_models_are_silent(capsys):
    areas, setting = town(60)
    for method in METHODS:
        fit("y ~ a", areas, method, made_of=FREE, setting=setting)
    assert capsys.readouterr() == ("", "")


def test_inflation_by_hand():
    # a and b correlate by r = 0.5: 1 / (1 - 0.25).
    terms = pd.DataFrame({"a": [1.0, 1, -1, -1], "b": [1.0, 0, 0, -1]})
    # r2 = (2 / sqrt(4 * 2))^2 = 0.5, so 1 / 0.5.
    assert variance_inflation(terms).tolist() == pytest.approx([2, 2])
    assert variance_inflation(terms[["a"]]).tolist() == [1]
    assert np.isinf(variance_inflation(terms.assign(c=terms["a"] * 2))["a"])


@pytest.mark.parametrize(
    "formula", ["y", "y ~", "y ~ a +", "y ~ log(a)", "y ~ a:b", "~ a", "y ~ a ~ b", "y ~ 1 + a"]
)
def test_what_is_no_formula_is_refused(formula):
    with pytest.raises(ValueError, match="is no formula: write"):
        parse(formula)


def test_bad_input_is_one_sentence():
    areas, setting = town(40)
    for formula, method, given_setting, told in (
        ("y ~ a + a", "ols", None, "has a term twice"),
        ("y ~ a", "probit", None, "'probit' is no method; give one of ols"),
        ("y ~ a", "weighted", None, "'weighted' needs weights"),
        ("y ~ a", "mixed", None, "'mixed' needs within"),
        ("y ~ a", "spatial_lag", None, "'spatial_lag' needs neighbours"),
        ("y ~ a", "weighted", Setting(weights=-setting.weights), "weights are negative"),
        ("y ~ a", "spatial_error", Setting(neighbours=csr_array((3, 3))), r"\(3, 3\) for 40 areas"),
    ):
        with pytest.raises(ValueError, match=told):
            fit(formula, areas, method, made_of=FREE, setting=given_setting)
    with pytest.raises(ValueError, match="no column a"):
        fit("y ~ a", areas.drop(columns="a"), made_of=FREE)
    with pytest.raises(ValueError, match="a is infinite"):
        fit("y ~ a", areas.assign(a=np.inf), made_of=FREE)
    with pytest.raises(CircularityError):
        fit("y ~ a", areas, made_of={"y": {"age"}, "a": {"age"}})
    with pytest.raises(KeyError, match="no outcome 'happiness'"):
        outcome_of("happiness")


def regions_of(n, **columns):
    return pd.DataFrame(
        {"inhabitants": 1000.0, "n_age_65_plus": np.linspace(100, 300, n),
         "n_one_person_households": np.linspace(90, 200, n)[::-1], "n_households": 400.0,
         "household_size": np.linspace(1.5, 2.5, n), "n_age_15_24": 100.0, "n_age_25_44": 200.0,
         "n_age_45_64": 200.0, "n_social_assistance": 20.0} | columns
    )  # fmt: skip


def test_a_rate_is_over_its_own_people_and_small_areas_have_none():
    outcome = outcome_of("social_assistance_per_1000")
    table = model_table(
        regions_of(3, inhabitants=[1000.0, 99.0, 100.0], n_age_25_44=[200.0, 200, np.nan]),
        outcome, EXPLANATIONS[:1],
    )  # fmt: skip
    # 1000 * 20 / (100 + 200 + 200); 99 people are too few; an unknown age is no zero.
    assert table[outcome.key].tolist() == pytest.approx([40, np.nan, np.nan], nan_ok=True)
    assert table["share_age_65_plus"].iloc[0] == pytest.approx(0.1)
    nobody = model_table(regions_of(2, n_households=0.0), outcome, EXPLANATIONS[1:2])
    assert nobody["share_one_person_households"].isna().all()


def test_explanations_are_as_many_as_areas_bear():
    outcome = outcome_of("social_assistance_per_1000")
    keys = {n: [one.key for one in explanations_for(regions_of(n), outcome)] for n in (11, 12, 13)}
    # One coefficient and the intercept want 12 areas, two want 13; of households only one figure.
    assert keys == {11: [], 12: ["share_age_65_plus"],
                    13: ["share_age_65_plus", "share_one_person_households"]}  # fmt: skip
    holes = regions_of(20)
    holes.loc[:4, "n_one_person_households"] = np.nan
    # Known in 15 of 20: too few, so the size of households stands for it.
    assert [one.key for one in explanations_for(holes, outcome)] == [
        "share_age_65_plus", "household_size",
    ]  # fmt: skip
    same_everywhere = regions_of(20, n_age_65_plus=200.0)
    assert "share_age_65_plus" not in {t.key for t in explanations_for(same_everywhere, outcome)}


def test_methods_are_those_that_are_documented():
    assert models.METHODS == (
        "ols", "weighted", "clustered", "quantile", "mixed", "spatial_lag", "spatial_error",
    )  # fmt: skip
