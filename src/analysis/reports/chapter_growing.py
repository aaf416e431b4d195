"""Chapter 7, over the years: whether concentration grows, stays where it is, or moves next door."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.groups import Group
from analysis.evidence.tails import SHARE, SHRUNK, share_draws
from analysis.evidence.trends import BEYOND, PARTS, STAYS, counted_changes, persistence, processes, waterbed
from analysis.figures import growing_claims
from analysis.figures.figure import Figure
from analysis.figures.lines import lines
from analysis.figures.side_by_side import side_by_side
from analysis.figures.wording import signed
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier
from analysis.reports.two_years import (
    LEVEL,
    TwoYears,
    both_sources,
    changes_of,
    in_both,
    of_year,
    two_years,
    whole_of,
)

_PARTS_NL = {
    "growth": "mee met de gemeente",
    "inequality": "verschillen groter of kleiner",
    "reordering": "van plaats gewisseld",
}


def change_of_both_sides(dossier: Dossier) -> Figure | Absent:
    """Return per buurt how much more or less each side's share changed than the gemeente's."""
    found = two_years(dossier)
    if isinstance(found, Absent):
        return found
    every = changes_of(dossier, found)
    rows = every[every["measure"].str.startswith(BEYOND)].reset_index(drop=True)
    counted = join(
        [
            counted_changes(rows[rows["group"].eq(group.key)], whole_of(dossier, found, group))
            for group in (found.vulnerable, found.affluent)
        ]
    )
    claim = growing_claims.grown(counted, found.labels, found.before.year)
    return side_by_side(
        rows,
        labels=found.labels,
        claim=claim,
        sentence=growing_claims.expected_by_chance(counted),
        source=both_sources(dossier, found),
        alt=f"{claim}. Per buurt twee stippen met een balk rond de lijn bij 0.",
        value_label="verandering van het aandeel, minus die van de hele gemeente (procentpunten)",
        value_format="percent",
        reference=(0.0, "zoals de hele gemeente"),
        notes=[
            f"Van {found.before.year} tot {found.after.year}.",
            "De balk is wat toeval en afronden openlaten (95%).",
            f"{len(found.same)} buurten zijn in beide jaren hetzelfde gebied.",
            _one_side(rows, found),
        ],
        stamp=dossier.edition.stamp,
        also_rows=join([every[~every["measure"].str.startswith(BEYOND)], counted]),
    )


def who_stays(dossier: Dossier) -> Figure | Absent:
    """Return which buurten stay in the fifth with the largest share, on both sides."""
    found = two_years(dossier)
    if isinstance(found, Absent):
        return _as_before("Welke buurten bovenaan blijven", found)
    names = dossier.regions(found.after, LEVEL)["region_name"]
    tables = []
    for group in (found.vulnerable, found.affluent):
        if not in_both(dossier, group, found):
            continue
        drawn = [
            share_draws(dossier.regions(release, LEVEL), group, absent=release.absent, seed=seed)
            for seed, release in enumerate((found.before, found.after))
        ]
        tables.append(persistence(*drawn, found.same, names, whole_of(dossier, found, group)))
    every = join(tables)
    rows = every[every["measure"].eq(STAYS)]
    if rows.empty:
        return Absent("Met minder dan tien dezelfde buurten valt er geen rangorde te volgen.")
    claim = growing_claims.stayed(every, found.labels)
    shown = _both_rows(rows, found, least=0.05)
    return replace(
        side_by_side(
            shown,
            labels=found.labels,
            claim=claim,
            sentence=growing_claims.ranks(every, found.labels),
            source=both_sources(dossier, found),
            alt=f"{claim}. Stippen per buurt tussen 0 en 100%.",
            value_label="kans om beide jaren bij de hoogste vijfde te horen",
            value_format="percent",
            notes=[
                f"Van {found.before.year} tot {found.after.year}, {len(found.same)} dezelfde "
                "buurten.",
                "De kans komt uit 500 trekkingen: hoe toeval en afronden de rangorde kunnen "
                "veranderen.",
                "Getekend is wie op een van beide kanten ten minste 5% kans heeft.",
                _one_side(shown, found),
            ],
            stamp=dossier.edition.stamp,
        ),
        rows=every,
    )


def next_door(dossier: Dossier) -> Figure | Absent:
    """Return whether a change goes with the opposite change next door (question 26)."""
    found = two_years(dossier)
    if isinstance(found, Absent):
        return _as_before("Of het naar de buren verschuift", found)
    drawn = dossier.boundaries(found.after, LEVEL)
    if drawn is None:
        return Absent(
            f"Van de buurten van {found.after.year} zijn geen grenzen bewaard; haal die op met "
            "'pull --kaart'. Zonder grenzen is niet te zien wie buren zijn."
        )
    every = changes_of(dossier, found)
    beyond = every[every["measure"].str.startswith(BEYOND)]
    told = join(
        [
            waterbed(
                beyond[beyond["group"].eq(group.key)], drawn.places, whole_of(dossier, found, group)
            )
            for group in (found.vulnerable, found.affluent)
        ]
    )
    return growing_claims.waterbed_table(
        told,
        labels=found.labels,
        source=both_sources(dossier, found),
        years=(found.before.year, found.after.year),
        stamp=dossier.edition.stamp,
    )


def what_moved(dossier: Dossier) -> Figure | Absent:
    """Return the change per fifth of the buurten: with the gemeente, apart, or in the order."""
    found = two_years(dossier)
    if isinstance(found, Absent):
        return _as_before("Hoe de verandering op te delen is", found)
    rows = join(
        [
            _processes(dossier, found, group)
            for group in (found.vulnerable, found.affluent)
            if in_both(dossier, group, found)
        ]
    )
    of_vulnerable = rows[rows["group"].str.startswith(found.vulnerable.key)]
    claim = growing_claims.moved(of_vulnerable, found.vulnerable.label, _PARTS_NL)
    drawn = of_vulnerable[of_vulnerable["measure"].isin(PARTS) & of_vulnerable["status"].eq("ok")]
    if drawn.empty:
        return Absent("Met minder dan tien dezelfde buurten valt de verandering niet op te delen.")
    return lines(
        pd.DataFrame(
            {
                "line": drawn["measure"].map(_PARTS_NL),
                "x": drawn["group"].str[-1].astype(int),
                "value": drawn["value"],
                "low": float("nan"),
                "high": float("nan"),
                "part": 0,
            }
        ),
        rows=rows,
        table=_parts_table(rows, found),
        claim=claim,
        sentence=growing_claims.moved_on_the_other_side(rows, found.labels, _PARTS_NL),
        source=both_sources(dossier, found),
        alt=f"{claim}. Drie lijnen over vijf groepen buurten, van laag naar hoog aandeel.",
        x_label=f"vijfde van de buurten, van laag (1) naar hoog (5) aandeel in {found.before.year}",
        x_format="count",
        value_label=f"verandering van het aandeel {found.vulnerable.label}",
        value_format="percent",
        notes=[
            f"Van {found.before.year} tot {found.after.year}; {len(found.same)} dezelfde buurten.",
            "Gerekend met aandelen na correctie voor kleine aantallen waar de noemer bekend is. Wat "
            "overblijft aan toeval telt als van plaats wisselen.",
            "Rekenwijze: Modai-Snir en van Ham (2020).",
        ],
        stamp=dossier.edition.stamp,
    )


def _as_before(question: str, why: Absent) -> Absent:
    """Say in few words that a question has no answer for the reason that the first one has not."""
    return Absent(
        f"{question} valt hier niet te zeggen, om dezelfde reden als hierboven.",
        why.rows,
    )


def _processes(dossier: Dossier, found: TwoYears, group: Group) -> pd.DataFrame:
    """Return the parts of the change of one group; small buurten with their shrunk share."""
    values, people = [], []
    for release in (found.before, found.after):
        rows, _ = of_year(dossier, release, group)
        shrunk = rows[rows["measure"].eq(SHRUNK)].set_index("area_code")["value"]
        share = rows[rows["measure"].eq(SHARE)].set_index("area_code")["value"]
        values.append(shrunk if shrunk.notna().any() else share)
        people.append(dossier.regions(release, LEVEL)["inhabitants"])
    codes = found.same.index
    before = [one.reindex(found.same.array).set_axis(codes) for one in (values[0], people[0])]
    after = [one.reindex(codes) for one in (values[1], people[1])]
    return processes(
        before[0], after[0], (before[1], after[1]), whole_of(dossier, found, group)
    )


def _parts_table(rows: pd.DataFrame, found: TwoYears) -> pd.DataFrame:
    known = rows[rows["status"].eq("ok") & rows["group"].str.contains("vijfde")]
    told = []
    for group, own in known.groupby("group", sort=False):
        key, fifth = group.split(" | vijfde ")
        by = own.set_index("measure")["value"]
        told.append(
            {"groep": found.labels[key], "vijfde van de buurten": fifth}
            | {"verandering (procentpunten)": signed(100 * by["change"], "km")}
            | {_PARTS_NL[name]: signed(100 * by[name], "km") for name in PARTS}
        )
    return pd.DataFrame(told)


def _both_rows(rows: pd.DataFrame, found: TwoYears, *, least: float) -> pd.DataFrame:
    """Return a row of each side for every buurt that has some chance on either; a side that was
    not counted says so."""
    high = rows.loc[rows["value"].ge(least), "area_code"].unique()
    kept = rows[rows["area_code"].isin(high)]
    empty = [
        kept.drop_duplicates("area_code").assign(group=key, value=float("nan"), status="not_published")
        for key in found.labels
    ]
    return (
        pd.concat([kept, *empty])
        .drop_duplicates(["area_code", "group"])
        .reset_index(drop=True)
    )


def _one_side(rows: pd.DataFrame, found: TwoYears) -> str:
    without = [
        label for key, label in found.labels.items()
        if not rows[rows["group"].eq(key)]["status"].eq("ok").any()
    ]  # fmt: skip
    return f"In een van beide jaren geen cijfers over: {', '.join(without)}." if without else ""
