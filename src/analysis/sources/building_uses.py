"""Uses of buildings in the register, and which kinds of facility each of them would hold.

Which kind belongs to which use is a judgement of this project; it stands in a table
(`data/building_uses.csv`) so that another judgement is a change of the table.
"""

from pathlib import Path

import pandas as pd

from analysis.sources.buildings import USES
from analysis.sources.errors import InputError
from analysis.sources.project_table import read_rows

COLUMNS = ("use", "label", "kinds", "note")


def read_uses(path: Path) -> pd.DataFrame:
    """Read the table of uses.

    Parameters
    ----------
    path : Path
        A csv file with the columns of `COLUMNS`; kinds with ` | ` between.

    Returns
    -------
    DataFrame of str
        Index use, in the file's order; `label`, `kinds` (with '|' between, '' for none), `note`.

    Raises
    ------
    InputError
        When a column is missing, a use is not one of the register's or stands there twice, or a
        kind belongs to two uses.
    """
    table = pd.DataFrame(read_rows(path, COLUMNS), columns=list(COLUMNS)).set_index("use")
    if list(table.index[table.index.duplicated()]) or not set(table.index) <= set(USES):
        raise InputError(f"{path.name} moet elk gebruiksdoel van de BAG één keer noemen.")
    listed = table["kinds"].map(lambda text: [k.strip() for k in text.split("|") if k.strip()])
    several = listed.explode().dropna()
    if several.duplicated().any():
        double = several[several.duplicated()].iloc[0]
        raise InputError(f"{path.name} noemt de soort {double} bij meer dan één gebruiksdoel.")
    return table.assign(kinds=listed.map("|".join))
