"""Evidence rows and squares to draw, and a reader of what was drawn."""

from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.figures.figure import EVIDENCE_COLUMNS

VOID = {"meta", "br", "hr", "img", "input", "link"}
NASTY = 'Bos & "Ven" <Noord>'
WORDS = {
    "claim": f"In {NASTY} is het aandeel het grootst",
    "sentence": "Het aandeel loopt van 10% tot 40%.",
    "source": "Bron: CBS, Kerncijfers wijken en buurten 2024 (tabel 85984NED); eigen bewerking.",
    "alt": f"Het aandeel is het grootst in {NASTY}.",
}


def evidence(values, status="ok", **columns) -> pd.DataFrame:
    """Return evidence rows of buurten with these values; columns replace what is usual."""
    number = len(values)
    frame = pd.DataFrame(
        {
            "area_code": [f"BU0637{at:04d}" for at in range(number)],
            "area_name": [f"Buurt {at}" for at in range(number)],
            "year": 2024,
            "level": "buurt",
            "measure": "share",
            "group": "age_65_plus",
            "value": np.asarray(values, dtype=float),
            "low": np.nan,
            "high": np.nan,
            "interval": "",
            "units": pd.array([pd.NA] * number, dtype="Int64"),
            "units_missing": pd.array([pd.NA] * number, dtype="Int64"),
            "population_covered": np.nan,
            "median_unit_size": np.nan,
            "status": status,
            "source": "CBS",
        }
    )
    return frame.assign(**columns)[list(EVIDENCE_COLUMNS)]


def squares(codes, crs="EPSG:28992", side=1000.0) -> gpd.GeoDataFrame:
    """Return one square per code, in rows of ten that touch."""
    boxes = [
        shapely.box(x, y, x + side, y + side)
        for x, y in ((100_000 + side * (at % 10), 450_000 + side * (at // 10))
                     for at in range(len(codes)))
    ]  # fmt: skip
    index = pd.Index(codes, name="region_code")
    return gpd.GeoDataFrame({"name": list(codes)}, geometry=boxes, index=index, crs=crs)


class Page(HTMLParser):
    """The elements of a piece of HTML; refuses what is not closed in order."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[dict] = []
        self._open: list[dict] = []
        self.feed(text)
        self.close()
        assert not self._open, f"not closed: {[one['tag'] for one in self._open]}"

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", **dict(attrs)}
        element["inside"] = [one["tag"] for one in self._open]
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.elements.append({"tag": tag, "text": "", **dict(attrs), "inside": []})

    def handle_endtag(self, tag):
        assert self._open and self._open[-1]["tag"] == tag, f"{tag} closed out of order"
        self._open.pop()

    def handle_data(self, data):
        for one in self._open:
            one["text"] += data

    def all(self, tag: str, **attributes) -> list[dict]:
        """Return the elements of a tag with these attributes; `class_` for class."""
        wanted = {name.rstrip("_").replace("_", "-"): v for name, v in attributes.items()}
        return [
            one
            for one in self.elements
            if one["tag"] == tag and all(one.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes) -> dict:
        """Return the only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} times {tag} {attributes}"
        return found[0]


def assert_self_contained(html: str) -> None:
    """Check what holds for every figure: no address, nothing missing as a word, ids once."""
    page = Page(html)
    for word in ("http", "xmlns", "xlink", "<!--"):
        assert word not in html, word
    assert not page.all("style") and not page.all("script")
    for element in page.elements:
        for name, value in element.items():
            if name in ("d", "x", "y", "cx", "cy", "width", "height", "transform", "viewbox"):
                assert "nan" not in str(value).lower() and "inf" not in str(value), element
    words = {word.strip(".,;:()").lower() for one in page.elements for word in one["text"].split()}
    assert not words & {"nan", "none", "<na>", "nat", "inf"}
    ids = [one["id"] for one in page.elements if "id" in one]
    assert len(ids) == len(set(ids))
    referred = [
        one[key] for one in page.elements for key in ("href", "aria-labelledby") if key in one
    ]
    assert {reference.lstrip("#") for reference in referred} <= set(ids)
