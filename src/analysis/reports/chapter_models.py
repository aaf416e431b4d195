"""Chapter 7, on models: what goes together over areas, what may not be asked, how sure it is."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.circularity import with_same_matter
from analysis.evidence.frame import evidence_frame, join
from analysis.evidence.model_checks import influence_rows, inflation_rows, residual_rows
from analysis.evidence.model_terms import FEWEST_PEOPLE, OUTCOMES
from analysis.evidence.models import Fit, coefficient_rows, fit
from analysis.figures import effects, model_claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import join_words, regions
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier
from analysis.reports.model_setting import (
    MODELLED,
    ModelSetting,
    ingredients_by_key,
    model_setting,
    outcomes_of,
)

_METHODS = {
    "ols": "gewoon model",
    "spatial_error": "rekening houdend met buren",
}
_MORE_METHODS = _METHODS | {
    "spatial_lag": "met de uitkomst van buren erbij",
    "weighted": "gewogen naar inwoners",
    "quantile": "mediaan",
    "clustered": "fouten per wijk",
    "mixed": "buurten binnen wijken",
}
# Intervals of the spatial model hold for many areas; below this they are too narrow.
_FEW = 50
_NOT_WHY = (
    "Dit zegt wat in gebieden samengaat. Het zegt niet waarom, niets over personen, en niet wat er "
    "gebeurt als er iets verandert."
)
# What must be said wherever an outcome is shown.
_WARNINGS = {
    "crimes_per_1000": "Misdrijven zijn geteld waar ze gebeuren en gedeeld op wie er wonen: een "
    "centrum of bedrijventerrein met weinig bewoners komt hoog uit.",
}
_STATUS_NL = {
    "model estimate": "modelschatting",
    "register": "geteld",
    "composite": "samengesteld",
}


def standardised_effects(dossier: Dossier, outcome: str = "") -> Figure | Absent:
    """Return what goes together with an outcome, in the ordinary model and beside neighbours."""
    found = model_setting(dossier, outcome)
    if isinstance(found, Absent):
        return found
    every = join([_rows(found, method) for method in _methods(found, _METHODS)])
    methods = {f"standardised_{one}": _METHODS[one] for one in _methods(found, _METHODS)}
    terms = _labels(found)
    rows = every[every["group"].isin(terms)].reset_index(drop=True)
    claim = model_claims.effects(rows, _more(found), _both(found), found.outcome.label)
    return effects.effects(
        rows,
        terms=terms,
        methods=methods,
        claim=claim,
        sentence=f"Gebieden die in één kenmerk een standaardafwijking hoger liggen en in de andere "
        f"gelijk zijn: hoeveel hoger of lager is daar '{found.outcome.label}'?",
        source=found.source,
        alt=f"{claim}. Per kenmerk een stip met een streep, links of rechts van nul.",
        value_label="verschil in standaardafwijkingen",
        notes=[
            *_used(found, rows.iloc[0]),
            "De streep is een interval van 95%. Raakt hij de nul, dan is er geen duidelijk verband.",
            *_few(found, rows.iloc[0]),
            *_missing_boundaries(found),
            *_not_among(found),
            _NOT_WHY,
        ],
        stamp=dossier.edition.stamp,
        also_rows=every[~every["group"].isin(terms)],
    )


def by_every_method(dossier: Dossier, outcome: str = "") -> Figure | Absent:
    """Return the same effects by seven methods beside each other, as a table."""
    found = model_setting(dossier, outcome)
    if isinstance(found, Absent):
        return found
    chosen = _methods(found, _MORE_METHODS)
    every = join([_rows(found, method) for method in chosen])
    terms = _labels(found)
    rows = every[every["group"].isin(terms)].reset_index(drop=True)
    table = effects.effects_table(
        rows, terms=terms, methods={f"standardised_{one}": _MORE_METHODS[one] for one in chosen}
    )
    return table_figure(
        table.set_index("kenmerk").T.reset_index(names="manier van rekenen"),
        rows=every,
        claim=model_claims.over_methods(rows, terms, found.outcome.label),
        sentence=f"Het verschil in '{found.outcome.label}' bij een standaardafwijking verschil in "
        "elk kenmerk, met telkens een andere manier van rekenen.",
        source=found.source,
        notes=[
            *_used(found, rows.iloc[0]),
            "Tussen haakjes het interval van 95%.",
            *_few(found, rows.iloc[0]),
            "Het model met de uitkomst van buren is niet één op één te vergelijken: daar komt een "
            "deel van het verband via de buren."
            if "spatial_lag" in chosen
            else "",
            *_missing_boundaries(found),
            _NOT_WHY,
        ],
        stamp=dossier.edition.stamp,
    )


def residual_checks(dossier: Dossier, outcome: str = "") -> Figure | Absent:
    """Return what may be wrong with the ordinary model, in plain Dutch."""
    found = model_setting(dossier, outcome)
    if isinstance(found, Absent):
        return found
    ordinary = _fit(found, "ols")
    told = {"area": found.area, "source": found.source}
    links = found.setting.neighbours
    if links is not None:
        used = found.table.index.isin(ordinary.outcome.index)
        links = links[used][:, used]
    left = residual_rows(ordinary, neighbours=links, **told)
    alike = inflation_rows(ordinary, **told)
    weigh = influence_rows(ordinary, names=found.names, **told)
    one = left.set_index("measure").loc
    lines = {
        "Hoeveel zegt dit model?": model_claims.explained(one["share_explained"]),
        "Lijken buren op elkaar in wat overblijft?": model_claims.alike_nearby(
            one["residual_morans_i"], one["residual_morans_p"]
        ),
        "Zijn de kenmerken uit elkaar te houden?": model_claims.inflation(alike, _labels(found)),
        "Bepalen enkele gebieden het beeld?": model_claims.influence(weigh),
    }
    table = pd.DataFrame(
        [(question, *answer) for question, answer in lines.items()],
        columns=["vraag", "getal", "wat dat betekent"],
    )
    return table_figure(
        table,
        rows=join([left, alike, weigh]),
        claim=model_claims.residuals(left, found.outcome.label),
        sentence="Vier vragen die een beoordelaar aan het gewone model stelt.",
        source=found.source,
        notes=[
            *_used(found, left.iloc[0]),
            "Getallen, van boven naar beneden: verklaarde variantie (R²); Moran's I van de "
            "residuen, met de kans op zo'n patroon bij toeval (999 keer gehusseld); de grootste "
            "VIF; gebieden met een Cook's distance boven 4/n, met n het aantal gebieden.",
            *_missing_boundaries(found),
        ],
        stamp=dossier.edition.stamp,
    )


def may_not_explain(dossier: Dossier) -> Figure:
    """Return which outcomes may not be explained with what, from the table of ingredients."""
    outcomes = outcomes_of(dossier)
    made, names = ingredients_by_key(outcomes), _ingredient_labels(outcomes)
    lines, rows = {}, []
    for one in OUTCOMES:
        status = outcomes[one.concept].status if one.concept in outcomes else "register"
        closed = with_same_matter(made[one.key])
        own = join_words([label for name, label in names.items() if name in made[one.key]])
        refused = join_words([label for name, label in names.items() if name in closed])
        if status == MODELLED:
            refused = "met geen enkel kenmerk"
        # Outcomes of which the same is to be said share a line.
        lines.setdefault((_STATUS_NL[status], own, refused), []).append(one.label)
        shared = {"area_code": dossier.code, "area_name": dossier.name, "level": "gemeente",
                  "year": dossier.newest.year, "source": "data/ingredients.csv"}  # fmt: skip
        rows += [
            shared | {"measure": "may_not_explain", "group": f"{one.key} ~ {name}",
                      "value": float(name in closed or status == MODELLED)}
            for name in names
        ]  # fmt: skip
    table = pd.DataFrame(
        [("; ".join(labels), *told) for told, labels in lines.items()],
        columns=["uitkomst", "soort cijfer", "gaat over of is gemaakt van",
                 "mag niet verklaard worden met"],
    )  # fmt: skip
    every = evidence_frame(rows)
    return table_figure(
        table,
        rows=every,
        claim=model_claims.forbidden([outcomes[one.concept].status == MODELLED
                                      for one in OUTCOMES if one.concept in outcomes]),
        sentence="Een cijfer dat uit herkomst of inkomen is berekend, hangt daar altijd mee samen: "
        "dat is rekenwerk en geen bevinding.",
        source="Bron: beschrijvingen van CBS, RIVM en politie van hun eigen cijfers "
        "(data/outcomes.csv en data/ingredients.csv).",
        notes=[
            "Een modelschatting wordt nergens mee verklaard. Ook een kenmerk dat er niet in zit, "
            "hangt samen met de kenmerken die er wel in zitten.",
            "Werk en inkomen gelden als één onderwerp: wie bijstand krijgt, heeft volgens de wet "
            "een inkomen rond het minimum. Koop en vermogen ook: de eigen woning telt als vermogen.",
        ],
        stamp=dossier.edition.stamp,
    )  # fmt: skip


def _fit(found: ModelSetting, method: str) -> Fit:
    return fit(
        found.formula, found.table, method, made_of=found.made_of, setting=found.setting,
        standardised=True,
    )  # fmt: skip


def _rows(found: ModelSetting, method: str) -> pd.DataFrame:
    return coefficient_rows(
        _fit(found, method), area=found.area, source=found.source, people=found.people
    )


def _methods(found: ModelSetting, wanted: dict[str, str]) -> list[str]:
    """Return the methods for which this gemeente has what they need."""
    none = set()
    if found.setting.neighbours is None:
        none |= {"spatial_lag", "spatial_error"}
    if found.setting.within is None:
        none |= {"clustered", "mixed"}
    return [one for one in wanted if one not in none]


def _labels(found: ModelSetting) -> dict[str, str]:
    return {f"{found.outcome.key} ~ {one.key}": one.label for one in found.terms}


def _more(found: ModelSetting) -> dict[str, str]:
    return {f"{found.outcome.key} ~ {one.key}": one.more for one in found.terms}


def _both(found: ModelSetting) -> tuple[str, str]:
    return found.outcome.more, found.outcome.less


def _used(found: ModelSetting, row: pd.Series) -> list[str]:
    """Return what was used and what was left out, for the honest box."""
    level = found.area["level"]
    left = int(row["units_missing"])
    none = f" {regions(left, level)} niet: een cijfer ontbreekt of er wonen minder dan "
    without = f"{none}{FEWEST_PEOPLE} mensen." if left else ""
    return [
        f"Jaar: {found.area['year']}. {regions(int(row['units']), level)} doen mee.{without}",
        _WARNINGS.get(found.outcome.key, ""),
    ]


def _few(found: ModelSetting, row: pd.Series) -> list[str]:
    if row["units"] >= _FEW or found.setting.neighbours is None:
        return []
    return [
        "Bij zo weinig gebieden zijn de strepen van het model met buren eerder te smal dan te breed."
    ]


def _missing_boundaries(found: ModelSetting) -> list[str]:
    if found.setting.neighbours is not None:
        return []
    return [
        "Grenzen van dit jaar ontbreken, dus of buren op elkaar lijken is niet te zien; haal ze op "
        "met 'pull --kaart'."
    ]


def _not_among(found: ModelSetting) -> list[str]:
    told = []
    if found.left_out:
        names = join_words([one.label for one in found.left_out])
        told.append(f"Staat er niet bij omdat het in de uitkomst zelf zit: {names}.")
    told.append(
        "Wat hier niet in staat, kan een deel van het verband zijn: inkomen, opleiding en herkomst "
        "zijn geen kenmerk in dit model."
    )
    return told


def _ingredient_labels(outcomes: dict) -> dict[str, str]:
    return {part.name: part.label_nl for one in outcomes.values() for part in one.ingredients}
