"""The lint of what the audience reads: red on a planted sentence of each kind, green on ours."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_reader import read_page

from analysis.evidence.frame import evidence_frame
from analysis.figures.plain_dutch import (
    lint,
    loose_numbers,
    sentences,
    strings_in,
    told_numbers,
)
from analysis.figures.wording import in_format
from analysis.reports import chapter_growth, chapter_moving

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MODULES = sorted((ROOT / "src" / "analysis").glob("*/*.py"))
# The lint itself names the words that it looks for.
LINT = "plain_dutch.py"


def rules(text: str) -> list[str]:
    return [found.rule for found in lint(text)]


def row(**more) -> dict:
    known = {"area_code": "GM0637", "year": 2024, "level": "gemeente", "measure": "share",
             "source": "Bron"}  # fmt: skip
    return known | more


# A planted sentence of each kind


@pytest.mark.parametrize(
    "planted",
    ["Veel allochtonen wonen hier.", "Een allochtone buurt.", "Dit is een achterstandswijk.",
     "De probleemwijken van Nederland.", "Een zwarte wijk naast een witte wijk.", "Witte scholen.",
     "Kansenwijken verdienen meer.", "Vogelaarwijk Palenstein.", "Een slechte buurt.",
     "Kansarme gezinnen.", "Een getto in de stad."],
)  # fmt: skip
def test_a_word_that_brands_people_or_areas_is_found(planted):
    assert set(rules(planted)) == {"banned"}


@pytest.mark.parametrize(
    "planted",
    ["Armoede leidt tot eenzaamheid.", "Dat heeft geleid tot vertrek.",
     "Menging veroorzaakt overlast.", "Er zijn weinig winkels, waardoor mensen verder reizen.",
     "Het aandeel stijgt doordat er is gebouwd.", "Dankzij de markt is het er levendig.",
     "Het verschil komt door de huur.", "Het park zorgt voor ontmoeting.",
     "Dat zorgt er weer voor.", "Het daalde als gevolg van sloop.", "Dat is te danken aan beleid.",
     "Groen draagt bij aan welzijn.", "Het effect van menging is groot.",
     "De school beïnvloedt de keuze.", "Menging bevordert contact."],
)  # fmt: skip
def test_a_word_of_cause_is_found(planted):
    assert rules(planted) == ["causal"]


@pytest.mark.parametrize(
    "planted",
    ["Mensen met bijstand wonen in Palenstein, dus zijn zij er eenzaam.",
     "Mensen met een laag inkomen zijn vaker eenzaam.",
     "Huishoudens met een hoog inkomen doen vaker vrijwilligerswerk.",
     "Ouderen die alleen wonen voelen zich minder veilig.",
     "Daaruit blijkt dat bewoners elkaar mijden.",
     "Wie in een gemengde buurt woont, heeft meer contact."],
)  # fmt: skip
def test_a_statement_about_persons_is_found(planted):
    assert rules(planted) == ["persons"]


@pytest.mark.parametrize(
    "planted",
    ["Het aandeel niet-westerse inwoners is 12%.",
     "In 2024 is 12% niet-westers.",
     "In 2024 is 12% niet-westers (oude indeling)."],
)  # fmt: skip
def test_a_word_of_the_old_series_is_found_outside_it(planted):
    assert rules(planted) == ["old_series"]


@pytest.mark.parametrize(
    "fine",
    ["Inwoners met een niet-westerse migratieachtergrond (oude indeling) zijn ongelijk verspreid.",
     "In 2019 was 12% niet-westers."],
)  # fmt: skip
def test_a_word_of_the_old_series_may_stand_in_it(fine):
    assert rules(fine) == []


@pytest.mark.parametrize(
    "fine",
    ["In wijken met meer lage inkomens is het aandeel huurwoningen groter.",
     "Mensen met bijstand wonen vaker dicht bij een supermarkt.",
     "In Palenstein wonen meer kinderen dan in Rokkeveen.",
     "Door het afronden kloppen totalen niet precies.",
     "Het leidt ergens toe.", "De witte huizen in de wijk.", "Zorg voor ouderen.",
     "Dit zegt niet waar het vandaan komt."],
)  # fmt: skip
def test_plain_words_are_left_alone(fine):
    assert rules(fine) == []


def test_a_marked_citation_may_speak_of_causes_but_not_brand():
    cause = "Menging leidt tot contact"
    assert rules(f"> {cause}.") == []
    assert rules(f"*Onderzoek zegt.* {cause} (Bolt, 2013).") == []
    assert rules(f"Volgens het rapport: “{cause}” (KIS, 2018).") == []
    # A mark without a source, and a source without a mark, are none.
    assert rules(f"*Onderzoek zegt.* {cause}.") == ["causal"]
    assert rules(f"{cause} (Bolt, 2013).") == ["causal"]
    assert rules(f"“{cause}”.") == ["causal"]
    # A citation ends with its paragraph.
    assert rules(f"> {cause}.\n\n{cause}.") == ["causal"]
    assert rules("> De probleemwijk.") == ["banned"]


def test_a_finding_says_where_and_what():
    (found,) = lint("# Kop\n\nEerst dit. Armoede leidt snel tot vertrek. Dan dat.", "03.ipynb")
    assert found.place == "03.ipynb" and found.words == "leidt snel tot"
    assert found.sentence == "Armoede leidt snel tot vertrek."


def test_sentences_end_at_points_headings_and_list_items():
    text = "## Kop\nEen zin van 1.000,5 km. Nog *een*\nop twee regels.\n- eerste\n- tweede"
    assert sentences(text) == [
        "Kop", "Een zin van 1.000,5 km.", "Nog een op twee regels.", "eerste", "tweede",
    ]  # fmt: skip


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_without_an_error(text):
    for found in [*lint(text), *loose_numbers(text, ())]:
        assert found.words and found.words in found.sentence


# Numbers


ROWS = evidence_frame(
    [
        row(value=0.125, low=0.1, high=0.2, units=26, group="within_1000m"),
        row(value=12345.0, measure="inhabitants", interval="200 tot 300 woningen, 1,8 personen"),
        row(measure="share", level="wijk", status="too_small"),
    ]
)


@pytest.mark.parametrize(
    "fine",
    ["Hier is het 12%.", "Tussen 10% en 20%.", "Dat is 1 op de 8.", "Er wonen 12.345 mensen.",
     "Van de 26 buurten in 2024.", "Binnen 1.000 meter.", "1 wijk is te klein.",
     "Bijgewerkt op 27 maart 2025.", "De 65-plussers van tabel 85984NED met een 95%-interval.",
     "Huishoudens in de laagste 40% van de inkomens.", "Kinderen tot 15 jaar, mbo 1.",
     "Per 1.000 inwoners.", "Voor 200 tot 300 woningen, 1,8 personen per woning."],
)  # fmt: skip
def test_a_number_of_a_row_a_name_or_a_year_is_no_finding(fine):
    assert loose_numbers(fine, told_numbers(ROWS)) == []


@pytest.mark.parametrize(
    ("planted", "words"),
    [("Hier is het 13%.", "13%"), ("Er wonen 12.346 mensen.", "12.346"),
     ("Dat is 1 op de 9.", "9"), ("Het is 7,7 km.", "7,7"), ("Het kost € 32.400.", "€ 32.400"),
     ("Het is 40% hoger.", "40%"), ("Minder dan <0,1%.", "<0,1%"), ("In 27 buurten.", "27")],
)  # fmt: skip
def test_a_planted_number_is_found(planted, words):
    found = loose_numbers(planted, told_numbers(ROWS), "titel")
    assert [(one.rule, one.place, one.words) for one in found][-1] == ("number", "titel", words)


def test_a_phrase_of_a_method_can_be_allowed():
    said = "In 95 van de 100 gevallen, en in 96."
    found = loose_numbers(said, (), also=["95 van de 100"])
    assert [one.words for one in found] == ["96"]


@settings(deadline=None)
@given(
    st.floats(-1e6, 1e6),
    st.sampled_from(["count", "percent", "index", "score", "ratio", "km", "euro"]),
)
def test_whatever_the_notation_a_row_is_recognised(value, form):
    rows = evidence_frame([row(value=value)])
    assert loose_numbers(f"Het is {in_format(value, form)} hier.", told_numbers(rows)) == []


def test_rows_stay_as_they_were_and_none_tell_nothing():
    kept = ROWS.copy()
    told_numbers(ROWS)
    pd.testing.assert_frame_equal(ROWS, kept)
    assert "7" not in told_numbers(evidence_frame([]))


def test_rows_whose_numbers_became_objects_are_read():
    mixed = pd.concat([ROWS, ROWS]).astype({"units": object})
    assert "26" in told_numbers(mixed)


# Our own texts


def test_strings_of_a_module_are_read_without_its_docstrings():
    source = '"""Doc."""\ndef f(x):\n    """Doc."""\n    return f"Van {x:.1f} de" " 9 " + "los"\n'
    assert strings_in(source) == [(4, "Van … de 9 "), (4, "los")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_plain(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert [found for text in texts for found in lint(text, path.stem)] == []


def test_the_texts_in_the_code_are_plain():
    found = [
        one
        for path in MODULES
        if path.name != LINT
        for line, text in strings_in(path.read_text(encoding="utf-8"))
        for one in lint(text, f"{path.name}:{line}")
    ]
    assert found == []


@pytest.mark.parametrize("path", [*(path.stem for path in NOTEBOOKS), "wijkbladen"])
def test_a_page_of_the_example_is_plain_and_its_claims_are_rows(path, example_report):
    tree = read_page((example_report / f"{path}.html").read_text(encoding="utf-8"))
    evidence = pd.read_csv(example_report / "evidence.csv", keep_default_na=False, na_values=[""])
    words = evidence[["group", "interval"]].fillna("")
    told = told_numbers(evidence.assign(**words))
    texts = dict.fromkeys(
        one.text for one in tree.all("h1", "h2", "h3", "p", "li", "th", "td", "figcaption")
    )
    assert [found for text in texts for found in lint(text, path)] == []
    drawn = [
        svg.attributes["aria-label"] for svg in tree.all("svg") if "aria-label" in svg.attributes
    ]
    assert [found for text in drawn for found in lint(text, path)] == []
    claims = [one.text for one in (*tree.all("h3"), *tree.all("p", css="sentence"))]
    assert [found for text in claims for found in loose_numbers(text, told, path)] == []


@pytest.mark.parametrize(
    "draw",
    [chapter_moving.would_have_to_move, chapter_growth.demand_beside_supply,
     chapter_growth.sharing_a_building, chapter_growth.buildings_filled],
    ids=lambda draw: draw.__name__,
)  # fmt: skip
def test_a_figure_carries_the_rows_of_its_own_numbers(draw, example_dossier):
    figure = draw(example_dossier)
    told = told_numbers(figure.rows)
    assert loose_numbers(f"{figure.claim}.\n\n{figure.sentence}", told, draw.__name__) == []
    assert re.search(r"\d", figure.claim + figure.sentence)
