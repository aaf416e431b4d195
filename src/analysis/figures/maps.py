"""Choropleths as own SVG: classes, hatching for what is not known, values in reach and table."""

import html
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from analysis.figures import style
from analysis.figures.classes import class_bounds, class_colours, class_of
from analysis.figures.figure import Figure, content_id, require_evidence
from analysis.figures.map_frame import WIDTH, Frame, require_metres
from analysis.figures.map_labels import MOST_LABELS, labels_svg, number_list, place_labels
from analysis.figures.map_legend import HATCHES, caption, hatch_of, legend, marker, marker_kinds
from analysis.figures.tables import reader_table, value_text
from analysis.figures.wording import regions

_NO_ROW = "geen cijfer"
_HINT = "Wijs een gebied aan voor de waarde. Alle waarden staan ook in de tabel."

# Once per page: says the value of the region under the pointer or finger.
MAP_SCRIPT = """
document.querySelectorAll('.map').forEach(function(map){
var out=map.querySelector('.map-read'),hint=out.textContent;
function tell(e){var r=e.target.closest('[data-value]');
out.textContent=r?r.dataset.name+': '+r.dataset.value:hint;out.classList.toggle('on',!!r);}
map.addEventListener('pointerover',tell);map.addEventListener('click',tell);
map.addEventListener('pointerleave',function(e){if(e.pointerType==='mouse'){
out.textContent=hint;out.classList.remove('on');}});
});
"""


def choropleth(
    rows: pd.DataFrame,
    places: gpd.GeoDataFrame,
    *,
    claim: str,
    sentence: str,
    source: str,
    alt: str,
    value_label: str,
    value_format: str,
    outlines: gpd.GeoDataFrame | None = None,
    points: gpd.GeoDataFrame | None = None,
    reference: tuple[float, str] | None = None,
    notes: Sequence[str] = (),
    stamp: str = "",
    also_rows: pd.DataFrame | None = None,
    breaks: Sequence[float] | None = None,
) -> Figure:
    """Draw one value per region as a map, with its twin as a table.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows, one per region; other statuses than 'ok' are hatched. Those without a
        place are in the table and counted in the honest box.
    places : GeoDataFrame
        Projected (metres), indexed by region code. A place without a row is hatched.
    value_label, value_format, claim, sentence, source, alt, notes, stamp, also_rows
        See `charts.ranked_dots`.
    outlines : GeoDataFrame, optional
        Regions one level up, drawn as lines; with a column `name`, named where there are few.
    points : GeoDataFrame, optional
        Facilities with `kind` and `name`, drawn as marks.
    reference : (float, str), optional
        A value to compare with and its label, told in the legend.
    breaks : sequence of float, optional
        Bounds between the classes, to make maps comparable; else round numbers near quintiles.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        When a region has two rows, geometry is in degrees, or rows and places share no region.
    """
    require_evidence(rows)
    require_metres((places, outlines, points))
    if rows["area_code"].duplicated().any():
        twice = rows.loc[rows["area_code"].duplicated(), "area_code"].iloc[0]
        raise ValueError(f"a map has one value per region, and {twice} has several rows")
    places = places[places.geometry.notna() & ~places.geometry.is_empty]
    by_code = rows.set_index("area_code", drop=False)
    placed = by_code.index.intersection(places.index)
    if placed.empty:
        some = [", ".join([*map(str, index[:1]), "..."]) for index in (by_code.index, places.index)]
        raise ValueError(
            f"rows ({some[0]}) and places ({some[1]}) share no region: they are of another level, "
            "year or gemeente"
        )
    drawn = by_code.loc[placed]
    known = drawn.loc[drawn["status"].eq("ok"), "value"]
    bounds = class_bounds(known, value_format) if breaks is None else sorted(breaks)
    # A wijk of which no buurt can be drawn is in view all the same.
    shown = [places.geometry] if outlines is None else [places.geometry, outlines.geometry]
    frame = Frame(pd.concat(shown))
    key = f"m{content_id(claim, source, value_label, *places.index)}"
    areas = _areas(frame, places, by_code, bounds, value_format, key)
    labels, listed = _names(frame, places, by_code, outlines, value_format)
    over = "" if outlines is None else _outlines(frame, outlines)
    marks = "" if points is None else _points(frame, points)
    below, height = legend(
        drawn, bounds, value_label, value_format, reference, points, key,
        no_row=len(places) - len(placed),
    )  # fmt: skip
    foot, foot_height = caption(listed, source, stamp)
    picture = (
        f'<svg viewBox="0 0 {WIDTH:.0f} {frame.height + height + foot_height:.0f}" role="group" '
        f'aria-label="{html.escape(alt)}" '
        'font-family="system-ui,-apple-system,Segoe UI,Roboto,Arial,sans-serif">'
        f"{_patterns(key)}{areas}{over}{marks}{labels}{_scale_bar(frame)}"
        f'<g transform="translate(0 {frame.height:.0f})">{below}</g>'
        f'<g transform="translate(0 {frame.height + height:.0f})">{foot}</g></svg>'
    )
    body = (
        f'<div class="map"><output class="map-read" aria-live="off">{_HINT}</output>{picture}</div>'
    )
    every = rows if also_rows is None else pd.concat([rows, also_rows], ignore_index=True)
    table = reader_table(rows, value_label, value_format)
    told = [*notes, *_not_drawn(rows, len(placed))]
    return Figure(claim, sentence, source, alt, table, every, body, tuple(told), stamp)


