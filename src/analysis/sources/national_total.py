"""The year of a file that has the row of the country: by how many people lived there then."""

import re
from pathlib import Path

import pandas as pd

from analysis.sources.codebook import plain
from analysis.sources.errors import InputError
from analysis.sources.sheets import Sheet

FILE = "national_inhabitants.csv"
_COLUMNS = ["year", "inhabitants", "source"]
# Short name, title with topics, key: a_inw, Bevolking/Aantal inwoners (aantal), AantalInwoners_5.
_INHABITANTS = re.compile(r"ainw|(?:bevolking)?aantalinwoners(?:aantal|\d+)?")


def read_totals(path: Path) -> dict[int, int]:
    """Read how many people lived in the country on 1 January of each year.

    Parameters
    ----------
    path : Path
        A csv with year, inhabitants, source.

    Returns
    -------
    dict of int to int
        Inhabitants by year.

    Raises
    ------
    InputError
        When the file is missing, lacks a column or has something else than whole numbers.
    """
    try:
        table = pd.read_csv(path)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{path} kan niet worden gelezen als csv ({error}).") from error
    if gone := [column for column in _COLUMNS if column not in table]:
        raise InputError(f"{path} mist de kolom {gone[0]}; nodig zijn {', '.join(_COLUMNS)}.")
    numbers = table[["year", "inhabitants"]]
    if not all(pd.api.types.is_integer_dtype(numbers[column]) for column in numbers):
        raise InputError(f"{path} heeft een jaar of inwonertal dat geen heel getal is.")
    return dict(numbers.itertuples(index=False))


def years_of_total(sheet: Sheet, codes: pd.Series, totals: dict[int, int]) -> set[int]:
    """Return the year in which the country had as many inhabitants as the file says.

    Parameters
    ----------
    sheet : Sheet
    codes : Series of str
        The region of each row.
    totals : dict of int to int
        Inhabitants of the country by year.

    Returns
    -------
    set of int
        One year; none where the file lacks the country or its number is that of no year, as a
        provisional one is.
    """
    country = sheet.rows.loc[codes.str.startswith("NL").to_numpy()]
    if len(country) != 1:
        return set()
    counted = [name for name in sheet.rows if _INHABITANTS.fullmatch(plain(name))]
    said = {country[name].iloc[0].strip() for name in counted}
    # Excel may have put points between the thousands.
    whole = {re.sub(r"[.,\s](?=\d{3})", "", text).removesuffix(".0") for text in said}
    return {year for year, number in totals.items() if str(number) in whole}
