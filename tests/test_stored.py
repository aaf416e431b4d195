import pandas as pd
import pytest

from analysis.sources import kerncijfers, snapshot
from analysis.sources.catalogue import of_year, read_catalogue
from analysis.sources.edition import cbs_edition
from analysis.sources.errors import InputError
from analysis.sources.stored import (
    find_stored_gemeente,
    gemeente_releases,
    region_table,
    stored_releases,
    stored_years,
)


@pytest.fixture
def edition(root, real_raw):
    return cbs_edition(root, real_raw)


@pytest.mark.parametrize("year", [2017, 2019, 2020, 2024])
@pytest.mark.parametrize("code", ["GM0363", "GM0637", "GM1992"])
def test_real_rows_of_one_gemeente_are_those_of_the_whole_table(
    root, real_raw, real_release, codebook, year, code
):
    whole = real_release(year)
    source = of_year(read_catalogue(root / "data" / "catalogue.csv"), "kerncijfers", year)
    stored = snapshot.newest(real_raw, source.table)
    part = kerncijfers.read_release(stored, source, codebook, code)
    # What is absent is told of the whole country, though this gemeente may lack more.
    assert part.absent == whole.absent
    expected = whole.table[whole.table["gm_code"].eq(code)]
    pd.testing.assert_frame_equal(
        part.table, expected, check_exact=True, check_dtype=len(expected) > 0
    )


def test_a_gemeente_is_found_in_the_newest_table_that_has_it(edition):
    assert find_stored_gemeente(edition, "Den Haag") == "GM0518"
    assert find_stored_gemeente(edition, "GM0637") == "GM0637"
    # Gone since 2021.
    assert find_stored_gemeente(edition, "Haaren") == "GM0788"
    with pytest.raises(InputError, match="geen gemeente 'Zoetemeer'.*Zoetermeer"):
        find_stored_gemeente(edition, "Zoetemeer")


def test_releases_come_newest_first_and_only_as_asked(edition):
    assert stored_years(edition) == (2024, 2020, 2019, 2017)
    assert [release.year for release in stored_releases(edition)] == [2024, 2020, 2019, 2017]
    assert list(gemeente_releases(edition, "GM0637", [2017, 2018, 2024])) == [2024, 2017]
    # The table of 2019 has Amsterdam alone.
    assert len(gemeente_releases(edition, "GM0637", [2019])[2019].table) == 0


def test_tables_of_two_gemeenten_are_not_mixed_up(edition):
    one, other = (gemeente_releases(edition, code, [2020])[2020] for code in ("GM0637", "GM0627"))
    for release, code in ((one, "GM0637"), (other, "GM0627"), (one, "GM0637")):
        assert set(region_table(release, "wijk")["gm_code"]) == {code}


def test_a_name_list_in_another_form_is_read_whole(root, real_raw, codebook, tmp_path):
    source = of_year(read_catalogue(root / "data" / "catalogue.csv"), "kerncijfers", 2020)
    stored = snapshot.newest(real_raw, source.table)
    raw = tmp_path / "raw"
    with_names = stored.json("WijkenEnBuurten.json")

    class Answer:
        table, url, modified = "84799NED", "", ""
        properties = stored.json("DataProperties.json")
        rows = pd.read_parquet(stored.path("TypedDataSet.parquet"))
        # A brace inside a text that stands before the code.
        regions = [{"First": '{"Key": "', **one} for one in with_names]

    again = kerncijfers.read_release(snapshot.write_table(raw, Answer), source, codebook, "GM0637")
    assert again.table.loc["WK063704", "region_name"] == "Noordhove"
