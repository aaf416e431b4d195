"""Titles and sentences on who lives where: what evidence rows support, whatever they say.

Each function takes rows of an evidence table and the Dutch words for what they are about, and
says what the rows say, also when that is 'no difference' or 'too little to say'.
"""

import pandas as pd

from analysis.figures.wording import (
    LEVEL_NL,
    LEVEL_PLURAL,
    STATUS_NL,
    in_format,
    join_words,
    number,
    percent,
    regions,
)

# Differences smaller than this are not worth a sentence: they are within rounding.
_SAME_INDEX = 0.01
# Regions with fewer inhabitants are in the figure and its table, but lead no title.
NAMED_FROM = 200
# With figures of regions with less than this share of the people, first of all is first of few.
_MOST = 0.8
# Regions that have no figure because there is hardly anybody, not because it is not known.
_HARDLY_ANYBODY = ("uninhabited", "too_small")


def nothing_to_say(subject: str, row: pd.Series) -> str:
    """Return the title where a value is absent: why nothing can be said."""
    return f"Over {subject} is niets te zeggen: {STATUS_NL[row['status']]}"


def nothing_in(subject: str, rows: pd.DataFrame) -> str:
    """Return the title where no region has a value, with the reason that most of them have."""
    often = rows["status"].mode().iloc[0]
    return nothing_to_say(subject, pd.Series({"status": often}))


def extreme(known: pd.DataFrame, largest: bool) -> tuple[str, float, bool]:
    """Return who has the largest or smallest value, that value, and whether they are several.

    Published percentages are whole numbers: often several regions share the first place, and then
    none of them may stand there alone.
    """
    value = known["value"].max() if largest else known["value"].min()
    names = known.loc[(known["value"] - value).abs() < 1e-9, "area_name"].tolist()
    told = join_words(names) if len(names) <= 2 else f"{names[0]} en {len(names) - 1} andere"
    if len(names) > 2:
        told = f"{told} {LEVEL_PLURAL[known['level'].iloc[0]]}"
    return told, float(value), len(names) > 1


