"""Concentration of both sides, and whether it grows, stays in place or moves next door."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence.frame import evidence_frame
from analysis.evidence.groups import by_key
from analysis.evidence.sides import both_apart, counted_sides, opposite
from analysis.evidence.tails import (
    PAIRS,
    concentration,
    counted_over,
    share_draws,
    share_step,
)
from analysis.evidence.trends import (
    BEYOND,
    CHANGE,
    counted_changes,
    persistence,
    processes,
    share_changes,
    waterbed,
)
from analysis.measures.small_areas import empirical_bayes, exact_interval

ASSISTANCE, LOWEST = by_key("social_assistance"), by_key("households_lowest_40")
HIGHEST = by_key("households_highest_20")
TOLD = {"level": "buurt", "year": 2024, "source": "Bron", "absent": {}}
AREA = pd.Series(
    {"area_code": "GM0001", "area_name": "Dorp", "year": 2024, "level": "buurt", "group": "g",
     "source": "Bron"}
)  # fmt: skip


def codes(number):
    return pd.Index([f"BU0001{n:04d}" for n in range(number)])


def buurten(**columns):
    size = len(next(iter(columns.values())))
    return pd.DataFrame(
        {"gm_code": "GM0001", "wk_code": "WK000100", "region_name": [f"b{n}" for n in range(size)],
         **columns},
        index=codes(size),
    )  # fmt: skip


def of(rows, measure):
    return rows[rows["measure"].eq(measure)].set_index("area_code")


def test_concentration_has_share_quotient_and_what_is_left_in_a_small_buurt():
    table = buurten(
        inhabitants=[1000.0, 1000.0, 200.0, 40.0], n_social_assistance=[200.0, 50.0, 50.0, 10.0]
    )
    before = table.copy()
    rows = concentration(table, ASSISTANCE, whole=0.14, **TOLD)
    share, quotient = of(rows, "share"), of(rows, "location_quotient")
    # 310 of 2,240: 0.2 is 0.2 / 0.138393 times as much.
    assert share["value"].iloc[0] == pytest.approx(0.2)
    assert quotient["value"].iloc[0] == pytest.approx(0.2 * 2240 / 310)
    # A count of benefits was rounded to tens: nine less or more.
    limits = exact_interval(pd.Series([200.0]), pd.Series([1000.0]), slack=9.0).iloc[0]
    assert share[["low", "high"]].iloc[0].tolist() == pytest.approx(limits.tolist())
    assert quotient["low"].iloc[0] == pytest.approx(limits["low"] * 2240 / 310)
    moved = empirical_bayes(table["n_social_assistance"], table["inhabitants"])
    shrunk, weight = of(rows, "shrunk_share"), of(rows, "own_weight")
    assert shrunk["value"].iloc[2] == pytest.approx(moved["shrunk"].iloc[2])
    assert shrunk["low"].iloc[2] < shrunk["value"].iloc[2] < shrunk["high"].iloc[2]
    assert weight["value"].iloc[2] < weight["value"].iloc[0]
    # Forty people: withheld everywhere, and still part of the whole.
    assert (rows[rows["area_code"].eq(codes(4)[3])]["status"] == "too_small").all()
    pd.testing.assert_frame_equal(table, before)


def test_without_a_denominator_the_published_share_of_the_gemeente_compares():
    table = buurten(inhabitants=[900.0, 900.0, 900.0], share_households_lowest_40=[0.5, 0.25, None])
    absent = {"n_households": "not_published"}
    rows = concentration(table, LOWEST, whole=0.4, **{**TOLD, "absent": absent})
    quotient = of(rows, "location_quotient")
    assert quotient["value"].iloc[:2].tolist() == pytest.approx([1.25, 0.625])
    # A thousandth is the step: 0.4995 to 0.5005, over 0.4.
    assert quotient[["low", "high"]].iloc[0].tolist() == pytest.approx([1.24875, 1.25125])
    assert quotient["interval"].iloc[0] == "rounding"
    assert quotient["status"].iloc[2] == "suppressed"
    assert of(rows, "shrunk_share")["status"].iloc[0] == "no_denominator"
    unknown = concentration(table, LOWEST, whole=float("nan"), **{**TOLD, "absent": absent})
    assert of(unknown, "location_quotient")["status"].eq("no_denominator").all()


def test_share_steps():
    assert share_step(LOWEST) == pytest.approx(0.001)
    assert share_step(by_key("owner_occupied")) == pytest.approx(0.01)


def test_every_pair_has_a_vulnerable_and_an_affluent_side():
    for vulnerable, affluent in PAIRS:
        assert by_key(vulnerable).key != by_key(affluent).key
        assert "highest" in affluent or affluent == "owner_occupied"


def test_only_clear_quotients_are_counted():
    rows = evidence_frame(
        [
            {"area_code": f"BU{n}", "year": 2024, "level": "buurt", "group": group,
             "measure": "location_quotient", "value": low + 0.1, "low": low, "high": low + 0.2,
             "interval": interval, "source": "Bron"}
            for group, interval, lows in (
                ("a", "exact", (1.01, 0.99)), ("b", "rounding", (1.01, 1.25)),
            )
            for n, low in enumerate(lows)
        ]
    )  # fmt: skip
    found = counted_over(rows, AREA.drop("group")).set_index("group")
    # Where chance is not known more than 1 is not enough.
    assert found["value"].to_dict() == {"a": 1, "b": 1}
    assert found["units"].tolist() == [2, 2]
    none = counted_over(rows.assign(status="suppressed", value=np.nan), AREA.drop("group"))
    assert none["status"].eq("suppressed").all() and none["value"].isna().all()


def test_draws_lie_around_the_figure_and_come_back():
    table = buurten(inhabitants=[2000.0, 500.0, 900.0], n_social_assistance=[200.0, 100.0, 30.0])
    drawn = share_draws(table, ASSISTANCE, absent={}, draws=4000, seed=1)
    moved = empirical_bayes(table["n_social_assistance"], table["inhabitants"])
    assert drawn.mean(axis=1).tolist() == pytest.approx(moved["shrunk"].tolist(), abs=0.002)
    again = share_draws(table, ASSISTANCE, absent={}, draws=4000, seed=1)
    pd.testing.assert_frame_equal(drawn, again)
    bare = buurten(inhabitants=[900.0, 900.0], share_households_lowest_40=[0.5, None])
    of_share = share_draws(bare, LOWEST, absent={"n_households": "not_published"}, draws=50)
    assert of_share.shape == (1, 50) and of_share.sub(0.5).abs().le(0.0005).all(axis=None)
    nothing = share_draws(bare, LOWEST, absent={LOWEST.count: "not_published"}, draws=50)
    assert nothing.empty


def test_which_side_lives_more_apart():
    table = buurten(
        inhabitants=[2000.0] * 4, n_households=[1000.0] * 4,
        share_households_lowest_40=[0.45, 0.35, 0.45, 0.35],
        share_households_highest_20=[0.02, 0.38, 0.02, 0.38],
    )  # fmt: skip
    names = pd.Series({"GM0001": "Dorp"})
    told = {"year": 2024, "source": "Bron", "area_names": names}
    rows = both_apart(table, LOWEST, HIGHEST, absent={}, **told)
    by = rows.set_index(["measure", "group"])
    # D of the affluent: shares 2/80 and 38/80 against 98/320 and 62/320 in two buurten each.
    rich = (abs(20 / 800 - 980 / 3200) + abs(380 / 800 - 620 / 3200)) * 2 / 2
    assert by.loc[("dissimilarity", HIGHEST.key), "value"] == pytest.approx(rich)
    apart = rows[rows["measure"].eq("dissimilarity_difference")].iloc[0]
    assert apart["low"] > 0 and apart["area_name"] == "Dorp"
    assert apart["value"] == pytest.approx(
        rich - by.loc[("dissimilarity", LOWEST.key), "value"], abs=1e-12
    )
    # At the unfavourable ends of both intervals.
    poor, rich = (by.loc[("dissimilarity", one.key)] for one in (LOWEST, HIGHEST))
    assert apart["low"] == pytest.approx(rich["low"] - poor["high"], abs=1e-12)
    assert apart["high"] == pytest.approx(rich["high"] - poor["low"], abs=1e-12)
    swapped = both_apart(table, HIGHEST, LOWEST, absent={}, **told)
    other = swapped[swapped["measure"].eq("dissimilarity_difference")].iloc[0]
    assert other["value"] == pytest.approx(-apart["value"]) and other["high"] < 0
    missing = both_apart(table, LOWEST, HIGHEST, absent={"n_households": "not_published"}, **told)
    assert not missing["status"].eq("ok").any()


def sides(values, key, status="ok"):
    return evidence_frame(
        pd.DataFrame(
            {"area_code": codes(len(values)), "area_name": "x", "year": 2024, "level": "buurt",
             "measure": "deviates", "group": key, "value": values, "status": status,
             "source": "Bron"}
        )
    )  # fmt: skip


def test_a_region_lies_on_one_side_both_or_neither():
    low = sides([1.0, 0.0, 1.0, -1.0, 0.0], "poor")
    high = sides([0.0, 1.0, 1.0, 0.0, np.nan], "rich", ["ok"] * 4 + ["suppressed"])
    rows = opposite(pd.concat([low, high]), "poor", "rich")
    assert rows["value"].tolist()[:4] == [-1, 1, 0, 0]
    assert rows["status"].iloc[4] == "suppressed"
    counted = counted_sides(rows, ("poor", "rich"), AREA.drop("group")).set_index("group")
    assert counted["value"].to_dict() == {"poor": 1, "rich": 1} and counted["units"].eq(4).all()


def shares(values, year, *, prefix="BU0001", half=0.02, status=None):
    index = [f"{prefix}{n:04d}" for n in range(len(values))]
    values = pd.Series(values, dtype=float)
    return evidence_frame(
        pd.DataFrame(
            {"area_code": index, "area_name": index, "year": year, "level": "buurt",
             "measure": "share", "group": "g", "value": values, "low": values - half,
             "high": values + half, "status": status or "ok", "source": "Bron"}
        )
    )  # fmt: skip


def test_a_change_is_counted_beyond_that_of_the_gemeente():
    then, now = shares([0.2, 0.2, 0.2], 2020), shares([0.3, 0.2, 0.1], 2024)
    same = pd.Series(codes(3), index=codes(3))
    rows = share_changes(then, now, same, whole=(0.20, 0.25))
    plain, beyond = of(rows, f"{CHANGE}2020"), of(rows, f"{BEYOND}2020")
    assert plain["value"].tolist() == pytest.approx([0.1, 0.0, -0.1])
    assert beyond["value"].tolist() == pytest.approx([0.05, -0.05, -0.15])
    # Half widths of 0.02 each: sqrt(2) times 0.02 on either side.
    assert beyond["low"].iloc[0] == pytest.approx(0.05 - 0.02 * 2**0.5)
    counted = counted_changes(rows[rows["measure"].str.startswith(BEYOND)], AREA)
    assert counted.set_index("measure")["value"].to_dict() == {
        "regions_rising": 1, "regions_falling": 2,
    }  # fmt: skip


def test_a_code_that_went_to_another_place_is_not_compared():
    then, now = shares([0.2, 0.4], 2020), shares([0.3, 0.3], 2024)
    # The second buurt is the first of before; of the first nothing is known.
    same = pd.Series([codes(2)[0]], index=[codes(2)[1]])
    rows = of(share_changes(then, now, same, whole=(0.2, 0.2)), f"{CHANGE}2020")
    assert rows["status"].tolist() == ["not_comparable", "ok"]
    assert rows["value"].iloc[1] == pytest.approx(0.1) and np.isnan(rows["value"].iloc[0])


def test_a_missing_year_keeps_its_reason_and_an_unknown_whole_is_said():
    then = shares([0.2, np.nan], 2020, status=["ok", "suppressed"])
    now = shares([0.3, 0.3], 2024)
    same = pd.Series(codes(2), index=codes(2))
    rows = share_changes(then, now, same, whole=(np.nan, 0.2))
    assert of(rows, f"{CHANGE}2020")["status"].tolist() == ["ok", "suppressed"]
    assert of(rows, f"{BEYOND}2020")["status"].tolist() == ["no_denominator", "suppressed"]
    with pytest.raises(ValueError, match="twice"):
        share_changes(pd.concat([then, then]), now, same, whole=(0.2, 0.2))
    none = counted_changes(rows.assign(status="suppressed", value=np.nan), AREA)
    assert none["status"].eq("not_comparable").all()


def drawn(values, number=200, noise=0.0, seed=0):
    random = np.random.default_rng(seed)
    table = np.asarray(values)[:, None] + random.normal(0, noise, (len(values), number))
    return pd.DataFrame(table, index=codes(len(values)))


def test_who_stays_in_the_top_fifth():
    values = np.arange(20) / 100
    same, names = pd.Series(codes(20), index=codes(20)), pd.Series("b", index=codes(20))
    rows = persistence(drawn(values), drawn(values), same, names, AREA).set_index("measure")
    assert rows.loc["number_that_stays", "value"] == 4 == rows.loc["top_fifth_size", "value"]
    assert rows.loc["rank_correlation", "value"] == pytest.approx(1)
    # Four of twenty, drawn twice: 4 * 4 / 20.
    assert rows.loc["number_that_stays_by_chance", "value"] == pytest.approx(0.8)
    assert rows.loc["stays_in_top_fifth", "value"].tolist() == [0] * 16 + [1] * 4
    turned = persistence(drawn(values), drawn(values[::-1]), same, names, AREA)
    turned = turned.set_index("measure")
    assert turned.loc["number_that_stays", "value"] == 0
    assert turned.loc["rank_correlation", "value"] == pytest.approx(-1)
    blurred = persistence(
        drawn(values, noise=0.05), drawn(values, noise=0.05, seed=1), same, names, AREA
    ).set_index("measure")
    stays = blurred.loc["number_that_stays"]
    assert 0.8 < stays["value"] < 4 and stays["low"] < stays["high"]


def test_with_few_buurten_there_is_no_top_fifth():
    same, names = pd.Series(codes(9), index=codes(9)), pd.Series("b", index=codes(9))
    (row,) = persistence(
        drawn(np.arange(9.0)), drawn(np.arange(9.0)), same, names, AREA
    ).itertuples()
    assert row.status == "not_comparable" and np.isnan(row.value) and row.units == 9


def grid(side):
    boxes = [shapely.box(x, y, x + 1000, y + 1000) for x in range(0, side * 1000, 1000)
             for y in range(0, side * 1000, 1000)]  # fmt: skip
    return gpd.GeoDataFrame(geometry=boxes, index=codes(side * side), crs=28992)


@pytest.mark.parametrize(
    ("values", "sign"),
    # Rows in turn: six of eight neighbours change the opposite way. Two halves: they change alike.
    [([(n // 8) % 2 - 0.5 for n in range(64)], -1), ([n // 32 - 0.5 for n in range(64)], 1)],
    ids=["opposite", "alike"],
)
def test_a_waterbed_is_found_and_so_is_its_reverse(values, sign):
    changes = shares(values, 2024).assign(measure=f"{BEYOND}2020")
    found = waterbed(changes, grid(8), AREA).set_index("measure")
    assert np.sign(found.loc["morans_i_of_change", "value"]) == sign
    assert found.loc["morans_i_of_change_p", "value"] <= 0.01


def test_noise_is_no_waterbed_and_few_buurten_say_nothing():
    places = grid(8)
    noise = np.random.default_rng(5).normal(0, 0.02, 64)
    changes = shares(noise, 2024)
    found = waterbed(changes, places, AREA).set_index("measure")
    assert found.loc["morans_i_of_change_p", "value"] > 0.05
    few = waterbed(changes.head(9), places, AREA)
    assert few["status"].eq("not_comparable").all() and few["units"].eq(9).all()
    assert waterbed(changes, places.head(5), AREA)["units_missing"].eq(59).all()


def test_a_change_is_divided_into_three_parts():
    before = pd.Series(np.linspace(0.1, 0.5, 20), index=codes(20))
    people = (pd.Series(100.0, codes(20)), pd.Series(100.0, codes(20)))
    rows = processes(before, 1.5 * before, people, AREA).set_index(["measure", "group"])
    # All rise by half: growth and nothing else; the lowest fifth by half of its own mean.
    assert rows.loc[("share_of_movement", "g | growth"), "value"] == pytest.approx(1)
    assert rows.loc[("change", "g | vijfde 1"), "value"] == pytest.approx(
        0.5 * before.iloc[:4].mean()
    )
    assert rows.loc[("mean_absolute_change", "g"), "value"] == pytest.approx(0.5 * before.mean())
    # The mean of a fifth is that of its people, of the second year.
    many = pd.Series([700.0] + [100.0] * 19, codes(20))
    weighed = processes(before, 1.5 * before, (people[0], many), AREA)
    weighed = weighed.set_index(["measure", "group"]).loc[("change", "g | vijfde 1"), "value"]
    assert weighed == pytest.approx(0.5 * np.average(before.iloc[:4], weights=[7, 1, 1, 1]))
    swapped = processes(before, before.iloc[::-1].set_axis(codes(20)), people, AREA)
    swapped = swapped.set_index(["measure", "group"])
    assert swapped.loc[("share_of_movement", "g | reordering"), "value"] == pytest.approx(1)


@settings(max_examples=30)
@given(st.lists(st.floats(0.01, 0.9), min_size=10, max_size=25), st.integers(0, 99))
def test_the_parts_add_up_to_the_change(values, seed):
    random = np.random.default_rng(seed)
    index = codes(len(values))
    before, after = (
        pd.Series(values, index),
        pd.Series(random.uniform(0.01, 0.9, len(values)), index),
    )
    people = tuple(pd.Series(random.uniform(10, 900, len(values)), index) for _ in range(2))
    rows = processes(before, after, people, AREA)
    fifths = rows[rows["group"].str.contains("vijfde")]
    table = fifths.pivot(index="group", columns="measure", values="value")
    total = table["growth"] + table["inequality"] + table["reordering"]
    assert np.allclose(total, table["change"], atol=1e-12)
    movement = rows[rows["measure"].eq("share_of_movement")]["value"]
    assert movement.sum() == pytest.approx(1) or movement.isna().all()


def test_zero_and_missing_are_left_out_and_counted():
    before = pd.Series([0.0, np.nan, *np.linspace(0.1, 0.5, 10)], index=codes(12))
    people = (pd.Series(100.0, codes(12)), pd.Series(100.0, codes(12)))
    rows = processes(before, before + 0.01, people, AREA)
    assert rows["units_missing"].eq(2).all()
    few = processes(before.head(9), before.head(9), tuple(p.head(9) for p in people), AREA)
    assert few["status"].tolist() == ["not_comparable"]
