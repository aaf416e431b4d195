import numpy as np
import pandas as pd
import pytest
from region_samples import region_table

from analysis.evidence.provision import ALL_KINDS, count_by_kind, densities, nearness
from analysis.figures import provision_claims

SETTINGS = {"level": "wijk", "year": 2024, "source": "Bron"}


def counted(table, **kinds) -> pd.DataFrame:
    return pd.DataFrame(kinds, index=table.index)


def by_measure(rows) -> dict[str, pd.DataFrame]:
    return {name: of.reset_index(drop=True) for name, of in rows.groupby("measure")}


# Density


def test_density_with_the_exact_poisson_interval():
    # 4 facilities: [1.0899, 10.2416]; per 1,000 of 2,000 people, per km2 of 4 km2.
    # None: [0, -ln .025 = 3.6889].
    table = region_table([2000, 1000], level="wijk", land_area_km2=[4, 2])
    found = by_measure(densities(table, counted(table, school=[4, 0]), **SETTINGS))
    assert found["facility_count"]["value"].tolist() == [4, 0]
    people, land = found["density_per_1000"], found["density_per_km2"]
    assert people["value"].tolist() == [2, 0]
    assert people["low"].tolist() == pytest.approx([1.0899 / 2, 0], abs=1e-4)
    assert people["high"].tolist() == pytest.approx([10.2416 / 2, 3.6889], abs=1e-4)
    assert land["value"].tolist() == [1, 0]
    assert land["low"].tolist() == pytest.approx([1.0899 / 4, 0], abs=1e-4)
    assert land["high"].tolist() == pytest.approx([10.2416 / 4, 3.6889 / 2], abs=1e-4)
    for rows in (people, land):
        assert rows["interval"].eq("poisson 95%").all() and rows["status"].eq("ok").all()
        assert rows["group"].eq("school").all()
        assert rows["area_name"].tolist() == ["Plek A", "Plek B"]


@pytest.mark.parametrize(("people", "status"), [(49, "too_small"), (50, "ok")])
def test_few_people_are_too_few_per_1000_and_not_per_km2(people, status):
    table = region_table([people], level="wijk", land_area_km2=[1])
    found = by_measure(densities(table, counted(table, school=[1]), **SETTINGS))
    row = found["density_per_1000"].iloc[0]
    assert row["status"] == status
    assert row[["value", "low", "high"]].isna().all() == (status != "ok")
    assert found["density_per_km2"]["status"].tolist() == ["ok"]
    assert found["facility_count"]["value"].tolist() == [1]


@pytest.mark.parametrize("land", [{}, {"land_area_km2": [np.nan]}, {"land_area_km2": [0]}])
def test_without_a_land_area_nothing_is_said_per_km2(land):
    table = region_table([500], level="wijk", **land)
    found = by_measure(densities(table, counted(table, school=[1]), **SETTINGS))
    assert found["density_per_km2"]["status"].tolist() == ["not_published"]
    assert found["density_per_km2"][["value", "low", "high"]].isna().all(axis=None)
    assert found["density_per_1000"]["status"].tolist() == ["ok"]


def test_where_nobody_looked_is_not_zero():
    table = region_table([500, 500], level="wijk", land_area_km2=[1, 1])
    rows = densities(table, counted(table, school=[np.nan, 0]), **SETTINGS)
    for found in by_measure(rows).values():
        assert found["status"].tolist() == ["not_comparable", "ok"]
        assert np.isnan(found["value"][0]) and found["value"][1] == 0


def test_the_name_of_a_gemeente_is_its_own():
    table = region_table([500], level="gemeente")
    rows = densities(table, counted(table, school=[1]), **{**SETTINGS, "level": "gemeente"})
    assert rows["area_name"].eq("Stad 1").all() and rows["level"].eq("gemeente").all()


def test_no_kinds_are_no_rows():
    table = region_table([500], level="wijk")
    assert densities(table, counted(table), **SETTINGS).empty


# Counting


def test_points_are_counted_per_region_and_kind_with_zeros_where_there_is_none():
    points = pd.DataFrame(
        {
            "kind": ["school", "huisarts", "school", "school", "buurthuis"],
            "wijk_code": ["WK900100", "WK900100", "WK900101", "WK999999", np.nan],
        }
    )
    codes = pd.Index(["WK900102", "WK900101", "WK900100"])
    found = count_by_kind(points, codes, "wijk_code")
    assert found.index.tolist() == codes.tolist()
    assert found.columns.tolist() == ["school", "huisarts", ALL_KINDS]
    assert found.to_numpy().tolist() == [[0, 0, 0], [1, 0, 1], [1, 1, 2]]


