import pandas as pd
import pytest

from analysis.sources.codebook import read_codebook
from analysis.sources.errors import InputError
from analysis.sources.thresholds import FILE, is_below, of_year, read_thresholds

HEADER = "concepts,from_year,to_year,unit,value,source,seen\n"


@pytest.fixture
def written(tmp_path):
    def write(text):
        (tmp_path / FILE).write_text(text, encoding="utf-8")
        return read_thresholds(tmp_path / FILE)

    return write


def test_a_limit_is_of_its_concepts_and_years(written):
    found = written(
        HEADER
        + "income,,2019,inhabitants,100,CBS,105\n"
        + "income,2020,,inhabitants,2500,CBS,\n"
        + "*_km | schools,,,n_households | inhabitants,10,CBS,\n"
    )
    assert [of_year(found, "income", year).value for year in (2013, 2019, 2020, 2025)] == [
        100, 100, 2500, 2500,
    ]  # fmt: skip
    assert of_year(found, "gp_km", 2013) is of_year(found, "schools", 2025) is found[2]
    assert found[2].unit == ("n_households", "inhabitants")
    assert of_year(found, "n_men", 2020) is None


def test_a_region_is_below_where_a_known_size_is(written):
    limit = written(HEADER + "share,,,n_households | inhabitants,100,CBS,\n")[0]
    sizes = pd.DataFrame(
        {
            # Just enough, one too few, not known but too few people, and nothing known.
            "n_households": [100.0, 99.0, None, None],
            "inhabitants": [150.0, 150.0, 95.0, None],
        }
    )
    kept = sizes.copy()
    assert is_below(limit, sizes).tolist() == [False, True, True, False]
    assert is_below(limit, sizes[["inhabitants"]]).tolist() == [False, False, True, False]
    assert is_below(limit, sizes[[]]).tolist() == [False] * 4
    pd.testing.assert_frame_equal(sizes, kept)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("concept,value\nincome,100\n", "moet de kolommen concepts, from_year"),
        (HEADER + "income,,,inhabitants,veel,CBS,\n", "van income moeten getallen zijn"),
        (HEADER + "income,vroeger,,inhabitants,10,CBS,\n", "van income moeten getallen zijn"),
        (HEADER + "income,,,inhabitants,10\n", "de regel van income heeft niet 7 velden"),
    ],
)
def test_a_table_of_limits_that_is_wrong_is_refused(written, text, says):
    with pytest.raises(InputError, match=says):
        written(text)


def test_two_limits_for_one_year_are_refused(written):
    found = written(HEADER + "i*,,2020,inhabitants,1,CBS,\nincome,2020,,inhabitants,2,CBS,\n")
    assert of_year(found, "income", 2019).value == 1
    with pytest.raises(InputError, match="income in 2020 meer dan één grens"):
        of_year(found, "income", 2020)


def test_no_file_is_no_limit(tmp_path):
    assert read_thresholds(tmp_path / FILE) == ()


def test_the_project_s_own_limits_are_of_concepts_that_exist(root, codebook):
    limits = read_thresholds(root / "data" / FILE)
    proximity = read_codebook(root / "data" / "proximity_codebook.csv")
    everything = codebook | proximity
    for limit in limits:
        assert limit.source and limit.value >= 10
        for pattern in limit.concepts:
            one = limit.__class__(**{**vars(limit), "concepts": (pattern,)})
            assert any(one.is_about(concept) for concept in everything), pattern
        assert set(limit.unit) <= set(codebook)
    for name, concept in everything.items():
        for year in range(2013, 2027):
            of_year(concept.thresholds, name, year)  # no year has two
    # Every facility's distance and number, and income, are limited in every year.
    assert all(concept.thresholds for name, concept in proximity.items() if "_km" in name)
    assert of_year(codebook["income_per_inhabitant_eur"].thresholds, "income_per_inhabitant_eur",
                   2020).value == 2500  # fmt: skip
