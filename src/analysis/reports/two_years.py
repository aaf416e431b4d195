"""Two years of which a vulnerable and an affluent group can be followed on the same buurten."""

from dataclasses import dataclass

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.groups import Group, by_key, reason_absent
from analysis.evidence.local import gemeente_share
from analysis.evidence.tails import PAIRS, SHARE, concentration
from analysis.evidence.trends import share_changes
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.sources.conversion import AS_PUBLISHED

LEVEL = "buurt"
# Fewer buurten that are the same say nothing of a gemeente.
_FEWEST = 10


@dataclass(frozen=True)
class TwoYears:
    """A pair of groups in two years, on buurten that are the same in both.

    Attributes
    ----------
    vulnerable, affluent : Group
    before, after : Release
    same : Series of str
        Code in the first year by code in the second.
    """

    vulnerable: Group
    affluent: Group
    before: Release
    after: Release
    same: pd.Series

    @property
    def labels(self) -> dict[str, str]:
        """Dutch label by key, vulnerable first."""
        return {group.key: group.label for group in (self.vulnerable, self.affluent)}


def two_years(dossier: Dossier) -> TwoYears | Absent:
    """Return the longest stretch of years over which a group can be followed, or why there is none.

    Pairs of which both sides are there come before those with the vulnerable side alone.
    """
    if len(dossier.releases) < 2:
        return Absent("Er is van deze gemeente maar één jaar in huis; er is niets te vergelijken.")
    stretches = sorted(
        ((after, before) for n, after in enumerate(dossier.releases)
         for before in dossier.releases[n + 1:]),
        key=lambda two: (-(two[0].year - two[1].year), -two[0].year),
    )  # fmt: skip
    counted = False
    for both_sides in (True, False):
        for pair in PAIRS:
            groups = [by_key(key) for key in pair]
            for after, before in stretches:
                needed = groups if both_sides else groups[:1]
                if not all(_countable(dossier, one, r) for one in needed for r in (before, after)):
                    continue
                counted = True
                same = same_buurten(dossier, before, after)
                if len(same) >= _FEWEST:
                    return TwoYears(*groups, before, after, same)
    years = ", ".join(str(year) for year in dossier.years)
    if counted:
        return Absent(
            "Er zijn cijfers van twee jaren, maar van te weinig buurten is bekend dat zij in beide "
            f"jaren hetzelfde gebied zijn (in huis: {years}). Haal de tabellen van de jaren "
            "ertussen op met 'pull --jaar'."
        )
    return Absent(
        "Of concentratie toeneemt valt hier niet te zeggen: geen enkele groep naar inkomen, "
        f"bijstand of woningbezit staat in twee jaren in de tabel (in huis: {years}). Haal met "
        "'pull --jaar' jaren op met inkomens."
    )


def same_buurten(dossier: Dossier, before: Release, after: Release) -> pd.Series:
    """Return the code in the first year by code in the second, of buurten that are the same."""
    flows = dossier.crosswalk(LEVEL, before.year, after.year).flows
    flows = flows.dropna(subset=["from_code", "to_code"])
    kept = flows[flows["label"].isin(AS_PUBLISHED)].drop_duplicates("to_code")
    return kept.set_index("to_code")["from_code"]


def _countable(dossier: Dossier, group: Group, release: Release) -> bool:
    reason = reason_absent(group, dossier.regions(release, LEVEL), release.absent)
    return reason in ("", "no_denominator")


def in_both(dossier: Dossier, group: Group, found: TwoYears) -> bool:
    """Say whether a group has figures in both years."""
    return all(_countable(dossier, group, release) for release in (found.before, found.after))


def both_sources(dossier: Dossier, found: TwoYears) -> str:
    """Return the source line of both years."""
    return one_source([dossier.source_line(found.before), dossier.source_line(found.after)])


def whole_of(dossier: Dossier, found: TwoYears, group: Group) -> pd.Series:
    """Return what the evidence rows of a group in the whole gemeente share."""
    return pd.Series(
        {"area_code": dossier.code, "area_name": dossier.name, "year": found.after.year,
         "level": LEVEL, "group": group.key, "source": both_sources(dossier, found)}
    )  # fmt: skip


def of_year(dossier: Dossier, release: Release, group: Group) -> tuple[pd.DataFrame, float]:
    """Return the concentration per buurt in a year, and the share of the whole gemeente."""
    source = dossier.source_line(release)
    shared = {"year": release.year, "source": source, "absent": release.absent}
    whole = gemeente_share(dossier.regions(release, "gemeente"), group, **shared)
    value = float(whole["value"].iloc[0]) if len(whole) else float("nan")
    table = dossier.regions(release, LEVEL)
    return concentration(table, group, whole=value, level=LEVEL, **shared), value


def changes_of(dossier: Dossier, found: TwoYears) -> pd.DataFrame:
    """Return the change of both sides per buurt, as evidence rows."""
    tables = []
    for group in (found.vulnerable, found.affluent):
        then, whole_then = of_year(dossier, found.before, group)
        now, whole_now = of_year(dossier, found.after, group)
        tables.append(
            share_changes(
                then[then["measure"].eq(SHARE)], now[now["measure"].eq(SHARE)], found.same,
                whole=(whole_then, whole_now),
            )
        )  # fmt: skip
    return join(tables)
