"""A report is built as a whole or not at all: first with small notebooks, then the example."""

import csv
import errno
import io
import json
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient.exceptions import CellExecutionError
from page_reader import read_page

from analysis.evidence.frame import COLUMNS
from analysis.figures.wording import count, in_format, number
from analysis.reports import build
from analysis.reports.kernel import kept_kernel
from analysis.sources.errors import InputError

STAMP = "Fictieve voorbeeldgegevens"
NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
PAGES = (*sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb")), "wijkbladen")
WRITES = """
from analysis.evidence.frame import evidence_frame

evidence_frame(
    [
        {"area_code": gemeente, "area_name": "Dorp; met, tekens", "year": jaar or 2024,
         "level": "wijk", "measure": "gini", "value": 1.5, "units": 3, "source": "Bron é"},
        {"area_code": gemeente, "year": 2020, "level": "wijk", "measure": "gini",
         "status": "suppressed", "source": "Bron"},
    ]
).to_parquet(f"{bewijs}/CHAPTER.parquet")
print("een regel voor wie het notebook uitvoert")
"""


# Small notebooks


@pytest.fixture(scope="module")
def kernel():
    with kept_kernel() as manager:
        yield manager


@pytest.fixture
def notebook(tmp_path):
    def make(stem: str, *steps: str, tagged: bool = True) -> Path:
        v4 = nbformat.v4
        book = v4.new_notebook()
        book.cells = [
            v4.new_markdown_cell(f"# Titel van {stem} & meer\n\n**Claim.** Het klopt."),
            v4.new_markdown_cell(
                "Alleen voor wie dit uitvoert.", metadata={"tags": ["notebook-only"]}
            ),
            v4.new_code_cell(
                'gemeente = "GM0000"\njaar = None\nbewijs = ""',
                metadata={"tags": ["parameters"] if tagged else []},
            ),
            *(v4.new_code_cell(step.replace("CHAPTER", stem)) for step in steps),
        ]  # fmt: skip
        file = tmp_path / f"{stem}.ipynb"
        nbformat.write(book, file)
        return file

    return make


@pytest.fixture
def reports(tmp_path) -> Path:
    return tmp_path / "uit"


def made(kernel, notebooks, reports, name="Dorp <b>", **parameters) -> Path:
    return build.build_report(
        [kernel], notebooks, reports, code="GM9009", name=name,
        parameters={"jaar": None} | parameters, stamp="",
    )  # fmt: skip


def whole(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.*")}


def hidden(reports: Path) -> list[str]:
    return [path.name for path in reports.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("code", "name", "folder"),
    [
        ("GM0637", "Zoetermeer", "GM0637-zoetermeer"),
        ("GM0518", "'s-Gravenhage", "GM0518-s-gravenhage"),
        ("GM0820", "Nuenen, Gerwen en Nederwetten", "GM0820-nuenen-gerwen-en-nederwetten"),
        ("GM1900", "Súdwest-Fryslân", "GM1900-sudwest-fryslan"),
        ("GM0893", "Bergen (L.)", "GM0893-bergen-l"),
        ("GM0001", "../../elders", "GM0001-elders"),
    ],
)
def test_a_folder_is_named_by_code_and_plain_letters(code, name, folder):
    assert build.report_folder(Path("uit"), code, name) == Path("uit") / folder


def test_pages_evidence_and_card(kernel, notebook, reports):
    books = [notebook("01_een", WRITES), notebook("02_twee", WRITES, "1 + 1")]
    folder = made(kernel, books, reports, jaar=2022)
    assert sorted(whole(folder)) == [
        "01_een.html", "02_twee.html", "evidence-nl.csv", "evidence.csv", "report.json",
    ]  # fmt: skip
    assert hidden(reports) == []
    page = (folder / "01_een.html").read_text(encoding="utf-8")
    tree = read_page(page)
    assert [h1.text for h1 in tree.all("h1")] == ["Titel van 01_een & meer"]
    assert "Dorp <b>" in tree.all("title")[0].text and not tree.all("b")
    for absent in ("Alleen voor wie", "evidence_frame", "een regel voor", "gemeente ="):
        assert absent not in page
    # The same two rows were shown twice: each number stands there once.
    rows = (folder / "evidence.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == ",".join(COLUMNS) and len(rows) == 3
    assert rows[1] == 'GM9009,"Dorp; met, tekens",2022,wijk,gini,,1.5,,,,3,,,,ok,Bron é'
    dutch = (folder / "evidence-nl.csv").read_bytes()
    assert dutch.startswith(b"\xef\xbb\xbf")
    assert '"Dorp; met, tekens";2022;wijk;gini;;1,5;;;;3;;;;ok;Bron é\r\n' in dutch.decode("utf-8")
    card = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert card["years"] == [2020, 2022] and card["numbers"] == 2
    assert card["chapters"][1] == ["02_twee.html", "Titel van 02_twee & meer"]


def test_a_chapter_does_not_lean_on_the_one_before_it(kernel, notebook, reports):
    books = [notebook("01_een", "left = 1"), notebook("02_twee", "assert 'left' not in dir()")]
    made(kernel, books, reports)


def test_two_kernels_give_what_one_gives_and_both_work(kernel, notebook, reports):
    # Each waits for the other: with one kernel only, the first would wait for ever.
    meet = """
import time
from pathlib import Path

Path(f"{bewijs}/CHAPTER.here").touch()
while len(list(Path(bewijs).glob("*.here"))) < 2:
    time.sleep(0.01)
"""
    books = [notebook("01_een", WRITES), notebook("02_twee", WRITES)]
    alone = made(kernel, books, reports / "een")
    with kept_kernel() as second:
        for_two = {"code": "GM9009", "name": "Dorp <b>", "parameters": {"jaar": None}, "stamp": ""}
        both = build.build_report([kernel, second], books, reports / "twee", **for_two)
        assert whole(both) == whole(alone)
        waiting = [notebook("01_een", meet), notebook("02_twee", meet)]
        build.build_report([kernel, second], waiting, reports / "samen", **for_two)
        # Of several that fail the first in the order of the report is told, whichever was sooner.
        raises = "from analysis.sources.errors import InputError\n\n{}raise InputError('{}')"
        late = notebook("01_een", raises.format("import time\ntime.sleep(0.3)\n", "de eerste"))
        soon = notebook("02_twee", raises.format("", "de tweede"))
        with pytest.raises(InputError, match="de eerste"):
            build.build_report([kernel, second], [late, soon], reports / "stuk", **for_two)
        assert hidden(reports / "stuk") == []


def test_the_notebooks_themselves_stay_as_they_were(kernel, notebook, reports):
    book = notebook("01_een", WRITES)
    kept = book.read_bytes()
    made(kernel, [book], reports)
    assert book.read_bytes() == kept


def test_a_second_run_replaces_the_folder_as_a_whole(kernel, notebook, reports):
    folder = made(kernel, [notebook("01_een", WRITES), notebook("09_oud", WRITES)], reports)
    (folder / "los.txt").write_text("van een vorige keer", encoding="utf-8")
    again = made(kernel, [notebook("01_een", WRITES)], reports)
    assert again == folder and hidden(reports) == []
    assert sorted(whole(folder)) == [
        "01_een.html", "evidence-nl.csv", "evidence.csv", "report.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "error", "says"),
    [
        ("1 / 0", CellExecutionError, "ZeroDivisionError"),
        (
            "from analysis.sources.errors import InputError\nraise InputError('Zin voor u.')",
            InputError,
            "^Zin voor u.$",
        ),
        (
            "from analysis.sources.errors import ServiceError\nraise ServiceError('Zin voor u.')",
            InputError,
            "^Zin voor u.$",
        ),
    ],
    ids=["a fault of ours", "input", "service"],
)
def test_a_notebook_that_fails_leaves_the_report_as_it_was(
    kernel, notebook, reports, step, error, says
):
    books = [notebook("01_een", WRITES), notebook("02_twee", WRITES)]
    kept = whole(made(kernel, books, reports))
    with pytest.raises(error, match=says):
        made(kernel, [books[0], notebook("03_stuk", step)], reports)
    assert whole(reports / "GM9009-dorp-b") == kept
    assert hidden(reports) == []
    # The kernel is still good for another.
    made(kernel, books[:1], reports)


def test_a_notebook_without_a_cell_of_parameters_is_named(kernel, notebook, reports):
    with pytest.raises(InputError, match="^01_een.ipynb heeft geen cel met het label"):
        made(kernel, [notebook("01_een", tagged=False)], reports)
    assert hidden(reports) == []


def test_a_folder_that_cannot_be_put_in_place_leaves_the_old_one(
    kernel, notebook, reports, monkeypatch
):
    books = [notebook("01_een", WRITES)]
    kept = whole(made(kernel, books, reports))
    rename = Path.rename

    def fail(self, target):
        if self.name.startswith(".draft"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(InputError, match="kan niet worden geschreven .*Permission denied.*--uit"):
        made(kernel, books, reports)
    assert whole(reports / "GM9009-dorp-b") == kept
    assert hidden(reports) == []


def test_breaking_off_while_it_is_put_in_place_leaves_the_old_one(
    kernel, notebook, reports, monkeypatch
):
    books = [notebook("01_een", WRITES)]
    kept = whole(made(kernel, books, reports))
    rename = Path.rename

    def broken_off(self, target):
        if self.name.startswith(".draft"):
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", broken_off)
    with pytest.raises(KeyboardInterrupt):
        made(kernel, books, reports)
    assert whole(reports / "GM9009-dorp-b") == kept
    assert hidden(reports) == []


def test_a_full_disk_is_one_sentence(kernel, notebook, reports, monkeypatch):
    books = [notebook("01_een", WRITES)]
    kept = whole(made(kernel, books, reports))

    def full(self, *args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(InputError, match="No space left on device.*maak ruimte"):
        made(kernel, books, reports)
    monkeypatch.undo()
    assert whole(reports / "GM9009-dorp-b") == kept
    assert hidden(reports) == []


def test_a_folder_that_cannot_be_made_is_one_sentence(kernel, notebook, tmp_path):
    file = tmp_path / "bestand"
    file.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="kan niet worden geschreven"):
        made(kernel, [notebook("01_een", WRITES)], file / "uit")


# The example edition, by the command that a user gives


@pytest.fixture(scope="module", params=PAGES)
def page(request, example_report) -> str:
    return (example_report / f"{request.param}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tree(page):
    return read_page(page)


@pytest.fixture(scope="module")
def evidence(example_report) -> pd.DataFrame:
    return pd.read_csv(example_report / "evidence.csv", keep_default_na=False, na_values=[""])


def test_the_report_is_whole(example_report, example_folder):
    assert {file.name for file in example_report.iterdir()} == {
        *(f"{page}.html" for page in PAGES), "evidence-nl.csv", "evidence.csv", "report.json",
    }  # fmt: skip
    assert sorted(path.name for path in example_report.parent.iterdir()) == [
        "GM9901-voorbeeldstad", "index.html",
    ]  # fmt: skip
    assert not list(example_folder.rglob(".draft*"))


def test_evidence_has_the_columns_levels_and_measures_that_were_agreed(evidence):
    assert tuple(evidence.columns) == COLUMNS
    assert set(evidence["level"]) == {"gemeente", "wijk", "buurt", "focusgebied"}
    assert {
        "dissimilarity", "gini", "information_theory", "isolation", "interaction",
        "location_quotient", "entropy", "density_per_1000", "density_per_km2", "mean_distance",
        "share", "published",
    } <= set(evidence["measure"])  # fmt: skip
    assert not evidence["source"].isna().any() and not evidence["area_name"].isna().any()
    # The list of focus areas has the inhabitants of 2025.
    assert set(evidence["year"]) <= {2020, 2022, 2024, 2025}


def test_one_number_is_one_row(evidence):
    # An index has a row for each of its intervals besides its own.
    key = ["area_code", "year", "level", "measure", "group", "interval"]
    twice = evidence[evidence.duplicated(key, keep=False)]
    assert twice.empty, twice.to_string()


def test_a_value_is_there_when_and_only_when_it_is_ok(evidence):
    # Measured from the middle of a buurt, or of most places, it is a number with a remark.
    remarked = ["coarse_origin", "partly_covered", "below_building"]
    told = evidence["status"].isin(["ok", "single_unit", *remarked])
    # Coverage of nothing is zero, with the reason.
    told |= evidence["measure"].eq("coverage") & evidence["value"].eq(0)
    assert evidence["value"].notna().eq(told).all()
    # What chance gives, what rounding hides and what other borders show need not hold the value.
    apart = ["random_allocation", "rounding", "zoning"]
    around = evidence[~evidence["interval"].isin(apart)]
    assert (around["low"].isna() | around["low"].le(around["value"])).all()
    assert (around["high"].isna() | around["high"].ge(around["value"])).all()
    assert evidence["low"].notna().eq(evidence["high"].notna()).all()


def test_indices_name_what_they_rest_on(evidence):
    indices = evidence[evidence["measure"].isin(["dissimilarity", "isolation"])]
    facts = ["units", "units_missing", "population_covered", "median_unit_size"]
    assert indices[facts].notna().all(axis=None)
    assert set(indices["level"]) == {"wijk", "buurt"}
    assert indices["area_code"].eq("GM9901").all()


def test_the_first_group_is_socio_economic(evidence):
    first = evidence[evidence["measure"].eq("dissimilarity")].iloc[0]
    assert first["group"] == "low_income_households"


def test_what_was_planted_is_found(evidence):
    # Dissimilarity of people with social assistance on buurten: 0.23 to 0.24.
    found = evidence[
        evidence["measure"].eq("dissimilarity")
        & evidence["group"].eq("social_assistance")
        & evidence["level"].eq("buurt")
        & evidence["interval"].fillna("").eq("")
    ]
    assert found["value"].between(0.225, 0.245).all() and len(found) == 1


def test_the_dutch_table_is_the_same_for_excel(example_report, evidence):
    raw = (example_report / "evidence-nl.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == list(COLUMNS) and len(rows) == len(evidence) + 1
    at = COLUMNS.index("value")
    texts = [row[at] for row in rows[1:]]
    assert not any("." in text for text in texts if "e" not in text)
    values = [float(text.replace(",", ".")) if text else None for text in texts]
    assert (
        values == evidence["value"].astype(object).where(evidence["value"].notna(), None).tolist()
    )


def test_every_page_is_stamped(tree, page):
    assert STAMP in tree.all("title")[0].text
    assert tree.all(css="page-stamp")[0].text == STAMP
    for figure in tree.all("figure"):
        assert STAMP in figure.all("figcaption")[0].text
        # In a chart letters are drawn, and its own tests read them; a map has them as text.
        for drawing in figure.all("svg"):
            texts = [text.content[0] for text in drawing.all("text")]
            assert not texts or STAMP in texts
    # Each sheet is taken out by itself.
    for sheet in tree.all(css="sheet"):
        assert sheet.all(css="stamp")[0].text == STAMP


def test_it_is_a_dutch_page_with_one_title_and_headings_in_order(tree):
    assert tree.all("html")[0].attributes["lang"] == "nl"
    assert len(tree.all("h1")) == len(tree.all("main")) == 1
    assert len(tree.all("head")[0].all("title")) == 1
    levels = [int(h.tag[1]) for h in tree.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_no_id_stands_there_twice_and_every_link_within_the_page_has_its_target(tree):
    ids = [one.attributes["id"] for one in tree.walk() if "id" in one.attributes]
    assert len(set(ids)) == len(ids)
    links = [
        one.attributes[name]
        for one in tree.walk()
        for name in ("href", "xlink:href")
        if one.attributes.get(name, "").startswith("#")
    ]
    assert {link[1:] for link in links} <= set(ids)
    for one in tree.walk():
        for name in ("aria-labelledby", "aria-describedby"):
            assert one.attributes.get(name, ids[0]) in ids


def test_every_drawing_says_its_message_and_nothing_is_an_image(tree):
    within = [*tree.all("figure"), *tree.all(css="sheet-where")]
    drawings = [svg for figure in within for svg in figure.all("svg")]
    for svg in drawings:
        assert svg.attributes["role"] in ("img", "group")
        assert len(svg.attributes["aria-label"]) > 30
    assert not tree.all("img", "iframe", "object", "embed", "link", "video", "audio")


def test_every_figure_has_a_claim_a_table_and_a_source(tree):
    figures = tree.all("figure")
    # The example has no other gemeenten to be compared with; sheets are made of tables and a map.
    assert len(figures) >= 3 or len(tree.all(css="sheet")) == 8
    for figure in figures:
        assert len(figure.all("h3")) == 1 and figure.all("h3")[0].text
        (table,) = figure.all("table")
        assert table.all("caption")[0].text
        assert all("scope" in th.attributes for th in table.all("th"))
        assert len(table.all("tr")) >= 2
        assert figure.all("figcaption")[0].text.removeprefix(STAMP).startswith("Bron: ")


@pytest.mark.parametrize(
    "absent",
    [r"https?://", r"\bsrc\s*=", r"url\((?!#)", "@import", r"\bfetch\b", "XMLHttpRequest",
     "WebSocket", r"\bimport\(", "<link", r"\bNaN\b", r"\bnan\b", r"\bNone\b", r"<NA>", r"\bNaT\b",
     r"\binf\b", "Traceback"],
)  # fmt: skip
def test_nothing_is_asked_of_a_host_and_nothing_of_python_is_left(page, absent):
    # What a reader may follow is not asked for by the page itself.
    page = re.sub(r'<a href="https://[^"]+">', "<a>", page)
    found = re.search(absent, page)
    assert found is None, page[max(0, found.start() - 80) : found.end() + 80]


def test_what_is_not_on_the_page_may_not_be_loaded(tree):
    (policy,) = [
        meta.attributes["content"]
        for meta in tree.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'") and "http" not in policy


def test_code_and_words_for_the_notebook_are_not_on_the_page(page):
    for absent in ("open_dossier", "dossier.show", "import ", "staan in de volgende cel",
                   "momentopnamen van de publicatie", "gaan mee met het rapport"):  # fmt: skip
        assert absent not in page


def test_links_lead_to_what_is_there(tree, example_report):
    links = [a.attributes["href"] for a in tree.all("a")]
    there = {link for link in links if not link.startswith("#")}
    assert {"../index.html", "evidence.csv", "evidence-nl.csv"} <= there
    for link in there:
        assert link.startswith("https://") or (example_report / link).is_file()


NUMBER = re.compile(r"^[<>]?−?(€\s?)?\d[\d.,]*%?$")


def _texts(value: float) -> set[str]:
    formats = ("count", "percent", "index", "score", "ratio", "km", "euro", "year")
    three = in_format(value, "index", 3)
    points = in_format(100 * value, "km")
    told = {
        count(value),
        number(value, 2),
        three,
        points,
        f"{points}%",
        *(in_format(value, one) for one in formats),
    }
    # Pages are read with plain spaces.
    return {" ".join(text.split()) for text in told}


def test_every_number_in_a_table_is_a_row_of_the_evidence(tree, evidence):
    told = {
        code: set().union(*map(_texts, rows[["value", "low", "high", "units"]].stack()))
        for code, rows in evidence.groupby("area_code")
    }
    checked = 0
    for table in tree.all("table"):
        heads = [th.text for th in table.all("thead")[0].all("th")]
        for row in table.all("tbody")[0].all("tr"):
            cells = [cell.text for cell in row.all("th", "td")]
            code = next((c for c in cells if re.fullmatch(r"(WK|BU)\w{6,8}", c)), None)
            # Tables of plans and places are about other areas than the gemeente, and some of wijken
            # and buurten have no room for codes.
            ours = told["GM9901"] | told["NL00"]
            if {"voorziening", "functies", "plek", "wijk", "buurt", "gemeente"} & set(heads):
                ours = ours.union(*told.values())
            known = told.get(code, set()) if code else ours
            for head, text in zip(heads, cells, strict=True):
                if head.startswith(("controlesom", "code", "jaar", "rij")):
                    continue
                for part in text.split(" – "):
                    # A year says which column or row it is.
                    if NUMBER.match(part) and not re.fullmatch(r"20[12]\d", part):
                        assert part in known, f"{table.all('caption')[0].text}: {cells}"
                        checked += 1
    assert checked > 15


def test_numbers_on_the_sheets_per_wijk_are_rows_of_the_evidence(example_report, evidence):
    sheets = read_page((example_report / "wijkbladen.html").read_text(encoding="utf-8"))
    told = set().union(*map(_texts, evidence[["value"]].stack()))
    cells = [cell.text for table in sheets.all("table") for cell in table.all("td")]
    numbers = [text for text in cells if NUMBER.match(text)]
    assert len(numbers) > 50 and set(numbers) <= told
    codes = {one.attributes["id"] for one in sheets.all("section", css="sheet")}
    wijken = evidence.loc[evidence["area_code"].str.startswith("WK"), "area_code"]
    assert codes == set(wijken)
