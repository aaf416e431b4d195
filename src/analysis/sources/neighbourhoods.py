"""One call: the tidy, checked table of any gemeente, level and years, and why what is not there.

With `onto` the counts of every year stand on the regions of one year, each row marked as what it
is, so that a converted number never looks like a measured one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.sources import kerncijfers
from analysis.sources.change_flags import years_lacking
from analysis.sources.codebook import Concept, read_codebook
from analysis.sources.conversion import convert
from analysis.sources.crosswalk import LABELS, NOT_COMPARABLE
from analysis.sources.edition import Edition, cbs_edition, project_root
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import DOES_NOT_EXIST, NOT_PUBLISHED, Release
from analysis.sources.own_areas import own_areas, own_reasons
from analysis.sources.region_schema import validate_years
from analysis.sources.regions import ALL_LEVELS, OWN_LEVEL, check_level
from analysis.sources.stored import find_stored_gemeente, gemeente_releases, stored_years
from analysis.sources.stored_crosswalk import stored_crosswalk

PARTLY_COVERED = "partly_covered"
_IDENTITY = ("gm_code", "gm_name", "wk_code", "region_name", "boundary_change")


@dataclass(frozen=True)
class Neighbourhoods:
    """The regions of one gemeente and level over years.

    Attributes
    ----------
    table : DataFrame
        Indexed by (year, region_code): gm_code, wk_code (of buurten), region_name, and every
        concept that exists in one of the years, in the codebook's order and units; NaN where not
        known. With `onto` also `conversion`, after the names: measured (nothing changed),
        recoded (the same ground had another code), converted (made from parts of other regions;
        not rounded), not_comparable, or partly_covered (what is known lies on a part of it).
    reasons : DataFrame of str
        The same rows and concepts: '' where the figure is known, else why it is not:
        'not_published', 'not_in_file', 'suppressed', 'below_threshold', 'does_not_exist'; with
        `onto` also 'not_comparable', 'not_convertible' and 'no_denominator'.
    left_out : DataFrame
        Regions that are in no row, indexed by (year, region_code): region_name and reason
        ('uninhabited', 'no_population'; of own areas 'not_comparable').
    remainder : DataFrame
        With `onto`: counts that are in no row, so that with them each year's sums are those of
        the year itself: year, from_code, to_code, concept, amount and reason ('outside',
        'not_comparable', 'suppressed'). Else empty.
    note : str
        One sentence on the tables in between that are not in store, and what to do; or ''.
    """

    table: pd.DataFrame
    reasons: pd.DataFrame
    left_out: pd.DataFrame
    remainder: pd.DataFrame
    note: str = ""


@dataclass(frozen=True)
class _Year:
    """What one year gives: rows by region_code, in the shapes of `Neighbourhoods`."""

    table: pd.DataFrame
    reasons: pd.DataFrame
    left_out: pd.DataFrame
    remainder: pd.DataFrame
    without: tuple[int, ...] = ()


def neighbourhoods(
    edition: Edition | Path | str,
    gemeente: str,
    level: str,
    years: Iterable[int] | None = None,
    *,
    onto: int | None = None,
) -> Neighbourhoods:
    """Return the table of a gemeente's regions over years, from what is in store.

    Parameters
    ----------
    edition : Edition or path
        Or the folder of snapshots of CBS's figures.
    gemeente : str
        Code or name.
    level : {'gemeente', 'wijk', 'buurt', 'eigen'}
        'eigen' is the gemeente's own areas, where it has brought them.
    years : iterable of int, optional
        Else every year in store that has the gemeente.
    onto : int, optional
        Bring every year to the regions of this one.

    Returns
    -------
    Neighbourhoods

    Raises
    ------
    InputError
        When the level does not exist, the gemeente is unknown, a year that is asked for is not in
        store or does not have the gemeente, or own areas were not brought; one sentence.
    """
    check_level(level, ALL_LEVELS)
    if level == OWN_LEVEL and onto is not None:
        raise InputError(
            "Eigen gebieden worden niet omgerekend: zij bestaan elk jaar uit de buurten die "
            "gelijk bleven; laat 'onto' weg, of kies het niveau buurt."
        )
    edition = edition if isinstance(edition, Edition) else _edition(Path(edition))
    code = find_stored_gemeente(edition, gemeente)
    asked = None if years is None else sorted(set(years) | ({onto} - {None}))
    releases = gemeente_releases(edition, code, asked)
    releases = {year: one for year, one in releases.items() if len(one.table)}
    needed = asked if years is not None else [onto] if onto else []
    if gone := [year for year in needed if year not in releases]:
        raise InputError(_without(edition, code, gone))
    wanted = sorted(releases if years is None else set(years))
    codebook = read_codebook(edition.codebook)
    concepts = [
        name
        for name, concept in codebook.items()
        if concept.kind != "text"
        and any(releases[year].absent.get(name) != DOES_NOT_EXIST for year in wanted)
    ]
    if level == OWN_LEVEL:
        parts = {y: _own(edition, code, releases[y], concepts, codebook) for y in wanted}
    elif onto is None:
        parts = {y: _published(releases[y], code, level, concepts) for y in wanted}
        validate_years({y: one.table for y, one in parts.items()}, level, code)
    else:
        parts = {
            y: _converted(edition, code, level, releases[y], releases[onto], concepts, codebook)
            for y in wanted
        }
    return _joined(parts, concepts)


def _edition(raw: Path) -> Edition:
    if not raw.is_dir():
        raise InputError(f"De map met opgehaalde gegevens {raw} bestaat niet.")
    return cbs_edition(project_root(), raw)


def _without(edition: Edition, code: str, gone: list[int]) -> str:
    others = [str(year) for year in sorted(stored_years(edition, code)) if year not in gone]
    return (
        f"Van {', '.join(map(str, gone))} is er van {code} geen tabel in huis (wel van "
        f"{', '.join(others) or 'geen enkel jaar'}); haal op met 'pull {code} --jaar {gone[0]}', "
        "of vraag een ander jaar."
    )


def _published(release: Release, code: str, level: str, concepts: list[str]) -> _Year:
    dropped = kerncijfers.dropped_regions(release, level)
    everything = kerncijfers.all_regions(release, level, code)
    table = everything.drop(index=everything.index.intersection(dropped.index))
    lacking = {c: release.absent.get(c, NOT_PUBLISHED) for c in concepts if c not in table}
    why = kerncijfers.holes(release, table, [c for c in concepts if c in table])
    told = pd.DataFrame(lacking, index=table.index, dtype="str")
    why = pd.concat([why, told], axis=1)[concepts]
    return _Year(_shaped(table, concepts), why, dropped[["region_name", "reason"]], _no_remainder())


def _own(edition, code: str, release: Release, concepts: list[str], codebook) -> _Year:
    own = own_areas(edition, code, release.year, codebook)
    if own is None:
        raise InputError(
            f"Van {code} zijn geen eigen gebieden in huis; breng ze met 'pull {code} --indeling "
            "BESTAND'."
        )
    left_out = own.left_out.to_frame("region_name").assign(reason=NOT_COMPARABLE)
    return _Year(
        _shaped(own.figures.table, concepts, ("gm_code", "gm_name", "region_name", "n_buurten")),
        own_reasons(own, release, concepts),
        left_out,
        _no_remainder(),
        own.without if len(own.left_out) else (),
    )


def _converted(
    edition: Edition,
    code: str,
    level: str,
    release: Release,
    target: Release,
    concepts: list[str],
    codebook: dict[str, Concept],
) -> _Year:
    known = _published(release, code, level, concepts)
    walk = stored_crosswalk(edition, code, level, release.year, target.year)
    names = kerncijfers.all_regions(target, level, code)["region_name"]
    figures = known.table[[c for c in concepts if c in known.table]]
    found = convert(figures, walk.flows, codebook, names)
    partly = walk.flows[walk.flows["why"].eq(PARTLY_COVERED)]["to_code"]
    table = found.table.assign(
        conversion=found.table["conversion"].mask(found.table.index.isin(partly), PARTLY_COVERED)
    )
    reasons = _source_reasons(found.status, known.reasons, walk.flows)
    identity = [*(c for c in _IDENTITY if c in table), "conversion"]
    return _Year(
        _shaped(table, concepts, identity), reasons, known.left_out, found.remainder, walk.without
    )


def _source_reasons(status: pd.DataFrame, why: pd.DataFrame, flows: pd.DataFrame) -> pd.DataFrame:
    """Return why a figure is missing with the source's own reasons, of which `convert` knows two.

    A region as published has the reason of the region that it was; of a converted one the
    reasons that hold for a whole column do.
    """
    told = status.reindex(columns=why.columns)
    same = flows[flows["label"].isin(LABELS[:2]) & flows["weight"].gt(0)]
    told.loc[same["to_code"]] = why.loc[same["from_code"]].to_numpy()
    for concept in why:
        reason = why[concept].iloc[0] if len(why) else ""
        if reason and why[concept].eq(reason).all():
            told[concept] = told[concept].mask(told[concept].ne(NOT_COMPARABLE), reason)
    return told


def _shaped(
    table: pd.DataFrame, concepts: list[str], identity: Iterable[str] = _IDENTITY
) -> pd.DataFrame:
    return table.reindex(columns=[*(c for c in identity if c in table), *concepts])


def _no_remainder() -> pd.DataFrame:
    return pd.DataFrame(columns=["from_code", "to_code", "concept", "amount", "reason"])


def _joined(parts: dict[int, _Year], concepts: list[str]) -> Neighbourhoods:
    keys = {"keys": list(parts), "names": ["year", "region_code"]}
    table, reasons, left_out = (
        pd.concat([getattr(one, name) for one in parts.values()], **keys)
        for name in ("table", "reasons", "left_out")
    )
    first = [c for c in (*_IDENTITY, "n_buurten", "conversion") if c in table]
    lost = [one.remainder.assign(year=year) for year, one in parts.items() if len(one.remainder)]
    remainder = pd.concat(lost, ignore_index=True) if lost else _no_remainder().assign(year=[])
    return Neighbourhoods(
        table[[*first, *concepts]].astype(dict.fromkeys(concepts, float)),
        reasons[concepts],
        left_out,
        remainder[["year", "from_code", "to_code", "concept", "amount", "reason"]],
        years_lacking(year for one in parts.values() for year in one.without),
    )
