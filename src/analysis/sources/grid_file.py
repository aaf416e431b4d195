"""The file of a grid as it lies on disk: a gpkg, shp or csv, zipped or not, with its columns."""

import csv
import re
import zipfile
import zlib
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.geofile import layers, map_in
from analysis.sources.grid_codebook import plain

_CODE_COLUMN = re.compile(r"(?:crs28992res|c28992r)(\d+)m?")


def code_columns(names: list[str]) -> list[str]:
    """Return the columns whose name says that they hold codes of cells: crs28992res100m."""
    return [name for name in names if _CODE_COLUMN.fullmatch(plain(name))]


def size_of(column: str) -> int:
    """Return the metres that stand in the name of a column with codes."""
    return int(_CODE_COLUMN.fullmatch(plain(column))[1])


def read_rows(file: Path, spellings: frozenset[str]) -> tuple[pd.DataFrame, list[str], str]:
    """Return the rows of a file as they are, without geometry.

    Parameters
    ----------
    file : Path
        A gpkg, shp or csv, or a zip with one of them.
    spellings : frozenset of str
        Reduced names of the columns that are wanted beside the code: a grid has over a hundred.

    Returns
    -------
    (DataFrame, list of str, str)
        The wanted columns; the names of all columns; the name of what they stand in.

    Raises
    ------
    InputError
        When the file is damaged or has several layers with cells.
    """
    inside = ""
    content = None
    if zipfile.is_zipfile(file):
        try:
            with zipfile.ZipFile(file) as archive:
                tables = [n for n in archive.namelist() if n.casefold().endswith(".csv")]
                if len(tables) == 1:
                    inside, content = Path(tables[0]).stem, archive.read(tables[0])
        except (OSError, zipfile.BadZipFile, zlib.error) as error:
            raise _damaged(file) from error
    elif file.suffix.casefold() == ".csv":
        content = file.read_bytes()
    if content is not None:
        table = _csv(content, file)
        return table, list(table.columns), inside
    found = layers(file)
    try:
        heads = {layer: gpd.read_file(map_in(file), layer=layer, rows=1) for layer in found}
        suited = [layer for layer, head in heads.items() if code_columns(list(head.columns))]
        if len(suited) > 1:
            raise InputError(
                f"{file} heeft meer dan één laag met vierkanten ({', '.join(suited)}); sla de laag "
                "die u bedoelt op als eigen bestand."
            )
        layer = (suited or found)[0]
        names = [name for name in heads[layer].columns if name != heads[layer].geometry.name]
        wanted = [n for n in names if plain(n) in spellings or n in code_columns(names)]
        # Of a file of something else one column, as none at all cannot be asked for.
        wanted = wanted or names[:1]
        table = gpd.read_file(map_in(file), layer=layer, columns=wanted, ignore_geometry=True)
        return table, names, layer
    except (OSError, RuntimeError, ValueError) as error:
        raise _damaged(file) from error


def _csv(content: bytes, file: Path) -> pd.DataFrame:
    try:
        text = content.decode("utf-8-sig")
        head = text.split("\n", 1)[0]
        separator = ";" if head.count(";") >= head.count(",") else ","
        rows = list(csv.reader(text.splitlines(), delimiter=separator))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _damaged(file) from error
    # Of a number at the very end nobody can tell whether it was cut off.
    if len(rows) < 2 or not text.endswith("\n"):
        raise _damaged(file)
    short = next((n for n, row in enumerate(rows, 1) if len(row) != len(rows[0])), None)
    if short:
        raise InputError(
            f"{file}: regel {short} heeft {len(rows[short - 1])} velden en de kop {len(rows[0])}; "
            "haal het bestand opnieuw op."
        )
    table = pd.DataFrame(rows[1:], columns=rows[0], dtype="str")
    return table.apply(lambda c: c.str.replace(",", ".")) if separator == ";" else table


def _damaged(file: Path) -> InputError:
    return InputError(f"{file} is leeg, afgekapt of beschadigd; haal het bestand opnieuw op.")
