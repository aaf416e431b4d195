"""Lines over years or over scale: with their intervals, and broken where the ground shifts."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from analysis.figures import style
from analysis.figures.drawing import AXIS_LETTERS, canvas, inline_svg, remark, value_axis, wrap
from analysis.figures.figure import Figure, require_evidence
from analysis.figures.wording import in_format

# Told apart in grey too: by mark and stroke, not by colour alone.
_LOOKS = (
    (style.DOT, "o", "-"),
    (style.SECOND, "D", (0, (5, 2))),
    ("#6b8f71", "s", (0, (1, 1.4))),
    (style.LINE, "^", (0, (5, 2, 1, 2))),
)
MOST_LINES = len(_LOOKS)
# Labels at the ends of lines stand at least this part of the axis apart.
_APART = 0.09
# Letters on a line of what changed at a break.
_BREAK_LETTERS = 18
# And the part of the axis that such a line takes.
_BREAK_WIDTH = 0.27


def lines(
    points: pd.DataFrame,
    *,
    rows: pd.DataFrame,
    table: pd.DataFrame,
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    x_label: str,
    x_format: str,
    value_label: str,
    value_format: str,
    breaks: Sequence[tuple[float, str]] = (),
    logarithmic: bool = False,
    diagonal: str = "",
    notes: Sequence[str] = (),
    stamp: str = "",
) -> Figure:
    """Draw one line per series, a band where it has an interval, and breaks it never crosses.

    Parameters
    ----------
    points : DataFrame
        One row per point: `line` (Dutch name), `x`, `value` (NaN leaves a gap), `low`, `high` (NaN
        without an interval) and `part`: points of one line with another part are not joined.
    rows : DataFrame
        The evidence rows of every number shown.
    table : DataFrame
        What the reader sees as a table.
    x_label, value_label : str
        Titles of the axes.
    x_format, value_format : str
        Of `wording.FORMATS`.
    breaks : sequence of (float, str), optional
        Where on the horizontal axis something changed, and what.
    logarithmic : bool, optional
        Whether equal distances on the horizontal axis are equal ratios.
    diagonal : str, optional
        What the straight line from (0, 0) to (1, 1) stands for; without it there is none.
    claim, sentence, source, alt, notes, stamp
        See `Figure`.

    Raises
    ------
    ValueError
        With more lines than can be told apart.
    """
    require_evidence(rows)
    names = list(dict.fromkeys(points["line"]))
    if len(names) > MOST_LINES:
        raise ValueError(f"{len(names)} lines cannot be told apart: give at most {MOST_LINES}")
    known = points[points["value"].notna()]
    with style.drawing():
        drawing = canvas(3.3, source, stamp)
        axes = drawing.subplots()
        axes.grid(True, axis="y")
        axes.grid(False, axis="x")
        for name, look in zip(names, _LOOKS, strict=False):
            _line(axes, known[known["line"].eq(name)].sort_values("x"), look)
        top = np.nanmax([*known["value"], *known["high"], 0.0]) if len(known) else 0.0
        low = min(0.0, float(np.nanmin([*known["value"], *known["low"], 0.0])))
        # Words at a break stand above the points, or they would hide one.
        words = max((len(wrap(told, _BREAK_LETTERS)) for _, told in breaks), default=0)
        axes.set_ylim(1.12 * low, (1.12 + 0.1 * words) * top if top > 0 else 1.0)
        _ends(axes, known, names)
        _horizontal(axes, points["x"], x_format, logarithmic)
        if diagonal:
            axes.plot([0, 1], [0, 1], color=style.REFERENCE, lw=1.3, ls=(0, (4, 3)), zorder=1)
            axes.annotate(diagonal, (0.5, 0.5), xytext=(-6, 6), textcoords="offset points",
                          ha="right", fontsize=9.5, color=style.REFERENCE)  # fmt: skip
        for at, words in breaks:
            _break(axes, at, words)
        if known.empty:
            remark(axes, "er is niets te tekenen", 0.5)
        value_axis(axes, "", value_format, vertical=True)
        # Above the axis it is read without tilting the head.
        axes.set_title(
            "\n".join(wrap(value_label, 72)), loc="left", fontsize=10, color=style.MUTED, pad=10
        )
        axes.set_xlabel("\n".join(wrap(x_label, AXIS_LETTERS)))
        # A mark on zero would stand on the words below it.
        axes.tick_params(axis="x", pad=8)
        # Half a line says nothing: on a slide it is never passed part by part.
        body = inline_svg(drawing, alt).replace("<svg ", "<svg data-whole ", 1)
    return Figure(claim, sentence, source, alt, table, rows, body, tuple(notes), stamp)


def _line(axes: Axes, own: pd.DataFrame, look: tuple) -> None:
    colour, marker, stroke = look
    for _, part in own.groupby("part", sort=False):
        banded = part[part["low"].notna() & part["high"].notna()]
        if len(banded) > 1:
            axes.fill_between(
                banded["x"], banded["low"], banded["high"], color=colour, alpha=0.16, lw=0
            )
        axes.vlines(banded["x"], banded["low"], banded["high"], color=colour, lw=3, alpha=0.45)
        axes.plot(part["x"], part["value"], color=colour, ls=stroke, lw=2, marker=marker, ms=6.5,
                  clip_on=False)  # fmt: skip


def _ends(axes: Axes, known: pd.DataFrame, names: list[str]) -> None:
    """Write each line's name beside its last point, none over another."""
    if known.empty:
        return
    last = known.sort_values("x").groupby("line", sort=False).last().loc[
        [name for name in names if name in set(known["line"])]
    ]  # fmt: skip
    place = last["value"].sort_values()
    texts = ["\n".join(wrap(name, 22)) for name in place.index]
    bottom, top = axes.get_ylim()
    heights = _spread(place.to_numpy(), texts, top - bottom)
    looks = dict(zip(names, _LOOKS, strict=False))
    # The mark beside a name says which line it is, also where names had to make room.
    side = axes.get_yaxis_transform()
    for name, text, y in zip(place.index, texts, heights, strict=True):
        colour, marker, _ = looks[name]
        axes.plot(1.02, y, marker=marker, color=colour, ms=6.5, transform=side, clip_on=False)
        axes.annotate(
            text, (1.02, y), xycoords=side, xytext=(9, 0), textcoords="offset points",
            va="center", ha="left", fontsize=9.5, weight="bold", color=colour,
            annotation_clip=False,
        )  # fmt: skip


