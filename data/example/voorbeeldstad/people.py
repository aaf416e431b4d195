"""The people, households, dwellings and incomes of Voorbeeldstad: exact figures per piece.

All figures are counts or sums, so that a buurt, a wijk and the gemeente are sums of pieces.
Publication (rounding, secrecy) comes later, in `published`.
"""

import numpy as np
import pandas as pd

from voorbeeldstad import town

# People of non-Western background in 2020 by country, as shares; and how origin follows from
# the older division, in which Indonesia counted as Western.
_COUNTRIES = {
    "morocco": 0.11, "antilles": 0.13, "suriname": 0.33, "turkey": 0.11, "other_non_western": 0.32,
}  # fmt: skip
_ORIGIN_OUTSIDE_OF_WESTERN, _ORIGIN_EUROPE_OF_WESTERN = 0.22, 0.78
_BORN_ABROAD_OUTSIDE, _BORN_ABROAD_EUROPE = 0.58, 0.55
# Yearly change of the shares of origin (points) and of social assistance (factor).
_ORIGIN_GROWTH, _ASSISTANCE_GROWTH = 0.004, 0.985
_DRIFT = 0.05
_WOZ_GROWTH = {2020: 1.0, 2022: 1.19, 2024: 1.41}
_INCOME_GROWTH = {2020: 1.0, 2022: 1.07, 2024: 1.19}
_MARITAL = {  # of people under 25, 25 to 64, and 65 and over
    "never_married": (1.0, 0.46, 0.08),
    "married": (0.0, 0.43, 0.57),
    "divorced": (0.0, 0.10, 0.14),
    "widowed": (0.0, 0.01, 0.21),
}


def character(random: np.random.RandomState) -> pd.DataFrame:
    """Return what sets each piece apart from its wijk.

    All traits lie between -1 and 1 and are drawn independently: that is what makes origin less
    segregated than income. `drift` is where `poorer` goes over the years.
    """
    # A row for the people without an address comes last.
    draws = 2 * random.random_sample((len(town.PIECES) + 1, 5)) - 1
    return pd.DataFrame(draws, columns=["poorer", "diverse", "older", "dearer", "drift"])


def counts(year: int, traits: pd.DataFrame) -> pd.DataFrame:
    """Return the exact figures of a year, one row per piece and a last one without address."""
    drifted = traits["poorer"] + _DRIFT * (year - town.YEARS[0]) * traits["drift"]
    traits = traits.assign(poorer=drifted)
    rows = [
        _piece_counts(year, town.wijk_of(piece), _inhabitants(piece, year), trait)
        for piece, trait in zip(town.PIECES, traits.itertuples(), strict=False)
    ]
    last = _piece_counts(year, town.WIJKEN[0], town.WITHOUT_ADDRESS, traits.iloc[-1])
    houseless = {
        name: 0 for name in last if name.endswith("_sum") or "dwellings" in name or "cars" in name
    }
    return pd.DataFrame([*rows, last | houseless])


def _inhabitants(piece: town.Piece, year: int) -> int:
    growth = town.wijk_of(piece).growth if piece.growth is None else piece.growth
    return round(piece.inhabitants * (1 + growth) ** (year - town.YEARS[0]))


def _piece_counts(year: int, wijk: town.Wijk, people: int, trait) -> dict[str, float]:
    found = {"inhabitants": people}
    found |= _demography(year, wijk, people, trait)
    found |= _households(wijk, people, trait)
    found |= _dwellings(year, wijk, found["households"], trait)
    found |= _incomes(year, wijk, found, trait)
    return found


def _demography(year: int, wijk: town.Wijk, people: int, trait) -> dict[str, int]:
    ages = np.array(wijk.ages) * (1, 1, 1, 1, np.exp(0.25 * trait.older))
    age_names = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
    found = dict(zip(age_names, parts(people, ages), strict=True))
    found |= dict(zip(("men", "women"), parts(people, (0.492, 0.508)), strict=True))
    young = found["age_0_14"] + found["age_15_24"]
    bands = np.array([young, people - young - found["age_65_plus"], found["age_65_plus"]])
    marital = parts(people, [bands @ shares for shares in _MARITAL.values()])
    found |= dict(zip(_MARITAL, marital, strict=True))

    later = year - town.YEARS[0]
    non_western = wijk.non_western * np.exp(0.17 * trait.diverse) + _ORIGIN_GROWTH * later
    western = wijk.western * np.exp(0.12 * trait.diverse) + 0.5 * _ORIGIN_GROWTH * later
    found["non_western"] = round(people * non_western)
    found["western"] = round(people * western)
    by_country = parts(found["non_western"], list(_COUNTRIES.values()))
    found |= dict(zip(_COUNTRIES, by_country, strict=True))
    outside = found["non_western"] + round(_ORIGIN_OUTSIDE_OF_WESTERN * found["western"])
    europe = round(_ORIGIN_EUROPE_OF_WESTERN * found["western"])
    found |= {"origin_nl": people - outside - europe, "origin_europe": europe}
    found |= {"origin_outside": outside, "born_nl_nl": found["origin_nl"]}
    found["born_abroad_europe"] = round(_BORN_ABROAD_EUROPE * europe)
    found["born_abroad_outside"] = round(_BORN_ABROAD_OUTSIDE * outside)
    found["born_nl_europe"] = europe - found["born_abroad_europe"]
    found["born_nl_outside"] = outside - found["born_abroad_outside"]
    found["births"] = round(0.034 * found["age_25_44"])
    found["deaths"] = round(0.0012 * people + 0.034 * found["age_65_plus"])
    found["pupils"] = round(0.56 * found["age_0_14"])
    return found


