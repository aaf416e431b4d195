"""What-if: nothing changes nothing, all that moves is counted, and the truth is inside."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence import scenario_curves
from analysis.evidence.scenario_curves import NEEDED, TURN, dwellings_needed, over_social_share
from analysis.evidence.scenarios import INDICES, Plan, drawn_towns, effects, split
from analysis.measures.evenness import dissimilarity

TOWN = pd.DataFrame(
    {"group": [100.0, 50.0, 20.0, 0.0], "others": [300.0, 450.0, 480.0, 0.0]}, list("abcd")
)
THIRDS = {"social": 1 / 3, "other_rent": 1 / 3, "owner": 1 / 3}
SHARED = {"area_code": "GM1", "area_name": "Stad", "year": 2024, "level": "buurt",
          "source": "Bron"}  # fmt: skip


def profiles(social=(0.3, 0.4, 0.5), owner=(0.0, 0.05, 0.1), size=(1.0, 2.0, 3.0)):
    rows = [
        {"tenure": tenure, "group": group, "low": band[0], "central": band[1], "high": band[2]}
        for tenure, share in (("social", social), ("other_rent", owner), ("owner", owner))
        for group, band in (("g", share), ("household_size", size))
    ]
    return pd.DataFrame(rows)


def towns(plan, table=TOWN, known=None, draws=200, seed=1, per_dwelling=False):
    return drawn_towns(plan, table, known if known is not None else profiles(), "g",
                       per_dwelling=per_dwelling, draws=draws, seed=seed)  # fmt: skip


def test_no_dwellings_change_nothing_exactly():
    found = towns(Plan("b", (0, 0, 0), THIRDS))
    assert (found.after == found.before[:, None, :]).all()
    for index in INDICES:
        assert (found.index(index, found.after) == index(TOWN["group"], TOWN["others"])).all()
    rows = effects(found, SHARED, "g")
    change = rows[rows["measure"].str.contains("change")]
    assert len(change) == 6 and change[["value", "low", "high"]].eq(0).all(axis=None)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=2, max_size=6),
    st.integers(0, 400),
    st.floats(0, 1),
)
def test_when_nobody_moves_inside_the_town_only_newcomers_are_added(units, dwellings, social):
    table = pd.DataFrame(units, columns=["group", "others"], dtype=float)
    table.index = [f"u{n}" for n in range(len(table))]
    mix = {"social": social, "owner": 1 - social}
    plan = Plan("u0", (dwellings,) * 3, mix, from_inside=(0, 0, 0))
    found = towns(plan, table, profiles(size=(2.0, 2.0, 2.0)), draws=20)
    assert (found.after[:, :, 1:] == found.before[:, None, 1:]).all()
    added = found.after[:, :, 0].sum(axis=0) - found.before[:, 0].sum()
    # Two people to a dwelling, each tenure rounded to whole people.
    assert np.abs(added - 2 * dwellings).max() <= 1
    assert (found.after >= 0).all()


def test_who_leaves_elsewhere_leaves_alike():
    plan = Plan("d", (100,) * 3, {"owner": 1.0}, from_inside=(1, 1, 1))
    found = towns(plan, known=profiles(owner=(0.1, 0.1, 0.1), size=(1.0, 1.0, 1.0)), draws=50)
    # 100 newcomers, all from the other buurten: the town stays as large as it was.
    assert found.after.sum(axis=(0, 2)) == pytest.approx(np.full(50, TOWN.to_numpy().sum()))
    left = found.before[0, :3] - found.after[0][:, :3]
    assert left / left.sum(axis=1, keepdims=True) == pytest.approx(
        np.tile([100 / 170, 50 / 170, 20 / 170], (50, 1))
    )


def test_size_mix_and_elsewhere_are_the_whole_change():
    for buurt in "abd":
        found = towns(Plan(buurt, (10, 50, 90), THIRDS), draws=100)
        parts = split(found, dissimilarity)
        now = dissimilarity(TOWN["group"], TOWN["others"])
        change = found.index(dissimilarity, found.after) - now
        assert sum(parts.values()) == pytest.approx(change, abs=1e-12)
    # Newcomers like those who live there: the buurt grows, and its mix stays.
    same = profiles(social=(0.25,) * 3, owner=(0.25,) * 3, size=(1.0,) * 3)
    plan = Plan("a", (4000,) * 3, THIRDS, from_inside=(0, 0, 0))
    parts = split(towns(plan, known=same, draws=300), dissimilarity)
    assert np.median(parts["change_by_mix"]) == pytest.approx(0, abs=0.002)
    assert abs(np.median(parts["change_by_size"])) > 0.02


def test_dwellings_that_go_take_their_people():
    plan = Plan("a", (0, 0, 0), THIRDS, removed={"social": 50}, from_inside=(0, 0, 0))
    found = towns(plan, known=profiles(social=(0.4,) * 3, size=(2.0,) * 3), draws=100)
    gone = found.before[:, None, 0] - found.after[:, :, 0]
    assert (gone.sum(axis=0) == 100).all() and gone[0].mean() == pytest.approx(40, abs=2)
    # Renewal: as many come back in another tenure.
    new = Plan("a", (50,) * 3, {"owner": 1.0}, removed={"social": 50}, from_inside=(0, 0, 0))
    after = towns(new, known=profiles(owner=(0.0,) * 3, size=(2.0,) * 3), draws=20).after
    assert (after[:, :, 0].sum(axis=0) == 400).all() and (after[0, :, 0] < 100).all()


def test_with_known_rates_the_interval_holds_the_truth():
    random = np.random.default_rng(8)
    held = 0
    for number in range(100):
        table = pd.DataFrame({"group": random.integers(0, 80, 12), "others": random.integers(
            50, 400, 12)}, [f"u{n}" for n in range(12)], dtype=float)  # fmt: skip
        p, n = random.uniform(0.05, 0.5), int(random.integers(50, 300))
        known = profiles(social=(p,) * 3, size=(2.0,) * 3)
        plan = Plan("u3", (n,) * 3, {"social": 1.0}, from_inside=(0, 0, 0))
        rows = effects(towns(plan, table, known, draws=300, seed=number), SHARED, "g")
        row = rows.set_index("measure").loc["dissimilarity_after"]
        true = table.copy()
        came = random.binomial(2 * n, p)
        true.loc["u3"] += [came, 2 * n - came]
        d = dissimilarity(true["group"], true["others"])
        held += row["low"] - 1e-12 <= d <= row["high"] + 1e-12
    # 95 of 100 on average; 90 is 2.3 standard errors below.
    assert held >= 90


def test_the_share_where_it_turns():
    # Buurt b has one in ten; the town 170 of 1,400. Newcomers of social rent are all of the group,
    # others never: the change turns where the mix of the newcomers pulls b through the town's.
    known = profiles(social=(1.0,) * 3, owner=(0.0,) * 3, size=(1.0,) * 3)
    plan = Plan("b", (200,) * 3, THIRDS, from_inside=(0, 0, 0))
    rows = over_social_share(plan, TOWN, known, "g", SHARED, per_dwelling=False, draws=50, seed=1)
    turn = rows[rows["measure"].eq(TURN)].iloc[0]
    curve = rows[~rows["measure"].eq(TURN)]["value"].to_numpy()
    assert len(curve) == 11 and turn["status"] == "ok" and 0 < turn["value"] < 1
    shares = np.linspace(0, 1, 11)
    k = int(np.searchsorted(shares, turn["value"])) - 1
    assert curve[k] * curve[k + 1] <= 0
    # All tenures alike: nothing turns.
    alike = profiles(social=(0.2,) * 3, owner=(0.2,) * 3, size=(1.0,) * 3)
    rows = over_social_share(plan, TOWN, alike, "g", SHARED, per_dwelling=False, draws=50, seed=1)
    assert rows.iloc[-1]["status"] == "no_difference"


@pytest.mark.parametrize(
    ("change", "at"),
    [
        # From -1 to 3 in a step of 0.1: 0 lies at a quarter of the step.
        ([-1.0, 3.0, 5.0, 7.0], 0.025),
        ([3.0, -1.0, -5.0, -7.0], 0.075),
        # From -2 to 6, a step later: 0.1 + 0.1 x 2/8.
        ([-5.0, -2.0, 6.0, 7.0], 0.125),
        # From 0.2 to 0.4 is a step of 0.2: 0.2 + 0.2 x 1/5.
        ([-3.0, -2.0, -1.0, 4.0], 0.24),
        # It turns twice: the first counts.
        ([-1.0, 1.0, -1.0, -1.0], 0.05),
        # Exactly 0 at a share, on the way through; and at two shares.
        ([-1.0, 0.0, 1.0, 2.0], 0.1),
        ([1.0, 0.0, 0.0, -1.0], 0.1),
        # Touched and not passed; at an end; nowhere; nothing changes.
        ([-1.0, 0.0, -1.0, -2.0], np.nan),
        ([0.0, 1.0, 2.0, 3.0], np.nan),
        ([1.0, 2.0, 3.0, 4.0], np.nan),
        ([0.0, 0.0, 0.0, 0.0], np.nan),
    ],
)
def test_where_a_line_passes_through_nothing(change, at):
    shares = np.array([0.0, 0.1, 0.2, 0.4])
    found = scenario_curves._turn(shares, np.array(change))
    assert found == pytest.approx(at, abs=1e-12, nan_ok=True)


def test_the_share_where_it_turns_is_that_of_the_town_drawn_by_hand():
    # Every newcomer of social rent is of the group, no other is: with a share s of 100 in b it has
    # 0 + 100 s of the group and 100 (1 - s) others, beside a with 50 and 50. The town is level,
    # and D 0, at s = 0.5; now b is empty and D is 0 too: no share makes it less, none turns.
    table = pd.DataFrame({"group": [50.0, 0.0], "others": [50.0, 0.0]}, ["a", "b"])
    known = profiles(social=(1.0,) * 3, owner=(0.0,) * 3, size=(1.0,) * 3)
    plan = Plan("b", (100,) * 3, {"social": 0.5, "owner": 0.5}, from_inside=(0, 0, 0))
    rows = over_social_share(plan, table, known, "g", SHARED, per_dwelling=False, draws=5, seed=1)
    curve = rows[rows["measure"].eq("dissimilarity_change_at_social_share")]["value"]
    # D = |50 / (50 + 100 s) - 50 / (50 + 100 (1 - s))|
    s = np.linspace(0, 1, 11)
    assert curve.to_numpy() == pytest.approx(np.abs(50 / (50 + 100 * s) - 50 / (150 - 100 * s)))
    assert rows.iloc[-1]["status"] == "no_difference"
    # With 60 of the group and 40 others in b now: D = |50/110 - 50/90| = 0.101. With the newcomers
    # it is more than that at both ends of the curve and less between them: it turns on the way.
    more = pd.DataFrame({"group": [50.0, 60.0], "others": [50.0, 40.0]}, ["a", "b"])
    rows = over_social_share(plan, more, known, "g", SHARED, per_dwelling=False, draws=5, seed=1)
    curve = rows[rows["measure"].eq("dissimilarity_change_at_social_share")]["value"].to_numpy()
    now = abs(50 / 110 - 50 / 90)
    hand = np.abs(50 / (110 + 100 * s) - 50 / (190 - 100 * s)) - now
    assert curve == pytest.approx(hand)
    k = int(np.flatnonzero(hand[1:] * hand[:-1] < 0)[0])
    turn = rows.iloc[-1]
    assert turn["value"] == pytest.approx(s[k] + 0.1 * hand[k] / (hand[k] - hand[k + 1]))
    assert turn["low"] == turn["high"] == turn["value"] and turn["units"] == 5


def test_how_many_dwellings_it_takes():
    # Owner homes without the group in a, where the group is: each one lowers the difference.
    known = profiles(owner=(0.0,) * 3, size=(1.0,) * 3)
    plan = Plan("a", (1,) * 3, {"owner": 1.0}, from_inside=(0, 0, 0))
    settings_ = {"per_dwelling": False, "draws": 20, "seed": 1}
    found = dwellings_needed(plan, TOWN, known, "g", SHARED, **settings_).set_index("measure")
    row = found.loc[NEEDED]
    # Everything is known here: the ends are the middle.
    assert found["value"].eq(row["value"]).all() and row["status"] == "ok"
    now = dissimilarity(TOWN["group"], TOWN["others"])
    more = TOWN.copy()
    more.loc["a", "others"] += row["value"]
    assert dissimilarity(more["group"], more["others"]) <= 0.9 * now
    # Homes of the group only, where it is already: never.
    worse = profiles(owner=(1.0,) * 3, size=(1.0,) * 3)
    found = dwellings_needed(plan, TOWN, worse, "g", SHARED, **settings_)
    assert found["status"].eq("beyond_limit").all() and found["value"].isna().all()


def test_a_seed_gives_the_same_and_another_does_not():
    plan = Plan("b", (10, 20, 30), THIRDS)
    assert np.array_equal(towns(plan).after, towns(plan).after)
    assert not np.array_equal(towns(plan).after, towns(plan, seed=2).after)


def test_input_is_unchanged():
    table, known = TOWN.copy(), profiles()
    kept = known.copy()
    towns(Plan("b", (10, 20, 30), THIRDS), table, known)
    pd.testing.assert_frame_equal(table, TOWN)
    pd.testing.assert_frame_equal(known, kept)


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (Plan("b", (-1, 0, 1), THIRDS), "dwellings"),
        (Plan("b", (3, 2, 1), THIRDS), "dwellings"),
        (Plan("b", (1, 1, 1), {"social": 0.5}), "add up to 0.5"),
        (Plan("b", (1, 1, 1), {"social": 1.5, "owner": -0.5}), "0 or more"),
        (Plan("b", (1, 1, 1), {"kraak": 1.0}), "'kraak' is unknown"),
        (Plan("BU9", (1, 1, 1), THIRDS), "BU9 is no buurt"),
        (Plan("b", (1, 1, 1), THIRDS, from_inside=(0, 0.5, 1.5)), "share"),
        (Plan("b", (0, 0, 0), THIRDS, removed={"social": 9999}), "more would go"),
    ],
)
def test_bad_plans_are_refused(plan, says):
    with pytest.raises(ValueError, match=says):
        towns(plan)


def test_a_group_without_a_profile_is_refused():
    with pytest.raises(ValueError, match="no profile of g in tenure social"):
        towns(Plan("b", (1, 1, 1), THIRDS), known=profiles()[lambda t: t["tenure"].ne("social")])


def test_an_uninhabited_buurt_has_no_share_now():
    rows = effects(towns(Plan("d", (10, 20, 30), THIRDS)), SHARED, "g").set_index("measure")
    assert rows.loc["local_share", "status"] == "group_absent"
    assert rows.loc["local_share_after", "status"] == "ok"
