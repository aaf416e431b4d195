import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from year_tables import store_year, table_of

from analysis.reports.dossier import edition_of
from analysis.sources import addresses, boundaries, kerncijfers
from analysis.sources.edition import cbs_edition
from analysis.sources.errors import InputError
from analysis.sources.neighbourhoods import neighbourhoods
from analysis.sources.own_areas import bring_zoning

RD = "EPSG:28992"
A, B, C, D = "BU90010000", "BU90010001", "BU90010002", "BU90010003"
TOWN, WIJK = "GM9001", "WK900100"


def town(flags: str = "1", **buurten) -> pd.DataFrame:
    """Return a made-up town of one wijk; buurten are (inhabitants, men, women, value)."""
    rows = {code: (f"Buurt {code[-1]}", flags, *cells) for code, cells in buurten.items()}
    people = sum(cells[0] or 0 for cells in buurten.values())
    whole = ("1", people, people // 2, people - people // 2, 300)
    return table_of({TOWN: ("Testdam", *whole), WIJK: ("Wijk 00", *whole), **rows})


def boxes(folder, level: str, year: int, spans: dict[str, tuple]) -> None:
    shapes = [
        shapely.box(100_000 + 100 * left, 400_000, 100_000 + 100 * right, 401_000)
        for left, right in spans.values()
    ]
    frame = gpd.GeoDataFrame({f"{level}code": list(spans)}, geometry=shapes, crs=RD)
    file = folder / f"{level}en_{year}.gpkg"
    frame.to_file(file)
    boundaries.store(folder / "raw", file)


@pytest.fixture
def raw(tmp_path):
    """Two years: A unchanged but for a new code, B split into B and D; C is a lake."""
    folder = tmp_path / "raw"
    old = {A: (100, 45, 55, 200), B: (60, 30, 30, None), C: (0, 0, 0, None)}
    new = {C: (105, 50, 55, 210), B: (40, 20, 20, 250), D: (25, 10, 15, 260)}
    store_year(folder, 2020, town(**old))
    store_year(folder, 2022, town("3", **new))
    boxes(tmp_path, "buurt", 2020, {A: (0, 10), B: (10, 20), C: (20, 30)})
    boxes(tmp_path, "buurt", 2022, {C: (0, 10), B: (10, 16), D: (16, 20)})
    return folder


@pytest.fixture(scope="module")
def example(example_raw):
    return edition_of("voorbeeld", example_raw)


# ---------------------------------------------------------------------- years side by side


def test_every_year_in_store_is_one_table_with_its_reasons(raw):
    found = neighbourhoods(raw, "Testdam", "buurt")
    assert found.table.index.names == ["year", "region_code"]
    assert list(found.table.index) == [
        (2020, A), (2020, B), (2022, C), (2022, B), (2022, D),
    ]  # fmt: skip
    assert found.table["inhabitants"].tolist() == [100, 60, 105, 40, 25]
    # Thousands of euros become euros.
    assert found.table.loc[(2020, A), "woz_value_eur"] == 200_000
    assert found.reasons.index.equals(found.table.index)
    assert found.reasons.loc[(2020, B), "woz_value_eur"] == "suppressed"
    assert found.reasons.loc[(2020, A), "woz_value_eur"] == ""
    known = found.table[found.reasons.columns].notna()
    assert known.equals(found.reasons.eq(""))
    # Where nobody lives is no row, and is told.
    assert found.left_out.reset_index().to_numpy().tolist() == [[2020, C, "Buurt 2", "uninhabited"]]
    assert found.remainder.empty and found.note == ""


def test_a_concept_of_one_year_is_there_in_all_with_its_reason(raw):
    store_year(raw, 2024, town(**{A: (90, 45, 45, 300)}))
    found = neighbourhoods(raw, TOWN, "buurt").reasons
    # Origin begins in 2023, migration background ends in 2022.
    assert found.loc[(2022, B), "n_origin_outside_europe"] == "does_not_exist"
    assert found.loc[(2024, A), "n_origin_outside_europe"] == "not_published"
    assert found.loc[(2024, A), "n_non_western"] == "does_not_exist"
    alone = neighbourhoods(raw, TOWN, "buurt", [2024]).table
    assert "n_non_western" not in alone


def test_years_are_those_asked_for(raw):
    assert set(neighbourhoods(raw, TOWN, "wijk", [2022]).table.index) == {(2022, WIJK)}
    assert neighbourhoods(raw, TOWN, "gemeente", (2022, 2020)).table["inhabitants"].tolist() == [
        160, 170,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("Testdam", "straat"), "niveau 'straat' bestaat niet; kies uit .*eigen"),
        (("Testdm", "buurt"), "geen gemeente 'Testdm'.*bedoelt u Testdam"),
        (("Testdam", "buurt", [2019, 2020, 2021]), "Van 2019, 2021 .* geen tabel .*2020, 2022.*"
         "pull GM9001 --jaar 2019"),
        (("Testdam", "eigen"), "geen eigen gebieden in huis; breng ze met 'pull GM9001 --indel"),
    ],
)  # fmt: skip
def test_what_is_missing_altogether_is_one_sentence(raw, asked, sentence):
    with pytest.raises(InputError, match=sentence):
        neighbourhoods(raw, *asked)


