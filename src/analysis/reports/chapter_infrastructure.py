"""Chapter 3, together: the social infrastructure of wijken beside each other."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.infrastructure import INDEX, KINDS, RANK, infrastructure
from analysis.evidence.offer import EFFECTIVE, PRESENT, offer
from analysis.figures import infrastructure_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import STATUS_NL, in_format, join_words, plural
from analysis.reports.absent import Absent
from analysis.reports.chapter_checks import counted_rows
from analysis.reports.dossier import Dossier
from analysis.reports.located import Located, located_in
from analysis.reports.told_points import points_source
from analysis.sources.edition import project_root
from analysis.sources.facility_kinds import read_kinds

_LEVEL = "wijk"
# Wijken with most and with fewest kinds that the table shows, and kinds that have a column.
_ENDS, _COLUMNS = 10, 4
DOMAINS_NL = {
    "meeting": "ontmoeten",
    "learning_culture": "leren en cultuur",
    "sport_play": "sport en spel",
    "care": "zorg",
    "green": "groen",
    "shops_cafes": "winkels en cafés",
}


def variety_by_wijk(dossier: Dossier) -> Figure | Absent:
    """Return how many kinds of facilities each wijk has, and of the commonest how many."""
    located = located_in(dossier)
    if isinstance(located, Absent):
        return located
    wijken, counts = located.wijken, _counts(located)
    common = counts.sum().sort_values(ascending=False, kind="stable").index
    if len(common) < 2:
        return Absent("De lijst heeft hier maar één soort; over variatie is dan niets te zeggen.")
    source = points_source(dossier, located)
    rows = offer(
        counts[common], wijken["inhabitants"], wijken["region_name"],
        level=_LEVEL, year=located.release.year, source=source,
    )  # fmt: skip
    whole = counted_rows(
        dossier, located.release, {("gemeente", PRESENT): len(common)}, source
    )
    present = rows[rows["measure"].eq(PRESENT)]
    order = present.sort_values("value", ascending=False, kind="stable")["area_code"].tolist()
    between = max(0, len(order) - 2 * _ENDS)
    shown = [*order[:_ENDS], *order[-_ENDS:]] if between else order
    value = rows.set_index(["measure", "group", "area_code"])
    table = pd.DataFrame({"wijk": [wijken["region_name"][code] for code in shown]})
    table[f"soorten (van {len(common)})"] = [
        _told(value.loc[(PRESENT, "all_kinds", code)], "count") for code in shown
    ]
    table["even gewone soorten"] = [
        _told(value.loc[(EFFECTIVE, "all_kinds", code)], "km", group_absent="geen") for code in shown
    ]
    for kind in common[:_COLUMNS]:
        table[located.found.kind_labels[kind]] = [
            _told(value.loc[("facility_count", kind, code)], "count") for code in shown
        ]
    return table_figure(
        table,
        rows=join([rows, whole]),
        claim=infrastructure_claims.most_kinds(present, len(common)),
        sentence="Wie in een wijk woont met weinig soorten, gaat voor de andere naar een andere "
        "wijk.",
        source=source,
        notes=[
            "Even gewone soorten: zoveel soorten zouden het zijn als elke even vaak voorkwam. Is "
            "dat veel minder, dan is het vooral een paar soorten.",
            "Waar meer voorzieningen zijn, zijn vanzelf meer soorten. Wat niet in de lijst staat, "
            "telt als er niet zijn.",
            f"{plural(between, 'wijk', 'wijken')} daartussen staan in evidence.csv."
            if between
            else "",
        ],
        stamp=dossier.edition.stamp,
    )


def _counts(located: Located) -> pd.DataFrame:
    """Return facilities per wijk and kind, NaN in a wijk where could not be looked."""
    points, codes = located.points, located.wijken.index
    counts = pd.crosstab(points["wijk_code"], points["kind"]).reindex(codes, fill_value=0)
    counts = counts.astype(float)
    counts.loc[located.unseen.intersection(codes)] = float("nan")
    return counts


def wijken_beside_each_other(dossier: Dossier) -> Figure | Absent:
    """Return the place of each wijk by social infrastructure, and how sure that place is."""
    located = located_in(dossier)
    if isinstance(located, Absent):
        return located
    wijken = located.wijken
    kinds = read_kinds(project_root() / "data" / "facility_kinds.csv")["domain"]
    points = located.points
    source = points_source(dossier, located)
    rows = infrastructure(
        _counts(located), wijken["inhabitants"], wijken["region_name"], kinds,
        level=_LEVEL, year=located.release.year, source=source,
    )  # fmt: skip
    ranks = rows[rows["measure"].eq(RANK)].reset_index(drop=True)
    there = sorted({kinds[kind] for kind in points["kind"].unique()}, key=list(DOMAINS_NL).index)
    if not ranks["status"].eq("ok").any():
        told = join_words([DOMAINS_NL[name] for name in there])
        return Absent(
            f"De lijst heeft alleen voorzieningen voor {told}; voor een beeld van de hele sociale "
            "basis zijn er minstens drie van de zes domeinen nodig, in drie wijken."
        )
    claim = infrastructure_claims.first_and_last(ranks)
    figure = ranked_dots(
        ranks,
        claim=claim,
        sentence="Plaats 1 heeft per inwoner het ruimste aanbod. De balk is waar een wijk komt te "
        "staan als de domeinen anders wegen.",
        source=source,
        alt=f"{claim}. Stippen per wijk met een balk over plaatsen.",
        value_label="plaats van de wijk (1 heeft het meest per inwoner)",
        value_format="count",
        lowest_first=True,
        notes=[
            f"Domeinen in de lijst: {join_words([DOMAINS_NL[name] for name in there])}; elk telt "
            "even zwaar.",
            "Per soort het aantal per 1.000 inwoners, vergeleken met het gemiddelde van de wijken.",
            "Een kleine wijk met weinig inwoners staat snel hoog. Wat net over de grens ligt telt "
            "niet mee.",
        ],
        stamp=dossier.edition.stamp,
    )
    return replace(figure, rows=join([rows]), table=_table(rows))


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    by = {name: rows[rows["measure"].eq(name)].set_index("area_code") for name in
          (RANK, INDEX, KINDS)}  # fmt: skip
    order = by[RANK].sort_values("value", kind="stable").index
    return pd.DataFrame(
        {
            "wijk": by[RANK].loc[order, "area_name"].array,
            "code": order,
            "plaats": [_told(by[RANK].loc[code], "count") for code in order],
            "plaats bij andere weging": [
                f"{row.low:.0f} – {row.high:.0f}" if row.status == "ok" else ""
                for row in by[RANK].loc[order].itertuples()
            ],
            "score (0 is gemiddeld)": [_told(by[INDEX].loc[code], "index") for code in order],
            "soorten per tien voorzieningen": [_told(by[KINDS].loc[code], "km") for code in order],
        }
    )


def _told(row: pd.Series, value_format: str, **own_words: str) -> str:
    if row["status"] != "ok":
        return own_words.get(row["status"], STATUS_NL[row["status"]])
    return f"{'−' if row['value'] < 0 else ''}{in_format(abs(row['value']), value_format)}"
