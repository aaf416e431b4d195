import pandas as pd
import pytest

from analysis.sources import kerncijfers
from analysis.sources.partitions import PARTITIONS, Partition, check_partitions
from analysis.sources.regions import is_level


def test_tolerance_is_five_for_each_group_and_for_the_total():
    halves = Partition("halves", ("a", "b"), "total")
    assert halves.tolerance("wijk") == 15.0  # 5 x (2 + 1)
    assert halves.tolerance("buurt") == 15.0
    assert halves.tolerance("gemeente") == 0.0


def test_sums_are_compared_with_the_total_region_by_region():
    regions = pd.DataFrame(
        {
            # off by 0, 10 (rounding can), 20 (it cannot: 15 is the tolerance), unknown
            "n_men": [50.0, 45.0, 70.0, 50.0],
            "n_women": [50.0, 45.0, 50.0, float("nan")],
            "inhabitants": [100.0] * 4,
        }
    )
    kept = regions.copy()
    found = check_partitions(regions, "buurt")
    assert found.to_dict("records") == [
        {
            "partition": "geslacht",
            "regions": 3,
            "off": 2,
            "beyond_rounding": 1,
            "largest": 20.0,
            "tolerance": 15.0,
        }
    ]
    pd.testing.assert_frame_equal(regions, kept)


def test_a_difference_of_exactly_the_tolerance_is_rounding():
    regions = pd.DataFrame({"n_men": [65.0], "n_women": [50.0], "inhabitants": [100.0]})
    assert check_partitions(regions, "wijk")["beyond_rounding"].item() == 0
    assert check_partitions(regions, "gemeente")["beyond_rounding"].item() == 1


def test_partitions_without_their_columns_or_figures_are_left_out():
    empty = pd.DataFrame({"n_men": [None], "n_women": [None], "inhabitants": [100.0]}, dtype=float)
    assert check_partitions(empty, "buurt").empty
    assert check_partitions(empty.drop(columns="n_men"), "buurt").empty


def test_every_partition_is_of_concepts_that_the_codebook_has(codebook):
    for partition in PARTITIONS:
        assert set(partition.groups) | {partition.total} <= set(codebook)


@pytest.mark.parametrize("year", [2020, 2024])
@pytest.mark.parametrize("level", ["gemeente", "wijk", "buurt"])
def test_real_tables_add_up_as_far_as_rounding_allows(real_release, year, level):
    table = kerncijfers.region_table(real_release(year), level)
    found = check_partitions(table, level)
    assert {"geslacht", "leeftijd"} < set(found["partition"])
    assert found["beyond_rounding"].eq(0).all(), found


def test_real_shares_of_regions_that_differ_by_rounding(real_release):
    # Of all buurten, with those where nobody lives: men + women differ from the total in 36 %
    # (2020) and 43 % (2024), the ages in 81 % and 58 %.
    for year, men_and_women, ages in ((2020, 36, 81), (2024, 43, 58)):
        table = real_release(year).table
        buurten = table[is_level(table.index.to_series(), "buurt")]
        found = check_partitions(buurten, "buurt").set_index("partition")
        share = (100 * found["off"] / found["regions"]).round()
        assert (share["geslacht"], share["leeftijd"]) == (men_and_women, ages)
