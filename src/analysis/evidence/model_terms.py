"""What models are about: outcomes and characteristics of areas, made from a region table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence.models import MORE_THAN_TERMS

# Benefits are rounded to tens: in a smaller area a rate is mostly rounding.
FEWEST_PEOPLE = 100
# A characteristic that is known in fewer of the areas than this would cost too many of them.
_KNOWN_ENOUGH = 0.8


@dataclass(frozen=True)
class Term:
    """A figure of areas in a model.

    Attributes
    ----------
    key : str
        Column in the table of a model.
    concept : str
        Column of the region table or the outcomes.
    over : tuple of str
        Columns that add up to what a count is divided by; none for what is no count.
    per : float
        Multiple: 1000 for 'per 1,000 inhabitants'.
    label : str
        Dutch, as it stands beside an axis.
    more, less : str
        Dutch, for a higher and a lower figure, inside a sentence.
    about : str
        Of explanations with the same `about` only the first that is known takes part.
    also_made_of : tuple of str
        Ingredients besides those of the concept: what the denominator brings in.
    """

    key: str
    concept: str
    over: tuple[str, ...]
    per: float
    label: str
    more: str
    less: str
    about: str = ""
    also_made_of: tuple[str, ...] = ()


# Who gets a state pension gets no benefit: over all inhabitants a rate would be low where many are
# old, by the law and not by the area.
_OF_WORKING_AGE = ("n_age_15_24", "n_age_25_44", "n_age_45_64")

OUTCOMES = (
    Term("social_assistance_per_1000", "n_social_assistance", _OF_WORKING_AGE, 1000.0,
         "mensen met bijstand per 1.000 inwoners van 15 tot 65 jaar",
         "meer mensen met bijstand", "minder mensen met bijstand"),
    Term("unemployment_per_1000", "n_unemployment_benefit", _OF_WORKING_AGE, 1000.0,
         "mensen met WW per 1.000 inwoners van 15 tot 65 jaar",
         "meer mensen met WW", "minder mensen met WW"),
    Term("share_in_work", "share_in_work", (), 1.0,
         "aandeel mensen met werk (netto arbeidsparticipatie)",
         "meer mensen met werk", "minder mensen met werk",
         # Of people of 15 to 75, also those who are retired.
         also_made_of=("age",)),
    Term("ses_woa_score", "ses_woa_score", (), 1.0,
         "gemiddelde SES-WOA-score", "een hogere SES-WOA-score", "een lagere SES-WOA-score"),
    Term("crimes_per_1000", "n_crimes", ("inhabitants",), 1000.0,
         "geregistreerde misdrijven per 1.000 inwoners",
         "meer geregistreerde misdrijven", "minder geregistreerde misdrijven"),
    Term("share_lonely", "share_lonely", (), 1.0,
         "aandeel eenzame volwassenen", "meer eenzaamheid", "minder eenzaamheid"),
    Term("share_volunteers", "share_volunteers", (), 1.0,
         "aandeel vrijwilligers", "meer vrijwilligers", "minder vrijwilligers"),
    Term("share_hard_to_make_ends_meet", "share_hard_to_make_ends_meet", (), 1.0,
         "aandeel volwassenen dat moeite heeft met rondkomen",
         "meer moeite met rondkomen", "minder moeite met rondkomen"),
)  # fmt: skip

# In order: where areas are few, the last are left out. Origin is not among them: it describes who
# lives somewhere, and as an explanation it would be read as a statement about persons.
EXPLANATIONS = (
    Term("share_age_65_plus", "n_age_65_plus", ("inhabitants",), 1.0, "aandeel 65-plussers",
         "meer 65-plussers", "minder 65-plussers", "age"),
    Term("share_one_person_households", "n_one_person_households", ("n_households",), 1.0,
         "aandeel eenpersoonshuishoudens",
         "meer eenpersoonshuishoudens", "minder eenpersoonshuishoudens", "households"),
    Term("household_size", "household_size", (), 1.0, "gemiddelde grootte van huishoudens",
         "grotere huishoudens", "kleinere huishoudens", "households"),
    Term("share_owner_occupied", "share_owner_occupied", (), 1.0, "aandeel koopwoningen",
         "meer koopwoningen", "minder koopwoningen", "tenure"),
    Term("addresses_per_km2", "addresses_per_km2", (), 1.0, "adressen per km² (dichtheid)",
         "meer adressen per km²", "minder adressen per km²", "density"),
    Term("supermarket_distance_km", "supermarket_distance_km", (), 1.0,
         "afstand tot een grote supermarkt",
         "een grotere afstand tot de supermarkt", "een kleinere afstand tot de supermarkt",
         "provision"),
)  # fmt: skip


def outcome_of(key: str) -> Term:
    """Return the outcome of that key.

    Raises
    ------
    KeyError
        Naming the keys that exist.
    """
    for term in OUTCOMES:
        if term.key == key:
            return term
    raise KeyError(f"no outcome '{key}'; there are {', '.join(one.key for one in OUTCOMES)}")


def model_table(regions: pd.DataFrame, outcome: Term, explanations: Sequence[Term]) -> pd.DataFrame:
    """Return outcome and explanations of areas, NaN where one is not known.

    Parameters
    ----------
    regions : DataFrame
        A region table with `inhabitants`; what else is absent is NaN.
    outcome : Term
    explanations : sequence of Term

    Returns
    -------
    DataFrame
        On the index of `regions`, a column per key. An area with fewer than 100 inhabitants has no
        outcome: it is left out of a model, and counted there.
    """
    table = pd.DataFrame({one.key: _figure(regions, one) for one in (outcome, *explanations)})
    small = ~regions["inhabitants"].ge(FEWEST_PEOPLE)
    table[outcome.key] = table[outcome.key].mask(small)
    return table


def explanations_for(
    regions: pd.DataFrame, outcome: Term, possible: Sequence[Term] = EXPLANATIONS
) -> tuple[Term, ...]:
    """Return the explanations that a model can hold, chosen without looking at the outcome's value.

    Parameters
    ----------
    regions : DataFrame
        A region table.
    outcome : Term
    possible : sequence of Term
        What is not circular, in order of preference.

    Returns
    -------
    tuple of Term
        Of each subject the first that is known in 80 % of the areas with an outcome and not the
        same everywhere; the first few where areas are too few for more; empty where there are too
        few for one.
    """
    table = model_table(regions, outcome, possible)
    table = table[table[outcome.key].notna()]
    chosen: list[Term] = []
    for term in possible:
        known = table[term.key].dropna()
        enough = len(known) >= _KNOWN_ENOUGH * len(table) and known.nunique() > 1
        if enough and term.about not in {one.about for one in chosen}:
            chosen.append(term)
    while chosen:
        whole = table[[one.key for one in chosen]].notna().all(axis=1).sum()
        if whole >= len(chosen) + 1 + MORE_THAN_TERMS:
            break
        chosen.pop()
    return tuple(chosen)


def _figure(regions: pd.DataFrame, term: Term) -> pd.Series:
    nothing = pd.Series(np.nan, index=regions.index)
    figure = regions.get(term.concept, nothing).astype(float)
    if term.over:
        whole = regions.reindex(columns=list(term.over)).astype(float).sum(axis=1, skipna=False)
        figure = figure / whole.where(whole.gt(0))
    return figure * term.per
