"""What the columns of a list of facilities mean, by their names and by what stands in them."""

import re
import unicodedata
from dataclasses import dataclass

import pandas as pd

from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import kind_of_words
from analysis.sources.own_table import OwnTable, is_missing
from analysis.sources.regions import CODE_PATTERN
from analysis.sources.written_places import place_of_text

_BEFORE = r"(?:rd|gps|geo|wgs84|wgs|point|punt|coord|coordinaat|centroid|locatie|loc|epsg28992)*"
_AFTER = r"(?:co|coord|coor|coordinaat|coordinate|coordinaten|rd|rdnew|nieuw|new|m|meter|inm|" \
    r"28992|epsg28992|wgs84|wgs|4326|epsg4326|etrs89|dec|decimaal|graden|deg)*"  # fmt: skip
_EAST = {
    "x": re.compile(rf"{_BEFORE}(?:x|easting|oost){_AFTER}"),
    "lon": re.compile(
        rf"{_BEFORE}(?:lon|long|lng|longitude|longitud|lengtegraad|oosterlengte){_AFTER}"
    ),
}
_NORTH = {
    "x": re.compile(rf"{_BEFORE}(?:y|northing|noord){_AFTER}"),
    "lon": re.compile(rf"{_BEFORE}(?:lat|latitude|lattitude|breedtegraad|noorderbreedte){_AFTER}"),
}
# Columns that may hold both numbers of a place; what stands in them decides.
_PLACE = re.compile(
    r"(?:gps|geo|rd|wgs84)*(?:coordinaten|coordinaat|coordinates?|coords?|coordinatenrd|latlon|"
    r"latlong|latlng|lonlat|longlat|lnglat|xy|yx|geopoint2?d?|geopunt|geom|geometry|geometrie|"
    r"thegeom|wkt|wktgeometry|geoshape|shape|point|punt|positie|location|locatie|ligging|plaats)"
)
# The first that is there is taken; of kinds the one of which most words are known.
ROLES: dict[str, tuple[str, ...]] = {
    "kind": (
        "soort", "soortvoorziening", "voorzieningsoort", "voorzieningensoort", "voorziening",
        "typevoorziening", "voorzieningtype", "kind", "type", "typelocatie", "soortlocatie",
        "subcategorie", "subcategory", "categorie", "category", "categorievoorziening", "amenity",
        "functie", "gebruiksfunctie", "hoofdfunctie", "facility", "facilitykind", "facilitytype",
        "soortaccommodatie", "typeaccommodatie", "accommodatietype", "rubriek", "thema", "sector",
    ),
    "id": (
        "facilityid", "id", "vestigingscode", "vestigingsnummer", "osmid", "identificatie",
        "voorzieningid", "objectid", "locatieid", "uuid",
    ),
    "name": ("naam", "name", "naamvoorziening", "voorzieningnaam", "naamlocatie", "locatienaam",
             "naaminstelling", "instelling", "organisatie", "benaming", "omschrijving", "titel"),
    "m2": ("m2bvo", "bvo", "bvom2", "m2", "oppervlakte", "oppervlaktem2", "oppervlaktem2bvo",
           "oppervlak", "vloeroppervlak", "vloeroppervlakte", "brutovloeroppervlak",
           "brutovloeroppervlakte", "gebruiksoppervlakte", "gbo", "gbom2", "vvo", "vvom2",
           "aantalm2", "m2vvo", "m2gbo"),
    "capacity": ("capaciteit", "capacity", "aantalplaatsen", "plaatsen", "kindplaatsen",
                 "aantalkindplaatsen", "zitplaatsen", "leerlingen", "aantalleerlingen",
                 "capaciteitpersonen", "maxaantalpersonen"),
    "address": ("adres", "address", "straat", "straatnaam", "bezoekadres", "volledigadres",
                "adresregel", "straatenhuisnummer", "street", "locatieadres"),
    "number": ("huisnummer", "huisnr", "nr", "nummer", "huisnummertoevoeging", "housenumber"),
    "postcode": ("postcode", "pc6", "pc", "postalcode", "zipcode"),
    "source_date": ("peildatum", "brondatum", "datum", "date", "sourcedate", "bijgewerkt",
                    "laatstgewijzigd", "datumbron", "stand", "actualiteit"),
    "hours": ("openingstijden", "openingstijd", "openinghours", "geopend", "openingsuren",
              "urenperweek", "urenopen"),
}  # fmt: skip
_IN_RD = re.compile(r"(?<!coo)rd|28992")
_NUMBERED = ("x", "lon")
_ENOUGH = 0.8


