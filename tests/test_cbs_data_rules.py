"""What the real CBS tables do, and the rule that follows from it: one test per fact.

The facts were counted in the tables of 2017, 2019, 2020 and 2024, through the functions that a
report uses. Other tests go into each rule; here every fact is met once on real data.
"""

import csv
import json
import re
import shutil
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from statline_server import serving, small_table

from analysis.evidence import groups, local, ranking
from analysis.reports import dossier
from analysis.sources import (
    boundaries,
    crime,
    kerncijfers,
    outcome_files,
    regions,
    snapshot,
    statline,
)
from analysis.sources.catalogue import of_year, read_catalogue
from analysis.sources.change_flags import flags_between, same_code_evidence
from analysis.sources.codebook import match_columns
from analysis.sources.crosswalk import crosswalk
from analysis.sources.errors import InputError, ServiceError
from analysis.sources.grid import read_file as read_grid
from analysis.sources.grid_codebook import read_grid_codebook
from analysis.sources.outcomes import overlap, read_outcomes
from analysis.sources.partitions import PARTITIONS, check_partitions
from analysis.sources.transport import Patience

YEARS = {2017: "83765NED", 2020: "84799NED", 2024: "85984NED"}


@pytest.fixture(scope="module")
def rows(real_release):
    """Return a function that gives all rows of a year and level, also the uninhabited."""

    def of(year: int, level: str) -> pd.DataFrame:
        table = real_release(year).table
        return table[regions.is_level(table.index.to_series(), level)]

    return of


@pytest.fixture(scope="module")
def inhabited(real_release):
    """Return a function that gives the region table of a year and level, made once."""
    made: dict[tuple[int, str], pd.DataFrame] = {}

    def of(year: int, level: str) -> pd.DataFrame:
        if (year, level) not in made:
            made[year, level] = kerncijfers.region_table(real_release(year), level)
        return made[year, level]

    return of


@pytest.fixture(scope="module")
def outcomes(root):
    return read_outcomes(root / "data" / "outcomes.csv")


def properties_of(shared, table: str) -> list[dict]:
    file = shared / "data" / "statline" / table / "DataProperties.json"
    return json.loads(file.read_text(encoding="utf-8"))


# Columns


def test_the_number_at_the_end_of_a_column_says_nothing(shared, codebook):
    properties = properties_of(shared, "85984NED")
    april = match_columns(codebook, properties, 2024, "85984NED")
    assert april["income_per_inhabitant_eur"] == "GemiddeldInkomenPerInwoner_83"
    for record in properties:  # as in July 2026, when it was _78
        if record.get("Key"):
            record["Key"] = re.sub(r"_(\d+)$", lambda n: f"_{900 - int(n[1])}", record["Key"])
    later = match_columns(codebook, properties, 2024, "85984NED")
    assert later["income_per_inhabitant_eur"] == "GemiddeldInkomenPerInwoner_817"
    assert {c: key.rsplit("_", 1)[0] for c, key in later.items()} == {
        c: key.rsplit("_", 1)[0] for c, key in april.items()
    }
    assert len(set(later.values())) == len(later) == len(april)


def test_no_code_of_ours_holds_the_number_of_a_column(root):
    for file in (root / "src").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        keys = re.findall(r"\b(?:AantalInwoners|Mannen|Codering|BuitenEuropa|Nederland)_\d+", text)
        # The layout of saved rows is told with examples of keys.
        assert set(keys) <= {"AantalInwoners_5", "Codering_3"}, file.name


def test_titles_that_stand_under_several_parents_are_told_apart(shared, codebook):
    properties = properties_of(shared, "85984NED")
    titles = [str(one.get("Title")).strip() for one in properties]
    assert titles.count("Nederland") == 2
    found = match_columns(codebook, properties, 2024, "85984NED")
    assert found["n_origin_netherlands"] == "Nederland_17"
    assert found["n_born_nl_origin_netherlands"] == "Nederland_20"
    older = match_columns(codebook, properties_of(shared, "84799NED"), 2020, "84799NED")
    assert older["woz_value_eur"].startswith("GemiddeldeWoningwaarde")
    assert found["woz_value_eur"].startswith("GemiddeldeWOZWaardeVanWoningen")


