import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.measures.change import change_in_mutual_information
from analysis.measures.fitting import fitted

COUNTS = arrays(float, (5, 3), elements=st.integers(0, 40))
NAMES = list("abcde"), list("xyz")
PARTS = ["additions", "removals", "unit_margins", "group_margins", "structural"]


def total(change) -> float:
    return sum(getattr(change, part) for part in PARTS)


@pytest.fixture(scope="module")
def schools(shared) -> list[pd.DataFrame]:
    folder = shared / "reference/segregation/data"
    return [
        pd.read_csv(folder / f"elbers_schools{year}.csv").pivot_table(
            index="school", columns="race", values="n", fill_value=0
        )
        for year in ("00", "05")
    ]


@pytest.fixture(scope="module")
def expected(shared) -> pd.DataFrame:
    table = pd.read_csv(shared / "reference/segregation/expected.csv", keep_default_na=False)
    table = table[table["index"].str.startswith("mutual_difference shapley")]
    return table.assign(
        part=table["index"].str.split().str[-1], number=table["value"].astype(float)
    )


def test_the_published_parts(schools, expected):
    change = change_in_mutual_information(*schools)
    found = {
        "M1": change.before, "M2": change.after, "diff": change.after - change.before,
        "additions": change.additions, "removals": change.removals,
        "group_marginal": change.group_margins, "unit_marginal": change.unit_margins,
        "structural": change.structural,
    }  # fmt: skip
    kept = expected[expected["use"].isin(["target", "regression"])].set_index("part")
    assert kept["use"].value_counts().to_dict() == {"target": 5, "regression": 3}
    for part, number in kept["number"].items():
        assert found[part] == pytest.approx(number, rel=0, abs=5e-6), part
    assert total(change) == pytest.approx(change.difference, abs=1e-15)


def test_the_values_to_avoid_stopped_before_the_margins_were_met(schools, expected):
    """With the margins a thousandth off, sign and all come out as another package prints them."""
    before, after = (table.to_numpy(dtype=float) for table in common(schools))
    u2, g2 = after.sum(axis=1) / after.sum(), after.sum(axis=0) / after.sum()
    start = np.where(before > 0, before, 1e-10) / before.sum()
    stopped, met = start.copy(), False
    while not met:
        stopped = stopped * (g2 / stopped.sum(axis=0))
        stopped = stopped * (u2 / stopped.sum(axis=1))[:, None]
        met = np.abs(stopped.sum(axis=0) - g2).max() < 1e-3
    # What they call met: groups are off by up to 3 in 1,000 people of the group.
    assert np.abs(stopped.sum(axis=0) / g2 - 1).max() > 1e-4
    exact, _ = fitted(start, u2, g2)
    assert np.abs(exact.sum(axis=0) / g2 - 1).max() < 1e-10
    avoided = expected[expected["use"].eq("avoid")].set_index("part")["number"]
    change = change_in_mutual_information(*schools)
    # The published structural part is negative; that of converged margins is not.
    assert avoided["structural"] < 0 < change.structural
    assert abs(avoided["structural"] - change.structural) > 0.005


def common(schools) -> list[pd.DataFrame]:
    units = schools[0].index.intersection(schools[1].index)
    return [table.loc[units] for table in schools]


@settings(max_examples=50)
@given(COUNTS, COUNTS)
def test_the_parts_add_up(one, two):
    one[0], two[0] = 3, 4  # at least one unit with people in both years
    before, after = pd.DataFrame(one, *NAMES), pd.DataFrame(two, *NAMES)
    change = change_in_mutual_information(before, after, tolerance=1e-8)
    assert total(change) == pytest.approx(change.after - change.before, abs=1e-9)


def test_nothing_changed():
    table = pd.DataFrame([[10, 5], [3, 9]], list("ab"), list("xy"))
    change = change_in_mutual_information(table, table * 3)
    assert [getattr(change, part) for part in PARTS] == pytest.approx([0] * 5, abs=1e-12)


def test_a_unit_that_came_is_an_addition_and_one_that_went_a_removal():
    before = pd.DataFrame([[10, 10], [5, 5], [9, 0]], list("abc"), list("xy"))
    after = pd.DataFrame([[10, 10], [5, 5], [0, 8]], list("abd"), list("xy"))
    change = change_in_mutual_information(before, after)
    assert change.additions == pytest.approx(change.after) and change.additions > 0
    assert change.removals == pytest.approx(-change.before) and change.removals < 0
    assert change.structural == pytest.approx(0, abs=1e-12)


