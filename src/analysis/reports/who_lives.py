"""Who lives in each tenure, for chapter 10: from the gemeente's own table or the project's."""

import pandas as pd

from analysis.reports.dossier import Dossier
from analysis.sources import tenure_profiles

SUM = "Rekenmaat, geen voorspelling."
# Of these there is one to a dwelling.
HOUSEHOLDS = "huishoudens"


def profiles_of(dossier: Dossier) -> pd.DataFrame:
    """Return who lives in each tenure: the gemeente's own table, else the project's."""
    return tenure_profiles.read(
        dossier.edition.raw, dossier.edition.codebook.with_name("tenure_profiles.csv")
    )


def profile_note(profiles: pd.DataFrame, groups: set[str]) -> str:
    """Return the line of the honest box on where it is from who lives in each tenure."""
    if profiles.loc[profiles["group"].isin(groups), "status"].eq("aanname").any():
        return (
            "Wie in welke woning woont is een ruime aanname (data/tenure_profiles.csv), niet "
            "afgeleid uit buurten."
        )
    return "Wie in welke woning woont komt uit de eigen opgave."
