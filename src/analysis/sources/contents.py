"""What a snapshot of a table holds, whether StatLine answered it or a person brought a file.

Both are told in StatLine's words: DataProperties, the names of the regions, and the columns.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pyarrow import parquet

from analysis.sources import layouts, regions
from analysis.sources.codebook import Concept, plain
from analysis.sources.errors import InputError
from analysis.sources.sheets import Sheet, read_sheet
from analysis.sources.snapshot import Snapshot

_ROWS = "TypedDataSet.parquet"
# How CBS and PDOK write "no figure" where a number is expected, and StatLine where a text is.
_MISSING_NUMBERS = (-99995, -99997, -99999999)
_MISSING_TEXTS = (".", "", "nan", "None", "<NA>", "NA", "NULL", "null")
# A number with a point between its thousands; 0.892 is none.
_THOUSANDS = r"-?[1-9]\d{0,2}\.\d{3}"
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
        if gone := set(keys) - set(parquet.read_schema(self.rows).names):
            raise InputError(
                f"Tabel {self.name} noemt de kolom {min(gone)} in zijn DataProperties, maar heeft "
                "hem niet; haal de tabel opnieuw op met 'pull'."
            )
        return pd.read_parquet(self.rows, columns=keys)


def is_brought(stored: Snapshot) -> bool:
    """Whether a snapshot is a file that a person brought, and no answer of the service."""
    return "kind" in stored.notes


def contents_of(stored: Snapshot, codebook: dict[str, Concept], year: int) -> Contents:
    """Read what a snapshot holds.

    Raises
    ------
    InputError
        When a file was changed on disk or cannot be read.
    """
    if is_brought(stored):
        file = next(iter(stored.files))
        sheet = read_sheet(stored.path(file), lambda cells: bool(layouts.kind_of(cells)))
        return of_sheet(sheet, codebook, year, f"{stored.name} uit {file}")
    titles = pd.DataFrame(stored.json("WijkenEnBuurten.json"))
    if not {"Key", "Title"} <= set(titles.columns):
        raise InputError(
            f"Tabel {stored.name} heeft een lijst van gebieden zonder codes of namen; haal de "
            "tabel opnieuw op met 'pull'."
        )
    names = pd.Series(titles["Title"].array, index=titles["Key"].str.strip())
    return Contents(
        name=stored.name,
        properties=stored.json("DataProperties.json"),
        region_names=names[~names.index.duplicated()],
        rows=stored.path(_ROWS),
    )


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
    return pd.DataFrame(table)


def _clean(values: pd.Series, kind: str) -> pd.Series:
    if kind == "text":
        text = values.astype("str").str.strip()
        return text.mask(text.isin(_MISSING_TEXTS))
    is_text = values.dtype.kind not in "fiu"
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
    number = values.astype(float)
    number = number.mask(number.isin(_MISSING_NUMBERS))
    if is_text and kind == "count" and (number % 1).gt(0).any():
        raise ValueError(f"{number[(number % 1).gt(0)].iloc[0]} is geen heel aantal")
    if kind == "keur":
        return (number * 1000).round()
    # Divided, not multiplied by 0.01: 57 % is then 0.57 to the last digit.
    return number / 100 if kind in _HUNDREDTHS else number
