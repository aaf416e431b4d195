"""The table of kinds of facility, and which words and tags name one."""

import numpy as np
import pandas as pd
import pytest

from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import (
    COLUMNS,
    DOMAINS,
    kind_of_tags,
    kind_of_words,
    read_kinds,
)

HEADER = ",".join(COLUMNS) + "\n"
PARK = "park,Park,green,both,all,leisure=park,access=private,plantsoen,\n"
POOL = "pool,Zwembad,sport_play,both,all,leisure=pool+access=yes|public,,binnenbad,\n"


@pytest.fixture(scope="module")
def kinds(root):
    return read_kinds(root / "data" / "facility_kinds.csv")


def written(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "facility_kinds.csv"
    file.write_text(text, encoding=encoding)
    return file


def named(words, kinds):
    return kind_of_words(pd.Series(words, dtype="object"), kinds).tolist()


def test_the_project_s_table_covers_every_domain(kinds):
    asked = {"library", "primary_school", "secondary_school", "special_school", "day_care", "shop",
             "supermarket", "market", "cafe", "restaurant", "park", "playground", "sports",
             "allotment", "community_garden", "community_centre", "residents_initiative",
             "place_of_worship", "gp", "theatre", "museum", "cinema"}  # fmt: skip
    assert asked <= set(kinds.index) and set(kinds["domain"]) == set(DOMAINS)
    assert kinds["label"].is_unique


def test_words_of_a_gemeente_and_of_duo(kinds):
    expected = {
        "Bibliotheek": "library", "basisschool": "primary_school", "SBAO": "special_school",
        "(V)SO": "special_school", "SO": "special_school", "VBO/MAVO/HAVO/VWO": "secondary_school",
        "BRUGJAAR": "secondary_school", "PRO": "secondary_school", "school": "school",
        "Huis van de Wijk": "community_centre", "Supermarkt": "supermarket", "KDV": "day_care",
        "community_centre": "community_centre", "place_of_worship": "place_of_worship",
        "pub": "cafe", "fast_food": "fast_food", "marketplace": "market", "huisarts": "gp",
    }  # fmt: skip
    assert named(list(expected), kinds) == list(expected.values())


def test_capitals_accents_signs_and_plurals_make_no_difference(kinds):
    for kind, words in {
        "library": ("BIBLIOTHEKEN", " bibliotheek ", "libraries"),
        "cafe": ("CAFÉ'S", "cafes", "Cafés"),
        "community_centre": ("Buurthuizen", "wijkcentra", "buurt-huis"),
        "place_of_worship": ("moskeeën", "kerken", "Churches"),
        "supermarket": ("Supermarkten",),
        "sports": ("gymzalen", "sporthallen"),
        "museum": ("musea",),
        "secondary_school": ("middelbare scholen", "havo, vwo"),
        "day_care": ("day-care", "crèches", "creche"),
    }.items():
        assert named(list(words), kinds) == [kind] * len(words)


def test_what_is_not_known_is_not_guessed(kinds):
    words = ["biblioteek", "boekenclub", "sport en cultuur", "bench", "", "  ", "havo/onbekend", 7]
    assert pd.isna(named([*words, None, np.nan], kinds)).all()


def test_words_keep_their_index_and_are_not_changed(kinds):
    words = pd.Series(["park", None, "kerk"], index=[5, 5, 9])
    before = words.copy()
    found = kind_of_words(words, kinds)
    assert found.index.tolist() == [5, 5, 9] and found.notna().tolist() == [True, False, True]
    pd.testing.assert_series_equal(words, before)
    assert kind_of_words(pd.Series([], dtype="str"), kinds).empty
    grouped = pd.Series(["park", "kerk"], dtype="category")
    assert kind_of_words(grouped, kinds).tolist() == ["park", "place_of_worship"]


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"amenity": "library"}, "library"),
        ({"amenity": "library", "access": "private"}, None),
        ({"amenity": "library", "operator": "Universiteit van Amsterdam"}, None),
        ({"amenity": "library", "name": "Universiteitsbibliotheek"}, None),
        ({"amenity": "school"}, "school"),
        ({"amenity": "school", "isced:level": "1"}, "primary_school"),
        ({"amenity": "school", "isced:level": "2;3"}, "secondary_school"),
        ({"amenity": "kindergarten"}, "day_care"),
        ({"shop": "supermarket"}, "supermarket"),
        ({"shop": "books"}, "shop"),
        ({"shop": "coffee; tea"}, "shop"),
        ({"shop": "vacant"}, None),
        ({"amenity": "cafe", "shop": "books"}, "cafe"),
        ({"amenity": "pub"}, "cafe"),
        ({"leisure": "park", "access": "no public access"}, None),
        ({"leisure": "park", "access": "yes", "landuse": "grass"}, "park"),
        ({"leisure": "park;garden"}, "park"),
        ({"leisure": "Garden; Park"}, "park"),
        ({"leisure": "garden"}, None),
        ({"leisure": "garden", "access": "yes"}, "park"),
        ({"leisure": "garden", "garden:type": "community"}, "community_garden"),
        ({"leisure": "playground", "access": "private"}, None),
        ({"leisure": "swimming_pool"}, None),
        ({"leisure": "swimming_pool", "access": "private"}, None),
        ({"leisure": "swimming_pool", "access": "public"}, "swimming_pool"),
        ({"leisure": "pitch", "sport": "soccer"}, "pitch"),
        ({"leisure": "sports_centre"}, "sports"),
        ({"amenity": "place_of_worship", "religion": "muslim"}, "place_of_worship"),
        ({"building": "church"}, None),
        ({"amenity": "place_of_worship", "community_centre": "parish_hall"}, "place_of_worship"),
        ({"amenity": "community_centre", "community_centre": "youth_centre"}, "youth_centre"),
        ({"amenity": "social_facility", "social_facility": "food_bank"}, "residents_initiative"),
        ({"amenity": "social_facility", "social_facility": "nursing_home"}, "care_home"),
        ({"amenity": "social_facility", "social_facility": "shelter"}, None),
        ({"amenity": "doctors"}, "gp"),
        ({"amenity": "cinema", "disused": "yes"}, None),
        ({"disused:amenity": "cinema"}, None),
        ({"amenity": None, "shop": ""}, None),
        ({}, None),
    ],
)
def test_an_object_gets_one_kind_the_most_specific(kinds, tags, kind):
    (found,) = kind_of_tags([tags], kinds)
    assert found == kind if kind else pd.isna(found)


