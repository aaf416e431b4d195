"""Outcomes from a service on 127.0.0.1 in the form of the real one."""

import pytest
from statline_server import Table, data_properties, serving

from analysis.sources import snapshot
from analysis.sources.catalogue import read_catalogue
from analysis.sources.edition import cbs_edition
from analysis.sources.errors import InputError, ServiceError
from analysis.sources.outcome_files import read_file, store
from analysis.sources.outcome_pull import pull_outcomes, read_outcomes_of, source_of
from analysis.sources.outcomes import read_outcomes
from analysis.sources.statline import fetch
from analysis.sources.transport import Patience

QUICK = Patience(connect=2, read=2, tries=2, pause=0.01)
REGIONS = {"NL01": "Nederland", "GM9001": "Stad", "WK900101": "Noord", "BU90010101": "Hof"}
YEARS = ("2016JJ00", "2020JJ00")


@pytest.fixture(scope="module")
def outcomes(root):
    return read_outcomes(root / "data" / "outcomes.csv")


@pytest.fixture(scope="module")
def catalogue(root):
    return read_catalogue(root / "data" / "catalogue.csv")


def table(identifier, columns, dimensions, figures):
    """Return a table with a row for every region and member of every dimension."""
    properties = data_properties(columns)
    keys = [record["Key"] for record in properties if record["Type"] == "Topic"]
    properties += [
        {"ID": 900 + n, "ParentID": None, "Key": name,
         "Type": "TimeDimension" if name == "Perioden" else "Dimension"}
        for n, name in enumerate(dimensions)
    ]  # fmt: skip
    chosen = [{}]
    for name, members in dimensions.items():
        chosen = [{**one, name: member} for one in chosen for member in members]
    rows = [
        {"WijkenEnBuurten": code.ljust(10), **one,
         **dict(zip(keys, figures(code, one), strict=True))}
        for one in chosen
        for code in REGIONS
    ]  # fmt: skip
    regions = [{"Key": c.ljust(10), "Title": name.ljust(40)} for c, name in REGIONS.items()]
    listed = {
        name: [{"Key": key, "Title": title} for key, title in members.items()]
        for name, members in dimensions.items()
    }
    return Table(identifier, properties, regions, rows, dimensions=listed)


PERIODS = {year: year[:4] for year in YEARS}
HEALTH = {
    "Leeftijd": {"20300": "18 jaar of ouder", "53115": "18 tot 65 jaar"},
    "Marges": {"MW00000": "Waarde", "MOG0095": "Ondergrens"},
    "Perioden": PERIODS,
}


def health_table():
    columns = (
        "Regio > Codering | code",
        "Eenzaamheid > Eenzaam | %",
        "Gezondheid > Ervaren gezondheid goed/zeer goed | %",
    )

    def figures(code, one):
        asked = one["Leeftijd"] == "20300" and one["Marges"] == "MW00000"
        lonely = (40.0 if one["Perioden"] == "2016JJ00" else 50.0) if asked else 1.0
        return code.ljust(20), None if code[:2] == "WK" else lonely, 75.5

    return table("50090NED", columns, HEALTH, figures)


@pytest.fixture
def server():
    with serving(health_table(), page_size=3) as state:
        yield state


@pytest.fixture
def edition(root, tmp_path, server):
    return cbs_edition(root, tmp_path / "raw", server.address)


def test_one_year_of_adults_is_asked_kept_and_read(edition, server, catalogue, outcomes):
    source = source_of(catalogue, "gezondheid", 2016)
    pulled = pull_outcomes(edition, source, 2016, patience=QUICK)
    assert pulled.fetched and pulled.snapshot.name == "gezondheid_2016"
    # Both pages: the filter goes along with the link to the next one.
    assert (
        server.filters[-2:]
        == ["Leeftijd eq '20300' and Marges eq 'MW00000' and Perioden eq '2016JJ00'"] * 2
    )
    assert pulled.snapshot.rows == 4 and "filter" in pulled.snapshot.url
    release = read_outcomes_of(edition, "gezondheid", 2016, outcomes)
    assert release.table["share_lonely"].dropna().to_dict() == {
        "NL01": 0.4, "GM9001": 0.4, "BU90010101": 0.4,
    }  # fmt: skip
    assert release.missing.loc["WK900101", "share_lonely"] == "not_published"
    assert release.missing.loc["GM9001", "share_smokers"] == "not_published"
    assert release.table["share_good_health"].eq(0.755).all()
    assert release.table["region_name"].tolist() == list(REGIONS.values())
    assert not pull_outcomes(edition, source, 2016, patience=QUICK).fetched
    assert pull_outcomes(edition, source, 2020, patience=QUICK).fetched
    later = read_outcomes_of(edition, "gezondheid", 2020, outcomes)
    assert later.table.loc["GM9001", "share_lonely"] == 0.5


def test_a_year_that_the_table_lacks_names_those_it_has(edition, catalogue):
    with pytest.raises(InputError, match="50090NED heeft 2019 niet; kies uit 2016, 2020"):
        pull_outcomes(edition, source_of(catalogue, "gezondheid", 2019), 2019, patience=QUICK)
    with pytest.raises(InputError, match="de nieuwste is van 2022"):
        source_of(catalogue, "gezondheid", 2030)


