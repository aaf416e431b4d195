"""Titles on change: whether a spread grew, shrank, stayed, or cannot be compared."""

import pandas as pd

from analysis.figures.wording import percent, signed

# Behind the name of the measure in an evidence row of a change, before its first year.
_MARK = "_change_since_"
# A smaller change than this means nothing in the street, however sure it is.
_HARDLY = 0.01


def changed(rows: pd.DataFrame, labels: dict[str, str], area: str) -> str:
    """Return the title on the longest change: more uneven, less, or no more than rounding makes.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of changes, one per group and comparable part of the years.
    labels : dict of str to str
        Dutch label by group; the first group with a change leads.
    area : str
        Name of the gemeente.
    """
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return f"Of groepen in {area} anders verspreid zijn gaan wonen, valt niet te zeggen"
    first = next(key for key in labels if key in set(known["group"]))
    own = known[known["group"].eq(first)]
    row = own.loc[(own["year"] - _since(own)).idxmax()]
    when = f"tussen {_since(own)[row.name]} en {row['year']}"
    if _sure(row) and abs(row["value"]) < _HARDLY:
        return (
            f"De spreiding van {labels[first]} is {when} nauwelijks veranderd "
            f"({signed(row['value'], 'index', 3)})"
        )
    if _sure(row):
        word = "ongelijker" if row["value"] > 0 else "gelijker"
        return f"De spreiding van {labels[first]} is {when} {word} geworden"
    return (
        f"De spreiding van {labels[first]} is {when} niet duidelijk veranderd: het verschil kan "
        "door afronden komen"
    )


def all_changes(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return a sentence with every change in figures."""
    parts = []
    for row, since in zip(rows.itertuples(), _since(rows), strict=True):
        sure = "" if _sure(row._asdict()) else ", kan afronding zijn"
        parts.append(
            f"{labels[row.group]} {since}-{row.year}: {signed(row.value, 'index', 3)}{sure}"
        )
    return f"Verandering van de dissimilariteit: {'; '.join(parts)}." if parts else ""


def not_joined(years: list[int], part: pd.Series, same: dict[tuple[int, int], float]) -> list[str]:
    """Say between which years no line runs, and how much of the people lives in equal regions."""
    apart = [
        f"{before} en {after} ({percent(same[(before, after)])})"
        for before, after in zip(years, years[1:], strict=False)
        if part[before] != part[after]
    ]
    if not apart:
        return []
    return [
        f"Geen lijn tussen {'; '.join(apart)}: tussen haakjes van welk deel van de inwoners zeker "
        "is dat hun buurt hetzelfde gebied bleef. Jaren die ontbreken zijn op te halen met 'pull'."
    ]


def _since(rows: pd.DataFrame) -> pd.Series:
    return rows["measure"].str.rsplit(_MARK, n=1).str[-1].astype(int)


def _sure(row) -> bool:
    return row["low"] > 0 or row["high"] < 0
