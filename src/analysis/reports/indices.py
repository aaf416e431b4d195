"""The word `indices`: segregation indices of gemeenten as a table, csv or json."""

from collections.abc import Sequence

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.groups import GROUPS, Group, by_key
from analysis.evidence.panel import measure
from analysis.evidence.uncertainty import rounding
from analysis.figures.wording import LEVEL_PLURAL, STATUS_NL, in_format, percent, regions
from analysis.reports.dossier import Dossier, Release
from analysis.sources.errors import InputError
from analysis.sources.regions import OWN_LEVEL

# Enough for three decimals; the table is waited for.
_DRAWS = 100
LEVELS = ("wijk", "buurt", OWN_LEVEL)
MEASURES_NL = {
    "dissimilarity": "dissimilariteit",
    "gini": "Gini",
    "information_theory": "H",
    "isolation": "isolatie",
    "interaction": "interactie",
}


def indices(
    dossiers: Sequence[Dossier], groups: Sequence[str] = (), levels: Sequence[str] = LEVELS
) -> pd.DataFrame:
    """Return the indices of gemeenten as evidence rows.

    Parameters
    ----------
    dossiers : sequence of Dossier
        One per gemeente.
    groups : sequence of str, optional
        Keys of groups, or themes ('inkomen', 'wonen', ...) for all groups of one; without it
        every group that can be counted in one of the years.
    levels : sequence of {'wijk', 'buurt', 'eigen'}, optional
        Without it wijken and buurten, and own areas where the gemeente has brought them; a year
        for which they cannot be made is not in the answer.

    Returns
    -------
    DataFrame
        Every year x level x group x measure of every gemeente; the dissimilarity with the interval
        that rounding leaves. Without `groups` those that no
        year can count are left out; asked for by name they are there with their status.

    Raises
    ------
    InputError
        When a group does not exist.
    """
    chosen = [group for asked in groups for group in _groups(asked)] or list(GROUPS)
    tables = [
        _of_release(dossier, release, level, chosen)
        for dossier in dossiers
        for release in dossier.releases
        for level in levels
        if level in dossier.levels(release)
    ]
    rows = join(tables)
    if groups or rows.empty:
        return rows
    counted = rows.groupby("group")["value"].transform(lambda values: values.notna().any())
    return rows[counted].reset_index(drop=True)


def _of_release(
    dossier: Dossier, release: Release, level: str, groups: list[Group]
) -> pd.DataFrame:
    """Return all indices of one year and level; the dissimilarity with what rounding hides."""
    regions, names = dossier.regions(release, level), dossier.names()
    settings = {
        "year": release.year,
        "source": dossier.source_line(release),
        "absent": {release.year: release.absent},
    }
    others = [name for name in MEASURES_NL if name != "dissimilarity"]
    told = rounding(regions, groups, draws=_DRAWS, **settings)
    told = told.assign(area_name=told["area_code"].map(names))
    rows = join([told, measure(regions, others, groups, area_names=names, **settings)])
    order = {group.key: place for place, group in enumerate(groups)}
    return rows.sort_values("group", key=lambda keys: keys.map(order), kind="stable")


def indices_text(rows: pd.DataFrame) -> str:
    """Return the indices as Dutch text: per gemeente, level and year a line per group."""
    if rows.empty:
        return "Geen enkele groep is hier te tellen."
    parts = []
    order = ["area_code", "level", "year"]
    for (_, level, year), part in rows.groupby(order, sort=False):
        first = part.iloc[0]
        units = int(part["units"].max())
        head = f"{first['area_name']}, {LEVEL_PLURAL[level]}, {year} ({regions(units, level)})"
        lines = _table(part).to_string(index=False, justify="right").splitlines()
        parts.append("\n".join([head, *(line.rstrip() for line in lines)]))
    parts += sorted(set(rows["source"]))
    return "\n\n".join(parts)


def _table(part: pd.DataFrame) -> pd.DataFrame:
    labels = {group.key: group.label for group in GROUPS}
    lines = []
    for group, own in part.groupby("group", sort=False):
        by_measure = own.set_index("measure")
        status = own["status"].iloc[0]
        line = {"groep": labels.get(group, group)}
        for name, label in MEASURES_NL.items():
            line[label] = _shown(by_measure["value"].get(name))
            if name == "dissimilarity":
                line["door afronden tussen"] = _ends(by_measure.loc[name])
        covered = own["population_covered"].iloc[0]
        line["dekking"] = percent(covered) if covered == covered else ""
        line["opmerking"] = "" if status == "ok" else STATUS_NL[status]
        lines.append(line)
    table = pd.DataFrame(lines)
    # Words begin at the left, numbers end at the right.
    for column in ("groep", "opmerking"):
        table[column] = table[column].str.ljust(table[column].str.len().max())
    return table


def _shown(value: float | None) -> str:
    return "" if value is None or pd.isna(value) else in_format(value, "index", 3)


def _ends(row: pd.Series) -> str:
    if pd.isna(row["low"]):
        return ""
    return f"{in_format(row['low'], 'index', 3)} – {in_format(row['high'], 'index', 3)}"


def _groups(asked: str) -> list[Group]:
    of_theme = [group for group in GROUPS if group.theme == asked]
    if of_theme:
        return of_theme
    try:
        return [by_key(asked)]
    except KeyError:
        themes = ", ".join(dict.fromkeys(group.theme for group in GROUPS))
        names = ", ".join(group.key for group in GROUPS)
        raise InputError(
            f"Er is geen groep '{asked}'; kies een thema ({themes}) of een groep ({names})."
        ) from None