def test_only_the_sizes_of_units_changed():
    # Twice the people of a, nobody moved between groups inside the units; odds stay.
    before = pd.DataFrame([[10, 30], [30, 10]], list("ab"), list("xy"))
    after = pd.DataFrame([[20, 60], [30, 10]], list("ab"), list("xy"))
    change = change_in_mutual_information(before, after)
    assert change.structural == pytest.approx(0, abs=1e-10)
    assert change.additions == change.removals == 0


def test_a_structural_change_only():
    before = pd.DataFrame([[20, 20], [20, 20]], list("ab"), list("xy"))
    after = pd.DataFrame([[30, 10], [10, 30]], list("ab"), list("xy"))
    change = change_in_mutual_information(before, after)
    # 3/4 ln 1.5 + 1/4 ln 0.5
    assert change.structural == pytest.approx(0.75 * np.log(1.5) + 0.25 * np.log(0.5), abs=1e-12)
    assert abs(change.unit_margins) + abs(change.group_margins) < 1e-12


def test_empty_cells_are_told_by_a_range():
    before = pd.DataFrame([[10, 0], [5, 20], [8, 8]], list("abc"), list("xy"))
    after = pd.DataFrame([[10, 10], [0, 20], [5, 8]], list("abc"), list("xy"))
    change = change_in_mutual_information(before, after)
    low, high = change.structural_range
    assert low < high and low <= change.structural <= high
    full = change_in_mutual_information(before + 1, after + 1)
    assert full.structural_range == pytest.approx([full.structural] * 2)


def test_what_cannot_be_compared():
    table = pd.DataFrame([[10, 5], [3, 9]], list("ab"), list("xy"))
    for before, after, says in (
        (table, table.set_axis(list("cd")), "same name in both years"),
        (table, table * 0, "no people"),
        (table.set_axis(list("aa")), table, "twice"),
        (table, -table, "negative"),
        (table.replace(5, np.nan), table, "missing"),
    ):
        with pytest.raises(ValueError, match=says):
            change_in_mutual_information(before, after)


# Fitting


@settings(max_examples=25, deadline=None)
@given(arrays(float, (4, 3), elements=st.integers(1, 99)), COUNTS)
def test_fitting_meets_both_margins_and_keeps_the_odds(table, other):
    rows, columns = other[:4].sum(axis=1) + 1, other[:4].sum(axis=0) + 4 / 3
    found, iterations = fitted(table, rows, columns)
    np.testing.assert_allclose(found.sum(axis=1), rows, rtol=1e-9)
    np.testing.assert_allclose(found.sum(axis=0), columns, rtol=1e-9)
    odds = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    again = found[0, 0] * found[1, 1] / (found[0, 1] * found[1, 0])
    assert again == pytest.approx(odds, rel=1e-9) and iterations >= 1


def test_margins_that_only_an_empty_cell_can_meet():
    # The third column has people in the first row only, which is to keep 9 of 231: the other 68 of
    # its 77 must come from cells with almost nothing. Scaling in turn needs over 100,000 rounds.
    table = np.array([[4, 4, 4], [32, 1e-10, 1e-10], [1e-10, 33, 1e-10]])
    rows, columns = np.array([9.0, 111, 111]), np.array([77.0, 77, 77])
    found, iterations = fitted(table, rows, columns, 1e-10)
    np.testing.assert_allclose(found.sum(axis=1), rows, rtol=1e-12)
    np.testing.assert_allclose(found.sum(axis=0), columns, rtol=1e-10)
    # All odds ratios are those of the table: in logs the factors are a row's plus a column's.
    logs = np.log(found) - np.log(table)
    spread = logs - logs[0] - (logs - logs[0])[:, :1]
    assert np.abs(spread).max() < 1e-9 and iterations < 2_000


@pytest.mark.parametrize(
    ("table", "rows", "columns", "says"),
    [([[1, 0], [1, 1]], [1, 1], [1, 1], "positive"), ([[1, 1], [1, 1]], [1, 1], [1, 2], "sum"),
     ([[1, 1], [1, 1]], [2, 0], [1, 1], "positive")],
)  # fmt: skip
def test_margins_that_cannot_be_met(table, rows, columns, says):
    with pytest.raises(ValueError, match=says):
        fitted(np.array(table, float), np.array(rows, float), np.array(columns, float))
