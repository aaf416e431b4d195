"""Which figures a gemeente has: per concept, year and level the filled share, and why not more."""

import pandas as pd

from analysis.figures.wording import STATUS_NL
from analysis.reports.dossier import Dossier
from analysis.reports.held import SOURCES_NL, Held, held_files, held_tables
from analysis.sources import kerncijfers
from analysis.sources.codebook import Concept
from analysis.sources.regions import LEVELS

REASONS = (
    "not_published",
    "not_in_file",
    "suppressed",
    "below_threshold",
    "not_comparable",
    "does_not_exist",
    "uninhabited",
    "no_population",
)
FILES_NL = "Kaarten en andere bestanden"
UNREADABLE_NL = "Niet te lezen"
# More columns than these do not fit on a screen; csv and json have every year.
_YEARS_SHOWN = 4
_NOTHING = "–"
# Where nobody lives nothing is missing: told once for a statistic, not at every concept.
_NOBODY = ("uninhabited", "no_population")


def availability(
    dossier: Dossier, levels: tuple[str, ...] = LEVELS, year: int | None = None
) -> pd.DataFrame:
    """Return how much of every concept is filled in every stored year, and why the rest is not.

    Parameters
    ----------
    dossier : Dossier
    levels : tuple of str, optional
    year : int, optional
        Only the figures of this year; without it of every stored year.

    Returns
    -------
    DataFrame
        One row per source, concept, year and level: source (the statistic), theme, concept,
        label, year, level, `filled` (share of the inhabitants who live in regions with a figure;
        NaN where they are not known), `regions`, `known` (regions with a figure), one column per
        reason with the number of regions, and `newest` (whether this is the newest year with a
        figure of the concept on that level). Maps, points, grid, network and own areas have a row
        per year and level with the number of things in `known`, and what cannot be read has one
        with the sentence as its label.
    """
    tables = [
        _of_release(dossier, release, level) for release in dossier.releases for level in levels
    ]
    held, problems = held_tables(dossier)
    tables += [_of_held(one) for one in held if one.level in levels]
    tables += [_of_maps(dossier, level) for level in levels]
    tables += [_of_files(dossier, levels), _of_problems(problems)]
    table = pd.concat([one for one in tables if len(one)], ignore_index=True)
    table = table.astype({"year": "Int64", **dict.fromkeys(("regions", "known", *REASONS), int)})
    key = ["source", "concept", "level"]
    newest = table[table["known"].gt(0)].groupby(key)["year"].max()
    wanted = table.set_index(key).index
    is_newest = table["year"].eq(newest.reindex(wanted).array).fillna(False).astype(bool)
    table["newest"] = is_newest & table["known"].gt(0)
    return table if year is None else table[table["year"].fillna(year).eq(year)]


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
    said.append((f"  per {' / '.join(levels)}", *[""] * len(years), "waarom de rest ontbreekt"))
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
    return f"{row['level']}: {', '.join(told)}" if told else ""


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


def _of_release(dossier: Dossier, release, level: str) -> pd.DataFrame:
    inhabited = dossier.regions(release, level)
    concepts = {name: one for name, one in dossier.codebook.items() if one.kind != "text"}
    why = kerncijfers.reasons(release, level, list(concepts)).loc[inhabited.index]
    table = _counted(
        SOURCES_NL["kerncijfers"], release.year, level, concepts, why, inhabited["inhabitants"]
    )
    dropped = kerncijfers.dropped_regions(release, level)
    dropped = dropped[dropped["gm_code"].eq(dossier.code)]["reason"]
    for reason in ("uninhabited", "no_population"):
        table[reason] = int(dropped.eq(reason).sum())
    table["regions"] += len(dropped)
    return table


def _of_held(held: Held) -> pd.DataFrame:
    why = held.why
    if held.people is not None:
        nobody = held.people.isna()
        unknown = why.isin(["suppressed", "below_threshold"])
        why = why.mask(unknown & nobody.to_numpy()[:, None], "uninhabited")
    return _counted(held.source, held.year, held.level, held.concepts, why, held.people)


def _counted(
    source: str,
    year: int,
    level: str,
    concepts: dict[str, Concept],
    why: pd.DataFrame,
    people: pd.Series | None,
) -> pd.DataFrame:
    """Return a row per concept: the filled share of the people, and regions by reason."""
    names = [name for name in concepts if name in why]
    told = why[names].to_numpy(dtype="object")
    known = told == ""
    filled = float("nan")
    if people is not None and people.sum() > 0:
        weights = people.fillna(0).to_numpy()
        filled = weights @ known / weights.sum()
    frame = pd.DataFrame(
        {
            "source": source,
            "theme": [concepts[name].theme_nl for name in names],
            "concept": names,
            "label": [_label(concepts[name]) for name in names],
            "year": year,
            "level": level,
            "filled": filled,
            "regions": len(why),
            "known": known.sum(axis=0),
        }
    )
    for reason in REASONS:
        frame[reason] = (told == reason).sum(axis=0)
    return frame


def _of_maps(dossier: Dossier, level: str) -> pd.DataFrame:
    """Return how many people live in regions of which there is an outline that suits."""
    files = held_files(dossier)
    drawn = files[files["concept"].eq("boundaries") & files["level"].eq(level)]
    rows = []
    for release in dossier.releases:
        if drawn.empty or not (drawn["year"].eq(release.year).any() or release is dossier.newest):
            continue
        found = dossier.boundaries(release, level)
        inhabited = dossier.regions(release, level)
        outlined = inhabited.index.isin(found.places.index if found else [])
        unfit = inhabited.index.isin(found.unfit if found else [])
        people = inhabited["inhabitants"]
        rows.append(
            _row("Grenzen", "boundaries", "grenzen", release.year, level)
            | {"filled": people[outlined].sum() / people.sum(), "regions": len(inhabited)}
            | {"known": int(outlined.sum()), "not_comparable": int(unfit.sum())}
            | {"not_in_file": int((~outlined & ~unfit).sum())}
        )
    return pd.DataFrame(rows)


def _of_files(dossier: Dossier, levels: tuple[str, ...]) -> pd.DataFrame:
    files = held_files(dossier)
    rows = [
        _row("Bestanden", one.concept, f"{one.label} ({one.file})", one.year, one.level)
        | {"regions": one.rows, "known": one.rows}
        for one in files[files["concept"].ne("boundaries")].itertuples()
    ]
    # A map of a year without figures is held all the same.
    years = {release.year for release in dossier.releases}
    for one in files[files["concept"].eq("boundaries")].itertuples():
        if one.level in levels and (pd.isna(one.year) or one.year not in years):
            rows.append(
                _row("Grenzen", "boundaries", one.label, one.year, one.level)
                | {"regions": one.rows, "known": one.rows}
            )
    return pd.DataFrame(rows)


def _of_problems(problems: list[str]) -> pd.DataFrame:
    rows = [
        _row(UNREADABLE_NL, "unreadable", sentence, pd.NA, "") | {"source": UNREADABLE_NL}
        for sentence in problems
    ]
    return pd.DataFrame(rows)


def _row(theme: str, concept: str, label: str, year, level: str) -> dict:
    start = {"source": FILES_NL, "theme": theme, "concept": concept, "label": label, "year": year}
    counts = dict.fromkeys(("regions", "known", *REASONS), 0)
    return {**start, "level": level, "filled": float("nan"), **counts}


def _label(concept: Concept) -> str:
    return f"afstand tot {concept.label_nl}" if concept.kind == "distance" else concept.label_nl
