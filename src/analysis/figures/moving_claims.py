"""Titles on how many would have to move, and on whether an index hangs on the borders."""

import pandas as pd

from analysis.figures.claims import nothing_to_say
from analysis.figures.wording import count, join_words, percent


def would_move(rows: pd.DataFrame, key: str, label: str, members: str) -> str:
    """Return the title on one group: how many, and which part of it.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows with measures 'members' and 'have_to_move'.
    key, label, members : str
        The group, its Dutch label, and the plural of what is counted.
    """
    own = rows[rows["group"].eq(key)].set_index("measure")
    row = own.loc["have_to_move"]
    if row["status"] != "ok":
        return nothing_to_say(f"de spreiding van {label} in aantallen", row)
    share = row["value"] / own.loc["members", "value"]
    return (
        f"Voor een gelijke spreiding van {label} zouden {count(row['value'])} {members} in een "
        f"andere buurt moeten wonen: {percent(share)}"
    )


def hangs(row) -> str:
    """Say whether an index lies among those over other borders: 'nee', or which side it is on."""
    if row.value > row.high:
        return "ja, deze wijken tonen meer"
    if row.value < row.low:
        return "ja, deze wijken tonen minder"
    return "nee"


def on_borders(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title: for how many groups the index over wijken hangs on their borders."""
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return "Of de maat aan de grenzen van de wijken hangt, valt hier niet te zeggen"
    depends = [labels[row.group] for row in known.itertuples() if hangs(row) != "nee"]
    if not depends:
        return "De ongelijke spreiding over wijken hangt niet aan waar hun grenzen lopen"
    if len(depends) == len(known):
        return "De ongelijke spreiding over wijken hangt aan waar hun grenzen lopen"
    few = f": die van {join_words(depends)}" if len(depends) <= 2 else ""
    return (
        f"Van {len(depends)} van de {len(known)} groepen hangt de spreiding over wijken aan waar "
        f"hun grenzen lopen{few}"
    )
