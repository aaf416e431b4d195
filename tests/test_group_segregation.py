"""How segregated each of several groups is: known values, published ones, and draws."""

from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.measures.bias_correction import bias_corrected_mutual_information
from analysis.measures.group_segregation import group_segregation
from analysis.measures.information import mutual_information

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=25)
GROUPS = ["a", "b", "c"]

counts = st.integers(0, 300)
units = st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=6)
BY_HAND = pd.DataFrame({"a": [4, 0, 0], "b": [2, 6, 0], "c": [0, 0, 4]})


def test_three_groups_in_three_units():
    values = group_segregation(BY_HAND)
    # a: ln(4/6 / (4/16)); b: 1/4 ln(2/6 / (1/2)) + 3/4 ln(1 / (1/2)); c: ln(1 / (1/4))
    expected = [log(8 / 3), log(2 / 3) / 4 + 3 * log(2) / 4, log(4)]
    assert values["local"].tolist() == pytest.approx(expected, abs=1e-15)
    assert values["share"].tolist() == [0.25, 0.5, 0.25]
    assert list(values.columns) == ["local", "bias_corrected", "share"]
    pd.testing.assert_index_equal(values.index, pd.Index(GROUPS, name="group"))


@no_deadline
@given(rows=units)
def test_the_groups_add_up_to_the_whole(rows):
    table = pd.DataFrame(rows, columns=GROUPS)
    assume(table.to_numpy().sum() > 0)
    values = group_segregation(table)
    whole = (values["local"] * values["share"]).sum()
    assert whole == pytest.approx(mutual_information(table), abs=1e-12)
    present = values[values["share"] > 0]
    for name in ("local", "bias_corrected"):
        assert (present[name] >= 0).all()
        assert (present[name] <= -np.log(present["share"]) + 1e-12).all()


def test_the_corrected_groups_add_up_to_the_corrected_whole():
    random = np.random.default_rng(3)
    table = pd.DataFrame(random.poisson([[3.0, 20, 100], [30, 20, 10]] * 25), columns=GROUPS)
    values = group_segregation(table)
    whole = (values["bias_corrected"] * values["share"]).sum()
    assert whole == pytest.approx(bias_corrected_mutual_information(table), abs=1e-10)


def test_the_correction_is_what_many_draws_give():
    random = np.random.default_rng(7)
    table = pd.DataFrame(random.poisson([[4.0, 9, 40], [12, 3, 20]] * 10), columns=GROUPS)
    chance = (table / table.to_numpy().sum()).to_numpy().ravel()
    draws = random.multinomial(table.to_numpy().sum(), chance, size=4000)
    found = group_segregation(table)
    n = draws.reshape(-1, len(table), 3)
    of_group, unit, total = n.sum(axis=1), n.sum(axis=2), n.sum(axis=(1, 2))
    quotient = n * total[:, None, None] / (np.maximum(unit, 1)[:, :, None] * of_group[:, None, :])
    local = (n * np.log(np.where(n > 0, quotient, 1))).sum(axis=1) / of_group
    expected = 2 * found["local"] - local.mean(axis=0)
    error = local.std(axis=0) / np.sqrt(len(local))
    # Four standard errors of the draws, and what dividing by the mean leaves: 1 in 160 members.
    assert (found["bias_corrected"] - expected).abs().lt(4 * error + 0.002).all()
    assert (found["local"] - found["bias_corrected"]).gt(10 * error).all()


def test_a_correction_never_leaves_the_range():
    # A group of one can be gone in a next draw, and the mean over draws lies below what is found.
    values = group_segregation(pd.DataFrame({"a": [1, 0], "b": [0, 1]}))
    assert values["bias_corrected"].tolist() == pytest.approx([log(2)] * 2, abs=1e-15)
    # Two members in two units are what chance alone would give.
    even = group_segregation(pd.DataFrame({"a": [2, 1], "b": [30, 32]}))
    assert even["bias_corrected"].tolist() == [0.0, 0.0]


def test_every_area_has_its_own_rows():
    table = pd.concat([BY_HAND, BY_HAND.assign(c=0)], ignore_index=True)
    area = pd.Series(["y"] * 3 + ["x"] * 3, name="gm_code")
    values = group_segregation(table, area)
    assert values.index.names == ["gm_code", "group"]
    assert [area for area, _ in values.index] == ["x"] * 3 + ["y"] * 3
    pd.testing.assert_frame_equal(values.loc["y"], group_segregation(BY_HAND))
    # Absent is not even.
    assert values.loc[("x", "c"), ["local", "bias_corrected"]].isna().all()
    assert values.loc[("x", "c"), "share"] == 0.0
    # a in x: ln(4/6 / (4/12))
    assert values.loc[("x", "a"), "local"] == pytest.approx(log(2), abs=1e-15)


def test_nobody_is_nothing():
    assert group_segregation(pd.DataFrame({"a": [0], "b": [0]})).isna().all(axis=None)


def test_bad_input_raises():
    with pytest.raises(TypeError, match="groups must be a DataFrame"):
        group_segregation(BY_HAND["a"])
    with pytest.raises(ValueError, match=r"groups\['b'\] is negative"):
        group_segregation(BY_HAND.assign(b=-1))


def test_the_published_values_of_five_groups_are_met(shared):
    folder = shared / "reference/segregation"
    listed = pd.read_csv(folder / "expected.csv", keep_default_na=False)
    listed = listed[listed["index"].eq("local segregation ls")]
    schools = pd.read_csv(folder / "data/elbers_schools00.csv")
    table = schools.pivot_table(
        index="school", columns="race", values="n", aggfunc="sum", fill_value=0
    )
    found = group_segregation(table)["bias_corrected"]
    assert len(listed) == 5
    for _, row in listed.iterrows():
        group = row["parameters"].partition(",")[0]
        # Ten times as near as is asked: theirs is the mean of 500 draws.
        assert found[group] == pytest.approx(float(row["value"]), rel=0, abs=0.001)
        assert float(row["tolerance"]) == 0.01
