"""What chapter 10 builds in the example: where, how much, for which groups, on which assumptions."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.evidence.frame import ENOUGH_COVERED
from analysis.evidence.groups import Group, counts
from analysis.evidence.scenarios import Plan
from analysis.figures.wording import count, join_words, percent
from analysis.reports.chapter_growth import plan_of
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release
from analysis.reports.who_lives import HOUSEHOLDS, SUM, profile_note, profiles_of

LEVEL = "buurt"
_THIRDS = {"social": 1 / 3, "other_rent": 1 / 3, "owner": 1 / 3}


@dataclass(frozen=True)
class Case:
    """A plan for one group of a gemeente, and the town as it is.

    Attributes
    ----------
    plan : Plan
    group : Group
    release : Release
    counted : DataFrame
        `group` and `others` by buurt.
    place : str
        Name of the buurt.
    within : str
        Name of the wijk of which it is the largest buurt, if that is why; else "".
    shared : dict
        What all evidence rows have alike.
    """

    plan: Plan
    group: Group
    release: Release
    counted: pd.DataFrame
    place: str
    within: str
    shared: dict

    @property
    def per_dwelling(self) -> bool:
        """Whether the group is one of households."""
        return self.group.members == HOUSEHOLDS


def cases_of(dossier: Dossier) -> Iterator[Case]:
    """Yield the plan for every group of which is known where it lives and in which tenure.

    The place is that of the newest year; a group whose newest figures are of another year takes
    part where a buurt had the same code and the same name then.
    """
    known = set(profiles_of(dossier)["group"])
    code, growth, level, newest = plan_of(dossier)
    if newest is None:
        return
    now = dossier.regions(newest, LEVEL)
    buurt = code if level == LEVEL else _largest(now, now.index[now["wk_code"].eq(code)])
    if buurt not in now.index:
        return
    name = now.loc[buurt, "region_name"]
    within = "" if level == LEVEL else dossier.regions(newest, level).loc[code, "region_name"]
    for group, release in countable(dossier):
        regions = dossier.regions(release, LEVEL)
        counted = counts(regions, group)
        counted = counted[counted["total"].gt(0)]
        there = buurt in counted.index and regions.loc[buurt, "region_name"] == name
        if group.key not in known or not there or not enough_known(regions, counted.index):
            continue
        # By rounding a group can exceed its total by a little.
        group_of = counted["group"].clip(upper=counted["total"])
        yield Case(
            Plan(buurt, growth.dwellings, _THIRDS), group, release,
            pd.DataFrame({"group": group_of, "others": counted["total"] - group_of}),
            name, within,
            {"area_code": dossier.code, "area_name": dossier.name, "year": release.year,
             "level": LEVEL, "source": dossier.source_line(release)},
        )  # fmt: skip


def enough_known(regions: pd.DataFrame, codes: pd.Index) -> bool:
    """Tell whether a sum over these regions speaks of the gemeente: several, with 80 % of it."""
    people = regions["inhabitants"]
    return len(codes) > 1 and people[codes].sum() >= ENOUGH_COVERED * people.sum()


def _largest(regions: pd.DataFrame, codes: pd.Index) -> str:
    people = regions.loc[codes, "inhabitants"].dropna()
    return str(people.idxmax()) if len(people) else ""


def place_told(case: Case) -> str:
    """Return how much is built where: '200 tot 300 woningen in Noord'."""
    low, _, high = case.plan.dwellings
    within = f" (de grootste buurt van {case.within})" if case.within else ""
    return f"{count(low)} tot {count(high)} woningen in {case.place}{within}"


def _told(case: Case) -> str:
    return (
        f"{place_told(case)}: een derde sociale huur, een derde overige huur en een derde koop."
    )


def plan_notes(dossier: Dossier, cases: list[Case], profiles: pd.DataFrame) -> list[str]:
    """Return the lines of the honest box: the plan, its assumptions, and who is left out."""
    shown = {case.group.key for case in cases}
    absent = [group.label for group, _ in countable(dossier)
              if group.key in set(profiles["group"]) - shown]  # fmt: skip
    inside = cases[0].plan.from_inside
    return [
        _told(cases[0]) + f" {SUM}",
        profile_note(profiles, shown),
        f"Van de nieuwe bewoners laat {percent(inside[0])} tot {percent(inside[2])} elders in de "
        "gemeente een plek leeg.",
        f"Niet te berekenen voor {join_words(absent)}: in het jaar met die cijfers is "
        f"{cases[0].place} niet aan te wijzen, of zijn er te weinig buurten met cijfers."
        if absent else "",
    ]  # fmt: skip
