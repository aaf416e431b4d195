"""Charts from evidence rows: ranked dots, pairs of levels, bars, and what is known."""

import html
import io
import re

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.figures import style
from analysis.figures.figure import Figure
from analysis.figures.wording import LEVEL_PLURAL, STATUS_NL, in_format, percent

# More rows than this cannot be read from a few metres; the table holds all.
MOST_ROWS = 30
_WIDTH = 9.0


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
    notes: list[str] | tuple[str, ...] = (),
    stamp: str = "",
    also_rows: pd.DataFrame | None = None,
) -> Figure:
    """Draw one dot per region, from high to low, with its interval where it has one.

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
        A line to compare with, and its label.
    also_rows : DataFrame, optional
        Evidence rows that the claim or the reference rests on besides.

    Returns
    -------
    Figure
    """
    known = rows[rows["status"].eq("ok")].sort_values("value", kind="stable")
    between = max(0, len(known) - MOST_ROWS)
    if between:
        half = MOST_ROWS // 2
        shown = pd.concat([known.head(half), known.tail(half)])
    else:
        shown = known
    names = _distinct(shown)
    with style.drawing():
        drawing = style.canvas(_WIDTH, 0.9 + 0.27 * max(3, len(shown) + bool(between)))
        axes = drawing.subplots()
        at = np.arange(len(shown), dtype=float)
        if between:
            # Room for the line that says how many are not drawn.
            at[len(shown) // 2 :] += 1
        _intervals(axes, shown, at)
        axes.scatter(shown["value"], at, s=46, color=style.DOT, zorder=3)
        low, high = _reach(shown, reference)
        for value, right, y in zip(shown["value"], _right_end(shown), at, strict=True):
            axes.annotate(
                in_format(value, value_format), (right, y), xytext=(7, 0),
                textcoords="offset points", va="center", fontsize=9.5,
            )  # fmt: skip
        if between:
            axes.text(
                low, len(shown) // 2, f"… {between} {_what(rows)} hiertussen staan in de tabel",
                va="center", style="italic", color=style.MUTED, fontsize=9.5,
            )  # fmt: skip
        if reference:
            _reference(axes, reference, value_format, at)
        axes.set_yticks(at, names)
        axes.set_ylim(-0.8, (at[-1] if len(at) else 0) + (1.5 if reference else 0.8))
        axes.set_xlim(low, high + 0.08 * (high - low))
        _value_axis(axes, value_label, value_format)
        body = _svg(drawing, alt, source, stamp)
    every = rows if also_rows is None else pd.concat([rows, also_rows], ignore_index=True)
    return Figure(
        claim=claim,
        sentence=sentence,
        source=source,
        alt=alt,
        table=reader_table(rows, value_label, value_format, row_label),
        rows=every,
        body=body,
        notes=tuple(notes),
        stamp=stamp,
    )


def level_pairs(
    rows: pd.DataFrame,
    *,
    labels: dict[str, str],
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    value_label: str,
    notes: list[str] | tuple[str, ...] = (),
    stamp: str = "",
) -> Figure:
    """Draw an index of every group on wijken and on buurten, as two dots with a line between.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of one measure: per group one of level 'wijk' and one of 'buurt'.
    labels : dict of str to str
        Dutch label by group; its order is the order from top to bottom.
    value_label : str
    claim, sentence, source, alt, notes, stamp
        See `Figure`.
    """
    table = rows.pivot(index="group", columns="level", values="value").reindex(list(labels))
    ordered = table.iloc[::-1]
    years = rows.drop_duplicates("group").set_index("group")["year"]
    names = [_wrap(f"{labels[g]} ({years[g]})", 46) for g in ordered.index]
    with style.drawing():
        drawing = style.canvas(_WIDTH, 1.3 + 0.46 * len(ordered))
        axes = drawing.subplots()
        at = np.arange(len(ordered))
        axes.hlines(at, ordered["wijk"], ordered["buurt"], color=style.GRID, linewidth=4, zorder=1)
        for level, colour, marker in (("wijk", style.SECOND, "D"), ("buurt", style.DOT, "o")):
            axes.scatter(
                ordered[level], at, s=52, color=colour, marker=marker, zorder=3,
                label=LEVEL_PLURAL[level],
            )  # fmt: skip
        for y, (wijk, buurt) in enumerate(zip(ordered["wijk"], ordered["buurt"], strict=True)):
            for value, other in ((wijk, buurt), (buurt, wijk)):
                if not np.isnan(value):
                    left = not np.isnan(other) and (value < other or (value == other))
                    if value == other and value is buurt:
                        continue
                    axes.annotate(
                        in_format(value, "index"), (value, y), va="center", fontsize=9.5,
                        xytext=(-8 if left else 8, 0), textcoords="offset points",
                        ha="right" if left else "left",
                    )  # fmt: skip
        axes.set_yticks(at, names)
        axes.set_ylim(-0.7, len(ordered) - 0.3)
        top = float(np.nanmax(ordered.to_numpy())) if ordered.notna().any().any() else 1.0
        axes.set_xlim(-0.06 * top, 1.14 * top)
        _value_axis(axes, value_label, "index")
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, handletextpad=0.2)
        body = _svg(drawing, alt, source, stamp)
    units = rows.pivot(index="group", columns="level", values="units").reindex(list(labels))
    shown = pd.DataFrame(
        {
            "groep": list(labels.values()),
            "jaar": [str(years[g]) for g in labels],
            "op wijken": [_told(rows, g, "wijk") for g in labels],
            "wijken": units["wijk"].array,
            "op buurten": [_told(rows, g, "buurt") for g in labels],
            "buurten": units["buurt"].array,
        }
    )
    return Figure(
        claim=claim,
        sentence=sentence,
        source=source,
        alt=alt,
        table=shown,
        rows=rows,
        body=body,
        notes=tuple(notes),
        stamp=stamp,
    )


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
    notes: list[str] | tuple[str, ...] = (),
    stamp: str = "",
) -> Figure:
    """Draw one bar per group from zero, sorted; groups without a value are named in the table.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows, one per group.
    labels : dict of str to str
        Dutch label by group.
    value_label, value_format, claim, sentence, source, alt, notes, stamp
        See `ranked_dots`.
    """
    known = rows[rows["status"].eq("ok")].sort_values("value", ascending=False, kind="stable")
    with style.drawing():
        drawing = style.canvas(_WIDTH, 1.0 + 0.42 * max(2, len(known)))
        axes = drawing.subplots()
        at = np.arange(len(known))
        axes.barh(at, known["value"], color=style.DOT, height=0.55)
        for y, value in zip(at, known["value"], strict=True):
            axes.annotate(
                in_format(value, value_format), (value, y), xytext=(6, 0),
                textcoords="offset points", va="center",
            )  # fmt: skip
        axes.set_yticks(
            at, [f"{labels[g]} ({y})" for g, y in zip(known["group"], known["year"], strict=True)]
        )
        axes.set_xlim(0, 1.12 * float(known["value"].max() if len(known) else 1))
        _value_axis(axes, value_label, value_format)
        body = _svg(drawing, alt, source, stamp)
    table = pd.DataFrame(
        {
            "soort": [labels[g] for g in rows["group"]],
            "jaar": rows["year"].astype("str").array,
            value_label: [_cell(row, value_format) for _, row in rows.iterrows()],
        }
    )
    return Figure(claim, sentence, source, alt, table, rows, body, tuple(notes), stamp)


