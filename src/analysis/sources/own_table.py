"""A table or map that somebody keeps by hand, row by row with the numbers that the file shows.

Files of a publisher are read by `sheets`, which refuses what is not whole in every row. Of a list
that is kept by hand each row stands for itself: one that is not whole is told, the others count.
"""

import csv
import datetime
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.geofile import names_in_zip
from analysis.sources.workbook import read_pages

_DELIMITERS = (";", ",", "\t", "|")
# The header stands on the first line, or below a title and a few lines.
_HEADER_WITHIN = 12
_MISSING = ("", "nan", "none", "null", "<na>", "n/a", "#n/a", "nvt", "n.v.t.", "-", "?")
# Bytes that are letters in Mac or DOS files and rare signs in Windows ones.
_NOT_WINDOWS = bytes(set(range(0x80, 0xA0)) - {0x80, 0x85, *range(0x91, 0x98)})


class UnknownTable(InputError):
    """A file without column names that are known."""


@dataclass(frozen=True)
class OwnTable:
    """What stands in a file, before it is known what the columns mean.

    Attributes
    ----------
    file : str
        The file's name.
    cells : DataFrame of str
        '' where empty; the index is the number of the row as the file shows it.
    places : GeoSeries or None
        Of a map: the place of each row, None where it has none, as written. In EPSG:28992 or in
        degrees; which of the two, the numbers tell.
    broken : Series of str
        Why a row cannot be read, by its number.
    grounds : GeoSeries or None
        Of a map with outlines: the ground of each row in EPSG:28992, None where it has none.
    loose_end : bool
        Whether the file ends in the middle of a line, perhaps because the rest was lost.
    """

    file: str
    cells: pd.DataFrame
    places: gpd.GeoSeries | None
    broken: pd.Series
    loose_end: bool = False
    grounds: gpd.GeoSeries | None = None


def read_own_table(file: Path, is_header: Callable[[list[str]], bool]) -> OwnTable:
    """Read an xlsx or text file with `;`, `,`, tab or `|` between its cells.

    Parameters
    ----------
    file : Path
    is_header : callable
        Whether the cells of a line are the names of columns.

    Raises
    ------
    InputError
        When the file is of another kind, is damaged, has no such header, or several sheets with
        one.
    """
    content = file.read_bytes()
    if content.startswith(b"PK"):
        sheets = [_cut(file, lines, is_header) for lines in _workbook(file)]
        found = [table for table in sheets if table is not None]
        if len(found) > 1:
            raise InputError(
                f"{file} heeft {len(found)} bladen met een lijst; bewaar ieder blad als een "
                "eigen bestand."
            )
        if found:
            return found[0]
    elif not content.startswith(b"\xd0\xcf\x11\xe0") and content.lstrip()[:1] not in (b"<", b""):
        text = _decoded(file, content)
        for delimiter in _DELIMITERS:
            begin = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            try:
                first = [cells for _, cells in zip(range(_HEADER_WITHIN), begin, strict=False)]
            except csv.Error:
                continue
            if any(is_header(_stripped(cells)) for cells in first):
                table = _cut(file, _lines(file, text, delimiter), is_header)
                ended = text.endswith(("\n", "\r"))
                return OwnTable(table.file, table.cells, None, table.broken, not ended)
    raise UnknownTable(
        f"{file} is geen lijst met kolomnamen die hier bekend zijn; een lijst van "
        "voorzieningen heeft de kolommen soort, naam, x en y."
    )


def is_missing(cells: pd.Series) -> pd.Series:
    """Tell which cells say nothing: empty, or a word or sign for that."""
    return cells.str.casefold().isin(_MISSING)


def _workbook(file: Path) -> list[list[list[str]]]:
    if "xl/workbook.xml" not in names_in_zip(file):
        return []
    try:
        return [page.lines for page in read_pages(file.read_bytes(), text_of)]
    except Exception as error:  # damage surfaces as any error of zip, zlib, XML or a reader
        raise InputError(f"{file} is geen gaaf Excel-bestand; sla het opnieuw op.") from error


def text_of(value: object) -> str:
    """Return a cell as a text that can be read in one way only: 1.125 is no 1125."""
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ""
    if isinstance(value, bool | np.bool_):
        return "ja" if value else "nee"
    if isinstance(value, float | np.floating):
        return str(int(value)) if float(value).is_integer() else f"{value:.9f}"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value).strip()


def _decoded(file: Path, content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-16" or any(byte in content for byte in _NOT_WINDOWS):
            raise InputError(
                f"De letters van {file.name} zijn niet te lezen (onbekende tekenset); bewaar het "
                "als 'CSV UTF-8'."
            ) from None
        text = content.decode("cp1252")
    if "\u00c3" in text or "\ufffd" in text or "\x00" in text:
        raise InputError(
            f"De letters van {file.name} zijn beschadigd (tekens als \u00c3); bewaar het opnieuw "
            "als 'CSV UTF-8'."
        )
    return text


def _lines(file: Path, text: str, delimiter: str) -> list[list[str]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [_stripped(cells) for cells in lines]
    except csv.Error as error:
        raise InputError(
            f"{file} is beschadigd bij regel {lines.line_num} (een aanhalingsteken dat niet "
            "sluit); sla het opnieuw op."
        ) from error


def _stripped(cells: list[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in cells]


def _cut(file: Path, lines: list[list[str]], is_header) -> OwnTable | None:
    """Take header and rows out of the lines; None where there is no header."""
    at = next((n for n, cells in enumerate(lines[:_HEADER_WITHIN]) if is_header(cells)), None)
    if at is None:
        return None
    header, width = lines[at], len(lines[at])
    named = [name for name in header if name]
    if doubles := sorted({name for name in named if named.count(name) > 1}):
        raise InputError(
            f"{file} heeft de kolom '{doubles[0]}' meer dan één keer; laat er één staan."
        )
    rows, broken = {}, {}
    for number, cells in enumerate(lines[at + 1 :], start=at + 2):
        if not any(cells):
            continue
        if len(cells) < width or any(cells[width:]):
            broken[number] = f"heeft {len(cells)} velden in plaats van {width}"
        rows[number] = (cells + [""] * width)[:width]
    if len(broken) > len(rows) / 2:
        raise InputError(
            f"{file.name}: rij {next(iter(broken))} {next(iter(broken.values()))}, en zo zijn er "
            f"{len(broken)}; bewaar de lijst met ';' tussen de kolommen."
        )
    if not rows:
        raise InputError(f"{file} heeft kolomnamen en geen rijen; vul de lijst.")
    cells = pd.DataFrame.from_dict(rows, orient="index", columns=range(width), dtype="str")
    used = [place for place, name in enumerate(header) if name]
    cells = cells[used].set_axis([header[place] for place in used], axis="columns")
    return OwnTable(file.name, cells, None, pd.Series(broken, dtype="str"))
