"""What a gemeente has, of every source, in the real tables and in the example."""

import numpy as np
import pandas as pd
import pytest
from downloaded import write_csv

from analysis.figures.wording import STATUS_NL
from analysis.reports.availability import REASONS, availability, availability_text
from analysis.reports.dossier import open_dossier
from analysis.reports.held import SOURCES_NL, held_files, held_tables, people_of
from analysis.sources import downloads, kerncijfers, network, outcome_files, snapshot, zoning
from analysis.sources.edition import cbs_edition
from analysis.sources.outcome_files import SOURCES
from analysis.sources.outcomes import read_outcomes

COLUMNS = ["source", "theme", "concept", "label", "year", "level", "filled", "regions", "known",
           *REASONS, "newest"]  # fmt: skip


@pytest.fixture(scope="module")
def raw(shared, root, real_raw, tmp_path_factory):
    """Return the real tables with real files beside them, some cut to one gemeente."""
    folder = tmp_path_factory.mktemp("held") / "raw"
    folder.mkdir()
    for table in real_raw.iterdir():
        if table.is_dir():
            (folder / table.name).symlink_to(table, target_is_directory=True)
    edition = cbs_edition(root, folder)
    given = shared / "data"
    outcomes = read_outcomes(root / "data" / "outcomes.csv")
    downloads.store(edition, given / "downloads" / "statline_nabijheid_2023_utrecht.csv", 2023)
    ses = given / "downloads" / "statline_85163NED_seswoa_2019_amsterdam.csv"
    outcome_files.store(folder, ses, outcomes)
    crime = folder.parent / "misdrijven.csv"
    police = pd.read_csv(given / "outcomes" / "politie_misdrijven_2021-2025_buurt.csv", dtype="str")
    police = police[police["gm_code"].isin(["GM0637", "GM0363"])]
    police[["code", "misdrijven_2024"]].to_csv(crime, index=False)
    outcome_files.store(folder, crime, outcomes)
    network.store(folder, given / "network" / "delft-streets.shp")
    return folder


@pytest.fixture(scope="module")
def tables(raw):
    """Return the availability of three gemeenten."""
    return {
        name: availability(open_dossier(name, raw=str(raw)))
        for name in ("Zoetermeer", "Utrecht", "Amsterdam")
    }


def row(table, concept, year, level, source="Kerncijfers"):
    found = table[
        table["concept"].eq(concept)
        & table["year"].eq(year)
        & table["level"].eq(level)
        & table["source"].eq(source)
    ]
    assert len(found) == 1
    return found.iloc[0]


def test_every_source_is_in_one_table(tables):
    for table in tables.values():
        assert table.columns.tolist() == COLUMNS
        assert not table.duplicated(["source", "concept", "label", "year", "level"]).any()
        assert (table[["known", *REASONS]].sum(axis=1) <= table["regions"]).all()
        counted = table["source"].isin(SOURCES_NL.values())
        # Every region of a statistic is known or has its reason.
        whole = table.loc[counted, ["known", *REASONS]].sum(axis=1)
        assert whole.eq(table.loc[counted, "regions"]).all()
        assert table.loc[counted, "filled"].dropna().between(0, 1).all()
    assert set(tables["Amsterdam"]["source"]) == {
        "Kerncijfers", "SES-WOA", "Misdrijven (politie)", "Kaarten en andere bestanden",
    }  # fmt: skip
    assert "Nabijheid voorzieningen" in set(tables["Utrecht"]["source"])


def test_mean_income_of_zoetermeer_is_mostly_there_and_the_rest_too_small(tables):
    income = row(tables["Zoetermeer"], "income_per_inhabitant_eur", 2024, "buurt")
    assert (income["known"], income["below_threshold"], income["suppressed"]) == (16, 10, 0)
    assert 0.98 < income["filled"] < 1 and income["newest"]
    assert not row(tables["Zoetermeer"], "income_per_inhabitant_eur", 2017, "buurt")["newest"]
    earlier = row(tables["Zoetermeer"], "share_persons_lowest_40", 2017, "buurt")
    assert (earlier["below_threshold"], earlier["suppressed"], earlier["newest"]) == (7, 1, True)
    later = row(tables["Zoetermeer"], "share_persons_lowest_40", 2024, "buurt")
    assert later["not_published"] == 26 and later["filled"] == 0


def test_crime_without_its_buurten_is_not_comparable(tables):
    police = "Misdrijven (politie)"
    town = row(tables["Zoetermeer"], "n_crimes", 2024, "gemeente", police)
    below = row(tables["Zoetermeer"], "n_crimes", 2024, "buurt", police)
    assert (town["known"], town["filled"]) == (1, 1)
    assert (below["known"], below["filled"], below["not_comparable"]) == (0, 0, 26)
    assert row(tables["Amsterdam"], "n_crimes", 2024, "buurt", police)["filled"] > 0.99


