"""The example edition: reproducible, in the services' formats, with what was planted in it."""

import csv
import json
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.ops import unary_union

TABLES = {2020: "VB020NED", 2022: "VB022NED", 2024: "VB024NED"}
REAL_TABLES = {2020: "84799NED", 2024: "85984NED"}
SETS = ("TableInfos", "DataProperties", "WijkenEnBuurten", "TypedDataSet")
STAMP = "Fictieve voorbeeldgegevens"


@pytest.fixture(scope="module")
def example(root) -> Path:
    return root / "data" / "example"


@pytest.fixture(scope="module")
def bodies(example) -> dict[tuple[int, str], list[dict]]:
    return {
        (year, name): json.loads((example / "statline" / table / f"{name}.json").read_bytes())[
            "value"
        ]
        for year, table in TABLES.items()
        for name in SETS
    }


@pytest.fixture(scope="module")
def maker(example):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(example))
        import make_example

        yield make_example


@pytest.fixture(scope="module")
def remade(maker, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    maker.make(folder)
    return folder


@pytest.fixture(scope="module")
def town(maker):
    return maker.town


def rows_of(bodies, year: int, level: str) -> list[dict]:
    return [row for row in bodies[year, "TypedDataSet"] if row["WijkenEnBuurten"].startswith(level)]


def key_of(bodies, year: int, title: str, parent: str = "") -> str:
    """Return the key of the only column with a title, under a group where that is not enough."""
    properties = bodies[year, "DataProperties"]
    titles = {entry["ID"]: entry["Title"].strip() for entry in properties}
    (found,) = [
        entry["Key"]
        for entry in properties
        if entry["Type"] == "Topic"
        and entry["Title"].strip() == title
        and parent in (titles[entry["ParentID"]], "")
    ]
    return found


def column(bodies, year: int, level: str, title: str, parent: str = "") -> np.ndarray:
    key = key_of(bodies, year, title, parent)
    return np.array([row[key] for row in rows_of(bodies, year, level)], dtype=float)


def dissimilarity(group: np.ndarray, total: np.ndarray) -> float:
    known = ~np.isnan(group)
    group, others = group[known], (total - group)[known]
    return float(np.abs(group / group.sum() - others / others.sum()).sum() / 2)


def paths(properties: list[dict]) -> dict[str, tuple]:
    by_id = {entry["ID"]: entry for entry in properties}
    found = {}
    for entry in properties:
        if entry["Type"] != "Topic":
            continue
        path, parent = [entry["Title"].strip()], entry["ParentID"]
        while parent is not None:
            path.insert(0, by_id[parent]["Title"].strip())
            parent = by_id[parent]["ParentID"]
        found[entry["Key"]] = (
            tuple(path), entry["Unit"], entry["Decimals"], entry["Datatype"], entry["Position"],
        )  # fmt: skip
    return found


# -- the files ----------------------------------------------------------------------------------


def test_committed_files_are_what_the_script_writes(example, remade):
    # What is in the zip is compared in test_buildings: packing differs between versions of zlib.
    plain = (file for file in remade.rglob("*.*") if file.suffix != ".zip")
    made = {file.relative_to(remade): file.read_bytes() for file in plain}
    assert len(made) == 22
    for name, content in made.items():
        # Not a plain ==: pytest would spend minutes on the difference of two long lines.
        same = (example / name).read_bytes() == content
        assert same, f"{name} differs; run data/example/make_example.py"
    written = {
        file.relative_to(example)
        for pattern in ("*.json", "*.geojson", "*_100m_*.csv", "catalogue.csv")
        for file in example.rglob(pattern)
    }
    assert written == set(made)


def test_files_are_small(example):
    files = [f for f in example.rglob("*") if f.is_file() and "__pycache__" not in f.parts]
    assert sum(f.stat().st_size for f in files) < 1_400_000
    assert max(f.stat().st_size for f in files) < 400_000


def test_every_title_says_that_it_is_fictional(example, bodies):
    catalogue = json.loads((example / "statline" / "Tables.json").read_bytes())["value"]
    for entry in [*catalogue, *(bodies[year, "TableInfos"][0] for year in TABLES)]:
        assert entry["Title"].startswith(STAMP)
    for file in example.rglob("*.geojson"):
        assert json.loads(file.read_bytes())["title"].startswith(STAMP)
    with (example / "catalogue.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(int(r["year"]), r["table"]) for r in rows] == list(TABLES.items())
    for row in rows:
        assert row["title"].startswith(STAMP)
        assert (row["catalogue"], row["theme"], row["address"]) == (
            "VOORBEELD", "kerncijfers", "example",
        )  # fmt: skip
        assert (row["seen_live"], row["status"]) == ("no", "fictional")


# -- the tables, as the service answers them ----------------------------------------------------


def test_catalogue_counts_the_rows(example, bodies):
    catalogue = json.loads((example / "statline" / "Tables.json").read_bytes())
    assert catalogue["odata.metadata"].endswith("$metadata#Tables")
    by_table = {entry["Identifier"]: entry for entry in catalogue["value"]}
    assert set(by_table) == set(TABLES.values())
    for year, table in TABLES.items():
        assert by_table[table]["RecordCount"] == len(bodies[year, "TypedDataSet"])
        assert by_table[table]["Period"] == str(year)
        (info,) = bodies[year, "TableInfos"]
        assert info["Modified"] == by_table[table]["Modified"]
        assert "RecordCount" not in info


@pytest.mark.parametrize("year", TABLES)
def test_rows_regions_and_columns_agree(bodies, year):
    rows, regions = bodies[year, "TypedDataSet"], bodies[year, "WijkenEnBuurten"]
    assert [row["WijkenEnBuurten"] for row in rows] == [region["Key"] for region in regions]
    assert len({region["Key"] for region in regions}) == len(regions)
    assert [row["ID"] for row in rows] == list(range(len(rows)))
    topics = [e["Key"] for e in bodies[year, "DataProperties"] if e["Type"] == "Topic"]
    for row in rows:
        assert list(row) == ["ID", "WijkenEnBuurten", *topics]
    levels = [row["WijkenEnBuurten"][:2] for row in rows]
    expected = {"GM": 1, "WK": 8, "BU": 46 if year == 2024 else 45}
    assert {level: levels.count(level) for level in expected} == expected
    assert sum(expected.values()) == len(rows)


@pytest.mark.parametrize("year", TABLES)
def test_texts_are_padded_as_the_service_does(bodies, year):
    kinds = {"GM": "Gemeente  ", "WK": "Wijk      ", "BU": "Buurt     "}
    postcode = key_of(bodies, year, "Meest voorkomende postcode")
    for row in bodies[year, "TypedDataSet"]:
        code = row["WijkenEnBuurten"]
        assert len(code) == 10
        assert re.fullmatch(r"GM9901|WK9901\d\d|BU9901\d{4}", code.strip())
        assert row["Codering_3"] == code
        assert row["Gemeentenaam_1"] == "Voorbeeldstad" + 27 * " "
        assert row["SoortRegio_2"] == kinds[code[:2]]
        assert re.fullmatch(r"      \d{4}|         \.", row[postcode])


@pytest.mark.parametrize("year", REAL_TABLES)
def test_columns_are_laid_out_as_in_the_real_table(bodies, shared, year):
    folder = shared / "data" / "statline" / REAL_TABLES[year]
    real = paths(json.loads((folder / "DataProperties.json").read_text(encoding="utf-8")))
    ours = paths(bodies[year, "DataProperties"])
    assert len(ours) > 95
    for key, meaning in ours.items():
        assert meaning == real[key]


def test_the_layout_changes_over_the_years(bodies):
    keys = {year: paths(bodies[year, "DataProperties"]) for year in TABLES}
    assert "GemiddeldeWoningwaarde_35" in keys[2020]
    assert "GemiddeldeWOZWaardeVanWoningen_35" in keys[2022]
    assert "GemiddeldeWOZWaardeVanWoningen_39" in keys[2024]
    assert "IndelingswijzigingWijkenEnBuurten_4" in keys[2022]
    assert "IndelingswijzigingGemeenteWijkBuurt_4" in keys[2024]
    for year, supermarket in ((2020, 106), (2022, 107), (2024, 118)):
        assert f"AfstandTotGroteSupermarkt_{supermarket}" in keys[year]
    outside = [meaning[0][-2] for key, meaning in keys[2024].items() if "BuitenEuropa" in key]
    assert outside == ["Herkomstland", "Geboren in Nederland", "Geboren buiten Nederland"]
    assert not any("BuitenEuropa" in key for key in keys[2022])
    assert not any("Westers" in key for key in keys[2024])


# -- rounding, secrecy, empty columns -----------------------------------------------------------


@pytest.mark.parametrize("year", TABLES)
def test_counts_are_rounded_at_random_to_multiples(bodies, year):
    to_5 = ("Aantal inwoners", "Mannen", "65 jaar of ouder", "Huishoudens totaal")
    for title in to_5:
        for level in ("WK", "BU"):
            values = column(bodies, year, level, title)
            known = values[~np.isnan(values)]
            assert (known % 5 == 0).all()
            assert (known % 10 == 5).any()
    for title, base in (
        ("Personen per soort uitkering; Bijstand", 10),
        ("Personen per soort uitkering; AOW", 10),
        ("Aantal inkomensontvangers", 100),
    ):
        for level in ("GM", "WK", "BU"):
            values = column(bodies, year, level, title)
            assert (values[~np.isnan(values)] % base == 0).all()
    assert any(column(bodies, year, "GM", title)[0] % 5 for title in to_5)
    # Rounded each by itself, so the parts do not add up; never further off than 5 each.
    off = column(bodies, year, "BU", "Mannen") + column(bodies, year, "BU", "Vrouwen")
    off -= column(bodies, year, "BU", "Aantal inwoners")
    assert 0.2 < (off != 0).mean() < 0.6
    assert np.abs(off).max() <= 15


@pytest.mark.parametrize("year", TABLES)
def test_the_gemeente_is_exact(bodies, year):
    inhabitants = column(bodies, year, "GM", "Aantal inwoners")
    assert column(bodies, year, "GM", "Mannen") + column(bodies, year, "GM", "Vrouwen") == (
        inhabitants
    )
    ages = ("0 tot 15 jaar", "15 tot 25 jaar", "25 tot 45 jaar", "45 tot 65 jaar")
    total = sum(column(bodies, year, "GM", age) for age in (*ages, "65 jaar of ouder"))
    assert total == inhabitants
    if year == 2024:
        origins = ("Nederland", "Europa (exclusief Nederland)", "Buiten Europa")
        assert inhabitants == sum(
            column(bodies, year, "GM", origin, "Herkomstland") for origin in origins
        )
    # Some people have no address: the buurten do not add up to the gemeente.
    lacking = inhabitants - column(bodies, year, "BU", "Aantal inwoners").sum()
    assert 0 < abs(lacking) < 100


def test_the_town_grows(bodies):
    totals = [column(bodies, year, "GM", "Aantal inwoners")[0] for year in TABLES]
    assert totals == sorted(totals)
    assert 60_000 < totals[0] < totals[-1] < 64_000


@pytest.mark.parametrize("year", TABLES)
def test_small_buurten_have_secret_cells(bodies, year):
    inhabitants = column(bodies, year, "BU", "Aantal inwoners")
    empty, few = inhabitants == 0, (inhabitants > 0) & (inhabitants < 50)
    assert empty.sum() == 2
    assert few.sum() == 1
    secret = {
        "Personen per soort uitkering; Bijstand": few | empty,
        "40% huishoudens met laagste inkomen": few | empty,
        "Koopwoningen": few | empty,
        "Gemiddeld inkomen per inwoner": inhabitants < 2500,
        "Afstand tot school": empty,
        "Bevolkingsdichtheid": empty,
    }
    for title, where in secret.items():
        missing = np.isnan(column(bodies, year, "BU", title))
        assert missing[where].all()
        assert not missing.all()
        assert not missing[inhabitants >= 2600].any()
    assert not np.isnan(column(bodies, year, "BU", "Oppervlakte land")).any()
    households = column(bodies, year, "BU", "Huishoudens totaal")[empty]
    assert np.isnan(households).all() if year == 2024 else (households == 0).all()


def test_single_cells_are_secret_in_a_large_buurt(bodies):
    shares = column(bodies, 2024, "BU", "40% personen met laagste inkomen")
    inhabitants = column(bodies, 2024, "BU", "Aantal inwoners")
    assert inhabitants[np.isnan(shares)].max() > 1000


def test_the_early_release_is_partly_empty(bodies):
    empty = {
        year: {
            key
            for key in paths(bodies[year, "DataProperties"])
            if all(row[key] is None for row in bodies[year, "TypedDataSet"])
        }
        for year in TABLES
    }
    assert not empty[2020]
    assert not empty[2022]
    assert len(empty[2024]) == 30
    assert {"HboWo_77", "MediaanVermogenVanParticuliereHuish_93"} <= empty[2024]
    # Socio-economic groups exist in 2024, with what they are shares of.
    for title in (
        "40% huishoudens met laagste inkomen", "20% personen met hoogste inkomen",
        "Huishoudens met een laag inkomen", "Koopwoningen", "In bezit woningcorporatie",
        "Huishoudens totaal", "Aantal inkomensontvangers", "Woningvoorraad",
        "Personen per soort uitkering; Bijstand",
    ):  # fmt: skip
        assert np.isfinite(column(bodies, 2024, "WK", title)).all()
        assert np.isfinite(column(bodies, 2024, "BU", title)).sum() >= 40


# -- boundary change ----------------------------------------------------------------------------


def test_flags_of_boundary_change(bodies):
    for year in TABLES:
        (flag,) = [k for k in paths(bodies[year, "DataProperties"]) if "Indelingswijz" in k]
        flags = {r["WijkenEnBuurten"].strip(): r[flag] for r in bodies[year, "TypedDataSet"]}
        assert flags.pop("GM9901") == ("." if year == 2020 else "1")
        changed = {code for code, value in flags.items() if value != "1"}
        expected = {"BU99010503", "BU99010504", "BU99010505", "BU99010703", "BU99010705"}
        assert changed == (expected if year == 2024 else set())
        assert {flags[code] for code in changed} <= {"3"}


def test_a_buurt_was_split_and_a_code_reused(example, bodies):
    before, after = (
        gpd.read_file(example / "boundaries" / f"buurten_{year}.geojson")
        .set_index("buurtcode")
        .to_crs(28992)
        for year in (2022, 2024)
    )
    whole, half, rest = before.geometry["BU99010703"], *after.geometry[["BU99010703", "BU99010705"]]
    assert "BU99010705" not in before.index
    assert half.union(rest).symmetric_difference(whole).area < 1.0
    assert min(half.area, rest.area) > 0.3 * whole.area
    assert before.buurtnaam["BU99010505"] != after.buurtnaam["BU99010505"]
    assert before.geometry["BU99010505"].distance(after.geometry["BU99010505"]) > 500
    unchanged = [code for code in before.index if not re.search(r"0503$|0504$|0505$|0703$", code)]
    assert len(unchanged) == 42
    assert before.geometry[unchanged].geom_equals(after.geometry[unchanged]).all()
    names = {r["Key"]: r["Title"] for r in bodies[2024, "WijkenEnBuurten"]}
    assert all(names[c] == n for c, n in after.buurtnaam.items() if not c.endswith("9997"))


# -- boundaries and facility points -------------------------------------------------------------


@pytest.mark.parametrize("year", TABLES)
def test_boundaries_are_gap_free_and_agree_with_the_tables(example, bodies, year):
    buurten = gpd.read_file(example / "boundaries" / f"buurten_{year}.geojson")
    wijken = gpd.read_file(example / "boundaries" / f"wijken_{year}.geojson")
    for places, code, level in ((buurten, "buurtcode", "BU"), (wijken, "wijkcode", "WK")):
        assert places.crs.to_epsg() == 4326
        assert places.is_valid.all()
        assert places[code].is_unique
        land = list(places[places.water == "NEE"].geometry)
        together = unary_union(land)
        assert together.geom_type == "Polygon"
        assert len(together.interiors) == 0
        # Degrees squared; a tenth of a square metre is 1e-11.
        assert sum(polygon.area for polygon in land) == pytest.approx(together.area, abs=1e-11)
        assert (places.water == "JA").sum() == 1
        codes = {row["WijkenEnBuurten"].strip() for row in rows_of(bodies, year, level)}
        assert set(places.loc[places.water == "NEE", code]) == codes
    assert list(buurten.columns) == [
        "buurtcode", "buurtnaam", "wijkcode", "wijknaam", "gemeentecode", "gemeentenaam",
        "water", "jaar", "geometry",
    ]  # fmt: skip
    text = (example / "boundaries" / f"buurten_{year}.geojson").read_text(encoding="utf-8")
    assert not re.search(r"\d\.\d{7}", text)

    areas = buurten.set_index("buurtcode").to_crs(28992).area / 10_000
    for row in rows_of(bodies, year, "BU"):
        total, land, water = (
            row[key_of(bodies, year, f"Oppervlakte {kind}")] for kind in ("totaal", "land", "water")
        )
        assert total == land + water
        assert total == pytest.approx(areas[row["WijkenEnBuurten"]], abs=0.51)


def test_exteriors_run_counter_clockwise(example):
    for file in (example / "boundaries").glob("*.geojson"):
        assert gpd.read_file(file).geometry.exterior.is_ccw.all()


def test_the_town_lies_in_a_lake_of_its_own(example):
    west, south, east, north = gpd.read_file(
        example / "boundaries" / "wijken_2024.geojson"
    ).total_bounds
    # The Markermeer, between its towns.
    assert 5.15 < west < east < 5.36
    assert 52.49 < south < north < 52.57


def test_facility_points(example):
    points = gpd.read_file(example / "voorzieningen_2024.geojson")
    assert list(points.columns) == ["id", "naam", "soort", "capaciteit", "geometry"]
    assert 120 <= len(points) <= 160
    assert set(points.soort) == {
        "bibliotheek", "basisschool", "kinderdagverblijf", "supermarkt", "huisartsenpraktijk",
        "cafe of restaurant", "park", "speeltuin", "sporthal", "volkstuin", "buurthuis",
        "bewonersinitiatief", "gebedshuis",
    }  # fmt: skip
    doubled = points[points.id.duplicated(keep=False)]
    assert len(doubled) == 2
    assert doubled.iloc[0].equals(doubled.iloc[1])
    assert points.capaciteit.isna().any()
    assert (points.capaciteit.dropna() > 0).all()
    buurten = gpd.read_file(example / "boundaries" / "buurten_2024.geojson")
    outside = points[~points.within(unary_union(list(buurten.geometry)))]
    assert len(outside) == 3
    town = unary_union(list(buurten.to_crs(28992).geometry))
    assert (outside.to_crs(28992).distance(town) < 500).all()


# -- what was planted ---------------------------------------------------------------------------


@pytest.mark.parametrize("year", TABLES)
def test_income_divides_the_town_and_origin_less(bodies, town, year):
    inhabitants = column(bodies, year, "BU", "Aantal inwoners")
    assistance = column(bodies, year, "BU", "Personen per soort uitkering; Bijstand")
    title, parent = ("Buiten Europa", "Herkomstland") if year == 2024 else (
        "Niet-westers totaal", "Niet-westers",
    )  # fmt: skip
    by_assistance = dissimilarity(assistance, inhabitants)
    by_origin = dissimilarity(column(bodies, year, "BU", title, parent), inhabitants)
    least, most = town.PLANTED_D_SOCIAL_ASSISTANCE
    assert least < by_assistance < most
    least, most = town.PLANTED_D_ORIGIN
    assert least < by_origin < most
    households = column(bodies, year, "BU", "Huishoudens totaal")
    low = column(bodies, year, "BU", "Huishoudens met een laag inkomen") / 100 * households
    assert by_origin + 0.02 < dissimilarity(low, households)


@pytest.mark.parametrize("year", TABLES)
def test_the_oldest_wijk_is_poorest_and_the_village_oldest(bodies, town, year):
    codes = [row["WijkenEnBuurten"].strip() for row in rows_of(bodies, year, "WK")]
    inhabitants = column(bodies, year, "WK", "Aantal inwoners")
    assistance = column(bodies, year, "WK", "Personen per soort uitkering; Bijstand")
    assert codes[np.argmax(assistance / inhabitants)] == town.PLANTED_OLD_WIJK
    for title in ("40% huishoudens met laagste inkomen", "In bezit woningcorporatie"):
        assert codes[np.argmax(column(bodies, year, "WK", title))] == town.PLANTED_OLD_WIJK
    elderly = column(bodies, year, "WK", "65 jaar of ouder") / inhabitants
    assert codes[np.argmax(elderly)] == town.PLANTED_ELDERLY_WIJK
    assert elderly.max() > 0.33
    assert codes[np.argmin(elderly)] == town.PLANTED_NEW_WIJK


def test_the_newest_wijk_has_fewest_facilities_per_inhabitant(example, bodies, town):
    points = gpd.read_file(example / "voorzieningen_2024.geojson").drop_duplicates("id")
    wijken = gpd.read_file(example / "boundaries" / "wijken_2024.geojson")
    found = points.sjoin(wijken[["wijkcode", "geometry"]]).wijkcode.value_counts()
    codes = [row["WijkenEnBuurten"].strip() for row in rows_of(bodies, 2024, "WK")]
    inhabitants = column(bodies, 2024, "WK", "Aantal inwoners")
    per_1000 = 1000 * found.reindex(codes, fill_value=0).to_numpy() / inhabitants
    assert codes[np.argmin(per_1000)] == town.PLANTED_NEW_WIJK
    assert per_1000.min() < 0.6 * 1000 * found.sum() / inhabitants.sum()


@pytest.mark.parametrize("year", TABLES)
def test_supermarkets_are_as_near_to_rich_as_to_poor(bodies, town, year):
    distance = column(bodies, year, "BU", "Afstand tot grote supermarkt")
    poor = column(bodies, year, "BU", "40% huishoudens met laagste inkomen")
    known = ~np.isnan(distance) & ~np.isnan(poor)
    assert known.sum() >= 40
    assert abs(np.corrcoef(distance[known], poor[known])[0, 1]) < (
        town.PLANTED_SUPERMARKET_CORRELATION
    )
    # Not because nothing varies.
    assert distance[known].std() > 0.2


def test_distances_agree_with_the_facility_points(example, bodies):
    points = gpd.read_file(example / "voorzieningen_2024.geojson").to_crs(28992)
    buurten = gpd.read_file(example / "boundaries" / "buurten_2024.geojson").to_crs(28992)
    middles = buurten.set_index("buurtcode").representative_point()
    for kind, title in (
        ("huisartsenpraktijk", "Afstand tot huisartsenpraktijk"),
        ("basisschool", "Afstand tot school"),
    ):
        sites = unary_union(list(points[points.soort == kind].geometry))
        key = key_of(bodies, 2024, title)
        pairs = [
            (row[key], middles[row["WijkenEnBuurten"]].distance(sites) / 1000)
            for row in rows_of(bodies, 2024, "BU")
            if row[key] is not None
        ]
        assert np.corrcoef(np.array(pairs).T)[0, 1] > 0.7
