"""Intervals for indices of rounded and withheld counts: coverage, possible counts, streams."""

import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.measures.areas import by_area
from analysis.measures.count_mixture import gamma_quantiles, mixture_draws, share_mixture
from analysis.measures.count_normal import count_law, normal_draws
from analysis.measures.evenness import dissimilarity, gini, information_theory
from analysis.measures.exposure import isolation
from analysis.measures.rounded_counts import (
    from_percentages,
    from_rounded,
    rounding_weight,
    size_chances,
)
from analysis.measures.rounding import percentage_interval, rounding_interval
from analysis.measures.streams import area_streams

NAN = np.nan
INDICES = (dissimilarity, information_theory, isolation)


@pytest.fixture(scope="module")
def benchmark(root):
    """Return benchmarks/coverage.py as a module: the simulation that the table comes from."""
    spec = importlib.util.spec_from_file_location("coverage_run", root / "benchmarks/coverage.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["coverage_run"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["coverage_run"]


# ---- coverage ----


@pytest.mark.parametrize(
    ("size", "share", "units", "spread", "release", "widest"),
    [
        (60, 0.05, 60, "logit-normal", "random", 0.25),
        (60, 0.2, 20, "by chance", "nearest", 0.15),
        (100, 0.1, 40, "bimodal", "random, units < 50 withheld", 0.2),
        (300, 0.05, 20, "beta-binomial", "random, counts < 5 withheld", 0.2),
        (4000, 0.1, 20, "logit-normal", "random", 0.01),
    ],
)
def test_the_interval_holds_the_true_index(benchmark, size, share, units, spread, release, widest):
    kind = benchmark.Kind(size, share, units, spread, release)
    table = benchmark.coverage(kind, towns=60, draws=70, seed=3).set_index("index")
    # 60 towns: 57 is 95 %.
    assert (table["covered"] >= 57 / 60).all(), table[["covered", "width"]]
    assert table.loc["dissimilarity", "width"] < widest
    if size == 60:
        # Noise added to the published counts is upward bias added to upward bias.
        assert table.loc["dissimilarity", "noise_covered"] < 0.75
        published = table.loc["dissimilarity", "published"] - table.loc["dissimilarity", "true"]
        estimate = table.loc["dissimilarity", "estimate"] - table.loc["dissimilarity", "true"]
        assert abs(estimate) < published


def test_rounding_noise_does_not_matter_for_large_units():
    random = np.random.default_rng(0)
    total = random.integers(800, 2000, 30) * 5
    group = random.integers(20, 100, 30) * 5
    found = rounding_interval(group, total, index=INDICES, draws=40)
    assert (found["high"] - found["low"]).max() < 0.006
    assert (np.abs(found["published"] - found["estimate"])).max() < 0.001


def test_counts_that_were_not_rounded_leave_nothing_open():
    group, total = [3, 17, 8, 0], [41, 77, 22, 13]
    found = rounding_interval(group, total, base=1, total_base=1, index=INDICES, draws=5)
    for index in INDICES:
        row = found.loc[(index.__name__, "all")]
        value = index(group, np.subtract(total, group))
        assert row.tolist() == pytest.approx([value] * 4, abs=1e-15)


# ---- what a user gets ----

FRAME = pd.DataFrame(
    {
        "area": ["b", "a", "b", "a", "b", "a", "c"],
        "x": [10, 5, 0, 15, 20, 0, 5],
        "t": [60, 70, 40, 55, 95, 30, 5],
    }
)
COLUMNS = FRAME["x"], FRAME["t"], FRAME["area"]


def test_one_row_per_area_and_index():
    before = FRAME.copy(deep=True)
    found = rounding_interval(*COLUMNS, draws=30)
    assert found.index.tolist() == ["a", "b", "c"]
    assert found.columns.tolist() == ["published", "estimate", "low", "high"]
    value = dissimilarity(FRAME["x"], FRAME["t"] - FRAME["x"], FRAME["area"])
    pd.testing.assert_series_equal(found["published"], value, check_names=False)
    assert (found["low"] <= found["estimate"]).loc[["a", "b"]].all()
    assert (found["estimate"] <= found["high"]).loc[["a", "b"]].all()
    assert found.loc[["a", "b"], ["low", "high"]].stack().between(0, 1).all()
    both = rounding_interval(*COLUMNS, index=[dissimilarity, gini], draws=30)
    assert both.index.names == ["measure", "area"]
    pd.testing.assert_frame_equal(both.loc["dissimilarity"], found, check_names=False)
    assert (both.loc["gini", "estimate"] >= found["estimate"]).loc[["a", "b"]].all()
    pd.testing.assert_frame_equal(FRAME, before)


@pytest.mark.parametrize("missing", [False, True])
def test_an_area_is_the_same_alone_and_beside_others(missing):
    frame = FRAME.astype({"x": float, "t": float})
    given = {"draws": 20, "seed": 4}
    if missing:
        frame.loc[[1, 2], "x"] = NAN
        frame.loc[2, "t"] = NAN
        given |= {"group_below": 5.0, "total_below": 50.0}
    together = rounding_interval(frame["x"], frame["t"], frame["area"], **given)
    for area in "ab":
        some = frame[frame["area"].eq(area)]
        alone = rounding_interval(some["x"], some["t"], some["area"], **given)
        pd.testing.assert_frame_equal(together.loc[[area]], alone)
    again = rounding_interval(frame["x"], frame["t"], frame["area"], **given)
    pd.testing.assert_frame_equal(together, again)
    other = rounding_interval(frame["x"], frame["t"], frame["area"], **(given | {"seed": 5}))
    assert (other["estimate"] != together["estimate"]).loc[["a", "b"]].all()


def test_a_higher_level_is_wider_and_either_way_holds_both():
    found = {
        scheme: rounding_interval(*COLUMNS, scheme=scheme, draws=60).loc[["a", "b"]]
        for scheme in ("random", "nearest", "either")
    }
    low = np.minimum(found["random"]["low"], found["nearest"]["low"])
    high = np.maximum(found["random"]["high"], found["nearest"]["high"])
    pd.testing.assert_series_equal(found["either"]["low"], low)
    pd.testing.assert_series_equal(found["either"]["high"], high)
    lower = rounding_interval(*COLUMNS, level=0.5, draws=60).loc[["a", "b"]]
    assert (lower["low"] > found["either"]["low"]).all()
    assert (lower["high"] < found["either"]["high"]).all()


def test_withheld_counts_widen_the_interval():
    x = FRAME["x"].astype(float)
    full = rounding_interval(*COLUMNS, draws=80)
    x[1] = x[4] = NAN
    some = rounding_interval(x, FRAME["t"], FRAME["area"], draws=80, group_below=np.inf)
    width, wider = (table["high"] - table["low"] for table in (full, some))
    assert (wider > width).loc[["a", "b"]].all()
    # The published index is of the units with both counts.
    known = FRAME.drop(index=[1, 4])
    value = dissimilarity(known["x"], known["t"] - known["x"], known["area"])
    pd.testing.assert_series_equal(some["published"], value, check_names=False)


def test_nobody_and_nothing():
    found = rounding_interval([0, 0], [0, 0], scheme="nearest", base=1, total_base=1, draws=3)
    assert found.loc["all"].isna().all()
    assert rounding_interval([], [], [], draws=3).empty


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        (
            {"group": [5, 7]},
            ValueError,
            "group is no multiple of 5 in 1 units, first at position 1",
        ),
        ({"total": [52, 60]}, ValueError, "total is no multiple of 5"),
        ({"group": [5, 80]}, ValueError, "larger than total"),
        ({"group": [5, NAN]}, ValueError, "group is missing in 1 units"),
        ({"group": [5, NAN], "group_below": 0}, ValueError, "group_below: give"),
        ({"group": [5, NAN], "group_below": [NAN, NAN]}, ValueError, "group_below: give"),
        ({"group": [5, NAN], "group_below": [4]}, ValueError, "group_below has 1"),
        (
            {"group": [5, NAN], "total": [50, NAN], "group_below": 5},
            ValueError,
            "total is missing in 1 units",
        ),
        ({"total": [50, NAN]}, ValueError, "total is missing where group is published"),
        ({"group": [5, -5]}, ValueError, "group is negative"),
        ({"scheme": "up"}, ValueError, "scheme is 'up'"),
        ({"base": 0}, ValueError, "base of group is 0"),
        ({"total_base": 2.5}, ValueError, "base of total is 2.5"),
        ({"level": 1}, ValueError, "level is 1"),
        ({"draws": 0}, ValueError, "draws"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"by": ["a"]}, ValueError, "by has 1"),
        ({"group": ["5", "5"]}, TypeError, "group holds"),
    ],
)
def test_bad_input_raises(change, error, sentence):
    with pytest.raises(error, match=sentence):
        rounding_interval(**({"group": [5, 5], "total": [50, 60], "draws": 2} | change))


