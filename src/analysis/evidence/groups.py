"""The groups whose spread is measured, socio-economic ones first, and how each is counted."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Group:
    """A group against all others, in the columns of a region table.

    Attributes
    ----------
    key : str
        Name in evidence tables.
    count : str
        Column with the group: a count (`n_...`) or a share (`share_...`).
    total : str
        Column of what the group is part of: for a share its own denominator.
    label : str
        Dutch, as it reads inside a sentence.
    members : str
        Dutch plural of what is counted: 'inwoners', 'huishoudens', 'woningen'.
    theme : str
        'inkomen', 'wonen', 'onderwijs', 'leeftijd', 'huishouden' or 'herkomst'.
    also : tuple of str
        Columns that together with `count` are the total, where the table has no total column.
    """

    key: str
    count: str
    total: str
    label: str
    members: str
    theme: str
    also: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the group needs."""
        return (self.count, *self.also) if self.also else (self.count, self.total)


_RECIPIENTS, _HOUSEHOLDS, _DWELLINGS = "n_income_recipients", "n_households", "n_dwellings"

GROUPS = (
    Group("low_income_households", "share_low_income_households", _HOUSEHOLDS,
          "huishoudens met een laag inkomen", "huishoudens", "inkomen"),
    Group("households_lowest_40", "share_households_lowest_40", _HOUSEHOLDS,
          "huishoudens in de laagste 40% van de inkomens", "huishoudens", "inkomen"),
    Group("persons_lowest_40", "share_persons_lowest_40", _RECIPIENTS,
          "mensen in de laagste 40% van de inkomens", "mensen met inkomen", "inkomen"),
    Group("social_assistance", "n_social_assistance", "inhabitants",
          "mensen met bijstand", "inwoners", "inkomen"),
    Group("households_highest_20", "share_households_highest_20", _HOUSEHOLDS,
          "huishoudens in de hoogste 20% van de inkomens", "huishoudens", "inkomen"),
    Group("persons_highest_20", "share_persons_highest_20", _RECIPIENTS,
          "mensen in de hoogste 20% van de inkomens", "mensen met inkomen", "inkomen"),
    Group("housing_corporation", "share_housing_corporation", _DWELLINGS,
          "huurwoningen van een corporatie", "woningen", "wonen"),
    Group("owner_occupied", "share_owner_occupied", _DWELLINGS,
          "koopwoningen", "woningen", "wonen"),
    Group("education_low", "n_education_low", "",
          "mensen met basisonderwijs, vmbo of mbo 1", "mensen van 15 tot 75 jaar", "onderwijs",
          also=("n_education_middle", "n_education_high")),
    Group("education_high", "n_education_high", "",
          "mensen met hbo of wo", "mensen van 15 tot 75 jaar", "onderwijs",
          also=("n_education_low", "n_education_middle")),
    Group("age_65_plus", "n_age_65_plus", "inhabitants",
          "65-plussers", "inwoners", "leeftijd"),
    Group("age_0_14", "n_age_0_14", "inhabitants",
          "kinderen tot 15 jaar", "inwoners", "leeftijd"),
    Group("one_person_households", "n_one_person_households", _HOUSEHOLDS,
          "eenpersoonshuishoudens", "huishoudens", "huishouden"),
    Group("origin_outside_europe", "n_origin_outside_europe", "inhabitants",
          "inwoners met herkomst buiten Europa", "inwoners", "herkomst"),
    Group("origin_europe", "n_origin_europe", "inhabitants",
          "inwoners met herkomst Europa (buiten Nederland)", "inwoners", "herkomst"),
    Group("non_western", "n_non_western", "inhabitants",
          "inwoners met een niet-westerse migratieachtergrond (oude indeling)", "inwoners",
          "herkomst"),
    Group("western", "n_western", "inhabitants",
          "inwoners met een westerse migratieachtergrond (oude indeling)", "inwoners",
          "herkomst"),
)  # fmt: skip

# The multiple to which a count of wijken and buurten is rounded, where it is not 5.
_STEPS = {
    "n_social_assistance": 10.0,
    "n_disability_benefit": 10.0,
    "n_unemployment_benefit": 10.0,
    "n_state_pension": 10.0,
    "n_income_recipients": 100.0,
    # Dwellings are counted one by one.
    "n_dwellings": 1.0,
    "n_education_low": 10.0,
    "n_education_middle": 10.0,
    "n_education_high": 10.0,
}
_STEP = 5.0
# Percentages are published as whole numbers, those of incomes with one decimal.
_SHARE_STEP = 0.01
_SHARE_STEPS = dict.fromkeys(
    (
        "share_low_income_households",
        "share_households_lowest_40",
        "share_persons_lowest_40",
        "share_households_highest_20",
        "share_persons_highest_20",
    ),
    0.001,
)

SOCIO_ECONOMIC = ("inkomen", "wonen", "onderwijs")


def by_key(key: str) -> Group:
    """Return the group of that key.

    Raises
    ------
    KeyError
        Naming the keys that exist.
    """
    for group in GROUPS:
        if group.key == key:
            return group
    raise KeyError(f"no group '{key}'; there are {', '.join(group.key for group in GROUPS)}")


def counts(regions: pd.DataFrame, group: Group) -> pd.DataFrame:
    """Return how many belong to the group and how many do not, per region.

    A share becomes a count only through its own denominator. By CBS's random rounding a group
    can exceed its total; the others are then 0, and `clipped` says so.

    Parameters
    ----------
    regions : DataFrame
        A region table with the group's columns.
    group : Group

    Returns
    -------
    DataFrame
        On the index of `regions`: group, others, total, step and total_step (float, NaN where a
        column is), and clipped (bool). The steps are the multiples to which the group and the
        total were rounded; that of a share is a hundredth or a thousandth of its denominator.
    """
    if group.also:
        total = regions[[group.count, *group.also]].sum(axis=1, skipna=False)
    else:
        total = regions[group.total]
    inside = regions[group.count]
    step = _STEPS.get(group.count, _STEP)
    if group.count.startswith("share_"):
        inside = inside * total
        step = total * _SHARE_STEPS.get(group.count, _SHARE_STEP)
    difference = total - inside
    counted = pd.DataFrame(
        {
            "group": inside,
            "others": difference.clip(lower=0),
            "total": total,
            "step": step,
            "total_step": _STEPS.get(group.total or group.count, _STEP),
        }
    ).astype(float)
    return counted.mask(difference.isna()).assign(clipped=difference < 0)


def reason_absent(group: Group, regions: pd.DataFrame, absent: Mapping[str, str]) -> str:
    """Say why a group cannot be counted in these regions at all, or '' if it can.

    Parameters
    ----------
    group : Group
    regions : DataFrame
        A region table.
    absent : mapping of str to str
        Concept -> why the table has no figure for it.
    """
    for column in (group.count, *group.also):
        if column in absent:
            return absent[column]
        if column not in regions or regions[column].isna().all():
            return "suppressed"
    if not group.also and (group.total in absent or regions[group.total].isna().all()):
        # The percentage is there; what it is a percentage of is not.
        return "no_denominator"
    return ""
