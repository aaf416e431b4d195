"""Names on a map: where they fit beside each other, numbers with a list where they do not."""

import html
import itertools
from dataclasses import dataclass, replace

import geopandas as gpd
import shapely

from analysis.figures import style
from analysis.figures.map_frame import Frame

# More names than this are a crowd; the readout and the table have them.
MOST_LABELS = 15
_SIZE = 13.5
# As wide as the widest of the system's fonts draws a bold letter of that size.
_LETTER = 8.6
# A name much wider than its region is read as the neighbour's.
_WIDER = 1.3
_LINE = 16.0


@dataclass(frozen=True)
class Label:
    """A text of one or two lines around a point of the drawing."""

    x: float
    y: float
    lines: tuple[str, ...]

    @property
    def width(self) -> float:
        """A guess: letters differ per machine."""
        return max(len(line) for line in self.lines) * _LETTER

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom, with a little room around."""
        half = self.width / 2 + 2
        high = len(self.lines) * _LINE / 2
        return self.x - half, self.y - high, self.x + half, self.y + high


def place_labels(frame: Frame, shapes: gpd.GeoSeries, texts: list[tuple[str, ...]]) -> list[Label]:
    """Return a label per shape: its text, or its number where the text does not fit.

    A text fits when it is not much wider than its region and covers no other.

    Parameters
    ----------
    frame : Frame
    shapes : GeoSeries
    texts : list of tuple of str
        Lines per shape, the name first.

    Returns
    -------
    list of Label
        As long as `shapes`; the largest shape gets its text first.
    """
    labels: list[Label | None] = [None] * len(shapes)
    for at in sorted(range(len(shapes)), key=lambda i: -shapes.iloc[i].area):
        x, y = _middle(frame, shapes.iloc[at])
        number = Label(x, y, ("00",))
        wanted = [Label(x, y, texts[at]), Label(x, y + 14, texts[at]), Label(x, y - 14, texts[at])]
        taken = [label for label in labels if label]
        west, _, east, _ = shapes.iloc[at].bounds
        room = _WIDER * (east - west) * frame.scale
        fitting = (
            one
            for one in wanted
            if one.width <= room and _inside(frame, one) and not _covers(one, taken)
        )
        labels[at] = next(fitting, number)
    numbers = itertools.count(1)
    return [
        label if label.lines == text else replace(label, lines=(str(next(numbers)),))
        for label, text in zip(labels, texts, strict=True)
    ]


def labels_svg(labels: list[Label]) -> str:
    """Return labels as SVG text with a light edge, readable on every class."""
    parts = []
    for label in labels:
        top = label.y - (len(label.lines) - 1) * _LINE / 2 + 0.35 * _SIZE
        for number, line in enumerate(label.lines):
            weight = 600 if number == 0 else 400
            parts.append(
                f'<text x="{label.x:.0f}" y="{top + number * _LINE:.0f}" font-weight="{weight}">'
                f"{html.escape(line)}</text>"
            )
    return (
        f'<g aria-hidden="true" pointer-events="none" text-anchor="middle" font-size="{_SIZE}" '
        f'fill="{style.INK}" stroke="#fff" stroke-width="3.4" stroke-opacity=".88" '
        f'stroke-linejoin="round" paint-order="stroke">{"".join(parts)}</g>'
    )


def number_list(labels: list[Label], texts: list[tuple[str, ...]]) -> str:
    """Return what the numbers on the map stand for: '3 Noordhove (23%), 7 Dorp (16%)'."""
    told = []
    for label, lines in zip(labels, texts, strict=True):
        if label.lines != lines:
            value = f" ({lines[1]})" if len(lines) > 1 else ""
            told.append(f"{label.lines[0]} {lines[0]}{value}")
    return ", ".join(told)


def _middle(frame: Frame, shape) -> tuple[float, float]:
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    point = shapely.point_on_surface(largest)
    x, y = frame.at(point.x, point.y)
    return float(x), float(y)


def _inside(frame: Frame, label: Label) -> bool:
    left, top, right, bottom = label.box
    return left >= 0 and right <= 900 and top >= 0 and bottom <= frame.height


def _covers(label: Label, taken: list[Label]) -> bool:
    left, top, right, bottom = label.box
    return any(
        left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
        for other in (one.box for one in taken)
    )
