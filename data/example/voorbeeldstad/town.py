"""Voorbeeldstad, a town that does not exist: its wijken, its buurten and what is planted in them.

Everything here is invented. The town lies in the middle of a lake so that nobody takes it for a
real place.
"""

from dataclasses import dataclass

SEED = 9901
YEARS = (2020, 2022, 2024)
TABLES = {2020: "VB020NED", 2022: "VB022NED", 2024: "VB024NED"}
STAMP = "Fictieve voorbeeldgegevens"
GM_CODE, GM_NAME = "GM9901", "Voorbeeldstad"
UNIT = 80.0

# PLANTED, checked by tests/test_example.py on the published (rounded) figures of buurten:
# (a) social assistance, corporation housing and low incomes concentrate in the oldest wijken;
#     dissimilarity of people with social assistance against all others:
PLANTED_D_SOCIAL_ASSISTANCE = (0.22, 0.29)
# (b) segregation by origin is weaker (outside Europe in 2024, non-Western before):
PLANTED_D_ORIGIN = (0.10, 0.15)
# (c) people of 65 and over concentrate in the village core (WK990106);
# (d) the newest wijk (WK990107) has fewer facilities per inhabitant than any other wijk;
PLANTED_OLD_WIJK, PLANTED_ELDERLY_WIJK, PLANTED_NEW_WIJK = "WK990101", "WK990106", "WK990107"
# (e) a NON-effect: over buurten the distance to a supermarket does not go with income; the
#     correlation with the share of low incomes stays under:
PLANTED_SUPERMARKET_CORRELATION = 0.10


@dataclass(frozen=True)
class Wijk:
    """What the people and the houses of a wijk are like; shares are of people or dwellings.

    `ages` are the weights of 0-14, 15-24, 25-44, 45-64 and 65+; `lowest_40` and `highest_20` are
    shares of households by national income; `facilities` multiplies facilities per inhabitant;
    `woz` is in thousands of euro in 2020; `growth` is per year.
    """

    code: str
    name: str
    growth: float
    household_size: float
    ages: tuple[float, float, float, float, float]
    non_western: float
    western: float
    social_assistance: float
    lowest_40: float
    highest_20: float
    corporation: float
    private_rent: float
    single_family: float
    before_2000: float
    last_10_years: float
    woz: float
    facilities: float


@dataclass(frozen=True)
class Piece:
    """The smallest patch of ground that is never divided: a buurt, or part of one in some year.

    `x` and `y` are from the town's middle, in units of UNIT metres; `codes` has the last two
    digits of the buurt's code in each of the years; `growth` is per year, None for the wijk's.
    """

    wijk: str
    codes: tuple[str, str, str]
    names: tuple[str, str, str]
    x: float
    y: float
    inhabitants: int
    growth: float | None = None
    water_share: float = 0.03


WIJKEN = (
    Wijk("00", "Middenstad", 0.008, 1.75, (11, 13, 33, 22, 21), 0.22, 0.14, 0.040, 0.49, 0.13,
         0.34, 0.25, 0.12, 0.72, 0.10, 231, 1.5),
    Wijk("01", "Zaagbroek", -0.002, 2.05, (17, 13, 27, 26, 17), 0.27, 0.13, 0.080, 0.56, 0.08,
         0.57, 0.08, 0.48, 0.96, 0.02, 204, 1.0),
    Wijk("02", "Windrozen", 0.000, 2.15, (17, 13, 26, 27, 17), 0.24, 0.12, 0.043, 0.48, 0.12,
         0.43, 0.08, 0.58, 0.97, 0.01, 222, 1.0),
    Wijk("03", "Ankervelden", 0.001, 2.30, (17, 13, 24, 29, 17), 0.20, 0.11, 0.026, 0.38, 0.19,
         0.30, 0.07, 0.74, 0.95, 0.02, 258, 0.95),
    Wijk("04", "Kristalkwartier", 0.002, 2.45, (18, 14, 23, 32, 13), 0.19, 0.11, 0.018, 0.30, 0.26,
         0.21, 0.06, 0.80, 0.84, 0.03, 296, 0.9),
    Wijk("05", "Kijkersrand", 0.006, 2.50, (17, 12, 19, 34, 18), 0.12, 0.11, 0.009, 0.20, 0.45,
         0.05, 0.05, 0.93, 0.28, 0.14, 472, 0.8),
    Wijk("06", "Oud-Kerkewaard", 0.002, 2.00, (12, 9, 17, 27, 35), 0.09, 0.09, 0.017, 0.38, 0.24,
         0.25, 0.08, 0.78, 0.81, 0.05, 318, 1.2),
    Wijk("07", "Nieuwe Kreek", 0.050, 2.55, (24, 10, 38, 21, 7), 0.21, 0.13, 0.016, 0.28, 0.29,
         0.23, 0.11, 0.72, 0.01, 0.83, 322, 0.4),
)  # fmt: skip


