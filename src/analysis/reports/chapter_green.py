"""Chapter 3, green: how much of it each wijk has, beside a norm, and who lives near it."""

from dataclasses import dataclass, replace

import pandas as pd

from analysis.evidence import green as evidence
from analysis.evidence.demand import source_of
from analysis.evidence.frame import evidence_frame, join
from analysis.figures import green_claims
from analysis.figures.figure import Figure
from analysis.figures.wording import STATUS_NL, in_format, percent, plural
from analysis.reports.absent import Absent
from analysis.reports.chapter_growth import norms_of
from analysis.reports.dossier import Dossier, Release
from analysis.reports.homes import homes_in
from analysis.reports.located import Located, located_in
from analysis.reports.places import map_or_ranking
from analysis.reports.stock_of import dwellings_in
from analysis.reports.told_points import points_source
from analysis.sources.facility_points import locate
from analysis.sources.green import Green, area_within, green_of, is_near, share_near

# Of the norms that are known: the WHO on the way to green, and on a piece worth going to.
_NEAR, _LARGE = 300.0, 10_000.0
_NO_OUTLINES = (
    "De grenzen van de buurten van dit jaar ontbreken, dus is niet te zeggen waar het groen ligt; "
    "haal ze op met 'pull --kaart'."
)
_NO_GROUNDS = (
    "De lijst heeft geen parken of natuur met een omtrek, dus is niet te zeggen hoeveel groen er is: "
    "breng een kaart met vlakken mee met 'pull --voorzieningen BESTAND' (soort 'park')."
)
_WHAT = "Geteld: parken, plantsoenen en natuurgebieden van de kaart."
_MORE = "Bermen, water, tuinen en straatbomen staan er niet op; sommige normen tellen die mee."


@dataclass(frozen=True)
class _Seen:
    """The green of a gemeente and where it lies.

    Attributes
    ----------
    green : Green
    area_m2, undrawn : Series
        Square metres, and places without an outline, by buurt.
    buurten : GeoDataFrame
        Outlines.
    located : Located
    release : Release
    source : str
    """

    green: Green
    area_m2: pd.Series
    undrawn: pd.Series
    buurten: pd.DataFrame
    located: Located
    release: Release
    source: str


def green_by_wijk(dossier: Dossier) -> Figure | Absent:
    """Return how much public green there is per dwelling of each wijk, beside the norm."""
    seen = dossier.keep(("green",), lambda: _look(dossier))
    if isinstance(seen, Absent):
        return seen
    release, year = seen.release, seen.release.year
    tables = {level: _with_dwellings(dossier, release, level) for level in ("wijk", "gemeente")}
    of = {
        "wijk": pd.Series("WK" + seen.area_m2.index.str.slice(2, 8), index=seen.area_m2.index),
        "gemeente": pd.Series(dossier.code, index=seen.area_m2.index),
    }
    rows, whole = (
        evidence.green_rows(
            tables[level],
            seen.area_m2.groupby(of[level]).sum(min_count=1).where(_whole(seen, of[level])),
            seen.undrawn.groupby(of[level]).sum(),
            level=level, year=year, source=seen.source,
        )
        for level in ("wijk", "gemeente")
    )  # fmt: skip
    unit, norm, asked = _norm(dossier, rows)
    measure = evidence.PER_DWELLING if unit == "woning" else evidence.PER_PERSON
    shown, reference = (table[table["measure"].eq(measure)] for table in (rows, whole))
    counted = evidence_frame([])
    if asked is None:
        claim = green_claims.most_green(shown, unit)
    else:
        area = pd.Series({"area_code": dossier.code, "area_name": dossier.name, "year": year,
                          "level": "wijk"})  # fmt: skip
        counted = evidence.beside_norm(shown, asked, area, source_of(norm))
        claim = green_claims.beside_norm(counted, shown, unit)
    figure = map_or_ranking(
        dossier,
        release,
        _told_as_ok(shown, evidence.AT_LEAST),
        level="wijk",
        whole=_told_as_ok(reference, evidence.AT_LEAST),
        claim=claim,
        sentence="Wat op de kaart staat is niet alles: zie het als ten minste zoveel.",
        value_label=f"m² openbaar groen per {unit}",
        value_format="count",
        source=seen.source,
        notes=[
            _WHAT,
            _MORE,
            _undrawn_told(seen),
            _norm_told(norm, asked),
            "Een groot park telt in de wijk waar het ligt, ook als andere wijken er dicht bij zijn.",
        ],
    )
    return replace(figure, rows=join([rows, whole, counted]), table=_table(rows, whole))


