"""Draws behind the interval for rounding, and rankings of areas made with them."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.comparison import of_like_units
from analysis.evidence.frame import evidence_frame
from analysis.evidence.groups import by_key
from analysis.evidence.uncertainty import rounding_values
from analysis.figures import rank_claims
from analysis.measures.rounding import percentage_interval, rounding_interval
from analysis.measures.rounding_draws import percentage_draws, rounding_draws

X, T, BY = [10, 5, 0, 15, 60, 80], [60, 70, 40, 55, 400, 300], ["b", "b", "b", "a", "a", "a"]


def test_draws_lie_where_the_interval_does():
    draws = rounding_draws(X, T, BY, draws=300, seed=3)
    assert draws.shape == (2, 900) and draws.index.tolist() == ["a", "b"]
    told = rounding_interval(X, T, BY, scheme="random", draws=300, seed=3)
    middle = draws.quantile([0.025, 0.975], axis=1).T
    # The interval is wider on purpose: it is to hold for every kind of town.
    assert (told["low"] <= middle[0.025]).all() and (middle[0.975] <= told["high"]).all()
    assert ((draws >= 0) & (draws <= 1)).all(axis=None)


def test_percentages_have_draws_too():
    draws = percentage_draws([10, 25, 40], [400, 200, 300], draws=200, seed=1)
    told = percentage_interval([10, 25, 40], [400, 200, 300], draws=200, seed=1).loc["all"]
    assert told["low"] <= draws.loc["all"].median() <= told["high"]
    with pytest.raises(ValueError, match="whole numbers"):
        percentage_draws([10.5, 2], [400, 200])


def test_a_seed_gives_the_same_whatever_the_other_areas():
    alone = rounding_draws(X[3:], T[3:], BY[3:], draws=50, seed=8)
    both = rounding_draws(X, T, BY, draws=50, seed=8)
    pd.testing.assert_frame_equal(alone.loc[["a"]], both.loc[["a"]])
    assert not np.array_equal(both, rounding_draws(X, T, BY, draws=50, seed=9))


@pytest.mark.parametrize(
    ("settings", "says"), [({"scheme": "either"}, "one way of rounding"), ({"draws": 0}, "draws")]
)
def test_settings_that_are_none(settings, says):
    with pytest.raises(ValueError, match=says):
        rounding_draws(X, T, BY, **settings)


def regions():
    codes = [f"BU{code}{n:04d}" for code in ("0001", "0002") for n in range(3)]
    return pd.DataFrame(
        {
            "gm_code": ["GM0001"] * 3 + ["GM0002"] * 3, "gm_name": "x",
            "inhabitants": np.array(T, dtype=float),
            "n_age_65_plus": np.array(X, dtype=float),
        },
        index=pd.Index(codes, name="region_code"),
    )  # fmt: skip


def test_draws_of_a_region_table_are_by_gemeente():
    group = by_key("age_65_plus")
    found = rounding_values(regions(), group, year=2024, draws=40)
    assert found.index.tolist() == ["GM0001", "GM0002"] and found.shape[1] == 120
    none = rounding_values(
        regions(), group, year=2024, absent={2024: {"n_age_65_plus": "not_published"}}
    )
    assert none.empty


def index_rows(*sizes):
    return evidence_frame(
        [
            {
                "area_code": f"GM{n}", "area_name": f"Plaats {n}", "year": 2020, "level": "buurt",
                "measure": "dissimilarity", "group": "g", "value": 0.5 - 0.1 * n, "units": 20,
                "median_unit_size": size, "source": "Bron",
            }
            for n, size in enumerate(sizes)
        ]
    )  # fmt: skip


def test_areas_with_units_of_another_size_are_not_set_beside_it():
    found = of_like_units(index_rows(1000.0, 2000.0, 2001.0, 500.0, 499.0), "GM0")
    assert found["status"].tolist() == ["ok", "ok", "unlike_size", "ok", "unlike_size"]
    assert found["value"].isna().tolist() == [False, False, True, False, True]
    assert "Niet in de volgorde: 2 waarvan" in rank_claims.unlike(found)
    assert rank_claims.unlike(index_rows(1000.0)) == ""
    with pytest.raises(KeyError):
        of_like_units(index_rows(1000.0), "GM9")


def ranked(*places, status="ok"):
    rows = index_rows(*[1000.0] * len(places)).assign(measure="rank", status=status)
    rows["value"], rows["low"], rows["high"] = np.array(places, dtype=float).T
    above = rows.iloc[:-1].assign(measure="above_next", value=0.97)
    return pd.concat([rows, above], ignore_index=True)


def test_a_place_is_told_as_sure_as_it_is():
    rows = ranked((1, 1, 1), (2, 2, 3), (3, 2, 3))
    assert rank_claims.place(rows, "GM0", "Plaats 0", "65-plussers", "steden") == (
        "In ongelijke spreiding van 65-plussers staat Plaats 0 op plaats 1 van 3 steden"
    )
    told = rank_claims.place(rows, "GM1", "Plaats 1", "65-plussers", "steden")
    assert "ergens op plaats 2 tot 3 van 3" in told
    assert "boven Plaats 1 staat, is zeker genoeg om te noemen (97%)" in rank_claims.sureness(
        rows, "GM0", "Plaats 0"
    )
    assert rank_claims.sureness(rows, "GM2", "x") == "Plaats 1 is het meest ongelijk verspreid."
    few = ranked((1, 1, 1), (2, 2, 2))
    assert rank_claims.place(few, "GM0", "P", "x", "steden").startswith("Te weinig steden")
    assert rank_claims.sureness(few, "GM0", "P") == ""
    refused = ranked((1, 1, 1), (2, 2, 2), (3, 3, 3), status="one_large_unit")
    assert "niet te geven" in rank_claims.place(refused, "GM0", "P", "x", "steden")
    assert "één gebied met een groot deel" in rank_claims.refused(refused)
    assert rank_claims.refused(rows) == ""


@pytest.mark.parametrize("percentage", [[101, 2], [-1, 2]])
def test_percentages_beyond_their_range(percentage):
    with pytest.raises(ValueError, match="percentage"):
        percentage_draws(percentage, [400, 200])
    assert percentage_draws([100, 2], [400, 200], draws=5).notna().all(axis=None)
