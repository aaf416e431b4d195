"""Files with outcomes: the real ones, later years of them, and what must be refused."""

import pandas as pd
import pytest

from analysis.sources import snapshot
from analysis.sources.errors import InputError
from analysis.sources.outcome_files import (
    read_file,
    read_stored,
    store,
    stored_years,
    theme_of,
    theme_of_header,
)
from analysis.sources.outcome_release import division_year, outcome_reasons, outcome_table
from analysis.sources.outcomes import read_outcomes

SES = "downloads/statline_85163NED_seswoa_2019_amsterdam.csv"
CRIME = "outcomes/politie_misdrijven_2021-2025_buurt.csv"
CLASSES = "outcomes/leefbaarometer2_wijk_2002-2016.csv"
SCORE = "SES-WOA/Totaalscore/Gemiddelde score (Getal)"
SPREAD = "Spreiding/Spreiding totaal/Waarde (Getal)"
CODE = "Regiocode (gemeente, wijk, buurt) (code)"


@pytest.fixture(scope="module")
def outcomes(root):
    return read_outcomes(root / "data" / "outcomes.csv")


@pytest.fixture(scope="module")
def health(shared, outcomes):
    """Return the real figures of RIVM by year; a workbook takes seconds to read."""
    folder = shared / "data" / "health"
    return {
        year: read_file(folder / f"rivm_50090NED_{year}_18plus.xlsx", outcomes)
        for year in (2016, 2020)
    }


def csv_of(folder, header, *lines, name="bestand.csv", delimiter=";"):
    file = folder / name
    rows = [delimiter.join(f'"{cell}"' for cell in line) for line in (header, *lines)]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8-sig")
    return file


def ses_of(folder, change=lambda frame: frame, **options):
    """Write a small export of SES-WOA after a change to it."""
    frame = pd.DataFrame(
        {
            "Perioden": ["2019"] * 4,
            "Wijken en buurten": ["Stad", "Noord", "Plas", "Hof"],
            CODE: ["GM9001    ", "WK900101  ", "BU90010101", "BU90010102"],
            "Particuliere huishoudens (Aantal)": ["    1000", "     400", "       0", "     100"],
            "Opleidingsniveau/Laag/Waarde (%)": ["    20.8", "    12.9", "       .", "       ."],
            "Opleidingsniveau/Middelbaar/Waarde (%)": ["29.8", "27.0", ".", "."],
            "Opleidingsniveau/Hoog/Waarde (%)": ["49.5", "60.1", ".", "."],
            SCORE: ["  -0.100", "   0.250", "       .", "       ."],
            SPREAD: ["   1.010", "   0.892", "       .", "       ."],
        }
    )
    frame = change(frame)
    return csv_of(folder, list(frame), *frame.to_numpy().tolist(), **options)


# --- the real files -------------------------------------------------------------------------


def test_ses_woa_of_amsterdam_agrees_with_the_published_score(shared, outcomes):
    release = read_file(shared / "data" / SES, outcomes)
    assert (release.theme, release.year, len(release.table)) == ("ses_woa", 2019, 579)
    wijken = outcome_table(release, "wijk")
    known = wijken[wijken["ses_woa_score"].notna()]
    assert (len(wijken), len(known)) == (99, 98)
    households = known["n_ses_households"]
    mean = (known["ses_woa_score"] * households).sum() / households.sum()
    assert round(mean, 4) == -0.0994
    assert outcome_table(release, "gemeente").loc["GM0363", "ses_woa_score"] == -0.100
    assert round(known["ses_woa_score"].std(ddof=0), 3) == 0.259
    stad = release.table.loc["GM0363"]
    assert (stad["ses_woa_spread"], stad["n_ses_households"]) == (1.01, 457400)
    assert stad["share_households_education_high"] == 0.495
    # IJburg Oost has no households; 18 buurten have a hundred households and no score.
    assert outcome_reasons(release, "wijk").loc["WK036350", "ses_woa_score"] == "uninhabited"
    told = outcome_reasons(release, "buurt")["ses_woa_score"].value_counts().to_dict()
    assert told == {"": 390, "uninhabited": 71, "suppressed": 18}
    # Subscores were not chosen when this file was downloaded.
    assert set(outcome_reasons(release, "wijk")["ses_woa_work_score"]) == {"not_in_file"}
    assert release.table.loc["BU03630000", ["gm_code", "wk_code", "region_name"]].tolist() == [
        "GM0363",
        "WK036300",
        "Kop Zeedijk",
    ]


