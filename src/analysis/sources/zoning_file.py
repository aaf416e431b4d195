"""A list or a map of a gemeente's own areas, read as a table: which column says what."""

import io
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.geofile import code_column, read_places
from analysis.sources.regions import CODE_PATTERN

_ENOUGH = 0.9
_AREA = ("gebied", "gebiedsnaam", "stadsdeel", "stadsdeelnaam", "focusgebied", "deelgebied",
         "zone", "area", "area_name", "naam", "name")  # fmt: skip


def read_zoning_file(file: Path) -> pd.DataFrame:
    """Read a csv (`;`, `,` or tab), xlsx, gpkg or geojson, known by its content, as one table.

    Columns of lists are texts; a map is a GeoDataFrame in EPSG:28992. A list may lack a header.

    Raises
    ------
    InputError
        When the file is missing, damaged, none of these, or has no two columns.
    """
    if not file.is_file():
        raise InputError(f"Het bestand met eigen gebieden {file} bestaat niet.")
    start = file.read_bytes()[:16]
    if start.startswith(b"PK") and any(n.startswith("xl/") for n in _listed(file)):
        table = _tidy_header(pd.read_excel(file, dtype="str", engine="openpyxl"))
    elif start.startswith((b"SQLite", b"PK")) or start.lstrip(b"\xef\xbb\xbf \r\n").startswith(
        b"{"
    ):
        return read_places(file)
    else:
        table = _read_text(file)
    if table.shape[1] < 2 or table.empty:
        raise InputError(
            f"{file} heeft {len(table)} rijen en {table.shape[1]} kolom(men); geef een lijst met "
            "een kolom met buurtcodes en een kolom met het gebied."
        )
    return table


def _listed(file: Path) -> list[str]:
    try:
        return zipfile.ZipFile(file).namelist()
    except zipfile.BadZipFile as error:
        raise InputError(f"{file} is beschadigd; sla het opnieuw op.") from error


def _read_text(file: Path) -> pd.DataFrame:
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel on Windows writes names with accents so.
        text = raw.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    if "\0" in text or not first.strip():
        raise InputError(f"{file} is geen lijst en geen kaart; geef csv, xlsx, gpkg of geojson.")
    separator = max(";,\t", key=first.count)
    try:
        table = pd.read_csv(io.StringIO(text), sep=separator, dtype="str", skipinitialspace=True)
    except ValueError as error:
        raise InputError(
            f"{file} kan niet worden gelezen als lijst met ';' of ',' ({error}); sla hem opnieuw "
            "op als csv."
        ) from error
    return _tidy_header(table)


def _tidy_header(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with plain names; a first row that is a buurt already is no header."""
    header = [str(name).strip() for name in table.columns]
    if any(re.fullmatch(CODE_PATTERN["buurt"], name) for name in header):
        first = pd.DataFrame([header], columns=table.columns)
        table = pd.concat([first, table], ignore_index=True)
        header = [f"kolom {at}" for at in range(1, len(header) + 1)]
    return table.set_axis(header, axis=1).dropna(how="all").dropna(how="all", axis=1)


def buurt_codes(values: pd.Series) -> pd.Series:
    """Return codes as CBS writes them: BU06370101, also from 06370101 and Excel's 6370101."""
    bare = values.astype("str").str.strip().str.upper().str.removeprefix("BU").str.zfill(8)
    return ("BU" + bare).mask(values.isna())


def buurt_column(table: pd.DataFrame) -> str | None:
    """Return the column of which nearly all values are buurt codes, or None."""
    if isinstance(table, gpd.GeoDataFrame):
        return code_column(table, "buurt")
    for column in table.columns:
        codes = table[column].dropna().str.strip().str.upper()
        if codes.str.fullmatch(r"(?:BU)?\d{3,4}[0-9A-Z]{4}").mean() >= _ENOUGH:
            return column
    return None


def area_column(table: pd.DataFrame, buurt: str | None, asked: str | None, file: Path) -> str:
    """Return the column that names the area.

    Parameters
    ----------
    table : DataFrame
    buurt : str or None
        The column of buurt codes, if there is one.
    asked : str or None
        The column that the analyst named.
    file : Path
        For sentences.

    Raises
    ------
    InputError
        When the asked column is not there, or none or several could be meant.
    """
    rest = [c for c in table.columns if c not in (buurt, "geometry")]
    if asked is not None:
        if asked in rest:
            return asked
        raise InputError(f"{file} heeft geen kolom {asked}, maar wel {', '.join(rest)}.")
    if len(rest) == 1:
        return rest[0]
    # "area" is also what a map calls its km2: numbers with decimals name nothing.
    named = [
        c for c in rest
        if str(c).casefold() in _AREA and not pd.api.types.is_float_dtype(table[c])
    ]  # fmt: skip
    # Only a map of the areas themselves calls an area's name plainly "name".
    if buurt is None and named:
        return min(named, key=lambda c: _AREA.index(str(c).casefold()))
    if len(named) != 1:
        raise InputError(
            f"{file} zegt niet welke kolom het gebied noemt ({', '.join(rest)}); noem die kolom "
            "'gebied', of laat alleen de buurtcode en het gebied staan."
        )
    return named[0]
