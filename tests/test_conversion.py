import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sources.change_flags import flags_between
from analysis.sources.conversion import compose, convert
from analysis.sources.crosswalk import COLUMNS, crosswalk
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import region_table

A, B, C, D, E = (f"BU0001000{n}" for n in range(5))


def walk(*rows: tuple) -> pd.DataFrame:
    """Return a crosswalk of (from, to, weight, label) rows; None is nowhere."""
    full = [(*row, "area" if row[1] else "outside", np.nan) for row in rows]
    frame = pd.DataFrame(full, columns=COLUMNS)
    return frame.astype({"from_code": "str", "to_code": "str", "weight": float})


def table(**columns) -> pd.DataFrame:
    return pd.DataFrame(columns, index=pd.Index([A, B], name="region_code"), dtype=float)


HALF = walk((A, C, 0.25, "converted"), (A, D, 0.75, "converted"), (B, D, 1, "converted"))
TABLE = table(inhabitants=[100, 60], n_households=[40, 30])


def test_counts_are_split_and_added(codebook):
    found = convert(TABLE, HALF, codebook)
    # C = 100/4; D = 3 * 100/4 + 60.
    assert found.table["inhabitants"].to_dict() == {C: 25.0, D: 135.0}
    assert found.table["n_households"].to_dict() == {C: 10.0, D: 60.0}
    assert found.table["conversion"].to_dict() == {C: "converted", D: "converted"}
    assert found.table["gm_code"].to_dict() == {C: "GM0001", D: "GM0001"}
    assert (found.status == "").all(axis=None)
    assert found.remainder.empty


def test_shares_go_through_their_own_denominator(codebook):
    # Of 40 households 10 and of 30 households 27: C keeps 0.25, D is (7.5 + 27) / (30 + 30).
    shares = TABLE.assign(share_low_income_households=[0.25, 0.9])
    found = convert(shares, HALF, codebook).table["share_low_income_households"]
    assert found[C] == pytest.approx(0.25, rel=1e-12)
    assert found[D] == pytest.approx(34.5 / 60, rel=1e-12)


def test_a_share_without_denominator_is_not_made_from_inhabitants(codebook):
    found = convert(TABLE.assign(share_owner_occupied=[0.5, 0.5]), HALF, codebook)
    assert found.table["share_owner_occupied"].isna().all()
    assert set(found.status["share_owner_occupied"]) == {"no_denominator"}
    hole = TABLE.assign(n_households=[40, np.nan], share_low_income_households=[0.25, 0.9])
    found = convert(hole, HALF, codebook).status["share_low_income_households"]
    assert found.to_dict() == {C: "", D: "no_denominator"}


def test_a_share_that_is_not_known_of_a_part_is_not_known(codebook):
    hole = TABLE.assign(share_low_income_households=[0.25, np.nan])
    found = convert(hole, HALF, codebook)
    assert found.table["share_low_income_households"].dropna().to_dict() == {C: 0.25}
    assert found.status["share_low_income_households"].to_dict() == {C: "", D: "suppressed"}
    # A share of nobody has no figure and changes nothing.
    nobody = hole.assign(n_households=[40, 0])
    found = convert(nobody, HALF, codebook)
    assert found.table["share_low_income_households"].to_dict() == {C: 0.25, D: 0.25}


def test_a_hole_in_a_measured_region_keeps_its_reason(codebook):
    same = walk((A, A, 1, "measured"), (B, B, 1, "measured"))
    found = convert(TABLE.assign(n_households=[np.nan, 3]), same, codebook)
    assert found.status["n_households"].to_dict() == {A: "suppressed", B: ""}


def test_means_are_withheld_where_converted_and_kept_where_measured(codebook):
    mixed = walk((A, A, 1, "measured"), (B, C, 0.5, "converted"), (B, D, 0.5, "converted"))
    values = TABLE.assign(woz_value_eur=[300_000, 200_000], gp_distance_km=[0.5, 0.7],
                          land_area_km2=[1, 2], other=[3, 4])  # fmt: skip
    found = convert(values, mixed, codebook)
    assert found.table.loc[A, values.columns].tolist() == values.loc[A].tolist()
    assert (found.status.loc[A] == "").all()
    withheld = ["woz_value_eur", "gp_distance_km", "land_area_km2", "other"]
    assert found.table.loc[[C, D], withheld].isna().all(axis=None)
    assert (found.status.loc[[C, D], withheld] == "not_convertible").all(axis=None)
    assert found.table["conversion"].to_dict() == {A: "measured", C: "converted", D: "converted"}


def test_recoded_regions_keep_every_figure_under_the_new_code(codebook):
    values = TABLE.assign(woz_value_eur=[300_000, 200_000])
    found = convert(values, walk((A, B, 1, "recoded"), (B, C, 1, "recoded")), codebook)
    assert found.table["woz_value_eur"].to_dict() == {B: 300_000, C: 200_000}
    assert set(found.table["conversion"]) == {"recoded"}


def test_a_missing_part_makes_the_whole_missing_and_zero_does_not(codebook):
    found = convert(TABLE.assign(n_households=[np.nan, 0]), HALF, codebook)
    assert found.table["n_households"].isna().all()
    assert set(found.status["n_households"]) == {"suppressed"}
    found = convert(TABLE.assign(n_households=[0, np.nan]), HALF, codebook)
    assert found.table["n_households"][C] == 0
    assert found.status["n_households"].to_dict() == {C: "", D: "suppressed"}
    # What is known of A and goes to D is in no figure, and so it is told.
    found = convert(TABLE.assign(n_households=[40, np.nan]), HALF, codebook)
    assert found.remainder.to_numpy().tolist() == [[A, D, "n_households", 30.0, "suppressed"]]
    found = convert(TABLE.assign(n_households=np.nan), HALF, codebook)
    assert set(found.status["n_households"]) == {"not_published"}