def test_a_column_that_cannot_be_placed_is_named(shared, codebook):
    properties = properties_of(shared, "85984NED")
    for record in properties:
        if record.get("Key") == "GemiddeldeWOZWaardeVanWoningen_39":
            record["Title"] = "Gemiddelde WOZ-waarde van een woning"
    with pytest.raises(InputError, match="onbekende kolom GemiddeldeWOZWaardeVanWoningen_39"):
        match_columns(codebook, properties, 2024, "85984NED")


# At the door


def test_padding_and_marks_end_at_the_door(shared, real_release):
    published = pd.read_parquet(shared / "data/statline/84799NED/TypedDataSet.parquet")
    assert published["WijkenEnBuurten"].str.len().eq(10).all()
    assert published["Gemeentenaam_1"].str.len().eq(40).mean() > 0.99
    assert published["IndelingswijzigingWijkenEnBuurten_4"].str.strip().eq(".").any()
    table = real_release(2020).table
    text = table.select_dtypes(exclude="number")
    assert not text.apply(lambda column: column.str.contains(r"^\s|\s$|^\.$")).any(axis=None)
    numbers = table.select_dtypes("number")
    assert not numbers.isin([-99995, -99997, -99999999]).any(axis=None)


def test_marks_of_maps_are_no_areas(shared, tmp_path):
    file = tmp_path / "buurten_2023.geojson"
    shutil.copyfile(shared / "data/boundaries/buurten_2023_drechtsteden.geojson", file)
    published = gpd.read_file(file)
    assert (published.select_dtypes("number") == -99999999).any(axis=None)
    boundaries.store(tmp_path / "raw", file)
    drawn = boundaries.drawn(tmp_path / "raw", "buurt", None, 2023).places
    assert len(drawn) == 358 and not drawn["land_area_km2"].lt(0).any()


def test_names_are_not_unique_and_codes_are(shared, rows):
    names = pd.read_parquet(shared / "data/statline/84799NED/WijkenEnBuurten.parquet")
    wijken = names[names["Key"].str.startswith("WK")]
    assert (len(wijken), wijken["Title"].str.strip().nunique()) == (3_177, 3_018)
    found = rows(2020, "wijk")
    assert len(found) == 3_177 and found.index.is_unique


def test_codes_are_kept_and_half_a_body_keeps_nothing(tmp_path):
    with serving(small_table("84799NED")) as server:
        answer = statline.fetch(server.address, "84799NED", None)
        assert [row["Codering_3"].strip()[:2] for row in answer.rows[:2]] == ["NL", "GM"]
        server.faults["TypedDataSet"] = ["truncate"] * 9
        with pytest.raises(ServiceError, match="half antwoord"):
            statline.fetch(server.address, "84799NED", None, patience=Patience(pause=0.0))


def test_untyped_texts_are_the_same_numbers(shared, real_release, codebook, root, tmp_path):
    folder = shared / "data" / "statline" / "85984NED"
    table = pd.read_parquet(folder / "TypedDataSet.parquet")
    table = table[table["Codering_3"].str.contains("0637")]

    def padded(value) -> str:
        return "       ." if pd.isna(value) else f"{value:8.10g}".replace(".", ",")

    untyped = table.assign(
        **{name: table[name].map(padded) for name in table if table[name].dtype.kind in "if"}
    )
    names = pd.read_parquet(folder / "WijkenEnBuurten.parquet").to_dict("records")
    answer = statline.Answer(
        "85984NED", "u", "2025", properties_of(shared, "85984NED"), names, untyped
    )
    stored = snapshot.write_table(tmp_path, answer)
    source = of_year(read_catalogue(root / "data" / "catalogue.csv"), "kerncijfers", 2024)
    found = kerncijfers.read_release(stored, source, codebook).table
    pd.testing.assert_frame_equal(found, real_release(2024).table.loc[found.index, found.columns])


# Codes over the years


