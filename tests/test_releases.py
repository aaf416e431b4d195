"""Releases and layouts that were not there when this was built: found by meaning, or loud."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from statline_server import Table, serving
from test_codebook import OURS, real_properties

from analysis.sources import downloads, kerncijfers, layouts, pull, snapshot
from analysis.sources.catalogue import of_year, read_catalogue
from analysis.sources.codebook import match_columns
from analysis.sources.edition import cbs_edition
from analysis.sources.errors import InputError
from analysis.sources.sheets import Sheet, read_sheet

YEARS = range(2013, 2026)
RELEASES = (
    "2017_83765NED", "2018_84286NED_partial", "2019_84583NED", "2020_84799NED",
    "2021_85039NED_partial", "2022_85318NED_partial", "2023_85618NED_vintageA_partial",
    "2023_85618NED_vintageB_partial", "2024_85984NED_apr2025", "2024_85984NED_jul2026_partial",
    "2025_86165NED_mar2026",
)  # fmt: skip
# No question of this project asks for them, so they are no concept here: known, and left out.
LEFT_OUT = {
    "never married": "marital status",
    "married": "marital status",
    "divorced": "marital status",
    "widowed": "marital status",
    "most common postcode": "an area is known by its code",
}
REGION = ("ID", "WijkenEnBuurten", "Gemeentenaam_1", "SoortRegio_2", "Codering_3")
MADE_UP = "VERZONNEN"
ROWS = ("NL00", "GM9001", "WK900101", "BU90010101")


@pytest.fixture(scope="module")
def known(shared) -> pd.DataFrame:
    return pd.read_csv(shared / "data" / "metadata" / "kwb_column_concepts.csv", dtype="str")


def headed(*names) -> Sheet:
    return Sheet("bestand.csv", pd.DataFrame({name: ["x"] for name in names}), ())


def placed(sheet, codebook, year) -> dict[str, str]:
    return match_columns(codebook, layouts.data_properties(sheet, codebook, year), year, "bestand")


@pytest.mark.parametrize("release", RELEASES)
def test_every_concept_of_every_release_is_found(known, codebook, release):
    year = int(release[:4])
    keys = dict(zip(known["concept"], known[release], strict=True))
    there = {one: key for one, key in keys.items() if isinstance(key, str)}
    gone = [one for one, key in there.items() if key in ("-", "gone")]
    there = {one: key for one, key in there.items() if one not in gone}
    found = placed(headed(*REGION, *there.values()), codebook, year)
    told = {OURS[one]: key for one, key in there.items() if one not in LEFT_OUT}
    assert {concept: found.get(concept) for concept in told} == told and len(told) >= 14
    # What is left out is not taken for something else, and what is gone is not found.
    assert not set(found.values()) & {there.get(one) for one in LEFT_OUT}
    assert not {OURS[one] for one in gone} & set(found)
    assert set(found) - set(told) <= {"gm_name", "region_kind", "region_code"}


def test_what_is_left_out_is_named(known):
    assert set(known["concept"]) - set(OURS) == set(LEFT_OUT)


def spreadsheet_names(known, newest: bool) -> dict[str, str]:
    """Return the short name by concept: the older or the newer of two."""
    names = zip(known["concept"], known["kwb_xls_name"].str.split(" -> "), strict=True)
    return {one: called[-1 if newest else 0] for one, called in names}


@pytest.mark.parametrize("newest", [False, True])
@pytest.mark.parametrize("year", YEARS)
def test_every_short_name_is_found_in_every_year(known, codebook, year, newest):
    names = spreadsheet_names(known, newest)
    extra = ("nieuw_2031", "g_iets_anders")  # columns that nobody knows yet
    sheet = headed("gwb_code_10", "regio", "gm_naam", "recs", *names.values(), *extra)
    found = placed(sheet, codebook, year)
    for one, name in names.items():
        if one in LEFT_OUT:
            assert name not in found.values()
        elif codebook[OURS[one]].exists_in(year):
            assert found[OURS[one]] == name
        else:
            assert OURS[one] not in found
    assert not set(extra) & set(found.values())


@pytest.mark.parametrize("year", [2013, 2020, 2025])
def test_a_short_name_that_changed_is_loud(known, codebook, year):
    names = spreadsheet_names(known, newest=year > 2020)
    for one, name in names.items():
        if one in LEFT_OUT or not codebook[OURS[one]].exists_in(year):
            continue
        others = [called for called in names.values() if called != name]
        sheet = headed("gwb_code_10", "gm_naam", "recs", *others, f"{name}2")
        with pytest.raises(InputError, match=f"onbekende kolom {name}2"):
            placed(sheet, codebook, year)


# A later release of a table that is known


def numbered(properties: list[dict], step: int) -> list[dict]:
    """Return other numbers at the ends of the keys, and two columns more, in the middle."""
    topics = [record for record in properties if record["Type"] == "Topic"]
    new = []
    for record in properties:
        key = record.get("Key") or ""
        if record["Type"] == "Topic" and record["ID"] > 10:
            stem, _, number = key.rpartition("_")
            key = f"{stem}_{int(number) + step}"
        new.append({**record, "Key": key})
    last = max(record["ID"] for record in properties)
    for title, unit in (("Aantal deelscooters", "aantal"), ("Laadpalen per km²", "per km²")):
        last += 1
        parent = topics[len(topics) // 2]["ParentID"]
        new.append({"ID": last, "ParentID": parent, "Type": "Topic", "Key": f"Nieuw_{last}",
                    "Title": title, "Unit": unit})  # fmt: skip
    return new


@pytest.mark.parametrize(("table", "year"), [("84799NED", 2020), ("85984NED", 2024)])
def test_new_columns_and_numbers_change_nothing(shared, codebook, table, year):
    before = real_properties(shared, table)
    found = match_columns(codebook, before, year, table)
    after = match_columns(codebook, numbered(before, step=7), year, table)
    assert list(after) == list(found)
    stems = {concept: key.rpartition("_")[0] for concept, key in found.items()}
    assert {concept: key.rpartition("_")[0] for concept, key in after.items()} == stems
    assert sum(after[concept] != found[concept] for concept in found) > 50


def made_up_2025(properties: list[dict]) -> Table:
    """Return an answer of 2025 with made-up figures: each column's own number, over ten."""
    topics = [record for record in properties if record["Type"] == "Topic"]
    kinds = ("Land", "Gemeente", "Wijk", "Buurt")
    rows = []
    for number, (code, kind) in enumerate(zip(ROWS, kinds, strict=True)):
        row = {"ID": number, "WijkenEnBuurten": code.ljust(10)}
        for record in topics:
            at = int(record["Key"].rpartition("_")[2])
            row[record["Key"]] = at if record["Unit"] in ("aantal", "ha") else at / 10
        row |= {"Gemeentenaam_1": MADE_UP, "SoortRegio_2": kind, "Codering_3": code}
        row |= {"IndelingswijzigingGemeenteWijkBuurt_4": "1", "MateVanStedelijkheid_120": 4}
        rows.append(row)
    titles = [{"Key": code.ljust(10), "Title": f"{MADE_UP} {code}"} for code in ROWS]
    return Table("86165NED", properties, titles, rows, modified="2026-03-31T02:00:00")


