"""The pieces of chapter 2: on the example, on real tables, and where something is not there."""

import pytest

from analysis.figures.figure import Figure
from analysis.reports import chapter_change as change
from analysis.reports import chapter_deviating as deviating
from analysis.reports import chapter_moving as moving
from analysis.reports import chapter_ranking as ranking
from analysis.reports import chapter_scale as scale
from analysis.reports.absent import Absent

PIECES = (
    change.over_the_years, deviating.who_deviates, moving.other_borders,
    moving.would_have_to_move, ranking.among_alike, ranking.among_new_towns, scale.over_scale,
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
def test_every_piece_is_a_figure_or_says_why_not(piece, example_dossier, real_dossier):
    for dossier in (example_dossier, real_dossier):
        shown = piece(dossier)
        if isinstance(shown, Absent):
            assert shown.sentence.endswith((".", "'."))
            continue
        assert isinstance(shown, Figure) and len(shown.rows)
        assert shown.claim and "nan" not in f"{shown.claim} {shown.sentence} {shown.notes}"
        assert set(shown.rows["area_code"].str[:2]) <= {"GM", "BU"}


def test_the_example_has_its_planted_pattern(example_dossier):
    figure = deviating.who_deviates(example_dossier)
    assert "duidelijk hoger" in figure.claim and "duidelijk lager" in figure.claim
    rows = scale.over_scale(example_dossier).rows
    own = rows[rows["group"].eq("low_income_households")]
    by_size = own[own["measure"].str.startswith("spatial_dissimilarity")]["value"]
    assert by_size.is_monotonic_decreasing and by_size.iloc[0] > 0.1
    left = own[own["measure"].str.startswith("left_of_dissimilarity")]["value"].item()
    assert left == by_size.iloc[-1] / by_size.iloc[0]


def test_years_are_joined_in_the_example_and_not_across_the_break(example_dossier):
    rows = change.over_the_years(example_dossier).rows
    changes = rows[rows["measure"].str.contains("_change_since_")]
    assert set(changes["group"]) == {"low_income_households", "age_65_plus", "non_western"}
    # The old division by origin ends in 2022, the new one begins in 2024: neither is continued.
    assert changes[changes["group"].eq("non_western")]["year"].item() == 2022


def test_real_years_between_which_tables_lack_are_not_joined(real_dossier):
    figure = change.over_the_years(real_dossier)
    assert "valt niet te zeggen" in figure.claim
    assert not figure.rows["measure"].str.contains("_change_since_").any()
    assert sorted(figure.rows["year"].unique()) == [2017, 2020, 2024]


def test_without_outlines_nothing_is_drawn_and_the_remedy_is_named(real_dossier):
    for piece in (deviating.who_deviates, moving.other_borders, scale.over_scale):
        shown = piece(real_dossier)
        assert isinstance(shown, Absent) and "pull --kaart" in shown.sentence


def test_places_are_given_among_buurten_of_like_size_only(real_dossier):
    alike = ranking.among_alike(real_dossier)
    assert alike.claim.startswith("Te weinig gemeenten van dezelfde grootteklasse")
    towns = ranking.among_new_towns(real_dossier)
    ranks = towns.rows[towns.rows["measure"].eq("rank_among_new_towns")].set_index("area_name")
    known = ranks[ranks["status"].eq("ok")]
    assert known["value"].to_dict() == {"Purmerend": 1, "Zoetermeer": 2, "Almere": 3}
    sizes = known["median_unit_size"]
    # 5,638 inhabitants in the middle buurt of Zoetermeer: others from half to twice that.
    assert sizes["Zoetermeer"] == 5637.5 and sizes.max() <= 2 * 5637.5 and sizes.min() >= 2818.75
    assert ranks["status"].eq("unlike_size").sum() == 7


def test_the_number_that_would_move_is_the_dissimilarity_of_the_group(real_dossier):
    rows = moving.would_have_to_move(real_dossier).rows
    own = rows[rows["group"].eq("social_assistance")].set_index("measure")["value"]
    # 893 of the 3,090 with social assistance: D = 0.289.
    assert own["have_to_move"] / own["members"] == pytest.approx(0.289, abs=0.0005)
    assert own["have_to_exchange"] < own["have_to_move"]
