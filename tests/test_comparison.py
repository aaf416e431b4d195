import numpy as np
import pandas as pd
import pytest

from analysis.evidence.comparison import alike, chosen, size_class
from analysis.sources import kerncijfers


def table(inhabitants, urbanity=None) -> pd.DataFrame:
    codes = pd.Index([f"GM900{n}" for n in range(len(inhabitants))], name="region_code")
    return pd.DataFrame(
        {"inhabitants": inhabitants, "urbanity_class": urbanity or [1.0] * len(inhabitants)},
        index=codes,
    )


def test_the_classes_begin_at_their_limits():
    people = pd.Series([0, 4_999, 5_000, 9_999, 10_000, 20_000, 50_000, 100_000, 150_000, 250_000])
    assert size_class(people).tolist() == [0, 0, 1, 1, 2, 3, 4, 5, 6, 7]
    assert size_class(pd.Series([np.nan])).isna().all()


def test_gemeenten_of_the_same_size_or_urbanity():
    found = table([110_000, 149_999, 150_000, 99_999], [1, 2, 1, 1])
    assert alike(found, "GM9000") == ["GM9000", "GM9001"]
    assert alike(found, "GM9000", "urbanity") == ["GM9000", "GM9002", "GM9003"]


def test_a_gemeente_whose_class_is_unknown_is_like_itself_only():
    found = table([110_000, 120_000], [np.nan, np.nan])
    assert alike(found, "GM9001", "urbanity") == ["GM9001"]


def test_a_choice_with_a_gemeente_that_is_gone():
    assert chosen(table([1, 2]), ["GM9001", "GM0530", "GM9001"]) == (["GM9001"], ["GM0530"])


def test_what_cannot_be_compared():
    with pytest.raises(KeyError, match="GM1"):
        alike(table([1]), "GM1")
    with pytest.raises(ValueError, match="income"):
        alike(table([1]), "GM9000", "income")


def test_zoetermeer_among_gemeenten_of_its_size(real_release):
    gemeenten = kerncijfers.region_table(real_release(2024), "gemeente")
    same = alike(gemeenten, "GM0637")
    people = gemeenten.loc[same, "inhabitants"]
    assert people.between(100_000, 149_999).all() and "GM0637" in same and "GM0034" not in same
    # Very strongly urban: 23 gemeenten in 2024.
    assert len(alike(gemeenten, "GM0637", "urbanity")) == 23
