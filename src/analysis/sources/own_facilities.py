"""A gemeente's own list of facilities: which rows are facilities, and why the others are not."""

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import kind_of_words
from analysis.sources.geofile import RD, names_in_zip
from analysis.sources.own_checks import doubles, end_remark
from analysis.sources.own_columns import (
    OwnColumns,
    columns_of,
    has_whole_places,
    is_own_header,
    is_perhaps_own_header,
)
from analysis.sources.own_map import read_own_map
from analysis.sources.own_places import places_of
from analysis.sources.own_table import (
    OwnTable,
    UnknownTable,
    is_missing,
    read_own_table,
)
from analysis.sources.written_places import readings

UNMATCHED = ("file", "row", "says", "why")
# Fields that are kept as they stand, where the list has them.
KEPT = ("address", "postcode", "source_date", "hours")
_TOLD = ("kind", "name", "address", "number", "postcode")
_MAPS = (".gpkg", ".geojson", ".json", ".shp")


@dataclass(frozen=True)
class OwnList:
    """The facilities of a list, and every row that is none.

    Attributes
    ----------
    points : GeoDataFrame
        EPSG:28992; facility_id, kind (a key of the table of kinds), name ('' if unknown),
        capacity, m2 (NaN if unknown), source, region_code (what the list says, NaN where nothing),
        ground (of a map: its outline, None where it has none), and address, postcode, source_date
        and hours as they stand ('' if unknown).
    unmatched : DataFrame
        file, row (its number as the file shows it), says (what the row says), why.
    remarks : tuple of str
        What was made of what could be read in more than one way, and what was left empty.
    """

    points: gpd.GeoDataFrame
    unmatched: pd.DataFrame
    remarks: tuple[str, ...]


def is_own_list(file: Path) -> bool:
    """Tell from its header whether a table is a list of facilities with a place or an address."""
    try:
        table = _listed(file)
    except UnknownTable:
        return False
    except InputError:
        # A list that is damaged is a list all the same; what is wrong is said when it is read.
        return True
    if is_own_header(list(map(str, table.cells))):
        return True
    return has_whole_places(table.cells)


def read_own(file: Path, kinds: pd.DataFrame) -> OwnList:
    """Read a list of facilities: csv, xlsx, gpkg, geojson, a shapefile, or a map in a zip.

    Parameters
    ----------
    file : Path
    kinds : DataFrame
        As `facility_kinds.read_kinds` gives them.

    Raises
    ------
    InputError
        When the file is missing or damaged, does not say of what kind or where its facilities
        are, or has no row that can be placed.
    """
    if not file.is_file():
        raise InputError(f"Het voorzieningenbestand {file} bestaat niet.")
    table = read_own_map(file) if _is_map(file) else _listed(file)
    columns = columns_of(table, kinds)
    if "kind" not in columns.roles:
        listed = ", ".join(map(str, table.cells)) or "geen"
        raise InputError(
            f"{table.file} zegt niet welke soort voorziening elke rij is; noem die kolom 'soort' "
            f"(de kolommen zijn: {listed})."
        )
    ending = end_remark(table, columns)
    placed = places_of(table, columns)
    words = table.cells[columns.roles["kind"]]
    kind = kind_of_words(words.mask(is_missing(words)), kinds)
    why = _why_not(table, words, kind, placed.why)
    numbers, remarks = {}, [*ending, *placed.remarks]
    for role in ("capacity", "m2"):
        numbers[role], unread = _numbers(table, columns.roles.get(role))
        remarks += unread
    points = _points(table, columns, kind, numbers, placed.points)
    double = doubles(points, "id" in columns.roles)
    # A row that was left out for another reason is no double.
    double = double[~double.index.isin(why.index)]
    why = pd.concat([why, double]).sort_index()
    points = points.drop(index=why.index.intersection(points.index))
    unmatched = _unmatched(table, columns, why)
    if points.empty:
        first = unmatched.iloc[0]
        raise InputError(
            f"{table.file} heeft geen enkele rij die op de kaart kan; rij {first['row']} "
            f"bijvoorbeeld ({first['says'] or 'leeg'}): {first['why']}."
        )
    return OwnList(points.reset_index(drop=True), unmatched, tuple(remarks))


