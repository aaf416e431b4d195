"""One index on two levels: a pair of marks per group, with their number of units."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures import style
from analysis.figures.drawing import canvas, inline_svg, label_value, remark, value_axis, wrap
from analysis.figures.figure import Figure, require_evidence
from analysis.figures.tables import value_text
from analysis.figures.wording import LEVEL_PLURAL, STATUS_NL, in_format, regions

# Letters on a line of a remark beside a mark: it has at least half of the axes.
_REMARK_LETTERS = 26
# Letters on a line of a group's name.
_NAME_LETTERS = 30


def level_pairs(
    rows: pd.DataFrame,
    *,
    labels: dict[str, str],
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    value_label: str,
    notes: Sequence[str] = (),
    stamp: str = "",
) -> Figure:
    """Draw an index of every group on wijken and on buurten, as two marks with a line between.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of one measure: per group one of level 'wijk' and one of 'buurt'.
    labels : dict of str to str
        Dutch label by group; its order is the order from top to bottom.
    value_label : str
        Title of the axis.
    claim, sentence, source, alt, notes, stamp
        See `Figure`.

    Returns
    -------
    Figure
        Its table has the values and the number of units of both levels.

    Raises
    ------
    KeyError
        When a group has no row on one of the levels.
    """
    require_evidence(rows)
    by_place = rows.set_index(["group", "level"])
    pairs = {g: (by_place.loc[(g, "wijk")], by_place.loc[(g, "buurt")]) for g in labels}
    values = rows["value"].where(rows["status"].eq("ok"))
    top = float(values.max()) if values.gt(0).any() else 1.0
    with style.drawing():
        lines = max(len(wrap(label, _NAME_LETTERS)) for label in labels.values())
        drawing = canvas(1.1 + (0.3 + 0.18 * lines) * len(labels), source, stamp)
        axes = drawing.subplots()
        axes.set_xlim(-0.075 * top, 1.1 * top)
        axes.set_ylim(len(labels) - 0.45, -0.85)
        axes.set_yticks([])
        whole = [g for g, pair in pairs.items() if all(row["status"] == "ok" for row in pair)]
        for y, (group, pair) in enumerate(pairs.items()):
            _group(axes, y, labels[group], *pair)
            _pair(axes, y, *pair)
            if group in whole[:1]:
                _explain_marks(axes, y, *pair)
        value_axis(axes, value_label, "index")
        body = inline_svg(drawing, alt)
    table = pd.DataFrame({"groep": list(labels.values())})
    table["jaar"] = [str(wijk["year"]) for wijk, _ in pairs.values()]
    for place, many in enumerate(("wijken", "buurten")):
        table[f"tussen {many}"] = [value_text(pair[place], "index") for pair in pairs.values()]
        table[f"aantal {many}"] = [pair[place]["units"] for pair in pairs.values()]
    return Figure(claim, sentence, source, alt, table, rows, body, tuple(notes), stamp)


def _group(axes: Axes, y: int, label: str, wijk: pd.Series, buurt: pd.Series) -> None:
    """Write the group beside its marks, and below it the year and the number of units."""
    units = [
        regions(int(row["units"]), row_level)
        for row, row_level in ((wijk, "wijk"), (buurt, "buurt"))
        if not pd.isna(row["units"])
    ]
    name = "\n".join(wrap(label, _NAME_LETTERS))
    facts = " · ".join([str(wijk["year"]), *units])
    for text, va, up, size, colour in (
        (name, "bottom", 0, 10.5, style.INK),
        (facts, "top", -3, 9.5, style.MUTED),
    ):
        axes.annotate(
            text, (0, y), xycoords=("axes fraction", "data"), xytext=(-8, up),
            textcoords="offset points", ha="right", va=va, fontsize=size, color=colour,
            annotation_clip=False,
        )  # fmt: skip


def _pair(axes: Axes, y: int, wijk: pd.Series, buurt: pd.Series) -> None:
    known = [row for row in (wijk, buurt) if row["status"] == "ok"]
    if len(known) == 2:
        axes.hlines(y, wijk["value"], buurt["value"], color=style.BAND, lw=4, zorder=2)
    for row, marker, colour in ((wijk, "D", style.SECOND), (buurt, "o", style.DOT)):
        if row["status"] == "ok":
            axes.scatter(row["value"], y, s=50, marker=marker, color=colour, zorder=3)
    if not known:
        remark(axes, STATUS_NL[wijk["status"]], y)
    for row in known:
        other = next((one for one in known if one is not row), None)
        left = other is not None and (row["value"], row is buurt) < (other["value"], other is buurt)
        text = in_format(row["value"], "index")
        if other is None:
            missing = buurt if row is wijk else wijk
            plural = "wijken" if missing is wijk else "buurten"
            why = f"{text} ({plural}: {STATUS_NL[missing['status']]})"
            text = "\n".join(wrap(why, _REMARK_LETTERS))
            # Past the middle the remark would push the drawing aside.
            left = row["value"] > sum(axes.get_xlim()) / 2
        label_value(axes, text, (row["value"], y), left=left)


def _explain_marks(axes: Axes, y: int, wijk: pd.Series, buurt: pd.Series) -> None:
    """Say once, above the first whole pair, which mark is which level."""
    for row, other, level, colour in (
        (wijk, buurt, "wijk", style.SECOND),
        (buurt, wijk, "buurt", style.DOT),
    ):
        left = (row["value"], row is buurt) < (other["value"], other is buurt)
        axes.annotate(
            LEVEL_PLURAL[level], (row["value"], y), xytext=(-4 if left else 4, 15),
            textcoords="offset points", ha="right" if left else "left", va="center", fontsize=9.5,
            color=colour, weight="bold",
        )  # fmt: skip
