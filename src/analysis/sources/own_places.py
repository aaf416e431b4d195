"""Where each row of a list of facilities is, and why a row is nowhere."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.geofile import RD
from analysis.sources.own_columns import OwnColumns
from analysis.sources.own_table import OwnTable, is_missing
from analysis.sources.written_places import (
    DEGREES_FORM,
    RD_FORM,
    Place,
    place_of_numbers,
    place_of_pair,
    place_of_text,
    readings,
)

# Two places of one row that are further apart than this, in metres, are not the same place.
_SAME = 250.0


@dataclass(frozen=True)
class OwnPlaces:
    """Where the rows are.

    Attributes
    ----------
    points : GeoSeries
        EPSG:28992, on the numbers of the rows that have a place.
    why : Series of str
        Why a row has none, on the numbers of the others.
    remarks : tuple of str
        What was made of the numbers, in Dutch: axes that were turned round, two forms in one list.
    """

    points: gpd.GeoSeries
    why: pd.Series
    remarks: tuple[str, ...]


def places_of(table: OwnTable, columns: OwnColumns) -> OwnPlaces:
    """Place each row by its geometry or its coordinates.

    Raises
    ------
    InputError
        When the list has addresses only, or half of the coordinates.
    """
    if table.places is None and not columns.has_places:
        raise InputError(_no_coordinates(table, columns))
    found, why = {}, {}
    for number, row in table.cells.iterrows():
        said = _placed(row, table, columns, number)
        if isinstance(said, Place):
            found[number] = said
        else:
            why[number] = said
    points, far = _agreeing(_points(found), _others(table, columns, found))
    why |= {
        number: f"twee plaatsen die {metres} uit elkaar liggen" for number, metres in far.items()
    }
    kept = {number: place for number, place in found.items() if number not in far}
    return OwnPlaces(points, pd.Series(why, dtype="str"), _remarks(table.file, kept))


def _placed(row: pd.Series, table: OwnTable, columns: OwnColumns, number: int) -> Place | str:
    """Return the place of a row, or why it has none."""
    drawn = None if table.places is None else table.places.get(number)
    if drawn is not None:
        return place_of_numbers(drawn.x, drawn.y) or _outside(f"{drawn.x:g}", f"{drawn.y:g}")
    reasons = []
    for one in (*columns.pairs, columns.whole):
        if not one:
            continue
        texts = [row[column] for column in (one if isinstance(one, tuple) else (one,))]
        filled = [text for text, none in zip(texts, is_missing(pd.Series(texts)), strict=True)
                  if not none]  # fmt: skip
        if not filled:
            continue
        place = place_of_text(filled[0]) if len(texts) == 1 else None
        if len(filled) == 2:
            place = place_of_pair(*filled)
        if place:
            return place
        reasons.append(_why(one, texts, filled))
    if reasons:
        return reasons[0]
    addressed = columns.roles.get("address") and row[columns.roles["address"]]
    return "geen coördinaten, alleen een adres" if addressed else "geen coördinaten"


def _why(columns: tuple[str, str] | str, texts: list[str], filled: list[str]) -> str:
    if isinstance(columns, str):
        return f"'{filled[0]}' is geen plaats in Nederland"
    if len(filled) < 2:
        missing = columns[0] if not texts[0] or texts[0] != filled[0] else columns[1]
        return f"geen {missing}"
    for column, text in zip(columns, texts, strict=True):
        if not readings(text):
            return f"{column} '{text}' is geen getal"
    if all(0.0 in readings(text) for text in texts):
        return "de coördinaten zijn 0"
    return _outside(*texts)


def _outside(east: str, north: str) -> str:
    return f"ligt buiten Nederland ({east}; {north})"


def _others(table: OwnTable, columns: OwnColumns, found: dict[int, Place]) -> dict[int, Place]:
    """Return the second place of rows that tell two, where both can be read."""
    if table.places is not None or len(columns.pairs) < 2:
        return {}
    second = {
        number: place_of_pair(*(table.cells.at[number, column] for column in columns.pairs[1]))
        for number in found
    }
    return {number: place for number, place in second.items() if place}


def _agreeing(
    points: gpd.GeoSeries, others: dict[int, Place]
) -> tuple[gpd.GeoSeries, dict[int, str]]:
    if not others:
        return points, {}
    second = _points(others)
    apart = points.loc[second.index].distance(second, align=False)
    far = apart[apart > _SAME]
    told = {n: f"{m / 1000:.1f} km".replace(".", ",") if m >= 1000 else f"{m:.0f} m"
            for n, m in far.items()}  # fmt: skip
    return points.drop(index=far.index), told


def _points(found: dict[int, Place]) -> gpd.GeoSeries:
    parts = []
    for form, crs in ((RD_FORM, RD), (DEGREES_FORM, "EPSG:4326")):
        here = {number: place for number, place in found.items() if place.form == form}
        at = gpd.points_from_xy([p.x for p in here.values()], [p.y for p in here.values()])
        parts.append(gpd.GeoSeries(at, index=list(here), crs=crs).to_crs(RD))
    filled = [part for part in parts if len(part)]
    if not filled:
        return gpd.GeoSeries([], index=pd.Index([], dtype="int64"), crs=RD)
    return pd.concat(filled).sort_index()


def _remarks(file: str, found: dict[int, Place]) -> tuple[str, ...]:
    remarks = []
    swapped = [number for number, place in found.items() if place.swapped]
    if swapped:
        which = "alle rijen" if len(swapped) == len(found) else _rows(swapped)
        remarks.append(
            f"In {file} stonden de twee coördinaten van {which} verwisseld; de getallen laten maar "
            "één volgorde toe, en die is genomen."
        )
    forms = [place.form for place in found.values()]
    if len(set(forms)) > 1:
        rarer = min(set(forms), key=forms.count)
        odd = [number for number, place in found.items() if place.form == rarer]
        remarks.append(
            f"In {file} staan RD en graden door elkaar; {_rows(odd)} zijn gelezen als {rarer}."
        )
    return tuple(remarks)


def _rows(numbers: list[int]) -> str:
    listed = ", ".join(map(str, numbers[:5]))
    more = f" en {len(numbers) - 5} andere" if len(numbers) > 5 else ""
    return f"{'rij' if len(numbers) == 1 else 'rijen'} {listed}{more}"


def _no_coordinates(table: OwnTable, columns: OwnColumns) -> str:
    if columns.half:
        return (
            f"{table.file} heeft van de coördinaten alleen de kolom '{columns.half}'; zet ook de "
            "andere erbij."
        )
    if {"address", "postcode"} & set(columns.roles):
        return (
            f"{table.file} heeft adressen en geen coördinaten, en kan zo niet op de kaart; voeg "
            "kolommen x en y (RD) of lat en lon toe, bijvoorbeeld met de geocodeerdienst van PDOK "
            "(Locatieserver) of uit de BAG."
        )
    return (
        f"{table.file} heeft geen kolommen met coördinaten (x en y, of lat en lon); voeg die toe."
    )
