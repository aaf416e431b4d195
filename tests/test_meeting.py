"""Which places bridge and which separate: sums by hand, and the facilities of Amsterdam."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.evidence.meeting import extremes, kind_rows, place_rows, scored_places
from analysis.measures.decay import binary
from analysis.measures.diversity import entropy
from analysis.measures.meeting import bridging_score, co_accessibility, mean_bridging_score
from analysis.measures.travel import straight_line_travel, travel_of_pairs
from analysis.sources.facility_kinds import read_kinds
from analysis.sources.facility_points import locate
from analysis.sources.osm_tables import read_pois

TRAVEL = travel_of_pairs(
    pd.Index(["a", "b"]),
    pd.Index(["park", "bar", "far"]),
    pd.DataFrame(
        {"origin": ["a", "b", "b"], "facility": ["park", "park", "bar"], "distance": [4, 9, 2]}
    ),
    10,
)
MEMBERS = pd.DataFrame({"young": [50, 0], "old": [10, 80]}, ["a", "b"])


def test_who_can_reach_each_place() -> None:
    near = co_accessibility(TRAVEL, np.ones(3), MEMBERS)
    assert near.to_dict("index") == {
        "park": {"young": 50, "old": 90},
        "bar": {"young": 0, "old": 80},
        "far": {"young": 0, "old": 0},
    }
    # Within 5: the park only of a, the bar of b.
    nearer = co_accessibility(TRAVEL, binary(TRAVEL.distance, 5), MEMBERS)
    assert nearer["young"].tolist() == [50, 0, 0]
    assert nearer["old"].tolist() == [10, 80, 0]


def test_score_by_hand() -> None:
    near = pd.DataFrame({"young": [50, 0, 90, 0, 5], "old": [50, 80, 10, 0, 5]}, list("vwxyz"))
    around = pd.DataFrame({"young": [0, 40, 10, 5, 0], "old": [9, 40, 90, 5, 0]}, list("vwxyz"))
    # v: even near, one group around: 1 - 0. w: the reverse. x: 9 to 1 and 1 to 9: the same mix.
    # Nobody near y, nobody around z.
    np.testing.assert_allclose(bridging_score(near, around), [1, -1, 0, np.nan, np.nan], atol=1e-15)
    three = pd.DataFrame({"a": [2.0], "b": [1.0], "c": [1.0]})
    one = pd.DataFrame({"a": [1.0], "b": [1.0], "c": [0.0]})
    # (1/2 ln 2 + 2 * 1/4 ln 4) / ln 3 - ln 2 / ln 3 = ln 2 / (2 ln 3)
    assert bridging_score(three, one)[0] == pytest.approx(np.log(2) / 2 / np.log(3), rel=1e-14)


def test_a_place_beside_its_own_mix_scores_0_and_swapping_turns_the_sign() -> None:
    near = co_accessibility(TRAVEL, np.ones(3), MEMBERS)[:2]
    assert bridging_score(near, near * 3).abs().max() < 1e-15
    other = near[["young", "old"]] + [7, 1]
    pd.testing.assert_series_equal(bridging_score(near, other), -bridging_score(other, near))


def test_mean_by_kind_and_its_interval() -> None:
    random = np.random.default_rng(2)
    area = np.repeat(np.arange(40), 5)
    score = pd.Series(random.normal(0.1, 0.1, 40)[area] + random.normal(0, 0.01, 200))
    kind = np.where(np.arange(200) % 2, "park", "bar")
    found = mean_bridging_score(score, kind, area, seed=4)
    assert found.index.tolist() == ["bar", "park"]
    park = score[kind == "park"]
    assert found.loc["park", "mean"] == pytest.approx(park.mean(), rel=1e-12)
    assert found.loc["park", ["places", "areas"]].tolist() == [100, 40]
    # Places of one area are nearly one case: 40 areas make the standard error 0.1 / sqrt(40), and
    # the interval 3.92 times that, 0.062; 100 separate places would make it 0.039.
    width = found.loc["park", "high"] - found.loc["park", "low"]
    assert 0.05 < width < 0.075
    assert found.loc["park", "low"] < park.mean() < found.loc["park", "high"]
    # Another kind in the table changes nothing of this one, and a seed gives the same again.
    alone = mean_bridging_score(park, kind[kind == "park"], area[kind == "park"], seed=4)
    pd.testing.assert_series_equal(alone.loc["park"], found.loc["park"])
    assert (
        mean_bridging_score(score, kind, area, seed=5).loc["park", "low"]
        != found.loc["park", "low"]
    )


def test_few_areas_have_no_interval() -> None:
    found = mean_bridging_score(pd.Series([0.1, 0.2, 0.6]), ["park"] * 3, ["a", "a", "b"])
    assert found.loc["park", "mean"] == pytest.approx(0.3)
    assert found.loc["park", ["low", "high"]].isna().all()


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: co_accessibility(TRAVEL, np.ones(3), MEMBERS.iloc[::-1]), ValueError, "index"),
        (lambda: co_accessibility(TRAVEL, np.ones(3), MEMBERS * np.nan), ValueError, "missing"),
        (lambda: co_accessibility(TRAVEL, np.ones(3), MEMBERS[["old"]]), ValueError, "fewer than"),
        (lambda: bridging_score(MEMBERS, MEMBERS[["old", "young"]]), ValueError, "same, in one"),
        (lambda: bridging_score(MEMBERS, MEMBERS.iloc[::-1]), ValueError, "different places"),
        (lambda: bridging_score(MEMBERS, MEMBERS["old"]), TypeError, "DataFrames"),
        (lambda: mean_bridging_score(pd.Series([np.nan]), ["x"], ["a"]), ValueError, "1 of 1"),
        (lambda: mean_bridging_score(pd.Series([1.0]), [None], ["a"]), ValueError, "kind is mis"),
        (
            lambda: mean_bridging_score(pd.Series([1.0]), ["x"], ["a", "b"]),
            ValueError,
            "area has 2",
        ),
        (
            lambda: mean_bridging_score(pd.Series([1.0]), ["x"], ["a"], confidence=1),
            ValueError,
            "confidence is 1",
        ),
        (lambda: mean_bridging_score(pd.Series([1.0]), ["x"], ["a"], draws=0), ValueError, "draws"),
    ],
)
def test_bad_input_is_refused(call, error, said) -> None:
    with pytest.raises(error, match=said):
        call()


# -- evidence -----------------------------------------------------------------------------------

IDS = pd.Index([f"osm/{n}" for n in range(1, 9)], name="facility_id")
NEAR = pd.DataFrame(
    {"young": [90, 50, 0, 30, 500, 500, np.nan, 70], "old": [10, 50, 0, 10, 500, 500, 5, 70]}, IDS
)
AREA = pd.Series(["BU1", "BU1", "BU1", "BU1", "BU2", np.nan, "BU1", "BU3"], IDS)
MIXES = pd.DataFrame({"young": [100, np.nan, 0], "old": [100, 4, 0]}, ["BU1", "BU2", "BU3"])


def test_a_place_has_a_score_or_a_reason() -> None:
    scored = scored_places(NEAR, AREA, MIXES)
    assert scored["status"].tolist() == [
        "ok", "ok", "uninhabited", "too_small", "suppressed", "no_place", "suppressed",
        "no_population",
    ]  # fmt: skip
    assert scored["score"].notna().tolist() == [True, True] + [False] * 6
    # H(0.9, 0.1) / ln 2 - 1 and 1 - 1.
    np.testing.assert_allclose(scored["score"][:2], [0.46899559358928133 - 1, 0], atol=1e-12)
    places = pd.DataFrame({"name": list("pqrstuvw"), "kind": "park"}, IDS)
    rows = place_rows(places, scored, level="buurt", year=2019, source="x")
    assert rows["area_code"].tolist() == list(IDS)
    assert rows["status"].value_counts()["ok"] == 2
    assert set(rows["measure"]) == {"bridging_score"}
    coarse = place_rows(places, scored, level="buurt", year=2019, source="x", coarse=True)
    assert coarse["status"].eq("coarse_origin").sum() == 2
    with pytest.raises(ValueError, match="BU1 twice"):
        scored_places(NEAR, AREA, pd.concat([MIXES, MIXES]))


def test_rows_per_kind_and_per_tie() -> None:
    ids = pd.Index([f"osm/{n}" for n in range(21)], name="facility_id")
    places = pd.DataFrame({"name": "", "kind": ["park"] * 12 + ["bar"] * 6 + ["library"] * 3}, ids)
    status = ["ok"] * 15 + ["uninhabited"] * 3 + ["ok"] * 3
    score = pd.Series(np.linspace(-0.2, 0.2, 21), ids).where(np.array(status) == "ok")
    scored = pd.DataFrame({"area": [f"BU{n % 7}" for n in range(21)], "score": score,
                           "people_near": 1000.0, "status": status}, ids)  # fmt: skip
    ties = pd.Series({"park": "both", "bar": "both", "library": "strong", "gp": "fleeting"})
    rows = kind_rows(
        places, scored, ties, area_code="GM1", area_name="M", level="buurt", year=2019, source="x"
    ).set_index("group")
    assert rows.index.tolist() == ["ties_both", "ties_strong", "park", "bar", "library"]
    assert rows.loc["park", "value"] == pytest.approx(score[:12].mean())
    assert rows.loc["ties_both", ["units", "units_missing"]].tolist() == [15, 3]
    # 3 of 6 bars have a score: too few for a mean; 15 of 18 places for both is 83 %, enough.
    assert rows["status"].to_dict() == {
        "ties_both": "ok", "ties_strong": "too_small", "park": "ok", "bar": "too_small",
        "library": "too_small",
    }  # fmt: skip
    assert rows.loc[["bar", "library"], ["value", "low", "high"]].isna().all(axis=None)
    assert rows.loc["park", "low"] < rows.loc["park", "value"] < rows.loc["park", "high"]
    assert rows.loc["park", "interval"] == "bootstrap 95%"
    part = scored.assign(status=["ok"] * 9 + ["suppressed"] * 3 + status[12:])
    part = kind_rows(
        places, part, ties, area_code="GM1", area_name="M", level="buurt", year=2019, source="x"
    ).set_index("group")
    assert part.loc["park", "status"] == "partly_covered"
    with pytest.raises(ValueError, match="library"):
        kind_rows(places, scored, ties[["park", "bar"]], area_code="GM1", area_name="M",
                  level="buurt", year=2019, source="x")  # fmt: skip


def test_the_places_that_bridge_most_and_separate_most() -> None:
    ids = pd.Index(list("abcdef"), name="facility_id")
    scored = pd.DataFrame(
        {"area": "BU1", "score": [0.3, -0.1, 0.1, np.nan, -0.4, 0.2], "people_near": 99.0,
         "status": ["ok", "ok", "ok", "no_place", "ok", "ok"]}, ids
    )  # fmt: skip
    rows = place_rows(pd.DataFrame({"name": "", "kind": "park"}, ids), scored, level="buurt",
                      year=2019, source="x")  # fmt: skip
    assert extremes(rows, 2)["area_code"].tolist() == ["a", "f", "b", "e"]
    assert extremes(rows, 9)["area_code"].tolist() == ["a", "f", "c", "b", "e"]


# -- Amsterdam ----------------------------------------------------------------------------------

AGES = ["children", "adults", "elderly"]


def test_published_entropy_of_amsterdam(shared) -> None:
    file = shared / "data" / "facilities" / "osm_pois_amsterdam_population_5min.csv"
    rows = pd.read_csv(file)
    ours = entropy(rows[AGES].astype(float), normalised=True)
    nobody = rows["total_pop"].eq(0)
    assert nobody.sum() == 83
    assert ours[nobody].isna().all() and ours[~nobody].notna().all()
    assert (ours - rows["age_entropy_index"])[~nobody].abs().max() < 1e-12
    # Published as 0, which would say: one age group only.
    assert rows.loc[nobody, "age_entropy_index"].eq(0).all()


def test_bridging_in_amsterdam(shared, root, real_release) -> None:
    kinds = read_kinds(root / "data" / "facility_kinds.csv")
    found = read_pois(
        shared / "data" / "facilities" / "osm_pois_amsterdam_population_5min.csv", kinds
    )
    assert found.left_out["bankje"] == 1846 and found.left_out["plein"] == 57
    assert found.left_out["zonder categorie"] == 204
    drawn = pd.read_csv(shared / "data" / "boundaries" / "amsterdam_buurten_2015-2022.csv")
    outlines = shapely.from_wkt(drawn["geometrie"].str.replace("SRID=28992;", "").to_numpy())
    buurten = gpd.GeoDataFrame(
        geometry=outlines, index=pd.Index(drawn["BUURTCODE_CBS_2015"], name="region_code"),
        crs=28992,
    )  # fmt: skip
    regions = real_release(2019).table
    ages = pd.DataFrame(
        {
            "children": regions["n_age_0_14"],
            "adults": regions[["n_age_15_24", "n_age_25_44", "n_age_45_64"]].sum(
                axis=1, skipna=False
            ),
            "elderly": regions["n_age_65_plus"],
        }
    )
    assert buurten.index.isin(ages.index).all()
    points = found.points.set_index("facility_id")
    area, _ = locate(points, buurten)
    scored = scored_places(points[AGES], area, ages)
    # Each place has a score or a reason.
    assert len(scored) == len(points)
    assert scored["score"].notna().eq(scored["status"].eq("ok")).all()
    assert scored["status"].eq("ok").mean() > 0.9
    good = scored[scored["status"].eq("ok")].iloc[100]
    mix = ages.loc[good["area"]] / ages.loc[good["area"]].sum()
    near = points.loc[good.name, AGES].astype(float) / points.loc[good.name, "total_pop"]
    by_hand = [-sum(p * np.log(p) for p in one if p > 0) / np.log(3) for one in (near, mix)]
    assert good["score"] == pytest.approx(by_hand[0] - by_hand[1], abs=1e-12)
    rows = kind_rows(
        points, scored, kinds["ties"], area_code="GM0363", area_name="Amsterdam", level="buurt",
        year=2019, source="x",
    ).set_index("group")  # fmt: skip
    assert rows.index[:3].tolist() == ["ties_fleeting", "ties_both", "ties_strong"]
    assert rows["units"].iloc[:3].sum() == scored["status"].eq("ok").sum()
    shown = rows[rows["status"].eq("ok")]
    assert len(shown) > 12 and shown["value"].between(-1, 1).all()


def test_from_the_middle_of_buurten_as_well() -> None:
    """Who can reach a place follows from the buurten alone where a file tells nothing."""
    homes = pd.DataFrame({"east": [1e5, 1e5 + 400], "north": [4e5, 4e5]}, ["BU1", "BU2"])
    park = pd.DataFrame({"east": [1e5 + 100], "north": [4e5]}, ["osm/1"])
    travel = straight_line_travel(homes, park, 500, detour=1.2, own=0)
    members = pd.DataFrame({"young": [90, 10], "old": [10, 90]}, homes.index)
    near = co_accessibility(travel, binary(travel.distance, 500), members)
    scored = scored_places(near, pd.Series(["BU1"], park.index), members)
    # 100 and 100 near: 1 - H(0.9, 0.1) / ln 2.
    assert scored["score"].iloc[0] == pytest.approx(0.5310044064107187, abs=1e-12)
