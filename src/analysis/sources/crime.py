"""Registered crime per buurt, refused where the police's buurten are not those of the codes.

Facts of the layout. As the service of the police gives it (47018NED, catalogue
dataderden.cbs.nl): dimensions `SoortMisdrijf` (0.0.0 is the total), `WijkenEnBuurten` and
`Perioden`, and one column `Geregistreerde misdrijven`. As a table with a column per year: `code`
(gemeente, wijk and buurt), and `misdrijven_2021` and so on; other columns of that file (population,
health) are not read. An empty cell is no figure; 0 is none registered.

The police may use another division into buurten than the codes suggest. Codes, names and flags of
change all look fine then; only the sum over the buurten of a gemeente falls short of its published
total. Below 85 % no figure of its wijken and buurten is given.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.sources.codebook import plain
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import NOT_PUBLISHED
from analysis.sources.outcome_form import Form, form_of_years, of_year
from analysis.sources.outcome_release import NOT_COMPARABLE, OutcomeRelease, release_of
from analysis.sources.outcomes import Outcome, of_theme
from analysis.sources.sheets import Sheet

THEME = "misdrijven"
MEMBERS = {"SoortMisdrijf": ("000", "totaalmisdrijven", "misdrijventotaal")}
CRIMES = "n_crimes"
LEAST_FOUND = 0.85
_YEAR_COLUMN = re.compile(r"(?:geregistreerde)?misdrijven((?:19|20)\d\d)(?:jj00)?")


def is_header(cells: list[str]) -> bool:
    """Whether a line is the header of a table with registered crime."""
    names = [plain(cell) for cell in cells]
    return any(_YEAR_COLUMN.fullmatch(name) for name in names) or (
        "soortmisdrijf" in names and any("misdrijven" in name for name in names)
    )


def form_of_wide(sheet: Sheet, outcomes: Mapping[str, Outcome]) -> Form | None:
    """Return a file with a column per year as a form; None when it is not one.

    Raises
    ------
    InputError
        When two columns are one year, or a column of crimes per year has another name.
    """
    columns: dict[int, str] = {}
    for name in sheet.rows:
        if told := _YEAR_COLUMN.fullmatch(plain(name)):
            year = int(told[1])
            if year in columns:
                raise InputError(
                    f"{sheet.file} heeft {columns[year]} en {name}, die allebei de misdrijven van "
                    f"{year} zijn; laat er één staan."
                )
            columns[year] = name
    if not columns:
        return None
    for name in sheet.rows:
        strange = re.fullmatch(r"misdr\w*?((?:19|20)\d\d)\w*", plain(name))
        if strange and int(strange[1]) not in columns:
            raise InputError(
                f"{sheet.file} heeft de onbekende kolom {name}; noem hem misdrijven_{strange[1]} "
                "als het de geregistreerde misdrijven van dat jaar zijn, en laat hem anders weg."
            )
    return form_of_years(sheet, outcomes[CRIMES].meaning, dict(sorted(columns.items())))


def refused(release: OutcomeRelease) -> pd.DataFrame:
    """Return the gemeenten whose wijken and buurten are left without figures.

    Returns
    -------
    DataFrame
        The rows of `release.totals` that were refused: region_name, published (the gemeente's own
        total), in_regions (the sum over its buurten or wijken), share_found (their ratio; NaN
        where no total was published).
    """
    totals = release.totals
    return totals[totals["refused"]].drop(columns="refused")


def read_form(form: Form, year: int | None, outcomes: Mapping[str, Outcome]) -> OutcomeRelease:
    """Return registered crime of one year; arguments and errors as in `socioeconomic.read_form`.

    Returns
    -------
    OutcomeRelease
        `totals` has every gemeente; the wijken and buurten of a refused one are without a figure,
        'not_comparable'.
    """
    form, year = of_year(form, year)
    release = release_of(form, THEME, year, of_theme(outcomes, THEME), NOT_PUBLISHED)
    table, missing = release.table.copy(), release.missing.copy()
    totals = _totals(table)
    below = ~table.index.str.startswith("GM") & table["gm_code"].isin(
        totals.index[totals["refused"]]
    )
    table.loc[below, CRIMES] = float("nan")
    missing.loc[below, CRIMES] = NOT_COMPARABLE
    return replace(release, table=table, missing=missing, totals=totals)


def check_gemeente(release: OutcomeRelease, gm_code: str) -> None:
    """Refuse a gemeente whose wijken and buurten were left without figures.

    Raises
    ------
    InputError
        When it is refused, or is not in the table.
    """
    if gm_code not in release.totals.index:
        raise InputError(f"{release.name} heeft geen misdrijven van {gm_code}.")
    one = release.totals.loc[gm_code]
    if not one["refused"]:
        return
    if pd.isna(one["published"]):
        told = "het totaal van de gemeente ontbreekt, zodat ze niet te controleren zijn"
    else:
        told = (
            f"samen hebben ze {one['in_regions']:.0f} van de {one['published']:.0f} misdrijven "
            "van de gemeente, zodat hun codes bij andere gebieden horen"
        )
    raise InputError(
        f"De misdrijven van {gm_code} in {release.year} zijn niet per wijk of buurt te gebruiken: "
        f"{told}; gebruik alleen het totaal van de gemeente."
    )


def _totals(table: pd.DataFrame) -> pd.DataFrame:
    """Compare the sums over buurten, and over wijken, with the total of each gemeente."""
    gemeenten = table[table.index.str.startswith("GM")]
    codes = gemeenten.index.union(pd.Index(table["gm_code"].dropna().unique()), sort=False)
    totals = gemeenten[["region_name", CRIMES]].reindex(codes)
    totals = totals.rename(columns={CRIMES: "published"})
    sums = []
    for prefix in ("BU", "WK"):
        regions = table[table.index.str.startswith(prefix)]
        # Wijken are without figures in tables of buurten.
        if regions[CRIMES].notna().any() or (prefix == "BU" and len(regions)):
            sums.append(regions.groupby("gm_code")[CRIMES].sum().reindex(codes, fill_value=0))
    totals["in_regions"] = pd.concat(sums, axis=1).min(axis=1) if sums else totals["published"]
    totals["share_found"] = totals["in_regions"] / totals["published"].where(
        totals["published"] > 0
    )
    nothing = totals["published"].eq(0) & totals["in_regions"].eq(0)
    totals["refused"] = ~(totals["share_found"].ge(LEAST_FOUND) | nothing)
    totals.index.name = "region_code"
    return totals
