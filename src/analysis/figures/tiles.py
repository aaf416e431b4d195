"""Regions against ingredients: a tile with a word each, shaded by side, hatched if unknown."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.figures import style
from analysis.figures.drawing import canvas, inline_svg, shorten
from analysis.figures.figure import Figure, require_evidence

# More regions than this are a table, not a picture.
MOST_ROWS = 40
_ABOVE, _BELOW = "#b7bea9", "#f3ead0"
_LONGEST_NAME = 28


def tiles(
    cells: pd.DataFrame,
    *,
    rows: pd.DataFrame,
    table: pd.DataFrame,
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    notes: Sequence[str] = (),
    stamp: str = "",
) -> Figure:
    """Draw a tile per region and ingredient.

    Parameters
    ----------
    cells : DataFrame
        One row per tile: `row` and `column` (Dutch names, in their order), `side` (1, 0 or NaN
        where unknown), `text` and `sure` (whether it is said without reserve).
    rows : DataFrame
        The evidence rows of every number shown.
    table : DataFrame
        What the reader sees as a table.
    claim, sentence, source, alt, notes, stamp
        See `Figure`.

    Returns
    -------
    Figure
        A table alone where there are more regions than can be read.
    """
    require_evidence(rows)
    names, columns = list(dict.fromkeys(cells["row"])), list(dict.fromkeys(cells["column"]))
    if not names or len(names) > MOST_ROWS:
        return Figure(claim, sentence, source, "", table, rows, "", tuple(notes), stamp)
    with style.drawing():
        drawing = canvas(0.6 + 0.3 * len(names), source, stamp)
        axes = drawing.subplots()
        axes.grid(visible=False)
        for cell in cells.itertuples():
            _tile(axes, columns.index(cell.column), names.index(cell.row), cell)
        axes.set_xlim(0, len(columns))
        axes.set_ylim(len(names), 0)
        shown = [shorten(name, _LONGEST_NAME) for name in names]
        axes.set_yticks(np.arange(len(names)) + 0.5, shown)
        axes.set_xticks(np.arange(len(columns)) + 0.5, columns)
        axes.xaxis.tick_top()
        axes.tick_params(axis="x", colors=style.INK, labelsize=10.5)
        axes.spines["bottom"].set_visible(False)
        body = inline_svg(drawing, alt)
    return Figure(claim, sentence, source, alt, table, rows, body, tuple(notes), stamp)


def _tile(axes: Axes, x: int, y: int, cell: tuple) -> None:
    unknown = pd.isna(cell.side)
    look = {"facecolor": _ABOVE if cell.side == 1 else _BELOW, "lw": 0}
    if unknown:
        look = {"facecolor": "white", "edgecolor": "#b4bcc3", "hatch": "/////", "lw": 0}
    axes.add_patch(Rectangle((x + 0.015, y + 0.06), 0.97, 0.88, **look))
    axes.text(
        x + 0.5, y + 0.5, cell.text, ha="center", va="center", fontsize=9.5, color=style.INK,
        style="normal" if cell.sure else "italic",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.8} if unknown else None,
    )  # fmt: skip
