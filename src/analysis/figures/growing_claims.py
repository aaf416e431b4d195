"""Titles on concentration over the years: grown, stayed, divided into parts, or moved next door."""

import pandas as pd

from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import count, in_format, join_words, percent, plural, regions, signed

_SURE = 0.05
# Parts of the intervals that lie beside the truth by chance alone.
_BY_CHANCE = 0.05
# Of the people of a buurt: less than this is called hardly any change.
_HARDLY = 0.01
# Parts that differ less than this are called as large.
_EVEN = 0.05


def grown(counted: pd.DataFrame, labels: dict[str, str], since: int) -> str:
    """Return the title: in how many regions each side clearly rose or fell beside the gemeente.

    Parameters
    ----------
    counted : DataFrame
        Evidence rows of `trends.counted_changes`, of one or both groups.
    labels : dict of str to str
        Dutch label of both groups; vulnerable first.
    since : int
        The first year.
    """
    known = counted[counted["status"].eq("ok")].set_index(["group", "measure"])
    parts, unclear = [], 0
    for key, label in labels.items():
        if (key, "regions_rising") not in known.index:
            continue
        row = known.loc[(key, "regions_rising")]
        up, down = row["value"], known.loc[(key, "regions_falling"), "value"]
        if up + down <= _BY_CHANCE * row["units"]:
            unclear += 1
            parts.append(f"het aandeel {label} veranderde niet duidelijk anders dan de gemeente")
        else:
            parts.append(
                f"het aandeel {label} groeide in {count(up)} van de "
                f"{regions(int(row['units']), row['level'])} duidelijk sterker dan in de gemeente, "
                f"en in {count(down)} duidelijk zwakker"
            )
    if not parts:
        return "Of het aandeel van een groep ergens sterker groeide valt hier niet te zeggen"
    if unclear == len(labels):
        return f"Sinds {since} veranderde geen van beide kanten duidelijk anders dan de gemeente"
    return f"Sinds {since}: {'; '.join(parts)}"


def expected_by_chance(counted: pd.DataFrame) -> str:
    """Return the sentence on how many of the clear changes chance alone would give."""
    known = counted[counted["status"].eq("ok")]
    if known.empty:
        return ""
    most = known.loc[known["units"].astype(int).idxmax()]
    return (
        f"Van {regions(int(most['units']), most['level'])} zou er door toeval alleen in ongeveer 1 "
        "op de 20 ook een duidelijke verandering lijken te zijn."
    )


