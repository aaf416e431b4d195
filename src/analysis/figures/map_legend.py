"""What stands under a map: classes with their numbers, hatches, marks, source and stamp."""

import html
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from analysis.figures import style
from analysis.figures.classes import class_colours, class_counts, class_names
from analysis.figures.drawing import wrap
from analysis.figures.map_frame import WIDTH
from analysis.figures.wording import STATUS_NL, in_format, regions

_BLOCK = 108.0
_LETTER = 7.6
_SHAPES = ("circle", "square", "triangle", "diamond")

# Hatches that differ in more than colour: nothing known, too few people to tell, nobody there.
HATCHES = {
    "unknown": '<pattern id="{id}" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<rect width="7" height="7" fill="#fff"/>'
    '<path d="M0 0L7 7M7 0L0 7" stroke="#99a2aa" stroke-width="1"/></pattern>',
    "small": '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
    '<path d="M1 0V6" stroke="#7d8790" stroke-width="1.6"/></pattern>',
    "empty": '<pattern id="{id}" width="8" height="8" patternUnits="userSpaceOnUse">'
    '<rect width="8" height="8" fill="#fff"/>'
    '<circle cx="2" cy="2" r=".9" fill="#99a2aa"/></pattern>',
}
_HATCH_OF = {"too_small": "small", "uninhabited": "empty", "no_population": "empty"}


def hatch_of(status: str) -> str:
    """Return which hatch a status other than 'ok' is drawn with."""
    return _HATCH_OF.get(status, "unknown")


def legend(
    drawn: pd.DataFrame,
    bounds: Sequence[float],
    value_label: str,
    value_format: str,
    reference: tuple[float, str] | None,
    points: gpd.GeoDataFrame | None,
    key: str,
    *,
    no_row: int = 0,
) -> tuple[str, float]:
    """Return the legend and its height: each class with its bounds and number of regions.

    Parameters
    ----------
    drawn : DataFrame
        Evidence rows of the regions on the map.
    bounds : sequence of float
        Between the classes.
    value_label, value_format, reference, points
        See `maps.choropleth`.
    key : str
        What the ids of the map's hatches begin with.
    no_row : int, optional
        Regions on the map without a row.
    """
    level = drawn["level"].iloc[0]
    title = value_label
    if reference:
        title += f"  –  {reference[1]}: {in_format(reference[0], value_format)}"
    parts = [
        f'<text x="4" y="26" font-size="14" font-weight="600" fill="{style.INK}">'
        f"{html.escape(title)}</text>"
    ]
    known = drawn.loc[drawn["status"].eq("ok"), "value"]
    blocks = []
    if len(known):
        names = class_names(bounds, value_format)
        if len(names) == 1:
            ends = [in_format(end, value_format) for end in (known.min(), known.max())]
            names = [" – ".join(dict.fromkeys(ends))]
        counts = class_counts(known, bounds, value_format)
        blocks += list(zip(class_colours(bounds, value_format), names, counts, strict=True))
    absent = drawn.loc[drawn["status"].ne("ok"), "status"].value_counts()
    for status, number in absent.items():
        blocks.append((f"url(#{key}-{hatch_of(status)})", STATUS_NL[status], number))
    if no_row:
        blocks.append((f"url(#{key}-{hatch_of('')})", "geen cijfer", no_row))
    # All classes are as wide as the widest name, hatches as their own.
    scale = [len(words) for fill, words, _ in blocks if not fill.startswith("url")]
    even = max(_BLOCK, _LETTER * max(scale, default=0) + 8)
    x, y = 4.0, 38.0
    for number, (fill, words, size) in enumerate(blocks):
        # A gap sets the hatches apart from the scale.
        if number and fill.startswith("url") and not blocks[number - 1][0].startswith("url"):
            x += 18
        width = max(_BLOCK, _LETTER * len(words) + 10) if fill.startswith("url") else even
        if x + width > WIDTH:
            x, y = 4.0, y + 62
        parts.append(_block(x, y, width - 3, fill, words, regions(int(size), level)))
        x += width
    y += 62
    if points is not None:
        text, y = _marks(points, y)
        parts.append(text)
    return "".join(parts), y


def caption(listed: str, source: str, stamp: str) -> tuple[str, float]:
    """Return the lines at the foot and their height: numbers on the map, stamp, source.

    A picture that is pasted elsewhere keeps them.
    """
    parts, y = [], 4.0
    for line in wrap(listed, 135) if listed else []:
        y += 17
        parts.append(_text(line, y, 13, style.INK))
    if stamp:
        y += 4
        width = 7.9 * len(stamp) + 18
        parts.append(
            f'<rect x="4.5" y="{y + 6:.0f}" width="{width:.0f}" height="23" '
            f'fill="{style.STAMP_FILL}" stroke="{style.STAMP_EDGE}"/>'
            f'<text x="{4.5 + width / 2:.0f}" y="{y + 22:.0f}" font-size="13.5" font-weight="700" '
            f'text-anchor="middle" fill="{style.STAMP_INK}">{html.escape(stamp)}</text>'
        )
        y += 34
    for line in wrap(source, 150):
        y += 15
        parts.append(_text(line, y, 11.5, style.MUTED))
    return "".join(parts), y + 8


def marker_kinds(points: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the shape of the mark per kind, most frequent first; one shape for many kinds."""
    counts = points["kind"].value_counts()
    kinds = sorted(counts.index, key=lambda kind: (-counts[kind], str(kind)))
    if len(kinds) > len(_SHAPES):
        return dict.fromkeys(kinds, _SHAPES[0])
    return dict(zip(kinds, _SHAPES, strict=False))


def marker(shape: str, x: float, y: float) -> str:
    """Return a mark around a point of the drawing."""
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.8"/>'
    steps = {
        "square": "m-3.4 -3.4h6.8v6.8h-6.8z",
        "triangle": "m0 -4.8l4.5 7.8h-9z",
        "diamond": "m0 -5l5 5l-5 5l-5 -5z",
    }
    return f'<path d="M{x:.1f} {y:.1f}{steps[shape]}"/>'


def _block(x: float, y: float, width: float, fill: str, words: str, size: str) -> str:
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="15" fill="{fill}" '
        f'stroke="{style.LINE}" stroke-width=".8"/>'
        + _text(words, y + 31, 13, style.INK, x)
        + _text(size, y + 46, 12, style.MUTED, x)
    )


def _marks(points: gpd.GeoDataFrame, y: float) -> tuple[str, float]:
    """Return which mark stands for which kind; of many kinds only how many there are."""
    kinds = marker_kinds(points)
    counts = points["kind"].value_counts()
    if len(kinds) > len(_SHAPES):
        told = [("circle", f"voorziening ({len(points)}, {len(kinds)} soorten)")]
    else:
        told = [(shape, f"{kind} ({counts[kind]})") for kind, shape in kinds.items()]
    x, parts = 4.0, []
    for shape, words in told:
        width = 26 + _LETTER * len(words)
        if x > 4 and x + width > WIDTH:
            x, y = 4.0, y + 20
        parts.append(
            f'<g fill="#fff" stroke="{style.INK}" stroke-width="1.5">'
            f"{marker(shape, x + 6, y + 6)}</g>" + _text(words, y + 11, 13, style.INK, x + 17)
        )
        x += width + 8
    return "".join(parts), y + 22


def _text(words: str, y: float, size: float, colour: str, x: float = 4.0) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size:g}" fill="{colour}">'
        f"{html.escape(words)}</text>"
    )
