import errno
import json
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point
from statline_server import small_table

from analysis.sources import snapshot
from analysis.sources.errors import InputError, ServiceError
from analysis.sources.statline import Answer


def answer(modified="2024-03-27T02:00:00", inhabitants=600) -> Answer:
    table = small_table(more={})
    table.rows[1]["AantalInwoners_5"] = inhabitants
    return Answer(
        table="84799NED",
        url="https://opendata.cbs.nl/ODataFeed/odata/84799NED/TypedDataSet",
        modified=modified,
        properties=table.properties,
        regions=table.regions,
        rows=table.rows,
    )


def left_behind(raw) -> list[str]:
    """Return what lies in raw beside whole snapshots."""
    whole = {file.parent for file in raw.rglob(snapshot.SIDECAR)}
    return [str(path) for path in raw.rglob("*") if path.is_file() and path.parent not in whole]


def test_a_snapshot_is_the_answer_as_published_with_its_particulars(tmp_path):
    given = answer()
    stored = snapshot.write_table(tmp_path, given)
    table = pd.read_parquet(stored.path("TypedDataSet.parquet"))
    assert table["WijkenEnBuurten"].tolist() == [row["WijkenEnBuurten"] for row in given.rows]
    assert table["AantalInwoners_5"].tolist()[:2] == [1012, 600]
    assert pd.isna(table["OppervlakteLand_10"][0])
    assert stored.json("DataProperties.json") == given.properties
    assert stored.json("WijkenEnBuurten.json") == given.regions
    known = json.loads((stored.folder / "snapshot.json").read_text(encoding="utf-8"))
    assert known["url"] == given.url and known["modified"] == given.modified
    assert known["rows"] == 12 and known["name"] == "84799NED"
    assert set(known["files"]) == {
        "TypedDataSet.parquet",
        "DataProperties.json",
        "WijkenEnBuurten.json",
    }
    assert all(len(digest) == 64 for digest in known["files"].values())
    assert known["fetched_at"].endswith("+00:00")
    assert snapshot.read(stored.folder) == stored
    assert left_behind(tmp_path) == [] and len(list(tmp_path.iterdir())) == 1


def test_folder_names_are_taken_by_every_file_system(tmp_path):
    for modified in ("2024-03-27T02:00:00", "", "/Date(1711504800000)/", "27:03 2024?"):
        folder = snapshot.write_table(tmp_path, answer(modified)).folder
        assert folder.parent.name == "84799NED" and folder.parent.parent == tmp_path
        assert not set(folder.name) & set('<>:"/\\|?* .')


@pytest.mark.parametrize(
    "file", ["TypedDataSet.parquet", "DataProperties.json", "WijkenEnBuurten.json"]
)
def test_a_changed_byte_is_refused_naming_the_file(tmp_path, file):
    stored = snapshot.write_table(tmp_path, answer())
    body = bytearray((stored.folder / file).read_bytes())
    body[len(body) // 2] ^= 1
    (stored.folder / file).write_bytes(body)
    again = snapshot.newest(tmp_path, "84799NED")
    with pytest.raises(InputError, match=f"{file} is gewijzigd.*opnieuw op met 'pull'"):
        again.path(file)


def test_a_file_that_is_gone_is_named(tmp_path):
    stored = snapshot.write_table(tmp_path, answer())
    (stored.folder / "DataProperties.json").unlink()
    with pytest.raises(InputError, match="DataProperties.json ontbreekt"):
        stored.json("DataProperties.json")
    with pytest.raises(InputError, match="anders.json ontbreekt"):
        stored.path("anders.json")


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}", '{"name": "84799NED"}'])
def test_a_snapshot_without_a_whole_sidecar_is_refused(tmp_path, content):
    sidecar = snapshot.write_table(tmp_path, answer()).folder / snapshot.SIDECAR
    if content is None:
        sidecar.unlink()
    else:
        sidecar.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="geen gave momentopname") as error:
        snapshot.newest(tmp_path, "84799NED")
    assert str(sidecar.parent) in str(error.value)


