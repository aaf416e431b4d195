"""A drawing of matplotlib as inline SVG that carries its own source line, stamp and gaps."""

import html
import io
import re
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.figures import style
from analysis.figures.figure import content_id
from analysis.figures.wording import STATUS_NL, decimals_for, in_format

# Narrow, so that letters of 9.5 points are 18 points on a slide that the picture is as wide as.
WIDTH = 6.8
# Inches below the axes for a line of small text, and letters that fit on it.
_LINE = 0.175
_LETTERS = 96
_SMALL = 8.0
_NAMES_SHOWN = 52
# Letters on a line of the title of an axis.
AXIS_LETTERS = 54


def canvas(height: float, source: str, stamp: str = "", absent: Sequence[str] = ()) -> Canvas:
    """Return an empty drawing with room for the axes and, below, what a copy must keep.

    Parameters
    ----------
    height : float
        Inches for the axes.
    source, stamp : str
        Stand in the picture, so that they stay with it when it is pasted elsewhere.
    absent : sequence of str
        Lines on what is not drawn, each beside a hatched mark; see `absent_lines`.
    """
    source_lines = wrap(source, _LETTERS)
    absent_blocks = [wrap(line, _LETTERS - 20) for line in absent]
    gaps = sum(len(block) for block in absent_blocks)
    below = _LINE * (len(source_lines) + 1.15 * gaps) + 0.12 + 0.1 * bool(gaps) + 0.32 * bool(stamp)
    total = height + below
    drawing = Canvas(figsize=(WIDTH, total), layout="constrained")
    drawing.get_layout_engine().set(rect=(0, below / total, 1, height / total))
    top = below - 0.1
    for block in absent_blocks:
        drawing.add_artist(
            Rectangle((0.016, (top - 0.115) / total), 0.024, 0.105 / total, facecolor="white",
                      edgecolor=style.LINE, hatch="//////", lw=0.7)
        )  # fmt: skip
        for line in block:
            drawing.text(0.05, top / total, line, va="top", fontsize=9.5, color=style.INK)
            top -= 1.15 * _LINE
    top -= 0.1 * bool(gaps)
    if stamp:
        drawing.text(
            0.016, (top - 0.02) / total, stamp, va="top", fontsize=9.5, weight="bold",
            color=style.STAMP_INK,
            bbox={"facecolor": style.STAMP_FILL, "edgecolor": style.STAMP_EDGE, "lw": 0.8,
                  "boxstyle": "square,pad=0.3"},
        )  # fmt: skip
        top -= 0.32
    for line in source_lines:
        drawing.text(0.01, top / total, line, va="top", fontsize=_SMALL, color=style.MUTED)
        top -= _LINE
    return drawing


def absent_lines(rows: pd.DataFrame) -> list[str]:
    """Return per status other than 'ok' a line with the names: 'te klein (2): Dorp, Weide'."""
    lines = []
    without = rows[rows["status"].ne("ok")]
    for status, group in without.groupby("status", sort=False):
        shown, left = [], len(group)
        for name in group["area_name"]:
            if shown and len(", ".join([*shown, name])) > _NAMES_SHOWN:
                break
            shown.append(name)
            left -= 1
        more = f" en {left} andere, zie de tabel" if left else ""
        lines.append(f"{STATUS_NL[status]} ({len(group)}): {', '.join(shown)}{more}")
    return lines


def value_axis(axes: Axes, label: str, value_format: str, *, vertical: bool = False) -> None:
    """Give the horizontal (or vertical) axis a title and round numbers in Dutch notation."""
    axis = axes.yaxis if vertical else axes.xaxis
    axis.set_major_locator(
        MaxNLocator(6, steps=[1, 2, 5, 10], integer=value_format in ("count", "year"))
    )
    axis.set_major_formatter(
        FuncFormatter(
            lambda value, _: in_format(
                value, value_format, decimals_for(_seen(axis), value_format, least=0)
            )
        )
    )
    axis.set_label_text("\n".join(wrap(label, AXIS_LETTERS)))