def test_outcomes_are_weighted_by_the_people_of_their_own_division(tables):
    score = row(tables["Amsterdam"], "ses_woa_score", 2019, "buurt", "SES-WOA")
    # 479 buurten; where nobody lives no score is missing.
    assert score[["known", "suppressed", "uninhabited"]].tolist() == [390, 18, 71]
    assert score["regions"] == 479 and 0.98 < score["filled"] < 1
    absent = row(tables["Amsterdam"], "ses_woa_work_score", 2019, "buurt", "SES-WOA")
    assert absent["not_in_file"] + absent["uninhabited"] == 479


def test_proximity_is_weighted_by_people_of_the_same_buurten(tables):
    cafe = row(tables["Utrecht"], "cafe_distance_km", 2023, "buurt", "Nabijheid voorzieningen")
    # The buurten of 2023 are those of 2024: their people weigh.
    assert (cafe["known"], cafe["regions"]) == (109, 111) and cafe["filled"] == 1
    # That nobody lives in the other two is known from their people.
    assert (cafe["uninhabited"], cafe["suppressed"]) == (2, 0)
    gp = row(tables["Utrecht"], "gp_distance_km", 2023, "buurt", "Nabijheid voorzieningen")
    assert gp["not_published"] == 111 and gp["filled"] == 0


def test_without_people_of_the_same_buurten_regions_are_counted(raw):
    # The buurten of Amsterdam in 2019 have other codes than those of 2024.
    later = open_dossier("Amsterdam", year=2024, raw=str(raw))
    found = availability(later)
    score = row(found, "ses_woa_score", 2019, "buurt", "SES-WOA")
    assert np.isnan(score["filled"]) and score["known"] == 390 and score["newest"]
    assert "390 van 479*" in availability_text(found)
    there = later.regions(later.newest, "buurt")["inhabitants"].index[:1]
    # One buurt that this year does not have is enough: it is another division.
    assert people_of(later, "buurt", there.append(pd.Index(["BU03630000"])), 2019) is None
    town = people_of(later, "gemeente", pd.Index(["GM0363"]), 2019)
    assert town["GM0363"] == later.regions(later.newest, "gemeente")["inhabitants"].iloc[0]


def test_nobody_is_no_people_and_not_zero_people(raw):
    dossier = open_dossier("Amsterdam", year=2019, raw=str(raw))
    everywhere = kerncijfers.all_regions(dossier.newest, "buurt", "GM0363")["inhabitants"]
    people = people_of(dossier, "buurt", everywhere.index, 2019)
    inhabited = dossier.regions(dossier.newest, "buurt")["inhabitants"]
    assert people.dropna().equals(inhabited) and len(inhabited) < len(everywhere)


def test_a_file_of_one_gemeente_leaves_the_others_to_an_older_one(tmp_path, root, raw):
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "85984NED").symlink_to(raw / "85984NED", target_is_directory=True)
    outcomes = read_outcomes(root / "data" / "outcomes.csv")
    for name, code in (("een.csv", "GM0637"), ("twee.csv", "GM0363")):
        lines = [["code", "misdrijven_2024"], [code, "4000"]]
        file = write_csv(tmp_path / name, lines, delimiter=",")
        outcome_files.store(folder, file, outcomes)
    for town in ("Zoetermeer", "Amsterdam"):
        table = availability(open_dossier(town, raw=str(folder)))
        assert row(table, "n_crimes", 2024, "gemeente", "Misdrijven (politie)")["known"] == 1
    table = availability(open_dossier("Utrecht", raw=str(folder)))
    assert "n_crimes" not in set(table["concept"])


def test_one_year_of_the_table(raw):
    table = availability(open_dossier("Zoetermeer", raw=str(raw)), ("wijk",), year=2024)
    assert set(table["year"].dropna()) == {2024} and set(table["level"]) <= {"wijk", "lijn"}


