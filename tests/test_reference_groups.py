"""Published values of indices of several groups, read from the list of references in ../shared."""

import pandas as pd
import pytest

from analysis.measures.diversity import entropy, simpson_concentration, simpson_interaction
from analysis.measures.information import multigroup_information_theory, mutual_information
from analysis.measures.multigroup import multigroup_dissimilarity, multigroup_gini
from analysis.measures.multigroup_exposure import (
    normalised_exposure,
    relative_diversity,
    squared_coefficient_of_variation,
)

FOUR = ["WHITE", "BLACK", "ASIAN", "HISP"]
OF_THE_WHOLE = {
    "MultiDissim": multigroup_dissimilarity,
    "MultiDivergence": mutual_information,
    "MultiGini": multigroup_gini,
    "MultiInfoTheory": multigroup_information_theory,
    "MultiNormExposure": normalised_exposure,
    "MultiRelativeDiversity": relative_diversity,
    "MultiSquaredCoefVar": squared_coefficient_of_variation,
}
OF_THE_MIX = {
    "SimpsonsConcentration": simpson_concentration,
    "SimpsonsInteraction": simpson_interaction,
}
OF_A_TRACT = {
    "MultiLocalSimpsonConcentration": simpson_concentration,
    "MultiLocalSimpsonInteraction": simpson_interaction,
}


@pytest.fixture(scope="module")
def listed(shared) -> pd.DataFrame:
    table = pd.read_csv(shared / "reference/segregation/expected.csv", keep_default_na=False)
    return table.astype({"value": float, "tolerance": float})


@pytest.fixture(scope="module")
def tracts(shared) -> pd.DataFrame:
    return pd.read_csv(shared / "reference/segregation/data/sacramento_tracts.csv")[FOUR]


@pytest.fixture(scope="module")
def schools(shared) -> pd.DataFrame:
    table = pd.read_csv(shared / "reference/segregation/data/elbers_schools00.csv")
    return table.pivot_table(
        index=["state", "school"], columns="race", values="n", aggfunc="sum", fill_value=0
    )


def rows_of(listed: pd.DataFrame, dataset: str, names) -> list[dict]:
    rows = listed[listed["dataset"].eq(dataset) & listed["index"].isin(names)]
    return rows.to_dict("records")


def test_four_groups_in_the_tracts(listed, tracts):
    rows = rows_of(listed, "data/sacramento_tracts.csv", OF_THE_WHOLE)
    assert len(rows) == len(OF_THE_WHOLE) == 7
    for row in rows:
        assert row["parameters"] == f"(df, groups_list) groups_list={FOUR}"
        # They are right: 1e-14, where the list asks 1.5e-7.
        found = OF_THE_WHOLE[row["index"]](tracts)
        assert found == pytest.approx(row["value"], rel=0, abs=1e-14), row["index"]


def test_the_mix_of_all_tracts_together(listed, tracts):
    rows = rows_of(listed, "data/sacramento_tracts.csv", OF_THE_MIX)
    assert len(rows) == 2
    for row in rows:
        (found,) = OF_THE_MIX[row["index"]](tracts, ["all"] * len(tracts))
        assert found == pytest.approx(row["value"], rel=0, abs=1e-14), row["index"]


def test_the_mix_of_ten_tracts(listed, tracts):
    rows = rows_of(listed, "data/sacramento_tracts.csv", OF_A_TRACT)
    assert len(rows) == 20
    found = {name: measure(tracts) for name, measure in OF_A_TRACT.items()}
    for row in rows:
        place = int(row["parameters"].rpartition(" ")[2])
        value = found[row["index"]][place]
        assert value == pytest.approx(row["value"], rel=0, abs=row["tolerance"])


def test_five_groups_in_the_schools(listed, schools):
    state = schools.index.get_level_values("state")
    between = schools.groupby(state).sum()
    m, h = mutual_information, multigroup_information_theory
    found = {
        ("M", "race x school, natural log"): m(schools),
        ("H", "race x school, natural log"): h(schools),
        ("M", "race x state (between), natural log"): m(between),
        ("H", "race x state (between), natural log"): h(between),
        ("M", "race x school within state, natural log"): m(schools) - m(between),
        ("H", "race x school within state, natural log"): h(schools) - h(between),
        ("M", "race x school"): m(schools),
        ("H", "race x school"): h(schools),
        ("M", "race x state"): m(between),
        ("H", "school x race (groups and units swapped)"): h(schools.T),
        ("E", "race"): entropy(schools.sum().to_frame().T).iloc[0],
        ("E", "school"): entropy(schools.T.sum().to_frame().T).iloc[0],
    }
    for name, measure in ("M within", m), ("H within", h):
        found |= {
            (name, f"state {label}"): value for label, value in measure(schools, state).items()
        }
    rows = rows_of(listed, "data/elbers_schools00.csv", ["M", "H", "E", "M within", "H within"])
    met = [row for row in rows if (row["index"], row["parameters"]) in found]
    for row in met:
        value = found[row["index"], row["parameters"]]
        assert value == pytest.approx(row["value"], rel=0, abs=row["tolerance"]), row["parameters"]
    # What districts add is for test_decomposition.py.
    assert len(met) == len(rows) - 2 == 18
    assert {row["parameters"] for row in rows} - {row["parameters"] for row in met} == {
        "race x district within state",
        "race x school within district",
    }


@pytest.mark.parametrize(
    ("index", "measure", "expected"),
    [("M", mutual_information, 0.6931471805599453), ("H", multigroup_information_theory, 1.0)],
)
def test_four_groups_of_which_two_are_absent(listed, index, measure, expected):
    rows = rows_of(listed, "inline u=a,b g=1..4 n=[40,0,0,0,0,0,0,40]", [index])
    assert [row["value"] for row in rows] == [expected]
    units = pd.DataFrame([[40, 0, 0, 0], [0, 0, 0, 40]])
    assert measure(units) == pytest.approx(expected, rel=0, abs=1e-15)
