"""Reference norms for facilities: the project's table, and the file that a gemeente brings."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import kind_of_words, plain_word
from analysis.sources.norm_units import GROUPS, KNOWN, norm_unit
from analysis.sources.own_columns import plain_name
from analysis.sources.sheets import read_sheet
from analysis.sources.written_places import readings

COLUMNS = ("facility", "label", "value", "unit", "group", "milieu", "body", "year", "status",
           "building_m2", "written", "source", "url", "note")  # fmt: skip
# How binding a norm is, most binding first; 'observed' is no norm but what was counted somewhere.
STATUSES = {
    "law": ("law", "wet", "wettelijk"),
    "adopted": ("adopted", "vastgesteld", "gemeentelijkvastgesteld", "besluit"),
    "guide value": ("guidevalue", "richtgetal", "richtlijn", "richtwaarde", "ambitie"),
    "press": ("press", "pers", "krant"),
    "observed": ("observed", "waargenomen", "gemeten", "geennorm"),
}
_ROLES = {
    "norm": ("norm", "id", "nummer", "code", "sleutel"),
    "facility": ("facility", "voorziening", "functie", "soort", "soortvoorziening",
                 "typevoorziening", "categorie"),
    "label": ("label", "naam", "omschrijving"),
    "value": ("value", "waarde", "norm", "normwaarde", "getal", "aantal", "referentienorm"),
    "unit": ("unit", "eenheid", "normeenheid"),
    "group": ("group", "doelgroep", "groep", "leeftijdsgroep"),
    "milieu": ("milieu", "woonmilieu", "stedelijkheid"),
    "body": ("body", "gemeente", "organisatie", "instantie", "vastgestelddoor"),
    "year": ("year", "jaar", "peiljaar"),
    "status": ("status",),
    "building_m2": ("buildingm2", "gebouw", "gebouwm2", "maatvoering", "minimalemaat",
                    "minimalegrootte", "kleinstegebouw", "grootte"),
    "source": ("source", "bron"),
    "url": ("url", "link", "website"),
    "note": ("note", "opmerking", "toelichting", "notitie"),
}  # fmt: skip
_NO_NUMBER = {"", "notfound", "onbekend", "nb", "nvt", "geen", "geennorm", "geennormingevuld"}


def read_norms(
    path: Path, kinds: pd.DataFrame, *, known: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Read reference norms from a csv or xlsx file, columns by what their names mean.

    Parameters
    ----------
    path : Path
        With at least columns for facility, value and unit.
    kinds : DataFrame
        As `facility_kinds.read_kinds` gives them: a facility is one of them where its word is.
    known : DataFrame, optional
        Norms that were read before, whose labels name facilities too (such as 'Openbaar groen').

    Returns
    -------
    DataFrame
        Index norm (str, each once); the columns of `COLUMNS`. `value` is in the unit of
        `NormUnit.key` and NaN where no norm is filled in; `written` is the norm as the file
        says it; `building_m2` is the smallest sensible building, NaN where unknown.

    Raises
    ------
    InputError
        When the file cannot be read, or a unit, number, group or status of it is not understood.
    """
    try:
        sheet = read_sheet(path, _is_header)
    except InputError as error:
        if "geen bestand dat hier" in str(error):
            raise InputError(
                f"{path.name} heeft geen regel met de kolommen voorziening, waarde en eenheid; "
                "zet die namen boven de kolommen met normen."
            ) from error
        raise
    cells = _named(sheet.rows)
    rows = [
        _norm(f"{sheet.file}, gegevensregel {number}", row)
        for number, row in enumerate(cells.to_dict("records"), start=1)
    ]
    table = pd.DataFrame(rows, index=_names(cells, path))
    table["label"] = table["label"].mask(table["label"].eq(""), table["facility"])
    table["facility"] = _facilities(table["facility"], kinds, known)
    for column in ("value", "building_m2"):
        table[column] = table[column].astype("float64")
    return table[list(COLUMNS)]


def norms_for(norms: pd.DataFrame, *, own: pd.DataFrame | None = None, milieu: str = "",
              body: str = "") -> pd.DataFrame:  # fmt: skip
    """Choose one norm per facility that asks for an amount.

    The gemeente's own file goes before the project's table; then norms of `body`, then those of
    the asked milieu or of none, then the most binding status, then the newest. Of the facilities
    of which only a document is known, or only a distance, the row has no value.

    Parameters
    ----------
    norms, own : DataFrame
        As `read_norms` gives them.
    milieu : str, optional
        Such as 'centrum-stedelijk'; norms of another milieu are not taken.
    body : str, optional
        The gemeente itself, by name.

    Returns
    -------
    DataFrame
        Index facility; the columns of `COLUMNS` without facility, and `norm`. What was observed,
        hours and shares of dwellings are no norm for an amount and are not there.
    """
    tables = [norms.assign(_own=1)] + ([own.assign(_own=0)] if own is not None else [])
    every = pd.concat(tables).rename_axis("norm").reset_index()
    amounts = {"m2_per_1000_dwellings", "m2_per_person", "persons_per_unit", "percent_of_area",
               "minimum_per_gemeente"}  # fmt: skip
    other = {"hours_per_week", "percent_of_dwellings"}
    every = every[~every["unit"].isin(other) & every["facility"].ne("all_kinds")]
    every = every[every["status"].ne("observed")]
    fits = every["milieu"].isin(["", "alle", milieu]) | (milieu == "")
    is_amount = every["value"].notna() & every["unit"].isin(amounts) & fits
    order = pd.DataFrame(
        {
            "amount": ~is_amount,
            "own": every["_own"],
            "body": every["body"].ne(body) & (body != ""),
            "milieu": every["milieu"].ne(milieu),
            "status": every["status"].map(list(STATUSES).index),
            "year": -pd.to_numeric(every["year"].str[-4:], errors="coerce").fillna(0),
        }
    ).sort_values(["amount", "own", "body", "milieu", "status", "year"], kind="stable")
    best = every.loc[order.index]
    best["value"] = best["value"].where(is_amount)
    best = best.drop_duplicates("facility").drop(columns="_own")
    listed = best.set_index("facility").loc[list(dict.fromkeys(every["facility"]))]
    return listed[["norm", *COLUMNS[1:]]]