def test_a_code_is_a_key_only_with_its_year(rows):
    old, new = rows(2020, "buurt"), rows(2024, "buurt")
    assert not old.index.str.slice(2).str.contains("[A-Z]", regex=True).any()
    assert "BU0363AC02" in new.index
    assert old.loc["BU00340304", "region_name"] == "Molenbuurt"
    assert new.loc["BU00340304", "region_name"] == "Park Uithof"
    counts = {
        year: tuple(rows(year, level)["gm_code"].eq("GM0034").sum() for level in ("wijk", "buurt"))
        for year in (2020, 2024)
    }
    assert counts == {2020: (6, 67), 2024: (71, 238)}
    amsterdam = [set(table.index[table["gm_code"].eq("GM0363")]) for table in (old, new)]
    assert not amsterdam[0] & amsterdam[1]
    assert {type(code) for code in new.index} == {str}


def test_a_quiet_flag_is_about_one_year_only(rows, real_release):
    old, new = rows(2020, "buurt"), rows(2024, "buurt")
    assert new["boundary_change"][new["gm_code"].eq("GM0034")].eq("1").sum() == 238
    quiet = same_code_evidence(old, new)
    quiet = quiet[new["boundary_change"].reindex(quiet.index).eq("1")]
    told = (
        len(quiet),
        quiet["is_renamed"].sum(),
        (quiet["is_renamed"] & quiet["is_resized"]).sum(),
    )
    # More than 30 % above or below what it was.
    assert told == (11_894, 601, 246)
    for year, flag in ((2017, None), (2020, None), (2024, "1")):
        flags = rows(year, "gemeente")["boundary_change"].dropna().unique().tolist()
        assert flags == ([flag] if flag else [])
    both = {year: real_release(year).table for year in (2020, 2024)}
    of_almere = [table[table["gm_code"].eq("GM0034")] for table in (old, new)]
    walk = crosswalk(*of_almere, flags_between(both, 2020, 2024))
    assert not walk["label"].isin(["measured", "recoded", "converted"]).any()


# Rounding


def test_counts_of_regions_are_rounded_and_of_gemeenten_exact(rows):
    for year in YEARS:
        for level in ("wijk", "buurt"):
            assert (rows(year, level)["inhabitants"].dropna() % 5).eq(0).all()
        assert (rows(year, "gemeente")["inhabitants"] % 5).ne(0).mean() > 0.7
    assistance = rows(2020, "buurt")["n_social_assistance"].dropna()
    assert len(assistance) and (assistance % 10).eq(0).all()


def test_partitions_add_up_as_far_as_rounding_allows(rows, inhabited):
    for year, men_and_women, ages in ((2020, 36, 81), (2024, 43, 58)):
        found = check_partitions(rows(year, "buurt"), "buurt").set_index("partition")
        share = (100 * found["off"] / found["regions"]).round()
        assert (share["geslacht"], share["leeftijd"]) == (men_and_women, ages)
        if year == 2024:
            assert 45 <= share["herkomst"] <= 55
        for level in regions.LEVELS[:3]:
            assert check_partitions(inhabited(year, level), level)["beyond_rounding"].eq(0).all()
    by_name = {one.name: one for one in PARTITIONS}
    assert by_name["leeftijd"].tolerance("buurt") == 5 * (5 + 1)


def test_a_group_above_its_total_is_clipped_and_counted(rows, inhabited):
    every = rows(2024, "buurt")
    assert (every["n_origin_netherlands"] > every["inhabitants"]).sum() == 71
    has_origin = every[["n_origin_netherlands", "n_origin_europe", "n_origin_outside_europe"]].gt(0)
    assert (has_origin.any(axis=1) & every["inhabitants"].fillna(0).eq(0)).sum() == 28
    dutch = replace(groups.by_key("origin_europe"), key="dutch", count="n_origin_netherlands")
    counted = groups.counts(inhabited(2024, "buurt"), dutch)
    # Of the 71, 20 have no inhabitants and are not in the region table.
    assert counted["clipped"].sum() == 71 - 20
    assert counted["others"].min() == 0


