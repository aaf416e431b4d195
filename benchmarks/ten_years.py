"""Time of ten years of one gemeente, from stored tables to one checked table with its reasons.

    python benchmarks/ten_years.py FOLDER_OF_SNAPSHOTS [GEMEENTE] [LEVEL]

The folder holds real tables, as data/raw does. Where it has fewer than ten years, the ones it has
are stored again under the years that lack, marked so: the figures are then of other years, and the
work is the same. Goal: 1 s.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from analysis.sources import catalogue
from analysis.sources.edition import Edition, cbs_edition, project_root
from analysis.sources.neighbourhoods import neighbourhoods
from analysis.sources.stored import find_stored_gemeente, gemeente_releases

YEARS = 10
RUNS = 5


def main(raw: Path, gemeente: str, level: str) -> None:
    """Print the years, where they came from, and the seconds in fresh processes."""
    with tempfile.TemporaryDirectory() as folder:
        copied = decade(raw, Path(folder), gemeente)
        for year, of in copied.items():
            print(f"{year}: {'real' if year == of else f'made up, the table of {of} again'}")
        # Each in a process of its own: nothing is kept from the one before.
        script = [sys.executable, __file__, "--once", folder, gemeente, level]
        told = [subprocess.check_output(script, text=True) for _ in range(RUNS)]
    best = min(told, key=lambda line: float(line.split()[0]))
    seconds, work, *shape = best.split()
    print(f"{gemeente}, {level}: {' '.join(shape)}")
    print(f"best of {RUNS} processes {float(seconds):.2f} s (work {float(work):.2f} s)")


def decade(raw: Path, folder: Path, gemeente: str) -> dict[int, int]:
    """Store ten years, the real ones and copies; return which year each is the table of."""
    edition = cbs_edition(project_root(), raw)
    code = find_stored_gemeente(edition, gemeente)
    real = [y for y, one in gemeente_releases(edition, code).items() if len(one.table)]
    sources = {one.year: one for one in catalogue.of_theme(
        catalogue.read_catalogue(edition.catalogue), "kerncijfers")}  # fmt: skip
    rows = []
    copied = {}
    for year in range(max(real), max(real) - YEARS, -1):
        of = min(real, key=lambda one: abs(one - year))
        table = sources[of].table
        copied[year] = of
        # A copy has the year of its columns: concepts come and go with the years.
        name = table if of == year else f"{table}_{year}"
        (folder / "raw").mkdir(exist_ok=True)
        shutil.copytree(raw / table, folder / "raw" / name)
        rows.append((year, of, table, name))
    text = edition.catalogue.read_text(encoding="utf-8").splitlines()
    header, lines = text[0], text[1:]
    kept = []
    for year, of, table, name in rows:
        line = next(one for one in lines if one.split(",")[0] == table)
        kept.append(_renamed(line, table, name, of, year))
    (folder / "catalogue.csv").write_text("\n".join([header, *kept]) + "\n", encoding="utf-8")
    return copied


def _renamed(line: str, table: str, name: str, of: int, year: int) -> str:
    return line.replace(table, name, 1).replace(str(of), str(year), 1) if table != name else line


def once(folder: Path, gemeente: str, level: str) -> None:
    """Print the seconds and the shape of one call in this process."""
    data = project_root() / "data"
    edition = Edition(folder / "catalogue.csv", data / "codebook.csv", folder / "raw", None)
    started, worked = time.perf_counter(), time.process_time()
    found = neighbourhoods(edition, gemeente, level)
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    years = found.table.index.unique("year")
    print(
        seconds, work, f"{len(years)} years, {found.table.shape[0]} rows x {found.table.shape[1]}"
    )


if __name__ == "__main__":
    if sys.argv[1] == "--once":
        once(Path(sys.argv[2]), *sys.argv[3:5])
    else:
        asked = sys.argv[2:] + ["GM0637", "buurt"][len(sys.argv) - 2 :]
        main(Path(sys.argv[1]), *asked)
