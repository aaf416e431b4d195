"""Schools with their places, from the files with establishments that DUO publishes.

A school that has several buildings or courses stands there once per building under one code.
"""

import csv
import warnings
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import kind_of_words
from analysis.sources.geofile import RD, map_in, named_column, read_places

_CODE = ("vestigingscode", "vestigingsnummer", "vestigings_code", "vestigings_nummer")
_TYPE = ("type", "soort", "onderwijstype", "onderwijssoort", "soort_onderwijs",
         "onderwijsstructuur")  # fmt: skip
_NAME = ("naam", "instellingsnaam vestiging", "instellingsnaam_vestiging", "vestigingsnaam", "name")
_PUPILS = ("leerlingen", "aantal_leerlingen", "aantal leerlingen", "leerlingaantal")
_DENOMINATION = ("denominatie", "denominatie_vestiging")
# Columns that files of DUO have and other lists do not; of these so many.
_ITS_OWN = ("brin", "vestigings", "denominatie", "onderwijsgebied", "bevoegd gezag", "rpo")
_ENOUGH = 3
# What lies within: the country, with room for what stands on its border.
_BOX = (7_000.0, 300_000.0, 300_000.0, 620_000.0)
ABROAD = "buiten Nederland"
NO_PLACE = "zonder plaats"
NO_KIND = "van een soort onderwijs dat niet bekend is"


@dataclass(frozen=True)
class Schools:
    """Schools, each once, and what was left out.

    Attributes
    ----------
    points : GeoDataFrame
        EPSG:28992; facility_id (the code of the establishment), kind, name, capacity (pupils,
        NaN where DUO gives none), source, region_code (NaN), denomination ('' if unknown).
    doubles : int
        Rows left out because their code stood there before.
    left_out : dict of str to int
        Rows left out by reason (in Dutch).
    """

    points: gpd.GeoDataFrame
    doubles: int
    left_out: dict[str, int]


def is_schools(file: Path) -> bool:
    """Tell from its columns whether a map is a file of schools of DUO."""
    try:
        with warnings.catch_warnings():
            # What is wrong with it is said when all of it is read.
            warnings.simplefilter("ignore")
            first = gpd.read_file(map_in(file), rows=1)
    except Exception:  # what cannot be read as a map is none; the reader raises several kinds
        return False
    return isinstance(first, gpd.GeoDataFrame) and _is_duo(list(first.columns))


def is_address_list(file: Path) -> bool:
    """Tell whether a text file is a list of DUO as it publishes them: addresses, no coordinates."""
    with file.open("rb") as stream:
        begin = stream.read(8192)
    lines = begin.decode("utf-8-sig", errors="replace").splitlines()
    if begin.startswith((b"PK", b"SQLite", b"{")) or not lines:
        return False
    for sign in (";", ",", "\t"):
        names = next(csv.reader([lines[0]], delimiter=sign), [])
        where = {"x", "y", "lat", "lon", "latitude", "longitude", "x_coordinaat", "rd_x"}
        if _is_duo(names) and not where & {name.strip().casefold() for name in names}:
            return True
    return False


def refusal_of_addresses(file: Path) -> InputError:
    """Return the sentence on a list of DUO that has addresses only."""
    return InputError(
        f"{file.name} is een lijst van DUO met adressen en zonder coördinaten, en kan zo niet op "
        "de kaart; voeg kolommen x en y (RD) of lat en lon toe, bijvoorbeeld met de "
        "geocodeerdienst van PDOK (Locatieserver), of neem een kaart van de scholen (geojson)."
    )


def read_schools(file: Path, kinds: pd.DataFrame) -> Schools:
    """Read a map of schools as DUO describes them (columns vestigingscode, type, denominatie, ...).

    Raises
    ------
    InputError
        When the code or the type of the schools is not there, pupils are no numbers, or no school
        lies in the country.
    """
    places = read_places(file)
    columns = {role: named_column(places, names) for role, names in
               (("code", _CODE), ("type", _TYPE), ("name", _NAME), ("pupils", _PUPILS),
                ("denomination", _DENOMINATION))}  # fmt: skip
    for role, told in (("code", "vestigingscode"), ("type", "type")):
        if columns[role] is None:
            raise InputError(
                f"{file.name} lijkt een bestand met scholen van DUO en mist de kolom '{told}'; "
                "haal het opnieuw op."
            )
    code = places[columns["code"]].astype("str").str.strip()
    code = code.mask(places[columns["code"]].isna() | code.eq(""))
    kind = kind_of_words(places[columns["type"]].astype("str").str.strip(), kinds)
    at = places.geometry.representative_point()
    west, east, south, north = _BOX
    abroad = ~(at.x.between(west, east) & at.y.between(south, north))
    unknown = kind.isna() & ~abroad
    table = gpd.GeoDataFrame(
        {
            "facility_id": code,
            "kind": kind,
            "name": _said(places, columns["name"]),
            "capacity": _pupils(places, columns["pupils"], file),
            "source": "DUO",
            "region_code": pd.Series(np.nan, index=places.index, dtype="str"),
            "denomination": _said(places, columns["denomination"]),
        },
        geometry=at,
        crs=RD,
    )[~abroad & ~unknown]
    double = table["facility_id"].notna() & table["facility_id"].duplicated()
    if table.empty:
        raise InputError(
            f"{file.name} heeft in Nederland geen enkele school van een bekende soort."
        )
    # What has no place, `read_places` does not give.
    rows = len(gpd.read_file(map_in(file), columns=[columns["code"]], ignore_geometry=True))
    nowhere = rows - len(places)
    counts = {NO_PLACE: nowhere, ABROAD: int(abroad.sum()), NO_KIND: int(unknown.sum())}
    return Schools(
        points=table[~double].reset_index(drop=True),
        doubles=int(double.sum()),
        left_out={why: number for why, number in counts.items() if number},
    )


def _is_duo(names: list[str]) -> bool:
    plain = [str(name).strip().casefold() for name in names]
    return sum(any(name.startswith(one) for name in plain) for one in _ITS_OWN) >= _ENOUGH


def _said(places: gpd.GeoDataFrame, column: str | None) -> pd.Series:
    if column is None:
        return pd.Series("", index=places.index, dtype="str")
    return places[column].astype("str").str.strip().mask(places[column].isna(), "")


def _pupils(places: gpd.GeoDataFrame, column: str | None, file: Path) -> pd.Series:
    if column is None:
        return pd.Series(np.nan, index=places.index)
    told = places[column].astype("str").str.strip()
    told = told.mask(places[column].isna() | told.isin(["", "."]))
    number = pd.to_numeric(told, errors="coerce").astype("float64")
    wrong = (number.isna() & told.notna()) | number.lt(0)
    if wrong.any():
        raise InputError(
            f"{file.name} heeft in kolom '{column}' iets dat geen aantal leerlingen is "
            f"('{told[wrong].iloc[0]}'); haal het bestand opnieuw op."
        )
    return number
