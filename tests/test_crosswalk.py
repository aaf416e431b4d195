import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.sources.change_flags import flags_between
from analysis.sources.crosswalk import crosswalk
from analysis.sources.errors import InputError
from analysis.sources.regions import is_level

RD = "EPSG:28992"
A, B, C, D = "BU00010000", "BU00010001", "BU00010002", "BU00010003"
GAP = {2022: None}
CHANGED = {2022: pd.Series("3", index=[A, B, C, D])}


def drawn(boxes: dict[str, tuple]) -> gpd.GeoDataFrame:
    """Return boxes of (left, right) in units of 100 m, all 1 km high."""
    shapes = [
        shapely.box(100_000 + 100 * left, 400_000, 100_000 + 100 * right, 401_000)
        for left, right in boxes.values()
    ]
    return gpd.GeoDataFrame(geometry=shapes, index=pd.Index(list(boxes)), crs=RD)


def people(*codes: str, inhabitants: float = 100.0) -> pd.DataFrame:
    return pd.DataFrame({"inhabitants": inhabitants}, index=pd.Index(codes, name="region_code"))


def flows(walk: pd.DataFrame) -> dict:
    """Return (from, to) -> weight of what goes somewhere."""
    moved = walk[walk["weight"] > 0]
    keys = zip(moved["from_code"], moved["to_code"].fillna("-"), strict=True)
    return dict(zip(keys, moved["weight"].round(9), strict=True))


def labels(walk: pd.DataFrame) -> dict[str, str]:
    return dict(walk.dropna(subset="to_code").groupby("to_code")["label"].first())


def whys(walk: pd.DataFrame) -> dict[str, str]:
    return dict(walk.dropna(subset="to_code").groupby("to_code")["why"].first())


# ------------------------------------------------------------------------------- flags


def test_flags_alone_measure_when_no_table_is_missing():
    flags = {2022: pd.Series({A: "1", B: "1"}), 2023: pd.Series({A: "1", B: "3"})}
    walk = crosswalk(people(A, B), people(A, B, C), flags)
    assert labels(walk) == {A: "measured", B: "not_comparable", C: "not_comparable"}
    assert whys(walk) == {A: "flags", B: "changed", C: "changed"}
    assert flows(walk) == {(A, A): 1.0, (B, "-"): 1.0}


def test_nothing_is_measured_when_a_table_is_missing_and_there_are_no_outlines():
    walk = crosswalk(people(A), people(A), {2022: None, 2023: pd.Series({A: "1"})})
    assert labels(walk) == {A: "not_comparable"}
    assert whys(walk) == {A: "table_missing"}


def test_one_year_is_itself():
    walk = crosswalk(people(A, B), people(A, B), {})
    assert labels(walk) == {A: "measured", B: "measured"}
    assert flows(walk) == {(A, A): 1.0, (B, B): 1.0}


# ---------------------------------------------------------------------------- outlines


@pytest.mark.parametrize(("right", "label"), [(10.9, "measured"), (11.2, "converted")])
def test_both_outlines_must_hold_nine_tenths_of_each_other(right, label):
    # 10 of 10.9 is 0.917; 10 of 11.2 is 0.893.
    walk = crosswalk(people(A), people(A), GAP, drawn({A: (0, 10)}), drawn({A: (0, right)}))
    assert labels(walk)[A] == ("not_comparable" if label == "converted" else label)
    # Of the larger outline 0.107 comes from ground of which nothing is known.
    assert whys(walk)[A] == ("partly_covered" if label == "converted" else "same_boundary")


def test_same_ground_under_another_code_is_recoded_and_the_old_code_elsewhere_is_not_joined():
    old, new = drawn({A: (0, 10), B: (10, 20)}), drawn({B: (0, 10), C: (10, 20)})
    walk = crosswalk(people(A, B), people(B, C), GAP, old, new)
    assert labels(walk) == {B: "recoded", C: "recoded"}
    assert flows(walk) == {(A, B): 1.0, (B, C): 1.0}


def test_a_flag_that_says_changed_is_not_overruled_by_outlines():
    flags = {2022: None, 2023: pd.Series({A: "3"})}
    walk = crosswalk(people(A), people(A), flags, drawn({A: (0, 10)}), drawn({A: (0, 10)}))
    assert labels(walk) == {A: "converted"}
    assert flows(walk) == {(A, A): 1.0}