def test_health_of_zoetermeer_in_both_years(health):
    for year, lonely, volunteers, ends_meet in (
        (2016, 44.4, 24.7, 21.9),
        (2020, 49.2, 20.5, 15.1),
    ):
        release = health[year]
        assert (release.theme, release.year) == ("gezondheid", year)
        row = outcome_table(release, "gemeente").loc["GM0637"]
        assert row["share_lonely"] == lonely / 100
        assert row["share_volunteers"] == volunteers / 100
        assert row["share_hard_to_make_ends_meet"] == ends_meet / 100
    # The last row of the file: the columns stay with their own titles.
    last = health[2020].table.loc["BU01935210"]
    for name, percent in (
        ("share_good_health", 83.9),
        ("share_lonely", 38.4),
        ("share_severely_lonely", 6.0),
        ("share_anxiety_risk", 38.7),
        ("share_informal_carers", 17.6),
        ("share_volunteers", 42.3),
        ("share_noise_from_neighbours", 2.9),
        ("share_hard_to_make_ends_meet", 5.7),
    ):
        assert last[name] == percent / 100


def test_health_says_what_was_not_asked_and_what_is_secret(health):
    for year, holes in ((2016, 785), (2020, 742)):
        reasons = outcome_reasons(health[year], "buurt")
        assert reasons["share_lonely"].value_counts().to_dict() == {
            "": 13808 - holes,
            "suppressed": holes,
        }
        assert set(reasons["share_walks_to_work"]) == {"not_published"}
    assert set(outcome_reasons(health[2016], "wijk")["share_stressed"]) == {"does_not_exist"}
    assert health[2020].table["share_stressed"].notna().sum() > 16000
    table = health[2020].table
    shares = table.filter(like="share_").stack().dropna()
    assert len(shares) > 500000 and shares.between(0, 1).all()
    # Each share is estimated on its own: in gemeenten they add up to everybody within 3 %.
    weight = outcome_table(health[2020], "gemeente")[
        ["share_underweight", "share_normal_weight", "share_overweight"]
    ]
    assert weight.sum(axis=1, min_count=3).dropna().between(0.97, 1.03).all()


def test_both_years_of_health_stand_on_the_division_of_2020(health, real_release):
    codes = {year: real_release(year).table.index for year in (2017, 2019, 2020, 2024)}
    assert health[2016].table.index.equals(health[2020].table.index)
    assert division_year(health[2016].table.index, codes) == 2020
    assert division_year(health[2016].table.index, {2017: codes[2017]}) is None
    # Half of a gemeente's codes is not its division.
    assert division_year(codes[2020][:-1], codes) is None
    assert division_year(codes[2020], {}) is None


def test_classes_of_the_leefbaarometer(shared, outcomes):
    file = shared / "data" / CLASSES
    release = read_file(file, outcomes, 2016)
    assert (release.theme, len(release.table)) == ("leefbaarometer", 2981)
    classes = outcome_table(release, "wijk")["livability_class"]
    assert classes.value_counts().to_dict() == {
        7: 931, 6: 674, 8: 630, 9: 381, 5: 117, 4: 95, 3: 16, 2: 2,
    }  # fmt: skip
    assert outcome_reasons(release, "wijk")["livability_class"].eq("suppressed").sum() == 135
    assert read_file(file, outcomes, 2002).table.loc["WK000500", "livability_class"] == 7
    assert release.table.loc["WK000500", "livability_class"] == 8
    with pytest.raises(InputError, match="over 2002, 2008, 2012, 2014, 2016; geef erbij"):
        read_file(file, outcomes)


