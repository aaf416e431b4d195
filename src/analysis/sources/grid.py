"""CBS's grid of 100 m and 500 m (vierkantstatistieken), from the file that a person downloads.

A cell is known by the code of its lower left corner in hundreds of metres (E0910N4520 lies at
x 91,000 and y 452,000), so its square is made from the code and never read. Never seen from where
this was built: made after its description.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.sources import snapshot
from analysis.sources.errors import InputError
from analysis.sources.facility_points import locate
from analysis.sources.geofile import RD
from analysis.sources.grid_codebook import GridConcept, place_columns
from analysis.sources.grid_file import code_columns, read_rows, size_of

NAME = "vierkanten"
SIZES = (100, 500)
# Why a value is missing.
KNOWN, SECRET, NOT_PUBLISHED, NOT_IN_FILE = "", "suppressed", "not_published", "not_in_file"
# CBS's own marks: fewer than five, and no figure.
_MARKS = {-99997: SECRET, -99995: NOT_PUBLISHED, -99999999: NOT_PUBLISHED}
_SCALE = {"share": 0.01, "keur": 1000.0}
_CODE = r"E(\d{4})N(\d{4})"
# The land of the country in metres.
_EAST, _NORTH = (0, 300_000), (300_000, 640_000)
# More than any cell has: infinity is no figure.
_MOST = 1e6
_YEAR = r"(20\d\d)(?!\d)"


@dataclass(frozen=True)
class Grid:
    """The inhabited cells of a grid.

    Attributes
    ----------
    cells : GeoDataFrame
        Squares in EPSG:28992, indexed by cell_code; the concepts that the file has, NaN where not
        known. Counts are rounded to 5, shares (0-1) to classes of 0.1.
    reasons : DataFrame of str
        The shape of the concepts in `cells`: why a value is missing ('suppressed',
        'not_published'), '' where it is known.
    absent : dict of str to str
        Concept -> 'not_in_file' or, for a column without one figure, 'not_published'.
    size : int
        Metres: 100 or 500.
    year : int or None
    label : str
        What the source line says.
    """

    cells: gpd.GeoDataFrame
    reasons: pd.DataFrame
    absent: dict[str, str]
    size: int
    year: int | None
    label: str


def store(raw: Path, file: Path, codebook: dict[str, GridConcept]) -> snapshot.Snapshot:
    """Check a grid and keep it as a snapshot.

    Raises
    ------
    InputError
        When it cannot be read as a grid, or its name does not tell the year.
    """
    grid = read_file(file, codebook)
    if grid.year is None:
        raise InputError(
            f"De naam van {file} zegt niet van welk jaar de vierkanten zijn; zet het jaar erin, "
            "zoals cbs_vk100_2024.gpkg."
        )
    notes = {"year": str(grid.year), "size": str(grid.size)}
    return snapshot.write_file(raw, NAME, file, len(grid.cells), notes)


def read(
    raw: Path,
    size: int,
    year: int,
    codebook: dict[str, GridConcept],
    within: tuple[float, float, float, float] | None = None,
) -> Grid | None:
    """Return the stored grid of a cell size whose year is nearest, or None; see `read_file`."""
    suited = [s for s in snapshot.releases(raw, NAME) if s.notes["size"] == str(size)]
    if not suited:
        return None
    stored = min(suited, key=lambda s: abs(int(s.notes["year"]) - year))
    return read_file(stored.path(next(iter(stored.files))), codebook, within)


def read_file(
    file: Path,
    codebook: dict[str, GridConcept],
    within: tuple[float, float, float, float] | None = None,
) -> Grid:
    """Read a grid from a gpkg, shp or csv, or a zip with one of them.

    Parameters
    ----------
    file : Path
        A csv has `;` or `,` between its fields, and a point or (with `;`) a comma in its numbers.
    codebook : dict of str to GridConcept
    within : tuple of four floats, optional
        West, south, east and north in metres: only cells with ground in it. The country has
        hundreds of thousands.

    Raises
    ------
    InputError
        When the file is missing or damaged, has no column with cell codes, a column cannot be
        placed, a code is none or stands there twice, or a value is no figure and no known mark.
    """
    if not file.is_file():
        raise InputError(f"Het vierkantenbestand {file} bestaat niet.")
    spellings = frozenset(one for concept in codebook.values() for one in concept.spelling)
    table, names, layer = read_rows(file, spellings)
    named = code_columns(names)
    if len(named) != 1:
        what = " en ".join(named) or f"geen (wel {', '.join(names[:6])})"
        raise InputError(
            f"{file} moet één kolom met vierkantcodes hebben, zoals crs28992res100m, en heeft "
            f"{what}."
        )
    size = size_of(named[0])
    if size not in SIZES:
        raise InputError(f"{file} heeft vierkanten van {size} m; gelezen worden 100 m en 500 m.")
    columns = place_columns(codebook, names, file.name)
    codes = table[named[0]].astype("str").str.strip()
    east, north = _corners(codes, size, file)
    if within is not None:
        west, south, far, top = within
        here = (east < far) & (east + size > west) & (north < top) & (north + size > south)
        table, codes, east, north = table[here], codes[here], east[here], north[here]
    squares = shapely.box(east, north, east + size, north + size)
    values, reasons = {}, {}
    for concept, column in columns.items():
        values[concept], reasons[concept] = _figures(table[column], codebook[concept], codes, file)
    index = pd.Index(codes, name="cell_code")
    cells = gpd.GeoDataFrame(pd.DataFrame(values, index=index), geometry=squares, crs=RD)
    absent = {concept: NOT_IN_FILE for concept in codebook if concept not in columns}
    absent |= {concept: NOT_PUBLISHED for concept in columns if cells[concept].isna().all()}
    return Grid(
        cells=cells,
        reasons=pd.DataFrame(reasons, index=index, dtype="str"),
        absent=absent,
        size=size,
        year=_year_of(layer) or _year_of(file.stem),
        label=file.name,
    )


def cells_in(grid: Grid, regions: gpd.GeoDataFrame, by: str = "centroid") -> pd.DataFrame:
    """Tell which cells lie in which region.

    Parameters
    ----------
    grid : Grid
    regions : GeoDataFrame
        Polygons in EPSG:28992, indexed by region_code.
    by : {'centroid', 'area'}
        By centroid a cell lies in one region as a whole, or in none; by area in every region that
        has ground of it, for the share of its square.

    Returns
    -------
    DataFrame
        cell_code, region_code, share in (0, 1]; sorted. The shares of a cell sum to at most 1 where
        regions do not overlap.

    Raises
    ------
    ValueError
        When `by` is another word, or the regions are in another coordinate system.
    """
    if by not in ("centroid", "area"):
        raise ValueError(f"by must be 'centroid' or 'area', not {by!r}")
    if regions.crs != grid.cells.crs:
        raise ValueError(f"regions must be in {RD}")
    if by == "centroid":
        points = gpd.GeoDataFrame(geometry=grid.cells.geometry.centroid)
        found, _ = locate(points, regions)
        found = found.dropna().rename("region_code").reset_index().assign(share=1.0)
    else:
        shapes = regions.geometry.array
        region, cell = grid.cells.sindex.query(shapes, predicate="intersects")
        squares = grid.cells.geometry.array
        shared = shapely.area(shapely.intersection(squares[cell], shapes[region]))
        found = pd.DataFrame(
            {
                "cell_code": grid.cells.index[cell],
                "region_code": regions.index[region],
                "share": shared / grid.size**2,
            }
        )
        found = found[found["share"] > 0]
    return found.sort_values(["cell_code", "region_code"], ignore_index=True)


def _corners(codes: pd.Series, size: int, file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of the lower left corner of each cell."""
    parts = codes.str.extract(f"^{_CODE}$").astype(float) * 100
    east, north = parts[0], parts[1]
    wrong = ~(
        east.between(*_EAST) & north.between(*_NORTH) & east.mod(size).eq(0) & north.mod(size).eq(0)
    )
    if wrong.any():
        raise InputError(
            f"{file}: '{codes[wrong].iloc[0]}' is geen code van een vierkant van {size} m in "
            "Nederland (zoals E0910N4520)."
        )
    if codes.duplicated().any():
        raise InputError(
            f"{file} noemt vierkant {codes[codes.duplicated()].iloc[0]} meer dan één keer; haal "
            "het bestand opnieuw op."
        )
    return east.to_numpy(), north.to_numpy()


