"""Two or three parts of a whole per group, as one bar from 0 to 100 %."""

from collections.abc import Sequence
from itertools import accumulate

import pandas as pd

from analysis.figures import style
from analysis.figures.drawing import canvas, inline_svg, remark, value_axis, wrap
from analysis.figures.figure import Figure, require_evidence
from analysis.figures.wording import STATUS_NL, percent

# First, middle (where there is one) and last part.
_COLOURS = ((style.DOT, "white", ""), (style.SEQUENTIAL[2], style.INK, ""),
            (style.SEQUENTIAL[1], style.INK, "////"))  # fmt: skip
# A part narrower than this has no room for its number; the table has it.
_NARROW = 0.07


def parts_of_whole(
    rows: pd.DataFrame,
    *,
    labels: dict[str, str],
    parts: dict[str, str],
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    value_label: str,
    notes: Sequence[str] = (),
    stamp: str = "",
) -> Figure:
    """Draw one bar of two or three parts per group.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of one measure: per group one row of each level in `parts`, that add up to 1.
    labels : dict of str to str
        Dutch label by group; its order is the order from top to bottom.
    parts : dict of str to str
        Dutch label of each of the two or three levels, from first to last part of the bar.
    value_label, claim, sentence, source, alt, notes, stamp
        See `charts.ranked_dots`.
    """
    require_evidence(rows)
    colours = _COLOURS if len(parts) == len(_COLOURS) else (_COLOURS[0], _COLOURS[-1])
    by_place = rows.set_index(["group", "level"])
    names = ["\n".join(wrap(name, 28)) for name in labels.values()]
    at, bottom = _places(names)
    with style.drawing():
        drawing = canvas(1.2 + _ROW * max(1.0, bottom + 0.5), source, stamp)
        axes = drawing.subplots()
        for y, group in zip(at, labels, strict=True):
            begin = 0.0
            for level, (fill, ink, hatch) in zip(parts, colours, strict=True):
                row = by_place.loc[(group, level)]
                if row["status"] != "ok":
                    remark(axes, STATUS_NL[row["status"]], y)
                    break
                axes.barh(y, row["value"], left=begin, color=fill, height=0.62, hatch=hatch,
                          edgecolor="white", lw=0.8)  # fmt: skip
                if row["value"] >= _NARROW:
                    axes.text(begin + row["value"] / 2, y, percent(row["value"]), ha="center",
                              va="center", color=ink, fontsize=9.5,
                              bbox=_PLAIN if hatch else None)  # fmt: skip
                begin += row["value"]
        # The labels of the parts stand above the ends of the bars that they explain.
        for place, text in enumerate(parts.values()):
            last = len(parts) - 1
            side = "left" if place == 0 else "right" if place == last else "center"
            colour = style.DOT if place == 0 else style.MUTED
            text = "\n".join(wrap(text, _LETTERS // len(parts)))
            axes.text(place / last, -0.55, text, ha=side, va="bottom", color=colour, weight="bold",
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
        axes.set_xlim(0, 1)
        axes.set_ylim(bottom + 0.1, -1.6)
        axes.set_yticks(at, names)
        value_axis(axes, value_label, "percent")
        body = inline_svg(drawing, alt)
    table = pd.DataFrame({"groep": list(labels.values())})
    table["jaar"] = [str(by_place.loc[(group, next(iter(parts))), "year"]) for group in labels]
    for level, text in parts.items():
        table[text] = [_text(by_place.loc[(group, level)]) for group in labels]
    return Figure(claim, sentence, source, alt, table, rows, body, tuple(notes), stamp)


# Inches from one bar to the next, and how much of that a line of a name takes.
_ROW, _LINE = 0.4, 0.46


def _places(names: list[str]) -> tuple[list[float], float]:
    """Return the place of each bar, the first at 0, and where the last ends.

    A name of three lines or more takes more room than a bar does.
    """
    sizes = [max(1.0, _LINE * len(name.splitlines()) + 0.1) for name in names]
    ends = list(accumulate(sizes))
    first = sizes[0] / 2 if sizes else 0.0
    centres = [end - size / 2 - first for end, size in zip(ends, sizes, strict=True)]
    return centres, (ends[-1] - first if ends else 0.5)


# Letters of the labels of all parts on one line.
_LETTERS = 36
_PLAIN = {"facecolor": style.SEQUENTIAL[1], "edgecolor": "none", "pad": 1.2}


def _text(row: pd.Series) -> str:
    return percent(row["value"]) if row["status"] == "ok" else STATUS_NL[row["status"]]
