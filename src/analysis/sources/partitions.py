"""Which columns add up to which total, and whether they do, as far as CBS's rounding allows."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Partition:
    """Groups that together are a total, every member in one group."""

    name: str
    groups: tuple[str, ...]
    total: str

    def tolerance(self, level: str) -> float:
        """Return how far the groups' sum may be from the total by rounding alone.

        Wijk and buurt counts are rounded at random to a multiple of 5, each group and the total
        by itself: less than 5 each. Figures of a gemeente are exact.
        """
        return 0.0 if level == "gemeente" else 5.0 * (len(self.groups) + 1)


PARTITIONS = (
    Partition("geslacht", ("n_men", "n_women"), "inhabitants"),
    Partition(
        "leeftijd",
        ("n_age_0_14", "n_age_15_24", "n_age_25_44", "n_age_45_64", "n_age_65_plus"),
        "inhabitants",
    ),
    Partition(
        "niet-westerse migratieachtergrond (oude indeling)",
        ("n_morocco", "n_antilles_aruba", "n_suriname", "n_turkey", "n_other_non_western"),
        "n_non_western",
    ),
    Partition(
        "herkomst",
        ("n_origin_netherlands", "n_origin_europe", "n_origin_outside_europe"),
        "inhabitants",
    ),
    Partition(
        "geboorteland en herkomst",
        (
            "n_born_nl_origin_netherlands",
            "n_born_nl_origin_europe",
            "n_born_nl_origin_outside_europe",
            "n_born_abroad_origin_europe",
            "n_born_abroad_origin_outside_europe",
        ),
        "inhabitants",
    ),
    Partition(
        "huishoudens",
        ("n_one_person_households", "n_households_without_children", "n_households_with_children"),
        "n_households",
    ),
)


def check_partitions(regions: pd.DataFrame, level: str) -> pd.DataFrame:
    """Compare the sum of each partition's groups with its total, region by region.

    Parameters
    ----------
    regions : DataFrame
        A region table; partitions of which a column is absent or empty are left out.
    level : {'gemeente', 'wijk', 'buurt'}

    Returns
    -------
    DataFrame
        One row per partition: partition, regions checked, regions that differ (`off`), regions
        that differ by more than rounding can (`beyond_rounding`), the largest difference in
        persons (`largest`), and the tolerance.
    """
    rows = []
    for partition in PARTITIONS:
        columns = [*partition.groups, partition.total]
        if not set(columns) <= set(regions.columns):
            continue
        known = regions[columns].dropna()
        if known.empty:
            continue
        difference = (known[list(partition.groups)].sum(axis=1) - known[partition.total]).abs()
        tolerance = partition.tolerance(level)
        rows.append(
            {
                "partition": partition.name,
                "regions": len(known),
                "off": int((difference > 0).sum()),
                "beyond_rounding": int((difference > tolerance).sum()),
                "largest": float(difference.max()),
                "tolerance": tolerance,
            }
        )
    return pd.DataFrame(
        rows, columns=["partition", "regions", "off", "beyond_rounding", "largest", "tolerance"]
    )
