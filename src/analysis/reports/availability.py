"""Which figures a gemeente has: per concept, year and level the filled share, and why not more."""

import pandas as pd

from analysis.reports.absent import Absent
from analysis.reports.availability_text import availability_text
from analysis.reports.dossier import Dossier
from analysis.reports.held import (
    FILES_NL,
    REASONS,
    SOURCES_NL,
    UNREADABLE_NL,
    Held,
    held_files,
    held_tables,
)
from analysis.sources import kerncijfers
from analysis.sources.codebook import Concept
from analysis.sources.regions import ALL_LEVELS, OWN_LEVEL

__all__ = ["REASONS", "availability", "availability_text"]


def availability(
    dossier: Dossier, levels: tuple[str, ...] | None = None, year: int | None = None
) -> pd.DataFrame:
    """Return how much of every concept is filled in every stored year, and why the rest is not.

    Parameters
    ----------
    dossier : Dossier
    levels : tuple of str, optional
        Without them every level, own areas too where the gemeente has them.
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
    levels = levels or ALL_LEVELS
    tables = [
        _of_release(dossier, release, level)
        for release in dossier.releases
        for level in dossier.levels(release)
        if level in levels
    ]
    held, problems = held_tables(dossier)
    own = [dossier.own_areas(release) for release in dossier.releases]
    problems += dict.fromkeys(one.sentence for one in own if isinstance(one, Absent))
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


def _of_release(dossier: Dossier, release, level: str) -> pd.DataFrame:
    inhabited = dossier.regions(release, level)
    concepts = {name: one for name, one in dossier.codebook.items() if one.kind != "text"}
    why = dossier.reasons(release, level, list(concepts))
    table = _counted(
        SOURCES_NL["kerncijfers"], release.year, level, concepts, why, inhabited["inhabitants"]
    )
    if level == OWN_LEVEL:
        return table
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
