"""Chapter 3, together: the social infrastructure of wijken beside each other."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.frame import join
from analysis.evidence.infrastructure import INDEX, KINDS, RANK, infrastructure
from analysis.figures import infrastructure_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure
from analysis.figures.wording import STATUS_NL, in_format, join_words
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier
from analysis.reports.located import located_in
from analysis.reports.told_points import points_source
from analysis.sources.edition import project_root
from analysis.sources.facility_kinds import read_kinds

_LEVEL = "wijk"
DOMAINS_NL = {
    "meeting": "ontmoeten",
    "learning_culture": "leren en cultuur",
    "sport_play": "sport en spel",
    "care": "zorg",
    "green": "groen",
    "shops_cafes": "winkels en cafés",
}


def wijken_beside_each_other(dossier: Dossier) -> Figure | Absent:
    """Return the place of each wijk by social infrastructure, and how sure that place is."""
    located = located_in(dossier)
    if isinstance(located, Absent):
        return located
    wijken = located.wijken
    kinds = read_kinds(project_root() / "data" / "facility_kinds.csv")["domain"]
    points = located.points
    counts = pd.crosstab(points["wijk_code"], points["kind"]).reindex(wijken.index, fill_value=0)
    counts = counts.astype(float)
    counts.loc[located.unseen.intersection(counts.index)] = float("nan")
    source = points_source(dossier, located)
    rows = infrastructure(
        counts, wijken["inhabitants"], wijken["region_name"], kinds,
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


def _told(row: pd.Series, value_format: str) -> str:
    if row["status"] != "ok":
        return STATUS_NL[row["status"]]
    return f"{'−' if row['value'] < 0 else ''}{in_format(abs(row['value']), value_format)}"
