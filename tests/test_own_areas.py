import geopandas as gpd
import pandas as pd
import pytest
import shapely
from year_tables import store_year, table_of

from analysis.evidence.frame import join
from analysis.figures.figure import Figure
from analysis.reports import (
    chapter_own,
    chapter_own_spread,
    chapter_provision,
    chapter_segregation,
    chapter_years,
)
from analysis.reports.absent import Absent
from analysis.reports.availability import availability
from analysis.reports.dossier import open_dossier
from analysis.reports.export import export_table
from analysis.reports.indices import indices, indices_text
from analysis.reports.own_told import brought_told
from analysis.reports.prepare import prepare_example
from analysis.sources import boundaries, kerncijfers, snapshot
from analysis.sources.edition import cbs_edition
from analysis.sources.errors import InputError
from analysis.sources.neighbourhoods import neighbourhoods
from analysis.sources.own_areas import bring_zoning, own_areas
from analysis.sources.zoning import NAME

CODES = ["BU90010000", "BU90010001", "BU90010002", "BU90010003"]
RD = "EPSG:28992"


def town(flag: str = "1", codes=CODES) -> pd.DataFrame:
    """Return a made-up town: four buurten of 100, 200, 300 and 0 inhabitants."""
    whole = ("1", 600, 300, 300, 250)
    buurten = {
        code: (f"Buurt {n}", flag, 100 * n % 400, 50 * n % 200, 50 * n % 200, 250)
        for n, code in enumerate(codes, 1)
    }
    return table_of({"GM9001": ("Testdam", *whole), "WK900100": ("Wijk", *whole), **buurten})


def outlined(folder, year: int, amount: int = 4) -> None:
    shapes = [shapely.box(1e5 + 1000 * n, 4e5, 1e5 + 1000 * (n + 1), 4.01e5) for n in range(amount)]
    gpd.GeoDataFrame({"buurtcode": CODES[:amount]}, geometry=shapes, crs=RD).to_file(
        folder / f"buurten_{year}.gpkg"
    )
    boundaries.store(folder / "raw", folder / f"buurten_{year}.gpkg")


def listed(folder, rows: dict[str, str], name: str = "gebieden.csv"):
    file = folder / name
    file.write_text(
        "buurt;gebied\n" + "".join(f"{c};{a}\n" for c, a in rows.items()), encoding="utf-8"
    )
    return file


@pytest.fixture
def edition(root, tmp_path):
    """Tables of 2020, 2021 (unchanged) and 2024 (after a gap)."""
    found = cbs_edition(root, tmp_path / "raw")
    for year in (2020, 2021, 2024):
        store_year(found.raw, year, town())
    return found


HALVES = dict(zip(CODES, ["Oost", "Oost", "West", "West"], strict=True))


def test_a_list_belongs_to_the_newest_year_that_has_its_codes(edition, tmp_path):
    stored, zoning = bring_zoning(edition, listed(tmp_path, HALVES), "testdam")
    assert stored.notes == {"gemeente": "GM9001", "year": "2024"}
    assert brought_told(zoning) == ["Eigen indeling: 2 eigen gebieden met 4 buurten bewaard."]
    stored, _ = bring_zoning(edition, listed(tmp_path, HALVES, "gebieden_2020.csv"), "GM9001")
    assert stored.notes["year"] == "2020"
    stored, _ = bring_zoning(edition, listed(tmp_path, HALVES), "GM9001", 2021)
    assert stored.notes["year"] == "2021"


def test_another_year_counts_only_where_nothing_changed_in_between(edition, tmp_path, codebook):
    bring_zoning(edition, listed(tmp_path, HALVES, "gebieden_2020.csv"), "Testdam")
    found = own_areas(edition, "GM9001", 2021, codebook)
    assert found.figures.table["inhabitants"].tolist() == [300, 300]
    assert found.division == 2020 and found.left_out.empty
    with pytest.raises(InputError, match="is van 2020, .* in 2024 .* 2022 en 2023 zijn niet bek"):
        own_areas(edition, "GM9001", 2024, codebook)


