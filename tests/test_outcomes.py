import csv
import shutil
from dataclasses import replace

import pytest

from analysis.sources.codebook import read_codebook
from analysis.sources.errors import InputError
from analysis.sources.outcomes import STATUSES, ingredients, of_theme, overlap, read_outcomes


@pytest.fixture(scope="module")
def outcomes(root):
    return read_outcomes(root / "data" / "outcomes.csv")


def test_every_outcome_says_what_it_is(outcomes):
    for outcome in outcomes.values():
        assert outcome.status in STATUSES
        assert outcome.source and outcome.meaning.label_nl and outcome.meaning.unit
        # What is estimated or composed has ingredients and a warning.
        if outcome.status != "register":
            assert outcome.ingredients and outcome.warning_nl, outcome.concept
    assert set(of_theme(outcomes, "gezondheid")) < set(outcomes)
    assert {outcome.theme for outcome in outcomes.values()} == {
        "ses_woa",
        "gezondheid",
        "misdrijven",
        "leefbaarometer",
    }


def test_every_pattern_of_an_ingredient_is_a_concept_that_exists(outcomes, codebook):
    known = [*codebook, *outcomes, "cafe_within_1km"]
    parts = {part for outcome in outcomes.values() for part in outcome.ingredients}
    for part in parts:
        for pattern in part.concepts:
            alone = {"x": _with(outcomes["share_lonely"], part, pattern)}
            assert ingredients(alone, "x", known), f"{part.name}: {pattern}"


def _with(outcome, part, pattern):
    return replace(outcome, ingredients=(replace(part, concepts=(pattern,)),))


def test_loneliness_is_made_of_origin_and_income(outcomes, codebook):
    made_of = ingredients(outcomes, "share_lonely", codebook)
    assert {"n_non_western", "n_origin_outside_europe", "income_per_inhabitant_eur"} <= set(made_of)
    assert "inhabitants" not in made_of and "gp_distance_km" not in made_of
    assert list(made_of) == [name for name in codebook if name in made_of]


def test_the_leefbaarometer_is_made_of_composition_and_provision(outcomes, codebook):
    made_of = ingredients(outcomes, "livability_class", codebook)
    assert {"n_non_western", "n_age_65_plus", "gp_distance_km", "schools_within_3km"} <= set(
        made_of
    )


def test_ses_woa_is_made_of_income_wealth_education_and_work_only(outcomes, codebook):
    made_of = ingredients(outcomes, "ses_woa_score", codebook)
    assert {"median_wealth_eur", "n_education_low", "share_in_work"} <= set(made_of)
    assert "share_low_income_households" in made_of
    assert "n_non_western" not in made_of and "gp_distance_km" not in made_of
    assert ingredients(outcomes, "n_crimes", codebook) == ()


def test_overlap_names_the_explanations_that_are_ingredients(outcomes):
    asked = ["share_non_western", "gp_distance_km", "non_western", "inhabitants", "share_lonely"]
    before = list(asked)
    # share_lonely explains itself.
    assert overlap(outcomes["share_lonely"], asked) == (
        "share_non_western",
        "non_western",
        "share_lonely",
    )
    assert asked == before
    assert overlap(outcomes["livability_class"], asked) == (
        "share_non_western",
        "gp_distance_km",
        "non_western",
    )
    assert overlap(outcomes["n_crimes"], asked) == ()
    assert overlap(outcomes["share_lonely"], []) == ()


def test_two_outcomes_overlap_by_what_both_are_made_of(outcomes):
    lonely, ses, class_, crimes, work = (
        outcomes[name]
        for name in (
            "share_lonely",
            "ses_woa_score",
            "livability_class",
            "n_crimes",
            "ses_woa_work_score",
        )
    )
    # Income and education are in both; work history is not in the estimate of RIVM.
    assert overlap(lonely, [ses, work, crimes]) == ("ses_woa_score",)
    # Safety is an ingredient of the Leefbaarometer, in either direction.
    assert overlap(class_, [crimes]) == ("n_crimes",)
    assert overlap(crimes, [class_]) == ("livability_class",)
    assert overlap(ses, [ses]) == ("ses_woa_score",)


def test_an_unknown_outcome_is_refused_with_those_that_exist(outcomes, codebook):
    with pytest.raises(InputError, match="'geluk' is geen uitkomst; kies uit .*share_lonely"):
        ingredients(outcomes, "geluk", codebook)


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("status", "gemeten", "status 'gemeten' van .* is onbekend"),
        ("ingredients", "origin | sfeer", "'sfeer', dat niet in ingredients.csv staat"),
        ("from_year", "ooit", "moeten jaren zijn"),
        ("concept", "ses_woa_spread", "meer dan één keer"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(root, tmp_path, column, value, says):
    for name in ("outcomes.csv", "ingredients.csv"):
        shutil.copyfile(root / "data" / name, tmp_path / name)
    file = tmp_path / "outcomes.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rows[0][column] = value
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(InputError, match=says):
        read_outcomes(file)


def test_a_table_without_a_column_or_with_half_a_row_is_refused(root, tmp_path):
    for name in ("outcomes.csv", "ingredients.csv"):
        shutil.copyfile(root / "data" / name, tmp_path / name)
    file = tmp_path / "outcomes.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("warning_nl", "let_op", 1), encoding="utf-8")
    with pytest.raises(InputError, match="moet de kolommen concept, theme"):
        read_outcomes(file)
    file.write_text(text + "share_happy,gezondheid\n", encoding="utf-8")
    with pytest.raises(InputError, match="share_happy heeft niet 13 velden"):
        read_outcomes(file)


def test_no_outcome_has_the_name_of_a_concept(root, outcomes):
    assert not set(outcomes) & set(read_codebook(root / "data" / "codebook.csv"))
