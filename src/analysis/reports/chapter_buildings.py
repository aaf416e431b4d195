"""Chapters 5 and 9: floor by use per wijk, and the time in which wijken were built."""

from dataclasses import replace

import pandas as pd

from analysis.evidence.buildings import DWELLINGS, FLOOR, MEDIAN_YEAR, PER_1000
from analysis.evidence.frame import join
from analysis.evidence.local import published
from analysis.figures import building_claims
from analysis.figures.charts import ranked_dots
from analysis.figures.figure import Figure, table_figure
from analysis.figures.wording import STATUS_NL, count, in_format
from analysis.reports.absent import Absent
from analysis.reports.dossier import Dossier
from analysis.reports.stock_of import stock_of
from analysis.sources import kerncijfers

_MEETING, _LEARNING = "bijeenkomstfunctie", "onderwijsfunctie"
_SHARED = (
    "De band loopt van ruimte die alleen zo gebruikt wordt tot alle ruimte met deze functie, ook "
    "samen met andere."
)
_SAYS_NOT = "Dit is wat geregistreerd staat. Of een ruimte open, betaalbaar of vrij is, staat er niet."


def floor_for_meeting(dossier: Dossier) -> Figure | Absent:
    """Return the floor for coming together per 1,000 dwellings of each wijk, with its band."""
    stock = stock_of(dossier, "wijk")
    if isinstance(stock, Absent):
        return stock
    of_use = stock.rows["group"].eq(_MEETING)
    rows = stock.rows[of_use & stock.rows["measure"].eq(PER_1000)].reset_index(drop=True)
    label = stock.uses.loc[_MEETING, "label"]
    whole = _whole(dossier)
    reference = (float(whole["value"].iloc[0]), f"heel {dossier.name}") if len(whole) else None
    claim = building_claims.most_floor(rows, label)
    drawn = ranked_dots(
        rows,
        claim=claim,
        sentence="Vierkante meters waar mensen samenkomen: buurthuizen, kerken, bibliotheken en "
        "kinderopvang, maar ook cafés.",
        source=stock.source,
        alt=f"{claim}. Stippen per wijk met een band, van hoog naar laag.",
        value_label=f"m² voor {label} per 1.000 woningen",
        value_format="count",
        reference=reference,
        notes=[_SHARED, *stock.notes, _SAYS_NOT],
        stamp=dossier.edition.stamp,
        also_rows=whole,
    )
    return replace(drawn, rows=join([drawn.rows, stock.rows[of_use]]))


def floor_by_use(dossier: Dossier) -> Figure | Absent:
    """Return the floor of each social use in every wijk, as a table."""
    stock = stock_of(dossier, "wijk")
    if isinstance(stock, Absent):
        return stock
    rows = stock.rows[stock.rows["measure"].isin([DWELLINGS, FLOOR])].reset_index(drop=True)
    cell = rows.set_index(["group", "area_code"])
    names = rows.drop_duplicates("area_code").set_index("area_code")["area_name"]
    social = [use for use, kinds in stock.uses["kinds"].items() if kinds]
    shown = [
        {"wijk": name, "woningen": _told(cell.loc[("all", code)])}
        | {f"{stock.uses.loc[use, 'label']} (m²)": _told(cell.loc[(use, code)]) for use in social}
        for code, name in names.items()
    ]
    learning = stock.rows["measure"].eq(PER_1000) & stock.rows["group"].eq(_LEARNING)
    return table_figure(
        pd.DataFrame(shown),
        rows=join([rows, stock.rows[learning]]),
        claim=building_claims.most_floor(
            stock.rows[learning],
            stock.uses.loc[_LEARNING, "label"],
        ),
        sentence="Alle ruimte met deze functie, ook als het gebouw nog een functie heeft.",
        source=stock.source,
        notes=[*stock.notes, _SAYS_NOT],
        stamp=dossier.edition.stamp,
    )


def oldest_by_year(dossier: Dossier, lows: dict[str, tuple[str, str]]) -> Figure | Absent:
    """Return the wijken from the oldest to the newest, with an income or value beside each.

    Parameters
    ----------
    dossier : Dossier
    lows : dict of str to (str, str)
        Concepts that may stand beside the year, the first that has figures; the second word is how
        it is written.
    """
    found = [(one, r) for one in lows if (r := dossier.newest_with([one], "wijk"))]
    if not found:
        return Absent("Er is geen inkomen of woningwaarde per wijk bekend.")
    beside, release = found[0]
    stock = stock_of(dossier, "wijk", release)
    if isinstance(stock, Absent):
        return stock
    years = stock.rows[stock.rows["measure"].eq(MEDIAN_YEAR)].assign(group=MEDIAN_YEAR)
    other = published(
        dossier.regions(release, "wijk"), beside, level="wijk", year=release.year,
        source=dossier.source_line(release),
        reasons=kerncijfers.reasons(release, "wijk", [beside])[beside],
    )  # fmt: skip
    rows = join([years, other])
    label, form = dossier.codebook[beside].label_nl, lows[beside][1]
    amount = other.set_index("area_code")
    order = years.sort_values(["value", "area_code"], kind="stable")
    shown = [
        {"wijk": row["area_name"], "middelste bouwjaar": _year(row),
         label: _amount(amount, row["area_code"], form)}
        for _, row in order.iterrows()
    ]  # fmt: skip
    return table_figure(
        pd.DataFrame(shown),
        rows=rows,
        claim=building_claims.oldest_by_year(rows, MEDIAN_YEAR, beside, label, form),
        sentence="De helft van de woningen van een wijk is van vóór het middelste bouwjaar.",
        source=stock.source,
        notes=[
            *stock.notes,
            "Oude wijken verschillen ook in ligging, eigendom en wie er wonen. Of het aan de "
            "bouwtijd ligt, is hier niet te zeggen.",
        ],
        stamp=dossier.edition.stamp,
    )


def _whole(dossier: Dossier) -> pd.DataFrame:
    stock = stock_of(dossier, "gemeente")
    if isinstance(stock, Absent):
        return pd.DataFrame()
    rows = stock.rows
    wanted = rows["group"].eq(_MEETING) & rows["measure"].eq(PER_1000) & rows["status"].eq("ok")
    return rows[wanted].reset_index(drop=True)


def _told(row: pd.Series) -> str:
    return count(row["value"]) if row["status"] == "ok" else STATUS_NL[row["status"]]


def _year(row: pd.Series) -> str:
    return f"{row['value']:.0f}" if row["status"] == "ok" else STATUS_NL[row["status"]]


def _amount(rows: pd.DataFrame, code: str, form: str) -> str:
    row = rows.loc[code]
    return STATUS_NL[row["status"]] if pd.isna(row["value"]) else in_format(row["value"], form)
