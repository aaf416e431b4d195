"""Build a gemeente's report: run the notebooks, render them, and put the folder in place whole."""

import csv
import json
import queue
import re
import shutil
import unicodedata
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pandas as pd
from jupyter_client import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from analysis.evidence.frame import join
from analysis.reports.render import render
from analysis.sources.errors import InputError

_TIMEOUT = 300
_SHEETS = Path("wijkbladen.ipynb")
_SHEET_CODE = """
from analysis.reports.case_sheet import case_sheets
from analysis.reports.dossier import open_dossier

dossier = open_dossier(gemeente, year=jaar, edition=bron, raw=raw)
sheets = dossier.show(case_sheets(dossier))
dossier.close("wijkbladen", bewijs)
sheets
"""
# What a notebook may end in that its user can mend.
_MENDABLE = {kind.__name__ for kind in (InputError, *InputError.__subclasses__())}


def report_folder(reports: Path, code: str, name: str) -> Path:
    """Return the folder of a gemeente's report: GM0637-zoetermeer."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return reports / f"{code}-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')}"


def build_report(
    managers: Sequence[KernelManager],
    notebooks: list[Path],
    reports: Path,
    *,
    code: str,
    name: str,
    parameters: dict[str, object],
    stamp: str,
    sheets: bool = False,
) -> Path:
    """Build all pages and the evidence of one gemeente.

    Parameters
    ----------
    managers : sequence of KernelManager
        Running kernels; chapters are divided over them.
    notebooks : list of Path
    reports : Path
        The folder that gets the gemeente's folder; an older one is replaced as a whole or,
        when anything fails, not at all.
    code, name : str
    parameters : dict
        Values for the cell tagged 'parameters'.
    stamp : str
    sheets : bool, optional
        Whether a page with a sheet of paper per wijk comes after the notebooks.

    Returns
    -------
    Path
        The gemeente's folder.

    Raises
    ------
    InputError
        With the sentence of the notebook's own error, or when the folder cannot be written.
    """
    final = report_folder(reports, code, name)
    draft = reports / f".draft-{uuid.uuid4().hex[:12]}"
    try:
        draft.mkdir(parents=True)
        books = [(path, nbformat.read(path, as_version=4)) for path in notebooks]
        books += [(_SHEETS, _book_of_sheets())] if sheets else []
        chapters = [(f"{path.stem}.html", short_title(book)) for path, book in books]
        given = {**parameters, "gemeente": code, "bewijs": str(draft)}

        def write(path: Path, book: nbformat.NotebookNode) -> None:
            html = render(
                book,
                title=short_title(book),
                area=name,
                stamp=stamp,
                chapters=chapters,
                here=f"{path.stem}.html",
                slides=path is not _SHEETS,
            )
            (draft / f"{path.stem}.html").write_text(html, encoding="utf-8")

        _execute_all(managers, books, given, write)
        evidence = _write_evidence(draft, [path.stem for path, _ in books])
        _write_card(draft, code, name, stamp, chapters, evidence)
        _replace(draft, final)
    except OSError as error:
        raise InputError(
            f"Het rapport kan niet worden geschreven in {reports} ({error.strerror or error}); "
            "sluit bestanden van dit rapport die nog open staan, maak ruimte of geef met --uit "
            "een andere map."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return final


def _book_of_sheets() -> nbformat.NotebookNode:
    """Return the sheets per wijk as a notebook, so that they are made and bound like a chapter."""
    v4 = nbformat.v4
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell(
                "# Wijkbladen\n\nEen blad per wijk, om op te schrijven en te plakken. Druk ze "
                "hierboven af op A4 of A3."
            ),
            v4.new_code_cell('gemeente, bewijs = "", ""', metadata={"tags": ["parameters"]}),
            v4.new_code_cell(_SHEET_CODE),
        ]
    )


def short_title(book: nbformat.NotebookNode) -> str:
    """Return the notebook's own title: the heading of its first cell."""
    first = book.cells[0].source.splitlines()[0]
    return first.lstrip("# ").strip()


def _execute_all(
    managers: Sequence[KernelManager],
    books: Sequence[tuple[Path, nbformat.NotebookNode]],
    parameters: dict[str, object],
    write: Callable[[Path, nbformat.NotebookNode], None],
) -> None:
    """Run every notebook in the first kernel that is free, and write it; who fails first is told."""
    free: queue.SimpleQueue[KernelManager] = queue.SimpleQueue()
    for manager in managers:
        free.put(manager)

    def run(path: Path, book: nbformat.NotebookNode) -> None:
        manager = free.get()
        try:
            _execute(manager, book, path, parameters)
        finally:
            free.put(manager)
        write(path, book)

    # One thread more than kernels: while a page is written, the kernel has the next to do.
    with ThreadPoolExecutor(len(managers) + 1) as pool:
        # Those with most steps first, so that no kernel is left alone with a long one at the end.
        # The sheets are one long step.
        order = sorted(books, key=lambda named: (named[0] is not _SHEETS, -len(named[1].cells)))
        running = {path: pool.submit(run, path, book) for path, book in order}
        try:
            for path, _ in books:
                running[path].result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _execute(manager, book, path: Path, parameters: dict[str, object]) -> None:
    at = next(
        (i for i, c in enumerate(book.cells) if "parameters" in c.metadata.get("tags", [])), None
    )
    if at is None:
        raise InputError(f"{path.name} heeft geen cel met het label 'parameters'.")
    given = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    book.cells.insert(at + 1, nbformat.v4.new_code_cell(given))
    # A kept kernel is emptied first: a chapter may not lean on the one before it.
    book.cells.insert(0, nbformat.v4.new_code_cell("%reset -f -s"))
    client = NotebookClient(
        book, km=manager, timeout=_TIMEOUT, record_timing=False, allow_errors=False
    )
    try:
        client.execute()
    except CellExecutionError as error:
        if error.ename in _MENDABLE:
            raise InputError(error.evalue) from error
        raise
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        del book.cells[0]


def _write_evidence(draft: Path, chapters: list[str]) -> pd.DataFrame:
    files = [draft / f"{chapter}.parquet" for chapter in chapters]
    evidence = join(pd.read_parquet(file) for file in files if file.is_file())
    evidence.to_csv(draft / "evidence.csv", index=False, lineterminator="\n")
    evidence.to_csv(
        draft / "evidence-nl.csv",
        index=False,
        sep=";",
        decimal=",",
        encoding="utf-8-sig",
        lineterminator="\r\n",
        quoting=csv.QUOTE_MINIMAL,
    )
    for file in files:
        file.unlink(missing_ok=True)
    return evidence


def _write_card(draft, code, name, stamp, chapters, evidence) -> None:
    """Write what the overview of all reports needs to know of this one."""
    card = {
        "code": code,
        "name": name,
        "stamp": stamp,
        "chapters": chapters,
        "years": sorted({int(year) for year in evidence["year"].dropna()}),
        "numbers": len(evidence),
    }
    (draft / "report.json").write_text(json.dumps(card, ensure_ascii=False), encoding="utf-8")


def _replace(draft: Path, final: Path) -> None:
    """Put the new folder in the old one's place; the old one is back if that fails."""
    old = final.with_name(f".old-{uuid.uuid4().hex[:12]}")
    if final.exists():
        final.rename(old)
    try:
        draft.rename(final)
    except BaseException:  # also when it is broken off here
        if old.exists():
            old.rename(final)
        raise
    shutil.rmtree(old, ignore_errors=True)
