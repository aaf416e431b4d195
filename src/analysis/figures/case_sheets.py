"""A sheet of paper per wijk: its map, five figures beside the gemeente, facilities, white space."""

import html
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.figures import style
from analysis.figures.figure import require_evidence
from analysis.figures.sheet_maps import SheetMaps
from analysis.figures.tables import value_text
from analysis.figures.wording import count, number, plural

# More kinds than this do not fit beside a map on paper; the evidence has them all.
MOST_KINDS = 16
_WIDE, _HIGH = 160.0, 26.0


@dataclass(frozen=True, eq=False)
class Compared:
    """One figure of every wijk, beside that of the whole gemeente.

    Attributes
    ----------
    label : str
        What it is, in Dutch.
    value_format : str
        One of `wording.FORMATS`.
    rows : DataFrame
        Evidence rows, one per wijk.
    whole : Series
        The gemeente's own evidence row.
    """

    label: str
    value_format: str
    rows: pd.DataFrame
    whole: pd.Series

    @cached_property
    def reach(self) -> float:
        """The end of the axis that starts at 0: the highest value known, 1 where none is."""
        known = [*self.rows.loc[self.rows["status"].eq("ok"), "value"]]
        known += [self.whole["value"]] if self.whole["status"] == "ok" else []
        return max(known, default=0.0) or 1.0


@dataclass(frozen=True, eq=False)
class CaseSheets:
    """The sheets of all wijken of a gemeente, as one piece of a page.

    Attributes
    ----------
    gemeente : str
    people : DataFrame
        Evidence rows of the inhabitants per wijk: one sheet each, in this order.
    whole : Series
        The inhabitants of the gemeente.
    compared : tuple of Compared
        The figures, at most five.
    facilities : DataFrame
        Evidence rows 'facility_count' and 'density_per_1000' per wijk, gemeente and kind; empty
        where there are none.
    kinds : dict of str to str
        Dutch label per kind, in the order of the table.
    maps : SheetMaps or None
    missing : tuple of str
        Sentences on what no sheet can show.
    source, stamp : str
    """

    gemeente: str
    people: pd.DataFrame
    whole: pd.Series
    compared: tuple[Compared, ...]
    facilities: pd.DataFrame
    kinds: dict[str, str]
    maps: SheetMaps | None
    missing: tuple[str, ...]
    source: str
    stamp: str = ""

    def __post_init__(self) -> None:
        """Refuse rows that are not evidence, and more figures than a sheet has room for."""
        for part in (self.people, self.facilities, *(one.rows for one in self.compared)):
            require_evidence(part)
        if len(self.compared) > 5:
            raise ValueError(f"a sheet has room for five figures, and {len(self.compared)} came")

    @property
    def rows(self) -> pd.DataFrame:
        """The evidence rows of every number on the sheets."""
        parts = [self.people, self.whole.to_frame().T, self.facilities]
        for one in self.compared:
            parts += [one.rows, one.whole.to_frame().T]
        filled = [part for part in parts if len(part)]
        return pd.concat(filled, ignore_index=True).astype(self.people.dtypes.to_dict())

    def _repr_html_(self) -> str:
        return sheets_html(self)


def sheets_html(sheets: CaseSheets) -> str:
    """Return a list of links and one section per wijk, each a page on paper."""
    shared = [] if sheets.maps is None else [sheets.maps.shared()]
    shared += [_ticks(place, one) for place, one in enumerate(sheets.compared)]
    links = "".join(
        f'<li><a href="#{row.area_code}">{html.escape(row.area_name)}</a></li>'
        for row in sheets.people.itertuples()
    )
    own = dict(list(sheets.facilities.groupby("area_code"))) if len(sheets.facilities) else {}
    pages = [_sheet(sheets, row, own) for _, row in sheets.people.iterrows()]
    return (
        f'<nav class="sheet-list" aria-label="Wijken"><ul>{links}</ul></nav>'
        f'<svg class="sheet-shared" width="0" height="0" aria-hidden="true"><defs>'
        f"{''.join(shared)}</defs></svg>{''.join(pages)}"
    )


def _sheet(sheets: CaseSheets, people: pd.Series, own: dict[str, pd.DataFrame]) -> str:
    code, name = people["area_code"], html.escape(people["area_name"])
    stamp = f'<span class="stamp">{html.escape(sheets.stamp)}</span>' if sheets.stamp else ""
    lives = value_text(people, "count")
    if people["status"] == "ok":
        lives = plural(int(people["value"]), "inwoner", "inwoners")
    absent = "".join(f'<p class="absent">{html.escape(one)}</p>' for one in sheets.missing)
    return (
        f'<section class="sheet" id="{code}" aria-labelledby="{code}-name">'
        f'<div class="sheet-head"><h2 id="{code}-name">{name}</h2>'
        f"<p>{lives} ({people['year']}){_of_all(sheets)} · {code}</p></div>"
        f'<div class="sheet-where">{_map(sheets, code, people["area_name"])}</div>'
        f'<div class="sheet-five">{_five(sheets, code)}</div>'
        f'<div class="sheet-kinds">{_kinds(sheets, code, own)}{absent}'
        '<div class="write"><h3>Wat is er al, en staat hier niet?</h3></div></div>'
        '<div class="sheet-write write"><h3>Wat missen we?</h3></div>'
        f'<p class="sheet-source">{stamp}{html.escape(sheets.source)}</p></section>'
    )


