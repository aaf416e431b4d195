"""Chapter 7, types: wijken by stated rules on income, tenure, nearness and meeting."""

from dataclasses import dataclass

import pandas as pd

from analysis.evidence.groups import GROUPS
from analysis.evidence.tails import share_draws
from analysis.evidence.typology import (
    CERTAINTY,
    SIDE,
    SURE,
    THRESHOLD,
    TYPE,
    TYPE_CERTAINTY,
    VALUE,
    rate_draws,
    rounded_draws,
    typed,
)
from analysis.figures import typology_claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.tiles import tiles
from analysis.figures.wording import UNKNOWN, in_format, join_words, percent
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.reports.located import located_in
from analysis.reports.told_points import points_source
from analysis.sources.edition import project_root
from analysis.sources.facility_kinds import read_kinds
from analysis.sources.typology_rules import OF_GEMEENTE, Rule, read_rules

_LEVEL = "wijk"
_PLACES = "meeting_places_per_1000"
_DRAWS = 500


@dataclass(frozen=True)
class Ingredients:
    """What the types of one gemeente are made of, all of one release.

    Attributes
    ----------
    release : Release
    rules : dict of str to Rule
        The rule of each ingredient: the one that has figures, else the first.
    values : dict of str to Series
    draws : dict of str to DataFrame
    thresholds : dict of str to float
    source : str
    """

    release: Release
    rules: dict[str, Rule]
    values: dict[str, pd.Series]
    draws: dict[str, pd.DataFrame]
    thresholds: dict[str, float]
    source: str


def types_of_wijken(dossier: Dossier) -> Figure | Absent:
    """Return each wijk's side on every ingredient, its type, and how sure that is."""
    found = ingredients(dossier)
    regions = dossier.regions(found.release, _LEVEL)
    rows = _rows(dossier, found, regions)
    labels = {key: rule.label for key, rule in found.rules.items()}
    claim = typology_claims.types(rows, labels)
    lacking = [labels[key] for key in labels if key not in found.values]
    return tiles(
        _cells(rows, found),
        rows=rows,
        table=_table(rows, found),
        claim=claim,
        sentence="Een type is alleen de optelsom van vier cijfers; de namen zeggen aan welke kant "
        "van de grens een wijk ligt. Geen kant is de goede.",
        source=found.source,
        alt=f"{claim}. Per wijk een vak voor elk ingrediënt, met de kant in woorden.",
        notes=[
            f"Jaar: {found.release.year}. Met een vraagteken: in minder dan {percent(SURE)} van de "
            f"{_DRAWS} trekkingen over afronden en toeval aan die kant. De tabel geeft dat deel als "
            "'zeker'.",
            f"Zonder cijfers over {join_words(lacking)} krijgt geen wijk een type; de andere "
            "kanten staan er wel."
            if lacking
            else "Een wijk zonder een van de cijfers krijgt geen type.",
        ],
        stamp=dossier.edition.stamp,
    )


def rules_of_types(dossier: Dossier) -> Figure | Absent:
    """Return the rules by which wijken are typed, with the thresholds in this gemeente."""
    found = ingredients(dossier)
    every = _rows(dossier, found, dossier.regions(found.release, _LEVEL))
    rows = every[every["measure"].eq(THRESHOLD)].reset_index(drop=True)
    by = rows.set_index("group")
    return table_figure(
        pd.DataFrame(
            {
                "ingrediënt": [rule.label for rule in found.rules.values()],
                "wat": [rule.why for rule in found.rules.values()],
                "grens": [
                    "de hele gemeente" if rule.threshold is None else "vast"
                    for rule in found.rules.values()
                ],
                "waarde van de grens": [
                    _told(by.loc[key], rule) for key, rule in found.rules.items()
                ],
                "daarboven": [rule.above for rule in found.rules.values()],
                "anders": [rule.below for rule in found.rules.values()],
            }
        ),
        rows=rows,
        claim=f"Vier regels bepalen het type van een wijk in {dossier.name}",
        sentence="Wie een andere grens kiest krijgt andere typen; de tabel met regels is aan te "
        "passen.",
        source=found.source,
        notes=[
            f"Jaar: {found.release.year}. De grens zelf is als vast genomen, ook waar hij is "
            "afgerond."
        ],
        stamp=dossier.edition.stamp,
    )


