"""Made-up tables as a person downloads them: the same figures in each of the three layouts."""

import csv
import io
from pathlib import Path

import openpyxl
from statline_server import REGIONS, Table

SHORT = (
    "gm_naam", "recs", "gwb_code_10", "ind_wbi", "a_inw", "a_man", "a_vrouw", "g_ink_pi",
    "p_ink_li", "a_lan_ha", "a_nl_all", "a_eur_al", "a_neu_al", "a_geb_nl", "a_geb_eu",
    "a_geb_ne", "a_gbl_eu", "a_gbl_ne",
)  # fmt: skip
NAMES = {code: name for code, name, *_ in REGIONS}


def topics(table: Table) -> list[dict]:
    return [record for record in table.properties if record["Type"] == "Topic"]


def titled(table: Table) -> list[str]:
    """Return the headers of an export: Bevolking/Geslacht/Mannen (aantal)."""
    by_id = {record["ID"]: record for record in table.properties}
    headers = []
    for record in topics(table):
        path, above = [record["Title"]], record["ParentID"]
        while above is not None:
            path.insert(0, by_id[above]["Title"])
            above = by_id[above]["ParentID"]
        headers.append(f"{'/'.join(path)} ({record['Unit']})")
    return headers


def cell(value, comma: bool = True) -> str:
    """Return a figure as an export pads it, '.' where there is none."""
    if value is None:
        return "       ."
    if isinstance(value, float):
        return f"{value:>8}".replace(".", "," if comma else ".")
    return f"{value:>8}" if isinstance(value, int) else str(value)


def export_lines(table: Table, comma: bool = True) -> list[list[str]]:
    """Return the cells of a StatLine export, header first."""
    keys = [record["Key"] for record in topics(table)]
    lines = [["Wijken en buurten", *titled(table)]]
    for row in table.rows:
        name = NAMES[row["WijkenEnBuurten"].strip()]
        lines.append([name, *(cell(row[key], comma) for key in keys)])
    return lines


def saved_lines(table: Table) -> list[list[str]]:
    """Return the cells of a data set of the OData service, header first."""
    keys = list(table.rows[0])
    return [keys, *([cell(row[key], comma=False) for key in keys] for row in table.rows)]


def short_lines(table: Table) -> list[list]:
    """Return the cells of CBS's spreadsheet, header first; numbers are numbers."""
    keys = [record["Key"] for record in topics(table)]
    lines: list[list] = [["gwb_code_8", "regio", "a_ongeh ", *SHORT[: len(keys)]]]
    for row in table.rows:
        code = row["WijkenEnBuurten"].strip()
        figures = ["." if row[key] is None else row[key] for key in keys]
        figures = [v.strip() if isinstance(v, str) else v for v in figures]
        lines.append([code[2:], NAMES[code], ".", *figures])
    return lines


def csv_bytes(lines: list[list], delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(lines)
    return text.getvalue().encode(encoding)


def write_csv(path: Path, lines: list[list], **form) -> Path:
    path.write_bytes(csv_bytes(lines, **form))
    return path


def write_xlsx(path: Path, lines: list[list], title: str = "Blad1", more: str = "") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for line in lines:
        page.append(line)
    if more:
        other = book.create_sheet(more)
        for line in lines:
            other.append(line)
    book.save(path)
    return path