def test_a_title_that_says_more_than_its_key_is_still_known(edition, server, catalogue, outcomes):
    for record in server.tables["50090NED"].properties:
        if record["Key"].startswith("Eenzaam_"):
            record["Title"] = "Eenzaam, 18 jaar of ouder"
    pull_outcomes(edition, source_of(catalogue, "gezondheid", 2020), 2020, patience=QUICK)
    release = read_outcomes_of(edition, "gezondheid", 2020, outcomes)
    assert release.table.loc["GM9001", "share_lonely"] == 0.5


def test_the_catalogue_s_count_is_of_every_member(server):
    asked = {"Leeftijd": "20300", "Marges": "MW00000", "Perioden": "2016JJ00"}
    answer = fetch(server.address, "50090NED", 32, patience=QUICK, only=asked)
    assert len(answer.rows) == 4
    with pytest.raises(ServiceError, match="noemt een gebied meer dan één keer"):
        fetch(server.address, "50090NED", 32, patience=QUICK)


def test_other_rows_than_asked_are_refused(edition, server, catalogue):
    server.faults["TypedDataSet"] = ["unasked"] * 12
    with pytest.raises(ServiceError, match="andere rijen dan gevraagd"):
        pull_outcomes(edition, source_of(catalogue, "gezondheid", 2016), 2016, patience=QUICK)
    assert snapshot.newest(edition.raw, "gezondheid_2016") is None


def test_half_of_the_regions_is_refused(edition, server, catalogue):
    server.faults["TypedDataSet"] = ["nonext"]
    with pytest.raises(ServiceError, match="3 rijen voor 4 gebieden"):
        pull_outcomes(edition, source_of(catalogue, "gezondheid", 2016), 2016, patience=QUICK)


def test_an_unknown_dimension_is_not_guessed(edition, server, catalogue):
    properties = server.tables["50090NED"].properties
    properties.append({"ID": 990, "ParentID": None, "Type": "Dimension", "Key": "Geslacht"})
    server.tables["50090NED"].dimensions["Geslacht"] = [{"Key": "T001038", "Title": "Totaal"}]
    with pytest.raises(InputError, match="onderdeel Geslacht waarvan niet bekend is"):
        pull_outcomes(edition, source_of(catalogue, "gezondheid", 2016), 2016, patience=QUICK)


def test_ses_woa_is_found_by_its_topics(root, tmp_path, catalogue, outcomes):
    columns = (
        "Regiocode (gemeente, wijk, buurt) | code",
        "Particuliere huishoudens | aantal",
        "SES-WOA > Totaalscore > Gemiddelde score | Getal",
        "SES-WOA > Deelscore financiële welvaart > Gemiddelde score | Getal",
        "Spreiding > Spreiding totaal > Waarde | Getal",
        "Spreiding > Spreiding welvaart > Waarde | Getal",
    )
    served = table(
        "85163NED",
        columns,
        {"Perioden": {"2019JJ00": "2019"}},
        lambda code, one: (code, 100, -0.1, 0.2, 0.9, 0.4),
    )
    with serving(served) as state:
        edition = cbs_edition(root, tmp_path / "raw", state.address)
        pull_outcomes(edition, source_of(catalogue, "ses_woa", 2019), 2019, patience=QUICK)
    row = read_outcomes_of(edition, "ses_woa", 2019, outcomes).table.loc["GM9001"]
    assert row[["ses_woa_score", "ses_woa_wealth_score"]].tolist() == [-0.1, 0.2]
    assert row[["ses_woa_spread", "ses_woa_wealth_spread"]].tolist() == [0.9, 0.4]


def test_crime_asks_the_total_by_its_padded_key(root, tmp_path, catalogue, outcomes):
    served = table(
        "47018NED",
        ("Geregistreerde misdrijven | aantal",),
        {
            "SoortMisdrijf": {"0.0.0 ": "Totaal misdrijven", "1.1.1 ": "1.1.1 Woninginbraak"},
            "Perioden": {"2025JJ00": "2025", "2025MM01": "2025 januari"},
        },
        lambda code, one: (100 if one["SoortMisdrijf"] == "0.0.0 " else 7,),
    )
    with serving(served) as state:
        edition = cbs_edition(root, tmp_path / "raw", state.address)
        pull_outcomes(edition, source_of(catalogue, "misdrijven", 2025), 2025, patience=QUICK)
        assert "SoortMisdrijf eq '0.0.0 '" in state.filters[-1]
    release = read_outcomes_of(edition, "misdrijven", 2025, outcomes)
    assert release.table["n_crimes"].eq(100).all()
    assert release.totals.loc["GM9001", "share_found"] == 1


def test_a_file_and_the_service_serve_one_name(edition, catalogue, outcomes, tmp_path):
    file = tmp_path / "gezondheid.csv"
    file.write_text(
        "Perioden;Leeftijd;Marges;Codering_3;Eenzaam_9;Roker_7\n2012;20300;MW00000;GM9001;33;20\n"
    )
    store(edition.raw, file, outcomes)
    pull_outcomes(edition, source_of(catalogue, "gezondheid", 2016), 2016, patience=QUICK)
    stored = read_outcomes_of(edition, "gezondheid", 2012, outcomes)
    assert stored.table.equals(read_file(file, outcomes).table)
    with pytest.raises(InputError, match="2020 niet opgehaald; wel in huis: 2012, 2016; haal"):
        read_outcomes_of(edition, "gezondheid", 2020, outcomes)


def test_what_the_service_does_not_have_is_asked_as_a_file(edition, catalogue):
    with pytest.raises(InputError, match="alleen als bestand te krijgen"):
        pull_outcomes(edition, source_of(catalogue, "leefbaarometer", 2016), 2016)
