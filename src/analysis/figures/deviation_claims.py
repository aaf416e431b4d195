"""Titles on who deviates: how many buurten clearly have more or less of a group."""

import pandas as pd

from analysis.figures.wording import in_format, regions

# Of Moran's I: below this neighbouring buurten are hardly alike.
_HARDLY_ALIKE = 0.1


def deviating(rows: pd.DataFrame, label: str) -> str:
    """Return the title: in how many regions the share is clearly higher, and lower.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'deviates': 1, -1 or 0 per region.
    label : str
        The group as it reads in a sentence.
    """
    known = rows[rows["status"].eq("ok")]
    level = rows["level"].iloc[0]
    if known.empty:
        return f"Waar het aandeel {label} duidelijk afwijkt, valt hier niet te zeggen"
    higher, lower = int(known["value"].eq(1).sum()), int(known["value"].eq(-1).sum())
    of_all = f"an de {regions(len(known), level)} met cijfers"
    if not higher and not lower:
        return f"In geen v{of_all} is het aandeel {label} duidelijk anders dan elders"
    parts = [
        f"in {number} {word}"
        for number, word in ((higher, "duidelijk hoger"), (lower, "duidelijk lager"))
        if number
    ]
    return f"V{of_all} is het aandeel {label} {' en '.join(parts)} dan elders"


def together(whole: pd.Series) -> str:
    """Return the sentence on whether neighbouring regions are alike (Moran's I)."""
    if whole["status"] != "ok":
        return ""
    value = in_format(whole["value"], "index")
    if whole["value"] < -_HARDLY_ALIKE:
        return f"Buurten die aan elkaar grenzen verschillen juist van elkaar (Moran's I {value})."
    if whole["value"] < _HARDLY_ALIKE:
        return f"Buurten die aan elkaar grenzen lijken nauwelijks op elkaar (Moran's I {value})."
    return f"Buurten die aan elkaar grenzen lijken op elkaar (Moran's I {value})."