def _areas(frame, places, by_code, bounds, value_format, key) -> str:
    colours = class_colours(bounds, value_format)
    parts = []
    for code, path in frame.paths(places.geometry).items():
        if code not in by_code.index:
            name, told, fill = str(code), _NO_ROW, f"url(#{key}-{hatch_of('')})"
        else:
            row = by_code.loc[code]
            name, told = row["area_name"], value_text(row, value_format)
            fill = f"url(#{key}-{hatch_of(row['status'])})"
            if row["status"] == "ok":
                fill = colours[class_of([row["value"]], bounds, value_format)[0]]
        name, told = html.escape(name), html.escape(told)
        parts.append(
            f'<path class="region" d="{path}" fill="{fill}" data-name="{name}" '
            f'data-value="{told}"><title>{name}: {told}</title></path>'
        )
    # Many small regions would drown in their own borders.
    width = 0.9 if len(places) <= 60 else 0.5
    return (
        f'<g fill-rule="evenodd" stroke="{style.LINE}" stroke-width="{width}" '
        f'stroke-linejoin="round">{"".join(parts)}</g>'
    )


def _names(frame, places, by_code, outlines, value_format) -> tuple[str, str]:
    """Return the names on the map, and the list that explains numbers in their stead."""
    if outlines is not None and "name" in outlines and len(outlines) <= MOST_LABELS:
        named = outlines[outlines["name"].fillna("").ne("")]
        shapes, texts = named.geometry, [(name,) for name in named["name"]]
    elif outlines is None and len(places) <= MOST_LABELS:
        shapes = places.geometry[places.index.isin(by_code.index)]
        rows = by_code.loc[shapes.index]
        texts = [(row["area_name"], value_text(row, value_format)) for _, row in rows.iterrows()]
    else:
        return "", ""
    labels = place_labels(frame, shapes, texts)
    return labels_svg(labels), number_list(labels, texts)


def _outlines(frame, outlines) -> str:
    lines = "".join(f'<path d="{path}"/>' for path in frame.paths(outlines.geometry))
    # The white edge under the line sets it off from the borders of the small regions.
    return (
        f'<g fill="none" pointer-events="none" stroke-linejoin="round">'
        f'<g stroke="#fff" stroke-width="3" stroke-opacity=".7">{lines}</g>'
        f'<g stroke="{style.INK}" stroke-width="1.2">{lines}</g></g>'
    )


def _points(frame, points) -> str:
    kinds = marker_kinds(points)
    parts = []
    for kind, name, place in zip(
        points["kind"], points["name"].fillna(""), points.geometry, strict=True
    ):
        x, y = frame.at(place.x, place.y)
        told = html.escape(f"{kind}: {name}" if name else str(kind))
        label, value = html.escape(str(name) or str(kind)), html.escape(str(kind))
        parts.append(
            f'<g data-name="{label}" data-value="{value}"><title>{told}</title>'
            f"{marker(kinds[kind], float(x), float(y))}</g>"
        )
    return f'<g fill="#fff" stroke="{style.INK}" stroke-width="1.5">{"".join(parts)}</g>'


def _scale_bar(frame) -> str:
    length, words = frame.scale_bar()
    y = frame.height - 4
    return (
        f'<g aria-hidden="true"><path d="M6 {y - 5:.1f}V{y:.1f}H{6 + length:.1f}V{y - 5:.1f}" '
        f'fill="none" stroke="{style.MUTED}" stroke-width="1.4"/>'
        f'<text x="{12 + length:.1f}" y="{y:.1f}" font-size="12" fill="{style.MUTED}">'
        f"{words}</text></g>"
    )


def _patterns(key: str) -> str:
    patterns = (pattern.format(id=f"{key}-{name}") for name, pattern in HATCHES.items())
    return f"<defs>{''.join(patterns)}</defs>"


def _not_drawn(rows, drawn: int) -> list[str]:
    missing = len(rows) - drawn
    if not missing:
        return []
    verb = "staat" if missing == 1 else "staan"
    told = regions(missing, rows["level"].iloc[0])
    return [f"{told} zonder grens {verb} niet op de kaart, wel in de tabel."]
