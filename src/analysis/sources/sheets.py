"""Files that a person downloads or saves, as one sheet of texts: Excel or csv, whatever it holds.

Nothing is interpreted here. What cannot be read whole (half a file, a web page, letters of another
character set) is refused, because a half-read table looks like a table.
"""

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.workbook import is_workbook, read_pages, title_of

# The header stands on the first line, or below a title and a few lines on the selection.
_HEADER_WITHIN = 12
# A line with the code of a region is data.
_REGION_CODE = re.compile(r"NL\d{2}|GM\d{4}|WK\w{6}|BU\w{8}")
_DELIMITERS = (";", ",", "\t")
# Bytes that are letters in Mac or DOS files and rare signs in Windows ones.
_NOT_WINDOWS = bytes(set(range(0x80, 0xA0)) - {0x80, 0x85, *range(0x91, 0x98)})


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in a file.

    Attributes
    ----------
    file : str
        The file's name, for sentences.
    rows : DataFrame of str
        The cells without the blanks around them, '' where empty, under the header's own names.
    beside : tuple of str
        What stands around the table: the sheet's name, the workbook's title, lines above.
    """

    file: str
    rows: pd.DataFrame
    beside: tuple[str, ...]


def read_sheet(path: Path, is_header: Callable[[list[str]], bool]) -> Sheet:
    """Read the one table of an xlsx or csv file.

    Parameters
    ----------
    path : Path
    is_header : callable
        Whether the cells of a line are the header of a known kind of table.

    Raises
    ------
    InputError
        When the file is not there, is of another kind, is damaged or cut off, has no header that
        is known, or has several tables.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path} kan niet worden gelezen ({error.strerror or error}); kijk of het pad klopt."
        ) from error
    if not content.strip():
        raise InputError(f"{path.name} is leeg; download het opnieuw.")
    if content.startswith(b"PK"):
        tables = _workbook(path.name, content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(
            f"{path.name} is een oud Excel-bestand (xls); open het en bewaar het als xlsx."
        )
    elif content.lstrip()[:1] == b"<":
        raise InputError(
            f"{path.name} is een webpagina en geen tabel; download het bestand zelf opnieuw."
        )
    else:
        tables = _text_tables(path.name, _decoded(path.name, content), is_header)
    is_book = content.startswith(b"PK")
    found = [_cut(path.name, lines, beside, is_header, is_book) for lines, beside in tables]
    found = [sheet for sheet in found if sheet is not None]
    if not found:
        raise InputError(
            f"{path.name} is geen bestand dat hier gelezen kan worden: bekend zijn Kerncijfers en "
            "Nabijheid (het Excelbestand van CBS, een CSV van StatLine of een als csv bewaarde "
            "OData-tabel), SES-WOA, Gezondheid per wijk en buurt (RIVM), geregistreerde "
            "misdrijven, de Leefbaarometer 2.0, de vierkanten van CBS, adressen van CBS "
            "(PC6, huisnummer en buurt), een eigen lijst van voorzieningen (soort en "
            "coördinaten) en een eigen indeling (buurt en gebied); neem de regel met kolomnamen "
            "ongewijzigd mee."
        )
    if len(found) > 1:
        raise InputError(
            f"{path.name} heeft {len(found)} bladen met gegevens; bewaar ieder blad als een eigen "
            "bestand."
        )
    return found[0]


def _workbook(name: str, content: bytes) -> list[tuple[list[list[str]], list[str]]]:
    try:
        if not is_workbook(content):
            raise InputError(
                f"{name} is een zip-bestand; pak het uit en geef het bestand dat erin zit."
            )
        title = title_of(content)
        return [(page.lines, [page.title, title]) for page in read_pages(content, _text)]
    except InputError:
        raise
    # A damaged workbook surfaces as almost any error of zip, zlib, XML or a reader.
    except Exception as error:
        raise InputError(f"{name} is geen gaaf Excel-bestand; download het opnieuw.") from error


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell).strip()


