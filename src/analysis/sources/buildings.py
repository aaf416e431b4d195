"""Units of buildings by use, from the register of addresses and buildings (BAG) of Kadaster.

A unit (verblijfsobject) has one or more uses, a floor area, and the year in which its building was
built. A gemeente's units are cut out of the file that was brought, which may be the whole country.
"""

import json
import re
import tempfile
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.sources import snapshot
from analysis.sources.errors import InputError
from analysis.sources.geofile import RD, layers, map_in, read_places

NAME = "gebouwen"
DWELLING = "woonfunctie"
USES = (DWELLING, "bijeenkomstfunctie", "celfunctie", "gezondheidszorgfunctie", "industriefunctie",
        "kantoorfunctie", "logiesfunctie", "onderwijsfunctie", "sportfunctie", "winkelfunctie",
        "overige gebruiksfunctie")  # fmt: skip
# What stands and can be used, as CBS counts the stock of dwellings; a rebuilding stands too.
_STANDS = ("in gebruik", "in gebruik (niet ingemeten)", "buiten gebruik", "verbouwing")
# How the columns are called in the services and files of PDOK and in the register itself.
_COLUMNS = {
    "identity": ("identificatie", "lokaalid"),
    "uses": ("gebruiksdoel", "gebruiksdoelen"),
    "m2": ("oppervlakte",),
    "status": ("status", "verblijfsobjectstatus"),
    "built": ("bouwjaar", "oorspronkelijk_bouwjaar", "oorspronkelijkbouwjaar"),
    "building": ("pandidentificatie", "pand_identificatie", "maaktdeeluitvan"),
}
_LAYER, _BUILDINGS = "verblijfsobject", "pand"
# The register fills in 1 m2 and 999,999 m2 where the area was never measured, and the years 1005
# and 9999 where the year of building is not known.
_NO_AREA = (1, 999_999)
_FIRST_YEAR, _LAST_YEAR = 1006, 2100
# The reason of rows that say nothing of this gemeente; a file may hold the whole country.
ELSEWHERE = "buiten de gemeente"
_STORED = ("identity", "uses", "m2", "built", "x", "y")


@dataclass(frozen=True)
class Buildings:
    """The units of one gemeente.

    Attributes
    ----------
    units : GeoDataFrame
        EPSG:28992, points; `uses` (from `USES`, sorted, with '|' between), `m2` and `built` (NaN
        where not known).
    left_out : dict of str to int
        Rows that are no standing unit of the gemeente, by reason (Dutch).
    label : str
        What the source line says.
    """

    units: gpd.GeoDataFrame
    left_out: dict[str, int]
    label: str


def is_buildings(file: Path) -> bool:
    """Tell from the layers and columns of a map whether it holds units of the register."""
    try:
        found = layers(file)
        with warnings.catch_warnings():
            # What is wrong with it is said when it is read.
            warnings.simplefilter("ignore")
            first = gpd.read_file(
                map_in(file), layer=_LAYER if _LAYER in found else found[0], rows=1
            )
    except Exception:  # pyogrio raises several kinds, among them RuntimeError
        return False
    columns = _roles(first.columns)
    return {"identity", "uses", "m2"} <= set(columns)


def read_units(file: Path, outline: gpd.GeoSeries) -> Buildings:
    """Read the units that lie within an outline.

    Parameters
    ----------
    file : Path
        A gpkg (such as PDOK's own of the whole country), or the layer of units from the service
        as gpkg or geojson; a zip of one too.
    outline : GeoSeries
        The area of the gemeente, with its coordinate system.

    Raises
    ------
    InputError
        When the file is missing, has no units of the register, or none of them lies here.
    """
    if not file.is_file():
        raise InputError(f"Het bestand met gebouwen {file} bestaat niet; geef een gpkg of geojson.")
    found = layers(file)
    layer = _LAYER if _LAYER in found else None
    places = read_places(file, layer, within=outline)
    roles = _roles(places.columns)
    if lacking := [name for name in ("uses", "m2") if name not in roles]:
        wanted = " en ".join(f"'{_COLUMNS[name][0]}'" for name in lacking)
        raise InputError(
            f"{file.name} heeft geen kolom {wanted}; geef de laag 'verblijfsobject' van de BAG."
        )
    rows = pd.DataFrame({name: places[column] for name, column in roles.items()})
    rows = rows.reindex(columns=list(_COLUMNS))
    if rows["built"].isna().all() and _BUILDINGS in found:
        rows["built"] = _years_of(file, outline, rows["building"])
    why = _why_not(rows, places, outline)
    standing = rows[why.eq("")]
    units = gpd.GeoDataFrame(
        {
            "identity": standing["identity"].astype("str"),
            "uses": _uses(standing["uses"]),
            "m2": _area(standing["m2"]),
            "built": _year(standing["built"]),
        },
        geometry=places.geometry[why.eq("")].representative_point(),
        crs=RD,
    ).reset_index(drop=True)
    if units.empty:
        raise InputError(
            f"{file.name} heeft geen enkel verblijfsobject binnen deze gemeente; kijk of het "
            "bestand over deze gemeente gaat."
        )
    return Buildings(units, why[why.ne("")].value_counts().to_dict(), file.name)


