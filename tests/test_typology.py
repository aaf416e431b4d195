"""Types by stated rules with their certainty, one-sided stock, and who lives where it is cheap."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence.stock import by_cheapness, one_sided
from analysis.evidence.typology import rate_draws, rounded_draws, typed

AREA = pd.Series(
    {"area_code": "GM0001", "area_name": "Dorp", "year": 2024, "level": "wijk", "source": "Bron"}
)


def wijken(number, **columns):
    index = [f"WK0001{n:02d}" for n in range(number)]
    table = {"region_name": [f"w{n}" for n in range(number)], "inhabitants": 1000.0, **columns}
    return pd.DataFrame(table, index=index)


def test_sides_types_and_certainty():
    regions = wijken(3)
    index = regions.index
    values = {"a": pd.Series([1.0, 3.0, 2.0], index), "b": pd.Series([5.0, 1.0, 5.0], index)}
    draws = {
        "a": pd.DataFrame([[1, 1, 1, 1], [3, 3, 3, 1], [2, 2, 2, 2]], index=index, dtype=float),
        "b": pd.DataFrame([[5, 5, 5, 5], [1, 1, 1, 5], [5, 5, 1, 1]], index=index, dtype=float),
    }
    rows = typed(values, draws, {"a": 2.0, "b": 3.0}, regions, AREA)
    by = {name: own.set_index("area_code") for name, own in rows.groupby("measure")}
    a = by["ingredient_above"][by["ingredient_above"]["group"].eq("a")]
    # At the threshold is not above it.
    assert a["value"].tolist() == [0, 1, 0]
    certain = by["ingredient_certainty"]
    assert certain[certain["group"].eq("a")]["value"].tolist() == [1, 0.75, 1]
    # Binary digits, the first ingredient the highest: 01, 10, 01.
    assert by["type_number"]["value"].tolist() == [1, 2, 1]
    # In the last draw the second wijk is on the other side of both: three of four.
    assert by["type_certainty"]["value"].tolist() == [1, 0.75, 0.5]
    assert by["types_here"]["value"].tolist() == [2]
    assert by["regions_sure_of_type"]["value"].tolist() == [1]
    assert by["ingredient_threshold"]["value"].tolist() == [2, 3]


def test_without_an_ingredient_there_is_no_type_and_it_is_named():
    regions = wijken(2)
    values = {"a": pd.Series([1.0, np.nan], regions.index)}
    draws = {"a": pd.DataFrame([[1.0, 1.0]], index=regions.index[:1])}
    rows = typed(values, draws, {"a": 2.0, "b": float("nan")}, regions, AREA)
    types = rows[rows["measure"].eq("type_number")]
    assert types["status"].eq("missing_ingredient").all() and types["value"].isna().all()
    assert types["group"].tolist() == ["b", "a + b"]
    # What is known of it is still said.
    above = rows[rows["measure"].eq("ingredient_above") & rows["group"].eq("a")]
    assert above["status"].tolist() == ["ok", "suppressed"]
    threshold = rows[rows["measure"].eq("ingredient_threshold")].set_index("group")
    assert threshold["status"].to_dict() == {"a": "ok", "b": "suppressed"}
    assert rows[rows["measure"].eq("types_here")]["value"].tolist() == [0]


def test_an_unknown_threshold_gives_no_side():
    regions = wijken(1)
    values = {"a": pd.Series([1.0], regions.index)}
    draws = {"a": pd.DataFrame([[1.0]], index=regions.index)}
    rows = typed(values, draws, {"a": float("nan")}, regions, AREA)
    assert rows[rows["measure"].eq("ingredient_value")]["status"].tolist() == ["ok"]
    assert rows[rows["measure"].eq("ingredient_above")]["status"].tolist() == ["suppressed"]


def test_different_numbers_of_draws_are_refused():
    regions = wijken(1)
    one = pd.Series([1.0], regions.index)
    draws = {
        "a": pd.DataFrame([[1.0]], regions.index),
        "b": pd.DataFrame([[1.0, 2]], regions.index),
    }
    with pytest.raises(ValueError, match="different numbers"):
        typed({"a": one, "b": one}, draws, {"a": 0.0, "b": 0.0}, regions, AREA)


@settings(max_examples=20)
@given(st.lists(st.floats(0, 10), min_size=1, max_size=8), st.floats(0, 10))
def test_a_figure_without_error_is_certain(values, threshold):
    regions = wijken(len(values))
    figures = pd.Series(values, regions.index)
    draws = {"a": rounded_draws(figures.to_frame(), 0.0, draws=5)}
    rows = typed({"a": figures}, draws, {"a": threshold}, regions, AREA)
    assert rows[rows["measure"].eq("type_certainty")]["value"].eq(1).all()


def test_draws_behind_rounded_figures_and_few_places():
    table = pd.DataFrame({"x": [1.0, np.nan], "y": [2.0, 1.0]}, index=["a", "b"])
    drawn = rounded_draws(table, 0.1, draws=400)
    # The mean of two, each at most 0.05 off; a region without one of them is not drawn.
    assert list(drawn.index) == ["a"] and drawn.sub(1.5).abs().le(0.05).all(axis=None)
    assert drawn.loc["a"].std() > 0.01
    rates = rate_draws(
        pd.Series([0.0, 50.0, np.nan, 3.0]), pd.Series([1000.0, 1000.0, 1000.0, 0.0]), draws=4000
    )
    assert list(rates.index) == [0, 1]
    # Shape count + 1/2, per thousand of a thousand: mean 0.5 and 50.5.
    assert rates.mean(axis=1).tolist() == pytest.approx([0.5, 50.5], rel=0.05)
    assert (rates.loc[0] > 0).all()


def buurten(shares, people=None):
    index = [f"BU0001{n:04d}" for n in range(len(shares))]
    return pd.DataFrame(
        {"region_name": index, "inhabitants": people or [100.0] * len(shares),
         "share_housing_corporation": shares},
        index=index,
    )  # fmt: skip


def test_over_two_thirds_is_said_only_where_rounding_leaves_no_doubt():
    table = buurten([0.9, 0.68, 0.67, 0.66, 0.1, np.nan, 0.99], [100.0] * 6 + [40.0])
    before = table.copy()
    rows = one_sided(table, AREA)
    by = rows[~rows["measure"].eq("share_housing_corporation")].set_index("measure")
    # 0.675 and more lies over two thirds; 0.67 can be 0.665 to 0.675; 0.66 at most 0.665.
    assert by.loc["regions_over_two_thirds", "value"] == 2
    assert by.loc["regions_perhaps_over_two_thirds", "value"] == 1
    assert by.loc["people_in_regions_over_two_thirds", "value"] == pytest.approx(2 / 5)
    assert by["units"].eq(5).all() and by["units_missing"].eq(2).all()
    own = rows[rows["measure"].eq("share_housing_corporation")]
    assert own["status"].tolist() == ["ok"] * 5 + ["suppressed", "too_small"]
    assert own["high"].max() <= 1
    pd.testing.assert_frame_equal(table, before)
    none = one_sided(buurten([np.nan, np.nan]), AREA)
    assert not none["status"].eq("ok").any()


def test_shares_from_cheap_to_dear():
    index = [f"b{n}" for n in range(20)]
    cheap = pd.Series(np.arange(20.0), index)
    people = pd.Series([100.0] * 10 + [200.0] * 10, index)
    groups = {"poor": pd.Series(np.linspace(0.6, 0.1, 20), index),
              "rich": pd.Series(np.linspace(0.1, 0.6, 20), index)}  # fmt: skip
    rows = by_cheapness(cheap, groups, people, AREA)
    ranks = rows[rows["measure"].eq("rank_correlation")].set_index("group")
    assert ranks["value"].to_dict() == pytest.approx({"poor": 1, "rich": -1})
    fifth = rows[rows["group"].eq("poor | vijfde 1")].iloc[0]
    # The four cheapest, all of a hundred people.
    assert fifth["value"] == pytest.approx(groups["poor"].iloc[:4].mean()) and fifth["units"] == 4
    middle = rows[rows["group"].eq("poor | vijfde 3")].iloc[0]
    weights = people.iloc[8:12]
    assert middle["value"] == pytest.approx(np.average(groups["poor"].iloc[8:12], weights=weights))
    assert middle["low"] < middle["value"] < middle["high"]
    # Of 100, 100, 200 and 200 people a quarter of 600 is in the second lowest share, which is of
    # the third region; three quarters in the first two regions' shares.
    shares = groups["poor"].iloc[8:12]
    assert middle["low"] == shares.iloc[3] and middle["high"] == shares.iloc[1]


def test_without_an_association_most_intervals_lie_around_nothing():
    index = [f"b{n}" for n in range(60)]
    covered = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        cheap, share = (pd.Series(random.uniform(size=60), index) for _ in range(2))
        rows = by_cheapness(cheap, {"g": share}, pd.Series(100.0, index), AREA)
        row = rows[rows["measure"].eq("rank_correlation")].iloc[0]
        covered += row["low"] < 0 < row["high"]
    # 19 of 20 are meant to; fewer than 16 has a chance below 1 in 300.
    assert covered >= 16


def test_few_buurten_or_no_differences_have_no_association():
    index = [f"b{n}" for n in range(12)]
    cheap, people = pd.Series(np.arange(12.0), index), pd.Series(100.0, index)
    share = pd.Series(np.linspace(0, 1, 12), index)
    for one, two, weight in (
        (cheap.head(9), share, people),
        (cheap, share * 0, people),
        (cheap * 0, share, people),
        (cheap, share, people.where(people.index > "b3", 40.0)),
    ):
        (row,) = by_cheapness(one, {"g": two}, weight, AREA).itertuples()
        assert row.status == "not_comparable" and np.isnan(row.value)