def test_columns_about_other_units_raise():
    group = pd.Series([5, 10], index=["BU1", "BU2"])
    with pytest.raises(ValueError, match="different indexes"):
        rounding_interval(group, pd.Series([50, 60], index=["BU1", "BU3"]))
    with pytest.raises(ValueError, match="different indexes"):
        percentage_interval(group, group * 10, pd.Series(["a", "a"], index=["BU2", "BU1"]))


# ---- what lies behind a published count ----


def test_weights_of_rounding():
    # 7 becomes 5 with 3/5 and 10 with 2/5; to the nearest it is 5.
    assert rounding_weight(np.array([2, -3, 5, 0]), 5, "random").tolist() == [0.6, 0.4, 0, 1]
    assert rounding_weight(np.array([2, -3, 5, 0]), 5, "nearest").tolist() == [1, 0, 0, 1]
    # Half way between two tens is 5 from either.
    assert rounding_weight(np.array([4, 5, -5, 6]), 10, "nearest").tolist() == [1, 0.5, 0.5, 0]


def behind(x, t, **given):
    options = {"base": 5, "total_base": 5, "scheme": "random", "total_below": NAN} | given
    below = options.pop("group_below", np.full(len(x), np.inf))
    return from_rounded(np.array(x, float), np.array(t, float), group_below=below, **options)


