"""Titles and sentences: each for greater, smaller, no difference, too few figures and none."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.frame import evidence_frame
from analysis.figures import claims, provision_claims, scale_claims

NAMES = ("Rokkeveen", "Palenstein", "Meerzicht", "Seghwaert")


def row(value=0.2, status="ok", **more) -> pd.Series:
    known = {
        "area_code": "GM0637", "area_name": "Zoetermeer", "year": 2024, "level": "gemeente",
        "measure": "share", "source": "Bron", "value": value if status == "ok" else np.nan,
        "status": status,
    }  # fmt: skip
    return evidence_frame([known | more]).iloc[0]


def rows(*values, level="wijk", **more) -> pd.DataFrame:
    """Return one row per value; a text is the status of a row without one."""
    return pd.DataFrame(
        [
            row(value, level=level, area_name=name, **more)
            if not isinstance(value, str)
            else row(status=value, level=level, area_name=name, **more)
            for value, name in zip(values, NAMES, strict=False)
        ]
    ).reset_index(drop=True)


@pytest.fixture(autouse=True)
def _reads_right():
    """Whatever a test asserts, the texts of this module's functions are whole Dutch sentences."""
    told = []
    with pytest.MonkeyPatch.context() as patch:
        for module in (claims, provision_claims, scale_claims):
            for name in (
                "uneven", "uneven_more", "highest_share", "range_of_shares", "left_out",
                "resting_on", "isolated", "highest_quotient", "most_mixed", "between_or_inside",
                "most_inside", "beyond_chance", "nearest", "density", "farthest", "most_per_head",
            ):  # fmt: skip
                if name in vars(module):
                    original = getattr(module, name)

                    def listening(*given, original=original, **named):
                        told.append(original(*given, **named))
                        return told[-1]

                    patch.setattr(module, name, listening)
        yield
    for text in filter(None, told):
        assert text[0].isupper() or text[0].isdigit() or text[0] == "'", text
        assert "  " not in text and "\n" not in text
        for word in ("nan", "None", "onbekend", "<NA>", "leidt tot", "veroorzaakt", "doordat"):
            assert word not in text, text
        # Dutch decimals.
        assert not pd.Series([text]).str.contains(r"\d\.\d(?!\d\d)").any(), text


# How unevenly


def test_uneven_says_how_many_would_have_to_move():
    said = claims.uneven(row(0.187, level="buurt"), "mensen met bijstand", "inkomen")
    assert said == (
        "In Zoetermeer zou 19% van de mensen met bijstand moeten verhuizen voor een gelijke "
        "spreiding over de buurten"
    )


def test_dwellings_do_not_move():
    said = claims.uneven(row(0.3, level="wijk"), "koopwoningen", "wonen")
    assert "elders moeten staan" in said and "verhuizen" not in said


@pytest.mark.parametrize("value", [0.0, 0.004])
def test_no_difference_is_said_as_such(value):
    assert claims.uneven(row(value, level="wijk"), "65-plussers", "leeftijd") == (
        "In Zoetermeer zijn 65-plussers vrijwel gelijk verspreid over de wijken"
    )


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("suppressed", "geheim of te weinig cijfers"),
        ("group_absent", "niemand van deze groep"),
        ("single_unit", "maar één gebied"),
        ("no_denominator", "noemer ontbreekt"),
        ("not_published", "nog niet gepubliceerd"),
        ("does_not_exist", "bestaat niet in dit jaar"),
    ],
)
def test_without_a_value_the_reason_is_said(status, why):
    absent = row(status=status, level="wijk")
    assert claims.uneven(absent, "65-plussers", "leeftijd") == (
        f"Over de spreiding van 65-plussers over wijken is niets te zeggen: {why}"
    )
    assert claims.isolated(absent, "65-plussers", "inwoners", "leeftijd").endswith(f": {why}")
    assert claims.uneven_more(absent, row(0.2, level="buurt")) == (
        f"Over de verschillen tussen wijken is niets te zeggen: {why}."
    )


@pytest.mark.parametrize(
    ("wijk", "buurt", "missing", "said"),
    [
        (0.127, 0.187, 0, "Tussen buurten is het verschil groter (0,19) dan tussen wijken (0,13): "
         "kleinere gebieden laten meer verschil zien."),
        (0.124, 0.1335, 0, "Tussen wijken is het verschil ongeveer even groot als tussen buurten "
         "(0,12 en 0,13)."),
        (0.2, 0.1, 3, "Tussen wijken is het verschil groter (0,20) dan tussen buurten (0,10); voor "
         "een deel van de buurten ontbreken cijfers."),
        (0.2, 0.1, 0, "Tussen wijken is het verschil groter (0,20) dan tussen buurten (0,10); dat "
         "komt van het afronden."),
    ],
    ids=["greater", "alike", "holes", "rounding"],
)  # fmt: skip
def test_two_levels_beside_each_other(wijk, buurt, missing, said):
    assert said == claims.uneven_more(
        row(wijk, level="wijk"), row(buurt, level="buurt", units_missing=missing)
    )


