import geopandas as gpd
import pandas as pd
import pytest
import shapely

from analysis.sources import snapshot
from analysis.sources.errors import InputError
from analysis.sources.kerncijfers import all_regions
from analysis.sources.zoning import NAME, read_zoning, store

RD = "EPSG:28992"
A, B, C, D = (f"BU0637010{n}" for n in range(4))
BUURTEN = pd.DataFrame({"inhabitants": 100.0}, index=pd.Index([A, B, C, D], name="region_code"))
LIST = f"buurtcode;gebied\n{A};Noord\n{B};Noord\n{C};Zuid\n{D};Zuid\n"


def written(tmp_path, text: str | bytes, name: str = "gebieden.csv"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return file


def drawn(boxes: dict[str, tuple], **columns) -> gpd.GeoDataFrame:
    """Return boxes of (left, right) in units of 100 m, all 1 km high."""
    shapes = [
        shapely.box(90_000 + 100 * left, 450_000, 90_000 + 100 * right, 451_000)
        for left, right in boxes.values()
    ]
    return gpd.GeoDataFrame(columns, geometry=shapes, index=pd.Index(list(boxes)), crs=RD)


OUTLINES = drawn({A: (0, 10), B: (10, 20), C: (20, 30), D: (30, 40)})


def areas(zoning) -> dict[str, str]:
    return dict(zoning.members["area_code"].map(zoning.names))


def problems(zoning) -> list[tuple]:
    return list(
        zoning.problems[["region_code", "problem", "areas"]].itertuples(index=False, name=None)
    )


WHOLE = {A: "Noord", B: "Noord", C: "Zuid", D: "Zuid"}


# ------------------------------------------------------------------------------- lists


@pytest.mark.parametrize(
    "text",
    [
        LIST,
        LIST.replace(";", ","),
        LIST.replace(";", "\t"),
        "\ufeff" + LIST,
        LIST.split("\n", 1)[1],
        LIST.replace("BU0", "0"),
        LIST.replace("BU0", ""),
        LIST.replace("\n", "\r\n"),
        LIST.replace("gebied\n", "gebied\n;\n"),
        "gebied;buurtcode\n" + "".join(f"{area};{code}\n" for code, area in WHOLE.items()),
        "bu;buurtnaam;Stadsdeel\n" + "".join(f"{c};naam;{a}\n" for c, a in WHOLE.items()),
    ],
)
def test_a_list_is_read_in_every_usual_form(tmp_path, text):
    zoning = read_zoning(written(tmp_path, text), "GM0637", BUURTEN)
    assert areas(zoning) == WHOLE
    assert zoning.names.to_dict() == {"EG0637-01": "Noord", "EG0637-02": "Zuid"}
    assert zoning.problems.empty
    assert zoning.members["share"].isna().all()


@pytest.mark.parametrize("code", [str, lambda code: int(code[2:])])
def test_a_workbook_is_read_whatever_its_name(tmp_path, code):
    rows = pd.DataFrame({"buurt": [code(c) for c in WHOLE], "gebied": list(WHOLE.values())})
    rows.to_excel(tmp_path / "gebieden.xlsx", index=False)
    renamed = (tmp_path / "gebieden.xlsx").rename(tmp_path / "gebieden.csv")
    assert areas(read_zoning(renamed, "GM0637", BUURTEN)) == WHOLE


def test_names_with_accents_from_excel_on_windows(tmp_path):
    file = written(tmp_path, LIST.replace("Noord", "Coöp").encode("cp1252"))
    assert set(areas(read_zoning(file, "GM0637", BUURTEN)).values()) == {"Coöp", "Zuid"}


def test_a_map_of_buurten_with_a_column_of_areas_is_a_list(tmp_path):
    file = tmp_path / "buurten.gpkg"
    rows = OUTLINES.assign(buurtcode=OUTLINES.index, stadsdeel=list(WHOLE.values()))
    rows.to_file(file)
    assert areas(read_zoning(file, "GM0637", BUURTEN)) == WHOLE


def test_codes_of_the_gemeente_itself_are_kept_when_each_name_has_one(tmp_path):
    text = "buurt;gebied;code\n" + "".join(f"{c};{a};{a[0]}-1\n" for c, a in WHOLE.items())
    zoning = read_zoning(written(tmp_path, text), "GM0637", BUURTEN)
    assert zoning.names.to_dict() == {"EG0637-N1": "Noord", "EG0637-Z1": "Zuid"}
    zoning = read_zoning(written(tmp_path, text.replace("Z-1", "N-1")), "GM0637", BUURTEN)
    assert list(zoning.names.index) == ["EG0637-01", "EG0637-02"]


def test_what_does_not_fit_is_listed_one_by_one(tmp_path):
    text = (
        f"buurtcode;gebied\n{A};Noord\n{A};Zuid\n{B};Noord\n{B};Noord\n"
        "BU06379999;Zuid\nBU03630000;West\n"
    )
    zoning = read_zoning(written(tmp_path, text), "GM0637", BUURTEN)
    assert areas(zoning) == {B: "Noord"}
    assert problems(zoning) == [
        ("BU06379999", "unknown_code", "Zuid"),
        ("BU03630000", "unknown_code", "West"),
        (A, "in_two_areas", "Noord, Zuid"),
        (C, "in_no_area", ""),
        (D, "in_no_area", ""),
        ("", "area_without_buurten", "West"),
        ("", "area_without_buurten", "Zuid"),
    ]


def test_a_buurt_without_a_name_of_an_area_is_in_none(tmp_path):
    zoning = read_zoning(written(tmp_path, LIST.replace(f"{D};Zuid", f"{D};")), "GM0637", BUURTEN)
    assert problems(zoning) == [(D, "in_no_area", "")]


# ---------------------------------------------------------------------------- outlines


def test_a_buurt_goes_to_the_area_that_holds_most_of_it(tmp_path):
    file = tmp_path / "gebieden.geojson"
    # Of C 0.55 lies in Zuid, 0.45 in Noord; of D 0.3 lies in Zuid and 0.7 in none.
    zones = drawn({"0": (0, 24.5), "1": (24.5, 33)}, naam=["Noord", "Zuid"])
    zones.to_crs("EPSG:4326").to_file(file)
    zoning = read_zoning(file, "GM0637", BUURTEN, OUTLINES)
    assert areas(zoning) == {A: "Noord", B: "Noord", C: "Zuid"}
    # Degrees and back again move an edge by centimetres.
    assert zoning.members["share"].tolist() == pytest.approx([1, 1, 0.55], abs=1e-4)
    assert problems(zoning) == [(C, "doubtful", "Zuid"), (D, "in_no_area", "")]
    assert zoning.problems["share"].iloc[0] == pytest.approx(0.55, abs=1e-4)


def test_an_area_in_km2_is_not_the_name_of_an_area(tmp_path):
    file = tmp_path / "wijken.gpkg"
    drawn({"0": (0, 20), "1": (20, 40)}, area=[2.0, 2.5], naam=["Noord", "Zuid"]).to_file(file)
    assert areas(read_zoning(file, "GM0637", BUURTEN, OUTLINES)) == WHOLE


def test_areas_that_overlap_do_not_count_a_buurt_twice(tmp_path):
    file = tmp_path / "gebieden.gpkg"
    drawn({"0": (0, 20), "1": (10, 40)}, naam=["Noord", "Zuid"]).to_file(file)
    zoning = read_zoning(file, "GM0637", BUURTEN, OUTLINES)
    assert areas(zoning) == {A: "Noord", C: "Zuid", D: "Zuid"}
    assert problems(zoning) == [(B, "in_two_areas", "Noord, Zuid")]


def test_parts_of_an_area_are_one(tmp_path):
    file = tmp_path / "gebieden.gpkg"
    drawn({"0": (0, 10), "1": (10, 20), "2": (20, 40)}, naam=["Noord", "Noord", "Zuid"]).to_file(
        file
    )
    assert areas(read_zoning(file, "GM0637", BUURTEN, OUTLINES)) == WHOLE


# --------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "geen lijst en geen kaart"),
        (b"\x00\x01\x02\n", "geen lijst en geen kaart"),
        (b"PK\x03\x04broken", "beschadigd"),
        ("buurtcode\nBU06370100\n", r"1 kolom\(men\)"),
        ("buurtcode;gebied\n", "0 rijen"),
        ("buurt;gebied\nPalenstein;Noord\n", "geen kolom met buurtcodes.*namen zijn niet uniek"),
        (LIST.replace("BU0637", "BU0363"), "Geen van de 4 codes .* buurt van GM0637"),
        ("buurtcode;naam;gebied\n" + f"{A};x;Noord\n", r"welke kolom het gebied noemt \(naam, geb"),
        ("buurtcode;a;b\n" + f"{A};x;Noord\n", r"welke kolom het gebied noemt \(a, b\)"),
        (LIST.replace("Noord", "").replace("Zuid", "").replace("gebied\n", "gebied;naam\n"),
         "zegt niet welke kolom|is leeg|1 kolom"),
        (f'a;b\n{A};"Noord\n', "kan niet worden gelezen als lijst"),
    ],
)  # fmt: skip
def test_bad_lists_are_one_sentence(tmp_path, text, sentence):
    with pytest.raises(InputError, match=sentence):
        read_zoning(written(tmp_path, text), "GM0637", BUURTEN)


