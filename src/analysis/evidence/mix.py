"""How mixed a region is inside: the entropy of a composition, as evidence rows."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence.frame import evidence_frame, with_status
from analysis.evidence.local import SMALLEST_REGION
from analysis.measures.diversity import entropy


@dataclass(frozen=True)
class Composition:
    """Groups that together are a whole, such as the tenures of all dwellings.

    Attributes
    ----------
    key : str
        Name in evidence tables.
    columns : tuple of str
        Columns of a region table: counts, or shares of one denominator.
    label, parts : str
        Dutch: what is mixed, and the groups.
    """

    key: str
    columns: tuple[str, ...]
    label: str
    parts: str


COMPOSITIONS = (
    Composition(
        "tenure",
        ("share_owner_occupied", "share_housing_corporation", "share_other_landlords"),
        "koop en huur",
        "koopwoningen, huurwoningen van een corporatie en andere huurwoningen",
    ),
    Composition(
        "education",
        ("n_education_low", "n_education_middle", "n_education_high"),
        "opleiding",
        "drie niveaus van onderwijs",
    ),
    Composition(
        "household",
        ("n_one_person_households", "n_households_without_children", "n_households_with_children"),
        "huishoudens",
        "eenpersoonshuishoudens en huishoudens met en zonder kinderen",
    ),
    Composition(
        "age",
        ("n_age_0_14", "n_age_15_24", "n_age_25_44", "n_age_45_64", "n_age_65_plus"),
        "leeftijd",
        "vijf leeftijdsgroepen",
    ),
)


def composition_entropy(
    regions: pd.DataFrame, composition: Composition, *, level: str, year: int, source: str
) -> pd.DataFrame:
    """Return the normalised entropy of each region's composition.

    Parameters
    ----------
    regions : DataFrame
        A region table with the composition's columns.
    composition : Composition
    level, year, source
        As in the evidence table.

    Returns
    -------
    DataFrame
        Evidence rows with measure 'entropy', 0 (one group only) to 1 (all groups equal); regions
        without all figures are 'suppressed', under 50 inhabitants 'too_small'.
    """
    parts = regions[list(composition.columns)]
    known = parts.notna().all(axis=1) & parts.sum(axis=1).gt(0)
    value = entropy(parts[known], normalised=True).reindex(regions.index)
    status = pd.Series(
        np.select(
            [~known, regions["inhabitants"] < SMALLEST_REGION],
            ["suppressed", "too_small"],
            default="ok",
        ),
        index=regions.index,
    )
    return evidence_frame(
        pd.DataFrame(
            {
                "area_code": regions.index,
                "area_name": regions["region_name"].array,
                "year": year,
                "level": level,
                "measure": "entropy",
                "group": composition.key,
                "value": with_status(value, status).array,
                "status": status.array,
                "source": source,
            }
        )
    )
