"""From how many people, households or dwellings on a figure is published: CBS's own limits.

They differ between concepts and years: mean income was given from 100 people in 2017 and is given
from 2,500 since 2020. A region below the limit never gets a figure, in no later release either.
"""

from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.project_table import read_rows

FILE = "thresholds.csv"


@dataclass(frozen=True)
class Threshold:
    """One row of the table of limits.

    Attributes
    ----------
    concepts : tuple of str
        Which concepts it is about; `*` stands for any letters.
    from_year, to_year : int or None
        The years in which it holds; None is open.
    unit : tuple of str
        The sizes of a region that it is compared with. With more than one, a region is below the
        limit where any of them is: nowhere are more households or recipients than inhabitants.
    value : int
        The least size with a figure.
    source, seen : str
        Who says so, and the smallest filled region in real tables.
    """

    concepts: tuple[str, ...]
    from_year: int | None
    to_year: int | None
    unit: tuple[str, ...]
    value: int
    source: str
    seen: str

    def is_about(self, concept: str) -> bool:
        """Whether this is a limit of a concept, in some year."""
        return any(fnmatchcase(concept, pattern) for pattern in self.concepts)

    def holds_in(self, year: int) -> bool:
        """Whether this limit is used in a year."""
        return (self.from_year or year) <= year <= (self.to_year or year)


def read_thresholds(path: Path) -> tuple[Threshold, ...]:
    """Read the table of limits; an absent file has none.

    Raises
    ------
    InputError
        When a column is missing, or a year or value is no number.
    """
    if not path.is_file():
        return ()
    names = [field.name for field in fields(Threshold)]
    found = []
    for row in read_rows(path, names):
        years = row["from_year"], row["to_year"]
        if not row["value"].isdecimal() or not all(year.isdecimal() for year in years if year):
            raise InputError(
                f"{path.name}: from_year, to_year en value van {row['concepts']} moeten getallen "
                "zijn."
            )
        begin, end = (int(year) if year else None for year in years)
        found.append(
            Threshold(
                concepts=tuple(row["concepts"].split(" | ")),
                from_year=begin,
                to_year=end,
                unit=tuple(row["unit"].split(" | ")),
                value=int(row["value"]),
                source=row["source"],
                seen=row["seen"],
            )
        )
    return tuple(found)


def of_year(thresholds: tuple[Threshold, ...], concept: str, year: int) -> Threshold | None:
    """Return the limit of a concept in a year, or None where none is known.

    Raises
    ------
    InputError
        When two rows give one.
    """
    found = [one for one in thresholds if one.is_about(concept) and one.holds_in(year)]
    if len(found) > 1:
        raise InputError(f"{FILE} heeft voor {concept} in {year} meer dan één grens.")
    return found[0] if found else None


def is_below(threshold: Threshold, sizes: pd.DataFrame) -> pd.Series:
    """Say of every region whether it is known to be below a limit.

    Parameters
    ----------
    threshold : Threshold
    sizes : DataFrame
        Columns with sizes (inhabitants, n_households, ...); what it lacks is not known.

    Returns
    -------
    Series of bool
        False where the size is not known.
    """
    below = np.zeros(len(sizes), dtype=bool)
    for name in threshold.unit:
        if name in sizes:
            below |= sizes[name].to_numpy(dtype=float) < threshold.value
    return pd.Series(below, index=sizes.index)
