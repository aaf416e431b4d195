import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.measures.decomposition import (
    mutual_information_by_group,
    nested_mutual_information,
    within_areas,
)

RACES = ["asian", "black", "hisp", "native", "white"]
LEVELS = ["state", "district", "school"]
COUNTS = arrays(float, (8, 3), elements=st.integers(0, 30))
REGIONS = pd.DataFrame(
    {"region": list("aaaabbbb"), "wijk": list("kkllmmnn"), "buurt": list("12345678")}
)


@pytest.fixture(scope="module")
def schools(shared) -> pd.DataFrame:
    table = pd.read_csv(shared / "reference/segregation/data/elbers_schools00.csv")
    wide = table.pivot_table(index=LEVELS, columns="race", values="n", fill_value=0)
    return wide.reset_index()


@pytest.fixture(scope="module")
def expected(shared) -> pd.DataFrame:
    table = pd.read_csv(shared / "reference/segregation/expected.csv", keep_default_na=False)
    table = table[table["dataset"].eq("data/elbers_schools00.csv")]
    table = table[table["use"].isin(["target", "regression"])]
    return table.astype({"value": float, "tolerance": float})


def test_published_values_of_schools_in_districts_in_states(schools, expected):
    nested = nested_mutual_information(schools[RACES], schools[LEVELS])
    two = nested_mutual_information(schools[RACES], schools[["state", "school"]])
    inside = within_areas(schools[RACES], schools["state"], schools["school"])
    found = {
        ("M", "race x school, natural log"): nested.loc["school", "total_m"],
        ("H", "race x school, natural log"): nested.loc["school", "total_h"],
        ("M", "race x school"): nested.loc["school", "total_m"],
        ("H", "race x school"): nested.loc["school", "total_h"],
        ("M", "race x state (between), natural log"): nested.loc["state", "mutual_information"],
        ("H", "race x state (between), natural log"): nested.loc["state", "information_theory"],
        ("M", "race x state"): nested.loc["state", "total_m"],
        ("M", "race x school within state, natural log"): two.loc["school", "mutual_information"],
        ("H", "race x school within state, natural log"): two.loc["school", "information_theory"],
        ("M", "race x district within state"): nested.loc["district", "mutual_information"],
        ("M", "race x school within district"): nested.loc["school", "mutual_information"],
    }
    for state, row in inside.iterrows():
        found["M within", f"state {state}"] = row["mutual_information"]
        found["H within", f"state {state}"] = row["information_theory"]
    for key, value in found.items():
        row = expected[expected["index"].eq(key[0]) & expected["parameters"].eq(key[1])]
        assert len(row) == 1, key
        assert value == pytest.approx(row["value"].item(), rel=0, abs=row["tolerance"].item()), key
    assert len(found) == 17


def test_all_or_nothing():
    # Two units with a group each: ln 2; the two units of each area are alike.
    groups = pd.DataFrame({"x": [40, 40, 0, 0], "y": [0, 0, 40, 40]})
    levels = pd.DataFrame({"area": list("aabb"), "unit": list("1234")})
    nested = nested_mutual_information(groups, levels)
    assert nested["mutual_information"].tolist() == pytest.approx([np.log(2), 0], abs=1e-15)
    assert nested["information_theory"].tolist() == pytest.approx([1, 0], abs=1e-15)
    assert nested["share"].tolist() == pytest.approx([1, 0], abs=1e-15)


@settings(max_examples=25, deadline=None)
@given(COUNTS)
def test_levels_add_up_to_the_whole(counts):
    groups = pd.DataFrame(counts, columns=list("xyz"))
    nested = nested_mutual_information(groups, REGIONS)
    whole = nested_mutual_information(groups, REGIONS[["buurt"]]).iloc[0]
    for part, total in (("mutual_information", "total_m"), ("information_theory", "total_h")):
        if np.isnan(whole[total]):
            assert nested[part].isna().all()
            continue
        np.testing.assert_allclose(nested[part].sum(), whole[total], rtol=0, atol=1e-12)
    if counts.sum() > 0:
        assert (nested["mutual_information"] >= -1e-12).all()


