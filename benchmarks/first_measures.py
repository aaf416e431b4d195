"""Time the five segregation measures over a whole country of buurten.

    python benchmarks/first_measures.py TABLE.parquet

TABLE is the Kerncijfers wijken en buurten of 2020 as published. Prints the median and the best
time of every measure over all gemeenten in one call, of the five together, and how much longer a
plain groupby-apply takes for dissimilarity alone, in the same run.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.measures.evenness import dissimilarity, gini, information_theory
from analysis.measures.exposure import interaction, isolation

MEASURES = (dissimilarity, gini, information_theory, isolation, interaction)
REGION, INHABITANTS, GROUP = "Codering_3", "AantalInwoners_5", "NietWestersTotaal_18"


def read_buurten(path: str) -> pd.DataFrame:
    """Return the group, the others and the gemeente of every buurt."""
    table = pd.read_parquet(path, columns=[REGION, INHABITANTS, GROUP])
    code = table[REGION].str.strip()
    group = table[GROUP].astype(float)
    # By random rounding a group can exceed the inhabitants of a small buurt.
    others = (table[INHABITANTS] - group).clip(lower=0)
    frame = pd.DataFrame({"group": group, "others": others, "gm_code": "GM" + code.str[2:6]})
    return frame[code.str.startswith("BU")].set_index(code[code.str.startswith("BU")])


def plain_dissimilarity(buurten: pd.DataFrame) -> pd.Series:
    """Return the index of dissimilarity as one would first write it in pandas."""

    def of_one_gemeente(units: pd.DataFrame) -> float:
        of_group = units["group"] / units["group"].sum()
        of_others = units["others"] / units["others"].sum()
        return (of_group - of_others).abs().sum() / 2

    return buurten.groupby("gm_code")[["group", "others"]].apply(of_one_gemeente)


def timed(call: Callable[[], object], repeat: int) -> tuple[float, float]:
    """Return the median and the best time of a call in milliseconds, after one to warm up."""
    call()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), min(times)


def main() -> None:
    """Read the table, time the measures and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table", help="parquet with the Kerncijfers of 2020")
    parser.add_argument("--repeat", type=int, default=50)
    options = parser.parse_args()
    buurten = read_buurten(options.table)
    columns = buurten["group"], buurten["others"], buurten["gm_code"]
    print(
        f"{len(buurten):,} buurten, {buurten['gm_code'].nunique()} gemeenten; median (best) in ms"
    )
    medians = {}
    for measure in MEASURES:
        median, best = timed(lambda measure=measure: measure(*columns), options.repeat)
        medians[measure] = median
        print(f"{measure.__name__:<24}{median:8.2f} ({best:.2f})")
    median, best = timed(lambda: [measure(*columns) for measure in MEASURES], options.repeat)
    print(f"{'all five':<24}{median:8.2f} ({best:.2f})")
    median, best = timed(lambda: plain_dissimilarity(buurten), max(3, options.repeat // 10))
    print(f"{'groupby-apply, one':<24}{median:8.2f} ({best:.2f})")
    print(f"dissimilarity in one call is {median / medians[dissimilarity]:.0f} times as fast")
    np.testing.assert_allclose(
        dissimilarity(*columns), plain_dissimilarity(buurten), rtol=0, atol=1e-12
    )


if __name__ == "__main__":
    main()