@dataclass(frozen=True)
class OwnColumns:
    """Which column of a list says what.

    Attributes
    ----------
    roles : dict of str to str
        Column by what it says: kind, id, name, m2, capacity, address, number, postcode,
        source_date, hours, region_code; only those that are there.
    pairs : tuple of (str, str)
        Columns with the two numbers of a place, eastward first; a list may have two such pairs.
    whole : str
        The column that holds both numbers or well-known text, or ''.
    half : str
        A column with one number of a place that has no other, or ''.
    """

    roles: dict[str, str]
    pairs: tuple[tuple[str, str], ...]
    whole: str
    half: str

    @property
    def has_places(self) -> bool:
        """Whether there are coordinates."""
        return bool(self.pairs or self.whole)


def plain_name(name: str) -> str:
    """Return a column's name without capitals, accents, signs and spaces."""
    bare = unicodedata.normalize("NFKD", name.replace("²", "2").casefold())
    return re.sub(r"[^0-9a-z]+", "", bare)


def is_own_header(cells: list[str]) -> bool:
    """Whether a line names what a list of facilities has: kind or name, and where it is."""
    if _is_row(cells):
        return False
    names = [plain_name(cell) for cell in cells if cell]
    said = {role for role, known in ROLES.items() if set(names) & set(known)}
    axes = [name for name in names if _axis(name)]
    where = bool(axes) or any(_PLACE.fullmatch(name) for name in names)
    placed = where or bool(said & {"address", "postcode"})
    return placed and bool(said & {"kind", "name", "id"} or (axes and len(names) > 2))


def is_perhaps_own_header(cells: list[str]) -> bool:
    """Whether a line has a column with kinds; where the rest is, what stands in them must tell."""
    if _is_row(cells):
        return False
    names = [plain_name(cell) for cell in cells if cell]
    return len(names) > 1 and bool(set(names) & set(ROLES["kind"]))


def _is_row(cells: list[str]) -> bool:
    """Whether a line has a place or numbers: a word in it, such as amenity, names no column."""
    numbers = [cell for cell in cells if re.fullmatch(r"-?\d+(?:[.,]\d+)?", cell.strip())]
    return len(numbers) > 2 or any(re.match(r"\s*POINT\s*\(", cell, re.I) for cell in cells)


def columns_of(table: OwnTable, kinds: pd.DataFrame) -> OwnColumns:
    """Find the columns of a list.

    Raises
    ------
    InputError
        When two columns could be the same number of a place.
    """
    cells = table.cells
    names = {str(column): plain_name(str(column)) for column in cells}
    roles = {}
    for role, known in ROLES.items():
        there = [c for word in known for c, name in names.items() if name == word]
        if there:
            roles[role] = there[0]
    pairs, half = _pairs(names, table.file)
    whole = _whole(cells, names, {c for pair in pairs for c in pair})
    kind = _kind_column(cells, names, roles, kinds)
    roles.pop("kind", None)
    if kind:
        roles["kind"] = kind
        # 'voorziening' may hold the kind or the name.
        roles = {role: c for role, c in roles.items() if role == "kind" or c != kind}
    if code := _code_column(cells):
        roles["region_code"] = code
    return OwnColumns(roles, pairs, whole, half)


