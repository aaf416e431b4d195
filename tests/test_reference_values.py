"""Values of the measures that others published or that follow from the definitions.

The analytic ones are written out here. Those on data sets are read from ../shared, where also the
list of all reference values lies: no row of it that a measure here can meet is left out.
"""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from analysis.measures.atkinson import atkinson, square_root
from analysis.measures.diversity import entropy
from analysis.measures.evenness import dissimilarity, gini, information_theory
from analysis.measures.expectation import expected_dissimilarity
from analysis.measures.exposure import correlation_ratio, interaction, isolation
from analysis.measures.local import location_quotient
from analysis.measures.resampling import random_allocation

TRACTS = "data/sacramento_tracts.csv"
FOUR = ["WHITE", "BLACK", "ASIAN", "HISP"]

COMPLETE = "inline units x groups [[100,0],[0,100]]"
COMPLETE_3 = "inline units x groups [[30,0],[0,170],[0,50]]"
EVEN = "inline units x groups [[20,80],[40,160],[1,4]]"
TEXTBOOK = "inline x=[10,40,25,5] t=[100,80,60,40]"
BOARD = "checkerboard n x n, equal cells"

# data set as the list of references names it -> group and others of each unit
TABLES = {
    "inline groups x units [[100,100,100],[100,100,100]]": ([100] * 3, [100] * 3),
    "inline groups x units [[100,60,40,0],[0,40,60,100]]": ([100, 60, 40, 0], [0, 40, 60, 100]),
    "inline groups x units [[80,80,20,20],[20,20,80,80]]": ([80, 80, 20, 20], [20, 20, 80, 80]),
    "inline groups x units [[100,100,0,0],[0,0,100,100]]": ([100, 100, 0, 0], [0, 0, 100, 100]),
    COMPLETE: ([100, 0], [0, 100]),
    COMPLETE_3: ([30, 0, 0], [0, 170, 50]),
    EVEN: ([20, 40, 1], [80, 160, 4]),
    TEXTBOOK: ([10, 40, 25, 5], [90, 40, 35, 35]),
    # Four by four fields of 50 people, alternately all of the group and all others.
    BOARD: ([50, 0, 50, 0, 0, 50, 0, 50] * 2, [0, 50, 0, 50, 50, 0, 50, 0] * 2),
}
MEASURES = {
    "D": dissimilarity,
    "Gini": gini,
    "H": information_theory,
    "isolation": isolation,
    "Atkinson(.5)": partial(atkinson, b=0.5),
    "Hutchens": square_root,
    "eta2": correlation_ratio,
}
# data set, index, value, tolerance
ANALYTIC = [
    ("inline groups x units [[100,100,100],[100,100,100]]", "D", 0.0, 1e-9),
    ("inline groups x units [[100,60,40,0],[0,40,60,100]]", "D", 0.6, 1e-9),
    ("inline groups x units [[80,80,20,20],[20,20,80,80]]", "D", 0.6, 1e-9),
    ("inline groups x units [[100,100,0,0],[0,0,100,100]]", "D", 1.0, 1e-9),
    (COMPLETE, "D", 1.0, 1e-12),
    (COMPLETE, "Gini", 1.0, 1e-12),
    (COMPLETE, "H", 1.0, 1e-12),
    (COMPLETE, "isolation", 1.0, 1e-12),
    (COMPLETE, "Atkinson(.5)", 1.0, 1e-12),
    (COMPLETE, "Hutchens", 1.0, 1e-12),
    (COMPLETE, "eta2", 1.0, 1e-12),
    (COMPLETE_3, "D", 1.0, 1e-12),
    (COMPLETE_3, "Gini", 1.0, 1e-12),
    (COMPLETE_3, "H", 1.0, 1e-12),
    (COMPLETE_3, "isolation", 1.0, 1e-12),
    (COMPLETE_3, "Atkinson(.5)", 1.0, 1e-12),
    (COMPLETE_3, "Hutchens", 1.0, 1e-12),
    (COMPLETE_3, "eta2", 1.0, 1e-12),
    (EVEN, "D", 0.0, 1e-12),
    (EVEN, "Gini", 0.0, 1e-12),
    (EVEN, "H", 0.0, 1e-12),
    (EVEN, "isolation", 0.2, 1e-12),
    (EVEN, "Atkinson(.5)", 0.0, 1e-12),
    (EVEN, "Hutchens", 0.0, 1e-12),
    (EVEN, "eta2", 0.0, 1e-12),
    (TEXTBOOK, "D", 7 / 16, 1e-14),
    (TEXTBOOK, "Gini", 15 / 32, 1e-14),
    (TEXTBOOK, "isolation", 769 / 1920, 1e-14),
    (TEXTBOOK, "eta2", 1543 / 9600, 1e-14),
    (BOARD, "D", 1.0, 1e-12),
]
# Names in the list of references of the rows on the tracts of Sacramento -> how many there are.
ON_TRACTS = {
    "Atkinson": 1,
    "CorrelationR": 1,
    "Dissim": 1,
    "Entropy": 1,
    "Gini": 1,
    "HutchensSqrt": 1,
    "Interaction": 1,
    "Isolation": 1,
    "MultiDiversity": 2,
    "MultiLocalDiversity": 10,
    "MultiLocalEntropy": 10,
    "MultiLocationQuotient": 9,
}
# Targets for measures that are not here (yet). A new name in the list of references has to be put
# here or above.
ELSEWHERE: set[str] = set()
# Targets that the tests of their own module read from the list and meet, and how many there are.
IN_THEIR_OWN_TESTS = {
    "expected D under randomness": 3,
    "expected D under randomness (exact)": 3,
    # test_density_correction.py
    "DensityCorrectedDissim": 1,
    # test_reference_groups.py
    "MultiDissim": 1,
    "MultiDivergence": 1,
    "MultiGini": 1,
    "MultiInfoTheory": 1,
    "MultiLocalSimpsonConcentration": 10,
    "MultiLocalSimpsonInteraction": 10,
    "MultiNormExposure": 1,
    "MultiRelativeDiversity": 1,
    "MultiSquaredCoefVar": 1,
    "SimpsonsConcentration": 1,
    "SimpsonsInteraction": 1,
    # test_ordinal.py
    "RankOrderInfoTheory H^R": 1,
    "RankOrderSqrt S^R": 1,
    "RankOrderVarianceRatio R^R": 1,
    "rank-order H^R, individual incomes": 2,
    "rank-order delta info_theory": 5,
    "rank-order delta sqrt": 5,
    "rank-order delta variance_ratio": 5,
    # test_spatial_references.py
    "spatial H / D (Reardon & O'Sullivan)": 1,
    # test_change.py
    "mutual_difference shapley M1": 1,
    "mutual_difference shapley M2": 1,
    "mutual_difference shapley additions": 1,
    "mutual_difference shapley diff": 1,
    "mutual_difference shapley removals": 1,
}
# M and H of several groups share their letter with the index of two: test_reference_groups.py.
SEVERAL_GROUPS = {
    ("data/elbers_schools00.csv", "M"),
    ("data/elbers_schools00.csv", "H"),
    ("inline u=a,b g=1..4 n=[40,0,0,0,0,0,0,40]", "M"),
    ("inline u=a,b g=1..4 n=[40,0,0,0,0,0,0,40]", "H"),
}


