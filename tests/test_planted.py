"""What was planted in the example town is found by trends, models and typology; the rest is not.

The plants are named in data/example/README.md and voorbeeldstad/town.py, (a) to (e); people.py adds
that each piece of ground drifts a little by itself over the years, whatever its neighbours do.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.groups import by_key
from analysis.evidence.models import fit
from analysis.evidence.stock import RANKS, by_cheapness
from analysis.evidence.tails import concentration
from analysis.evidence.trends import waterbed
from analysis.reports import chapter_concentration as sides
from analysis.reports import chapter_growing as growing
from analysis.reports import chapter_types as types
from analysis.reports import chapter_typology as stock

SUPERMARKET, LOWEST = "supermarket_distance_km", "share_households_lowest_40"
CORPORATION = "share_housing_corporation"
# None of the three is made of another.
MADE_OF = {name: (name,) for name in (SUPERMARKET, LOWEST, CORPORATION)}


@pytest.fixture(scope="module")
def town(root):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root / "data" / "example"))
        from voorbeeldstad import town

        yield town


@pytest.fixture(scope="module")
def buurten(example_dossier):
    table = example_dossier.regions(example_dossier.newest, "buurt")
    return table[table["inhabitants"].ge(50)]


def quotients(dossier, key, level="wijk"):
    regions = dossier.regions(dossier.newest, level)
    rows = concentration(
        regions, by_key(key), whole=np.nan, level=level, year=dossier.newest.year, source="Bron",
        absent={},
    )  # fmt: skip
    return rows[rows["measure"].eq("location_quotient")].set_index("area_code")


# -- trends ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["social_assistance", "low_income_households",
                                 "households_lowest_40", "housing_corporation"])  # fmt: skip
def test_a_low_incomes_concentrate_in_the_oldest_wijk(key, example_dossier, town):
    found = quotients(example_dossier, key)
    assert found["value"].idxmax() == town.PLANTED_OLD_WIJK
    assert found.loc[town.PLANTED_OLD_WIJK, "low"] > 1.1
    # And the affluent are not there.
    rich = quotients(example_dossier, "households_highest_20")
    assert rich.loc[town.PLANTED_OLD_WIJK, "high"] < 0.9


def test_b_origin_is_less_concentrated_than_assistance(example_dossier):
    def spread(key):
        found = quotients(example_dossier, key, "buurt")
        return np.log(found.loc[found["value"].gt(0), "value"]).std()

    assert spread("origin_outside_europe") < 0.7 * spread("social_assistance")


def test_c_who_is_65_or_over_lives_in_the_village(example_dossier, town):
    found = quotients(example_dossier, "age_65_plus")
    clearly = found[found["low"].gt(1.2)]
    assert clearly["value"].idxmax() == town.PLANTED_ELDERLY_WIJK
    assert found.loc[town.PLANTED_ELDERLY_WIJK, "low"] > 1.8
    assert found["value"].idxmin() == town.PLANTED_NEW_WIJK


def test_the_order_of_buurten_stays(example_dossier):
    rows = growing.who_stays(example_dossier).rows
    assert rows.loc[rows["measure"].eq("rank_correlation"), "value"].gt(0.9).all()
    by = rows.set_index(["measure", "group"])
    for _, own in by.loc["number_that_stays"].iterrows():
        assert own["low"] > by.loc["number_that_stays_by_chance", "value"].max()


def test_no_change_of_a_buurt_beside_the_gemeente_is_found(example_dossier):
    figure = growing.change_of_both_sides(example_dossier)
    rows = figure.rows
    for measure in ("regions_rising", "regions_falling"):
        counted = rows[rows["measure"].eq(measure)]
        assert counted["value"].eq(0).all() and counted["units"].ge(35).all()
    assert "geen van beide kanten duidelijk" in figure.claim


def test_no_waterbed_is_found_and_one_that_is_planted_is(example_dossier):
    figure = growing.next_door(example_dossier)
    chance = figure.rows.loc[figure.rows["measure"].eq("morans_i_of_change_p"), "value"]
    # Two sides are tested at once (Holm).
    assert chance.min() * len(chance) > 0.05
    assert "geen van beide kanten" in figure.claim
    # On the same buurten: the north of the middle rises by as much as the south falls.
    release = example_dossier.newest
    places = example_dossier.boundaries(release, "buurt").places
    places = places.to_crs(28992) if places.crs and places.crs.to_epsg() != 28992 else places
    changes = growing.change_of_both_sides(example_dossier).rows
    changes = changes[changes["measure"].eq("share_change_since_2020") & changes["status"].eq("ok")
                      & changes["group"].eq("households_lowest_40")]  # fmt: skip
    north = places.geometry.centroid.y.reindex(changes["area_code"])
    planted = changes.assign(value=np.where(north.gt(north.median()), 0.05, -0.05))
    area = pd.Series({"area_code": "GM9901", "area_name": "V", "year": 2024, "level": "buurt",
                      "group": "g", "source": "Bron"})  # fmt: skip
    found = waterbed(planted, places, area).set_index("measure")["value"]
    assert found["morans_i_of_change"] > 0.3 and found["morans_i_of_change_p"] < 0.01


# -- models ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", [
    f"{LOWEST} ~ {CORPORATION} + {SUPERMARKET}", f"{LOWEST} ~ {SUPERMARKET} + {CORPORATION}",
])  # fmt: skip
def test_a_and_e_in_a_model_income_goes_with_tenure_and_not_with_supermarkets(formula, buurten):
    found = fit(formula, buurten, made_of=MADE_OF, standardised=True)
    assert found.status == "ok" and len(found.outcome) >= 40
    assert found.table.loc[CORPORATION, "low"] > 0.5
    nothing = found.table.loc[SUPERMARKET]
    assert nothing["low"] < 0 < nothing["high"] and abs(nothing["value"]) < 0.15


def test_e_by_itself_the_distance_explains_nothing(buurten, town):
    found = fit(f"{LOWEST} ~ {SUPERMARKET}", buurten, made_of=MADE_OF, standardised=True)
    row = found.table.loc[SUPERMARKET]
    # Of one term the standardised coefficient is the correlation.
    assert row["low"] < 0 < row["high"]
    assert abs(row["value"]) < town.PLANTED_SUPERMARKET_CORRELATION


# -- typology -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def typed(example_dossier):
    rows = types.types_of_wijken(example_dossier).rows
    return rows.set_index(["measure", "group", "area_code"]).sort_index()


def test_a_the_oldest_wijk_is_typed_with_low_incomes_and_rent(typed, town):
    above = typed.loc["ingredient_above"]["value"]
    sure = typed.loc["ingredient_certainty"]["value"]
    lowest = typed.loc["ingredient_value"]["value"]["income"]
    for ingredient in ("income", "tenure"):
        assert sure[ingredient][town.PLANTED_OLD_WIJK] > 0.95
        # On another side than the wijk with most high incomes.
        assert above[ingredient][town.PLANTED_OLD_WIJK] != above[ingredient]["WK990105"]
    assert lowest.idxmax() == town.PLANTED_OLD_WIJK


def test_d_the_newest_wijk_has_the_fewest_places_to_meet(typed, town):
    places = typed.loc[("ingredient_value", "meeting")]["value"]
    assert places.idxmin() == town.PLANTED_NEW_WIJK
    assert typed.loc[("ingredient_certainty", "meeting", town.PLANTED_NEW_WIJK), "value"] >= 0.9


def test_e_nearness_does_not_tell_the_types_apart(typed):
    assert typed.loc[("ingredient_above", "nearness")]["value"].nunique() == 1
    assert typed.loc[("ingredient_above", "income")]["value"].nunique() == 2


def test_a_and_e_who_lives_where_stock_is_cheap_and_where_the_supermarket_is_far(
    example_dossier, buurten
):
    rows = stock.cheap_by_owner(example_dossier).rows
    ranks = rows[rows["measure"].str.startswith(RANKS)].set_index("group")
    assert ranks.loc["households_lowest_40", "low"] > 0.5
    assert ranks.loc["households_highest_20", "high"] < -0.5
    area = pd.Series({"area_code": "GM9901", "area_name": "V", "year": 2024, "level": "buurt",
                      "source": "Bron"})  # fmt: skip
    shares = {"lowest": buurten[LOWEST], "highest": buurten["share_households_highest_20"]}
    far = by_cheapness(buurten[SUPERMARKET], shares, buurten["inhabitants"], area, seed=1)
    far = far[far["measure"].eq(RANKS)]
    assert len(far) == 2 and (far["low"].lt(0) & far["high"].gt(0)).all()


def test_the_sides_live_apart_as_planted(example_dossier, town):
    rows = sides.both_sides_apart(example_dossier).rows
    assert rows.loc[rows["measure"].eq("dissimilarity_difference"), "low"].gt(0).all()
