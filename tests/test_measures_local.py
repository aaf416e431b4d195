"""Known values, identities and edges of the figures of a unit itself and beside its area."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.areas import lay_out
from analysis.measures.evenness import dissimilarity
from analysis.measures.local import (
    CLASSES,
    concentration_class,
    contribution_to_dissimilarity,
    location_quotient,
    share,
)

# A slow machine is not a wrong answer.
no_deadline = settings(deadline=None, max_examples=60)

tables = st.lists(
    st.tuples(st.sampled_from(["GM1", "GM2"]), st.integers(0, 500), st.integers(0, 500)),
    min_size=1,
    max_size=20,
)


def test_share_of_each_unit():
    values = share(
        pd.Series([10, 0, 0], index=["a", "b", "c"]), pd.Series([40, 20, 0], list("abc"))
    )
    # 10/40; none of 20 is 0; none of nobody is not known
    assert values["a"] == 0.25
    assert values["b"] == 0.0
    assert np.isnan(values["c"])
    assert values.name == "share"


def test_location_quotient_of_two_areas():
    group = pd.Series([30, 2, 10, 8], index=["BU01", "BU02", "BU03", "BU04"])
    total = pd.Series([50, 10, 50, 10], index=group.index)
    area = pd.Series(["b", "a", "b", "a"], index=group.index)
    # b: shares 0.6 and 0.2 over 40/100; a: 0.2 and 0.8 over 10/20
    expected = pd.Series([1.5, 0.4, 0.5, 1.6], index=group.index, name="location_quotient")
    pd.testing.assert_series_equal(location_quotient(group, total, area), expected, rtol=1e-15)


def test_location_quotient_of_everything_together():
    # shares 0.6 and 0.2 over 40/100
    assert location_quotient([30, 10], [50, 50]).tolist() == [1.5, 0.5]


@no_deadline
@given(rows=tables)
def test_location_quotient_is_the_definition_unit_by_unit(rows):
    frame = pd.DataFrame(rows, columns=["area", "group", "others"])
    total = frame["group"] + frame["others"]
    values = location_quotient(frame["group"], total, frame["area"])
    for place, (area, group, others) in enumerate(rows):
        here = frame["area"].eq(area)
        area_group, area_total = frame["group"][here].sum(), total[here].sum()
        if group + others and area_group:
            expected = group / (group + others) / (area_group / area_total)
            assert values[place] == pytest.approx(expected, rel=1e-14)
        else:
            assert np.isnan(values[place])


@no_deadline
@given(rows=tables)
def test_location_quotients_weighted_by_inhabitants_average_to_1(rows):
    frame = pd.DataFrame(rows, columns=["area", "group", "others"])
    total = frame["group"] + frame["others"]
    values = location_quotient(frame["group"], total, frame["area"])
    mean = (values * total).groupby(frame["area"]).sum() / total.groupby(frame["area"]).sum()
    present = frame["group"].groupby(frame["area"]).sum() > 0
    assert mean[present].tolist() == pytest.approx([1.0] * present.sum(), rel=1e-12)


def test_an_even_spread_is_exactly_1():
    assert location_quotient([1, 3, 7], [10, 30, 70]).tolist() == [1.0, 1.0, 1.0]


def test_it_is_undefined_without_inhabitants_and_without_the_group():
    values = location_quotient([0, 1, 0, 0], [0, 5, 3, 4], ["a", "a", "b", "b"])
    assert np.isnan(values[0]) and values[1] == 1.0
    assert values[2:].isna().all()


@pytest.mark.parametrize("measure", [share, location_quotient])
def test_a_group_above_its_total_raises(measure):
    with pytest.raises(ValueError, match="group is larger than total in 1 units, first at positi"):
        measure([1, 6], [5, 5])


@pytest.mark.parametrize("measure", [share, location_quotient])
def test_bad_input_raises(measure):
    with pytest.raises(ValueError, match="total is missing"):
        measure([1, 1], [5, np.nan])
    with pytest.raises(ValueError, match="group has 2 values and total has 1"):
        measure([1, 1], [5])
    with pytest.raises(ValueError, match="group has 2 values and by has 1"):
        location_quotient([1, 1], [5, 5], ["a"])


def test_input_is_unchanged():
    frame = pd.DataFrame({"area": ["b", "a", "b"], "x": [1.0, 2.0, 3.0], "t": [4.0, 2.0, 6.0]})
    before = frame.copy(deep=True)
    location_quotient(frame["x"], frame["t"], frame["area"])
    share(frame["x"], frame["t"])
    pd.testing.assert_frame_equal(frame, before)


def test_concentration_classes_and_their_edges():
    # In an area with a share of 1/5 the quotient of x per 100 is x / 20.
    group = np.array([9, 10, 15, 16, 20, 25, 26, 40, 41])
    filler = 1200 - group.sum()
    values = concentration_class(
        np.append(group, [filler, 0]), np.append(np.full(9, 100), [5100, 0])
    )
    assert filler / 5100 == pytest.approx(0.1956, abs=1e-4)
    assert values.tolist()[:10] == [
        "far_below", "below", "below", "near", "near", "near", "above", "above", "far_above", "near"
    ]  # fmt: skip
    assert pd.isna(values.iloc[10])
    assert values.cat.ordered and tuple(values.cat.categories) == CLASSES
    assert values.name == "concentration_class"


def test_concentration_classes_by_area_with_other_limits():
    group = pd.Series([30, 2, 10, 8], index=["BU01", "BU02", "BU03", "BU04"])
    total = pd.Series([50, 10, 50, 10], index=group.index)
    area = pd.Series(["b", "a", "b", "a"], index=group.index)
    # Quotients 1.5, 0.4, 0.5 and 1.6
    found = concentration_class(group, total, area)
    assert found.to_dict() == {
        "BU01": "above",
        "BU02": "far_below",
        "BU03": "below",
        "BU04": "above",
    }
    assert concentration_class(group, total, lay_out(area)).tolist() == found.tolist()
    strict = concentration_class(group, total, area, limits=(0.1, 0.4, 1.5, 1.55))
    assert strict.tolist() == ["near", "near", "near", "far_above"]


@pytest.mark.parametrize(
    "limits",
    [
        (0.5, 0.8, 1.25),
        (0.8, 0.5, 1.25, 2),
        (0.5, 1, 1.25, 2),
        (0.5, 0.8, 1, 2),
        (0, 0.8, 1.25, 2),
        (0.5, 0.8, 1.25, np.nan),
        (0.5, 0.8, 1.25, 1.25),
        (0.5, 0.8, 2, 1.25),
        1.0,
    ],
)
def test_limits_that_make_no_classes_raise(limits):
    with pytest.raises(ValueError, match="limits must be four rising numbers"):
        concentration_class([1, 2], [5, 5], limits=limits)


def test_contributions_to_the_dissimilarity_of_two_areas():
    group = pd.Series([100, 30, 60, 10, 40, 0], index=list("uvwxyz"))
    others = pd.Series([0, 10, 40, 30, 60, 100], index=list("uvwxyz"))
    area = pd.Series(list("babaab"), index=list("uvwxyz"))
    values = contribution_to_dissimilarity(group, others, area)
    # b: X = 160, Y = 140: 100/160, |60/160 - 40/140| and 100/140, halved; a: X = 80, Y = 100
    expected = [5 / 16, 11 / 80, (3 / 8 - 2 / 7) / 2, 7 / 80, 1 / 20, 5 / 14]
    assert values.tolist() == pytest.approx(expected, abs=1e-15)
    assert list(values.index) == list("uvwxyz")
    assert values.name == "contribution_to_dissimilarity"


@no_deadline
@given(rows=tables)
def test_contributions_add_up_to_dissimilarity(rows):
    frame = pd.DataFrame(rows, columns=["area", "group", "others"])
    columns = frame["group"], frame["others"], frame["area"]
    found = contribution_to_dissimilarity(*columns)
    added = found.groupby(frame["area"]).sum(min_count=1)
    np.testing.assert_allclose(added, dissimilarity(*columns), rtol=0, atol=1e-12)
    assert found.dropna().between(0, 0.5).all()


def test_contributions_without_a_group_or_inhabitants():
    values = contribution_to_dissimilarity([1, 0, 0, 3], [0, 0, 2, 4], ["a", "a", "a", "b"])
    assert values.tolist() == [0.5, 0.0, 0.5, 0.0]
    assert contribution_to_dissimilarity([0, 0], [2, 3]).isna().all()
    with pytest.raises(ValueError, match="others is negative"):
        contribution_to_dissimilarity([1, 1], [1, -1])
