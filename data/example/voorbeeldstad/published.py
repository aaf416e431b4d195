"""What a statistical office would publish of Voorbeeldstad: rounded, with cells kept secret.

`exact` turns counts per piece into figures per region; `publish` rounds them and takes out what
is secret, as CBS does: counts of wijken and buurten at random to a multiple of 5, benefits to 10,
income recipients to 100, averages and shares only where enough people are behind them.
"""

import numpy as np
import pandas as pd

from voorbeeldstad import town

_TO_5 = (
    "inhabitants men women age_0_14 age_15_24 age_25_44 age_45_64 age_65_plus never_married "
    "married divorced widowed western non_western morocco antilles suriname turkey "
    "other_non_western origin_nl origin_europe origin_outside born_nl_nl born_nl_europe "
    "born_nl_outside born_abroad_europe born_abroad_outside births deaths households one_person "
    "without_children with_children pupils"
)
TO_5 = frozenset(_TO_5.split())
# Rounded to this multiple in the gemeente's row too.
ALWAYS_ROUNDED = {
    "social_assistance": 10, "disability": 10, "unemployment": 10, "state_pension": 10,
    "education_low": 10, "education_middle": 10, "education_high": 10, "recipients": 100,
    "electricity": 10, "electricity_rented": 10, "electricity_owned": 10,
    "gas": 10, "gas_rented": 10, "gas_owned": 10,
    "cars": 5, "petrol_cars": 5, "other_cars": 5, "motorcycles": 5, "businesses": 5,
    "youth_care": 5, "wmo": 5,
}  # fmt: skip
# A figure is published from this many inhabitants, households, dwellings or recipients.
_NEEDS = (
    ("inhabitants", 1, "household_size postcode_share"),
    ("inhabitants", 10, "density gp_km supermarket_km daycare_km school_km schools_3km"),
    ("inhabitants", 50, "social_assistance disability unemployment state_pension pupils"),
    (
        "inhabitants",
        100,
        "cars_per_household cars_per_km2 youth_care youth_care_share wmo wmo_rate",
    ),
    (
        "inhabitants",
        150,
        "education_low education_middle education_high in_work employees self_employed",
    ),
    ("inhabitants", 2500, "income_recipient income_inhabitant income_household"),
    ("recipients", 100, "persons_lowest_40 persons_highest_20"),
    (
        "households",
        100,
        "households_lowest_40 households_highest_20 low_income social_minimum minimum_110 "
        "minimum_120 wealth",
    ),
    (
        "dwellings",
        20,
        "woz single_family multi_family occupied unoccupied owner rented corporation "
        "other_landlord tenure_unknown before_2000 since_2000 over_10_years last_10_years "
        "electricity electricity_rented electricity_owned gas gas_rented gas_owned "
        "district_heating",
    ),
)
MINIMUM = {figure: (of, least) for of, least, figures in _NEEDS for figure in figures.split()}
_URBANITY = (2500, 1500, 1000, 500)
_NEARNESS = ("gp_km", "supermarket_km", "daycare_km", "school_km", "schools_3km")