# --- recognised by content, kept and read again ---------------------------------------------


def test_a_file_is_recognised_by_what_is_in_it(shared, tmp_path):
    for path, theme in ((SES, "ses_woa"), (CRIME, "misdrijven"), (CLASSES, "leefbaarometer")):
        copy = tmp_path / "gegevens.txt"
        copy.write_bytes((shared / "data" / path).read_bytes())
        assert theme_of(copy) == theme
    header = [
        "ID",
        "Leeftijd",
        "Marges",
        "WijkenEnBuurten",
        "Perioden",
        "Codering_3",
        "Eenzaam_28",
        "Roker_11",
    ]
    assert theme_of_header(header) == "gezondheid"
    # The same with other numbers and in another order.
    assert theme_of_header([f"Eenzaam_{n}" for n in (27,)] + header[:6][::-1]) == "gezondheid"


@pytest.mark.parametrize(
    "header",
    [
        ["gwb_code_10", "regio", "gm_naam", "recs", "a_inw"],
        ["WijkenEnBuurten", "Gemeentenaam_1", "Codering_3", "AantalInwoners_5"],
        ["Perioden", "Wijken en buurten", "Bevolking/Aantal inwoners (aantal)"],
        ["Wijken en buurten", "Horeca/Café e.d./Afstand tot café e.d. (km)"],
    ],
)
def test_other_tables_of_cbs_are_no_outcomes(header):
    assert theme_of_header(header) == ""


def test_a_file_becomes_a_snapshot_per_year_and_reads_the_same(shared, outcomes, tmp_path):
    raw = tmp_path / "raw"
    kept = store(raw, shared / "data" / CLASSES, outcomes)
    assert [one.name for one in kept] == [
        f"leefbaarometer_{year}" for year in (2002, 2008, 2012, 2014, 2016)
    ]
    assert stored_years(raw, "leefbaarometer") == (2002, 2008, 2012, 2014, 2016)
    stored = snapshot.newest(raw, "leefbaarometer_2012")
    again = read_stored(stored, "leefbaarometer", 2012, outcomes)
    direct = read_file(shared / "data" / CLASSES, outcomes, 2012)
    pd.testing.assert_frame_equal(again.table, direct.table)
    pd.testing.assert_frame_equal(again.missing, direct.missing)
    (only,) = store(raw, shared / "data" / SES, outcomes)
    assert (only.name, only.rows, only.notes["theme"]) == ("ses_woa_2019", 579, "ses_woa")


def test_nothing_is_stored_of_a_file_that_cannot_be_read(outcomes, tmp_path):
    file = ses_of(tmp_path, lambda frame: frame.drop(columns=SCORE).rename(
        columns={SPREAD: "SES-WOA/Spreiding totaal/Waarde (Getal)"}))  # fmt: skip
    with pytest.raises(InputError):
        store(tmp_path / "raw", file, outcomes)
    assert not (tmp_path / "raw").exists()


# --- other shapes of the same file ----------------------------------------------------------


def test_order_comma_delimiter_and_year_do_not_matter(outcomes, tmp_path):
    expected = read_file(ses_of(tmp_path), outcomes).table

    def other(frame):
        frame = frame.map(lambda cell: cell.replace(".", ",") if cell.strip() != "." else cell)
        return frame[list(frame)[::-1]].assign(Perioden="2023*")

    read = read_file(ses_of(tmp_path, other, delimiter=","), outcomes)
    assert read.year == 2023
    pd.testing.assert_frame_equal(read.table[list(expected)], expected)


