"""Titles and sentences that evidence rows support: they change with the figures.

Each function takes rows of an evidence table and the Dutch words for what they are about, and
says what the rows say, also when that is 'no difference' or 'too little to say'.
"""

import pandas as pd

from analysis.figures.wording import LEVEL_PLURAL, STATUS_NL, join_words, number, percent

# Differences smaller than this are not worth a sentence: they are within rounding.
_SAME_INDEX = 0.01


def nothing_to_say(subject: str, row: pd.Series) -> str:
    """Return the title where a value is absent: why nothing can be said."""
    return f"Over {subject} is niets te zeggen: {STATUS_NL[row['status']]}"


def uneven(row: pd.Series, label: str, theme: str) -> str:
    """Return the title for one dissimilarity: how many would have to move.

    Parameters
    ----------
    row : Series
        An evidence row with measure 'dissimilarity'.
    label : str
        The group as it reads in a sentence.
    theme : str
        'wonen' for dwellings, which cannot move.
    """
    if row["status"] != "ok":
        return nothing_to_say(f"de spreiding van {label} over {LEVEL_PLURAL[row['level']]}", row)
    move = "elders moeten staan" if theme == "wonen" else "moeten verhuizen"
    return (
        f"In {row['area_name']} zou {percent(row['value'])} van de {label} {move} voor een gelijke "
        f"spreiding over de {LEVEL_PLURAL[row['level']]}"
    )


def uneven_more(wijk: pd.Series, buurt: pd.Series) -> str:
    """Return the sentence that sets two dissimilarities of one group side by side."""
    if wijk["status"] != "ok" or buurt["status"] != "ok":
        silent = wijk if wijk["status"] != "ok" else buurt
        return (
            f"Op {LEVEL_PLURAL[silent['level']]} is niets te zeggen: {STATUS_NL[silent['status']]}."
        )
    difference = buurt["value"] - wijk["value"]
    if abs(difference) < _SAME_INDEX:
        return (
            f"Tussen wijken is het verschil even groot als tussen buurten "
            f"({number(wijk['value'], 2)} en {number(buurt['value'], 2)})."
        )
    at_wijk, at_buurt = number(wijk["value"], 2), number(buurt["value"], 2)
    if difference > 0:
        return (
            f"Tussen buurten is het verschil groter ({at_buurt}) dan tussen wijken ({at_wijk}): "
            "kleinere gebieden laten meer verschil zien."
        )
    return (
        f"Tussen wijken is het verschil groter ({at_wijk}) dan tussen buurten ({at_buurt}); voor "
        "een deel van de buurten ontbreken cijfers."
    )


def highest_share(rows: pd.DataFrame, whole: pd.Series, label: str) -> str:
    """Return the title of a map or ranking of shares: where it is highest, and the whole area."""
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return nothing_to_say(f"het aandeel {label} per {rows['level'].iloc[0]}", rows.iloc[0])
    top = known.loc[known["value"].idxmax()]
    if len(known) == 1:
        return f"Alleen over {top['area_name']} is iets te zeggen: {percent(top['value'])} {label}"
    said = f"In {top['area_name']} is het aandeel {label} het grootst: {percent(top['value'])}"
    if whole["status"] != "ok":
        return said
    return f"{said}, tegen {percent(whole['value'])} in heel {whole['area_name']}"


def range_of_shares(rows: pd.DataFrame, label: str) -> str:
    """Return the sentence under a map or ranking of shares: from lowest to highest."""
    known = rows[rows["status"].eq("ok")]
    level = LEVEL_PLURAL[rows["level"].iloc[0]]
    if len(known) < 2:
        return f"Er zijn te weinig {level} met cijfers om te vergelijken."
    low, high = known.loc[known["value"].idxmin()], known.loc[known["value"].idxmax()]
    return (
        f"Het aandeel {label} loopt van {percent(low['value'])} in {low['area_name']} tot "
        f"{percent(high['value'])} in {high['area_name']} ({len(known)} {level})."
    )


def left_out(rows: pd.DataFrame) -> str:
    """Return the line of the honest box on regions without a value: how many, and why."""
    absent = rows[rows["status"].ne("ok")]
    if absent.empty:
        return f"Alle {len(rows)} {LEVEL_PLURAL[rows['level'].iloc[0]]} hebben een waarde."
    reasons = absent["status"].value_counts()
    told = join_words([f"{count} {STATUS_NL[status]}" for status, count in reasons.items()])
    regions = LEVEL_PLURAL[rows["level"].iloc[0]]
    return f"Zonder waarde: {len(absent)} van de {len(rows)} {regions} ({told})."


