import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from downloaded import export_lines, saved_lines, write_csv
from statline_server import Table, data_properties, serving

from analysis.sources import downloads, kerncijfers, layouts, proximity, pull, snapshot
from analysis.sources.catalogue import of_theme, of_year, read_catalogue
from analysis.sources.codebook import match_columns, read_codebook
from analysis.sources.edition import cbs_edition
from analysis.sources.errors import InputError

REGION = (
    "Regioaanduiding > Gemeentenaam | naam",
    "Regioaanduiding > Soort regio | omschrijving",
    "Regioaanduiding > Codering | code",
    "Regioaanduiding > Indelingswijziging wijken en buurten | code",
)
CARE = "Gezondheid en welzijn > "
GP = CARE + "Huisartsenpraktijk > "
FIGURES = (
    GP + "Afstand tot huisartsenpraktijk | km",
    *(GP + f"Aantal huisartsenpraktijken > Binnen {n} km | aantal" for n in (1, 3, 5)),
    "Onderwijs > Basisonderwijs > Afstand tot school | km",
    *(f"Onderwijs > Basisonderwijs > Aantal scholen > Binnen {n} km | aantal" for n in (1, 3, 5)),
    "Onderwijs > Voortgezet onderwijs > Havo/vwo > Afstand tot school | km",
    "Vrije tijd en cultuur > Sport > Afstand tot binnenzwembad | km",
)
ROWS = {
    "NL00": [0.9, 1.5, 9.0, 22.1, 0.6, 2.0, 12.0, 30.0, 2.4, 3.4],
    "GM9001": [1.2, 0.9, 2.4, 3.0, 0.7, 1.1, 4.0, 4.0, 9.7, 2.0],
    "WK900101": [1.0, 1.0, 2.5, 3.0, 0.5, 1.2, 4.0, 4.0, 9.9, None],
    "BU90010101": [0.4, 2.0, 3.0, 3.0, 0.3, 2.0, 4.0, 4.0, 10.1, None],
    "BU90010102": [None] * 10,
}
KINDS = {"NL": "Land", "GM": "Gemeente", "WK": "Wijk", "BU": "Buurt"}


def table_of(figures=FIGURES, rows=None) -> Table:
    properties = data_properties(REGION + figures)
    keys = [record["Key"] for record in properties if record["Type"] == "Topic"]
    found = []
    for number, (code, values) in enumerate((rows or ROWS).items()):
        known = ["'s-Heerenwaard".ljust(40), KINDS[code[:2]].ljust(10), code.ljust(10), "1"]
        row = {"ID": number, "WijkenEnBuurten": code.ljust(10)}
        found.append(row | dict(zip(keys, [*known, *values], strict=True)))
    titles = [{"Key": code.ljust(10), "Title": f"naam {code}"} for code in rows or ROWS]
    return Table("85830NED", properties, titles, found)


@pytest.fixture
def edition(root, tmp_path):
    return cbs_edition(root, tmp_path / "raw")


@pytest.fixture(scope="session")
def concepts(root):
    return read_codebook(root / "data" / "proximity_codebook.csv")


def source_of(edition, year=2023):
    return of_year(read_catalogue(edition.catalogue), "nabijheid", year)


def answered(edition, table=None):
    """Fetch a table from a service of our own and read its snapshot."""
    with serving(table or table_of()) as server:
        here = replace(edition, address=server.address)
        source = source_of(edition)
        record = pull.service_tables(here, (source,), refresh=True)[source.table]
        pull.pull_table(here, source, record)
    return proximity.newest(edition, source)


# The codebook


def test_the_codebook_names_every_facility_and_radius(concepts):
    figures = [name for name in concepts if concepts[name].theme_nl != "Regio"]
    assert len(figures) == 110
    distances = [name for name in figures if name.endswith("_distance_km")]
    assert len(distances) == 47
    within = [re.fullmatch(r"(.+)_within_(\d+)km", name) for name in figures]
    within = [one for one in within if one]
    assert len(within) == 63 and {one[2] for one in within} == {"1", "3", "5", "10", "20", "50"}
    assert {one[1] + "_distance_km" for one in within} <= set(distances)
    for name in figures:
        concept = concepts[name]
        assert concept.unit == ("km" if name in distances else "aantal")
        assert concept.kind == ("distance" if name in distances else "mean")
        assert concept.label_nl and not concept.required


def test_breaks_that_cbs_warns_for(concepts):
    gp, park = concepts["gp_distance_km"], concepts["park_distance_km"]
    assert concepts["gp_within_3km"].break_year == gp.break_year == 2020
    assert not proximity.comparable(gp, 2019, 2020) and proximity.comparable(gp, 2020, 2024)
    assert not proximity.comparable(park, 2017, 2016) and proximity.comparable(park, 2017, 2023)
    assert proximity.comparable(concepts["library_distance_km"], 2014, 2025)
    green = [name for name, concept in concepts.items() if concept.theme_nl == "Groen"]
    assert len(green) == 13 and all(concepts[name].break_year == 2017 for name in green)


