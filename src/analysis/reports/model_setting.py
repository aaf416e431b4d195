"""What a model of one gemeente can be made of: the outcome, the areas, and what may explain it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from scipy.sparse import csr_array

from analysis.evidence.autocorrelation import touching_or_overlapping
from analysis.evidence.circularity import circular_terms
from analysis.evidence.model_terms import (
    EXPLANATIONS,
    OUTCOMES,
    Term,
    explanations_for,
    model_table,
    outcome_of,
)
from analysis.evidence.models import Setting
from analysis.figures.wording import LEVEL_PLURAL
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.sources import crime
from analysis.sources.errors import InputError
from analysis.sources.outcome_files import stored_years
from analysis.sources.outcome_pull import read_outcomes_with
from analysis.sources.outcome_release import outcome_table
from analysis.sources.outcomes import Outcome, made_of, read_outcomes

_LEVELS = ("buurt", "wijk")
# Outlines of one edition can lie some metres apart or overlap.
_GAP = 20.0
MODELLED = "model estimate"


@dataclass(frozen=True)
class ModelSetting:
    """One outcome over the areas of one gemeente, level and year.

    Attributes
    ----------
    outcome : Term
    terms : tuple of Term
        The explanations: none circular, all known here.
    left_out : tuple of Term
        Explanations that would say the outcome once more.
    table : DataFrame
        A column per term, on region_code.
    people : Series
        Inhabitants.
    names : Series of str
    made_of : dict of str to frozenset of str
        Ingredients by column.
    setting : Setting
        Weights are inhabitants; neighbours are None without boundaries.
    area : Series
        area_code, area_name, year, level.
    source : str
    """

    outcome: Term
    terms: tuple[Term, ...]
    left_out: tuple[Term, ...]
    table: pd.DataFrame
    people: pd.Series
    names: pd.Series
    made_of: dict[str, frozenset[str]]
    setting: Setting
    area: pd.Series
    source: str

    @property
    def formula(self) -> str:
        """The outcome and its explanations as `models.fit` reads them."""
        return f"{self.outcome.key} ~ {' + '.join(term.key for term in self.terms)}"


def outcomes_of(dossier: Dossier) -> dict[str, Outcome]:
    """Return the table of outcomes, with what each is made of."""
    return read_outcomes(dossier.edition.codebook.with_name("outcomes.csv"))


def ingredients_by_key(outcomes: dict[str, Outcome]) -> dict[str, frozenset[str]]:
    """Return what every outcome and explanation of models is made of, by its key."""
    return {
        one.key: made_of(outcomes, one.concept) | set(one.also_made_of)
        for one in (*OUTCOMES, *EXPLANATIONS)
    }


def permitted(
    outcome: Term, outcomes: dict[str, Outcome]
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Return the explanations that an outcome may have, and those that are circular."""
    told = circular_terms(
        outcome.key, [one.key for one in EXPLANATIONS], ingredients_by_key(outcomes)
    )
    return (
        tuple(one for one in EXPLANATIONS if one.key not in told),
        tuple(one for one in EXPLANATIONS if one.key in told),
    )


def model_setting(dossier: Dossier, outcome: str = "") -> ModelSetting | Absent:
    """Return the areas on which an outcome can best be modelled, or why it cannot.

    Parameters
    ----------
    dossier : Dossier
    outcome : str, optional
        Key of `model_terms.OUTCOMES`; without it the first that can be modelled here.

    Returns
    -------
    ModelSetting or Absent
        With boundaries before without, more explanations before fewer, buurten before wijken, then
        the newest year.
    """
    if not outcome:
        tried = (model_setting(dossier, one.key) for one in OUTCOMES)
        none = Absent(
            "Geen van de uitkomsten is hier van genoeg buurten of wijken bekend om mee te rekenen; "
            "haal een ander jaar op met 'pull --jaar' of neem een grotere gemeente."
        )
        return next((one for one in tried if isinstance(one, ModelSetting)), none)
    term, outcomes = outcome_of(outcome), outcomes_of(dossier)
    if term.concept in outcomes and outcomes[term.concept].status == MODELLED:
        return Absent(
            f"'{_capital(term.label)}' is zelf uitgerekend uit wie er wonen. Wat ermee samengaat, "
            "is er ingestopt; een model zou dat terugvinden. Gebruik hiervoor een eigen enquête."
        )
    may, circular = permitted(term, outcomes)
    try:
        found = [one for one in _candidates(dossier, term, may, outcomes) if one[1]]
    except InputError as error:
        return Absent(str(error))
    if not found:
        return Absent(_none(dossier, term, outcomes))
    release, chosen, level, regions, source = max(found, key=lambda one: _rank(dossier, *one))
    return _made(dossier, release, level, regions, source, term, chosen, circular, outcomes)


