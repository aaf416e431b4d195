"""Renewal: nothing changes nothing, all stay is all as it was, and every flow by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence.renewal import Renewal, apportioned, renewed_towns
from analysis.evidence.renewed import BUILT, HOUSEHOLDS, plan_rows, renewal_effects
from analysis.evidence.scenarios import INDICES
from analysis.measures.evenness import dissimilarity

# Wijk of a and b; c and d are elsewhere, e is not inhabited and of d nothing of tenure is known.
TOWN = pd.DataFrame(
    {"group": [100.0, 50.0, 20.0, 30.0, 0.0], "others": [300.0, 450.0, 480.0, 170.0, 0.0],
     "social": [150.0, 50.0, 40.0, np.nan, np.nan], "inside": [True, True, False, False, False]},
    list("abcde"),
)  # fmt: skip
ALL, NONE = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
OWNER = {"owner": 1.0}
SHARED = {"area_code": "GM1", "area_name": "Stad", "year": 2024, "level": "buurt",
          "source": "Bron"}  # fmt: skip
WIJK = SHARED | {"area_code": "WK1", "area_name": "Wijk", "level": "wijk"}


def profiles(social=(0.3, 0.4, 0.5), owner=(0.0, 0.05, 0.1), size=(1.0, 2.0, 3.0)):
    rows = [
        {"tenure": tenure, "group": group, "low": band[0], "central": band[1], "high": band[2]}
        for tenure, share in (("social", social), ("other_rent", owner), ("owner", owner))
        for group, band in (("g", share), ("household_size", size))
    ]
    return pd.DataFrame(rows)


def towns(plan, table=TOWN, known=None, draws=100, seed=1, per_dwelling=False):
    return renewed_towns(plan, table, known if known is not None else profiles(), "g",
                         per_dwelling=per_dwelling, draws=draws, seed=seed)  # fmt: skip


@pytest.mark.parametrize("keeps_home", [True, False])
def test_no_dwellings_change_nothing_exactly(keeps_home):
    plan = Renewal(0, 0, OWNER, (0.1, 0.3, 0.6), (0.0, 0.1, 0.2), keeps_home)
    found = towns(plan)
    assert (found.after == found.before[:, None, :]).all()
    for index in INDICES:
        now = index(TOWN["group"], TOWN["others"])
        rows = renewal_effects(found, SHARED, WIJK, "g", "p").set_index("measure")
        assert rows.loc[f"{index.__name__}_after_p", "value"] == now
        change = rows.loc[f"{index.__name__}_change_p", ["value", "low", "high"]]
        assert change.tolist() == [0, 0, 0]
    told = plan_rows(plan, found, WIJK, 200, "p").set_index(["measure", "group"])
    assert told.loc[f"{HOUSEHOLDS}_p", ["value", "low", "high"]].eq(0).all(axis=None)


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.floats(0, 300), st.integers(0, 90)), min_size=2,
             max_size=6),
    st.floats(0, 1),
)  # fmt: skip
def test_the_same_again_with_all_staying_conserves_everything_exactly(units, part):
    table = pd.DataFrame(units, columns=["group", "others", "social"], dtype=float)
    table["inside"] = [n % 2 == 0 for n in range(len(table))]
    number = int(part * table.loc[table["inside"], "social"].sum())
    for plan in (
        Renewal(number, number, {"social": 1.0}, ALL, NONE),
        # Turned into another tenure, and all who live there buy.
        Renewal(number, number, {"owner": 0.5, "other_rent": 0.5}, ALL, NONE, keeps_home=True),
    ):
        found = towns(plan, table, draws=10)
        assert (found.after == found.before[:, None, :]).all()


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 200), st.integers(0, 20), st.floats(0, 1), st.floats(0, 1))
def test_with_nobody_coming_from_or_going_outside_the_town_keeps_everybody(n, m, social, stays):
    mix = {"social": social, "owner": 1 - social}
    plan = Renewal(n, m, mix, (stays,) * 3, NONE, from_inside=ALL)
    found = towns(plan, draws=10)
    # Of 20 dwellings with 3 persons at most half is of the group: 30, of the 50 who live elsewhere.
    assert found.after.sum(axis=-1) == pytest.approx(
        np.repeat(found.before.sum(axis=-1)[:, None], 10, axis=1)
    )


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 200), st.integers(0, 3000), st.floats(0, 1))
def test_nowhere_live_fewer_than_nobody(n, m, social):
    mix = {"social": social, "other_rent": 1 - social}
    plan = Renewal(n, m, mix, (0.0, 0.3, 0.6), (0.1, 0.2, 0.4), from_inside=ALL)
    assert towns(plan, draws=10).after.min() >= -1e-9


def test_demolition_by_hand():
    # 40 of the 200 social dwellings of the wijk: 150/200 x 40 = 30 in a and 10 in b, two persons
    # each, all of the group: 60 of a's 100 and 20 of b's 50 go.
    known = profiles(social=ALL, owner=NONE, size=(2.0, 2.0, 2.0))
    gone = Renewal(40, 0, OWNER, NONE, ALL)
    after = towns(gone, known=known, draws=3).after
    assert (after[0] == [40, 30, 20, 30, 0]).all() and (after[1] == TOWN["others"].to_numpy()).all()
    # None leaves the gemeente, none finds a place in the wijk: 80 go to c, the only buurt elsewhere
    # of which social dwellings are known.
    moved = towns(Renewal(40, 0, OWNER, ALL, NONE), known=known, draws=3).after
    assert moved[0] == pytest.approx(np.tile([40.0, 30, 100, 30, 0], (3, 1)))
    # Nothing of tenure is known elsewhere: by who lives there, 500 in c and 200 in d.
    bare = TOWN.assign(social=[150.0, 50.0, np.nan, np.nan, np.nan])
    moved = towns(Renewal(40, 0, OWNER, NONE, NONE), bare, known, draws=3).after
    assert moved[0] == pytest.approx(
        np.tile([40.0, 30, 20 + 80 * 5 / 7, 30 + 80 * 2 / 7, 0], (3, 1))
    )


def test_demolish_and_rebuild_by_hand():
    # 40 go; 60 come, half social: 45 in a and 15 in b. Half stays: 20 of the 30 new social ones.
    # Left are 10 social and 30 owner dwellings, 20 of the group and 60 others: 15 and 45 in a.
    known = profiles(social=ALL, owner=NONE, size=(2.0, 2.0, 2.0))
    mix = {"social": 0.5, "owner": 0.5}
    plan = Renewal(40, 60, mix, (0.5,) * 3, (0.25,) * 3, from_inside=NONE)
    found = towns(plan, known=known, draws=3)
    # a: 100 - 60 + 30 that stay + 15; b: 50 - 20 + 10 + 5; of the 80 a quarter goes to c.
    assert found.after[0] == pytest.approx(np.tile([85.0, 45, 40, 30, 0], (3, 1)))
    assert found.after[1] == pytest.approx(np.tile([345.0, 465, 480, 170, 0], (3, 1)))
    rows = plan_rows(plan, found, WIJK, 200, "p").set_index(["measure", "group"])["value"]
    assert rows[f"{HOUSEHOLDS}_p"].to_dict() == {"in_area": 20, "in_municipality": 10, "away": 10}
    assert rows[f"{BUILT}_p"].to_dict() == {"": 60}
    assert rows["share_of_dwellings_built_p"].to_dict() == mix
    shares = renewal_effects(found, SHARED, WIJK, "g", "p").set_index("measure")
    # Now 150 of 900; then 130 of 940.
    assert shares.loc["local_share", "value"] == pytest.approx(150 / 900)
    assert shares.loc["local_share_after_p", "value"] == pytest.approx(130 / 940)
    assert shares.loc["local_share", "level"] == "wijk"
    true = pd.DataFrame({"group": [85.0, 45, 40, 30], "others": [345.0, 465, 480, 170]})
    change = dissimilarity(true["group"], true["others"])
    change -= dissimilarity(TOWN["group"], TOWN["others"])
    row = shares.loc["dissimilarity_change_p"]
    assert row[["low", "value", "high"]].tolist() == pytest.approx([change] * 3)


def test_new_dwellings_stand_where_the_others_stood():
    # The one that goes is in a; the three that come are there too, and not 2 in a and 1 in b.
    known = profiles(social=NONE, owner=NONE, size=(1.0, 1.0, 1.0))
    after = towns(Renewal(1, 3, OWNER, NONE, ALL, from_inside=NONE), known=known, draws=2).after
    assert (after[1] == [302, 450, 480, 170, 0]).all()
    # None goes: in the ratio of social dwellings, 3 in a and 1 in b.
    after = towns(Renewal(0, 4, OWNER, NONE, ALL, from_inside=NONE), known=known, draws=2).after
    assert (after[1] == [303, 451, 480, 170, 0]).all()


def test_who_comes_is_not_who_went():
    # 40 go and 40 others come, each of the group with 0.4: the change has a spread of
    # sqrt(2 x 40 x 0.4 x 0.6) = 4.4 and a mean of 0.
    known = profiles(social=(0.4,) * 3, size=(1.0, 1.0, 1.0))
    plan = Renewal(40, 40, {"social": 1.0}, NONE, ALL, from_inside=NONE)
    found = towns(plan, known=known, draws=2000)
    change = found.after[0].sum(axis=1) - 200
    assert change.std() == pytest.approx(4.38, abs=0.3) and abs(change.mean()) < 0.4


def test_who_stays_needs_room():
    # All would stay; of the 40 new dwellings a quarter is social: 10 households stay, 30 go
    # elsewhere in the gemeente.
    plan = Renewal(40, 40, {"social": 0.25, "owner": 0.75}, ALL, NONE)
    assert towns(plan).went.tolist() == [[0.25] * 100, [0.75] * 100, [0.0] * 100]
    # Who buys the own dwelling has it.
    kept = Renewal(40, 40, {"social": 0.25, "owner": 0.75}, ALL, NONE, keeps_home=True)
    assert (towns(kept).went[0] == 1).all()


def test_newcomers_from_inside_leave_the_other_buurten_alike():
    known = profiles(social=NONE, owner=NONE, size=(1.0, 1.0, 1.0))
    plan = Renewal(40, 65, OWNER, NONE, ALL, from_inside=ALL)
    found = towns(plan, known=known, draws=3)
    # 65 others come, of whom 480/650 from c and 170/650 from d.
    assert found.after[1] == pytest.approx(
        np.tile([300 - 30 + 49, 450 - 10 + 16, 480 - 48, 170 - 17, 0.0], (3, 1)), abs=1e-9
    )


def test_households_are_one_to_a_dwelling_and_draws_stay_in_their_bands():
    plan = Renewal(40, 40, OWNER, (0.1, 0.3, 0.6), (0.0, 0.1, 0.2), keeps_home=True,
                   from_inside=NONE)  # fmt: skip
    found = towns(plan, per_dwelling=True, draws=400)
    stay, elsewhere, away = found.went
    assert stay.min() >= 0.1 and stay.max() <= 0.6 and stay.std() > 0.05
    assert away.min() >= 0 and away.max() <= 0.2
    assert stay + elsewhere + away == pytest.approx(np.ones(400))
    # 40 households go and 40 (1 - stay) come; rounding is of at most one in each of a and b.
    inside = found.after[:, :, :2].sum(axis=(0, 2))
    assert np.abs(inside - 900).max() <= 1


@pytest.mark.parametrize(
    ("number", "weights", "found"),
    [
        # 10 x 1/6, 2/6 and 3/6 = 1.67, 3.33 and 5: the rest goes to the first.
        (10, [1.0, 2.0, 3.0], [2, 3, 5]),
        (1, [1.0, 1.0, 1.0], [1, 0, 0]),
        (0, [1.0, 2.0], [0, 0]),
        (5, [0.0, 2.0], [0, 5]),
        (5, [0.0, 0.0], [0, 0]),
    ],
)
def test_whole_dwellings(number, weights, found):
    assert apportioned(number, np.array(weights)).tolist() == found


@settings(deadline=None)
@given(st.integers(0, 5000), st.lists(st.floats(0, 1e4), min_size=1, max_size=20))
def test_whole_dwellings_add_up(number, weights):
    weights = np.array(weights)
    found = apportioned(number, weights)
    assert found.sum() == (number if weights.sum() > 0 else 0) and (found >= 0).all()


def test_a_seed_gives_the_same_and_input_is_unchanged():
    plan = Renewal(40, 40, OWNER, (0.1, 0.3, 0.6), (0.0, 0.1, 0.2))
    table, known = TOWN.copy(), profiles()
    kept = known.copy()
    assert np.array_equal(towns(plan, table, known).after, towns(plan, table, known).after)
    assert not np.array_equal(towns(plan).after, towns(plan, seed=2).after)
    pd.testing.assert_frame_equal(table, TOWN)
    pd.testing.assert_frame_equal(known, kept)


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (Renewal(-1, 0, OWNER, NONE, NONE), "dwellings are -1"),
        (Renewal(1, -2, OWNER, NONE, NONE), "dwellings are -2"),
        (Renewal(1, 1, {"kraak": 1.0}, NONE, NONE), "'kraak' is unknown"),
        (Renewal(1, 1, {"owner": 0.9}, NONE, NONE), "add up to 0.9"),
        (Renewal(1, 1, {"owner": 1.5, "social": -0.5}, NONE, NONE), "under 0"),
        (Renewal(1, 1, OWNER, (0.3, 0.2, 0.4), NONE), "stays is"),
        (Renewal(1, 1, OWNER, NONE, (0.0, 0.5, 1.2)), "leaves is"),
        (Renewal(1, 1, OWNER, NONE, NONE, from_inside=(-0.1, 0, 0)), "from_inside is"),
        (Renewal(1, 1, OWNER, (0, 0.3, 0.6), (0, 0.3, 0.5)), "more than all"),
        (Renewal(201, 0, OWNER, NONE, NONE), "201 would go of 200"),
    ],
)
def test_bad_plans_are_refused(plan, says):
    with pytest.raises(ValueError, match=says):
        towns(plan)


def test_a_group_without_a_profile_is_refused():
    known = profiles()[lambda t: t["tenure"].ne("owner")]
    with pytest.raises(ValueError, match="no profile of g in tenure owner"):
        towns(Renewal(1, 1, OWNER, NONE, NONE), known=known)


def test_with_known_rates_the_interval_holds_the_truth():
    random, held = np.random.default_rng(8), 0
    for number in range(200):
        lives = {"group": random.integers(40, 80, 8), "others": random.integers(150, 400, 8)}
        table = pd.DataFrame(lives, dtype=float).assign(
            social=60.0, inside=[True] * 2 + [False] * 6
        )
        p, q = random.uniform(0.05, 0.3), random.uniform(0.3, 0.6)
        known = profiles(social=(p,) * 3, owner=(q,) * 3, size=(2.0,) * 3)
        plan = Renewal(40, 40, OWNER, NONE, ALL, from_inside=NONE)
        rows = renewal_effects(
            towns(plan, table, known, draws=200, seed=number), SHARED, WIJK, "g", "p"
        )
        row = rows.set_index("measure").loc["dissimilarity_after_p"]
        for at in (0, 1):
            went, came = random.binomial(40, p), random.binomial(40, q)
            table.loc[at, ["group", "others"]] += [came - went, went - came]
        d = dissimilarity(table["group"], table["others"])
        held += row["low"] - 1e-12 <= d <= row["high"] + 1e-12
    # 190 of 200 on average; 182 is 2.6 standard errors below.
    assert held >= 182
