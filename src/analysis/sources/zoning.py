"""A gemeente's own areas (stadsdelen, focus areas): which buurt belongs to which.

They come as outlines (gpkg, geojson) or as a list with a row per buurt (csv, xlsx, or a map of
buurten with a column that names the area).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analysis.sources import snapshot
from analysis.sources.errors import InputError
from analysis.sources.overlap import overlaps
from analysis.sources.zoning_file import (
    area_column,
    buurt_codes,
    buurt_column,
    read_zoning_file,
)

NAME = "eigen_indeling"
LIST, OUTLINES = "list", "outlines"
# A buurt that lies in its area for less than this is listed.
DOUBTFUL = 0.6
_MOST = 0.5
_CODE = ("gebiedcode", "gebiedscode", "stadsdeelcode", "area_code", "code")


@dataclass(frozen=True)
class Zoning:
    """Which buurt belongs to which own area.

    Attributes
    ----------
    members : DataFrame
        Indexed by region_code of the buurt: area_code, and share (of the buurt's ground that lies
        in the area; NaN from a list).
    names : Series of str
        Names of the areas by area_code (EG0637-01, or EG0637-<code> where a code was given).
    label : str
        What the source line says.
    problems : DataFrame
        What did not go by itself, one row each: region_code, problem ('unknown_code',
        'in_two_areas', 'in_no_area', 'doubtful', 'area_without_buurten'; from outlines of which a
        buurt's own is missing 'no_outline'), areas, share. Buurten in two areas belong to neither;
        doubtful ones belong to the area that holds most of them.
    """

    members: pd.DataFrame
    names: pd.Series
    label: str
    problems: pd.DataFrame


def kind_of(file: Path) -> str:
    """Return 'list' for a file with codes of buurten, 'outlines' for a map of areas."""
    table = read_zoning_file(file)
    drawn = isinstance(table, gpd.GeoDataFrame) and buurt_column(table) is None
    return OUTLINES if drawn else LIST


def store(raw: Path, file: Path, gemeente: str, year: int | None = None) -> snapshot.Snapshot:
    """Keep a file with own areas as a snapshot of a gemeente, once it can be read as one.

    `year` is that of the buurten in a list; outlines have none.
    """
    rows = len(read_zoning_file(file))
    notes = {"gemeente": gemeente, "year": str(year or "")}
    return snapshot.write_file(raw, NAME, file, rows, notes)


def read_zoning(
    file: Path,
    gemeente: str,
    buurten: pd.DataFrame,
    boundaries: gpd.GeoDataFrame | None = None,
    column: str | None = None,
) -> Zoning:
    """Read own areas and tell which buurt belongs to which.

    Parameters
    ----------
    file : Path
    gemeente : str
        Code of the gemeente (GM0637).
    buurten : DataFrame
        All its buurten, indexed by region_code, also those where nobody lives.
    boundaries : GeoDataFrame, optional
        Outlines of the buurten by code; needed when the file has outlines of areas.
    column : str, optional
        The column that names the area, where that is not plain.

    Raises
    ------
    InputError
        When the file is none of the known kinds, does not say which column is what, has codes
        that are no buurten of this gemeente at all, or outlines without those of the buurten.
    """
    table = read_zoning_file(file)
    buurt = buurt_column(table)
    name = area_column(table, buurt, column, file)
    code = [c for c in table.columns if str(c).casefold() in _CODE and c not in (name, buurt)]
    areas = table[name].astype("str").str.strip()
    areas = areas.mask(table[name].isna() | areas.eq(""))
    if areas.isna().all():
        raise InputError(f"In {file} is kolom {name} leeg; geef elke rij de naam van een gebied.")
    names = _codes(areas, table[code], gemeente)
    area_code = areas.map(pd.Series(names.index, index=names.array))
    if buurt is not None:
        members, problems = _from_list(table[buurt], area_code, buurten, file, gemeente)
    elif not isinstance(table, gpd.GeoDataFrame):
        columns = ", ".join(map(str, table.columns))
        raise InputError(
            f"{file} heeft geen kolom met buurtcodes (BU06370000), maar wel {columns}; zet de "
            "code van elke buurt erbij, want namen zijn niet uniek."
        )
    elif boundaries is None:
        raise InputError(
            f"{file} heeft vlakken van gebieden, en de grenzen van de buurten ontbreken; voeg ze "
            "toe met 'pull --grenzen'."
        )
    else:
        zones = gpd.GeoDataFrame(geometry=table.geometry.array, index=area_code, crs=table.crs)
        zones = zones[zones.index.notna()]
        members, problems = _from_outlines(zones, boundaries, buurten, file, gemeente)
    return Zoning(members, names, file.name, _problems(problems, members, names, buurten))


def brought_outlines(file: Path, zoning: Zoning) -> gpd.GeoDataFrame | None:
    """Return the outlines that the file of own areas has itself, by area_code; None for a list."""
    table = read_zoning_file(file)
    if not isinstance(table, gpd.GeoDataFrame):
        return None
    name = area_column(table, buurt_column(table), None, file)
    codes = (
        table[name]
        .astype("str")
        .str.strip()
        .map(pd.Series(zoning.names.index, index=zoning.names.array))
    )
    shapes = gpd.GeoDataFrame(
        {"region_code": codes.array}, geometry=table.geometry.array, crs=table.crs
    ).dropna(subset="region_code")
    outlines = shapes.dissolve("region_code")
    return outlines.assign(name=zoning.names.reindex(outlines.index))


def _codes(areas: pd.Series, given: pd.DataFrame, gemeente: str) -> pd.Series:
    """Return the names by code: from a column with one code for each name, else numbered."""
    start = f"EG{gemeente[2:]}-"
    for column in given.columns:
        clean = given[column].astype("str").str.upper().str.replace(r"[^0-9A-Z]", "", regex=True)
        both = pd.DataFrame({"code": clean, "name": areas})[given[column].notna() & areas.notna()]
        both = both[both["code"].ne("")].drop_duplicates()
        whole = set(both["name"]) == set(areas.dropna())
        if whole and both["code"].is_unique and both["name"].is_unique:
            return pd.Series(both["name"].array, index=(start + both["code"]).array).sort_index()
    names = sorted(areas.dropna().unique())
    width = max(2, len(str(len(names))))
    return pd.Series(
        names, [f"{start}{n:0{width}d}" for n in range(1, len(names) + 1)], dtype="str"
    )


def _from_list(
    listed: pd.Series, area_code: pd.Series, buurten: pd.DataFrame, file: Path, gemeente: str
) -> tuple[pd.DataFrame, list[tuple]]:
    rows = pd.DataFrame({"region_code": buurt_codes(listed), "area_code": area_code})
    rows = rows.dropna().drop_duplicates()
    known = rows["region_code"].isin(buurten.index)
    if not known.any():
        raise InputError(
            f"Geen van de {len(rows)} codes in {file} is een buurt van {gemeente} in deze tabel, "
            f"zoals {rows['region_code'].iloc[0] if len(rows) else 'BU06370000'}; kijk naar het "
            "jaar en de gemeente van de lijst."
        )
    several = rows["region_code"].duplicated(keep=False) & known
    problems = [("unknown_code", code, (area,), None) for code, area in rows[~known].to_numpy()]
    problems += [
        ("in_two_areas", code, tuple(found), None)
        for code, found in rows[several].groupby("region_code")["area_code"]
    ]
    members = rows[known & ~several].set_index("region_code").sort_index()
    return members.assign(share=float("nan")), problems


def _from_outlines(
    zones: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    buurten: pd.DataFrame,
    file: Path,
    gemeente: str,
) -> tuple[pd.DataFrame, list[tuple]]:
    drawn = boundaries[boundaries.index.isin(buurten.index)]
    pairs = overlaps(drawn, zones).rename(
        columns={"from_code": "region_code", "to_code": "area_code", "share_from": "share"}
    )
    if pairs.empty:
        raise InputError(
            f"De gebieden in {file} liggen buiten de buurten van {gemeente}; kijk naar de gemeente "
            "en het coördinatenstelsel."
        )
    pairs = pairs.sort_values(["share", "area_code"], ascending=[False, True])
    best = pairs[~pairs["region_code"].duplicated()].set_index("region_code")
    covered = pairs.groupby("region_code")["share"].sum()
    # Where areas overlap, two may each hold more than half.
    half = pairs[pairs["share"] > _MOST]
    several = half[half["region_code"].duplicated(keep=False)]
    # A buurt of which more lies outside every area than in any is in none.
    inside = best["share"] >= 1 - covered.reindex(best.index)
    members = best.loc[inside & ~best.index.isin(several["region_code"]), ["area_code", "share"]]
    problems = [
        ("in_two_areas", code, tuple(found["area_code"]), float(found["share"].iloc[0]))
        for code, found in several.groupby("region_code")
    ]
    problems += [
        ("doubtful", code, (area,), float(share))
        for code, area, share in members[members["share"] < DOUBTFUL].reset_index().to_numpy()
    ]
    return members.sort_index(), problems


def _problems(
    found: Sequence[tuple], members: pd.DataFrame, names: pd.Series, buurten: pd.DataFrame
) -> pd.DataFrame:
    told = {code for problem, code, _, _ in found if problem == "in_two_areas"}
    rest = buurten.index.difference(members.index).difference(pd.Index(sorted(told), dtype="str"))
    rows = [*found, *(("in_no_area", code, (), None) for code in rest)]
    alone = names.index.difference(members["area_code"])
    rows += [("area_without_buurten", "", (area,), None) for area in alone]
    return pd.DataFrame(
        {
            "region_code": pd.Series([code for _, code, _, _ in rows], dtype="str"),
            "problem": pd.Series([problem for problem, _, _, _ in rows], dtype="str"),
            "areas": [", ".join(names[list(areas)]) for _, _, areas, _ in rows],
            "share": pd.Series([share for _, _, _, share in rows], dtype=float),
        }
    )
