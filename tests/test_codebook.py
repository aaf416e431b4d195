import csv
import json
import math

import pandas as pd
import pytest
from statline_server import COLUMNS, ORIGIN, data_properties

from analysis.sources.codebook import KINDS, match_columns, read_codebook
from analysis.sources.errors import InputError

HEADER = (
    "concept,kind,unit,spelling,from_year,to_year,required,rounding,denominator,label_nl,theme_nl,"
    "definition_nl\n"
)
ROW = "inhabitants,count,aantal,Bevolking > Aantal inwoners,,,yes,5,,inwoners,Bevolking,\n"
SHARE = "share_low,share,%,Laag inkomen,,,,,inhabitants,laag inkomen,Inkomen,\n"

# The file of known columns names concepts in its own words.
OURS = {
    "population": "inhabitants",
    "men": "n_men",
    "women": "n_women",
    "age 0-14": "n_age_0_14",
    "age 15-24": "n_age_15_24",
    "age 25-44": "n_age_25_44",
    "age 45-64": "n_age_45_64",
    "age 65+": "n_age_65_plus",
    "western migration background (<=2022)": "n_western",
    "non-western total (<=2022)": "n_non_western",
    "Morocco (<=2022)": "n_morocco",
    "Antilles/Aruba (<=2022)": "n_antilles_aruba",
    "Suriname (<=2022)": "n_suriname",
    "Turkey (<=2022)": "n_turkey",
    "other non-western (<=2022)": "n_other_non_western",
    "origin Netherlands (>=2023)": "n_origin_netherlands",
    "origin Europe excl NL (>=2023)": "n_origin_europe",
    "origin outside Europe (>=2023)": "n_origin_outside_europe",
    "born in NL, origin NL": "n_born_nl_origin_netherlands",
    "born in NL, origin Europe": "n_born_nl_origin_europe",
    "born in NL, origin outside Europe": "n_born_nl_origin_outside_europe",
    "born abroad, origin Europe": "n_born_abroad_origin_europe",
    "born abroad, origin outside Europe": "n_born_abroad_origin_outside_europe",
    "households total": "n_households",
    "one-person households": "n_one_person_households",
    "households without children": "n_households_without_children",
    "households with children": "n_households_with_children",
    "mean household size": "household_size",
    "density (per km2 land)": "inhabitants_per_km2",
    "housing stock": "n_dwellings",
    "WOZ value x1000": "woz_value_eur",
    "owner-occupied %": "share_owner_occupied",
    "rental %": "share_rented",
    "housing corporation %": "share_housing_corporation",
    "other landlords %": "share_other_landlords",
    "unoccupied %": "share_unoccupied",
    "education low (count 15-74)": "n_education_low",
    "education middle": "n_education_middle",
    "education high": "n_education_high",
    "income recipients": "n_income_recipients",
    "mean income per recipient x1000": "income_per_recipient_eur",
    "mean income per inhabitant x1000": "income_per_inhabitant_eur",
    "persons in lowest 40% %": "share_persons_lowest_40",
    "persons in highest 20% %": "share_persons_highest_20",
    "mean standardised household income x1000": "household_income_eur",
    "households in lowest 40% %": "share_households_lowest_40",
    "households in highest 20% %": "share_households_highest_20",
    "low-income households %": "share_low_income_households",
    "households at/below social minimum %": "share_social_minimum_households",
    "persons in poverty % (new)": "share_persons_in_poverty",
    "median wealth x1000": "median_wealth_eur",
    "bijstand (count)": "n_social_assistance",
    "AO disability": "n_disability_benefit",
    "WW unemployment": "n_unemployment_benefit",
    "AOW state pension": "n_state_pension",
    "distance GP": "gp_distance_km",
    "distance large supermarket": "supermarket_distance_km",
    "distance day care": "daycare_distance_km",
    "distance primary school": "school_distance_km",
    "schools within 3 km": "schools_within_3km",
    "area total ha": "area_km2",
    "area land ha": "land_area_km2",
    "area water ha": "water_area_km2",
    "urbanity class 1-5": "urbanity_class",
    "address density": "addresses_per_km2",
    "boundary-change flag": "boundary_change",
}
RELEASES = {
    "2017_83765NED": ("83765NED", 2017),
    "2019_84583NED": ("84583NED", 2019),
    "2020_84799NED": ("84799NED", 2020),
    "2024_85984NED_apr2025": ("85984NED", 2024),
    "2025_86165NED_mar2026": ("86165NED", 2025),
}


