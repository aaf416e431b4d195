"""Public green: its ground, how much of it there is for whom, and who lives near it."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pieces import check_told
from shapely.geometry import Point, Polygon, box

from analysis.evidence import green as evidence
from analysis.figures import green_claims
from analysis.measures.density import space_per_unit
from analysis.reports import chapter_green
from analysis.reports.absent import Absent
from analysis.reports.chapter_green import green_by_wijk, near_green
from analysis.sources.facility_points import known_kinds
from analysis.sources.geofile import RD
from analysis.sources.green import area_within, green_of, is_near, share_near
from analysis.sources.own_facilities import read_own

TOWN = box(100_000, 450_000, 102_000, 451_000)


def place(east, north, wide=100, high=100) -> Polygon:
    return box(east, north, east + wide, north + high)


def points(*places) -> gpd.GeoDataFrame:
    """Make a list of (kind, ground or point)."""
    shapes = gpd.GeoSeries([shape for _, shape in places], crs=RD)
    frame = gpd.GeoDataFrame(
        {"kind": [kind for kind, _ in places]}, geometry=shapes.representative_point(), crs=RD
    )
    frame["ground"] = shapes.where(shapes.area.gt(0), None)
    return frame


def grounds(*shapes) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs=RD)


def buurten(*shapes) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        index=[f"BU{n}" for n in range(len(shapes))], geometry=list(shapes), crs=RD
    )


# -- the ground -----------------------------------------------------------------------------------


def test_green_that_touches_is_one_piece_and_counts_once():
    # Two parks of a hectare, of which a quarter lies in both: 1.75 ha in one piece.
    found = green_of(
        points(
            ("park", place(100_100, 450_100)),
            ("nature_reserve", place(100_150, 450_150)),
            ("park", place(101_000, 450_500)),
            ("allotment", place(101_500, 450_500)),
            ("park", Point(100_900, 450_900)),
            ("park", Point(300_000, 450_900)),
        ),
        TOWN,
    )
    assert sorted(found.grounds.area) == pytest.approx([10_000, 17_500])
    assert found.drawn == 3 and len(found.undrawn) == 1


def test_green_just_over_the_border_serves_and_far_away_does_not():
    list_of = points(("park", place(102_500, 450_100)), ("park", place(104_000, 450_100)),
                     ("park", place(100_000, 450_000)))  # fmt: skip
    found = green_of(list_of, TOWN)
    assert len(found.grounds) == 2 and found.drawn == 1
    # Only over the border there is none here.
    assert green_of(list_of.iloc[:2], TOWN) is None
    assert green_of(list_of.iloc[:0], TOWN) is None


def test_a_list_without_outlines_has_places_only():
    bare = points(("park", Point(100_900, 450_900))).drop(columns="ground")
    found = green_of(bare, TOWN)
    assert found.grounds.empty and found.drawn == 0 and len(found.undrawn) == 1


def test_a_park_is_divided_over_the_buurten_in_which_it_lies():
    two = buurten(box(0, 0, 100, 100), box(100, 0, 200, 100), box(500, 0, 600, 100))
    # 50 by 100 in the first, 30 by 100 in the second, nothing in the third.
    assert area_within(grounds(box(50, 0, 130, 100)), two).tolist() == [5_000, 3_000, 0]
    assert area_within(grounds(), two).tolist() == [0, 0, 0]


def test_near_is_measured_from_the_edge_and_nobody_lives_in_the_green():
    park = grounds(box(0, 0, 100, 1000))
    # Of 800 m beside the park the first 300 are near: 3/8. Of 100 m park and 500 m beside, 3/5.
    places = buurten(box(100, 400, 900, 500), box(0, 400, 600, 500), box(0, 400, 100, 500))
    found = share_near(park, places, 300, without=park)
    assert found.tolist()[:2] == pytest.approx([3 / 8, 3 / 5])
    # A buurt that is a park has nobody of whom to say it.
    assert np.isnan(found.iloc[2])
    assert share_near(grounds(), places, 300, without=park).tolist()[:2] == [0, 0]


def test_squares_are_near_up_to_and_with_the_distance():
    homes = pd.DataFrame({"east": [50.0, 400, 401], "north": [50.0, 50, 50]}, index=list("abc"))
    near = is_near(grounds(box(0, 0, 100, 100)), homes, 300)
    assert near.to_dict() == {"a": True, "b": True, "c": False}
    assert not is_near(grounds(), homes, 300).any()


# -- an own map with outlines ---------------------------------------------------------------------


@pytest.mark.parametrize("crs", [RD, "EPSG:4326", "EPSG:3857"])
def test_an_own_map_keeps_its_outlines(tmp_path, crs):
    file = tmp_path / "groen.gpkg"
    shapes = [place(100_100, 450_100), Point(100_500, 450_500)]
    gpd.GeoDataFrame({"soort": ["park", "park"]}, geometry=shapes, crs=RD).to_crs(crs).to_file(file)
    own = read_own(file, known_kinds()).points
    assert own["ground"].notna().tolist() == [True, False]
    assert own["ground"].iloc[0].area == pytest.approx(10_000, rel=1e-3)
    assert own["ground"].iloc[0].contains(own.geometry.iloc[0])


def test_an_outline_that_crosses_itself_is_mended(tmp_path):
    file = tmp_path / "groen.geojson"
    bow = Polygon([(100_000, 450_000), (100_100, 450_100), (100_100, 450_000), (100_000, 450_100)])
    gpd.GeoDataFrame({"soort": ["park"]}, geometry=[bow], crs=RD).to_crs(4326).to_file(file)
    # Two triangles of 100 m wide and 50 m high: 2 x 2,500 m2.
    ground = read_own(file, known_kinds()).points["ground"].iloc[0]
    assert ground.is_valid and ground.area == pytest.approx(5_000, rel=1e-3)


def test_a_list_of_points_has_no_outlines(tmp_path):
    file = tmp_path / "groen.gpkg"
    where = [Point(100_500, 450_500)]
    gpd.GeoDataFrame({"soort": ["park"]}, geometry=where, crs=RD).to_file(file)
    assert "ground" not in read_own(file, known_kinds()).points


# -- how much for whom ----------------------------------------------------------------------------

WIJKEN = pd.DataFrame(
    {
        "region_name": ["Oost", "West", "Zuid", "Noord"],
        "inhabitants": [2000.0, 1000, 30, 500],
        "n_dwellings": [1000.0, 500, 20, np.nan],
        "land_area_km2": [1.0, 0.5, 0.1, 0],
    },
    index=["WK1", "WK2", "WK3", "WK4"],
)
AREA = pd.Series([50_000.0, 50_000, 1_000, 0], index=WIJKEN.index)
NONE = pd.Series(0, index=WIJKEN.index)


def rows_of(area=AREA, undrawn=NONE, regions=WIJKEN) -> pd.DataFrame:
    return evidence.green_rows(regions, area, undrawn, level="wijk", year=2024, source="Bron")


def column(rows, measure, what="value") -> list:
    return rows[rows["measure"].eq(measure)][what].tolist()


def test_space_per_unit():
    # 15,000 m2 over 200 dwellings; none over 80; nobody; unknown.
    assert space_per_unit([15_000, 0, 5, 5], [200, 80, 0, np.nan]).tolist()[:2] == [75, 0]
    assert space_per_unit([5, 5], [0, np.nan]).isna().all()
    with pytest.raises(ValueError, match="negative"):
        space_per_unit([-1.0], [10])


def test_green_per_dwelling_person_and_land():
    rows = rows_of()
    # 50,000 / 1,000, 50,000 / 500; 20 dwellings are too few; unknown in Noord.
    assert column(rows, evidence.PER_DWELLING)[:2] == [50, 100]
    assert column(rows, evidence.PER_DWELLING, "status") == [
        "ok", "ok", "too_small", "not_published",
    ]  # fmt: skip
    # 50,000 / 2,000 = 25; no green at all is 0.
    assert column(rows, evidence.PER_PERSON)[0] == 25 and column(rows, evidence.PER_PERSON)[3] == 0
    # 5 ha of 1 km2 is 5 %; a wijk without land has no part of it.
    assert column(rows, evidence.LAND)[:3] == pytest.approx([0.05, 0.10, 0.01])
    assert column(rows, evidence.LAND, "status")[3] == "not_published"


def test_unseen_is_not_none_and_a_place_without_outline_makes_it_at_least():
    rows = rows_of(AREA.mask([True, False, False, False]), NONE + [0, 2, 0, 0])
    assert column(rows, evidence.AREA, "status") == [
        "not_comparable", "partly_covered", "ok", "ok",
    ]  # fmt: skip
    assert np.isnan(column(rows, evidence.AREA)[0]) and column(rows, evidence.AREA)[1] == 50_000


def test_given_tables_are_not_changed():
    wijken, area = WIJKEN.copy(), AREA.copy()
    rows_of(area, regions=wijken)
    pd.testing.assert_frame_equal(wijken, WIJKEN)
    pd.testing.assert_series_equal(area, AREA)


WHOLE = pd.Series({"area_code": "GM1", "area_name": "Stad", "year": 2024, "level": "wijk"})


def beside(rows, norm=75.0) -> pd.DataFrame:
    return evidence.beside_norm(rows[rows["measure"].eq(evidence.PER_DWELLING)], norm, WHOLE, "N")


def claim_of(rows, norm=75.0) -> str:
    own = rows[rows["measure"].eq(evidence.PER_DWELLING)]
    return green_claims.beside_norm(beside(rows, norm), own, "woning")


def test_wijken_beside_a_norm():
    # 50 is below 75 and 100 is not; the other two cannot be held beside it.
    assert beside(rows_of())["value"].tolist() == [75, 2, 1]
    # What is at least 50 may be enough: it is not held beside 75. What is at least 100 is.
    assert beside(rows_of(undrawn=NONE + [1, 0, 0, 0]))["value"].tolist() == [75, 1, 0]
    assert beside(rows_of(undrawn=NONE + [0, 1, 0, 0]))["value"].tolist() == [75, 2, 1]


def test_titles_beside_a_norm():
    what = "75 m² openbaar groen per woning"
    assert claim_of(rows_of()) == (
        f"In 1 van de 2 wijken met cijfers staat minder dan {what} op de kaart"
    )
    assert claim_of(rows_of(AREA * 0)) == (
        f"In alle 2 wijken met cijfers staat minder dan {what} op de kaart"
    )
    assert claim_of(rows_of(AREA * 9)).startswith("In alle 2 wijken met cijfers staat ten minste")
    assert claim_of(rows_of(AREA[:1], NONE[:1], WIJKEN[:1])) == (
        f"In Oost staat minder dan {what} op de kaart"
    )
    whole = claim_of(rows_of(AREA[:2], NONE[:2], WIJKEN[:2]))
    assert whole == f"In 1 van de 2 wijken staat minder dan {what} op de kaart"
    assert "niets te zeggen" in claim_of(rows_of(regions=WIJKEN.assign(n_dwellings=np.nan)))


def test_titles_without_a_norm():
    rows = rows_of()
    own = rows[rows["measure"].eq(evidence.PER_PERSON)]
    # 50,000 / 1,000 = 50 in West; Noord has none.
    assert green_claims.most_green(own, "inwoner") == (
        "Per inwoner staat in West het meeste openbaar groen op de kaart (50 m²), in Noord het "
        "minste (0 m²)"
    )
    assert green_claims.most_green(own.iloc[:1], "inwoner") == (
        "In Oost staat 25 m² openbaar groen per inwoner op de kaart"
    )
    alike = own.iloc[:2].assign(value=25.0)
    assert "In alle wijken met cijfers staat 25 m²" in green_claims.most_green(alike, "inwoner")
    nothing = own.assign(status="not_comparable", value=np.nan)
    assert "te zeggen" in green_claims.most_green(nothing, "inwoner")


# -- who lives near -------------------------------------------------------------------------------

HOMES = pd.DataFrame(
    {"people": [600.0, 400, 500, 500, 30], "wijk": ["WK1", "WK1", "WK2", "WK2", "WK3"],
     "near": [1.0, 0.5, 0.0, 0.24, 1.0]},
    index=list("abcde"),
)  # fmt: skip
LIVED = pd.DataFrame(
    {"region_name": ["Oost", "West", "Zuid"], "inhabitants": [1000.0, 1000, 30]},
    index=["WK1", "WK2", "WK3"],
)


def near_of(homes=HOMES, coarse=True) -> pd.DataFrame:
    return evidence.near_rows(
        homes["near"], homes["people"], homes["wijk"], LIVED, whole=WHOLE[:2], year=2024,
        source="Bron", coarse=coarse,
    )  # fmt: skip


def test_near_is_a_mean_over_people():
    rows = near_of()
    # (600 + 400 x 0.5) / 1,000 = 0.8; 500 x 0.24 / 1,000 = 0.12; all: 950 of 2,030.
    assert rows["value"].tolist()[:2] == pytest.approx([0.8, 0.12])
    assert rows["value"].iloc[3] == pytest.approx((800 + 120 + 30) / 2030)
    assert rows["status"].tolist() == ["coarse_origin", "coarse_origin", "too_small",
                                       "coarse_origin"]  # fmt: skip
    assert near_of(coarse=False)["status"].tolist() == ["ok", "ok", "too_small", "ok"]


def test_a_wijk_of_which_most_is_not_known_is_not_told():
    rows = near_of(HOMES.assign(near=HOMES["near"].mask(HOMES.index == "a")))
    # 400 of 1,000 are known.
    assert rows["status"].iloc[0] == "suppressed" and np.isnan(rows["value"].iloc[0])
    assert rows["population_covered"].iloc[0] == pytest.approx(0.4)


def test_titles_on_who_lives_near():
    rows = near_of()
    assert green_claims.near_green(rows.iloc[3]) == (
        "Ongeveer 47% van de inwoners van Stad woont binnen 300 meter van een stuk groen van ten "
        "minste 1 hectare"
    )
    assert green_claims.near_green(near_of(coarse=False).iloc[3]).startswith("47%")
    unknown = rows.iloc[3].copy()
    unknown["status"] = "suppressed"
    assert "te zeggen" in green_claims.near_green(unknown)
    assert green_claims.least_near(rows[:3]) == "In West is dat 12%, in Oost 80%."
    assert green_claims.least_near(rows[:1]).startswith("Hemelsbreed")


# -- the figures ----------------------------------------------------------------------------------


def test_the_example(example_dossier):
    figure = green_by_wijk(example_dossier)
    check_told(figure)
    assert "75 m² openbaar groen per woning" in figure.claim
    in_wijken = figure.rows[figure.rows["measure"].eq(evidence.AREA)]
    by_level = in_wijken.groupby("level")["value"].sum()
    assert by_level["wijk"] == pytest.approx(by_level["gemeente"])
    check_told(near_green(example_dossier))


def test_without_dwellings_it_is_per_person(example_dossier, monkeypatch):
    monkeypatch.setattr(chapter_green, "_with_dwellings",
                        lambda dossier, release, level: dossier.regions(release, level).drop(
                            columns="n_dwellings", errors="ignore"))  # fmt: skip
    figure = green_by_wijk(example_dossier)
    check_told(figure)
    assert figure.claim.startswith("Per inwoner") and "m² per woning" not in figure.table
    assert any("niet te vergelijken" in note for note in figure.notes)


def test_places_without_outlines_are_not_taken_for_no_green(example_dossier, monkeypatch):
    located = chapter_green.located_in(example_dossier)
    bare = replace(located, found=replace(
        located.found, points=located.found.points.drop(columns="ground")))  # fmt: skip
    monkeypatch.setattr(chapter_green, "located_in", lambda dossier: bare)
    told = chapter_green._look(example_dossier)
    assert isinstance(told, Absent) and "omtrek" in told.sentence