def ingredients(dossier: Dossier) -> Ingredients:
    """Return the ingredients of the release that has most of them, the newest of equals."""
    rules = read_rules(project_root() / "data" / "typology_rules.csv")
    return max(
        (_of_release(dossier, release, rules) for release in dossier.releases),
        key=lambda one: (len(one.values), one.release.year),
    )


def _of_release(dossier: Dossier, release: Release, rules: tuple[Rule, ...]) -> Ingredients:
    regions, whole = dossier.regions(release, _LEVEL), dossier.regions(release, "gemeente").iloc[0]
    chosen: dict[str, Rule] = {}
    values, draws, thresholds = {}, {}, {}
    sources = [dossier.source_line(release)]
    for rule in rules:
        key = rule.ingredient
        chosen.setdefault(key, rule)
        thresholds.setdefault(key, float("nan") if rule.threshold is None else rule.threshold)
        if key in values:
            continue
        if rule.concepts == (_PLACES,):
            counted = _places(dossier, release)
            if counted is None:
                continue
            count, source = counted
            people = regions["inhabitants"]
            values[key] = 1000 * count / people.where(people.gt(0))
            draws[key] = rate_draws(count, people, draws=_DRAWS)
            seen = count.notna()
            own = 1000 * count[seen].sum() / people[seen].sum()
            # It names the table of the inhabitants too.
            sources = [source]
        elif all(c in regions and regions[c].notna().any() for c in rule.concepts):
            parts = regions[list(rule.concepts)]
            values[key] = parts.mean(axis=1, skipna=False)
            draws[key] = _drawn(dossier, release, rule, parts)
            own = float(whole[list(rule.concepts)].astype(float).mean())
        else:
            continue
        chosen[key] = rule
        thresholds[key] = own if rule.threshold is None else rule.threshold
    return Ingredients(release, chosen, values, draws, thresholds, one_source(sources))


def _drawn(dossier: Dossier, release: Release, rule: Rule, parts: pd.DataFrame) -> pd.DataFrame:
    """Return draws of a figure: of a share with its chance, of a mean within its rounding."""
    group = next((g for g in GROUPS if (g.count,) == rule.concepts), None)
    if group is None:
        return rounded_draws(parts, rule.step, draws=_DRAWS)
    table = dossier.regions(release, _LEVEL)
    return share_draws(table, group, absent=release.absent, draws=_DRAWS)


def _places(dossier: Dossier, release: Release) -> tuple[pd.Series, str] | None:
    """Return the meeting places per wijk; None where no such place is in any list of them."""
    located = located_in(dossier)
    if isinstance(located, Absent) or located.release.year != release.year:
        return None
    domain = read_kinds(project_root() / "data" / "facility_kinds.csv")["domain"]
    points = located.points[located.points["kind"].map(domain).eq("meeting")]
    if points.empty:
        return None
    codes = located.wijken.index
    counted = points["wijk_code"].value_counts().reindex(codes, fill_value=0).astype(float)
    counted[located.unseen.intersection(codes)] = float("nan")
    return counted, points_source(dossier, located)


def _rows(dossier: Dossier, found: Ingredients, regions: pd.DataFrame) -> pd.DataFrame:
    area = pd.Series(
        {"area_code": dossier.code, "area_name": dossier.name, "year": found.release.year,
         "level": _LEVEL, "source": found.source}
    )  # fmt: skip
    return typed(found.values, found.draws, found.thresholds, regions, area)