def test_a_year_to_convert_to_must_be_in_store(raw, tmp_path):
    with pytest.raises(InputError, match="Van 2024 is er van GM9001 geen tabel"):
        neighbourhoods(raw, TOWN, "buurt", onto=2024)
    with pytest.raises(InputError, match="Eigen gebieden worden niet omgerekend"):
        neighbourhoods(raw, TOWN, "eigen", onto=2022)
    with pytest.raises(InputError, match="bestaat niet"):
        neighbourhoods(tmp_path / "weg", TOWN, "buurt")
    (tmp_path / "leeg").mkdir()
    with pytest.raises(InputError, match="nog niets opgehaald"):
        neighbourhoods(tmp_path / "leeg", TOWN, "buurt")


# ------------------------------------------------------------------- onto the regions of a year


def test_a_converted_number_never_looks_like_a_measured_one(raw):
    found = neighbourhoods(raw, TOWN, "buurt", onto=2022)
    old = found.table.loc[2020]
    assert old["conversion"].to_dict() == {C: "recoded", B: "converted", D: "converted"}
    assert found.table.loc[2022, "conversion"].eq("measured").all()
    # B's 60 people by its ground: 6 and 4 of 10.
    assert old["inhabitants"].to_dict() == pytest.approx({C: 100, B: 36, D: 24}, rel=1e-12)
    assert old["region_name"].to_dict() == {C: "Buurt 2", B: "Buurt 1", D: "Buurt 3"}
    # A mean value stays with the ground that stayed the same, and is not spread.
    assert old["woz_value_eur"].dropna().to_dict() == {C: 200_000}
    assert found.reasons.loc[(2020, B), "woz_value_eur"] == "not_convertible"
    # Of what was not published at all there is nothing to convert.
    assert found.reasons.loc[(2020, B), "income_per_inhabitant_eur"] == "not_published"
    known = found.table[found.reasons.columns].notna()
    assert known.equals(found.reasons.eq(""))


def test_counts_are_conserved(raw):
    plain = neighbourhoods(raw, TOWN, "buurt", [2020]).table
    found = neighbourhoods(raw, TOWN, "buurt", [2020], onto=2022)
    for concept in ("inhabitants", "n_men", "n_women"):
        lost = found.remainder.loc[found.remainder["concept"].eq(concept), "amount"].sum()
        assert found.table[concept].sum() + lost == pytest.approx(plain[concept].sum(), rel=1e-9)


def test_back_to_an_earlier_year_works_alike(raw):
    found = neighbourhoods(raw, TOWN, "buurt", [2022], onto=2020).table.loc[2022]
    assert found["conversion"].to_dict() == {A: "recoded", B: "converted"}
    assert found["inhabitants"].to_dict() == {A: 105, B: 65}


def test_one_year_onto_itself_changes_nothing(raw):
    plain = neighbourhoods(raw, TOWN, "buurt", [2022])
    onto = neighbourhoods(raw, TOWN, "buurt", [2022], onto=2022)
    assert onto.table["conversion"].eq("measured").all()
    columns = list(plain.reasons)
    pd.testing.assert_frame_equal(
        onto.table[columns].sort_index(), plain.table[columns].sort_index()
    )
    pd.testing.assert_frame_equal(onto.reasons.sort_index(), plain.reasons.sort_index())


def test_without_outlines_and_tables_in_between_nothing_is_compared(tmp_path):
    folder = tmp_path / "raw"
    for year in (2020, 2022):
        store_year(folder, year, town(**{A: (100, 45, 55, 200)}))
    found = neighbourhoods(folder, TOWN, "buurt", onto=2022)
    assert found.table.loc[2020, "conversion"].tolist() == ["not_comparable"]
    assert np.isnan(found.table.loc[(2020, A), "inhabitants"])
    assert found.reasons.loc[(2020, A), "inhabitants"] == "not_comparable"
    assert found.remainder[["from_code", "reason"]].drop_duplicates().to_numpy().tolist() == [
        [A, "outside"]
    ]
    assert "grenswijzigingen van 2021 zijn niet bekend" in found.note
    store_year(folder, 2021, town(**{A: (100, 45, 55, 200)}))
    found = neighbourhoods(folder, TOWN, "buurt", [2020], onto=2022)
    assert found.table["conversion"].tolist() == ["measured"] and found.note == ""


