"""An executed notebook as one self-contained HTML file: our template, no request to any host."""

from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode

from analysis.figures.maps import MAP_SCRIPT
from analysis.figures.style import FIGURE_CSS

_TEMPLATES = Path(__file__).parent / "template"


def render(
    notebook: NotebookNode,
    *,
    title: str,
    area: str,
    stamp: str,
    chapters: list[tuple[str, str]],
    here: str,
    slides: bool = True,
) -> str:
    """Return the HTML of an executed notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Executed; code is hidden, outputs are shown.
    title : str
        What the page is called, in Dutch.
    area : str
        The gemeente.
    stamp : str
        "" or what every page says of figures that are made up.
    chapters : list of (file, title)
        The report's pages, for the links between them.
    here : str
        The file of this page.
    slides : bool, optional
        Whether it can be shown section by section.
    """
    exporter = HTMLExporter(
        template_name="verslag",
        extra_template_basedirs=[str(_TEMPLATES)],
        exclude_input=True,
        exclude_anchor_links=True,
        language_code="nl",
    )
    page = {
        "title": title,
        "area": area,
        "stamp": stamp,
        "chapters": chapters,
        "here": here,
        "slides": slides,
        "css": page_css(),
        "script": MAP_SCRIPT + _text("present.js"),
    }
    shown = NotebookNode({**notebook, "cells": _for_the_reader(notebook.cells)})
    html, _ = exporter.from_notebook_node(shown, resources={"page": page})
    return html


def page_css() -> str:
    """Return the style of every page: on a screen, section by section, and on paper."""
    return FIGURE_CSS + "".join(map(_text, ("page.css", "present.css", "print.css", "sheets.css")))


def _text(file: str) -> str:
    return (_TEMPLATES / file).read_text(encoding="utf-8")


def _for_the_reader(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return the cells without words for whoever runs it, and without optional steps of nothing."""
    kept: list[NotebookNode] = []
    for cell in cells:
        tags = cell.metadata.get("tags", [])
        if "optional" in tags and _is_absent(cell):
            # With the words above it, which are about nothing then.
            kept.pop()
        elif "notebook-only" not in tags:
            kept.append(cell)
    return kept


def _is_absent(cell: NotebookNode) -> bool:
    shown = [output.get("data", {}).get("text/html", "") for output in cell.get("outputs", [])]
    return any('class="absent"' in "".join(html) for html in shown)
