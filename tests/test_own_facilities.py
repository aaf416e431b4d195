"""A gemeente's own list, made up with real buurten of Zoetermeer: every row placed or told."""

import io

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import Point, box

from analysis.sources.errors import InputError
from analysis.sources.facility_points import known_kinds
from analysis.sources.own_facilities import is_own_list, read_own, unmatched_of, unmatched_text

# Made up: real buurten (Palenstein, Driemanspolder), facilities that do not exist.
HEADER = ["Soort", "Naam", "X", "Y", "m2_bvo", "Capaciteit", "Adres", "Postcode", "Buurtcode"]
ROWS = [
    ["buurthuis", "De Verzonnen Hoek", 94210, 452310, 640, 80, "Verzonnenweg 1", "2711AA",
     "BU06370102"],
    ["Bibliotheek", "Filiaal Nergens, Zoetermeer", 93120.5, 451987.25, 1200, None, "Nergens 2",
     "2717BB", "BU06370201"],
    ["speelplek", "Plein «Niemand»", 92875, 452640, None, None, "", "", "BU06370203"],
]  # fmt: skip


def written(rows, sign=";", header=HEADER, comma=False) -> str:
    def cell(value) -> str:
        text = "" if value is None else str(value)
        if comma and isinstance(value, float):
            text = text.replace(".", ",")
        return f'"{text}"' if sign in text or '"' in text else text

    return "".join(sign.join(map(cell, row)) + "\n" for row in [header, *rows])


@pytest.fixture
def brought(tmp_path):
    """Write a list and read it."""

    def read(content, name="lijst.csv"):
        file = tmp_path / name
        if isinstance(content, gpd.GeoDataFrame):
            content.to_file(file)
        elif isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_text(content, encoding="utf-8", newline="")
        return read_own(file, known_kinds())

    return read


def book(*pages) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, lines in enumerate(pages):
        page = made.create_sheet(f"Blad{number}")
        for line in lines:
            page.append(line)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def facts(points) -> pd.DataFrame:
    table = pd.DataFrame(points.drop(columns=["geometry", "source", "facility_id"]))
    return table.assign(x=points.geometry.x.round(3), y=points.geometry.y.round(3))


def test_the_columns_are_found_and_the_fields_kept(brought):
    found = brought(written(ROWS))
    points = found.points
    assert points["kind"].tolist() == ["community_centre", "library", "playground"]
    assert points["name"].tolist() == [row[1] for row in ROWS]
    assert [(p.x, p.y) for p in points.geometry] == [(row[2], row[3]) for row in ROWS]
    assert points["m2"].tolist()[:2] == [640, 1200] and np.isnan(points["m2"][2])
    assert points["capacity"].tolist()[0] == 80 and points["capacity"].isna().tolist()[1:] == [
        True, True,
    ]  # fmt: skip
    assert points["region_code"].tolist() == [row[8] for row in ROWS]
    assert points["address"].tolist() == ["Verzonnenweg 1", "Nergens 2", ""]
    assert points["postcode"].tolist() == ["2711AA", "2717BB", ""]
    assert points["facility_id"].tolist() == ["2", "3", "4"]
    assert points.crs == "EPSG:28992" and (points["source"] == "lijst.csv").all()
    assert found.unmatched.empty and found.remarks == ()
    assert found.unmatched.columns.tolist() == ["file", "row", "says", "why"]


