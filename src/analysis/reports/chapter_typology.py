"""Chapter 7, types and stock: wijken by stated rules, focus areas, and who lives where it is cheap."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.focus_areas import MEASURE as FOCUS
from analysis.evidence.focus_areas import focus_area_rows
from analysis.evidence.frame import join
from analysis.evidence.mix import COMPOSITIONS, composition_entropy
from analysis.evidence.stock import OF_FIFTH, OWNED, TWO_THIRDS, by_cheapness, one_sided
from analysis.figures import charts, claims, typology_claims
from analysis.figures.figure import Figure, table_figure
from analysis.figures.lines import lines
from analysis.figures.tables import value_text
from analysis.figures.wording import count, in_format
from analysis.reports.absent import Absent
from analysis.reports.chapter_concentration import Sides, sides_of
from analysis.reports.dossier import Dossier, Release
from analysis.sources.edition import project_root
from analysis.sources.focus_areas import read_focus_areas

_LEVEL = "buurt"
_CHEAP = {
    "woz_value_eur": (
        "met een lagere WOZ-waarde", "gemiddelde WOZ-waarde", 1.0, ("goedkoop", "duur")
    ),
    OWNED: (
        "met meer corporatiewoningen", "aandeel corporatiewoningen", -1.0, ("veel", "weinig")
    ),
}


def focus_areas(dossier: Dossier) -> Figure | Absent:
    """Return the 20 national focus areas by name, and whether this gemeente has one."""
    areas = read_focus_areas(project_root() / "data" / "focus_areas.csv")
    rows = focus_area_rows(areas, dossier.code, dossier.name)
    listed = rows[rows["measure"].eq(FOCUS)].sort_values("value", ascending=False, kind="stable")
    return table_figure(
        pd.DataFrame(
            {
                "focusgebied": listed["area_name"].array,
                "gemeente": listed["group"].str.split(" | ", regex=False).str[0].array,
                "inwoners (2025)": [count(value) for value in listed["value"]],
                "deze gemeente": ["ja" if code == dossier.code else "" for code in
                                  listed["area_code"]],
            }
        ),
        rows=rows,
        claim=typology_claims.focus_areas(rows),
        sentence="Het Rijk koos in 2022 gebieden voor het programma Leefbaarheid en Veiligheid. "
        "Niet op de lijst staan zegt niet dat er niets speelt.",
        source=f"Bron: {listed['source'].iloc[0]}; afgerond op duizendtallen.",
        notes=[
            "De grenzen van de gebieden staan hier niet; zij vallen niet samen met wijken.",
            "De lijst is echt; alleen de gemeente is fictief." if dossier.edition.is_example else "",
        ],
        stamp=dossier.edition.stamp,
    )  # fmt: skip


def stock_of_one_kind(dossier: Dossier) -> Figure | Absent:
    """Return the buurten of which over two thirds is owned by a housing association."""
    release = dossier.newest_with([OWNED], _LEVEL)
    if release is None:
        return Absent(
            "Waar de voorraad vooral van een corporatie is valt hier niet te zeggen: in geen enkel "
            "jaar in huis staat per buurt welk deel van een corporatie is. Haal met 'pull --jaar' "
            "een jaar op met eigendom van woningen."
        )
    regions = dossier.regions(release, _LEVEL)
    every = one_sided(regions, _area(dossier, release))
    rows = every[every["measure"].eq(OWNED)].reset_index(drop=True)
    mixed = _entropy(dossier, release)
    claim = typology_claims.one_sided(every)
    figure = charts.ranked_dots(
        rows,
        claim=claim,
        sentence=typology_claims.perhaps(every),
        source=dossier.source_line(release),
        alt=f"{claim}. Stippen per buurt, van veel naar weinig, met een lijn bij twee derde.",
        value_label="aandeel woningen van een corporatie",
        value_format="percent",
        reference=(TWO_THIRDS, "twee derde"),
        notes=[
            f"Jaar: {release.year}. De grens van twee derde komt van RIGO (Veerkracht in het "
            "corporatiebezit).",
            "In de tabel staat ook hoe gemengd koop en huur zijn: 0 is één soort, 1 is gelijk "
            "verdeeld.",
            claims.left_out(rows),
        ],
        stamp=dossier.edition.stamp,
        also_rows=join([every[~every["measure"].eq(OWNED)], mixed]),
    )
    told = mixed.set_index("area_code").apply(value_text, axis=1, args=("index",))
    return replace(figure, table=_stock_table(figure.table, rows, mixed))


def _stock_table(table: pd.DataFrame, rows: pd.DataFrame, mixed: pd.DataFrame) -> pd.DataFrame:
    """Return the table with what rounding leaves open, and how mixed owning and renting are."""
    kept = table[[name for name in table.columns if not name.startswith("interval")]].copy()
    # In whole percentages both ends would read alike.
    kept["door afronden tussen"] = [
        f"{in_format(row.low, 'percent', 1)} – {in_format(row.high, 'percent', 1)}"
        if row.status == "ok"
        else ""
        for row in rows.set_index("area_code").loc[table["code"]].itertuples()
    ]
    if len(mixed):
        told = mixed.set_index("area_code").apply(value_text, axis=1, args=("index",))
        kept["menging koop en huur"] = told.reindex(table["code"]).fillna("").array
    return kept


def cheap_by_value(dossier: Dossier) -> Figure | Absent:
    """Return who lives in buurten of low and high value of homes, both sides."""
    return _cheap(dossier, "woz_value_eur")


def cheap_by_owner(dossier: Dossier) -> Figure | Absent:
    """Return who lives in buurten with much and little housing-association stock, both sides."""
    return _cheap(dossier, OWNED)


def _cheap(dossier: Dossier, concept: str) -> Figure | Absent:
    where, ordered_by, sign, (first, last) = _CHEAP[concept]
    sides = sides_of(dossier)
    if sides is None or not _has(dossier, sides.release, concept):
        return Absent(
            f"Wie er wonen in buurten {where} valt hier niet te zeggen: {ordered_by} en inkomens "
            "staan in geen enkel jaar samen in de tabel. Haal met 'pull --jaar' zo'n jaar op."
        )
    release = sides.release
    regions = dossier.regions(release, _LEVEL)
    rows = by_cheapness(
        sign * regions[concept],
        {group.key: _share(regions, group) for group in sides.groups},
        regions["inhabitants"],
        _area(dossier, release),
    )
    # The affluent side first: on both charts of the chapter it has the same mark and colour.
    drawn = rows[rows["measure"].eq(OF_FIFTH)].iloc[::-1]
    claim = typology_claims.cheap_stock(rows, sides.labels, where)
    if drawn.empty:
        return Absent(f"{claim}: er zijn te weinig buurten met cijfers.")
    key = drawn["group"].str.split(" | ", regex=False)
    figure = lines(
        pd.DataFrame(
            {"line": key.str[0].map(sides.labels), "x": key.str[1].str[-1].astype(int),
             "value": drawn["value"], "low": drawn["low"], "high": drawn["high"], "part": 0}
        ),
        rows=rows,
        table=_fifths(drawn.iloc[::-1], sides, first),
        claim=claim,
        sentence=typology_claims.how_strong(rows, sides.labels),
        source=dossier.source_line(release),
        alt=f"{claim}. Twee lijnen over vijf groepen buurten, van {first} naar {last}.",
        x_label=f"vijfde van de buurten naar {ordered_by}, van {first} (1) naar {last} (5)",
        x_format="count",
        value_label="aandeel van de groep",
        value_format="percent",
        notes=[
            f"Jaar: {release.year}. Gewogen naar inwoners; in de balk ligt wat de middelste helft van "
            "de inwoners in de eigen buurt heeft.",
            "Buurten naast elkaar lijken op elkaar; het interval van de samenhang is eerder "
            "te smal dan te ruim.",
            "Wie er kwam en wie er vertrok is niet gemeten. Het gaat over buurten, niet over "
            "huishoudens.",
        ],
        stamp=dossier.edition.stamp,
    )  # fmt: skip
    # The same groups are told along two orders: each number has its own name.
    return replace(figure, rows=rows.assign(measure=rows["measure"] + f"_by_{concept}"))


def _share(regions: pd.DataFrame, group) -> pd.Series:
    if group.count.startswith("share_"):
        return regions[group.count]
    return regions[group.count] / regions[group.total].where(regions[group.total].gt(0))


def _has(dossier: Dossier, release: Release, concept: str) -> bool:
    table = dossier.regions(release, _LEVEL)
    return concept in table and table[concept].notna().any()


def _entropy(dossier: Dossier, release: Release) -> pd.DataFrame:
    tenure = next(one for one in COMPOSITIONS if one.key == "tenure")
    regions = dossier.regions(release, _LEVEL)
    if not set(tenure.columns) <= set(regions.columns):
        return join([])
    source = dossier.source_line(release)
    return composition_entropy(regions, tenure, level=_LEVEL, year=release.year, source=source)


def _fifths(rows: pd.DataFrame, sides: Sides, first: str) -> pd.DataFrame:
    key = rows["group"].str.split(" | ", regex=False)
    return pd.DataFrame(
        {
            "groep": key.str[0].map(sides.labels).array,
            f"vijfde van de buurten (1 is {first})": key.str[1].str[-1].array,
            "aandeel": [in_format(value, "percent") for value in rows["value"]],
            "middelste helft van de buurten": [
                f"{in_format(one.low, 'percent')} – {in_format(one.high, 'percent')}"
                for one in rows.itertuples()
            ],
            "buurten": [count(number) for number in rows["units"]],
        }
    )


def _area(dossier: Dossier, release: Release) -> pd.Series:
    return pd.Series(
        {"area_code": dossier.code, "area_name": dossier.name, "year": release.year,
         "level": _LEVEL, "source": dossier.source_line(release)}
    )  # fmt: skip
