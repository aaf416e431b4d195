"""Titles on what-if: what a plan does to the spread of groups, and where that turns."""

import pandas as pd

from analysis.figures.wording import count, join_words, number, percent

_NAMED = 2
_NOTHING = 0.0005
_AS_GOOD_AS_NONE = "vrijwel 0"


def effect(rows: pd.DataFrame, labels: dict[str, str], place: str) -> str:
    """Return the title on a plan: for which groups the spread surely changes.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows 'dissimilarity_change', one per group.
    labels : dict of str to str
        Dutch label by group.
    place : str
        Where is built.
    """
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return f"Wat bouwen in {place} met de spreiding doet, valt hier niet te zeggen"
    more = [labels[key] for key in known[known["low"] > 0]["group"]]
    less = [labels[key] for key in known[known["high"] < 0]["group"]]
    if not more and not less:
        return f"Bouwen in {place} kan de spreiding van elke groep beide kanten op veranderen"
    ways = ((less, "gelijker"), (more, "ongelijker"))
    parts = [f"{some(names)} {way}" for names, way in ways if names]
    return f"Met deze woningen in {place} wonen in de som {join_words(parts)} verspreid"


def some(names: list[str]) -> str:
    """Return the first two groups by name, and that there are others."""
    if len(names) <= _NAMED:
        return join_words(names)
    return join_words([*names[:_NAMED], "andere groepen"])


def turns(rows: pd.DataFrame, label: str) -> str:
    """Return the title on the share of social rent at which the change turns.

    Parameters
    ----------
    rows : DataFrame
        From `over_social_share`.
    label : str
        The group.
    """
    row = rows[rows["measure"].eq("social_share_where_change_turns")].iloc[0]
    curve = rows[rows["measure"].str.endswith("_change_at_social_share") & rows["value"].notna()]
    if curve.empty:
        return f"Bij welk aandeel sociale huur het omslaat voor {label}, valt hier niet te zeggen"
    if row["status"] == "ok":
        return (
            f"Voor {label} slaat het om bij ongeveer {percent(row['value'])} sociale huur "
            f"(tussen {percent(row['low'])} en {percent(row['high'])})"
        )
    if curve["high"].lt(0).all():
        return f"Bij elk aandeel sociale huur verspreiden deze woningen {label} gelijker"
    if curve["low"].gt(0).all():
        return f"Bij elk aandeel sociale huur verspreiden deze woningen {label} ongelijker"
    return f"Voor {label} is geen duidelijk aandeel sociale huur waarbij het omslaat"


def parts(rows: pd.DataFrame, label: str) -> str:
    """Return the title on the parts of a change: size and mix, of the first group.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows 'change_by_size' and 'change_by_mix' of one group.
    label : str
        The group.
    """
    found = rows.set_index("measure")
    if not found.loc[["change_by_size", "change_by_mix"], "status"].eq("ok").all():
        return f"Hoe de verandering voor {label} is opgebouwd, valt hier niet te zeggen"
    size, mix = found.loc["change_by_size", "value"], found.loc["change_by_mix", "value"]
    return (
        f"Voor {label}: {_three(size)} omdat de buurt groeit, en {_three(mix)} omdat haar menging "
        "verandert"
    )


def local_mix(rows: pd.DataFrame, label: str, place: str) -> str:
    """Return the title on the buurt itself: the share of the first group now and then.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows 'local_share' and 'local_share_after' of one group.
    label, place : str
        The group, and the buurt.
    """
    found = rows.set_index("measure")
    now, then = found.loc["local_share"], found.loc["local_share_after"]
    if not now["status"] == then["status"] == "ok":
        return f"De menging in {place} valt hier niet te berekenen"
    before, low, high = (percent(x) for x in (now["value"], then["low"], then["high"]))
    if before == low == high:
        return f"Het aandeel {label} in {place} blijft ongeveer {before}"
    if then["low"] <= now["value"] <= then["high"]:
        return f"Het aandeel {label} in {place} blijft ongeveer {before} (tussen {low} en {high})"
    after = low if low == high else f"{low} tot {high}"
    return f"Het aandeel {label} in {place} gaat van {before} naar {after}"


def needed(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title on how many dwellings lower an index by a tenth.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows 'dwellings_to_lower_by_tenth', one per group.
    labels : dict of str to str
        Dutch label by group.
    """
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return "Voor geen enkele groep is een tiende minder ongelijkheid haalbaar met deze woningen"
    least = known.loc[known["value"].idxmin()]
    return (
        f"Een tiende minder ongelijk voor {labels[least['group']]} vraagt in deze som ongeveer "
        f"{count(least['value'])} woningen"
    )


def amount(row: pd.Series) -> str:
    """Return a change with its interval: '+0,005 (−0,002 – +0,012)', or 'vrijwel 0'."""
    if row[["value", "low", "high"]].abs().max() < _NOTHING:
        return _AS_GOOD_AS_NONE
    # Short within brackets: a table has four of these in a row.
    low, high = (_three(row[name], none="0") for name in ("low", "high"))
    return f"{_three(row['value'])} ({low} – {high})"


def share(row: pd.Series) -> str:
    """Return a share, with its interval where it has one: '25,0% (22,1% – 28,3%)'."""
    value, low, high = (percent(row[name], 1) for name in ("value", "low", "high"))
    return value if pd.isna(row["low"]) else f"{value} ({low} – {high})"


def _three(value: float, none: str = _AS_GOOD_AS_NONE) -> str:
    """Return a change with three decimals; a smaller one is as good as none in such a sum."""
    if abs(value) < _NOTHING:
        return none
    return f"{'+' if value > 0 else '−'}{number(abs(value), 3)}"
