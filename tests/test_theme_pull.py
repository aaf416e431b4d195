"""Tables by theme from a service on 127.0.0.1 that replays real downloads in its own shape."""

import numpy as np
import pytest
from replayed import crime_table, export_table, rivm_table, typed
from statline_server import serving

from analysis.sources import layouts, proximity, snapshot, transport
from analysis.sources.catalogue import read_catalogue
from analysis.sources.edition import cbs_edition
from analysis.sources.errors import InputError, ServiceError, TableMissingError
from analysis.sources.outcome_files import theme_of_header
from analysis.sources.outcome_pull import read_outcomes_of
from analysis.sources.outcomes import read_outcomes
from analysis.sources.sheets import read_sheet
from analysis.sources.theme_pull import THEMES, pull_theme

QUICK = transport.Patience(connect=2, read=2, tries=2, pause=0.01)


@pytest.fixture(scope="module")
def outcomes(root):
    return read_outcomes(root / "data" / "outcomes.csv")


@pytest.fixture(scope="module")
def nabijheid(shared):
    file = shared / "data" / "downloads" / "statline_nabijheid_2023_utrecht.csv"
    return read_sheet(file, lambda cells: bool(layouts.kind_of(cells)))


@pytest.fixture
def ask(root, tmp_path):
    """Return a function that pulls a theme from a server, and what was said."""

    def pull(state, theme, year=None):
        said, watched = [], []
        edition = cbs_edition(root, tmp_path / "raw", state.address)

        def progress(table):
            watched.append(table)

        done, of = pull_theme(edition, theme, year, progress, said.append, QUICK)
        assert watched[-1] == done.source.table
        return edition, done, of, said

    return pull


@pytest.mark.parametrize("year", [None, 2023])
def test_real_proximity_goes_there_and_back(ask, nabijheid, year):
    with serving(export_table("85830NED", nabijheid, "Codering"), page_size=50) as state:
        edition, done, of, said = ask(state, "nabijheid", year)
        assert (done.fetched, of, done.source.table) == (True, 2023, "85830NED")
        assert said == ["Nabijheid voorzieningen 2023 (85830NED), cijfers van 2023: 123 gebieden, "
                        "opgehaald."]  # fmt: skip
        release = proximity.newest(edition, done.source)
        # Cell by cell what the file says.
        header = next(name for name in nabijheid.rows if "Afstand tot café e.d. (km)" in name)
        written = nabijheid.rows[header].map(typed).astype(float)
        found = release.table["cafe_distance_km"]
        assert found.notna().sum() > 100
        np.testing.assert_array_equal(found.to_numpy(), written.to_numpy())
        assert release.table.loc["GM0344", "restaurant_within_3km"] == 162.1
        assert not ask(state, "nabijheid", year)[1].fetched


def test_the_newest_year_that_has_figures_serves(ask, nabijheid):
    empty = export_table("86270NED", nabijheid, "Codering")
    figures = [r["Key"] for r in empty.properties if r.get("Unit") in ("km", "aantal")]
    for row in empty.rows:
        row |= dict.fromkeys(figures)
    with serving(empty, export_table("85830NED", nabijheid, "Codering"), page_size=200) as state:
        _, done, of, said = ask(state, "nabijheid")
    assert of == 2023 and done.source.table == "85830NED"
    assert "2025 (86270NED) heeft geen enkel cijfer" in said[0] and "ouder jaar" in said[0]


def test_a_renamed_facility_is_loud(ask, nabijheid):
    table = export_table("85830NED", nabijheid, "Codering")
    for record in table.properties:
        if record["Title"] == "Afstand tot bibliotheek":
            record["Title"] = "Afstand tot de bibliotheek"
    with serving(table, page_size=200) as state, pytest.raises(InputError, match="bibliotheek"):
        ask(state, "nabijheid", 2023)


def test_real_ses_woa_goes_there_and_back(ask, shared, outcomes):
    file = shared / "data" / "downloads" / "statline_85163NED_seswoa_2019_amsterdam.csv"
    sheet = read_sheet(file, lambda cells: bool(theme_of_header(cells)))
    table = export_table("85163NED", sheet, "Regiocode", "2019JJ00")
    with serving(table, page_size=400) as state:
        edition, done, of, said = ask(state, "ses_woa")
    assert said[0].startswith("SES-WOA scores per wijk en buurt (tabel 85163NED), cijfers van 2019")
    assert of == 2019 and done.snapshot.name == "ses_woa_2019"
    found = read_outcomes_of(edition, "ses_woa", 2019, outcomes)
    assert found.table.loc["GM0363", "ses_woa_score"] == -0.1
    wijken = found.table[found.table.index.str.startswith("WK")]
    weights = wijken["n_ses_households"].where(wijken["ses_woa_score"].notna())
    mean = (wijken["ses_woa_score"] * weights).sum() / weights.sum()
    assert round(mean, 4) == -0.0994