def test_what_is_left_over_is_converted_by_ground():
    old, new = drawn({A: (0, 10), B: (10, 20)}), drawn({C: (0, 4), D: (4, 20)})
    walk = crosswalk(people(A, B), people(C, D), GAP, old, new)
    assert flows(walk) == {(A, C): 0.4, (A, D): 0.6, (B, D): 1.0}
    assert labels(walk) == {C: "converted", D: "converted"}
    assert set(walk["why"]) == {"area"}


def test_a_region_that_took_in_a_small_one_is_not_the_same():
    # A is 0.95 of the new A, but the people of B live there too.
    old, new = drawn({A: (0, 19), B: (19, 20)}), drawn({A: (0, 20)})
    walk = crosswalk(people(A, B), people(A), GAP, old, new)
    assert labels(walk) == {A: "converted"}
    assert flows(walk) == {(A, A): 1.0, (B, A): 1.0}
    empty = pd.concat([people(A), people(B, inhabitants=0.0)])
    assert labels(crosswalk(empty, people(A), GAP, old, new)) == {A: "measured"}


def test_a_region_that_gave_off_a_small_one_is_not_the_same():
    old, new = drawn({A: (0, 20)}), drawn({A: (0, 19), B: (19, 20)})
    walk = crosswalk(people(A), people(A, B), GAP, old, new)
    assert labels(walk) == {A: "converted", B: "converted"}
    assert flows(walk) == {(A, A): 0.95, (A, B): 0.05}


def test_ground_outside_every_target_is_kept_in_sight():
    old, new = drawn({A: (0, 10)}), drawn({C: (0, 3), D: (3, 6)})
    walk = crosswalk(people(A), people(C, D), GAP, old, new)
    assert flows(walk) == {(A, C): 0.3, (A, D): 0.3, (A, "-"): 0.4}
    left = walk[walk["to_code"].isna()].iloc[0]
    assert (left["label"], left["why"]) == ("outside", "outside")


def test_ground_where_nobody_lives_carries_nobody():
    # The new D has an outline and no row: a park in the same gemeente.
    old, new = drawn({A: (0, 10)}), drawn({C: (0, 6), D: (6, 10)})
    assert flows(crosswalk(people(A), people(C), GAP, old, new)) == {(A, C): 1.0}
    # An outline of another gemeente says nothing about who lives there.
    far = drawn({C: (0, 6), "BU00020000": (6, 10)})
    assert flows(crosswalk(people(A), people(C), GAP, old, far)) == {(A, C): 0.6, (A, "-"): 0.4}


def test_a_target_on_ground_of_another_gemeente_is_not_comparable():
    old = drawn({A: (0, 10), "BU00020000": (10, 20)})
    walk = crosswalk(people(A), people(C), GAP, old, drawn({C: (0, 20)}))
    assert labels(walk) == {C: "not_comparable"}
    assert whys(walk) == {C: "partly_covered"}


def test_differences_in_drawing_make_no_slivers():
    generator = np.random.default_rng(7)
    edges = [0, *range(10, 90, 10), 90]
    codes = [f"BU0001{n:04d}" for n in range(9)]
    old = drawn({c: (left, left + 10) for c, left in zip(codes, edges, strict=False)})
    # Neighbours overlap or gap by a hundredth or two of their width; two were redivided.
    shaken = {
        code: (left + generator.uniform(-0.15, 0.15), left + 10 + generator.uniform(-0.15, 0.15))
        for code, left in zip(codes, edges, strict=False)
    }
    shaken[codes[3]], shaken[codes[4]] = (30.1, 35.1), (34.9, 50)
    walk = crosswalk(people(*codes), people(*codes), GAP, old, drawn(shaken))
    told = labels(walk)
    assert [told[c] for c in codes] == [*["measured"] * 3, *["converted"] * 2, *["measured"] * 4]
    weights = flows(walk)
    assert set(weights) == {(c, c) for c in codes} | {(codes[3], codes[4])}
    assert weights[codes[3], codes[4]] == pytest.approx(0.5, abs=0.02)
    assert walk["to_code"].notna().all()


def test_a_region_without_an_outline_is_not_placed():
    walk = crosswalk(people(A, B), people(A, B), GAP, drawn({A: (0, 10)}), drawn({A: (0, 10)}))
    assert flows(walk) == {(A, A): 1.0, (B, "-"): 1.0}
    assert whys(walk) == {A: "same_boundary", B: "no_boundary"}


# --------------------------------------------------------------------------- addresses


