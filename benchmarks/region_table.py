"""Time from a stored table to the whole country's region tables, in one process.

    python benchmarks/region_table.py FOLDER_OF_SNAPSHOTS [YEAR]

The folder is data/raw, or another given to --raw, that holds the table of the year (2020).
"""

import sys
import time
from pathlib import Path

from analysis.sources import kerncijfers, snapshot
from analysis.sources.catalogue import of_year, read_catalogue
from analysis.sources.codebook import read_codebook
from analysis.sources.edition import project_root
from analysis.sources.regions import LEVELS

RUNS = 5


def main(raw: Path, year: int) -> None:
    """Print the seconds of the first reading, which loads libraries, and the median of more."""
    data = project_root() / "data"
    source = of_year(read_catalogue(data / "catalogue.csv"), "kerncijfers", year)
    codebook = read_codebook(data / "codebook.csv")
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        release = kerncijfers.read_release(snapshot.newest(raw, source.table), source, codebook)
        tables = [kerncijfers.region_table(release, level) for level in LEVELS]
        seconds.append(time.perf_counter() - started)
    rows = " + ".join(str(len(table)) for table in tables)
    print(f"{source.table} ({year}): {rows} regions")
    print(f"first {seconds[0]:.2f} s, median of {RUNS} {sorted(seconds)[RUNS // 2]:.2f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2020)