def test_outlines_of_one_year_do_not_stand_for_another(tmp_path):
    folder = tmp_path / "raw"
    for year in (2020, 2022):
        store_year(folder, year, town(**{A: (100, 45, 55, 200)}))
    boxes(tmp_path, "buurt", 2020, {A: (0, 10)})
    found = neighbourhoods(folder, TOWN, "buurt", [2020], onto=2022)
    assert found.table["conversion"].tolist() == ["not_comparable"]


def test_a_table_without_the_gemeente_says_nothing_of_its_borders(tmp_path):
    folder = tmp_path / "raw"
    for year in (2020, 2022):
        store_year(folder, year, town(**{A: (100, 45, 55, 200)}))
    elsewhere = town(**{A: (100, 45, 55, 200)})
    elsewhere.index = elsewhere.index.str.replace("9001", "9002")
    store_year(folder, 2021, elsewhere)
    found = neighbourhoods(folder, TOWN, "buurt", [2020], onto=2022)
    assert found.table["conversion"].tolist() == ["not_comparable"]
    assert "van 2021 zijn niet bekend" in found.note


def test_a_flag_of_a_year_in_between_is_heard(tmp_path):
    folder = tmp_path / "raw"
    for year, flags in ((2020, "1"), (2021, "3"), (2022, "1")):
        store_year(folder, year, town(flags, **{A: (100, 45, 55, 200)}))
    table = neighbourhoods(folder, TOWN, "buurt", onto=2022).table
    assert table["conversion"].to_dict() == {
        (2020, A): "not_comparable", (2021, A): "measured", (2022, A): "measured",
    }  # fmt: skip


def test_ground_that_came_from_elsewhere_is_partly_covered(raw, tmp_path):
    boxes(tmp_path, "buurt", 2022, {C: (0, 10), B: (10, 16), D: (16, 40)})
    table = neighbourhoods(raw, TOWN, "buurt", [2020], onto=2022).table
    assert table.loc[(2020, D), "conversion"] == "partly_covered"
    assert np.isnan(table.loc[(2020, D), "inhabitants"])


def test_addresses_that_were_brought_go_before_ground(raw, tmp_path):
    rows = {2020: f"2711AA;1;{B}\n2711AA;2;{B}\n2711AA;3;{B}\n2711AA;4;{B}\n",
            2022: f"2711AA;1;{B}\n2711AA;2;{D}\n2711AA;3;{D}\n2711AA;4;{D}\n"}  # fmt: skip
    for year, text in rows.items():
        lines = [f"{line};{WIJK};{TOWN}" for line in text.splitlines()]
        file = tmp_path / f"pc6hnr{year}.csv"
        head = f"PC6;Huisnummer;Buurt{year};Wijk{year};Gemeente{year}"
        file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        addresses.store(raw, file)
    old = neighbourhoods(raw, TOWN, "buurt", [2020], onto=2022).table.loc[2020]
    # One of the four stayed in B, by the ground it would be six tenths.
    assert old["inhabitants"].to_dict() == {C: 100, B: 15, D: 45}
    assert old["conversion"].to_dict() == {C: "recoded", B: "converted", D: "converted"}


def test_the_example_over_its_years(example):
    found = neighbourhoods(example, "Voorbeeldstad", "buurt", onto=2024)
    labels = found.table.loc[2022, "conversion"]
    assert labels["BU99010504"] == "converted"  # the old code went to another place
    assert labels.eq("measured").sum() > 20
    for year in (2020, 2022):
        plain = neighbourhoods(example, "Voorbeeldstad", "buurt", [year]).table["inhabitants"].sum()
        lost = found.remainder[
            found.remainder["year"].eq(year) & found.remainder["concept"].eq("inhabitants")
        ]["amount"].sum()
        total = found.table.loc[year, "inhabitants"].sum() + lost
        assert total == pytest.approx(plain, rel=1e-9)


# ------------------------------------------------------------------------------ own areas


def test_own_areas_are_a_level(raw, root, tmp_path):
    edition = cbs_edition(root, raw)
    file = tmp_path / "focus.csv"
    file.write_text(f"buurt;gebied\n{C};Rand\n{B};Hart\n{D};Hart\n", encoding="utf-8")
    bring_zoning(edition, file, "Testdam")
    found = neighbourhoods(raw, TOWN, "eigen")
    # In 2022 B and D; in 2020 B was another buurt, and the ground of Rand had another code.
    assert found.table["inhabitants"].to_dict() == {
        (2020, "EG9001-02"): 100, (2022, "EG9001-01"): 65, (2022, "EG9001-02"): 105,
    }  # fmt: skip
    assert found.left_out.reset_index().to_numpy().tolist() == [
        [2020, "EG9001-01", "Hart", "not_comparable"]
    ]
    assert found.reasons.loc[(2022, "EG9001-01"), "woz_value_eur"] == "not_convertible"
    assert found.table.loc[(2022, "EG9001-01"), "n_buurten"] == 2


