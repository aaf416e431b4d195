"""Which cells of an executed notebook the reader of a page sees."""

import nbformat

from analysis.reports.render import render

ABSENT = '<p class="absent">Niets.</p>'


def cell(tags, html):
    found = nbformat.v4.new_code_cell("stap()", metadata={"tags": tags})
    found.outputs = [nbformat.v4.new_output("display_data", {"text/html": html})]
    return found


def page(*cells) -> str:
    book = nbformat.v4.new_notebook(cells=list(cells))
    return render(book, title="Titel", area="Stad", stamp="", chapters=[], here="a.html")


def words(text, *tags):
    return nbformat.v4.new_markdown_cell(text, metadata={"tags": list(tags)})


def test_an_optional_step_of_nothing_goes_with_the_words_above_it():
    shown = page(
        words("Eerste woorden."), cell([], ABSENT),
        words("Tweede woorden."), cell(["optional"], ABSENT),
        words("Derde woorden."), cell(["optional"], "<b>figuur</b>"),
    )  # fmt: skip
    assert "Eerste woorden" in shown and shown.count(ABSENT) == 1
    assert "Tweede woorden" not in shown
    assert "Derde woorden" in shown and "<b>figuur</b>" in shown


def test_words_for_whoever_runs_it_are_not_shown():
    shown = page(words("Voor de lezer."), words("Voor de maker.", "notebook-only"))
    assert "Voor de lezer" in shown and "Voor de maker" not in shown