def test_the_same_answer_twice_is_one_snapshot(tmp_path):
    first = snapshot.write_table(tmp_path, answer())
    assert snapshot.write_table(tmp_path, answer()) == first
    assert len(snapshot.releases(tmp_path, "84799NED")) == 1
    assert left_behind(tmp_path) == []


def test_the_same_figures_under_a_later_date_are_a_release_of_their_own(tmp_path):
    # Else the service would be asked for the table again at every pull.
    snapshot.write_table(tmp_path, answer("2024-03-27T02:00:00"))
    later = snapshot.write_table(tmp_path, answer("2024-03-27T14:00:00"))
    assert later.modified == "2024-03-27T14:00:00"
    assert snapshot.newest(tmp_path, "84799NED") == later


def test_older_releases_stay_and_the_newest_is_what_was_changed_last(tmp_path):
    newer = snapshot.write_table(tmp_path, answer("2025-03-27T02:00:00", 610))
    older = snapshot.write_table(tmp_path, answer("2024-12-01T02:00:00", 600))
    assert snapshot.releases(tmp_path, "84799NED") == (newer, older)
    assert snapshot.newest(tmp_path, "84799NED") == newer
    assert older.path("TypedDataSet.parquet").is_file()


def test_among_equals_the_newest_is_what_was_fetched_last(tmp_path):
    first = snapshot.write_table(tmp_path, answer("", 600))
    second = snapshot.write_table(tmp_path, answer("", 610))
    first_again = snapshot.write_table(tmp_path, answer("", 600))
    assert first_again.folder == first.folder
    assert first.fetched_at <= second.fetched_at <= first_again.fetched_at
    assert snapshot.newest(tmp_path, "84799NED") == first_again


def test_what_is_not_stored_is_none(tmp_path):
    assert snapshot.newest(tmp_path, "84799NED") is None
    assert snapshot.releases(tmp_path / "nergens", "84799NED") == ()


def test_folders_of_other_programs_are_passed_over(tmp_path):
    stored = snapshot.write_table(tmp_path, answer())
    (stored.folder.parent / ".ipynb_checkpoints").mkdir()
    (stored.folder.parent / "Thumbs.db").write_bytes(b"")
    assert snapshot.releases(tmp_path, "84799NED") == (stored,)