def test_real_health_goes_there_and_back(ask, shared, outcomes):
    file = shared / "data" / "health" / "rivm_50090NED_2020_18plus.xlsx"
    with serving(rivm_table("50090NED", file), page_size=40) as state:
        edition, done, of, _ = ask(state, "gezondheid")
        assert of == 2020 and done.source.address == "https://dataderden.cbs.nl"
        assert done.snapshot.url.startswith(state.address)  # the one address given goes for all
        assert "Leeftijd eq '20300' and Marges eq 'MW00000'" in state.filters[-1]
    found = read_outcomes_of(edition, "gezondheid", 2020, outcomes).table
    assert found.loc["NL01", "share_good_health"] == 0.784
    assert found.loc["GM1680", "share_good_health"] == 0.805


def test_real_crime_takes_the_newest_whole_year(ask, shared, outcomes):
    file = shared / "data" / "outcomes" / "politie_misdrijven_2021-2025_buurt.csv"
    table = crime_table("47018NED", file, "GM0014", (2024, 2025))
    table.dimensions["Perioden"].append({"Key": "2026MM01", "Title": "2026 januari"})
    with serving(table, page_size=500) as state:
        edition, _, of, _ = ask(state, "misdrijven")
        assert of == 2025
        assert ask(state, "misdrijven", 2024)[2] == 2024
    found = read_outcomes_of(edition, "misdrijven", 2024, outcomes)
    assert found.table.loc["GM0014", "n_crimes"] == 14_952
    newest = read_outcomes_of(edition, "misdrijven", 2025, outcomes)
    assert newest.table.loc["GM0014", "n_crimes"] == 14_805
    assert round(newest.totals.loc["GM0014", "share_found"], 3) == 0.949


def test_every_publisher_has_an_address_of_its_own(root, tmp_path, monkeypatch):
    asked = []

    def refuse(address, wanted, patience):
        asked.append((address, wanted))
        return {}

    monkeypatch.setattr("analysis.sources.theme_pull.statline.list_tables", refuse)
    edition = cbs_edition(root, tmp_path / "raw")
    for theme in ("nabijheid", "gezondheid", "misdrijven"):
        with pytest.raises(TableMissingError, match=f"geen enkele tabel van '{theme}'"):
            pull_theme(edition, theme, None, lambda table: None, print, QUICK)
    assert [address for address, _ in asked] == [
        "https://opendata.cbs.nl", "https://dataderden.cbs.nl", "https://dataderden.cbs.nl",
    ]  # fmt: skip
    assert asked[1][1] == ["50120NED", "50090NED"] and len(asked[0][1]) == 12
    catalogue = read_catalogue(root / "data" / "catalogue.csv")
    assert set(THEMES) <= {source.theme for source in catalogue}


@pytest.mark.parametrize(
    ("theme", "year", "says"),
    [
        ("leefbaarometer", None, "alleen als bestand te krijgen"),
        ("leefbaarometer", 2016, "alleen als bestand te krijgen"),
        ("weer", None, "geen thema 'weer'; kies uit nabijheid"),
        ("nabijheid", 1999, "Voor 1999 staat geen tabel van 'nabijheid'"),
        ("gezondheid", 2099, "de nieuwste is van 2022"),
        ("nabijheid", 2024, "geen tabel 86134NED"),
    ],
)
def test_what_cannot_be_had_is_one_sentence(ask, theme, year, says):
    with serving() as state, pytest.raises(InputError, match=says) as error:
        ask(state, theme, year)
    assert "\n" not in str(error.value)


def test_a_service_that_fails_is_not_asked_for_older_years(ask, nabijheid, tmp_path):
    tables = [export_table(name, nabijheid, "Codering") for name in ("86134NED", "85830NED")]
    with serving(*tables, page_size=200) as state:
        state.faults["TypedDataSet"] = ["html"] * 50
        with pytest.raises(ServiceError):
            ask(state, "nabijheid")
        once = state.asked.count("TypedDataSet")
        state.asked.clear()
        with pytest.raises(ServiceError):
            ask(state, "nabijheid", 2024)
        # As often as when that one year is asked.
        assert state.asked.count("TypedDataSet") == once > 0
    assert not snapshot.releases(tmp_path / "raw", "85830NED")
