"""Mangled copies of files that people bring: cut, reordered, saved otherwise, damaged.

Each function takes a seeded `random.Random` and returns a `Mangled`: the bytes of the copy, what
was done to it, and what of the unmangled file may be gone without anybody being able to see it.

Left out is what no reader can see, as every file says it by itself with full right:
- another digit, sign or decimal point inside a number of a text file, or another letter in a name;
- two columns that changed their headers, two rows of which the parts make exactly one (of
  Kerncijfers the partitions show it; see `test_bad_input`);
- a byte in a number or name of a gpkg or shp, which carry no checksums (`blind`: such a copy must
  only never end in a traceback).
A text file that was cut exactly at the end of a line is a file of fewer regions: rows may be gone.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import openpyxl

ROWS, COLUMNS, NAMES, BLIND = "rows", "columns", "names", "blind"
# What makes up a number or a name in a text: other ones are as good.
_CONTENT = frozenset(b"0123456789.,+-" + bytes(range(65, 91)) + bytes(range(97, 123)))
_NO_NUMBER = bytes(sorted(set(range(256)) - set(b"0123456789.,+-eE")))
_TEXTS = ("onbekend", "n.v.t.", "#REF!", "12a", "1e", "--", "1 2", "12%", "€ 5", "ja")
_BLANKS = ("", " ", "\t", "\u00a0")


@dataclass(frozen=True)
class Mangled:
    """A copy of a file with a fault, or in another form.

    Attributes
    ----------
    how : str
        What was done.
    content : bytes
    may_lose : frozenset of str
        'rows', 'columns' or 'names' that may be gone or other; 'blind' when anything may.
    """

    how: str
    content: bytes
    may_lose: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Grid:
    """The cells of a table, header first, and how they are written."""

    lines: list[list[str]]
    delimiter: str = ";"
    quoting: int = csv.QUOTE_ALL
    encoding: str = "utf-8-sig"
    newline: str = "\r\n"

    def bytes(self, **form) -> bytes:
        form = {
            "delimiter": self.delimiter,
            "quoting": self.quoting,
            "lineterminator": self.newline,
        } | form
        text = io.StringIO()
        encoding = form.pop("encoding", self.encoding)
        csv.writer(text, **form).writerows(self.lines)
        return text.getvalue().encode(encoding)

    def workbook(self, title: str = "Blad1", numbers: bool = True, more: tuple = ()) -> bytes:
        book = openpyxl.Workbook()
        page = book.active
        page.title = title
        for line in self.lines:
            page.append([_typed(cell) if numbers else cell for cell in line])
        for name, lines in more:
            other = book.create_sheet(name)
            for line in lines:
                other.append(line)
        kept = io.BytesIO()
        book.save(kept)
        return kept.getvalue()

    def but(self, lines: list[list[str]]) -> "Grid":
        return Grid(lines, self.delimiter, self.quoting, self.encoding, self.newline)


def _typed(cell: str) -> str | int | float | None:
    try:
        return int(cell)
    except ValueError:
        pass
    try:
        return float(cell) if cell.strip()[-1:].isdigit() else cell
    except ValueError:
        return cell or None


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


# Tables: what is done to cells


def _rows_shuffled(grid: Grid, dice: Random) -> list[list[str]]:
    return [grid.lines[0], *dice.sample(grid.lines[1:], len(grid.lines) - 1)]


def _columns_shuffled(grid: Grid, dice: Random) -> list[list[str]]:
    order = dice.sample(range(len(grid.lines[0])), len(grid.lines[0]))
    return [[line[at] for at in order] for line in grid.lines]


def _padded(grid: Grid, dice: Random) -> list[list[str]]:
    width = dice.choice((0, 8, 40))
    return [[cell.strip().rjust(width) if dice.random() < 0.5 else cell.strip().ljust(width)
             for cell in line] for line in grid.lines]  # fmt: skip


def _other_marks(grid: Grid, dice: Random) -> list[list[str]]:
    mark = dice.choice(("", ".", "       .", "   "))
    return [[mark if n and cell.strip() in ("", ".") else cell for cell in line]
            for n, line in enumerate(grid.lines)]  # fmt: skip


def _comma(grid: Grid, dice: Random) -> list[list[str]]:
    return [[cell.replace(".", ",") if n and _is_number(cell) else cell for cell in line]
            for n, line in enumerate(grid.lines)]  # fmt: skip


def _blank_lines(grid: Grid, dice: Random) -> list[list[str]]:
    lines = list(grid.lines)
    for _ in range(dice.randint(1, 5)):
        blank = dice.choice(([], [""] * len(lines[0]), [" "] * len(lines[0])))
        lines.insert(dice.randint(0, len(lines)), blank)
    return lines


def _title_above(grid: Grid, dice: Random) -> list[list[str]]:
    above = [["Een titel", *[""] * (len(grid.lines[0]) - 1)], []][: dice.randint(1, 2)]
    return [*above, *grid.lines]


def _source_below(grid: Grid, dice: Random) -> list[list[str]]:
    return [*grid.lines, *[[]] * dice.randint(0, 2), [dice.choice(("Bron: CBS", "© CBS", "Bron:"))]]


def _number_of_row(grid: Grid, dice: Random) -> list[list[str]]:
    return [["" if n == 0 else str(n - 1), *line] for n, line in enumerate(grid.lines)]


def _empty_column(grid: Grid, dice: Random) -> list[list[str]]:
    return [[*line, ""] for line in grid.lines]


def _unknown_column(grid: Grid, dice: Random) -> list[list[str]]:
    at = dice.randint(0, len(grid.lines[0]))
    return [[*line[:at], "Mijn eigen opmerking" if n == 0 else f"nota {n}", *line[at:]]
            for n, line in enumerate(grid.lines)]  # fmt: skip


def _rows_dropped(grid: Grid, dice: Random) -> list[list[str]]:
    kept = dice.randint(1, len(grid.lines) - 1)
    chosen = sorted(dice.sample(range(1, len(grid.lines)), kept))
    return [grid.lines[0], *(grid.lines[at] for at in chosen)]


def _column_dropped(grid: Grid, dice: Random) -> list[list[str]]:
    gone = set(dice.sample(range(len(grid.lines[0])), dice.choice((1, 1, 1, 3))))
    return [[cell for at, cell in enumerate(line) if at not in gone] for line in grid.lines]


def _column_renamed(grid: Grid, dice: Random) -> list[list[str]]:
    header = list(grid.lines[0])
    at = dice.randrange(len(header))
    name = header[at]
    letter = dice.randrange(len(name)) if name else 0
    header[at] = dice.choice((
        name[:letter] + dice.choice("aeiox_ (") + name[letter + 1 :],
        name[:letter] + name[letter + 1 :],
        name[:letter] + dice.choice("aeiox_/)") + name[letter:],
        name[::-1],
        "",
        "onbekend",
        f"{name}_nieuw",
    ))  # fmt: skip
    return [header, *grid.lines[1:]]


def _column_doubled(grid: Grid, dice: Random) -> list[list[str]]:
    at = dice.randrange(len(grid.lines[0]))
    other = dice.choice((" ", ".1", "_2", "", " (2)", "_99"))
    return [[*line, line[at] + other if n == 0 else _changed(line[at], dice)]
            for n, line in enumerate(grid.lines)]  # fmt: skip


def _rows_doubled(grid: Grid, dice: Random) -> list[list[str]]:
    lines = list(grid.lines)
    line = dice.choice(lines[1:])
    if dice.random() < 0.5:
        line = [_changed(cell, dice) for cell in line]
    lines.insert(dice.randint(1, len(lines)), line)
    return lines


def _header_repeated(grid: Grid, dice: Random) -> list[list[str]]:
    lines = list(grid.lines)
    lines.insert(dice.randint(1, len(lines)), lines[0])
    return lines


def _years_mixed(grid: Grid, dice: Random) -> list[list[str]]:
    """Add a column of years, and the rows again, of another year and with other figures."""
    head, *lines = grid.lines
    name = dice.choice(("jaar", "Perioden", "year"))
    old = [[*line, "2019"] for line in lines]
    half = len(head) // 2  # what a row is about stands in front
    new = [[*line[:half], *(_changed(cell, dice) for cell in line[half:]), "2020"]
           for line in lines]  # fmt: skip
    if dice.random() < 0.3:  # of each year some regions
        return [[*head, name], *old[::2], *new[1::2]]
    return [[*head, name], *old, *new]


def _cell_of_text(grid: Grid, dice: Random) -> list[list[str]]:
    lines = [list(line) for line in grid.lines]
    line = dice.choice(lines[1:])
    line[dice.randrange(len(line))] = dice.choice(_TEXTS)
    return lines


def _thousands(grid: Grid, dice: Random) -> list[list[str]]:
    sign = dice.choice((".", ",", " ", "\u00a0", "'"))

    def told(cell: str) -> str:
        if not cell.strip().isdigit():
            return cell
        return f"{int(cell):,}".replace(",", sign)

    return [grid.lines[0], *([told(cell) for cell in line] for line in grid.lines[1:])]


def _field_lost(grid: Grid, dice: Random) -> list[list[str]]:
    lines = list(grid.lines)
    at = dice.randrange(1, len(lines))
    gone = dice.randrange(len(lines[at]))
    lines[at] = lines[at][:gone] + lines[at][gone + 1 :]
    return lines


def _field_added(grid: Grid, dice: Random) -> list[list[str]]:
    lines = list(grid.lines)
    at, place = dice.randrange(1, len(lines)), dice.randint(0, len(lines[0]))
    lines[at] = [*lines[at][:place], dice.choice(("", "12", "x")), *lines[at][place:]]
    return lines


def _header_gone(grid: Grid, dice: Random) -> list[list[str]]:
    return grid.lines[1:]


def _no_rows(grid: Grid, dice: Random) -> list[list[str]]:
    return grid.lines[:1]


def _turned(grid: Grid, dice: Random) -> list[list[str]]:
    return [list(line) for line in zip(*grid.lines, strict=True)]


def _changed(cell: str, dice: Random) -> str:
    return str(float(cell) + dice.randint(1, 9)) if _is_number(cell) else cell


LINES: tuple[tuple[Callable[[Grid, Random], list[list[str]]], frozenset[str]], ...] = (
    (_rows_shuffled, frozenset()),
    (_columns_shuffled, frozenset()),
    (_padded, frozenset()),
    (_other_marks, frozenset()),
    (_comma, frozenset()),
    (_blank_lines, frozenset()),
    (_title_above, frozenset()),
    (_source_below, frozenset()),
    (_number_of_row, frozenset()),
    (_empty_column, frozenset()),
    (_unknown_column, frozenset()),
    (_rows_dropped, frozenset({ROWS})),
    (_column_dropped, frozenset({COLUMNS, NAMES})),
    (_column_renamed, frozenset({COLUMNS, NAMES})),
    (_column_doubled, frozenset({NAMES})),
    (_rows_doubled, frozenset()),
    (_header_repeated, frozenset()),
    (_years_mixed, frozenset()),
    (_cell_of_text, frozenset({NAMES})),
    (_thousands, frozenset()),
    (_field_lost, frozenset()),
    (_field_added, frozenset()),
    (_header_gone, frozenset()),
    (_no_rows, frozenset()),
    (_turned, frozenset()),
)


def _cells(grid: Grid, dice: Random) -> tuple[str, Grid, frozenset[str]]:
    """Change the cells of a table once or twice."""
    told, may_lose = [], frozenset()
    for _ in range(dice.choice((0, 1, 1, 1, 2))):
        change, losing = dice.choice(LINES)
        if len(grid.lines) < 2 or len({len(line) for line in grid.lines}) > 1:
            break
        grid = grid.but(change(grid, dice))
        told.append(change.__name__.strip("_"))
        may_lose |= losing
    return "+".join(told) or "as it was", grid, may_lose


def mangled_csv(grid: Grid, dice: Random) -> Mangled:
    """Mangle a csv: its cells, the way in which they are written, its bytes, or all of these."""
    told, grid, may_lose = _cells(grid, dice)
    form = {}
    if dice.random() < 0.6:
        form = {
            "delimiter": dice.choice(";,\t"),
            "quoting": dice.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL)),
            "lineterminator": dice.choice(("\r\n", "\n", "\r")),
            "encoding": dice.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le")),
        }
    try:
        content = grid.bytes(**form)
    except UnicodeEncodeError:
        content = grid.bytes(**form | {"encoding": "utf-8"})
    if dice.random() < 0.5:
        how, content, losing = text_bytes(content, dice)
        told, may_lose = f"{told}, {how}", may_lose | losing
    return Mangled(f"{told} {form or ''}", content, may_lose)


def mangled_workbook(grid: Grid, dice: Random) -> Mangled:
    """Mangle an xlsx: its cells, its sheets, or its bytes."""
    told, grid, may_lose = _cells(grid, dice)
    more = dice.choice((
        (), (), (),
        (("Toelichting", [["Leeg blad met tekst"], ["Bron: CBS"]]),),
        (("Leeg", []),),
        (("Kopie", grid.lines),),
    ))  # fmt: skip
    numbers = dice.random() < 0.7
    content = grid.workbook(dice.choice(("Blad1", "Gegevens 2031")), numbers, more)
    told += f" sheets {[name for name, _ in more]} numbers {numbers}"
    if dice.random() < 0.5:
        how, content = archive_bytes(content, dice)
        told = f"{told}, {how}"
    return Mangled(told, content, may_lose)


# Bytes


def text_bytes(content: bytes, dice: Random) -> tuple[str, bytes, frozenset[str]]:
    """Damage the bytes of a text, not those of a number or a name."""
    how = dice.choice((
        "cut", "cut", "cut at line", "flip", "flip", "drop", "nul", "insert", "mojibake", "twice",
        "web page", "tail", "other sign", "quote", "fields gone", "zipped", "zeros", "mixed ends",
    ))  # fmt: skip
    at = dice.randrange(max(1, len(content)))
    if how == "cut":
        # Within a number at the very end of a file it cannot be seen, but then the line is not
        # ended either.
        return f"cut at {at}", content[:at], frozenset({ROWS})
    if how == "cut at line":
        return how, content[: content.rfind(b"\n", 0, at) + 1], frozenset({ROWS})
    if how in ("flip", "drop"):
        marks = [n for n, byte in enumerate(content) if byte not in _CONTENT]
        at = dice.choice(marks) if marks else 0
        other = bytes([dice.choice(_NO_NUMBER)]) if how == "flip" else b""
        lost = {ROWS} if content[at : at + 1] in b"\r\n" else set()
        return f"{how} {at}", content[:at] + other + content[at + 1 :], frozenset({NAMES, *lost})
    if how == "nul":
        return f"nul at {at}", content[:at] + b"\0" * dice.randint(1, 9) + content[at:], frozenset()
    if how == "insert":
        other = bytes(dice.choice(_NO_NUMBER) for _ in range(dice.randint(1, 5)))
        return f"insert {other!r} at {at}", content[:at] + other + content[at:], frozenset({NAMES})
    if how == "mojibake":
        return how, content.decode("cp1252", errors="replace").encode(), frozenset({NAMES})
    if how == "twice":
        return how, content * 2, frozenset()
    if how == "web page":
        return how, b"<!DOCTYPE html><html><body>" + content, frozenset()
    if how == "tail":
        tail = dice.choice((b"</html>", b"Fatal error\n", b"\n\n\n", b"\x1a", b";;;;\n"))
        return f"{how} {tail!r}", content + tail, frozenset({NAMES})
    if how == "other sign":
        old, new = dice.choice(((b";", b","), (b",", b";"), (b"\t", b" "), (b'"', b"'"),
                                (b'"', b""), (b".", b","), (b" ", b"")))  # fmt: skip
        return f"{old!r} to {new!r}", content.replace(old, new), frozenset({NAMES})
    if how == "quote":
        return f"quote at {at}", content[:at] + b'"' + content[at:], frozenset({NAMES, ROWS})
    if how == "fields gone":
        marks = [n for n, byte in enumerate(content) if byte in b";,\t\n"]
        if len(marks) < 2:
            return "as it was", content, frozenset()
        first, last = sorted(dice.sample(marks, 2))
        glued = content[:first] + content[last:]
        if _looks_whole(glued, first):
            return "as it was", content, frozenset()
        return f"fields {first}-{last}", glued, frozenset({ROWS})
    if how == "zipped":
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("tabel.csv", content)
        return how, kept.getvalue(), frozenset()
    if how == "zeros":
        return f"zeros from {at}", content[:at] + bytes(len(content) - at), frozenset()
    return how, content.replace(b"\r\n", b"\n", 1), frozenset()


def _looks_whole(content: bytes, at: int) -> bool:
    """Whether the line around a place has as many fields as the first line."""
    begin, end = content.rfind(b"\n", 0, at) + 1, content.find(b"\n", at)
    line, first = content[begin : end if end > 0 else None], content.split(b"\n", 1)[0]
    return any(
        mark in first and line.count(mark) == first.count(mark) for mark in (b";", b",", b"\t")
    )


def archive_bytes(content: bytes, dice: Random) -> tuple[str, bytes]:
    """Damage any bytes of a zip or xlsx; their checksums show it."""
    how = dice.choice(("cut", "cut head", "flip", "flip", "drop", "zeros", "insert", "tail"))
    at = dice.randrange(len(content))
    some = dice.randint(1, 40)
    if how == "cut":
        return f"cut at {at}", content[:at]
    if how == "cut head":
        return f"cut head {some}", content[some:]
    if how == "flip":
        flipped = bytearray(content)
        for _ in range(dice.choice((1, 1, 5))):
            flipped[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        return "bits flipped", bytes(flipped)
    if how == "drop":
        return f"drop {some} at {at}", content[:at] + content[at + some :]
    if how == "zeros":
        return f"zeros {some} at {at}", content[:at] + bytes(some) + content[at + some :]
    if how == "insert":
        return f"insert {some} at {at}", content[:at] + dice.randbytes(some) + content[at:]
    return "tail", content + dice.randbytes(some)


# Maps


def mangled_geojson(answer: dict, dice: Random) -> Mangled:
    """Mangle a FeatureCollection: its features, their properties, or the bytes of the text."""
    answer = json.loads(json.dumps(answer))
    told, may_lose = _features(answer, dice)
    indent = dice.choice((None, None, 1))
    content = json.dumps(answer, ensure_ascii=dice.random() < 0.5, indent=indent).encode()
    if dice.random() < 0.3:
        content = content.decode().encode(dice.choice(("utf-8-sig", "utf-16", "latin-1"))
                                          , errors="replace")  # fmt: skip
        told, may_lose = f"{told}, other letters", may_lose | {NAMES}
    elif dice.random() < 0.4:
        how, content, losing = json_bytes(content, dice)
        told, may_lose = f"{told}, {how}", may_lose | losing
    return Mangled(told, content, may_lose)


def _features(answer: dict, dice: Random) -> tuple[str, frozenset[str]]:
    features = answer["features"]
    one = dice.choice(features)
    how = dice.choice((
        "as it was", "shuffled", "properties shuffled", "doubled", "dropped", "property dropped",
        "property renamed", "property doubled", "no geometry", "a point", "texts", "heights",
        "turned", "metres", "no crs", "far away", "not a number", "empty", "no type", "wrapped",
    ))  # fmt: skip
    names = list(one["properties"])
    name = dice.choice(names)
    if how == "shuffled":
        dice.shuffle(features)
    elif how == "properties shuffled":
        for each in features:
            each["properties"] = dict(dice.sample(list(each["properties"].items()), len(names)))
    elif how == "doubled":
        features.insert(dice.randint(0, len(features)), one)
    elif how == "dropped":
        del features[dice.randrange(len(features)) :]
        return how, frozenset({ROWS})
    elif how in ("property dropped", "property renamed"):
        for each in features if dice.random() < 0.5 else [one]:
            value = each["properties"].pop(name, None)
            if how == "property renamed":
                each["properties"][f"{name}{dice.choice('sx_')}"] = value
        return f"{how} {name}", frozenset({COLUMNS, NAMES, ROWS})
    elif how == "property doubled":
        for each in features:
            each["properties"][f"{name}_1"] = each["properties"].get(name)
    elif how == "no geometry":
        one["geometry"] = None
        return how, frozenset({ROWS})
    elif how == "a point":
        one["geometry"] = {"type": "Point", "coordinates": [4.5, 52.0]}
        return how, frozenset({ROWS, BLIND})
    elif how in ("texts", "heights", "turned", "far away", "not a number"):
        change = {
            "texts": lambda x, y: [str(x), "noord"],
            "heights": lambda x, y: [x, y, 0.0],
            "turned": lambda x, y: [y, x],
            "far away": lambda x, y: [x + 90, y],
            "not a number": lambda x, y: [float("nan"), y],
        }[how]
        for each in [one] if how in ("texts", "not a number") else features:
            each["geometry"]["coordinates"] = _moved(each["geometry"]["coordinates"], change)
        if how == "texts":  # a place without coordinates, which is told where the map is used
            return how, frozenset({ROWS})
    elif how == "metres":
        answer["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    elif how == "no crs":
        answer.pop("crs", None)
    elif how == "empty":
        features.clear()
    elif how == "no type":
        answer.pop("type", None)
    elif how == "wrapped":
        answer["features"] = {"features": features}
    return how, frozenset()


def _moved(coordinates: list, change: Callable) -> list:
    if isinstance(coordinates[0], list):
        return [_moved(part, change) for part in coordinates]
    return change(*coordinates[:2])


def json_bytes(content: bytes, dice: Random) -> tuple[str, bytes, frozenset[str]]:
    """Damage the bytes of a JSON text, not those of a number or a name."""
    how = dice.choice(("cut", "cut", "flip", "flip", "drop", "nul", "twice", "tail", "web page"))
    at = dice.randrange(len(content))
    if how == "cut":
        return f"cut at {at}", content[:at], frozenset()
    if how in ("flip", "drop"):
        marks = [n for n, byte in enumerate(content) if byte not in _CONTENT or byte == 0x2C]
        at = dice.choice(marks)
        other = bytes([dice.choice(_NO_NUMBER)]) if how == "flip" else b""
        return f"{how} {at}", content[:at] + other + content[at + 1 :], frozenset({NAMES})
    if how == "nul":
        return f"nul at {at}", content[:at] + b"\0" + content[at:], frozenset({NAMES})
    if how == "twice":
        return how, content * 2, frozenset()
    if how == "tail":
        return how, content + dice.choice((b"\n\n", b"</html>", b"}", b",")), frozenset()
    return how, b"<html>" + content, frozenset()


def binary_bytes(content: bytes, dice: Random) -> Mangled:
    """Damage the bytes of a map or parquet file."""
    how, damaged = archive_bytes(content, dice)
    return Mangled(how, damaged, frozenset({BLIND}))
