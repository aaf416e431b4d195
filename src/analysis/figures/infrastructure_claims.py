"""Titles on social infrastructure: which wijk has most per inhabitant, as sure as the order is."""

import pandas as pd


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
