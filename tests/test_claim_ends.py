"""What titles and sentences say in the cases that real tables seldom give."""

import numpy as np
import pandas as pd

from analysis.figures import (
    growing_claims,
    growth_claims,
    inclusive_claims,
    model_claims,
    moving_claims,
    nearby_claims,
    scale_claims,
    scenario_claims,
    trend_claims,
    typology_claims,
)

LABELS = {"poor": "mensen met bijstand", "rich": "koopwoningen"}


def rows(*told: dict) -> pd.DataFrame:
    """Make evidence rows; what is not told is as empty or as plain as it can be."""
    plain = {"status": "ok", "level": "buurt", "group": "poor", "area_name": "Oost", "units": 5,
             "low": np.nan, "high": np.nan, "interval": "", "value": np.nan}  # fmt: skip
    return pd.DataFrame([plain | one for one in told])


def test_what_is_compared_over_years_can_be_one_side_only():
    stayed = rows(
        {"measure": "number_that_stays", "value": 3.0, "low": 3.0, "high": 3.0},
        {"measure": "number_that_stays_by_chance", "value": 1.0},
        {"measure": "rank_correlation", "value": 0.8},
        {"measure": "top_fifth_size", "value": 5.0},
    )
    said = growing_claims.ranks(stayed, LABELS)
    assert "mensen met bijstand 0,80" in said and "koopwoningen" not in said
    assert growing_claims.ranks(stayed.assign(status="suppressed"), LABELS) == ""


def test_the_parts_of_a_change_of_one_side_only():
    parts = rows(
        {"measure": "share_of_movement", "group": "poor | growth", "value": 0.6},
        {"measure": "share_of_movement", "group": "poor | exchange", "value": 0.4},
    )
    names = {"growth": "overal meer", "exchange": "van plaats gewisseld"}
    said = growing_claims.moved_on_the_other_side(parts, LABELS, names)
    assert said == "Mensen met bijstand: overal meer 60% en van plaats gewisseld 40%."
    none = parts.assign(status="suppressed")
    assert growing_claims.moved_on_the_other_side(none, LABELS, names) == ""


def test_titles_on_buildings_of_one_function_and_of_none():
    labels = pd.Series({"hub": "Buurthuis", "gp": "Huisarts"})
    fills = rows(
        {"group": "hub", "low": 1.1, "high": 1.4}, {"group": "gp", "low": 1.2, "high": 2.0}
    )

    def claim(table):
        return growth_claims.filled(table, labels, "2.000 tot 3.000 woningen extra", "Centrum")

    assert claim(fills) == (
        "2.000 tot 3.000 woningen in Centrum kunnen voor elke functie een eigen gebouw vullen"
    )
    assert claim(fills.iloc[:1].assign(high=0.5)).endswith("geen eigen gebouw voor buurthuis")
    assert claim(fills.assign(high=0.5)).endswith("voor geen enkele functie een eigen gebouw")
    mixed = fills.assign(high=[0.5, 2.0])
    assert claim(mixed).endswith("vullen geen eigen gebouw voor buurthuis")


def test_titles_on_supply_and_demand():
    asked = {"measure": "demand_m2_growth", "group": "hub", "value": 300.0}
    there = {"measure": "supply_m2", "group": "hub", "value": 200.0}
    assert "ook bekend wat er is" in growth_claims.supply(rows(asked, there), "Centrum")
    unknown = rows(asked, there | {"value": np.nan})
    assert growth_claims.supply(unknown, "Centrum").endswith("het aanbod is niet bekend")
    no_norm = rows(asked | {"value": np.nan}, there)
    assert growth_claims.supply(no_norm, "Centrum").endswith("geen enkele voorziening een norm in "
                                                             "te vullen")  # fmt: skip


def test_functions_that_share_may_fill_a_building_or_not():
    labels = pd.Series({"hub": "Buurthuis", "gp": "Huisarts"})
    pair = rows({"measure": "combined_m2", "group": "hub + gp", "value": 500.0})
    assert growth_claims.sharing(pair, labels) == "Buurthuis en huisarts kunnen een gebouw delen"
    small = pair.assign(status="below_building")
    assert growth_claims.sharing(small, labels).endswith("maar vullen het ook samen niet")


