"""CBS's own flags of boundary changes, each against the year before only."""

from collections.abc import Iterable, Mapping

import pandas as pd

UNCHANGED = "1"

Flags = Mapping[int, pd.Series | None]


def flags_between(tables: Mapping[int, pd.DataFrame], year_from: int, year_to: int) -> Flags:
    """Return the change flags that lie between two years, None for a table that is not at hand.

    Parameters
    ----------
    tables : mapping of int to DataFrame
        Tables by year, indexed by region_code, with `boundary_change`; whole tables, also the
        regions where nobody lives (`Release.table`).
    year_from, year_to : int
        In either order: back to an earlier year the same flags count.

    Returns
    -------
    mapping of int to (Series of str or None)
        One for every year after the first up to and with the last.
    """
    first, last = sorted((year_from, year_to))
    return {
        year: tables[year]["boundary_change"] if year in tables else None
        for year in range(first + 1, last + 1)
    }


def missing_tables(flags: Flags) -> str:
    """Return one sentence that names the years without a table, or ''."""
    return years_lacking(year for year, known in flags.items() if known is None)


def years_lacking(lacking: Iterable[int]) -> str:
    """Return one sentence on years of which the table is not in store, or ''."""
    years = [str(year) for year in sorted(set(lacking))]
    if not years:
        return ""
    named = f"{', '.join(years[:-1])} en {years[-1]}" if len(years) > 1 else years[0]
    tables = "die tabellen zijn" if len(years) > 1 else "die tabel is"
    return (
        f"De grenswijzigingen van {named} zijn niet bekend, want {tables} niet in huis: alleen "
        "gebieden waarvan de grenzen van beide jaren voor 90% of meer samenvallen gelden als "
        "hetzelfde gebied; haal ze op met 'pull --jaar', of geef de grenzen van beide jaren."
    )


def by_flags(codes: pd.Index, flags: Flags) -> tuple[pd.Index, pd.Index]:
    """Sort codes by what the flags say of them.

    Parameters
    ----------
    codes : Index of str
        Codes that stand in the tables of both years.
    flags : mapping of int to (Series of str or None)

    Returns
    -------
    (Index, Index)
        Codes that are unchanged in every year; and codes of which some year says nothing (no
        table, no flag) while no year says that they changed. A code that is absent from a table
        in between was given up and used again: it changed.
    """
    unchanged = pd.Series(True, index=codes)
    changed = pd.Series(False, index=codes)
    for flag in flags.values():
        if flag is None:
            unchanged[:] = False
            continue
        told = flag.reindex(codes)
        unchanged &= told.eq(UNCHANGED).fillna(False).astype(bool)
        changed |= told.notna() & told.ne(UNCHANGED).fillna(False).astype(bool)
        changed |= ~codes.isin(flag.index)
    return codes[unchanged], codes[~unchanged & ~changed]


def same_code_evidence(regions_from: pd.DataFrame, regions_to: pd.DataFrame) -> pd.DataFrame:
    """Compare names and numbers of inhabitants under one code: a warning, never a proof.

    Parameters
    ----------
    regions_from, regions_to : DataFrame
        Indexed by region_code, with region_name and inhabitants.

    Returns
    -------
    DataFrame
        One row per code that both have: name_from, name_to, inhabitants_from, inhabitants_to,
        is_renamed, and is_resized (more than 30 % fewer or more people than before).
    """
    both = regions_from.index.intersection(regions_to.index)
    old, new = regions_from.loc[both], regions_to.loc[both]
    ratio = new["inhabitants"] / old["inhabitants"]
    return pd.DataFrame(
        {
            "name_from": old["region_name"],
            "name_to": new["region_name"],
            "inhabitants_from": old["inhabitants"],
            "inhabitants_to": new["inhabitants"],
            "is_renamed": old["region_name"].ne(new["region_name"]),
            "is_resized": ratio.gt(1.3) | ratio.lt(0.7),
        },
        index=both,
    )