def test_a_buurt_without_a_value_is_named_too():
    said = claims.uneven_more(row(0.2, level="wijk"), row(status="suppressed", level="buurt"))
    assert said.startswith("Over de verschillen tussen buurten")


# Shares


def test_the_highest_share_beside_the_whole():
    said = claims.highest_share(rows(0.1, 0.348, 0.2), row(0.21), "65-plussers")
    assert said == (
        "In Palenstein is het aandeel 65-plussers het grootst: 35%, tegen 21% in heel Zoetermeer"
    )


def test_a_small_region_leads_no_title():
    found = rows(0.1, 0.9, 0.348, level="buurt").assign(median_unit_size=[1000, 60, 200])
    said = claims.highest_share(found, row(0.21), "65-plussers")
    assert said == (
        "In Meerzicht is het aandeel 65-plussers het grootst van de buurten met 200 inwoners of "
        "meer: 35%, tegen 21% in heel Zoetermeer"
    )
    times = claims.highest_quotient(found.assign(value=[0.8, 3.0, 1.4]), "65-plussers")
    assert times == (
        "In Meerzicht is het aandeel 65-plussers 1,40 keer zo groot als in de hele gemeente, het "
        "meest van de buurten met 200 inwoners of meer"
    )


def test_the_first_of_few_is_not_called_the_first_of_all():
    found = rows(0.1, 0.4, 0.3, "suppressed", level="buurt").assign(
        median_unit_size=[1000, 900, 800, 1500]
    )
    # 2,700 of the 4,200 people live in the three buurten with a figure: 64 %.
    said = claims.highest_share(found, row(0.21), "65-plussers")
    assert said == (
        "In Palenstein is het aandeel 65-plussers het grootst van de 3 buurten met cijfers: 40%, "
        "tegen 21% in heel Zoetermeer"
    )
    small = found.assign(median_unit_size=[1000, 60, 800, 1500])
    assert "het grootst van de 2 buurten met cijfers en 200 inwoners of meer: 30%" in (
        claims.highest_share(small, row(0.21), "65-plussers")
    )
    assert "Palenstein van de 3 buurten met cijfers het meest" in claims.most_mixed(found, "x")
    # 2,700 of 3,300 is 82 %: enough to speak of all.
    enough = found.assign(median_unit_size=[1000, 900, 800, 600])
    assert "het grootst: 40%" in claims.highest_share(enough, row(0.21), "65-plussers")
    # Hardly anybody lives in the one without a figure: nothing is missing.
    tiny = found.assign(status=["ok", "ok", "ok", "too_small"])
    assert "het grootst: 40%" in claims.highest_share(tiny, row(0.21), "65-plussers")
    # Sizes unknown: three of four regions.
    unknown = found.assign(median_unit_size=float("nan"))
    assert "van de 3 buurten met cijfers" in claims.highest_share(unknown, row(0.21), "x")


def test_where_all_are_small_or_the_top_is_large_the_title_is_plain():
    small = rows(0.1, 0.3, level="buurt").assign(median_unit_size=[60, 199])
    top = rows(0.1, 0.3, level="buurt").assign(median_unit_size=[60, 200])
    for found in (small, top):
        said = claims.highest_share(found, row(status="not_published"), "65-plussers")
        assert said == "In Palenstein is het aandeel 65-plussers het grootst: 30%"


def test_the_highest_share_without_a_whole():
    said = claims.highest_share(rows(0.1, 0.3), row(status="not_published"), "65-plussers")
    assert said == "In Palenstein is het aandeel 65-plussers het grootst: 30%"


def test_those_that_share_the_first_place_are_all_said():
    whole = row(0.1)
    two = claims.highest_share(rows(0.3, 0.1, 0.3), whole, "65-plussers")
    assert two.startswith("In Rokkeveen en Meerzicht is het aandeel")
    three = claims.highest_share(rows(0.3, 0.1, 0.3, 0.3), whole, "65-plussers")
    assert three.startswith("In Rokkeveen en 2 andere wijken is het aandeel")


