"""Titles on public green: how much there is beside a norm, and who lives near a large piece."""

import pandas as pd

from analysis.figures.claims import all_alike, extreme, nameable, nothing_in, nothing_to_say
from analysis.figures.wording import in_format, percent, regions

_REMARKED = ["ok", "partly_covered", "coarse_origin"]


def beside_norm(counted: pd.DataFrame, rows: pd.DataFrame, unit: str) -> str:
    """Return the title on how many wijken have less green on the map than a norm asks.

    Parameters
    ----------
    counted : DataFrame
        Rows of `evidence.green.beside_norm`.
    rows : DataFrame
        Rows of one measure of `evidence.green.green_rows`, one per wijk.
    unit : str
        What the norm is per: 'woning' or 'inwoner'.
    """
    number = counted.set_index("measure")["value"]
    norm = in_format(number["norm_green"], "count")
    total, below = int(number["wijken_beside_norm"]), int(number["wijken_below_norm"])
    what = f"{norm} m² openbaar groen per {unit}"
    if not total:
        return nothing_in(f"openbaar groen per {unit}", rows)
    if total == 1:
        of = rows[rows["status"].isin(_REMARKED)].iloc[0]
        word = "minder dan" if below else "ten minste"
        return f"In {of['area_name']} staat {word} {what} op de kaart"
    whole = f"de {regions(total, 'wijk')} met cijfers" if total < len(rows) else (
        f"de {regions(total, 'wijk')}"
    )  # fmt: skip
    if below == total:
        return f"In alle {whole[3:]} staat minder dan {what} op de kaart"
    if not below:
        return f"In alle {whole[3:]} staat ten minste {what} op de kaart"
    return f"In {below} van {whole} staat minder dan {what} op de kaart"


def most_green(rows: pd.DataFrame, unit: str) -> str:
    """Return the title where no norm can be asked: where is most and least green.

    Parameters
    ----------
    rows : DataFrame
        Rows of one measure of `evidence.green.green_rows`, one per wijk.
    unit : str
        What it is per: 'woning' or 'inwoner'.
    """
    told = rows.assign(status=rows["status"].replace("partly_covered", "ok"))
    known = told[told["status"].eq("ok")]
    if known.empty:
        return nothing_in(f"openbaar groen per {unit}", rows)
    shown, among = nameable(told)
    most, value, _ = extreme(shown, largest=True)
    if len(known) == 1 or all_alike(known, "count"):
        where = most if len(known) == 1 else "alle wijken met cijfers"
        return f"In {where} staat {_m2(value)} openbaar groen per {unit} op de kaart"
    fewest, least, _ = extreme(shown, largest=False)
    return (
        f"Per {unit} staat in {most} het meeste openbaar groen op de kaart{among} ({_m2(value)}), "
        f"in {fewest} het minste ({_m2(least)})"
    )


def near_green(whole: pd.Series) -> str:
    """Return the title on how many of all inhabitants live near a large piece of green.

    Parameters
    ----------
    whole : Series
        The gemeente's row of `evidence.green.near_rows`.
    """
    if whole["status"] not in _REMARKED:
        return nothing_to_say("hoeveel mensen dicht bij groen wonen", whole)
    about = "Ongeveer " if whole["status"] == "coarse_origin" else ""
    share = percent(whole["value"])
    return (
        f"{about}{share} van de inwoners van {whole['area_name']} woont binnen 300 meter van een "
        "stuk groen van ten minste 1 hectare"
    )


def least_near(rows: pd.DataFrame) -> str:
    """Return the sentence on the wijk where fewest people live near a large piece of green.

    Parameters
    ----------
    rows : DataFrame
        Rows of `evidence.green.near_rows`, one per wijk.
    """
    told = rows.assign(status=rows["status"].replace("coarse_origin", "ok"))
    known = told[told["status"].eq("ok")]
    if len(known) < 2 or all_alike(known, "percent"):
        return "Hemelsbreed vanaf de rand van het groen; lopend is het verder."
    shown, _ = nameable(told)
    low, value, _ = extreme(shown, largest=False)
    high, most, _ = extreme(shown, largest=True)
    return f"In {low} is dat {percent(value)}, in {high} {percent(most)}."


def _m2(value: float) -> str:
    return f"{in_format(value, 'count')} m²"
