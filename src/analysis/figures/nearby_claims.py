"""Titles on what is near: how far people walk, what they share, and how much there is for whom."""

import pandas as pd

from analysis.figures.wording import count, in_format, percent

# Kendall's tau from which an order is told as holding.
_HOLDS = 0.6


def nearest(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title on walks: of which kind most people live beyond a walk.

    Parameters
    ----------
    rows : DataFrame
        From `nearby_rows`.
    labels : dict of str to str
        Dutch name by kind.
    """
    beyond = rows[rows["measure"].eq("share_beyond_1_km") & rows["value"].notna()]
    if beyond.empty:
        return "Hoe ver mensen lopen, valt hier niet te zeggen"
    most = beyond.loc[beyond["value"].idxmax()]
    least = beyond.loc[beyond["value"].idxmin()]
    if most["value"] == 0:
        return "Van elke soort is er voor alle inwoners een binnen 1 km lopen"
    if len(beyond) == 1 or most["value"] == least["value"]:
        return (
            f"{percent(most['value'])} van de inwoners woont verder dan 1 km lopen van een "
            f"{labels[most['group']].lower()}"
        )
    return (
        f"{percent(most['value'])} van de inwoners woont verder dan 1 km lopen van een "
        f"{labels[most['group']].lower()}, {percent(least['value'])} van een "
        f"{labels[least['group']].lower()}"
    )


def nearest_sentence(rows: pd.DataFrame, labels: dict[str, str], kind: str) -> str:
    """Return the sentence under the table: how far half of the people is from one kind."""
    half = rows[rows["measure"].eq("distance_percentile_50") & rows["group"].eq(kind)].iloc[0]
    if pd.isna(half["value"]):
        return f"Voor meer dan de helft is een {labels[kind].lower()} verder dan gemeten is."
    return (
        f"De helft van de inwoners loopt hoogstens {count(half['value'])} m naar een "
        f"{labels[kind].lower()}."
    )


def shared(rows: pd.DataFrame, label: str, served: str) -> str:
    """Return the title on what is shared: in which wijk most and least is within reach.

    Parameters
    ----------
    rows : DataFrame
        From `shared_supply_rows`.
    label : str
        The kind.
    served : str
        Whom it serves, in Dutch.
    """
    known = rows[rows["measure"].eq("shared_supply_per_1000") & rows["value"].notna()]
    if len(known) < 2:
        return f"Hoeveel {label.lower()} er te delen is, valt hier niet per wijk te vergelijken"
    most, least = known.loc[known["value"].idxmax()], known.loc[known["value"].idxmin()]
    none = int(known["value"].eq(0).sum())
    if 0 < none < len(known):
        wijken = "één wijk" if none == 1 else f"{count(none)} wijken"
        return (
            f"{label}: in {most['area_name']} is er per 1.000 {served} het meest te delen "
            f"({in_format(most['value'], 'ratio')}), in {wijken} is er niets binnen bereik"
        )
    if most["value"] == least["value"]:
        return f"In alle wijken is er per 1.000 {served} even veel te delen: {label.lower()}"
    return (
        f"{label}: in {most['area_name']} is er per 1.000 {served} het meest te delen "
        f"({in_format(most['value'], 'ratio')}), in {least['area_name']} het minst "
        f"({in_format(least['value'], 'ratio')})"
    )


def holds(rows: pd.DataFrame) -> str:
    """Say whether the order of wijken hangs on the chosen distances."""
    agreed = rows[rows["measure"].eq("rank_agreement") & rows["value"].notna()]
    if agreed.empty:
        return "Er zijn te weinig wijken om te zeggen of de volgorde van de afstand afhangt."
    worst = agreed["value"].min()
    told = f"(overeenkomst van de volgorde ten minste {in_format(worst, 'index')})"
    if worst >= _HOLDS:
        return f"Met kortere en langere afstanden blijft de volgorde ongeveer dezelfde {told}."
    return f"De volgorde hangt af van de gekozen afstand {told}: gebruik haar niet alleen."


def for_whom(rows: pd.DataFrame, labels: dict[str, str], groups: dict[str, str]) -> str:
    """Return the title on density: for which group there is least of what serves it.

    Parameters
    ----------
    rows : DataFrame
        Rows 'density_per_1000_served', one per kind.
    labels, groups : dict of str to str
        By kind: its Dutch name, and whom it serves.
    """
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return "Hoeveel er is voor wie het bedoeld is, valt hier niet te zeggen"
    first = known.iloc[0]
    kind = first["group"]
    return (
        f"Per 1.000 {groups[kind]} {'is er' if round(first['value'], 1) == 1 else 'zijn er'} "
        f"{in_format(first['value'], 'ratio')} van de soort {labels[kind].lower()}"
    )
