"""Chapter 5, on places: where one more would do most, and what is lost when one closes."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.evidence.reach import WALK, marked
from analysis.evidence.siting import closing_rows, siting_curve
from analysis.figures import siting_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure
from analysis.figures.lines import lines
from analysis.figures.wording import percent
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, Release, one_source
from analysis.reports.homes import Homes, homes_in
from analysis.reports.located import Located, located_in
from analysis.reports.reach import places_of
from analysis.reports.told_points import points_source

_MOST = 5
_SHOWN = 15
# What people reach on foot and a gemeente has a say in, in this order.
_KINDS = ("community_centre", "library", "gp", "primary_school", "sports", "playground")
_AGES = {
    "jonger dan 15": ["n_age_0_14"],
    "15 tot 65": ["n_age_15_24", "n_age_25_44", "n_age_45_64"],
    "65 en ouder": ["n_age_65_plus"],
}
_LINES = {
    "share_within_limit": "alle inwoners, waar het de meeste mensen helpt",
    "least_share_within_limit": "de leeftijdsgroep met de minste, waar het die het meest helpt",
}


def one_more(dossier: Dossier) -> Figure | Absent:
    """Return how many more people are within a walk with each new place of one kind."""
    found = _setting(dossier)
    if isinstance(found, Absent):
        return found
    travel = found.homes.travel(pd.concat([found.there, found.sites]), WALK)
    most = min(_MOST, len(found.sites))
    rows = siting_curve(
        travel, found.people, most, facility=found.kind, area=_area(dossier, found),
        source=found.source, existing=found.there.index.tolist(),
        goals=("max_cover", "fairest_cover"),
    )  # fmt: skip
    rows = marked(rows, coarse=found.homes.coarse)
    curve = rows[rows["measure"].isin(_LINES)].reset_index(drop=True)
    new = curve["group"].str.extract(r"k=(\d+)", expand=False).astype(int)
    table = pd.DataFrame({"erbij": new, "m": curve["measure"], "v": curve["value"].map(percent)})
    table = table.pivot(index="erbij", columns="m", values="v").reindex(columns=list(_LINES))
    table = table.rename(columns=_LINES).reset_index().rename_axis(columns=None)
    table["erbij"] = table["erbij"].astype("str")
    claim = siting_claims.one_more(curve, found.label.lower())
    return lines(
        pd.DataFrame(
            {"line": curve["measure"].map(_LINES), "x": new, "value": curve["value"],
             "low": np.nan, "high": np.nan, "part": 0}
        ),
        rows=rows,
        table=table,
        claim=claim,
        sentence=f"Deel van de inwoners met een {found.label.lower()} binnen {WALK / 1000:.0f} km lopen, "
        "nu en met meer plekken erbij.",
        source=found.source,
        alt=f"{claim}. Twee lijnen over het aantal plekken erbij.",
        x_label="plekken erbij",
        x_format="count",
        value_label="deel van de inwoners binnen 1 km lopen",
        value_format="percent",
        notes=[
            found.homes.how,
            "Mogelijke plekken zijn de middens van de buurten; of daar ruimte is, is niet bekend.",
            "Elke stap is opnieuw uitgerekend: de beste twee zijn niet altijd de beste een en nog "
            "een.",
            "Dit zegt waar iets dichtbij zou zijn, niet of het nodig is of genoeg is.",
        ],
        stamp=dossier.edition.stamp,
    )  # fmt: skip


def one_less(dossier: Dossier) -> Figure | Absent:
    """Return how many people are no longer within a walk when one place closes."""
    found = _setting(dossier)
    if isinstance(found, Absent):
        return found
    there = found.homes.travel(found.there, WALK)
    rows = closing_rows(
        there, found.people.sum(axis=1), found.names, facility=found.kind,
        area=_area(dossier, found), source=found.source,
    )  # fmt: skip
    lost = rows[rows["measure"].eq("people_lost_on_closing")].reset_index(drop=True)
    name = found.label.lower()
    claim = siting_claims.one_less(lost, name)
    worst = lost[lost["value"].gt(0)].head(_SHOWN)
    if worst.empty:
        worst = lost.head(_SHOWN)
    figure = ranked_dots(
        # In the chart a row is called after its place; the number is of the gemeente.
        worst.assign(area_name=worst["group"].str.split(" | ", n=1, regex=False).str[1]),
        claim=claim,
        sentence=f"Inwoners die geen {name} meer binnen {WALK / 1000:.0f} km lopen hebben als deze "
        "ene sluit.",
        source=found.source,
        alt=f"{claim}. Stippen per plek, van veel naar weinig.",
        value_label="inwoners die het bereik verliezen",
        value_format="count",
        row_label="plek",
        notes=[
            f"De {len(worst)} plekken waar het het meest scheelt, van {len(lost)}."
            if len(worst) < len(lost)
            else "",
            found.homes.how,
            "Of een plek vol is, telt hier niet mee.",
        ],
        stamp=dossier.edition.stamp,
    )
    return replace(figure, rows=marked(rows, coarse=found.homes.coarse))


@dataclass(frozen=True)
class Setting:
    """One kind of facility in a gemeente, the people who may walk there, and where more could come.

    Attributes
    ----------
    kind, label : str
        Key, and Dutch name.
    people : DataFrame
        Inhabitants by age, by home.
    homes : Homes
    sites : DataFrame
        `east` and `north` of where more could come: the middle of each buurt.
    there : DataFrame
        `east` and `north` of the facilities that are there, in the gemeente or a walk around it.
    names : Series of str
        What these are called.
    source : str
    year : int
    """

    kind: str
    label: str
    people: pd.DataFrame
    homes: Homes
    sites: pd.DataFrame
    there: pd.DataFrame
    names: pd.Series
    source: str
    year: int


def _setting(dossier: Dossier) -> Setting | Absent:
    located = located_in(dossier)
    if isinstance(located, Absent):
        return located
    kind = next((one for one in _KINDS if located.points["kind"].eq(one).any()), None)
    if kind is None:
        return Absent("De lijst heeft geen voorziening waar dit voor te rekenen is.")
    homes = homes_in(dossier, ["inhabitants", *(name for part in _AGES.values() for name in part)])
    if isinstance(homes, Absent):
        return homes
    people = pd.DataFrame({name: homes.people[part].sum(axis=1) for name, part in _AGES.items()})
    outlines = dossier.boundaries(homes.release, "buurt").places
    outlines = outlines.loc[outlines.index.intersection(homes.buurt.unique())].geometry
    # What lies just outside the gemeente serves its people too.
    around = outlines.union_all().buffer(WALK)
    every = located.found.points
    points = every[every["kind"].eq(kind) & every.within(around)].drop_duplicates("facility_id")
    ids = points["facility_id"].astype("str").array
    names = _told_apart(points["name"].fillna("").replace("", "zonder naam").set_axis(ids))
    return Setting(
        kind,
        located.found.kind_labels.get(kind, kind),
        people,
        homes,
        sites_in(outlines),
        places_of(points).set_axis(ids),
        names,
        _source(dossier, located, homes.release),
        homes.release.year,
    )


def sites_in(outlines: gpd.GeoSeries) -> pd.DataFrame:
    """Return the middle of each buurt as a place where something could come."""
    middle = outlines.representative_point()
    names = "midden " + outlines.index.astype("str")
    return pd.DataFrame({"east": middle.x, "north": middle.y}).set_axis(names)


def _told_apart(names: pd.Series) -> pd.Series:
    """Return names with a number behind those that stood there before."""
    before = names.groupby(names).cumcount()
    return names.where(before.eq(0), names + " (" + (before + 1).astype("str") + ")")


def _source(dossier: Dossier, located: Located, release: Release) -> str:
    """Return the source of the points, and of the people where that is another year."""
    source = points_source(dossier, located)
    if release.year == located.release.year:
        return source
    return one_source([dossier.source_line(release), source])


def _area(dossier: Dossier, found: Setting) -> pd.Series:
    return pd.Series(
        {"area_code": dossier.code, "area_name": dossier.name, "year": found.year,
         "level": "buurt"}
    )  # fmt: skip