def test_counts_behind_multiples_of_five():
    counts = behind([0, 10], [60, 60])
    assert counts.lowest.tolist() == [0, 6]
    assert counts.width.tolist() == [5, 9]
    assert counts.weight[0].tolist() == pytest.approx([1, 0.8, 0.6, 0.4, 0.2, 0, 0, 0, 0])
    assert counts.weight[1].tolist() == pytest.approx([0.2, 0.4, 0.6, 0.8, 1, 0.8, 0.6, 0.4, 0.2])
    near = behind([0, 10], [60, 60], scheme="nearest")
    assert near.lowest.tolist() == [0, 8] and near.width.tolist() == [3, 5]
    # 56 to 64 people, the middle one the likeliest.
    uniform = np.array([0.0, 0.9999])
    assert counts.sizes(uniform).tolist() == [56, 64]
    sizes = [counts.sizes(np.full(2, u))[0] for u in (np.arange(5000) + 0.5) / 5000]
    share = np.bincount(np.array(sizes, int))[56:65] / 5000
    assert share.tolist() == pytest.approx(np.array([1, 2, 3, 4, 5, 4, 3, 2, 1]) / 25, abs=1e-3)


def test_counts_that_were_withheld():
    counts = behind([NAN, NAN, NAN], [20, 20, 500], group_below=np.array([5, np.inf, np.inf]))
    # 0 to 4; 0 to 24, as the unit can have; too many to add up one by one.
    assert counts.width.tolist() == [5, 25, 0]
    assert counts.informative.tolist() == [True, False, False]
    # A group published above its total: nobody fits but a unit that holds it.
    above = behind([10], [5])
    assert above.lowest[0] == 6 and above.total[0] == 6
    assert {above.sizes(np.array([u]))[0] for u in (0.0, 0.5, 0.999)} <= {6, 7, 8, 9}


