"""The pages of a workbook, read fast, and slowly where a formula failed."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from analysis.sources import workbook
from analysis.sources.workbook import Page, is_workbook, read_pages, title_of


def book(*rows, title: str = "", more=()) -> bytes:
    made = openpyxl.Workbook()
    made.active.title = "Blad A"
    for row in rows:
        made.active.append(row)
    for name in more:
        made.create_sheet(name)
    made.properties.title = title
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def test_cells_are_what_was_typed_and_lines_of_one_width():
    given = book(
        ["code", "aantal", None, "wat"], ["00123", 5, 1.5, True], [],
        [datetime.date(2024, 1, 2), -1e-7, " x ", None, "ver"],
    )  # fmt: skip
    (page,) = read_pages(given, repr)
    assert page.title == "Blad A" and {len(line) for line in page.lines} == {5}
    assert page.lines[0] == ["'code'", "'aantal'", "None", "'wat'", "None"]
    assert page.lines[1][:4] == ["'00123'", "5.0", "1.5", "True"]
    assert page.lines[2] == ["None"] * 5
    assert page.lines[3] == ["datetime.date(2024, 1, 2)", "-1e-07", "' x '", "None", "'ver'"]


def test_all_pages_come_in_their_order_and_an_empty_one_has_no_lines():
    pages = read_pages(book(["a"], more=["B", "C"]), str)
    assert [(p.title, len(p.lines)) for p in pages] == [("Blad A", 1), ("B", 0), ("C", 0)]


def test_a_formula_that_failed_keeps_its_sign():
    assert read_pages(book(["a", "#DIV/0!", 2]), str) == [Page("Blad A", [["a", "#DIV/0!", "2"]])]


def test_both_readers_give_the_same_cells():
    given = book(["a", 1, 2.5, None, "é <b>&amp;"], [None, True, -3, "0012", "a\nb"])
    fast, slow = (read(given)[0][1] for read in (workbook._fast, workbook._slowly))
    # One says '' of an empty cell, the other None.
    assert [list(row) for row in fast] == [[c or "" for c in row] for row in slow]


@pytest.mark.parametrize("title", ["", "Kerncijfers & meer, 2024"])
def test_the_title_in_the_properties(title):
    assert title_of(book(["a"], title=title)) == title


def test_a_book_without_properties_and_a_zip_that_is_no_book():
    bare = io.BytesIO()
    with zipfile.ZipFile(bare, "w") as packed:
        packed.writestr("los.csv", "a;b")
    assert not is_workbook(bare.getvalue()) and is_workbook(book(["a"]))
    assert title_of(bare.getvalue()) == ""


def test_a_cut_or_spoilt_book_is_an_error():
    whole = book(*[["naam", number] for number in range(200)])
    at = zipfile.ZipFile(io.BytesIO(whole)).getinfo("xl/worksheets/sheet1.xml").header_offset + 90
    for damaged in (
        whole[:-40],
        whole[: len(whole) // 2],
        whole[:at] + b"\0" * 90 + whole[at + 90 :],
    ):
        with pytest.raises(Exception):  # noqa: B017 - any; who asks says it in a sentence
            read_pages(damaged, str)
