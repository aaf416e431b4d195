import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.integrate import quad

from analysis.measures import rank_order
from analysis.measures.ordinal import (
    rank_order_information_theory,
    rank_order_of_persons,
    rank_order_square_root,
    rank_order_variance_ratio,
)

INDICES = {
    "RankOrderInfoTheory H^R": rank_order_information_theory,
    "RankOrderVarianceRatio R^R": rank_order_variance_ratio,
    "RankOrderSqrt S^R": rank_order_square_root,
}
KINDS = {
    "info_theory": rank_order.INFORMATION,
    "variance_ratio": rank_order.VARIANCE,
    "sqrt": rank_order.SQUARE_ROOT,
}
ALL = pytest.mark.parametrize("index", INDICES.values(), ids=lambda f: f.__name__)


@pytest.fixture(scope="module")
def listed(shared) -> pd.DataFrame:
    table = pd.read_csv(shared / "reference/segregation/expected.csv", keep_default_na=False)
    return table[table["use"].eq("target")].astype({"value": float, "tolerance": float})


@pytest.fixture(scope="module")
def classes(shared) -> pd.DataFrame:
    return pd.read_csv(shared / "reference/segregation/data/pysal_rankorder_synthetic.csv")


# Known values


def test_the_published_indices_of_sixteen_classes(listed, classes):
    rows = listed[listed["dataset"].str.endswith("rankorder_synthetic.csv")]
    assert sorted(rows["index"]) == sorted(INDICES)
    for _, row in rows.iterrows():
        value = INDICES[row["index"]](classes)
        assert value == pytest.approx(row["value"], rel=0, abs=row["tolerance"]), row["index"]


def test_what_each_coefficient_contributes(listed):
    rows = listed[listed["index"].str.startswith("rank-order delta ")]
    assert len(rows) == 15
    for _, row in rows.iterrows():
        kind, m = KINDS[row["index"].split()[-1]], int(row["parameters"].removeprefix("m="))
        found = rank_order.deltas(kind, 4)[m]
        assert found == pytest.approx(row["value"], rel=0, abs=row["tolerance"])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_contributions_are_the_integrals(kind):
    whole = quad(lambda p: float(kind.variation(np.array(p))), 0, 1)[0]
    for m in range(7):
        part = quad(lambda p, m=m: float(kind.variation(np.array(p))) * p**m, 0, 1)[0]
        assert rank_order.deltas(kind, 6)[m] == pytest.approx(part / whole, abs=1e-7)


def test_the_published_indices_of_persons(listed):
    rows = listed[listed["index"].eq("rank-order H^R, individual incomes")]
    assert len(rows) == 2
    for _, row in rows.iterrows():
        sectors = [
            [float(number) for number in sector.strip("[] ").split(",")]
            for sector in row["dataset"].removeprefix("inline ").split("],")
        ]
        income = [number for sector in sectors for number in sector]
        unit = [name for name, sector in enumerate(sectors) for _ in sector]
        value = rank_order_of_persons(income, unit)
        assert value == pytest.approx(row["value"], rel=0, abs=row["tolerance"])


def test_two_limits_and_a_line_through_them():
    # Units of 20 in four classes. Limits at 1/4, 1/2 and 3/4; with degree 2 the parabola goes
    # through all three. H at a quarter and three quarters:
    at = 1 - 0.5 * np.log(2) / -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))
    classes = pd.DataFrame({1: [10, 0], 2: [10, 0], 3: [0, 10], 4: [0, 10]})
    # Through (1/4, at), (1/2, 1), (3/4, at): 1 - 16 (1 - at) (p - 1/2)^2.
    c = 16 * (1 - at)
    # With the contributions 1, 1/2 and 11/36 of 1, p and p^2.
    wanted = 1 - c / 4 + c / 2 - c * 11 / 36
    value = rank_order_information_theory(classes, degree=2)
    assert value == pytest.approx(wanted, abs=1e-12)
    # Three classes allow a straight line only: through (1/4, at) and (1/2, 1).
    three = pd.DataFrame({1: [10, 0], 2: [10, 0], 3: [0, 20]})
    slope = (1 - at) / 0.25
    wanted = (1 - slope / 2) + slope / 2
    assert rank_order_information_theory(three, degree=2) == pytest.approx(wanted, abs=1e-12)


# Properties

TABLES = arrays(float, (5, 6), elements=st.integers(1, 50))


