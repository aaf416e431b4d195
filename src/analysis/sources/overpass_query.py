"""The question to Overpass for every kind of facility in and around an area."""

import geopandas as gpd
import pandas as pd

from analysis.sources.facility_tags import Term, conditions
from analysis.sources.overpass_service import SECONDS, outlines

# Of these the outline is asked, to tell a complex from its parts and for the area of a park.
_WITH_GROUND = ("sports", "swimming_pool", "place_of_worship", "park")


def query(
    kinds: pd.DataFrame, area: gpd.GeoSeries, margin: float = 1000.0, seconds: int = SECONDS
) -> str:
    """Write the question to Overpass for every kind of facility in and around an area.

    Parameters
    ----------
    kinds : DataFrame
        As `facility_kinds.read_kinds` gives them.
    area : GeoSeries
        Polygons with a coordinate system, such as the boundary of a gemeente.
    margin : float, optional
        Metres around the area: people use what lies over the border too.
    seconds : int, optional
        How long the service may search.

    Raises
    ------
    InputError
        When the area has no coordinate system or is empty.
    """
    drawn = outlines(area, margin)

    def asked(which: pd.DataFrame) -> str:
        return "\n".join(
            f'  nwr{tags}(poly:"{outline}");' for tags in _filters(which) for outline in drawn
        )

    grounds = kinds[kinds.index.isin(_WITH_GROUND)]
    return f"[out:json][timeout:{seconds}];\n(\n{asked(kinds)}\n);\nout center tags;\n" + (
        f"(\n{asked(grounds)}\n);\nout geom;\n" if len(grounds) else ""
    )


def _filters(kinds: pd.DataFrame) -> list[str]:
    """Return the tags to ask for; what another asks for already is not asked again."""
    every = [terms for osm in kinds["osm"] for terms in conditions(osm)]
    single: dict[str, set[str]] = {}
    for terms in every:
        if len(terms) == 1:
            single.setdefault(terms[0].key, set()).update(terms[0].values or ("*",))
    written = [
        _filter(Term(key, () if "*" in values else tuple(sorted(values))))
        for key, values in single.items()
    ]
    for terms in every:
        covered = any(
            "*" in single.get(term.key, ()) or (set(term.values) <= single.get(term.key, set()))
            for term in terms
            if term.values
        )
        if len(terms) > 1 and not covered:
            written.append("".join(map(_filter, terms)))
    return list(dict.fromkeys(written))


def _filter(term: Term) -> str:
    if not term.values:
        return f'["{term.key}"]'
    values = "|".join(term.values)
    return (
        f'["{term.key}"~"{values}"]'
        if term.within
        else f'["{term.key}"~"(^|;) *({values}) *(;|$)"]'
    )
