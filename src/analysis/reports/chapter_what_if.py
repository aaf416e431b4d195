"""Chapter 10: what new dwellings of some tenures would do to the spread of groups; no forecast."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.groups import Group, counts
from analysis.evidence.scenario_curves import NEEDED, dwellings_needed, over_social_share
from analysis.evidence.scenarios import Plan, drawn_towns, effects
from analysis.figures import scenario_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure, table_figure
from analysis.figures.lines import lines
from analysis.figures.wording import STATUS_NL, count, percent
from analysis.reports.absent import Absent
from analysis.reports.chapter_growth import plan_of
from analysis.reports.chapter_segregation import countable
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.reports.who_lives import HOUSEHOLDS, SUM, profile_note, profiles_of

_LEVEL = "buurt"
_DRAWS, _SEED = 1000, 2040
_THIRDS = {"social": 1 / 3, "other_rent": 1 / 3, "owner": 1 / 3}
_HOMES = {"woningen": NEEDED, "gunstig": f"{NEEDED}_favourable",
          "ongunstig": f"{NEEDED}_unfavourable"}  # fmt: skip
_NONE = (
    "Van geen enkele groep is zowel het aantal per buurt als wie er in welke woning woont bekend; "
    "vul data/tenure_profiles.csv aan of breng een eigen lijst mee met 'pull --from'."
)


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
    shared : dict
        What all evidence rows have alike.
    """

    plan: Plan
    group: Group
    release: Release
    counted: pd.DataFrame
    place: str
    shared: dict

    @property
    def per_dwelling(self) -> bool:
        """Whether the group is one of households."""
        return self.group.members == HOUSEHOLDS


def spread_after(dossier: Dossier) -> Figure | Absent:
    """Return by how much the plan changes the dissimilarity of every group, with intervals."""
    profiles, cases = profiles_of(dossier), list(_cases(dossier))
    if not cases:
        return Absent(_NONE)
    rows = join([_effects(case, profiles) for case in cases])
    labels = {case.group.key: case.group.label for case in cases}
    change = rows[rows["measure"].eq("dissimilarity_change")].reset_index(drop=True)
    claim = scenario_claims.effect(change, labels, cases[0].place)
    figure = ranked_dots(
        change.assign(area_name=change["group"].map(labels)),
        claim=claim,
        sentence=f"Verandering van de ongelijke spreiding tegenover nu. {SUM}",
        source=one_source(rows["source"]),
        alt=f"{claim}. Stippen per groep met een interval rond de lijn bij geen verandering.",
        value_label="verandering van de dissimilariteit over buurten",
        value_format="score",
        row_label="groep",
        reference=(0.0, "geen verandering"),
        notes=_notes(cases, profiles),
        stamp=dossier.edition.stamp,
    )
    return replace(figure, rows=rows)


def over_social_rent(dossier: Dossier) -> Figure | Absent:
    """Return at which share of social rent the change of the first group turns."""
    profiles, case = profiles_of(dossier), next(_cases(dossier), None)
    if case is None:
        return Absent(_NONE)
    rows = over_social_share(
        case.plan, case.counted, profiles, case.group.key, case.shared,
        per_dwelling=case.per_dwelling, draws=_DRAWS, seed=_SEED,
    )  # fmt: skip
    curve = rows[rows["measure"].str.endswith("_change_at_social_share")].reset_index(drop=True)
    if curve["value"].isna().any():
        return Absent(f"Voor {case.group.label} is de maat in deze som niet bepaald.")
    share = curve["group"].str.rsplit(" | ", n=1).str[1].astype(float)
    claim = scenario_claims.turns(rows, case.group.label)
    label = case.group.label
    return lines(
        pd.DataFrame({"line": label, "x": share, "value": curve["value"], "low": curve["low"],
                      "high": curve["high"], "part": 0}),
        rows=rows,
        table=pd.DataFrame(
            {"sociale huur": share.map(percent),
             "verandering": [scenario_claims.amount(row) for _, row in curve.iterrows()]}
        ),
        claim=claim,
        sentence=f"Onder 0: gelijker verspreid. Boven 0: ongelijker. {SUM}",
        source=one_source(rows["source"]),
        alt=f"{claim}. Een lijn met een band over het aandeel sociale huur in de nieuwe woningen.",
        x_label="aandeel sociale huur in de nieuwe woningen",
        x_format="percent",
        value_label="verandering van de dissimilariteit",
        value_format="score",
        notes=[
            f"{_place_told(case)}: van geen tot alleen sociale huur, de rest half overige huur en "
            f"half koop. {SUM}",
            *_notes([case], profiles)[1:],
        ],
        stamp=dossier.edition.stamp,
    )  # fmt: skip


def size_and_mix(dossier: Dossier) -> Figure | Absent:
    """Return how much of each change comes of the buurt growing, and how much of its mix."""
    heads = {"dissimilarity_change": "verandering", "change_by_size": "buurt groeit",
             "change_by_mix": "menging verandert", "change_elsewhere": "elders"}  # fmt: skip
    return _table(
        dossier, heads, scenario_claims.amount,
        lambda rows, case: scenario_claims.parts(rows, case.group.label),
        "Een buurt die groeit telt zwaarder mee, ook als zij hetzelfde blijft.",
    )  # fmt: skip