def exact(counts: pd.DataFrame, hectares: pd.DataFrame, near: pd.DataFrame) -> dict[str, float]:
    """Return all figures of one region, unrounded.

    Parameters
    ----------
    counts : DataFrame
        Counts and sums of the region's pieces.
    hectares : DataFrame
        Columns area and water of the buurten (and lake) in the region.
    near : DataFrame
        Distances and address density of those pieces that have ground, in the order of `counts`.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return _figures(counts.sum(), counts, hectares.sum(), near)


def _figures(s: pd.Series, counts: pd.DataFrame, ground: pd.Series, near: pd.DataFrame) -> dict:
    f = {name: s[name] for name in counts if name in TO_5 or name in ALWAYS_ROUNDED}
    land = ground["area"] - ground["water"]
    f |= {"area": ground["area"], "water": ground["water"], "land": land}
    # Class 1: over 90 % of the addresses have the postcode.
    f["postcode_share"] = 1
    f["density"] = s["inhabitants"] / land * 100
    f["birth_rate"] = 1000 * s["births"] / s["inhabitants"]
    f["death_rate"] = 1000 * s["deaths"] / s["inhabitants"]
    f["household_size"] = s["household_members"] / s["households"]
    f["dwellings"] = s["dwellings"]
    f["woz"] = s["woz_sum"] / s["dwellings"]
    f |= _housing({n: 100 * s[n] / s["dwellings"] for n in counts if n.endswith("_dwellings")})
    f |= _energy(s)
    f["education_middle"] = s["working_age"] - s["education_low"] - s["education_high"]
    f["in_work"] = 100 * s["in_work_n"] / s["working_age"]
    f["self_employed"] = 100 * s["self_employed_n"] / s["in_work_n"]
    f["employees"] = 100 - f["self_employed"]
    f["income_recipient"] = s["income_sum"] / s["recipients"]
    f["income_inhabitant"] = s["income_sum"] / s["inhabitants"]
    f["income_household"] = s["household_income_sum"] / s["households"]
    f["wealth"] = s["wealth_sum"] / s["households"]
    for name in ("persons_lowest_40", "persons_highest_20"):
        f[name] = 100 * s[f"{name}_n"] / s["recipients"]
    for name in ("households_lowest_40", "households_highest_20", "low_income", "social_minimum",
                 "minimum_110", "minimum_120"):  # fmt: skip
        f[name] = 100 * s[f"{name}_n"] / s["households"]
    f["youth_care_share"] = 100 * s["youth_care"] / s["youth"]
    f["wmo_rate"] = 1000 * s["wmo"] / s["inhabitants"]
    f |= {"petrol_cars": 0.82 * s["cars"], "other_cars": 0.18 * s["cars"]}
    f["cars_per_household"] = s["cars"] / s["households"]
    f["cars_per_km2"] = s["cars"] / land * 100
    f |= _means_over_people(counts, near)
    return f


def _housing(percent: dict[str, float]) -> dict[str, float]:
    found = {name.removesuffix("_dwellings"): value for name, value in percent.items()}
    found["rented"] = found["corporation"] + found["other_landlord"]
    found["multi_family"] = 100 - found["single_family"]
    found["occupied"] = 100 - found["unoccupied"]
    found["since_2000"] = 100 - found["before_2000"]
    found["over_10_years"] = 100 - found["last_10_years"]
    # Only buurten with a heat network have a figure.
    found["district_heating"] = found.pop("heated") or np.nan
    return found


def _energy(s: pd.Series) -> dict[str, float]:
    found = {}
    for name in ("electricity", "gas"):
        mean = s[f"{name}_sum"] / s["dwellings"]
        found |= {name: mean, f"{name}_rented": 0.83 * mean, f"{name}_owned": 1.09 * mean}
    return found


def _means_over_people(counts: pd.DataFrame, near: pd.DataFrame) -> dict[str, float]:
    people = counts["inhabitants"].to_numpy()[: len(near)]
    homes = people if people.sum() else np.ones(len(near))
    found = {name: np.average(near[name], weights=homes) for name in _NEARNESS}
    density = np.average(near["addresses_per_km2"], weights=homes)
    found["addresses_per_km2"] = density
    found["urbanity"] = 1 + sum(density < limit for limit in _URBANITY)
    return found


def publish(
    figures: dict[str, float],
    layout: pd.DataFrame,
    year: int,
    code: str,
    random: np.random.RandomState,
) -> dict[str, float | int | None]:
    """Return the published numbers of one region, by figure; None is a missing cell."""
    found = {}
    numbers = layout[layout["datatype"] != "String"]
    for figure, datatype, decimals in zip(
        numbers["figure"], numbers["datatype"], numbers["decimals"], strict=True
    ):
        # Drawn for every cell, missing or not, so that one change does not move all others.
        chance = random.random_sample()
        value = figures.get(figure, np.nan)
        if _is_kept_back(figure, figures, year, code) or np.isnan(value):
            found[figure] = None
        elif base := _multiple(figure, code):
            found[figure] = base * int(np.floor(value / base + chance))
        elif datatype == "Double":
            found[figure] = round(float(value), int(decimals))
        else:
            found[figure] = round(float(value))
    if found["land"] is not None:
        # Land and water are the published areas' own difference, whatever each rounds to.
        found["land"] = found["area"] - found["water"]
    return found


def _multiple(figure: str, code: str) -> int:
    if figure in ALWAYS_ROUNDED:
        return ALWAYS_ROUNDED[figure]
    return 5 if figure in TO_5 and not code.startswith("GM") else 0


def _is_kept_back(figure: str, figures: dict[str, float], year: int, code: str) -> bool:
    if (year == 2024 and figure in town.NOT_YET_IN_2024) or (year, code, figure) in town.SECRET:
        return True
    if figure == "postcode_share" and not code.startswith("BU"):
        return True
    if year == 2024 and figure == "households" and not figures["inhabitants"]:
        return True
    of, least = MINIMUM.get(figure, ("inhabitants", 0))
    return figures[of] < least