def test_an_area_of_which_a_buurt_changed_is_left_out(edition, tmp_path, codebook):
    changed = town()
    changed.loc[CODES[1], "flag"] = "3"
    store_year(edition.raw, 2022, changed)
    bring_zoning(edition, listed(tmp_path, HALVES, "gebieden_2021.csv"), "Testdam")
    found = own_areas(edition, "GM9001", 2022, codebook)
    assert found.figures.table["region_name"].tolist() == ["West"]
    assert found.left_out.to_dict() == {"EG9001-01": "Oost"}


def test_the_nearest_year_serves_and_of_one_year_the_last_brought(edition, tmp_path, codebook):
    bring_zoning(edition, listed(tmp_path, HALVES, "gebieden_2020.csv"), "Testdam")
    bring_zoning(edition, listed(tmp_path, HALVES, "oud_2024.csv"), "Testdam")
    rows = dict(zip(CODES, ["A", "B", "C", "C"], strict=True))
    bring_zoning(edition, listed(tmp_path, rows, "nieuw_2024.csv"), "Testdam")
    assert len(own_areas(edition, "GM9001", 2024, codebook).figures.table) == 3
    assert len(own_areas(edition, "GM9001", 2020, codebook).figures.table) == 2
    assert own_areas(edition, "GM9002", 2024, codebook) is None


