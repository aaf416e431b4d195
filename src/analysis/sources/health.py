"""Gezondheid per wijk en buurt of RIVM: shares of adults, estimated by a model.

Facts of the layout, as in table 50090NED (catalogue dataderden.cbs.nl): dimensions `Leeftijd`
(20300 is 18 years and older), `Marges` (MW00000 is the value; the others are the ends of its
interval), `WijkenEnBuurten` and `Perioden`; then Gemeentenaam, SoortRegio and Codering; then a
column per indicator, in percents with a decimal point. "." is no figure for this region; a column
that is empty was not asked in that year. The country is NL01 here.

All years are given on one division into regions: the figures of 2016 and of 2020 are both on the
division of 2020. The estimates use age, origin, income and more as predictors: see
data/outcomes.csv.
"""

from collections.abc import Mapping

from analysis.sources.codebook import plain
from analysis.sources.outcome_form import Form, of_year
from analysis.sources.outcome_release import OutcomeRelease, release_of
from analysis.sources.outcomes import Outcome, of_theme

THEME = "gezondheid"
MEMBERS = {
    "Leeftijd": ("20300", "18jaarenouder", "18plus", "18jaarofouder"),
    "Marges": ("mw00000", "waarde"),
}
_INDICATORS = ("eenzaam", "vrijwilligerswerk", "moeitemetrondkomen", "ervarengezondheid", "roker")


def is_header(cells: list[str]) -> bool:
    """Whether a line is the header of a table with the health of wijken and buurten."""
    names = [plain(cell) for cell in cells]
    known = sum(any(word in name for name in names) for word in _INDICATORS)
    # Leeftijd and Marges are in no other table of wijken and buurten.
    return known >= 1 and ("marges" in names or known >= 2) and "niveau" not in names


def read_form(form: Form, year: int | None, outcomes: Mapping[str, Outcome]) -> OutcomeRelease:
    """Return the health of one year; arguments and errors as in `socioeconomic.read_form`."""
    form, year = of_year(form, year)
    return release_of(form, THEME, year, of_theme(outcomes, THEME))
