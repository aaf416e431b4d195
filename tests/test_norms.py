import pandas as pd
import pytest

from analysis.sources.errors import InputError
from analysis.sources.facility_kinds import read_kinds
from analysis.sources.norm_units import norm_unit
from analysis.sources.norms import STATUSES, norms_for, read_hours, read_norms


@pytest.fixture(scope="module")
def kinds(root):
    return read_kinds(root / "data" / "facility_kinds.csv")


@pytest.fixture(scope="module")
def norms(root, kinds):
    return read_norms(root / "data" / "norms.csv", kinds)


def test_the_projects_table_is_whole(norms):
    assert norms.index.is_unique
    assert set(norms["status"]) <= set(STATUSES)
    assert norms.loc["green_75", "value"] == 75_000
    assert norms.loc["green_75", "written"] == "75 m2 per woning"
    assert norms.loc["gp_2018", ["value", "unit", "group"]].tolist() == [
        2095, "persons_per_unit", "inhabitants",
    ]  # fmt: skip
    assert norms.loc["cjg_centre", "building_m2"] == 1400
    assert norms.loc["library_distance", "value"] == 1900
    # A norm that was not seen has no number, and none is 0.
    assert norms["value"].isna().sum() == 7
    assert norms["value"].dropna().gt(0).all()


def test_one_norm_per_facility_for_a_milieu(norms):
    centre = norms_for(norms, milieu="centrum-stedelijk")
    green = norms_for(norms, milieu="groen-blauw")
    assert centre.index.is_unique
    assert centre.loc["youth_family_centre", "value"] == 50
    assert green.loc["youth_family_centre", "value"] == 70
    # Known for another milieu only.
    assert pd.isna(green.loc["community_centre", "value"])
    assert centre.loc["gp", "value"] == 2095
    assert centre.loc["public_green", "norm"] == "green_75"
    assert pd.isna(centre.loc["sports", "value"])
    assert "social_rent" not in centre.index


def test_own_norms_of_a_gemeente_go_first(norms, kinds, tmp_path):
    file = tmp_path / "eigen.csv"
    file.write_text(
        "Voorziening;Norm;Eenheid;Status;Jaar;Minimale maat\n"
        "Buurthuis;87,5;m² bvo / 1.000 woningen;vastgesteld;2024;450\n"
        "Openbaar groen;50;m2 per woning;richtgetal;2023;\n"
        "huisarts;1;per 2.500 inwoners;;2023;\n"
        "Wasserette;0,1;m2 per inwoner;wet;2023;\n"
        "Moskee;geen norm ingevuld;;;;\n",
        encoding="utf-8",
    )
    own = read_norms(file, kinds, known=norms)
    assert own["facility"].tolist() == [
        "community_centre", "public_green", "gp", "Wasserette", "place_of_worship",
    ]  # fmt: skip
    assert own["value"].tolist()[:4] == [87.5, 50_000, 2500, 0.1]
    chosen = norms_for(norms, own=own, milieu="groen-blauw")
    assert chosen.loc["community_centre", ["value", "building_m2"]].tolist() == [87.5, 450]
    assert chosen.loc["gp", "value"] == 2500
    assert chosen.loc["youth_family_centre", "value"] == 70
    assert pd.isna(chosen.loc["place_of_worship", "value"])
    # Also where the project's table has one that binds more and is newer.
    weaker = own.assign(status="press", year="1990")
    centre = norms_for(norms, own=weaker, milieu="centrum-stedelijk")
    assert centre.loc["community_centre", "value"] == 87.5


def test_own_norms_in_a_workbook(norms, kinds, tmp_path):
    file = tmp_path / "normen.xlsx"
    pd.DataFrame(
        {"functie": ["bibliotheek"], "waarde": [30.5], "eenheid": ["m2 per 1000 inwoners"]}
    ).to_excel(file, index=False)
    own = read_norms(file, kinds)
    assert own["facility"].tolist() == ["library"]
    assert own["value"].tolist() == [0.0305]
    assert own["unit"].tolist() == ["m2_per_person"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("buurthuis;5;appels per peer;", "eenheid 'appels per peer' is onbekend"),
        ("buurthuis;0;m2 per woning;", "norm van 0 is geen norm"),
        ("buurthuis;-5;m2 per woning;", "niet één getal"),
        ("buurthuis;1.250;m2 per 1000 woningen;", "niet één getal"),
        ("buurthuis;5;m2 per woning;misschien", "status 'misschien' is onbekend"),
        (";5;m2 per woning;", "voor welke voorziening"),
    ],
)
def test_what_is_not_understood_is_said_in_one_sentence(kinds, tmp_path, line, said):
    file = tmp_path / "eigen.csv"
    file.write_text(f"voorziening;waarde;eenheid;status\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        read_norms(file, kinds)
    assert "gegevensregel 1" in str(caught.value)


def test_a_file_without_the_columns_is_refused(kinds, tmp_path):
    file = tmp_path / "eigen.csv"
    file.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(InputError, match="voorziening, waarde en eenheid"):
        read_norms(file, kinds)


@pytest.mark.parametrize(
    ("text", "key", "factor", "group"),
    [
        ("m2 bvo per 1000 woningen", "m2_per_1000_dwellings", 1, ""),
        ("m2 per 100 woningen", "m2_per_1000_dwellings", 10, ""),
        ("ha per duizend woningen", "m2_per_1000_dwellings", 10_000, ""),
        ("m2 per kind 0-14 jaar", "m2_per_person", 1, "age_0_14"),
        ("m2 per 65-plusser", "m2_per_person", 1, "age_65_plus"),
        ("m2 per aanwezig kind", "m2_per_person", 1, "children_present"),
        ("inwoners per huisarts", "persons_per_unit", 1, "inhabitants"),
        ("km", "max_distance_m", 1000, ""),
        ("% van de woningen", "percent_of_dwellings", 1, ""),
        ("% van het plangebied", "percent_of_area", 1, ""),
    ],
)
def test_units_as_people_write_them(text, key, factor, group):
    found = norm_unit(text)
    assert (found.key, found.factor, found.group) == (key, factor, group)


@pytest.mark.parametrize("text", ["", "m2", "inwoners", "m2 per 0 woningen", "inwoners per ha"])
def test_units_that_say_too_little_are_unknown(text):
    assert norm_unit(text) is None


def test_hours_fit_in_the_week(root, tmp_path):
    hours, available = read_hours(root / "data" / "function_hours.csv")
    assert available.sum() == 98
    assert hours.le(available).all(axis=None)
    text = (root / "data" / "function_hours.csv").read_text(encoding="utf-8")
    file = tmp_path / "uren.csv"
    file.write_text(text.replace("centrum,10,20", "centrum,30,20"), encoding="utf-8")
    with pytest.raises(InputError, match="community_centre passen niet"):
        read_hours(file)
    file.write_text(text.replace("available,", "open,"), encoding="utf-8")
    with pytest.raises(InputError, match="available"):
        read_hours(file)