@pytest.mark.parametrize(
    ("rows", "gemeente", "year", "sentence"),
    [
        (HALVES, "Testdan", None, "geen gemeente 'Testdan'"),
        (HALVES, "Testdam", 2019, "buurten van 2019 zijn niet in huis.*pull Testdam --jaar 2019"),
        ({CODES[0]: "A", "BU90019998": "A", "BU90019999": "B"}, "Testdam", None,
         "maar 33% in de tabel van 2024"),
        ({"BU90020000": "A"}, "Testdam", None, "Geen van de 1 codes .* is een buurt van GM9001"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_one_sentence_and_not_kept(
    edition, tmp_path, rows, gemeente, year, sentence
):
    with pytest.raises(InputError, match=sentence):
        bring_zoning(edition, listed(tmp_path, rows), gemeente, year)
    assert snapshot.releases(edition.raw, NAME) == ()


def test_codes_of_other_gemeenten_do_not_make_it_another_year(edition, tmp_path):
    rows = HALVES | {f"BU9002000{n}": "Elders" for n in range(9)}
    _, zoning = bring_zoning(edition, listed(tmp_path, rows), "Testdam")
    told = brought_told(zoning)
    assert told[1] == (
        "Eigen indeling, 9 keer onbekende buurtcode: BU90020000 (Elders), BU90020001 (Elders), "
        "BU90020002 (Elders), BU90020003 (Elders), BU90020004 (Elders) en nog 4."
    )
    assert told[2] == "Eigen indeling, 1 keer gebied zonder buurten: Elders."


def test_outlines_are_laid_over_the_buurten_of_every_year(edition, tmp_path, codebook):
    drawn = gpd.GeoDataFrame(
        {"naam": ["Oost", "West"]},
        geometry=[shapely.box(1e5, 4e5, 1.02e5, 4.01e5), shapely.box(1.02e5, 4e5, 1.04e5, 4.01e5)],
        crs=RD,
    )
    drawn.to_file(tmp_path / "stadsdelen.gpkg")
    with pytest.raises(InputError, match="grenzen van de buurten ontbreken"):
        bring_zoning(edition, tmp_path / "stadsdelen.gpkg", "Testdam")
    outlined(tmp_path, 2020)
    outlined(tmp_path, 2024)
    stored, _ = bring_zoning(edition, tmp_path / "stadsdelen.gpkg", "Testdam")
    assert stored.notes["year"] == ""
    for year in (2020, 2024):
        found = own_areas(edition, "GM9001", year, codebook)
        assert found.figures.table["inhabitants"].tolist() == [300, 300]
        assert found.division is None


def test_a_buurt_without_an_outline_is_not_placed(edition, tmp_path, codebook):
    drawn = gpd.GeoDataFrame(
        {"naam": ["Oost"]}, geometry=[shapely.box(1e5, 4e5, 1.04e5, 4.01e5)], crs=RD
    )
    drawn.to_file(tmp_path / "wijk.gpkg")
    outlined(tmp_path, 2024, 3)
    outlined(tmp_path, 2020, 2)
    _, zoning = bring_zoning(edition, tmp_path / "wijk.gpkg", "Testdam")
    # Nobody lives in the fourth.
    assert zoning.problems[["region_code", "problem"]].to_numpy().tolist() == [
        [CODES[3], "no_outline"]
    ]
    with pytest.raises(InputError, match="Over 2020 passen er maar grenzen .* 50% van de inwoners"):
        own_areas(edition, "GM9001", 2020, codebook)


# -------------------------------------------------------------------------------- reports


@pytest.fixture(scope="module")
def raw(tmp_path_factory) -> str:
    """The example with areas of its own: a list of half of its buurten."""
    folder = tmp_path_factory.mktemp("eigen")
    example = prepare_example(str(folder / "raw"))
    codes = neighbourhoods(example, "GM9901", "buurt", [2024]).table.loc[2024].index
    rows = {code: ("Noord" if n % 2 else "Zuid") for n, code in enumerate(codes[:30])}
    file = listed(folder, {**rows, "BU99019999": "Zuid"}, "focus_2024.csv")
    bring_zoning(example, file, "Voorbeeldstad")
    return str(folder / "raw")


@pytest.fixture
def dossier(raw):
    return open_dossier("GM9901", edition="voorbeeld", raw=raw)


def test_everything_that_works_for_a_wijk_works_for_an_own_area(dossier):
    newest = dossier.newest
    assert dossier.levels(newest) == ("gemeente", "wijk", "buurt", "eigen")
    table = dossier.regions(newest, "eigen")
    assert dossier.boundaries(newest, "eigen").places.index.tolist() == table.index.tolist()
    exported = export_table(dossier, newest, "eigen")
    assert exported["region_code"].tolist() == ["EG9901-01", "EG9901-02"]
    assert exported["woz_value_eur_status"].tolist() == ["not_convertible"] * 2
    assert exported["inhabitants_status"].tolist() == ["ok"] * 2


@pytest.mark.parametrize(
    "make",
    [
        chapter_own.areas,
        chapter_own.share_by_area,
        chapter_own_spread.uneven_between_areas,
        chapter_own_spread.uneven_inside_areas,
        chapter_own.density_by_area,
    ],
)
def test_every_figure_of_own_areas_is_there_or_says_why_not(dossier, example_dossier, make):
    found = make(dossier)
    assert isinstance(found, Figure) and found.claim
    bare = example_dossier
    assert bare.levels(bare.newest) == ("gemeente", "wijk", "buurt")
    told = make(bare)
    assert isinstance(told, Absent) and "'pull Voorbeeldstad --indeling BESTAND'" in told.sentence


def test_chapter_1_tells_people_and_problems(dossier):
    found = chapter_own.areas(dossier)
    buurten = dossier.regions(dossier.newest, "buurt")["inhabitants"]
    inside = buurten.iloc[:30].sum() / buurten.sum()
    rows = found.rows.set_index(["measure", "group"]).sort_index()
    assert rows.loc[("coverage", "inhabitants"), "value"] == pytest.approx(inside)
    assert rows.loc[("zoning_problems", "unknown_code"), "value"] == 1
    everywhere = kerncijfers.all_regions(dossier.newest, "buurt", "GM9901")
    assert rows.loc[("zoning_problems", "in_no_area"), "value"] == len(everywhere) - 30
    assert "onbekende buurtcode: BU99019999 (Zuid)." in " ".join(found.notes)
    assert f"{found.table['inwoners'].iloc[0]}" == f"{buurten.iloc[1:30:2].sum():,.0f}".replace(
        ",", "."
    )


def test_indices_over_own_areas_rest_on_their_people_only(dossier):
    rows = chapter_own_spread.uneven_between_areas(dossier).rows
    own = rows[rows["level"].eq("eigen") & rows["year"].eq(2024)]
    buurten = dossier.regions(dossier.newest, "buurt")["inhabitants"]
    inside = buurten.iloc[:30].sum() / buurten.sum()
    assert (own["units"] + own["units_missing"]).eq(2).all() and len(own)
    assert own["population_covered"].max() == pytest.approx(inside)
    inside = chapter_own_spread.uneven_inside_areas(dossier).rows
    assert set(inside["area_code"]) == {"EG9901-01", "EG9901-02"}
    assert set(inside["level"]) == {"buurt"}
    assert set(inside["area_name"]) == {"Noord", "Zuid"}


def test_the_words_availability_and_indices_have_the_level(dossier):
    table = availability(dossier)
    own = table[table["level"].eq("eigen") & table["concept"].eq("inhabitants")]
    assert own["known"].tolist() == [2] * len(own) and len(own) >= 1
    rows = indices([dossier], ["age_65_plus"])
    assert set(rows["level"]) == {"wijk", "buurt", "eigen"}
    assert "Voorbeeldstad, eigen gebieden, 2024 (2 eigen gebieden)" in indices_text(rows)


def test_a_number_of_other_chapters_is_not_told_another_way(dossier):
    figures = [
        chapter_own.areas(dossier),
        chapter_own.share_by_area(dossier),
        chapter_own_spread.uneven_between_areas(dossier),
        chapter_own_spread.uneven_inside_areas(dossier),
        chapter_own.density_by_area(dossier),
        chapter_segregation.five_indices(dossier),
        chapter_segregation.share_by_buurt(dossier),
        chapter_provision.density_by_kind(dossier),
    ]
    rows = join([one.rows for one in figures])
    key = ["area_code", "year", "level", "measure", "group"]
    twice = rows[rows.duplicated(key, keep=False)]
    assert twice.empty, twice.to_string()


# ---------------------------------------------------------------------------- over the years


def test_regions_are_counted_by_what_they_are_over_the_years(dossier):
    found = chapter_years.comparable(dossier)
    counted = found.rows.set_index(["year", "level", "group"])["value"]
    assert counted[2022, "buurt", "measured"] == 39
    assert counted[2022, "buurt", "converted"] == 5
    assert counted.groupby(["year", "level"]).sum().to_dict() == {
        (2020, "buurt"): 44, (2020, "wijk"): 8, (2022, "buurt"): 44, (2022, "wijk"): 8,
    }  # fmt: skip
    assert found.claim == "Van de 44 buurten van Voorbeeldstad waren er 39 in 2022 hetzelfde gebied"


def test_a_converted_number_is_another_measure_and_says_so(dossier):
    wijken = neighbourhoods(dossier.edition, "GM9901", "wijk", dossier.years, onto=2024)
    table = wijken.table.copy()
    table.loc[(2020, "WK990100"), "conversion"] = "converted"
    marked = wijken.__class__(table, wijken.reasons, wijken.left_out, wijken.remainder)
    found = chapter_years.inhabitants_over_years(dossier, marked)
    row = found.rows.set_index(["year", "area_code"]).loc[(2020, "WK990100")]
    assert row["measure"] == "converted"
    assert found.table.set_index("code").loc["WK990100", "2020"] == "6.860 (omgerekend)"
    assert found.table.set_index("code").loc["WK990100", "2024"] == "7.080"
    assert any("schatting" in note for note in found.notes)
    plain = chapter_years.inhabitants_over_years(dossier, wijken)
    assert set(plain.rows["measure"]) == {"published"} and not any(plain.notes)
    assert plain.claim == "Alle 8 wijken van Voorbeeldstad zijn over 3 jaren te volgen"


def test_one_year_is_not_compared(raw):
    alone = open_dossier("GM9901", year=2024, edition="voorbeeld", raw=raw)
    wijken = neighbourhoods(alone.edition, "GM9901", "wijk", alone.years, onto=2024)
    for found in (chapter_years.comparable(alone),
                  chapter_years.inhabitants_over_years(alone, wijken)):  # fmt: skip
        assert isinstance(found, Absent) and "maar één jaar" in found.sentence


@pytest.mark.parametrize(
    ("gemeente", "buurten"), [("Zoetermeer", 26), ("Almere", 193), ("Amsterdam", 493)]
)
def test_real_years_with_tables_missing_are_not_compared(real_raw, gemeente, buurten):
    dossier = open_dossier(gemeente, raw=str(real_raw))
    found = chapter_years.comparable(dossier)
    rows = found.rows[found.rows["level"].eq("buurt") & found.rows["group"].eq("not_comparable")]
    assert rows["value"].eq(buurten).all()
    assert "2021, 2022 en 2023 zijn niet bekend" in found.notes[0]
    wijken = neighbourhoods(real_raw, gemeente, "wijk", dossier.years, onto=2024)
    assert isinstance(chapter_years.inhabitants_over_years(dossier, wijken), Absent)
