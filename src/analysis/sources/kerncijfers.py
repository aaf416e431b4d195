"""Kerncijfers wijken en buurten: from a stored answer or file to one region table per level.

What was stored is cleaned at the door, once: codes and names stripped, marks for missing turned
into NaN, percentages into shares, hectares into km2, thousands of euros into euros. Beside the
table stands one of the same shape that says why a value is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.sources import regions, snapshot, thresholds
from analysis.sources.catalogue import Source
from analysis.sources.codebook import Concept, columns_of_all, match_columns
from analysis.sources.contents import cleaned, contents_of, is_brought
from analysis.sources.errors import InputError
from analysis.sources.filled import filled_elsewhere
from analysis.sources.region_schema import validate
from analysis.sources.thresholds import Threshold

_IDENTITY = ("region_code", "gm_code", "gm_name", "wk_code", "region_name", "boundary_change")

# Groups that show that somebody lives where the number of inhabitants does not.
_BACKGROUND = (
    "n_western",
    "n_non_western",
    "n_origin_netherlands",
    "n_origin_europe",
    "n_origin_outside_europe",
)

# Why a value is missing.
KNOWN = ""
NOT_PUBLISHED = "not_published"
# A person may choose some columns when downloading; the others may well be published.
NOT_IN_FILE = "not_in_file"
SECRET = "suppressed"
BELOW_THRESHOLD = "below_threshold"
DOES_NOT_EXIST = "does_not_exist"
UNINHABITED = "uninhabited"


@dataclass(frozen=True)
class Release:
    """One release of one year's table, cleaned: every region of the country, all levels.

    Attributes
    ----------
    source : Source
        The row of the catalogue.
    snapshot : Snapshot
        The stored answer.
    table : DataFrame
        Indexed by region_code; the codebook's concepts as columns, NaN where not known.
    absent : dict of str to str
        Concept -> why the release has no figure for it at all.
    limits : mapping of str to Threshold
        Concept -> from which size of a region on it is published in this year.
    elsewhere : frozenset of (str, str)
        Of a release read for one gemeente: (GM, WK or BU, concept) with figures in other ones.
    """

    source: Source
    snapshot: snapshot.Snapshot
    table: pd.DataFrame
    absent: dict[str, str]
    limits: Mapping[str, Threshold] = field(default_factory=dict)
    elsewhere: frozenset[tuple[str, str]] = frozenset()

    @property
    def year(self) -> int:
        """The year that the figures are about."""
        return self.source.year


def read_release(
    stored: snapshot.Snapshot,
    source: Source,
    codebook: dict[str, Concept],
    gemeente: str = "",
) -> Release:
    """Read a stored table through the codebook.

    Parameters
    ----------
    stored : Snapshot
    source : Source
    codebook : dict of str to Concept
    gemeente : str, optional
        Read the rows of this gemeente only, which is many times faster; what is absent is told
        of the whole table all the same.

    Raises
    ------
    InputError
        When the snapshot was changed on disk, its columns cannot be placed, a number is none, or
        a row has no code.
    """
    contents = contents_of(stored, codebook, source.year, gemeente)
    columns = match_columns(codebook, contents.properties, source.year, contents.name)
    others = _of_other_years(codebook, contents.properties, source.year, columns)
    both, elsewhere = columns | others, frozenset()
    if gemeente:
        own = contents.of_gemeente(both.values(), columns["region_code"], gemeente)
        table = cleaned(own, both, codebook)
        elsewhere = filled_elsewhere(contents, table, both, codebook)
    else:
        table = cleaned(contents, both, codebook)
    empty = set(table.columns[table.isna().all()]) - {concept for _, concept in elsewhere}
    # CBS's spreadsheet keeps a column for a year or so after StatLine: empty, or with figures.
    table = table.drop(columns=[name for name in others if name in empty])
    codes = table.pop("region_code")
    if codes.isna().any():
        raise InputError(
            f"In tabel {source.table} ({source.year}) hebben {codes.isna().sum()} rijen geen code; "
            "haal de tabel opnieuw op met 'pull'."
        )
    if not (good := codes.str.match(regions.ANY_LEVEL)).all():
        raise InputError(
            f"In tabel {source.table} ({source.year}) staat '{codes[~good].iloc[0]}' waar een code "
            "van een gebied moet staan; haal de tabel opnieuw op met 'pull'."
        )
    names = regions.label(contents.region_names)
    table.insert(0, "region_name", codes.map(names).array)
    table.insert(0, "wk_code", regions.wk_code(codes).where(regions.is_level(codes, "buurt")))
    table.insert(0, "gm_code", regions.gm_code(codes).where(~codes.str.startswith("NL")))
    table.index = pd.Index(codes, name="region_code")
    no_column = NOT_IN_FILE if is_brought(stored) else NOT_PUBLISHED
    absent = {}
    for name, concept in codebook.items():
        if name in table and name in others:
            continue
        if not concept.exists_in(source.year):
            absent[name] = DOES_NOT_EXIST
        elif name not in columns:
            absent[name] = no_column
        elif concept.kind != "text" and name in empty:
            absent[name] = NOT_PUBLISHED
    return Release(source, stored, table, absent, _limits(codebook, source.year), elsewhere)


def region_table(release: Release, level: str) -> pd.DataFrame:
    """Return the regions of one level where people live.

    Parameters
    ----------
    release : Release
    level : {'gemeente', 'wijk', 'buurt'}

    Returns
    -------
    DataFrame
        One row per region, indexed by `region_code`; gm_code, gm_name, wk_code, region_name,
        boundary_change, then the concepts that the release has. What `dropped_regions` lists is
        not in it.

    Raises
    ------
    InputError
        When the level does not exist, or the table breaks its own rules (a share above 1, ...).
    """
    chosen = release.table[_rows(release, level)]
    kept = chosen[_reason_to_drop(chosen).eq("")]
    return validate(kept.drop(columns="region_kind"), level, release.source.table)


def dropped_regions(release: Release, level: str) -> pd.DataFrame:
    """Return the regions that `region_table` leaves out, with the reason for each.

    Reasons are 'uninhabited' (land or water where nobody is registered), 'no_population' (people
    of some background are given, and no inhabitants: rounding, or a total not published) and
    'no_place' (registered at no gemeente).
    """
    chosen = release.table[_rows(release, level)]
    reason = _reason_to_drop(chosen)
    left_out = chosen[reason.ne("")]
    return left_out[["gm_code", "region_name", "inhabitants"]].assign(reason=reason[reason.ne("")])


def reasons(release: Release, level: str, concepts: list[str]) -> pd.DataFrame:
    """Say for every region and concept why its value is missing, or '' where it is known.

    Returns
    -------
    DataFrame of str
        The shape of `region_table` restricted to `concepts`: '', 'not_published' (the release
        has no figure of this level at all), 'not_in_file' (a downloaded file without the
        column), 'does_not_exist' (in this year), 'below_threshold' (the region is known to be
        smaller than CBS publishes for) or 'suppressed' (another hole in a filled column).
        Where nobody lives is told by `dropped_regions`.
    """
    return holes(release, region_table(release, level), concepts)


def holes(
    release: Release,
    table: pd.DataFrame,
    concepts: list[str],
    sizes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Say why the values of one level's regions are missing, as `reasons` does.

    Parameters
    ----------
    release : Release
    table : DataFrame
        Regions of one level of this release, all of them or those of a gemeente.
    concepts : list of str
    sizes : DataFrame, optional
        The sizes of the regions (inhabitants, ...), where the table itself has none.
    """
    sizes = table if sizes is None else sizes.reindex(table.index)
    told: dict[str, str | np.ndarray] = {c: release.absent.get(c, "") for c in concepts}
    there = [concept for concept in concepts if concept not in release.absent]
    for concept, hole in zip(there, table[there].isna().to_numpy().T, strict=True):
        empty = hole.all() and _is_empty(release, table.index, concept)
        why = np.where(hole, NOT_PUBLISHED if empty else SECRET, KNOWN).astype(object)
        if concept in release.limits and hole.any():
            small = thresholds.is_below(release.limits[concept], sizes).to_numpy(dtype=bool)
            # A level without any figure is not published yet, unless all of it is too small.
            if small.all() or not empty:
                why[hole & small] = BELOW_THRESHOLD
        told[concept] = why
    return pd.DataFrame(told, index=table.index, columns=concepts, dtype="str")


