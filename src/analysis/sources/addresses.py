"""The CBS file that gives every postcode and house number its buurt: where addresses went.

Two such files, of two years, tell how many addresses of a region lie in which region later.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.sources import snapshot
from analysis.sources.errors import InputError
from analysis.sources.regions import CODE_PATTERN

NAME = "adressen"
_PREFIX = {"buurt": ("BU", 8), "wijk": ("WK", 6), "gemeente": ("GM", 4)}
_COLUMN = {"buurt": r"buurt_?\d{4}", "wijk": r"wijk_?\d{4}", "gemeente": r"gem(?:eente)?_?\d{4}"}
_KEY = ["pc6", "huisnummer"]


def is_addresses(header: Iterable[str]) -> bool:
    """Whether the cells of a header are those of an address file: a house number and its buurt."""
    names = {str(cell).strip("\ufeff\"' ").casefold() for cell in header}
    return {"pc6", "huisnummer"} <= names and any(
        re.fullmatch(_COLUMN["buurt"], name) for name in names
    )


def store(raw: Path, file: Path) -> snapshot.Snapshot:
    """Keep an address file as a snapshot, once it can be read; its columns tell the year."""
    rows = len(read_addresses(file))
    columns, _ = _columns(file)
    return snapshot.write_file(raw, NAME, file, rows, {"year": columns["buurt"][-4:]})


def stored_moves(
    raw: Path, year_from: int, year_to: int, level: str, gemeente: str
) -> pd.DataFrame | None:
    """Count the addresses that moved from region to region, by the files that are in store.

    Parameters
    ----------
    raw : Path
    year_from, year_to : int
    level : {'gemeente', 'wijk', 'buurt'}
    gemeente : str
        Only addresses that lie in this gemeente in one of the years.

    Returns
    -------
    DataFrame or None
        As `address_moves`; None when the file of one of the years is not in store.
    """
    files = {int(one.notes["year"]): one for one in reversed(snapshot.releases(raw, NAME))}
    if not {year_from, year_to} <= files.keys():
        return None
    both = [
        read_addresses(files[year].path(next(iter(files[year].files))))
        for year in (year_from, year_to)
    ]
    here = pd.concat([one.loc[one["gemeente"].eq(gemeente), "pc6"] for one in both]).unique()
    return address_moves(*(one[one["pc6"].isin(here)] for one in both), level)


def read_addresses(file: Path) -> pd.DataFrame:
    """Read a file pc6hnr<date>_gwb.csv, with `;` or `,`.

    Codes stand there as numbers without leading zeros (3630000) or, since they hold letters, as
    texts (0363AC02, BU0363AC02); each form gives BU03630000, BU0363AC02.

    Parameters
    ----------
    file : Path
        Columns PC6, Huisnummer, Buurt<year>, Wijk<year>, Gemeente<year>.

    Returns
    -------
    DataFrame
        One row per postcode and house number: pc6, huisnummer, buurt, wijk, gemeente. Numbers
        that lie in two buurten at once are left out: which of the two is not known.

    Raises
    ------
    InputError
        When the file is missing, is no such table, holds two years, or has a code that is none.
    """
    if not file.is_file():
        raise InputError(f"Het adressenbestand {file} bestaat niet.")
    columns, separator = _columns(file)
    try:
        rows = pd.read_csv(
            file, sep=separator, dtype="str", usecols=[*columns.values()], encoding="utf-8-sig"
        )
    except (ValueError, OSError) as error:
        raise InputError(
            f"{file} kan niet worden gelezen als tabel met ';' of ',' ({error}); download het "
            "bestand opnieuw."
        ) from error
    table = pd.DataFrame({name: rows[column].str.strip() for name, column in columns.items()})
    table["pc6"] = table["pc6"].str.replace(" ", "").str.upper()
    for level in _PREFIX:
        table[level] = _codes(table[level], level, file, columns[level])
    if table[_KEY].isna().any(axis=None) or table.empty:
        raise InputError(
            f"In {file} hebben {int(table[_KEY].isna().any(axis=1).sum())} van de {len(table)} "
            "rijen geen postcode of huisnummer; download het bestand opnieuw."
        )
    table = table.drop_duplicates()
    return table[~table.duplicated(_KEY, keep=False)].reset_index(drop=True)


def address_moves(before: pd.DataFrame, after: pd.DataFrame, level: str) -> pd.DataFrame:
    """Count the addresses that each pair of regions shares.

    Parameters
    ----------
    before, after : DataFrame
        From `read_addresses`, of the year that is converted and of the year converted to.
    level : {'gemeente', 'wijk', 'buurt'}

    Returns
    -------
    DataFrame
        from_code, to_code, addresses (> 0). Addresses that are in one of the files only
        (demolished, newly built) are not counted: they went nowhere and came from nowhere.
    """
    both = before[[*_KEY, level]].merge(
        after[[*_KEY, level]], on=_KEY, suffixes=("_from", "_to"), validate="one_to_one"
    )
    counted = both.groupby([f"{level}_from", f"{level}_to"]).size().reset_index()
    return counted.set_axis(["from_code", "to_code", "addresses"], axis=1)


def _columns(file: Path) -> tuple[dict[str, str], str]:
    try:
        with file.open(encoding="utf-8-sig") as lines:
            header = lines.readline().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is geen tekstbestand; pak het eerst uit.") from error
    separator = ";" if ";" in header else ","
    names = [name.strip('" ') for name in header.split(separator)]
    found = {}
    for meant, pattern in {"pc6": "pc6", "huisnummer": "huisnummer", **_COLUMN}.items():
        fitting = [name for name in names if re.fullmatch(pattern, name.casefold())]
        if len(fitting) != 1:
            wanted = "Buurt2024, Wijk2024 en Gemeente2024 (met het jaar)"
            raise InputError(
                f"{file} heeft {len(fitting) or 'geen'} kolommen voor {meant}; verwacht worden "
                f"PC6, Huisnummer, {wanted}, en er staan {', '.join(names)[:120]}."
            )
        found[meant] = fitting[0]
    if len(years := {found[level][-4:] for level in _COLUMN}) > 1:
        raise InputError(f"{file} heeft kolommen van {' en '.join(sorted(years))}; geef één jaar.")
    return found, separator


def _codes(values: pd.Series, level: str, file: Path, column: str) -> pd.Series:
    prefix, width = _PREFIX[level]
    bare = values.str.upper().str.removeprefix(prefix).str.zfill(width)
    codes = prefix + bare
    wrong = ~codes.str.fullmatch(CODE_PATTERN[level]).fillna(False).astype(bool)
    if wrong.any():
        raise InputError(
            f"In {file} staat in kolom {column} '{values[wrong].iloc[0]}', en dat is geen "
            f"{level}code; download het bestand opnieuw."
        )
    return codes