@pytest.mark.parametrize(("table", "index", "value", "tolerance"), ANALYTIC)
def test_analytic_value(table, index, value, tolerance):
    assert MEASURES[index](*TABLES[table]) == pytest.approx(value, rel=0, abs=tolerance)


def test_the_textbook_values_are_bit_for_bit_right():
    group, others = TABLES[TEXTBOOK]
    assert dissimilarity(group, others) == 0.4375
    assert gini(group, others) == 0.46875


@pytest.fixture(scope="module")
def targets(shared) -> pd.DataFrame:
    """Return the reference values that must be met, one per row."""
    listed = pd.read_csv(shared / "reference/segregation/expected.csv", keep_default_na=False)
    listed = listed[listed["use"].eq("target")]
    return listed.astype({"value": float, "tolerance": float})


@pytest.fixture(scope="module")
def tracts(shared) -> pd.DataFrame:
    return pd.read_csv(shared / "reference/segregation" / TRACTS)


def tract_values(tracts: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return the values on the tracts by index and parameters, as the references name them."""
    group, others = tracts["HISP"], tracts["TOT_POP"] - tracts["HISP"]
    two, four = "(df, 'HISP', 'TOT_POP')", f"groups_list={FOUR}"
    together = tracts[FOUR].sum().to_frame().T
    of_four = tracts[FOUR].sum(axis=1)
    quotients = np.column_stack([location_quotient(tracts[name], of_four) for name in FOUR])
    values = {
        ("Atkinson", two): atkinson(group, others, b=0.5),
        ("CorrelationR", two): correlation_ratio(group, others),
        ("HutchensSqrt", "('HISP','TOT_POP')"): square_root(group, others),
        ("Dissim", two): dissimilarity(group, others),
        ("Gini", two): gini(group, others),
        ("Entropy", two): information_theory(group, others),
        ("Isolation", two): isolation(group, others),
        ("Interaction", two): interaction(group, others),
        ("MultiDiversity", f"(df, groups_list) {four}"): entropy(together)[0],
        ("MultiDiversity", f"(df, groups_list, normalized=True) {four}"): entropy(
            together, normalised=True
        )[0],
    }
    for name, found, which in (
        ("MultiLocalDiversity", entropy(tracts[FOUR]), "0:10"),
        ("MultiLocalEntropy", entropy(tracts[FOUR], normalised=True), "0:10"),
        ("MultiLocationQuotient", quotients[:3, :3].ravel(), "0:3, 0:3"),
    ):
        for place, value in enumerate(found[: ON_TRACTS[name]]):
            parameters = f"(df, groups_list) {four} index.statistics[{which}] element {place}"
            values[name, parameters] = value
    return values


def test_every_value_on_the_tracts_is_met(targets, tracts):
    found = tract_values(tracts)
    listed = targets[targets["dataset"].eq(TRACTS) & targets["index"].isin(ON_TRACTS)]
    assert listed["index"].value_counts().to_dict() == ON_TRACTS
    assert len(found) == len(listed) == sum(ON_TRACTS.values()) == 39
    for _, row in listed.iterrows():
        value = found[row["index"], row["parameters"]]
        assert value == pytest.approx(row["value"], rel=0, abs=row["tolerance"]), row["parameters"]


def test_every_analytic_value_is_the_one_that_is_listed(targets):
    listed = targets[targets["dataset"].isin(TABLES) & targets["index"].isin(MEASURES)]
    rows = zip(*(listed[c] for c in ("dataset", "index", "value", "tolerance")), strict=True)
    expected = {(table, index): (value, tolerance) for table, index, value, tolerance in ANALYTIC}
    assert {row[:2]: row[2:] for row in rows} == {
        key: (pytest.approx(value, abs=1e-15), tolerance)
        for key, (value, tolerance) in expected.items()
    }
    assert len(expected) == len(listed) == len(ANALYTIC) == 30


def test_no_listed_value_is_skipped_in_silence(targets):
    keys = list(zip(targets["dataset"], targets["index"], strict=True))
    here = {(table, index) for table, index, *_ in ANALYTIC} | {
        (TRACTS, name) for name in ON_TRACTS
    }
    unexplained = [
        key
        for key in keys
        if key not in here | SEVERAL_GROUPS and key[1] not in ELSEWHERE | set(IN_THEIR_OWN_TESTS)
    ]
    assert unexplained == []
    for name, number in IN_THEIR_OWN_TESTS.items():
        assert sum(key[1] == name for key in keys) == number, name
    # 30 written out above and 39 on the tracts.
    assert sum(key in here for key in keys) == 69


@pytest.mark.parametrize(
    ("name", "index", "listed"),
    [("ModifiedDissim", dissimilarity, 0.3107589122), ("ModifiedGini", gini, 0.4217844444)],
)
def test_an_index_less_what_chance_gives_rests_on_no_seed_of_a_peer(tracts, name, index, listed):
    # Listed as to be avoided: every draw there starts from one seed, so that what it takes for
    # the mean under chance is as far from it as a few draws are.
    group, others = tracts["HISP"], tracts["TOT_POP"] - tracts["HISP"]
    chance = random_allocation(group, others, index=index, draws=300, seed=1).iloc[0]
    value, expected = chance["value"], chance["expected"]
    theirs = (value - listed) / (1 - listed)
    assert abs(theirs - expected) < chance["sd"], name
    if index is dissimilarity:
        # Ours is the mean of all allocations there are, without any draw.
        exact = expected_dissimilarity(group, others)
        assert expected == pytest.approx(exact, abs=4 * chance["sd"] / np.sqrt(300))
        assert abs(theirs - exact) > 1e-5


@pytest.fixture(scope="module")
def netherlands_2020(shared) -> pd.DataFrame:
    """Return non-Western inhabitants and all others of every wijk and buurt in 2020."""
    table = pd.read_parquet(
        shared / "data/statline/84799NED/TypedDataSet.parquet",
        columns=["Codering_3", "AantalInwoners_5", "NietWestersTotaal_18"],
    )
    code = table["Codering_3"].str.strip()
    group = table["NietWestersTotaal_18"].astype(float)
    # Both figures are rounded at random: in seven buurten the group exceeds the inhabitants.
    others = (table["AantalInwoners_5"] - group).clip(lower=0)
    area = "GM" + code.str[2:6]
    frame = pd.DataFrame({"level": code.str[:2], "area": area, "group": group, "others": others})
    return frame[frame["level"].isin(["WK", "BU"])]


@pytest.mark.parametrize(
    ("gemeente", "on_wijken", "on_buurten"),
    [("GM0637", 0.127, 0.185), ("GM0034", 0.078, 0.172), ("GM0518", 0.386, 0.407)],
    ids=["Zoetermeer", "Almere", "Den Haag"],
)
def test_dissimilarity_of_three_gemeenten(netherlands_2020, gemeente, on_wijken, on_buurten):
    for level, expected in (("WK", on_wijken), ("BU", on_buurten)):
        units = netherlands_2020[netherlands_2020["level"].eq(level)]
        value = dissimilarity(units["group"], units["others"], units["area"])[gemeente]
        # Known to three decimals.
        assert value == pytest.approx(expected, abs=0.0005)


def test_every_gemeente_gets_its_values(netherlands_2020):
    units = netherlands_2020[netherlands_2020["level"].eq("BU")]
    assert len(units) == 13_808
    columns = units["group"], units["others"], units["area"]
    indices = (dissimilarity, gini, information_theory, isolation, interaction, correlation_ratio)
    indices += (atkinson, square_root)
    values = pd.DataFrame({index.__name__: index(*columns) for index in indices})
    assert values.shape == (355, 8)
    assert values.notna().all(axis=None) and values.stack().between(0, 1).all()
    assert (values["gini"] >= values["dissimilarity"]).all()