def test_the_text_is_read_by_people(tables):
    text = availability_text(tables["Zoetermeer"])
    lines = text.splitlines()
    assert lines[0] == "KERNCIJFERS" and "MISDRIJVEN (POLITIE)" in lines
    income = next(line for line in lines if "gemiddeld inkomen per inwoner" in line)
    assert "100%* / 99%* / 99%*" in income
    # One buurt of a few people lacks it: that is not all.
    density = next(line for line in lines if "inwoners per km² land" in line)
    assert "100%* / 100%* / >99%*" in density
    assert income.endswith("buurt: te weinig mensen om te publiceren (10)")
    assert "wandelnetwerk (delft-streets.zip), jaar onbekend, lijn: 38665" in text
    assert "bestaat niet in dit jaar" in text and "* nieuwste jaar" in text
    assert all(line == line.rstrip() for line in lines) and max(map(len, lines)) < 260
    assert not any(word in text for word in ("nan", "None", "<NA>", "False"))
    amsterdam = availability_text(tables["Amsterdam"])
    assert "zonder inwoners" in amsterdam and "nieuwste 4 jaren" not in text


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(raw, tmp_path, root):
    folder = tmp_path / "raw"
    folder.mkdir()
    for name in ("85984NED", "85830NED"):
        (folder / name).symlink_to(raw / name, target_is_directory=True)
    lines = [["code", "misdrijven_2024"], ["GM0637", "4000"], ["BU06370101", "9"]]
    outcomes = read_outcomes(root / "data" / "outcomes.csv")
    outcome_files.store(folder, write_csv(tmp_path / "m.csv", lines, delimiter=","), outcomes)
    kept = snapshot.newest(folder, "misdrijven_2024")
    (kept.folder / "m.csv").write_text("kapot", encoding="utf-8")
    dossier = open_dossier("Zoetermeer", raw=str(folder))
    table = availability(dossier)
    told = table[table["concept"].eq("unreadable")]
    assert len(told) == 1 and "gewijzigd sinds het is opgehaald" in told["label"].iloc[0]
    assert "NIET TE LEZEN" in availability_text(table)
    assert "Kerncijfers" in set(table["source"])


def test_a_gemeente_that_a_file_lacks_has_no_rows_of_it(raw):
    held, problems = held_tables(open_dossier("Zoetermeer", raw=str(raw)))
    assert {one.source for one in held} == {"Misdrijven (politie)"} and not problems


def test_own_areas_are_a_level_of_their_gemeente_only(raw, tmp_path, root):
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "85984NED").symlink_to(raw / "85984NED", target_is_directory=True)
    before = open_dossier("Zoetermeer", raw=str(folder))
    buurten = before.regions(before.newest, "buurt")
    # Made up: two areas, of the first thirteen buurten and of the others.
    names = ["Noord" if at < 13 else "Zuid" for at in range(len(buurten))]
    lines = [["buurt", "gebied"], *zip(buurten.index, names, strict=True)]
    zoning.store(folder, write_csv(tmp_path / "indeling.csv", lines), "GM0637", 2024)
    dossier = open_dossier("Zoetermeer", raw=str(folder))
    table = availability(dossier)
    people = row(table, "inhabitants", 2024, "eigen")
    assert (people["regions"], people["known"], people["filled"]) == (2, 2, 1)
    # A mean of incomes cannot be made of the buurten's means.
    assert row(table, "income_per_inhabitant_eur", 2024, "eigen")["not_convertible"] == 2
    own = table[table["level"].eq("eigen") & table["source"].eq("Kerncijfers")]
    assert own[["known", *REASONS]].sum(axis=1).eq(own["regions"]).all()
    text = availability_text(table)
    assert "per gemeente / wijk / buurt / eigen gebied" in text
    assert "eigen indeling (indeling.csv)" in text
    assert availability(dossier, ("eigen",))["level"].eq("eigen").all()
    other = open_dossier("Utrecht", raw=str(folder))
    assert held_files(other).empty and "eigen" not in set(availability(other)["level"])


def test_own_areas_that_cannot_be_made_are_told(raw, tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "85984NED").symlink_to(raw / "85984NED", target_is_directory=True)
    lines = [["buurt", "gebied"], ["BU06379998", "Noord"], ["BU06379999", "Zuid"]]
    zoning.store(folder, write_csv(tmp_path / "indeling.csv", lines), "GM0637", 2024)
    table = availability(open_dossier("Zoetermeer", raw=str(folder)))
    told = table[table["concept"].eq("unreadable")]
    assert len(told) == 1 and "indeling" in told["label"].iloc[0]


def test_the_example_has_its_maps_and_points(example_dossier):
    table = availability(example_dossier)
    maps = table[table["concept"].eq("boundaries")]
    assert set(maps["level"]) == {"wijk", "buurt"} and maps["filled"].eq(1).all()
    points = table[table["concept"].eq("facility_points")]
    assert points["known"].iloc[0] > 100
    text = availability_text(table)
    assert "Grenzen: grenzen, 2024, buurt: 44, 100% van de inwoners" in text


def test_every_source_and_reason_has_words():
    assert set(REASONS) <= set(STATUS_NL)
    assert {"kerncijfers", "nabijheid", *SOURCES} == set(SOURCES_NL)