def _figures(
    column: pd.Series, concept: GridConcept, codes: pd.Series, file: Path
) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of a column and why they are missing."""
    empty = column.isna().to_numpy()
    if column.dtype.kind not in "fiu":
        column = column.astype("str").str.strip()
        empty = empty | column.eq("").to_numpy()
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    reason = np.where(empty, NOT_PUBLISHED, KNOWN).astype(object)
    for mark, why in _MARKS.items():
        reason[numbers == mark] = why
    is_figure = reason == KNOWN
    most = 100 if concept.kind == "share" else _MOST
    wrong = is_figure & ~((numbers >= 0) & (numbers <= most))
    if wrong.any():
        raise InputError(
            f"{file}: '{column[wrong].iloc[0]}' in kolom {column.name} (vierkant "
            f"{codes[wrong].iloc[0]}) is geen waarde van {concept.label_nl} en geen bekend teken "
            "voor ontbrekend (-99997, -99995)."
        )
    return np.where(is_figure, numbers, np.nan) * _SCALE.get(concept.kind, 1.0), reason


def _year_of(name: str) -> int | None:
    """Return the year that the figures are about: 2025-cbs_vk100_2024_v1 is of 2024."""
    found = re.search(r"(?:vk|vierkant)[a-z]*_?\d{3}m?_" + _YEAR, name.casefold())
    years = set(re.findall(r"(?<!\d)" + _YEAR, name))
    if found:
        return int(found[1])
    return int(years.pop()) if len(years) == 1 else None
