"""Any file that a person brings: seen from its content what it is, and stored as that."""

import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd

from analysis.sources import (
    boundaries,
    downloads,
    facility_points,
    grid,
    network,
    outcome_files,
)
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError
from analysis.sources.geofile import names_in_zip
from analysis.sources.grid_codebook import read_grid_codebook
from analysis.sources.layouts import kind_of
from analysis.sources.outcome_files import theme_of_header
from analysis.sources.outcomes import read_outcomes
from analysis.sources.sheets import read_sheet
from analysis.sources.snapshot import Snapshot

_SQLITE = b"SQLite format 3"
_ZIP = b"PK\x03\x04"
_SHAPES = (".geojson", ".json", ".gpkg", ".shp", ".gml")


def bring(edition: Edition, file: Path, year: int | None = None) -> tuple[str, int]:
    """Store a file as what its content says it is.

    Parameters
    ----------
    edition : Edition
    file : Path
        A table (Kerncijfers, Nabijheid, outcomes; xlsx or csv), boundaries, facility points, the
        CBS grid or a walking network.
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
    if not _is_map(file):
        return _table(edition, file, year)
    kind, store = _kind_of_map(edition, file)
    return kind, store().rows


def _table(edition: Edition, file: Path, year: int | None) -> tuple[str, int]:
    # Damage is said of the kind of table that the file is.
    sheet = read_sheet(file, lambda cells: bool(theme_of_header(cells) or kind_of(cells)))
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


def _is_map(file: Path) -> bool:
    with file.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(_SQLITE) or file.suffix.lower() in (".shp", ".gml"):
        return True
    if head.startswith(_ZIP):
        return any(name.lower().endswith(_SHAPES) for name in names_in_zip(file))
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")


def _kind_of_map(edition: Edition, file: Path) -> tuple[str, Callable[[], Snapshot]]:
    try:
        with warnings.catch_warnings():
            # What is wrong with it is said when all of it is read.
            warnings.simplefilter("ignore")
            first = gpd.read_file(file, rows=10)
    except Exception as error:  # the reader raises several kinds, among them RuntimeError
        raise InputError(
            f"{file.name} kan niet worden gelezen als kaart; geef een gpkg, geojson, gezipte "
            "geojson, of een tabel (xlsx of csv)."
        ) from error
    shapes = set(first.geom_type.dropna()) if isinstance(first, gpd.GeoDataFrame) else set()
    fields = [str(name).casefold() for name in first.columns]
    raw = edition.raw
    if any("crs28992res" in name for name in fields):
        codebook = read_grid_codebook(edition.codebook.parent / "grid_codebook.csv")
        return "vierkanten", lambda: grid.store(raw, file, codebook)
    if shapes & {"LineString", "MultiLineString"}:
        return "wandelnetwerk", lambda: network.store(raw, file)
    if shapes & {"Polygon", "MultiPolygon"} and not {"soort", "kind", "voorziening"} & set(fields):
        return "grenzen", lambda: boundaries.store(raw, file)
    return "voorzieningen", lambda: facility_points.store(raw, file)