def real_properties(shared, table) -> list[dict]:
    if table != "86165NED":
        file = shared / "data" / "statline" / table / "DataProperties.json"
        return json.loads(file.read_text(encoding="utf-8"))
    frame = pd.read_csv(shared / "data" / "metadata" / "kwb2025_definitions.csv")
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [
        {key: int(value) if isinstance(value, float) else value for key, value in one.items()}
        for one in records
    ]


def without(columns, title):
    kept = tuple(column for column in columns if title not in column)
    assert len(kept) == len(columns) - 1
    return kept


def replaced(columns, old, new):
    assert sum(old in column for column in columns) == 1
    return tuple(column.replace(old, new) for column in columns)


def matched(codebook, columns, year=2020):
    return match_columns(codebook, data_properties(columns), year, "84799NED")


# The project's own codebook


def test_the_codebook_is_valid(codebook, root):
    assert 60 < len(codebook) < 120
    for name, concept in codebook.items():
        assert name == concept.concept and name.isidentifier() and name.islower()
        assert concept.kind in KINDS and concept.unit and concept.label_nl and concept.theme_nl
        assert (concept.from_year or 0) <= (concept.to_year or 9999)
        assert name.startswith("n_") == (concept.kind == "count") or name == "inhabitants"
        assert name.startswith("share_") == (concept.kind == "share")
        assert (concept.unit == "%") == (concept.kind == "share")
        assert name.endswith("_eur") == (concept.kind == "keur")
        assert name.endswith("_km2") == (concept.kind in ("area", "density"))
        assert name.endswith("_distance_km") == (concept.kind == "distance")
        if concept.denominator:
            assert codebook[concept.denominator].kind == "count"
            assert concept.kind == "share"
    with (root / "data" / "codebook.csv").open(encoding="utf-8", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == len(codebook)


@pytest.mark.parametrize(
    "concept",
    [
        "inhabitants n_men n_age_65_plus n_households n_dwellings share_owner_occupied",
        "woz_value_eur share_persons_lowest_40 share_persons_highest_20",
        "share_households_lowest_40 income_per_inhabitant_eur n_social_assistance",
        "urbanity_class addresses_per_km2 land_area_km2 area_km2 gp_distance_km",
        "supermarket_distance_km daycare_distance_km school_distance_km schools_within_3km",
    ],
)
def test_what_is_asked_of_every_year_from_2016_exists(codebook, concept):
    for name in concept.split():
        assert all(codebook[name].exists_in(year) for year in range(2016, 2026)), name


def test_the_break_of_2022_and_2023(codebook):
    for name, concept in codebook.items():
        if "origin" in name:
            assert not concept.exists_in(2022) and concept.exists_in(2023)
    for name in ("n_western", "n_non_western", "n_morocco", "n_suriname", "n_turkey"):
        assert codebook[name].exists_in(2022) and not codebook[name].exists_in(2023)
    # The new poverty shares stand in revised releases of 2024; the old ones are gone in 2025.
    assert codebook["share_persons_in_poverty"].exists_in(2024)
    for name in ("share_low_income_households", "share_social_minimum_households"):
        assert codebook[name].exists_in(2020) and not codebook[name].exists_in(2025)


def test_shares_are_of_what_they_are_counted_in(codebook):
    for name, concept in codebook.items():
        if name.startswith("share_households"):
            assert concept.denominator == "n_households"
        if name.startswith("share_persons_") and name.endswith(("_40", "_20")):
            assert concept.denominator == "n_income_recipients"
        assert concept.denominator != "inhabitants"


# The real tables


@pytest.mark.parametrize("release", RELEASES)
def test_real_columns_are_found(shared, codebook, release):
    table, year = RELEASES[release]
    known = pd.read_csv(shared / "data" / "metadata" / "kwb_column_concepts.csv", dtype=str)
    expected = dict(zip(known["concept"].map(OURS), known[release], strict=True))
    properties = real_properties(shared, table)
    present = {record["Key"] for record in properties if record["Type"] == "Topic"}
    found = match_columns(codebook, properties, year, table)
    compared = 0
    for concept, key in expected.items():
        if not isinstance(concept, str) or not isinstance(key, str) or key not in present:
            continue
        assert found[concept] == key, concept
        compared += 1
    assert compared == {2017: 17, 2019: 57, 2020: 57, 2024: 58, 2025: 57}[year]
    for concept, key in expected.items():
        if isinstance(concept, str) and key in ("-", "gone"):
            assert concept not in found, concept
    assert len(set(found.values())) == len(found)


def test_every_real_column_of_an_origin_is_told_apart(shared, codebook):
    # 'Nederland' stands under two parents, 'Europa' and 'Buiten Europa' under three.
    found = match_columns(codebook, real_properties(shared, "85984NED"), 2024, "85984NED")
    assert {name: found[name] for name in found if "origin" in name} == {
        "n_origin_netherlands": "Nederland_17",
        "n_origin_europe": "EuropaExclusiefNederland_18",
        "n_origin_outside_europe": "BuitenEuropa_19",
        "n_born_nl_origin_netherlands": "Nederland_20",
        "n_born_nl_origin_europe": "EuropaExclusiefNederland_21",
        "n_born_nl_origin_outside_europe": "BuitenEuropa_22",
        "n_born_abroad_origin_europe": "EuropaExclusiefNederland_23",
        "n_born_abroad_origin_outside_europe": "BuitenEuropa_24",
    }


def test_both_names_of_what_was_renamed_are_known(shared, codebook):
    older, newer, newest = (
        match_columns(codebook, real_properties(shared, table), year, table)
        for table, year in (("84799NED", 2020), ("85984NED", 2024), ("86165NED", 2025))
    )
    assert older["boundary_change"] == "IndelingswijzigingWijkenEnBuurten_4"
    assert newer["boundary_change"] == "IndelingswijzigingGemeenteWijkBuurt_4"
    assert older["woz_value_eur"] == "GemiddeldeWoningwaarde_35"
    assert newer["woz_value_eur"] == "GemiddeldeWOZWaardeVanWoningen_39"
    assert older["share_in_work"] == "NettoArbeidsparticipatie_67"
    assert newest["share_in_work"] == "Nettoarbeidsparticipatie_71"
    assert newer["household_income_eur"] == "GemGestandaardiseerdInkomenVanHuish_86"
    assert newest["household_income_eur"] == "GemGestandaardiseerdInkomen_83"


@pytest.mark.parametrize("release", RELEASES)
def test_dropped_columns_of_a_real_table_raise_no_false_alarm(shared, codebook, release):
    """A release without columns says 'not published': no other column is taken for them.

    Also 'Percentage bewoond' is not for 'Percentage onbewoond', nor 'Niet-woningvoorraad' for
    'Woningvoorraad'.
    """
    table, year = RELEASES[release]
    properties = real_properties(shared, table)
    found = match_columns(codebook, properties, year, table)
    needed = {concept: key for concept, key in found.items() if codebook[concept].required}
    dropped = set(found.values()) - set(needed.values())
    less = [record for record in properties if record.get("Key") not in dropped]
    assert match_columns(codebook, less, year, table) == needed


def test_the_numbers_in_the_keys_say_nothing(shared, codebook):
    """The release of July 2026 of 2024 has the layout of 2025, other numbers and all."""
    april = real_properties(shared, "85984NED")
    july = real_properties(shared, "86165NED")
    before = match_columns(codebook, april, 2024, "85984NED")
    after = match_columns(codebook, july, 2024, "85984NED")
    assert before["income_per_inhabitant_eur"] == "GemiddeldInkomenPerInwoner_83"
    assert after["income_per_inhabitant_eur"] == "GemiddeldInkomenPerInwoner_78"
    assert after["share_persons_in_poverty"] == "PersonenInArmoede_81"
    assert "share_low_income_households" not in after


# Small tables


def test_columns_are_found_under_any_number(codebook):
    first = matched(codebook, COLUMNS)
    extra = ("Bevolking > Burgerlijke staat > Gehuwd | aantal",)
    moved = matched(codebook, COLUMNS[:5] + extra + COLUMNS[5:])
    assert first["n_men"] == "Mannen_6" and moved["n_men"] == "Mannen_7"
    assert first.keys() == moved.keys()
    stem = {name: key.rsplit("_", 1)[0] for name, key in first.items()}
    assert stem == {name: key.rsplit("_", 1)[0] for name, key in moved.items()}


def test_origins_are_sought_from_2023_only(codebook):
    found = matched(codebook, COLUMNS + ORIGIN, 2024)
    assert found["n_origin_netherlands"] == "Nederland_11"
    assert found["n_born_nl_origin_netherlands"] == "Nederland_14"
    assert found["n_born_abroad_origin_outside_europe"] == "BuitenEuropa_15"
    assert not any("origin" in name for name in matched(codebook, COLUMNS + ORIGIN, 2022))


def test_capitals_spaces_and_hyphens_do_not_matter(codebook):
    columns = replaced(COLUMNS, "Aantal inwoners", "AANTAL  Inwoners ")
    assert matched(codebook, columns)["inhabitants"] == "AANTALInwoners_5"


def test_two_columns_for_one_concept_are_refused_naming_both(codebook):
    twice = (*COLUMNS, "Bevolking > Nog eens > Geslacht > Mannen | aantal")
    with pytest.raises(InputError, match="Mannen_6 en Mannen_11 .* n_men; maak .* preciezer"):
        matched(codebook, twice)


def test_a_dropped_column_is_just_absent(codebook):
    assert "n_men" not in matched(codebook, without(COLUMNS, "Mannen"))


def test_a_renamed_column_is_named(codebook):
    columns = replaced(COLUMNS, "Gemiddeld inkomen per inwoner", "Gemiddeld inkomen per persoon")
    with pytest.raises(InputError, match="GemiddeldInkomenPerPersoon_8") as error:
        matched(codebook, columns)
    for words in ("84799NED (2020)", "income_per_inhabitant_eur", "data/codebook.csv"):
        assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_column_under_another_group_is_named(codebook):
    columns = replaced(COLUMNS, "Geslacht > Mannen", "Sekse > Mannen")
    with pytest.raises(InputError, match="onbekende kolom Mannen_6"):
        matched(codebook, columns)


def test_another_unit_is_never_taken_for_the_same(codebook):
    # Euros for thousands of euros would be wrong by a factor of a thousand.
    columns = replaced(COLUMNS, "x 1 000 euro", "euro")
    with pytest.raises(InputError, match=r"GemiddeldInkomenPerInwoner_8 \(euro\)"):
        matched(codebook, columns)
    same = replaced(COLUMNS, "x 1 000 euro", "1 000 euro")
    assert matched(codebook, same)["income_per_inhabitant_eur"] == "GemiddeldInkomenPerInwoner_8"


def test_a_row_of_its_own_in_the_codebook_ends_a_false_alarm(codebook, tmp_path):
    columns = replaced(COLUMNS, "Gemiddeld inkomen per inwoner", "Gemiddeld inkomen per persoon")
    other = "income_other_eur,keur,x 1 000 euro,Gemiddeld inkomen per persoon,,,,,,a,b,\n"
    more = codebook | read_codebook(written(tmp_path, HEADER + other))
    found = matched(more, columns)
    assert "income_per_inhabitant_eur" not in found and "income_other_eur" in found


def test_a_column_of_a_concept_of_other_years_is_not_taken_for_a_new_name(tmp_path):
    old = "n_old,count,aantal,Aantal huishouden,,2019,,,,a,b,\n"
    new = "n_new,count,aantal,Aantal huishoudens,,,,,,a,b,\n"
    codebook = read_codebook(written(tmp_path, HEADER + old + new))
    properties = data_properties(("Bevolking > Aantal huishouden | aantal",))
    assert match_columns(codebook, properties, 2019, "T") == {"n_old": "AantalHuishouden_1"}
    assert match_columns(codebook, properties, 2020, "T") == {}


def test_a_required_column_that_is_gone_makes_the_table_useless(codebook):
    for title, concept in (("Codering", "region_code"), ("Gemeentenaam", "gm_name")):
        with pytest.raises(InputError, match=f"{concept}.; zonder die kolom"):
            matched(codebook, without(COLUMNS, title))


def test_properties_of_a_strange_shape_do_not_hang(codebook):
    properties = data_properties(COLUMNS)
    for record in properties:
        if record["Type"] == "TopicGroup":
            record["ParentID"] = record["ID"]
    assert match_columns(codebook, properties, 2020, "84799NED")["inhabitants"]
    with pytest.raises(InputError, match="zonder die kolom"):
        match_columns(codebook, [], 2020, "84799NED")


def test_matching_changes_neither_codebook_nor_properties(codebook):
    properties = data_properties(COLUMNS)
    kept, concepts = json.dumps(properties), dict(codebook)
    match_columns(codebook, properties, 2020, "84799NED")
    assert json.dumps(properties) == kept and codebook == concepts


# Files that are wrong


def written(tmp_path, text):
    file = tmp_path / "codebook.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_codebook_is_read_by_concept(tmp_path):
    found = read_codebook(written(tmp_path, HEADER + ROW + SHARE))
    assert found["inhabitants"].spelling == (("bevolking", "aantalinwoners"),)
    assert found["inhabitants"].required and found["inhabitants"].rounding == 5
    assert not found["share_low"].required and found["share_low"].rounding is None
    assert found["share_low"].exists_in(1) and found["share_low"].exists_in(math.inf)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "moet de kolommen"),
        (HEADER.replace("kind", "soort") + ROW, "moet de kolommen"),
        (HEADER + ROW.replace("count", "aantal"), "onbekend soort 'aantal' bij inhabitants"),
        (HEADER + ROW + ROW, "het begrip inhabitants meer dan één keer"),
        (HEADER + ROW + ROW.replace("inhabitants", "people"), "people en inhabitants hebben"),
        (HEADER + SHARE, "inhabitants, de noemer van share_low, staat er niet in"),
        (HEADER + ROW.replace(",,,yes", ",nu,,yes"), "from_year van inhabitants moet een getal"),
        (HEADER + "inhabitants,count\n", "regel van inhabitants heeft niet 12 velden"),
        (HEADER + ROW.replace("Bevolking > Aantal inwoners", " | "), "heeft een leeg deel"),
        (HEADER + ROW.replace("Bevolking > Aantal inwoners", ""), "heeft een leeg deel"),
    ],
)
def test_a_codebook_that_is_wrong_is_refused(tmp_path, text, says):
    with pytest.raises(InputError, match=says) as error:
        read_codebook(written(tmp_path, text))
    assert "codebook.csv" in str(error.value)