def test_sizes_that_were_withheld():
    total = np.array([NAN] * 30 + [60.0] * 20 + [120.0] * 10 + [NAN, 80])
    areas, _ = by_area({"x": np.zeros(62)}, ["a"] * 60 + ["b"] * 2)
    chance = size_chances(areas, total, 50)
    assert chance.shape == (62, 50)
    assert chance.sum(axis=1) == pytest.approx(np.ones(62))
    # b has too few sizes to learn from: all are as likely.
    assert chance[60] == pytest.approx(np.full(50, 0.02))
    # Lognormal with half of the units below 50: most of these lie nearer to 50 than to 0.
    assert chance[0] @ np.arange(50) > 28
    assert chance[0, 0] < chance[0, 40]
    counts = behind([NAN] * 62, total, total_below=50.0, size_chance=chance)
    drawn = counts.sizes(np.append((np.arange(61) + 0.5) / 61, 0.5))
    assert drawn[:30].max() < 50 and (np.diff(drawn[:30]) >= 0).all()
    random = np.random.default_rng(0)
    true = np.exp(np.log(50) + 0.6 * random.standard_normal(200_000))
    areas, _ = by_area({"x": true}, None)
    learnt = size_chances(areas, np.where(true < 50, NAN, true), 50)[0]
    assert learnt @ np.arange(50) == pytest.approx(true[true < 50].mean(), abs=0.5)


def test_counts_behind_percentages():
    counts = from_percentages(
        np.array([10.0, 10.0, 25.0, NAN, NAN]),
        np.array([60.0, 400.0, 8000.0, 30.0, 900.0]),
        total_base=5,
        scheme="nearest",
    )
    # 9.5 to 10.5 %: 6 of 60; 38 to 42 of 400; 1,960 to 2,040 of 8,000, in steps of 4.
    assert counts.lowest.tolist() == [6, 38, 1960, 0, 0]
    assert counts.width.tolist() == [1, 5, 21, 31, 0]
    assert counts.step.tolist() == [1, 1, 4, 1, 1]
    assert counts.informative.tolist() == [True, True, True, False, False]
    assert counts.weight[1].tolist() == [1] * 5 + [0] * 26


def drawn(counts, areas, draws=200, **given):
    mixture = share_mixture(areas, counts)
    for sampled in (
        mixture_draws(mixture, area_streams(1, range(len(areas.sizes))), draws),
        *(
            normal_draws(
                areas,
                counts,
                mixture.overall,
                area_streams(2, range(len(areas.sizes))),
                draws,
                angle=angle,
            )
            for angle in (False, True)
        ),
    ):
        x, t = (np.array(column) for column in zip(*sampled, strict=True))
        yield x, t


def test_draws_agree_with_what_was_published():
    x = np.array([0, 5, 10, 30, NAN, NAN, NAN, 10, NAN])
    t = np.array([60, 40, 10, 95, 25, 25, 600, 5, NAN])
    areas, _ = by_area({"x": np.zeros(9)}, None)
    below = np.array([NAN, NAN, NAN, NAN, 5, np.inf, np.inf, NAN, 10])
    chance = size_chances(areas, t, 20)
    counts = behind(x, t, group_below=below, total_below=20.0, size_chance=chance)
    for group, size in drawn(counts, areas):
        assert group.shape == size.shape == (200, 9)
        assert (group >= 0).all() and (group <= size).all()
        assert (group % 1 == 0).all() and (size % 1 == 0).all()
        known = ~np.isnan(x)
        assert (np.abs(group - x)[:, known] < 5).all()
        assert (np.abs(size - t)[:, :7] < 5).all()
        assert group[:, 4].max() <= 4 and size[:, 8].max() < 20 and group[:, 8].max() < 10
        assert group[:, 5].max() > 4
        # Not all draws are alike, and all counts that can be are drawn now and then.
        assert set(group[:, 1]) >= {3, 4, 5, 6}
        assert 5 < group[:, 6].mean() < 400