def _candidates(
    dossier: Dossier, term: Term, may: tuple[Term, ...], outcomes: dict[str, Outcome]
) -> Iterator[tuple[Release, tuple[Term, ...], str, pd.DataFrame, str]]:
    """Yield every year and level with the outcome, and the explanations it can have there."""
    published = term.concept in outcomes
    for release in dossier.releases:
        held = _outcome(dossier, outcomes[term.concept], release.year, outcomes) if published else None
        if published and held is None:
            continue
        for level in _LEVELS:
            regions, source = dossier.regions(release, level), dossier.source_line(release)
            if held is not None:
                own = outcome_table(held, level)[[term.concept]]
                regions = regions.assign(**{term.concept: own[term.concept].reindex(regions.index)})
                told = f"Bron: {outcomes[term.concept].source}, {release.year}; eigen bewerking."
                source = one_source([told, source])
            yield release, explanations_for(regions, term, may), level, regions, source


def _outcome(dossier: Dossier, outcome: Outcome, year: int, outcomes: dict[str, Outcome]):
    """Return the stored figures of one year, or None; refuse crime that is of other places."""
    held = read_outcomes_with(dossier.edition, outcome.theme, year, outcomes, dossier.code)
    if held is not None and outcome.theme == crime.THEME:
        crime.check_gemeente(held, dossier.code)
    return held


def _rank(
    dossier: Dossier, release: Release, chosen: tuple[Term, ...], level: str, *_: object
) -> tuple[bool, int, bool, int]:
    drawn = dossier.boundaries(release, level) is not None
    return drawn, len(chosen), level == "buurt", release.year


def _made(
    dossier: Dossier,
    release: Release,
    level: str,
    regions: pd.DataFrame,
    source: str,
    term: Term,
    chosen: tuple[Term, ...],
    circular: tuple[Term, ...],
    outcomes: dict[str, Outcome],
) -> ModelSetting:
    drawn, neighbours = dossier.boundaries(release, level), None
    if drawn is not None:
        # An area without an outline could not be placed among its neighbours.
        regions = regions[regions.index.isin(drawn.places.index)]
        neighbours = touching_or_overlapping(drawn.places.loc[regions.index], gap=_GAP)
        source = f"{source} {'' if dossier.edition.is_example else 'Grenzen: Kadaster / CBS, '}{drawn.label}."
    wijken = regions["wk_code"] if level == "buurt" else None
    return ModelSetting(
        term,
        chosen,
        circular,
        model_table(regions, term, chosen),
        regions["inhabitants"].astype(float),
        regions["region_name"].astype("str"),
        ingredients_by_key(outcomes),
        Setting(
            weights=regions["inhabitants"].astype(float),
            within=None if wijken is None else wijken.to_frame("wijk"),
            neighbours=None if neighbours is None else csr_array(neighbours),
        ),
        pd.Series(
            {"area_code": dossier.code, "area_name": dossier.name, "year": release.year,
             "level": level}
        ),
        source,
    )  # fmt: skip


def _none(dossier: Dossier, term: Term, outcomes: dict[str, Outcome]) -> str:
    """Say why an outcome cannot be modelled here, and what to do."""
    label = _capital(term.label)
    if term.concept in outcomes:
        theme = outcomes[term.concept].theme
        years = stored_years(dossier.edition.raw, theme)
        if not years:
            return (
                f"'{label}' is niet opgehaald; haal het op met 'pull --thema {theme}' of geef een "
                "bestand met 'pull --from'."
            )
        if not any(one.year in years for one in dossier.releases):
            return (
                f"'{label}' is er van {years[-1]}, een jaar zonder Kerncijfers; haal dat jaar op met "
                f"'pull --jaar {years[-1]}'."
            )
    many = LEVEL_PLURAL["buurt"]
    return (
        f"'{label}' is hier van te weinig {many} en wijken bekend om mee te rekenen; haal een "
        "ander jaar op met 'pull --jaar' of neem een grotere gemeente."
    )


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