def test_the_same_distance_has_one_name_in_both_statistics(codebook, concepts):
    distances = {name for name in codebook if name.endswith("_distance_km")}
    assert len(distances) == 4 and distances <= set(concepts)


def test_the_catalogue_has_a_table_for_every_year(root):
    catalogue = read_catalogue(root / "data" / "catalogue.csv")
    years = [source.year for source in of_theme(catalogue, "nabijheid")]
    assert years == list(range(2025, 2013, -1))


# From the service


def test_an_answer_becomes_a_region_table(edition):
    release = answered(edition)
    buurten = proximity.region_table(release, "buurt")
    assert buurten.index.name == "region_code"
    assert buurten.index.tolist() == ["BU90010101", "BU90010102"]
    assert buurten["wk_code"].tolist() == ["WK900101"] * 2
    assert buurten.loc["BU90010101", "gp_distance_km"] == 0.4
    assert buurten.loc["BU90010101", ["gp_within_1km", "school_within_1km"]].tolist() == [2.0, 2.0]
    assert buurten.loc["BU90010101", "school_distance_km"] == 0.3
    assert buurten.loc["BU90010101", "havo_vwo_school_distance_km"] == 10.1
    assert buurten.loc["BU90010102"].drop(list(proximity._IDENTITY)).isna().all()
    gemeente = proximity.region_table(release, "gemeente")
    assert gemeente["swimming_pool_distance_km"].item() == 2.0  # under its later name
    assert "region_kind" not in gemeente and release.year == 2023
    assert "pharmacy_distance_km" not in gemeente
    assert release.absent["pharmacy_distance_km"] == "not_published"


def test_reasons_of_what_is_missing(edition):
    release = answered(edition)
    asked = ["gp_distance_km", "swimming_pool_distance_km", "pharmacy_distance_km"]
    told = proximity.reasons(release, "buurt", asked)
    assert told["gp_distance_km"].to_dict() == {"BU90010101": "", "BU90010102": "suppressed"}
    assert told["swimming_pool_distance_km"].eq("not_published").all()  # of no buurt
    assert told["pharmacy_distance_km"].eq("not_published").all()


def test_it_joins_a_region_table_without_arguments(edition, real_release):
    release = answered(edition)
    buurten = proximity.region_table(release, "buurt")[["gp_within_3km"]]
    people = pd.DataFrame({"inhabitants": [250.0]}, index=pd.Index(["BU90010101"]))
    assert people.join(buurten)["gp_within_3km"].tolist() == [3.0]


# From a file


@pytest.mark.parametrize("comma", [True, False])
def test_an_export_is_the_same_table(edition, tmp_path, comma):
    expected = answered(edition).table
    file = write_csv(tmp_path / "a.csv", export_lines(table_of(), comma))
    assert downloads.theme_of(file) == "nabijheid"
    stored = downloads.store(edition, file, 2023)
    found = proximity.read_release(stored, source_of(edition), proximity.codebook(edition))
    pd.testing.assert_frame_equal(
        found.table.drop(columns="region_name"), expected.drop(columns="region_name")
    )
    assert found.absent["pharmacy_distance_km"] == "not_in_file"
    assert proximity.newest(edition, source_of(edition)).snapshot == stored


def whole_table(concepts):
    """Return a table with all 110 figures, in the statistic's own order."""
    figures = []
    for concept in concepts.values():
        if concept.theme_nl != "Regio":
            figures.append(f"{' > '.join(concept.spelling[0])} | {concept.unit}")
    values = {}
    for code in ROWS:
        numbers, number = [], 0.0
        for name in concepts:
            if name.endswith("_distance_km"):
                number += 0.1
                numbers.append(round(number, 1))
            elif "_within_" in name:
                numbers.append(float(name.split("_")[-1].removesuffix("km")))
        values[code] = numbers
    return table_of(tuple(figures), values)


def test_keys_of_a_saved_data_set_are_told_by_their_order(edition, concepts, tmp_path):
    table = whole_table(concepts)
    keys = [record["Key"] for record in table.properties if record["Type"] == "Topic"]
    assert keys[4:9] == [
        "Afstandtothuisartsenpraktijk_5", "Binnen1km_6", "Binnen3km_7", "Binnen5km_8",
        "Afstandtothuisartsenpost_9",
    ]  # fmt: skip
    assert keys[-1] == "Afstandtotbrandweerkazerne_114"  # the numbers of the published tables
    lines = saved_lines(table)
    file = write_csv(tmp_path / "a.csv", lines)
    assert downloads.recognise(file) == layouts.SAVED
    stored = downloads.store(edition, file, 2023)
    found = proximity.read_release(stored, source_of(edition), concepts)
    expected = answered(edition, table).table
    pd.testing.assert_frame_equal(
        found.table.drop(columns="region_name"), expected.drop(columns="region_name")
    )
    # Without one of the numbers within 1 km nobody knows whose the others are.
    at = lines[0].index("Binnen1km_6")
    less = write_csv(tmp_path / "b.csv", [line[:at] + line[at + 1 :] for line in lines])
    with pytest.raises(InputError, match="heeft 9 kolommen als Binnen1km_21.* van 2023 er 10"):
        downloads.store(edition, less, 2023)


# What is refused


