"""Changes of an index within comparable parts of the years."""

import re

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.frame import evidence_frame
from analysis.evidence.over_years import ENOUGH_SAME, changes, parts
from analysis.figures import change_claims

LABELS = {"old": "65-plussers", "rent": "huurders"}


def rows(*values, group="old"):
    """Rows of (year, value, low, high); None for a value that is missing."""
    return evidence_frame(
        [
            {
                "area_code": "GM1", "area_name": "Dorp", "year": year, "level": "buurt",
                "measure": "dissimilarity", "group": group, "value": value, "low": low,
                "high": high, "interval": "rounding", "source": f"Bron {year}",
                "status": "ok" if value is not None else "not_published",
            }
            for year, value, low, high in values
        ]
    )  # fmt: skip


def test_parts_end_where_buurten_are_no_longer_the_same():
    same = {(2013, 2014): 1.0, (2014, 2016): ENOUGH_SAME, (2016, 2017): ENOUGH_SAME - 0.001}
    assert parts([2013, 2014, 2016, 2017], same).to_dict() == {2013: 0, 2014: 0, 2016: 0, 2017: 1}
    # What is not known is not the same; one year is one part.
    assert parts([2013, 2014], {}).tolist() == [0, 1]
    assert parts([2020], {}).tolist() == [0]


def test_a_change_is_last_less_first_at_unfavourable_ends():
    part = pd.Series({2019: 0, 2020: 0, 2021: 0, 2023: 1})
    found = changes(
        rows((2021, 0.30, 0.29, 0.32), (2019, 0.20, 0.18, 0.21), (2020, 0.5, 0.4, 0.6),
             (2023, 0.9, 0.8, 1.0)),
        part,
    )  # fmt: skip
    (row,) = found.itertuples()
    assert row.measure == "dissimilarity_change_since_2019" and row.year == 2021
    # 0.30 - 0.20; at worst 0.29 - 0.21, at most 0.32 - 0.18.
    assert (row.value, row.low, row.high) == pytest.approx((0.10, 0.08, 0.14))


def test_a_year_without_a_value_is_passed_over_and_groups_stay_apart():
    part = pd.Series({2019: 0, 2020: 0, 2021: 0})
    old = rows((2019, 0.2, 0.1, 0.3), (2020, 0.25, 0.2, 0.3), (2021, None, None, None))
    rent = rows((2021, 0.4, 0.3, 0.5), group="rent")
    found = changes(pd.concat([old, rent]), part)
    assert found[["group", "year"]].values.tolist() == [["old", 2020]]
    assert changes(rent, part).empty
    with pytest.raises(ValueError, match="one row per group and year"):
        changes(pd.concat([old, old]), part)


@pytest.mark.parametrize(
    ("last", "says"),
    [
        ((0.30, 0.29, 0.31), "is tussen 2019 en 2021 ongelijker geworden"),
        ((0.10, 0.09, 0.11), "is tussen 2019 en 2021 gelijker geworden"),
        ((0.205, 0.2031, 0.206), r"nauwelijks veranderd \(\+0,005\)"),
        ((0.23, 0.19, 0.24), "niet duidelijk veranderd: het verschil kan door afronden komen"),
        ((None, None, None), "valt niet te zeggen"),
    ],
)
def test_titles_are_as_sure_as_the_change(last, says):
    part = pd.Series({2019: 0, 2021: 0})
    found = changes(rows((2019, 0.20, 0.199, 0.203), (2021, *last)), part)
    title = change_claims.changed(found, LABELS, "Dorp")
    assert re.search(says, title), title


def test_every_change_and_every_gap_is_told():
    part = pd.Series({2019: 0, 2021: 0, 2024: 1})
    found = changes(rows((2019, 0.20, 0.19, 0.21), (2021, 0.10, 0.09, 0.11)), part)
    assert change_claims.all_changes(found, LABELS) == (
        "Verandering van de dissimilariteit: 65-plussers 2019-2021: −0,100."
    )
    same = {(2019, 2021): 1.0, (2021, 2024): 0.31}
    (told,) = change_claims.not_joined([2019, 2021, 2024], part, same)
    assert told.startswith("Geen lijn tussen 2021 en 2024 (31%)")
    assert change_claims.not_joined([2019, 2021], part, same) == []
    assert change_claims.all_changes(found.iloc[:0], LABELS) == ""
    assert np.isnan(found["population_covered"]).all()
