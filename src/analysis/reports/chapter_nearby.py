"""Chapter 3, from the map: how far people walk, what they share, and how much there is for whom."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from analysis.evidence.competition import LIMIT, shared_supply_rows
from analysis.evidence.nearby import BEYOND, FAR, MEDIAN, NUMBER, SECOND, nearby_rows
from analysis.evidence.provision import count_by_kind, density_for_whom
from analysis.evidence.reach import WALK
from analysis.figures import nearby_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import STATUS_NL, count, in_format, percent
from analysis.measures.travel import Travel
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, one_source
from analysis.reports.homes import Homes, homes_in
from analysis.reports.located import Located, located_in
from analysis.reports.reach import places_of
from analysis.reports.told_points import points_source
from analysis.sources.edition import project_root
from analysis.sources.facility_points import locate
from analysis.sources.facility_kinds import read_kinds

# Metres: further than anybody walks.
_FARTHEST = 5_000.0
_KINDS_SHOWN = 12
_FIRST = ("gp", "community_centre", "library", "primary_school", "supermarket")
_SERVED = {
    "n_age_0_14": "kinderen jonger dan 15",
    "n_age_15_24": "jongeren van 15 tot 25",
    "n_age_65_plus": "65-plussers",
    "inhabitants": "inwoners",
}


def nearest_own(dossier: Dossier) -> Figure | Absent:
    """Return per kind how far the people of a gemeente walk to the nearest place of the list."""
    located, homes = located_in(dossier), homes_in(dossier, ["inhabitants"])
    for found in (located, homes):
        if isinstance(found, Absent):
            return found
    kinds = located.points["kind"].value_counts().index[:_KINDS_SHOWN]
    drawn = dossier.boundaries(homes.release, "buurt")
    travels = {kind: _to_nearest(located, homes, kind, drawn.places) for kind in kinds}
    rows = nearby_rows(
        travels, homes.people["inhabitants"], area=_area(dossier, homes),
        source=_source(dossier, located, homes), coarse=homes.coarse, missing=homes.missing,
        covered=homes.covered,
    )  # fmt: skip
    labels = _labels(located)
    claim = nearby_claims.nearest(rows, labels)
    first = next((kind for kind in _FIRST if kind in travels), kinds[0])
    return table_figure(
        pd.DataFrame([_line(rows, kind, labels) for kind in kinds]),
        rows=rows,
        claim=claim,
        sentence=nearby_claims.nearest_sentence(rows, labels, first),
        source=_source(dossier, located, homes),
        notes=[
            _rests_on(homes),
            "9 van de 10: zo ver hoogstens voor negen van de tien inwoners. Een gemiddelde "
            "verbergt wie het verst woont.",
            "Nabij zegt niet of er plaats is, wat het kost en of mensen er willen komen.",
        ],
        stamp=dossier.edition.stamp,
    )


def shared_supply(dossier: Dossier) -> Figure | Absent:
    """Return per wijk how much of one kind there is within reach, shared with all who can come."""
    located = located_in(dossier)
    if isinstance(located, Absent):
        return located
    there = located.points["kind"].value_counts()
    kind = next((one for one in _FIRST if one in there.index), there.index[0])
    column = _served_by().get(kind, "inhabitants")
    homes = homes_in(dossier, list(dict.fromkeys(["inhabitants", column])))
    if isinstance(homes, Absent):
        return homes
    wijken = dossier.regions(homes.release, "wijk")["region_name"]
    source = _source(dossier, located, homes)
    rows = shared_supply_rows(
        homes.travel(_around(located, homes, kind), LIMIT), homes.people[column],
        "WK" + homes.buurt.str.slice(2, 8), wijken, kind=kind, year=homes.release.year,
        source=source, coarse=homes.coarse,
        whole=pd.Series({"area_code": dossier.code, "area_name": dossier.name}),
    )  # fmt: skip
    label = _labels(located)[kind]
    claim = nearby_claims.shared(rows, label, _SERVED[column])
    shown = rows[rows["level"].eq("wijk")].reset_index(drop=True)
    # A coarse number is shown, and the note says how coarse; the rows keep saying it too.
    shown = shown.assign(status=shown["status"].replace("coarse_origin", "ok"))
    figure = ranked_dots(
        shown,
        claim=claim,
        sentence=nearby_claims.holds(rows),
        source=source,
        alt=f"{claim}. Stippen per wijk, van veel naar weinig.",
        value_label=f"{label.lower()}: plekken binnen bereik per 1.000 {_SERVED[column]}",
        value_format="ratio",
        notes=[
            "Elke plek wordt gedeeld door allen die er kunnen komen; dichtbij telt vol, van 500 tot "
            "1.000 m voor 0,68 en tot 1.500 m voor 0,22.",
            _rests_on(homes),
            "Elke plek telt als één, groot of klein. Wie van buiten de gemeente komt, telt niet mee. "
            "Waar de lijst niet compleet is, lijkt er te weinig te zijn.",
        ],
        stamp=dossier.edition.stamp,
    )
    return replace(figure, rows=rows)


def for_whom(dossier: Dossier) -> Figure | Absent:
    """Return how much there is per 1,000 of the age group that each kind serves."""
    located = located_in(dossier)
    if isinstance(located, Absent):
        return located
    served, labels = _served_by(), _labels(located)
    kinds = [kind for kind in located.points["kind"].value_counts().index if kind in served]
    if not kinds:
        return Absent("De lijst heeft geen voorzieningen voor één leeftijdsgroep.")
    region = dossier.regions(located.release, "gemeente").iloc[0]
    counted = count_by_kind(
        located.points.assign(gm_code=dossier.code), pd.Index([dossier.code]), "gm_code"
    ).loc[dossier.code]
    rows = density_for_whom(
        region, counted, {kind: served[kind] for kind in kinds}, level="gemeente",
        year=located.release.year, source=points_source(dossier, located),
    )  # fmt: skip
    kind_of = rows["group"].str.split(" | ", regex=False).str[0]
    whom = {kind: _SERVED[served[kind]] for kind in kinds}
    shown = pd.DataFrame(
        {
            "soort": kind_of.map(labels),
            "voor": kind_of.map(whom),
            "per 1.000 van hen": [_told(row, row.value) for row in rows.itertuples()],
            "95%-interval": [
                f"{in_format(row.low, 'ratio')} – {in_format(row.high, 'ratio')}"
                if row.status == "ok" else "" for row in rows.itertuples()
            ],
        }
    )  # fmt: skip
    return table_figure(
        shown,
        rows=rows,
        claim=nearby_claims.for_whom(rows.assign(group=kind_of), labels, whom),
        sentence="Geteld per 1.000 mensen voor wie het bedoeld is, niet per 1.000 inwoners.",
        source=points_source(dossier, located),
        notes=[
            "De leeftijdsgroep is die van het CBS die het dichtst bij de doelgroep komt.",
            "Een plek telt als één, groot of klein.",
        ],
        stamp=dossier.edition.stamp,
    )


def _to_nearest(located: Located, homes: Homes, kind: str, outlines: gpd.GeoDataFrame) -> Travel:
    own = located.points[located.points["kind"].eq(kind)].drop_duplicates("facility_id")
    inside, _ = locate(own, outlines)
    return homes.to_nearest(_around(located, homes, kind), inside, _FARTHEST)


def _around(located: Located, homes: Homes, kind: str) -> pd.DataFrame:
    """Return the places of a kind in the gemeente and a long walk around it."""
    every = located.found.points
    west, north = homes.places["east"].agg(["min", "max"]), homes.places["north"].agg(["min", "max"])
    box = every.cx[
        west["min"] - _FARTHEST : west["max"] + _FARTHEST,
        north["min"] - _FARTHEST : north["max"] + _FARTHEST,
    ]
    own = box[box["kind"].eq(kind)].drop_duplicates("facility_id")
    return places_of(own).set_axis(own["facility_id"].astype("str").array)


def _served_by() -> dict[str, str]:
    kinds = read_kinds(project_root() / "data" / "facility_kinds.csv")
    return {kind: f"n_{group}" for kind, group in kinds["serves"].items() if group != "all"}


def _labels(located: Located) -> dict[str, str]:
    names = located.found.kind_labels
    return {kind: names.get(kind, kind) for kind in located.found.points["kind"].unique()}


def _area(dossier: Dossier, homes: Homes) -> pd.Series:
    return pd.Series({"area_code": dossier.code, "area_name": dossier.name,
                      "year": homes.release.year, "level": "buurt"})  # fmt: skip


def _rests_on(homes: Homes) -> str:
    missing = f", {homes.missing} zonder" if homes.missing else ""
    return (
        f"{homes.release.year}: {homes.buurt.nunique()} buurten met inwoners{missing}, "
        f"{percent(homes.covered)} van de inwoners. {homes.how}"
    )


def _source(dossier: Dossier, located: Located, homes: Homes) -> str:
    """Return the source of the points, and of the people where that is another year."""
    source = points_source(dossier, located)
    if homes.release.year == located.release.year:
        return source
    return one_source([dossier.source_line(homes.release), source])


def _line(rows: pd.DataFrame, kind: str, labels: dict[str, str]) -> dict[str, str]:
    own = rows[rows["group"].eq(kind)].set_index("measure")
    return {
        "soort": labels[kind],
        "de helft binnen (m)": _metres(own.loc[MEDIAN]),
        "9 van de 10 binnen (m)": _metres(own.loc[FAR]),
        f"verder dan {WALK / 1000:.0f} km": _told(own.loc[BEYOND], own.loc[BEYOND, "value"], "percent"),
        "geen tweede om te kiezen": _told(own.loc[SECOND], own.loc[SECOND, "value"], "percent"),
        "gemiddeld aantal binnen 1 km": _told(own.loc[NUMBER], own.loc[NUMBER, "value"], "km"),
    }


def _metres(row: pd.Series) -> str:
    return STATUS_NL[row["status"]] if pd.isna(row["value"]) else count(row["value"])


def _told(row, value: float, value_format: str = "ratio") -> str:
    if pd.isna(value):
        return STATUS_NL[row.status]
    return percent(value) if value_format == "percent" else in_format(value, value_format)
