import zipfile

import openpyxl
import pytest
from downloaded import csv_bytes, write_csv, write_xlsx

from analysis.sources.errors import InputError
from analysis.sources.sheets import read_sheet

LINES = [["code", "naam", "a"], ["GM1", '\'s-Café, "De" Ÿ', "1,5"], ["GM2", "Súdwest", ""]]


def is_header(cells):
    return "code" in cells[:2]


def refused(file, says):
    with pytest.raises(InputError, match=says) as error:
        read_sheet(file, is_header)
    assert file.name in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_cells_are_read_as_they_stand(tmp_path, delimiter, encoding):
    file = write_csv(tmp_path / "a.csv", LINES, delimiter=delimiter, encoding=encoding)
    sheet = read_sheet(file, is_header)
    assert list(sheet.rows) == LINES[0] and sheet.rows.to_numpy().tolist() == LINES[1:]
    assert sheet.file == "a.csv" and sheet.beside == ()


def test_letters_of_windows_are_read_and_of_others_refused(tmp_path):
    lines = [LINES[0], ["GM1", "Súdwest-Fryslân é ‘s", "1"]]
    windows = write_csv(tmp_path / "a.csv", lines, encoding="cp1252")
    assert read_sheet(windows, is_header).rows["naam"].item() == "Súdwest-Fryslân é ‘s"
    lines = [LINES[0], ["GM1", "Café", "1"]]
    for other in ("cp850", "mac-roman"):
        refused(write_csv(tmp_path / f"{other}.csv", lines, encoding=other), "onbekende tekenset")
    twice = tmp_path / "b.csv"
    twice.write_bytes(csv_bytes(lines, encoding="utf-8").decode("cp1252").encode("utf-8"))
    refused(twice, "beschadigd")


def test_a_workbook_is_its_one_sheet_with_the_table(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Leeswijzer"
    book.active.append(["Uitleg"])
    page = book.create_sheet("KWB2024")
    for line in [["Titel"], [], ["code", "a", "b", "c"], ["GM1", 12, 1.5, None]]:
        page.append(line)
    book.save(tmp_path / "a.xlsx")
    sheet = read_sheet(tmp_path / "a.xlsx", is_header)
    assert sheet.rows.to_numpy().tolist() == [["GM1", "12", "1.5", ""]]
    assert "KWB2024" in sheet.beside and "Titel" in sheet.beside
    twice = write_xlsx(tmp_path / "b.xlsx", LINES, "2023", more="2024")
    refused(twice, "2 bladen met gegevens")


def test_a_column_without_a_name_is_no_column(tmp_path):
    file = write_csv(tmp_path / "a.csv", [["", "code", "a"], ["0", "GM1", "5"], ["1", "GM2", "6"]])
    assert read_sheet(file, is_header).rows.columns.tolist() == ["code", "a"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is leeg"),
        (b" \r\n", "is leeg"),
        (b"\xd0\xcf\x11\xe0 oud", "oud Excel-bestand"),
        (b"<!DOCTYPE html><html></html>", "is een webpagina"),
        (b"PK\x03\x04 half", "geen gaaf Excel-bestand"),
        (b"jaar;waarde\r\n2020;5\r\n", "geen bestand dat hier gelezen kan worden"),
        (
            b"jaar;waarde\r\n2020;5\r\n",
            "Kerncijfers.*Nabijheid.*SES-WOA.*RIVM.*Leefbaarometer.*eigen lijst.*indeling",
        ),
        (b"code;a\r\n", "kolomnamen en geen gegevens"),
        (b"code;a;b\r\nGM1;1;2\r\nGM2;3\r\n", "regel 3 heeft 2 velden in plaats van 3"),
        (b"code;a\r\nGM1;1;2\r\n", "regel 2 heeft 3 velden in plaats van 2"),
        (b"code;a\r\nGM1;12", "houdt midden in een regel op"),
        (b'code;a\r\nGM1;"12\r\n', "beschadigd bij regel 2"),
        (b"code;a;a\r\nGM1;1;2\r\n", "kolom 'a' meer dan"),
        (b"code;a\r\nGM1;\x00\r\n", "beschadigd"),
        (b"\xff\xfec\x00o", "onbekende tekenset|geen bestand"),
    ],
)
def test_what_cannot_be_read_whole_is_refused(tmp_path, content, says):
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    refused(file, says)


def test_a_zip_is_to_be_unpacked_and_a_file_to_be_there(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("a.csv", "code;a\r\n")
    refused(tmp_path / "a.zip", "pak het uit")
    refused(tmp_path / "niets.csv", "kan niet worden gelezen")


def test_no_half_of_a_file_is_read(tmp_path):
    """Every cut of a text either is refused or has the same cells in the rows it still has."""
    lines = [["code", "a", "b"], *([f"GM{n}", str(n * 7), f"{n},5"] for n in range(10, 16))]
    for quoted in (True, False):
        whole = csv_bytes(lines, encoding="utf-8")
        whole = whole if quoted else whole.replace(b'"', b"")
        file = tmp_path / "a.csv"
        file.write_bytes(whole)
        rows = read_sheet(file, is_header).rows
        for size in range(1, len(whole)):
            file.write_bytes(whole[:size])
            try:
                found = read_sheet(file, is_header).rows
            except InputError:
                continue
            assert found.equals(rows.iloc[: len(found)]), size


def test_letters_that_were_read_as_others_are_seen_by_the_mark_alone(tmp_path):
    file = tmp_path / "a.csv"
    # The mark of UTF-8 as Windows' letters, and nothing else beyond plain ones.
    file.write_bytes("ï»¿naam,code\nDorp,GM1\n".encode())
    refused(file, "beschadigd")


def test_rows_above_the_header_are_seen(tmp_path):
    lines = [["BU06370101", "Dorp", "1"], LINES[0], *LINES[1:]]
    refused(write_csv(tmp_path / "a.csv", lines), "gegevens boven de regel met kolomnamen")
    titled = [["Kerncijfers 2024", "", ""], *LINES]
    assert len(read_sheet(write_csv(tmp_path / "b.csv", titled), is_header).rows) == 2
