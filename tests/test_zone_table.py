import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import all_regions
from analysis.sources.zone_table import zone_outlines, zone_table
from analysis.sources.zoning import Zoning, read_zoning

A, B, C, PARK = (f"BU0637010{n}" for n in range(4))
N, Z = "EG0637-01", "EG0637-02"
ZONING = Zoning(
    members=pd.DataFrame({"area_code": [N, N, Z, N], "share": np.nan}, index=[A, B, C, PARK]),
    names=pd.Series({N: "Noord", Z: "Zuid"}),
    label="gebieden.csv",
    problems=pd.DataFrame(),
)


def buurten(**columns) -> pd.DataFrame:
    table = pd.DataFrame(
        {"gm_name": "Zoetermeer", "inhabitants": [100.0, 300.0, 50.0, np.nan]} | columns,
        index=pd.Index([A, B, C, PARK], name="region_code"),
    )
    return table


def of(codebook, **columns):
    return zone_table(buurten(**columns), ZONING, codebook)


def test_counts_and_land_are_summed(codebook):
    found = of(codebook, n_men=[40.0, 150.0, 0.0, np.nan], land_area_km2=[1.0, 2.0, 0.5, 3.0])
    table = found.table
    assert table["inhabitants"].to_dict() == {N: 400.0, Z: 50.0}
    assert table["n_men"].to_dict() == {N: 190.0, Z: 0.0}
    # The park has land and nobody.
    assert table["land_area_km2"].to_dict() == {N: 6.0, Z: 0.5}
    assert table["n_buurten"].to_dict() == {N: 2, Z: 1}
    assert table["region_name"].to_dict() == {N: "Noord", Z: "Zuid"}
    assert table["gm_code"].unique().tolist() == ["GM0637"]
    assert table["gm_name"].unique().tolist() == ["Zoetermeer"]
    assert table.index.name == "region_code"
    assert (found.status == "").all(axis=None)


def test_density_is_made_from_its_parts(codebook):
    found = of(codebook, land_area_km2=[1.0, 2.0, 0.5, 3.0], inhabitants_per_km2=[9.0] * 4).table
    # 400 / 6 and 50 / 0.5.
    assert found["inhabitants_per_km2"].tolist() == pytest.approx([400 / 6, 100.0])


def test_shares_go_through_their_denominator(codebook):
    found = of(
        codebook,
        n_households=[50.0, 150.0, 25.0, np.nan],
        share_low_income_households=[0.5, 0.1, 0.2, np.nan],
    ).table["share_low_income_households"]
    # (25 + 15) / 200
    assert found.to_dict() == pytest.approx({N: 0.2, Z: 0.2})


def test_distances_are_means_over_people_and_values_of_homes_are_withheld(codebook):
    found = of(
        codebook,
        gp_distance_km=[1.0, 2.0, 0.5, np.nan],
        schools_within_3km=[4.0, 8.0, 2.0, np.nan],
        woz_value_eur=[200.0, 300.0, 400.0, np.nan],
        household_size=[2.0, 2.0, 2.0, np.nan],
    )
    # (100 * 1 + 300 * 2) / 400 and (400 + 2400) / 400
    assert found.table["gp_distance_km"].tolist() == pytest.approx([1.75, 0.5])
    assert found.table["schools_within_3km"].tolist() == pytest.approx([7.0, 2.0])
    withheld = ["woz_value_eur", "household_size"]
    assert found.table[withheld].isna().all(axis=None)
    assert (found.status[withheld] == "not_convertible").all(axis=None)


def test_what_is_known_for_too_few_people_is_not_given(codebook):
    # In Noord 300 of 400 people, under nine tenths.
    found = of(codebook, gp_distance_km=[np.nan, 2.0, 0.5, np.nan], n_men=[np.nan, 1.0, 2.0, 0.0])
    assert found.coverage["gp_distance_km"].to_dict() == {N: 0.75, Z: 1.0}
    assert found.table["gp_distance_km"].isna().tolist() == [True, False]
    assert found.status["gp_distance_km"].to_dict() == {N: "suppressed", Z: ""}
    assert found.status["n_men"].to_dict() == {N: "suppressed", Z: ""}
    found = of(codebook, inhabitants=[20.0, 380.0, 50.0, 0.0],
               gp_distance_km=[np.nan, 2.0, 0.5, np.nan])  # fmt: skip
    assert found.table["gp_distance_km"].to_dict() == {N: 2.0, Z: 0.5}
    assert found.coverage["gp_distance_km"].to_dict() == {N: 0.95, Z: 1.0}


def test_a_share_rests_on_the_households_of_which_it_is_known(codebook):
    found = of(
        codebook,
        inhabitants=[20.0, 380.0, 50.0, 0.0],
        n_households=[10.0, 200.0, 25.0, np.nan],
        share_low_income_households=[np.nan, 0.1, 0.2, np.nan],
    )
    # 20 of 200, and not 20 of 210.
    assert found.table["share_low_income_households"].to_dict() == pytest.approx({N: 0.1, Z: 0.2})
    assert found.coverage.loc[N, "share_low_income_households"] == 0.95


def test_why_a_figure_is_missing(codebook):
    found = of(
        codebook,
        n_men=[np.nan] * 4,
        share_owner_occupied=[0.5, 0.5, 0.5, np.nan],
        share_rented=[np.nan] * 4,
    ).status
    assert set(found["n_men"]) == {"not_published"}
    assert set(found["share_owner_occupied"]) == {"no_denominator"}
    assert set(found["share_rented"]) == {"not_published"}


def test_zoning_without_buurten_of_the_table_is_refused(codebook):
    with pytest.raises(InputError, match="gebieden.csv heeft een bewoonde buurt"):
        zone_table(buurten().loc[[PARK]], ZONING, codebook)


def test_input_is_unchanged(codebook):
    table = buurten(n_men=[1.0, 2.0, 3.0, np.nan])
    before = table.copy(deep=True)
    zone_table(table, ZONING, codebook)
    pd.testing.assert_frame_equal(table, before)


def test_outlines_are_those_of_the_buurten_together():
    boxes = [shapely.box(n, 0, n + 1, 1) for n in range(4)]
    codes = pd.Index([A, B, C, PARK], name="region_code")
    drawn = gpd.GeoDataFrame(geometry=boxes, index=codes, crs="EPSG:28992")
    found = zone_outlines(drawn, ZONING)
    assert found["name"].to_dict() == {N: "Noord", Z: "Zuid"}
    assert found.area.to_dict() == {N: 3.0, Z: 1.0}
    assert found.index.name == "region_code"


def test_real_stadsdelen_add_up_to_the_gemeente(shared, real_release, codebook):
    release = real_release(2024)
    rows = all_regions(release, "buurt", "GM0363")
    file = shared / "data" / "boundaries" / "buurten_amsterdam_2022.gpkg"
    found = zone_table(rows, read_zoning(file, "GM0363", rows, column="Stadsdeel"), codebook)
    assert len(found.table) == 9
    # Rounded buurten, and one code of 2022 that is gone in 2024.
    assert found.table["inhabitants"].sum() == rows["inhabitants"].sum() == 931_300
    assert release.table.loc["GM0363", "inhabitants"] == 931_298
    assert set(found.status["woz_value_eur"]) == {"not_convertible"}
    # The harbour is far from everything.
    assert found.table["gp_distance_km"].idxmax() == "EG0363-B"
