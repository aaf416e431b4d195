"""What a snapshot of a table holds, whether StatLine answered it or a person brought a file.

Both are told in StatLine's words: DataProperties, the names of the regions, and the columns.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow
from pyarrow import compute, parquet

from analysis.sources import layouts, regions
from analysis.sources.codebook import Concept, plain
from analysis.sources.errors import InputError
from analysis.sources.sheets import Sheet, read_sheet
from analysis.sources.snapshot import Snapshot

_ROWS = "TypedDataSet.parquet"
_NAMES = "WijkenEnBuurten.json"
# How CBS and PDOK write "no figure" where a number is expected, and StatLine where a text is.
_MISSING_NUMBERS = (-99995, -99997, -99999999)
# The spreadsheet of 2022 has a comma for some holes.
_MISSING_TEXTS = (".", ",", "", "nan", "None", "<NA>", "NA", "NULL", "null")
# A number with a point between its thousands; 0.892 is none.
_THOUSANDS = r"-?[1-9]\d{0,2}\.\d{3}"
_WITHOUT_NAMES = (
    "Tabel {table} heeft een lijst van gebieden zonder codes of namen; haal de tabel opnieuw op "
    "met 'pull'."
)
_HUNDREDTHS = ("share", "area")


@dataclass(frozen=True)
class Contents:
    """The content of a snapshot before its columns are known.

    Attributes
    ----------
    name : str
        What sentences call it: the table, and the file where there is one.
    properties : list of dict
        StatLine's DataProperties, or what the header of a file says in the same form.
    region_names : Series of str
        By stripped code; empty where a file has no names.
    rows : DataFrame or Path
        The columns, or the parquet file that has them.
    """

    name: str
    properties: list[dict]
    region_names: pd.Series
    rows: pd.DataFrame | Path

    def columns(self, keys: Iterable[str]) -> pd.DataFrame:
        """Return some of the columns as published."""
        keys = list(keys)
        if isinstance(self.rows, pd.DataFrame):
            return self.rows[keys]
        self._check(keys)
        return pd.read_parquet(self.rows, columns=keys)

    def as_arrow(self, keys: Iterable[str]) -> pyarrow.Table:
        """Return some of the columns as published, without making a frame of them."""
        keys = list(keys)
        if isinstance(self.rows, pd.DataFrame):
            return pyarrow.Table.from_pandas(self.rows[keys], preserve_index=False)
        self._check(keys)
        return parquet.read_table(self.rows, columns=keys)

    def of_gemeente(self, keys: Iterable[str], code: str, gemeente: str) -> "Contents":
        """Return the rows of one gemeente, in some columns, of which `code` has the codes."""
        keys = list(keys)
        if isinstance(self.rows, pd.DataFrame):
            here = self.rows[code].astype("str").str.strip().str.slice(2, 6).eq(gemeente[2:])
            return replace(self, rows=self.rows.loc[here.fillna(False), keys])
        self._check(keys)
        table = parquet.read_table(self.rows, columns=keys)
        codes = compute.utf8_ltrim_whitespace(table[code])
        here = compute.equal(compute.utf8_slice_codeunits(codes, 2, 6), gemeente[2:])
        return replace(self, rows=table.filter(here).to_pandas())

    def _check(self, keys: list[str]) -> None:
        if gone := set(keys) - set(parquet.read_schema(self.rows).names):
            raise InputError(
                f"Tabel {self.name} noemt de kolom {min(gone)} in zijn DataProperties, maar heeft "
                "hem niet; haal de tabel opnieuw op met 'pull'."
            )


def is_brought(stored: Snapshot) -> bool:
    """Whether a snapshot is a file that a person brought, and no answer of the service."""
    return "kind" in stored.notes


def contents_of(
    stored: Snapshot, codebook: dict[str, Concept], year: int, gemeente: str = ""
) -> Contents:
    """Read what a snapshot holds; for one gemeente the names of its own regions are enough.

    Raises
    ------
    InputError
        When a file was changed on disk or cannot be read.
    """
    if is_brought(stored):
        file = next(iter(stored.files))
        sheet = read_sheet(stored.path(file), lambda cells: bool(layouts.kind_of(cells)))
        return of_sheet(sheet, codebook, year, f"{stored.name} uit {file}")
    return Contents(
        name=stored.name,
        properties=stored.json("DataProperties.json"),
        region_names=_region_names(stored, gemeente),
        rows=stored.path(_ROWS),
    )


def _region_names(stored: Snapshot, gemeente: str) -> pd.Series:
    text = stored.path(_NAMES).read_text(encoding="utf-8")
    try:
        titles = _records_of(text, gemeente) if gemeente else json.loads(text)
        # Of a code that stands there twice the first name counts.
        by_code = {str(one["Key"]).strip(): one["Title"] for one in reversed(titles)}
    except (KeyError, TypeError) as error:
        raise InputError(_WITHOUT_NAMES.format(table=stored.name)) from error
    if not by_code and not gemeente:
        raise InputError(_WITHOUT_NAMES.format(table=stored.name))
    return pd.Series(by_code, dtype="object")


def _records_of(text: str, gemeente: str) -> list[dict]:
    """Return the records of one gemeente's regions without decoding those of the whole country."""
    start, found, decoder = '"Key": "', [], json.JSONDecoder()
    if start not in text:
        return json.loads(text)
    for place in re.finditer(rf"{start}(?:GM|WK|BU){gemeente[2:]}", text):
        try:
            record, _ = decoder.raw_decode(text, text.rindex("{", 0, place.start()))
        except ValueError:
            return json.loads(text)
        found.append(record)
    return found


