"""How far findings hold, and the chapter that accounts for them."""

import numpy as np
import pandas as pd
import pytest
from pieces import check_told

from analysis.evidence.frame import evidence_frame
from analysis.evidence.robustness import GRADE, HOLDS, firmest, graded, side_of
from analysis.figures import robustness_claims
from analysis.reports import chapter_account

FACTS = {"area_code": "GM1", "area_name": "Dorp", "year": 2024, "source": "Bron"}


def test_sides():
    assert [side_of(2, 1), side_of(1, 2), side_of(1, 1)] == [1, -1, 0]
    assert side_of(np.nan, 1) is None and side_of(1, np.nan) is None


@pytest.mark.parametrize(
    ("side", "trials", "grade"),
    [
        (1, {"scale": [1], "index": [1, 1], "year": [1]}, 4),
        (1, {"scale": [1], "index": [1, 1], "year": [None]}, 3),
        (1, {"scale": [1], "index": [1, -1]}, 2),
        (1, {"scale": [-1], "index": [1]}, 2),
        (1, {"scale": [-1], "index": [1, -1], "year": [-1]}, 1),
        (-1, {"rounding": [0]}, 1),
    ],
)
def test_grades(side, trials, grade):
    rows = graded({"f": (side, trials)}, **FACTS)
    own = rows[rows["measure"].eq(GRADE)].iloc[0]
    assert own["value"] == grade and own["status"] == "ok"
    held = rows[rows["measure"].eq(HOLDS)].set_index("group")
    for trial, sides in trials.items():
        tried = [one for one in sides if one is not None]
        row = held.loc[f"f | {trial}"]
        assert row["units"] == len(tried)
        if tried:
            assert row["value"] == sum(one == side for one in tried) / len(tried)
        else:
            assert row["status"] == "not_comparable"


def test_what_is_not_known_has_no_grade():
    rows = graded({"a": (None, {"scale": [1]}), "b": (1, {}), "c": (1, {"scale": [1]})}, **FACTS)
    status = rows[rows["measure"].eq(GRADE)].set_index("group")["status"]
    assert status.to_dict() == {"a": "suppressed", "b": "not_comparable", "c": "ok"}
    assert firmest(rows, 5)["group"].tolist() == ["c"]


def test_the_firmest_come_first():
    three = {"scale": [1], "index": [1], "year": [1]}
    rows = graded({"weak": (1, {"scale": [-1]}), "firm": (1, three)}, **FACTS)
    assert firmest(rows, 2)["group"].tolist() == ["firm", "weak"]


@pytest.mark.parametrize(
    ("known", "firm", "says"),
    [(4, 3, "3 van de 4 uitspraken houden stand waar"), (4, 1, "1 van de 4 uitspraken houdt"),
     (4, 0, "Geen van de 4"), (0, 0, "niet te zeggen")],
)  # fmt: skip
def test_titles_on_grades(known, firm, says):
    rows = pd.DataFrame({"measure": ["findings_graded", "findings_firm"], "value": [known, firm]})
    assert says in robustness_claims.firm(rows)


@pytest.mark.parametrize(
    ("wide", "says"),
    [(2, "; 2 daarvan op drie manieren of meer (A)"), (0, ", maar geen ervan op drie manieren")],
)
def test_the_title_on_grades_tells_how_much_was_tried(wide, says):
    names = ["findings_graded", "findings_firm", "findings_widely_tried"]
    said = robustness_claims.firm(pd.DataFrame({"measure": names, "value": [6, 6, wide]}))
    assert said.startswith("6 van de 6 uitspraken houden stand waar dat te beproeven was")
    assert says in said


@pytest.mark.parametrize(
    ("values", "says"),
    [([0.0, 0.0], "gelijk aan"), ([0.0, -0.0013], "hoogstens 0,13%"), ([], "geen gepubliceerd")],
)
def test_titles_on_published_figures(values, says):
    rows = pd.DataFrame({"measure": "difference_with_published", "value": values})
    assert says in robustness_claims.beside_published(rows)


@pytest.fixture(scope="module")
def of_zoetermeer(real_dossier):
    """Return the grades of Zoetermeer, which take seconds."""
    return chapter_account.grades(real_dossier)


def test_every_piece_is_a_figure_or_says_why_not(example_dossier, real_dossier, of_zoetermeer):
    for piece in (of_zoetermeer, chapter_account.grades(example_dossier)):
        check_told(piece)
    for dossier in (example_dossier, real_dossier):
        check_told(chapter_account.beside_published(dossier))


def test_zoetermeer_is_compared_with_no_unlike_gemeenten(of_zoetermeer):
    # Its buurten are larger than those of all gemeenten of its size: smaller indices by themselves.
    # Its wijken are not, so those are compared, and the other scale cannot be tried.
    table = of_zoetermeer.table.set_index("uitspraak")
    beside = table[table.index.str.contains("de middelste gemeente")]
    assert len(beside) and beside.index.str.endswith("over de wijken gerekend").all()
    assert set(beside["op wijken in plaats van buurten"]) == {"niet te beproeven"}
    assert evidence_frame(of_zoetermeer.rows).equals(of_zoetermeer.rows)


def test_more_than_chance_is_tried_with_other_indices(of_zoetermeer):
    table = of_zoetermeer.table[of_zoetermeer.table["uitspraak"].str.endswith("dan bij toeval")]
    # In Zoetermeer 65-plussers live far from evenly: H and Gini say so as D does.
    assert set(table["met een andere maat"]) == {"ja"}
    rows = of_zoetermeer.rows[of_zoetermeer.rows["group"].eq("age_65_plus:chance | index")]
    assert rows[["value", "units"]].iloc[0].tolist() == [1, 2]


def test_the_sum_of_gemeenten_is_the_published_number(real_dossier):
    rows = chapter_account.beside_published(real_dossier).rows
    found = rows.set_index(["measure", "year"])["value"]
    assert found["difference_with_published", 2024] == 0