def mix_of_the_buurt(dossier: Dossier) -> Figure | Absent:
    """Return the share of every group in the buurt itself, now and after."""
    heads = {"local_share": "nu", "local_share_after": "na het plan"}

    def told(row: pd.Series) -> str:
        return percent(row["value"]) if pd.isna(row["low"]) else scenario_claims.share_after(row)

    return _table(
        dossier, heads, told,
        lambda rows, case: scenario_claims.local_mix(rows, case.group.label, case.place),
        "Het aandeel van elke groep in de buurt waar gebouwd wordt.",
    )  # fmt: skip


def homes_needed(dossier: Dossier) -> Figure | Absent:
    """Return how many dwellings it would take to lower the dissimilarity by a tenth."""
    profiles, cases = profiles_of(dossier), list(_cases(dossier))
    if not cases:
        return Absent(_NONE)
    rows = join([
        dwellings_needed(case.plan, case.counted, profiles, case.group.key, case.shared,
                         per_dwelling=case.per_dwelling, draws=100, seed=_SEED)
        for case in cases
    ])  # fmt: skip
    labels = {case.group.key: case.group.label for case in cases}
    cell = rows.set_index(["group", "measure"])
    shown = pd.DataFrame(
        [{"groep": label} | {head: _many(cell.loc[(key, measure)])
                             for head, measure in _HOMES.items()}
         for key, label in labels.items()]
    )  # fmt: skip
    return table_figure(
        shown,
        rows=rows,
        claim=scenario_claims.needed(rows[rows["measure"].eq(NEEDED)], labels),
        sentence=f"Met dezelfde verdeling over sociale huur, overige huur en koop. {SUM}",
        source=one_source(rows["source"]),
        notes=["Gunstig en ongunstig: de uiteinden van 95 van de 100 sommen.",
               *_notes(cases, profiles)],
        stamp=dossier.edition.stamp,
    )  # fmt: skip


def _table(dossier: Dossier, heads: dict[str, str], told, claimed, sentence: str):
    profiles, cases = profiles_of(dossier), list(_cases(dossier))
    if not cases:
        return Absent(_NONE)
    rows = join([_effects(case, profiles) for case in cases])
    rows = rows[rows["measure"].isin(heads)].reset_index(drop=True)
    shown = []
    for case in cases:
        own = rows[rows["group"].eq(case.group.key)].set_index("measure")
        cells = {head: told(own.loc[name]) if own.loc[name, "status"] == "ok"
                 else STATUS_NL[own.loc[name, "status"]] for name, head in heads.items()}  # fmt: skip
        shown.append({"groep": f"{case.group.label} ({case.release.year})"} | cells)
    first = rows[rows["group"].eq(cases[0].group.key)]
    return table_figure(
        pd.DataFrame(shown),
        rows=rows,
        claim=claimed(first, cases[0]),
        sentence=f"{sentence} {SUM}",
        source=one_source(rows["source"]),
        notes=_notes(cases, profiles),
        stamp=dossier.edition.stamp,
    )


def _effects(case: Case, profiles: pd.DataFrame) -> pd.DataFrame:
    towns = drawn_towns(
        case.plan, case.counted, profiles, case.group.key, per_dwelling=case.per_dwelling,
        draws=_DRAWS, seed=_SEED,
    )  # fmt: skip
    return effects(towns, case.shared, case.group.key)


def _cases(dossier: Dossier) -> Iterator[Case]:
    """Yield the plan for every group of which is known where it lives and in which tenure."""
    known = set(profiles_of(dossier)["group"])
    code, growth, level, _ = plan_of(dossier)
    for group, release in countable(dossier):
        if group.key not in known:
            continue
        regions = dossier.regions(release, _LEVEL)
        counted = counts(regions, group)
        counted = counted[counted["total"].gt(0)]
        inside = counted.index if level == "buurt" else counted.index[
            regions.loc[counted.index, "wk_code"].eq(code)]  # fmt: skip
        buurt = code if level == "buurt" else _largest(regions, inside)
        if buurt not in counted.index or len(counted) < 2:
            continue
        # By rounding a group can exceed its total by a little.
        group_of = counted["group"].clip(upper=counted["total"])
        yield Case(
            Plan(buurt, growth.dwellings, _THIRDS), group, release,
            pd.DataFrame({"group": group_of, "others": counted["total"] - group_of}),
            regions.loc[buurt, "region_name"],
            {"area_code": dossier.code, "area_name": dossier.name, "year": release.year,
             "level": _LEVEL, "source": dossier.source_line(release)},
        )  # fmt: skip


def _largest(regions: pd.DataFrame, codes: pd.Index) -> str:
    people = regions.loc[codes, "inhabitants"].dropna()
    return str(people.idxmax()) if len(people) else ""


def _place_told(case: Case) -> str:
    low, _, high = case.plan.dwellings
    return f"{count(low)} tot {count(high)} woningen in {case.place}"


def _told(case: Case) -> str:
    return (
        f"{_place_told(case)}: een derde sociale huur, een derde overige huur en een derde koop."
    )


def _notes(cases: list[Case], profiles: pd.DataFrame) -> list[str]:
    inside = cases[0].plan.from_inside
    return [
        _told(cases[0]) + f" {SUM}",
        profile_note(profiles, {case.group.key for case in cases}),
        f"Van de nieuwe bewoners laat {percent(inside[0])} tot {percent(inside[2])} elders in de "
        "gemeente een plek leeg.",
    ]  # fmt: skip


def _many(row: pd.Series) -> str:
    return "meer dan 20.000" if pd.isna(row["value"]) else count(row["value"])