PLAIN = written(ROWS)
FORMS = {
    "comma.csv": written(ROWS, ","),
    "tab.txt": written(ROWS, "\t"),
    "pipe.csv": written(ROWS, "|"),
    "decimal_comma.csv": written(ROWS, comma=True),
    "bom.csv": b"\xef\xbb\xbf" + PLAIN.encode(),
    "cp1252.csv": PLAIN.encode("cp1252"),
    "utf16.csv": PLAIN.encode("utf-16"),
    "crlf.csv": PLAIN.replace("\n", "\r\n"),
    "sep.csv": "sep=;\n" + PLAIN,
    "below_a_title.csv": "Lijst van voorzieningen;;;;;;;;\n;;;;;;;;\n" + PLAIN,
    "capitals.csv": PLAIN.replace("Soort;Naam;X;Y", "SOORT VOORZIENING;NAAM;RD_X;RD-Y"),
    "other_words.csv": PLAIN.replace("m2_bvo", "Oppervlakte (m²)").replace("Capac", "Aantal pl_")
    .replace("Aantal pl_iteit", "aantal plaatsen").replace("X;Y", "x-coördinaat;y-coördinaat"),
    "without_a_last_line_end.csv": PLAIN.rstrip("\n"),
    "lijst.xlsx": book([HEADER, *ROWS]),
    "lijst_met_leeswijzer.xlsx": book([["Toelichting"], ["bij de lijst"]], [HEADER, *ROWS]),
    "titel.xlsx": book([["Voorzieningen 2024"], [], HEADER, *ROWS]),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_in_whatever_form_it_is_the_same_list(brought, name):
    expected = facts(brought(PLAIN).points)
    found = brought(FORMS[name], name)
    pd.testing.assert_frame_equal(facts(found.points), expected)
    assert found.unmatched.empty


@pytest.mark.parametrize("name", ["lijst.gpkg", "lijst.geojson", "graden.geojson", "lijst.shp"])
def test_a_map_is_the_same_list(brought, name):
    columns = [column for column in HEADER if column not in "XY"]
    table = pd.DataFrame(ROWS, columns=HEADER)[columns]
    shapes = [Point(row[2], row[3]) for row in ROWS]
    places = gpd.GeoDataFrame(table, geometry=shapes, crs=28992)
    if name.startswith("graden"):
        places = places.to_crs(4326)
    expected, found = facts(brought(PLAIN).points), facts(brought(places, name).points)
    moved = np.hypot(found["x"] - expected["x"], found["y"] - expected["y"])
    assert moved.max() < 0.01
    same = ["kind", "name", "capacity", "m2", "region_code", "address"]
    pd.testing.assert_frame_equal(found[same], expected[same])


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (["soort", "lat", "long"], ["kerk", "52,05", "4,49"]),
        (["Type", "Latitude", "Longitude"], ["kerk", "52.05", "4.49"]),
        (["Categorie", "breedtegraad", "lengtegraad"], ["kerk", "52.05", "4.49"]),
        (["voorziening", "gps_lat", "gps_lng"], ["kerk", "52.05", "4.49"]),
        (["soort", "x", "y"], ["kerk", "4.49", "52.05"]),
        (["soort", "coordinaten"], ["kerk", "52.05, 4.49"]),
        (["soort", "geo_point_2d"], ["kerk", "52.05, 4.49"]),
        (["soort", "WKT"], ["kerk", "POINT (4.49 52.05)"]),
        (["soort", "waar"], ["kerk", "52,05; 4,49"]),
        (["wat", "x", "y", "naam"], ["kerk", "4.49", "52.05", "De Dom"]),
    ],
)
def test_columns_are_known_by_their_meaning(brought, header, cells):
    found = brought("\t".join(header) + "\n" + "\t".join(cells) + "\n")
    at = found.points.to_crs(4326).geometry[0]
    assert (at.x, at.y) == pytest.approx((4.49, 52.05), abs=1e-7)
    assert found.points["kind"].tolist() == ["place_of_worship"] and found.remarks == ()


def test_of_two_columns_the_one_with_the_known_and_finer_words_is_the_kind(brought):
    text = "categorie;type;x;y\nSport;zwembad;94210;452310\nSport;sporthal;94211;452310\n"
    assert brought(text).points["kind"].tolist() == ["swimming_pool", "sports"]
    text = "type;soort;x;y\nA1;kerk;94210;452310\nB2;park;94211;452310\n"
    assert brought(text).points["kind"].tolist() == ["place_of_worship", "park"]


def test_every_row_that_is_not_placed_is_told_with_its_number(brought):
    text = (
        "soort;naam;x;y;adres\n"
        "kerk;A;94210;452310;\n"
        "\n"
        "raadsel;B;94210;452310;\n"
        ";C;94210;452310;\n"
        "kerk;D;;;Dorpsstraat 1\n"
        "kerk;E;;;\n"
        "kerk;F;94210;;\n"
        "kerk;G;abc;452310;\n"
        "kerk;H;0;0;\n"
        "kerk;I;594210;852310;\n"
        "kerk;A;94210;452310;\n"
        "kerk;J;94210;452310\n"
        "kerk;K;94210;452310;;te veel\n"
        "kerk;L;94210;452311;\n"
    )
    found = brought(text)
    assert found.points["name"].tolist() == ["A", "L"]
    assert dict(zip(found.unmatched["row"], found.unmatched["why"], strict=True)) == {
        4: "soort 'raadsel' is niet bekend",
        5: "zegt niet welke soort",
        6: "geen coördinaten, alleen een adres",
        7: "geen coördinaten",
        8: "geen y",
        9: "x 'abc' is geen getal",
        10: "de coördinaten zijn 0",
        11: "ligt buiten Nederland (594210; 852310)",
        12: "dubbel met rij 2",
        13: "heeft 4 velden in plaats van 5",
        14: "heeft 6 velden in plaats van 5",
    }
    assert found.unmatched["says"].iloc[2] == "kerk, D, Dorpsstraat 1"
    kept = unmatched_of(unmatched_text(found.unmatched))
    assert kept.to_dict("records") == found.unmatched.to_dict("records")
    # 15 lines under the header's, one of them empty: each is somewhere.
    assert len(found.points) + len(found.unmatched) == 13