def _is_empty(release: Release, codes: pd.Index, concept: str) -> bool:
    """Whether no region of the level of these codes has a figure, wherever it is."""
    if any((start, concept) in release.elsewhere for start in codes.str[:2].unique()):
        return False
    level = release.table.index.str[:2].isin(codes.str[:2])
    return bool(release.table.loc[level, concept].isna().all())


def all_regions(release: Release, level: str, gemeente: str) -> pd.DataFrame:
    """Return all rows of one level and gemeente, also those where nobody lives."""
    chosen = release.table[_rows(release, level)]
    return chosen[chosen["gm_code"] == gemeente]


def gemeente_names(release: Release) -> pd.Series:
    """Return the names of the gemeenten by code, for finding one."""
    chosen = release.table[_rows(release, "gemeente")]
    return chosen["gm_name"][~chosen.index.isin(regions.NO_PLACE)].dropna()


def of_gemeente(table: pd.DataFrame, gm_code: str) -> pd.DataFrame:
    """Return the rows of one gemeente.

    Raises
    ------
    InputError
        When the table has none.
    """
    chosen = table[table["gm_code"] == gm_code]
    if chosen.empty:
        raise InputError(f"In deze tabel staan geen gebieden van {gm_code}.")
    return chosen


def _of_other_years(
    codebook: Mapping[str, Concept], properties: list[dict], year: int, taken: dict[str, str]
) -> dict[str, str]:
    """Return the columns of concepts that CBS does not publish for a year, and yet are there."""
    others = {name: one for name, one in codebook.items() if not one.exists_in(year)}
    return {
        name: keys[0]
        for name, keys in columns_of_all(others, properties).items()
        if len(keys) == 1 and keys[0] not in taken.values()
    }


def _limits(codebook: Mapping[str, Concept], year: int) -> dict[str, Threshold]:
    found = {n: thresholds.of_year(one.thresholds, n, year) for n, one in codebook.items()}
    return {name: limit for name, limit in found.items() if limit}


def _rows(release: Release, level: str) -> pd.Series:
    return regions.is_level(release.table.index.to_series(), level)


def _reason_to_drop(chosen: pd.DataFrame) -> pd.Series:
    people = chosen["inhabitants"]
    has_groups = chosen[[c for c in _BACKGROUND if c in chosen]].gt(0).any(axis=1)
    nobody = people.isna() | people.eq(0)
    return pd.Series(
        np.select(
            [chosen["gm_code"].isin(regions.NO_PLACE), nobody & has_groups, nobody],
            ["no_place", "no_population", UNINHABITED],
            default="",
        ),
        index=chosen.index,
    )