def test_addresses_go_before_ground():
    old, new = drawn({A: (0, 10)}), drawn({C: (0, 4), D: (4, 10)})
    moves = pd.DataFrame({"from_code": [A, A], "to_code": [C, D], "addresses": [90, 10]})
    walk = crosswalk(people(A), people(C, D), GAP, old, new, moves)
    assert flows(walk) == {(A, C): 0.9, (A, D): 0.1}
    assert labels(walk) == {C: "converted", D: "converted"}
    assert flows(crosswalk(people(A), people(C, D), CHANGED, None, None, moves)) == flows(walk)


def test_ground_serves_where_there_are_no_addresses():
    old, new = drawn({A: (0, 10), B: (10, 20)}), drawn({C: (0, 15), D: (15, 20)})
    moves = pd.DataFrame({"from_code": [A], "to_code": [C], "addresses": [50]})
    walk = crosswalk(people(A, B), people(C, D), GAP, old, new, moves)
    assert flows(walk) == {(A, C): 1.0, (B, C): 0.5, (B, D): 0.5}


def test_addresses_in_another_gemeente_are_not_given_to_this_one():
    moves = pd.DataFrame(
        {"from_code": [A, A, B], "to_code": [C, "BU00020000", C], "addresses": [30, 10, 5]}
    )
    walk = crosswalk(people(A, B), people(C), GAP, None, None, moves)
    assert flows(walk) == {(A, C): 0.75, (A, "-"): 0.25, (B, C): 1.0}


def test_addresses_where_nobody_lives_carry_nobody():
    # D has no row: a business park of the same gemeente.
    moves = pd.DataFrame({"from_code": [A, A], "to_code": [C, D], "addresses": [30, 10]})
    assert flows(crosswalk(people(A), people(C), GAP, None, None, moves)) == {(A, C): 1.0}


def test_a_target_with_addresses_from_another_gemeente_is_not_comparable():
    moves = pd.DataFrame({"from_code": [A, "BU00020000"], "to_code": [C, C], "addresses": [30, 10]})
    walk = crosswalk(people(A), people(C), GAP, None, None, moves)
    assert labels(walk) == {C: "not_comparable"}
    assert whys(walk) == {C: "partly_covered"}


# --------------------------------------------------------------------------- bad input


def test_bad_input_is_one_sentence():
    wijken = people("WK000100")
    with pytest.raises(InputError, match="eerste jaar is per buurt en het tweede per wijk"):
        crosswalk(people(A), wijken, {})
    with pytest.raises(InputError, match=f"tweede jaar staat {A} meer dan één keer"):
        crosswalk(people(A), people(A, A), {})
    with pytest.raises(InputError, match="meer dan één niveau"):
        crosswalk(pd.concat([people(A), wijken]), people(A), {})
    with pytest.raises(InputError, match="geen gebieden"):
        crosswalk(people(A), people(), {})
    with pytest.raises(InputError, match="van het tweede jaar ontbreken"):
        crosswalk(people(A), people(A), GAP, drawn({A: (0, 1)}))


def test_input_is_unchanged():
    old, new = drawn({A: (0, 10), B: (10, 20)}), drawn({C: (0, 4), D: (4, 20)})
    tables = people(A, B), people(C, D)
    before = [one.copy(deep=True) for one in (*tables, old, new)]
    crosswalk(*tables, GAP, old, new)
    for one, was in zip((*tables, old, new), before, strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(was))


# --------------------------------------------------------------------------- real data


def buurten(release) -> pd.DataFrame:
    return release.table[is_level(release.table.index.to_series(), "buurt")]


def test_real_reused_codes_are_not_joined(real_release):
    old, new = real_release(2020), real_release(2024)
    flags = flags_between({2020: old.table, 2024: new.table}, 2020, 2024)
    walk = crosswalk(buurten(old), buurten(new), flags)
    told = walk.dropna(subset="to_code").set_index("to_code")
    quiet = buurten(new)["boundary_change"].eq("1") & buurten(new).index.isin(buurten(old).index)
    assert quiet.sum() == 11_894
    # Flags of 2021, 2022 and 2023 are not at hand, so none of them is known to be the same.
    assert set(told.loc[quiet[quiet].index, "label"]) == {"not_comparable"}
    assert set(told.loc[quiet[quiet].index, "why"]) == {"table_missing"}
    assert not told["label"].isin(["measured", "recoded", "converted"]).any()
    for gemeente, shared in (("BU0034", 16), ("BU0363", 0)):
        assert quiet[quiet].index.str.startswith(gemeente).sum() == shared


