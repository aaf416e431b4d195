"""What is known on which level, as a matrix of shaded and hatched cells."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.figures import style
from analysis.figures.drawing import canvas, inline_svg
from analysis.figures.figure import Figure, require_evidence
from analysis.figures.tables import value_text
from analysis.figures.wording import LEVEL_NL, LEVEL_PLURAL

# From which share of the inhabitants a cell gets its shade; all of them carry dark text. Most cells
# are full, so full is calm and what is thin stands out.
_SHADES = ((0.0, style.SEQUENTIAL[0]), (0.5, "#d5d5bb"), (0.95, style.SEQUENTIAL[1]))

# What stands in a cell where the full words of the table do not fit.
_SHORT = {
    "not_published": "nog niet",
    "does_not_exist": "bestaat niet",
    "below_threshold": "te weinig",
    "suppressed": "geheim",
    "not_in_file": "niet in bestand",
}
# Letters that fit in a cell of three columns at the usual size.
_LETTERS = 15
_SIZE = 9.5


def coverage_matrix(
    rows: pd.DataFrame,
    *,
    labels: dict[str, str],
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    notes: Sequence[str] = (),
    stamp: str = "",
) -> Figure:
    """Draw which concepts are known on which level: a cell with the share of inhabitants covered.

    A cell without any figure is hatched and says why.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows with measure 'coverage': per concept (group) one per level, value in 0-1.
    labels : dict of str to str
        Dutch label by concept, in order from top to bottom.
    claim, sentence, source, alt, notes, stamp
        See `Figure`.

    Raises
    ------
    KeyError
        When a concept has no row on a level.
    """
    require_evidence(rows)
    levels = [level for level in LEVEL_PLURAL if level in set(rows["level"])]
    by_place = rows.set_index(["group", "level"])
    with style.drawing():
        drawing = canvas(0.55 + 0.31 * len(labels), source, stamp)
        axes = drawing.subplots()
        axes.grid(visible=False)
        for y, concept in enumerate(labels):
            for x, level in enumerate(levels):
                _cell(axes, x, y, by_place.loc[(concept, level)], len(levels))
        axes.set_xlim(0, len(levels))
        axes.set_ylim(len(labels), 0)
        axes.set_yticks(np.arange(len(labels)) + 0.5, list(labels.values()))
        named = [f"per {LEVEL_NL[level]}" for level in levels]
        axes.set_xticks(np.arange(len(levels)) + 0.5, named)
        axes.xaxis.tick_top()
        axes.tick_params(axis="both", colors=style.INK, labelsize=9.5)
        axes.spines["bottom"].set_visible(False)
        body = inline_svg(drawing, alt)
    table = pd.DataFrame({"onderwerp": list(labels.values())})
    for level in levels:
        table[f"inwoners met een cijfer per {LEVEL_NL[level]}"] = [
            value_text(by_place.loc[(concept, level)], "percent") for concept in labels
        ]
    return Figure(claim, sentence, source, alt, table, rows, body, tuple(notes), stamp)


def _cell(axes: Axes, x: int, y: int, row: pd.Series, columns: int) -> None:
    known = row["status"] == "ok"
    if known:
        fill = [colour for least, colour in _SHADES if row["value"] >= least][-1]
        look = {"facecolor": fill, "lw": 0}
    else:
        look = {"facecolor": "white", "edgecolor": "#b4bcc3", "hatch": "/////", "lw": 0}
    axes.add_patch(Rectangle((x + 0.015, y + 0.06), 0.97, 0.88, **look))
    said = _SHORT.get(row["status"], value_text(row, "percent"))
    size = _SIZE * min(1.0, _LETTERS * 3 / columns / len(said))
    axes.text(
        x + 0.5, y + 0.5, said, ha="center", va="center", fontsize=size, color=style.INK,
        bbox=None if known else {"facecolor": "white", "edgecolor": "none", "pad": 1.8},
    )  # fmt: skip