def _buurt(wijk: str, code: str, name: str, x: float, y: float, inhabitants: int, **rest) -> Piece:
    return Piece(wijk, (code,) * 3, (name,) * 3, x, y, inhabitants, **rest)


PIECES = (
    _buurt("00", "00", "Wijzerplein", -3, 3, 1780),
    _buurt("00", "01", "Loodskwartier", 4, 4, 1540),
    _buurt("00", "02", "Peilschaal", 4, -4, 1930),
    _buurt("00", "03", "Kaapstanderhof", -4, -4, 1610),
    _buurt("01", "00", "Avegaar", -12, 8, 2640),
    _buurt("01", "01", "Beitelveld", -12, 0, 2190),
    _buurt("01", "02", "Disselhof", -13, -8, 1870),
    _buurt("01", "03", "Klinknagel", -21, 7, 1730),
    _buurt("01", "04", "Passerwerf", -21, -1, 1620),
    _buurt("01", "05", "Schietlood", -22, -9, 1480),
    _buurt("01", "06", "Sluisdrempel", -29, 1, 38, growth=0.0, water_share=0.35),
    _buurt("02", "00", "Noordooster", -5, -13, 2710),
    _buurt("02", "01", "Passaathoek", 3, -12, 1960),
    _buurt("02", "02", "Moessonhof", 11, -12, 1830),
    _buurt("02", "03", "Zefierveld", -6, -21, 1740),
    _buurt("02", "04", "Brieskwartier", 3, -21, 1520),
    _buurt("02", "05", "Windvaanzoom", 11, -21, 1180),
    _buurt("02", "06", "Luwtepark", -15, -18, 0, water_share=0.10),
    _buurt("03", "00", "Stokanker", 12, 9, 2560),
    _buurt("03", "01", "Dreghoek", 12, 1, 2040),
    _buurt("03", "02", "Kluisgat", 20, 7, 1790),
    _buurt("03", "03", "Boeireep", 20, -2, 1650),
    _buurt("03", "04", "Spilkwartier", 28, 5, 1280),
    _buurt("03", "05", "Kettingbak", 29, -4, 940),
    _buurt("04", "00", "Roemerhof", -4, 11, 2580),
    _buurt("04", "01", "Karafkwartier", 4, 12, 2150),
    _buurt("04", "02", "Bokaalzoom", -4, 19, 1760),
    _buurt("04", "03", "Fluitglas", 4, 20, 1490),
    _buurt("04", "04", "Kelkhoek", 0, 27, 1030),
    _buurt("05", "00", "Sextant", -13, 16, 960),
    _buurt("05", "01", "Octanthof", -21, 16, 870),
    _buurt("05", "02", "Astrolabium", -11, 25, 720),
    # Between 2022 and 2024 the code of Seinpost, which joined Verrekijker, went to a patch of
    # Kwadrant at the other end of the wijk: the same code, another place.
    Piece("05", ("03",) * 3, ("Kwadrantrand",) * 3, -25, 24, 610),
    Piece("05", ("03", "03", "05"), ("Kwadrantrand", "Kwadrantrand", "Poolshoogte"), -18, 27, 260,
          growth=0.04),
    Piece("05", ("04",) * 3, ("Verrekijker",) * 3, -27, 13, 480),
    Piece("05", ("05", "05", "04"), ("Seinpost", "Seinpost", "Verrekijker"), -31, 9, 95,
          growth=0.0),
    _buurt("05", "06", "Spiegelplas", -29, 19, 0, water_share=0.88),
    _buurt("06", "00", "Dorpsbrink", 20, -12, 1240),
    _buurt("06", "01", "Kerkeneind", 21, -20, 1010),
    _buurt("06", "02", "Smidskolk", 29, -13, 780),
    _buurt("06", "03", "Tolboomgaard", 30, -20, 560),
    _buurt("07", "00", "Oesterbank", 13, 17, 1540, growth=0.010),
    _buurt("07", "01", "Kokkelrug", 21, 15, 1310, growth=0.015),
    _buurt("07", "02", "Wulkveld", 13, 25, 760, growth=0.080),
    # Zeekraal was split in two between 2022 and 2024; its north-east got a code of its own.
    Piece("07", ("03",) * 3, ("Zeekraal",) * 3, 21, 23, 690, growth=0.060),
    Piece("07", ("03", "03", "05"), ("Zeekraal", "Zeekraal", "Strandmelde"), 28, 22, 240,
          growth=0.260),
    _buurt("07", "04", "Lamsoorkade", 29, 13, 420, growth=0.110),
)  # fmt: skip

