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
    "not_in_file": "staat niet in het bestand",
    "below_threshold": "te weinig mensen om te publiceren",
    "does_not_exist": "bestaat niet in dit jaar",
    "suppressed": "geheim of te weinig cijfers",
    "too_small": "te klein",
    "uninhabited": "niet bewoond",
    "no_population": "geen inwoners gepubliceerd",
    "no_place": "geen plaats",
    "coarse_origin": "gemeten vanaf het midden van de buurt",
    "group_absent": "niemand van deze groep",
    "single_unit": "maar één gebied",
    "no_denominator": "noemer ontbreekt",
    "not_comparable": "niet te vergelijken",
    "not_convertible": "niet om te rekenen",
    "partly_covered": "voor een deel bekend",
    "not_segregated": "vrijwel gelijk verspreid",
    "unlike_size": "gebieden van te ongelijke grootte",
    "no_norm": "geen norm ingevuld",
    "no_amount": "norm vraagt geen hoeveelheid",
    "m2_unknown": "aanbod in m² onbekend",
    "not_covered": "niet in het bestand met gebouwen",
    "supply_unknown": "aanbod onbekend",
    "below_building": "kleiner dan het kleinste zinvolle gebouw",
    "no_hours": "geen uren ingevuld",
    "beyond_limit": "verder dan gemeten is",
    "no_difference": "geen verschil",
    "too_few_areas": "te weinig gebieden voor zoveel kenmerken",
    "too_few_groups": "te weinig wijken om mee te rekenen",
    "constant": "overal hetzelfde",
    "collinear": "kenmerken zeggen hetzelfde",
    "no_neighbours": "geen buren bekend",
    "not_converged": "geen uitkomst gevonden",
    "missing_ingredient": "geen type: een ingrediënt ontbreekt",
    "one_large_unit": "één gebied met een groot deel van de inwoners",
}

LEVEL_NL = {"gemeente": "gemeente", "wijk": "wijk", "buurt": "buurt", "eigen": "eigen gebied"}
LEVEL_PLURAL = {
    "gemeente": "gemeenten",
    "wijk": "wijken",
    "buurt": "buurten",
    "eigen": "eigen gebieden",
}

# What a region of one year is in another: the label of a crosswalk.
CONVERSION_NL = {
    "measured": "gelijk gebleven",
    "recoded": "alleen andere code",
    "converted": "omgerekend",
    "not_comparable": "niet te vergelijken",
    "partly_covered": "voor een deel bekend",
    "outside": "buiten de gebieden",
}

# Why it is that.
WHY_NL = {
    "flags": "volgens het CBS ongewijzigd",
    "same_boundary": "de grenzen van beide jaren vallen samen",
    "addresses": "verdeeld naar adressen",
    "area": "verdeeld naar oppervlakte",
    "composed": "in stappen omgerekend",
    "table_missing": "een tabel ertussen ontbreekt",
    "changed": "de grens is gewijzigd",
    "no_boundary": "zonder grens",
    "no_source": "er lag geen bekend gebied",
    "partly_covered": "van een deel is het eerdere gebied niet bekend",
    "outside": "ligt nu buiten de gebieden",
}

# What does not go by itself with a gemeente's own areas.
ZONING_NL = {
    "unknown_code": "onbekende buurtcode",
    "in_two_areas": "in twee gebieden, telt in geen van beide",
    "in_no_area": "in geen enkel gebied",
    "doubtful": "ligt maar voor een deel in het gebied",
    "area_without_buurten": "gebied zonder buurten",
    "no_outline": "buurt zonder grens, niet te plaatsen",
}


def number(value: float, decimals: int | None = 0) -> str:
    """Return a number as the Dutch write it: 1.234,5.

    Parameters
    ----------
    value : float
    decimals : int or None, optional
        None shows what the number has, two decimals at most and no zeros at the end.

    Returns
    -------
    str
        With a point between thousands, a comma before decimals and a true minus sign;
        'onbekend' where there is no value.
    """
    if value is None or pd.isna(value) or math.isinf(value):
        return UNKNOWN
    text = f"{abs(value):,.{2 if decimals is None else decimals}f}"
    if decimals is None:
        text = text.rstrip("0").rstrip(".")
    swapped = text.replace(",", " ").replace(".", ",").replace(" ", ".")
    # What rounds to nothing has no sign.
    negative = value < 0 and any(digit in "123456789" for digit in swapped)
    return f"−{swapped}" if negative else swapped


def count(value: float) -> str:
    """Return a whole number: 128.434."""
    return number(value, 0)