def _seen(axis: Axis) -> list[float]:
    """Return the marks on an axis: all are written with as many decimals as one of them needs."""
    low, high = sorted(axis.get_view_interval())
    return [at for at in axis.get_majorticklocs() if low <= at <= high] or [0.0]


def label_value(
    axes: Axes, text: str, at: tuple[float, float], *, left: bool = False, colour: str = style.INK
) -> None:
    """Write a value beside its mark, on white so that no line runs through it."""
    axes.annotate(
        text, at, xytext=(-8 if left else 8, 0), textcoords="offset points", va="center",
        ha="right" if left else "left", fontsize=9.5, color=colour, zorder=4,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )  # fmt: skip


def remark(axes: Axes, text: str, y: float) -> None:
    """Write a remark where a mark would be."""
    axes.annotate(
        text, (0, y), xycoords=("axes fraction", "data"), xytext=(14, 0),
        textcoords="offset points", va="center", style="italic", fontsize=9.5, color=style.MUTED,
        zorder=4, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )  # fmt: skip


def nothing_drawn(axes: Axes) -> None:
    """Say that there is nothing to draw; an axis of values that are not there would mislead."""
    axes.set_xticks([])
    axes.grid(visible=False)
    remark(axes, "er is niets te tekenen", 0)


def wrap(text: str, width: int) -> list[str]:
    """Return text in lines of at most so many letters, broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def shorten(text: str, width: int) -> str:
    """Return a text of at most so many letters; the table beside it has the whole."""
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def inline_svg(drawing: Canvas, alt: str) -> str:
    """Return a drawing as an SVG element for an HTML page: same input, same bytes.

    Parameters
    ----------
    drawing : matplotlib Figure
    alt : str
        What the picture says, for who does not see it.
    """
    stream = io.StringIO()
    drawing.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    # A style element would reach the whole page; what it sets is inherited from the svg.
    text = re.sub(r"<style[^>]*>.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r'(?<= d=")[^"]*', lambda path: _rounded(path[0]), text)
    text = re.sub(r">\s+<", "><", text).strip()
    size = re.search(r'viewBox="[^"]*"', text)[0]
    opening = (
        f'<svg {size} role="img" aria-label="{html.escape(alt)}" '
        'style="stroke-linejoin:round;stroke-linecap:butt">'
    )
    # Namespaces are addresses; HTML needs none, and a page that asks no host has none in it.
    text = re.sub(r"<svg[^>]*>", lambda _: opening, text, count=1).replace("xlink:href", "href")
    return _own_ids(text)


def _own_ids(svg: str) -> str:
    """Return an SVG with short ids of its own, and only those that something refers to.

    A page holds many drawings: each glyph and clip path of matplotlib has the same id in all.
    """
    referred = dict.fromkeys(re.findall(r'(?<=href="#)[^"]+|(?<=url\(#)[^)]+', svg))
    key = f"c{content_id(svg)}"
    new = {old: f"{key}-{number:x}" for number, old in enumerate(referred)}
    svg = re.sub(r' id="([^"]*)"', lambda m: f' id="{new[m[1]]}"' if m[1] in new else "", svg)
    svg = re.sub(r'(?<=href="#)[^"]+|(?<=url\(#)[^)]+', lambda m: new[m[0]], svg)
    # A letter is moved along its line only; x says so in half the bytes.
    return re.sub(
        r'(<use href="[^"]+") transform="translate\(([\d.]+) 0\)"',
        lambda m: f'{m[1]} x="{float(m[2]):.0f}"',
        svg,
    )


def _rounded(path: str) -> str:
    """Return a path with two decimals, a fiftieth of a pixel, on one line."""
    path = re.sub(r"-?\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), path)
    return " ".join(path.split())