def of_sheet(sheet: Sheet, codebook: dict[str, Concept], year: int, name: str) -> Contents:
    """Return what a file's sheet holds; what a code tells by itself need not be a column."""
    codes = layouts.region_codes(sheet)
    names = layouts.region_names(sheet, codes)
    properties = layouts.data_properties(sheet, codebook, year)
    rows = sheet.rows.copy()
    titled = {plain(record["Title"]) for record in properties if record["Type"] == "Topic"}
    for title, unit, values in (
        ("Codering", "code", codes),
        ("Soort regio", "omschrijving", codes.str.slice(0, 2).map(layouts.REGION_KINDS)),
        ("Gemeentenaam", "naam", regions.gm_code(codes).map(names)),
    ):
        if plain(title) not in titled:
            rows[title] = values
            properties.append({"ID": len(properties), "ParentID": None, "Type": "Topic"}
                              | {"Key": title, "Title": title, "Unit": unit})  # fmt: skip
    return Contents(name, properties, names, rows)


def cleaned(
    contents: Contents, columns: dict[str, str], codebook: dict[str, Concept]
) -> pd.DataFrame:
    """Return the columns by concept: marks for missing as NaN, numbers in our units.

    Parameters
    ----------
    contents : Contents
    columns : dict of str to str
        Concept -> column.
    codebook : dict of str to Concept

    Raises
    ------
    InputError
        When something that must be a number is none.
    """
    answer = contents.columns(columns.values())
    table = {}
    for concept, column in columns.items():
        try:
            table[concept] = _clean(answer[column], codebook[concept].kind)
        except ValueError as error:
            raise InputError(
                f"In kolom {column} van tabel {contents.name} staat iets dat geen getal is "
                f"({error})."
            ) from error
    return pd.DataFrame(table, index=answer.index)


def has_figure(values: pyarrow.ChunkedArray) -> np.ndarray:
    """Return which rows of a column have a figure, without looking at what it is."""
    if pyarrow.types.is_null(values.type):
        return np.zeros(len(values), dtype=bool)
    if pyarrow.types.is_floating(values.type) or pyarrow.types.is_integer(values.type):
        marks = pyarrow.array(_MISSING_NUMBERS, type=pyarrow.int64()).cast(values.type)
    else:
        values = compute.utf8_trim_whitespace(values.cast(pyarrow.string()))
        marks = pyarrow.array([*_MISSING_TEXTS, "x", *map(str, _MISSING_NUMBERS)])
    known = compute.and_(compute.is_valid(values), compute.invert(compute.is_in(values, marks)))
    if pyarrow.types.is_floating(values.type):
        known = compute.and_(known, compute.invert(compute.is_nan(values).fill_null(True)))
    return known.to_numpy(zero_copy_only=False)


def _clean(values: pd.Series, kind: str) -> pd.Series | np.ndarray:
    if kind == "text":
        text = values.astype("str").str.strip()
        return text.mask(text.isin(_MISSING_TEXTS))
    is_text = values.dtype.kind not in "fiu"
    if is_text and values.isna().all():
        return np.full(len(values), np.nan)
    if is_text:
        # Untyped answers and exports pad their numbers and write a point or a comma.
        text = values.astype("str").str.strip().str.replace(",", ".", regex=False)
        # 'x' is how exports with symbols write a secret figure.
        text = text.mask(text.isin((*_MISSING_TEXTS, "x")))
        if (odd := text[text.str.contains(r"[^0-9.eE+-]", na=False)]).size:
            raise ValueError(f"'{odd.iloc[0]}'")
        # CBS gives no three decimals: 17.942 is not 18 people, and 1.050 no 1.05 thousand euro.
        if kind != "mean" and (odd := text[text.str.fullmatch(_THOUSANDS).fillna(False)]).size:
            raise ValueError(f"'{odd.iloc[0]}', met een teken tussen de duizendtallen")
        values = pd.to_numeric(text)
    number = values.to_numpy(dtype=float, na_value=np.nan)
    number = np.where(np.isin(number, _MISSING_NUMBERS), np.nan, number)
    if is_text and kind == "count" and (number % 1 > 0).any():
        raise ValueError(f"{number[number % 1 > 0][0]} is geen heel aantal")
    if kind == "keur":
        number = (number * 1000).round()
    # Divided, not multiplied by 0.01: 57 % is then 0.57 to the last digit.
    return number / 100 if kind in _HUNDREDTHS else number