def resting_on(row: pd.Series) -> str:
    """Return the line of the honest box on which units an index rests."""
    units = f"{int(row['units'])} {LEVEL_PLURAL[row['level']]}"
    if pd.isna(row["median_unit_size"]):
        return f"{units} zonder bruikbare cijfers."
    covered = percent(row["population_covered"])
    missing = f", {int(row['units_missing'])} zonder cijfer" if row["units_missing"] else ""
    return (
        f"{row['year']}: {units}, de middelste met {number(row['median_unit_size'], 0)} inwoners"
        f"{missing}; {covered} van de inwoners telt mee."
    )


def nearest(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title on mean distances: the nearest and the farthest kind."""
    known = rows[rows["status"].eq("ok")].sort_values("value")
    if known.empty:
        return nothing_to_say("de afstand tot voorzieningen", rows.iloc[0])
    first, last = known.iloc[0], known.iloc[-1]
    said = f"Een {labels[first['group']]} is gemiddeld {number(first['value'], 1)} km ver"
    if len(known) == 1:
        return said
    return f"{said}, een {labels[last['group']]} {number(last['value'], 1)} km"


def density(row: pd.Series, what: str) -> str:
    """Return the title on a density: the number with its interval."""
    if row["status"] != "ok":
        return nothing_to_say(f"het aantal {what} per 1.000 inwoners", row)
    return (
        f"{row['area_name']} heeft {number(row['value'], 2)} {what} per 1.000 inwoners "
        f"(tussen {number(row['low'], 2)} en {number(row['high'], 2)})"
    )


def isolated(row: pd.Series, label: str, members: str, theme: str) -> str:
    """Return the title on isolation: the own group's share around an average member.

    Parameters
    ----------
    row : Series
        An evidence row with measure 'isolation'.
    label, members, theme : str
        The group, what is counted ('inwoners', 'woningen') and its theme.
    """
    if row["status"] != "ok":
        return nothing_to_say(f"de buurt van {label}", row)
    stand, alike = ("staan", "ook zo") if theme == "wonen" else ("wonen", "zoals zij")
    return (
        f"Waar {label} {stand}, is gemiddeld {percent(row['value'])} van de {members} in de "
        f"{row['level']} {alike}"
    )


def highest_quotient(rows: pd.DataFrame, label: str) -> str:
    """Return the title on location quotients: where the group is most overrepresented."""
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return nothing_to_say(f"het aandeel {label} per {rows['level'].iloc[0]}", rows.iloc[0])
    top = known.loc[known["value"].idxmax()]
    if len(known) == 1:
        return f"Er is maar één {top['level']} met cijfers: er valt niets te vergelijken"
    if abs(top["value"] - 1) < _SAME_INDEX:
        return f"Het aandeel {label} is in alle wijken gelijk aan dat van de gemeente"
    return (
        f"In {top['area_name']} is het aandeel {label} {number(top['value'], 1)} keer zo groot als "
        "in de hele gemeente"
    )


def most_mixed(rows: pd.DataFrame, label: str) -> str:
    """Return the title on the mix inside regions: the least and the most mixed one."""
    known = rows[rows["status"].eq("ok")]
    if len(known) < 2:
        return f"Over de menging naar {label} is voor te weinig wijken iets te zeggen"
    low, high = known.loc[known["value"].idxmin()], known.loc[known["value"].idxmax()]
    return (
        f"Naar {label} is {high['area_name']} het meest gemengd ({number(high['value'], 2)}) en "
        f"{low['area_name']} het minst ({number(low['value'], 2)})"
    )


def farthest(rows: pd.DataFrame, whole: pd.Series, label: str) -> str:
    """Return the title on distances per region: where it is farthest, and the whole area."""
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return nothing_to_say(f"de afstand tot een {label}", rows.iloc[0])
    top = known.loc[known["value"].idxmax()]
    said = f"In {top['area_name']} is een {label} het verst: {number(top['value'], 1)} km"
    if whole["status"] != "ok":
        return said
    return f"{said}, tegen {number(whole['value'], 1)} km in heel {whole['area_name']}"


def most_per_head(rows: pd.DataFrame, whole: pd.Series) -> str:
    """Return the title on densities per region; whether the top differs from the whole area."""
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return nothing_to_say("het aantal voorzieningen per 1.000 inwoners", rows.iloc[0])
    top = known.loc[known["value"].idxmax()]
    said = (
        f"{top['area_name']} heeft de meeste voorzieningen per 1.000 inwoners: "
        f"{number(top['value'], 1)}"
    )
    if whole["status"] != "ok":
        return said
    if top["low"] <= whole["value"]:
        return f"{said}, maar dat kan toeval zijn (gemeente: {number(whole['value'], 1)})"
    return f"{said}, tegen {number(whole['value'], 1)} in heel {whole['area_name']}"
