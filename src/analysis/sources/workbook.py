"""The pages of an Excel workbook as they were last saved: values, no formulas, no styles."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree

import openpyxl
from python_calamine import CalamineWorkbook, SheetTypeEnum

# A cell whose formula failed, in the file's own words: <c r="B7" t="e">.
_FAILED = re.compile(rb"<c [^>]*\bt=[\"']e[\"']")
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


@dataclass(frozen=True)
class Page:
    """One page of a workbook.

    Attributes
    ----------
    title : str
        What the tab says.
    lines : list of list of str
        All lines, of one width.
    """

    title: str
    lines: list[list[str]]


def is_workbook(content: bytes) -> bool:
    """Tell whether a zip is a workbook, and not a zip with files in it."""
    return "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()


def read_pages(content: bytes, text_of: Callable[[object], str]) -> list[Page]:
    """Return the pages with cells of a workbook.

    Parameters
    ----------
    content : bytes
        A whole xlsx file.
    text_of : callable
        What a cell becomes: it is given None, str, bool, int, float, date, datetime, time or
        timedelta.

    Raises
    ------
    Exception
        Of zip, zlib, XML or either reader, when the workbook is damaged.
    """
    # The fast reader gives a formula that failed (#N/B, #VERW!) as an empty cell, and a number
    # that is not known is not the same as a number that is wrong: those books are read slowly.
    read = _slowly if _has_failed_cell(content) else _fast
    pages = []
    for title, rows in read(content):
        lines = [[text_of(None if cell == "" else cell) for cell in row] for row in rows]
        width = max(map(len, lines), default=0)
        pages.append(Page(title, [line + [""] * (width - len(line)) for line in lines]))
    return pages


def title_of(content: bytes) -> str:
    """Return the title in a workbook's properties, '' when it has none."""
    book = zipfile.ZipFile(io.BytesIO(content))
    if "docProps/core.xml" not in book.namelist():
        return ""
    found = ElementTree.fromstring(book.read("docProps/core.xml")).find(_TITLE)
    return (found.text or "") if found is not None else ""


def _has_failed_cell(content: bytes) -> bool:
    book = zipfile.ZipFile(io.BytesIO(content))
    names = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
    return any(_FAILED.search(book.read(name)) for name in names if name.endswith(".xml"))


def _fast(content: bytes) -> list[tuple[str, list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [
        (page.name, book.get_sheet_by_name(page.name).to_python(skip_empty_area=False))
        for page in book.sheets_metadata
        if page.typ == SheetTypeEnum.WorkSheet
    ]


def _slowly(content: bytes) -> list[tuple[str, list]]:
    with warnings.catch_warnings():
        # What openpyxl does not support (styles, validation) is no part of the figures.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        found = []
        for page in book.worksheets:
            # Some programs write too small a size into the file.
            page.reset_dimensions()
            found.append((page.title, list(page.iter_rows(values_only=True))))
        book.close()
        return found
