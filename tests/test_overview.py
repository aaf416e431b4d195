import errno
import json
from pathlib import Path

import pytest
from page_reader import read_page

from analysis.reports.overview import write_overview
from analysis.sources.errors import InputError

CARD = {
    "code": "GM0637", "name": "Zoetermeer", "stamp": "", "years": [2020, 2024], "numbers": 3,
    "chapters": [["01_gegevens.html", "Welke cijfers?"], ["02_segregatie.html", "Wie & waar?"]],
}  # fmt: skip


def report(reports: Path, folder: str, **more) -> None:
    (reports / folder).mkdir(parents=True)
    card = json.dumps(CARD | more, ensure_ascii=False)
    (reports / folder / "report.json").write_text(card, encoding="utf-8")


def overview(reports: Path):
    return read_page(write_overview(reports).read_text(encoding="utf-8"))


def test_it_leads_to_every_chapter_of_every_report_by_name(tmp_path):
    report(tmp_path, "GM0637-zoetermeer")
    report(tmp_path, "GM0034-almere", name="Almere", code="GM0034")
    page = overview(tmp_path)
    assert [h2.text for h2 in page.all("h2")] == ["Almere GM0034", "Zoetermeer GM0637"]
    links = [a.attributes["href"] for a in page.all("a")]
    assert links[4:] == [
        "GM0637-zoetermeer/01_gegevens.html", "GM0637-zoetermeer/02_segregatie.html",
        "GM0637-zoetermeer/evidence-nl.csv", "GM0637-zoetermeer/evidence.csv",
    ]  # fmt: skip
    assert [a.text for a in page.all("a")][1] == "Wie & waar?"
    assert "Cijfers over 2020, 2024." in page.all("section")[0].text


def test_of_the_example_every_link_leads_somewhere(example_folder, root):
    index = example_folder / "uit" / "index.html"
    page = read_page(index.read_text(encoding="utf-8"))
    links = [a.attributes["href"] for a in page.all("a")]
    # A page per notebook, the sheets per wijk, the evidence in two notations.
    books = len(list((root / "notebooks").glob("*.ipynb")))
    assert len(links) == books + 3 and all((index.parent / link).is_file() for link in links)
    assert page.all(css="page-stamp")[0].text == "Fictieve voorbeeldgegevens"


def test_it_is_a_dutch_page_that_asks_nothing_of_anyone(example_folder):
    text = (example_folder / "uit" / "index.html").read_text(encoding="utf-8")
    page = read_page(text)
    assert page.all("html")[0].attributes["lang"] == "nl" and len(page.all("h1")) == 1
    assert "http:" not in text and "https:" not in text and "url(" not in text
    assert not page.all("script", "img", "link")
    assert any(m.attributes.get("http-equiv") for m in page.all("meta"))


def test_names_are_text_and_not_markup(tmp_path):
    report(tmp_path, "GM9009-a b&c", name="<script>alert(1)</script>", stamp="<b>")
    page = overview(tmp_path)
    assert not page.all("script", "b")
    assert "<script>" in page.all("h2")[0].text
    assert page.all("a")[0].attributes["href"] == "GM9009-a%20b%26c/01_gegevens.html"


def test_what_is_being_written_or_no_report_is_not_listed(tmp_path):
    report(tmp_path, ".draft-123")
    report(tmp_path, ".old-123")
    (tmp_path / "notities").mkdir()
    page = overview(tmp_path)
    assert not page.all("section") and len(page.all("h1")) == 1


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"name": "x"}'])
def test_a_damaged_report_is_named(tmp_path, content):
    report(tmp_path, "GM0637-zoetermeer")
    write_overview(tmp_path)
    kept = (tmp_path / "index.html").read_bytes()
    (tmp_path / "GM0637-zoetermeer" / "report.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="report.json is beschadigd; verwijder de map GM0637-zoe"):
        write_overview(tmp_path)
    assert (tmp_path / "index.html").read_bytes() == kept


def test_a_full_disk_leaves_the_old_page(tmp_path, monkeypatch):
    report(tmp_path, "GM0637-zoetermeer")
    write_overview(tmp_path)
    kept = (tmp_path / "index.html").read_bytes()

    def full(self, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match="index.html kan niet worden geschreven .No space"):
        write_overview(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["GM0637-zoetermeer", "index.html"]
    assert (tmp_path / "index.html").read_bytes() == kept
