"""Regions that a table has by their code only are called what another year calls them."""

import pandas as pd

from analysis.reports.dossier import open_dossier
from analysis.sources.region_names import with_names


def table(**names):
    return pd.DataFrame({"region_name": names, "inhabitants": 10.0})


def test_a_code_is_replaced_by_the_nearest_name_and_a_name_stays():
    bare = table(BU1="BU1", BU2="Dorp", BU3="BU3", BU4="", BU5=None)
    kept = bare.copy()
    nearest = pd.Series({"BU1": "BU1", "BU2": "Stad", "BU4": "Weide"})
    older = pd.Series({"BU1": "Kade", "BU4": "Akker", "BU5": "Veld"})
    found = with_names(bare, iter([nearest, older]))
    # No year has a name for BU3.
    assert found["region_name"].tolist() == ["Kade", "Dorp", "BU3", "Weide", "Veld"]
    assert found["inhabitants"].eq(10).all()
    pd.testing.assert_frame_equal(bare, kept)


def test_other_years_are_not_read_where_every_region_has_a_name():
    def years():
        yield pd.Series({"BU1": "Plein"})
        raise AssertionError("a second year was asked for")

    named = table(BU1="Kade")
    assert with_names(named, years()) is named
    assert with_names(table(BU1="BU1"), years())["region_name"].tolist() == ["Plein"]
    assert with_names(table(BU1="BU1"), iter([]))["region_name"].tolist() == ["BU1"]


def test_a_report_calls_a_buurt_by_its_name_in_a_year_without_names(real_raw):
    # The stored table of 2019 has Amsterdam's regions by their codes; that of 2020 has names.
    dossier = open_dossier("Amsterdam", edition="cbs", raw=str(real_raw))
    release = next(one for one in dossier.releases if one.year == 2019)
    names = dossier.regions(release, "buurt")["region_name"]
    assert names["BU03630000"] == "Kop Zeedijk"
    assert names.ne(names.index).mean() > 0.9