# ------------------------------------------------------------------------------ real data


@pytest.mark.parametrize(
    ("gemeente", "level"),
    [
        ("Den Haag", "gemeente"),
        ("Zoetermeer", "wijk"),
        ("Aalten", "buurt"),
        ("Almere", "buurt"),
        ("Amsterdam", "buurt"),
    ],
)
def test_real_rows_are_those_of_the_whole_tables(real_raw, real_release, gemeente, level):
    found = neighbourhoods(real_raw, gemeente, level)
    for year in found.table.index.unique("year"):
        release = real_release(year)
        whole = kerncijfers.region_table(release, level)
        code = found.table["gm_code"].iloc[0]
        whole = whole[whole["gm_code"].eq(code)]
        part = found.table.loc[year].dropna(axis=1, how="all")
        expected = whole[part.columns]
        pd.testing.assert_frame_equal(part, expected, check_exact=True, check_names=False)
        concepts = [c for c in found.reasons if c in whole or c in release.absent]
        why = kerncijfers.reasons(release, level, concepts).loc[whole.index]
        pd.testing.assert_frame_equal(
            found.reasons.loc[year, concepts], why, check_dtype=False, check_names=False
        )


def test_real_reasons_stay_where_nothing_is_converted(real_raw):
    plain = neighbourhoods(real_raw, "Zoetermeer", "buurt", [2024]).reasons
    onto = neighbourhoods(real_raw, "Zoetermeer", "buurt", [2024], onto=2024).reasons
    assert plain.eq("below_threshold").any(axis=None)
    pd.testing.assert_frame_equal(onto.sort_index(), plain.sort_index(), check_dtype=False)


def test_real_codes_of_almere_are_never_joined(real_raw):
    found = neighbourhoods(real_raw, "Almere", "buurt", [2020], onto=2024)
    assert set(found.table["conversion"]) == {"not_comparable"}
    assert found.table["inhabitants"].isna().all()
    # Molenbuurt of 2020 is not Park Uithof of 2024, where nobody lives.
    assert (2020, "BU00340304") not in found.table.index
    plain = neighbourhoods(real_raw, "Almere", "buurt", [2020]).table
    assert plain.loc[(2020, "BU00340304"), "region_name"] == "Molenbuurt"
    lost = found.remainder[found.remainder["concept"].eq("inhabitants")]["amount"].sum()
    assert lost == pytest.approx(plain["inhabitants"].sum(), rel=1e-9)


def test_real_recoding_of_amsterdam_holds_through_the_one_call(shared, tmp_path):
    # Real outlines and codes of 2015 and 2022; the numbers of people are made up: 10, 20, ...
    folder = shared / "data" / "boundaries"
    rows = pd.read_csv(folder / "amsterdam_buurten_2015-2022.csv", dtype="str")
    shapes = shapely.from_wkt(
        rows["geometrie"].str.replace(r"^SRID=\d+;", "", regex=True).to_numpy()
    )
    codes = rows["BUURTCODE_CBS_2015"]
    old = gpd.GeoDataFrame({"buurtcode": codes}, geometry=shapes, crs=RD)
    old.to_file(tmp_path / "buurten_2015.gpkg")
    new = gpd.read_file(folder / "buurten_amsterdam_2022.gpkg")[["CBS_Buurtcode", "geometry"]]
    new.to_file(tmp_path / "buurten_2022.gpkg")
    raw = tmp_path / "raw"
    for year in (2015, 2022):
        boundaries.store(raw, tmp_path / f"buurten_{year}.gpkg")
    gemeente = ("Amsterdam", "1", 10, 5, 5, 200)
    for year, listed in ((2015, codes), (2022, new["CBS_Buurtcode"])):
        made_up = {
            code: ("Buurt", "2", 10 * n, 5 * n, 5 * n, 200) for n, code in enumerate(listed, 1)
        }
        store_year(raw, year, table_of({"GM0363": gemeente, **made_up}), "Amsterdam")
    found = neighbourhoods(raw, "Amsterdam", "buurt", [2015], onto=2022)
    pairs = rows.set_index("BUURTCODE_CBS_2022")["BUURTCODE_CBS_2015"]
    table = found.table.loc[2015]
    recoded = table.index[table["conversion"].eq("recoded")]
    assert set(recoded) == set(pairs.index) and len(recoded) == 439
    people = pd.Series(range(10, 10 * len(codes) + 1, 10), index=codes, dtype=float)
    assert table.loc[pairs.index, "inhabitants"].tolist() == people[pairs].tolist()
    others = table.drop(index=recoded)
    assert len(others) == 79
    assert set(others["conversion"]) <= {"not_comparable", "partly_covered"}
    assert others["inhabitants"].isna().all()
