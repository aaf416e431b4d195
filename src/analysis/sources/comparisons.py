"""Sets of gemeenten that are compared with each other, as a table that users may extend."""

from pathlib import Path

import pandas as pd

from analysis.sources.errors import InputError

_COLUMNS = ["set", "label", "gm_code", "gemeente", "town", "note"]


def read_comparisons(path: Path) -> pd.DataFrame:
    """Read the sets of gemeenten.

    Parameters
    ----------
    path : Path
        A csv with set, label (Dutch), gm_code, gemeente, town, note; a row per gemeente of a set.

    Returns
    -------
    DataFrame of str
        As in the file; empty cells are ''.

    Raises
    ------
    InputError
        When the file is missing, lacks a column, has a code that is none, or a gemeente twice in
        one set.
    """
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{path} kan niet worden gelezen als csv ({error}).") from error
    if gone := [column for column in _COLUMNS if column not in table]:
        raise InputError(f"{path} mist de kolom {gone[0]}; nodig zijn {', '.join(_COLUMNS)}.")
    odd = table.loc[~table["gm_code"].str.fullmatch(r"GM\d{4}"), "gm_code"]
    if len(odd):
        raise InputError(f"{path}: '{odd.iloc[0]}' is geen code van een gemeente, zoals GM0637.")
    twice = table.loc[table.duplicated(["set", "gm_code"])]
    if len(twice):
        first = twice.iloc[0]
        raise InputError(f"{path}: {first['gm_code']} staat twee keer in '{first['set']}'.")
    return table[_COLUMNS]


def codes_of(comparisons: pd.DataFrame, name: str) -> list[str]:
    """Return the codes of a set, in the order of the file.

    Raises
    ------
    InputError
        Naming the sets that exist.
    """
    found = comparisons.loc[comparisons["set"].eq(name), "gm_code"].tolist()
    if not found:
        there = ", ".join(comparisons["set"].unique())
        raise InputError(f"Er is geen groep gemeenten '{name}'; er zijn: {there}.")
    return found