def test_other_bad_input_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="bestaat niet"):
        read_zoning(tmp_path / "weg.csv", "GM0637", BUURTEN)
    with pytest.raises(InputError, match="geen kolom wijk, maar wel gebied"):
        read_zoning(written(tmp_path, LIST), "GM0637", BUURTEN, column="wijk")
    file = tmp_path / "gebieden.gpkg"
    drawn({"0": (0, 20)}, naam=["Noord"]).to_file(file)
    with pytest.raises(InputError, match="grenzen van de buurten ontbreken"):
        read_zoning(file, "GM0637", BUURTEN)
    drawn({"0": (900, 920)}, naam=["Noord"]).to_file(file)
    with pytest.raises(InputError, match="buiten de buurten van GM0637"):
        read_zoning(file, "GM0637", BUURTEN, OUTLINES)
    bare = tmp_path / "zonder.gpkg"
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        drawn({"0": (0, 20)}, naam=["Noord"]).set_crs(None, allow_override=True).to_file(bare)
    with pytest.raises(InputError, match="coördinatenstelsel"):
        read_zoning(bare, "GM0637", BUURTEN, OUTLINES)


def test_a_file_is_kept_for_its_gemeente(tmp_path):
    stored = store(tmp_path / "raw", written(tmp_path, LIST), "GM0637")
    assert stored.notes == {"gemeente": "GM0637", "year": ""}
    assert store(tmp_path / "raw", written(tmp_path, LIST), "GM0637", 2024).notes["year"] == "2024"
    again = snapshot.newest(tmp_path / "raw", NAME)
    assert areas(read_zoning(again.path("gebieden.csv"), "GM0637", BUURTEN)) == WHOLE


