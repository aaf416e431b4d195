"""An outcome is not explained by its own ingredients: on made-up and on the project's own table."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence.circularity import (
    SAME_MATTER,
    CircularityError,
    circular_terms,
    refuse_circular,
    with_same_matter,
)
from analysis.evidence.model_terms import EXPLANATIONS, OUTCOMES
from analysis.evidence.models import fit
from analysis.reports.model_setting import ingredients_by_key, permitted
from analysis.sources.outcomes import made_of, read_outcomes

NAMES = st.sampled_from(["age", "origin", "income", "work", "wealth", "tenure", "density"])


@pytest.fixture(scope="module")
def outcomes(root):
    return read_outcomes(root / "data" / "outcomes.csv")


def test_loneliness_by_origin_is_refused_by_the_projects_own_table(outcomes):
    terms = ["n_origin_outside_europe", "n_non_western", "share_non_western"]
    ingredients = {one: made_of(outcomes, one) for one in ("share_lonely", *terms)}
    areas = pd.DataFrame(1.0, index=range(30), columns=list(ingredients))
    for term in terms:
        with pytest.raises(CircularityError, match=f"share_lonely is itself made of .*{term}"):
            fit(f"share_lonely ~ {term}", areas, made_of=ingredients)


def test_a_refusal_is_one_sentence_with_term_and_ingredient():
    ingredients = {"y": {"age", "origin"}, "a": {"origin", "age"}, "b": set()}
    with pytest.raises(CircularityError) as told:
        refuse_circular("y", ["a", "b"], ingredients)
    assert str(told.value).startswith(
        "y is itself made of what should explain it: a (age, origin);"
    )
    assert "\n" not in str(told.value)
    refuse_circular("y", ["b"], ingredients)


def test_what_is_not_known_to_be_innocent_is_refused():
    with pytest.raises(CircularityError, match="not known what log_x is made of"):
        refuse_circular("y", ["log_x"], {"y": set()})
    with pytest.raises(CircularityError, match="not known what y is"):
        refuse_circular("y", ["x"], {"x": set()})


def test_an_outcome_does_not_explain_itself():
    assert circular_terms("y", ["y"], {"y": ()}) == {"y": ("itself",)}


def test_same_matter_closes_both_ways():
    made = {"benefit": {"work"}, "income": {"income"}, "owned": {"tenure"}, "score": {"wealth"}}
    assert list(circular_terms("benefit", ["income"], made)) == ["income"]
    assert list(circular_terms("income", ["benefit", "owned"], made)) == ["benefit"]
    assert list(circular_terms("score", ["owned", "benefit"], made)) == ["owned"]


@given(st.sets(NAMES), st.sets(NAMES))
def test_circularity_is_symmetric_and_never_misses_a_shared_ingredient(one, other):
    made = {"y": one, "x": other}
    there = bool(circular_terms("y", ["x"], made))
    assert there == bool(circular_terms("x", ["y"], made))
    if one & other:
        assert there
    assert with_same_matter(with_same_matter(one)) == with_same_matter(one) >= one


def test_what_each_outcome_may_be_explained_with(outcomes):
    may = {one.key: {term.key for term in permitted(one, outcomes)[0]} for one in OUTCOMES}
    # RIVM puts in age, households, tenure and density; only the supermarket is left.
    for modelled in ("share_lonely", "share_volunteers", "share_hard_to_make_ends_meet"):
        assert may[modelled] == {"supermarket_distance_km"}
    assert "share_owner_occupied" not in may["ses_woa_score"]
    assert "share_age_65_plus" not in may["share_in_work"]
    assert may["social_assistance_per_1000"] == {one.key for one in EXPLANATIONS}


def test_every_term_of_a_model_is_known_to_the_table_of_ingredients(outcomes):
    for key, names in ingredients_by_key(outcomes).items():
        assert names, f"{key} is in no row of ingredients.csv"
    known = {part.name for one in outcomes.values() for part in one.ingredients}
    assert set().union(*SAME_MATTER) <= known


def test_made_of_reads_outcomes_and_concepts(outcomes):
    assert "origin" in made_of(outcomes, "share_lonely")
    assert made_of(outcomes, "n_social_assistance") == {"work"}
    assert made_of(outcomes, "woz_value_eur") == {"wealth", "housing"}
    assert made_of(outcomes, "n_crimes") == {"safety"}
    assert made_of(outcomes, "no_such_concept") == frozenset()
