"""SES-WOA of CBS: socioeconomic status of households by wealth, education and work.

Facts of the layout, as in the export of table 85163NED: a row per region and period; the topic
paths `SES-WOA > Totaalscore > Gemiddelde score` (unit Getal), `Spreiding > Spreiding totaal >
Waarde` (Getal), `Opleidingsniveau > Laag | Middelbaar | Hoog > Waarde` (%) and `Particuliere
huishoudens` (Aantal, to hundreds); codes in `Regiocode (gemeente, wijk, buurt)`, padded; a point
for "no figure". Titles such as Waarde stand there many times, so that saved rows with keys only
(Waarde_37) cannot be told apart and are refused.

A table gives all its years on one division into regions and with the weights of 2019. Scores of
two tables are not comparable.
"""

from collections.abc import Mapping
from dataclasses import replace

from analysis.sources.codebook import plain
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import SECRET, UNINHABITED
from analysis.sources.outcome_form import Form, of_year
from analysis.sources.outcome_release import OutcomeRelease, release_of
from analysis.sources.outcomes import Outcome, of_theme

THEME = "ses_woa"
MEMBERS: dict[str, tuple[str, ...]] = {}
HOUSEHOLDS = "n_ses_households"
_EDUCATION = tuple(f"share_households_education_{one}" for one in ("low", "middle", "high"))
# Three percentages of one decimal, each rounded on its own.
_ROUNDING = 0.002


def is_header(cells: list[str]) -> bool:
    """Whether a line is the header of a table with SES-WOA."""
    names = [plain(cell) for cell in cells]
    keys = sum(name.startswith("gemiddeldescore") for name in names)
    topics = any("seswoa" in name or name.startswith("spreidingspreiding") for name in names)
    return topics or (keys > 1 and "wijkenenbuurten" in names)


def read_form(form: Form, year: int | None, outcomes: Mapping[str, Outcome]) -> OutcomeRelease:
    """Return SES-WOA of one year.

    Parameters
    ----------
    form : Form
    year : int or None
        May be left out when the table has one year.
    outcomes : mapping of str to Outcome

    Returns
    -------
    OutcomeRelease
        Regions without households are 'uninhabited', the others without a score 'suppressed'.

    Raises
    ------
    InputError
        When the year or a column is not there, or the shares by education do not add up.
    """
    form, year = of_year(form, year)
    release = release_of(form, THEME, year, of_theme(outcomes, THEME))
    table, missing = release.table, release.missing.copy()
    if HOUSEHOLDS in table:
        nobody = table[HOUSEHOLDS].eq(0)
        for name in missing:
            missing.loc[nobody & missing[name].eq(SECRET), name] = UNINHABITED
    if set(_EDUCATION) <= set(table):
        total = table[list(_EDUCATION)].sum(axis=1, min_count=3)
        if len(wrong := total[(total - 1).abs() > _ROUNDING]):
            raise InputError(
                f"{form.name}: laag, middelbaar en hoog opgeleid zijn in {wrong.index[0]} samen "
                f"{100 * wrong.iloc[0]:.1f} %; kijk of de kolommen van een zelfde jaar zijn."
            )
    return replace(release, missing=missing)