def test_a_file_of_several_years_gives_the_year_that_is_asked(outcomes, tmp_path):
    def two_years(frame):
        return pd.concat([frame.assign(Perioden="2018", **{SCORE: "0.5"}), frame])

    file = ses_of(tmp_path, two_years)
    assert read_file(file, outcomes, 2018).table.loc["WK900101", "ses_woa_score"] == 0.5
    assert read_file(file, outcomes, 2019).table.loc["WK900101", "ses_woa_score"] == 0.25
    with pytest.raises(InputError, match="over 2018, 2019; geef erbij welk jaar"):
        read_file(file, outcomes)
    with pytest.raises(InputError, match="geen cijfers over 2020; wel over 2018, 2019"):
        read_file(file, outcomes, 2020)
    assert [one.name for one in store(tmp_path / "raw", file, outcomes)] == [
        "ses_woa_2018",
        "ses_woa_2019",
    ]


HEALTH = ["Leeftijd", "Marges", "WijkenEnBuurten", "Perioden", "Gemeentenaam_1", "Codering_3",
          "Eenzaam_31", "ErvarenGezondheidGoedZeerGoed_4", "Vrijwilligerswerk_29"]  # fmt: skip


def health_row(code, lonely, age="20300", margin="MW00000", year="2022JJ00"):
    return [age, margin, code.ljust(10), year, "Stad".ljust(40), code.ljust(20), lonely, "70", "."]


def test_a_later_year_of_health_with_margins_and_ages_gives_the_value_for_adults(
    outcomes, tmp_path
):
    file = csv_of(
        tmp_path,
        HEALTH,
        health_row("GM9001", "    40.0"),
        health_row("BU90010101", "   100.0"),
        health_row("GM9001", "    11.0", age="53115"),
        health_row("GM9001", "    12.0", margin="MOG0095"),
    )
    release = read_file(file, outcomes)
    assert release.year == 2022
    assert release.table["share_lonely"].to_dict() == {"GM9001": 0.4, "BU90010101": 1.0}
    assert release.table.loc["GM9001", "share_good_health"] == 0.7
    # No region has volunteers: not published, rather than secret.
    assert set(release.missing["share_volunteers"]) == {"not_published"}
    assert set(release.missing["share_smokers"]) == {"not_in_file"}


def test_an_export_of_health_with_titles_reads_as_the_one_with_keys(outcomes, tmp_path):
    header = ["Leeftijd", "Marges", "Perioden", "Wijken en buurten", "Codering (code)",
              "Eenzaamheid/Eenzaam (%)", "Ervaren gezondheid goed/zeer goed (%)"]  # fmt: skip
    file = csv_of(
        tmp_path,
        header,
        ["18 jaar en ouder", "Waarde", "2020", "Stad", "GM9001", "49,2", "75,0"],
        ["18 jaar en ouder", "Ondergrens", "2020", "Stad", "GM9001", "47,2", "74,0"],
    )
    table = read_file(file, outcomes).table
    assert table.loc["GM9001", ["share_lonely", "share_good_health"]].tolist() == [49.2 / 100, 0.75]
    assert table.loc["GM9001", "region_name"] == "Stad"


def test_a_column_like_one_of_another_year_is_no_renaming(outcomes, tmp_path):
    header = [*HEALTH[:6], "Eenzaam_31", "PsychischeKlacht_4", "Roker_3"]
    early = csv_of(tmp_path, header, health_row("GM9001", "40", year="2016JJ00"))
    assert set(read_file(early, outcomes).missing["share_psychological_complaints"]) == {
        "does_not_exist"
    }
    late = csv_of(tmp_path, header, health_row("GM9001", "40", year="2022JJ00"))
    with pytest.raises(InputError, match="onbekende kolom PsychischeKlacht_4"):
        read_file(late, outcomes)


# --- what is refused, in one sentence -------------------------------------------------------


