"""Notebooks are thin: cleared, told in Dutch, one cell of parameters, nothing defined in them."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
DUTCH = {"de", "het", "een", "en", "van", "is", "niet", "die", "wat", "zijn", "elke", "hoe"}
ENGLISH = {"the", "and", "this", "that", "with", "are", "for"}
EMPTY = {"gemeente": "GM9901", "jaar": None, "bron": "voorbeeld", "raw": "", "vergelijk": "",
         "bewijs": ""}  # fmt: skip
# What a chapter can be asked besides.
OF_ITS_OWN = {"10_wat_als": {"wijk": ""}}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request) -> Path:
    return request.param


@pytest.fixture
def cells(path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def text(cell) -> str:
    return "".join(cell["source"])


def tags(cell) -> list[str]:
    return cell["metadata"].get("tags", [])


def test_the_chapters_are_listed_in_the_readme_in_reading_order():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\d\d_\w+)` \|", readme, flags=re.MULTILINE)
    assert listed == [path.stem for path in NOTEBOOKS] and len(listed) > 6


def test_it_is_a_valid_notebook_of_python_3(path):
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert book.metadata.kernelspec.name == "python3"
    assert set(book.metadata) == {"kernelspec", "language_info"}


def test_it_is_cleared(cells):
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
        assert set(cell["metadata"]) <= {"tags"}


def test_every_cell_has_its_own_id(cells):
    ids = [cell["id"] for cell in cells]
    assert all(ids) and len(set(ids)) == len(ids)


def test_the_first_cell_has_the_only_title_and_the_claim(cells):
    first = text(cells[0])
    assert cells[0]["cell_type"] == "markdown"
    assert first.startswith("# ") and "**Claim.**" in first
    headings = re.findall(r"^#+ ", "\n\n".join(map(text, markdown(cells))), flags=re.MULTILINE)
    assert headings.count("# ") == 1
    assert set(headings) <= {"# ", "## "}


def test_one_cell_holds_the_parameters_and_nothing_else(cells, path):
    (given,) = [cell for cell in cells if "parameters" in tags(cell)]
    found = {}
    for statement in ast.parse(text(given)).body:
        assert isinstance(statement, ast.Assign)
        found[statement.targets[0].id] = ast.literal_eval(statement.value)
    assert found == EMPTY | OF_ITS_OWN.get(path.stem, {})


def test_nothing_is_defined_in_a_notebook_and_no_magic_used(cells):
    for cell in code(cells):
        for node in ast.walk(ast.parse(text(cell))):
            assert not isinstance(
                node,
                ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | ast.For
                | ast.While | ast.Try,
            )  # fmt: skip


def test_a_sentence_stands_above_every_step(cells):
    for before, cell in zip(cells, cells[1:], strict=False):
        if cell["cell_type"] == "code":
            assert before["cell_type"] == "markdown" and text(before).strip()


def test_every_figure_is_shown_through_the_dossier_and_the_last_cell_closes_it(cells, path):
    steps = [text(cell) for cell in code(cells)]
    assert steps[-1] == f'dossier.close("{path.stem}", bewijs)'
    shows = [step for step in steps if "dossier.show(" in step]
    assert len(shows) >= 4 and all(step.startswith("dossier.show(") for step in shows)


def test_it_is_told_in_dutch(cells):
    # The address behind a link is in whatever language its title was.
    told = re.sub(r"\]\([^)\s]*\)", "]", " ".join(map(text, markdown(cells))))
    words = re.findall(r"[a-z]+", told.lower())
    assert sum(word in DUTCH for word in words) > 20
    assert not [word for word in words if word in ENGLISH]


def test_words_for_whoever_runs_it_are_marked(cells):
    marked = [cell for cell in cells if "notebook-only" in tags(cell)]
    # Of the code only the question from the room is not for the report.
    code = ["".join(cell["source"]) for cell in marked if cell["cell_type"] == "code"]
    assert len(marked) > len(code)
    assert set(code) <= {'zaal.answer(dossier, wijk="", groep="")'}
    for cell in cells:
        if "cel" in text(cell).split() and cell["cell_type"] == "markdown":
            assert cell in marked


@pytest.mark.parametrize(
    "word",
    ["allochtoon", "probleemwijk", "achterstandswijk", "zwarte wijk", "witte wijk", "leidt tot",
     "veroorzaakt", "waardoor", "zorgt voor"],
)  # fmt: skip
def test_no_word_that_blames_or_explains(cells, word):
    assert word not in " ".join(map(text, markdown(cells))).lower()


def test_moving_is_said_to_be_a_way_of_counting(path, cells):
    said = " ".join(map(text, markdown(cells)))
    assert ("verhuizen" not in said) or ("rekenmaat, geen advies" in said)


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_a_chapter_has_research_with_its_source_and_questions_for_every_group(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = list(map(text, markdown(cells)))
    cited = [one for one in texts if "*Onderzoek zegt.*" in one]
    assert cited and all(re.search(r"(?:19|20)\d\d(?:\)|\]\()", one) for one in cited)
    asked = " ".join(texts).lower()
    # Chapter 8 has a page for each of them.
    for group in ("professional", "bewoner", "gemeente", "corporatie"):
        assert f"**{group}**: " in asked or f"## voor {group}" in asked or (
            f"## voor wijk{group}" in asked or f"## voor de {group}" in asked
        )  # fmt: skip
    assert "sociaal en fysiek samen**: " in asked or "wat heeft het sociaal domein" in asked


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_the_last_words_to_the_room_are_those_to_talk_about(path):
    if path.stem.startswith(("07", "08")):
        pytest.skip("these ask under their figures")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    *_, last = (one for one in markdown(cells) if "notebook-only" not in tags(one))
    assert text(last).startswith("## Vraag voor de zaal\n")
    assert len(re.findall(r"^- \*\*", text(last), flags=re.MULTILINE)) == 5


def markdown(cells) -> list[dict]:
    return [cell for cell in cells if cell["cell_type"] == "markdown"]


def code(cells) -> list[dict]:
    return [cell for cell in cells if cell["cell_type"] == "code"]