def test_two_runs_at_once_store_one_whole_snapshot(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        stored = list(pool.map(lambda _: snapshot.write_table(tmp_path, answer()), range(8)))
    assert len({one.folder for one in stored}) == 1
    assert stored[0].path("TypedDataSet.parquet").is_file()
    assert len(list(tmp_path.iterdir())) == 1


def test_a_run_that_is_just_behind_another_uses_its_snapshot(tmp_path, monkeypatch):
    """The other run stores the same answer between our look and our renaming."""
    path = type(tmp_path)
    rename = path.rename

    def late(self, target):
        shutil.copytree(self, target)
        raise OSError(errno.ENOTEMPTY, "Directory not empty")

    monkeypatch.setattr(path, "rename", late)
    stored = snapshot.write_table(tmp_path, answer())
    monkeypatch.setattr(path, "rename", rename)
    assert stored.rows == 12 and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("where", ["to_parquet", "write_text", "rename", "mkdir"])
def test_a_full_or_read_only_disk_is_one_sentence_and_leaves_nothing(
    tmp_path, monkeypatch, code, where
):
    raw = tmp_path / "raw"
    raw.mkdir()
    owner = pd.DataFrame if where == "to_parquet" else type(raw)

    def fail(*args, **kwargs):
        raise OSError(code, "no")

    with monkeypatch.context() as broken:
        broken.setattr(owner, where, fail)
        with pytest.raises(
            InputError, match="kan niet worden geschreven .no.; maak ruimte"
        ) as told:
            snapshot.write_table(raw, answer())
    assert str(raw) in str(told.value) and "\n" not in str(told.value)
    assert [path for path in raw.rglob("*") if path.is_file()] == []
    assert not list(raw.glob(".draft*"))


def test_an_interrupted_writing_leaves_nothing(tmp_path, monkeypatch):
    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(pd.DataFrame, "to_parquet", stop)
    with pytest.raises(KeyboardInterrupt):
        snapshot.write_table(tmp_path, answer())
    assert list(tmp_path.iterdir()) == []


def test_a_column_of_numbers_and_texts_is_refused(tmp_path):
    given = answer()
    given.rows[3]["AantalInwoners_5"] = "255 of zo"
    with pytest.raises(ServiceError, match="getallen en teksten door elkaar"):
        snapshot.write_table(tmp_path, given)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_a_person_brings_is_kept_as_it_is(tmp_path):
    file = tmp_path / "grenzen_2022.geojson"
    file.write_bytes(b"\x00 any bytes \xff")
    stored = snapshot.write_file(tmp_path / "raw", "grenzen", file, 3, {"level": "wijk"})
    assert stored.path("grenzen_2022.geojson").read_bytes() == file.read_bytes()
    assert (stored.rows, stored.modified, stored.notes) == (3, "", {"level": "wijk"})
    assert stored.url == "grenzen_2022.geojson"  # no path of this machine
    assert file.is_file()


def test_a_file_brought_again_is_the_last_one(tmp_path):
    raw = tmp_path / "raw"
    first, second = tmp_path / "a.geojson", tmp_path / "b.geojson"
    first.write_text("a", encoding="utf-8")
    second.write_text("b", encoding="utf-8")
    for file in (first, second, first):
        stored = snapshot.write_file(raw, "grenzen", file, 1, {})
    newest = snapshot.newest(raw, "grenzen")
    assert newest == stored and list(newest.files) == ["a.geojson"]
    assert len(snapshot.releases(raw, "grenzen")) == 2


def test_the_answer_is_not_changed_by_storing_it(tmp_path):
    given, kept = answer(), answer()
    snapshot.write_table(tmp_path, given)
    assert given == replace(kept)


def test_a_file_brought_again_under_another_name_is_another_snapshot(tmp_path):
    # The name tells the year: who forgot it brings the same file once more, with the year in it.
    for name in ("grenzen.txt", "grenzen_2022.txt"):
        file = tmp_path / name
        file.write_text("hetzelfde", encoding="utf-8")
        kept = snapshot.write_file(tmp_path / "raw", "grenzen", file, 1, {})
        assert list(kept.files) == [name]
    assert len(snapshot.releases(tmp_path / "raw", "grenzen")) == 2


def test_a_shapefile_is_kept_with_all_its_parts(tmp_path):
    file = tmp_path / "in [1]" / "plek.shp"
    file.parent.mkdir()
    gpd.GeoDataFrame({"n": [1]}, geometry=[Point(1, 2)], crs="EPSG:28992").to_file(file)
    (file.parent / "plek.txt").write_text("iets anders")
    (file.parent / "plek2.shp").write_text("een ander bestand")
    kept = snapshot.write_file(tmp_path / "raw", "plekken", file, 1, {})
    assert list(kept.files) == ["plek.zip"] and kept.url == "plek.shp"
    with zipfile.ZipFile(kept.path("plek.zip")) as archive:
        assert {"plek.shp", "plek.shx", "plek.dbf", "plek.prj"} <= set(archive.namelist())
        assert not {"plek.txt", "plek2.shp"} & set(archive.namelist())
    assert gpd.read_file(kept.path("plek.zip"))["n"].tolist() == [1]
    again = snapshot.write_file(tmp_path / "raw", "plekken", file, 1, {})
    assert again.folder == kept.folder
