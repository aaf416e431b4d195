from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.siting import chosen_sites, closing_rows, siting_curve
from analysis.measures.criticality import criticality
from analysis.measures.siting import fairest_cover, max_cover, p_median, set_cover
from analysis.measures.travel import straight_line_travel

AREA = pd.Series({"area_code": "GM9901", "area_name": "V", "year": 2024, "level": "gemeente"})


def places(east):
    return pd.DataFrame({"east": [100_000.0 + one for one in east], "north": 400_000.0})


def on_a_line():
    # Homes at 0, 100, 1000, 1100 and 5000 m; sites at 50 (a), 1050 (b), 550 (c) m.
    sites = places([50, 1050, 550]).set_axis(list("abc"))
    travel = straight_line_travel(places([0, 100, 1000, 1100, 5000]), sites, 500, detour=1, own=0)
    return travel, pd.Series([10.0, 20.0, 5.0, 5.0, 7.0])


def test_one_and_two_places_on_a_line():
    travel, people = on_a_line()
    found = max_cover(travel, people, [0, 1, 2])
    # c reaches 100 and 1000 m (25), a the first two (30), b the next two (10).
    assert found.value.tolist() == [0, 30, 40]
    assert found.chosen[1].tolist() == ["a"]
    assert found.chosen[2].tolist() == ["a", "b"]


def test_existing_places_stay_and_are_not_counted_by_k():
    travel, people = on_a_line()
    found = max_cover(travel, people, [0, 1], existing=["a"])
    assert found.value.tolist() == [30, 40]
    assert found.chosen[1].tolist() == ["b"]
    assert found.chosen[0].empty


def test_fewest_places_for_all_who_can_be_reached():
    travel, people = on_a_line()
    chosen, unreached = set_cover(travel, people)
    assert chosen.tolist() == ["a", "b"]
    assert unreached == 7
    assert set_cover(travel, people, existing=["a"])[0].tolist() == ["b"]
    assert set_cover(travel, people, existing=["a", "b"])[0].empty


def test_fairest_goes_to_the_group_that_is_covered_least():
    travel, people = on_a_line()
    groups = pd.DataFrame({"west": [10.0, 20, 0, 0, 0], "east": [0.0, 0, 5, 5, 7]})
    found = fairest_cover(travel, groups, [1, 2])
    # One place: only c reaches both groups: min(20 / 30, 5 / 17). Two: a + b: min(1, 10 / 17).
    assert found.value.tolist() == pytest.approx([5 / 17, 10 / 17])
    assert found.chosen[1].tolist() == ["c"]
    empty = fairest_cover(travel, groups.assign(nobody=0.0), [1])
    assert empty.value[1] == pytest.approx(5 / 17)
    assert fairest_cover(travel, groups * 0, [1]).value.isna().all()


def test_mean_distance_with_the_limit_for_who_is_further():
    travel, people = on_a_line()
    found = p_median(travel, people, [0, 1])
    assert found.value[0] == 500
    # a: (30 * 50 + 17 * 500) / 47
    assert found.value[1] == pytest.approx((30 * 50 + 17 * 500) / 47)
    assert p_median(travel, people * 0, [1]).value.isna().all()


def test_closing_costs_who_has_no_other():
    travel, people = on_a_line()
    found = criticality(travel, people)
    # Only a reaches 0 m, only b 1100 m; 100 m has c at 450, 1000 m too.
    assert found["people_lost"].tolist() == [10, 5, 0]
    assert found["people_nearest"].tolist() == [30, 10, 0]
    # a: 10 * (500 - 50) + 20 * (450 - 50)
    assert found["longer_way"].tolist() == [12_500, 4_250, 0]


def random_case(n, m, limit):
    rng = np.random.default_rng(5)
    homes, sites = (
        pd.DataFrame({
            "east": 100_000 + rng.uniform(0, 10_000, size),
            "north": 400_000 + rng.uniform(0, 10_000, size),
        })
        for size in (1000, 300)
    )  # fmt: skip
    people = pd.Series(rng.integers(1, 100, 1000).astype(float))
    return straight_line_travel(homes[:n], sites[:m], limit, detour=1, own=0), people[:n]


