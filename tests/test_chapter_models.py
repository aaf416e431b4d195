"""The pieces on models: on the example, on real tables, and where nothing may be asked."""

import re

import numpy as np
import pandas as pd
import pytest
from figure_samples import evidence

from analysis.evidence.circularity import CircularityError
from analysis.evidence.model_terms import OUTCOMES
from analysis.evidence.models import fit
from analysis.figures import effects, model_claims
from analysis.figures.figure import Figure, figure_html
from analysis.figures.wording import in_format
from analysis.reports import chapter_models as chapter
from analysis.reports.absent import Absent
from analysis.reports.dossier import open_dossier
from analysis.reports.model_setting import ModelSetting, model_setting
from analysis.sources.outcome_files import store
from analysis.sources.outcomes import read_outcomes

PIECES = (
    chapter.standardised_effects, chapter.by_every_method, chapter.residual_checks,
    chapter.may_not_explain,
)  # fmt: skip
CAUSAL = re.compile(
    r"\b(door|omdat|veroorzaa\w*|leidt|leiden tot|effect\w*|gevolg\w*|invloed)\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def show():
    """Return a function that makes a piece once: several tests look at the same one."""
    made = {}

    def shown(piece, dossier, *outcome):
        key = (piece.__name__, dossier.code, *outcome)
        if key not in made:
            made[key] = piece(dossier, *outcome)
        return made[key]

    return shown


def words(shown):
    if isinstance(shown, Absent):
        return shown.sentence
    return " ".join([shown.claim, shown.sentence, *shown.notes, shown.table.to_string()])


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
def test_every_piece_is_a_figure_or_says_why_not(piece, example_dossier, real_dossier, show):
    for dossier in (example_dossier, real_dossier):
        shown = show(piece, dossier)
        assert isinstance(shown, Figure) and len(shown.rows) and shown.claim
        assert "nan" not in words(shown) and "<NA>" not in words(shown)
        assert figure_html(shown)


@pytest.mark.parametrize("outcome", [one.key for one in OUTCOMES])
def test_no_piece_says_why_something_is_so(outcome, example_dossier, real_dossier, show):
    # The first outcome that there is, is the one of the pieces without a name.
    asked = () if outcome == OUTCOMES[0].key else (outcome,)
    shown = [show(piece, example_dossier, *asked) for piece in PIECES[:3]]
    for one in (*shown, show(PIECES[0], real_dossier, *asked)):
        found = CAUSAL.search(words(one).replace("Staat er niet bij omdat", ""))
        assert not found, f"{found[0]}: {words(one)}"
        assert "niet-westers" not in words(one)


def test_what_rivm_estimates_is_refused_everywhere(example_dossier, real_dossier):
    for dossier in (example_dossier, real_dossier):
        for outcome in ("share_lonely", "share_volunteers", "share_hard_to_make_ends_meet"):
            shown = chapter.standardised_effects(dossier, outcome)
            assert isinstance(shown, Absent)
            assert "zelf uitgerekend uit wie er wonen" in shown.sentence


def test_what_was_not_fetched_says_how(example_dossier):
    for outcome, theme in (("crimes_per_1000", "misdrijven"), ("ses_woa_score", "ses_woa")):
        shown = chapter.residual_checks(example_dossier, outcome)
        assert isinstance(shown, Absent) and f"'pull --thema {theme}'" in shown.sentence


def test_without_boundaries_neighbours_are_left_out_and_it_says_so(real_dossier, show):
    shown = show(chapter.standardised_effects, real_dossier)
    assert set(shown.rows["measure"]) == {"standardised_ols"}
    assert any("pull --kaart" in note for note in shown.notes)
    checks = show(chapter.residual_checks, real_dossier)
    assert "is niet bekend" in checks.claim
    assert checks.table["getal"].tolist()[1] == "–"


def test_zoetermeer_counts_who_takes_part(real_dossier, show):
    shown = show(chapter.standardised_effects, real_dossier)
    # Of 26 buurten four have no benefits published, and two more fewer than 100 inhabitants.
    assert shown.rows["units"].eq(20).all() and shown.rows["units_missing"].eq(6).all()
    assert "20 buurten doen mee. 6 buurten niet" in shown.notes[0]


@pytest.fixture(scope="module")
def with_outcomes(real_raw, shared, root, tmp_path_factory):
    """Return a folder with the real tables, and beside them crime of 2024 and SES-WOA of 2019."""
    raw = tmp_path_factory.mktemp("outcomes") / "raw"
    raw.mkdir()
    for folder in real_raw.iterdir():
        (raw / folder.name).symlink_to(folder)
    outcomes = read_outcomes(root / "data" / "outcomes.csv")
    data = shared / "data"
    lines = (data / "outcomes" / "politie_misdrijven_2021-2025_buurt.csv").read_text(
        encoding="utf-8-sig"
    ).splitlines()  # fmt: skip
    # Two gemeenten of the whole country: the others take long to read.
    two = [line for line in lines[1:] if re.search(r"\b(?:GM|WK|BU)(?:0637|0034)", line)]
    crimes = tmp_path_factory.mktemp("crimes") / "misdrijven.csv"
    crimes.write_text("\n".join([lines[0], *two, ""]), encoding="utf-8")
    store(raw, crimes, outcomes, 2024)
    store(raw, data / "downloads" / "statline_85163NED_seswoa_2019_amsterdam.csv", outcomes)
    return str(raw)


def test_crime_of_zoetermeer_is_a_sentence_and_no_chart(with_outcomes):
    zoetermeer = open_dossier("Zoetermeer", edition="cbs", raw=with_outcomes)
    for piece in PIECES[:3]:
        shown = piece(zoetermeer, "crimes_per_1000")
        assert isinstance(shown, Absent)
        assert "650 van de 5492 misdrijven" in shown.sentence
        assert shown.sentence.endswith("gebruik alleen het totaal van de gemeente.")
    # SES-WOA is there, of a year without Kerncijfers of this gemeente.
    score = chapter.standardised_effects(zoetermeer, "ses_woa_score")
    assert isinstance(score, Absent) and "'pull --jaar 2019'" in score.sentence


def test_crime_of_almere_is_over_its_own_inhabitants(with_outcomes):
    almere = open_dossier("Almere", edition="cbs", raw=with_outcomes)
    found = model_setting(almere, "crimes_per_1000")
    assert found.area["year"] == 2024 and found.area["level"] == "buurt"
    shown = chapter.standardised_effects(almere, "crimes_per_1000")
    assert isinstance(shown, Figure) and shown.rows["status"].eq("ok").all()
    assert any("bedrijventerrein" in note for note in shown.notes)
    assert "Politie" in shown.source and "Kerncijfers" in shown.source


def test_ses_woa_of_amsterdam_leaves_out_what_it_is_made_of(with_outcomes):
    amsterdam = open_dossier("Amsterdam", edition="cbs", raw=with_outcomes)
    found = model_setting(amsterdam, "ses_woa_score")
    assert "share_owner_occupied" not in {one.key for one in found.terms}
    shown = chapter.standardised_effects(amsterdam, "ses_woa_score")
    assert any("aandeel koopwoningen" in note for note in shown.notes)
    # Participation of the same year may have it.
    work = model_setting(amsterdam, "share_in_work")
    assert "share_owner_occupied" in {one.key for one in work.terms}


def test_the_formula_of_a_gemeente_is_checked(example_dossier):
    found = model_setting(example_dossier, "social_assistance_per_1000")
    assert isinstance(found, ModelSetting)
    forbidden = found.made_of | {"share_owner_occupied": frozenset({"income"})}
    with pytest.raises(CircularityError, match="share_owner_occupied"):
        fit(found.formula, found.table, made_of=forbidden)


def test_participation_has_no_age_among_its_explanations(example_dossier, show):
    shown = show(chapter.standardised_effects, example_dossier, "share_in_work")
    assert not shown.rows["group"].str.contains("age").any()
    assert any("aandeel 65-plussers" in note for note in shown.notes)


@pytest.mark.parametrize("piece", PIECES[:2], ids=lambda piece: piece.__name__)
def test_every_number_in_a_table_is_a_row(piece, example_dossier, show):
    shown = show(piece, example_dossier)
    values = shown.rows[["value", "low", "high"]].to_numpy().ravel()
    known = {in_format(value, "ratio") for value in values[~np.isnan(values)]}
    cells = shown.table.iloc[:, 1:].to_numpy().ravel()
    found = {number for cell in cells for number in re.findall(r"−?\d+,\d+", cell)}
    assert found and found <= known


def test_which_outcomes_may_not_be_explained_with_what(example_dossier):
    shown = chapter.may_not_explain(example_dossier)
    rows = shown.rows.set_index("group")["value"]
    assert rows["share_lonely ~ origin"] == 1 and rows["share_lonely ~ provision"] == 1
    assert rows["social_assistance_per_1000 ~ income"] == 1
    assert rows["social_assistance_per_1000 ~ households"] == 0
    assert rows["ses_woa_score ~ tenure"] == 1
    assert rows["crimes_per_1000 ~ safety"] == 1 and rows["crimes_per_1000 ~ age"] == 0
    last = shown.table.iloc[-1]
    assert "eenzame" in last["uitkomst"] and "herkomst" in last["gaat over of is gemaakt van"]
    assert last["mag niet verklaard worden met"] == "met geen enkel kenmerk"


MORE = {"y ~ a": "meer 65-plussers", "y ~ b": "een grotere afstand tot de supermarkt"}
BOTH = ("meer misdrijven", "minder misdrijven")


def coefficients(ends, measures=("standardised_ols", "standardised_spatial_error")):
    """Return rows of two terms by two methods with these intervals."""
    low, high = np.array(ends, dtype=float).T
    return evidence(
        (low + high) / 2, area_name="Dorp", low=low, high=high,
        measure=[one for one in measures for _ in MORE], group=list(MORE) * len(measures),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ends", "claim"),
    [
        ([(0.1, 0.5), (-0.2, 0.3)] * 2,
         "In de buurten van Dorp gaan meer 65-plussers samen met meer misdrijven; bij de andere "
         "kenmerken is het verband niet duidelijk"),
        ([(-0.1, 0.5), (-0.9, -0.3)] * 2,
         "In de buurten van Dorp gaat een grotere afstand tot de supermarkt samen met minder "
         "misdrijven; bij de andere kenmerken is het verband niet duidelijk"),
        # Clear in one method only, or to both sides, is not clear.
        ([(0.1, 0.5), (-0.2, 0.3), (-0.1, 0.5), (-0.2, 0.3)],
         "In de buurten van Dorp gaat geen van deze kenmerken duidelijk samen met 'misdrijven'"),
        ([(0.1, 0.5), (-0.2, 0.3), (-0.5, -0.1), (-0.2, 0.3)],
         "In de buurten van Dorp gaat geen van deze kenmerken duidelijk samen met 'misdrijven'"),
        ([(0.1, 0.5), (-0.9, -0.6)] * 2,
         "In de buurten van Dorp gaat een grotere afstand tot de supermarkt samen met minder "
         "misdrijven; ook de andere kenmerken gaan duidelijk samen"),
    ],
)  # fmt: skip
def test_titles_on_what_goes_together(ends, claim):
    assert model_claims.effects(coefficients(ends), MORE, BOTH, "misdrijven") == claim


def test_titles_where_nothing_can_be_said():
    rows = coefficients([(np.nan, np.nan)] * 4).assign(status="too_few_areas")
    assert model_claims.effects(rows, MORE, BOTH, "misdrijven") == (
        "Wat samengaat met 'misdrijven', valt hier niet te zeggen: te weinig gebieden voor zoveel "
        "kenmerken"
    )
    assert "geen enkele manier" in model_claims.over_methods(rows, MORE, "misdrijven")


def test_titles_over_methods():
    def told(ends):
        return model_claims.over_methods(coefficients(ends), MORE, "misdrijven")

    assert told([(0.1, 0.5), (-0.9, -0.6)] * 2).startswith("Elke manier van rekenen geeft hetzelf")
    assert told([(0.1, 0.5), (-0.2, 0.3)] * 2).endswith("bij 'misdrijven': meer 65-plussers")
    assert told([(-0.1, 0.5)] * 4).startswith("Met geen kenmerk is het verband")


def residual(i, p, status="ok"):
    return evidence(
        [i, p], measure=["residual_morans_i", "residual_morans_p"], status=status,
    )  # fmt: skip


def test_titles_and_readings_of_the_checks():
    assert "zit geen duidelijk patroon" in model_claims.residuals(residual(0.1, 0.3), "x")
    assert "lijkt bij buren op elkaar" in model_claims.residuals(residual(0.4, 0.01), "x")
    assert "verschilt juist" in model_claims.residuals(residual(-0.4, 0.01), "x")
    unknown = residual(np.nan, np.nan, "no_neighbours")
    assert "is niet bekend" in model_claims.residuals(unknown, "x")
    one = unknown.iloc
    assert model_claims.alike_nearby(one[0], one[1]) == ("–", "geen buren bekend")
    sure = residual(-0.4, 0.01).iloc
    assert model_claims.alike_nearby(sure[0], sure[1])[0] == "−0,40 (kans 0,01)"
    inflated = evidence([1.2, 7.0], measure="variance_inflation", group=list(MORE))
    assert model_claims.inflation(inflated, MORE)[1].startswith("'een grotere afstand")
    assert "goed uit elkaar" in model_claims.inflation(inflated.iloc[:1], MORE)[1]
    none = evidence([0.0], measure="influential_areas")
    assert model_claims.influence(none)[0] == "0"
    named = pd.concat([evidence([4.0], measure="influential_areas"),
                       evidence([9.0, 8, 7, 6], measure="cooks_distance")])  # fmt: skip
    assert model_claims.influence(named) == (
        "4", "Buurt 0, Buurt 1, Buurt 2 en andere bepalen het beeld meer dan de rest"
    )  # fmt: skip
    single = pd.concat([evidence([1.0], measure="influential_areas"),
                        evidence([9.0], measure="cooks_distance")])  # fmt: skip
    assert model_claims.influence(single)[1] == "Buurt 0 bepaalt het beeld meer dan de rest"
    assert model_claims.explained(evidence([0.57]).iloc[0])[0] == "57%"


def test_a_picture_of_effects_says_what_is_not_there():
    rows = coefficients([(0.1, 0.5), (np.nan, np.nan)] * 2)
    rows["status"] = ["ok", "not_converged"] * 2
    shown = effects.effects(
        rows, terms=MORE, methods={"standardised_ols": "gewoon", "standardised_spatial_error":
        "met buren"}, claim="c", sentence="s", source="Bron", alt="a", value_label="v",
    )  # fmt: skip
    assert shown.table.iloc[0, 1] == "0,30 (0,10 tot 0,50)"
    assert shown.table.iloc[1, 2] == "geen uitkomst gevonden"
    assert shown.body.startswith("<svg")
    with pytest.raises(ValueError, match="4 methods cannot be told apart"):
        effects.effects(
            rows, terms=MORE, methods=dict.fromkeys("abcd", ""), claim="c", sentence="s",
            source="Bron", alt="a", value_label="v",
        )  # fmt: skip
