"""How far people walk, what they share, and how much there is for whom: evidence rows."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.competition import AGREEMENT, NOTHING, SHARED, shared_supply_rows
from analysis.evidence.nearby import BEYOND, FAR, MEDIAN, NUMBER, SECOND, nearby_rows
from analysis.evidence.provision import density_for_whom
from analysis.evidence.reach import DETOUR, nearest_way
from analysis.figures import nearby_claims
from analysis.measures.travel import straight_line_travel

HOMES = pd.DataFrame({"east": [100_000.0, 100_500, 101_200, 104_000], "north": 400_000.0},
                     ["a", "b", "c", "d"])  # fmt: skip
PEOPLE = pd.Series([500.0, 300, 100, 100], HOMES.index)
AREA = pd.Series({"area_code": "GM1", "area_name": "Dorp", "year": 2024, "level": "buurt"})


def travel(east, limit=2000.0):
    places = pd.DataFrame({"east": east, "north": 400_000.0}, [f"p{n}" for n in range(len(east))])
    return straight_line_travel(HOMES, places, limit, detour=1, own=0)


def rows(travels, coarse=False):
    return nearby_rows(
        travels, PEOPLE, area=AREA, source="Bron", coarse=coarse, missing=2, covered=0.9
    )


def test_the_nearest_place_over_people():
    found = rows({"gp": travel([100_000.0, 100_100])}).set_index("measure")["value"]
    # Walks of 0, 400, 1,100 m and none: 500 people are at 0, and 900 of 1,000 within 1,100.
    assert found[MEDIAN] == 0 and found[FAR] == 1100
    # c (1,100 m) and d; the second place is 100, 500 and 1,200 m away.
    assert found[BEYOND] == 0.2 and found[SECOND] == 0.2
    # Two within a walk of a and b, none of c and d: 2 x 800 / 1,000.
    assert found[NUMBER] == 1.6


def test_what_is_too_far_to_say_is_said():
    found = rows({"gp": travel([104_000.0])}).set_index("measure")
    assert found.loc[MEDIAN, "status"] == "beyond_limit" and np.isnan(found.loc[MEDIAN, "value"])
    assert found.loc[BEYOND, "value"] == 0.9 and found.loc[BEYOND, "status"] == "ok"
    assert rows({"gp": travel([100_000.0])}, coarse=True)["status"].eq("coarse_origin").all()


def shared(east, wijk=("w1", "w1", "w2", None), people=PEOPLE):
    names = pd.Series({"w1": "Een", "w2": "Twee", "w3": "Leeg"})
    return shared_supply_rows(
        travel(east, 2500.0), people, pd.Series(wijk, HOMES.index, dtype="str"), names, kind="gp",
        year=2024, source="Bron", coarse=False,
        whole=pd.Series({"area_code": "GM1", "area_name": "Dorp"}),
    )  # fmt: skip


def test_a_place_is_shared_by_all_who_can_come():
    found = shared([100_000.0]).set_index(["measure", "area_code"])
    # Weights 1 (0 m), 1 (500 m), 0.22 (1,200 m): 1 / (500 + 300 + 22) each, times the weight.
    each = 1000 / 822
    assert found.loc[(SHARED, "w1"), "value"] == pytest.approx(each)
    assert found.loc[(SHARED, "w2"), "value"] == pytest.approx(0.22 * each)
    # Nobody lives in the third; the home outside shares and is not told of.
    assert found.loc[(SHARED, "w3"), "status"] == "too_small"
    assert found.loc[[AGREEMENT], "status"].eq("too_small").all()


def test_nothing_in_reach_is_nothing_and_not_unknown():
    found = shared([104_000.0]).set_index(["measure", "area_code"])
    assert found.loc[(SHARED, "w1"), "value"] == 0 and found.loc[(SHARED, "w1"), "status"] == "ok"
    # So in both wijken where people live.
    assert found.loc[(NOTHING, "GM1"), "value"] == 2


def test_the_order_of_wijken_is_told_to_hold_or_not():
    wijk = ("w1", "w2", "w3", None)
    found = shared([100_000.0], wijk)
    agreed = found[found["measure"].eq(AGREEMENT)].set_index("group")["value"]
    # From near to far in all three: a (0 m), b (500), c (1,200).
    assert agreed["gp | further"] == pytest.approx(1)
    assert "ongeveer dezelfde" in nearby_claims.holds(found) or agreed.min() < 0.6
    assert "te weinig wijken" in nearby_claims.holds(shared([100_000.0]))


def test_density_of_those_whom_it_serves():
    region = pd.Series({"gm_name": "Dorp", "n_age_0_14": 2000.0, "n_age_65_plus": 40.0}, name="GM1")
    served = {"school": "n_age_0_14", "home": "n_age_65_plus", "youth": "n_age_15_24"}
    found = density_for_whom(
        region, pd.Series({"school": 4, "home": 1, "youth": 1}), served, level="gemeente",
        year=2024, source="Bron",
    ).set_index("group")  # fmt: skip
    school = found.loc["school | n_age_0_14"]
    # 4 of 2,000 is 2 per 1,000; Garwood's interval of 4 is 1.09 to 10.24, halved.
    assert school["value"] == 2 and school["low"] == pytest.approx(0.545, abs=0.001)
    assert school["high"] == pytest.approx(5.121, abs=0.001)
    assert found["status"].tolist() == ["ok", "too_small", "not_published"]


def test_the_way_to_the_nearest_inside_an_area():
    # 1 km2 with four places: half the root of 250,000 m2 is 250 m, and the detour.
    found = nearest_way(pd.Series([1e6, 1e6]), pd.Series([4, 0]))
    assert found.tolist() == pytest.approx([250 * DETOUR, 500 * DETOUR])


@pytest.mark.parametrize(
    ("beyond", "says"),
    [
        ([0.4, 0.1], "40% van de inwoners woont verder dan 1 km lopen van een bieb, 10% van een"),
        ([0.0, 0.0], "voor alle inwoners"),
        ([0.2, 0.2], "20% van de inwoners woont verder"),
        ([np.nan, np.nan], "niet te zeggen"),
    ],
)
def test_titles_on_walks(beyond, says):
    table = pd.DataFrame({"measure": BEYOND, "group": ["l", "g"], "value": beyond})
    assert says in nearby_claims.nearest(table, {"l": "Bieb", "g": "Huisarts"})


def test_titles_on_what_is_shared():
    found = shared([100_000.0])
    assert "in Een is er" in nearby_claims.shared(found, "Huisarts", "inwoners")
    none = found.assign(value=found["value"].where(found["area_code"].ne("w2"), 0.0))
    assert "in één wijk is er niets" in nearby_claims.shared(none, "Huisarts", "inwoners")
    one = found[found["area_code"].ne("w2")]
    assert "niet per wijk" in nearby_claims.shared(one, "Huisarts", "inwoners")
    even = found.assign(value=found["value"].where(found["value"].isna(), 1.0))
    assert "even veel" in nearby_claims.shared(even, "Huisarts", "inwoners")