def _households(wijk: town.Wijk, people: int, trait) -> dict[str, int]:
    size = max(1.3, wijk.household_size + 0.12 * trait.dearer - 0.1 * trait.older)
    total = round(0.985 * people / size)
    one, kids = 1.15 - 0.365 * size, 0.288 * size - 0.27
    split = parts(total, (one, 1 - one - kids, kids))
    return {
        "households": total,
        **dict(zip(("one_person", "without_children", "with_children"), split, strict=True)),
        "household_members": people - round(0.015 * people),
    }


def _dwellings(year: int, wijk: town.Wijk, households: int, trait) -> dict[str, float]:
    total = round(1.022 * households)
    corporation = wijk.corporation * np.exp(0.45 * trait.poorer)
    rent = wijk.private_rent * np.exp(0.3 * trait.diverse)
    unknown = 0.003 if year < 2024 else 0.0
    tenure = parts(total, (max(0.05, 1 - corporation - rent), corporation, rent, unknown))
    single = min(0.98, wijk.single_family * np.exp(0.15 * trait.dearer))
    woz = wijk.woz * _WOZ_GROWTH[year] * np.exp(0.10 * trait.dearer - 0.07 * trait.poorer)
    names = ("owner_dwellings", "corporation_dwellings", "other_landlord_dwellings",
             "tenure_unknown_dwellings")  # fmt: skip
    return {
        "dwellings": total,
        **dict(zip(names, tenure, strict=True)),
        "single_family_dwellings": round(total * single),
        "unoccupied_dwellings": round(0.022 * total),
        "before_2000_dwellings": round(total * wijk.before_2000),
        "last_10_years_dwellings": round(total * wijk.last_10_years),
        "woz_sum": total * woz,
        "electricity_sum": total * (1700 + 1500 * single),
        "gas_sum": total * (500 + 900 * single * wijk.before_2000),
        "heated_dwellings": round(total * 0.97) if wijk.last_10_years > 0.5 else 0,
    }


def _incomes(year: int, wijk: town.Wijk, known: dict[str, float], trait) -> dict[str, float]:
    people, households = known["inhabitants"], known["households"]
    adults = people - known["age_0_14"]
    lowest = float(np.clip(wijk.lowest_40 + 0.05 * trait.poorer, 0.05, 0.9))
    highest = float(np.clip(wijk.highest_20 * np.exp(-0.25 * trait.poorer), 0.02, 0.9))
    recipients = round(0.94 * adults)
    low = 0.012 + 0.26 * max(0.0, lowest - 0.18)
    mean = _INCOME_GROWTH[year] * (26.5 + 26 * highest - 6 * (lowest - 0.4))
    later = year - town.YEARS[0]
    assistance = wijk.social_assistance * _ASSISTANCE_GROWTH**later * np.exp(0.45 * trait.poorer)
    working_age = adults - known["age_65_plus"] * 0.6
    return {
        "recipients": recipients,
        "persons_lowest_40_n": recipients * (0.4 + 0.75 * (lowest - 0.4)),
        "persons_highest_20_n": recipients * (0.2 + 0.80 * (highest - 0.2)),
        "income_sum": recipients * mean,
        "households_lowest_40_n": households * lowest,
        "households_highest_20_n": households * highest,
        "low_income_n": households * low,
        "social_minimum_n": households * low * 0.92,
        "minimum_110_n": households * low * 1.35,
        "minimum_120_n": households * low * 1.75,
        "household_income_sum": households * mean * 0.93,
        "wealth_sum": households * (8 + 260 * highest),
        "social_assistance": round(people * assistance),
        "disability": round(people * (0.022 + 0.055 * lowest)),
        "unemployment": round(people * 0.011),
        "state_pension": round(0.91 * known["age_65_plus"]),
        "working_age": working_age,
        "in_work_n": working_age * (0.80 - 0.30 * (lowest - 0.2)),
        "self_employed_n": working_age * (0.09 + 0.10 * highest),
        "education_low": round(working_age * (0.14 + 0.34 * lowest)),
        "education_high": round(working_age * (0.16 + 0.62 * highest)),
        "youth": known["age_0_14"] + 0.8 * known["age_15_24"],
        "youth_care": round((known["age_0_14"] + 0.8 * known["age_15_24"]) * 0.11),
        "wmo": round(0.011 * people + 0.21 * known["age_65_plus"]),
        "businesses": round(people * (0.05 + 0.11 * highest)),
        "cars": round(households * (1.32 - 0.75 * lowest)),
        "motorcycles": round(0.03 * people),
    }


def parts(total: int, weights) -> list[int]:
    """Divide a total over weights in whole numbers (largest remainder): they add up to it."""
    if not total:
        return [0] * len(weights)
    share = np.asarray(weights, float) * total / np.sum(weights)
    whole = np.floor(share + 1e-9).astype(int)
    largest = np.argsort(-np.round(share - whole, 9), kind="stable")
    whole[largest[: total - whole.sum()]] += 1
    return whole.tolist()