def _decoded(name: str, content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-16" or any(byte in content for byte in _NOT_WINDOWS):
            raise InputError(
                f"De letters van {name} zijn niet te lezen (onbekende tekenset); bewaar het als "
                "'CSV UTF-8' of download het opnieuw."
            ) from None
        text = content.decode("cp1252")
    # UTF-8 that was once read as something else, maybe only its mark; a zero byte is in no text.
    spoilt = any(sign in text for sign in ("\u00c3", "\ufffd", "\x00"))
    if spoilt or text.startswith("\u00ef\u00bb\u00bf"):
        raise InputError(
            f"De letters van {name} zijn beschadigd (tekens als \u00c3); download het opnieuw en "
            "open het niet eerst in een ander programma."
        )
    return text


def _text_tables(name: str, text: str, is_header) -> list[tuple[list[list[str]], list[str]]]:
    for delimiter in _DELIMITERS:
        begin = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            first = [cells for _, cells in zip(range(_HEADER_WITHIN), begin, strict=False)]
        except csv.Error:
            continue
        if any(is_header(_stripped(cells)) for cells in first):
            break
    else:
        return []
    if not text.endswith(("\n", "\r", '"')):
        raise InputError(
            f"{name} houdt midden in een regel op; het is niet heel, download het opnieuw."
        )
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        read = [_stripped(cells) for cells in lines]
    except csv.Error as error:
        raise _open_quote(name, lines.line_num) from error
    for number, cells in enumerate(read, start=1):
        # A cell that lost one of its two quotes keeps the other one as a letter.
        if any(cell.count('"') % 2 for cell in cells):
            raise _open_quote(name, number)
    return [(read, [])]


def _open_quote(name: str, line: int) -> InputError:
    return InputError(
        f"{name} is beschadigd bij regel {line} (een aanhalingsteken dat niet sluit); download het "
        "opnieuw."
    )


def _stripped(cells: Iterable[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _cut(
    name: str, lines: list[list[str]], beside: list[str], is_header, is_book: bool
) -> Sheet | None:
    """Take header and rows out of the lines of a sheet; None where there is no header."""
    at = next((n for n, cells in enumerate(lines[:_HEADER_WITHIN]) if is_header(cells)), None)
    if at is None:
        return None
    if any(_REGION_CODE.fullmatch(cell) for cells in lines[:at] for cell in cells):
        raise InputError(
            f"{name} heeft gegevens boven de regel met kolomnamen (regel {at + 1}); download het "
            "opnieuw."
        )
    header, rows, ended = lines[at], [], 0
    for number, cells in enumerate(lines[at + 1 :], start=at + 2):
        filled = [cell for cell in cells if cell]
        if not filled:
            continue
        # Exports end with a line on the source; nothing of the table comes after it.
        if len(filled) == 1 and re.match(r"(Bron|©)", filled[0]):
            ended = number
            continue
        if ended or len(cells) != len(header):
            raise InputError(
                f"{name} is beschadigd: regel {number} heeft {len(cells)} velden in plaats van "
                f"{len(header)}; download het opnieuw."
                if not ended
                else f"{name} heeft op regel {number} nog gegevens na de bronvermelding; bewaar "
                "iedere tabel als een eigen bestand."
            )
        rows.append(cells)
    if not rows:
        raise InputError(f"{name} heeft kolomnamen en geen gegevens; download het opnieuw.")
    # Of a text file every line has been counted; a workbook fills its lines up.
    if is_book and (at_row := _shifted(header, rows)) is not None:
        raise InputError(
            f"{name} mist in gegevensregel {at_row + 1} cellen, zodat de andere verschoven zijn; "
            "download het opnieuw."
        )
    named = [column for column in header if column]
    if doubles := sorted({column for column in named if named.count(column) > 1}):
        raise InputError(
            f"{name} heeft de kolom '{doubles[0]}' meer dan één keer; laat er één staan."
        )
    if nameless := _cells_without_a_name(header, rows):
        raise InputError(
            f"{name} heeft '{nameless}' in een kolom zonder naam: er is een cel verschoven of een "
            "kolomnaam weg; download het opnieuw."
        )
    table = pd.DataFrame(rows, columns=header, dtype="str")[named]
    above = [cell for cells in lines[:at] for cell in cells if cell]
    return Sheet(name, table, tuple(text for text in [*beside, *above] if text))


def _cells_without_a_name(header: list[str], rows: list[list[str]]) -> str:
    """Return a cell that stands under no column name, or ''.

    A spreadsheet or a script puts numbers of rows in a column without a name: one in each row, none
    of them twice.
    """
    for at, column in enumerate(header):
        filled = [cells[at] for cells in rows if cells[at]]
        numbers = {cell for cell in filled if cell.isdecimal()}
        if not column and filled and len(numbers) < len(rows):
            return next((cell for cell in filled if not cell.isdecimal()), filled[0])
    return ""


def _shifted(header: list[str], rows: list[list[str]]) -> int | None:
    """Return the row of a workbook of which cells moved to the left or right, or None.

    CBS writes a point where there is no figure, so that its columns are filled in every row or in
    none. In a row with one cell less or more, the filled cells are those of the others, moved.
    """
    width = max((at for at, column in enumerate(header) if column), default=0) + 1
    if not any("." in row[:width] for row in rows):
        return None
    filled = [tuple(map(bool, row[:width])) for row in rows]
    usual, number = Counter(filled).most_common(1)[0]
    if number <= len(rows) / 2:
        return None
    fewer = {usual[:at] + usual[at + 1 :] + (False,) for at in range(width)}
    more = {usual[:at] + (True,) + usual[at:-1] for at in range(width)}
    for at, shape in enumerate(filled):
        if shape == usual:
            continue
        if shape in fewer:
            return at
        # A remark in a column that is else empty moves nothing.
        strange = [
            cell
            for cell, this, that in zip(rows[at], shape, usual, strict=False)
            if this and not that
        ]
        if shape in more and any(re.fullmatch(r"[\d.,-]+", cell) for cell in strange):
            return at
    return None
