import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.sorting import centile_gap, neighbourhood_sorting, share_between
from analysis.sources.outcome_files import read_file
from analysis.sources.outcome_release import outcome_table
from analysis.sources.outcomes import read_outcomes

NUMBERS = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(1, 20), st.integers(1, 90)), min_size=2, max_size=8
)


def test_half_of_the_variance_is_between():
    # Means 1 and 3 around 2: (1 + 1) x 10; inside 1 x 20.
    assert share_between([1, 3], [1, 1], [10, 10]) == 0.5
    assert neighbourhood_sorting([1, 3], [1, 1], [10, 10]) == pytest.approx(np.sqrt(0.5))
    # Three times as many in the second: mean 2.5; 10 x 2.25 + 30 x .25 = 30 of 30 + 40.
    assert share_between([1, 3], [1, 1], [10, 30]) == pytest.approx(3 / 7)


def test_scores_below_zero():
    assert share_between([-3, -1], [1, 1], [10, 10]) == 0.5


@given(NUMBERS, st.floats(0.1, 100), st.integers(-100, 100))
def test_another_unit_of_measurement_changes_nothing(units, scale, shift):
    mean, spread, weight = (np.array(column, dtype=float) for column in zip(*units, strict=True))
    found = share_between(mean, spread, weight)
    moved = share_between(mean * scale + shift, spread * scale, weight)
    assert moved == pytest.approx(found, abs=1e-9)
    assert 0 <= found <= 1
    assert neighbourhood_sorting(mean, spread, weight) ** 2 == pytest.approx(found)


def test_every_area_by_itself_in_any_order():
    mean = pd.Series([1.0, 5.0, 3.0, 5.0])
    ones, weight = pd.Series([1.0] * 4), pd.Series([10.0] * 4)
    found = share_between(mean, ones, weight, pd.Series(["a", "b", "a", "b"]))
    assert found.to_dict() == {"a": 0.5, "b": 0.0}


def test_nobody_and_no_difference_at_all():
    assert np.isnan(share_between([1.0, 3.0], [1.0, 1.0], [0, 0]))
    assert np.isnan(share_between([2.0, 2.0], [0.0, 0.0], [5, 5]))
    assert share_between([2.0, 3.0], [0.0, 0.0], [5, 5]) == 1


@pytest.mark.parametrize(
    ("mean", "spread", "says"),
    [([1, np.nan], [1, 1], "mean is missing"), ([1, 2], [1, -1], "negative"),
     ([1, np.inf], [1, 1], "infinite"), ([1, 2], [1, np.nan], "missing")],
)  # fmt: skip
def test_numbers_that_cannot_be_used(mean, spread, says):
    with pytest.raises(ValueError, match=says):
        share_between(mean, spread, [1, 1])


def test_the_centile_gap_of_two_halves():
    # Everybody is spread evenly over half the ranking: an eighth away from its middle.
    assert centile_gap(pd.DataFrame({"low": [10, 0], "high": [0, 10]})) == pytest.approx(0.5)
    # Four quarters: a sixteenth.
    assert centile_gap(pd.DataFrame(np.eye(4) * 7)) == pytest.approx(0.75)


def test_the_centile_gap_by_hand():
    # Of 40: low is [0, 1/2]. Unit A: 15 low, 5 high; its middle member is 10/15 into low: 1/3.
    # Low ones: ((1/3)^2 + (1/6)^2) / 2 x 2 = 5/36 away; high ones: 3/4 - 1/3 = 5/12.
    # A: (15 x 5/36 + 5 x 5/12) / 20 = 5/24; B is its mirror image.
    found = centile_gap(pd.DataFrame({"low": [15, 5], "high": [5, 15]}))
    assert found == pytest.approx(1 - 4 * 5 / 24, abs=1e-12)


@given(st.lists(st.integers(1, 40), min_size=2, max_size=7))
def test_units_like_their_area_have_no_gap(shares):
    assert centile_gap(pd.DataFrame(np.outer([1, 3], shares))) == pytest.approx(0, abs=1e-9)


def test_gaps_of_several_areas_with_empty_units_and_classes():
    table = pd.DataFrame(
        [[10, 0, 0], [0, 0, 0], [0, 0, 10], [1, 2, 3], [2, 4, 6], [0, 0, 0]],
    )
    found = centile_gap(table, ["a", "a", "a", "b", "b", "c"])
    assert found["a"] == pytest.approx(0.5) and found["b"] == pytest.approx(0, abs=1e-12)
    assert np.isnan(found["c"])


def test_one_class_is_no_ranking():
    with pytest.raises(ValueError, match="too few"):
        centile_gap(pd.DataFrame({"all": [1, 2]}))


def test_the_scores_of_amsterdam(shared, root):
    scores = read_file(
        shared / "data/downloads/statline_85163NED_seswoa_2019_amsterdam.csv",
        read_outcomes(root / "data/outcomes.csv"),
    )
    found = {}
    for level in ("wijk", "buurt"):
        units = outcome_table(scores, level).dropna(subset=["ses_woa_score", "ses_woa_spread"])
        columns = units["ses_woa_score"], units["ses_woa_spread"], units["n_ses_households"]
        found[level] = share_between(*columns)
        # What lies between and inside the units is the spread that is published of the whole, but
        # for the households in units without a score.
        middle = np.average(columns[0], weights=columns[2])
        total = np.average((columns[0] - middle) ** 2 + columns[1] ** 2, weights=columns[2])
        published = outcome_table(scores, "gemeente").loc["GM0363", "ses_woa_spread"]
        assert np.sqrt(total) == pytest.approx(published, abs=0.02)
    assert 0 < found["wijk"] < found["buurt"] < 0.2
