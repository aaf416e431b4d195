"""The table beside every figure: evidence rows as a reader reads them, and its HTML."""

import html
import re
from numbers import Integral, Real

import numpy as np
import pandas as pd

from analysis.figures.wording import LEVEL_NL, STATUS_NL, UNKNOWN, count, in_format, number

_LOOKS_LIKE_NUMBER = re.compile(
    r"^(?:meer dan |ten hoogste |[<>])?[−+]?(€\s?)?\d[\d.,]*%?"
    r"( (?:–|tot) [−+]?(€\s?)?\d[\d.,]*%?)?( km| m²)?$"
)


def value_text(row: pd.Series, value_format: str) -> str:
    """Return an evidence row's value in Dutch notation, or why there is none."""
    if row["status"] != "ok":
        return STATUS_NL[row["status"]]
    return in_format(row["value"], value_format)


def reader_table(
    rows: pd.DataFrame, value_label: str, value_format: str, row_label: str = ""
) -> pd.DataFrame:
    """Return evidence rows of regions as the table beside a chart or map, highest value first.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows, one per region.
    value_label : str
        Header of the value.
    value_format : str
        One of `wording.FORMATS`.
    row_label : str, optional
        Header of the names; else the level.

    Returns
    -------
    DataFrame of str
        Name, code (where codes tell rows apart), value or why there is none and, where a row has
        one, the interval. Rows without a value come last.
    """
    ordered = rows.assign(_none=rows["status"].ne("ok")).sort_values(
        ["_none", "value"], ascending=[True, False], kind="stable"
    )
    level = rows["level"].iloc[0]
    told = {row_label or LEVEL_NL.get(level, level): ordered["area_name"].array}
    if ordered["area_code"].is_unique:
        told["code"] = ordered["area_code"].array
    told[value_label] = [value_text(row, value_format) for _, row in ordered.iterrows()]
    if ordered["low"].notna().any():
        header = ordered.loc[ordered["interval"].fillna("").ne(""), "interval"]
        told[f"interval ({header.iloc[0]})" if len(header) else "interval"] = [
            "" if pd.isna(low) or pd.isna(high) or status != "ok"
            else f"{in_format(low, value_format)} – {in_format(high, value_format)}"
            for low, high, status in zip(
                ordered["low"], ordered["high"], ordered["status"], strict=True
            )
        ]  # fmt: skip
    return pd.DataFrame(told)


def column_texts(values: pd.Series) -> list[str]:
    """Return a column as the reader sees it: Dutch numbers, 'onbekend' for what is missing.

    A column of whole numbers is read as counts, one with a broken number gets two decimals
    throughout; a year is given as text.
    """
    numbers = [v for v in values if isinstance(v, Real) and not pd.isna(v)]
    whole = all(isinstance(v, Integral) or float(v).is_integer() for v in numbers)
    return [_cell_text(value, whole) for value in values]


def _cell_text(value: object, whole: bool) -> str:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return UNKNOWN
    if isinstance(value, bool | np.bool_):
        return "ja" if value else "nee"
    if isinstance(value, Real):
        return count(value) if whole else number(value, 2)
    return str(value)


def table_html(table: pd.DataFrame, caption: str) -> str:
    """Return a reader's table as HTML: caption, header cells with scope, numbers to the right.

    Parameters
    ----------
    table : DataFrame
        With Dutch headers; the first column names the rows.
    caption : str

    Returns
    -------
    str
        Everything in it is escaped.
    """
    columns = [column_texts(table.iloc[:, at]) for at in range(table.shape[1])]
    css = [' class="num"' if _numeric(column) else "" for column in columns]
    head = "".join(
        f'<th scope="col"{shape}>{html.escape(str(name))}</th>'
        for name, shape in zip(table.columns, css, strict=True)
    )
    lines = []
    for row in zip(*columns, strict=True):
        cells = "".join(
            f"<td{_of_cell(shape, text)}>{html.escape(text)}</td>"
            for text, shape in zip(row[1:], css[1:], strict=True)
        )
        lines.append(f'<tr><th scope="row"{css[0]}>{html.escape(row[0])}</th>{cells}</tr>')
    label = html.escape(f"Tabel: {caption}")
    return (
        f'<div class="table-wrap" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="data"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _of_cell(shape: str, text: str) -> str:
    """Return the class of a cell: in a column of numbers a text may go over several lines."""
    return shape.replace('num"', 'num why"') if not _LOOKS_LIKE_NUMBER.match(text) else shape


def _numeric(texts: list[str]) -> bool:
    """Whether a column is read as numbers: some are, and the rest says why there is none."""
    numbers = [bool(_LOOKS_LIKE_NUMBER.match(text)) for text in texts]
    reasons = {*STATUS_NL.values(), UNKNOWN, ""}
    # Words that hold a digit are no reason, but a text about something.
    return any(numbers) and all(
        is_number or text in reasons or not any(sign.isdigit() for sign in text)
        for is_number, text in zip(numbers, texts, strict=True)
    )