def test_levels_and_perspectives_that_say_nothing():
    gone = rows({"measure": "share_of_segregation", "status": "suppressed"})
    said = inclusive_claims.where_it_lies(gone, LABELS, "de regio")
    assert said.endswith("valt hier niet te zeggen")
    asked = rows({"measure": "questions_asked", "group": "bewoners", "value": 3.0})
    assert inclusive_claims.asked(asked) == "Vooraf ingestuurd: 3 van bewoners"
    two = rows({"group": "bewoners", "value": 3.0}, {"group": "corporaties", "value": 1.0})
    assert inclusive_claims.asked(two).endswith("3 van bewoners en 1 van corporaties")


def test_checks_of_a_model_that_could_not_be_made():
    none = rows({"measure": "share_explained", "status": "too_few_areas"})
    assert model_claims.explained(none.iloc[0]) == ("–", "te weinig gebieden voor zoveel kenmerken")
    assert model_claims.inflation(none, LABELS)[0] == "–"
    influence = none.assign(measure="influential_areas")
    assert model_claims.influence(influence)[0] == "–"
    assert model_claims.forbidden([False]).startswith("Geen uitkomst")
    assert "RIVM" in model_claims.forbidden([True, False])


def test_who_would_have_to_move_is_not_always_known():
    gone = rows({"measure": "have_to_move", "status": "suppressed"}, {"measure": "members"})
    assert "niets te zeggen" in moving_claims.would_move(gone, "poor", "mensen", "mensen")


def test_all_wijken_share_alike():
    shared = rows(
        {"measure": "shared_supply_per_1000", "value": 0.4},
        {"measure": "shared_supply_per_1000", "value": 0.4},
    )
    said = nearby_claims.shared(shared, "Huisarts", "inwoners")
    assert said == "In alle wijken is er per 1.000 inwoners even veel te delen: huisarts"
    far = rows({"measure": "distance_percentile_50", "group": "gp"})
    said = nearby_claims.nearest_sentence(far, {"gp": "Huisarts"}, "gp")
    assert said == "Voor meer dan de helft is een huisarts verder dan gemeten is."
    gone = rows({"group": "gp", "status": "not_published"})
    assert nearby_claims.for_whom(gone, {}, {}).endswith("valt hier niet te zeggen")


def test_every_group_lies_as_much_inside_wijken():
    alike = rows({"group": "poor", "value": 0.4}, {"group": "rich", "value": 0.4})
    assert scale_claims.most_inside(alike, LABELS) == "Binnen wijken ligt bij elke groep 40%."


def test_over_scale_small_pieces_large_pieces_and_neither():
    def claim(value):
        left = rows({"value": value})
        return scale_claims.over_scale(left, pd.Series([12_800]), LABELS)

    begin = (
        "Van de ongelijke spreiding van mensen met bijstand is in omgevingen van 12.800 inwoners"
    )
    assert claim(0.05) == f"{begin} nog 5% over: zij zit in kleine stukken stad"
    assert claim(0.95).endswith("het gaat om grote stukken stad")
    assert claim(0.5) == f"{begin} nog 50% over"
    nothing = scale_claims.over_scale(rows({"group": "x"}), pd.Series([1]), LABELS)
    assert nothing == "Over de schaal van de spreiding valt hier niets te zeggen"


def test_where_it_turns_is_not_known_without_a_curve():
    turn = rows({"measure": "social_share_where_change_turns", "status": "suppressed"})
    assert scenario_claims.turns(turn, "bijstand").endswith("valt hier niet te zeggen")


def test_sides_of_one_region_and_without_any():
    one = rows({"measure": "regions_over_represented", "value": 1.0, "units": 1})
    assert trend_claims.clear_numbers(one, LABELS) == ""
    gone = rows({"measure": "regions_on_side", "status": "suppressed"})
    assert trend_claims.together(gone, LABELS).endswith("niet te zeggen")
    none = rows({"group": "poor", "value": 0.0}, {"group": "rich", "value": 0.0})
    said = trend_claims.together(none, LABELS)
    assert said == "In geen enkele buurt is een van beide groepen duidelijk meer dan elders"


def test_no_association_to_tell():
    gone = rows({"measure": "rank_correlation", "status": "too_small"})
    assert typology_claims.how_strong(gone, LABELS) == ""