@pytest.mark.parametrize("values", [(0.0, 0.0), (0.121, 0.119)])
def test_shares_that_read_the_same_have_no_highest(values):
    found = rows(*values)
    said = claims.highest_share(found, row(0.1), "65-plussers")
    assert said.startswith("Het aandeel 65-plussers is in alle wijken met cijfers gelijk: ")
    assert "geen verschil tussen de 2 wijken" in claims.range_of_shares(found, "65-plussers")


def test_one_share_is_not_compared():
    found = rows("too_small", 0.3)
    assert claims.highest_share(found, row(0.1), "65-plussers") == (
        "Alleen over Palenstein is iets te zeggen: 30% 65-plussers"
    )
    assert claims.range_of_shares(found, "65-plussers") == (
        "Er zijn te weinig wijken met cijfers om te vergelijken."
    )


def test_no_share_at_all_gives_the_reason_that_most_have():
    found = rows("too_small", "suppressed", "suppressed", level="buurt")
    assert claims.highest_share(found, row(0.1), "65-plussers") == (
        "Over het aandeel 65-plussers per buurt is niets te zeggen: geheim of te weinig cijfers"
    )


def test_the_range_goes_from_lowest_to_highest():
    found = rows(0.3, 0.004, "too_small", 0.2, level="buurt")
    assert claims.range_of_shares(found, "65-plussers") == (
        "Het aandeel 65-plussers loopt van 0,4% in Palenstein tot 30% in Rokkeveen (3 buurten)."
    )


# Isolation, quotients, mix


def test_isolation():
    of_people = claims.isolated(row(0.228, level="buurt"), "65-plussers", "inwoners", "leeftijd")
    assert of_people == (
        "Waar 65-plussers wonen, is gemiddeld 23% van de inwoners in de buurt zoals zij"
    )
    of_homes = claims.isolated(row(0.5, level="wijk"), "koopwoningen", "woningen", "wonen")
    assert of_homes == "Waar koopwoningen staan, is gemiddeld 50% van de woningen in de wijk ook zo"


def test_the_highest_quotient():
    assert claims.highest_quotient(rows(0.6, 1.437, 1.0), "65-plussers") == (
        "In Palenstein is het aandeel 65-plussers 1,44 keer zo groot als in de hele gemeente"
    )


def test_quotients_of_one_say_that_all_are_alike():
    assert claims.highest_quotient(rows(1.004, 0.995), "65-plussers") == (
        "Het aandeel 65-plussers is in alle wijken met cijfers vrijwel gelijk aan dat van de "
        "gemeente"
    )


def test_one_large_wijk_near_one_does_not_make_a_small_one_alike():
    said = claims.highest_quotient(rows(1.005, 0.4), "65-plussers")
    assert "gelijk" not in said and "In Rokkeveen" in said


def test_too_few_quotients():
    assert claims.highest_quotient(rows(1.2, "too_small"), "65-plussers") == (
        "Er is maar één wijk met cijfers: er valt niets te vergelijken"
    )
    none = claims.highest_quotient(rows("no_denominator", "no_denominator"), "65-plussers")
    assert none == "Over het aandeel 65-plussers per wijk is niets te zeggen: noemer ontbreekt"


def test_the_most_and_the_least_mixed():
    assert claims.most_mixed(rows(0.5, 0.98, 0.36), "koop en huur") == (
        "Naar koop en huur is Palenstein het meest gemengd (0,98) en Meerzicht het minst (0,36)"
    )
    assert claims.most_mixed(rows(0.98, 0.98, 0.36), "leeftijd").startswith(
        "Naar leeftijd zijn Rokkeveen en Palenstein het meest gemengd"
    )
    assert claims.most_mixed(rows(0.981, 0.979), "leeftijd") == (
        "Naar leeftijd zijn alle wijken met cijfers even gemengd (0,98)"
    )


@pytest.mark.parametrize("values", [(0.5, "too_small"), ("suppressed", "too_small")])
def test_too_few_to_say_who_is_mixed(values):
    assert claims.most_mixed(rows(*values, level="buurt"), "leeftijd") == (
        "Over de menging naar leeftijd is voor te weinig buurten iets te zeggen"
    )


