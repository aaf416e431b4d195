"""Colours that can be told apart, in grey too; a look that leaves nothing behind."""

import io
import re

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb

from analysis.figures import style


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lightness(colour: str) -> float:
    """CIE L*, 0 to 100."""
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def seen_without_red_or_green(colour: str) -> tuple[float, float]:
    """What is left for who cannot tell red from green: lightness, and blue against yellow."""
    red, green, blue = to_rgb(colour)
    return lightness(colour), 100 * (blue - (red + green) / 2)


def test_classes_darken_in_even_steps_that_grey_print_keeps():
    light = [lightness(colour) for colour in style.SEQUENTIAL]
    steps = [high - low for high, low in zip(light, light[1:], strict=False)]
    assert len(steps) == 4
    assert min(steps) > 10 and max(steps) < 1.1 * min(steps)


def test_classes_differ_without_red_and_green():
    seen = [seen_without_red_or_green(colour) for colour in style.SEQUENTIAL]
    for one, other in zip(seen, seen[1:], strict=False):
        assert abs(one[0] - other[0]) + abs(one[1] - other[1]) > 15


@pytest.mark.parametrize("colour", [style.INK, style.MUTED, style.REFERENCE])
def test_text_is_readable_on_white(colour):
    assert contrast(colour, "#ffffff") >= 4.5


@pytest.mark.parametrize("colour", [style.DOT, style.SECOND, style.REFERENCE, style.LINE])
def test_marks_are_visible_on_white(colour):
    assert contrast(colour, "#ffffff") >= 3


def test_dark_text_is_readable_in_the_cells_of_the_matrix():
    assert all(contrast(style.INK, fill) >= 4.5 for fill in style.SEQUENTIAL[:3])
    assert contrast(style.STAMP_INK, style.STAMP_FILL) >= 4.5


def test_two_levels_differ_in_grey():
    assert abs(lightness(style.DOT) - lightness(style.SECOND)) > 15


def test_look_leaves_nothing_behind():
    before = dict(mpl.rcParams)
    with style.drawing():
        assert mpl.rcParams["svg.fonttype"] == "path"
    assert dict(mpl.rcParams) == before


def test_settings_of_the_machine_do_not_reach_the_drawing():
    with mpl.rc_context({"lines.linewidth": 9, "axes.titlesize": 40}), style.drawing():
        assert mpl.rcParams["lines.linewidth"] == mpl.rcParamsDefault["lines.linewidth"]
        assert mpl.rcParams["axes.titlesize"] == mpl.rcParamsDefault["axes.titlesize"]


def test_hash_salt_is_fixed():
    def drawn() -> str:
        with style.drawing():
            canvas = mpl.figure.Figure()
            canvas.subplots().fill_between([0, 1], [1, 2], hatch="//")
            stream = io.StringIO()
            canvas.savefig(stream, format="svg", metadata={"Date": None})
        return stream.getvalue()

    assert drawn() == drawn()


def test_css_asks_nothing_of_any_host_and_is_balanced():
    css = style.FIGURE_CSS
    assert not re.search(r"http|url\(|@import|</", css)
    assert css.count("{") == css.count("}")


def test_print_shows_what_does_not_need_a_screen():
    rules = style.FIGURE_CSS[style.FIGURE_CSS.index("@media print") :]
    assert "break-inside:avoid" in rules and ".map-read" in rules
