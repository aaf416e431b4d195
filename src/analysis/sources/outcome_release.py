"""One year of one source of outcomes: a table per level, and why a figure is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.sources import regions
from analysis.sources.contents import Contents, cleaned
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import (
    DOES_NOT_EXIST,
    KNOWN,
    NOT_IN_FILE,
    NOT_PUBLISHED,
    SECRET,
)
from analysis.sources.outcome_columns import place
from analysis.sources.outcome_form import Form
from analysis.sources.outcomes import Outcome, meanings

NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True)
class OutcomeRelease:
    """Figures of one year and source, cleaned: every region that the table has, all levels.

    Attributes
    ----------
    theme : str
    name : str
        What sentences call the table.
    year : int
        What the figures are about; the division into regions may be of another year.
    outcomes : mapping of str to Outcome
        What can be in it, with what each is made of.
    table : DataFrame
        Indexed by region_code: gm_code, wk_code, region_name, then the outcomes; NaN where not
        known, shares in 0-1.
    missing : DataFrame of str
        On the index of `table`, a column per outcome: why it is missing, '' where it is known.
    totals : DataFrame
        By gemeente how the sum over its regions compares with the published total; empty for
        what has no sum.
    """

    theme: str
    name: str
    year: int
    outcomes: Mapping[str, Outcome]
    table: pd.DataFrame
    missing: pd.DataFrame
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)


def release_of(
    form: Form, theme: str, year: int, outcomes: Mapping[str, Outcome], hole: str = SECRET
) -> OutcomeRelease:
    """Return the figures of a form under our names.

    Parameters
    ----------
    form : Form
        The rows of one year.
    theme : str
    year : int
    outcomes : mapping of str to Outcome
        Those of the theme.
    hole : str
        Why a single figure is missing where its level has figures.

    Raises
    ------
    InputError
        When a column cannot be placed, or holds what cannot be: text, a share above 100 %, a
        count below 0.
    """
    concepts = meanings(outcomes)
    columns = place(form.name, form.columns, concepts, year)
    contents = Contents(form.name, [], form.region_names, form.rows)
    table = cleaned(contents, columns, concepts).astype(float)
    table.index = pd.Index(form.codes.array, name="region_code")
    for name in table:
        _check_range(form.name, table[name], outcomes[name])
    codes = table.index.to_series()
    missing = pd.DataFrame(index=table.index)
    no_column = NOT_IN_FILE if form.from_file else NOT_PUBLISHED
    for name, concept in concepts.items():
        if name in table and (concept.exists_in(year) or table[name].notna().any()):
            missing[name] = _holes(table[name], codes, hole)
        else:
            missing[name] = no_column if concept.exists_in(year) else DOES_NOT_EXIST
    of_place = ~codes.str[:2].isin(["NL", "LD", "PV", "CR"])
    names = regions.label(form.region_names)
    table.insert(0, "region_name", codes.map(names).array)
    table.insert(0, "wk_code", regions.wk_code(codes).where(regions.is_level(codes, "buurt")))
    table.insert(0, "gm_code", regions.gm_code(codes).where(of_place))
    return OutcomeRelease(theme, form.name, year, outcomes, table, missing)


def outcome_table(release: OutcomeRelease, level: str) -> pd.DataFrame:
    """Return the regions of one level, also those without figures.

    Parameters
    ----------
    release : OutcomeRelease
    level : {'gemeente', 'wijk', 'buurt'}

    Returns
    -------
    DataFrame
        Indexed by region_code: gm_code, wk_code, region_name and the outcomes of the table.
    """
    return release.table[_rows(release, level)]


def outcome_reasons(release: OutcomeRelease, level: str) -> pd.DataFrame:
    """Say for every region of a level and outcome why it is missing; '' where it is known.

    Returns
    -------
    DataFrame of str
        On the index of `outcome_table`: '', 'not_published', 'not_in_file', 'does_not_exist',
        'suppressed', 'uninhabited' or 'not_comparable'.
    """
    return release.missing[_rows(release, level)]


def division_year(codes: pd.Index, codes_by_year: Mapping[int, pd.Index]) -> int | None:
    """Return the year whose division into regions a table has, whatever its figures are about.

    Parameters
    ----------
    codes : Index of str
        The codes of a table.
    codes_by_year : mapping of int to Index of str
        Codes of gemeenten, wijken and buurten of the divisions at hand.

    Returns
    -------
    int or None
        The newest year that has every gemeente, wijk and buurt of the table, with as many in each
        of its gemeenten; None when there is none. Two divisions may have the same codes: the same
        code is not yet the same place.
    """
    asked = _places(codes)
    gemeenten = set(asked.str[2:6])
    for year in sorted(codes_by_year, reverse=True):
        there = _places(codes_by_year[year])
        if set(asked) <= set(there) and _as_many(asked, there[there.str[2:6].isin(gemeenten)]):
            return year
    return None


def _places(codes: pd.Index) -> pd.Index:
    return codes[codes.str[:2].isin(["GM", "WK", "BU"])]


def _as_many(asked: pd.Index, there: pd.Index) -> bool:
    levels = set(asked.str[:2])
    return len(asked) == there.str[:2].isin(levels).sum()


def _holes(values: pd.Series, codes: pd.Series, hole: str) -> np.ndarray:
    """Say why values are missing: the whole level has none, or this region has not."""
    levels = codes.str[:2]
    empty = levels.map(values.isna().groupby(levels).all())
    return np.where(values.notna(), KNOWN, np.where(empty, NOT_PUBLISHED, hole))


def _check_range(name: str, values: pd.Series, outcome: Outcome) -> None:
    lowest, highest = {"share": (0, 1), "count": (0, np.inf)}.get(
        outcome.meaning.kind, (-np.inf, np.inf)
    )
    wrong = values[(values < lowest) | (values > highest)]
    if len(wrong):
        raise InputError(
            f"{name}: {outcome.meaning.label_nl} is {wrong.iloc[0]:g} in {wrong.index[0]}, wat "
            "niet kan; download het bestand opnieuw."
        )


def _rows(release: OutcomeRelease, level: str) -> pd.Series:
    return regions.is_level(release.table.index.to_series(), level)
