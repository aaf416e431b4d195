"""CBS's distances beside our own."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.own_distances import beside_published
from analysis.figures import provision_claims

FACTS = {"detour": 1.0, "concept": "school_distance_km", "area_code": "GM1", "area_name": "Dorp",
         "year": 2024, "source": "Bron"}  # fmt: skip
PLACES = pd.DataFrame({"east": [100_000.0], "north": [400_000.0]}, ["s"])
CODES = [f"BU0001{n:04d}" for n in range(5)]


EAST, ONES = (0, 1000, 2000, 3000, 4000), (1, 1, 1, 1, 1)


def found(published, east=EAST, people=ONES, places=PLACES, own=0.0):
    index = pd.Index(CODES)
    homes = {"east": [100_000.0 + x for x in east], "north": 400_000.0, "own": own}
    homes = pd.DataFrame(homes, index)
    rows = beside_published(
        pd.Series(published, index, dtype=float), pd.Series(people, index, dtype=float), homes,
        places, **FACTS,
    )  # fmt: skip
    return rows.set_index("measure")


def test_the_same_distances_have_no_difference():
    rows = found([0, 1, 2, 3, 4])
    assert rows["value"].tolist() == pytest.approx([2, 2, 0, 1])
    # Weighted: 0 to 3 km once, 4 km six times: (0 + 1 + 2 + 3 + 24)/10.
    heavy = found([1, 2, 3, 4, 5], people=[1, 1, 1, 1, 6])
    assert heavy.loc["own_mean_km", "value"] == pytest.approx(3.0)
    assert heavy.loc["mean_difference_km", "value"] == pytest.approx(-1.0)


def test_the_way_inside_a_buurt_is_the_least():
    # 0 becomes 250 m, the rest is further: (0.25 + 1 + 2 + 3 + 4)/5.
    assert found([0, 1, 2, 3, 4], own=250.0).loc["own_mean_km", "value"] == pytest.approx(2.05)


def test_too_few_alike_or_without_a_place_are_not_compared():
    few = found([0, 1, 2, 3, np.nan])
    assert few["status"].eq("too_small").all() and few["units_missing"].eq(1).all()
    alike = found([2] * 5)
    assert alike.loc["correlation", "status"] == "too_small"
    assert alike.loc["mean_difference_km", "status"] == "ok"
    assert found([0, 1, 2, 3, 4], places=PLACES.iloc[:0])["status"].eq("too_small").all()


def test_titles():
    labels = {"school_distance_km": "basisschool"}
    rows = found([0, 1, 2, 3, 4]).reset_index()
    assert "hetzelfde beeld als het CBS (samenhang 1,00" in provision_claims.beside_cbs(
        rows, labels
    )
    other = found([4, 0, 3, 1, 2]).reset_index()
    assert "bij basisschool is de samenhang onder 0" in provision_claims.beside_cbs(other, labels)
    assert "niet te zeggen" in provision_claims.beside_cbs(rows.iloc[:0], labels)
