"""Every piece of every chapter where most figures are secret or the newest year is half empty."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from pieces import check_told, pieces_of

from analysis.figures.figure import Figure
from analysis.sources import snapshot
from analysis.sources.statline import Answer

NEWEST = "85984NED"
TOWN = "Nieuwegein"
_REGION = "WijkenEnBuurten"


@pytest.fixture(scope="module")
def told(root, shared, tmp_path_factory) -> dict:
    """Return every piece of Nieuwegein, of real tables from which figures were taken away."""
    raw = tmp_path_factory.mktemp("altered") / "raw"
    for folder in sorted((shared / "data" / "statline").iterdir()):
        infos = json.loads((folder / "TableInfos.json").read_text(encoding="utf-8"))[0]
        rows = pd.read_parquet(folder / "TypedDataSet.parquet")
        figures = [c for c in rows if pd.api.types.is_numeric_dtype(rows[c]) and c != "ID"]
        if folder.name == NEWEST:
            # Of every second concept nothing is published yet.
            rows[[c for c in figures[1::2] if "AantalInwoners" not in c]] = np.nan
        else:
            # Sixteen of seventeen wijken and buurten are secret, but for their inhabitants.
            secret = rows[_REGION].str.startswith(("BU", "WK")) & (np.arange(len(rows)) % 17 != 0)
            kept = ("AantalInwoners", "Oppervlakte")
            rows.loc[secret, [c for c in figures if not c.startswith(kept)]] = np.nan
        snapshot.write_table(
            raw,
            Answer(
                table=folder.name, url="", modified=infos.get("Modified", ""),
                properties=json.loads((folder / "DataProperties.json").read_text("utf-8")),
                regions=pd.read_parquet(folder / "WijkenEnBuurten.parquet").to_dict("records"),
                rows=rows,
            ),
        )  # fmt: skip
    return dict(pieces_of(root / "notebooks", TOWN, raw))


def test_nothing_is_said_that_the_figures_left_do_not_carry(told):
    figures = {name: piece for name, piece in told.items() if isinstance(piece, Figure)}
    for piece in told.values():
        check_told(piece)
    assert len(figures) > 20
    silent = [f for f in figures.values() if re.search("niets? te (zeggen|geven)", f.claim)]
    assert len(silent) > 3
    # Of the groups that are counted in buurten nearly all cells are secret: no sum is made.
    spread = told["10_wat_als dossier.show(wat_als.spread_after(dossier))"]
    assert isinstance(spread, Figure) and set(spread.rows["year"]) == {2024}
    for name, figure in figures.items():
        _check_cover(name, figure.rows)
        _check_first(name, figure)


def _check_cover(name: str, rows: pd.DataFrame) -> None:
    """An index of the gemeente rests on figures of at least 80 % of its people."""
    whole = rows[rows["area_code"].eq("GM0356") & rows["status"].eq("ok")]
    whole = whole[whole["population_covered"].notna() & whole["level"].eq("buurt")]
    counts = whole["measure"].str.startswith(("coverage", "ranked_areas"))
    assert (whole.loc[~counts, "population_covered"] >= 0.8).all(), name


def _check_first(name: str, figure: Figure) -> None:
    """Who is first of the few that have a figure is not called first of all."""
    rows = figure.rows[figure.rows["level"].isin(["wijk", "buurt"])]
    asked = rows[~rows["status"].isin(["too_small", "uninhabited"])]
    size = asked["median_unit_size"]
    if size[asked["status"].eq("ok")].sum() < 0.5 * size.sum() and " het grootst" in figure.claim:
        assert "met cijfers" in figure.claim, name
