"""One index on two levels: a pair of marks per group, with their number of units."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures import style
from analysis.figures.drawing import canvas, inline_svg, label_value, remark, value_axis, wrap
from analysis.figures.figure import Figure, require_evidence
from analysis.figures.tables import value_text
from analysis.figures.wording import LEVEL_PLURAL, STATUS_NL, in_format, regions


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
    claim, sentence, source, alt, notes, stamp
        See `Figure`.

    Returns
    -------
    Figure
        Its table has the values and the number of units of both levels.
    """
    require_evidence(rows)
    by_place = rows.set_index(["group", "level"])
    values = rows["value"].where(rows["status"].eq("ok"))
    years = {group: str(by_place.loc[(group, "wijk"), "year"]) for group in labels}
    one_year = len(set(years.values())) == 1
    names = [label if one_year else f"{label} ({years[g]})" for g, label in labels.items()]
    top = float(values.max()) if values.notna().any() else 1.0
    with style.drawing():
        drawing = canvas(1.15 + 0.52 * len(labels), source, stamp)
        axes = drawing.subplots()
        axes.set_xlim(-0.075 * top, 1.1 * top)
        axes.set_ylim(len(labels) - 0.45, -0.85)
        explained = None
        for y, group in enumerate(labels):
            pair = by_place.loc[(group, "wijk")], by_place.loc[(group, "buurt")]
            _pair(axes, y, *pair)
            units = [row["units"] for row in pair]
            if explained is None and all(row["status"] == "ok" for row in pair):
                _explain_marks(axes, y, *pair)
                explained = units
            elif explained is not None and any(row["status"] == "ok" for row in pair):
                names[y] += _other_units(units, explained)
        axes.set_yticks(range(len(labels)), ["\n".join(wrap(name, 44)) for name in names])
        value_axis(
            axes,
            f"{value_label}, {next(iter(years.values()))}" if one_year else value_label,
            "index",
        )
        body = inline_svg(drawing, alt)
    table = pd.DataFrame({"groep": list(labels.values())})
    table["jaar"] = list(years.values())
    for level, many in (("wijk", "wijken"), ("buurt", "buurten")):
        of_level = [by_place.loc[(group, level)] for group in labels]
        table[f"tussen {many}"] = [value_text(row, "index") for row in of_level]
        table[f"aantal {many}"] = [row["units"] for row in of_level]
    return Figure(claim, sentence, source, alt, table, rows, body, tuple(notes), stamp)


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
            text += f"  ({plural}: {STATUS_NL[missing['status']]})"
        label_value(axes, text, (row["value"], y), left=left)


def _explain_marks(axes: Axes, y: int, wijk: pd.Series, buurt: pd.Series) -> None:
    """Say once, above the first whole pair, which mark is which level."""
    lower = min(wijk["value"], buurt["value"])
    for row, level, colour in ((wijk, "wijk", style.SECOND), (buurt, "buurt", style.DOT)):
        left = row["value"] == lower and not (row is buurt and wijk["value"] == buurt["value"])
        units = row["units"]
        text = LEVEL_PLURAL[level] if pd.isna(units) else regions(int(units), level)
        axes.annotate(
            text, (row["value"], y), xytext=(-4 if left else 4, 15), textcoords="offset points",
            ha="right" if left else "left", va="center", fontsize=9.5, color=colour,
            weight="bold",
        )  # fmt: skip


def _other_units(units: list, explained: list) -> str:
    """Return how many units a pair rests on, where that differs from the pair that explains."""
    if any(pd.isna(n) for n in (*units, *explained)) or units == explained:
        return ""
    wijken, buurten = (int(n) for n in units)
    return f" – {regions(wijken, 'wijk')}, {regions(buurten, 'buurt')}"
