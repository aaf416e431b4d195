"""Effects of several terms by several methods: marks with intervals around zero."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.figures import style
from analysis.figures.drawing import canvas, inline_svg, remark, value_axis, wrap
from analysis.figures.figure import Figure, require_evidence
from analysis.figures.wording import STATUS_NL, in_format

_LOOKS = ((style.DOT, "o"), (style.SECOND, "D"), ("#6b8f71", "s"))
_APART = 0.24


def effects(
    rows: pd.DataFrame,
    *,
    terms: dict[str, str],
    methods: dict[str, str],
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    value_label: str,
    notes: Sequence[str] = (),
    stamp: str = "",
    also_rows: pd.DataFrame | None = None,
) -> Figure:
    """Draw per term a mark with its interval for each method, on both sides of zero.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows, one per term (`group`) and method (`measure`).
    terms : dict of str to str
        Dutch label by group, from top to bottom.
    methods : dict of str to str
        Dutch label by measure; at most three.
    value_label : str
        Title of the axis.
    also_rows : DataFrame, optional
        Evidence rows that claim or notes rest on besides.
    claim, sentence, source, alt, notes, stamp
        See `Figure`.

    Raises
    ------
    ValueError
        With more methods than can be told apart.
    """
    require_evidence(rows)
    if len(methods) > len(_LOOKS):
        raise ValueError(f"{len(methods)} methods cannot be told apart: give at most three")
    known = rows[rows["status"].eq("ok")]
    reach = np.nanmax([0.1, *known["low"].abs(), *known["high"].abs(), *known["value"].abs()])
    with style.drawing():
        drawing = canvas(1.2 + 0.52 * len(terms), source, stamp)
        axes = drawing.subplots()
        axes.set_xlim(-1.15 * reach, 1.15 * reach)
        axes.set_ylim(len(terms) - 0.4, -0.6)
        axes.axvline(0, color=style.REFERENCE, lw=1.3, ls=(0, (4, 3)), zorder=1)
        for place, (measure, label) in enumerate(methods.items()):
            own = known[known["measure"].eq(measure)].set_index("group")
            _method(axes, own, list(terms), place - (len(methods) - 1) / 2, _LOOKS[place], label)
        missing = [rows.loc[rows["group"].eq(g) & rows["status"].ne("ok"), "status"] for g in terms]
        for y, why in enumerate(missing):
            if len(why) == len(methods):
                remark(axes, STATUS_NL[why.iloc[0]], y)
        axes.set_yticks(range(len(terms)), ["\n".join(wrap(one, 26)) for one in terms.values()])
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncols=len(methods), frameon=False,
            borderaxespad=0.2, handletextpad=0.3, fontsize=9.5,
        )  # fmt: skip
        value_axis(axes, value_label, "ratio")
        body = inline_svg(drawing, alt)
    table = effects_table(rows, terms=terms, methods=methods)
    every = rows if also_rows is None else pd.concat([rows, also_rows], ignore_index=True)
    return Figure(claim, sentence, source, alt, table, every, body, tuple(notes), stamp)


def effects_table(
    rows: pd.DataFrame, *, terms: dict[str, str], methods: dict[str, str]
) -> pd.DataFrame:
    """Return per term and method the value with its interval, or why there is none, as text.

    Parameters
    ----------
    rows, terms, methods
        See `effects`.

    Returns
    -------
    DataFrame of str
        A row per term, a column per method.
    """
    by_place = rows.set_index(["group", "measure"])
    table = pd.DataFrame({"kenmerk": list(terms.values())})
    for measure, label in methods.items():
        table[label] = [_text(by_place.loc[(group, measure)]) for group in terms]
    return table


def _text(row: pd.Series) -> str:
    if row["status"] != "ok":
        return STATUS_NL[row["status"]]
    value = in_format(row["value"], "ratio")
    if pd.isna(row["low"]):
        return value
    return f"{value} ({in_format(row['low'], 'ratio')} tot {in_format(row['high'], 'ratio')})"


def _method(
    axes, own: pd.DataFrame, terms: list[str], side: float, look: tuple[str, str], label: str
) -> None:
    colour, marker = look
    there = [(y, own.loc[group]) for y, group in enumerate(terms) if group in own.index]
    at = [y + side * _APART for y, _ in there]
    axes.hlines(
        at, [row["low"] for _, row in there], [row["high"] for _, row in there],
        color=colour, lw=3, alpha=0.45, zorder=2,
    )  # fmt: skip
    axes.scatter(
        [row["value"] for _, row in there], at, s=46, marker=marker, color=colour, zorder=3,
        label=label,
    )  # fmt: skip