def _of_all(sheets: CaseSheets) -> str:
    if len(sheets.people) == 1:
        return f", de enige wijk van {html.escape(sheets.gemeente)}"
    if sheets.whole["status"] != "ok":
        return f", {html.escape(sheets.gemeente)}"
    return f", van de {count(sheets.whole['value'])} in heel {html.escape(sheets.gemeente)}"


def _map(sheets: CaseSheets, code: str, name: str) -> str:
    if sheets.maps is not None and sheets.maps.has(code):
        alt = f"Kaart van {name}, en waar de wijk in {sheets.gemeente} ligt."
        return sheets.maps.draw(code, alt)
    why = "Geen kaart: er zijn geen grenzen van wijken."
    if sheets.maps is not None:
        why = "Geen kaart: van deze wijk is er geen grens die past."
    # The room of a map is then for one by hand.
    return f'<p class="absent">{why}</p><div class="write"><h3>Teken hier de wijk</h3></div>'


def _five(sheets: CaseSheets, code: str) -> str:
    lines = []
    for place, one in enumerate(sheets.compared):
        row = one.rows.set_index("area_code", drop=False).loc[code]
        known = " known" if row["status"] == "ok" else ""
        lines.append(
            f'<tr><th scope="row">{html.escape(one.label)} ({one.whole["year"]})</th>'
            f'<td class="num here{known}">{html.escape(value_text(row, one.value_format))}</td>'
            f'<td class="num">{html.escape(value_text(one.whole, one.value_format))}</td>'
            f"<td>{_strip(place, one, row)}</td></tr>"
        )
    if not lines:
        return '<p class="absent">Er zijn geen cijfers per wijk om te vergelijken.</p>'
    other = ""
    if any(one.whole["year"] != sheets.whole["year"] for one in sheets.compared):
        other = " Een ander jaar: de wijk met toen dezelfde code en naam."
    return (
        '<table class="data"><caption>Naast de hele gemeente</caption><thead><tr>'
        '<th scope="col">wat</th><th scope="col" class="num">hier</th>'
        '<th scope="col" class="num">gemeente</th>'
        '<th scope="col">alle wijken</th></tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
        '<p class="key">Streepje: een wijk. Stip: deze wijk. Stippellijn: de hele gemeente.'
        f"{other}</p>"
    )


def _at(value: float, one: Compared) -> float:
    return 8 + (_WIDE - 16) * value / one.reach


def _ticks(place: int, one: Compared) -> str:
    """Return the marks of all wijken on one axis, which every sheet refers to."""
    known = one.rows.loc[one.rows["status"].eq("ok"), "value"]
    marks = "".join(f"M{_at(value, one):.1f} 7v12" for value in known)
    return (
        f'<g id="sheet-axis-{place}" fill="none" stroke="{style.LINE}"><path d="M8 13H'
        f'{_WIDE - 8:.0f}" stroke="{style.GRID}" stroke-width="2"/>'
        f'<path d="{marks}" stroke-width="1.6"/></g>'
    )


def _strip(place: int, one: Compared, row: pd.Series) -> str:
    parts = [f'<use href="#sheet-axis-{place}"/>']
    if one.whole["status"] == "ok":
        x = _at(one.whole["value"], one)
        parts.append(
            f'<path d="M{x:.1f} 1v24" stroke="{style.REFERENCE}" stroke-width="2" '
            'stroke-dasharray="4 3"/>'
        )
    if row["status"] == "ok":
        x = _at(row["value"], one)
        parts.append(f'<circle cx="{x:.1f}" cy="13" r="6.5" fill="{style.DOT}"/>')
    return f'<svg viewBox="0 0 {_WIDE:.0f} {_HIGH:.0f}" aria-hidden="true">{"".join(parts)}</svg>'


def _kinds(sheets: CaseSheets, code: str, own: dict[str, pd.DataFrame]) -> str:
    if not own:
        return ""
    here = own[code].set_index(["group", "measure"])
    whole = own[sheets.whole["area_code"]].set_index(["group", "measure"])
    lines = []
    for kind, label in list(sheets.kinds.items())[:MOST_KINDS]:
        cells = "".join(
            f'<td class="num">{html.escape(text)}</td>'
            for text in (
                value_text(here.loc[(kind, "facility_count")], "count"),
                value_text(here.loc[(kind, "density_per_1000")], "ratio"),
                value_text(whole.loc[(kind, "density_per_1000")], "ratio"),
            )
        )
        lines.append(f'<tr><th scope="row">{html.escape(label)}</th>{cells}</tr>')
    left = len(sheets.kinds) - MOST_KINDS
    more = f'<p class="key">En nog {number(left)} soorten, in evidence.csv.</p>' if left > 0 else ""
    return (
        '<table class="data"><caption>Voorzieningen, ook per 1.000 inwoners</caption><thead><tr>'
        '<th scope="col">soort</th><th scope="col" class="num">aantal</th>'
        '<th scope="col" class="num">per 1.000</th>'
        '<th scope="col" class="num">gemeente</th></tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>{more}"
    )
