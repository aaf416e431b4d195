"""Registered crime: refused where the police's buurten are not those of the codes."""

import pandas as pd
import pytest

from analysis.sources import crime
from analysis.sources.errors import InputError
from analysis.sources.outcome_files import read_file
from analysis.sources.outcome_release import division_year, outcome_reasons, outcome_table
from analysis.sources.outcomes import read_outcomes

FILE = "outcomes/politie_misdrijven_2021-2025_buurt.csv"
REFUSED = {"GM0285": "Voorst", "GM0637": "Zoetermeer", "GM0753": "Best", "GM1658": "Heeze-Leende"}


@pytest.fixture(scope="module")
def outcomes(root):
    return read_outcomes(root / "data" / "outcomes.csv")


@pytest.fixture(scope="module")
def real(shared, outcomes):
    return read_file(shared / "data" / FILE, outcomes, 2025)


def written(folder, rows, columns="code;naam;misdrijven_2025"):
    file = folder / "misdrijven.csv"
    file.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    return file


SMALL = (
    "GM9001;Stad;100", "WK900101;Noord;", "BU90010101;Hof;60", "BU90010102;Plein;25",
    "GM9002;Dorp;100", "WK900201;Kern;", "BU90020101;Kerk;84", "BU90020102;Veld;",
    "GM9003;Polder;0", "BU90030101;Dijk;0",
    "GM9004;Zee;0",
)  # fmt: skip


def test_the_four_gemeenten_with_reused_codes_are_refused_and_no_other(real):
    assert crime.refused(real)["region_name"].to_dict() == REFUSED
    found = crime.refused(real)["share_found"].round(2).to_dict()
    assert found == {"GM0285": 0.04, "GM0637": 0.11, "GM0753": 0.0, "GM1658": 0.15}
    totals = real.totals
    assert len(totals) == 342
    # The lowest that is accepted is Staphorst, with 280 of 309.
    accepted = totals[~totals["refused"]]
    assert accepted["share_found"].idxmin() == "GM0180"
    assert (accepted.loc["GM0180", "in_regions"], accepted.loc["GM0180", "published"]) == (280, 309)


@pytest.mark.parametrize("year", [2021, 2022, 2023, 2024])
def test_they_are_refused_in_every_year(shared, outcomes, year):
    release = read_file(shared / "data" / FILE, outcomes, year)
    assert set(crime.refused(release).index) == set(REFUSED)


def test_sums_agree_with_the_published_totals_and_the_file_s_own_ratio(shared, real):
    published = pd.read_csv(shared / "data" / FILE, dtype=str)
    published = published[published["niveau"] == "gemeente"].set_index("code")
    own = published["crime_dekking_gm"].astype(float)
    assert (real.totals["share_found"] - own).abs().max() < 0.0006  # given in three decimals
    # 795,052 in the country; what is left out is in the four refused and at no address.
    assert real.totals["published"].sum() == 795052
    assert real.totals["in_regions"].sum() == 786939


def test_no_figure_of_a_refused_gemeente_remains_but_its_own_total(real):
    for gm_code in REFUSED:
        rows = real.table[real.table["gm_code"] == gm_code]
        below = rows[rows.index != gm_code]
        assert len(below) and below["n_crimes"].isna().all()
        assert set(real.missing.loc[below.index, "n_crimes"]) == {"not_comparable"}
        assert rows.loc[gm_code, "n_crimes"] > 0
        with pytest.raises(InputError, match=f"misdrijven van {gm_code} in 2025 .* alleen het to"):
            crime.check_gemeente(real, gm_code)
    crime.check_gemeente(real, "GM0363")
    with pytest.raises(InputError, match="592 van de 5611 misdrijven"):
        crime.check_gemeente(real, "GM0637")
    with pytest.raises(InputError, match="geen misdrijven van GM9999"):
        crime.check_gemeente(real, "GM9999")


def test_wijken_have_no_figure_and_zero_stays_zero(real):
    assert set(outcome_reasons(real, "wijk")["n_crimes"]) == {"not_published", "not_comparable"}
    buurten = outcome_table(real, "buurt")
    assert buurten["n_crimes"].eq(0).sum() > 0
    assert real.table.loc["BU00141909", "n_crimes"] == 0


