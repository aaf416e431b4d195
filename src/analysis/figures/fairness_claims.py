"""Titles on who is farther from facilities: how unequal, and which group."""

import pandas as pd

from analysis.figures.wording import in_format, join_words, percent

_NAMED = 3


def half(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title on the curves: which part of the distance the nearer half has.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows with measure 'lorenz_curve_0.5', one per kind.
    labels : dict of str to str
        Dutch label by kind.
    """
    middle = rows[rows["measure"].eq("lorenz_curve_0.5") & rows["value"].notna()]
    if middle.empty:
        return "Hoe ongelijk afstanden zijn verdeeld, valt hier niet te zeggen"
    least = middle.loc[middle["value"].idxmin()]
    return (
        f"De helft die het dichtst bij een {labels[least['group']]} woont heeft samen "
        f"{percent(least['value'])} van alle afstand"
    )


def most_unequal(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title on the indices: for which kind distance is divided most unequally."""
    gini = rows[rows["measure"].eq("gini_of_values") & rows["status"].eq("ok")]
    if gini.empty:
        return "Hoe ongelijk afstanden zijn verdeeld, valt hier niet te zeggen"
    most = gini.loc[gini["value"].idxmax()]
    if len(gini) == 1:
        return f"De afstand tot een {labels[most['group']]} heeft een Gini van {_two(most)}"
    least = gini.loc[gini["value"].idxmin()]
    if _two(most) == _two(least):
        return f"Afstanden zijn voor elke soort even ongelijk verdeeld (Gini {_two(most)})"
    if "low" in gini and most["low"] <= least["high"]:
        kinds = join_words([f"een {labels[group]}" for group in gini["group"]])
        return (
            f"Afstanden tot {kinds} zijn ongeveer even ongelijk verdeeld (Gini {_two(least)} tot "
            f"{_two(most)})"
        )
    return (
        f"De afstand tot een {labels[most['group']]} is het meest ongelijk verdeeld (Gini "
        f"{_two(most)}), die tot een {labels[least['group']]} het minst ({_two(least)})"
    )


def beyond(rows: pd.DataFrame, label: str) -> str:
    """Return the title on wijken: in which most people live beyond a walk.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'share_beyond_1_km', one per wijk.
    label : str
        The kind of facility.
    """
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return f"Wie verder dan 1 km van een {label} woont, valt hier niet te zeggen"
    most = known.loc[known["value"].idxmax()]
    if most["value"] == 0:
        return f"In geen enkele wijk ligt een buurt gemiddeld verder dan 1 km van een {label}"
    if known["value"].eq(most["value"]).sum() > 1:
        many = int(known["value"].eq(most["value"]).sum())
        where = f"{many} wijken"
    else:
        where = most["area_name"]
    return (
        f"In {where} woont {percent(most['value'])} in een buurt die gemiddeld verder dan 1 km van "
        f"een {label} ligt"
    )


def group(rows: pd.DataFrame, label: str) -> str:
    """Return the title on a group: for which kinds it clearly lives nearer or farther.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'group_ratio', with the kind as `area_name`.
    label : str
        The group as it reads in a sentence.
    """
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return f"Of {label} verder van voorzieningen wonen, valt hier niet te zeggen"
    farther, nearer = known[known["low"] > 1], known[known["high"] < 1]
    if farther.empty and nearer.empty:
        return f"Voor geen enkele voorziening is duidelijk dat {label} verder of dichterbij wonen"
    parts = []
    if len(nearer):
        parts.append(f"duidelijk dichter bij {_few(nearer)}")
    if len(farther):
        parts.append(f"duidelijk verder van {_few(farther)}")
    who = label[0].upper() + label[1:]
    return f"{who} wonen gemiddeld {' en '.join(parts)} dan anderen"


def _few(rows: pd.DataFrame) -> str:
    names = [f"een {name}" for name in rows["area_name"].head(_NAMED)]
    more = len(rows) - len(names)
    return join_words([*names, f"{more} andere"] if more else names)


def _two(row: pd.Series) -> str:
    return in_format(row["value"], "index")


def ordered(rows: pd.DataFrame, labels: dict[str, str], low: str) -> str:
    """Return the title on distance along an order: whether those low in it live farther.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of measure 'concentration_index', one per kind, `area_name` the kind.
    labels : dict of str to str
        Dutch name by kind.
    low : str
        What those low in the order are called: "buurten met lage inkomens".
    """
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return f"Of {low} verder van voorzieningen liggen, valt hier niet te zeggen"
    farther = known[known["high"] < 0]["area_name"].map(labels)
    nearer = known[known["low"] > 0]["area_name"].map(labels)
    if farther.empty and nearer.empty:
        return (
            f"Of {low} verder van voorzieningen liggen, is met deze cijfers niet te onderscheiden"
        )
    parts = []
    if len(nearer):
        parts.append(f"dichter bij een {join_words(nearer[:_NAMED].tolist())}")
    if len(farther):
        parts.append(f"verder van een {join_words(farther[:_NAMED].tolist())}")
    return f"{low[:1].upper()}{low[1:]} liggen {' en '.join(parts)}"
