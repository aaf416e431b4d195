import pytest

from analysis.sources import kerncijfers
from analysis.sources.comparisons import codes_of, read_comparisons
from analysis.sources.errors import InputError

HEAD = "set,label,gm_code,gemeente,town,note\n"


@pytest.fixture
def of_project(root):
    return read_comparisons(root / "data/comparisons.csv")


def test_the_new_towns_are_gemeenten_of_2024_under_that_name(of_project, real_release):
    codes = codes_of(of_project, "new_towns")
    gemeenten = kerncijfers.region_table(real_release(2024), "gemeente")
    assert {"GM0637", "GM0034"} <= set(codes) and len(codes) == 10
    named = of_project[of_project["set"].eq("new_towns")]["gemeente"]
    assert gemeenten.loc[codes, "gm_name"].tolist() == named.tolist()


def test_gemeenten_of_a_region_are_of_some_year_under_that_name(of_project, real_release):
    regions = of_project[of_project["set"].str.startswith("region_")]
    assert regions["gm_code"].is_unique
    names = {}
    for year in (2017, 2020, 2024):
        table = kerncijfers.region_table(real_release(year), "gemeente")["gm_name"]
        names |= table.str.removesuffix(" (gemeente)").to_dict()
    wrong = [row for row in regions.itertuples() if row.gemeente not in names[row.gm_code]]
    assert wrong == []
    # 21 gemeenten in 2024 in the region of Rotterdam and Den Haag.
    now = set(kerncijfers.region_table(real_release(2024), "gemeente").index)
    assert len(now & set(codes_of(of_project, "region_mrdh"))) == 21


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("set,label,gemeente\n", "mist de kolom gm_code"),
        (HEAD + "a,A,0637,Zoetermeer,,\n", "'0637' is geen code"),
        (HEAD + "a,A,GM0637,Z,,\na,A,GM0637,Z,,\n", "GM0637 staat twee keer in 'a'"),
        ("", "kan niet worden gelezen"),
    ],
)
def test_a_file_that_is_wrong_is_said(tmp_path, text, says):
    file = tmp_path / "comparisons.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        read_comparisons(file)


def test_one_gemeente_may_be_in_several_sets(tmp_path):
    file = tmp_path / "comparisons.csv"
    file.write_text(HEAD + "a,A,GM0637,Z,,\nb,B,GM0637,Z,,\n", encoding="utf-8")
    assert codes_of(read_comparisons(file), "b") == ["GM0637"]


def test_a_file_that_is_not_there_and_a_set_that_is_not(tmp_path, of_project):
    with pytest.raises(InputError, match="kan niet worden gelezen"):
        read_comparisons(tmp_path / "geen.csv")
    with pytest.raises(InputError, match="er zijn: new_towns"):
        codes_of(of_project, "hanzesteden")
