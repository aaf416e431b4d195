import pandas as pd
import pytest

from analysis.sources import kerncijfers, regions
from analysis.sources.errors import InputError

NAMES = pd.Series(
    {
        "GM0518": "'s-Gravenhage",
        "GM0796": "'s-Hertogenbosch",
        "GM0893": "Bergen (L.)",
        "GM0373": "Bergen (NH.)",
        "GM1900": "Súdwest-Fryslân",
        "GM0820": "Nuenen, Gerwen en Nederwetten",
        "GM0637": "Zoetermeer",
        "GM0034": "Almere",
        "GM0344": "Utrecht",
        "GM1740": "Neder-Betuwe",
        "GM1940": "De Fryske Marren",
        "GM9001": "'s-Heerenwaard",
    }
)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("GM0637", "GM0637"),
        ("gm0637", "GM0637"),
        ("0637", "GM0637"),
        ("637", "GM0637"),
        (" Zoetermeer ", "GM0637"),
        ("zoetermeer", "GM0637"),
        ("ZOETERMEER", "GM0637"),
        ("Den Haag", "GM0518"),
        ("den haag", "GM0518"),
        ("'s-Gravenhage", "GM0518"),
        ("'s-gravenhage", "GM0518"),
        ("s-gravenhage", "GM0518"),
        ("s gravenhage", "GM0518"),
        ("S GRAVENHAGE", "GM0518"),
        ("’s-Gravenhage", "GM0518"),
        ("gravenhage", "GM0518"),
        ("heerenwaard", "GM9001"),
        ("'s Heerenwaard", "GM9001"),
        ("den bosch", "GM0796"),
        ("Den Bosch", "GM0796"),
        ("s-hertogenbosch", "GM0796"),
        ("Súdwest-Fryslân", "GM1900"),
        ("Sudwest-Fryslan", "GM1900"),
        ("sudwest fryslan", "GM1900"),
        ("Nuenen, Gerwen en Nederwetten", "GM0820"),
        ("nuenen gerwen en nederwetten", "GM0820"),
        ("Nuenen c.a.", "GM0820"),
        ("Nuenen", "GM0820"),
        ("Neder Betuwe", "GM1740"),
        ("nederbetuwe", "GM1740"),
        ("Bergen (L.)", "GM0893"),
        ("Bergen (NH)", "GM0373"),
        ("bergen nh", "GM0373"),
    ],
)
def test_a_gemeente_is_found_by_what_people_type(asked, code):
    assert regions.find_gemeente(asked, NAMES) == code


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("Zoetermer", "geen gemeente 'Zoetermer' .* bedoelt u Zoetermeer"),
        ("Soetermeer", "bedoelt u Zoetermeer"),
        ("Den Hag", "bedoelt u Den Haag"),
        ("Almeer", "bedoelt u Almere"),
        ("Qxqxqx", "kijk of de naam klopt"),
        ("", "geen gemeente ''"),
        ("GM9999", "geen gemeente met code GM9999"),
        ("9999", "geen gemeente met code GM9999"),
        ("WK063700", "geen gemeente 'WK063700'"),
    ],
)
def test_an_unknown_gemeente_gets_the_nearest_names(asked, says):
    with pytest.raises(InputError, match=says) as error:
        regions.find_gemeente(asked, NAMES)
    assert "\n" not in str(error.value)


def test_a_name_that_two_gemeenten_share_names_both():
    with pytest.raises(InputError, match="Meer dan één gemeente heet 'bergen'") as error:
        regions.find_gemeente("bergen", NAMES)
    for option in ("Bergen (L.) (GM0893)", "Bergen (NH.) (GM0373)"):
        assert option in str(error.value)


def test_a_name_without_its_province_is_enough_where_only_one_has_it():
    alone = NAMES.drop("GM0373")
    assert regions.find_gemeente("Bergen", alone) == "GM0893"


def test_codes_hold_letters_and_tell_their_gemeente_and_wijk():
    codes = pd.Series(["BU0363AC02", "BU00340304"], index=["a", "b"])
    assert regions.gm_code(codes).to_dict() == {"a": "GM0363", "b": "GM0034"}
    assert regions.wk_code(codes).to_dict() == {"a": "WK0363AC", "b": "WK003403"}
    assert regions.is_level(codes, "buurt").all()
    assert not regions.is_level(codes, "wijk").any()


@pytest.mark.parametrize(
    ("level", "good", "bad"),
    [
        ("gemeente", "GM0363", "GM03630"),
        ("wijk", "WK0363AC", "WK0363"),
        ("buurt", "BU0363AC02", "BU0363AC0"),
        ("buurt", "BU03630000", "WK03630000"),
    ],
)
def test_code_patterns(level, good, bad):
    codes = pd.Series([good, bad])
    assert codes.str.fullmatch(regions.CODE_PATTERN[level]).tolist() == [True, False]


def test_a_level_that_does_not_exist_is_refused():
    with pytest.raises(InputError, match="'straat' bestaat niet; kies uit gemeente, wijk, buurt"):
        regions.check_level("straat")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Wijk 04 Palenstein   ".ljust(40), "Palenstein"),
        ("Wijk 01", "Wijk 01"),
        ("Wijk 05: Walem", "Walem"),
        ("Wijk aan Zee", "Wijk aan Zee"),
        ("Wijk bij Duurstede", "Wijk bij Duurstede"),
        ("Wijk C", "Wijk C"),
        ('"De Zuidlanden"', '"De Zuidlanden"'),
        ("Oost, West en Noord", "Oost, West en Noord"),
    ],
)
def test_labels_lose_their_padding_and_number(name, label):
    assert regions.label(pd.Series([name])).tolist() == [label]


@pytest.mark.parametrize("year", [2017, 2020, 2024])
def test_real_gemeenten_are_found_by_its_code_and_its_name(real_release, year):
    names = kerncijfers.gemeente_names(real_release(year))
    assert names.index.is_unique and len(names) == {2017: 387, 2020: 355, 2024: 342}[year]
    for code, name in names[::8].items():
        assert regions.find_gemeente(code, names) == code
        assert regions.find_gemeente(name, names) == code
        assert regions.find_gemeente(name.upper().replace("-", " "), names) == code


def test_usual_names_lead_to_real_gemeenten(real_release):
    names = kerncijfers.gemeente_names(real_release(2024))
    for usual, official in regions.USUAL_NAMES.items():
        assert names[regions.find_gemeente(usual, names)] == official
    with pytest.raises(InputError, match=r"Bergen \(L\.\) \(GM0893\).*Bergen \(NH\.\) \(GM0373\)|"
                       r"Bergen \(NH\.\) \(GM0373\) of Bergen \(L\.\) \(GM0893\)"):  # fmt: skip
        regions.find_gemeente("Bergen", names)
