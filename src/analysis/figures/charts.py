"""The charts, by one name: ranked dots and bars, and from their own modules pairs and cells."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.figures import style
from analysis.figures.availability import coverage_matrix
from analysis.figures.drawing import (
    absent_lines,
    canvas,
    inline_svg,
    label_value,
    nothing_drawn,
    remark,
    shorten,
    value_axis,
)
from analysis.figures.figure import Figure, require_evidence
from analysis.figures.pairs import level_pairs
from analysis.figures.tables import reader_table, value_text
from analysis.figures.wording import STATUS_NL, in_format, regions

__all__ = ["coverage_matrix", "level_pairs", "ranked_dots", "value_bars"]

# More rows than this cannot be read from a few metres; then only both ends are drawn.
MOST_ROWS = 40
ENDS = 12
_LONGEST_NAME = 38


def ranked_dots(
    rows: pd.DataFrame,
    *,
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    value_label: str,
    value_format: str,
    row_label: str = "",
    reference: tuple[float, str] | None = None,
    notes: Sequence[str] = (),
    stamp: str = "",
    also_rows: pd.DataFrame | None = None,
    lowest_first: bool = False,
) -> Figure:
    """Draw one dot per region, from high to low, with its interval where it has one.

    Of more than `MOST_ROWS` regions the `ENDS` highest and lowest are drawn, with a line that
    says how many lie between. Regions without a value are named below the dots with the reason.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows, one per region.
    claim, sentence, source, alt, notes, stamp
        See `Figure`.
    value_label : str
        Title of the axis.
    value_format : str
        One of `wording.FORMATS`.
    row_label : str, optional
        What a row is, for the table's header; else the level.
    reference : (float, str), optional
        A value to compare with, such as the gemeente's own, and its label.
    lowest_first : bool, optional
        Whether the lowest value stands at the top, as of a rank.
    also_rows : DataFrame, optional
        Evidence rows that the claim or the reference rests on besides.

    Returns
    -------
    Figure
        Its table has every region.
    """
    require_evidence(rows)
    known = rows[rows["status"].eq("ok")].sort_values(
        "value", kind="stable", ascending=not lowest_first
    )
    between = len(known) - 2 * ENDS if len(known) > MOST_ROWS else 0
    shown = pd.concat([known.head(ENDS), known.tail(ENDS)]) if between else known
    # The line on what lies between takes the place of one row.
    at = np.arange(len(shown)) + (np.arange(len(shown)) >= ENDS if between else 0)
    places = max(1, len(shown) + bool(between))
    with style.drawing():
        drawing = canvas(0.95 + 0.235 * places, source, stamp, absent_lines(rows))
        axes = drawing.subplots()
        axes.set_xlim(*_reach(shown, reference))
        axes.set_ylim(-0.8, places - (0.2 if reference is None else -0.55))
        if reference and len(known):
            _reference(axes, reference, value_format, places)
        low, high = shown["low"].fillna(shown["value"]), shown["high"].fillna(shown["value"])
        axes.hlines(at, low, high, color=style.BAND, lw=4, zorder=2)
        axes.scatter(shown["value"], at, s=46, color=style.DOT, zorder=3)
        for value, right, y in zip(shown["value"], high, at, strict=True):
            label_value(axes, in_format(value, value_format), (right, y))
        axes.set_yticks(at, _distinct(shown))
        if between:
            told = f"… {regions(between, rows['level'].iloc[0])} hiertussen staan in de tabel …"
            remark(axes, told, ENDS)
        if len(known):
            value_axis(axes, value_label, value_format)
        else:
            nothing_drawn(axes)
        body = inline_svg(drawing, alt)
    table = reader_table(rows, value_label, value_format, row_label)
    every = rows if also_rows is None else pd.concat([rows, also_rows], ignore_index=True)
    return Figure(claim, sentence, source, alt, table, every, body, tuple(notes), stamp)


def value_bars(
    rows: pd.DataFrame,
    *,
    labels: dict[str, str],
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    value_label: str,
    value_format: str,
    notes: Sequence[str] = (),
    stamp: str = "",
) -> Figure:
    """Draw one bar per group from zero, longest first; a group without a value says why.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows, one per group; no negative values.
    labels : dict of str to str
        Dutch label by group.
    value_label, value_format, claim, sentence, source, alt, notes, stamp
        See `ranked_dots`.

    Raises
    ------
    ValueError
        When a value is below zero: a bar from zero to the left is read as its opposite.
    """
    require_evidence(rows)
    ordered = rows.assign(_none=rows["status"].ne("ok")).sort_values(
        ["_none", "value"], ascending=[True, False], kind="stable"
    )
    known = ordered[~ordered["_none"]]
    if known["value"].lt(0).any():
        raise ValueError("bars start at zero, and a value is below it; use ranked_dots")
    with style.drawing():
        drawing = canvas(0.8 + 0.34 * max(1, len(ordered)), source, stamp)
        axes = drawing.subplots()
        axes.barh(range(len(known)), known["value"], color=style.DOT, height=0.56)
        for y, (_, row) in enumerate(ordered.iterrows()):
            if row["_none"]:
                remark(axes, STATUS_NL[row["status"]], y)
            else:
                label_value(axes, in_format(row["value"], value_format), (row["value"], y))
        axes.set_yticks(
            range(len(ordered)),
            [f"{labels[row['group']]} ({row['year']})" for _, row in ordered.iterrows()],
        )
        axes.set_ylim(len(ordered) - 0.4, -0.6)
        top = float(known["value"].max()) if len(known) else 0.0
        axes.set_xlim(0, 1.1 * top if top > 0 else 1.0)
        value_axis(axes, value_label, value_format)
        body = inline_svg(drawing, alt)
    table = pd.DataFrame(
        {
            "soort": [labels[group] for group in ordered["group"]],
            "jaar": ordered["year"].astype("str").array,
            value_label: [value_text(row, value_format) for _, row in ordered.iterrows()],
        }
    )
    return Figure(claim, sentence, source, alt, table, rows, body, tuple(notes), stamp)


def _reach(shown: pd.DataFrame, reference: tuple[float, str] | None) -> tuple[float, float]:
    """Return the ends of the value axis: zero is always on it, and labels have room."""
    values = [0.0, *shown["value"], *shown["low"].dropna(), *shown["high"].dropna()]
    values += [reference[0]] if reference else []
    low, high = min(values), max(values)
    room = high - low if high > low else 1.0
    return low - (0.02 if low == 0 else 0.1) * room, high + 0.1 * room


def _reference(axes: Axes, reference: tuple[float, str], value_format: str, top: int) -> None:
    value, label = reference
    axes.axvline(value, color=style.REFERENCE, lw=1.3, ls=(0, (4, 3)), zorder=1)
    left, right = axes.get_xlim()
    # Past the middle the label would run out of the picture.
    beyond = value > (left + right) / 2
    text = f"{label}: {in_format(value, value_format)}"
    label_value(axes, text, (value, top + 0.05), left=beyond, colour=style.REFERENCE)


def _distinct(shown: pd.DataFrame) -> list[str]:
    """Return names that fit, with the code behind those that two regions share."""
    double = shown["area_name"].duplicated(keep=False)
    return [
        f"{shorten(name, _LONGEST_NAME)} ({code})" if twice else shorten(name, _LONGEST_NAME)
        for name, code, twice in zip(shown["area_name"], shown["area_code"], double, strict=True)
    ]