def _spread(values: np.ndarray, texts: list[str], reach: float) -> np.ndarray:
    """Return heights near the values, rising, at which texts of so many lines do not touch."""
    tall = [_APART * reach * (1 + 0.8 * text.count("\n")) for text in texts]
    heights = values.astype(float)
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + (tall[i - 1] + tall[i]) / 2)
    # Half of what was pushed up is given back downward, as far as the axis goes.
    back = float(np.mean(heights - values)) if len(heights) else 0.0
    room = heights[0] - tall[0] / 2 if len(heights) else 0.0
    return heights - np.clip(back, 0.0, max(room, 0.0))


def _horizontal(axes: Axes, x: pd.Series, x_format: str, logarithmic: bool) -> None:
    places = np.unique(x)
    if logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(places)
    if logarithmic:
        axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: in_format(value, x_format)))
    first, last = float(places[0]), float(places[-1])
    if logarithmic:
        axes.set_xlim(first / 1.25, last * (last / first) ** 0.04 * 1.05)
    else:
        room = (last - first) or 1.0
        axes.set_xlim(first - 0.06 * room, last + 0.04 * room)


def _break(axes: Axes, at: float, words: str) -> None:
    # Past the end of the axis the words would stand among the names of the lines.
    left, right = axes.get_xlim()
    axes.set_xlim(left, max(right, left + (at - left) / (1 - _BREAK_WIDTH)))
    axes.axvline(at, color=style.REFERENCE, lw=1.3, ls=(0, (4, 3)), zorder=1)
    axes.annotate(
        "\n".join(wrap(words, _BREAK_LETTERS)), (at, 1), xycoords=("data", "axes fraction"),
        xytext=(5, -2), textcoords="offset points", va="top", ha="left", fontsize=9.5,
        color=style.REFERENCE, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )  # fmt: skip
