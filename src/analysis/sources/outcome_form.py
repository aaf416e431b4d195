"""Tables of outcomes as they stand: one row per region and year, whoever wrote the file.

StatLine gives outcomes with more dimensions than a region: a period, and for health an age group
and a margin, for crime a kind. One member of each is asked, and
here those rows are taken.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.sources.codebook import UNKNOWN_UNIT, Concept, plain
from analysis.sources.errors import InputError
from analysis.sources.outcome_columns import Column
from analysis.sources.regions import CODE_PATTERN
from analysis.sources.sheets import Sheet

PERIOD = "perioden"
REGION = "wijkenenbuurten"
_YEAR_COLUMNS = (PERIOD, "periode", "jaar", "year", "peiljaar", "verslagjaar")
_CODES = "|".join([*CODE_PATTERN.values(), r"(?:NL|LD|PV|CR)\w{2}"])
_CODE_TITLES = r"codering\d*|(?:codering|regiocode\w*)code|regiocode\w*|(?:wk|bu|gm)?code"
_KEY = re.compile(r"(?:k_)?(\w+)_(\d+)")
_WITH_UNIT = re.compile(r"(.*)\(([^()]*)\)", flags=re.DOTALL)
# A year as StatLine has it: 2019JJ00, or 2019 in an export, with a star while it is provisional.
_YEAR = r"((?:19|20)\d\d)(?:JJ00)?\s*\**"
# More levels of topic groups than any table has.
_DEEPEST = 20


@dataclass(frozen=True)
class Form:
    """The rows of a table that are asked for, before its columns have our names.

    Attributes
    ----------
    name : str
        What sentences call it.
    rows : DataFrame
        The figures as published.
    codes : Series of str
        Code of the region of each row.
    years : Series of int, or None
        Year of each row; None where the table does not say it.
    columns : tuple of Column
    region_names : Series of str
        By code; empty where the table has no names.
    from_file : bool
        Whether a person brought it, and may have left columns out.
    """

    name: str
    rows: pd.DataFrame
    codes: pd.Series
    years: pd.Series | None
    columns: tuple[Column, ...]
    region_names: pd.Series
    from_file: bool


def form_of_sheet(sheet: Sheet, members: Mapping[str, tuple[str, ...]]) -> Form:
    """Return a file in StatLine's form: an export with topic paths, or saved rows with keys.

    Parameters
    ----------
    sheet : Sheet
    members : mapping of str to tuple of str
        Dimension -> the keys and titles (reduced) of the one member that is asked.

    Raises
    ------
    InputError
        When there are no codes, a row has none, or the asked member of a dimension is absent.
    """
    columns = []
    for name in sheet.rows:
        if titled := _WITH_UNIT.fullmatch(name):
            path = tuple(plain(piece) for piece in titled[1].split("/"))
            columns.append(Column(name, (path,), plain(titled[2])))
        elif key := _KEY.fullmatch(name):
            columns.append(Column(name, ((plain(key[1]),),), UNKNOWN_UNIT))
    rows = _of_members(sheet.file, sheet.rows, members)
    codes = region_codes(sheet.file, rows)
    names = pd.Series(dtype="str")
    for name in rows:
        if plain(name) == REGION and not rows[name].str.fullmatch(_CODES).any():
            names = pd.Series(rows[name].array, index=codes.array)
    return Form(
        name=sheet.file,
        rows=rows,
        codes=codes,
        years=_years(sheet.file, rows),
        columns=tuple(columns),
        region_names=names[~names.index.duplicated()],
        from_file=True,
    )


def form_of_answer(
    name: str,
    properties: list[dict],
    regions: list[dict],
    rows: pd.DataFrame,
    members: Mapping[str, tuple[str, ...]],
) -> Form:
    """Return an answer of the service in the same form; arguments as in `statline.Answer`."""
    by_id = {record.get("ID"): record for record in properties}
    columns = []
    for record in properties:
        if record.get("Type") != "Topic" or record.get("Key") not in rows:
            continue
        groups, above = [], record.get("ParentID")
        while above is not None and above in by_id and len(groups) < _DEEPEST:
            groups.insert(0, plain(by_id[above].get("Title", "")))
            above = by_id[above].get("ParentID")
        titled = tuple(plain(piece) for piece in str(record.get("Title", "")).split("/"))
        stem = _KEY.fullmatch(record["Key"])
        paths = [(*groups, *titled)] + ([(*groups, plain(stem[1]))] if stem else [])
        columns.append(Column(record["Key"], tuple(paths), plain(record.get("Unit") or "")))
    rows = _of_members(name, rows, members)
    names = pd.Series(
        [str(one.get("Title", "")) for one in regions],
        index=[str(one.get("Key", "")).strip() for one in regions],
        dtype="str",
    )
    return Form(
        name=name,
        rows=rows,
        codes=region_codes(name, rows),
        years=_years(name, rows),
        columns=tuple(columns),
        region_names=names[~names.index.duplicated()],
        from_file=False,
    )


def form_of_years(sheet: Sheet, concept: Concept, columns: Mapping[int, str]) -> Form:
    """Return a file with a column per year as one with a row per region and year.

    Parameters
    ----------
    sheet : Sheet
    concept : Concept
        What the columns hold.
    columns : mapping of int to str
        Year -> column.

    Raises
    ------
    InputError
        When a column says of its rows that they are of several years too.
    """
    by_row = _years(sheet.file, sheet.rows)
    if by_row is not None and by_row.nunique() > 1:
        raise InputError(
            f"{sheet.file} heeft jaren door elkaar: een kolom per jaar, en rijen van "
            f"{', '.join(map(str, sorted(by_row.unique())))}; bewaar ieder jaar als een eigen "
            "bestand."
        )
    codes = region_codes(sheet.file, sheet.rows)
    key = concept.concept
    parts = [sheet.rows[column].rename(key) for column in columns.values()]
    years = [year for year in columns for _ in range(len(codes))]
    names = next((name for name in sheet.rows if plain(name) in ("naam", "regio", REGION)), None)
    told = sheet.rows[names].array if names else []
    labels = pd.Series(told, index=codes.array if names else [], dtype="str")
    return Form(
        name=sheet.file,
        rows=pd.concat(parts, ignore_index=True).to_frame(),
        codes=pd.concat([codes] * len(parts), ignore_index=True),
        years=pd.Series(years, dtype="int64"),
        columns=(Column(key, concept.spelling, UNKNOWN_UNIT),),
        region_names=labels[~labels.index.duplicated()],
        from_file=True,
    )


def years_of(form: Form) -> tuple[int, ...]:
    """Return the years that a table says it is about; empty when it says none."""
    return () if form.years is None else tuple(sorted(set(form.years)))


def of_year(form: Form, year: int | None) -> tuple[Form, int]:
    """Return the rows of one year, and that year.

    Parameters
    ----------
    form : Form
    year : int or None
        None takes the year of a table that has one only.

    Raises
    ------
    InputError
        When the year is not in the table or has to be chosen, when years stand there for different
        regions, or when a region has more than one row.
    """
    there = years_of(form)
    told = ", ".join(map(str, there))
    if len(there) > 1:
        regions = form.codes.groupby(form.years).agg(frozenset)
        if regions.nunique() > 1:
            raise InputError(
                f"{form.name} heeft jaren door elkaar: niet ieder gebied heeft {told}, "
                "dus bewaar ieder jaar als een eigen bestand."
            )
    if year is None and len(there) != 1:
        raise InputError(
            f"{form.name} heeft cijfers over {told}; geef erbij welk jaar bedoeld is."
            if there
            else f"{form.name} zegt niet over welk jaar het gaat; geef het jaar erbij."
        )
    if year is not None and there and year not in there:
        raise InputError(f"{form.name} heeft geen cijfers over {year}; wel over {told}.")
    year = year or there[0]
    chosen = pd.Series(True, index=form.codes.index) if not there else form.years == year
    codes = form.codes[chosen]
    if codes.duplicated().any():
        raise InputError(
            f"{form.name} noemt {codes[codes.duplicated()].iloc[0]} meer dan één keer voor {year}; "
            "download van ieder onderwerp één onderdeel (zoals alleen de waarde, zonder marges)."
        )
    return replace(form, rows=form.rows[chosen], codes=codes, years=None), year


def region_codes(name: str, rows: pd.DataFrame) -> pd.Series:
    """Return the code of the region of each row.

    Raises
    ------
    InputError
        When no column has codes, or a row has none.
    """
    titles = [one for one in rows if re.fullmatch(_CODE_TITLES, plain(one.rsplit("/", 1)[-1]))]
    titles += [one for one in rows if plain(one) == REGION]
    best: tuple[int, str] | None = None
    for title in titles:
        codes = rows[title].astype("str").str.strip()
        if not (good := codes.str.fullmatch(_CODES)).any():
            continue
        if good.all() and (best is None or codes.nunique() > best[0]):
            best = codes.nunique(), title
        elif best is None and not good.all():
            at = (~good).idxmax()
            raise InputError(
                f"{name}: in kolom {title} staat '{codes[at]}', dat geen code van een gebied is "
                "(zoals GM0637 of BU06370101); download het bestand opnieuw."
            )
    if best is None:
        raise InputError(
            f"{name} heeft geen kolom met codes van gebieden (GM0637, WK063700, BU06370101); namen "
            "zijn niet uniek, dus kies bij het downloaden ook de codes."
        )
    return rows[best[1]].astype("str").str.strip()


def _of_members(name: str, rows: pd.DataFrame, members) -> pd.DataFrame:
    for dimension, wanted in members.items():
        column = next((one for one in rows if plain(one) == plain(dimension)), None)
        if column is None:
            continue
        told = rows[column].astype("str").str.strip()
        chosen = told.map(plain).isin(wanted)
        if not chosen.any():
            raise InputError(
                f"{name} heeft bij {column} alleen {_some(told.unique())}; download het opnieuw "
                f"met '{wanted[-1]}' erbij."
            )
        rows = rows[chosen]
    return rows


def _years(name: str, rows: pd.DataFrame) -> pd.Series | None:
    columns = [one for one in rows if plain(one) in _YEAR_COLUMNS]
    if not columns:
        return None
    told = rows[columns].astype("str").apply(lambda column: column.str.strip())
    years = told.apply(lambda column: column.str.extract(f"^{_YEAR}$", expand=False))
    for column in columns:
        if years[column].isna().any():
            raise InputError(
                f"{name} heeft bij {column} '{told[column][years[column].isna()].iloc[0]}', dat "
                "geen heel jaar is; download alleen hele jaren."
            )
        if (differ := years[column].ne(years[columns[0]])).any():
            one, other = years.loc[differ.idxmax(), [columns[0], column]]
            raise InputError(
                f"{name} heeft jaren door elkaar: {columns[0]} zegt {one} waar {column} {other} "
                "zegt; bewaar ieder jaar als een eigen bestand."
            )
    return years[columns[0]].astype("int64")


def _some(values: Iterable[str]) -> str:
    values = list(values)
    return ", ".join(values[:3]) + (" ..." if len(values) > 3 else "")
