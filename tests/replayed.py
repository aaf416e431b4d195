"""Real downloads back in the shape in which the service gives them, for a server on 127.0.0.1."""

import itertools
from pathlib import Path

import openpyxl
import pandas as pd
from statline_server import Table, data_properties

from analysis.sources.sheets import Sheet

_UNITS = {"Codering": "code", "Gemeentenaam": "naam", "SoortRegio": "omschrijving"}
_KINDS = {"Perioden": "TimeDimension"}


def typed(text: str) -> float | None:
    """Return a cell as the service types it: a number, or None where there is none."""
    text = text.strip()
    return None if text in (".", "", "None") else float(text.replace(",", "."))


def export_table(identifier: str, sheet: Sheet, code_title: str, period: str = "") -> Table:
    """Return an export of StatLine (topic paths with units) as a table of the service."""
    headers = [name for name in sheet.rows if name.endswith(")")]
    parted = [name[:-1].rpartition(" (") for name in headers]
    properties = data_properties(
        tuple(f"{' > '.join(path.split('/'))} | {unit}" for path, _, unit in parted)
    )
    codes = next(sheet.rows[name] for name in headers if code_title in name)
    columns = {}
    topics = [record for record in properties if record["Type"] == "Topic"]
    for name, record in zip(headers, topics, strict=True):
        is_text = record["Unit"] in ("code", "naam", "omschrijving")
        columns[record["Key"]] = sheet.rows[name] if is_text else sheet.rows[name].map(typed)
    return _table(identifier, properties, codes, columns, {"Perioden": [period]} if period else {})


def rivm_table(identifier: str, file: Path) -> Table:
    """Return the first gemeente of a saved data set of health as a table of the service."""
    page = openpyxl.load_workbook(file, read_only=True).worksheets[0]
    lines = page.iter_rows(values_only=True)
    header = [str(name) for name in next(lines)]
    dimensions = {name: [] for name in ("Leeftijd", "Marges", "Perioden")}
    rows = [dict(zip(header, map(str, line), strict=True)) for line in itertools.islice(lines, 99)]
    at = header.index("WijkenEnBuurten") + len(dimensions)
    found = pd.DataFrame(rows)
    codes = found["WijkenEnBuurten"].str.strip()
    found = found[codes.isin(["NL01"]) | codes.str[2:6].eq(codes[1][2:6])].reset_index(drop=True)
    keys = [name for name in header[at - 1 :] if name.rpartition("_")[2].isdecimal()]
    stems = [key.rpartition("_")[0] for key in keys]
    properties = data_properties(tuple(f"{stem} | {_UNITS.get(stem, '%')}" for stem in stems))
    topics = [record for record in properties if record["Type"] == "Topic"]
    columns = {}
    for key, stem, record in zip(keys, stems, topics, strict=True):
        record["Key"] = key
        columns[key] = found[key] if stem in _UNITS else found[key].map(typed)
    members = {name: [found[name][0]] for name in dimensions}
    return _table(identifier, properties, found["WijkenEnBuurten"], columns, members)


def crime_table(identifier: str, file: Path, gemeente: str, years: tuple[int, ...]) -> Table:
    """Return the crimes of one gemeente, a column per year, as a table of the service."""
    found = pd.read_csv(file, dtype="str")
    found = found[found["gm_code"].eq(gemeente)].reset_index(drop=True)
    properties = data_properties(("Geregistreerde misdrijven | aantal",))
    key = properties[-1]["Key"]
    tables = []
    for year in years:
        counts = found[f"misdrijven_{year}"].fillna(".").map(typed)
        members = {"SoortMisdrijf": ["0.0.0 "], "Perioden": [f"{year}JJ00"]}
        tables.append(_table(identifier, list(properties), found["code"], {key: counts}, members))
    first, *others = tables
    for other in others:
        first.rows += other.rows
        first.dimensions["Perioden"] += other.dimensions["Perioden"]
    return first


def _table(identifier, properties, codes, columns, members) -> Table:
    """Return a table with a row per region, at the first member of every dimension."""
    padded = [str(code).strip().ljust(10) for code in codes]
    known = {"WijkenEnBuurten": padded}
    known |= {name: [keys[0]] * len(padded) for name, keys in members.items()}
    figures = pd.DataFrame(known | {key: list(column) for key, column in columns.items()})
    figures = figures.astype(object).where(figures.notna(), None)
    rows = [{"ID": number, **row} for number, row in enumerate(figures.to_dict("records"))]
    titles = [{"Key": code, "Title": f"gebied {code.strip()}".ljust(40)} for code in padded]
    for number, name in enumerate(members):
        kind = _KINDS.get(name, "Dimension")
        properties.append({"ID": 900 + number, "ParentID": None, "Key": name, "Type": kind})
    listed = {
        name: [{"Key": key, "Title": key[:4]} for key in keys] for name, keys in members.items()
    }
    return Table(identifier, properties, titles, rows, dimensions=listed)