# People who are registered in the town but at no address: in the gemeente's figures only.
WITHOUT_ADDRESS = 27

# Corners of the land, in units of UNIT metres; the west is the lake's shore.
OUTLINE = (
    (-32, -14), (-34, -6), (-32, 0), (-35, 6), (-33, 12), (-35, 18), (-32, 25), (-26, 30),
    (-17, 33), (-8, 31), (1, 33), (10, 31), (20, 31), (29, 28), (34, 20), (35, 10), (33, 1),
    (36, -8), (36, -18), (32, -26), (22, -28), (12, -27), (3, -28), (-7, -27), (-16, -25),
    (-25, -20),
)  # fmt: skip
# The part of the lake that belongs to the gemeente: west, south, east, north of a box.
LAKE = (-43, -11, -28, 22)
LAKE_BUURT, LAKE_WIJK, LAKE_NAME = "BU99019997", "WK990199", "Groot binnenwater"

# Degrees of the town's middle, in the Markermeer.
LONGITUDE, LATITUDE = 5.262, 52.522

# Figures that the first release of 2024 does not have yet: the column is there, and empty.
_EMPTY = (
    "never_married married divorced widowed births birth_rate deaths death_rate new_dwellings "
    "electricity electricity_rented electricity_owned gas gas_rented gas_owned district_heating "
    "pupils education_low education_middle education_high in_work employees self_employed "
    "minimum_110 minimum_120 wealth youth_care youth_care_share wmo wmo_rate"
)
NOT_YET_IN_2024 = frozenset(_EMPTY.split())
# Single cells kept secret although the buurt is large enough: year, buurt, figure.
SECRET = frozenset(
    {(2022, "BU99010002", "woz"), (2024, "BU99010304", "persons_highest_20"),
     (2024, "BU99010304", "persons_lowest_40")}
)  # fmt: skip


def wijk_of(piece: Piece) -> Wijk:
    """Return the wijk in which a piece of ground lies."""
    return next(wijk for wijk in WIJKEN if wijk.code == piece.wijk)


def buurt_code(piece: Piece, year: int) -> str:
    """Return the code of the buurt to which a piece belongs in a year."""
    return f"BU{GM_CODE[2:]}{piece.wijk}{piece.codes[YEARS.index(year)]}"


def buurt_name(piece: Piece, year: int) -> str:
    """Return the name of the buurt to which a piece belongs in a year."""
    return piece.names[YEARS.index(year)]


def wijk_code(code: str) -> str:
    """Return the full code of a wijk from its two digits."""
    return f"WK{GM_CODE[2:]}{code}"