# --------------------------------------------------------------------------- real data


def test_real_stadsdelen_of_amsterdam_as_list_and_as_outlines_agree(shared, tmp_path, real_release):
    folder = shared / "data" / "boundaries"
    buurten = all_regions(real_release(2024), "buurt", "GM0363")
    listed = folder / "buurten_amsterdam_2022.gpkg"
    by_list = read_zoning(listed, "GM0363", buurten, column="Stadsdeel")
    assert len(by_list.names) == 9
    assert "EG0363-A" in by_list.names.index
    # Of 518 buurten of 2022 two codes are gone in 2024, of which one is named here.
    assert set(by_list.problems["problem"]) <= {"unknown_code", "in_no_area"}
    zones = gpd.read_file(listed).dissolve("Stadsdeel").reset_index()[["Stadsdeel", "geometry"]]
    zones.to_file(tmp_path / "stadsdelen.gpkg")
    drawn_2024 = gpd.read_file(folder / "buurten_2024_approx_rd.gpkg").set_index("bu_code")
    by_outline = read_zoning(tmp_path / "stadsdelen.gpkg", "GM0363", buurten, drawn_2024)
    both = pd.DataFrame({"list": areas(by_list), "outline": areas(by_outline)}).dropna()
    assert len(both) == 516
    assert both["list"].equals(both["outline"].rename("list"))