def _renamed(old, new):
    return lambda frame: frame.rename(columns={old: new})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: f.drop(columns=SCORE), "geen kolom voor gemiddelde SES-WOA-score van 2019"),
        (_renamed(SCORE, "SES-WOA/Totaalscores/Gemiddelde score (Getal)"), "onbekende kolom SES"),
        (_renamed(SCORE, "SES-WOA/Totaalscore/Gemiddelde score (%)"), "onbekende kolom SES-WOA"),
        (
            _renamed(SPREAD, "SES-WOA/Totaalscore/x/Gemiddelde score (Getal)"),
            "allebei gemiddelde SES-WOA-score",
        ),
        (lambda f: f.drop(columns=CODE), "geen kolom met codes van gebieden"),
        (lambda f: f.assign(**{CODE: ["GM9001", "", "BU90010101", "x"]}), "geen code"),
        (lambda f: pd.concat([f, f.tail(1)]), "BU90010102 meer dan één keer voor 2019"),
        (lambda f: f.assign(Perioden=["2019", "2019", "2018", "2018"]), "jaren door elkaar"),
        (lambda f: f.assign(Perioden="2019 1e kwartaal"), "geen heel jaar"),
        (lambda f: f.drop(columns="Perioden"), "zegt niet over welk jaar"),
        (lambda f: f.assign(**{SCORE: "hoog"}), "geen getal"),
        (
            lambda f: f.assign(**{"Opleidingsniveau/Hoog/Waarde (%)": "9.5"}),
            "samen 60.1 %|samen 49.4 %",
        ),
        (lambda f: f.assign(**{"Opleidingsniveau/Hoog/Waarde (%)": "149.5"}), "wat niet kan"),
        (lambda f: f.assign(**{"Particuliere huishoudens (Aantal)": "-10"}), "wat niet kan"),
    ],
)
def test_a_spoiled_file_is_refused_in_one_sentence(outcomes, tmp_path, change, says):
    if "samen" in says:
        keep = change

        def change(frame):
            return keep(frame).head(2)

    file = ses_of(tmp_path, change)
    with pytest.raises(InputError, match=says) as error:
        read_file(file, outcomes)
    text = str(error.value)
    assert text.startswith(("bestand.csv", "In bestand.csv", "In kolom"))
    assert text.endswith((".", ").")) and "\n" not in text


@pytest.mark.parametrize(
    ("header", "line", "says"),
    [
        (["a", "b"], ["1", "2"], "geen bestand dat hier gelezen kan worden"),
        (HEALTH, health_row("GM9001", "40", age="53115"), "alleen 53115"),
        ([*HEALTH[:6], "Eenzaamheid_31", "ErvarenGezondheidGoedZeerGoed_4", "Roker_3"],
         health_row("GM9001", "40"), "onbekende kolom Eenzaamheid_31"),
        ([*HEALTH[:6], "Eenzaam_31", "Eenzaam_32", "Roker_3"],
         health_row("GM9001", "40"), "Eenzaam_31 en Eenzaam_32 allebei eenzaam"),
        (HEALTH, health_row("GM9001", "101"), "wat niet kan"),
        (["versie", "jaar", "bu_code", "lbm"], ["3.0", "2020", "BU90010101", "4.1"], "3.0"),
        (["code", "VKL0216"], ["WK900101", "4"], "geen kolom met klassen"),
        (["code", "KL16", "kl2016"], ["WK900101", "4", "5"], "KL16 en kl2016, die allebei"),
        (["code", "KL16"], ["WK900101", "10"], "is 10 en geen heel getal van 1 tot en met 9"),
        (["code", "KL16"], ["WK900101", "4.5"], "is 4.5 en geen heel getal"),
        (["naam", "KL16"], ["Noord", "4"], "geen kolom met codes"),
        (["WijkenEnBuurten", "Perioden", "GemiddeldeScore_29", "GemiddeldeScore_31"],
         ["WK900101", "2019JJ00", "0.1", "0.2"], "als CSV van StatLine"),
    ],
)  # fmt: skip
def test_other_spoiled_files_are_refused_in_one_sentence(outcomes, tmp_path, header, line, says):
    with pytest.raises(InputError, match=says) as error:
        read_file(csv_of(tmp_path, header, line), outcomes)
    assert "\n" not in str(error.value)


def test_an_absent_file_is_refused(outcomes, tmp_path):
    with pytest.raises(InputError, match="kan niet worden gelezen"):
        read_file(tmp_path / "weg.csv", outcomes)