def test_what_goes_nowhere_is_told(codebook):
    some = walk((A, C, 0.6, "converted"), (A, None, 0.4, "outside"), (B, D, 1, "not_comparable"))
    found = convert(TABLE, some, codebook)
    assert found.table["inhabitants"].dropna().to_dict() == {C: 60.0}
    assert set(found.status.loc[D]) == {"not_comparable"}
    lost = found.remainder[found.remainder["concept"].eq("inhabitants")]
    assert lost[["from_code", "amount", "reason"]].to_numpy().tolist() == [
        [A, 40.0, "outside"],
        [B, 60.0, "not_comparable"],
    ]


def test_names_of_the_targets_may_be_given(codebook):
    found = convert(TABLE, HALF, codebook, pd.Series({C: "Centrum", D: "Dorp"}))
    assert found.table["region_name"].to_dict() == {C: "Centrum", D: "Dorp"}


def test_table_and_crosswalk_must_be_of_the_same_regions(codebook):
    with pytest.raises(InputError, match=f"{B} .*staat alleen in de omrekening"):
        convert(TABLE.loc[[A]], HALF, codebook)
    with pytest.raises(InputError, match=f"{B} .*staat alleen in de tabel"):
        convert(TABLE, HALF[HALF["from_code"].eq(A)], codebook)
    with pytest.raises(InputError, match=f"{A} staat meer dan één keer"):
        convert(pd.concat([TABLE, TABLE]), HALF, codebook)


def test_input_is_unchanged(codebook):
    before = TABLE.copy(deep=True), HALF.copy(deep=True)
    convert(TABLE, HALF, codebook)
    compose(walk((A, A, 1, "measured"), (B, B, 1, "measured")), HALF)
    pd.testing.assert_frame_equal(TABLE, before[0])
    pd.testing.assert_frame_equal(HALF, before[1])


# ------------------------------------------------------------------------- composition


def test_a_chain_is_as_good_as_its_worst_link():
    first = walk((A, A, 1, "recoded"), (B, C, 1, "measured"), (D, E, 1, "recoded"))
    second = walk((A, B, 1, "measured"), (C, C, 0.5, "converted"), (C, E, 0.5, "not_comparable"),
                  (E, D, 1, "recoded"))  # fmt: skip
    found = compose(first, second).set_index(["from_code", "to_code"])
    assert found["weight"].to_dict() == {(A, B): 1, (B, C): 0.5, (B, E): 0.5, (D, D): 1}
    # D became E and D again: that is D.
    assert found["label"].to_dict() == {
        (A, B): "recoded",
        (B, C): "converted",
        (B, E): "not_comparable",
        (D, D): "measured",
    }


def test_a_chain_must_meet():
    with pytest.raises(InputError, match="begint niet waar de eerste eindigt"):
        compose(HALF, HALF)


@st.composite
def walks(draw, sources, targets):
    """Return a crosswalk with arbitrary parts, some of them outside, all targets converted."""
    rows = []
    for source in sources:
        parts = draw(st.lists(st.integers(0, 9), min_size=len(targets) + 1,
                              max_size=len(targets) + 1).filter(any))  # fmt: skip
        for target, part in zip([*targets, None], parts, strict=True):
            if part:
                label = "converted" if target else "outside"
                rows.append((source, target, part / sum(parts), label))
    reached = {row[1] for row in rows}
    rows += [(None, t, 0.0, "not_comparable") for t in targets if t not in reached]
    return walk(*rows)


counts = st.floats(0, 1e6) | st.just(float("nan"))
tables = st.lists(counts, min_size=2, max_size=2).map(lambda two: table(inhabitants=two))


@settings(max_examples=60, deadline=None)
@given(tables, walks([A, B], [C, D, E]))
def test_sums_are_conserved(codebook, values, some):
    found = convert(values, some, codebook)
    arrived = found.table["inhabitants"].sum() + found.remainder["amount"].sum()
    assert arrived == pytest.approx(values["inhabitants"].sum(), rel=1e-9, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(tables)
def test_the_identity_changes_nothing(codebook, values):
    found = convert(values, crosswalk(values, values, {}), codebook)
    pd.testing.assert_frame_equal(found.table[["inhabitants"]], values, check_exact=True)
    assert found.remainder.empty


@settings(max_examples=30, deadline=None)
@given(tables, walks([A, B], [C, D]), walks([C, D], [A, B, E]))
def test_two_steps_are_one_composed_step(codebook, values, first, second):
    stepped = convert(convert(values, first, codebook).table[["inhabitants"]], second, codebook)
    at_once = convert(values, compose(first, second), codebook)
    assert (
        at_once.table["conversion"].to_dict().keys() == stepped.table["conversion"].to_dict().keys()
    )
    pd.testing.assert_series_equal(
        at_once.table["inhabitants"],
        stepped.table["inhabitants"].reindex(at_once.table.index),
        rtol=1e-9,
        atol=1e-9,
    )
    weights = compose(first, second).groupby("from_code")["weight"].sum()
    assert weights.tolist() == pytest.approx([1.0] * len(weights), abs=1e-9)


# --------------------------------------------------------------------------- real data


def test_real_country_is_conserved(real_release, codebook):
    old, new = real_release(2020), real_release(2024)
    buurten = region_table(old, "buurt")
    flags = flags_between({2024: new.table}, 2020, 2024)
    found = convert(buurten, crosswalk(buurten, region_table(new, "buurt"), flags), codebook)
    assert found.table["inhabitants"].isna().all()
    lost = found.remainder[found.remainder["concept"].eq("inhabitants")]["amount"].sum()
    assert lost == buurten["inhabitants"].sum() == 17_397_650