# The honest box


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((0.1, 0.2), "Beide wijken hebben een waarde."),
        ((0.1, 0.2, 0.3), "Alle 3 wijken hebben een waarde."),
        ((0.1,), "De enige wijk heeft een waarde."),
        (
            (0.1, "too_small", "suppressed", "too_small"),
            "Zonder waarde: 3 van de 4 wijken (2 te klein en 1 geheim of te weinig cijfers).",
        ),
        (("too_small",), "Zonder waarde: 1 van de 1 wijk (1 te klein)."),
    ],
)
def test_what_was_left_out(values, said):
    assert claims.left_out(rows(*values)) == said


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ((26, 0, 1.0, 5112.5), "2024: 26 wijken, de middelste met 5.112 inwoners; 100% van de "
         "inwoners telt mee."),
        ((22, 4, 0.9996, 5637.5), "2024: 22 wijken, de middelste met 5.638 inwoners, 4 zonder "
         "cijfer; >99,9% van de inwoners telt mee."),
        ((1, 0, 1.0, 25000), "2024: 1 wijk, met 25.000 inwoners; 100% van de inwoners telt mee."),
        ((26, 26, 0.0, np.nan), "2024: 26 wijken zonder bruikbare cijfers."),
    ],
)  # fmt: skip
def test_what_an_index_rests_on(facts, said):
    units, missing, covered, median = facts
    found = row(
        level="wijk", units=units, units_missing=missing, population_covered=covered,
        median_unit_size=median,
    )  # fmt: skip
    assert claims.resting_on(found) == said


# Provision

LABELS = {"gp": "huisartsenpraktijk", "school": "basisschool", "market": "grote supermarkt"}


def distances(*values) -> pd.DataFrame:
    return rows(*values, level="buurt").assign(group=list(LABELS)[: len(values)])


def test_the_nearest_and_the_farthest_kind():
    assert provision_claims.nearest(distances(0.92, 0.58, 0.8), LABELS) == (
        "Een basisschool ligt gemiddeld op 0,6 km, een huisartsenpraktijk op 0,9 km"
    )
    assert provision_claims.nearest(distances(0.58, 0.61), LABELS) == (
        "Een huisartsenpraktijk en een basisschool liggen gemiddeld even ver: 0,6 km"
    )
    assert provision_claims.nearest(distances("suppressed", 0.58), LABELS) == (
        "Een basisschool ligt gemiddeld op 0,6 km"
    )
    assert provision_claims.nearest(distances("not_published"), LABELS) == (
        "Over de afstand tot voorzieningen is niets te zeggen: nog niet gepubliceerd"
    )


def test_where_it_is_farthest():
    whole = row(0.8)
    assert provision_claims.farthest(rows(0.5, 2.96, 1), whole, "basisschool") == (
        "In Palenstein is een basisschool het verst: 3,0 km, tegen 0,8 km in heel Zoetermeer"
    )
    alone = provision_claims.farthest(rows(0.5, 2.96), row(status="suppressed"), "basisschool")
    assert alone == "In Palenstein is een basisschool het verst: 3,0 km"
    assert provision_claims.farthest(rows(0.5, 0.52), whole, "basisschool") == (
        "Een basisschool ligt in alle wijken met cijfers even ver: 0,5 km"
    )
    assert provision_claims.farthest(rows(0.5, "suppressed"), whole, "basisschool") == (
        "Alleen over Rokkeveen is iets te zeggen: een basisschool ligt op 0,5 km"
    )
    assert provision_claims.farthest(rows("suppressed"), whole, "basisschool") == (
        "Over de afstand tot een basisschool is niets te zeggen: geheim of te weinig cijfers"
    )


def test_a_density_with_its_interval():
    found = row(0.4436, low=0.3352, high=0.5762)
    assert provision_claims.density(found, "scholen") == (
        "Zoetermeer heeft 0,44 scholen per 1.000 inwoners (tussen 0,34 en 0,58)"
    )
    assert provision_claims.density(row(status="not_comparable"), "scholen") == (
        "Over het aantal scholen per 1.000 inwoners is niets te zeggen: niet te vergelijken"
    )


def test_most_per_head_says_when_it_may_be_chance():
    whole = row(0.45)
    top = rows(0.3, 0.78).assign(low=[0.1, 0.44])
    assert provision_claims.most_per_head(top, whole) == (
        "Palenstein heeft de meeste voorzieningen per 1.000 inwoners: 0,78, maar dat kan toeval "
        "zijn (gemeente: 0,45)"
    )
    assert provision_claims.most_per_head(top.assign(low=[0.1, 0.46]), whole) == (
        "Palenstein heeft de meeste voorzieningen per 1.000 inwoners: 0,78, tegen 0,45 in heel "
        "Zoetermeer"
    )
    absent = provision_claims.most_per_head(top, row(status="not_comparable"))
    assert absent == "Palenstein heeft de meeste voorzieningen per 1.000 inwoners: 0,78"


