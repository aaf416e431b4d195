"""How much of each facility a number of dwellings and people asks for, by reference norms."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

# What the number of a norm is multiplied with or divided into; the others ask for no amount.
AMOUNTS = ("m2_per_1000_dwellings", "m2_per_person", "persons_per_unit", "percent_of_area",
           "minimum_per_gemeente")  # fmt: skip
CASES = ("low", "middle", "high")
Range = tuple[float, float, float]


def demand(norms: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the amount of each facility that each case asks for.

    v dwellings / 1000 (m2_per_1000_dwellings); v people of the group (m2_per_person);
    people of the group / v (persons_per_unit); v area / 100 (percent_of_area); v gemeenten
    (minimum_per_gemeente).

    Parameters
    ----------
    norms : DataFrame of n rows
        `value` (> 0, NaN where no norm is filled in), `unit` and `group` (column of `cases` that
        holds the people; '' where the unit needs none).
    cases : DataFrame of m rows
        What is asked for: `dwellings`, `inhabitants`, `area_m2`, `gemeenten` and groups of people,
        each >= 0. A column that is absent or NaN is unknown.

    Returns
    -------
    DataFrame of shape (n, m)
        m2 or units, >= 0; NaN where there is no norm, what it needs is unknown, or the norm asks
        for no amount (a distance). 0 where there is nobody to serve.

    Raises
    ------
    ValueError
        When a column is missing, a norm is not above 0, or a case has a negative number.

    References
    ----------
    Platform31 (2021). Referentienormen: hulpmiddel bij kiezen van juiste voorzieningen.

    Examples
    --------
    >>> norms = pd.DataFrame({"value": [50.0, 2095.0], "group": ["", "inhabitants"],
    ...     "unit": ["m2_per_1000_dwellings", "persons_per_unit"]}, index=["cjg", "gp"])
    >>> cases = pd.DataFrame({"dwellings": [3000], "inhabitants": [6000]}, index=["plan"])
    >>> demand(norms, cases)["plan"].round(2).tolist()
    [150.0, 2.86]
    """
    if missing := {"value", "unit", "group"} - set(norms):
        raise ValueError(f"norms lack {sorted(missing)}")
    value = norms["value"].to_numpy(dtype=float)
    if (value <= 0).any() or np.isinf(value).any():
        raise ValueError("a norm is above 0 and finite: leave the number out where there is none")
    known = cases.astype(float)
    if (known < 0).any(axis=None) or np.isinf(known).any(axis=None):
        raise ValueError("cases hold a negative or infinite number: give counts and areas >= 0")
    per = norms["unit"].to_numpy()
    bases = {"m2_per_1000_dwellings": "dwellings", "percent_of_area": "area_m2",
             "minimum_per_gemeente": "gemeenten"}  # fmt: skip
    basis = norms["unit"].map(bases).fillna(norms["group"])
    amount = known.reindex(columns=basis).to_numpy().T
    scale = pd.Series(per).map({"m2_per_1000_dwellings": 1000, "percent_of_area": 100}).fillna(1)
    factor = np.where(per == "persons_per_unit", 1 / value, value / scale.to_numpy())
    found = amount * factor[:, None]
    found[~np.isin(per, AMOUNTS)] = np.nan
    return pd.DataFrame(found, index=norms.index, columns=cases.index)


def growth_cases(
    dwellings: Range,
    household_size: Range | Mapping[str, Range],
    *,
    tenure: Mapping[str, float] | None = None,
    age_shares: Mapping[str, Range] | None = None,
    area_m2: Range | None = None,
) -> pd.DataFrame:
    """Return who comes to live in new dwellings: at least, in the middle and at most.

    inhabitants = sum over tenures of dwellings * share of the tenure * persons per dwelling of
    it; age group = inhabitants * share. Every demand rises with each of these, so the demand of
    the first and the last case are the ends of its band.

    Parameters
    ----------
    dwellings : (low, middle, high)
        Number of new dwellings, >= 0.
    household_size : (low, middle, high), or mapping of tenure to such a range
        Persons per dwelling, > 0.
    tenure : mapping of str to float, optional
        Share of each tenure in the new dwellings; together 1. Needed where sizes are by tenure.
    age_shares : mapping of str to (low, middle, high), optional
        Share of each age group in the new inhabitants, 0 to 1.
    area_m2 : (low, middle, high), optional
        Built-up area of the plan.

    Returns
    -------
    DataFrame of 3 rows
        Index low, middle, high; dwellings, inhabitants, the age groups, `dwellings_<tenure>` and
        area_m2 where given.

    Raises
    ------
    ValueError
        When a range does not rise, a number is out of its range, or tenures do not add up to 1
        or have no size.

    Examples
    --------
    >>> growth_cases((2000, 2500, 3000), (2, 2, 2))["inhabitants"].tolist()
    [4000.0, 5000.0, 6000.0]
    """
    homes = _range("dwellings", dwellings)
    shares = dict(tenure or {"all": 1.0})
    if abs(sum(shares.values()) - 1) > 1e-9 or min(shares.values()) < 0:
        raise ValueError(f"shares of tenures add up to {sum(shares.values()):g}: they must to 1")
    if not isinstance(household_size, Mapping):
        household_size = dict.fromkeys(shares, household_size)
    if set(household_size) != set(shares):
        raise ValueError(f"household sizes are for {sorted(household_size)}, not {sorted(shares)}")
    size = sum(
        share * _range(f"household_size of {name}", household_size[name], above=0)
        for name, share in shares.items()
    )
    found = {"dwellings": homes, "inhabitants": homes * size}
    if tenure:
        found |= {f"dwellings_{name}": homes * share for name, share in shares.items()}
    for group, share in (age_shares or {}).items():
        found[group] = found["inhabitants"] * _range(group, share, most=1)
    if area_m2 is not None:
        found["area_m2"] = _range("area_m2", area_m2)
    return pd.DataFrame(found, index=list(CASES))


def _range(
    name: str, given: Range, *, above: float | None = None, most: float = np.inf
) -> np.ndarray:
    numbers = np.asarray(given, dtype=float)
    if numbers.shape != (3,) or not np.isfinite(numbers).all() or (np.diff(numbers) < 0).any():
        raise ValueError(f"{name} is {given}: give (low, middle, high), rising and finite")
    if numbers[0] < 0 or (above is not None and numbers[0] <= above) or numbers[2] > most:
        raise ValueError(f"{name} is {given}: out of its range")
    return numbers
