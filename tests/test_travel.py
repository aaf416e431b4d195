"""Which facilities are near enough to which homes, and how far they are."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.travel import (
    counts_within,
    nearest_distance,
    straight_line_travel,
    travel_of_pairs,
)

EAST, NORTH = 100_000, 400_000


def places(named: dict) -> pd.DataFrame:
    """Return places of (metres east, metres north) from one corner."""
    table = pd.DataFrame(named, index=["east", "north"]).T.astype(float)
    return table + [EAST, NORTH]


HOMES = places({"a": (0, 0), "b": (600, 800), "c": (9000, 0), "d": (300, 400)})
SHOPS = places({"s": (0, 0), "t": (300, 400), "u": (600, 0)})


def pairs_of(travel) -> dict:
    """Return the distances by the names of home and facility."""
    names = zip(travel.origins[travel.origin], travel.facilities[travel.facility], strict=True)
    return dict(zip(names, travel.distance.tolist(), strict=True))


def test_pairs_within_the_limit_after_the_detour() -> None:
    travel = straight_line_travel(HOMES, SHOPS, 900, detour=1.5, own=0)
    # a-t 500 m as the crow flies, a-u 600, b-t 500, d-s 500, d-u 500; b-s (1,000 * 1.5) is too far.
    assert pairs_of(travel) == {
        ("a", "s"): 0.0,
        ("a", "t"): 750.0,
        ("a", "u"): 900.0,
        ("b", "t"): 750.0,
        ("d", "s"): 750.0,
        ("d", "t"): 0.0,
        ("d", "u"): 750.0,
    }
    assert travel.shape == (4, 3)
    assert np.diff(travel.starts).tolist() == [3, 1, 0, 3]


def test_equal_to_all_pairs_computed_one_by_one() -> None:
    random = np.random.default_rng(3)
    homes = pd.DataFrame(
        random.uniform(0, 5000, (300, 2)) + [EAST, NORTH], columns=["east", "north"]
    )
    shops = pd.DataFrame(
        random.uniform(0, 5000, (40, 2)) + [EAST, NORTH], columns=["east", "north"]
    )
    before = homes.copy(), shops.copy()
    travel = straight_line_travel(homes, shops, 1300, detour=1.3, own=200)
    apart = homes.to_numpy()[:, None] - shops.to_numpy()[None]
    full = np.maximum(np.hypot(apart[..., 0], apart[..., 1]) * 1.3, 200)
    near = full <= 1300
    assert len(travel.distance) == near.sum()
    np.testing.assert_allclose(travel.matrix(travel.distance).toarray(), full * near, rtol=1e-12)
    pd.testing.assert_frame_equal(homes, before[0])
    pd.testing.assert_frame_equal(shops, before[1])


def test_the_way_to_oneself_is_told() -> None:
    travel = straight_line_travel(HOMES, SHOPS, 900, detour=1, own=[120, 0, 0, 950])
    assert pairs_of(travel)["a", "s"] == 120
    assert pairs_of(travel)["a", "t"] == 500
    # All that lies in an area of which the inner way is beyond the limit is out of reach.
    assert not any(home == "d" for home, _ in pairs_of(travel))


def test_nearest_and_second_nearest() -> None:
    travel = straight_line_travel(HOMES, SHOPS, 900, detour=1, own=0)
    nearest = nearest_distance(travel, 2)
    assert nearest.loc["a"].tolist() == [0, 500]
    # b: t at 500, u at 800.
    assert nearest.loc["b"].tolist() == [500, 800]
    assert nearest.loc["c"].tolist() == [np.inf, np.inf]
    assert list(nearest.columns) == [1, 2]


def test_counts_within_radii_by_kind() -> None:
    travel = straight_line_travel(HOMES, SHOPS, 900, detour=1, own=0)
    assert counts_within(travel, [500, 900]).to_numpy().tolist() == [[2, 3], [1, 2], [0, 0], [3, 3]]
    by_kind = counts_within(travel, [500, 900], pd.Series(["x", "y", "x"], SHOPS.index))
    # a: s at 0 (x), t at 500 (y), u at 600 (x).
    assert by_kind.loc["a"].to_dict() == {
        ("x", 500): 1, ("x", 900): 2, ("y", 500): 1, ("y", 900): 1,
    }  # fmt: skip
    assert by_kind.loc["c"].sum() == 0


def test_pairs_that_were_measured_elsewhere() -> None:
    table = pd.DataFrame(
        {"origin": ["b", "a", "b", "a"], "facility": ["t", "s", "s", "t"],
         "distance": [12, 3, 7, np.inf]}
    )  # fmt: skip
    travel = travel_of_pairs(pd.Index(["a", "b", "c"]), pd.Index(["s", "t"]), table, 10)
    assert pairs_of(travel) == {("a", "s"): 3, ("b", "s"): 7}
    assert nearest_distance(travel)[1].tolist() == [3, 7, np.inf]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"origin": ["z", "b"]}, "'z', which is not one of the names"),
        ({"facility": ["s", "q"]}, "'q', which is not one of the names"),
        ({"origin": ["a", "a"]}, "twice"),
        ({"distance": [1, np.nan]}, "missing or negative"),
        ({"distance": [1, -1]}, "missing or negative"),
    ],
)
def test_bad_pairs_are_refused(change, said) -> None:
    table = pd.DataFrame({"origin": ["a", "b"], "facility": ["s", "s"], "distance": [1, 2]})
    with pytest.raises(ValueError, match=said):
        travel_of_pairs(pd.Index(["a", "b"]), pd.Index(["s"]), table.assign(**change), 10)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"limit": 0}, "a limit of 0"),
        ({"limit": np.inf}, "a limit of inf"),
        ({"detour": 0.9}, "detour is 0.9"),
        ({"own": -1.0}, "own is negative"),
        ({"own": [1.0]}, "own has 1 values for 4 origins"),
        ({"origins": pd.DataFrame({"east": [4.5, 5.1], "north": [52, 52]})}, "degrees"),
        ({"facilities": SHOPS.set_axis(["s", "s", "u"])}, "facilities has 's' twice"),
        ({"facilities": SHOPS.assign(east=np.nan)}, "3 of 3 units are missing"),
    ],
)
def test_bad_places_are_refused(change, said) -> None:
    given = {"origins": HOMES, "facilities": SHOPS, "limit": 900, "detour": 1, "own": 0} | change
    with pytest.raises(ValueError, match=said):
        straight_line_travel(**given)


def test_nothing_there_is_no_error() -> None:
    travel = straight_line_travel(HOMES, SHOPS.iloc[:0], 900, detour=1, own=0)
    assert nearest_distance(travel)[1].eq(np.inf).all()
    assert counts_within(travel, [500])[500].tolist() == [0, 0, 0, 0]


def test_bad_radii_kinds_and_k_are_refused() -> None:
    travel = straight_line_travel(HOMES, SHOPS, 900, detour=1, own=0)
    for radius, said in ((901, "beyond the limit of 900"), (0, "a limit of 0")):
        with pytest.raises(ValueError, match=said):
            counts_within(travel, [radius])
    for kinds in (["x", None, "y"], ["x", "y"], pd.Series(["x", "y", "x"])):
        with pytest.raises(ValueError, match="kinds"):
            counts_within(travel, [500], kinds)
    for k in (0, 1.5):
        with pytest.raises(ValueError, match="k is"):
            nearest_distance(travel, k)