def test_the_two_smooth_laws_have_one_mean_and_lean_otherwise():
    normal = np.random.default_rng(3).standard_normal(40_000)
    p, size = np.full(40_000, 0.2), np.full(40_000, 100.0)
    flat, leaning = (
        count_law(p, size, 0.0, 0.03, angle).count(normal, slice(None)) for angle in (False, True)
    )
    # 20 people; variance 0.03 x 100^2 x 0.2 x 0.8 + 1/12 = 48.08.
    assert flat.mean() == pytest.approx(20, abs=0.1) and leaning.mean() == pytest.approx(
        20, abs=0.1
    )
    assert flat.var() == pytest.approx(48.08, rel=0.03)
    assert leaning.var() == pytest.approx(48.08, rel=0.06)
    skew = [((x - x.mean()) ** 3).mean() / x.std() ** 3 for x in (flat, leaning)]
    assert abs(skew[0]) < 0.05 and skew[1] > 0.2 and leaning.min() >= 0


def test_the_law_of_the_angle_is_its_own_inverse():
    law = count_law(np.array([0.2]), np.array([50.0]), 1.0, 0.01, angle=True)
    at = np.array([[0.0, 10.0, 50.0]])
    there = law.standard(at, np.array([0]))
    assert law.count(there[0], np.array([0, 0, 0])) == pytest.approx(at[0])
    assert np.isinf(law.standard(np.array([[-0.5, 50.5]]), np.array([0]))).all()


def test_draws_follow_the_posterior_where_it_is_known():
    # 400 units of exactly 40 people and a group of one tenth by chance: X given a published 5 is
    # close to Bin(40, 0.1) times the chance of being rounded to 5.
    random = np.random.default_rng(7)
    true = random.binomial(40, 0.1, 400)
    rest = true % 5
    shown = true - rest + 5.0 * (random.random(400) < rest / 5)
    areas, _ = by_area({"x": shown}, None)
    counts = behind(shown, np.full(400, 40.0), total_base=1)
    k = np.arange(1, 10)
    expected = stats.binom(40, true.mean() / 40).pmf(k) * (1 - np.abs(k - 5) / 5)
    expected /= expected.sum()
    for group, size in drawn(counts, areas, draws=100):
        assert (size == 40).all()
        found = np.bincount(group[:, shown == 5].astype(int).ravel(), minlength=10)[1:10]
        assert found / found.sum() == pytest.approx(expected, abs=0.06)
        assert group.mean() == pytest.approx(true.mean(), abs=0.35)


def test_a_likelihood_is_the_chance_of_what_was_published():
    areas, _ = by_area({"x": np.zeros(2)}, None)
    counts = behind([10, NAN], [60, 30], group_below=np.array([NAN, 5.0]))
    mixture = share_mixture(areas, counts)
    likelihood = mixture.likelihood.astype(float)
    rows = []
    for size, values, weight in (
        (60, np.arange(6, 15), counts.weight[0, :9]),
        (30, np.arange(5), np.ones(5)),
    ):
        chance = stats.betabinom(size, mixture.alpha[0][:, None], mixture.beta[0][:, None])
        rows.append((chance.pmf(values) * weight).sum(axis=1))
    for found, expected in zip(likelihood, rows, strict=True):
        assert found == pytest.approx(expected / expected.max(), abs=1e-5)
    # The shares tried lie evenly by angle, their betas are as wide as the steps.
    share = mixture.alpha / (mixture.alpha + mixture.beta)
    assert np.diff(np.arcsin(np.sqrt(share[0]))) == pytest.approx(
        np.diff(np.arcsin(np.sqrt(share[0]))).mean(), rel=1e-6
    )


def test_gamma_quantiles_are_gamma_numbers():
    random = np.random.default_rng(3)
    for shape in (0.3, 1.0, 7.5, 300.0):
        numbers = gamma_quantiles(np.full(40_000, shape), *random.random((2, 40_000)))
        assert numbers.mean() == pytest.approx(shape, rel=0.03)
        assert numbers.std() == pytest.approx(np.sqrt(shape), rel=0.05)
        assert np.median(numbers) == pytest.approx(stats.gamma(shape).median(), rel=0.06)