def near_green(dossier: Dossier) -> Figure | Absent:
    """Return per wijk which part of the inhabitants lives within 300 m of a hectare of green."""
    seen = dossier.keep(("green",), lambda: _look(dossier))
    homes = homes_in(dossier, ["inhabitants"])
    for found in (seen, homes):
        if isinstance(found, Absent):
            return found
    grounds = seen.green.grounds
    large = grounds[grounds.area >= _LARGE].reset_index(drop=True)
    if homes.coarse:
        lived = seen.buurten.loc[homes.people.index]
        near = share_near(large, lived, _NEAR, without=grounds)
    else:
        near = is_near(large, homes.places, _NEAR).astype(float)
    how = (
        "Waar iemand in een buurt woont is niet bekend: gerekend is alsof mensen gelijk over de buurt "
        "wonen, buiten het groen."
        if homes.coarse
        else "Gerekend vanaf vierkanten van 100 bij 100 meter."
    )
    rows = evidence.near_rows(
        near, homes.people["inhabitants"], "WK" + homes.buurt.str.slice(2, 8),
        dossier.regions(homes.release, "wijk"), year=homes.release.year, source=seen.source,
        whole=pd.Series({"area_code": dossier.code, "area_name": dossier.name}),
        coarse=homes.coarse,
    )  # fmt: skip
    shown = rows[rows["level"].eq("wijk")].reset_index(drop=True)
    whole = rows[rows["level"].eq("gemeente")]
    figure = map_or_ranking(
        dossier,
        homes.release,
        _told_as_ok(shown, "coarse_origin"),
        level="wijk",
        whole=_told_as_ok(whole, "coarse_origin"),
        claim=green_claims.near_green(whole.iloc[0]),
        sentence=green_claims.least_near(shown),
        value_label="woont binnen 300 meter van groen",
        value_format="percent",
        source=seen.source,
        notes=[
            "Hemelsbreed vanaf de rand van een stuk groen van 1 hectare of meer. 300 meter en 1 "
            "hectare zijn richtgetallen van de WHO.",
            how,
            _WHAT,
            _undrawn_told(seen),
            "Dichtbij zegt niet of het groen prettig en veilig is, of wat er te doen is.",
        ],
    )
    return replace(figure, rows=join([rows]))


def _look(dossier: Dossier) -> _Seen | Absent:
    located = located_in(dossier)
    if isinstance(located, Absent):
        return located
    drawn = dossier.boundaries(located.release, "buurt")
    if drawn is None:
        return Absent(_NO_OUTLINES)
    found = green_of(located.found.points, drawn.places.union_all())
    if found is None or not found.drawn:
        return Absent(_NO_GROUNDS)
    inside, _ = locate(found.undrawn, drawn.places)
    return _Seen(
        green=found,
        area_m2=area_within(found.grounds, drawn.places),
        undrawn=inside.value_counts().reindex(drawn.places.index, fill_value=0),
        buurten=drawn.places,
        located=located,
        release=located.release,
        source=points_source(dossier, located),
    )


def _whole(seen: _Seen, of: pd.Series) -> pd.Series:
    """Tell of which areas every inhabited buurt has an outline."""
    lacking = seen.located.unseen
    codes = pd.Index(of.unique())
    if codes[0].startswith("GM"):
        return pd.Series(lacking.empty, index=codes)
    return pd.Series(~codes.isin(lacking), index=codes)


def _with_dwellings(dossier: Dossier, release: Release, level: str) -> pd.DataFrame:
    """Return a region table with dwellings, of the register of buildings where it has none."""
    table = dossier.regions(release, level)
    if "n_dwellings" in table and table["n_dwellings"].notna().any():
        return table
    found = [dwellings_in(dossier, level, release, code) for code in table.index]
    return table.assign(n_dwellings=pd.Series(found, index=table.index, dtype="float64"))


def _norm(dossier: Dossier, rows: pd.DataFrame) -> tuple[str, pd.Series, float | None]:
    """Return what green is counted per, the norm, and its m2 per that where it asks for that."""
    norm = norms_of(dossier).loc["public_green"]
    per_dwelling = rows[rows["measure"].eq(evidence.PER_DWELLING)]["value"].notna().any()
    if pd.isna(norm["value"]):
        return "woning" if per_dwelling else "inwoner", norm, None
    if norm["unit"] == "m2_per_1000_dwellings" and per_dwelling:
        return "woning", norm, norm["value"] / 1000
    if norm["unit"] == "m2_per_person" and norm["group"] == "inhabitants":
        return "inwoner", norm, norm["value"]
    return "inwoner", norm, None


def _norm_told(norm: pd.Series, asked: float | None) -> str:
    words = source_of(norm).replace("m2", "m²")
    said = f"{words[:1].upper()}{words[1:]}."
    if asked is None and norm["unit"] == "m2_per_1000_dwellings":
        return f"{said} Hoeveel woningen een wijk heeft is niet bekend, dus niet te vergelijken."
    return said


def _undrawn_told(seen: _Seen) -> str:
    number = len(seen.green.undrawn)
    if not number:
        return ""
    verb = "heeft" if number == 1 else "hebben"
    return f"{plural(number, 'plek', 'plekken')} met groen {verb} geen omtrek en tellen hier niet mee."


def _told_as_ok(rows: pd.DataFrame, remark: str) -> pd.DataFrame:
    """Return rows of which a remarked value is drawn too; the note tells what the remark is."""
    return rows.assign(status=rows["status"].replace(remark, "ok")).reset_index(drop=True)


def _table(rows: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    by = pd.concat([rows, whole]).set_index(["measure", "area_code"])
    order = rows[rows["measure"].eq(evidence.AREA)].sort_values(
        "value", ascending=False, kind="stable"
    )
    codes = [*order["area_code"], *whole["area_code"].unique()]
    names = [*order["area_name"], f"heel {whole['area_name'].iloc[0]}"]
    columns = {
        "groen (m²)": (evidence.AREA, "count"),
        "m² per woning": (evidence.PER_DWELLING, "count"),
        "m² per inwoner": (evidence.PER_PERSON, "count"),
        "deel van het land": (evidence.LAND, "percent"),
    }
    table = pd.DataFrame({"wijk": names, "code": codes})
    for header, (measure, form) in columns.items():
        # A column of which nothing is known says no more than the note does.
        if by.loc[measure, "value"].notna().any():
            table[header] = [_told(by.loc[(measure, code)], form) for code in codes]
    return table


def _told(row: pd.Series, form: str) -> str:
    if row["status"] not in ("ok", evidence.AT_LEAST):
        return STATUS_NL[row["status"]]
    value = percent(row["value"]) if form == "percent" else in_format(row["value"], form)
    return f"ten minste {value}" if row["status"] == evidence.AT_LEAST else value
