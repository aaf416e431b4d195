"""Units of reference norms, as people write them: what is asked, per what."""

import re
from dataclasses import dataclass

GROUPS = ("inhabitants", "age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus",
          "children_present")  # fmt: skip
KNOWN = (
    "m2 per 1000 woningen, m2 per woning, m2 per inwoner, m2 per kind, inwoners per huisarts, "
    "% van het gebied, m, km, minuten, m2 per buurt, aantal per gemeente, % van de woningen of "
    "uren per week"
)
_PEOPLE = (
    (r"(?:inwoners?|personen|persoon|mensen|(?:ingeschreven )?patienten|ingeschrevenen|"
     r"inhabitants|persons?)", "inhabitants"),
    (r"aanwezige? kind(?:eren)?", "children_present"),
    (r"(?:kind(?:eren)?|jeugdigen?)(?: van)?(?: (?:0 ?[-–] ?14|0 tot 15)(?: jaar)?)?", "age_0_14"),
    (r"(?:jongeren?|jeugd)(?: van)?(?: (?:15 ?[-–] ?24|15 tot 25)(?: jaar)?)?", "age_15_24"),
    (r"(?:65[- ]?plussers?|65\+(?:ers?)?|ouderen?|inwoners? van 65 jaar en ouder)", "age_65_plus"),
)  # fmt: skip
_FLOOR = r"(?P<area>m2|ha|hectare)(?: (?:bvo|gbo|vvo|nvo|groen|speelruimte|terrein))?"
_TIMES = r"(?:(?P<times>[1-9]\d*) )?"
_HOMES = r"(?:woning(?:en)?|huishoudens?|dwellings?)"
_SQUARE_METRES = {"m2": 1.0, "ha": 10_000.0, "hectare": 10_000.0}


@dataclass(frozen=True)
class NormUnit:
    """What a norm's number is.

    Attributes
    ----------
    key : str
        m2_per_1000_dwellings, m2_per_person, persons_per_unit, percent_of_area, max_distance_m,
        max_minutes, minimum_m2, minimum_per_gemeente, percent_of_dwellings or hours_per_week.
    factor : float
        What the written number is multiplied by to be in that unit.
    group : str
        The people it is about, one of `GROUPS`; '' where it is about no people.
    inverse : bool
        Whether units per so many persons were written: the number of persons per unit is `factor`
        divided by the written number.
    """

    key: str
    factor: float = 1.0
    group: str = ""
    inverse: bool = False


def norm_unit(text: str) -> NormUnit | None:
    """Return what a written unit of a norm is, or None when it is unknown.

    >>> norm_unit("m² bvo / 1.000 woningen")
    NormUnit(key='m2_per_1000_dwellings', factor=1.0, group='', inverse=False)
    >>> norm_unit("ha per 1000 inwoners")
    NormUnit(key='m2_per_person', factor=10.0, group='inhabitants', inverse=False)
    """
    said = _plain(text)
    if found := re.fullmatch(rf"{_FLOOR} per {_TIMES}{_HOMES}", said):
        each = float(found["times"] or 1)
        factor = _SQUARE_METRES[found["area"]] * 1000 / each
        return NormUnit("m2_per_1000_dwellings", factor)
    for people, group in _PEOPLE:
        if found := re.fullmatch(rf"{_FLOOR} per {_TIMES}{people}", said):
            each = float(found["times"] or 1)
            return NormUnit("m2_per_person", _SQUARE_METRES[found["area"]] / each, group)
        if found := re.fullmatch(rf"(?:[a-z]+ )?per {_TIMES}{people}", said):
            each = float(found["times"] or 1)
            return NormUnit("persons_per_unit", each, group, inverse=True)
        if re.fullmatch(rf"{people} per (?!gemeente|buurt|jaar|week|dag|ha\b|km|m2)[a-z ]+", said):
            return NormUnit("persons_per_unit", 1.0, group)
    if found := re.fullmatch(rf"{_FLOOR} per (?:buurt|wijk)", said):
        return NormUnit("minimum_m2", _SQUARE_METRES[found["area"]])
    for pattern, unit in _OTHER:
        if re.fullmatch(pattern, said):
            return unit
    return None


_OTHER = (
    (r"(?:%|procent) van de (?:nieuwe )?(?:woningen|woningvoorraad)",
     NormUnit("percent_of_dwellings")),
    (r"(?:%|procent) (?:van )?(?:het |de )?(?:bebouwde? |uitgegeven |bruto |netto )?"
     r"(?:gebied|oppervlakte?|plangebied|area)", NormUnit("percent_of_area")),
    (r"(?:m|meter)(?: (?:maximaal|afstand|loopafstand|maximale afstand|hemelsbreed))?",
     NormUnit("max_distance_m")),
    (r"(?:km|kilometer)(?: (?:maximaal|afstand|maximale afstand|hemelsbreed))?",
     NormUnit("max_distance_m", 1000.0)),
    (r"(?:min|minuut|minuten|minutes)(?: (?:lopen|fietsen|reistijd))?", NormUnit("max_minutes")),
    (r"(?:[a-z]+ )?per gemeente", NormUnit("minimum_per_gemeente")),
    (r"(?:uur|uren) per week", NormUnit("hours_per_week")),
)  # fmt: skip


def _plain(text: str) -> str:
    said = text.casefold().replace("²", "2").replace("ë", "e").replace("é", "e")
    said = re.sub(r"(?<=\d)[.\s](?=\d{3}\b)", "", said)
    said = re.sub(r"\bduizend\b", "1000", said).replace("vierkante meter", "m2")
    said = re.sub(r"\s*/\s*", " per ", said.replace("(", " ").replace(")", " "))
    return re.sub(r"\s+", " ", said).strip(" .")
