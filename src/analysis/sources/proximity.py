"""Nabijheid voorzieningen: how far people live from facilities, and how many they have around.

Each figure is a mean over the people of a region, along the road by car, facilities abroad not
counted. Distances are in kilometres, numbers within a radius are means too. The statistic has no
number of inhabitants; a region where nobody lives simply has no figures.
"""

import itertools
import re
from pathlib import Path

import pandas as pd

from analysis.sources import kerncijfers, regions, snapshot
from analysis.sources.catalogue import Source
from analysis.sources.codebook import Concept, read_codebook
from analysis.sources.edition import Edition
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import BELOW_THRESHOLD, SECRET, UNINHABITED, Release

THEME = "nabijheid"
_IDENTITY = ("gm_code", "gm_name", "wk_code", "region_name", "boundary_change")
_WITHIN = re.compile(r"(.+)_within_(\d+)km")


def codebook_path(edition: Edition) -> Path:
    """Return where the codebook of the proximity statistic lies: beside the other one."""
    return edition.codebook.with_name("proximity_codebook.csv")


def codebook(edition: Edition) -> dict[str, Concept]:
    """Read the codebook of the proximity statistic."""
    return read_codebook(codebook_path(edition))


def read_release(
    stored: snapshot.Snapshot, source: Source, concepts: dict[str, Concept]
) -> Release:
    """Read a stored proximity table or file.

    Parameters
    ----------
    stored : Snapshot
    source : Source
        The table's row of the catalogue.
    concepts : dict of str to Concept
        The codebook of the proximity statistic.

    Raises
    ------
    InputError
        When columns cannot be placed, a figure is negative or no number, a code stands there
        twice, no column has a figure, or more facilities lie within a small radius than within a
        larger one: then columns have changed places.
    """
    release = kerncijfers.read_release(stored, source, concepts)
    table = release.table
    said = f"{source.title} ({stored.url if kerncijfers.is_brought(stored) else source.table})"
    if table.index.has_duplicates:
        raise InputError(
            f"{said} noemt {table.index[table.index.duplicated()][0]} meer dan één keer; haal de "
            "tabel opnieuw op."
        )
    figures = table[figure_columns(release)]
    if figures.isna().all(axis=None):
        raise InputError(f"{said} heeft geen enkel cijfer over voorzieningen; kies een ander jaar.")
    for name in figures:
        if (negative := figures[name].lt(0)).any():
            raise InputError(
                f"{said} heeft bij {concepts[name].label_nl} een getal onder nul (gebied "
                f"{negative.idxmax()}); haal de tabel opnieuw op."
            )
    for smaller, larger in _radii(list(figures)):
        if (more := figures[smaller].gt(figures[larger])).any():
            raise InputError(
                f"{said} heeft in {more.idxmax()} meer {concepts[smaller].label_nl} dan "
                f"{concepts[larger].label_nl}: er zijn kolommen verwisseld, haal de tabel opnieuw "
                "op."
            )
    return release


def newest(edition: Edition, source: Source) -> Release | None:
    """Return the newest stored release of one year's table, or None when there is none."""
    stored = snapshot.newest(edition.raw, source.table)
    return read_release(stored, source, codebook(edition)) if stored else None


def figure_columns(release: Release) -> list[str]:
    """Return the distances and numbers that the release has a column for."""
    return [name for name in release.table if name not in (*_IDENTITY, "region_kind")]


def region_table(release: Release, level: str) -> pd.DataFrame:
    """Return the figures of the regions of one level, on the index of every region table.

    Parameters
    ----------
    release : Release
    level : {'gemeente', 'wijk', 'buurt'}

    Returns
    -------
    DataFrame
        One row per region, indexed by `region_code`: gm_code, gm_name, wk_code, region_name,
        boundary_change, `<facility>_distance_km` and `<facility>_within_<radius>km`. Regions
        where nobody lives are in it, without figures; a join with a region table drops them.
    """
    table = release.table
    chosen = table[regions.is_level(table.index.to_series(), level)]
    chosen = chosen[~chosen["gm_code"].isin(regions.NO_PLACE)]
    shape = chosen.index.str.fullmatch(regions.CODE_PATTERN[level])
    if not shape.all():
        raise InputError(
            f"{release.source.title} heeft '{chosen.index[~shape][0]}' als code van een {level}; "
            "haal de tabel opnieuw op."
        )
    return chosen.drop(columns="region_kind")


def reasons(
    release: Release, level: str, concepts: list[str], sizes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Say for every region and concept why its figure is missing, or '' where it is known.

    Parameters
    ----------
    release : Release
    level : {'gemeente', 'wijk', 'buurt'}
    concepts : list of str
    sizes : DataFrame, optional
        The regions of Kerncijfers of the same year, with `inhabitants`: the statistic has no
        number of people itself.

    Returns
    -------
    DataFrame of str
        The shape of `region_table` restricted to `concepts`: '', 'not_published', 'not_in_file',
        'does_not_exist', 'uninhabited', 'below_threshold' (both only with `sizes`), or
        'suppressed' (another hole in a filled column: nobody or too few people).
    """
    table = region_table(release, level)
    told = kerncijfers.holes(release, table, concepts, sizes)
    if sizes is None:
        return told
    people = sizes["inhabitants"]
    empty = told.index.isin(people.index[people.isna() | people.eq(0)])
    hole = told.isin([SECRET, BELOW_THRESHOLD])
    return told.mask(hole & empty[:, None], UNINHABITED)


def comparable(concept: Concept, year: int, other: int) -> bool:
    """Whether the figures of two years are measured alike.

    General practices are counted otherwise from 2020 on (no secondary addresses), green from
    2017 on (only from one hectare).
    """
    broken = concept.break_year
    return broken is None or (year >= broken) == (other >= broken)


def _radii(columns: list[str]) -> list[tuple[str, str]]:
    """Return pairs of a facility's number within a radius and within the next larger one."""
    by_facility: dict[str, list[tuple[int, str]]] = {}
    for name in columns:
        if within := _WITHIN.fullmatch(name):
            by_facility.setdefault(within[1], []).append((int(within[2]), name))
    return [
        (smaller, larger)
        for numbered in by_facility.values()
        for (_, smaller), (_, larger) in itertools.pairwise(sorted(numbered))
    ]
