"""A map where boundaries are at hand, a ranking where they are not: the same rows either way."""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from analysis.figures import charts, claims, maps
from analysis.figures.figure import Figure
from analysis.figures.wording import LEVEL_NL, LEVEL_PLURAL, NAMED_VALUES
from analysis.reports.dossier import Dossier, Release
from analysis.sources import kerncijfers
from analysis.sources.regions import OWN_LEVEL


def map_or_ranking(
    dossier: Dossier,
    release: Release,
    rows: pd.DataFrame,
    *,
    level: str,
    whole: pd.DataFrame,
    claim: str,
    sentence: str,
    value_label: str,
    value_format: str,
    source: str = "",
    points: gpd.GeoDataFrame | None = None,
    notes: list[str] | None = None,
    breaks: Sequence[float] | None = None,
) -> Figure:
    """Draw one value per region: as a map, or ranked with 'geen kaart: grenzen ontbreken'.

    Parameters
    ----------
    dossier, release
    rows : DataFrame
        Evidence rows, one per region of `level`.
    whole : DataFrame
        Evidence rows that go with the figure; the first is the whole gemeente, the
        reference of what has no classes with names.
    claim, sentence, value_label, value_format
        As in `charts` and `maps`.
    source : str, optional
        The source line, where it says more than the release's own.
    points : GeoDataFrame, optional
        Facilities to draw on the map.
    notes : list of str, optional
        Further lines of the honest box.
    breaks : sequence of float, optional
        Bounds between the classes of the map.
    """
    source = source or dossier.source_line(release)
    honest = [f"Jaar: {release.year}.", claims.left_out(rows), *(notes or [])]
    drawn = dossier.boundaries(release, level)
    reference = None
    # A class with a name is no value to compare with.
    numbers = value_format not in NAMED_VALUES
    if numbers and len(whole) and whole["status"].iloc[0] == "ok":
        reference = (float(whole["value"].iloc[0]), f"heel {dossier.name}")
    shared = {
        "claim": claim,
        "sentence": sentence,
        "value_label": value_label,
        "value_format": value_format,
        "stamp": dossier.edition.stamp,
        "also_rows": whole,
    }
    if drawn is None:
        return charts.ranked_dots(
            rows,
            source=source,
            alt=f"{claim}. {sentence} Stippen per {LEVEL_NL[level]}, van hoog naar laag.",
            reference=reference,
            notes=[*honest, "Geen kaart: grenzen ontbreken of horen bij een andere indeling."],
            **shared,
        )
    # Own areas need not follow the wijken.
    wijken = dossier.boundaries(release, "wijk") if level == "buurt" else None
    credit = "" if dossier.edition.is_example else " Grenzen: Kadaster / CBS,"
    said = f"{source}{credit} {drawn.label}."
    where = LEVEL_PLURAL[level]
    return maps.choropleth(
        _with_uninhabited(dossier, release, rows, level, drawn.places),
        drawn.places,
        source=said,
        alt=f"{claim}. {sentence} Kaart van de {where}; alle waarden staan in de tabel.",
        outlines=None if wijken is None else wijken.places,
        points=points,
        reference=reference,
        notes=honest,
        breaks=breaks,
        **shared,
    )


def _with_uninhabited(dossier, release, rows, level, places) -> pd.DataFrame:
    """Add the drawn regions where nobody lives, so that the map can say so."""
    if level == OWN_LEVEL:
        return rows
    dropped = kerncijfers.dropped_regions(release, level)
    dropped = dropped[dropped.index.isin(places.index) & dropped["gm_code"].eq(dossier.code)]
    if dropped.empty:
        return rows
    empty = rows.iloc[[0]].loc[rows.index[:1].repeat(len(dropped))].reset_index(drop=True)
    empty = empty.assign(
        area_code=dropped.index,
        area_name=dropped["region_name"].array,
        value=float("nan"),
        low=float("nan"),
        high=float("nan"),
        status="uninhabited",
    )
    return pd.concat([rows, empty], ignore_index=True)