def test_turned_axes_are_turned_back_and_told(brought):
    found = brought("soort;lat;lon\nkerk;4.49;52.05\npark;4.50;52.06\n")
    at = found.points.to_crs(4326).geometry[0]
    assert (at.x, at.y) == pytest.approx((4.49, 52.05), abs=1e-7)
    assert "coördinaten van alle rijen verwisseld" in found.remarks[0]
    found = brought("soort;x;y\nkerk;94210;452310\nkerk;452310;94210\npark;94211;452310\n")
    assert "coördinaten van rij 3 verwisseld" in found.remarks[0]
    assert found.points["kind"].tolist() == ["place_of_worship", "park"]  # row 3 is row 2
    turned = gpd.GeoDataFrame({"soort": ["kerk"]}, geometry=[Point(52.05, 4.49)], crs=4326)
    found = brought(turned, "gedraaid.geojson")
    assert found.points.geometry[0].x == pytest.approx(93457, abs=1) and found.remarks


def test_metres_and_degrees_in_one_list_are_told(brought):
    found = brought("soort;x;y\nkerk;94210;452310\nkerk;94310;452310\nkerk;4.49;52.05\n")
    assert len(found.points) == 3
    assert "RD en graden door elkaar; rij 4 zijn gelezen als graden" in found.remarks[0]


def test_two_places_in_one_row_must_agree(brought):
    header = "soort;x;y;lat;lon\n"
    same = brought(header + "kerk;93457;451679;52.05;4.49\npark;;;52.05;4.49\n")
    assert len(same.points) == 2 and same.unmatched.empty
    found = brought(header + "kerk;93457;451679;52.05;4.49\nkerk;93457;451679;52.09;4.49\n")
    assert found.unmatched["why"].tolist() == ["twee plaatsen die 4,5 km uit elkaar liggen"]


def test_an_amount_that_cannot_be_read_is_left_empty_and_told(brought):
    found = brought("soort;x;y;m2;plaatsen\nkerk;94210;452310;1.250;ca. 30\n"
                    "park;94210;452310;1.250,5;-4\n")  # fmt: skip
    assert np.isnan(found.points["m2"][0]) and found.points["m2"][1] == 1250.5
    assert found.points["capacity"].isna().all()
    told = " ".join(found.remarks)
    assert "rij 2 ('1.250')" in told and "rij 2 ('ca. 30'), rij 3 ('-4')" in told


def test_a_workbook_says_itself_whether_1125_is_whole(brought):
    found = brought(book([["soort", "x", "y", "m2"], ["kerk", 94210, 452310, 1.125]]), "l.xlsx")
    assert found.points["m2"].tolist() == [1.125]


def test_polygons_count_once_and_a_missing_shape_is_told(brought):
    places = gpd.GeoDataFrame(
        {"soort": ["park", "park"], "naam": ["a", "b"]},
        geometry=[box(94000, 452000, 94100, 452100), None],
        crs=28992,
    )
    found = brought(places, "parken.gpkg")
    assert found.points.geometry.tolist() == [Point(94050, 452050)]
    assert found.unmatched[["row", "says", "why"]].values.tolist() == [
        [2, "park, b", "geen coördinaten"]
    ]


def test_metres_in_a_geojson_that_says_degrees_are_metres(brought, tmp_path):
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"soort":"kerk"},'
        '"geometry":{"type":"Point","coordinates":[94210,452310]}}]}'
    )
    found = brought(text, "rd.geojson")
    assert found.points.geometry.tolist() == [Point(94210, 452310)]


