"""Chapter 10, existing stock: what another tenure or renewal would do to the spread; no forecast."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.groups import Group, counts
from analysis.evidence.renewal import Renewal, renewed_towns
from analysis.evidence.renewed import plan_rows, renewal_effects
from analysis.evidence.simulated import Band
from analysis.figures import renewal_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure
from analysis.figures.scenario_claims import amount, share
from analysis.figures.wording import STATUS_NL, count, join_words, percent
from analysis.reports.absent import Absent
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.reports.new_dwellings import enough_known
from analysis.reports.renewal_plan import FEWEST, HOMES, OWNED, Site, can_be, site_of
from analysis.reports.who_lives import HOUSEHOLDS, SUM, profile_note, profiles_of

_DRAWS, _SEED = 1000, 2041
_HALVES = {"other_rent": 1 / 2, "owner": 1 / 2}
_THIRDS = {"social": 1 / 3, "other_rent": 1 / 3, "owner": 1 / 3}
# Own assumptions, wide: who buys or keeps the own dwelling, and who returns after demolition.
_KEEP, _MOVE_OUT = (0.0, 0.1, 0.3), (0.05, 0.2, 0.4)
_RETURN, _LEAVE = (0.1, 0.3, 0.6), (0.02, 0.1, 0.25)


@dataclass(frozen=True)
class Case:
    """One group of a gemeente, with the town as it is.

    Attributes
    ----------
    group : Group
    release : Release
    buurten : DataFrame
        See `renewed_towns`.
    shared, of_wijk : dict
        What all evidence rows have alike.
    """

    group: Group
    release: Release
    buurten: pd.DataFrame
    shared: dict
    of_wijk: dict


def tenure_changed(
    dossier: Dossier,
    *,
    wijk: str = "",
    woningen: int | None = None,
    worden: Mapping[str, float] | None = None,
    blijft: Band = _KEEP,
    vertrekt: Band = _MOVE_OUT,
) -> Figure | Absent:
    """Return what it does to the spread when social dwellings get another tenure.

    Parameters
    ----------
    dossier : Dossier
    wijk : str, optional
        Name or code; else the wijk that `site_of` finds.
    woningen : int, optional
        How many; else a tenth of those that stand there.
    worden : mapping of str to float, optional
        Their tenures afterwards; else half 'other_rent' and half 'owner'.
    blijft, vertrekt : Band, optional
        Which share of the households keeps the own dwelling, and which leaves the gemeente.

    Raises
    ------
    InputError
        As `site_of` and `can_be`.
    """
    site = site_of(dossier, wijk)
    if isinstance(site, Absent):
        return site
    many = _tenth(site) if woningen is None else woningen
    plan = Renewal(many, many, dict(worden or _HALVES), blijft, vertrekt, keeps_home=True)
    return _figure(dossier, site, can_be(plan, site), "turned")


def rebuilt(
    dossier: Dossier,
    *,
    wijk: str = "",
    sloop: int | None = None,
    nieuwbouw: int | None = None,
    worden: Mapping[str, float] | None = None,
    blijft: Band = _RETURN,
    vertrekt: Band = _LEAVE,
) -> Figure | Absent:
    """Return what it does to the spread when social dwellings are demolished and built anew.

    Parameters
    ----------
    dossier : Dossier
    wijk : str, optional
        As in `tenure_changed`.
    sloop, nieuwbouw : int, optional
        How many go and come; else a tenth of those that stand there, and as many.
    worden : mapping of str to float, optional
        Tenures of the new dwellings; else a third each.
    blijft, vertrekt : Band, optional
        Which share of the households stays in the wijk, as far as there are new social dwellings,
        and which leaves the gemeente.

    Raises
    ------
    InputError
        As `site_of` and `can_be`.
    """
    site = site_of(dossier, wijk)
    if isinstance(site, Absent):
        return Absent("Sloop en nieuwbouw zijn om dezelfde reden niet te berekenen.")
    gone = _tenth(site) if sloop is None else sloop
    new = gone if nieuwbouw is None else nieuwbouw
    plan = Renewal(gone, new, dict(worden or _THIRDS), blijft, vertrekt)
    return _figure(dossier, site, can_be(plan, site), "rebuilt")


def _figure(dossier: Dossier, site: Site, plan: Renewal, name: str) -> Figure | Absent:
    profiles = profiles_of(dossier)
    cases = list(_cases(dossier, site, plan, set(profiles["group"])))
    if not cases:
        return Absent(
            "Van geen enkele groep zijn in hetzelfde jaar bekend: het aantal per buurt, de "
            "woningen van een corporatie, en wie er in welke woning woont "
            "(data/tenure_profiles.csv)."
        )
    drawn = [
        renewed_towns(plan, case.buurten, profiles, case.group.key,
                      per_dwelling=case.group.members == HOUSEHOLDS, draws=_DRAWS, seed=_SEED)
        for case in cases
    ]  # fmt: skip
    told = plan_rows(plan, drawn[0], _of_wijk(dossier, site, site.release), site.stock, name)
    found = [renewal_effects(towns, case.shared, case.of_wijk, case.group.key, name)
             for towns, case in zip(drawn, cases, strict=True)]  # fmt: skip
    rows = join([told, *found])
    change = rows[rows["measure"].eq(f"dissimilarity_change_{name}")].reset_index(drop=True)
    labels = {case.group.key: case.group.label for case in cases}
    titled = renewal_claims.turned if plan.keeps_home else renewal_claims.rebuilt
    claim = titled(told, change, labels, site.name)
    went = renewal_claims.displaced(told, at_home=plan.keeps_home)
    figure = ranked_dots(
        change.assign(area_name=change["group"].map(labels)),
        claim=claim,
        sentence=f"{went} {SUM}",
        source=one_source(rows["source"]),
        alt=f"{claim}. {went} Stippen per groep met een interval rond de lijn bij geen "
        f"verandering. {SUM}",
        value_label="verandering van de dissimilariteit over buurten; onder 0 is gelijker",
        value_format="score",
        row_label="groep",
        reference=(0.0, "geen verandering"),
        notes=_notes(dossier, site, plan, told, cases, profiles),
        stamp=dossier.edition.stamp,
    )
    table = pd.DataFrame(
        [_line(case, own.set_index("measure"), site, name) for case, own in zip(cases, found, strict=True)]
    )
    return replace(figure, rows=rows, table=table)


def _line(case: Case, own: pd.DataFrame, site: Site, name: str) -> dict[str, str]:
    def told(measure: str, way: Callable[[pd.Series], str]) -> str:
        row = own.loc[measure]
        return way(row) if row["status"] == "ok" else STATUS_NL[row["status"]]

    return {
        "groep": f"{case.group.label} ({case.release.year})",
        "wijk": site.name,
        "verandering van de spreiding": told(f"dissimilarity_change_{name}", amount),
        "aandeel in de wijk, nu": told("local_share", share),
        "daarna": told(f"local_share_after_{name}", share),
    }


def _cases(dossier: Dossier, site: Site, plan: Renewal, known: set[str]) -> Iterator[Case]:
    """Yield every group of which is known, in one year, where it lives and where tenures are."""
    for group, _ in countable(dossier):
        release = dossier.newest_with([*(c for c in group.columns if c), OWNED, HOMES])
        if group.key not in known or release is None:
            continue
        # A code can be of another wijk in another year.
        if dossier.regions(release, "wijk")["region_name"].get(site.code) != site.name:
            continue
        regions = dossier.regions(release, "buurt")
        counted = counts(regions, group)
        counted = counted[counted["total"].gt(0)]
        own = regions.loc[counted.index]
        # By rounding a group can exceed its total by a little.
        group_of = counted["group"].clip(upper=counted["total"])
        buurten = pd.DataFrame(
            {"group": group_of, "others": counted["total"] - group_of,
             "social": own[OWNED] * own[HOMES], "inside": own["wk_code"].eq(site.code)}
        )  # fmt: skip
        if not enough_known(regions, buurten.index):
            continue
        if buurten.loc[buurten["inside"], "social"].sum() < plan.removed:
            continue
        shared = {"area_code": dossier.code, "area_name": dossier.name, "year": release.year,
                  "level": "buurt", "source": dossier.source_line(release)}  # fmt: skip
        yield Case(group, release, buurten, shared, _of_wijk(dossier, site, release))


def _of_wijk(dossier: Dossier, site: Site, release: Release) -> dict:
    return {"area_code": site.code, "area_name": site.name, "year": release.year, "level": "wijk",
            "source": dossier.source_line(release)}  # fmt: skip


def _tenth(site: Site) -> int:
    """Return a tenth of the dwellings in whole tens, the least ten, and never more than stand."""
    return min(max(10, 10 * round(site.stock / 100)), int(site.stock))


def _notes(
    dossier: Dossier,
    site: Site,
    plan: Renewal,
    told: pd.DataFrame,
    cases: list[Case],
    profiles: pd.DataFrame,
) -> list[str]:
    shown = {case.group.key for case in cases}
    absent = [group.label for group, _ in countable(dossier)
              if group.key in set(profiles["group"]) - shown]  # fmt: skip
    why = (
        "De gekozen wijk." if site.chosen else
        "De wijk met het grootste aandeel huurwoningen van een corporatie, van de wijken met er "
        f"minstens {FEWEST}."
    )  # fmt: skip
    where = "in de eigen woning" if plan.keeps_home else (
        "in de wijk, zolang er nieuwe sociale huurwoningen zijn")  # fmt: skip
    return [
        f"{site.name}: ongeveer {count(site.stock)} huurwoningen van een corporatie "
        f"({site.release.year}). {why}",
        f"In hun plaats komen {renewal_claims.new_dwellings(told)}. Overige huur is midden en duur "
        f"samen. {SUM}",
        f"Eigen aanname: {percent(plan.stays[0])} tot {percent(plan.stays[2])} blijft {where}; "
        f"{percent(plan.leaves[0])} tot {percent(plan.leaves[2])} verlaat de gemeente. De rest gaat "
        "naar andere buurten, het meest waar veel sociale huurwoningen staan.",
        profile_note(profiles, shown),
        f"Van de nieuwe bewoners laat {percent(plan.from_inside[0])} tot "
        f"{percent(plan.from_inside[2])} elders in de gemeente een plek leeg.",
        f"Niet te berekenen voor {join_words(absent)}: geen jaar met die cijfers en de woningen van "
        f"een corporatie in {site.name}." if absent else "",
    ]
