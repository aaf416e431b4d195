"""Boundaries of gemeenten, wijken and buurten, kept as a snapshot and repaired when read.

From a file that a person brings (CBS's own map has a layer per level) or from the service (`pdok`).
Areas for density never come from the geometry: it holds ponds and canals, and may be simplified.
Land area is in the region table, and in the map where CBS published it there.
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
# From the smallest, as a map of buurten has the codes of their wijken and gemeenten too.
_LEVELS = ("buurt", "wijk", "gemeente")
# What stands before "en" in a sentence: buurten, gemeenten, wijken.
_STEM = {"buurt": "buurt", "gemeente": "gemeent", "wijk": "wijk"}
_NAMES = {
    "gemeente": ("gemeentenaam", "name", "naam", "statnaam", "gemeente"),
    "wijk": ("wijknaam", "name", "naam", "statnaam", "wijk"),
    "buurt": ("buurtnaam", "name", "naam", "statnaam", "buurt"),
}
_PREFIX = {"gemeente": "GM", "wijk": "WK", "buurt": "BU"}
_WATER = ("water", "h2o")
_LAND_HECTARES = ("oppervlaktelandinha", "oppervlakte_land_in_ha", "a_lan_ha")
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


@dataclass(frozen=True)
class Drawn:
    """Boundaries as they are drawn, whatever any table says.

    Attributes
    ----------
    places : GeoDataFrame
        EPSG:28992, one row per region_code: name; water (True for water or abroad);
        land_area_km2 as published with the map, NaN where it was not; valid polygons.
    label : str
        What the source line says: file and year.
    year : int or None
        Year of the division, where the file's name tells.
    """

    places: gpd.GeoDataFrame
    label: str
    year: int | None


def store(raw: Path, file: Path) -> snapshot.Snapshot:
    """Check a file of boundaries and keep it as a snapshot.

    The level is seen from the codes, the year from the file's name (wijken_2022.gpkg). A file
    may have a layer of gemeenten, one of wijken and one of buurten, as CBS's own map has; it may
    be zipped.

    Raises
    ------
    InputError
        When the file is missing, has no polygons, or no column with codes of regions.
    """
    if not file.is_file():
        raise InputError(f"Het grenzenbestand {file} bestaat niet.")
    layer_by_level: dict[str, str] = {}
    gemeenten: set[str] = set()
    rows = 0
    for layer in layers(file):
        places = read_places(file, layer)
        level = _level_of(places)
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
            f"{file} heeft geen kolom met wijkcodes (WK063700) of buurtcodes (BU06370000), en ook "
            "niet van elke gemeente één vlak met de code (GM0637)."
        )
    year = re.search(r"(?<!\d)(20\d\d)(?!\d)", file.name)
    *first, last = (_STEM[level] for level in sorted(layer_by_level))
    notes = {
        # Read in a sentence, with "en" behind it: buurten, or buurten en wijken.
        "level": ", ".join(f"{one}en" for one in first) + (" en " if first else "") + last,
        "year": year[1] if year else "",
        "gemeenten": ",".join(sorted(gemeenten)),
    }
    notes |= {f"layer_{level}": layer for level, layer in layer_by_level.items()}
    return snapshot.write_file(raw, NAME, file, rows, notes)


def _level_of(places: gpd.GeoDataFrame) -> str | None:
    """Return the level of which every row is a region, or None."""
    level = next((one for one in _LEVELS if code_column(places, one)), None)
    if level != "gemeente":
        return level
    # Other maps tell in which gemeente a thing lies; here each has one row for its land.
    codes = places[code_column(places, level)][~_is_water(places)]
    return None if codes.duplicated().any() else level


def read(
    raw: Path, level: str, gemeente: str, year: int, regions: pd.DataFrame
) -> Boundaries | None:
    """Return the stored boundaries that suit a gemeente's region table best, or None.

    Parameters
    ----------
    raw : Path
    level : {'gemeente', 'wijk', 'buurt'}
    gemeente : str
        Code of the gemeente.
    year : int
        Year of the region table; boundaries of that year are preferred, then of the nearest.
    regions : DataFrame
        The gemeente's region table of this level. A polygon of another year is used only if its
        area is near the region's: codes are reused, and the same code can be another place.
    """
    found = drawn(raw, level, gemeente, year)
    if found is None:
        return None
    places = found.places[["name", "geometry"]]
    unmatched = places.index.difference(regions.index)
    places = places.loc[places.index.intersection(regions.index)]
    fits = _fits(places, regions, found.year or 0, year)
    # When many differ the division is another one, and what fits does so by chance.
    if len(fits) and fits.mean() < _SAME_DIVISION:
        fits[:] = False
    unfit = places.index[~fits]
    kept = places.drop(index=unfit)
    return Boundaries(
        places=kept,
        label=found.label,
        unfit=tuple(unfit),
        unmatched=tuple(unmatched),
        missing=tuple(regions.index.difference(kept.index)),
    )


def drawn(raw: Path, level: str, gemeente: str | None, year: int) -> Drawn | None:
    """Return the stored boundaries of the nearest year as they are drawn, repaired, or None.

    Parameters
    ----------
    raw : Path
    level : {'gemeente', 'wijk', 'buurt'}
    gemeente : str or None
        Code of the gemeente; None for all regions of the map.
    year : int
        Boundaries of that year are preferred, then of the nearest; among equals the last stored.
    """
    suited = [
        stored
        for stored in snapshot.releases(raw, NAME)
        if f"layer_{level}" in stored.notes
        and (gemeente is None or gemeente in stored.notes["gemeenten"].split(","))
    ]
    if not suited:
        return None
    stored = min(suited, key=lambda s: abs(int(s.notes["year"] or 0) - year))
    file = next(iter(stored.files))
    number = gemeente[2:] if gemeente else ""
    mentioned = f'"{_PREFIX[level]}{number}' if gemeente else None
    places = read_places(stored.path(file), stored.notes[f"layer_{level}"], mentioned)
    codes = places[code_column(places, level)].str.strip()
    of_here = codes.notna() & (True if gemeente is None else gm_code(codes).eq(gemeente))
    places = places[of_here].set_index(pd.Index(codes[of_here], name="region_code"))
    year_drawn = int(stored.notes["year"]) if stored.notes["year"] else None
    return Drawn(
        places=_tidy(places, level),
        label=f"{file} ({f'jaar {year_drawn}' if year_drawn else 'jaar onbekend'})",
        year=year_drawn,
    )


def _tidy(places: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    name, land = named_column(places, _NAMES[level]), named_column(places, _LAND_HECTARES)
    hectares = pd.to_numeric(places[land], errors="coerce") if land else np.nan
    tidy = gpd.GeoDataFrame(
        {
            "name": label(places[name].astype("str")).array if name else "",
            "water": _is_water(places),
            # Marks for missing are far below zero; a region of water alone has 0.
            "land_area_km2": pd.Series(hectares, places.index, dtype=float).where(lambda x: x >= 0)
            / 100,
        },
        index=places.index,
        # By structure: what is left of a polygon that crosses itself is polygons, never lines.
        geometry=shapely.make_valid(
            places.geometry.array, method="structure", keep_collapsed=False
        ),
        crs=places.crs,
    )
    tidy = tidy[~tidy.geometry.is_empty]
    # A gemeente at the sea has a row for its land and one for its water.
    on_land = tidy.index[~tidy["water"]]
    tidy = tidy[~tidy["water"] | ~tidy.index.isin(on_land)]
    if not tidy.index.has_duplicates:
        return tidy
    return tidy.dissolve(
        level=0, aggfunc={"name": "first", "water": "first", "land_area_km2": "max"}
    )


def _is_water(places: gpd.GeoDataFrame) -> pd.Series:
    """Tell which polygons are no land of the country: water (JA) or abroad (B)."""
    column = named_column(places, _WATER)
    if column is None:
        return pd.Series(False, places.index)
    return places[column].astype("str").str.strip().str.upper().isin(["JA", "B"])


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
