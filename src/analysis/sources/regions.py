"""Codes and names of gemeenten, wijken and buurten: codes are identity, names are labels."""

import difflib
import re
import unicodedata

import pandas as pd

from analysis.sources.errors import InputError

LEVELS = ("gemeente", "wijk", "buurt")
# A gemeente's own areas, added up from buurten: a level that CBS does not publish.
OWN_LEVEL = "eigen"
ALL_LEVELS = (*LEVELS, OWN_LEVEL)
OWN_CODE_PATTERN = r"EG\d{4}-[0-9A-Z]+"
_PREFIX = {"gemeente": "GM", "wijk": "WK", "buurt": "BU"}
# A code holds letters since 2023: BU0363AC02.
CODE_PATTERN = {
    "gemeente": r"GM\d{4}",
    "wijk": r"WK\d{4}[0-9A-Z]{2}",
    "buurt": r"BU\d{4}[0-9A-Z]{4}",
}
# How codes of a table of wijken en buurten begin, with those of what is larger than a gemeente.
ANY_LEVEL = "GM|WK|BU|NL|LD|PV|CR"
# Names that people use and the tables do not.
USUAL_NAMES = {
    "den haag": "'s-Gravenhage",
    "den bosch": "'s-Hertogenbosch",
    "gravenhage": "'s-Gravenhage",
    "hertogenbosch": "'s-Hertogenbosch",
    "the hague": "'s-Gravenhage",
    "friese meren": "De Fryske Marren",
    "noordoost polder": "Noordoostpolder",
    "nuenen": "Nuenen, Gerwen en Nederwetten",
    "nuenen c a": "Nuenen, Gerwen en Nederwetten",
}
# Registered abroad or without a known gemeente: not a place.
NO_PLACE = ("GM0998", "GM0999")


def check_level(level: str, levels: tuple[str, ...] = LEVELS) -> str:
    """Return the level, or refuse it by naming those that there are: CBS's three, or others."""
    if level not in levels:
        raise InputError(f"Het niveau '{level}' bestaat niet; kies uit {', '.join(levels)}.")
    return level


def is_code(text: str) -> bool:
    """Whether a text is a gemeente's code as CBS writes it: GM0637."""
    return bool(re.fullmatch(CODE_PATTERN["gemeente"], text))


def is_level(codes: pd.Series, level: str) -> pd.Series:
    """Tell for every (stripped) code whether it is one of this level.

    Parameters
    ----------
    codes : Series of str
    level : {'gemeente', 'wijk', 'buurt'}

    Returns
    -------
    Series of bool
        On the caller's index.
    """
    return codes.str.startswith(_PREFIX[check_level(level)])


def gm_code(codes: pd.Series) -> pd.Series:
    """Return the gemeente's code that stands in each wijk or buurt code."""
    return "GM" + codes.str.slice(2, 6)


def wk_code(codes: pd.Series) -> pd.Series:
    """Return the wijk's code that stands in each buurt code."""
    return "WK" + codes.str.slice(2, 8)


def label(names: pd.Series) -> pd.Series:
    """Return names without padding and without the number that some years put before them.

    'Wijk 04 Palenstein   ' becomes 'Palenstein' and 'Wijk 05: Walem' 'Walem'; 'Wijk 01' has
    nothing else and stays.
    """
    return names.str.strip().str.replace(r"^Wijk \d\d:?\s+(?=\S)", "", regex=True)


def find_gemeente(asked: str, names: pd.Series) -> str:
    """Return the code of the gemeente that is meant.

    Parameters
    ----------
    asked : str
        A code (GM0637, 637), a name as CBS spells it, a name without accents, hyphens or "'s-",
        or a usual name (Den Haag).
    names : Series of str
        Names by code of the gemeenten that the table has.

    Raises
    ------
    InputError
        When no gemeente has this name (the nearest names are given) or several share it.
    """
    text = asked.strip()
    number = re.fullmatch(r"(?:GM)?(\d{1,4})", text, flags=re.IGNORECASE)
    if number:
        code = f"GM{int(number[1]):04d}"
        if code in names.index:
            return code
        raise InputError(f"Er is geen gemeente met code {code} in deze tabel.")
    wanted = _key(USUAL_NAMES.get(plain_words(text), text))
    exact = [code for code, name in names.items() if _key(name) == wanted]
    if len(exact) == 1:
        return exact[0]
    # CBS tells gemeenten of one name apart by their province: Bergen (L.), Bergen (NH.).
    without = [c for c, n in names.items() if _key(re.sub(r"\s*\(.*\)$", "", n)) == wanted]
    shared = sorted(exact or without)
    if len(shared) == 1:
        return shared[0]
    if shared:
        options = " of ".join(f"{names[code]} ({code})" for code in shared)
        raise InputError(f"Meer dan één gemeente heet '{asked}': bedoelt u {options}?")
    keys = {_key(name): name for name in names}
    keys |= {_key(usual): usual.title() for usual, n in USUAL_NAMES.items() if _key(n) in keys}
    near = [keys[key] for key in difflib.get_close_matches(wanted, keys, n=3, cutoff=0.6)]
    hint = f"bedoelt u {' of '.join(near)}?" if near else "kijk of de naam klopt."
    raise InputError(f"Er is geen gemeente '{asked}' in deze tabel; {hint}")


def find_region(asked: str, names: pd.Series, level: str, where: str) -> str:
    """Return the code of the wijk or buurt that is meant.

    Parameters
    ----------
    asked : str
        A code, a name, or a part of a name that no other region has.
    names : Series of str
        Names by code of the regions that there are.
    level : {'wijk', 'buurt', 'eigen'}
        What they are called in a message.
    where : str
        The gemeente, for a message.

    Raises
    ------
    InputError
        When no region has this name or several share it; the message names them or the nearest.
    """
    code, words = asked.strip().upper(), _key(asked)
    if code in names.index:
        return code
    keys = names.map(_key)
    found = names[keys.eq(words)] if words else names.iloc[:0]
    if found.empty and words:
        found = names[keys.str.contains(words, regex=False)]
    if len(found) == 1:
        return found.index[0]
    if len(found):
        options = "; ".join(f"{name} ({one})" for one, name in found.head(6).items())
        more = f"; en nog {len(found) - 6}" if len(found) > 6 else ""
        raise InputError(f"'{asked}' kan meer dan één {level} zijn: {options}{more}.")
    near = difflib.get_close_matches(words, list(keys), n=3, cutoff=0.5)
    meant = names[keys.isin(near)] if near else names.head(8)
    hint = "bedoelt u" if near else "er zijn bijvoorbeeld"
    raise InputError(
        f"Er is geen {level} '{asked}' in {where}; {hint} {', '.join(meant)}{'?' if near else '.'}"
    )


def plain_words(name: str) -> str:
    """Return a name in small letters, without accents and signs, one space between words."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def _key(name: str) -> str:
    """Reduce a name to what people type alike: no accents, hyphens, spaces or leading 's."""
    return re.sub(r"^s (?=\w)", "", plain_words(name)).replace(" ", "")
