"""A figure: claim, sentence, picture, honest box, source and table, all from evidence rows."""

import hashlib
import html
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.figures.tables import table_html

EVIDENCE_COLUMNS = (
    "area_code", "area_name", "year", "level", "measure", "group", "value", "low", "high",
    "interval", "units", "units_missing", "population_covered", "median_unit_size", "status",
    "source",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
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

    Raises
    ------
    ValueError
        When claim, source or alt is empty, or the rows are not evidence.
    """

    claim: str
    sentence: str
    source: str
    alt: str
    table: pd.DataFrame
    rows: pd.DataFrame
    body: str = ""
    notes: tuple[str, ...] = ()
    stamp: str = ""

    def __post_init__(self) -> None:
        """Refuse a figure that says nothing, or not where it comes from."""
        required = {"claim": self.claim, "source": self.source}
        if self.body:
            required["alt"] = self.alt
        empty = [name for name, text in required.items() if not text.strip()]
        if empty:
            raise ValueError(f"a figure needs {' and '.join(empty)}")
        require_evidence(self.rows)

    def _repr_html_(self) -> str:
        return figure_html(self)


def require_evidence(rows: pd.DataFrame) -> None:
    """Refuse a table that lacks evidence columns.

    Raises
    ------
    ValueError
        Naming the absent columns.
    """
    absent = [column for column in EVIDENCE_COLUMNS if column not in rows.columns]
    if absent:
        raise ValueError(f"the rows of a figure are evidence rows; these lack {', '.join(absent)}")


def table_figure(
    table: pd.DataFrame,
    *,
    rows: pd.DataFrame,
    claim: str,
    sentence: str,
    source: str,
    notes: Sequence[str] = (),
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


def content_id(*parts: str) -> str:
    """Return a short id that depends on content alone: the same every run, other per figure."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:10]


def figure_html(figure: Figure) -> str:
    """Return a figure as an accessible HTML element that needs nothing from elsewhere."""
    heading = f"f{content_id(figure.claim, figure.sentence, figure.source, figure.body)}"
    honest = "".join(f"<li>{html.escape(note)}</li>" for note in figure.notes if note.strip())
    table = table_html(figure.table, figure.claim)
    stamp = f'<span class="stamp">{html.escape(figure.stamp)}</span>' if figure.stamp else ""
    # The picture holds stamp and source itself; the caption repeats them for who cannot see it.
    caption = ' class="in-picture"' if figure.body else ""
    if figure.body:
        table = f"<details><summary>Tabel bij deze figuur</summary>{table}</details>"
    parts = [
        f'<figure class="fig" aria-labelledby="{heading}">',
        f'<h3 id="{heading}">{html.escape(figure.claim)}</h3>',
        f'<p class="sentence">{html.escape(figure.sentence)}</p>' if figure.sentence else "",
        f'<div class="picture">{figure.body}</div>' if figure.body else "",
        f'<ul class="honest">{honest}</ul>' if honest else "",
        table,
        f"<figcaption{caption}>{stamp}{html.escape(figure.source)}</figcaption>",
        "</figure>",
    ]
    return "".join(parts)
