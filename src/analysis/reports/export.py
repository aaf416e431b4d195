"""A gemeente's region tables in the forms that others use: xlsx, csv, gpkg, parquet, geojson."""

import shutil
import uuid
from pathlib import Path

import geopandas as gpd
import pandas as pd
from openpyxl.utils import get_column_letter

from analysis.figures.wording import STATUS_NL
from analysis.reports.dossier import Dossier, Release
from analysis.sources.errors import InputError

FORMATS = ("xlsx", "csv", "gpkg", "parquet", "geojson")
_PLURAL = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten",
           "eigen": "eigen_gebieden"}  # fmt: skip
_IDENTITY = ("year", "region_code", "region_name", "gm_code", "gm_name", "wk_code")


def export(dossier: Dossier, release: Release, to: str, out: Path) -> list[Path]:
    """Write the region tables of all levels in one form, as a whole or not at all.

    Parameters
    ----------
    dossier : Dossier
    release : Release
    to : {'xlsx', 'csv', 'gpkg', 'parquet', 'geojson'}
    out : Path
        Folder; files of the same name are replaced.

    Returns
    -------
    list of Path
        The files. Codes are text; what is missing is empty, and beside each concept stands a
        column `<concept>_status` that says why.

    Raises
    ------
    InputError
        For an unknown form, a form of maps without boundaries, or a folder that cannot be
        written.
    """
    if to not in FORMATS:
        raise InputError(f"De vorm '{to}' bestaat niet; kies uit {', '.join(FORMATS)}.")
    tables = {level: export_table(dossier, release, level) for level in dossier.levels(release)}
    name = f"{dossier.code}_{release.year}"
    draft = out / f".draft-{uuid.uuid4().hex[:12]}"
    try:
        draft.mkdir(parents=True)
        if to == "xlsx":
            _workbook(dossier, release, tables, draft / f"{name}.xlsx")
        elif to == "csv":
            _csv(tables, draft, name)
        else:
            _maps(dossier, release, tables, draft, name, to)
        written = []
        for file in sorted(draft.iterdir()):
            file.replace(out / file.name)
            written.append(out / file.name)
    except OSError as error:
        raise InputError(
            f"In {out} kan niet worden geschreven ({error.strerror or error}); sluit het bestand "
            "als het openstaat, of kies een andere map."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return written


def export_table(dossier: Dossier, release: Release, level: str) -> pd.DataFrame:
    """Return one level's region table with a status beside every concept.

    Returns
    -------
    DataFrame
        Indexed 0..n-1; year, codes and names first, then concept and `<concept>_status` in
        pairs, in the codebook's order.
    """
    regions = dossier.regions(release, level)
    concepts = [
        name
        for name, concept in dossier.codebook.items()
        if concept.kind != "text" and (name in regions or name in release.absent)
    ]
    why = dossier.reasons(release, level, concepts)
    named = regions.reset_index().assign(year=release.year)
    columns = {c: named[c].array for c in _IDENTITY if c in named}
    if "boundary_change" in named:
        columns["boundary_change"] = named["boundary_change"].array
    for concept in concepts:
        columns[concept] = regions[concept].array if concept in regions else float("nan")
        columns[f"{concept}_status"] = why[concept].replace("", "ok").array
    return pd.DataFrame(columns)


def variables(dossier: Dossier, release: Release) -> pd.DataFrame:
    """Return the variable list: name, Dutch meaning, unit, theme and years of every concept."""
    units = {
        "count": "aantal", "share": "aandeel (0-1)", "mean": "gemiddelde", "keur": "euro",
        "density": "per km2", "distance": "km", "area": "km2", "class": "klasse", "text": "tekst",
    }  # fmt: skip
    rows = []
    for name, concept in dossier.codebook.items():
        rows.append(
            {
                "naam": name,
                "betekenis": concept.label_nl,
                "thema": concept.theme_nl,
                "eenheid": units[concept.kind],
                "aandeel van": concept.denominator,
                "vanaf": concept.from_year,
                "tot en met": concept.to_year,
                "in deze tabel": STATUS_NL[release.absent.get(name, "ok")],
            }
        )
    return pd.DataFrame(rows)


def reading_guide(dossier: Dossier, release: Release) -> list[str]:
    """Return the lines that a reader of the workbook needs first."""
    stored = release.snapshot
    lines = [
        f"{dossier.name} ({dossier.code}), {release.year}",
        dossier.source_line(release),
        f"Opgehaald: {stored.fetched_at}. Uitgave: {stored.folder.name}.",
        "Een leeg vak is geen nul. De kolom '_status' ernaast zegt waarom het leeg is.",
        "Aantallen per wijk en buurt zijn door het CBS afgerond op een veelvoud van 5.",
        "Aandelen lopen van 0 tot 1. Codes zijn tekst; een code hoort bij het jaar.",
        "Betekenis van de status:",
        *(f"    {code}: {text}" for code, text in STATUS_NL.items()),
    ]
    return [dossier.edition.stamp, *lines] if dossier.edition.stamp else lines


def _workbook(dossier, release, tables, file: Path) -> None:
    with pd.ExcelWriter(file, engine="openpyxl") as book:
        guide = pd.DataFrame({"Leeswijzer": reading_guide(dossier, release)})
        guide.to_excel(book, sheet_name="Leeswijzer", index=False)
        variables(dossier, release).to_excel(book, sheet_name="Variabelen", index=False)
        for level, table in tables.items():
            table.to_excel(book, sheet_name=_PLURAL[level], index=False)
        for sheet in book.sheets.values():
            sheet.freeze_panes = "D2" if sheet.title in _PLURAL.values() else "A2"
            width = 110 if sheet.title == "Leeswijzer" else 18
            for place in range(1, sheet.max_column + 1):
                sheet.column_dimensions[get_column_letter(place)].width = width


def _csv(tables, folder: Path, name: str) -> None:
    for level, table in tables.items():
        stem = f"{name}_{_PLURAL[level]}"
        table.to_csv(folder / f"{stem}_machine.csv", index=False, lineterminator="\n")
        table.to_csv(
            folder / f"{stem}_nl.csv", index=False, sep=";", decimal=",",
            encoding="utf-8-sig", lineterminator="\r\n",
        )  # fmt: skip


def _maps(dossier, release, tables, folder: Path, name: str, to: str) -> None:
    layers = {level: _with_geometry(dossier, release, tables[level], level) for level in tables}
    drawn = {level: layer for level, layer in layers.items() if layer is not None}
    if not drawn and to != "parquet":
        raise InputError(
            f"Voor {to} zijn grenzen nodig, en die zijn er niet voor {dossier.name} in "
            f"{release.year}; breng ze met 'pull --grenzen BESTAND'."
        )
    for level in tables:
        layer, stem = drawn.get(level), f"{name}_{_PLURAL[level]}"
        if to == "parquet":
            (tables[level] if layer is None else layer).to_parquet(
                folder / f"{stem}.parquet", index=False
            )
        elif layer is not None and to == "gpkg":
            layer.to_file(folder / f"{name}.gpkg", layer=_PLURAL[level], driver="GPKG")
        elif layer is not None:
            # RFC 7946: longitude and latitude, nothing else.
            layer.to_crs("EPSG:4326").to_file(folder / f"{stem}.geojson", driver="GeoJSON")


def _with_geometry(dossier, release, table, level) -> gpd.GeoDataFrame | None:
    drawn = dossier.boundaries(release, "wijk" if level == "gemeente" else level)
    if drawn is None:
        return None
    if level == "gemeente":
        shape = drawn.places.geometry.union_all()
        return gpd.GeoDataFrame(table, geometry=[shape] * len(table), crs=drawn.places.crs)
    shapes = drawn.places.geometry.reindex(table["region_code"])
    return gpd.GeoDataFrame(table, geometry=shapes.array, crs=drawn.places.crs)