def stayed(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title: how many of the top fifth stayed there.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of `trends.persistence`, of one or both groups.
    labels : dict of str to str
        Dutch label of both groups; vulnerable first.
    """
    parts = []
    for key, label in labels.items():
        by = rows[rows["group"].eq(key) & rows["status"].eq("ok")]
        by = by[~by["measure"].eq("stays_in_top_fifth")].set_index("measure")
        if by.empty:
            continue
        stay, size = by.loc["number_that_stays"], by.loc["top_fifth_size", "value"]
        near = f"{_whole(stay['low'])} tot {_whole(stay['high'])}"
        number = _whole(stay["low"]) if stay["low"] == stay["high"] else near
        parts.append(f"{label}: {number} van de {_whole(size)}")
    if not parts:
        return "Welke buurten bij de hoogste vijfde blijven valt hier niet te zeggen"
    return f"Beide jaren bij de hoogste vijfde van de buurten: {'; '.join(parts)}"


def ranks(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the sentence: how alike both orders are, and what chance alone would keep."""
    told = []
    for key, label in labels.items():
        by = rows[rows["group"].eq(key) & rows["status"].eq("ok")]
        by = by[~by["measure"].eq("stays_in_top_fifth")].set_index("measure")
        if by.empty:
            continue
        chance = in_format(by.loc["number_that_stays_by_chance", "value"], "km")
        alike = in_format(by.loc["rank_correlation", "value"], "index")
        told.append(f"{label} {alike} (door loten zouden er {chance} blijven)")
    return f"Gelijkenis van de rangorde (1 is dezelfde): {'; '.join(told)}." if told else ""


def moved(rows: pd.DataFrame, label: str, names: dict[str, str]) -> str:
    """Return the title: which part of the change was the largest.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of `trends.processes` of one group.
    label : str
    names : dict of str to str
        Dutch name of each part.
    """
    known = _movement(rows)
    if known.empty:
        return f"Hoe het aandeel {label} veranderde valt hier niet op te delen"
    mean = rows.loc[rows["measure"].eq("mean_absolute_change"), "value"].iloc[0]
    if mean < _HARDLY:
        points = in_format(100 * mean, "km")
        return (
            f"Het aandeel {label} veranderde per buurt nauwelijks: gemiddeld {points} procentpunt"
        )
    most, next_ = known.iloc[0], known.iloc[1]
    if most["value"] - next_["value"] < _EVEN:
        first, second = (names[one["group"].split(" | ")[1]] for one in (most, next_))
        return f"Het aandeel {label} veranderde: ongeveer evenveel '{first}' als '{second}'"
    return (
        f"Van de verandering in het aandeel {label} is {percent(most['value'])} "
        f"'{names[most['group'].split(' | ')[1]]}'"
    )


def moved_on_the_other_side(
    rows: pd.DataFrame, labels: dict[str, str], names: dict[str, str]
) -> str:
    """Return the sentence: how the change of both sides is divided."""
    told = []
    for key, label in labels.items():
        known = _movement(rows[rows["group"].str.startswith(f"{key} |")])
        if known.empty:
            continue
        parts = [f"{names[one.group.split(' | ')[1]]} {percent(one.value)}"
                 for one in known.itertuples()]  # fmt: skip
        told.append(f"{label}: {join_words(parts)}")
    return f"{_capital('; '.join(told))}." if told else ""


def waterbed_claim(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title: whether change goes with the opposite, the same or any change next door.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows of 'morans_i_of_change' and its p, of one or both groups.
    labels : dict of str to str
    """
    told = []
    tested = max(1, rows.loc[rows["status"].eq("ok"), "group"].nunique())
    for key, label in labels.items():
        by = rows[rows["group"].eq(key) & rows["status"].eq("ok")].set_index("measure")
        if by.empty:
            continue
        value, p = by.loc["morans_i_of_change", "value"], by.loc["morans_i_of_change_p", "value"]
        words = "los van wat er bij de buren gebeurde"
        # Both sides are tested: each gets its part of the chance of an error.
        if p <= _SURE / tested:
            words = "samen met het omgekeerde" if value < 0 else "samen met hetzelfde"
            words += " bij de buren"
        told.append(f"het aandeel {label} veranderde {words}")
    if not told:
        return "Of concentratie naar de buren verschuift valt hier niet te zeggen"
    if len(told) == len(labels) and all(" veranderde los " in words for words in told):
        return "Aan geen van beide kanten ging verandering samen met die bij de buren"
    return _capital("; ".join(told))


def waterbed_table(
    rows: pd.DataFrame,
    *,
    labels: dict[str, str],
    source: str,
    years: tuple[int, int],
    stamp: str = "",
) -> Figure:
    """Return the table on change next door, with its title.

    Parameters
    ----------
    rows : DataFrame
        See `waterbed_claim`.
    labels : dict of str to str
    source : str
    years : (int, int)
    stamp : str, optional
    """
    shown = []
    for key, label in labels.items():
        by = rows[rows["group"].eq(key)].set_index("measure")
        value, p = by.loc["morans_i_of_change"], by.loc["morans_i_of_change_p"]
        known = value["status"] == "ok"
        shown.append(
            {
                "groep": label,
                "samenhang met de buren (Moran's I)": signed(value["value"], "index")
                if known
                else "niet te vergelijken",
                "kans op zo'n uitkomst door husselen (p)": in_format(p["value"], "score")
                if known
                else "",
                "buurten": count(value["units"]),
                "buurten zonder vergelijking": count(value["units_missing"]),
            }
        )
    missing = int(rows["units_missing"].max())
    return table_figure(
        pd.DataFrame(shown),
        rows=rows,
        claim=waterbed_claim(rows, labels),
        sentence="Onder 0: waar het aandeel groeit, krimpt het ernaast (een waterbed). Boven 0: "
        "buren veranderen hetzelfde. Rond 0: geen patroon.",
        source=source,
        notes=[
            f"Van {years[0]} tot {years[1]}; de verandering is die boven de hele gemeente.",
            "999 keer gehusseld; bij twee groepen telt een p onder 0,025.",
            "'Los van' is geen bewijs dat er niets verschuift: kleine verschuivingen vallen weg in "
            "het toeval.",
            "Over de grens van de gemeente heen is niet gekeken.",
            f"Zonder vergelijking: {plural(missing, 'buurt', 'buurten')}." if missing else "",
        ],
        stamp=stamp,
    )


def _movement(rows: pd.DataFrame) -> pd.DataFrame:
    known = rows[rows["measure"].eq("share_of_movement") & rows["status"].eq("ok")]
    return known.sort_values("value", ascending=False)


def _whole(value: float) -> str:
    return in_format(value, "count")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
