"""The pieces of chapter 10, and their titles."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.figures import scenario_claims
from analysis.figures.figure import Figure
from analysis.reports import chapter_what_if as what_if
from analysis.reports import new_dwellings
from analysis.reports.absent import Absent

PIECES = (
    what_if.spread_after, what_if.over_social_rent, what_if.size_and_mix,
    what_if.mix_of_the_buurt, what_if.homes_needed,
)  # fmt: skip
LABELS = {"a": "ouderen", "b": "kinderen"}


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
def test_every_piece_is_a_figure_and_no_forecast(piece, example_dossier, real_dossier):
    for dossier in (example_dossier, real_dossier):
        shown = piece(dossier)
        if isinstance(shown, Absent):
            assert shown.sentence.endswith(".")
            continue
        assert isinstance(shown, Figure) and len(shown.rows) and shown.claim
        text = f"{shown.claim} {shown.sentence} {shown.notes} {shown.table.to_string()}"
        assert "nan" not in text and "geen voorspelling" in text and "aanname" in text


def test_zoetermeer_builds_in_its_centre(real_dossier):
    figure = what_if.spread_after(real_dossier)
    assert "Stadscentrum" in figure.claim
    assert any("2.000 tot 3.000 woningen" in note for note in figure.notes)


def rows(*changes, measure="dissimilarity_change"):
    return pd.DataFrame([
        {"measure": measure, "group": key, "value": value, "low": low, "high": high,
         "status": "ok" if value == value else "group_absent"}
        for key, (value, low, high) in zip("ab", changes, strict=False)
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([(-0.1, -0.2, -0.05)], "in de som ouderen gelijker verspreid"),
        (
            [(0.1, 0.05, 0.2), (-0.1, -0.2, -0.05)],
            "in de som kinderen gelijker en ouderen ongelijker verspreid",
        ),
        ([(0.1, -0.05, 0.2)], "beide kanten"),
        ([(np.nan,) * 3], "niet te zeggen"),
    ],
)
def test_titles_on_an_effect(changes, says):
    assert says in scenario_claims.effect(rows(*changes), LABELS, "Centrum")


@pytest.mark.parametrize(
    ("turn", "band", "says"),
    [
        (0.3, (-1, 1), "slaat het om bij ongeveer 30% sociale huur"),
        (np.nan, (-2, -1), "Bij elk aandeel sociale huur verspreiden deze woningen ouderen gel"),
        (np.nan, (1, 2), "ongelijker"),
        (np.nan, (-1, 1), "geen duidelijk aandeel"),
    ],
)
def test_titles_on_where_it_turns(turn, band, says):
    table = pd.DataFrame([
        {"measure": "dissimilarity_change_at_social_share", "value": 0.0, "low": band[0],
         "high": band[1], "status": "ok"},
        {"measure": "social_share_where_change_turns", "value": turn, "low": 0.2, "high": 0.4,
         "status": "ok" if turn == turn else "no_difference"},
    ])  # fmt: skip
    assert says in scenario_claims.turns(table, "ouderen")


def test_titles_on_parts_and_shares():
    table = pd.DataFrame({"measure": ["change_by_size", "change_by_mix"], "value": [0.01, -0.0001],
                          "status": "ok"})  # fmt: skip
    assert scenario_claims.parts(table, "ouderen") == (
        "Voor ouderen: +0,010 omdat de buurt groeit, en vrijwel 0 omdat haar menging verandert"
    )
    gone = table.assign(status="group_absent")
    assert "niet te zeggen" in scenario_claims.parts(gone, "ouderen")
    mix = pd.DataFrame({"measure": ["local_share", "local_share_after"], "value": [0.2, 0.3],
                        "low": [np.nan, 0.25], "high": [np.nan, 0.35], "status": "ok"})  # fmt: skip
    assert "gaat van 20% naar 25% tot 35%" in scenario_claims.local_mix(mix, "ouderen", "Centrum")
    same = mix.assign(low=[np.nan, 0.1])
    assert "blijft ongeveer 20%" in scenario_claims.local_mix(same, "ouderen", "Centrum")
    # Shares that read the same are no change, whatever lies behind the comma.
    alike = mix.assign(value=[0.0101, 0.0121], low=[np.nan, 0.0115], high=[np.nan, 0.0125])
    assert scenario_claims.local_mix(alike, "ouderen", "C").endswith("in C blijft ongeveer 1%")
    one = mix.assign(low=[np.nan, 0.299], high=[np.nan, 0.301])
    assert scenario_claims.local_mix(one, "ouderen", "C").endswith("gaat van 20% naar 30%")
    none = mix.assign(status="group_absent")
    assert "niet te berekenen" in scenario_claims.local_mix(none, "ouderen", "Centrum")


def test_titles_on_how_many():
    table = rows((8000.0, 3000.0, np.nan), (np.nan,) * 3, measure="dwellings_to_lower_by_tenth")
    assert "vraagt in deze som ongeveer 8.000 woningen" in scenario_claims.needed(table, LABELS)
    none = table.assign(status="beyond_limit")
    assert "Voor geen enkele groep" in scenario_claims.needed(none, LABELS)


def test_changes_and_shares_in_a_table():
    row = pd.Series({"value": -0.0062, "low": -0.0124, "high": 0.0003})
    assert scenario_claims.amount(row) == "−0,006 (−0,012 – 0)"
    assert scenario_claims.amount(row / 100) == "vrijwel 0"
    assert scenario_claims.amount(row.abs()) == "+0,006 (+0,012 – 0)"
    assert scenario_claims.share(row.abs() * 10) == "6,2% (12,4% – 0,3%)"
    assert scenario_claims.share(pd.Series({"value": 0.25, "low": np.nan, "high": np.nan})) == (
        "25,0%"
    )


def test_one_figure_is_about_one_place(example_dossier):
    figure = what_if.mix_of_the_buurt(example_dossier)
    assert "Avegaar (de grootste buurt van Zaagbroek)" in figure.notes[0]
    cases = list(new_dwellings.cases_of(example_dossier))
    assert {case.plan.buurt for case in cases} == {"BU99010100"} and len(cases) == 6


def test_a_code_that_was_another_place_is_left_out_and_told(example_dossier):
    # Of one group the newest figures are those of 2022, when the code was of another buurt.
    def regions(release, level):
        table = type(example_dossier).regions(example_dossier, release, level).copy()
        if level == "buurt" and release.year == 2024:
            table["n_social_assistance"] = np.nan
        if level == "buurt" and release.year < 2024:
            table.loc["BU99010100", "region_name"] = "Elders"
        return table

    own = replace(example_dossier, shown=[], kept={})
    own.regions = regions
    figure = what_if.spread_after(own)
    assert "social_assistance" not in set(figure.rows["group"])
    assert figure.rows["group"].nunique() == 5
    assert "Niet te berekenen voor mensen met bijstand: in het jaar" in figure.notes[-1]