def percent(share: float, decimals: int = 0) -> str:
    """Return a share between 0 and 1 as a percentage without a space: 12%.

    Nobody and everybody are said only of 0 and 1: what would round to 0% or 100% without being so
    keeps a decimal, and what is nearer still reads '<0,1%' or '>99,9%'.
    """
    if share is None or pd.isna(share) or math.isinf(share):
        return UNKNOWN
    if 0 < share < 0.001:
        return "<0,1%"
    if 0.999 < share < 1:
        return ">99,9%"
    if decimals == 0 and (0 < share < 0.005 or 0.995 <= share < 1):
        decimals = 1
    return f"{number(share * 100, decimals)}%"


def km(value: float) -> str:
    """Return a distance: 0,8 km."""
    text = number(value, 1)
    return text if text == UNKNOWN else f"{text} km"


def euro(value: float) -> str:
    """Return an amount of whole euros: € 32.400."""
    text = number(value)
    if text == UNKNOWN:
        return text
    # The space may not break at the end of a line.
    return f"−€\u00a0{text[1:]}" if text.startswith("−") else f"€\u00a0{text}"


def one_in(share: float) -> str:
    """Return a share as '1 op de 4', rounded to the nearest whole number.

    Above two fifths the next step is '1 op de 2', too coarse to be true: it stays a percentage.
    """
    if share is None or pd.isna(share):
        return UNKNOWN
    if share <= 0:
        return "niemand"
    if share > 0.4:
        return percent(share)
    return f"1 op de {count(1 / share)}"


def interval(low: float, high: float, decimals: int = 0) -> str:
    """Return bounds as 'tussen 1,2 en 3,4'; 'onbekend' where one is missing."""
    bounds = number(low, decimals), number(high, decimals)
    return UNKNOWN if UNKNOWN in bounds else f"tussen {bounds[0]} en {bounds[1]}"


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


def regions(amount: int, level: str) -> str:
    """Return an amount of regions of a level: '1 buurt', '238 buurten', 'geen wijken'."""
    return plural(amount, LEVEL_NL.get(level, "gebied"), LEVEL_PLURAL.get(level, "gebieden"))


def in_format(value: float, value_format: str, decimals: int | None = None) -> str:
    """Return a value in one of the notations that figures use.

    Parameters
    ----------
    value : float
    value_format : {'count', 'percent', 'index', 'score', 'ratio', 'km', 'euro', 'year', ...}
        'km' is the bare number: the unit stands beside the axis. 'deviation' and 'sides' are -1, 0
        or 1, 'coincidence' 0 to 3.
    decimals : int, optional
        Other than the notation's own; the bounds of classes need as many as tell them apart.

    Raises
    ------
    KeyError
        For another format.
    """
    if value_format in NAMED_VALUES:
        return NAMED_VALUES[value_format][value]
    own = _DECIMALS[value_format]
    decimals = own if decimals is None else decimals
    if value_format == "percent":
        return percent(value, decimals)
    if value_format == "euro":
        return euro(value)
    if value_format == "year":
        return UNKNOWN if pd.isna(value) else f"{value:.0f}"
    # What is there may not read as nothing: 0,004 rather than 0,00.
    while decimals < _MOST_DECIMALS and value != 0 and abs(value) < 0.5 * 10**-decimals:
        decimals += 1
    return number(value, decimals)


def signed(value: float, value_format: str, decimals: int | None = None) -> str:
    """Return a difference with its sign in front: '+0,005', '−0,120'."""
    sign = "+" if value >= 0 else "−"
    return f"{sign}{in_format(abs(value), value_format, decimals)}"


def decimals_for(values: Sequence[float], value_format: str, least: int | None = None) -> int:
    """Return the fewest decimals, at least the notation's own (or `least`), that show exactly."""
    scale = 100 if value_format == "percent" else 1
    for decimals in range(_DECIMALS[value_format] if least is None else least, _MOST_DECIMALS):
        if all(math.isclose(round(v * scale, decimals), v * scale, abs_tol=1e-9) for v in values):
            return decimals
    return _MOST_DECIMALS


# Values that are classes with a name of their own.
NAMED_VALUES = {
    "deviation": {
        -1.0: "duidelijk lager dan elders",
        0.0: "niet duidelijk anders",
        1.0: "duidelijk hoger dan elders",
    },
    "sides": {
        -1.0: "meer van de kwetsbare kant",
        0.0: "geen van beide duidelijk",
        1.0: "meer van de welgestelde kant",
    },
    "coincidence": {
        0.0: "geen van beide",
        1.0: "alleen laag",
        2.0: "alleen ver weg",
        3.0: "laag en ver weg",
    },
}
_DECIMALS = {
    "deviation": 1,
    "sides": 1,
    "coincidence": 1,
    "count": 0,
    "percent": 0,
    "index": 2,
    "score": 3,
    "ratio": 2,
    "km": 1,
    "euro": 0,
    "year": 0,
}
_MOST_DECIMALS = 6
FORMATS = tuple(_DECIMALS)
