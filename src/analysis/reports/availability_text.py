"""A table of availability as lines for a terminal: a block per statistic, a line per concept."""

import pandas as pd

from analysis.figures.wording import LEVEL_NL, STATUS_NL
from analysis.reports.held import FILES_NL, REASONS, UNREADABLE_NL

# More columns than these do not fit on a screen; csv and json have every year.
_YEARS_SHOWN = 4
_NOTHING = "–"
# Where nobody lives nothing is missing: told once for a statistic, not at every concept.
_NOBODY = ("uninhabited", "no_population")


def availability_text(table: pd.DataFrame) -> str:
    """Return an availability table as lines for a terminal.

    Per statistic a block, in it per theme a line per concept: for each year the percentage of the
    inhabitants with a figure on each level, and why the rest of the smallest level is missing.
    """
    lines = []
    for source, block in table.groupby("source", sort=False):
        if source in (FILES_NL, UNREADABLE_NL):
            shown = _files_text(block)
        else:
            shown = [*_block_text(block), *_uninhabited_text(block)]
        lines += [str(source).upper(), *shown, ""]
    lines += [
        "Percentage van de inwoners dat woont in een gebied met een cijfer; * nieuwste jaar met "
        "cijfers op dat niveau.",
    ]
    if table["year"].nunique() > _YEARS_SHOWN:
        lines.append(f"Per bron staan de nieuwste {_YEARS_SHOWN} jaren; alle met --format csv.")
    return "\n".join(lines)


def _block_text(block: pd.DataFrame) -> list[str]:
    years = sorted(block["year"].dropna().unique(), reverse=True)[:_YEARS_SHOWN]
    levels = list(dict.fromkeys(block["level"]))
    said: list[tuple[str, ...]] = [("", *map(str, years), "")]
    said.append(
        (
            f"  per {' / '.join(LEVEL_NL[level] for level in levels)}",
            *[""] * len(years),
            "waarom de rest ontbreekt",
        )
    )
    for theme, of_theme in block.groupby("theme", sort=False):
        if theme != block["source"].iloc[0]:
            said.append((f"  {theme}",))
        for (_, label), rows in of_theme.groupby(["concept", "label"], sort=False):
            by_year = {year: rows[rows["year"].eq(year)] for year in years}
            cells = [_cell(one, levels) for one in by_year.values()]
            there = [one for one in by_year.values() if one["known"].gt(0).any()]
            rest = _rest(there[0].iloc[-1]) if there else ""
            said.append((f"    {label}", *cells, rest))
    widths = [max(len(line[at]) for line in said if at < len(line)) for at in range(len(years) + 1)]
    return [
        "  ".join(
            cell.ljust(width) for cell, width in zip(line, [*widths, 0], strict=False)
        ).rstrip()
        for line in said
    ]


def _cell(rows: pd.DataFrame, levels: list[str]) -> str:
    if rows.empty:
        return _NOTHING
    if not rows["known"].gt(0).any():
        reasons = rows[[one for one in REASONS if one not in _NOBODY]].sum()
        return STATUS_NL[reasons.idxmax()] if reasons.any() else _NOTHING
    by_level = rows.set_index("level")
    return " / ".join(
        _filled(by_level.loc[level]) if level in by_level.index else _NOTHING for level in levels
    )


def _filled(row: pd.Series) -> str:
    if not row["known"]:
        return _NOTHING
    star = "*" if row["newest"] else ""
    if pd.isna(row["filled"]):
        return f"{row['known']} van {row['regions']}{star}"
    return f"{_whole_percent(row['filled'])}{star}"


def _whole_percent(share: float) -> str:
    """Return a percentage that says all or nothing only where it is."""
    rounded = round(100 * share)
    if rounded == 100 and share < 1:
        return ">99%"
    return "<1%" if rounded == 0 and share > 0 else f"{rounded}%"


def _uninhabited_text(block: pd.DataFrame) -> list[str]:
    newest = block[block["year"].eq(block["year"].max())]
    counts = newest.groupby("level", sort=False)[list(_NOBODY)].max()
    told = [
        f"{level}: {STATUS_NL[reason]} ({counts.loc[level, reason]})"
        for level in counts.index
        for reason in _NOBODY
        if counts.loc[level, reason]
    ]
    return [f"  In {newest['year'].iloc[0]} zonder inwoners, {'; '.join(told)}."] if told else []


def _rest(row: pd.Series) -> str:
    told = [f"{STATUS_NL[one]} ({row[one]})" for one in REASONS if row[one] and one not in _NOBODY]
    return f"{LEVEL_NL[row['level']]}: {', '.join(told)}" if told else ""


def _files_text(block: pd.DataFrame) -> list[str]:
    lines = []
    for row in block.itertuples():
        if row.concept == "unreadable":
            lines.append(f"  {row.label}")
            continue
        year = "jaar onbekend" if pd.isna(row.year) else str(row.year)
        share = "" if pd.isna(row.filled) else f", {_whole_percent(row.filled)} van de inwoners"
        lines.append(f"  {row.theme}: {row.label}, {year}, {row.level}: {row.known}{share}")
    return lines
