"""A page shown section by section, and on paper: what the style and the script promise."""

import re

import nbformat
import pytest
from page_reader import read_page

from analysis.reports.render import page_css, render

CSS = page_css()
SCREEN, PAPER = CSS.index("@media screen{"), CSS.index("@page{size:A4;")


def page(slides: bool = True) -> str:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Titel\n\nZin.")])
    return render(
        book, title="Titel", area="Stad", stamp="Verzonnen", chapters=[], here="a.html",
        slides=slides,
    )  # fmt: skip


def test_without_the_script_the_page_has_no_buttons_to_press():
    tree = read_page(page())
    (tools,) = tree.all(css="page-tools")
    assert "hidden" in tools.attributes
    assert [button.text for button in tools.all("button")] == [
        "Presenteren (P)", "Afdrukken op A4", "Afdrukken op A3",
    ]  # fmt: skip
    # What hides the bar stands outside every rule for a screen or for paper.
    assert ".present-bar{display:none}" in CSS[:SCREEN]


def test_every_button_has_a_word_and_something_to_do():
    text = page()
    for button in read_page(text).all("button"):
        assert button.text or button.attributes["aria-label"]
        assert f"on('{button.attributes['data-do']}'," in text


def test_what_is_made_up_stays_marked_on_every_screen():
    (bar,) = read_page(page()).all(css="present-bar")
    assert bar.all(css="stamp")[0].text == "Verzonnen"
    assert bar.all(css="present-place")[0].text.startswith("Stad")


def test_a_page_for_paper_alone_is_not_presented():
    tree = read_page(page(slides=False))
    assert not tree.all(css="present-bar")
    assert [b.attributes["data-do"] for b in tree.all("button")] == ["a4", "a3"]


def test_letters_are_a_thirtieth_of_the_stage_and_at_least_18_points():
    # 18 pt is 24 px; a slide of 16 by 9 is 30 letters high, and 24 px is a thirtieth of 720 px.
    assert "font-size:max(24px,min(1.875vw,3.3334vh))" in CSS
    shown = CSS[SCREEN:PAPER]
    sizes = [float(size) for size in re.findall(r"font-size:([\d.]+)rem", shown)]
    assert sizes and min(sizes) >= 1


def test_the_stage_is_16_by_9():
    assert "--wide:min(100vw,177.78vh);--high:min(100vh,56.25vw)" in CSS


def test_nothing_moves_for_who_does_not_want_it():
    moving = [at.start() for at in re.finditer(r"animation|transition|@keyframes", CSS)]
    allowed = CSS.index("prefers-reduced-motion:no-preference")
    assert moving and min(moving) > allowed
    assert "behavior" not in page()


@pytest.mark.parametrize(
    "key",
    ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End",
     "Escape", "'p'"],
)  # fmt: skip
def test_a_key_is_known(key):
    assert key in page()


def test_paper_is_a4_upright_and_a3_across():
    assert "@page{size:A4;" in CSS and "@page a3{size:A3 landscape;" in CSS
    assert "html.a3 body{page:a3}" in CSS[PAPER:]


@pytest.mark.parametrize(
    "rule", ["break-inside:avoid", "print-color-adjust:exact", "attr(href)", "max-height:165mm"]
)
def test_paper_keeps_figures_whole_and_tells_addresses(rule):
    assert rule in CSS[PAPER:]


def test_styles_and_script_close_what_they_open():
    assert CSS.count("{") == CSS.count("}")
    text = page()
    script = text[text.rindex("<script>") : text.rindex("</script>")]
    for left, right in ("()", "{}", "[]"):
        assert script.count(left) == script.count(right)
    assert "</" not in script and not re.search(r"https?:|fetch|import|eval", script)
