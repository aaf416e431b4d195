"""Titles and sentences on models: what goes together over areas, and never why."""

import pandas as pd

from analysis.figures.wording import (
    LEVEL_PLURAL,
    STATUS_NL,
    count,
    in_format,
    join_words,
    percent,
)

# A chance below this is called clear.
_CLEAR = 0.05
# A variance inflation from here on makes an interval wide.
_INFLATED = 5.0


def effects(rows: pd.DataFrame, more: dict[str, str], outcome: tuple[str, str], label: str) -> str:
    """Return the title: which characteristic clearly goes together with the outcome.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of standardised coefficients, one per term and method. A term is clear when
        the interval of every method that has one leaves out zero, all on one side.
    more : dict of str to str
        By group the Dutch for a higher figure: 'meer 65-plussers'.
    outcome : (str, str)
        The Dutch for a higher and a lower outcome.
    label : str
        The outcome as it stands beside an axis.
    """
    known = rows[rows["status"].eq("ok") & rows["group"].isin(more)]
    if known.empty:
        why = STATUS_NL[rows["status"].iloc[0]]
        return f"Wat samengaat met '{label}', valt hier niet te zeggen: {why}"
    where = f"de {LEVEL_PLURAL[known['level'].iloc[0]]} van {known['area_name'].iloc[0]}"
    sure = clear_terms(known)
    if sure.empty:
        return f"In {where} gaat geen van deze kenmerken duidelijk samen met '{label}'"
    first = sure.abs().idxmax()
    said = outcome[0] if sure[first] > 0 else outcome[1]
    told = f"In {where} {_goes(more[first])} samen met {said}"
    others = len(more) - len(sure)
    if others == 0:
        return told if len(more) == 1 else f"{told}; ook de andere kenmerken gaan duidelijk samen"
    if len(sure) == 1:
        return f"{told}; bij de andere kenmerken is het verband niet duidelijk"
    return f"{told}; bij een deel van de andere kenmerken is het verband niet duidelijk"


def clear_terms(rows: pd.DataFrame) -> pd.Series:
    """Return by group the value of the first method, for those that are clear with all methods."""
    known = rows[rows["status"].eq("ok")]
    above = known["low"].gt(0).groupby(known["group"], sort=False).all()
    below = known["high"].lt(0).groupby(known["group"], sort=False).all()
    first = known.groupby("group", sort=False)["value"].first()
    return first[above | below]


def residuals(rows: pd.DataFrame, label: str) -> str:
    """Return the title on the checks: whether what is left over is alike nearby.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows with measures 'residual_morans_p' and 'residual_morans_i' of the ordinary
        model.
    label : str
        The outcome.
    """
    p = rows[rows["measure"].eq("residual_morans_p")].iloc[0]
    if p["status"] != "ok":
        return f"Of buren op elkaar lijken in wat het model van '{label}' overlaat, is niet bekend"
    value = rows[rows["measure"].eq("residual_morans_i")].iloc[0]["value"]
    if p["value"] >= _CLEAR:
        return f"In wat het model van '{label}' overlaat, zit geen duidelijk patroon op de kaart"
    alike = "lijkt bij buren op elkaar" if value > 0 else "verschilt juist tussen buren"
    return f"Wat het model van '{label}' overlaat, {alike}: er ontbreekt iets"


def explained(row: pd.Series) -> tuple[str, str]:
    """Return the number and the reading of 'share_explained'."""
    if row["status"] != "ok":
        return _none(row)
    return percent(row["value"]), "deel van de verschillen dat met deze kenmerken samengaat"


def alike_nearby(value: pd.Series, p: pd.Series) -> tuple[str, str]:
    """Return the number and the reading of Moran's I of the residuals."""
    if value["status"] != "ok":
        return _none(value)
    told = "buren lijken op elkaar: vertrouw het ruimtelijke model meer dan het gewone"
    if p["value"] >= _CLEAR:
        told = "geen duidelijk patroon op de kaart"
    elif value["value"] < 0:
        told = "buren verschillen juist van elkaar: het model mist iets"
    return f"{in_format(value['value'], 'ratio')} (kans {in_format(p['value'], 'ratio')})", told


def inflation(rows: pd.DataFrame, labels: dict[str, str]) -> tuple[str, str]:
    """Return the number and the reading of the largest variance inflation."""
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return _none(rows.iloc[0])
    worst = known.loc[known["value"].idxmax()]
    number = in_format(worst["value"], "ratio")
    if worst["value"] < _INFLATED:
        return number, "de kenmerken zijn goed uit elkaar te houden"
    return number, f"'{labels[worst['group']]}' is moeilijk van de andere te onderscheiden"


def influence(rows: pd.DataFrame) -> tuple[str, str]:
    """Return the number and the reading of the areas with much influence."""
    many = rows[rows["measure"].eq("influential_areas")].iloc[0]
    if many["status"] != "ok":
        return _none(many)
    names = rows.loc[rows["measure"].eq("cooks_distance"), "area_name"].head(3)
    if names.empty:
        return "0", "geen enkel gebied weegt veel zwaarder dan de andere"
    more = " en andere" if many["value"] > len(names) else ""
    weigh = "bepaalt" if many["value"] == 1 else "bepalen"
    told = join_words(list(names)) if not more else f"{', '.join(names)}{more}"
    return count(many["value"]), f"{told} {weigh} het beeld meer dan de rest"


def _goes(more: str) -> str:
    return f"{'gaat' if more.startswith('een ') else 'gaan'} {more}"


def _none(row: pd.Series) -> tuple[str, str]:
    return "–", STATUS_NL[row["status"]]


def over_methods(rows: pd.DataFrame, terms: dict[str, str], label: str) -> str:
    """Return the title on several methods: for which terms they all say the same.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of standardised coefficients, one per term and method.
    terms : dict of str to str
        Dutch label by group.
    label : str
        The outcome.
    """
    known = rows[rows["status"].eq("ok") & rows["group"].isin(terms)]
    if known.empty:
        return f"Wat samengaat met '{label}', valt met geen enkele manier van rekenen te zeggen"
    sure = [terms[group] for group in clear_terms(known).index]
    if not sure:
        return f"Met geen kenmerk is het verband met '{label}' in elke manier van rekenen duidelijk"
    if len(sure) == len(terms):
        return f"Elke manier van rekenen geeft hetzelfde beeld van wat samengaat met '{label}'"
    return f"In elke manier van rekenen duidelijk bij '{label}': {join_words(sure)}"


def forbidden(modelled: list[bool]) -> str:
    """Return the title on what may not be explained.

    Parameters
    ----------
    modelled : list of bool
        For every published outcome whether it is a model estimate.
    """
    if not any(modelled):
        return "Geen uitkomst is zelf uit kenmerken van bewoners berekend"
    return "Wat het RIVM per buurt schat, zoals eenzaamheid, mag met niets worden verklaard"