def has_whole_places(cells: pd.DataFrame) -> bool:
    """Whether one column of a table holds places, both numbers in one cell."""
    return bool(_whole(cells, {str(column): plain_name(str(column)) for column in cells}, set()))


def _axis(name: str) -> tuple[str, str] | None:
    """Return whether a name is one of the two numbers of a place: ('x', 'east')."""
    for family in _NUMBERED:
        if _EAST[family].fullmatch(name):
            return family, "east"
        if _NORTH[family].fullmatch(name):
            return family, "north"
    return None


def _pairs(names: dict[str, str], file: str) -> tuple[tuple[tuple[str, str], ...], str]:
    found: dict[tuple[str, str, bool], list[str]] = {}
    for column, name in names.items():
        if axis := _axis(name):
            # x and rd_x may stand side by side.
            found.setdefault((*axis, bool(_IN_RD.search(name))), []).append(column)
    for (_, side, _), columns in found.items():
        if len(columns) > 1:
            which = "x (of lengtegraad)" if side == "east" else "y (of breedtegraad)"
            raise InputError(
                f"{file} heeft twee kolommen voor {which}: '{columns[0]}' en '{columns[1]}'; laat "
                "er één staan."
            )
    pairs, used = [], set()
    for is_rd in (True, False):
        for family in _NUMBERED:
            sides = [found.get((family, side, is_rd)) for side in ("east", "north")]
            if all(sides):
                pairs.append((sides[0][0], sides[1][0]))
                used |= {sides[0][0], sides[1][0]}
    loose = [columns[0] for columns in found.values() if columns[0] not in used]
    sides = {side for (_, side, _), columns in found.items() if columns[0] in loose}
    if not pairs and len(loose) == 2 and len(sides) == 2:
        # x and rd_y, say: one of each is a pair all the same.
        east = next(c for (_, side, _), (c, *_) in found.items() if side == "east")
        return ((east, next(c for c in loose if c != east)),), ""
    return tuple(pairs), "" if pairs or not loose else loose[0]


def _whole(cells: pd.DataFrame, names: dict[str, str], used: set[str]) -> str:
    """Return the column that holds whole places, by its name and what stands in it, or ''."""
    rest = [column for column in names if column not in used]
    by_name = [column for column in rest if _PLACE.fullmatch(names[column])]
    for column in [*by_name, *(one for one in rest if one not in by_name)]:
        filled = cells[column][~is_missing(cells[column])].head(50)
        placed = [place_of_text(text) is not None for text in filled]
        enough = 0.5 if column in by_name else _ENOUGH
        if placed and sum(placed) >= enough * len(placed):
            return column
    return ""


def _kind_column(
    cells: pd.DataFrame, names: dict[str, str], roles: dict[str, str], kinds: pd.DataFrame
) -> str:
    """Return the column that says what each facility is: of which most words are known."""
    by_name = [c for word in ROLES["kind"] for c, name in names.items() if name == word]
    best, score = "", (0.0, 0)
    others = set(roles.values()) | set(by_name)
    for column in [*by_name, *(c for c in names if c not in others)]:
        filled = cells[column][~is_missing(cells[column])]
        if filled.empty:
            continue
        found = kind_of_words(filled, kinds)
        known = (round(float(found.notna().sum() / len(cells)), 3), found.nunique())
        if known > score and (column in by_name or known[0] >= _ENOUGH):
            best, score = column, known
    return best or (by_name[0] if by_name else "")


def _code_column(cells: pd.DataFrame) -> str:
    """Return the column with codes of buurten, else of wijken, or ''."""
    for level in ("buurt", "wijk"):
        for column in cells:
            filled = cells[column][~is_missing(cells[column])]
            if len(filled) and filled.str.fullmatch(CODE_PATTERN[level]).mean() >= _ENOUGH:
                return str(column)
    return ""
