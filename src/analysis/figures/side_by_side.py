"""Two groups per region on one axis: a mark and an interval each, so that neither stands alone."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.figures import style
from analysis.figures.drawing import absent_lines, canvas, inline_svg, remark, shorten, value_axis
from analysis.figures.figure import Figure, require_evidence
from analysis.figures.tables import value_text
from analysis.figures.wording import LEVEL_NL, in_format, regions

# More regions than this cannot be read; then those highest on either side are drawn.
MOST_ROWS = 30
ENDS = 10
_LOOKS = ((style.SECOND, "D"), (style.DOT, "o"))
_SIGNS = {"D": "◆", "o": "●"}
_APART = 0.17
_LONGEST_NAME = 32


def side_by_side(
    rows: pd.DataFrame,
    *,
    labels: dict[str, str],
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    value_label: str,
    value_format: str,
    reference: tuple[float, str] | None = None,
    notes: Sequence[str] = (),
    stamp: str = "",
    also_rows: pd.DataFrame | None = None,
    more: pd.DataFrame | None = None,
) -> Figure:
    """Draw two groups per region, sorted by the first, each with its interval.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of one measure and level: per region one row of each group in `labels`.
    labels : dict of str to str
        Dutch label of each of the two groups.
    value_label, value_format, claim, sentence, source, alt, notes, stamp, also_rows
        See `charts.ranked_dots`.
    reference : (float, str), optional
        Where the gemeente as a whole stands, and its label.
    more : DataFrame of str, optional
        Further columns of the table, indexed by region.

    Raises
    ------
    ValueError
        When `labels` are not two groups, or a region has two rows of one group.
    """
    require_evidence(rows)
    if len(labels) != 2:
        raise ValueError(f"two groups stand side by side, not {len(labels)}")
    if rows.duplicated(["area_code", "group"]).any():
        raise ValueError("give one row per region and group")
    first, second = (_of_group(rows, key) for key in labels)
    order = _ordered(first, second)
    drawn = [code for code in order if "ok" in (first[code]["status"], second[code]["status"])]
    shown = _highest(drawn, first, second) if len(drawn) > MOST_ROWS else drawn
    missing = rows[~rows["area_code"].isin(drawn)].drop_duplicates("area_code")
    with style.drawing():
        height = 1.3 + 0.3 * max(1, len(shown)) + 0.3 * (len(shown) < len(drawn))
        drawing = canvas(height, source, stamp, absent_lines(missing))
        axes = drawing.subplots()
        for y, code in enumerate(shown):
            for row, look, up in zip(
                (first[code], second[code]), _LOOKS, (-_APART, _APART), strict=True
            ):
                _mark(axes, row, y + up, look)
        if not shown:
            axes.set_xticks([])
            remark(axes, "er is niets te tekenen", 0)
        axes.set_yticks(range(len(shown)), [_name(first[code]) for code in shown])
        axes.set_ylim(max(len(shown), 1) - 0.4 + 0.75 * (len(shown) < len(drawn)), -0.6)
        if reference and shown:
            _reference(axes, reference, value_format)
        value_axis(axes, value_label, value_format)
        _legend(axes, list(labels.values()), (first, second))
        _from_zero(axes, rows[rows["area_code"].isin(shown)])
        if len(shown) < len(drawn):
            left = regions(len(drawn) - len(shown), rows["level"].iloc[0])
            axes.annotate(f"… {left} meer staan in de tabel …", (0, 0),
                          xycoords="axes fraction", xytext=(4, 5), textcoords="offset points",
                          fontsize=9.5, color=style.MUTED, style="italic",
                          bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
        body = inline_svg(drawing, alt)
    table = _table(order, first, second, labels, value_format)
    if more is not None:
        for column in more:
            table[column] = more[column].reindex(order).fillna("").array
    every = rows if also_rows is None else pd.concat([rows, also_rows], ignore_index=True)
    return Figure(claim, sentence, source, alt, table, every, body, tuple(notes), stamp)


def _of_group(rows: pd.DataFrame, key: str) -> dict[str, pd.Series]:
    own = rows[rows["group"].eq(key)]
    return dict(own.set_index("area_code").iterrows())


def _ordered(first: dict, second: dict) -> list[str]:
    """Return all regions, highest on the first group first and those without any figure last."""
    codes = list(dict.fromkeys([*first, *second]))

    def place(code: str) -> tuple[int, float]:
        one, other = first[code], second[code]
        if one["status"] == "ok":
            return 0, -one["value"]
        return (1, other["value"]) if other["status"] == "ok" else (2, 0.0)

    return sorted(codes, key=place)


def _highest(drawn: list[str], first: dict, second: dict) -> list[str]:
    """Return the regions that stand out on either side; of changes, those of both signs."""
    known = [row["value"] for side in (first, second) for row in side.values()
             if row["status"] == "ok"]  # fmt: skip
    size = abs if min(known) < 0 else float
    chosen = set()
    for side in (first, second):
        there = [code for code in drawn if side[code]["status"] == "ok"]
        chosen |= set(sorted(there, key=lambda code: -size(side[code]["value"]))[:ENDS])
    return [code for code in drawn if code in chosen]


def _mark(axes: Axes, row: pd.Series, y: float, look: tuple[str, str]) -> None:
    if row["status"] != "ok":
        return
    colour, marker = look
    if pd.notna(row["low"]) and pd.notna(row["high"]):
        axes.hlines(y, row["low"], row["high"], color=colour, lw=3, alpha=0.4, zorder=2)
    axes.scatter(row["value"], y, s=38, marker=marker, color=colour, zorder=3)


def _reference(axes: Axes, reference: tuple[float, str], value_format: str) -> None:
    value, label = reference
    axes.axvline(value, color=style.REFERENCE, lw=1.3, ls=(0, (4, 3)), zorder=1)
    text = f"{label}: {in_format(value, value_format)}" if label else ""
    axes.annotate(text, (value, 1), xycoords=("data", "axes fraction"), xytext=(0, 4),
                  textcoords="offset points", ha="center", fontsize=9.5,
                  color=style.REFERENCE)  # fmt: skip


def _legend(axes: Axes, texts: list[str], sides: tuple[dict, dict]) -> None:
    """Name both marks above the drawing, one below the other: no label runs into the other.

    A mark that is nowhere in the drawing has no name there; the table says why.
    """
    for text, side, (colour, marker), up in zip(texts, sides, _LOOKS, (40, 24), strict=True):
        if not any(row["status"] == "ok" for row in side.values()):
            continue
        axes.annotate(f"{_SIGNS[marker]} {text}", (0, 1), xycoords="axes fraction", xytext=(0, up),
                      textcoords="offset points", va="center", fontsize=10, weight="bold",
                      color=colour)  # fmt: skip


def _from_zero(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the axis from 0 where all marks are one value: else it would be a piece around it."""
    ok = rows[rows["status"].eq("ok")]
    ends = pd.concat([ok["value"], ok["low"].dropna(), ok["high"].dropna()])
    if len(ends) and ends.min() == ends.max() != 0:
        low, high = sorted((0.0, float(ends.iloc[0])))
        room = 0.03 * (high - low)
        axes.set_xlim(low - room, high + room)


def _name(row: pd.Series) -> str:
    return shorten(row["area_name"], _LONGEST_NAME)


def _table(order, first, second, labels, value_format) -> pd.DataFrame:
    level = next(iter(first.values()))["level"] if first else "wijk"
    told = {LEVEL_NL.get(level, level): [first[code]["area_name"] for code in order], "code": order}
    for side, label in zip((first, second), labels.values(), strict=True):
        told[label] = [value_text(side[code], value_format) for code in order]
        told[f"{label}: tussen"] = [_between(side[code], value_format) for code in order]
    return pd.DataFrame(told)


def _between(row: pd.Series, value_format: str) -> str:
    if row["status"] != "ok" or np.isnan(row["low"]) or np.isnan(row["high"]):
        return ""
    return f"{in_format(row['low'], value_format)} – {in_format(row['high'], value_format)}"
