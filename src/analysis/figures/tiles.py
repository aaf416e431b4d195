"""Regions against ingredients: a tile with a word each, shaded by side, hatched if unknown."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.figures import style
from analysis.figures.drawing import canvas, inline_svg, remark, shorten
from analysis.figures.figure import Figure, require_evidence
from analysis.figures.wording import regions

# More regions than this cannot be read; then only both ends are drawn.
MOST_ROWS = 40
ENDS = 12
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

    Of more than `MOST_ROWS` regions the first and last `ENDS` are drawn, with a line that says how
    many lie between.

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
        Its table has every region; a table alone where there is none.
    """
    require_evidence(rows)
    names, columns = list(dict.fromkeys(cells["row"])), list(dict.fromkeys(cells["column"]))
    if not names:
        return Figure(claim, sentence, source, "", table, rows, "", tuple(notes), stamp)
    between = len(names) - 2 * ENDS if len(names) > MOST_ROWS else 0
    drawn = [*names[:ENDS], *names[-ENDS:]] if between else names
    # The line on what lies between takes the place of one row.
    at = {name: y + (bool(between) and y >= ENDS) for y, name in enumerate(drawn)}
    height = len(drawn) + bool(between)
    with style.drawing():
        drawing = canvas(0.6 + 0.3 * height, source, stamp)
        axes = drawing.subplots()
        axes.grid(visible=False)
        for cell in cells[cells["row"].isin(drawn)].itertuples():
            _tile(axes, columns.index(cell.column), at[cell.row], cell)
        axes.set_xlim(0, len(columns))
        axes.set_ylim(height, 0)
        shown = [shorten(name, _LONGEST_NAME) for name in drawn]
        axes.set_yticks([y + 0.5 for y in at.values()], shown)
        axes.set_xticks([x + 0.5 for x in range(len(columns))], columns)
        axes.xaxis.tick_top()
        axes.tick_params(axis="x", colors=style.INK, labelsize=10.5)
        axes.spines["bottom"].set_visible(False)
        if between:
            told = f"… {regions(between, rows['level'].iloc[0])} hiertussen staan in de tabel …"
            remark(axes, told, ENDS + 0.5)
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
