import shutil

import pytest

from analysis.sources.catalogue import of_theme, read_catalogue
from analysis.sources.edition import (
    EXAMPLE_STAMP,
    cbs_edition,
    example_edition,
    project_root,
)


def test_the_project_s_root_is_this_checkout(root):
    assert project_root() == root


def test_real_figures_come_from_the_catalogue_s_address_and_are_not_stamped(root, tmp_path):
    edition = cbs_edition(root)
    assert edition.catalogue.is_file() and edition.codebook.is_file()
    assert edition.raw == root / "data" / "raw"
    assert edition.address is None and edition.stamp == "" and not edition.is_example
    elsewhere = cbs_edition(root, tmp_path, "http://127.0.0.1:8765")
    assert (elsewhere.raw, elsewhere.address) == (tmp_path, "http://127.0.0.1:8765")


def test_the_example_is_stamped_and_asks_a_folder(root):
    edition = example_edition(root)
    assert edition.is_example and edition.stamp == EXAMPLE_STAMP == "Fictieve voorbeeldgegevens"
    assert edition.codebook == cbs_edition(root).codebook  # the very same concepts
    assert "://" not in edition.address
    assert edition.raw.is_relative_to(root / "data" / "raw" / "example")


def test_the_example_s_own_tables_are_there(root):
    edition = example_edition(root)
    if not edition.catalogue.is_file():
        pytest.skip("the example is not made yet")
    for source in of_theme(read_catalogue(edition.catalogue), "kerncijfers"):
        assert (root / "data" / "example" / "statline" / source.table).is_dir()


def test_another_version_of_the_example_has_snapshots_of_its_own(tmp_path):
    table = tmp_path / "data" / "example" / "statline" / "T1" / "TypedDataSet.json"
    table.parent.mkdir(parents=True)
    table.write_text("{}", encoding="utf-8")
    before = example_edition(tmp_path).raw
    assert example_edition(tmp_path).raw == before
    table.write_text("{ }", encoding="utf-8")
    assert example_edition(tmp_path).raw != before
    assert example_edition(tmp_path, tmp_path / "raw").raw.parent == tmp_path / "raw" / "example"
    shutil.rmtree(table.parent)
    assert example_edition(tmp_path).raw != before
