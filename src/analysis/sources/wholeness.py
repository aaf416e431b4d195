"""Whether a file of Kerncijfers is whole, as far as its own figures tell.

A file that was cut at the end of a line has fewer regions and looks like any other; the published
total of the gemeente tells that something is gone. In rows that ran together the groups of a
partition are no longer near their total.
"""

from collections.abc import Mapping

import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.partitions import PARTITIONS

# Real wijken and buurten hold 0.994 to 1.007 of their gemeente's inhabitants (2017, 2020, 2024).
ENOUGH_PEOPLE = 0.95
# Rounding explains every difference in the real tables; beyond it this share of the total may be
# off before a row is held to be damaged.
_SLACK = 0.05
_ROUNDING = 5
# Rows that ran together are few among many that are right.
_ENOUGH_ROWS, _FEW = 20, 0.1


def incomplete_gemeenten(tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Return the gemeenten of which wijken or buurten are gone.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Region tables by level, with gm_code and inhabitants.

    Returns
    -------
    dict of str to float
        Code of the gemeente -> the share of its inhabitants that the level with the fewest holds,
        where that is below 0.95. A level of which a gemeente has no region at all was not asked
        for, and is no gap.
    """
    people = tables["gemeente"]["inhabitants"]
    found: dict[str, float] = {}
    for level in ("wijk", "buurt"):
        grouped = tables[level].groupby("gm_code")["inhabitants"].agg(["sum", "size"])
        grouped = grouped.loc[grouped.index.intersection(people.index)]
        published = people.loc[grouped.index]
        most = (grouped["sum"] + _ROUNDING * grouped["size"]) / published
        for code, share in (grouped["sum"] / published)[most < ENOUGH_PEOPLE].items():
            found[str(code)] = min(share, found.get(str(code), 1.0))
    return dict(sorted(found.items()))


def check_partitions_of_file(table: pd.DataFrame, level: str, name: str) -> None:
    """Refuse a table in which the groups of a partition are far from their total in a few rows.

    In tables of under 20 regions, or where many differ, that is no sign of damage: what is shown
    of the partitions in the report says it.

    Parameters
    ----------
    table : DataFrame
        A region table.
    level : {'gemeente', 'wijk', 'buurt'}
    name : str
        The file, for the sentence.

    Raises
    ------
    InputError
        Naming the first such region.
    """
    for partition in PARTITIONS:
        columns = [*partition.groups, partition.total]
        if not set(columns) <= set(table.columns):
            continue
        known = table[columns].dropna()
        total = known[partition.total]
        together = known[list(partition.groups)].sum(axis=1)
        far = (together - total).abs() > partition.tolerance(level) + _SLACK * total
        if len(known) >= _ENOUGH_ROWS and 0 < far.sum() <= _FEW * len(known):
            code = far.idxmax()
            raise InputError(
                f"{name}: in {code} zijn de groepen van {partition.name} samen "
                f"{together[code]:.0f}, terwijl het totaal {total[code]:.0f} is; dat is meer dan "
                "afronding, dus het bestand is beschadigd of kolommen zijn verwisseld: download "
                "het opnieuw."
            )