def test_tags_in_a_table_keep_their_index(kinds):
    tags = pd.DataFrame({"amenity": ["library", np.nan], "shop": [np.nan, "bakery"]}, index=[8, 3])
    before = tags.copy()
    assert kind_of_tags(tags, kinds).to_dict() == {8: "library", 3: "food_shop"}
    pd.testing.assert_frame_equal(tags, before)
    assert kind_of_tags([], kinds).empty


def test_what_is_ruled_out_can_be_told(kinds):
    tags = [{"leisure": "park", "access": "private"}, {"shop": "vacant"}, {"amenity": "bench"}]
    assert kind_of_tags(tags, kinds).isna().all()
    told = kind_of_tags(tags, kinds, although_ruled_out=True)
    assert told[:2].tolist() == ["park", "shop"] and pd.isna(told[2])


def test_a_table_of_one_s_own(tmp_path):
    own = read_kinds(written(tmp_path, HEADER + PARK + POOL, "utf-8-sig"))
    assert own.index.tolist() == ["park", "pool"] and own.loc["pool", "domain"] == "sport_play"
    assert named(["plantsoenen", "binnenbaden", "Zwembad"], own) == ["park", "pool", "pool"]


def test_a_word_of_the_table_goes_before_a_plural_of_another_kind(tmp_path):
    text = HEADER + PARK.replace("plantsoen", "bad") + POOL.replace("binnenbad", "badden")
    assert named(["badden", "bad"], read_kinds(written(tmp_path, text))) == ["pool", "park"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "moet de kolommen kind, label"),
        (HEADER, "geen enkele soort"),
        (HEADER.replace("ties", "band") + PARK, "moet de kolommen kind, label"),
        (HEADER + PARK + PARK, "noemt de soort park meer dan één keer"),
        (HEADER + PARK.replace("green", "groen"), "domain 'groen' van park is onbekend; kies uit"),
        (HEADER + PARK.replace("both", "some"), "ties 'some' van park"),
        (HEADER + PARK.replace(",all,", ",kids,"), "serves 'kids' van park"),
        (HEADER + PARK.replace(",Park,", ",,"), "park heeft geen label"),
        (HEADER + PARK.replace("leisure=park", "leisure"), "'leisure' is geen voorwaarde"),
        (HEADER + PARK.replace("leisure=park", "leisure=park|"), "lege waarde"),
        (HEADER + PARK.replace("access=private", "access"), "'access' is geen voorwaarde"),
        (HEADER + PARK + POOL.replace("binnenbad", "Plantsoen"), "'plantsoen' staat bij park en"),
        (HEADER + PARK + POOL.replace("leisure=pool+access=yes|public", "leisure=park"),
         "pool en park hebben dezelfde tags|'park' staat bij"),
        (HEADER + "park,Park\n", "regel van park heeft niet 9 velden"),
    ],
)  # fmt: skip
def test_a_table_that_is_wrong_is_refused(tmp_path, text, says):
    with pytest.raises(InputError, match=says) as error:
        read_kinds(written(tmp_path, text))
    assert "facility_kinds.csv" in str(error.value)


def test_a_table_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="kan niet worden gelezen"):
        read_kinds(tmp_path / "facility_kinds.csv")