# ---- percentages ----


def test_the_interval_for_percentages_holds_the_true_index():
    random = np.random.default_rng(11)
    towns, units = 60, 30
    total = np.rint(400 * np.exp(0.6 * random.standard_normal((towns, units))) / 5) * 5 + 5
    p = 1 / (1 + np.exp(2.2 - 0.4 * random.standard_normal((towns, units))))
    group = random.binomial(total.astype(int), p)
    percentage = np.rint(100 * group / total)
    number = np.repeat(np.arange(towns), units)
    found = percentage_interval(
        percentage.ravel(), total.ravel(), number, index=INDICES, total_base=1, draws=50
    )
    for index in INDICES:
        true = index(group.ravel(), (total - group).ravel(), number)
        row = found.loc[index.__name__]
        assert ((row["low"] <= true) & (true <= row["high"])).mean() >= 0.95
        assert (row["high"] - row["low"]).median() < 0.022
    row = found.loc["dissimilarity"]
    shown = percentage / 100 * total
    assert row["published"].to_numpy() == pytest.approx(
        dissimilarity(shown.ravel(), (total - shown).ravel(), number).to_numpy()
    )


@pytest.mark.parametrize(
    ("percentage", "total", "sentence"),
    [
        ([0.1, 0.2], [50, 60], "whole numbers from 0 to 100"),
        ([10, 101], [50, 60], "whole numbers from 0 to 100"),
        ([10, 20], [50, NAN], "total is missing"),
        ([10, 20], [50, 61], "total is no multiple of 5"),
    ],
)
def test_bad_percentages_raise(percentage, total, sentence):
    with pytest.raises(ValueError, match=sentence):
        percentage_interval(percentage, total)


def test_real_buurten_of_three_gemeenten(shared):
    table = pd.read_parquet(
        shared / "data/statline/84799NED/TypedDataSet.parquet",
        columns=["Codering_3", "AantalInwoners_5", "NietWestersTotaal_18"],
    )
    code = table["Codering_3"].str.strip()
    buurten = table[code.str.startswith("BU") & code.str[2:6].isin(["0637", "0034", "0995"])]
    group, total = (buurten[name].astype(float) for name in table.columns[2:0:-1])
    found = rounding_interval(group, total, code[buurten.index].str[2:6], draws=60)
    assert found.loc["0637", "published"] == pytest.approx(0.185, abs=5e-4)
    assert found.loc["0034", "published"] == pytest.approx(0.172, abs=5e-4)
    # Hundreds of people per buurt: rounding takes away the third decimal, no more.
    assert (found["high"] - found["low"]).between(0.0003, 0.01).all()


def test_units_of_which_nothing_is_known_follow_their_size():
    # Larger units have larger shares: 2 % at 60, 8 % at 240 ... the small ones not published too.
    size = np.array([60.0, 90, 120, 150, 200, 240, 300, 400] * 5 + [20] * 8 + [300] * 2)
    share = size / 3000
    x = np.round(size * share / 5) * 5
    x[40:] = NAN
    areas, _ = by_area({"x": size}, None)
    mixture = share_mixture(areas, behind(x, size))
    assert mixture.slope[0] > 5 * mixture.slope_error[0] > 0
    assert mixture.middle[0] == pytest.approx(np.log(size[:40]).mean())
    group, _ = next(iter(drawn(behind(x, size), areas)))
    assert group[:, 40:48].sum(axis=1).mean() < 0.06 * 160
    assert group[:, 48:].sum(axis=1).mean() > 0.06 * 600
    # From fewer than eight units nothing is learnt.
    areas, _ = by_area({"x": size[:7]}, None)
    few = share_mixture(areas, behind(x[:7], size[:7]))
    assert few.slope[0] == few.slope_error[0] == 0
