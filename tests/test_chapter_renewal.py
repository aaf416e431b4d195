"""The pieces of chapter 10 on existing stock: their titles, their wijk, and what cannot be."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.figures import renewal_claims
from analysis.figures.figure import Figure
from analysis.figures.scenario_claims import share
from analysis.reports import chapter_renewal as renewal
from analysis.reports import renewal_plan
from analysis.reports.absent import Absent
from analysis.sources.errors import InputError

PIECES = (renewal.tenure_changed, renewal.rebuilt)
LABELS = {"a": "ouderen", "b": "kinderen", "c": "mensen met bijstand", "d": "jongeren"}
IN_TOWN, AWAY = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def shown(example_dossier):
    return {piece.__name__: piece(example_dossier) for piece in PIECES}


def test_the_example_has_both_figures_and_no_forecast(shown):
    for figure in shown.values():
        assert isinstance(figure, Figure)
        text = f"{figure.claim} {figure.sentence} {figure.notes} {figure.table.to_string()}"
        assert "nan" not in text and "(data/tenure_profiles.csv)" in text
        # In the sentence, and for who hears the alternative text.
        assert "Rekenmaat, geen voorspelling." in figure.sentence
        assert "Rekenmaat, geen voorspelling." in figure.alt
        assert figure.stamp == "Fictieve voorbeeldgegevens" and len(figure.table) == 6


def test_without_a_name_it_is_the_wijk_with_the_largest_share(shown, example_dossier):
    regions = example_dossier.regions(example_dossier.newest, "wijk")
    largest = regions.loc[regions["share_housing_corporation"].idxmax(), "region_name"]
    site = renewal_plan.site_of(example_dossier)
    assert site.name == largest == "Zaagbroek" and not site.chosen
    assert all("in Zaagbroek" in figure.claim for figure in shown.values())
    assert "grootste aandeel" in shown["rebuilt"].notes[0]


def test_the_stock_is_that_of_its_buurten_and_a_tenth_changes(shown, example_dossier):
    buurten = example_dossier.regions(example_dossier.newest, "buurt")
    inside = buurten[buurten["wk_code"].eq("WK990101")]
    stock = (inside["share_housing_corporation"] * inside["n_dwellings"]).sum()
    rows = shown["tenure_changed"].rows
    plan = rows[rows["area_code"].eq("WK990101") & rows["group"].eq("")].set_index("measure")
    assert plan.loc["social_dwellings", "value"] == pytest.approx(stock)
    assert plan.loc["dwellings_removed_turned", "value"] == 10 * round(stock / 100)
    assert (
        plan.loc["dwellings_removed_turned", "value"] == plan.loc["dwellings_built_turned", "value"]
    )


def test_another_wijk_and_other_numbers(example_dossier):
    figure = renewal.rebuilt(example_dossier, wijk="windrozen", sloop=100, nieuwbouw=140,
                             worden={"social": 1.0}, blijft=AWAY, vertrekt=IN_TOWN)  # fmt: skip
    assert figure.claim.startswith("100 sociale huurwoningen in Windrozen slopen en 140 woningen b")
    assert "blijven er 100 in de wijk wonen" in figure.sentence
    assert figure.notes[0].endswith("De gekozen wijk.")
    assert "140 woningen: 100% sociale huur." in figure.notes[1]


def test_no_dwellings_change_nothing(example_dossier):
    for figure in (
        renewal.tenure_changed(example_dossier, woningen=0),
        renewal.rebuilt(example_dossier, sloop=0),
        # As many social dwellings back, and all stay.
        renewal.rebuilt(example_dossier, worden={"social": 1.0}, blijft=AWAY, vertrekt=IN_TOWN),
    ):
        change = figure.rows[figure.rows["measure"].str.contains("_change_")]
        assert change[["value", "low", "high"]].eq(0).all(axis=None) and len(change) == 18
        assert "dat verandert in de som vrijwel niets" in figure.claim
    assert "Er hoeft niemand te verhuizen." in renewal.rebuilt(example_dossier, sloop=0).sentence


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"sloop": -5}, "Het aantal woningen die verdwijnen is −5; geef 0 of meer."),
        ({"nieuwbouw": -1}, "Het aantal woningen die er komen is −1; geef 0 of meer."),
        ({"sloop": 99_999}, "In Zaagbroek staan ongeveer 2.647 huurwoningen van een corporatie"),
        ({"worden": {"social": 0.5, "owner": 0.4}}, "samen 1; nu tellen ze op tot 0,9."),
        ({"worden": {"social": 1.5, "owner": -0.5}}, "moeten 0 of meer zijn"),
        ({"worden": {"kraak": 1.0}}, "Er is geen eigendom 'kraak'; kies uit social (sociale huur)"),
        ({"blijft": (0.5, 0.3, 0.6)}, "Het deel dat in de wijk blijft is (0,5, 0,3, 0,6); geef"),
        ({"vertrekt": (0, 0.5, 1.5)}, "Het deel dat vertrekt is (0, 0,5, 1,5)"),
        ({"blijft": (0, 0.5, 0.9)}, "zijn samen hoogstens 1,15 van alle"),
        ({"wijk": "WK036301"}, "Er is geen wijk 'WK036301' in Voorbeeldstad"),
        ({"wijk": "Seghwaert"}, "Er is geen wijk 'Seghwaert' in Voorbeeldstad"),
    ],
)
def test_what_cannot_be_is_one_sentence(asked, says, example_dossier):
    with pytest.raises(InputError) as error:
        renewal.rebuilt(example_dossier, **asked)
    assert says in str(error.value) and str(error.value).count(". ") <= 1
    assert str(error.value).endswith((".", "?"))


def test_where_tenure_is_not_known_it_says_what_it_needs(real_dossier):
    first = renewal.tenure_changed(real_dossier)
    assert isinstance(first, Absent)
    for word in ("Zoetermeer", "'Woningvoorraad'", "'In bezit woningcorporatie'", "pull --from"):
        assert word in first.sentence
    assert "om dezelfde reden" in renewal.rebuilt(real_dossier).sentence
    # A wijk of another gemeente is refused there too.
    with pytest.raises(InputError, match="Er is geen wijk 'Zaagbroek' in Zoetermeer"):
        renewal.tenure_changed(real_dossier, wijk="Zaagbroek")


def with_stock(dossier, change):
    """Return the dossier with other figures on buurten and wijken."""

    def regions(release, level):
        table = type(dossier).regions(dossier, release, level).copy()
        return change(table, level)

    own = replace(dossier, shown=[], kept={})
    own.regions = regions
    return own


def test_a_wijk_that_was_another_is_left_out_and_told(example_dossier):
    # Of one group the newest figures are those of 2022, when the code was of another wijk.
    def regions(release, level):
        table = type(example_dossier).regions(example_dossier, release, level).copy()
        if level == "buurt" and release.year == 2024:
            table["n_age_65_plus"] = np.nan
        if level == "wijk" and release.year < 2024:
            table["region_name"] = "Elders"
        return table

    own = replace(example_dossier, shown=[], kept={})
    own.regions = regions
    figure = renewal.rebuilt(own)
    assert "age_65_plus" not in set(figure.rows["group"]) and len(figure.table) == 5
    assert figure.notes[-1].startswith("Niet te berekenen voor 65-plussers: geen jaar")


def test_hardly_any_social_dwellings_is_said(example_dossier):
    few = with_stock(
        example_dossier,
        lambda table, _: table.assign(
            share_housing_corporation=0.01 * table["share_housing_corporation"].notna()
        ),
    )
    found = renewal.rebuilt(few)
    assert isinstance(found, Absent) and "om dezelfde reden" in found.sentence
    said = renewal.tenure_changed(few).sentence
    assert "In geen enkele wijk van Voorbeeldstad staan 100 huurwoningen" in said
    none = with_stock(example_dossier, lambda t, _: t.assign(share_housing_corporation=0.0))
    said = renewal.tenure_changed(none, wijk="Zaagbroek").sentence
    assert "niet bekend dat er huurwoningen" in said and "kies een andere wijk" in said


def plan(*, removed=40, built=60, shares=None, stay=(5, 15), elsewhere=(10, 20), away=(2, 8)):
    rows = [("dwellings_removed", "", removed, np.nan, np.nan),
            ("dwellings_built", "", built, np.nan, np.nan)]  # fmt: skip
    rows += [("share_of_dwellings_built", name, share, np.nan, np.nan)
             for name, share in (shares or {"social": 0.25, "owner": 0.75}).items()]  # fmt: skip
    went = {"in_area": stay, "in_municipality": elsewhere, "away": away}
    rows += [("displaced_households", key, sum(band) / 2, *band) for key, band in went.items()]
    return pd.DataFrame(rows, columns=["measure", "group", "value", "low", "high"])


def changes(*bands):
    return pd.DataFrame([
        {"measure": "dissimilarity_change", "group": key, "value": sum(band) / 2, "low": band[0],
         "high": band[1], "status": "ok" if band[0] == band[0] else "group_absent"}
        for key, band in zip("abcd", bands, strict=False)
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("bands", "says"),
    [
        ([(-0.02, -0.01)], "in de som wonen ouderen gelijker verspreid"),
        ([(0.01, 0.02)], "in de som wonen ouderen ongelijker verspreid"),
        ([(0.01, 0.02), (-0.02, -0.01), (-1, 1)],
         "in de som wonen kinderen gelijker en ouderen ongelijker verspreid"),
        ([(-0.02, -0.01)] * 4, "wonen ouderen, kinderen en andere groepen gelijker verspreid"),
        ([(-0.02, 0.01), (-0.01, 0.02)], "de spreiding kan in de som voor elke groep beide kanten"),
        ([(0.0, 0.0)], "dat verandert in de som vrijwel niets aan de spreiding"),
        ([(-0.0004, 0.0004), (0.0001, 0.0002)], "dat verandert in de som vrijwel niets"),
        ([(np.nan, np.nan)], "wat dat met de spreiding doet, valt niet te zeggen"),
        ([(np.nan, np.nan), (0.01, 0.02)], "in de som wonen kinderen ongelijker verspreid"),
    ],
)  # fmt: skip
def test_titles(bands, says):
    one = renewal_claims.turned(plan(), changes(*bands), LABELS, "Noord")
    assert one.startswith("40 sociale huurwoningen in Noord worden sociale huur en koop: ")
    two = renewal_claims.rebuilt(plan(), changes(*bands), LABELS, "Noord")
    assert two.startswith("40 sociale huurwoningen in Noord slopen en 60 woningen bouwen: ")
    assert says in one and says in two


def test_sentences_on_where_they_go():
    assert renewal_claims.displaced(plan(), at_home=False) == (
        "Van de 40 huishoudens blijven er 5 tot 15 in de wijk wonen, gaan er 10 tot 20 elders in "
        "de gemeente wonen en vertrekken er 2 tot 8."
    )
    assert "5 tot 15 in de eigen woning" in renewal_claims.displaced(plan(), at_home=True)
    sure = plan(stay=(40, 40), elsewhere=(0, 0), away=(0, 0))
    assert "blijven er 40 in de wijk wonen, gaan er 0 elders" in renewal_claims.displaced(
        sure, at_home=False
    )
    none = plan(stay=(0, 0), elsewhere=(0, 0), away=(0, 0))
    assert renewal_claims.displaced(none, at_home=True) == "Er hoeft niemand te verhuizen."
    assert renewal_claims.new_dwellings(plan()) == "60 woningen: 25% sociale huur en 75% koop"
    assert renewal_claims.new_dwellings(plan(built=1)).startswith("1 woning: ")


def test_every_number_in_the_table_is_a_row(shown):
    for figure, name in zip(shown.values(), ("turned", "rebuilt"), strict=True):
        for measure, column in (("local_share", "aandeel in de wijk, nu"),
                                (f"local_share_after_{name}", "daarna")):  # fmt: skip
            rows = figure.rows[figure.rows["measure"].eq(measure)]
            told = [share(row) for _, row in rows.iterrows()]
            assert figure.table[column].tolist() == told
        bands = figure.rows[figure.rows["measure"].str.startswith("displaced_households")]
        for _, row in bands.iterrows():
            assert f"{row['low']:.0f} tot {row['high']:.0f}" in figure.sentence
