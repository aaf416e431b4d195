"""Chapter 1, over the years: which wijken and buurten are the same, and their inhabitants then."""

import pandas as pd

from analysis.evidence.frame import evidence_frame
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import (
    CONVERSION_NL,
    LEVEL_PLURAL,
    STATUS_NL,
    WHY_NL,
    count,
    regions,
)
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier, one_source
from analysis.sources.change_flags import years_lacking
from analysis.sources.conversion import AS_PUBLISHED
from analysis.sources.crosswalk import CONVERTED, LABELS
from analysis.sources.neighbourhoods import PARTLY_COVERED, Neighbourhoods
from analysis.sources.stored_crosswalk import StoredCrosswalk

_LEVELS = ("wijk", "buurt")
_TOLD = (*LABELS, PARTLY_COVERED)
_ONE_YEAR = "Er is van deze gemeente maar één jaar in huis; er is niets te vergelijken."


def comparable(dossier: Dossier) -> Figure | Absent:
    """Return how many regions of the newest year are the same as in each older year in store."""
    if len(dossier.releases) < 2:
        return Absent(_ONE_YEAR)
    newest = dossier.newest
    found, lines, without = [], [], set()
    for release in dossier.releases[1:]:
        for level in _LEVELS:
            walk = dossier.crosswalk(level, release.year, newest.year)
            labels, why = _labels(walk)
            counted = labels.value_counts().reindex(_TOLD, fill_value=0)
            found += [
                {
                    "area_code": dossier.code,
                    "area_name": dossier.name,
                    "year": release.year,
                    "level": level,
                    "measure": "comparable_regions",
                    "group": label,
                    "value": float(number),
                    "units": len(labels),
                    "source": one_source(
                        [dossier.source_line(release), dossier.source_line(newest)]
                    ),
                }
                for label, number in counted.items()
            ]
            lines.append((str(release.year), LEVEL_PLURAL[level], len(labels), *counted, why))
            without |= {*walk.without}
    rows = evidence_frame(found)
    told = [CONVERSION_NL[label] for label in _TOLD]
    header = [f"met {newest.year} vergeleken", "niveau", "aantal", *told, "waarom niet"]
    return table_figure(
        pd.DataFrame(lines, columns=header),
        rows=rows,
        claim=_claim(rows, dossier),
        sentence=f"Geteld zijn de gebieden van {newest.year}. Een code zegt niets zonder jaar: "
        "het CBS gebruikt codes opnieuw.",
        source=one_source(dossier.source_line(release) for release in dossier.releases),
        notes=[years_lacking(without)],
        stamp=dossier.edition.stamp,
    )


def inhabitants_over_years(dossier: Dossier, wijken: Neighbourhoods) -> Figure | Absent:
    """Return the inhabitants of each wijk over the years, on the wijken of the newest year.

    Parameters
    ----------
    dossier : Dossier
    wijken : Neighbourhoods
        Of the gemeente's wijken, onto its newest year.
    """
    years = sorted(wijken.table.index.unique("year"))
    if len(years) < 2:
        return Absent(_ONE_YEAR)
    older = wijken.table.drop(index=years[-1], level="year")
    if older["inhabitants"].isna().all():
        return Absent(
            f"Geen enkele wijk van {dossier.name} is te volgen over de jaren die in huis zijn. "
            f"{wijken.note}".strip()
        )
    of_year = {release.year: dossier.source_line(release) for release in dossier.releases}
    table = wijken.table.reset_index()
    published = table["conversion"].isin(AS_PUBLISHED)
    why = wijken.reasons["inhabitants"].array
    people = dossier.regions(dossier.newest, "wijk")["inhabitants"]
    rows = evidence_frame(
        pd.DataFrame(
            {
                "area_code": table["region_code"],
                "area_name": table["region_name"],
                "year": table["year"],
                "level": "wijk",
                # A converted number is another measure: it can never be taken for a published one.
                "measure": published.map({True: "published", False: "converted"}),
                "group": "inhabitants",
                "value": table["inhabitants"],
                "units": 1,
                "median_unit_size": table["inhabitants"],
                "status": pd.Series(why, table.index).replace("", "ok"),
                "source": table["year"].map(of_year),
            }
        )
    )
    rows["_label"] = table["conversion"].array
    order = people.index
    cells = {year: rows[rows["year"].eq(year)].set_index("area_code").loc[order] for year in years}
    shown = pd.DataFrame({"wijk": cells[years[-1]]["area_name"].array, "code": order})
    for year, of in cells.items():
        shown[str(year)] = [_cell(row) for _, row in of.iterrows()]
    followed = sum(all(of.loc[code, "status"] == "ok" for of in cells.values()) for code in order)
    figure_rows = rows.drop(columns="_label")
    if followed == 0:
        claim = f"Geen enkele wijk van {dossier.name} is over alle {len(years)} jaren te volgen"
    elif followed == len(order):
        claim = (
            f"Alle {regions(len(order), 'wijk')} van {dossier.name} zijn over {len(years)} jaren "
            "te volgen"
        )
    else:
        claim = (
            f"Van de {regions(len(order), 'wijk')} van {dossier.name} "
            f"{'is' if followed == 1 else 'zijn'} er {count(followed)} over alle "
            f"{len(years)} jaren te volgen"
        )
    return table_figure(
        shown,
        rows=figure_rows,
        claim=claim,
        sentence=f"Inwoners per wijk, steeds binnen de wijken van {years[-1]}.",
        source=one_source(rows["source"]),
        notes=[
            "'Omgerekend' is een schatting: inwoners zijn verdeeld over nieuwe grenzen en zijn "
            "niet zo gepubliceerd."
            if rows["_label"].eq(CONVERTED).any()
            else "",
            wijken.note,
        ],
        stamp=dossier.edition.stamp,
    )


def _labels(walk: StoredCrosswalk) -> tuple[pd.Series, str]:
    """Return the label of every target, and in Dutch why most of the others are not the same."""
    targets = walk.flows.dropna(subset="to_code").groupby("to_code")[["label", "why"]].first()
    labels = targets["label"].mask(targets["why"].eq(PARTLY_COVERED), PARTLY_COVERED)
    others = targets.loc[~labels.isin([*AS_PUBLISHED, CONVERTED]), "why"]
    return labels, WHY_NL[others.mode().iloc[0]] if len(others) else "–"


def _claim(rows: pd.DataFrame, dossier: Dossier) -> str:
    buurt = rows[rows["level"].eq("buurt")]
    year = int(buurt["year"].max())
    by_label = buurt[buurt["year"].eq(year)].set_index("group")["value"]
    same = int(by_label[list(AS_PUBLISHED)].sum())
    total, then = int(buurt["units"].iloc[0]), f"in {year}"
    if same == 0:
        return f"Van geen enkele buurt van {dossier.name} is bekend dat zij {then} hetzelfde was"
    if same == total:
        return f"Alle {regions(total, 'buurt')} van {dossier.name} waren {then} hetzelfde gebied"
    were = "was" if same == 1 else "waren"
    return (
        f"Van de {regions(total, 'buurt')} van {dossier.name} {were} er {count(same)} {then} "
        "hetzelfde gebied"
    )


def _cell(row: pd.Series) -> str:
    if row["status"] != "ok":
        return STATUS_NL[row["status"]]
    marked = f" ({CONVERSION_NL[CONVERTED]})" if row["measure"] == CONVERTED else ""
    return f"{count(row['value'])}{marked}"
