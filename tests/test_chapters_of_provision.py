"""The pieces of chapters 4 to 6: on the example, on real tables, and where something lacks."""

import re
import shutil

import pandas as pd
import pytest

from analysis.evidence.frame import evidence_frame
from analysis.figures import growth_claims, meeting_claims, siting_claims
from analysis.figures.figure import Figure
from analysis.reports import chapter_along as along
from analysis.reports import chapter_beside_cbs as beside
from analysis.reports import chapter_fairness as fairness
from analysis.reports import chapter_growth as growth
from analysis.reports import chapter_infrastructure as social
from analysis.reports import chapter_meeting as meeting
from analysis.reports import chapter_nearby as nearby
from analysis.reports import chapter_siting as siting
from analysis.reports import cli
from analysis.reports.absent import Absent
from analysis.reports.dossier import open_dossier

PIECES = (
    along.along_income, beside.own_distances, nearby.nearest_own, nearby.shared_supply,
    nearby.for_whom,
    fairness.curves, fairness.indices, fairness.beyond_a_walk, fairness.group_beside_others,
    growth.buildings_filled, growth.demand_beside_supply, growth.sharing_a_building,
    social.wijken_beside_each_other, siting.one_more, siting.one_less, meeting.ages_by_kind,
    meeting.origins_by_kind, meeting.by_ties, meeting.places_at_both_ends,
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
def test_every_piece_is_a_figure_or_says_why_not(piece, example_dossier, real_dossier):
    shown = piece(example_dossier)
    assert isinstance(shown, Figure) and len(shown.rows) and shown.claim
    assert "nan" not in f"{shown.claim} {shown.sentence} {shown.notes} {shown.table.to_string()}"
    there = piece(real_dossier)
    assert isinstance(there, Figure | Absent)
    if isinstance(there, Absent):
        assert "pull --" in there.sentence


def test_the_growth_of_almere_is_in_the_wijk_of_that_name_and_not_of_that_code(real_raw):
    found = growth.growth_of(open_dossier("Almere", edition="cbs", raw=str(real_raw)))
    assert (found.place, found.release.year) == ("Centrum Almere Stad", 2024)
    # In 2020 Almere had five wijken, none of that name: the largest serves.
    before = growth.growth_of(open_dossier("Almere", year=2020, edition="cbs", raw=str(real_raw)))
    assert before.place == "Almere Stad"


def test_the_growth_of_zoetermeer_is_that_of_the_announcement(real_dossier):
    found = growth.growth_of(real_dossier)
    rows = found.rows.set_index(["measure", "group"])
    # 2,000 to 3,000 dwellings: 50 m2 per 1,000 for youth and family, 125 for a community centre.
    assert rows.loc[("demand_m2_growth", "youth_family_centre"), ["low", "high"]].tolist() == [
        100, 150
    ]  # fmt: skip
    assert rows.loc[("demand_m2_growth", "community_centre"), ["low", "high"]].tolist() == [
        250, 375
    ]  # fmt: skip
    assert rows.loc[("demand_m2_growth", "public_green"), "high"] == 225_000
    assert found.place == "Stadscentrum"
    figure = growth.demand_beside_supply(real_dossier)
    green = figure.table.set_index("voorziening").loc["Openbaar groen"]
    assert green["vraag van de groei"] == "150.000 – 225.000 m²"
    assert green["is er nu"] == "aanbod in m² onbekend"
    school = figure.table.set_index("voorziening").loc["Basisschool"]
    assert school["norm"] == "geen norm ingevuld"


def test_norms_are_written_in_dutch():
    assert growth._in_dutch("50 m2 bvo per 1000 woningen") == "50 m² bvo per 1.000 woningen"
    assert growth._in_dutch("3.5 m2 per aanwezig kind") == "3,5 m² per aanwezig kind"
    assert growth._in_dutch("3 % van het bebouwde gebied") == "3% van het bebouwde gebied"


def test_a_coarse_share_is_told_and_not_called_unknown():
    rows = pd.DataFrame({"measure": "share_within_limit", "value": [0.6, 0.64],
                         "status": "coarse_origin"})  # fmt: skip
    said = siting_claims.one_more(rows, "buurthuis")
    assert said == (
        "Hier heeft nu 60% van de inwoners een buurthuis op loopafstand; met één erbij op de beste "
        "plek 64%"
    )
    assert "niet te zeggen" in siting_claims.one_more(rows.assign(value=float("nan")), "buurthuis")


def test_one_more_never_serves_fewer(example_dossier):
    rows = siting.one_more(example_dossier).rows
    curve = rows[rows["measure"].eq("share_within_limit")]
    assert curve["value"].is_monotonic_increasing and curve["value"].le(1).all()
    fair = rows[rows["measure"].eq("least_share_within_limit")]
    # Best for whom it is worst is never better than best for all together.
    assert (fair["value"].array <= curve["value"].array + 1e-9).all()


def test_two_places_of_one_name_are_told_apart(example_dossier):
    rows = siting.one_less(example_dossier).rows
    lost = rows[rows["measure"].eq("people_lost_on_closing")]
    assert lost["group"].is_unique and lost["group"].str.contains(r"\(2\)").any()


def test_titles_on_meeting():
    kinds = pd.DataFrame(
        {"area_name": ["Park", "Winkel", "Kerk"], "value": [0.02, -0.02, 0.0],
         "low": [0.01, -0.03, -0.1], "high": [0.03, -0.01, 0.1], "status": "ok",
         "level": "buurt"}
    )  # fmt: skip
    told = meeting_claims.by_kind(kinds, "leeftijd")
    assert told == (
        "Wie er kan komen: een bredere mix van leeftijd bij 'Park', en een smallere bij 'Winkel'"
    )
    assert "smallere bij 'Winkel' (mix van leeftijd)" in meeting_claims.by_kind(
        kinds.iloc[1:], "leeftijd"
    )
    assert meeting_claims.by_kind(kinds.iloc[2:], "leeftijd").startswith("Van geen enkele soort")
    said = meeting_claims.ends(kinds.iloc[:2], "leeftijd")
    assert said == (
        "Per plek loopt de mix van leeftijd binnen bereik, min die van de buurt, van −0,020 "
        "(smaller) tot +0,020 (breder)"
    )
    assert "smallere mix van leeftijd dan haar buurt" in meeting_claims.ends(
        kinds.iloc[:1], "leeftijd"
    )
    assert "bredere mix van leeftijd dan haar buurt" in meeting_claims.ends(
        kinds.iloc[1:2], "leeftijd"
    )
    ties = kinds.assign(group="age:ties_strong", level="wijk")
    mixes = {"age": "leeftijd", "origin": "herkomst"}
    sure = (
        "Plekken voor sterke banden zijn bereikbaar voor een bredere mix van leeftijd dan hun wijk"
    )
    assert meeting_claims.by_ties(ties.iloc[:1], mixes) == sure
    # What is clear of ages is not said of origin where that one is in doubt.
    both = pd.concat([ties.iloc[:1], ties.iloc[2:3].assign(group="origin:ties_strong")])
    assert meeting_claims.by_ties(both, mixes) == (
        f"{sure}; voor herkomst naast de wijk is dat niet duidelijk"
    )
    assert "verschillen niet duidelijk" in meeting_claims.by_ties(ties.iloc[2:], mixes)
    assert "niet te zeggen" in meeting_claims.by_ties(ties.iloc[:0], mixes)


def test_who_can_come_is_set_beside_the_wijk_where_only_wijken_have_outlines(
    real_raw, shared, tmp_path
):
    raw = tmp_path / "raw"
    shutil.copytree(real_raw, raw)
    # MADE UP: the points of Amsterdam, moved to where the 2022 outlines suit the table of 2024.
    text = (shared / "data" / "facilities" / "osm_pois_amsterdam_population_5min.csv").read_text(
        encoding="utf-8"
    )
    points = tmp_path / "osm_pois_rotterdam.csv"
    points.write_text(re.sub(r"POINT\(([\d.]+) ([\d.]+)\)", _in_rotterdam, text), encoding="utf-8")
    wijken = shared / "data" / "boundaries" / "wijken_2022_rd.gpkg"
    assert cli.main(["pull", "--raw", str(raw), "--from", str(points), str(wijken)]) == 0
    dossier = open_dossier("Rotterdam", edition="cbs", raw=str(raw))
    shown = meeting.ages_by_kind(dossier)
    # The file tells who can reach each place, so outlines of buurten are not needed for that.
    assert set(shown.rows["level"]) == {"wijk"}
    assert "dan er in de wijk woont" in shown.sentence
    assert "mix van de wijk" in shown.table.columns[1]
    assert set(meeting.by_ties(dossier).rows["level"]) == {"wijk"}
    assert "wijk" in meeting.places_at_both_ends(dossier).table.columns
    # Of origin the file tells nothing.
    assert isinstance(meeting.origins_by_kind(dossier), Absent)


def _in_rotterdam(found):
    return f"POINT({float(found[1]) - 29_000:.2f} {float(found[2]) - 50_000:.2f})"


def curve(*values):
    return evidence_frame(
        [
            {"area_code": "GM1", "year": 2024, "level": "buurt", "measure": "share_within_limit",
             "group": f"gp | k={k}", "value": value, "source": "Bron",
             "status": "ok" if value is not None else "no_population"}
            for k, value in enumerate(values)
        ]
    )  # fmt: skip


def test_titles_on_places():
    assert siting_claims.one_more(curve(0.6, 0.8), "huisarts").endswith(
        "met één erbij op de beste plek 80%"
    )
    assert "verandert daar vrijwel niets aan" in siting_claims.one_more(curve(0.98, 0.985), "x")
    assert "niet te zeggen" in siting_claims.one_more(curve(None), "x")
    lost = curve(500.0, 20.0).assign(group=["gp | Oost", "gp | West"])
    assert siting_claims.one_less(lost, "huisarts") == (
        "Sluit Oost, dan verliezen 500 inwoners hun enige huisarts op loopafstand"
    )
    assert "houdt iedereen" in siting_claims.one_less(lost.assign(value=0.0), "huisarts")
    assert "niet te zeggen" in siting_claims.one_less(lost.iloc[:0], "huisarts")


def test_titles_on_growth():
    labels = pd.Series({"a": "Buurthuis", "b": "Bibliotheek"})
    rows = pd.DataFrame({"group": ["a", "b"], "high": [0.6, 1.4]})
    plan = "200 tot 300 woningen, 2 personen per woning"
    told = growth_claims.filled(rows, labels, plan, "Oost")
    assert told == "200 tot 300 woningen in Oost vullen geen eigen gebouw voor buurthuis"
    small = rows.assign(high=0.5)
    assert "voor geen enkele functie" in growth_claims.filled(small, labels, plan, "Oost")
    large = rows.assign(high=2.0)
    assert "voor elke functie" in growth_claims.filled(large, labels, plan, "Oost")