def read_hours(path: Path) -> tuple[pd.DataFrame, pd.Series]:
    """Read in which hours of a week functions use a building: assumptions of this project.

    Returns
    -------
    hours : DataFrame
        Index facility, a column of hours per week for each part of the week.
    available : Series
        The hours that a building can be open in each part.

    Raises
    ------
    InputError
        When the file lacks a column or the row 'available', has no number or a number below 0,
        or a function is open for longer than a part lasts.
    """
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, index_col="facility")
        parts = table.drop(columns=["label", "note"]).astype("float64")
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{path.name} kan niet worden gelezen als tabel van uren per functie ({error}); zet de "
            "tabel terug."
        ) from error
    if "available" not in parts.index or parts.index.has_duplicates:
        raise InputError(
            f"{path.name} moet één regel 'available' hebben en iedere functie één keer."
        )
    available, hours = parts.loc["available"], parts.drop(index="available")
    wrong = ~(hours.ge(0) & hours.le(available)).all(axis=1)
    if wrong.any():
        raise InputError(
            f"{path.name}: de uren van {wrong.idxmax()} passen niet in de dagdelen; geef getallen "
            "van 0 tot en met de regel 'available'."
        )
    return hours, available


def _is_header(cells: list[str]) -> bool:
    names = {plain_name(cell) for cell in cells if cell}
    return all(names & set(_ROLES[role]) for role in ("facility", "value", "unit"))


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    plain = {column: plain_name(column) for column in rows}
    found: dict[str, str] = {}
    # 'norm' is the number itself where no other column is, so the value looks first.
    for role in ("value", *(role for role in _ROLES if role != "value")):
        words = [word for word in _ROLES[role] if word != "norm"] + ["norm"] * (
            "norm" in _ROLES[role]
        )
        there = [c for word in words for c, name in plain.items() if name == word]
        free = [column for column in there if column not in found.values()]
        if free:
            found[role] = free[0]
    return pd.DataFrame(
        {role: rows[found[role]] if role in found else "" for role in _ROLES}, dtype="str"
    )


def _names(cells: pd.DataFrame, path: Path) -> pd.Index:
    if cells["norm"].eq("").any() or cells["norm"].duplicated().any():
        return pd.Index([f"{path.stem}_{n}" for n in range(1, len(cells) + 1)], name="norm")
    return pd.Index(cells["norm"], name="norm")


def _norm(where: str, row: dict[str, str]) -> dict[str, object]:
    if not row["facility"]:
        raise InputError(f"{where} zegt niet voor welke voorziening de norm is; vul die in.")
    value, unit, group = np.nan, "", row["group"]
    if plain_word(row["value"]) not in _NO_NUMBER:
        written = row["unit"]
        kind = norm_unit(written)
        if kind is None:
            raise InputError(f"{where}: de eenheid '{written}' is onbekend; gebruik {KNOWN}.")
        number = _number(where, "waarde", row["value"])
        if number == 0:
            raise InputError(
                f"{where}: een norm van 0 is geen norm; laat de waarde leeg waar geen norm is."
            )
        value = kind.factor / number if kind.inverse else number * kind.factor
        unit, group = kind.key, group or kind.group
    if group and group not in GROUPS:
        meant = norm_unit(f"m2 per {group}")
        if meant is None or not meant.group:
            raise InputError(
                f"{where}: de doelgroep '{group}' is onbekend; kies uit {', '.join(GROUPS)}."
            )
        group = meant.group
    says = plain_word(row["status"])
    status = next((key for key, words in STATUSES.items() if says in words), None)
    if says and status is None:
        raise InputError(
            f"{where}: de status '{row['status']}' is onbekend; kies uit wet, vastgesteld, "
            "richtgetal of pers."
        )
    size = np.nan
    if plain_word(row["building_m2"]) not in _NO_NUMBER:
        size = _number(where, "grootte van het gebouw", row["building_m2"])
    return {**row, "value": value, "unit": unit, "group": group, "building_m2": size,
            "status": status or "guide value",
            "written": f"{row['value']} {row['unit']}" if unit else ""}  # fmt: skip


def _number(where: str, what: str, text: str) -> float:
    meant = readings(re.sub(r"\s*%$", "", text))
    if len(meant) != 1 or min(meant) < 0 or not np.isfinite(min(meant)):
        raise InputError(
            f"{where}: de {what} '{text}' is niet één getal van 0 of meer; schrijf het zonder "
            "punt voor de duizendtallen en met een komma voor de decimalen."
        )
    return min(meant)


def _facilities(words: pd.Series, kinds: pd.DataFrame, known: pd.DataFrame | None) -> pd.Series:
    found = kind_of_words(words, kinds)
    names = {}
    if known is not None:
        for column in ("facility", "label"):
            names |= {plain_word(word): key for word, key in zip(known[column], known["facility"],
                                                                strict=True)}  # fmt: skip
    bare = words.map(plain_word).map(names).astype("str")
    # What a norm is about is known more closely than a point on a map: green is more than parks.
    named = bare.where(bare.notna(), found)
    # A facility that is in neither list keeps its own word, so that its demand can still be told.
    return named.where(named.notna(), words)