def _format(rule: Rule) -> str:
    concept = rule.concepts[0]
    if concept.startswith("share_"):
        return "percent"
    if concept.endswith("_eur"):
        return "euro"
    return "ratio" if concept == _PLACES else "km"


def _told(row: tuple, rule: Rule) -> str:
    return in_format(row.value, _format(rule)) if row.status == "ok" else UNKNOWN


def _cells(rows: pd.DataFrame, found: Ingredients) -> pd.DataFrame:
    by = rows.set_index(["measure", "group", "area_code"])
    told = []
    for code, name in _order(rows).items():
        for key, rule in found.rules.items():
            side, sure = by.loc[(SIDE, key, code)], by.loc[(CERTAINTY, key, code)]
            known = side["status"] == "ok"
            words = {1.0: rule.above, 0.0: rule.below}.get(side["value"], "geen cijfer")
            firm = sure["status"] == "ok" and sure["value"] >= SURE
            told.append(
                {"row": name, "column": rule.label, "side": side["value"] if known else None,
                 "text": words if firm or not known else f"{words}?", "sure": firm}
            )  # fmt: skip
    return pd.DataFrame(told, columns=["row", "column", "side", "text", "sure"])


def _order(rows: pd.DataFrame) -> pd.Series:
    """Return the names of the regions by code, alike types together, then alike sides."""
    types = rows[rows["measure"].eq(TYPE)].set_index("area_code")
    sides = rows[rows["measure"].eq(SIDE)]
    parts = list(dict.fromkeys(sides["group"]))
    by_part = sides.pivot(index="area_code", columns="group", values="value")[parts]
    table = types[["area_name", "value"]].join(by_part).rename_axis("code").reset_index()
    up = [True, *[False] * len(parts), True]
    ordered = table.sort_values(["value", *parts, "code"], ascending=up, kind="stable")
    return ordered.set_index("code")["area_name"]


def _table(rows: pd.DataFrame, found: Ingredients) -> pd.DataFrame:
    of_wijk = {(row.measure, row.area_code): row for row in rows.itertuples()
               if row.measure in (TYPE, TYPE_CERTAINTY)}  # fmt: skip
    of_part = {(row.measure, row.group, row.area_code): row for row in rows.itertuples()}
    names = _order(rows)
    told: dict[str, list] = {"wijk": list(names), "code": list(names.index)}
    told["type"] = [_type_in_words(of_wijk[TYPE, code], of_part, found) for code in names.index]
    told["zekerheid"] = [
        _certain(of_wijk[TYPE_CERTAINTY, code]) for code in names.index
    ]
    for key, rule in found.rules.items():
        if key not in found.values:
            continue
        told[rule.label] = [
            _side_in_words(rule, *(of_part[one, key, code] for one in (SIDE, VALUE, CERTAINTY)))
            for code in names.index
        ]
    # Where no wijk has a type the reason is in the title, and a column of blanks tells nothing.
    if not any(told["zekerheid"]):
        del told["type"], told["zekerheid"]
    return pd.DataFrame(told)


def _type_in_words(row: tuple, of_part: dict, found: Ingredients) -> str:
    if row.status != "ok":
        missing = [found.rules[key].label for key in row.group.split(" + ")]
        return f"onbekend: {join_words(missing)}"
    return ", ".join(
        rule.above if of_part[SIDE, key, row.area_code].value == 1 else rule.below
        for key, rule in found.rules.items()
    )


def _side_in_words(rule: Rule, side: tuple, value: tuple, certainty: tuple) -> str:
    """Return 'lager inkomen: 69% (97% zeker)', as much of it as is known."""
    if side.status != "ok":
        return _told(value, rule)
    words = rule.above if side.value == 1 else rule.below
    certain = _certain(certainty)
    return f"{words}: {_told(value, rule)}" + (f" ({certain} zeker)" if certain else "")


def _certain(row: tuple) -> str:
    return percent(row.value) if row.status == "ok" else ""