def test_most_per_head_without_a_first():
    whole = row(0.45)
    assert provision_claims.most_per_head(rows(0.0, 0.0), whole) == (
        "In geen van de wijken met cijfers ligt een voorziening uit de lijst"
    )
    assert provision_claims.most_per_head(rows(0.501, 0.499), whole) == (
        "In alle wijken met cijfers zijn er even veel voorzieningen per 1.000 inwoners: 0,50"
    )
    assert provision_claims.most_per_head(rows(0.5, "too_small"), whole) == (
        "Alleen over Rokkeveen is iets te zeggen: 0,50 per 1.000 inwoners"
    )
    assert provision_claims.most_per_head(rows("too_small"), whole) == (
        "Over het aantal voorzieningen per 1.000 inwoners is niets te zeggen: te klein"
    )
    both = provision_claims.most_per_head(rows(0.9, 0.9, 0.1).assign(low=0.1), whole)
    assert both.startswith("Rokkeveen en Palenstein hebben de meeste")


@pytest.mark.parametrize(
    ("between", "said"),
    [
        (0.82, "Van de ongelijke spreiding van 65-plussers ligt 82% tussen wijken"),
        (0.10, "Van de ongelijke spreiding van 65-plussers ligt 90% binnen wijken"),
        (
            0.52,
            "Van de ongelijke spreiding van 65-plussers ligt ongeveer de helft tussen wijken en de "
            "helft binnen wijken",
        ),
    ],
)
def test_between_wijken_or_inside_them(between, said):
    found = pd.concat([rows(between, level="wijk"), rows(1 - between, level="buurt")])
    assert scale_claims.between_or_inside(found, "65-plussers") == said


def test_nothing_to_divide_over_levels():
    found = rows("not_segregated", level="wijk")
    assert scale_claims.between_or_inside(found, "65-plussers") == (
        "Over het verschil binnen en tussen wijken in 65-plussers is niets te zeggen: vrijwel "
        "gelijk verspreid"
    )


def test_of_which_group_most_lies_inside_wijken():
    parts = [("old", 0.2), ("poor", 0.7), ("young", 0.4)]
    found = pd.concat([rows(value, level="buurt", group=key) for key, value in parts])
    labels = {"old": "65-plussers", "poor": "mensen met bijstand", "young": "kinderen"}
    assert scale_claims.most_inside(found, labels) == (
        "Binnen wijken ligt het meest bij mensen met bijstand (70%) en het minst bij 65-plussers "
        "(20%)."
    )
    assert scale_claims.most_inside(found.head(1), labels) == ""


def p_rows(**p_values) -> pd.DataFrame:
    return pd.concat(
        [
            rows(value, level="buurt", group=key).assign(measure="random_allocation_p_adjusted")
            for key, value in p_values.items()
        ]
    )


@pytest.mark.parametrize(
    ("p_values", "said"),
    [
        ({"old": 0.002, "poor": 0.049}, "De spreiding van alle groepen met cijfers is ongelijker "
         "dan toeval"),
        ({"old": 0.002}, "De spreiding van de enige groep met cijfers is ongelijker dan toeval"),
        ({"old": 0.3, "poor": 0.05}, "Van geen enkele groep is de spreiding ongelijker dan toeval "
         "kan geven"),
        ({"old": 0.3, "poor": 0.01}, "Van 1 van de 2 groepen is de spreiding ongelijker dan "
         "toeval kan geven; niet van 65-plussers"),
        ({"old": "too_small"}, "Of de spreiding meer dan toeval is, valt hier niet te zeggen"),
    ],
)  # fmt: skip
def test_more_than_chance(p_values, said):
    labels = {"old": "65-plussers", "poor": "mensen met bijstand"}
    assert scale_claims.beyond_chance(p_rows(**p_values), labels) == said


@pytest.mark.parametrize(("low", "sure"), [(0.06, True), (0.05, False), (0.04, False)])
def test_more_than_chance_but_not_behind_the_rounding(low, sure):
    # Chance gives at most 0.05; behind the rounding the index is at least `low`.
    by_chance = rows(0.1, level="buurt", group="old").assign(
        measure="dissimilarity", interval="random allocation", low=0.01, high=0.05
    )
    behind = by_chance.assign(interval="rounding", low=low, high=0.15)
    table = pd.concat([p_rows(old=0.002, poor=0.002), by_chance, behind])
    said = scale_claims.beyond_chance(table, {"old": "65-plussers", "poor": "mensen"})
    assert said == "De spreiding van alle groepen met cijfers is ongelijker dan toeval" + (
        "" if sure else "; na afronden niet zeker bij 65-plussers"
    )