@settings(max_examples=25, deadline=None)
@given(COUNTS)
def test_within_areas_and_between_them_add_up(counts):
    groups = pd.DataFrame(counts, columns=list("xyz"))
    nested = nested_mutual_information(groups, REGIONS[["region", "buurt"]])
    inside = within_areas(groups, REGIONS["region"], REGIONS["buurt"])
    m = (inside["mutual_information"] * inside["weight_m"]).sum()
    h = (inside["information_theory"] * inside["weight_h"]).sum()
    if counts.sum() > 0:
        assert m == pytest.approx(nested.loc["buurt", "mutual_information"], abs=1e-12)
    if (counts.sum(axis=0) > 0).sum() > 1:
        assert h == pytest.approx(nested.loc["buurt", "information_theory"], abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(COUNTS)
def test_groups_add_up_to_the_whole(counts):
    groups = pd.DataFrame(counts, columns=list("xyz"))
    parts = mutual_information_by_group(groups)
    whole = nested_mutual_information(groups, REGIONS[["buurt"]])["total_m"].iloc[0]
    if counts.sum() > 0:
        assert parts["contribution"].sum() == pytest.approx(whole, abs=1e-12)
        assert parts["local"].isna().eq(counts.sum(axis=0) == 0).all()
        assert parts["local"].dropna().ge(-1e-12).all()


def test_local_segregation_of_a_group_by_hand():
    # x: 3 of 4 in unit 1 and 1 of 4 in unit 2; half of all are x.
    parts = mutual_information_by_group(pd.DataFrame({"x": [3, 1], "y": [1, 3]}))
    wanted = 0.75 * np.log(1.5) + 0.25 * np.log(0.5)
    assert parts["local"].tolist() == pytest.approx([wanted, wanted], abs=1e-15)
    assert parts["contribution"].tolist() == pytest.approx([wanted / 2] * 2, abs=1e-15)


def test_every_area_in_one_call_is_what_it_is_alone(schools):
    together = nested_mutual_information(
        schools[RACES], schools[["district", "school"]], schools["state"]
    )
    for state, own in schools.groupby("state"):
        alone = nested_mutual_information(own[RACES], own[["district", "school"]])
        pd.testing.assert_frame_equal(together.loc[state], alone, atol=1e-12, rtol=0)
    # Names that come back in another area are other regions.
    same = schools.assign(district="one")
    again = nested_mutual_information(same[RACES], same[["district", "school"]], same["state"])
    assert again.xs("district", level="level")["mutual_information"].abs().max() < 1e-12


def test_nobody_and_one_group():
    levels = pd.DataFrame({"unit": [1, 2]})
    nobody = nested_mutual_information(pd.DataFrame({"x": [0, 0], "y": [0, 0]}), levels)
    assert nobody.isna().all(axis=None)
    one = nested_mutual_information(pd.DataFrame({"x": [3, 5], "y": [0, 0]}), levels)
    assert one["total_m"].tolist() == [0] and np.isnan(one["total_h"].iloc[0])


def test_input_stays_as_it_was_and_is_checked(schools):
    kept = schools.copy()
    nested_mutual_information(schools[RACES], schools[LEVELS])
    within_areas(schools[RACES], schools["state"], schools["school"])
    pd.testing.assert_frame_equal(schools, kept)
    groups = pd.DataFrame({"x": [1.0, 2.0], "y": [1.0, 2.0]})
    levels = pd.DataFrame({"unit": [1, 2]})
    for wrong, error, says in (
        ((groups.to_numpy(), levels), TypeError, "DataFrame"),
        ((groups[["x"]], levels), ValueError, "two or more"),
        ((groups.assign(y=[1, -1]), levels), ValueError, "negative"),
        ((groups, levels.set_index([[5, 6]])), ValueError, "on the index"),
        ((groups, levels.assign(unit=["a", None])), ValueError, "misses a region"),
    ):
        with pytest.raises(error, match=says):
            nested_mutual_information(*wrong)