def unmatched_text(unmatched: pd.DataFrame) -> str:
    """Return rows that could not be placed as a text that goes with a snapshot."""
    return json.dumps(unmatched.to_dict("records"), ensure_ascii=False)


def unmatched_of(text: str) -> pd.DataFrame:
    """Return the rows of `unmatched_text`."""
    return pd.DataFrame(json.loads(text or "[]"), columns=list(UNMATCHED))


def _listed(file: Path) -> OwnTable:
    try:
        return read_own_table(file, is_own_header)
    except UnknownTable:
        return read_own_table(file, is_perhaps_own_header)


def _is_map(file: Path) -> bool:
    with file.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(b"SQLite format 3") or file.suffix.casefold() == ".shp":
        return True
    if zipfile.is_zipfile(file):
        return any(name.casefold().endswith(_MAPS) for name in names_in_zip(file))
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")


def _why_not(table: OwnTable, words: pd.Series, kind: pd.Series, nowhere: pd.Series) -> pd.Series:
    """Return why rows are no facility, by their number; the first reason of each."""
    empty = is_missing(words)
    why = {number: "zegt niet welke soort" for number in words.index[empty]}
    why |= {
        number: f"soort '{words[number]}' is niet bekend"
        for number in words.index[~empty & kind.isna()]
    }
    # A row that is not whole says nothing else for certain.
    return pd.Series(nowhere.to_dict() | why | table.broken.to_dict(), dtype="str")


def _numbers(table: OwnTable, column: str | None) -> tuple[pd.Series, list[str]]:
    """Return a column of amounts, NaN where it tells none, and what could not be read."""
    if column is None:
        return pd.Series(np.nan, index=table.cells.index), []
    texts = table.cells[column].mask(is_missing(table.cells[column])).dropna()
    meant = texts.map(readings)
    clear = meant.map(lambda found: len(found) == 1 and min(found) >= 0)
    values = meant[clear].map(min).reindex(table.cells.index).astype("float64")
    unread = texts[~clear]
    if unread.empty:
        return values, []
    listed = ", ".join(f"rij {number} ('{text}')" for number, text in unread.head(5).items())
    more = f" en {len(unread) - 5} andere" if len(unread) > 5 else ""
    return values, [
        f"In {table.file} is '{column}' leeg gelaten waar het geen getal is of op twee manieren "
        f"kan worden gelezen: {listed}{more}."
    ]


def _points(
    table: OwnTable,
    columns: OwnColumns,
    kind: pd.Series,
    numbers: dict[str, pd.Series],
    at: gpd.GeoSeries,
) -> gpd.GeoDataFrame:
    def said(role: str) -> pd.Series:
        column = columns.roles.get(role)
        if column is None:
            return pd.Series("", index=table.cells.index, dtype="str")
        texts = table.cells[column]
        return texts.mask(is_missing(texts), "")

    name = said("name")
    identity = said("id") if "id" in columns.roles else table.cells.index.astype("str")
    code = said("region_code")
    address = (said("address") + " " + said("number")).str.strip()
    told = pd.DataFrame(
        {
            "facility_id": identity,
            "kind": kind,
            "name": name,
            "capacity": numbers["capacity"],
            "m2": numbers["m2"],
            "source": table.file,
            "region_code": code.mask(code.eq("")),
            **{role: said(role) for role in KEPT},
        },
        index=table.cells.index,
    ).assign(address=address)
    points = gpd.GeoDataFrame(told.loc[at.index], geometry=at.array, crs=RD)
    if table.grounds is not None:
        # Where coordinates were read otherwise than they stand, the outline lies somewhere else.
        drawn = table.grounds.loc[at.index]
        points["ground"] = drawn.where(drawn.intersects(points.geometry), None)
    return points


def _unmatched(table: OwnTable, columns: OwnColumns, why: pd.Series) -> pd.DataFrame:
    shown = [columns.roles[role] for role in _TOLD if role in columns.roles]
    says = [
        re.sub(r"(.{77}).{4,}", r"\1...", ", ".join(filter(None, table.cells.loc[number, shown])))
        for number in why.index
    ]
    return pd.DataFrame(
        {"file": table.file, "row": why.index.astype("int64"), "says": says, "why": why.array},
        columns=list(UNMATCHED),
    )