@ALL
@settings(max_examples=25, deadline=None)
@given(counts=TABLES)
def test_units_that_are_alike_have_none(index, counts):
    alike = pd.DataFrame(np.outer([1, 2, 5], counts[0]))
    assert index(alike) == pytest.approx(0, abs=1e-9)


@ALL
@settings(max_examples=25, deadline=None)
@given(counts=TABLES)
def test_a_unit_in_two_halves_and_more_people_change_nothing(index, counts):
    classes = pd.DataFrame(counts)
    halves = pd.concat([classes, classes]) / 2
    assert index(halves.reset_index(drop=True)) == pytest.approx(index(classes), abs=1e-9)


@ALL
@settings(max_examples=25, deadline=None)
@given(counts=TABLES)
def test_turning_the_order_round_changes_nothing(index, counts):
    classes = pd.DataFrame(counts)
    assert index(classes[classes.columns[::-1]]) == pytest.approx(index(classes), abs=1e-8)


@ALL
@settings(max_examples=25, deadline=None)
@given(counts=TABLES)
def test_an_area_among_others_is_what_it_is_alone(index, counts):
    classes = pd.DataFrame(counts)
    both = pd.concat([classes, classes.mul([1, 2, 3, 1, 1], axis=0)], ignore_index=True)
    by = pd.Series(["a", "b"]).repeat(5).reset_index(drop=True)
    shuffled = both.sample(frac=1, random_state=1)
    found = index(shuffled, by[shuffled.index])
    assert found["a"] == pytest.approx(index(classes), abs=1e-12)
    assert found.index.tolist() == ["a", "b"]


@ALL
def test_a_class_in_which_nobody_is_changes_nothing(index, classes):
    wider = classes.copy()
    wider.insert(7, "nobody", 0)
    assert index(wider) == pytest.approx(index(classes), abs=1e-12)


# Edges


@ALL
def test_too_few_classes_for_the_polynomial(index):
    four = pd.DataFrame(np.ones((3, 4)))
    with pytest.raises(ValueError, match="4 classes are too few for a polynomial of degree 4"):
        index(four)
    # Five classes have four limits: a cubic.
    assert index(pd.DataFrame(np.ones((3, 5)))) == pytest.approx(0, abs=1e-12)


@ALL
def test_an_area_whose_people_are_in_few_classes_has_no_index(index):
    classes = pd.DataFrame(
        [[5, 5, 0, 0, 0, 0], [1, 9, 0, 0, 0, 0], [4, 3, 5, 8, 1, 2], [1, 2, 3, 4, 5, 6]],
    )
    found = index(classes, ["few", "few", "many", "many"])
    assert np.isnan(found["few"]) and not np.isnan(found["many"])


@ALL
def test_nobody_lives_there(index):
    assert np.isnan(index(pd.DataFrame(np.zeros((2, 6)))))
    assert np.isnan(index(pd.DataFrame(np.zeros((0, 6)))))


@ALL
def test_input_stays_as_it_was(index, classes):
    kept = classes.copy()
    index(classes)
    pd.testing.assert_frame_equal(classes, kept)


@pytest.mark.parametrize(
    ("classes", "error", "says"),
    [
        ([[1, 2]], TypeError, "DataFrame"),
        (pd.DataFrame(np.ones((2, 6))).assign(x=[1, -1]), ValueError, "negative"),
        (pd.DataFrame(np.ones((2, 6))).assign(x=[1, np.nan]), ValueError, "missing"),
        (pd.DataFrame(np.ones((2, 6)), columns=list("aabcde")), ValueError, "'a' twice"),
    ],
)
def test_classes_that_cannot_be_measured(classes, error, says):
    with pytest.raises(error, match=says):
        rank_order_information_theory(classes)


def test_a_polynomial_needs_a_degree():
    with pytest.raises(ValueError, match="degree"):
        rank_order_information_theory(pd.DataFrame(np.ones((2, 6))), degree=0)


def test_persons_that_cannot_be_ranked():
    with pytest.raises(ValueError, match="same length"):
        rank_order_of_persons([1, 2], [1])
    with pytest.raises(ValueError, match="missing at 1"):
        rank_order_of_persons([1, np.nan], [1, 1])
    with pytest.raises(ValueError, match="at least 6 limits"):
        rank_order_of_persons([1, 2], [1, 2], limits=5)
    assert np.isnan(rank_order_of_persons([], []))