def test_reused_code_and_split_buurt_of_the_example_are_caught(root):
    folder = root / "data" / "example" / "boundaries"
    old, new = (
        gpd.read_file(folder / f"buurten_{year}.geojson").set_index("buurtcode")
        for year in (2022, 2024)
    )
    tables = [one.loc[one["water"].ne("JA"), []] for one in (old, new)]
    walk = crosswalk(*tables, {2023: None, 2024: None}, old, new)
    told = labels(walk)
    assert {code for code, label in told.items() if label != "measured"} == {
        *("BU99010503", "BU99010504", "BU99010505"),  # Seinpost's code went to Poolshoogte
        *("BU99010703", "BU99010705"),  # Zeekraal was split
    }
    assert all(told[code] == "converted" for code in ("BU99010505", "BU99010705"))
    moved = flows(walk)
    assert ("BU99010505", "BU99010505") not in moved
    assert moved["BU99010505", "BU99010504"] == 1.0
    assert moved["BU99010703", "BU99010703"] + moved["BU99010703", "BU99010705"] == 1.0


@pytest.fixture(scope="module")
def amsterdam(shared) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.Series]:
    """Return outlines by the codes of 2015 and of 2022, and the published pairs."""
    folder = shared / "data" / "boundaries"
    rows = pd.read_csv(folder / "amsterdam_buurten_2015-2022.csv", dtype="str")
    shapes = shapely.from_wkt(
        rows["geometrie"].str.replace(r"^SRID=\d+;", "", regex=True).to_numpy()
    )
    old = gpd.GeoDataFrame(geometry=shapes, index=pd.Index(rows["BUURTCODE_CBS_2015"]), crs=RD)
    new = gpd.read_file(folder / "buurten_amsterdam_2022.gpkg").set_index("CBS_Buurtcode")
    pairs = rows.set_index("BUURTCODE_CBS_2015")["BUURTCODE_CBS_2022"]
    return old, new[["geometry"]], pairs


def test_real_recoding_of_amsterdam_is_found_from_outlines_alone(amsterdam):
    old, new, pairs = amsterdam
    walk = crosswalk(old[[]], new[[]], flags_between({}, 2015, 2022), old, new)
    recoded = walk[walk["label"].eq("recoded")]
    assert len(recoded) == 439
    assert dict(recoded[["from_code", "to_code"]].to_numpy()) == dict(pairs)
    others = walk[walk["to_code"].isin(new.index.difference(pairs.array))]
    assert len(others) == 79
    assert set(others["label"]) == {"not_comparable"}
    assert set(walk["label"]) == {"recoded", "not_comparable"}


def test_real_outlines_drawn_again_make_no_slivers(shared, amsterdam):
    # Buurten of one year against themselves as drawn approximately: a few small ones differ.
    _, exact, _ = amsterdam
    approximate = gpd.read_file(shared / "data" / "boundaries" / "buurten_2024_approx_rd.gpkg")
    approximate = approximate.set_index("bu_code")
    approximate = approximate[approximate.index.isin(exact.index)]
    exact = exact[exact.index.isin(approximate.index)]
    walk = crosswalk(exact[[]], approximate[[]], {2023: None, 2024: None}, exact, approximate)
    parts = walk[walk["label"].eq("converted") & walk["weight"].gt(0)]
    # 2,148 pairs of other codes overlap; a part is either a tenth of its source or of its target.
    assert walk["label"].eq("measured").sum() == 298
    assert parts["from_code"].ne(parts["to_code"]).sum() == 43
    sums = walk.groupby("from_code")["weight"].sum()
    assert sums.tolist() == pytest.approx([1.0] * len(sums), abs=1e-9)


def test_a_shift_of_every_wijk_of_the_country_conserves_its_people(shared):
    wijken = gpd.read_file(shared / "data" / "boundaries" / "wijken_2022_rd.gpkg")
    wijken = wijken.set_index("code")[["geometry"]]
    shifted = wijken.translate(40, 25).to_frame("geometry").set_crs(RD, allow_override=True)
    walk = crosswalk(wijken[[]], wijken[[]], {2023: None}, wijken, shifted)
    sums = walk.groupby("from_code")["weight"].sum()
    assert len(sums) == len(wijken)
    assert (sums - 1).abs().max() < 1e-9
