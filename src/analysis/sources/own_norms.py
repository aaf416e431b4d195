"""A gemeente's own reference norms: kept as a snapshot, and read beside those of the project."""

from pathlib import Path

import pandas as pd

from analysis.sources import snapshot
from analysis.sources.errors import InputError
from analysis.sources.norms import read_norms

NAME = "eigen_normen"


def store(
    raw: Path, file: Path, gemeente: str, kinds: pd.DataFrame, known: pd.DataFrame
) -> tuple[snapshot.Snapshot, pd.DataFrame]:
    """Keep a file with norms (csv, xlsx) as a snapshot of a gemeente, once it can be read as one.

    Parameters
    ----------
    raw, file : Path
    gemeente : str
        Code (GM0637).
    kinds, known : DataFrame
        See `read_norms`.

    Returns
    -------
    (Snapshot, DataFrame)
        And the norms that were read.

    Raises
    ------
    InputError
        When the file is missing or `read_norms` refuses it.
    """
    if not file.is_file():
        raise InputError(f"Het bestand met normen {file} bestaat niet; geef een csv of xlsx.")
    norms = read_norms(file, kinds, known=known)
    if norms.empty:
        raise InputError(f"{file} heeft geen enkele norm; geef per regel voorziening en waarde.")
    return snapshot.write_file(raw, NAME, file, len(norms), {"gemeente": gemeente}), norms


def read(raw: Path, gemeente: str, kinds: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame | None:
    """Return the norms that this gemeente brought last, or None; see `store`."""
    own = [s for s in snapshot.releases(raw, NAME) if s.notes["gemeente"] == gemeente]
    stored = max(own, key=lambda s: s.fetched_at, default=None)
    if stored is None:
        return None
    return read_norms(stored.path(next(iter(stored.files))), kinds, known=known)