def test_a_facility_under_another_name_is_named(edition):
    figures = tuple(
        f.replace("tot huisartsenpraktijk |", "tot huisartspraktijk |") for f in FIGURES
    )
    with pytest.raises(
        InputError, match="huisartsenpraktijk .*onbekende kolom AfstandTotHuisartsp"
    ):
        answered(edition, table_of(figures))


def test_two_columns_for_one_facility_are_refused(edition):
    figures = (*FIGURES, "Andere groep > Afstand tot huisartsenpraktijk | km")
    rows = {code: [*values, 1.0] for code, values in ROWS.items()}
    with pytest.raises(InputError, match="allebei bij het begrip gp_distance_km"):
        answered(edition, table_of(figures, rows))


def test_more_nearby_than_further_away_is_refused(edition):
    rows = ROWS | {"BU90010101": [0.4, 5.0, 3.0, 6.0, 0.3, 2.0, 4.0, 4.0, 10.1, None]}
    with pytest.raises(InputError, match="in BU90010101 meer huisartsenpraktijken binnen 1 km dan"):
        answered(edition, table_of(rows=rows))


def test_a_distance_below_zero_is_refused(edition):
    rows = ROWS | {"BU90010101": [-0.4, *ROWS["BU90010101"][1:]]}
    with pytest.raises(InputError, match=r"huisartsenpraktijk een getal onder nul .*BU90010101"):
        answered(edition, table_of(rows=rows))


def test_a_table_without_any_figure_is_refused(edition):
    rows = {code: [None] * 10 for code in ROWS}
    with pytest.raises(InputError, match="geen enkel cijfer over voorzieningen"):
        answered(edition, table_of(rows=rows))


@pytest.mark.parametrize(
    ("code", "says"), [("BU90010101", "meer dan één keer"), ("BU9", "'BU9' als code van een buurt")]
)
def test_codes_that_are_double_or_none_are_refused(edition, code, says):
    table = table_of()
    table.rows[-1]["Codering_3"] = code
    with pytest.raises(InputError, match=says):
        proximity.region_table(answered(edition, table), "buurt")


def test_reasons_with_the_people_of_the_year(edition):
    rows = ROWS | {"BU90010103": [None] * 10, "BU90010104": [None] * 10}
    release = answered(edition, table_of(rows=rows))
    people = pd.Series(
        {"BU90010101": 500.0, "BU90010102": 5.0, "BU90010103": 0.0}, name="inhabitants"
    )
    told = proximity.reasons(release, "buurt", ["gp_distance_km"], people.to_frame())
    # 5 of the 10 people that are needed; nobody; and a buurt that is not in the other table.
    assert told["gp_distance_km"].tolist() == [
        "", "below_threshold", "uninhabited", "suppressed",
    ]  # fmt: skip


# The real file


@pytest.fixture
def utrecht(shared, edition, concepts):
    file = shared / "data" / "downloads" / "statline_nabijheid_2023_utrecht.csv"
    assert downloads.theme_of(file) == "nabijheid" and downloads.recognise(file) == layouts.EXPORT
    stored = downloads.store(edition, file, 2023)
    return proximity.read_release(stored, source_of(edition), concepts)


def test_the_real_export_of_utrecht(utrecht, concepts):
    figures = utrecht.table[proximity.figure_columns(utrecht)]
    assert figures.shape == (123, 110)  # every column of the file has its concept
    assert figures.notna().any().sum() == 36
    gm = utrecht.table.loc["GM0344"]
    assert gm["supermarket_distance_km"] == 0.7 and gm["supermarket_within_5km"] == 54.3
    assert gm["restaurant_within_3km"] == 162.1 and gm["library_distance_km"] == 1.4
    assert gm["cinema_within_20km"] == 12.0 and gm["tanning_salon_distance_km"] == 1.5
    assert np.isnan(gm["gp_distance_km"])
    buurten = proximity.region_table(utrecht, "buurt")
    assert len(buurten) == 111 and buurten["cafe_distance_km"].notna().sum() == 109
    told = proximity.reasons(utrecht, "buurt", ["cafe_distance_km", "gp_distance_km"])
    assert told["cafe_distance_km"].value_counts().to_dict() == {"": 109, "suppressed": 2}
    assert told["gp_distance_km"].eq("not_published").all()


def test_the_real_columns_are_each_one_concept(shared, concepts, utrecht):
    file = shared / "data" / "downloads" / "statline_nabijheid_2023_utrecht.csv"
    header = file.read_text(encoding="utf-8-sig").splitlines()[0].strip('"').split('";"')
    sheet = layouts.Sheet("x", pd.DataFrame(columns=header, dtype="str"), ())
    properties = layouts.data_properties(sheet, concepts, 2023)
    found = match_columns(concepts, properties, 2023, "x")
    assert len(found) == len(set(found.values())) == 114
    order = [header.index(found[name]) for name in concepts if name in found]
    assert order == sorted(order)  # the codebook has the statistic's own order
    assert kerncijfers.is_brought(utrecht.snapshot)
    assert snapshot.newest(utrecht.snapshot.folder.parents[1], "85830NED") == utrecht.snapshot
