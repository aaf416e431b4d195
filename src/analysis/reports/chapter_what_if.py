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
from analysis.figures.wording import STATUS_NL, count, join_words, percent
from analysis.reports.absent import Absent
from analysis.reports.chapter_growth import plan_of
from analysis.reports.chapter_segregation import countable
from analysis.reports.new_dwellings import Case, cases_of, place_told, plan_notes
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.reports.who_lives import HOUSEHOLDS, SUM, profile_note, profiles_of

_DRAWS, _SEED = 1000, 2040
_HOMES = {"woningen": NEEDED, "gunstig": f"{NEEDED}_favourable",
          "ongunstig": f"{NEEDED}_unfavourable"}  # fmt: skip
_NONE = (
    "Van geen enkele groep is zowel het aantal per buurt als wie er in welke woning woont bekend; "
    "vul data/tenure_profiles.csv aan of breng een eigen lijst mee met 'pull --from'."
)


def spread_after(dossier: Dossier) -> Figure | Absent:
    """Return by how much the plan changes the dissimilarity of every group, with intervals."""
    profiles, cases = profiles_of(dossier), list(cases_of(dossier))
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
        value_label="verandering van de dissimilariteit over buurten; onder 0 is gelijker",
        value_format="score",
        row_label="groep",
        reference=(0.0, "geen verandering"),
        notes=plan_notes(dossier, cases, profiles),
        stamp=dossier.edition.stamp,
    )
    return replace(figure, rows=rows)


def over_social_rent(dossier: Dossier) -> Figure | Absent:
    """Return at which share of social rent the change of the first group turns."""
    profiles, case = profiles_of(dossier), next(cases_of(dossier), None)
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
            f"{place_told(case)}: van geen tot alleen sociale huur, de rest half overige huur en "
            f"half koop. {SUM}",
            *plan_notes(dossier, [case], profiles)[1:3],
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
        return scenario_claims.share(row)

    return _table(
        dossier, heads, told,
        lambda rows, case: scenario_claims.local_mix(rows, case.group.label, case.place),
        "Het aandeel van elke groep in de buurt waar gebouwd wordt.",
    )  # fmt: skip


def homes_needed(dossier: Dossier) -> Figure | Absent:
    """Return how many dwellings it would take to lower the dissimilarity by a tenth."""
    profiles, cases = profiles_of(dossier), list(cases_of(dossier))
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
               *plan_notes(dossier, cases, profiles)],
        stamp=dossier.edition.stamp,
    )  # fmt: skip


def _table(dossier: Dossier, heads: dict[str, str], told, claimed, sentence: str):
    profiles, cases = profiles_of(dossier), list(cases_of(dossier))
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
        notes=plan_notes(dossier, cases, profiles),
        stamp=dossier.edition.stamp,
    )


def _effects(case: Case, profiles: pd.DataFrame) -> pd.DataFrame:
    towns = drawn_towns(
        case.plan, case.counted, profiles, case.group.key, per_dwelling=case.per_dwelling,
        draws=_DRAWS, seed=_SEED,
    )  # fmt: skip
    return effects(towns, case.shared, case.group.key)


def _many(row: pd.Series) -> str:
    return "meer dan 20.000" if pd.isna(row["value"]) else count(row["value"])
