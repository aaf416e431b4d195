"""Choropleths as own SVG: classes, hatching for what is not known, values on hover and in the table."""

import html
import math
import zlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.figures import style
from analysis.figures.charts import reader_table
from analysis.figures.figure import Figure
from analysis.figures.wording import STATUS_NL, in_format

_WIDTH = 900.0
_HEIGHT = 620.0
_LEGEND = 34.0
# Two hatches that differ in direction: nothing known, and too few people to tell.
_HATCHES = {"none": (45, "#9aa4ad"), "small": (135, "#b07d3c"), "empty": (0, "#d5dade")}
_HATCH_OF = {"too_small": "small", "uninhabited": "empty", "no_population": "empty"}
_MOST_LABELS = 15

MAP_SCRIPT = """
document.querySelectorAll('.map').forEach(function(map){
var out=map.querySelector('output');
map.addEventListener('pointerover',function(e){
var r=e.target.closest('path.region');if(r)out.textContent=r.dataset.name+': '+r.dataset.value;});
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
    notes: list[str] | tuple[str, ...] = (),
    stamp: str = "",
    also_rows: pd.DataFrame | None = None,
    breaks: list[float] | None = None,
) -> Figure:
    """Draw one value per region as a map, with its twin as a table.

    Parameters
    ----------
    rows : DataFrame
        Evidence rows, one per region; other statuses than 'ok' are hatched.
    places : GeoDataFrame
        Projected (metres), indexed by region code; `name` where the file gives one.
    value_label, value_format, claim, sentence, source, alt, reference, notes, stamp, also_rows
        See `charts.ranked_dots`; the reference is told in the legend.
    outlines : GeoDataFrame, optional
        Regions one level up, drawn as lines; named where there are few.
    points : GeoDataFrame, optional
        Facilities, drawn as dots; `kind` and `name` are shown on hover.
    breaks : list of float, optional
        Four bounds between five classes, to compare maps; else round numbers near quintiles.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        When the places are in degrees, or none of them is in the rows.
    """
    if places.crs is not None and places.crs.is_geographic:
        raise ValueError("a map is drawn in metres: project the places to EPSG:28992 first")
    drawn = rows[rows["area_code"].isin(places.index)].set_index("area_code", drop=False)
    if drawn.empty:
        raise ValueError("none of the places is in the rows: they are of another year or gemeente")
    known = drawn.loc[drawn["status"].eq("ok"), "value"]
    bounds = breaks or class_bounds(known)
    frame = _Frame(places)
    parts = [_hatches(claim)]
    for code in places.index.intersection(drawn.index):
        parts.append(
            _region(frame, places.geometry[code], drawn.loc[code], bounds, value_format, claim)
        )
    if outlines is not None:
        parts += [f'<path d="{frame.path(g)}" fill="none" stroke="{style.INK}" stroke-width="1.1"/>'
                  for g in outlines.geometry]  # fmt: skip
        if len(outlines) <= _MOST_LABELS:
            parts += [
                _label(frame, g, n)
                for g, n in zip(outlines.geometry, outlines["name"], strict=True)
                if n
            ]
    elif len(places) <= _MOST_LABELS:
        parts += [_label(frame, places.geometry[code], drawn["area_name"][code])
                  for code in drawn.index]  # fmt: skip
    if points is not None:
        parts += [_point(frame, point) for point in points.itertuples()]
    parts.append(_scale_bar(frame))
    legend, legend_height = _legend(
        drawn, bounds, value_label, value_format, reference, claim, points
    )
    words = " ".join(part for part in (stamp and f"[{stamp}]", source) if part)
    lines = _lines(words, 150)
    top = frame.height + legend_height + 14
    caption = "".join(
        f'<text x="4" y="{top + 13 * i:.0f}" font-size="10.5" fill="{style.MUTED}">{html.escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    height = top + 13 * len(lines)
    svg = (
        f'<svg viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" aria-label="{html.escape(alt)}" '
        'font-family="system-ui, Segoe UI, Arial, sans-serif">'
        f"{''.join(parts)}"
        f'<g transform="translate(0 {frame.height:.0f})">{legend}</g>{caption}</svg>'
    )
    body = (
        '<div class="map"><output class="map-read" role="status">Wijs een gebied aan voor de waarde; '
        f"alles staat ook in de tabel.</output>{svg}</div>"
    )
    every = rows if also_rows is None else pd.concat([rows, also_rows], ignore_index=True)
    table = reader_table(rows, value_label, value_format)
    return Figure(claim, sentence, source, alt, table, every, body, tuple(notes), stamp)


def class_bounds(values: pd.Series, classes: int = 5) -> list[float]:
    """Return bounds between classes: round numbers near the quantiles, each class in use.

    Parameters
    ----------
    values : Series of float
        Without missing values.
    classes : int, optional

    Returns
    -------
    list of float
        At most `classes` - 1 increasing bounds; fewer where values repeat.
    """
    if values.empty or values.nunique() == 1:
        return []
    wanted = np.quantile(values, np.linspace(0, 1, classes + 1)[1:-1])
    spread = float(values.max() - values.min())
    for digits in range(-int(math.floor(math.log10(spread))), 12):
        rounded = sorted({round(float(bound), digits) for bound in wanted})
        classed = np.bincount(np.digitize(values, rounded), minlength=len(rounded) + 1)
        enough = min(classes - 1, len(set(wanted)))
        if len(rounded) >= enough and classed.min() > 0:
            return rounded
    return sorted({float(bound) for bound in wanted})


class _Frame:
    """From metres to the drawing: scale, shift and simplification of one map."""

    def __init__(self, places: gpd.GeoDataFrame):
        west, south, east, north = places.total_bounds
        self.scale = min(_WIDTH / (east - west), _HEIGHT / (north - south))
        self.west, self.north = west - (_WIDTH / self.scale - (east - west)) / 2, north
        self.height = (north - south) * self.scale + 8
        # Half a unit of the drawing cannot be seen.
        self.tolerance = 0.5 / self.scale

    def at(self, x, y):
        return (x - self.west) * self.scale, (self.north - y) * self.scale + 4

    def path(self, shape) -> str:
        """Return an SVG path; small parts that vanish at this scale are left away."""
        shape = shapely.simplify(shape, self.tolerance)
        pieces = []
        for polygon in shapely.get_parts(shape):
            if polygon.geom_type != "Polygon":
                continue
            for ring in (polygon.exterior, *polygon.interiors):
                xy = shapely.get_coordinates(ring)[:-1]
                x, y = self.at(xy[:, 0], xy[:, 1])
                pieces.append(
                    "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True)) + "Z"
                )
        return "".join(pieces)


def _region(frame, shape, row, bounds, value_format, claim) -> str:
    if row["status"] == "ok":
        fill = _colours(bounds)[int(np.digitize(row["value"], bounds))]
        told = in_format(row["value"], value_format)
    else:
        fill = f"url(#{_hatch_id(claim, _HATCH_OF.get(row['status'], 'none'))})"
        told = STATUS_NL[row["status"]]
    name = html.escape(row["area_name"])
    return (
        f'<path class="region" d="{frame.path(shape)}" fill="{fill}" data-name="{name}" '
        f'data-value="{html.escape(told)}"><title>{name}: {html.escape(told)}</title></path>'
    )


def _colours(bounds: list[float]) -> tuple[str, ...]:
    """Return one colour per class; fewer classes keep the ends of the scale."""
    number = len(bounds) + 1
    if number == 1:
        return (style.SEQUENTIAL[2],)
    places = np.linspace(0, len(style.SEQUENTIAL) - 1, number).round().astype(int)
    return tuple(style.SEQUENTIAL[place] for place in places)


def _label(frame, shape, name: str) -> str:
    at = shapely.point_on_surface(shape)
    x, y = frame.at(at.x, at.y)
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="13" font-weight="600" text-anchor="middle" '
        f'fill="{style.INK}" stroke="#fff" stroke-width="3" paint-order="stroke" '
        f'pointer-events="none">{html.escape(name)}</text>'
    )


def _point(frame, point) -> str:
    x, y = frame.at(point.geometry.x, point.geometry.y)
    told = f"{point.kind}: {point.name}" if point.name else point.kind
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{style.SECOND}" stroke="#fff" '
        f'stroke-width="1.2"><title>{html.escape(told)}</title></circle>'
    )


def _scale_bar(frame) -> str:
    metres = 10 ** math.floor(math.log10(_WIDTH / frame.scale / 4))
    metres *= max(step for step in (1, 2, 5) if step * metres <= _WIDTH / frame.scale / 4)
    length = metres * frame.scale
    y = frame.height - 6
    words = f"{metres / 1000:g} km".replace(".", ",") if metres >= 1000 else f"{metres:g} m"
    return (
        f'<path d="M6 {y - 5:.1f}V{y:.1f}H{6 + length:.1f}V{y - 5:.1f}" fill="none" '
        f'stroke="{style.INK}" stroke-width="1.5"/>'
        f'<text x="{10 + length:.1f}" y="{y:.1f}" font-size="12" fill="{style.INK}">{words}</text>'
    )


def _legend(drawn, bounds, value_label, value_format, reference, claim, points):
    """Return the legend and its height: classes with their number of regions, and hatches."""
    known = drawn.loc[drawn["status"].eq("ok"), "value"]
    items = []
    if len(known):
        classed = np.bincount(np.digitize(known, bounds), minlength=len(bounds) + 1)
        edges = [float(known.min()), *bounds, float(known.max())]
        for place, colour in enumerate(_colours(bounds)):
            low, high = (in_format(edge, value_format) for edge in edges[place : place + 2])
            words = low if low == high else f"{low} – {high}"
            items.append((f'fill="{colour}"', f"{words} ({classed[place]})"))
    for status, number in drawn.loc[drawn["status"].ne("ok"), "status"].value_counts().items():
        hatch = _hatch_id(claim, _HATCH_OF.get(status, "none"))
        items.append((f'fill="url(#{hatch})"', f"{STATUS_NL[status]} ({number})"))
    x, y = 4.0, _LEGEND
    parts = [
        f'<text x="4" y="20" font-size="13.5" font-weight="600" fill="{style.INK}">'
        f"{html.escape(value_label)} (tussen haakjes: aantal gebieden)</text>"
    ]
    for fill, words in items:
        width = 34 + 7.4 * len(words)
        if x + width > _WIDTH:
            x, y = 4.0, y + 24
        parts.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="20" height="14" {fill} stroke="#7d8790" '
            f'stroke-width=".8"/><text x="{x + 26:.0f}" y="{y + 12:.0f}" font-size="13" '
            f'fill="{style.INK}">{html.escape(words)}</text>'
        )
        x += width + 8
    more = []
    if reference:
        more.append(f"{reference[1]}: {in_format(reference[0], value_format)}")
    if points is not None:
        more.append(f"stippen: {len(points)} voorzieningen")
    if more:
        y += 26
        parts.append(
            f'<text x="4" y="{y + 10:.0f}" font-size="13" fill="{style.REFERENCE}">'
            f"{html.escape(' · '.join(more))}</text>"
        )
    return "".join(parts), y + 22


def _hatches(claim: str) -> str:
    return "<defs>" + "".join(
        f'<pattern id="{_hatch_id(claim, kind)}" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({angle})"><rect width="7" height="7" fill="#fff"/>'
        f'<line x1="0" y1="0" x2="0" y2="7" stroke="{colour}" stroke-width="2.4"/></pattern>'
        for kind, (angle, colour) in _HATCHES.items()
    ) + "</defs>"  # fmt: skip


def _hatch_id(claim: str, kind: str) -> str:
    # Ids of several maps in one page may not clash.
    return f"h{zlib.crc32(claim.encode()):x}-{kind}"


def _lines(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]
