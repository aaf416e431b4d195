"""A figure as HTML: complete, escaped, the same every time; and what it refuses."""

import pandas as pd
import pytest
from figure_samples import NASTY, WORDS, Page, assert_self_contained, evidence

from analysis.figures.figure import EVIDENCE_COLUMNS, Figure, content_id, table_figure
from analysis.figures.tables import column_texts, reader_table, table_html

PICTURE = '<svg viewBox="0 0 1 1" role="img" aria-label="x"><path d="M0 0"></path></svg>'


def figure(**changed) -> Figure:
    rows = evidence([0.4, 0.1])
    table = pd.DataFrame({"buurt": [NASTY, "Dorp"], "aandeel": ["40%", "10%"]})
    parts = {**WORDS, "table": table, "rows": rows, "body": PICTURE, "notes": ("Jaar: 2024.",)}
    return Figure(**{**parts, **changed})


def test_html_has_every_part_in_a_figure():
    html = figure(stamp="Fictieve voorbeeldgegevens")._repr_html_()
    assert_self_contained(html)
    page = Page(html)
    assert page.elements[0]["tag"] == "figure"
    heading = page.one("h3")
    assert heading["text"] == WORDS["claim"]
    assert page.one("figure")["aria-labelledby"] == heading["id"]
    assert page.one("p", class_="sentence")["text"] == WORDS["sentence"]
    assert page.one("svg")["role"] == "img"
    assert page.one("summary")["text"] == "Tabel bij deze figuur"
    assert "details" in page.one("table")["inside"]
    assert page.one("ul", class_="honest")["text"] == "Jaar: 2024."
    assert page.one("figcaption")["text"] == "Fictieve voorbeeldgegevens" + WORDS["source"]


def test_table_has_caption_scopes_and_numbers_to_the_right():
    page = Page(figure()._repr_html_())
    assert page.one("caption")["text"] == WORDS["claim"]
    columns = page.all("th", scope="col")
    assert [(one["text"], one.get("class")) for one in columns] == [
        ("buurt", None),
        ("aandeel", "num"),
    ]
    assert [one["text"] for one in page.all("th", scope="row")] == [NASTY, "Dorp"]
    assert [one["text"] for one in page.all("td", class_="num")] == ["40%", "10%"]


def test_a_reason_in_a_column_of_numbers_does_not_make_it_text():
    numbers = pd.DataFrame(
        {"a": ["x", "y"], "b": ["1,5 – 2,5", "te klein"], "c": ["€ 300", "onbekend"]}
    )
    assert len(Page(table_html(numbers, "t")).all("th", class_="num")) == 2
    words = pd.DataFrame({"a": ["x"], "b": ["BU06370000"], "c": ["te klein"]})
    assert not Page(table_html(words, "t")).all("th", class_="num")


def test_table_without_rows_stands():
    page = Page(table_html(pd.DataFrame({"code": [], "naam": []}), "leeg"))
    assert [one["text"] for one in page.all("th", scope="col")] == ["code", "naam"]


def test_cells_are_dutch_and_say_what_is_missing():
    assert column_texts(pd.Series([1234.0, 10.0, None])) == ["1.234", "10", "onbekend"]
    assert column_texts(pd.Series([0.0, 12.5])) == ["0,00", "12,50"]
    assert column_texts(pd.Series([3, pd.NA], dtype="Int64")) == ["3", "onbekend"]
    assert column_texts(pd.Series([True, False])) == ["ja", "nee"]
    assert column_texts(pd.Series(["2024", "x"])) == ["2024", "x"]


def test_everything_is_escaped():
    table = pd.DataFrame({"<b>kop</b>": ["<script>x</script>"], "n": ["<u>'\"&</u>"]})
    html = figure(
        table=table,
        notes=("<i>noot</i>",),
        stamp="<s>",
        sentence="<em>a & b</em>",
        source='Bron: "x" <y>',
    )._repr_html_()
    page = Page(html)
    assert not [one for one in page.elements if one["tag"] in ("script", "b", "i", "s", "u", "em")]
    assert page.one("th", scope="row")["text"] == "<script>x</script>"
    assert page.one("p")["text"] == "<em>a & b</em>"


@pytest.mark.parametrize("part", ["claim", "source", "alt"])
@pytest.mark.parametrize("empty", ["", "  "])
def test_figure_without_words_is_refused(part, empty):
    with pytest.raises(ValueError, match=f"a figure needs {part}"):
        figure(**{part: empty})


@pytest.mark.parametrize("column", EVIDENCE_COLUMNS)
def test_rows_that_are_not_evidence_are_refused(column):
    with pytest.raises(ValueError, match=f"lack {column}"):
        figure(rows=evidence([1.0]).drop(columns=column))


def test_figure_of_a_table_alone_shows_it_open():
    made = table_figure(
        pd.DataFrame({"buurt": ["Dorp"]}), rows=evidence([1.0]), claim="Een buurt", sentence="",
        source="Bron: CBS.", notes=["", "Jaar: 2024."],
    )  # fmt: skip
    page = Page(made._repr_html_())
    assert_self_contained(made._repr_html_())
    assert not page.all("details") and not page.all("p")
    assert page.one("li")["text"] == "Jaar: 2024."
    assert "class" not in page.one("figcaption")


def test_same_figure_same_bytes_and_another_figure_another_id():
    assert figure()._repr_html_() == figure()._repr_html_()
    ids = {Page(figure(claim=c)._repr_html_()).one("h3")["id"] for c in ("a", "b")}
    assert len(ids) == 2
    assert content_id("ab", "c") != content_id("a", "bc")


def test_reader_table_ranks_and_puts_reasons_last():
    rows = evidence([0.1, float("nan"), 0.4], status=["ok", "too_small", "ok"])
    table = reader_table(rows, "aandeel", "percent")
    assert list(table.columns) == ["buurt", "code", "aandeel"]
    assert list(table["buurt"]) == ["Buurt 2", "Buurt 0", "Buurt 1"]
    assert list(table["aandeel"]) == ["40%", "10%", "te klein"]


def test_reader_table_never_shows_a_value_that_is_withheld():
    rows = evidence([0.1, 0.9], status=["ok", "suppressed"])
    table = reader_table(rows, "aandeel", "percent")
    assert list(table["aandeel"]) == ["10%", "geheim of te weinig cijfers"]


def test_reader_table_has_intervals_and_no_code_that_tells_nothing():
    rows = evidence(
        [0.43, 0.2], low=[0.33, float("nan")], high=[0.57, float("nan")],
        interval=["poisson 95%", ""], area_code="GM0637", area_name=["school", "huisarts"],
    )  # fmt: skip
    table = reader_table(rows, "per 1.000", "ratio", "soort")
    assert list(table.columns) == ["soort", "per 1.000", "interval (poisson 95%)"]
    assert list(table["interval (poisson 95%)"]) == ["0,33 – 0,57", ""]
