"""The grid of the example edition: reproducible, in the services' form, and of the same town."""

import geopandas as gpd
import pytest

from analysis.sources import grid
from analysis.sources.geofile import RD
from analysis.sources.grid_codebook import read_grid_codebook

FILE = "vierkanten_100m_2024.csv"


@pytest.fixture(scope="module")
def example(root):
    return root / "data" / "example"


@pytest.fixture(scope="module")
def found(root, example):
    codebook = read_grid_codebook(root / "data" / "grid_codebook.csv")
    return grid.read_file(example / FILE, codebook)


@pytest.fixture(scope="module")
def buurten(example):
    places = gpd.read_file(example / "boundaries" / "buurten_2024.geojson").to_crs(RD)
    return places.set_index("buurtcode").rename_axis("region_code")


def test_the_committed_grid_is_what_the_script_writes(example, tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(example))
        from voorbeeldstad import squares

        made = squares.write(tmp_path)
    same = made.read_bytes() == (example / FILE).read_bytes()
    assert same, f"{FILE} differs; run python -m voorbeeldstad.squares in data/example"
    assert made.stat().st_size < 80_000


def test_the_grid_has_the_people_of_the_town_where_they_live(found, buurten):
    cells = found.cells
    assert (found.size, found.year) == (100, 2024) and len(cells) == 740
    # 62,795 less the 27 without an address; rounding to 5 and secret cells leave it within 1 %.
    assert cells["inhabitants"].sum() == pytest.approx(62_768, rel=0.01)
    inside = grid.cells_in(found, buurten)
    assert len(inside) == len(cells)  # every cell lies in one buurt
    water = set(buurten.index[buurten["water"] == "JA"])
    assert not water & set(inside["region_code"])
    # A building made of whole squares: their ground lies in the town but for the edges.
    assert grid.cells_in(found, buurten, "area")["share"].sum() == pytest.approx(740, rel=0.01)


def test_the_parts_of_a_cell_fit_its_total(found):
    known = found.cells.dropna(subset=["inhabitants", "n_men", "n_women"])
    # Three numbers, each rounded to 5.
    gap = known["n_men"] + known["n_women"] - known["inhabitants"]
    assert gap.abs().max() <= 7.5
    ages = [name for name in found.cells if name.startswith("n_age_")]
    known = found.cells.dropna(subset=ages)
    assert (known[ages].sum(axis=1) - known["inhabitants"]).abs().max() <= 15
    assert not (found.cells["n_one_person_households"] > found.cells["n_households"] + 5).any()
    counts = found.cells.filter(regex="^n_")
    assert (counts.stack().dropna() % 5 == 0).all()
    shares = found.cells.filter(regex="^share_").stack().dropna() * 10
    assert (shares - shares.round()).abs().max() < 1e-9


def test_marks_of_missing_are_planted(found, buurten):
    reasons = set(found.reasons.to_numpy().ravel())
    assert reasons == {"", "suppressed", "not_published"}
    without = found.reasons["share_owner_occupied"] == "not_published"
    inside = grid.cells_in(found, buurten).set_index("cell_code")["region_code"]
    assert set(inside[without[without].index].str.slice(0, 8)) == {"BU990107"}
    assert 0.02 < (found.reasons["inhabitants"] == "suppressed").mean() < 0.1


def test_the_oldest_homes_stand_in_the_village_and_the_newest_in_the_new_wijk(found, buurten):
    inside = grid.cells_in(found, buurten).set_index("cell_code")["region_code"]
    by_wijk = found.cells.groupby(inside.str.slice(2, 8))
    oldest = by_wijk["n_built_before_1945"].sum()
    newest = by_wijk["n_built_since_2015"].sum()
    assert oldest.idxmax() == "990106" and oldest.drop("990106").sum() == 0
    assert newest.idxmax() == "990107"
