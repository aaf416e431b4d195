"""Random allocations: against closed forms, reproducible by area, p-values that are never 0."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.evenness import dissimilarity, gini, information_theory
from analysis.measures.expectation import expected_dissimilarity
from analysis.measures.exposure import isolation
from analysis.measures.resampling import adjusted_p_values, random_allocation
from analysis.measures.streams import area_streams

FRAME = pd.DataFrame(
    {
        "area": ["b", "a", "b", "a", "b", "c"],
        "x": [3, 10, 8, 12, 1, 0],
        "y": [30, 20, 9, 50, 70, 7],
    }
)
COLUMNS = FRAME["x"], FRAME["y"], FRAME["area"]
allocations = pytest.mark.parametrize("allocation", ["binomial", "fixed"])


@allocations
def test_mean_of_the_allocations_is_the_closed_form(allocation):
    found = random_allocation(*COLUMNS, draws=20_000, allocation=allocation)
    exact = expected_dissimilarity(*COLUMNS, margins="fixed")
    # A draw with another total of the group has nearly the same expectation (here within 1 %).
    allowed = 5 * found["sd"] / np.sqrt(20_000) + (0.01 * exact if allocation == "binomial" else 0)
    assert (np.abs(found["expected"] - exact) <= allowed).loc[["a", "b"]].all()
    assert found.loc["c"].isna().all()


@allocations
def test_spread_and_percentiles_are_those_of_the_draws(allocation):
    random = np.random.default_rng(8)
    t = FRAME["x"].add(FRAME["y"])[FRAME["area"].eq("b")].to_numpy()
    if allocation == "fixed":
        x = random.multivariate_hypergeometric(t, 12, size=50_000, method="marginals")
    else:
        x = random.binomial(t, 12 / t.sum(), (50_000, 3))
    d = dissimilarity(x.ravel(), (t - x).ravel(), np.repeat(np.arange(50_000), 3))
    found = random_allocation(*COLUMNS, draws=20_000, allocation=allocation).loc["b"]
    assert found["sd"] == pytest.approx(d.std(), rel=0.03)
    assert found["low"] == pytest.approx(np.nanpercentile(d, 2.5), abs=0.01)
    assert found["high"] == pytest.approx(np.nanpercentile(d, 97.5), abs=0.01)
    assert found["value"] == dissimilarity(*COLUMNS)["b"]
    assert found["p_value"] == pytest.approx((d >= found["value"] - 1e-12).mean(), abs=0.01)


@allocations
def test_the_same_on_several_cores_and_beside_other_areas(allocation):
    together = random_allocation(*COLUMNS, draws=60, seed=3, allocation=allocation)
    pd.testing.assert_frame_equal(
        together, random_allocation(*COLUMNS, draws=60, seed=3, allocation=allocation, workers=3)
    )
    some = FRAME[FRAME["area"].eq("b")]
    alone = random_allocation(
        some["x"], some["y"], some["area"], draws=60, seed=3, allocation=allocation
    )
    pd.testing.assert_frame_equal(together.loc[["b"]], alone)
    other = random_allocation(*COLUMNS, draws=60, seed=4, allocation=allocation)
    assert (other["expected"] != together["expected"]).loc[["a", "b"]].all()


def test_draws_in_pieces_are_the_draws_together(monkeypatch):
    together = random_allocation(*COLUMNS, draws=50)
    monkeypatch.setattr("analysis.measures.resampling.CHUNK", 60)
    pd.testing.assert_frame_equal(together, random_allocation(*COLUMNS, draws=50))


@pytest.mark.parametrize("index", [gini, information_theory, isolation])
def test_any_index_of_two_groups(index):
    found = random_allocation(*COLUMNS, index=index, draws=200)
    assert found.loc["a", "value"] == index(*COLUMNS)["a"]
    assert found.loc["a", "low"] <= found.loc["a", "expected"] <= found.loc["a", "high"]


def test_p_value_is_never_0():
    found = random_allocation([50, 0], [0, 50], draws=99)
    assert found.index.tolist() == ["all"]
    assert found.loc["all", "p_value"] == 1 / 100
    # Every allocation is at least as uneven as an even spread.
    assert random_allocation([5, 5], [5, 5], draws=99).loc["all", "p_value"] == 1


def test_p_values_are_even_when_chance_rules():
    random = np.random.default_rng(6)
    area = np.repeat(np.arange(400), 12)
    x = random.binomial(50, 0.2, 4800)
    p = random_allocation(x, 50 - x, area, draws=199, allocation="fixed")["p_value"]
    assert (p <= 0.05).mean() == pytest.approx(0.05, abs=0.035)
    assert p.mean() == pytest.approx(0.5, abs=0.06)


def test_pysal_means_under_the_null_are_met(shared):
    folder = shared / "reference/segregation"
    listed = pd.read_csv(folder / "expected.csv")
    rows = listed[listed["index"].eq("Dissim mean under null")]
    tracts = pd.read_csv(folder / "data/sacramento_tracts.csv")
    group, others = tracts["HISP"], tracts["TOT_POP"] - tracts["HISP"]
    assert len(rows) == 2
    for _, row in rows.iterrows():
        found = random_allocation(group, others, draws=50).loc["all", "expected"]
        # Their tolerance is 0.015; ours is what their 50 draws leave.
        assert found == pytest.approx(row["value"], rel=0, abs=0.002)
    inline = listed[listed["index"].eq("expected D")].set_index("parameters")["value"]
    for allocation, name in (("fixed", "fixed margins"), ("binomial", "binomial")):
        found = random_allocation(
            [40, 20, 5, 1], [20, 40, 60, 80], draws=2000, allocation=allocation
        )
        assert found.loc["all", "expected"] == pytest.approx(inline[name], rel=0, abs=0.01)


def test_adjusted_p_values_after_benjamini_and_hochberg():
    # Sorted 0.01, 0.02, 0.5 of three: 0.03, 0.03, 0.5; a NaN is no test.
    p = pd.Series([0.02, np.nan, 0.5, 0.01], index=list("wxyz"), name="p_value")
    found = adjusted_p_values(p)
    expected = pd.Series([0.03, np.nan, 0.5, 0.03], index=list("wxyz"), name="p_value")
    pd.testing.assert_series_equal(found, expected)
    table = pd.DataFrame({"one": [0.02, np.nan], "two": [0.5, 0.01]}, index=["a", "b"])
    # All cells of a table are one family.
    found = adjusted_p_values(table)
    pd.testing.assert_frame_equal(
        found, pd.DataFrame({"one": [0.03, np.nan], "two": [0.5, 0.03]}, index=["a", "b"])
    )
    assert table.loc["a", "one"] == 0.02
    assert adjusted_p_values(pd.Series([np.nan])).isna().all()
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjusted_p_values(pd.Series([1.2]))


def test_a_stream_hangs_on_seed_and_label():
    one, other = area_streams(5, ["GM0637", "GM0034"])
    again = area_streams(5, ["GM0034", "x", "GM0637"])
    first = one.random(4).tolist()
    assert first == again[2].random(4).tolist()
    assert other.random(4).tolist() == again[0].random(4).tolist()
    assert first != area_streams(6, ["GM0637"])[0].random(4).tolist()
    assert first != area_streams(5, ["GM0637"], "rounding")[0].random(4).tolist()
    assert area_streams(1, [637])[0].random() == area_streams(1, ["637"])[0].random()


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True, None])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises((TypeError, ValueError), match="seed is"):
        area_streams(seed, ["a"])


def test_bad_input_raises():
    with pytest.raises(ValueError, match="whole counts only"):
        random_allocation([1.5, 2], [3, 4])
    with pytest.raises(ValueError, match="whole counts only"):
        random_allocation([1, 2], [3.5, 4])
    with pytest.raises(ValueError, match="allocation is 'poisson'"):
        random_allocation([1, 2], [3, 4], allocation="poisson")
    with pytest.raises(ValueError, match="1 or more"):
        random_allocation([1, 2], [3, 4], draws=0)
    with pytest.raises(ValueError, match="1 or more"):
        random_allocation([1, 2], [3, 4], workers=0)
    with pytest.raises(ValueError, match="group is missing"):
        random_allocation([1, np.nan], [3, 4])


def test_input_is_unchanged():
    before = FRAME.copy(deep=True)
    random_allocation(*COLUMNS, draws=5)
    pd.testing.assert_frame_equal(FRAME, before)
