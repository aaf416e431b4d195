import pandas as pd
import pytest

from analysis.figures import claims
from analysis.reports.absent import Absent
from analysis.reports.dossier import open_dossier
from analysis.reports.from_the_room import answer, find_group
from analysis.sources.errors import InputError
from analysis.sources.regions import find_region

WIJKEN = pd.Series(
    {
        "WK990100": "Centrum",
        "WK990101": "Oud-Noord",
        "WK990102": "Nieuw-Noord",
        "WK9901AB": "'t Élan",
    }
)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("WK990101", "WK990101"),
        (" wk9901ab ", "WK9901AB"),
        ("centrum", "WK990100"),
        ("CENT", "WK990100"),
        ("oud noord", "WK990101"),
        ("elan", "WK9901AB"),
    ],
)
def test_a_wijk_is_found_by_code_name_or_part_of_it(asked, code):
    assert find_region(asked, WIJKEN, "wijk", "Elders") == code


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "noord",
            "'noord' kan meer dan één wijk zijn: Oud-Noord (WK990101); Nieuw-Noord (WK990102).",
        ),
        ("Centrm", "Er is geen wijk 'Centrm' in Elders; bedoelt u Centrum?"),
        ("qq", "Er is geen wijk 'qq' in Elders; er zijn bijvoorbeeld Centrum, Oud-Noord,"),
        (" ", "Er is geen wijk ' ' in Elders"),
        ("(", "Er is geen wijk '(' in Elders"),
    ],
)
def test_a_wijk_that_is_not_meant_clearly_is_refused(asked, said):
    with pytest.raises(InputError) as refused:
        find_region(asked, WIJKEN, "wijk", "Elders")
    assert said in str(refused.value)


def test_a_whole_name_goes_before_names_it_is_part_of():
    names = pd.Series({"BU00010001": "Noord", "BU00010002": "Noord-Oost"})
    assert find_region("noord", names, "buurt", "Elders") == "BU00010001"


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("bijstand", "social_assistance"),
        ("social_assistance", "social_assistance"),
        ("Kinderen", "age_0_14"),
        ("65", "age_65_plus"),
        ("laag inkomen", "low_income_households"),
    ],
)
def test_a_group_is_found_by_words_of_its_label(asked, key):
    assert find_group(asked).key == key


@pytest.mark.parametrize(
    ("asked", "said"),
    [("herkomst", "meer dan één groep"), ("katten", "Er is geen groep 'katten'; er zijn 'huis")],
)
def test_a_group_that_is_not_meant_clearly_is_refused(asked, said):
    with pytest.raises(InputError, match=said):
        find_group(asked)


def test_without_a_question_the_first_group_is_shown_per_wijk(example_dossier):
    figure = answer(example_dossier)
    wijken = figure.rows[figure.rows["level"].eq("wijk")]
    assert set(wijken["area_code"]) >= set(
        example_dossier.regions(example_dossier.newest, "wijk").index
    )
    assert not wijken.duplicated("area_code").any()


def test_a_wijk_shows_its_own_buurten_beside_itself_and_the_gemeente(example_dossier):
    wijk = example_dossier.regions(example_dossier.newest, "wijk").index[1]
    figure = answer(example_dossier, wijk=wijk, groep="65-plussers")
    rows = figure.rows
    buurten = example_dossier.regions(example_dossier.newest, "buurt")
    inside = set(buurten.index[buurten["wk_code"].eq(wijk)])
    assert inside and set(rows.loc[rows["level"].eq("buurt"), "area_code"]) == inside
    assert set(rows.loc[rows["level"].ne("buurt"), "area_code"]) == {wijk, "GM9901"}
    own = rows.set_index("area_code").loc[wijk]
    counted = example_dossier.regions(example_dossier.newest, "wijk").loc[wijk]
    assert own["value"] == pytest.approx(counted["n_age_65_plus"] / counted["inhabitants"])
    assert figure.claim.startswith(f"In {own['area_name']} is het aandeel 65-plussers ")
    assert figure.stamp == example_dossier.edition.stamp


def test_what_has_no_figures_is_said(real_dossier):
    # The tables at hand name no corporation in Zoetermeer.
    told = answer(real_dossier, groep="corporatie")
    assert isinstance(told, Absent) and "huurwoningen van een corporatie" in told.sentence


def test_a_wrong_wijk_names_those_that_there_are(real_dossier):
    with pytest.raises(InputError, match="bedoelt u Meerzicht"):
        answer(real_dossier, wijk="Merzicht")


def test_real_wijken_and_groups_have_answers(real_raw):
    dossier = open_dossier("Zoetermeer", raw=str(real_raw))
    for wijk, group in (("Meerzicht", "bijstand"), ("", "kinderen"), ("Rokkeveen", "65")):
        assert answer(dossier, wijk=wijk, groep=group).rows["value"].notna().any()


@pytest.mark.parametrize(
    ("own", "whole", "said"),
    [
        ((0.1, "ok"), (0.05, "ok"), "In A is het aandeel x 10%, in heel B 5%"),
        ((0.05, "ok"), (0.1, "ok"), "In A is het aandeel x 5%, in heel B 10%"),
        ((0.101, "ok"), (0.099, "ok"), "In A is het aandeel x 10%, net als in heel B"),
        ((0.1, "ok"), (float("nan"), "not_published"), "In A is het aandeel x 10%"),
    ],
)
def test_a_share_beside_that_of_the_gemeente(own, whole, said):
    rows = [
        pd.Series({"value": value, "status": status, "area_name": name})
        for (value, status), name in ((own, "A"), (whole, "B"))
    ]
    assert claims.share_beside(*rows, "x") == said


def test_a_share_that_is_absent_says_why():
    own = pd.Series({"value": float("nan"), "status": "suppressed", "area_name": "A"})
    assert claims.share_beside(own, own, "x").startswith(
        "Over het aandeel x in A is niets te zegge"
    )
