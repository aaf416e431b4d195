"""Which figures a gemeente has: per concept, year and level the filled share, and why not more."""

import pandas as pd

from analysis.figures.wording import STATUS_NL, percent
from analysis.reports.dossier import Dossier
from analysis.sources import kerncijfers
from analysis.sources.regions import LEVELS

REASONS = (
    "not_published",
    "not_in_file",
    "suppressed",
    "below_threshold",
    "does_not_exist",
    "uninhabited",
)


def availability(dossier: Dossier, levels: tuple[str, ...] = LEVELS) -> pd.DataFrame:
    """Return how much of every concept is filled in every stored year, and why the rest is not.

    Parameters
    ----------
    dossier : Dossier
    levels : tuple of str, optional

    Returns
    -------
    DataFrame
        One row per concept, year and level: concept, label, year, level, `filled` (share of the
        inhabitants in regions with a figure), `regions`, one column per reason with the number
        of regions, and `newest` (whether this is the newest year with a figure of the concept
        on that level).
    """
    tables = [
        _of_release(dossier, release, level) for release in dossier.releases for level in levels
    ]
    table = pd.concat(tables, ignore_index=True)
    has = table[table["filled"].gt(0)]
    newest = has.groupby(["concept", "level"])["year"].max()
    wanted = table.set_index(["concept", "level"]).index
    table["newest"] = table["year"].eq(newest.reindex(wanted).array) & table["filled"].gt(0)
    return table


def availability_text(table: pd.DataFrame) -> str:
    """Return an availability table as lines for a terminal: per level a block of concepts."""
    lines = []
    years = sorted(table["year"].unique(), reverse=True)
    width = int(table["label"].str.len().max())
    for level in dict.fromkeys(table["level"]):
        lines += ["", f"Per {level}".ljust(width) + "".join(f"{year:>26}" for year in years)]
        block = table[table["level"].eq(level)]
        for (_, label), rows in block.groupby(["concept", "label"], sort=False):
            by_year = rows.set_index("year")
            cells = "".join(f"{_cell(by_year.loc[year]):>26}" for year in years)
            lines.append(label.ljust(width) + cells)
    return "\n".join([*lines[1:], "", "* nieuwste jaar met cijfers"])


def _of_release(dossier: Dossier, release, level: str) -> pd.DataFrame:
    regions = dossier.regions(release, level)
    everywhere = kerncijfers.all_regions(release, level, dossier.code)
    concepts = [name for name, concept in dossier.codebook.items() if concept.kind != "text"]
    why = kerncijfers.reasons(release, level, concepts).loc[regions.index]
    people = regions["inhabitants"]
    counts = {reason: why.eq(reason).sum() for reason in REASONS}
    frame = pd.DataFrame(
        {
            "concept": concepts,
            "label": [dossier.codebook[c].label_nl for c in concepts],
            "year": release.year,
            "level": level,
            "filled": (why.eq("").mul(people, axis=0).sum() / people.sum()).array,
            "regions": len(everywhere),
            **{reason: counts[reason].array for reason in REASONS},
        }
    )
    frame["uninhabited"] = len(everywhere) - len(regions)
    return frame


def _cell(row: pd.Series) -> str:
    if row["filled"] > 0:
        return percent(row["filled"]) + ("*" if row["newest"] else " ")
    reasons = {reason: row[reason] for reason in REASONS if reason != "uninhabited"}
    return STATUS_NL[max(reasons, key=reasons.get)] + " "