def test_no_point_in_any_region_is_zero_everywhere():
    points = pd.DataFrame({"kind": ["school"], "wijk_code": ["WK999999"]})
    found = count_by_kind(points, pd.Index(["WK900100"]), "wijk_code")
    assert found.columns.tolist() == [ALL_KINDS] and found[ALL_KINDS].tolist() == [0]


# Nearness


def near(table, absent=None) -> pd.Series:
    rows = nearness(
        table, "gp_distance_km", area_code="GM9001", area_name="Stad 1", level="buurt",
        year=2024, source="Bron", absent=absent or {},
    )  # fmt: skip
    assert len(rows) == 1
    return rows.iloc[0]


def test_the_mean_distance_is_one_over_people():
    # (300 x 1 + 100 x 2) / 400; the mean of the regions would be 1.5.
    row = near(region_table([300, 100], gp_distance_km=[1, 2]))
    assert row["value"] == pytest.approx(1.25)
    assert row[["measure", "group", "status", "units", "units_missing"]].tolist() == [
        "mean_distance", "gp_distance_km", "ok", 2, 0,
    ]  # fmt: skip
    assert row["median_unit_size"] == 200


@pytest.mark.parametrize(("without", "status"), [(100, "ok"), (101, "suppressed")])
def test_regions_without_a_distance_are_counted_and_withhold_it_when_many(without, status):
    row = near(region_table([300, 100, without], gp_distance_km=[1, 2, np.nan]))
    assert row["status"] == status and row["units_missing"] == 1 and row["units"] == 2
    assert row["population_covered"] == pytest.approx(400 / (400 + without))
    assert np.isnan(row["value"]) == (status != "ok")


@pytest.mark.parametrize("reason", ["not_published", "does_not_exist"])
def test_a_distance_that_the_table_does_not_have_gives_its_reason(reason):
    row = near(region_table([300, 100]), {"gp_distance_km": reason})
    assert row["status"] == reason and np.isnan(row["value"]) and row["units"] == 0


def test_the_tables_given_stay_as_they_were():
    table = region_table([300, 30], level="wijk", land_area_km2=[1, 0], gp_distance_km=[1, 2])
    numbers = counted(table, school=[1, 2])
    kept = table.copy(), numbers.copy()
    densities(table, numbers, **SETTINGS)
    near(table)
    pd.testing.assert_frame_equal(table, kept[0])
    pd.testing.assert_frame_equal(numbers, kept[1])


def test_a_region_of_a_few_people_does_not_lead_a_title():
    rows = pd.DataFrame(
        {"area_name": ["Haven", "Dorp", "Stad"], "level": "wijk", "status": "ok",
         "value": [1642.0, 12.0, 8.0], "low": [900.0, 10.0, 7.0],
         "median_unit_size": [140.0, 5000.0, 90_000.0]}
    )  # fmt: skip
    whole = pd.Series({"value": 9.0, "status": "ok", "area_name": "Rotterdam"})
    said = provision_claims.most_per_head(rows, whole)
    assert said == (
        "Dorp heeft van de wijken met 200 inwoners of meer de meeste voorzieningen per 1.000 "
        "inwoners: 12,00, tegen 9,00 in heel Rotterdam"
    )
    far = rows.assign(value=[10.0, 3.0, 0.5])
    told = provision_claims.farthest(far, whole.mask(whole.eq(9.0), 0.6), "supermarkt")
    assert told == (
        "In Dorp is een supermarkt het verst van de wijken met 200 inwoners of meer: 3,0 km, tegen "
        "0,6 km in heel Rotterdam"
    )
    # Of a single region with 200 inhabitants nothing can be the farthest: the smaller is named.
    alone = far.assign(median_unit_size=[100.0, 5000.0, 90.0])
    told = provision_claims.farthest(alone, whole.mask(whole.eq(9.0), 0.6), "supermarkt")
    first = far["area_name"].iloc[0]
    assert told.startswith(f"In {first} is een supermarkt het verst: 10,0 km, tegen 0,6 km")
