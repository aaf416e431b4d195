"""Maps of one wijk: from nearby with its buurten and facilities, and where it lies."""

import html

import geopandas as gpd
import numpy as np
import shapely

from analysis.figures import style
from analysis.figures.map_frame import WIDTH, Frame, require_metres

# Large enough to find the wijk in a gemeente of a hundred of them.
_INSET = 400.0
_MANY = 60
_FONT = 'font-family="system-ui,-apple-system,Segoe UI,Roboto,Arial,sans-serif"'


class SheetMaps:
    """The maps of all wijken of a gemeente; what they share is drawn once per page.

    Parameters
    ----------
    wijken : GeoDataFrame
        Projected (metres), by region code, with `name`.
    buurten : GeoDataFrame, optional
        With `wk_code`; their borders are drawn within the wijk.
    points : GeoDataFrame, optional
        Facilities, with `wijk_code`.
    """

    def __init__(
        self,
        wijken: gpd.GeoDataFrame,
        buurten: gpd.GeoDataFrame | None = None,
        points: gpd.GeoDataFrame | None = None,
    ):
        require_metres((wijken, buurten, points))
        self.wijken = _with_outline(wijken)
        self.buurten, self.points = buurten, points
        self._whole = Frame(self.wijken.geometry)
        self._paths = self._whole.paths(self.wijken.geometry)

    def shared(self) -> str:
        """Return the outlines of all wijken, to be referred to by every sheet."""
        lines = "".join(f'<path d="{path}"/>' for path in self._paths)
        return (
            f'<g id="sheet-whole" fill="#fff" stroke="{style.LINE}" stroke-width="2.5" '
            f'stroke-linejoin="round">{lines}</g>'
        )

    def has(self, code: str) -> bool:
        """Return whether there is an outline of this wijk."""
        return code in self._paths.index

    def draw(self, code: str, alt: str) -> str:
        """Return the map of one wijk as inline SVG, with the gemeente in its corner.

        Parameters
        ----------
        code : str
        alt : str
            The message for who does not see it.

        Raises
        ------
        KeyError
            When there is no outline of the wijk; see `has`.
        """
        frame = Frame(self.wijken.geometry.loc[[code]])
        outline = frame.paths(self.wijken.geometry.loc[[code]]).iloc[0]
        top = frame.height + 6
        inset = _INSET / WIDTH
        high = max(self._whole.height * inset, 96.0)
        length, words = frame.scale_bar()
        return (
            f'<svg viewBox="0 0 {WIDTH:.0f} {top + high + 8:.0f}" role="img" {_FONT} '
            f'aria-label="{html.escape(alt)}">'
            f'<path d="{outline}" fill="#eef2f4" fill-rule="evenodd"/>'
            f"{self._inside(frame, code)}"
            f'<path d="{outline}" fill="none" stroke="{style.INK}" stroke-width="3"/>'
            f"{self._marks(frame, code)}"
            f'<g transform="translate({WIDTH - _INSET:.0f} {top:.0f}) scale({inset:.4f})">'
            f'<use href="#sheet-whole"/><path d="{self._paths[code]}" fill="{style.DOT}" '
            f'stroke="{style.DOT}" stroke-width="4"/></g>'
            f'<path d="M6 {top + 18:.0f}v12h{length:.0f}v-12" fill="none" '
            f'stroke="{style.MUTED}" stroke-width="2"/>'
            f'<g font-size="26" fill="{style.MUTED}">'
            f'<text x="{14 + length:.0f}" y="{top + 32:.0f}">{words}</text>{self._key(top + 78)}'
            "</g></svg>"
        )

    def _key(self, y: float) -> str:
        if self.points is None:
            return ""
        return (
            f'<circle cx="17" cy="{y - 9:.0f}" r="9" fill="#fff" stroke="{style.INK}" '
            f'stroke-width="3.4"/><text x="38" y="{y:.0f}">een voorziening</text>'
        )

    def _inside(self, frame: Frame, code: str) -> str:
        if self.buurten is None:
            return ""
        own = _with_outline(self.buurten[self.buurten["wk_code"].eq(code)])
        lines = "".join(f'<path d="{path}"/>' for path in frame.paths(own.geometry))
        return (
            f'<g fill="none" stroke="{style.LINE}" stroke-width="1.6" '
            f'stroke-linejoin="round">{lines}</g>'
        )

    def _marks(self, frame: Frame, code: str) -> str:
        if self.points is None:
            return ""
        own = self.points[self.points["wijk_code"].eq(code)].geometry
        places = (frame.at(point.x, point.y) for point in own)
        # A centre full of shops stays a map.
        size = 9.0 if len(own) <= _MANY else 5.5
        dots = "".join(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:g}"/>' for x, y in places)
        return f'<g fill="#fff" stroke="{style.INK}" stroke-width="{size * 0.38:.1f}">{dots}</g>'


def _with_outline(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = np.asarray(places.geometry.array, dtype=object)
    return places[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
