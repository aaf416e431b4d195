"""Titles on scale and chance: where segregation lies, and whether it is more than chance."""

import pandas as pd

from analysis.figures.claims import nothing_to_say
from analysis.figures.wording import count, join_words, percent

# Parts that differ less than this are called halves.
_EQUAL_PARTS = 0.06
# A spread this seldom as uneven under random allocation is called more than chance.
CHANCE_LIMIT = 0.05
# Of the unevenness of small neighbourhoods: what is mostly gone, or mostly left, in large ones.
_MOSTLY_GONE, _MOSTLY_LEFT = 0.35, 0.65


def between_or_inside(rows: pd.DataFrame, label: str) -> str:
    """Return the title on the levels of segregation of one group: between wijken or inside them.

    Parameters
    ----------
    rows : DataFrame
        The two evidence rows of the group, of level 'wijk' and 'buurt'.
    label : str
        The group as it reads in a sentence.
    """
    wijk = rows[rows["level"].eq("wijk")].iloc[0]
    if wijk["status"] != "ok":
        return nothing_to_say(f"het verschil binnen en tussen wijken in {label}", wijk)
    between, inside = wijk["value"], 1 - wijk["value"]
    if abs(between - inside) < _EQUAL_PARTS:
        return (
            f"Van de ongelijke spreiding van {label} ligt ongeveer de helft tussen wijken en de "
            "helft binnen wijken"
        )
    part, where = (between, "tussen") if between > inside else (inside, "binnen")
    return f"Van de ongelijke spreiding van {label} ligt {percent(part)} {where} wijken"


def most_inside(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the sentence on the groups of which most and least lies inside wijken."""
    known = rows[rows["level"].eq("buurt") & rows["status"].eq("ok")].sort_values("value")
    if len(known) < 2:
        return ""
    least, most = known.iloc[0], known.iloc[-1]
    if percent(least["value"]) == percent(most["value"]):
        return f"Binnen wijken ligt bij elke groep {percent(most['value'])}."
    return (
        f"Binnen wijken ligt het meest bij {labels[most['group']]} ({percent(most['value'])}) en "
        f"het minst bij {labels[least['group']]} ({percent(least['value'])})."
    )


def beyond_chance(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title on chance: of how many groups the spread is more uneven than chance gives.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows with measure 'random_allocation_p_adjusted', one per group.
    labels : dict of str to str
        Dutch label by group.
    """
    tested = rows[rows["measure"].eq("random_allocation_p_adjusted") & rows["status"].eq("ok")]
    if tested.empty:
        return "Of de spreiding meer dan toeval is, valt hier niet te zeggen"
    real = tested[tested["value"] < CHANCE_LIMIT]
    if len(real) == len(tested):
        number_of = "alle" if len(tested) > 1 else "de enige"
        groups = "groepen" if len(tested) > 1 else "groep"
        said = f"De spreiding van {number_of} {groups} met cijfers is ongelijker dan toeval"
        unsure = [labels[group] for group in tested["group"] if rounding_hides(rows, group)]
        return f"{said}; na afronden niet zeker bij {join_words(unsure)}" if unsure else said
    if real.empty:
        return "Van geen enkele groep is de spreiding ongelijker dan toeval kan geven"
    chance = join_words([labels[g] for g in tested["group"] if g not in set(real["group"])])
    return (
        f"Van {len(real)} van de {len(tested)} groepen is de spreiding ongelijker dan toeval kan "
        f"geven; niet van {chance}"
    )


def rounding_hides(rows: pd.DataFrame, group: str) -> bool:
    """Tell whether what rounding leaves open reaches down to what chance can give.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of 'dissimilarity' with interval 'rounding', and with the one of chance.
    group : str
    """
    own = rows[rows["group"].eq(group) & rows["measure"].eq("dissimilarity")]
    own = own[own["status"].eq("ok")].set_index("interval")
    by_chance = own["high"].drop("rounding", errors="ignore")
    return bool("rounding" in own.index and (own.loc["rounding", "low"] <= by_chance).any())


def over_scale(left: pd.DataFrame, nearest: pd.Series, labels: dict[str, str]) -> str:
    """Return the title on scale: how much of the unevenness is left in larger neighbourhoods.

    Parameters
    ----------
    left : DataFrame
        Evidence rows, one per group: what is left in the largest neighbourhoods.
    nearest : Series of int
        Their size, on the same index.
    labels : dict of str to str
        Dutch label by group; the first that has a row leads.
    """
    for key, label in labels.items():
        own = left[left["group"].eq(key)]
        if own.empty:
            continue
        value, size = own["value"].iloc[0], count(nearest[own.index[0]])
        told = (
            f"Van de ongelijke spreiding van {label} is in omgevingen van {size} inwoners nog "
            f"{percent(value)} over"
        )
        if value < _MOSTLY_GONE:
            return f"{told}: zij zit in kleine stukken stad"
        return f"{told}: het gaat om grote stukken stad" if value > _MOSTLY_LEFT else told
    return "Over de schaal van de spreiding valt hier niets te zeggen"