@pytest.mark.parametrize(("year", "most"), [(2017, 987), (2020, 1_362), (2024, 75)])
def test_totals_are_published_and_never_rebuilt(rows, real_release, year, most):
    together = rows(year, "buurt").groupby("gm_code")["inhabitants"].sum()
    published = rows(year, "gemeente")["inhabitants"]
    assert (published - together).abs().max() == most
    if year == 2020:
        assert (published - together).abs().idxmax() == "GM0363"
    # The published row stands in the table as it was given.
    exact = real_release(year).table.loc["GM0637", "inhabitants"]
    assert exact == {2017: 124_763, 2020: 125_285, 2024: 128_434}[year]


# What is filled


def test_mean_income_covers_few_buurten_since_2020(inhabited, real_release):
    filled = {
        year: inhabited(year, "buurt")["income_per_inhabitant_eur"].notna().sum()
        / len(real_release(year).table.filter(regex="^BU", axis=0))
        for year in (2017, 2024)
    }
    assert {year: round(100 * share) for year, share in filled.items()} == {2017: 82, 2024: 13}
    low = inhabited(2024, "buurt")["income_per_inhabitant_eur"].dropna().index
    people = inhabited(2024, "buurt").loc[low, "inhabitants"]
    assert people.ge(2_400).all()
    assert inhabited(2017, "buurt")["share_persons_lowest_40"].notna().sum() > 10_000


def test_a_table_s_identifier_is_not_a_version(shared, tmp_path, real_release):
    table = small_table("85984NED")
    answers = [
        statline.Answer("85984NED", "u", day, table.properties, table.regions, table.rows)
        for day in ("2025-04-01", "2026-07-01")
    ]
    kept = [snapshot.write_table(tmp_path, answer) for answer in answers]
    assert kept[0].folder != kept[1].folder
    assert snapshot.newest(tmp_path, "85984NED") == kept[1]
    found = real_release(2020)
    assert found.absent["woz_value_eur"] == "not_published"
    assert sum(reason == "not_published" for reason in found.absent.values()) > 20
    holes = kerncijfers.reasons(real_release(2024), "buurt", ["woz_value_eur"])["woz_value_eur"]
    assert set(holes) <= {"", "suppressed", "below_threshold"} and holes.ne("").any()


def test_background_and_origin_are_two_concepts(real_release, codebook):
    old, new = ("n_western", "n_non_western"), ("n_origin_europe", "n_origin_outside_europe")
    for year in YEARS:
        absent = real_release(year).absent
        gone, there = (old, new) if year > 2022 else (new, old)
        assert [absent.get(name) for name in gone] == ["does_not_exist"] * 2
        assert not set(there) & set(absent)
    assert not {codebook[name].label_nl for name in old} & {codebook[name].label_nl for name in new}
    assert {codebook[name].to_year for name in old} == {2022}
    assert {codebook[name].from_year for name in new} == {2023}


def test_poverty_follows_low_income_in_2025(shared, codebook):
    known = pd.read_csv(shared / "data" / "metadata" / "kwb2025_definitions.csv")
    records = known.astype(object).where(known.notna(), None).to_dict("records")
    assert not known["Title"].astype(str).str.contains("laag inkomen", case=False).any()
    found = match_columns(codebook, records, 2025, "86165NED")
    assert "share_persons_in_poverty" in found
    assert not [name for name in found if "low_income" in name or "social_minimum" in name]
    assert codebook["share_low_income_households"].to_year == 2024


# What an index rests on


@pytest.mark.parametrize(("year", "alone"), [(2017, 37), (2020, 30), (2024, 24)])
def test_gemeenten_of_one_wijk_are_in_no_ranking(rows, year, alone):
    wijken = rows(year, "wijk").groupby("gm_code").size()
    assert wijken.eq(1).sum() == alone
    told = pd.DataFrame({"units": [1, 9], "median_unit_size": [20_000.0, 5_000.0]})
    assert ranking.unlike_units(told) == "single_unit"


def test_almere_had_five_wijken_of_very_unlike_size(inhabited):
    almere = kerncijfers.of_gemeente(inhabited(2020, "wijk"), "GM0034")["inhabitants"]
    assert len(almere) == 5 and almere.max() == pytest.approx(109_805, abs=5)
    told = pd.DataFrame({"area_code": ["GM0034", "GM0637"], "units": [5, 9],
                         "median_unit_size": [10_000.0, 12_000.0]})  # fmt: skip
    largest = pd.Series({"GM0034": almere.max() / almere.sum()})
    assert ranking.unlike_units(told, largest) == "one_large_unit"


