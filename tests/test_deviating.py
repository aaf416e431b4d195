"""Which buurten deviate with those around them, and the index over other borders."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.evidence.deviating import deviating
from analysis.evidence.frame import evidence_frame
from analysis.evidence.groups import by_key
from analysis.evidence.zoning import over_random_zones
from analysis.figures import deviation_claims, moving_claims

SIDE = 8
WHOLE = {"area_code": "GM0001", "area_name": "Dorp"}


def grid(side=SIDE):
    codes = [f"BU0001{n:04d}" for n in range(side * side)]
    boxes = [shapely.box(x, y, x + 1000, y + 1000) for x in range(0, side * 1000, 1000)
             for y in range(0, side * 1000, 1000)]  # fmt: skip
    return gpd.GeoDataFrame(geometry=boxes, index=codes, crs=28992)


def shares(values, codes, status=None):
    return evidence_frame(
        pd.DataFrame(
            {
                "area_code": codes, "area_name": codes, "year": 2024, "level": "buurt",
                "measure": "share", "group": "age_65_plus", "value": values, "source": "Bron",
                "status": status or "ok",
            }
        )
    )  # fmt: skip


def test_a_planted_corner_is_found_and_noise_is_not():
    places = grid()
    random = np.random.default_rng(4)
    noise = random.uniform(0.19, 0.21, SIDE * SIDE)
    planted = noise.copy()
    corner = [n for n in range(SIDE * SIDE) if n // SIDE < 3 and n % SIDE < 3]
    planted[corner] = 0.6
    found = deviating(shares(planted, places.index), places, **WHOLE)
    high = found[found["measure"].eq("deviates") & found["value"].eq(1)]["area_code"]
    inner = {places.index[n] for n in corner if n // SIDE < 2 and n % SIDE < 2}
    assert inner <= set(high)
    # Beyond the buurten that touch the corner nobody is said to be high.
    near = {places.index[n] for n in range(SIDE * SIDE) if n // SIDE < 4 and n % SIDE < 4}
    assert set(high) <= near
    nothing = deviating(shares(noise, places.index), places, **WHOLE)
    assert nothing[nothing["measure"].eq("deviates")]["value"].eq(0).all()
    whole = found[found["measure"].eq("morans_i")].iloc[0]
    assert whole["area_code"] == "GM0001" and whole["value"] > 0.5


def test_regions_without_share_or_outline_keep_saying_so():
    places = grid(3)
    values = [0.1, 0.2, np.nan, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    rows = shares(values, places.index, ["ok", "ok", "too_small", *["ok"] * 6])
    found = deviating(rows, places.iloc[:8], **WHOLE)
    told = found[found["measure"].eq("deviates")].set_index("area_code")["status"]
    assert told.iloc[2] == "too_small" and told.iloc[8] == "no_place"
    assert told.eq("ok").sum() == 7
    assert found[found["measure"].eq("morans_i")]["units_missing"].item() == 2


@pytest.mark.parametrize("values", [[0.2] * 9, [0.1, 0.2]])
def test_alike_or_too_few_are_not_compared(values):
    places = grid(3).iloc[: len(values)]
    found = deviating(shares(values, places.index), places, **WHOLE)
    assert found["status"].eq("not_comparable").all() and found["value"].isna().all()
    title = deviation_claims.deviating(found[found["measure"].eq("deviates")], "65-plussers")
    assert title == "Waar het aandeel 65-plussers duidelijk afwijkt, valt hier niet te zeggen"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([1.0, 1.0, 0.0], "Van de 3 buurten met cijfers is het aandeel 65-plussers in 2 duidelijk "
                          "hoger dan elders"),
        ([1.0, -1.0, 0.0], "in 1 duidelijk hoger en in 1 duidelijk lager dan elders"),
        ([0.0, 0.0, 0.0], "In geen van de 3 buurten met cijfers is het aandeel 65-plussers "
                          "duidelijk anders dan elders"),
    ],
)  # fmt: skip
def test_titles_count_who_deviates(values, says):
    assert says in deviation_claims.deviating(shares(values, list("abc")), "65-plussers")


@pytest.mark.parametrize(
    ("value", "says"), [(0.5, "lijken op elkaar"), (0.05, "nauwelijks"), (-0.5, "verschillen")]
)
def test_likeness_of_neighbours_is_told(value, says):
    row = shares([value], ["GM1"]).iloc[0]
    assert says in deviation_claims.together(row)
    assert deviation_claims.together(row.replace("ok", "not_comparable")) == ""


def town(old, wijken, side=4):
    places = grid(side)
    table = pd.DataFrame(
        {
            "gm_code": "GM0001", "wk_code": wijken, "inhabitants": 100.0,
            "n_age_65_plus": np.asarray(old, dtype=float),
        },
        index=places.index,
    )  # fmt: skip
    return table, places


def zones(table, places, **settings):
    return over_random_zones(
        table, by_key("age_65_plus"), places, year=2024, source="Bron", absent={},
        area_name="Dorp", **settings,
    ).iloc[0]  # fmt: skip


def test_wijken_drawn_around_a_group_show_more_than_other_borders():
    # The left half is old; the wijken are its left and right half, two each.
    old = [60] * 8 + [10] * 8
    table, places = town(old, [f"WK{n // 4}" for n in range(16)])
    row = zones(table, places, draws=60)
    # Wijken: 4 x 60 or 40 x 1 of 400: D = 1/2 (|240/560 - 160/1040| x 2 + ... ) by the counts:
    # x = 240, 240, 40, 40 of 560; y = 160, 160, 360, 360 of 1,040.
    expected = 0.5 * (2 * abs(240 / 560 - 160 / 1040) + 2 * abs(40 / 560 - 360 / 1040))
    assert row["value"] == pytest.approx(expected)
    assert row["interval"] == "zoning" and row["low"] <= row["high"] <= row["value"] + 1e-12
    assert (row["units"], row["level"], row["units_missing"]) == (4, "wijk", 0)
    again = zones(table, places, draws=60)
    assert (again["low"], again["high"]) == (row["low"], row["high"])


def test_one_wijk_or_a_wijk_per_buurt_has_no_other_borders():
    for wijken in (["WK1"] * 16, [f"WK{n}" for n in range(16)]):
        table, places = town(range(16), wijken)
        row = zones(table, places)
        assert row["status"] == "single_unit" and np.isnan(row["value"])


def test_titles_on_borders():
    base = {"status": "ok", "value": 0.2, "low": 0.1, "high": 0.3, "group": "a"}
    frame = pd.DataFrame([base, base | {"group": "b", "value": 0.4}])
    labels = {"a": "65-plussers", "b": "huurders"}
    assert "Van 1 van de 2 groepen" in moving_claims.on_borders(frame, labels)
    assert "die van huurders" in moving_claims.on_borders(frame, labels)
    assert "hangt niet aan" in moving_claims.on_borders(frame.iloc[:1], labels)
    assert "hangt aan waar" in moving_claims.on_borders(frame.iloc[1:], labels)
    assert "niet te zeggen" in moving_claims.on_borders(frame.iloc[:0], labels)
    less = next(frame.assign(value=0.05).itertuples())
    assert moving_claims.hangs(less) == "ja, deze wijken tonen minder"
