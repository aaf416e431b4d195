"""A figure: claim, sentence, picture, honest box, source and table, all from evidence rows."""

import hashlib
import html
import re
from dataclasses import dataclass, field

import pandas as pd

from analysis.figures.wording import UNKNOWN, count, number

EVIDENCE_COLUMNS = (
    "area_code", "area_name", "year", "level", "measure", "group", "value", "low", "high",
    "interval", "units", "units_missing", "population_covered", "median_unit_size", "status",
    "source",
)  # fmt: skip
_LOOKS_LIKE_NUMBER = re.compile(r"^(−?€? ?[\d.,]+%?( – −?[\d.,]+%?)?)?$")


@dataclass(frozen=True)
class Figure:
    """One claim with what it rests on.

    Attributes
    ----------
    claim : str
        The title: what the figure says.
    sentence : str
        One sentence for the room.
    source : str
        The source line.
    alt : str
        The message for who does not see the picture; "" only where there is no picture.
    table : DataFrame
        What the reader sees as a table, with Dutch headers; numbers or finished text.
    rows : DataFrame
        The evidence rows of every number shown.
    body : str
        The picture as inline SVG, or "" for a table alone.
    notes : tuple of str
        The honest box: years, coverage, what was left out.
    stamp : str
        What is said of figures that are made up; stands in the picture too.
    """

    claim: str
    sentence: str
    source: str
    alt: str
    table: pd.DataFrame
    rows: pd.DataFrame
    body: str = ""
    notes: tuple[str, ...] = field(default=())
    stamp: str = ""

    def __post_init__(self) -> None:
        required = {"claim": self.claim, "source": self.source}
        if self.body:
            required["alt"] = self.alt
        empty = [name for name, text in required.items() if not text.strip()]
        if empty:
            raise ValueError(f"a figure needs {' and '.join(empty)}")
        absent = [column for column in EVIDENCE_COLUMNS if column not in self.rows.columns]
        if absent:
            raise ValueError(f"the rows of a figure are evidence; {absent} are absent")

    def _repr_html_(self) -> str:
        return figure_html(self)


def table_figure(
    table: pd.DataFrame,
    *,
    rows: pd.DataFrame,
    claim: str,
    sentence: str,
    source: str,
    notes: list[str] | tuple[str, ...] = (),
    stamp: str = "",
) -> Figure:
    """Return a figure that is a table and no picture.

    Parameters
    ----------
    table : DataFrame
        What the reader sees, with Dutch headers.
    rows : DataFrame
        The evidence rows of its numbers.
    claim, sentence, source, notes, stamp
        See `Figure`.
    """
    return Figure(
        claim=claim,
        sentence=sentence,
        source=source,
        alt="",
        table=table,
        rows=rows,
        notes=tuple(notes),
        stamp=stamp,
    )


def figure_html(figure: Figure) -> str:
    """Return a figure as an accessible HTML element that needs nothing from elsewhere."""
    key = hashlib.sha256((figure.claim + figure.body + figure.source).encode()).hexdigest()[:10]
    stamp = f'<span class="stamp">{html.escape(figure.stamp)}</span>' if figure.stamp else ""
    honest = "".join(f"<li>{html.escape(note)}</li>" for note in figure.notes if note)
    table = table_html(figure.table, figure.claim)
    if figure.body:
        picture = f'<div class="picture">{figure.body}</div>'
        table = f"<details><summary>Tabel bij deze figuur</summary>{table}</details>"
    else:
        picture = ""
    return (
        f'<figure class="fig" aria-labelledby="f{key}">'
        f'<h3 id="f{key}">{html.escape(figure.claim)}</h3>'
        f'<p class="sentence">{html.escape(figure.sentence)}</p>'
        f"{picture}" + (f'<ul class="honest">{honest}</ul>' if honest else "") + f"{table}"
        f"<figcaption>{stamp}{html.escape(figure.source)}</figcaption>"
        "</figure>"
    )


def table_html(table: pd.DataFrame, caption: str) -> str:
    """Return a reader's table: caption, header cells with scope, numbers to the right."""
    texts = pd.DataFrame({c: [cell_text(v) for v in table[c]] for c in table.columns})
    numeric = [
        len(texts) > 0
        and all(_LOOKS_LIKE_NUMBER.match(text) or text == UNKNOWN for text in texts[column])
        for column in texts
    ]
    shape = [' class="num"' if is_number else "" for is_number in numeric]
    head = "".join(
        f'<th scope="col"{css}>{html.escape(str(c))}</th>'
        for c, css in zip(texts, shape, strict=True)
    )
    body = []
    for row in texts.itertuples(index=False):
        first, *others = zip(row, shape, strict=True)
        cells = "".join(f"<td{css}>{html.escape(text)}</td>" for text, css in others)
        body.append(f'<tr><th scope="row"{first[1]}>{html.escape(first[0])}</th>{cells}</tr>')
    return (
        '<div class="table-wrap" tabindex="0" role="region" '
        f'aria-label="{html.escape("Tabel: " + caption)}"><table class="data">'
        f"<caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def cell_text(value: object) -> str:
    """Return a cell as the reader sees it: Dutch numbers, 'onbekend' for what is missing."""
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return UNKNOWN
    if isinstance(value, int) or float(value).is_integer() and abs(value) >= 10:
        return count(value)
    return number(value, 2)