def test_places_without_people_are_dropped_by_rule_and_listed(real_release, rows):
    dropped = kerncijfers.dropped_regions(real_release(2020), "wijk")
    assert dropped.loc["WK038404", "reason"] == "no_population"
    one = rows(2020, "wijk").loc["WK038404"]
    assert one["inhabitants"] == 0 and one["n_non_western"] == 5
    for year in YEARS:
        kept = kerncijfers.region_table(real_release(year), "gemeente")
        assert not kept.index.isin(["GM0998", "GM0999"]).any()


def test_names_hold_commas_and_quotes(real_release, shared):
    names = kerncijfers.gemeente_names(real_release(2024))
    for asked, code in (
        ("Nuenen, Gerwen en Nederwetten", "GM0820"), ("'s-Gravenhage", "GM0518"),
        ("Den Haag", "GM0518"), ("den bosch", "GM0796"), ("'s Gravenhage", "GM0518"),
        ("Sudwest-Fryslan", "GM1900"), ("GM0637", "GM0637"), ("zoetermeer", "GM0637"),
    ):  # fmt: skip
        assert regions.find_gemeente(asked, names) == code
    with pytest.raises(InputError, match="bedoelt u Zoetermeer"):
        regions.find_gemeente("Zoetermer", names)
    with pytest.raises(InputError, match="Meer dan één gemeente heet 'Bergen'"):
        regions.find_gemeente("Bergen", names)
    file = shared / "data" / "downloads" / "statline_85984NED_leeftijd_geslacht.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        told = {row[3].strip(): row[0] for row in csv.reader(lines, delimiter=";")}
    assert told["GM0820"].strip() == names["GM0820"] == "Nuenen, Gerwen en Nederwetten"


def test_what_is_in_house_needs_no_service(real_raw):
    # The tests refuse every network.
    found = dossier.open_dossier("GM0637", year=2020, edition="cbs", raw=str(real_raw))
    assert (found.name, found.newest.year) == ("Zoetermeer", 2020)


# Outcomes


def test_outcomes_are_not_explained_by_their_own_ingredients(outcomes):
    assert overlap(outcomes["share_lonely"], ["n_non_western", "income_per_inhabitant_eur"])
    assert overlap(outcomes["livability_class"], ["n_non_western", "supermarket_distance_km"])
    assert (
        outcomes["share_lonely"].status == "model estimate" and outcomes["share_lonely"].warning_nl
    )
    assert outcomes["livability_class"].status == "composite"


def test_a_percentage_becomes_a_count_only_through_its_own_denominator(inhabited, real_release):
    wijken = kerncijfers.of_gemeente(inhabited(2017, "wijk"), "GM0637")
    absent = real_release(2017).absent
    assert wijken["share_persons_lowest_40"].notna().any()
    assert "n_income_recipients" in absent and "n_households" in absent
    told = quotient_status(wijken, "persons_lowest_40", 2017, absent)
    assert told == {"no_denominator"}
    absent = real_release(2020).absent
    assert {absent[c] for c in ("share_persons_lowest_40", "share_owner_occupied")} == {
        "not_published"
    }


def quotient_status(table: pd.DataFrame, key: str, year: int, absent: dict[str, str]) -> set[str]:
    found = local.local_values(
        table, groups.by_key(key), level="wijk", year=year, source="CBS", absent=absent
    )
    return set(found["status"][found["measure"].eq("location_quotient")])


def test_shares_of_under_50_people_are_withheld(inhabited):
    almere = kerncijfers.of_gemeente(inhabited(2024, "buurt"), "GM0034")
    small = almere["inhabitants"].lt(50)
    assert (len(almere), small.sum()) == (193, 21)
    found = local.local_values(
        almere, groups.by_key("age_65_plus"), level="buurt", year=2024, source="CBS", absent={}
    )
    shares = found[found["measure"].eq("share")].set_index("area_code")
    assert shares.loc[almere.index[small], "status"].eq("too_small").all()
    assert shares.loc[almere.index[small], "value"].isna().all()