def store(
    raw: Path, file: Path, gemeente: str, outline: gpd.GeoSeries
) -> tuple[snapshot.Snapshot, Buildings]:
    """Keep the units of one gemeente as a snapshot; see `read_units`.

    Only what is used is kept, so that a file of the whole country is not copied.
    """
    found = read_units(file, outline)
    table = pd.DataFrame(found.units.drop(columns="geometry")).assign(
        x=found.units.geometry.x, y=found.units.geometry.y
    )
    notes = {
        "gemeente": gemeente,
        "file": found.label,
        "left_out": json.dumps(found.left_out, ensure_ascii=False),
    }
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / f"{NAME}.parquet"
        table[list(_STORED)].to_parquet(written, index=False)
        return snapshot.write_file(raw, NAME, written, len(table), notes), found


def read(raw: Path, gemeente: str) -> Buildings | None:
    """Return the units of a gemeente that were brought last, or None."""
    own = [s for s in snapshot.releases(raw, NAME) if s.notes["gemeente"] == gemeente]
    stored = max(own, key=lambda s: s.fetched_at, default=None)
    if stored is None:
        return None
    table = pd.read_parquet(stored.path(next(iter(stored.files))))
    units = gpd.GeoDataFrame(
        table.drop(columns=["x", "y"]),
        geometry=gpd.points_from_xy(table["x"], table["y"]),
        crs=RD,
    )
    return Buildings(units, json.loads(stored.notes["left_out"]), stored.notes["file"])


def _roles(columns: Iterable[str]) -> dict[str, str]:
    """Return which column plays which part, by the names that they go under."""
    named = {str(column).casefold(): column for column in columns}
    return {
        role: named[spelling]
        for role, spellings in _COLUMNS.items()
        for spelling in reversed(spellings)
        if spelling in named
    }


def _years_of(file: Path, outline: gpd.GeoSeries, building: pd.Series) -> pd.Series:
    """Return the year of building from the layer of buildings; the first where there are more."""
    buildings = read_places(file, _BUILDINGS, within=outline)
    roles = _roles(buildings.columns)
    if "identity" not in roles or "built" not in roles:
        return pd.Series(np.nan, index=building.index)
    known = buildings.drop_duplicates(roles["identity"])
    years = known.set_index(known[roles["identity"]].astype("str"))[roles["built"]]
    return building.astype("str").str.extract(r"(\d{16})")[0].map(years)


def _why_not(rows: pd.DataFrame, places: gpd.GeoDataFrame, outline: gpd.GeoSeries) -> pd.Series:
    """Return why each row is no standing unit of the gemeente, '' where it is."""
    area = outline.to_crs(RD).union_all()
    points = places.geometry.representative_point()
    inside = pd.Series(False, index=places.index)
    inside.iloc[points.sindex.query(area, predicate="intersects")] = True
    status = rows["status"].astype("str").str.casefold()
    status = status.str.replace(r"\s*verblijfsobject\s*", "", regex=True).str.strip()
    unknown = rows["status"].isna()
    reasons = pd.Series("", index=rows.index)
    reasons[_uses(rows["uses"]).eq("")] = "zonder bekend gebruiksdoel"
    reasons[~status.isin(_STANDS) & ~unknown] = "nog niet of niet meer in gebruik"
    identity = rows["identity"]
    reasons[identity.duplicated() & identity.notna()] = "dubbel"
    reasons[~inside] = ELSEWHERE
    return reasons


def _uses(values: pd.Series) -> pd.Series:
    """Return the uses of each unit, however several are written: a list, or words in one text."""
    texts = values.map(lambda told: told if isinstance(told, str) else _joined(told))
    different = pd.Series(texts.unique(), dtype="object")
    read = {
        text: "|".join(sorted(use for use in USES if re.search(rf"\b{use}\b", text.casefold())))
        for text in different
    }
    return texts.map(read).astype("str")


def _joined(told: object) -> str:
    if isinstance(told, list | tuple | np.ndarray):
        return ",".join(map(str, told))
    return ""


def _area(values: pd.Series) -> pd.Series:
    m2 = pd.to_numeric(values, errors="coerce").astype("float64")
    return m2.where((m2 > 0) & ~m2.isin(_NO_AREA))


def _year(values: pd.Series) -> pd.Series:
    year = pd.to_numeric(values, errors="coerce").astype("float64")
    return year.where(year.between(_FIRST_YEAR, _LAST_YEAR))