def test_2025_is_read_from_its_own_properties(shared, root, tmp_path, codebook):
    properties = real_properties(shared, "86165NED")
    other = shared / "data" / "metadata" / "86165NED_2025_DataProperties.json"
    listed = json.loads(other.read_text(encoding="utf-8"))["metadata"]["properties"]
    topics = {record["Key"] for record in properties if record["Type"] == "Topic"}
    assert {record["key"] for record in listed} - {"", "WijkenEnBuurten"} == topics
    source = of_year(read_catalogue(root / "data" / "catalogue.csv"), "kerncijfers", 2025)
    with serving(made_up_2025(properties)) as state:
        edition = cbs_edition(root, tmp_path / "raw", state.address)
        stored = pull.stored_or_pulled(edition, source, (source,)).snapshot
    found = kerncijfers.read_release(stored, source, codebook)
    expected = {name for name, concept in codebook.items() if concept.exists_in(2025)}
    assert expected <= set(found.table) | {"region_code"}  # the index
    assert set(found.absent.values()) == {"does_not_exist"}
    assert {"n_non_western", "share_low_income_households"} <= set(found.absent)
    buurt = kerncijfers.region_table(found, "buurt").loc["BU90010101"]
    # The number of the column that CBS documents, in our units: people, euros, shares, km2.
    assert (buurt["inhabitants"], buurt["n_origin_outside_europe"]) == (5, 19)
    assert buurt["n_born_nl_origin_outside_europe"] == 22
    assert buurt["income_per_inhabitant_eur"] == 7_800  # 7.8 x 1000
    assert buurt["share_persons_in_poverty"] == pytest.approx(0.081)  # 8.1 %
    assert buurt["n_education_low"] == 67 and buurt["land_area_km2"] == 1.16
    assert buurt["gp_distance_km"] == 11 and buurt["region_name"] == f"{MADE_UP} BU90010101"


# The spreadsheet of 2024


def test_the_real_spreadsheet_of_2024_is_placed_but_for_what_ended(shared, codebook):
    file = shared / "data" / "downloads" / "kwb-2024_utrecht.xlsx"
    sheet = read_sheet(file, lambda cells: bool(layouts.kind_of(cells)))
    found = placed(sheet, codebook, 2024)
    assert len(found) == len(set(found.values())) == 66
    ignored = set(sheet.rows) - set(found.values()) - set(layouts._NO_CONCEPT.split())
    # Another column of the same code, and what StatLine has not had since 2024.
    assert ignored == {"gwb_code", "p_bewndw", "p_e_o_w", "p_bjj2k", "p_bjo2k"}


def test_a_column_that_should_have_ended_counts_when_it_has_figures(
    shared, root, tmp_path, codebook
):
    source = of_year(read_catalogue(root / "data" / "catalogue.csv"), "kerncijfers", 2024)
    real = shared / "data" / "downloads" / "kwb-2024_utrecht.xlsx"
    sheet = read_sheet(real, lambda cells: bool(layouts.kind_of(cells)))
    file = tmp_path / "kwb-2024.csv"
    rows = sheet.rows.assign(p_bjj2k=["57"] * len(sheet.rows))
    rows.to_csv(file, sep=";", index=False)
    edition = cbs_edition(root, tmp_path / "raw")
    stored = downloads.store(edition, file, 2024)
    found = kerncijfers.read_release(stored, source, codebook)
    assert found.table["share_built_before_2000"].eq(0.57).all()
    assert "share_built_before_2000" not in found.absent
    assert found.absent["share_built_since_2000"] == "does_not_exist"  # there, and empty
    told = kerncijfers.reasons(found, "wijk", ["share_built_before_2000"])
    assert told["share_built_before_2000"].eq("").all()
    other = kerncijfers.read_release(
        snapshot.newest(edition.raw, source.table), replace(source, year=2023), codebook
    )
    assert other.table["share_built_before_2000"].eq(0.57).all()