def test_crime_that_is_not_in_the_buurten_is_refused(shared, outcomes):
    file = shared / "data" / "outcomes" / "politie_misdrijven_2021-2025_buurt.csv"
    release = outcome_files.read_file(file, outcomes, 2025)
    found = (100 * crime.refused(release)["share_found"]).round()
    assert found.to_dict() == {"GM0637": 11, "GM0285": 4, "GM1658": 15, "GM0753": 0}
    with pytest.raises(InputError, match="GM0637.*niet per wijk of buurt te gebruiken"):
        crime.check_gemeente(release, "GM0637")


# The catalogue


def test_every_table_that_is_known_stands_in_the_catalogue(root):
    catalogue = read_catalogue(root / "data" / "catalogue.csv")
    there = {(one.theme, one.table, one.year) for one in catalogue}
    base = ["82339NED", "82931NED", "83220NED", "83487NED", "83765NED", "84286NED", "84583NED",
            "84799NED", "85039NED", "85318NED", "85618NED", "85984NED", "86165NED"]  # fmt: skip
    assert {("kerncijfers", table, 2013 + n) for n, table in enumerate(base)} <= there
    near = {2014: "82829NED", 2017: "84334NED", 2018: "84463NED", 2019: "84718NED",
            2020: "84953NED", 2021: "85231NED", 2022: "85560NED", 2023: "85830NED",
            2024: "86134NED", 2025: "86270NED"}  # fmt: skip
    assert {("nabijheid", table, year) for year, table in near.items()} <= there
    tables = {one.table for one in catalogue}
    assert {"85163NED", "85539NED", "85900NED", "50090NED"} <= tables
    health = next(one for one in catalogue if one.table == "50090NED")
    assert "dataderden" in health.address


def test_addresses_say_whether_they_were_ever_seen(root):
    catalogue = read_catalogue(root / "data" / "catalogue.csv")
    assert {one.seen_live for one in catalogue} == {"no"}
    addresses = {re.sub(r"https?://", "", one.address).split("/")[0] for one in catalogue}
    assert {"opendata.cbs.nl", "dataderden.cbs.nl", "api.pdok.nl", "overpass-api.de"} <= addresses
    elsewhere = {}
    for file in (root / "src").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if told := re.findall(r'^\w+ = "(https?://[^"]+)"', text, flags=re.MULTILINE):
            elsewhere[file.name] = told
    # Where StatLine is when nobody says so: the same as in the catalogue.
    assert elsewhere == {"statline.py": ["https://opendata.cbs.nl"]}


def test_every_column_that_is_known_is_found_in_its_own_table(shared, codebook):
    known = pd.read_csv(shared / "data" / "metadata" / "kwb_column_concepts.csv", dtype=str)
    for release, table, year in (
        ("2020_84799NED", "84799NED", 2020),
        ("2024_85984NED_apr2025", "85984NED", 2024),
    ):
        properties = properties_of(shared, table)
        present = {record.get("Key") for record in properties}
        placed = set(match_columns(codebook, properties, year, table).values())
        listed = set(known[release].dropna()) & present
        rest = {re.sub(r"_\d+$", "", key) for key in listed - placed}
        assert len(listed) > 50
        # No concept of ours: civil status, and a postcode.
        assert rest <= {"Ongehuwd", "Gehuwd", "Gescheiden", "Verweduwd", "MeestVoorkomendePostcode"}


def test_marks_of_the_grid_are_secret_and_missing(root, tmp_path):
    file = tmp_path / "cbs_vk100_2024.csv"
    file.write_text(
        "crs28992res100m;aantal_inwoners;aantal_mannen\n"
        "E0910N4520;-99997;-99995\nE0911N4520;25;15\n", encoding="utf-8",
    )  # fmt: skip
    found = read_grid(file, read_grid_codebook(root / "data" / "grid_codebook.csv"))
    assert found.cells["inhabitants"].tolist()[1] == 25
    assert np.isnan(found.cells["inhabitants"].iloc[0])
    assert found.reasons.loc["E0910N4520", ["inhabitants", "n_men"]].tolist() == [
        "suppressed",
        "not_published",
    ]