def test_same_optimum_as_the_peer():
    # spopt 0.7.0 with CBC: MCLP of 1,000 points and 300 sites within 800 m, and PMedian.
    travel, people = random_case(1000, 300, 800)
    assert max_cover(travel, people, [1, 2, 3]).value.tolist() == [1779, 3446, 5080]
    assert len(set_cover(travel, people)[0]) == 72
    travel, people = random_case(100, 30, 20_000)
    found = p_median(travel, people, [1, 2, 3]).value
    assert found.tolist() == pytest.approx(
        [4168.6917280805455, 3024.5238020986944, 2350.934028895339], rel=1e-9
    )


@pytest.mark.parametrize("existing", [[], [3, 8]])
def test_best_of_all_pairs(existing):
    travel, people = random_case(60, 12, 3000)
    far = np.full((60, 12), np.inf)
    far[travel.origin, travel.facility] = travel.distance
    free = [one for one in range(12) if one not in existing]
    every = [[*existing, *pair] for pair in combinations(free, 2)]
    nearest = [np.minimum(far[:, pair].min(axis=1), 3000) for pair in every]
    covered = [(far[:, pair].min(axis=1) <= 3000) @ people for pair in every]
    mean = [people @ one / people.sum() for one in nearest]
    assert max_cover(travel, people, [2], existing=existing).value[2] == max(covered)
    found = p_median(travel, people, [2], existing=existing).value[2]
    assert found == pytest.approx(min(mean), rel=1e-9)


def test_more_places_never_cover_less_and_inputs_stay():
    travel, people = random_case(60, 12, 2000)
    before = people.copy(), travel.distance.copy()
    value = max_cover(travel, people, range(13)).value
    assert value.is_monotonic_increasing
    reached = np.diff(travel.starts) > 0
    assert value[12] == people[reached].sum()
    pd.testing.assert_series_equal(people, before[0])
    assert (travel.distance == before[1]).all()


def test_what_cannot_be_is_refused():
    travel, people = on_a_line()
    with pytest.raises(ValueError, match="from 0 to 3"):
        max_cover(travel, people, [4])
    with pytest.raises(ValueError, match="from 0 to 2"):
        max_cover(travel, people, [3], existing=["a"])
    with pytest.raises(ValueError, match="not in travel"):
        max_cover(travel, people, [1], existing=["z"])
    with pytest.raises(ValueError, match="on the origins"):
        max_cover(travel, people[:3], [1])
    with pytest.raises(ValueError, match="on the origins"):
        criticality(travel, people[:3])
    with pytest.raises(ValueError):
        max_cover(travel, -people, [1])


def test_curve_as_evidence():
    travel, people = on_a_line()
    groups = pd.DataFrame({"west": [10.0, 20, 0, 0, 0], "east": [0.0, 0, 5, 5, 7]})
    rows = siting_curve(travel, groups, 2, facility="gp", area=AREA, source="s", existing=["a"])
    share = rows[rows["measure"].eq("share_within_limit")]
    assert share["group"].tolist() == ["gp | k=0", "gp | k=1", "gp | k=2"]
    assert share["value"].tolist() == pytest.approx([30 / 47, 40 / 47, 40 / 47])
    assert share["units"].tolist() == [1, 2, 3]
    last = rows[rows["measure"].eq("places_for_all")].iloc[0]
    assert last["value"] == 1
    assert last["population_covered"] == pytest.approx(40 / 47)
    assert set(rows["status"]) == {"ok"}
    nobody = siting_curve(travel, groups * 0, 1, facility="gp", area=AREA, source="s")
    assert set(nobody["status"]) == {"no_population"}
    with pytest.raises(ValueError, match="unknown"):
        siting_curve(travel, groups, 1, facility="gp", area=AREA, source="s", goals=["best"])
    assert chosen_sites(travel, groups, 1)["site"].tolist() == ["a"]


def test_closing_as_evidence():
    travel, people = on_a_line()
    names = pd.Series({"a": "A", "b": "B", "c": "C"})
    rows = closing_rows(travel, people, names, facility="gp", area=AREA, source="s")
    lost = rows[rows["measure"].eq("people_lost_on_closing")]
    assert lost["group"].tolist() == ["gp | A", "gp | B", "gp | C"]
    assert lost["value"].tolist() == [10, 5, 0]
    longer = rows[rows["measure"].eq("longer_way_on_closing")]
    assert longer["status"].tolist() == ["ok", "ok", "group_absent"]
    assert longer["value"].iloc[0] == pytest.approx(12_500 / 30)
