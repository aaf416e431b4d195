"""Titles on what there is and how far it is: what evidence rows support, whatever they say."""

import pandas as pd

from analysis.figures.claims import all_alike, extreme, nameable, nothing_in, nothing_to_say
from analysis.figures.wording import LEVEL_PLURAL, in_format, join_words

# From this correlation on two orders of buurten are called alike.
_ALIKE = 0.7


def nearest(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title on mean distances: the nearest and the farthest kind."""
    known = rows[rows["status"].eq("ok")].sort_values("value")
    if known.empty:
        return nothing_in("de afstand tot voorzieningen", rows)
    first, last = known.iloc[0], known.iloc[-1]
    near, far = in_format(first["value"], "km"), in_format(last["value"], "km")
    if len(known) == 1:
        return f"Een {labels[first['group']]} ligt gemiddeld op {near} km"
    if near == far:
        kinds = join_words([f"een {labels[group]}" for group in known["group"]])
        return f"{kinds[:1].upper()}{kinds[1:]} liggen gemiddeld even ver: {near} km"
    return (
        f"Een {labels[first['group']]} ligt gemiddeld op {near} km, een {labels[last['group']]} "
        f"op {far} km"
    )


def density(row: pd.Series, what: str) -> str:
    """Return the title on a density: the number with its interval."""
    if row["status"] != "ok":
        return nothing_to_say(f"het aantal {what} per 1.000 inwoners", row)
    return (
        f"{row['area_name']} heeft {in_format(row['value'], 'ratio')} {what} per 1.000 inwoners "
        f"(tussen {in_format(row['low'], 'ratio')} en {in_format(row['high'], 'ratio')})"
    )


def farthest(rows: pd.DataFrame, whole: pd.Series, label: str) -> str:
    """Return the title on distances per region: where it is farthest, and the whole area."""
    known = rows[rows["status"].eq("ok")]
    if known.empty:
        return nothing_in(f"de afstand tot een {label}", rows)
    shown, among = nameable(rows)
    top, value, _ = extreme(shown, largest=True)
    if len(known) == 1:
        return (
            f"Alleen over {top} is iets te zeggen: een {label} ligt op {in_format(value, 'km')} km"
        )
    if all_alike(known, "km"):
        level = LEVEL_PLURAL[known["level"].iloc[0]]
        return f"Een {label} ligt in alle {level} met cijfers even ver: {in_format(value, 'km')} km"
    said = f"In {top} is een {label} het verst{among}: {in_format(value, 'km')} km"
    if whole["status"] != "ok":
        return said
    return f"{said}, tegen {in_format(whole['value'], 'km')} km in heel {whole['area_name']}"


def most_per_head(rows: pd.DataFrame, whole: pd.Series) -> str:
    """Return the title on densities per region; whether the top differs from the whole area."""
    known = rows[rows["status"].eq("ok")]
    level = LEVEL_PLURAL[rows["level"].iloc[0]]
    if known.empty:
        return nothing_in("het aantal voorzieningen per 1.000 inwoners", rows)
    if known["value"].max() == 0:
        return f"In geen van de {level} met cijfers ligt een voorziening uit de lijst"
    shown, among = nameable(rows)
    top, value, several = extreme(shown, largest=True)
    if len(known) == 1:
        return (
            f"Alleen over {top} is iets te zeggen: {in_format(value, 'ratio')} per 1.000 inwoners"
        )
    if all_alike(known, "ratio"):
        return (
            f"In alle {level} met cijfers zijn er even veel voorzieningen per 1.000 inwoners: "
            f"{in_format(value, 'ratio')}"
        )
    said = (
        f"{top} {'hebben' if several else 'heeft'}{among} de meeste voorzieningen per 1.000 "
        f"inwoners: {in_format(value, 'ratio')}"
    )
    if whole["status"] != "ok":
        return said
    if known.loc[known["value"].eq(value), "low"].min() <= whole["value"]:
        return f"{said}, maar dat kan toeval zijn (gemeente: {in_format(whole['value'], 'ratio')})"
    return f"{said}, tegen {in_format(whole['value'], 'ratio')} in heel {whole['area_name']}"


def beside_cbs(rows: pd.DataFrame, labels: dict[str, str]) -> str:
    """Return the title on our own distances: whether they put buurten in CBS's order.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows with measures 'correlation' and 'mean_difference_km', one per kind.
    labels : dict of str to str
        Dutch label by distance.
    """
    known = rows[rows["measure"].eq("correlation") & rows["status"].eq("ok")]
    if known.empty:
        return "Of eigen punten hetzelfde beeld geven als het CBS, valt hier niet te zeggen"
    least = known.loc[known["value"].idxmin()]
    value = in_format(least["value"], "index") if least["value"] >= 0 else "onder 0"
    if least["value"] >= _ALIKE:
        return f"Eigen punten geven hetzelfde beeld als het CBS (samenhang {value} of meer)"
    return (
        f"Eigen punten en het CBS geven niet voor alles hetzelfde beeld: bij "
        f"{labels[least['group']]} is de samenhang {value}"
    )