def test_the_reuse_of_codes_is_silent(real, real_release):
    """Codes, names and flags of change say nothing: only the sum does."""
    kerncijfers = real_release(2024).table
    assert division_year(real.table.index, {2020: real_release(2020).table.index}) is None
    assert division_year(real.table.index, {2024: kerncijfers.index}) == 2024
    for gm_code in REFUSED:
        codes = real.table.index[real.table["gm_code"] == gm_code]
        there = kerncijfers.loc[codes]
        assert there["boundary_change"].eq("1").all()
        assert (there["region_name"] == real.table.loc[codes, "region_name"]).all()


def test_the_limit_is_85_per_cent(outcomes, tmp_path):
    release = read_file(written(tmp_path, SMALL), outcomes)
    # (60 + 25) / 100 is just enough, 84 / 100 is not; nothing of nothing is whole.
    assert release.totals["in_regions"].to_dict() == {
        "GM9001": 85, "GM9002": 84, "GM9003": 0, "GM9004": 0,
    }  # fmt: skip
    assert list(crime.refused(release).index) == ["GM9002"]
    assert release.table["n_crimes"].dropna().to_dict() == {
        "GM9001": 100, "BU90010101": 60, "BU90010102": 25, "GM9002": 100, "GM9003": 0,
        "BU90030101": 0, "GM9004": 0,
    }  # fmt: skip
    assert release.missing["n_crimes"].to_dict() == {
        "GM9001": "", "WK900101": "not_published", "BU90010101": "", "BU90010102": "",
        "GM9002": "", "WK900201": "not_comparable", "BU90020101": "not_comparable",
        "BU90020102": "not_comparable", "GM9003": "", "BU90030101": "",
        "GM9004": "",
    }  # fmt: skip


def test_wijken_are_held_to_the_total_too(outcomes, tmp_path):
    rows = ("GM9001;Stad;100", "WK900101;Noord;40", "BU90010101;Hof;100")
    release = read_file(written(tmp_path, rows), outcomes)
    assert release.totals.loc["GM9001", "share_found"] == 0.4
    assert list(crime.refused(release).index) == ["GM9001"]


def test_buurten_without_the_total_of_their_gemeente_are_refused(outcomes, tmp_path):
    release = read_file(written(tmp_path, SMALL[2:4]), outcomes)
    assert release.table["n_crimes"].isna().all()
    with pytest.raises(InputError, match="het totaal van de gemeente ontbreekt"):
        crime.check_gemeente(release, "GM9001")


def test_the_rows_of_one_gemeente_are_a_valid_file(outcomes, tmp_path):
    release = read_file(written(tmp_path, SMALL[:4]), outcomes)
    assert release.table["n_crimes"].notna().sum() == 3


def test_the_service_s_own_form_gives_the_total_of_all_kinds(outcomes, tmp_path):
    rows = [
        "0.0.0 ;GM9001    ;2024JJ00;     100",
        "1.1.1 ;GM9001    ;2024JJ00;      10",
        "0.0.0 ;BU90010101;2024JJ00;      90",
        "0.0.0 ;GM9001    ;2025JJ00;     110",
        "0.0.0 ;BU90010101;2025JJ00;       .",
    ]
    columns = "SoortMisdrijf;WijkenEnBuurten;Perioden;GeregistreerdeMisdrijven_1"
    file = written(tmp_path, rows, columns)
    release = read_file(file, outcomes, 2024)
    assert release.table["n_crimes"].to_dict() == {"GM9001": 100, "BU90010101": 90}
    assert crime.refused(read_file(file, outcomes, 2025)).index.tolist() == ["GM9001"]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ("code;naam;misdrijf_2025;misdrijven_2024", "onbekende kolom misdrijf_2025"),
        ("code;naam;misdrijven_2025;Misdrijven 2025", "die allebei de misdrijven van 2025"),
        ("plaats;naam;misdrijven_2025;inwoners", "geen kolom met codes"),
        ("code;naam;misdrijven_2024;misdrijven_2025", "over 2024, 2025; geef erbij"),
    ],
)
def test_a_spoiled_file_is_refused_in_one_sentence(outcomes, tmp_path, columns, says):
    file = written(tmp_path, ["GM9001;Stad;100;90", "BU90010101;Hof;60;90"], columns)
    with pytest.raises(InputError, match=says) as error:
        read_file(file, outcomes)
    assert "\n" not in str(error.value) and str(error.value).startswith("misdrijven.csv")


def test_a_dropped_year_names_those_that_are_there(outcomes, tmp_path):
    with pytest.raises(InputError, match="geen cijfers over 2021; wel over 2025"):
        read_file(written(tmp_path, SMALL), outcomes, 2021)
