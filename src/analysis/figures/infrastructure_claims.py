"""Titles on social infrastructure: which wijk has most per inhabitant, as sure as the order is."""

import pandas as pd

from analysis.figures.claims import NAMED_FROM, extreme, nameable, nothing_in


def first_and_last(rows: pd.DataFrame) -> str:
    """Return the title on ranks: who is first and last, or that it hangs on the weights.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'infrastructure_rank', one per wijk.
    """
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return "Welke wijk het ruimste aanbod heeft, valt hier niet te zeggen"
    total = len(known)
    first = known.loc[known["value"].idxmin()]
    last = known.loc[known["value"].idxmax()]
    sure_first, sure_last = first["high"] == 1, last["low"] == total
    if sure_first and sure_last:
        return (
            f"{first['area_name']} heeft per inwoner het ruimste aanbod en {last['area_name']} het "
            "krapste, hoe de domeinen ook wegen"
        )
    if sure_first:
        return (
            f"{first['area_name']} heeft per inwoner het ruimste aanbod, hoe de domeinen ook wegen"
        )
    if sure_last:
        return (
            f"{last['area_name']} heeft per inwoner het krapste aanbod, hoe de domeinen ook wegen"
        )
    return "Welke wijk per inwoner het ruimste aanbod heeft, hangt af van wat het zwaarst weegt"


def most_kinds(rows: pd.DataFrame, kinds: int) -> str:
    """Return the title on variety: where most kinds of the list are, and where fewest.

    Parameters
    ----------
    rows : DataFrame
        Rows 'kinds_present' of `evidence.offer.offer`, one per wijk.
    kinds : int
        How many kinds the list has here.
    """
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return nothing_in("hoeveel soorten voorzieningen er zijn", rows)
    shown, among = nameable(rows)
    most, value, _ = extreme(shown, largest=True)
    if len(known) == 1:
        return f"In {most} zijn {value:.0f} van de {kinds} soorten voorzieningen uit de lijst"
    if known["value"].nunique() == 1:
        return f"In alle wijken met cijfers zijn er even veel soorten: {value:.0f} van de {kinds}"
    # Of hardly anyone living there it is no news that there is nothing.
    large = known[known["median_unit_size"].ge(NAMED_FROM)]
    fewest, least, _ = extreme(large if len(large) else known, largest=False)
    return (
        f"In {most} zijn{among} de meeste soorten voorzieningen ({value:.0f} van de {kinds}), in "
        f"{fewest} de minste ({least:.0f})"
    )