def coverage_matrix(
    rows: pd.DataFrame,
    *,
    labels: dict[str, str],
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    stamp: str = "",
) -> Figure:
    """Draw which concepts are known on which level: a cell with the share of inhabitants covered.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows with measure 'coverage': per concept (group) one per level.
    labels : dict of str to str
        Dutch label by concept, in order from top to bottom.
    claim, sentence, source, alt, stamp
        See `Figure`.
    """
    levels = [level for level in LEVEL_PLURAL if level in set(rows["level"])]
    by_place = rows.set_index(["group", "level"])
    with style.drawing():
        drawing = style.canvas(_WIDTH, 0.9 + 0.3 * len(labels))
        axes = drawing.subplots()
        axes.grid(visible=False)
        for y, concept in enumerate(labels):
            for x, level in enumerate(levels):
                _coverage_cell(axes, x, y, by_place.loc[(concept, level)])
        axes.set_xlim(0, len(levels))
        axes.set_ylim(len(labels), 0)
        axes.set_yticks(np.arange(len(labels)) + 0.5, list(labels.values()))
        axes.set_xticks(np.arange(len(levels)) + 0.5, [f"per {level}" for level in levels])
        axes.xaxis.tick_top()
        axes.spines["bottom"].set_visible(False)
        body = _svg(drawing, alt, source, stamp)
    table = pd.DataFrame({"onderwerp": list(labels.values())})
    for level in levels:
        table[f"per {level}"] = [_coverage_text(by_place.loc[(c, level)]) for c in labels]
    return Figure(claim, sentence, source, alt, table, rows, body, (), stamp)