REFUSED = {
    "adressen.csv": ("soort;adres;postcode\nkerk;Dorpsstraat 1;2711AA\n", "adressen en geen coörd"),
    "geen_soort.csv": ("naam;x;y\nA;94210;452310\n", "noem die kolom 'soort' .*naam, x, y"),
    "halve.csv": ("soort;naam;x\nkerk;A;94210\n", "alleen de kolom 'x'"),
    "niets.csv": ("soort;x;y\nraadsel;94210;452310\n", "geen enkele rij.*rij 2.*'raadsel'"),
    "buiten.csv": ("soort;x;y\nkerk;594210;6852310\n", "geen enkele rij.*buiten Nederland"),
    "leeg.csv": ("soort;x;y\n", "geen rijen"),
    "twee_x.csv": ("soort;x;x-coord;y\nkerk;1;2;3\n", "twee kolommen voor x"),
    "dubbel.csv": ("soort;x;y;y\nkerk;1;2;3\n", "'y' meer dan één keer"),
    "komma.csv": ("soort,lat,lon\nkerk,52,05,4,49\n", "rij 2 heeft 5 velden"),
    "aanhaling.csv": ('soort;naam;x;y\nkerk;"A;94210;452310\n', "aanhalingsteken"),
    "afgebroken.csv": ("soort;x;y\nkerk;94210;452310\nkerk;94210;4523", "midden in rij 3"),
    "afgebroken_m2.csv": ("soort;x;y;m2\nkerk;94210;452310;12", "midden in rij 2"),
    "afgebroken_rij.csv": ("soort;x;y\nkerk;94210;452310\npark;94210;452310\nkerk;94",
                           "midden in rij 4"),
    "afgebroken_code.csv": ("soort;x;y;buurt\nkerk;94210;452310;BU06370102\n"
                            "park;94210;452310;BU0637", "midden in rij 3"),
    "half_object.geojson": (
        '{"type":"FeatureCollection","features":[{"type":"Featur","properties":{"soort":"kerk"},'
        '"geometry":{"type":"Point","coordinates":[4.49,52.05]}},{"type":"Feature","properties":'
        '{"soort":"kerk"},"geometry":{"type":"Point","coordinates":[4.49,52.05]}}]}',
        "van de 2 objecten zijn er 1 te lezen",
    ),
    "letters.csv": (b"soort;naam;x;y\nkerk;\x8e\x8f\x81;94210;452310\n", "tekenset"),
    "kapot.xlsx": (book([HEADER, *ROWS])[:900], "gaaf"),
    "twee_lijsten.xlsx": (book([HEADER, *ROWS], [HEADER, *ROWS]), "2 bladen"),
    "webpagina.csv": ("<html><body>soort;x;y</body></html>\n", "geen lijst met kolomnamen"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_list_that_cannot_serve_is_one_sentence(brought, name):
    content, says = REFUSED[name]
    with pytest.raises(InputError, match=says) as error:
        brought(content, name)
    assert name in str(error.value) and "\n" not in str(error.value)


def test_a_list_that_ends_within_a_line_is_told(brought):
    found = brought("soort;x;y;naam\nkerk;94210;452310;De D")
    assert len(found.points) == 1
    assert found.remarks == ("lijst.csv eindigt zonder regeleinde; kijk of rij 2 de laatste is.",)


def test_a_list_with_addresses_only_says_the_way_out(brought):
    with pytest.raises(InputError, match="x en y .RD. of lat en lon.*PDOK.*BAG"):
        brought(*REFUSED["adressen.csv"][:1])


# Writing such a file is what the warning is about.
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_map_without_a_coordinate_system_is_refused(brought):
    places = gpd.GeoDataFrame({"soort": ["kerk"]}, geometry=[Point(4.49, 52.05)])
    with pytest.raises(InputError, match="niet in welk coördinatenstelsel.*graden"):
        brought(places, "zonder.gpkg")


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        (PLAIN, True),
        ("soort;adres\nkerk;Dorpsstraat 1\n", True),
        ("naam,lat,lon\nA,52.05,4.49\n", True),
        ("gwb_code_10;regio;a_inw\nBU06370102;Palenstein;4000\n", False),
        ("buurtcode;gebied\nBU06370102;Centrum\n", False),
        ("PC6;Huisnummer;Buurt2024\n2711AA;1;6370102\n", False),
        ("Geachte heer, mevrouw\n", False),
    ],
)
def test_a_list_is_known_from_its_header(tmp_path, text, is_list):
    file = tmp_path / "iets.csv"
    file.write_text(text, encoding="utf-8")
    assert is_own_list(file) == is_list


def test_no_table_of_a_publisher_is_taken_for_an_own_list(shared):
    for file in sorted((shared / "data" / "downloads").glob("*.csv")):
        assert not is_own_list(file)
    assert not is_own_list(shared / "data/downloads/kwb-2024_utrecht.xlsx")
