import pandas as pd

from analysis.sources.change_flags import (
    by_flags,
    flags_between,
    missing_tables,
    same_code_evidence,
)
from analysis.sources.regions import is_level

CODES = pd.Index(["BU00010000", "BU00010001", "BU00010002", "BU00010003", "BU00010004"])


def flag(*values) -> pd.Series:
    return pd.Series(values, index=CODES[: len(values)], dtype="str")


def table(series: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"boundary_change": series})


def test_flags_of_every_year_after_the_first_count():
    tables = {2020: table(flag("3")), 2021: table(flag("1")), 2023: table(flag("2"))}
    forward = flags_between(tables, 2020, 2023)
    assert list(forward) == [2021, 2022, 2023]
    assert forward[2022] is None
    assert forward[2023].tolist() == ["2"]
    assert list(flags_between(tables, 2023, 2020)) == [2021, 2022, 2023]
    assert flags_between(tables, 2020, 2020) == {}


def test_unchanged_only_when_every_year_says_so():
    flags = {2021: flag("1", "1", "3", "1", None), 2022: flag("1", "2", "1", "1", "1")}
    unchanged, unknown = by_flags(CODES, flags)
    assert list(unchanged) == ["BU00010000", "BU00010003"]
    # The last has no flag in one year (as gemeenten to 2020) and never a change.
    assert list(unknown) == ["BU00010004"]


def test_a_code_that_was_away_for_a_year_was_used_again():
    flags = {2021: flag("1", "1", "1"), 2022: flag("1", "1", "1", "1", "1")}
    unchanged, unknown = by_flags(CODES, flags)
    assert list(unchanged) == list(CODES[:3])
    assert unknown.empty


def test_a_missing_table_leaves_nothing_certain_but_what_changed():
    unchanged, unknown = by_flags(CODES, {2021: None, 2022: flag("1", "3", "1", "2", "1")})
    assert unchanged.empty
    assert list(unknown) == [CODES[0], CODES[2], CODES[4]]


def test_missing_tables_are_named_in_one_sentence():
    told = missing_tables({2021: None, 2022: None, 2023: None, 2024: flag("1")})
    assert told.startswith("De grenswijzigingen van 2021, 2022 en 2023 zijn niet bekend, want die "
                           "tabellen zijn niet in huis")  # fmt: skip
    assert "2024" not in told
    assert missing_tables({2021: None}).startswith("De grenswijzigingen van 2021 zijn niet bekend, "
                                                   "want die tabel is niet in huis")  # fmt: skip
    assert missing_tables({2024: flag("1")}) == ""


def test_names_and_numbers_are_compared_per_code():
    columns = {"region_name": ["Molenbuurt", "Oost"], "inhabitants": [100.0, 100.0]}
    old = pd.DataFrame(columns, index=CODES[:2])
    new = old.assign(region_name=["Park Uithof", "Oost"], inhabitants=[131.0, 130.0])
    found = same_code_evidence(old, new)
    assert found["is_renamed"].tolist() == [True, False]
    # More than 30 %, so 30 % itself is not.
    assert found["is_resized"].tolist() == [True, False]


def test_real_codes_with_a_quiet_flag_have_other_names(real_release):
    old, new = (
        release.table[is_level(release.table.index.to_series(), "buurt")]
        for release in (real_release(2020), real_release(2024))
    )
    found = same_code_evidence(old, new)
    quiet = found[new["boundary_change"].reindex(found.index).eq("1")]
    assert len(quiet) == 11_894
    assert quiet["is_renamed"].sum() == 601
    assert quiet.loc["BU00340304", ["name_from", "name_to"]].tolist() == [
        "Molenbuurt",
        "Park Uithof",
    ]
