"""Time and memory from a stored table to the whole country's region tables, in one process.

    python benchmarks/region_table.py FOLDER_OF_SNAPSHOTS [YEAR]

The folder is data/raw, or another given to --raw, that holds the table of the year (2020).
Goals: 1.5 s and 400 MB.
"""

import resource
import sys
import time
from pathlib import Path

from analysis.sources import kerncijfers, snapshot
from analysis.sources.catalogue import of_year, read_catalogue
from analysis.sources.codebook import read_codebook
from analysis.sources.edition import project_root
from analysis.sources.regions import LEVELS

RUNS = 5
# Linux counts kilobytes, macOS bytes.
_MB = 1024 if sys.platform.startswith("linux") else 1024 * 1024


def main(raw: Path, year: int) -> None:
    """Print the seconds of the first reading, which loads libraries, and of the best of more."""
    data = project_root() / "data"
    source = of_year(read_catalogue(data / "catalogue.csv"), "kerncijfers", year)
    codebook = read_codebook(data / "codebook.csv")
    before = peak()
    seconds, busy = [], []
    for _ in range(RUNS):
        started, worked = time.perf_counter(), time.process_time()
        release = kerncijfers.read_release(snapshot.newest(raw, source.table), source, codebook)
        tables = [kerncijfers.region_table(release, level) for level in LEVELS]
        seconds.append(time.perf_counter() - started)
        busy.append(time.process_time() - worked)
        if len(seconds) == 1:
            first = peak()
    rows = " + ".join(str(len(table)) for table in tables)
    print(f"{source.table} ({year}): {rows} regions")
    print(f"first {seconds[0]:.2f} s, best of {RUNS} {min(seconds):.2f} s (work {min(busy):.2f} s)")
    print(f"peak memory {first:.0f} MB after the first, of which {before:.0f} MB libraries")


def peak() -> float:
    """Return the most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2020)