# What a codebook may leave out


def test_names_in_downloads_and_breaks_may_be_left_out(tmp_path):
    file = tmp_path / "codebook.csv"
    file.write_text(HEADER + ROW, encoding="utf-8")
    concept = read_codebook(file)["inhabitants"]
    assert concept.download_name == () and concept.break_year is None
    more = HEADER.replace("\n", ",download_name,break_year\n") + ROW.replace("\n", ",a | b,2020\n")
    file.write_text(more, encoding="utf-8")
    concept = read_codebook(file)["inhabitants"]
    assert concept.download_name == ("a", "b") and concept.break_year == 2020
    file.write_text(more.replace("2020", "toen"), encoding="utf-8")
    with pytest.raises(InputError, match="break_year van inhabitants moet een getal"):
        read_codebook(file)


def test_every_concept_has_its_short_name_and_none_is_shared(codebook, shared):
    names = [name for concept in codebook.values() for name in concept.download_name]
    assert len(names) == len(set(names)) and all(c.download_name for c in codebook.values())
    known = pd.read_csv(shared / "data" / "metadata" / "kwb_column_concepts.csv", dtype=str)
    compared = 0
    for theirs, called in zip(known["concept"], known["kwb_xls_name"], strict=True):
        if theirs in OURS and isinstance(called, str):
            assert set(called.split(" -> ")) <= set(codebook[OURS[theirs]].download_name), theirs
            compared += 1
    assert compared == 66


def test_a_title_with_a_slash_is_found_whole_or_parted(tmp_path):
    """Exports part groups by '/', and 'Havo/vwo' is one group."""
    file = tmp_path / "codebook.csv"
    row = "havo_distance_km,distance,km,Havo/vwo > Afstand tot school,,,,,,school,Onderwijs,\n"
    file.write_text(HEADER + row, encoding="utf-8")
    book = read_codebook(file)
    for path in ("Onderwijs > Havo/vwo", "Onderwijs > Havo > vwo"):
        properties = data_properties((f"{path} > Afstand tot school | km",))
        assert match_columns(book, properties, 2023, "t") == {
            "havo_distance_km": "AfstandTotSchool_1"
        }
