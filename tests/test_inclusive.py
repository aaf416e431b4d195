"""The region divided over levels, four ways of looking at wijken, and questions sent in."""

import shutil

import numpy as np
import pandas as pd
import pytest
from pieces import check_told
from region_samples import region_table

from analysis.evidence.groups import by_key
from analysis.evidence.nested import over_region
from analysis.figures import inclusive_claims
from analysis.reports import chapter_inclusive
from analysis.reports.dossier import open_dossier
from analysis.sources import bring, questions
from analysis.sources.errors import InputError

OLD = by_key("age_65_plus")
ASKED = "groep;vraag\nbewoners;Wat komt er in de plint?\nWoningcorporatie;Wie komt er wonen?\n"


def divided(old, gemeenten, wijken, people=None, absent=None):
    table = region_table(people or [100] * len(old), n_age_65_plus=old)
    table = table.assign(wk_code=wijken, gm_code=gemeenten)
    rows = over_region(
        table, [OLD], region="r", name="Regio", year=2024, source="Bron", absent=absent or {}
    )
    return rows.set_index("level")


def test_all_between_gemeenten_wijken_or_buurten():
    gm, wk = ["a"] * 4 + ["b"] * 4, ["1", "1", "2", "2", "3", "3", "4", "4"]
    for old, shares in (
        ([10] * 4 + [40] * 4, [1, 0, 0]),
        ([10, 10, 40, 40] * 2, [0, 1, 0]),
        ([10, 40] * 4, [0, 0, 1]),
    ):
        found = divided(old, gm, wk)
        assert found["value"].tolist() == pytest.approx(shares, abs=1e-12)
        assert found["units"].eq(8).all() and found["area_name"].eq("Regio").all()


def test_the_shares_add_up_and_lie_where_they_do():
    # Shares .1 .3 | .2 .6 over two gemeenten of one wijk each: M of the gemeenten is
    # E(.3) - (E(.2) + E(.4))/2, of the buurten E(.3) - the mean over the four.
    def e(p):
        return -p * np.log(p) - (1 - p) * np.log(1 - p)

    found = divided([10, 30, 20, 60], ["a", "a", "b", "b"], ["1", "1", "2", "2"])["value"]
    units = e(0.3) - np.mean([e(p) for p in (0.1, 0.3, 0.2, 0.6)])
    assert found["gemeente"] == pytest.approx((e(0.3) - np.mean([e(0.2), e(0.4)])) / units)
    assert found["wijk"] == pytest.approx(0, abs=1e-12) and found.sum() == pytest.approx(1)


def test_what_cannot_be_divided_says_why():
    one = divided([10, 40], ["a", "a"], ["1", "2"])
    assert one["status"].eq("single_unit").all() and one["value"].isna().all()
    even = divided([20, 20], ["a", "b"], ["1", "2"])
    assert even["status"].eq("not_segregated").all()
    few = divided([20, np.nan], ["a", "b"], ["1", "2"], people=[100, 300])
    assert few["status"].eq("suppressed").all()
    lacks = divided([1, 2], ["a", "b"], ["1", "2"], absent={"n_age_65_plus": "not_published"})
    assert lacks["status"].eq("not_published").all()


@pytest.mark.parametrize(
    "piece",
    [
        chapter_inclusive.for_professionals, chapter_inclusive.for_residents,
        chapter_inclusive.for_the_gemeente, chapter_inclusive.for_corporations,
        chapter_inclusive.over_region_gemeente_wijk,
    ],
    ids=lambda piece: piece.__name__,
)  # fmt: skip
def test_every_piece_is_a_figure_or_says_why_not(piece, example_dossier, real_dossier):
    for dossier in (example_dossier, real_dossier):
        check_told(piece(dossier))


def test_zoetermeer_lies_in_its_region(real_dossier):
    figure = chapter_inclusive.over_region_gemeente_wijk(real_dossier)
    assert "Metropoolregio Rotterdam Den Haag" in figure.claim
    whole = figure.rows.groupby("group")["value"].sum(min_count=1).dropna()
    assert whole.tolist() == pytest.approx([1] * len(whole))


def test_titles_name_no_tiny_wijk(real_dossier):
    figure = chapter_inclusive.for_the_gemeente(real_dossier)
    # Buitengebied has 405 inhabitants: in the table, not in the title.
    assert "Buitengebied" not in figure.claim and "Industriegebied" in figure.claim
    assert figure.table["wijk"].eq("Buitengebied").any()


def test_figures_of_wijken_that_are_others_now_stand_under_no_name_of_today(real_dossier):
    # Almere drew new wijken and used codes again: WK003401 was Almere Haven in 2020.
    almere = open_dossier("Almere", raw=str(real_dossier.edition.raw))
    figure = chapter_inclusive.for_professionals(almere)
    today = almere.regions(almere.newest, "wijk")["region_name"]
    named = figure.rows.drop_duplicates("area_code").set_index("area_code")["area_name"]
    assert named.to_dict() == today[named.index].to_dict()
    assert not figure.table.map(lambda cell: "bestaat niet" in str(cell)).any(axis=None)
    assert any("Alleen bekend van wijken die nu anders zijn" in note for note in figure.notes)


@pytest.mark.parametrize(
    ("values", "says"),
    [([5.0, 2.0], "het meest in A (5), het minst in B (2)"), ([2.0, 2.0], "evenveel"),
     ([2.0, np.nan], "niet te vergelijken")],
)  # fmt: skip
def test_titles_on_who_stands_out(values, says):
    rows = pd.DataFrame({"area_name": ["A", "B"], "value": values})
    assert says in inclusive_claims.stands_out(rows, "65-plussers (2024)", "count", "bewoners")


@pytest.mark.parametrize(
    ("form", "says"),
    [("km", "het verst in A (5,0), het dichtst bij in B (2,0)"),
     ("euro", "het hoogst in A (€ 5), het laagst in B (€ 2)")],
)  # fmt: skip
def test_both_ends_are_called_after_what_is_counted(form, says):
    rows = pd.DataFrame({"area_name": ["A", "B"], "value": [5.0, 2.0]})
    said = inclusive_claims.stands_out(rows, "x (2024)", form, "bewoners")
    assert says in said.replace("\u00a0", " ")


def test_questions_are_read_kept_and_shown(tmp_path, example_raw, example_dossier):
    file = tmp_path / "vragen.csv"
    file.write_text(ASKED, encoding="utf-8")
    found = questions.read_questions(file)
    assert found["group"].tolist() == ["bewoner", "corporatie"]
    raw = tmp_path / "raw"
    shutil.copytree(example_raw, raw)
    dossier = open_dossier("GM9901", edition="voorbeeld", raw=str(raw))
    assert "pull --from vragen.csv" in chapter_inclusive.questions_before(dossier).sentence
    assert bring.bring(dossier.edition, file) == ("vragen", 2)
    figure = chapter_inclusive.questions_before(dossier)
    assert figure.claim == "Vooraf ingestuurd: 1 van bewoner en 1 van corporatie"
    assert figure.table["vraag"].tolist()[0] == "Wat komt er in de plint?"


@pytest.mark.parametrize("text", ["groep;vraag\n", "groep;vraag\nbewoner;\n"])
def test_a_list_without_questions_is_refused(tmp_path, text):
    file = tmp_path / "vragen.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        questions.read_questions(file)
    with pytest.raises(InputError, match="bestaat niet"):
        questions.read_questions(tmp_path / "weg.csv")
