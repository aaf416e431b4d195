"""Dutch notation and the words that the audience reads; no locale of the machine is needed."""

import math
from collections.abc import Sequence
from datetime import date, datetime

import pandas as pd

UNKNOWN = "onbekend"
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
    "oktober", "november", "december",
)  # fmt: skip

STATUS_NL = {
    "ok": "bekend",
    "not_published": "nog niet gepubliceerd",
    "does_not_exist": "bestaat niet in dit jaar",
    "suppressed": "geheim of te weinig cijfers",
    "too_small": "te klein",
    "uninhabited": "niet bewoond",
    "no_population": "geen inwoners gepubliceerd",
    "no_place": "geen plaats",
    "group_absent": "niemand van deze groep",
    "single_unit": "maar één gebied",
    "no_denominator": "noemer ontbreekt",
    "not_comparable": "niet te vergelijken",
}

LEVEL_PLURAL = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten"}


def number(value: float, decimals: int = 0) -> str:
    """Return a number as the Dutch write it: 1.234,5.

    Parameters
    ----------
    value : float
    decimals : int, optional

    Returns
    -------
    str
        With a point between thousands, a comma before decimals and a true minus sign;
        'onbekend' where there is no value.
    """
    if value is None or pd.isna(value) or math.isinf(value):
        return UNKNOWN
    text = f"{abs(value):,.{decimals}f}"
    swapped = text.replace(",", " ").replace(".", ",").replace(" ", ".")
    # What rounds to nothing has no sign.
    negative = value < 0 and any(digit in "123456789" for digit in swapped)
    return f"−{swapped}" if negative else swapped


def count(value: float) -> str:
    """Return a whole number: 128.434."""
    return number(value, 0)


def percent(share: float, decimals: int = 0) -> str:
    """Return a share between 0 and 1 as a percentage without a space: 12%.

    A share that would round to 0% or 100% without being so keeps a decimal: 0,4%.
    """
    if share is None or pd.isna(share):
        return UNKNOWN
    if decimals == 0 and (0 < share < 0.005 or 0.995 < share < 1):
        decimals = 1
    return f"{number(share * 100, decimals)}%"


def one_in(share: float) -> str:
    """Return a share as '1 op de 4', rounded to the nearest whole number.

    A share above two thirds is told as '3 op de 4' would mislead: it stays a percentage.
    """
    if share is None or pd.isna(share) or share <= 0:
        return UNKNOWN if share is None or pd.isna(share) else "niemand"
    if share > 2 / 3:
        return percent(share)
    return f"1 op de {count(1 / share)}"


def interval(low: float, high: float, decimals: int = 0) -> str:
    """Return bounds as 'tussen 1,2 en 3,4'."""
    return f"tussen {number(low, decimals)} en {number(high, decimals)}"


def date_nl(moment: str | date) -> str:
    """Return a day as '27 maart 2025'; of a text the date at its beginning is read."""
    day = datetime.fromisoformat(moment).date() if isinstance(moment, str) else moment
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def join_words(words: Sequence[str]) -> str:
    """Return words as 'a, b en c'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} en {words[-1]}"


def plural(amount: int, one: str, more: str) -> str:
    """Return an amount with its noun: '1 wijk', '9 wijken', 'geen wijken'."""
    if amount == 0:
        return f"geen {more}"
    return f"{count(amount)} {one if amount == 1 else more}"


def in_format(value: float, value_format: str) -> str:
    """Return a value in one of the notations that figures use.

    Parameters
    ----------
    value : float
    value_format : {'count', 'percent', 'index', 'ratio', 'km', 'euro', 'year'}

    Raises
    ------
    KeyError
        For another format.
    """
    return _FORMATS[value_format](value)


def _money(value: float) -> str:
    text = number(value)
    return text if text == UNKNOWN else f"€ {text}"


_FORMATS = {
    "count": count,
    "percent": percent,
    "index": lambda value: number(value, 2),
    "ratio": lambda value: number(value, 2),
    "km": lambda value: number(value, 1),
    "euro": _money,
    "year": lambda value: UNKNOWN if pd.isna(value) else f"{value:.0f}",
}
FORMATS = tuple(_FORMATS)
