import geopandas as gpd
import pandas as pd
import pytest
import shapely

from analysis.sources.errors import InputError
from analysis.sources.overlap import overlaps

RD = "EPSG:28992"


def drawn(boxes: dict[str, tuple], crs: str | None = RD) -> gpd.GeoDataFrame:
    index = pd.Index(list(boxes), name="region_code")
    return gpd.GeoDataFrame(
        geometry=[shapely.box(*b) for b in boxes.values()], index=index, crs=crs
    )


FIRST = drawn({"BU00010000": (100_000, 400_000, 101_000, 401_000)})


def test_shares_are_of_either_region():
    # 250 x 1000 m is shared: 1/4 of one square km, 1/2 of half a square km.
    second = drawn({"BU00010009": (100_750, 400_000, 101_250, 401_000)})
    pair = overlaps(FIRST, second).iloc[0]
    assert (pair["from_code"], pair["to_code"]) == ("BU00010000", "BU00010009")
    assert pair["area_km2"] == pytest.approx(0.25, rel=1e-12)
    assert pair["share_from"] == pytest.approx(0.25, rel=1e-12)
    assert pair["share_to"] == pytest.approx(0.5, rel=1e-12)
    assert pair["overlap"] == pair["share_from"]


def test_neighbours_that_touch_share_nothing():
    assert overlaps(FIRST, drawn({"BU00010001": (101_000, 400_000, 102_000, 401_000)})).empty


def test_a_region_drawn_the_same_in_both_is_paired_with_itself_only():
    new = pd.concat([FIRST, drawn({"BU00010001": (100_900, 400_000, 102_000, 401_000)})])
    assert overlaps(FIRST, new)["share_from"].tolist() == pytest.approx([1.0, 0.1])
    assert overlaps(FIRST, new, skip_twins=True)["to_code"].tolist() == ["BU00010000"]


def test_degrees_are_brought_to_metres_first():
    pair = overlaps(FIRST.to_crs("EPSG:4326"), FIRST).iloc[0]
    # A projection there and back moves corners by less than a millimetre on a kilometre.
    assert pair["area_km2"] == pytest.approx(1.0, abs=1e-5)
    assert pair["overlap"] == pytest.approx(1.0, abs=1e-5)


def test_parts_of_one_region_are_put_together():
    parts = pd.concat([FIRST, drawn({"BU00010000": (102_000, 400_000, 103_000, 401_000)})])
    assert overlaps(FIRST, parts)["share_to"].tolist() == [0.5]


def test_outlines_that_cross_themselves_are_mended():
    bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    bow = shapely.transform(bow, lambda at: at * 500 + [100_000, 400_000])
    crossed = gpd.GeoDataFrame(geometry=[bow], index=["BU00010001"], crs=RD)
    # Two triangles of 1000 x 500 / 2 m2.
    assert overlaps(FIRST, crossed)["area_km2"].tolist() == pytest.approx([0.5])


def test_outlines_without_coordinate_system_or_in_hidden_degrees_are_refused():
    with pytest.raises(InputError, match="eerste grenzen zeggen niet in welk coördinatenstelsel"):
        overlaps(drawn({"BU00010000": (0, 0, 1, 1)}, crs=None), FIRST)
    with pytest.raises(InputError, match="tweede grenzen staan in graden"):
        overlaps(FIRST, drawn({"BU00010000": (4.5, 52.0, 4.6, 52.1)}))
    line = gpd.GeoDataFrame(geometry=[FIRST.geometry.iloc[0].boundary], index=["a"], crs=RD)
    with pytest.raises(InputError, match="geen vlak"):
        overlaps(line, FIRST)


def test_input_is_unchanged():
    before = FIRST.copy(deep=True)
    overlaps(FIRST, FIRST)
    assert FIRST.equals(before)
    assert FIRST.crs == before.crs