def nameable(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the regions that may be named in a title as the first, and the words that say of whom.

    A share of sixty people is seldom news: where the largest value is that of a small region, the
    title names the largest of those with 200 inhabitants or more, if these are several. And where
    regions with less than 80 % of the people have a figure, the title says of how many regions it
    is the largest.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows, one per region, those without a value too.

    Returns
    -------
    (DataFrame, str)
        Without words where every region may be named.
    """
    known = rows[rows["status"].eq("ok")]
    large = known[known["median_unit_size"].ge(NAMED_FROM)]
    # Of one large region nothing is the most.
    small_leads = len(large) > 1 and known["value"].max() > large["value"].max() + 1e-9
    few = _known_share(rows) < _MOST
    if not small_leads and not few:
        return known, ""
    shown = large if small_leads else known
    said = ["cijfers"] * few + [f"{NAMED_FROM} inwoners of meer"] * bool(small_leads)
    level = rows["level"].iloc[0]
    whose = regions(len(shown), level) if few else LEVEL_PLURAL[level]
    return shown, f" van de {whose} met {join_words(said)}"


def _known_share(rows: pd.DataFrame) -> float:
    """Return the share of the people, or without sizes of the regions, with a value."""
    asked = rows[~rows["status"].isin(_HARDLY_ANYBODY)]
    size = asked["median_unit_size"]
    size = size if size.notna().all() and size.sum() > 0 else size.notna() | True
    return float(size[asked["status"].eq("ok")].sum() / size.sum()) if len(asked) else 1.0


def all_alike(known: pd.DataFrame, value_format: str) -> bool:
    """Tell whether the highest and the lowest value read the same: then nobody leads."""
    high, low = known["value"].max(), known["value"].min()
    return in_format(high, value_format) == in_format(low, value_format)


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
    if row["value"] < _SAME_INDEX / 2:
        return (
            f"In {row['area_name']} zijn {label} vrijwel gelijk verspreid over de "
            f"{LEVEL_PLURAL[row['level']]}"
        )
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
            f"Over de verschillen tussen {LEVEL_PLURAL[silent['level']]} is niets te zeggen: "
            f"{STATUS_NL[silent['status']]}."
        )
    difference = buurt["value"] - wijk["value"]
    if abs(difference) < _SAME_INDEX:
        return (
            f"Tussen wijken is het verschil ongeveer even groot als tussen buurten "
            f"({number(wijk['value'], 2)} en {number(buurt['value'], 2)})."
        )
    at_wijk, at_buurt = number(wijk["value"], 2), number(buurt["value"], 2)
    if difference > 0:
        return (
            f"Tussen buurten is het verschil groter ({at_buurt}) dan tussen wijken ({at_wijk}): "
            "kleinere gebieden laten meer verschil zien."
        )
    # Nested units cannot differ less than what they make up: holes or rounding did this.
    why = (
        "voor een deel van de buurten ontbreken cijfers"
        if buurt["units_missing"] > 0
        else "dat komt van het afronden"
    )
    return (
        f"Tussen wijken is het verschil groter ({at_wijk}) dan tussen buurten ({at_buurt}); {why}."
    )


def highest_share(rows: pd.DataFrame, whole: pd.Series, label: str) -> str:
    """Return the title of a map or ranking of shares: where it is highest, and the whole area."""
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return nothing_in(f"het aandeel {label} per {LEVEL_NL[rows['level'].iloc[0]]}", rows)
    shown, among = nameable(rows)
    top, value, _ = extreme(shown, largest=True)
    if len(known) == 1:
        return f"Alleen over {top} is iets te zeggen: {percent(value)} {label}"
    if all_alike(known, "percent"):
        level = LEVEL_PLURAL[known["level"].iloc[0]]
        return f"Het aandeel {label} is in alle {level} met cijfers gelijk: {percent(value)}"
    said = f"In {top} is het aandeel {label} het grootst{among}: {percent(value)}"
    if whole["status"] != "ok":
        return said
    return f"{said}, tegen {percent(whole['value'])} in heel {whole['area_name']}"


def share_beside(own: pd.Series, whole: pd.Series, label: str) -> str:
    """Return the title of one area's share beside that of the gemeente."""
    if own["status"] != "ok":
        return nothing_to_say(f"het aandeel {label} in {own['area_name']}", own)
    said = f"In {own['area_name']} is het aandeel {label} {percent(own['value'])}"
    if whole["status"] != "ok":
        return said
    if percent(own["value"]) == percent(whole["value"]):
        return f"{said}, net als in heel {whole['area_name']}"
    return f"{said}, in heel {whole['area_name']} {percent(whole['value'])}"


def range_of_shares(rows: pd.DataFrame, label: str) -> str:
    """Return the sentence under a map or ranking of shares: from lowest to highest."""
    known = rows[rows["status"].eq("ok")]
    level = LEVEL_PLURAL[rows["level"].iloc[0]]
    if len(known) < 2:
        return f"Er zijn te weinig {level} met cijfers om te vergelijken."
    if all_alike(known, "percent"):
        return f"In hele procenten is er geen verschil tussen de {len(known)} {level} met cijfers."
    lowest, low, _ = extreme(known, largest=False)
    highest, high, _ = extreme(known, largest=True)
    return (
        f"Het aandeel {label} loopt van {percent(low)} in {lowest} tot {percent(high)} in "
        f"{highest} ({len(known)} {level})."
    )


def left_out(rows: pd.DataFrame) -> str:
    """Return the line of the honest box on regions without a value: how many, and why."""
    absent = rows[rows["status"].ne("ok")]
    level = rows["level"].iloc[0]
    if absent.empty:
        if len(rows) == 1:
            the = "Het" if level == "eigen" else "De"
            return f"{the} enige {LEVEL_NL[level]} heeft een waarde."
        if len(rows) == 2:
            return f"Beide {LEVEL_PLURAL[level]} hebben een waarde."
        return f"Alle {regions(len(rows), level)} hebben een waarde."
    reasons = absent["status"].value_counts()
    told = join_words([f"{count} {STATUS_NL[status]}" for status, count in reasons.items()])
    return f"Zonder waarde: {len(absent)} van de {regions(len(rows), level)} ({told})."


def resting_on(row: pd.Series) -> str:
    """Return the line of the honest box on which units an index rests."""
    units = regions(int(row["units"]), row["level"])
    if pd.isna(row["median_unit_size"]):
        return f"{row['year']}: {units} zonder bruikbare cijfers."
    covered = percent(row["population_covered"])
    missing = f", {number(row['units_missing'], 0)} zonder cijfer" if row["units_missing"] else ""
    size = f"{number(row['median_unit_size'], 0)} inwoners"
    middle = f"met {size}" if row["units"] == 1 else f"de middelste met {size}"
    return f"{row['year']}: {units}, {middle}{missing}; {covered} van de inwoners telt mee."


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
    level = rows["level"].iloc[0]
    if known.empty:
        return nothing_in(f"het aandeel {label} per {LEVEL_NL[level]}", rows)
    if len(known) == 1:
        return f"Er is maar één {LEVEL_NL[level]} met cijfers: er valt niets te vergelijken"
    if (known["value"] - 1).abs().max() < _SAME_INDEX:
        return (
            f"Het aandeel {label} is in alle {LEVEL_PLURAL[level]} met cijfers vrijwel gelijk aan "
            "dat van de gemeente"
        )
    shown, among = nameable(rows)
    top, value, _ = extreme(shown, largest=True)
    times = in_format(value, "ratio")
    most = f", het meest{among}" if among else ""
    return f"In {top} is het aandeel {label} {times} keer zo groot als in de hele gemeente{most}"


def most_mixed(rows: pd.DataFrame, label: str) -> str:
    """Return the title on the mix inside regions: the least and the most mixed one."""
    known = rows[rows["status"].eq("ok")]
    level = LEVEL_PLURAL[rows["level"].iloc[0]]
    if len(known) < 2:
        return f"Over de menging naar {label} is voor te weinig {level} iets te zeggen"
    shown, among = nameable(rows)
    highest, high, several = extreme(shown, largest=True)
    if all_alike(known, "index"):
        return (
            f"Naar {label} zijn alle {level} met cijfers even gemengd ({in_format(high, 'index')})"
        )
    lowest, low, _ = extreme(shown, largest=False)
    return (
        f"Naar {label} {'zijn' if several else 'is'} {highest}{among} het meest gemengd "
        f"({in_format(high, 'index')}) en {lowest} het minst ({in_format(low, 'index')})"
    )
