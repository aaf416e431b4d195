"""Any file that a person brings: seen from its content what it is, and stored as that."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd

from analysis.sources import (
    boundaries,
    buildings,
    downloads,
    facility_points,
    grid,
    grid_file,
    network,
    openstreetmap,
    outcome_files,
    questions,
    tenure_profiles,
)
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import kind_of_words
from analysis.sources.geofile import code_column, named_column, names_in_zip
from analysis.sources.grid_codebook import GridConcept, read_grid_codebook
from analysis.sources.layouts import kind_of
from analysis.sources.outcome_files import theme_of_header
from analysis.sources.outcomes import read_outcomes
from analysis.sources.overpass_answer import is_answer
from analysis.sources.own_facilities import is_own_list
from analysis.sources.schools import is_address_list
from analysis.sources.shapefile import check_shapefile
from analysis.sources.sheets import Sheet, read_sheet
from analysis.sources.snapshot import Snapshot

_SQLITE = b"SQLite format 3"
_ZIP = b"PK\x03\x04"
# How parquet, pdf, pictures and gzip begin.
_NO_TABLE = (b"PAR1", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")
# Columns that say what facilities are, and columns that say so where their words do.
_KINDS = ("soort", "kind", "voorziening", "soort_voorziening")
_MAYBE_KINDS = ("type", "categorie", "category", "functie", "thema")
_ENOUGH = 0.5
_SHAPES = (".geojson", ".json", ".gpkg", ".shp", ".gml")


def bring(edition: Edition, file: Path, year: int | None = None) -> tuple[str, int]:
    """Store a file as what its content says it is.

    Parameters
    ----------
    edition : Edition
    file : Path
        A table (Kerncijfers, Nabijheid, outcomes; xlsx or csv), boundaries, facilities (an own
        list, the schools of DUO, or from OpenStreetMap), the CBS grid or a walking network.
    year : int, optional
        The year that a table is about, where the file does not say so.

    Returns
    -------
    (str, int)
        In Dutch what it was stored as, and the number of rows.

    Raises
    ------
    InputError
        When the file is missing or of no known kind; nothing is stored then.
    """
    if not file.is_file():
        raise InputError(f"Het bestand {file} bestaat niet.")
    if is_answer(file):
        return _facilities(edition, file)
    if not _is_map(file):
        return _table(edition, file, year)
    if buildings.is_buildings(file):
        raise InputError(
            f"{file.name} heeft verblijfsobjecten van de BAG; zeg van welke gemeente ze bewaard "
            f"moeten worden met 'pull GEMEENTE --bag {file.name}'."
        )
    kind, store = _kind_of_map(edition, file)
    return (kind, store().rows) if store else _facilities(edition, file)


def _table(edition: Edition, file: Path, year: int | None) -> tuple[str, int]:
    with file.open("rb") as stream:
        if stream.read(8).startswith(_NO_TABLE):
            raise InputError(
                f"{file.name} is geen tabel of kaart; geef xlsx, csv, gpkg of geojson."
            )
    if _is_grid_table(file):
        return "vierkanten", grid.store(edition.raw, file, _grid_codebook(edition)).rows
    try:
        sheet = _published(file)
    except InputError:
        if _has(file, questions.is_header):
            return "vragen", questions.store(edition.raw, file).rows
        if _has(file, tenure_profiles.is_header):
            return "woonprofielen", tenure_profiles.store(edition.raw, file).rows
        if is_address_list(file) or openstreetmap.is_openstreetmap(file) or is_own_list(file):
            return _facilities(edition, file)
        raise
    if not theme_of_header(list(sheet.rows)):
        stored = downloads.store(edition, file, year)
        kind = f"tabel {stored.name} ({stored.notes['year']})"
        if short := downloads.incomplete(stored):
            kind += (
                f"; let op, er ontbreken wijken of buurten: er zijn er van {short} van de inwoners"
            )
        return kind, stored.rows
    data = edition.codebook.parent
    kept = outcome_files.store(edition.raw, file, read_outcomes(data / "outcomes.csv"), year)
    return f"uitkomsten ({', '.join(one.name for one in kept)})", sum(one.rows for one in kept)


def _has(file: Path, is_header: Callable[[list[str]], bool]) -> bool:
    try:
        read_sheet(file, is_header)
    except InputError:
        return False
    return True


def _published(file: Path) -> Sheet:
    # Damage is said of the kind of table that the file is.
    return read_sheet(file, lambda cells: bool(theme_of_header(cells) or kind_of(cells)))


def _facilities(edition: Edition, file: Path) -> tuple[str, int]:
    stored = facility_points.store(edition.raw, file)
    return facility_points.STORED_AS[stored.name], stored.rows


def _grid_codebook(edition: Edition) -> dict[str, GridConcept]:
    return read_grid_codebook(edition.codebook.parent / "grid_codebook.csv")


def _is_grid_table(file: Path) -> bool:
    """Whether a csv, or the csv in a zip, begins with a column of codes of squares."""
    with file.open("rb") as stream:
        begin = stream.read(4096)
    if begin.startswith(_ZIP):
        tables = [name for name in names_in_zip(file) if name.lower().endswith(".csv")]
        if len(tables) != 1:
            return False
        try:
            with zipfile.ZipFile(file) as archive, archive.open(tables[0]) as stream:
                begin = stream.read(4096)
        # A damaged zip surfaces as any of these; what is wrong is said when it is read.
        except (OSError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError):
            return False
    first = begin.decode("utf-8-sig", errors="replace").split("\n", 1)[0]
    return bool(grid_file.code_columns([cell.strip('" \r') for cell in re.split("[;,\t]", first)]))


def _is_map(file: Path) -> bool:
    with file.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(_SQLITE) or file.suffix.lower() in (".shp", ".gml"):
        return True
    if head.startswith(_ZIP):
        return any(name.lower().endswith(_SHAPES) for name in names_in_zip(file))
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")


def _kind_of_map(edition: Edition, file: Path) -> tuple[str, Callable[[], Snapshot] | None]:
    """Return what a map is and how it is stored; no way where it is facilities."""
    raw = edition.raw
    if file.suffix.casefold() == ".shp":
        check_shapefile(file)
    try:
        with warnings.catch_warnings():
            # What is wrong with it is said when all of it is read.
            warnings.simplefilter("ignore")
            first = gpd.read_file(file, rows=10)
    except Exception as error:  # the reader raises several kinds, among them RuntimeError
        if b'"elements"' in file.read_bytes()[:100_000]:
            # An answer of Overpass that is not about facilities: streets, as it was asked for.
            return "wandelnetwerk", lambda: network.store(raw, file)
        raise InputError(
            f"{file.name} kan niet worden gelezen als kaart; geef een gpkg, geojson, gezipte "
            "geojson, of een tabel (xlsx of csv)."
        ) from error
    if any("crs28992res" in str(name).casefold() for name in first.columns):
        return "vierkanten", lambda: grid.store(raw, file, _grid_codebook(edition))
    shapes = set(first.geom_type.dropna()) if isinstance(first, gpd.GeoDataFrame) else set()
    if shapes & {"LineString", "MultiLineString"}:
        return "wandelnetwerk", lambda: network.store(raw, file)
    if shapes & {"Polygon", "MultiPolygon"} and not _are_grounds(first, file):
        return "grenzen", lambda: boundaries.store(raw, file)
    return "", None


def _are_grounds(first: gpd.GeoDataFrame, file: Path) -> bool:
    """Whether polygons are grounds of facilities (parks, school grounds), and no regions."""
    if named_column(first, _KINDS):
        return True
    kinds = facility_points.known_kinds()
    for column in first.columns:
        if column != "geometry" and str(column).casefold() in _MAYBE_KINDS:
            words = first[column].dropna().astype("str")
            if len(words) and kind_of_words(words, kinds).notna().mean() >= _ENOUGH:
                return True
    coded = any(code_column(first, level) for level in ("wijk", "buurt"))
    return not coded and openstreetmap.is_openstreetmap(file)