def reader_table(
    rows: pd.DataFrame, value_label: str, value_format: str, row_label: str = ""
) -> pd.DataFrame:
    """Return evidence rows of regions as the table beside a chart or map, highest value first.

    Returns
    -------
    DataFrame of str
        Code, name, value (or why there is none) and, where there is one, the interval.
    """
    ordered = rows.sort_values("value", ascending=False, kind="stable", na_position="last")
    told = {
        row_label or rows["level"].iloc[0]: ordered["area_name"].array,
        "code": ordered["area_code"].array,
        value_label: [_cell(row, value_format) for _, row in ordered.iterrows()],
    }
    if ordered["low"].notna().any():
        told["interval"] = [
            ""
            if pd.isna(low)
            else f"{in_format(low, value_format)} – {in_format(high, value_format)}"
            for low, high in zip(ordered["low"], ordered["high"], strict=True)
        ]
    return pd.DataFrame(told)


def _cell(row: pd.Series, value_format: str) -> str:
    return (
        in_format(row["value"], value_format) if row["status"] == "ok" else STATUS_NL[row["status"]]
    )


def _told(rows: pd.DataFrame, group: str, level: str) -> str:
    row = rows[rows["group"].eq(group) & rows["level"].eq(level)].iloc[0]
    return _cell(row, "index")


def _coverage_cell(axes, x: int, y: int, row: pd.Series) -> None:
    value = row["value"] if row["status"] == "ok" else 0.0
    dark = value >= 0.75
    if row["status"] == "ok":
        colour = style.SEQUENTIAL[min(3, int(value * 4))]
        axes.add_patch(Rectangle((x + 0.02, y + 0.06), 0.96, 0.88, color=colour, lw=0))
    else:
        axes.add_patch(
            Rectangle((x + 0.02, y + 0.06), 0.96, 0.88, facecolor="white", edgecolor="#b9c0c7",
                      hatch="////", lw=0)
        )  # fmt: skip
    axes.text(
        x + 0.5, y + 0.5, _coverage_text(row), ha="center", va="center", fontsize=9.5,
        color="white" if dark else style.INK,
        bbox=None if row["status"] == "ok" else {"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip


def _coverage_text(row: pd.Series) -> str:
    return percent(row["value"]) if row["status"] == "ok" else STATUS_NL[row["status"]]


def _intervals(axes, shown: pd.DataFrame, at: np.ndarray) -> None:
    has = shown["low"].notna().to_numpy()
    if has.any():
        axes.hlines(
            at[has],
            shown["low"][has],
            shown["high"][has],
            color=style.SEQUENTIAL[2],
            lw=3.5,
            zorder=2,
        )


def _right_end(shown: pd.DataFrame) -> pd.Series:
    return shown["high"].fillna(shown["value"])


def _reach(shown: pd.DataFrame, reference) -> tuple[float, float]:
    values = pd.concat([shown["value"], shown["low"].dropna(), shown["high"].dropna()])
    if reference:
        values = pd.concat([values, pd.Series([reference[0]])])
    if values.empty:
        return 0.0, 1.0
    low, high = min(0.0, float(values.min())), float(values.max())
    return low - 0.02 * (high - low), high if high > low else low + 1.0


def _reference(axes, reference, value_format, at) -> None:
    value, label = reference
    axes.axvline(value, color=style.REFERENCE, linewidth=1.4, linestyle=(0, (4, 3)), zorder=1)
    axes.annotate(
        f"{label}: {in_format(value, value_format)}", (value, (at[-1] if len(at) else 0) + 0.95),
        xytext=(4, 0), textcoords="offset points", color=style.REFERENCE, va="center", fontsize=9.5,
    )  # fmt: skip


def _value_axis(axes, label: str, value_format: str) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: in_format(value, value_format)))
    axes.set_xlabel(label)


def _distinct(shown: pd.DataFrame) -> list[str]:
    """Return names, with the code behind those that two regions share."""
    double = shown["area_name"].duplicated(keep=False)
    return [
        f"{name} ({code})" if twice else name
        for name, code, twice in zip(shown["area_name"], shown["area_code"], double, strict=True)
    ]


def _what(rows: pd.DataFrame) -> str:
    return LEVEL_PLURAL.get(rows["level"].iloc[0], "gebieden")


def _wrap(text: str, width: int) -> str:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def _svg(drawing: Canvas, alt: str, source: str, stamp: str) -> str:
    """Return a drawing as inline SVG with its source line, stamp and alternative text in it."""
    words = "  ".join(part for part in (stamp and f"[{stamp}]", source) if part)
    drawing.supxlabel(_wrap(words, 125), fontsize=7.5, color=style.MUTED, x=0.01, ha="left")
    stream = io.StringIO()
    drawing.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    size = re.search(r'viewBox="[^"]*"', text)[0]
    opening = f'<svg {size} role="img" aria-label="{html.escape(alt)}">'
    # The namespaces are addresses; a page that asks nothing of any host needs none of them.
    text = re.sub(r"<svg[^>]*>", lambda _: opening, text, count=1).replace("xlink:href", "href")
    return text
