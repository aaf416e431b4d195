"""What imagined towns are drawn with: ends of intervals, triangles and counts of known value."""

import numpy as np
import pytest

from analysis.evidence.frame import evidence_frame
from analysis.evidence.simulated import binomial_counts, ends, of_triangle, simulated_row

SHARED = {"area_code": "GM1", "area_name": "Stad", "year": 2024, "level": "buurt",
          "source": "Bron"}  # fmt: skip


def test_ends_are_values_at_a_rank_of_one_more_than_there_are():
    # 199 draws: rank 0.025 x 200 = 5, 0.5 x 200 = 100 and 0.975 x 200 = 195.
    assert ends(np.arange(1.0, 200.0)[::-1]) == pytest.approx((5, 100, 195))
    # 39 draws: the first and the last. 9 draws: no further than these.
    assert ends(np.arange(1.0, 40.0)) == pytest.approx((1, 20, 39))
    assert ends(np.arange(1.0, 10.0)) == (1, 5, 9)
    assert ends(np.array([3.0])) == (3, 3, 3)


@pytest.mark.parametrize("draws", [39, 100])
def test_the_next_draw_is_inside_in_95_of_100(draws):
    drawn = np.random.default_rng(4).normal(size=(4000, draws + 1))
    found = np.array([ends(row[1:]) for row in drawn])
    held = ((found[:, 0] <= drawn[:, 0]) & (drawn[:, 0] <= found[:, 2])).mean()
    # One standard error is 0.0034; without the one more it would be 0.90 with 39 draws.
    assert held == pytest.approx(0.95, abs=0.010)


def test_a_triangle_by_hand():
    # Between 0, 1 and 4: the turn is at 1/4. At 1/16: 0 + sqrt(1/16 x 4 x 1) = 0.5; at 1/4 the
    # middle; at 13/16: 4 - sqrt(3/16 x 4 x 3) = 2.5.
    found = of_triangle((0, 1, 4), np.array([0, 1 / 16, 1 / 4, 13 / 16, 1]))
    assert found == pytest.approx([0, 0.5, 1, 2.5, 4])
    assert (of_triangle((0.3, 0.3, 0.3), np.random.default_rng(1).random(50)) == 0.3).all()
    assert of_triangle((0, 0, 1), np.array([0.75])) == pytest.approx([0.5])


def test_counts_by_hand():
    # Two of one half: 0 with 1/4, 1 up to 3/4, then 2.
    many = np.array([2.0, 2.0, 2.0, 0.0])
    found = binomial_counts(many, np.full(4, 0.5), np.array([0.2, 0.6, 0.8, 0.5]))
    assert list(found) == [0, 1, 2, 0]


def test_rows_say_what_is_not_defined():
    row = simulated_row(SHARED, "m", "g", np.array([1.0, np.nan]))
    assert row["status"] == "group_absent" and row["units"] == 1
    assert simulated_row(SHARED, "m", "g", np.array([]))["status"] == "group_absent"
    drawn = simulated_row(SHARED, "m", "g", np.arange(1.0, 200.0))
    now = simulated_row(SHARED, "n", "g", np.array([2.0]), exact=True)
    known = evidence_frame([drawn, now])
    assert known.loc[0, ["value", "low", "high"]].tolist() == pytest.approx([100, 5, 195])
    assert known.loc[1, "value"] == 2 and known.loc[1, ["low", "high"]].isna().all()
    assert known["interval"].tolist() == ["simulation 95%", ""]
