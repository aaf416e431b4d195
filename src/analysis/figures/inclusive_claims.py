"""Titles on the inclusive wijk: where segregation lies, and which wijk stands out for whom."""

import pandas as pd

from analysis.figures.wording import count, in_format, join_words, percent

_NAMES = {"gemeente": "tussen gemeenten", "wijk": "tussen wijken", "buurt": "tussen buurten"}
# How the two ends are called: of numbers of people, and of ways.
_ENDS = {"count": ("het meest", "het minst"), "km": ("het verst", "het dichtst bij")}


def where_it_lies(rows: pd.DataFrame, labels: dict[str, str], region: str) -> str:
    """Return the title on levels: where most of the segregation of the first group lies.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows 'share_of_segregation' of the levels gemeente, wijk and buurt.
    labels : dict of str to str
        Dutch label by group.
    region : str
        Name of the region.
    """
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return f"Waar de ongelijke spreiding in {region} ligt, valt hier niet te zeggen"
    group = known["group"].iloc[0]
    own = known[known["group"].eq(group)].set_index("level")["value"]
    most = own.idxmax()
    return (
        f"Van de ongelijke spreiding van {labels[group]} in {region} ligt {percent(own[most])} "
        f"{_NAMES[most]}"
    )


def stands_out(rows: pd.DataFrame, label: str, value_format: str, who: str) -> str:
    """Return the title on a perspective: which wijk has most of the first figure.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of one concept, one per wijk.
    label, value_format : str
        The concept in Dutch with its year, and how it is written.
    who : str
        Who looks.
    """
    known = rows[rows["value"].notna()]
    start = f"Voor {who}: "
    if len(known) < 2:
        return f"{start}wijken zijn hier niet te vergelijken"
    most, least = known.loc[known["value"].idxmax()], known.loc[known["value"].idxmin()]
    if most["value"] == least["value"]:
        return f"{start}alle wijken hebben evenveel ({label})"
    high, low = _ENDS.get(value_format, ("het hoogst", "het laagst"))
    return (
        f"{start}{label} {high} in {most['area_name']} "
        f"({in_format(most['value'], value_format)}), {low} in {least['area_name']} "
        f"({in_format(least['value'], value_format)})"
    )


def asked(rows: pd.DataFrame) -> str:
    """Return the title on questions: how many, and of whom.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows 'questions_asked', one per group.
    """
    of = [f"{count(row.value)} van {row.group}" for row in rows.itertuples()]
    if len(rows) == 1:
        return f"Vooraf ingestuurd: {of[0]}"
    return f"Vooraf ingestuurd: {join_words(of)}"
