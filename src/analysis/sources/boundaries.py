"""Boundaries of wijken and buurten from a file that a person brings, kept as a snapshot.

Areas never come from here: the geometry may be simplified. Land area is in the region table.
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
from analysis.sources.geofile import code_column, layers, named_column, read_places
from analysis.sources.regions import gm_code, label

NAME = "grenzen"
_NAMES = {
    "wijk": ("wijknaam", "name", "naam", "statnaam", "wijk"),
    "buurt": ("buurtnaam", "name", "naam", "statnaam", "buurt"),
}
# A polygon of another year's division still fits when its area is near the region's own.
_FITS = (0.75, 1.33)
# Small regions in approximate geometry may be off by a hectare or two.
_SLACK_KM2 = 0.02
_SAME_DIVISION = 0.75


@dataclass(frozen=True)
class Boundaries:
    """The boundaries of one gemeente's wijken or buurten, as far as they fit the region table.

    Attributes
    ----------
    places : GeoDataFrame
        EPSG:28992, indexed by region_code, only regions of the table.
    label : str
        What the source line says: file and year.
    unfit : tuple of str
        Codes whose polygon is of another place (reused code) or another division.
    unmatched : tuple of str
        Codes of polygons that the region table does not have.
    missing : tuple of str
        Regions of the table without a polygon.
    """

    places: gpd.GeoDataFrame
    label: str
    unfit: tuple[str, ...]
    unmatched: tuple[str, ...]
    missing: tuple[str, ...]


def store(raw: Path, file: Path) -> snapshot.Snapshot:
    """Check a file of boundaries and keep it as a snapshot.

    The level is seen from the codes, the year from the file's name (wijken_2022.gpkg). A file
    may have a layer of wijken and one of buurten, as CBS's own map has.

    Raises
    ------
    InputError
        When the file is missing, has no polygons, or no column with wijk or buurt codes.
    """
    if not file.is_file():
        raise InputError(f"Het grenzenbestand {file} bestaat niet.")
    layer_by_level: dict[str, str] = {}
    gemeenten: set[str] = set()
    rows = 0
    for layer in layers(file):
        places = read_places(file, layer)
        level = next((one for one in ("buurt", "wijk") if code_column(places, one)), None)
        if level is None or level in layer_by_level:
            continue
        if not places.geom_type.isin(["Polygon", "MultiPolygon"]).all():
            raise InputError(
                f"{file} heeft geen vlakken, maar {places.geom_type.iloc[0]}; dit zijn geen "
                "grenzen."
            )
        layer_by_level[level] = layer
        gemeenten |= set(gm_code(places[code_column(places, level)].dropna().str.strip()))
        rows += len(places)
    if not layer_by_level:
        raise InputError(
            f"{file} heeft geen kolom met wijkcodes (WK063700) of buurtcodes (BU06370000)."
        )
    year = re.search(r"(?<!\d)(20\d\d)(?!\d)", file.name)
    notes = {
        # Read in a sentence, with "en" behind it: buurten, or buurten en wijken.
        "level": "en en ".join(sorted(layer_by_level)),
        "year": year[1] if year else "",
        "gemeenten": ",".join(sorted(gemeenten)),
    }
    notes |= {f"layer_{level}": layer for level, layer in layer_by_level.items()}
    return snapshot.write_file(raw, NAME, file, rows, notes)


def read(
    raw: Path, level: str, gemeente: str, year: int, regions: pd.DataFrame
) -> Boundaries | None:
    """Return the stored boundaries that suit a gemeente's region table best, or None.

    Parameters
    ----------
    raw : Path
    level : {'wijk', 'buurt'}
    gemeente : str
        Code of the gemeente.
    year : int
        Year of the region table; boundaries of that year are preferred, then of the nearest.
    regions : DataFrame
        The gemeente's region table of this level. A polygon of another year is used only if its
        area is near the region's: codes are reused, and the same code can be another place.
    """
    suited = [
        stored
        for stored in snapshot.releases(raw, NAME)
        if f"layer_{level}" in stored.notes and gemeente in stored.notes["gemeenten"].split(",")
    ]
    if not suited:
        return None
    stored = min(suited, key=lambda s: abs(int(s.notes["year"] or 0) - year))
    file = next(iter(stored.files))
    places = read_places(stored.path(file), stored.notes[f"layer_{level}"])
    codes = places[code_column(places, level)].str.strip()
    name = named_column(places, _NAMES[level])
    places = gpd.GeoDataFrame(
        {"name": label(places[name].astype("str")).array if name else ""},
        index=pd.Index(codes, name="region_code"),
        geometry=shapely.make_valid(places.geometry.array),
        crs=places.crs,
    )
    places = places[places.index.notna()]
    places = places[gm_code(places.index.to_series()) == gemeente]
    places = places.dissolve(level=0) if places.index.has_duplicates else places
    unmatched = places.index.difference(regions.index)
    places = places.loc[places.index.intersection(regions.index)]
    fits = _fits(places, regions, int(stored.notes["year"] or 0), year)
    # When many differ the division is another one, and what fits does so by chance.
    if len(fits) and fits.mean() < _SAME_DIVISION:
        fits[:] = False
    unfit = places.index[~fits]
    kept = places.drop(index=unfit)
    said = f"{file} ({'jaar ' + stored.notes['year'] if stored.notes['year'] else 'jaar onbekend'})"
    return Boundaries(
        places=kept,
        label=said,
        unfit=tuple(unfit),
        unmatched=tuple(unmatched),
        missing=tuple(regions.index.difference(kept.index)),
    )


def _fits(
    places: gpd.GeoDataFrame, regions: pd.DataFrame, drawn_year: int, year: int
) -> np.ndarray:
    """Tell which polygons are of the same place as the region of that code.

    They are when both are of one year, or the table says that nothing changed since the year
    before, of which the polygon is. Else the area must be about the one that CBS gives; the total
    area is not always known, and then a polygon with much water needs the same name.
    """
    if drawn_year == year:
        return np.ones(len(places), dtype=bool)
    known = regions.reindex(places.index)
    nothing = pd.Series(np.nan, places.index)
    land = known.get("land_area_km2", nothing)
    land = land.fillna(known["inhabitants"] / known.get("inhabitants_per_km2", nothing)).to_numpy()
    total = known.get("area_km2", nothing).to_numpy()
    area = places.area.to_numpy() / 1e6
    large_enough = area + _SLACK_KM2 >= _FITS[0] * land
    small_enough = area - _SLACK_KM2 <= _FITS[1] * np.fmax(total, land)
    named_alike = places["name"].ne("") & places["name"].eq(known["region_name"])
    fits = large_enough & (small_enough | named_alike.to_numpy())
    if year == drawn_year + 1:
        fits |= known["boundary_change"].eq("1").to_numpy()
    return fits
